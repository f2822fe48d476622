/* Spoken dates: what was said, decided. The order of the steps is the policy: what the words alone
 * leave open is asked; then the day is found, its contradictions, what is excluded, past, too far
 * or closed; then the time within the hours of that day. */
#include "core/dates_place.h"

#include "core/dates_words.h"

#include <string.h>
#include <strings.h>

struct resolver {
    struct present p;
    struct desk_when w; /* a copy: day and check may change places */
    struct desk_resolved *out;
    struct date_range days;
};

bool desk_when_day_first(const char *locale)
{
    static const char *const month_first[] = {"en-US", "en_US", "US", "es-US",
                                              "es_US", "en-PH", NULL};
    for (size_t i = 0; locale && month_first[i]; i++)
        if (strcasecmp(locale, month_first[i]) == 0)
            return false;
    return locale && *locale;
}

static void decide(struct resolver *r, enum desk_when_why why)
{
    r->out->why = why;
    r->out->kind = why >= DESK_WHY_PAST ? DESK_WHEN_REJECT : DESK_WHEN_ASK;
}

static void window(struct resolver *r, int64_t start, int64_t end)
{
    r->out->kind = DESK_WHEN_SLOT_WINDOW;
    r->out->why = DESK_WHY_OK;
    r->out->start = start;
    r->out->end = end;
    r->out->first = desk_hours_date(r->p.at->tz, start);
    r->out->last = end > start ? desk_hours_date(r->p.at->tz, end - 1) : r->out->first;
}

/* ---- without a day -------------------------------------------------------------------------- */

static bool excluded(const struct resolver *r, int32_t date)
{
    for (size_t i = 0; i < r->out->n_excluded; i++)
        if (r->out->excluded[i] == date)
            return true;
    return false;
}

/* The first opening from that moment on, on a day that is not excluded. */
static void from_then_on(struct resolver *r, int64_t then)
{
    const struct desk_when_place *at = r->p.at;
    for (int tries = 0; tries < DESK_WHEN_EXCLUDED; tries++) {
        if (!desk_hours_next_open(at->hours, at->tz, then, &then)) {
            decide(r, DESK_WHY_CLOSED);
            return;
        }
        int32_t date = desk_hours_date(at->tz, then);
        if (date > r->p.limit) {
            decide(r, DESK_WHY_TOO_FAR);
            return;
        }
        if (!excluded(r, date)) {
            window(r, then, 0);
            return;
        }
        int y, m, d;
        desk_civil_from_days(date + 1, &y, &m, &d);
        then = desk_tz_day_start(at->tz, y, m, d);
    }
    decide(r, DESK_WHY_ONLY_NOT);
}

/* "in two hours": that very moment. */
static void elapsed(struct resolver *r)
{
    struct desk_hours_state state;
    int64_t at = r->p.at->now + r->w.minutes * 60000;
    int32_t date = desk_hours_date(r->p.at->tz, at);
    desk_hours_at(r->p.at->hours, r->p.at->tz, at, &state);
    r->out->first = r->out->last = date;
    if (r->w.minutes < 0)
        decide(r, DESK_WHY_PAST);
    else if (date > r->p.limit)
        decide(r, DESK_WHY_TOO_FAR);
    else if (!state.open)
        decide(r, DESK_WHY_CLOSED);
    else
        window(r, at, at);
}

/* "within two hours"; of days or more: those days. */
static void within(struct resolver *r)
{
    const struct desk_when_place *at = r->p.at;
    int64_t end = at->now + r->w.minutes * 60000, start;
    if (r->w.minutes >= 2 * DAY_MINUTES) {
        r->w.time = DESK_TIME_NONE;
        r->w.day = desk_dates_day_of(DESK_DAY_IN_DAYS);
        r->w.last = r->w.day;
        r->w.last.n = (int)(r->w.minutes / DAY_MINUTES);
        return;
    }
    if (desk_hours_next_open(at->hours, at->tz, at->now, &start) && start < end)
        window(r, start, end);
    else
        decide(r, DESK_WHY_CLOSED);
}

/* Only a time was said: of today, if it can be had without a question. */
static void no_day(struct resolver *r)
{
    struct window win;
    struct desk_when *w = &r->w;
    if (w->daypart == DESK_DAYPART_FIRST_THING && w->time == DESK_TIME_NONE &&
        r->p.minute >= 6 * 60) {
        w->day = desk_dates_day_of(DESK_DAY_IN_DAYS); /* "first thing in the morning" */
        w->day.n = 1;
        return;
    }
    if (w->daypart == DESK_DAYPART_REST || w->daypart == DESK_DAYPART_END_OF_DAY) {
        w->day = desk_dates_day_of(DESK_DAY_IN_DAYS);
        return;
    }
    if (w->time == DESK_TIME_NONE || w->time == DESK_TIME_AS_NOW) {
        decide(r, DESK_WHY_NO_DAY);
        return;
    }
    enum desk_when_why why = desk_dates_window(&r->p, w, r->p.today, &win);
    if (why == DESK_WHY_OK && w->time == DESK_TIME_BETWEEN && win.start == r->p.at->now)
        why = DESK_WHY_HOUR_PAST;
    if (why == DESK_WHY_OK)
        window(r, win.start, win.end);
    else
        decide(r, why == DESK_WHY_CONFLICT || why == DESK_WHY_HOUR_PAST ? why : DESK_WHY_NO_DAY);
}

/* ---- the days ------------------------------------------------------------------------------- */

/* How exactly a day was said: a date beats a weekday as the day, and the weekday checks it. */
static int exactness(const struct desk_day *d)
{
    static const int rank[DESK_DAY_REF__MAX] = {
        [DESK_DAY_WEEKDAY] = 1, [DESK_DAY_WEEK] = 0,    [DESK_DAY_WEEKEND] = 0,
        [DESK_DAY_MONTH] = 0,   [DESK_DAY_YEAR] = 0,    [DESK_DAY_IN_MONTHS] = 2,
        [DESK_DAY_NTH] = 3,     [DESK_DAY_HOLIDAY] = 3, [DESK_DAY_IN_DAYS] = 4,
        [DESK_DAY_DATE] = 5,
    };
    return rank[d->ref];
}

/* Does the second saying of the day agree? It may narrow a range ("in two weeks, on Monday"). */
static bool agrees(struct resolver *r)
{
    const struct desk_day *c = &r->w.check;
    struct date_range said, *days = &r->days;
    if (c->ref == DESK_DAY_NONE)
        return true;
    if (c->ref == DESK_DAY_WEEKDAY && !c->shift) {
        for (int32_t d = days->first; d <= days->last; d++)
            if (desk_weekday_from_days(d) == c->weekday) {
                bool only = days->last - d < 7 && d - days->first < 7;
                days->first = days->last = d;
                return only;
            }
        return false;
    }
    enum desk_when_why why = desk_dates_range(&r->p, c, &said);
    if (why != DESK_WHY_OK && why != DESK_WHY_NEXT)
        return false;
    return days->first >= said.first && days->last <= said.last;
}

/* The other end of "Monday to Thursday", "the 3rd to the 5th". */
static enum desk_when_why range_end(struct resolver *r)
{
    const struct desk_day *d = &r->w.last;
    struct date_range end;
    if (d->ref == DESK_DAY_NONE)
        return DESK_WHY_OK;
    if (d->ref == DESK_DAY_WEEKDAY && d->which != DESK_WHICH_OFFSET && !d->shift) {
        int32_t wd = desk_weekday_from_days(r->days.first);
        r->days.last = r->days.first + (d->weekday - wd + 7) % 7;
        return DESK_WHY_OK;
    }
    enum desk_when_why why = desk_dates_range(&r->p, d, &end);
    if (why != DESK_WHY_OK)
        return why;
    /* "the 28th to the 3rd" */
    for (int m = 0; d->ref == DESK_DAY_DATE && !d->month && end.first < r->days.first && m < 2;
         m++) {
        int y, mo, day;
        desk_civil_from_days(end.first, &y, &mo, &day);
        end.first = end.last = (int32_t)desk_days_from_civil(y, mo + 1, day);
    }
    if (end.last < r->days.first)
        return DESK_WHY_CONFLICT;
    r->days.last = end.last;
    r->days.rolls = false;
    return DESK_WHY_OK;
}

/* "not this Friday but next Friday": then it is clear which. */
static bool not_this_one(const struct desk_when *w)
{
    for (size_t i = 0; i < w->n_nots; i++)
        if (w->nots[i].ref == DESK_DAY_WEEKDAY && w->nots[i].weekday == w->day.weekday &&
            w->nots[i].which == DESK_WHICH_THIS && w->day.ref == DESK_DAY_WEEKDAY)
            return true;
    return false;
}

static enum desk_when_why find_said(struct resolver *r)
{
    struct desk_when *w = &r->w;
    if (exactness(&w->check) > exactness(&w->day)) {
        struct desk_day swap = w->day;
        w->day = w->check;
        w->check = swap;
    }
    enum desk_when_why why = desk_dates_range(&r->p, &w->day, &r->days);
    r->out->first = r->days.first;
    r->out->last = r->days.last;
    if (why == DESK_WHY_NEXT && not_this_one(w)) {
        int ahead = (w->day.weekday - r->p.weekday + 7) % 7;
        r->days.first = r->days.last = r->p.today + ahead + 7;
        why = DESK_WHY_OK;
    }
    if (why != DESK_WHY_OK)
        return why;
    if (!agrees(r))
        return DESK_WHY_CONFLICT;
    return range_end(r);
}

/* When two sayings of it disagree and there was a digression between, the later is meant. */
static enum desk_when_why find_days(struct resolver *r)
{
    struct desk_day later = r->w.later;
    enum desk_when_why why = find_said(r);
    if (why == DESK_WHY_OK || later.ref == DESK_DAY_NONE)
        return why;
    r->w.day = later;
    r->w.check = r->w.later = desk_dates_day_of(DESK_DAY_NONE);
    return find_said(r);
}

/* "before Friday", "by Friday": from today until then. */
static bool limit_days(struct resolver *r)
{
    switch (r->w.limit) {
    case DESK_DAY_BEFORE:
        if (r->w.day.part != DESK_PART_LATE) /* "before the end of the week" has its end in it */
            r->days.last = r->days.first - 1;
        break;
    case DESK_DAY_BY:
        break;
    default:
        return false;
    }
    r->days.first = r->p.today;
    r->days.rolls = false;
    return true;
}

/* ---- what is not wanted --------------------------------------------------------------------- */

static void exclude(struct resolver *r, int32_t date)
{
    struct desk_resolved *out = r->out;
    size_t at = out->n_excluded;
    if (out->n_excluded == DESK_WHEN_EXCLUDED || excluded(r, date))
        return;
    for (; at > 0 && out->excluded[at - 1] > date; at--)
        out->excluded[at] = out->excluded[at - 1];
    out->excluded[at] = date;
    out->n_excluded++;
}

static void exclude_said(struct resolver *r)
{
    for (size_t i = 0; i < r->w.n_nots; i++) {
        const struct desk_day *d = &r->w.nots[i];
        struct date_range range;
        if (d->ref == DESK_DAY_WEEKDAY && d->which == DESK_WHICH_PLAIN && !d->shift) {
            for (int32_t day = r->days.first; day <= r->days.last && day <= r->p.limit; day++)
                if (desk_weekday_from_days(day) == d->weekday)
                    exclude(r, day);
            continue;
        }
        enum desk_when_why why = desk_dates_range(&r->p, d, &range);
        if (why != DESK_WHY_OK && why != DESK_WHY_NEXT)
            continue;
        for (int32_t day = range.first; day <= range.last; day++)
            if (day >= r->days.first && day <= r->days.last)
                exclude(r, day);
    }
}

/* ---- past, too far, closed ------------------------------------------------------------------ */

static bool can_be(const struct resolver *r, int32_t date)
{
    if (excluded(r, date) || !desk_dates_open_on(&r->p, date))
        return false;
    return date != r->p.today || desk_dates_open_later_on(&r->p, date);
}

static enum desk_when_why trim(struct resolver *r)
{
    struct date_range *d = &r->days;
    if (d->last < r->p.today)
        return DESK_WHY_PAST;
    if (d->first > r->p.limit)
        return DESK_WHY_TOO_FAR;
    bool day = d->first == d->last;
    if (d->first < r->p.today)
        d->first = r->p.today;
    if (d->last > r->p.limit)
        d->last = r->p.limit;
    exclude_said(r);
    /* a plain "Friday" when Friday's hours are over is the next */
    if (day && d->rolls && !can_be(r, d->first) && desk_dates_open_on(&r->p, d->first) &&
        !excluded(r, d->first)) {
        d->first = d->last = d->first + 7;
        d->rolls = false;
    }
    if (day && excluded(r, d->first))
        return DESK_WHY_ONLY_NOT;
    while (d->first <= d->last && !can_be(r, d->first))
        d->first++;
    while (d->last >= d->first && !can_be(r, d->last))
        d->last--;
    return d->first > d->last ? DESK_WHY_CLOSED : DESK_WHY_OK;
}

static void keep_inner_exclusions(struct resolver *r)
{
    struct desk_resolved *out = r->out;
    size_t n = 0;
    for (size_t i = 0; i < out->n_excluded; i++)
        if (out->excluded[i] >= r->days.first && out->excluded[i] <= r->days.last)
            out->excluded[n++] = out->excluded[i];
    out->n_excluded = n;
}

/* ---- the time ------------------------------------------------------------------------------- */

static bool short_day(const struct resolver *r)
{
    struct desk_hours_day day;
    desk_hours_day(r->p.at->hours, r->days.first, &day);
    return day.why == DESK_HOURS_SPECIAL || day.why == DESK_HOURS_OPENED;
}

static void dates(struct resolver *r)
{
    r->out->kind = DESK_WHEN_DATE;
    r->out->why = DESK_WHY_OK;
    r->out->first = r->days.first;
    r->out->last = r->days.last;
}

static void one_day(struct resolver *r)
{
    struct window win;
    const struct desk_when *w = &r->w;
    r->out->first = r->out->last = r->days.first;
    if (w->time == DESK_TIME_NONE && w->daypart == DESK_DAYPART_NONE && !short_day(r)) {
        dates(r);
        return;
    }
    enum desk_when_why why = desk_dates_window(&r->p, w, r->days.first, &win);
    bool over = why == DESK_WHY_PAST || why == DESK_WHY_HOUR_PAST;
    if (over && r->days.rolls) { /* "Friday at nine" on a Friday at ten */
        r->days.rolls = false;
        r->days.first = r->days.last = r->days.first + 7;
        if (can_be(r, r->days.first)) {
            one_day(r);
            return;
        }
        why = DESK_WHY_CLOSED;
    }
    if (why == DESK_WHY_OK)
        window(r, win.start, win.end);
    else
        decide(r, why);
}

static void several_days(struct resolver *r)
{
    bool exact =
        r->w.time == DESK_TIME_AT || r->w.time == DESK_TIME_AROUND || r->w.time == DESK_TIME_AS_NOW;
    if (exact) {
        r->out->first = r->days.first;
        r->out->last = r->days.last;
        decide(r, DESK_WHY_WHICH_DAY);
        return;
    }
    dates(r);
    r->out->daypart = r->w.daypart;
}

/* ---- all of it ------------------------------------------------------------------------------ */

/* Is a named zone the business's own? By the first letter of its abbreviation: "MST", "MDT". */
static bool own_zone(const struct resolver *r)
{
    struct desk_local_time t;
    desk_tz_local(r->p.at->tz, r->p.at->now, &t);
    if (r->w.zone == 'G')
        return strcmp(t.abbr, "GMT") == 0 || strcmp(t.abbr, "BST") == 0;
    return !r->w.zone || t.abbr[0] == r->w.zone;
}

static void open_ended(struct resolver *r)
{
    int y, m, d;
    int32_t from = r->w.limit == DESK_DAY_AFTER ? r->days.last + 1 : r->days.first;
    exclude_said(r);
    if (from < r->p.today)
        from = r->p.today;
    desk_civil_from_days(from, &y, &m, &d);
    int64_t start = desk_tz_day_start(r->p.at->tz, y, m, d);
    from_then_on(r, start > r->p.at->now ? start : r->p.at->now);
}

/* "this time next week" is one day. */
static void as_now(struct desk_when *w)
{
    bool now = w->time == DESK_TIME_AS_NOW || (w->time == DESK_TIME_AROUND && w->from.minute < 0);
    bool week = w->day.ref == DESK_DAY_WEEK && w->day.part == DESK_PART_WHOLE;
    bool month = w->day.ref == DESK_DAY_MONTH && !w->day.month && w->day.part == DESK_PART_WHOLE;
    bool year = w->day.ref == DESK_DAY_YEAR && w->day.year == DESK_YEAR_NEXT;
    int n = w->day.offset;
    if (!now || (!week && !month && !year))
        return;
    w->day = desk_dates_day_of(week ? DESK_DAY_IN_DAYS : DESK_DAY_IN_MONTHS);
    w->day.n = week ? 7 * n : year ? 12 : n;
}

static void with_day(struct resolver *r)
{
    as_now(&r->w);
    enum desk_when_why why = find_days(r);
    if (why != DESK_WHY_OK) {
        decide(r, why);
        return;
    }
    bool exact = r->w.time == DESK_TIME_AT || r->w.time == DESK_TIME_AROUND;
    if (r->w.limit == DESK_DAY_AFTER || r->w.limit == DESK_DAY_FROM) {
        if (r->w.day.ref == DESK_DAY_HOLIDAY && r->w.limit == DESK_DAY_AFTER)
            decide(r, DESK_WHY_VAGUE); /* "after Christmas" may be any day */
        else if (exact)
            decide(r, DESK_WHY_WHICH_DAY);
        else
            open_ended(r);
        return;
    }
    limit_days(r);
    why = trim(r);
    if (why != DESK_WHY_OK) {
        decide(r, why);
        return;
    }
    keep_inner_exclusions(r);
    if (r->days.first == r->days.last)
        one_day(r);
    else
        several_days(r);
}

static void resolve(struct resolver *r)
{
    struct desk_when *w = &r->w;
    if (w->trouble != DESK_WHY_OK) {
        decide(r, w->trouble);
        return;
    }
    if (!own_zone(r) && w->time != DESK_TIME_NONE) {
        decide(r, DESK_WHY_ZONE);
        return;
    }
    if (w->time == DESK_TIME_WITHIN && w->day.ref == DESK_DAY_NONE) {
        within(r);
        if (w->time == DESK_TIME_WITHIN)
            return;
    }
    if (w->time == DESK_TIME_IN) {
        elapsed(r);
        return;
    }
    if (w->day.ref == DESK_DAY_NONE && w->earliest && w->time == DESK_TIME_NONE &&
        w->daypart == DESK_DAYPART_NONE) {
        r->days = (struct date_range){r->p.today, r->p.limit, false};
        exclude_said(r);
        from_then_on(r, r->p.at->now);
        return;
    }
    if (w->day.ref == DESK_DAY_NONE) {
        no_day(r);
        if (w->day.ref == DESK_DAY_NONE)
            return;
    }
    with_day(r);
}

void desk_when_resolve(const struct desk_when *w, const struct desk_when_place *at,
                       struct desk_resolved *out)
{
    struct resolver r = {.w = *w, .out = out};
    memset(out, 0, sizeof *out);
    out->first = out->last = INT32_MIN;
    desk_dates_present(&r.p, at);
    resolve(&r);
    if (out->kind == DESK_WHEN_ASK || out->kind == DESK_WHEN_REJECT)
        out->start = out->end = 0;
    desk_dates_say(&r.p, &r.w, out);
}

void desk_when_spoken(const char *text, const struct desk_when_place *at, struct desk_resolved *out)
{
    struct desk_when w;
    desk_when_read(&w, text, at->day_first);
    desk_when_resolve(&w, at, out);
}

const char *desk_when_kind_name(enum desk_when_kind kind)
{
    static const char *const names[] = {"ask", "reject", "date", "slot_window"};
    return (size_t)kind < sizeof names / sizeof *names ? names[kind] : "ask";
}

const char *desk_when_why_name(enum desk_when_why why)
{
    static const char *const names[DESK_WHY__MAX] = {
        [DESK_WHY_OK] = "ok",
        [DESK_WHY_NO_DAY] = "no_day",
        [DESK_WHY_VAGUE] = "vague",
        [DESK_WHY_CONFLICT] = "conflict",
        [DESK_WHY_CHOICE] = "choice",
        [DESK_WHY_NEXT] = "ambiguous_next",
        [DESK_WHY_HOUR] = "ambiguous_hour",
        [DESK_WHY_HOUR_PAST] = "hour_past",
        [DESK_WHY_BAD_TIME] = "bad_time",
        [DESK_WHY_MIDNIGHT] = "midnight",
        [DESK_WHY_ZONE] = "other_zone",
        [DESK_WHY_WHICH_DAY] = "which_day",
        [DESK_WHY_RECURRING] = "recurring",
        [DESK_WHY_TWO_TIMES] = "two_times",
        [DESK_WHY_LAST_YEAR] = "just_past",
        [DESK_WHY_ONLY_NOT] = "only_excluded",
        [DESK_WHY_PAST] = "past",
        [DESK_WHY_CLOSED] = "closed",
        [DESK_WHY_TOO_FAR] = "too_far",
        [DESK_WHY_NO_SUCH_DATE] = "no_such_date",
        [DESK_WHY_NO_SUCH_TIME] = "no_such_time",
    };
    return (size_t)why < DESK_WHY__MAX ? names[why] : "unknown";
}
