/* A Realtime session on its way: dialled, set up, not yet talking. Whoever wants one (a call at its
 * start or after a loss, a call whose session grows old, the warm table) is its owner and is told
 * once how it went; a ready one is taken over into a call's leg (session_take).
 *
 *   naming → dialling → setting → ready
 *
 * One quick failure is tried again by itself; our own engine, which is started again when it dies,
 * is asked until it is there or there is no time left. On the loop; heap, freed at the end of the
 * round. */
#ifndef BRIDGE_SESSION_H
#define BRIDGE_SESSION_H

#include "ws-bridge/bridge.h"
#include "ws-bridge/leg.h"

#include "wire/realtime_msg.h"

#include <ev.h>

#define SESSION_EVENT_ID "fd-session"

struct session;

struct session_owner {
    void (*ready)(struct session *s);
    /* again: it tries once more (told once); else it is over and frees itself. */
    void (*failed)(struct session *s, enum desk_rt_severity severity, const char *why, bool again);
    /* An event of a ready session that nobody has taken yet; NULL: not wanted. */
    void (*event)(struct session *s, const struct desk_rt_event *ev);
};

struct session {
    struct bridge *b;
    struct session *next;
    uint64_t id; /* for the resolver; no call's handle */
    const struct session_owner *owner;
    void *ctx;                 /* the owner's */
    const struct claim *claim; /* borrowed: prompt, language, settings */
    struct leg leg;
    ev_timer deadline, retry;
    bool up, ready, closed;
    unsigned tries;
    int64_t born_ms, dialled_ms; /* monotonic */
    int64_t ready_ms;
    int64_t expires_at; /* epoch s, as the server said; 0 = it did not */
};

/* Dials at once. seconds: longest time until it is ready. NULL: no memory. The owner may be told of
 * a failure before this returns; then NULL is returned, too. */
struct session *session_new(struct bridge *b, const struct claim *claim,
                            const struct session_owner *owner, void *ctx, double seconds);

/* Give it up: closes its socket. The owner hears nothing more of it. NULL is fine. */
void session_close(struct session *s);

/* Its socket goes to leg; the session is over. */
void session_take(struct session *s, struct leg *leg);

/* Told by leg_realtime.c and the inbox. */
void session_up(struct session *s);
void session_message(struct session *s, const char *p, size_t n);
void session_giant(struct session *s);
void session_gone(struct session *s, enum desk_rt_severity severity, const char *why);
void session_address(struct bridge *b, uint64_t id, enum desk_rc rc);

void sessions_bury(struct bridge *b); /* frees those that are over */

#endif
