/* Texts whose webhook or thread is gone (a process that was killed) are answered all the same: one
 * thread looks for those that wait for longer than any webhook, and has the rules answer them. */
#include "cgi-bin/hook/talk.h"
#include "base/clock.h"
#include "base/log.h"
#include "store/open.h"
#include "talk/text_in.h"

#include <pthread.h>

#define LOOK_MS 3000
#define LEFT_MS 6000 /* so long a text waits before it counts as left over */
#define AT_ONCE 16
#define ARENA   (4 * 1024 * 1024)

static enum desk_rc look(struct desk_db *db, struct desk_arena *a)
{
    struct desk_text_left left[AT_ONCE];
    size_t n = 0;
    enum desk_rc rc = desk_text_left_over(db, a, desk_now_ms() - LEFT_MS, left, AT_ONCE, &n);
    for (size_t i = 0; !rc && i < n; i++)
        rc = think_push_texts(left[i].tenant_id, left[i].session_id, &desk_brain_rules);
    return rc == DESK_EBUSY ? DESK_OK : rc; /* they wait for the next look */
}

static void *keep_main(void *arg)
{
    struct desk_db *db = NULL;
    struct desk_arena *a = desk_arena_new(ARENA);
    (void)arg;
    while (a && !think_stopping(LOOK_MS)) {
        enum desk_rc rc = db ? DESK_OK : desk_store_open(&db, DESK_ZONE_HOOK, HOOK_BUSY_MS);
        if (!rc)
            rc = look(db, a);
        if (rc) {
            desk_log(DESK_LOG_WARN, "keep.look", "rc=%s", desk_rc_name(rc));
            desk_db_close(db);
            db = NULL;
        }
        desk_arena_reset(a);
    }
    desk_db_close(db);
    desk_arena_free(a);
    return NULL;
}

static pthread_t keeper;
static bool kept;

void keep_start(void)
{
    kept = pthread_create(&keeper, NULL, keep_main, NULL) == 0;
    if (!kept)
        desk_log_errno(DESK_LOG_ERROR, "keep.thread", "%s", "");
}

void keep_stop(void)
{
    if (kept)
        pthread_join(keeper, NULL);
    kept = false;
}
