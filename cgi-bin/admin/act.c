/* What a button on a call's page does: POST below /calls/:id. */
#include "cgi-bin/admin/admin.h"

#include <string.h>

/* Only what needs no escaping in an address. */
static const char *back_to(const struct desk_request *req)
{
    static const char ok[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-/";
    const struct desk_value *v = desk_param(req, "back");
    if (!v->given || v->error || v->text[strspn(v->text, ok)])
        return NULL;
    return admin_local_path(v->text);
}

const char *admin_back(const struct desk_request *req, const char *otherwise)
{
    const char *back = back_to(req);
    return back ? back : otherwise;
}

const char *admin_undo(const struct desk_request *req, const char *path)
{
    const char *back = back_to(req);
    return path && back ? desk_arena_fmt(req->arena, "%s%cback=%s", path,
                                         strchr(path, '?') ? '&' : '?', back)
                        : path;
}

enum desk_rc admin_call_get(struct desk_request *req, const char *id, struct desk_call *out)
{
    enum desk_rc rc = desk_call_get(req->db, req->arena, req->tenant.id, id, out);
    const char *only = req->user.location_id;
    return !rc && only && strcmp(only, out->location_id) != 0 ? DESK_ENOTFOUND : rc;
}

enum desk_rc admin_act(struct desk_request *req, admin_find_row *find, admin_change_row *change)
{
    struct desk_call call;
    struct admin_facts f;
    enum desk_rc rc = admin_call_get(req, desk_param(req, "id")->text, &call);
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
        desk_reply_redirect(req, admin_back(req, back ? back : "/calls"));
    return rc;
}
