/* Stretches of time that reports tell of. */
#include "core/report.h"
#include "core/day_text.h"

#include <stdio.h>
#include <string.h>

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

void desk_report_preset(const struct desk_tz *tz, int64_t now, enum desk_report_preset which,
                        int64_t *from, int64_t *to)
{
    struct desk_local_time t;
    desk_tz_local(tz, now, &t);
    bool last = which == DESK_REPORT_LAST_WEEK || which == DESK_REPORT_LAST_MONTH;
    if (which == DESK_REPORT_THIS_WEEK || which == DESK_REPORT_LAST_WEEK) {
        int monday = t.day - (t.weekday + 6) % 7 - (last ? 7 : 0);
        *from = desk_tz_day_start(tz, t.year, t.month, monday);
        *to = desk_tz_day_start(tz, t.year, t.month, monday + 7);
    } else {
        int month = t.month - last;
        *from = desk_tz_day_start(tz, t.year, month, 1);
        *to = desk_tz_day_start(tz, t.year, month + 1, 1);
    }
}

static int64_t days_back(const struct desk_tz *tz, int64_t at, int days)
{
    struct desk_local_time t;
    desk_tz_local(tz, at, &t);
    t.day -= days;
    return desk_tz_valid(tz, &t, false);
}

int desk_report_before(const struct desk_tz *tz, int64_t now, int64_t from, int64_t to,
                       int64_t *before, int64_t *until)
{
    struct desk_local_time a, b;
    desk_tz_local(tz, from, &a);
    desk_tz_local(tz, to, &b);
    int days = (int)(desk_days_from_civil(b.year, b.month, b.day) -
                     desk_days_from_civil(a.year, a.month, a.day));
    *before = days_back(tz, from, days);
    *until = days_back(tz, now < to && now > from ? now : to, days);
    return days;
}
