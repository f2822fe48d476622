/* Spoken dates, first step: a sentence → words → tokens. Words are folded (case, accents,
 * apostrophes), phrases found in the lexicon, misspelt names of days and months mended, and number
 * words put together. */
#include "core/dates_words.h"

#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

#define MAX_WORD 24

struct words {
    char w[DESK_MAX_DATE_WORDS][MAX_WORD];
    size_t n;
};

/* ---- words ----------------------------------------------------------------------------------- */

/* Latin-1 letters with accents → the letter; 0 = none of them. */
static char unaccented(uint32_t c)
{
    static const struct {
        uint32_t first, last;
        char to;
    } rows[] = {
        {0xc0, 0xc5, 'a'}, {0xc8, 0xcb, 'e'}, {0xcc, 0xcf, 'i'}, {0xd1, 0xd1, 'n'},
        {0xd2, 0xd6, 'o'}, {0xd9, 0xdc, 'u'}, {0xe0, 0xe5, 'a'}, {0xe8, 0xeb, 'e'},
        {0xec, 0xef, 'i'}, {0xf1, 0xf1, 'n'}, {0xf2, 0xf6, 'o'}, {0xf9, 0xfc, 'u'},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (c >= rows[i].first && c <= rows[i].last)
            return rows[i].to;
    return 0;
}

enum class { C_LETTER, C_DIGIT, C_APOSTROPHE, C_COMBINING, C_SIGN, C_SPACE };

/* One character, folded; *used = its bytes. */
static char fold(const char *p, size_t n, size_t *used, enum class *class)
{
    uint32_t c = desk_utf8_next(p, n, used);
    *class = C_SPACE;
    if (c < 0x80 && ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')) {
        *class = C_LETTER;
        return (char)(c | 0x20);
    }
    if (c >= '0' && c <= '9')
        *class = C_DIGIT;
    else if (c == '\'' || c == 0x2019 || c == 0x2018 || c == '`' || c == 0xb4)
        *class = C_APOSTROPHE;
    else if (c >= 0x300 && c < 0x370)
        *class = C_COMBINING; /* an accent by itself */
    else if (c < 0x80 && strchr(".,;:!?/-&@#$%+", (int)c) && c)
        *class = C_SIGN;
    else if (c == 0x2013 || c == 0x2014)
        return *class = C_SIGN, '-';
    else if (unaccented(c))
        return *class = C_LETTER, unaccented(c);
    return c < 0x80 ? (char)c : ' ';
}

static char *new_word(struct words *out)
{
    if (out->n == DESK_MAX_DATE_WORDS)
        return NULL;
    return memset(out->w[out->n++], 0, MAX_WORD);
}

static void put(char *word, char c)
{
    size_t len = word ? strlen(word) : MAX_WORD;
    if (len < MAX_WORD - 1)
        word[len] = c;
}

/* Letters, digits and signs each make words of their own: "3:30pm" → 3 : 30 pm. */
static void split(struct words *out, const char *text)
{
    size_t n = strlen(text), used;
    enum class class, last = C_SPACE;
    char *word = NULL;
    out->n = 0;
    for (size_t i = 0; i < n; i += used) {
        char c = fold(text + i, n - i, &used, &class);
        if (class == C_APOSTROPHE || class == C_COMBINING)
            continue;
        if (class == C_SPACE) {
            /* "3 : 30" and "3:30" are the same, but "3. 30" is not "3.30" */
            if (last == C_SIGN && word && *word == '.')
                *word = ',';
        } else {
            if (class != last || class == C_SIGN)
                word = new_word(out);
            put(word, c);
        }
        last = class;
    }
}

/* "a" "." "m" "." → "am". */
static void join_meridiem(struct words *w)
{
    size_t to = 0;
    for (size_t i = 0; i < w->n; i++, to++) {
        bool half_day = i + 2 < w->n && (!strcmp(w->w[i], "a") || !strcmp(w->w[i], "p")) &&
                        !strcmp(w->w[i + 1], ".") && !strcmp(w->w[i + 2], "m");
        if (to != i)
            memcpy(w->w[to], w->w[i], MAX_WORD);
        if (!half_day)
            continue;
        w->w[to][1] = 'm';
        i += 2;
        if (i + 1 < w->n && (!strcmp(w->w[i + 1], ".") || !strcmp(w->w[i + 1], ",")))
            i++;
    }
    w->n = to;
}

/* "t u e s d a y" → "tuesday" */
static void join_spelt(struct words *w)
{
    size_t to = 0;
    for (size_t i = 0, n; i < w->n; i += n, to++) {
        for (n = 0; i + n < w->n && n < MAX_WORD - 1; n++)
            if (w->w[i + n][0] < 'a' || w->w[i + n][1])
                break;
        if (to != i)
            memcpy(w->w[to], w->w[i], MAX_WORD);
        if (n < 6) { /* the shortest names of days have six letters, "a s a p" has four */
            n = 1;
            continue;
        }
        for (size_t k = 1; k < n; k++)
            put(w->w[to], w->w[i + k][0]);
    }
    w->n = to;
}

/* ---- the lexicon ----------------------------------------------------------------------------- */

static const struct row {
    enum tok_kind kind;
    int v;
    unsigned flags;
    const char *phrases;
} lexicon[] = {
/* clang-format off */
#include "core/dates_lexicon.inc"
    /* clang-format on */
};

/* How many words of w from i on spell the phrase; *next = where the row's next phrase begins. */
static size_t spells(const struct words *w, size_t i, const char *phrase, const char **next)
{
    size_t n = 0;
    const char *p = phrase;
    for (;;) {
        size_t len = strcspn(p, " |");
        if (i + n >= w->n || strncmp(w->w[i + n], p, len) != 0 || w->w[i + n][len]) {
            n = 0;
            break;
        }
        n++;
        p += len;
        if (*p != ' ')
            break;
        p++;
    }
    p += strcspn(p, "|");
    *next = *p ? p + 1 : NULL;
    return n;
}

/* The longest phrase at word i. */
static size_t look_up(const struct words *w, size_t i, const struct row **row)
{
    size_t best = 0;
    for (size_t r = 0; r < sizeof lexicon / sizeof *lexicon; r++)
        for (const char *p = lexicon[r].phrases; p;) {
            size_t n = spells(w, i, p, &p);
            if (n > best) {
                best = n;
                *row = &lexicon[r];
            }
        }
    return best;
}

/* ---- misspelt -------------------------------------------------------------------------------- */

/* Letters to change, add, drop or swap; counts no further than 3. */
static int distance(const char *a, const char *b)
{
    int row[3][MAX_WORD + 1] = {{0}};
    size_t na = strlen(a), nb = strlen(b);
    if (na > nb + 2 || nb > na + 2)
        return 3;
    for (size_t j = 0; j <= nb; j++)
        row[0][j] = (int)j;
    for (size_t i = 1; i <= na; i++) {
        int *now = row[i % 3], *up = row[(i + 2) % 3], *up2 = row[(i + 1) % 3];
        now[0] = (int)i;
        for (size_t j = 1; j <= nb; j++) {
            int best = up[j - 1] + (a[i - 1] != b[j - 1]);
            best = up[j] + 1 < best ? up[j] + 1 : best;
            best = now[j - 1] + 1 < best ? now[j - 1] + 1 : best;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                up2[j - 2] + 1 < best)
                best = up2[j - 2] + 1;
            now[j] = best;
        }
    }
    return row[na % 3][nb];
}

static const struct row *nearly(const char *word)
{
    static const struct {
        struct row row; /* phrases: the word meant */
        int most;       /* letters wrong */
    } rows[] = {
        {{T_WEEKDAY, 1, 0, "monday"}, 1},
        {{T_WEEKDAY, 2, 0, "tuesday"}, 1},
        {{T_WEEKDAY, 3, 0, "wednesday"}, 2},
        {{T_WEEKDAY, 4, 0, "thursday"}, 2},
        {{T_WEEKDAY, 5, 0, "friday"}, 1},
        {{T_WEEKDAY, 6, 0, "saturday"}, 2},
        {{T_WEEKDAY, 0, 0, "sunday"}, 1},
        {{T_WEEKDAY, 3, 0, "miercoles"}, 1},
        {{T_MONTH, 1, 0, "january"}, 1},
        {{T_MONTH, 2, 0, "february"}, 2},
        {{T_MONTH, 8, 0, "august"}, 1},
        {{T_MONTH, 9, 0, "september"}, 1},
        {{T_MONTH, 10, 0, "october"}, 1},
        {{T_MONTH, 11, 0, "november"}, 1},
        {{T_MONTH, 12, 0, "december"}, 1},
        {{T_RELDAY, 1, 0, "tomorrow"}, 2},
        {{T_RELDAY, -1, 0, "yesterday"}, 2},
        {{T_PART, DESK_DAYPART_MORNING, 0, "morning"}, 1},
        {{T_PART, DESK_DAYPART_EVENING, 0, "evening"}, 1},
        {{T_PART, DESK_DAYPART_AFTERNOON, 0, "afternoon"}, 2},
        {{T_HOLIDAY, DESK_HOLIDAY_THANKSGIVING, 0, "thanksgiving"}, 2},
        {{T_HOLIDAY, DESK_HOLIDAY_CHRISTMAS, 0, "christmas"}, 1},
    };
    size_t len = strlen(word);
    for (size_t i = 0; len >= 6 && i < sizeof rows / sizeof *rows; i++)
        if (distance(word, rows[i].row.phrases) <= rows[i].most)
            return &rows[i].row;
    return NULL;
}

/* What could be a number if one is due: a recogniser writes "at ate" for "at eight". */
static int sounds_like(const char *word)
{
    static const struct {
        const char *word;
        int v;
    } rows[] = {{"to", 2},   {"too", 2},  {"tu", 2},   {"for", 4}, {"fore", 4},
                {"fur", 4},  {"ate", 8},  {"ait", 8},  {"won", 1}, {"tin", 10},
                {"tree", 3}, {"nein", 9}, {"mine", 9}, {"sex", 6}, {"heaven", 7}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(word, rows[i].word) == 0)
            return rows[i].v;
    return 0;
}

/* ---- words → tokens -------------------------------------------------------------------------- */

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

/* 2026-12-05 */
static size_t iso_date(const struct words *w, size_t i, struct tok *out)
{
    if (!digits(w, i, 4) || strlen(w->w[i]) != 4 || !sign(w, i + 1, "-/.") ||
        !digits(w, i + 2, 2) || !sign(w, i + 3, "-/.") || !digits(w, i + 4, 2))
        return 0;
    *out = (struct tok){
        .kind = T_ISO,
        .v = (int)desk_days_from_civil(atoi(w->w[i]), atoi(w->w[i + 2]), atoi(w->w[i + 4]))};
    return 5;
}

/* 3:30, 3.30, 15h30, 15h */
static size_t clock_time(const struct words *w, size_t i, struct tok *out)
{
    if (!digits(w, i, 2))
        return 0;
    int h = atoi(w->w[i]);
    bool half = sign(w, i + 1, ":.") || word_is(w, i + 1, "h");
    if (!half || !digits(w, i + 2, 2) || strlen(w->w[i + 2]) != 2)
        return 0;
    int m = atoi(w->w[i + 2]);
    *out = (struct tok){.kind = T_CLOCK, .v = h > 24 || m > 59 ? -1 : h * 60 + m};
    if (h > 12 || h == 0)
        out->flags = F_SURE;
    return 3;
}

static size_t number(const struct words *w, size_t i, struct tok *out)
{
    static const char *const endings[] = {"st", "nd", "rd", "th", "ro", "er"};
    if (!digits(w, i, MAX_WORD))
        return 0;
    *out = (struct tok){.kind = strlen(w->w[i]) > 4 ? T_WORD : T_NUM, .flags = F_DIGITS};
    if (out->kind == T_NUM)
        out->v = atoi(w->w[i]);
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
    if (sign(w, i, "$#") && digits(w, i + 1, MAX_WORD)) {
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
    return after && (word_is(w, i, "p") || word_is(w, i, "a")) && !digits(w, i + 1, MAX_WORD) &&
                   !word_is(w, i + 1, "week") && !word_is(w, i + 1, "las") &&
                   !word_is(w, i + 1, "la")
               ? 1
               : 0;
}

/* "tenish" → "ten" "ish" */
static void split_ish(struct words *w)
{
    const struct row *row;
    for (size_t i = 0; i < w->n && w->n < DESK_MAX_DATE_WORDS; i++) {
        size_t len = strlen(w->w[i]);
        if (len < 6 || strcmp(w->w[i] + len - 3, "ish") != 0 || look_up(w, i, &row) > 0)
            continue;
        w->w[i][len - 3] = '\0';
        if (!look_up(w, i, &row)) {
            w->w[i][len - 3] = 'i';
            continue;
        }
        memmove(w->w[i + 2], w->w[i + 1], (w->n - i - 1) * MAX_WORD);
        memcpy(w->w[i + 1], "ish", 4);
        w->n++;
    }
}

static size_t lexicon_word(const struct words *w, size_t i, struct tok *out)
{
    const struct row *row = NULL;
    size_t n = look_up(w, i, &row);
    if (!n && (row = nearly(w->w[i])))
        n = 1;
    *out = (struct tok){.kind = T_WORD};
    if (row)
        *out = (struct tok){
            .kind = (unsigned char)row->kind, .flags = (unsigned char)row->flags, .v = row->v};
    if (out->flags & F_SOUND)
        out->sound = sounds_like(w->w[i]);
    return n ? n : 1;
}

/* ---- numbers of several words ---------------------------------------------------------------- */

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

/* ---- numbers that are no dates -----------------------------------------------------------------
 */

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

/* ---- words that are something else in another place ------------------------------------------ */

static bool may_be_month(const struct toks *t, size_t i)
{
    const struct tok *a = i ? tok_at(t, i - 1) : tok_at(t, t->n), *b = tok_at(t, i + 1);
    switch (a->kind) {
    case T_NUM:
    case T_ORD:
    case T_OF:
    case T_IN:
    case T_EARLY:
    case T_MID:
    case T_LATE:
    case T_NEXT:
    case T_THIS:
    case T_BY:
    case T_UNTIL:
        return true;
    default:
        return b->kind == T_ORD || (b->kind == T_NUM && b->v >= 1 && b->v <= 31) ||
               (b->kind == T_THE && tok_is(t, i + 2, T_ORD)) || t->n == 1;
    }
}

/* "mon", "wed", "sat" and "sun" are days among words of dates. */
static bool may_be_weekday(const struct toks *t, size_t i)
{
    static const unsigned char before[] = {T_ON,  T_THIS,  T_NEXT, T_COMING, T_BY,
                                           T_OR,  T_AND,   T_TO,   T_DASH,   T_PAUSE,
                                           T_NOT, T_AFTER, T_FROM, T_THROUGH};
    static const unsigned char behind[] = {T_NUM, T_AT,    T_PART, T_MONTH, T_CLOCK, T_DASH,  T_OR,
                                           T_ORD, T_PAUSE, T_END,  T_TO,    T_UNTIL, T_AROUND};
    if (i == 0 || tok_at(t, i)->v == 1)
        return true;
    for (size_t k = 0; k < sizeof before; k++)
        if (t->t[i - 1].kind == before[k])
            return true;
    for (size_t k = 0; k < sizeof behind; k++)
        if (tok_at(t, i + 1)->kind == behind[k] && t->t[i - 1].kind != T_THE)
            return true;
    return false;
}

static bool spanish_around(const struct toks *t, size_t i)
{
    return (i > 0 && t->t[i - 1].flags & F_SPANISH) || tok_at(t, i + 1)->flags & F_SPANISH ||
           (i > 0 && t->t[i - 1].kind == T_A);
}

/* "may" of "may I", "sun" of "in the sun", "once" of English, "mañana" of "esta mañana". */
static void doubt_words(struct toks *t)
{
    for (size_t i = 0; i < t->n; i++) {
        struct tok *k = &t->t[i];
        bool wordy = k->flags & F_WORDY;
        if (k->kind == T_MONTH && wordy && k->v == 5 && !may_be_month(t, i))
            k->kind = T_FILL;
        else if (k->kind == T_WEEKDAY && wordy && !may_be_weekday(t, i))
            k->kind = T_WORD;
        else if (k->kind == T_NUM && k->v == 11 && k->flags & F_SPANISH && !spanish_around(t, i))
            k->kind = T_FILL;
        else if (k->kind == T_NUM && k->v == 0 && wordy)
            k->kind = T_FILL;
        else if (k->kind == T_RELDAY && k->v == 1 && k->flags & F_SPANISH && i > 0 &&
                 t->t[i - 1].kind == T_THIS)
            *k = (struct tok){.kind = T_PART, .flags = F_SPANISH, .v = DESK_DAYPART_MORNING};
    }
}

void desk_dates_tokens(struct toks *out, const char *text)
{
    static size_t (*const readers[])(const struct words *, size_t, struct tok *) = {
        iso_date, clock_time, number, spoken_slash, after_digits, sign_token, lexicon_word};
    struct words w;
    split(&w, text ? text : "");
    join_meridiem(&w);
    join_spelt(&w);
    split_ish(&w);
    out->n = 0;
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
