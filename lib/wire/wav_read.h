/* A WAV file as it arrives, piece by piece: what others recorded. Nothing is kept but its head and
 * half a frame. Reads PCM of 8 or 16 bits and µ-law (formats 1 and 7, plain or extensible), one or
 * two channels; everything else is told as what it is. Chunks that are not the sound are skipped. A
 * data chunk of length 0 or 0xffffffff (written by who did not know it yet) lasts to the end.
 * Source: Microsoft "Multimedia Programming Interface and Data Specifications 1.0" and "Multiple
 * channel audio data and WAVE files". Pure. */
#ifndef DESK_WIRE_WAV_READ_H
#define DESK_WIRE_WAV_READ_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DESK_WAV_CHANNELS 2
#define DESK_WAV_FRAMES   512 /* most frames given at a time */

struct desk_wav_reader {
    /* of the sound; set before the first frames are given */
    unsigned format, channels, rate, bits;
    int64_t frames;  /* given so far */
    const char *why; /* after DESK_EINVAL: what is wrong with it, a sentence */

    /* inside */
    bool (*sound)(void *ctx, const int16_t *samples, size_t frames);
    void *ctx;
    int state;
    uint8_t hold[40]; /* a head, or the beginning of a frame */
    size_t held;
    uint64_t left; /* bytes of the chunk that is read or skipped */
    bool endless;  /* the data chunk does not say how long it is */
    bool known;    /* a format was read */
};

/* sound() is given 16-bit frames, the channels in turn; false stops. */
void desk_wav_read_begin(struct desk_wav_reader *r,
                         bool (*sound)(void *ctx, const int16_t *samples, size_t frames),
                         void *ctx);
/* The next n bytes of the file. DESK_EINVAL: not a WAV that we can read (sticky). DESK_DONE:
 * sound() has stopped it. */
DESK_MUST enum desk_rc desk_wav_read(struct desk_wav_reader *r, const void *bytes, size_t n);
/* No more bytes. DESK_EINVAL: it is cut off, or there was no sound chunk in it. */
DESK_MUST enum desk_rc desk_wav_read_end(struct desk_wav_reader *r);

#endif
