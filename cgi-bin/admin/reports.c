/* GET /reports?from=&to=&place=: is it worth it, and where do calls get lost; and GET
 * /reports/:file, each of its tables as a CSV file. */
#include "cgi-bin/admin/reports.h"
#include "cgi-bin/words.h"
#include "base/clock.h"
#include "core/day_text.h"
#include "core/phone.h"
#include "talk/business.h"
#include "talk/digest.h"
#include "talk/report.h"

#include <stdio.h>
#include <string.h>

#define REPORT_ARENA ((size_t)64 * 1024 * 1024)
#define DAYS_MOST    366
#define FEW          5 /* calls that say nothing yet */

static const char *const presets[DESK_REPORT_PRESET__MAX] = {
    [DESK_REPORT_THIS_WEEK] = "This week",
    [DESK_REPORT_LAST_WEEK] = "Last week",
    [DESK_REPORT_THIS_MONTH] = "This month",
    [DESK_REPORT_LAST_MONTH] = "Last month",
};

/* ---- what is asked for ----------------------------------------------------------------------- */

struct asked {
    int64_t from, to;
    const char *place;   /* id, or NULL = all */
    const char *problem; /* a sentence, or NULL */
    struct desk_location *places;
    size_t n_places;
};

static bool day_given(const struct desk_request *req, const char *name, int32_t *day)
{
    return desk_day_parse(desk_param(req, name)->text, day);
}

static int64_t start_of(const struct desk_tz *tz, int32_t day)
{
    int y, m, d;
    desk_civil_from_days(day, &y, &m, &d);
    return desk_tz_day_start(tz, y, m, d);
}

static enum desk_rc read_asked(struct desk_request *req, struct asked *q)
{
    int32_t from, to;
    const struct desk_tz *tz = desk_page_zone(req);
    const char *place = desk_param(req, "place")->text;
    bool given = desk_param(req, "from")->given || desk_param(req, "to")->given;
    *q = (struct asked){.problem = NULL};
    desk_report_preset(tz, desk_now_ms(), DESK_REPORT_THIS_WEEK, &q->from, &q->to);
    if (given && (!day_given(req, "from", &from) || !day_given(req, "to", &to)))
        q->problem = "Give both days as year, month and day, like 2026-11-20. This is this week.";
    else if (given && to < from)
        q->problem = "The first day is after the last one. This is this week.";
    else if (given && to - from >= DAYS_MOST)
        q->problem = "A report tells of a year at most. This is this week.";
    else if (given) {
        q->from = start_of(tz, from);
        q->to = start_of(tz, to + 1);
    }
    enum desk_rc rc =
        desk_location_list(req->db, req->arena, req->tenant.id, &q->places, &q->n_places);
    for (size_t i = 0; !rc && i < q->n_places; i++)
        if (strcmp(q->places[i].id, place) == 0)
            q->place = q->places[i].id;
    return rc ? rc : *place && !q->place ? DESK_ENOTFOUND : DESK_OK;
}

static void arena_free(void *a)
{
    desk_arena_free(a);
}

static enum desk_rc load(struct desk_request *req, const struct asked *q, struct told *t)
{
    int64_t before, until;
    *t = (struct told){.req = req, .a = desk_arena_new(REPORT_ARENA), .now = desk_now_ms()};
    if (!t->a)
        return DESK_ENOMEM;
    desk_arena_defer(req->arena, arena_free, t->a);
    struct desk_report *r = desk_arena_alloc(t->a, 2 * sizeof *r);
    struct desk_report_waits *waits;
    if (!r)
        return DESK_ENOMEM;
    t->days = desk_report_before(desk_page_zone(req), t->now, q->from, q->to, &before, &until);
    t->running = t->now < q->to && t->now > q->from;
    enum desk_rc rc =
        desk_report_make(req->db, t->a, req->tenant.id, q->place, q->from, q->to, &r[0]);
    if (!rc)
        rc = desk_report_sums(req->db, t->a, req->tenant.id, q->place, before, until, &r[1]);
    if (!rc)
        rc = desk_report_waits_by_day(req->db, t->a, req->tenant.id, &r[0], &waits);
    t->r = &r[0];
    t->before = &r[1];
    t->waits = rc ? NULL : waits;
    return rc;
}

/* ---- sentences and lists --------------------------------------------------------------------- */

static void set_headline(const struct told *t, struct desk_view *v)
{
    char calls[48], days[48];
    const struct desk_report *r = t->r;
    int64_t more = r->calls - t->before->calls;
    desk_view_set(v, "Headline",
                  desk_arena_fmt(t->a, "%s: %lld taken care of, %lld needed you, %lld lost.",
                                 desk_words_count(calls, sizeof calls, r->calls, "call", "calls"),
                                 (long long)desk_report_took(r->by_outcome, DESK_TOOK_DESK),
                                 (long long)desk_report_took(r->by_outcome, DESK_TOOK_OWNER),
                                 (long long)desk_report_took(r->by_outcome, DESK_TOOK_NOBODY)));
    const char *then =
        t->days == 1 ? "the day before"
                     : desk_arena_fmt(t->a, "the %s before",
                                      desk_words_count(days, sizeof days, t->days, "day", "days"));
    if (t->running)
        then = desk_arena_fmt(t->a, "%s by this time", then);
    desk_view_set(v, "Compare",
                  more == 0 ? desk_arena_fmt(t->a, "As many as %s.", then)
                            : desk_arena_fmt(t->a, "%lld %s than %s.",
                                             (long long)(more < 0 ? -more : more),
                                             more < 0 ? "fewer" : "more", then));
}

/* Which filter of /calls shows these; NULL: none does. */
static const char *filter_of(const char *outcome)
{
    static const struct {
        const char *outcome, *show;
    } rows[] = {{"transferred", "through"}, {"message", "messages"}, {"hung_up", "hung-up"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].outcome, outcome) == 0)
            return rows[i].show;
    return NULL;
}

static const char *days_of(const struct told *t)
{
    char from[16], to[16];
    int32_t first = t->r->first_day;
    return desk_arena_fmt(t->a, "from=%s&to=%s", desk_day_text(from, sizeof from, first),
                          desk_day_text(to, sizeof to, first + (int32_t)t->r->n_days - 1));
}

static void set_outcomes(const struct told *t, struct desk_view *v)
{
    bool told[DESK_REPORT_OUTCOMES] = {false};
    char n[24];
    for (int k = 0; k < DESK_REPORT_OUTCOMES; k++) { /* the most frequent first */
        size_t at = DESK_REPORT_OUTCOMES;
        for (size_t i = 0; i < DESK_REPORT_OUTCOMES; i++)
            if (!told[i] && t->r->by_outcome[i] &&
                (at == DESK_REPORT_OUTCOMES || t->r->by_outcome[i] > t->r->by_outcome[at]))
                at = i;
        if (at == DESK_REPORT_OUTCOMES)
            return;
        told[at] = true;
        const struct desk_report_outcome *o = &desk_report_outcomes[at];
        int64_t many = t->r->by_outcome[at];
        snprintf(n, sizeof n, "%lld", (long long)many);
        desk_view_setf(v, n, "Ends.%d.N", k);
        desk_view_setf(v, many == 1 ? o->title : o->many, "Ends.%d.Words", k);
        snprintf(n, sizeof n, "%lld", (long long)(many * 100 / t->r->calls));
        desk_view_setf(v, n, "Ends.%d.Part", k);
        desk_view_setf(v, o->took == DESK_TOOK_NOBODY ? "t-lost" : "t-desk", "Ends.%d.Kind", k);
        if (filter_of(o->word))
            desk_view_setf(
                v, desk_arena_fmt(t->a, "/calls?show=%s&%s", filter_of(o->word), days_of(t)),
                "Ends.%d.Path", k);
    }
}

static void set_callers(const struct told *t, struct desk_view *v)
{
    char words[64];
    for (size_t i = 0, k = 0; i < t->r->n_top; i++) {
        const struct desk_report_caller *c = &t->r->top[i];
        if (!c->name && !c->number) /* their calls were erased */
            continue;
        desk_view_setf(v, c->name ? c->name : desk_phone_national(words, sizeof words, c->number),
                       "Callers.%zu.Who", k);
        if (c->contact_id)
            desk_view_setf(v, desk_arena_fmt(t->a, "/people/%s", c->contact_id), "Callers.%zu.Path",
                           k);
        desk_view_setf(v, desk_words_count(words, sizeof words, c->n, "call", "calls"),
                       "Callers.%zu.Calls", k++);
    }
}

static void set_promises(const struct told *t, struct desk_view *v)
{
    char words[64];
    const struct {
        int64_t n;
        const char *one, *many, *path, *kind;
    } rows[] = {
        {t->r->promised, "callback promised", "callbacks promised", "/callbacks", ""},
        {t->r->kept, "callback made", "callbacks made", "/callbacks", ""},
        {t->r->open, "callback still open", "callbacks still open", "/callbacks", ""},
        {t->r->late, "of them late", "of them late", "/callbacks", "late"},
        {t->r->undone, "thing said, but not done", "things said, but not done", "/attention",
         "late"},
        {t->r->attention, "message not delivered", "messages not delivered", "/attention", "late"}};
    for (size_t i = 0, k = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!rows[i].n)
            continue;
        desk_view_setf(v,
                       desk_words_count(words, sizeof words, rows[i].n, rows[i].one, rows[i].many),
                       "Promises.%zu.Words", k);
        desk_view_setf(v, rows[i].path, "Promises.%zu.Path", k);
        desk_view_setf(v, rows[i].kind, "Promises.%zu.Kind", k++);
    }
}

/* ---- the form -------------------------------------------------------------------------------- */

static const char *last_day(char out[16], const struct told *t)
{
    return desk_day_text(out, 16, t->r->first_day + (int32_t)t->r->n_days - 1);
}

static void set_form(const struct told *t, const struct asked *q, struct desk_view *v)
{
    char from[16], to[16];
    const struct desk_tz *tz = desk_page_zone(t->req);
    const char *place = q->place ? desk_arena_fmt(t->a, "&place=%s", q->place) : "";
    desk_view_set(v, "From", desk_day_text(from, sizeof from, t->r->first_day));
    desk_view_set(v, "To", last_day(to, t));
    desk_view_set(v, "Days", desk_arena_fmt(t->a, "%s%s", days_of(t), place));
    for (int i = 0; i < DESK_REPORT_PRESET__MAX; i++) {
        int64_t a, b;
        struct desk_local_time first, last;
        desk_report_preset(tz, t->now, (enum desk_report_preset)i, &a, &b);
        desk_tz_local(tz, a, &first);
        desk_tz_local(tz, b - 1, &last);
        desk_view_setf(v, presets[i], "Presets.%d.Label", i);
        desk_view_setf(v,
                       desk_arena_fmt(t->a, "/reports?from=%04d-%02d-%02d&to=%04d-%02d-%02d%s",
                                      first.year, first.month, first.day, last.year, last.month,
                                      last.day, place),
                       "Presets.%d.Path", i);
        desk_view_setf(v, a == q->from && b == q->to ? "1" : "", "Presets.%d.Here", i);
    }
    for (size_t i = 0; q->n_places > 1 && i < q->n_places; i++) {
        desk_view_setf(v, q->places[i].id, "Places.%zu.Id", i);
        desk_view_setf(v, q->places[i].name, "Places.%zu.Name", i);
        desk_view_setf(v, q->place == q->places[i].id ? "1" : "", "Places.%zu.Here", i);
    }
}

/* What the weekly digest would say of it, and who gets it. */
static enum desk_rc set_digest(const struct told *t, struct desk_view *v)
{
    static const char *const days[] = {"Sundays",   "Mondays", "Tuesdays", "Wednesdays",
                                       "Thursdays", "Fridays", "Saturdays"};
    struct desk_business b;
    const char *text;
    enum desk_rc rc = desk_business_load(t->req->db, t->a, t->req->tenant.id, NULL, &b);
    if (!rc)
        rc = desk_digest_text(t->req->db, t->a, t->req->tenant.id, &b, t->r, &text);
    if (rc)
        return rc;
    desk_view_set(v, "Digest.Text", text);
    if (b.digest.weekly)
        desk_view_set(v, "Digest.When",
                      desk_arena_fmt(t->a, "It goes to you on %s at %d:%02d.",
                                     days[b.digest.weekday % 7], b.digest.at / 60,
                                     b.digest.at % 60));
    return DESK_OK;
}

/* ---- pages ----------------------------------------------------------------------------------- */

enum desk_rc admin_reports(struct desk_request *req)
{
    struct asked q;
    struct told t;
    enum desk_rc rc = read_asked(req, &q);
    if (!rc)
        rc = load(req, &q, &t);
    struct desk_view *v =
        rc ? NULL : desk_page_begin(req, q.problem ? "Error: Reports" : "Reports");
    if (!v)
        return rc ? rc : DESK_ENOMEM;
    set_form(&t, &q, v);
    if (q.problem)
        desk_page_error(v, q.problem);
    if (t.r->calls + t.before->calls == 0)
        desk_view_set(v, "None", "1");
    else if (t.r->calls < FEW)
        desk_view_set(v, "Few", "1");
    if (t.r->calls) {
        set_headline(&t, v);
        set_outcomes(&t, v);
        set_callers(&t, v);
        report_charts(&t, v);
    } else if (t.before->calls) {
        set_headline(&t, v);
    }
    set_promises(&t, v);
    rc = report_sheets_view(&t, v);
    if (!rc)
        rc = admin_money(req, v);
    if (!rc)
        rc = set_digest(&t, v);
    return rc ? rc : desk_page_send(req, v, 0);
}

enum desk_rc admin_report_file(struct desk_request *req)
{
    struct asked q;
    struct told t;
    const char *file = desk_param(req, "file")->text;
    const struct report_sheet *k = report_sheets;
    while (k->name && strcmp(desk_arena_fmt(req->arena, "%s.csv", k->name), file) != 0)
        k++;
    if (!k->name)
        return DESK_ENOTFOUND;
    enum desk_rc rc = read_asked(req, &q);
    if (!rc && q.problem) {
        req->detail = q.problem;
        return DESK_EINVAL;
    }
    if (!rc)
        rc = load(req, &q, &t);
    return rc ? rc : report_sheet_csv(&t, k);
}
