#include "worker/lanes.h"

#include <stdio.h>
#include <string.h>

#define REST_FIRST_MS 4000
#define REST_MOST_MS  (5LL * 60 * 1000)
#define REST_ALERT_MS 15000 /* an alert waits no longer */

static bool in_use(const struct lane *l)
{
    return l->busy || l->next_at || l->failures || l->hold_until;
}

static struct lane *find(struct lanes *l, const char *dest)
{
    for (size_t i = 0; i < l->n; i++)
        if (strncmp(l->v[i].dest, dest, sizeof l->v[i].dest - 1) == 0)
            return &l->v[i];
    return NULL;
}

struct lane *lanes_get(struct lanes *l, const char *dest)
{
    struct lane *lane = find(l, dest);
    for (size_t i = 0; !lane && i < l->n; i++)
        if (!in_use(&l->v[i]))
            lane = &l->v[i];
    if (!lane && l->n < DESK_OUTBOX_LANES)
        lane = &l->v[l->n++];
    if (lane && strncmp(lane->dest, dest, sizeof lane->dest - 1) != 0) {
        *lane = (struct lane){.busy = 0};
        snprintf(lane->dest, sizeof lane->dest, "%s", dest);
    }
    return lane;
}

void lanes_see(struct lanes *l, const struct desk_outbox_lane *rows, size_t n)
{
    for (size_t i = 0; i < l->n; i++)
        l->v[i].next_at = l->v[i].urgent_at = 0;
    for (size_t i = 0; i < n; i++) {
        struct lane *lane = lanes_get(l, rows[i].dest);
        if (!lane)
            continue;
        lane->next_at = rows[i].next_at;
        lane->urgent_at = rows[i].urgent_at;
    }
}

bool lane_dead(const struct lane *lane)
{
    return lane->failures >= LANE_TRIP;
}

/* When a dead one may be probed. */
static int64_t probe_at(const struct lane *lane, bool urgent)
{
    int64_t soon = lane->dead_since + REST_ALERT_MS;
    return urgent && soon < lane->probe_at ? soon : lane->probe_at;
}

bool lane_may(const struct lane *lane, bool urgent, int64_t now)
{
    if (now < lane->hold_until)
        return false;
    if (!lane_dead(lane))
        return lane->busy < (urgent ? LANE_ALERTS : LANE_NORMAL);
    return !lane->busy && now >= probe_at(lane, urgent);
}

bool lane_due(const struct lane *lane, bool urgent, int64_t now)
{
    int64_t at = urgent ? lane->urgent_at : lane->next_at;
    return at && at <= now;
}

void lane_begin(struct lane *lane)
{
    lane->busy++;
}

/* Not reached, or no clear answer: what one that is alive does not do. A plain refusal, or "wait",
 * is an answer. */
static bool is_failure(const struct desk_outbox_result *r)
{
    return (r->end == DESK_END_AGAIN && !r->wait_ms && !r->settled) || r->end == DESK_END_UNKNOWN ||
           (r->end == DESK_END_ASK && !r->settled);
}

static bool fails(struct lane *lane, int64_t now)
{
    bool was = lane_dead(lane);
    lane->failures++;
    if (!lane_dead(lane) || (was && now < probe_at(lane, true)))
        return false; /* those that ran beside the last straw count for nothing more */
    lane->rest_ms = was ? 2 * lane->rest_ms : REST_FIRST_MS;
    if (lane->rest_ms > REST_MOST_MS)
        lane->rest_ms = REST_MOST_MS;
    lane->dead_since = now;
    lane->probe_at = now + lane->rest_ms;
    return !was;
}

bool lane_end(struct lane *lane, const struct desk_outbox_result *r, int64_t now)
{
    if (lane->busy)
        lane->busy--;
    if (r->end == DESK_END_LATER || r->end == DESK_END_OPTED_OUT || r->end == DESK_END_OVERTAKEN ||
        r->ours)
        return false; /* nobody was asked anything */
    if (r->end == DESK_END_AGAIN && r->wait_ms && now + r->wait_ms > lane->hold_until)
        lane->hold_until = now + r->wait_ms;
    if (is_failure(r))
        return fails(lane, now);
    bool was = lane_dead(lane);
    lane->failures = 0;
    lane->rest_ms = 0;
    return was;
}
