/* hook_load PORT BASE SECONDS CONNECTIONS RATE: webhooks of new calls, signed as Twilio signs them
 * (TWILIO_AUTH_TOKEN), to BASE/voice/incoming on this machine's PORT. RATE 0: as many as are
 * answered; else so many a second, and a time counts from when it was due, also while it waited for
 * a connection. Prints one line of JSON: asked, answered, rate, p50_ms, p99_ms. */
#include "base/buf.h"
#include "base/clock.h"
#include "wire/form.h"
#include "wire/twilio_sig.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECTIONS_MOST 64
#define REQUEST          4096
#define REPLY            32768
#define TIMES_MOST       2000000

static struct connection {
    int fd;
    bool busy;
    int64_t due_us;
    size_t got;
    char in[REPLY];
} connections[CONNECTIONS_MOST];

static struct {
    int port, epoll;
    const char *base, *token;
    size_t n;
    int64_t asked, good, bad;
    double times[TIMES_MOST]; /* ms */
} load;

static void die(const char *what)
{
    fprintf(stderr, "hook_load: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void connect_to(struct connection *c)
{
    int on = 1;
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)load.port)};
    struct epoll_event ev = {.events = EPOLLIN, .data.ptr = c};
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    c->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&a, sizeof a) != 0)
        die("connect");
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (epoll_ctl(load.epoll, EPOLL_CTL_ADD, c->fd, &ev) != 0)
        die("epoll");
}

/* What Twilio sends of a call that comes in. */
static void write_request(struct desk_buf *out, int64_t i)
{
    char sid[40], from[20], url[256], sig[DESK_TWILIO_SIG_LEN];
    struct desk_buf body;
    snprintf(sid, sizeof sid, "CA%08x%024llx", (unsigned)getpid(), (long long)i);
    snprintf(from, sizeof from, "+1303%07lld", (long long)(i * 7919 % 10000000));
    snprintf(url, sizeof url, "%s/voice/incoming", load.base);
    struct desk_form_pair pairs[] = {{"AccountSid", "AC00000000000000000000000000000000", 0, 0},
                                     {"ApiVersion", "2010-04-01", 0, 0},
                                     {"CallSid", sid, 0, 0},
                                     {"CallStatus", "ringing", 0, 0},
                                     {"Called", "+18605550100", 0, 0},
                                     {"CalledCountry", "US", 0, 0},
                                     {"Caller", from, 0, 0},
                                     {"CallerCountry", "US", 0, 0},
                                     {"Direction", "inbound", 0, 0},
                                     {"From", from, 0, 0},
                                     {"FromCity", "BOULDER", 0, 0},
                                     {"To", "+18605550100", 0, 0}};
    const struct desk_form form = {pairs, sizeof pairs / sizeof *pairs};
    desk_buf_init(&body, REQUEST);
    for (size_t k = 0; k < form.n; k++) {
        pairs[k].name_len = strlen(pairs[k].name);
        pairs[k].value_len = strlen(pairs[k].value);
        desk_form_add(&body, pairs[k].name, pairs[k].value);
    }
    if (desk_twilio_sign(url, &form, load.token, sig))
        die("sign");
    desk_buf_fmt(out,
                 "POST /voice/incoming HTTP/1.1\r\nHost: bench\r\nX-Twilio-Signature: %s\r\n"
                 "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n\r\n%s",
                 sig, body.len, desk_buf_cstr(&body));
    desk_buf_clear(&body);
}

static void ask(struct connection *c, int64_t due_us)
{
    struct desk_buf text;
    desk_buf_init(&text, REQUEST);
    write_request(&text, load.asked++);
    if (send(c->fd, text.p, text.len, MSG_NOSIGNAL) != (ssize_t)text.len)
        die("send");
    desk_buf_clear(&text);
    c->busy = true;
    c->got = 0;
    c->due_us = due_us;
}

/* Is the reply whole? */
static bool whole(struct connection *c)
{
    c->in[c->got] = '\0';
    const char *end = strstr(c->in, "\r\n\r\n");
    const char *length = end ? strcasestr(c->in, "\r\ncontent-length:") : NULL;
    return length && length < end &&
           c->got >= (size_t)(end + 4 - c->in) + strtoul(length + 17, NULL, 10);
}

static void hear(struct connection *c)
{
    ssize_t n = recv(c->fd, c->in + c->got, REPLY - 1 - c->got, 0);
    if (n <= 0) { /* the server ends a connection after so many requests */
        load.bad += c->busy;
        close(c->fd);
        c->busy = false;
        connect_to(c);
        return;
    }
    c->got += (size_t)n;
    if (!whole(c))
        return;
    bool good = strncmp(c->in + 8, " 200", 4) == 0 && strstr(c->in, "<Response");
    if (!good && !load.bad)
        fprintf(stderr, "hook_load: %.300s\n", c->in);
    *(good ? &load.good : &load.bad) += 1;
    if (good && load.good <= TIMES_MOST)
        load.times[load.good - 1] = (double)(desk_mono_us() - c->due_us) / 1000.0;
    bool closes = strcasestr(c->in, "\r\nconnection: close") != NULL;
    c->busy = false;
    if (closes) {
        close(c->fd);
        connect_to(c);
    }
}

/* Those that are due, on connections that are free. */
static void fire(int64_t start, int64_t now, int64_t until, double rate)
{
    for (size_t i = 0; i < load.n; i++) {
        int64_t due = rate > 0 ? start + (int64_t)((double)load.asked * 1e6 / rate) : now;
        if (now >= until || due > now)
            return;
        if (!connections[i].busy)
            ask(&connections[i], due);
    }
}

static bool waiting(void)
{
    for (size_t i = 0; i < load.n; i++)
        if (connections[i].busy)
            return true;
    return false;
}

static int by_time(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    struct epoll_event ev[CONNECTIONS_MOST];
    const char *token = getenv("TWILIO_AUTH_TOKEN");
    if (argc != 6 || !token) {
        fprintf(stderr,
                "usage: TWILIO_AUTH_TOKEN=… hook_load PORT BASE SECONDS CONNECTIONS RATE\n");
        return 64;
    }
    load.port = (int)strtol(argv[1], NULL, 10);
    load.base = argv[2];
    load.token = token;
    load.n = strtoul(argv[4], NULL, 10);
    double seconds = strtod(argv[3], NULL), rate = strtod(argv[5], NULL);
    load.epoll = epoll_create1(0);
    if (load.n < 1 || load.n > CONNECTIONS_MOST || load.epoll < 0)
        die("connections");
    for (size_t i = 0; i < load.n; i++)
        connect_to(&connections[i]);
    int64_t start = desk_mono_us(), until = start + (int64_t)(seconds * 1e6), now = start;
    while (now < until || (waiting() && now < until + 10000000)) {
        fire(start, now, until, rate);
        int n = epoll_wait(load.epoll, ev, CONNECTIONS_MOST, rate > 0 ? 1 : 100);
        for (int i = 0; i < n; i++)
            hear(ev[i].data.ptr);
        now = desk_mono_us();
    }
    size_t k = (size_t)(load.good < TIMES_MOST ? load.good : TIMES_MOST);
    qsort(load.times, k, sizeof *load.times, by_time);
    printf("{\"asked\":%lld,\"answered\":%lld,\"bad\":%lld,\"rate\":%.1f,\"p50_ms\":%.3f,"
           "\"p99_ms\":%.3f}\n",
           (long long)load.asked, (long long)load.good, (long long)load.bad,
           (double)load.good * 1e6 / (double)(now - start), k ? load.times[k / 2] : 0,
           k ? load.times[k * 99 / 100] : 0);
    return load.good ? 0 : 1;
}
