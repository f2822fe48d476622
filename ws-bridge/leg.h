/* A leg of a call: one WebSocket with its queue. The call owns it; a leg never frees a call.
 * Whoever lets go first clears both sides: leg_close() takes the socket from the leg, leg_gone() is
 * told by the socket. Only leg_*.c and main.c know libwebsockets. */
#ifndef BRIDGE_LEG_H
#define BRIDGE_LEG_H

#include "ws-bridge/queue.h"

struct bridge;
struct call;
struct lws;
struct session;

enum leg_side { LEG_TWILIO, LEG_MODEL, LEG_RELAY /* Twilio's, of a relay session */ };

struct leg {
    enum leg_side side;
    struct call *call;       /* whose leg it is … */
    struct session *session; /* … or, before it is a call's, this session's (session.h) */
    struct lws *wsi;         /* NULL: no socket (yet, or any more) */
    bool up;                 /* the WebSocket is open */
    bool warm;               /* and has been writeable once: it may be written to at any time */
    bool broken;             /* a write failed; it is closed at its next turn */
    bool due;                /* in the list of legs to be written at the end of the round */
    struct leg *next_due;
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

/* What is queued is written at the end of this round of the loop (or when the socket takes it). */
void leg_wake(struct leg *leg);
void legs_flush(struct bridge *b); /* the end of the round */
void legs_read(struct bridge *b);  /* there, too: leg_read.c */

/* The socket and what waits for it go from one leg to another, which has none. */
void leg_move(struct leg *to, struct leg *from);

/* leg_realtime.c: dial the target at that address for a session's leg. A failure is told by
 * session_gone(), maybe before this returns. */
void leg_realtime_dial(struct bridge *b, struct leg *leg, const char *address);
/* How fast a dead server is noticed on every socket dialled from now on. Before the first. */
void leg_realtime_patience(int silent_s);

#endif
