#include "store/telegram.h"
#include "base/clock.h"
#include "base/ids.h"
#include "db/seal.h"
#include "queries.h"

#include <string.h>

#define F(member) offsetof(struct desk_telegram_link, member)
static const struct desk_field link_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"user_id", "UserId", DESK_K_TEXT, F(user_id), DESK_F_HIDDEN, 0, 0, 0},
    {"chat", "Chat", DESK_K_TEXT, F(chat), DESK_F_PII | DESK_F_HIDDEN, 0, 0, 0},
    {"chat_key", "ChatKey", DESK_K_TEXT, F(chat_key), DESK_F_HIDDEN, 0, 0, 0},
    {"name", "Name", DESK_K_TEXT, F(name), DESK_F_PII, 0, 0, 0},
    {"muted_until", "MutedUntil", DESK_K_TIME, F(muted_until), 0, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
};
DESK_FIELDS(desk_telegram_link_fields, "telegram_link", struct desk_telegram_link, link_fields);
#undef F

#define F(member) offsetof(struct desk_telegram_code, member)
static const struct desk_field code_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), DESK_F_HIDDEN, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"user_id", "UserId", DESK_K_TEXT, F(user_id), DESK_F_HIDDEN, 0, 0, 0},
    {"expires_at", "ExpiresAt", DESK_K_TIME, F(expires_at), 0, 0, 0, 0},
};
DESK_FIELDS(desk_telegram_code_fields, "telegram_code", struct desk_telegram_code, code_fields);
#undef F

#define F(member) offsetof(struct desk_telegram_update, member)
static const struct desk_field update_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"body", "Body", DESK_K_TEXT, F(body), DESK_F_PII | DESK_F_HIDDEN, 0, 0, 0},
    {"state", "State", DESK_K_TEXT, F(state), 0, 0, 0, 0},
    {"tries", "Tries", DESK_K_INT, F(tries), 0, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
};
DESK_FIELDS(desk_telegram_update_fields, "telegram_update", struct desk_telegram_update,
            update_fields);
#undef F

static enum desk_rc changed_one(enum desk_rc rc, int64_t changed, enum desk_rc none)
{
    return !rc && !changed ? none : rc;
}

/* ---- linking --------------------------------------------------------------------------------- */

/* Without what is misread: 0 and O, 1, I and L, U. */
static void new_code(char code[DESK_TELEGRAM_CODE_LEN])
{
    static const char letters[] = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
    unsigned char bytes[DESK_TELEGRAM_CODE_LEN - 1];
    desk_random(bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++)
        code[i] = letters[bytes[i] % (sizeof letters - 1)];
    code[sizeof bytes] = '\0';
}

enum desk_rc desk_telegram_code_new(struct desk_db *db, const char *tenant_id, const char *user_id,
                                    int64_t now, char code[DESK_TELEGRAM_CODE_LEN])
{
    char hash[DESK_HASH_LEN];
    new_code(code);
    desk_token_hash(code, hash);
    const struct desk_telegram_code row = {.id = hash,
                                           .tenant_id = tenant_id,
                                           .user_id = user_id,
                                           .expires_at = now + DESK_TELEGRAM_CODE_MS};
    enum desk_rc rc =
        desk_db_exec(db, DESK_Q_TELEGRAM_CODE_CLEAR,
                     DESK_ARGS(DESK_T(tenant_id), DESK_T(user_id), DESK_I(now)), NULL);
    return rc ? rc : desk_db_insert(db, DESK_Q_TELEGRAM_CODE_INSERT, &row);
}

enum desk_rc desk_telegram_code_find(struct desk_db *db, struct desk_arena *a, const char *code,
                                     int64_t now, struct desk_telegram_code *out)
{
    char hash[DESK_HASH_LEN];
    desk_token_hash(code, hash);
    return desk_db_row(db, DESK_Q_TELEGRAM_CODE_FIND, DESK_ARGS(DESK_T(hash), DESK_I(now)),
                       &desk_telegram_code_fields, a, out);
}

/* Of no business: until it is found it is not known whose the chat is. */
static void key_of(struct desk_db *db, const char *chat, char key[DESK_BLIND_LEN])
{
    desk_blind(desk_db_key(db), "telegram", chat, key);
}

enum desk_rc desk_telegram_link_make(struct desk_db *db, const struct desk_telegram_code *code,
                                     const char *chat, const char *name, int64_t now)
{
    char id[DESK_ID_LEN], key[DESK_BLIND_LEN];
    int64_t changed = 0;
    key_of(db, chat, key);
    const struct desk_telegram_link row = {.id = desk_id_new(id, "tg"),
                                           .tenant_id = code->tenant_id,
                                           .user_id = code->user_id,
                                           .chat = chat,
                                           .chat_key = key,
                                           .name = name,
                                           .created_at = now};
    enum desk_rc rc = desk_db_exec(db, DESK_Q_TELEGRAM_CODE_USE,
                                   DESK_ARGS(DESK_T(code->tenant_id), DESK_T(code->id)), &changed);
    rc = changed_one(rc, changed, DESK_ENOTFOUND);
    if (!rc)
        rc = desk_db_exec(db, DESK_Q_TELEGRAM_LINK_FREE, DESK_ARGS(DESK_T(key)), NULL);
    return rc ? rc : desk_db_insert(db, DESK_Q_TELEGRAM_LINK_INSERT, &row);
}

enum desk_rc desk_telegram_link_by_chat(struct desk_db *db, struct desk_arena *a, const char *chat,
                                        struct desk_telegram_link *out)
{
    char key[DESK_BLIND_LEN];
    key_of(db, chat, key);
    return desk_db_row(db, DESK_Q_TELEGRAM_LINK_BY_CHAT, DESK_ARGS(DESK_T(key)),
                       &desk_telegram_link_fields, a, out);
}

enum desk_rc desk_telegram_link_list(struct desk_db *db, struct desk_arena *a,
                                     const char *tenant_id, struct desk_telegram_link **out,
                                     size_t *n)
{
    void *rows;
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_TELEGRAM_LINK_LIST,
                     DESK_ARGS(DESK_T(tenant_id), DESK_I(DESK_TELEGRAM_LINKS_MOST)),
                     &desk_telegram_link_fields, a, DESK_TELEGRAM_LINKS_MOST, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_telegram_unlink(struct desk_db *db, const char *tenant_id, const char *id)
{
    int64_t changed = 0;
    enum desk_rc rc = desk_db_exec(db, DESK_Q_TELEGRAM_LINK_DELETE,
                                   DESK_ARGS(DESK_T(tenant_id), DESK_T(id)), &changed);
    return changed_one(rc, changed, DESK_ENOTFOUND);
}

enum desk_rc desk_telegram_mute(struct desk_db *db, const char *tenant_id, const char *id,
                                int64_t until)
{
    int64_t changed = 0;
    const struct desk_arg at = until ? DESK_I(until) : DESK_NULLARG;
    enum desk_rc rc = desk_db_exec(db, DESK_Q_TELEGRAM_LINK_MUTE,
                                   DESK_ARGS(DESK_T(tenant_id), DESK_T(id), at), &changed);
    return changed_one(rc, changed, DESK_ENOTFOUND);
}

/* ---- updates --------------------------------------------------------------------------------- */

enum desk_rc desk_telegram_update_add(struct desk_db *db, const char *id, const char *tenant_id,
                                      const char *body)
{
    const struct desk_telegram_update row = {.id = id,
                                             .tenant_id = tenant_id,
                                             .body = body,
                                             .state = "waiting",
                                             .created_at = desk_now_ms()};
    return desk_db_insert(db, DESK_Q_TELEGRAM_UPDATE_INSERT, &row);
}

enum desk_rc desk_telegram_update_waiting(struct desk_db *db, struct desk_arena *a, size_t max,
                                          struct desk_telegram_update **out, size_t *n)
{
    void *rows;
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_TELEGRAM_UPDATE_WAITING, DESK_ARGS(DESK_I((int64_t)max)),
                     &desk_telegram_update_fields, a, max, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_telegram_update_end(struct desk_db *db, const struct desk_telegram_update *u)
{
    int64_t changed = 0;
    enum desk_rc rc = desk_db_exec(
        db, DESK_Q_TELEGRAM_UPDATE_END,
        DESK_ARGS(DESK_T(u->tenant_id), DESK_T(u->id), DESK_T(DESK_TELEGRAM_DONE)), &changed);
    return changed_one(rc, changed, DESK_DONE);
}

enum desk_rc desk_telegram_update_tried(struct desk_db *db, const struct desk_telegram_update *u)
{
    return desk_db_exec(db, DESK_Q_TELEGRAM_UPDATE_TRIED,
                        DESK_ARGS(DESK_T(u->tenant_id), DESK_T(u->id), DESK_I(DESK_TELEGRAM_TRIES)),
                        NULL);
}

enum desk_rc desk_telegram_update_purge(struct desk_db *db, const char *tenant_id, int64_t before)
{
    return desk_db_exec(db, DESK_Q_TELEGRAM_UPDATE_PURGE,
                        DESK_ARGS(DESK_T(tenant_id), DESK_I(before)), NULL);
}
