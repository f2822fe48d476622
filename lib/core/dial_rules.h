/* Calls that we make: what a try that came to nothing is followed by. And whose day it is. Pure. */
#ifndef DESK_CORE_DIAL_RULES_H
#define DESK_CORE_DIAL_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Nobody is called by a machine before 8 and after 21 where the number is, whatever the business's
 * own quiet hours are (47 CFR 64.1200(c)(1)): from this hour to that one it is quiet. */
#define DESK_CALLS_QUIET_FROM 21
#define DESK_CALLS_QUIET_TO   8

#define DESK_DIAL_TRIES 2 /* of one call, at most */

/* What a call came to. */
enum desk_dial_end {
    DESK_DIAL_TALKED,
    DESK_DIAL_MESSAGE, /* left on a machine */
    DESK_DIAL_MACHINE, /* a machine, and nothing was left on it */
    DESK_DIAL_HUNG_UP, /* somebody answered, and rang off before anything was told */
    DESK_DIAL_BUSY,
    DESK_DIAL_NO_ANSWER,
    DESK_DIAL_FAILED,  /* it cannot be rung */
    DESK_DIAL_UNKNOWN, /* rung or not, nobody knows: never again */
    DESK_DIAL_NOT,     /* it may not be called (any more) */
    DESK_DIAL_GONE,    /* there is no reason to call any more */
    DESK_DIAL__MAX
};
const char *desk_dial_end_name(enum desk_dial_end e); /* "talked", "busy", … */

struct desk_dial_facts {
    const char *status;      /* Twilio's word for the end of a try; NULL = none was heard */
    const char *answered_by; /* DESK_BY_… of store/out_calls.h, or NULL */
    bool picked_up;          /* Twilio asked what to say */
    bool refused;            /* Twilio did not take it, or it was given up before */
};
enum desk_dial_end desk_dial_end_of(const struct desk_dial_facts *f);

enum desk_dial_then {
    DESK_DIAL_OVER,  /* they heard it, or need not */
    DESK_DIAL_AGAIN, /* one more try, after a while */
    DESK_DIAL_TEXT,  /* it is told by a text */
};
/* After the n-th try (from 1); may_again: there is time for another one. */
enum desk_dial_then desk_dial_then(enum desk_dial_end e, int64_t n, bool may_again);

/* ---- birthdays ------------------------------------------------------------------------------- */

/* Is that day the one in "1980-05-14" or "--05-14"? Of 29 February it is the 28th in years that
 * have no 29th. NULL and other texts are no day. */
bool desk_day_returns(const char *date, int year, int month, int day);

#endif
