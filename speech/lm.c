/* Expected counts of word pairs over weighted sentences, smoothed and written as ARPA text. See
 * lm.h.
 *
 * A sentence is walked once: the front is every word it may have come to, with how often. A word
 * moves the whole front on and counts what it stands behind. */
#include "speech/lm.h"

#include "base/limits.h"
#include "speech/grammar.h"
#include "speech/lm_sentences.h"
#include "speech/names.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BEGIN     1u /* "<s>" */
#define END       2u /* "</s>" */
#define WORD_BITS 16
#define WORD_MASK 0xFFFFu
#define NEVER     -99.0 /* log10 of nothing */
#define OFTEN     0.5   /* what "?" makes of a word */

/* a word's number, or two (the earlier one higher) → how often; no key is 0 */
struct row {
    uint32_t key;
    double count;
};
struct bag {
    struct row *rows;
    size_t n, cap; /* cap: 0 or a power of two; rows with key 0 are free */
};

struct model {
    double prior;
    bool (*known)(void *ctx, const char *word);
    void *ctx;
    char **words; /* by number; 0 is nobody's */
    uint32_t *by_hash;
    size_t n_words;
    struct bag singles, pairs;  /* counts of words, alone and in twos */
    struct bag behind;          /* how often something stood behind a word */
    struct desk_buf own, names; /* texts of <own> and <name>: what can be said of them */
    enum desk_rc rc;
};

/* ---- bags ------------------------------------------------------------------------------------ */

static struct row *bag_slot(const struct bag *b, uint32_t key)
{
    size_t i = (key * 2654435769u >> 8) & (b->cap - 1);
    while (b->rows[i].key && b->rows[i].key != key)
        i = (i + 1) & (b->cap - 1);
    return &b->rows[i];
}

static double bag_count(const struct bag *b, uint32_t key)
{
    return b->cap > 0 ? bag_slot(b, key)->count : 0;
}

static bool bag_grow(struct model *m, struct bag *b)
{
    struct bag wider = {.n = b->n, .cap = b->cap ? b->cap * 2 : 16};
    if (b->n > DESK_MAX_LM_PAIRS)
        m->rc = DESK_ELIMIT;
    else if (!(wider.rows = calloc(wider.cap, sizeof *wider.rows)))
        m->rc = DESK_ENOMEM;
    if (!wider.rows)
        return false;
    for (size_t i = 0; i < b->cap; i++)
        if (b->rows[i].key)
            *bag_slot(&wider, b->rows[i].key) = b->rows[i];
    free(b->rows);
    *b = wider;
    return true;
}

static void bag_add(struct model *m, struct bag *b, uint32_t key, double count)
{
    if (m->rc != DESK_OK || (b->n * 4 >= b->cap * 3 && !bag_grow(m, b)))
        return;
    struct row *row = bag_slot(b, key);
    b->n += row->key == 0;
    row->key = key;
    row->count += count;
}

static void bag_clear(struct bag *b)
{
    free(b->rows);
    *b = (struct bag){0};
}

/* ---- words ----------------------------------------------------------------------------------- */

#define BUCKETS (DESK_MAX_LM_WORDS * 2)

static uint32_t word_bucket(const struct model *m, const char *word, size_t n)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)word[i]) * 16777619u;
    for (h %= BUCKETS; m->by_hash[h]; h = (h + 1) % BUCKETS) {
        const char *have = m->words[m->by_hash[h]];
        if (strncmp(have, word, n) == 0 && have[n] == '\0')
            break;
    }
    return h;
}

/* 0: it has no number yet */
static uint32_t word_find(const struct model *m, const char *word, size_t n)
{
    return m->by_hash[word_bucket(m, word, n)];
}

/* The number of a word, new or old; 0 when there is no room. */
static uint32_t word_number(struct model *m, const char *word, size_t n)
{
    uint32_t h = word_bucket(m, word, n);
    if (m->by_hash[h])
        return m->by_hash[h];
    if (m->rc == DESK_OK && m->n_words >= DESK_MAX_LM_WORDS)
        m->rc = DESK_ELIMIT;
    char *copy = m->rc == DESK_OK ? strndup(word, n) : NULL;
    if (!copy) {
        m->rc = m->rc == DESK_OK ? DESK_ENOMEM : m->rc;
        return 0;
    }
    m->words[m->n_words] = copy;
    m->by_hash[h] = (uint32_t)m->n_words;
    return (uint32_t)m->n_words++;
}

/* ---- sentences ------------------------------------------------------------------------------- */

/* One word or slot of a sentence. */
struct part {
    const char *s;
    size_t n;
    bool slot, optional;
};

/* The next part of text (which ends at end), or false. */
static bool next_part(const char **text, const char *end, struct part *p)
{
    const char *s = *text;
    while (s < end && *s == ' ')
        s++;
    const char *stop = s;
    while (stop < end && *stop != ' ')
        stop++;
    *text = stop;
    *p = (struct part){.s = s, .n = (size_t)(stop - s)};
    p->optional = p->n > 1 && s[p->n - 1] == '?';
    p->n -= p->optional;
    p->slot = p->n > 2 && *s == '<' && s[p->n - 1] == '>';
    if (p->slot) {
        p->s++;
        p->n -= 2;
    }
    return p->n > 0;
}

/* where the alternative that begins at s ends */
static const char *alternative_end(const char *s)
{
    return s + strcspn(s, "|");
}

static bool is_slot(const struct part *p, const char *name)
{
    return strlen(name) == p->n && strncmp(p->s, name, p->n) == 0;
}

static const char *slot_text(const struct model *m, const struct part *p)
{
    for (const struct desk_lm_slot *slot = desk_lm_slots; slot->name; slot++)
        if (is_slot(p, slot->name))
            return slot->text;
    return desk_buf_cstr(is_slot(p, "own") ? &m->own : &m->names);
}

/* Words are asked about once: those with a number can be said. */
static bool word_known(struct model *m, const char *word, size_t n)
{
    return word_find(m, word, n) > 0 ||
           (desk_grammar_sayable(word, n, m->known, m->ctx) && word_number(m, word, n) > 0);
}

static size_t count_possible(struct model *m, const char *text);

static bool possible(struct model *m, const char *s, const char *end)
{
    struct part p;
    while (next_part(&s, end, &p)) {
        bool can = p.slot ? count_possible(m, slot_text(m, &p)) > 0 : word_known(m, p.s, p.n);
        if (!can && !p.optional)
            return false;
    }
    return true;
}

/* alternatives of text that can be said */
static size_t count_possible(struct model *m, const char *text)
{
    size_t n = 0;
    for (const char *end; *text; text = end + (*end == '|')) {
        end = alternative_end(text);
        n += possible(m, text, end);
    }
    return n;
}

/* ---- walking --------------------------------------------------------------------------------- */

/* One word behind every way of front (times share) → further. */
static void walk_word(struct model *m, const struct bag *front, double share, uint32_t word,
                      struct bag *further)
{
    for (size_t i = 0; word && i < front->cap; i++) {
        const struct row *r = &front->rows[i];
        if (!r->key)
            continue;
        bag_add(m, &m->singles, word, r->count * share);
        bag_add(m, &m->behind, r->key, r->count * share);
        bag_add(m, &m->pairs, r->key << WORD_BITS | word, r->count * share);
        bag_add(m, further, word, r->count * share);
    }
}

static void bag_join(struct model *m, struct bag *into, const struct bag *from, double share)
{
    for (size_t i = 0; i < from->cap; i++)
        if (from->rows[i].key)
            bag_add(m, into, from->rows[i].key, from->rows[i].count * share);
}

static void walk(struct model *m, const struct bag *front, double share, const char *text,
                 struct bag *further);

static void walk_alternative(struct model *m, const struct bag *front, double share, const char *s,
                             const char *end, struct bag *further)
{
    struct bag here = {0};
    struct part p;
    bag_join(m, &here, front, share);
    while (next_part(&s, end, &p)) {
        struct bag to = {0};
        const char *from = p.slot ? p.s - 1 : p.s;
        bool can = possible(m, from, p.s + p.n + p.slot);
        double taken = !can ? 0 : p.optional ? OFTEN : 1;
        if (taken > 0 && p.slot)
            walk(m, &here, taken, slot_text(m, &p), &to);
        else if (taken > 0)
            walk_word(m, &here, taken, word_number(m, p.s, p.n), &to);
        if (taken < 1)
            bag_join(m, &to, &here, 1 - taken);
        bag_clear(&here);
        here = to;
    }
    bag_join(m, further, &here, 1);
    bag_clear(&here);
}

/* Every alternative of text that can be said, all as likely as each other. */
static void walk(struct model *m, const struct bag *front, double share, const char *text,
                 struct bag *further)
{
    size_t ways = count_possible(m, text);
    for (const char *end; *text; text = end + (*end == '|')) {
        end = alternative_end(text);
        if (possible(m, text, end))
            walk_alternative(m, front, share / (double)ways, text, end, further);
    }
}

static void walk_sentences(struct model *m)
{
    struct bag begin = {0};
    bag_add(m, &begin, BEGIN, 1);
    for (const struct desk_lm_sentence *s = desk_lm_sentences; s->text && m->rc == DESK_OK; s++) {
        struct bag all = {0}, none = {0};
        walk(m, &begin, s->weight, s->text, &all);
        walk_word(m, &all, 1, END, &none);
        bag_clear(&all);
        bag_clear(&none);
    }
    bag_clear(&begin);
}

/* ---- ARPA ------------------------------------------------------------------------------------ */

static int by_key(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    return x->key < y->key ? -1 : x->key > y->key;
}

/* rows in front, sorted; the bag is no hash table any more */
static void bag_sort(struct bag *b)
{
    size_t n = 0;
    for (size_t i = 0; i < b->cap; i++)
        if (b->rows[i].key)
            b->rows[n++] = b->rows[i];
    if (n > 0)
        qsort(b->rows, n, sizeof *b->rows, by_key);
}

static const char *word_of(const struct model *m, uint32_t key)
{
    return m->words[key & WORD_MASK];
}

static double total_of(const struct bag *b)
{
    double total = 0;
    for (size_t i = 0; i < b->cap; i++)
        total += b->rows[i].count;
    return total;
}

static void write_singles(struct model *m, struct desk_buf *out, double total)
{
    struct bag sorted = {0};
    bag_join(m, &sorted, &m->singles, 1);
    bag_sort(&sorted);
    desk_buf_fmt(out, "\n\\1-grams:\n");
    for (size_t i = 0; i < sorted.n; i++) {
        const struct row *r = &sorted.rows[i];
        double more = m->prior / (bag_count(&m->behind, r->key) + m->prior);
        desk_buf_fmt(out, "%.6f\t%s\t%.6f\n", r->count > 0 ? log10(r->count / total) : NEVER,
                     word_of(m, r->key), log10(more));
    }
    bag_clear(&sorted);
}

static void write_pairs(struct model *m, struct desk_buf *out, double total)
{
    struct bag sorted = {0};
    bag_join(m, &sorted, &m->pairs, 1);
    bag_sort(&sorted);
    desk_buf_fmt(out, "\n\\2-grams:\n");
    for (size_t i = 0; i < sorted.n; i++) {
        const struct row *r = &sorted.rows[i];
        uint32_t first = r->key >> WORD_BITS, second = r->key & WORD_MASK;
        double alone = bag_count(&m->singles, second) / total;
        double behind = bag_count(&m->behind, first);
        desk_buf_fmt(out, "%.6f\t%s %s\n",
                     log10((r->count + m->prior * alone) / (behind + m->prior)), word_of(m, first),
                     word_of(m, second));
    }
    bag_clear(&sorted);
}

static void write_model(struct model *m, struct desk_buf *out)
{
    bag_add(m, &m->singles, BEGIN, 0); /* stands behind nothing, but much stands behind it */
    double total = total_of(&m->singles);
    desk_buf_fmt(out, "\\data\\\nngram 1=%zu\nngram 2=%zu\n", m->singles.n, m->pairs.n);
    write_singles(m, out, total);
    write_pairs(m, out, total);
    desk_buf_str(out, "\n\\end\\\n");
}

/* Lines that can be said → a slot's text. */
static void fill_own(struct model *m, const char *vocabulary)
{
    for (const char *s = vocabulary; *s;) {
        size_t n = strcspn(s, "\n");
        if (desk_grammar_sayable(s, n, m->known, m->ctx)) {
            desk_buf_str(&m->own, m->own.len > 0 ? "|" : "");
            desk_buf_add(&m->own, s, n);
        }
        s += n + (s[n] == '\n');
    }
}

static void fill_names(struct model *m)
{
    for (const char *const *name = desk_first_names; *name; name++)
        if (m->known(m->ctx, *name)) {
            desk_buf_str(&m->names, m->names.len > 0 ? "|" : "");
            desk_buf_str(&m->names, *name);
        }
}

enum desk_rc desk_lm_build(struct desk_buf *out, const char *vocabulary, double prior,
                           bool (*known)(void *ctx, const char *word), void *ctx)
{
    struct model m = {.prior = prior, .known = known, .ctx = ctx};
    m.words = calloc(DESK_MAX_LM_WORDS, sizeof *m.words);
    m.by_hash = calloc(BUCKETS, sizeof *m.by_hash);
    m.n_words = 1;
    m.rc = m.words && m.by_hash ? DESK_OK : DESK_ENOMEM;
    desk_buf_init(&m.own, DESK_MAX_LM);
    desk_buf_init(&m.names, DESK_MAX_LM);
    if (m.rc != DESK_OK || word_number(&m, "<s>", 3) != BEGIN || word_number(&m, "</s>", 4) != END)
        goto out;
    fill_own(&m, vocabulary);
    fill_names(&m);
    walk_sentences(&m);
    if (m.rc == DESK_OK)
        write_model(&m, out);
    if (m.rc == DESK_OK && !(desk_buf_ok(&m.own) && desk_buf_ok(&m.names) && desk_buf_ok(out)))
        m.rc = DESK_ELIMIT;
out:
    for (size_t i = 0; m.words && i < m.n_words; i++)
        free(m.words[i]);
    free(m.words);
    free(m.by_hash);
    desk_buf_clear(&m.own);
    desk_buf_clear(&m.names);
    bag_clear(&m.singles);
    bag_clear(&m.pairs);
    bag_clear(&m.behind);
    return m.rc;
}
