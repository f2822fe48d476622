#include "cli/call_line.h"
#include "base/limits.h"
#include "wire/mulaw.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UTTERANCE_MS 300 /* quiet that makes what follows a new utterance */
#define GAP_MS       40  /* a hole a listener notices; shorter ones a jitter buffer hides */
#define KEY_MS       250 /* from one key to the next */

struct mark {
    char *name;
    uint64_t at; /* due when that many bytes have been played */
};

enum mouth { /* what the caller is doing */
             MOUTH_NEXT,
             MOUTH_WAIT,
             MOUTH_SPEAK,
             MOUTH_PRESS,
             MOUTH_SILENCE,
             MOUTH_INTERRUPT,
             MOUTH_EXPECT,
             MOUTH_LINGER,
             MOUTH__MAX
};

struct sim_line {
    struct sim_cursor *cursor;
    struct sim_line_io io;
    struct sim_line_config cfg;
    struct sim_line_stats stats;
    long ticks;

    /* playout: bytes [head, n) of p wait; queued and played count since the beginning */
    uint8_t *p;
    size_t head, n, cap;
    uint64_t queued, played;
    struct mark *marks;
    size_t mark_n, mark_cap;

    /* the receptionist as the caller hears her */
    unsigned utterance; /* how many she has begun */
    bool speaking;      /* between an utterance's begin and finish_ms of quiet */
    bool cleared;       /* whatever comes next is a new utterance */
    long began_ms;      /* of this utterance */
    long quiet_ms;      /* the queue has been empty since; -1 = it is not */
    unsigned answered;  /* utterances that are no answer to the caller's last line */

    enum mouth mouth;
    long since_ms; /* this state's beginning */
    long next_ms;  /* PRESS: when the next key goes */
    size_t said;   /* SPEAK: bytes of the line already spoken */
    long barge_ms; /* the caller began to speak over her; -1 = not, or settled by a clear */
};

/* ---- script cursor --------------------------------------------------------------------------- */

const struct sim_step *sim_cursor_step(const struct sim_cursor *c)
{
    return c->script && c->at < c->script->n ? &c->script->steps[c->at] : NULL;
}

void sim_cursor_next(struct sim_cursor *c)
{
    c->at++;
    c->key = 0;
}

/* ---- life ------------------------------------------------------------------------------------ */

struct sim_line *sim_line_new(struct sim_cursor *cursor, const struct sim_line_io *io,
                              const struct sim_line_config *config)
{
    struct sim_line *l = calloc(1, sizeof *l);

    if (!l)
        return NULL;
    l->cursor = cursor;
    l->io = *io;
    l->cfg = *config;
    l->stats.first_audio_ms = l->stats.barge_in_ms = -1;
    l->barge_ms = -1;
    return l;
}

static void marks_free(struct sim_line *l)
{
    for (size_t i = 0; i < l->mark_n; i++)
        free(l->marks[i].name);
    free(l->marks);
}

void sim_line_free(struct sim_line *l)
{
    if (!l)
        return;
    marks_free(l);
    free(l->p);
    free(l);
}

const struct sim_line_stats *sim_line_stats(const struct sim_line *l)
{
    return &l->stats;
}

long sim_line_waiting_ms(const struct sim_line *l)
{
    return (long)((l->n - l->head) / DESK_MULAW_PER_MS);
}

static void note(struct sim_line *l, const char *who, const char *kind, const char *text,
                 long value)
{
    l->io.note(l->io.ctx, who, kind, text, value);
}

/* ---- from the receptionist ------------------------------------------------------------------- */

static enum desk_rc queue_room(struct sim_line *l, size_t n)
{
    size_t cap = l->cap ? l->cap : 16384, used = l->n - l->head;
    uint8_t *p;

    if (n > DESK_MAX_SIM_PLAYOUT || used + n > DESK_MAX_SIM_PLAYOUT)
        return DESK_ELIMIT;
    if (l->head > 65536 || l->n + n > l->cap) { /* reuse what was played before growing */
        memmove(l->p ? l->p : (uint8_t *)"", l->p ? l->p + l->head : (uint8_t *)"", used);
        l->head = 0;
        l->n = used;
    }
    if (used + n <= l->cap)
        return DESK_OK;
    while (cap < used + n)
        cap *= 2;
    p = realloc(l->p, cap);
    if (!p)
        return DESK_ENOMEM;
    l->p = p;
    l->cap = cap;
    return DESK_OK;
}

static void hear(struct sim_line *l, long now)
{
    bool empty = l->head == l->n;
    long hole = empty && l->quiet_ms >= 0 ? now - l->quiet_ms : 0;

    if (l->utterance == 0 || l->cleared || (empty && hole >= UTTERANCE_MS)) {
        l->utterance++;
        l->began_ms = now;
        l->cleared = false;
        if (!l->speaking)
            note(l, "receptionist", "speech-start", "speaks", now);
        l->speaking = true;
    } else if (hole >= GAP_MS) {
        l->stats.gaps++;
        l->stats.gap_ms += hole;
    }
    if (l->stats.first_audio_ms < 0) {
        l->stats.first_audio_ms = now;
        note(l, "receptionist", "first-audio", "is heard for the first time", now);
    }
    l->quiet_ms = -1;
}

enum desk_rc sim_line_media(struct sim_line *l, long now_ms, const uint8_t *ulaw, size_t n)
{
    enum desk_rc rc = n ? queue_room(l, n) : DESK_DONE;

    if (rc != DESK_OK)
        return rc == DESK_DONE ? DESK_OK : rc;
    hear(l, now_ms);
    memcpy(l->p + l->n, ulaw, n);
    l->n += n;
    l->queued += n;
    l->stats.bytes_in += (long)n;
    return DESK_OK;
}

enum desk_rc sim_line_mark(struct sim_line *l, const char *name)
{
    if (l->mark_n >= DESK_MAX_SIM_MARKS)
        return DESK_ELIMIT;
    if (l->mark_n == l->mark_cap) {
        size_t cap = l->mark_cap ? l->mark_cap * 2 : 16;
        struct mark *p = realloc(l->marks, cap * sizeof *p);
        if (!p)
            return DESK_ENOMEM;
        l->marks = p;
        l->mark_cap = cap;
    }
    l->marks[l->mark_n].name = strdup(name);
    l->marks[l->mark_n].at = l->queued;
    if (!l->marks[l->mark_n].name)
        return DESK_ENOMEM;
    l->mark_n++;
    return DESK_OK;
}

/* Give back every mark whose audio has been played. */
static void marks_echo(struct sim_line *l)
{
    size_t due = 0;

    while (due < l->mark_n && l->marks[due].at <= l->played) {
        l->stats.marks++;
        l->io.played(l->io.ctx, l->marks[due].name);
        note(l, "twilio", "mark", l->marks[due].name, -1);
        free(l->marks[due].name);
        due++;
    }
    if (due == 0)
        return;
    l->mark_n -= due;
    memmove(l->marks, l->marks + due, l->mark_n * sizeof *l->marks);
}

void sim_line_clear(struct sim_line *l, long now_ms)
{
    char text[96];
    long dropped = sim_line_waiting_ms(l);

    l->stats.clears++;
    if (l->barge_ms >= 0) {
        long took = now_ms - l->barge_ms;
        l->stats.barge_ins++;
        if (took > l->stats.barge_in_ms)
            l->stats.barge_in_ms = took;
        snprintf(text, sizeof text, "stops, %ld ms after the caller began to speak", took);
        note(l, "receptionist", "barge-in", text, took);
        l->barge_ms = -1;
    }
    snprintf(text, sizeof text, "drops %.1f s of audio not yet heard", (double)dropped / 1000.0);
    note(l, "receptionist", "clear", text, dropped);
    l->head = l->n;
    l->played = l->queued;
    l->cleared = true;
    if (l->quiet_ms < 0)
        l->quiet_ms = now_ms;
    marks_echo(l);
}

/* ---- playout --------------------------------------------------------------------------------- */

static void play(struct sim_line *l, long now)
{
    size_t n = l->n - l->head;
    char text[64];

    marks_echo(l); /* what was played in the last tick has been heard by now */
    if (n > SIM_FRAME_BYTES)
        n = SIM_FRAME_BYTES;
    if (n > 0) {
        sim_rec_put(l->cfg.rec, SIM_RIGHT, l->cfg.rec_at_ms + l->ticks * SIM_TICK_MS,
                    l->p + l->head, n);
        l->head += n;
        l->played += n;
        if (l->head == l->n)
            l->quiet_ms = now + SIM_TICK_MS; /* when this last frame has been heard */
    } else if (l->speaking && l->quiet_ms >= 0 && now - l->quiet_ms >= l->cfg.finish_ms) {
        l->speaking = false;
        snprintf(text, sizeof text, "finished, %.1f s",
                 (double)(l->quiet_ms - l->began_ms) / 1000.0);
        note(l, "receptionist", "speech-end", text, l->quiet_ms - l->began_ms);
    }
}

/* She has said something since the caller's last line, and has finished. */
static bool finished(const struct sim_line *l, long now)
{
    return l->utterance > l->answered && l->head == l->n && l->quiet_ms >= 0 &&
           now - l->quiet_ms >= l->cfg.finish_ms;
}

/* How long nothing has happened: neither her voice nor the caller's. */
static long idle(const struct sim_line *l, long now)
{
    long from = l->since_ms;

    if (l->head != l->n)
        return 0;
    if (l->quiet_ms > from)
        from = l->quiet_ms;
    return now - from;
}

/* ---- the caller ------------------------------------------------------------------------------ */

static void mouth_set(struct sim_line *l, enum mouth m, long now)
{
    l->mouth = m;
    l->since_ms = now;
}

static void step_done(struct sim_line *l, long now)
{
    sim_cursor_next(l->cursor);
    mouth_set(l, MOUTH_NEXT, now);
}

/* A line begins: what she has begun before is no answer to it. */
static void line_begin(struct sim_line *l, const struct sim_step *step, long now)
{
    static const char *const verbs[DESK_SIM_STEP__MAX] = {
        [DESK_SIM_SAY] = "say", [DESK_SIM_AUDIO] = "audio", [DESK_SIM_PRESS] = "press"};

    l->cursor->armed = false;
    l->answered = l->utterance;
    l->said = 0;
    l->next_ms = now;
    note(l, "caller", verbs[step->kind], step->text, -1);
    mouth_set(l, step->kind == DESK_SIM_PRESS ? MOUTH_PRESS : MOUTH_SPEAK, now);
    if (l->io.spoken && step->kind != DESK_SIM_PRESS)
        l->io.spoken(l->io.ctx, step, true);
}

static enum sim_line_rc mouth_next(struct sim_line *l, long now)
{
    static const enum mouth states[DESK_SIM_STEP__MAX] = {
        [DESK_SIM_SAY] = MOUTH_WAIT,        [DESK_SIM_AUDIO] = MOUTH_WAIT,
        [DESK_SIM_PRESS] = MOUTH_WAIT,      [DESK_SIM_WAIT] = MOUTH_WAIT,
        [DESK_SIM_SILENCE] = MOUTH_SILENCE, [DESK_SIM_INTERRUPT] = MOUTH_INTERRUPT,
        [DESK_SIM_EXPECT] = MOUTH_EXPECT};
    const struct sim_step *step = sim_cursor_step(l->cursor);

    if (!step)
        mouth_set(l, MOUTH_LINGER, now);
    else if (step->kind == DESK_SIM_HANGUP)
        return SIM_LINE_HANGUP;
    else
        mouth_set(l, states[step->kind], now);
    return SIM_LINE_ON;
}

static enum sim_line_rc mouth_wait(struct sim_line *l, long now)
{
    const struct sim_step *step = sim_cursor_step(l->cursor);
    bool tired = idle(l, now) >= l->cfg.patience_ms;

    if (!finished(l, now) && !l->cursor->armed && !tired)
        return SIM_LINE_ON;
    if (tired)
        note(l, "caller", "patience", "heard nothing for a while and goes on", l->cfg.patience_ms);
    if (step->kind == DESK_SIM_SAY && !step->sound.ulaw && l->cursor->script->live) {
        l->cursor->script->live(l->cursor->script->live_ctx, l->cursor->at);
        if (step->kind != DESK_SIM_SAY)
            return mouth_next(l, now);
    }
    if (step->kind == DESK_SIM_WAIT)
        step_done(l, now);
    else
        line_begin(l, step, now);
    return SIM_LINE_ON;
}

static enum sim_line_rc mouth_speak(struct sim_line *l, long now)
{
    const struct sim_step *step = sim_cursor_step(l->cursor);

    if (l->said < step->sound.len)
        return SIM_LINE_ON;
    if (l->io.spoken)
        l->io.spoken(l->io.ctx, step, false);
    step_done(l, now);
    return SIM_LINE_ON;
}

static enum sim_line_rc mouth_press(struct sim_line *l, long now)
{
    const struct sim_step *step = sim_cursor_step(l->cursor);
    char key;

    while (now >= l->next_ms && (key = step->text[l->cursor->key]) != '\0') {
        l->cursor->key++;
        if (key == 'w' || key == 'W') {
            l->next_ms += key == 'w' ? 500 : 1000;
            continue;
        }
        l->next_ms += KEY_MS;
        l->io.key(l->io.ctx, key);
    }
    if (step->text[l->cursor->key] == '\0')
        step_done(l, now);
    return SIM_LINE_ON;
}

static enum sim_line_rc mouth_silence(struct sim_line *l, long now)
{
    if (now - l->since_ms >= sim_cursor_step(l->cursor)->ms)
        step_done(l, now);
    return SIM_LINE_ON;
}

static enum sim_line_rc mouth_interrupt(struct sim_line *l, long now)
{
    const struct sim_step *step = sim_cursor_step(l->cursor);
    bool talks = l->utterance > l->answered && l->head != l->n;

    if ((talks && now - l->began_ms >= step->ms) || finished(l, now) ||
        idle(l, now) >= l->cfg.patience_ms) {
        l->cursor->armed = true;
        step_done(l, now);
    }
    return SIM_LINE_ON;
}

static enum sim_line_rc mouth_expect(struct sim_line *l, long now)
{
    if (l->utterance > l->answered)
        step_done(l, now);
    else if (now - l->since_ms >= sim_cursor_step(l->cursor)->ms)
        return SIM_LINE_SILENT;
    return SIM_LINE_ON;
}

static enum sim_line_rc mouth_linger(struct sim_line *l, long now)
{
    long bear = l->utterance > l->answered ? l->cfg.linger_ms : l->cfg.patience_ms;

    return idle(l, now) >= bear ? SIM_LINE_BORED : SIM_LINE_ON;
}

static enum sim_line_rc (*const mouths[MOUTH__MAX])(struct sim_line *, long) = {
    [MOUTH_NEXT] = mouth_next,       [MOUTH_WAIT] = mouth_wait,
    [MOUTH_SPEAK] = mouth_speak,     [MOUTH_PRESS] = mouth_press,
    [MOUTH_SILENCE] = mouth_silence, [MOUTH_INTERRUPT] = mouth_interrupt,
    [MOUTH_EXPECT] = mouth_expect,   [MOUTH_LINGER] = mouth_linger,
};

/* The caller's 20 ms: the line being spoken, else silence. */
static void speak(struct sim_line *l, uint8_t out[SIM_FRAME_BYTES], long now)
{
    const struct sim_sound *s;
    size_t n;

    memset(out, DESK_MULAW_SILENCE, SIM_FRAME_BYTES);
    if (l->mouth != MOUTH_SPEAK)
        return;
    s = &sim_cursor_step(l->cursor)->sound;
    n = s->len - l->said < SIM_FRAME_BYTES ? s->len - l->said : SIM_FRAME_BYTES;
    memcpy(out, s->ulaw + l->said, n);
    /* the frame with the first audible sample, while she is heard: a barge-in begins */
    if (l->said <= s->onset && s->onset < l->said + n && l->head != l->n)
        l->barge_ms = now;
    l->said += n;
    l->stats.bytes_out += (long)n;
}

enum sim_line_rc sim_line_tick(struct sim_line *l, long now_ms)
{
    uint8_t frame[SIM_FRAME_BYTES];
    enum sim_line_rc rc = SIM_LINE_ON;
    enum mouth before;

    play(l, now_ms);
    do { /* states that take no time follow one another in one tick */
        before = l->mouth;
        rc = mouths[l->mouth](l, now_ms);
    } while (rc == SIM_LINE_ON && l->mouth != before);
    speak(l, frame, now_ms);
    sim_rec_put(l->cfg.rec, SIM_LEFT, l->cfg.rec_at_ms + l->ticks * SIM_TICK_MS, frame,
                SIM_FRAME_BYTES);
    l->ticks++;
    l->io.frame(l->io.ctx, frame, SIM_FRAME_BYTES);
    return rc;
}
