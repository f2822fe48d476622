/* A leg of a call: one WebSocket with its queue. The call owns it; a leg never frees a call.
 * Whoever lets go first clears both sides: leg_close() takes the socket from the leg, leg_gone() is
 * told by the socket. Only leg_*.c and main.c know libwebsockets. */
#ifndef BRIDGE_LEG_H
#define BRIDGE_LEG_H

#include "ws-bridge/queue.h"

struct bridge;
struct call;
struct lws;

enum leg_side { LEG_TWILIO, LEG_MODEL, LEG_RELAY /* Twilio's, of a relay session */ };

struct leg {
    enum leg_side side;
    struct call *call;
    struct lws *wsi; /* NULL: no socket (yet, or any more) */
    bool up;         /* the WebSocket is open */
    struct queue out;
    struct desk_buf in; /* one message being put together */
    uint64_t sent, received;
};

/* Limits and policy of that side (queue.h). */
void leg_init(struct leg *leg, enum leg_side side, struct call *call, struct queue_pool *pool);
void leg_clear(struct leg *leg); /* after leg_close() */

/* Close the socket, if there is one: queued messages are dropped, the peer gets a close frame. The
 * leg hears nothing more of it. */
void leg_close(struct leg *leg);

/* Ask for a chance to write what is queued. */
void leg_wake(struct leg *leg);

/* leg_realtime.c: dial the target at that address. A failure is told by call_model_gone(), maybe
 * before this returns. */
void leg_realtime_dial(struct bridge *b, struct call *c, const char *address);

#endif
