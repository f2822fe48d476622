#include "wire/totp.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <string.h>

#define DIGITS   6
#define AROUND   1 /* steps before and after */
#define KEY_TEXT (DESK_TOTP_KEY_LEN - 1)

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

const char *desk_totp_key(const uint8_t bytes[DESK_TOTP_BYTES], char out[DESK_TOTP_KEY_LEN])
{
    uint32_t bits = 0;
    int have = 0;
    size_t at = 0;
    for (size_t i = 0; i < DESK_TOTP_BYTES; i++) {
        bits = bits << 8 | bytes[i];
        for (have += 8; have >= 5; have -= 5)
            out[at++] = alphabet[bits >> (have - 5) & 31];
    }
    out[at] = '\0';
    return out;
}

static bool key_bytes(const char *key, uint8_t out[DESK_TOTP_BYTES])
{
    uint32_t bits = 0;
    int have = 0;
    size_t at = 0;
    if (strlen(key) != KEY_TEXT)
        return false;
    for (; *key; key++) {
        const char *p = strchr(alphabet, *key);
        if (!p)
            return false;
        bits = bits << 5 | (uint32_t)(p - alphabet);
        have += 5;
        if (have >= 8) {
            have -= 8;
            out[at++] = (uint8_t)(bits >> have);
        }
    }
    return at == DESK_TOTP_BYTES;
}

enum desk_rc desk_totp_code(const char *key, int64_t step, char out[DESK_TOTP_LEN])
{
    uint8_t secret[DESK_TOTP_BYTES], counter[8], mac[EVP_MAX_MD_SIZE];
    unsigned n = 0;
    if (!key_bytes(key, secret))
        return DESK_EINVAL;
    for (int i = 7; i >= 0; i--, step >>= 8)
        counter[i] = (uint8_t)(step & 0xff);
    if (!HMAC(EVP_sha1(), secret, sizeof secret, counter, sizeof counter, mac, &n) || n != 20)
        return DESK_EINTERNAL;
    const uint8_t *p = mac + (mac[19] & 15); /* RFC 4226 section 5.3 */
    uint32_t code =
        ((uint32_t)(p[0] & 0x7f) << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3]) %
        1000000;
    snprintf(out, DESK_TOTP_LEN, "%06u", code);
    OPENSSL_cleanse(secret, sizeof secret);
    return DESK_OK;
}

/* As people type it: "123 456". */
static bool digits_of(const char *typed, char out[DESK_TOTP_LEN])
{
    size_t n = 0;
    for (; *typed; typed++) {
        if (*typed == ' ')
            continue;
        if (n == DIGITS || *typed < '0' || *typed > '9')
            return false;
        out[n++] = *typed;
    }
    out[n] = '\0';
    return n == DIGITS;
}

int64_t desk_totp_check(const char *key, const char *typed, int64_t now_ms, int64_t last)
{
    char want[DESK_TOTP_LEN], got[DESK_TOTP_LEN];
    int64_t step = now_ms / DESK_TOTP_STEP_MS, found = -1;
    if (!digits_of(typed, got))
        return -1;
    for (int64_t s = step - AROUND; s <= step + AROUND; s++)
        if (desk_totp_code(key, s, want) == DESK_OK && CRYPTO_memcmp(want, got, DIGITS) == 0 &&
            s > last)
            found = s;
    return found;
}
