/* Hours in which nobody is texted unasked. Pure. */
#ifndef DESK_CORE_QUIET_HOURS_H
#define DESK_CORE_QUIET_HOURS_H

#include "base/tz.h"

#include <stdint.h>

/* Is it quiet at that moment, from hour `from` to hour `to` of local time (0 to 24; to before from
 * runs past midnight; the same = never)? 0, or the moment at which it ends. */
int64_t desk_quiet_until(const struct desk_tz *tz, int from, int to, int64_t utc_ms);

#endif
