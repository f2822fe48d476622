/* Callbacks by the clock: when each is due, how often it was spoken of, and how it was kept. The
 * rows are store/results.h's. Writes run inside the caller's transaction. */
#ifndef DESK_STORE_PROMISES_H
#define DESK_STORE_PROMISES_H

#include "store/results.h"

#define DESK_CALLBACK_NEVER 9007199254740991LL /* next_at: the clock is done with it */

/* closed_by: how it was kept; NULL where a person said so */
#define DESK_KEPT_CALL        "call"        /* we were put through to them by Frontdesk */
#define DESK_KEPT_TEXT        "text"        /* somebody of the business wrote to them */
#define DESK_KEPT_PUT_THROUGH "put_through" /* they called, and reached somebody */

/* Open ones of all businesses that the clock is to look at, the longest due first. */
DESK_MUST enum desk_rc desk_callback_due(struct desk_db *db, struct desk_arena *a, int64_t now,
                                         size_t max, struct desk_callback **out, size_t *n);
/* Written down what the clock did, if the row is still as read. DESK_DONE: it is not. */
struct desk_callback_step {
    int64_t due_at, next_at, told;
};
DESK_MUST enum desk_rc desk_callback_step(struct desk_db *db, const struct desk_callback *row,
                                          const struct desk_callback_step *to);

DESK_MUST enum desk_rc desk_callback_get(struct desk_db *db, struct desk_arena *a,
                                         const char *tenant_id, const char *id,
                                         struct desk_callback *out);
/* Open ones to be kept at that number (its key), at most 50. */
DESK_MUST enum desk_rc desk_callback_open_of(struct desk_db *db, struct desk_arena *a,
                                             const char *tenant_id, const char *number_key,
                                             struct desk_callback **out, size_t *n);
/* how: DESK_KEPT_…. DESK_ENOTFOUND: it is not open. */
DESK_MUST enum desk_rc desk_callback_keep(struct desk_db *db, const char *tenant_id, const char *id,
                                          const char *how);

/* Open ones, the longest due first: for lists and digests. before: only what was due before that
 * time (the missed ones: now); INT64_MAX = all. */
DESK_MUST enum desk_rc desk_callback_open_list(struct desk_db *db, struct desk_arena *a,
                                               const char *tenant_id, int64_t before, size_t max,
                                               struct desk_callback **out, size_t *n);

#endif
