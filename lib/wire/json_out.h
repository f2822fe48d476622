/* JSON straight into a buffer: no tree, nothing to free. What comes out is always valid JSON,
 * whatever bytes go in. Pure. */
#ifndef DESK_WIRE_JSON_OUT_H
#define DESK_WIRE_JSON_OUT_H

#include "base/buf.h"

#include <jansson.h>
#include <stddef.h>

/* Append "…" with escapes. Invalid UTF-8 becomes U+FFFD; NUL bytes are dropped. */
void desk_json_str_n(struct desk_buf *out, const char *p, size_t n);
void desk_json_str(struct desk_buf *out, const char *s); /* NULL gives "" (an empty string) */

/* Append ,"key":"value" (no comma after '{' or '['). value NULL adds nothing. key: plain ASCII. */
void desk_json_pair(struct desk_buf *out, const char *key, const char *value);
void desk_json_pair_int(struct desk_buf *out, const char *key, long long value);
void desk_json_pair_bool(struct desk_buf *out, const char *key, int value);
void desk_json_pair_num(struct desk_buf *out, const char *key, double value); /* not finite: null */

/* Append ,"key": alone; the caller appends the value. */
void desk_json_key(struct desk_buf *out, const char *key);

/* Append a jansson value, compact; NULL gives null. v is only read. */
void desk_json_value(struct desk_buf *out, const json_t *v);

#endif
