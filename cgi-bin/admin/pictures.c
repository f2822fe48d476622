/* Pictures that people texted: GET /pictures/:id the picture as it came, GET /pictures/:id/small
 * its small likeness; and how lists of them are shown on other pages.
 *
 * Their bytes are a stranger's. What they are was decided by themselves (wire/picture.h), browsers
 * are told not to guess, and the policy that goes with each lets it do nothing at all, should one
 * open it as a page. Each look at the large one is in the audit: no audit, no picture. */
#include "cgi-bin/admin/admin.h"
#include "cgi-bin/words.h"
#include "base/log.h"
#include "store/open.h"
#include "store/picture_file.h"
#include "store/pictures.h"
#include "wire/picture.h"

#include <stdio.h>
#include <string.h>

#define LOOK_MS  (10 * 60 * 1000) /* within it a second look is the same one */
#define ACT_LOOK "picture.look"

/* ---- on other pages -------------------------------------------------------------------------- */

static const char *size_words(struct desk_request *req, int64_t bytes)
{
    int64_t tenths = (bytes * 10 + 512 * 1024) / (1024 * 1024);
    return tenths ? desk_arena_fmt(req->arena, "%lld.%lld MB", (long long)(tenths / 10),
                                   (long long)(tenths % 10))
                  : desk_arena_fmt(req->arena, "%lld kB", (long long)((bytes + 1023) / 1024));
}

static const char *state_words(const struct desk_picture *p)
{
    if (strcmp(p->state, DESK_PIC_WAITING) == 0)
        return "A picture is on its way here. Refresh in a moment.";
    return p->why ? p->why : "A picture could not be kept.";
}

void admin_picture_view(struct desk_request *req, struct desk_view *v, const char *prefix,
                        const struct desk_picture *p)
{
    bool ready = strcmp(p->state, DESK_PIC_READY) == 0;
    enum desk_picture_kind kind = desk_picture_parse(p->kind);
    desk_view_setf(v, p->id, "%s.Id", prefix);
    if (!ready) {
        desk_view_setf(v, state_words(p), "%s.Not", prefix);
        return;
    }
    desk_view_setf(v, size_words(req, p->bytes), "%s.Size", prefix);
    desk_view_setf(v, kind == DESK_PICTURE_HEIC ? "HEIC" : "", "%s.Download", prefix);
    desk_view_setf(v, p->small_bytes ? "1" : "", "%s.Small", prefix);
}

void admin_pictures_view(struct desk_request *req, struct desk_view *v, const char *list,
                         const struct desk_picture *rows, size_t n)
{
    char prefix[80];
    for (size_t i = 0; i < n; i++) {
        snprintf(prefix, sizeof prefix, "%s.%zu", list, i);
        admin_picture_view(req, v, prefix, &rows[i]);
    }
}

/* Those of a conversation, and those that belong to a call. */
enum desk_rc admin_call_pictures(struct desk_request *req, struct desk_view *v,
                                 const struct desk_call *c)
{
    struct desk_picture *rows, *more;
    size_t n = 0, n_more = 0, at = 0;
    char prefix[40];
    enum desk_rc rc = desk_pictures_of_talk(req->db, req->arena, req->tenant.id, c->id, &rows, &n);
    if (!rc)
        rc = desk_pictures_about(req->db, req->arena, req->tenant.id, c->id, &more, &n_more);
    if (rc)
        return rc;
    for (; at < n; at++) {
        snprintf(prefix, sizeof prefix, "Pictures.%zu", at);
        admin_picture_view(req, v, prefix, &rows[at]);
    }
    for (size_t i = 0; i < n_more; i++) {
        if (strcmp(more[i].call_id, c->id) == 0)
            continue;
        snprintf(prefix, sizeof prefix, "Pictures.%zu", at++);
        admin_picture_view(req, v, prefix, &more[i]);
    }
    return DESK_OK;
}

/* ---- the bytes ------------------------------------------------------------------------------- */

struct sending {
    struct desk_picfile file;
    int64_t next; /* piece */
};

static enum desk_rc more(void *ctx, struct desk_buf *out)
{
    struct sending *s = ctx;
    size_t n = 0;
    char *room = desk_buf_room(out, DESK_PIC_PIECE);
    enum desk_rc rc =
        room ? desk_picfile_read(&s->file, s->next++, (uint8_t *)room, &n) : DESK_ELIMIT;
    if (!rc)
        desk_buf_grew(out, n);
    return rc;
}

/* A write of a GET, in a window of its own. */
static enum desk_rc audit(struct desk_request *req, const struct desk_picture *p)
{
    desk_db_readonly(req->db, false);
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (!rc)
        rc = desk_tx_end(req->db, desk_audit_once(req->db, req->tenant.id, req->user.id, ACT_LOOK,
                                                  p->id, LOOK_MS));
    desk_db_readonly(req->db, true);
    return rc;
}

static void headers(struct desk_request *req, const struct desk_picture *p, bool small)
{
    enum desk_picture_kind kind = small ? DESK_PICTURE_JPEG : desk_picture_parse(p->kind);
    req->reply.type = desk_picture_type(kind);
    desk_reply_header(req, "Content-Security-Policy", "default-src 'none'; sandbox");
    desk_reply_header(req, "X-Content-Type-Options", "nosniff");
    desk_reply_header(req, "Cross-Origin-Resource-Policy", "same-origin");
    desk_reply_header(req, "Cache-Control", small ? "private, max-age=600" : "private, no-store");
    desk_reply_header(req, "Content-Disposition",
                      desk_arena_fmt(req->arena, "%s; filename=\"picture-%s.%s\"",
                                     desk_picture_shown(kind) ? "inline" : "attachment", p->id,
                                     desk_picture_name(kind)));
}

static enum desk_rc send_it(struct desk_request *req, bool small)
{
    struct desk_picture *p = desk_arena_alloc(req->arena, sizeof *p);
    struct sending *s = desk_arena_alloc(req->arena, sizeof *s);
    uint8_t *first = desk_arena_alloc(req->arena, DESK_PIC_PIECE);
    size_t n = 0;
    enum desk_rc rc = p && s && first ? desk_picture_get(req->db, req->arena, req->tenant.id,
                                                         desk_param(req, "id")->text, p)
                                      : DESK_ENOMEM;
    if (!rc && (strcmp(p->state, DESK_PIC_READY) != 0 || (small && !p->small_bytes)))
        rc = DESK_ENOTFOUND;
    if (rc)
        return rc;
    *s = (struct sending){.file = {.key = desk_store_the_key(),
                                   .path = p->path,
                                   .tenant_id = p->tenant_id,
                                   .id = p->id,
                                   .small = small,
                                   .bytes = small ? p->small_bytes : p->bytes}};
    rc = desk_picfile_read(&s->file, 0, first, &n); /* before anything is promised */
    if (rc) {
        desk_log(DESK_LOG_ERROR, "picture.file", "id=%s code=%s", p->id, desk_rc_name(rc));
        return rc == DESK_EINTERNAL ? DESK_EINTERNAL : DESK_ENOTFOUND;
    }
    if (!small)
        rc = audit(req, p);
    if (rc)
        return rc;
    headers(req, p, small);
    req->reply.source = (struct desk_source){more, s, s->file.bytes};
    return DESK_OK;
}

enum desk_rc admin_picture(struct desk_request *req)
{
    return send_it(req, false);
}

enum desk_rc admin_picture_small(struct desk_request *req)
{
    return send_it(req, true);
}
