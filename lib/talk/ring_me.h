/* A promised callback at a press of a button: our number rings the owner, who hears whom it is for
 * and presses 1; then the customer is rung, and sees the business's number. When they are joined
 * the promise is kept. The hook's side is cgi-bin/hook/ring_me.c. Blocks on the database. */
#ifndef DESK_TALK_RING_ME_H
#define DESK_TALK_RING_ME_H

#include "base/arena.h"
#include "core/business.h"
#include "db/db.h"
#include "store/promises.h"

/* Pressed twice within so long it is one call; later than so long the owner is not rung any more:
 * they have gone from the phone. */
#define DESK_RING_ME_MS (2LL * 60 * 1000)

/* Why it cannot be done, as a sentence; NULL = it can. from: our number. */
const char *desk_ring_me_cannot(const struct desk_business *b, const struct desk_callback *cb,
                                const char *from);

/* In a transaction: queue it. DESK_DONE: it is under way already. *why: why it cannot be done (and
 * nothing is queued), or NULL. */
DESK_MUST enum desk_rc desk_ring_me(struct desk_db *db, struct desk_arena *a,
                                    const struct desk_business *b, const struct desk_callback *cb,
                                    int64_t now, const char **why);

#endif
