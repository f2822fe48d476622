/* When a promise to call back is due, and when it is to be spoken of. Pure. */
#ifndef DESK_CORE_DUE_H
#define DESK_CORE_DUE_H

#include "core/dates.h"
#include "core/hours.h"

#include <stdbool.h>
#include <stdint.h>

struct desk_due_ask {
    const struct desk_hours *hours; /* of the business */
    const struct desk_tz *tz;
    int64_t created;                  /* UTC ms */
    int64_t window_start, window_end; /* when it was wanted: store/results.h */
    bool urgent;
    long minutes;        /* of opening hours, where no time was said */
    long urgent_minutes; /* at any hour */
    long remind_minutes; /* so long before it is due; 0 = no reminder */
};

struct desk_due {
    int64_t at;
    int64_t remind; /* between created and at; at = no reminder */
};

/* Wanted in a window: due when it ends, or when the business closes in it for the last time. From
 * or without a time: after so many minutes of opening hours. */
void desk_due(const struct desk_due_ask *ask, struct desk_due *out);

/* When a call back is wanted, by words that are no time for a visit ("tomorrow after four", where
 * the business closes at four): taken as they were said, whatever the opening hours are, and of an
 * hour that may be either the later one, so that nothing is due before it is wanted; "after" an
 * hour is within an hour of it. *start, *end as window_start and window_end above; both 0: they
 * name no day and no time to come. at->hours is not read. */
void desk_due_wanted(const char *text, const struct desk_when_place *at, int64_t *start,
                     int64_t *end);

/* So many minutes of opening hours after that moment. */
int64_t desk_due_after(const struct desk_due_ask *ask, int64_t from, long minutes);

#endif
