#include "talk/report_set.h"
#include "store/report.h"
#include "talk/business.h"

#include <string.h>

#define CALLS_MOST 10000000
#define ROW_ARENA  65536

#define QUARTER_MS (15 * 60 * 1000)
#define HOUR_MS    3600000LL
#define HOURS_MOST 10000

/* Open at that moment? Asked once for each quarter of an hour, or up to the end of an opening. */
static bool open_at(struct report_opening *o, int64_t at)
{
    struct desk_hours_state s;
    if (at >= o->known_from && at < o->known_until)
        return o->open;
    desk_hours_at(o->hours, o->tz, at, &s);
    o->open = s.open;
    o->known_from = at;
    o->known_until = s.open && s.until > at ? s.until : at;
    if (!s.open && !desk_hours_next_open(o->hours, o->tz, at, &o->known_until))
        o->known_until = at + QUARTER_MS;
    return o->open;
}

static bool after_hours(struct report_count *c, const char *location_id, int64_t at)
{
    for (size_t i = 0; location_id && i < c->n_places; i++)
        if (strcmp(c->places[i].location_id, location_id) == 0)
            return !open_at(&c->places[i], at);
    return false;
}

static enum desk_rc count_call(void *ctx, const void *p)
{
    struct report_count *c = ctx;
    const struct desk_report_call_row *row = p;
    const struct desk_report_call call = {.started_at = row->started_at,
                                          .duration_ms = row->duration_ms,
                                          .outcome = row->outcome,
                                          .from_key = c->nobody ? NULL : row->from_key,
                                          .after_hours =
                                              after_hours(c, row->location_id, row->started_at)};
    return desk_report_add(c->k, &call);
}

static enum desk_rc load_places(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                struct report_count *c)
{
    struct desk_tenant t;
    struct desk_location *l;
    enum desk_rc rc = desk_tenant_get(db, a, tenant_id, &t);
    if (!rc)
        rc = desk_location_list(db, a, tenant_id, &l, &c->n_places);
    if (rc)
        return rc;
    c->places = desk_arena_alloc(a, (c->n_places + 1) * sizeof *c->places);
    for (size_t i = 0; c->places && !rc && i < c->n_places; i++) {
        struct desk_business *b = desk_arena_alloc(a, sizeof *b);
        rc = b ? desk_business_of(a, &t, &l[i], b) : DESK_ENOMEM;
        if (!rc)
            c->places[i] =
                (struct report_opening){.location_id = l[i].id, .hours = b->hours, .tz = b->zone};
    }
    return c->places ? rc : DESK_ENOMEM;
}

enum desk_rc desk_report_count_begin(struct report_count *c, struct desk_db *db,
                                     struct desk_arena *a, const char *tenant_id,
                                     const char *location_id, struct desk_report *r)
{
    *c = (struct report_count){
        .db = db, .a = a, .tenant_id = tenant_id, .location_id = location_id, .r = r};
    enum desk_rc rc = load_places(db, a, tenant_id, c);
    bool found = !location_id;
    if (!rc && c->n_places)
        r->tz = c->places[0].tz;
    for (size_t i = 0; !rc && location_id && i < c->n_places; i++)
        if (strcmp(c->places[i].location_id, location_id) == 0) {
            r->tz = c->places[i].tz;
            found = true;
        }
    return rc ? rc : found ? DESK_OK : DESK_ENOTFOUND;
}

static enum desk_rc count_cost(void *ctx, const void *p)
{
    const struct report_count *c = ctx;
    const struct desk_report_cost_row *row = p;
    desk_report_cost(c->k, row->started_at, row->nanos);
    return DESK_OK;
}

/* ---- days ------------------------------------------------------------------------------------ */

static enum desk_rc start(struct report_count *c)
{
    int y, m, d;
    c->k = desk_report_begin(c->r, c->a);
    c->edges = desk_arena_alloc(c->a, (c->r->n_days + 1) * sizeof *c->edges);
    c->kept = desk_arena_alloc(c->a, c->r->n_days + 1);
    if (!c->k || !c->edges || !c->kept)
        return DESK_ENOMEM;
    for (size_t i = 0; i <= c->r->n_days; i++) {
        desk_civil_from_days(c->r->first_day + (int64_t)i, &y, &m, &d);
        c->edges[i] = desk_tz_day_start(c->r->tz, y, m, d);
    }
    return DESK_OK;
}

static enum desk_rc count_from(struct report_count *c, int64_t from, int64_t to)
{
    const struct desk_period p = {c->tenant_id, c->location_id, from, to, CALLS_MOST};
    struct desk_arena *row = from < to ? desk_arena_new(ROW_ARENA) : NULL;
    if (from >= to)
        return DESK_OK;
    enum desk_rc rc = row ? desk_report_calls(c->db, row, &p, count_call, c) : DESK_ENOMEM;
    if (!rc)
        rc = desk_report_costs(c->db, row, &p, count_cost, c);
    desk_arena_free(row);
    return rc;
}

/* A row whose day is none of ours (its zone was another one) or of another version is passed over.
 */
static enum desk_rc take_kept(void *ctx, const void *p)
{
    struct report_count *c = ctx;
    const struct desk_report_day_row *row = p;
    size_t i = 0;
    while (i < c->r->n_days && c->edges[i] != row->from_at)
        i++;
    if (i == c->r->n_days || c->edges[i + 1] != row->to_at)
        return DESK_OK;
    enum desk_rc rc = desk_report_day_add(c->k, i, row->figures, row->callers);
    c->kept[i] = rc == DESK_OK;
    return rc == DESK_EINVAL ? DESK_OK : rc;
}

#define DAY_ARENA (4 * 1024 * 1024)

static enum desk_rc read_kept(struct report_count *c)
{
    const struct desk_period p = {c->tenant_id, c->location_id, c->r->from, c->r->to,
                                  DESK_REPORT_DAYS};
    struct desk_arena *row = desk_arena_new(DAY_ARENA);
    enum desk_rc rc =
        row ? desk_report_kept_each(c->db, DESK_REPORT_DAY, !c->nobody, row, &p, take_kept, c)
            : DESK_ENOMEM;
    desk_arena_free(row);
    return rc;
}

/* A kept hour of the stretch, and before it what lies between it and the one before. One that is in
 * two days, where the zone is half an hour off, is counted anew. */
static enum desk_rc take_hour(void *ctx, const void *p)
{
    struct report_count *c = ctx;
    const struct desk_report_day_row *row = p;
    size_t i = 0;
    while (i < c->r->n_days && c->edges[i + 1] <= row->from_at)
        i++;
    if (row->from_at < c->at || i == c->r->n_days || c->edges[i] > row->from_at ||
        c->edges[i + 1] < row->to_at)
        return DESK_OK;
    enum desk_rc rc = count_from(c, c->at, row->from_at);
    if (rc)
        return rc;
    c->at = row->from_at;
    rc = desk_report_day_add(c->k, i, row->figures, row->callers);
    if (!rc)
        c->at = row->to_at;
    return rc == DESK_EINVAL ? DESK_OK : rc;
}

static enum desk_rc count_gap(struct report_count *c, int64_t from, int64_t to)
{
    const struct desk_period p = {c->tenant_id, c->location_id, from, to, HOURS_MOST};
    struct desk_arena *row = to - from >= HOUR_MS ? desk_arena_new(DAY_ARENA) : NULL;
    enum desk_rc rc = DESK_OK;
    c->at = from;
    if (row)
        rc = desk_report_kept_each(c->db, DESK_REPORT_HOUR, !c->nobody, row, &p, take_hour, c);
    desk_arena_free(row);
    return rc ? rc : count_from(c, c->at, to);
}

/* What lies between kept days, in as few stretches as there are. */
static enum desk_rc count_gaps(struct report_count *c)
{
    const struct desk_report *r = c->r;
    int64_t from = r->from;
    enum desk_rc rc = DESK_OK;
    for (size_t i = 0; !rc && i < r->n_days; i++)
        if (c->kept[i]) {
            rc = count_gap(c, from, c->edges[i]);
            from = c->edges[i + 1];
        }
    return rc ? rc : count_gap(c, from, r->to);
}

enum desk_rc desk_report_count_all(struct report_count *c)
{
    enum desk_rc rc = start(c);
    if (!rc)
        rc = read_kept(c);
    if (!rc)
        rc = count_gaps(c);
    if (!rc)
        desk_report_end(c->k);
    return rc;
}

enum desk_rc desk_report_count_raw(struct report_count *c)
{
    enum desk_rc rc = start(c);
    return rc ? rc : count_from(c, c->r->from, c->r->to);
}
