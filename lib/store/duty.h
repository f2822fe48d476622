/* What waits for a person of a business, counted: the figures of the dashboard's menu. */
#ifndef DESK_STORE_DUTY_H
#define DESK_STORE_DUTY_H

#include "base/arena.h"
#include "db/db.h"
#include "db/fields.h"

#include <stdint.h>

#define DESK_DUTY_SOON_MS (60 * 60 * 1000LL) /* a callback due in so long counts as due */
#define DESK_DUTY_FAILING_MS                                                                       \
    (60 * 60 * 1000LL) /* a calendar that failed for less may come back                            \
                        */

struct desk_duty {
    const char *id;    /* never read: NULL */
    int64_t callbacks; /* promised, and due by now or soon */
    int64_t attention; /* promised and not done, given up, broken, switched off, not running */
};
extern const struct desk_fields desk_duty_fields;

/* Blocks on the database; reads indexes only. */
DESK_MUST enum desk_rc desk_duty_count(struct desk_db *db, struct desk_arena *a,
                                       const char *tenant_id, int64_t now, struct desk_duty *out);

#endif
