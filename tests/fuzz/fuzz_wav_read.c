/* wire/wav_read: any bytes, in pieces of any size, give the same sound as in one. */
#include "wire/wav_read.h"

#include <stdlib.h>
#include <string.h>

struct heard {
    uint64_t sum;
    size_t frames, most;
    unsigned channels;
    const struct desk_wav_reader *r;
};

static bool hear(void *ctx, const int16_t *samples, size_t frames)
{
    struct heard *h = ctx;
    if (frames < 1 || frames > DESK_WAV_FRAMES || h->r->channels < 1 ||
        h->r->channels > DESK_WAV_CHANNELS)
        abort();
    for (size_t i = 0; i < frames * h->r->channels; i++)
        h->sum = h->sum * 31 + (uint16_t)samples[i];
    h->frames += frames;
    return h->frames <= h->most;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n < 2)
        return 0;
    size_t step = data[0] ? data[0] : 1, most = data[1] > 250 ? 100 : SIZE_MAX;
    struct desk_wav_reader one, many;
    struct heard a = {.most = SIZE_MAX, .r = &one}, b = {.most = SIZE_MAX, .r = &many};
    data += 2, n -= 2;
    desk_wav_read_begin(&one, hear, &a);
    enum desk_rc ra = desk_wav_read(&one, data, n), rb = DESK_OK;
    ra = ra ? ra : desk_wav_read_end(&one);
    desk_wav_read_begin(&many, hear, &b);
    for (size_t at = 0; at < n && !rb; at += step)
        rb = desk_wav_read(&many, data + at, n - at < step ? n - at : step);
    rb = rb ? rb : desk_wav_read_end(&many);
    if (ra != rb || a.sum != b.sum || a.frames != b.frames)
        abort();
    struct heard c = {.most = most, .r = &one}; /* and one that is stopped */
    desk_wav_read_begin(&one, hear, &c);
    ra = desk_wav_read(&one, data, n);
    (void)ra;
    return 0;
}
