#include "base/clock.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

static _Atomic int64_t fake_ms;
static _Atomic int64_t shift_ms = INT64_MIN; /* not looked up yet */

static int64_t shift(void)
{
    int64_t ms = atomic_load(&shift_ms);
    if (ms == INT64_MIN) {
        const char *text = getenv(DESK_CLOCK_SHIFT);
        ms = text ? strtoll(text, NULL, 10) : 0;
        atomic_store(&shift_ms, ms);
    }
    return ms;
}

int64_t desk_now_ms(void)
{
    int64_t fake = atomic_load(&fake_ms);
    if (fake)
        return fake;
    struct timespec ts;
    clock_gettime(CLOCK_REALTIME, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000 + shift();
}

int64_t desk_mono_us(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

int64_t desk_mono_ms(void)
{
    return desk_mono_us() / 1000;
}

void desk_sleep_ms(int64_t ms)
{
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L}, NULL);
}

void desk_clock_fake(int64_t ms)
{
    atomic_store(&fake_ms, ms);
}
