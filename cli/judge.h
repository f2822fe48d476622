/* frontdesk judge: what each line of an evaluation set comes to, by the functions that judge live
 * calls. A set is one row of judge_sets and one function, and sees of a line only what a live call
 * would have. */
#ifndef CLI_JUDGE_H
#define CLI_JUDGE_H

#include "base/tz.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Strings live in the line's JSON; NULL = the line has none (caller null is "withheld" by itself).
 */
struct judge_line {
    const char *business, *text, *local_time, *caller, *direction; /* emergency, routing … */
    const char *now, *zone, *profile;                              /* dates */
    const char *input, *default_country;                           /* phones */
    const char *file; /* that the lines come from: businesses.json lies beside it */
};

struct judge_set {
    const char *name; /* NULL ends the table */
    /* Put the prediction's fields into out. False: the line lacks what it takes; why says what. */
    bool (*judge)(const struct judge_line *l, json_t *out, char *why, size_t n);
};

extern const struct judge_set judge_sets[];

struct desk_business;
/* An example business by its slug, read once; it lives as long as the command. NULL: why says that
 * there is none. */
const struct desk_business *judge_business(const char *slug, char *why, size_t n);

/* The adapters that are more than a few lines (judge_dates.c, judge_routing.c). */
bool judge_routing(const struct judge_line *l, json_t *out, char *why, size_t n);
bool judge_dates(const struct judge_line *l, json_t *out, char *why, size_t n);

/* "2026-11-20T10:15-07:00", seconds and offset may be missing (then it is a time of tz). */
bool judge_instant(const char *text, const struct desk_tz *tz, int64_t *utc_ms);

/* For `frontdesk help judge`. */
void cmd_judge_help(FILE *out);

#endif
