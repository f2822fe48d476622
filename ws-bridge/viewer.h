/* A browser that watches the live board: one WebSocket, GET /ws/live?since=SEQ. It may see nothing
 * before its first message, {"ticket":"…"}, which the dashboard gave to its session (store/live.h);
 * what comes then is the lookout's (lookout.h). It is closed when it does not read (queue.h), when
 * its session ends, and with 4401 when the ticket is not good, so that the page asks for another.
 * Lives on the loop; a viewer has nothing to do with any call of this process. */
#ifndef BRIDGE_VIEWER_H
#define BRIDGE_VIEWER_H

#include "ws-bridge/bridge.h"

#include <ev.h>

#define VIEWER_PATH     "/ws/live"
#define VIEWER_PROTOCOL "frontdesk-live"
#define VIEWER_START_S  5.0 /* for the ticket to come */
#define VIEWER_CODE     4401
#define VIEWER_TICKET   200 /* bytes of the first message */

struct viewer {
    struct bridge *b;
    uint64_t handle;
    struct lws *wsi; /* NULL: gone */
    struct queue out;
    ev_timer start;
    int64_t since;
    bool asked;     /* its ticket was sent to the lookout */
    unsigned close; /* it is to be closed, with this code */
};

/* NULL: no more are taken. since < 0: it has seen nothing. */
struct viewer *viewer_new(struct bridge *b, struct lws *wsi, int64_t since);
void viewer_message(struct viewer *v, const char *p, size_t n);
void viewer_gone(struct viewer *v); /* the socket is; frees it */
void viewer_note(struct bridge *b, struct note *n);

/* leg_live.c: it has something to write, or is to be closed. */
void leg_live_wake(struct viewer *v);

#endif
