/* A growing byte buffer with a hard maximum, set at birth. Failure (no memory, maximum passed) is
 * sticky: later appends do nothing and desk_buf_ok() says false, so a builder checks once at the
 * end. The content is always NUL-terminated when p is not NULL. */
#ifndef DESK_BASE_BUF_H
#define DESK_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

struct desk_buf {
    char *p; /* owned; NULL while empty */
    size_t len, cap;
    size_t max; /* most bytes of content, without the NUL */
    bool failed;
};

void desk_buf_init(struct desk_buf *b, size_t max);
void desk_buf_clear(struct desk_buf *b); /* frees; b may be used again with the same maximum */
void desk_buf_reset(struct desk_buf *b); /* empties, keeps the memory, forgets a failure */

void desk_buf_add(struct desk_buf *b, const void *p, size_t n);
void desk_buf_str(struct desk_buf *b, const char *s); /* NULL adds nothing */
void desk_buf_chr(struct desk_buf *b, char c);
void desk_buf_fmt(struct desk_buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* n bytes of room at the end to write into, or NULL (then failed). Follow with desk_buf_grew(). */
char *desk_buf_room(struct desk_buf *b, size_t n);
void desk_buf_grew(struct desk_buf *b, size_t n);

bool desk_buf_ok(const struct desk_buf *b);

/* Content as a C string ("" when empty); valid until the next change. */
const char *desk_buf_cstr(const struct desk_buf *b);

/* Hand the memory to the caller (free() it) and leave b empty. NULL if failed or never written
 * to. */
char *desk_buf_take(struct desk_buf *b);

#endif
