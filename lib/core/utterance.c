#include "core/utterance.h"

#include <stdbool.h>

#define FRAME    160 /* 20 ms */
#define FRAMES   (DESK_UTTERANCE_LONGEST / FRAME)
#define SHORTEST (4 * 8000 / FRAME) /* frames of a piece that is cut within speech */
#define BREATH   15                 /* frames: where one is cut then */
#define PAUSE    55  /* frames: between two sayings; less is between groups of a number */
#define SPOKEN   10  /* frames: so much was said before a pause ends anything */
#define QUIET    16. /* times less than the mean is a pause */

static double energy(const int16_t *pcm)
{
    double sum = 0.;
    for (size_t i = 0; i < FRAME; i++)
        sum += (double)pcm[i] * pcm[i];
    return sum;
}

/* The frame in the middle of the first pause behind something that was said; 0 = none. */
static size_t pause_of(const double *e, size_t frames)
{
    double mean = 0.;
    size_t spoken = 0, quiet = 0;
    for (size_t f = 0; f < frames; f++)
        mean += e[f] / (double)frames;
    for (size_t f = 0; f < frames; f++) {
        bool loud = e[f] > mean / QUIET;
        spoken += loud;
        quiet = loud ? 0 : quiet + 1;
        if (quiet == PAUSE && spoken >= SPOKEN)
            return f + 1 - PAUSE / 2;
    }
    return 0;
}

/* The middle of the quietest breath; of several, the last: few pieces rather than many. */
static size_t breath_of(const double *e)
{
    double window = 0., least = 0.;
    size_t cut = 0;
    for (size_t f = SHORTEST; f < FRAMES; f++) {
        window += e[f];
        if (f >= SHORTEST + BREATH)
            window -= e[f - BREATH];
        if (f + 1 < SHORTEST + BREATH)
            continue; /* not yet a whole one */
        if (!cut || window <= least) {
            least = window;
            cut = f + 1 - BREATH / 2;
        }
    }
    return cut;
}

size_t desk_utterance_next(const int16_t *pcm, size_t n)
{
    double e[FRAMES];
    size_t frames = n < DESK_UTTERANCE_LONGEST ? n / FRAME : FRAMES;
    for (size_t f = 0; f < frames; f++)
        e[f] = energy(pcm + f * FRAME);
    size_t cut = pause_of(e, frames);
    if (!cut && n > DESK_UTTERANCE_LONGEST)
        cut = breath_of(e);
    return cut ? cut * FRAME : n;
}
