#include "ws-bridge/recorder.h"
#include "ws-bridge/recorder_disk.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/paths.h"
#include "base/thread.h"
#include "store/recording_file.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <time.h>

#define PER_MS      8
#define BLOCK       (80 * PER_MS)   /* sound handed over at once */
#define KEPT_MAX    (5000 * PER_MS) /* before it is known whether it may be recorded */
#define GLUE        (10 * PER_MS)   /* a smaller step in time is rounding, not a hole */
#define AHEAD_MAX   (2000 * PER_MS) /* a frame that is so early has a wrong stamp */
#define BEHIND_MAX  (30000 * PER_MS)
#define START_MAX   (500 * PER_MS) /* the first stamp is believed when it is so near to our clock */
#define BEHIND_KEEP 4              /* pieces that our side may be behind the caller's on the disk */
#define PAUSE_MS    100            /* the thread lets blocks gather */
#define SPARE_MAX   512            /* blocks kept for later */
#define FREE_EACH   5000           /* ms between looks at the disk's free space */

enum op { OP_OPEN, OP_SOUND, OP_CUT, OP_END };

/* A block belongs to the loop, then to the thread, then lies among the spare ones. */
struct block {
    struct block *next;
    struct recording *rec;
    int64_t at; /* first sample; where to cut; the length */
    uint16_t n;
    uint8_t op, side;
    uint8_t sound[BLOCK];
};

struct recording {
    struct recorder *r;
    uint64_t call;
    struct recorded about;
    _Atomic int64_t waiting; /* samples, both sides */
    _Atomic bool stopped;    /* nothing more is written */

    /* the loop's */
    bool going;
    int64_t zero_ms; /* the stream began */
    bool heard;      /* the caller's first frame came */
    int64_t base;    /* where stamp 0 lies */
    int64_t lag;     /* samples from a frame's end to its coming, at the quickest */
    unsigned frames;
    int64_t next[2]; /* behind the last sample of each side */
    int64_t said_ms; /* until when our last sound plays */
    struct block *filling[2];
    struct block *kept, **kept_end;
    int64_t kept_n;
    const char *dropped; /* why the loop gave it up */

    /* the thread's */
    struct rec_disk disk;
    const char *cut;
};

struct recorder {
    struct inbox *inbox;
    const struct desk_key *key;
    pthread_t thread;
    struct block *spare; /* the loop's */
    int64_t free_at;     /* the thread's: when the disk was looked at */
    bool disk_full;

    pthread_mutex_t lock;
    pthread_cond_t more;
    struct block *head, *tail, *returned;
    size_t n_spare; /* in spare and returned */
    int64_t waiting;
    bool idle, stop, done;
    int64_t stop_at;
};

/* ---- blocks ---------------------------------------------------------------------------------- */

static struct block *block_new(struct recording *rec, enum op op, enum desk_rec_side side,
                               int64_t at)
{
    struct recorder *r = rec->r;
    if (!r->spare) {
        pthread_mutex_lock(&r->lock);
        r->spare = r->returned;
        r->returned = NULL;
        pthread_mutex_unlock(&r->lock);
    }
    struct block *b = r->spare;
    if (b) {
        r->spare = b->next;
        pthread_mutex_lock(&r->lock);
        r->n_spare--;
        pthread_mutex_unlock(&r->lock);
    } else {
        b = malloc(sizeof *b);
        if (!b)
            return NULL;
    }
    b->next = NULL;
    b->rec = rec;
    b->at = at;
    b->n = 0;
    b->op = (uint8_t)op;
    b->side = (uint8_t)side;
    return b;
}

/* Back from the thread, or from the loop. */
static void blocks_return(struct recorder *r, struct block *b)
{
    for (struct block *next; b; b = next) {
        next = b->next;
        pthread_mutex_lock(&r->lock);
        bool keep = r->n_spare < SPARE_MAX;
        if (keep) {
            b->next = r->returned;
            r->returned = b;
            r->n_spare++;
        }
        pthread_mutex_unlock(&r->lock);
        if (!keep)
            free(b);
    }
}

static void blocks_free(struct block *b)
{
    for (struct block *next; b; b = next) {
        next = b->next;
        free(b);
    }
}

static void tell_stopped(struct recording *rec, const char *why)
{
    if (atomic_exchange(&rec->stopped, true))
        return;
    desk_log(DESK_LOG_WARN, "recorder.stopped", "recording=%s why=%s", rec->about.id, why);
    inbox_post(rec->r->inbox,
               (struct note){.kind = NOTE_REC_STOPPED, .call = rec->call, .text = strdup(why)});
}

/* To the thread; sound that nobody waits for any more goes nowhere. False: too much waits. */
static bool block_push(struct block *b)
{
    struct recording *rec = b->rec;
    struct recorder *r = rec->r;
    int64_t mine = atomic_fetch_add(&rec->waiting, b->n) + b->n;
    pthread_mutex_lock(&r->lock);
    bool full = b->n && (mine > (int64_t)DESK_MAX_REC_WAIT_MS * PER_MS ||
                         r->waiting + b->n > DESK_MAX_REC_WAIT);
    bool wake = false;
    if (!full) {
        const int64_t much = DESK_MAX_REC_WAIT / 4;
        if (r->tail)
            r->tail->next = b;
        else
            r->head = b;
        r->tail = b;
        wake = r->idle || (r->waiting < much && r->waiting + b->n >= much);
        r->waiting += b->n;
        r->idle = false;
    }
    pthread_mutex_unlock(&r->lock);
    if (wake)
        pthread_cond_signal(&r->more);
    if (full) {
        atomic_fetch_sub(&rec->waiting, b->n);
        b->next = NULL;
        blocks_return(r, b);
    }
    return !full;
}

/* ---- the loop's side ------------------------------------------------------------------------- */

struct recording *recorder_begin(struct recorder *r, uint64_t call, int64_t now_ms)
{
    struct recording *rec = r ? calloc(1, sizeof *rec) : NULL;
    if (!rec)
        return NULL;
    rec->r = r;
    rec->call = call;
    rec->zero_ms = now_ms;
    rec->kept_end = &rec->kept;
    rec_disk_init(&rec->disk);
    return rec;
}

/* Read by the thread once the end is pushed. */
static void give_up(struct recording *rec, const char *why)
{
    rec->dropped = why;
    tell_stopped(rec, why);
}

/* Hand over, or keep until it is known whether it may be recorded. */
static void pass_on(struct recording *rec, struct block *b)
{
    if (!rec->going) {
        rec->kept_n += b->n;
        *rec->kept_end = b;
        rec->kept_end = &b->next;
        return;
    }
    if (!block_push(b))
        give_up(rec, "too_slow");
}

static void flush(struct recording *rec, enum desk_rec_side side)
{
    struct block *b = rec->filling[side];
    rec->filling[side] = NULL;
    if (b)
        pass_on(rec, b);
}

void recorder_go(struct recording *rec, const struct recorded *about)
{
    rec->about = *about;
    rec->going = true;
    struct block *b = block_new(rec, OP_OPEN, DESK_REC_CALLER, 0), *kept = rec->kept;
    rec->kept = NULL;
    if (!b)
        give_up(rec, "memory");
    for (struct block *next; b; b = next) {
        next = b->op == OP_OPEN ? kept : b->next;
        b->next = NULL;
        pass_on(rec, b);
    }
}

void recorder_drop(struct recording *rec)
{
    if (!rec)
        return;
    for (int i = 0; i < 2; i++)
        if (rec->filling[i])
            blocks_return(rec->r, rec->filling[i]);
    blocks_return(rec->r, rec->kept);
    free(rec);
}

/* Lay sound down. Only behind what lies there already. */
static void lay(struct recording *rec, enum desk_rec_side side, int64_t at, const uint8_t *p,
                size_t n)
{
    bool off = atomic_load_explicit(&rec->stopped, memory_order_relaxed) ||
               (!rec->going && rec->kept_n >= KEPT_MAX);
    rec->next[side] = at + (int64_t)n;
    while (n && !off) {
        struct block *b = rec->filling[side];
        if (b && (b->n == BLOCK || b->at + b->n != at)) {
            flush(rec, side);
            if (side == DESK_REC_CALLER)
                flush(rec, DESK_REC_DESK); /* it shall not lie here while the clock goes on */
            b = NULL;
        }
        if (!b)
            b = rec->filling[side] = block_new(rec, OP_SOUND, side, at);
        if (!b)
            return;
        size_t now = (size_t)(BLOCK - b->n) < n ? (size_t)(BLOCK - b->n) : n;
        memcpy(b->sound + b->n, p, now);
        b->n = (uint16_t)(b->n + now);
        at += (int64_t)now;
        p += now;
        n -= now;
    }
}

static int64_t samples_since(const struct recording *rec, int64_t ms)
{
    return (ms - rec->zero_ms) * PER_MS;
}

static int64_t apart(int64_t a, int64_t b)
{
    return a > b ? a - b : b - a;
}

/* Where a frame of n samples that came now lies. */
static int64_t frame_at(struct recording *rec, int64_t n, int64_t stamp, int64_t now)
{
    int64_t at = rec->base + stamp * PER_MS, want = now - rec->lag - n;
    if (!rec->heard) {
        at = stamp * PER_MS;
        if (apart(at, now - n) > START_MAX)
            at = now > n ? now - n : 0;
        rec->heard = true;
        rec->base = at - stamp * PER_MS;
        rec->lag = now - at - n;
        return at;
    }
    if (!stamp)
        at = apart(want, rec->next[0]) > 3 * n ? want : rec->next[0];
    else if (at > want + AHEAD_MAX || at < want - BEHIND_MAX) { /* another clock began */
        at = want > rec->next[0] ? want : rec->next[0];
        rec->base = at - stamp * PER_MS;
    }
    return apart(at, rec->next[0]) < GLUE ? rec->next[0] : at;
}

/* The quickest frames tell how far behind the stream we are; the clocks drift, so it creeps. */
static void learn_lag(struct recording *rec, int64_t end, int64_t now)
{
    rec->lag += ++rec->frames % 50 == 0;
    if (now - end < rec->lag)
        rec->lag = now - end;
}

void recorder_caller(struct recording *rec, const uint8_t *ulaw, size_t n, uint64_t stamp_ms,
                     int64_t now_ms)
{
    int64_t now = samples_since(rec, now_ms);
    int64_t stamp = stamp_ms < (uint64_t)1 << 40 ? (int64_t)stamp_ms : 0;
    int64_t at = frame_at(rec, (int64_t)n, stamp, now);
    learn_lag(rec, at + (int64_t)n, now);
    size_t old = at < rec->next[0] ? (size_t)(rec->next[0] - at) : 0; /* came twice */
    if (old < n)
        lay(rec, DESK_REC_CALLER, at + (int64_t)old, ulaw + old, n - old);
}

void recorder_desk(struct recording *rec, const uint8_t *ulaw, size_t n, int64_t play_ms)
{
    int64_t at = samples_since(rec, play_ms) - rec->lag;
    bool goes_on =
        apart(play_ms, rec->said_ms) <= 1; /* whatever we have learned of the line since */
    if (goes_on || at - rec->next[1] < GLUE)
        at = rec->next[1];
    rec->said_ms = play_ms + (int64_t)n / PER_MS;
    lay(rec, DESK_REC_DESK, at, ulaw, n);
}

static void order(struct recording *rec, enum op op, int64_t at)
{
    struct block *b = block_new(rec, op, DESK_REC_DESK, at);
    if (b)
        pass_on(rec, b);
    else
        give_up(rec, "memory");
}

void recorder_cut(struct recording *rec, int64_t now_ms)
{
    int64_t at = samples_since(rec, now_ms) - rec->lag;
    if (at < 0)
        at = 0;
    if (at >= rec->next[1])
        return;
    flush(rec, DESK_REC_DESK);
    order(rec, OP_CUT, at);
    rec->next[1] = at;
    rec->said_ms = 0;
}

void recorder_end(struct recording *rec, int64_t now_ms)
{
    if (!rec || !rec->going) {
        recorder_drop(rec);
        return;
    }
    int64_t at = samples_since(rec, now_ms) - rec->lag;
    if (at < rec->next[0])
        at = rec->next[0];
    flush(rec, DESK_REC_CALLER);
    flush(rec, DESK_REC_DESK);
    /* without a block for it the recording would never end: its row is completed by the worker */
    struct block *b = block_new(rec, OP_END, DESK_REC_CALLER, at);
    if (b)
        block_push(b);
}

/* ---- the thread's side ----------------------------------------------------------------------- */

static void fail(struct recording *rec, enum desk_rc rc)
{
    rec->cut = rc == DESK_ELIMIT ? "disk_full" : "disk_failed";
    if (rc != DESK_ELIMIT)
        desk_log_errno(DESK_LOG_ERROR, "recorder.disk", "recording=%s rc=%s", rec->about.id,
                       desk_rc_name(rc));
    tell_stopped(rec, rec->cut);
}

/* Free space, looked at now and then. DESK_ELIMIT: we stop before the disk is full. */
static enum desk_rc disk_room(struct recorder *r)
{
    char path[DESK_PATH_LEN];
    struct statvfs fs;
    int64_t now = desk_mono_ms();
    if (!r->free_at || now - r->free_at >= FREE_EACH) {
        uint64_t want = (uint64_t)desk_setting_int(DESK_S_RECORD_FREE_MB) << 20;
        r->free_at = now;
        r->disk_full = statvfs(desk_path_data(path, "."), &fs) == 0 &&
                       (uint64_t)fs.f_bavail * fs.f_frsize < want;
    }
    return r->disk_full ? DESK_ELIMIT : DESK_OK;
}

static enum desk_rc do_open(struct recording *rec, const struct block *b)
{
    (void)b;
    enum desk_rc rc = disk_room(rec->r);
    return rc ? rc
              : desk_recfile_create(&rec->disk.file, rec->r->key, rec->about.path,
                                    rec->about.tenant_id, rec->about.id);
}

static enum desk_rc do_sound(struct recording *rec, const struct block *b)
{
    enum desk_rc rc = disk_room(rec->r);
    return rc ? rc : rec_disk_sound(&rec->disk, (enum desk_rec_side)b->side, b->at, b->sound, b->n);
}

static enum desk_rc do_cut(struct recording *rec, const struct block *b)
{
    return rec_disk_cut(&rec->disk, b->at);
}

/* Both sides to the last sample; where that fails, or was given up before, to the last piece that
 * both have on the disk. Returns how many samples there are. */
static int64_t complete(struct recording *rec, int64_t samples)
{
    enum desk_rc rc = DESK_OK;
    if (!rec->cut)
        rc = rec_disk_cut(&rec->disk, samples);
    if (!rec->cut && !rc)
        rc = rec_disk_fill(&rec->disk, samples);
    if (rc)
        fail(rec, rc);
    return rec->cut ? rec_disk_samples(&rec->disk) : samples;
}

static void finish(struct recording *rec, int64_t samples)
{
    enum desk_rc rc = DESK_OK;
    if (!rec->cut)
        rec->cut = rec->dropped;
    samples = rec->disk.file.fd >= 0 ? complete(rec, samples) : 0;
    if (samples)
        rc = desk_recfile_end(&rec->disk.file, samples);
    else if (rec->disk.file.fd >= 0)
        rc = desk_recfile_remove(rec->about.path);
    if (rc)
        desk_log(DESK_LOG_WARN, "recorder.end", "recording=%s rc=%s", rec->about.id,
                 desk_rc_name(rc));
    struct recorded *out = malloc(sizeof *out);
    if (!out)
        return; /* the worker completes the row */
    *out = rec->about;
    snprintf(out->cut, sizeof out->cut, "%s", rec->cut ? rec->cut : "");
    out->ms = samples / PER_MS;
    out->bytes = samples ? rec->disk.file.size : 0;
    inbox_post(rec->r->inbox,
               (struct note){.kind = NOTE_RECORDED, .call = rec->call, .recorded = out});
}

static enum desk_rc (*const ops[])(struct recording *, const struct block *) = {
    [OP_OPEN] = do_open, [OP_SOUND] = do_sound, [OP_CUT] = do_cut};

static void work(struct block *b)
{
    struct recording *rec = b->rec;
    atomic_fetch_sub(&rec->waiting, b->n);
    if (b->op == OP_END) {
        finish(rec, b->at);
        desk_recfile_close(&rec->disk.file);
        free(rec);
        return;
    }
    if (atomic_load(&rec->stopped))
        return;
    enum desk_rc rc = ops[b->op](rec, b);
    if (rc)
        fail(rec, rc);
}

static void until_ms(struct timespec *t, int64_t ms)
{
    clock_gettime(CLOCK_MONOTONIC, t);
    t->tv_sec += (time_t)(ms / 1000);
    t->tv_nsec += (long)(ms % 1000) * 1000000;
    if (t->tv_nsec >= 1000000000) {
        t->tv_nsec -= 1000000000;
        t->tv_sec++;
    }
}

/* All that waits; pauses before, so that there is more of it. NULL: stopped, and nothing is left.
 */
static struct block *take_all(struct recorder *r)
{
    struct timespec t;
    until_ms(&t, PAUSE_MS);
    pthread_mutex_lock(&r->lock);
    while (!r->stop && r->waiting < DESK_MAX_REC_WAIT / 4 &&
           pthread_cond_timedwait(&r->more, &r->lock, &t) != ETIMEDOUT)
        ;
    while (!r->head && !r->stop) {
        r->idle = true;
        pthread_cond_wait(&r->more, &r->lock);
    }
    struct block *b = r->head;
    r->head = r->tail = NULL;
    r->idle = false;
    bool late = r->stop && desk_mono_ms() >= r->stop_at;
    pthread_mutex_unlock(&r->lock);
    if (!late || !b)
        return b;
    desk_log(DESK_LOG_ERROR, "recorder.left", "waiting=%lld", (long long)r->waiting);
    blocks_free(b);
    return NULL;
}

static void *thread_main(void *ctx)
{
    struct recorder *r = ctx;
    desk_thread_behind();
    for (struct block *b; (b = take_all(r));) {
        int64_t n = 0;
        for (struct block *next; b; b = next) {
            next = b->next;
            b->next = NULL;
            n += b->n;
            work(b);
            blocks_return(r, b);
        }
        pthread_mutex_lock(&r->lock);
        r->waiting -= n;
        pthread_mutex_unlock(&r->lock);
    }
    pthread_mutex_lock(&r->lock);
    r->done = true;
    pthread_mutex_unlock(&r->lock);
    return NULL;
}

struct recorder *recorder_new(struct inbox *inbox, const struct desk_key *key)
{
    pthread_condattr_t attr;
    struct recorder *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->inbox = inbox;
    r->key = key;
    pthread_mutex_init(&r->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&r->more, &attr);
    pthread_condattr_destroy(&attr);
    if (pthread_create(&r->thread, NULL, thread_main, r) == 0)
        return r;
    pthread_cond_destroy(&r->more);
    pthread_mutex_destroy(&r->lock);
    free(r);
    return NULL;
}

bool recorder_free(struct recorder *r, int max_ms)
{
    struct timespec t;
    if (!r)
        return true;
    pthread_mutex_lock(&r->lock);
    r->stop = true;
    r->stop_at = desk_mono_ms() + max_ms;
    pthread_mutex_unlock(&r->lock);
    pthread_cond_signal(&r->more);
    clock_gettime(CLOCK_REALTIME, &t);
    t.tv_sec += max_ms / 1000 + 1;
    if (pthread_timedjoin_np(r->thread, NULL, &t))
        return false;
    blocks_free(r->spare);
    blocks_free(r->returned);
    pthread_cond_destroy(&r->more);
    pthread_mutex_destroy(&r->lock);
    free(r);
    return true;
}
