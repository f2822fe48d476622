#include "talk/report.h"
#include "talk/report_set.h"
#include "base/limits.h"
#include "core/day_text.h"
#include "store/alerts.h"
#include "store/contacts.h"
#include "store/latency.h"
#include "store/report.h"

#include <stdio.h>
#include <string.h>

#define ALERTS_MOST 20

/* The name and number of who called most often. A contact that is gone is nobody. */
static enum desk_rc name_top(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                             struct desk_report_caller *who)
{
    struct desk_report_caller_row row;
    struct desk_contact contact;
    enum desk_rc rc = desk_report_caller_of(db, a, tenant_id, who->from_key, &row);
    if (rc)
        return rc == DESK_ENOTFOUND ? DESK_OK : rc;
    who->number = row.from_number;
    who->contact_id = row.contact_id;
    rc = row.contact_id ? desk_contact_get(db, a, tenant_id, row.contact_id, &contact)
                        : DESK_ENOTFOUND;
    if (!rc)
        who->name = contact.name;
    return rc == DESK_ENOTFOUND ? DESK_OK : rc;
}

/* ---- the rest -------------------------------------------------------------------------------- */

static enum desk_rc count_alerts(struct desk_db *db, struct desk_arena *a,
                                 const struct desk_period *p, struct desk_report *r)
{
    struct desk_report_alert_row *rows;
    struct desk_period few = *p;
    size_t n = 0;
    few.max = ALERTS_MOST;
    enum desk_rc rc = desk_report_alerts(db, a, &few, &rows, &n);
    for (size_t i = 0; !rc && i < n; i++) {
        bool emergency = strcmp(rows[i].kind, DESK_ALERT_EMERGENCY) == 0;
        int64_t *of = !emergency                            ? &r->escalations
                      : strcmp(rows[i].severity, "P3") == 0 ? &r->minor
                                                            : &r->emergencies;
        *of += rows[i].n;
    }
    return rc;
}

static enum desk_rc count_numbers(struct desk_db *db, const struct desk_period *p,
                                  struct desk_report *r)
{
    int64_t *const of[DESK_REPORT_NUMBER__MAX] = {
        [DESK_REPORT_PROMISED] = &r->promised, [DESK_REPORT_KEPT] = &r->kept,
        [DESK_REPORT_OPEN] = &r->open,         [DESK_REPORT_LATE] = &r->late,
        [DESK_REPORT_LEADS] = &r->leads,       [DESK_REPORT_TICKETS] = &r->tickets,
        [DESK_REPORT_MESSAGES] = &r->messages, [DESK_REPORT_VISITS] = &r->visits_next,
        [DESK_REPORT_SURE] = &r->visits_sure,  [DESK_REPORT_ATTENTION] = &r->attention,
        [DESK_REPORT_UNDONE] = &r->undone};
    enum desk_rc rc = DESK_OK;
    for (int i = 0; !rc && i < DESK_REPORT_NUMBER__MAX; i++) {
        struct desk_period when = *p;
        if (i == DESK_REPORT_VISITS || i == DESK_REPORT_SURE) {
            when.from = p->to;
            when.to = p->to + (p->to - p->from);
        }
        rc = desk_report_number(db, (enum desk_report_number)i, &when, of[i]);
    }
    return rc;
}

static const char *day_of(char day[16], const struct desk_tz *tz, int64_t at)
{
    struct desk_local_time t;
    desk_tz_local(tz, at, &t);
    snprintf(day, 16, "%04d-%02d-%02d", t.year % 10000, t.month, t.day);
    return day;
}

static enum desk_rc measure_waits(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                                  const char *kind, const struct desk_report *r,
                                  struct desk_report_waits *w)
{
    char from[16], to[16];
    struct desk_report_wait_row *rows;
    size_t n = 0;
    enum desk_rc rc = desk_report_waits(db, a, tenant_id, kind, day_of(from, r->tz, r->from),
                                        day_of(to, r->tz, r->to - 1), &rows, &n);
    struct desk_report_step *v = rc ? NULL : desk_arena_alloc(a, (n + 1) * sizeof *v);
    for (size_t i = 0; v && i < n; i++)
        v[i] = (struct desk_report_step){rows[i].step, rows[i].n};
    if (v)
        desk_report_waits_of(w, v, n);
    return rc || v ? rc : DESK_ENOMEM;
}

/* Steps of one day, until the next one's come. */
struct by_day {
    const struct desk_report *r;
    struct desk_report_waits *waits;
    struct desk_report_step v[DESK_REPORT_STEPS];
    size_t n, day;
};

static void end_day(struct by_day *b)
{
    if (b->n && b->day < b->r->n_days)
        desk_report_waits_of(&b->waits[b->day], b->v, b->n);
    b->n = 0;
}

static enum desk_rc take_step(void *ctx, const void *p)
{
    struct by_day *b = ctx;
    const struct desk_report_wait_row *row = p;
    int32_t date;
    if (!desk_day_parse(row->day, &date) || date < b->r->first_day)
        return DESK_OK;
    if ((size_t)(date - b->r->first_day) != b->day)
        end_day(b);
    b->day = (size_t)(date - b->r->first_day);
    if (b->n < DESK_REPORT_STEPS)
        b->v[b->n++] = (struct desk_report_step){row->step, row->n};
    return DESK_OK;
}

#define STEP_ARENA 4096

enum desk_rc desk_report_waits_by_day(struct desk_db *db, struct desk_arena *a,
                                      const char *tenant_id, const struct desk_report *r,
                                      struct desk_report_waits **out)
{
    char from[16], to[16];
    struct by_day *b = desk_arena_alloc(a, sizeof *b);
    struct desk_arena *row = desk_arena_new(STEP_ARENA);
    *out = desk_arena_alloc(a, (r->n_days + 1) * sizeof **out);
    if (!b || !row || !*out) {
        desk_arena_free(row);
        return DESK_ENOMEM;
    }
    b->r = r;
    b->waits = *out;
    enum desk_rc rc =
        desk_report_wait_days(db, row, tenant_id, DESK_LATENCY_TURN, day_of(from, r->tz, r->from),
                              day_of(to, r->tz, r->to - 1), take_step, b);
    end_day(b);
    desk_arena_free(row);
    return rc;
}

static enum desk_rc make(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                         const char *location_id, int64_t from, int64_t to, bool nobody,
                         struct desk_report *out)
{
    const struct desk_period p = {tenant_id, location_id, from, to, 0};
    struct report_count c;
    *out = (struct desk_report){.from = from, .to = to};
    enum desk_rc rc = desk_report_count_begin(&c, db, a, tenant_id, location_id, out);
    c.nobody = nobody;
    if (!rc)
        rc = desk_report_count_all(&c);
    for (size_t i = 0; !rc && i < out->n_top; i++)
        rc = name_top(db, a, tenant_id, &out->top[i]);
    if (!rc)
        rc = count_alerts(db, a, &p, out);
    if (!rc)
        rc = count_numbers(db, &p, out);
    if (!rc)
        rc = measure_waits(db, a, tenant_id, DESK_LATENCY_ANSWER, out, &out->answer);
    return rc ? rc : measure_waits(db, a, tenant_id, DESK_LATENCY_TURN, out, &out->turn);
}

enum desk_rc desk_report_make(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                              const char *location_id, int64_t from, int64_t to,
                              struct desk_report *out)
{
    return make(db, a, tenant_id, location_id, from, to, false, out);
}

enum desk_rc desk_report_sums(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                              const char *location_id, int64_t from, int64_t to,
                              struct desk_report *out)
{
    return make(db, a, tenant_id, location_id, from, to, true, out);
}

/* ---- as JSON --------------------------------------------------------------------------------- */

static void put_int(json_t *to, const char *name, int64_t n)
{
    json_object_set_new(to, name, json_integer(n));
}

static json_t *waits_json(const struct desk_report_waits *w)
{
    return json_pack("{s:I, s:I, s:I, s:I}", "n", (json_int_t)w->n, "p50_ms", (json_int_t)w->p50,
                     "p95_ms", (json_int_t)w->p95, "p99_ms", (json_int_t)w->p99);
}

static json_t *outcomes_json(const struct desk_report *r)
{
    json_t *o = json_object();
    for (size_t i = 0; i < DESK_REPORT_OUTCOMES; i++)
        put_int(o, desk_report_outcomes[i].word, r->by_outcome[i]);
    put_int(o, "other", r->other);
    return o;
}

static json_t *days_json(const struct desk_report *r)
{
    json_t *list = json_array();
    for (size_t i = 0; i < r->n_days; i++) {
        int y, m, d;
        char day[16];
        desk_civil_from_days(r->first_day + (int64_t)i, &y, &m, &d);
        snprintf(day, sizeof day, "%04d-%02d-%02d", y % 10000, m, d);
        json_array_append_new(list,
                              json_pack("{s:s, s:I, s:I, s:I, s:I}", "day", day, "calls",
                                        (json_int_t)r->by_day[i].calls, "answered",
                                        (json_int_t)r->by_day[i].answered, "after_hours",
                                        (json_int_t)r->by_day[i].after_hours, "cost_microdollars",
                                        (json_int_t)(r->by_day[i].cost_nanos / 1000)));
    }
    return list;
}

static json_t *hours_json(const struct desk_report *r)
{
    json_t *week = json_array();
    for (int d = 0; d < 7; d++) {
        json_t *day = json_array();
        for (int h = 0; h < 24; h++)
            json_array_append_new(day, json_integer(r->by_hour[d][h]));
        json_array_append_new(week, day);
    }
    return week;
}

static json_t *top_json(const struct desk_report *r)
{
    json_t *list = json_array();
    for (size_t i = 0; i < r->n_top; i++)
        json_array_append_new(list, json_pack("{s:s?, s:s?, s:I}", "name", r->top[i].name, "number",
                                              r->top[i].number, "calls", (json_int_t)r->top[i].n));
    return list;
}

json_t *desk_report_json(const struct desk_report *r)
{
    char from[40], to[40];
    const struct {
        const char *name;
        int64_t n;
    } numbers[] = {{"calls", r->calls},
                   {"answered", r->answered},
                   {"after_hours", r->after_hours},
                   {"after_hours_answered", r->after_hours_answered},
                   {"talk_seconds", r->talk_ms / 1000},
                   {"emergencies", r->emergencies},
                   {"minor_emergencies", r->minor},
                   {"escalations", r->escalations},
                   {"callbacks_promised", r->promised},
                   {"callbacks_kept", r->kept},
                   {"callbacks_open", r->open},
                   {"callbacks_late", r->late},
                   {"leads", r->leads},
                   {"tickets", r->tickets},
                   {"messages", r->messages},
                   {"visits_next", r->visits_next},
                   {"visits_confirmed", r->visits_sure},
                   {"undelivered", r->attention},
                   {"promised_not_done", r->undone},
                   {"cost_microdollars", r->cost_nanos / 1000}};
    json_t *o = json_pack("{s:s, s:s}", "from", desk_when_iso(from, sizeof from, r->tz, r->from),
                          "to", desk_when_iso(to, sizeof to, r->tz, r->to));
    for (size_t i = 0; o && i < sizeof numbers / sizeof *numbers; i++)
        put_int(o, numbers[i].name, numbers[i].n);
    json_object_set_new(o, "outcomes", outcomes_json(r));
    json_object_set_new(o, "days", days_json(r));
    json_object_set_new(o, "hours_by_weekday", hours_json(r));
    json_object_set_new(o, "top_callers", top_json(r));
    json_object_set_new(o, "first_word", waits_json(&r->answer));
    json_object_set_new(o, "answer", waits_json(&r->turn));
    return o;
}
