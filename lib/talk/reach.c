#include "talk/reach.h"

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
