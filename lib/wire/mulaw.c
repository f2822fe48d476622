#include "wire/mulaw.h"

#include <math.h>

/* G.711: sign, 3 bits of exponent, 4 of mantissa, all inverted on the line */
#define BIAS 0x84
#define CLIP 32635

/* What each byte stands for: the formula of G.711 written out (tests/unit/test_wire_codec.c holds
 * it to that), since both sides' audio comes by here 50 times a second and call. */
static const int16_t linear[256] = {
    -32124, -31100, -30076, -29052, -28028, -27004, -25980, -24956, -23932, -22908, -21884, -20860,
    -19836, -18812, -17788, -16764, -15996, -15484, -14972, -14460, -13948, -13436, -12924, -12412,
    -11900, -11388, -10876, -10364, -9852,  -9340,  -8828,  -8316,  -7932,  -7676,  -7420,  -7164,
    -6908,  -6652,  -6396,  -6140,  -5884,  -5628,  -5372,  -5116,  -4860,  -4604,  -4348,  -4092,
    -3900,  -3772,  -3644,  -3516,  -3388,  -3260,  -3132,  -3004,  -2876,  -2748,  -2620,  -2492,
    -2364,  -2236,  -2108,  -1980,  -1884,  -1820,  -1756,  -1692,  -1628,  -1564,  -1500,  -1436,
    -1372,  -1308,  -1244,  -1180,  -1116,  -1052,  -988,   -924,   -876,   -844,   -812,   -780,
    -748,   -716,   -684,   -652,   -620,   -588,   -556,   -524,   -492,   -460,   -428,   -396,
    -372,   -356,   -340,   -324,   -308,   -292,   -276,   -260,   -244,   -228,   -212,   -196,
    -180,   -164,   -148,   -132,   -120,   -112,   -104,   -96,    -88,    -80,    -72,    -64,
    -56,    -48,    -40,    -32,    -24,    -16,    -8,     0,      32124,  31100,  30076,  29052,
    28028,  27004,  25980,  24956,  23932,  22908,  21884,  20860,  19836,  18812,  17788,  16764,
    15996,  15484,  14972,  14460,  13948,  13436,  12924,  12412,  11900,  11388,  10876,  10364,
    9852,   9340,   8828,   8316,   7932,   7676,   7420,   7164,   6908,   6652,   6396,   6140,
    5884,   5628,   5372,   5116,   4860,   4604,   4348,   4092,   3900,   3772,   3644,   3516,
    3388,   3260,   3132,   3004,   2876,   2748,   2620,   2492,   2364,   2236,   2108,   1980,
    1884,   1820,   1756,   1692,   1628,   1564,   1500,   1436,   1372,   1308,   1244,   1180,
    1116,   1052,   988,    924,    876,    844,    812,    780,    748,    716,    684,    652,
    620,    588,    556,    524,    492,    460,    428,    396,    372,    356,    340,    324,
    308,    292,    276,    260,    244,    228,    212,    196,    180,    164,    148,    132,
    120,    112,    104,    96,     88,     80,     72,     64,     56,     48,     40,     32,
    24,     16,     8,      0,
};

int16_t desk_mulaw_to_linear(uint8_t u)
{
    return linear[u];
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
        out[i] = linear[in[i]];
}

void desk_mulaw_encode(uint8_t *out, const int16_t *in, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[i] = desk_mulaw_from_linear(in[i]);
}

static double level_db(int64_t sum, int64_t squares, size_t n)
{
    if (n == 0)
        return -96.0;
    double mean = (double)sum / (double)n;
    double power = (double)squares / (double)n - mean * mean;
    if (power < 0.25) /* below half a step of 16 bits */
        return -96.0;
    double db = 10.0 * log10(power / (32768.0 * 32768.0));
    return db < -96.0 ? -96.0 : db > 0.0 ? 0.0 : db;
}

double desk_mulaw_level_db(const uint8_t *in, size_t n)
{
    int64_t sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++) {
        int32_t s = linear[in[i]];
        sum += s;
        squares += s * s;
    }
    return level_db(sum, squares, n);
}

double desk_pcm_level_db(const int16_t *in, size_t n)
{
    int64_t sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++) {
        int32_t s = in[i];
        sum += s;
        squares += s * s;
    }
    return level_db(sum, squares, n);
}
