/* How bad it is: one scale for what is judged, told, stored and set up. Greater is worse. Pure. */
#ifndef DESK_CORE_SEVERITY_H
#define DESK_CORE_SEVERITY_H

#include <stdbool.h>

enum desk_severity {
    DESK_SEVERITY_NONE,
    DESK_P3, /* a minor defect */
    DESK_P2, /* a major failure, to be seen to within hours */
    DESK_P1, /* danger to life or health, damage out of control */
    DESK_SEVERITY__MAX
};

/* "none", "P1" …; never NULL. */
const char *desk_severity_name(enum desk_severity s);

/* DESK_SEVERITY__MAX when it is no such name. */
enum desk_severity desk_severity_of(const char *name);

/* The same, but no such name is NONE. */
enum desk_severity desk_severity_parse(const char *name);

/* Is a worse than b? */
bool desk_severity_worse(enum desk_severity a, enum desk_severity b);

/* P1 and P2: the owner hears of it at once, and the talk is led by the emergency script. */
bool desk_severity_alerts(enum desk_severity s);

#endif
