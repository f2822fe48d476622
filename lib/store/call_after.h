/* What came of a call once it was over, one row each: what it was about, its cost, whether the
 * owner was told. Writes run inside the caller's transaction. */
#ifndef DESK_STORE_CALL_AFTER_H
#define DESK_STORE_CALL_AFTER_H

#include "base/arena.h"
#include "db/db.h"
#include "db/fields.h"

#include <stdbool.h>
#include <stdint.h>

#define DESK_AFTER_MODEL "model"
#define DESK_AFTER_RULES "rules"

struct desk_call_after {
    const char *id;
    const char *tenant_id;
    const char *location_id;
    const char *call_id;
    const char *by_whom;   /* DESK_AFTER_… */
    const char *why_rules; /* a sentence, or NULL */
    const char *summary;
    const char *topics;    /* "price, appointment"; "" */
    const char *sentiment; /* good, neutral, bad */
    const char *facts;     /* JSON object of texts */
    bool needs_owner;
    int64_t nanos;        /* billionths of a dollar */
    const char *cost;     /* JSON list: [{"part":…,"model":…,"nanos":…}] */
    const char *unpriced; /* "" = all of it has a price */
    const char *told;     /* no, text, telegram, both */
    int64_t started_at;
    int64_t created_at;
};
extern const struct desk_fields desk_call_after_fields;

/* Id and time are made here. DESK_ECONFLICT: the call has one. */
DESK_MUST enum desk_rc desk_call_after_insert(struct desk_db *db, const struct desk_call_after *r);
DESK_MUST enum desk_rc desk_call_after_get(struct desk_db *db, struct desk_arena *a,
                                           const char *tenant_id, const char *call_id,
                                           struct desk_call_after *out);

#endif
