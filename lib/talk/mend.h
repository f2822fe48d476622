/* What was promised in a call and not done (store/attention.h), done after all by one press. Blocks
 * on the database. */
#ifndef DESK_TALK_MEND_H
#define DESK_TALK_MEND_H

#include "base/arena.h"
#include "core/claims.h"
#include "db/db.h"
#include "store/attention.h"
#include "store/calls.h"

/* The words of the button: "Put the call back on my list". NULL: there is nothing that Frontdesk
 * could do about it (it can only be marked done): the caller has no number, or the owner was to be
 * told, and now is. Pure. */
const char *desk_mend_words(enum desk_claim_kind k, const struct desk_call *c);

/* In a transaction: do it, and close the row. A call back that is on the list already is not put
 * there twice. DESK_ENOTFOUND: the row is not open; DESK_EINVAL: nothing can be done about it. */
DESK_MUST enum desk_rc desk_mend(struct desk_db *db, struct desk_arena *a,
                                 const struct desk_call *c, const struct desk_attention *row);

#endif
