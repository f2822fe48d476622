#include "worker/model_watch.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"
#include "store/open.h"
#include "store/pulse.h"
#include "talk/model_alarm.h"

#include <pthread.h>
#include <stdlib.h>

#define FIRST_MS (10 * 1000)
#define AGAIN_MS (30 * 1000)

struct model_watch {
    void (*probe)(const struct desk_rt_target *, struct desk_model_probe *);
    struct desk_rt_target target;
    struct desk_db *db;
    pthread_t thread;
    bool started;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool stop;     /* under lock */
    int failures;  /* one after the other */
    int64_t since; /* the first of them, UTC ms */
    bool told;     /* owners know */
};

/* False when it is time to go. */
static bool wait_ms(struct model_watch *w, int64_t ms)
{
    int64_t until = desk_mono_ms() + ms;
    const struct timespec ts = {.tv_sec = until / 1000, .tv_nsec = until % 1000 * 1000000L};
    pthread_mutex_lock(&w->lock);
    while (!w->stop && desk_mono_ms() < until)
        pthread_cond_timedwait(&w->changed, &w->lock, &ts);
    bool go = !w->stop;
    pthread_mutex_unlock(&w->lock);
    return go;
}

static void tell(struct model_watch *w, const char *why)
{
    size_t told = 0;
    const struct desk_model_alarm m = {.engine = w->target.engine, .why = why, .since = w->since};
    enum desk_rc rc = desk_model_alarm(w->db, &m, desk_now_ms(), &told);
    desk_log(rc ? DESK_LOG_ERROR : DESK_LOG_NOTICE, "worker.model",
             "engine=\"%s\" why=\"%s\" told=%zu rc=%s", w->target.engine, why ? why : "", told,
             desk_rc_name(rc));
    if (!rc)
        w->told = why != NULL;
}

/* For the dashboard. why NULL: it would talk. */
static void note(struct model_watch *w, long took_ms, const char *why)
{
    const struct desk_pulse p = {.id = DESK_PULSE_MODEL,
                                 .ok = !why,
                                 .took_ms = took_ms,
                                 .what = w->target.engine,
                                 .why = why};
    enum desk_rc rc = DESK_TX_BEGIN(w->db);
    if (!rc)
        rc = desk_tx_end(w->db, desk_pulse_set(w->db, &p));
    if (rc)
        desk_log(DESK_LOG_WARN, "worker.model", "noted=%s", desk_rc_name(rc));
}

/* What one probe found; how long to wait for the next. */
static int64_t look(struct model_watch *w, int64_t every)
{
    struct desk_model_probe p;
    w->probe(&w->target, &p);
    if (p.would_talk) {
        desk_log(DESK_LOG_DEBUG, "worker.model", "engine=\"%s\" took_ms=%ld", w->target.engine,
                 p.took_ms);
        note(w, p.took_ms, NULL);
        if (w->told)
            tell(w, NULL);
        w->failures = 0;
        return w->told ? AGAIN_MS : every;
    }
    if (w->failures++ == 0)
        w->since = desk_now_ms();
    desk_log(DESK_LOG_WARN, "worker.model", "engine=\"%s\" why=\"%s\" failures=%d",
             w->target.engine, p.why, w->failures);
    if (w->failures > 1) {
        note(w, p.took_ms, p.why);
        tell(w, p.why);
    }
    return AGAIN_MS;
}

static void *watch(void *arg)
{
    struct model_watch *w = arg;
    int64_t every = desk_setting_int(DESK_S_MODEL_PROBE_MINUTES) * 60 * 1000LL, next = FIRST_MS;
    while (wait_ms(w, next))
        next = look(w, every);
    return NULL;
}

struct model_watch *model_watch_start(void (*probe)(const struct desk_rt_target *,
                                                    struct desk_model_probe *),
                                      bool *idle)
{
    char why[256];
    pthread_condattr_t attr;
    struct model_watch *w = calloc(1, sizeof *w);
    *idle = false;
    if (!w)
        return NULL;
    w->probe = probe;
    enum desk_rc rc = desk_rt_target_settings(&w->target, why, sizeof why);
    *idle = rc || w->target.offline || desk_setting_int(DESK_S_MODEL_PROBE_MINUTES) == 0;
    if (rc)
        desk_log(DESK_LOG_ERROR, "worker.model", "why=\"%s\"", why);
    pthread_mutex_init(&w->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&w->changed, &attr);
    pthread_condattr_destroy(&attr);
    w->started = !*idle && desk_store_open(&w->db, DESK_ZONE_WORKER, 0) == DESK_OK &&
                 pthread_create(&w->thread, NULL, watch, w) == 0;
    if (w->started)
        return w;
    model_watch_stop(w);
    return NULL;
}

void model_watch_stop(struct model_watch *w)
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
    pthread_cond_destroy(&w->changed);
    pthread_mutex_destroy(&w->lock);
    free(w);
}
