#include "store/attention.h"
#include "base/clock.h"
#include "base/ids.h"
#include "queries.h"

#define UNDO_MS (10 * 60 * 1000LL)

#define F(member) offsetof(struct desk_attention, member)
static const struct desk_field fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"call_id", "CallId", DESK_K_TEXT, F(call_id), 0, 0, 0, 0},
    {"claim", "Claim", DESK_K_TEXT, F(claim), 0, 0, 0, 0},
    {"words", "Words", DESK_K_TEXT, F(words), DESK_F_PII, 0, 0, 0},
    {"at_ms", "AtMs", DESK_K_INT, F(at_ms), 0, 0, 0, 0},
    {"state", "State", DESK_K_TEXT, F(state), 0, 0, 0, 0},
    {"closed_by", "ClosedBy", DESK_K_TEXT, F(closed_by), 0, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
    {"closed_at", "ClosedAt", DESK_K_TIME, F(closed_at), 0, 0, 0, 0},
};
DESK_FIELDS(desk_attention_fields, "attention", struct desk_attention, fields);
#undef F

enum desk_rc desk_attention_raise(struct desk_db *db, const struct desk_attention *r)
{
    char id[DESK_ID_LEN];
    struct desk_attention row = *r;
    row.id = desk_id_new(id, "att");
    row.state = "open";
    row.created_at = desk_now_ms();
    enum desk_rc rc = desk_db_insert(db, DESK_Q_ATTENTION_INSERT, &row);
    return rc == DESK_ECONFLICT ? DESK_DONE : rc;
}

enum desk_rc desk_attention_by_call(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                    const char *call_id, struct desk_attention **out, size_t *n)
{
    void *rows;
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_ATTENTION_BY_CALL, DESK_ARGS(DESK_T(tenant_id), DESK_T(call_id)),
                     &desk_attention_fields, a, 20, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_attention_list(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                 size_t max, struct desk_attention **out, size_t *n)
{
    void *rows;
    enum desk_rc rc = desk_db_rows(db, DESK_Q_ATTENTION_OPEN_LIST,
                                   DESK_ARGS(DESK_T(tenant_id), DESK_I((int64_t)max)),
                                   &desk_attention_fields, a, max, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_attention_close(struct desk_db *db, const char *tenant_id, const char *id,
                                  const char *how)
{
    int64_t changed = 0;
    enum desk_rc rc = desk_db_exec(
        db, DESK_Q_ATTENTION_CLOSE,
        DESK_ARGS(DESK_T(tenant_id), DESK_T(id), DESK_T(how), DESK_I(desk_now_ms())), &changed);
    return !rc && !changed ? DESK_ENOTFOUND : rc;
}

enum desk_rc desk_attention_reopen(struct desk_db *db, const char *tenant_id, const char *id)
{
    int64_t changed = 0;
    enum desk_rc rc = desk_db_exec(
        db, DESK_Q_ATTENTION_REOPEN,
        DESK_ARGS(DESK_T(tenant_id), DESK_T(id), DESK_I(desk_now_ms() - UNDO_MS)), &changed);
    return !rc && !changed ? DESK_ENOTFOUND : rc;
}
