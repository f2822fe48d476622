/* POST /alerts/:id/seen and …/open: the owner has seen that emergency, or has not after all. */
#include "cgi-bin/admin/today.h"
#include "store/alerts.h"

static enum desk_rc act(struct desk_request *req,
                        enum desk_rc (*change)(struct desk_db *, const char *, const char *),
                        const char *action, const char *words, const char *undo)
{
    const char *id = desk_param(req, "id")->text;
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (rc)
        return rc;
    rc = change(req->db, req->tenant.id, id);
    if (!rc)
        rc = desk_audit_add(req->db, req->tenant.id, req->user.id, action, id);
    if (!rc)
        rc = desk_page_result(req, words, undo);
    rc = desk_tx_end(req->db, rc);
    if (!rc)
        desk_reply_redirect(req, "/");
    return rc;
}

/* Pressed twice: it is seen. */
enum desk_rc admin_alert_seen(struct desk_request *req)
{
    const char *id = desk_param(req, "id")->text;
    enum desk_rc rc = act(req, desk_alert_seen, "alert.seen", "Seen.",
                          desk_arena_fmt(req->arena, "/alerts/%s/open", id));
    if (rc != DESK_ENOTFOUND)
        return rc;
    desk_reply_redirect(req, "/");
    return DESK_OK;
}

enum desk_rc admin_alert_unseen(struct desk_request *req)
{
    enum desk_rc rc = act(req, desk_alert_unseen, "alert.open", "On your list again.", NULL);
    if (rc != DESK_ENOTFOUND)
        return rc;
    desk_reply_redirect(req, "/");
    return DESK_OK;
}
