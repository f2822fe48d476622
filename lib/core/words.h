/* What people say or type, made ready for judging: lower case, accents folded, contractions and
 * text-message spelling written out ("can't" → "can not", "u" → "you"), words that a recogniser
 * tore apart joined ("in true der" → "intruder"), cut into clauses, and each word marked with what
 * is said about it: denied, past, only imagined, asked. English and Spanish.
 *
 * The marks are hints for a judge, not truth: "can not breathe" marks "breathe" as denied, and a
 * judge knows that phrase. Pure; nothing is allocated; any bytes may come. */
#ifndef DESK_CORE_WORDS_H
#define DESK_CORE_WORDS_H

#include "base/limits.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum desk_scope {
    DESK_IN_NEG = 1,       /* no, not, without, sin … before it */
    DESK_IN_PAST = 2,      /* ago, last week, used to … in its clause */
    DESK_IN_HYPO = 4,      /* if, would, might, in case … */
    DESK_IN_ASK = 8,       /* a question's words */
    DESK_IN_RESOLVED = 16, /* fixed, false alarm, all good now … in its clause */
    DESK_IN_WAS = 32       /* behind was, were, had, did: past by its verb alone */
};

struct desk_word {
    uint16_t at;     /* in text; the word ends with a NUL */
    uint16_t clause; /* from 0: cut at . ! ? ; and "but", "so", "because" … */
    uint8_t len;
    uint8_t in;   /* enum desk_scope */
    uint8_t part; /* from 0 within the clause: cut at commas and "and" */
};

struct desk_words {
    size_t n;
    size_t used; /* of text */
    struct desk_word w[DESK_MAX_JUDGE_WORDS];
    char text[DESK_MAX_JUDGE_WORDS * 8];
};

/* Of a long text (DESK_MAX_JUDGE_TEXT) the end is read. text NULL is "". */
void desk_words_read(struct desk_words *ws, const char *text);

/* Word i, "" if there is none. */
const char *desk_words_at(const struct desk_words *ws, size_t i);

/* Does pattern stand at word i? Words with spaces between; "leak*" is any word that begins so, "_"
 * any word, "a|b" either. Returns the number of words matched, 0 if it does not. */
size_t desk_words_match(const struct desk_words *ws, size_t i, const char *pattern);

/* The first place at or after from where pattern stands, or ws->n. *n (may be NULL) = words. */
size_t desk_words_find(const struct desk_words *ws, size_t from, const char *pattern, size_t *n);

#endif
