/* GET /people: who is remembered, last seen first, 50 a page. */
#include "cgi-bin/admin/people.h"
#include "base/limits.h"

#include <stdio.h>
#include <string.h>

#define ROWS DESK_MAX_PAGE_ROWS

struct list {
    struct desk_contact *rows;
    size_t n;
    bool newer, older;
};

static bool vips(const struct desk_request *req)
{
    return strcmp(desk_param(req, "show")->text, "vip") == 0;
}

/* The person an address names as the edge of the page; false: none, or they are gone. */
static bool edge(struct desk_request *req, const char *name, struct desk_contact *c)
{
    const struct desk_value *v = desk_param(req, name);
    return v->given && !v->error &&
           desk_contact_get(req->db, req->arena, req->tenant.id, v->text, c) == DESK_OK;
}

static enum desk_rc older_than(struct desk_request *req, int64_t at, const char *id, struct list *l)
{
    enum desk_rc rc =
        desk_contact_page(req->db, req->arena, req->tenant.id, at, id, ROWS + 1, &l->rows, &l->n);
    l->newer = *id != '\0';
    l->older = l->n > ROWS;
    l->n -= l->older;
    return rc;
}

static enum desk_rc newer_than(struct desk_request *req, const struct desk_contact *c,
                               struct list *l)
{
    enum desk_rc rc = desk_contact_page_newer(req->db, req->arena, req->tenant.id, c->last_at,
                                              c->id, ROWS + 1, &l->rows, &l->n);
    if (rc || l->n <= ROWS) /* the top is reached: show it whole */
        return rc ? rc : older_than(req, INT64_MAX, "", l);
    l->n = ROWS;
    l->newer = l->older = true;
    for (size_t i = 0; i < l->n / 2; i++) {
        struct desk_contact t = l->rows[i];
        l->rows[i] = l->rows[l->n - 1 - i];
        l->rows[l->n - 1 - i] = t;
    }
    return DESK_OK;
}

static enum desk_rc load(struct desk_request *req, struct list *l)
{
    struct desk_contact c;
    const struct desk_value *q = desk_param(req, "q");
    memset(l, 0, sizeof *l);
    if (q->given && !q->error)
        return admin_people_find(req, q->text, &l->rows, &l->n);
    if (vips(req)) {
        bool from = edge(req, "before", &c);
        enum desk_rc rc = desk_contact_vips(req->db, req->arena, req->tenant.id, from ? c.id : "",
                                            ROWS + 1, &l->rows, &l->n);
        l->older = l->n > ROWS;
        l->n -= l->older;
        return rc;
    }
    if (edge(req, "before", &c))
        return older_than(req, c.last_at, c.id, l);
    if (edge(req, "after", &c))
        return newer_than(req, &c, l);
    return older_than(req, INT64_MAX, "", l);
}

static void set_link(struct desk_request *req, struct desk_view *v, const char *name,
                     const char *key, const char *id)
{
    desk_view_set(
        v, name,
        desk_arena_fmt(req->arena, "/people?%s%s=%s", vips(req) ? "show=vip&" : "", key, id));
}

enum desk_rc admin_people(struct desk_request *req)
{
    struct list l;
    char prefix[32];
    struct desk_view *v = desk_page_begin(req, vips(req) ? "People: VIP" : "People");
    if (!v)
        return DESK_ENOMEM;
    enum desk_rc rc = load(req, &l);
    if (rc)
        return rc;
    for (size_t i = 0; i < l.n; i++) {
        snprintf(prefix, sizeof prefix, "Rows.%zu", i);
        admin_person_row(req, v, prefix, &l.rows[i]);
    }
    desk_view_set(v, "Query", desk_param(req, "q")->text);
    desk_view_set(v, "Vip", vips(req) ? "1" : "");
    if (l.newer && l.n)
        set_link(req, v, "Newer", "after", l.rows[0].id);
    if (l.older)
        set_link(req, v, "Older", "before", l.rows[l.n - 1].id);
    return desk_page_send(req, v, 0);
}
