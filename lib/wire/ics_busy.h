/* iCalendar files (RFC 5545) of others, read for one thing: when is somebody busy? Events once and
 * repeated (ics_rule.h), with their exceptions (EXDATE, EXRULE) and changed ones; busy times
 * (VFREEBUSY); zones by their names, else by their description in the file. Words, guests and
 * alarms are not read.
 *
 * What comes from others may be anything: work and memory are bounded, and a file that is cut off
 * is none. Pure. */
#ifndef DESK_WIRE_ICS_BUSY_H
#define DESK_WIRE_ICS_BUSY_H

#include "base/arena.h"
#include "base/err.h"
#include "base/tz.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct desk_ics_busy {
    const char *uid; /* of the event; "" of a busy time */
    int64_t at;      /* UTC ms: when that one of the repeated ones was first meant to be */
    int64_t start, end;
};

struct desk_ics_ask {
    int64_t from, to;         /* UTC ms: what overlaps */
    const struct desk_tz *tz; /* of days, of times without a zone, and of zones nobody knows */
    const struct desk_tz *(*zone)(const char *name);        /* desk_tz_load: which reads files */
    bool (*each)(void *ctx, const struct desk_ics_busy *b); /* false: enough */
    void *ctx;
};

struct desk_ics_found {
    size_t events; /* in the file, whenever they are */
    size_t odd;    /* of them: cannot be read, or repeat in a way that is not known; of those the
                      first time counts */
};

/* text: n bytes and a NUL, which are changed. a: memory for what is read of it. DESK_EINVAL: it is
 * no calendar, or not a whole one; DESK_ELIMIT: more than can be worked through, or each() had
 * enough; DESK_ENOMEM. */
DESK_MUST enum desk_rc desk_ics_busy(struct desk_arena *a, char *text, size_t n,
                                     const struct desk_ics_ask *ask, struct desk_ics_found *out);

#endif
