/* A stretch of time that somebody asks about: "yesterday afternoon", "since Monday", "in the last
 * two hours", "last week". It reads as core/dates.h does, but is no wish for an appointment: it may
 * be past, is not clipped to opening hours, and nothing is asked back. Pure. */
#ifndef DESK_CORE_DATES_STRETCH_H
#define DESK_CORE_DATES_STRETCH_H

#include "core/dates.h"

#define DESK_STRETCH_NAME 96

struct desk_stretch {
    bool said;                    /* a time was in it */
    int64_t from, to;             /* UTC ms, [from, to) */
    int32_t first, last;          /* local dates of it */
    char name[DESK_STRETCH_NAME]; /* for a voice: "today", "on Monday afternoon", "last week" */
};

/* past: it is about what was ("who called Monday": the last one), else about what will be. When no
 * time was said: the whole of today, said false. text NULL is "". */
void desk_stretch_read(const char *text, const struct desk_when_place *at, bool past,
                       struct desk_stretch *out);

/* "9:40 am", "3 pm", "noon": how a clock time is spoken. Returns out. */
const char *desk_clock_spoken(char *out, size_t n, const struct desk_tz *tz, int64_t utc_ms);

/* A date as seen from today: "today", "yesterday", "Monday", "Friday, November 20th". */
const char *desk_day_spoken(char *out, size_t n, int32_t today, int32_t day);

#endif
