/* Visits in our own calendar, and the owner's feed of them. Writes run inside the caller's
 * transaction; no two visits that stand can overlap on one resource of a business: the table itself
 * refuses (DESK_ECONFLICT). */
#ifndef DESK_STORE_APPOINTMENTS_H
#define DESK_STORE_APPOINTMENTS_H

#include "base/arena.h"
#include "base/ids.h"
#include "db/db.h"
#include "db/fields.h"
#include "db/seal.h"

#include <stdbool.h>
#include <stdint.h>

#define DESK_APPT_HELD      "held"   /* until hold_until */
#define DESK_APPT_BOOKED    "booked" /* stands */
#define DESK_APPT_MOVED     "moved"  /* stands, at another time than it was made for */
#define DESK_APPT_CANCELLED "cancelled"
#define DESK_APPT_DONE      "done"

struct desk_appointment {
    const char *id;
    const char *tenant_id;
    const char *location_id;
    const char *contact_id;
    const char *call_id;
    const char *service;
    const char *service_name;
    const char *resource;      /* desk_appointment_resource() */
    const char *resource_name; /* "Raj"; NULL = a chair */
    const char *status;
    int64_t start_at, end_at; /* UTC ms */
    int64_t busy_until;       /* with the gap after it */
    int64_t hold_until;
    const char *name;
    const char *number;
    const char *number_key;
    const char *caller_key; /* of the number that booked it, if that is another */
    const char *address;
    const char *notes;
    bool urgent;
    const char *source; /* "call", "owner" */
    int64_t sequence;
    const char *link_hash; /* set by desk_appointment_insert() */
    int64_t created_at;
    int64_t updated_at;
    const char *answer; /* the last word of who comes, of the time it has now; NULL = none */
    int64_t answer_at;
    const char *answer_by; /* DESK_ANSWER_BY_… */
};
extern const struct desk_fields desk_appointment_fields;

/* What is taken: all a search for free times needs, nothing about anybody. */
struct desk_appointment_busy {
    const char *id;
    const char *location_id;
    const char *resource;
    int64_t start_at, busy_until;
};
extern const struct desk_fields desk_appointment_busy_fields;

/* The id of the appointment that such a cause makes: the same each time. */
const char *desk_appointment_id(struct desk_db *db, const char *tenant_id, const char *cause,
                                char out[DESK_ID_LEN]);

/* How the table names who or what is taken: a keyed hash, for names of people are not at rest in
 * the clear. what: "person|lena ortiz", "chair|loc_1|2". */
void desk_appointment_resource(struct desk_db *db, const char *tenant_id, const char *what,
                               char out[DESK_BLIND_LEN]);

/* The secret of the link that a customer may be given (32 hex digits); from it and the key alone it
 * cannot be guessed, and it can be told again. */
void desk_appointment_link(struct desk_db *db, const char *tenant_id, const char *id,
                           char out[DESK_BLIND_LEN]);

/* Write one, held or booked. DESK_ECONFLICT: the resource is taken then, or this very row (its id)
 * is there already: desk_appointment_get() tells which. Holds that ran out are cleared first. */
DESK_MUST enum desk_rc desk_appointment_insert(struct desk_db *db,
                                               const struct desk_appointment *row);

DESK_MUST enum desk_rc desk_appointment_get(struct desk_db *db, struct desk_arena *a,
                                            const char *tenant_id, const char *id,
                                            struct desk_appointment *out);
/* By the secret of a customer's link, of any business. */
DESK_MUST enum desk_rc desk_appointment_by_link(struct desk_db *db, struct desk_arena *a,
                                                const char *secret, struct desk_appointment *out);

/* Of a business between two times (any overlap), by start: those that stand or took place, or all
 * there ever were. At most max. */
DESK_MUST enum desk_rc desk_appointments_between(struct desk_db *db, struct desk_arena *a,
                                                 const char *tenant_id, int64_t from, int64_t to,
                                                 bool all, size_t max,
                                                 struct desk_appointment **out, size_t *n);
/* What is taken between two times, holds that live at `now` included; in order of start. */
DESK_MUST enum desk_rc desk_appointments_busy(struct desk_db *db, struct desk_arena *a,
                                              const char *tenant_id, int64_t from, int64_t to,
                                              int64_t now, size_t max,
                                              struct desk_appointment_busy **out, size_t *n);
/* Those that begin after `after`, of who is reached at that number or called from it; that stand,
 * or all. */
DESK_MUST enum desk_rc desk_appointments_of_number(struct desk_db *db, struct desk_arena *a,
                                                   const char *tenant_id, const char *e164,
                                                   int64_t after, bool all, size_t max,
                                                   struct desk_appointment **out, size_t *n);
DESK_MUST enum desk_rc desk_appointments_of_call(struct desk_db *db, struct desk_arena *a,
                                                 const char *tenant_id, const char *call_id,
                                                 struct desk_appointment **out, size_t *n);

/* Take it to the times, place and resource of `to`. DESK_ECONFLICT: taken; DESK_ENOTFOUND: none of
 * that id stands. */
DESK_MUST enum desk_rc desk_appointment_move(struct desk_db *db, const struct desk_appointment *to);
/* status: DESK_APPT_CANCELLED or DESK_APPT_DONE. DESK_ENOTFOUND: none of that id stands. */
DESK_MUST enum desk_rc desk_appointment_end(struct desk_db *db, const char *tenant_id,
                                            const char *id, const char *status);
/* Visits of all businesses that ended by that time are done; *n (may be NULL): how many. */
DESK_MUST enum desk_rc desk_appointments_past(struct desk_db *db, int64_t ended_by, int64_t *n);
/* A hold becomes a booking, also one that ran out if nobody took its place (else DESK_ECONFLICT).
 * DESK_ENOTFOUND: no such hold. */
DESK_MUST enum desk_rc desk_appointment_confirm(struct desk_db *db, const char *tenant_id,
                                                const char *id);

#define DESK_ANSWER_COMING  "coming"
#define DESK_ANSWER_CHANGE  "change" /* wants another time, or none */
#define DESK_ANSWER_BY_TEXT "text"
#define DESK_ANSWER_BY_CALL "call" /* a key, in a call that reminded of it */

/* What who comes says of a visit, and of which time: noted until it is moved, or something else is
 * said. DESK_ENOTFOUND: none of that id stands at that time. */
struct desk_appointment_said {
    const char *tenant_id, *id;
    int64_t start_at;
    const char *answer, *by; /* DESK_ANSWER_… */
};
DESK_MUST enum desk_rc desk_appointment_answer(struct desk_db *db,
                                               const struct desk_appointment_said *s);
/* A hold is let go. DESK_ENOTFOUND: no such hold. */
DESK_MUST enum desk_rc desk_appointment_let_go(struct desk_db *db, const char *tenant_id,
                                               const char *id);

/* ---- the owner's feed ------------------------------------------------------------------------ */

struct desk_calendar_feed {
    const char *id; /* SHA-256 of the secret */
    const char *tenant_id;
    int64_t created_at;
};
extern const struct desk_fields desk_calendar_feed_fields;

/* A new secret in place of any older one. */
DESK_MUST enum desk_rc desk_calendar_feed_new(struct desk_db *db, const char *tenant_id,
                                              char secret[DESK_TOKEN_LEN]);
DESK_MUST enum desk_rc desk_calendar_feed_drop(struct desk_db *db, const char *tenant_id);
/* Whose is it? DESK_ENOTFOUND: nobody's (any more). */
DESK_MUST enum desk_rc desk_calendar_feed_find(struct desk_db *db, struct desk_arena *a,
                                               const char *secret, struct desk_calendar_feed *out);

#endif
