/* The features of a text, and the sum of their weights. Changing a feature means training every
 * model again (scripts/train-linear.mjs); tests/unit/test_linear.c notices when that was forgotten.
 */
#include "core/linear.h"

#include <math.h>
#include <string.h>

#define V_WORD   4 /* what a word counts, or a pair of words */
#define V_LETTER 1 /* what a group of letters counts: a word has many */
#define V_TAG    6
#define V_TAGGED 2 /* word with first tag */
#define MAX_KEY  96

struct walk {
    void (*fn)(void *ctx, uint32_t hash, int value);
    void *ctx;
};

static uint32_t mix(uint32_t h)
{
    h ^= h >> 16;
    h *= 0x85ebca6bu;
    h ^= h >> 13;
    h *= 0xc2b2ae35u;
    return h ^ h >> 16;
}

static uint32_t hash_bytes(uint32_t h, const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)s[i]) * 16777619u;
    return h;
}

/* FNV-1a over kind, a and b with something between them */
static void emit(const struct walk *k, char kind, const char *a, size_t la, const char *b,
                 size_t lb, int value)
{
    uint32_t h = hash_bytes(2166136261u, &kind, 1);
    h = hash_bytes(h, a, la);
    if (b) {
        h = hash_bytes(h, "\x01", 1);
        h = hash_bytes(h, b, lb);
    }
    k->fn(k->ctx, mix(h), value);
}

/* Numbers are alike but for their length; 911 is not alike. */
static size_t key_of(char *key, const struct desk_words *ws, size_t i)
{
    const char *s = desk_words_at(ws, i);
    size_t n = strlen(s);
    bool keep = strcmp(s, "911") == 0;
    n = n < MAX_KEY ? n : MAX_KEY - 1;
    for (size_t k = 0; k < n; k++)
        key[k] = !keep && s[k] >= '0' && s[k] <= '9' ? '#' : s[k];
    key[n] = '\0';
    return n;
}

static void letters(const struct walk *k, const char *word, size_t len)
{
    char framed[MAX_KEY + 2];
    if (len < 4)
        return;
    framed[0] = '^';
    memcpy(framed + 1, word, len);
    framed[len + 1] = '$';
    for (size_t n = 3; n <= 4; n++)
        for (size_t i = 0; i + n <= len + 2; i++)
            emit(k, 'c', framed + i, n, NULL, 0, V_LETTER);
}

static void in_scopes(const struct walk *k, const char *word, size_t len, unsigned in)
{
    static const struct {
        uint8_t bit;
        char kind;
    } rows[] = {{DESK_IN_NEG, '!'}, {DESK_IN_PAST, '<'},     {DESK_IN_HYPO, '~'},
                {DESK_IN_ASK, '?'}, {DESK_IN_RESOLVED, '='}, {DESK_IN_WAS, ','}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (in & rows[i].bit)
            emit(k, rows[i].kind, word, len, NULL, 0, V_WORD);
}

void desk_linear_features(const struct desk_words *ws, const char *const *tags, size_t n_tags,
                          void (*fn)(void *ctx, uint32_t hash, int value), void *ctx)
{
    struct walk k = {.fn = fn, .ctx = ctx};
    char last[MAX_KEY] = "^", word[MAX_KEY];
    size_t last_len = 1;
    for (size_t i = 0; i < n_tags; i++)
        emit(&k, 't', tags[i], strlen(tags[i]), NULL, 0, V_TAG);
    for (size_t i = 0; i < ws->n; i++) {
        size_t len = key_of(word, ws, i);
        emit(&k, 'w', word, len, NULL, 0, V_WORD);
        emit(&k, 'b', last, last_len, word, len, V_WORD);
        in_scopes(&k, word, len, ws->w[i].in);
        letters(&k, word, len);
        if (n_tags)
            emit(&k, 'x', tags[0], strlen(tags[0]), word, len, V_TAGGED);
        memcpy(last, word, len + 1);
        last_len = len;
    }
}

/* ---- scoring --------------------------------------------------------------------------------- */

struct sums {
    const struct desk_linear_model *m;
    int32_t sum[DESK_LINEAR_CLASSES];
    int64_t square; /* of the values */
};

/* the weights of a bucket, NULL if none are stored */
static const int8_t *row_of(const struct desk_linear_model *m, uint32_t hash)
{
    uint32_t bucket = hash & ((1u << m->bits) - 1);
    if (!m->start)
        return m->weights + (size_t)bucket * m->n_classes;
    uint32_t low = bucket & ((1u << DESK_LINEAR_START) - 1), high = bucket >> DESK_LINEAR_START;
    for (uint32_t row = m->start[low]; row < m->start[low + 1]; row++)
        if (m->rest[row] == high)
            return m->weights + (size_t)row * m->n_classes;
    return NULL;
}

static void add_feature(void *ctx, uint32_t hash, int value)
{
    struct sums *s = ctx;
    const int8_t *w = row_of(s->m, hash);
    for (size_t c = 0; w && c < s->m->n_classes; c++)
        s->sum[c] += value * w[c];
    s->square += (int64_t)value * value;
}

void desk_linear_score_words(const struct desk_linear_model *m, const struct desk_words *ws,
                             const char *const *tags, size_t n_tags, float *scores)
{
    struct sums s = {.m = m};
    desk_linear_features(ws, tags, n_tags, add_feature, &s);
    float norm = s.square ? 1.0f / sqrtf((float)s.square) : 0.0f;
    for (size_t c = 0; c < m->n_classes; c++)
        scores[c] = m->bias[c] + m->scale[c] * (float)s.sum[c] * norm;
}

void desk_linear_scores(const struct desk_linear_model *m, const char *text, float *scores)
{
    struct desk_words ws;
    desk_words_read(&ws, text);
    desk_linear_score_words(m, &ws, NULL, 0, scores);
}

size_t desk_linear_best(const struct desk_linear_model *m, const float *scores)
{
    size_t best = 0;
    for (size_t c = 1; c < m->n_classes; c++)
        if (scores[c] > scores[best])
            best = c;
    return best;
}

void desk_linear_softmax(const struct desk_linear_model *m, float *scores)
{
    float top = scores[desk_linear_best(m, scores)], sum = 0;
    for (size_t c = 0; c < m->n_classes; c++)
        sum += scores[c] = expf(scores[c] - top);
    for (size_t c = 0; c < m->n_classes; c++)
        scores[c] /= sum;
}
