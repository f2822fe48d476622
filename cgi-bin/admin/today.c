/* GET /: is it working, who is on the phone, what to do first, today's visits, what happened. Each
 * panel is loaded by itself: one that fails says so and the others stay. */
#include "cgi-bin/admin/today.h"
#include "cgi-bin/admin/visits.h"
#include "cgi-bin/words.h"
#include "base/clock.h"
#include "base/log.h"
#include "core/day_text.h"
#include "core/phone.h"
#include "talk/business.h"
#include "talk/report.h"

#include <stdio.h>
#include <string.h>

#define ON_PHONE 5
#define LATEST   5
#define VISITS   12

struct today {
    struct desk_request *req;
    struct desk_view *v;
    const struct desk_tz *tz;
    int64_t now, from, to; /* the day, at the business */
    int64_t calls;         /* of it */
    size_t work;
};

static const char *plural(struct today *t, int64_t n, const char *one, const char *many)
{
    char words[96];
    return desk_arena_strdup(t->req->arena, desk_words_count(words, sizeof words, n, one, many));
}

/* ---- is it working? -------------------------------------------------------------------------- */

/* What keeps calls from being answered as they should be weighs more than all else. */
static int weight(const struct admin_check *c)
{
    return c->level == ADMIN_FINE ? 0 : c->level == ADMIN_BROKEN && c->calls ? 3 : (int)c->level;
}

static enum desk_rc state(struct today *t)
{
    struct admin_check all[ADMIN_CHECKS_MAX];
    const struct admin_check *worst = all;
    size_t n = 0;
    enum desk_rc rc = admin_checks(t->req, all, &n);
    if (rc)
        return rc;
    for (size_t i = 1; i < n; i++)
        if (weight(&all[i]) > weight(worst))
            worst = &all[i];
    int w = weight(worst);
    desk_view_set(t->v, "State.Kind", w == 3 ? "p1" : w ? "p2" : "good");
    desk_view_set(t->v, "State.Icon", w == 3 ? "octagon" : w ? "triangle" : "tick");
    desk_view_set(t->v, "State.Head", w == 3 ? worst->head : "Answering calls.");
    desk_view_set(t->v, "State.Words",
                  w == 3 ? worst->words
                         : desk_arena_fmt(t->req->arena, "%s %s", all[0].words,
                                          w ? worst->head : "All checks passed."));
    desk_view_set(t->v, "State.Link", w ? "What to do" : NULL);
    return DESK_OK;
}

/* ---- who is on the phone --------------------------------------------------------------------- */

static enum desk_rc on_phone(struct today *t)
{
    struct desk_call *c;
    size_t n = 0;
    char length[48];
    enum desk_rc rc =
        desk_call_on_phone(t->req->db, t->req->arena, t->req->tenant.id, ON_PHONE, &c, &n);
    for (size_t i = 0; !rc && i < n; i++) {
        struct admin_facts f;
        rc = admin_facts_load(t->req, &c[i], &f);
        if (rc)
            break;
        desk_view_setf(t->v, c[i].id, "Now.%zu.Id", i);
        desk_view_setf(t->v, f.who, "Now.%zu.Who", i);
        desk_view_setf(t->v, desk_words_dur(length, sizeof length, t->now - c[i].started_at),
                       "Now.%zu.Length", i);
        desk_view_setf(t->v, c[i].urgent ? "1" : "", "Now.%zu.Urgent", i);
    }
    return rc;
}

static enum desk_rc work(struct today *t)
{
    return admin_work(t->req, t->v, &t->work);
}

/* ---- visits ---------------------------------------------------------------------------------- */

static void set_visit(struct today *t, size_t i, const struct desk_appointment *a)
{
    desk_view_setf(t->v, a->start_at <= t->now && a->end_at > t->now ? "1" : "", "Visits.%zu.Now",
                   i);
    desk_view_setf(t->v, desk_arena_fmt(t->req->arena, "%lld", (long long)a->start_at),
                   "Visits.%zu.At", i);
    desk_view_setf(t->v, a->name && *a->name ? a->name : a->service_name, "Visits.%zu.Who", i);
    desk_view_setf(t->v, a->name && *a->name ? a->service_name : NULL, "Visits.%zu.What", i);
    desk_view_setf(t->v, a->address, "Visits.%zu.Where", i);
    desk_view_setf(t->v, a->resource_name, "Visits.%zu.With", i);
    desk_view_setf(t->v, admin_visit_said(a, DESK_ANSWER_COMING) ? "1" : "", "Visits.%zu.Coming",
                   i);
}

static enum desk_rc visits(struct today *t)
{
    struct desk_appointment *a;
    size_t n = 0;
    enum desk_rc rc = desk_appointments_between(t->req->db, t->req->arena, t->req->tenant.id,
                                                t->from, t->to, false, VISITS + 1, &a, &n);
    for (size_t i = 0; !rc && i < n && i < VISITS; i++)
        set_visit(t, i, &a[i]);
    if (!rc && n > VISITS)
        desk_view_set(t->v, "VisitsCut", "1");
    return rc;
}

/* ---- what happened --------------------------------------------------------------------------- */

static enum desk_rc latest(struct today *t)
{
    struct desk_call *c;
    size_t n = 0;
    const struct desk_call_filter all = {0};
    enum desk_rc rc = desk_call_find(t->req->db, t->req->arena, t->req->tenant.id, &all, INT64_MAX,
                                     "", LATEST, &c, &n);
    for (size_t i = 0; !rc && i < n; i++) {
        struct admin_facts f;
        char prefix[32];
        rc = admin_facts_load(t->req, &c[i], &f);
        if (rc)
            break;
        const struct admin_tag *tag = admin_tag(&f, 0);
        snprintf(prefix, sizeof prefix, "Latest.%zu", i);
        desk_view_setf(t->v, c[i].id, "%s.Id", prefix);
        desk_view_setf(t->v, desk_arena_fmt(t->req->arena, "%lld", (long long)c[i].started_at),
                       "%s.At", prefix);
        desk_view_setf(t->v, f.who, "%s.Who", prefix);
        desk_view_setf(t->v, admin_summary(t->req, &f), "%s.Words", prefix);
        desk_view_setf(t->v, tag->word, "%s.Tag", prefix);
        desk_view_setf(t->v, tag->kind, "%s.TagKind", prefix);
        desk_view_setf(t->v, tag->icon, "%s.TagIcon", prefix);
    }
    if (!rc && !n)
        desk_view_set(t->v, "FirstDay", "1");
    return rc;
}

static int64_t came_to(const struct desk_report *r, const char *outcome)
{
    for (size_t i = 0; i < DESK_REPORT_OUTCOMES; i++)
        if (strcmp(desk_report_outcomes[i].word, outcome) == 0)
            return r->by_outcome[i];
    return 0;
}

static void figure(struct today *t, size_t *i, int64_t n, const char *one, const char *many,
                   const char *href)
{
    if (n <= 0 && *i)
        return;
    desk_view_setf(t->v, plural(t, n, one, many), "Figures.%zu.Words", *i);
    desk_view_setf(t->v, href, "Figures.%zu.Href", *i);
    (*i)++;
}

static enum desk_rc so_far(struct today *t)
{
    struct desk_report *r = desk_arena_alloc(t->req->arena, sizeof *r);
    size_t i = 0;
    enum desk_rc rc =
        r ? desk_report_make(t->req->db, t->req->arena, t->req->tenant.id, NULL, t->from, t->to, r)
          : DESK_ENOMEM;
    if (rc)
        return rc;
    t->calls = r->calls;
    figure(t, &i, r->calls, "call", "calls", "/calls");
    figure(t, &i, r->answered, "taken care of", "taken care of", NULL);
    figure(t, &i, r->after_hours, "after hours", "after hours", NULL);
    figure(t, &i, came_to(r, DESK_OUT_BOOKED), "booked", "booked", NULL);
    figure(t, &i, came_to(r, DESK_OUT_TRANSFERRED), "put through", "put through",
           "/calls?show=through");
    figure(t, &i, came_to(r, DESK_OUT_HUNG_UP), "caller hung up before getting help",
           "callers hung up before getting help", "/calls?show=hung-up");
    if (r->cost_nanos > 0) {
        char money[32];
        desk_view_set(t->v, "Cost", desk_words_money(money, sizeof money, r->cost_nanos / 1000));
    }
    return rc;
}

/* "Fri 20 Nov, open until 5:30 pm" */
static enum desk_rc day_line(struct today *t)
{
    char date[48], time[24];
    struct desk_business b;
    struct desk_hours_state s;
    int64_t opens = 0;
    const char *more = "";
    desk_when_date(date, sizeof date, t->tz, t->now);
    enum desk_rc rc =
        desk_business_load(t->req->db, t->req->arena, t->req->tenant.id, t->req->location.id, &b);
    if (rc)
        return rc;
    desk_hours_at(b.hours, b.zone, t->now, &s);
    if (s.open && s.until && s.until < t->to)
        more = desk_arena_fmt(t->req->arena, ", open until %s",
                              desk_when_time(time, sizeof time, t->tz, s.until, false));
    else if (!s.open && desk_hours_next_open(b.hours, b.zone, t->now, &opens) && opens < t->to)
        more = desk_arena_fmt(t->req->arena, ", closed until %s",
                              desk_when_time(time, sizeof time, t->tz, opens, false));
    else if (!s.open)
        more = ", closed";
    desk_view_set(t->v, "DayLine", desk_arena_fmt(t->req->arena, "%s%s", date, more));
    return DESK_OK;
}

static enum desk_rc own_number(struct today *t)
{
    char words[64];
    struct desk_number *numbers;
    size_t n;
    enum desk_rc rc = desk_number_list(t->req->db, t->req->arena, t->req->tenant.id, &numbers, &n);
    if (!rc && n) {
        desk_view_set(t->v, "OwnNumber", desk_phone_national(words, sizeof words, numbers[0].e164));
        desk_view_set(t->v, "OwnNumberE164", numbers[0].e164);
    }
    return rc;
}

static const struct {
    const char *failed; /* set when it did not load */
    enum desk_rc (*fn)(struct today *t);
} panels[] = {
    {"StateFailed", state},    {"DayFailed", day_line},      {"NowFailed", on_phone},
    {"WorkFailed", work},      {"VisitsFailed", visits},     {"LatestFailed", latest},
    {"FiguresFailed", so_far}, {"NumberFailed", own_number},
};

enum desk_rc admin_home(struct desk_request *req)
{
    struct desk_local_time day;
    struct today t = {.req = req,
                      .v = desk_page_begin(req, "Today"),
                      .tz = desk_page_zone(req),
                      .now = desk_now_ms()};
    if (req->user.location_id) /* whose sign-in is for one place: what is here is of all of them */
        return desk_reply_redirect(req, "/calls"), DESK_OK;
    if (!t.v)
        return DESK_ENOMEM;
    desk_tz_local(t.tz, t.now, &day);
    t.from = desk_tz_day_start(t.tz, day.year, day.month, day.day);
    t.to = desk_tz_day_start(t.tz, day.year, day.month, day.day + 1);
    for (size_t i = 0; i < sizeof panels / sizeof *panels; i++) {
        enum desk_rc rc = panels[i].fn(&t);
        if (!rc)
            continue;
        desk_view_set(t.v, panels[i].failed, "1");
        desk_log(DESK_LOG_ERROR, "today.panel", "panel=%s rc=%s", panels[i].failed,
                 desk_rc_name(rc));
    }
    if (!t.work)
        desk_view_set(t.v, "Calm",
                      t.calls ? desk_arena_fmt(req->arena, "Nothing to do. %s today.",
                                               plural(&t, t.calls, "call", "calls"))
                              : "Nothing to do.");
    return desk_page_send(req, t.v, 0);
}
