/* Voices of flite: slt (a woman, default) and rms (a man), as 8 kHz µ-law. Sentences are made one
 * by one and kept, since a receptionist says the same ones all day. */
#include "speech/tts.h"

#include "base/log.h"
#include "speech/flite_voices.h"
#include "wire/mulaw.h"

#include <flite.h>
#include <pthread.h>
#include <speex/speex_resampler.h>
#include <stdlib.h>
#include <string.h>

#define CACHE_ROWS   512
#define CACHE_LONG   (12 * 8000) /* bytes: longer sentences are not common ones */
#define SENTENCE_GAP 1200        /* samples of quiet after a sentence: 150 ms */

struct kept {
    char *text; /* voice + sentence */
    uint8_t *audio;
    size_t n;
    unsigned used;
};

static struct {
    pthread_mutex_t flite, cache;
    cst_voice *slt, *rms;
    struct kept kept[CACHE_ROWS];
    unsigned clock;
} state = {.flite = PTHREAD_MUTEX_INITIALIZER, .cache = PTHREAD_MUTEX_INITIALIZER};

static const struct {
    const char *name;
    cst_voice **voice;
} voices[] = {
    /* names of the protocol that are a man's voice; all others speak as slt */
    {"rms", &state.rms},  {"ash", &state.rms},   {"ballad", &state.rms},
    {"echo", &state.rms}, {"verse", &state.rms}, {"cedar", &state.rms},
};

const struct desk_tts_backend *const desk_tts_backends[] = {&desk_tts_flite, NULL};

const struct desk_tts_backend *desk_tts_backend_find(const char *name)
{
    for (size_t i = 0; desk_tts_backends[i]; i++)
        if (!name || !*name || strcmp(name, desk_tts_backends[i]->name) == 0)
            return desk_tts_backends[i];
    return NULL;
}

void desk_flite_lock(void)
{
    pthread_mutex_lock(&state.flite);
}
void desk_flite_unlock(void)
{
    pthread_mutex_unlock(&state.flite);
}

static bool open_voices(void)
{
    flite_init();
    desk_flite_lock();
    if (!state.slt)
        state.slt = register_cmu_us_slt(NULL);
    if (!state.rms)
        state.rms = register_cmu_us_rms(NULL);
    desk_flite_unlock();
    if (!state.slt || !state.rms)
        desk_log(DESK_LOG_ERROR, "tts.voice_missing", "voice=flite");
    return state.slt && state.rms;
}

static void close_voices(void)
{
    pthread_mutex_lock(&state.cache);
    for (size_t i = 0; i < CACHE_ROWS; i++) {
        free(state.kept[i].text);
        free(state.kept[i].audio);
        state.kept[i] = (struct kept){0};
    }
    pthread_mutex_unlock(&state.cache);
}

static cst_voice *voice_by_name(const char *name)
{
    for (size_t i = 0; name && i < sizeof voices / sizeof *voices; i++)
        if (strcmp(name, voices[i].name) == 0)
            return *voices[i].voice;
    return state.slt;
}

/* samples at any rate → 8 kHz µ-law behind out */
static enum desk_rc append_ulaw(struct desk_buf *out, const int16_t *pcm, size_t n, int rate)
{
    enum desk_rc rc = DESK_ENOMEM;
    int err = 0;
    spx_uint32_t in_len = (spx_uint32_t)n, out_len = (spx_uint32_t)(n * 8000 / (size_t)rate + 64);
    int16_t *low = calloc(out_len, sizeof *low);
    SpeexResamplerState *rs = speex_resampler_init(1, (spx_uint32_t)rate, 8000, 5, &err);
    if (!low || !rs)
        goto out;
    speex_resampler_process_int(rs, 0, pcm, &in_len, low, &out_len);
    char *room = desk_buf_room(out, out_len + SENTENCE_GAP);
    if (room) {
        desk_mulaw_encode((uint8_t *)room, low, out_len);
        memset(room + out_len, DESK_MULAW_SILENCE, SENTENCE_GAP);
        desk_buf_grew(out, out_len + SENTENCE_GAP);
    }
    rc = desk_buf_ok(out) ? DESK_OK : DESK_ELIMIT;
out:
    if (rs)
        speex_resampler_destroy(rs);
    free(low);
    return rc;
}

static enum desk_rc synthesize(cst_voice *voice, const char *text, struct desk_buf *out)
{
    desk_flite_lock();
    cst_wave *w = flite_text_to_wave(text, voice);
    desk_flite_unlock();
    if (!w)
        return DESK_EUPSTREAM;
    enum desk_rc rc = append_ulaw(out, w->samples, (size_t)w->num_samples, w->sample_rate);
    delete_wave(w);
    return rc;
}

static bool from_cache(const char *key, struct desk_buf *out)
{
    bool hit = false;
    pthread_mutex_lock(&state.cache);
    for (size_t i = 0; i < CACHE_ROWS && !hit; i++)
        if (state.kept[i].text && strcmp(state.kept[i].text, key) == 0) {
            desk_buf_add(out, state.kept[i].audio, state.kept[i].n);
            state.kept[i].used = ++state.clock;
            hit = true;
        }
    pthread_mutex_unlock(&state.cache);
    return hit;
}

static void to_cache(const char *key, const void *audio, size_t n)
{
    struct kept row = {.text = strdup(key), .audio = malloc(n), .n = n};
    if (!row.text || !row.audio) {
        free(row.text);
        free(row.audio);
        return;
    }
    memcpy(row.audio, audio, n);
    pthread_mutex_lock(&state.cache);
    struct kept *oldest = &state.kept[0];
    for (size_t i = 1; i < CACHE_ROWS; i++)
        if (state.kept[i].used < oldest->used)
            oldest = &state.kept[i];
    row.used = ++state.clock;
    struct kept old = *oldest;
    *oldest = row;
    pthread_mutex_unlock(&state.cache);
    free(old.text);
    free(old.audio);
}

static enum desk_rc speak_sentence(cst_voice *voice, const char *sentence, struct desk_buf *out)
{
    char key[DESK_TTS_SENTENCE + 16];
    snprintf(key, sizeof key, "%s:%s", voice == state.rms ? "rms" : "slt", sentence);
    if (from_cache(key, out))
        return DESK_OK;
    size_t before = out->len;
    enum desk_rc rc = synthesize(voice, sentence, out);
    if (rc == DESK_OK && out->len - before <= CACHE_LONG && out->len > before)
        to_cache(key, out->p + before, out->len - before);
    return rc;
}

static enum desk_rc speak_text(const char *voice, const char *text, struct desk_buf *out)
{
    char sentence[DESK_TTS_SENTENCE];
    cst_voice *v = voice_by_name(voice);
    enum desk_rc rc = v ? DESK_OK : DESK_EUPSTREAM;
    while (rc == DESK_OK && *(text += strspn(text, " \t\r\n"))) {
        size_t n = desk_tts_sentence(text);
        memcpy(sentence, text, n);
        sentence[n] = '\0';
        text += n;
        if (strpbrk(sentence, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"))
            rc = speak_sentence(v, sentence, out);
    }
    return rc;
}

const struct desk_tts_backend desk_tts_flite = {
    .name = "flite",
    .help = "voices slt and rms; offline",
    .open = open_voices,
    .speak = speak_text,
    .close = close_voices,
};
