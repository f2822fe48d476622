/* Base64, RFC 4648 section 4: the standard alphabet, padded, no line breaks. Strict on reading:
 * wrong length, foreign characters, misplaced padding and non-zero spare bits are refused, so one
 * value has one spelling. Pure, never blocks. */
#ifndef DESK_WIRE_BASE64_H
#define DESK_WIRE_BASE64_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DESK_BASE64_BAD ((size_t)-1)

/* Append the text of n bytes to out. DESK_ELIMIT when out is (or becomes) failed. */
DESK_MUST enum desk_rc desk_base64_encode(const void *p, size_t n, struct desk_buf *out);

/* The same by RFC 4648 section 5, as tokens have it: - and _ for + and /, no padding. */
DESK_MUST enum desk_rc desk_base64url_encode(const void *p, size_t n, struct desk_buf *out);

/* Append the bytes of n characters to out. DESK_EINVAL for anything not strict base64 (out is then
 * unchanged), DESK_ELIMIT when out has no room. Empty text is valid and adds nothing. */
DESK_MUST enum desk_rc desk_base64_decode(const char *p, size_t n, struct desk_buf *out);

/* Characters for n bytes, without a NUL. */
size_t desk_base64_encoded_len(size_t n);

/* Bytes in n characters, from the length and the padding alone (the alphabet is not looked at).
 * DESK_BASE64_BAD when the length cannot be right. µ-law at 8 kHz: 8 bytes are 1 ms. */
size_t desk_base64_decoded_len(const char *p, size_t n);

/* True if the n characters are strict base64. */
bool desk_base64_ok(const char *p, size_t n);

/* Hot path, into arrays of the caller. out needs encoded_len(n) characters; no NUL is written.
 * Returns the characters written. */
size_t desk_base64_encode_raw(char *out, const void *p, size_t n);

/* out needs decoded_len() bytes (or n / 4 * 3). Returns the bytes written, or DESK_BASE64_BAD (out
 * then holds rubbish). */
size_t desk_base64_decode_raw(uint8_t *out, const char *p, size_t n);

#endif
