/* The protocol's state machine. See session.h for the contract, wire/realtime_server.h for the
 * events. Facts: OpenAI Realtime, GA.
 *
 * A turn: audio → VAD → committed → job HEAR → transcript → brain → job SPEAK → paced audio → the
 * brain's tool call → response.done. One response at a time. Words that come with a tool call are
 * short and are not interrupted: the call must not get lost. */
#include "speech/session.h"

#include "base/clock.h"
#include "base/ids.h"
#include "base/limits.h"
#include "base/log.h"
#include "speech/audio.h"
#include "speech/session_config.h"
#include "wire/base64.h"
#include "wire/realtime_server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_ITEMS      512
#define MAX_INPUTS     16
#define MAX_UTTERANCE  (30 * DESK_STT_RATE) /* samples: longer speech is cut here */
#define PREFIX_SAMPLES (1 * DESK_STT_RATE)
#define DELTA_BYTES    800  /* 100 ms of µ-law in one delta */
#define NUMBER_PAUSE   1100 /* ms: people breathe between the groups of a telephone number */
#define SESSION_LIFE_S 3600
#define MAX_VOCABULARY 16384

struct item {
    char id[DESK_ID_LEN];
    enum desk_rt_item_type type;
    enum desk_rt_role role;
    enum desk_rt_status status;
    bool audio;
    int64_t audio_ms;
    char *text, *call_id, *name, *arguments, *output;
};

struct input { /* not yet given to the brain */
    enum desk_dialog_event event;
    char *text;
};

enum phase { IDLE, WAITING, SPEAKING, PLAYING };

struct response {
    enum phase phase;
    char id[DESK_ID_LEN];
    json_t *metadata;
    char *verbatim; /* to be said as it is, or NULL */
    bool greeting, text_only;
    struct desk_dialog_output out;
    char message_id[DESK_ID_LEN], call_item_id[DESK_ID_LEN]; /* "" = none */
    struct desk_buf audio;
    size_t sent;
    int64_t play_from;
    uint64_t tag;
};

struct desk_speech {
    struct desk_speech_host host;
    uint64_t number, tags;
    struct desk_rts rts;
    struct desk_buf event; /* one event is built here, then sent */
    struct desk_speech_config config;
    const struct desk_brain_backend *brain_of;
    void *brain;
    struct item items[MAX_ITEMS];
    size_t n_items;
    struct input inputs[MAX_INPUTS];
    size_t n_inputs;
    int hearing;      /* HEAR jobs out */
    bool owes_answer; /* a turn ended while a response was on its way */
    bool tool_is_out; /* a function call waits for its output */
    bool has_spoken;
    char owed_tool[40], owed_args[2000]; /* of a response the client cancelled */
    struct response response;
    int64_t idle_at; /* 0 = not armed */

    struct desk_audio in, out;
    struct desk_buf fresh; /* samples just decoded */
    struct desk_vad vad;
    int16_t frame[DESK_VAD_FRAME];
    size_t frame_fill;
    int16_t *speech; /* MAX_UTTERANCE samples; while nobody speaks, the last PREFIX_SAMPLES */
    size_t speech_n;
    int64_t heard_ms; /* of audio, in the session */
    char speech_id[DESK_ID_LEN];
    char last_item[DESK_ID_LEN];
};

/* ---- events out
 * ---------------------------------------------------------------------------------- */

static void send_event(struct desk_speech *s)
{
    if (desk_buf_ok(&s->event) && s->event.len > 0)
        s->host.send(s->host.ctx, s->event.p, s->event.len);
    else
        desk_log(DESK_LOG_ERROR, "speech.event_lost", "session=%llu",
                 (unsigned long long)s->number);
    desk_buf_reset(&s->event);
}
#define EMIT(s, fn, ...) (fn(&(s)->rts, &(s)->event, __VA_ARGS__), send_event(s))

static void send_error(struct desk_speech *s, const char *code, const char *message,
                       const char *param, const char *event_id)
{
    const struct desk_rt_error e = {.type = "invalid_request_error",
                                    .code = code,
                                    .message = message,
                                    .param = param,
                                    .event_id = event_id && *event_id ? event_id : NULL};
    EMIT(s, desk_rts_error, &e);
}

/* ---- items
 * --------------------------------------------------------------------------------------- */

static void item_clear(struct item *it)
{
    free(it->text);
    free(it->call_id);
    free(it->name);
    free(it->arguments);
    free(it->output);
    memset(it, 0, sizeof *it);
}

static char *copy_or_null(const char *text)
{
    return text && *text ? strdup(text) : NULL;
}

static struct item *item_find(struct desk_speech *s, const char *id)
{
    for (size_t i = s->n_items; i > 0; i--)
        if (strcmp(s->items[i - 1].id, id) == 0)
            return &s->items[i - 1];
    return NULL;
}

static void item_remove(struct desk_speech *s, size_t i)
{
    item_clear(&s->items[i]);
    memmove(&s->items[i], &s->items[i + 1], (s->n_items - i - 1) * sizeof *s->items);
    s->n_items--;
    memset(&s->items[s->n_items], 0, sizeof *s->items);
}

/* id NULL or "": a new one. The oldest item makes room. */
static struct item *item_new(struct desk_speech *s, const char *id, enum desk_rt_item_type type,
                             enum desk_rt_role role)
{
    if (s->n_items == MAX_ITEMS)
        item_remove(s, 0);
    struct item *it = &s->items[s->n_items++];
    memset(it, 0, sizeof *it);
    if (id && *id)
        snprintf(it->id, sizeof it->id, "%s", id);
    else
        (void)desk_id_new(it->id, "item");
    it->type = type;
    it->role = role;
    it->status = DESK_RT_STATUS_COMPLETED;
    return it;
}

static struct desk_rts_item item_view(const struct item *it)
{
    return (struct desk_rts_item){.id = it->id,
                                  .type = it->type,
                                  .status = it->status,
                                  .role = it->role,
                                  .audio = it->audio,
                                  .text = it->text,
                                  .call_id = it->call_id,
                                  .name = it->name,
                                  .arguments = it->arguments,
                                  .output = it->output};
}

static void announce_item(struct desk_speech *s, const struct item *it, bool done)
{
    const struct desk_rts_item view = item_view(it);
    const char *before = s->last_item[0] ? s->last_item : NULL;
    EMIT(s, desk_rts_item_added, before, &view);
    if (done)
        EMIT(s, desk_rts_item_done, before, &view);
    snprintf(s->last_item, sizeof s->last_item, "%s", it->id);
}

/* ---- the brain's inputs
 * --------------------------------------------------------------------------- */

static void input_push(struct desk_speech *s, enum desk_dialog_event event, const char *text)
{
    if (s->n_inputs == MAX_INPUTS)
        return;
    s->inputs[s->n_inputs++] = (struct input){event, copy_or_null(text)};
}

static void inputs_clear(struct desk_speech *s)
{
    for (size_t i = 0; i < s->n_inputs; i++)
        free(s->inputs[i].text);
    s->n_inputs = 0;
}

/* Give all waiting inputs to the brain, pieces of speech as one; stop at the first tool call. */
static void ask_brain(struct desk_speech *s, struct desk_dialog_output *out)
{
    char say[sizeof out->say] = "", text[DESK_STT_TEXT] = "";
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < s->n_inputs && !out->tool_name[0]; i++) {
        struct desk_dialog_input in = {s->inputs[i].event,
                                       s->inputs[i].text ? s->inputs[i].text : "", NULL};
        if (in.event == DESK_DIALOG_SPEECH && in.text[0] != '[') {
            desk_brain_join(text, sizeof text, in.text);
            in.text = text;
            if (i + 1 < s->n_inputs && s->inputs[i + 1].event == DESK_DIALOG_SPEECH)
                continue;
        }
        s->brain_of->step(s->brain, &in, out);
        desk_brain_join(say, sizeof say, out->say);
    }
    memcpy(out->say, say, sizeof say);
    inputs_clear(s);
}

/* ---- responses
 * ------------------------------------------------------------------------------------ */

static struct desk_rts_at response_at(const struct response *r, const char *item_id, int index)
{
    return (struct desk_rts_at){.response_id = r->id, .item_id = item_id, .output_index = index};
}

static struct desk_rts_response response_view(const struct desk_speech *s,
                                              enum desk_rt_status status)
{
    return (struct desk_rts_response){.id = s->response.id,
                                      .status = status,
                                      .metadata = s->response.metadata,
                                      .voice = s->config.voice};
}

static void response_end(struct desk_speech *s, enum desk_rt_status status, const char *reason)
{
    struct response *r = &s->response;
    struct desk_rts_item items[2];
    struct desk_rts_response view = response_view(s, status);
    const char *const ids[2] = {r->message_id, r->call_item_id};
    struct desk_rt_usage usage = {.present = true};
    for (size_t i = 0; i < 2; i++) {
        const struct item *it = ids[i][0] ? item_find(s, ids[i]) : NULL;
        if (it)
            items[view.n_items++] = item_view(it);
    }
    usage.out_audio = (int64_t)(r->sent / 400); /* a token is 50 ms */
    usage.out_text = (int64_t)(strlen(r->out.say) / 4 + strlen(r->out.tool_args) / 4);
    usage.output = usage.out_audio + usage.out_text;
    usage.total = usage.output;
    view.items = items;
    view.usage = &usage;
    view.status_reason = reason;
    if (status == DESK_RT_STATUS_FAILED) {
        view.error_code = "server_error";
        view.error_message = "The voice failed.";
    }
    EMIT(s, desk_rts_response_done, &view);
    json_decref(r->metadata);
    free(r->verbatim);
    r->metadata = NULL;
    r->verbatim = NULL;
    desk_buf_clear(&r->audio);
    r->phase = IDLE;
    int64_t now = s->host.now_ms(s->host.ctx);
    int64_t played = r->play_from + (int64_t)(r->sent / 8);
    if (s->config.idle_ms > 0)
        s->idle_at = (played > now ? played : now) + s->config.idle_ms;
    char words[MAX_VOCABULARY];
    bool number = s->brain_of->expect(s->brain, words, sizeof words) == DESK_EXPECT_NUMBER;
    s->vad.set.silence_ms =
        number && s->config.vad.silence_ms < NUMBER_PAUSE ? NUMBER_PAUSE : s->config.vad.silence_ms;
}

/* The message is over: as a whole, or as far as the caller let it come. */
static void message_close(struct desk_speech *s, enum desk_rt_status status)
{
    struct response *r = &s->response;
    struct item *it = r->message_id[0] ? item_find(s, r->message_id) : NULL;
    if (!it || it->status != DESK_RT_STATUS_IN_PROGRESS)
        return;
    const struct desk_rts_at at = response_at(r, it->id, 0);
    it->status = status;
    it->audio_ms = (int64_t)(r->sent / 8);
    if (r->text_only) {
        EMIT(s, desk_rts_text_done, &at, it->text);
    } else {
        EMIT(s, desk_rts_audio_done, &at);
        EMIT(s, desk_rts_transcript_done, &at, it->text);
    }
    EMIT(s, desk_rts_content_part_done, &at, !r->text_only, it->text);
    const struct desk_rts_item view = item_view(it);
    EMIT(s, desk_rts_output_item_done, &at, &view);
    EMIT(s, desk_rts_item_done, NULL, &view);
}

static void call_tool(struct desk_speech *s)
{
    struct response *r = &s->response;
    struct item *it = item_new(s, NULL, DESK_RT_ITEM_FUNCTION_CALL, DESK_RT_ROLE_NONE);
    char call_id[DESK_ID_LEN];
    snprintf(r->call_item_id, sizeof r->call_item_id, "%s", it->id);
    it->call_id = strdup(desk_id_new(call_id, "call"));
    it->name = strdup(r->out.tool_name);
    it->arguments = strdup("");
    it->status = DESK_RT_STATUS_IN_PROGRESS;
    const struct desk_rts_at at = response_at(r, it->id, r->message_id[0] ? 1 : 0);
    struct desk_rts_item view = item_view(it);
    EMIT(s, desk_rts_output_item_added, &at, &view);
    announce_item(s, it, false);
    EMIT(s, desk_rts_arguments_delta, &at, it->call_id, r->out.tool_args);
    EMIT(s, desk_rts_arguments_done, &at, it->call_id, it->name, r->out.tool_args);
    free(it->arguments);
    it->arguments = strdup(r->out.tool_args);
    it->status = DESK_RT_STATUS_COMPLETED;
    view = item_view(it);
    EMIT(s, desk_rts_output_item_done, &at, &view);
    EMIT(s, desk_rts_item_done, NULL, &view);
    s->tool_is_out = true;
}

static void response_start(struct desk_speech *s, const json_t *params);

static void response_finish(struct desk_speech *s)
{
    message_close(s, DESK_RT_STATUS_COMPLETED);
    if (s->response.out.tool_name[0])
        call_tool(s);
    response_end(s, DESK_RT_STATUS_COMPLETED, NULL);
    bool answer = s->owes_answer && !s->tool_is_out;
    s->owes_answer = false;
    if (answer)
        response_start(s, NULL);
}

static void message_open(struct desk_speech *s)
{
    struct response *r = &s->response;
    struct item *it = item_new(s, NULL, DESK_RT_ITEM_MESSAGE, DESK_RT_ASSISTANT);
    snprintf(r->message_id, sizeof r->message_id, "%s", it->id);
    it->status = DESK_RT_STATUS_IN_PROGRESS;
    it->audio = !r->text_only;
    const struct desk_rts_at at = response_at(r, it->id, 0);
    const struct desk_rts_item view = item_view(it);
    EMIT(s, desk_rts_output_item_added, &at, &view);
    announce_item(s, it, false);
    EMIT(s, desk_rts_content_part_added, &at, !r->text_only);
    it->text = strdup(r->out.say);
}

/* The brain has decided: let it be spoken, or go straight to the tool. */
static void respond(struct desk_speech *s)
{
    struct response *r = &s->response;
    if (!r->out.say[0]) {
        response_finish(s);
        return;
    }
    message_open(s);
    if (r->text_only) {
        const struct desk_rts_at at = response_at(r, r->message_id, 0);
        EMIT(s, desk_rts_text_delta, &at, r->out.say);
        response_finish(s);
        return;
    }
    struct desk_job *job = desk_job_new(DESK_JOB_SPEAK, s->number, ++s->tags);
    if (!job || !(job->text = strdup(r->out.say))) {
        desk_job_free(job);
        response_end(s, DESK_RT_STATUS_FAILED, NULL);
        return;
    }
    snprintf(job->voice, sizeof job->voice, "%s", s->config.voice);
    r->tag = job->tag;
    r->phase = SPEAKING;
    s->host.submit(s->host.ctx, job);
}

static void think(struct desk_speech *s)
{
    struct response *r = &s->response;
    bool started = s->brain_of->started(s->brain);
    if (s->owed_tool[0]) {
        snprintf(r->out.tool_name, sizeof r->out.tool_name, "%s", s->owed_tool);
        snprintf(r->out.tool_args, sizeof r->out.tool_args, "%s", s->owed_args);
        s->owed_tool[0] = '\0';
    } else if (r->verbatim && !(r->greeting && !started)) {
        snprintf(r->out.say, sizeof r->out.say, "%s", r->verbatim);
    } else {
        if (r->verbatim)
            s->brain_of->greeting(s->brain, r->verbatim);
        if (s->n_inputs == 0) /* nothing was said: the question once more */
            input_push(s, started ? DESK_DIALOG_SPEECH : DESK_DIALOG_START,
                       started ? "[keys] *" : NULL);
        ask_brain(s, &r->out);
    }
    respond(s);
}

static void advance(struct desk_speech *s)
{
    if (s->response.phase == WAITING && s->hearing == 0)
        think(s);
}

/* "Say: …" → the words */
static const char *verbatim_words(const char *instructions)
{
    static const char mark[] = "Say:";
    if (!instructions || strncmp(instructions, mark, sizeof mark - 1) != 0)
        return NULL;
    instructions += sizeof mark - 1;
    return instructions + strspn(instructions, " ");
}

/* params: the "response" of response.create, or NULL */
static void response_start(struct desk_speech *s, const json_t *params)
{
    struct response *r = &s->response;
    const json_t *metadata = json_object_get(params, "metadata");
    const char *purpose = json_string_value(json_object_get(metadata, "purpose"));
    const char *words = verbatim_words(json_string_value(json_object_get(params, "instructions")));
    const char *modality =
        json_string_value(json_array_get(json_object_get(params, "output_modalities"), 0));
    memset(r, 0, sizeof *r);
    desk_buf_init(&r->audio, DESK_TTS_MAX_AUDIO);
    (void)desk_id_new(r->id, "resp");
    r->phase = WAITING;
    r->metadata = json_is_object(metadata) ? json_deep_copy(metadata) : NULL;
    r->verbatim = words ? strdup(words) : NULL;
    r->greeting = purpose && strcmp(purpose, "greeting") == 0;
    r->text_only = modality ? strcmp(modality, "text") == 0 : s->config.text_only;
    s->idle_at = 0;
    const struct desk_rts_response view = response_view(s, DESK_RT_STATUS_IN_PROGRESS);
    EMIT(s, desk_rts_response_created, &view);
    advance(s);
}

static void response_cancel(struct desk_speech *s, const char *reason)
{
    struct response *r = &s->response;
    if (r->out.tool_name[0]) { /* the next response brings it */
        snprintf(s->owed_tool, sizeof s->owed_tool, "%s", r->out.tool_name);
        snprintf(s->owed_args, sizeof s->owed_args, "%s", r->out.tool_args);
    }
    message_close(s, DESK_RT_STATUS_INCOMPLETE);
    response_end(s, DESK_RT_STATUS_CANCELLED, reason);
    s->owes_answer = false;
}

/* ---- audio out, at the pace of its playing
 * --------------------------------------------------------- */

static void send_delta(struct desk_speech *s, const uint8_t *ulaw, size_t n)
{
    struct response *r = &s->response;
    const struct desk_rts_at at = response_at(r, r->message_id, 0);
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

static void pace(struct desk_speech *s, int64_t now)
{
    struct response *r = &s->response;
    int64_t until = (now - r->play_from + DESK_SESSION_LEAD_MS) * 8;
    while (r->sent < r->audio.len && (int64_t)r->sent < until) {
        size_t n = r->audio.len - r->sent;
        if (n > DELTA_BYTES)
            n = DELTA_BYTES;
        send_delta(s, (const uint8_t *)r->audio.p + r->sent, n);
        r->sent += n;
    }
    if (r->sent == r->audio.len)
        response_finish(s);
}

/* ---- turns of the caller
 * ---------------------------------------------------------------------------- */

static void hear(struct desk_speech *s, struct item *it)
{
    char words[MAX_VOCABULARY];
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
    struct item *it = item_new(s, s->speech_id, DESK_RT_ITEM_MESSAGE, DESK_RT_USER);
    it->audio = true;
    it->audio_ms = (int64_t)(s->speech_n / 8);
    EMIT(s, desk_rts_committed, it->id, s->last_item[0] ? s->last_item : NULL);
    announce_item(s, it, true);
    hear(s, it);
    s->speech_n = 0;
    s->speech_id[0] = '\0';
}

static void answer_turn(struct desk_speech *s)
{
    if (!s->config.create_response || s->tool_is_out)
        return;
    if (s->response.phase == IDLE)
        response_start(s, NULL);
    else
        s->owes_answer = true;
}

static void turn_started(struct desk_speech *s, int64_t at_ms)
{
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
        response_cancel(s, "turn_detected");
}

static void turn_stopped(struct desk_speech *s, int64_t at_ms)
{
    EMIT(s, desk_rts_speech_stopped, s->speech_id, at_ms);
    commit(s);
    answer_turn(s);
}

static void keep_samples(struct desk_speech *s, const int16_t *pcm, size_t n)
{
    bool waiting = s->config.turn_detection && !s->vad.speaking;
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
    bool full = s->vad.speaking && s->speech_n >= MAX_UTTERANCE;
    enum desk_vad_event event = desk_vad_frame(&s->vad, s->frame, &at);
    if (full &&
        event == DESK_VAD_NONE) { /* nobody speaks for half a minute: noise, or a monologue */
        s->vad.speaking = false;
        event = DESK_VAD_STOPPED;
        at = s->vad.now_ms;
    }
    if (event == DESK_VAD_STARTED)
        turn_started(s, at);
    else if (event == DESK_VAD_STOPPED)
        turn_stopped(s, at);
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

/* ---- client events: one function each
 * ---------------------------------------------------------------- */

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
        s->vad.speaking = false;
    s->brain_of->setup(s->brain,
                       json_string_value(json_object_get(s->config.object, "instructions")),
                       json_object_get(s->config.object, "tools"));
    EMIT(s, desk_rts_session_updated, s->config.object);
}

static void on_append(struct desk_speech *s, const struct desk_rt_client_event *ev)
{
    struct desk_buf bytes;
    desk_buf_init(&bytes, DESK_MAX_APPEND);
    if (desk_base64_decode(ev->audio.p, ev->audio.n, &bytes) == DESK_OK && bytes.len > 0)
        audio_in(s, (const uint8_t *)bytes.p, bytes.len);
    else if (ev->audio.n > 0)
        send_error(s, "invalid_value", "The audio is not base64 or too long.", "audio",
                   ev->event_id);
    desk_buf_clear(&bytes);
}

static void on_commit(struct desk_speech *s, const struct desk_rt_client_event *ev)
{
    if (s->speech_n < DESK_VAD_FRAME * 5 || (s->config.turn_detection && !s->vad.speaking)) {
        send_error(s, "input_audio_buffer_commit_empty",
                   "Error committing input audio buffer: the buffer is too small. Expected at "
                   "least 100ms of "
                   "audio.",
                   NULL, ev->event_id);
        return;
    }
    s->vad.speaking = false;
    commit(s);
}

static void on_clear(struct desk_speech *s, const struct desk_rt_client_event *ev)
{
    (void)ev;
    s->speech_n = 0;
    s->frame_fill = 0;
    s->vad.speaking = false;
    desk_rts_cleared(&s->rts, &s->event);
    send_event(s);
}

static void on_item_create(struct desk_speech *s, const struct desk_rt_client_event *ev)
{
    if (ev->item_type == DESK_RT_ITEM_NONE || ev->item_type == DESK_RT_ITEM_OTHER) {
        send_error(s, "invalid_value",
                   "Supported item types are: message, function_call and "
                   "function_call_output.",
                   "item.type", ev->event_id);
        return;
    }
    if (strlen(ev->item_id) >= DESK_ID_LEN || (*ev->item_id && item_find(s, ev->item_id))) {
        send_error(s, "invalid_value", "The item's id is too long or exists already.", "item.id",
                   ev->event_id);
        return;
    }
    struct item *it = item_new(s, ev->item_id, ev->item_type, ev->role);
    it->text = copy_or_null(ev->text);
    it->call_id = copy_or_null(ev->call_id);
    it->name = copy_or_null(ev->name);
    it->arguments = copy_or_null(ev->arguments);
    it->output = copy_or_null(ev->output);
    announce_item(s, it, true);
    if (it->type == DESK_RT_ITEM_FUNCTION_OUTPUT) {
        s->tool_is_out = false;
        inputs_clear(s); /* what was said while the tool ran answers no question */
        input_push(s, DESK_DIALOG_TOOL_RESULT, ev->output);
    } else if (it->type == DESK_RT_ITEM_MESSAGE && it->role == DESK_RT_USER && !s->tool_is_out) {
        s->idle_at = 0;
        input_push(s, DESK_DIALOG_SPEECH, ev->text);
    }
}

static struct item *item_wanted(struct desk_speech *s, const struct desk_rt_client_event *ev)
{
    struct item *it = *ev->item_id ? item_find(s, ev->item_id) : NULL;
    if (!it)
        send_error(s, "item_not_found", "There is no item of that id.", "item_id", ev->event_id);
    return it;
}

static void on_item_retrieve(struct desk_speech *s, const struct desk_rt_client_event *ev)
{
    const struct item *it = item_wanted(s, ev);
    if (it) {
        const struct desk_rts_item view = item_view(it);
        EMIT(s, desk_rts_item_retrieved, &view);
    }
}

static void on_item_delete(struct desk_speech *s, const struct desk_rt_client_event *ev)
{
    struct item *it = item_wanted(s, ev);
    if (!it)
        return;
    item_remove(s, (size_t)(it - s->items));
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
        send_error(s, "unsupported_content_type",
                   "Only model output audio messages can be truncated", "item_id", ev->event_id);
    } else if (ev->audio_end_ms < 0 || ev->audio_end_ms > have) {
        send_error(s, "invalid_value",
                   "The audio of this item is already shorter than audio_end_ms.", "audio_end_ms",
                   ev->event_id);
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
        send_error(
            s, "conversation_already_has_active_response",
            "Conversation already has an active response in progress. Wait until the response is "
            "finished before creating a new one.",
            NULL, ev->event_id);
    else
        response_start(s, ev->response);
}

static void on_response_cancel(struct desk_speech *s, const struct desk_rt_client_event *ev)
{
    const struct response *r = &s->response;
    if (r->phase == IDLE || (*ev->response_id && strcmp(ev->response_id, r->id) != 0))
        send_error(s, "response_cancel_not_active", "Cancellation failed: no active response found",
                   NULL, ev->event_id);
    else
        response_cancel(s, "client_cancelled");
}

static void on_output_clear(struct desk_speech *s, const struct desk_rt_client_event *ev)
{
    send_error(s, "invalid_value", "output_audio_buffer.clear is not for WebSocket sessions.",
               "type", ev->event_id);
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

/* ---- the outside
 * --------------------------------------------------------------------------------------- */

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
    EMIT(s, desk_rts_session_created, s->config.object);
    return s;
}

void desk_speech_free(struct desk_speech *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->n_items; i++)
        item_clear(&s->items[i]);
    inputs_clear(s);
    json_decref(s->response.metadata);
    free(s->response.verbatim);
    desk_buf_clear(&s->response.audio);
    desk_buf_clear(&s->event);
    desk_buf_clear(&s->fresh);
    desk_audio_clear(&s->in);
    desk_audio_clear(&s->out);
    desk_speech_config_clear(&s->config);
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
        send_error(s, "invalid_json",
                   "The message is not a JSON object with a type, or its audio is not base64.",
                   NULL, ev.event_id);
    else if (ev.type >= DESK_RTC__MAX || !handlers[ev.type])
        send_error(s, "invalid_value", "This type of event is not supported.", "type", ev.event_id);
    else
        handlers[ev.type](s, &ev);
    desk_rt_client_event_clear(&ev);
}

void desk_speech_too_long(struct desk_speech *s, size_t max)
{
    char text[96];
    snprintf(text, sizeof text, "The message is longer than %zu bytes and was not read.", max);
    send_error(s, "message_too_long", text, NULL, NULL);
}

static void heard(struct desk_speech *s, const struct desk_job *job)
{
    struct item *it = item_find(s, job->text);
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
    if (!s->tool_is_out)
        input_push(s, DESK_DIALOG_SPEECH, words);
    advance(s);
}

static void spoken(struct desk_speech *s, struct desk_job *job)
{
    struct response *r = &s->response;
    if (r->phase != SPEAKING || r->tag != job->tag)
        return; /* cancelled meanwhile */
    if (job->rc != DESK_OK || job->audio.len == 0) {
        message_close(s, DESK_RT_STATUS_INCOMPLETE);
        response_end(s, DESK_RT_STATUS_FAILED, NULL);
        return;
    }
    const struct desk_rts_at at = response_at(r, r->message_id, 0);
    EMIT(s, desk_rts_transcript_delta, &at, r->out.say);
    desk_buf_clear(&r->audio);
    r->audio = job->audio;
    desk_buf_init(&job->audio, DESK_TTS_MAX_AUDIO);
    r->sent = 0;
    r->play_from = s->host.now_ms(s->host.ctx);
    r->phase = PLAYING;
    s->has_spoken = true;
    pace(s, r->play_from);
}

void desk_speech_job(struct desk_speech *s, struct desk_job *job)
{
    if (job->kind == DESK_JOB_HEAR)
        heard(s, job);
    else
        spoken(s, job);
}

/* Nobody says anything: the protocol has an event for it, and the brain an answer. */
static void timed_out(struct desk_speech *s)
{
    struct item *it = item_new(s, NULL, DESK_RT_ITEM_MESSAGE, DESK_RT_USER);
    it->audio = true;
    EMIT(s, desk_rts_idle_timeout, it->id,
         s->heard_ms > s->config.idle_ms ? s->heard_ms - s->config.idle_ms : 0, s->heard_ms);
    EMIT(s, desk_rts_committed, it->id, s->last_item[0] ? s->last_item : NULL);
    announce_item(s, it, true);
    input_push(s, DESK_DIALOG_SILENCE, NULL);
    response_start(s, NULL);
}

void desk_speech_tick(struct desk_speech *s)
{
    int64_t now = s->host.now_ms(s->host.ctx);
    if (s->response.phase == PLAYING)
        pace(s, now);
    if (s->idle_at > 0 && now >= s->idle_at && s->response.phase == IDLE && !s->vad.speaking &&
        s->hearing == 0) {
        s->idle_at = 0;
        timed_out(s);
    }
}
