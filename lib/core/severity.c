#include "core/severity.h"

#include <string.h>

static const char *const names[DESK_SEVERITY__MAX] = {
    [DESK_SEVERITY_NONE] = "none", [DESK_P3] = "P3", [DESK_P2] = "P2", [DESK_P1] = "P1"};

const char *desk_severity_name(enum desk_severity s)
{
    return (unsigned)s < DESK_SEVERITY__MAX ? names[s] : names[DESK_SEVERITY_NONE];
}

enum desk_severity desk_severity_of(const char *name)
{
    int s = DESK_SEVERITY_NONE;
    while (s < DESK_SEVERITY__MAX && strcmp(names[s], name ? name : "") != 0)
        s++;
    return (enum desk_severity)s;
}

enum desk_severity desk_severity_parse(const char *name)
{
    enum desk_severity s = desk_severity_of(name);
    return s == DESK_SEVERITY__MAX ? DESK_SEVERITY_NONE : s;
}

bool desk_severity_worse(enum desk_severity a, enum desk_severity b)
{
    return a > b;
}

bool desk_severity_alerts(enum desk_severity s)
{
    return s == DESK_P1 || s == DESK_P2;
}
