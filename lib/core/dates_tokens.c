/* Spoken dates, second step: words → tokens. What is written in figures, number words that belong
 * together, numbers that are no dates, and words that mean something else in another place. */
#include "core/dates_words.h"

#include <string.h>

/* ---- words → tokens ------------------------------------------------------------------------- */

static bool digits(const struct words *w, size_t i, size_t most)
{
    return i < w->n && w->w[i][0] >= '0' && w->w[i][0] <= '9' && strlen(w->w[i]) <= most;
}

static bool sign(const struct words *w, size_t i, const char *any_of)
{
    return i < w->n && w->w[i][0] && !w->w[i][1] && strchr(any_of, w->w[i][0]);
}

static bool word_is(const struct words *w, size_t i, const char *text)
{
    return i < w->n && strcmp(w->w[i], text) == 0;
}

static int value(const char *s)
{
    int v = 0;
    for (; *s >= '0' && *s <= '9' && v < 100000; s++)
        v = v * 10 + (*s - '0');
    return v;
}

/* 2026-12-05 */
static size_t iso_date(const struct words *w, size_t i, struct tok *out)
{
    if (!digits(w, i, 4) || strlen(w->w[i]) != 4 || !sign(w, i + 1, "-/.") ||
        !digits(w, i + 2, 2) || !sign(w, i + 3, "-/.") || !digits(w, i + 4, 2))
        return 0;
    *out = (struct tok){
        .kind = T_ISO,
        .v = (int)desk_days_from_civil(value(w->w[i]), value(w->w[i + 2]), value(w->w[i + 4]))};
    return 5;
}

/* 3:30, 3.30, 15h30, 15h */
static size_t clock_time(const struct words *w, size_t i, struct tok *out)
{
    if (!digits(w, i, 2))
        return 0;
    int h = value(w->w[i]);
    bool half = sign(w, i + 1, ":.") || word_is(w, i + 1, "h");
    if (!half || !digits(w, i + 2, 2) || strlen(w->w[i + 2]) != 2)
        return 0;
    int m = value(w->w[i + 2]);
    *out = (struct tok){.kind = T_CLOCK, .v = h > 24 || m > 59 ? -1 : h * 60 + m};
    if (h > 12 || h == 0)
        out->flags = F_SURE;
    return 3;
}

static size_t number(const struct words *w, size_t i, struct tok *out)
{
    static const char *const endings[] = {"st", "nd", "rd", "th", "ro", "er"};
    if (!digits(w, i, DATE_WORD))
        return 0;
    *out = (struct tok){.kind = strlen(w->w[i]) > 4 ? T_WORD : T_NUM, .flags = F_DIGITS};
    if (out->kind == T_NUM)
        out->v = value(w->w[i]);
    if (sign(w, i + 1, ".") && digits(w, i + 2, 1)) {
        out->sound = TENTHS_5; /* "2.5 hours"; other parts are of nothing we count */
        out->kind = word_is(w, i + 2, "5") ? T_NUM : T_WORD;
        return 3;
    }
    for (size_t e = 0; e < sizeof endings / sizeof *endings; e++)
        if (word_is(w, i + 1, endings[e])) {
            out->kind = T_ORD;
            return 2;
        }
    if (w->w[i][0] == '0' && strlen(w->w[i]) % 2 == 0)
        out->flags |= F_ZERO; /* "05", "0930" */
    return 1;
}

static size_t sign_token(const struct words *w, size_t i, struct tok *out)
{
    static const struct {
        char c;
        enum tok_kind kind;
    } rows[] = {{'/', T_SLASH}, {'-', T_DASH}, {'&', T_AND},  {'@', T_AT},
                {'$', T_WORD},  {'#', T_WORD}, {'%', T_WORD}, {'+', T_WORD}};
    if (!sign(w, i, "/-&@$#%+.,;:!?"))
        return 0;
    *out = (struct tok){.kind = T_PAUSE};
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++)
        if (w->w[i][0] == rows[r].c)
            out->kind = (unsigned char)rows[r].kind;
    if (sign(w, i, "$#") && digits(w, i + 1, DATE_WORD)) {
        out->kind = T_WORD; /* money, a number of something */
        return 2;
    }
    return 1;
}

static size_t spoken_slash(const struct words *w, size_t i, struct tok *out)
{
    *out = (struct tok){.kind = T_SLASH};
    return word_is(w, i, "slash") || word_is(w, i, "diagonal") ? 1 : 0;
}

/* "3p", "10a", "10ish": the letters after digits. */
static size_t after_digits(const struct words *w, size_t i, struct tok *out)
{
    bool after = i > 0 && digits(w, i - 1, 2);
    *out = (struct tok){.kind = T_AM};
    if (after && word_is(w, i, "p"))
        out->kind = T_PM;
    return after && (word_is(w, i, "p") || word_is(w, i, "a")) && !digits(w, i + 1, DATE_WORD) &&
                   !word_is(w, i + 1, "week") && !word_is(w, i + 1, "las") &&
                   !word_is(w, i + 1, "la")
               ? 1
               : 0;
}

/* ---- numbers of several words --------------------------------------------------------------- */

static bool number_word(const struct tok *t, int from, int to)
{
    return t->kind == T_NUM && !(t->flags & F_DIGITS) && t->v >= from && t->v <= to;
}

/* "twenty five", "twenty fifth", "treinta y uno" */
static size_t tens(const struct toks *t, size_t i, struct tok *out)
{
    const struct tok *a = tok_at(t, i), *b = tok_at(t, i + 1), *c = tok_at(t, i + 2);
    if (!number_word(a, 20, 90) || a->v % 10)
        return 0;
    *out = *a;
    if (b->kind == T_DASH && !(c->flags & F_DIGITS) && c->v >= 1 && c->v <= 9 &&
        (c->kind == T_NUM || c->kind == T_ORD)) { /* "twenty-fourth" */
        *out = *c;
        out->v += a->v;
        return 3;
    }
    if (a->flags & F_SPANISH && b->kind == T_AND && number_word(c, 1, 9)) {
        out->v += c->v;
        return 3;
    }
    if (number_word(b, 1, 9) && !(b->flags & F_SPANISH)) {
        out->v += b->v;
        return 2;
    }
    if (b->kind == T_ORD && b->v >= 1 && b->v <= 9 && !(b->flags & F_DIGITS)) {
        out->kind = T_ORD;
        out->v += b->v;
        return 2;
    }
    return 0;
}

/* "fifteen hundred thirty", "two thousand and twenty seven" */
static size_t hundreds(const struct toks *t, size_t i, struct tok *out)
{
    const struct tok *a = tok_at(t, i), *b = tok_at(t, i + 1);
    struct tok rest;
    if (a->kind != T_NUM || a->v < 1 || a->v > 99 ||
        !(number_word(b, 100, 100) || number_word(b, 1000, 1000)))
        return 0;
    size_t n = 2;
    *out = *a;
    out->v = a->v * b->v;
    out->flags |= b->v == 100 ? F_HUNDRED : 0;
    if (out->v > 9999)
        out->kind = T_WORD;
    size_t k = i + n + (tok_is(t, i + n, T_AND) ? 1 : 0);
    size_t more = tens(t, k, &rest);
    if (!more && number_word(tok_at(t, k), 1, 99)) {
        rest = *tok_at(t, k);
        more = 1;
    }
    if (more && rest.kind == T_NUM) {
        out->v += rest.v;
        n = k - i + more;
    }
    return n;
}

/* "three oh five", "oh nine hundred": a nought, not "or". */
static size_t nought(const struct toks *t, size_t i, struct tok *out)
{
    const struct tok *a = tok_at(t, i), *b = tok_at(t, i + 1);
    bool zero = number_word(a, 0, 0);
    bool oh = a->kind == T_OR && a->flags & F_SPANISH && i > 0 && tok_is(t, i - 1, T_NUM) &&
              !(tok_at(t, i - 1)->flags & F_SPANISH);
    if ((!zero && !oh) || b->kind != T_NUM || b->v < 1 || b->v > 9 || b->flags & F_SPANISH)
        return 0;
    *out = *b;
    out->flags |= F_ZERO;
    return 2;
}

static void join_numbers(struct toks *t)
{
    static size_t (*const rules[])(const struct toks *, size_t, struct tok *) = {hundreds, tens,
                                                                                 nought};
    size_t to = 0;
    for (size_t i = 0, used; i < t->n; i += used, to++) {
        struct tok joined = t->t[i];
        used = 0;
        for (size_t r = 0; !used && r < sizeof rules / sizeof *rules; r++)
            used = rules[r](t, i, &joined);
        used = used ? used : 1;
        t->t[to] = joined;
    }
    t->n = to;
    t->t[t->n] = (struct tok){.kind = T_END};
}

/* ---- numbers that are no dates -------------------------------------------------------------- */

/* A telephone number: figures in a row, or many single digits. */
static size_t telephone(const struct toks *t, size_t i)
{
    size_t n = 0, figures = 0;
    const struct tok *year = tok_at(t, i + 4);
    if (tok_is(t, i + 1, T_DASH) && tok_is(t, i + 3, T_DASH) && year->kind == T_NUM &&
        year->v >= 2000 && year->v < 2100)
        return 0; /* 11-24-2026 */
    for (; i + n < t->n; n++) {
        const struct tok *k = tok_at(t, i + n);
        if (k->kind != T_NUM && !(k->kind == T_DASH && n))
            break;
        figures += k->kind != T_NUM ? 0 : k->v > 999 ? 4 : k->v > 99 ? 3 : k->v > 9 ? 2 : 1;
    }
    return figures >= 7 ? n : 0;
}

/* "14 Elm Street" */
static bool house_number(const struct toks *t, size_t i)
{
    for (size_t k = i + 1; k < i + 5; k++) {
        const struct tok *a = tok_at(t, k);
        if (a->kind == T_STREET)
            return k > i + 1;
        if (a->kind != T_WORD && a->kind != T_ORD && a->kind != T_NUM && a->kind != T_MONTH)
            return false;
    }
    return false;
}

static void drop_numbers(struct toks *t)
{
    for (size_t i = 0; i < t->n; i++) {
        size_t n = telephone(t, i);
        for (size_t k = 0; k < n; k++)
            t->t[i + k].kind = T_WORD;
        if (t->t[i].kind == T_NUM && house_number(t, i))
            t->t[i].kind = T_WORD;
    }
}

/* ---- words that are something else in another place ----------------------------------------- */

static bool may_be_month(const struct toks *t, size_t i)
{
    const struct tok *next = tok_at(t, i + 1);
    if (TOK_AMONG(tok_before(t, i), T_NUM, T_ORD, T_OF, T_IN, T_EARLY, T_MID, T_LATE, T_NEXT,
                  T_THIS, T_BY, T_UNTIL))
        return true;
    return next->kind == T_ORD || (next->kind == T_NUM && next->v >= 1 && next->v <= 31) ||
           (next->kind == T_THE && tok_is(t, i + 2, T_ORD)) || t->n == 1;
}

/* "mon", "wed", "sat" and "sun" are days among words of dates. */
static bool may_be_weekday(const struct toks *t, size_t i)
{
    const struct tok *before = tok_before(t, i), *next = tok_at(t, i + 1);
    if (i == 0 || tok_at(t, i)->v == 1 || next->kind == T_END)
        return before->kind != T_THE;
    if (TOK_AMONG(before, T_ON, T_THIS, T_NEXT, T_COMING, T_BY, T_OR, T_AND, T_TO, T_DASH, T_PAUSE,
                  T_NOT, T_AFTER, T_FROM, T_THROUGH))
        return true;
    return before->kind != T_THE && TOK_AMONG(next, T_NUM, T_AT, T_PART, T_MONTH, T_CLOCK, T_DASH,
                                              T_OR, T_ORD, T_PAUSE, T_TO, T_UNTIL, T_AROUND);
}

static bool among_spanish(const struct toks *t, size_t i)
{
    const struct tok *before = tok_before(t, i);
    return (before->flags | tok_at(t, i + 1)->flags) & F_SPANISH || before->kind == T_A;
}

/* "may" of "may I" is none, nor "sun" of "in the sun", "once" of English, "oh". */
static bool doubtful(const struct toks *t, size_t i)
{
    const struct tok *k = tok_at(t, i);
    bool wordy = k->flags & F_WORDY;
    switch (k->kind) {
    case T_MONTH:
        return wordy && k->v == 5 && !may_be_month(t, i);
    case T_WEEKDAY:
        return wordy && !may_be_weekday(t, i);
    case T_NUM:
        return (wordy && k->v == 0) || (k->v == 11 && k->flags & F_SPANISH && !among_spanish(t, i));
    default:
        return false;
    }
}

static void doubt_words(struct toks *t)
{
    for (size_t i = 0; i < t->n; i++) {
        struct tok *k = &t->t[i];
        if (doubtful(t, i))
            k->kind = k->kind == T_WEEKDAY ? T_WORD : T_FILL;
        else if (k->kind == T_RELDAY && k->v == 1 && k->flags & F_SPANISH &&
                 tok_before(t, i)->kind == T_THIS) /* "esta mañana" */
            *k = (struct tok){.kind = T_PART, .flags = F_SPANISH, .v = DESK_DAYPART_MORNING};
    }
}

void desk_dates_tokens(struct toks *out, const char *text)
{
    static size_t (*const readers[])(const struct words *, size_t, struct tok *) = {
        iso_date, clock_time, number, spoken_slash, after_digits, sign_token, desk_dates_look_up};
    struct words w;
    desk_dates_words(&w, text);
    out->n = 0;
    out->cut = w.cut;
    for (size_t i = 0, used; i < w.n; i += used) {
        used = 0;
        for (size_t r = 0; !used; r++) /* the last one takes anything */
            used = readers[r](&w, i, &out->t[out->n]);
        if (out->t[out->n].kind != T_HESITATION)
            out->n++;
    }
    out->t[out->n] = (struct tok){.kind = T_END};
    join_numbers(out);
    drop_numbers(out);
    doubt_words(out);
}
