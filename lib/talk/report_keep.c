#include "talk/report.h"
#include "base/clock.h"
#include "store/report.h"
#include "store/tenants.h"
#include "talk/report_set.h"

#define KEEP_ARENA ((size_t)64 * 1024 * 1024)
#define TEXT_MOST  ((size_t)3 * 1024 * 1024)
#define KNOWN_MOST ((size_t)2 * DESK_REPORT_DAYS)
#define HOUR_MS    3600000LL
#define HOURS_KEPT (32 * 24) /* a month's days are compared with those of the one before */

/* What is kept, and of which place. */
struct keeping {
    struct desk_db *db;
    struct desk_arena *a;                /* of the lists */
    const char *tenant_id, *location_id; /* NULL = all places */
    const struct desk_tz *tz;
    int64_t first, now;     /* when the first call began */
    struct desk_arena *one; /* of each stretch */
};

static enum desk_rc put(const struct keeping *k, enum desk_report_kept_kind kind, int64_t from,
                        int64_t to, const struct desk_report_counting *counted)
{
    struct desk_buf figures, callers;
    enum desk_rc rc = DESK_ENOMEM;
    desk_buf_init(&figures, TEXT_MOST);
    desk_buf_init(&callers, TEXT_MOST);
    desk_report_day_write(counted, &figures, &callers);
    if (desk_buf_ok(&figures) && desk_buf_ok(&callers))
        rc = desk_report_kept_put(
            k->db, kind,
            &(struct desk_report_day_row){.tenant_id = k->tenant_id,
                                          .location_id = k->location_id ? k->location_id : "",
                                          .from_at = from,
                                          .to_at = to,
                                          .figures = desk_buf_cstr(&figures),
                                          .callers = desk_buf_cstr(&callers)});
    desk_buf_clear(&callers);
    desk_buf_clear(&figures);
    return rc;
}

/* One day or hour, read and written in one transaction: no call can come in between. */
static enum desk_rc keep(const struct keeping *k, enum desk_report_kept_kind kind, int64_t from,
                         int64_t to)
{
    struct report_count c;
    struct desk_report *r = desk_arena_alloc(k->one, sizeof *r);
    if (!r)
        return DESK_ENOMEM;
    *r = (struct desk_report){.from = from, .to = to};
    enum desk_rc rc = DESK_TX_BEGIN(k->db);
    if (rc)
        return rc;
    rc = desk_report_count_begin(&c, k->db, k->one, k->tenant_id, k->location_id, r);
    if (!rc)
        rc = desk_report_count_raw(&c);
    if (!rc)
        rc = put(k, kind, from, to, c.k);
    rc = desk_tx_end(k->db, rc);
    desk_arena_reset(k->one);
    return rc;
}

static bool known(const struct desk_report_day_row *rows, size_t n, int64_t from, int64_t to)
{
    for (size_t i = 0; i < n; i++)
        if (rows[i].from_at == from && rows[i].to_at == to)
            return true;
    return false;
}

static enum desk_rc known_since(const struct keeping *k, enum desk_report_kept_kind kind,
                                int64_t since, struct desk_report_day_row **rows, size_t *n)
{
    const struct desk_period p = {k->tenant_id, k->location_id, since, k->now, KNOWN_MOST};
    return desk_report_kept_known(k->db, kind, k->a, &p, rows, n);
}

/* The days before today, the latest first. */
static enum desk_rc keep_days(const struct keeping *k, size_t most, size_t *n)
{
    struct desk_report_day_row *rows;
    struct desk_local_time t;
    size_t n_rows = 0;
    enum desk_rc rc = known_since(k, DESK_REPORT_DAY, 0, &rows, &n_rows);
    desk_tz_local(k->tz, k->now, &t);
    for (int back = 1; !rc && back < DESK_REPORT_DAYS && *n < most; back++) {
        int64_t from = desk_tz_day_start(k->tz, t.year, t.month, t.day - back);
        int64_t to = desk_tz_day_start(k->tz, t.year, t.month, t.day - back + 1);
        if (to <= k->first)
            break;
        if (known(rows, n_rows, from, to))
            continue;
        rc = keep(k, DESK_REPORT_DAY, from, to);
        *n += rc == DESK_OK;
    }
    return rc;
}

/* The hours that are over, the latest first; both lists go by time. */
static enum desk_rc keep_hours(const struct keeping *k, size_t most, size_t *n)
{
    struct desk_report_day_row *rows;
    size_t n_rows = 0, done = 0;
    int64_t oldest = k->now - HOURS_KEPT * HOUR_MS;
    enum desk_rc rc = known_since(k, DESK_REPORT_HOUR, oldest, &rows, &n_rows);
    for (int64_t to = k->now / HOUR_MS * HOUR_MS; !rc && done < most; to -= HOUR_MS) {
        int64_t from = to - HOUR_MS;
        if (from < oldest || to <= k->first)
            break;
        while (n_rows && rows[n_rows - 1].from_at > from)
            n_rows--;
        if (n_rows && rows[n_rows - 1].from_at == from)
            continue;
        rc = keep(k, DESK_REPORT_HOUR, from, to);
        done += rc == DESK_OK;
    }
    *n += done;
    return rc;
}

/* Of one place, or of all. */
static enum desk_rc keep_place(struct keeping *k, const struct desk_location *l, bool all,
                               size_t most, size_t *n)
{
    k->location_id = all ? NULL : l->id;
    k->tz = desk_tz_load(l->zone);
    enum desk_rc rc = keep_days(k, most, n);
    return rc ? rc : keep_hours(k, most, n);
}

static enum desk_rc drop_old_hours(const struct keeping *k)
{
    enum desk_rc rc = DESK_TX_BEGIN(k->db);
    return rc ? rc
              : desk_tx_end(k->db, desk_report_hours_drop(k->db, k->tenant_id,
                                                          k->now - (HOURS_KEPT + 1) * HOUR_MS));
}

enum desk_rc desk_report_keep(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                              int64_t now, size_t most, size_t *n)
{
    struct desk_location *l;
    size_t n_places = 0;
    struct keeping k = {.db = db, .a = a, .tenant_id = tenant_id, .now = now};
    *n = 0;
    enum desk_rc rc = desk_report_first(db, tenant_id, &k.first);
    if (rc)
        return rc == DESK_ENOTFOUND ? DESK_OK : rc;
    k.one = desk_arena_new(KEEP_ARENA);
    if (!k.one)
        return DESK_ENOMEM;
    rc = desk_location_list(db, a, tenant_id, &l, &n_places);
    if (!rc && n_places)
        rc = keep_place(&k, &l[0], true, most, n);
    for (size_t i = 0; !rc && n_places > 1 && i < n_places; i++)
        rc = keep_place(&k, &l[i], false, most, n);
    if (!rc && *n)
        rc = drop_old_hours(&k);
    desk_arena_free(k.one);
    return rc;
}
