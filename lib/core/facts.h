/* What a text is about, by tables: words and phrases that speak for a fact. The judges of calls
 * (screening, escalation) have each their own facts; their classifiers get them as tags beside the
 * words. Pure, allocates nothing. */
#ifndef DESK_CORE_FACTS_H
#define DESK_CORE_FACTS_H

#include "core/words.h"

/* How a fact is there: bits, several at once when it is named more than once. */
enum desk_fact_how {
    DESK_FACT_SAID = 1,   /* as it is now */
    DESK_FACT_DENIED = 2, /* "no leak" */
    DESK_FACT_PAST = 4,   /* "leaked last year", "fixed" */
    DESK_FACT_HYPO = 8    /* "if it leaks" */
};
#define DESK_FACT_HOWS 4

struct desk_fact_info {
    const char *tags[DESK_FACT_HOWS]; /* by bit */
    const char *spoken;               /* for a person, in the middle of a sentence */
    uint8_t hows; /* which of DENIED, PAST, HYPO are told apart; without: all is SAID */
};
/* .tags of a fact */
#define DESK_FACT_TAGS(name)                                                                       \
    {                                                                                              \
        name, "no_" name, "was_" name, "if_" name                                                  \
    }

/* A row of words has single words with spaces between ("leak leaks flood*": begins so), a row of
 * phrases one pattern of core/words.h. */
struct desk_fact_row {
    uint8_t fact;
    const char *text;
};

struct desk_fact_tables {
    const struct desk_fact_info *info;
    size_t n_facts;
    const struct desk_fact_row *words, *phrases;
    size_t n_words, n_phrases;
};

/* how[n_facts] = bits. */
void desk_facts_find(const struct desk_fact_tables *t, const struct desk_words *ws, uint8_t *how);

/* Which facts does word i speak for by itself? fn is called once for each row that has it. */
void desk_facts_of_word(const struct desk_fact_tables *t, const struct desk_words *ws, size_t i,
                        void (*fn)(void *ctx, uint8_t fact), void *ctx);

/* Appends the tags of facts to tags[*n]; at most max in all. The strings are static. */
void desk_facts_tags(const struct desk_fact_tables *t, const uint8_t *how, const char **tags,
                     size_t *n, size_t max);

#endif
