#include "store/history.h"
#include "queries.h"

#include <string.h>

enum desk_rc desk_history_load(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                               const char *contact_id, size_t max, struct desk_history *out)
{
    void *rows[6] = {NULL};
    const struct {
        unsigned q;
        const struct desk_fields *f;
        size_t *n;
    } parts[] = {{DESK_Q_HISTORY_CALLS, &desk_call_fields, &out->n_calls},
                 {DESK_Q_HISTORY_CALLBACKS, &desk_callback_fields, &out->n_callbacks},
                 {DESK_Q_HISTORY_APPOINTMENTS, &desk_appointment_fields, &out->n_visits},
                 {DESK_Q_HISTORY_LEADS, &desk_lead_fields, &out->n_leads},
                 {DESK_Q_HISTORY_TICKETS, &desk_ticket_fields, &out->n_tickets},
                 {DESK_Q_HISTORY_NOTES, &desk_vendor_note_fields, &out->n_notes}};
    enum desk_rc rc = DESK_OK;
    memset(out, 0, sizeof *out);
    for (size_t i = 0; !rc && i < sizeof parts / sizeof *parts; i++)
        rc = desk_db_rows(db, parts[i].q,
                          DESK_ARGS(DESK_T(tenant_id), DESK_T(contact_id), DESK_I((int64_t)max)),
                          parts[i].f, a, max, &rows[i], parts[i].n);
    out->calls = rows[0];
    out->callbacks = rows[1];
    out->visits = rows[2];
    out->leads = rows[3];
    out->tickets = rows[4];
    out->notes = rows[5];
    return rc;
}
