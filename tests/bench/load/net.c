#include "net.h"

#include "wire/base64.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define READ_BYTES  65536
#define FRAME_MAX   (4 * 1024 * 1024)
#define EVENTS      256
#define CLOSE_FRAME "\x03\xe8" /* 1000 */

enum { OP_TEXT = 1, OP_CLOSE = 8, OP_PING = 9, OP_PONG = 10 };

_Noreturn void bench_die(const char *what)
{
    fprintf(stderr, "bench: %s: %s\n", what, strerror(errno));
    exit(1);
}

int64_t net_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* ---- bytes that wait ------------------------------------------------------------------------- */

static void bytes_add(struct bytes *b, const void *p, size_t n)
{
    if (b->at && b->at == b->n)
        b->at = b->n = 0;
    if (b->n + n > b->cap) {
        size_t cap = b->cap ? b->cap : 2048;
        while (cap < b->n + n)
            cap *= 2;
        b->p = realloc(b->p, cap);
        if (!b->p)
            bench_die("memory");
        b->cap = cap;
    }
    memcpy(b->p + b->n, p, n);
    b->n += n;
}

/* ---- sockets --------------------------------------------------------------------------------- */

static void watch(struct conn *c, bool add)
{
    struct epoll_event e = {.events = EPOLLIN | (c->wants_write ? (uint32_t)EPOLLOUT : 0),
                            .data.ptr = &c->source};
    if (epoll_ctl(c->net->epoll, add ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, c->fd, &e) != 0)
        bench_die("epoll_ctl");
}

static void want_write(struct conn *c, bool yes)
{
    if (c->wants_write == yes)
        return;
    c->wants_write = yes;
    watch(c, false);
}

static void lost(struct conn *c, int status)
{
    if (c->closed)
        return;
    conn_close(c, false);
    if (c->calls->closed)
        c->calls->closed(c, status);
}

/* Bytes written, 0 = not now, -1 = lost. */
static ssize_t put(struct conn *c, const void *p, size_t n)
{
    ssize_t w;
    if (c->ssl) {
        w = SSL_write(c->ssl, p, (int)n);
        if (w > 0)
            return w;
        int e = SSL_get_error(c->ssl, (int)w);
        return e == SSL_ERROR_WANT_READ || e == SSL_ERROR_WANT_WRITE ? 0 : -1;
    }
    w = send(c->fd, p, n, MSG_NOSIGNAL);
    return w >= 0 ? w : errno == EAGAIN ? 0 : -1;
}

static ssize_t get(struct conn *c, void *p, size_t n)
{
    ssize_t r;
    if (c->ssl) {
        r = SSL_read(c->ssl, p, (int)n);
        if (r > 0)
            return r;
        int e = SSL_get_error(c->ssl, (int)r);
        return e == SSL_ERROR_WANT_READ || e == SSL_ERROR_WANT_WRITE ? 0 : -1;
    }
    r = recv(c->fd, p, n, 0);
    return r > 0 ? r : r < 0 && errno == EAGAIN ? 0 : -1;
}

static void send_bytes(struct conn *c, const void *p, size_t n)
{
    if (c->closed)
        return;
    ssize_t w = c->out.n > c->out.at || c->connecting || c->shaking ? 0 : put(c, p, n);
    if (w < 0)
        w = 0; /* the next read tells */
    if ((size_t)w == n)
        return;
    bytes_add(&c->out, (const char *)p + w, n - (size_t)w);
    want_write(c, true);
}

static void flush(struct conn *c)
{
    while (c->out.at < c->out.n) {
        ssize_t w = put(c, c->out.p + c->out.at, c->out.n - c->out.at);
        if (w < 0) {
            lost(c, 0);
            return;
        }
        if (w == 0)
            return;
        c->out.at += (size_t)w;
    }
    want_write(c, false);
}

/* ---- frames ---------------------------------------------------------------------------------- */

/* Seen by nobody but our own programs; it has to differ from zero, or they need not unmask. */
static const unsigned char mask[4] = {0x5a, 0xc3, 0x17, 0x88};

static void unmask(unsigned char *p, size_t n, const unsigned char m[4])
{
    uint64_t wide, w;
    unsigned char twice[8] = {m[0], m[1], m[2], m[3], m[0], m[1], m[2], m[3]};
    memcpy(&wide, twice, 8);
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        memcpy(&w, p + i, 8);
        w ^= wide;
        memcpy(p + i, &w, 8);
    }
    for (; i < n; i++)
        p[i] ^= m[i & 3];
}

static void send_frame(struct conn *c, int op, const void *p, size_t n)
{
    static unsigned char f[FRAME_MAX + 16];
    size_t at = 2;
    if (n > FRAME_MAX)
        bench_die("a frame too large");
    f[0] = (unsigned char)(0x80 | op);
    if (n < 126) {
        f[1] = (unsigned char)n;
    } else if (n < 65536) {
        f[1] = 126;
        f[2] = (unsigned char)(n >> 8);
        f[3] = (unsigned char)n;
        at = 4;
    } else {
        f[1] = 127;
        for (int i = 0; i < 8; i++)
            f[2 + i] = (unsigned char)((uint64_t)n >> (56 - 8 * i));
        at = 10;
    }
    if (c->client) {
        f[1] |= 0x80;
        memcpy(f + at, mask, 4);
        at += 4;
    }
    memcpy(f + at, p, n);
    if (c->client)
        unmask(f + at, n, mask);
    send_bytes(c, f, at + n);
}

void conn_text(struct conn *c, const char *p, size_t n)
{
    send_frame(c, OP_TEXT, p, n);
}

static void one_frame(struct conn *c, int op, unsigned char *p, size_t n)
{
    switch (op) {
    case OP_TEXT:
        c->calls->text(c, (char *)p, n);
        break;
    case OP_PING:
        send_frame(c, OP_PONG, p, n);
        break;
    case OP_CLOSE:
        send_frame(c, OP_CLOSE, p, n < 2 ? n : 2);
        lost(c, 0);
        break;
    default:
        break;
    }
}

/* The whole frames among n bytes; returns what was used. */
static size_t frames(struct conn *c, unsigned char *p, size_t n)
{
    size_t used = 0;
    while (!c->closed && n - used >= 2) {
        unsigned char *f = p + used;
        size_t head = 2, left = n - used;
        uint64_t len = f[1] & 0x7f;
        bool masked = f[1] & 0x80;
        if (len == 126) {
            head = 4;
            len = left < 4 ? 0 : (uint64_t)f[2] << 8 | f[3];
        } else if (len == 127) {
            head = 10;
            len = 0;
            for (int i = 0; left >= 10 && i < 8; i++)
                len = len << 8 | f[2 + i];
        }
        head += masked ? 4 : 0;
        if (len > FRAME_MAX)
            bench_die("a frame too large came");
        if (left < head + len)
            break;
        if (masked)
            unmask(f + head, (size_t)len, f + head - 4);
        one_frame(c, f[0] & 0xf, f + head, (size_t)len);
        used += head + (size_t)len;
    }
    return c->closed ? n : used;
}

/* ---- the upgrade ----------------------------------------------------------------------------- */

static void accept_key(const char *key, size_t n, char out[32])
{
    char text[128];
    unsigned char sha[EVP_MAX_MD_SIZE];
    unsigned len = 0;
    int k = snprintf(text, sizeof text, "%.*s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", (int)n, key);
    EVP_Digest(text, (size_t)k, sha, &len, EVP_sha1(), NULL);
    out[desk_base64_encode_raw(out, sha, len)] = '\0';
}

static void upgrade_server(struct conn *c, char *head)
{
    char reply[512], key[32], path[sizeof c->path] = "";
    const char *k = strcasestr(head, "sec-websocket-key:");
    const char *proto = strcasestr(head, "sec-websocket-protocol:");
    size_t p0 = strcspn(head, " "), n = strcspn(head + p0 + 1, " ");
    if (!k || n >= sizeof path) {
        lost(c, 0);
        return;
    }
    memcpy(path, head + p0 + 1, n);
    k += 18 + strspn(k + 18, " ");
    accept_key(k, strcspn(k, "\r\n "), key);
    int len = snprintf(reply, sizeof reply,
                       "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                       "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n%.*s%s\r\n",
                       key, proto ? (int)strcspn(proto, "\r\n") : 0, proto ? proto : "",
                       proto ? "\r\n" : "");
    send_bytes(c, reply, (size_t)len);
    c->open = true;
    c->calls->opened(c, path);
}

/* The other side's head, once it is whole; returns the bytes used. */
static size_t upgrade(struct conn *c, unsigned char *p, size_t n)
{
    char *end = memmem(p, n, "\r\n\r\n", 4);
    if (!end)
        return 0;
    size_t used = (size_t)((unsigned char *)end - p) + 4;
    end[2] = '\0';
    if (!c->client) {
        upgrade_server(c, (char *)p);
    } else if (strncmp((char *)p, "HTTP/1.1 101", 12) == 0) {
        c->open = true;
        c->calls->opened(c, c->path);
    } else {
        lost(c, (int)strtol((char *)p + 9, NULL, 10));
    }
    return used;
}

static void greet(struct conn *c)
{
    char text[512];
    int n = snprintf(text, sizeof text,
                     "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
                     "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                     "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
                     c->path);
    send_bytes(c, text, (size_t)n);
}

/* ---- the loop -------------------------------------------------------------------------------- */

static size_t take(struct conn *c, unsigned char *p, size_t n)
{
    size_t used = 0;
    if (!c->open)
        used = upgrade(c, p, n);
    if (c->open && !c->closed)
        used += frames(c, p + used, n - used);
    return used;
}

static void took(struct conn *c, unsigned char *p, size_t n)
{
    if (c->in.n == 0) { /* mostly: whole frames, straight from where they were read */
        size_t used = take(c, p, n);
        if (used < n && !c->closed)
            bytes_add(&c->in, p + used, n - used);
        return;
    }
    bytes_add(&c->in, p, n);
    size_t used = take(c, c->in.p, c->in.n);
    if (c->closed)
        return;
    memmove(c->in.p, c->in.p + used, c->in.n - used);
    c->in.n -= used;
}

static bool shake(struct conn *c)
{
    int rc = SSL_accept(c->ssl);
    int e = rc == 1 ? 0 : SSL_get_error(c->ssl, rc);
    if (rc == 1)
        c->shaking = false;
    else if (e != SSL_ERROR_WANT_READ && e != SSL_ERROR_WANT_WRITE)
        lost(c, 0);
    return rc == 1;
}

static void conn_ready(struct source *s, uint32_t events)
{
    static unsigned char room[READ_BYTES];
    struct conn *c = (struct conn *)s;
    if (c->closed)
        return;
    if (c->connecting) {
        int e = 0;
        socklen_t n = sizeof e;
        getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &e, &n);
        if (e) {
            lost(c, 0);
            return;
        }
        c->connecting = false;
    }
    if (c->shaking && !shake(c))
        return;
    if (events & EPOLLOUT)
        flush(c);
    if (!(events & (EPOLLIN | EPOLLHUP | EPOLLERR)))
        return;
    do {
        ssize_t n = c->closed ? 0 : get(c, room, sizeof room);
        if (n < 0)
            lost(c, 0);
        if (n <= 0)
            return;
        took(c, room, (size_t)n);
    } while (c->ssl && !c->closed && SSL_pending(c->ssl));
}

static struct conn *conn_new(struct net *net, int fd, const struct conn_calls *calls, void *owner)
{
    int one = 1;
    struct conn *c = calloc(1, sizeof *c);
    if (!c)
        bench_die("memory");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    c->source.ready = conn_ready;
    c->net = net;
    c->fd = fd;
    c->calls = calls;
    c->owner = owner;
    net->n_conns++;
    return c;
}

struct conn *conn_dial(struct net *net, int port, const char *path, const struct conn_calls *calls,
                       void *owner)
{
    struct sockaddr_in a = {.sin_family = AF_INET,
                            .sin_port = htons((uint16_t)port),
                            .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        bench_die("socket");
    struct conn *c = conn_new(net, fd, calls, owner);
    snprintf(c->path, sizeof c->path, "%s", path);
    c->client = c->connecting = c->wants_write = true;
    if (connect(fd, (const struct sockaddr *)&a, sizeof a) != 0 && errno != EINPROGRESS)
        bench_die("connect");
    watch(c, true);
    greet(c);
    return c;
}

void conn_close(struct conn *c, bool politely)
{
    if (c->closed)
        return;
    if (politely && c->open)
        send_frame(c, OP_CLOSE, CLOSE_FRAME, 2);
    c->closed = true;
    if (c->ssl)
        SSL_free(c->ssl);
    close(c->fd);
    free(c->in.p);
    free(c->out.p);
    c->net->n_conns--;
    c->next_grave = c->net->graves;
    c->net->graves = c;
}

static void listener_ready(struct source *s, uint32_t events)
{
    struct listener *l = (struct listener *)s;
    (void)events;
    for (;;) {
        int fd = accept4(l->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0)
            return;
        struct conn *c = conn_new(l->net, fd, l->calls, l->owner);
        if (l->tls) {
            c->ssl = SSL_new(l->tls);
            SSL_set_fd(c->ssl, fd);
            c->shaking = true;
        }
        watch(c, true);
    }
}

/* A key and a certificate for localhost, good for a day; the certificate is written to pem. */
static SSL_CTX *tls_new(const char *pem)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *x = X509_new();
    X509_NAME *name = X509_get_subject_name(x);
    X509_EXTENSION *san =
        X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
    X509_EXTENSION *ca = X509V3_EXT_conf_nid(NULL, NULL, NID_basic_constraints, "CA:TRUE");
    if (!ctx || !key || !san || !ca)
        bench_die("TLS");
    X509_set_version(x, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
    X509_gmtime_adj(X509_getm_notBefore(x), -3600);
    X509_gmtime_adj(X509_getm_notAfter(x), 86400);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"localhost", -1, -1,
                               0);
    X509_set_issuer_name(x, name);
    X509_set_pubkey(x, key);
    X509_add_ext(x, san, -1);
    X509_add_ext(x, ca, -1);
    FILE *f = X509_sign(x, key, EVP_sha256()) ? fopen(pem, "w") : NULL;
    if (!f || !PEM_write_X509(f, x) || SSL_CTX_use_certificate(ctx, x) != 1 ||
        SSL_CTX_use_PrivateKey(ctx, key) != 1)
        bench_die("certificate");
    fclose(f);
    SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    X509_EXTENSION_free(san);
    X509_EXTENSION_free(ca);
    X509_free(x);
    EVP_PKEY_free(key);
    return ctx;
}

void listener_open(struct listener *l, struct net *net, const struct conn_calls *calls, void *owner,
                   const char *cert_pem)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof a;
    *l = (struct listener){.source.ready = listener_ready,
                           .net = net,
                           .calls = calls,
                           .owner = owner,
                           .tls = cert_pem ? tls_new(cert_pem) : NULL};
    l->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (l->fd < 0 || bind(l->fd, (const struct sockaddr *)&a, sizeof a) != 0 ||
        listen(l->fd, 1024) != 0 || getsockname(l->fd, (struct sockaddr *)&a, &n) != 0)
        bench_die("listen");
    l->port = ntohs(a.sin_port);
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = &l->source};
    if (epoll_ctl(net->epoll, EPOLL_CTL_ADD, l->fd, &e) != 0)
        bench_die("epoll_ctl");
}

void listener_close(struct listener *l)
{
    close(l->fd);
    SSL_CTX_free(l->tls);
}

void net_init(struct net *net)
{
    *net = (struct net){.epoll = epoll_create1(EPOLL_CLOEXEC)};
    if (net->epoll < 0)
        bench_die("epoll");
}

static void bury(struct net *net)
{
    for (struct conn *c; (c = net->graves);) {
        net->graves = c->next_grave;
        free(c);
    }
}

void net_clear(struct net *net)
{
    bury(net);
    close(net->epoll);
}

void net_round(struct net *net, int64_t wait_us)
{
    struct epoll_event ev[EVENTS];
    struct timespec wait = {.tv_sec = wait_us / 1000000, .tv_nsec = wait_us % 1000000 * 1000};
    int n = epoll_pwait2(net->epoll, ev, EVENTS, &wait, NULL);
    for (int i = 0; i < n; i++) {
        struct source *s = ev[i].data.ptr;
        s->ready(s, ev[i].events);
    }
    bury(net);
}
