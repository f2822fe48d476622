/* A picture of a text that came in: its bytes from Twilio, looked at, made small, sealed on the
 * disk. What is no picture by its own bytes, or too large, is not kept, and the timeline says so.
 */
#include "worker/kinds.h"
#include "base/config.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/paths.h"
#include "store/calls.h"
#include "store/conversation.h"
#include "store/open.h"
#include "store/picture_file.h"
#include "store/pictures.h"
#include "wire/picture.h"

#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>

struct fetch {
    const struct outbox_work *w;
    struct desk_buf bytes;
};

static bool on_bytes(void *ctx, const char *p, size_t n)
{
    struct fetch *f = ctx;
    desk_buf_add(&f->bytes, p, n);
    return desk_buf_ok(&f->bytes);
}

static bool on_stop(void *ctx)
{
    const struct outbox_work *w = ((const struct fetch *)ctx)->w;
    return w->stop && w->stop(w->stop_ctx);
}

/* ---- the row --------------------------------------------------------------------------------- */

static enum desk_rc tell(const struct outbox_work *w, const struct desk_picture *p,
                         const char *state, const char *why)
{
    struct desk_call c;
    enum desk_rc rc = desk_picture_not_kept(w->db, p, state, why);
    if (!rc)
        rc = desk_call_get(w->db, w->arena, p->tenant_id, p->call_id, &c);
    if (rc || strcmp(state, DESK_PIC_REFUSED) != 0) /* of a failure the outbox tells */
        return rc;
    const char *once = desk_arena_fmt(w->arena, "picture:%s", p->id);
    return once ? desk_event_add(w->db, c.tenant_id, c.id, c.started_at, "note", "picture_refused",
                                 why, once)
                : DESK_ENOMEM;
}

static void not_kept(const struct outbox_work *w, const struct desk_picture *p, const char *state,
                     const char *why, struct desk_outbox_result *r)
{
    enum desk_rc rc = DESK_TX_BEGIN(w->db);
    if (!rc)
        rc = desk_tx_end(w->db, tell(w, p, state, why));
    if (rc)
        outbox_again(r, rc);
}

/* Twilio has given it, and it is none: nothing is to be tried again. */
static void refuse(const struct outbox_work *w, const struct desk_picture *p, const char *why,
                   struct desk_outbox_result *r)
{
    *r = (struct desk_outbox_result){.end = DESK_END_SENT};
    snprintf(r->remote_state, sizeof r->remote_state, "refused");
    not_kept(w, p, DESK_PIC_REFUSED, why, r);
}

/* ---- the disk -------------------------------------------------------------------------------- */

/* As for recordings: the disk is not filled up to its last byte. */
static bool room(void)
{
    char path[DESK_PATH_LEN];
    struct statvfs v;
    if (statvfs(desk_path_data(path, "."), &v) != 0)
        return true; /* writing will show */
    return (int64_t)v.f_bavail * (int64_t)v.f_frsize / (1024 * 1024) >=
           desk_setting_int(DESK_S_RECORD_FREE_MB);
}

/* Without a small likeness it is shown large. */
static enum desk_rc put_small(const struct outbox_work *w, struct desk_picfile file,
                              const struct desk_buf *bytes, int64_t *n)
{
    struct desk_buf small;
    *n = 0;
    desk_buf_init(&small, DESK_MAX_SMALL);
    enum desk_rc rc = DESK_OK;
    if (w->services->small && w->services->small(bytes->p, bytes->len, &small) && small.len) {
        file.small = true;
        file.bytes = (int64_t)small.len;
        rc = desk_picfile_write(&file, small.p);
        *n = rc ? 0 : (int64_t)small.len;
    }
    desk_buf_clear(&small);
    return rc;
}

/* Its person was erased while it was fetched: what has no row has no file. */
static void let_go(const struct outbox_work *w, struct desk_picfile file)
{
    struct desk_picture p;
    if (desk_picture_get(w->db, w->arena, file.tenant_id, file.id, &p) != DESK_ENOTFOUND)
        return;
    enum desk_rc rc = desk_picfile_remove(&file);
    file.small = true;
    if (desk_picfile_remove(&file) || rc)
        desk_log(DESK_LOG_WARN, "file.stays", "kind=picture path=%s", file.path);
}

static void keep(const struct outbox_work *w, struct desk_picture *p, enum desk_picture_kind kind,
                 const struct desk_buf *bytes, struct desk_outbox_result *r)
{
    char path[DESK_PIC_PATH];
    struct desk_picfile file = {.key = desk_store_the_key(),
                                .path = desk_picfile_path(path, p->id, p->created_at),
                                .tenant_id = p->tenant_id,
                                .id = p->id,
                                .bytes = (int64_t)bytes->len};
    enum desk_rc rc = room() ? desk_picfile_write(&file, bytes->p) : DESK_ELIMIT;
    p->kind = desk_picture_name(kind);
    p->path = desk_arena_strdup(w->arena, path);
    p->bytes = file.bytes;
    if (!rc && !p->path)
        rc = DESK_ENOMEM;
    if (!rc)
        rc = put_small(w, file, bytes, &p->small_bytes);
    if (!rc)
        rc = DESK_TX_BEGIN(w->db);
    if (!rc)
        rc = desk_tx_end(w->db, desk_picture_kept(w->db, p));
    if (rc == DESK_DONE)
        let_go(w, file);
    if (rc == DESK_ELIMIT) {
        r->end = DESK_END_AGAIN;
        r->ours = true;
        snprintf(r->why, sizeof r->why, "There is no more room on the disk.");
    } else if (rc && rc != DESK_DONE) {
        outbox_again(r, rc);
    }
}

/* ---- all of it ------------------------------------------------------------------------------- */

static void fetch(const struct outbox_work *w, const struct desk_twilio_account *account,
                  struct desk_picture *p, struct desk_outbox_result *r)
{
    struct fetch f = {.w = w};
    const struct desk_twilio_sink to = {.data = on_bytes, .stop = on_stop, .ctx = &f};
    desk_buf_init(&f.bytes, DESK_MAX_PICTURE);
    w->services->media->picture(account, p->message_sid, p->media_sid, &to, r);
    enum desk_picture_kind kind =
        r->end == DESK_END_SENT ? desk_picture_look(f.bytes.p, f.bytes.len) : DESK_PICTURE_NONE;
    if (r->end == DESK_END_UNKNOWN)
        refuse(w, p, "A picture was sent that is too large; it is not kept.", r);
    else if (r->end == DESK_END_SENT && kind == DESK_PICTURE_NONE)
        refuse(w, p, "A file was sent that is no picture; it is not kept.", r);
    else if (r->end == DESK_END_SENT)
        keep(w, p, kind, &f.bytes, r);
    desk_buf_clear(&f.bytes);
    if (outbox_last(w, r))
        not_kept(w, p, DESK_PIC_FAILED, r->why, r);
}

void deliver_picture(const struct outbox_work *w, struct desk_outbox_result *r)
{
    struct desk_picture p;
    struct desk_twilio_account account;
    const char *id = outbox_payload(w, "picture");
    *r = (struct desk_outbox_result){.end = DESK_END_SENT};
    enum desk_rc rc =
        id ? desk_picture_get(w->db, w->arena, w->row->tenant_id, id, &p) : DESK_ENOTFOUND;
    if (rc == DESK_ENOTFOUND)
        outbox_fail(r, "There is no such picture any more.");
    else if (rc)
        outbox_again(r, rc);
    else if (strcmp(p.state, DESK_PIC_READY) == 0 || strcmp(p.state, DESK_PIC_REFUSED) == 0)
        snprintf(r->remote_state, sizeof r->remote_state, "%s", p.state);
    else if (outbox_account(&account, r))
        fetch(w, &account, &p, r);
}
