#include "store/live.h"
#include "base/clock.h"
#include "db/seal.h"
#include "queries.h"

#define F(member) offsetof(struct desk_live_order, member)
static const struct desk_field live_order_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"call_id", "CallId", DESK_K_TEXT, F(call_id), 0, 0, 0, 0},
    {"kind", "Kind", DESK_K_TEXT, F(kind), 0, 0, 0, 0},
    {"text", "Text", DESK_K_TEXT, F(text), DESK_F_PII, 0, 0, 0},
    {"phone", "Phone", DESK_K_TEXT, F(phone), DESK_F_PII | DESK_F_PHONE, 0, 0, 0},
    {"name", "Name", DESK_K_TEXT, F(name), DESK_F_PII, 0, 0, 0},
    {"dedupe", "Dedupe", DESK_K_TEXT, F(dedupe), DESK_F_HIDDEN, 0, 0, 0},
    {"state", "State", DESK_K_TEXT, F(state), 0, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
    {"done_at", "DoneAt", DESK_K_TIME, F(done_at), 0, 0, 0, 0},
};
DESK_FIELDS(desk_live_order_fields, "live_order", struct desk_live_order, live_order_fields);
#undef F

#define F(member) offsetof(struct desk_live_ticket, member)
static const struct desk_field live_ticket_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), DESK_F_HIDDEN, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"session_id", "SessionId", DESK_K_TEXT, F(session_id), DESK_F_HIDDEN, 0, 0, 0},
    {"expires_at", "ExpiresAt", DESK_K_TIME, F(expires_at), 0, 0, 0, 0},
    {"ends_at", "EndsAt", DESK_K_TIME, F(ends_at), 0, 0, 0, 0},
    {"used_at", "UsedAt", DESK_K_TIME, F(used_at), 0, 0, 0, 0},
};
DESK_FIELDS(desk_live_ticket_fields, "live_ticket", struct desk_live_ticket, live_ticket_fields);
#undef F

enum desk_rc desk_live_calls(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                             int64_t since, size_t max, struct desk_call **out, size_t *n)
{
    void *rows;
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_LIVE_CALL_LIST,
                     DESK_ARGS(DESK_T(tenant_id), DESK_I(since), DESK_I((int64_t)max)),
                     &desk_call_fields, a, max, &rows, n);
    *out = rows;
    return rc;
}

/* ---- words ----------------------------------------------------------------------------------- */

enum desk_rc desk_live_lines(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                             int64_t since, size_t max, struct desk_turn **out, size_t *n)
{
    void *rows;
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_LIVE_LINE_SINCE,
                     DESK_ARGS(DESK_T(tenant_id), DESK_I(since), DESK_I((int64_t)max)),
                     &desk_turn_fields, a, max, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_live_seq(struct desk_db *db, const char *tenant_id, int64_t *seq)
{
    return desk_db_int(db, DESK_Q_LIVE_SEQ, DESK_ARGS(DESK_T(tenant_id)), seq);
}

/* ---- orders ---------------------------------------------------------------------------------- */

enum desk_rc desk_live_order_add(struct desk_db *db, const struct desk_live_order *o)
{
    char id[DESK_ID_LEN];
    struct desk_live_order row = *o;
    row.id = desk_id_new(id, "order");
    row.state = DESK_LIVE_WAITING;
    row.created_at = desk_now_ms();
    row.done_at = 0;
    return desk_db_insert(db, DESK_Q_LIVE_ORDER_INSERT, &row);
}

enum desk_rc desk_live_waiting(struct desk_db *db, struct desk_arena *a, size_t max,
                               struct desk_live_order **out, size_t *n)
{
    void *rows;
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_LIVE_ORDER_WAITING,
                     DESK_ARGS(DESK_I(desk_now_ms() - DESK_LIVE_MS), DESK_I((int64_t)max)),
                     &desk_live_order_fields, a, max, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_live_orders(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                              const char *call_id, struct desk_live_order **out, size_t *n)
{
    void *rows;
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_LIVE_ORDER_BY_CALL, DESK_ARGS(DESK_T(tenant_id), DESK_T(call_id)),
                     &desk_live_order_fields, a, 200, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_live_order_state(struct desk_db *db, const char *tenant_id, const char *id,
                                   const char *state)
{
    int64_t changed = 0;
    enum desk_rc rc = desk_db_exec(
        db, DESK_Q_LIVE_ORDER_STATE,
        DESK_ARGS(DESK_T(tenant_id), DESK_T(id), DESK_T(state), DESK_I(desk_now_ms())), &changed);
    return !rc && !changed ? DESK_ENOTFOUND : rc;
}

/* ---- tickets --------------------------------------------------------------------------------- */

enum desk_rc desk_live_ticket_new(struct desk_db *db, const struct desk_session *s,
                                  char token[DESK_TOKEN_LEN])
{
    char hash[DESK_HASH_LEN];
    desk_token_hash(desk_token_new(token), hash);
    return desk_db_insert(
        db, DESK_Q_LIVE_TICKET_INSERT,
        &(struct desk_live_ticket){.id = hash,
                                   .tenant_id = s->tenant_id,
                                   .session_id = s->id,
                                   .expires_at = desk_now_ms() + DESK_LIVE_TICKET_MS,
                                   .ends_at = s->expires_at});
}

enum desk_rc desk_live_ticket_use(struct desk_db *db, struct desk_arena *a, const char *token,
                                  struct desk_live_ticket *out)
{
    char hash[DESK_HASH_LEN];
    desk_token_hash(token, hash);
    enum desk_rc rc =
        desk_db_row(db, DESK_Q_LIVE_TICKET_USE, DESK_ARGS(DESK_T(hash), DESK_I(desk_now_ms())),
                    &desk_live_ticket_fields, a, out);
    return rc == DESK_ENOTFOUND ? DESK_EAUTH : rc;
}

enum desk_rc desk_live_ticket_good(struct desk_db *db, const char *tenant_id, const char *id,
                                   bool *yes)
{
    int64_t n = 0;
    enum desk_rc rc =
        desk_db_int(db, DESK_Q_LIVE_TICKET_GOOD,
                    DESK_ARGS(DESK_T(tenant_id), DESK_T(id), DESK_I(desk_now_ms())), &n);
    *yes = n > 0;
    return rc;
}
