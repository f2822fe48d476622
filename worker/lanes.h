/* Destinations of the outbox as the worker sees them: what waits for each, how many deliveries run,
 * and whether it may be tried now. A destination that asked to wait is left alone until then. One
 * that failed TRIP times in a row is dead: its rows wait without losing attempts, and one of them
 * at a time is a probe, after 4 s, 8 s, … at most five minutes; an alert probes after 15 s at
 * most. One success and it is alive. Pure: time is an argument (UTC ms); nothing is locked here. */
#ifndef WORKER_LANES_H
#define WORKER_LANES_H

#include "store/outbox.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LANE_NORMAL 3 /* deliveries at a time to one destination */
#define LANE_ALERTS 6 /* the same with alerts */
#define LANE_TRIP   5 /* failures in a row */

struct lane {
    char dest[64];
    int64_t next_at, urgent_at; /* when the next row, the next alert is due; 0 = none */
    int busy;
    int64_t hold_until; /* it asked us to wait */
    int failures;       /* in a row */
    int64_t dead_since, probe_at, rest_ms;
};

struct lanes {
    struct lane v[DESK_OUTBOX_LANES];
    size_t n;
};

/* NULL: all are in use by others. The pointer holds until the next call of this or lanes_see(). */
struct lane *lanes_get(struct lanes *l, const char *dest);

/* What waits now, as read from the database. */
void lanes_see(struct lanes *l, const struct desk_outbox_lane *rows, size_t n);

/* May a row for it go now (an alert: urgent)? Whether one is due is lane_due(). */
bool lane_may(const struct lane *lane, bool urgent, int64_t now);
bool lane_due(const struct lane *lane, bool urgent, int64_t now);

void lane_begin(struct lane *lane);
/* An attempt ended. Returns true when it died by this or came to life again: worth a log line. */
bool lane_end(struct lane *lane, const struct desk_outbox_result *r, int64_t now);
bool lane_dead(const struct lane *lane);

#endif
