/* Two texts line by line: what went, what came, what stayed. For people who look at what has
 * changed. Pure. */
#ifndef DESK_CORE_TEXT_DIFF_H
#define DESK_CORE_TEXT_DIFF_H

#include "base/arena.h"
#include "base/err.h"

#include <stddef.h>

#define DESK_DIFF_LINES 600 /* of one text; of a longer one all is told as gone and come */

struct desk_diff_line {
    char sign; /* '-' was there, '+' is new, ' ' stayed */
    const char *text;
};

/* The fewest lines that went and came. *lines in the arena. */
DESK_MUST enum desk_rc desk_text_diff(struct desk_arena *a, const char *before, const char *after,
                                      struct desk_diff_line **lines, size_t *n);

#endif
