#include "store/out_calls.h"
#include "base/clock.h"
#include "queries.h"

#define F(member) offsetof(struct desk_out_call, member)
static const struct desk_field out_call_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"location_id", "LocationId", DESK_K_TEXT, F(location_id), 0, 0, 0, 0},
    {"dedupe", "Dedupe", DESK_K_TEXT, F(dedupe), DESK_F_HIDDEN, 0, 0, 0},
    {"appointment_id", "AppointmentId", DESK_K_TEXT, F(appointment_id), 0, 0, 0, 0},
    {"start_at", "StartAt", DESK_K_TIME, F(start_at), 0, 0, 0, 0},
    {"or_text", "OrText", DESK_K_BOOL, F(or_text), 0, 0, 0, 0},
    {"call_id", "CallId", DESK_K_TEXT, F(call_id), 0, 0, 0, 0},
    {"number", "Number", DESK_K_TEXT, F(number), DESK_F_PII | DESK_F_PHONE, 0, 0, 0},
    {"from_number", "FromNumber", DESK_K_TEXT, F(from_number), 0, 0, 0, 0},
    {"state", "State", DESK_K_TEXT, F(state), 0, 0, 0, 0},
    {"tries", "Tries", DESK_K_INT, F(tries), 0, 0, 0, 0},
    {"placed_at", "PlacedAt", DESK_K_TIME, F(placed_at), 0, 0, 0, 0},
    {"call_sid", "CallSid", DESK_K_TEXT, F(call_sid), 0, 0, 0, 0},
    {"answered_by", "AnsweredBy", DESK_K_TEXT, F(answered_by), 0, 0, 0, 0},
    {"ended", "Ended", DESK_K_TEXT, F(ended), 0, 0, 0, 0},
    {"ending", "Ending", DESK_K_TEXT, F(ending), 0, 0, 0, 0},
    {"until_at", "UntilAt", DESK_K_TIME, F(until_at), 0, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
    {"updated_at", "UpdatedAt", DESK_K_TIME, F(updated_at), 0, 0, 0, 0},
};
DESK_FIELDS(desk_out_call_fields, "out_call", struct desk_out_call, out_call_fields);
#undef F

enum desk_rc desk_out_call_insert(struct desk_db *db, const struct desk_out_call *c)
{
    return desk_db_insert(db, DESK_Q_OUT_CALL_INSERT, c);
}

enum desk_rc desk_out_call_by_id(struct desk_db *db, struct desk_arena *a, const char *id,
                                 struct desk_out_call *out)
{
    return desk_db_row(db, DESK_Q_OUT_CALL_BY_ID, DESK_ARGS(DESK_T(id)), &desk_out_call_fields, a,
                       out);
}

enum desk_rc desk_out_call_is(struct desk_db *db, const char *tenant_id, const char *dedupe,
                              bool *yes)
{
    int64_t n = 0;
    enum desk_rc rc =
        desk_db_int(db, DESK_Q_OUT_CALL_BY_CAUSE, DESK_ARGS(DESK_T(tenant_id), DESK_T(dedupe)), &n);
    *yes = n > 0;
    return rc;
}

enum desk_rc desk_out_call_list(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                size_t max, struct desk_out_call **out, size_t *n)
{
    void *rows;
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_OUT_CALL_LIST, DESK_ARGS(DESK_T(tenant_id), DESK_I((int64_t)max)),
                     &desk_out_call_fields, a, max, &rows, n);
    *out = rows;
    return rc;
}

const char *desk_out_call_cause(struct desk_arena *a, const struct desk_out_call *c)
{
    return desk_arena_fmt(a, "remind_call:%s:%lld", c->id, (long long)c->tries);
}

/* ---- one try --------------------------------------------------------------------------------- */

#define OF_TRY(c) DESK_T((c)->tenant_id), DESK_T((c)->id), DESK_I((c)->tries)

static enum desk_rc change(struct desk_db *db, unsigned query, const struct desk_arg *args,
                           size_t n)
{
    int64_t changed = 0;
    enum desk_rc rc = desk_db_exec(db, query, args, n, &changed);
    return !rc && !changed ? DESK_DONE : rc;
}

enum desk_rc desk_out_call_placed(struct desk_db *db, const struct desk_out_call *c)
{
    return change(db, DESK_Q_OUT_CALL_PLACED, DESK_ARGS(OF_TRY(c), DESK_I(desk_now_ms())));
}

enum desk_rc desk_out_call_seen(struct desk_db *db, const struct desk_out_call *c, const char *sid,
                                const char *call_id)
{
    return change(db, DESK_Q_OUT_CALL_SEEN,
                  DESK_ARGS(OF_TRY(c), DESK_T(sid), DESK_T(call_id), DESK_I(desk_now_ms())));
}

enum desk_rc desk_out_call_answered(struct desk_db *db, const struct desk_out_call *c,
                                    const char *by)
{
    return change(db, DESK_Q_OUT_CALL_ANSWERED,
                  DESK_ARGS(OF_TRY(c), DESK_T(by), DESK_I(desk_now_ms())));
}

enum desk_rc desk_out_call_ended(struct desk_db *db, const struct desk_out_call *c,
                                 const char *status)
{
    return change(db, DESK_Q_OUT_CALL_ENDED,
                  DESK_ARGS(OF_TRY(c), DESK_T(status), DESK_I(desk_now_ms())));
}

enum desk_rc desk_out_call_again(struct desk_db *db, const struct desk_out_call *c)
{
    return change(db, DESK_Q_OUT_CALL_AGAIN, DESK_ARGS(OF_TRY(c), DESK_I(desk_now_ms())));
}

enum desk_rc desk_out_call_end(struct desk_db *db, const struct desk_out_call *c,
                               const char *ending)
{
    return change(db, DESK_Q_OUT_CALL_END,
                  DESK_ARGS(OF_TRY(c), DESK_T(ending), DESK_I(desk_now_ms())));
}

enum desk_rc desk_out_call_since(struct desk_db *db, const struct desk_out_call *c, int64_t since,
                                 int64_t *n)
{
    return desk_db_int(db, DESK_Q_OUT_CALL_SINCE,
                       DESK_ARGS(DESK_T(c->tenant_id), DESK_I(since), DESK_T(c->id)), n);
}

enum desk_rc desk_out_call_over(struct desk_db *db, struct desk_arena *a, int64_t before,
                                struct desk_out_call **out, size_t *n)
{
    void *rows;
    enum desk_rc rc = desk_db_rows(db, DESK_Q_OUT_CALL_OVER, DESK_ARGS(DESK_I(before)),
                                   &desk_out_call_fields, a, 100, &rows, n);
    *out = rows;
    return rc;
}
