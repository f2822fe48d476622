#include "ws-bridge/brainpool.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/thread.h"
#include "store/open.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define THREADS   24
#define JOB_ARENA (4 * 1024 * 1024)

struct brain_ticket {
    _Atomic int holders;
    _Atomic bool cancelled;
};

struct job {
    struct fifo_node node;
    struct desk_arena *arena; /* the job's copies, then what thinking takes */
    struct brain_job j;
    struct brain_ticket *ticket;
    struct brainpool *pool;
};

struct brainpool {
    struct inbox *inbox;
    struct fifo jobs;
    pthread_mutex_t lock; /* of the two below */
    size_t threads, busy; /* busy: at work, or something waits for them */
    pthread_t thread[THREADS];
    _Atomic bool over;
};

/* ---- tickets --------------------------------------------------------------------------------- */

void brain_ticket_drop(struct brain_ticket *t)
{
    if (t && atomic_fetch_sub(&t->holders, 1) == 1)
        free(t);
}

void brain_ticket_cancel(struct brain_ticket *t)
{
    if (t)
        atomic_store(&t->cancelled, true);
    brain_ticket_drop(t);
}

/* ---- jobs ------------------------------------------------------------------------------------ */

static void job_free(struct job *j)
{
    if (!j)
        return;
    brain_ticket_drop(j->ticket); // NOLINT(clang-analyzer-unix.Malloc): its holders are counted
    desk_arena_free(j->arena);
    free(j);
}

static bool copy_text(struct desk_arena *a, const char **text)
{
    const char *copy = *text ? desk_arena_strdup(a, *text) : NULL;
    bool ok = copy || !*text;
    *text = copy;
    return ok;
}

static bool copy_past(struct desk_arena *a, struct desk_brain_past *p)
{
    struct desk_brain_said *said = desk_arena_alloc(a, (p->n_said + 1) * sizeof *said);
    struct desk_brain_did *did = desk_arena_alloc(a, (p->n_did + 1) * sizeof *did);
    bool ok = said && did;
    for (size_t i = 0; ok && i < p->n_said; i++) {
        said[i] = p->said[i];
        ok = copy_text(a, &said[i].text);
    }
    for (size_t i = 0; ok && i < p->n_did; i++) {
        did[i] = p->did[i];
        ok = copy_text(a, &did[i].tool) && copy_text(a, &did[i].args) &&
             copy_text(a, &did[i].result);
    }
    p->said = said;
    p->did = did;
    return ok;
}

static struct job *job_new(struct brainpool *p, const struct brain_job *from)
{
    struct job *j = calloc(1, sizeof *j);
    if (!j)
        return NULL;
    j->pool = p;
    j->j = *from;
    j->arena = desk_arena_new(JOB_ARENA);
    j->ticket = calloc(1, sizeof *j->ticket);
    if (j->ticket)
        atomic_store(&j->ticket->holders, 1);
    if (j->arena && j->ticket && copy_text(j->arena, &j->j.tenant_id) &&
        copy_text(j->arena, &j->j.call_id) && copy_text(j->arena, &j->j.text) &&
        copy_text(j->arena, &j->j.state) && copy_past(j->arena, &j->j.past))
        return j;
    job_free(j);
    return NULL;
}

/* ---- thinking -------------------------------------------------------------------------------- */

static bool given_up(void *ctx)
{
    const struct job *j = ctx;
    return atomic_load(&j->ticket->cancelled) || atomic_load(&j->pool->over);
}

static bool still_wanted(void *ctx)
{
    return !given_up(ctx);
}

static void on_words(void *ctx, const char *p, size_t n)
{
    const struct job *j = ctx;
    struct note note = {
        .kind = NOTE_BRAIN, .call = j->j.handle, .seq = j->j.seq, .text = strndup(p, n)};
    if (note.text)
        inbox_post(j->pool->inbox, note);
}

static enum desk_rc think(struct desk_db *db, struct job *j, struct desk_brain_answer *a)
{
    struct desk_call call;
    struct desk_prompt_input about;
    enum desk_rc rc = desk_call_get(db, j->arena, j->j.tenant_id, j->j.call_id, &call);
    if (!rc) {
        desk_log_bind(NULL, call.call_sid);
        desk_log_trace(call.trace);
    }
    if (!rc)
        rc = desk_prompt_load(db, j->arena, &call, &about);
    if (rc)
        return rc;
    return desk_brain_think(
        j->j.brain,
        &(struct desk_brain_turn){.db = db,
                                  .arena = j->arena,
                                  .about = &about,
                                  .event = j->j.event,
                                  .text = j->j.text,
                                  .state = j->j.state,
                                  .past = &j->j.past,
                                  .deadline_ms =
                                      desk_mono_ms() + 1000 * desk_setting_int(DESK_S_CHAT_TURN_S),
                                  .words = on_words,
                                  .stop = given_up,
                                  .mine = still_wanted,
                                  .ctx = j},
        a);
}

void brain_result_free(struct brain_result *r)
{
    if (!r)
        return;
    desk_arena_free(r->arena);
    free(r);
}

/* The job's arena goes with the result: what it says points there. */
static void answer(struct desk_db *db, struct job *j)
{
    int64_t begun = desk_mono_ms();
    struct brain_result *r = calloc(1, sizeof *r);
    struct note n = {.kind = NOTE_BRAIN, .call = j->j.handle, .seq = j->j.seq, .last = true};
    struct desk_brain_answer a;
    desk_brain_answer_init(&a);
    n.rc = r && db ? think(db, j, &a) : DESK_ENOMEM;
    desk_log(DESK_LOG_INFO, "brain.turn", "call=%s brain=%s trouble=%s asks=%d ms=%lld rc=%s",
             j->j.call_id, a.brain ? a.brain : "-", desk_llm_end_name(a.trouble), a.asks,
             (long long)(desk_mono_ms() - begun), desk_rc_name(n.rc));
    desk_log_about(NULL);
    desk_brain_answer_clear(&a);
    if (r) {
        *r = (struct brain_result){.arena = j->arena, .a = a};
        j->arena = NULL;
    }
    n.brain = r;
    inbox_post(j->pool->inbox, n);
}

static void *thread_main(void *ctx)
{
    struct brainpool *p = ctx;
    struct desk_db *db = NULL;
    desk_thread_behind();
    for (struct job *j; (j = (struct job *)fifo_pop(&p->jobs));) {
        enum desk_rc rc = db ? DESK_OK : desk_store_open(&db, DESK_ZONE_BRIDGE, 0);
        if (rc) {
            desk_log(DESK_LOG_ERROR, "brain.db", "rc=%s", desk_rc_name(rc));
            db = NULL;
        }
        answer(db, j);
        job_free(j);
        pthread_mutex_lock(&p->lock);
        p->busy--;
        pthread_mutex_unlock(&p->lock);
    }
    desk_db_close(db);
    return NULL;
}

/* ---- the pool -------------------------------------------------------------------------------- */

struct brainpool *brainpool_new(struct inbox *inbox)
{
    struct brainpool *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    p->inbox = inbox;
    fifo_init(&p->jobs, DESK_MAX_THINK_QUEUE);
    pthread_mutex_init(&p->lock, NULL);
    return p;
}

/* One more is at work, or will be: by a thread more, if all have something to do. */
static bool grow(struct brainpool *p)
{
    pthread_mutex_lock(&p->lock);
    size_t n = p->threads;
    if (p->busy >= n && n < THREADS && pthread_create(&p->thread[n], NULL, thread_main, p) == 0)
        p->threads++;
    bool ok = p->threads > 0;
    p->busy += ok;
    pthread_mutex_unlock(&p->lock);
    return ok;
}

enum desk_rc brainpool_run(struct brainpool *p, const struct brain_job *from,
                           struct brain_ticket **ticket)
{
    struct job *j = p ? job_new(p, from) : NULL;
    *ticket = NULL;
    if (!j)
        return DESK_ENOMEM;
    struct brain_ticket *t = j->ticket;
    atomic_fetch_add(&t->holders, 1);
    if (grow(p)) {
        if (fifo_push(&p->jobs, &j->node)) {
            *ticket = t;
            return DESK_OK;
        }
        pthread_mutex_lock(&p->lock);
        p->busy--;
        pthread_mutex_unlock(&p->lock);
    }
    brain_ticket_drop(t);
    job_free(j);
    return DESK_EBUSY;
}

bool brainpool_free(struct brainpool *p, int max_ms)
{
    struct timespec until;
    bool stuck = false;
    if (!p)
        return true;
    atomic_store(&p->over, true);
    fifo_stop(&p->jobs, 0);
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += max_ms / 1000;
    for (size_t i = 0; i < p->threads; i++)
        stuck = pthread_timedjoin_np(p->thread[i], NULL, &until) != 0 || stuck;
    if (stuck)
        return false;
    for (struct fifo_node *n = fifo_take_all(&p->jobs), *next; n; n = next) {
        next = n->next;
        job_free((struct job *)n);
    }
    fifo_destroy(&p->jobs);
    pthread_mutex_destroy(&p->lock);
    free(p);
    return true;
}
