/* Facts are found word by word: the tables are the knowledge, this walks them. */
#include "core/facts.h"

#include <string.h>

/* does word stand in a list with spaces between? */
static bool listed(const char *list, const char *word, size_t len)
{
    for (const char *s = list; *s;) {
        size_t n = strcspn(s, " ");
        if (*s == *word && ((n == len && memcmp(s, word, n) == 0) ||
                            (s[n - 1] == '*' && n - 1 <= len && memcmp(s, word, n - 1) == 0)))
            return true;
        s += n;
        s += *s == ' ';
    }
    return false;
}

static uint8_t how_said(const struct desk_fact_info *info, uint8_t in)
{
    if ((info->hows & DESK_FACT_DENIED) && (in & DESK_IN_NEG))
        return DESK_FACT_DENIED;
    if ((info->hows & DESK_FACT_PAST) && (in & (DESK_IN_PAST | DESK_IN_RESOLVED)))
        return DESK_FACT_PAST;
    if ((info->hows & DESK_FACT_HYPO) && (in & DESK_IN_HYPO))
        return DESK_FACT_HYPO;
    return DESK_FACT_SAID;
}

struct finding {
    const struct desk_fact_tables *t;
    uint8_t *how;
    uint8_t in;
};

static void note(void *ctx, uint8_t fact)
{
    struct finding *f = ctx;
    f->how[fact] |= how_said(&f->t->info[fact], f->in);
}

void desk_facts_of_word(const struct desk_fact_tables *t, const struct desk_words *ws, size_t i,
                        void (*fn)(void *ctx, uint8_t fact), void *ctx)
{
    const char *word = desk_words_at(ws, i);
    for (size_t k = 0; k < t->n_words; k++)
        if (listed(t->words[k].text, word, ws->w[i].len))
            fn(ctx, t->words[k].fact);
}

void desk_facts_find(const struct desk_fact_tables *t, const struct desk_words *ws, uint8_t *how)
{
    struct finding f = {.t = t, .how = how};
    memset(how, 0, t->n_facts);
    for (size_t i = 0; i < ws->n; i++) {
        f.in = ws->w[i].in;
        desk_facts_of_word(t, ws, i, note, &f);
        for (size_t k = 0; k < t->n_phrases; k++)
            if (desk_words_match(ws, i, t->phrases[k].text))
                note(&f, t->phrases[k].fact);
    }
}

void desk_facts_tags(const struct desk_fact_tables *t, const uint8_t *how, const char **tags,
                     size_t *n, size_t max)
{
    for (size_t i = 0; i < t->n_facts; i++)
        for (size_t k = 0; k < DESK_FACT_HOWS && *n < max; k++)
            if (how[i] & (1u << k) && t->info[i].tags[k])
                tags[(*n)++] = t->info[i].tags[k];
}
