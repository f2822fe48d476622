/* Pitch by autocorrelation, noise by speexdsp. See voice.h. */
#include "core/voice.h"

#include <math.h>
#include <speex/speex_preprocess.h>
#include <string.h>

#define HALF    (DESK_VOICE_FRAME / 2) /* samples of a frame at 4 kHz */
#define WINDOW  (2 * HALF)             /* 40 ms are compared with themselves */
#define LAG_MIN 10                     /* at 4 kHz: 400 Hz */
#define LAG_MAX 57                     /* 70 Hz */
#define CHANCE  0.5

_Static_assert(DESK_VOICE_KEEP >= WINDOW - HALF + LAG_MAX, "the longest lag must fit");

bool desk_voice_open(struct desk_voice *v)
{
    int off = 0;
    memset(v, 0, sizeof *v);
    v->dsp = speex_preprocess_state_init(DESK_VOICE_FRAME, 8000);
    if (!v->dsp)
        return false;
    speex_preprocess_ctl(v->dsp, SPEEX_PREPROCESS_SET_DENOISE, &off);
    return true;
}

void desk_voice_close(struct desk_voice *v)
{
    if (v->dsp)
        speex_preprocess_state_destroy(v->dsp);
    v->dsp = NULL;
}

/* High-pass at 120 Hz (rumble), low-pass at about 1 kHz, every second sample. */
static void take_band(struct desk_voice *v, const int16_t *frame)
{
    memmove(v->band, v->band + HALF, DESK_VOICE_KEEP * sizeof *v->band);
    for (int i = 0; i < DESK_VOICE_FRAME; i++) {
        int32_t high = frame[i] - v->x1 + v->y1 * 29 / 32;
        int32_t low = (high + 2 * v->l1 + v->l2) / 4;
        int32_t lower = (low + 2 * v->l3 + v->l4) / 4;
        v->x1 = frame[i];
        v->y1 = high;
        v->l2 = v->l1, v->l1 = high;
        v->l4 = v->l3, v->l3 = low;
        if (i % 2)
            v->band[DESK_VOICE_KEEP + i / 2] = (int16_t)(lower / 2);
    }
}

static int64_t product(const int16_t *a, const int16_t *b)
{
    int64_t sum = 0;
    for (int i = 0; i < WINDOW; i++)
        sum += (int32_t)a[i] * b[i];
    return sum;
}

static double pitch(const struct desk_voice *v)
{
    const int16_t *now = v->band + DESK_VOICE_KEEP + HALF - WINDOW;
    double best = 0, own = (double)product(now, now);
    for (int lag = LAG_MIN; lag <= LAG_MAX; lag++) {
        double both = (double)product(now, now - lag);
        double then = (double)product(now - lag, now - lag);
        double r = both > 0 ? both / sqrt(own * then + 1) : 0;
        best = r > best ? r : best;
    }
    return best;
}

struct desk_voice_opinion desk_voice_frame(struct desk_voice *v, const int16_t *frame)
{
    int16_t copy[DESK_VOICE_FRAME];
    int32_t percent = 100;
    take_band(v, frame);
    if (v->dsp) {
        memcpy(copy, frame, sizeof copy);
        speex_preprocess_run(v->dsp, copy);
        speex_preprocess_ctl(v->dsp, SPEEX_PREPROCESS_GET_PROB, &percent);
    }
    return (struct desk_voice_opinion){.pitch = pitch(v), .chance = percent / 100.0};
}

bool desk_voice_is(const struct desk_voice_opinion *o, double tone, double over_db)
{
    double clean = 1 - pow(10, -over_db / 10);
    return tone <= 0 || (o->chance >= CHANCE && o->pitch >= tone * (clean > 0.5 ? clean : 0.5));
}

double desk_voice_tone(double threshold)
{
    double t = threshold < 0 ? 0 : threshold > 1 ? 1 : threshold;
    return t <= 0.5 ? 1.2 * t : 0.35 + 0.5 * t;
}
