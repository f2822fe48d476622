#include "worker/idp_keys.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"
#include "core/keys_due.h"
#include "out/jwks.h"
#include "store/idp_keys.h"
#include "store/open.h"

#include <pthread.h>
#include <stdlib.h>

#define TICK_MS 1000 /* a key that is missing is asked for so soon */
#define ARENA   ((size_t)1024 * 1024)

struct idp_keys {
    const char *url;
    struct desk_db *db;
    struct desk_arena *a;
    pthread_t thread;
    bool started;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool stop; /* under lock */
};

/* False when it is time to go. */
static bool wait_tick(struct idp_keys *w)
{
    int64_t until = desk_mono_ms() + TICK_MS;
    const struct timespec ts = {.tv_sec = until / 1000, .tv_nsec = until % 1000 * 1000000L};
    pthread_mutex_lock(&w->lock);
    while (!w->stop && desk_mono_ms() < until)
        pthread_cond_timedwait(&w->changed, &w->lock, &ts);
    bool go = !w->stop;
    pthread_mutex_unlock(&w->lock);
    return go;
}

/* What came of a fetch, into the row: keys that came before stay when none come. */
static enum desk_rc keep(struct idp_keys *w, const struct desk_jwks *got, bool came,
                         int64_t failures)
{
    int64_t now = desk_now_ms();
    enum desk_rc rc = DESK_TX_BEGIN(w->db);
    if (rc)
        return rc;
    if (came)
        rc = desk_idp_keys_put(w->db, w->url, desk_buf_cstr(&got->keys), now,
                               now + desk_keys_fresh_ms(got->cache_control));
    else
        rc = desk_idp_keys_failed(w->db, w->url,
                                  now + desk_keys_wait_ms(failures, got->retry_after_s));
    return desk_tx_end(w->db, rc);
}

static void fetch(struct idp_keys *w, const struct desk_idp_keys *k)
{
    struct desk_jwks got;
    enum desk_rc came = desk_jwks_fetch(w->url, &got), rc = keep(w, &got, !came, k->failures + 1);
    if (came)
        desk_log(DESK_LOG_WARN, "idp.fetch", "http=%d why=\"%s\" failures=%lld kept=%d", got.status,
                 got.why, (long long)k->failures + 1, k->keys != NULL);
    else
        desk_log(DESK_LOG_INFO, "idp.fetch", "bytes=%zu cache=\"%s\"", got.keys.len,
                 got.cache_control);
    if (rc)
        desk_log(DESK_LOG_ERROR, "idp.keep", "rc=%s", desk_rc_name(rc));
    desk_jwks_clear(&got);
}

static int64_t due(const struct desk_idp_keys *k)
{
    const struct desk_keys_times at = {.fetched = k->fetched_at,
                                       .fresh_until = k->fresh_until,
                                       .wanted = k->wanted_at,
                                       .not_before = k->not_before};
    return desk_keys_due(&at);
}

static void *watch(void *arg)
{
    struct idp_keys *w = arg;
    do {
        struct desk_idp_keys k;
        desk_arena_reset(w->a);
        enum desk_rc rc = desk_idp_keys_get(w->db, w->a, w->url, &k);
        if (rc == DESK_ENOTFOUND)
            k = (struct desk_idp_keys){.keys = NULL};
        if ((!rc || rc == DESK_ENOTFOUND) && due(&k) <= desk_now_ms())
            fetch(w, &k);
    } while (wait_tick(w));
    return NULL;
}

struct idp_keys *idp_keys_start(bool *idle)
{
    pthread_condattr_t attr;
    const char *url = desk_setting(DESK_S_IDP_JWKS_URL);
    *idle = !*url;
    struct idp_keys *w = *idle ? NULL : calloc(1, sizeof *w);
    if (!w)
        return NULL;
    w->url = url;
    w->a = desk_arena_new(ARENA);
    pthread_mutex_init(&w->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&w->changed, &attr);
    pthread_condattr_destroy(&attr);
    w->started = w->a && desk_store_open(&w->db, DESK_ZONE_WORKER, 0) == DESK_OK &&
                 pthread_create(&w->thread, NULL, watch, w) == 0;
    if (w->started)
        return w;
    idp_keys_stop(w);
    return NULL;
}

void idp_keys_stop(struct idp_keys *w)
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
    desk_arena_free(w->a);
    pthread_cond_destroy(&w->changed);
    pthread_mutex_destroy(&w->lock);
    free(w);
}
