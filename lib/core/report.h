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

/* How a call may have ended, in the order in which people want to read of it: the words are those
 * of the column call.outcome (store/calls.h). */
struct desk_report_outcome {
    const char *word;  /* "booked" */
    const char *title; /* "appointment made" */
    const char *many;  /* "appointments made" */
    bool answered;     /* the caller got what a receptionist is for */
};
#define DESK_REPORT_OUTCOMES 12
extern const struct desk_report_outcome desk_report_outcomes[DESK_REPORT_OUTCOMES];

#define DESK_REPORT_TOP  5
#define DESK_REPORT_DAYS 400 /* the longest stretch that is told by days */

struct desk_report_caller {
    const char *from_key;      /* keyed hash of the number */
    const char *name, *number; /* NULL = not known */
    int64_t n;
};

struct desk_report_day {
    int64_t calls, answered, after_hours;
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
/* Fills top (but for name and number). */
void desk_report_end(struct desk_report_counting *k);

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
