/* Opening hours of one location, as data: weekly spans, closures and special days by date, and the
 * owner's dated exceptions ("closed Friday", "Raj away 12–18 Oct"), which end by themselves.
 *
 * JSON (all parts may be left out; times "HH:MM" in the location's zone, dates "YYYY-MM-DD"):
 *   {"weekly": {"mon": [["08:00","12:00"],["13:00","17:00"]], …} or "always",
 *    "closures": ["2026-12-25", {"date": "2026-11-26", "label": "Thanksgiving"}],
 *    "special": {"2026-12-24": [["08:00","12:00"]]},
 *    "exceptions": [{"from": "2026-10-12", "to": "2026-10-18", "label": "inventory",
 *                    "closed": true or "spans": [["10:00","14:00"]]}]}
 * or the weekly object alone. "to" of an exception may be missing (one day); one that is neither
 * closed nor has spans is a note only: it changes no hours.
 *
 * Rules: closure > exception that closes > exception with spans > special day > weekly. A span's
 * begin is inclusive, its end exclusive. One that ends at or before its begin runs past midnight
 * and belongs to the day it begins on. Weekdays left out are closed, but no weekly span at all
 * means always open: a business that did not say is not sent to voicemail. Where the clocks jump, a
 * time that does not exist is the first moment after the jump; where an hour comes twice, a span
 * opens at the first and closes at the second. Pure. */
#ifndef DESK_CORE_HOURS_H
#define DESK_CORE_HOURS_H

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/tz.h"

#include <stdbool.h>
#include <stdint.h>

/* Local minutes from the day's midnight: 0 ≤ from < 1440, from < to ≤ from + 1440. */
struct desk_span {
    int16_t from, to;
};

struct desk_spans {
    size_t n;                                    /* 0 = closed */
    struct desk_span span[DESK_MAX_HOURS_SPANS]; /* in order, none overlapping */
};

enum desk_hours_why {
    DESK_HOURS_ALWAYS, /* no weekly hours were given, or "always" */
    DESK_HOURS_WEEKLY,
    DESK_HOURS_SPECIAL,
    DESK_HOURS_OPENED, /* an exception with spans of its own */
    DESK_HOURS_CLOSED, /* an exception that closes */
    DESK_HOURS_CLOSURE,
    DESK_HOURS_NOTE, /* an exception that changes no hours */
};

/* What holds on some dates instead of the week. Dates are days since 1970-01-01, both inclusive. */
struct desk_hours_rule {
    enum desk_hours_why why; /* SPECIAL … NOTE */
    int32_t from, to;
    struct desk_spans spans;
    char label[DESK_MAX_HOURS_LABEL]; /* "Thanksgiving", "Raj away"; may be "" */
};

/* Plain data, copied freely; all zero = always open. */
struct desk_hours {
    struct desk_spans weekly[7]; /* 0 = Sunday; read when weekly_given */
    bool weekly_given;           /* else always open (but for the rules) */
    size_t n_rules;
    struct desk_hours_rule rules[DESK_MAX_HOURS_RULES];
};

/* NULL, "" and "null" are no hours: always open. DESK_EINVAL: error (n bytes) says which field is
 * wrong and how, like 'weekly.mon[1]: "25:00" is not a time like "08:30"'; h then holds all that
 * could be read (an unreadable span counts as none, but its week as given), so that a caller who
 * has to answer the telephone now can. error may be NULL. */
DESK_MUST enum desk_rc desk_hours_parse(struct desk_hours *h, const char *json, char *error,
                                        size_t n);

/* What holds on a local date (days since 1970-01-01): its spans (also those that run on into the
 * next day, none of the day before), which rule says so, and its label ("" if none; in h). */
struct desk_hours_day {
    struct desk_spans spans;
    enum desk_hours_why why;
    const char *label;
};
void desk_hours_day(const struct desk_hours *h, int32_t date, struct desk_hours_day *out);

/* Labels of the notes that hold on that date: the i-th, or NULL. In h. */
const char *desk_hours_note(const struct desk_hours *h, int32_t date, size_t i);

/* The spans of a local date as instants [from, to), by the rules for gaps and overlaps; spans that
 * a gap swallowed are left out. Returns how many. tz NULL = UTC. */
struct desk_instants {
    int64_t from, to; /* UTC ms */
};
size_t desk_hours_instants(const struct desk_hours *h, const struct desk_tz *tz, int32_t date,
                           struct desk_instants out[DESK_MAX_HOURS_SPANS]);

/* Open at that moment, and why or why not: the rule of the date it is (or of the evening before,
 * while that runs on). until: the end of the span it is in, when open; neighbouring spans are not
 * joined. */
struct desk_hours_state {
    bool open;
    enum desk_hours_why why;
    const char *label; /* "" if none; in h */
    int64_t until;     /* UTC ms, 0 when closed */
};
void desk_hours_at(const struct desk_hours *h, const struct desk_tz *tz, int64_t utc_ms,
                   struct desk_hours_state *out);

/* The first moment from then on at which it is open (then itself when it is). False: none within
 * DESK_MAX_DAYS_AHEAD days. */
bool desk_hours_next_open(const struct desk_hours *h, const struct desk_tz *tz, int64_t utc_ms,
                          int64_t *at);

/* For logs and timelines: "weekly hours", "special hours", "closure" … Never NULL. */
const char *desk_hours_why_name(enum desk_hours_why why);

/* The local date of a moment, as days since 1970-01-01. */
int32_t desk_hours_date(const struct desk_tz *tz, int64_t utc_ms);

/* ---- straight from the stored text ----------------------------------------------------------- */

/* Open at that moment? By what can be read of the text. */
bool desk_hours_open(const char *json, const struct desk_tz *tz, int64_t utc_ms);

/* The week, for reading: "Mon 08:00-12:00, 13:00-17:00; Tue 08:00-17:00; Sun closed". Appends;
 * nothing when there are no weekly hours. */
void desk_hours_text(const char *json, struct desk_buf *out);

#endif
