/* Free text → a line that may be logged: what says who somebody is, where they live, how they are
 * reached, how they pay, what opens their door and what ails them is taken out and named:
 *
 *   "my name is dana whitfield i chipped a tooth" → "my name is [name] i chipped a tooth"
 *
 * Rules and word lists, for English and some Spanish, written and spoken ("four one five …"), and
 * for what programs write (forms, JSON, key=value). They guess: a column that is known to hold
 * such words is not to be logged at all (db/fields.h says only how long it is), and nothing masked
 * by guessing is fit for publication. When in doubt a name is taken out, and a number kept that is
 * a count, a price, a date or a model.
 *
 * Pure, thread-safe, never blocks; costs some ten microseconds a word. */
#ifndef DESK_CORE_MASK_H
#define DESK_CORE_MASK_H

#include "base/buf.h"

#include <stddef.h>

/* Append the masked text of n bytes. Control characters become spaces; bytes that are no UTF-8
 * stay as they are (desk_utf8_clean() first, where that matters). More than DESK_MAX_MASK bytes
 * are cut there and end in "…". Without memory only "(N chars)" is written. */
void desk_mask(struct desk_buf *out, const char *text, size_t n);

/* The same into dst (n bytes with NUL), cut at a character; for an argument of desk_log().
 * Returns dst; text NULL gives "". */
char *desk_mask_line(char *dst, size_t n, const char *text);

#endif
