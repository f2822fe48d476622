/* May this alert go out? The owner is told at once, but not again and again: one alert per caller
 * in five minutes, unless a worse one comes. Pure. */
#ifndef DESK_CORE_ALERT_H
#define DESK_CORE_ALERT_H

#include "core/severity.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DESK_ALERT_PAUSE_MS (5 * 60 * 1000)

struct desk_alert_past {
    int64_t at; /* UTC ms */
    enum desk_severity severity;
    bool told; /* it went out */
};

/* past: of the same caller (of a withheld one: of the same call), any order. */
bool desk_alert_goes(int64_t now, enum desk_severity severity, const struct desk_alert_past *past,
                     size_t n);

#endif
