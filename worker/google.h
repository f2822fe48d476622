/* What the deliveries to Google share: who asks, which calendar, and what an answer means for the
 * row of the outbox. */
#ifndef WORKER_GOOGLE_H
#define WORKER_GOOGLE_H

#include "core/business.h"
#include "store/calendar_sources.h"
#include "store/google_grants.h"
#include "talk/calendar.h"
#include "worker/kinds.h"

struct google {
    const struct outbox_work *w;
    struct desk_google_grant grant;
    struct desk_google_account who;
    struct desk_calendar_source source;
    struct desk_business business;
    struct desk_calendar_place at; /* for texts and words */
    struct desk_google_place place;
};

/* The business's leave to use its Google for that. False: *r says why not. */
bool google_open(struct google *g, const struct outbox_work *w, const char *scope,
                 struct desk_outbox_result *r);
/* That calendar of it, at that location of the business (NULL = the main one). */
bool google_calendar_open(struct google *g, const char *source_id, const char *location_id,
                          struct desk_outbox_result *r);
/* Another calendar of the same account. */
struct desk_google_place google_beside(const struct google *g, const char *calendar);

/* What an answer that is no success means. An account that Google takes no more is noted as such.
 */
void google_failed(const struct google *g, const struct desk_google_result *from,
                   struct desk_outbox_result *r);
void google_done(struct desk_outbox_result *r);

/* A line on the timeline of that call; DESK_OK also without one. In a transaction. */
DESK_MUST enum desk_rc google_note(const struct google *g, const char *call_id, const char *name,
                                   const char *sentence);

#endif
