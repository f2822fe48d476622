#include "wire/wav.h"
#include "wire/mulaw.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define FORMAT_PCM    1
#define FORMAT_FLOAT  3
#define FORMAT_ALAW   6
#define FORMAT_MULAW  7
#define FORMAT_MORE   0xfffe /* the true one is in the extension */
#define CHANNELS_MOST 8
#define RATE_LEAST    4000
#define RATE_MOST     192000

static uint8_t *put(uint8_t *p, uint32_t v, int bytes)
{
    for (int i = 0; i < bytes; i++)
        *p++ = (uint8_t)(v >> (8 * i));
    return p;
}

static uint8_t *name(uint8_t *p, const char *four)
{
    memcpy(p, four, 4);
    return p + 4;
}

void desk_wav_head(uint8_t out[DESK_WAV_HEAD], unsigned channels, int64_t samples)
{
    uint8_t *p = out;
    if (samples < 0)
        samples = 0;
    if (samples > DESK_WAV_MAX_SAMPLES(channels))
        samples = DESK_WAV_MAX_SAMPLES(channels);
    uint32_t data = (uint32_t)samples * channels;
    p = put(name(p, "RIFF"), DESK_WAV_HEAD - 8 + data, 4);
    p = put(name(name(p, "WAVE"), "fmt "), 18, 4);
    p = put(p, FORMAT_MULAW, 2);
    p = put(p, channels, 2);
    p = put(p, DESK_MULAW_RATE, 4);
    p = put(p, DESK_MULAW_RATE * channels, 4); /* bytes a second */
    p = put(p, channels, 2);                   /* bytes of one moment */
    p = put(p, 8, 2);                          /* bits of a sample */
    p = put(p, 0, 2);                          /* nothing more about the format */
    p = put(name(p, "fact"), 4, 4);
    p = put(p, (uint32_t)samples, 4);
    put(name(p, "data"), data, 4);
}

void desk_wav_pcm_head(uint8_t out[DESK_WAV_PCM_HEAD], unsigned channels, unsigned rate,
                       int64_t samples)
{
    uint8_t *p = out;
    const unsigned frame = 2 * channels;
    const int64_t most = (INT64_C(0xffffffff) - DESK_WAV_PCM_HEAD) / frame;
    samples = samples < 0 ? 0 : samples > most ? most : samples;
    uint32_t data = (uint32_t)samples * frame;
    p = put(name(p, "RIFF"), DESK_WAV_PCM_HEAD - 8 + data, 4);
    p = put(name(name(p, "WAVE"), "fmt "), 16, 4);
    p = put(p, FORMAT_PCM, 2);
    p = put(p, channels, 2);
    p = put(p, rate, 4);
    p = put(p, rate * frame, 4);
    p = put(p, frame, 2);
    p = put(p, 16, 2);
    put(name(p, "data"), data, 4);
}

/* ---- reading --------------------------------------------------------------------------------- */

static uint32_t get(const uint8_t *p, int bytes)
{
    uint32_t v = 0;
    for (int i = 0; i < bytes; i++)
        v |= (uint32_t)p[i] << (8 * i);
    return v;
}

static double alaw(uint8_t u)
{
    unsigned a = u ^ 0x55u, exponent = a >> 4 & 7u, mantissa = a & 15u;
    unsigned v = exponent ? (mantissa << 4 | 0x108u) << (exponent - 1) : mantissa << 4 | 8u;
    return a & 0x80u ? (double)v : -(double)v; /* the sign bit is set of what is positive */
}

static double float32(const uint8_t *p)
{
    uint32_t bits = get(p, 4);
    float f;
    memcpy(&f, &bits, sizeof f);
    return isfinite(f) ? (double)f * 32768. : 0.;
}

/* One sample at 16 bits' scale. */
static double sample(const struct desk_wav *w, const uint8_t *p)
{
    switch (w->format) {
    case FORMAT_MULAW:
        return desk_mulaw_to_linear(*p);
    case FORMAT_ALAW:
        return alaw(*p);
    case FORMAT_FLOAT:
        return float32(p);
    default:
        break;
    }
    if (w->bytes == 1) /* PCM of one byte has no sign */
        return ((double)*p - 128.) * 256.;
    int32_t v = (int32_t)(get(p, (int)w->bytes) << (32 - 8 * w->bytes));
    return (double)v / 65536.;
}

/* Which formats, with which sizes of a sample. */
static const struct {
    unsigned format, bytes;
} kinds[] = {{FORMAT_PCM, 1},   {FORMAT_PCM, 2},  {FORMAT_PCM, 3},  {FORMAT_PCM, 4},
             {FORMAT_FLOAT, 4}, {FORMAT_ALAW, 1}, {FORMAT_MULAW, 1}};

static enum desk_rc read_fmt(const uint8_t *p, size_t n, struct desk_wav *w, const char **why)
{
    *why = "The head of the WAV file is broken.";
    if (n < 16)
        return DESK_EINVAL;
    w->format = get(p, 2);
    w->channels = get(p + 2, 2);
    w->rate = get(p + 4, 4);
    unsigned bits = get(p + 14, 2);
    if (w->format == FORMAT_MORE && n >= 26)
        w->format = get(p + 24, 2);
    w->bytes = bits / 8;
    *why = "The WAV file must have 1 to 8 channels and 4 to 192 thousand samples a second.";
    if (!w->channels || w->channels > CHANNELS_MOST || w->rate < RATE_LEAST || w->rate > RATE_MOST)
        return DESK_EMEDIA;
    *why = "The WAV file must be PCM of 8 to 32 bits, 32-bit float, \xc2\xb5-law or A-law.";
    for (size_t i = 0; bits % 8 == 0 && i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].format == w->format && kinds[i].bytes == w->bytes)
            return DESK_OK;
    return DESK_EMEDIA;
}

static bool named(const uint8_t *p, const char *four)
{
    return memcmp(p, four, 4) == 0;
}

enum desk_rc desk_wav_parse(const uint8_t *file, size_t n, struct desk_wav *out, const char **why)
{
    const char *unread = NULL;
    why = why ? why : &unread;
    memset(out, 0, sizeof *out);
    *why = "This is not a WAV file.";
    if (n < 12 || !named(file, "RIFF") || !named(file + 8, "WAVE"))
        return DESK_EINVAL;
    for (size_t at = 12; at + 8 <= n;) {
        size_t left = n - at - 8, len = get(file + at + 4, 4);
        const uint8_t *p = file + at + 8;
        if (named(file + at, "fmt ")) {
            enum desk_rc rc = read_fmt(p, len < left ? len : left, out, why);
            if (rc)
                return rc;
        } else if (named(file + at, "data")) {
            *why = "The WAV file has no format before its sound.";
            if (!out->bytes)
                return DESK_EINVAL;
            out->data = p;
            out->frames = (len && len < left ? len : left) / (out->bytes * out->channels);
            return DESK_OK;
        }
        if (len > left)
            break;
        at += 8 + len + (len & 1);
    }
    *why = "The WAV file has no sound in it.";
    return DESK_EINVAL;
}

void desk_wav_mono(const struct desk_wav *w, size_t from, size_t n, int16_t *out)
{
    const uint8_t *p = w->data + from * w->bytes * w->channels;
    for (size_t i = 0; i < n; i++) {
        double sum = 0.;
        for (unsigned c = 0; c < w->channels; c++, p += w->bytes)
            sum += sample(w, p);
        sum /= w->channels;
        out[i] = (int16_t)(sum > 32767. ? 32767. : sum < -32768. ? -32768. : sum);
    }
}
