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
    "\"flexibility\":{\"type\":\"string\",\"enum\":[\"exact\",\"around\",\"after\",\"before\"]}"

/* Arguments (a JSON object) → w. DESK_EINVAL: error (n bytes, may be NULL) says which field is
 * wrong in words a model can act on; w is then as after desk_when_init(). */
DESK_MUST enum desk_rc desk_when_from_fields(struct desk_when *w, const char *json, char *error,
                                             size_t n);

#endif
