/* A piece of somebody else's bytes: not NUL-terminated, valid as long as its owner is. */
#ifndef DESK_WIRE_SLICE_H
#define DESK_WIRE_SLICE_H

#include <stddef.h>

struct desk_slice {
    const char *p; /* NULL when absent */
    size_t n;
};

#endif
