/* Time zones without libc's TZ: our own reader of /usr/share/zoneinfo (TZif, RFC 8536), with the
 * footer's rule for the years after the table. Civil dates are proleptic Gregorian. */
#ifndef DESK_BASE_TZ_H
#define DESK_BASE_TZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct desk_tz;

/* "America/Denver" → zone, or NULL: no such zone, or a name that is none (letters, digits, + - _ /
 * only; no "..", no leading slash). Reads a file the first time (blocks briefly), cached for the
 * life of the process; thread-safe. Load the zones you need before entering an event loop. */
const struct desk_tz *desk_tz_load(const char *name);
const char *desk_tz_name(const struct desk_tz *tz); /* "UTC" for NULL */

/* A zone from the bytes of a TZif file (version 2 or later), not cached; NULL if they are none.
 * Free with desk_tz_free() (never a zone of desk_tz_load()). For tests. */
struct desk_tz *desk_tz_parse(const void *data, size_t n);
void desk_tz_free(struct desk_tz *tz);

struct desk_local_time {
    int year, month, day; /* month 1-12, day 1-31 */
    int hour, minute, second;
    int ms;
    int weekday;  /* 0 = Sunday */
    int yearday;  /* 0 = 1 January */
    int offset_s; /* east of UTC */
    bool dst;
    char abbr[8]; /* "MST" */
};

/* UTC milliseconds → civil time there. tz NULL = UTC. */
void desk_tz_local(const struct desk_tz *tz, int64_t utc_ms, struct desk_local_time *out);

enum desk_tz_kind {
    DESK_TZ_UNIQUE,
    DESK_TZ_GAP, /* clocks jumped over it; the result is as much later (02:30 → 03:30) */
    DESK_TZ_FOLD /* clocks passed it twice */
};

/* Civil time (year, month, day, hour, minute, second, ms; the rest is not read) → UTC ms. Fields
 * out of range are carried over (day 32, minute -5). In a fold: the earlier, or the later if
 * later is set. tz NULL = UTC. */
enum desk_tz_kind desk_tz_utc(const struct desk_tz *tz, const struct desk_local_time *t, bool later,
                              int64_t *utc_ms);

/* The same, but a civil time that a gap swallows is the moment of the jump: the first that exists
 * from then on. */
int64_t desk_tz_valid(const struct desk_tz *tz, const struct desk_local_time *t, bool later);

/* UTC ms of the first moment of that local day (00:00, or later where a gap swallows it). */
int64_t desk_tz_day_start(const struct desk_tz *tz, int year, int month, int day);

/* Days since 1970-01-01 of a civil date (month and day may be out of range), and back. */
int64_t desk_days_from_civil(int64_t year, int month, int day);
void desk_civil_from_days(int64_t days, int *year, int *month, int *day);
int desk_weekday_from_days(int64_t days); /* 0 = Sunday */

/* For people. Each writes at most n bytes with NUL and returns out. */
const char *desk_when_time(char *out, size_t n, const struct desk_tz *tz, int64_t utc_ms,
                           bool h24); /* "1:52 pm" or "13:52" */
const char *desk_when_date(char *out, size_t n, const struct desk_tz *tz,
                           int64_t utc_ms); /* "Fri 20 Nov" */
const char *desk_when_date_long(char *out, size_t n, const struct desk_tz *tz,
                                int64_t utc_ms); /* "Friday 20 November" */
const char *desk_when_iso(char *out, size_t n, const struct desk_tz *tz,
                          int64_t utc_ms); /* "2026-11-20T13:52:00-07:00" */

#endif
