/* Is it a voice? A second look at audio the level alone takes for speech: when a caller may be
 * interrupting us, and for the clock of silence (ws-bridge/ear.h); before the offline engine says
 * that somebody speaks (speech/session.c). Two opinions per 20 ms frame:
 *
 *   pitch   the best normalised autocorrelation, 0…1, in the band where voices have their pitch
 *           (about 100 to 1000 Hz), at lags of 70 to 400 Hz. Our own arithmetic. A vowel has 0.8
 *           and more, less in noise: so much of it as is not noise. Hiss, knocks and most of a
 *           passing car have 0.5 and less; recorded coughs 0.5 to 0.9; a sneeze ("ah") and whoever
 *           else talks are voices.
 *   chance  the probability of speech by libspeexdsp's preprocessor, 0…1. It knows steady noise
 *           from what is not, and nothing of voices: a cough and a car are speech to it. It needs a
 *           second of the line before it means anything.
 *
 * Measured on recordings in tests/unit/test_ear.c and test_turns.c. Pure: no I/O, no clock; the
 * same audio gives the same answers. Memory: about 20 kB while open. About 15 µs a frame. */
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

/* Is that a voice? tone: so pure it must be, 0…1, on a line without noise (0.6 lets nearly all
 * speech pass, 0.8 holds back half of the coughs and a voice now and then); 0 = whatever it is.
 * over_db: so much louder than the line's noise the frame is: the less, the less pure it can be. */
bool desk_voice_is(const struct desk_voice_opinion *o, double tone, double over_db);

/* The protocol's threshold 0..1 → tone: 0.5 is 0.6, 0 is 0, 1 is 0.85. */
double desk_voice_tone(double threshold);

#endif
