/* Rules (ics_rule.h) gone through: period by period, day by day, and the times of a day. */
#include "wire/ics_rule.h"
#include "base/tz.h"

/* ---- which days ------------------------------------------------------------------------------ */

struct day {
    int64_t n; /* days since 1970 */
    int year, month, day, weekday;
    int in_month, in_year; /* days of them */
    int of_year;           /* 1 = 1 January */
};

static struct day day_of(int64_t n)
{
    struct day d = {.n = n, .weekday = desk_weekday_from_days(n)};
    desk_civil_from_days(n, &d.year, &d.month, &d.day);
    int64_t first = desk_days_from_civil(d.year, 1, 1);
    d.in_year = (int)(desk_days_from_civil(d.year + 1, 1, 1) - first);
    d.of_year = (int)(n - first) + 1;
    d.in_month = (int)(desk_days_from_civil(d.year, d.month + 1, 1) -
                       desk_days_from_civil(d.year, d.month, 1));
    return d;
}

static bool among(const struct desk_ics_numbers *l, int v, int of)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->v[i] == v || l->v[i] == v - of - 1)
            return true;
    return !l->n;
}

/* The second Monday of the month (of the year, where no month is named), or each. */
static bool right_weekday(const struct desk_ics_rule *r, const struct day *d)
{
    bool year = r->freq == DESK_ICS_YEARLY && !r->months;
    bool nth = r->freq == DESK_ICS_YEARLY || r->freq == DESK_ICS_MONTHLY;
    int at = year ? d->of_year : d->day, of = year ? d->in_year : d->in_month;
    for (size_t i = 0; i < r->n_days; i++) {
        int n = nth ? r->day[i].nth : 0;
        if (d->weekday == r->day[i].weekday &&
            (!n || n == (at - 1) / 7 + 1 || n == -((of - at) / 7 + 1)))
            return true;
    }
    return !r->n_days;
}

/* Weeks belong to the year that has four days of them or more. */
static bool right_week(const struct desk_ics_rule *r, const struct day *d)
{
    if (!r->weekno.n)
        return true;
    struct day fourth = day_of(d->n - (d->weekday - r->week + 7) % 7 + 3);
    int week = (fourth.of_year - 1) / 7 + 1;
    return among(&r->weekno, week, week + (fourth.in_year - fourth.of_year) / 7);
}

/* What the rule leaves open is as on its first day. */
static bool as_first(const struct desk_ics_rule *r, const struct day *d, const struct day *first)
{
    bool open = !r->monthday.n && !r->yearday.n && !r->n_days;
    switch (r->freq) {
    case DESK_ICS_YEARLY:
        if (open && r->weekno.n)
            return d->weekday == first->weekday;
        return !open || (d->day == first->day && (r->months || d->month == first->month));
    case DESK_ICS_MONTHLY:
        return !open || d->day == first->day;
    case DESK_ICS_WEEKLY:
        return r->n_days || d->weekday == first->weekday;
    case DESK_ICS_DAILY:
    case DESK_ICS_HOURLY:
    case DESK_ICS_MINUTELY:
    case DESK_ICS_SECONDLY:
    default:
        return true;
    }
}

static bool fits(const struct desk_ics_rule *r, const struct day *d, const struct day *first)
{
    return (!r->months || r->months & 1u << d->month) && as_first(r, d, first) &&
           among(&r->monthday, d->day, d->in_month) && among(&r->yearday, d->of_year, d->in_year) &&
           right_weekday(r, d) && right_week(r, d);
}

/* What looking at one day costs: long lists more. */
static int64_t cost(const struct desk_ics_rule *r)
{
    return 1 + (int64_t)((r->monthday.n + r->yearday.n + r->weekno.n + r->n_days) / 32);
}

/* ---- times of a day -------------------------------------------------------------------------- */

enum { HOUR, MINUTE, SECOND };

/* All of them are each hour with each minute with each second. */
struct times {
    const int *v[3];
    size_t n[3];
    int own[3];
};

static void one_only(struct times *t, int which, int64_t v)
{
    t->own[which] = (int)v;
    t->v[which] = &t->own[which];
    t->n[which] = 1;
}

static void some(struct times *t, int which, const struct desk_ics_numbers *l, int64_t or_else)
{
    one_only(t, which, or_else);
    if (l->n) {
        t->v[which] = l->v;
        t->n[which] = l->n;
    }
}

static int64_t all_times(const struct times *t)
{
    return (int64_t)(t->n[HOUR] * t->n[MINUTE] * t->n[SECOND]);
}

static int64_t time_at(const struct times *t, int64_t at)
{
    size_t i = (size_t)at;
    return t->v[HOUR][i / (t->n[MINUTE] * t->n[SECOND])] * 3600LL +
           t->v[MINUTE][i / t->n[SECOND] % t->n[MINUTE]] * 60LL + t->v[SECOND][i % t->n[SECOND]];
}

/* ---- one period after the other -------------------------------------------------------------- */

struct run {
    const struct desk_ics_rule *r;
    struct day first;
    int64_t start, until, from, to, *work;
    struct times times;
    int64_t done; /* of the count */
    bool over;
    desk_ics_at *at;
    void *ctx;
};

/* The days of period k. */
static void period(const struct run *x, int64_t k, int64_t *from, int64_t *to)
{
    const struct day *f = &x->first;
    int64_t step = k * x->r->interval, month = f->month - 1 + step;
    switch (x->r->freq) {
    case DESK_ICS_YEARLY:
        *from = desk_days_from_civil(f->year + step, 1, 1);
        *to = desk_days_from_civil(f->year + step + 1, 1, 1);
        return;
    case DESK_ICS_MONTHLY:
        *from = desk_days_from_civil(f->year + month / 12, (int)(month % 12) + 1, 1);
        month++;
        *to = desk_days_from_civil(f->year + month / 12, (int)(month % 12) + 1, 1);
        return;
    case DESK_ICS_WEEKLY:
        *from = f->n - (f->weekday - x->r->week + 7) % 7 + 7 * step;
        *to = *from + 7;
        return;
    case DESK_ICS_DAILY:
    case DESK_ICS_HOURLY:
    case DESK_ICS_MINUTELY:
    case DESK_ICS_SECONDLY:
    default:
        *from = f->n + step;
        *to = *from + 1;
    }
}

/* A period that is before all that is asked for, or 0. */
static int64_t first_period(const struct run *x)
{
    static const int most[] = {[DESK_ICS_DAILY] = 1,
                               [DESK_ICS_WEEKLY] = 7,
                               [DESK_ICS_MONTHLY] = 31,
                               [DESK_ICS_YEARLY] = 366};
    int64_t gone = x->from / DESK_ICS_DAY - x->first.n;
    int64_t k = x->r->count ? 0 : gone / most[x->r->freq] / x->r->interval - 1;
    return k > 0 ? k : 0;
}

static void tell(struct run *x, int64_t at)
{
    if (at < x->start || x->over)
        return;
    x->over = at > x->until || at > x->to || (x->r->count && x->done >= x->r->count);
    if (x->over)
        return;
    x->done++;
    if (at >= x->from)
        x->over = !x->at(x->ctx, at);
}

/* The times of some days: those that BYSETPOS means. */
static enum desk_rc pick(struct run *x, const int64_t *v, int64_t n, const struct times *t)
{
    const struct desk_ics_numbers *setpos = &x->r->setpos;
    int64_t a_day = all_times(t), all = n * a_day;
    for (int64_t i = 0; i < all && !x->over; i++) {
        *x->work -= 1 + (int64_t)(setpos->n / 32);
        if (*x->work < 0)
            return DESK_ELIMIT;
        if (among(setpos, (int)i + 1, (int)all))
            tell(x, v[i / a_day] * DESK_ICS_DAY + time_at(t, i % a_day));
    }
    return DESK_OK;
}

static enum desk_rc run_period(struct run *x, int64_t from, int64_t to)
{
    int64_t v[366];
    int n = 0;
    *x->work -= (to - from) * cost(x->r);
    if (*x->work < 0)
        return DESK_ELIMIT;
    for (int64_t i = from; i < to; i++) {
        struct day d = day_of(i);
        if (fits(x->r, &d, &x->first))
            v[n++] = i;
    }
    return pick(x, v, n, &x->times);
}

static enum desk_rc run_days(struct run *x)
{
    int64_t a = 0, b = 0;
    enum desk_rc rc = DESK_OK;
    for (int64_t k = first_period(x); !rc && !x->over; k++) {
        period(x, k, &a, &b);
        if (a * DESK_ICS_DAY > x->to || a * DESK_ICS_DAY > x->until)
            break;
        rc = run_period(x, a, b);
    }
    return rc;
}

/* ---- more than once a day -------------------------------------------------------------------- */

static int64_t floor_to(int64_t v, int64_t unit)
{
    int64_t over = v % unit;
    return v - (over < 0 ? over + unit : over);
}

/* Where the next one may be at the earliest, when this (of length unit) cannot be one: in the next
 * day, hour, minute. at: it may. */
static int64_t next_fitting(const struct run *x, int64_t at, int64_t unit)
{
    const struct desk_ics_rule *r = x->r;
    int64_t day = floor_to(at, DESK_ICS_DAY), time = at - day;
    struct day d = day_of(day / DESK_ICS_DAY);
    if (!fits(r, &d, &x->first))
        return day + DESK_ICS_DAY;
    if (!among(&r->hour, (int)(time / 3600), 24))
        return floor_to(at, 3600) + 3600;
    if (unit < 3600 && !among(&r->minute, (int)(time / 60 % 60), 60))
        return floor_to(at, 60) + 60;
    if (unit < 60 && !among(&r->second, (int)(time % 60), 60))
        return at + 1;
    return at;
}

/* The hour, minute, second that begins at that time. */
static enum desk_rc run_unit(struct run *x, int64_t at, int64_t unit)
{
    int64_t day = floor_to(at, DESK_ICS_DAY) / DESK_ICS_DAY, time = at - day * DESK_ICS_DAY;
    struct times t = x->times;
    one_only(&t, HOUR, time / 3600);
    if (unit < 3600)
        one_only(&t, MINUTE, time / 60 % 60);
    if (unit < 60)
        one_only(&t, SECOND, time % 60);
    return pick(x, &day, 1, &t);
}

static enum desk_rc run_units(struct run *x)
{
    int64_t unit = x->r->freq == DESK_ICS_HOURLY ? 3600 : x->r->freq == DESK_ICS_MINUTELY ? 60 : 1;
    int64_t step = unit * x->r->interval, base = floor_to(x->start, unit);
    int64_t k = x->r->count || x->from <= base ? 0 : (x->from - base) / step;
    enum desk_rc rc = DESK_OK;
    while (!rc && !x->over) {
        int64_t at = base + k * step;
        if (at > x->to || at > x->until)
            break;
        *x->work -= cost(x->r);
        if (*x->work < 0)
            return DESK_ELIMIT;
        int64_t next = next_fitting(x, at, unit);
        if (next == at)
            rc = run_unit(x, at, unit);
        k = next == at ? k + 1 : (next - base + step - 1) / step;
    }
    return rc;
}

enum desk_rc desk_ics_rule_run(const struct desk_ics_rule *r, int64_t start, int64_t until,
                               int64_t from, int64_t to, int64_t *work, desk_ics_at *at, void *ctx)
{
    int64_t day = floor_to(start, DESK_ICS_DAY) / DESK_ICS_DAY, time = start - day * DESK_ICS_DAY;
    struct run x = {.r = r,
                    .first = day_of(day),
                    .start = start,
                    .until = until,
                    .from = from,
                    .to = to,
                    .work = work,
                    .at = at,
                    .ctx = ctx};
    some(&x.times, HOUR, &r->hour, time / 3600);
    some(&x.times, MINUTE, &r->minute, time / 60 % 60);
    some(&x.times, SECOND, &r->second, time % 60);
    return r->freq >= DESK_ICS_HOURLY ? run_units(&x) : run_days(&x);
}
