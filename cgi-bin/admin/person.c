/* GET /people/:id: all that is known of one person. */
#include "cgi-bin/admin/people.h"
#include "store/consents.h"
#include "store/exceptions.h"
#include "store/text_stops.h"

#include <string.h>

static enum desk_rc set_wish(struct desk_request *req, struct desk_view *v, const char *number,
                             const char *about, const char *name)
{
    bool yes = false, no = false;
    enum desk_rc rc = desk_consent_is(req->db, req->tenant.id, number, about, true, &yes);
    if (!rc)
        rc = desk_consent_is(req->db, req->tenant.id, number, about, false, &no);
    desk_view_setf(v, yes ? "yes" : no ? "no" : "", "Wish.%s", name);
    return rc;
}

static enum desk_rc set_wishes(struct desk_request *req, struct desk_view *v,
                               const struct admin_person *p)
{
    bool stopped = false;
    struct desk_exception e;
    enum desk_rc rc = set_wish(req, v, p->c.number, DESK_CONSENT_CALLS, "Calls");
    if (!rc)
        rc = set_wish(req, v, p->c.number, DESK_CONSENT_GREETINGS, "Greetings");
    if (!rc)
        rc = desk_text_stopped(req->db, req->tenant.id, p->c.number, &stopped);
    if (!rc && stopped)
        desk_view_set(v, "Wish.NoTexts", "1");
    if (rc)
        return rc;
    rc = desk_exception_find(req->db, req->arena, req->tenant.id, p->c.number, &e);
    if (!rc)
        desk_view_set(v, "Through", e.id);
    return rc == DESK_ENOTFOUND ? DESK_OK : rc;
}

enum desk_rc admin_person(struct desk_request *req)
{
    struct admin_person p;
    enum desk_rc rc = admin_person_load(req, &p);
    if (rc)
        return rc;
    if (strcmp(p.c.id, desk_param(req, "id")->text) != 0) { /* joined with another since */
        desk_reply_redirect(req, p.path);
        return DESK_OK;
    }
    struct desk_view *v = desk_page_begin(req, desk_arena_fmt(req->arena, "%s, People", p.who));
    if (!v)
        return DESK_ENOMEM;
    admin_person_view(v, &p);
    admin_facts_list(req, v, "Facts", &p.c);
    rc = set_wishes(req, v, &p);
    if (!rc)
        rc = admin_person_past(req, v, &p);
    return rc ? rc : desk_page_send(req, v, 0);
}
