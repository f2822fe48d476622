/* A line of the log as one JSON object. For log.c. Pure. */
#ifndef DESK_BASE_LOG_JSON_H
#define DESK_BASE_LOG_JSON_H

#include <stddef.h>

#define LOG_JSON_MAX 6144 /* escapes make a line longer */

/* n members of head (name, value; an empty value is left out), then one for each key=value or
 * key="several words" of text: whole numbers as numbers, all else as texts. A name that was there
 * already is left out; words that are no pair are joined in "msg". Always one valid object of less
 * than cap bytes (cap ≥ 64), without a line end: a member that does not fit is left out. Returns
 * its length. */
size_t desk_log_json(char *out, size_t cap, const char *const head[][2], size_t n,
                     const char *text);

#endif
