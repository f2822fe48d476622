/* OpenAI Realtime protocol over WebSocket: server events in, client events out (the bridge's side),
 * and client events in (our own `speech` server's side; what that one sends is in
 * realtime_server.h). GA shape; the historic beta's event names are understood as aliases.
 * Facts: OpenAI's OpenAPI document 2.3.0 and npm openai. JSON null counts as absent, unknown fields
 * and types are let pass. Pure, never blocks.
 *
 * Audio is the hot path: response.output_audio.delta and input_audio_buffer.append are scanned once
 * without a JSON library, the base64 left where it lies; anything unusual goes through jansson with
 * the same result. */
#ifndef DESK_WIRE_REALTIME_MSG_H
#define DESK_WIRE_REALTIME_MSG_H

#include "base/buf.h"
#include "base/err.h"
#include "wire/slice.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum desk_rt_dialect { DESK_RT_GA, DESK_RT_BETA };

/* ---- server events ------------------------------------------------------------------------- */

enum desk_rt_type {
    DESK_RT_UNKNOWN,
    DESK_RT_ERROR,
    DESK_RT_SESSION_CREATED,
    DESK_RT_SESSION_UPDATED,
    DESK_RT_CONVERSATION_CREATED,
    DESK_RT_ITEM_ADDED, /* beta: conversation.item.created */
    DESK_RT_ITEM_DONE,
    DESK_RT_ITEM_RETRIEVED,
    DESK_RT_ITEM_DELETED,
    DESK_RT_ITEM_TRUNCATED,
    DESK_RT_INPUT_TRANSCRIPT_DELTA,
    DESK_RT_INPUT_TRANSCRIPT_DONE, /* conversation.item.input_audio_transcription.completed */
    DESK_RT_INPUT_TRANSCRIPT_FAILED,
    DESK_RT_SPEECH_STARTED,
    DESK_RT_SPEECH_STOPPED,
    DESK_RT_COMMITTED,
    DESK_RT_CLEARED,
    DESK_RT_IDLE_TIMEOUT, /* input_audio_buffer.timeout_triggered */
    DESK_RT_RESPONSE_CREATED,
    DESK_RT_RESPONSE_DONE,
    DESK_RT_OUTPUT_ITEM_ADDED,
    DESK_RT_OUTPUT_ITEM_DONE,
    DESK_RT_CONTENT_PART_ADDED,
    DESK_RT_CONTENT_PART_DONE,
    DESK_RT_AUDIO_DELTA,
    DESK_RT_AUDIO_DONE,
    DESK_RT_TRANSCRIPT_DELTA, /* what the assistant says */
    DESK_RT_TRANSCRIPT_DONE,
    DESK_RT_TEXT_DELTA,
    DESK_RT_TEXT_DONE,
    DESK_RT_ARGUMENTS_DELTA,
    DESK_RT_ARGUMENTS_DONE,
    DESK_RT_RATE_LIMITS,
    DESK_RT__MAX
};

enum desk_rt_status {
    DESK_RT_STATUS_NONE,
    DESK_RT_STATUS_IN_PROGRESS,
    DESK_RT_STATUS_COMPLETED,
    DESK_RT_STATUS_CANCELLED,
    DESK_RT_STATUS_INCOMPLETE,
    DESK_RT_STATUS_FAILED
};

enum desk_rt_item_type {
    DESK_RT_ITEM_NONE,
    DESK_RT_ITEM_MESSAGE,
    DESK_RT_ITEM_FUNCTION_CALL,
    DESK_RT_ITEM_FUNCTION_OUTPUT,
    DESK_RT_ITEM_OTHER
};

enum desk_rt_role { DESK_RT_ROLE_NONE, DESK_RT_USER, DESK_RT_ASSISTANT, DESK_RT_SYSTEM };

/* Tokens; cached ones are part of the input ones. */
struct desk_rt_usage {
    bool present;
    int64_t total, input, output;
    int64_t in_text, in_audio, in_cached, cached_text, cached_audio;
    int64_t out_text, out_audio;
    double seconds; /* transcription billed by time */
};

struct desk_rt_error {
    const char *type, *code, *message;
    const char *event_id; /* of the client event that caused it */
    const char *param;
};

/* All texts: never NULL, "" when absent; valid until desk_rt_event_clear(). */
struct desk_rt_event {
    enum desk_rt_type type;
    const char *event_id;
    const char *item_id; /* of the event, or of its item */
    const char *previous_item_id;
    const char *response_id;
    const char *call_id, *name, *arguments; /* function call; ARGUMENTS_DELTA: arguments = piece */
    const char *text; /* transcript or text, a piece for …_DELTA; of an item: its first content */
    struct desk_slice audio; /* AUDIO_DELTA: checked base64, points into the message or json */
    int64_t audio_start_ms, audio_end_ms; /* -1 when absent */
    int output_index, content_index;      /* 0 when absent */

    enum desk_rt_item_type item_type; /* events with an item */
    enum desk_rt_role role;
    enum desk_rt_status status; /* of the response, or of the item */
    const char *status_reason;  /* "turn_detected", "max_output_tokens" … */
    const char *purpose;        /* response.metadata.purpose: what we asked for */
    struct desk_rt_error error; /* ERROR; RESPONSE_DONE failed; INPUT_TRANSCRIPT_FAILED */
    struct desk_rt_usage usage; /* RESPONSE_DONE, INPUT_TRANSCRIPT_DONE */

    const char *session_id, *model;
    int64_t expires_at; /* epoch seconds, 0 when absent */

    json_t *json;    /* whole event when it came the slow way, else NULL; owned by the event */
    char ids[4][96]; /* room for the fast way */
};

/* Parse one message of n bytes. Always initialises ev; call desk_rt_event_clear() after use,
 * whatever was returned. DESK_EINVAL: not a JSON object with a "type", or audio not base64. */
DESK_MUST enum desk_rc desk_rt_event_parse(struct desk_rt_event *ev, const char *p, size_t n);
void desk_rt_event_clear(struct desk_rt_event *ev);

/* The i-th item of a RESPONSE_DONE's output into item, whose texts belong to done (no clear).
 * False: there are no more. */
bool desk_rt_event_output(const struct desk_rt_event *done, size_t i, struct desk_rt_event *item);

/* GA name of a type ("?" for unknown). */
const char *desk_rt_type_name(enum desk_rt_type type);
const char *desk_rt_status_name(enum desk_rt_status status); /* "" for none */

/* ---- what an error, an HTTP status at the upgrade or a close code means for the call --------- */

enum desk_rt_severity {
    DESK_RT_HARMLESS,    /* log, go on */
    DESK_RT_RECONNECT,   /* this socket is lost; a new one may help */
    DESK_RT_FATAL_CALL,  /* this call must fall back; others may live */
    DESK_RT_FATAL_CONFIG /* key, quota, model or shape: fall back, alert the owner */
};

/* code: error.code, NULL or "" if none. on_session_update: error.event_id was our first
 * session.update's (the audio format may then be wrong). Unknown codes are harmless. */
enum desk_rt_severity desk_rt_error_class(const char *code, bool on_session_update);
enum desk_rt_severity desk_rt_http_class(int status);    /* status of a refused upgrade */
enum desk_rt_severity desk_rt_close_class(int ws_close); /* 1000 harmless; 0 = no close frame */

/* ---- client events ------------------------------------------------------------------------- */

struct desk_rt_session {
    enum desk_rt_dialect dialect;
    const char *event_id; /* may be NULL, as below */
    const char *model;    /* sent in GA only; NULL leaves it to the URL */
    const char *voice;
    const char *instructions;
    const json_t *tools;     /* array of {type:"function",name,description,parameters}; only read */
    const char *tool_choice; /* NULL = "auto" when there are tools */
    const char *transcription_model; /* NULL or "" = none */
    const char *language;            /* of the transcription: "en" */
    bool semantic_vad;               /* else server_vad with the numbers below */
    const char *eagerness;           /* of semantic_vad; NULL or "" = server's default */
    double vad_threshold;            /* 0 = server's default, as the following */
    int prefix_padding_ms, silence_ms, idle_timeout_ms;
    bool no_turn_detection; /* null: we commit by hand */
    bool no_auto_response;  /* create_response: false */
    bool no_interrupt;      /* interrupt_response: false */
    bool far_field;         /* noise_reduction far_field; else near_field only if set */
    bool near_field;
    double speed;           /* 0 = default */
    int max_output_tokens;  /* 0 = server's default ("inf": set a number for a bounded call) */
    double retention_ratio; /* 0 = no truncation field; GA only */
};

/* Each appends one event to out (check desk_buf_ok()). event_id and other optional texts may be
 * NULL. Text need not be clean: invalid UTF-8 becomes U+FFFD. */
void desk_rt_build_session_update(struct desk_buf *out, const struct desk_rt_session *s);
/* A session.update of the instructions alone: everything else stays as it is. */
void desk_rt_build_instructions(struct desk_buf *out, const char *event_id,
                                enum desk_rt_dialect dialect, const char *text);
void desk_rt_build_append(struct desk_buf *out, const char *audio, size_t n); /* base64, as it is */
void desk_rt_build_commit(struct desk_buf *out);
void desk_rt_build_clear(struct desk_buf *out);
void desk_rt_build_function_output(struct desk_buf *out, const char *event_id, const char *call_id,
                                   const char *output);
/* The same as an item of that id, so that it can be deleted again. */
void desk_rt_build_function_output_as(struct desk_buf *out, const char *event_id,
                                      const char *item_id, const char *call_id, const char *output);
void desk_rt_build_message(struct desk_buf *out, const char *event_id, enum desk_rt_dialect dialect,
                           enum desk_rt_role role, const char *text);
/* The same with an id of ours (up to 32 characters), by which it can be deleted. */
void desk_rt_build_message_as(struct desk_buf *out, const char *event_id, const char *item_id,
                              enum desk_rt_dialect dialect, enum desk_rt_role role,
                              const char *text);
/* A past function call, for replay after a reconnect. */
void desk_rt_build_function_call(struct desk_buf *out, const char *event_id, const char *call_id,
                                 const char *name, const char *arguments);
void desk_rt_build_truncate(struct desk_buf *out, const char *event_id, const char *item_id,
                            int64_t audio_end_ms); /* content_index 0; below 0 counts as 0 */
void desk_rt_build_delete(struct desk_buf *out, const char *event_id, const char *item_id);

struct desk_rt_response_params {
    const char *event_id;
    const char *instructions; /* for this response only */
    const char *tool_choice;  /* "none", "auto", "required", or the name of a function */
    const char *purpose;      /* metadata.purpose, comes back in response.created/done */
    bool aside;               /* outside of the conversation: it leaves no item there */
};
void desk_rt_build_response_create(struct desk_buf *out, const struct desk_rt_response_params *r);
void desk_rt_build_response_cancel(struct desk_buf *out, const char *event_id,
                                   const char *response_id);

/* ---- client events, read by a server -------------------------------------------------------- */

enum desk_rt_client_type {
    DESK_RTC_UNKNOWN,
    DESK_RTC_SESSION_UPDATE, /* also transcription_session.update */
    DESK_RTC_APPEND,
    DESK_RTC_COMMIT,
    DESK_RTC_CLEAR,
    DESK_RTC_ITEM_CREATE,
    DESK_RTC_ITEM_RETRIEVE,
    DESK_RTC_ITEM_DELETE,
    DESK_RTC_ITEM_TRUNCATE,
    DESK_RTC_RESPONSE_CREATE,
    DESK_RTC_RESPONSE_CANCEL,
    DESK_RTC_OUTPUT_CLEAR,
    DESK_RTC__MAX
};

/* Texts: never NULL, "" when absent; valid until _clear(). */
struct desk_rt_client_event {
    enum desk_rt_client_type type;
    const char *type_name; /* as sent, also when unknown; "" on the fast way */
    const char *event_id;
    const char *item_id, *previous_item_id; /* retrieve, delete, truncate; create: item.id */
    const char *response_id;                /* cancel */
    struct desk_slice audio;                /* append: checked base64 */
    int64_t audio_end_ms;                   /* truncate; -1 when absent or not an integer */
    int content_index;

    enum desk_rt_item_type item_type; /* create */
    enum desk_rt_role role;
    const char *text; /* create: first input_text/output_text/text/transcript of the content */
    const char *call_id, *name, *arguments, *output;

    const char *instructions; /* response.create; session.update */
    const char *tool_choice;  /* response.create: "none" … or the function's name */
    const json_t *session;    /* session.update: the object, borrowed from json */
    const json_t *response;   /* response.create: the object, or NULL */
    const json_t *item;       /* create: the object, borrowed */
    json_t *json;             /* whole event, NULL on the fast way; owned by the event */
    char ids[1][96];
};

/* As desk_rt_event_parse(). */
DESK_MUST enum desk_rc desk_rt_client_event_parse(struct desk_rt_client_event *ev, const char *p,
                                                  size_t n);
void desk_rt_client_event_clear(struct desk_rt_client_event *ev);

#endif
