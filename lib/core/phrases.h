/* Many patterns of core/words.h, found by their first word: a table made once (pthread_once) and
 * read by all threads. Patterns are not copied. */
#ifndef DESK_CORE_PHRASES_H
#define DESK_CORE_PHRASES_H

#include "core/words.h"

#define DESK_PHRASES_HEADS 4096

struct desk_phrase {
    const char *first, *rest; /* the first word (one alternative of it), and what follows */
    uint8_t len;              /* of first, without '*' */
    bool star;
    uint16_t value; /* the owner's */
    uint16_t next;  /* in the chain; 0 ends it */
};

struct desk_phrases {
    struct desk_phrase *row; /* of max; row 0 is none */
    size_t max, n;
    uint16_t head[DESK_PHRASES_HEADS]; /* by the first word */
    uint16_t star[256];                /* by its first letter, if it is written "leak*" */
};

/* Adds pattern once for each alternative of its first word ("a|b c" under a and b). False if full.
 */
bool desk_phrases_add(struct desk_phrases *t, const char *pattern, uint16_t value);

/* The patterns that may stand at word i: chain 0 and 1; go on with row[k].next until 0. */
uint16_t desk_phrases_chain(const struct desk_phrases *t, const struct desk_words *ws, size_t i,
                            int chain);

/* Does row k stand at word i? Its words, or 0. */
size_t desk_phrases_match(const struct desk_phrases *t, uint16_t k, const struct desk_words *ws,
                          size_t i);

#endif
