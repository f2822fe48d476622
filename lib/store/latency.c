#include "store/latency.h"
#include "base/clock.h"
#include "base/ids.h"
#include "queries.h"

#define F(member) offsetof(struct desk_latency, member)
static const struct desk_field latency_fields[] = {
    {"id", "Id", DESK_K_TEXT, F(id), DESK_F_HIDDEN, 0, 0, 0},
    {"tenant_id", "TenantId", DESK_K_TEXT, F(tenant_id), DESK_F_HIDDEN, 0, 0, 0},
    {"call_id", "CallId", DESK_K_TEXT, F(call_id), 0, 0, 0, 0},
    {"turn", "Turn", DESK_K_INT, F(turn), 0, 0, 0, 0},
    {"kind", "Kind", DESK_K_TEXT, F(kind), 0, 0, 0, 0},
    {"total_ms", "TotalMs", DESK_K_INT, F(total_ms), 0, 0, 0, 0},
    {"model_ms", "ModelMs", DESK_K_INT, F(model_ms), 0, 0, 0, 0},
    {"tool_ms", "ToolMs", DESK_K_INT, F(tool_ms), 0, 0, 0, 0},
    {"own_us", "OwnUs", DESK_K_INT, F(own_us), 0, 0, 0, 0},
    {"day", "Day", DESK_K_TEXT, F(day), 0, 0, 0, 0},
    {"created_at", "CreatedAt", DESK_K_TIME, F(created_at), 0, 0, 0, 0},
};
DESK_FIELDS(desk_latency_fields, "latency", struct desk_latency, latency_fields);
#undef F

#define F(member) offsetof(struct desk_latency_day, member)
static const struct desk_field day_fields[] = {
    {"day", "Day", DESK_K_TEXT, F(day), DESK_F_EXTRA, 0, 0, 0},
    {"kind", "Kind", DESK_K_TEXT, F(kind), DESK_F_EXTRA, 0, 0, 0},
    {"n", "N", DESK_K_INT, F(n), DESK_F_EXTRA, 0, 0, 0},
    {"p50_ms", "P50Ms", DESK_K_INT, F(p50_ms), DESK_F_EXTRA, 0, 0, 0},
    {"p95_ms", "P95Ms", DESK_K_INT, F(p95_ms), DESK_F_EXTRA, 0, 0, 0},
    {"p99_ms", "P99Ms", DESK_K_INT, F(p99_ms), DESK_F_EXTRA, 0, 0, 0},
    {"model_ms", "ModelMs", DESK_K_INT, F(model_ms), DESK_F_EXTRA, 0, 0, 0},
    {"tool_ms", "ToolMs", DESK_K_INT, F(tool_ms), DESK_F_EXTRA, 0, 0, 0},
    {"own_us", "OwnUs", DESK_K_INT, F(own_us), DESK_F_EXTRA, 0, 0, 0},
};
DESK_FIELDS(desk_latency_day_fields, "latency", struct desk_latency_day, day_fields);
#undef F

enum desk_rc desk_latency_add(struct desk_db *db, const struct desk_latency *l)
{
    char id[DESK_ID_LEN];
    struct desk_latency row = *l;
    if (!row.id)
        row.id = desk_id_new(id, "lat");
    if (!row.created_at)
        row.created_at = desk_now_ms();
    enum desk_rc rc = desk_db_insert(db, DESK_Q_LATENCY_INSERT, &row);
    return rc == DESK_ECONFLICT ? DESK_DONE : rc;
}

enum desk_rc desk_latency_by_call(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                  const char *call_id, struct desk_latency **out, size_t *n)
{
    void *rows = NULL;
    enum desk_rc rc =
        desk_db_rows(db, DESK_Q_LATENCY_BY_CALL, DESK_ARGS(DESK_T(tenant_id), DESK_T(call_id)),
                     &desk_latency_fields, a, 1000, &rows, n);
    *out = rows;
    return rc;
}

enum desk_rc desk_latency_days(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                               const char *kind, const char *since, struct desk_latency_day **out,
                               size_t *n)
{
    void *rows = NULL;
    enum desk_rc rc = desk_db_rows(db, DESK_Q_LATENCY_DAYS,
                                   DESK_ARGS(DESK_T(tenant_id), DESK_T(kind), DESK_T(since)),
                                   &desk_latency_day_fields, a, 400, &rows, n);
    *out = rows;
    return rc;
}
