/* Long sound in pieces that a recogniser takes: cut where it is quietest, because people breathe
 * between what they say. Pure. */
#ifndef DESK_CORE_UTTERANCE_H
#define DESK_CORE_UTTERANCE_H

#include <stddef.h>
#include <stdint.h>

#define DESK_UTTERANCE_LONGEST (15 * 8000) /* samples of one piece at 8 kHz */

/* How many of the n samples (8 kHz) that are left the next piece takes: all, when they are few. 0
 * only for 0. */
size_t desk_utterance_next(const int16_t *pcm, size_t n);

#endif
