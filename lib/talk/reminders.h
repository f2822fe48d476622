/* Reminders before appointments, as texts (talk/visit_text.h), calls (talk/remind_call.h) or both,
 * as the business says (reminders.by of its profile, else REMIND_BY; who prefers texts is not
 * called): each once for each time that an appointment has and each lead of APPOINTMENT_REMINDERS.
 * One that would be due in quiet hours
 * where the number is goes before they begin; none goes for a visit booked after it would have been
 * due, or that begins within half an hour. Blocks on the database. */
#ifndef DESK_TALK_REMINDERS_H
#define DESK_TALK_REMINDERS_H

#include "base/arena.h"
#include "core/business.h"
#include "db/db.h"
#include "store/appointments.h"
#include "store/settings.h"

#include <stdbool.h>

struct desk_reminding {
    int64_t now;
    bool dry; /* queue nothing */
    /* of each that is due, by "text" or "call"; why: why it is not, or NULL. May be NULL */
    void (*tell)(void *ctx, const struct desk_appointment *row, int hours, const char *by,
                 const char *why);
    void *ctx;
};

/* All that are due now of a business, each in a transaction of its own. DESK_EINVAL: its setting
 * cannot be read. */
DESK_MUST enum desk_rc desk_reminders(struct desk_db *db, struct desk_arena *a,
                                      const char *tenant_id, const struct desk_reminding *r);

/* How that business reminds: "text", "call", "both" or "off". */
const char *desk_reminders_by(const struct desk_business *b,
                              const struct desk_tenant_settings *own);

#endif
