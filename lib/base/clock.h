/* Time. All stored times are UTC milliseconds since 1970. Tests freeze the wall clock. */
#ifndef DESK_BASE_CLOCK_H
#define DESK_BASE_CLOCK_H

#include <stdint.h>

int64_t desk_now_ms(void);  /* wall clock, UTC ms */
int64_t desk_mono_ms(void); /* monotonic ms, for durations and timers */
int64_t desk_mono_us(void); /* monotonic µs */

void desk_sleep_ms(int64_t ms); /* less if a signal comes in between; never on an event loop */

/* In the environment of a process: its wall clock is so many ms from the machine's. For a whole
 * stack at another time (`frontdesk practice --voice`). */
#define DESK_CLOCK_SHIFT "FRONTDESK_CLOCK_SHIFT_MS"

/* Tests: freeze desk_now_ms() at ms; 0 lets it run again. The monotonic clock is never faked. */
void desk_clock_fake(int64_t ms);

#endif
