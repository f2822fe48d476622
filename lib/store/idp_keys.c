#include "store/idp_keys.h"
#include "queries.h"

#define MACHINE "-"

#define F(member) offsetof(struct desk_idp_keys, member)
static const struct desk_field fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"keys", "Keys", DESK_K_TEXT, F(keys), DESK_F_HIDDEN, 0, 0, 0},
    {"fetched_at", "FetchedAt", DESK_K_INT, F(fetched_at), 0, 0, 0, 0},
    {"fresh_until", "FreshUntil", DESK_K_INT, F(fresh_until), 0, 0, 0, 0},
    {"wanted_at", "WantedAt", DESK_K_INT, F(wanted_at), 0, 0, 0, 0},
    {"not_before", "NotBefore", DESK_K_INT, F(not_before), 0, 0, 0, 0},
    {"failures", "Failures", DESK_K_INT, F(failures), 0, 0, 0, 0},
};
DESK_FIELDS(desk_idp_keys_fields, "idp_keys", struct desk_idp_keys, fields);
#undef F

enum desk_rc desk_idp_keys_get(struct desk_db *db, struct desk_arena *a, const char *url,
                               struct desk_idp_keys *out)
{
    return desk_db_row(db, DESK_Q_IDP_KEYS_GET, DESK_ARGS(DESK_T(MACHINE), DESK_T(url)),
                       &desk_idp_keys_fields, a, out);
}

enum desk_rc desk_idp_keys_put(struct desk_db *db, const char *url, const char *keys, int64_t now,
                               int64_t fresh_until)
{
    enum desk_rc rc =
        desk_db_exec(db, DESK_Q_IDP_KEYS_OTHERS, DESK_ARGS(DESK_T(MACHINE), DESK_T(url)), NULL);
    return rc ? rc
              : desk_db_exec(db, DESK_Q_IDP_KEYS_PUT,
                             DESK_ARGS(DESK_T(MACHINE), DESK_T(url), DESK_T(keys), DESK_I(now),
                                       DESK_I(fresh_until)),
                             NULL);
}

enum desk_rc desk_idp_keys_failed(struct desk_db *db, const char *url, int64_t not_before)
{
    return desk_db_exec(db, DESK_Q_IDP_KEYS_FAILED,
                        DESK_ARGS(DESK_T(MACHINE), DESK_T(url), DESK_I(not_before)), NULL);
}

enum desk_rc desk_idp_keys_want(struct desk_db *db, const char *url, int64_t now)
{
    return desk_db_exec(db, DESK_Q_IDP_KEYS_WANT,
                        DESK_ARGS(DESK_T(MACHINE), DESK_T(url), DESK_I(now)), NULL);
}
