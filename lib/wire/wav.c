#include "wire/wav.h"
#include "wire/mulaw.h"

#include <string.h>

#define FORMAT_PCM   1
#define FORMAT_MULAW 7

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
