/* Texts about a visit, to who comes or is visited: it is booked, moved, cancelled, or near. Queued
 * in the transaction of the change, so there is one exactly if the change is. Whether it may go
 * (opted out, quiet hours, overtaken by the text of a later change) is asked when it is delivered.
 * Blocks on the database and reads a template. */
#ifndef DESK_TALK_VISIT_TEXT_H
#define DESK_TALK_VISIT_TEXT_H

#include "talk/calendar.h"

/* The cause of a change's text: this, the visit's id, ':' and the number of the change. */
#define DESK_VISIT_CAUSE "visit:"

enum desk_visit_text {
    DESK_VISIT_BOOKED,
    DESK_VISIT_MOVED,
    DESK_VISIT_CANCELLED,
    DESK_VISIT_REMINDER,
    DESK_VISIT_TEXTS
};

struct desk_visit_words {
    enum desk_visit_text which;
    const struct desk_appointment *row; /* as it is now */
    int64_t before;                     /* MOVED: when it was to be; 0 = not said */
    const char *key;                    /* the cause; NULL = this change of the visit */
};

/* In a transaction, of a visit that stands (or is cancelled). A text that cannot be sent is none:
 * DESK_OK, and *why (may be NULL) says why not; NULL when it was queued, now or before. */
DESK_MUST enum desk_rc desk_visit_text(const struct desk_calendar_place *p,
                                       const struct desk_visit_words *w, const char **why);

/* The number of ours that visits at that location are spoken of from: one of its own, else any;
 * *e164 NULL: there is none. */
DESK_MUST enum desk_rc desk_visit_number(struct desk_db *db, struct desk_arena *a,
                                         const char *tenant_id, const char *location_id,
                                         const char **e164);

#endif
