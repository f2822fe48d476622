#include "core/report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STEP_MS 20

const struct desk_report_outcome desk_report_outcomes[DESK_REPORT_OUTCOMES] = {
    {"booked", "appointment made or moved", "appointments made or moved", true, DESK_TOOK_DESK},
    {"cancelled", "appointment cancelled", "appointments cancelled", true, DESK_TOOK_DESK},
    {"callback", "callback promised", "callbacks promised", true, DESK_TOOK_OWNER},
    {"transferred", "put through", "put through", true, DESK_TOOK_OWNER},
    {"message", "message taken", "messages taken", true, DESK_TOOK_OWNER},
    {"answered", "needing nothing more", "needing nothing more", true, DESK_TOOK_DESK},
    {"screened", "asked to send a text", "asked to send a text", true, DESK_TOOK_DESK},
    {"not_put_through", "nobody picked up", "nobody picked up", false, DESK_TOOK_NOBODY},
    {"hung_up", "hung up early", "hung up early", false, DESK_TOOK_NOBODY},
    {"ended_no_speech", "said nothing", "said nothing", false, DESK_TOOK_NOBODY},
    {"failed", "failed", "failed", false, DESK_TOOK_NOBODY},
    {"blocked", "blocked number", "blocked numbers", false, DESK_TOOK_NOBODY},
    {"machine", "machine", "machines", false, DESK_TOOK_NOBODY},
};

/* ---- counting -------------------------------------------------------------------------------- */

/* Who called: open addressing over the first 64 bits of the keyed hashes of their numbers, doubled
 * when two thirds are taken. The arena keeps what was outgrown; that is as much again. */
struct tally {
    uint64_t key;
    int64_t n; /* 0 = the place is free */
};
struct desk_report_counting {
    struct desk_report *r;
    struct desk_arena *a;
    struct tally *v;
    size_t cap, used;
    struct tally *read; /* of a day that is read */
    size_t read_cap;
};

#define TALLIES_FIRST 256
#define KEY_DIGITS    (DESK_REPORT_KEY_LEN - 1)

/* Of each byte: the value of a hex digit plus one; 0 = it is none. */
static const uint8_t digits[256] = {
    ['0'] = 1, ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
    ['8'] = 9, ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16};

/* False: there are not as many digits. */
static bool key_of(const char *hex, uint64_t *key)
{
    uint64_t v = 0;
    for (int i = 0; i < KEY_DIGITS; i++) {
        uint8_t digit = digits[(unsigned char)hex[i]];
        if (!digit)
            return false;
        v = v << 4 | (uint64_t)(digit - 1);
    }
    *key = v;
    return true;
}

static struct tally *place(struct tally *v, size_t cap, uint64_t key)
{
    size_t i = (size_t)(key ^ key >> 32) & (cap - 1);
    while (v[i].n && v[i].key != key)
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
        if (k->v[i].n)
            *place(v, cap, k->v[i].key) = k->v[i];
    if (v) {
        k->v = v;
        k->cap = cap;
    }
    return v != NULL;
}

static enum desk_rc count_caller(struct desk_report_counting *k, uint64_t key, int64_t n)
{
    if (!room(k))
        return DESK_ENOMEM;
    struct tally *t = place(k->v, k->cap, key);
    k->used += !t->n;
    t->key = key;
    t->n += n;
    return DESK_OK;
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

static struct desk_report_day *day_of(struct desk_report *r, const struct desk_local_time *at)
{
    int32_t day = date_of(at) - r->first_day;
    return day >= 0 && (size_t)day < r->n_days ? &r->by_day[day] : NULL;
}

enum desk_rc desk_report_add(struct desk_report_counting *k, const struct desk_report_call *c)
{
    struct desk_report *r = k->r;
    struct desk_local_time at;
    uint64_t key;
    const struct desk_report_outcome *o = outcome_of(c->outcome);
    bool answered = o && o->answered;
    desk_tz_local(r->tz, c->started_at, &at);
    r->calls++;
    r->answered += answered;
    r->after_hours += c->after_hours;
    r->after_hours_answered += c->after_hours && answered;
    r->talk_ms += c->duration_ms;
    r->by_hour[at.weekday][at.hour]++;
    *(o ? &r->by_outcome[o - desk_report_outcomes] : &r->other) += 1;
    struct desk_report_day *d = day_of(r, &at);
    if (d) {
        d->calls++;
        d->answered += answered;
        d->after_hours += c->after_hours;
        d->after_hours_answered += c->after_hours && answered;
        d->talk_ms += c->duration_ms;
        d->by_hour[at.hour]++;
        *(o ? &d->by_outcome[o - desk_report_outcomes] : &d->other) += 1;
    }
    return c->from_key && key_of(c->from_key, &key) ? count_caller(k, key, 1) : DESK_OK;
}

void desk_report_cost(struct desk_report_counting *k, int64_t started_at, int64_t nanos)
{
    struct desk_local_time at;
    desk_tz_local(k->r->tz, started_at, &at);
    struct desk_report_day *d = day_of(k->r, &at);
    k->r->cost_nanos += nanos;
    if (d)
        d->cost_nanos += nanos;
}

int64_t desk_report_took(const int64_t by_outcome[DESK_REPORT_OUTCOMES], enum desk_report_took who)
{
    int64_t n = 0;
    for (size_t i = 0; i < DESK_REPORT_OUTCOMES; i++)
        n += desk_report_outcomes[i].took == who ? by_outcome[i] : 0;
    return n;
}

/* ---- a day as text --------------------------------------------------------------------------- */

/* DAY_VERSION and all numbers of a struct desk_report_day in their order; callers: 16 digits, how
 * often, a space. With another version goes a migration that empties report_day. */
#define DAY_VERSION 2
#define DAY_NUMBERS (sizeof(struct desk_report_day) / sizeof(int64_t))

void desk_report_day_write(const struct desk_report_counting *k, struct desk_buf *figures,
                           struct desk_buf *callers)
{
    int64_t v[DAY_NUMBERS];
    memcpy(v, &k->r->by_day[0], sizeof v);
    desk_buf_fmt(figures, "%d", DAY_VERSION);
    for (size_t i = 0; i < DAY_NUMBERS; i++)
        desk_buf_fmt(figures, " %" PRId64, v[i]);
    for (size_t i = 0; i < k->cap; i++)
        if (k->v[i].n)
            desk_buf_fmt(callers, "%016" PRIx64 "%" PRId64 " ", k->v[i].key, k->v[i].n);
}

static bool read_number(const char **p, int64_t *n)
{
    char *end;
    *n = strtoll(*p, &end, 10);
    bool fine = end != *p;
    *p = end;
    return fine;
}

static bool read_day(const char *text, struct desk_report_day *d)
{
    int64_t v[DAY_NUMBERS], version;
    if (!read_number(&text, &version) || version != DAY_VERSION)
        return false;
    for (size_t i = 0; i < DAY_NUMBERS; i++)
        if (!read_number(&text, &v[i]))
            return false;
    memcpy(d, v, sizeof v);
    return *text == 0;
}

static bool read_caller(const char **p, uint64_t *key, int64_t *n)
{
    if (!key_of(*p, key))
        return false;
    *p += KEY_DIGITS;
    if (!read_number(p, n) || *n <= 0 || **p != ' ')
        return false;
    ++*p;
    return true;
}

static void sum(struct desk_report *r, size_t day, const struct desk_report_day *d)
{
    int64_t into[DAY_NUMBERS], from[DAY_NUMBERS];
    int weekday = desk_weekday_from_days(r->first_day + (int64_t)day);
    memcpy(into, &r->by_day[day], sizeof into);
    memcpy(from, d, sizeof from);
    for (size_t i = 0; i < DAY_NUMBERS; i++)
        into[i] += from[i];
    memcpy(&r->by_day[day], into, sizeof into);
    r->calls += d->calls;
    r->answered += d->answered;
    r->after_hours += d->after_hours;
    r->after_hours_answered += d->after_hours_answered;
    r->talk_ms += d->talk_ms;
    r->cost_nanos += d->cost_nanos;
    r->other += d->other;
    for (size_t i = 0; i < DESK_REPORT_OUTCOMES; i++)
        r->by_outcome[i] += d->by_outcome[i];
    for (size_t h = 0; h < 24; h++)
        r->by_hour[weekday][h] += d->by_hour[h];
}

/* All of them, in k->read: NULL, they cannot be read or there is no memory (*rc). */
static const struct tally *read_callers(struct desk_report_counting *k, const char *text, size_t *n,
                                        enum desk_rc *rc)
{
    size_t most = strlen(text) / (KEY_DIGITS + 2);
    if (most >= k->read_cap) {
        k->read_cap = most + most / 2 + 1;
        k->read = desk_arena_alloc(k->a, k->read_cap * sizeof *k->read);
    }
    *rc = k->read ? DESK_EINVAL : DESK_ENOMEM;
    for (*n = 0; k->read && *text; ++*n)
        if (*n == most || !read_caller(&text, &k->read[*n].key, &k->read[*n].n))
            return NULL;
    return k->read;
}

enum desk_rc desk_report_day_add(struct desk_report_counting *k, size_t day, const char *figures,
                                 const char *callers)
{
    struct desk_report_day d;
    size_t n = 0;
    enum desk_rc rc;
    if (day >= k->r->n_days || !read_day(figures, &d))
        return DESK_EINVAL;
    const struct tally *v = callers ? read_callers(k, callers, &n, &rc) : NULL;
    if (callers && !v)
        return rc;
    for (size_t i = 0; v && i < n; i++)
        if (count_caller(k, v[i].key, v[i].n))
            return DESK_ENOMEM;
    sum(k->r, day, &d);
    return DESK_OK;
}

/* More calls first; of as many the lower key, so that the same rows give the same list. */
static bool before(const struct tally *t, const struct desk_report_caller *c)
{
    uint64_t key = 0;
    return t->n != c->n ? t->n > c->n : key_of(c->from_key, &key) && t->key < key;
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
    r->top[at] = (struct desk_report_caller){.n = t->n};
    snprintf(r->top[at].from_key, sizeof r->top[at].from_key, "%016" PRIx64, t->key);
    r->n_top = kept + 1;
}

void desk_report_end(struct desk_report_counting *k)
{
    for (size_t i = 0; i < k->cap; i++)
        if (k->v[i].n > 1)
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
