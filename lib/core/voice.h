/* Is it a voice? A second look at audio the level alone takes for speech, used only while a caller
 * may be interrupting us (ws-bridge/ear.h): two opinions per 20 ms frame.
 *
 *   pitch   the best normalised autocorrelation, 0…1, in the band where voices have their pitch
 *           (about 100 to 1000 Hz), at lags of 70 to 400 Hz. A vowel has 0.7 and more, a cough, a
 *           car or hiss 0.4 and less. Our own arithmetic.
 *   chance  the probability of speech by libspeexdsp's preprocessor, 0…1. It knows steady noise
 *           from what is not, and nothing of voices: a cough and a car are speech to it (measured,
 *           tests/unit/test_ear.c). It needs a second of the line before it means anything.
 *
 * Pure: no I/O, no clock; the same audio gives the same answers. Memory: about 20 kB while open, so
 * it is opened for a doubt and closed after it. About 15 µs a frame. */
#ifndef DESK_CORE_VOICE_H
#define DESK_CORE_VOICE_H

#include <stdbool.h>
#include <stdint.h>

#define DESK_VOICE_FRAME 160 /* samples at 8 kHz */
#define DESK_VOICE_KEEP  140 /* samples at 4 kHz kept of the frames before */

struct desk_voice {
    void *dsp;                      /* speexdsp's state; NULL: closed */
    int32_t x1, y1, l1, l2, l3, l4; /* the band's filters */
    int16_t band[DESK_VOICE_KEEP + DESK_VOICE_FRAME / 2];
};

struct desk_voice_opinion {
    double pitch, chance;
};

/* False: no memory; v is closed then, and its opinions have a chance of 1. */
bool desk_voice_open(struct desk_voice *v);
void desk_voice_close(struct desk_voice *v); /* also of a zeroed or closed one */

/* The next frame. */
struct desk_voice_opinion desk_voice_frame(struct desk_voice *v, const int16_t *frame);

#endif
