#include "store/texts_in.h"
#include "queries.h"

#define WAITING_MOST 50
#define DUE_MOST     20

#define F(member) offsetof(struct desk_text_in, member)
static const struct desk_field text_in_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"call_id", "CallId", DESK_K_TEXT, F(call_id), 0, 0, 0, 0},
    {"session_id", "SessionId", DESK_K_TEXT, F(session_id), DESK_F_HIDDEN, 0, 0, 0},
    {"pair_key", "PairKey", DESK_K_TEXT, F(pair_key), DESK_F_HIDDEN, 0, 0, 0},
    {"message_sid", "MessageSid", DESK_K_TEXT, F(message_sid), 0, 0, 0, 0},
    {"token", "Token", DESK_K_TEXT, F(token), DESK_F_HIDDEN, 0, 0, 0},
    {"text", "Text", DESK_K_TEXT, F(text), DESK_F_PII, 0, 0, 0},
    {"pictures", "Pictures", DESK_K_INT, F(pictures), 0, 0, 0, 0},
    {"made", "Made", DESK_K_TEXT, F(made), 0, 0, 0, 0},
    {"state", "State", DESK_K_TEXT, F(state), 0, 0, 0, 0},
    {"turn", "Turn", DESK_K_INT, F(turn), 0, 0, 0, 0},
    {"reply", "Reply", DESK_K_TEXT, F(reply), DESK_F_HIDDEN, 0, 0, 0},
    {"on_page", "OnPage", DESK_K_BOOL, F(on_page), 0, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
};
DESK_FIELDS(desk_text_in_fields, "text_in", struct desk_text_in, text_in_fields);
#undef F

static enum desk_rc one(enum desk_rc rc, int64_t changed)
{
    return rc ? rc : changed == 1 ? DESK_OK : DESK_ECONFLICT;
}

enum desk_rc desk_text_in_insert(struct desk_db *db, const struct desk_text_in *t)
{
    return desk_db_insert(db, DESK_Q_TEXT_IN_INSERT, t);
}

enum desk_rc desk_text_in_by_sid(struct desk_db *db, struct desk_arena *a, const char *message_sid,
                                 struct desk_text_in *out)
{
    return desk_db_row(db, DESK_Q_TEXT_IN_BY_SID, DESK_ARGS(DESK_T(message_sid)),
                       &desk_text_in_fields, a, out);
}

enum desk_rc desk_texts_waiting(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                const char *session_id, struct desk_text_in **out, size_t *n)
{
    void *rows;
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_TEXT_IN_WAITING, DESK_ARGS(DESK_T(tenant_id), DESK_T(session_id)),
                     &desk_text_in_fields, a, WAITING_MOST, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_texts_recent(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                               const char *pair_key, int64_t since, size_t max,
                               struct desk_text_in **out, size_t *n)
{
    void *rows;
    enum desk_rc rc = desk_db_rows(
        db, DESK_Q_TEXT_IN_RECENT,
        DESK_ARGS(DESK_T(tenant_id), DESK_T(pair_key), DESK_I(since), DESK_I((int64_t)max)),
        &desk_text_in_fields, a, max, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_texts_due(struct desk_db *db, struct desk_arena *a, int64_t before,
                            struct desk_text_in **out, size_t *n)
{
    void *rows;
    enum desk_rc rc = desk_db_rows(db, DESK_Q_TEXT_IN_DUE, DESK_ARGS(DESK_I(before)),
                                   &desk_text_in_fields, a, DUE_MOST, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_text_in_take(struct desk_db *db, const struct desk_text_in *t, int64_t turn)
{
    int64_t changed = 0;
    enum desk_rc rc =
        desk_db_exec(db, DESK_Q_TEXT_IN_TAKE,
                     DESK_ARGS(DESK_T(t->tenant_id), DESK_T(t->id), DESK_I(turn)), &changed);
    return one(rc, changed);
}

enum desk_rc desk_texts_answered(struct desk_db *db, const char *tenant_id, const char *session_id,
                                 int64_t turn, const char *reply, int64_t *last)
{
    enum desk_rc rc =
        desk_db_int(db, DESK_Q_TEXT_IN_TURN,
                    DESK_ARGS(DESK_T(tenant_id), DESK_T(session_id), DESK_I(turn)), last);
    return rc ? rc
              : desk_db_exec(
                    db, DESK_Q_TEXT_IN_ANSWERED,
                    DESK_ARGS(DESK_T(tenant_id), DESK_T(session_id), DESK_I(turn), DESK_T(reply)),
                    NULL);
}

enum desk_rc desk_texts_move(struct desk_db *db, const char *tenant_id, const char *session_id,
                             const char *to_session, const char *to_call)
{
    return desk_db_exec(
        db, DESK_Q_TEXT_IN_MOVE,
        DESK_ARGS(DESK_T(tenant_id), DESK_T(session_id), DESK_T(to_session), DESK_T(to_call)),
        NULL);
}

enum desk_rc desk_text_in_end(struct desk_db *db, const struct desk_text_in *t, const char *state,
                              const char *reply)
{
    return desk_db_exec(
        db, DESK_Q_TEXT_IN_END,
        DESK_ARGS(DESK_T(t->tenant_id), DESK_T(t->id), DESK_T(state), DESK_T(reply)), NULL);
}

enum desk_rc desk_text_in_page(struct desk_db *db, const struct desk_text_in *t)
{
    return desk_db_exec(db, DESK_Q_TEXT_IN_PAGE, DESK_ARGS(DESK_T(t->tenant_id), DESK_T(t->id)),
                        NULL);
}
