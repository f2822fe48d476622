/* Calls while they run: what is said in them, in the order in which it was written down; what
 * somebody of the business asks of one ("put them through to me"); and the tickets by which a
 * browser may watch. Writes run inside the caller's transaction. */
#ifndef DESK_STORE_LIVE_H
#define DESK_STORE_LIVE_H

#include "base/arena.h"
#include "base/ids.h"
#include "db/db.h"
#include "db/fields.h"
#include "store/calls.h"
#include "store/conversation.h"
#include "store/users.h"

#include <stdbool.h>
#include <stdint.h>

/* Calls of a business that run, the longest first: by telephone, begun since then. */
DESK_MUST enum desk_rc desk_live_calls(struct desk_db *db, struct desk_arena *a,
                                       const char *tenant_id, int64_t since, size_t max,
                                       struct desk_call **out, size_t *n);

/* ---- words ----------------------------------------------------------------------------------- */

/* What was written down since that number, in order. seq grows over all calls of the business; a
 * turn that was corrected comes again with a higher one. */
DESK_MUST enum desk_rc desk_live_lines(struct desk_db *db, struct desk_arena *a,
                                       const char *tenant_id, int64_t since, size_t max,
                                       struct desk_turn **out, size_t *n);
/* The last number that was given; 0 = none yet. */
DESK_MUST enum desk_rc desk_live_seq(struct desk_db *db, const char *tenant_id, int64_t *seq);

/* ---- orders ---------------------------------------------------------------------------------- */

#define DESK_LIVE_THROUGH "through" /* put them through to phone */
#define DESK_LIVE_SAY     "say"     /* say text */
#define DESK_LIVE_MESSAGE "message" /* take a recorded message, and end */
#define DESK_LIVE_HANGUP  "hangup"

/*   waiting ──► asked ──► done     it was heard whole; the call is on its way there
 *      │          ├─────► cut      the caller spoke over it
 *      └──────────┴─────► failed, late (the call was over or on its way out)            */
#define DESK_LIVE_WAITING "waiting"
#define DESK_LIVE_ASKED   "asked"
#define DESK_LIVE_DONE    "done"
#define DESK_LIVE_CUT     "cut"
#define DESK_LIVE_FAILED  "failed"
#define DESK_LIVE_LATE    "late"

#define DESK_LIVE_SAY_MAX 200           /* characters */
#define DESK_LIVE_MS      (30LL * 1000) /* not begun by then: nobody does it any more */

struct desk_live_order {
    const char *id;
    const char *tenant_id;
    const char *call_id;
    const char *kind;
    const char *text, *phone, *name;
    const char *dedupe;
    const char *state;
    int64_t created_at;
    int64_t done_at;
};
extern const struct desk_fields desk_live_order_fields;

/* Id, state and time are made here. DESK_ECONFLICT: this press or text has its order already. */
DESK_MUST enum desk_rc desk_live_order_add(struct desk_db *db, const struct desk_live_order *o);
/* Of all businesses, the oldest first: what nobody has begun, and is not too old. */
DESK_MUST enum desk_rc desk_live_waiting(struct desk_db *db, struct desk_arena *a, size_t max,
                                         struct desk_live_order **out, size_t *n);
DESK_MUST enum desk_rc desk_live_orders(struct desk_db *db, struct desk_arena *a,
                                        const char *tenant_id, const char *call_id,
                                        struct desk_live_order **out, size_t *n);
/* Move it on. DESK_ENOTFOUND: it is over already. */
DESK_MUST enum desk_rc desk_live_order_state(struct desk_db *db, const char *tenant_id,
                                             const char *id, const char *state);

/* ---- tickets --------------------------------------------------------------------------------- */

#define DESK_LIVE_TICKET_MS (60LL * 1000)

struct desk_live_ticket {
    const char *id;
    const char *tenant_id;
    const char *session_id;
    int64_t expires_at;
    int64_t ends_at;
    int64_t used_at;
};
extern const struct desk_fields desk_live_ticket_fields;

/* A ticket for that session, into token: for one socket, to be used within a minute. */
DESK_MUST enum desk_rc desk_live_ticket_new(struct desk_db *db, const struct desk_session *s,
                                            char token[DESK_TOKEN_LEN]);
/* Use it. DESK_EAUTH: it is none, or was used, or is too old. */
DESK_MUST enum desk_rc desk_live_ticket_use(struct desk_db *db, struct desk_arena *a,
                                            const char *token, struct desk_live_ticket *out);
/* Does its session still stand? */
DESK_MUST enum desk_rc desk_live_ticket_good(struct desk_db *db, const char *tenant_id,
                                             const char *id, bool *yes);

#endif
