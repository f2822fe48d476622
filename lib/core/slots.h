/* Free times for a visit: business hours (breaks, closures, special days, dated exceptions), days
 * without bookings, how long a service takes, travel between visits, who does it and who is away,
 * what is taken already, and what the caller would like. Pure: the time and what is taken come as
 * arguments.
 *
 * A visit fits when every moment of it is open, it begins no sooner than booking.lead_minutes from
 * now and on one of booking.days_ahead days, no day of it is blacked out, and somebody who does the
 * service is neither away nor busy from its start to its end plus the gap. Starts are looked for
 * every booking.step_minutes from the beginning of each span of the hours; a start that was named
 * exactly need not be one of them. All arithmetic is in UTC milliseconds, so the days on which the
 * clocks change need no rule of their own. */
#ifndef DESK_CORE_SLOTS_H
#define DESK_CORE_SLOTS_H

#include "base/limits.h"
#include "core/business.h"
#include "core/dates.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Who or what a visit takes up: a person of the profile who has services, or, when nobody has any,
 * one of booking.at_once chairs or crews without a name. */
struct desk_slot_resource {
    const struct desk_person *person; /* NULL: a chair */
    int chair;                        /* 1 …; 0: a person */
};

/* All of a business, in the order they are tried. Returns how many. */
size_t desk_slot_resources(const struct desk_business *b,
                           struct desk_slot_resource out[DESK_MAX_SLOT_RESOURCES]);
/* Does it do that service? service NULL = any. */
bool desk_slot_able(const struct desk_slot_resource *r, const struct desk_service *service);

/* What is taken, [from, to) with the gap after it, in order of from. */
#define DESK_SLOT_ALL (-1)
struct desk_slot_busy {
    int64_t from, to;
    int resource; /* index among desk_slot_resources(), or DESK_SLOT_ALL */
};

/* When the caller would like to come. */
struct desk_slot_wish {
    int64_t from, to; /* starts in [from, to); to 0 = open end; equal = exactly then */
    int32_t not_on[DESK_WHEN_EXCLUDED]; /* local dates that do not suit */
    size_t n_not_on;
    enum desk_daypart daypart; /* wanted on each day; NONE = any time */
};
/* From what was said. False: it is a question or a refusal, there is no wish in it. */
bool desk_slot_wish_of(struct desk_slot_wish *w, const struct desk_resolved *r,
                       const struct desk_tz *tz);

struct desk_slots_ask {
    const struct desk_business *business;
    const struct desk_service *service; /* NULL: of `minutes`, by anybody */
    int minutes;                        /* 0 = the service's, or DESK_SLOT_MINUTES */
    int64_t now;
    struct desk_slot_wish wish;
    int resource; /* only that one, or DESK_SLOT_ALL */
    const struct desk_slot_busy *busy;
    size_t n_busy;
    size_t max, per_day; /* slots; per_day 0 = no limit of its own */
    int64_t apart_ms;    /* between two that are given, at least; 0 = any */
};
#define DESK_SLOT_MINUTES 60

struct desk_slot {
    int64_t start, end; /* of the visit */
    int64_t until;      /* end and the gap: so long its resource is taken */
    int resource;
};

/* Why there is none; of several reasons the one that is nearest to a free slot. */
enum desk_slots_why {
    DESK_SLOTS_FREE,
    DESK_SLOTS_NOBODY,    /* nobody does that service */
    DESK_SLOTS_CLOSED,    /* label: of the closure, if it has one */
    DESK_SLOTS_TOO_SHORT, /* it closes before the visit would be over */
    DESK_SLOTS_BLACKOUT,  /* open, but not for bookings; label */
    DESK_SLOTS_TOO_FAR,
    DESK_SLOTS_TOO_SOON, /* past, or under the lead time */
    DESK_SLOTS_AWAY,     /* who does it is away; label */
    DESK_SLOTS_FULL,
    DESK_SLOTS_WHY__MAX
};

struct desk_slots {
    size_t n;
    struct desk_slot v[DESK_MAX_SLOTS];
    enum desk_slots_why why;          /* FREE when n > 0 */
    char label[DESK_MAX_HOURS_LABEL]; /* "Thanksgiving"; "" */
};

/* In order of start, at most ask->max (and DESK_MAX_SLOTS). */
void desk_slots_find(const struct desk_slots_ask *ask, struct desk_slots *out);

/* One start, whatever the wish: may it be booked? slot (may be NULL) is filled when FREE. */
enum desk_slots_why desk_slots_check(const struct desk_slots_ask *ask, int64_t start,
                                     struct desk_slot *slot);

/* How long a visit takes, and the gap after it, by ask or by its service. */
int64_t desk_slots_length_ms(const struct desk_slots_ask *ask);
int64_t desk_slots_gap_ms(const struct desk_slots_ask *ask);

const char *desk_slots_why_name(enum desk_slots_why why); /* "full", "closed" … */
const char *desk_slots_why_text(enum desk_slots_why why); /* a sentence for a caller */

#endif
