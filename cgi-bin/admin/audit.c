/* GET /settings/audit: who looked at what, and changed what, newest first; /settings/audit.csv: the
 * same as a file. */
#include "cgi-bin/admin/admin.h"
#include "base/limits.h"
#include "base/tz.h"
#include "wire/csv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS     DESK_MAX_PAGE_ROWS
#define CSV_ROWS 5000

/* Acts that are no request of a page. */
static const struct {
    const char *action, *words;
} acts[] = {
    {"login", "Signed in"},
    {"logout", "Signed out"},
    {"login.failed", "Wrong password or code"},
    {"login.recovery", "Signed in with a recovery code"},
    {"user.invite", "Invited somebody"},
    {"user.uninvite", "Took an invitation back"},
    {"user.join", "Came in by an invitation"},
    {"user.role", "Changed what somebody may"},
    {"user.remove", "Removed somebody"},
    {"user.totp.reset", "Switched off somebody’s second step"},
    {"you.password", "Changed their password"},
    {"you.totp.on", "Turned their second step on"},
    {"you.totp.off", "Turned their second step off"},
    {"you.codes", "Made new recovery codes"},
    {"you.session.end", "Signed a browser out"},
    {"recording.listen", "Listened to a recording"},
    {"recording.export", "Took a recording out"},
    {"recording.erase", "Erased a recording"},
    {"contact.merge", "Made two people one"},
};

static const struct {
    const char *value, *label;
} kinds[] = {{"", "Everything"}, {"looks", "Looked at"}, {"changes", "Changed"}};

/* "GET /calls/:id" → the help of that row of the table, as a sentence begins. */
static const char *words_of(struct desk_request *req, const char *action)
{
    char method[64];
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
        if (strcmp(acts[i].action, action) == 0)
            return acts[i].words;
    const char *path = strchr(action, ' ');
    for (const struct desk_route *r = admin_web.routes; path && r->path; r++) {
        size_t n = (size_t)(path - action);
        desk_methods_text(r->methods, method, sizeof method);
        if (strcmp(r->path, path + 1) != 0 || strncmp(method, action, n) != 0 || method[n])
            continue;
        char *words = desk_arena_strndup(req->arena, r->help, strcspn(r->help, ";"));
        if (words && *words >= 'a' && *words <= 'z')
            *words = (char)(*words - 'a' + 'A');
        return words;
    }
    return action;
}

/* The page that shows it, for what has one. */
static const char *link_of(struct desk_request *req, const struct desk_audit *a)
{
    static const char call[] = "call_";
    return a->object && strncmp(a->object, call, sizeof call - 1) == 0
               ? desk_arena_fmt(req->arena, "/calls/%s", a->object)
               : "";
}

struct list {
    struct desk_user *people;
    size_t n_people;
    struct desk_audit *rows;
    size_t n;
    struct desk_audit_filter f;
};

static const char *who_of(const struct list *l, const struct desk_audit *a)
{
    if (a->who)
        return a->who;
    for (size_t i = 0; a->user_id && i < l->n_people; i++)
        if (strcmp(l->people[i].id, a->user_id) == 0)
            return l->people[i].login;
    return a->user_id ? "Somebody who was removed" : "At the machine itself";
}

/* "1795198500000.audit_x": the row that the page begins below. */
static void place(const struct desk_request *req, int64_t *ms, const char **id)
{
    const char *text = desk_param(req, "before")->text;
    char *end = NULL;
    long long at = *text ? strtoll(text, &end, 10) : 0;
    bool good = at > 0 && end && *end == '.';
    *ms = good ? at : INT64_MAX;
    *id = good ? end + 1 : "";
}

static enum desk_rc load(struct desk_request *req, size_t max, struct list *l)
{
    int64_t ms;
    const char *id, *what = desk_param(req, "what")->text;
    *l = (struct list){.f.user_id = desk_param(req, "who")->text};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].value, what) == 0)
            l->f.what = i == 1 ? DESK_AUDIT_LOOKS : i == 2 ? DESK_AUDIT_CHANGES : DESK_AUDIT_ALL;
    place(req, &ms, &id);
    enum desk_rc rc =
        desk_user_of_tenant(req->db, req->arena, req->tenant.id, &l->people, &l->n_people);
    return rc ? rc
              : desk_audit_find(req->db, req->arena, req->tenant.id, &l->f, ms, id, max, &l->rows,
                                &l->n);
}

/* ---- the page -------------------------------------------------------------------------------- */

static void set_filter(struct desk_request *req, struct desk_view *v, const struct list *l)
{
    for (size_t i = 0; i < l->n_people; i++) {
        desk_view_setf(v, l->people[i].id, "People.%zu.Value", i);
        desk_view_setf(v, l->people[i].login, "People.%zu.Label", i);
        desk_view_setf(v, strcmp(l->people[i].id, l->f.user_id) == 0 ? "1" : "", "People.%zu.Here",
                       i);
    }
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        desk_view_setf(v, kinds[i].value, "Kinds.%zu.Value", i);
        desk_view_setf(v, kinds[i].label, "Kinds.%zu.Label", i);
        desk_view_setf(v, strcmp(kinds[i].value, desk_param(req, "what")->text) == 0 ? "1" : "",
                       "Kinds.%zu.Here", i);
    }
    if (*l->f.user_id || l->f.what != DESK_AUDIT_ALL)
        desk_view_set(v, "Filtered", "1");
}

/* The address with what is chosen, for the next page and for the file. */
static void set_links(struct desk_request *req, struct desk_view *v, const struct list *l,
                      bool more)
{
    struct desk_buf b;
    char at[80];
    desk_buf_init(&b, 1000);
    desk_form_add(&b, "who", l->f.user_id);
    desk_form_add(&b, "what", desk_param(req, "what")->text);
    desk_view_set(v, "Query", desk_buf_cstr(&b));
    if (more) {
        const struct desk_audit *last = &l->rows[l->n - 1];
        snprintf(at, sizeof at, "%lld.%s", (long long)last->created_at, last->id);
        desk_form_add(&b, "before", at);
        desk_view_set(v, "Older", desk_buf_cstr(&b));
    }
    desk_buf_clear(&b);
}

enum desk_rc admin_audit(struct desk_request *req)
{
    struct list l;
    char prefix[32];
    struct desk_view *v = desk_page_begin(req, "Who looked, and who changed");
    enum desk_rc rc = v ? load(req, ROWS + 1, &l) : DESK_ENOMEM;
    if (rc)
        return rc;
    bool more = l.n > ROWS;
    l.n -= more;
    for (size_t i = 0; i < l.n; i++) {
        const struct desk_audit *a = &l.rows[i];
        snprintf(prefix, sizeof prefix, "Rows.%zu", i);
        desk_view_fields(v, prefix, &desk_audit_fields, a);
        desk_view_setf(v, who_of(&l, a), "%s.Name", prefix);
        desk_view_setf(v, words_of(req, a->action), "%s.Words", prefix);
        desk_view_setf(v, link_of(req, a), "%s.Link", prefix);
    }
    set_filter(req, v, &l);
    set_links(req, v, &l, more);
    return desk_page_send(req, v, 0);
}

/* ---- the file -------------------------------------------------------------------------------- */

enum desk_rc admin_audit_csv(struct desk_request *req)
{
    static const char *const heads[] = {"time", "who", "what", "row", "browser", "request"};
    struct list l;
    char when[40];
    struct desk_buf *out = &req->reply.body;
    enum desk_rc rc = load(req, CSV_ROWS, &l);
    if (rc)
        return rc;
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        desk_csv_put(out, i == 0, heads[i]);
    desk_csv_end(out);
    for (size_t i = 0; i < l.n; i++) {
        const struct desk_audit *a = &l.rows[i];
        desk_csv_put(out, true, desk_when_iso(when, sizeof when, NULL, a->created_at));
        desk_csv_put(out, false, who_of(&l, a));
        desk_csv_put(out, false, a->action);
        desk_csv_put(out, false, a->object);
        desk_csv_put(out, false, a->session_ref);
        desk_csv_put(out, false, a->request_id);
        desk_csv_end(out);
    }
    desk_page_headers(req);
    req->reply.type = "text/csv; charset=utf-8";
    desk_reply_header(req, "Content-Disposition", "attachment; filename=\"audit.csv\"");
    return DESK_OK;
}
