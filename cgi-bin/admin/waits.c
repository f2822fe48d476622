/* How long a caller waited for answers, turn by turn: in a sentence, as bars, and as a table. */
#include "cgi-bin/admin/chart.h"
#include "cgi-bin/admin/admin.h"
#include "cgi-bin/words.h"
#include "store/latency.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SLOW_MS 1500 /* callers notice */
#define SHOWN   60   /* bars */
#define WIDTH   320
#define HEIGHT  96
#define GAP     2

struct waits {
    const struct desk_latency *turns[SHOWN];
    size_t n;
    int64_t usual, longest; /* ms */
    int64_t own_us;         /* the median of our own part */
};

static bool is_turn(const struct desk_latency *l)
{
    return strcmp(l->kind, DESK_LATENCY_TURN) == 0 || strcmp(l->kind, DESK_LATENCY_TEXT_TURN) == 0;
}

static int smaller(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static int64_t median(int64_t *v, size_t n)
{
    qsort(v, n, sizeof *v, smaller);
    return n ? v[(n - 1) / 2] : 0;
}

static void reckon(struct waits *w, const struct desk_latency *rows, size_t n)
{
    int64_t total[SHOWN], own[SHOWN];
    for (size_t i = 0; i < n && w->n < SHOWN; i++) {
        if (!is_turn(&rows[i]))
            continue;
        total[w->n] = rows[i].total_ms;
        own[w->n] = rows[i].own_us;
        w->turns[w->n++] = &rows[i];
        w->longest = rows[i].total_ms > w->longest ? rows[i].total_ms : w->longest;
    }
    w->usual = median(total, w->n);
    w->own_us = median(own, w->n);
}

static const char *took(struct desk_request *req, int64_t ms)
{
    char words[32];
    if (ms < 50)
        return "under 0.1 s";
    return desk_arena_strdup(req->arena, desk_words_took(words, sizeof words, ms));
}

/* A bar a turn: what the model took, look-ups, our own part, and the rest, which is the line's. */
static void draw(struct desk_request *req, struct desk_view *v, const struct waits *w)
{
    static const char *const kinds[] = {"w-fine", "w-slow", "w-look", "w-own", "w-limit"};
    struct chart c;
    const double top = (double)(w->longest > 2 * SLOW_MS ? w->longest : 2 * SLOW_MS);
    const double step = (double)WIDTH / (double)w->n, unit = HEIGHT / top;
    const double wide = step > 26 ? 24 : step - GAP;
    chart_begin(&c, v, "waits", WIDTH, HEIGHT, "How long each answer took",
                desk_arena_fmt(req->arena, "%zu answers, the longest after %s.", w->n,
                               took(req, w->longest)));
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) /* in this order, the last on top */
        chart_box(&c, kinds[i], 0, 0, 0, 0);
    for (size_t i = 0; i < w->n; i++) {
        const struct desk_latency *l = w->turns[i];
        const double x = (double)i * step, h = (double)l->total_ms * unit;
        const double own = (double)l->own_us / 1000 * unit, tool = (double)l->tool_ms * unit;
        chart_box(&c, l->total_ms > SLOW_MS ? "w-slow" : "w-fine", x, HEIGHT - h, wide, h);
        chart_box(&c, "w-look", x, HEIGHT - own - tool, wide, tool);
        chart_box(&c, "w-own", x, HEIGHT - own, wide, own);
    }
    chart_box(&c, "w-limit", 0, HEIGHT - SLOW_MS * unit, WIDTH, 1);
    chart_end(&c);
}

static void cell(struct desk_request *req, struct desk_view *v, size_t i, const char *name,
                 int64_t ms)
{
    desk_view_setf(v, ms > 0 ? took(req, ms) : "–", "Waits.Rows.%zu.%s", i, name);
}

static void set_rows(struct desk_request *req, struct desk_view *v, const struct waits *w)
{
    for (size_t i = 0; i < w->n; i++) {
        const struct desk_latency *l = w->turns[i];
        char nth[24];
        snprintf(nth, sizeof nth, "%zu", i + 1);
        desk_view_setf(v, nth, "Waits.Rows.%zu.N", i);
        cell(req, v, i, "Total", l->total_ms);
        cell(req, v, i, "Model", l->model_ms);
        cell(req, v, i, "Look", l->tool_ms);
        cell(req, v, i, "Own", (l->own_us + 999) / 1000);
    }
}

enum desk_rc admin_waits(struct desk_request *req, struct desk_view *v, const struct desk_call *c)
{
    struct desk_latency *rows;
    struct waits w = {.n = 0};
    size_t n = 0;
    enum desk_rc rc = desk_latency_by_call(req->db, req->arena, req->tenant.id, c->id, &rows, &n);
    if (rc)
        return rc;
    reckon(&w, rows, n);
    if (!w.n)
        return DESK_OK;
    desk_view_set(v, "Waits.Usual", took(req, w.usual));
    desk_view_set(v, "Waits.Longest", took(req, w.longest));
    desk_view_set(v, "Waits.Slow", w.longest > SLOW_MS ? "1" : "");
    desk_view_set(v, "Waits.Own", took(req, (w.own_us + 999) / 1000));
    draw(req, v, &w);
    set_rows(req, v, &w);
    return DESK_OK;
}
