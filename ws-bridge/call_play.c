/* Audio both ways, and what of ours was heard. Payloads go from one envelope into the other as they
 * are: base64 µ-law, copied once. */
#include "ws-bridge/call.h"
#include "base/clock.h"
#include "base/log.h"
#include "wire/base64.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ENVELOPE    256 /* bytes around a payload, at most */
#define LEAD_MAX_MS 1000
#define CUT_S       0.25 /* a server that is to cut its answer itself has done so by then */

/* The oldest of the caller's audio made room for the newest: noted once a queue, at the first. */
static void audio_dropped(struct call *c, const char *where)
{
    desk_log(DESK_LOG_WARN, "call.audio_dropped", "call=%s peer=%s", c->name, where);
    call_event(c, "stream", "audio_dropped",
               "The voice took the caller's words too slowly: some of them were lost");
}

bool call_send(struct call *c, struct leg *leg, struct queue_msg *m, enum queue_kind kind,
               int64_t ms)
{
    enum queue_rc rc = m ? queue_push(&leg->out, m, kind, ms) : QUEUE_FULL;
    const char *peer = leg->side == LEG_MODEL ? "model" : "twilio";
    if (rc == QUEUE_FULL) {
        desk_log(DESK_LOG_WARN, "call.overflow", "call=%s peer=%s ms=%lld bytes=%zu", c->name, peer,
                 (long long)leg->out.ms, leg->out.text_bytes);
        call_end(c, "overflow", DESK_NEXT_GATHER);
        return false;
    }
    if (rc == QUEUE_DROPPED_FIRST)
        audio_dropped(c, peer);
    leg_wake(leg);
    return true;
}

/* ---- the caller's audio ---------------------------------------------------------------------- */

void call_caller_audio(struct call *c, const struct desk_media_msg *m)
{
    bool ready = c->state >= CALL_TALKING;
    struct queue *q = ready ? &c->model.out : &c->held;
    int64_t ms = (int64_t)desk_base64_decoded_len(m->payload.p, m->payload.n) / 8;
    call_ear_heard(c, &m->payload);
    if (c->state >= CALL_ENDING)
        return;
    struct queue_msg *msg = queue_new(q, m->payload.n + ENVELOPE);
    if (!msg)
        return; /* no memory: 20 ms are lost */
    desk_rt_build_append(&msg->buf, m->payload.p, m->payload.n);
    if (!c->ear_ms)
        c->ear_ms = desk_mono_ms() - ms;
    if (ready) {
        call_reach_audio(c, m->payload.p, m->payload.n, ms);
        call_send(c, &c->model, msg, QUEUE_AUDIO, ms);
        return;
    }
    if (queue_push(q, msg, QUEUE_AUDIO, ms) == QUEUE_DROPPED_FIRST)
        audio_dropped(c, "waiting");
}

void call_caller_audio_release(struct call *c)
{
    queue_move(&c->model.out, &c->held);
    leg_wake(&c->model);
}

/* ---- our audio ------------------------------------------------------------------------------- */

static void send_mark(struct call *c, const struct play_item *item, bool end)
{
    char name[PLAY_MARK];
    struct queue_msg *m = queue_new(&c->twilio.out, ENVELOPE);
    play_mark_name(&c->play, item, end, name);
    if (m)
        desk_media_build_mark(&m->buf, c->stream_sid, name);
    call_send(c, &c->twilio, m, QUEUE_MARK, 0);
}

/* "Are you still there?" is written down once it was heard: who did not hear it was not asked. */
static bool waits_for_ears(const struct call *c, const struct play_item *item)
{
    return !item->stored && *c->still && strcmp(item->response, c->still) == 0;
}

/* Silence before the first word of a call: its beginning would be clipped. */
static void send_lead(struct call *c, int64_t now)
{
    char silence[8 * LEAD_MAX_MS];
    struct desk_buf text;
    long ms = desk_tenant_setting_int(&c->claim->settings, DESK_S_LEAD_SILENCE_MS);
    size_t n = 8 * (size_t)(ms < LEAD_MAX_MS ? ms : LEAD_MAX_MS);
    if (!n)
        return;
    memset(silence, 0xff, n); /* µ-law */
    desk_buf_init(&text, 2 * sizeof silence);
    struct queue_msg *m = queue_new(&c->twilio.out, 2 * n + ENVELOPE);
    if (m && !desk_base64_encode(silence, n, &text)) {
        desk_media_build_media(&m->buf, c->stream_sid, text.p, text.len);
        call_send(c, &c->twilio, m, QUEUE_AUDIO, ms);
        c->play.until_ms = now + ms;
    } else if (m) {
        queue_give_back(&c->twilio.out, m);
    }
    desk_buf_clear(&text);
}

void call_model_audio(struct call *c, const struct desk_rt_event *ev)
{
    if (call_ear_refused(c, ev))
        return;
    struct play_item *item = play_item(&c->play, ev->item_id, ev->response_id);
    size_t bytes = desk_base64_decoded_len(ev->audio.p, ev->audio.n);
    if (!bytes || play_is_dead(&c->play, ev->response_id, item))
        return;
    struct queue_msg *m = queue_new(&c->twilio.out, ev->audio.n + ENVELOPE);
    if (m)
        desk_media_build_media(&m->buf, c->stream_sid, ev->audio.p, ev->audio.n);
    int64_t now = desk_mono_ms();
    if (!c->first_audio_ms)
        send_lead(c, now);
    bool mark = play_audio(&c->play, item, (int64_t)bytes, now);
    if (c->play.until_ms - now > DESK_MAX_AUDIO_OUT_MS && m) { /* Twilio would have to keep it */
        queue_give_back(&c->twilio.out, m);
        m = NULL;
    }
    if (!call_send(c, &c->twilio, m, QUEUE_AUDIO, (int64_t)bytes / 8))
        return;
    if (c->rec)
        call_record_desk(c, ev->audio, c->play.until_ms);
    call_ear_sent(c, &ev->audio, c->play.until_ms - (int64_t)bytes / 8);
    quiet_ours(&c->quiet, (int64_t)bytes / 8);
    if (!c->filling) {
        call_resume_off(c);
        c->spoke = true;
        c->tools_unheard = 0;
        c->wait_ms = 0;
    }
    call_measure_sound(c);
    if (!c->first_audio_ms) {
        c->first_audio_ms = desk_mono_ms();
        desk_log(DESK_LOG_INFO, "call.first_audio", "call=%s ms=%lld", c->name,
                 (long long)(c->first_audio_ms - c->started_ms));
    }
    if (mark)
        send_mark(c, item, false);
}

void call_response_end_mark(struct call *c, const char *response_id)
{
    struct play_item *last = NULL;
    for (size_t i = 0; i < PLAY_ITEMS; i++) {
        struct play_item *it = &c->play.items[i];
        if (it->number && it->bytes && it->heard_ms < 0 && strcmp(it->response, response_id) == 0 &&
            (!last || it->number > last->number))
            last = it;
    }
    if (last)
        send_mark(c, last, true);
}

/* ---- words, as heard ------------------------------------------------------------------------- */

/* Write a turn of ours, or correct it: what was cut off is kept apart. */
static void store(struct call *c, struct play_item *item)
{
    const char *words = desk_buf_cstr(&item->words);
    int64_t total = play_total_ms(item), heard = item->heard_ms < 0 ? total : item->heard_ms;
    int64_t start = item->bytes ? item->begin_ms - c->origin_ms : call_now_ms(c);
    size_t cut = item->heard_ms < 0 ? strlen(words) : play_split(words, heard, total);
    char *text = strndup(words, cut);
    if (!text || !*words)
        goto out;
    story_said(&c->story, STORY_DESK, item->id, text, start);
    if (!call_may_write(c))
        goto out;
    struct scribe_call who = call_scribe(c);
    struct desk_turn t = {.item_id = item->id,
                          .who = DESK_WHO_DESK,
                          .how = "speech",
                          .text = text,
                          .unheard = words[cut] ? words + cut + (words[cut] == ' ') : NULL,
                          .start_ms = start,
                          .end_ms = start + heard};
    (item->stored ? scribe_heard : scribe_turn)(c->b->scribe, &who, &t);
    item->stored = true;
out:
    free(text);
}

void call_mark_back(struct call *c, const char *name)
{
    struct play_item *item;
    enum play_mark what = play_mark_back(&c->play, name, &item);
    if (what == PLAY_MARK_END && item && *c->greeting && !c->greeting_heard &&
        strcmp(item->response, c->greeting) == 0) {
        c->greeting_heard = true;
        call_greet_heard(c, item);
        call_event(c, "stream", "greeting_heard", "The greeting was heard to its end");
    }
    if (what == PLAY_MARK_END && item && waits_for_ears(c, item))
        store(c, item);
    if (what == PLAY_MARK_END && item)
        call_order_heard(c, item);
    if (what != PLAY_MARK_OLD)
        call_leave_check(c);
}

void call_model_words(struct call *c, const struct desk_rt_event *ev, bool whole)
{
    if (call_ear_refused(c, ev))
        return;
    struct play_item *item = play_item(&c->play, ev->item_id, ev->response_id);
    size_t n = strlen(ev->text), room = item->words.max;
    if (!whole && item->stored)
        return; /* a piece that comes after the whole */
    if (whole)
        desk_buf_reset(&item->words);
    room -= item->words.len;
    while (n > room || (n < strlen(ev->text) && ((unsigned char)ev->text[n] & 0xC0) == 0x80))
        n--; /* cut between letters */
    desk_buf_add(&item->words, ev->text, n);
    if (item->bytes == 0 && item->heard_ms < 0 && play_is_dead(&c->play, ev->response_id, NULL))
        item->heard_ms = 0; /* cut before its first sound came */
    bool answer = !*c->active_for || strcmp(c->active_for, "answer") == 0;
    if (whole && answer && !play_is_dead(&c->play, ev->response_id, item))
        quiet_answer(&c->quiet, ev->text); /* and no piece of one */
    if (whole && !waits_for_ears(c, item))
        store(c, item);
}

/* ---- barge-in -------------------------------------------------------------------------------- */

struct cut {
    struct call *c;
    bool tell;        /* the model, too */
    int64_t heard_ms; /* of all items */
    size_t n;
};

static void cut_one(void *ctx, struct play_item *item)
{
    struct cut *cut = ctx;
    struct call *c = cut->c;
    char id[24];
    cut->n++;
    cut->heard_ms += item->heard_ms;
    if (item->heard_ms > 0 || !waits_for_ears(c, item))
        store(c, item);
    call_resume_cut(c, item);
    call_order_cut(c, item);
    bool aside = *c->aside && strcmp(item->response, c->aside) == 0;
    if (!cut->tell || !c->model.up || aside || call_model_retell(c, item))
        return;
    struct queue_msg *m = queue_new(&c->model.out, 1024);
    snprintf(id, sizeof id, "fd-cut-%u", (unsigned)++c->events);
    if (m && item->heard_ms > 0)
        desk_rt_build_truncate(&m->buf, id, item->id, item->heard_ms);
    else if (m)
        desk_rt_build_delete(&m->buf, id, item->id);
    call_send(c, &c->model, m, QUEUE_TEXT, 0);
}

static void send_clear(struct call *c)
{
    struct queue_msg *m = queue_new(&c->twilio.out, ENVELOPE);
    if (m)
        desk_media_build_clear(&m->buf, c->stream_sid);
    call_send(c, &c->twilio, m, QUEUE_TEXT, 0);
}

static void send_cancel(struct call *c)
{
    char id[24];
    struct queue_msg *m = queue_new(&c->model.out, 512);
    snprintf(id, sizeof id, "fd-cancel-%u", (unsigned)++c->events);
    if (m)
        desk_rt_build_response_cancel(&m->buf, id, strcmp(c->active, "?") ? c->active : NULL);
    call_send(c, &c->model, m, QUEUE_TEXT, 0);
}

void call_interrupt(struct call *c, bool cancel)
{
    int64_t now = desk_mono_ms();
    bool sounding = play_outstanding(&c->play, now);
    struct cut cut = {.c = c, .tell = true};
    if (!sounding && !*c->active)
        return;
    if (c->play.until_ms > now)
        quiet_ours(&c->quiet, now - c->play.until_ms);
    if (sounding) {
        queue_drop_audio(&c->twilio.out);
        send_clear(c);
        call_record_cut(c);
        ear_cut(&c->ear, now);
    }
    if (cancel && *c->active)
        send_cancel(c);
    else if (*c->active)
        call_timer_start(c, CALL_T_CUT, CUT_S);
    play_cut(&c->play, c->active, now, cut_one, &cut);
    if (cut.n)
        metrics_count(&c->b->metrics, METRIC_INTERRUPTIONS);
    if (cut.n && !c->taken_over)
        call_event(c, "stream", "interrupted",
                   "The caller spoke while the receptionist was speaking, after %.1f seconds",
                   (double)cut.heard_ms / 1000.0);
}

/* The server was told to cut its answers when the caller speaks, and has not. */
void call_interrupt_late(struct call *c)
{
    if (c->model.up && *c->active && strcmp(c->active, c->play.dead) == 0 &&
        strcmp(c->active, c->refused) != 0)
        send_cancel(c);
}

void call_play_pause(struct call *c)
{
    if (*c->active)
        call_response_end_mark(c, c->active);
    for (size_t i = 0; i < PLAY_ITEMS && c->state < CALL_ENDING; i++) {
        struct play_item *it = &c->play.items[i];
        if (it->number && !it->stored && !waits_for_ears(c, it))
            store(c, it);
    }
}

void call_play_keep(struct call *c)
{
    struct cut cut = {.c = c};
    if (play_outstanding(&c->play, desk_mono_ms()) || *c->active)
        play_cut(&c->play, c->active, desk_mono_ms(), cut_one, &cut);
    for (size_t i = 0; i < PLAY_ITEMS; i++)
        if (c->play.items[i].number && !c->play.items[i].stored &&
            !(c->play.items[i].heard_ms == 0 && waits_for_ears(c, &c->play.items[i])))
            store(c, &c->play.items[i]);
}
