#include "wire/base64.h"

#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* value of a character + 1, so that the zeros of the rest of the table mean "foreign" */
static const uint8_t value_plus_1[256] = {
    ['A'] = 1,  ['B'] = 2,  ['C'] = 3,  ['D'] = 4,  ['E'] = 5,  ['F'] = 6,  ['G'] = 7,  ['H'] = 8,
    ['I'] = 9,  ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16,
    ['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24,
    ['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32,
    ['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36, ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40,
    ['o'] = 41, ['p'] = 42, ['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48,
    ['w'] = 49, ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56,
    ['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62, ['+'] = 63, ['/'] = 64,
};

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
    unsigned a = value_plus_1[s[0]], b = value_plus_1[s[1]], c = value_plus_1[s[2]],
             d = value_plus_1[s[3]];
    if (!a || !b)
        return 0;
    unsigned v = (a - 1) << 18 | (b - 1) << 12;
    out[0] = (uint8_t)(v >> 16);
    if (s[3] != '=') {
        if (!c || !d)
            return 0;
        v |= (c - 1) << 6 | (d - 1);
        out[1] = (uint8_t)(v >> 8);
        out[2] = (uint8_t)v;
        return 3;
    }
    if (s[2] == '=')
        return v & 0xffff ? 0 : 1; /* spare bits must be zero */
    if (!c)
        return 0;
    v |= (c - 1) << 6;
    out[1] = (uint8_t)(v >> 8);
    return v & 0xff ? 0 : 2;
}

size_t desk_base64_decode_raw(uint8_t *out, const char *p, size_t n)
{
    if (n % 4)
        return DESK_BASE64_BAD;
    if (n == 0)
        return 0;
    uint8_t *o = out;
    const uint8_t *s = (const uint8_t *)p, *last = s + n - 4;
    for (; s < last; s += 4) {
        unsigned a = value_plus_1[s[0]], b = value_plus_1[s[1]], c = value_plus_1[s[2]],
                 d = value_plus_1[s[3]];
        if (!a || !b || !c || !d)
            return DESK_BASE64_BAD;
        unsigned v = (a - 1) << 18 | (b - 1) << 12 | (c - 1) << 6 | (d - 1);
        *o++ = (uint8_t)(v >> 16);
        *o++ = (uint8_t)(v >> 8);
        *o++ = (uint8_t)v;
    }
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
    for (size_t i = 0; i < n - 4; i++)
        if (!value_plus_1[(uint8_t)p[i]])
            return false;
    uint8_t tail[3];
    return decode_last(tail, p + n - 4) != 0;
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
