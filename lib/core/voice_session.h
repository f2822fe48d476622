/* The life of a voice session (a conversation by the REST service): its states, what may happen in
 * each, and when it lapses. One table (rows[] in voice_session.c); pure, time comes as argument.
 *
 *   ACTIVE ── the talk is over, or the client ends it ──► COMPLETED
 *      ├───── the client says that its side broke ──────► FAILED
 *      └───── nothing came for too long ────────────────► ABANDONED
 *
 * An end is final: whatever comes later changes nothing. */
#ifndef DESK_CORE_VOICE_SESSION_H
#define DESK_CORE_VOICE_SESSION_H

#include <stdbool.h>
#include <stdint.h>

enum desk_vs_state {
    DESK_VS_ACTIVE,
    DESK_VS_COMPLETED,
    DESK_VS_FAILED,
    DESK_VS_ABANDONED,
    DESK_VS__STATES
};
const char *desk_vs_state_name(enum desk_vs_state s);     /* "ACTIVE"; never NULL */
enum desk_vs_state desk_vs_state_parse(const char *name); /* not one of them: FAILED */

enum desk_vs_event {
    DESK_VS_INPUT, /* the caller said something */
    DESK_VS_OVER,  /* the talk has come to its end, and nothing follows it */
    DESK_VS_END,   /* the client ends it */
    DESK_VS_BROKE, /* the client's side, or ours, cannot go on */
    DESK_VS_LAPSE, /* its time ran out */
    DESK_VS__EVENTS
};

enum desk_vs_verdict {
    DESK_VS_GO,     /* it is as `to` says from now on */
    DESK_VS_STAYS,  /* nothing changes, and nobody needs to hear of it */
    DESK_VS_REFUSED /* too late: the client is told the state */
};

struct desk_vs_step {
    enum desk_vs_state to;
    enum desk_vs_verdict verdict;
};
struct desk_vs_step desk_vs_step(enum desk_vs_state s, enum desk_vs_event e);

/* No session lasts longer, whatever its own time-out: as long as a call is given before the worker
 * closes it. */
#define DESK_VS_LONGEST_MS (3LL * 3600 * 1000)
/* So long a turn may take until its answer, hearing and speaking included. */
#define DESK_VS_TURN_MS (120LL * 1000)

/* When it lapses if nothing more happens: idle_ms after now; while a turn is being answered, not
 * before that can be done; DESK_VS_LONGEST_MS after its beginning at the latest. */
int64_t desk_vs_expires(int64_t created_at, int64_t now, int64_t idle_ms, bool in_turn);

#endif
