/* What an emergency text is about and how it is said: the concepts in it (emergency_concepts.inc),
 * the rules that they meet (emergency_rules.inc), and both as tags for the classifier. Inside of
 * core/emergency.c and the trainer; others call core/emergency.h. */
#ifndef DESK_CORE_EMERGENCY_READ_H
#define DESK_CORE_EMERGENCY_READ_H

#include "core/words.h"

#define DESK_EMERGENCY_HITS    300
#define DESK_EMERGENCY_TAGS    300
#define DESK_EMERGENCY_CLAUSES 32 /* later ones count as the last */

/* How a thing is said: the lower, the more it is so. */
enum desk_how {
    DESK_HOW_LIVE,
    DESK_HOW_WAS, /* past by its verb alone */
    DESK_HOW_ASKED,
    DESK_HOW_HYPO,
    DESK_HOW_OVER,
    DESK_HOW_NEG,
    DESK_HOW_NOT, /* not said */
    DESK_HOW__MAX
};

/* A concept in the text, at words at … at + n. */
struct desk_emergency_hit {
    uint16_t at;
    uint8_t n, concept, how, clause;
};

/* The surest rule of one severity. */
struct desk_emergency_verdict {
    const char *rule; /* its name, NULL: none */
    uint8_t how;
    uint8_t clause;
    uint16_t at, n; /* its words, from the first to the last of its concepts in the clause */
};

struct desk_emergency_read {
    struct desk_words words;
    size_t n_hits;
    struct desk_emergency_hit hit[DESK_EMERGENCY_HITS];
    struct desk_emergency_verdict verdict[4]; /* by severity: 1 = P3 … 3 = P1 */
    size_t n_tags, used;
    const char *tag[DESK_EMERGENCY_TAGS]; /* the first is the kind of business */
    char text[DESK_EMERGENCY_TAGS * 24];
};

/* Words, concepts, rules and tags of a text. kind: "plumbing", "dental" …; an unknown one is taken
 * for a trade that works at people's homes. */
void desk_emergency_read(struct desk_emergency_read *r, const char *kind, const char *text);

#endif
