/* Client events of the Realtime protocol, written straight into the buffer. */
#include "wire/json_out.h"
#include "wire/realtime_msg.h"

#include <string.h>

static void open_event(struct desk_buf *out, const char *type, const char *event_id)
{
    desk_buf_str(out, "{\"type\":\"");
    desk_buf_str(out, type);
    desk_buf_chr(out, '"');
    desk_json_pair(out, "event_id", event_id);
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

static bool given(const char *s)
{
    return s && *s;
}

static void pair_given(struct desk_buf *out, const char *key, const char *value)
{
    if (given(value))
        desk_json_pair(out, key, value);
}

/* "auto", "none", "required", or the object that names a function. */
static void tool_choice(struct desk_buf *out, const char *choice, enum desk_rt_dialect dialect)
{
    bool word = strcmp(choice, "auto") == 0 || strcmp(choice, "none") == 0 ||
                strcmp(choice, "required") == 0;
    if (word || dialect == DESK_RT_BETA) {
        desk_json_pair(out, "tool_choice", choice);
        return;
    }
    open_object(out, "tool_choice");
    desk_json_pair(out, "type", "function");
    desk_json_pair(out, "name", choice);
    close_object(out);
}

static void turn_detection(struct desk_buf *out, const struct desk_rt_session *s)
{
    desk_json_key(out, "turn_detection");
    if (s->no_turn_detection) {
        desk_buf_str(out, "null");
        return;
    }
    desk_buf_chr(out, '{');
    desk_json_pair(out, "type", s->semantic_vad ? "semantic_vad" : "server_vad");
    if (s->semantic_vad) {
        pair_given(out, "eagerness", s->eagerness);
    } else {
        if (s->vad_threshold > 0)
            desk_json_pair_num(out, "threshold", s->vad_threshold);
        if (s->prefix_padding_ms > 0)
            desk_json_pair_int(out, "prefix_padding_ms", s->prefix_padding_ms);
        if (s->silence_ms > 0)
            desk_json_pair_int(out, "silence_duration_ms", s->silence_ms);
        /* the beta did not know it; GA takes 5 to 30 s */
        if (s->idle_timeout_ms > 0 && s->dialect == DESK_RT_GA)
            desk_json_pair_int(out, "idle_timeout_ms",
                               s->idle_timeout_ms < 5000    ? 5000
                               : s->idle_timeout_ms > 30000 ? 30000
                                                            : s->idle_timeout_ms);
    }
    desk_json_pair_bool(out, "create_response", !s->no_auto_response);
    desk_json_pair_bool(out, "interrupt_response", !s->no_interrupt);
    close_object(out);
}

static void noise_reduction(struct desk_buf *out, const char *key, const struct desk_rt_session *s)
{
    if (!s->far_field && !s->near_field)
        return;
    open_object(out, key);
    desk_json_pair(out, "type", s->far_field ? "far_field" : "near_field");
    close_object(out);
}

static void transcription(struct desk_buf *out, const char *key, const struct desk_rt_session *s)
{
    if (!given(s->transcription_model))
        return;
    open_object(out, key);
    desk_json_pair(out, "model", s->transcription_model);
    pair_given(out, "language", s->language);
    close_object(out);
}

static void tools(struct desk_buf *out, const struct desk_rt_session *s)
{
    if (!json_is_array(s->tools))
        return;
    desk_json_key(out, "tools");
    desk_json_value(out, s->tools);
    if (json_array_size(s->tools) || given(s->tool_choice))
        tool_choice(out, given(s->tool_choice) ? s->tool_choice : "auto", s->dialect);
}

static void session_ga(struct desk_buf *out, const struct desk_rt_session *s)
{
    desk_json_pair(out, "type", "realtime");
    pair_given(out, "model", s->model);
    desk_buf_str(out, ",\"output_modalities\":[\"audio\"]");
    desk_json_pair(out, "instructions", s->instructions);
    if (s->max_output_tokens > 0)
        desk_json_pair_int(out, "max_output_tokens", s->max_output_tokens);
    open_object(out, "audio");
    open_object(out, "input");
    desk_buf_str(out, "\"format\":{\"type\":\"audio/pcmu\"}");
    noise_reduction(out, "noise_reduction", s);
    transcription(out, "transcription", s);
    turn_detection(out, s);
    close_object(out);
    open_object(out, "output");
    desk_buf_str(out, "\"format\":{\"type\":\"audio/pcmu\"}");
    pair_given(out, "voice", s->voice);
    if (s->speed > 0)
        desk_json_pair_num(out, "speed", s->speed);
    close_object(out);
    close_object(out);
    tools(out, s);
    if (s->retention_ratio > 0) {
        open_object(out, "truncation");
        desk_json_pair(out, "type", "retention_ratio");
        desk_json_pair_num(out, "retention_ratio", s->retention_ratio > 1 ? 1 : s->retention_ratio);
        close_object(out);
    }
}

static void session_beta(struct desk_buf *out, const struct desk_rt_session *s)
{
    desk_buf_str(out, "\"modalities\":[\"text\",\"audio\"]");
    desk_json_pair(out, "instructions", s->instructions);
    desk_json_pair(out, "input_audio_format", "g711_ulaw");
    desk_json_pair(out, "output_audio_format", "g711_ulaw");
    pair_given(out, "voice", s->voice);
    if (s->speed > 0)
        desk_json_pair_num(out, "speed", s->speed);
    if (s->max_output_tokens > 0)
        desk_json_pair_int(out, "max_response_output_tokens", s->max_output_tokens);
    noise_reduction(out, "input_audio_noise_reduction", s);
    transcription(out, "input_audio_transcription", s);
    turn_detection(out, s);
    tools(out, s);
}

void desk_rt_build_session_update(struct desk_buf *out, const struct desk_rt_session *s)
{
    open_event(out, "session.update", s->event_id);
    open_object(out, "session");
    if (s->dialect == DESK_RT_BETA)
        session_beta(out, s);
    else
        session_ga(out, s);
    close_object(out);
    close_object(out);
}

void desk_rt_build_instructions(struct desk_buf *out, const char *event_id,
                                enum desk_rt_dialect dialect, const char *text)
{
    open_event(out, "session.update", event_id);
    open_object(out, "session");
    if (dialect != DESK_RT_BETA)
        desk_json_pair(out, "type", "realtime");
    desk_json_pair(out, "instructions", text);
    close_object(out);
    close_object(out);
}

void desk_rt_build_append(struct desk_buf *out, const char *audio, size_t n)
{
    desk_buf_str(out, "{\"type\":\"input_audio_buffer.append\",\"audio\":\"");
    desk_buf_add(out, audio, n);
    desk_buf_str(out, "\"}");
}

void desk_rt_build_commit(struct desk_buf *out)
{
    desk_buf_str(out, "{\"type\":\"input_audio_buffer.commit\"}");
}

void desk_rt_build_clear(struct desk_buf *out)
{
    desk_buf_str(out, "{\"type\":\"input_audio_buffer.clear\"}");
}

static void open_item(struct desk_buf *out, const char *event_id, const char *item_type)
{
    open_event(out, "conversation.item.create", event_id);
    open_object(out, "item");
    desk_json_pair(out, "type", item_type);
}

void desk_rt_build_function_output(struct desk_buf *out, const char *event_id, const char *call_id,
                                   const char *output)
{
    desk_rt_build_function_output_as(out, event_id, NULL, call_id, output);
}

void desk_rt_build_function_output_as(struct desk_buf *out, const char *event_id,
                                      const char *item_id, const char *call_id, const char *output)
{
    open_item(out, event_id, "function_call_output");
    pair_given(out, "id", item_id);
    desk_json_pair(out, "call_id", call_id ? call_id : "");
    desk_json_pair(out, "output", output ? output : "");
    desk_buf_str(out, "}}");
}

void desk_rt_build_function_call(struct desk_buf *out, const char *event_id, const char *call_id,
                                 const char *name, const char *arguments)
{
    open_item(out, event_id, "function_call");
    desk_json_pair(out, "call_id", call_id);
    desk_json_pair(out, "name", name ? name : "");
    desk_json_pair(out, "arguments", given(arguments) ? arguments : "{}");
    desk_buf_str(out, "}}");
}

void desk_rt_build_message_as(struct desk_buf *out, const char *event_id, const char *item_id,
                              enum desk_rt_dialect dialect, enum desk_rt_role role,
                              const char *text)
{
    const char *content = "input_text", *who = role == DESK_RT_SYSTEM ? "system" : "user";
    if (role == DESK_RT_ASSISTANT) {
        who = "assistant";
        content = dialect == DESK_RT_BETA ? "text" : "output_text";
    }
    open_item(out, event_id, "message");
    pair_given(out, "id", item_id);
    desk_json_pair(out, "role", who);
    desk_buf_str(out, ",\"content\":[{");
    desk_json_pair(out, "type", content);
    desk_json_pair(out, "text", text ? text : "");
    desk_buf_str(out, "}]}}");
}

void desk_rt_build_message(struct desk_buf *out, const char *event_id, enum desk_rt_dialect dialect,
                           enum desk_rt_role role, const char *text)
{
    desk_rt_build_message_as(out, event_id, NULL, dialect, role, text);
}

void desk_rt_build_truncate(struct desk_buf *out, const char *event_id, const char *item_id,
                            int64_t audio_end_ms)
{
    open_event(out, "conversation.item.truncate", event_id);
    desk_json_pair(out, "item_id", item_id ? item_id : "");
    desk_json_pair_int(out, "content_index", 0);
    desk_json_pair_int(out, "audio_end_ms", audio_end_ms < 0 ? 0 : audio_end_ms);
    close_object(out);
}

void desk_rt_build_delete(struct desk_buf *out, const char *event_id, const char *item_id)
{
    open_event(out, "conversation.item.delete", event_id);
    desk_json_pair(out, "item_id", item_id ? item_id : "");
    close_object(out);
}

void desk_rt_build_response_create(struct desk_buf *out, const struct desk_rt_response_params *r)
{
    open_event(out, "response.create", r ? r->event_id : NULL);
    if (r && (given(r->instructions) || given(r->tool_choice) || given(r->purpose) || r->aside)) {
        open_object(out, "response");
        pair_given(out, "conversation", r->aside ? "none" : NULL);
        pair_given(out, "instructions", r->instructions);
        if (given(r->tool_choice))
            tool_choice(out, r->tool_choice, DESK_RT_GA);
        if (given(r->purpose)) {
            open_object(out, "metadata");
            desk_json_pair(out, "purpose", r->purpose);
            close_object(out);
        }
        close_object(out);
    }
    close_object(out);
}

void desk_rt_build_response_cancel(struct desk_buf *out, const char *event_id,
                                   const char *response_id)
{
    open_event(out, "response.cancel", event_id);
    pair_given(out, "response_id", response_id);
    close_object(out);
}
