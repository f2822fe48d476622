/* GET and POST /settings/chat: the chat on the business's website, on or off, where and with which
 * first words, and the line that puts it there. GET /settings/chat/preview: a bare page with it. */
#include "cgi-bin/admin/admin.h"
#include "core/chat_words.h"
#include "core/origin.h"
#include "store/web_chats.h"
#include "talk/business.h"

#include <string.h>

/* A business that never had one has none of its values. */
static enum desk_rc load(struct desk_request *req, struct desk_web_chat *c)
{
    enum desk_rc rc = desk_web_chat_get(req->db, req->arena, req->tenant.id, c);
    if (rc == DESK_ENOTFOUND)
        *c = (struct desk_web_chat){.origins = "", .greeting = ""};
    return rc == DESK_ENOTFOUND ? DESK_OK : rc;
}

static const char *by_lines(struct desk_arena *a, const char *origins)
{
    char *text = desk_arena_strdup(a, origins);
    for (char *p = text; p && *p; p++)
        if (*p == ' ')
            *p = '\n';
    return text;
}

/* What goes into a page of the website; "" = there is no key yet. */
static const char *line_of(struct desk_request *req, const struct desk_web_chat *c,
                           const struct desk_business *b)
{
    const char *phone = b->numbers.n ? b->numbers.v[0] : "";
    if (!c->id)
        return "";
    return desk_arena_fmt(
        req->arena, "<script src=\"%s/chat.js\" data-business=\"%s\"%s%s%s defer></script>",
        desk_public_base(), c->id, *phone ? " data-phone=\"" : "", phone, *phone ? "\"" : "");
}

struct wrongs {
    const char *origins, *greeting; /* sentences beside the fields; NULL = fine */
};

static enum desk_rc show(struct desk_request *req, const struct desk_web_chat *c,
                         const struct wrongs *w)
{
    struct desk_business b;
    bool bad = w->origins || w->greeting;
    struct desk_web_chat now;
    struct desk_view *v = desk_page_begin(req, bad ? "Error: Website chat" : "Website chat");
    enum desk_rc rc = v ? load(req, &now) : DESK_ENOMEM;
    if (!rc)
        rc = desk_business_load(req->db, req->arena, req->tenant.id, NULL, &b);
    if (rc)
        return rc;
    desk_view_set(v, "Form.active", c->active ? "1" : "");
    desk_view_set(v, "Form.origins", bad ? c->origins : by_lines(req->arena, c->origins));
    desk_view_set(v, "Form.greeting", c->greeting);
    desk_view_set(v, "Wrong.origins", w->origins);
    desk_view_set(v, "Wrong.greeting", w->greeting);
    desk_view_set(v, "House", desk_chat_say(req->arena, b.language, "greeting", b.name));
    desk_view_set(v, "Line", line_of(req, &now, &b));
    desk_view_set(v, "On", now.active ? "1" : "");
    if (bad)
        desk_page_error(v, "Nothing was saved.");
    return desk_page_send(req, v, bad ? 422 : 0);
}

enum desk_rc admin_chat(struct desk_request *req)
{
    struct desk_web_chat c;
    enum desk_rc rc = load(req, &c);
    return rc ? rc : show(req, &c, &(struct wrongs){NULL, NULL});
}

static enum desk_rc save(struct desk_request *req, const struct desk_web_chat *c)
{
    enum desk_rc rc = desk_web_chat_put(req->db, c);
    if (!rc)
        rc = desk_audit_add(req->db, req->tenant.id, req->user.id, "settings.chat", NULL);
    return rc ? rc
              : desk_page_result(req,
                                 c->active ? "Saved. The chat is on."
                                           : "Saved. The chat is off: it is shown nowhere.",
                                 NULL);
}

enum desk_rc admin_chat_save(struct desk_request *req)
{
    const char *typed = desk_param(req, "origins")->text, *why = NULL;
    const char *origins = desk_origins_tidy(req->arena, typed, &why);
    struct desk_web_chat c = {.tenant_id = req->tenant.id,
                              .active = desk_param(req, "active")->num != 0,
                              .origins = origins ? origins : typed,
                              .greeting = desk_param(req, "greeting")->text};
    struct wrongs w = {why, desk_param(req, "greeting")->error};
    if (!origins && !why)
        return DESK_ENOMEM;
    if (desk_param(req, "origins")->error)
        w.origins = desk_param(req, "origins")->error;
    else if (c.active && !*typed)
        w.origins = "Write the address of at least one website, or leave the chat off.";
    if (w.origins || w.greeting) {
        c.origins = typed;
        return show(req, &c, &w);
    }
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (!rc)
        rc = desk_tx_end(req->db, save(req, &c));
    if (!rc)
        desk_reply_redirect(req, "/settings/chat");
    return rc;
}

enum desk_rc admin_chat_preview(struct desk_request *req)
{
    struct desk_web_chat c;
    struct desk_view *v = desk_page_begin(req, "Website chat: try it");
    enum desk_rc rc = v ? load(req, &c) : DESK_ENOMEM;
    if (rc)
        return rc;
    desk_view_set(v, "Key", c.active ? c.id : NULL);
    return desk_page_part(req, v);
}
