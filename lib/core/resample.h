/* Sound at another rate: windowed sinc, so that what lies above half of the lower rate is left out
 * instead of being folded into what is heard. Pure; about 100 multiplications a sample. */
#ifndef DESK_CORE_RESAMPLE_H
#define DESK_CORE_RESAMPLE_H

#include <stddef.h>
#include <stdint.h>

/* Samples that n at rate `from` become at rate `to`. Rates are at least 1. */
size_t desk_resample_len(size_t n, unsigned from, unsigned to);

/* out takes desk_resample_len() samples; the arrays may not overlap. */
void desk_resample(const int16_t *in, size_t n, unsigned from, unsigned to, int16_t *out);

#endif
