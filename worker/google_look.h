/* Is a time free in the owner's Google calendars, our own visits left out? */
#ifndef WORKER_GOOGLE_LOOK_H
#define WORKER_GOOGLE_LOOK_H

#include "worker/google.h"

enum google_look {
    GOOGLE_IS_FREE,
    GOOGLE_IS_TAKEN, /* something of the owner's is there, and in our store now */
    GOOGLE_NOT_SEEN, /* *r says why */
};

/* Before something is written: all calendars that count for that resource (as in an appointment).
 */
enum google_look google_look_before(struct google *g, const char *resource, int64_t from,
                                    int64_t to, struct desk_outbox_result *r);

/* After it was: what came meanwhile, and so was there first. ours: the event we wrote; created NULL
 * counts anything. */
enum google_look google_look_after(struct google *g, const struct desk_google_event *ours,
                                   bool anything, int64_t from, int64_t to,
                                   struct desk_outbox_result *r);

#endif
