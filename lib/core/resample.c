#include "core/resample.h"

#include <math.h>
#include <string.h>

#define CROSSINGS 12   /* of the sinc, to each side */
#define STEPS     128  /* of the kept kernel between two crossings */
#define PASS      0.94 /* of the lower half rate that goes through */

size_t desk_resample_len(size_t n, unsigned from, unsigned to)
{
    return (size_t)((uint64_t)n * to / from);
}

/* Half of the kernel, at STEPS places a crossing: sinc under a Hann window. */
static void kernel_make(double k[CROSSINGS * STEPS + 2])
{
    for (int i = 0; i <= CROSSINGS * STEPS; i++) {
        double x = (double)i / STEPS, window = .5 + .5 * cos(M_PI * x / CROSSINGS);
        k[i] = i ? sin(M_PI * x) / (M_PI * x) * window : 1.;
    }
    k[CROSSINGS * STEPS + 1] = 0.;
}

static double kernel_at(const double *k, double x)
{
    double at = fabs(x) * STEPS;
    size_t i = (size_t)at;
    return i > CROSSINGS * STEPS ? 0. : k[i] + (k[i + 1] - k[i]) * (at - (double)i);
}

/* The value at a place between samples; width: how many samples a crossing takes. */
static double value_at(const double *k, const int16_t *in, size_t n, double place, double width)
{
    double reach = CROSSINGS * width, sum = 0., weight = 0.;
    ptrdiff_t first = (ptrdiff_t)ceil(place - reach), last = (ptrdiff_t)floor(place + reach);
    for (ptrdiff_t i = first; i <= last; i++) {
        double w = kernel_at(k, ((double)i - place) / width);
        weight += w;
        if (i >= 0 && (size_t)i < n)
            sum += w * in[i];
    }
    return weight != 0. ? sum / weight : 0.;
}

void desk_resample(const int16_t *in, size_t n, unsigned from, unsigned to, int16_t *out)
{
    double k[CROSSINGS * STEPS + 2];
    double step = (double)from / to, width = (step > 1. ? step : 1.) / PASS;
    size_t len = desk_resample_len(n, from, to);
    if (from == to) {
        memcpy(out, in, n * sizeof *out);
        return;
    }
    kernel_make(k);
    for (size_t i = 0; i < len; i++) {
        double v = round(value_at(k, in, n, (double)i * step, width));
        out[i] = (int16_t)(v > 32767. ? 32767. : v < -32768. ? -32768. : v);
    }
}
