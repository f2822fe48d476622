#include "wire/wav_read.h"
#include "wire/mulaw.h"

#include <string.h>

enum state { S_RIFF, S_CHUNK, S_FORMAT, S_SKIP, S_DATA, S_AFTER, S_STOPPED, S_BAD };

#define FORMAT_PCM        1
#define FORMAT_MULAW      7
#define FORMAT_EXTENSIBLE 0xfffe
#define FMT_LEAST         16
#define FMT_MOST          40 /* WAVEFORMATEXTENSIBLE */

static uint32_t get(const uint8_t *p, int bytes)
{
    uint32_t v = 0;
    for (int i = 0; i < bytes; i++)
        v |= (uint32_t)p[i] << (8 * i);
    return v;
}

static enum desk_rc bad(struct desk_wav_reader *r, const char *why)
{
    r->state = S_BAD;
    r->why = why;
    return DESK_EINVAL;
}

void desk_wav_read_begin(struct desk_wav_reader *r,
                         bool (*sound)(void *ctx, const int16_t *samples, size_t frames), void *ctx)
{
    *r = (struct desk_wav_reader){.sound = sound, .ctx = ctx, .state = S_RIFF, .why = ""};
}

static size_t frame_bytes(const struct desk_wav_reader *r)
{
    return (size_t)r->channels * r->bits / 8;
}

/* ---- heads ----------------------------------------------------------------------------------- */

/* Fill hold up to want bytes; true once they are there. */
static bool fill(struct desk_wav_reader *r, size_t want, const uint8_t **p, size_t *n)
{
    size_t take = want - r->held < *n ? want - r->held : *n;
    memcpy(r->hold + r->held, *p, take);
    r->held += take;
    *p += take;
    *n -= take;
    return r->held == want;
}

static enum desk_rc riff(struct desk_wav_reader *r, const uint8_t **p, size_t *n)
{
    if (!fill(r, 12, p, n))
        return DESK_OK;
    if (memcmp(r->hold, "RIFF", 4) != 0 || memcmp(r->hold + 8, "WAVE", 4) != 0)
        return bad(r, "It is not a WAV file.");
    r->held = 0;
    r->state = S_CHUNK;
    return DESK_OK;
}

/* Chunks are padded to even lengths. */
static enum desk_rc chunk(struct desk_wav_reader *r, const uint8_t **p, size_t *n)
{
    if (!fill(r, 8, p, n))
        return DESK_OK;
    uint32_t size = get(r->hold + 4, 4);
    bool format = memcmp(r->hold, "fmt ", 4) == 0, data = memcmp(r->hold, "data", 4) == 0;
    r->held = 0;
    r->left = size;
    if (data && !r->known)
        return bad(r, "Its sound comes before its format.");
    if (data) {
        r->endless = size == 0 || size == UINT32_MAX;
        r->state = S_DATA;
    } else if (format) {
        if (size < FMT_LEAST || r->known)
            return bad(r, "Its format is not told as it should be.");
        r->state = S_FORMAT;
    } else {
        r->left += size & 1;
        r->state = S_SKIP;
    }
    return DESK_OK;
}

static enum desk_rc read_format(struct desk_wav_reader *r, size_t n)
{
    r->format = get(r->hold, 2);
    r->channels = get(r->hold + 2, 2);
    r->rate = get(r->hold + 4, 4);
    r->bits = get(r->hold + 14, 2);
    if (r->format == FORMAT_EXTENSIBLE && n >= 26)
        r->format = get(r->hold + 24, 2);
    bool pcm = r->format == FORMAT_PCM && (r->bits == 16 || r->bits == 8);
    bool mulaw = r->format == FORMAT_MULAW && r->bits == 8;
    if (!pcm && !mulaw)
        return bad(r, "Its sound is of a kind that we do not read.");
    if (r->channels < 1 || r->channels > DESK_WAV_CHANNELS)
        return bad(r, "It has more channels than a call.");
    if (get(r->hold + 12, 2) != frame_bytes(r) || !r->rate)
        return bad(r, "Its format contradicts itself.");
    r->known = true;
    return DESK_OK;
}

static enum desk_rc format(struct desk_wav_reader *r, const uint8_t **p, size_t *n)
{
    size_t want = r->left < FMT_MOST ? (size_t)r->left : FMT_MOST;
    if (!fill(r, want, p, n))
        return DESK_OK;
    enum desk_rc rc = read_format(r, want);
    r->held = 0;
    r->left = r->left - want + (r->left & 1);
    if (!rc)
        r->state = S_SKIP;
    return rc;
}

static enum desk_rc skip(struct desk_wav_reader *r, const uint8_t **p, size_t *n)
{
    size_t take = r->left < *n ? (size_t)r->left : *n;
    *p += take;
    *n -= take;
    r->left -= take;
    if (!r->left)
        r->state = S_CHUNK;
    return DESK_OK;
}

/* ---- sound ----------------------------------------------------------------------------------- */

static int16_t sample(const struct desk_wav_reader *r, const uint8_t *p)
{
    if (r->format == FORMAT_MULAW)
        return desk_mulaw_to_linear(*p);
    if (r->bits == 8)
        return (int16_t)((*p - 128) * 256);
    return (int16_t)(uint16_t)get(p, 2);
}

/* n whole frames. */
static bool give(struct desk_wav_reader *r, const uint8_t *p, size_t n)
{
    int16_t out[DESK_WAV_FRAMES * DESK_WAV_CHANNELS];
    size_t bytes = r->bits / 8;
    while (n) {
        size_t now = n < DESK_WAV_FRAMES ? n : DESK_WAV_FRAMES, samples = now * r->channels;
        for (size_t i = 0; i < samples; i++, p += bytes)
            out[i] = sample(r, p);
        r->frames += (int64_t)now;
        if (!r->sound(r->ctx, out, now))
            return false;
        n -= now;
    }
    return true;
}

static enum desk_rc data(struct desk_wav_reader *r, const uint8_t **p, size_t *n)
{
    size_t one = frame_bytes(r);
    size_t here = r->endless || r->left > *n ? *n : (size_t)r->left;
    const uint8_t *from = *p;
    *p += here;
    *n -= here;
    if (!r->endless)
        r->left -= here;
    while (here && r->held) { /* the frame that was cut by the piece before */
        r->hold[r->held++] = *from++;
        here--;
        if (r->held < one)
            continue;
        r->held = 0;
        if (!give(r, r->hold, 1))
            goto stopped;
    }
    if (!give(r, from, here / one))
        goto stopped;
    r->held += here % one;
    memcpy(r->hold, from + here / one * one, here % one ? here % one : 0);
    if (!r->endless && !r->left) {
        r->held = 0; /* half a frame at the end is none */
        r->state = S_AFTER;
    }
    return DESK_OK;
stopped:
    r->state = S_STOPPED;
    return DESK_DONE;
}

enum desk_rc desk_wav_read(struct desk_wav_reader *r, const void *bytes, size_t n)
{
    static enum desk_rc (*const steps[])(struct desk_wav_reader *, const uint8_t **, size_t *) = {
        [S_RIFF] = riff, [S_CHUNK] = chunk, [S_FORMAT] = format, [S_SKIP] = skip, [S_DATA] = data};
    const uint8_t *p = bytes;
    enum desk_rc rc = DESK_OK;
    while (n && !rc && r->state <= S_DATA)
        rc = steps[r->state](r, &p, &n);
    return r->state == S_BAD ? DESK_EINVAL : r->state == S_STOPPED ? DESK_DONE : rc;
}

enum desk_rc desk_wav_read_end(struct desk_wav_reader *r)
{
    if (r->state == S_BAD)
        return DESK_EINVAL;
    if (r->state == S_AFTER || (r->state == S_DATA && r->endless))
        return DESK_OK;
    return bad(r, "It is cut off.");
}
