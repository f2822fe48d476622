/* Spoken dates, fifth step: what a sentence says as a whole. Days, times and parts of a day found
 * in it are put together from left to right; the words between two of them say how: a correction
 * takes the earlier back, "or" is a choice, "to" a range, nothing between means the same day twice
 * over, and after a digression the last one said counts. */
#include "core/dates_items.h"

/* ---- days ----------------------------------------------------------------------------------- */

/* ---- one function per pair that goes together: the narrower day takes over from the wider ---- */

static bool part_of_week(struct desk_day *narrow, const struct desk_day *wide)
{
    if (!narrow->part == !wide->part)
        return false; /* "midweek next week" */
    narrow->part = narrow->part ? narrow->part : wide->part;
    narrow->offset = narrow->offset ? narrow->offset : wide->offset;
    return true;
}

static bool day_of_week(struct desk_day *narrow, const struct desk_day *wide)
{
    narrow->which = DESK_WHICH_OFFSET;
    narrow->offset = wide->offset;
    return true;
}

static bool date_of_month(struct desk_day *narrow, const struct desk_day *wide)
{
    if (narrow->month)
        return false;
    narrow->which = wide->month ? DESK_WHICH_PLAIN : DESK_WHICH_OFFSET;
    narrow->offset = wide->offset;
    narrow->month = wide->month;
    narrow->year = wide->year;
    return true;
}

static bool day_of_weekend(struct desk_day *narrow, const struct desk_day *wide)
{
    if (narrow->weekday != 0 && narrow->weekday != 6)
        return false;
    narrow->which = wide->which;
    return true;
}

static bool date_of_year(struct desk_day *narrow, const struct desk_day *wide)
{
    if (narrow->year)
        return false;
    narrow->year = wide->year;
    return true;
}

/* Both say one day: the narrower within the wider. False: two different sayings of it. */
static bool refine(struct desk_day *a, const struct desk_day *b)
{
    static const struct {
        enum desk_day_ref narrow, wide;
        bool (*join)(struct desk_day *narrow, const struct desk_day *wide);
    } rows[] = {
        {DESK_DAY_WEEK, DESK_DAY_WEEK, part_of_week},
        {DESK_DAY_WEEKDAY, DESK_DAY_WEEK, day_of_week},
        {DESK_DAY_DATE, DESK_DAY_MONTH, date_of_month},
        {DESK_DAY_WEEKDAY, DESK_DAY_WEEKEND, day_of_weekend},
        {DESK_DAY_DATE, DESK_DAY_YEAR, date_of_year},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bool as_is = a->ref == rows[i].narrow && b->ref == rows[i].wide;
        bool turned = b->ref == rows[i].narrow && a->ref == rows[i].wide;
        struct desk_day both = as_is ? *a : *b;
        if ((as_is || turned) && rows[i].join(&both, as_is ? b : a)) {
            *a = both;
            return true;
        }
    }
    return false;
}

/* The very same words again. */
static bool same_day(const struct desk_day *a, const struct desk_day *b)
{
    return a->ref == b->ref && a->which == b->which && a->weekday == b->weekday &&
           a->offset == b->offset && a->year == b->year && a->month == b->month &&
           a->day == b->day && a->n == b->n && a->shift == b->shift &&
           a->then_weekday == b->then_weekday && a->part == b->part && a->whole == b->whole;
}

/* "the 3rd to the 5th", "December 3rd to 5th": the second in the first one's month. */
static void set_last(struct desk_when *w, const struct desk_day *b)
{
    w->last = *b;
    if (w->day.ref == DESK_DAY_DATE && b->ref == DESK_DAY_DATE && !w->day.month) {
        w->day.month = b->month; /* "the 3rd to the 5th of January" */
        w->day.year = b->year;
    } else if (w->day.ref == DESK_DAY_DATE && b->ref == DESK_DAY_DATE && !b->month) {
        w->last.month = w->day.month;
        w->last.year = w->day.year;
    }
}

/* Said side by side: the same day, if they agree; that is seen when they are looked up. */
static void say_again(struct reading *r, const struct desk_day *b)
{
    struct desk_when *w = r->w;
    if (refine(&w->day, b) || same_day(&w->day, b))
        return;
    if (w->last.ref == DESK_DAY_WEEKDAY && b->ref == DESK_DAY_DATE)
        set_last(w, b); /* "Monday to Wednesday the 25th" */
    else if (w->day.ref == DESK_DAY_WEEKDAY && b->ref == DESK_DAY_WEEKDAY)
        item_trouble(r, DESK_WHY_CHOICE);
    else if (w->check.ref == DESK_DAY_NONE)
        w->check = *b;
}

static void replace_day(struct desk_when *w, const struct desk_day *b)
{
    if (w->trouble == DESK_WHY_CHOICE || w->trouble == DESK_WHY_VAGUE)
        w->trouble = DESK_WHY_OK;
    w->day = *b;
    w->last = w->check = w->later = desk_dates_day_of(DESK_DAY_NONE);
    w->limit = DESK_DAY_ON;
}

/* After a digression: the later one, unless it goes with the first. */
static void say_later(struct desk_when *w, const struct desk_day *b)
{
    enum desk_day_ref a = w->day.ref;
    if (refine(&w->day, b))
        return;
    if ((a == DESK_DAY_DATE && b->ref == DESK_DAY_WEEKDAY) ||
        (b->ref == DESK_DAY_DATE && a == DESK_DAY_WEEKDAY))
        w->check = w->later = *b;
    else
        replace_day(w, b);
}

static void merge_day(struct reading *r, const struct desk_day *b, enum link link)
{
    switch (link) {
    case LINK_OR:
    case LINK_AND:
        if (!refine(&r->w->day, b))
            item_trouble(r, DESK_WHY_CHOICE);
        break;
    case LINK_RANGE:
        set_last(r->w, b);
        break;
    case LINK_SAME:
    case LINK_SOFT:
        say_again(r, b);
        break;
    case LINK_APART:
        say_later(r->w, b);
        break;
    case LINK_BUT:
    case LINK_FIX:
        replace_day(r->w, b);
        break;
    }
}

static bool not_until(const struct reading *r, size_t i)
{
    for (size_t k = i; k-- > 0 && i - k < 8;)
        if (item_is(r, k, T_NOT) || item_is(r, k, T_NO_GOOD))
            return true;
    return false;
}

/* The word before a day that makes it a limit, or after it. */
static enum desk_day_limit limit_of(const struct reading *r, size_t i)
{
    size_t k = i;
    while (k > 0 &&
           (item_is(r, k - 1, T_THE) || item_is(r, k - 1, T_FILL) || item_is(r, k - 1, T_EL)))
        k--;
    const struct tok *before =
        k > 0 && r->item[k - 1].type == I_TOKEN ? item_token(r, k - 1) : NULL;
    size_t b = i + 1;
    if (item_is(r, b, T_ONWARD))
        return item_token(r, b)->v ? DESK_DAY_BY : DESK_DAY_FROM;
    if (!before)
        return DESK_DAY_ON;
    switch (before->kind) {
    case T_AFTER:
        return before->v == 1 ? DESK_DAY_FROM : DESK_DAY_AFTER;
    case T_BEFORE:
        return DESK_DAY_BEFORE;
    case T_UNTIL: /* "I'm not here until Wednesday" */
        return not_until(r, k - 1) ? DESK_DAY_FROM : DESK_DAY_BY;
    case T_BY:
    case T_WITHIN:
        return DESK_DAY_BY;
    case T_FROM:
        return DESK_DAY_FROM;
    default:
        return DESK_DAY_ON;
    }
}

static bool since(const struct reading *r, size_t i)
{
    while (i > 0 && desk_dates_small(r, i - 1))
        i--;
    return i > 0 && item_is(r, i - 1, T_SINCE);
}

static bool in_past(const struct desk_day *d)
{
    return (d->ref == DESK_DAY_IN_DAYS && d->n < 0) || d->which == DESK_WHICH_LAST ||
           (d->which == DESK_WHICH_OFFSET && d->offset < 0);
}

static void exclude(struct reading *r, const struct desk_day *d)
{
    r->only_not = true;
    if (d->ref == DESK_DAY_WEEK && d->which == DESK_WHICH_OFFSET && d->offset == 0 &&
        r->w->day.ref == DESK_DAY_NONE) {
        r->w->day = *d; /* "not this week": the next */
        r->w->day.offset = 1;
    } else if (r->w->n_nots < DESK_WHEN_NOTS) {
        r->w->nots[r->w->n_nots++] = *d;
        /* "any day but Monday next week" */
        if (r->any && d->ref == DESK_DAY_WEEKDAY && d->which == DESK_WHICH_OFFSET &&
            r->w->day.ref == DESK_DAY_NONE) {
            r->w->day = desk_dates_day_of(DESK_DAY_WEEK);
            r->w->day.which = DESK_WHICH_OFFSET;
            r->w->day.offset = d->offset;
        }
    }
}

/* "next week after Tuesday": the days of that week that are left. */
static bool limit_in_week(struct desk_when *w, const struct desk_day *b, enum desk_day_limit limit)
{
    if (w->day.ref != DESK_DAY_WEEK || w->day.part != DESK_PART_WHOLE ||
        b->ref != DESK_DAY_WEEKDAY || b->which != DESK_WHICH_PLAIN || limit == DESK_DAY_ON)
        return false;
    bool from = limit == DESK_DAY_AFTER || limit == DESK_DAY_FROM;
    struct desk_day said = *b, edge = *b;
    said.which = edge.which = DESK_WHICH_OFFSET;
    said.offset = edge.offset = w->day.offset;
    said.shift = limit == DESK_DAY_AFTER ? 1 : limit == DESK_DAY_BEFORE ? -1 : 0;
    edge.weekday = from ? 0 : 1; /* a week ends on Sunday */
    w->day = from ? said : edge;
    w->last = from ? edge : said;
    w->limit = DESK_DAY_ON;
    return true;
}

static void read_days(struct reading *r)
{
    size_t last = r->n, past = r->n;
    for (size_t i = 0; i < r->n; i++) {
        const struct item *it = &r->item[i];
        if (it->type != I_DAY || since(r, i))
            continue;
        if (it->negated) {
            exclude(r, &it->u.day);
            continue;
        }
        if (in_past(&it->u.day) || item_is(r, i + 1, T_AGO)) {
            past = past == r->n ? i : past; /* counts only when there is no other */
            if (i + 1 < r->n && r->item[i + 1].type == I_DAY &&
                r->item[i + 1].u.day.ref == DESK_DAY_WEEKDAY)
                item_trouble(r, DESK_WHY_CONFLICT); /* "a week ago Monday": that Monday? */
            continue;
        }
        enum link link = last == r->n ? LINK_FIX : desk_dates_link(r, last, i);
        enum desk_day_limit limit = limit_of(r, i);
        if (last < r->n && limit_in_week(r->w, &it->u.day, limit)) {
            last = i;
            continue;
        }
        merge_day(r, &it->u.day, link);
        if (link == LINK_FIX || link == LINK_BUT || link == LINK_APART)
            r->w->limit = limit;
        last = i;
    }
    if (last == r->n && past < r->n)
        r->w->day = r->item[past].u.day;
    if (r->w->last.ref != DESK_DAY_NONE)
        r->w->limit = DESK_DAY_ON;
}

/* ---- times ---------------------------------------------------------------------------------- */

static void take_time(struct desk_when *w, const struct time_said *s)
{
    w->time = s->kind;
    w->from = s->from;
    w->to = s->to;
    w->minutes = s->minutes;
}

/* "after two but before five" */
static bool complete(struct desk_when *w, const struct time_said *s)
{
    if (w->time == DESK_TIME_AFTER && s->kind == DESK_TIME_BEFORE) {
        w->to = s->from;
    } else if (w->time == DESK_TIME_BEFORE && s->kind == DESK_TIME_AFTER) {
        w->to = w->from;
        w->from = s->from;
    } else {
        return false;
    }
    w->time = DESK_TIME_BETWEEN;
    return true;
}

static bool same_time(const struct desk_when *w, const struct time_said *s)
{
    return w->time == s->kind && w->from.minute == s->from.minute && w->to.minute == s->to.minute;
}

static void merge_time(struct reading *r, const struct time_said *s, enum link link)
{
    struct desk_when *w = r->w;
    if (link == LINK_FIX) {
        if (w->trouble == DESK_WHY_CHOICE || w->trouble == DESK_WHY_BAD_TIME)
            w->trouble = DESK_WHY_OK;
        take_time(w, s);
    } else if (complete(w, s) || same_time(w, s)) {
        return;
    } else if (link == LINK_APART || link == LINK_BUT) {
        if (!s->weak)
            take_time(w, s);
    } else {
        item_trouble(r, DESK_WHY_CHOICE);
    }
    if (s->trouble != DESK_WHY_OK)
        item_trouble(r, s->trouble);
}

static void read_times(struct reading *r)
{
    size_t last = r->n;
    bool elapsed_past = false, few = false;
    for (size_t i = 0; i < r->n; i++) {
        const struct time_said *s = &r->item[i].u.time;
        if (r->item[i].type != I_TIME)
            continue;
        if (r->item[i].negated) {
            r->only_not = true;
            continue;
        }
        if (s->kind == DESK_TIME_IN && s->minutes < 0) {
            elapsed_past = true;
            continue;
        }
        if (s->trouble == DESK_WHY_VAGUE) { /* "in a few days" */
            few = true;
            continue;
        }
        if (last == r->n) {
            take_time(r->w, s);
            if (s->trouble != DESK_WHY_OK)
                item_trouble(r, s->trouble);
        } else {
            merge_time(r, s, desk_dates_link(r, last, i));
        }
        last = i;
    }
    if (few && r->w->day.ref == DESK_DAY_NONE)
        item_trouble(r, DESK_WHY_VAGUE);
    if (elapsed_past && last == r->n && r->w->day.ref == DESK_DAY_NONE) {
        r->w->day = desk_dates_day_of(DESK_DAY_IN_DAYS);
        r->w->day.n = -1;
    }
}

/* ---- parts of a day ------------------------------------------------------------------------- */

/* "not in the morning": what is left of the day. */
static void leave_out(struct desk_when *w, enum desk_daypart p)
{
    if (w->time != DESK_TIME_NONE || w->daypart != DESK_DAYPART_NONE)
        return;
    w->from = (struct desk_clock){
        p == DESK_DAYPART_EVENING || p == DESK_DAYPART_NIGHT ? 17 * 60 : 12 * 60, true};
    w->time = p == DESK_DAYPART_MORNING ? DESK_TIME_AFTER : DESK_TIME_BEFORE;
}

/* Two parts said of one day: the more exact one. */
static bool within_other(enum desk_daypart exact, enum desk_daypart wide)
{
    if (exact == DESK_DAYPART_FIRST_THING)
        return wide == DESK_DAYPART_MORNING;
    if (exact == DESK_DAYPART_END_OF_DAY)
        return wide == DESK_DAYPART_AFTERNOON || wide == DESK_DAYPART_EVENING;
    return exact == wide;
}

static void merge_part(struct reading *r, const struct item *it, enum link link)
{
    struct desk_when *w = r->w;
    enum desk_daypart p = it->u.part.daypart;
    if (link == LINK_OR || link == LINK_AND)
        item_trouble(r, DESK_WHY_CHOICE);
    else if (link == LINK_FIX || !within_other(w->daypart, p)) {
        w->daypart = p;
        w->part = it->u.part.part;
    }
}

static void read_parts(struct reading *r)
{
    size_t last = r->n;
    for (size_t i = 0; i < r->n; i++) {
        const struct item *it = &r->item[i];
        if (it->type != I_PART)
            continue;
        if (it->negated) {
            leave_out(r->w, it->u.part.daypart);
            continue;
        }
        if (last == r->n) {
            r->w->daypart = it->u.part.daypart;
            r->w->part = it->u.part.part;
        } else {
            merge_part(r, it, desk_dates_link(r, last, i));
        }
        last = i;
    }
}

/* A time and a part with a correction between them: the later one is meant. */
static void settle(struct reading *r)
{
    for (size_t i = 0; i < r->n; i++)
        for (size_t k = i + 1; k < r->n; k++) {
            enum item_type a = r->item[i].type, b = r->item[k].type;
            bool pair = (a == I_TIME && b == I_PART) || (a == I_PART && b == I_TIME);
            if (!pair || r->item[i].negated || r->item[k].negated)
                continue;
            bool fix = false;
            for (size_t m = i + 1; m < k; m++)
                fix = fix || (item_is(r, m, T_FIX) && item_token(r, m)->v < 2);
            if (fix && a == I_TIME)
                r->w->time = DESK_TIME_NONE;
            else if (fix)
                r->w->daypart = DESK_DAYPART_NONE;
        }
}

/* ---- all of it ------------------------------------------------------------------------------ */

/* "move it from Tuesday to Thursday": not a range. */
static void moved(struct reading *r)
{
    bool move = false;
    for (size_t i = 0; i < r->n; i++)
        move = move || item_is(r, i, T_MOVE);
    if (!move || r->w->last.ref == DESK_DAY_NONE)
        return;
    r->w->day = r->w->last;
    r->w->last = desk_dates_day_of(DESK_DAY_NONE);
}

static bool said_when(const struct desk_when *w)
{
    return w->day.ref != DESK_DAY_NONE || w->time != DESK_TIME_NONE ||
           w->daypart != DESK_DAYPART_NONE;
}

void desk_when_init(struct desk_when *w)
{
    *w = (struct desk_when){0};
    w->day = w->last = w->check = w->later = desk_dates_day_of(DESK_DAY_NONE);
}

void desk_when_read(struct desk_when *w, const char *text, bool british)
{
    struct toks t;
    struct reading r = {.t = &t, .w = w};
    desk_when_init(w);
    desk_dates_tokens(&t, text);
    desk_dates_items(&r, british);
    read_days(&r);
    read_times(&r);
    read_parts(&r);
    settle(&r);
    moved(&r);
    desk_dates_asides(&r);
    if (t.cut) {
        w->trouble = DESK_WHY_VAGUE; /* what was not read may have changed it */
        return;
    }
    if (said_when(w))
        return;
    if (r.vague && !r.earliest)
        item_trouble(&r, DESK_WHY_VAGUE);
    else if (r.earliest || r.any)
        w->earliest = true;
    else
        item_trouble(&r, r.only_not ? DESK_WHY_ONLY_NOT : DESK_WHY_NO_DAY);
}
