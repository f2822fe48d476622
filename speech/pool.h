/* Worker threads for what takes long: hearing and speaking. A job carries copies and its session's
 * number, never a pointer into a session; its result comes back by a queue the loop empties.
 *
 * No session holds up another. Ears only hear and mouths only speak: words that are decided never
 * wait for a recogniser. Sessions that are to be heard take turns, whoever asked first or most
 * often. A session has its text spoken sentence by sentence (session_voice.c), and others' words go
 * between two of them. */
#ifndef SPEECH_POOL_H
#define SPEECH_POOL_H

#include "base/buf.h"
#include "speech/stt.h"
#include "speech/tts.h"

enum desk_job_kind { DESK_JOB_HEAR, DESK_JOB_SPEAK };

struct desk_job {
    enum desk_job_kind kind;
    uint64_t session, tag; /* whose, and which of theirs */
    enum desk_dialog_expect expect;
    char *vocabulary; /* HEAR, owned */
    int16_t *pcm;     /* HEAR, owned */
    size_t n;
    char *wav; /* HEAR, owned, in the place of pcm: a whole file, of any length. Heard piece by
                  piece, others' turns between; the words of all go into audio */
    size_t wav_len;
    char *text; /* SPEAK, owned: a session's is one sentence; more are spoken one by one, others'
                   between */
    char voice[32];
    /* the pool's own: how far it is in the text (bytes) or file (samples); HEAR: lower turns go
     * first */
    size_t spoken;
    uint64_t turn;
    /* results */
    enum desk_rc rc;
    struct desk_stt_heard heard;
    struct desk_buf audio; /* SPEAK: µ-law; HEAR of a file: its words */
    struct desk_job *next;
};

struct desk_job *desk_job_new(enum desk_job_kind kind, uint64_t session,
                              uint64_t tag); /* or NULL */
void desk_job_free(struct desk_job *job);    /* NULL is fine */

struct desk_pool;

/* ears: recognisers, each with a thread of its own. wake(ctx) is called from a worker after each
 * result: it must only nudge the loop. Ears load their models at once; jobs given before that wait.
 * NULL: no thread could be made. */
struct desk_pool *desk_pool_new(int ears, const struct desk_stt_backend *stt,
                                const struct desk_tts_backend *tts, void (*wake)(void *),
                                void *ctx);
/* Takes the job. One to SPEAK replaces those of its session that wait: they were given up, and
 * would keep the mouths from other sessions. (What is being spoken is finished, and comes back.) */
void desk_pool_submit(struct desk_pool *pool, struct desk_job *job);
struct desk_job *desk_pool_take(struct desk_pool *pool); /* a finished one, or NULL */
void desk_pool_free(struct desk_pool *pool); /* waits for running jobs, drops the others */

#endif
