#include "core/danger.h"
#include "core/emergency.h"
#include "base/limits.h"

#include <stdio.h>

void desk_danger_judge(const struct desk_business *b, const char *said,
                       struct desk_danger_found *out)
{
    char plain[DESK_MAX_BUSINESS_LIST][DESK_EMERGENCY_PHRASE];
    struct desk_emergency_phrase own[DESK_MAX_BUSINESS_LIST];
    struct desk_emergency found;
    size_t n = 0;
    for (size_t i = 0; i < b->emergency.n_phrases && n < DESK_MAX_BUSINESS_LIST; i++, n++) {
        desk_emergency_plain(plain[n], sizeof plain[n], b->emergency.phrases[i].phrase);
        own[n] = (struct desk_emergency_phrase){plain[n], b->emergency.phrases[i].severity};
    }
    desk_emergency_judge(&found, desk_business_kind_name(b->kind), own, n, said ? said : "");
    out->severity = found.severity;
    snprintf(out->because, sizeof out->because, "%s", found.because);
}
