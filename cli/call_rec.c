#include "cli/call_rec.h"
#include "wire/mulaw.h"

#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct track {
    uint8_t *p;
    size_t n, cap;
};

struct sim_rec {
    struct track side[2];
    size_t max;
};

struct sim_rec *sim_rec_new(long max_ms)
{
    struct sim_rec *r = calloc(1, sizeof *r);

    if (r)
        r->max = (size_t)max_ms * DESK_MULAW_PER_MS;
    return r;
}

void sim_rec_free(struct sim_rec *r)
{
    if (!r)
        return;
    free(r->side[SIM_LEFT].p);
    free(r->side[SIM_RIGHT].p);
    free(r);
}

void sim_rec_put(struct sim_rec *r, enum sim_side side, long at_ms, const uint8_t *ulaw, size_t n)
{
    struct track *t;
    size_t at, end;

    if (!r || at_ms < 0)
        return;
    t = &r->side[side];
    at = (size_t)at_ms * DESK_MULAW_PER_MS;
    if (at >= r->max)
        return;
    if (n > r->max - at)
        n = r->max - at;
    end = at + n;
    if (end > t->cap) {
        size_t cap = t->cap ? t->cap : 8192;
        uint8_t *p;
        while (cap < end)
            cap *= 2;
        p = realloc(t->p, cap);
        if (!p)
            return;
        t->p = p;
        t->cap = cap;
    }
    if (at > t->n)
        memset(t->p + t->n, DESK_MULAW_SILENCE, at - t->n);
    memcpy(t->p + at, ulaw, n);
    if (end > t->n)
        t->n = end;
}

enum desk_rc sim_rec_write(const struct sim_rec *r, const char *path, long total_ms, char *why,
                           size_t n)
{
    SF_INFO info = {
        .samplerate = DESK_MULAW_RATE, .channels = 2, .format = SF_FORMAT_WAV | SF_FORMAT_PCM_16};
    SNDFILE *f = sf_open(path, SFM_WRITE, &info);
    size_t total = total_ms > 0 ? (size_t)total_ms * DESK_MULAW_PER_MS : 0;
    enum desk_rc rc = DESK_OK;
    int16_t frames[2 * 800];

    if (!f) {
        snprintf(why, n, "%s: %s", path, sf_strerror(NULL));
        return DESK_EINVAL;
    }
    for (int s = 0; s < 2; s++)
        total = r->side[s].n > total ? r->side[s].n : total;
    if (total > r->max)
        total = r->max;
    for (size_t at = 0; at < total && rc == DESK_OK;) {
        size_t k = 0;
        for (; k < 800 && at < total; k++, at++) {
            for (size_t s = 0; s < 2; s++)
                frames[2 * k + s] = at < r->side[s].n ? desk_mulaw_to_linear(r->side[s].p[at]) : 0;
        }
        if (sf_writef_short(f, frames, (sf_count_t)k) != (sf_count_t)k) {
            snprintf(why, n, "%s: %s", path, sf_strerror(f));
            rc = DESK_EINVAL;
        }
    }
    if (sf_close(f) != 0 && rc == DESK_OK) {
        snprintf(why, n, "%s: cannot be written", path);
        rc = DESK_EINVAL;
    }
    return rc;
}
