/* Businesses, their branches and their numbers. Reads put strings in the arena; writes run
 * inside the caller's transaction. */
#ifndef DESK_STORE_TENANTS_H
#define DESK_STORE_TENANTS_H

#include "base/arena.h"
#include "db/db.h"
#include "db/fields.h"

#include <stdbool.h>
#include <stdint.h>

struct desk_tenant {
    const char *id;
    const char *slug;
    const char *name;
    const char *profile; /* JSON: core/business.h */
    int64_t created_at;
    int64_t updated_at;
    const char *people; /* JSON, sealed; NULL = none */
};
extern const struct desk_fields desk_tenant_fields;

struct desk_location {
    const char *id;
    const char *tenant_id;
    const char *name;
    const char *zone;
    const char *hours;
    const char *owner_name;
    const char *owner_phone;
    int64_t created_at;
    const char *overlay; /* JSON merged into the tenant's profile; NULL = none */
    const char *people;  /* JSON merged into the tenant's people, sealed; NULL = none */
};
extern const struct desk_fields desk_location_fields;

struct desk_number {
    const char *e164;
    const char *tenant_id;
    const char *location_id;
    int64_t created_at;
};
extern const struct desk_fields desk_number_fields;

/* Write one row (in a transaction). DESK_ECONFLICT: slug or number is taken. */
DESK_MUST enum desk_rc desk_tenant_insert(struct desk_db *db, const struct desk_tenant *t);
DESK_MUST enum desk_rc desk_location_insert(struct desk_db *db, const struct desk_location *l);
DESK_MUST enum desk_rc desk_number_insert(struct desk_db *db, const struct desk_number *n);

/* Rewrite all that can change of a row. DESK_ENOTFOUND: no such row. */
DESK_MUST enum desk_rc desk_tenant_update(struct desk_db *db, const struct desk_tenant *t);
DESK_MUST enum desk_rc desk_location_update(struct desk_db *db, const struct desk_location *l);
DESK_MUST enum desk_rc desk_location_hours(struct desk_db *db, const char *tenant_id,
                                           const char *id, const char *hours);
DESK_MUST enum desk_rc desk_number_delete_all(struct desk_db *db, const char *tenant_id);

DESK_MUST enum desk_rc desk_tenant_get(struct desk_db *db, struct desk_arena *a, const char *id,
                                       struct desk_tenant *out);
DESK_MUST enum desk_rc desk_tenant_by_slug(struct desk_db *db, struct desk_arena *a,
                                           const char *slug, struct desk_tenant *out);
DESK_MUST enum desk_rc desk_tenant_count(struct desk_db *db, int64_t *n); /* and: is it readable? */
DESK_MUST enum desk_rc desk_tenant_list(struct desk_db *db, struct desk_arena *a,
                                        struct desk_tenant **out, size_t *n);
DESK_MUST enum desk_rc desk_location_get(struct desk_db *db, struct desk_arena *a,
                                         const char *tenant_id, const char *id,
                                         struct desk_location *out);
DESK_MUST enum desk_rc desk_location_first(struct desk_db *db, struct desk_arena *a,
                                           const char *tenant_id, struct desk_location *out);
/* Change the phone a branch's callers are put through to (in a transaction). */
DESK_MUST enum desk_rc
desk_location_owner_phone_set(struct desk_db *db, const struct desk_location *l, const char *phone);
/* Oldest first: the first one is the main location. */
DESK_MUST enum desk_rc desk_location_list(struct desk_db *db, struct desk_arena *a,
                                          const char *tenant_id, struct desk_location **out,
                                          size_t *n);
/* Whose number is this? DESK_ENOTFOUND: nobody's. */
DESK_MUST enum desk_rc desk_number_find(struct desk_db *db, struct desk_arena *a, const char *e164,
                                        struct desk_number *out);
DESK_MUST enum desk_rc desk_number_list(struct desk_db *db, struct desk_arena *a,
                                        const char *tenant_id, struct desk_number **out, size_t *n);

#endif
