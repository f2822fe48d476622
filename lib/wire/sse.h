/* Server-sent events (WHATWG HTML 9.2), read as their bytes come: "event:" and "data:" lines, a
 * blank line ends a record. Lines end with LF, CR LF or CR; lines that begin with ":" are comments;
 * other fields are let pass. Pure, never blocks. */
#ifndef DESK_WIRE_SSE_H
#define DESK_WIRE_SSE_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct desk_sse {
    struct desk_buf line, data;
    char event[64]; /* "" when the record names none */
    bool has_data, after_cr, begun;
};

/* One record: data without the newline of its last line. Anything but DESK_OK ends the reading. */
typedef enum desk_rc desk_sse_fn(void *ctx, const char *event, const char *data, size_t n);

/* max: most bytes of one record. */
void desk_sse_init(struct desk_sse *s, size_t max);
void desk_sse_clear(struct desk_sse *s);

/* The next n bytes. What fn returned, if not DESK_OK; DESK_ELIMIT: a record is longer than max, or
 * there is no memory. After a failure: _clear(). */
DESK_MUST enum desk_rc desk_sse_feed(struct desk_sse *s, const char *p, size_t n, desk_sse_fn *fn,
                                     void *ctx);

/* There is no more. A last record whose blank line is missing counts: some servers end so. */
DESK_MUST enum desk_rc desk_sse_end(struct desk_sse *s, desk_sse_fn *fn, void *ctx);

#endif
