/* What happens that others may be told of by webhook, and the outbox rows that tell them: one for
 * each webhook that wants the event, in the transaction of its cause. One table (webhook_events.c)
 * knows the events and which columns of the row go out; those of people (flagged in the row's field
 * table) only to a webhook that says so.
 *
 * The body is made and kept when it happens, and these very bytes are signed and sent. */
#ifndef DESK_STORE_WEBHOOK_EVENTS_H
#define DESK_STORE_WEBHOOK_EVENTS_H

#include "base/arena.h"
#include "base/ids.h"
#include "db/db.h"
#include "store/outbox.h"
#include "store/webhooks.h"

#include <stddef.h>

enum desk_happened {
    DESK_ON_CALL_COMPLETED,
    DESK_ON_LEAD_CREATED,
    DESK_ON_TICKET_CREATED,
    DESK_ON_CALLBACK_CREATED,
    DESK_ON_APPOINTMENT_BOOKED,
    DESK_ON_APPOINTMENT_MOVED,
    DESK_ON_APPOINTMENT_CANCELLED,
    DESK_ON_MESSAGE_TAKEN,
    DESK_ON_ALERT_RAISED,
    DESK_ON__MAX
};

const char *desk_happened_name(enum desk_happened what); /* "lead.created" */

/* It happened to the row of that id. row: as it stands now, where the caller has it; NULL: it is
 * read. Costs one query where no webhook wants it. A second time of the same changes nothing. */
DESK_MUST enum desk_rc desk_happened(struct desk_db *db, enum desk_happened what,
                                     const char *tenant_id, const char *id, const void *row);

/* "*", or names of events with spaces or commas between → the same, one space between, each once,
 * in the arena; "" = all. NULL: one of them is none; bad (64 bytes) says which. */
const char *desk_events_tidy(struct desk_arena *a, const char *text, char bad[64]);

/* A test event ("webhook.test") to that one webhook, whatever it wants and whether it is on. id:
 * that of its outbox row. */
DESK_MUST enum desk_rc desk_webhook_test(struct desk_db *db, const struct desk_webhook *w,
                                         char id[DESK_ID_LEN]);

/* A delivery once more, now, under the same webhook-id, whatever became of it: as a row of its own,
 * whose id is told. DESK_ENOTFOUND: that webhook had no such one. DESK_ECONFLICT: it is on its way
 * this very moment. */
DESK_MUST enum desk_rc desk_webhook_again(struct desk_db *db, struct desk_arena *a,
                                          const struct desk_webhook *w, const char *delivery,
                                          char id[DESK_ID_LEN]);

/* For the worker: the row has arrived under that webhook-id, so that other rows which were to send
 * the same are dropped. */
DESK_MUST enum desk_rc desk_webhook_arrived(struct desk_db *db, const struct desk_webhook *w,
                                            const struct desk_outbox *row, const char *webhook_id);

#endif
