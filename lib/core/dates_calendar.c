/* Spoken dates, fourth step: a day that was said → dates of the calendar. */
#include "core/dates_place.h"

static int days_in_month(int year, int month)
{
    return (int)(desk_days_from_civil(year, month + 1, 1) - desk_days_from_civil(year, month, 1));
}

static int32_t civil(int year, int month, int day)
{
    return (int32_t)desk_days_from_civil(year, month, day);
}

static int32_t monday_of(int32_t date)
{
    return date - (desk_weekday_from_days(date) + 6) % 7;
}

void desk_dates_present(struct present *p, const struct desk_when_place *at)
{
    struct desk_local_time t;
    desk_tz_local(at->tz, at->now, &t);
    *p = (struct present){
        .at = at,
        .today = civil(t.year, t.month, t.day),
        .year = t.year,
        .month = t.month,
        .day = t.day,
        .weekday = t.weekday,
        .minute = t.hour * 60 + t.minute,
        .limit = civil(t.year + 1, t.month, t.day),
    };
    p->monday = monday_of(p->today);
}

bool desk_dates_open_on(const struct present *p, int32_t date)
{
    struct desk_hours_day day;
    desk_hours_day(p->at->hours, date, &day);
    return day.spans.n > 0;
}

bool desk_dates_open_later_on(const struct present *p, int32_t date)
{
    struct desk_instants spans[DESK_MAX_HOURS_SPANS];
    size_t n = desk_hours_instants(p->at->hours, p->at->tz, date, spans);
    return n > 0 && spans[n - 1].to > p->at->now;
}

/* ---- holidays ------------------------------------------------------------------------------- */

/* The n-th such weekday of a month; n < 0 counts from its end. */
static int32_t nth_weekday(int year, int month, int weekday, int n)
{
    int32_t first = civil(year, month, 1), last = civil(year, month + 1, 1) - 1;
    if (weekday == DESK_ANY_WEEKDAY)
        return n < 0 ? last + n + 1 : first + n - 1;
    if (n < 0)
        return last - (desk_weekday_from_days(last) - weekday + 7) % 7 + 7 * (n + 1);
    return first + (weekday - desk_weekday_from_days(first) + 7) % 7 + 7 * (n - 1);
}

/* Easter Sunday, Gregorian; Meeus, Astronomical Algorithms, chapter 8. */
static int32_t easter(int year)
{
    int a = year % 19, b = year / 100, c = year % 100;
    int d = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    int e = (32 + 2 * (b % 4) + 2 * (c / 4) - d - c % 4) % 7;
    int f = d + e - 7 * ((a + 11 * d + 22 * e) / 451) + 114;
    return civil(year, f / 31, f % 31 + 1);
}

int32_t desk_dates_holiday(enum desk_holiday h, int year, bool british)
{
    static const struct {
        int month, day; /* month 0: days from Easter */
        int weekday, n; /* n ≠ 0: the n-th such weekday of that month, and day after it */
    } rows[DESK_HOLIDAY__MAX] = {
        [DESK_HOLIDAY_NEW_YEAR] = {1, 1, 0, 0},      [DESK_HOLIDAY_NEW_YEAR_EVE] = {12, 31, 0, 0},
        [DESK_HOLIDAY_EPIPHANY] = {1, 6, 0, 0},      [DESK_HOLIDAY_MLK] = {1, 0, 1, 3},
        [DESK_HOLIDAY_VALENTINE] = {2, 14, 0, 0},    [DESK_HOLIDAY_PRESIDENTS] = {2, 0, 1, 3},
        [DESK_HOLIDAY_PATRICK] = {3, 17, 0, 0},      [DESK_HOLIDAY_GOOD_FRIDAY] = {0, -2, 0, 0},
        [DESK_HOLIDAY_EASTER] = {0, 0, 0, 0},        [DESK_HOLIDAY_EASTER_MONDAY] = {0, 1, 0, 0},
        [DESK_HOLIDAY_CINCO_DE_MAYO] = {5, 5, 0, 0}, [DESK_HOLIDAY_MOTHERS] = {5, 0, 0, 2},
        [DESK_HOLIDAY_MEMORIAL] = {5, 0, 1, -1},     [DESK_HOLIDAY_JUNETEENTH] = {6, 19, 0, 0},
        [DESK_HOLIDAY_FATHERS] = {6, 0, 0, 3},       [DESK_HOLIDAY_JULY_4] = {7, 4, 0, 0},
        [DESK_HOLIDAY_LABOR] = {9, 0, 1, 1},         [DESK_HOLIDAY_COLUMBUS] = {10, 0, 1, 2},
        [DESK_HOLIDAY_HALLOWEEN] = {10, 31, 0, 0},   [DESK_HOLIDAY_VETERANS] = {11, 11, 0, 0},
        [DESK_HOLIDAY_THANKSGIVING] = {11, 0, 4, 4}, [DESK_HOLIDAY_BLACK_FRIDAY] = {11, 1, 4, 4},
        [DESK_HOLIDAY_CYBER_MONDAY] = {11, 4, 4, 4}, [DESK_HOLIDAY_CHRISTMAS_EVE] = {12, 24, 0, 0},
        [DESK_HOLIDAY_CHRISTMAS] = {12, 25, 0, 0},   [DESK_HOLIDAY_BOXING] = {12, 26, 0, 0},
    };
    if (british && h == DESK_HOLIDAY_MOTHERS)
        return easter(year) - 21; /* Mothering Sunday */
    if (british && h == DESK_HOLIDAY_LABOR)
        return nth_weekday(year, 5, 1, 1);
    if (rows[h].n)
        return nth_weekday(year, rows[h].month, rows[h].weekday, rows[h].n) + rows[h].day;
    return rows[h].month ? civil(year, rows[h].month, rows[h].day) : easter(year) + rows[h].day;
}

/* The next Monday that is closed by its date. */
static enum desk_when_why bank_holiday(const struct present *p, int32_t *out)
{
    struct desk_hours_day day;
    for (int32_t d = p->monday; d <= p->limit; d += 7) {
        desk_hours_day(p->at->hours, d, &day);
        if (d >= p->today && day.why == DESK_HOURS_CLOSURE) {
            *out = d;
            return DESK_WHY_OK;
        }
    }
    return DESK_WHY_VAGUE;
}

/* ---- what comes after the date itself ------------------------------------------------------- */

static void derive(const struct desk_day *d, struct date_range *r)
{
    r->first += d->shift;
    r->last += d->shift;
    if (d->then_weekday >= 0) {
        int wd = desk_weekday_from_days(r->first);
        int32_t step = d->then_before ? -((wd - d->then_weekday + 6) % 7 + 1)
                                      : (d->then_weekday - wd + 6) % 7 + 1;
        r->first = r->last = r->first + step;
    }
    if (d->whole == DESK_WHOLE_WEEK) {
        r->first = monday_of(r->first);
        r->last = r->first + 6;
    } else if (d->whole == DESK_WHOLE_WEEKEND) {
        r->first = monday_of(r->first) + 5;
        r->last = r->first + 1;
    }
}

static enum desk_when_why one(struct date_range *r, int32_t date)
{
    r->first = r->last = date;
    return DESK_WHY_OK;
}

static int year_said(const struct present *p, int year)
{
    switch (year) {
    case DESK_YEAR_THIS:
        return p->year;
    case DESK_YEAR_NEXT:
        return p->year + 1;
    case DESK_YEAR_LAST:
        return p->year - 1;
    default:
        return year;
    }
}

/* ---- one function per kind of day ----------------------------------------------------------- */

static enum desk_when_why in_days(const struct present *p, const struct desk_day *d,
                                  struct date_range *r)
{
    int32_t date = p->today;
    /* after midnight, before sleep: whose tomorrow? */
    if ((d->n == 1 || d->n == 2) && !d->spread && p->minute < 4 * 60)
        return DESK_WHY_MIDNIGHT;
    if (d->open_days)
        for (int left = d->n; left > 0 && date <= p->limit;)
            left -= desk_dates_open_on(p, ++date);
    else
        date += d->n;
    r->first = date - d->spread;
    r->last = date + d->spread;
    return DESK_WHY_OK;
}

static enum desk_when_why in_months(const struct present *p, const struct desk_day *d,
                                    struct date_range *r)
{
    int month = p->month - 1 + d->n;
    int year = p->year + (month - (month % 12 + 12) % 12) / 12;
    month = (month % 12 + 12) % 12 + 1;
    int most = days_in_month(year, month);
    int32_t date = civil(year, month, p->day < most ? p->day : most);
    r->first = date - d->spread;
    r->last = date + d->spread;
    if (date > p->limit)
        return r->first = r->last = date, DESK_WHY_OK; /* too far, and so is all around it */
    return DESK_WHY_OK;
}

static enum desk_when_why weekday(const struct present *p, const struct desk_day *d,
                                  struct date_range *r)
{
    int ahead = (d->weekday - p->weekday + 7) % 7;
    int32_t in_week = p->monday + (d->weekday + 6) % 7;
    switch (d->which) {
    case DESK_WHICH_LAST:
        one(r, p->today + (ahead ? ahead - 7 : -7));
        return DESK_WHY_PAST;
    case DESK_WHICH_OFFSET:
        return one(r, in_week + 7 * d->offset);
    case DESK_WHICH_NEXT:
        one(r, in_week + 7);
        return ahead <= 2 ? DESK_WHY_NEXT : DESK_WHY_OK;
    case DESK_WHICH_COMING:
        one(r, p->today + ahead);
        return ahead <= 2 || in_week + 7 != r->first ? DESK_WHY_NEXT : DESK_WHY_OK;
    default:
        r->rolls = ahead == 0 && d->shift == 0;
        return one(r, p->today + ahead);
    }
}

/* A date with its month; years are tried in turn where none was said. */
static enum desk_when_why month_date(const struct present *p, const struct desk_day *d, int month,
                                     int day, struct date_range *r)
{
    if (month < 1 || month > 12 || day < 1 || day > 31)
        return DESK_WHY_NO_SUCH_DATE;
    if (d->year) {
        int year = year_said(p, d->year);
        if (day > days_in_month(year, month))
            return DESK_WHY_NO_SUCH_DATE;
        return one(r, civil(year, month, day));
    }
    bool exists = false;
    for (int year = p->year - 1; year <= p->year + 1; year++) {
        struct date_range whole;
        if (day > days_in_month(year, month))
            continue;
        one(r, civil(year, month, day));
        whole = *r;
        derive(d, &whole);
        exists = exists || r->first >= p->today;
        if (whole.last < p->today)
            continue;
        /* it went by a few weeks ago: hardly next year's */
        int32_t before = civil(year - 1, month, day);
        return p->today - before <= 45 && p->today > before ? DESK_WHY_LAST_YEAR : DESK_WHY_OK;
    }
    return exists ? DESK_WHY_OK : DESK_WHY_NO_SUCH_DATE;
}

/* "the 3rd": the next month that has one. */
static enum desk_when_why day_of_month(const struct present *p, const struct desk_day *d,
                                       struct date_range *r)
{
    if (d->day < 1 || d->day > 31)
        return DESK_WHY_NO_SUCH_DATE;
    int from = d->which == DESK_WHICH_OFFSET ? d->offset : 0;
    int to = d->which == DESK_WHICH_OFFSET ? d->offset : 12;
    for (int m = from; m <= to; m++) {
        int year = p->year + (p->month - 1 + m) / 12, month = (p->month - 1 + m) % 12 + 1;
        if (p->month - 1 + m < 0)
            return DESK_WHY_PAST;
        if (d->day > days_in_month(year, month))
            continue;
        one(r, civil(year, month, d->day));
        if (r->first >= p->today || d->which == DESK_WHICH_OFFSET)
            return DESK_WHY_OK;
    }
    return DESK_WHY_NO_SUCH_DATE;
}

static enum desk_when_why date(const struct present *p, const struct desk_day *d,
                               struct date_range *r)
{
    int month = d->month, day = d->day;
    if (!month)
        return day_of_month(p, d, r);
    if (d->slashed) {
        bool swap = p->at->day_first ? d->day <= 12 : d->month > 12 && d->day <= 12;
        month = swap ? d->day : d->month;
        day = swap ? d->month : d->day;
    }
    return month_date(p, d, month, day, r);
}

/* Month and year of NTH and MONTH; false when it is not clear which. */
static bool month_said(const struct present *p, const struct desk_day *d, int *year, int *month)
{
    if (!d->month) {
        int m = p->month - 1 + (d->which == DESK_WHICH_OFFSET ? d->offset : 0);
        *year = p->year + (m < 0 ? -1 : m / 12);
        *month = (m + 12) % 12 + 1;
        return true;
    }
    *month = d->month;
    *year = d->year ? year_said(p, d->year) : p->year + (d->month < p->month ? 1 : 0);
    if (d->year)
        return true;
    if (d->which == DESK_WHICH_LAST)
        *year -= 1;
    if (d->which == DESK_WHICH_NEXT && d->month == p->month)
        *year += 1;
    /* "next December" in November: this one or in a year? */
    return d->which != DESK_WHICH_NEXT || (d->month - p->month + 12) % 12 > 1;
}

static enum desk_when_why nth(const struct present *p, const struct desk_day *d,
                              struct date_range *r)
{
    int year, month;
    if (!month_said(p, d, &year, &month))
        return DESK_WHY_NEXT;
    for (int tries = 0; tries < 2; tries++) {
        one(r, nth_weekday(year, month, d->weekday, d->n));
        bool there = r->first >= civil(year, month, 1) && r->first < civil(year, month + 1, 1);
        bool fixed = d->year || d->which == DESK_WHICH_OFFSET;
        if (there && (r->first >= p->today || fixed))
            return DESK_WHY_OK;
        if (!there && fixed)
            break;
        if (d->month)
            year++;
        else
            month++;
    }
    return DESK_WHY_NO_SUCH_DATE;
}

static enum desk_when_why week(const struct present *p, const struct desk_day *d,
                               struct date_range *r)
{
    static const struct {
        int first, last;
    } parts[] = {
        [DESK_PART_WHOLE] = {0, 6}, [DESK_PART_EARLY] = {0, 1}, [DESK_PART_MID] = {2, 2},
        [DESK_PART_LATE] = {3, 4},  [DESK_PART_REST] = {3, 6},
    };
    int32_t monday = p->monday + 7 * d->offset;
    r->first = monday + parts[d->part].first;
    r->last = monday + parts[d->part].last;
    if (d->part == DESK_PART_REST && d->offset == 0) {
        r->first = p->today + 1;
        r->last = monday + 6;
        return r->first > r->last ? DESK_WHY_PAST : DESK_WHY_OK;
    }
    return DESK_WHY_OK;
}

static enum desk_when_why weekend(const struct present *p, const struct desk_day *d,
                                  struct date_range *r)
{
    int32_t saturday = p->monday + 5;
    r->first = saturday;
    switch (d->which) {
    case DESK_WHICH_LAST:
        r->first -= 7;
        break;
    case DESK_WHICH_NEXT:
    case DESK_WHICH_OFFSET:
        r->first += 7;
        break;
    default:
        break;
    }
    r->last = r->first + 1;
    return d->which == DESK_WHICH_NEXT && saturday - p->today <= 2 ? DESK_WHY_NEXT : DESK_WHY_OK;
}

static enum desk_when_why month(const struct present *p, const struct desk_day *d,
                                struct date_range *r)
{
    int year, m;
    if (!month_said(p, d, &year, &m))
        return DESK_WHY_NEXT;
    int32_t first = civil(year, m, 1), last = civil(year, m + 1, 1) - 1;
    static const struct {
        int first, last; /* days after the first; -1: to the end */
    } parts[] = {
        [DESK_PART_WHOLE] = {0, -1}, [DESK_PART_EARLY] = {0, 9},  [DESK_PART_MID] = {10, 19},
        [DESK_PART_LATE] = {20, -1}, [DESK_PART_REST] = {20, -1},
    };
    r->first = first + parts[d->part].first;
    r->last = parts[d->part].last < 0 ? last : first + parts[d->part].last;
    if (d->part == DESK_PART_REST && first <= p->today)
        r->first = p->today + 1;
    if (d->n > 0) {
        r->first = first + 7 * (d->n - 1);
        r->last = r->first + 6 < last ? r->first + 6 : last;
        if (r->first > last)
            return DESK_WHY_NO_SUCH_DATE;
    } else if (d->n < 0) {
        r->first = last - 6;
        r->last = last;
    }
    return DESK_WHY_OK;
}

static enum desk_when_why year(const struct present *p, const struct desk_day *d,
                               struct date_range *r)
{
    int said = year_said(p, d->year);
    r->first = civil(said, 1, 1);
    r->last = civil(said, 12, 31);
    if (r->last < p->today)
        return DESK_WHY_PAST;
    return r->first > p->limit ? DESK_WHY_TOO_FAR : DESK_WHY_VAGUE;
}

static enum desk_when_why holiday(const struct present *p, const struct desk_day *d,
                                  struct date_range *r)
{
    enum desk_holiday h = (enum desk_holiday)d->n;
    int32_t bank;
    if (h == DESK_HOLIDAY_BANK) {
        enum desk_when_why why = bank_holiday(p, &bank);
        return why == DESK_WHY_OK ? one(r, bank) : why;
    }
    if (d->year)
        return one(r, desk_dates_holiday(h, year_said(p, d->year), p->at->day_first));
    for (int y = p->year - 1; y <= p->year + 1; y++) {
        struct date_range whole;
        one(r, desk_dates_holiday(h, y, p->at->day_first));
        whole = *r;
        derive(d, &whole);
        if (whole.last >= p->today)
            break;
    }
    return d->which == DESK_WHICH_LAST ? DESK_WHY_PAST : DESK_WHY_OK;
}

enum desk_when_why desk_dates_range(const struct present *p, const struct desk_day *d,
                                    struct date_range *out)
{
    static enum desk_when_why (*const kinds[DESK_DAY_REF__MAX])(
        const struct present *, const struct desk_day *, struct date_range *) = {
        [DESK_DAY_IN_DAYS] = in_days, [DESK_DAY_IN_MONTHS] = in_months,
        [DESK_DAY_WEEKDAY] = weekday, [DESK_DAY_DATE] = date,
        [DESK_DAY_NTH] = nth,         [DESK_DAY_WEEK] = week,
        [DESK_DAY_WEEKEND] = weekend, [DESK_DAY_MONTH] = month,
        [DESK_DAY_YEAR] = year,       [DESK_DAY_HOLIDAY] = holiday,
    };
    *out = (struct date_range){INT32_MIN, INT32_MIN, false};
    if (!kinds[d->ref])
        return DESK_WHY_NO_DAY;
    enum desk_when_why why = kinds[d->ref](p, d, out);
    if (out->first != INT32_MIN)
        derive(d, out);
    return why;
}
