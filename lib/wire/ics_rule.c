/* Rules as they are written; ics_days.c goes through them. */
#include "wire/ics_rule.h"

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
    static const char *const names[] = {
        [DESK_ICS_DAILY] = "DAILY",      [DESK_ICS_WEEKLY] = "WEEKLY",
        [DESK_ICS_MONTHLY] = "MONTHLY",  [DESK_ICS_YEARLY] = "YEARLY",
        [DESK_ICS_HOURLY] = "HOURLY",    [DESK_ICS_MINUTELY] = "MINUTELY",
        [DESK_ICS_SECONDLY] = "SECONDLY"};
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
        size_t list; /* where it goes */
    } plain[] = {
#define AT(member) offsetof(struct desk_ics_rule, member)
        {"BYHOUR", 0, 23, AT(hour)},           {"BYMINUTE", 0, 59, AT(minute)},
        {"BYSECOND", 0, 60, AT(second)},       {"BYMONTHDAY", -31, 31, AT(monthday)},
        {"BYYEARDAY", -366, 366, AT(yearday)}, {"BYWEEKNO", -53, 53, AT(weekno)},
        {"BYSETPOS", -366, 366, AT(setpos)},
#undef AT
    };
    int v;
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (strlen(plain[i].name) == n && strncasecmp(name, plain[i].name, n) == 0)
            return numbers(p, end, plain[i].least, plain[i].most,
                           (void *)((char *)r + plain[i].list));
    if (n == 8 && strncasecmp(name, "INTERVAL", n) == 0)
        return alone(p, end, 1, 100000, &r->interval);
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

static int by_number(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static void in_order(struct desk_ics_numbers *l)
{
    size_t kept = 0;
    qsort(l->v, l->n, sizeof *l->v, by_number);
    for (size_t i = 0; i < l->n; i++)
        if (!kept || l->v[i] != l->v[kept - 1])
            l->v[kept++] = l->v[i];
    l->n = kept;
}

/* Weeks are numbered within years only, and what is the second Monday of such a week? */
static bool makes_sense(const struct desk_ics_rule *r)
{
    bool nth = false;
    for (size_t i = 0; i < r->n_days; i++)
        nth = nth || r->day[i].nth;
    return !r->weekno.n || (r->freq == DESK_ICS_YEARLY && !nth);
}

bool desk_ics_rule_parse(const char *text, struct desk_ics_rule *out)
{
    bool freq = false;
    memset(out, 0, sizeof *out);
    out->interval = out->week = 1;
    out->until = "";
    for (const char *p = text; *p;) {
        const char *end = p + strcspn(p, ";"), *is = memchr(p, '=', (size_t)(end - p));
        if (end > p) {
            if (!is || !part(p, (size_t)(is - p), is + 1, end, out))
                return false;
            freq = freq || (is - p == 4 && strncasecmp(p, "FREQ", 4) == 0);
        }
        p = *end ? end + 1 : end;
    }
    in_order(&out->hour);
    in_order(&out->minute);
    in_order(&out->second);
    return freq && makes_sense(out);
}
