/* The keys of the operator's identity provider, kept between two fetches: the worker fetches, the
 * REST API reads. They are public keys: nothing of it is sealed. Of the machine, not of a business.
 * Writes run inside the caller's transaction. */
#ifndef DESK_STORE_IDP_KEYS_H
#define DESK_STORE_IDP_KEYS_H

#include "base/arena.h"
#include "db/db.h"
#include "db/fields.h"

#include <stdint.h>

struct desk_idp_keys {
    const char *id; /* where they are from */
    const char *tenant_id;
    const char *keys; /* a JWK set as it came; NULL = none yet */
    /* UTC ms, 0 = never; core/keys_due.h says what follows from them */
    int64_t fetched_at, fresh_until, wanted_at, not_before;
    int64_t failures;
};
extern const struct desk_fields desk_idp_keys_fields;

/* DESK_ENOTFOUND: it was never asked. */
DESK_MUST enum desk_rc desk_idp_keys_get(struct desk_db *db, struct desk_arena *a, const char *url,
                                         struct desk_idp_keys *out);
/* What came; and what other addresses gave is forgotten. */
DESK_MUST enum desk_rc desk_idp_keys_put(struct desk_db *db, const char *url, const char *keys,
                                         int64_t now, int64_t fresh_until);
/* It failed: those that are there stay. */
DESK_MUST enum desk_rc desk_idp_keys_failed(struct desk_db *db, const char *url,
                                            int64_t not_before);
/* A key is missing among them. Changes nothing when that is known already. */
DESK_MUST enum desk_rc desk_idp_keys_want(struct desk_db *db, const char *url, int64_t now);

#endif
