#include "store/invites.h"
#include "base/clock.h"
#include "db/seal.h"
#include "queries.h"

#define F(member) offsetof(struct desk_invite, member)
static const struct desk_field invite_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"secret_hash", "SecretHash", DESK_K_TEXT, F(secret_hash), DESK_F_HIDDEN, 0, 0, 0},
    {"name", "Name", DESK_K_TEXT, F(name), 0, 0, 0, 0},
    {"role", "Role", DESK_K_TEXT, F(role), 0, 0, 0, 0},
    {"location_id", "LocationId", DESK_K_TEXT, F(location_id), 0, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
    {"expires_at", "ExpiresAt", DESK_K_TIME, F(expires_at), 0, 0, 0, 0},
    {"used_at", "UsedAt", DESK_K_TIME, F(used_at), 0, 0, 0, 0},
};
DESK_FIELDS(desk_invite_fields, "invite", struct desk_invite, invite_fields);
#undef F

enum desk_rc desk_invite_new(struct desk_db *db, const struct desk_invite *i,
                             char secret[DESK_TOKEN_LEN])
{
    char id[DESK_ID_LEN], hash[DESK_HASH_LEN];
    struct desk_invite row = *i;
    desk_token_new(secret);
    desk_token_hash(secret, hash);
    row.id = desk_id_new(id, "inv");
    row.secret_hash = hash;
    row.created_at = desk_now_ms();
    row.expires_at = row.created_at + DESK_INVITE_MS;
    row.used_at = 0;
    return desk_db_insert(db, DESK_Q_INVITE_INSERT, &row);
}

enum desk_rc desk_invite_find(struct desk_db *db, struct desk_arena *a, const char *secret,
                              struct desk_invite *out)
{
    char hash[DESK_HASH_LEN];
    desk_token_hash(secret, hash);
    return desk_db_row(db, DESK_Q_INVITE_FIND, DESK_ARGS(DESK_T(hash), DESK_I(desk_now_ms())),
                       &desk_invite_fields, a, out);
}

enum desk_rc desk_invite_open(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                              struct desk_invite **out, size_t *n)
{
    void *rows;
    enum desk_rc rc = desk_db_rows(
        db, DESK_Q_INVITE_OPEN,
        DESK_ARGS(DESK_T(tenant_id), DESK_I(desk_now_ms()), DESK_I(DESK_INVITES_SHOWN)),
        &desk_invite_fields, a, DESK_INVITES_SHOWN, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_invite_use(struct desk_db *db, const char *tenant_id, const char *id)
{
    int64_t changed = 0;
    enum desk_rc rc =
        desk_db_exec(db, DESK_Q_INVITE_USE,
                     DESK_ARGS(DESK_T(tenant_id), DESK_T(id), DESK_I(desk_now_ms())), &changed);
    return !rc && !changed ? DESK_ENOTFOUND : rc;
}
