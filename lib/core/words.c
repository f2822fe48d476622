/* Three passes over a text: letters are folded into a plain form with marks for what ends a
 * sentence; the plain form is cut into words, which are written out and joined; the words are
 * marked with clauses and scopes. The tables are in words_tables.h. */
#include "core/words.h"
#include "core/phrases.h"
#include "core/words_tables.h"

#include "base/utf8.h"

#include <pthread.h>
#include <string.h>

#define COUNT(a)  (sizeof(a) / sizeof *(a))
#define MAX_WORD  40 /* longer ones are cut */
#define NEG_AHEAD 5  /* words that a "no" reaches */
#define FLAT      (DESK_MAX_JUDGE_TEXT + 2)

/* marks in the plain form */
#define M_STOP  '\n'
#define M_ASK   '?'
#define M_COMMA ','

/* ---- letters --------------------------------------------------------------------------------- */

/* U+00C0 … U+017F without their accents; ' ' where there is no letter like it */
static const char latin[] =
    "aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuyty"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkk"
    "llllllllllnnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

static char fold_mark(uint32_t c)
{
    switch (c) {
    case '?':
    case 0xbf: /* ¿ ends what was before */
        return M_ASK;
    case '.':
    case '!':
    case ';':
    case '\n':
    case 0xa1: /* ¡ */
        return M_STOP;
    case ',':
    case ':':
    case '(':
    case ')':
    case 0x2013:
    case 0x2014:
    case 0x2026: /* … */
        return M_COMMA;
    case '\'':
    case 0x2018:
    case 0x2019:
    case 0x02bc:
        return '\'';
    default:
        return ' ';
    }
}

static char fold_char(uint32_t c)
{
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
        return (char)c;
    if (c >= 'A' && c <= 'Z')
        return (char)(c - 'A' + 'a');
    if (c >= 0xc0 && c < 0xc0 + sizeof latin - 1)
        return latin[c - 0xc0];
    return fold_mark(c);
}

static bool is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    return c == '\'' || (unsigned char)c >= 0x80 || (c >= 'a' && c <= 'z') || is_digit((unsigned)c);
}

/* Text → plain form. Letters of other scripts stay as they are. */
static void fold(char *flat, const char *text)
{
    size_t n = strlen(text), w = 0, used;
    const char *from = n > DESK_MAX_JUDGE_TEXT ? text + n - DESK_MAX_JUDGE_TEXT : text;
    n = strlen(from);
    for (size_t i = 0; i < n && w + 5 < FLAT; i += used) {
        uint32_t c = desk_utf8_next(from + i, n - i, &used);
        if (c == DESK_UTF8_BAD || (c > 0x017f && (c < 0x2000 || c > 0x2bff) && c != 0x02bc)) {
            if (c != DESK_UTF8_BAD && c < 0x10000)
                for (size_t k = 0; k < used; k++)
                    flat[w++] = from[i + k];
            else
                flat[w++] = ' ';
            continue;
        }
        bool inside = i > 0 && is_digit((unsigned char)from[i - 1]) && i + 1 < n &&
                      is_digit((unsigned char)from[i + 1]);
        if (inside && (c == '.' || c == ',' || c == ':'))
            continue; /* 101.5, 2,000, 7:30: one number */
        flat[w++] = fold_char(c);
    }
    flat[w] = '\0';
}

/* ---- words ----------------------------------------------------------------------------------- */

static void add_word(struct desk_words *ws, const char *s, size_t len, unsigned clause,
                     unsigned part)
{
    if (len > MAX_WORD)
        len = MAX_WORD;
    if (len == 0 || ws->n >= COUNT(ws->w) || ws->used + len + 1 > sizeof ws->text)
        return;
    struct desk_word *w = &ws->w[ws->n++];
    *w = (struct desk_word){.at = (uint16_t)ws->used,
                            .clause = (uint16_t)clause,
                            .len = (uint8_t)len,
                            .part = (uint8_t)(part & 0xff)};
    memcpy(ws->text + ws->used, s, len);
    ws->text[ws->used + len] = '\0';
    ws->used += len + 1;
}

static void add_words(struct desk_words *ws, const char *s, unsigned clause, unsigned part)
{
    while (*s) {
        size_t len = strcspn(s, " ");
        add_word(ws, s, len, clause, part);
        s += len;
        s += strspn(s, " ");
    }
}

static const char *respelled(const char *word)
{
    size_t low = 0, high = COUNT(respellings);
    while (low < high) {
        size_t mid = (low + high) / 2;
        int c = strcmp(word, respellings[mid].from);
        if (c == 0)
            return respellings[mid].to;
        if (c < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return NULL;
}

static bool is_base(const char *word)
{
    for (size_t i = 0; i < COUNT(is_bases); i++)
        if (strcmp(word, is_bases[i]) == 0)
            return true;
    return false;
}

/* an end with an apostrophe: cut from word; what it stands for, or NULL */
static const char *take_end(char *word, size_t len)
{
    for (size_t i = 0; i < COUNT(word_ends); i++) {
        size_t n = strlen(word_ends[i].from);
        if (len > n && strcmp(word + len - n, word_ends[i].from) == 0) {
            word[len - n] = '\0';
            return word_ends[i].to;
        }
    }
    if (len > 2 && strcmp(word + len - 2, "'s") == 0) {
        word[len - 2] = '\0';
        return is_base(word) ? "is" : NULL;
    }
    return NULL;
}

/* "soooo" → "soo", "heeelp" → "heelp"; apostrophes go */
static void squeeze(char *word)
{
    size_t w = 0;
    for (size_t i = 0; word[i]; i++)
        if (word[i] != '\'' && !(w > 1 && word[i] == word[w - 1] && word[i] == word[w - 2] &&
                                 !is_digit((unsigned char)word[i])))
            word[w++] = word[i];
    word[w] = '\0';
}

static void take_word(struct desk_words *ws, const char *s, size_t len, unsigned clause,
                      unsigned part)
{
    char word[MAX_WORD + 1];
    if (len > MAX_WORD)
        len = MAX_WORD;
    memcpy(word, s, len);
    word[len] = '\0';
    const char *end = take_end(word, len);
    squeeze(word);
    /* "won't" and "ain't" lose more than their end */
    if (end && end[0] == 'n' && strcmp(word, "wo") == 0)
        memcpy(word, "will", 5);
    const char *full = respelled(word);
    add_words(ws, full ? full : word, clause, part);
    if (end)
        add_words(ws, end, clause, part);
}

/* Plain form → words, clause and part counted by the marks alone. Returns for each sentence end
 * whether it was a question by marking the words at once. */
static void split(struct desk_words *ws, const char *flat)
{
    unsigned clause = 0, part = 0;
    size_t sentence = 0;
    for (const char *s = flat; *s;) {
        if (is_word(*s)) {
            size_t len = 0;
            while (is_word(s[len]))
                len++;
            take_word(ws, s, len, clause, part);
            s += len;
            continue;
        }
        if (*s == M_ASK)
            for (size_t i = sentence; i < ws->n; i++)
                ws->w[i].in |= ws->w[i].clause == clause ? DESK_IN_ASK : 0;
        if (*s == M_ASK || *s == M_STOP)
            clause++, part = 0, sentence = ws->n;
        else if (*s == M_COMMA)
            part++;
        s++;
    }
}

/* ---- patterns -------------------------------------------------------------------------------- */

const char *desk_words_at(const struct desk_words *ws, size_t i)
{
    return i < ws->n ? ws->text + ws->w[i].at : "";
}

/* one place of a pattern, ends at ' ' or NUL: does word fit an alternative? *end = behind it */
static bool fits(const char *word, const char *p, const char **end)
{
    bool hit = false;
    for (;;) {
        size_t n = strcspn(p, " |");
        if (n == 1 && *p == '_')
            hit = true;
        else if (n > 1 && p[n - 1] == '*')
            hit = hit || strncmp(word, p, n - 1) == 0;
        else
            hit = hit || (strncmp(word, p, n) == 0 && word[n] == '\0');
        p += n;
        if (*p != '|')
            break;
        p++;
    }
    *end = p;
    return hit;
}

size_t desk_words_match(const struct desk_words *ws, size_t i, const char *pattern)
{
    size_t n = 0;
    while (*pattern) {
        if (i + n >= ws->n || !fits(desk_words_at(ws, i + n), pattern, &pattern))
            return 0;
        n++;
        pattern += strspn(pattern, " ");
    }
    return n;
}

size_t desk_words_find(const struct desk_words *ws, size_t from, const char *pattern, size_t *n)
{
    for (size_t i = from; i < ws->n; i++) {
        size_t len = desk_words_match(ws, i, pattern);
        if (len) {
            if (n)
                *n = len;
            return i;
        }
    }
    return ws->n;
}

/* ---- all patterns of the tables, by first word ------------------------------------------------
 */

enum { P_CLAUSE, P_ASK, P_NOW, P_GOING_ON, P_SUBJECT, P_VERB, P_LEAD, P_TORN, P_SCOPE };
#define P_KIND 1000 /* value = kind * P_KIND + row */

static struct desk_phrase table_rows[4000];
static struct desk_phrases table = {.row = table_rows, .max = COUNT(table_rows)};
static pthread_once_t table_once = PTHREAD_ONCE_INIT;

static void add_list(int kind, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        desk_phrases_add(&table, list[i], (uint16_t)(kind * P_KIND + (int)i));
}

static void make_table(void)
{
    add_list(P_CLAUSE, clause_words, COUNT(clause_words));
    add_list(P_ASK, ask_starts, COUNT(ask_starts));
    add_list(P_NOW, now_words, COUNT(now_words));
    add_list(P_GOING_ON, not_past, COUNT(not_past));
    add_list(P_SUBJECT, &subjects, 1);
    add_list(P_VERB, &verbs, 1);
    add_list(P_LEAD, &leads, 1);
    for (size_t i = 0; i < COUNT(torn_pieces); i++)
        desk_phrases_add(&table, torn_pieces[i].from, (uint16_t)(P_TORN * P_KIND + (int)i));
    for (size_t i = 0; i < COUNT(scope_rows); i++)
        desk_phrases_add(&table, scope_rows[i].pattern, (uint16_t)(P_SCOPE * P_KIND + (int)i));
}

/* Does a pattern of this kind stand at word i? Its words, and in *row (may be NULL) which. */
static size_t says(const struct desk_words *ws, size_t i, int kind, size_t *row)
{
    if (i >= ws->n)
        return 0;
    for (int chain = 0; chain < 2; chain++)
        for (uint16_t k = desk_phrases_chain(&table, ws, i, chain); k; k = table_rows[k].next) {
            size_t n =
                table_rows[k].value / P_KIND == kind ? desk_phrases_match(&table, k, ws, i) : 0;
            if (n && row)
                *row = table_rows[k].value % P_KIND;
            if (n)
                return n;
        }
    return 0;
}

/* ---- torn words ------------------------------------------------------------------------------ */

/* a becomes b by changing, adding or leaving out one letter at most */
static bool nearly(const char *a, size_t la, const char *b, size_t lb)
{
    size_t i = 0, j = 0;
    while (i < la && i < lb && a[i] == b[i])
        i++;
    while (j < la - i && j < lb - i && a[la - 1 - j] == b[lb - 1 - j])
        j++;
    return la - i - j <= 1 && lb - i - j <= 1;
}

/* Words i .. i+n become the words of text, which are not more. */
static void replace(struct desk_words *ws, size_t i, size_t n, const char *text)
{
    struct desk_word first = ws->w[i];
    size_t before = ws->n, made;
    add_words(ws, text, first.clause, first.part);
    made = ws->n - before;
    ws->n = before;
    if (made == 0 || made > n)
        return;
    memcpy(&ws->w[i], &ws->w[before], made * sizeof *ws->w);
    for (size_t k = 0; k < made; k++)
        ws->w[i + k].in = first.in;
    memmove(&ws->w[i + made], &ws->w[i + n], (before - i - n) * sizeof *ws->w);
    ws->n = before - (n - made);
}

/* "leak in the kitchen" is not a torn "leaking" */
static bool in_stands_alone(const struct desk_words *ws, size_t last)
{
    static const char *const after[] = {"the", "my",   "our",  "a",   "this", "that", "his", "her",
                                        "it",  "here", "your", "one", "two",  "an",   "all", "and"};
    if (strcmp(desk_words_at(ws, last), "in") != 0)
        return false;
    for (size_t i = 0; i < COUNT(after); i++)
        if (strcmp(desk_words_at(ws, last + 1), after[i]) == 0)
            return true;
    return false;
}

static const char *torn(const struct desk_words *ws, size_t i, size_t n)
{
    char joined[MAX_WORD];
    size_t len = 0;
    for (size_t k = 0; k < n; k++) {
        const struct desk_word *w = &ws->w[i + k];
        if (w->clause != ws->w[i].clause || len + w->len >= sizeof joined)
            return NULL;
        memcpy(joined + len, ws->text + w->at, w->len);
        len += w->len;
    }
    joined[len] = '\0';
    if (len < 6 || in_stands_alone(ws, i + n - 1))
        return NULL;
    for (size_t k = 0; k < COUNT(torn_words); k++)
        if (torn_words[k][0] == joined[0] &&
            nearly(joined, len, torn_words[k], strlen(torn_words[k])))
            return torn_words[k];
    return NULL;
}

static void mend(struct desk_words *ws)
{
    for (size_t i = 0; i + 1 < ws->n; i++) {
        size_t k, words = says(ws, i, P_TORN, &k);
        if (words)
            replace(ws, i, words, torn_pieces[k].to);
        for (size_t n = 4; n >= 2; n--) {
            const char *whole = i + n <= ws->n ? torn(ws, i, n) : NULL;
            if (whole)
                replace(ws, i, n, whole);
        }
    }
}

/* ---- clauses and scopes ---------------------------------------------------------------------- */

/* Does a statement begin here, as subjects, verbs and leads in the tables say? */
static bool restarts(const struct desk_words *ws, size_t i)
{
    if (!says(ws, i, P_SUBJECT, NULL) || says(ws, i - 1, P_LEAD, NULL))
        return false;
    for (size_t k = 1; k <= 3; k++)
        if (says(ws, i + k, P_VERB, NULL))
            return true;
    return false;
}

/* The words that begin a clause or a part of it cut where no mark does. */
static void cut(struct desk_words *ws)
{
    unsigned more = 0, part = 0, last = 0, last_part = 0;
    for (size_t i = 0; i < ws->n; i++) {
        struct desk_word *w = &ws->w[i];
        if (w->clause != last || w->part != last_part)
            part = w->clause != last ? 0 : part + 1;
        last = w->clause, last_part = w->part;
        if (i > 0 && says(ws, i, P_CLAUSE, NULL) && !desk_words_match(ws, i - 1, "right now"))
            more++, part = 0;
        else if (i > 0 && (desk_words_match(ws, i, "and|y") || restarts(ws, i)))
            part++;
        w->clause = (uint16_t)(w->clause + more);
        w->part = (uint8_t)(part & 0xff);
    }
}

static void mark(struct desk_words *ws, size_t from, size_t to, uint8_t in)
{
    for (size_t i = from; i < to; i++)
        ws->w[i].in |= in;
}

static size_t clause_begin(const struct desk_words *ws, size_t i)
{
    while (i > 0 && ws->w[i - 1].clause == ws->w[i].clause)
        i--;
    return i;
}

static size_t clause_end(const struct desk_words *ws, size_t i)
{
    size_t end = i + 1;
    while (end < ws->n && ws->w[end].clause == ws->w[i].clause)
        end++;
    return end;
}

/* A statement: the words of one part of one clause. */
static bool same_statement(const struct desk_words *ws, size_t a, size_t b)
{
    return ws->w[a].clause == ws->w[b].clause && ws->w[a].part == ws->w[b].part;
}

static size_t statement_begin(const struct desk_words *ws, size_t i)
{
    while (i > 0 && same_statement(ws, i - 1, i))
        i--;
    return i;
}

static size_t statement_end(const struct desk_words *ws, size_t i)
{
    size_t end = i + 1;
    while (end < ws->n && same_statement(ws, end, i))
        end++;
    return end;
}

static void apply(struct desk_words *ws, const struct scope_row *row, size_t i, size_t n)
{
    size_t from = i, to = clause_end(ws, i);
    if (row->reach == R_CLAUSE)
        from = clause_begin(ws, i);
    if (row->reach == R_AROUND)
        from = statement_begin(ws, i);
    if (row->reach == R_ONWARD)
        to = statement_end(ws, i);
    if (row->reach == R_AHEAD) {
        from = i + n;
        to = statement_end(ws, i);
        to = to < from + NEG_AHEAD ? to : from + NEG_AHEAD;
    }
    /* what is over ends where the talk comes back to now */
    if (row->in & (DESK_IN_PAST | DESK_IN_WAS | DESK_IN_RESOLVED))
        for (size_t k = i + n; k < to; k++)
            if (says(ws, k, P_NOW, NULL))
                to = k;
    mark(ws, from, to, row->in);
}

static bool still_going(const struct desk_words *ws, size_t i)
{
    return i > 0 && says(ws, i - 1, P_GOING_ON, NULL) > 0;
}

static void scopes(struct desk_words *ws)
{
    for (size_t i = 0; i < ws->n; i++) {
        for (uint16_t k = desk_phrases_chain(&table, ws, i, 0); k; k = table_rows[k].next) {
            if (table_rows[k].value / P_KIND != P_SCOPE)
                continue;
            const struct scope_row *row = &scope_rows[table_rows[k].value % P_KIND];
            size_t n = desk_phrases_match(&table, k, ws, i);
            if (n && !(row->unless && desk_words_match(ws, i + n, row->unless)) &&
                !(row->in == DESK_IN_PAST && still_going(ws, i)))
                apply(ws, row, i, n);
        }
        /* "do not …", "can not …" ask nothing */
        if (statement_begin(ws, i) == i && says(ws, i, P_ASK, NULL) &&
            !desk_words_match(ws, i, "_ not") && !desk_words_match(ws, i, "what do|should i|we do"))
            mark(ws, i, statement_end(ws, i), DESK_IN_ASK);
    }
}

void desk_words_read(struct desk_words *ws, const char *text)
{
    char flat[FLAT];
    pthread_once(&table_once, make_table);
    ws->n = ws->used = 0;
    ws->text[0] = '\0';
    fold(flat, text ? text : "");
    split(ws, flat);
    mend(ws);
    cut(ws);
    scopes(ws);
}
