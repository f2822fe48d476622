/* Wrong passwords and codes at the door, counted so that guessing is slow: for a name from one
 * address, for a name from anywhere, and for an address whatever the name. Names that do not exist
 * count like those that do, so they cannot be probed. Keyed hashes are kept, no names. Writes run
 * inside the caller's transaction. */
#ifndef DESK_STORE_LOGIN_TRIES_H
#define DESK_STORE_LOGIN_TRIES_H

#include "base/arena.h"
#include "db/db.h"
#include "db/fields.h"

#include <stdbool.h>
#include <stdint.h>

struct desk_login_try {
    const char *tenant_id; /* "-" */
    const char *who_key;
    int64_t failed;
    int64_t last_at;
};
extern const struct desk_fields desk_login_try_fields;

#define DESK_LOGIN_TRIES      8  /* of a name from one address: then it must wait */
#define DESK_LOGIN_TRIES_MANY 40 /* of a name, or from an address */
#define DESK_LOGIN_LOCKED_MS  (5LL * 60 * 1000)

/* May that name be tried from that address (as nginx tells it; of IPv6 its network counts) now? */
DESK_MUST enum desk_rc desk_login_locked(struct desk_db *db, struct desk_arena *a,
                                         const char *login, const char *address, bool *locked);
DESK_MUST enum desk_rc desk_login_failed(struct desk_db *db, const char *login,
                                         const char *address);
/* It was right: the name starts anew; the address does not. */
DESK_MUST enum desk_rc desk_login_right(struct desk_db *db, const char *login, const char *address);
/* What does not count any more is forgotten. */
DESK_MUST enum desk_rc desk_login_purge(struct desk_db *db);

#endif
