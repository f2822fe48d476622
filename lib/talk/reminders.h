/* Reminders before appointments, as texts (talk/visit_text.h): each once for each time that an
 * appointment has and each lead of APPOINTMENT_REMINDERS. One that would be due in quiet hours
 * where the number is goes before they begin; none goes for a visit booked after it would have been
 * due, or that begins within half an hour. Blocks on the database. */
#ifndef DESK_TALK_REMINDERS_H
#define DESK_TALK_REMINDERS_H

#include "base/arena.h"
#include "db/db.h"
#include "store/appointments.h"

#include <stdbool.h>

struct desk_reminding {
    int64_t now;
    bool dry; /* queue nothing */
    /* of each that is due; why: why it is not sent, or NULL. May be NULL */
    void (*tell)(void *ctx, const struct desk_appointment *row, int hours, const char *why);
    void *ctx;
};

/* All that are due now of a business, each in a transaction of its own. DESK_EINVAL: its setting
 * cannot be read. */
DESK_MUST enum desk_rc desk_reminders(struct desk_db *db, struct desk_arena *a,
                                      const char *tenant_id, const struct desk_reminding *r);

#endif
