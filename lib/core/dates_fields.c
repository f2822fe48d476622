#include "core/dates_fields.h"

#include "core/dates_words.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct fields {
    const json_t *v;
    struct desk_when *w;
    char *error;
    size_t n;
    bool failed;
};

__attribute__((format(printf, 2, 3))) static void wrong(struct fields *f, const char *fmt, ...)
{
    va_list ap;
    if (!f->failed && f->error) {
        va_start(ap, fmt);
        vsnprintf(f->error, f->n, fmt, ap);
        va_end(ap);
    }
    f->failed = true;
}

static const char *text(const struct fields *f, const char *name)
{
    const char *s = json_string_value(json_object_get(f->v, name));
    return s && *s ? s : NULL;
}

/* A whole number in from..to; missing when it is not there. */
static int number(struct fields *f, const char *name, int from, int to, int missing)
{
    const json_t *v = json_object_get(f->v, name);
    if (!v || json_is_null(v))
        return missing;
    json_int_t n = json_integer_value(v);
    if (!json_is_integer(v) || n < from || n > to) {
        wrong(f, "%s must be a whole number from %d to %d.", name, from, to);
        return missing;
    }
    return (int)n;
}

static int needed(struct fields *f, const char *name, int from, int to)
{
    int n = number(f, name, from, to, from - 1);
    if (n < from)
        wrong(f, "%s is needed with that date_ref.", name);
    return n;
}

static const char *const weekdays[] = {"sunday",   "monday", "tuesday", "wednesday",
                                       "thursday", "friday", "saturday"};

/* -1: none was given. */
static int weekday(struct fields *f, const char *name)
{
    const char *s = text(f, name);
    for (int d = 0; s && d < 7; d++)
        if (strcmp(s, weekdays[d]) == 0)
            return d;
    if (s)
        wrong(f, "%s must be the name of a day, like monday.", name);
    return -1;
}

/* ---- one function per date_ref -------------------------------------------------------------- */

static void in_days(struct fields *f, int n)
{
    f->w->day = desk_dates_day_of(DESK_DAY_IN_DAYS);
    f->w->day.n = n;
}

static void today(struct fields *f)
{
    in_days(f, 0);
}

static void tomorrow(struct fields *f)
{
    in_days(f, 1);
}

static void after_tomorrow(struct fields *f)
{
    in_days(f, 2);
}

static void count_days(struct fields *f)
{
    in_days(f, needed(f, "count", 0, 3660));
}

static void count_weeks(struct fields *f)
{
    in_days(f, 7 * needed(f, "count", 0, 520));
    f->w->day.spread = 3;
}

static void count_months(struct fields *f)
{
    f->w->day = desk_dates_day_of(DESK_DAY_IN_MONTHS);
    f->w->day.n = needed(f, "count", 0, 120);
    f->w->day.spread = 3;
}

static void count_minutes(struct fields *f)
{
    f->w->time = DESK_TIME_IN;
    f->w->minutes = needed(f, "count", 0, 527040);
}

static void day_of_week(struct fields *f)
{
    int offset = number(f, "week_offset", -53, 53, 0), d = weekday(f, "weekday");
    f->w->day = desk_dates_day_of(DESK_DAY_WEEKDAY);
    f->w->day.weekday = d;
    if (d < 0)
        wrong(f, "weekday is needed with that date_ref.");
    /* 1 is "next Friday", which may need a question */
    f->w->day.which = offset == 0   ? DESK_WHICH_PLAIN
                      : offset == 1 ? DESK_WHICH_NEXT
                                    : DESK_WHICH_OFFSET;
    f->w->day.offset = offset;
}

static void week(struct fields *f)
{
    int d = weekday(f, "weekday");
    f->w->day = desk_dates_day_of(d < 0 ? DESK_DAY_WEEK : DESK_DAY_WEEKDAY);
    f->w->day.weekday = d < 0 ? 0 : d;
    f->w->day.which = DESK_WHICH_OFFSET;
    f->w->day.offset = number(f, "week_offset", -53, 53, 0);
}

static void weekend(struct fields *f)
{
    int offset = number(f, "week_offset", -53, 53, 0);
    f->w->day = desk_dates_day_of(DESK_DAY_WEEKEND);
    f->w->day.which = offset == 0   ? DESK_WHICH_THIS
                      : offset == 1 ? DESK_WHICH_NEXT
                      : offset < 0  ? DESK_WHICH_LAST
                                    : DESK_WHICH_PLAIN;
    f->w->day.shift = offset > 1 ? 7 * offset : 0;
}

static void month(struct fields *f)
{
    int n = number(f, "month", 1, 12, 0);
    f->w->day = desk_dates_day_of(DESK_DAY_MONTH);
    f->w->day.month = n;
    f->w->day.year = number(f, "year", 1900, 2999, 0);
    if (!n) {
        f->w->day.which = DESK_WHICH_OFFSET;
        f->w->day.offset = number(f, "week_offset", -12, 24, 0);
    }
}

static void check_weekday(struct fields *f)
{
    int d = weekday(f, "weekday");
    if (d < 0)
        return;
    f->w->check = desk_dates_day_of(DESK_DAY_WEEKDAY);
    f->w->check.weekday = d;
}

static void date(struct fields *f)
{
    f->w->day = desk_dates_day_of(DESK_DAY_DATE);
    f->w->day.month = needed(f, "month", 1, 12);
    f->w->day.day = needed(f, "day", 1, 31);
    f->w->day.year = number(f, "year", 1900, 2999, 0);
    check_weekday(f);
}

static void day_of_month(struct fields *f)
{
    f->w->day = desk_dates_day_of(DESK_DAY_DATE);
    f->w->day.day = needed(f, "day", 1, 31);
    check_weekday(f);
}

/* By the words that callers use for them. */
static void holiday(struct fields *f)
{
    struct toks t;
    const char *name = text(f, "holiday");
    desk_dates_tokens(&t, name);
    for (size_t i = 0; i < t.n; i++)
        if (desk_dates_day(&t, i, &f->w->day) && f->w->day.ref == DESK_DAY_HOLIDAY)
            return;
    wrong(f, "holiday must be the name of one, like thanksgiving; otherwise ask for the date.");
}

static void earliest(struct fields *f)
{
    f->w->earliest = true;
}

static void none(struct fields *f)
{
    (void)f;
}

static void read_date_ref(struct fields *f)
{
    static const struct {
        const char *name;
        void (*read)(struct fields *);
    } rows[] = {
        {"none", none},
        {"today", today},
        {"tomorrow", tomorrow},
        {"day_after_tomorrow", after_tomorrow},
        {"weekday", day_of_week},
        {"date", date},
        {"day_of_month", day_of_month},
        {"week", week},
        {"weekend", weekend},
        {"month", month},
        {"in_days", count_days},
        {"in_weeks", count_weeks},
        {"in_months", count_months},
        {"in_minutes", count_minutes},
        {"holiday", holiday},
        {"earliest", earliest},
    };
    const char *ref = text(f, "date_ref");
    for (size_t i = 0; ref && i < sizeof rows / sizeof *rows; i++)
        if (strcmp(ref, rows[i].name) == 0) {
            rows[i].read(f);
            return;
        }
    if (ref)
        wrong(f, "date_ref cannot be \"%.30s\".", ref);
    else if (text(f, "weekday"))
        day_of_week(f);
}

/* ---- times ---------------------------------------------------------------------------------- */

static void read_daypart(struct fields *f)
{
    static const struct {
        const char *name;
        enum desk_daypart daypart;
        enum desk_part part;
    } rows[] = {
        {"morning", DESK_DAYPART_MORNING, DESK_PART_WHOLE},
        {"midday", DESK_DAYPART_MIDDAY, DESK_PART_WHOLE},
        {"afternoon", DESK_DAYPART_AFTERNOON, DESK_PART_WHOLE},
        {"evening", DESK_DAYPART_EVENING, DESK_PART_WHOLE},
        {"night", DESK_DAYPART_NIGHT, DESK_PART_WHOLE},
        {"first_thing", DESK_DAYPART_FIRST_THING, DESK_PART_WHOLE},
        {"end_of_day", DESK_DAYPART_END_OF_DAY, DESK_PART_WHOLE},
        {"early_morning", DESK_DAYPART_MORNING, DESK_PART_EARLY},
        {"late_morning", DESK_DAYPART_MORNING, DESK_PART_LATE},
        {"early_afternoon", DESK_DAYPART_AFTERNOON, DESK_PART_EARLY},
        {"late_afternoon", DESK_DAYPART_AFTERNOON, DESK_PART_LATE},
        {"after_lunch", DESK_DAYPART_AFTER_LUNCH, DESK_PART_WHOLE},
        {"after_work", DESK_DAYPART_AFTER_WORK, DESK_PART_WHOLE},
    };
    const char *s = text(f, "daypart");
    for (size_t i = 0; s && i < sizeof rows / sizeof *rows; i++)
        if (strcmp(s, rows[i].name) == 0) {
            f->w->daypart = rows[i].daypart;
            f->w->part = rows[i].part;
            return;
        }
    if (s)
        wrong(f, "daypart cannot be \"%.30s\".", s);
}

/* "3:00", "03:00", "15:00" */
static bool clock(struct fields *f, const char *name, struct desk_clock *out)
{
    const char *s = text(f, name);
    char *colon, *end;
    if (!s)
        return false;
    long h = strtol(s, &colon, 10), m = *colon == ':' ? strtol(colon + 1, &end, 10) : -1;
    bool shape = m >= 0 && end == colon + 3 && !*end && s[0] >= '0' && s[0] <= '9';
    if (!shape || h < 0 || m > 59 || h > 24 || h * 60 + m > 24L * 60) {
        wrong(f, "%s must be a time like 03:00.", name);
        return false;
    }
    *out =
        (struct desk_clock){(int)(h * 60 + m), json_is_true(json_object_get(f->v, "ampm_given"))};
    if (h == 0 || h > 12)
        out->sure = true;
    return true;
}

static void read_time(struct fields *f)
{
    static const struct {
        const char *name;
        enum desk_time_kind kind;
    } rows[] = {{"exact", DESK_TIME_AT},
                {"around", DESK_TIME_AROUND},
                {"after", DESK_TIME_AFTER},
                {"before", DESK_TIME_BEFORE}};
    const char *how = text(f, "flexibility");
    bool from = clock(f, "time_from", &f->w->from), to = clock(f, "time_to", &f->w->to);
    enum desk_time_kind kind = DESK_TIME_AT;
    size_t i = 0, n = sizeof rows / sizeof *rows;
    while (how && i < n && strcmp(how, rows[i].name) != 0)
        i++;
    if (how && i == n)
        wrong(f, "flexibility cannot be \"%.30s\".", how);
    else if (how)
        kind = rows[i].kind;
    if (from && to) {
        f->w->time = DESK_TIME_BETWEEN;
    } else if (from) {
        f->w->time = kind;
    } else if (to) { /* "until four" */
        f->w->time = DESK_TIME_BEFORE;
        f->w->from = f->w->to;
    }
}

static void read_not(struct fields *f)
{
    int d = weekday(f, "not_weekday");
    if (d < 0)
        return;
    f->w->nots[0] = desk_dates_day_of(DESK_DAY_WEEKDAY);
    f->w->nots[0].weekday = d;
    f->w->n_nots = 1;
}

/* Row of that name; -1: none was given, or it is not there, which is told. */
static int choice(struct fields *f, const char *name, const char *const *rows, int n)
{
    const char *s = text(f, name);
    for (int i = 0; s && i < n; i++)
        if (strcmp(s, rows[i]) == 0)
            return i;
    if (s)
        wrong(f, "%s cannot be \"%.30s\".", name, s);
    return -1;
}

/* What narrows the day, or makes several of it. */
static void read_limits(struct fields *f)
{
    static const char *const limits[] = {"on", "after", "from", "before", "by"};
    static const char *const parts[] = {"", "early", "mid", "late"};
    int limit = choice(f, "day_limit", limits, 5), part = choice(f, "part", parts, 4);
    int last = weekday(f, "to_weekday");
    enum desk_day_ref ref = f->w->day.ref;
    if (limit > 0)
        f->w->limit = (enum desk_day_limit)limit;
    if (part > 0 && (ref == DESK_DAY_WEEK || ref == DESK_DAY_MONTH))
        f->w->day.part = (enum desk_part)part;
    if (last >= 0 && ref != DESK_DAY_NONE) {
        f->w->last = desk_dates_day_of(DESK_DAY_WEEKDAY);
        f->w->last.weekday = last;
    }
}

enum desk_rc desk_when_from_fields(struct desk_when *w, const char *json, char *error, size_t n)
{
    json_t *v = json_loads(json ? json : "", 0, NULL);
    struct fields f = {v, w, error, n, false};
    desk_when_init(w);
    if (error && n)
        *error = '\0';
    if (!json_is_object(v)) {
        wrong(&f, "The arguments must be an object.");
    } else {
        read_date_ref(&f);
        read_daypart(&f);
        if (w->time == DESK_TIME_NONE)
            read_time(&f);
        read_not(&f);
        read_limits(&f);
    }
    if (f.failed)
        desk_when_init(w);
    json_decref(v);
    return f.failed ? DESK_EINVAL : DESK_OK;
}
