#include "store/pages.h"
#include "queries.h"
#include "store/appointments.h"
#include "store/calls.h"
#include "store/contacts.h"
#include "store/conversation.h"
#include "store/exceptions.h"
#include "store/jobs.h"
#include "store/records.h"
#include "store/results.h"
#include "store/tenants.h"
#include "store/voice_sessions.h"

#include <stddef.h>

#define PAGE(what, type, list_q, get_q, member)                                                    \
    const struct desk_page desk_page_##what = {#what, &type##_fields, list_q, get_q,               \
                                               offsetof(struct type, member)}

PAGE(exceptions, desk_exception, DESK_Q_EXCEPTION_PAGE, DESK_Q_EXCEPTION_GET, created_at);
PAGE(callbacks, desk_callback, DESK_Q_CALLBACK_PAGE, DESK_Q_CALLBACK_GET, created_at);
PAGE(contacts, desk_contact, DESK_Q_CONTACT_PAGE, DESK_Q_CONTACT_BY_ID, last_at);
PAGE(leads, desk_lead, DESK_Q_LEAD_PAGE, DESK_Q_LEAD_GET, created_at);
PAGE(tickets, desk_ticket, DESK_Q_TICKET_PAGE, DESK_Q_TICKET_GET, created_at);
PAGE(messages, desk_message, DESK_Q_MESSAGE_PAGE, DESK_Q_MESSAGE_GET, created_at);
PAGE(turns, desk_turn, DESK_Q_TURN_PAGE, DESK_Q_TURN_GET, created_at);
PAGE(appointments, desk_appointment, DESK_Q_APPOINTMENT_PAGE, DESK_Q_APPOINTMENT_GET, start_at);
PAGE(sessions, desk_voice_session, DESK_Q_VOICE_SESSION_PAGE, DESK_Q_VOICE_SESSION_GET, created_at);
PAGE(exports, desk_job, DESK_Q_JOB_EXPORT_PAGE, DESK_Q_JOB_EXPORT_GET, created_at);
PAGE(locations, desk_location, DESK_Q_LOCATION_PAGE, DESK_Q_LOCATION_BY_ID, created_at);
PAGE(calls, desk_call, DESK_Q_CALL_FIND, DESK_Q_CALL_BY_ID, started_at);

struct desk_place desk_page_place(const struct desk_page *p, const void *row)
{
    const int64_t *when = (const void *)((const char *)row + p->when);
    return (struct desk_place){*when, *(const char *const *)row}; /* fields.h: id comes first */
}

enum desk_rc desk_page_read(struct desk_db *db, struct desk_arena *a, const struct desk_page *p,
                            const char *tenant_id, const struct desk_place *after,
                            const char *state, size_t max, void **out, size_t *n)
{
    return desk_db_rows(db, p->list,
                        DESK_ARGS(DESK_T(tenant_id), DESK_I(after->when), DESK_T(after->id),
                                  DESK_I((int64_t)max), DESK_T(state)),
                        p->fields, a, max, out, n);
}

enum desk_rc desk_page_one(struct desk_db *db, struct desk_arena *a, const struct desk_page *p,
                           const char *tenant_id, const char *id, void *out)
{
    return desk_db_row(db, p->get, DESK_ARGS(DESK_T(tenant_id), DESK_T(id)), p->fields, a, out);
}
