/* Spoken dates, second step: tokens → a clock time or a stretch of them. */
#include "core/dates_words.h"

#define DAY_MINUTES (24 * 60)
#define NOON        (12 * 60)

struct clock_said {
    struct desk_clock c;
    bool plain; /* an hour and nothing else: could be a number of anything */
    bool ish;
    bool bad;      /* no such time */
    bool two_ways; /* "ten to two" */
};

/* An hour's number at i; due: a word that sounds like one will do. -1 = none. */
static int hour_at(const struct toks *t, size_t i, bool due)
{
    const struct tok *a = tok_at(t, i);
    if (a->kind == T_NUM && a->sound == TENTHS_5)
        return -1;
    if (a->kind == T_NUM && a->v >= 0 && a->v <= 59 && !(a->flags & F_HUNDRED))
        return a->v;
    if (due && a->flags & F_SOUND && a->sound)
        return a->sound;
    return -1;
}

/* ---- "ten past three", "a quarter to five", "half nine", "cuarto para las diez" ------------- */

enum side { SIDE_NONE, SIDE_PAST, SIDE_TO };

/* The word between minutes and hour; round: the minutes are some that people say so. */
static enum side side_at(const struct toks *t, size_t i, bool round, bool quarter)
{
    const struct tok *a = tok_at(t, i);
    switch (a->kind) {
    case T_PAST:
        return SIDE_PAST;
    case T_AFTER:
        return round ? SIDE_PAST : SIDE_NONE;
    case T_TO:
        return SIDE_TO;
    case T_UNTIL:
    case T_BEFORE:
        return round ? SIDE_TO : SIDE_NONE;
    case T_LAS: /* "un cuarto para las diez" */
        return a->v ? SIDE_TO : SIDE_NONE;
    case T_OF: /* "ten of three" */
        return round && hour_at(t, i + 1, false) > 0 ? SIDE_TO : SIDE_NONE;
    case T_NUM: /* "quarter two five" */
        return quarter && a->v == 2 && hour_at(t, i + 1, false) > 0 ? SIDE_TO : SIDE_NONE;
    default:
        return SIDE_NONE;
    }
}

/* The hour behind it, in minutes; sure when it is noon or midnight. */
static size_t named_hour(const struct toks *t, size_t i, struct desk_clock *out)
{
    size_t k = tok_is(t, i, T_LAS) ? i + 1 : i;
    if (tok_is(t, k, T_NOON) || tok_is(t, k, T_MIDNIGHT)) {
        *out = (struct desk_clock){tok_is(t, k, T_NOON) ? NOON : DAY_MINUTES, true};
        return k + 1 - i;
    }
    int h = hour_at(t, k, true);
    if (h < 1 || h > 24)
        return 0;
    *out = (struct desk_clock){h * 60, h > 12};
    return k + 1 - i;
}

static size_t half_of(const struct toks *t, size_t i, struct clock_said *out)
{
    if (!tok_is(t, i, T_HALF))
        return 0;
    size_t k = i + 1;
    if (tok_is(t, k, T_PAST) || (tok_is(t, k, T_AFTER)))
        k++;
    else if (tok_at(t, i)->flags & F_SPANISH || hour_at(t, k, false) < 0)
        return 0;
    size_t n = named_hour(t, k, &out->c);
    if (!n || tok_is(t, k + n, T_UNIT))
        return 0;
    out->c.minute = out->c.minute % DAY_MINUTES + 30;
    return k + n - i;
}

/* The minutes before such a word: "ten", "a quarter", "five minutes". */
struct minutes_said {
    int m;
    bool quarter;
    bool sure; /* "minutes" was said, or a quarter: no hour of a range */
};

static size_t minutes_at(const struct toks *t, size_t i, struct minutes_said *out)
{
    size_t k = tok_skip(t, i, T_A);
    const struct tok *a = tok_at(t, k);
    bool said = tok_unit(t, k + 1, UNIT_MINUTE);
    out->quarter = a->kind == T_QUARTER;
    out->sure = said || out->quarter;
    out->m = out->quarter ? 15 : a->kind == T_NUM ? a->v : 0;
    return out->m >= 1 && out->m <= 29 ? k + 1 + said - i : 0;
}

static size_t minutes_to_hour(const struct toks *t, size_t i, struct clock_said *out)
{
    struct minutes_said said;
    size_t n = minutes_at(t, i, &said), k = i + n;
    if (!n)
        return 0;
    enum side side = side_at(t, k, said.sure || said.m % 5 == 0, said.quarter);
    if (side == SIDE_NONE)
        return 0;
    /* "nine to eleven" is a range; of "ten to two" nobody knows */
    bool as_range = side == SIDE_TO && !said.sure && !(tok_at(t, k)->flags & F_SPANISH);
    n = as_range && said.m % 5 ? 0 : named_hour(t, k + 1, &out->c);
    size_t end = k + 1 + n;
    if (!n || (as_range && TOK_AMONG(tok_at(t, end), T_NUM, T_UNIT)))
        return 0;
    out->two_ways = as_range && said.m <= 12;
    out->c.minute = out->c.minute % DAY_MINUTES + (side == SIDE_PAST ? said.m : -said.m);
    if (out->c.minute < 0)
        out->c.minute += DAY_MINUTES;
    return end - i;
}

/* ---- "three thirty", "three oh five", "las cuatro y media", "fifteen hundred" --------------- */

/* "thirty", "oh five": minutes by their number alone. */
static bool plain_minutes(const struct toks *t, size_t i, bool due)
{
    const struct tok *a = tok_at(t, i), *b = tok_at(t, i + 1);
    if (a->kind != T_NUM || a->flags & F_HUNDRED || a->v >= 60 || b->kind == T_SLASH)
        return false;
    if (b->kind == T_UNIT && b->v != (int)UNIT_MINUTE)
        return false; /* "at three thirty days ago" is no time we know */
    return a->flags & F_ZERO || (a->v >= 10 && (due || a->v % 5 == 0 || TOK_AMONG(b, T_PM, T_AM)));
}

/* "y media", "menos cuarto", "y veinte": minutes, 0 = none. */
static int spanish_minutes(const struct toks *t, size_t i, bool spanish)
{
    const struct tok *a = tok_at(t, i), *b = tok_at(t, i + 1);
    int m = 0;
    if (!TOK_AMONG(a, T_AND, T_MINUS))
        return 0;
    if (b->flags & F_SPANISH)
        m = b->kind == T_HALF ? 30 : b->kind == T_QUARTER ? 15 : 0;
    if (spanish && a->flags & F_SPANISH && b->kind == T_NUM && b->v >= 1 && b->v < 60 &&
        (a->kind == T_MINUS || b->v % 5 == 0))
        m = b->v;
    return a->kind == T_MINUS ? -m : m;
}

/* Minutes behind an hour; how many tokens. */
static size_t minutes_behind(const struct toks *t, size_t i, bool spanish, bool due, int *m)
{
    *m = 0;
    if (plain_minutes(t, i, due)) {
        *m = tok_at(t, i)->v;
        return 1;
    }
    *m = spanish_minutes(t, i, spanish);
    return *m ? 2 : 0;
}

/* An hour that a recogniser wrote as a word: "for thirty", "to p.m."; only with such a thing
 * behind. -1 = none. */
static int hour_by_sound(const struct toks *t, size_t i)
{
    const struct tok *a = tok_at(t, i), *b = tok_at(t, i + 1);
    if (!(a->flags & F_SOUND) || !a->sound)
        return -1;
    /* "13 to 15" is a range */
    bool range = a->kind == T_TO && (TOK_AMONG(tok_before(t, i), T_NUM, T_ORD) || b->v == 15);
    bool minutes = b->kind == T_NUM && (b->v == 30 || b->v == 15 || b->v == 45) && !range;
    if ((minutes && !tok_is(t, i + 2, T_UNIT)) || TOK_AMONG(b, T_OCLOCK, T_PM))
        return a->sound;
    /* "to am", "for am" may be "I am" */
    return b->kind == T_AM && a->sound != 2 && a->sound != 4 ? a->sound : -1;
}

static size_t hour_minutes(const struct toks *t, size_t i, bool due, struct clock_said *out)
{
    int h = hour_at(t, i, due), m = 0;
    if (h < 0 && !due)
        h = hour_by_sound(t, i);
    if (h < 0 || (h == 0 && !due))
        return 0;
    bool las = tok_before(t, i)->kind == T_LAS;
    bool spanish = tok_at(t, i)->flags & F_SPANISH || las;
    size_t n = h <= 24 ? minutes_behind(t, i + 1, spanish, due, &m) : 0;
    out->plain = n == 0;
    out->bad = h > 24;
    out->c = (struct desk_clock){h * 60 + m, h > 12 || h == 0};
    if (las && tok_unit(t, i + 1 + n, UNIT_HOUR)) {
        out->plain = false; /* "a las 15 horas" */
        n++;
    }
    return 1 + n;
}

/* May figures like 930 be a time there? */
static bool figures_due(const struct toks *t, size_t i, bool due)
{
    const struct tok *a = tok_at(t, i);
    bool behind_day =
        TOK_AMONG(tok_before(t, i), T_WEEKDAY, T_RELDAY) && a->v % 5 == 0 && a->v < 2000;
    return a->flags & F_DIGITS &&
           (due || behind_day || a->flags & F_ZERO || TOK_AMONG(tok_at(t, i + 1), T_PM, T_AM));
}

/* 1500, 930, "fifteen hundred" */
static size_t four_digits(const struct toks *t, size_t i, bool due, struct clock_said *out)
{
    const struct tok *a = tok_at(t, i);
    bool hours = tok_unit(t, i + 1, UNIT_HOUR), hundred = a->flags & F_HUNDRED || hours;
    if (a->kind != T_NUM || a->v < 100 || a->v > 2400 || a->v % 100 > 59)
        return 0;
    if (!hundred && !figures_due(t, i, due))
        return 0;
    out->c = (struct desk_clock){a->v / 100 * 60 + a->v % 100, hundred || a->v >= 1300};
    return hours ? 2 : 1;
}

static size_t written(const struct toks *t, size_t i, struct clock_said *out)
{
    const struct tok *a = tok_at(t, i);
    if (a->kind == T_NOON || a->kind == T_MIDNIGHT) {
        out->c = (struct desk_clock){a->kind == T_NOON ? NOON : DAY_MINUTES, true};
        out->ish = a->v;
        return 1;
    }
    if (a->kind != T_CLOCK)
        return 0;
    out->bad = a->v < 0;
    out->c = (struct desk_clock){a->v < 0 ? 0 : a->v, a->flags & F_SURE};
    return 1;
}

/* ---- a clock time with what stands behind it ------------------------------------------------ */

static size_t behind(const struct toks *t, size_t i, struct clock_said *out)
{
    size_t k = i;
    for (bool more = true; more; k++) {
        int h = out->c.minute / 60;
        switch (tok_at(t, k)->kind) {
        case T_PM:
            if (h < 12)
                out->c.minute += NOON;
            out->c.sure = true;
            break;
        case T_AM:
            if (h == 12 && !out->c.sure)
                out->c.minute -= NOON;
            out->c.sure = true;
            break;
        case T_OCLOCK:
            break;
        case T_DASH: /* "three-ish" */
            more = tok_is(t, k + 1, T_ISH);
            if (!more)
                continue;
            break;
        case T_ISH:
            out->ish = true;
            break;
        default:
            more = false;
            continue;
        }
        out->plain = false;
    }
    return k - 1 - i;
}

/* due: a time is expected here ("at …"), so numbers need no more proof. */
static size_t clock_at(const struct toks *t, size_t i, bool due, struct clock_said *out)
{
    size_t n;
    *out = (struct clock_said){0};
    if (!(n = written(t, i, out)) && !(n = half_of(t, i, out)) &&
        !(n = minutes_to_hour(t, i, out)) && !(n = four_digits(t, i, due, out)) &&
        !(n = hour_minutes(t, i, due, out)))
        return 0;
    return n + behind(t, i + n, out);
}

/* ---- is a bare number a time? --------------------------------------------------------------- */

static bool of_a_day(const struct tok *t)
{
    return TOK_AMONG(t, T_WEEKDAY, T_RELDAY, T_PART, T_ORD, T_HOLIDAY, T_WEEKEND);
}

/* "one" is a word as well: "I need one tomorrow". */
static bool wordy_is_time(const struct toks *t, size_t i, size_t end)
{
    bool like = i > 1 && tok_is(t, i - 1, T_FILL) && of_a_day(tok_at(t, i - 2)) &&
                (TOK_AMONG(tok_at(t, end), T_IS, T_FILL, T_PAUSE) ||
                 tok_is(t, end, T_END)); /* "early afternoon, like one" */
    return t->n == 1 || like || of_a_day(tok_before(t, i));
}

/* The rest of "two Fridays from now". */
static bool counted_days(const struct toks *t, size_t i)
{
    return tok_is(t, i, T_WEEKDAY) && TOK_AMONG(tok_at(t, i + 1), T_FROM_NOW, T_FROM, T_AGO);
}

static bool plain_number_is_time(const struct toks *t, size_t i, size_t end)
{
    const struct tok *before = tok_before(t, i), *after = tok_at(t, end);
    if (after->kind == T_OR && tok_is(t, end + 1, T_NUM) && before->kind != T_LABEL)
        return true; /* "they said four or five" */
    if (TOK_AMONG(after, T_WORD, T_LABEL, T_STREET, T_UNIT, T_OF, T_SLASH, T_NUM, T_BUSINESS,
                  T_HALF, T_COUPLE, T_DASH, T_MONTH, T_FROM_NOW, T_EVERY, T_CLOCK))
        return false;
    if (TOK_AMONG(before, T_NUM, T_UNIT, T_LABEL, T_STREET, T_OF, T_THE, T_SLASH, T_DASH, T_WITHIN,
                  T_EVERY, T_A, T_MONTH))
        return false;
    /* behind a word nobody knows it is one only before a day: "how's 11 on Monday" */
    if (before->kind == T_WORD && !of_a_day(tok_at(t, tok_skip(t, end, T_ON))))
        return false;
    return !(tok_at(t, i)->flags & F_WORDY) || wordy_is_time(t, i, end);
}

/* ---- with what stands before it ------------------------------------------------------------- */

/* Prepositions, and what they make of a time. */
static const struct lead {
    enum tok_kind kind;
    enum desk_time_kind time;
    bool due;
} leads[] = {
    {T_AT, DESK_TIME_AT, true},         {T_LAS, DESK_TIME_AT, true},
    {T_AROUND, DESK_TIME_AROUND, true}, {T_AFTER, DESK_TIME_AFTER, true},
    {T_PAST, DESK_TIME_AFTER, true},    {T_BEFORE, DESK_TIME_BEFORE, true},
    {T_BY, DESK_TIME_BEFORE, true},     {T_UNTIL, DESK_TIME_BEFORE, true},
    {T_FROM, DESK_TIME_AFTER, true},    {T_BETWEEN, DESK_TIME_BETWEEN, true},
    {T_ONWARD, DESK_TIME_AFTER, true},  {T_FOR, DESK_TIME_AT, false},
};

static bool leads_to(const struct toks *t, size_t i)
{
    for (size_t r = 0; r < sizeof leads / sizeof *leads; r++)
        if (tok_is(t, i, leads[r].kind))
            return true;
    return false;
}

/* Several may stand in a row ("at around", "sometime after like"): the strongest counts. */
static size_t lead_at(const struct toks *t, size_t i, enum desk_time_kind *time, bool *due)
{
    size_t k = i;
    *time = DESK_TIME_NONE;
    *due = false;
    for (size_t r = 0; r < sizeof leads / sizeof *leads && k < i + 4; r++) {
        if (!tok_is(t, k, leads[r].kind) || (k > i && leads[r].kind == T_FOR))
            continue; /* "at for" is "at four" */
        if (*time == DESK_TIME_NONE || *time == DESK_TIME_AT || leads[r].time == DESK_TIME_BETWEEN)
            *time = leads[r].time;
        if (leads[r].kind == T_ONWARD && tok_at(t, k)->v)
            *time = DESK_TIME_BEFORE;
        if ((leads[r].kind == T_AFTER || leads[r].kind == T_BEFORE) && tok_at(t, k)->v == 2)
            *time = DESK_TIME_AROUND; /* "just after three" */
        *due = *due || leads[r].due;
        k++;
        r = (size_t)-1; /* from the first again */
        while (k < i + 4 && (tok_is(t, k, T_FILL) || tok_is(t, k, T_THE)))
            k++;
    }
    return k - i;
}

static bool joins(const struct toks *t, size_t i, enum desk_time_kind lead)
{
    const struct tok *a = tok_at(t, i);
    if (a->kind == T_TO || a->kind == T_UNTIL || a->kind == T_THROUGH || a->kind == T_DASH)
        return true;
    if (a->kind == T_AND)
        return lead == DESK_TIME_BETWEEN;
    /* "de dos a cuatro" */
    bool spanish = tok_at(t, i - 1)->flags & F_SPANISH || (i > 1 && tok_is(t, i - 2, T_LAS));
    return spanish && (a->kind == T_A || (a->kind == T_LAS && !a->v));
}

/* "… to four": the other end of a range whose first end is in a. */
static size_t other_end(const struct toks *t, size_t i, enum desk_time_kind lead,
                        struct clock_said *b)
{
    if (!joins(t, i, lead))
        return 0;
    size_t k = i + 1;
    if (tok_is(t, k, T_LAS) || tok_is(t, k, T_AT) || tok_is(t, k, T_AROUND))
        k++;
    size_t n = clock_at(t, k, true, b);
    return n ? k + n - i : 0;
}

/* "eight in the morning to ten": the half of the day stands between the ends. */
static size_t half_between(const struct toks *t, size_t i, enum desk_time_kind lead,
                           struct clock_said *a)
{
    struct clock_said b;
    size_t k = tok_skip(t, tok_skip(t, i, T_IN), T_THE);
    if (!tok_is(t, k, T_PART) || !other_end(t, k + 1, lead, &b))
        return 0;
    bool am =
        tok_at(t, k)->v == DESK_DAYPART_MORNING || tok_at(t, k)->v == DESK_DAYPART_SMALL_HOURS;
    if (!a->c.sure)
        a->c.minute = a->c.minute % NOON + (am ? 0 : NOON);
    a->c.sure = true;
    return k + 1 - i;
}

static bool counts_something(const struct toks *t, size_t i)
{
    return tok_is(t, i, T_WORD) || tok_is(t, i, T_UNIT) || tok_is(t, i, T_LABEL);
}

/* What stands before a time and what it means. */
struct lead_said {
    enum desk_time_kind kind;
    bool due;   /* a number is a time without more proof */
    bool range; /* a range is looked for first */
    bool from, de;
    size_t n; /* tokens */
};

static struct lead_said read_lead(const struct toks *t, size_t i)
{
    struct lead_said l = {.from = tok_is(t, i, T_FROM)};
    l.n = lead_at(t, i, &l.kind, &l.due);
    size_t k = i + l.n;
    if (l.due && l.n > 1 && !leads_to(t, k - 1))
        l.due = !(tok_at(t, k)->flags & F_SOUND); /* "about … for" is no four */
    l.de = l.kind == DESK_TIME_NONE && tok_is(t, k, T_OF) && tok_at(t, k)->flags & F_SPANISH;
    if (l.de)
        l.n += tok_is(t, k + 1, T_LAS) ? 2 : 1;
    l.range = l.kind == DESK_TIME_BETWEEN || l.from || l.de;
    return l;
}

/* The first clock time: in a range "ten to" is no 1:50. */
static size_t first_end(const struct toks *t, size_t i, const struct lead_said *l,
                        struct clock_said *a)
{
    size_t n = clock_at(t, i, l->range || l->due, a);
    if (n && l->range && a->two_ways && tok_is(t, i, T_NUM)) {
        *a = (struct clock_said){.c = {tok_at(t, i)->v * 60, false}};
        n = 1;
    }
    return n ? n + half_between(t, i + n, l->kind, a) : 0;
}

/* Tokens of the range that goes on at i after its first end a; 0 = there is none. */
static size_t range(const struct toks *t, size_t i, const struct lead_said *l,
                    const struct clock_said *a, struct time_said *out)
{
    struct clock_said b;
    size_t n = other_end(t, i, l->kind, &b);
    if (!n || (a->plain && b.plain && counts_something(t, i + n)))
        return 0;
    out->kind = DESK_TIME_BETWEEN;
    out->from = a->c;
    out->to = b.c;
    if (a->bad || b.bad)
        out->trouble = DESK_WHY_BAD_TIME;
    return n;
}

/* The rest of "from 13 to 15 July". */
static bool range_of_dates(const struct toks *t, size_t i)
{
    return joins(t, i, DESK_TIME_BETWEEN) && tok_is(t, i + 1, T_NUM) &&
           tok_is(t, tok_skip(t, i + 2, T_OF), T_MONTH);
}

/* Is the plain number from i to end something else? */
static bool other_number(const struct toks *t, size_t i, size_t end, const struct lead_said *l)
{
    struct span_said span;
    if (tok_is(t, end, T_SLASH) || desk_dates_span(t, i, &span) > end - i)
        return true; /* "at 4/12", "two and a half hours" */
    if (counted_days(t, end))
        return true;
    if (l->due) /* "after two weeks", "looking at 30 November" */
        return tok_is(t, end, T_UNIT) || (tok_is(t, end, T_MONTH) && !tok_is(t, end + 1, T_NUM) &&
                                          !tok_is(t, end + 1, T_ORD));
    return !plain_number_is_time(t, i, end);
}

static void set_time(struct time_said *out, const struct clock_said *a, const struct lead_said *l,
                     bool british)
{
    out->kind = l->kind == DESK_TIME_NONE ? DESK_TIME_AT : l->kind;
    if (a->ish && out->kind == DESK_TIME_AT)
        out->kind = DESK_TIME_AROUND;
    out->from = a->c;
    out->weak = a->plain && !l->due;
    if (a->bad)
        out->trouble = DESK_WHY_BAD_TIME;
    else if (a->two_ways && !british && l->kind != DESK_TIME_AT)
        out->trouble = DESK_WHY_TWO_TIMES;
}

/* "between two and four", "nine to eleven", "at around five", "after three" */
static size_t clock_time(const struct toks *t, size_t i, bool british, struct time_said *out)
{
    struct clock_said a;
    struct lead_said l = read_lead(t, i);
    size_t k = i + l.n, n = first_end(t, k, &l, &a);
    if (!n)
        return 0;
    if (a.plain && range_of_dates(t, k + n))
        return 0;
    size_t more = range(t, k + n, &l, &a, out);
    if (more)
        return k + n + more - i;
    if (l.kind == DESK_TIME_BETWEEN || l.de || (a.plain && other_number(t, k, k + n, &l)))
        return 0;
    set_time(out, &a, &l, british);
    k += n;
    if (tok_is(t, k, T_ONWARD)) {
        out->kind = tok_at(t, k)->v ? DESK_TIME_BEFORE : DESK_TIME_AFTER;
        k++;
    } else if (l.from && tok_is(t, k, T_ON)) {
        k++; /* "from two on" */
    }
    return k - i;
}

/* ---- from now ------------------------------------------------------------------------------- */

static int64_t minutes_of(const struct span_said *s)
{
    static const int twice[] = {
        [UNIT_MINUTE] = 2,        [UNIT_HOUR] = 120,    [UNIT_DAY] = 2880,     [UNIT_WEEK] = 20160,
        [UNIT_FORTNIGHT] = 40320, [UNIT_MONTH] = 86400, [UNIT_YEAR] = 1051200,
    };
    return (int64_t)s->halves * twice[s->unit] / 4;
}

/* What stands before a length of time. */
enum span_lead { SPAN_BARE, SPAN_IN, SPAN_SINCE, SPAN_FOR, SPAN_WITHIN };

static enum span_lead span_lead_at(const struct toks *t, size_t i)
{
    const struct tok *a = tok_at(t, i);
    if (a->kind == T_NEXT) /* "the next two hours" */
        return TOK_AMONG(tok_at(t, i + 1), T_NUM, T_COUPLE, T_FEW) ? SPAN_WITHIN : SPAN_BARE;
    return a->kind == T_IN            ? SPAN_IN
           : a->kind == T_AGO && a->v ? SPAN_SINCE
           : a->kind == T_FOR         ? SPAN_FOR
           : a->kind == T_WITHIN      ? SPAN_WITHIN
                                      : SPAN_BARE;
}

/* The length itself; "the hour" of "within the hour" is one. */
static size_t span_at(const struct toks *t, size_t i, enum span_lead lead, struct span_said *s)
{
    size_t k = lead == SPAN_IN ? tok_skip(t, i, T_AROUND) : i;
    size_t unit = tok_skip(t, k, T_THE);
    if (lead == SPAN_WITHIN && tok_is(t, unit, T_UNIT)) {
        *s = (struct span_said){.halves = 2, .unit = (enum tok_unit)tok_at(t, unit)->v};
        return unit + 1 - i;
    }
    size_t n = desk_dates_span(t, k, s);
    return n ? k + n - i : 0;
}

/* What stands behind it: "from now", "ago", of a few days also "from Monday". */
static size_t span_tail(const struct toks *t, size_t i, const struct span_said *s, bool *ago)
{
    struct desk_day day;
    *ago = tok_is(t, i, T_AGO);
    if (*ago || tok_is(t, i, T_FROM_NOW))
        return 1;
    size_t n = s->few && tok_is(t, i, T_FROM) ? desk_dates_simple_day(t, i + 1, &day) : 0;
    return n ? 1 + n : 0;
}

/* "in half an hour", "two hours from now", "within 24 hours", "two hours ago", "for two hours" */
static size_t elapsed(const struct toks *t, size_t i, struct time_said *out)
{
    struct span_said s;
    struct desk_day day;
    bool ago;
    enum span_lead lead = span_lead_at(t, i);
    size_t k = lead == SPAN_BARE ? i : i + 1, n = span_at(t, k, lead, &s);
    if (!n)
        return 0;
    k += n;
    size_t tail = span_tail(t, k, &s, &ago);
    bool from_day = s.unit > UNIT_HOUR &&
                    TOK_AMONG(tok_at(t, k), T_FROM, T_AFTER, T_BEFORE, T_ON) &&
                    desk_dates_simple_day(t, k + 1, &day) > 0;
    if (lead == SPAN_FOR && from_day)
        return 0; /* "put me down for a week from Monday" */
    if (lead == SPAN_FOR && !tail)
        return k - i; /* how long it takes: no time */
    bool whole_days = s.unit > UNIT_HOUR && !s.few;
    if ((lead == SPAN_BARE && !tail) || (lead != SPAN_WITHIN && whole_days))
        return 0;
    ago = ago || lead == SPAN_SINCE;
    out->kind = lead == SPAN_WITHIN ? DESK_TIME_WITHIN : DESK_TIME_IN;
    out->minutes = ago ? -minutes_of(&s) : minutes_of(&s);
    if (s.few)
        out->trouble = DESK_WHY_VAGUE;
    return tok_skip(t, k + tail, T_ISH) - i;
}

static size_t as_now(const struct toks *t, size_t i, struct time_said *out)
{
    size_t k = tok_skip(t, i, T_AT);
    if (!tok_is(t, k, T_AS_NOW))
        return 0;
    out->kind = tok_at(t, k)->v ? DESK_TIME_AROUND : DESK_TIME_AS_NOW;
    if (out->kind == DESK_TIME_AROUND)
        out->from.minute = -1; /* around the present */
    return k + 1 - i;
}

size_t desk_dates_time(const struct toks *t, size_t i, bool british, struct time_said *out)
{
    size_t n;
    *out = (struct time_said){0};
    if ((n = as_now(t, i, out)) || (n = elapsed(t, i, out)))
        return n;
    *out = (struct time_said){0};
    return clock_time(t, i, british, out);
}
