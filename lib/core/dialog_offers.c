/* What an answer to a few offered times means: "the second", "nine", "Tuesday", "the earlier one".
 * See dialog_words.h. */
#include "core/dialog_words.h"

#include "base/limits.h"
#include "base/tz.h"
#include "core/dates_fields.h"

#include <string.h>

#include "core/dialog_offers.inc"

/* n digits at *s, and what stands behind them; -1: they are none. */
static int digits(const char **s, int n, char behind)
{
    int v = 0;
    for (; n > 0; n--, (*s)++) {
        if (**s < '0' || **s > '9')
            return -1;
        v = v * 10 + (**s - '0');
    }
    bool fits = !behind || **s == behind;
    *s += fits && behind;
    return fits ? v : -1;
}

bool desk_words_local(const char *at, int32_t *date, int *minute)
{
    const char *s = at;
    int y = digits(&s, 4, '-'), m = y < 0 ? -1 : digits(&s, 2, '-');
    int d = m < 0 ? -1 : digits(&s, 2, '\0'), h = 0, min = 0;
    if (d < 0 || m < 1 || m > 12 || d < 1 || d > 31 || (*s && *s != 'T'))
        return false;
    if (*s) {
        s++;
        h = digits(&s, 2, ':');
        min = h < 0 ? -1 : digits(&s, 2, '\0');
    }
    if (min < 0)
        return false;
    *date = (int32_t)desk_days_from_civil(y, m, d);
    *minute = h * 60 + min;
    return true;
}

static bool day_fits(const struct desk_dialog_profile *p, const struct desk_day *d, int32_t date)
{
    int y, m, day;
    desk_civil_from_days(date, &y, &m, &day);
    switch (d->ref) {
    case DESK_DAY_WEEKDAY:
        return (int)(((int64_t)date + 4) % 7) == d->weekday;
    case DESK_DAY_DATE:
        return day == d->day && (!d->month || d->month == m);
    case DESK_DAY_IN_DAYS:
        return p->today != INT32_MIN && p->today + d->n == date;
    default:
        return false;
    }
}

static bool clock_fits(const struct desk_clock *c, int minute)
{
    return c->minute == minute || (!c->sure && c->minute % 720 == minute % 720);
}

static bool part_fits(enum desk_daypart part, int minute)
{
    for (size_t i = 0; i < sizeof part_times / sizeof *part_times; i++)
        if (part_times[i].part == part)
            return minute >= part_times[i].from && minute < part_times[i].to;
    return true;
}

static bool time_fits(const struct desk_when *w, int minute)
{
    int at = w->from.minute; /* after four is not four in the night */
    int from = w->from.sure || at >= 7 * 60 ? at : at + 720;
    switch (w->time) {
    case DESK_TIME_AT:
    case DESK_TIME_AROUND:
        return clock_fits(&w->from, minute);
    case DESK_TIME_AFTER:
        return minute >= from;
    case DESK_TIME_BEFORE:
        return minute < from;
    default:
        return w->time == DESK_TIME_NONE;
    }
}

static bool fits(const struct desk_dialog_profile *p, const struct desk_when *w,
                 const struct desk_dialog_offer *o)
{
    int32_t date;
    int minute;
    if (!desk_words_local(o->at, &date, &minute))
        return false;
    const struct desk_day *day = w->later.ref ? &w->later : &w->day;
    for (size_t i = 0; i < w->n_nots; i++)
        if (day_fits(p, &w->nots[i], date))
            return false;
    return (day->ref == DESK_DAY_NONE || day_fits(p, day, date)) && time_fits(w, minute) &&
           part_fits(w->daypart, minute);
}

/* Those that fit stay; which: the only one, or the first of several. */
static enum desk_token by_time(const struct desk_dialog_profile *p, struct desk_dialog *d,
                               const struct desk_when *w, int *which)
{
    int hits = 0;
    for (int i = 0; i < d->n_offers; i++)
        if (fits(p, w, &d->offers[i])) {
            *which = hits ? *which : i + 1;
            hits++;
        }
    if (hits <= 1)
        return hits ? DESK_T_PICK : DESK_T_WHEN;
    if (hits == d->n_offers)
        return DESK_T_PICK; /* it told them nothing new: the first */
    int n = 0;
    for (int i = 0; i < d->n_offers; i++)
        if (fits(p, w, &d->offers[i]))
            d->offers[n++] = d->offers[i];
    d->n_offers = n;
    return DESK_T_FEWER;
}

static bool has(const char *text, const char *phrase)
{
    size_t n = strlen(phrase);
    for (const char *s = strstr(text, phrase); s; s = strstr(s + 1, phrase))
        if ((s == text || s[-1] == ' ') && (s[n] == ' ' || !s[n]))
            return true;
    return false;
}

/* Which of n by its place among them; 0 = none was said. */
static int by_place(const char *text, int n)
{
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (has(text, places[i].words)) {
            int at = places[i].place < 0 ? n : places[i].place;
            return at <= n ? at : 0;
        }
    return 0;
}

enum desk_token desk_words_pick(const struct desk_dialog_profile *p, struct desk_dialog *d,
                                const char *sentence, int *which)
{
    char text[DESK_MAX_TURN_TEXT];
    struct desk_when w;
    *which = 0;
    desk_words_plain(text, sizeof text, sentence);
    for (size_t i = 0; i < sizeof none_of_them / sizeof *none_of_them; i++)
        if (has(text, none_of_them[i]))
            *which = -1;
    int place = by_place(text, d->n_offers);
    if (place && *which == 0) {
        *which = place;
        return DESK_T_PICK;
    }
    desk_when_read(&w, sentence, false);
    bool told = desk_when_has_day(&w) || desk_when_has_time(&w) || w.n_nots;
    if (told && !(w.earliest && w.day.ref == DESK_DAY_NONE && !desk_when_has_time(&w))) {
        *which = 0;
        return by_time(p, d, &w, which);
    }
    if (*which < 0 || (w.earliest && w.trouble))
        return DESK_T_OTHER;
    for (size_t i = 0; i < sizeof any_of_them / sizeof *any_of_them; i++)
        if (has(text, any_of_them[i]) || w.earliest) {
            *which = 1;
            return DESK_T_PICK;
        }
    return DESK_T_NONE;
}
