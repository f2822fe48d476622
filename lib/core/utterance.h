/* Long sound in pieces that a recogniser takes: one saying each, cut in the pause behind it; where
 * somebody speaks on and on, where it is quietest, because people breathe. Pure. */
#ifndef DESK_CORE_UTTERANCE_H
#define DESK_CORE_UTTERANCE_H

#include <stddef.h>
#include <stdint.h>

#define DESK_UTTERANCE_LONGEST (15 * 8000) /* samples of one piece at 8 kHz */

/* How many of the n samples (8 kHz) that are left the next piece takes: all, when they are few and
 * one saying. 0 only for 0. */
size_t desk_utterance_next(const int16_t *pcm, size_t n);

#endif
