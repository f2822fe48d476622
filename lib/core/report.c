#include "core/report.h"
#include "core/day_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STEP_MS 20

const struct desk_report_outcome desk_report_outcomes[DESK_REPORT_OUTCOMES] = {
    {"booked", "appointment made or moved", "appointments made or moved", true},
    {"cancelled", "appointment cancelled", "appointments cancelled", true},
    {"callback", "callback promised", "callbacks promised", true},
    {"transferred", "put through", "put through", true},
    {"message", "message taken", "messages taken", true},
    {"answered", "needing nothing more", "needing nothing more", true},
    {"screened", "asked to send a text", "asked to send a text", true},
    {"not_put_through", "nobody picked up", "nobody picked up", false},
    {"hung_up", "hung up early", "hung up early", false},
    {"ended_no_speech", "said nothing", "said nothing", false},
    {"failed", "failed", "failed", false},
    {"blocked", "blocked number", "blocked numbers", false},
};

/* ---- counting -------------------------------------------------------------------------------- */

/* Who called: open addressing over the keyed hashes of their numbers, doubled when two thirds are
 * taken. The arena keeps what was outgrown; that is as much again. */
struct tally {
    const char *key;
    int64_t n;
};
struct desk_report_counting {
    struct desk_report *r;
    struct desk_arena *a;
    struct tally *v;
    size_t cap, used;
};

#define TALLIES_FIRST 256

static size_t hash_of(const char *s)
{
    uint64_t h = 1469598103934665603u;
    for (; *s; s++)
        h = (h ^ (unsigned char)*s) * 1099511628211u;
    return (size_t)(h ^ (h >> 32));
}

static struct tally *place(struct tally *v, size_t cap, const char *key)
{
    size_t i = hash_of(key) & (cap - 1);
    while (v[i].key && strcmp(v[i].key, key) != 0)
        i = (i + 1) & (cap - 1);
    return &v[i];
}

static bool room(struct desk_report_counting *k)
{
    if (k->v && k->used * 3 < k->cap * 2)
        return true;
    size_t cap = k->v ? 2 * k->cap : TALLIES_FIRST;
    struct tally *v = desk_arena_alloc(k->a, cap * sizeof *v);
    for (size_t i = 0; v && k->v && i < k->cap; i++)
        if (k->v[i].key)
            *place(v, cap, k->v[i].key) = k->v[i];
    if (v) {
        k->v = v;
        k->cap = cap;
    }
    return v != NULL;
}

static enum desk_rc count_caller(struct desk_report_counting *k, const char *key)
{
    if (!room(k))
        return DESK_ENOMEM;
    struct tally *t = place(k->v, k->cap, key);
    if (!t->key) {
        t->key = desk_arena_strdup(k->a, key);
        k->used++;
    }
    t->n++;
    return t->key ? DESK_OK : DESK_ENOMEM;
}

static int32_t date_of(const struct desk_local_time *t)
{
    return (int32_t)desk_days_from_civil(t->year, t->month, t->day);
}

struct desk_report_counting *desk_report_begin(struct desk_report *r, struct desk_arena *a)
{
    struct desk_local_time from, last;
    struct desk_report_counting *k = desk_arena_alloc(a, sizeof *k);
    desk_tz_local(r->tz, r->from, &from);
    desk_tz_local(r->tz, r->to > r->from ? r->to - 1 : r->from, &last);
    r->first_day = date_of(&from);
    int32_t days = date_of(&last) - r->first_day + 1;
    r->n_days = days < DESK_REPORT_DAYS ? (size_t)days : DESK_REPORT_DAYS;
    if (k)
        *k = (struct desk_report_counting){.r = r, .a = a};
    return k;
}

static const struct desk_report_outcome *outcome_of(const char *word)
{
    for (size_t i = 0; word && i < DESK_REPORT_OUTCOMES; i++)
        if (strcmp(desk_report_outcomes[i].word, word) == 0)
            return &desk_report_outcomes[i];
    return NULL;
}

enum desk_rc desk_report_add(struct desk_report_counting *k, const struct desk_report_call *c)
{
    struct desk_report *r = k->r;
    struct desk_local_time at;
    const struct desk_report_outcome *o = outcome_of(c->outcome);
    bool answered = o && o->answered;
    desk_tz_local(r->tz, c->started_at, &at);
    int32_t day = date_of(&at) - r->first_day;
    r->calls++;
    r->answered += answered;
    r->after_hours += c->after_hours;
    r->after_hours_answered += c->after_hours && answered;
    r->talk_ms += c->duration_ms;
    r->by_hour[at.weekday][at.hour]++;
    *(o ? &r->by_outcome[o - desk_report_outcomes] : &r->other) += 1;
    if (day >= 0 && (size_t)day < r->n_days) {
        r->by_day[day].calls++;
        r->by_day[day].answered += answered;
        r->by_day[day].after_hours += c->after_hours;
    }
    return c->from_key && *c->from_key ? count_caller(k, c->from_key) : DESK_OK;
}

/* More calls first; of as many the lower key, so that the same rows give the same list. */
static bool before(const struct tally *t, const struct desk_report_caller *c)
{
    return t->n != c->n ? t->n > c->n : strcmp(t->key, c->from_key) < 0;
}

static void keep_top(struct desk_report *r, const struct tally *t)
{
    size_t at = r->n_top;
    while (at > 0 && before(t, &r->top[at - 1]))
        at--;
    if (at == DESK_REPORT_TOP)
        return;
    size_t kept = r->n_top < DESK_REPORT_TOP ? r->n_top : DESK_REPORT_TOP - 1;
    memmove(&r->top[at + 1], &r->top[at], (kept - at) * sizeof *r->top);
    r->top[at] = (struct desk_report_caller){.from_key = t->key, .n = t->n};
    r->n_top = kept + 1;
}

void desk_report_end(struct desk_report_counting *k)
{
    for (size_t i = 0; i < k->cap; i++)
        if (k->v[i].key && k->v[i].n > 1)
            keep_top(k->r, &k->v[i]);
}

static int64_t at_rank(const struct desk_report_step *v, size_t n, int64_t rank)
{
    int64_t seen = 0;
    for (size_t i = 0; i < n; i++) {
        seen += v[i].n;
        if (seen >= rank)
            return v[i].step * STEP_MS;
    }
    return 0;
}

void desk_report_waits_of(struct desk_report_waits *w, const struct desk_report_step *v, size_t n)
{
    *w = (struct desk_report_waits){.n = 0};
    for (size_t i = 0; i < n; i++)
        w->n += v[i].n;
    if (w->n == 0)
        return;
    w->p50 = at_rank(v, n, (w->n * 50 + 99) / 100);
    w->p95 = at_rank(v, n, (w->n * 95 + 99) / 100);
    w->p99 = at_rank(v, n, (w->n * 99 + 99) / 100);
}

/* ---- stretches of time ----------------------------------------------------------------------- */

void desk_report_days(const struct desk_tz *tz, int64_t now, int days, int64_t *from, int64_t *to)
{
    struct desk_local_time t;
    desk_tz_local(tz, now, &t);
    *from = desk_tz_day_start(tz, t.year, t.month, t.day - days + 1);
    *to = desk_tz_day_start(tz, t.year, t.month, t.day + 1);
}

bool desk_report_month(const struct desk_tz *tz, const char *month, int64_t *from, int64_t *to)
{
    char first[16];
    int32_t days;
    int y, m, d;
    if (!month || strlen(month) != 7)
        return false;
    snprintf(first, sizeof first, "%s-01", month);
    if (!desk_day_parse(first, &days) || days < 0)
        return false;
    desk_civil_from_days(days, &y, &m, &d);
    *from = desk_tz_day_start(tz, y, m, 1);
    *to = desk_tz_day_start(tz, m == 12 ? y + 1 : y, m == 12 ? 1 : m + 1, 1);
    return true;
}

static int64_t moment(const struct desk_tz *tz, const struct desk_local_time *day, int back, int at)
{
    const struct desk_local_time t = {.year = day->year,
                                      .month = day->month,
                                      .day = day->day - back,
                                      .hour = at / 60,
                                      .minute = at % 60};
    return desk_tz_valid(tz, &t, false);
}

void desk_report_due(const struct desk_tz *tz, int at, int weekday, int64_t now, int64_t *from,
                     int64_t *to)
{
    struct desk_local_time today;
    int every = weekday < 0 ? 1 : 7;
    desk_tz_local(tz, now, &today);
    int back = weekday < 0 ? 0 : (today.weekday - weekday + 7) % 7;
    if (moment(tz, &today, back, at) > now)
        back += every;
    *to = moment(tz, &today, back, at);
    *from = moment(tz, &today, back + every, at);
}

/* ---- words ----------------------------------------------------------------------------------- */

void desk_report_count(struct desk_buf *out, int64_t n, const char *one, const char *many)
{
    desk_buf_fmt(out, "%lld %s", (long long)n, n == 1 ? one : many);
}

static void put(struct desk_buf *out, const char *between, int64_t n, const char *one,
                const char *many)
{
    if (n > 0) {
        desk_buf_str(out, between);
        desk_report_count(out, n, one, many);
    }
}

void desk_report_line(const struct desk_report *r, struct desk_buf *out)
{
    if (r->calls == 0)
        desk_buf_str(out, "no calls");
    else
        desk_report_count(out, r->calls, "call", "calls");
    if (r->calls && r->answered == r->calls)
        desk_buf_str(out, r->calls == 1 ? ", answered" : ", all answered");
    else if (r->calls)
        desk_buf_fmt(out, ", %lld answered", (long long)r->answered);
    put(out, ", ", r->after_hours, "after hours", "after hours");
    desk_buf_str(out, ".");
    put(out, " ", r->emergencies, "emergency.", "emergencies.");
    put(out, " ", r->by_outcome[0], "appointment made.", "appointments made.");
    put(out, " ", r->open, "callback open", "callbacks open");
    put(out, ", ", r->open ? r->late : 0, "late", "late");
    desk_buf_str(out, r->open ? "." : "");
    put(out, " ", r->leads, "new lead.", "new leads.");
    put(out, " ", r->attention, "message could not be delivered.",
        "messages could not be delivered.");
}
