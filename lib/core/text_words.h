/* Between words that are spoken and words that are written: the rules brain (core/dialog.h) talks
 * of saying and of keys, and reads numbers digit by digit. Pure. */
#ifndef DESK_CORE_TEXT_WORDS_H
#define DESK_CORE_TEXT_WORDS_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

/* What is spoken, as it is written in a text; in the arena, NULL = no memory. */
const char *desk_text_written(struct desk_arena *a, const char *spoken);

/* What somebody wrote, as the talk takes it: "thanks" to "Is there anything else?" is a no. asked:
 * our last words. Returns text or a constant. */
const char *desk_text_meant(const char *text, const char *asked);

/* Is it nothing but a thank-you or a goodbye? */
bool desk_text_is_thanks(const char *text);

/* Is the whole text one of these words, whatever its case and its marks? */
bool desk_text_is_one_of(const char *text, const char *const *words, size_t n);

/* Has it the shape of a question to us ("how many calls", "messages today", "2")? The owner answers
 * a notice of ours with what has not: that is for whom the notice was about. */
bool desk_text_asks_us(const char *text);

#endif
