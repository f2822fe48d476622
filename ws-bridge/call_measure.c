/* Where a call's waiting is measured: the tracker (latency.h) told what happens, and each finished
 * turn given to the metrics and to the database. */
#include "ws-bridge/call.h"
#include "base/clock.h"
#include "base/config.h"

#include <string.h>

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

/* ---- what is to be paid for ------------------------------------------------------------------ */

/* "api.openai.com gpt-realtime-2.1": what stands behind the host. */
static const char *model_of(const struct call *c)
{
    const char *space = strchr(c->b->target.engine, ' ');
    return space && space[1] ? space + 1 : c->b->target.engine;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

#define TOKEN_MS 100 /* of a caller's sound: facts/openai.md 1.10 */

/* What the caller said, written down: billed by time, though some tell it in tokens. */
static void heard(const struct desk_rt_usage *u, struct desk_usage *row)
{
    *row = (struct desk_usage){.part = DESK_USAGE_WORDS,
                               .asks = 1,
                               .heard_ms = u->seconds > 0 && u->seconds < 86400
                                               ? (int64_t)(u->seconds * 1000)
                                               : (u->in_audio ? u->in_audio : u->input) * TOKEN_MS};
}

/* Tokens of which it is not told what they are count as the dearer ones, sound; cached ones as
 * text first, which all servers cache. */
static void spoken(const struct desk_rt_usage *u, struct desk_usage *row)
{
    int64_t in = u->in_text + u->in_audio, out = u->out_text + u->out_audio;
    int64_t in_audio = u->in_audio + (u->input > in ? u->input - in : 0);
    int64_t untold = u->in_cached - u->cached_text - u->cached_audio;
    int64_t text = least(u->cached_text + (untold > 0 ? untold : 0), u->in_text);
    int64_t audio = least(u->in_cached > text ? u->in_cached - text : 0, in_audio);
    *row = (struct desk_usage){.part = DESK_USAGE_VOICE,
                               .asks = 1,
                               .text_in = u->in_text - text,
                               .text_cached = text,
                               .text_out = u->out_text,
                               .audio_in = in_audio - audio,
                               .audio_cached = audio,
                               .audio_out = u->out_audio + (u->output > out ? u->output - out : 0)};
}

void call_measure_usage(struct call *c, const char *part, const struct desk_rt_usage *u)
{
    struct desk_usage row;
    bool voice = strcmp(part, DESK_USAGE_VOICE) == 0;
    if (!u->present || !c->claim || !call_may_write(c))
        return;
    (voice ? spoken : heard)(u, &row);
    row.model = voice || c->b->target.offline ? model_of(c)
                                              : desk_setting(DESK_S_REALTIME_TRANSCRIPTION_MODEL);
    struct scribe_call who = call_scribe(c);
    scribe_usage(c->b->scribe, &who, &row);
}
