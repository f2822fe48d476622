#include "core/alert.h"

#include <string.h>

bool desk_severity_worse(enum desk_severity a, enum desk_severity b)
{
    return a != DESK_SEVERITY_NONE && (b == DESK_SEVERITY_NONE || a < b);
}

enum desk_severity desk_severity_parse(const char *name)
{
    for (int s = DESK_P1; name && s < DESK_SEVERITY__MAX; s++)
        if (strcmp(desk_severity_name((enum desk_severity)s), name) == 0)
            return (enum desk_severity)s;
    return DESK_SEVERITY_NONE;
}

bool desk_alert_goes(int64_t now, enum desk_severity severity, const struct desk_alert_past *past,
                     size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (past[i].told && now - past[i].at < DESK_ALERT_PAUSE_MS &&
            !desk_severity_worse(severity, past[i].severity))
            return false;
    return severity != DESK_SEVERITY_NONE;
}
