/* Delivery of the outbox. See outbox.h. */
#include "worker/outbox.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/paths.h"
#include "store/calls.h"
#include "store/conversation.h"
#include "store/open.h"
#include "worker/kinds.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#define TICK_MS   200    /* how often the leader looks whether anybody wrote */
#define LEASE_MS  180000 /* the longest request, and the longest wait to write its end down */
#define REAP_MS   30000  /* how often leases are looked after */
#define WRITE_FOR 120000 /* so long an end is tried to be written: then the lease runs out */
#define PAUSE_MS  500
#define AGAIN_MS  1000 /* a row that is due and could not be claimed is asked for again */

struct sender {
    struct outbox *o;
    struct desk_db *db;
    struct desk_arena *arena, *scratch; /* row lives in arena */
    struct desk_outbox row;
    bool busy; /* under the lock: the leader fills a sender that is not, the sender ends it */
    bool slow; /* with busy: its row is of a slow kind */
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
    struct desk_db *db;
    struct lane {
        int64_t version;    /* of the database, when we last looked for rows of this kind */
        int64_t next_at;    /* wall clock: when the next one is due; 0 = none waits */
        int64_t hold_until; /* wall clock, under the lock: the other side asked to wait */
        bool looked;
    } lane[OUTBOX_KINDS];
    int64_t reap_at; /* monotonic */
    bool started;
    pthread_t leader;
    struct sender sender[OUTBOX_SENDERS];
};

/* ---- one row --------------------------------------------------------------------------------- */

static const struct {
    const char *state, *suffix;
    size_t words; /* where the kind has its sentence */
} stories[] = {
    {DESK_OUTBOX_SENT, "sent", offsetof(struct outbox_kind, sent)},
    {DESK_OUTBOX_REFUSED, "refused", offsetof(struct outbox_kind, refused)},
    {DESK_OUTBOX_FAILED, "failed", offsetof(struct outbox_kind, failed)},
    {DESK_OUTBOX_UNKNOWN, "unknown", offsetof(struct outbox_kind, unknown)},
};

static const char *story_words(const struct outbox_kind *kind, size_t i)
{
    const char *words;
    memcpy(&words, (const char *)kind + stories[i].words, sizeof words);
    return words;
}

/* What came of it, on the timeline of the call it belongs to. A wait for the next try is none. */
static enum desk_rc tell(struct desk_db *db, struct desk_arena *a, const struct desk_outbox *row,
                         const char *state, const char *why)
{
    const struct outbox_kind *kind = outbox_kind_find(row->kind);
    struct desk_call call;
    size_t i = 0, n = sizeof stories / sizeof *stories;
    while (i < n && strcmp(stories[i].state, state) != 0)
        i++;
    const char *words = i < n && kind ? story_words(kind, i) : NULL;
    if (!row->call_id || !words)
        return DESK_OK;
    enum desk_rc rc = desk_call_get(db, a, row->tenant_id, row->call_id, &call);
    if (rc)
        return rc == DESK_ENOTFOUND ? DESK_OK : rc;
    const char *name = desk_arena_fmt(a, "%s_%s", kind->what, stories[i].suffix);
    const char *detail = desk_arena_fmt(a, "%s%s%s", words, *why ? " " : "", why);
    const char *once = desk_arena_fmt(a, "%s:%lld:%s", row->id, (long long)row->attempts, state);
    if (!name || !detail || !once)
        return DESK_ENOMEM;
    return desk_event_add(db, row->tenant_id, row->call_id, call.started_at, "ladder", name, detail,
                          once);
}

static enum desk_rc finish_in_tx(struct desk_db *db, struct desk_arena *a,
                                 const struct desk_outbox *row, const struct desk_outbox_result *r)
{
    const char *state = "";
    enum desk_rc rc = desk_outbox_finish(db, row, r, &state);
    if (!rc)
        rc = tell(db, a, row, state, r->why);
    if (!rc)
        desk_log(DESK_LOG_INFO, "outbox.done", "id=%s kind=%s state=%s attempt=%lld code=%lld",
                 row->id, row->kind, state, (long long)row->attempts, (long long)r->code);
    return rc;
}

static enum desk_rc finish(struct desk_db *db, struct desk_arena *a, const struct desk_outbox *row,
                           const struct desk_outbox_result *r)
{
    enum desk_rc rc = DESK_TX_BEGIN(db);
    return rc ? rc : desk_tx_end(db, finish_in_tx(db, a, row, r));
}

/* A limit is the account's: nothing of this kind goes before then, whosever it is. */
static void hold(struct outbox *o, const struct outbox_kind *kind, int64_t wait_ms)
{
    struct lane *lane = &o->lane[kind - outbox_kinds];
    int64_t until = desk_now_ms() + wait_ms;
    pthread_mutex_lock(&o->lock);
    if (until > lane->hold_until)
        lane->hold_until = until;
    pthread_mutex_unlock(&o->lock);
}

static bool stopping(void *ctx)
{
    struct outbox *o = ctx;
    pthread_mutex_lock(&o->lock);
    bool stop = o->stop;
    pthread_mutex_unlock(&o->lock);
    return stop;
}

static void deliver(struct sender *s)
{
    const struct outbox_kind *kind = outbox_kind_find(s->row.kind);
    struct desk_outbox_result r = {.end = DESK_END_FAILED, .why = "No such kind of delivery."};
    int64_t until = desk_mono_ms() + WRITE_FOR;
    const struct outbox_work w = {.services = s->o->services,
                                  .db = s->db,
                                  .arena = s->scratch,
                                  .row = &s->row,
                                  .stop = stopping,
                                  .stop_ctx = s->o};
    if (kind)
        kind->deliver(&w, &r);
    desk_arena_reset(s->scratch);
    if (kind && r.end == DESK_END_AGAIN && r.wait_ms)
        hold(s->o, kind, r.wait_ms);
    enum desk_rc rc = finish(s->db, s->scratch, &s->row, &r);
    /* the database is locked or its disk full: what came of it must not be forgotten */
    while (rc && rc != DESK_ENOTFOUND && desk_mono_ms() < until) {
        desk_sleep_ms(PAUSE_MS);
        desk_arena_reset(s->scratch);
        rc = finish(s->db, s->scratch, &s->row, &r);
    }
    desk_arena_reset(s->scratch);
    if (rc)
        desk_log(DESK_LOG_ERROR, "outbox.end_lost", "id=%s rc=%s", s->row.id, desk_rc_name(rc));
}

static void *send_rows(void *ctx)
{
    struct sender *s = ctx;
    struct outbox *o = s->o;
    pthread_mutex_lock(&o->lock);
    while (!o->closed || s->busy) {
        if (!s->busy) {
            pthread_cond_wait(&o->changed, &o->lock);
            continue;
        }
        pthread_mutex_unlock(&o->lock);
        deliver(s);
        pthread_mutex_lock(&o->lock);
        s->busy = false;
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
    for (size_t i = 0; !rc && i < n; i++) {
        const struct outbox_kind *kind = outbox_kind_find(rows[i].kind);
        struct desk_outbox_result r = {.end = DESK_END_UNKNOWN};
        if (kind && kind->may_repeat)
            r.end = DESK_END_AGAIN;
        snprintf(r.why, sizeof r.why, "Frontdesk was interrupted in the middle of sending.");
        rc = finish(o->db, a, &rows[i], &r);
        desk_log(DESK_LOG_WARN, "outbox.interrupted", "id=%s kind=%s", rows[i].id, rows[i].kind);
    }
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
    return false;
}

/* Nobody, also while enough are at what takes long, for one more of that kind. */
static struct sender *idle(struct outbox *o, size_t kind)
{
    size_t slow = 0;
    for (size_t i = 0; i < OUTBOX_SENDERS; i++)
        slow += o->sender[i].busy && o->sender[i].slow;
    if (outbox_kinds[kind].slow && slow >= OUTBOX_SLOW)
        return NULL;
    for (size_t i = 0; i < OUTBOX_SENDERS; i++)
        if (!o->sender[i].busy)
            return &o->sender[i];
    return NULL;
}

/* Is a row of this kind due? Looks only when somebody wrote or the time has come: a read, without
 * SQLite's write lock. */
static bool due(struct outbox *o, size_t kind)
{
    struct lane *lane = &o->lane[kind];
    int64_t version = desk_db_data_version(o->db);
    if (!lane->looked || version != lane->version) {
        if (desk_outbox_next_at(o->db, outbox_kinds[kind].name, &lane->next_at))
            return false;
        lane->version = version;
        lane->looked = true;
    }
    return lane->next_at && lane->next_at <= desk_now_ms();
}

static enum desk_rc claim(struct outbox *o, size_t kind, struct sender *s)
{
    struct lane *lane = &o->lane[kind];
    if (!due(o, kind))
        return DESK_ENOTFOUND;
    desk_arena_reset(s->arena);
    enum desk_rc rc = DESK_TX_BEGIN(o->db);
    if (!rc)
        rc = desk_tx_end(
            o->db, desk_outbox_claim(o->db, s->arena, outbox_kinds[kind].name, LEASE_MS, &s->row));
    if (!rc)
        lane->looked = false;
    else /* one of its kind is on its way for that business, or the database is locked */
        lane->next_at = desk_now_ms() + AGAIN_MS;
    return rc;
}

/* Claims for idle senders while there is something to claim. Called and returns with the lock held;
 * the database is asked without it. */
static void hand_out(struct outbox *o, size_t kind)
{
    for (struct sender *s = idle(o, kind); s && !o->stop; s = idle(o, kind)) {
        if (o->lane[kind].hold_until > desk_now_ms())
            return;
        pthread_mutex_unlock(&o->lock);
        enum desk_rc rc = claim(o, kind, s);
        pthread_mutex_lock(&o->lock);
        if (rc)
            return;
        s->busy = true;
        s->slow = outbox_kinds[kind].slow;
        pthread_cond_broadcast(&o->changed);
    }
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
        pthread_mutex_lock(&o->lock);
        for (size_t i = 0; mine && i < OUTBOX_KINDS; i++)
            hand_out(o, i);
        if (!o->stop)
            wait_tick(o);
    }
    pthread_mutex_unlock(&o->lock);
    return NULL;
}

/* ---- start and stop -------------------------------------------------------------------------- */

static bool start_sender(struct outbox *o, struct sender *s)
{
    s->o = o;
    s->arena = desk_arena_new(DESK_MAX_OUTBOX_ROW);
    s->scratch = desk_arena_new(DESK_MAX_OUTBOX_WORK);
    if (!s->arena || !s->scratch || desk_store_open(&s->db, DESK_ZONE_WORKER, 0))
        return false;
    s->started = pthread_create(&s->thread, NULL, send_rows, s) == 0;
    return s->started;
}

struct outbox *outbox_start(const struct outbox_services *services)
{
    pthread_condattr_t attr;
    struct outbox *o = calloc(1, sizeof *o);
    bool ok = true;
    if (!o)
        return NULL;
    o->services = services;
    o->lock_fd = -1;
    pthread_mutex_init(&o->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&o->changed, &attr);
    pthread_condattr_destroy(&attr);
    for (size_t i = 0; ok && i < OUTBOX_SENDERS; i++)
        ok = start_sender(o, &o->sender[i]);
    ok = ok && desk_store_open(&o->db, DESK_ZONE_WORKER, 0) == DESK_OK;
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
    if (o->lock_fd >= 0)
        close(o->lock_fd);
    pthread_cond_destroy(&o->changed);
    pthread_mutex_destroy(&o->lock);
    free(o);
}
