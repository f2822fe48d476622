#include "core/quiet_hours.h"

#include <stdbool.h>

#define QUARTER_MS (15LL * 60 * 1000)
#define DAY_MS     (24LL * 3600 * 1000)

int64_t desk_quiet_until(const struct desk_tz *tz, int from, int to, int64_t utc_ms)
{
    struct desk_local_time t;
    if (from % 24 == to % 24)
        return 0;
    desk_tz_local(tz, utc_ms, &t);
    bool quiet = from < to ? t.hour >= from && t.hour < to : t.hour >= from || t.hour < to;
    if (!quiet)
        return 0;
    const struct desk_local_time end = {
        .year = t.year, .month = t.month, .day = t.day + (from > to && t.hour >= from), .hour = to};
    return desk_tz_valid(tz, &end, false);
}

/* At that moment, the latest end of the quiet there is at any place; 0 = it is quiet at none. */
static int64_t any_until(const struct desk_quiet *q, int64_t utc_ms)
{
    int64_t most = 0;
    for (size_t i = 0; i < q->n; i++) {
        int64_t end = desk_quiet_until(q->tz[i], q->from, q->to, utc_ms);
        most = end > most ? end : most;
    }
    return most;
}

int64_t desk_quiet_ends(const struct desk_quiet *q, int64_t utc_ms)
{
    int64_t at = utc_ms, end;
    while (at < utc_ms + 2 * DAY_MS && (end = any_until(q, at)) > at)
        at = end; /* it may be quiet elsewhere by then */
    return at == utc_ms ? 0 : at;
}

int64_t desk_quiet_before(const struct desk_quiet *q, int64_t utc_ms)
{
    for (int64_t at = utc_ms; at > utc_ms - DAY_MS;
         at -= at % QUARTER_MS ? at % QUARTER_MS : QUARTER_MS)
        if (!any_until(q, at))
            return at;
    return utc_ms;
}
