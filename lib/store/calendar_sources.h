/* Calendars outside of ours that a business has, and what is taken in them. Writes run inside the
 * caller's transaction. */
#ifndef DESK_STORE_CALENDAR_SOURCES_H
#define DESK_STORE_CALENDAR_SOURCES_H

#include "base/arena.h"
#include "db/db.h"
#include "db/fields.h"

#include <stdbool.h>
#include <stdint.h>

#define DESK_SOURCE_GOOGLE "google"
#define DESK_SOURCE_ICS    "ics"
#define DESK_MAX_SOURCES   50 /* of one business */

struct desk_calendar_source {
    const char *id;
    const char *tenant_id;
    const char *kind;
    bool main;                 /* visits are written into it */
    const char *resource;      /* as in an appointment; NULL: it blocks everybody */
    const char *resource_name; /* "Raj" */
    const char *address;       /* Google's id of it, or where it is read */
    const char *address_key;   /* set by desk_calendar_source_add() */
    const char *sync_token, *etag, *modified;
    int64_t full_at, synced_at, failing_since;
    const char *why;
    int64_t created_at, updated_at;
};
extern const struct desk_fields desk_calendar_source_fields;

/* DESK_ECONFLICT: that address is there already. */
DESK_MUST enum desk_rc desk_calendar_source_add(struct desk_db *db,
                                                const struct desk_calendar_source *s);
DESK_MUST enum desk_rc desk_calendar_source_get(struct desk_db *db, struct desk_arena *a,
                                                const char *tenant_id, const char *id,
                                                struct desk_calendar_source *out);
DESK_MUST enum desk_rc desk_calendar_source_list(struct desk_db *db, struct desk_arena *a,
                                                 const char *tenant_id,
                                                 struct desk_calendar_source **out, size_t *n);
/* That which visits are written into. DESK_ENOTFOUND: there is none, they are in ours only. */
DESK_MUST enum desk_rc desk_calendar_source_main(struct desk_db *db, struct desk_arena *a,
                                                 const char *tenant_id,
                                                 struct desk_calendar_source *out);
/* It was read: sync_token, etag, modified, full_at and synced_at of s. */
DESK_MUST enum desk_rc desk_calendar_source_synced(struct desk_db *db,
                                                   const struct desk_calendar_source *s);
DESK_MUST enum desk_rc desk_calendar_source_failed(struct desk_db *db,
                                                   const struct desk_calendar_source *s,
                                                   const char *why);
/* With all that is taken in it. */
DESK_MUST enum desk_rc desk_calendar_source_drop(struct desk_db *db, const char *tenant_id,
                                                 const char *id);

/* ---- what is taken --------------------------------------------------------------------------- */

struct desk_calendar_busy {
    const char *id;
    int64_t start_at, end_at;
    const char *resource; /* of its source; NULL = everybody */
};
extern const struct desk_fields desk_calendar_busy_fields;

/* An event there takes up that time. seen_at: the reading it was seen in. */
DESK_MUST enum desk_rc desk_calendar_busy_put(struct desk_db *db,
                                              const struct desk_calendar_source *s,
                                              const char *event, int64_t start_at, int64_t end_at,
                                              int64_t seen_at);
DESK_MUST enum desk_rc desk_calendar_busy_remove(struct desk_db *db,
                                                 const struct desk_calendar_source *s,
                                                 const char *event);
/* Those that were not seen since. */
DESK_MUST enum desk_rc
desk_calendar_busy_unseen(struct desk_db *db, const struct desk_calendar_source *s, int64_t since);
DESK_MUST enum desk_rc desk_calendar_busy_count(struct desk_db *db,
                                                const struct desk_calendar_source *s, int64_t *n);
DESK_MUST enum desk_rc desk_calendar_busy_between(struct desk_db *db, struct desk_arena *a,
                                                  const char *tenant_id, int64_t from, int64_t to,
                                                  size_t max, struct desk_calendar_busy **out,
                                                  size_t *n);

#endif
