#include "cgi-bin/admin/chart.h"
#include "cgi-bin/admin/reports.h"
#include "cgi-bin/words.h"

#include <stdio.h>
#include <string.h>

/* ---- when do people call? -------------------------------------------------------------------- */

#define CELL_W    27
#define CELL_H    26
#define CELL_LEFT 42
#define CELL_TOP  20

static const char *const days_long[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                        "Thursday", "Friday", "Saturday"};
static const char *const days_short[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
static const char *const steps[] = {"h1", "h2", "h3", "h4", "h5"};
static const char *const on_steps[] = {"n1", "n2", "n3", "n4", "n5"};

static const char *hour_words(char out[16], int h)
{
    snprintf(out, 16, "%d %s", h % 12 ? h % 12 : 12, h < 12 ? "am" : "pm");
    return out;
}

static const char *busiest(const struct told *t, int64_t *most)
{
    int day = 0, hour = 0;
    char from[16], to[16], calls[48];
    *most = 0;
    for (int i = 0; i < 7; i++)
        for (int h = 0; h < 24; h++)
            if (t->r->by_hour[(i + 1) % 7][h] > *most) {
                *most = t->r->by_hour[day = (i + 1) % 7][hour = h];
            }
    if (!*most)
        return "Nobody called.";
    return desk_arena_fmt(t->a, "Busiest: %s, %s to %s, with %s.", days_long[day],
                          hour_words(from, hour), hour_words(to, (hour + 1) % 24),
                          desk_words_count(calls, sizeof calls, *most, "call", "calls"));
}

static void chart_hours(const struct told *t, struct desk_view *v)
{
    struct chart c;
    int64_t most;
    char text[24];
    const char *words = busiest(t, &most);
    desk_view_set(v, "Busiest", words);
    chart_begin(&c, v, "hours", CELL_LEFT + 24 * CELL_W, CELL_TOP + 7 * CELL_H,
                "Calls by hour and weekday", words);
    for (int h = 0; h < 24; h += 3)
        chart_text(&c, "axis", CELL_LEFT + h * CELL_W, 13, hour_words(text, h));
    for (int i = 0; i < 7; i++) {
        int d = (i + 1) % 7;
        double y = CELL_TOP + i * CELL_H;
        chart_text(&c, "axis", 0, y + 17, days_short[d]);
        for (int h = 0; h < 24; h++) {
            int64_t n = t->r->by_hour[d][h];
            size_t step = n ? (size_t)((n * 5 - 1) / most) : 0;
            double x = CELL_LEFT + h * CELL_W;
            chart_box(&c, n ? steps[step] : "h0", x, y, CELL_W - 2, CELL_H - 2);
            snprintf(text, sizeof text, "%lld", (long long)n);
            if (n)
                chart_text(&c, on_steps[step], x + (CELL_W - 2) / 2.0, y + 17, text);
        }
    }
    chart_end(&c);
}

/* ---- by days --------------------------------------------------------------------------------- */

#define WIDE      690
#define NAME_WIDE 46 /* of a day */
#define HIGH      170
#define LEFT      46
#define FLOOR     148
#define ROOF      14

/* 1, 2 or 5 with zeros: the line at the top of a chart that holds most. */
static int64_t round_up(int64_t most)
{
    static const int64_t heads[] = {1, 2, 5};
    for (int64_t ten = 1;; ten *= 10)
        for (int i = 0; i < 3; i++)
            if (heads[i] * ten >= most)
                return heads[i] * ten;
}

struct axis {
    struct chart c;
    const struct desk_report *r;
    double step; /* width of a day */
    double top;  /* value at the roof */
};

static double height(const struct axis *x, int64_t n)
{
    return (double)n * (FLOOR - ROOF) / x->top;
}

/* Ground and roof lines, the words at them, and which days these are: a week's each, a month's
 * Mondays, a year's firsts. */
static void axis_begin(struct axis *x, const struct told *t, struct desk_view *v, const char *name,
                       const char *title, const char *desc, int64_t top, const char *roof)
{
    char text[32];
    const struct desk_report *r = t->r;
    *x = (struct axis){
        .r = r, .step = (double)(WIDE - LEFT) / (double)r->n_days, .top = (double)top};
    chart_begin(&x->c, v, name, WIDE, HIGH, title, desc);
    if (!t->running) /* where there is no room for all of it, its end is what people look for */
        desk_view_setf(v, "1", "Charts.%s.End", name);
    chart_box(&x->c, "rule", LEFT, FLOOR, WIDE - LEFT, 1);
    chart_box(&x->c, "rule", LEFT, ROOF, WIDE - LEFT, 1);
    chart_text(&x->c, "end axis", LEFT - 6, ROOF + 5, roof);
    chart_text(&x->c, "end axis", LEFT - 6, FLOOR + 5, "0");
    for (size_t i = 0; i < r->n_days; i++) {
        int y, m, d;
        desk_civil_from_days(r->first_day + (int64_t)i, &y, &m, &d);
        int weekday = desk_weekday_from_days(r->first_day + (int64_t)i);
        double at = LEFT + (double)i * x->step;
        bool named = r->n_days <= 8 || (r->n_days <= 62 ? weekday == 1 : d == 1);
        if (!named || at > WIDE - NAME_WIDE)
            continue;
        desk_when_date(text, sizeof text, NULL, (r->first_day + (int64_t)i) * 86400000);
        const char *words = r->n_days <= 8 ? text : strchr(text, ' ') + 1; /* "20 Nov" */
        chart_text(&x->c, "axis", at, FLOOR + 17, words);
    }
}

static double bar_left(const struct axis *x, size_t day)
{
    return LEFT + (double)day * x->step + x->step * 0.1;
}

static void chart_days(const struct told *t, struct desk_view *v)
{
    struct axis x;
    char top[24], calls[48];
    int64_t most = 1;
    for (size_t i = 0; i < t->r->n_days; i++)
        most = t->r->by_day[i].calls > most ? t->r->by_day[i].calls : most;
    most = round_up(most);
    snprintf(top, sizeof top, "%lld", (long long)most);
    const char *words = t->r->after_hours
                            ? desk_arena_fmt(t->a, "%s came after hours, %lld of them answered.",
                                             desk_words_count(calls, sizeof calls,
                                                              t->r->after_hours, "call", "calls"),
                                             (long long)t->r->after_hours_answered)
                            : "None came after hours.";
    desk_view_set(v, "AfterHours", words);
    axis_begin(&x, t, v, "days", "Who took the calls of each day", words, most, top);
    for (size_t i = 0; i < t->r->n_days; i++) {
        const int64_t *by = t->r->by_day[i].by_outcome;
        double desk = height(&x, desk_report_took(by, DESK_TOOK_DESK));
        double owner = height(&x, desk_report_took(by, DESK_TOOK_OWNER));
        double lost = height(&x, desk_report_took(by, DESK_TOOK_NOBODY));
        double left = bar_left(&x, i), wide = x.step * 0.8;
        chart_box(&x.c, "t-desk", left, FLOOR - desk, wide, desk);
        chart_striped(&x.c, "t-owner", left, FLOOR - desk - owner, wide, owner);
        chart_box(&x.c, "t-lost", left, FLOOR - desk - owner - lost, wide, lost);
    }
    chart_end(&x.c);
}

static const char *usual(const struct told *t)
{
    char p50[24], was[24], p95[24], p99[24];
    const struct desk_report_waits *w = &t->r->turn, *b = &t->before->turn;
    if (!w->n)
        return "Nothing was measured in this time.";
    return desk_arena_fmt(t->a, "Usual wait %s%s%s. The longest 1 in 20: %s, 1 in 100: %s.",
                          desk_words_took(p50, sizeof p50, w->p50), b->n ? ", was " : "",
                          b->n ? desk_words_took(was, sizeof was, b->p50) : "",
                          desk_words_took(p95, sizeof p95, w->p95),
                          desk_words_took(p99, sizeof p99, w->p99));
}

#define NOTICED_MS 1500 /* from then on callers notice a wait */

static void chart_waits(const struct told *t, struct desk_view *v)
{
    struct axis x;
    char top[24];
    int64_t most = NOTICED_MS;
    bool before = false;
    for (size_t i = 0; i < t->r->n_days; i++)
        most = t->waits[i].p95 > most ? t->waits[i].p95 : most;
    most = round_up(most);
    const char *words = usual(t);
    desk_view_set(v, "Waits", words);
    axis_begin(&x, t, v, "waits", "How long callers waited for an answer", words, most,
               desk_words_took(top, sizeof top, most));
    chart_box(&x.c, "noticed", LEFT, FLOOR - height(&x, NOTICED_MS), WIDE - LEFT, 1);
    chart_text(&x.c, "axis", LEFT + 4, FLOOR - height(&x, NOTICED_MS) - 4,
               "from 1.5 s on callers notice");
    for (size_t i = 0; i < t->r->n_days; i++) {
        double at = LEFT + ((double)i + 0.5) * x.step;
        const struct desk_report_waits *w = &t->waits[i];
        if (w->n) { /* a day alone is a point: a short line */
            chart_line(&x.c, "w-usual", !before, at - 2, FLOOR - height(&x, w->p50));
            chart_line(&x.c, "w-usual", false, at + 2, FLOOR - height(&x, w->p50));
            chart_line(&x.c, "w-long", !before, at - 2, FLOOR - height(&x, w->p95));
            chart_line(&x.c, "w-long", false, at + 2, FLOOR - height(&x, w->p95));
        }
        before = w->n != 0;
    }
    chart_end(&x.c);
}

static const char *spent(const struct told *t)
{
    char all[32], was[32], each[32];
    const struct desk_report *r = t->r;
    if (!r->cost_nanos)
        return "Nothing that has a price was used.";
    return desk_arena_fmt(
        t->a, "%s in all, was %s: about %s a call.",
        desk_words_money(all, sizeof all, r->cost_nanos / 1000),
        desk_words_money(was, sizeof was, t->before->cost_nanos / 1000),
        desk_words_money(each, sizeof each, r->cost_nanos / 1000 / (r->calls ? r->calls : 1)));
}

static void chart_cost(const struct told *t, struct desk_view *v)
{
    struct axis x;
    char top[32];
    int64_t most = 10000; /* a cent */
    for (size_t i = 0; i < t->r->n_days; i++) {
        int64_t micros = t->r->by_day[i].cost_nanos / 1000;
        most = micros > most ? micros : most;
    }
    most = round_up(most);
    const char *words = spent(t);
    desk_view_set(v, "Spent", words);
    axis_begin(&x, t, v, "cost", "What the calls of each day cost", words, most,
               desk_words_money(top, sizeof top, most));
    for (size_t i = 0; i < t->r->n_days; i++) {
        double high = height(&x, t->r->by_day[i].cost_nanos / 1000);
        chart_box(&x.c, "t-desk", bar_left(&x, i), FLOOR - high, x.step * 0.8, high);
    }
    chart_end(&x.c);
}

void report_charts(const struct told *t, struct desk_view *v)
{
    chart_hours(t, v);
    chart_days(t, v);
    chart_waits(t, v);
    chart_cost(t, v);
}
