/* Content lines of an iCalendar file (RFC 5545 3.1) and the times in them (3.3). For ics_read.c.
 * Pure. */
#ifndef DESK_WIRE_ICS_TEXT_H
#define DESK_WIRE_ICS_TEXT_H

#include "wire/slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A file that is being read. Its bytes are changed: lines are unfolded where they stand. */
struct desk_ics_text {
    char *p, *end; /* *end is a NUL */
};

/* "NAME;X=1;Y="2":value". Points into the file. */
struct desk_ics_line {
    char *name, *value;
    char *params; /* "X=1;Y="2"", or "" */
};

/* The next line that is one. False: the file ends. */
bool desk_ics_next(struct desk_ics_text *t, struct desk_ics_line *out);

/* p NULL = none; without quotes. */
struct desk_slice desk_ics_param(const struct desk_ics_line *l, const char *name);

/* A moment as written: on whose clock is not said here. */
enum desk_ics_form { DESK_ICS_LOCAL, DESK_ICS_UTC, DESK_ICS_DATE };
struct desk_ics_when {
    int64_t at; /* seconds since 1970-01-01 on that clock; of a date its 00:00 */
    enum desk_ics_form form;
};

/* "20261014", "20261014T200000", "20261014T200000Z": the first n bytes. False: it is none. */
bool desk_ics_when(const char *text, size_t n, struct desk_ics_when *out);

/* "P1DT2H", "-PT15M": days are of the calendar, the rest is exact. False: it is none. */
bool desk_ics_duration(const char *text, size_t n, int64_t *days, int64_t *seconds);

/* "-0500", "+013000": seconds. False: it is none. */
bool desk_ics_offset(const char *text, int64_t *seconds);

#endif
