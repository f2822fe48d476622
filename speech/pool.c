/* See pool.h. Two queues under one lock; a speaking job passes waiting hearing jobs, because a
 * caller waits for words already decided. */
#include "speech/pool.h"

#include "base/log.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define MAX_WORKERS 16

struct queue {
    struct desk_job *head, *tail;
};

struct desk_pool {
    pthread_mutex_t lock;
    pthread_cond_t work;
    struct queue speak, hear, done;
    bool stop;
    const struct desk_stt_backend *stt;
    const struct desk_tts_backend *tts;
    void (*wake)(void *);
    void *ctx;
    pthread_t threads[MAX_WORKERS];
    int n_threads;
};

struct desk_job *desk_job_new(enum desk_job_kind kind, uint64_t session, uint64_t tag)
{
    struct desk_job *job = calloc(1, sizeof *job);
    if (job) {
        job->kind = kind;
        job->session = session;
        job->tag = tag;
        desk_buf_init(&job->audio, DESK_TTS_MAX_AUDIO);
    }
    return job;
}

void desk_job_free(struct desk_job *job)
{
    if (!job)
        return;
    free(job->vocabulary);
    free(job->pcm);
    free(job->text);
    desk_buf_clear(&job->audio);
    free(job);
}

static void push(struct queue *q, struct desk_job *job)
{
    job->next = NULL;
    if (q->tail)
        q->tail->next = job;
    else
        q->head = job;
    q->tail = job;
}

static struct desk_job *pop(struct queue *q)
{
    struct desk_job *job = q->head;
    if (job) {
        q->head = job->next;
        if (!q->head)
            q->tail = NULL;
        job->next = NULL;
    }
    return job;
}

static void run(const struct desk_pool *pool, void *recogniser, struct desk_job *job)
{
    if (job->kind == DESK_JOB_SPEAK) {
        job->rc = pool->tts->speak(job->voice, job->text ? job->text : "", &job->audio);
        return;
    }
    const struct desk_stt_ask ask = {job->expect, job->vocabulary ? job->vocabulary : "", job->pcm,
                                     job->n};
    job->rc = recogniser ? pool->stt->hear(recogniser, &ask, &job->heard) : DESK_EUPSTREAM;
}

static void *worker(void *arg)
{
    struct desk_pool *pool = arg;
    void *recogniser = pool->stt->open();
    for (;;) {
        pthread_mutex_lock(&pool->lock);
        while (!pool->stop && !pool->speak.head && !pool->hear.head)
            pthread_cond_wait(&pool->work, &pool->lock);
        struct desk_job *job = pool->stop ? NULL : pop(&pool->speak);
        if (!job && !pool->stop)
            job = pop(&pool->hear);
        pthread_mutex_unlock(&pool->lock);
        if (!job)
            break;
        run(pool, recogniser, job);
        pthread_mutex_lock(&pool->lock);
        push(&pool->done, job);
        pthread_mutex_unlock(&pool->lock);
        pool->wake(pool->ctx);
    }
    pool->stt->close(recogniser);
    return NULL;
}

struct desk_pool *desk_pool_new(int workers, const struct desk_stt_backend *stt,
                                const struct desk_tts_backend *tts, void (*wake)(void *), void *ctx)
{
    struct desk_pool *pool = calloc(1, sizeof *pool);
    if (!pool)
        return NULL;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->work, NULL);
    pool->stt = stt;
    pool->tts = tts;
    pool->wake = wake;
    pool->ctx = ctx;
    for (int i = 0; i < workers && i < MAX_WORKERS; i++)
        if (pthread_create(&pool->threads[pool->n_threads], NULL, worker, pool) == 0)
            pool->n_threads++;
    if (pool->n_threads == 0) {
        desk_log_errno(DESK_LOG_ERROR, "speech.no_threads", "wanted=%d", workers);
        desk_pool_free(pool);
        return NULL;
    }
    return pool;
}

static void drop_of_session(struct queue *q, uint64_t session)
{
    struct queue kept = {NULL, NULL};
    for (struct desk_job *job = pop(q); job; job = pop(q)) {
        if (job->session == session)
            desk_job_free(job);
        else
            push(&kept, job);
    }
    *q = kept;
}

void desk_pool_submit(struct desk_pool *pool, struct desk_job *job)
{
    pthread_mutex_lock(&pool->lock);
    if (job->kind == DESK_JOB_SPEAK)
        drop_of_session(&pool->speak, job->session);
    push(job->kind == DESK_JOB_SPEAK ? &pool->speak : &pool->hear, job);
    pthread_cond_signal(&pool->work);
    pthread_mutex_unlock(&pool->lock);
}

struct desk_job *desk_pool_take(struct desk_pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    struct desk_job *job = pop(&pool->done);
    pthread_mutex_unlock(&pool->lock);
    return job;
}

void desk_pool_free(struct desk_pool *pool)
{
    if (!pool)
        return;
    pthread_mutex_lock(&pool->lock);
    pool->stop = true;
    pthread_cond_broadcast(&pool->work);
    pthread_mutex_unlock(&pool->lock);
    for (int i = 0; i < pool->n_threads; i++)
        pthread_join(pool->threads[i], NULL);
    struct queue *all[] = {&pool->speak, &pool->hear, &pool->done};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        for (struct desk_job *job = pop(all[i]); job; job = pop(all[i]))
            desk_job_free(job);
    pthread_cond_destroy(&pool->work);
    pthread_mutex_destroy(&pool->lock);
    free(pool);
}
