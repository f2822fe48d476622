/* POST /calls/:id/messages/:mid/done and …/open: a message is answered, or is not after all. */
#include "cgi-bin/admin/admin.h"

#include <string.h>

/* The message the address names, if it belongs to the call it names. */
static const void *named(const struct desk_request *req, const struct admin_facts *f)
{
    for (size_t i = 0; i < f->n_messages; i++)
        if (strcmp(f->messages[i].id, desk_param(req, "mid")->text) == 0)
            return &f->messages[i];
    return NULL;
}

/* Pressed twice is once: what is so already is said again. An erased message stays erased. */
static enum desk_rc mark(struct desk_request *req, const struct desk_message *m, const char *from,
                         const char *to, const char *action)
{
    enum desk_rc rc = desk_message_mark(req->db, req->tenant.id, m->id, from, to);
    if (!rc)
        rc = desk_audit_add(req->db, req->tenant.id, req->user.id, action, m->id);
    return rc == DESK_ENOTFOUND ? DESK_OK : rc;
}

static enum desk_rc close_it(struct desk_request *req, const struct admin_facts *f, const void *row)
{
    const struct desk_message *m = row;
    enum desk_rc rc = mark(req, m, "new", "heard", "message.done");
    return rc ? rc
              : desk_page_result(
                    req, desk_arena_fmt(req->arena, "Marked done: message from %s.", f->first),
                    admin_undo(req, desk_arena_fmt(req->arena, "/calls/%s/messages/%s/open",
                                                   f->call->id, m->id)));
}

static enum desk_rc open_it(struct desk_request *req, const struct admin_facts *f, const void *row)
{
    enum desk_rc rc = mark(req, row, "heard", "new", "message.open");
    return rc ? rc
              : desk_page_result(
                    req,
                    desk_arena_fmt(req->arena, "Not done after all: message from %s.", f->first),
                    NULL);
}

enum desk_rc admin_message_done(struct desk_request *req)
{
    return admin_act(req, named, close_it);
}

enum desk_rc admin_message_open(struct desk_request *req)
{
    return admin_act(req, named, open_it);
}
