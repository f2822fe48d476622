/* The word lists (mask_words.inc) as one table by hash, made at first use. */
#include "core/mask_text.h"

#include <pthread.h>
#include <string.h>

#define SLOTS 32768u /* a power of two, several times the words there are */

static const struct group {
    uint32_t lex;
    const char *words;
} groups[] = {
#include "core/mask_words.inc"
};

static struct slot {
    const char *word; /* in its group, up to a space; NULL = free */
    uint32_t lex;
    uint32_t len;
} slots[SLOTS];

static pthread_once_t once = PTHREAD_ONCE_INIT;

static uint32_t hash(const char *p, size_t n)
{
    uint32_t h = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)p[i]) * 16777619u;
    return h ^ h >> 15;
}

/* Where the word is, or the free slot where it belongs. */
static struct slot *find(const char *p, size_t n)
{
    uint32_t i = hash(p, n) & (SLOTS - 1);
    while (slots[i].word && (slots[i].len != n || memcmp(slots[i].word, p, n) != 0))
        i = (i + 1) & (SLOTS - 1);
    return &slots[i];
}

static void build(void)
{
    for (size_t g = 0; g < sizeof groups / sizeof *groups; g++)
        for (const char *p = groups[g].words; *p; p += strcspn(p, " "), p += *p == ' ') {
            size_t n = strcspn(p, " ");
            struct slot *s = find(p, n);
            s->word = p;
            s->len = (uint32_t)n;
            s->lex |= groups[g].lex;
        }
}

uint32_t desk_mask_lex(const char *word)
{
    size_t n = strlen(word);
    pthread_once(&once, build);
    struct slot *s = find(word, n);
    if (!s->word && n > 2 && strcmp(word + n - 2, "'s") == 0)
        s = find(word, n - 2);
    return s->word ? s->lex : 0;
}
