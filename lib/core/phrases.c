#include "core/phrases.h"

#include <string.h>

static size_t slot_of(const char *word, size_t n)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)word[i]) * 16777619u;
    return (h ^ h >> 15) % DESK_PHRASES_HEADS;
}

bool desk_phrases_add(struct desk_phrases *t, const char *pattern, uint16_t value)
{
    const char *rest = pattern + strcspn(pattern, " ");
    rest += strspn(rest, " ");
    for (const char *p = pattern;; p++) {
        size_t len = strcspn(p, " |");
        bool star = len > 0 && p[len - 1] == '*';
        uint16_t *head = star ? &t->star[(unsigned char)*p] : &t->head[slot_of(p, len)];
        if (t->n + 1 >= t->max)
            return false;
        t->row[++t->n] = (struct desk_phrase){.first = p,
                                              .rest = rest,
                                              .len = (uint8_t)(len - star),
                                              .star = star,
                                              .value = value,
                                              .next = *head};
        *head = (uint16_t)t->n;
        p += len;
        if (*p != '|')
            return true;
    }
}

uint16_t desk_phrases_chain(const struct desk_phrases *t, const struct desk_words *ws, size_t i,
                            int chain)
{
    const char *word = desk_words_at(ws, i);
    return chain ? t->star[(unsigned char)*word] : t->head[slot_of(word, ws->w[i].len)];
}

size_t desk_phrases_match(const struct desk_phrases *t, uint16_t k, const struct desk_words *ws,
                          size_t i)
{
    const struct desk_phrase *row = &t->row[k];
    const struct desk_word *w = &ws->w[i];
    if (row->star ? w->len < row->len : w->len != row->len)
        return 0;
    if (memcmp(ws->text + w->at, row->first, row->len) != 0)
        return 0;
    if (!*row->rest)
        return 1;
    size_t more = desk_words_match(ws, i + 1, row->rest);
    return more ? more + 1 : 0;
}
