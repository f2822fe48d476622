#include "base/utf8.h"

#include <string.h>

#define REPLACEMENT 0xfffdu

/* Number of bytes a lead byte announces and the smallest code point of that length. */
static size_t lead_len(uint8_t c, uint32_t *bits, uint32_t *least)
{
    static const struct {
        uint8_t mask, lead, len;
        uint32_t least;
    } rows[] = {
        {0x80, 0x00, 1, 0},
        {0xe0, 0xc0, 2, 0x80},
        {0xf0, 0xe0, 3, 0x800},
        {0xf8, 0xf0, 4, 0x10000},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if ((c & rows[i].mask) == rows[i].lead) {
            *bits = c & (uint8_t)~rows[i].mask;
            *least = rows[i].least;
            return rows[i].len;
        }
    return 0;
}

uint32_t desk_utf8_next(const char *p, size_t n, size_t *used)
{
    uint32_t c = 0, least = 0;
    size_t len = n ? lead_len((uint8_t)p[0], &c, &least) : 0;
    *used = 1;
    if (len == 0 || len > n)
        return DESK_UTF8_BAD;
    for (size_t i = 1; i < len; i++) {
        uint8_t b = (uint8_t)p[i];
        if ((b & 0xc0) != 0x80)
            return DESK_UTF8_BAD;
        c = c << 6 | (b & 0x3f);
    }
    if (c < least || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
        return DESK_UTF8_BAD;
    *used = len;
    return c;
}

bool desk_utf8_valid(const char *p, size_t n)
{
    for (size_t i = 0, used; i < n; i += used)
        if (desk_utf8_next(p + i, n - i, &used) == DESK_UTF8_BAD)
            return false;
    return true;
}

size_t desk_utf8_count(const char *p, size_t n)
{
    size_t count = 0;
    for (size_t i = 0, used; i < n; i += used, count++)
        desk_utf8_next(p + i, n - i, &used);
    return count;
}

size_t desk_utf8_cut(const char *p, size_t len, size_t n)
{
    if (n >= len)
        return len;
    size_t m = n; /* go back over continuation bytes, at most to the lead of one character */
    while (m > 0 && n - m < 3 && ((uint8_t)p[m] & 0xc0) == 0x80)
        m--;
    size_t used;
    desk_utf8_next(p + m, len - m, &used);
    return m + used > n ? m : n;
}

size_t desk_utf8_trim(char *s)
{
    size_t n = strlen(s), m = n, used;
    while (m > 0 && n - m < 3 && ((uint8_t)s[m - 1] & 0xc0) == 0x80)
        m--;
    if (m > 0 && (uint8_t)s[m - 1] >= 0xc0 &&
        desk_utf8_next(s + m - 1, n - m + 1, &used) == DESK_UTF8_BAD)
        n = m - 1;
    s[n] = '\0';
    return n;
}

static bool wanted(uint32_t c)
{
    if (c < 0x20)
        return c == '\t' || c == '\n' || c == '\r';
    if (c >= 0x7f && c < 0xa0)
        return false;
    return (c & 0xfffe) != 0xfffe && !(c >= 0xfdd0 && c <= 0xfdef);
}

static size_t put(char out[4], uint32_t c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xc0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xe0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3f));
        out[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3f));
    out[2] = (char)(0x80 | (c >> 6 & 0x3f));
    out[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

void desk_utf8_put(struct desk_buf *out, uint32_t c)
{
    char bytes[4];
    if (c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
        c = REPLACEMENT;
    desk_buf_add(out, bytes, put(bytes, c));
}

void desk_utf8_clean(struct desk_buf *out, const char *p, size_t n)
{
    size_t run = 0; /* start of what can be copied as it is */
    for (size_t i = 0, used; i < n; i += used) {
        uint32_t c = desk_utf8_next(p + i, n - i, &used);
        if (c != DESK_UTF8_BAD && wanted(c))
            continue;
        desk_buf_add(out, p + run, i - run);
        if (c == DESK_UTF8_BAD)
            desk_utf8_put(out, REPLACEMENT);
        run = i + used;
    }
    if (run < n)
        desk_buf_add(out, p + run, n - run);
}

char *desk_utf8_clean_str(char *dst, size_t n, const char *src)
{
    size_t len = src ? strlen(src) : 0, o = 0;
    if (n == 0)
        return dst;
    for (size_t i = 0, used; i < len; i += used) {
        uint32_t c = desk_utf8_next(src + i, len - i, &used);
        if (c == DESK_UTF8_BAD)
            c = REPLACEMENT;
        else if (!wanted(c))
            continue;
        char bytes[4];
        size_t k = put(bytes, c);
        if (o + k >= n)
            break;
        memcpy(dst + o, bytes, k);
        o += k;
    }
    dst[o] = '\0';
    return dst;
}
