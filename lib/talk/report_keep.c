#include "talk/report.h"
#include "base/clock.h"
#include "store/report.h"
#include "store/tenants.h"
#include "talk/report_set.h"

#define KEEP_ARENA ((size_t)64 * 1024 * 1024)
#define TEXT_MOST  ((size_t)3 * 1024 * 1024)

/* One day, read and written in one transaction: no call can come in between. */
static enum desk_rc keep(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                         const char *location_id, int64_t from, int64_t to)
{
    struct report_count c;
    struct desk_buf figures, callers;
    struct desk_report *r = desk_arena_alloc(a, sizeof *r);
    if (!r)
        return DESK_ENOMEM;
    *r = (struct desk_report){.from = from, .to = to};
    enum desk_rc rc = DESK_TX_BEGIN(db);
    if (rc)
        return rc;
    desk_buf_init(&figures, TEXT_MOST);
    desk_buf_init(&callers, TEXT_MOST);
    rc = desk_report_count_begin(&c, db, a, tenant_id, location_id, r);
    if (!rc)
        rc = desk_report_count_raw(&c);
    if (!rc)
        desk_report_day_write(c.k, &figures, &callers);
    if (!rc && (!desk_buf_ok(&figures) || !desk_buf_ok(&callers)))
        rc = DESK_ENOMEM;
    if (!rc)
        rc = desk_report_day_put(
            db, &(struct desk_report_day_row){.tenant_id = tenant_id,
                                              .location_id = location_id ? location_id : "",
                                              .from_at = from,
                                              .to_at = to,
                                              .figures = desk_buf_cstr(&figures),
                                              .callers = desk_buf_cstr(&callers)});
    rc = desk_tx_end(db, rc);
    desk_buf_clear(&callers);
    desk_buf_clear(&figures);
    return rc;
}

static bool known(const struct desk_report_day_row *rows, size_t n, int64_t from, int64_t to)
{
    for (size_t i = 0; i < n; i++)
        if (rows[i].from_at == from && rows[i].to_at == to)
            return true;
    return false;
}

/* The days before today of one place, or of all, the latest first. */
static enum desk_rc keep_place(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                               const char *location_id, const struct desk_tz *tz, int64_t first,
                               int64_t now, size_t most, size_t *n)
{
    const struct desk_period all = {tenant_id, location_id, 0, now, 2 * DESK_REPORT_DAYS};
    struct desk_report_day_row *rows;
    struct desk_local_time t;
    size_t n_rows = 0;
    enum desk_rc rc = desk_report_day_known(db, a, &all, &rows, &n_rows);
    desk_tz_local(tz, now, &t);
    struct desk_arena *one = desk_arena_new(KEEP_ARENA);
    if (!one)
        return DESK_ENOMEM;
    for (int back = 1; !rc && back < DESK_REPORT_DAYS && *n < most; back++) {
        int64_t from = desk_tz_day_start(tz, t.year, t.month, t.day - back);
        int64_t to = desk_tz_day_start(tz, t.year, t.month, t.day - back + 1);
        if (to <= first)
            break;
        if (known(rows, n_rows, from, to))
            continue;
        rc = keep(db, one, tenant_id, location_id, from, to);
        desk_arena_reset(one);
        *n += rc == DESK_OK;
    }
    desk_arena_free(one);
    return rc;
}

enum desk_rc desk_report_keep(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                              int64_t now, size_t most, size_t *n)
{
    struct desk_location *l;
    size_t n_places = 0;
    int64_t first;
    *n = 0;
    enum desk_rc rc = desk_report_first(db, tenant_id, &first);
    if (rc)
        return rc == DESK_ENOTFOUND ? DESK_OK : rc;
    rc = desk_location_list(db, a, tenant_id, &l, &n_places);
    if (!rc && n_places)
        rc = keep_place(db, a, tenant_id, NULL, desk_tz_load(l[0].zone), first, now, most, n);
    for (size_t i = 0; !rc && n_places > 1 && i < n_places; i++)
        rc = keep_place(db, a, tenant_id, l[i].id, desk_tz_load(l[i].zone), first, now, most, n);
    return rc;
}
