/* Visits that stand in the owner's Google Calendar, too: what the back end "google" of
 * talk/calendar.h and the worker share. Writes run inside the caller's transaction. */
#ifndef DESK_TALK_CALENDAR_GOOGLE_H
#define DESK_TALK_CALENDAR_GOOGLE_H

#include "db/db.h"
#include "store/appointments.h"
#include "store/calendar_sources.h"

/* Google is to agree with that visit as it is now: a row of the outbox for this state of it, or the
 * one there is goes again. call_id may be NULL. */
DESK_MUST enum desk_rc desk_calendar_push(struct desk_db *db, const char *tenant_id,
                                          const char *call_id, const char *appointment_id,
                                          int64_t sequence);

/* That calendar is to be read from now on, and at once: the row of the outbox that does so for ever
 * is made, or wakened. */
DESK_MUST enum desk_rc desk_calendar_watch(struct desk_db *db,
                                           const struct desk_calendar_source *s);
/* No more. */
DESK_MUST enum desk_rc desk_calendar_unwatch(struct desk_db *db, struct desk_arena *a,
                                             const struct desk_calendar_source *s);

#endif
