#include "talk/wave.h"
#include "wire/mulaw.h"

#include <math.h>
#include <string.h>

#define QUIET 600.0 /* a bar that is not louder than this is no voice: noise is not blown up */

static const char levels[] = "0123456789abcdefghijklmnopqrstuvwxyz";

struct measure {
    double sum[2][DESK_WAVE_BARS]; /* of squares */
    int64_t n[DESK_WAVE_BARS];
    int64_t samples, at; /* in all; the next one */
    int bar;
};

/* n samples of both sides in turn, as the file gives them. */
static void take(struct measure *m, const uint8_t *two, size_t n)
{
    for (size_t i = 0; i < n; i++, m->at++) {
        while (m->at * DESK_WAVE_BARS >= (int64_t)(m->bar + 1) * m->samples)
            m->bar++;
        for (size_t side = 0; side < 2; side++) {
            double s = desk_mulaw_to_linear(two[2 * i + side]);
            m->sum[side][m->bar] += s * s;
        }
        m->n[m->bar]++;
    }
}

static double loudness(const struct measure *m, int side, int bar)
{
    return m->n[bar] ? sqrt(m->sum[side][bar] / (double)m->n[bar]) : 0;
}

/* Quiet words must be seen beside loud ones: the root of it, as ears have it more or less. */
static void write_bars(const struct measure *m, char out[DESK_WAVE_LEN])
{
    double most = QUIET;
    for (int i = 0; i < 2 * DESK_WAVE_BARS; i++)
        most = fmax(most, loudness(m, i / DESK_WAVE_BARS, i % DESK_WAVE_BARS));
    for (int i = 0; i < 2 * DESK_WAVE_BARS; i++) {
        double part = loudness(m, i / DESK_WAVE_BARS, i % DESK_WAVE_BARS) / most;
        out[i] = levels[(int)(DESK_WAVE_LOUD * sqrt(part) + 0.5)];
    }
    out[2 * DESK_WAVE_BARS] = '\0';
}

enum desk_rc desk_wave_of(const struct desk_recfile *f, char out[DESK_WAVE_LEN])
{
    uint8_t two[2 * DESK_REC_PIECE];
    struct measure m = {.samples = f->samples};
    if (f->samples <= 0)
        return DESK_ENOTFOUND;
    while (m.at < f->samples) {
        int64_t left = f->samples - m.at;
        size_t n = left < DESK_REC_PIECE ? (size_t)left : DESK_REC_PIECE;
        enum desk_rc rc = desk_recfile_read(f, m.at, n, two);
        if (rc)
            return rc;
        take(&m, two, n);
    }
    write_bars(&m, out);
    return DESK_OK;
}

int desk_wave_bar(const char *wave, int i)
{
    const char *at = memchr(levels, wave[i], sizeof levels - 1);
    return at ? (int)(at - levels) : 0;
}
