/* The speech engine's workers: no session holds up another. Work stops at a gate, so that what
 * comes first is the pool's decision and not the clock's. */
#include "../../speech/pool.c"
#include "../../speech/sentence.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#define SOUND 8000 /* a sentence's bytes: a second */

/* ---- the gate -------------------------------------------------------------------------------- */

static struct {
    pthread_mutex_t lock;
    pthread_cond_t moved;
    int open; /* 1: for an x, 2: for a y as well */
    int waiting;
} gate = {.lock = PTHREAD_MUTEX_INITIALIZER, .moved = PTHREAD_COND_INITIALIZER};

static void gate_pass(int level)
{
    pthread_mutex_lock(&gate.lock);
    gate.waiting++;
    pthread_cond_broadcast(&gate.moved);
    while (gate.open < level)
        pthread_cond_wait(&gate.moved, &gate.lock);
    gate.waiting--;
    pthread_mutex_unlock(&gate.lock);
}

static void gate_open(int open)
{
    pthread_mutex_lock(&gate.lock);
    gate.open = open;
    pthread_cond_broadcast(&gate.moved);
    pthread_mutex_unlock(&gate.lock);
}

static void gate_await(int workers)
{
    pthread_mutex_lock(&gate.lock);
    while (gate.waiting < workers)
        pthread_cond_wait(&gate.moved, &gate.lock);
    pthread_mutex_unlock(&gate.lock);
}

/* ---- what the workers do --------------------------------------------------------------------- */

static void *open_ear(void)
{
    return &gate;
}

static void close_ear(void *recogniser)
{
    assert_ptr_equal(recogniser, &gate);
}

static enum desk_rc hear_at_gate(void *recogniser, const struct desk_stt_ask *ask,
                                 struct desk_stt_heard *heard)
{
    (void)recogniser;
    (void)ask;
    snprintf(heard->text, sizeof heard->text, "words");
    gate_pass(1);
    return DESK_OK;
}

/* A text's first letter for a second; an x and a y are spoken when the gate is open for them. */
static enum desk_rc speak_at_gate(const char *voice, const char *text, struct desk_buf *out)
{
    (void)voice;
    if (*text == 'x' || *text == 'y')
        gate_pass(*text == 'x' ? 1 : 2);
    memset(desk_buf_room(out, SOUND), text[0], SOUND);
    desk_buf_grew(out, SOUND);
    return DESK_OK;
}

static const struct desk_stt_backend stt = {
    .open = open_ear, .hear = hear_at_gate, .close = close_ear};
static const struct desk_tts_backend tts = {.speak = speak_at_gate};

/* ---- the pool under test --------------------------------------------------------------------- */

static struct desk_pool *pool;
static int woken;

static void count_wake(void *ctx)
{
    __atomic_add_fetch((int *)ctx, 1, __ATOMIC_SEQ_CST);
}

static void begin(int ears)
{
    gate_open(0);
    woken = 0;
    pool = desk_pool_new(ears, &stt, &tts, count_wake, &woken);
    assert_non_null(pool);
}

static void ask(enum desk_job_kind kind, uint64_t session, uint64_t tag, const char *text)
{
    struct desk_job *job = desk_job_new(kind, session, tag);
    assert_non_null(job);
    job->text = strdup(text);
    desk_pool_submit(pool, job);
}

/* The next that is done: " session:tag" behind words, a letter for each second into sound. */
static void done_next(char words[200], char sound[64])
{
    struct desk_job *job = NULL;
    size_t n = strlen(words);
    for (int ms = 0; !job && ms < 20000; ms += 2, usleep(2000))
        job = desk_pool_take(pool);
    assert_non_null(job);
    assert_int_equal(job->rc, DESK_OK);
    snprintf(words + n, 200 - n, " %d:%d", (int)job->session, (int)job->tag);
    n = 0;
    for (size_t i = 0; sound && i < job->audio.len; i += SOUND)
        sound[n++] = job->audio.p[i];
    if (sound)
        sound[n] = '\0';
    desk_job_free(job);
}

/* ---- tests ----------------------------------------------------------------------------------- */

/* However many are being heard, and however long that takes: decided words are spoken. */
static void speaks_while_all_ears_hear(void **state)
{
    char words[200] = "", sound[64];
    (void)state;
    begin(2);
    for (uint64_t i = 0; i < 10; i++)
        ask(DESK_JOB_HEAR, i, 0, "");
    gate_await(2);
    ask(DESK_JOB_SPEAK, 20, 1, "a");
    done_next(words, sound);
    assert_string_equal(words, " 20:1");
    assert_string_equal(sound, "a");
    gate_open(1);
    for (int i = 0; i < 10; i++)
        done_next(words, NULL);
    desk_pool_free(pool);
    assert_int_equal(woken, 11);
}

/* Sessions take turns, whoever asked first or most often. */
static void hears_in_turns(void **state)
{
    char words[200] = "";
    (void)state;
    begin(1);
    ask(DESK_JOB_HEAR, 1, 0, "");
    gate_await(1);
    for (uint64_t tag = 1; tag <= 4; tag++)
        ask(DESK_JOB_HEAR, 1, tag, "");
    for (uint64_t tag = 1; tag <= 2; tag++)
        ask(DESK_JOB_HEAR, 2, tag, "");
    ask(DESK_JOB_HEAR, 3, 1, "");
    gate_open(1);
    for (int i = 0; i < 8; i++)
        done_next(words, NULL);
    assert_string_equal(words, " 1:0 1:1 2:1 3:1 1:2 2:2 1:3 1:4");
    desk_pool_free(pool);
}

/* What was asked for before the next sentences of long answers is spoken before them. */
static void sentences_take_turns(void **state)
{
    char words[200] = "", sound[64];
    (void)state;
    begin(1);
    for (uint64_t i = 1; i <= MOUTHS; i++)
        ask(DESK_JOB_SPEAK, i, 0, "x");
    gate_await(MOUTHS);
    ask(DESK_JOB_SPEAK, 9, 0, "z");
    for (uint64_t i = 1; i <= MOUTHS; i++)
        ask(DESK_JOB_SPEAK, i, 1, "y"); /* the sentences behind those that are being spoken */
    gate_open(1);
    for (int i = 0; i < MOUTHS + 1; i++) {
        done_next(words, sound);
        assert_int_equal(strlen(sound), 1);
    }
    assert_non_null(strstr(words, " 9:0"));
    assert_null(strstr(words, ":1"));
    gate_open(2);
    for (int i = 0; i < MOUTHS; i++)
        done_next(words, sound);
    assert_string_equal(sound, "y");
    desk_pool_free(pool);
    assert_int_equal(woken, 2 * MOUTHS + 1);
}

/* Answers that were given up do not keep the mouths from other callers. */
static void one_speech_a_session(void **state)
{
    char words[200] = "";
    (void)state;
    begin(1);
    for (uint64_t i = 1; i <= MOUTHS; i++)
        ask(DESK_JOB_SPEAK, i, 0, "x");
    gate_await(MOUTHS);
    for (uint64_t tag = 1; tag <= 100; tag++)
        ask(DESK_JOB_SPEAK, tag == 50 ? 8 : 7, tag, "words");
    gate_open(1);
    for (int i = 0; i < MOUTHS + 2; i++)
        done_next(words, NULL);
    assert_non_null(strstr(words, " 8:50"));
    assert_non_null(strstr(words, " 7:100"));
    desk_pool_free(pool); /* and there is no more */
    assert_int_equal(woken, MOUTHS + 2);
}

/* A file of 40 seconds of a tone at 16 kHz, or no file at all. */
static void ask_file(uint64_t session, bool whole)
{
    struct desk_job *job = desk_job_new(DESK_JOB_HEAR, session, 1);
    const size_t n = 40 * 16000;
    assert_non_null(job);
    job->wav = calloc(1, DESK_WAV_PCM_HEAD + 2 * n);
    job->wav_len = whole ? DESK_WAV_PCM_HEAD + 2 * n : 20;
    assert_non_null(job->wav);
    desk_wav_pcm_head((uint8_t *)job->wav, 1, 16000, (int64_t)n);
    for (size_t i = 0; i < n; i++)
        job->wav[DESK_WAV_PCM_HEAD + 2 * i + 1] = i / 20 % 2 ? 0x10 : -0x10;
    desk_pool_submit(pool, job);
}

/* A long file is heard in pieces, and what others said is heard between two of them. */
static void a_long_file_lets_others_be_heard(void **state)
{
    char words[200] = "";
    (void)state;
    begin(1);
    ask(DESK_JOB_HEAR, 1, 0, "");
    gate_await(1);
    ask_file(2, true);
    ask(DESK_JOB_HEAR, 3, 0, "");
    ask_file(4, false);
    gate_open(true);
    done_next(words, NULL);
    done_next(words, NULL);
    assert_string_equal(words, " 1:0 3:0");
    struct desk_job *job = NULL;
    size_t done = 0;
    for (int ms = 0; done < 2 && ms < 20000; ms += 2, usleep(2000)) {
        job = desk_pool_take(pool);
        if (!job)
            continue;
        done++;
        if (job->session == 2) {
            assert_int_equal(job->rc, DESK_OK);
            assert_string_equal(desk_buf_cstr(&job->audio), "words words words");
            assert_int_equal(job->n, 40 * 8000);
        } else {
            assert_int_equal(job->session, 4);
            assert_int_equal(job->rc, DESK_EINVAL);
        }
        desk_job_free(job);
    }
    assert_int_equal(done, 2);
    desk_pool_free(pool);
}

/* Sentence by sentence, and all of them come back together. */
static void a_whole_text_is_one_sound(void **state)
{
    char words[200] = "", sound[64];
    (void)state;
    begin(1);
    ask(DESK_JOB_SPEAK, 1, 1, "a big one. By hand.  C");
    done_next(words, sound);
    assert_string_equal(sound, "aBC");
    desk_pool_free(pool);
    assert_int_equal(woken, 1);
}

/* What waits when the engine ends is let go. */
static void ends_with_work_left(void **state)
{
    (void)state;
    begin(1);
    ask(DESK_JOB_HEAR, 1, 1, "");
    gate_await(1);
    ask(DESK_JOB_HEAR, 1, 2, "");
    gate_open(1);
    desk_pool_free(pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(speaks_while_all_ears_hear),
        cmocka_unit_test(hears_in_turns),
        cmocka_unit_test(sentences_take_turns),
        cmocka_unit_test(a_long_file_lets_others_be_heard),
        cmocka_unit_test(a_whole_text_is_one_sound),
        cmocka_unit_test(one_speech_a_session),
        cmocka_unit_test(ends_with_work_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
