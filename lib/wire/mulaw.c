#include "wire/mulaw.h"

#include <math.h>

/* G.711: sign, 3 bits of exponent, 4 of mantissa, all inverted on the line */
#define BIAS 0x84
#define CLIP 32635

int16_t desk_mulaw_to_linear(uint8_t u)
{
    unsigned v = (uint8_t)~u;
    int s = (int)((((v & 0x0f) << 3) + BIAS) << ((v >> 4) & 7)) - BIAS;
    return (int16_t)(v & 0x80 ? -s : s);
}

uint8_t desk_mulaw_from_linear(int16_t s)
{
    int v = s;
    unsigned sign = 0;
    if (v < 0) {
        v = -v;
        sign = 0x80;
    }
    if (v > CLIP)
        v = CLIP;
    v += BIAS; /* the highest bit is now one of 7…14 */
    unsigned exponent = 24u - (unsigned)__builtin_clz((unsigned)v);
    unsigned mantissa = ((unsigned)v >> (exponent + 3)) & 0x0f;
    return (uint8_t) ~(sign | exponent << 4 | mantissa);
}

void desk_mulaw_decode(int16_t *out, const uint8_t *in, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[i] = desk_mulaw_to_linear(in[i]);
}

void desk_mulaw_encode(uint8_t *out, const int16_t *in, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[i] = desk_mulaw_from_linear(in[i]);
}

static double level_db(double sum, double squares, size_t n)
{
    if (n == 0)
        return -96.0;
    double mean = sum / (double)n;
    double power = squares / (double)n - mean * mean;
    if (power < 0.25) /* below half a step of 16 bits */
        return -96.0;
    double db = 10.0 * log10(power / (32768.0 * 32768.0));
    return db < -96.0 ? -96.0 : db > 0.0 ? 0.0 : db;
}

double desk_mulaw_level_db(const uint8_t *in, size_t n)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++) {
        double s = desk_mulaw_to_linear(in[i]);
        sum += s;
        squares += s * s;
    }
    return level_db(sum, squares, n);
}

double desk_pcm_level_db(const int16_t *in, size_t n)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++) {
        double s = in[i];
        sum += s;
        squares += s * s;
    }
    return level_db(sum, squares, n);
}
