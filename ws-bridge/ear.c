#include "ws-bridge/ear.h"
#include "wire/mulaw.h"

#include <stdlib.h>
#include <string.h>

#define FRAME_MS  DESK_VAD_FRAME_MS
#define SILENT    96   /* dB under full scale */
#define OWN_SOUND 60.0 /* our voice is there if it is over -60 */
#define OWN_TEACHES                                                                                \
    32.0 /* and teaches the echo loss if it is over -32: then an echo would show                   \
          */
#define LOSS_FIRST                                                                                 \
    15.0 /* an echo louder than this is rare, and the first words are the greeting                 \
          */
#define LOSS_LEAST  12.0
#define LOSS_MOST   40.0
#define LOSS_UP     0.06 /* a frame: 3 dB/s */
#define LOSS_DOWN   0.6
#define DOUBT_MOST  10   /* frames one doubt may teach */
#define GAP_MS      200  /* quiet before a "t" or "p", and soft consonants an echo covers */
#define VOICE_SPARE 1000 /* ms the second look stays open after a doubt: the next is often near */
#define NO_VOICE_MS 5    /* what a frame that is none takes away of what voices had */
#define HEARD_MS    200  /* so much voice is one for the clock of silence */
#define HEARD_NO_MS 10   /* as NO_VOICE_MS */
#define REST_MS     2000 /* while we are silent: a voice that is sure is not asked for so long */
#define MOVES_DB    1.5  /* a voice's level moves by this at least; a horn's does not */

void ear_init(struct ear *e, const struct ear_settings *set)
{
    memset(e, 0, sizeof *e);
    e->set = *set;
    struct desk_vad_settings v = desk_vad_defaults;
    v.margin_db = set->margin_db;
    v.least_db = set->least_db;
    desk_vad_init(&e->vad, &v);
    e->loss_db = LOSS_FIRST;
    memset(e->kept, DESK_MULAW_SILENCE, sizeof e->kept);
}

void ear_clear(struct ear *e)
{
    desk_voice_close(&e->voice);
    free(e->own);
    e->own = NULL;
    e->own_cap = 0;
    e->own_from = e->own_to = 0;
}

/* ---- our own voice --------------------------------------------------------------------------- */

static uint8_t *own(const struct ear *e, int64_t slot)
{
    return &e->own[(size_t)slot & (e->own_cap - 1)];
}

/* Room for slots up to and with that one. */
static bool make_room(struct ear *e, int64_t slot)
{
    size_t cap = e->own_cap ? e->own_cap : EAR_OWN_FIRST;
    while (cap < EAR_OWN_MAX && (int64_t)cap <= slot - e->own_from)
        cap *= 2;
    if (cap > e->own_cap) {
        uint8_t *more = malloc(cap);
        if (!more)
            return false;
        for (int64_t s = e->own_from; s < e->own_to; s++)
            more[(size_t)s & (cap - 1)] = *own(e, s);
        free(e->own);
        e->own = more;
        e->own_cap = cap;
    }
    if (e->own_from <= slot - (int64_t)cap)
        e->own_from = slot - (int64_t)cap + 1;
    for (e->own_to = e->own_to > e->own_from ? e->own_to : e->own_from; e->own_to <= slot;
         e->own_to++)
        *own(e, e->own_to) = SILENT;
    return true;
}

void ear_sent(struct ear *e, const uint8_t *ulaw, size_t n, int64_t play_ms)
{
    int64_t now = play_ms;
    if (e->own_from == e->own_to || play_ms / FRAME_MS > e->own_to + EAR_OWN_MAX)
        e->own_from = e->own_to = play_ms / FRAME_MS;
    for (size_t at = 0; at < n;) {
        size_t left = (size_t)(FRAME_MS - now % FRAME_MS) * DESK_MULAW_PER_MS;
        size_t piece = n - at < left ? n - at : left;
        int64_t slot = now / FRAME_MS;
        if (slot < e->own_from || !make_room(e, slot))
            return;
        double under = -desk_mulaw_level_db(ulaw + at, piece);
        if (under < *own(e, slot))
            *own(e, slot) = (uint8_t)under;
        at += piece;
        now += (int64_t)(piece / DESK_MULAW_PER_MS);
    }
}

void ear_cut(struct ear *e, int64_t now_ms)
{
    int64_t slot = now_ms / FRAME_MS + 1;
    if (slot < e->own_from)
        slot = e->own_from;
    if (e->own_to > slot)
        e->own_to = slot;
}

/* Our loudest of the last 400 ms, dB under full scale; forgets what is older. */
static double own_under(struct ear *e, int64_t now_ms)
{
    int64_t last = now_ms / FRAME_MS, first = (now_ms - EAR_ECHO_MS) / FRAME_MS;
    uint8_t best = SILENT;
    if (e->own_from < first)
        e->own_from = first < e->own_to ? first : e->own_to;
    if (last >= e->own_to)
        last = e->own_to - 1;
    for (int64_t s = e->own_from; s <= last; s++)
        if (*own(e, s) < best)
            best = *own(e, s);
    return best;
}

bool ear_own_voice(const struct ear *e, int64_t now_ms)
{
    return e->own_from < e->own_to && e->own_from <= now_ms / FRAME_MS &&
           now_ms < e->own_to * FRAME_MS + EAR_ECHO_MS;
}

/* ---- what the line gives back of it ---------------------------------------------------------- */

/* One frame of our speech nobody talked over, or n of a doubt that came to nothing. The loss is
 * such that one frame in eleven comes back louder: its steps down are ten times those up. */
static void learn(struct ear *e, double loss, int n)
{
    if (loss < e->loss_db)
        e->loss_db -= LOSS_DOWN * n;
    else
        e->loss_db += LOSS_UP;
    if (e->loss_db < LOSS_LEAST)
        e->loss_db = LOSS_LEAST;
    if (e->loss_db > LOSS_MOST)
        e->loss_db = LOSS_MOST;
}

/* ---- the caller ------------------------------------------------------------------------------ */

/* The voice's opinion of this frame; a closed one first hears what came before. */
static bool voiced(struct ear *e)
{
    int16_t pcm[DESK_VAD_FRAME];
    if (!e->voice.dsp) {
        if (!desk_voice_open(&e->voice))
            return true;
        e->opened++;
        for (size_t k = 0; k + DESK_VAD_FRAME < EAR_KEEP; k += DESK_VAD_FRAME) {
            desk_mulaw_decode(pcm, e->kept + (e->kept_at + k) % EAR_KEEP, DESK_VAD_FRAME);
            (void)desk_voice_frame(&e->voice, pcm);
        }
    }
    desk_mulaw_decode(pcm, e->frame, DESK_VAD_FRAME);
    struct desk_voice_opinion o = desk_voice_frame(&e->voice, pcm);
    return desk_voice_is(&o, e->set.tone, e->level_db - e->vad.floor_db);
}

static void begin(struct ear *e, int64_t now_ms)
{
    e->since_ms = now_ms - FRAME_MS;
    e->counted_ms = e->voiced_ms = e->gap_ms = 0;
    e->low_db = e->lower_db = 0;
    e->high_db = e->higher_db = -SILENT;
    e->confirmed = false;
}

/* Nobody speaks any more. What was no speech was an echo, or noise: it teaches. */
static void end(struct ear *e)
{
    if (!e->confirmed && e->doubts > 0)
        learn(e, 0, e->doubts < DOUBT_MOST ? e->doubts : DOUBT_MOST);
    e->doubts = 0;
    e->since_ms = 0;
    e->sure_for_ms = 0;
    e->confirmed = false;
}

/* The second highest and second lowest level are kept: a sound that begins or ends within a frame
 * has one frame that says nothing of how it moves. */
static double moved_db(struct ear *e)
{
    double l = e->level_db;
    if (l > e->higher_db) {
        e->high_db = e->higher_db;
        e->higher_db = l;
    } else if (l > e->high_db) {
        e->high_db = l;
    }
    if (l < e->lower_db) {
        e->low_db = e->lower_db;
        e->lower_db = l;
    } else if (l < e->low_db) {
        e->low_db = l;
    }
    return e->high_db - e->low_db;
}

static int more(int ms, bool is_voice, int less)
{
    ms += is_voice ? FRAME_MS : -less;
    return ms > 0 ? ms : 0;
}

/* For the clock of silence, again and again: somebody who has spoken does not make a voice of the
 * car that passes after. What is missed here is made good by its words, so it may be strict. */
static void hear(struct ear *e, bool is_voice, int64_t now_ms)
{
    bool sure = e->sure_ms && now_ms - e->sure_ms < REST_MS;
    e->sure_for_ms = sure ? 0 : more(e->sure_for_ms, is_voice, HEARD_NO_MS);
    if (!sure && e->sure_for_ms >= HEARD_MS) {
        e->sure_ms = now_ms;
        sure = true;
    }
    if (sure)
        e->heard_ms = now_ms;
}

static void count(struct ear *e, bool is_voice, int64_t now_ms)
{
    if (!e->since_ms)
        begin(e, now_ms);
    double moved = moved_db(e);
    e->counted_ms += FRAME_MS;
    e->voiced_ms = more(e->voiced_ms, is_voice, NO_VOICE_MS);
    e->gap_ms = 0;
    e->last_ms = now_ms;
    hear(e, is_voice, now_ms);
    int enough = e->set.confirm_ms;
    if (e->counted_ms >= enough && 2 * e->voiced_ms >= enough && (moved >= MOVES_DB || !enough))
        e->confirmed = true;
}

static void teach(struct ear *e, double loss, bool counts)
{
    if (!e->since_ms && !counts)
        learn(e, loss, 1);
    else if (loss < e->loss_db)
        e->doubts++;
}

/* While we speak: loud enough and a voice, or nearly loud enough and surely a voice. */
static bool counts_over_us(struct ear *e, bool echo, bool *is_voice, int64_t now_ms)
{
    const struct desk_vad *v = &e->vad;
    bool nearly =
        !echo && e->level_db > v->floor_db + v->set.margin_db / 2 && e->level_db > v->set.least_db;
    if (nearly)
        e->voice_ms = now_ms;
    if (nearly || e->voice.dsp)
        *is_voice = voiced(e);
    return v->loud || (nearly && *is_voice);
}

/* While we are silent: loud enough. Whether it is a voice is not asked for a click, nor all the
 * time while somebody speaks. */
static bool counts_alone(struct ear *e, bool *is_voice, int64_t now_ms)
{
    bool matters = e->set.confirm_ms > 0 && e->set.tone > 0;
    bool rests = e->sure_ms && now_ms - e->sure_ms < REST_MS;
    bool ask = matters && (e->vad.recent & 3) == 3;
    *is_voice = !matters || rests;
    if (ask)
        e->voice_ms = now_ms;
    if (!rests && (ask || e->voice.dsp))
        *is_voice = voiced(e);
    return e->vad.loud;
}

static void frame(struct ear *e, int64_t now_ms)
{
    int64_t at = 0;
    double under = own_under(e, now_ms);
    bool ours = under < OWN_SOUND, is_voice = true;
    e->level_db = desk_mulaw_level_db(e->frame, DESK_VAD_FRAME);
    e->expected_db = ours ? -under - e->loss_db + e->set.echo_db : -SILENT;
    bool echo = ours && e->level_db <= e->expected_db;
    (void)(echo ? desk_vad_echo : desk_vad_frame)(&e->vad, e->level_db, &at);
    bool over_us = ear_own_voice(e, now_ms);
    bool counts =
        over_us ? counts_over_us(e, echo, &is_voice, now_ms) : counts_alone(e, &is_voice, now_ms);
    if (e->voice.dsp && now_ms - e->voice_ms > VOICE_SPARE)
        desk_voice_close(&e->voice);
    if (under < OWN_TEACHES)
        teach(e, -under - e->level_db, counts);
    if (counts)
        count(e, is_voice, now_ms);
    else if (e->since_ms && (e->gap_ms += FRAME_MS) > GAP_MS)
        end(e);
}

void ear_heard(struct ear *e, const uint8_t *ulaw, size_t n, int64_t now_ms)
{
    for (size_t at = 0; at < n;) {
        size_t piece = DESK_VAD_FRAME - e->fill;
        if (piece > n - at)
            piece = n - at;
        memcpy(e->frame + e->fill, ulaw + at, piece);
        e->fill += piece;
        at += piece;
        if (e->fill < DESK_VAD_FRAME)
            break;
        e->fill = 0;
        frame(e, now_ms - (int64_t)((n - at) / DESK_MULAW_PER_MS));
        memcpy(e->kept + e->kept_at, e->frame, DESK_VAD_FRAME);
        e->kept_at = (e->kept_at + DESK_VAD_FRAME) % EAR_KEEP;
    }
}

int64_t ear_since_ms(const struct ear *e, bool confirmed)
{
    return confirmed && !e->confirmed ? 0 : e->since_ms;
}

int64_t ear_quiet_ms(const struct ear *e, int64_t since_ms, int64_t now_ms)
{
    return now_ms - (e->last_ms > since_ms ? e->last_ms : since_ms);
}

int64_t ear_heard_ms(const struct ear *e)
{
    return e->heard_ms;
}
