/* A linear text classifier compiled into a table: words, word pairs, letter groups inside words and
 * the scopes of words (core/words.h) are hashed, each bucket has a small weight for each class.
 * Made by scripts/train-linear.mjs, which writes lib/core/NAME_model.inc; the features come from
 * here in training, too. Pure, allocates nothing, a few microseconds a sentence.
 *
 * Tags are facts beside the words ("dental", "rule_fire"): each is a feature by itself. With the
 * first tag each word makes another feature, so that a word may mean different things by business.
 */
#ifndef DESK_CORE_LINEAR_H
#define DESK_CORE_LINEAR_H

#include "core/words.h"

#define DESK_LINEAR_CLASSES 16 /* most in one model */
#define DESK_LINEAR_START   12

/* Of 2^bits buckets either all are stored, or, with start, only those that count: start[h] …
 * start[h + 1] are the rows of the buckets whose low DESK_LINEAR_START bits are h, rest[row] their
 * other bits. */
struct desk_linear_model {
    const char *name;
    const char *const *classes;
    size_t n_classes;
    unsigned bits;
    const uint32_t *start; /* NULL: all buckets are rows */
    const uint16_t *rest;
    const int8_t *weights;                  /* [row][class] */
    const float *scale, *bias;              /* by class */
    const struct desk_linear_check *checks; /* what the trainer got for some texts; for the test */
    size_t n_checks;
};

struct desk_linear_check {
    const char *text, *tags; /* tags with spaces between */
    const float *scores;     /* by class */
};

/* scores[n_classes]: logits, the greatest is the answer. */
void desk_linear_scores(const struct desk_linear_model *m, const char *text, float *scores);

/* The same for words that were read already. */
void desk_linear_score_words(const struct desk_linear_model *m, const struct desk_words *ws,
                             const char *const *tags, size_t n_tags, float *scores);

/* Index of the greatest. */
size_t desk_linear_best(const struct desk_linear_model *m, const float *scores);

/* Logits → probabilities, in place. */
void desk_linear_softmax(const struct desk_linear_model *m, float *scores);

/* Every feature of a text: fn(ctx, hash, value). Feature values are small integers. */
void desk_linear_features(const struct desk_words *ws, const char *const *tags, size_t n_tags,
                          void (*fn)(void *ctx, uint32_t hash, int value), void *ctx);

#endif
