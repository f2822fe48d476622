#include "core/dates_stretch.h"
#include "core/dates_place.h"
#include "core/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOUR_MS      (3600LL * 1000)
#define NIGHT_BEGINS (17 * 60) /* "last night": from then to */
#define NIGHT_ENDS   (8 * 60)
#define LATER_DAYS   30 /* "from Monday on", of what will be */

/* ---- saying ---------------------------------------------------------------------------------- */

const char *desk_clock_spoken(char *out, size_t n, const struct desk_tz *tz, int64_t utc_ms)
{
    struct desk_local_time t;
    desk_tz_local(tz, utc_ms, &t);
    const char *half = t.hour < 12 ? "am" : "pm";
    int hour = (t.hour + 11) % 12 + 1;
    if (t.minute == 0 && t.hour % 12 == 0)
        snprintf(out, n, "%s", t.hour ? "noon" : "midnight");
    else if (t.minute == 0)
        snprintf(out, n, "%d %s", hour, half);
    else
        snprintf(out, n, "%d:%02d %s", hour, t.minute, half);
    return out;
}

static const char *ending(int day)
{
    if (day / 10 == 1)
        return "th";
    return day % 10 == 1 ? "st" : day % 10 == 2 ? "nd" : day % 10 == 3 ? "rd" : "th";
}

const char *desk_day_spoken(char *out, size_t n, int32_t today, int32_t day)
{
    static const char *const weekdays[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                           "Thursday", "Friday", "Saturday"};
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    static const char *const near[] = {"yesterday", "today", "tomorrow"};
    int year, month, d, this_year, m, x;
    const char *name = weekdays[desk_weekday_from_days(day)];
    desk_civil_from_days(day, &year, &month, &d);
    desk_civil_from_days(today, &this_year, &m, &x);
    if (day >= today - 1 && day <= today + 1)
        snprintf(out, n, "%s", near[day - today + 1]);
    else if (day > today - 7 && day < today + 7)
        snprintf(out, n, "%s", name);
    else if (year == this_year)
        snprintf(out, n, "%s, %s %d%s", name, months[month - 1], d, ending(d));
    else
        snprintf(out, n, "%s, %s %d%s, %d", name, months[month - 1], d, ending(d), year);
    return out;
}

/* ---- parts of a day -------------------------------------------------------------------------- */

/* Local minutes [from, to), without a gap between them: what is asked for must not fall through. */
static const struct part {
    int from, to;
    const char *name;
} parts[DESK_DAYPART__MAX] = {
    [DESK_DAYPART_NONE] = {0, DAY_MINUTES, NULL},
    [DESK_DAYPART_MORNING] = {0, 12 * 60, "morning"},
    [DESK_DAYPART_MIDDAY] = {11 * 60, 14 * 60, "midday"},
    [DESK_DAYPART_AFTERNOON] = {12 * 60, 17 * 60, "afternoon"},
    [DESK_DAYPART_EVENING] = {17 * 60, DAY_MINUTES, "evening"},
    [DESK_DAYPART_NIGHT] = {17 * 60, DAY_MINUTES, "night"},
    [DESK_DAYPART_SMALL_HOURS] = {0, 6 * 60, "before dawn"},
    [DESK_DAYPART_FIRST_THING] = {0, DAY_MINUTES, NULL}, /* of "my first appointment" */
    [DESK_DAYPART_END_OF_DAY] = {15 * 60, DAY_MINUTES, "late"},
    [DESK_DAYPART_BEFORE_LUNCH] = {0, 12 * 60, "morning"},
    [DESK_DAYPART_AFTER_LUNCH] = {12 * 60, DAY_MINUTES, "after lunch"},
    [DESK_DAYPART_AFTER_SCHOOL] = {15 * 60, DAY_MINUTES, "after school"},
    [DESK_DAYPART_AFTER_WORK] = {17 * 60, DAY_MINUTES, "evening"},
    [DESK_DAYPART_AFTER_DINNER] = {19 * 60, DAY_MINUTES, "evening"},
    [DESK_DAYPART_REST] = {0, DAY_MINUTES, NULL},
};

/* A bare hour 1 to 6 is pm, as everywhere in the house. */
static int minute_of(struct desk_clock c)
{
    return c.sure || c.minute >= 7 * 60 ? c.minute : c.minute + 12 * 60;
}

static const char *minute_name(char *out, size_t n, int minute)
{
    return desk_clock_spoken(out, n, NULL, minute * 60000LL);
}

/* ---- reading --------------------------------------------------------------------------------- */

struct reading {
    struct present now;
    struct desk_when w;
    bool past, since;
    struct desk_stretch *out;
};

static int64_t instant(const struct reading *r, int32_t date, int minute)
{
    struct desk_local_time t = {.minute = minute};
    desk_civil_from_days(date, &t.year, &t.month, &t.day);
    return desk_tz_valid(r->now.at->tz, &t, false);
}

static bool weekday(const struct reading *r, const struct desk_day *d, struct date_range *out)
{
    const struct present *p = &r->now;
    int ahead = (d->weekday - p->weekday + 7) % 7;
    int32_t in_week = p->monday + (d->weekday + 6) % 7;
    int32_t before = p->today - (ahead ? 7 - ahead : 0);
    switch (d->which) {
    case DESK_WHICH_LAST:
        out->first = ahead ? before : p->today - 7;
        break;
    case DESK_WHICH_OFFSET:
        out->first = in_week + 7 * d->offset;
        break;
    case DESK_WHICH_NEXT:
        out->first = in_week + 7;
        break;
    default:
        out->first = r->past ? before : p->today + ahead;
    }
    out->last = out->first;
    return true;
}

/* A date without its year, or a month, that would be in the future: the one before is meant. */
static void step_back(const struct reading *r, const struct desk_day *d, struct date_range *out)
{
    int year, month, day;
    int32_t length = out->last - out->first;
    bool dated = d->ref == DESK_DAY_DATE || d->ref == DESK_DAY_MONTH;
    if (r->past && d->ref == DESK_DAY_WEEKEND && out->first > r->now.today) {
        out->first -= 7;
        out->last -= 7;
    }
    if (!r->past || !dated || d->year || d->which == DESK_WHICH_OFFSET ||
        out->first <= r->now.today)
        return;
    desk_civil_from_days(out->first, &year, &month, &day);
    if (d->month)
        year--;
    else
        month--;
    out->first = (int32_t)desk_days_from_civil(year, month, day);
    out->last = out->first + length;
}

static bool days_of(const struct reading *r, const struct desk_day *d, struct date_range *out)
{
    bool plain = !d->shift && d->then_weekday < 0 && d->whole == DESK_WHOLE_DAY;
    if (d->ref == DESK_DAY_IN_DAYS && plain && !d->open_days) {
        out->first = r->now.today + d->n - d->spread;
        out->last = r->now.today + d->n + d->spread;
        return true;
    }
    if (d->ref == DESK_DAY_WEEKDAY && plain)
        return weekday(r, d, out);
    (void)desk_dates_range(&r->now, d, out); /* past or not: a date is a date */
    if (out->first == INT32_MIN)
        return false;
    step_back(r, d, out);
    return true;
}

static void apply_limit(const struct reading *r, struct date_range *d)
{
    enum desk_day_limit limit = r->since ? DESK_DAY_FROM : r->w.limit;
    bool from = limit == DESK_DAY_AFTER || (limit == DESK_DAY_FROM && (r->since || !r->past));
    if (limit == DESK_DAY_AFTER)
        d->first = d->last + 1;
    if (from)
        d->last = r->past ? r->now.today : d->first + LATER_DAYS;
    if (!r->past && (limit == DESK_DAY_BEFORE || limit == DESK_DAY_BY)) {
        d->last = d->first - (limit == DESK_DAY_BEFORE);
        d->first = r->now.today;
    }
    if (d->last < d->first)
        d->last = d->first;
}

/* The days that were said, or today. */
static struct date_range said_days(const struct reading *r)
{
    struct date_range d = {r->now.today, r->now.today, false}, end;
    if (r->w.day.ref == DESK_DAY_NONE || !days_of(r, &r->w.day, &d))
        return (struct date_range){r->now.today, r->now.today, false};
    if (r->w.last.ref != DESK_DAY_NONE && days_of(r, &r->w.last, &end)) {
        if (end.last < d.first && r->past)
            d.first -= 7;
        d.last = end.last < d.first ? end.last + 7 : end.last;
    } else {
        apply_limit(r, &d);
    }
    return d;
}

/* ---- its name -------------------------------------------------------------------------------- */

static void name_week(const struct reading *r, const struct date_range *d, char *out, size_t n)
{
    static const char *const weeks[] = {"last week", "this week", "next week"};
    char from[48], to[48];
    int32_t off = d->first - r->now.monday;
    if (d->last == d->first + 6 && off >= -7 && off <= 7 && off % 7 == 0)
        snprintf(out, n, "%s", weeks[off / 7 + 1]);
    else
        snprintf(out, n, "from %s to %s",
                 desk_day_spoken(from, sizeof from, r->now.today, d->first),
                 desk_day_spoken(to, sizeof to, r->now.today, d->last));
}

/* "this afternoon", "yesterday morning", "on Monday afternoon" */
static void name_day(const struct reading *r, int32_t day, const char *part, char *out, size_t n)
{
    char name[64];
    bool near = day >= r->now.today - 1 && day <= r->now.today + 1;
    desk_day_spoken(name, sizeof name, r->now.today, day);
    if (part && strcmp(part, "night") == 0 && day == r->now.today)
        snprintf(out, n, "tonight");
    else if (part && day == r->now.today && strchr("mae", part[0]) && !strchr(part, ' '))
        snprintf(out, n, "this %s", part);
    else
        snprintf(out, n, "%s%s%s%s", near ? "" : "on ", name, part ? " " : "", part ? part : "");
}

static void append(struct desk_stretch *s, const char *text)
{
    size_t len = strlen(s->name);
    snprintf(s->name + len, sizeof s->name - len, "%s", text);
}

/* ---- clock times ----------------------------------------------------------------------------- */

static void narrow(struct reading *r, int *from, int *to)
{
    char a[16], b[16], text[48] = "";
    int m = minute_of(r->w.from), until = minute_of(r->w.to);
    enum desk_time_kind kind = r->w.time;
    if (kind == DESK_TIME_AT && r->since)
        kind = DESK_TIME_AFTER;
    minute_name(a, sizeof a, m);
    if (kind == DESK_TIME_AFTER) {
        *from = m;
        snprintf(text, sizeof text, " after %s", a);
    } else if (kind == DESK_TIME_BEFORE) {
        *to = m;
        snprintf(text, sizeof text, " before %s", a);
    } else if (kind == DESK_TIME_AT || kind == DESK_TIME_AROUND) {
        *from = m > 30 ? m - 30 : 0;
        *to = m + 31;
        snprintf(text, sizeof text, " around %s", a);
    } else if (kind == DESK_TIME_BETWEEN) {
        *from = m;
        *to = until > m ? until : until + 12 * 60;
        snprintf(text, sizeof text, " between %s and %s", a, minute_name(b, sizeof b, *to));
    }
    append(r->out, text);
}

/* ---- "in the last two hours" ----------------------------------------------------------------- */

static int number_of(const char *word)
{
    static const char *const words[] = {"zero",  "one",   "two",  "three", "four",   "five",  "six",
                                        "seven", "eight", "nine", "ten",   "eleven", "twelve"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i], word) == 0)
            return (int)i;
    if (strcmp(word, "couple") == 0)
        return 2;
    long v = strtol(word, NULL, 10);
    return v > 0 && v <= 400 ? (int)v : 0;
}

static bool elapsed(struct reading *r, const struct desk_words *ws)
{
    static const struct {
        const char *one, *many, *name;
        int64_t ms;
    } units[] = {{"last|past minute", "last|past _ minutes", "minute", 60000},
                 {"last|past hour", "last|past _ hours", "hour", HOUR_MS},
                 {"last|past day", "last|past _ days", "day", 24 * HOUR_MS}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        size_t many = desk_words_find(ws, 0, units[i].many, NULL);
        int n = many < ws->n ? number_of(desk_words_at(ws, many + 1)) : 0;
        if (!n && desk_words_find(ws, 0, units[i].one, NULL) < ws->n)
            n = 1;
        if (!n)
            continue;
        r->out->to = r->now.at->now;
        r->out->from = r->out->to - n * units[i].ms;
        if (n == 1)
            snprintf(r->out->name, sizeof r->out->name, "in the last %s", units[i].name);
        else
            snprintf(r->out->name, sizeof r->out->name, "in the last %d %ss", n, units[i].name);
        return true;
    }
    return false;
}

static bool last_night(struct reading *r, const struct desk_words *ws)
{
    if (desk_words_find(ws, 0, "last night", NULL) == ws->n &&
        desk_words_find(ws, 0, "overnight", NULL) == ws->n)
        return false;
    r->out->from = instant(r, r->now.today - 1, NIGHT_BEGINS);
    r->out->to = instant(r, r->now.today, NIGHT_ENDS);
    snprintf(r->out->name, sizeof r->out->name, "last night");
    return true;
}

/* ---- all together ---------------------------------------------------------------------------- */

/* "since" reads as "from": the readers of dates know that. */
static void read_when(struct reading *r, const struct desk_words *ws)
{
    char text[DESK_MAX_JUDGE_TEXT] = "";
    size_t len = 0;
    for (size_t i = 0; i < ws->n && len < sizeof text; i++) {
        const char *word = desk_words_at(ws, i);
        bool since = strcmp(word, "since") == 0;
        r->since = r->since || since;
        int n =
            snprintf(text + len, sizeof text - len, "%s%s", i ? " " : "", since ? "from" : word);
        len += n > 0 ? (size_t)n : 0;
    }
    desk_when_init(&r->w);
    desk_when_read(&r->w, text, r->now.at->day_first);
}

static void day_and_time(struct reading *r)
{
    const struct part *part = &parts[r->w.daypart];
    struct date_range d = said_days(r);
    int from = part->from, to = part->to;
    if (d.first == d.last)
        name_day(r, d.first, part->name, r->out->name, sizeof r->out->name);
    else
        name_week(r, &d, r->out->name, sizeof r->out->name);
    narrow(r, &from, &to);
    r->out->from = instant(r, d.first, from);
    r->out->to = instant(r, d.last, to);
    if (r->w.daypart == DESK_DAYPART_REST) {
        r->out->from = r->now.at->now;
        snprintf(r->out->name, sizeof r->out->name, "for the rest of today");
    }
}

void desk_stretch_read(const char *text, const struct desk_when_place *at, bool past,
                       struct desk_stretch *out)
{
    struct desk_words ws;
    struct reading r = {.past = past, .out = out};
    memset(out, 0, sizeof *out);
    desk_dates_present(&r.now, at);
    desk_words_read(&ws, text);
    if (!elapsed(&r, &ws) && !last_night(&r, &ws)) {
        read_when(&r, &ws);
        day_and_time(&r);
        bool first_only = r.w.daypart == DESK_DAYPART_FIRST_THING;
        out->said = r.w.day.ref != DESK_DAY_NONE || r.w.time != DESK_TIME_NONE ||
                    (r.w.daypart != DESK_DAYPART_NONE && !first_only);
    } else {
        out->said = true;
    }
    if (out->to <= out->from)
        out->to = out->from + 1;
    out->first = desk_hours_date(at->tz, out->from);
    out->last = desk_hours_date(at->tz, out->to - 1);
}
