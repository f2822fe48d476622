/* Where in a JSON text a value stands: jansson keeps no lines, and an owner who edits a file by
 * hand wants to know which one to mend. Pure. */
#ifndef DESK_CORE_JSON_PLACE_H
#define DESK_CORE_JSON_PLACE_H

#include <stddef.h>

/* One step from the root: into the member of that key, or (key NULL) the item of that index. */
struct desk_json_step {
    const char *key;
    size_t index;
};

struct desk_json_place {
    size_t found; /* that many steps are there; the lines are of the last of them */
    int line;     /* 1…: where the value begins */
    int key_line; /* and its key; as line for items and for the root */
};

/* Text of any bytes; where it is no JSON, the way ends there. */
void desk_json_place(const char *text, size_t len, const struct desk_json_step *steps, size_t n,
                     struct desk_json_place *out);

/* "hours.weekly.mon[0]"; "" for the root. Cut to n bytes with the NUL. Returns out. */
const char *desk_json_path(char *out, size_t n, const struct desk_json_step *steps, size_t count);

#endif
