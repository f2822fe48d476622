#include "relay.h"

#include "net.h"
#include "world.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* One direction's end: what comes here goes to the other. */
struct end {
    int fd;
    struct end *other;
    unsigned char *left; /* what the other did not take yet */
    size_t n_left;
    bool gone;
    struct end *next_grave;
};

static int epoll, listening, target;
static struct end *graves;

static int tcp(void)
{
    int one = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        bench_die("socket");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
}

static struct sockaddr_in local(int port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static void watch(struct end *e, int op, uint32_t events)
{
    struct epoll_event ev = {.events = events, .data.ptr = e};
    if (epoll_ctl(epoll, op, e->fd, &ev) != 0)
        bench_die("epoll_ctl");
}

static struct end *end_new(int fd)
{
    struct end *e = calloc(1, sizeof *e);
    if (!e)
        bench_die("memory");
    e->fd = fd;
    return e;
}

static void pair(int in)
{
    struct sockaddr_in a = local(target);
    int out = tcp();
    if (connect(out, (const struct sockaddr *)&a, sizeof a) != 0)
        bench_die("connect");
    struct end *e = end_new(in), *f = end_new(out);
    e->other = f;
    f->other = e;
    watch(e, EPOLL_CTL_ADD, EPOLLIN);
    watch(f, EPOLL_CTL_ADD, EPOLLIN);
}

static void part(struct end *e)
{
    struct end *both[] = {e, e->other};
    for (int i = 0; i < 2 && !e->gone; i++) {
        close(both[i]->fd);
        both[i]->next_grave = graves;
        graves = both[i];
    }
    e->gone = e->other->gone = true;
}

static void pass(struct end *from)
{
    static unsigned char room[65536];
    struct end *to = from->other;
    if (to->n_left) /* one read at a time waits; then this side is not read */
        return;
    ssize_t n = recv(from->fd, room, sizeof room, MSG_DONTWAIT);
    if (n == 0 || (n < 0 && errno != EAGAIN)) {
        part(from);
        return;
    }
    ssize_t w = n > 0 ? send(to->fd, room, (size_t)n, MSG_NOSIGNAL | MSG_DONTWAIT) : 0;
    if (w < 0)
        w = 0;
    if (n <= 0 || w == n)
        return;
    to->n_left = (size_t)(n - w);
    to->left = malloc(to->n_left);
    if (!to->left)
        bench_die("memory");
    memcpy(to->left, room + w, to->n_left);
    watch(to, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
    watch(from, EPOLL_CTL_MOD, 0);
}

static void flush(struct end *e)
{
    ssize_t w = send(e->fd, e->left, e->n_left, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (w < 0 && errno != EAGAIN) {
        part(e);
        return;
    }
    w = w < 0 ? 0 : w;
    e->n_left -= (size_t)w;
    memmove(e->left, e->left + w, e->n_left);
    if (e->n_left)
        return;
    free(e->left);
    e->left = NULL;
    watch(e, EPOLL_CTL_MOD, EPOLLIN);
    watch(e->other, EPOLL_CTL_MOD, EPOLLIN);
}

static void run(void)
{
    struct epoll_event ev[256];
    struct end first = {.fd = listening};
    watch(&first, EPOLL_CTL_ADD, EPOLLIN);
    for (;;) {
        int n = epoll_wait(epoll, ev, 256, -1);
        for (int i = 0; i < n; i++) {
            struct end *e = ev[i].data.ptr;
            if (e == &first) {
                int fd = accept4(listening, NULL, NULL, SOCK_CLOEXEC), one = 1;
                if (fd < 0)
                    continue;
                setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                pair(fd);
                continue;
            }
            if (!e->gone && (ev[i].events & EPOLLOUT))
                flush(e);
            if (!e->gone && (ev[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)))
                pass(e);
        }
        for (struct end *e; (e = graves);) {
            graves = e->next_grave;
            free(e->left);
            free(e);
        }
    }
}

pid_t relay_start(int core, int to, int *port)
{
    struct sockaddr_in a = local(0);
    socklen_t n = sizeof a;
    listening = tcp();
    target = to;
    if (bind(listening, (const struct sockaddr *)&a, sizeof a) != 0 ||
        listen(listening, 1024) != 0 || getsockname(listening, (struct sockaddr *)&a, &n) != 0)
        bench_die("listen");
    *port = ntohs(a.sin_port);
    pid_t pid = fork();
    if (pid < 0)
        bench_die("fork");
    if (pid > 0) {
        close(listening);
        return pid;
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    world_pin(0, core);
    epoll = epoll_create1(EPOLL_CLOEXEC);
    run();
    _exit(0);
}
