/* What the settings pages wrote, each time: the whole profile, and a script in a business's own
 * words. A version is never changed; going back writes a new one. Writes run inside the caller's
 * transaction. */
#ifndef DESK_STORE_VERSIONS_H
#define DESK_STORE_VERSIONS_H

#include "base/arena.h"
#include "db/db.h"
#include "db/fields.h"

#include <stdint.h>

#define DESK_PROFILE_VERSIONS 100 /* so many of a business are kept */

struct desk_profile_version {
    const char *id;
    const char *tenant_id;
    int64_t number;
    const char *what;    /* the page: "hours" */
    const char *user_id; /* NULL = by no page */
    const char *doc;     /* JSON; NULL where a list was asked for only */
    int64_t created_at;
};
extern const struct desk_fields desk_profile_version_fields;

/* number gets the version's. */
DESK_MUST enum desk_rc desk_profile_version_add(struct desk_db *db, const char *tenant_id,
                                                const char *what, const char *user_id,
                                                const char *doc, int64_t *number);
DESK_MUST enum desk_rc desk_profile_version_get(struct desk_db *db, struct desk_arena *a,
                                                const char *tenant_id, int64_t number,
                                                struct desk_profile_version *out);
/* The newest. DESK_ENOTFOUND: there is none. */
DESK_MUST enum desk_rc desk_profile_version_last(struct desk_db *db, struct desk_arena *a,
                                                 const char *tenant_id,
                                                 struct desk_profile_version *out);
/* Newest first, at most that many. */
DESK_MUST enum desk_rc desk_profile_version_list(struct desk_db *db, struct desk_arena *a,
                                                 const char *tenant_id, size_t most,
                                                 struct desk_profile_version **out, size_t *n);

struct desk_script_text {
    const char *id;
    const char *tenant_id;
    const char *script; /* lib/talk/script.h */
    int64_t number;
    const char *text; /* "" = the house's own file */
    const char *user_id;
    int64_t created_at;
};
extern const struct desk_fields desk_script_text_fields;

DESK_MUST enum desk_rc desk_script_text_add(struct desk_db *db, const char *tenant_id,
                                            const char *script, const char *text,
                                            const char *user_id, int64_t *number);
DESK_MUST enum desk_rc desk_script_text_get(struct desk_db *db, struct desk_arena *a,
                                            const char *tenant_id, const char *script,
                                            int64_t number, struct desk_script_text *out);
/* What runs: the newest. DESK_ENOTFOUND: never written, the file's. */
DESK_MUST enum desk_rc desk_script_text_last(struct desk_db *db, struct desk_arena *a,
                                             const char *tenant_id, const char *script,
                                             struct desk_script_text *out);
DESK_MUST enum desk_rc desk_script_text_list(struct desk_db *db, struct desk_arena *a,
                                             const char *tenant_id, const char *script, size_t most,
                                             struct desk_script_text **out, size_t *n);

#endif
