/* GET /settings/telegram: which chats of Telegram answer to whom. POST gives a code that makes a
 * chat one's own, shown once; …/unlink takes a chat away. */
#include "cgi-bin/admin/admin.h"
#include "base/clock.h"
#include "base/config.h"
#include "store/telegram.h"

#include <stdio.h>

#define HERE "/settings/telegram"

static enum desk_rc set_chats(struct desk_request *req, struct desk_view *v)
{
    struct desk_telegram_link *rows;
    struct desk_user u;
    size_t n = 0;
    char at[32];
    enum desk_rc rc = desk_telegram_link_list(req->db, req->arena, req->tenant.id, &rows, &n);
    for (size_t i = 0; !rc && i < n; i++) {
        rc = desk_user_get(req->db, req->arena, req->tenant.id, rows[i].user_id, &u);
        if (rc)
            return rc;
        desk_view_setf(v, rows[i].id, "Chats.%zu.Id", i);
        desk_view_setf(v, rows[i].name, "Chats.%zu.Name", i);
        desk_view_setf(v, u.login, "Chats.%zu.Login", i);
        snprintf(at, sizeof at, "%lld", (long long)rows[i].created_at);
        desk_view_setf(v, at, "Chats.%zu.Since", i);
        desk_view_setf(v, rows[i].muted_until > desk_now_ms() ? "1" : "", "Chats.%zu.Muted", i);
    }
    return rc;
}

/* code NULL: none was just made. */
static enum desk_rc show(struct desk_request *req, const char *code)
{
    struct desk_view *v = desk_page_begin(req, "Telegram");
    enum desk_rc rc = v ? set_chats(req, v) : DESK_ENOMEM;
    if (rc)
        return rc;
    desk_view_set(v, "Bot", *desk_setting(DESK_S_TELEGRAM_BOT_TOKEN) ? "1" : "");
    desk_view_set(v, "Code", code);
    desk_view_int(v, "Minutes", DESK_TELEGRAM_CODE_MS / 60000);
    return desk_page_send(req, v, 0);
}

enum desk_rc admin_telegram(struct desk_request *req)
{
    return show(req, NULL);
}

/* In a transaction. */
static enum desk_rc make_code(struct desk_request *req, char code[DESK_TELEGRAM_CODE_LEN])
{
    enum desk_rc rc =
        desk_telegram_code_new(req->db, req->tenant.id, req->user.id, desk_now_ms(), code);
    return rc ? rc
              : desk_audit_add(req->db, req->tenant.id, req->user.id, "telegram.code",
                               req->user.id);
}

enum desk_rc admin_telegram_code(struct desk_request *req)
{
    char code[DESK_TELEGRAM_CODE_LEN];
    if (!*desk_setting(DESK_S_TELEGRAM_BOT_TOKEN)) /* nobody would take it */
        return show(req, NULL);
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (!rc)
        rc = desk_tx_end(req->db, make_code(req, code));
    return rc ? rc : show(req, code);
}

static enum desk_rc unlink_chat(struct desk_request *req)
{
    const char *id = desk_param(req, "id")->text;
    enum desk_rc rc = desk_telegram_unlink(req->db, req->tenant.id, id);
    bool was = rc != DESK_ENOTFOUND;
    if (!rc)
        rc = desk_audit_add(req->db, req->tenant.id, req->user.id, "telegram.unlink", id);
    if (!rc || !was)
        rc = desk_page_result(req,
                              was ? "That chat is told nothing any more, and gets no answers."
                                  : "That chat was taken away already.",
                              NULL);
    return rc;
}

enum desk_rc admin_telegram_unlink(struct desk_request *req)
{
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (!rc)
        rc = desk_tx_end(req->db, unlink_chat(req));
    if (!rc)
        desk_reply_redirect(req, HERE);
    return rc;
}
