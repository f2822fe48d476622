/* Delivery of the outbox. See outbox.h. */
#include "worker/outbox.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/paths.h"
#include "store/open.h"
#include "worker/deliver.h"
#include "worker/lanes.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#define TICK_MS 100 /* how often the leader looks whether anybody wrote */
#define LEASE_MS                                                                                   \
    300000               /* the longest delivery (kinds.h), and the longest wait to write its end  \
                          */
#define REAP_MS    30000 /* how often leases are looked after */
#define AGAIN_MS   1000  /* a row that is due and could not be claimed is asked for again */
#define FOR_ALERTS 3     /* senders that are never busy with anything else */

struct sender {
    struct outbox *o;
    struct desk_db *db;
    struct desk_arena *arena, *scratch; /* row lives in arena */
    struct desk_outbox row;
    bool busy; /* under the lock: the leader fills a sender that is not, the sender ends it */
    bool urgent;
    bool started;
    pthread_t thread;
};

struct outbox {
    const struct outbox_services *services;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool stop;   /* the leader goes home */
    bool closed; /* it has: senders end what they have and go, too */
    int lock_fd;
    bool told; /* why there is none */
    struct desk_db *db;
    struct desk_arena *arena;
    struct lanes lanes; /* under the lock */
    bool looked;        /* under the lock: lanes says what waits, but for what others wrote since */
    int64_t version;    /* of the database when we looked */
    int64_t reap_at;    /* monotonic */
    bool started;
    pthread_t leader;
    struct sender sender[OUTBOX_SENDERS];
};

/* ---- senders --------------------------------------------------------------------------------- */

/* With the lock held. What comes next for that destination may go now. */
static void ended(struct outbox *o, struct sender *s, const struct desk_outbox_result *r)
{
    struct lane *lane = lanes_get(&o->lanes, s->row.dest);
    if (lane && lane_end(lane, r, desk_now_ms()))
        desk_log(DESK_LOG_WARN, lane_dead(lane) ? "outbox.dead" : "outbox.alive", "dest=%s",
                 lane->dest);
    s->busy = s->urgent = false;
    o->looked = false;
}

static bool stopping(void *ctx)
{
    struct outbox *o = ctx;
    pthread_mutex_lock(&o->lock);
    bool stop = o->stop;
    pthread_mutex_unlock(&o->lock);
    return stop;
}

static void *send_rows(void *ctx)
{
    struct sender *s = ctx;
    struct outbox *o = s->o;
    struct desk_outbox_result r;
    const struct outbox_work w = {.services = o->services,
                                  .db = s->db,
                                  .arena = s->scratch,
                                  .row = &s->row,
                                  .stop = stopping,
                                  .stop_ctx = o};
    pthread_mutex_lock(&o->lock);
    while (!o->closed || s->busy) {
        if (!s->busy) {
            pthread_cond_wait(&o->changed, &o->lock);
            continue;
        }
        pthread_mutex_unlock(&o->lock);
        outbox_deliver(&w, &r);
        pthread_mutex_lock(&o->lock);
        ended(o, s, &r);
        pthread_cond_broadcast(&o->changed);
    }
    pthread_mutex_unlock(&o->lock);
    return NULL;
}

/* ---- the leader ------------------------------------------------------------------------------ */

/* Rows that nobody is delivering any more, though they are claimed. */
static enum desk_rc reap(struct outbox *o, int64_t at)
{
    struct desk_outbox *rows;
    size_t n = 0;
    struct desk_arena *a = desk_arena_new(100 * (size_t)DESK_MAX_OUTBOX_ROW);
    enum desk_rc rc = a ? desk_outbox_overdue(o->db, a, at, &rows, &n) : DESK_ENOMEM;
    for (size_t i = 0; !rc && i < n; i++)
        rc = outbox_abandoned(o->db, a, &rows[i]);
    o->looked = false;
    desk_arena_free(a);
    return rc;
}

/* True once no other process delivers. What is claimed then was claimed by one that is gone. */
static bool lead(struct outbox *o)
{
    char path[DESK_PATH_LEN];
    if (o->lock_fd >= 0)
        return true;
    int fd = open(desk_path_run(path, "outbox.lock"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0 && !reap(o, INT64_MAX)) {
        o->lock_fd = fd;
        o->reap_at = desk_mono_ms() + REAP_MS;
        return true;
    }
    if (fd >= 0)
        close(fd);
    else if (!o->told)
        desk_log(DESK_LOG_ERROR, "outbox.lock", "cannot be made in the folder run: %s",
                 strerror(errno));
    o->told = o->told || fd < 0;
    return false;
}

static bool start_sender(struct outbox *o, struct sender *s)
{
    s->o = o;
    if (!s->arena)
        s->arena = desk_arena_new(DESK_MAX_OUTBOX_ROW);
    if (!s->scratch)
        s->scratch = desk_arena_new(DESK_MAX_OUTBOX_WORK);
    if (!s->arena || !s->scratch ||
        (!s->db && desk_store_open(&s->db, DESK_ZONE_WORKER, 0) != DESK_OK))
        return false;
    s->started = pthread_create(&s->thread, NULL, send_rows, s) == 0;
    return s->started;
}

/* One that has nothing to do; a new one where all have. Some are kept for alerts. */
static struct sender *idle(struct outbox *o, bool urgent)
{
    size_t normal = 0;
    struct sender *found = NULL;
    for (size_t i = 0; i < OUTBOX_SENDERS; i++) {
        normal += o->sender[i].busy && !o->sender[i].urgent;
        if (!found && !o->sender[i].busy)
            found = &o->sender[i];
    }
    if (!found || (!urgent && normal >= OUTBOX_SENDERS - FOR_ALERTS))
        return NULL;
    return found->started || start_sender(o, found) ? found : NULL;
}

/* What waits for whom, read again when somebody wrote: without SQLite's write lock. */
static void look(struct outbox *o)
{
    struct desk_outbox_lane *rows;
    size_t n = 0;
    pthread_mutex_lock(&o->lock);
    bool looked = o->looked;
    o->looked = true;
    pthread_mutex_unlock(&o->lock);
    int64_t version = desk_db_data_version(o->db);
    if (looked && version == o->version)
        return;
    desk_arena_reset(o->arena);
    enum desk_rc rc = desk_outbox_lanes(o->db, o->arena, &rows, &n);
    pthread_mutex_lock(&o->lock);
    if (!rc)
        lanes_see(&o->lanes, rows, n);
    o->looked = o->looked && !rc;
    pthread_mutex_unlock(&o->lock);
    o->version = version;
    if (rc)
        desk_sleep_ms(AGAIN_MS);
}

static enum desk_rc claim(struct outbox *o, const char *dest, bool urgent, struct sender *s)
{
    desk_arena_reset(s->arena);
    enum desk_rc rc = DESK_TX_BEGIN(o->db);
    if (rc)
        return rc;
    return desk_tx_end(o->db,
                       urgent ? desk_outbox_claim_alert(o->db, s->arena, dest, LEASE_MS, &s->row)
                              : desk_outbox_claim(o->db, s->arena, dest, LEASE_MS, &s->row));
}

/* Claims for idle senders while there is something to claim for that destination. Called and
 * returns with the lock held; the database is asked without it. */
static void hand_out(struct outbox *o, struct lane *lane, bool urgent)
{
    while (!o->stop && lane_due(lane, urgent, desk_now_ms()) &&
           lane_may(lane, urgent, desk_now_ms())) {
        struct sender *s = idle(o, urgent);
        if (!s)
            return;
        lane_begin(lane); /* it may not become another's meanwhile */
        pthread_mutex_unlock(&o->lock);
        enum desk_rc rc = claim(o, lane->dest, urgent, s);
        pthread_mutex_lock(&o->lock);
        if (rc) { /* one is on its way for that business, or the database is locked */
            lane->busy--;
            *(urgent ? &lane->urgent_at : &lane->next_at) = desk_now_ms() + AGAIN_MS;
            return;
        }
        s->busy = true;
        s->urgent = urgent;
        o->looked = false;
        pthread_cond_broadcast(&o->changed);
    }
}

/* Alerts first, whomever they go to. */
static void hand_out_all(struct outbox *o)
{
    for (int urgent = 1; urgent >= 0; urgent--)
        for (size_t i = 0; i < o->lanes.n; i++)
            hand_out(o, &o->lanes.v[i], urgent);
}

static void wait_tick(struct outbox *o)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += TICK_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_cond_timedwait(&o->changed, &o->lock, &until);
}

static void *run(void *ctx)
{
    struct outbox *o = ctx;
    pthread_mutex_lock(&o->lock);
    while (!o->stop) {
        pthread_mutex_unlock(&o->lock);
        bool mine = lead(o);
        if (mine && desk_mono_ms() >= o->reap_at) {
            o->reap_at = desk_mono_ms() + REAP_MS;
            enum desk_rc rc = reap(o, desk_now_ms());
            if (rc)
                desk_log(DESK_LOG_WARN, "outbox.reap", "rc=%s", desk_rc_name(rc));
        }
        if (mine)
            look(o);
        pthread_mutex_lock(&o->lock);
        if (mine)
            hand_out_all(o);
        if (!o->stop && (o->looked || !mine))
            wait_tick(o);
    }
    pthread_mutex_unlock(&o->lock);
    return NULL;
}

/* ---- start and stop -------------------------------------------------------------------------- */

struct outbox *outbox_start(const struct outbox_services *services)
{
    pthread_condattr_t attr;
    struct outbox *o = calloc(1, sizeof *o);
    bool ok;
    if (!o)
        return NULL;
    o->services = services;
    o->lock_fd = -1;
    pthread_mutex_init(&o->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&o->changed, &attr);
    pthread_condattr_destroy(&attr);
    o->arena = desk_arena_new(64 * 1024);
    ok = o->arena && desk_store_open(&o->db, DESK_ZONE_WORKER, 0) == DESK_OK;
    if (ok)
        o->started = ok = pthread_create(&o->leader, NULL, run, o) == 0;
    if (ok)
        return o;
    outbox_stop(o);
    return NULL;
}

void outbox_stop(struct outbox *o)
{
    if (!o)
        return;
    pthread_mutex_lock(&o->lock);
    o->stop = true;
    pthread_cond_broadcast(&o->changed);
    pthread_mutex_unlock(&o->lock);
    if (o->started)
        pthread_join(o->leader, NULL);
    pthread_mutex_lock(&o->lock);
    o->closed = true;
    pthread_cond_broadcast(&o->changed);
    pthread_mutex_unlock(&o->lock);
    for (size_t i = 0; i < OUTBOX_SENDERS; i++) {
        struct sender *s = &o->sender[i];
        if (s->started)
            pthread_join(s->thread, NULL);
        desk_db_close(s->db);
        desk_arena_free(s->arena);
        desk_arena_free(s->scratch);
    }
    desk_db_close(o->db);
    desk_arena_free(o->arena);
    if (o->lock_fd >= 0)
        close(o->lock_fd);
    pthread_cond_destroy(&o->changed);
    pthread_mutex_destroy(&o->lock);
    free(o);
}
