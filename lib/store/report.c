#include "store/report.h"
#include "base/clock.h"
#include "base/ids.h"
#include "queries.h"

#define HOUR_MS 3600000LL

#define F(member) offsetof(struct desk_report_call_row, member)
static const struct desk_field call_fields[] = {
    {"started_at", "StartedAt", DESK_K_TIME, F(started_at), DESK_F_EXTRA, 0, 0, 0},
    {"location_id", "LocationId", DESK_K_TEXT, F(location_id), DESK_F_EXTRA, 0, 0, 0},
    {"outcome", "Outcome", DESK_K_TEXT, F(outcome), DESK_F_EXTRA, 0, 0, 0},
    {"duration_ms", "DurationMs", DESK_K_INT, F(duration_ms), DESK_F_EXTRA, 0, 0, 0},
    {"from_key", "FromKey", DESK_K_TEXT, F(from_key), DESK_F_EXTRA | DESK_F_HIDDEN, 0, 0, 0},
};
DESK_FIELDS(desk_report_call_fields, "call", struct desk_report_call_row, call_fields);
#undef F

#define F(member) offsetof(struct desk_report_cost_row, member)
static const struct desk_field cost_fields[] = {
    {"started_at", "StartedAt", DESK_K_TIME, F(started_at), DESK_F_EXTRA, 0, 0, 0},
    {"nanos", "Nanos", DESK_K_INT, F(nanos), DESK_F_EXTRA, 0, 0, 0},
};
DESK_FIELDS(desk_report_cost_fields, "call_after", struct desk_report_cost_row, cost_fields);
#undef F

#define F(member) offsetof(struct desk_report_day_row, member)
static const struct desk_field day_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), DESK_F_HIDDEN, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"location_id", "LocationId", DESK_K_TEXT, F(location_id), DESK_F_HIDDEN, 0, 0, 0},
    {"from_at", "FromAt", DESK_K_TIME, F(from_at), 0, 0, 0, 0},
    {"to_at", "ToAt", DESK_K_TIME, F(to_at), 0, 0, 0, 0},
    {"figures", "Figures", DESK_K_TEXT, F(figures), DESK_F_HIDDEN, 0, 0, 0},
    {"callers", "Callers", DESK_K_TEXT, F(callers), DESK_F_HIDDEN, 0, 0, 0},
};
DESK_FIELDS(desk_report_day_fields, "report_day", struct desk_report_day_row, day_fields);
DESK_FIELDS(desk_report_hour_fields, "report_hour", struct desk_report_day_row, day_fields);
#undef F

#define F(member) offsetof(struct desk_report_caller_row, member)
static const struct desk_field caller_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), DESK_F_EXTRA, 0, 0, 0},
    {"from_number", "FromNumber", DESK_K_TEXT, F(from_number),
     DESK_F_EXTRA | DESK_F_PII | DESK_F_PHONE, 0, 0, 0},
    {"contact_id", "ContactId", DESK_K_TEXT, F(contact_id), DESK_F_EXTRA, 0, 0, 0},
};
DESK_FIELDS(desk_report_caller_fields, "call", struct desk_report_caller_row, caller_fields);
#undef F

#define F(member) offsetof(struct desk_report_alert_row, member)
static const struct desk_field alert_fields[] = {
    {"kind", "Kind", DESK_K_TEXT, F(kind), DESK_F_EXTRA, 0, 0, 0},
    {"severity", "Severity", DESK_K_TEXT, F(severity), DESK_F_EXTRA, 0, 0, 0},
    {"n", "N", DESK_K_INT, F(n), DESK_F_EXTRA, 0, 0, 0},
};
DESK_FIELDS(desk_report_alert_fields, "alert", struct desk_report_alert_row, alert_fields);
#undef F

#define F(member) offsetof(struct desk_report_wait_row, member)
static const struct desk_field wait_fields[] = {
    {"kind", "Kind", DESK_K_TEXT, F(kind), DESK_F_EXTRA, 0, 0, 0},
    {"day", "Day", DESK_K_TEXT, F(day), DESK_F_EXTRA, 0, 0, 0},
    {"step", "Step", DESK_K_INT, F(step), DESK_F_EXTRA, 0, 0, 0},
    {"n", "N", DESK_K_INT, F(n), DESK_F_EXTRA, 0, 0, 0},
};
DESK_FIELDS(desk_report_wait_fields, "latency_count", struct desk_report_wait_row, wait_fields);
#undef F

#define F(member) offsetof(struct desk_digest, member)
static const struct desk_field digest_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"kind", "Kind", DESK_K_TEXT, F(kind), 0, 0, 0, 0},
    {"from_at", "FromAt", DESK_K_TIME, F(from_at), 0, 0, 0, 0},
    {"to_at", "ToAt", DESK_K_TIME, F(to_at), 0, 0, 0, 0},
    {"figures", "Figures", DESK_K_TEXT, F(figures), DESK_F_PII, 0, 0, 0},
    {"text", "Text", DESK_K_TEXT, F(text), DESK_F_PII, 0, 0, 0},
    {"sent", "Sent", DESK_K_INT, F(sent), 0, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
};
DESK_FIELDS(desk_digest_fields, "digest", struct desk_digest, digest_fields);
#undef F

enum desk_rc desk_report_calls(struct desk_db *db, struct desk_arena *a,
                               const struct desk_period *p, desk_db_each_fn *fn, void *ctx)
{
    return desk_db_each(db, DESK_Q_REPORT_CALLS, DESK_PERIOD_ARGS(p), &desk_report_call_fields, a,
                        fn, ctx);
}

enum desk_rc desk_report_costs(struct desk_db *db, struct desk_arena *a,
                               const struct desk_period *p, desk_db_each_fn *fn, void *ctx)
{
    return desk_db_each(db, DESK_Q_REPORT_COSTS, DESK_PERIOD_ARGS(p), &desk_report_cost_fields, a,
                        fn, ctx);
}

enum desk_rc desk_report_first(struct desk_db *db, const char *tenant_id, int64_t *at)
{
    return desk_db_int(db, DESK_Q_REPORT_FIRST, DESK_ARGS(DESK_T(tenant_id)), at);
}

/* Days and hours are kept alike, each in a table of its own. */
static const struct {
    const struct desk_fields *fields;
    unsigned put, list, sums, known;
} kept[DESK_REPORT_KEPT__MAX] = {
    [DESK_REPORT_DAY] = {&desk_report_day_fields, DESK_Q_REPORT_DAY_PUT, DESK_Q_REPORT_DAY_LIST,
                         DESK_Q_REPORT_DAY_SUMS, DESK_Q_REPORT_DAY_KNOWN},
    [DESK_REPORT_HOUR] = {&desk_report_hour_fields, DESK_Q_REPORT_HOUR_PUT, DESK_Q_REPORT_HOUR_LIST,
                          DESK_Q_REPORT_HOUR_SUMS, DESK_Q_REPORT_HOUR_KNOWN},
};

enum desk_rc desk_report_kept_put(struct desk_db *db, enum desk_report_kept_kind kind,
                                  const struct desk_report_day_row *d)
{
    char id[DESK_ID_LEN];
    struct desk_report_day_row row = *d;
    row.id = desk_id_new(id, "day");
    return desk_db_insert(db, kept[kind].put, &row);
}

enum desk_rc desk_report_kept_each(struct desk_db *db, enum desk_report_kept_kind kind,
                                   bool callers, struct desk_arena *a, const struct desk_period *p,
                                   desk_db_each_fn *fn, void *ctx)
{
    return desk_db_each(db, callers ? kept[kind].list : kept[kind].sums, DESK_PERIOD_ARGS(p),
                        kept[kind].fields, a, fn, ctx);
}

enum desk_rc desk_report_kept_known(struct desk_db *db, enum desk_report_kept_kind kind,
                                    struct desk_arena *a, const struct desk_period *p,
                                    struct desk_report_day_row **out, size_t *n)
{
    void *rows = NULL;
    enum desk_rc rc = desk_db_rows(db, kept[kind].known, DESK_PERIOD_ARGS(p), kept[kind].fields, a,
                                   p->max, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_report_hours_drop(struct desk_db *db, const char *tenant_id, int64_t before)
{
    return desk_db_exec(db, DESK_Q_REPORT_HOUR_OLD, DESK_ARGS(DESK_T(tenant_id), DESK_I(before)),
                        NULL);
}

enum desk_rc desk_report_call_late(struct desk_db *db, const char *tenant_id, int64_t started_at)
{
    if (started_at / HOUR_MS >= desk_now_ms() / HOUR_MS)
        return DESK_OK;
    enum desk_rc rc = desk_db_exec(db, DESK_Q_REPORT_DAY_LATE,
                                   DESK_ARGS(DESK_T(tenant_id), DESK_I(started_at)), NULL);
    return rc ? rc
              : desk_db_exec(db, DESK_Q_REPORT_HOUR_LATE,
                             DESK_ARGS(DESK_T(tenant_id), DESK_I(started_at)), NULL);
}

enum desk_rc desk_report_caller_of(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                   const char *from_key, struct desk_report_caller_row *out)
{
    return desk_db_row(db, DESK_Q_REPORT_CALLER, DESK_ARGS(DESK_T(tenant_id), DESK_T(from_key)),
                       &desk_report_caller_fields, a, out);
}

enum desk_rc desk_report_alerts(struct desk_db *db, struct desk_arena *a,
                                const struct desk_period *p, struct desk_report_alert_row **out,
                                size_t *n)
{
    void *rows = NULL;
    enum desk_rc rc = desk_db_rows(db, DESK_Q_REPORT_ALERTS, DESK_PERIOD_ARGS(p),
                                   &desk_report_alert_fields, a, p->max, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_report_number(struct desk_db *db, enum desk_report_number which,
                                const struct desk_period *p, int64_t *n)
{
    static const unsigned queries[DESK_REPORT_NUMBER__MAX] = {
        [DESK_REPORT_PROMISED] = DESK_Q_REPORT_PROMISED,
        [DESK_REPORT_KEPT] = DESK_Q_REPORT_KEPT,
        [DESK_REPORT_OPEN] = DESK_Q_REPORT_OPEN,
        [DESK_REPORT_LATE] = DESK_Q_REPORT_LATE,
        [DESK_REPORT_LEADS] = DESK_Q_REPORT_LEADS,
        [DESK_REPORT_TICKETS] = DESK_Q_REPORT_TICKETS,
        [DESK_REPORT_MESSAGES] = DESK_Q_REPORT_MESSAGES,
        [DESK_REPORT_VISITS] = DESK_Q_REPORT_VISITS,
        [DESK_REPORT_SURE] = DESK_Q_REPORT_VISITS_SURE,
        [DESK_REPORT_ATTENTION] = DESK_Q_REPORT_ATTENTION,
        [DESK_REPORT_UNDONE] = DESK_Q_REPORT_UNDONE,
    };
    const struct desk_arg args[] = {DESK_T(p->tenant_id), DESK_I(p->from), DESK_I(p->to),
                                    DESK_T(p->location_id ? p->location_id : "")};
    size_t n_args = which == DESK_REPORT_ATTENTION ? 3 : 4;
    return desk_db_int(db, queries[which], args, n_args, n);
}

enum desk_rc desk_report_waits(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                               const char *kind, const char *from, const char *to,
                               struct desk_report_wait_row **out, size_t *n)
{
    void *rows = NULL;
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_REPORT_WAITS,
                     DESK_ARGS(DESK_T(tenant_id), DESK_T(kind), DESK_T(from), DESK_T(to)),
                     &desk_report_wait_fields, a, 1501, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_report_wait_days(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                   const char *kind, const char *from, const char *to,
                                   desk_db_each_fn *fn, void *ctx)
{
    return desk_db_each(db, DESK_Q_REPORT_WAIT_DAYS,
                        DESK_ARGS(DESK_T(tenant_id), DESK_T(kind), DESK_T(from), DESK_T(to)),
                        &desk_report_wait_fields, a, fn, ctx);
}

enum desk_rc desk_digest_insert(struct desk_db *db, const struct desk_digest *d)
{
    char id[DESK_ID_LEN];
    struct desk_digest row = *d;
    if (!row.id)
        row.id = desk_id_new(id, "dig");
    if (!row.created_at)
        row.created_at = desk_now_ms();
    return desk_db_insert(db, DESK_Q_DIGEST_INSERT, &row);
}

enum desk_rc desk_digest_list(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                              const char *kind, size_t max, struct desk_digest **out, size_t *n)
{
    void *rows = NULL;
    enum desk_rc rc = desk_db_rows(db, DESK_Q_DIGEST_LATEST,
                                   DESK_ARGS(DESK_T(tenant_id), DESK_T(kind), DESK_I((int64_t)max)),
                                   &desk_digest_fields, a, max, &rows, n);
    *out = rows;
    return rc;
}
