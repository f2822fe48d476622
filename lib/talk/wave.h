/* The shape of a recording: how loud each side was, bar by bar, as a short text that is kept beside
 * the recording, so that a page draws it without opening the sound. */
#ifndef DESK_TALK_WAVE_H
#define DESK_TALK_WAVE_H

#include "base/err.h"
#include "store/recording_file.h"

#define DESK_WAVE_BARS 104
#define DESK_WAVE_LEN  (2 * DESK_WAVE_BARS + 1) /* with the NUL */
#define DESK_WAVE_LOUD 35                       /* the loudest bar */

/* Of an open recording: the bars of the caller, then ours, a character each (0 … 9, a … z),
 * measured against the loudest of both. Reads and opens all of it, so it is for the worker; memory
 * is of one piece. DESK_EINTERNAL: a piece does not open; DESK_ENOTFOUND: there is no sound in it.
 */
DESK_MUST enum desk_rc desk_wave_of(const struct desk_recfile *f, char out[DESK_WAVE_LEN]);

/* How high bar i (0 … 2 * DESK_WAVE_BARS - 1) is: 0 … DESK_WAVE_LOUD. */
int desk_wave_bar(const char *wave, int i);

#endif
