#include "store/users.h"
#include "base/clock.h"
#include "base/ids.h"
#include "db/seal.h"
#include "queries.h"

#include <sodium.h>
#include <string.h>

#define F(member) offsetof(struct desk_user, member)
static const struct desk_field user_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"login", "Login", DESK_K_TEXT, F(login), 0, 0, 0, 0},
    {"password_hash", "PasswordHash", DESK_K_TEXT, F(password_hash), DESK_F_HIDDEN, 0, 0, 0},
    {"failed", "Failed", DESK_K_INT, F(failed), DESK_F_HIDDEN, 0, 0, 0},
    {"locked_until", "LockedUntil", DESK_K_TIME, F(locked_until), DESK_F_HIDDEN, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
    {"last_login_at", "LastLoginAt", DESK_K_TIME, F(last_login_at), 0, 0, 0, 0},
};
DESK_FIELDS(desk_user_fields, "user", struct desk_user, user_fields);
#undef F

#define F(member) offsetof(struct desk_session, member)
static const struct desk_field session_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), DESK_F_HIDDEN, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"user_id", "UserId", DESK_K_TEXT, F(user_id), DESK_F_HIDDEN, 0, 0, 0},
    {"csrf", "Csrf", DESK_K_TEXT, F(csrf), DESK_F_HIDDEN, 0, 0, 0},
    {"flash", "Flash", DESK_K_TEXT, F(flash), DESK_F_HIDDEN, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
    {"expires_at", "ExpiresAt", DESK_K_TIME, F(expires_at), 0, 0, 0, 0},
};
DESK_FIELDS(desk_session_fields, "session", struct desk_session, session_fields);
#undef F

#define F(member) offsetof(struct desk_token, member)
static const struct desk_field token_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), DESK_F_HIDDEN, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"name", "Name", DESK_K_TEXT, F(name), 0, 0, 0, 0},
    {"scope", "Scope", DESK_K_TEXT, F(scope), 0, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
    {"used_at", "UsedAt", DESK_K_TIME, F(used_at), 0, 0, 0, 0},
    {"revoked_at", "RevokedAt", DESK_K_TIME, F(revoked_at), 0, 0, 0, 0},
};
DESK_FIELDS(desk_token_fields, "token", struct desk_token, token_fields);
#undef F

#define F(member) offsetof(struct desk_audit, member)
static const struct desk_field audit_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"user_id", "UserId", DESK_K_TEXT, F(user_id), 0, 0, 0, 0},
    {"action", "Action", DESK_K_TEXT, F(action), 0, 0, 0, 0},
    {"object", "Object", DESK_K_TEXT, F(object), 0, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
};
DESK_FIELDS(desk_audit_fields, "audit", struct desk_audit, audit_fields);
#undef F

_Static_assert(DESK_PASSWORD_HASH_LEN == crypto_pwhash_STRBYTES, "as libsodium writes it");

enum desk_rc desk_password_hash(const char *password, char out[DESK_PASSWORD_HASH_LEN])
{
    if (sodium_init() < 0)
        return DESK_EINTERNAL;
    if (crypto_pwhash_str(out, password, strlen(password), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                          crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0)
        return DESK_ENOMEM;
    return DESK_OK;
}

bool desk_password_ok(const char *hash, const char *password)
{
    return sodium_init() >= 0 && crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
}

enum desk_rc desk_user_insert(struct desk_db *db, const struct desk_user *u)
{
    return desk_db_insert(db, DESK_Q_USER_INSERT, u);
}

enum desk_rc desk_user_by_login(struct desk_db *db, struct desk_arena *a, const char *login,
                                struct desk_user *out)
{
    return desk_db_row(db, DESK_Q_USER_BY_LOGIN, DESK_ARGS(DESK_T(login)), &desk_user_fields, a,
                       out);
}

enum desk_rc desk_user_get(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                           const char *id, struct desk_user *out)
{
    return desk_db_row(db, DESK_Q_USER_BY_ID, DESK_ARGS(DESK_T(tenant_id), DESK_T(id)),
                       &desk_user_fields, a, out);
}

enum desk_rc desk_user_list(struct desk_db *db, struct desk_arena *a, struct desk_user **out,
                            size_t *n)
{
    void *rows;
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_USER_LIST, DESK_NOARGS, &desk_user_fields, a, 1000, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_user_password_set(struct desk_db *db, const char *login, const char *hash)
{
    int64_t changed = 0;
    enum desk_rc rc = desk_db_exec(db, DESK_Q_USER_PASSWORD_SET,
                                   DESK_ARGS(DESK_T(login), DESK_T(hash)), &changed);
    return !rc && !changed ? DESK_ENOTFOUND : rc;
}

enum desk_rc desk_user_login_ok(struct desk_db *db, const char *user_id)
{
    return desk_db_exec(db, DESK_Q_USER_LOGIN_OK, DESK_ARGS(DESK_T(user_id), DESK_I(desk_now_ms())),
                        NULL);
}

enum desk_rc desk_user_login_failed(struct desk_db *db, const char *user_id)
{
    return desk_db_exec(db, DESK_Q_USER_LOGIN_FAILED,
                        DESK_ARGS(DESK_T(user_id), DESK_I(DESK_LOGIN_TRIES),
                                  DESK_I(desk_now_ms() + DESK_LOGIN_LOCKED_MS)),
                        NULL);
}

enum desk_rc desk_session_new(struct desk_db *db, const struct desk_user *u,
                              char cookie[DESK_TOKEN_LEN])
{
    char id[DESK_HASH_LEN], csrf[DESK_TOKEN_LEN];
    desk_token_new(cookie);
    desk_token_hash(cookie, id);
    desk_token_new(csrf);
    struct desk_session s = {.id = id,
                             .tenant_id = u->tenant_id,
                             .user_id = u->id,
                             .csrf = csrf,
                             .created_at = desk_now_ms(),
                             .expires_at = desk_now_ms() + DESK_SESSION_MS};
    return desk_db_insert(db, DESK_Q_SESSION_INSERT, &s);
}

enum desk_rc desk_session_find(struct desk_db *db, struct desk_arena *a, const char *cookie,
                               struct desk_session *out)
{
    char id[DESK_HASH_LEN];
    desk_token_hash(cookie, id);
    return desk_db_row(db, DESK_Q_SESSION_FIND, DESK_ARGS(DESK_T(id), DESK_I(desk_now_ms())),
                       &desk_session_fields, a, out);
}

enum desk_rc desk_session_flash(struct desk_db *db, const char *session_id, const char *text)
{
    return desk_db_exec(db, DESK_Q_SESSION_FLASH, DESK_ARGS(DESK_T(session_id), DESK_T(text)),
                        NULL);
}

enum desk_rc desk_session_delete(struct desk_db *db, const char *session_id)
{
    return desk_db_exec(db, DESK_Q_SESSION_DELETE, DESK_ARGS(DESK_T(session_id)), NULL);
}

enum desk_rc desk_session_delete_user(struct desk_db *db, const char *user_id)
{
    return desk_db_exec(db, DESK_Q_SESSION_DELETE_USER, DESK_ARGS(DESK_T(user_id)), NULL);
}

enum desk_rc desk_session_purge(struct desk_db *db)
{
    return desk_db_exec(db, DESK_Q_SESSION_PURGE, DESK_ARGS(DESK_I(desk_now_ms())), NULL);
}

enum desk_rc desk_token_create(struct desk_db *db, const char *tenant_id, const char *name,
                               const char *scope, char secret[DESK_TOKEN_LEN])
{
    char id[DESK_HASH_LEN];
    desk_token_new(secret);
    desk_token_hash(secret, id);
    struct desk_token t = {.id = id,
                           .tenant_id = tenant_id,
                           .name = name,
                           .scope = scope,
                           .created_at = desk_now_ms()};
    return desk_db_insert(db, DESK_Q_TOKEN_INSERT, &t);
}

enum desk_rc desk_token_find(struct desk_db *db, struct desk_arena *a, const char *secret,
                             struct desk_token *out)
{
    char id[DESK_HASH_LEN];
    desk_token_hash(secret, id);
    return desk_db_row(db, DESK_Q_TOKEN_FIND, DESK_ARGS(DESK_T(id)), &desk_token_fields, a, out);
}

enum desk_rc desk_audit_add(struct desk_db *db, const char *tenant_id, const char *user_id,
                            const char *action, const char *object)
{
    char id[DESK_ID_LEN];
    struct desk_audit row = {.id = desk_id_new(id, "audit"),
                             .tenant_id = tenant_id,
                             .user_id = user_id,
                             .action = action,
                             .object = object,
                             .created_at = desk_now_ms()};
    return desk_db_insert(db, DESK_Q_AUDIT_INSERT, &row);
}

enum desk_rc desk_audit_once(struct desk_db *db, const char *tenant_id, const char *user_id,
                             const char *action, const char *object, int64_t within_ms)
{
    int64_t n = 0;
    enum desk_rc rc = desk_db_int(db, DESK_Q_AUDIT_SINCE,
                                  DESK_ARGS(DESK_T(tenant_id), DESK_T(object), DESK_T(user_id),
                                            DESK_T(action), DESK_I(desk_now_ms() - within_ms)),
                                  &n);
    return rc || n ? rc : desk_audit_add(db, tenant_id, user_id, action, object);
}

enum desk_rc desk_audit_last(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                             const char *action, struct desk_audit *out)
{
    return desk_db_row(db, DESK_Q_AUDIT_LAST, DESK_ARGS(DESK_T(tenant_id), DESK_T(action)),
                       &desk_audit_fields, a, out);
}
