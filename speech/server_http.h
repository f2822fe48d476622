/* The engine's second door on the server's socket (speech/door.h): what server.c hands over to
 * server_http.c, the other file of this program that names lws_. All on the server's one thread. */
#ifndef SPEECH_SERVER_HTTP_H
#define SPEECH_SERVER_HTTP_H

#include "speech/pool.h"

#include <libwebsockets.h>
#include <stdbool.h>

struct desk_doors {
    struct desk_pool *pool;
    uint64_t *numbers; /* names of jobs' owners, shared with the sessions */
    struct desk_doors_one *first;
    int n;
};

/* One event of an HTTP request; *slot is the socket's own, NULL at first. *handled: false = it is
 * none of ours. Returns what the callback returns. */
int desk_doors_event(struct desk_doors *doors, struct desk_doors_one **slot, struct lws *wsi,
                     enum lws_callback_reasons reason, void *in, size_t len, bool *handled);

/* A job came back. False: it is of none of these. */
bool desk_doors_job(struct desk_doors *doors, const struct desk_job *job);

#endif
