#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Blocks double from the first size to the last: what holds little for long takes little. */
#define BLOCK_FIRST 1024
#define BLOCK_LAST  16384

struct block {
    struct block *next;
    size_t used, cap;
    _Alignas(max_align_t) char data[];
};

struct defer {
    struct defer *next;
    void (*fn)(void *);
    void *ctx;
};

struct desk_arena {
    struct block *blocks;
    struct defer *defers;
    size_t total, max;
};

struct desk_arena *desk_arena_new(size_t max)
{
    struct desk_arena *a = calloc(1, sizeof *a);
    if (a)
        a->max = max;
    return a;
}

void desk_arena_reset(struct desk_arena *a)
{
    for (struct defer *d; (d = a->defers);) {
        a->defers = d->next; /* first, because fn may defer again */
        d->fn(d->ctx);
    }
    for (struct block *b = a->blocks, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    a->blocks = NULL;
    a->total = 0;
}

void desk_arena_free(struct desk_arena *a)
{
    if (!a)
        return;
    desk_arena_reset(a);
    free(a);
}

void *desk_arena_alloc(struct desk_arena *a, size_t n)
{
    const size_t align = _Alignof(max_align_t);
    if (n > a->max - a->total)
        return NULL;
    n = (n + align - 1) / align * align;
    if (n > a->max - a->total)
        return NULL;
    if (!a->blocks || a->blocks->cap - a->blocks->used < n) {
        size_t cap = a->blocks ? 2 * a->blocks->cap : BLOCK_FIRST;
        if (cap > BLOCK_LAST)
            cap = BLOCK_LAST;
        if (cap < n)
            cap = n;
        struct block *b = malloc(sizeof *b + cap);
        if (!b)
            return NULL;
        b->next = a->blocks;
        b->used = 0;
        b->cap = cap;
        a->blocks = b;
    }
    void *p = a->blocks->data + a->blocks->used;
    a->blocks->used += n;
    a->total += n;
    memset(p, 0, n);
    return p;
}

char *desk_arena_strndup(struct desk_arena *a, const char *s, size_t n)
{
    if (!s)
        return NULL;
    n = strnlen(s, n);
    char *p = desk_arena_alloc(a, n + 1);
    if (p)
        memcpy(p, s, n);
    return p;
}

char *desk_arena_strdup(struct desk_arena *a, const char *s)
{
    return s ? desk_arena_strndup(a, s, strlen(s)) : NULL;
}

char *desk_arena_fmt(struct desk_arena *a, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    char *p = n < 0 ? NULL : desk_arena_alloc(a, (size_t)n + 1);
    if (p)
        vsnprintf(p, (size_t)n + 1, fmt, again);
    va_end(again);
    return p;
}

void desk_arena_defer(struct desk_arena *a, void (*fn)(void *), void *ctx)
{
    struct defer *d = desk_arena_alloc(a, sizeof *d);
    if (!d) {
        fn(ctx);
        return;
    }
    d->fn = fn;
    d->ctx = ctx;
    d->next = a->defers;
    a->defers = d;
}
