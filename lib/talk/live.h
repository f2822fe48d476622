/* What somebody of the business asks of a call while it runs: "put them through to me", "say this",
 * "take a message and end", "hang up". An order is a row, and a line of the call's timeline; who
 * leads the call does it (store/live.h): the bridge while the stream is open, else the next page
 * for Twilio, which is told in the same transaction to ask for one now. Blocks on the database. */
#ifndef DESK_TALK_LIVE_H
#define DESK_TALK_LIVE_H

#include "base/arena.h"
#include "core/business.h"
#include "db/db.h"
#include "store/calls.h"
#include "store/live.h"

/* Longer ago than this a call that never ended has been lost, and is not shown. */
#define DESK_LIVE_SINCE_MS (4LL * 3600 * 1000)

struct desk_live_ask {
    const struct desk_business *business;
    const struct desk_call *call;
    const char *kind; /* DESK_LIVE_… */
    const char *text; /* of SAY */
    const char *name; /* of THROUGH: who is rung; NULL or "" = the owner */
    const char *by;   /* who asks: "Sal" */
    const char *way;  /* and how: "on the live board" */
    const char *once; /* of this press or text */
};

/* In a transaction. *why: why it cannot be done (nothing is asked then), or NULL. DESK_DONE: this
 * press was taken before. */
DESK_MUST enum desk_rc desk_live_ask(struct desk_db *db, struct desk_arena *a,
                                     const struct desk_live_ask *ask, const char **why);

/* Is the call such that this may be asked of it? Why not, as a sentence, or NULL. Pure. */
const char *desk_live_cannot(const struct desk_call *c, const char *kind);

/* Does a bridge lead it, by what the row says? Pure. */
bool desk_live_by_bridge(const struct desk_call *c);

/* What became of it, as a sentence, in the arena. Claims no more than is known: "Said." only once
 * it was heard to its end. Pure but for the clock given. */
const char *desk_live_words(struct desk_arena *a, const struct desk_live_order *o,
                            const struct desk_call *c, int64_t now);

/* For the timeline, when an order moves on to that state; NULL = nothing to tell. Pure. */
const char *desk_live_line_of(const char *kind, const char *state);

/* What runs of a business, told to who watches, as one JSON text on a line. */
DESK_MUST enum desk_rc desk_live_board(struct desk_db *db, struct desk_arena *a,
                                       const char *tenant_id, int64_t now, const char **json);

#endif
