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

/* ---- "ten past three", "a quarter to five", "half nine", "cuarto para las diez" ----------------
 */

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

static size_t minutes_to_hour(const struct toks *t, size_t i, struct clock_said *out)
{
    size_t k = tok_skip(t, i, T_A);
    const struct tok *a = tok_at(t, k);
    bool quarter = a->kind == T_QUARTER;
    int m = quarter ? 15 : a->kind == T_NUM ? a->v : -1;
    if (m < 1 || m > 29)
        return 0;
    k++;
    bool said = tok_is(t, k, T_UNIT) && tok_at(t, k)->v == (int)UNIT_MINUTE;
    k += said;
    enum side side = side_at(t, k, said || quarter || m % 5 == 0, quarter);
    if (side == SIDE_NONE)
        return 0;
    /* "nine to eleven" is a range; of "ten to two" nobody knows */
    bool as_range = side == SIDE_TO && !said && !quarter && !(tok_at(t, k)->flags & F_SPANISH);
    if (as_range && m % 5)
        return 0;
    size_t n = named_hour(t, k + 1, &out->c);
    size_t end = k + 1 + n;
    if (!n || (as_range && (tok_is(t, end, T_NUM) || tok_is(t, end, T_UNIT))))
        return 0;
    out->two_ways = as_range && m <= 12;
    out->c.minute = out->c.minute % DAY_MINUTES + (side == SIDE_PAST ? m : -m);
    if (out->c.minute < 0)
        out->c.minute += DAY_MINUTES;
    return end - i;
}

/* ---- "three thirty", "three oh five", "las cuatro y media", "fifteen hundred" -------------------
 */

/* Minutes behind an hour; how many tokens. */
static size_t minutes_behind(const struct toks *t, size_t i, bool spanish, bool due, int *m)
{
    const struct tok *a = tok_at(t, i), *b = tok_at(t, i + 1);
    if (a->kind == T_NUM && !(a->flags & F_HUNDRED) && a->v < 60 &&
        (a->flags & F_ZERO ||
         (a->v >= 10 && (due || a->v % 5 == 0 || b->kind == T_PM || b->kind == T_AM)))) {
        *m = a->v;
        bool other = b->kind == T_SLASH || (b->kind == T_UNIT && b->v != (int)UNIT_MINUTE);
        return other ? 0 : 1;
    }
    if (a->kind != T_AND && a->kind != T_MINUS)
        return 0;
    bool half = b->kind == T_HALF && b->flags & F_SPANISH;
    bool quarter = b->kind == T_QUARTER && b->flags & F_SPANISH;
    bool number = spanish && a->flags & F_SPANISH && b->kind == T_NUM && b->v >= 1 && b->v < 60 &&
                  (a->kind == T_MINUS || b->v % 5 == 0);
    if (!half && !quarter && !number)
        return 0;
    *m = half ? 30 : quarter ? 15 : b->v;
    *m = a->kind == T_MINUS ? -*m : *m;
    return 2;
}

static size_t hour_minutes(const struct toks *t, size_t i, bool due, struct clock_said *out)
{
    int h = hour_at(t, i, due), m = 0;
    if (h < 0 && !due && tok_at(t, i)->flags & F_SOUND && tok_at(t, i)->sound) {
        /* "for thirty", "to p.m.": only with such a thing behind */
        const struct tok *b = tok_at(t, i + 1);
        bool after_number = i > 0 && (tok_is(t, i - 1, T_NUM) || tok_is(t, i - 1, T_ORD));
        bool range = tok_is(t, i, T_TO) && (after_number || b->v == 15); /* "13 to 15" */
        bool minutes = b->kind == T_NUM && !range && (b->v == 30 || b->v == 15 || b->v == 45);
        if ((minutes && !tok_is(t, i + 2, T_UNIT)) || b->kind == T_OCLOCK || b->kind == T_PM ||
            (b->kind == T_AM && tok_at(t, i)->sound != 2 && tok_at(t, i)->sound != 4))
            h = tok_at(t, i)->sound;
    }
    if (h < 0)
        return 0;
    bool spanish = tok_at(t, i)->flags & F_SPANISH || (i > 0 && tok_is(t, i - 1, T_LAS));
    size_t n = h <= 24 ? minutes_behind(t, i + 1, spanish, due, &m) : 0;
    out->plain = n == 0;
    out->bad = h > 24;
    out->c = (struct desk_clock){h * 60 + (n ? m : 0), h > 12 || (h == 0 && due)};
    if (h == 0 && !due)
        return 0;
    const struct tok *unit = tok_at(t, i + 1 + n);
    if (i > 0 && tok_is(t, i - 1, T_LAS) && unit->kind == T_UNIT && unit->v == (int)UNIT_HOUR) {
        out->plain = false; /* "a las 15 horas" */
        n++;
    }
    return 1 + n;
}

/* 1500, 930, "fifteen hundred" */
static size_t four_digits(const struct toks *t, size_t i, bool due, struct clock_said *out)
{
    const struct tok *a = tok_at(t, i), *b = tok_at(t, i + 1);
    bool half_day = b->kind == T_PM || b->kind == T_AM;
    bool hundred = a->flags & F_HUNDRED || (b->kind == T_UNIT && b->v == (int)UNIT_HOUR);
    if (a->kind != T_NUM || a->v < 100 || a->v > 2400 || a->v % 100 > 59)
        return 0;
    bool behind_day = i > 0 && (tok_is(t, i - 1, T_WEEKDAY) || tok_is(t, i - 1, T_RELDAY)) &&
                      a->v % 5 == 0 && a->v < 2000;
    if (!hundred && !((due || half_day || behind_day || a->flags & F_ZERO) && a->flags & F_DIGITS))
        return 0;
    out->c = (struct desk_clock){a->v / 100 * 60 + a->v % 100, hundred || a->v >= 1300};
    return b->kind == T_UNIT && b->v == (int)UNIT_HOUR ? 2 : 1;
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

/* ---- a clock time with what stands behind it ---------------------------------------------------
 */

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

/* ---- is a bare number a time? ------------------------------------------------------------------
 */

static bool one_of(const struct tok *t, const unsigned char *kinds)
{
    for (; *kinds != T_END; kinds++)
        if (t->kind == *kinds)
            return true;
    return false;
}

static bool plain_number_is_time(const struct toks *t, size_t i, size_t end)
{
    static const unsigned char day[] = {T_WEEKDAY, T_RELDAY,  T_PART, T_ORD,
                                        T_HOLIDAY, T_WEEKEND, T_END};
    static const unsigned char not_before[] = {T_NUM, T_UNIT,  T_LABEL, T_STREET, T_OF,
                                               T_THE, T_SLASH, T_DASH,  T_WITHIN, T_EVERY,
                                               T_A,   T_MONTH, T_END};
    static const unsigned char not_behind[] = {
        T_WORD, T_LABEL,  T_STREET, T_UNIT,  T_OF,       T_SLASH, T_NUM,   T_BUSINESS,
        T_HALF, T_COUPLE, T_DASH,   T_MONTH, T_FROM_NOW, T_EVERY, T_CLOCK, T_END};
    const struct tok *before = i ? tok_at(t, i - 1) : NULL, *after = tok_at(t, end);
    const struct tok *then = tok_at(t, end + 1);
    if (after->kind == T_WEEKDAY &&
        (then->kind == T_FROM_NOW || then->kind == T_FROM || then->kind == T_AGO))
        return false; /* "two Fridays from now" */
    if (one_of(after, not_behind) || (before && one_of(before, not_before)))
        return false;
    /* behind a word nobody knows it is one only before a day: "how's 11 on Monday" */
    if (before && before->kind == T_WORD) {
        size_t k = tok_is(t, end, T_ON) ? end + 1 : end;
        if (!one_of(tok_at(t, k), day))
            return false;
    }
    if (tok_at(t, i)->flags & F_WORDY) { /* "one": "I need one tomorrow" */
        bool like = i > 1 && before->kind == T_FILL && one_of(tok_at(t, i - 2), day) &&
                    after->kind == T_END; /* "early afternoon, like one" */
        return t->n == 1 || like || (before && one_of(before, day));
    }
    return true;
}

/* ---- with what stands before it ----------------------------------------------------------------
 */

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
        if (*time == DESK_TIME_NONE || *time == DESK_TIME_AT)
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

static void set_range(struct time_said *out, const struct clock_said *a, const struct clock_said *b)
{
    out->kind = DESK_TIME_BETWEEN;
    out->from = a->c;
    out->to = b->c;
    if (a->bad || b->bad)
        out->trouble = DESK_WHY_BAD_TIME;
}

static bool counts_something(const struct toks *t, size_t i)
{
    return tok_is(t, i, T_WORD) || tok_is(t, i, T_UNIT) || tok_is(t, i, T_LABEL);
}

/* "between two and four", "nine to eleven", "at around five", "after three" */
static size_t clock_time(const struct toks *t, size_t i, bool british, struct time_said *out)
{
    struct clock_said a, b;
    enum desk_time_kind lead;
    bool due;
    size_t k = i + lead_at(t, i, &lead, &due);
    if (due && k > i + 1 && !leads_to(t, k - 1))
        due = due && !(tok_at(t, k)->flags & F_SOUND); /* "about … for" is no four */
    bool de = lead == DESK_TIME_NONE && tok_is(t, k, T_OF) && tok_at(t, k)->flags & F_SPANISH;
    if (de)
        k += tok_is(t, k + 1, T_LAS) ? 2 : 1;
    size_t n = 0, more = 0;
    /* a range first: "from ten to two" */
    if (lead == DESK_TIME_BETWEEN || tok_is(t, i, T_FROM) || de) {
        n = clock_at(t, k, true, &a);
        if (n && a.two_ways && tok_is(t, k, T_NUM)) { /* "from ten to two" is no 1:50 */
            a = (struct clock_said){.c = {tok_at(t, k)->v * 60, false}};
            n = 1;
        }
    } else {
        n = clock_at(t, k, due, &a);
    }
    if (!n)
        return 0;
    n += half_between(t, k + n, lead, &a);
    more = other_end(t, k + n, lead, &b);
    if (de && !more)
        return 0;
    if (more && a.plain && b.plain && tok_is(t, tok_skip(t, k + n + more, T_OF), T_MONTH))
        return 0; /* "from 13 to 15 July" */
    if (more && !(a.plain && b.plain && counts_something(t, k + n + more))) {
        set_range(out, &a, &b);
        return k + n + more - i;
    }
    if (lead == DESK_TIME_BETWEEN)
        return 0;
    struct span_said span;
    if (a.plain && (tok_is(t, k + n, T_SLASH) || desk_dates_span(t, k, &span) > n))
        return 0; /* "at 4/12", "two and a half hours" */
    if (a.plain && !due && !plain_number_is_time(t, k, k + n))
        return 0;
    if (a.plain && due && counts_something(t, k + n) && tok_is(t, k + n, T_UNIT))
        return 0; /* "after two weeks", "within …" */
    out->kind = lead == DESK_TIME_NONE ? DESK_TIME_AT : lead;
    if (a.ish && out->kind == DESK_TIME_AT)
        out->kind = DESK_TIME_AROUND;
    out->from = a.c;
    out->weak = a.plain && !due;
    if (a.bad)
        out->trouble = DESK_WHY_BAD_TIME;
    if (a.two_ways && !british && lead != DESK_TIME_AT)
        out->trouble = DESK_WHY_TWO_TIMES;
    k += n;
    if (tok_is(t, k, T_ONWARD) || (tok_is(t, i, T_FROM) && tok_is(t, k, T_ON))) {
        out->kind = tok_is(t, k, T_ONWARD) && tok_at(t, k)->v ? DESK_TIME_BEFORE : DESK_TIME_AFTER;
        k++;
    }
    return k - i;
}

/* ---- from now ----------------------------------------------------------------------------------
 */

static int64_t minutes_of(const struct span_said *s)
{
    static const int twice[] = {
        [UNIT_MINUTE] = 2,        [UNIT_HOUR] = 120,    [UNIT_DAY] = 2880,     [UNIT_WEEK] = 20160,
        [UNIT_FORTNIGHT] = 40320, [UNIT_MONTH] = 86400, [UNIT_YEAR] = 1051200,
    };
    return (int64_t)s->halves * twice[s->unit] / 4;
}

/* "in half an hour", "two hours from now", "within 24 hours", "two hours ago", "for two hours" */
static size_t elapsed(const struct toks *t, size_t i, struct time_said *out)
{
    struct span_said s;
    const struct tok *a = tok_at(t, i);
    bool in = a->kind == T_IN, since = a->kind == T_AGO && a->v, length = a->kind == T_FOR;
    bool within = a->kind == T_WITHIN || (a->kind == T_NEXT && tok_is(t, i + 1, T_NUM)) ||
                  (a->kind == T_NEXT && tok_is(t, i + 1, T_COUPLE)) ||
                  (a->kind == T_NEXT && tok_is(t, i + 1, T_FEW));
    size_t k = in || since || length || within ? i + 1 : i;
    if (in && tok_is(t, k, T_AROUND))
        k++;
    if (within && tok_is(t, k, T_THE)) { /* "within the hour" */
        if (!tok_is(t, k + 1, T_UNIT))
            return 0;
        s = (struct span_said){.halves = 2, .unit = (enum tok_unit)tok_at(t, k + 1)->v};
        k += 2;
    } else {
        size_t n = desk_dates_span(t, k, &s);
        if (!n && within && tok_is(t, k, T_UNIT)) { /* "in the next hour" */
            s = (struct span_said){.halves = 2, .unit = (enum tok_unit)tok_at(t, k)->v};
            n = 1;
        }
        if (!n)
            return 0;
        k += n;
    }
    bool now = tok_is(t, k, T_FROM_NOW), ago = tok_is(t, k, T_AGO) || since;
    struct desk_day day;
    size_t from = s.few && tok_is(t, k, T_FROM) ? desk_dates_simple_day(t, k + 1, &day) : 0;
    now = now || from; /* "a few weeks from Monday" */
    if (length && !now && !ago) {
        out->kind = DESK_TIME_NONE; /* how long it takes */
        return k - i;
    }
    if (!within && (s.unit > UNIT_HOUR || !(in || now || ago)) && !s.few)
        return 0;
    if (!(within || in || now || ago))
        return 0;
    out->kind = within ? DESK_TIME_WITHIN : DESK_TIME_IN;
    out->minutes = ago ? -minutes_of(&s) : minutes_of(&s);
    if (s.few)
        out->trouble = DESK_WHY_VAGUE;
    if (s.few && from)
        return k + 1 + from - i;
    k += (now || (ago && !since)) ? 1 : 0;
    return (tok_is(t, k, T_ISH) ? k + 1 : k) - i;
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
