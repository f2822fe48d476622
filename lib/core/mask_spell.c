/* Names that are spelled: "o as in oscar …", "w h i t …", "oscar romeo tango". */
#include "core/mask_text.h"

#include <string.h>

/* Tokens of one spelled letter at i: "o as in oscar", "v de victor", "double l", "r"; 0 = none. */
static size_t letter(const struct desk_mask_text *m, size_t i, size_t *explained)
{
    if (i >= m->n || m->tok[i].type != DESK_TOK_WORD)
        return 0;
    size_t k = i + (size_t)(m->tok[i].num == DESK_NUM_REPEAT);
    if (k >= m->n || strlen(m->tok[k].w) != 1)
        return 0;
    static const char *const like[] = {"as in", "like", "for", "de", "as", "is for"};
    for (size_t c = 0; c < sizeof like / sizeof *like; c++) {
        size_t n = desk_mask_phrase(m, k + 1, like[c]);
        if (n && k + 1 + n < m->n && m->tok[k + 1 + n].w[0] == m->tok[k].w[0]) {
            *explained += c ? 1 : 2; /* one "as in" is enough */
            return k + 2 + n - i;
        }
    }
    return k + 1 - i;
}

/* What single letters spell, when it is short: "h v a c". */
static bool acronym(const struct desk_mask_text *m, size_t from, size_t to)
{
    char word[8];
    size_t n = 0;
    for (size_t i = from; i < to; i++) {
        if (n + 1 >= sizeof word)
            return false;
        word[n++] = m->tok[i].w[0];
    }
    word[n] = '\0';
    return (desk_mask_lex(word) & DESK_LEX_ACRONYM) != 0;
}

static size_t spelled(struct desk_mask_text *m, size_t i)
{
    static const char cued[] = "spelled spell spelt letters deletrea ";
    size_t k = i, n, letters = 0, explained = 0;
    for (; (n = letter(m, k, &explained)) && (k == i || !m->tok[k].first); k += n)
        letters++;
    bool cue = false;
    for (size_t back = 1; back <= 3 && back <= i; back++)
        cue = cue || desk_mask_in(cued, m->tok[i - back].w);
    if ((letters < 3 && explained < 2 && !(cue && letters > 1)) || desk_mask_marked(m, i))
        return 0;
    if (!explained && acronym(m, i, k))
        return k - i;
    desk_mask_tokens(m, i, k - 1, DESK_MASK_NAME);
    return k - i;
}

/* "oscar romeo tango" */
static size_t nato(struct desk_mask_text *m, size_t i)
{
    size_t k = i;
    while (desk_mask_has(m, k, DESK_LEX_NATO) && (k == i || !m->tok[k].first))
        k++;
    if (k < i + 3)
        return 0;
    desk_mask_tokens(m, i, k - 1, DESK_MASK_NAME);
    return k - i;
}

void desk_mask_rule_spelled(struct desk_mask_text *m)
{
    for (size_t i = 0; i < m->n;) {
        size_t n = spelled(m, i);
        n = n ? n : nato(m, i);
        i += n ? n : 1;
    }
}
