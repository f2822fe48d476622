/* Spoken dates, first step: a sentence → words. Case, accents and apostrophes are folded; phrases
 * are found in the lexicon, and misspelt names of days and months mended. */
#include "core/dates_words.h"

#include "base/utf8.h"

#include <string.h>

/* ---- words ---------------------------------------------------------------------------------- */

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
    if (out->n == DESK_MAX_DATE_WORDS) {
        out->cut = true;
        return NULL;
    }
    return memset(out->w[out->n++], 0, DATE_WORD);
}

static void put(char *word, char c)
{
    size_t len = word ? strlen(word) : DATE_WORD;
    if (len < DATE_WORD - 1)
        word[len] = c;
}

/* Letters, digits and signs each make words of their own: "3:30pm" → 3 : 30 pm. */
static void split(struct words *out, const char *text)
{
    size_t n = strlen(text), used;
    enum class class, last = C_SPACE;
    char *word = NULL;
    out->n = 0;
    out->cut = false;
    for (size_t i = 0; i < n && !out->cut; i += used) {
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
            memcpy(w->w[to], w->w[i], DATE_WORD);
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
        for (n = 0; i + n < w->n && n < DATE_WORD - 1; n++)
            if (w->w[i + n][0] < 'a' || w->w[i + n][1])
                break;
        if (to != i)
            memcpy(w->w[to], w->w[i], DATE_WORD);
        if (n < 6) { /* the shortest names of days have six letters, "a s a p" has four */
            n = 1;
            continue;
        }
        for (size_t k = 1; k < n; k++)
            put(w->w[to], w->w[i + k][0]);
    }
    w->n = to;
}

/* ---- the lexicon ---------------------------------------------------------------------------- */

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

/* ---- misspelt ------------------------------------------------------------------------------- */

/* Letters to change, add, drop or swap; counts no further than 3. */
static int distance(const char *a, const char *b)
{
    int row[3][DATE_WORD + 1] = {{0}};
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
    for (size_t i = 0; len >= 5 && i < sizeof rows / sizeof *rows; i++)
        if (distance(word, rows[i].row.phrases) <= (len > 5 ? rows[i].most : 1))
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

/* Cuts word i in two after `at` letters. */
static void cut_word(struct words *w, size_t i, size_t at)
{
    memmove(w->w[i + 2], w->w[i + 1], (w->n - i - 1) * DATE_WORD);
    memset(w->w[i + 1], 0, DATE_WORD);
    memcpy(w->w[i + 1], w->w[i] + at, strlen(w->w[i] + at));
    w->w[i][at] = '\0';
    w->n++;
}

/* "tenish" → "ten" "ish", "midweek" → "mid" "week" */
static void split_words(struct words *w)
{
    const struct row *row;
    char part[DATE_WORD];
    for (size_t i = 0; i < w->n && w->n < DESK_MAX_DATE_WORDS; i++) {
        size_t len = strlen(w->w[i]);
        if (len < 6 || look_up(w, i, &row) > 0)
            continue;
        memcpy(part, w->w[i], DATE_WORD);
        bool ish = strcmp(part + len - 3, "ish") == 0, mid = strncmp(part, "mid", 3) == 0;
        size_t at = ish ? len - 3 : 3;
        if (!ish && !mid)
            continue;
        cut_word(w, i, at);
        if (!look_up(w, ish ? i : i + 1, &row)) { /* "English" */
            memcpy(w->w[i], part, DATE_WORD);
            w->n--;
            memmove(w->w[i + 1], w->w[i + 2], (w->n - i - 1) * DATE_WORD);
        }
    }
}

size_t desk_dates_look_up(const struct words *w, size_t i, struct tok *out)
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

void desk_dates_words(struct words *out, const char *text)
{
    split(out, text ? text : "");
    join_meridiem(out);
    join_spelt(out);
    split_words(out);
}
