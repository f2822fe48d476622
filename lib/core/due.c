#include "core/due.h"

#define MINUTE_MS 60000LL
#define NOON      (12 * 60)
#define SPANS     200 /* of opening hours gone through: a month of them */

int64_t desk_due_after(const struct desk_due_ask *ask, int64_t from, long minutes)
{
    int64_t at = from, left = minutes * MINUTE_MS;
    for (int i = 0; i < SPANS; i++) {
        struct desk_hours_state s;
        if (!desk_hours_next_open(ask->hours, ask->tz, at, &at))
            break; /* it does not open any more: by the clock on the wall */
        desk_hours_at(ask->hours, ask->tz, at, &s);
        int64_t span = s.until > at ? s.until - at : MINUTE_MS;
        if (span >= left)
            return at + left;
        left -= span;
        at += span;
    }
    return from + minutes * MINUTE_MS;
}

/* When the business closes for the last time within it; 0 = it is not open in it at all. */
static int64_t last_open(const struct desk_due_ask *ask, int64_t from, int64_t to)
{
    int64_t last = 0;
    int32_t first = desk_hours_date(ask->tz, from), end = desk_hours_date(ask->tz, to);
    for (int32_t d = end > first + 31 ? end - 31 : first - 1; d <= end; d++) {
        struct desk_instants spans[DESK_MAX_HOURS_SPANS];
        size_t n = desk_hours_instants(ask->hours, ask->tz, d, spans);
        for (size_t i = 0; i < n; i++) {
            int64_t close = spans[i].to < to ? spans[i].to : to;
            if (spans[i].from < to && close > from && close > last)
                last = close;
        }
    }
    return last;
}

static int64_t day_start(const struct desk_tz *tz, int32_t days)
{
    int year, month, day;
    desk_civil_from_days(days, &year, &month, &day);
    return desk_tz_day_start(tz, year, month, day);
}

void desk_due_wanted(const char *text, const struct desk_when_place *at, int64_t *start,
                     int64_t *end)
{
    static const struct desk_hours always;
    const struct desk_when_place place = {&always, at->tz, at->now, at->day_first};
    struct desk_when w;
    struct desk_resolved r;
    *start = *end = 0;
    desk_when_read(&w, text, at->day_first);
    bool one = w.time == DESK_TIME_AT || w.time == DESK_TIME_AROUND || w.time == DESK_TIME_AFTER;
    if (one && !w.from.sure && w.from.minute < NOON)
        w.from = (struct desk_clock){w.from.minute + NOON, true};
    desk_when_resolve(&w, &place, &r);
    if (r.kind == DESK_WHEN_SLOT_WINDOW) {
        int64_t hour = r.start + 60 * MINUTE_MS;
        *start = r.start;
        *end = w.time == DESK_TIME_AFTER && r.end > hour ? hour : r.end;
    } else if (r.first != INT32_MIN) { /* a day, or not even its time: from its beginning on */
        *start = day_start(at->tz, r.first);
    }
    if (*start <= at->now && (*end <= at->now)) /* past: they can only mean something else */
        *start = *end = 0;
}

static int64_t due_at(const struct desk_due_ask *ask)
{
    const int64_t start = ask->window_start, end = ask->window_end;
    if (ask->urgent && !start)
        return ask->created + ask->urgent_minutes * MINUTE_MS;
    if (!start)
        return desk_due_after(ask, ask->created, ask->minutes);
    if (!end)
        return desk_due_after(ask, start > ask->created ? start : ask->created, ask->minutes);
    if (end <= start) /* at that very time */
        return start;
    int64_t close = last_open(ask, start > ask->created ? start : ask->created, end);
    return close ? close : end;
}

void desk_due(const struct desk_due_ask *ask, struct desk_due *out)
{
    int64_t soonest = ask->created + ask->urgent_minutes * MINUTE_MS;
    out->at = due_at(ask);
    if (out->at < soonest) /* "now", or a time that is past: somebody needs a moment for it */
        out->at = soonest;
    out->remind = out->at - ask->remind_minutes * MINUTE_MS;
    if (out->remind < ask->created)
        out->remind = ask->created;
}
