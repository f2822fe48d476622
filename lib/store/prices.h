/* What things cost, from which day on: rows that the owner can change (`frontdesk prices`). Those
 * that come with the house are of tenant "-" and hold for every business that has none of its own.
 * What is chosen of them is core/price.h's. Writes run inside the caller's transaction. */
#ifndef DESK_STORE_PRICES_H
#define DESK_STORE_PRICES_H

#include "base/arena.h"
#include "db/db.h"
#include "db/fields.h"

#include <stdint.h>

#define DESK_PRICE_ALL  "-"
#define DESK_PRICE_MOST 2000

struct desk_price {
    const char *id;
    const char *tenant_id;
    const char *model;
    const char *unit; /* desk_price_unit_name() */
    int64_t nanos;    /* billionths of a dollar for one */
    const char *from_day;
    const char *source;
    int64_t created_at;
};
extern const struct desk_fields desk_price_fields;

/* Of that business and of all, by model, unit and day. */
DESK_MUST enum desk_rc desk_price_list(struct desk_db *db, struct desk_arena *a,
                                       const char *tenant_id, struct desk_price **out, size_t *n);
/* A new one, or another figure for the same day; id and time are made here. */
DESK_MUST enum desk_rc desk_price_set(struct desk_db *db, const struct desk_price *p);
/* DESK_ENOTFOUND: there is none of that day. */
DESK_MUST enum desk_rc desk_price_remove(struct desk_db *db, const struct desk_price *p);

#endif
