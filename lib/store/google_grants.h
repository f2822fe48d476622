/* A business's leave to use its owner's Google: one at a time. Writes run inside the caller's
 * transaction. */
#ifndef DESK_STORE_GOOGLE_GRANTS_H
#define DESK_STORE_GOOGLE_GRANTS_H

#include "base/arena.h"
#include "db/db.h"
#include "db/fields.h"

#include <stdint.h>

#define DESK_GRANT_OWNER   "owner"   /* consent on the dashboard: refresh_token */
#define DESK_GRANT_SERVICE "service" /* the machine's service account */
#define DESK_GRANT_OK      "ok"
#define DESK_GRANT_BROKEN  "broken" /* Google takes it no more: why */

struct desk_google_grant {
    const char *id; /* another one with each consent */
    const char *tenant_id;
    const char *kind;
    const char *refresh_token;
    const char *scopes;
    const char *state;
    const char *why;
    int64_t created_at, updated_at;
};
extern const struct desk_fields desk_google_grant_fields;

/* In place of any older one. refresh_token NULL: of a service account. */
DESK_MUST enum desk_rc desk_google_grant_put(struct desk_db *db, const char *tenant_id,
                                             const char *kind, const char *refresh_token,
                                             const char *scopes);
DESK_MUST enum desk_rc desk_google_grant_get(struct desk_db *db, struct desk_arena *a,
                                             const char *tenant_id, struct desk_google_grant *out);
/* DESK_DONE: it was broken before, or is another one by now. */
DESK_MUST enum desk_rc desk_google_grant_broken(struct desk_db *db,
                                                const struct desk_google_grant *g, const char *why);
DESK_MUST enum desk_rc desk_google_grant_drop(struct desk_db *db, const char *tenant_id);

#endif
