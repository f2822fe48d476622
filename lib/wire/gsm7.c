#include "wire/gsm7.h"
#include "base/utf8.h"

#include <stdint.h>

/* What of the default alphabet is not ASCII. */
static const uint16_t basic[] = {
    0xa1, 0xa3, 0xa4, 0xa5,  0xa7,  0xbf,  0xc4,  0xc5,  0xc6,  0xc7,  0xc9,  0xd1,  0xd6,
    0xd8, 0xdc, 0xdf, 0xe0,  0xe4,  0xe5,  0xe6,  0xe8,  0xe9,  0xec,  0xf1,  0xf2,  0xf6,
    0xf8, 0xf9, 0xfc, 0x393, 0x394, 0x398, 0x39b, 0x39e, 0x3a0, 0x3a3, 0x3a6, 0x3a8, 0x3a9,
};

/* Septets of a character; 0 = it is not in the alphabet. */
static unsigned septets(uint32_t c)
{
    switch (c) {
    case '^':
    case '{':
    case '}':
    case '\\':
    case '[':
    case '~':
    case ']':
    case '|':
    case '\f':
    case 0x20ac:
        return 2;
    case '\n':
    case '\r':
        return 1;
    case '`':
    case 0x7f:
        return 0;
    default:
        break;
    }
    if (c < 0x80)
        return c >= ' ';
    for (size_t i = 0; i < sizeof basic / sizeof *basic; i++)
        if (basic[i] == c)
            return 1;
    return 0;
}

/* Characters of two units are not cut in two: one that does not fit begins the next segment. */
struct filler {
    size_t units, segments, used, most;
};

static void fill(struct filler *f, unsigned n)
{
    if (!f->segments || f->used + n > f->most) {
        f->segments++;
        f->used = 0;
    }
    f->used += n;
    f->units += n;
}

static unsigned width(uint32_t c, bool ucs2)
{
    if (ucs2)
        return c != DESK_UTF8_BAD && c > 0xffff ? 2 : 1;
    return septets(c);
}

static struct filler measure(const char *text, size_t n, bool ucs2, size_t most)
{
    struct filler f = {.most = most};
    for (size_t at = 0, used = 0; at < n; at += used)
        fill(&f, width(desk_utf8_next(text + at, n - at, &used), ucs2));
    return f;
}

void desk_sms_size(const char *text, size_t n, struct desk_sms_size *out)
{
    *out = (struct desk_sms_size){0};
    for (size_t at = 0, used = 0; at < n; at += used, out->characters++)
        if (!septets(desk_utf8_next(text + at, n - at, &used)) && !out->first)
            out->first = text + at;
    out->ucs2 = out->first != NULL;
    struct filler f = measure(text, n, out->ucs2, out->ucs2 ? 70 : 160);
    if (f.segments > 1)
        f = measure(text, n, out->ucs2, out->ucs2 ? 67 : 153);
    out->units = f.units;
    out->segments = f.segments;
}

const char *desk_sms_encoding(const struct desk_sms_size *size)
{
    return size->ucs2 ? "UCS-2" : "GSM-7";
}
