/* The clock of promised callbacks: each gets a time at which it is due, its owner a text before,
 * and an alert when it was missed, again after a while, a few times. What it did is in the row, in
 * the transaction of the messages, so it is done once whoever is killed. In the owner's night only
 * urgent ones are spoken of. Blocks on the database. */
#ifndef DESK_TALK_PROMISE_CLOCK_H
#define DESK_TALK_PROMISE_CLOCK_H

#include "base/arena.h"
#include "db/db.h"
#include "store/promises.h"

/* What is to be done with that one now; in a transaction of its own. DESK_DONE: somebody else did
 * it meanwhile. */
DESK_MUST enum desk_rc desk_promise_clock(struct desk_db *db, struct desk_arena *a,
                                          const struct desk_callback *row, int64_t now);

#endif
