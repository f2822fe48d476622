/* application/x-www-form-urlencoded: request bodies, query strings and what we send to Twilio.
 *
 * Decoding is total: '+' and %XX are undone, a bad %-escape stays as it stands, a pair without '='
 * has an empty value, empty pairs ("&&") are skipped. Names and values are bytes: they may hold NUL
 * and need not be UTF-8; use the lengths, or desk_utf8_clean() before showing. Pure. */
#ifndef DESK_WIRE_FORM_H
#define DESK_WIRE_FORM_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

#include <stddef.h>

struct desk_form_pair {
    const char *name, *value; /* decoded, NUL-terminated behind the length; never NULL */
    size_t name_len, value_len;
};

struct desk_form {
    struct desk_form_pair *pairs; /* in the order they came */
    size_t n;
};

/* Parse len bytes; everything lives in the arena. DESK_ELIMIT with more than DESK_MAX_FORM_FIELDS
 * pairs (form then holds the first ones), DESK_ENOMEM when the arena is full. On failure form is
 * still usable. body may be NULL when len is 0. */
DESK_MUST enum desk_rc desk_form_parse(struct desk_form *form, struct desk_arena *arena,
                                       const char *body, size_t len);

/* First value of that name, or NULL. A value with a NUL inside looks shorter here. */
const char *desk_form_get(const struct desk_form *form, const char *name);

/* The same, but "" when missing: for optional fields. */
const char *desk_form_text(const struct desk_form *form, const char *name);

/* First pair of that name, or NULL. */
const struct desk_form_pair *desk_form_find(const struct desk_form *form, const char *name);

/* n-th value of a repeated name (0 = first), or NULL. */
const char *desk_form_nth(const struct desk_form *form, const char *name, size_t n);

/* Append "&name=value" to out ("name=value" when out is empty). Space is %20, plus is %2B, all but
 * A-Z a-z 0-9 - . _ ~ is escaped. value NULL adds nothing. */
void desk_form_add(struct desk_buf *out, const char *name, const char *value);
void desk_form_add_n(struct desk_buf *out, const char *name, const char *value, size_t len);

/* Append one text percent-encoded the same way (a path segment, a query value). */
void desk_url_encode(struct desk_buf *out, const char *p, size_t n);

/* Undo %XX in n bytes, a bad one stays. plus: what '+' stands for (' ' in a form, '+' in a path).
 * Writes at most n bytes, without a NUL, and returns how many. */
size_t desk_url_decode(char *out, const char *p, size_t n, char plus);

#endif
