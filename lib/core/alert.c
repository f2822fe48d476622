#include "core/alert.h"

bool desk_alert_goes(int64_t now, enum desk_severity severity, const struct desk_alert_past *past,
                     size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (past[i].told && now - past[i].at < DESK_ALERT_PAUSE_MS &&
            !desk_severity_worse(severity, past[i].severity))
            return false;
    return severity != DESK_SEVERITY_NONE;
}
