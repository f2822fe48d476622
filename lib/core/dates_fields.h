/* Spoken dates as a language model gives them: fields of a tool call, never a timestamp. A tool row
 * puts DESK_WHEN_FIELDS among the properties of its schema and hands its arguments to
 * desk_when_from_fields(); other names in them are not looked at. */
#ifndef DESK_CORE_DATES_FIELDS_H
#define DESK_CORE_DATES_FIELDS_H

#include "core/dates.h"

#define DESK_WHEN_DAYS                                                                             \
    "\"sunday\",\"monday\",\"tuesday\",\"wednesday\",\"thursday\",\"friday\",\"saturday\""

#define DESK_WHEN_FIELDS                                                                           \
    "\"date_ref\":{\"type\":\"string\",\"enum\":[\"none\",\"today\",\"tomorrow\","                 \
    "\"day_after_tomorrow\",\"weekday\",\"date\",\"day_of_month\",\"week\",\"weekend\","           \
    "\"month\",\"in_days\",\"in_weeks\",\"in_months\",\"in_minutes\",\"holiday\",\"earliest\"],"   \
    "\"description\":\"How the caller named the day. Copy what they said, do not work out dates: " \
    "'the 3rd' is day_of_month, 'December 3rd' is date, 'Friday' is weekday, 'as soon as "         \
    "possible' is earliest, only a time is none.\"},"                                              \
    "\"weekday\":{\"type\":\"string\",\"enum\":[" DESK_WHEN_DAYS "],\"description\":\"With "       \
    "weekday; with week for 'Tuesday of next week'; with date to check 'Monday the 24th'.\"},"     \
    "\"week_offset\":{\"type\":\"integer\",\"description\":\"0 for this, 1 for next, 2 for the "   \
    "one after next: with weekday, week, weekend, month.\"},"                                      \
    "\"count\":{\"type\":\"integer\",\"description\":\"How many, with in_days, in_weeks, "         \
    "in_months, in_minutes.\"},"                                                                   \
    "\"month\":{\"type\":\"integer\",\"description\":\"1 to 12, with date or month.\"},"           \
    "\"day\":{\"type\":\"integer\",\"description\":\"1 to 31, with date or day_of_month.\"},"      \
    "\"year\":{\"type\":\"integer\",\"description\":\"Only if the caller said it.\"},"             \
    "\"holiday\":{\"type\":\"string\",\"maxLength\":40,\"description\":\"With holiday, like "      \
    "'christmas eve'.\"},"                                                                         \
    "\"not_weekday\":{\"type\":\"string\",\"enum\":[" DESK_WHEN_DAYS "],\"description\":\"A day "  \
    "of the week they do not want.\"},"                                                            \
    "\"daypart\":{\"type\":\"string\",\"enum\":[\"morning\",\"midday\",\"afternoon\","             \
    "\"evening\",\"night\",\"first_thing\",\"end_of_day\",\"early_morning\",\"late_morning\","     \
    "\"early_afternoon\",\"late_afternoon\",\"after_lunch\",\"after_work\"]},"                     \
    "\"time_from\":{\"type\":\"string\",\"maxLength\":5,\"description\":\"Like 03:00, the hour "   \
    "as it was said.\"},"                                                                          \
    "\"time_to\":{\"type\":\"string\",\"maxLength\":5,\"description\":\"Only of 'between two and " \
    "four'.\"},"                                                                                   \
    "\"ampm_given\":{\"type\":\"boolean\",\"description\":\"True only if they said am, pm, noon, " \
    "or a time on the 24-hour clock; time_from is then on it.\"},"                                 \
    "\"flexibility\":{\"type\":\"string\",\"enum\":[\"exact\",\"around\",\"after\",\"before\"]},"  \
    "\"day_limit\":{\"type\":\"string\",\"enum\":[\"on\",\"after\",\"from\",\"before\",\"by\"],"   \
    "\"description\":\"'after Tuesday', 'from Tuesday on', 'by Tuesday'. Left out: on that "       \
    "day.\"},"                                                                                     \
    "\"to_weekday\":{\"type\":\"string\",\"enum\":[" DESK_WHEN_DAYS "],\"description\":\"Only of " \
    "'Tuesday to Thursday'.\"},"                                                                   \
    "\"part\":{\"type\":\"string\",\"enum\":[\"early\",\"mid\",\"late\"],\"description\":\"With "  \
    "week or "                                                                                     \
    "month: 'early next week'.\"}"

/* Arguments (a JSON object) → w. DESK_EINVAL: error (n bytes, may be NULL) says which field is
 * wrong in words a model can act on; w is then as after desk_when_init(). */
DESK_MUST enum desk_rc desk_when_from_fields(struct desk_when *w, const char *json, char *error,
                                             size_t n);

#define DESK_WHEN_JSON 400 /* room for the fields of one wish, with NUL */

/* The way back (dates_tell.c): w as such fields, so that a wish which was read from a sentence can
 * be handed to a tool, or kept. False: nothing was said, or it cannot be told by fields ("every
 * other Monday"); json is then "". What the words alone leave open stays open: resolving asks. */
bool desk_when_to_fields(const struct desk_when *w, char json[DESK_WHEN_JSON]);

/* More of the same wish was said: a new day takes the place of the old one and leaves its time, a
 * new time takes the place of the old time and leaves the day. answers: it was an answer to a
 * question about it, so that "in the morning" makes "at eight" sure instead of replacing it. */
void desk_when_merge(struct desk_when *w, const struct desk_when *said, bool answers);

/* Was a day, or a time, said? */
bool desk_when_has_day(const struct desk_when *w);
bool desk_when_has_time(const struct desk_when *w);

#endif
