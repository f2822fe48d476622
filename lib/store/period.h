/* Which rows of a business an owner asks about: of a time, and of one location or all. */
#ifndef DESK_STORE_PERIOD_H
#define DESK_STORE_PERIOD_H

#include <stddef.h>
#include <stdint.h>

struct desk_period {
    const char *tenant_id;
    const char *location_id; /* NULL = all of them */
    int64_t from, to;        /* UTC ms, [from, to) */
    size_t max;
};

/* Arguments of such a query, in its order. */
#define DESK_PERIOD_ARGS(p)                                                                        \
    DESK_ARGS(DESK_T((p)->tenant_id), DESK_I((p)->from), DESK_I((p)->to),                          \
              DESK_T((p)->location_id ? (p)->location_id : ""), DESK_I((int64_t)(p)->max))

#endif
