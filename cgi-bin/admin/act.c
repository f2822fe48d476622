/* What a button on a call's page does: POST below /calls/:id. */
#include "cgi-bin/admin/admin.h"

enum desk_rc admin_act(struct desk_request *req, admin_find_row *find, admin_change_row *change)
{
    struct desk_call call;
    struct admin_facts f;
    enum desk_rc rc =
        desk_call_get(req->db, req->arena, req->tenant.id, desk_param(req, "id")->text, &call);
    if (!rc)
        rc = admin_facts_load(req, &call, &f);
    if (rc)
        return rc;
    const void *row = find(req, &f);
    if (!row)
        return DESK_ENOTFOUND;
    rc = DESK_TX_BEGIN(req->db);
    if (rc)
        return rc;
    rc = desk_tx_end(req->db, change(req, &f, row));
    const char *back = desk_arena_fmt(req->arena, "/calls/%s", call.id);
    if (!rc)
        desk_reply_redirect(req, back ? back : "/calls");
    return rc;
}
