/* What an emergency text is about and how it is said: the concepts in it (emergency_phrases.inc),
 * the rules that they meet (emergency_rules.inc), the owner's own phrases, and all of it as tags
 * for the classifier. Inside of core/emergency.c and the trainer; others call core/emergency.h. */
#ifndef DESK_CORE_EMERGENCY_READ_H
#define DESK_CORE_EMERGENCY_READ_H

#include "core/emergency.h"
#include "core/words.h"

#define DESK_EMERGENCY_HITS    300
#define DESK_EMERGENCY_TAGS    300
#define DESK_EMERGENCY_CLAUSES 32 /* later ones count as the last */

enum desk_concept {
    C_NO, /* none */
#define X(name) C_##name,
#include "core/emergency_concepts.inc"
#undef X
    C__MAX
};

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

/* What is said in each clause and in all of the text: the surest mention of each concept. */
struct desk_emergency_state {
    uint8_t how[DESK_EMERGENCY_CLAUSES][C__MAX];
    uint16_t at[DESK_EMERGENCY_CLAUSES][C__MAX];
    uint8_t any[C__MAX];  /* in the text */
    uint8_t last[C__MAX]; /* last clause with it */
    size_t clauses;
};

/* The surest rule, or phrase of the owner's, of one severity. */
struct desk_emergency_verdict {
    const char *rule; /* its name, NULL: none */
    uint8_t how, clause;
    uint16_t at, n; /* its words, from the first to the last of them in the clause */
};

struct desk_emergency_read {
    struct desk_words words;
    size_t n_hits;
    struct desk_emergency_hit hit[DESK_EMERGENCY_HITS];
    struct desk_emergency_state state;
    struct desk_emergency_verdict verdict[DESK_SEVERITY__MAX];
    size_t n_tags, used;
    const char *tag[DESK_EMERGENCY_TAGS]; /* the first is the kind of business */
    char text[DESK_EMERGENCY_TAGS * 24];
};

/* Words, concepts, rules and tags of a text. kind as in core/emergency.h. About 45 KB: may stand on
 * the stack. */
void desk_emergency_read(struct desk_emergency_read *r, const char *kind, const char *text);

/* The owner's phrases in what was read: the surest of each severity. */
void desk_emergency_own(const struct desk_emergency_read *r,
                        const struct desk_emergency_phrase *own, size_t n_own,
                        struct desk_emergency_verdict verdict[DESK_SEVERITY__MAX]);

/* Steps of desk_emergency_read, by file: emergency_concepts.c, emergency_rules.c, emergency_tags.c.
 */
uint8_t desk_emergency_how(unsigned scope); /* enum desk_scope → enum desk_how */
void desk_emergency_find(struct desk_emergency_read *r);
void desk_emergency_apply(struct desk_emergency_read *r, const char *kind);
uint8_t desk_emergency_in_context(const struct desk_emergency_state *s, size_t clause, uint16_t at,
                                  uint8_t how);
void desk_emergency_tags(struct desk_emergency_read *r, const char *kind);

#endif
