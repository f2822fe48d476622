/* GET /v1/calendar/feed/SECRET.ics and /v1/calendar/visit/SECRET.ics: calendar files for whoever
 * has the address. The secret is the right: a wrong one is not there at all. */
#include "cgi-bin/api/api.h"
#include "base/limits.h"
#include "talk/calendar.h"

#include <string.h>

/* "SECRET.ics" → SECRET, or NULL: another name. */
static const char *secret_of(struct desk_request *req)
{
    const char *file = desk_param(req, "file")->text;
    size_t n = strlen(file), end = strlen(".ics");
    if (n <= end || strcmp(file + n - end, ".ics") != 0)
        return NULL;
    return desk_arena_strndup(req->arena, file, n - end);
}

static enum desk_rc reply(struct desk_request *req, enum desk_rc rc, struct desk_buf *file)
{
    if (!rc) {
        req->reply.status = 200;
        req->reply.type = "text/calendar; charset=utf-8";
        desk_reply_header(req, "Content-Disposition", "inline; filename=\"calendar.ics\"");
        desk_reply_header(req, "Cache-Control", "no-store");
        desk_reply_header(req, "X-Robots-Tag", "noindex");
        desk_reply_header(req, "Referrer-Policy", "no-referrer");
        desk_buf_reset(&req->reply.body);
        desk_buf_add(&req->reply.body, desk_buf_cstr(file), file->len);
        rc = desk_buf_ok(&req->reply.body) ? DESK_OK : DESK_ELIMIT;
    }
    desk_buf_clear(file);
    return rc;
}

enum desk_rc api_calendar_feed(struct desk_request *req)
{
    struct desk_calendar_feed feed;
    struct desk_buf file;
    const char *secret = secret_of(req);
    desk_buf_init(&file, DESK_MAX_ICS);
    enum desk_rc rc =
        secret ? desk_calendar_feed_find(req->db, req->arena, secret, &feed) : DESK_ENOTFOUND;
    if (!rc)
        rc = desk_calendar_feed(req->db, req->arena, feed.tenant_id, &file);
    return reply(req, rc, &file);
}

enum desk_rc api_calendar_visit(struct desk_request *req)
{
    struct desk_appointment row;
    struct desk_buf file;
    const char *secret = secret_of(req);
    desk_buf_init(&file, DESK_MAX_ICS);
    enum desk_rc rc =
        secret ? desk_appointment_by_link(req->db, req->arena, secret, &row) : DESK_ENOTFOUND;
    if (!rc)
        rc = desk_calendar_visit(req->db, req->arena, &row, &file);
    return reply(req, rc, &file);
}
