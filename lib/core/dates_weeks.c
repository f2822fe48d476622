/* Spoken dates, third step: tokens → weeks, months, and days that lean on others ("the Monday after
 * Thanksgiving"). The longer turns stand before the shorter; inside one that leans on a day only a
 * simple day is looked for: no recursion. */
#include "core/dates_words.h"

/* ---- weeks and months ----------------------------------------------------------------------- */

/* "this week", "next week", "the week after next", "la semana que viene": from the current one. */
static size_t week_said(const struct toks *t, size_t i, int *offset)
{
    enum desk_which which;
    size_t k = tok_article(t, i);
    /* "next week's Tuesday" is written as a plural */
    bool weeks = tok_at(t, k + 1)->flags & F_PLURAL && !tok_is(t, k + 2, T_WEEKDAY);
    if (desk_dates_which_word(tok_at(t, k), &which) && tok_unit(t, k + 1, UNIT_WEEK) && !weeks) {
        *offset = desk_dates_offset_of(which);
        return k + 2 - i;
    }
    if (!tok_unit(t, k, UNIT_WEEK))
        return 0;
    if (tok_is(t, k + 1, T_AFTERNEXT)) {
        *offset = 2;
        return k + 2 - i;
    }
    if (desk_dates_which_word(tok_at(t, k + 1), &which) && tok_at(t, k + 1)->flags & F_SPANISH) {
        *offset = desk_dates_offset_of(which);
        return k + 2 - i;
    }
    return 0;
}

/* "early next week", "the end of the week", "next week" */
static size_t week(const struct toks *t, size_t i, struct desk_day *out)
{
    enum desk_part part;
    int offset = 0;
    size_t k = tok_article(t, i);
    bool parted = desk_dates_part_word(tok_at(t, k), &part);
    k = parted ? k + 1 : i;
    if (parted)
        k = tok_skip(t, tok_skip(t, k, T_IN), T_OF);
    size_t n = week_said(t, k, &offset);
    if (!n && parted) {
        size_t bare = tok_article(t, k); /* "the end of the week", "midweek" */
        if (tok_unit(t, bare, UNIT_WEEK) && (bare > k || part == DESK_PART_MID))
            n = bare + 1 - k;
    }
    if (!n)
        return 0;
    *out = desk_dates_day_of(DESK_DAY_WEEK);
    out->which = DESK_WHICH_OFFSET;
    out->offset = offset;
    out->part = part;
    return k + n - i;
}

/* "this weekend", "the weekend", "next weekend", "el fin de semana que viene" */
static size_t weekend(const struct toks *t, size_t i, struct desk_day *out)
{
    enum desk_which which = DESK_WHICH_PLAIN;
    size_t k = tok_article(t, i);
    if (desk_dates_which_word(tok_at(t, k), &which))
        k++;
    if (!tok_is(t, k, T_WEEKEND))
        return 0;
    *out = desk_dates_day_of(DESK_DAY_WEEKEND);
    out->which = which;
    k++;
    if (tok_is(t, k, T_AFTERNEXT)) {
        out->shift = 7;
        k++;
    } else if (which == DESK_WHICH_PLAIN && desk_dates_which_word(tok_at(t, k), &which) &&
               tok_at(t, k)->flags & F_SPANISH) {
        out->which = which;
        k++;
    }
    return k - i;
}

/* "December", "early next month", "the end of January" */
static size_t month(const struct toks *t, size_t i, struct desk_day *out)
{
    enum desk_which which = DESK_WHICH_PLAIN;
    enum desk_part part;
    size_t k = tok_article(t, i);
    if (desk_dates_part_word(tok_at(t, k), &part))
        k = tok_article(t, tok_skip(t, tok_skip(t, k + 1, T_IN), T_OF));
    if (desk_dates_which_word(tok_at(t, k), &which))
        k++;
    bool named = tok_is(t, k, T_MONTH);
    bool current = tok_unit(t, k, UNIT_MONTH) && !(tok_at(t, k)->flags & F_PLURAL);
    if (!named && !(current && (which != DESK_WHICH_PLAIN || part != DESK_PART_WHOLE ||
                                tok_is(t, k + 1, T_COMING))))
        return 0;
    *out = desk_dates_day_of(DESK_DAY_MONTH);
    out->part = part;
    out->which = named ? which : DESK_WHICH_OFFSET;
    out->month = named ? tok_at(t, k)->v : 0;
    k++;
    if (!named && which == DESK_WHICH_PLAIN && tok_is(t, k, T_COMING))
        which = DESK_WHICH_NEXT, k++;
    if (!named && which != DESK_WHICH_PLAIN)
        out->offset = desk_dates_offset_of(which);
    return k + (named ? desk_dates_year(t, k, out) : 0) - i;
}

/* "in December", "of next month", "of the month" behind it. */
static size_t in_month(const struct toks *t, size_t i, struct desk_day *out)
{
    size_t m = i + 1, bare = tok_article(t, m);
    *out = desk_dates_day_of(DESK_DAY_MONTH);
    if (!TOK_AMONG(tok_at(t, i), T_OF, T_IN))
        return 0;
    size_t n = month(t, m, out);
    if (!n && tok_unit(t, bare, UNIT_MONTH))
        n = bare + 1 - m;
    return n ? 1 + n : 0;
}

/* "first Monday in December", "the last Friday of the month", "the first week of January" */
static size_t nth(const struct toks *t, size_t i, struct desk_day *out)
{
    struct desk_day in;
    size_t k = tok_article(t, i);
    const struct tok *a = tok_at(t, k), *of = tok_at(t, k + 1);
    bool week_of = tok_unit(t, k + 1, UNIT_WEEK), day_of = tok_unit(t, k + 1, UNIT_DAY);
    if (!TOK_AMONG(a, T_ORD, T_LAST) || (of->kind != T_WEEKDAY && !week_of && !day_of))
        return 0;
    size_t n = in_month(t, k + 2, &in);
    /* without a month only "the second Tuesday": "the first Tuesday" may be any */
    if (!n && (a->kind != T_ORD || a->v < 2 || of->kind != T_WEEKDAY))
        return 0;
    *out = in;
    out->ref = week_of ? DESK_DAY_MONTH : DESK_DAY_NTH;
    out->n = a->kind == T_LAST ? -1 : a->v;
    out->weekday = week_of ? 0 : day_of ? DESK_ANY_WEEKDAY : of->v;
    out->part = DESK_PART_WHOLE;
    return k + 2 + n - i;
}

static size_t bare_year(const struct toks *t, size_t i, struct desk_day *out)
{
    enum desk_part part;
    size_t k = tok_article(t, i);
    bool parted = desk_dates_part_word(tok_at(t, k), &part);
    k = parted ? tok_article(t, tok_skip(t, k + 1, T_OF)) : k;
    if (tok_unit(t, k, UNIT_YEAR) && tok_is(t, k + 1, T_NUM))
        k++; /* "the year 2030" */
    struct desk_day d = desk_dates_day_of(DESK_DAY_YEAR);
    size_t n = desk_dates_year(t, k, &d);
    if (!n && parted && tok_unit(t, k, UNIT_YEAR)) {
        d.year = DESK_YEAR_THIS;
        n = 1;
    }
    const struct tok *first = tok_at(t, k);
    /* a number alone is a year only where one is due */
    bool due = (i > 0 && tok_is(t, i - 1, T_IN)) || tok_unit(t, k - 1, UNIT_YEAR);
    if (!n || (first->kind == T_NUM && !due))
        return 0;
    *out = d;
    return k + n - i;
}

/* ---- days that lean on others --------------------------------------------------------------- */

/* "the day after Thanksgiving", "the day before Christmas" */
static size_t beside(const struct toks *t, size_t i, struct desk_day *out)
{
    const struct tok *a = tok_at(t, i);
    if (a->kind != T_VAGUE || (a->v != 1 && a->v != 2))
        return 0;
    size_t n = desk_dates_simple_day(t, i + 1, out);
    if (!n)
        return 0;
    out->shift += a->v == 1 ? 1 : -1;
    return 1 + n;
}

/* "the Monday after Thanksgiving", "the weekend before Christmas", "the week after the 3rd" */
static size_t after_day(const struct toks *t, size_t i, struct desk_day *out)
{
    size_t k = tok_article(t, i);
    const struct tok *a = tok_at(t, k), *b = tok_at(t, k + 1);
    bool week_of = tok_unit(t, k, UNIT_WEEK);
    if ((a->kind != T_WEEKDAY && a->kind != T_WEEKEND && !week_of) ||
        (b->kind != T_AFTER && b->kind != T_BEFORE))
        return 0;
    if (b->kind == T_BEFORE && tok_is(t, k + 2, T_LAST)) { /* "the Monday before last" */
        *out = desk_dates_day_of(DESK_DAY_IN_DAYS);
        out->n = -8;
        return k + 3 - i;
    }
    size_t n = desk_dates_simple_day(t, k + 2, out);
    bool before = b->kind == T_BEFORE;
    /* a week or month would not do inside, nor another weekday: "Monday after Tuesday" */
    if (!n || (a->kind == T_WEEKDAY && out->ref == DESK_DAY_WEEKDAY))
        return 0;
    if (week_of) {
        out->shift += before ? -7 : 7;
        out->whole = DESK_WHOLE_WEEK;
    } else {
        out->then_weekday = a->kind == T_WEEKEND ? 6 : a->v;
        out->then_before = before;
        out->whole = a->kind == T_WEEKEND ? DESK_WHOLE_WEEKEND : DESK_WHOLE_DAY;
    }
    return k + 2 + n - i;
}

/* "the week of December 7th", "the weekend of the 5th" */
static size_t whole_of(const struct toks *t, size_t i, struct desk_day *out)
{
    size_t k = tok_article(t, i), n;
    bool week_of = tok_unit(t, k, UNIT_WEEK);
    if ((!week_of && !tok_is(t, k, T_WEEKEND)) ||
        !(tok_is(t, k + 1, T_OF) || (tok_is(t, k + 1, T_FROM) && tok_at(t, k + 1)->v)))
        return 0;
    n = desk_dates_simple_day(t, k + 2, out);
    if (!n)
        return 0;
    out->whole = week_of ? DESK_WHOLE_WEEK : DESK_WHOLE_WEEKEND;
    return k + 2 + n - i;
}

/* "in two weeks", "dentro de tres días", "in the next few days" */
static size_t in_span(const struct toks *t, size_t i, struct desk_day *out)
{
    struct span_said s;
    const struct tok *a = tok_at(t, i);
    size_t k = i + 1;
    if (a->kind != T_IN)
        return 0;
    bool about = tok_is(t, k, T_AROUND);
    if (about || tok_is(t, k, T_FILL))
        k++;
    size_t n = desk_dates_span(t, k, &s);
    struct desk_day from;
    bool more = tok_is(t, k + n, T_FROM) && desk_dates_simple_day(t, k + n + 1, &from);
    if (!n || s.few || more || !desk_dates_days_of(&s, out))
        return 0; /* "come in a week from today" */
    if (s.unit > UNIT_DAY)
        out->spread = s.unit == UNIT_YEAR ? 0 : 3;
    else if (a->v || about || tok_is(t, k, T_COUPLE) || tok_is(t, k + 1, T_COUPLE))
        out->spread = 1; /* "in about ten days" */
    if (tok_is(t, k + n, T_ISH)) {
        out->spread = out->spread ? out->spread : 1;
        n++;
    }
    return k + n - i;
}

/* A length, also the one of "week from tomorrow"; few is none. */
static size_t known_span(const struct toks *t, size_t i, struct span_said *s)
{
    if (tok_unit(t, i, UNIT_WEEK) && tok_is(t, i + 1, T_FROM) && !tok_at(t, i + 1)->v) {
        *s = (struct span_said){.halves = 2, .unit = UNIT_WEEK};
        return 1;
    }
    size_t n = desk_dates_span(t, i, s);
    return s->few ? 0 : n;
}

/* "ago", "from now" behind a length; "a week ago Monday" is all there is of that sentence. */
static size_t from_present(const struct toks *t, size_t i, bool at_start, const struct span_said *s,
                           struct desk_day *out)
{
    if (tok_is(t, i, T_FROM_NOW)) {
        out->spread = s->unit > UNIT_DAY && s->unit != UNIT_YEAR ? 3 : 0;
        return 1;
    }
    if (!tok_is(t, i, T_AGO))
        return 0;
    out->n = -out->n;
    return at_start && tok_is(t, i + 1, T_WEEKDAY) && tok_is(t, i + 2, T_END) ? 2 : 1;
}

/* That many days or months (in out) from a base. False: no such way to say it. */
static bool count_from(const struct desk_day *base, const struct span_said *s, bool linked,
                       bool back, struct desk_day *out)
{
    if (linked && out->ref == DESK_DAY_IN_MONTHS) {
        /* "a month from today" is that date; from another day it is near enough to be refused when
         * it is too far, and a week to choose from when not */
        bool today = base->ref == DESK_DAY_IN_DAYS;
        out->shift = today ? base->n : 3;
        out->spread = today || out->n >= 12 ? 0 : 3;
        return true;
    }
    if (out->ref != DESK_DAY_IN_DAYS || out->open_days)
        return false;
    /* "a week Monday" is British; "two days Monday", "a week the 3rd" are nothing */
    bool weeks = s->unit == UNIT_WEEK || s->unit == UNIT_FORTNIGHT;
    if (!linked && (!weeks || base->ref == DESK_DAY_DATE))
        return false;
    int n = back ? -out->n : out->n;
    *out = *base;
    out->shift += n;
    return true;
}

/* "two weeks from now", "a week from Monday", "a week on Monday", "a week today", "3 days ago" */
static size_t span_from(const struct toks *t, size_t i, struct desk_day *out)
{
    struct span_said s;
    struct desk_day base;
    bool since = tok_is(t, i, T_AGO) && tok_at(t, i)->v; /* "hace dos días" */
    size_t k = since ? i + 1 : i, n = known_span(t, k, &s);
    if (!n || !desk_dates_days_of(&s, out))
        return 0;
    k += n;
    if (since) {
        out->n = -out->n;
        return k - i;
    }
    n = from_present(t, k, i == 0, &s, out);
    if (n)
        return k + n - i;
    bool linked = TOK_AMONG(tok_at(t, k), T_FROM, T_ON, T_AFTER, T_BEFORE);
    bool back = tok_is(t, k, T_BEFORE);
    k += linked;
    n = desk_dates_simple_day(t, k, &base);
    return n && count_from(&base, &s, linked, back, out) ? k + n - i : 0;
}

/* "Monday week", "tomorrow fortnight" */
static size_t week_later(const struct toks *t, size_t i, struct desk_day *out)
{
    struct desk_day base;
    size_t n = desk_dates_simple_day(t, i, &base);
    const struct tok *unit = tok_at(t, i + n);
    bool plain = base.ref == DESK_DAY_WEEKDAY || base.ref == DESK_DAY_IN_DAYS;
    if (n && base.ref == DESK_DAY_HOLIDAY && tok_unit(t, i + n, UNIT_WEEK)) {
        *out = base; /* "Thanksgiving week" */
        out->whole = DESK_WHOLE_WEEK;
        return n + 1;
    }
    if (n && base.ref == DESK_DAY_HOLIDAY && tok_is(t, i + n, T_WEEKEND)) {
        *out = base; /* of a Monday the weekend before it */
        out->shift -= 2;
        out->whole = DESK_WHOLE_WEEKEND;
        return n + 1;
    }
    if (!n || !plain || unit->kind != T_UNIT || unit->flags & F_PLURAL)
        return 0;
    if (unit->v != (int)UNIT_WEEK && unit->v != (int)UNIT_FORTNIGHT)
        return 0;
    *out = base;
    out->shift += unit->v == (int)UNIT_WEEK ? 7 : 14;
    return n + 1;
}

/* "in two weeks" behind a weekday. */
static size_t weeks_ahead(const struct toks *t, size_t i, int *offset)
{
    struct span_said s;
    size_t n = desk_dates_span(t, i, &s);
    if (!n || s.few || (s.unit != UNIT_WEEK && s.unit != UNIT_FORTNIGHT))
        return 0;
    *offset = s.halves / 2 * (s.unit == UNIT_WEEK ? 1 : 2);
    return n;
}

/* "Tuesday of next week", "Tuesday in two weeks" */
static size_t weekday_first(const struct toks *t, size_t i, struct desk_day *day, int *offset)
{
    size_t n = desk_dates_weekday(t, i, day), k = i + n;
    if (!n)
        return 0;
    bool in = tok_is(t, k, T_IN);
    if (TOK_AMONG(tok_at(t, k), T_OF, T_ON, T_IN, T_PAUSE, T_FROM))
        k++;
    n = week_said(t, k, offset);
    if (!n && in)
        n = weeks_ahead(t, k, offset);
    return n ? k + n - i : 0;
}

/* "next week on Tuesday" */
static size_t week_first(const struct toks *t, size_t i, struct desk_day *day, int *offset)
{
    size_t n = week_said(t, i, offset), k = i + n;
    if (!n)
        return 0;
    while (TOK_AMONG(tok_at(t, k), T_ON, T_PAUSE, T_FILL))
        k++;
    n = desk_dates_weekday(t, k, day);
    return n && day->which == DESK_WHICH_PLAIN && !day->shift ? k + n - i : 0;
}

static size_t weekday_of_week(const struct toks *t, size_t i, struct desk_day *out)
{
    int offset;
    size_t n = weekday_first(t, i, out, &offset);
    n = n ? n : week_first(t, i, out, &offset);
    if (!n)
        return 0;
    out->which = DESK_WHICH_OFFSET;
    out->offset = offset;
    return n;
}

/* "two Fridays from now" */
static size_t counted_weekdays(const struct toks *t, size_t i, struct desk_day *out)
{
    const struct tok *n = tok_at(t, i), *day = tok_at(t, i + 1);
    bool from_today = tok_is(t, i + 2, T_FROM) && tok_is(t, i + 3, T_RELDAY);
    if ((n->kind != T_NUM && n->kind != T_COUPLE) || n->v < 1 || n->v > 60 ||
        day->kind != T_WEEKDAY)
        return 0;
    *out = desk_dates_day_of(DESK_DAY_IN_DAYS);
    out->then_weekday = day->v;
    out->n = 7 * (n->v - 1);
    if (tok_is(t, i + 2, T_AGO)) {
        out->n = -7;
        return 3;
    }
    return tok_is(t, i + 2, T_FROM_NOW) ? 3 : from_today ? 4 : 0;
}

/* "de hoy en ocho": a week, as Spanish counts it */
static size_t en_ocho(const struct toks *t, size_t i, struct desk_day *out)
{
    size_t k = tok_skip(t, i, T_OF);
    const struct tok *n = tok_at(t, k + 2);
    if (!desk_dates_simple_day(t, k, out) || !tok_is(t, k + 1, T_IN) || n->kind != T_NUM ||
        !(n->flags & F_SPANISH) || (n->v != 8 && n->v != 15) || k == i)
        return 0;
    out->shift += n->v == 8 ? 7 : 14;
    k += 3;
    return (tok_unit(t, k, UNIT_DAY) ? k + 1 : k) - i;
}

size_t desk_dates_day(const struct toks *t, size_t i, struct desk_day *out)
{
    static desk_dates_matcher *const all[] = {counted_weekdays,
                                              en_ocho,
                                              in_span,
                                              span_from,
                                              beside,
                                              after_day,
                                              whole_of,
                                              nth,
                                              weekday_of_week,
                                              week_later,
                                              week,
                                              weekend,
                                              desk_dates_simple_day,
                                              bare_year,
                                              month};
    for (size_t r = 0; r < sizeof all / sizeof *all; r++) {
        size_t n = all[r](t, i, out);
        if (n)
            return n;
    }
    return 0;
}
