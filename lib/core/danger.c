#include "core/danger.h"
#include "core/emergency.h"
#include "base/limits.h"

#include <stdio.h>

static const enum desk_severity severities[DESK_DANGER__MAX] = {
    [DESK_DANGER_NONE] = DESK_SEVERITY_NONE,
    [DESK_DANGER_P3] = DESK_P3,
    [DESK_DANGER_P2] = DESK_P2,
    [DESK_DANGER_P1] = DESK_P1,
};

static enum desk_danger danger_of(enum desk_severity s)
{
    for (int d = 0; d < DESK_DANGER__MAX; d++)
        if (severities[d] == s)
            return (enum desk_danger)d;
    return DESK_DANGER_NONE;
}

void desk_danger_judge(const struct desk_business *b, const char *said,
                       struct desk_danger_found *out)
{
    char plain[DESK_MAX_BUSINESS_LIST][DESK_EMERGENCY_PHRASE];
    struct desk_emergency_phrase own[DESK_MAX_BUSINESS_LIST];
    struct desk_emergency found;
    size_t n = 0;
    for (size_t i = 0; i < b->emergency.n_phrases && n < DESK_MAX_BUSINESS_LIST; i++, n++) {
        desk_emergency_plain(plain[n], sizeof plain[n], b->emergency.phrases[i].phrase);
        own[n] =
            (struct desk_emergency_phrase){plain[n], danger_of(b->emergency.phrases[i].severity)};
    }
    desk_emergency_judge(&found, desk_business_kind_name(b->kind), own, n, said ? said : "");
    out->severity = severities[found.severity];
    snprintf(out->because, sizeof out->because, "%s", found.because);
}
