/* Answers: the brain is asked, its words are spoken (session_voice.c), its tool is called. One
 * response at a time. Words that come with a tool call are short and are not interrupted: the call
 * must not get lost. See session_state.h. */
#include "speech/session_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
    desk_speech_inputs_clear(s);
}

/* ---- responses ------------------------------------------------------------------------------ */

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
        const struct item *it = ids[i][0] ? desk_speech_item_find(s, ids[i]) : NULL;
        if (it)
            items[view.n_items++] = desk_speech_item_view(it);
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
    r->making = false;
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
    struct item *it = r->message_id[0] ? desk_speech_item_find(s, r->message_id) : NULL;
    if (!it || it->status != DESK_RT_STATUS_IN_PROGRESS)
        return;
    const struct desk_rts_at at = response_at(r, it->id, 0);
    it->status = status;
    it->audio_ms = (int64_t)(r->sent / 8);
    if (!r->text_only && it->text && status == DESK_RT_STATUS_INCOMPLETE)
        it->text[r->said] = '\0';
    if (r->text_only) {
        EMIT(s, desk_rts_text_done, &at, it->text);
    } else {
        EMIT(s, desk_rts_audio_done, &at);
        EMIT(s, desk_rts_transcript_done, &at, it->text);
    }
    EMIT(s, desk_rts_content_part_done, &at, !r->text_only, it->text);
    const struct desk_rts_item view = desk_speech_item_view(it);
    EMIT(s, desk_rts_output_item_done, &at, &view);
    EMIT(s, desk_rts_item_done, desk_speech_item_before(s, it), &view);
}

static void call_tool(struct desk_speech *s)
{
    struct response *r = &s->response;
    struct item *it = desk_speech_item_new(s, NULL, DESK_RT_ITEM_FUNCTION_CALL, DESK_RT_ROLE_NONE);
    char call_id[DESK_ID_LEN];
    snprintf(r->call_item_id, sizeof r->call_item_id, "%s", it->id);
    it->call_id = strdup(desk_id_new(call_id, "call"));
    it->name = strdup(r->out.tool_name);
    it->arguments = strdup("");
    it->status = DESK_RT_STATUS_IN_PROGRESS;
    const struct desk_rts_at at = response_at(r, it->id, r->message_id[0] ? 1 : 0);
    struct desk_rts_item view = desk_speech_item_view(it);
    EMIT(s, desk_rts_output_item_added, &at, &view);
    desk_speech_item_announce(s, it, false);
    EMIT(s, desk_rts_arguments_delta, &at, it->call_id, r->out.tool_args);
    EMIT(s, desk_rts_arguments_done, &at, it->call_id, it->name, r->out.tool_args);
    free(it->arguments);
    it->arguments = strdup(r->out.tool_args);
    it->status = DESK_RT_STATUS_COMPLETED;
    view = desk_speech_item_view(it);
    EMIT(s, desk_rts_output_item_done, &at, &view);
    EMIT(s, desk_rts_item_done, desk_speech_item_before(s, it), &view);
    s->tool_is_out = true;
}

void desk_speech_response_finish(struct desk_speech *s)
{
    message_close(s, DESK_RT_STATUS_COMPLETED);
    if (s->response.out.tool_name[0])
        call_tool(s);
    response_end(s, DESK_RT_STATUS_COMPLETED, NULL);
    bool answer = s->owes_answer && !s->tool_is_out;
    s->owes_answer = false;
    if (answer)
        desk_speech_response_start(s, NULL);
    else
        desk_speech_alarm(s);
}

/* Unasked, as a turn is answered: nobody may have to speak first to hear of a danger. Who speaks or
 * has just spoken is answered with it anyway. */
void desk_speech_alarm(struct desk_speech *s)
{
    bool free = s->response.phase == IDLE && !s->tool_is_out && !s->in_turn && s->hearing == 0 &&
                s->n_inputs == 0 && !s->resumes && !s->owed_tool[0];
    if (!free || !s->config.turn_detection || !s->config.create_response ||
        !s->brain_of->alarm(s->brain))
        return;
    desk_speech_input_push(s, DESK_DIALOG_ALARM, NULL);
    desk_speech_response_start(s, NULL);
}

void desk_speech_response_fail(struct desk_speech *s)
{
    message_close(s, DESK_RT_STATUS_INCOMPLETE);
    response_end(s, DESK_RT_STATUS_FAILED, NULL);
}

static void message_open(struct desk_speech *s)
{
    struct response *r = &s->response;
    struct item *it = desk_speech_item_new(s, NULL, DESK_RT_ITEM_MESSAGE, DESK_RT_ASSISTANT);
    snprintf(r->message_id, sizeof r->message_id, "%s", it->id);
    it->status = DESK_RT_STATUS_IN_PROGRESS;
    it->audio = !r->text_only;
    const struct desk_rts_at at = response_at(r, it->id, 0);
    const struct desk_rts_item view = desk_speech_item_view(it);
    EMIT(s, desk_rts_output_item_added, &at, &view);
    desk_speech_item_announce(s, it, false);
    EMIT(s, desk_rts_content_part_added, &at, !r->text_only);
    it->text = strdup(r->out.say);
}

/* The brain has decided: let it be spoken, or go straight to the tool. */
static void respond(struct desk_speech *s)
{
    struct response *r = &s->response;
    if (!r->out.say[0]) {
        desk_speech_response_finish(s);
        return;
    }
    message_open(s);
    if (r->text_only) {
        const struct desk_rts_at at = response_at(r, r->message_id, 0);
        EMIT(s, desk_rts_text_delta, &at, r->out.say);
        desk_speech_response_finish(s);
        return;
    }
    desk_speech_say(s);
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
    } else if (s->resumes && !started) {
        desk_speech_resume(s, &r->out);
    } else {
        if (r->verbatim)
            s->brain_of->greeting(s->brain, r->verbatim);
        if (s->n_inputs == 0) /* nothing was said: the question once more */
            desk_speech_input_push(s, started ? DESK_DIALOG_SPEECH : DESK_DIALOG_START,
                                   started ? "[keys] *" : NULL);
        ask_brain(s, &r->out);
    }
    respond(s);
}

void desk_speech_advance(struct desk_speech *s)
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
void desk_speech_response_start(struct desk_speech *s, const json_t *params)
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
    desk_speech_advance(s);
}

void desk_speech_response_cancel(struct desk_speech *s, const char *reason)
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
