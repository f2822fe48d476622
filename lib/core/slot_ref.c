#include "core/slot_ref.h"

#include <string.h>

#define BYTES 20 /* 4 + 4 + 2 + 1 + 1 + the proof */

/* Crockford's: no i, l, o, u */
static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";

static void put(unsigned char **p, uint32_t v, int bytes)
{
    while (bytes-- > 0)
        *(*p)++ = (unsigned char)(v >> (8 * bytes));
}

static uint32_t take(const unsigned char **p, int bytes)
{
    uint32_t v = 0;
    while (bytes-- > 0)
        v = v << 8 | *(*p)++;
    return v;
}

const char *desk_slot_ref_text(const struct desk_slot_ref *r, char out[DESK_SLOT_REF_LEN])
{
    unsigned char raw[BYTES], *p = raw;
    uint32_t bits = 0;
    int have = 0;
    size_t n = 0;
    put(&p, r->start, 4);
    put(&p, r->expires, 4);
    put(&p, r->minutes, 2);
    put(&p, r->service, 1);
    put(&p, r->resource, 1);
    memcpy(p, r->proof, DESK_SLOT_REF_PROOF);
    for (size_t i = 0; i < BYTES; i++) {
        bits = bits << 8 | raw[i];
        for (have += 8; have >= 5; have -= 5)
            out[n++] = alphabet[bits >> (have - 5) & 31];
    }
    out[n] = '\0';
    return out;
}

static int value_of(char c)
{
    if (c >= 'A' && c <= 'Z')
        c = (char)(c + 32);
    c = c == 'o' ? '0' : c == 'i' || c == 'l' ? '1' : c;
    const char *at = c ? strchr(alphabet, c) : NULL;
    return at ? (int)(at - alphabet) : -1;
}

bool desk_slot_ref_parse(const char *text, struct desk_slot_ref *out)
{
    unsigned char raw[BYTES];
    const unsigned char *p = raw;
    uint32_t bits = 0;
    size_t n = 0;
    int have = 0;
    memset(out, 0, sizeof *out);
    for (; text && *text; text++) {
        int v = value_of(*text);
        if (*text == ' ' || *text == '-')
            continue;
        if (v < 0 || n == BYTES)
            return false;
        bits = bits << 5 | (uint32_t)v;
        have += 5;
        if (have >= 8) {
            have -= 8;
            raw[n++] = (unsigned char)(bits >> have);
        }
    }
    if (n != BYTES)
        return false;
    out->start = take(&p, 4);
    out->expires = take(&p, 4);
    out->minutes = (uint16_t)take(&p, 2);
    out->service = (uint8_t)take(&p, 1);
    out->resource = (uint8_t)take(&p, 1);
    memcpy(out->proof, p, DESK_SLOT_REF_PROOF);
    return true;
}
