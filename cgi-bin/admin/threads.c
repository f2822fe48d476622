/* GET /messages: one line for each person who called or wrote, the last seen first. */
#include "cgi-bin/admin/thread.h"
#include "base/limits.h"
#include "store/threads.h"

#include <stdio.h>
#include <string.h>

static const char *words_of(struct desk_request *req, const struct admin_line *l)
{
    static const char *const before[] = {[ADMIN_LINE_THEIRS] = "",
                                         [ADMIN_LINE_OURS] = "",
                                         [ADMIN_LINE_CALL] = "",
                                         [ADMIN_LINE_MESSAGE] = "Left a message: "};
    if (l->kind == ADMIN_LINE_THEIRS && !*l->text)
        return l->pictures ? "Sent a picture" : "";
    if (l->kind == ADMIN_LINE_OURS)
        return desk_arena_fmt(req->arena, "%s: %s", l->by_hand ? "You" : "Frontdesk", l->text);
    return desk_arena_fmt(req->arena, "%s%s", before[l->kind], l->text);
}

struct tag {
    const char *word, *kind, *icon;
};

static struct tag tag_of(const struct admin_line *l)
{
    if (l->kind == ADMIN_LINE_CALL)
        return (struct tag){"Call", "plain", "phone"};
    if (l->kind == ADMIN_LINE_MESSAGE)
        return (struct tag){"Message left", "plain", "tape"};
    if (l->failed)
        return (struct tag){"Not delivered", "p2", "triangle"};
    if (l->arrived)
        return (struct tag){"Delivered", "good", "tick"};
    if (l->pictures)
        return (struct tag){"Photo", "plain", "bubble"};
    return (struct tag){l->web ? "Chat" : "Text", "plain", "bubble"};
}

static enum desk_rc set_row(struct desk_request *req, struct desk_view *v, size_t i,
                            const struct desk_contact *c)
{
    struct admin_line *l;
    size_t n = 0;
    bool more = false;
    char at[32];
    enum desk_rc rc = admin_thread_load(req, c, INT64_MAX, 1, &l, &n, &more);
    if (rc)
        return rc;
    const struct tag tag = n ? tag_of(l) : (struct tag){"Call", "plain", "phone"};
    snprintf(at, sizeof at, "%lld", (long long)(n ? l->at : c->last_at));
    desk_view_setf(v, c->id, "Rows.%zu.Id", i);
    desk_view_setf(v, admin_person_called(req, c), "Rows.%zu.Who", i);
    desk_view_setf(v, at, "Rows.%zu.At", i);
    desk_view_setf(v, n ? words_of(req, l) : "", "Rows.%zu.What", i);
    desk_view_setf(v, tag.word, "Rows.%zu.Tag", i);
    desk_view_setf(v, tag.kind, "Rows.%zu.TagKind", i);
    desk_view_setf(v, tag.icon, "Rows.%zu.TagIcon", i);
    return DESK_OK;
}

/* Where the page before this one ended: a person's id; 0 and "" = the newest. */
static enum desk_rc page_from(struct desk_request *req, int64_t *at, const char **id)
{
    struct desk_contact last;
    const struct desk_value *before = desk_param(req, "before");
    *at = INT64_MAX;
    *id = "";
    if (!before->given)
        return DESK_OK;
    enum desk_rc rc = desk_contact_get(req->db, req->arena, req->tenant.id, before->text, &last);
    if (!rc) {
        *at = last.last_at;
        *id = last.id;
    }
    return rc == DESK_ENOTFOUND ? DESK_OK : rc;
}

enum desk_rc admin_threads(struct desk_request *req)
{
    struct desk_contact *rows;
    size_t n = 0;
    int64_t at;
    const char *id;
    struct desk_view *v = desk_page_begin(req, "Messages");
    enum desk_rc rc = v ? page_from(req, &at, &id) : DESK_ENOMEM;
    if (!rc)
        rc = desk_thread_people(req->db, req->arena, req->tenant.id, at, id, DESK_MAX_PAGE_ROWS + 1,
                                &rows, &n);
    for (size_t i = 0; !rc && i < n && i < DESK_MAX_PAGE_ROWS; i++)
        rc = set_row(req, v, i, &rows[i]);
    if (rc)
        return rc;
    if (n > DESK_MAX_PAGE_ROWS)
        desk_view_set(v, "Older", rows[DESK_MAX_PAGE_ROWS - 1].id);
    if (*id)
        desk_view_set(v, "Newer", "1");
    return desk_page_send(req, v, 0);
}
