/* See pool.h. Three queues under one lock: to be heard, in the order of their turns; to be spoken;
 * done. */
#include "speech/pool.h"

#include "base/limits.h"
#include "base/log.h"
#include "core/resample.h"
#include "core/utterance.h"
#include "wire/wav.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define MAX_EARS 16
#define MOUTHS   2 /* what is kept from before is spoken while another sentence is made */

struct queue {
    struct desk_job *head, *tail;
};

struct desk_pool {
    pthread_mutex_t lock;
    pthread_cond_t to_hear, to_speak;
    struct queue speak, hear, done;
    uint64_t turn; /* of the HEAR job taken last */
    bool stop;
    const struct desk_stt_backend *stt;
    const struct desk_tts_backend *tts;
    void (*wake)(void *);
    void *ctx;
    pthread_t threads[MAX_EARS + MOUTHS];
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
    free(job->wav);
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

/* A session's next job has the turn behind its last one that waits. Before others of the same turn
 * are those that came earlier. */
static void push_by_turn(struct desk_pool *pool, struct desk_job *job)
{
    struct desk_job *before = NULL;
    job->turn = pool->turn;
    for (const struct desk_job *j = pool->hear.head; j; j = j->next)
        if (j->session == job->session)
            job->turn = j->turn + 1;
    for (struct desk_job *j = pool->hear.head; j && j->turn <= job->turn; j = j->next)
        before = j;
    if (before == pool->hear.tail) {
        push(&pool->hear, job);
        return;
    }
    job->next = before ? before->next : pool->hear.head;
    if (before)
        before->next = job;
    else
        pool->hear.head = job;
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

static void done(struct desk_pool *pool, struct desk_job *job)
{
    pthread_mutex_lock(&pool->lock);
    push(&pool->done, job);
    pthread_mutex_unlock(&pool->lock);
    pool->wake(pool->ctx);
}

/* There is more to it, behind all that wait now. */
static void again(struct desk_pool *pool, struct desk_job *job)
{
    bool speak = job->kind == DESK_JOB_SPEAK;
    pthread_mutex_lock(&pool->lock);
    if (speak)
        push(&pool->speak, job);
    else
        push_by_turn(pool, job);
    pthread_cond_signal(speak ? &pool->to_speak : &pool->to_hear);
    pthread_mutex_unlock(&pool->lock);
}

/* ---- ears ------------------------------------------------------------------------------------ */

static void hear_one(const struct desk_pool *pool, void *recogniser, struct desk_job *job)
{
    const struct desk_stt_ask ask = {job->expect, job->vocabulary ? job->vocabulary : "", job->pcm,
                                     job->n};
    job->rc = recogniser ? pool->stt->hear(recogniser, &ask, &job->heard) : DESK_EUPSTREAM;
}

/* A file's sound as the ears take it, once. */
static enum desk_rc unpack(struct desk_job *job)
{
    struct desk_wav w;
    enum desk_rc rc = desk_wav_parse((const uint8_t *)job->wav, job->wav_len, &w, NULL);
    if (rc)
        return rc;
    if (w.frames / w.rate > DESK_MAX_HEAR_S)
        return DESK_ELIMIT;
    size_t n = desk_resample_len(w.frames, w.rate, DESK_STT_RATE);
    int16_t *mono = malloc((w.frames + 1) * sizeof *mono);
    job->pcm = malloc((n + 1) * sizeof *job->pcm);
    if (mono && job->pcm) {
        desk_wav_mono(&w, 0, w.frames, mono);
        desk_resample(mono, w.frames, w.rate, DESK_STT_RATE, job->pcm);
        job->n = n;
    }
    bool made = mono && job->pcm;
    free(mono);
    return made ? DESK_OK : DESK_ENOMEM;
}

/* The next piece of a file. True: there are more. */
static bool hear_on(const struct desk_pool *pool, void *recogniser, struct desk_job *job)
{
    if (!job->pcm)
        job->rc = unpack(job);
    if (job->rc)
        return false;
    size_t n = desk_utterance_next(job->pcm + job->spoken, job->n - job->spoken);
    const struct desk_stt_ask ask = {job->expect, job->vocabulary ? job->vocabulary : "",
                                     job->pcm + job->spoken, n};
    job->rc = recogniser ? pool->stt->hear(recogniser, &ask, &job->heard) : DESK_EUPSTREAM;
    job->spoken += n;
    if (!job->rc && *job->heard.text) {
        desk_buf_str(&job->audio, job->audio.len ? " " : "");
        desk_buf_str(&job->audio, job->heard.text);
    }
    return job->rc == DESK_OK && job->spoken < job->n;
}

/* Wait for a job, holding the lock; NULL: stop. */
static struct desk_job *await_job(struct desk_pool *pool, struct queue *q, pthread_cond_t *more)
{
    while (!pool->stop && !q->head)
        pthread_cond_wait(more, &pool->lock);
    return pool->stop ? NULL : pop(q);
}

static struct desk_job *take_hear(struct desk_pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    struct desk_job *job = await_job(pool, &pool->hear, &pool->to_hear);
    if (job)
        pool->turn = job->turn;
    pthread_mutex_unlock(&pool->lock);
    return job;
}

static void *ear(void *arg)
{
    struct desk_pool *pool = arg;
    void *recogniser = pool->stt->open();
    struct desk_job *job;
    while ((job = take_hear(pool)) != NULL) {
        bool more = false;
        if (job->wav)
            more = hear_on(pool, recogniser, job);
        else
            hear_one(pool, recogniser, job);
        if (more)
            again(pool, job);
        else
            done(pool, job);
    }
    pool->stt->close(recogniser);
    return NULL;
}

/* ---- mouths ---------------------------------------------------------------------------------- */

static struct desk_job *take_speak(struct desk_pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    struct desk_job *job = await_job(pool, &pool->speak, &pool->to_speak);
    pthread_mutex_unlock(&pool->lock);
    return job;
}

/* The next sentence of a job; a session's has one. True: there are more. */
static bool speak_on(const struct desk_pool *pool, struct desk_job *job)
{
    const char *rest = job->text ? job->text + job->spoken : "";
    size_t n = desk_tts_sentence(rest);
    char *sentence = job->text ? strndup(rest, n) : NULL;
    job->rc = sentence ? pool->tts->speak(job->voice, sentence, &job->audio) : DESK_ENOMEM;
    free(sentence);
    job->spoken += n;
    job->spoken += strspn(rest + n, " \t\r\n");
    return job->rc == DESK_OK && n > 0 && job->text[job->spoken];
}

static void *mouth(void *arg)
{
    struct desk_pool *pool = arg;
    struct desk_job *job;
    while ((job = take_speak(pool)) != NULL) {
        if (speak_on(pool, job))
            again(pool, job);
        else
            done(pool, job);
    }
    return NULL;
}

/* ---- all of it ------------------------------------------------------------------------------- */

static int start(struct desk_pool *pool, int n, void *(*what)(void *))
{
    int started = 0;
    for (int i = 0; i < n; i++)
        if (pthread_create(&pool->threads[pool->n_threads], NULL, what, pool) == 0) {
            pool->n_threads++;
            started++;
        }
    return started;
}

struct desk_pool *desk_pool_new(int ears, const struct desk_stt_backend *stt,
                                const struct desk_tts_backend *tts, void (*wake)(void *), void *ctx)
{
    struct desk_pool *pool = calloc(1, sizeof *pool);
    if (!pool)
        return NULL;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->to_hear, NULL);
    pthread_cond_init(&pool->to_speak, NULL);
    pool->stt = stt;
    pool->tts = tts;
    pool->wake = wake;
    pool->ctx = ctx;
    if (start(pool, MOUTHS, mouth) == 0 ||
        start(pool, ears < MAX_EARS ? ears : MAX_EARS, ear) == 0) {
        desk_log_errno(DESK_LOG_ERROR, "speech.no_threads", "wanted=%d", ears + MOUTHS);
        desk_pool_free(pool);
        return NULL;
    }
    return pool;
}

void desk_pool_submit(struct desk_pool *pool, struct desk_job *job)
{
    bool speak = job->kind == DESK_JOB_SPEAK;
    pthread_mutex_lock(&pool->lock);
    if (speak) {
        drop_of_session(&pool->speak, job->session);
        push(&pool->speak, job);
    } else {
        push_by_turn(pool, job);
    }
    pthread_cond_signal(speak ? &pool->to_speak : &pool->to_hear);
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
    pthread_cond_broadcast(&pool->to_hear);
    pthread_cond_broadcast(&pool->to_speak);
    pthread_mutex_unlock(&pool->lock);
    for (int i = 0; i < pool->n_threads; i++)
        pthread_join(pool->threads[i], NULL);
    struct queue *all[] = {&pool->speak, &pool->hear, &pool->done};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        for (struct desk_job *job = pop(all[i]); job; job = pop(all[i]))
            desk_job_free(job);
    pthread_cond_destroy(&pool->to_hear);
    pthread_cond_destroy(&pool->to_speak);
    pthread_mutex_destroy(&pool->lock);
    free(pool);
}
