/* The other side of HTTP in tests: a small server on loopback, in a thread (pthread_create), that
 * answers every request as it is told (peer_answer), one request to a connection, and keeps the
 * last request for the test to look at. A test that answers otherwise takes only peer_listen() and
 * what reads a request. */
#ifndef TESTS_HTTP_PEER_H
#define TESTS_HTTP_PEER_H

#include "base/log.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int peer_listener;
static unsigned peer_port;
static atomic_int peer_requests;
static const char *_Atomic peer_answer; /* whole HTTP answer; "" = cut the connection */
static char peer_seen[65536];           /* the last request; read after its answer has come */
static size_t peer_seen_n;
/* whose turn the socket tells, said aloud */
static pthread_mutex_t peer_turn = PTHREAD_MUTEX_INITIALIZER;
static pthread_t peer_thread;

/* The head of an answer after which the connection is closed. */
#define HEAD(status, type, more)                                                                   \
    "HTTP/1.1 " status "\r\nContent-Type: " type "\r\nConnection: close\r\n" more "\r\n"
#define JSON(status, more) HEAD(status, "application/json", more)

/* Opens a port of its own on loopback; false when that cannot be done. */
static inline bool peer_listen(void)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof a;
    peer_listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (peer_listener < 0 || bind(peer_listener, (void *)&a, sizeof a) != 0 ||
        listen(peer_listener, 8) != 0 || getsockname(peer_listener, (void *)&a, &len) != 0)
        return false;
    peer_port = ntohs(a.sin_port);
    return true;
}

/* One whole request, head and body, as a string into in; waits for it. Its length; 0 = the client
 * has closed. */
static inline size_t peer_read_into(int fd, char *in, size_t max)
{
    size_t n = 0;
    for (;;) {
        ssize_t got = read(fd, in + n, max - 1 - n);
        if (got <= 0)
            return 0;
        n += (size_t)got;
        in[n] = '\0';
        const char *end = strstr(in, "\r\n\r\n"), *len = strstr(in, "Content-Length: ");
        if (end && n >= (size_t)(end + 4 - in) + (len ? strtoul(len + 16, NULL, 10) : 0))
            return n;
    }
}

/* The same into peer_seen. False: the client has closed. */
static inline bool peer_read(int fd)
{
    static char in[sizeof peer_seen];
    size_t n = peer_read_into(fd, in, sizeof in);
    if (!n)
        return false;
    pthread_mutex_lock(&peer_turn);
    memcpy(peer_seen, in, n + 1);
    peer_seen_n = n;
    pthread_mutex_unlock(&peer_turn);
    atomic_fetch_add(&peer_requests, 1);
    return true;
}

static inline void *peer_serve(void *ctx)
{
    (void)ctx;
    for (;;) {
        int fd = accept(peer_listener, NULL, NULL);
        if (fd < 0)
            return NULL;
        (void)peer_read(fd);
        const char *text = atomic_load(&peer_answer);
        if (*text)
            (void)!send(fd, text, strlen(text), MSG_NOSIGNAL);
        close(fd);
    }
}

/* cmocka's setup and teardown of a group of tests. */
static inline int peer_start(void **state)
{
    (void)state;
    desk_log_init("test", DESK_LOG__MAX);
    return peer_listen() ? pthread_create(&peer_thread, NULL, peer_serve, NULL) : -1;
}

static inline int peer_stop(void **state)
{
    (void)state;
    shutdown(peer_listener, SHUT_RDWR);
    pthread_join(peer_thread, NULL);
    close(peer_listener);
    return 0;
}

#endif
