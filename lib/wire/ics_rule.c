#include "wire/ics_rule.h"
#include "base/tz.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- as written ------------------------------------------------------------------------------ */

static const char *const weekdays[] = {"SU", "MO", "TU", "WE", "TH", "FR", "SA"};

static bool number(const char **p, const char *end, int least, int most, int *out)
{
    int sign = 1, v = 0, digits = 0;
    if (*p < end && (**p == '-' || **p == '+'))
        sign = *(*p)++ == '-' ? -1 : 1;
    for (; *p < end && **p >= '0' && **p <= '9' && digits < 7; digits++)
        v = v * 10 + (*(*p)++ - '0');
    *out = sign * v;
    return digits && *out >= least && *out <= most;
}

/* "1,-1,15": of a range, and none of them 0 where least is negative. */
static bool numbers(const char *p, const char *end, int least, int most,
                    struct desk_ics_numbers *out)
{
    for (out->n = 0; p < end; p += *p == ',') {
        if (out->n == DESK_ICS_LIST || !number(&p, end, least, most, &out->v[out->n]) ||
            (least < 0 && !out->v[out->n]) || (p < end && *p != ','))
            return false;
        out->n++;
    }
    return out->n > 0;
}

static int weekday(const char *p, const char *end)
{
    for (int i = 0; i < 7 && end - p == 2; i++)
        if (strncasecmp(p, weekdays[i], 2) == 0)
            return i;
    return -1;
}

/* "MO,-1FR" */
static bool days(const char *p, const char *end, struct desk_ics_rule *r)
{
    for (r->n_days = 0; p < end; p += *p == ',') {
        int nth = 0;
        bool bare = (*p | 0x20) >= 'a' && (*p | 0x20) <= 'z';
        if (r->n_days == DESK_ICS_LIST || (!bare && (!number(&p, end, -53, 53, &nth) || !nth)))
            return false;
        const char *stop = memchr(p, ',', (size_t)(end - p));
        stop = stop ? stop : end;
        int day = weekday(p, stop);
        if (day < 0)
            return false;
        r->day[r->n_days].nth = nth;
        r->day[r->n_days++].weekday = day;
        p = stop;
    }
    return r->n_days > 0;
}

static bool frequency(const char *p, const char *end, struct desk_ics_rule *r)
{
    static const char *const names[] = {[DESK_ICS_DAILY] = "DAILY",
                                        [DESK_ICS_WEEKLY] = "WEEKLY",
                                        [DESK_ICS_MONTHLY] = "MONTHLY",
                                        [DESK_ICS_YEARLY] = "YEARLY"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == (size_t)(end - p) &&
            strncasecmp(p, names[i], (size_t)(end - p)) == 0) {
            r->freq = (enum desk_ics_freq)i;
            return true;
        }
    return false;
}

static bool months(const char *p, const char *end, struct desk_ics_rule *r)
{
    struct desk_ics_numbers n;
    if (!numbers(p, end, 1, 12, &n))
        return false;
    for (size_t i = 0; i < n.n; i++)
        r->months |= 1u << n.v[i];
    return true;
}

static bool alone(const char *p, const char *end, int least, int most, int *out)
{
    return number(&p, end, least, most, out) && p == end;
}

static bool part(const char *name, size_t n, const char *p, const char *end,
                 struct desk_ics_rule *r)
{
    static const struct {
        const char *name;
        int least, most;
        size_t one, list; /* where it goes */
    } plain[] = {
#define AT(member) offsetof(struct desk_ics_rule, member)
        {"INTERVAL", 1, 100000, AT(interval), 0}, {"BYHOUR", 0, 23, AT(hour), 0},
        {"BYMINUTE", 0, 59, AT(minute), 0},       {"BYSECOND", 0, 59, AT(second), 0},
        {"BYMONTHDAY", -31, 31, 0, AT(monthday)}, {"BYYEARDAY", -366, 366, 0, AT(yearday)},
        {"BYSETPOS", -366, 366, 0, AT(setpos)},
#undef AT
    };
    int v;
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        if (strlen(plain[i].name) != n || strncasecmp(name, plain[i].name, n) != 0)
            continue;
        char *to = (char *)r + (plain[i].list ? plain[i].list : plain[i].one);
        return plain[i].list ? numbers(p, end, plain[i].least, plain[i].most, (void *)to)
                             : alone(p, end, plain[i].least, plain[i].most, (void *)to);
    }
    if (n == 4 && strncasecmp(name, "FREQ", n) == 0)
        return frequency(p, end, r);
    if (n == 5 && strncasecmp(name, "BYDAY", n) == 0)
        return days(p, end, r);
    if (n == 7 && strncasecmp(name, "BYMONTH", n) == 0)
        return months(p, end, r);
    if (n == 4 && strncasecmp(name, "WKST", n) == 0)
        return (r->week = weekday(p, end)) >= 0;
    if (n == 5 && strncasecmp(name, "COUNT", n) == 0) {
        bool ok = alone(p, end, 1, 1000000, &v);
        r->count = v;
        return ok;
    }
    if (n == 5 && strncasecmp(name, "UNTIL", n) == 0) {
        r->until = p;
        r->until_n = (size_t)(end - p);
        return p < end;
    }
    return n > 2 && strncasecmp(name, "X-", 2) == 0;
}

bool desk_ics_rule_parse(const char *text, struct desk_ics_rule *out)
{
    bool freq = false;
    *out = (struct desk_ics_rule){
        .interval = 1, .week = 1, .hour = -1, .minute = -1, .second = -1, .until = ""};
    for (const char *p = text; *p;) {
        const char *end = p + strcspn(p, ";"), *is = memchr(p, '=', (size_t)(end - p));
        if (end > p) {
            if (!is || !part(p, (size_t)(is - p), is + 1, end, out))
                return false;
            freq = freq || (is - p == 4 && strncasecmp(p, "FREQ", 4) == 0);
        }
        p = *end ? end + 1 : end;
    }
    return freq;
}

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

/* What the rule leaves open is as on its first day. */
static bool as_first(const struct desk_ics_rule *r, const struct day *d, const struct day *first)
{
    bool open = !r->monthday.n && !r->yearday.n && !r->n_days;
    switch (r->freq) {
    case DESK_ICS_YEARLY:
        return !open || (d->day == first->day && (r->months || d->month == first->month));
    case DESK_ICS_MONTHLY:
        return !open || d->day == first->day;
    case DESK_ICS_WEEKLY:
        return r->n_days || d->weekday == first->weekday;
    case DESK_ICS_DAILY:
    default:
        return true;
    }
}

static bool fits(const struct desk_ics_rule *r, const struct day *d, const struct day *first)
{
    return (!r->months || r->months & 1u << d->month) && as_first(r, d, first) &&
           among(&r->monthday, d->day, d->in_month) && among(&r->yearday, d->of_year, d->in_year) &&
           right_weekday(r, d);
}

/* ---- one period after the other -------------------------------------------------------------- */

struct run {
    const struct desk_ics_rule *r;
    struct day first;
    int64_t start, until, from, to, *work;
    int time;     /* of the day */
    int64_t done; /* of the count */
    bool over, told;
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
    bool start = at == x->start;
    x->over = at > x->until || at > x->to || (x->r->count && x->done >= x->r->count);
    if (x->over)
        return;
    x->done++;
    if (at >= x->from && !(start && x->told))
        x->over = !x->at(x->ctx, at);
}

/* Those of a period that BYSETPOS means. */
static void pick(struct run *x, const int64_t *v, int n)
{
    for (int i = 0; i < n; i++)
        if (among(&x->r->setpos, i + 1, n))
            tell(x, v[i] * DESK_ICS_DAY + x->time);
}

static enum desk_rc run_period(struct run *x, int64_t from, int64_t to)
{
    int64_t v[366];
    int n = 0;
    *x->work -= to - from;
    if (*x->work < 0)
        return DESK_ELIMIT;
    for (int64_t i = from; i < to; i++) {
        struct day d = day_of(i);
        if (fits(x->r, &d, &x->first))
            v[n++] = i;
    }
    pick(x, v, n);
    return DESK_OK;
}

static int or_else(int v, int64_t other)
{
    return v < 0 ? (int)other : v;
}

enum desk_rc desk_ics_rule_run(const struct desk_ics_rule *r, int64_t start, int64_t until,
                               int64_t from, int64_t to, int64_t *work, desk_ics_at *at, void *ctx)
{
    int64_t day = start / DESK_ICS_DAY - (start % DESK_ICS_DAY < 0);
    int64_t time = start - day * DESK_ICS_DAY, a = 0, b = 0;
    struct run x = {.r = r,
                    .first = day_of(day),
                    .start = start,
                    .until = until,
                    .from = from,
                    .to = to,
                    .work = work,
                    .at = at,
                    .ctx = ctx};
    enum desk_rc rc = DESK_OK;
    x.time = or_else(r->hour, time / 3600) * 3600 + or_else(r->minute, time / 60 % 60) * 60 +
             or_else(r->second, time % 60);
    if (start >= from && start <= to) {
        x.told = true;
        x.over = !at(ctx, start);
    }
    for (int64_t k = first_period(&x); !rc && !x.over; k++) {
        period(&x, k, &a, &b);
        if (a * DESK_ICS_DAY > to || a * DESK_ICS_DAY > until)
            break;
        rc = run_period(&x, a, b);
    }
    return rc;
}
