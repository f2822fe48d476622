/* GET /settings/tokens and /settings/webhooks: which programs may ask, and which are told. POST
 * makes one, whose secret is on that one page and never again; so a page that is loaded again is
 * refused by its name or address instead of making a second. */
#include "cgi-bin/admin/admin.h"
#include "base/ids.h"
#include "store/outbox.h"
#include "store/webhook_events.h"
#include "talk/webhooks.h"

#include <stdio.h>
#include <string.h>

/* Form.name and Wrong.name of what was sent. */
static void set_form(struct desk_request *req, struct desk_view *v)
{
    const struct desk_param *p = req->method == DESK_POST ? req->route->params : NULL;
    for (; p && p->name; p++) {
        const struct desk_value *value = desk_param(req, p->name);
        desk_view_setf(v, value->text, "Form.%s", p->name);
        desk_view_setf(v, value->error, "Wrong.%s", p->name);
    }
}

/* ---- tokens ---------------------------------------------------------------------------------- */

static const char *scope_words(const char *scope)
{
    return strstr(scope, "write")      ? strstr(scope, "personal")
                                             ? "reads and changes, with what is personal"
                                             : "reads and changes, without what is personal"
           : strstr(scope, "personal") ? "reads, with what is personal"
                                       : "reads, without what is personal";
}

/* secret: of the one that was just made, or NULL; wrong: about its name, or NULL. */
static enum desk_rc show_tokens(struct desk_request *req, const char *secret, const char *wrong)
{
    struct desk_token *rows;
    size_t n = 0;
    bool bad = wrong || (req->bad_values && !secret);
    struct desk_view *v =
        desk_page_begin(req, bad ? "Error: Tokens for programs" : "Tokens for programs");
    enum desk_rc rc =
        v ? desk_token_list(req->db, req->arena, req->tenant.id, &rows, &n) : DESK_ENOMEM;
    for (size_t i = 0; !rc && i < n; i++) {
        char prefix[32];
        snprintf(prefix, sizeof prefix, "Rows.%zu", i);
        desk_view_fields(v, prefix, &desk_token_fields, &rows[i]);
        desk_view_setf(v, rows[i].id, "%s.Id", prefix);
        desk_view_setf(v, scope_words(rows[i].scope), "%s.May", prefix);
    }
    if (rc)
        return rc;
    desk_view_set(v, "Secret", secret);
    if (!secret)
        set_form(req, v);
    desk_view_set(v, "Wrong.name", wrong);
    if (bad)
        desk_page_error(v, "No token was made.");
    return desk_page_send(req, v, bad ? 422 : 0);
}

enum desk_rc admin_tokens(struct desk_request *req)
{
    return show_tokens(req, NULL, NULL);
}

static enum desk_rc name_taken(struct desk_request *req, const char *name, bool *yes)
{
    struct desk_token *rows;
    size_t n = 0;
    enum desk_rc rc = desk_token_list(req->db, req->arena, req->tenant.id, &rows, &n);
    *yes = false;
    for (size_t i = 0; !rc && i < n; i++)
        *yes = *yes || (!rows[i].revoked_at && strcmp(rows[i].name, name) == 0);
    return rc;
}

/* In a transaction. DESK_ECONFLICT: there is one of that name. */
static enum desk_rc make_token(struct desk_request *req, const char *name,
                               char secret[DESK_TOKEN_LEN])
{
    char scope[32];
    bool taken;
    snprintf(scope, sizeof scope, "read%s%s", desk_param(req, "write")->num ? " write" : "",
             desk_param(req, "personal")->num ? " personal" : "");
    enum desk_rc rc = name_taken(req, name, &taken);
    if (!rc && taken)
        rc = DESK_ECONFLICT;
    if (!rc)
        rc = desk_token_create(req->db, req->tenant.id, name, scope, secret);
    return rc ? rc : desk_audit_add(req->db, req->tenant.id, req->user.id, "token.new", name);
}

enum desk_rc admin_token_new(struct desk_request *req)
{
    char secret[DESK_TOKEN_LEN] = "";
    if (req->bad_values)
        return show_tokens(req, NULL, NULL);
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (!rc)
        rc = desk_tx_end(req->db, make_token(req, desk_param(req, "name")->text, secret));
    if (rc == DESK_ECONFLICT)
        return show_tokens(req, NULL,
                           "There is a token of that name already. It is not shown "
                           "again: take it back and make another.");
    return rc ? rc : show_tokens(req, secret, NULL);
}

static enum desk_rc revoke(struct desk_request *req)
{
    enum desk_rc rc = desk_token_revoke(req->db, req->tenant.id, desk_param(req, "id")->text);
    bool was = rc != DESK_ENOTFOUND;
    if (!rc)
        rc = desk_audit_add(req->db, req->tenant.id, req->user.id, "token.revoke", NULL);
    if (!rc || !was)
        rc = desk_page_result(
            req, was ? "Taken back. It opens nothing any more." : "It was taken back already.",
            NULL);
    return rc;
}

enum desk_rc admin_token_revoke(struct desk_request *req)
{
    enum desk_rc rc = req->bad_values ? DESK_EINVAL : DESK_TX_BEGIN(req->db);
    if (!rc)
        rc = desk_tx_end(req->db, revoke(req));
    if (!rc)
        desk_reply_redirect(req, "/settings/tokens");
    return rc;
}

/* ---- webhooks -------------------------------------------------------------------------------- */

static const char *state_words(struct desk_request *req, const struct desk_webhook *w)
{
    if (strcmp(w->state, DESK_WEBHOOK_GONE) == 0)
        return "Off: it said that it is gone.";
    if (strcmp(w->state, DESK_WEBHOOK_FAILING) == 0)
        return "Off: nothing got through for three days.";
    if (strcmp(w->state, DESK_WEBHOOK_ON) != 0)
        return "Off.";
    if (w->failures && w->last_status)
        return desk_arena_fmt(req->arena, "The last one did not get through: it answered %lld.",
                              (long long)w->last_status);
    if (w->failures)
        return "The last one did not get through: it did not answer.";
    return w->last_ok_at ? "The last one got through." : "Nothing was sent to it yet.";
}

static enum desk_rc show_webhooks(struct desk_request *req, const char *secret, const char *member,
                                  const char *wrong)
{
    struct desk_webhook *rows;
    char host[160];
    size_t n = 0;
    bool bad = wrong || (req->bad_values && !secret);
    struct desk_view *v = desk_page_begin(req, bad ? "Error: Webhooks" : "Webhooks");
    enum desk_rc rc =
        v ? desk_webhook_list(req->db, req->arena, req->tenant.id, &rows, &n) : DESK_ENOMEM;
    for (size_t i = 0; !rc && i < n; i++) {
        char prefix[32];
        snprintf(prefix, sizeof prefix, "Rows.%zu", i);
        desk_view_fields(v, prefix, &desk_webhook_fields, &rows[i]);
        desk_view_setf(v, NULL, "%s.Url", prefix);
        desk_view_setf(v, desk_webhook_host(rows[i].url, host, sizeof host), "%s.Host", prefix);
        desk_view_setf(v, state_words(req, &rows[i]), "%s.How", prefix);
        desk_view_setf(v,
                       rows[i].failures || strcmp(rows[i].state, DESK_WEBHOOK_ON) != 0 ? "1" : "",
                       "%s.Bad", prefix);
    }
    for (int i = 0; i < DESK_ON__MAX; i++)
        desk_view_setf(v, desk_happened_name((enum desk_happened)i), "Events.%d", i);
    if (rc)
        return rc;
    desk_view_set(v, "Secret", secret);
    if (!secret)
        set_form(req, v);
    if (wrong)
        desk_view_setf(v, wrong, "Wrong.%s", member);
    if (bad)
        desk_page_error(v, "Nothing was added.");
    return desk_page_send(req, v, bad ? 422 : 0);
}

enum desk_rc admin_webhooks(struct desk_request *req)
{
    return show_webhooks(req, NULL, NULL, NULL);
}

/* In a transaction. DESK_ECONFLICT: that address is told already. */
static enum desk_rc add_webhook(struct desk_request *req, struct desk_webhook *w,
                                char secret[DESK_WEBHOOK_SECRET_LEN])
{
    struct desk_webhook *rows;
    size_t n = 0;
    enum desk_rc rc = desk_webhook_list(req->db, req->arena, req->tenant.id, &rows, &n);
    for (size_t i = 0; !rc && i < n; i++)
        if (strcmp(rows[i].url, w->url) == 0)
            rc = DESK_ECONFLICT;
    desk_webhook_secret_new(secret);
    if (!rc)
        rc = desk_webhook_add(req->db, req->arena, w, secret);
    return rc ? rc : desk_audit_add(req->db, req->tenant.id, req->user.id, "webhook.add", w->id);
}

enum desk_rc admin_webhook_new(struct desk_request *req)
{
    char bad[64] = "", secret[DESK_WEBHOOK_SECRET_LEN];
    const char *member, *format = desk_param(req, "format")->text;
    const char *events = desk_events_tidy(req->arena, desk_param(req, "events")->text, bad);
    struct desk_webhook w = {.tenant_id = req->tenant.id,
                             .url = desk_param(req, "url")->text,
                             .events = events ? events : "*",
                             .format = *format ? format : DESK_WEBHOOK_STANDARD,
                             .personal = desk_param(req, "personal")->num != 0};
    if (req->bad_values)
        return show_webhooks(req, NULL, NULL, NULL);
    if (!events)
        return show_webhooks(
            req, NULL, "events",
            desk_arena_fmt(req->arena, "There is no event named \xe2\x80\x9c%s\xe2\x80\x9d.", bad));
    const char *why = desk_webhook_wrong(&w, false, &member);
    if (why)
        return show_webhooks(req, NULL, member, why);
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (!rc)
        rc = desk_tx_end(req->db, add_webhook(req, &w, secret));
    if (rc == DESK_ECONFLICT)
        return show_webhooks(req, NULL, "url", "That address is told already.");
    if (rc == DESK_ELIMIT)
        return show_webhooks(req, NULL, "url", "There are as many as may be: remove one first.");
    return rc ? rc : show_webhooks(req, secret, NULL, NULL);
}

static enum desk_rc remove_it(struct desk_request *req, const struct desk_webhook *w)
{
    char host[160], text[240];
    enum desk_rc rc = desk_webhook_delete(req->db, req->tenant.id, w->id);
    if (!rc)
        rc = desk_audit_add(req->db, req->tenant.id, req->user.id, "webhook.remove", w->id);
    snprintf(text, sizeof text, "Removed: %s", desk_webhook_host(w->url, host, sizeof host));
    return rc ? rc : desk_page_result(req, text, NULL);
}

static enum desk_rc test_it(struct desk_request *req, const struct desk_webhook *w)
{
    char id[DESK_ID_LEN];
    enum desk_rc rc = desk_webhook_test(req->db, w, id);
    return rc ? rc
              : desk_page_result(req,
                                 "A test event is on its way. Load this page again in a moment: "
                                 "it says whether it got through.",
                                 NULL);
}

static enum desk_rc act(struct desk_request *req,
                        enum desk_rc (*change)(struct desk_request *, const struct desk_webhook *))
{
    struct desk_webhook w;
    enum desk_rc rc =
        desk_webhook_get(req->db, req->arena, req->tenant.id, desk_param(req, "id")->text, &w);
    if (!rc)
        rc = DESK_TX_BEGIN(req->db);
    if (!rc)
        rc = desk_tx_end(req->db, change(req, &w));
    if (!rc)
        desk_reply_redirect(req, "/settings/webhooks");
    return rc;
}

enum desk_rc admin_webhook_remove(struct desk_request *req)
{
    return act(req, remove_it);
}

enum desk_rc admin_webhook_test(struct desk_request *req)
{
    return act(req, test_it);
}
