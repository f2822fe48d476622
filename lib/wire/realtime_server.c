#include "wire/realtime_server.h"

#include "wire/json_out.h"

static void open_event(struct desk_rts *s, struct desk_buf *out, const char *type)
{
    desk_buf_fmt(out, "{\"type\":\"%s\",\"event_id\":\"event_%llu\"", type,
                 (unsigned long long)++s->next_event);
}

static void open_object(struct desk_buf *out, const char *key)
{
    desk_json_key(out, key);
    desk_buf_chr(out, '{');
}

static void close_object(struct desk_buf *out)
{
    desk_buf_chr(out, '}');
}

static const char *or_empty(const char *s)
{
    return s ? s : "";
}

static void pair_null(struct desk_buf *out, const char *key, const char *value)
{
    desk_json_key(out, key);
    if (value)
        desk_json_str(out, value);
    else
        desk_buf_str(out, "null");
}

static void session_event(struct desk_rts *s, struct desk_buf *out, const char *type,
                          const json_t *session)
{
    open_event(s, out, type);
    desk_json_key(out, "session");
    desk_json_value(out, session);
    close_object(out);
}

void desk_rts_session_created(struct desk_rts *s, struct desk_buf *out, const json_t *session)
{
    session_event(s, out, "session.created", session);
}

void desk_rts_session_updated(struct desk_rts *s, struct desk_buf *out, const json_t *session)
{
    session_event(s, out, "session.updated", session);
}

void desk_rts_error(struct desk_rts *s, struct desk_buf *out, const struct desk_rt_error *e)
{
    open_event(s, out, "error");
    open_object(out, "error");
    desk_json_pair(out, "type", e->type && *e->type ? e->type : "invalid_request_error");
    pair_null(out, "code", e->code);
    desk_json_pair(out, "message", or_empty(e->message));
    pair_null(out, "param", e->param);
    pair_null(out, "event_id", e->event_id);
    close_object(out);
    close_object(out);
}

/* ---- items ----------------------------------------------------------------------------------- */

static void message_content(struct desk_buf *out, const struct desk_rts_item *item)
{
    bool assistant = item->role == DESK_RT_ASSISTANT;
    desk_buf_str(out, ",\"content\":[");
    if (item->text || item->audio_base64) {
        desk_buf_chr(out, '{');
        if (item->audio) {
            desk_json_pair(out, "type", assistant ? "output_audio" : "input_audio");
            desk_json_pair(out, "transcript", item->text);
            desk_json_pair(out, "audio", item->audio_base64);
        } else {
            desk_json_pair(out, "type", assistant ? "output_text" : "input_text");
            desk_json_pair(out, "text", or_empty(item->text));
        }
        close_object(out);
    }
    desk_buf_chr(out, ']');
}

static void item_object(struct desk_buf *out, const struct desk_rts_item *item)
{
    static const char *const roles[] = {
        [DESK_RT_ROLE_NONE] = "user",
        [DESK_RT_USER] = "user",
        [DESK_RT_ASSISTANT] = "assistant",
        [DESK_RT_SYSTEM] = "system",
    };
    const char *status = desk_rt_status_name(item->status);
    desk_buf_chr(out, '{');
    desk_json_pair(out, "id", or_empty(item->id));
    desk_json_pair(out, "object", "realtime.item");
    desk_json_pair(out, "status", *status ? status : "completed");
    switch (item->type) {
    case DESK_RT_ITEM_FUNCTION_CALL:
        desk_json_pair(out, "type", "function_call");
        desk_json_pair(out, "call_id", or_empty(item->call_id));
        desk_json_pair(out, "name", or_empty(item->name));
        desk_json_pair(out, "arguments", or_empty(item->arguments));
        break;
    case DESK_RT_ITEM_FUNCTION_OUTPUT:
        desk_json_pair(out, "type", "function_call_output");
        desk_json_pair(out, "call_id", or_empty(item->call_id));
        desk_json_pair(out, "output", or_empty(item->output));
        break;
    default:
        desk_json_pair(out, "type", "message");
        desk_json_pair(out, "role", roles[item->role]);
        message_content(out, item);
    }
    close_object(out);
}

static void item_event(struct desk_rts *s, struct desk_buf *out, const char *type,
                       const char *previous_item_id, const struct desk_rts_item *item)
{
    open_event(s, out, type);
    pair_null(out, "previous_item_id", previous_item_id);
    desk_json_key(out, "item");
    item_object(out, item);
    close_object(out);
}

void desk_rts_item_added(struct desk_rts *s, struct desk_buf *out, const char *previous_item_id,
                         const struct desk_rts_item *item)
{
    item_event(s, out, "conversation.item.added", previous_item_id, item);
}

void desk_rts_item_done(struct desk_rts *s, struct desk_buf *out, const char *previous_item_id,
                        const struct desk_rts_item *item)
{
    item_event(s, out, "conversation.item.done", previous_item_id, item);
}

void desk_rts_item_retrieved(struct desk_rts *s, struct desk_buf *out,
                             const struct desk_rts_item *item)
{
    open_event(s, out, "conversation.item.retrieved");
    desk_json_key(out, "item");
    item_object(out, item);
    close_object(out);
}

static void open_item_event(struct desk_rts *s, struct desk_buf *out, const char *type,
                            const char *item_id)
{
    open_event(s, out, type);
    desk_json_pair(out, "item_id", or_empty(item_id));
}

void desk_rts_item_truncated(struct desk_rts *s, struct desk_buf *out, const char *item_id,
                             int content_index, int64_t audio_end_ms)
{
    open_item_event(s, out, "conversation.item.truncated", item_id);
    desk_json_pair_int(out, "content_index", content_index);
    desk_json_pair_int(out, "audio_end_ms", audio_end_ms);
    close_object(out);
}

void desk_rts_item_deleted(struct desk_rts *s, struct desk_buf *out, const char *item_id)
{
    open_item_event(s, out, "conversation.item.deleted", item_id);
    close_object(out);
}

/* ---- input audio ----------------------------------------------------------------------------- */

void desk_rts_speech_started(struct desk_rts *s, struct desk_buf *out, const char *item_id,
                             int64_t audio_start_ms)
{
    open_item_event(s, out, "input_audio_buffer.speech_started", item_id);
    desk_json_pair_int(out, "audio_start_ms", audio_start_ms);
    close_object(out);
}

void desk_rts_speech_stopped(struct desk_rts *s, struct desk_buf *out, const char *item_id,
                             int64_t audio_end_ms)
{
    open_item_event(s, out, "input_audio_buffer.speech_stopped", item_id);
    desk_json_pair_int(out, "audio_end_ms", audio_end_ms);
    close_object(out);
}

void desk_rts_committed(struct desk_rts *s, struct desk_buf *out, const char *item_id,
                        const char *previous_item_id)
{
    open_item_event(s, out, "input_audio_buffer.committed", item_id);
    pair_null(out, "previous_item_id", previous_item_id);
    close_object(out);
}

void desk_rts_cleared(struct desk_rts *s, struct desk_buf *out)
{
    open_event(s, out, "input_audio_buffer.cleared");
    close_object(out);
}

void desk_rts_idle_timeout(struct desk_rts *s, struct desk_buf *out, const char *item_id,
                           int64_t audio_start_ms, int64_t audio_end_ms)
{
    open_item_event(s, out, "input_audio_buffer.timeout_triggered", item_id);
    desk_json_pair_int(out, "audio_start_ms", audio_start_ms);
    desk_json_pair_int(out, "audio_end_ms", audio_end_ms);
    close_object(out);
}

static void open_transcription(struct desk_rts *s, struct desk_buf *out, const char *type,
                               const char *item_id)
{
    open_item_event(s, out, type, item_id);
    desk_json_pair_int(out, "content_index", 0);
}

void desk_rts_transcription_delta(struct desk_rts *s, struct desk_buf *out, const char *item_id,
                                  const char *delta)
{
    open_transcription(s, out, "conversation.item.input_audio_transcription.delta", item_id);
    desk_json_pair(out, "delta", or_empty(delta));
    close_object(out);
}

void desk_rts_transcription_completed(struct desk_rts *s, struct desk_buf *out, const char *item_id,
                                      const char *transcript, double seconds)
{
    open_transcription(s, out, "conversation.item.input_audio_transcription.completed", item_id);
    desk_json_pair(out, "transcript", or_empty(transcript));
    open_object(out, "usage");
    desk_json_pair(out, "type", "duration");
    desk_json_pair_num(out, "seconds", seconds);
    close_object(out);
    close_object(out);
}

void desk_rts_transcription_failed(struct desk_rts *s, struct desk_buf *out, const char *item_id,
                                   const char *code, const char *message)
{
    open_transcription(s, out, "conversation.item.input_audio_transcription.failed", item_id);
    open_object(out, "error");
    desk_json_pair(out, "type", "transcription_error");
    desk_json_pair(out, "code", code);
    desk_json_pair(out, "message", or_empty(message));
    close_object(out);
    close_object(out);
}

/* ---- responses ------------------------------------------------------------------------------- */

static void status_details(struct desk_buf *out, const struct desk_rts_response *r)
{
    desk_json_key(out, "status_details");
    if (!r->status_reason && !r->error_code && !r->error_message) {
        desk_buf_str(out, "null");
        return;
    }
    desk_buf_chr(out, '{');
    desk_json_pair(out, "type", desk_rt_status_name(r->status));
    desk_json_pair(out, "reason", r->status_reason);
    if (r->error_code || r->error_message) {
        open_object(out, "error");
        desk_json_pair(out, "type", "server_error");
        desk_json_pair(out, "code", r->error_code);
        desk_json_pair(out, "message", r->error_message);
        close_object(out);
    }
    close_object(out);
}

static void usage(struct desk_buf *out, const struct desk_rt_usage *u)
{
    desk_json_key(out, "usage");
    if (!u) {
        desk_buf_str(out, "null");
        return;
    }
    desk_buf_chr(out, '{');
    desk_json_pair_int(out, "total_tokens", u->total);
    desk_json_pair_int(out, "input_tokens", u->input);
    desk_json_pair_int(out, "output_tokens", u->output);
    open_object(out, "input_token_details");
    desk_json_pair_int(out, "text_tokens", u->in_text);
    desk_json_pair_int(out, "audio_tokens", u->in_audio);
    desk_json_pair_int(out, "image_tokens", 0);
    desk_json_pair_int(out, "cached_tokens", u->in_cached);
    open_object(out, "cached_tokens_details");
    desk_json_pair_int(out, "text_tokens", u->cached_text);
    desk_json_pair_int(out, "audio_tokens", u->cached_audio);
    desk_json_pair_int(out, "image_tokens", 0);
    close_object(out);
    close_object(out);
    open_object(out, "output_token_details");
    desk_json_pair_int(out, "text_tokens", u->out_text);
    desk_json_pair_int(out, "audio_tokens", u->out_audio);
    close_object(out);
    close_object(out);
}

static void response_event(struct desk_rts *s, struct desk_buf *out, const char *type,
                           const struct desk_rts_response *r)
{
    const char *status = desk_rt_status_name(r->status);
    open_event(s, out, type);
    open_object(out, "response");
    desk_json_pair(out, "id", or_empty(r->id));
    desk_json_pair(out, "object", "realtime.response");
    desk_json_pair(out, "status", *status ? status : "in_progress");
    status_details(out, r);
    desk_buf_str(out, ",\"output\":[");
    for (size_t i = 0; i < r->n_items; i++) {
        if (i)
            desk_buf_chr(out, ',');
        item_object(out, &r->items[i]);
    }
    desk_buf_str(out, "],\"output_modalities\":[\"audio\"],\"max_output_tokens\":\"inf\"");
    if (r->voice) {
        desk_buf_str(out, ",\"audio\":{\"output\":{\"format\":{\"type\":\"audio/pcmu\"}");
        desk_json_pair(out, "voice", r->voice);
        desk_buf_str(out, "}}");
    }
    usage(out, r->usage);
    desk_json_key(out, "metadata");
    desk_json_value(out, r->metadata);
    close_object(out);
    close_object(out);
}

void desk_rts_response_created(struct desk_rts *s, struct desk_buf *out,
                               const struct desk_rts_response *r)
{
    response_event(s, out, "response.created", r);
}

void desk_rts_response_done(struct desk_rts *s, struct desk_buf *out,
                            const struct desk_rts_response *r)
{
    response_event(s, out, "response.done", r);
}

static void output_item(struct desk_rts *s, struct desk_buf *out, const char *type,
                        const struct desk_rts_at *at, const struct desk_rts_item *item)
{
    open_event(s, out, type);
    desk_json_pair(out, "response_id", or_empty(at->response_id));
    desk_json_pair_int(out, "output_index", at->output_index);
    desk_json_key(out, "item");
    item_object(out, item);
    close_object(out);
}

void desk_rts_output_item_added(struct desk_rts *s, struct desk_buf *out,
                                const struct desk_rts_at *at, const struct desk_rts_item *item)
{
    output_item(s, out, "response.output_item.added", at, item);
}

void desk_rts_output_item_done(struct desk_rts *s, struct desk_buf *out,
                               const struct desk_rts_at *at, const struct desk_rts_item *item)
{
    output_item(s, out, "response.output_item.done", at, item);
}

static void open_at(struct desk_rts *s, struct desk_buf *out, const char *type,
                    const struct desk_rts_at *at, bool content)
{
    open_event(s, out, type);
    desk_json_pair(out, "response_id", or_empty(at->response_id));
    desk_json_pair(out, "item_id", or_empty(at->item_id));
    desk_json_pair_int(out, "output_index", at->output_index);
    if (content)
        desk_json_pair_int(out, "content_index", at->content_index);
}

static void at_text(struct desk_rts *s, struct desk_buf *out, const char *type,
                    const struct desk_rts_at *at, const char *key, const char *value)
{
    open_at(s, out, type, at, true);
    desk_json_pair(out, key, value);
    close_object(out);
}

static void content_part(struct desk_rts *s, struct desk_buf *out, const char *type,
                         const struct desk_rts_at *at, bool audio, const char *text)
{
    open_at(s, out, type, at, true);
    open_object(out, "part");
    desk_json_pair(out, "type", audio ? "audio" : "text");
    desk_json_pair(out, audio ? "transcript" : "text", or_empty(text));
    close_object(out);
    close_object(out);
}

void desk_rts_content_part_added(struct desk_rts *s, struct desk_buf *out,
                                 const struct desk_rts_at *at, bool audio)
{
    content_part(s, out, "response.content_part.added", at, audio, "");
}

void desk_rts_content_part_done(struct desk_rts *s, struct desk_buf *out,
                                const struct desk_rts_at *at, bool audio, const char *text)
{
    content_part(s, out, "response.content_part.done", at, audio, text);
}

void desk_rts_audio_delta(struct desk_rts *s, struct desk_buf *out, const struct desk_rts_at *at,
                          const char *base64, size_t n)
{
    open_at(s, out, "response.output_audio.delta", at, true);
    desk_buf_str(out, ",\"delta\":\"");
    desk_buf_add(out, base64, n);
    desk_buf_str(out, "\"}");
}

void desk_rts_audio_done(struct desk_rts *s, struct desk_buf *out, const struct desk_rts_at *at)
{
    at_text(s, out, "response.output_audio.done", at, "", NULL);
}

void desk_rts_transcript_delta(struct desk_rts *s, struct desk_buf *out,
                               const struct desk_rts_at *at, const char *delta)
{
    at_text(s, out, "response.output_audio_transcript.delta", at, "delta", or_empty(delta));
}

void desk_rts_transcript_done(struct desk_rts *s, struct desk_buf *out,
                              const struct desk_rts_at *at, const char *transcript)
{
    at_text(s, out, "response.output_audio_transcript.done", at, "transcript",
            or_empty(transcript));
}

void desk_rts_text_delta(struct desk_rts *s, struct desk_buf *out, const struct desk_rts_at *at,
                         const char *delta)
{
    at_text(s, out, "response.output_text.delta", at, "delta", or_empty(delta));
}

void desk_rts_text_done(struct desk_rts *s, struct desk_buf *out, const struct desk_rts_at *at,
                        const char *text)
{
    at_text(s, out, "response.output_text.done", at, "text", or_empty(text));
}

void desk_rts_arguments_delta(struct desk_rts *s, struct desk_buf *out,
                              const struct desk_rts_at *at, const char *call_id, const char *delta)
{
    open_at(s, out, "response.function_call_arguments.delta", at, false);
    desk_json_pair(out, "call_id", or_empty(call_id));
    desk_json_pair(out, "delta", or_empty(delta));
    close_object(out);
}

void desk_rts_arguments_done(struct desk_rts *s, struct desk_buf *out, const struct desk_rts_at *at,
                             const char *call_id, const char *name, const char *arguments)
{
    open_at(s, out, "response.function_call_arguments.done", at, false);
    desk_json_pair(out, "call_id", or_empty(call_id));
    desk_json_pair(out, "name", or_empty(name));
    desk_json_pair(out, "arguments", or_empty(arguments));
    close_object(out);
}
