/* Emergencies as a business has set them up: the built-in judge (core/emergency.h) for its kind of
 * business, with its own phrases over it, or its phrases alone. Pure. */
#ifndef DESK_CORE_DANGER_H
#define DESK_CORE_DANGER_H

#include "core/business.h"
#include "core/escalation.h"

#define DESK_DANGER_BECAUSE 200

struct desk_danger_found {
    enum desk_severity severity;
    char because[DESK_DANGER_BECAUSE];
};

/* said: all that this caller has said so far; NULL is "". */
void desk_danger_judge(const struct desk_business *b, const char *said,
                       struct desk_danger_found *out);

/* What the owner wants to hear of beside that, as the business has set it up. names: room for how
 * the owner is called, kept by the table. */
#define DESK_OWNER_NAMES 8
struct desk_escalation_table desk_danger_matrix(const struct desk_business *b,
                                                const char *names[DESK_OWNER_NAMES]);

#endif
