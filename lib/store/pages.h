/* Lists by pages and single rows of any table that REST clients may see: one row of a table each.
 * Newest first, by a key (when, id) that stays where it is while rows come and go. */
#ifndef DESK_STORE_PAGES_H
#define DESK_STORE_PAGES_H

#include "base/arena.h"
#include "db/db.h"
#include "db/fields.h"

#include <stdint.h>

struct desk_page {
    const char *name; /* "leads" */
    const struct desk_fields *fields;
    unsigned list, get; /* enum desk_query_id */
    size_t when;        /* offset of the time in the struct that orders the list */
};
extern const struct desk_page desk_page_exceptions, desk_page_callbacks, desk_page_contacts,
    desk_page_leads, desk_page_tickets, desk_page_messages, desk_page_turns, desk_page_appointments,
    desk_page_calls, desk_page_sessions, desk_page_locations,
    desk_page_exports; /* of jobs those that make files */

/* The place of a row: behind it the next page begins. */
struct desk_place {
    int64_t when; /* INT64_MAX and "": from the top */
    const char *id;
};
struct desk_place desk_page_place(const struct desk_page *p, const void *row);

/* At most max rows behind `after`, as structs of p->fields. state: only those; "" = all (of a table
 * without states: no matter). Not of calls: they have desk_call_find(). */
DESK_MUST enum desk_rc desk_page_read(struct desk_db *db, struct desk_arena *a,
                                      const struct desk_page *p, const char *tenant_id,
                                      const struct desk_place *after, const char *state, size_t max,
                                      void **out, size_t *n);
/* One, into a struct of p->fields. DESK_ENOTFOUND. */
DESK_MUST enum desk_rc desk_page_one(struct desk_db *db, struct desk_arena *a,
                                     const struct desk_page *p, const char *tenant_id,
                                     const char *id, void *out);

#endif
