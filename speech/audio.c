/* µ-law passes as it is; 24 kHz PCM, the default of most clients, is resampled. See audio.h. */
#include "speech/audio.h"

#include "wire/mulaw.h"

#include <speex/speex_resampler.h>
#include <string.h>

#define CLIENT_RATE 24000
#define PIECE       960 /* samples worked on at once */

static const char *const names[DESK_AUDIO__MAX] = {"audio/pcmu", "audio/pcm"};

bool desk_audio_format_parse(const char *type, enum desk_audio_format *format)
{
    for (int i = 0; type && i < DESK_AUDIO__MAX; i++)
        if (strcmp(type, names[i]) == 0) {
            *format = (enum desk_audio_format)i;
            return true;
        }
    return false;
}

void desk_audio_clear(struct desk_audio *a)
{
    if (a->resampler)
        speex_resampler_destroy(a->resampler);
    *a = (struct desk_audio){0};
}

int desk_audio_set(struct desk_audio *a, enum desk_audio_format format, bool towards_client)
{
    int err = 0;
    if (a->format == format && (a->resampler || format == DESK_AUDIO_PCMU))
        return 0;
    desk_audio_clear(a);
    if (format == DESK_AUDIO_PCMU)
        return 0;
    a->resampler = towards_client ? speex_resampler_init(1, 8000, CLIENT_RATE, 4, &err)
                                  : speex_resampler_init(1, CLIENT_RATE, 8000, 4, &err);
    if (!a->resampler)
        return -1;
    a->format = format;
    return 0;
}

static void in_pcm(struct desk_audio *a, const uint8_t *bytes, size_t n, struct desk_buf *out)
{
    int16_t piece[PIECE], low[PIECE];
    size_t i = 0;
    while (i < n) {
        size_t m = 0;
        if (a->has_odd) {
            piece[m++] = (int16_t)(a->odd | (bytes[i++] << 8));
            a->has_odd = false;
        }
        for (; i + 1 < n && m < PIECE; i += 2)
            piece[m++] = (int16_t)(bytes[i] | (bytes[i + 1] << 8));
        if (i + 1 == n && m < PIECE) {
            a->odd = bytes[i++];
            a->has_odd = true;
        }
        spx_uint32_t in_len = (spx_uint32_t)m, out_len = PIECE;
        speex_resampler_process_int(a->resampler, 0, piece, &in_len, low, &out_len);
        desk_buf_add(out, low, out_len * sizeof *low);
    }
}

void desk_audio_in(struct desk_audio *a, const uint8_t *bytes, size_t n, struct desk_buf *out)
{
    int16_t piece[PIECE];
    if (a->format == DESK_AUDIO_PCM24) {
        in_pcm(a, bytes, n, out);
        return;
    }
    for (size_t i = 0; i < n; i += PIECE) {
        size_t m = n - i < PIECE ? n - i : PIECE;
        desk_mulaw_decode(piece, bytes + i, m);
        desk_buf_add(out, piece, m * sizeof *piece);
    }
}

void desk_audio_out(struct desk_audio *a, const uint8_t *ulaw, size_t n, struct desk_buf *out)
{
    int16_t piece[PIECE / 3], high[PIECE + 64];
    if (a->format == DESK_AUDIO_PCMU) {
        desk_buf_add(out, ulaw, n);
        return;
    }
    for (size_t i = 0; i < n; i += PIECE / 3) {
        size_t m = n - i < PIECE / 3 ? n - i : PIECE / 3;
        spx_uint32_t in_len = (spx_uint32_t)m, out_len = PIECE + 64;
        desk_mulaw_decode(piece, ulaw + i, m);
        speex_resampler_process_int(a->resampler, 0, piece, &in_len, high, &out_len);
        desk_buf_add(out, high,
                     out_len * sizeof *high); /* the box is little-endian, as the format */
    }
}
