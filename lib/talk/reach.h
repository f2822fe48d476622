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

/* For calls by a machine: quiet also from 21 to 8 (core/dial_rules.h), whichever is stricter. */
struct desk_reach_calls {
    struct desk_quiet own, law;
};
struct desk_reach_calls desk_reach_calls(const struct desk_reach *reach, long from, long to);
/* As desk_quiet_ends() and desk_quiet_before(). */
int64_t desk_reach_calls_end(const struct desk_reach_calls *q, int64_t utc_ms);
int64_t desk_reach_calls_before(const struct desk_reach_calls *q, int64_t utc_ms);

#endif
