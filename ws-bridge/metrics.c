#include "ws-bridge/metrics.h"
#include "ws-bridge/bridge.h"

#include <inttypes.h>
#include <stdio.h>

/* Upper ends, µs. Two scales: what a caller waits, and what we add ourselves. */
static const int64_t waits[METRIC_BUCKETS] = {50000,   100000,  200000,  300000,  400000,  500000,
                                              650000,  800000,  1000000, 1250000, 1500000, 2000000,
                                              3000000, 5000000, 8000000, 15000000};
static const int64_t shares[METRIC_BUCKETS] = {10,     20,     50,     100,    200,   500,
                                               1000,   2000,   5000,   10000,  20000, 50000,
                                               100000, 200000, 500000, 1000000};

static const struct {
    const char *name, *help;
    const int64_t *ends;
} histogram_rows[METRIC_HISTOGRAM__MAX] = {
    [METRIC_ANSWER] = {"answer_seconds", "From the call's beginning to our first sound", waits},
    [METRIC_TURN] = {"turn_seconds", "From the caller's last sound to our first one", waits},
    [METRIC_MODEL] = {"turn_model_seconds", "Of a turn, waiting for the model", waits},
    [METRIC_TOOL] = {"tool_seconds", "One run of a tool", waits},
    [METRIC_OWN] = {"turn_own_seconds", "Of a turn, added by the bridge", shares},
};

static const struct {
    const char *name, *help;
} counter_rows[METRIC_COUNTER__MAX] = {
    [METRIC_INTERRUPTIONS] = {"interruptions_total", "Times a caller spoke into our words"},
    [METRIC_RECONNECTS] = {"reconnects_total", "Times a call got a new model session after a loss"},
    [METRIC_RENEWALS] = {"renewals_total", "Times an old model session was replaced in a pause"},
    [METRIC_TOOLS] = {"tools_total", "Tools run"},
    [METRIC_DROPPED_MS] = {"audio_dropped_milliseconds_total",
                           "Of callers' audio, for want of room"},
};

void metrics_observe(struct metrics *m, enum metric_histogram h, int64_t us)
{
    int at = 0;
    us = us < 0 ? 0 : us;
    while (at < METRIC_BUCKETS && us > histogram_rows[h].ends[at])
        at++;
    m->histograms[h].n[at]++;
    m->histograms[h].count++;
    m->histograms[h].sum_us += us;
}

void metrics_count(struct metrics *m, enum metric_counter c)
{
    metrics_add(m, c, 1);
}

void metrics_add(struct metrics *m, enum metric_counter c, uint64_t n)
{
    m->counters[c] += n;
}

static void head(struct desk_buf *out, const char *name, const char *type, const char *help)
{
    desk_buf_fmt(out, "# HELP frontdesk_bridge_%s %s\n# TYPE frontdesk_bridge_%s %s\n", name, help,
                 name, type);
}

static void histogram(struct desk_buf *out, const struct metrics *m, int h)
{
    const char *name = histogram_rows[h].name;
    uint64_t sum = 0;
    head(out, name, "histogram", histogram_rows[h].help);
    for (int i = 0; i < METRIC_BUCKETS; i++) {
        sum += m->histograms[h].n[i];
        desk_buf_fmt(out, "frontdesk_bridge_%s_bucket{le=\"%g\"} %" PRIu64 "\n", name,
                     (double)histogram_rows[h].ends[i] / 1e6, sum);
    }
    desk_buf_fmt(out,
                 "frontdesk_bridge_%s_bucket{le=\"+Inf\"} %" PRIu64 "\n"
                 "frontdesk_bridge_%s_sum %.6f\nfrontdesk_bridge_%s_count %" PRIu64 "\n",
                 name, m->histograms[h].count, name, (double)m->histograms[h].sum_us / 1e6, name,
                 m->histograms[h].count);
}

static void refusals(struct desk_buf *out, const struct bridge_counts *n)
{
    const struct {
        const char *why;
        uint64_t n;
    } rows[] = {
        {"full", n->refused_full},       {"draining", n->refused_draining}, {"path", n->bad_path},
        {"signature", n->bad_signature}, {"token", n->bad_token},
    };
    head(out, "refused_total", "counter", "Streams that were not taken");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        desk_buf_fmt(out, "frontdesk_bridge_refused_total{why=\"%s\"} %" PRIu64 "\n", rows[i].why,
                     rows[i].n);
}

void metrics_text(struct desk_buf *out, const struct bridge *b)
{
    head(out, "calls", "gauge", "Calls on the line now");
    desk_buf_fmt(out, "frontdesk_bridge_calls %zu\n", b->n_calls);
    head(out, "sockets_read", "gauge", "Sockets whose frames the bridge reads itself");
    desk_buf_fmt(out, "frontdesk_bridge_sockets_read %zu\n", b->reading);
    head(out, "calls_total", "counter", "Streams that were opened");
    desk_buf_fmt(out, "frontdesk_bridge_calls_total %" PRIu64 "\n", b->counts.calls);
    refusals(out, &b->counts);
    for (int c = 0; c < METRIC_COUNTER__MAX; c++) {
        head(out, counter_rows[c].name, "counter", counter_rows[c].help);
        desk_buf_fmt(out, "frontdesk_bridge_%s %" PRIu64 "\n", counter_rows[c].name,
                     b->metrics.counters[c]);
    }
    for (int h = 0; h < METRIC_HISTOGRAM__MAX; h++)
        histogram(out, &b->metrics, h);
}
