/* A response's voice: made sentence by sentence, sent at the pace of its playing. The first
 * sentence plays while the second is being made, so that nobody waits longer for a longer answer;
 * of what is far from being played nothing is made yet: it may be interrupted, and the workers are
 * everybody's. See session_state.h. */
#include "speech/session_state.h"

#include "wire/base64.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAKE_AHEAD                                                                                 \
    (3 * 8000) /* bytes of sound: with so much in store the next sentence can wait                 \
                */

/* ---- making --------------------------------------------------------------------------------- */

static size_t text_made(const struct response *r)
{
    return r->n_made ? r->made[r->n_made - 1].text : 0;
}

/* What of the text has not been made yet; "" = all has. */
static const char *to_make(const struct response *r)
{
    const char *rest = r->out.say + text_made(r);
    return rest + strspn(rest, " \t\r\n");
}

static void make_next(struct desk_speech *s)
{
    struct response *r = &s->response;
    const char *text = to_make(r);
    size_t n = desk_tts_sentence(text);
    struct desk_job *job = desk_job_new(DESK_JOB_SPEAK, s->number, ++s->tags);
    if (!job || !(job->text = strndup(text, n))) {
        desk_job_free(job);
        desk_speech_response_fail(s);
        return;
    }
    snprintf(job->voice, sizeof job->voice, "%s", s->config.voice);
    r->tag = job->tag;
    r->asked = (size_t)(text - r->out.say) + n;
    r->making = true;
    s->host.submit(s->host.ctx, job);
}

void desk_speech_say(struct desk_speech *s)
{
    s->response.phase = SPEAKING;
    make_next(s);
}

/* ---- audio out, at the pace of its playing -------------------------------------------------- */

static void send_delta(struct desk_speech *s, const uint8_t *ulaw, size_t n)
{
    struct response *r = &s->response;
    const struct desk_rts_at at = {.response_id = r->id, .item_id = r->message_id};
    struct desk_buf bytes, text;
    desk_buf_init(&bytes, DELTA_BYTES * 8);
    desk_buf_init(&text, DELTA_BYTES * 16);
    desk_audio_out(&s->out, ulaw, n, &bytes);
    if (desk_buf_ok(&bytes) && bytes.len > 0 &&
        desk_base64_encode(bytes.p, bytes.len, &text) == DESK_OK)
        EMIT(s, desk_rts_audio_delta, &at, text.p, text.len);
    desk_buf_clear(&bytes);
    desk_buf_clear(&text);
}

/* Where in the text that byte of the audio is. */
static size_t text_at(const struct response *r, size_t bytes)
{
    struct piece before = {0, 0};
    for (size_t i = 0; i < r->n_made; i++) {
        const struct piece *p = &r->made[i];
        if (bytes < p->audio)
            return before.text +
                   (p->text - before.text) * (bytes - before.audio) / (p->audio - before.audio);
        before = *p;
    }
    return before.text;
}

/* The words up to that byte of the audio, a begun one whole. Words that ran further ahead would
 * count as heard when the caller interrupts or hangs up. */
static void send_words(struct desk_speech *s, size_t bytes)
{
    struct response *r = &s->response;
    const struct desk_rts_at at = {.response_id = r->id, .item_id = r->message_id};
    char piece[sizeof r->out.say];
    size_t len = strlen(r->out.say), to = text_at(r, bytes);
    while (to < len && r->out.say[to] != ' ')
        to++;
    if (to <= r->said)
        return;
    snprintf(piece, sizeof piece, "%.*s", (int)(to - r->said), r->out.say + r->said);
    EMIT(s, desk_rts_transcript_delta, &at, piece);
    r->said = to;
}

void desk_speech_pace(struct desk_speech *s, int64_t now)
{
    struct response *r = &s->response;
    int64_t until = (now - r->play_from + DESK_SESSION_LEAD_MS) * 8;
    if (until > (int64_t)r->sent)
        send_words(s, (size_t)until);
    while (r->sent < r->audio.len && (int64_t)r->sent < until) {
        size_t n = r->audio.len - r->sent;
        if (n > DELTA_BYTES)
            n = DELTA_BYTES;
        send_delta(s, (const uint8_t *)r->audio.p + r->sent, n);
        r->sent += n;
    }
    if (r->making || r->audio.len - r->sent >= MAKE_AHEAD)
        return;
    if (*to_make(r))
        make_next(s);
    else if (r->sent == r->audio.len)
        desk_speech_response_finish(s);
}

/* Sound came after all before it was played out: it plays from now on. */
static void go_on(struct response *r, int64_t now)
{
    int64_t played = (int64_t)(r->sent / 8);
    if (now - r->play_from > played)
        r->play_from = now - played;
}

/* Where a sentence ends. Of more than are kept the oldest, which were played long ago, are one. */
static void piece_made(struct response *r)
{
    if (r->n_made == MAX_PIECES)
        memmove(r->made, r->made + 1, --r->n_made * sizeof *r->made);
    r->made[r->n_made++] = (struct piece){r->asked, r->audio.len};
}

void desk_speech_spoken(struct desk_speech *s, struct desk_job *job)
{
    struct response *r = &s->response;
    int64_t now = s->host.now_ms(s->host.ctx);
    if (!r->making || r->tag != job->tag)
        return; /* cancelled meanwhile */
    r->making = false;
    if (job->rc == DESK_OK)
        desk_buf_add(&r->audio, job->audio.p, job->audio.len);
    piece_made(r);
    bool more = *to_make(r) != '\0';
    if (job->rc != DESK_OK || !desk_buf_ok(&r->audio) || (!more && r->audio.len == 0)) {
        desk_speech_response_fail(s);
    } else if (r->audio.len == 0) { /* signs without a word */
        make_next(s);
    } else {
        go_on(r, now);
        r->phase = PLAYING;
        s->has_spoken = true;
        desk_speech_pace(s, now);
    }
}
