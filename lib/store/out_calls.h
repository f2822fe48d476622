/* Calls that we make to remind of appointments: one row for somebody to be called, whatever tries
 * it takes. Each try is a row of the outbox with the cause
 * desk_out_call_cause(). Twilio's webhooks write down what became of a try, each thing once; the
 * worker's clock draws the conclusion (talk/remind_call.h). Writes run inside the caller's
 * transaction. */
#ifndef DESK_STORE_OUT_CALLS_H
#define DESK_STORE_OUT_CALLS_H

#include "base/arena.h"
#include "db/db.h"
#include "db/fields.h"

#include <stdbool.h>
#include <stdint.h>

/* answered_by */
#define DESK_BY_HUMAN   "human"
#define DESK_BY_MACHINE "machine" /* and nothing was left on it, yet */
#define DESK_BY_MESSAGE "message" /* a machine, and a message was left */
#define DESK_BY_FAX     "fax"
#define DESK_BY_UNKNOWN "unknown" /* Twilio cannot tell */

struct desk_out_call {
    const char *id;
    const char *tenant_id;
    const char *location_id;
    const char *dedupe;
    const char *appointment_id;
    int64_t start_at; /* the time of it that is told */
    bool or_text;     /* when nobody can be reached, a text is sent */
    const char *call_id;
    const char *number, *from_number;
    const char *state; /* "open", "done" */
    int64_t tries;     /* the one that waits or runs, from 1 */
    int64_t placed_at; /* when the latest one was asked for; 0 = none was */
    /* of that try: Twilio's name for it, who answered, its word for the end; NULL = not known */
    const char *call_sid, *answered_by, *ended;
    const char *ending; /* enum desk_dial_end of core/dial_rules.h by name */
    int64_t until_at;   /* after it nobody is called any more */
    int64_t created_at, updated_at;
};
extern const struct desk_fields desk_out_call_fields;

/* DESK_ECONFLICT: its cause has one. */
DESK_MUST enum desk_rc desk_out_call_insert(struct desk_db *db, const struct desk_out_call *c);
/* For webhooks by the id alone (its tenant is in it). */
DESK_MUST enum desk_rc desk_out_call_by_id(struct desk_db *db, struct desk_arena *a, const char *id,
                                           struct desk_out_call *out);
DESK_MUST enum desk_rc desk_out_call_is(struct desk_db *db, const char *tenant_id,
                                        const char *dedupe, bool *yes);
/* Newest first. */
DESK_MUST enum desk_rc desk_out_call_list(struct desk_db *db, struct desk_arena *a,
                                          const char *tenant_id, size_t max,
                                          struct desk_out_call **out, size_t *n);
/* "remind_call:ID:TRY", in the arena; NULL = no memory. */
const char *desk_out_call_cause(struct desk_arena *a, const struct desk_out_call *c);

/* All of these: of the try that c is. DESK_DONE: that one is over, or it is known already. */
DESK_MUST enum desk_rc desk_out_call_placed(struct desk_db *db, const struct desk_out_call *c);
/* Twilio named its call; another one for the same try is DESK_DONE, too. call_id NULL = as it was.
 */
DESK_MUST enum desk_rc desk_out_call_seen(struct desk_db *db, const struct desk_out_call *c,
                                          const char *sid, const char *call_id);
/* by: DESK_BY_…; only what is surer replaces what was known. */
DESK_MUST enum desk_rc desk_out_call_answered(struct desk_db *db, const struct desk_out_call *c,
                                              const char *by);
DESK_MUST enum desk_rc desk_out_call_ended(struct desk_db *db, const struct desk_out_call *c,
                                           const char *status);
DESK_MUST enum desk_rc desk_out_call_again(struct desk_db *db, const struct desk_out_call *c);
DESK_MUST enum desk_rc desk_out_call_end(struct desk_db *db, const struct desk_out_call *c,
                                         const char *ending);

/* Tries of other calls than this one since then. */
DESK_MUST enum desk_rc desk_out_call_since(struct desk_db *db, const struct desk_out_call *c,
                                           int64_t since, int64_t *n);
/* Of all businesses: open ones whose try has ended or never began, and those of which nothing was
 * heard since `before` though Twilio may have them. At most 100. */
DESK_MUST enum desk_rc desk_out_call_over(struct desk_db *db, struct desk_arena *a, int64_t before,
                                          struct desk_out_call **out, size_t *n);

#endif
