/* POST /calls/:id/callbacks/:cid/done and …/open: a promise is kept, or was not after all; …/ring:
 * the owner's phone is rung, then who waits. */
#include "cgi-bin/admin/admin.h"
#include "base/clock.h"
#include "talk/business.h"
#include "talk/ring_me.h"

#include <string.h>

/* The callback the address names, if it belongs to the call it names. */
static const void *named(const struct desk_request *req, const struct admin_facts *f)
{
    for (size_t i = 0; i < f->n_callbacks; i++)
        if (strcmp(f->callbacks[i].id, desk_param(req, "cid")->text) == 0)
            return &f->callbacks[i];
    return NULL;
}

static const char *who(const struct admin_facts *f, const struct desk_callback *k)
{
    return k->name && *k->name ? k->name : f->who;
}

/* Pressed twice, or done by somebody else meanwhile: it is done, and says so again. */
static enum desk_rc close_it(struct desk_request *req, const struct admin_facts *f, const void *row)
{
    const struct desk_callback *k = row;
    enum desk_rc rc = desk_callback_close(req->db, req->tenant.id, k->id, "done");
    if (!rc)
        rc = desk_audit_add(req->db, req->tenant.id, req->user.id, "callback.done", k->id);
    if (rc && rc != DESK_ENOTFOUND)
        return rc;
    return desk_page_result(
        req, desk_arena_fmt(req->arena, "Marked done: %s.", who(f, k)),
        admin_undo(req,
                   desk_arena_fmt(req->arena, "/calls/%s/callbacks/%s/open", f->call->id, k->id)));
}

static enum desk_rc open_it(struct desk_request *req, const struct admin_facts *f, const void *row)
{
    const struct desk_callback *k = row;
    enum desk_rc rc = desk_callback_reopen(req->db, req->tenant.id, k->id);
    if (!rc)
        rc = desk_audit_add(req->db, req->tenant.id, req->user.id, "callback.open", k->id);
    if (rc == DESK_ENOTFOUND && strcmp(k->state, "open") != 0)
        return desk_page_result(req, "Too late to undo. It stays done.", NULL);
    if (rc && rc != DESK_ENOTFOUND)
        return rc;
    return desk_page_result(req, desk_arena_fmt(req->arena, "Not done after all: %s.", who(f, k)),
                            NULL);
}

enum desk_rc admin_callback_done(struct desk_request *req)
{
    return admin_act(req, named, close_it);
}

enum desk_rc admin_callback_open(struct desk_request *req)
{
    return admin_act(req, named, open_it);
}

static enum desk_rc ring_it(struct desk_request *req, const struct admin_facts *f, const void *row)
{
    const struct desk_callback *k = row;
    struct desk_business b;
    const char *why = NULL;
    enum desk_rc rc =
        desk_business_load(req->db, req->arena, req->tenant.id, f->call->location_id, &b);
    if (!rc)
        rc = desk_ring_me(req->db, req->arena, &b, k, desk_now_ms(), &why);
    if (!rc && !why)
        rc = desk_audit_add(req->db, req->tenant.id, req->user.id, "callback.ring", k->id);
    if (rc && rc != DESK_DONE)
        return rc;
    if (why)
        return desk_page_result(req, why, NULL);
    return desk_page_result(
        req,
        desk_arena_fmt(req->arena, "Your phone rings: press 1 to be put through to %s.", who(f, k)),
        NULL);
}

enum desk_rc admin_callback_ring(struct desk_request *req)
{
    return admin_act(req, named, ring_it);
}
