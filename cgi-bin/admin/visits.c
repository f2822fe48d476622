/* GET /calendar?day=&view=: appointments of a day or a week. */
#include "cgi-bin/admin/visits.h"
#include "cgi-bin/words.h"
#include "base/clock.h"
#include "core/day_text.h"
#include "store/calendar_events.h"
#include "talk/business.h"

#include <stdio.h>
#include <string.h>

#define MOST   200 /* of a day or week */
#define MONDAY 1

int64_t admin_day_start(const struct desk_tz *tz, int32_t day)
{
    int y, m, d;
    desk_civil_from_days(day, &y, &m, &d);
    return desk_tz_day_start(tz, y, m, d);
}

const char *admin_day_iso(struct desk_request *req, int32_t day)
{
    int y, m, d;
    desk_civil_from_days(day, &y, &m, &d);
    return desk_arena_fmt(req->arena, "%04d-%02d-%02d", y, m, d);
}

/* How it stands with a calendar outside of ours. */
static enum desk_rc outside(struct desk_request *req, const struct desk_appointment *a,
                            const struct admin_mark **out)
{
    static const struct {
        const char *state;
        struct admin_mark mark;
    } rows[] = {{DESK_EVENT_WANTED, {"Waiting for Google", "p2", "clock"}},
                {DESK_EVENT_TAKEN, {"Not in Google: check", "check", "question"}}};
    struct desk_calendar_event e;
    enum desk_rc rc = desk_calendar_event_get(req->db, req->arena, req->tenant.id, a->id, &e);
    *out = NULL;
    for (size_t i = 0; !rc && i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].state, e.state) == 0)
            *out = &rows[i].mark;
    return rc == DESK_ENOTFOUND ? DESK_OK : rc;
}

bool admin_visit_said(const struct desk_appointment *a, const char *answer)
{
    return a->answer && strcmp(a->answer, answer) == 0;
}

static const struct admin_mark *standing(const struct desk_appointment *a)
{
    static const struct admin_mark done = {"Done", "plain", "check"},
                                   held = {"To be confirmed", "p2", "clock"},
                                   gone = {"Cancelled", "plain", "struck"},
                                   coming = {"They are coming", "good", "tick"},
                                   change = {"They want a change", "p2", "triangle"};
    if (strcmp(a->status, DESK_APPT_DONE) == 0)
        return &done;
    if (strcmp(a->status, DESK_APPT_CANCELLED) == 0)
        return &gone;
    if (strcmp(a->status, DESK_APPT_HELD) == 0)
        return &held;
    if (admin_visit_said(a, DESK_ANSWER_CHANGE))
        return &change;
    return admin_visit_said(a, DESK_ANSWER_COMING) ? &coming : NULL;
}

enum desk_rc admin_visit_fields(struct desk_request *req, struct desk_view *v, const char *prefix,
                                const struct desk_appointment *a)
{
    const struct admin_mark *marks[2] = {standing(a), NULL};
    enum desk_rc rc = outside(req, a, &marks[1]);
    size_t n = 0;
    desk_view_fields(v, prefix, &desk_appointment_fields, a);
    desk_view_setf(v, a->name && *a->name ? a->name : "No name", "%s.Who", prefix);
    for (size_t i = 0; i < 2; i++) {
        if (!marks[i])
            continue;
        desk_view_setf(v, marks[i]->word, "%s.Tags.%zu.Word", prefix, n);
        desk_view_setf(v, marks[i]->kind, "%s.Tags.%zu.Kind", prefix, n);
        desk_view_setf(v, marks[i]->icon, "%s.Tags.%zu.Icon", prefix, n++);
    }
    return rc;
}

/* "Open 8:00 am to 5:00 pm", "Closed: Thanksgiving", and the owner's notes. */
static void set_hours(struct desk_request *req, struct desk_view *v, const struct desk_business *b,
                      int32_t day, size_t i)
{
    struct desk_hours_day h;
    struct desk_instants at[DESK_MAX_HOURS_SPANS];
    char from[24], to[24];
    const char *words = "Closed";
    desk_hours_day(b->hours, day, &h);
    size_t n = desk_hours_instants(b->hours, b->zone, day, at);
    if (h.why == DESK_HOURS_ALWAYS)
        words = NULL;
    else if (n)
        words = desk_arena_fmt(req->arena, "Open %s to %s%s",
                               desk_when_time(from, sizeof from, b->zone, at[0].from, false),
                               desk_when_time(to, sizeof to, b->zone, at[n - 1].to, false),
                               n > 1 ? ", with a break" : "");
    if (words && h.label && *h.label)
        words = desk_arena_fmt(req->arena, "%s: %s", words, h.label);
    desk_view_setf(v, words, "Days.%zu.Hours", i);
    const char *note;
    for (size_t k = 0; (note = desk_hours_note(b->hours, day, k)); k++)
        desk_view_setf(v, note, "Days.%zu.Notes.%zu", i, k);
}

struct page {
    struct desk_request *req;
    struct desk_view *v;
    struct desk_business business;
    const struct desk_tz *tz;
    int32_t today, first; /* days since 1970-01-01 */
    size_t days;
    struct desk_appointment *all;
    size_t n;
};

static bool shows(const struct desk_appointment *a)
{
    return strcmp(a->status, DESK_APPT_CANCELLED) != 0 &&
           (strcmp(a->status, DESK_APPT_HELD) != 0 || a->hold_until > desk_now_ms());
}

static enum desk_rc set_day(struct page *p, size_t i)
{
    char words[64], prefix[48];
    int32_t day = p->first + (int32_t)i;
    int64_t from = admin_day_start(p->tz, day), to = admin_day_start(p->tz, day + 1);
    size_t n = 0;
    enum desk_rc rc = DESK_OK;
    desk_view_setf(p->v, desk_when_date_long(words, sizeof words, p->tz, from), "Days.%zu.Name", i);
    desk_view_setf(p->v, admin_day_iso(p->req, day), "Days.%zu.Iso", i);
    desk_view_setf(p->v, day == p->today ? "1" : "", "Days.%zu.Today", i);
    set_hours(p->req, p->v, &p->business, day, i);
    for (size_t k = 0; !rc && k < p->n; k++) {
        const struct desk_appointment *a = &p->all[k];
        if (a->start_at < from || a->start_at >= to || !shows(a))
            continue;
        snprintf(prefix, sizeof prefix, "Days.%zu.Visits.%zu", i, n++);
        rc = admin_visit_fields(p->req, p->v, prefix, a);
    }
    return rc;
}

static void link_to(struct page *p, const char *name, int32_t day, bool week)
{
    desk_view_set(p->v, name,
                  desk_arena_fmt(p->req->arena, "/calendar?day=%s%s", admin_day_iso(p->req, day),
                                 week ? "&view=week" : ""));
}

static void set_links(struct page *p, int32_t day)
{
    bool week = p->days > 1;
    int32_t step = (int32_t)p->days;
    link_to(p, "Before", p->first - step, week);
    link_to(p, "After", p->first + step, week);
    link_to(p, "Now", p->today, week);
    link_to(p, "Other", day, !week);
    desk_view_set(p->v, "Week", week ? "1" : "");
    desk_view_set(p->v, "Day", admin_day_iso(p->req, day));
}

static enum desk_rc load(struct page *p)
{
    struct desk_request *req = p->req;
    enum desk_rc rc =
        desk_business_load(req->db, req->arena, req->tenant.id, req->location.id, &p->business);
    if (!rc)
        rc = desk_appointments_between(
            req->db, req->arena, req->tenant.id, admin_day_start(p->tz, p->first),
            admin_day_start(p->tz, p->first + (int32_t)p->days), true, MOST, &p->all, &p->n);
    if (!rc && p->n == MOST)
        desk_view_set(p->v, "Cut", "1");
    return rc;
}

enum desk_rc admin_visits(struct desk_request *req)
{
    struct page p = {.req = req, .tz = desk_page_zone(req), .days = 1};
    int32_t day;
    char words[64];
    const struct desk_value *asked = desk_param(req, "day");
    p.today = desk_hours_date(p.tz, desk_now_ms());
    if (!asked->given || asked->error || !desk_day_parse(asked->text, &day))
        day = p.today;
    p.first = day;
    if (strcmp(desk_param(req, "view")->text, "week") == 0) {
        p.days = 7;
        p.first = day - (desk_weekday_from_days(day) + 7 - MONDAY) % 7;
    }
    desk_when_date_long(words, sizeof words, p.tz, admin_day_start(p.tz, p.first));
    const char *title = p.days > 1 ? desk_arena_fmt(req->arena, "Week of %s", words)
                                   : desk_arena_strdup(req->arena, words);
    p.v = title ? desk_page_begin(req, title) : NULL;
    enum desk_rc rc = p.v ? load(&p) : DESK_ENOMEM;
    for (size_t i = 0; !rc && i < p.days; i++)
        rc = set_day(&p, i);
    if (rc)
        return rc;
    desk_view_set(p.v, "Title", title);
    set_links(&p, day);
    return desk_page_send(req, p.v, 0);
}
