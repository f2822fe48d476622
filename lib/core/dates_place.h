/* Inside core/dates*.c: what was said, against a calendar and a business's hours. Not for other
 * folders. */
#ifndef DESK_CORE_DATES_PLACE_H
#define DESK_CORE_DATES_PLACE_H

#include "core/dates.h"

#define DAY_MINUTES (24 * 60)

/* Where and when: the place, and its present taken apart. Dates are days since 1970-01-01. */
struct present {
    const struct desk_when_place *at;
    int32_t today;
    int year, month, day;
    int weekday;    /* 0 = Sunday */
    int32_t monday; /* of this calendar week */
    int32_t limit;  /* the last date that is not too far ahead */
    int minute;     /* since local midnight */
};
void desk_dates_present(struct present *p, const struct desk_when_place *at);

struct date_range {
    int32_t first, last;
    bool rolls; /* a plain weekday that is today: a week later if today is over */
};

/* The dates of a day that was said. OK, or why there are none; first may then still be the date
 * that was understood, else INT32_MIN. */
enum desk_when_why desk_dates_range(const struct present *p, const struct desk_day *d,
                                    struct date_range *out);

/* A holiday in that year. */
int32_t desk_dates_holiday(enum desk_holiday h, int year, bool british);

bool desk_dates_open_on(const struct present *p, int32_t date);

/* Open at all on that date from now on? */
bool desk_dates_open_later_on(const struct present *p, int32_t date);

/* Time and daypart of w on one open date → start and end. OK, or why not. */
struct window {
    int64_t start, end;
};
enum desk_when_why desk_dates_window(const struct present *p, const struct desk_when *w,
                                     int32_t date, struct window *out);

/* Fills out->say from the rest of it. */
void desk_dates_say(const struct present *p, const struct desk_when *w, struct desk_resolved *out);

#endif
