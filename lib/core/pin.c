#include "core/pin.h"
#include "core/phone.h"

#include <string.h>

#define HOUR_MS (3600LL * 1000)
#define MOST_MS (24 * HOUR_MS)

bool desk_pin_read(const char *text, char out[DESK_PIN_LEN])
{
    char digits[64];
    size_t n = 0;
    bool plain = true;
    for (const char *p = text ? text : ""; *p && plain; p++) {
        bool digit = *p >= '0' && *p <= '9';
        plain = digit || strchr(" #*.,-", *p);
        if (digit && n < sizeof digits - 1)
            digits[n++] = *p;
    }
    digits[n] = '\0';
    if (!plain)
        n = desk_phone_from_words(text, digits, sizeof digits);
    out[0] = '\0';
    if (n < 4 || n >= DESK_PIN_LEN)
        return false;
    memcpy(out, digits, n + 1);
    return true;
}

int64_t desk_pin_paused_until(int64_t failed, int64_t last_at)
{
    int64_t pause = HOUR_MS;
    if (failed < DESK_PIN_TRIES || failed % DESK_PIN_TRIES)
        return 0;
    for (int64_t i = DESK_PIN_TRIES; i < failed && pause < MOST_MS; i += DESK_PIN_TRIES)
        pause *= 2;
    return last_at + (pause < MOST_MS ? pause : MOST_MS);
}
