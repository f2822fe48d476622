/* Promised callbacks, by the clock (talk/promise_clock.h). */
#include "worker/worker.h"
#include "base/clock.h"
#include "base/log.h"
#include "talk/promise_clock.h"

#define AT_ONCE 100
#define ARENA   (8 * 1024 * 1024)

enum desk_rc job_promises(struct desk_db *db)
{
    struct desk_callback *rows = NULL;
    size_t n = 0;
    int64_t now = desk_now_ms();
    struct desk_arena *list = desk_arena_new(ARENA), *a = desk_arena_new(ARENA);
    enum desk_rc rc =
        list && a ? desk_callback_due(db, list, now, AT_ONCE, &rows, &n) : DESK_ENOMEM;
    for (size_t i = 0; !rc && i < n; i++) {
        enum desk_rc one = desk_promise_clock(db, a, &rows[i], now);
        if (one && one != DESK_DONE) /* the others must not wait for it */
            desk_log(DESK_LOG_ERROR, "worker.promise", "id=%s rc=%s", rows[i].id,
                     desk_rc_name(one));
        desk_arena_reset(a);
    }
    desk_arena_free(a);
    desk_arena_free(list);
    return rc;
}
