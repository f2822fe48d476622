/* Audio made ready for the recogniser. See stt_audio.h. */
#include "speech/stt_audio.h"

#include "speech/stt.h"

#include <math.h>
#include <speex/speex_resampler.h>
#include <stdlib.h>

#define PAD_SAMPLES 1600 /* 0.2 s of quiet on each side, at 8 kHz */
#define FRAME       160  /* 20 ms */
#define EDGE        5    /* frames */
#define GAIN_MAX    16.0

/* Loudness of the voice alone: root mean square of the samples in frames above the average. */
static double voice_level(const int16_t *pcm, size_t n)
{
    double total = 0, loud = 0;
    size_t frames = n / FRAME, used = 0;
    for (size_t i = 0; i < frames * FRAME; i++)
        total += (double)pcm[i] * pcm[i];
    for (size_t f = 0; f < frames; f++) {
        double sum = 0;
        for (size_t i = f * FRAME; i < (f + 1) * FRAME; i++)
            sum += (double)pcm[i] * pcm[i];
        if (sum * (double)frames >= total) {
            loud += sum;
            used++;
        }
    }
    return used > 0 ? sqrt(loud / (double)(used * FRAME)) : 0;
}

/* The noise below has one level, so the voice must have one too. */
static void copy_level(int16_t *out, const int16_t *pcm, size_t n, double wanted)
{
    double level = voice_level(pcm, n), gain = level > 0 ? wanted / level : 1;
    gain = gain > GAIN_MAX ? GAIN_MAX : gain;
    for (size_t i = 0; i < n; i++) {
        double v = pcm[i] * gain;
        out[i] = (int16_t)(v > 32767 ? 32767 : v < -32768 ? -32768 : v);
    }
}

/* Quiet before and after, whose length is the detector's affair, would change the mean cepstrum:
 * leave EDGE frames of it. *n samples become fewer. */
static const int16_t *trim(const int16_t *pcm, size_t *n)
{
    double least = voice_level(pcm, *n) * 0.05;
    size_t frames = *n / FRAME, first = frames, last = 0;
    for (size_t f = 0; f < frames; f++) {
        double sum = 0;
        for (size_t i = f * FRAME; i < (f + 1) * FRAME; i++)
            sum += (double)pcm[i] * pcm[i];
        if (sqrt(sum / FRAME) > least) {
            first = first == frames ? f : first;
            last = f;
        }
    }
    if (first == frames)
        return pcm;
    first = first > EDGE ? first - EDGE : 0;
    last = last + EDGE < frames ? last + EDGE : frames - 1;
    *n = (last - first + 1) * FRAME;
    return pcm + first * FRAME;
}

int16_t *desk_stt_prepare(const int16_t *heard, size_t n_heard, double level, int noise, size_t *n)
{
    int err = 0;
    unsigned dither = 1; /* the same audio gives the same words */
    size_t length = n_heard;
    const int16_t *pcm = trim(heard, &length);
    size_t in_total = length + 2 * PAD_SAMPLES;
    spx_uint32_t in_len = (spx_uint32_t)in_total, out_len = (spx_uint32_t)in_total * 2;
    int16_t *in = calloc(in_total, sizeof *in), *out = calloc((size_t)out_len, sizeof *out);
    SpeexResamplerState *rs = speex_resampler_init(1, DESK_STT_RATE, DESK_STT_MODEL_RATE, 5, &err);
    if (in && out && rs) {
        copy_level(in + PAD_SAMPLES, pcm, length, level);
        speex_resampler_process_int(rs, 0, in, &in_len, out, &out_len);
        for (size_t i = 0; i < out_len; i++) {
            dither = dither * 1103515245u + 12345u;
            int v = out[i] + (int)(dither >> 16) % (2 * noise) - noise;
            out[i] = (int16_t)(v > 32767 ? 32767 : v < -32768 ? -32768 : v);
        }
        *n = out_len;
    } else {
        free(out);
        out = NULL;
    }
    if (rs)
        speex_resampler_destroy(rs);
    free(in);
    return out;
}
