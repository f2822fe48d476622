#include "wire/sse.h"

#include <stdio.h>
#include <string.h>

void desk_sse_init(struct desk_sse *s, size_t max)
{
    memset(s, 0, sizeof *s);
    desk_buf_init(&s->line, max);
    desk_buf_init(&s->data, max);
}

void desk_sse_clear(struct desk_sse *s)
{
    desk_buf_clear(&s->line);
    desk_buf_clear(&s->data);
}

static enum desk_rc record(struct desk_sse *s, desk_sse_fn *fn, void *ctx)
{
    enum desk_rc rc = DESK_OK;
    if (s->has_data)
        rc = fn(ctx, s->event, desk_buf_cstr(&s->data), s->data.len);
    desk_buf_reset(&s->data);
    s->event[0] = '\0';
    s->has_data = false;
    return rc;
}

static void field(struct desk_sse *s, const char *name, size_t n, const char *value)
{
    if (n == 4 && memcmp(name, "data", 4) == 0) {
        if (s->has_data)
            desk_buf_chr(&s->data, '\n');
        desk_buf_add(&s->data, value, s->line.len - (size_t)(value - s->line.p));
        s->has_data = true;
    } else if (n == 5 && memcmp(name, "event", 5) == 0) {
        snprintf(s->event, sizeof s->event, "%s", value);
    }
}

/* The line in s->line is whole. */
static enum desk_rc line(struct desk_sse *s, desk_sse_fn *fn, void *ctx)
{
    enum desk_rc rc = DESK_OK;
    if (!s->line.len) {
        rc = record(s, fn, ctx);
    } else if (s->line.p[0] != ':') {
        const char *colon = memchr(s->line.p, ':', s->line.len);
        size_t n = colon ? (size_t)(colon - s->line.p) : s->line.len;
        const char *value = s->line.p + n + (colon ? 1 : 0);
        field(s, s->line.p, n, value + (*value == ' '));
    }
    desk_buf_reset(&s->line);
    return rc ? rc : desk_buf_ok(&s->data) ? DESK_OK : DESK_ELIMIT;
}

enum desk_rc desk_sse_feed(struct desk_sse *s, const char *p, size_t n, desk_sse_fn *fn, void *ctx)
{
    static const char bom[] = "\xef\xbb\xbf";
    enum desk_rc rc = DESK_OK;
    while (n && !rc) {
        size_t len = 0;
        if (s->after_cr && *p == '\n')
            p++, n--;
        s->after_cr = false;
        while (len < n && p[len] != '\n' && p[len] != '\r')
            len++;
        desk_buf_add(&s->line, p, len);
        if (!desk_buf_ok(&s->line))
            return DESK_ELIMIT;
        if (len == n)
            break;
        if (!s->begun && s->line.len >= 3 && memcmp(s->line.p, bom, 3) == 0) {
            memmove(s->line.p, s->line.p + 3, s->line.len - 2); /* with its NUL */
            s->line.len -= 3;
        }
        s->begun = true;
        s->after_cr = p[len] == '\r';
        rc = line(s, fn, ctx);
        p += len + 1;
        n -= len + 1;
    }
    return rc;
}

enum desk_rc desk_sse_end(struct desk_sse *s, desk_sse_fn *fn, void *ctx)
{
    enum desk_rc rc = s->line.len ? line(s, fn, ctx) : DESK_OK;
    return rc ? rc : record(s, fn, ctx);
}
