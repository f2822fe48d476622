#include "store/users.h"
#include "base/clock.h"
#include "base/ids.h"
#include "db/seal.h"
#include "queries.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define F(member) offsetof(struct desk_user, member)
static const struct desk_field user_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"login", "Login", DESK_K_TEXT, F(login), 0, 0, 0, 0},
    {"password_hash", "PasswordHash", DESK_K_TEXT, F(password_hash), DESK_F_HIDDEN, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
    {"last_login_at", "LastLoginAt", DESK_K_TIME, F(last_login_at), 0, 0, 0, 0},
    {"role", "Role", DESK_K_TEXT, F(role), 0, 0, 0, 0},
    {"location_id", "LocationId", DESK_K_TEXT, F(location_id), 0, 0, 0, 0},
    {"totp", "Totp", DESK_K_TEXT, F(totp), DESK_F_SECRET, 0, 0, 0},
    {"totp_on", "TotpOn", DESK_K_BOOL, F(totp_on), 0, 0, 0, 0},
    {"totp_step", "TotpStep", DESK_K_INT, F(totp_step), DESK_F_HIDDEN, 0, 0, 0},
};
DESK_FIELDS(desk_user_fields, "user", struct desk_user, user_fields);
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

static const char *const roles[DESK_ROLE__MAX] = {
    [DESK_ROLE_NONE] = "",
    [DESK_ROLE_READ] = "read",
    [DESK_ROLE_STAFF] = "staff",
    [DESK_ROLE_OWNER] = "owner",
};

enum desk_role desk_role_parse(const char *word)
{
    for (unsigned i = DESK_ROLE_READ; word && i < DESK_ROLE__MAX; i++)
        if (strcmp(roles[i], word) == 0)
            return (enum desk_role)i;
    return DESK_ROLE_NONE;
}

const char *desk_role_word(enum desk_role role)
{
    return roles[role];
}

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
    struct desk_user row = *u;
    row.role = row.role ? row.role : desk_role_word(DESK_ROLE_OWNER);
    return desk_db_insert(db, DESK_Q_USER_INSERT, &row);
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

enum desk_rc desk_user_of_tenant(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                 struct desk_user **out, size_t *n)
{
    void *rows;
    enum desk_rc rc = desk_db_rows(db, DESK_Q_USER_OF_TENANT,
                                   DESK_ARGS(DESK_T(tenant_id), DESK_I(DESK_USERS_SHOWN)),
                                   &desk_user_fields, a, DESK_USERS_SHOWN, &rows, n);
    *out = rows;
    return rc;
}

/* Somebody must be left who can do everything. */
static enum desk_rc not_the_last(struct desk_db *db, const struct desk_user *u)
{
    int64_t others = 0;
    bool one = desk_role_parse(u->role) == DESK_ROLE_OWNER && !u->location_id;
    enum desk_rc rc = desk_db_int(db, DESK_Q_USER_OWNERS,
                                  DESK_ARGS(DESK_T(u->tenant_id), DESK_T(u->id)), &others);
    return !rc && one && !others ? DESK_ECONFLICT : rc;
}

enum desk_rc desk_user_role_set(struct desk_db *db, const struct desk_user *u, enum desk_role role,
                                const char *location_id)
{
    int64_t changed = 0;
    bool stays = role == DESK_ROLE_OWNER && !location_id;
    enum desk_rc rc = stays ? DESK_OK : not_the_last(db, u);
    if (!rc)
        rc = desk_db_exec(db, DESK_Q_USER_ROLE_SET,
                          DESK_ARGS(DESK_T(u->tenant_id), DESK_T(u->id),
                                    DESK_T(desk_role_word(role)), DESK_T(location_id)),
                          &changed);
    if (!rc && !changed)
        rc = DESK_ENOTFOUND;
    return rc ? rc : desk_session_delete_user(db, u->id);
}

enum desk_rc desk_user_delete(struct desk_db *db, const struct desk_user *u)
{
    int64_t changed = 0;
    enum desk_rc rc = not_the_last(db, u);
    if (!rc)
        rc = desk_db_exec(db, DESK_Q_USER_DELETE, DESK_ARGS(DESK_T(u->tenant_id), DESK_T(u->id)),
                          &changed);
    return !rc && !changed ? DESK_ENOTFOUND : rc;
}

/* ---- the second step ------------------------------------------------------------------------- */

enum desk_rc desk_user_totp_set(struct desk_db *db, const struct desk_user *u, const char *key)
{
    enum desk_rc rc = desk_db_exec(
        db, DESK_Q_USER_TOTP_SET,
        DESK_ARGS(DESK_T(u->tenant_id), DESK_T(u->id),
                  key ? DESK_SEAL(&desk_user_fields, "totp", u->id, key) : DESK_NULLARG),
        NULL);
    return rc || key ? rc
                     : desk_db_exec(db, DESK_Q_USER_CODE_DROP,
                                    DESK_ARGS(DESK_T(u->tenant_id), DESK_T(u->id)), NULL);
}

enum desk_rc desk_user_totp_on(struct desk_db *db, const struct desk_user *u)
{
    int64_t changed = 0;
    enum desk_rc rc = desk_db_exec(db, DESK_Q_USER_TOTP_ON,
                                   DESK_ARGS(DESK_T(u->tenant_id), DESK_T(u->id)), &changed);
    return !rc && !changed ? DESK_ENOTFOUND : rc;
}

enum desk_rc desk_user_totp_used(struct desk_db *db, const struct desk_user *u, int64_t step)
{
    int64_t changed = 0;
    enum desk_rc rc =
        desk_db_exec(db, DESK_Q_USER_TOTP_USED,
                     DESK_ARGS(DESK_T(u->tenant_id), DESK_T(u->id), DESK_I(step)), &changed);
    return !rc && !changed ? DESK_ECONFLICT : rc;
}

/* Crockford's alphabet: no letter reads as another. 10 of them are 50 bits, behind a keyed hash and
 * the throttle of the door. */
static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
#define CODE_LETTERS 10

/* What was typed, as it was made; false: it cannot be one. */
static bool code_plain(const char *typed, char out[CODE_LETTERS + 1])
{
    size_t n = 0;
    for (; *typed; typed++) {
        char c = *typed >= 'a' && *typed <= 'z' ? (char)(*typed - 'a' + 'A') : *typed;
        c = c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c;
        if (c == '-' || c == ' ')
            continue;
        if (n == CODE_LETTERS || !strchr(alphabet, c))
            return false;
        out[n++] = c;
    }
    out[n] = '\0';
    return n == CODE_LETTERS;
}

static enum desk_rc code_new(struct desk_db *db, const struct desk_user *u, char out[DESK_CODE_LEN])
{
    unsigned char r[CODE_LETTERS];
    char plain[CODE_LETTERS + 1] = "", key[DESK_BLIND_LEN];
    desk_random(r, sizeof r);
    for (size_t i = 0; i < sizeof r; i++)
        plain[i] = alphabet[r[i] % 32];
    snprintf(out, DESK_CODE_LEN, "%.4s-%.4s-%.2s", plain, plain + 4, plain + 8);
    desk_blind(desk_db_key(db), u->id, plain, key);
    return desk_db_exec(db, DESK_Q_USER_CODE_ADD,
                        DESK_ARGS(DESK_T(u->id), DESK_T(u->tenant_id), DESK_T(key)), NULL);
}

enum desk_rc desk_user_codes_new(struct desk_db *db, const struct desk_user *u,
                                 char codes[DESK_CODES][DESK_CODE_LEN])
{
    enum desk_rc rc = desk_db_exec(db, DESK_Q_USER_CODE_DROP,
                                   DESK_ARGS(DESK_T(u->tenant_id), DESK_T(u->id)), NULL);
    for (size_t i = 0; !rc && i < DESK_CODES; i++)
        rc = code_new(db, u, codes[i]);
    return rc;
}

enum desk_rc desk_user_code_use(struct desk_db *db, const struct desk_user *u, const char *typed)
{
    char plain[CODE_LETTERS + 1], key[DESK_BLIND_LEN];
    int64_t changed = 0;
    if (!code_plain(typed, plain))
        return DESK_ENOTFOUND;
    desk_blind(desk_db_key(db), u->id, plain, key);
    enum desk_rc rc = desk_db_exec(
        db, DESK_Q_USER_CODE_USE,
        DESK_ARGS(DESK_T(u->tenant_id), DESK_T(u->id), DESK_T(key), DESK_I(desk_now_ms())),
        &changed);
    return !rc && !changed ? DESK_ENOTFOUND : rc;
}

enum desk_rc desk_user_codes_left(struct desk_db *db, const struct desk_user *u, int64_t *n)
{
    return desk_db_int(db, DESK_Q_USER_CODE_LEFT, DESK_ARGS(DESK_T(u->tenant_id), DESK_T(u->id)),
                       n);
}

/* ---- tokens -------------------------------------------------------------- */

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

bool desk_token_scope_ok(const char *scope)
{
    static const char *const words[] = {"read", "write", "personal"};
    bool does = false;
    for (const char *p = scope;; p++) {
        size_t n = strcspn(p, " "), i = 0;
        while (i < 3 && (strlen(words[i]) != n || strncmp(words[i], p, n) != 0))
            i++;
        if (i == 3)
            return false;
        does = does || i < 2;
        p += n;
        if (!*p)
            return does;
    }
}

enum desk_rc desk_token_list(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                             struct desk_token **out, size_t *n)
{
    void *rows;
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_TOKEN_LIST, DESK_ARGS(DESK_T(tenant_id), DESK_I(DESK_TOKENS_MOST)),
                     &desk_token_fields, a, DESK_TOKENS_MOST, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_token_revoke(struct desk_db *db, const char *tenant_id, const char *id)
{
    int64_t changed = 0;
    enum desk_rc rc =
        desk_db_exec(db, DESK_Q_TOKEN_REVOKE,
                     DESK_ARGS(DESK_T(tenant_id), DESK_T(id), DESK_I(desk_now_ms())), &changed);
    return !rc && !changed ? DESK_ENOTFOUND : rc;
}

enum desk_rc desk_token_find(struct desk_db *db, struct desk_arena *a, const char *secret,
                             struct desk_token *out)
{
    char id[DESK_HASH_LEN];
    desk_token_hash(secret, id);
    return desk_db_row(db, DESK_Q_TOKEN_FIND, DESK_ARGS(DESK_T(id)), &desk_token_fields, a, out);
}
