/* What happened at a business in a stretch of time, as figures: for digests, the reports page, and
 * exports. Counted from rows by talk/report.h; the sentences are made here. Pure. */
#ifndef DESK_CORE_REPORT_H
#define DESK_CORE_REPORT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/tz.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Who took a call in the end. */
enum desk_report_took {
    DESK_TOOK_DESK,   /* nobody else was needed */
    DESK_TOOK_OWNER,  /* was put through, or has something to answer */
    DESK_TOOK_NOBODY, /* lost */
    DESK_TOOK__MAX
};

/* How a call may have ended, in the order in which people want to read of it: the words are those
 * of the column call.outcome (store/calls.h). */
struct desk_report_outcome {
    const char *word;  /* "booked" */
    const char *title; /* "appointment made" */
    const char *many;  /* "appointments made" */
    bool answered;     /* the caller got what a receptionist is for */
    enum desk_report_took took;
};
#define DESK_REPORT_OUTCOMES 13
extern const struct desk_report_outcome desk_report_outcomes[DESK_REPORT_OUTCOMES];

#define DESK_REPORT_TOP  5
#define DESK_REPORT_DAYS 400 /* the longest stretch that is told by days */

#define DESK_REPORT_KEY_LEN 17 /* the first 16 digits of a number's keyed hash, and the NUL */

struct desk_report_caller {
    char from_key[DESK_REPORT_KEY_LEN];
    const char *name, *number; /* NULL = not known */
    const char *contact_id;    /* NULL = nobody we know */
    int64_t n;
};

/* What is counted of a day's calls. All is a sum, so that days make a month. */
struct desk_report_day {
    int64_t calls, answered, after_hours, after_hours_answered, talk_ms;
    int64_t cost_nanos; /* as far as prices are known */
    int64_t by_outcome[DESK_REPORT_OUTCOMES], other;
    int64_t by_hour[24];
};

struct desk_report_waits { /* ms, in steps of 20; all 0 = nothing was measured */
    int64_t n, p50, p95, p99;
};

/* All zero = nothing happened. Strings live in the arena that was given when it was made. */
struct desk_report {
    int64_t from, to; /* UTC ms, [from, to) */
    const struct desk_tz *tz;

    int64_t calls; /* that came in, but the owner's own and those of blocked numbers */
    int64_t answered;
    int64_t after_hours, after_hours_answered;
    int64_t by_outcome[DESK_REPORT_OUTCOMES], other; /* other: still running, or unknown words */
    int64_t by_hour[7][24];                          /* [weekday, 0 = Sunday][hour] */
    int64_t talk_ms;
    int32_t first_day; /* local date of by_day[0], days since 1970-01-01 */
    struct desk_report_day by_day[DESK_REPORT_DAYS];
    size_t n_days;
    struct desk_report_caller top[DESK_REPORT_TOP]; /* who called more than once */
    size_t n_top;

    int64_t emergencies; /* alerts of P1 and P2 */
    int64_t minor;       /* P3 */
    int64_t escalations;
    int64_t promised, kept, open, late; /* callbacks: in that time; and at its end */
    int64_t leads, tickets, messages;
    int64_t visits_next;                   /* appointments in as long a time again, from `to` on */
    int64_t visits_sure;                   /* of them those who said that they come */
    int64_t attention;                     /* messages that could not be delivered */
    int64_t cost_nanos;                    /* of the calls, as far as prices are known */
    int64_t undone;                        /* promised in that time and not done yet */
    struct desk_report_waits answer, turn; /* to the first word; to an answer */
};

/* ---- counting -------------------------------------------------------------------------------- */

struct desk_report_call {
    int64_t started_at, duration_ms;
    const char *outcome; /* NULL = none yet */
    const char *from_key;
    bool after_hours;
};

struct desk_report_counting; /* who called how often; in the arena */
/* NULL: no memory. */
struct desk_report_counting *desk_report_begin(struct desk_report *r, struct desk_arena *a);
/* DESK_ENOMEM. Keeps copies of what it needs. */
DESK_MUST enum desk_rc desk_report_add(struct desk_report_counting *k,
                                       const struct desk_report_call *c);
/* What a call that began then cost. */
void desk_report_cost(struct desk_report_counting *k, int64_t started_at, int64_t nanos);
/* Fills top (but for name, number and contact). */
void desk_report_end(struct desk_report_counting *k);

/* A whole day that was counted before, as text: its figures, and who called how often. Of a
 * counting of that one day alone, before desk_report_end(). */
void desk_report_day_write(const struct desk_report_counting *k, struct desk_buf *figures,
                           struct desk_buf *callers);
/* Adds such a day as the day-th of the stretch; callers NULL: they are not asked for. DESK_EINVAL:
 * the texts are none of this version's: nothing was added. DESK_ENOMEM. */
DESK_MUST enum desk_rc desk_report_day_add(struct desk_report_counting *k, size_t day,
                                           const char *figures, const char *callers);

/* How many of them ended so. */
int64_t desk_report_took(const int64_t by_outcome[DESK_REPORT_OUTCOMES], enum desk_report_took who);

#define DESK_REPORT_STEPS 1501 /* half a minute, and longer */

/* Percentiles (nearest rank) of waits counted in steps of 20 ms, ascending. */
struct desk_report_step {
    int64_t step, n;
};
void desk_report_waits_of(struct desk_report_waits *w, const struct desk_report_step *v, size_t n);

/* ---- stretches of time ----------------------------------------------------------------------- */

/* Local midnights: the n days up to and with the one `now` is in; a month "2026-11". False: it is
 * no such month. */
void desk_report_days(const struct desk_tz *tz, int64_t now, int days, int64_t *from, int64_t *to);
bool desk_report_month(const struct desk_tz *tz, const char *month, int64_t *from, int64_t *to);

/* The weeks begin on Mondays. [from, to) may end after now. */
enum desk_report_preset {
    DESK_REPORT_THIS_WEEK,
    DESK_REPORT_LAST_WEEK,
    DESK_REPORT_THIS_MONTH,
    DESK_REPORT_LAST_MONTH,
    DESK_REPORT_PRESET__MAX
};
void desk_report_preset(const struct desk_tz *tz, int64_t now, enum desk_report_preset which,
                        int64_t *from, int64_t *to);

/* What [from, to), local midnights, is compared with: as many days before it; and only as much of
 * them as has passed of it by now. How many days. */
int desk_report_before(const struct desk_tz *tz, int64_t now, int64_t from, int64_t to,
                       int64_t *before, int64_t *until);

/* The latest moment until `now` at which a digest was due, and the one before it: the stretch it
 * tells of. at: local minutes; weekday: 0 = Sunday, or -1 = every day. */
void desk_report_due(const struct desk_tz *tz, int at, int weekday, int64_t now, int64_t *from,
                     int64_t *to);

/* ---- words ----------------------------------------------------------------------------------- */

/* "12 calls, 11 of them answered, 4 after hours" … in order of weight, as one line. */
void desk_report_line(const struct desk_report *r, struct desk_buf *out);

/* "3 appointments made", "1 message". */
void desk_report_count(struct desk_buf *out, int64_t n, const char *one, const char *many);

#endif
