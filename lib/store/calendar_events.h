/* Our visits in Google: which event is which visit, and how far the two agree. The row's id is the
 * appointment's; it goes with it. Writes run inside the caller's transaction.
 *
 *   wanted ──► there ──► gone        a hold that is not in Google yet; it stands there; no more
 *      └─────► taken                 the owner has something else at that time
 */
#ifndef DESK_STORE_CALENDAR_EVENTS_H
#define DESK_STORE_CALENDAR_EVENTS_H

#include "base/arena.h"
#include "db/db.h"
#include "db/fields.h"

#include <stdint.h>

#define DESK_EVENT_WANTED "wanted"
#define DESK_EVENT_THERE  "there"
#define DESK_EVENT_TAKEN  "taken"
#define DESK_EVENT_GONE   "gone"

/* what who made the visit was told of it */
#define DESK_EVENT_TOLD_LATER 1 /* "the owner will confirm" */
#define DESK_EVENT_TOLD       2 /* how it ended */

struct desk_calendar_event {
    const char *id; /* of the appointment */
    const char *tenant_id;
    const char *source_id;
    const char *event_id;
    int64_t generation;
    const char *state;
    const char *moves; /* of a hold: the visit that is to be moved to it; or NULL */
    int64_t told;
    const char *etag;
    int64_t start_at, end_at; /* as Google has it */
    int64_t created_at, updated_at;
};
extern const struct desk_fields desk_calendar_event_fields;

/* Wanted, with the id it will have. DESK_ECONFLICT: that visit has one. */
DESK_MUST enum desk_rc desk_calendar_event_add(struct desk_db *db, const char *tenant_id,
                                               const char *appointment_id, const char *source_id,
                                               const char *moves);
DESK_MUST enum desk_rc desk_calendar_event_get(struct desk_db *db, struct desk_arena *a,
                                               const char *tenant_id, const char *appointment_id,
                                               struct desk_calendar_event *out);
DESK_MUST enum desk_rc desk_calendar_event_find(struct desk_db *db, struct desk_arena *a,
                                                const char *tenant_id, const char *event_id,
                                                struct desk_calendar_event *out);
/* state, event_id, generation, etag and times of e. */
DESK_MUST enum desk_rc desk_calendar_event_set(struct desk_db *db,
                                               const struct desk_calendar_event *e);
/* Another generation of it, with its id; e->event_id lies in a. */
DESK_MUST enum desk_rc desk_calendar_event_next(struct desk_db *db, struct desk_arena *a,
                                                struct desk_calendar_event *e);
DESK_MUST enum desk_rc desk_calendar_event_told(struct desk_db *db, const char *tenant_id,
                                                const char *appointment_id, int64_t told);

/* Those that stand there between two times, untouched since `before`. */
DESK_MUST enum desk_rc desk_calendar_event_standing(struct desk_db *db, struct desk_arena *a,
                                                    const char *tenant_id, const char *source_id,
                                                    int64_t from, int64_t to, int64_t before,
                                                    struct desk_calendar_event **out, size_t *n);
/* Wanted or taken, untouched since then, and who asked does not know how it ended. */
DESK_MUST enum desk_rc desk_calendar_event_open(struct desk_db *db, struct desk_arena *a,
                                                const char *tenant_id, int64_t before,
                                                struct desk_calendar_event **out, size_t *n);
/* There, but not as the visit has become before that time; of starts after `from`. */
DESK_MUST enum desk_rc desk_calendar_event_behind(struct desk_db *db, struct desk_arena *a,
                                                  const char *tenant_id, const char *source_id,
                                                  int64_t from, int64_t before,
                                                  struct desk_calendar_event **out, size_t *n);

#endif
