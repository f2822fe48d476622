/* Birthdays and anniversaries, by the clock (talk/occasions.h). */
#include "worker/worker.h"
#include "base/clock.h"
#include "base/log.h"
#include "store/tenants.h"
#include "talk/occasions.h"

#define ARENA (16 * 1024 * 1024)

enum desk_rc job_occasions(struct desk_db *db)
{
    struct desk_tenant *t = NULL;
    size_t n = 0, queued = 0;
    struct desk_arena *list = desk_arena_new(ARENA), *a = desk_arena_new(ARENA);
    enum desk_rc rc = list && a ? desk_tenant_list(db, list, &t, &n) : DESK_ENOMEM;
    for (size_t i = 0; !rc && i < n; i++) {
        enum desk_rc one = desk_occasions(db, a, t[i].id, desk_now_ms(), &queued);
        if (one) /* the others must not wait for it */
            desk_log(DESK_LOG_ERROR, "worker.occasions", "tenant=%s rc=%s", t[i].id,
                     desk_rc_name(one));
    }
    desk_arena_free(a);
    desk_arena_free(list);
    return rc;
}
