#include "talk/reach.h"
#include "core/dial_rules.h"

#define STEPS 8 /* from one quiet stretch into another: two rules meet twice a day at most */

void desk_reach_of(const char *e164, const struct desk_tz *home, struct desk_reach *out)
{
    struct desk_calling_place place;
    desk_calling_place(e164, &place);
    out->n = 0;
    for (size_t i = 0; i < place.n; i++) {
        const struct desk_tz *tz = desk_tz_load(place.zones[i]);
        if (tz) /* a machine may know fewer zones than we */
            out->tz[out->n++] = tz;
    }
    if (!out->n)
        out->tz[out->n++] = home;
}

struct desk_quiet desk_reach_quiet(const struct desk_reach *reach, long from, long to)
{
    return (struct desk_quiet){.from = (int)from, .to = (int)to, .tz = reach->tz, .n = reach->n};
}

struct desk_reach_calls desk_reach_calls(const struct desk_reach *reach, long from, long to)
{
    return (struct desk_reach_calls){
        .own = desk_reach_quiet(reach, from, to),
        .law = desk_reach_quiet(reach, DESK_CALLS_QUIET_FROM, DESK_CALLS_QUIET_TO)};
}

int64_t desk_reach_calls_end(const struct desk_reach_calls *q, int64_t utc_ms)
{
    int64_t at = utc_ms;
    for (int i = 0; i < STEPS; i++) {
        int64_t end = desk_quiet_ends(&q->law, at);
        if (!end)
            end = desk_quiet_ends(&q->own, at);
        if (!end)
            return at == utc_ms ? 0 : at;
        at = end;
    }
    return at;
}

int64_t desk_reach_calls_before(const struct desk_reach_calls *q, int64_t utc_ms)
{
    int64_t at = utc_ms;
    for (int i = 0; i < STEPS; i++) {
        int64_t before = desk_quiet_before(&q->own, desk_quiet_before(&q->law, at));
        if (before == at)
            break;
        at = before;
    }
    return at;
}
