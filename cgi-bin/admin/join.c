/* GET and POST /join/:secret: who was invited chooses a name and a password, and is signed in. The
 * secret in the address is all they have, and works once. */
#include "cgi-bin/admin/admin.h"
#include "base/clock.h"
#include "base/ids.h"
#include "store/invites.h"

#include <string.h>

#define NAME_MOST 80

static const char gone[] =
    "This invitation was used, taken back, or is older than 3 days. Ask for a new one.";

/* The invitation, and whose it is: for the page's head. */
static enum desk_rc load(struct desk_request *req, struct desk_invite *i)
{
    enum desk_rc rc = desk_invite_find(req->db, req->arena, desk_param(req, "secret")->text, i);
    if (rc == DESK_ENOTFOUND)
        req->detail = gone;
    return rc ? rc : desk_tenant_get(req->db, req->arena, i->tenant_id, &req->tenant);
}

static enum desk_rc show(struct desk_request *req, const struct desk_invite *i, const char *error)
{
    struct desk_view *v =
        desk_page_begin(req, error ? "Error: Your invitation" : "Your invitation");
    if (!v)
        return DESK_ENOMEM;
    desk_view_set(v, "Form.Secret", desk_param(req, "secret")->text);
    desk_view_set(v, "Form.Login", desk_param(req, "login")->text);
    desk_view_set(v, "Invite.Name", i->name ? i->name : "");
    desk_view_set(v, "Invite.May", admin_role_label(i->role));
    if (error)
        desk_page_error(v, error);
    return desk_page_send(req, v, error ? 422 : 0);
}

enum desk_rc admin_join_page(struct desk_request *req)
{
    struct desk_invite i;
    enum desk_rc rc = load(req, &i);
    return rc ? rc : show(req, &i, NULL);
}

static const char *login_wrong(const char *login)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789.-_@";
    size_t n = strlen(login);
    return n && n <= NAME_MOST && strspn(login, letters) == n
               ? NULL
               : "A name to sign in with is of small letters, digits and . - _ @";
}

/* In a transaction: the invitation is used up by whoever is first. */
static enum desk_rc make(struct desk_request *req, const struct desk_invite *i, struct desk_user *u)
{
    enum desk_rc rc = desk_invite_use(req->db, i->tenant_id, i->id);
    if (!rc)
        rc = desk_user_insert(req->db, u);
    if (!rc)
        rc = desk_audit_add(req->db, u->tenant_id, u->id, "user.join", NULL);
    return rc ? rc : admin_enter(req, u, "/");
}

static enum desk_rc join(struct desk_request *req, const struct desk_invite *i)
{
    char id[DESK_ID_LEN], hash[DESK_PASSWORD_HASH_LEN];
    struct desk_user u = {.id = desk_id_new(id, "usr"),
                          .tenant_id = i->tenant_id,
                          .login = desk_param(req, "login")->text,
                          .password_hash = hash,
                          .role = i->role,
                          .location_id = i->location_id,
                          .created_at = desk_now_ms()};
    enum desk_rc rc = admin_password_hash(desk_param(req, "password")->text, hash);
    if (rc == DESK_EBUSY)
        return show(req, i, "Too many people are signing in at once. Try again in a moment.");
    if (!rc)
        rc = DESK_TX_BEGIN(req->db);
    if (rc)
        return rc;
    rc = desk_tx_end(req->db, make(req, i, &u));
    if (rc == DESK_ENOTFOUND)
        req->detail = gone;
    return rc == DESK_ECONFLICT ? show(req, i, "That name is taken. Choose another one.") : rc;
}

enum desk_rc admin_join(struct desk_request *req)
{
    struct desk_invite i;
    const char *login = desk_param(req, "login")->text;
    enum desk_rc rc = load(req, &i);
    if (rc)
        return rc;
    const char *wrong = login_wrong(login);
    if (!wrong)
        wrong = admin_password_wrong(desk_param(req, "password")->text, login);
    return wrong ? show(req, &i, wrong) : join(req, &i);
}
