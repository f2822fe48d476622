/* UTF-8 as it should be: no overlong forms, no surrogates, nothing above U+10FFFF. Pure. */
#ifndef DESK_BASE_UTF8_H
#define DESK_BASE_UTF8_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DESK_UTF8_BAD 0xffffffffu

/* Code point at p (n ≥ 1 bytes left), *used = its bytes. Invalid: DESK_UTF8_BAD and *used = 1. */
uint32_t desk_utf8_next(const char *p, size_t n, size_t *used);

bool desk_utf8_valid(const char *p, size_t n);

/* Code points in n bytes; each invalid byte counts as one. */
size_t desk_utf8_count(const char *p, size_t n);

/* Largest m ≤ n such that p[0..m) does not end inside a character: for cutting text. */
size_t desk_utf8_cut(const char *p, size_t len, size_t n);

/* After a copy that did not fit: takes away a character at the end of which bytes are missing.
 * Returns the length. */
size_t desk_utf8_trim(char *s);

/* Append n bytes of anything as valid UTF-8 text: each invalid byte becomes U+FFFD; control
 * characters (C0 without tab, LF, CR; DEL; C1), U+FFFE/U+FFFF and other noncharacters are dropped.
 * out fails (sticky) when its maximum is passed. */
void desk_utf8_clean(struct desk_buf *out, const char *p, size_t n);

/* The same in place of a C string: result into dst (n bytes with NUL), cut at a character boundary
 * when it does not fit. Returns dst. src NULL gives "". dst may not overlap src. */
char *desk_utf8_clean_str(char *dst, size_t n, const char *src);

/* Append the UTF-8 form of a code point (surrogates and beyond: U+FFFD). */
void desk_utf8_put(struct desk_buf *out, uint32_t c);

#endif
