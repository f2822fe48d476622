/* Where a call's waiting is measured: the tracker (latency.h) told what happens, and each finished
 * turn given to the metrics and to the database. */
#include "ws-bridge/call.h"
#include "base/clock.h"

static int64_t us_of(const struct call *c, int64_t call_ms)
{
    return (c->origin_ms + call_ms) * 1000;
}

void call_measure_begin(struct call *c)
{
    latency_init(&c->lat, us_of(c, 0));
}

void call_measure_asked(struct call *c, int64_t end_ms)
{
    latency_asked(&c->lat, us_of(c, end_ms));
}

void call_measure_forget(struct call *c)
{
    latency_forget(&c->lat);
}

void call_measure_tool(struct call *c, int64_t took_ms)
{
    if (took_ms < 0) {
        latency_tool_begin(&c->lat, desk_mono_us());
        metrics_count(&c->b->metrics, METRIC_TOOLS);
        return;
    }
    latency_tool_end(&c->lat, desk_mono_us());
    metrics_observe(&c->b->metrics, METRIC_TOOL, took_ms * 1000);
}

void call_measure_sound(struct call *c)
{
    if (c->lat.begin_us && !c->lat.model_us)
        latency_model_sound(&c->lat, desk_mono_us());
}

static void write_down(struct call *c, const struct latency_turn *t)
{
    struct scribe_call who = call_scribe(c);
    const char *const kinds[2][2] = {{DESK_LATENCY_ANSWER, DESK_LATENCY_TURN},
                                     {DESK_LATENCY_TEXT_ANSWER, DESK_LATENCY_TEXT_TURN}};
    struct desk_latency l = {.kind = kinds[c->relay != NULL][t->turn > 0],
                             .day = c->claim->day,
                             .turn = t->turn,
                             .total_ms = t->total_us / 1000,
                             .model_ms = t->model_us / 1000,
                             .tool_ms = t->tool_us / 1000,
                             .own_us = t->own_us};
    if (call_may_write(c))
        scribe_latency(c->b->scribe, &who, &l);
}

/* The histograms are of sound: what a caller by text waits has Twilio's voice on top. */
static void observe(struct call *c, const struct latency_turn *t)
{
    struct metrics *m = &c->b->metrics;
    metrics_observe(m, t->turn ? METRIC_TURN : METRIC_ANSWER, t->total_us);
    if (t->turn)
        metrics_observe(m, METRIC_MODEL, t->model_us);
    metrics_observe(m, METRIC_OWN, t->own_us);
}

void call_measure_sent(struct call *c)
{
    struct latency_turn t;
    if (!latency_watches(&c->lat) || !latency_sent(&c->lat, desk_mono_us(), &t))
        return;
    if (!c->relay)
        observe(c, &t);
    write_down(c, &t);
}
