#include "wire/multipart.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define BOUNDARY_MOST 70 /* RFC 2046 5.1.1 */

/* ---- parameters of a header: ; name="value" ----------------------------------------------------
 */

/* The value of that parameter in [p, end), quotes taken away; cut to fit. False: there is none. */
static bool parameter(const char *p, const char *end, const char *name, char *out, size_t size)
{
    size_t len = strlen(name);
    while ((p = memchr(p, ';', (size_t)(end - p))) != NULL) {
        for (p++; p < end && (*p == ' ' || *p == '\t');)
            p++;
        if ((size_t)(end - p) <= len || strncasecmp(p, name, len) != 0 || p[len] != '=')
            continue;
        p += len + 1;
        bool quoted = p < end && *p == '"';
        size_t at = 0;
        for (p += quoted; p < end && (quoted ? *p != '"' : *p != ';' && *p != ' '); p++) {
            if (quoted && *p == '\\' && p + 1 < end)
                p++;
            if (at + 1 < size)
                out[at++] = *p;
        }
        out[at] = '\0';
        return true;
    }
    return false;
}

/* ---- reading -----------------------------------------------------------------------------------
 */

/* The first place of what in [p, end), or NULL. */
static const char *find(const char *p, const char *end, const char *what, size_t n)
{
    return memmem(p, (size_t)(end - p), what, n);
}

/* The lines of one part's head. False: it has no name. */
static bool read_head(const char *p, const char *end, struct desk_part *part)
{
    static const char disposition[] = "content-disposition:";
    bool named = false;
    while (p < end) {
        const char *line_end = find(p, end, "\r\n", 2);
        line_end = line_end ? line_end : end;
        if ((size_t)(line_end - p) > sizeof disposition - 1 &&
            strncasecmp(p, disposition, sizeof disposition - 1) == 0) {
            char file[8];
            named = parameter(p, line_end, "name", part->name, sizeof part->name);
            part->file = parameter(p, line_end, "filename", file, sizeof file);
        }
        p = line_end + 2 < end ? line_end + 2 : end;
    }
    return named;
}

/* One part begins at p, behind its boundary's line; mark: CRLF, two hyphens, boundary. Returns the
 * place behind its data, at the next mark; NULL: broken. */
static const char *read_part(const char *p, const char *end, const char *mark, size_t n_mark,
                             struct desk_part *part)
{
    const char *blank = find(p, end, "\r\n\r\n", 4);
    if (!blank || !read_head(p, blank, part))
        return NULL;
    part->data = blank + 4;
    /* an empty value: its mark's CRLF is the blank line's own */
    const char *next = find(blank + 2, end, mark, n_mark);
    if (!next)
        return NULL;
    part->len = next > part->data ? (size_t)(next - part->data) : 0;
    return next;
}

static enum desk_rc boundary_of(const char *content_type, char *mark, size_t size)
{
    static const char form[] = "multipart/form-data";
    char boundary[BOUNDARY_MOST + 2];
    if (!content_type || strncasecmp(content_type, form, sizeof form - 1) != 0)
        return DESK_EMEDIA;
    if (!parameter(content_type, content_type + strlen(content_type), "boundary", boundary,
                   sizeof boundary) ||
        !*boundary || strlen(boundary) > BOUNDARY_MOST)
        return DESK_EMEDIA;
    snprintf(mark, size, "\r\n--%s", boundary);
    return DESK_OK;
}

enum desk_rc desk_multipart_parse(const char *content_type, const char *body, size_t n,
                                  struct desk_multipart *out)
{
    char mark[BOUNDARY_MOST + 8];
    const char *end = body + n, *p = body;
    out->n = 0;
    enum desk_rc rc = boundary_of(content_type, mark, sizeof mark);
    if (rc)
        return rc;
    size_t n_mark = strlen(mark);
    /* the first boundary may stand at the very beginning, without a CRLF before it */
    if (n < n_mark - 2 || memcmp(body, mark + 2, n_mark - 2) != 0) {
        p = n ? find(body, end, mark, n_mark) : NULL;
        if (!p)
            return DESK_EINVAL;
        p += 2;
    }
    p += n_mark - 2;
    while (end - p >= 2 && memcmp(p, "--", 2) != 0) {
        if (memcmp(p, "\r\n", 2) != 0)
            return DESK_EINVAL;
        if (out->n == DESK_MULTIPART_PARTS)
            return DESK_ELIMIT;
        memset(&out->parts[out->n], 0, sizeof out->parts[out->n]);
        p = read_part(p + 2, end, mark, n_mark, &out->parts[out->n]);
        if (!p)
            return DESK_EINVAL;
        out->n++;
        p += n_mark;
    }
    return end - p >= 2 ? DESK_OK : DESK_EINVAL;
}

const struct desk_part *desk_multipart_find(const struct desk_multipart *m, const char *name)
{
    for (size_t i = 0; i < m->n; i++)
        if (strcmp(m->parts[i].name, name) == 0)
            return &m->parts[i];
    return NULL;
}

/* ---- writing -----------------------------------------------------------------------------------
 */

void desk_multipart_add(struct desk_buf *out, const char *boundary, const char *name,
                        const char *filename, const char *type, const void *data, size_t n)
{
    desk_buf_fmt(out, "--%s\r\nContent-Disposition: form-data; name=\"%s\"", boundary, name);
    if (filename)
        desk_buf_fmt(out, "; filename=\"%s\"", filename);
    if (type)
        desk_buf_fmt(out, "\r\nContent-Type: %s", type);
    desk_buf_str(out, "\r\n\r\n");
    desk_buf_add(out, data, n);
    desk_buf_str(out, "\r\n");
}

void desk_multipart_end(struct desk_buf *out, const char *boundary)
{
    desk_buf_fmt(out, "--%s--\r\n", boundary);
}
