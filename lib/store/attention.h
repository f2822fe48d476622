/* What the receptionist said it did, and did not: one row for a call and a kind of claim
 * (core/claims.h), ever. Writes run inside the caller's transaction. */
#ifndef DESK_STORE_ATTENTION_H
#define DESK_STORE_ATTENTION_H

#include "base/arena.h"
#include "db/db.h"
#include "db/fields.h"

#include <stdint.h>

#define DESK_ATTENTION_REMEDY "remedy" /* it was done after all, by the card's button */
#define DESK_ATTENTION_HAND   "hand"   /* a person said that it is dealt with */

struct desk_attention {
    const char *id;
    const char *tenant_id;
    const char *call_id;
    const char *claim; /* desk_claim_name() */
    const char *words; /* the sentence */
    int64_t at_ms;     /* since the call's start */
    const char *state; /* open, done */
    const char *closed_by;
    int64_t created_at;
    int64_t closed_at;
};
extern const struct desk_fields desk_attention_fields;

/* Id, state and time are made here. DESK_DONE: there is one of that kind already. */
DESK_MUST enum desk_rc desk_attention_raise(struct desk_db *db, const struct desk_attention *r);
/* In the order in which it was said. */
DESK_MUST enum desk_rc desk_attention_by_call(struct desk_db *db, struct desk_arena *a,
                                              const char *tenant_id, const char *call_id,
                                              struct desk_attention **out, size_t *n);
/* Open ones, newest first. */
DESK_MUST enum desk_rc desk_attention_list(struct desk_db *db, struct desk_arena *a,
                                           const char *tenant_id, size_t max,
                                           struct desk_attention **out, size_t *n);
/* DESK_ENOTFOUND: none of that id is open. */
DESK_MUST enum desk_rc desk_attention_close(struct desk_db *db, const char *tenant_id,
                                            const char *id, const char *how);
/* Not dealt with after all. DESK_ENOTFOUND: it was not closed by hand within the last ten minutes.
 */
DESK_MUST enum desk_rc desk_attention_reopen(struct desk_db *db, const char *tenant_id,
                                             const char *id);

#endif
