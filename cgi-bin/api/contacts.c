/* /v1/contacts: people known by their number. What is written here stands as the owner's own word:
 * no caller's word replaces it. */
#include "cgi-bin/api/api.h"
#include "cgi-bin/api/rest.h"
#include "cgi-bin/api/session.h"
#include "core/contact.h"
#include "store/contacts.h"
#include "talk/business.h"

/* What was sent of one fact: "" takes it away, NULL leaves it. */
static const char *sent(struct desk_request *req, const char *name)
{
    const struct desk_value *v = desk_param(req, name);
    if (v->given)
        return v->text;
    return desk_form_find(&req->form, name) ? "" : NULL;
}

static enum desk_rc read_facts(struct desk_request *req, const char *v[DESK_FACT__MAX])
{
    struct desk_business *b = desk_arena_alloc(req->arena, sizeof *b);
    enum desk_rc rc =
        b ? desk_business_of(req->arena, &req->tenant, &req->location, b) : DESK_ENOMEM;
    for (int f = 0; !rc && f < DESK_FACT__MAX; f++) {
        const char *name = desk_contact_fact_name((enum desk_contact_fact)f), *why = "";
        const char *text = sent(req, name);
        v[f] = text;
        if (!text || !*text)
            continue;
        rc = desk_contact_check(req->arena, name, text, b->day_first, &v[f], &why);
        if (rc == DESK_EINVAL)
            rc = session_wrong(req, desk_arena_fmt(req->arena, "#/%s", name),
                               desk_arena_fmt(req->arena, "%s %s.", name, why));
    }
    return rc;
}

static enum desk_rc write_facts(struct desk_request *req, const char *id)
{
    const char *v[DESK_FACT__MAX];
    enum desk_rc rc = read_facts(req, v);
    return rc ? rc
              : desk_contact_set(req->db, req->arena, req->tenant.id, id, v, DESK_FROM_OWNER, NULL);
}

static enum desk_rc add(struct desk_request *req)
{
    struct desk_contact c;
    enum desk_rc rc = desk_contact_ensure(req->db, req->arena, req->tenant.id,
                                          desk_param(req, "number")->text, &c);
    if (!rc) {
        req->detail = "Somebody with this number is known already.";
        return DESK_ECONFLICT;
    }
    rc = rc == DESK_DONE ? write_facts(req, c.id) : rc;
    return rc ? rc : rest_reply_made(req, c.id);
}

enum desk_rc api_contacts_add(struct desk_request *req)
{
    return rest_write(req, add);
}

static enum desk_rc change(struct desk_request *req)
{
    const char *id = desk_param(req, "id")->text;
    enum desk_rc rc = rest_check_match(req, id);
    if (!rc)
        rc = write_facts(req, id);
    return rc ? rc : rest_reply_row(req, id);
}

enum desk_rc api_contacts_change(struct desk_request *req)
{
    return rest_write(req, change);
}
