/* What the bridge counts, for Prometheus: text on GET /metrics of its loopback listener, format
 * 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats). Belongs to the loop's thread: no
 * locks. Numbers only; no business, caller or word is ever a label. */
#ifndef BRIDGE_METRICS_H
#define BRIDGE_METRICS_H

#include "base/buf.h"

#include <stdint.h>

#define METRICS_MAX 65536 /* bytes of the whole text */

enum metric_histogram {
    METRIC_ANSWER, /* the call's beginning to our first sound */
    METRIC_TURN,   /* the caller's last sound to our first one */
    METRIC_MODEL,  /* of a turn: the model's share */
    METRIC_TOOL,   /* one tool's run */
    METRIC_OWN,    /* of a turn: our share */
    METRIC_HISTOGRAM__MAX
};

enum metric_counter {
    METRIC_INTERRUPTIONS,
    METRIC_RECONNECTS, /* after a loss */
    METRIC_RENEWALS,   /* before a session grew too old */
    METRIC_TOOLS,
    METRIC_DROPPED_MS, /* of callers' audio, told when a call is over */
    METRIC_COUNTER__MAX
};

#define METRIC_BUCKETS 16

struct metrics {
    struct {
        uint64_t n[METRIC_BUCKETS + 1]; /* the last: above all */
        uint64_t count;
        int64_t sum_us;
    } histograms[METRIC_HISTOGRAM__MAX];
    uint64_t counters[METRIC_COUNTER__MAX];
};

void metrics_observe(struct metrics *m, enum metric_histogram h, int64_t us);
void metrics_count(struct metrics *m, enum metric_counter c);
void metrics_add(struct metrics *m, enum metric_counter c, uint64_t n);

struct bridge;
/* Append the whole text; check desk_buf_ok(). */
void metrics_text(struct desk_buf *out, const struct bridge *b);

#endif
