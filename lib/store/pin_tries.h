/* How often a number that called as an owner's gave a wrong PIN. The rule of it is core/pin.h.
 * Writes run inside the caller's transaction. */
#ifndef DESK_STORE_PIN_TRIES_H
#define DESK_STORE_PIN_TRIES_H

#include "base/arena.h"
#include "db/db.h"
#include "db/fields.h"

#include <stdint.h>

struct desk_pin_try {
    const char *tenant_id;
    const char *who_key;
    int64_t failed; /* since the last right one */
    int64_t last_at;
};
extern const struct desk_fields desk_pin_try_fields;

/* who_key: the call's from_key. Zeros when there never was a wrong one. */
DESK_MUST enum desk_rc desk_pin_try_get(struct desk_db *db, struct desk_arena *a,
                                        const char *tenant_id, const char *who_key,
                                        struct desk_pin_try *out);
/* Count one more, before it is known whether it is right: so many at a time find out no more. */
DESK_MUST enum desk_rc desk_pin_try_add(struct desk_db *db, const char *tenant_id,
                                        const char *who_key);
/* It was right: the count begins anew. */
DESK_MUST enum desk_rc desk_pin_try_right(struct desk_db *db, const char *tenant_id,
                                          const char *who_key);
/* All of a business: a new PIN was set. */
DESK_MUST enum desk_rc desk_pin_try_forget(struct desk_db *db, const char *tenant_id);

#endif
