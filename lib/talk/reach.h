/* When somebody may be reached: quiet hours where their number is (core/calling_place.h), else
 * where the business is. Reads a zone's file the first time; no database. */
#ifndef DESK_TALK_REACH_H
#define DESK_TALK_REACH_H

#include "core/calling_place.h"
#include "core/quiet_hours.h"

struct desk_reach {
    const struct desk_tz *tz[DESK_CALLING_ZONES];
    size_t n;
};

/* home: the business's zone, for a number that tells no place. out is never empty. */
void desk_reach_of(const char *e164, const struct desk_tz *home, struct desk_reach *out);

/* The hours, there. It points into reach. */
struct desk_quiet desk_reach_quiet(const struct desk_reach *reach, long from, long to);

#endif
