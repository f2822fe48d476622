/* Merge, check, take apart: a session.update is one of these or an error. See session_config.h. */
#include "speech/session_config.h"
#include "core/voice.h"

#include <stdio.h>
#include <string.h>

static const char defaults[] =
    "{\"type\":\"realtime\",\"object\":\"realtime.session\",\"id\":\"\",\"model\":\"\","
    "\"output_modalities\":[\"audio\"],\"instructions\":\"\",\"tools\":[],\"tool_choice\":\"auto\","
    "\"max_output_tokens\":\"inf\",\"tracing\":null,\"truncation\":\"auto\",\"prompt\":null,"
    "\"expires_at\":0,\"include\":null,\"audio\":{\"input\":{\"format\":{\"type\":\"audio/pcm\","
    "\"rate\":24000},\"transcription\":null,\"noise_reduction\":null,\"turn_detection\":{"
    "\"type\":\"server_vad\",\"threshold\":0.5,\"prefix_padding_ms\":300,\"silence_duration_ms\":"
    "500,"
    "\"idle_timeout_ms\":null,\"create_response\":true,\"interrupt_response\":true}},"
    "\"output\":{\"format\":{\"type\":\"audio/"
    "pcm\",\"rate\":24000},\"voice\":\"marin\",\"speed\":1.0}}}";

static bool refuse(struct desk_rt_error *why, const char *code, const char *param,
                   const char *message)
{
    *why = (struct desk_rt_error){
        .type = "invalid_request_error", .code = code, .param = param, .message = message};
    return false;
}

static const json_t *at(const json_t *root, const char *a, const char *b, const char *c)
{
    const json_t *v = json_object_get(json_object_get(root, a), b);
    return c ? json_object_get(v, c) : v;
}

static double number_or(const json_t *object, const char *key, double otherwise, double low,
                        double high)
{
    const json_t *v = json_object_get(object, key);
    double x = json_is_number(v) ? json_number_value(v) : otherwise;
    return x < low ? low : x > high ? high : x;
}

static bool true_unless_false(const json_t *object, const char *key)
{
    return !json_is_false(json_object_get(object, key));
}

/* A server that listens to what is said waits by its eagerness; we hear only silence. */
static const struct {
    const char *eagerness;
    int silence_ms;
} eager_rows[] = {{"auto", 500}, {"low", 900}, {"medium", 500}, {"high", 300}};

static bool take_eagerness(struct desk_speech_config *c, const json_t *td,
                           struct desk_rt_error *why)
{
    const char *eagerness = json_string_value(json_object_get(td, "eagerness"));
    for (size_t i = 0; i < sizeof eager_rows / sizeof *eager_rows; i++)
        if (strcmp(eagerness ? eagerness : "auto", eager_rows[i].eagerness) == 0) {
            c->vad.silence_ms = eager_rows[i].silence_ms;
            return true;
        }
    return refuse(why, "invalid_value", "session.audio.input.turn_detection.eagerness",
                  "Supported values are: 'low', 'medium', 'high' and 'auto'.");
}

static bool take_turn_detection(struct desk_speech_config *c, const json_t *td,
                                struct desk_rt_error *why)
{
    const char *type = json_string_value(json_object_get(td, "type"));
    c->turn_detection = json_is_object(td);
    if (!c->turn_detection)
        return json_is_null(td) || refuse(why, "invalid_type", "session.audio.input.turn_detection",
                                          "Expected an object or null.");
    if (!type || (strcmp(type, "server_vad") != 0 && strcmp(type, "semantic_vad") != 0))
        return refuse(why, "invalid_value", "session.audio.input.turn_detection.type",
                      "Supported values are: 'server_vad' and 'semantic_vad'.");
    c->vad = desk_vad_defaults;
    c->vad.margin_db = desk_vad_margin(number_or(td, "threshold", 0.5, 0, 1));
    c->tone = desk_voice_tone(number_or(td, "threshold", 0.5, 0, 1));
    c->vad.silence_ms = (int)number_or(td, "silence_duration_ms", 500, 100, 10000);
    c->prefix_ms = (int)number_or(td, "prefix_padding_ms", 300, 0, 1000);
    c->idle_ms = (int)number_or(td, "idle_timeout_ms", 0, 0, 60000);
    c->create_response = true_unless_false(td, "create_response");
    c->interrupt_response = true_unless_false(td, "interrupt_response");
    return strcmp(type, "semantic_vad") != 0 || take_eagerness(c, td, why);
}

static bool take_modalities(struct desk_speech_config *c, const json_t *list,
                            struct desk_rt_error *why)
{
    const char *first = json_string_value(json_array_get(list, 0));
    bool text = first && strcmp(first, "text") == 0;
    if (json_array_size(list) != 1 || !first || (!text && strcmp(first, "audio") != 0))
        return refuse(why, "invalid_value", "session.output_modalities",
                      "Supported values are: ['audio'] and ['text'].");
    c->text_only = text;
    return true;
}

static bool take_formats(struct desk_speech_config *c, struct desk_rt_error *why)
{
    const char *in =
        json_string_value(json_object_get(at(c->object, "audio", "input", "format"), "type"));
    const char *out =
        json_string_value(json_object_get(at(c->object, "audio", "output", "format"), "type"));
    if (!desk_audio_format_parse(in, &c->in))
        return refuse(why, "invalid_value", "session.audio.input.format.type",
                      "Supported values are: 'audio/pcmu' and 'audio/pcm'.");
    if (!desk_audio_format_parse(out, &c->out))
        return refuse(why, "invalid_value", "session.audio.output.format.type",
                      "Supported values are: 'audio/pcmu' and 'audio/pcm'.");
    return true;
}

static bool take_apart(struct desk_speech_config *c, struct desk_rt_error *why)
{
    const char *voice = json_string_value(at(c->object, "audio", "output", "voice"));
    const json_t *td = at(c->object, "audio", "input", "turn_detection");
    if (!json_is_string(json_object_get(c->object, "instructions")))
        return refuse(why, "invalid_type", "session.instructions", "Expected a string.");
    if (!json_is_array(json_object_get(c->object, "tools")))
        return refuse(why, "invalid_type", "session.tools", "Expected an array.");
    snprintf(c->voice, sizeof c->voice, "%s", voice ? voice : "");
    c->transcribe = json_is_object(at(c->object, "audio", "input", "transcription"));
    return take_modalities(c, json_object_get(c->object, "output_modalities"), why) &&
           take_formats(c, why) && take_turn_detection(c, td, why);
}

int desk_speech_config_init(struct desk_speech_config *c, const char *id, const char *model,
                            int64_t expires_at)
{
    struct desk_rt_error why;
    memset(c, 0, sizeof *c);
    c->object = json_loads(defaults, 0, NULL);
    if (!c->object)
        return -1;
    json_object_set_new(c->object, "id", json_string(id));
    json_object_set_new(c->object, "model", json_string(model));
    json_object_set_new(c->object, "expires_at", json_integer(expires_at));
    return take_apart(c, &why) ? 0 : -1;
}

void desk_speech_config_clear(struct desk_speech_config *c)
{
    json_decref(c->object);
    c->object = NULL;
}

/* what a client may not write */
static void keep_fixed(json_t *merged, const json_t *old)
{
    static const char *const fixed[] = {"id", "object", "model", "expires_at", "type"};
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        json_object_set(merged, fixed[i], json_object_get(old, fixed[i]));
}

enum desk_rc desk_speech_config_update(struct desk_speech_config *c, const json_t *update,
                                       bool has_spoken, struct desk_rt_error *why)
{
    const char *type = json_string_value(json_object_get(update, "type"));
    struct desk_speech_config next = *c;
    if (!json_is_object(update) || !type || strcmp(type, "realtime") != 0) {
        refuse(why, type ? "invalid_value" : "missing_required_parameter", "session.type",
               "session.type must be 'realtime'.");
        return DESK_EINVAL;
    }
    next.object = json_deep_copy(c->object);
    json_t *copy = json_deep_copy(update);
    bool ok = next.object && copy && json_object_update_recursive(next.object, copy) == 0;
    json_decref(copy);
    if (!ok) {
        json_decref(next.object);
        refuse(why, "server_error", NULL, "Out of memory.");
        return DESK_EINVAL;
    }
    keep_fixed(next.object, c->object);
    ok = take_apart(&next, why);
    if (ok && has_spoken && strcmp(next.voice, c->voice) != 0)
        ok = refuse(why, "cannot_update_voice", "session.audio.output.voice",
                    "The voice cannot change once the assistant has spoken.");
    if (!ok) {
        json_decref(next.object);
        return DESK_EINVAL;
    }
    json_decref(c->object);
    *c = next;
    return DESK_OK;
}
