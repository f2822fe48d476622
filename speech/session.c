/* The protocol's state machine. See session.h for the contract, wire/realtime_server.h for the
 * events. Facts: OpenAI Realtime, GA.
 *
 * A turn: audio → VAD → a voice? → committed → job HEAR → transcript → brain → job SPEAK → paced
 * audio → the brain's tool call → response.done. One response at a time. Words that come with a
 * tool call are short and are not interrupted: the call must not get lost. */
#include "speech/session_state.h"

#include "base/clock.h"
#include "base/limits.h"
#include "wire/base64.h"
#include "wire/mulaw.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- turns of the caller -------------------------------------------------------------------- */

static void hear(struct desk_speech *s, struct item *it)
{
    char words[MAX_VOCABULARY];
    if (s->hearing >= MAX_HEARING) {
        EMIT(s, desk_rts_transcription_failed, it->id, "server_error", "Too much at once.");
        return;
    }
    struct desk_job *job = desk_job_new(DESK_JOB_HEAR, s->number, ++s->tags);
    if (job) {
        job->expect = s->brain_of->expect(s->brain, words, sizeof words);
        job->vocabulary = strdup(words);
        job->text = strdup(it->id); /* comes back with the words */
        job->n = s->speech_n;
        job->pcm = malloc((s->speech_n + 1) * sizeof *job->pcm);
    }
    if (!job || !job->vocabulary || !job->text || !job->pcm) {
        desk_job_free(job);
        EMIT(s, desk_rts_transcription_failed, it->id, "server_error", "Out of memory.");
        return;
    }
    memcpy(job->pcm, s->speech, s->speech_n * sizeof *job->pcm);
    s->hearing++;
    s->host.submit(s->host.ctx, job);
}

/* The buffer becomes an item of the caller. */
static void commit(struct desk_speech *s)
{
    struct item *it = desk_speech_item_new(s, s->speech_id, DESK_RT_ITEM_MESSAGE, DESK_RT_USER);
    it->audio = true;
    it->audio_ms = (int64_t)(s->speech_n / 8);
    EMIT(s, desk_rts_committed, it->id, desk_speech_item_before(s, it));
    desk_speech_item_announce(s, it, true);
    hear(s, it);
    s->speech_n = 0;
    s->speech_id[0] = '\0';
}

static void answer_turn(struct desk_speech *s)
{
    if (!s->config.create_response || s->tool_is_out)
        return;
    if (s->response.phase == IDLE)
        desk_speech_response_start(s, NULL);
    else
        s->owes_answer = true;
}

/* ---- is it a voice? ------------------------------------------------------------------------- */

/* What is loud is speech when VOICE_MS of it are a voice: at once for a vowel, at the vowel after
 * an "s". A whisper has no tone, but goes on, and its level jumps as the wind's does not. What has
 * a tone (a cough, an engine) passes: the recogniser has the last word. */
#define VOICE_MS     40
#define BACK_MS      500 /* so long before that it may have begun */
#define WHISPER_MS   600
#define JUMP_DB      6 /* within 40 ms */
#define WHISPER_JUMP 10

static void forget_sound(struct desk_speech *s)
{
    s->voiced_ms = s->loud_ms = s->moves = 0;
}

static void listen(struct desk_speech *s, double level_db)
{
    struct desk_voice_opinion o = desk_voice_frame(&s->voice, s->frame);
    bool voice = desk_voice_is(&o, s->config.tone, level_db - s->vad.floor_db);
    double jump = level_db - s->levels_db[1];
    if (!s->vad.speaking && !s->vad.loud)
        forget_sound(s);
    if (s->vad.loud) {
        s->loud_ms += DESK_VAD_FRAME_MS;
        s->voiced_ms += voice ? DESK_VAD_FRAME_MS : -DESK_VAD_FRAME_MS / 2;
        s->voiced_ms = s->voiced_ms > 0 ? s->voiced_ms : 0;
    }
    s->moves += jump > JUMP_DB || jump < -JUMP_DB;
    s->levels_db[1] = s->levels_db[0];
    s->levels_db[0] = level_db;
}

static bool is_speech(const struct desk_speech *s)
{
    return s->voiced_ms >= VOICE_MS || (s->loud_ms >= WHISPER_MS && s->moves >= WHISPER_JUMP);
}

/* ---- turns ---------------------------------------------------------------------------------- */

static void nobody_speaks(struct desk_speech *s)
{
    s->vad.speaking = s->in_turn = false;
    forget_sound(s);
}

static void turn_started(struct desk_speech *s, int64_t at_ms)
{
    s->in_turn = true;
    int64_t from = at_ms - s->config.prefix_ms;
    size_t keep = (size_t)((s->vad.now_ms - (from > 0 ? from : 0)) * 8);
    if (s->speech_n > keep) {
        memmove(s->speech, s->speech + s->speech_n - keep, keep * sizeof *s->speech);
        s->speech_n = keep;
    }
    s->idle_at = 0;
    (void)desk_id_new(s->speech_id, "item");
    EMIT(s, desk_rts_speech_started, s->speech_id, from > 0 ? from : 0);
    bool interruptible = s->response.phase != IDLE && !s->response.out.tool_name[0];
    if (s->config.interrupt_response && interruptible)
        desk_speech_response_cancel(s, "turn_detected");
}

static void turn_stopped(struct desk_speech *s, int64_t at_ms)
{
    s->in_turn = false;
    EMIT(s, desk_rts_speech_stopped, s->speech_id, at_ms);
    commit(s);
    answer_turn(s);
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static void keep_samples(struct desk_speech *s, const int16_t *pcm, size_t n)
{
    bool waiting = s->config.turn_detection && !s->in_turn;
    size_t max = waiting ? PREFIX_SAMPLES : MAX_UTTERANCE;
    if (s->speech_n + n > max) {
        size_t drop = s->speech_n + n - max;
        if (drop > s->speech_n)
            drop = s->speech_n;
        memmove(s->speech, s->speech + drop, (s->speech_n - drop) * sizeof *s->speech);
        s->speech_n -= drop;
    }
    memcpy(s->speech + s->speech_n, pcm, n * sizeof *pcm);
    s->speech_n += n;
}

static void frame_in(struct desk_speech *s)
{
    int64_t at = 0;
    keep_samples(s, s->frame, DESK_VAD_FRAME);
    s->heard_ms += DESK_VAD_FRAME_MS;
    if (!s->config.turn_detection)
        return;
    bool full = s->in_turn && s->speech_n >= MAX_UTTERANCE;
    double level_db = desk_pcm_level_db(s->frame, DESK_VAD_FRAME);
    enum desk_vad_event event = desk_vad_frame(&s->vad, level_db, &at);
    listen(s, level_db);
    if (full &&
        event == DESK_VAD_NONE) { /* nobody speaks for half a minute: noise, or a monologue */
        s->vad.speaking = false;
        event = DESK_VAD_STOPPED;
        at = s->vad.now_ms;
    }
    if (event == DESK_VAD_STARTED)
        s->onset_ms = at;
    if (event == DESK_VAD_STOPPED && s->in_turn)
        turn_stopped(s, at);
    else if (s->vad.speaking && !s->in_turn && is_speech(s))
        turn_started(s, later(s->onset_ms, s->vad.now_ms - BACK_MS));
}

static void audio_in(struct desk_speech *s, const uint8_t *bytes, size_t n)
{
    desk_buf_reset(&s->fresh);
    desk_audio_in(&s->in, bytes, n, &s->fresh);
    size_t total = s->fresh.len / sizeof(int16_t), used = 0;
    while (used < total) {
        size_t m = DESK_VAD_FRAME - s->frame_fill;
        if (m > total - used)
            m = total - used;
        memcpy(s->frame + s->frame_fill, s->fresh.p + used * sizeof(int16_t), m * sizeof(int16_t));
        used += m;
        s->frame_fill += m;
        if (s->frame_fill == DESK_VAD_FRAME) {
            s->frame_fill = 0;
            frame_in(s);
        }
    }
}

/* ---- client events: one function each ------------------------------------------------------- */

static void on_session_update(struct desk_speech *s, const struct desk_rt_client_event *ev)
{
    struct desk_rt_error why;
    if (desk_speech_config_update(&s->config, ev->session, s->has_spoken, &why) != DESK_OK) {
        why.event_id = *ev->event_id ? ev->event_id : NULL;
        EMIT(s, desk_rts_error, &why);
        return;
    }
    (void)desk_audio_set(&s->in, s->config.in, false);
    (void)desk_audio_set(&s->out, s->config.out, true);
    s->vad.set = s->config.vad;
    s->vad.now_ms = s->heard_ms; /* it did not run while the client committed by hand */
    if (!s->config.turn_detection)
        nobody_speaks(s);
    s->brain_of->setup(s->brain,
                       json_string_value(json_object_get(s->config.object, "instructions")),
                       json_object_get(s->config.object, "tools"));
    EMIT(s, desk_rts_session_updated, s->config.object);
    desk_speech_alarm(s);
}

static void on_append(struct desk_speech *s, const struct desk_rt_client_event *ev)
{
    struct desk_buf bytes;
    desk_buf_init(&bytes, DESK_MAX_APPEND);
    if (desk_base64_decode(ev->audio.p, ev->audio.n, &bytes) == DESK_OK && bytes.len > 0)
        audio_in(s, (const uint8_t *)bytes.p, bytes.len);
    else if (ev->audio.n > 0)
        desk_speech_error_send(s, "invalid_value", "The audio is not base64 or too long.", "audio",
                               ev->event_id);
    desk_buf_clear(&bytes);
}

static void on_commit(struct desk_speech *s, const struct desk_rt_client_event *ev)
{
    if (s->speech_n < DESK_VAD_FRAME * 5 || (s->config.turn_detection && !s->in_turn)) {
        desk_speech_error_send(
            s, "input_audio_buffer_commit_empty",
            "Error committing input audio buffer: the buffer is too small. Expected at "
            "least 100ms of "
            "audio.",
            NULL, ev->event_id);
        return;
    }
    nobody_speaks(s);
    commit(s);
}

static void on_clear(struct desk_speech *s, const struct desk_rt_client_event *ev)
{
    (void)ev;
    s->speech_n = 0;
    s->frame_fill = 0;
    nobody_speaks(s);
    desk_rts_cleared(&s->rts, &s->event);
    desk_speech_event_send(s);
}

/* The place of the client's item, when it can be taken; an error event has gone out when not. */
static bool item_accepted(struct desk_speech *s, const struct desk_rt_client_event *ev, size_t *at)
{
    const char *what = "invalid_value", *why = NULL, *where = "item";
    char text[80 + DESK_ID_LEN];
    if (ev->item_type == DESK_RT_ITEM_NONE || ev->item_type == DESK_RT_ITEM_OTHER) {
        why = "Supported item types are: message, function_call and function_call_output.";
        where = "item.type";
    } else if (strlen(ev->item_id) >= DESK_ID_LEN ||
               (*ev->item_id && desk_speech_item_find(s, ev->item_id))) {
        why = "The item's id is too long or exists already.";
        where = "item.id";
    } else if (strlen(ev->text) + strlen(ev->call_id) + strlen(ev->name) + strlen(ev->arguments) +
                   strlen(ev->output) >
               MAX_ITEM_TEXT) {
        why = "The item is too long.";
    } else if (!desk_speech_item_place(s, ev->previous_item_id, at)) {
        snprintf(text, sizeof text,
                 "Error adding item: the previous item with id '%.*s' does not exist.", DESK_ID_LEN,
                 ev->previous_item_id);
        what = "item_create_invalid_previous_item_id";
        why = text;
        where = "previous_item_id";
    }
    if (why)
        desk_speech_error_send(s, what, why, where, ev->event_id);
    return !why;
}

/* What stands before something that was said already is history: kept, and not taken for a new
 * turn. The result of a tool is one wherever it stands. */
static void on_item_create(struct desk_speech *s, const struct desk_rt_client_event *ev)
{
    size_t at;
    if (!item_accepted(s, ev, &at))
        return;
    bool last = at == s->n_items;
    struct item *it = desk_speech_item_insert(s, at, ev->item_id, ev->item_type, ev->role);
    it->text = desk_speech_text_copy(ev->text);
    it->call_id = desk_speech_text_copy(ev->call_id);
    it->name = desk_speech_text_copy(ev->name);
    it->arguments = desk_speech_text_copy(ev->arguments);
    it->output = desk_speech_text_copy(ev->output);
    desk_speech_item_announce(s, it, true);
    if (it->type == DESK_RT_ITEM_FUNCTION_OUTPUT) {
        s->tool_is_out = false;
        desk_speech_inputs_clear(s); /* what was said while the tool ran answers no question */
        desk_speech_input_push(s, DESK_DIALOG_TOOL_RESULT, ev->output);
    } else if (it->type == DESK_RT_ITEM_MESSAGE && it->role == DESK_RT_SYSTEM) {
        desk_speech_told(s);
    } else if (last && it->type == DESK_RT_ITEM_MESSAGE && it->role == DESK_RT_USER &&
               !s->tool_is_out) {
        s->idle_at = 0;
        desk_speech_input_push(s, DESK_DIALOG_SPEECH, ev->text);
    }
}

static struct item *item_wanted(struct desk_speech *s, const struct desk_rt_client_event *ev)
{
    struct item *it = *ev->item_id ? desk_speech_item_find(s, ev->item_id) : NULL;
    if (!it)
        desk_speech_error_send(s, "item_not_found", "There is no item of that id.", "item_id",
                               ev->event_id);
    return it;
}

static void on_item_retrieve(struct desk_speech *s, const struct desk_rt_client_event *ev)
{
    const struct item *it = item_wanted(s, ev);
    if (it) {
        const struct desk_rts_item view = desk_speech_item_view(it);
        EMIT(s, desk_rts_item_retrieved, &view);
    }
}

static void on_item_delete(struct desk_speech *s, const struct desk_rt_client_event *ev)
{
    struct item *it = item_wanted(s, ev);
    if (!it)
        return;
    if (it->type == DESK_RT_ITEM_FUNCTION_CALL) {
        s->tool_is_out = false;
        desk_speech_results_drop(s);
        s->brain_of->held(s->brain);
    }
    if (it->role == DESK_RT_USER)
        s->owes_answer = false; /* it would be to this */
    desk_speech_item_remove(s, (size_t)(it - s->items));
    EMIT(s, desk_rts_item_deleted, ev->item_id);
}

static void on_item_truncate(struct desk_speech *s, const struct desk_rt_client_event *ev)
{
    struct item *it = item_wanted(s, ev);
    if (!it)
        return;
    int64_t have =
        it->status == DESK_RT_STATUS_IN_PROGRESS ? (int64_t)(s->response.sent / 8) : it->audio_ms;
    if (it->role != DESK_RT_ASSISTANT || !it->audio) {
        desk_speech_error_send(s, "unsupported_content_type",
                               "Only model output audio messages can be truncated", "item_id",
                               ev->event_id);
    } else if (ev->audio_end_ms < 0 || ev->audio_end_ms > have) {
        desk_speech_error_send(s, "invalid_value",
                               "The audio of this item is already shorter than audio_end_ms.",
                               "audio_end_ms", ev->event_id);
    } else {
        it->audio_ms = ev->audio_end_ms;
        free(it->text); /* what was heard of it is not known: as the real service, forget the words
                         */
        it->text = NULL;
        EMIT(s, desk_rts_item_truncated, it->id, 0, ev->audio_end_ms);
    }
}

static void on_response_create(struct desk_speech *s, const struct desk_rt_client_event *ev)
{
    if (s->response.phase != IDLE)
        desk_speech_error_send(
            s, "conversation_already_has_active_response",
            "Conversation already has an active response in progress. Wait until the response is "
            "finished before creating a new one.",
            NULL, ev->event_id);
    else
        desk_speech_response_start(s, ev->response);
}

static void on_response_cancel(struct desk_speech *s, const struct desk_rt_client_event *ev)
{
    const struct response *r = &s->response;
    if (r->phase == IDLE || (*ev->response_id && strcmp(ev->response_id, r->id) != 0))
        desk_speech_error_send(s, "response_cancel_not_active",
                               "Cancellation failed: no active response found", NULL, ev->event_id);
    else
        desk_speech_response_cancel(s, "client_cancelled");
}

static void on_output_clear(struct desk_speech *s, const struct desk_rt_client_event *ev)
{
    desk_speech_error_send(s, "invalid_value",
                           "output_audio_buffer.clear is not for WebSocket sessions.", "type",
                           ev->event_id);
}

static void (*const handlers[DESK_RTC__MAX])(struct desk_speech *,
                                             const struct desk_rt_client_event *) = {
    [DESK_RTC_SESSION_UPDATE] = on_session_update,
    [DESK_RTC_APPEND] = on_append,
    [DESK_RTC_COMMIT] = on_commit,
    [DESK_RTC_CLEAR] = on_clear,
    [DESK_RTC_ITEM_CREATE] = on_item_create,
    [DESK_RTC_ITEM_RETRIEVE] = on_item_retrieve,
    [DESK_RTC_ITEM_DELETE] = on_item_delete,
    [DESK_RTC_ITEM_TRUNCATE] = on_item_truncate,
    [DESK_RTC_RESPONSE_CREATE] = on_response_create,
    [DESK_RTC_RESPONSE_CANCEL] = on_response_cancel,
    [DESK_RTC_OUTPUT_CLEAR] = on_output_clear,
};

/* ---- the outside ---------------------------------------------------------------------------- */

struct desk_speech *desk_speech_new(const struct desk_speech_host *host, uint64_t number,
                                    const char *model, const struct desk_brain_backend *brain)
{
    char id[DESK_ID_LEN];
    struct desk_speech *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->host = *host;
    s->number = number;
    s->brain_of = brain;
    s->brain = brain->open();
    s->speech = malloc((MAX_UTTERANCE + DESK_VAD_FRAME) * sizeof *s->speech);
    desk_buf_init(&s->event, DESK_MAX_REALTIME_MSG);
    desk_buf_init(&s->fresh, DESK_MAX_APPEND * 2);
    int64_t expires = desk_now_ms() / 1000 + SESSION_LIFE_S;
    if (!s->brain || !s->speech ||
        desk_speech_config_init(&s->config, desk_id_new(id, "sess"), model, expires) != 0) {
        desk_speech_free(s);
        return NULL;
    }
    (void)desk_audio_set(&s->in, s->config.in, false);
    (void)desk_audio_set(&s->out, s->config.out, true);
    desk_vad_init(&s->vad, &s->config.vad);
    (void)desk_voice_open(&s->voice); /* without memory the pitch alone is asked */
    EMIT(s, desk_rts_session_created, s->config.object);
    return s;
}

void desk_speech_free(struct desk_speech *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->n_items; i++)
        desk_speech_item_clear(&s->items[i]);
    desk_speech_inputs_clear(s);
    json_decref(s->response.metadata);
    free(s->response.verbatim);
    desk_buf_clear(&s->response.audio);
    desk_buf_clear(&s->event);
    desk_buf_clear(&s->fresh);
    desk_audio_clear(&s->in);
    desk_audio_clear(&s->out);
    desk_speech_config_clear(&s->config);
    desk_voice_close(&s->voice);
    if (s->brain)
        s->brain_of->close(s->brain);
    free(s->speech);
    free(s);
}

void desk_speech_message(struct desk_speech *s, const char *p, size_t n)
{
    struct desk_rt_client_event ev;
    enum desk_rc rc = desk_rt_client_event_parse(&ev, p, n);
    if (rc != DESK_OK)
        desk_speech_error_send(
            s, "invalid_json",
            "The message is not a JSON object with a type, or its audio is not base64.", NULL,
            ev.event_id);
    else if (ev.type >= DESK_RTC__MAX || !handlers[ev.type])
        desk_speech_error_send(s, "invalid_value", "This type of event is not supported.", "type",
                               ev.event_id);
    else
        handlers[ev.type](s, &ev);
    desk_rt_client_event_clear(&ev);
}

void desk_speech_too_long(struct desk_speech *s, size_t max)
{
    char text[96];
    snprintf(text, sizeof text, "The message is longer than %zu bytes and was not read.", max);
    desk_speech_error_send(s, "message_too_long", text, NULL, NULL);
}

static void heard(struct desk_speech *s, const struct desk_job *job)
{
    struct item *it = desk_speech_item_find(s, job->text);
    const char *words = job->rc == DESK_OK ? job->heard.text : "";
    s->hearing--;
    if (it) {
        free(it->text);
        it->text = strdup(words);
        if (s->config.transcribe && job->rc == DESK_OK)
            EMIT(s, desk_rts_transcription_completed, it->id, words,
                 (double)job->n / DESK_STT_RATE);
        else if (s->config.transcribe)
            EMIT(s, desk_rts_transcription_failed, it->id, "server_error",
                 "The recogniser failed.");
    }
    if (it && !s->tool_is_out) /* deleted meanwhile: it was not said to us */
        desk_speech_input_push(s, DESK_DIALOG_SPEECH, words);
    desk_speech_advance(s);
}

void desk_speech_job(struct desk_speech *s, struct desk_job *job)
{
    if (job->kind == DESK_JOB_HEAR)
        heard(s, job);
    else
        desk_speech_spoken(s, job);
}

/* Nobody says anything: the protocol has an event for it, and the brain an answer. */
static void timed_out(struct desk_speech *s)
{
    struct item *it = desk_speech_item_new(s, NULL, DESK_RT_ITEM_MESSAGE, DESK_RT_USER);
    it->audio = true;
    EMIT(s, desk_rts_idle_timeout, it->id,
         s->heard_ms > s->config.idle_ms ? s->heard_ms - s->config.idle_ms : 0, s->heard_ms);
    EMIT(s, desk_rts_committed, it->id, desk_speech_item_before(s, it));
    desk_speech_item_announce(s, it, true);
    desk_speech_input_push(s, DESK_DIALOG_SILENCE, NULL);
    desk_speech_response_start(s, NULL);
}

void desk_speech_tick(struct desk_speech *s)
{
    int64_t now = s->host.now_ms(s->host.ctx);
    if (s->response.phase == PLAYING)
        desk_speech_pace(s, now);
    if (s->idle_at > 0 && now >= s->idle_at && s->response.phase == IDLE && !s->in_turn &&
        s->hearing == 0) {
        s->idle_at = 0;
        timed_out(s);
    }
}
