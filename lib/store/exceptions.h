/* People who bypass screening: their calls ring the owner at once. Kept by number; removing is
 * soft, so that it can be seen later who was on the list. Writes run inside the caller's
 * transaction. */
#ifndef DESK_STORE_EXCEPTIONS_H
#define DESK_STORE_EXCEPTIONS_H

#include "base/arena.h"
#include "db/db.h"
#include "db/fields.h"

#include <stdint.h>

struct desk_exception {
    const char *id;
    const char *tenant_id;
    const char *number; /* E.164 */
    const char *number_key;
    const char *name;
    const char *category;
    int64_t created_at;
    int64_t deleted_at;
};
extern const struct desk_fields desk_exception_fields;

/* Add, change or revive. number: E.164; name and category not NULL. */
DESK_MUST enum desk_rc desk_exception_put(struct desk_db *db, const char *tenant_id,
                                          const char *number, const char *name,
                                          const char *category);
/* DESK_ENOTFOUND: not on the list. */
DESK_MUST enum desk_rc desk_exception_find(struct desk_db *db, struct desk_arena *a,
                                           const char *tenant_id, const char *number,
                                           struct desk_exception *out);
/* By its id; also one that was removed (deleted_at). */
DESK_MUST enum desk_rc desk_exception_any(struct desk_db *db, struct desk_arena *a,
                                          const char *tenant_id, const char *id,
                                          struct desk_exception *out);
/* Oldest first, at most max. */
DESK_MUST enum desk_rc desk_exception_list(struct desk_db *db, struct desk_arena *a,
                                           const char *tenant_id, size_t max,
                                           struct desk_exception **out, size_t *n);
DESK_MUST enum desk_rc desk_exception_remove(struct desk_db *db, const char *tenant_id,
                                             const char *number);

#endif
