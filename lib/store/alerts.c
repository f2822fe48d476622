#include "store/alerts.h"
#include "base/clock.h"
#include "base/ids.h"
#include "queries.h"
#include "store/webhook_events.h"

#define UNDO_MS (10 * 60 * 1000LL)

#define F(member) offsetof(struct desk_alert, member)
static const struct desk_field alert_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"call_id", "CallId", DESK_K_TEXT, F(call_id), 0, 0, 0, 0},
    {"who_key", "WhoKey", DESK_K_TEXT, F(who_key), DESK_F_HIDDEN, 0, 0, 0},
    {"kind", "Kind", DESK_K_TEXT, F(kind), 0, 0, 0, 0},
    {"severity", "Severity", DESK_K_TEXT, F(severity), 0, 0, 0, 0},
    {"because", "Because", DESK_K_TEXT, F(because), DESK_F_PII, 0, 0, 0},
    {"words", "Words", DESK_K_TEXT, F(words), DESK_F_PII, 0, 0, 0},
    {"told", "Told", DESK_K_BOOL, F(told), 0, 0, 0, 0},
    {"state", "State", DESK_K_TEXT, F(state), 0, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
    {"seen_at", "SeenAt", DESK_K_TIME, F(seen_at), 0, 0, 0, 0},
};
DESK_FIELDS(desk_alert_fields, "alert", struct desk_alert, alert_fields);
#undef F

enum desk_rc desk_alert_insert(struct desk_db *db, const struct desk_alert *a)
{
    char id[DESK_ID_LEN];
    struct desk_alert row = *a;
    if (!row.id)
        row.id = desk_id_new(id, "al");
    enum desk_rc rc = desk_db_insert(db, DESK_Q_ALERT_INSERT, &row);
    return rc ? rc : desk_happened(db, DESK_ON_ALERT_RAISED, row.tenant_id, row.id, &row);
}

enum desk_rc desk_alert_by_who(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                               const char *who_key, int64_t since, size_t max,
                               struct desk_alert **out, size_t *n)
{
    void *rows;
    enum desk_rc rc = desk_db_rows(
        db, DESK_Q_ALERT_BY_WHO,
        DESK_ARGS(DESK_T(tenant_id), DESK_T(who_key), DESK_I(since), DESK_I((int64_t)max)),
        &desk_alert_fields, a, max, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_alert_by_call(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                const char *call_id, struct desk_alert **out, size_t *n)
{
    void *rows;
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_ALERT_BY_CALL, DESK_ARGS(DESK_T(tenant_id), DESK_T(call_id)),
                     &desk_alert_fields, a, 50, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_alert_list(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                             size_t max, struct desk_alert **out, size_t *n)
{
    void *rows;
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_ALERT_LIST, DESK_ARGS(DESK_T(tenant_id), DESK_I((int64_t)max)),
                     &desk_alert_fields, a, max, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_alert_seen(struct desk_db *db, const char *tenant_id, const char *id)
{
    int64_t changed = 0;
    enum desk_rc rc =
        desk_db_exec(db, DESK_Q_ALERT_SEEN,
                     DESK_ARGS(DESK_T(tenant_id), DESK_T(id), DESK_I(desk_now_ms())), &changed);
    return !rc && !changed ? DESK_ENOTFOUND : rc;
}

enum desk_rc desk_alert_unseen(struct desk_db *db, const char *tenant_id, const char *id)
{
    int64_t changed = 0;
    enum desk_rc rc = desk_db_exec(
        db, DESK_Q_ALERT_UNSEEN,
        DESK_ARGS(DESK_T(tenant_id), DESK_T(id), DESK_I(desk_now_ms() - UNDO_MS)), &changed);
    return !rc && !changed ? DESK_ENOTFOUND : rc;
}

enum desk_rc desk_alert_between(struct desk_db *db, struct desk_arena *a,
                                const struct desk_period *p, struct desk_alert **out, size_t *n)
{
    void *rows;
    enum desk_rc rc = desk_db_rows(db, DESK_Q_ALERT_BETWEEN, DESK_PERIOD_ARGS(p),
                                   &desk_alert_fields, a, p->max, &rows, n);
    *out = rows;
    return rc;
}
