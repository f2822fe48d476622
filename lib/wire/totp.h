/* One-time codes from a clock: RFC 6238 with what every app can do (HMAC-SHA-1, 6 digits, steps of
 * 30 s), and their key as RFC 4648 base 32. Pure, never blocks. */
#ifndef DESK_WIRE_TOTP_H
#define DESK_WIRE_TOTP_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DESK_TOTP_BYTES   20 /* of a key: as long as the hash, RFC 4226 section 4 */
#define DESK_TOTP_KEY_LEN 33 /* in base 32, with the NUL */
#define DESK_TOTP_LEN     7  /* a code with its NUL */
#define DESK_TOTP_STEP_MS 30000

/* A key as apps take it: capital letters, no padding. Returns out. */
const char *desk_totp_key(const uint8_t bytes[DESK_TOTP_BYTES], char out[DESK_TOTP_KEY_LEN]);

/* The code of that step. DESK_EINVAL: that is no key. */
DESK_MUST enum desk_rc desk_totp_code(const char *key, int64_t step, char out[DESK_TOTP_LEN]);

/* Which step the code is of: now's or one before or after it (clocks differ), but later than last.
 * -1: of none. Takes as long for any code. */
int64_t desk_totp_check(const char *key, const char *typed, int64_t now_ms, int64_t last);

#endif
