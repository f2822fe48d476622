/* Reading: server events for the bridge, client events for our own server. Building is in
 * realtime_build.c and realtime_server.c. */
#include "wire/realtime_msg.h"

#include "wire/base64.h"
#include "wire/flat.h"

#include <limits.h>
#include <string.h>

/* ---- reading a jansson tree ------------------------------------------------------------------ */

static const char *text(const json_t *object, const char *key)
{
    const char *s = json_string_value(json_object_get(object, key));
    return s ? s : "";
}

/* Numbers beyond are no times or counts of anything: who adds to one must not overflow. */
#define SANE INT64_C(9000000000000000)

static int64_t integer(const json_t *object, const char *key, int64_t absent)
{
    const json_t *v = json_object_get(object, key);
    int64_t n = json_integer_value(v); /* 0 when not an integer */
    if (json_is_integer(v))
        return n > -SANE && n < SANE ? n : absent;
    double d = json_real_value(v); /* 0 when not a real */
    return json_is_real(v) && d > -(double)SANE && d < (double)SANE ? (int64_t)d : absent;
}

static int small(const json_t *object, const char *key)
{
    int64_t v = integer(object, key, 0);
    return v < 0 || v > INT_MAX ? 0 : (int)v;
}

/* A text field: where it is found and where it goes. */
struct field {
    const char *key;
    size_t offset;
};

#define EV(member)  offsetof(struct desk_rt_event, member)
#define CEV(member) offsetof(struct desk_rt_client_event, member)

/* Non-empty values only: what an outer object said is not undone by an inner one. */
static void read_fields(void *to, const struct field *fields, size_t n, const json_t *object)
{
    for (size_t i = 0; i < n; i++) {
        const char *s = text(object, fields[i].key);
        const char **slot = (const char **)(void *)((char *)to + fields[i].offset);
        if (*s)
            *slot = s;
    }
}

#define READ(to, fields, object) read_fields(to, fields, sizeof(fields) / sizeof *(fields), object)

static bool audio_of(struct desk_slice *audio, const json_t *object, const char *key)
{
    const json_t *v = json_object_get(object, key);
    if (!json_is_string(v))
        return false;
    audio->p = json_string_value(v);
    audio->n = json_string_length(v);
    return desk_base64_ok(audio->p, audio->n);
}

/* ---- names and numbers ----------------------------------------------------------------------- */

struct name {
    const char *name;
    int value;
};

static int lookup(const struct name *rows, size_t n, const char *name, int other)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(rows[i].name, name) == 0)
            return rows[i].value;
    return *name ? other : 0;
}

#define LOOKUP(rows, name, other) lookup(rows, sizeof(rows) / sizeof *(rows), name, other)

static const struct name statuses[] = {
    {"in_progress", DESK_RT_STATUS_IN_PROGRESS}, {"completed", DESK_RT_STATUS_COMPLETED},
    {"cancelled", DESK_RT_STATUS_CANCELLED},     {"incomplete", DESK_RT_STATUS_INCOMPLETE},
    {"failed", DESK_RT_STATUS_FAILED},
};
static const struct name item_types[] = {
    {"message", DESK_RT_ITEM_MESSAGE},
    {"function_call", DESK_RT_ITEM_FUNCTION_CALL},
    {"function_call_output", DESK_RT_ITEM_FUNCTION_OUTPUT},
};
static const struct name roles[] = {
    {"user", DESK_RT_USER}, {"assistant", DESK_RT_ASSISTANT}, {"system", DESK_RT_SYSTEM}};

const char *desk_rt_status_name(enum desk_rt_status status)
{
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++)
        if (statuses[i].value == (int)status)
            return statuses[i].name;
    return "";
}

/* Server events: name, type, and the key of the text it carries. Aliases of the beta stand behind
 * the GA names, which are the ones desk_rt_type_name() finds. */
static const struct server_type {
    const char *name;
    enum desk_rt_type type;
    const char *text_key;
} server_types[] = {
    {"error", DESK_RT_ERROR, NULL},
    {"session.created", DESK_RT_SESSION_CREATED, NULL},
    {"session.updated", DESK_RT_SESSION_UPDATED, NULL},
    {"conversation.created", DESK_RT_CONVERSATION_CREATED, NULL},
    {"conversation.item.added", DESK_RT_ITEM_ADDED, NULL},
    {"conversation.item.done", DESK_RT_ITEM_DONE, NULL},
    {"conversation.item.retrieved", DESK_RT_ITEM_RETRIEVED, NULL},
    {"conversation.item.deleted", DESK_RT_ITEM_DELETED, NULL},
    {"conversation.item.truncated", DESK_RT_ITEM_TRUNCATED, NULL},
    {"conversation.item.input_audio_transcription.delta", DESK_RT_INPUT_TRANSCRIPT_DELTA, "delta"},
    {"conversation.item.input_audio_transcription.completed", DESK_RT_INPUT_TRANSCRIPT_DONE,
     "transcript"},
    {"conversation.item.input_audio_transcription.failed", DESK_RT_INPUT_TRANSCRIPT_FAILED, NULL},
    {"input_audio_buffer.speech_started", DESK_RT_SPEECH_STARTED, NULL},
    {"input_audio_buffer.speech_stopped", DESK_RT_SPEECH_STOPPED, NULL},
    {"input_audio_buffer.committed", DESK_RT_COMMITTED, NULL},
    {"input_audio_buffer.cleared", DESK_RT_CLEARED, NULL},
    {"input_audio_buffer.timeout_triggered", DESK_RT_IDLE_TIMEOUT, NULL},
    {"response.created", DESK_RT_RESPONSE_CREATED, NULL},
    {"response.done", DESK_RT_RESPONSE_DONE, NULL},
    {"response.output_item.added", DESK_RT_OUTPUT_ITEM_ADDED, NULL},
    {"response.output_item.done", DESK_RT_OUTPUT_ITEM_DONE, NULL},
    {"response.content_part.added", DESK_RT_CONTENT_PART_ADDED, NULL},
    {"response.content_part.done", DESK_RT_CONTENT_PART_DONE, NULL},
    {"response.output_audio.delta", DESK_RT_AUDIO_DELTA, NULL},
    {"response.output_audio.done", DESK_RT_AUDIO_DONE, NULL},
    {"response.output_audio_transcript.delta", DESK_RT_TRANSCRIPT_DELTA, "delta"},
    {"response.output_audio_transcript.done", DESK_RT_TRANSCRIPT_DONE, "transcript"},
    {"response.output_text.delta", DESK_RT_TEXT_DELTA, "delta"},
    {"response.output_text.done", DESK_RT_TEXT_DONE, "text"},
    {"response.function_call_arguments.delta", DESK_RT_ARGUMENTS_DELTA, NULL},
    {"response.function_call_arguments.done", DESK_RT_ARGUMENTS_DONE, NULL},
    {"rate_limits.updated", DESK_RT_RATE_LIMITS, NULL},

    {"conversation.item.created", DESK_RT_ITEM_ADDED, NULL},
    {"response.audio.delta", DESK_RT_AUDIO_DELTA, NULL},
    {"response.audio.done", DESK_RT_AUDIO_DONE, NULL},
    {"response.audio_transcript.delta", DESK_RT_TRANSCRIPT_DELTA, "delta"},
    {"response.audio_transcript.done", DESK_RT_TRANSCRIPT_DONE, "transcript"},
    {"response.text.delta", DESK_RT_TEXT_DELTA, "delta"},
    {"response.text.done", DESK_RT_TEXT_DONE, "text"},
    {"transcription_session.created", DESK_RT_SESSION_CREATED, NULL},
    {"transcription_session.updated", DESK_RT_SESSION_UPDATED, NULL},
};

static const struct server_type *server_type(const char *name)
{
    static const struct server_type unknown = {"?", DESK_RT_UNKNOWN, NULL};
    for (size_t i = 0; i < sizeof server_types / sizeof *server_types; i++)
        if (strcmp(server_types[i].name, name) == 0)
            return &server_types[i];
    return &unknown;
}

const char *desk_rt_type_name(enum desk_rt_type type)
{
    for (size_t i = 0; i < sizeof server_types / sizeof *server_types; i++)
        if (server_types[i].type == type)
            return server_types[i].name;
    return "?";
}

/* ---- server events, the slow way ------------------------------------------------------------- */

static const struct field event_fields[] = {
    {"event_id", EV(event_id)},       {"item_id", EV(item_id)},
    {"response_id", EV(response_id)}, {"previous_item_id", EV(previous_item_id)},
    {"call_id", EV(call_id)},         {"name", EV(name)},
    {"arguments", EV(arguments)},
};
static const struct field item_fields[] = {
    {"id", EV(item_id)},          {"call_id", EV(call_id)}, {"name", EV(name)},
    {"arguments", EV(arguments)}, {"output", EV(text)},
};
static const struct field session_fields[] = {{"id", EV(session_id)}, {"model", EV(model)}};
static const struct field error_fields[] = {
    {"type", EV(error.type)},         {"code", EV(error.code)},   {"message", EV(error.message)},
    {"event_id", EV(error.event_id)}, {"param", EV(error.param)},
};

static void reset_event(struct desk_rt_event *ev)
{
    static const size_t texts[] = {
        EV(event_id),      EV(item_id),    EV(previous_item_id), EV(response_id),
        EV(call_id),       EV(name),       EV(arguments),        EV(text),
        EV(status_reason), EV(purpose),    EV(session_id),       EV(model),
        EV(error.type),    EV(error.code), EV(error.message),    EV(error.event_id),
        EV(error.param),
    };
    memset(ev, 0, sizeof *ev);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        *(const char **)(void *)((char *)ev + texts[i]) = "";
    ev->audio_start_ms = ev->audio_end_ms = -1;
}

/* First content with words: {"text"} or {"transcript"}. */
static const char *content_text(const json_t *item)
{
    const json_t *content = json_object_get(item, "content");
    for (size_t i = 0; i < json_array_size(content); i++) {
        const json_t *part = json_array_get(content, i);
        const char *s = text(part, "text");
        if (!*s)
            s = text(part, "transcript");
        if (*s)
            return s;
    }
    return "";
}

static void read_item(struct desk_rt_event *ev, const json_t *item)
{
    if (!json_is_object(item))
        return;
    READ(ev, item_fields, item);
    if (!*ev->text)
        ev->text = content_text(item);
    ev->item_type =
        (enum desk_rt_item_type)LOOKUP(item_types, text(item, "type"), DESK_RT_ITEM_OTHER);
    ev->role = (enum desk_rt_role)LOOKUP(roles, text(item, "role"), DESK_RT_ROLE_NONE);
    ev->status = (enum desk_rt_status)LOOKUP(statuses, text(item, "status"), 0);
}

static void read_usage(struct desk_rt_usage *u, const json_t *usage)
{
    if (!json_is_object(usage))
        return;
    const json_t *in = json_object_get(usage, "input_token_details");
    const json_t *out = json_object_get(usage, "output_token_details");
    const json_t *cached = json_object_get(in, "cached_tokens_details");
    const json_t *seconds = json_object_get(usage, "seconds");
    const struct {
        int64_t *to;
        const json_t *object;
        const char *key;
    } rows[] = {
        {&u->total, usage, "total_tokens"},       {&u->input, usage, "input_tokens"},
        {&u->output, usage, "output_tokens"},     {&u->in_text, in, "text_tokens"},
        {&u->in_audio, in, "audio_tokens"},       {&u->in_cached, in, "cached_tokens"},
        {&u->cached_text, cached, "text_tokens"}, {&u->cached_audio, cached, "audio_tokens"},
        {&u->out_text, out, "text_tokens"},       {&u->out_audio, out, "audio_tokens"},
    };
    u->present = true;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        *rows[i].to = integer(rows[i].object, rows[i].key, 0);
    u->seconds = json_number_value(seconds);
}

static void read_response(struct desk_rt_event *ev, const json_t *r)
{
    static const struct field fields[] = {{"id", EV(response_id)}};
    static const struct field metadata[] = {{"purpose", EV(purpose)}};
    static const struct field details_fields[] = {{"reason", EV(status_reason)}};
    if (!json_is_object(r))
        return;
    const json_t *details = json_object_get(r, "status_details");
    READ(ev, fields, r);
    READ(ev, metadata, json_object_get(r, "metadata"));
    READ(ev, details_fields, details);
    READ(ev, error_fields, json_object_get(details, "error"));
    ev->status = (enum desk_rt_status)LOOKUP(statuses, text(r, "status"), 0);
    read_usage(&ev->usage, json_object_get(r, "usage"));
}

static enum desk_rc event_slow(struct desk_rt_event *ev, const char *p, size_t n)
{
    json_error_t error;
    ev->json = json_loadb(p, n, JSON_ALLOW_NUL, &error);
    const json_t *json = ev->json, *session = json_object_get(json, "session");
    if (!json_is_object(json) || !*text(json, "type"))
        return DESK_EINVAL;
    const struct server_type *row = server_type(text(json, "type"));
    ev->type = row->type;
    READ(ev, event_fields, json);
    READ(ev, error_fields, json_object_get(json, "error"));
    READ(ev, session_fields, session);
    ev->expires_at = integer(session, "expires_at", 0);
    ev->audio_start_ms = integer(json, "audio_start_ms", -1);
    ev->audio_end_ms = integer(json, "audio_end_ms", -1);
    ev->output_index = small(json, "output_index");
    ev->content_index = small(json, "content_index");
    if (row->text_key)
        ev->text = text(json, row->text_key);
    read_usage(&ev->usage, json_object_get(json, "usage"));
    read_item(ev, json_object_get(json, "item"));
    read_response(ev, json_object_get(json, "response"));
    if (ev->type == DESK_RT_ARGUMENTS_DELTA)
        ev->arguments = text(json, "delta");
    if (ev->type == DESK_RT_AUDIO_DELTA && !audio_of(&ev->audio, json, "delta"))
        return DESK_EINVAL;
    return DESK_OK;
}

bool desk_rt_event_output(const struct desk_rt_event *done, size_t i, struct desk_rt_event *item)
{
    const json_t *response = json_object_get(done->json, "response");
    const json_t *found = json_array_get(json_object_get(response, "output"), i);
    reset_event(item);
    read_item(item, found);
    return found != NULL;
}

/* ---- server events, the fast way: a flat audio delta ----------------------------------------- */

enum {
    K_TYPE = 1,
    K_EVENT_ID = 2,
    K_RESPONSE_ID = 4,
    K_ITEM_ID = 8,
    K_OUTPUT_INDEX = 16,
    K_CONTENT_INDEX = 32,
    K_DELTA = 64
};

struct key {
    const char *name;
    unsigned bit;
};

/* "name": → its bit; 0 for an unknown or repeated name. What it consists of need not be looked at:
 * it is one of ours or unknown. */
static unsigned fast_key(struct desk_flat *f, const struct key *keys, size_t n, unsigned *seen)
{
    struct desk_slice name;
    if (!desk_flat_raw(f, &name) || !desk_flat_char(f, ':'))
        return 0;
    for (size_t i = 0; i < n; i++)
        if (!(*seen & keys[i].bit) && desk_slice_is(name, keys[i].name)) {
            *seen |= keys[i].bit;
            return keys[i].bit;
        }
    return 0;
}

static bool fast_text(struct desk_flat *f, char room[96], const char **out)
{
    struct desk_slice s;
    *out = room;
    return desk_flat_string(f, &s) && desk_slice_copy(room, 96, s);
}

static bool event_fast_value(struct desk_rt_event *ev, struct desk_flat *f, unsigned key)
{
    struct desk_slice s;
    switch (key) {
    case K_TYPE:
        return desk_flat_raw(f, &s) && (desk_slice_is(s, "response.output_audio.delta") ||
                                        desk_slice_is(s, "response.audio.delta"));
    case K_EVENT_ID:
        return fast_text(f, ev->ids[0], &ev->event_id);
    case K_RESPONSE_ID:
        return fast_text(f, ev->ids[1], &ev->response_id);
    case K_ITEM_ID:
        return fast_text(f, ev->ids[2], &ev->item_id);
    case K_OUTPUT_INDEX:
        return desk_flat_int(f, &ev->output_index);
    case K_CONTENT_INDEX:
        return desk_flat_int(f, &ev->content_index);
    case K_DELTA:
        return desk_flat_raw(f, &ev->audio) && desk_base64_ok(ev->audio.p, ev->audio.n);
    default:
        return false;
    }
}

static bool event_fast(struct desk_rt_event *ev, const char *p, size_t n)
{
    static const struct key keys[] = {
        {"type", K_TYPE},
        {"event_id", K_EVENT_ID},
        {"response_id", K_RESPONSE_ID},
        {"item_id", K_ITEM_ID},
        {"output_index", K_OUTPUT_INDEX},
        {"content_index", K_CONTENT_INDEX},
        {"delta", K_DELTA},
    };
    struct desk_flat f = {p, p + n};
    unsigned seen = 0;
    bool more = desk_flat_char(&f, '{');
    if (!more)
        return false;
    while (more) {
        unsigned key = fast_key(&f, keys, sizeof keys / sizeof *keys, &seen);
        if (!event_fast_value(ev, &f, key) || !desk_flat_next(&f, &more))
            return false;
    }
    ev->type = DESK_RT_AUDIO_DELTA;
    return desk_flat_end(&f) && (seen & (K_TYPE | K_DELTA)) == (K_TYPE | K_DELTA);
}

enum desk_rc desk_rt_event_parse(struct desk_rt_event *ev, const char *p, size_t n)
{
    reset_event(ev);
    if (event_fast(ev, p, n))
        return DESK_OK;
    reset_event(ev);
    enum desk_rc rc = event_slow(ev, p, n);
    if (rc != DESK_OK)
        desk_rt_event_clear(ev);
    return rc;
}

void desk_rt_event_clear(struct desk_rt_event *ev)
{
    json_decref(ev->json);
    reset_event(ev);
}

/* ---- client events --------------------------------------------------------------------------- */

static const struct name client_types[] = {
    {"session.update", DESK_RTC_SESSION_UPDATE},
    {"transcription_session.update", DESK_RTC_SESSION_UPDATE},
    {"input_audio_buffer.append", DESK_RTC_APPEND},
    {"input_audio_buffer.commit", DESK_RTC_COMMIT},
    {"input_audio_buffer.clear", DESK_RTC_CLEAR},
    {"conversation.item.create", DESK_RTC_ITEM_CREATE},
    {"conversation.item.retrieve", DESK_RTC_ITEM_RETRIEVE},
    {"conversation.item.delete", DESK_RTC_ITEM_DELETE},
    {"conversation.item.truncate", DESK_RTC_ITEM_TRUNCATE},
    {"response.create", DESK_RTC_RESPONSE_CREATE},
    {"response.cancel", DESK_RTC_RESPONSE_CANCEL},
    {"output_audio_buffer.clear", DESK_RTC_OUTPUT_CLEAR},
};

static const struct field client_fields[] = {
    {"type", CEV(type_name)},          {"event_id", CEV(event_id)},
    {"item_id", CEV(item_id)},         {"previous_item_id", CEV(previous_item_id)},
    {"response_id", CEV(response_id)},
};
static const struct field client_item_fields[] = {
    {"id", CEV(item_id)},          {"call_id", CEV(call_id)}, {"name", CEV(name)},
    {"arguments", CEV(arguments)}, {"output", CEV(output)},
};
static const struct field instruction_fields[] = {{"instructions", CEV(instructions)}};

static void reset_client(struct desk_rt_client_event *ev)
{
    static const size_t texts[] = {
        CEV(type_name),   CEV(event_id), CEV(item_id),      CEV(previous_item_id),
        CEV(response_id), CEV(text),     CEV(call_id),      CEV(name),
        CEV(arguments),   CEV(output),   CEV(instructions), CEV(tool_choice),
    };
    memset(ev, 0, sizeof *ev);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        *(const char **)(void *)((char *)ev + texts[i]) = "";
    ev->audio_end_ms = -1;
}

static const char *tool_choice_of(const json_t *object)
{
    const char *s = text(object, "tool_choice");
    return *s ? s : text(json_object_get(object, "tool_choice"), "name");
}

static const json_t *object_of(const json_t *json, const char *key)
{
    const json_t *v = json_object_get(json, key);
    return json_is_object(v) ? v : NULL;
}

static void read_client_item(struct desk_rt_client_event *ev)
{
    READ(ev, client_item_fields, ev->item);
    ev->text = content_text(ev->item);
    ev->item_type =
        (enum desk_rt_item_type)LOOKUP(item_types, text(ev->item, "type"), DESK_RT_ITEM_OTHER);
    ev->role = (enum desk_rt_role)LOOKUP(roles, text(ev->item, "role"), DESK_RT_ROLE_NONE);
}

static enum desk_rc client_slow(struct desk_rt_client_event *ev, const char *p, size_t n)
{
    json_error_t error;
    ev->json = json_loadb(p, n, JSON_ALLOW_NUL, &error);
    const json_t *json = ev->json;
    if (!json_is_object(json) || !*text(json, "type"))
        return DESK_EINVAL;
    READ(ev, client_fields, json);
    ev->type = (enum desk_rt_client_type)LOOKUP(client_types, ev->type_name, DESK_RTC_UNKNOWN);
    ev->session = object_of(json, "session");
    ev->response = object_of(json, "response");
    ev->item = object_of(json, "item");
    READ(ev, instruction_fields, ev->session);
    READ(ev, instruction_fields, ev->response);
    ev->tool_choice = tool_choice_of(ev->response);
    if (json_is_integer(json_object_get(json, "audio_end_ms")))
        ev->audio_end_ms = integer(json, "audio_end_ms", -1);
    ev->content_index = small(json, "content_index");
    if (ev->item)
        read_client_item(ev);
    if (ev->type == DESK_RTC_APPEND && !audio_of(&ev->audio, json, "audio"))
        return DESK_EINVAL;
    return DESK_OK;
}

static bool client_fast(struct desk_rt_client_event *ev, const char *p, size_t n)
{
    static const struct key keys[] = {
        {"type", K_TYPE}, {"event_id", K_EVENT_ID}, {"audio", K_DELTA}};
    struct desk_flat f = {p, p + n};
    struct desk_slice s;
    unsigned seen = 0;
    bool more = desk_flat_char(&f, '{');
    if (!more)
        return false;
    while (more) {
        bool ok = false;
        switch (fast_key(&f, keys, sizeof keys / sizeof *keys, &seen)) {
        case K_TYPE:
            ok = desk_flat_raw(&f, &s) && desk_slice_is(s, "input_audio_buffer.append");
            break;
        case K_EVENT_ID:
            ok = fast_text(&f, ev->ids[0], &ev->event_id);
            break;
        case K_DELTA:
            ok = desk_flat_raw(&f, &ev->audio) && desk_base64_ok(ev->audio.p, ev->audio.n);
            break;
        default:
            break;
        }
        if (!ok || !desk_flat_next(&f, &more))
            return false;
    }
    ev->type = DESK_RTC_APPEND;
    return desk_flat_end(&f) && (seen & (K_TYPE | K_DELTA)) == (K_TYPE | K_DELTA);
}

enum desk_rc desk_rt_client_event_parse(struct desk_rt_client_event *ev, const char *p, size_t n)
{
    reset_client(ev);
    if (client_fast(ev, p, n))
        return DESK_OK;
    reset_client(ev);
    enum desk_rc rc = client_slow(ev, p, n);
    if (rc != DESK_OK)
        desk_rt_client_event_clear(ev);
    return rc;
}

void desk_rt_client_event_clear(struct desk_rt_client_event *ev)
{
    json_decref(ev->json);
    reset_client(ev);
}

/* ---- severity -------------------------------------------------------------------------------- */

/* Collected from the OpenAPI document and reports of users; there is no official list. What is not
 * here is logged and survived. */
static const struct name error_classes[] = {
    {"conversation_already_has_active_response", DESK_RT_HARMLESS},
    {"response_cancel_not_active", DESK_RT_HARMLESS},
    {"input_audio_buffer_commit_empty", DESK_RT_HARMLESS},
    {"cannot_update_voice", DESK_RT_HARMLESS},
    {"session_expired", DESK_RT_RECONNECT},
    {"server_error", DESK_RT_RECONNECT},
    {"internal_error", DESK_RT_RECONNECT},
    {"beta_api_shape_disabled", DESK_RT_FATAL_CONFIG},
    {"invalid_api_key", DESK_RT_FATAL_CONFIG},
    {"insufficient_quota", DESK_RT_FATAL_CONFIG},
    {"model_not_found", DESK_RT_FATAL_CONFIG},
    {"account_deactivated", DESK_RT_FATAL_CONFIG},
    {"billing_hard_limit_reached", DESK_RT_FATAL_CONFIG},
    {"billing_not_active", DESK_RT_FATAL_CONFIG},
    {"invalid_organization", DESK_RT_FATAL_CONFIG},
    {"access_terminated", DESK_RT_FATAL_CONFIG},
    {"permission_denied", DESK_RT_FATAL_CONFIG},
    {"unsupported_country_region_territory", DESK_RT_FATAL_CONFIG},
};

enum desk_rt_severity desk_rt_error_class(const char *code, bool on_session_update)
{
    for (size_t i = 0; code && i < sizeof error_classes / sizeof *error_classes; i++)
        if (strcmp(error_classes[i].name, code) == 0)
            return (enum desk_rt_severity)error_classes[i].value;
    return on_session_update ? DESK_RT_FATAL_CALL : DESK_RT_HARMLESS;
}

enum desk_rt_severity desk_rt_http_class(int status)
{
    if (status == 408 || status == 429 || status >= 500)
        return DESK_RT_RECONNECT;
    return status >= 400 ? DESK_RT_FATAL_CONFIG : DESK_RT_RECONNECT;
}

enum desk_rt_severity desk_rt_close_class(int ws_close)
{
    static const struct {
        int code;
        enum desk_rt_severity class;
    } rows[] = {
        {1000, DESK_RT_HARMLESS},
        {1015, DESK_RT_FATAL_CONFIG},
        {1008, DESK_RT_FATAL_CONFIG},
        {4000, DESK_RT_FATAL_CONFIG},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].code == ws_close)
            return rows[i].class;
    return DESK_RT_RECONNECT;
}
