/* The PIN of an owner's calls: how it is read out of what was keyed or said, and for how long
 * nobody is asked for it after wrong ones. Pure. */
#ifndef DESK_CORE_PIN_H
#define DESK_CORE_PIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DESK_PIN_LEN   9 /* 4 to 8 digits and NUL */
#define DESK_PIN_TRIES 3 /* wrong ones in a row, then there is a pause */

/* "4471", "44 71 #", "my pin is four four seven one" → digits. False: there are none, or not 4 to
 * 8 of them. */
bool desk_pin_read(const char *text, char out[DESK_PIN_LEN]);

/* Until when (UTC ms) the number that gave so many wrong ones since its last right one, the last at
 * last_at, is not asked; 0 = it may be. An hour after three, twice as long after each three more, a
 * day at most: caller ID can be forged, so somebody may be trying all of them. */
int64_t desk_pin_paused_until(int64_t failed, int64_t last_at);

#endif
