/* Links that make a login: for one person, once, for a few days. Only a hash of what is in the link
 * is kept. Writes run inside the caller's transaction. */
#ifndef DESK_STORE_INVITES_H
#define DESK_STORE_INVITES_H

#include "base/ids.h"
#include "store/users.h"

struct desk_invite {
    const char *id;
    const char *tenant_id;
    const char *secret_hash;
    const char *name; /* for whom, or NULL */
    const char *role; /* word of enum desk_role */
    const char *location_id;
    int64_t created_at;
    int64_t expires_at;
    int64_t used_at; /* used, or taken back; 0 = open */
};
extern const struct desk_fields desk_invite_fields;

#define DESK_INVITE_MS     (3LL * 24 * 3600 * 1000)
#define DESK_INVITES_SHOWN 50

/* Of i count tenant_id, name, role, location_id; secret gets what the link must have. */
DESK_MUST enum desk_rc desk_invite_new(struct desk_db *db, const struct desk_invite *i,
                                       char secret[DESK_TOKEN_LEN]);
/* DESK_ENOTFOUND: there is none, or it was used, taken back, or is too old. */
DESK_MUST enum desk_rc desk_invite_find(struct desk_db *db, struct desk_arena *a,
                                        const char *secret, struct desk_invite *out);
/* Those that are open, the newest first. */
DESK_MUST enum desk_rc desk_invite_open(struct desk_db *db, struct desk_arena *a,
                                        const char *tenant_id, struct desk_invite **out, size_t *n);
/* It is used, or taken back. DESK_ENOTFOUND: it was already, or is not there. */
DESK_MUST enum desk_rc desk_invite_use(struct desk_db *db, const char *tenant_id, const char *id);

#endif
