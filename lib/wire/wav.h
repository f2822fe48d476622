/* WAV files. Written: µ-law, what our recordings are when they leave the house (format 7 at 8 kHz
 * with the fact chunk that formats other than PCM need), and 16-bit PCM. Read, when the
 * whole file is at hand (piece by piece: wav_read.h): whatever clients and speech services send.
 * Source: Microsoft "Multimedia Programming Interface and Data Specifications 1.0" (RIFF, fmt,
 * fact) and "Multiple Channel Audio Data and WAVE Files" (format 0xfffe). Pure. */
#ifndef DESK_WIRE_WAV_H
#define DESK_WIRE_WAV_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

#define DESK_WAV_HEAD 58 /* RIFF 12, fmt 8 + 18, fact 8 + 4, data 8 */

/* The longest sound a WAV can hold, in samples of each channel: its sizes have 32 bits. */
#define DESK_WAV_MAX_SAMPLES(channels) ((INT64_C(0xffffffff) - DESK_WAV_HEAD) / (channels))

/* Head for samples of each of 1 or 2 channels; the sound, one byte a sample and the channels in
 * turn, follows it. More samples than fit are said to be as many as fit. */
void desk_wav_head(uint8_t out[DESK_WAV_HEAD], unsigned channels, int64_t samples);

#define DESK_WAV_PCM_HEAD 44 /* RIFF 12, fmt 8 + 16, data 8 */
/* The same of 16-bit PCM, little-endian, at any rate: what every reader takes. */
void desk_wav_pcm_head(uint8_t out[DESK_WAV_PCM_HEAD], unsigned channels, unsigned rate,
                       int64_t samples);

/* A WAV as it was sent: PCM of 8, 16, 24 or 32 bits, float of 32, µ-law or A-law; 4 to 192 kHz; up
 * to 8 channels. data points into the file. */
struct desk_wav {
    unsigned format;                /* 1 PCM, 3 float, 6 A-law, 7 µ-law */
    unsigned channels, rate, bytes; /* bytes of one sample of one channel */
    const uint8_t *data;
    size_t frames; /* samples of each channel */
};
/* Heads of streams say lengths that are not true (0, 0xffffffff): then the sound goes to the end of
 * the file. DESK_EINVAL: not a WAV, or one whose head is broken; DESK_EMEDIA: a WAV of another
 * kind; why (may be NULL) is a sentence, static. */
DESK_MUST enum desk_rc desk_wav_parse(const uint8_t *file, size_t n, struct desk_wav *out,
                                      const char **why);
/* Frames from … from + n as one channel: the mean of all. n must be there. */
void desk_wav_mono(const struct desk_wav *w, size_t from, size_t n, int16_t *out);

#endif
