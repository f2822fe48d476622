/* Memory of one request or job: many small allocations, freed together. Not thread-safe. */
#ifndef DESK_BASE_ARENA_H
#define DESK_BASE_ARENA_H

#include <stddef.h>

struct desk_arena;

/* max: most bytes in all (each rounded up to the alignment); beyond it allocations return NULL.
 * NULL when out of memory. */
struct desk_arena *desk_arena_new(size_t max);
void desk_arena_free(struct desk_arena *a);  /* runs the defers, newest first; NULL is fine */
void desk_arena_reset(struct desk_arena *a); /* the same, but the arena lives on, empty */

void *desk_arena_alloc(struct desk_arena *a, size_t n); /* zeroed, aligned for any type; or NULL */
char *desk_arena_strdup(struct desk_arena *a, const char *s); /* NULL for NULL or no room */
char *desk_arena_strndup(struct desk_arena *a, const char *s, size_t n); /* at most n, to the NUL */
char *desk_arena_fmt(struct desk_arena *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* fn(ctx) runs at reset or free. If the note itself finds no room, fn runs at once. */
void desk_arena_defer(struct desk_arena *a, void (*fn)(void *), void *ctx);

#endif
