#include "core/text_diff.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct lines {
    const char **v;
    size_t n;
};

static enum desk_rc split(struct desk_arena *a, const char *text, struct lines *out)
{
    size_t n = *text ? 1 : 0;
    for (const char *p = text; *p; p++)
        n += *p == '\n' && p[1];
    out->n = 0;
    out->v = desk_arena_alloc(a, (n + 1) * sizeof *out->v);
    if (!out->v)
        return DESK_ENOMEM;
    for (const char *p = text; *p;) {
        size_t len = strcspn(p, "\n"), keep = len;
        keep -= keep && p[keep - 1] == '\r';
        out->v[out->n] = desk_arena_strndup(a, p, keep);
        if (!out->v[out->n++])
            return DESK_ENOMEM;
        p += len + (p[len] == '\n');
    }
    return DESK_OK;
}

/* longest[i][j]: of common lines from i and j on */
static uint16_t *lengths(struct desk_arena *a, const struct lines *x, const struct lines *y)
{
    size_t wide = y->n + 1;
    uint16_t *t = desk_arena_alloc(a, (x->n + 1) * wide * sizeof *t);
    for (size_t i = x->n; t && i-- > 0;)
        for (size_t j = y->n; j-- > 0;) {
            uint16_t down = t[(i + 1) * wide + j], right = t[i * wide + j + 1];
            t[i * wide + j] = strcmp(x->v[i], y->v[j]) == 0
                                  ? (uint16_t)(t[(i + 1) * wide + j + 1] + 1)
                              : down > right ? down
                                             : right;
        }
    return t;
}

/* One line further: in both, or in the one of the two that leaves more in common. */
static struct desk_diff_line next(const struct lines *x, const struct lines *y, const uint16_t *t,
                                  size_t *i, size_t *j)
{
    size_t wide = y->n + 1;
    if (t && *i < x->n && *j < y->n && strcmp(x->v[*i], y->v[*j]) == 0) {
        ++*j;
        return (struct desk_diff_line){' ', x->v[(*i)++]};
    }
    if (*i < x->n && (*j == y->n || !t || t[(*i + 1) * wide + *j] >= t[*i * wide + *j + 1]))
        return (struct desk_diff_line){'-', x->v[(*i)++]};
    return (struct desk_diff_line){'+', y->v[(*j)++]};
}

enum desk_rc desk_text_diff(struct desk_arena *a, const char *before, const char *after,
                            struct desk_diff_line **lines, size_t *n)
{
    struct lines x, y;
    size_t i = 0, j = 0;
    *n = 0;
    enum desk_rc rc = split(a, before, &x);
    if (!rc)
        rc = split(a, after, &y);
    if (rc)
        return rc;
    bool large = x.n > DESK_DIFF_LINES || y.n > DESK_DIFF_LINES;
    const uint16_t *t = large ? NULL : lengths(a, &x, &y);
    *lines = desk_arena_alloc(a, (x.n + y.n + 1) * sizeof **lines);
    if (!*lines || (!large && !t))
        return DESK_ENOMEM;
    while (i < x.n || j < y.n)
        (*lines)[(*n)++] = next(&x, &y, t, &i, &j);
    return DESK_OK;
}
