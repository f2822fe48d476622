/* A wish for a day and time as the fields of a tool call, and two sayings of the same wish as one.
 * See dates_fields.h. */
#include "core/dates_fields.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const weekdays[] = {"sunday",   "monday", "tuesday", "wednesday",
                                       "thursday", "friday", "saturday"};

static const char *const holidays[DESK_HOLIDAY__MAX] = {
    [DESK_HOLIDAY_NEW_YEAR] = "new years day",
    [DESK_HOLIDAY_NEW_YEAR_EVE] = "new years eve",
    [DESK_HOLIDAY_EPIPHANY] = "epiphany",
    [DESK_HOLIDAY_MLK] = "mlk day",
    [DESK_HOLIDAY_VALENTINE] = "valentines day",
    [DESK_HOLIDAY_PRESIDENTS] = "presidents day",
    [DESK_HOLIDAY_PATRICK] = "saint patricks day",
    [DESK_HOLIDAY_GOOD_FRIDAY] = "good friday",
    [DESK_HOLIDAY_EASTER] = "easter",
    [DESK_HOLIDAY_EASTER_MONDAY] = "easter monday",
    [DESK_HOLIDAY_CINCO_DE_MAYO] = "cinco de mayo",
    [DESK_HOLIDAY_MOTHERS] = "mothers day",
    [DESK_HOLIDAY_MEMORIAL] = "memorial day",
    [DESK_HOLIDAY_JUNETEENTH] = "juneteenth",
    [DESK_HOLIDAY_FATHERS] = "fathers day",
    [DESK_HOLIDAY_JULY_4] = "independence day",
    [DESK_HOLIDAY_LABOR] = "labor day",
    [DESK_HOLIDAY_COLUMBUS] = "columbus day",
    [DESK_HOLIDAY_HALLOWEEN] = "halloween",
    [DESK_HOLIDAY_VETERANS] = "veterans day",
    [DESK_HOLIDAY_THANKSGIVING] = "thanksgiving",
    [DESK_HOLIDAY_BLACK_FRIDAY] = "black friday",
    [DESK_HOLIDAY_CYBER_MONDAY] = "cyber monday",
    [DESK_HOLIDAY_CHRISTMAS_EVE] = "christmas eve",
    [DESK_HOLIDAY_CHRISTMAS] = "christmas",
    [DESK_HOLIDAY_BOXING] = "boxing day",
    [DESK_HOLIDAY_BANK] = "bank holiday",
};

static void set_text(json_t *v, const char *name, const char *text)
{
    json_object_set_new(v, name, json_string(text));
}

static void set_number(json_t *v, const char *name, int n)
{
    json_object_set_new(v, name, json_integer(n));
}

/* ---- the day --------------------------------------------------------------------------------- */

/* How many weeks from this one a "this", "next" or "in two weeks" is; -1: it is past. */
static int weeks(const struct desk_day *d)
{
    switch (d->which) {
    case DESK_WHICH_NEXT:
        return 1;
    case DESK_WHICH_OFFSET:
        return d->offset;
    case DESK_WHICH_LAST:
        return -1;
    case DESK_WHICH_PLAIN:
    case DESK_WHICH_THIS:
    case DESK_WHICH_COMING:
        break;
    }
    return 0;
}

static bool in_days(json_t *v, const struct desk_day *d)
{
    static const char *const near[] = {"today", "tomorrow", "day_after_tomorrow"};
    bool whole = d->spread && d->n % 7 == 0;
    if (d->n < 0 || d->open_days)
        return false;
    set_text(v, "date_ref", whole ? "in_weeks" : d->n < 3 ? near[d->n] : "in_days");
    if (whole || d->n >= 3)
        set_number(v, "count", whole ? d->n / 7 : d->n);
    return true;
}

static bool in_months(json_t *v, const struct desk_day *d)
{
    set_text(v, "date_ref", "in_months");
    set_number(v, "count", d->n);
    return d->n >= 0;
}

static bool by_weekday(json_t *v, const struct desk_day *d)
{
    bool week = d->which == DESK_WHICH_OFFSET && d->offset <= 1; /* 1 as a weekday would ask */
    set_text(v, "date_ref", week ? "week" : "weekday");
    set_text(v, "weekday", weekdays[d->weekday]);
    set_number(v, "week_offset", weeks(d));
    return weeks(d) >= 0;
}

static bool by_date(json_t *v, const struct desk_day *d)
{
    set_text(v, "date_ref", d->month ? "date" : "day_of_month");
    set_number(v, "day", d->day);
    if (d->month)
        set_number(v, "month", d->month);
    if (d->year > DESK_YEAR_LAST)
        set_number(v, "year", d->year);
    return d->day >= 1 && d->day <= 31 && d->month <= 12;
}

static bool by_week(json_t *v, const struct desk_day *d)
{
    set_text(v, "date_ref", "week");
    set_number(v, "week_offset", weeks(d));
    return weeks(d) >= 0;
}

static bool by_weekend(json_t *v, const struct desk_day *d)
{
    set_text(v, "date_ref", "weekend");
    set_number(v, "week_offset", weeks(d));
    return weeks(d) >= 0;
}

static bool by_month(json_t *v, const struct desk_day *d)
{
    set_text(v, "date_ref", "month");
    if (d->month)
        set_number(v, "month", d->month);
    else
        set_number(v, "week_offset", weeks(d));
    if (d->year > DESK_YEAR_LAST)
        set_number(v, "year", d->year);
    return weeks(d) >= 0 && !d->n;
}

static bool by_holiday(json_t *v, const struct desk_day *d)
{
    set_text(v, "date_ref", "holiday");
    if (d->n >= 0 && d->n < DESK_HOLIDAY__MAX)
        set_text(v, "holiday", holidays[d->n]);
    return d->n >= 0 && d->n < DESK_HOLIDAY__MAX;
}

static bool (*const by_ref[DESK_DAY_REF__MAX])(json_t *, const struct desk_day *) = {
    [DESK_DAY_IN_DAYS] = in_days, [DESK_DAY_IN_MONTHS] = in_months, [DESK_DAY_WEEKDAY] = by_weekday,
    [DESK_DAY_DATE] = by_date,    [DESK_DAY_WEEK] = by_week,        [DESK_DAY_WEEKEND] = by_weekend,
    [DESK_DAY_MONTH] = by_month,  [DESK_DAY_HOLIDAY] = by_holiday,
};

/* "Tuesday week" is a weekday of a later week; other shifts have no field. */
static bool shifted(struct desk_day *d)
{
    bool weeks_on = d->ref == DESK_DAY_WEEKDAY && d->which == DESK_WHICH_PLAIN && d->shift > 0 &&
                    d->shift % 7 == 0;
    if (weeks_on) { /* as so many days from the next one: two weeks on is sure */
        d->which = DESK_WHICH_OFFSET;
        d->offset = d->shift / 7;
        d->shift = 0;
    }
    return d->shift == 0 && d->then_weekday < 0 && d->whole == DESK_WHOLE_DAY;
}

static bool tell_day(json_t *v, const struct desk_when *w)
{
    static const char *const parts[] = {"", "early", "mid", "late"};
    struct desk_day d = w->later.ref ? w->later : w->day, check = w->check;
    if (d.ref == DESK_DAY_WEEKDAY && check.ref == DESK_DAY_DATE) { /* the date says more */
        check = d;
        d = w->check;
    }
    if (d.ref == DESK_DAY_NONE) {
        set_text(v, "date_ref", w->earliest ? "earliest" : "none");
        return true;
    }
    if (!by_ref[d.ref] || !shifted(&d) || !by_ref[d.ref](v, &d))
        return false;
    if (d.ref == DESK_DAY_DATE && check.ref == DESK_DAY_WEEKDAY)
        set_text(v, "weekday", weekdays[check.weekday]);
    if (d.part > DESK_PART_WHOLE && d.part < DESK_PART_REST)
        set_text(v, "part", parts[d.part]);
    if (w->last.ref == DESK_DAY_WEEKDAY)
        set_text(v, "to_weekday", weekdays[w->last.weekday]);
    return true;
}

/* ---- the time -------------------------------------------------------------------------------- */

static const struct {
    enum desk_daypart daypart;
    enum desk_part part;
    const char *name;
} dayparts[] = {
    {DESK_DAYPART_MORNING, DESK_PART_EARLY, "early_morning"},
    {DESK_DAYPART_MORNING, DESK_PART_LATE, "late_morning"},
    {DESK_DAYPART_MORNING, DESK_PART_WHOLE, "morning"},
    {DESK_DAYPART_MIDDAY, DESK_PART_WHOLE, "midday"},
    {DESK_DAYPART_AFTERNOON, DESK_PART_EARLY, "early_afternoon"},
    {DESK_DAYPART_AFTERNOON, DESK_PART_LATE, "late_afternoon"},
    {DESK_DAYPART_AFTERNOON, DESK_PART_WHOLE, "afternoon"},
    {DESK_DAYPART_EVENING, DESK_PART_WHOLE, "evening"},
    {DESK_DAYPART_NIGHT, DESK_PART_WHOLE, "night"},
    {DESK_DAYPART_FIRST_THING, DESK_PART_WHOLE, "first_thing"},
    {DESK_DAYPART_END_OF_DAY, DESK_PART_WHOLE, "end_of_day"},
    {DESK_DAYPART_BEFORE_LUNCH, DESK_PART_WHOLE, "late_morning"},
    {DESK_DAYPART_AFTER_LUNCH, DESK_PART_WHOLE, "after_lunch"},
    {DESK_DAYPART_AFTER_SCHOOL, DESK_PART_WHOLE, "late_afternoon"},
    {DESK_DAYPART_AFTER_WORK, DESK_PART_WHOLE, "after_work"},
    {DESK_DAYPART_AFTER_DINNER, DESK_PART_WHOLE, "evening"},
};

static void tell_daypart(json_t *v, const struct desk_when *w)
{
    const char *name = NULL;
    for (size_t i = 0; i < sizeof dayparts / sizeof *dayparts; i++)
        if (dayparts[i].daypart == w->daypart &&
            (dayparts[i].part == w->part || (!name && dayparts[i].part == DESK_PART_WHOLE)))
            name = dayparts[i].name;
    if (name)
        set_text(v, "daypart", name);
}

static void set_clock(json_t *v, const char *name, const struct desk_clock *c)
{
    char text[8];
    snprintf(text, sizeof text, "%02d:%02d", c->minute / 60 % 25, c->minute % 60);
    set_text(v, name, text);
    if (c->sure)
        json_object_set_new(v, "ampm_given", json_true());
}

static bool tell_time(json_t *v, const struct desk_when *w)
{
    static const char *const how[] = {[DESK_TIME_AT] = "exact",
                                      [DESK_TIME_AROUND] = "around",
                                      [DESK_TIME_AFTER] = "after",
                                      [DESK_TIME_BEFORE] = "before"};
    switch (w->time) {
    case DESK_TIME_AT:
    case DESK_TIME_AROUND:
    case DESK_TIME_AFTER:
    case DESK_TIME_BEFORE:
        set_clock(v, "time_from", &w->from);
        set_text(v, "flexibility", how[w->time]);
        return true;
    case DESK_TIME_BETWEEN:
        set_clock(v, "time_from", &w->from);
        set_clock(v, "time_to", &w->to);
        return true;
    case DESK_TIME_IN:
        set_text(v, "date_ref", "in_minutes");
        set_number(v, "count", (int)(w->minutes < 527040 ? w->minutes : 527040));
        return true;
    case DESK_TIME_NONE:
        return true;
    case DESK_TIME_AS_NOW:
    case DESK_TIME_WITHIN:
        break;
    }
    return false;
}

/* ---- all of it ------------------------------------------------------------------------------- */

bool desk_when_has_day(const struct desk_when *w)
{
    return w->day.ref != DESK_DAY_NONE || w->later.ref != DESK_DAY_NONE || w->earliest;
}

bool desk_when_has_time(const struct desk_when *w)
{
    return w->daypart != DESK_DAYPART_NONE || w->time != DESK_TIME_NONE;
}

bool desk_when_to_fields(const struct desk_when *w, char json[DESK_WHEN_JSON])
{
    static const char *const limits[] = {"on", "after", "from", "before", "by"};
    json_t *v = json_object();
    bool said = desk_when_has_day(w) || desk_when_has_time(w) || w->n_nots;
    bool ok = v && said && w->trouble != DESK_WHY_RECURRING && tell_day(v, w) && tell_time(v, w);
    if (ok)
        tell_daypart(v, w);
    if (ok && w->limit > DESK_DAY_ON)
        set_text(v, "day_limit", limits[w->limit]);
    if (ok && w->n_nots && w->nots[0].ref == DESK_DAY_WEEKDAY)
        set_text(v, "not_weekday", weekdays[w->nots[0].weekday]);
    char *text = ok ? json_dumps(v, JSON_COMPACT) : NULL;
    ok = text && strlen(text) < DESK_WHEN_JSON;
    snprintf(json, DESK_WHEN_JSON, "%s", ok ? text : "");
    free(text);
    json_decref(v);
    return ok;
}

static void merge_time(struct desk_when *w, const struct desk_when *said, bool answers)
{
    bool sure = answers && said->time == DESK_TIME_NONE && w->time != DESK_TIME_NONE;
    w->daypart = said->daypart;
    w->part = said->part;
    if (sure) /* "at eight" — "in the morning" */
        return;
    w->time = said->time;
    w->from = said->from;
    w->to = said->to;
    w->minutes = said->minutes;
}

void desk_when_merge(struct desk_when *w, const struct desk_when *said, bool answers)
{
    if (desk_when_has_day(said)) {
        struct desk_when old = *w;
        *w = *said;
        if (desk_when_has_time(said) || said->earliest)
            return;
        merge_time(w, &old, false);
    } else if (desk_when_has_time(said)) {
        merge_time(w, said, answers);
    }
    for (size_t i = 0; i < said->n_nots && w->n_nots < DESK_WHEN_NOTS && w != said; i++)
        if (!desk_when_has_day(said))
            w->nots[w->n_nots++] = said->nots[i];
    w->trouble = DESK_WHY_OK;
}
