#include "cli/call_mouth.h"
#include "base/limits.h"
#include "wire/mulaw.h"

#include <flite.h>
#include <pthread.h>
#include <sndfile.h>
#include <speex/speex_resampler.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RATE       DESK_MULAW_RATE
#define QUALITY    7   /* of the resampler, 0..10: 7 keeps the telephone band clean */
#define AUDIBLE    300 /* of 32767: above the noise of files and below any voice */
#define IN_FRAMES  2048
#define MAX_FRAMES ((size_t)DESK_MAX_SIM_AUDIO_MS * DESK_MULAW_PER_MS)

/* flite's voice libraries come without headers */
cst_voice *register_cmu_us_rms(const char *voxdir);
cst_voice *register_cmu_us_slt(const char *voxdir);

static cst_voice *(*const voices[SIM_VOICE__MAX])(const char *) = {
    [SIM_VOICE_CALLER] = register_cmu_us_rms,
    [SIM_VOICE_SAY] = register_cmu_us_slt,
};

static pthread_mutex_t flite_lock = PTHREAD_MUTEX_INITIALIZER;

/* ---- samples → sound ------------------------------------------------------------------------- */

/* Mono samples at any rate, growing. */
struct pcm {
    int16_t *p;
    size_t n, cap;
};

static enum desk_rc pcm_room(struct pcm *b, size_t more)
{
    size_t cap = b->cap ? b->cap : 16384;
    int16_t *p;

    if (b->n + more > MAX_FRAMES)
        return DESK_ELIMIT;
    while (cap < b->n + more)
        cap *= 2;
    if (cap == b->cap)
        return DESK_OK;
    p = realloc(b->p, cap * sizeof *p);
    if (!p)
        return DESK_ENOMEM;
    b->p = p;
    b->cap = cap;
    return DESK_OK;
}

/* n samples through the resampler (or straight, when it is NULL) to the end of b. */
static enum desk_rc pcm_add(struct pcm *b, SpeexResamplerState *rs, int from, const int16_t *in,
                            size_t n)
{
    size_t most = n * RATE / (size_t)from + 16;
    spx_uint32_t in_n, out_n;
    enum desk_rc rc;

    while (n > 0) {
        rc = pcm_room(b, most);
        if (rc != DESK_OK)
            return rc;
        in_n = (spx_uint32_t)n;
        out_n = (spx_uint32_t)most;
        if (!rs) {
            memcpy(b->p + b->n, in, n * sizeof *in);
            out_n = in_n;
        } else if (speex_resampler_process_int(rs, 0, in, &in_n, b->p + b->n, &out_n) != 0) {
            return DESK_EINTERNAL;
        }
        b->n += out_n;
        in += in_n;
        n -= in_n;
    }
    return DESK_OK;
}

/* Takes the samples out of b as µ-law and notes where the voice is. */
static enum desk_rc sound_make(struct sim_sound *out, const struct pcm *b)
{
    out->ulaw = malloc(b->n ? b->n : 1);
    if (!out->ulaw)
        return DESK_ENOMEM;
    out->len = b->n;
    desk_mulaw_encode(out->ulaw, b->p, b->n);
    out->onset = b->n;
    out->end = 0;
    for (size_t i = 0; i < b->n; i++) {
        if (b->p[i] < AUDIBLE && b->p[i] > -AUDIBLE)
            continue;
        if (out->end == 0)
            out->onset = i;
        out->end = i + 1;
    }
    return DESK_OK;
}

static enum desk_rc resampler_new(int rate, SpeexResamplerState **rs)
{
    int err = 0;

    *rs = NULL;
    if (rate == RATE)
        return DESK_OK;
    if (rate < 1000 || rate > 400000)
        return DESK_EINVAL;
    *rs = speex_resampler_init(1, (spx_uint32_t)rate, RATE, QUALITY, &err);
    if (!*rs)
        return DESK_ENOMEM;
    speex_resampler_skip_zeros(*rs); /* no delay at the beginning */
    return DESK_OK;
}

static void why_set(char *why, size_t n, enum desk_rc rc)
{
    if (rc == DESK_ELIMIT)
        snprintf(why, n, "longer than %d seconds", DESK_MAX_SIM_AUDIO_MS / 1000);
    else if (rc != DESK_OK)
        snprintf(why, n, "%s", desk_rc_info(rc)->title);
}

/* ---- words ----------------------------------------------------------------------------------- */

static cst_wave *speak(enum sim_voice which, const char *text)
{
    static cst_voice *loaded[SIM_VOICE__MAX]; /* for good: flite keeps them too */
    static bool ready;
    cst_wave *w = NULL;

    pthread_mutex_lock(&flite_lock);
    if (!ready)
        ready = flite_init() >= 0;
    if (!loaded[which])
        loaded[which] = voices[which](NULL);
    if (loaded[which])
        w = flite_text_to_wave(text, loaded[which]);
    pthread_mutex_unlock(&flite_lock);
    return w;
}

enum desk_rc sim_sound_speak(struct sim_sound *out, enum sim_voice voice, const char *text,
                             char *why, size_t n)
{
    SpeexResamplerState *rs = NULL;
    struct pcm b = {0};
    enum desk_rc rc;
    cst_wave *w;

    memset(out, 0, sizeof *out);
    w = speak(voice, text);
    if (!w || w->num_channels != 1 || w->num_samples < 0) {
        rc = DESK_EINTERNAL;
        goto out;
    }
    rc = resampler_new(w->sample_rate, &rs);
    if (rc == DESK_OK)
        rc = pcm_add(&b, rs, w->sample_rate, w->samples, (size_t)w->num_samples);
    if (rc == DESK_OK)
        rc = sound_make(out, &b);
out:
    why_set(why, n, rc);
    if (w)
        delete_wave(w);
    if (rs)
        speex_resampler_destroy(rs);
    free(b.p);
    return rc;
}

/* ---- files ----------------------------------------------------------------------------------- */

static void downmix(int16_t *out, const int16_t *in, size_t frames, int channels)
{
    for (size_t i = 0; i < frames; i++) {
        int sum = 0;
        for (int c = 0; c < channels; c++)
            sum += in[i * (size_t)channels + (size_t)c];
        out[i] = (int16_t)(sum / channels);
    }
}

static enum desk_rc frames_read(struct pcm *b, SNDFILE *f, const SF_INFO *info)
{
    int16_t *in = malloc(IN_FRAMES * (size_t)info->channels * sizeof *in);
    int16_t *mono = malloc(IN_FRAMES * sizeof *mono);
    SpeexResamplerState *rs = NULL;
    enum desk_rc rc = in && mono ? resampler_new(info->samplerate, &rs) : DESK_ENOMEM;
    sf_count_t got;

    while (rc == DESK_OK && (got = sf_readf_short(f, in, IN_FRAMES)) > 0) {
        downmix(mono, in, (size_t)got, info->channels);
        rc = pcm_add(b, rs, info->samplerate, mono, (size_t)got);
    }
    if (rs)
        speex_resampler_destroy(rs);
    free(in);
    free(mono);
    return rc;
}

/* Takes f. */
static enum desk_rc sound_read(struct sim_sound *out, SNDFILE *f, const SF_INFO *info, char *why,
                               size_t n)
{
    struct pcm b = {0};
    enum desk_rc rc;

    if (!f) {
        snprintf(why, n, "%s", sf_strerror(NULL));
        return DESK_EINVAL;
    }
    rc = info->channels >= 1 && info->channels <= 64 ? frames_read(&b, f, info) : DESK_EINVAL;
    if (rc == DESK_OK)
        rc = sound_make(out, &b);
    why_set(why, n, rc);
    sf_close(f);
    free(b.p);
    return rc;
}

enum desk_rc sim_sound_file(struct sim_sound *out, const char *path, char *why, size_t n)
{
    SF_INFO info = {0};

    memset(out, 0, sizeof *out);
    return sound_read(out, sf_open(path, SFM_READ, &info), &info, why, n);
}

struct memory {
    const char *p;
    sf_count_t len, at;
};

static sf_count_t memory_len(void *ctx)
{
    return ((struct memory *)ctx)->len;
}

static sf_count_t memory_seek(sf_count_t off, int whence, void *ctx)
{
    struct memory *m = ctx;
    sf_count_t to = off + (whence == SEEK_CUR ? m->at : whence == SEEK_END ? m->len : 0);

    if (to >= 0 && to <= m->len)
        m->at = to;
    return m->at;
}

static sf_count_t memory_read(void *p, sf_count_t n, void *ctx)
{
    struct memory *m = ctx;

    if (n > m->len - m->at)
        n = m->len - m->at;
    memcpy(p, m->p + m->at, (size_t)n);
    m->at += n;
    return n;
}

static sf_count_t memory_tell(void *ctx)
{
    return ((struct memory *)ctx)->at;
}

enum desk_rc sim_sound_memory(struct sim_sound *out, const void *p, size_t len, char *why, size_t n)
{
    SF_VIRTUAL_IO io = {memory_len, memory_seek, memory_read, NULL, memory_tell};
    struct memory m = {p, (sf_count_t)len, 0};
    SF_INFO info = {0};

    memset(out, 0, sizeof *out);
    return sound_read(out, sf_open_virtual(&io, SFM_READ, &info, &m), &info, why, n);
}

void sim_sound_clear(struct sim_sound *s)
{
    free(s->ulaw);
    memset(s, 0, sizeof *s);
}

long sim_sound_ms(const struct sim_sound *s)
{
    return (long)(s->len / DESK_MULAW_PER_MS);
}
