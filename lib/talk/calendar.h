/* The calendar of a business, whatever keeps it: one struct of functions, one row of a table for
 * each back end. Ours ("own", store/appointments.h) is complete and always there; one that lives
 * elsewhere (Google, an ICS address) is a row that does the same and tells the outside by the
 * outbox.
 *
 * None of the functions speaks to the outside: they run while a caller waits, most inside of a
 * transaction. A back end of an outside calendar reads what was fetched before (busy times in the
 * database), writes our row as "held", puts the change into the outbox, and says so by firm =
 * false. Who asked may then wait a little for the worker, with settle(), outside of a transaction:
 * it is firm after all, or that time is taken there, or else "the owner will confirm", and the
 * worker goes on until it is confirmed or given up. Ours is firm at once.
 *
 * Every change that is firm queues its text to the customer (talk/visit_text.h); a back end of an
 * outside calendar does so when it confirms.
 *
 * May block on the database. Writes run inside the caller's transaction (BEGIN IMMEDIATE), which is
 * what makes check and insert one step; the table's triggers are the second lock. */
#ifndef DESK_TALK_CALENDAR_H
#define DESK_TALK_CALENDAR_H

#include "core/slot_ref.h"
#include "core/slots.h"
#include "store/appointments.h"

/* Whose calendar, and when it is. */
struct desk_calendar_place {
    struct desk_db *db;
    struct desk_arena *arena;
    const char *tenant_id, *location_id;
    const struct desk_business *business; /* at that location */
    int64_t now;                          /* UTC ms */
    bool on_the_line; /* who asks is talking with us and waits for its text, at any hour */
};

#define DESK_CALENDAR_BUT                                                                          \
    8 /* appointments that count as gone while a new time for them is looked for */

struct desk_calendar_ask {
    const struct desk_service *service; /* of the business; NULL: only with minutes */
    int minutes;                        /* 0 = the service's */
    struct desk_slot_wish wish;
    int resource; /* DESK_SLOT_ALL, or only that one */
    size_t max, per_day;
    int64_t apart_ms;
    const char *but[DESK_CALENDAR_BUT];
    size_t n_but;
};

/* A time that is meant: of which service, with whom. */
struct desk_calendar_slot {
    struct desk_slot slot;
    const struct desk_service *service;
};

/* For whom, and what caused it. Strings may be NULL but cause and source. */
struct desk_booking {
    const char *cause; /* the same cause books once; NULL = always a new one */
    const char *call_id, *contact_id;
    const char *name, *number, *caller; /* caller: the number it came from */
    const char *address, *notes;
    bool urgent;
    const char *source; /* "call", "owner" */
    bool anyway;        /* the owner says so: hours, lead time and days ahead do not count */
};

/* What came of it. */
struct desk_booked {
    struct desk_appointment row;
    bool firm;               /* it stands; else the owner will confirm */
    const char *pending;     /* not firm: what settle() waits for; in the place's arena */
    bool repeat;             /* it was there already */
    enum desk_slots_why why; /* of DESK_ECONFLICT: why that time is not to be had (any more) */
};

struct desk_calendar {
    const char *name, *help;

    /* Free times, soonest first. Outside or inside of a transaction. */
    enum desk_rc (*find)(const struct desk_calendar_place *p, const struct desk_calendar_ask *ask,
                         struct desk_slots *out);

    /* In a transaction. All check the time anew. DESK_ECONFLICT: it is not to be had, out->why. */
    enum desk_rc (*hold)(const struct desk_calendar_place *p, const struct desk_calendar_slot *slot,
                         const struct desk_booking *booking, int64_t for_ms,
                         struct desk_booked *out);
    enum desk_rc (*book)(const struct desk_calendar_place *p, const struct desk_calendar_slot *slot,
                         const struct desk_booking *booking, struct desk_booked *out);
    /* DESK_ENOTFOUND: it does not stand (any more). To where it is already: a repeat. anyway: as in
     * a booking. */
    enum desk_rc (*move)(const struct desk_calendar_place *p, const struct desk_appointment *from,
                         const struct desk_calendar_slot *to, bool anyway, struct desk_booked *out);
    enum desk_rc (*cancel)(const struct desk_calendar_place *p, const struct desk_appointment *what,
                           struct desk_booked *out);

    /* Outside of a transaction, of what is not firm: waits for_ms at most, and writes down what who
     * asked will be told. DESK_OK: see io->firm; DESK_ECONFLICT: that time is taken, io->why, and
     * nothing stands (a visit that was to be moved is where it was). NULL: all is firm at once. */
    enum desk_rc (*settle)(const struct desk_calendar_place *p, struct desk_booked *io,
                           int64_t for_ms);
};

extern const struct desk_calendar desk_calendar_own, desk_calendar_google;

/* That of a business. Never NULL. Blocks on the database. */
const struct desk_calendar *desk_calendar_of(const struct desk_calendar_place *p);

/* ---- what back ends share -------------------------------------------------------------------- */

/* A move of our row without its text: else as desk_calendar.move. */
DESK_MUST enum desk_rc desk_calendar_move_row(const struct desk_calendar_place *p,
                                              const struct desk_appointment *from,
                                              const struct desk_calendar_slot *to, bool anyway,
                                              struct desk_booked *out);

/* The key and the name (NULL: a chair) of a resource, by its index among desk_slot_resources(). */
void desk_calendar_resource(const struct desk_calendar_place *p, int index,
                            char key[DESK_BLIND_LEN], const char **name);
/* Index of the person called so, or DESK_SLOT_ALL when it is nobody who has a calendar. */
int desk_calendar_person(const struct desk_business *b, const char *name);

/* ---- slot ids -------------------------------------------------------------------------------- */

#define DESK_SLOT_ID_MS (30LL * 60 * 1000) /* so long an offer may be taken up */

enum desk_slot_id_end {
    DESK_SLOT_ID_OK,
    DESK_SLOT_ID_FALSE, /* not ours, of another business or service, or changed on its way */
    DESK_SLOT_ID_EXPIRED,
};

/* An id for that time: only who has it can book it, for half an hour, here, for this service and
 * with this resource. It holds nothing free. Returns out. */
const char *desk_slot_id_make(const struct desk_calendar_place *p,
                              const struct desk_calendar_slot *slot, char out[DESK_SLOT_REF_LEN]);
enum desk_slot_id_end desk_slot_id_open(const struct desk_calendar_place *p, const char *text,
                                        struct desk_calendar_slot *out);

/* ---- as words and files ---------------------------------------------------------------------- */

/* "Tuesday, October 14th at 2 pm" there, with the year when it is another one. Returns out. */
const char *desk_calendar_say(const struct desk_calendar_place *p, int64_t at, char *out, size_t n);

/* What the owner reads of a visit in any calendar of theirs: of a business with health data only
 * that somebody comes. Both are initialised here and are the caller's to clear. */
void desk_calendar_owner_words(const struct desk_business *b, const struct desk_appointment *row,
                               struct desk_buf *summary, struct desk_buf *text);

/* The owner's feed: what stands from a month ago on. Appends a whole calendar file. */
DESK_MUST enum desk_rc desk_calendar_feed(struct desk_db *db, struct desk_arena *a,
                                          const char *tenant_id, struct desk_buf *out);
/* A customer's own visit, as they may see it; a cancelled one as cancelled. */
DESK_MUST enum desk_rc desk_calendar_visit(struct desk_db *db, struct desk_arena *a,
                                           const struct desk_appointment *row,
                                           struct desk_buf *out);

#endif
