#include "cgi-bin/admin/reports.h"
#include "cgi-bin/words.h"
#include "core/phone.h"
#include "wire/csv.h"

#include <stdio.h>
#include <string.h>

/* ---- building -------------------------------------------------------------------------------- */

static struct sheet_row *row(struct sheet *s)
{
    struct sheet_row *r = desk_arena_alloc(s->a, sizeof *r);
    if (!r) {
        s->failed = true;
        return NULL;
    }
    *(s->last ? &s->last->next : &s->first) = r;
    s->last = r;
    return r;
}

static void heading(struct sheet *s, const char *const *titles, size_t n)
{
    struct sheet_row *r = row(s);
    s->cols = n;
    for (size_t i = 0; r && i < n; i++)
        r->cell[i] = titles[i];
}
#define HEADING(s, ...)                                                                            \
    heading(s, (const char *const[]){__VA_ARGS__},                                                 \
            sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

static const char *num(struct sheet *s, int64_t n)
{
    return desk_arena_fmt(s->a, "%lld", (long long)n);
}

static const char *money(struct sheet *s, int64_t nanos)
{
    char words[32];
    if (s->csv)
        return desk_arena_fmt(s->a, "%lld.%06lld", (long long)(nanos / 1000000000),
                              (long long)(nanos % 1000000000 / 1000));
    return desk_arena_strdup(s->a, desk_words_money(words, sizeof words, nanos / 1000));
}

static const char *ms(struct sheet *s, int64_t n)
{
    char words[32];
    return s->csv ? num(s, n) : desk_arena_strdup(s->a, desk_words_took(words, sizeof words, n));
}

static const char *day(struct sheet *s, const struct desk_report *r, size_t i)
{
    char words[48];
    int y, m, d;
    desk_civil_from_days(r->first_day + (int64_t)i, &y, &m, &d);
    if (s->csv)
        return desk_arena_fmt(s->a, "%04d-%02d-%02d", y, m, d);
    return desk_arena_strdup(
        s->a, desk_when_date(words, sizeof words, r->tz, desk_tz_day_start(r->tz, y, m, d)));
}

/* ---- the tables ------------------------------------------------------------------------------ */

static const char *const weekdays[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                       "Thursday", "Friday", "Saturday"};

static void fill_hours(const struct told *t, struct sheet *s)
{
    const char *titles[SHEET_COLS] = {"Day"};
    for (size_t h = 0; h < 24; h++)
        titles[1 + h] = num(s, (int64_t)h);
    heading(s, titles, SHEET_COLS);
    for (size_t i = 0; i < 7; i++) {
        size_t d = (i + 1) % 7;
        struct sheet_row *r = row(s);
        for (size_t h = 0; r && h < 24; h++)
            r->cell[1 + h] = num(s, t->r->by_hour[d][h]);
        if (r)
            r->cell[0] = weekdays[d];
    }
}

static void fill_days(const struct told *t, struct sheet *s)
{
    HEADING(s, "Day", "Calls", "By Frontdesk", "Needed you", "Lost", "After hours",
            "Of these answered");
    for (size_t i = 0; i < t->r->n_days; i++) {
        const struct desk_report_day *d = &t->r->by_day[i];
        struct sheet_row *r = row(s);
        if (!r)
            return;
        r->cell[0] = day(s, t->r, i);
        r->cell[1] = num(s, d->calls);
        for (int k = 0; k < DESK_TOOK__MAX; k++)
            r->cell[2 + k] = num(s, desk_report_took(d->by_outcome, (enum desk_report_took)k));
        r->cell[5] = num(s, d->after_hours);
        r->cell[6] = num(s, d->after_hours_answered);
    }
}

static void fill_outcomes(const struct told *t, struct sheet *s)
{
    HEADING(s, "Ended", "Calls", "Before");
    for (size_t i = 0; i <= DESK_REPORT_OUTCOMES; i++) {
        bool named = i < DESK_REPORT_OUTCOMES;
        int64_t n = named ? t->r->by_outcome[i] : t->r->other;
        int64_t was = named ? t->before->by_outcome[i] : t->before->other;
        struct sheet_row *r = n || was ? row(s) : NULL;
        if (!r)
            continue;
        r->cell[0] = named ? desk_report_outcomes[i].many : "still running";
        r->cell[1] = num(s, n);
        r->cell[2] = num(s, was);
    }
}

static void wait_row(struct sheet *s, const char *title, const struct desk_report_waits *w)
{
    struct sheet_row *r = w->n ? row(s) : NULL;
    if (!r)
        return;
    r->cell[0] = title;
    r->cell[1] = num(s, w->n);
    r->cell[2] = ms(s, w->p50);
    r->cell[3] = ms(s, w->p95);
    r->cell[4] = ms(s, w->p99);
}

static void fill_waits(const struct told *t, struct sheet *s)
{
    if (s->csv)
        HEADING(s, "Wait", "Answers", "Usual ms", "Longest 1 in 20 ms", "Longest 1 in 100 ms");
    else
        HEADING(s, "Wait", "Answers", "Usual", "Longest 1 in 20", "Longest 1 in 100");
    wait_row(s, "For the first word", &t->r->answer);
    wait_row(s, "For an answer", &t->r->turn);
    for (size_t i = 0; i < t->r->n_days; i++)
        wait_row(s, day(s, t->r, i), &t->waits[i]);
}

static void fill_cost(const struct told *t, struct sheet *s)
{
    HEADING(s, "Day", "Calls", s->csv ? "Cost in dollars" : "Cost");
    for (size_t i = 0; i < t->r->n_days; i++) {
        const struct desk_report_day *d = &t->r->by_day[i];
        struct sheet_row *r = row(s);
        if (!r)
            return;
        r->cell[0] = day(s, t->r, i);
        r->cell[1] = num(s, d->calls);
        r->cell[2] = money(s, d->cost_nanos);
    }
}

static void fill_callers(const struct told *t, struct sheet *s)
{
    char words[64];
    HEADING(s, "Caller", "Phone", "Calls");
    for (size_t i = 0; i < t->r->n_top; i++) {
        const struct desk_report_caller *c = &t->r->top[i];
        struct sheet_row *r = c->name || c->number ? row(s) : NULL; /* else they were erased */
        if (!r)
            continue;
        r->cell[0] = c->name ? c->name : s->csv ? NULL : "No name yet";
        r->cell[1] =
            s->csv || !c->number
                ? c->number
                : desk_arena_strdup(s->a, desk_phone_national(words, sizeof words, c->number));
        r->cell[2] = num(s, c->n);
    }
}

static void fill_promises(const struct told *t, struct sheet *s)
{
    const struct {
        const char *title;
        int64_t n, was;
    } rows[] = {{"Callbacks promised", t->r->promised, t->before->promised},
                {"Callbacks made", t->r->kept, t->before->kept},
                {"Callbacks still open", t->r->open, t->before->open},
                {"Of these late", t->r->late, t->before->late},
                {"Said, but not done", t->r->undone, t->before->undone},
                {"Could not be delivered", t->r->attention, t->before->attention}};
    HEADING(s, "Promises", "Now", "Before");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sheet_row *r = row(s);
        if (!r)
            return;
        r->cell[0] = rows[i].title;
        r->cell[1] = num(s, rows[i].n);
        r->cell[2] = num(s, rows[i].was);
    }
}

const struct report_sheet report_sheets[] = {
    {"hours", "Calls by hour and weekday", fill_hours},
    {"days", "Calls by day", fill_days},
    {"outcomes", "How calls ended", fill_outcomes},
    {"waits", "How long callers waited", fill_waits},
    {"cost", "Cost by day", fill_cost},
    {"callers", "Who called most", fill_callers},
    {"promises", "Promises", fill_promises},
    {0},
};

/* ---- out ------------------------------------------------------------------------------------- */

static void view_row(struct desk_view *v, const char *name, int at, const struct sheet *s,
                     const struct sheet_row *r)
{
    for (size_t c = 0; c < s->cols; c++) {
        const char *text = r->cell[c] ? r->cell[c] : "";
        if (at < 0)
            desk_view_setf(v, text, "Tables.%s.Head.%zu", name, c);
        else if (c == 0)
            desk_view_setf(v, text, "Tables.%s.Rows.%d.Title", name, at);
        else
            desk_view_setf(v, text, "Tables.%s.Rows.%d.Cells.%zu", name, at, c - 1);
    }
}

enum desk_rc report_sheets_view(const struct told *t, struct desk_view *v)
{
    for (const struct report_sheet *k = report_sheets; k->name; k++) {
        struct sheet s = {.a = t->a};
        int at = -1;
        k->fill(t, &s);
        if (s.failed)
            return DESK_ENOMEM;
        desk_view_setf(v, k->title, "Tables.%s.Title", k->name);
        desk_view_setf(v, k->name, "Tables.%s.Name", k->name);
        for (const struct sheet_row *r = s.first; r; r = r->next)
            view_row(v, k->name, at++, &s, r);
    }
    return DESK_OK;
}

enum desk_rc report_sheet_csv(const struct told *t, const struct report_sheet *sheet)
{
    struct desk_request *req = t->req;
    struct sheet s = {.a = t->a, .csv = true};
    struct desk_buf *out = &req->reply.body;
    sheet->fill(t, &s);
    if (s.failed)
        return DESK_ENOMEM;
    desk_buf_str(out, "\xef\xbb\xbf"); /* without it Excel takes UTF-8 for something else */
    for (const struct sheet_row *r = s.first; r; r = r->next) {
        for (size_t c = 0; c < s.cols; c++)
            desk_csv_put(out, c == 0, r->cell[c]);
        desk_csv_end(out);
    }
    req->reply.type = "text/csv; charset=utf-8";
    desk_page_headers(req);
    desk_reply_header(
        req, "Content-Disposition",
        desk_arena_fmt(req->arena, "attachment; filename=\"frontdesk-%s.csv\"", sheet->name));
    return DESK_OK;
}
