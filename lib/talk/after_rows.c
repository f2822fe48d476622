/* After a call: the rows there are of it. */
#include "talk/after_set.h"
#include "talk/business.h"
#include "talk/prompt.h"

#include <string.h>

#define ALERTS ((size_t)20)

static bool is(const char *a, const char *b)
{
    return a && strcmp(a, b) == 0;
}

static enum desk_rc load_contact(struct after *f)
{
    f->contact = (struct desk_contact){.id = NULL};
    if (!f->call->contact_id)
        return DESK_OK;
    enum desk_rc rc =
        desk_contact_get(f->db, f->a, f->call->tenant_id, f->call->contact_id, &f->contact);
    if (rc || !desk_caller_sure(f->call, &f->contact))
        f->contact = (struct desk_contact){.id = NULL};
    return rc == DESK_ENOTFOUND ? DESK_OK : rc;
}

static enum desk_rc load_theirs(struct after *f)
{
    f->n_theirs = 0;
    return f->call->from_number
               ? desk_appointments_of_number(f->db, f->a, f->call->tenant_id, f->call->from_number,
                                             f->call->started_at, false, AFTER_VISITS, &f->theirs,
                                             &f->n_theirs)
               : DESK_OK;
}

static enum desk_rc load_results(struct after *f)
{
    const char *t = f->call->tenant_id, *id = f->call->id;
    enum desk_rc rc = desk_callback_by_call(f->db, f->a, t, id, &f->callbacks, &f->n_callbacks);
    if (!rc)
        rc = desk_message_by_call(f->db, f->a, t, id, &f->messages, &f->n_messages);
    if (!rc)
        rc = desk_appointments_of_call(f->db, f->a, t, id, &f->visits, &f->n_visits);
    if (!rc)
        rc = load_theirs(f);
    if (!rc)
        rc = desk_lead_by_call(f->db, f->a, t, id, &f->leads, &f->n_leads);
    if (!rc)
        rc = desk_ticket_by_call(f->db, f->a, t, id, &f->tickets, &f->n_tickets);
    return rc ? rc : desk_vendor_note_by_call(f->db, f->a, t, id, &f->vendors, &f->n_vendors);
}

static enum desk_rc load_doings(struct after *f)
{
    const char *t = f->call->tenant_id, *id = f->call->id;
    enum desk_rc rc = desk_outbox_by_call(f->db, f->a, t, id, &f->sent, &f->n_sent);
    if (!rc)
        rc = desk_alert_by_call(f->db, f->a, t, id, &f->alerts, &f->n_alerts);
    if (!rc)
        rc = desk_tool_run_list(f->db, f->a, t, id, &f->runs, &f->n_runs);
    return rc ? rc : desk_usage_by_call(f->db, f->a, t, id, &f->usage, &f->n_usage);
}

enum desk_rc desk_after_rows(struct after *f)
{
    const char *t = f->call->tenant_id;
    enum desk_rc rc = desk_business_load(f->db, f->a, t, f->call->location_id, &f->b);
    if (!rc)
        rc = desk_tenant_settings_load(f->db, f->a, t, &f->own);
    if (!rc)
        rc = load_contact(f);
    if (!rc)
        rc = desk_turn_list(f->db, f->a, t, f->call->id, AFTER_TURNS, &f->turns, &f->n_turns);
    if (!rc)
        rc = load_results(f);
    return rc ? rc : load_doings(f);
}

bool desk_after_of_caller(const struct after *f)
{
    return is(f->call->direction, "inbound") && !is(f->call->caller_kind, "owner") &&
           !is(f->call->caller_kind, "blocked") && !is(f->call->outcome, DESK_OUT_BLOCKED);
}

bool desk_after_caller_spoke(const struct after *f)
{
    for (size_t i = 0; i < f->n_turns; i++)
        if (is(f->turns[i].who, DESK_WHO_CALLER) && !is(f->turns[i].how, "keys"))
            return true;
    return false;
}

const char *desk_after_who(const struct after *f)
{
    const char *const names[] = {f->contact.name,
                                 f->n_callbacks ? f->callbacks[0].name : NULL,
                                 f->n_visits ? f->visits[0].name : NULL,
                                 f->n_leads ? f->leads[0].name : NULL,
                                 f->n_tickets ? f->tickets[0].name : NULL,
                                 f->n_messages ? f->messages[0].from_name : NULL};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i] && *names[i])
            return names[i];
    return "The caller";
}
