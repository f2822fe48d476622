/* multipart/form-data (RFC 7578): forms with files. Read from a whole body, written part by part.
 * Pure. */
#ifndef DESK_WIRE_MULTIPART_H
#define DESK_WIRE_MULTIPART_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

#define DESK_MULTIPART_PARTS 16
#define DESK_MULTIPART_NAME  64 /* with the NUL; a longer name is cut */

struct desk_part {
    char name[DESK_MULTIPART_NAME];
    bool file;        /* it has a file name */
    const char *data; /* into the body; not NUL-terminated */
    size_t len;
};
struct desk_multipart {
    struct desk_part parts[DESK_MULTIPART_PARTS];
    size_t n;
};

/* content_type: the whole header's value, with its boundary. DESK_EMEDIA: it is not
 * multipart/form-data with a boundary; DESK_EINVAL: the body is not that; DESK_ELIMIT: too many
 * parts. */
DESK_MUST enum desk_rc desk_multipart_parse(const char *content_type, const char *body, size_t n,
                                            struct desk_multipart *out);
/* NULL: none of that name. */
const struct desk_part *desk_multipart_find(const struct desk_multipart *m, const char *name);

/* Writing: parts, then the end. The boundary is the writer's and must not be in the data: make it
 * of random letters. filename NULL: a plain value. */
void desk_multipart_add(struct desk_buf *out, const char *boundary, const char *name,
                        const char *filename, const char *type, const void *data, size_t n);
void desk_multipart_end(struct desk_buf *out, const char *boundary);

#endif
