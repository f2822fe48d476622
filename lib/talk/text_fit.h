/* What a brain wants to say, as a text that is worth its price: two segments (wire/gsm7.h) where it
 * can be. Marks that would make it dear get their plain sisters; a longer one ends at a sentence,
 * with its last question kept, wherever in it that stands: without it the other side does not know
 * what is asked of them. One whose sentences are too long for that goes as it is: the phone joins
 * the segments. Pure. */
#ifndef DESK_TALK_TEXT_FIT_H
#define DESK_TALK_TEXT_FIT_H

#include "base/arena.h"

#define DESK_TEXT_SEGMENTS 2

/* In the arena, or body itself; NULL = no memory. *left_out: what is not sent, or NULL = nothing.
 */
const char *desk_text_fit(struct desk_arena *a, const char *body, const char **left_out);

#endif
