/* What calls lead to: callbacks, leads, tickets and messages are moved on by their state. */
#include "cgi-bin/api/api.h"
#include "cgi-bin/api/rest.h"
#include "cgi-bin/api/session.h"
#include "store/records.h"
#include "store/results.h"

#include <string.h>

/* Something must be asked for. */
static enum desk_rc want(struct desk_request *req, const char *what)
{
    for (const struct desk_param *p = req->route->params; p->name; p++)
        if (!(p->flags & DESK_P_PATH) && desk_param(req, p->name)->given)
            return DESK_OK;
    return session_wrong(req, "#", what);
}

/* Its state is that already: the row is the answer. */
static enum desk_rc conflict(struct desk_request *req, enum desk_rc rc, const char *why)
{
    if (rc != DESK_ENOTFOUND)
        return rc;
    req->detail = why;
    return DESK_ECONFLICT;
}

/* ---- callbacks ------------------------------------------------------------------------------- */

static enum desk_rc callback_state(struct desk_request *req)
{
    static const char *const words[] = {"open", "done", "dropped", NULL};
    const char *id = desk_param(req, "id")->text, *state = desk_param(req, "state")->text;
    struct desk_callback c;
    enum desk_rc rc = rest_check_match(req, id);
    if (!rc)
        rc = rest_one_of(req, "state", words);
    if (!rc)
        rc = desk_page_one(req->db, req->arena, req->route->of, req->tenant.id, id, &c);
    if (!rc && strcmp(c.state, state) != 0)
        rc = strcmp(state, "open") == 0
                 ? conflict(req, desk_callback_reopen(req->db, req->tenant.id, id),
                            "It was closed over ten minutes ago: it cannot be opened again.")
                 : conflict(req, desk_callback_close(req->db, req->tenant.id, id, state),
                            "It is closed already: open it first.");
    return rc ? rc : rest_reply_row(req, id);
}

enum desk_rc api_callbacks_change(struct desk_request *req)
{
    return rest_write(req, callback_state);
}

/* ---- messages -------------------------------------------------------------------------------- */

static enum desk_rc message_state(struct desk_request *req)
{
    static const char *const words[] = {"new", "heard", NULL};
    const char *id = desk_param(req, "id")->text, *state = desk_param(req, "state")->text;
    struct desk_message m;
    enum desk_rc rc = rest_check_match(req, id);
    if (!rc)
        rc = rest_one_of(req, "state", words);
    if (!rc)
        rc = desk_message_get(req->db, req->arena, req->tenant.id, id, &m);
    if (!rc && strcmp(m.state, state) != 0)
        rc = conflict(req,
                      desk_message_mark(req->db, req->tenant.id, id,
                                        strcmp(state, "new") == 0 ? "heard" : "new", state),
                      "It was erased.");
    return rc ? rc : rest_reply_row(req, id);
}

enum desk_rc api_messages_change(struct desk_request *req)
{
    return rest_write(req, message_state);
}

/* ---- leads and tickets ----------------------------------------------------------------------- */

static enum desk_rc lead_state(struct desk_request *req)
{
    static const char *const words[] = {"open", "won", "lost", NULL};
    const char *id = desk_param(req, "id")->text;
    enum desk_rc rc = rest_check_match(req, id);
    if (!rc)
        rc = rest_one_of(req, "state", words);
    if (!rc)
        rc = desk_lead_state(req->db, req->tenant.id, id, desk_param(req, "state")->text);
    return rc ? rc : rest_reply_row(req, id);
}

enum desk_rc api_leads_change(struct desk_request *req)
{
    return rest_write(req, lead_state);
}

static enum desk_rc ticket_state(struct desk_request *req)
{
    static const char *const states[] = {"open", "done", NULL};
    static const char *const priorities[] = {"low", "normal", "high", NULL};
    const char *id = desk_param(req, "id")->text;
    const struct desk_value *state = desk_param(req, "state"),
                            *priority = desk_param(req, "priority");
    enum desk_rc rc = rest_check_match(req, id);
    if (!rc)
        rc = want(req, "Say what is to change: state, priority.");
    if (!rc)
        rc = rest_one_of(req, "state", states);
    if (!rc)
        rc = rest_one_of(req, "priority", priorities);
    if (!rc)
        rc = desk_ticket_state(req->db, req->tenant.id, id, state->given ? state->text : NULL,
                               priority->given ? priority->text : NULL);
    return rc ? rc : rest_reply_row(req, id);
}

enum desk_rc api_tickets_change(struct desk_request *req)
{
    return rest_write(req, ticket_state);
}
