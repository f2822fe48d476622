/* An owner's own phrases. A phrase stands in a text when its words follow each other, or, from two
 * words on, stand close together in any order: "burst pipe" is in "the pipe just burst". Words are
 * alike when they differ in their endings only. */
#include "core/emergency_read.h"

#include <string.h>

#define COUNT(a)  (sizeof(a) / sizeof *(a))
#define CLOSE     6 /* words between the first and the last */
#define MAX_WORDS 8 /* of a phrase */

static bool is_ending(const char *s, size_t n)
{
    static const char *const endings[] = {"s", "es", "ed", "d", "ing", "er", "ers", "t", "y"};
    for (size_t i = 0; i < COUNT(endings); i++)
        if (strlen(endings[i]) == n && memcmp(s, endings[i], n) == 0)
            return true;
    return n == 0;
}

/* "flooding" and "flooded" */
static bool alike(const char *a, size_t la, const char *b, size_t lb)
{
    size_t n = 0;
    while (n < la && n < lb && a[n] == b[n])
        n++;
    if (n < 3 || n + 3 < la || n + 3 < lb)
        return la == lb && n == la;
    return is_ending(a + n, la - n) && is_ending(b + n, lb - n);
}

struct phrase {
    const char *word[MAX_WORDS];
    size_t len[MAX_WORDS];
    size_t n;
};

static void take_apart(struct phrase *p, const char *plain)
{
    p->n = 0;
    while (*plain && p->n < MAX_WORDS) {
        p->word[p->n] = plain;
        p->len[p->n] = strcspn(plain, " ");
        plain += p->len[p->n++];
        plain += strspn(plain, " ");
    }
}

static bool word_is(const struct desk_words *ws, size_t i, const struct phrase *p, size_t k)
{
    return i < ws->n && alike(desk_words_at(ws, i), ws->w[i].len, p->word[k], p->len[k]);
}

/* words that make another phrase of the others' order */
static bool ordered(const struct phrase *p)
{
    static const char *const words[] = {"no", "not", "without", "sin", "never"};
    for (size_t k = 0; k < p->n; k++)
        for (size_t i = 0; i < COUNT(words); i++)
            if (strlen(words[i]) == p->len[k] && memcmp(p->word[k], words[i], p->len[k]) == 0)
                return true;
    return false;
}

/* how many words of the text from i on have all of the phrase, 0 if they have not */
static size_t stands_at(const struct desk_words *ws, size_t i, const struct phrase *p)
{
    size_t k = 0, last = i;
    while (k < p->n && word_is(ws, i + k, p, k))
        k++;
    if (k == p->n)
        return k;
    if (p->n < 2 || ordered(p))
        return 0;
    for (size_t first = 0; first < p->n; first++)
        if (word_is(ws, i, p, first))
            goto near;
    return 0;
near:
    for (k = 0; k < p->n; k++) {
        size_t at = i;
        while (at < ws->n && at < i + CLOSE && ws->w[at].clause == ws->w[i].clause &&
               !word_is(ws, at, p, k))
            at++;
        if (at >= ws->n || at >= i + CLOSE || ws->w[at].clause != ws->w[i].clause)
            return 0;
        last = at > last ? at : last;
    }
    return last - i + 1;
}

static uint8_t said_how(const struct desk_emergency_read *r, size_t at, size_t n, bool negative)
{
    const struct desk_words *ws = &r->words;
    uint8_t how = desk_emergency_how(ws->w[at].in);
    for (size_t i = at; i < at + n && !negative; i++) {
        uint8_t h = desk_emergency_how(ws->w[i].in);
        how = h > how ? h : how;
    }
    size_t clause = ws->w[at].clause;
    if (clause >= r->state.clauses)
        return how;
    return how < DESK_HOW_NEG ? desk_emergency_in_context(&r->state, clause, (uint16_t)at, how)
                              : how;
}

void desk_emergency_own(const struct desk_emergency_read *r,
                        const struct desk_emergency_phrase *own, size_t n_own,
                        struct desk_emergency_verdict verdict[DESK_SEVERITY__MAX])
{
    for (size_t s = 0; s < DESK_SEVERITY__MAX; s++)
        verdict[s] = (struct desk_emergency_verdict){.how = DESK_HOW_NOT};
    for (size_t k = 0; k < n_own; k++) {
        struct phrase p;
        take_apart(&p, own[k].plain);
        for (size_t i = 0; p.n && i < r->words.n; i++) {
            size_t n = stands_at(&r->words, i, &p);
            uint8_t how = n ? said_how(r, i, n, ordered(&p)) : DESK_HOW_NOT;
            struct desk_emergency_verdict *v = &verdict[own[k].severity];
            if (how < v->how)
                *v = (struct desk_emergency_verdict){
                    .rule = own[k].plain, .how = how, .at = (uint16_t)i, .n = (uint16_t)n};
        }
    }
}
