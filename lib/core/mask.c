/* The text as tokens, the rules in their order, and the line that comes out. */
#include "core/mask.h"

#include "core/mask_text.h"
#include "core/phone_plan.h"
#include "base/limits.h"
#include "base/utf8.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *shown;
} kinds[DESK_MASK__MAX] = {
    [DESK_MASK_PHONE] = {"[phone]"},   [DESK_MASK_CARD] = {"[card]"},
    [DESK_MASK_ID] = {"[id]"},         [DESK_MASK_SECRET] = {"[secret]"},
    [DESK_MASK_NAME] = {"[name]"},     [DESK_MASK_MAIL] = {"[email]"},
    [DESK_MASK_PLACE] = {"[place]"},   [DESK_MASK_DATE] = {"[date]"},
    [DESK_MASK_HEALTH] = {"[health]"}, [DESK_MASK_TEXT] = {"[text]"},
};

/* What is marked is left alone by those that follow: the surer first. */
static void (*const rules[])(struct desk_mask_text *m) = {
    desk_mask_rule_keys,    desk_mask_rule_mails,   desk_mask_rule_cues,  desk_mask_rule_places,
    desk_mask_rule_numbers, desk_mask_rule_spelled, desk_mask_rule_names, desk_mask_rule_health,
};

/* ---- tokens ---------------------------------------------------------------------------------- */

/* One character as what it is for us: a letter or digit (folded), an apostrophe, or a separator. */
static char fold(uint32_t c)
{
    char plain = desk_phone_fold(c);
    if (plain != '?' || c == '?')
        return plain;
    if (c < 0xc0 || (c >= 0x2000 && c < 0x2c00) || (c >= 0x3000 && c < 0x3040) || c >= 0xfe00)
        return '"'; /* signs */
    return '~';     /* a letter of a script that is in no list */
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || c == '~';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int hex(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *p = c ? strchr(digits, tolower((unsigned char)c)) : NULL;
    return p ? (int)(p - digits) : -1;
}

/* The character at i; *used = its bytes. "%2B" is a plus: forms are logged, too. */
static char next(const struct desk_mask_text *m, size_t i, size_t *used, uint32_t *raw)
{
    if (m->s[i] == '%' && i + 2 < m->len && hex(m->s[i + 1]) >= 0 && hex(m->s[i + 2]) >= 0) {
        char c = (char)(hex(m->s[i + 1]) * 16 + hex(m->s[i + 2]));
        *used = 3;
        *raw = ' ';
        return c > ' ' && c < 0x7f && !isalnum((unsigned char)c) ? c : ' ';
    }
    *raw = desk_utf8_next(m->s + i, m->len - i, used);
    return *raw == DESK_UTF8_BAD ? '"' : fold(*raw);
}

/* What stands between two tokens. */
struct gap {
    char c; /* first that is no space */
    bool space, ends;
};

static void gap_add(struct gap *g, char c, uint32_t raw)
{
    if (c == ' ')
        g->space = true;
    else if (!g->c)
        g->c = c;
    if (raw == '\n' || c == '?' || c == '!' || c == ';' || c == '.')
        g->ends = true;
}

static void classify(struct desk_mask_tok *t, size_t letters, size_t digits, size_t capitals)
{
    t->type = !digits ? DESK_TOK_WORD : letters ? DESK_TOK_MIXED : DESK_TOK_DIGITS;
    t->allcap = letters > 1 && capitals == letters;
}

/* One token from i on; returns its end. */
static size_t take(struct desk_mask_text *m, size_t i)
{
    struct desk_mask_tok *t = &m->tok[m->n];
    size_t letters = 0, digits = 0, capitals = 0, w = 0, used, end = i;
    uint32_t raw;
    for (size_t at = i; at < m->len; at += used) {
        char c = next(m, at, &used, &raw);
        bool apostrophe = c == '\'' && letters && at + used < m->len;
        if (apostrophe) {
            size_t more;
            uint32_t ignored;
            apostrophe = is_letter(next(m, at + used, &more, &ignored));
        }
        bool extension = c == 'x' && !letters && digits >= 4; /* "0155x12" */
        if ((!is_letter(c) && !is_digit(c) && !apostrophe) || extension)
            break;
        bool capital = (raw >= 'A' && raw <= 'Z') || (raw >= 0xc0 && raw <= 0xde);
        t->cap = t->cap || (capital && at == i);
        letters += is_letter(c);
        digits += is_digit(c);
        capitals += capital;
        if (w + 1 < sizeof t->w)
            t->w[w++] = c;
        end = at + used;
    }
    t->off = i;
    t->len = end - i;
    classify(t, letters, digits, capitals);
    return end;
}

static void tokens(struct desk_mask_text *m)
{
    struct gap g = {'\0', false, true};
    bool small = false, large = false;
    size_t used;
    uint32_t raw;
    for (size_t i = 0; i < m->len;) {
        char c = next(m, i, &used, &raw);
        if (!is_letter(c) && !is_digit(c)) {
            gap_add(&g, c, raw);
            i += used;
            continue;
        }
        struct desk_mask_tok *t = &m->tok[m->n];
        i = take(m, i);
        t->gap = g.c ? g.c : g.space ? ' ' : '\0';
        t->tight = !g.space;
        t->first = g.ends && (g.space || !m->n || g.c != '.');
        t->lex = desk_mask_lex(t->w);
        large = large || (t->cap && !t->allcap);
        small = small || (t->type == DESK_TOK_WORD && !t->cap);
        m->n++;
        g = (struct gap){'\0', false, false};
    }
    m->capitals = small && large;
}

/* ---- what words stand for as numbers ------------------------------------------------------- */

static const struct {
    const char *words;
    enum desk_mask_number num;
    unsigned digits;
} number_words[] = {
    {"zero oh one two three four five six seven eight nine nought naught fife niner cero uno dos "
     "tres cuatro cinco seis siete ocho nueve ",
     DESK_NUM_UNIT, 1},
    {"ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen diez doce "
     "trece catorce quince dieciseis diecisiete dieciocho diecinueve veintiuno veintidos "
     "veintitres veinticuatro veinticinco veintiseis veintisiete veintiocho veintinueve ",
     DESK_NUM_TEEN, 2},
    {"twenty thirty forty fourty fifty sixty seventy eighty ninety veinte treinta cuarenta "
     "cincuenta sesenta setenta ochenta noventa ",
     DESK_NUM_TENS, 2},
    {"doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos "
     "novecientos ciento cien ",
     DESK_NUM_TENS, 3},
    {"hundred ", DESK_NUM_HUNDRED, 2},
    {"thousand mil ", DESK_NUM_THOUSAND, 3},
    {"million millon millones billion ", DESK_NUM_THOUSAND, 6},
    {"double doble ", DESK_NUM_REPEAT, 1},
    {"triple treble ", DESK_NUM_REPEAT, 2},
    {"quadruple ", DESK_NUM_REPEAT, 3},
    {"o ", DESK_NUM_OH, 1},
};

static void number_word(struct desk_mask_tok *t)
{
    for (size_t i = 0; i < sizeof number_words / sizeof *number_words; i++)
        if (desk_mask_in(number_words[i].words, t->w)) {
            t->num = number_words[i].num;
            t->digits = number_words[i].digits;
        }
}

static void numbers(struct desk_mask_text *m)
{
    static const char behind[] = "last first final next every other number ultimos ultimas ";
    for (size_t i = 0; i < m->n; i++) {
        struct desk_mask_tok *t = &m->tok[i];
        if (t->type == DESK_TOK_DIGITS) {
            t->num = DESK_NUM_DIGITS;
            t->digits = (unsigned)strlen(t->w);
        } else if (t->type == DESK_TOK_WORD) {
            number_word(t);
        }
        /* "the last four are …": that four is none of the digits */
        if (i && t->digits == 1 && t->num <= DESK_NUM_UNIT &&
            desk_mask_in(behind, m->tok[i - 1].w) && !desk_mask_is(m, i - 1, "number"))
            t->num = DESK_NUM_NONE;
    }
}

/* ---- helpers of the rules ----------------------------------------------------------------------
 */

void desk_mask_bytes(struct desk_mask_text *m, size_t from, size_t to, enum desk_mask_kind kind)
{
    for (size_t i = from; i < to && i < m->len; i++)
        if (!m->marks[i])
            m->marks[i] = (unsigned char)kind;
}

void desk_mask_tokens(struct desk_mask_text *m, size_t from, size_t to, enum desk_mask_kind kind)
{
    size_t begin = m->tok[from].off;
    while (begin && (m->s[begin - 1] == '+' || m->s[begin - 1] == '('))
        begin--;
    desk_mask_bytes(m, begin, m->tok[to].off + m->tok[to].len, kind);
}

bool desk_mask_marked(const struct desk_mask_text *m, size_t i)
{
    return i < m->n && m->marks[m->tok[i].off] != 0;
}

bool desk_mask_is(const struct desk_mask_text *m, size_t i, const char *word)
{
    return i < m->n && strcmp(m->tok[i].w, word) == 0;
}

bool desk_mask_in(const char *list, const char *word)
{
    size_t n = strlen(word);
    for (const char *p = list; *p; p += strcspn(p, " "), p += *p == ' ')
        if (strncmp(p, word, n) == 0 && p[n] == ' ')
            return true;
    return false;
}

size_t desk_mask_phrase(const struct desk_mask_text *m, size_t i, const char *phrase)
{
    size_t n = 0;
    for (const char *p = phrase; *p; n++) {
        size_t len = strcspn(p, " ");
        if (i + n >= m->n || strncmp(m->tok[i + n].w, p, len) != 0 || m->tok[i + n].w[len])
            return 0;
        p += len + (p[len] == ' ');
    }
    return n;
}

bool desk_mask_breaks(const struct desk_mask_text *m, size_t i)
{
    return i >= m->n || m->tok[i].first;
}

/* ---- the line ----------------------------------------------------------------------------------
 */

/* The next mark of the same kind, when only a few signs lie between: "[place]" once. */
static size_t joined(const struct desk_mask_text *m, size_t i, unsigned char kind)
{
    for (size_t k = i; k < m->len && k < i + 4; k++) {
        if (m->marks[k] == kind)
            return k;
        if (m->marks[k] || isalnum((unsigned char)m->s[k]) || m->s[k] == '=' || m->s[k] == '&')
            break;
    }
    return i;
}

static void render(const struct desk_mask_text *m, struct desk_buf *out)
{
    for (size_t i = 0; i < m->len;) {
        unsigned char kind = m->marks[i];
        if (!kind) {
            desk_buf_chr(out, (unsigned char)m->s[i] < 0x20 || m->s[i] == 0x7f ? ' ' : m->s[i]);
            i++;
            continue;
        }
        desk_buf_str(out, kinds[kind].shown);
        for (size_t at = i; at < m->len && m->marks[at] == kind; at = joined(m, at, kind))
            i = ++at;
    }
}

void desk_mask(struct desk_buf *out, const char *text, size_t n)
{
    size_t len = desk_utf8_cut(text, n, n < DESK_MAX_MASK ? n : DESK_MAX_MASK);
    struct desk_mask_text m = {.s = text, .len = len};
    m.marks = calloc(len + 1, 1);
    m.tok = calloc(len / 2 + 1, sizeof *m.tok); /* between two of them is a separator */
    if (!m.marks || !m.tok) {
        desk_buf_fmt(out, "(%zu chars)", n);
    } else {
        tokens(&m);
        numbers(&m);
        for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
            rules[i](&m);
        render(&m, out);
        if (len < n)
            desk_buf_str(out, "…");
    }
    free(m.marks);
    free(m.tok);
}

char *desk_mask_line(char *dst, size_t n, const char *text)
{
    struct desk_buf b;
    desk_buf_init(&b, DESK_MAX_MASK * 2);
    if (text)
        desk_mask(&b, text, strlen(text));
    snprintf(dst, n, "%s", desk_buf_cstr(&b));
    desk_utf8_trim(dst);
    desk_buf_clear(&b);
    return dst;
}
