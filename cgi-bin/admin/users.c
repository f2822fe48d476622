/* GET /settings/users: who can sign in, and open invitations; POST below it: invite, another role,
 * remove, take an invitation back. */
#include "cgi-bin/admin/admin.h"
#include "base/clock.h"
#include "base/config.h"
#include "core/phone.h"
#include "store/invites.h"
#include "talk/business.h"
#include "talk/owner_tell.h"
#include "talk/texts.h"

#include <stdio.h>
#include <string.h>

#define HERE "/settings/users"

static const struct {
    enum desk_role role;
    const char *label, *may;
} roles[] = {
    {DESK_ROLE_STAFF, "Staff", "see everything, and answer, mark done, move and book"},
    {DESK_ROLE_READ, "May only look", "see everything, and change nothing"},
    {DESK_ROLE_OWNER, "Owner", "do everything, settings and people too"},
};
#define ROLES (sizeof roles / sizeof *roles)

const char *admin_role_label(const char *word)
{
    for (size_t i = 0; i < ROLES; i++)
        if (desk_role_parse(word) == roles[i].role)
            return roles[i].label;
    return "Nothing";
}

/* ---- the page -------------------------------------------------------------------------------- */

struct page {
    struct desk_location *places;
    size_t n_places;
    const char *link, *sent; /* of an invitation just made; whether it goes by text */
    bool wrong;              /* the form was sent, and does not fit */
};

static const char *place_name(const struct page *p, const char *id)
{
    for (size_t i = 0; id && i < p->n_places; i++)
        if (strcmp(p->places[i].id, id) == 0)
            return p->places[i].name;
    return "";
}

/* What can be chosen for somebody; role and place NULL: a new one. */
static void set_choices(struct desk_view *v, const char *prefix, const struct page *p,
                        const char *role, const char *place)
{
    char at[96];
    for (size_t i = 0; i < ROLES; i++) {
        snprintf(at, sizeof at, "%s.Roles.%zu", prefix, i);
        desk_view_setf(v, desk_role_word(roles[i].role), "%s.Value", at);
        desk_view_setf(v, roles[i].label, "%s.Label", at);
        desk_view_setf(v, roles[i].may, "%s.May", at);
        desk_view_setf(v, desk_role_parse(role) == roles[i].role ? "1" : "", "%s.Here", at);
    }
    for (size_t i = 0; p->n_places > 1 && i < p->n_places; i++) {
        snprintf(at, sizeof at, "%s.Places.%zu", prefix, i);
        desk_view_setf(v, p->places[i].id, "%s.Value", at);
        desk_view_setf(v, p->places[i].name, "%s.Label", at);
        desk_view_setf(v, place && strcmp(place, p->places[i].id) == 0 ? "1" : "", "%s.Here", at);
    }
}

static enum desk_rc set_people(struct desk_request *req, struct desk_view *v, const struct page *p)
{
    struct desk_user *u;
    size_t n = 0;
    char prefix[32];
    enum desk_rc rc = desk_user_of_tenant(req->db, req->arena, req->tenant.id, &u, &n);
    for (size_t i = 0; !rc && i < n; i++) {
        snprintf(prefix, sizeof prefix, "People.%zu", i);
        desk_view_fields(v, prefix, &desk_user_fields, &u[i]);
        desk_view_setf(v, admin_role_label(u[i].role), "%s.May", prefix);
        desk_view_setf(v, place_name(p, u[i].location_id), "%s.Place", prefix);
        desk_view_setf(v, strcmp(u[i].id, req->user.id) == 0 ? "1" : "", "%s.Me", prefix);
        set_choices(v, prefix, p, u[i].role, u[i].location_id);
    }
    return rc;
}

static enum desk_rc set_invites(struct desk_request *req, struct desk_view *v, const struct page *p)
{
    struct desk_invite *rows;
    size_t n = 0;
    char prefix[32];
    enum desk_rc rc = desk_invite_open(req->db, req->arena, req->tenant.id, &rows, &n);
    for (size_t i = 0; !rc && i < n; i++) {
        snprintf(prefix, sizeof prefix, "Invites.%zu", i);
        desk_view_fields(v, prefix, &desk_invite_fields, &rows[i]);
        desk_view_setf(v, admin_role_label(rows[i].role), "%s.May", prefix);
        desk_view_setf(v, place_name(p, rows[i].location_id), "%s.Place", prefix);
    }
    return rc;
}

static enum desk_rc show(struct desk_request *req, struct page *p)
{
    static const char *const fields[] = {"name", "number"};
    struct desk_view *v =
        desk_page_begin(req, p->wrong ? "Error: People who can sign in" : "People who can sign in");
    if (!v)
        return DESK_ENOMEM;
    enum desk_rc rc =
        desk_location_list(req->db, req->arena, req->tenant.id, &p->places, &p->n_places);
    if (!rc)
        rc = set_people(req, v, p);
    if (!rc)
        rc = set_invites(req, v, p);
    if (rc)
        return rc;
    set_choices(v, "New", p, p->wrong ? desk_param(req, "role")->text : "staff", NULL);
    desk_view_set(v, "Link", p->link ? p->link : "");
    desk_view_set(v, "Sent", p->sent ? p->sent : "");
    for (size_t i = 0; p->wrong && i < sizeof fields / sizeof *fields; i++) {
        const struct desk_value *f = desk_param(req, fields[i]);
        desk_view_setf(v, f->text, "Form.%s", fields[i]);
        desk_view_setf(v, f->error ? f->error : "", "Wrong.%s", fields[i]);
    }
    if (p->wrong)
        desk_page_error(v, "Nobody was invited.");
    return desk_page_send(req, v, p->wrong ? 422 : 0);
}

enum desk_rc admin_users(struct desk_request *req)
{
    return show(req, &(struct page){.link = NULL});
}

/* ---- inviting -------------------------------------------------------------------------------- */

/* The place somebody is to be limited to: one of the business's, or none ("" = all). */
static enum desk_rc place_of(struct desk_request *req, const char **id)
{
    struct desk_location l;
    const struct desk_value *v = desk_param(req, "place");
    *id = v->given ? v->text : NULL;
    if (v->error)
        return DESK_ENOTFOUND;
    return *id ? desk_location_get(req->db, req->arena, req->tenant.id, *id, &l) : DESK_OK;
}

/* The link by text; *sent says how that goes. In a transaction. */
static enum desk_rc send_link(struct desk_request *req, const char *to, const char *link,
                              const char **sent)
{
    struct desk_business b;
    struct desk_number *numbers;
    size_t n = 0;
    char why[200] = "", shown[64];
    const char *body = NULL;
    enum desk_rc rc = desk_business_of(req->arena, &req->tenant, &req->location, &b);
    if (!rc)
        rc = desk_number_list(req->db, req->arena, req->tenant.id, &numbers, &n);
    if (rc)
        return rc;
    const char *cannot = desk_cannot_text(&b, to);
    if (!n || cannot || !desk_public_reachable()) {
        *sent = cannot ? cannot : "No text is sent from here: this machine has no public address.";
        return DESK_OK;
    }
    const struct desk_sms_value v[] = {{"link", link}};
    rc = desk_text_render(req->arena, &b, "invite", v, 1, &body, why, sizeof why);
    if (!rc)
        rc = desk_text_queue(
            req->db, req->arena,
            &(struct desk_text){.tenant_id = req->tenant.id,
                                .from = numbers[0].e164,
                                .to = to,
                                .name = "invite",
                                .body = body,
                                .key = desk_arena_fmt(req->arena, "invite:%s", req->request_id)});
    *sent = desk_arena_fmt(req->arena, "It is also sent by text to %s.",
                           desk_phone_national(shown, sizeof shown, to));
    return rc;
}

static enum desk_rc invite(struct desk_request *req, struct page *p)
{
    char secret[DESK_TOKEN_LEN];
    const struct desk_value *number = desk_param(req, "number");
    struct desk_invite i = {.tenant_id = req->tenant.id,
                            .name = desk_param(req, "name")->text,
                            .role = desk_param(req, "role")->text};
    enum desk_rc rc = place_of(req, &i.location_id);
    if (!rc && !desk_role_parse(i.role))
        rc = DESK_EINVAL;
    if (!rc)
        rc = desk_invite_new(req->db, &i, secret);
    if (rc)
        return rc;
    p->link = desk_arena_fmt(req->arena, "%s/join/%s", desk_public_base(), secret);
    if (!p->link)
        return DESK_ENOMEM;
    if (number->given)
        rc = send_link(req, number->text, p->link, &p->sent);
    return rc ? rc : desk_audit_add(req->db, req->tenant.id, req->user.id, "user.invite", i.role);
}

/* The link is in this answer and nowhere else, so it leads to no other page. */
enum desk_rc admin_user_invite(struct desk_request *req)
{
    struct page p = {.wrong = req->bad_values != 0};
    if (p.wrong)
        return show(req, &p);
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (rc)
        return rc;
    rc = desk_tx_end(req->db, invite(req, &p));
    return rc ? rc : show(req, &p);
}

/* ---- changing -------------------------------------------------------------------------------- */

typedef enum desk_rc change_fn(struct desk_request *req, const struct desk_user *u);

static enum desk_rc change(struct desk_request *req, change_fn *fn)
{
    struct desk_user u;
    enum desk_rc rc =
        desk_user_get(req->db, req->arena, req->tenant.id, desk_param(req, "id")->text, &u);
    if (!rc)
        rc = DESK_TX_BEGIN(req->db);
    if (rc)
        return rc;
    rc = desk_tx_end(req->db, fn(req, &u));
    if (rc == DESK_ECONFLICT) {
        req->detail = "The last owner stays one. Make somebody else an owner of all places first.";
        return DESK_EFORBID;
    }
    if (!rc)
        desk_reply_redirect(req, HERE);
    return rc;
}

static enum desk_rc set_role(struct desk_request *req, const struct desk_user *u)
{
    const char *role = desk_param(req, "role")->text, *place;
    enum desk_rc rc = place_of(req, &place);
    if (!rc && !desk_role_parse(role))
        rc = DESK_EINVAL;
    if (!rc)
        rc = desk_user_role_set(req->db, u, desk_role_parse(role), place);
    if (!rc)
        rc = desk_audit_add(req->db, req->tenant.id, req->user.id, "user.role", u->id);
    if (rc || strcmp(u->id, req->user.id) == 0) /* then nobody is signed in any more */
        return rc;
    return desk_page_result(req,
                            desk_arena_fmt(req->arena,
                                           "%s is now: %s. It counts when they sign in again.",
                                           u->login, admin_role_label(role)),
                            NULL);
}

static enum desk_rc remove_it(struct desk_request *req, const struct desk_user *u)
{
    enum desk_rc rc = desk_user_delete(req->db, u);
    if (!rc)
        rc = desk_audit_add(req->db, req->tenant.id, req->user.id, "user.remove", u->id);
    if (rc || strcmp(u->id, req->user.id) == 0)
        return rc;
    return desk_page_result(
        req, desk_arena_fmt(req->arena, "Removed: %s. They are signed out.", u->login), NULL);
}

enum desk_rc admin_user_role(struct desk_request *req)
{
    return req->bad_values ? DESK_EINVAL : change(req, set_role);
}

enum desk_rc admin_user_remove(struct desk_request *req)
{
    return change(req, remove_it);
}

enum desk_rc admin_invite_drop(struct desk_request *req)
{
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (rc)
        return rc;
    rc = desk_invite_use(req->db, req->tenant.id, desk_param(req, "id")->text);
    if (!rc)
        rc = desk_audit_add(req->db, req->tenant.id, req->user.id, "user.uninvite", NULL);
    if (!rc)
        rc = desk_page_result(req, "Taken back: that link opens nothing any more.", NULL);
    rc = desk_tx_end(req->db, rc);
    if (!rc)
        desk_reply_redirect(req, HERE);
    return rc;
}
