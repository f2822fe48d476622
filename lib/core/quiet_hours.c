#include "core/quiet_hours.h"

#include <stdbool.h>

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
