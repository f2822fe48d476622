/* A tiny scanner for JSON of the everyday kind: objects whose strings are printable ASCII without
 * escapes and whose numbers are short non-negative integers. It says "no" to anything else, and the
 * caller then takes jansson; so it need not know all of JSON, only never accept what JSON is not.
 * Used by the hot paths of media_msg.c and realtime_msg.c; not for other folders. */
#ifndef DESK_WIRE_FLAT_H
#define DESK_WIRE_FLAT_H

#include "wire/slice.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct desk_flat {
    const char *p, *end;
};

static inline void desk_flat_space(struct desk_flat *f)
{
    while (f->p < f->end && (*f->p == ' ' || *f->p == '\t' || *f->p == '\n' || *f->p == '\r'))
        f->p++;
}

/* Space, then exactly this character. */
static inline bool desk_flat_char(struct desk_flat *f, char c)
{
    desk_flat_space(f);
    if (f->p == f->end || *f->p != c)
        return false;
    f->p++;
    return true;
}

/* A string up to its closing quote, contents unchecked: for base64, which has its own check. */
static inline bool desk_flat_raw(struct desk_flat *f, struct desk_slice *out)
{
    if (!desk_flat_char(f, '"'))
        return false;
    const char *quote = memchr(f->p, '"', (size_t)(f->end - f->p));
    if (!quote)
        return false;
    out->p = f->p;
    out->n = (size_t)(quote - f->p);
    f->p = quote + 1;
    return true;
}

static inline bool desk_flat_string(struct desk_flat *f, struct desk_slice *out)
{
    if (!desk_flat_raw(f, out))
        return false;
    for (size_t i = 0; i < out->n; i++)
        if (out->p[i] < 0x20 || out->p[i] > 0x7e || out->p[i] == '\\')
            return false;
    return true;
}

/* 1 to 9 digits without a leading zero. */
static inline bool desk_flat_int(struct desk_flat *f, int *out)
{
    desk_flat_space(f);
    int v = 0, digits = 0;
    const char *from = f->p;
    for (; f->p < f->end && *f->p >= '0' && *f->p <= '9' && digits < 9; f->p++, digits++)
        v = v * 10 + (*f->p - '0');
    if (!digits || (digits > 1 && *from == '0'))
        return false;
    /* 1.5, 1e3 and longer numbers are not ours: only space, ',' or '}' may follow */
    if (f->p < f->end && !strchr(" \t\r\n,}", *f->p))
        return false;
    *out = v;
    return true;
}

/* Behind a member: true and *more = another one follows, or the object is closed. */
static inline bool desk_flat_next(struct desk_flat *f, bool *more)
{
    if (desk_flat_char(f, ',')) {
        *more = true;
        return true;
    }
    *more = false;
    return desk_flat_char(f, '}');
}

static inline bool desk_flat_end(struct desk_flat *f)
{
    desk_flat_space(f);
    return f->p == f->end;
}

static inline bool desk_slice_is(struct desk_slice s, const char *text)
{
    return s.n == strlen(text) && memcmp(s.p, text, s.n) == 0;
}

/* Copy into a C string of n bytes; false when it does not fit. */
static inline bool desk_slice_copy(char *dst, size_t n, struct desk_slice s)
{
    if (s.n >= n)
        return false;
    memcpy(dst, s.p, s.n);
    dst[s.n] = '\0';
    return true;
}

#endif
