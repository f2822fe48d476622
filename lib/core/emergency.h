/* Is what a caller said an emergency? Pure. */
#ifndef DESK_CORE_EMERGENCY_H
#define DESK_CORE_EMERGENCY_H

#include "core/business.h"
#include "base/limits.h"

struct desk_emergency {
    enum desk_severity severity;
    char because[DESK_MAX_BECAUSE];
};

/* text: all that was said so far; NULL is "". */
void desk_emergency_judge(const struct desk_business *b, const char *text,
                          struct desk_emergency *out);

#endif
