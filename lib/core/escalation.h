/* The escalation matrix: what in a caller's words the owner of the firm should hear of, by a table
 * of the business. The whole of what was said so far is judged, for the work that is asked for now.
 * Pure; any bytes may come; a fraction of a millisecond.
 *
 * budget_over      the caller's own money for this work lies above the limit
 * full_remodel     a room or a house all over, an addition, a conversion
 * angry_client     angry at us, now; a threat, or money wanted back
 * owner_request    the owner or the one in charge of this firm is asked for
 * complex_*        a panel, new circuits, rewiring, faults in several places; mains, sewer, gas,
 *                  slab, repiping, moved drains, water heaters, leaks inside walls */
#ifndef DESK_CORE_ESCALATION_H
#define DESK_CORE_ESCALATION_H

#include "base/limits.h"
#include "core/money.h"

#include <stddef.h>

enum desk_trigger {
    DESK_TRIGGER_BUDGET,
    DESK_TRIGGER_REMODEL,
    DESK_TRIGGER_ANGRY,
    DESK_TRIGGER_OWNER,
    DESK_TRIGGER_ELECTRICAL,
    DESK_TRIGGER_PLUMBING,
    DESK_TRIGGER__MAX
};
#define DESK_TRIGGER_BIT(t) (1u << (t))
#define DESK_TRIGGERS_ALL   ((1u << DESK_TRIGGER__MAX) - 1)

/* What a business wants to hear of. */
struct desk_escalation_table {
    unsigned on;                    /* DESK_TRIGGER_BIT()s that count */
    int64_t budget_limit;           /* whole dollars; strictly over it counts */
    const char *const *owner_names; /* "Victor", "Dr. Imani Cole"; may be NULL */
    size_t n_owner_names;
};

/* All six, 2000, no names. */
extern const struct desk_escalation_table desk_escalation_default;

struct desk_escalation {
    unsigned triggers;         /* DESK_TRIGGER_BIT()s, of those that are on */
    struct desk_budget budget; /* what was named, whether it counts or not */
    char because[DESK_TRIGGER__MAX][DESK_MAX_BECAUSE]; /* "" where not triggered */
};

/* text NULL is ""; table NULL is the default. */
void desk_escalation_judge(const struct desk_escalation_table *table, const char *text,
                           struct desk_escalation *out);

/* "budget_over_2000", "full_remodel" …: names of settings and alerts, whatever the limit is */
const char *desk_trigger_name(enum desk_trigger t);

/* DESK_TRIGGER__MAX if there is none of that name. */
enum desk_trigger desk_trigger_of(const char *name);

#endif
