#include "cgi-bin/job_file.h"
#include "store/jobs.h"

#define PIECE_ARENA ((size_t)256 * 1024)

struct file {
    struct desk_request *req;
    struct desk_arena *a;
    const char *job;
    int64_t n;
};

static void file_close(void *ctx)
{
    desk_arena_free(((struct file *)ctx)->a);
}

static enum desk_rc file_more(void *ctx, struct desk_buf *out)
{
    struct file *f = ctx;
    struct desk_job_piece *p;
    size_t n = 0;
    desk_arena_reset(f->a);
    enum desk_rc rc =
        desk_job_pieces(f->req->db, f->a, f->req->tenant.id, f->job, DESK_JOB_OUT, f->n, 1, &p, &n);
    if (rc || !n)
        return rc ? rc : DESK_DONE;
    desk_buf_add(out, p[0].text, (size_t)p[0].bytes);
    f->n++;
    return desk_buf_ok(out) ? DESK_OK : DESK_ENOMEM;
}

enum desk_rc desk_job_file(struct desk_request *req, const char *job_id, const char *name)
{
    int64_t all = 0;
    struct file *f = desk_arena_alloc(req->arena, sizeof *f);
    if (!f)
        return DESK_ENOMEM;
    *f = (struct file){.req = req, .a = desk_arena_new(PIECE_ARENA), .job = job_id};
    if (!f->a)
        return DESK_ENOMEM;
    desk_arena_defer(req->arena, file_close, f);
    enum desk_rc rc = desk_job_bytes(req->db, req->tenant.id, job_id, DESK_JOB_OUT, &all);
    if (rc)
        return rc;
    req->reply.type = "text/csv; charset=utf-8";
    desk_reply_header(req, "Content-Disposition",
                      desk_arena_fmt(req->arena, "attachment; filename=\"%s\"", name));
    req->reply.source = (struct desk_source){file_more, f, all};
    return DESK_OK;
}
