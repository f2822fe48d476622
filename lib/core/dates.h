/* Spoken dates: "Tuesday week at half past nine" → a window in a business's zone and hours, a
 * question to ask, or a refusal.
 *
 * Two ways in, one rule book. A caller's own sentence (English, with British turns and the Spanish
 * people mix in) is read into struct desk_when; a language model fills the same struct by a tool
 * call's fields and never gives a timestamp. desk_when_resolve() then decides, by
 * - dayparts morning 08–12, midday 11–14, afternoon 12–17, evening 17–20, clipped to the hours;
 * - a bare hour 1–6 is pm, 7–11 am, 12 noon; the reading inside the hours is preferred, and when
 *   none is, it asks;
 * - "this X" is the next X within 7 days (today while it is not past); "next X" asks when X is two
 *   days ahead or less, else it is the one of the next calendar week (Monday to Sunday);
 * - "the 3rd" is the next such date; "in two weeks" is 14 days ± 3; month and day by locale;
 * - nothing past, nothing over 12 months ahead, nothing on closed days, no time that the clocks
 *   jump over. Whatever was decided is said back with its date.
 * Pure: no clock, no I/O, no memory of its own. */
#ifndef DESK_CORE_DATES_H
#define DESK_CORE_DATES_H

#include "base/err.h"
#include "base/tz.h"
#include "core/hours.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- what was said -------------------------------------------------------------------------- */

enum desk_day_ref {
    DESK_DAY_NONE,    /* no day was said */
    DESK_DAY_IN_DAYS, /* n days from today (0 today, -1 yesterday), ± spread */
    DESK_DAY_IN_MONTHS,
    DESK_DAY_WEEKDAY, /* weekday; which */
    DESK_DAY_DATE,    /* day, month, year; month 0 = "the 3rd" */
    DESK_DAY_NTH,     /* n-th (-1 last) weekday of month; month 0 = by which */
    DESK_DAY_WEEK,    /* calendar week, offset from this one; part */
    DESK_DAY_WEEKEND, /* which, offset */
    DESK_DAY_MONTH,   /* month (0 = offset from this one), year; part, or its n-th week (-1 last) */
    DESK_DAY_YEAR,    /* year alone */
    DESK_DAY_HOLIDAY, /* n: enum desk_holiday */
    DESK_DAY_REF__MAX
};

enum desk_which {
    DESK_WHICH_PLAIN,
    DESK_WHICH_THIS,
    DESK_WHICH_NEXT,
    DESK_WHICH_COMING, /* "que viene": like this one, if "next" would be the same, else it asks */
    DESK_WHICH_LAST,   /* past */
    DESK_WHICH_OFFSET, /* the calendar week or month was said: offset */
};

enum desk_part {
    DESK_PART_WHOLE,
    DESK_PART_EARLY,
    DESK_PART_MID,
    DESK_PART_LATE,
    DESK_PART_REST, /* from tomorrow on: "later this week" */
};

/* What a date was only the way to: "the week of the 7th", "the weekend after Thanksgiving". */
enum desk_whole {
    DESK_WHOLE_DAY,
    DESK_WHOLE_WEEK,
    DESK_WHOLE_WEEKEND,
};

/* As the weekday of NTH: any day, so "the last day of the month". */
#define DESK_ANY_WEEKDAY 7

/* Years that were not given by number. */
enum { DESK_YEAR_NONE = 0, DESK_YEAR_THIS = 1, DESK_YEAR_NEXT = 2, DESK_YEAR_LAST = 3 };

enum desk_holiday {
    DESK_HOLIDAY_NEW_YEAR,
    DESK_HOLIDAY_NEW_YEAR_EVE,
    DESK_HOLIDAY_EPIPHANY,
    DESK_HOLIDAY_MLK,
    DESK_HOLIDAY_VALENTINE,
    DESK_HOLIDAY_PRESIDENTS,
    DESK_HOLIDAY_PATRICK,
    DESK_HOLIDAY_GOOD_FRIDAY,
    DESK_HOLIDAY_EASTER,
    DESK_HOLIDAY_EASTER_MONDAY,
    DESK_HOLIDAY_CINCO_DE_MAYO,
    DESK_HOLIDAY_MOTHERS,
    DESK_HOLIDAY_MEMORIAL,
    DESK_HOLIDAY_JUNETEENTH,
    DESK_HOLIDAY_FATHERS,
    DESK_HOLIDAY_JULY_4,
    DESK_HOLIDAY_LABOR,
    DESK_HOLIDAY_COLUMBUS,
    DESK_HOLIDAY_HALLOWEEN,
    DESK_HOLIDAY_VETERANS,
    DESK_HOLIDAY_THANKSGIVING,
    DESK_HOLIDAY_BLACK_FRIDAY,
    DESK_HOLIDAY_CYBER_MONDAY,
    DESK_HOLIDAY_CHRISTMAS_EVE,
    DESK_HOLIDAY_CHRISTMAS,
    DESK_HOLIDAY_BOXING,
    DESK_HOLIDAY_BANK, /* the next Monday the business is closed on by date */
    DESK_HOLIDAY__MAX
};

struct desk_day {
    enum desk_day_ref ref;
    enum desk_which which;
    int weekday; /* 0 = Sunday */
    int offset;  /* weeks or months from this one, with DESK_WHICH_OFFSET */
    int year;    /* or DESK_YEAR_… */
    int month, day;
    bool slashed;   /* "one slash four": month and day in the order they were said */
    int n;          /* count or enum, by ref */
    int spread;     /* days either way */
    bool open_days; /* n counts days the business is open ("business days") */
    enum desk_part part;
    int shift;        /* days added at last ("a week from …", "the day after …") */
    int then_weekday; /* first such weekday after it ("the Monday after Thanksgiving"); -1 none */
    bool then_before; /* last such before it */
    enum desk_whole whole;
};

enum desk_daypart {
    DESK_DAYPART_NONE,
    DESK_DAYPART_MORNING,
    DESK_DAYPART_MIDDAY,
    DESK_DAYPART_AFTERNOON,
    DESK_DAYPART_EVENING,
    DESK_DAYPART_NIGHT,       /* of a window: the evening; of "eleven at night": that hour */
    DESK_DAYPART_SMALL_HOURS, /* "in the middle of the night" */
    DESK_DAYPART_FIRST_THING, /* opening to two hours later */
    DESK_DAYPART_END_OF_DAY,  /* the last two hours */
    DESK_DAYPART_BEFORE_LUNCH,
    DESK_DAYPART_AFTER_LUNCH,
    DESK_DAYPART_AFTER_SCHOOL,
    DESK_DAYPART_AFTER_WORK,
    DESK_DAYPART_AFTER_DINNER,
    DESK_DAYPART_REST, /* "later today" */
    DESK_DAYPART__MAX
};

enum desk_time_kind {
    DESK_TIME_NONE,
    DESK_TIME_AT,
    DESK_TIME_AROUND,
    DESK_TIME_AFTER,
    DESK_TIME_BEFORE,
    DESK_TIME_BETWEEN,
    DESK_TIME_AS_NOW, /* "at this time" */
    DESK_TIME_IN,     /* minutes: that long from now */
    DESK_TIME_WITHIN, /* minutes: at most that long from now */
};

/* A clock time; sure: am or pm is known ("3 pm", "15:00", "noon"), else minute is as it was said.
 */
struct desk_clock {
    int minute; /* since midnight, 0–1440 */
    bool sure;
};

enum desk_day_limit {
    DESK_DAY_ON,
    DESK_DAY_AFTER,  /* the day after or later */
    DESK_DAY_FROM,   /* that day or later */
    DESK_DAY_BEFORE, /* until the day before */
    DESK_DAY_BY,     /* until that day */
};

/* Why it asks or refuses; also what the words alone already say. */
enum desk_when_why {
    DESK_WHY_OK,
    /* ask */
    DESK_WHY_NO_DAY,    /* nothing about a day or time in it */
    DESK_WHY_VAGUE,     /* "later", "after the holidays" */
    DESK_WHY_CONFLICT,  /* "Monday the 24th", which is a Tuesday */
    DESK_WHY_CHOICE,    /* "Tuesday or Wednesday" */
    DESK_WHY_NEXT,      /* "next Friday" on a Wednesday */
    DESK_WHY_HOUR,      /* neither am nor pm of it is open */
    DESK_WHY_HOUR_PAST, /* "today at 3" at four */
    DESK_WHY_BAD_TIME,  /* "25 o'clock" */
    DESK_WHY_MIDNIGHT,  /* "tomorrow" at twenty past midnight; "Sunday at midnight" */
    DESK_WHY_ZONE,      /* a time of another zone */
    DESK_WHY_WHICH_DAY, /* a time, but several days */
    DESK_WHY_RECURRING, /* "every Monday" */
    DESK_WHY_TWO_TIMES, /* "ten to two": 1:50, or from ten to two */
    DESK_WHY_LAST_YEAR, /* a date that went by a few weeks ago: next year's? */
    DESK_WHY_ONLY_NOT,  /* only what does not suit was said */
    /* reject */
    DESK_WHY_PAST,
    DESK_WHY_CLOSED,
    DESK_WHY_TOO_FAR,
    DESK_WHY_NO_SUCH_DATE,
    DESK_WHY_NO_SUCH_TIME, /* the clocks jump over it */
    DESK_WHY__MAX
};

#define DESK_WHEN_NOTS 4 /* days not wanted, most */

/* All zero but the weekdays (desk_when_init) = nothing was said. */
struct desk_when {
    struct desk_day day;
    enum desk_day_limit limit;
    struct desk_day last;  /* of a range of days; ref NONE = one day */
    struct desk_day check; /* said as well, must agree: "Monday" of "Monday the 24th" */
    struct desk_day
        later; /* said after a digression: if it disagrees, it is the one that is meant */
    struct desk_day nots[DESK_WHEN_NOTS];
    size_t n_nots;
    enum desk_daypart daypart;
    enum desk_part part; /* of the daypart: "late morning" */
    enum desk_time_kind time;
    struct desk_clock from, to; /* AFTER, BEFORE, AT, AROUND: from */
    int64_t minutes;            /* IN, WITHIN */
    char zone;                  /* a time zone was named: 'E'astern, 'G'reenwich …; '?' another */
    bool earliest;              /* "as soon as possible", "any time" */
    enum desk_when_why trouble; /* OK, or a reason to ask whatever else was said */
};

void desk_when_init(struct desk_when *w);

/* A caller's sentence, any bytes; NULL is empty. british: "ten to two" is 1:50 and no range. */
void desk_when_read(struct desk_when *w, const char *text, bool british);

/* ---- what it comes to ----------------------------------------------------------------------- */

struct desk_when_place {
    const struct desk_hours *hours;
    const struct desk_tz *tz; /* NULL = UTC */
    int64_t now;              /* UTC ms */
    bool day_first;           /* 1/4 is 1 April */
};

enum desk_when_kind {
    DESK_WHEN_ASK,
    DESK_WHEN_REJECT,
    DESK_WHEN_DATE,        /* whole days, first..last */
    DESK_WHEN_SLOT_WINDOW, /* start..end */
};

#define DESK_WHEN_EXCLUDED 40 /* days of a range that are not wanted, most */
#define DESK_WHEN_SAY      240

struct desk_resolved {
    enum desk_when_kind kind;
    enum desk_when_why why;
    int64_t start, end;  /* UTC ms; equal = an exact start; end 0 = from then on, earliest wins */
    int32_t first, last; /* local dates (days since 1970-01-01), of DATE and of a window; of ASK and
                            REJECT the day that was understood, INT32_MIN if none */
    int32_t excluded[DESK_WHEN_EXCLUDED]; /* in order */
    size_t n_excluded;
    enum desk_daypart daypart; /* of a DATE range of several days: wanted on each; else NONE */
    char say[DESK_WHEN_SAY];   /* DATE, WINDOW: to read back, "Tuesday, November 24th, at 3 pm";
                                  REJECT: the reason and what is possible; ASK: the question */
};

void desk_when_resolve(const struct desk_when *w, const struct desk_when_place *at,
                       struct desk_resolved *out);

/* Both in one: read and resolve. */
void desk_when_spoken(const char *text, const struct desk_when_place *at,
                      struct desk_resolved *out);

/* A moment for a caller: "Tuesday, November 24th at 3 pm", with the year when it is another one. */
void desk_when_say_start(const struct desk_when_place *at, int64_t start, char *out, size_t n);

const char *desk_when_kind_name(enum desk_when_kind kind); /* "ask", "slot_window" … */
const char *desk_when_why_name(enum desk_when_why why);    /* "closed", "ambiguous_next" … */

/* Locales whose dates are read month first: "en-US", "en_US", "US" and a few more; NULL is one. */
bool desk_when_day_first(const char *locale);

#endif
