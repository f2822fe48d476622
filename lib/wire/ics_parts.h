/* What a calendar file is made of, as ics_read.c finds it and ics_busy.c goes through it; zones
 * (ics_zone.c). Everything is in the arena or points into the text. */
#ifndef DESK_WIRE_ICS_PARTS_H
#define DESK_WIRE_ICS_PARTS_H

#include "wire/ics_busy.h"
#include "wire/ics_rule.h"
#include "wire/ics_text.h"

#define DESK_ICS_ZONES 100
#define DESK_ICS_WORK  5000000 /* days and times looked at, in all: some tenths of a second */

/* RDATE, EXDATE, FREEBUSY: a list of times, as written; EXRULE: a rule. */
struct desk_ics_list {
    struct desk_ics_list *next;
    const char *values;
    struct desk_ics_zone *zone;
};

/* One half of a zone: from then on (in the time before it) clocks are so far from UTC. */
struct desk_ics_half {
    struct desk_ics_half *next;
    struct desk_ics_when start;
    int64_t from, to;
    const char *rule; /* or NULL */
    struct desk_ics_list *also;
};

struct desk_ics_zone {
    struct desk_ics_zone *next;
    const char *id; /* "" = no zone is said */
    struct desk_ics_half *halves;
    bool known; /* the rest is set */
    const struct desk_tz *tz;
    struct {
        int64_t at, from, to; /* at: seconds of a clock that goes by from */
    } * change;               /* in order; n 0 = by tz */
    size_t n;
};

struct desk_ics_stamp {
    struct desk_ics_when when;
    struct desk_ics_zone *zone;
    bool there;
};

struct desk_ics_vevent {
    struct desk_ics_vevent *next;
    const char *uid;
    struct desk_ics_stamp start, end, recurs; /* recurs: it is that one of its uid */
    bool has_duration;
    int64_t days, seconds;
    const char *rule;                         /* or NULL */
    struct desk_ics_list *also, *but, *never; /* RDATE, EXDATE, EXRULE */
    bool later;                               /* and of all behind it, too (RANGE=THISANDFUTURE) */
    bool no_matter;                           /* off, or it takes up no time */
    bool odd;
};

struct desk_ics_file {
    struct desk_arena *arena;
    const struct desk_ics_ask *ask;
    struct desk_ics_zone *zones;
    size_t n_zones;
    struct desk_ics_vevent *events;
    size_t n_events;
    struct desk_ics_list *busy; /* VFREEBUSY */
    int64_t work;
};

/* DESK_EINVAL, DESK_ELIMIT, DESK_ENOMEM as desk_ics_busy(). */
DESK_MUST enum desk_rc desk_ics_read(struct desk_ics_file *f, char *text, size_t n);

/* The zone of that name, made when it is new. DESK_ELIMIT: too many. */
DESK_MUST enum desk_rc desk_ics_zone_get(struct desk_ics_file *f, const char *id, size_t n,
                                         struct desk_ics_zone **out);

/* UTC ms of a moment on a clock. DESK_ELIMIT, DESK_ENOMEM: its zone could not be worked out. */
DESK_MUST enum desk_rc desk_ics_moment(struct desk_ics_file *f, enum desk_ics_form form,
                                       struct desk_ics_zone *zone, int64_t at, int64_t *ms);

/* One of a list, "A,B/C": its first n bytes. Moves *p behind it. False: there is none left. */
bool desk_ics_item(const char **p, const char **item, size_t *n);

#endif
