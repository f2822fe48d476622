/* Sockets of the call load: one epoll loop, WebSocket frames of either side, TLS where asked. One
 * thread. Only for benches and the soak: it trusts its peers' framing, and ends the process when
 * the machine has no more of something. */
#ifndef BENCH_LOAD_NET_H
#define BENCH_LOAD_NET_H

#include <openssl/ssl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct conn;
struct listener;

/* What its owner is told. Text may be written over, and is not ended by a NUL. A connection may be
 * closed from within; closed() comes once, and never from conn_close(). */
struct conn_calls {
    void (*opened)(struct conn *c, const char *path);
    void (*text)(struct conn *c, char *p, size_t n);
    void (*closed)(struct conn *c, int status); /* HTTP status of a refused upgrade, else 0 */
};

struct source {
    void (*ready)(struct source *s, uint32_t events);
};

struct bytes {
    unsigned char *p;
    size_t n, at, cap;
};

struct conn {
    struct source source;
    struct net *net;
    int fd;
    SSL *ssl;
    bool client, connecting, shaking, open, closed, wants_write;
    const struct conn_calls *calls;
    void *owner;
    struct bytes in, out;
    char path[128];
    struct conn *next_grave;
};

struct net {
    int epoll;
    SSL_CTX *tls;
    struct conn *graves;
    size_t n_conns;
};

struct listener {
    struct source source;
    struct net *net;
    int fd, port;
    SSL_CTX *tls; /* NULL = plain */
    const struct conn_calls *calls;
    void *owner; /* of new connections */
};

_Noreturn void bench_die(const char *what);
int64_t net_us(void); /* monotonic */

void net_init(struct net *net);
void net_clear(struct net *net);
/* One turn of the loop; waits up to so many µs. */
void net_round(struct net *net, int64_t wait_us);

/* Listens on a free port of 127.0.0.1. cert_pem: where its own certificate is written for others to
 * trust, or NULL for no TLS. */
void listener_open(struct listener *l, struct net *net, const struct conn_calls *calls, void *owner,
                   const char *cert_pem);
void listener_close(struct listener *l);

/* A WebSocket to 127.0.0.1:port; opened() or closed() follows. */
struct conn *conn_dial(struct net *net, int port, const char *path, const struct conn_calls *calls,
                       void *owner);
/* One text message; what the socket does not take waits. */
void conn_text(struct conn *c, const char *p, size_t n);
/* politely: a close frame first. The connection is freed at the end of the round. */
void conn_close(struct conn *c, bool politely);

#endif
