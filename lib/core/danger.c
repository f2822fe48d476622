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

struct desk_escalation_table desk_danger_matrix(const struct desk_business *b,
                                                const char *names[DESK_OWNER_NAMES])
{
    struct desk_escalation_table t = {.on = b->escalation.on ? b->escalation.triggers : 0,
                                      .budget_limit = b->escalation.budget_cents / 100,
                                      .owner_names = names};
    if (!b->escalation.budget_cents)
        t.on &= ~DESK_TRIGGER_BIT(DESK_TRIGGER_BUDGET);
    if (*b->owner->name)
        names[t.n_owner_names++] = b->owner->name;
    for (size_t i = 0; i < b->owner->also.n && t.n_owner_names < DESK_OWNER_NAMES; i++)
        names[t.n_owner_names++] = b->owner->also.v[i];
    return t;
}
