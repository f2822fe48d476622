/* The PIN of an owner's own calls: kept as an argon2id hash among the business's sealed people
 * (core/business.h: pin), checked with a brake against trying them all (core/pin.h). */
#ifndef DESK_TALK_OWNER_PIN_H
#define DESK_TALK_OWNER_PIN_H

#include "base/arena.h"
#include "core/business.h"
#include "core/pin.h"
#include "db/db.h"

#include <jansson.h>
#include <stdbool.h>

/* In a document's "people": the PIN of its owner, if it is digits, becomes its hash. About 0.1 s.
 */
DESK_MUST enum desk_rc desk_owner_pin_hide(json_t *people);

/* Write the PIN of a business (digits; NULL takes it away), in a transaction of its own; what was
 * tried before is forgotten. DESK_EINVAL: not 4 to 8 digits. */
DESK_MUST enum desk_rc desk_owner_pin_set(struct desk_db *db, struct desk_arena *a,
                                          const char *tenant_id, const char *pin);

/* A new one of six digits. */
void desk_owner_pin_new(char out[DESK_PIN_LEN]);

/* May the number with that key (the call's from_key) be asked for it now? */
DESK_MUST enum desk_rc desk_owner_pin_may_try(struct desk_db *db, struct desk_arena *a,
                                              const struct desk_business *b, const char *tenant_id,
                                              const char *who_key, bool *may);

enum desk_pin_try_end {
    DESK_PIN_RIGHT,
    DESK_PIN_WRONG,  /* and it may be asked for again */
    DESK_PIN_PAUSED, /* wrong (or not even looked at): no more for a while */
};

/* Was it the PIN? given: as keyed or spoken. In transactions of its own; about 0.1 s and 64 MiB,
 * one at a time in a process. */
DESK_MUST enum desk_rc desk_owner_pin_try(struct desk_db *db, struct desk_arena *a,
                                          const struct desk_business *b, const char *tenant_id,
                                          const char *who_key, const char *given,
                                          enum desk_pin_try_end *end);

#endif
