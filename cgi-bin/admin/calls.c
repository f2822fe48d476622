/* GET /calls: the list, 50 a page, newest first. */
#include "cgi-bin/admin/admin.h"
#include "cgi-bin/words.h"
#include "base/clock.h"
#include "base/limits.h"
#include "core/phone.h"

#include <stdio.h>
#include <string.h>

#define ROWS DESK_MAX_PAGE_ROWS

/* What can be shown, in the order of the choice. */
static const struct filter {
    const char *value, *label;
    struct desk_call_filter where;
} filters[] = {
    {"", "All calls", {NULL, false, false, NULL}},
    {"callback", "Need a callback", {NULL, false, true, NULL}},
    {"urgent", "Urgent", {NULL, true, false, NULL}},
    {"through", "Put through", {DESK_OUT_TRANSFERRED, false, false, NULL}},
    {"messages", "Messages", {DESK_OUT_MESSAGE, false, false, NULL}},
    {"hung-up", "Hung up", {DESK_OUT_HUNG_UP, false, false, NULL}},
};

struct list {
    struct desk_call *rows;
    size_t n;
    bool newer, older;
};

static const struct filter *chosen(const struct desk_request *req)
{
    const char *show = desk_param(req, "show")->text;
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++)
        if (strcmp(filters[i].value, show) == 0)
            return &filters[i];
    return &filters[0];
}

/* ---- paging ---------------------------------------------------------------------------------- */

/* The call an address names as the edge of the page; false: none, or it is gone. */
static bool edge(struct desk_request *req, const char *name, struct desk_call *call)
{
    const struct desk_value *v = desk_param(req, name);
    return v->given && !v->error && admin_call_get(req, v->text, call) == DESK_OK;
}

static void reverse(struct desk_call *rows, size_t n)
{
    for (size_t i = 0; i < n / 2; i++) {
        struct desk_call t = rows[i];
        rows[i] = rows[n - 1 - i];
        rows[n - 1 - i] = t;
    }
}

static enum desk_rc from_top(struct desk_request *req, const struct desk_call_filter *f,
                             struct list *l)
{
    enum desk_rc rc = desk_call_find(req->db, req->arena, req->tenant.id, f, INT64_MAX, "",
                                     ROWS + 1, &l->rows, &l->n);
    l->newer = false;
    l->older = l->n > ROWS;
    l->n -= l->older;
    return rc;
}

static enum desk_rc older_than(struct desk_request *req, const struct desk_call_filter *f,
                               const struct desk_call *c, struct list *l)
{
    enum desk_rc rc = desk_call_find(req->db, req->arena, req->tenant.id, f, c->started_at, c->id,
                                     ROWS + 1, &l->rows, &l->n);
    l->newer = true; /* the call it starts below, at least */
    l->older = l->n > ROWS;
    l->n -= l->older;
    return rc;
}

static enum desk_rc newer_than(struct desk_request *req, const struct desk_call_filter *f,
                               const struct desk_call *c, struct list *l)
{
    enum desk_rc rc = desk_call_find_newer(req->db, req->arena, req->tenant.id, f, c->started_at,
                                           c->id, ROWS + 1, &l->rows, &l->n);
    if (rc)
        return rc;
    if (l->n <= ROWS) /* the top is reached: show it whole */
        return from_top(req, f, l);
    l->n = ROWS;
    l->newer = l->older = true;
    reverse(l->rows, l->n);
    return DESK_OK;
}

static enum desk_rc load(struct desk_request *req, const struct filter *chosen, struct list *l)
{
    struct desk_call c;
    const struct desk_call_filter where = {chosen->where.outcome, chosen->where.urgent,
                                           chosen->where.callback_open, req->user.location_id};
    memset(l, 0, sizeof *l);
    if (edge(req, "before", &c))
        return older_than(req, &where, &c, l);
    if (edge(req, "after", &c))
        return newer_than(req, &where, &c, l);
    return from_top(req, &where, l);
}

static void set_page_link(struct desk_request *req, struct desk_view *v, const char *name,
                          const struct filter *f, const char *key, const char *id)
{
    const char *show = *f->value ? desk_arena_fmt(req->arena, "show=%s&", f->value) : "";
    desk_view_set(v, name, desk_arena_fmt(req->arena, "/calls?%s%s=%s", show, key, id));
}

/* ---- rows ------------------------------------------------------------------------------------ */

static enum desk_rc set_row(struct desk_request *req, struct desk_view *v, size_t i,
                            const struct desk_call *c)
{
    struct admin_facts f;
    char number[24], prefix[32];
    enum desk_rc rc = admin_facts_load(req, c, &f);
    if (rc)
        return rc;
    const struct admin_tag *tag = admin_tag(&f, 0);
    snprintf(prefix, sizeof prefix, "Calls.%zu", i);
    desk_view_setf(v, c->id, "%s.Id", prefix);
    snprintf(number, sizeof number, "%lld", (long long)c->started_at);
    desk_view_setf(v, number, "%s.StartedAt", prefix);
    snprintf(number, sizeof number, "%lld", (long long)c->duration_ms);
    desk_view_setf(v, number, "%s.DurationMs", prefix);
    desk_view_setf(v, f.who, "%s.Who", prefix);
    desk_view_setf(v, admin_summary(req, &f), "%s.Words", prefix);
    desk_view_setf(v, tag->word, "%s.Tag", prefix);
    desk_view_setf(v, tag->kind, "%s.TagKind", prefix);
    desk_view_setf(v, tag->icon, "%s.TagIcon", prefix);
    desk_view_setf(v, admin_running(&f) ? "1" : "0", "%s.Running", prefix);
    return DESK_OK;
}

static enum desk_rc set_rows(struct desk_request *req, struct desk_view *v, const struct list *l)
{
    char day[64], last[64] = "";
    enum desk_rc rc = DESK_OK;
    for (size_t i = 0; i < l->n && !rc; i++) {
        desk_words_day(day, sizeof day, desk_page_zone(req), desk_now_ms(), l->rows[i].started_at);
        if (strcmp(day, last) != 0)
            desk_view_setf(v, day, "Calls.%zu.Day", i);
        memcpy(last, day, sizeof last);
        rc = set_row(req, v, i, &l->rows[i]);
    }
    return rc;
}

static void set_filters(struct desk_view *v, const struct filter *f)
{
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
        desk_view_setf(v, filters[i].value, "Filters.%zu.Value", i);
        desk_view_setf(v, filters[i].label, "Filters.%zu.Label", i);
        desk_view_setf(v, &filters[i] == f ? "1" : "0", "Filters.%zu.Here", i);
    }
    if (*f->value)
        desk_view_set(v, "Filtered", f->label);
}

/* Messages from the phone network that were turned away today: they belong to no business. */
static enum desk_rc set_refused(struct desk_request *req, struct desk_view *v)
{
    char words[64];
    int64_t n = 0, last = 0;
    enum desk_rc rc = desk_counter_today(req->db, req->arena, NULL, "webhook_refused", &n, &last);
    if (rc || n <= 0)
        return rc;
    desk_view_set(v, "Refused.Count",
                  desk_words_count(words, sizeof words, n, "webhook was", "webhooks were"));
    desk_view_set(v, "Refused.Its", n == 1 ? "its" : "their");
    desk_view_int(v, "Refused.At", last);
    desk_view_set(v, "Refused.Base", desk_public_base());
    return DESK_OK;
}

static enum desk_rc set_first_day(struct desk_request *req, struct desk_view *v)
{
    char words[64];
    struct desk_number *numbers;
    size_t n;
    enum desk_rc rc = desk_number_list(req->db, req->arena, req->tenant.id, &numbers, &n);
    if (!rc && n)
        desk_view_set(v, "OwnNumber", desk_phone_national(words, sizeof words, numbers[0].e164));
    if (!rc && n)
        desk_view_set(v, "OwnNumberE164", numbers[0].e164);
    return rc;
}

enum desk_rc admin_calls(struct desk_request *req)
{
    struct list l;
    const struct filter *f = chosen(req);
    struct desk_view *v = desk_page_begin(
        req, *f->value ? desk_arena_fmt(req->arena, "Calls: %s", f->label) : "Calls");
    if (!v)
        return DESK_ENOMEM;
    enum desk_rc rc = load(req, f, &l);
    if (!rc)
        rc = set_rows(req, v, &l);
    if (!rc)
        rc = set_refused(req, v);
    if (!rc && !l.n)
        rc = set_first_day(req, v);
    if (rc)
        return rc;
    set_filters(v, f);
    if (l.newer && l.n)
        set_page_link(req, v, "Newer", f, "after", l.rows[0].id);
    if (l.older)
        set_page_link(req, v, "Older", f, "before", l.rows[l.n - 1].id);
    return desk_page_send(req, v, 0);
}
