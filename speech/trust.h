/* Which of the words that a decoder proposes may be written down as the caller's. Pure.
 *
 * The language model (lm.h) hears one utterance twice, with a little other noise, and each time
 * makes a sentence of it, of whatever was said: speech outside its vocabulary becomes words that
 * were never spoken. What tells them apart, measured through 8 kHz µ-law
 * (tests/unit/test_sentences.c): spoken words are found both times at the same place and there is
 * little else that could have stood there. */
#ifndef SPEECH_TRUST_H
#define SPEECH_TRUST_H

#include "core/dialog.h"

#include <stdbool.h>
#include <stddef.h>

#define DESK_TRUST_WORDS 128
#define DESK_TRUST_TEXT  512   /* most characters of a sentence, with the NUL */
#define DESK_TRUST_GAP   "..." /* stands where words were not trusted */

struct desk_trust_word {
    char word[40];
    int from, to;     /* frames, both counted */
    int score;        /* acoustic, mean of a frame, in the decoder's log units */
    double posterior; /* of all that may have been said there, 0 to 1 */
};
struct desk_trust_hearing {
    struct desk_trust_word words[DESK_TRUST_WORDS];
    size_t n;
};

/* Add a word as the decoder writes it: "to(2)" is another way to say "to", "<sil>" and "[NOISE]" no
 * words. What does not fit is left out. */
void desk_trust_add(struct desk_trust_hearing *h, const char *word, int from, int to, int score,
                    double posterior);

/* What may be written down, from both hearings of the language model and what the grammar heard in
 * the same utterance ("" = nothing):
 *  - the sentence's trusted words, "i need a ... water heater", if they fill enough of the speech
 *    and say more than the grammar's answer;
 *  - or that answer, less the small talk (desk_grammar_small_talk()) that was not heard, if a
 *    hearing has the words that carry its meaning: all of them, or half of those of a time. A model
 *    that does not know what it hears has no say: then the answer stands as it is;
 *  - or "". */
void desk_trust_judge(char *out, size_t n, const struct desk_trust_hearing *a,
                      const struct desk_trust_hearing *b, const char *answer,
                      enum desk_dialog_expect expect);

#endif
