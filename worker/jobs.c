#include "worker/jobs.h"
#include "base/clock.h"
#include "base/log.h"
#include "store/open.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TICK_MS  500
#define REST_MS  5000
#define AGAIN_MS 5000
#define ARENA    ((size_t)64 * 1024 * 1024)

struct jobs {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool stop, started;
    struct job_run run;
    pthread_t thread;
};

static bool stopping(void *ctx)
{
    struct jobs *w = ctx;
    pthread_mutex_lock(&w->lock);
    bool stop = w->stop;
    pthread_mutex_unlock(&w->lock);
    return stop;
}

static void rest(struct jobs *w, int64_t ms)
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

/* ---- one job --------------------------------------------------------------------------------- */

static enum desk_rc claim(struct job_run *r)
{
    char mark[DESK_ID_LEN];
    enum desk_rc rc = desk_job_due(r->db, r->a, desk_now_ms(), &r->job);
    if (!rc)
        rc = DESK_TX_BEGIN(r->db);
    if (rc)
        return rc;
    r->job.claim = desk_arena_strdup(r->a, desk_id_new(mark, "claim"));
    rc = r->job.claim ? desk_job_claim(r->db, &r->job, r->job.claim) : DESK_ENOMEM;
    return desk_tx_end(r->db, rc);
}

/* What failed may do next time, but not for ever. */
static enum desk_rc settle(struct job_run *r, enum desk_rc rc)
{
    bool stopped = rc == DESK_EBUSY && r->stopping && r->stopping(r->ctx);
    bool given_up = rc && !stopped && r->job.tries + 1 >= DESK_JOB_TRIES;
    enum desk_rc tx = DESK_TX_BEGIN(r->db);
    if (tx)
        return tx;
    if (!rc || given_up)
        tx = desk_job_end(r->db, &r->job, rc || r->failed ? DESK_JOB_FAILED : DESK_JOB_DONE,
                          given_up ? "Frontdesk itself could not go on. What was done so far stays."
                                   : r->words);
    else
        tx = desk_job_let_go(r->db, &r->job, desk_now_ms() + (stopped ? 0 : AGAIN_MS));
    return desk_tx_end(r->db, tx);
}

enum desk_rc jobs_one(struct job_run *r)
{
    desk_arena_reset(r->a);
    r->words = "";
    r->failed = false;
    enum desk_rc rc = claim(r);
    if (rc)
        return rc == DESK_ECONFLICT ? DESK_OK : rc;
    job_kind *kind = job_kind_find(r->job.kind);
    if (kind) {
        rc = kind(r);
    } else {
        r->words = "This version of Frontdesk does not know that kind of work.";
        r->failed = true;
    }
    desk_log(rc ? DESK_LOG_WARN : DESK_LOG_INFO, "job.ran", "job=%s kind=%s rc=%s done=%lld",
             r->job.id, r->job.kind, desk_rc_name(rc), (long long)r->job.done);
    if (rc == DESK_ECONFLICT) /* it is another worker's by now */
        return DESK_OK;
    return settle(r, rc);
}

/* ---- the thread ------------------------------------------------------------------------------ */

static void forget(struct jobs *w)
{
    enum desk_rc rc = DESK_TX_BEGIN(w->run.db);
    if (!rc)
        rc = desk_tx_end(w->run.db, desk_job_purge(w->run.db, desk_now_ms() - DESK_JOB_KEPT_MS));
    if (rc)
        desk_log(DESK_LOG_WARN, "job.purge", "rc=%s", desk_rc_name(rc));
}

static void *run(void *ctx)
{
    struct jobs *w = ctx;
    int64_t purge_ms = 0;
    while (!stopping(w)) {
        enum desk_rc rc = jobs_one(&w->run);
        if (desk_mono_ms() >= purge_ms) {
            forget(w);
            purge_ms = desk_mono_ms() + 3600 * 1000;
        }
        if (rc)
            rest(w, rc == DESK_ENOTFOUND ? TICK_MS : REST_MS);
    }
    return NULL;
}

struct jobs *jobs_start(void)
{
    pthread_condattr_t attr;
    struct jobs *w = calloc(1, sizeof *w);
    if (!w)
        return NULL;
    pthread_mutex_init(&w->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&w->changed, &attr);
    pthread_condattr_destroy(&attr);
    w->run.a = desk_arena_new(ARENA);
    w->run.step = desk_arena_new(ARENA);
    w->run.stopping = stopping;
    w->run.ctx = w;
    if (w->run.a && w->run.step && desk_store_open(&w->run.db, DESK_ZONE_JOBS, 0) == DESK_OK)
        w->started = pthread_create(&w->thread, NULL, run, w) == 0;
    if (w->started)
        return w;
    jobs_stop(w);
    return NULL;
}

void jobs_stop(struct jobs *w)
{
    if (!w)
        return;
    pthread_mutex_lock(&w->lock);
    w->stop = true;
    pthread_cond_broadcast(&w->changed);
    pthread_mutex_unlock(&w->lock);
    if (w->started)
        pthread_join(w->thread, NULL);
    desk_db_close(w->run.db);
    desk_arena_free(w->run.a);
    desk_arena_free(w->run.step);
    pthread_cond_destroy(&w->changed);
    pthread_mutex_destroy(&w->lock);
    free(w);
}
