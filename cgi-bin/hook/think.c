/* Threads that think: a turn that asks a model, or a conversation by text, is answered by one of
 * these, each with a database connection of its own, so that no request is the only holder of what
 * it started. They are made at the first such turn, and end with the process. */
#include "cgi-bin/hook/talk.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "store/open.h"
#include "talk/text_in.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define THINK_ARENA (8 * 1024 * 1024)

struct job {
    struct job *next;
    struct desk_talk_job j; /* its strings are ours */
    char *tenant_id, *call_id, *claim, *text, *token;
    char *session_id; /* not a turn, but the texts that wait there; NULL */
};

static struct {
    pthread_mutex_t lock;
    pthread_cond_t work, answered; /* something to do; some turn was answered */
    pthread_cond_t end;            /* the process ends */
    struct job *head, **tail;
    size_t waiting, busy, threads;
    pthread_t thread[HOOK_THINKERS];
    _Atomic bool stopping;
} pool = {.lock = PTHREAD_MUTEX_INITIALIZER,
          .work = PTHREAD_COND_INITIALIZER,
          .answered = PTHREAD_COND_INITIALIZER,
          .end = PTHREAD_COND_INITIALIZER,
          .tail = &pool.head};

static bool stopping(void)
{
    return atomic_load(&pool.stopping);
}

static void job_free(struct job *job)
{
    if (!job)
        return;
    free(job->tenant_id);
    free(job->call_id);
    free(job->claim);
    free(job->text);
    free(job->token);
    free(job->session_id);
    free(job);
}

static struct job *job_new(const struct desk_talk_job *from)
{
    struct job *job = calloc(1, sizeof *job);
    if (!job)
        return NULL;
    job->tenant_id = strdup(from->tenant_id);
    job->call_id = strdup(from->call_id);
    job->claim = strdup(from->claim);
    job->text = strdup(from->text);
    job->token = from->token ? strdup(from->token) : NULL;
    job->j = *from;
    job->j.tenant_id = job->tenant_id;
    job->j.call_id = job->call_id;
    job->j.claim = job->claim;
    job->j.text = job->text;
    job->j.token = job->token;
    job->j.stopping = stopping;
    if (job->tenant_id && job->call_id && job->claim && job->text && !job->token == !from->token)
        return job;
    job_free(job);
    return NULL;
}

static struct job *job_of_texts(const char *tenant_id, const char *session_id,
                                const struct desk_brain *brain)
{
    struct job *job = calloc(1, sizeof *job);
    if (!job)
        return NULL;
    job->tenant_id = strdup(tenant_id);
    job->session_id = strdup(session_id);
    job->j.brain = brain;
    if (job->tenant_id && job->session_id)
        return job;
    job_free(job);
    return NULL;
}

/* The next one; NULL: the process ends and nothing is left. */
static struct job *pop(void)
{
    pthread_mutex_lock(&pool.lock);
    while (!pool.head && !stopping())
        pthread_cond_wait(&pool.work, &pool.lock);
    struct job *job = pool.head;
    if (job) {
        pool.head = job->next;
        pool.tail = pool.head ? pool.tail : &pool.head;
        pool.waiting--;
        pool.busy++;
    }
    pthread_mutex_unlock(&pool.lock);
    return job;
}

static enum desk_rc answer_one(struct desk_db *db, struct desk_arena *a, const struct job *job)
{
    if (!job->session_id)
        return desk_talk_answer(db, a, &job->j);
    enum desk_rc rc =
        desk_text_talk(db, a, job->tenant_id, job->session_id, job->j.brain, stopping);
    return rc == DESK_DONE ? DESK_OK : rc;
}

static void answer(struct desk_db **db, const struct job *job)
{
    enum desk_rc rc = DESK_OK;
    struct desk_arena *a = desk_arena_new(THINK_ARENA);
    if (!*db)
        rc = desk_store_open(db, DESK_ZONE_HOOK, HOOK_BUSY_MS);
    if (!rc)
        rc = a ? answer_one(*db, a, job) : DESK_ENOMEM;
    if (rc && rc != DESK_ECONFLICT) { /* its claim runs out, and the rules answer */
        desk_log(DESK_LOG_ERROR, "think.failed", "call=%s n=%lld rc=%s",
                 job->call_id ? job->call_id : job->session_id, (long long)job->j.n,
                 desk_rc_name(rc));
        desk_db_close(*db);
        *db = NULL;
    }
    desk_arena_free(a);
}

static void *think_main(void *arg)
{
    struct desk_db *db = NULL;
    (void)arg;
    for (struct job *job; (job = pop());) {
        answer(&db, job);
        job_free(job);
        pthread_mutex_lock(&pool.lock);
        pool.busy--;
        pthread_cond_broadcast(&pool.answered);
        pthread_mutex_unlock(&pool.lock);
    }
    desk_db_close(db);
    return NULL;
}

/* With the lock: one thread more when all are at work. */
static void grow(void)
{
    size_t n = pool.threads;
    if (pool.busy + pool.waiting < n || n == HOOK_THINKERS)
        return;
    if (pthread_create(&pool.thread[n], NULL, think_main, NULL) == 0)
        pool.threads++;
    else
        desk_log_errno(DESK_LOG_ERROR, "think.thread", "n=%zu", n);
}

/* Takes job. */
static enum desk_rc push(struct job *job)
{
    if (!job)
        return DESK_ENOMEM;
    pthread_mutex_lock(&pool.lock);
    bool room = !stopping() && pool.waiting < DESK_MAX_THINK_QUEUE;
    if (room)
        grow();
    room = room && pool.threads;
    if (room) {
        *pool.tail = job;
        pool.tail = &job->next;
        pool.waiting++;
        pthread_cond_signal(&pool.work);
    }
    pthread_mutex_unlock(&pool.lock);
    if (room)
        return DESK_OK;
    job_free(job);
    return DESK_EBUSY;
}

enum desk_rc think_push(const struct desk_talk_job *from)
{
    return push(job_new(from));
}

enum desk_rc think_push_texts(const char *tenant_id, const char *session_id,
                              const struct desk_brain *brain)
{
    return push(job_of_texts(tenant_id, session_id, brain));
}

static struct timespec in_ms(int64_t ms)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    t.tv_sec += ms / 1000;
    t.tv_nsec += (long)(ms % 1000) * 1000000;
    if (t.tv_nsec >= 1000000000) {
        t.tv_sec++;
        t.tv_nsec -= 1000000000;
    }
    return t;
}

void think_wait(int64_t ms)
{
    struct timespec until = in_ms(ms);
    pthread_mutex_lock(&pool.lock);
    (void)pthread_cond_timedwait(&pool.answered, &pool.lock, &until);
    pthread_mutex_unlock(&pool.lock);
}

bool think_stopping(int64_t ms)
{
    struct timespec until = in_ms(ms);
    int rc = 0;
    pthread_mutex_lock(&pool.lock);
    while (!stopping() && rc == 0)
        rc = pthread_cond_timedwait(&pool.end, &pool.lock, &until);
    pthread_mutex_unlock(&pool.lock);
    return stopping();
}

void think_stop(int64_t ms)
{
    struct timespec until = in_ms(ms);
    pthread_mutex_lock(&pool.lock);
    atomic_store(&pool.stopping, true);
    size_t n = pool.threads;
    pthread_cond_broadcast(&pool.work);
    pthread_cond_broadcast(&pool.end);
    pthread_mutex_unlock(&pool.lock);
    for (size_t i = 0; i < n; i++)
        if (pthread_timedjoin_np(pool.thread[i], NULL, &until))
            desk_log(DESK_LOG_WARN, "think.stuck", "n=%zu", i);
}

/* ---- who may wait ---------------------------------------------------------------------------- */

static _Atomic int waiting;

bool think_may_wait(void)
{
    if (atomic_fetch_add(&waiting, 1) < HOOK_WAITERS)
        return true;
    atomic_fetch_sub(&waiting, 1);
    return false;
}

void think_waited(void)
{
    atomic_fetch_sub(&waiting, 1);
}
