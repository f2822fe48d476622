/* A promise that somebody of the business calls back. Blocks on the database; runs inside the
 * caller's transaction. */
#ifndef DESK_TALK_PROMISE_H
#define DESK_TALK_PROMISE_H

#include "base/arena.h"
#include "db/db.h"
#include "store/calls.h"
#include "store/promises.h"

#include <stddef.h>

/* Unless one is promised in this call already. */
DESK_MUST enum desk_rc desk_promise(struct desk_db *db, struct desk_arena *a,
                                    const struct desk_call *c, const char *reason);

/* Somebody of the business has spoken or written to that number: what was promised to it is kept,
 * and the timelines of those calls say so. how: DESK_KEPT_… (store/promises.h). number NULL or ""
 * keeps nothing. kept (may be NULL): how many. Not for texts that Frontdesk sends by itself. */
DESK_MUST enum desk_rc desk_promise_kept(struct desk_db *db, struct desk_arena *a,
                                         const char *tenant_id, const char *number, const char *how,
                                         size_t *kept);

#endif
