/* A WebSocket as Twilio opens it to a receptionist: client, text messages, one thread, one call. */
#ifndef CLI_CALL_SOCKET_H
#define CLI_CALL_SOCKET_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sim_socket_to {
    const char *host; /* loopback */
    int port;
    const char *path;
    const char *host_header; /* as the public sees it; over TLS what the certificate must bear */
    bool tls;
    const char *ca_file;   /* trusted instead of the system's authorities (PEM); NULL = those */
    bool insecure;         /* any certificate */
    const char *signature; /* X-Twilio-Signature, NULL = none */
};

/* What the user of a socket does; all called in the thread of sim_socket_run(). */
struct sim_socket_use {
    void *ctx;
    void (*open)(void *ctx); /* the handshake is done */
    void (*message)(void *ctx, const char *p, size_t n);
    void (*bad)(void *ctx, const char *why); /* binary, or too long */
    int64_t (*tick)(void *ctx);              /* returns µs until the next one */
    bool (*over)(void *ctx);  /* asked every 20 ms of the handshake: true gives it up */
    void (*leave)(void *ctx); /* we close: send what is to be said before */
    /* The other side has closed, or never opened (then error is Twilio's code). */
    void (*gone)(void *ctx, int error, const char *why);
};

struct sim_socket;

/* Connects and stays until sim_socket_done() was called or the other side has closed. False: no
 * memory. *s is valid from within the calls only. */
bool sim_socket_run(const struct sim_socket_to *to, const struct sim_socket_use *use,
                    struct sim_socket **s);

/* Queue one message. False: out of memory, or the server does not read (*full). */
bool sim_socket_send(struct sim_socket *s, const struct desk_buf *text, bool *full);

/* Nothing more to do: leave() is called, what is queued goes out, then the socket closes. */
void sim_socket_done(struct sim_socket *s);

bool sim_socket_opened(const struct sim_socket *s);
int sim_socket_code(const struct sim_socket *s); /* close code of the other side, 0 = none seen */
int64_t sim_socket_start_us(const struct sim_socket *s);    /* when it was opened, monotonic */
void sim_socket_close_code(struct sim_socket *s, int code); /* ours; 1000 if never called */

/* Let libwebsockets speak on stderr (--verbose) or not. Call once, before any. */
void sim_socket_verbose(bool on);

#endif
