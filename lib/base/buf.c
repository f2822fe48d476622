#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void desk_buf_init(struct desk_buf *b, size_t max)
{
    memset(b, 0, sizeof *b);
    b->max = max;
}

void desk_buf_clear(struct desk_buf *b)
{
    free(b->p);
    desk_buf_init(b, b->max);
}

void desk_buf_reset(struct desk_buf *b)
{
    b->len = 0;
    b->failed = false;
    if (b->p)
        b->p[0] = '\0';
}

char *desk_buf_room(struct desk_buf *b, size_t n)
{
    if (b->failed || n > b->max || b->len > b->max - n) {
        b->failed = true;
        return NULL;
    }
    size_t need = b->len + n + 1;
    if (need > b->cap) {
        size_t cap = b->cap ? b->cap : 128;
        while (cap < need)
            cap *= 2;
        if (cap > b->max + 1)
            cap = b->max + 1;
        char *p = realloc(b->p, cap);
        if (!p) {
            b->failed = true;
            return NULL;
        }
        b->p = p;
        b->cap = cap;
    }
    return b->p + b->len;
}

void desk_buf_grew(struct desk_buf *b, size_t n)
{
    b->len += n;
    b->p[b->len] = '\0';
}

void desk_buf_add(struct desk_buf *b, const void *p, size_t n)
{
    char *room = desk_buf_room(b, n);
    if (!room)
        return;
    if (n)
        memcpy(room, p, n);
    desk_buf_grew(b, n);
}

void desk_buf_str(struct desk_buf *b, const char *s)
{
    if (s)
        desk_buf_add(b, s, strlen(s));
}

void desk_buf_chr(struct desk_buf *b, char c)
{
    desk_buf_add(b, &c, 1);
}

void desk_buf_fmt(struct desk_buf *b, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    char *room = n < 0 ? NULL : desk_buf_room(b, (size_t)n);
    if (room) {
        vsnprintf(room, (size_t)n + 1, fmt, again);
        desk_buf_grew(b, (size_t)n);
    } else {
        b->failed = true;
    }
    va_end(again);
}

bool desk_buf_ok(const struct desk_buf *b)
{
    return !b->failed;
}

const char *desk_buf_cstr(const struct desk_buf *b)
{
    return b->p ? b->p : "";
}

char *desk_buf_take(struct desk_buf *b)
{
    char *p = b->failed ? NULL : b->p;
    if (b->failed)
        free(b->p);
    desk_buf_init(b, b->max);
    return p;
}
