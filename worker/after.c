/* What comes after each call. See after.h. */
#include "worker/after.h"
#include "base/clock.h"
#include "base/log.h"
#include "store/open.h"
#include "talk/after.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#define TICK_MS  500
#define AT_ONCE  200 /* calls that are looked at in one round */
#define ARENA    ((size_t)32 * 1024 * 1024)
#define LIST     ((size_t)16 * 1024 * 1024)
#define REST_MS  5000   /* after a failure of ours */
#define AGAIN_MS 120000 /* before a call that failed is looked at again */

struct after_calls {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool stop;
    struct desk_db *db;
    struct desk_arena *list, *a;
    bool started;
    pthread_t thread;
};

static bool stopping(void *ctx)
{
    struct after_calls *w = ctx;
    pthread_mutex_lock(&w->lock);
    bool stop = w->stop;
    pthread_mutex_unlock(&w->lock);
    return stop;
}

/* Until then, or until it is time to go. */
static void rest(struct after_calls *w, int64_t ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += ms / 1000;
    until.tv_nsec += ms % 1000 * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_mutex_lock(&w->lock);
    if (!w->stop)
        pthread_cond_timedwait(&w->changed, &w->lock, &until);
    pthread_mutex_unlock(&w->lock);
}

/* What fails may fail again, and a model is not asked for nothing every few seconds. */
static void put_off(struct after_calls *w, const struct desk_call *call)
{
    enum desk_rc rc = DESK_TX_BEGIN(w->db);
    if (!rc)
        rc = desk_tx_end(w->db, desk_call_after_later(w->db, call->tenant_id, call->id,
                                                      desk_now_ms() + AGAIN_MS));
    if (rc)
        desk_log(DESK_LOG_WARN, "after.later", "call=%s rc=%s", call->id, desk_rc_name(rc));
}

static enum desk_rc one(struct after_calls *w, const struct desk_call *call)
{
    const struct desk_after_ask ask = {.stop = stopping, .ctx = w};
    bool settled = false;
    desk_arena_reset(w->a);
    enum desk_rc rc = desk_after_settled(w->db, w->a, call, desk_now_ms(), &settled);
    if (rc || !settled)
        return rc;
    rc = desk_after_call(w->db, w->a, call, &ask, desk_now_ms());
    if (rc == DESK_ECONFLICT || rc == DESK_DONE)
        return DESK_OK;
    desk_log(rc ? DESK_LOG_ERROR : DESK_LOG_INFO, "after.call", "call=%s rc=%s", call->id,
             desk_rc_name(rc));
    if (rc)
        put_off(w, call);
    return rc;
}

/* One call's failure does not keep others from theirs. */
static bool look(struct after_calls *w)
{
    struct desk_call *rows = NULL;
    size_t n = 0;
    desk_arena_reset(w->list);
    enum desk_rc rc = desk_call_after_due(w->db, w->list, desk_now_ms(), AT_ONCE, &rows, &n);
    bool ok = rc == DESK_OK;
    for (size_t i = 0; !rc && i < n && !stopping(w); i++) {
        desk_log_bind(NULL, rows[i].call_sid);
        desk_log_trace(rows[i].trace);
        ok = one(w, &rows[i]) == DESK_OK && ok;
    }
    desk_log_about(NULL);
    return ok;
}

static void *run(void *ctx)
{
    struct after_calls *w = ctx;
    while (!stopping(w))
        rest(w, look(w) ? TICK_MS : REST_MS);
    return NULL;
}

struct after_calls *after_start(void)
{
    pthread_condattr_t attr;
    struct after_calls *w = calloc(1, sizeof *w);
    if (!w)
        return NULL;
    pthread_mutex_init(&w->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&w->changed, &attr);
    pthread_condattr_destroy(&attr);
    w->list = desk_arena_new(LIST);
    w->a = desk_arena_new(ARENA);
    if (w->list && w->a && desk_store_open(&w->db, DESK_ZONE_WORKER, 0) == DESK_OK)
        w->started = pthread_create(&w->thread, NULL, run, w) == 0;
    if (w->started)
        return w;
    after_stop(w);
    return NULL;
}

void after_stop(struct after_calls *w)
{
    if (!w)
        return;
    pthread_mutex_lock(&w->lock);
    w->stop = true;
    pthread_cond_broadcast(&w->changed);
    pthread_mutex_unlock(&w->lock);
    if (w->started)
        pthread_join(w->thread, NULL);
    desk_db_close(w->db);
    desk_arena_free(w->list);
    desk_arena_free(w->a);
    pthread_cond_destroy(&w->changed);
    pthread_mutex_destroy(&w->lock);
    free(w);
}
