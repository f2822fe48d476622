/* Spoken dates, fifth step: a time on a date → instants within the hours. Minutes are local, since
 * the date's midnight. */
#include "core/dates_place.h"

#define NOON        (12 * 60)
#define UNTIL_CLOSE (2 * DAY_MINUTES) /* no end of its own */
#define ABOUT       30                /* minutes either way of "around five" */

/* ---- the open part of a date ---------------------------------------------------------------- */

struct open {
    size_t n;
    struct {
        int from, to;
    } span[3 * DESK_MAX_HOURS_SPANS];
};

static void add_spans(const struct present *p, int32_t date, int shift, struct open *out)
{
    struct desk_hours_day day;
    desk_hours_day(p->at->hours, date, &day);
    for (size_t i = 0; i < day.spans.n; i++) {
        int from = day.spans.span[i].from + shift, to = day.spans.span[i].to + shift;
        if (to <= 0)
            continue;
        out->span[out->n].from = from < 0 ? 0 : from;
        out->span[out->n++].to = to;
    }
}

/* Spans of the date, and what runs on from the evening before. */
static void open_of(const struct present *p, int32_t date, struct open *out)
{
    out->n = 0;
    add_spans(p, date - 1, -DAY_MINUTES, out);
    add_spans(p, date, 0, out);
}

static bool inside(const struct open *o, int minute)
{
    for (size_t i = 0; i < o->n; i++)
        if (minute >= o->span[i].from && minute < o->span[i].to)
            return true;
    return false;
}

/* Cuts from..to to the hours (gaps between spans stay in it). False: nothing left. */
static bool clip(const struct open *o, int *from, int *to)
{
    int first = -1, last = -1;
    for (size_t i = 0; i < o->n; i++) {
        int a = o->span[i].from > *from ? o->span[i].from : *from;
        int b = o->span[i].to < *to ? o->span[i].to : *to;
        if (a >= b)
            continue;
        first = first < 0 || a < first ? a : first;
        last = b > last ? b : last;
    }
    *from = first;
    *to = last;
    return first >= 0;
}

/* ---- minutes → instants --------------------------------------------------------------------- */

static void local(int32_t date, int minute, struct desk_local_time *t)
{
    *t = (struct desk_local_time){.minute = minute};
    desk_civil_from_days(date, &t->year, &t->month, &t->day);
}

static enum desk_when_why set_window(const struct present *p, int32_t date, int from, int to,
                                     struct window *out)
{
    struct desk_local_time t;
    local(date, from, &t);
    out->start = desk_tz_valid(p->at->tz, &t, false);
    local(date, to, &t);
    out->end = desk_tz_valid(p->at->tz, &t, to % DAY_MINUTES != 0);
    if (out->end <= p->at->now)
        return DESK_WHY_PAST;
    if (out->start < p->at->now)
        out->start = p->at->now;
    return out->start < out->end ? DESK_WHY_OK : DESK_WHY_NO_SUCH_TIME;
}

/* Cut to the hours first; nothing left is past or closed. */
static enum desk_when_why clipped(const struct present *p, int32_t date, int from, int to,
                                  struct window *out)
{
    struct open o;
    int a = from, b = to;
    open_of(p, date, &o);
    if (to > DAY_MINUTES && to < UNTIL_CLOSE)
        add_spans(p, date + 1, DAY_MINUTES, &o); /* "from ten at night to two" */
    if (clip(&o, &a, &b))
        return set_window(p, date, a, b, out);
    return date == p->today && to <= p->minute ? DESK_WHY_PAST : DESK_WHY_CLOSED;
}

/* ---- dayparts ------------------------------------------------------------------------------- */

static const struct daypart {
    int from, to;
    int early_to, mid_from, mid_to, late_from;
} dayparts[DESK_DAYPART__MAX] = {
    [DESK_DAYPART_MORNING] = {480, 720, 600, 540, 660, 600},
    [DESK_DAYPART_MIDDAY] = {660, 840, 720, 690, 810, 780},
    [DESK_DAYPART_AFTERNOON] = {720, 1020, 840, 840, 960, 900},
    [DESK_DAYPART_EVENING] = {1020, 1200, 1110, 1050, 1170, 1110},
    [DESK_DAYPART_NIGHT] = {1020, 1200, 1110, 1050, 1170, 1110},
    [DESK_DAYPART_SMALL_HOURS] = {0, 360, 180, 120, 240, 240},
    [DESK_DAYPART_BEFORE_LUNCH] = {480, 720, 600, 540, 660, 600},
    [DESK_DAYPART_AFTER_LUNCH] = {780, 1020, 900, 840, 960, 900},
    [DESK_DAYPART_AFTER_SCHOOL] = {900, 1080, 960, 960, 1020, 960},
    [DESK_DAYPART_AFTER_WORK] = {1020, 1200, 1110, 1050, 1170, 1110},
    [DESK_DAYPART_AFTER_DINNER] = {1080, 1260, 1170, 1110, 1230, 1170},
};

/* Limits of a daypart on a date, before the hours cut it. */
static void daypart(const struct present *p, const struct desk_when *w, int32_t date, int *from,
                    int *to)
{
    const struct daypart *d = &dayparts[w->daypart];
    struct open o;
    open_of(p, date, &o);
    int opens = o.n ? o.span[0].from : 0, closes = o.n ? o.span[o.n - 1].to : 0;
    *from = w->part == DESK_PART_MID    ? d->mid_from
            : w->part == DESK_PART_LATE ? d->late_from
                                        : d->from;
    *to = w->part == DESK_PART_MID ? d->mid_to : w->part == DESK_PART_EARLY ? d->early_to : d->to;
    switch (w->daypart) {
    case DESK_DAYPART_FIRST_THING: /* of a house that never closes: of the working day */
        *from = opens < 6 * 60 ? 8 * 60 : opens;
        *to = *from + 120;
        break;
    case DESK_DAYPART_END_OF_DAY:
        *to = closes > 22 * 60 ? 17 * 60 : closes;
        *from = *to - 120;
        break;
    case DESK_DAYPART_REST:
    case DESK_DAYPART_NONE:
        *from = 0;
        *to = UNTIL_CLOSE;
        break;
    default:
        break;
    }
}

/* ---- am or pm ------------------------------------------------------------------------------- */

/* Hours (as said, 1–12) that a daypart makes am, and those it makes pm; bits by hour. */
#define H(h)     (1u << (h))
#define TO(a, b) ((H((b) + 1) - 1) & ~(H(a) - 1))
static const struct {
    unsigned am, pm;
} halves[DESK_DAYPART__MAX] = {
    [DESK_DAYPART_MORNING] = {TO(1, 12), 0},
    [DESK_DAYPART_MIDDAY] = {TO(10, 11), TO(1, 3) | H(12)},
    [DESK_DAYPART_AFTERNOON] = {0, TO(1, 7) | H(12)},
    [DESK_DAYPART_EVENING] = {0, TO(4, 11)},
    [DESK_DAYPART_NIGHT] = {TO(1, 4), TO(5, 11)},
    [DESK_DAYPART_SMALL_HOURS] = {TO(1, 6) | H(12), 0},
    [DESK_DAYPART_FIRST_THING] = {TO(5, 11), 0},
    [DESK_DAYPART_END_OF_DAY] = {0, TO(1, 11)},
    [DESK_DAYPART_BEFORE_LUNCH] = {TO(5, 11), H(12)},
    [DESK_DAYPART_AFTER_LUNCH] = {0, TO(1, 11) | H(12)},
    [DESK_DAYPART_AFTER_SCHOOL] = {0, TO(1, 11)},
    [DESK_DAYPART_AFTER_WORK] = {0, TO(1, 11)},
    [DESK_DAYPART_AFTER_DINNER] = {0, TO(1, 11)},
};

/* Am or pm by the daypart that was said with it. False: they contradict each other. */
static bool settle_half(struct desk_clock *c, enum desk_daypart part)
{
    int hour = (c->minute / 60 + 11) % 12 + 1;
    if (part == DESK_DAYPART_NONE || part == DESK_DAYPART_REST)
        return true;
    bool am = halves[part].am & H(hour), pm = halves[part].pm & H(hour);
    if (c->sure) {
        bool before_noon = c->minute % DAY_MINUTES < NOON;
        return (before_noon && am) || (!before_noon && pm) || c->minute == DAY_MINUTES;
    }
    if (!am && !pm)
        return false;
    c->minute = c->minute % NOON + (pm ? NOON : 0);
    c->sure = true;
    return true;
}

/* The usual reading of an hour, 1–6 pm, 7–11 am, 12 noon; other: the one it is not. */
static int usual(struct desk_clock c)
{
    if (c.sure)
        return c.minute;
    int m = c.minute % NOON;
    return m < 7 * 60 ? m + NOON : m;
}

static int other(struct desk_clock c)
{
    return c.sure ? c.minute : (usual(c) + NOON) % DAY_MINUTES;
}

/* ---- an exact time -------------------------------------------------------------------------- */

static enum desk_when_why exact(const struct present *p, int32_t date, int minute, int64_t *at)
{
    struct desk_local_time t;
    struct desk_hours_state state;
    local(date, minute, &t);
    if (desk_tz_utc(p->at->tz, &t, false, at) == DESK_TZ_GAP)
        return DESK_WHY_NO_SUCH_TIME;
    if (*at < p->at->now)
        desk_tz_utc(p->at->tz, &t, true, at); /* of an hour that comes twice the second */
    desk_hours_at(p->at->hours, p->at->tz, *at, &state);
    if (!state.open)
        return *at <= p->at->now ? DESK_WHY_HOUR_PAST : DESK_WHY_CLOSED;
    return *at <= p->at->now ? DESK_WHY_PAST : DESK_WHY_OK;
}

/* The reading of a clock time that can be had; *minute. */
static enum desk_when_why choose(const struct present *p, int32_t date, struct desk_clock c,
                                 int *minute)
{
    int64_t at;
    *minute = usual(c);
    enum desk_when_why first = exact(p, date, *minute, &at);
    if (c.sure)
        return first == DESK_WHY_HOUR_PAST ? DESK_WHY_PAST : first;
    if (first == DESK_WHY_OK || first == DESK_WHY_NO_SUCH_TIME)
        return first;
    if (first == DESK_WHY_PAST)
        return DESK_WHY_HOUR_PAST;
    int second = other(c);
    enum desk_when_why then = exact(p, date, second, &at);
    if (then == DESK_WHY_OK)
        return *minute = second, DESK_WHY_OK;
    return date == p->today && then == DESK_WHY_PAST ? DESK_WHY_HOUR_PAST : DESK_WHY_HOUR;
}

static enum desk_when_why at_time(const struct present *p, const struct desk_when *w, int32_t date,
                                  struct desk_clock c, struct window *out)
{
    struct open o;
    int minute;
    open_of(p, date, &o);
    if (c.minute == DAY_MINUTES && w->daypart != DESK_DAYPART_NIGHT) {
        if (!inside(&o, 0) && !inside(&o, DAY_MINUTES))
            return DESK_WHY_CLOSED;
        return DESK_WHY_MIDNIGHT; /* which end of the day? */
    }
    if (!settle_half(&c, w->daypart))
        return DESK_WHY_CONFLICT;
    enum desk_when_why why = choose(p, date, c, &minute);
    if (why != DESK_WHY_OK)
        return why;
    if (w->time == DESK_TIME_AROUND)
        return clipped(p, date, minute - ABOUT, minute + ABOUT, out);
    why = exact(p, date, minute, &out->start);
    out->end = out->start;
    return why;
}

/* ---- stretches ------------------------------------------------------------------------------ */

static enum desk_when_why after(const struct present *p, const struct desk_when *w, int32_t date,
                                struct window *out)
{
    struct open o;
    struct desk_clock c = w->from;
    int from, to, ends;
    open_of(p, date, &o);
    if (!settle_half(&c, w->daypart))
        return DESK_WHY_CONFLICT;
    daypart(p, w, date, &from, &ends);
    to = w->daypart == DESK_DAYPART_NONE ? UNTIL_CLOSE : ends;
    from = usual(c) % DAY_MINUTES;
    if (!c.sure && !inside(&o, from))
        from = other(c);
    if (!c.sure && !inside(&o, from))
        return DESK_WHY_HOUR;
    /* "this afternoon after five": as long as it is open */
    return clipped(p, date, from, to > from ? to : UNTIL_CLOSE, out);
}

static enum desk_when_why before(const struct present *p, const struct desk_when *w, int32_t date,
                                 struct window *out)
{
    struct open o;
    struct desk_clock c = w->from;
    int from, to, starts;
    open_of(p, date, &o);
    if (!settle_half(&c, w->daypart))
        return DESK_WHY_CONFLICT;
    daypart(p, w, date, &starts, &to);
    from = w->daypart == DESK_DAYPART_NONE ? 0 : starts;
    to = usual(c);
    if (!c.sure && !inside(&o, to - 1))
        to = other(c);
    if (!c.sure && !inside(&o, to - 1))
        return DESK_WHY_HOUR;
    return clipped(p, date, from < to ? from : 0, to, out);
}

/* The first reading of b that is later than a. */
static int later_than(int a, struct desk_clock b)
{
    int x = usual(b), y = other(b);
    int low = x < y ? x : y, high = x < y ? y : x;
    return low > a ? low : high > a ? high : low + DAY_MINUTES;
}

static enum desk_when_why between(const struct present *p, const struct desk_when *w, int32_t date,
                                  struct window *out)
{
    struct desk_clock a = w->from, b = w->to;
    if (a.minute == DAY_MINUTES)
        a.minute = 0;
    if (!settle_half(&b, w->daypart))
        return DESK_WHY_CONFLICT;
    int first[2] = {usual(a), other(a)};
    if (b.sure &&
        !a.sure) { /* the reading next before the end: "eleven to one pm", "two to four pm" */
        int low = usual(a) < other(a) ? usual(a) : other(a);
        first[0] = first[1] = low + NOON < b.minute ? low + NOON : low;
    }
    enum desk_when_why why = DESK_WHY_OK;
    for (int i = 0; i < 2; i++) {
        int to = later_than(first[i], b);
        if (to - first[i] > 16 * 60 && !(a.sure && b.sure))
            return DESK_WHY_HOUR;
        why = clipped(p, date, first[i], to, out);
        if (why == DESK_WHY_OK)
            return why;
        if (a.sure || b.sure)
            return why;
    }
    return why == DESK_WHY_PAST ? DESK_WHY_HOUR_PAST : DESK_WHY_HOUR;
}

/* No time and no part: a short day is said with its hours. */
static enum desk_when_why whole_day(const struct present *p, int32_t date, struct window *out)
{
    return clipped(p, date, 0, UNTIL_CLOSE, out);
}

enum desk_when_why desk_dates_window(const struct present *p, const struct desk_when *w,
                                     int32_t date, struct window *out)
{
    int from, to;
    struct desk_clock now = {p->minute, true};
    switch (w->time) {
    case DESK_TIME_AS_NOW:
        return at_time(p, w, date, now, out);
    case DESK_TIME_AT:
    case DESK_TIME_AROUND:
        return at_time(p, w, date, w->from.minute < 0 ? now : w->from, out);
    case DESK_TIME_AFTER:
        return after(p, w, date, out);
    case DESK_TIME_BEFORE:
        return before(p, w, date, out);
    case DESK_TIME_BETWEEN:
        return between(p, w, date, out);
    default:
        break;
    }
    if (w->daypart == DESK_DAYPART_NONE)
        return whole_day(p, date, out);
    daypart(p, w, date, &from, &to);
    return clipped(p, date, from, to, out);
}
