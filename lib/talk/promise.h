/* A promise that somebody of the business calls back. Blocks on the database; runs inside the
 * caller's transaction. */
#ifndef DESK_TALK_PROMISE_H
#define DESK_TALK_PROMISE_H

#include "base/arena.h"
#include "db/db.h"
#include "store/calls.h"

/* Unless one is promised in this call already. */
DESK_MUST enum desk_rc desk_promise(struct desk_db *db, struct desk_arena *a,
                                    const struct desk_call *c, const char *reason);

#endif
