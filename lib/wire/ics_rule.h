/* How an event repeats (RFC 5545 3.3.10), and when it does. For ics_busy.c and ics_zone.c. Times
 * are seconds of a clock on the wall: days since 1970-01-01 times 86400 and the time of day,
 * whatever the zone. Pure.
 *
 * All of it is known: each FREQ from SECONDLY to YEARLY, INTERVAL, COUNT, UNTIL, WKST, BYMONTH,
 * BYWEEKNO, BYYEARDAY, BYMONTHDAY, BYDAY, BYHOUR, BYMINUTE, BYSECOND, BYSETPOS. What a rule leaves
 * open is as at its start, also the weekday of BYWEEKNO alone. */
#ifndef DESK_WIRE_ICS_RULE_H
#define DESK_WIRE_ICS_RULE_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DESK_ICS_DAY     86400
#define DESK_ICS_LIST    400 /* most numbers after one BY… */
#define DESK_ICS_FOREVER INT64_MAX

/* From HOURLY on, more than once a day. */
enum desk_ics_freq {
    DESK_ICS_DAILY,
    DESK_ICS_WEEKLY,
    DESK_ICS_MONTHLY,
    DESK_ICS_YEARLY,
    DESK_ICS_HOURLY,
    DESK_ICS_MINUTELY,
    DESK_ICS_SECONDLY
};

struct desk_ics_numbers {
    int v[DESK_ICS_LIST];
    size_t n;
};

struct desk_ics_rule {
    enum desk_ics_freq freq;
    int interval;
    int64_t count; /* 0 = no end by number */
    struct desk_ics_numbers monthday, yearday, weekno, setpos;
    struct desk_ics_numbers hour, minute, second; /* in order, each once; none = the start's */
    struct {
        int nth, weekday; /* 0 = each; 0 = Sunday */
    } day[DESK_ICS_LIST];
    size_t n_days;
    unsigned months;   /* bit 1 to 12; 0 = each */
    int week;          /* the day that a week begins with */
    const char *until; /* as written, "" = none: what it means depends on the event's zone */
    size_t until_n;
};

/* False: it repeats in a way that is not known. *out points into text. */
bool desk_ics_rule_parse(const char *text, struct desk_ics_rule *out);

/* A time it happens at, in order. False: enough. */
typedef bool desk_ics_at(void *ctx, int64_t at);

/* All of from..to (where there is a COUNT, counted from the start on). The start is among them only
 * if the rule has it: an event happens then all the same. until: the last, DESK_ICS_FOREVER = none.
 * *work: days and times that may be looked at; DESK_ELIMIT: they are used up. */
DESK_MUST enum desk_rc desk_ics_rule_run(const struct desk_ics_rule *r, int64_t start,
                                         int64_t until, int64_t from, int64_t to, int64_t *work,
                                         desk_ics_at *at, void *ctx);

#endif
