#include "wire/base64.h"

#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* clang-format off */
#define EACH(X) \
    X('A', 0) X('B', 1) X('C', 2) X('D', 3) X('E', 4) X('F', 5) X('G', 6) X('H', 7) \
    X('I', 8) X('J', 9) X('K', 10) X('L', 11) X('M', 12) X('N', 13) X('O', 14) X('P', 15) \
    X('Q', 16) X('R', 17) X('S', 18) X('T', 19) X('U', 20) X('V', 21) X('W', 22) X('X', 23) \
    X('Y', 24) X('Z', 25) X('a', 26) X('b', 27) X('c', 28) X('d', 29) X('e', 30) X('f', 31) \
    X('g', 32) X('h', 33) X('i', 34) X('j', 35) X('k', 36) X('l', 37) X('m', 38) X('n', 39) \
    X('o', 40) X('p', 41) X('q', 42) X('r', 43) X('s', 44) X('t', 45) X('u', 46) X('v', 47) \
    X('w', 48) X('x', 49) X('y', 50) X('z', 51) X('0', 52) X('1', 53) X('2', 54) X('3', 55) \
    X('4', 56) X('5', 57) X('6', 58) X('7', 59) X('8', 60) X('9', 61) X('+', 62) X('/', 63)
/* clang-format on */

/* What a character adds to its group's 24 bits at each of the four places; above them a bit for
 * each place says that it is one of ours, the zeros of the rest of the table that it is foreign. */
#define FIRST(c, v)  [c] = 1u << 24 | (v##u) << 18,
#define SECOND(c, v) [c] = 2u << 24 | (v##u) << 12,
#define THIRD(c, v)  [c] = 4u << 24 | (v##u) << 6,
#define FOURTH(c, v) [c] = 8u << 24 | (v##u),
#define TWO          3u
#define THREE        7u
#define FOUR         15u
static const uint32_t first[256] = {EACH(FIRST)}, second[256] = {EACH(SECOND)},
                      third[256] = {EACH(THIRD)}, fourth[256] = {EACH(FOURTH)};

static inline uint32_t group(const uint8_t *s)
{
    return first[s[0]] | second[s[1]] | third[s[2]] | fourth[s[3]];
}

size_t desk_base64_encoded_len(size_t n)
{
    return n / 3 * 4 + (n % 3 ? 4 : 0);
}

size_t desk_base64_decoded_len(const char *p, size_t n)
{
    if (n % 4)
        return DESK_BASE64_BAD;
    if (n == 0)
        return 0;
    size_t pad = p[n - 1] != '=' ? 0 : p[n - 2] != '=' ? 1 : 2;
    return n / 4 * 3 - pad;
}

size_t desk_base64_encode_raw(char *out, const void *p, size_t n)
{
    const uint8_t *in = p;
    char *o = out;
    for (; n >= 3; in += 3, n -= 3) {
        unsigned v = (unsigned)in[0] << 16 | (unsigned)in[1] << 8 | in[2];
        *o++ = alphabet[v >> 18];
        *o++ = alphabet[v >> 12 & 63];
        *o++ = alphabet[v >> 6 & 63];
        *o++ = alphabet[v & 63];
    }
    if (n) {
        unsigned v = (unsigned)in[0] << 16 | (n == 2 ? (unsigned)in[1] << 8 : 0);
        *o++ = alphabet[v >> 18];
        *o++ = alphabet[v >> 12 & 63];
        *o++ = n == 2 ? alphabet[v >> 6 & 63] : '=';
        *o++ = '=';
    }
    return (size_t)(o - out);
}

/* The last group, which may be padded. Returns its bytes (1-3), 0 when it is wrong. */
static size_t decode_last(uint8_t out[3], const char *p)
{
    const uint8_t *s = (const uint8_t *)p;
    uint32_t v = group(s), ours = v >> 24;
    out[0] = (uint8_t)(v >> 16);
    out[1] = (uint8_t)(v >> 8);
    out[2] = (uint8_t)v;
    if (s[3] != '=')
        return ours == FOUR ? 3 : 0;
    if (s[2] != '=')
        return ours == THREE && !out[2] ? 2 : 0; /* spare bits must be zero */
    return ours == TWO && !out[1] ? 1 : 0;
}

size_t desk_base64_decode_raw(uint8_t *out, const char *p, size_t n)
{
    if (n % 4)
        return DESK_BASE64_BAD;
    if (n == 0)
        return 0;
    uint8_t *o = out;
    const uint8_t *s = (const uint8_t *)p, *last = s + n - 4;
    uint32_t ours = FOUR << 24; /* looked at once, behind the loop */
    for (; s < last; s += 4, o += 3) {
        uint32_t v = group(s);
        ours &= v;
        o[0] = (uint8_t)(v >> 16);
        o[1] = (uint8_t)(v >> 8);
        o[2] = (uint8_t)v;
    }
    if (ours >> 24 != FOUR)
        return DESK_BASE64_BAD;
    uint8_t tail[3];
    size_t k = decode_last(tail, (const char *)last);
    if (!k)
        return DESK_BASE64_BAD;
    memcpy(o, tail, k);
    return (size_t)(o - out) + k;
}

bool desk_base64_ok(const char *p, size_t n)
{
    if (n % 4)
        return false;
    if (n == 0)
        return true;
    const uint8_t *s = (const uint8_t *)p, *last = s + n - 4;
    uint32_t ours = FOUR << 24;
    for (; s < last; s += 4)
        ours &= group(s);
    uint8_t tail[3];
    return ours >> 24 == FOUR && decode_last(tail, p + n - 4) != 0;
}

enum desk_rc desk_base64_encode(const void *p, size_t n, struct desk_buf *out)
{
    char *room = n > out->max ? NULL : desk_buf_room(out, desk_base64_encoded_len(n));
    if (!room) {
        out->failed = true;
        return DESK_ELIMIT;
    }
    desk_buf_grew(out, desk_base64_encode_raw(room, p, n));
    return DESK_OK;
}

enum desk_rc desk_base64_decode(const char *p, size_t n, struct desk_buf *out)
{
    if (!desk_base64_ok(p, n))
        return DESK_EINVAL;
    char *room = desk_buf_room(out, desk_base64_decoded_len(p, n));
    if (!room)
        return DESK_ELIMIT;
    desk_buf_grew(out, desk_base64_decode_raw((uint8_t *)room, p, n));
    return DESK_OK;
}

enum desk_rc desk_base64url_encode(const void *p, size_t n, struct desk_buf *out)
{
    size_t from = out->len;
    enum desk_rc rc = desk_base64_encode(p, n, out);
    if (rc)
        return rc;
    while (out->len > from && out->p[out->len - 1] == '=')
        out->p[--out->len] = '\0';
    for (size_t i = from; i < out->len; i++)
        out->p[i] = out->p[i] == '+' ? '-' : out->p[i] == '/' ? '_' : out->p[i];
    return DESK_OK;
}
