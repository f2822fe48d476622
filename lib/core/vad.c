/* Energy over a tracked floor. See vad.h. */
#include "core/vad.h"

#define FLOOR_MIN   (-65.0)
#define FLOOR_START (-35.0) /* a stream that begins loud begins with a voice, not with noise */
#define FALL        0.3     /* share of the way down per frame */
#define RISE_QUIET  0.08    /* dB per frame while nobody speaks: 4 dB/s */
#define RISE_SPEECH 0.02    /* dB per frame within speech: 1 dB/s, so steady noise ends some time */

const struct desk_vad_settings desk_vad_defaults = {
    .margin_db = 9.0,
    .least_db = -50.0,
    .onset_ms = 60,
    .silence_ms = 500,
};

double desk_vad_margin(double threshold)
{
    double t = threshold < 0 ? 0 : threshold > 1 ? 1 : threshold;
    return 3.0 + 12.0 * t;
}

void desk_vad_init(struct desk_vad *v, const struct desk_vad_settings *set)
{
    *v = (struct desk_vad){.set = set ? *set : desk_vad_defaults};
}

static void track_floor(struct desk_vad *v, double level, bool echo)
{
    if (!v->begun)
        v->floor_db = level < FLOOR_START ? level : FLOOR_START;
    else if (level < v->floor_db)
        v->floor_db += FALL * (level - v->floor_db);
    else if (!echo)
        v->floor_db += v->speaking ? RISE_SPEECH : RISE_QUIET;
    if (v->floor_db < FLOOR_MIN)
        v->floor_db = FLOOR_MIN;
    v->begun = true;
}

static int count_bits(unsigned x)
{
    int n = 0;
    for (; x; x &= x - 1)
        n++;
    return n;
}

static enum desk_vad_event step(struct desk_vad *v, bool loud, int64_t *at_ms)
{
    int need = (v->set.onset_ms + DESK_VAD_FRAME_MS - 1) / DESK_VAD_FRAME_MS;
    int window = need + 2 < 31 ? need + 2 : 31;
    v->recent = ((v->recent << 1) | (loud ? 1u : 0u)) & ((1u << window) - 1u);
    v->now_ms += DESK_VAD_FRAME_MS;
    if (!v->speaking) {
        if (!loud || count_bits(v->recent) < need)
            return DESK_VAD_NONE;
        int back = 0;
        for (int i = 0; i < window; i++)
            if (v->recent & (1u << i))
                back = i + 1;
        v->speaking = true;
        v->quiet_ms = 0;
        *at_ms = v->now_ms - (int64_t)back * DESK_VAD_FRAME_MS;
        return DESK_VAD_STARTED;
    }
    v->quiet_ms = loud ? 0 : v->quiet_ms + DESK_VAD_FRAME_MS;
    int enough = v->set.silence_ms > DESK_VAD_HANGOVER ? v->set.silence_ms : DESK_VAD_HANGOVER;
    if (v->quiet_ms < enough)
        return DESK_VAD_NONE;
    v->speaking = false;
    v->recent = 0;
    *at_ms = v->now_ms - v->quiet_ms;
    return DESK_VAD_STOPPED;
}

enum desk_vad_event desk_vad_frame(struct desk_vad *v, double level_db, int64_t *at_ms)
{
    track_floor(v, level_db, false);
    v->loud = level_db > v->floor_db + v->set.margin_db && level_db > v->set.least_db;
    return step(v, v->loud, at_ms);
}

enum desk_vad_event desk_vad_echo(struct desk_vad *v, double level_db, int64_t *at_ms)
{
    track_floor(v, level_db, true);
    v->loud = false;
    return step(v, false, at_ms);
}
