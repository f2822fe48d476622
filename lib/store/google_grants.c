#include "store/google_grants.h"
#include "base/clock.h"
#include "base/ids.h"
#include "queries.h"

#define F(member) offsetof(struct desk_google_grant, member)
static const struct desk_field grant_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"kind", "Kind", DESK_K_TEXT, F(kind), 0, 0, 0, 0},
    {"refresh_token", "RefreshToken", DESK_K_TEXT, F(refresh_token), DESK_F_SECRET, 0, 0, 0},
    {"scopes", "Scopes", DESK_K_TEXT, F(scopes), DESK_F_HIDDEN, 0, 0, 0},
    {"state", "State", DESK_K_TEXT, F(state), 0, 0, 0, 0},
    {"why", "Why", DESK_K_TEXT, F(why), DESK_F_PII, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
    {"updated_at", "UpdatedAt", DESK_K_TIME, F(updated_at), 0, 0, 0, 0},
};
DESK_FIELDS(desk_google_grant_fields, "google_grant", struct desk_google_grant, grant_fields);
#undef F

enum desk_rc desk_google_grant_put(struct desk_db *db, const char *tenant_id, const char *kind,
                                   const char *refresh_token, const char *scopes)
{
    char id[DESK_ID_LEN];
    desk_id_new(id, "gg");
    return desk_db_exec(
        db, DESK_Q_GOOGLE_GRANT_PUT,
        DESK_ARGS(DESK_T(id), DESK_T(tenant_id), DESK_T(kind),
                  DESK_SEAL(&desk_google_grant_fields, "refresh_token", id, refresh_token),
                  DESK_T(scopes), DESK_I(desk_now_ms())),
        NULL);
}

enum desk_rc desk_google_grant_get(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                   struct desk_google_grant *out)
{
    return desk_db_row(db, DESK_Q_GOOGLE_GRANT_GET, DESK_ARGS(DESK_T(tenant_id)),
                       &desk_google_grant_fields, a, out);
}

enum desk_rc desk_google_grant_broken(struct desk_db *db, const struct desk_google_grant *g,
                                      const char *why)
{
    int64_t changed = 0;
    enum desk_rc rc = desk_db_exec(
        db, DESK_Q_GOOGLE_GRANT_BROKEN,
        DESK_ARGS(DESK_T(g->tenant_id), DESK_T(g->id),
                  DESK_SEAL(&desk_google_grant_fields, "why", g->id, why), DESK_I(desk_now_ms())),
        &changed);
    return !rc && !changed ? DESK_DONE : rc;
}

enum desk_rc desk_google_grant_drop(struct desk_db *db, const char *tenant_id)
{
    int64_t changed = 0;
    enum desk_rc rc =
        desk_db_exec(db, DESK_Q_GOOGLE_GRANT_DROP, DESK_ARGS(DESK_T(tenant_id)), &changed);
    return !rc && !changed ? DESK_ENOTFOUND : rc;
}
