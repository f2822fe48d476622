/* Hours in which nobody is texted or called unasked. Pure. */
#ifndef DESK_CORE_QUIET_HOURS_H
#define DESK_CORE_QUIET_HOURS_H

#include "base/tz.h"

#include <stddef.h>
#include <stdint.h>

/* The hours, from hour `from` to hour `to` of local time (0 to 24; to before from runs past
 * midnight; the same = never), wherever the one who is meant may be: quiet is what is quiet at any
 * of the places. */
struct desk_quiet {
    int from, to;
    const struct desk_tz *const *tz; /* a NULL in it is UTC */
    size_t n;
};

/* Is it quiet at that moment at one place? 0, or the moment at which it ends. */
int64_t desk_quiet_until(const struct desk_tz *tz, int from, int to, int64_t utc_ms);

/* Is it quiet at any of them? 0, or the first moment after it that is quiet at none (within two
 * days: places that are never awake at the same time are not waited for any longer). */
int64_t desk_quiet_ends(const struct desk_quiet *q, int64_t utc_ms);

/* The latest moment from utc_ms backwards, to the quarter of an hour, that is quiet nowhere; utc_ms
 * itself if there is none within a day. For what must be told before a certain time. */
int64_t desk_quiet_before(const struct desk_quiet *q, int64_t utc_ms);

#endif
