/* Spoken dates, second step: tokens → a day, a week, a month. One function per turn of speech; the
 * first that fits is taken, so the longer ones stand before the shorter. Turns that lean on another
 * day ("the Monday after Thanksgiving") take only a simple one inside: no recursion. */
#include "core/dates_words.h"

struct desk_day desk_dates_day_of(enum desk_day_ref ref)
{
    return (struct desk_day){.ref = ref, .then_weekday = -1};
}

typedef size_t matcher(const struct toks *t, size_t i, struct desk_day *out);

static bool unit_is(const struct toks *t, size_t i, enum tok_unit unit)
{
    return tok_is(t, i, T_UNIT) && tok_at(t, i)->v == (int)unit;
}

/* Skips one token of that kind, if it is there. */
static size_t skip(const struct toks *t, size_t i, enum tok_kind kind)
{
    return tok_is(t, i, kind) ? i + 1 : i;
}

static size_t article(const struct toks *t, size_t i)
{
    return tok_is(t, i, T_THE) || tok_is(t, i, T_EL) ? i + 1 : i;
}

static bool which_word(const struct tok *t, enum desk_which *which)
{
    static const struct {
        enum tok_kind kind;
        enum desk_which which;
    } rows[] = {{T_THIS, DESK_WHICH_THIS},
                {T_NEXT, DESK_WHICH_NEXT},
                {T_COMING, DESK_WHICH_COMING},
                {T_LAST, DESK_WHICH_LAST}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (t->kind == rows[i].kind) {
            *which = rows[i].which;
            /* English "coming", "upcoming" is this one; only Spanish "que viene" leaves a doubt */
            if (t->kind == T_COMING && !(t->flags & F_SPANISH))
                *which = DESK_WHICH_THIS;
            return true;
        }
    return false;
}

static int offset_of(enum desk_which which)
{
    return which == DESK_WHICH_LAST ? -1 : which == DESK_WHICH_THIS ? 0 : 1;
}

static bool part_word(const struct tok *t, enum desk_part *part)
{
    *part = t->kind == T_EARLY   ? DESK_PART_EARLY
            : t->kind == T_MID   ? DESK_PART_MID
            : t->kind == T_LATE  ? DESK_PART_LATE
            : t->kind == T_LATER ? DESK_PART_REST
                                 : DESK_PART_WHOLE;
    return *part != DESK_PART_WHOLE;
}

/* ---- lengths --------------------------------------------------------------------------------- */

/* "two", "a", "a couple of", "half a", "one and a half": in halves; few: no number. */
static size_t amount(const struct toks *t, size_t i, struct span_said *out)
{
    size_t k = skip(t, i, T_A);
    const struct tok *n = tok_at(t, k);
    if (n->kind == T_FEW) {
        out->few = true;
        return k + 1 - i;
    }
    if (n->kind == T_COUPLE) {
        out->halves = 4;
        return k + 1 - i;
    }
    if (n->kind == T_HALF) {
        out->halves = 1;
        return skip(t, k + 1, T_A) - i;
    }
    if (n->kind == T_QUARTER && tok_is(t, k + 1, T_OF)) {
        out->halves = 0; /* of an hour: 15 minutes */
        return skip(t, k + 2, T_A) - i;
    }
    if (n->kind != T_NUM && !(n->flags & F_SOUND && n->sound))
        return out->halves = 2, k - i;
    out->halves = 2 * (n->kind == T_NUM ? n->v : n->sound);
    k++;
    if (tok_is(t, k, T_OR) && tok_is(t, k + 1, T_NUM)) {
        out->few = true; /* "two or three" */
        return k + 2 - i;
    }
    if (tok_is(t, k, T_AND) && tok_is(t, skip(t, k + 1, T_A), T_HALF)) {
        out->halves++;
        k = skip(t, k + 1, T_A) + 1;
    }
    return k - i;
}

size_t desk_dates_span(const struct toks *t, size_t i, struct span_said *out)
{
    *out = (struct span_said){0};
    size_t n = amount(t, i, out);
    size_t k = skip(t, i + n, T_FILL);
    if (tok_is(t, k, T_BUSINESS)) {
        out->business = true;
        k++;
    }
    const struct tok *unit = tok_at(t, k);
    if (!n || unit->kind != T_UNIT)
        return 0;
    /* "to weeks" can be two of them, "to week" cannot */
    if (tok_at(t, i)->flags & F_SOUND && tok_at(t, i)->kind != T_NUM && !(unit->flags & F_PLURAL) &&
        unit->v > (int)UNIT_DAY)
        return 0;
    out->unit = (enum tok_unit)unit->v;
    k++;
    if (!out->halves && !out->few) {
        out->halves = 30; /* a quarter of an hour */
        out->unit = UNIT_MINUTE;
    }
    size_t half = skip(t, k + 1, T_A);
    if (tok_is(t, k, T_AND) && tok_is(t, half, T_HALF)) {
        out->halves++;
        k = half + 1;
    }
    return k - i;
}

/* Days or months of a length; false for hours and minutes. */
static bool days_of(const struct span_said *s, struct desk_day *out)
{
    static const struct {
        enum tok_unit unit;
        enum desk_day_ref ref;
        int twice; /* days or months of two */
    } rows[] = {
        {UNIT_DAY, DESK_DAY_IN_DAYS, 2},        {UNIT_WEEK, DESK_DAY_IN_DAYS, 14},
        {UNIT_FORTNIGHT, DESK_DAY_IN_DAYS, 28}, {UNIT_MONTH, DESK_DAY_IN_MONTHS, 2},
        {UNIT_YEAR, DESK_DAY_IN_MONTHS, 24},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].unit == s->unit) {
            int64_t n = (int64_t)s->halves * rows[i].twice / 4;
            *out = desk_dates_day_of(rows[i].ref);
            out->n = n > 100000 ? 100000 : (int)n;
            out->open_days = s->business;
            return true;
        }
    return false;
}

/* ---- simple days ----------------------------------------------------------------------------- */

/* A year behind a date: "2027", "twenty twenty seven", "of next year". */
static size_t year(const struct toks *t, size_t i, struct desk_day *out)
{
    size_t k = skip(t, skip(t, i, T_PAUSE), T_OF);
    const struct tok *a = tok_at(t, k), *b = tok_at(t, k + 1);
    enum desk_which which;
    if (a->kind == T_NUM && a->v >= 2000 && a->v < 2100) {
        out->year = a->v;
        return k + 1 - i;
    }
    if (a->kind == T_NUM && a->v == 20 && b->kind == T_NUM && b->v >= 20 && b->v < 60) {
        out->year = 2000 + b->v;
        return k + 2 - i;
    }
    if (which_word(a, &which) && unit_is(t, k + 1, UNIT_YEAR)) {
        out->year = which == DESK_WHICH_LAST   ? DESK_YEAR_LAST
                    : which == DESK_WHICH_THIS ? DESK_YEAR_THIS
                                               : DESK_YEAR_NEXT;
        return k + 2 - i;
    }
    return 0;
}

static bool day_number(const struct tok *t)
{
    return (t->kind == T_ORD || t->kind == T_NUM) && t->v >= 1 && t->v <= 99 &&
           !(t->flags & F_HUNDRED);
}

/* "December 3rd", "December the third" */
static size_t month_day(const struct toks *t, size_t i, struct desk_day *out)
{
    if (!tok_is(t, i, T_MONTH))
        return 0;
    size_t k = article(t, skip(t, i + 1, T_PAUSE));
    const struct tok *d = tok_at(t, k);
    /* "December at three" is no date, but "in May too" is no second of May either */
    if (!day_number(d) || (d->flags & F_WORDY && d->kind == T_NUM))
        return 0;
    bool nth = d->kind == T_ORD && d->v <= 5 && !(d->flags & F_DIGITS);
    if (nth && k > i + 1 && tok_is(t, k + 1, T_WEEKDAY))
        return 0; /* "in December the first Monday" */
    *out = desk_dates_day_of(DESK_DAY_DATE);
    out->month = tok_at(t, i)->v;
    out->day = d->v;
    return k + 1 + year(t, k + 1, out) - i;
}

/* "the third of December", "3 December", "el quince de diciembre", "the 4th of the 1st" */
static size_t day_month(const struct toks *t, size_t i, struct desk_day *out)
{
    size_t k = article(t, i);
    const struct tok *d = tok_at(t, k);
    if (!day_number(d))
        return 0;
    size_t m = skip(t, k + 1, T_OF);
    bool of = m > k + 1;
    m = of ? article(t, m) : m;
    const struct tok *month = tok_at(t, m);
    bool by_number = of && k > i && month->kind == T_ORD && month->v <= 12 && m > k + 2;
    if (month->kind != T_MONTH && !by_number)
        return 0;
    /* "at 3 December 5th": the number is a time */
    if (!of && d->kind == T_NUM && day_number(tok_at(t, m + 1)))
        return 0;
    *out = desk_dates_day_of(DESK_DAY_DATE);
    out->day = d->v;
    out->month = month->v;
    return m + 1 + year(t, m + 1, out) - i;
}

/* "12/5", "one slash four", "12/5/2027" */
static size_t slashed(const struct toks *t, size_t i, struct desk_day *out)
{
    const struct tok *a = tok_at(t, i), *b = tok_at(t, i + 2), *c = tok_at(t, i + 4);
    enum tok_kind sign = (enum tok_kind)tok_at(t, i + 1)->kind;
    bool full = tok_at(t, i + 3)->kind == (unsigned char)sign && c->kind == T_NUM;
    if (!day_number(a) || !day_number(b) || (sign != T_SLASH && (sign != T_DASH || !full)))
        return 0;
    *out = desk_dates_day_of(DESK_DAY_DATE);
    out->slashed = true;
    out->month = a->v;
    out->day = b->v;
    if (!full)
        return 3 + year(t, i + 3, out);
    out->year = c->v < 100 ? 2000 + c->v : c->v;
    return 5;
}

static size_t iso(const struct toks *t, size_t i, struct desk_day *out)
{
    if (!tok_is(t, i, T_ISO))
        return 0;
    *out = desk_dates_day_of(DESK_DAY_DATE);
    desk_civil_from_days(tok_at(t, i)->v, &out->year, &out->month, &out->day);
    return 1;
}

/* May "the third" stand alone before that token? Not before what there is a third of. */
static bool ends_date(const struct toks *all, size_t at)
{
    const struct tok *t = tok_at(all, at);
    static const unsigned char no[] = {T_WORD,    T_LABEL, T_STREET, T_UNIT,  T_WEEKDAY,
                                       T_OCLOCK,  T_AM,    T_PM,     T_CLOCK, T_EARLIEST,
                                       T_WEEKEND, T_HALF,  T_ISH};
    for (size_t i = 0; i < sizeof no; i++)
        if (t->kind == no[i])
            return false;
    /* "the second one", but "the second, one fifteen" */
    bool clock = tok_is(all, at + 1, T_NUM) || tok_is(all, at + 1, T_ISH) ||
                 tok_is(all, at + 1, T_OCLOCK) || tok_is(all, at + 1, T_PM);
    return !(t->kind == T_NUM && t->flags & F_WORDY) || clock;
}

/* "the 3rd", "el quince", "the 15", "the 5th of next month" */
static size_t day_of_month(const struct toks *t, size_t i, struct desk_day *out)
{
    size_t k = article(t, i);
    bool the = k > i,
         spanish = tok_is(t, i, T_EL) || (unit_is(t, i, UNIT_DAY) && tok_is(t, i + 1, T_NUM) &&
                                          tok_at(t, i)->flags & F_SPANISH);
    if (spanish && !the)
        k = i + 1; /* "día quince" */
    const struct tok *d = tok_at(t, k), *next = tok_at(t, k + 1);
    if (i > 0 && tok_is(t, i - 1, T_WEEKDAY) && k == i && next->kind != T_AND) {
        bool of_hour = next->kind == T_PAST || next->kind == T_TO || next->kind == T_UNTIL ||
                       next->kind == T_BEFORE || next->kind == T_AFTER;
        the = d->v > 12 && !of_hour; /* "Monday 23", "el lunes 3" */
        spanish =
            spanish || (tok_at(t, i - 1)->flags & F_SPANISH && d->flags & F_DIGITS && !of_hour);
    }
    bool number = d->kind == T_NUM && (spanish || (the && (d->flags & F_DIGITS || d->v > 12)));
    bool ordinal = d->kind == T_ORD && (the || d->flags & F_DIGITS || d->v > 2);
    if (!day_number(d) || (!number && !ordinal))
        return 0;
    if (!ends_date(t, k + 1) || (number && next->kind == T_NUM && !spanish))
        return 0;
    *out = desk_dates_day_of(DESK_DAY_DATE);
    out->day = d->v;
    enum desk_which which;
    size_t m = article(t, skip(t, k + 1, T_OF));
    if (m > k + 1 && unit_is(t, m, UNIT_MONTH)) {
        if (!tok_is(t, m + 1, T_COMING))
            return m + 1 - i; /* "the first of the month": the next such */
        out->which = DESK_WHICH_OFFSET;
        out->offset = 1;
        return m + 2 - i;
    }
    if (m > k + 1 && which_word(tok_at(t, m), &which) && unit_is(t, m + 1, UNIT_MONTH)) {
        out->which = DESK_WHICH_OFFSET;
        out->offset = offset_of(which);
        return m + 2 - i;
    }
    return tok_is(t, k + 1, T_OF) ? 0 : k + 1 - i; /* "the twelfth of never" */
}

static size_t holiday(const struct toks *t, size_t i, struct desk_day *out)
{
    enum desk_which which = DESK_WHICH_PLAIN;
    size_t k = article(t, i);
    if (which_word(tok_at(t, k), &which))
        k++;
    if (!tok_is(t, k, T_HOLIDAY))
        return 0;
    *out = desk_dates_day_of(DESK_DAY_HOLIDAY);
    out->n = tok_at(t, k)->v;
    out->which = which == DESK_WHICH_LAST ? DESK_WHICH_LAST : DESK_WHICH_PLAIN;
    if (tok_is(t, k + 1, T_EVE)) {
        out->shift = -1; /* "Thanksgiving eve" */
        k++;
    }
    return k + 1 + year(t, k + 1, out) - i;
}

static size_t relday(const struct toks *t, size_t i, struct desk_day *out)
{
    if (!tok_is(t, i, T_RELDAY))
        return 0;
    *out = desk_dates_day_of(DESK_DAY_IN_DAYS);
    out->n = tok_at(t, i)->v;
    return 1;
}

/* "Monday", "this coming Monday", "el lunes que viene", "Monday next" */
static size_t weekday(const struct toks *t, size_t i, struct desk_day *out)
{
    enum desk_which which = DESK_WHICH_PLAIN, behind;
    size_t k = article(t, i);
    if (which_word(tok_at(t, k), &which))
        k++;
    if (!tok_is(t, k, T_WEEKDAY))
        return 0;
    *out = desk_dates_day_of(DESK_DAY_WEEKDAY);
    out->weekday = tok_at(t, k)->v;
    out->which = which;
    k++;
    /* behind it in Spanish, and "Monday next", unless that begins "next week" */
    if (which == DESK_WHICH_PLAIN && which_word(tok_at(t, k), &behind) &&
        !tok_is(t, k + 1, T_UNIT) && !tok_is(t, k + 1, T_WEEKDAY) && !tok_is(t, k, T_THIS) &&
        !tok_is(t, k + 1, T_MONTH)) {
        out->which = behind;
        k++;
    } else if (tok_is(t, k, T_AFTERNEXT)) {
        out->shift = 7; /* "the Monday after next" */
        out->which = DESK_WHICH_PLAIN;
        k++;
    }
    return k - i;
}

static matcher *const simple[] = {iso,     slashed, day_month, month_day,
                                  holiday, relday,  weekday,   day_of_month};

static size_t simple_day(const struct toks *t, size_t i, struct desk_day *out)
{
    for (size_t r = 0; r < sizeof simple / sizeof *simple; r++) {
        size_t n = simple[r](t, i, out);
        if (n)
            return n;
    }
    return 0;
}

/* ---- weeks and months ------------------------------------------------------------------------ */

/* "this week", "next week", "the week after next", "la semana que viene": from the current one. */
static size_t week_said(const struct toks *t, size_t i, int *offset)
{
    enum desk_which which;
    size_t k = article(t, i);
    if (which_word(tok_at(t, k), &which) && unit_is(t, k + 1, UNIT_WEEK) &&
        !(tok_at(t, k + 1)->flags & F_PLURAL)) {
        *offset = offset_of(which);
        return k + 2 - i;
    }
    if (!unit_is(t, k, UNIT_WEEK))
        return 0;
    if (tok_is(t, k + 1, T_AFTERNEXT)) {
        *offset = 2;
        return k + 2 - i;
    }
    if (which_word(tok_at(t, k + 1), &which) && tok_at(t, k + 1)->flags & F_SPANISH) {
        *offset = offset_of(which);
        return k + 2 - i;
    }
    return 0;
}

/* "early next week", "the end of the week", "next week" */
static size_t week(const struct toks *t, size_t i, struct desk_day *out)
{
    enum desk_part part;
    int offset = 0;
    size_t k = article(t, i);
    bool parted = part_word(tok_at(t, k), &part);
    k = parted ? k + 1 : i;
    if (parted)
        k = skip(t, skip(t, k, T_IN), T_OF);
    size_t n = week_said(t, k, &offset);
    if (!n && parted) {
        size_t bare = article(t, k); /* "the end of the week", "midweek" */
        if (unit_is(t, bare, UNIT_WEEK) && (bare > k || part == DESK_PART_MID))
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
    size_t k = article(t, i);
    if (which_word(tok_at(t, k), &which))
        k++;
    if (!tok_is(t, k, T_WEEKEND))
        return 0;
    *out = desk_dates_day_of(DESK_DAY_WEEKEND);
    out->which = which;
    k++;
    if (tok_is(t, k, T_AFTERNEXT)) {
        out->shift = 7;
        k++;
    } else if (which == DESK_WHICH_PLAIN && which_word(tok_at(t, k), &which) &&
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
    size_t k = article(t, i);
    if (part_word(tok_at(t, k), &part))
        k = article(t, skip(t, skip(t, k + 1, T_IN), T_OF));
    if (which_word(tok_at(t, k), &which))
        k++;
    bool named = tok_is(t, k, T_MONTH);
    bool current = unit_is(t, k, UNIT_MONTH) && !(tok_at(t, k)->flags & F_PLURAL);
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
        out->offset = offset_of(which);
    return k + (named ? year(t, k, out) : 0) - i;
}

/* "first Monday in December", "the last Friday of the month", "the first week of January" */
static size_t nth(const struct toks *t, size_t i, struct desk_day *out)
{
    size_t k = article(t, i), n;
    const struct tok *a = tok_at(t, k);
    struct desk_day in;
    bool week_of = unit_is(t, k + 1, UNIT_WEEK), day_of = unit_is(t, k + 1, UNIT_DAY);
    if ((a->kind != T_ORD && a->kind != T_LAST) ||
        (!tok_is(t, k + 1, T_WEEKDAY) && !week_of && !day_of))
        return 0;
    bool of = tok_is(t, k + 2, T_OF) || tok_is(t, k + 2, T_IN);
    size_t m = k + 3;
    n = of ? month(t, m, &in) : 0;
    if (of && !n && unit_is(t, article(t, m), UNIT_MONTH)) {
        in = desk_dates_day_of(DESK_DAY_MONTH); /* "of the month" */
        n = article(t, m) + 1 - m;
    }
    if (!n && !(a->kind == T_ORD && a->v > 1 && !week_of && !day_of))
        return 0;
    if (!n) { /* "the second Tuesday" */
        in = desk_dates_day_of(DESK_DAY_MONTH);
        m = k + 2;
    }
    *out = in;
    out->ref = week_of ? DESK_DAY_MONTH : DESK_DAY_NTH;
    out->n = a->kind == T_LAST ? -1 : a->v;
    out->weekday = week_of ? 0 : day_of ? DESK_ANY_WEEKDAY : tok_at(t, k + 1)->v;
    out->part = DESK_PART_WHOLE;
    return m + n - i;
}

static size_t bare_year(const struct toks *t, size_t i, struct desk_day *out)
{
    enum desk_part part;
    size_t k = article(t, i);
    bool parted = part_word(tok_at(t, k), &part);
    k = parted ? article(t, skip(t, k + 1, T_OF)) : k;
    if (unit_is(t, k, UNIT_YEAR) && tok_is(t, k + 1, T_NUM))
        k++; /* "the year 2030" */
    struct desk_day d = desk_dates_day_of(DESK_DAY_YEAR);
    size_t n = year(t, k, &d);
    if (!n && parted && unit_is(t, k, UNIT_YEAR)) {
        d.year = DESK_YEAR_THIS;
        n = 1;
    }
    const struct tok *first = tok_at(t, k);
    /* a number alone is a year only where one is due */
    bool due = (i > 0 && tok_is(t, i - 1, T_IN)) || unit_is(t, k - 1, UNIT_YEAR);
    if (!n || (first->kind == T_NUM && !due))
        return 0;
    *out = d;
    return k + n - i;
}

/* ---- days that lean on others ---------------------------------------------------------------- */

/* "the day after Thanksgiving", "the day before Christmas" */
static size_t beside(const struct toks *t, size_t i, struct desk_day *out)
{
    const struct tok *a = tok_at(t, i);
    if (a->kind != T_VAGUE || (a->v != 1 && a->v != 2))
        return 0;
    size_t n = simple_day(t, i + 1, out);
    if (!n)
        return 0;
    out->shift += a->v == 1 ? 1 : -1;
    return 1 + n;
}

/* "the Monday after Thanksgiving", "the weekend before Christmas", "the week after the 3rd" */
static size_t after_day(const struct toks *t, size_t i, struct desk_day *out)
{
    size_t k = article(t, i);
    const struct tok *a = tok_at(t, k), *b = tok_at(t, k + 1);
    bool week_of = unit_is(t, k, UNIT_WEEK);
    if ((a->kind != T_WEEKDAY && a->kind != T_WEEKEND && !week_of) ||
        (b->kind != T_AFTER && b->kind != T_BEFORE))
        return 0;
    if (b->kind == T_BEFORE && tok_is(t, k + 2, T_LAST)) { /* "the Monday before last" */
        *out = desk_dates_day_of(DESK_DAY_IN_DAYS);
        out->n = -8;
        return k + 3 - i;
    }
    size_t n = simple_day(t, k + 2, out);
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
    size_t k = article(t, i), n;
    bool week_of = unit_is(t, k, UNIT_WEEK);
    if ((!week_of && !tok_is(t, k, T_WEEKEND)) || !tok_is(t, k + 1, T_OF))
        return 0;
    n = simple_day(t, k + 2, out);
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
    bool more = tok_is(t, k + n, T_FROM) && simple_day(t, k + n + 1, &from);
    if (!n || s.few || more || !days_of(&s, out))
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

/* "two weeks from now", "a week from Monday", "a week on Monday", "a week today", "3 days ago" */
static size_t span_from(const struct toks *t, size_t i, struct desk_day *out)
{
    struct span_said s;
    struct desk_day base;
    bool since = tok_is(t, i, T_AGO) && tok_at(t, i)->v; /* "hace dos días" */
    size_t k = since ? i + 1 : i;
    size_t n = desk_dates_span(t, k, &s);
    if (!n || s.few || !days_of(&s, out))
        return 0;
    k += n;
    if (since || tok_is(t, k, T_AGO)) {
        out->n = -out->n;
        k += since ? 0 : 1;
        if (i == 0 && tok_is(t, k, T_WEEKDAY) && tok_is(t, k + 1, T_END))
            k++; /* "a week ago Monday" */
        return k - i;
    }
    if (tok_is(t, k, T_FROM_NOW)) {
        out->spread = s.unit > UNIT_DAY && s.unit != UNIT_YEAR ? 3 : 0;
        return k + 1 - i;
    }
    bool back = tok_is(t, k, T_BEFORE), linked = back;
    if (tok_is(t, k, T_FROM) || tok_is(t, k, T_ON) || tok_is(t, k, T_AFTER) || back) {
        linked = true;
        k++;
    }
    n = simple_day(t, k, &base);
    if (n && linked && out->ref == DESK_DAY_IN_MONTHS) {
        /* "a month from today" is that date; from another day it is near enough to be refused when
         * it is too far, and a week to choose from when not */
        bool today = base.ref == DESK_DAY_IN_DAYS;
        out->shift = today ? base.n : 3;
        out->spread = today || out->n >= 12 ? 0 : 3;
        return k + n - i;
    }
    if (!n || out->ref != DESK_DAY_IN_DAYS || (!linked && base.ref == DESK_DAY_DATE) ||
        out->open_days)
        return 0;
    /* "a week Monday" is British; "two days Monday" is nothing */
    if (!linked && s.unit != UNIT_WEEK && s.unit != UNIT_FORTNIGHT)
        return 0;
    base.shift += back ? -out->n : out->n;
    *out = base;
    return k + n - i;
}

/* "Monday week", "tomorrow fortnight" */
static size_t week_later(const struct toks *t, size_t i, struct desk_day *out)
{
    struct desk_day base;
    size_t n = weekday(t, i, &base);
    n = n ? n : relday(t, i, &base);
    const struct tok *unit = tok_at(t, i + n);
    if (!n || unit->kind != T_UNIT || unit->flags & F_PLURAL)
        return 0;
    if (unit->v != (int)UNIT_WEEK && unit->v != (int)UNIT_FORTNIGHT)
        return 0;
    *out = base;
    out->shift += unit->v == (int)UNIT_WEEK ? 7 : 14;
    return n + 1;
}

/* "Tuesday of next week", "next week on Tuesday", "Tuesday in two weeks" */
static size_t weekday_of_week(const struct toks *t, size_t i, struct desk_day *out)
{
    struct desk_day day;
    struct span_said s;
    int offset;
    size_t n = weekday(t, i, &day), k = i + n;
    if (n) {
        if (tok_is(t, k, T_OF) || tok_is(t, k, T_ON) || tok_is(t, k, T_IN) || tok_is(t, k, T_PAUSE))
            k++;
        size_t w = week_said(t, k, &offset);
        if (!w && tok_is(t, k - 1, T_IN)) {
            w = desk_dates_span(t, k, &s);
            if (w && (s.unit == UNIT_WEEK || s.unit == UNIT_FORTNIGHT) && !s.few)
                offset = s.halves / 2 * (s.unit == UNIT_WEEK ? 1 : 2);
            else
                w = 0;
        }
        n = w ? k + w - i : 0;
    } else if ((n = week_said(t, i, &offset))) {
        k = i + n;
        while (tok_is(t, k, T_ON) || tok_is(t, k, T_PAUSE) || tok_is(t, k, T_FILL))
            k++;
        size_t w = weekday(t, k, &day);
        n = w && day.which == DESK_WHICH_PLAIN && !day.shift ? k + w - i : 0;
    }
    if (!n)
        return 0;
    *out = day;
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
    size_t k = skip(t, i, T_OF);
    const struct tok *n = tok_at(t, k + 2);
    if (!simple_day(t, k, out) || !tok_is(t, k + 1, T_IN) || n->kind != T_NUM ||
        !(n->flags & F_SPANISH) || (n->v != 8 && n->v != 15) || k == i)
        return 0;
    out->shift += n->v == 8 ? 7 : 14;
    k += 3;
    return (unit_is(t, k, UNIT_DAY) ? k + 1 : k) - i;
}

size_t desk_dates_day(const struct toks *t, size_t i, struct desk_day *out)
{
    static matcher *const all[] = {counted_weekdays,
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
                                   iso,
                                   slashed,
                                   day_month,
                                   month_day,
                                   bare_year,
                                   month,
                                   holiday,
                                   relday,
                                   weekday,
                                   day_of_month};
    for (size_t r = 0; r < sizeof all / sizeof *all; r++) {
        size_t n = all[r](t, i, out);
        if (n)
            return n;
    }
    return 0;
}
