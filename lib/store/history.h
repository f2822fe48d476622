/* What hangs on one person: calls, and what they led to. Rows of other tables, read by contact. */
#ifndef DESK_STORE_HISTORY_H
#define DESK_STORE_HISTORY_H

#include "base/arena.h"
#include "db/db.h"
#include "store/appointments.h"
#include "store/calls.h"
#include "store/records.h"
#include "store/results.h"

struct desk_history { /* each newest first */
    struct desk_call *calls;
    struct desk_callback *callbacks;
    struct desk_appointment *visits; /* not what is only held */
    struct desk_lead *leads;
    struct desk_ticket *tickets;
    struct desk_vendor_note *notes;
    size_t n_calls, n_callbacks, n_visits, n_leads, n_tickets, n_notes;
};

/* At most max of each. A person nothing is known of has an empty one. Lives in the arena. */
DESK_MUST enum desk_rc desk_history_load(struct desk_db *db, struct desk_arena *a,
                                         const char *tenant_id, const char *contact_id, size_t max,
                                         struct desk_history *out);

#endif
