#include "core/utterance.h"

#define SHORTEST (4 * 8000) /* of a piece: words need their neighbours */
#define FRAME    160        /* 20 ms */
#define PAUSE    15         /* frames */

static double energy(const int16_t *pcm)
{
    double sum = 0.;
    for (size_t i = 0; i < FRAME; i++)
        sum += (double)pcm[i] * pcm[i];
    return sum;
}

size_t desk_utterance_next(const int16_t *pcm, size_t n)
{
    double window = 0., least = 0.;
    size_t cut = DESK_UTTERANCE_LONGEST;
    if (n <= DESK_UTTERANCE_LONGEST)
        return n;
    for (size_t f = SHORTEST / FRAME; f < DESK_UTTERANCE_LONGEST / FRAME; f++) {
        size_t first = SHORTEST / FRAME;
        window += energy(pcm + f * FRAME);
        if (f >= first + PAUSE)
            window -= energy(pcm + (f - PAUSE) * FRAME);
        if (f + 1 < first + PAUSE)
            continue;                                    /* not yet a whole pause */
        if (f + 1 == first + PAUSE || window <= least) { /* few pieces rather than many */
            least = window;
            cut = (f + 1 - PAUSE / 2) * FRAME; /* in its middle */
        }
    }
    return cut;
}
