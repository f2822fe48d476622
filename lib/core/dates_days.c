/* Spoken dates, third step: tokens → one day, and lengths of time. One function per turn of speech;
 * the first that fits is taken. None of these leans on another day. */
#include "core/dates_words.h"

struct desk_day desk_dates_day_of(enum desk_day_ref ref)
{
    return (struct desk_day){.ref = ref, .then_weekday = -1};
}

bool desk_dates_which_word(const struct tok *t, enum desk_which *which)
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

int desk_dates_offset_of(enum desk_which which)
{
    return which == DESK_WHICH_LAST ? -1 : which == DESK_WHICH_THIS ? 0 : 1;
}

bool desk_dates_part_word(const struct tok *t, enum desk_part *part)
{
    *part = t->kind == T_EARLY   ? DESK_PART_EARLY
            : t->kind == T_MID   ? DESK_PART_MID
            : t->kind == T_LATE  ? DESK_PART_LATE
            : t->kind == T_LATER ? DESK_PART_REST
                                 : DESK_PART_WHOLE;
    return *part != DESK_PART_WHOLE;
}

/* ---- lengths -------------------------------------------------------------------------------- */

/* "half an", "a quarter of an", "three quarters of an"; 0 = nothing of the kind. */
static size_t fraction(const struct toks *t, size_t i, struct span_said *out)
{
    const struct tok *n = tok_at(t, i);
    bool three = n->kind == T_NUM && n->v == 3;
    size_t q = three ? tok_skip(t, i + 1, T_DASH) : i;
    if (n->kind == T_HALF) {
        out->halves = 1;
        return tok_skip(t, i + 1, T_A) - i;
    }
    if (!tok_is(t, q, T_QUARTER) || !tok_is(t, q + 1, T_OF))
        return 0;
    out->halves = three ? -1 : 0; /* of an hour */
    return tok_skip(t, q + 2, T_A) - i;
}

/* What follows a number: "or three", "and a half". */
static size_t more_of(const struct toks *t, size_t i, struct span_said *out)
{
    size_t half = tok_skip(t, i + 1, T_A);
    if (tok_is(t, i, T_OR) && tok_is(t, i + 1, T_NUM)) {
        out->few = true; /* "two or three" */
        return 2;
    }
    if (!tok_is(t, i, T_AND) || !tok_is(t, half, T_HALF))
        return 0;
    out->halves++;
    return half + 1 - i;
}

/* "two", "a", "a couple of", "half a", "one and a half": in halves; few: no number. */
static size_t amount(const struct toks *t, size_t i, struct span_said *out)
{
    size_t k = tok_skip(t, i, T_A);
    const struct tok *n = tok_at(t, k);
    if (n->kind == T_FEW || n->kind == T_COUPLE) {
        out->few = n->kind == T_FEW;
        out->halves = 4;
        return k + 1 - i;
    }
    size_t part = fraction(t, k, out);
    if (part)
        return k + part - i;
    int v = n->kind == T_NUM ? n->v : n->flags & F_SOUND ? n->sound : 0;
    if (n->kind != T_NUM && !v) {
        out->halves = 2;
        return k - i;
    }
    out->halves = 2 * v + (n->kind == T_NUM && n->sound == TENTHS_5);
    return k + 1 + more_of(t, k + 1, out) - i;
}

size_t desk_dates_span(const struct toks *t, size_t i, struct span_said *out)
{
    *out = (struct span_said){0};
    size_t n = amount(t, i, out);
    size_t k = tok_skip(t, i + n, T_FILL);
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
    if (out->halves <= 0 && !out->few) {
        out->halves = out->halves ? 90 : 30; /* quarters of an hour */
        out->unit = UNIT_MINUTE;
    }
    size_t half = tok_skip(t, k + 1, T_A);
    if (tok_is(t, k, T_AND) && tok_is(t, half, T_HALF)) {
        out->halves++;
        k = half + 1;
    }
    return k - i;
}

/* Days or months of a length; false for hours and minutes. */
bool desk_dates_days_of(const struct span_said *s, struct desk_day *out)
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

/* ---- days ----------------------------------------------------------------------------------- */

/* A year behind a date: "2027", "twenty twenty seven", "of next year". */
size_t desk_dates_year(const struct toks *t, size_t i, struct desk_day *out)
{
    size_t k = tok_skip(t, tok_skip(t, i, T_PAUSE), T_OF);
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
    if (desk_dates_which_word(a, &which) && tok_unit(t, k + 1, UNIT_YEAR)) {
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
    size_t k = tok_article(t, tok_skip(t, i + 1, T_PAUSE));
    struct tok heard;
    const struct tok *d = tok_at(t, k);
    if (d->kind == T_WORD && d->sound == 8) { /* "December ate" */
        heard = (struct tok){.kind = T_NUM, .v = 8};
        d = &heard;
    }
    /* "December at three" is no date, but "in May too" is no second of May either */
    if (!day_number(d) || (d->flags & F_WORDY && d->kind == T_NUM))
        return 0;
    bool nth = d->kind == T_ORD && d->v <= 5 && !(d->flags & F_DIGITS);
    if (nth && k > i + 1 && tok_is(t, k + 1, T_WEEKDAY))
        return 0; /* "in December the first Monday" */
    *out = desk_dates_day_of(DESK_DAY_DATE);
    out->month = tok_at(t, i)->v;
    out->day = d->v;
    return k + 1 + desk_dates_year(t, k + 1, out) - i;
}

/* "the third of December", "3 December", "el quince de diciembre", "the 4th of the 1st" */
static size_t day_month(const struct toks *t, size_t i, struct desk_day *out)
{
    size_t k = tok_article(t, i);
    const struct tok *d = tok_at(t, k);
    if (!day_number(d))
        return 0;
    size_t m = tok_skip(t, k + 1, T_OF);
    bool of = m > k + 1;
    m = of ? tok_article(t, m) : m;
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
    return m + 1 + desk_dates_year(t, m + 1, out) - i;
}

/* "12/5", "one slash four", "12/5/2027" */
static size_t slashed(const struct toks *t, size_t i, struct desk_day *out)
{
    const struct tok *a = tok_at(t, i), *b = tok_at(t, i + 2), *c = tok_at(t, i + 4);
    enum tok_kind sign = (enum tok_kind)tok_at(t, i + 1)->kind;
    if ((a->v == 24 && b->v == 7) || tok_is(t, i + 3, T_UNIT))
        return 0; /* "24/7", "1/2 hour" */
    bool full = tok_at(t, i + 3)->kind == (unsigned char)sign && c->kind == T_NUM;
    if (!day_number(a) || !day_number(b) || (sign != T_SLASH && (sign != T_DASH || !full)))
        return 0;
    *out = desk_dates_day_of(DESK_DAY_DATE);
    out->slashed = true;
    out->month = a->v;
    out->day = b->v;
    if (!full)
        return 3 + desk_dates_year(t, i + 3, out);
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
static bool ends_date(const struct toks *t, size_t i)
{
    const struct tok *a = tok_at(t, i), *b = tok_at(t, i + 1);
    if (a->kind == T_QUARTER && !TOK_AMONG(b, T_PAST, T_TO, T_AFTER))
        return false; /* "the third quarter" */
    if (TOK_AMONG(a, T_WORD, T_LABEL, T_STREET, T_UNIT, T_WEEKDAY, T_OCLOCK, T_AM, T_PM, T_CLOCK,
                  T_EARLIEST, T_WEEKEND, T_HALF, T_ISH))
        return false;
    /* "the second one", but "the second, one fifteen" */
    return a->kind != T_NUM || !(a->flags & F_WORDY) || TOK_AMONG(b, T_NUM, T_ISH, T_OCLOCK, T_PM);
}

/* The 13 of "from 13 to 15 July": its month. 0 = no such thing. */
static int month_of_range(const struct toks *t, size_t i)
{
    size_t m = tok_skip(t, i + 3, T_OF);
    bool to = TOK_AMONG(tok_at(t, i + 1), T_DASH, T_TO, T_THROUGH, T_AND, T_UNTIL);
    return to && day_number(tok_at(t, i + 2)) && tok_is(t, m, T_MONTH) ? tok_at(t, m)->v : 0;
}

/* The 16 of "December 14 to 16". */
static bool ends_range(const struct toks *t, size_t i)
{
    return i >= 3 && tok_is(t, i - 3, T_MONTH) && day_number(tok_at(t, i - 2)) &&
           TOK_AMONG(tok_before(t, i), T_DASH, T_TO, T_THROUGH);
}

/* The 23 of "Monday 23", the 3 of "el lunes 3". */
static bool behind_weekday(const struct toks *t, size_t i)
{
    const struct tok *day = tok_before(t, i), *d = tok_at(t, i);
    if (day->kind != T_WEEKDAY ||
        TOK_AMONG(tok_at(t, i + 1), T_PAST, T_TO, T_UNTIL, T_BEFORE, T_AFTER, T_AND))
        return false;
    return d->v > 12 || (day->flags & F_SPANISH && d->flags & F_DIGITS);
}

/* Is the number at k a day of the month? i: where its article is, k itself if it has none. */
static bool is_day_of_month(const struct toks *t, size_t i, size_t k)
{
    const struct tok *d = tok_at(t, k), *next = tok_at(t, k + 1);
    bool the = k > i;
    if (!day_number(d) || !ends_date(t, k + 1))
        return false;
    if (d->kind == T_ORD)
        return the || d->flags & (F_DIGITS | F_SPANISH) || d->v > 2;
    if (tok_is(t, i, T_EL) || tok_unit(t, i, UNIT_DAY))
        return true;
    if (next->kind == T_NUM)
        return false;
    return (the && (d->flags & F_DIGITS || d->v > 12)) || (!the && behind_weekday(t, k)) ||
           month_of_range(t, k) || ends_range(t, i);
}

/* "of the month", "of next month" behind it: how many tokens; 0 = nothing of the kind. */
static size_t of_month(const struct toks *t, size_t i, struct desk_day *out)
{
    enum desk_which which;
    size_t m = tok_article(t, i + 1);
    if (!tok_is(t, i, T_OF))
        return 0;
    if (tok_unit(t, m, UNIT_MONTH) && !tok_is(t, m + 1, T_COMING))
        return m + 1 - i; /* "the first of the month": the next such */
    if (tok_unit(t, m, UNIT_MONTH)) {
        out->which = DESK_WHICH_OFFSET;
        out->offset = 1;
        return m + 2 - i;
    }
    if (!desk_dates_which_word(tok_at(t, m), &which) || !tok_unit(t, m + 1, UNIT_MONTH))
        return 0;
    out->which = DESK_WHICH_OFFSET;
    out->offset = desk_dates_offset_of(which);
    return m + 2 - i;
}

/* "the 3rd", "el quince", "the 15", "the 5th of next month" */
static size_t day_of_month(const struct toks *t, size_t i, struct desk_day *out)
{
    size_t k = tok_article(t, i);
    if (k == i && tok_unit(t, i, UNIT_DAY) && tok_at(t, i)->flags & F_SPANISH)
        k = i + 1; /* "día quince" */
    if (!is_day_of_month(t, i, k))
        return 0;
    *out = desk_dates_day_of(DESK_DAY_DATE);
    out->day = tok_at(t, k)->v;
    out->month = tok_is(t, k, T_NUM) ? month_of_range(t, k) : 0;
    size_t n = of_month(t, k + 1, out);
    if (!n && tok_is(t, k + 1, T_OF))
        return 0; /* "the twelfth of never" */
    return k + 1 + n - i;
}

static size_t holiday(const struct toks *t, size_t i, struct desk_day *out)
{
    enum desk_which which = DESK_WHICH_PLAIN;
    size_t k = tok_article(t, i);
    if (desk_dates_which_word(tok_at(t, k), &which))
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
    return k + 1 + desk_dates_year(t, k + 1, out) - i;
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
size_t desk_dates_weekday(const struct toks *t, size_t i, struct desk_day *out)
{
    enum desk_which which = DESK_WHICH_PLAIN, behind;
    size_t k = tok_article(t, i);
    if (desk_dates_which_word(tok_at(t, k), &which))
        k++;
    if (!tok_is(t, k, T_WEEKDAY))
        return 0;
    *out = desk_dates_day_of(DESK_DAY_WEEKDAY);
    out->weekday = tok_at(t, k)->v;
    out->which = which;
    k++;
    /* behind it in Spanish, and "Monday next", unless that begins "next week" */
    if (which == DESK_WHICH_PLAIN && desk_dates_which_word(tok_at(t, k), &behind) &&
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

static desk_dates_matcher *const simple[] = {iso,     slashed, day_month,          month_day,
                                             holiday, relday,  desk_dates_weekday, day_of_month};

size_t desk_dates_simple_day(const struct toks *t, size_t i, struct desk_day *out)
{
    for (size_t r = 0; r < sizeof simple / sizeof *simple; r++) {
        size_t n = simple[r](t, i, out);
        if (n)
            return n;
    }
    return 0;
}
