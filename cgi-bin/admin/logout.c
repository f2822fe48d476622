/* POST /logout. */
#include "cgi-bin/admin/admin.h"

enum desk_rc admin_logout(struct desk_request *req)
{
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (rc)
        return rc;
    rc = desk_session_delete(req->db, req->session.id);
    if (!rc)
        rc = desk_audit_add(req->db, req->tenant.id, req->user.id, "logout", NULL);
    rc = desk_tx_end(req->db, rc);
    if (rc)
        return rc;
    desk_reply_cookie(req, DESK_SESSION_COOKIE, "", 0);
    desk_reply_redirect(req, DESK_LOGIN_PATH "?out=1");
    return DESK_OK;
}
