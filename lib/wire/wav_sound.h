/* Sound of WAV files: whatever clients and speech services send is read, whole and in memory (piece
 * by piece: wire/wav_read.h; heads that we write: wire/wav.h). Sources:
 * Microsoft "Multimedia Programming Interface and Data Specifications 1.0" (RIFF, fmt) and
 * "Multiple Channel Audio Data and WAVE Files" (format 0xfffe). Pure. */
#ifndef DESK_WIRE_WAV_SOUND_H
#define DESK_WIRE_WAV_SOUND_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

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
