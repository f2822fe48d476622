/* Sessions of people who sign in (users.h). */
#include "base/clock.h"
#include "base/config.h"
#include "base/ids.h"
#include "db/seal.h"
#include "store/users.h"
#include "queries.h"

#define F(member) offsetof(struct desk_session, member)
static const struct desk_field session_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), DESK_F_HIDDEN, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"user_id", "UserId", DESK_K_TEXT, F(user_id), DESK_F_HIDDEN, 0, 0, 0},
    {"csrf", "Csrf", DESK_K_TEXT, F(csrf), DESK_F_HIDDEN, 0, 0, 0},
    {"flash", "Flash", DESK_K_TEXT, F(flash), DESK_F_HIDDEN, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
    {"expires_at", "ExpiresAt", DESK_K_TIME, F(expires_at), 0, 0, 0, 0},
    {"ref", "Ref", DESK_K_TEXT, F(ref), 0, 0, 0, 0},
    {"agent", "Agent", DESK_K_TEXT, F(agent), 0, 0, 0, 0},
    {"seen_at", "SeenAt", DESK_K_TIME, F(seen_at), 0, 0, 0, 0},
    {"half", "Half", DESK_K_BOOL, F(half), DESK_F_HIDDEN, 0, 0, 0},
};
DESK_FIELDS(desk_session_fields, "session", struct desk_session, session_fields);
#undef F

int64_t desk_session_ms(void)
{
    return desk_setting_int(DESK_S_SIGN_IN_HOURS) * 3600 * 1000;
}

int64_t desk_session_idle_ms(void)
{
    return desk_setting_int(DESK_S_SIGN_IN_IDLE_MINUTES) * 60 * 1000;
}

enum desk_rc desk_session_begin(struct desk_db *db, const struct desk_user *u, const char *agent,
                                bool half, char cookie[DESK_TOKEN_LEN])
{
    char id[DESK_HASH_LEN], csrf[DESK_TOKEN_LEN], ref[DESK_ID_LEN];
    int64_t now = desk_now_ms();
    desk_token_new(cookie);
    desk_token_hash(cookie, id);
    desk_token_new(csrf);
    struct desk_session s = {.id = id,
                             .tenant_id = u->tenant_id,
                             .user_id = u->id,
                             .csrf = csrf,
                             .created_at = now,
                             .expires_at = now + (half ? DESK_SESSION_HALF_MS : desk_session_ms()),
                             .ref = desk_id_new(ref, "ses"),
                             .agent = agent,
                             .seen_at = now,
                             .half = half};
    return desk_db_insert(db, DESK_Q_SESSION_INSERT, &s);
}

enum desk_rc desk_session_new(struct desk_db *db, const struct desk_user *u,
                              char cookie[DESK_TOKEN_LEN])
{
    return desk_session_begin(db, u, NULL, false, cookie);
}

static enum desk_rc find(struct desk_db *db, struct desk_arena *a, const char *cookie,
                         int64_t idle_ms, bool half, struct desk_session *out)
{
    char id[DESK_HASH_LEN];
    int64_t now = desk_now_ms();
    desk_token_hash(cookie, id);
    return desk_db_row(db, DESK_Q_SESSION_FIND,
                       DESK_ARGS(DESK_T(id), DESK_I(now), DESK_I(now - idle_ms), DESK_I(half)),
                       &desk_session_fields, a, out);
}

enum desk_rc desk_session_find(struct desk_db *db, struct desk_arena *a, const char *cookie,
                               struct desk_session *out)
{
    return find(db, a, cookie, desk_session_idle_ms(), false, out);
}

enum desk_rc desk_session_find_half(struct desk_db *db, struct desk_arena *a, const char *cookie,
                                    struct desk_session *out)
{
    return find(db, a, cookie, DESK_SESSION_HALF_MS, true, out);
}

bool desk_session_idled(struct desk_db *db, struct desk_arena *a, const char *cookie)
{
    struct desk_session s;
    return find(db, a, cookie, desk_session_idle_ms(), false, &s) == DESK_ENOTFOUND &&
           find(db, a, cookie, desk_session_ms(), false, &s) == DESK_OK;
}

enum desk_rc desk_session_seen(struct desk_db *db, const char *session_id)
{
    return desk_db_exec(db, DESK_Q_SESSION_SEEN,
                        DESK_ARGS(DESK_T(session_id), DESK_I(desk_now_ms())), NULL);
}

enum desk_rc desk_session_of_user(struct desk_db *db, struct desk_arena *a,
                                  const struct desk_user *u, struct desk_session **out, size_t *n)
{
    void *rows;
    int64_t now = desk_now_ms();
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_SESSION_OF_USER,
                     DESK_ARGS(DESK_T(u->tenant_id), DESK_T(u->id), DESK_I(now),
                               DESK_I(now - desk_session_idle_ms()), DESK_I(DESK_SESSIONS_SHOWN)),
                     &desk_session_fields, a, DESK_SESSIONS_SHOWN, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_session_end(struct desk_db *db, const struct desk_user *u, const char *ref)
{
    int64_t changed = 0;
    enum desk_rc rc =
        desk_db_exec(db, DESK_Q_SESSION_END,
                     DESK_ARGS(DESK_T(u->tenant_id), DESK_T(u->id), DESK_T(ref)), &changed);
    return !rc && !changed ? DESK_ENOTFOUND : rc;
}

enum desk_rc desk_session_end_others(struct desk_db *db, const struct desk_user *u,
                                     const char *session_id)
{
    return desk_db_exec(db, DESK_Q_SESSION_END_OTHERS,
                        DESK_ARGS(DESK_T(u->tenant_id), DESK_T(u->id), DESK_T(session_id)), NULL);
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
