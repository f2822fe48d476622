/* A recogniser's grammar (JSGF) for one question, out of what was asked and the business's words.
 *
 * Every grammar has two ways: the answers, and a loop of bare phones that takes whatever else is
 * said. Without the second, any noise is forced into the nearest answer. Pure. */
#ifndef SPEECH_GRAMMAR_H
#define SPEECH_GRAMMAR_H

#include "base/buf.h"
#include "core/dialog.h"

#include <stdbool.h>

#define DESK_GRAMMAR_MAX     65536
#define DESK_GRAMMAR_GARBAGE "zz" /* words of the phone loop: "zzaa" for AA */

/* The phones of the loop, as the dictionary writes them; NULL at the end. */
extern const char *const desk_grammar_phones[];

struct desk_grammar_weights {
    double garbage; /* of the phone loop against the answers: more rejects more */
    double phone;   /* of one phone in the loop */
};

/* Append the grammar to out (check desk_buf_ok()). vocabulary: lines of desk_dialog_vocabulary();
 * known(ctx, word) says whether a word can be pronounced: phrases with others are left out. It is
 * asked for every word of the grammar, also for those that no answer could leave out. */
void desk_grammar_build(struct desk_buf *out, enum desk_dialog_expect expect,
                        const char *vocabulary, const struct desk_grammar_weights *weights,
                        bool (*known)(void *ctx, const char *word), void *ctx);

/* True if the n characters are one word or more, all known and of letters and apostrophes only: no
 * such phrase can break a grammar's or a language model's syntax. */
bool desk_grammar_sayable(const char *phrase, size_t n, bool (*known)(void *ctx, const char *word),
                          void *ctx);

/* True if people say the n characters of word around an answer to anything, so that it tells
 * nothing: "please", "i'd". To other questions such words may be the answer. */
bool desk_grammar_small_talk(enum desk_dialog_expect expect, const char *word, size_t n);

/* A hypothesis without the words of the loop: "zzaa leave a message zzb" → "leave a message". */
void desk_grammar_clean(char *out, size_t n, const char *hypothesis);

#endif
