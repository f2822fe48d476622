/* Opening hours: {"mon":[["08:00","12:00"],["13:00","17:00"]],…} in the location's zone. A span
 * that ends at or before its begin runs past midnight. Days that are missing are closed. Pure. */
#ifndef DESK_CORE_HOURS_H
#define DESK_CORE_HOURS_H

#include "base/buf.h"
#include "base/tz.h"

#include <stdbool.h>
#include <stdint.h>

/* Open at that moment? Text that is no such object, or has no span at all, counts as always open:
 * a business that did not say is not sent to voicemail. tz NULL = UTC. */
bool desk_hours_open(const char *json, const struct desk_tz *tz, int64_t utc_ms);

/* For reading: "Mon 08:00-12:00, 13:00-17:00; Tue 08:00-17:00; Sun closed". Appends; nothing when
 * there are no hours. */
void desk_hours_text(const char *json, struct desk_buf *out);

#endif
