#include "base/find.h"
#include "base/utf8.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

/* ---- letters --------------------------------------------------------------------------------- */

/* U+00C0 … U+00FF without accents; NUL: no letter */
static const char latin[] = "aaaaaaaceeeeiiiidnooooo\0ouuuuytsaaaaaaaceeeeiiiidnooooo\0ouuuuyty";

/* Signs, spaces, dashes, pictures: what ends a word beyond ASCII. */
static bool is_sign(uint32_t c)
{
    static const struct {
        uint32_t from, to;
    } signs[] = {{0x80, 0xbf},       {0xd7, 0xd7},     {0xf7, 0xf7},     {0x2000, 0x2bff},
                 {0x2e00, 0x2e7f},   {0x3000, 0x303f}, {0xfe00, 0xfe0f}, {0xff00, 0xff0f},
                 {0x1f000, 0x1faff}, {0xe000, 0xf8ff}, {0xfffd, 0xffff}};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (c >= signs[i].from && c <= signs[i].to)
            return true;
    return false;
}

/* Greek and Cyrillic capitals to small letters; others stay. */
static uint32_t small(uint32_t c)
{
    if ((c >= 0x391 && c <= 0x3a9) || (c >= 0x410 && c <= 0x42f))
        return c + 0x20;
    return c >= 0x400 && c <= 0x40f ? c + 0x50 : c;
}

struct reader {
    const char *text;
    size_t n, at, used;
};

/* The letter or digit at r->at into out (at most 4 bytes), 0 bytes for what is left out of a word
 * ("don't"); -1: no part of a word. */
static int letter(struct reader *r, char out[4])
{
    uint32_t c = desk_utf8_next(r->text + r->at, r->n - r->at, &r->used);
    if (c == '\'' || c == 0x2019)
        return 0;
    if (c < 0x80) {
        out[0] = (char)tolower((int)c);
        return isalnum((int)c) ? 1 : -1;
    }
    if (c == DESK_UTF8_BAD || is_sign(c))
        return -1;
    if (c >= 0xc0 && c <= 0xff) {
        out[0] = latin[c - 0xc0];
        return out[0] ? 1 : -1;
    }
    struct desk_buf b;
    desk_buf_init(&b, 8);
    desk_utf8_put(&b, small(c));
    int len = (int)b.len;
    if (len <= 4)
        memcpy(out, b.p, (size_t)len);
    desk_buf_clear(&b);
    return len <= 4 ? len : -1;
}

/* "pumps" → "pump", "boxes" → "boxe": the same for all forms, not a real stem. */
static void one_of_many(char *w, size_t n)
{
    if (n >= 4 && w[n - 1] == 's' && w[n - 2] != 's' && isalpha((unsigned char)w[n - 2]))
        w[n - 1] = '\0';
}

bool desk_find_next(const char *text, size_t *at, char word[DESK_FIND_WORD], size_t *from,
                    size_t *len)
{
    struct reader r = {.text = text, .n = strlen(text), .at = *at};
    size_t n = 0;
    bool in = false;
    for (; r.at < r.n; r.at += r.used) {
        char c[4];
        int k = letter(&r, c);
        if (k < 0 && in)
            break;
        if (k <= 0 && !in)
            continue;
        if (!in)
            *from = r.at;
        in = true;
        if (k > 0 && n + (size_t)k < DESK_FIND_WORD) {
            memcpy(word + n, c, (size_t)k);
            n += (size_t)k;
        }
    }
    *at = r.at;
    if (!in)
        return false;
    *len = r.at - *from;
    word[n] = '\0';
    one_of_many(word, n);
    return true;
}

bool desk_find_common(const char *w)
{
    static const char *const common[] = {
        "a",    "about", "all",   "am",   "an",   "and",  "are", "as",    "at",   "be",   "but",
        "by",   "can",   "do",    "for",  "from", "get",  "had", "has",   "have", "he",   "her",
        "hi",   "his",   "how",   "i",    "id",   "if",   "im",  "in",    "is",   "it",   "its",
        "just", "me",    "my",    "no",   "not",  "of",   "ok",  "okay",  "on",   "one",  "or",
        "our",  "out",   "she",   "so",   "some", "that", "the", "their", "them", "then", "there",
        "they", "this",  "to",    "uh",   "um",   "up",   "was", "we",    "well", "what", "when",
        "will", "with",  "would", "yeah", "yes",  "you",  "your"};
    if (!w[0] || (!w[1] && !isdigit((unsigned char)w[0])))
        return true;
    for (size_t i = 0; i < sizeof common / sizeof *common; i++)
        if (strcmp(common[i], w) == 0)
            return true;
    return false;
}

/* ---- questions ------------------------------------------------------------------------------- */

bool desk_find_has(const struct desk_find *f, const char *word)
{
    for (size_t i = 0; i < f->n; i++)
        if (strcmp(f->word[i], word) == 0)
            return true;
    return false;
}

void desk_find_read(struct desk_find *f, const char *question)
{
    char w[DESK_FIND_WORD];
    size_t at = 0, from, len;
    f->n = 0;
    while (f->n < DESK_FIND_WORDS && desk_find_next(question, &at, w, &from, &len))
        if (!desk_find_common(w) && !desk_find_has(f, w))
            memcpy(f->word[f->n++], w, sizeof w);
}

bool desk_find_in(const struct desk_find *f, const char *text)
{
    char w[DESK_FIND_WORD];
    size_t at = 0, from, len;
    unsigned found = 0;
    while (desk_find_next(text, &at, w, &from, &len))
        for (size_t i = 0; i < f->n; i++)
            if (strcmp(f->word[i], w) == 0)
                found |= 1u << i;
    return found == (1u << f->n) - 1;
}

bool desk_find_digits(const char *question, char out[DESK_FIND_DIGITS])
{
    size_t n = 0;
    for (const char *p = question; *p; p++) {
        if (isdigit((unsigned char)*p)) {
            if (n + 1 >= DESK_FIND_DIGITS)
                return false;
            out[n++] = *p;
        } else if (!strchr(" ()-+./", *p)) {
            return false;
        }
    }
    out[n] = '\0';
    return n >= 4;
}

void desk_find_piece(const struct desk_find *f, const char *text, size_t around, size_t *from,
                     size_t *to)
{
    char w[DESK_FIND_WORD];
    size_t at = 0, begin = 0, len = 0, n = strlen(text);
    while (desk_find_next(text, &at, w, &begin, &len) && !desk_find_has(f, w))
        ;
    if (begin >= n)
        begin = 0;
    size_t end = begin + len + around;
    *from = begin > around ? begin - around : 0;
    *to = end < n ? end : n;
    while (*from && *from < begin && text[*from - 1] != ' ')
        (*from)++;
    while (*to<n && * to> begin + len && text[*to] != ' ')
        (*to)--;
    /* a text without spaces: between characters at least */
    while (*from && ((unsigned char)text[*from] & 0xc0) == 0x80)
        (*from)--;
    while (*to < n && ((unsigned char)text[*to] & 0xc0) == 0x80)
        (*to)++;
}
