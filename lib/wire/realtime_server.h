/* What a Realtime server sends: the events our offline `speech` server (and test fakes) build, in
 * GA shape. Each function appends exactly one event, a JSON object, to out (check desk_buf_ok());
 * texts may be NULL unless said otherwise and need not be clean UTF-8. Pure, never blocks. */
#ifndef DESK_WIRE_REALTIME_SERVER_H
#define DESK_WIRE_REALTIME_SERVER_H

#include "wire/realtime_msg.h"

/* Numbers the events of one socket: event_id = "event_<n>". Zero it at the start. */
struct desk_rts {
    uint64_t next_event;
};

/* session: the full effective session object; only read. */
void desk_rts_session_created(struct desk_rts *s, struct desk_buf *out, const json_t *session);
void desk_rts_session_updated(struct desk_rts *s, struct desk_buf *out, const json_t *session);

/* code, param, event_id (of the client event) may be NULL; type e.g. "invalid_request_error". */
void desk_rts_error(struct desk_rts *s, struct desk_buf *out, const struct desk_rt_error *e);

struct desk_rts_item {
    const char *id; /* required */
    enum desk_rt_item_type type;
    enum desk_rt_status status;
    enum desk_rt_role role; /* messages */
    bool audio;             /* message content is audio with text as transcript, else plain text */
    const char *text;       /* NULL = empty content */
    const char *audio_base64; /* item.retrieved: the audio itself; NULL leaves it out */
    const char *call_id, *name, *arguments; /* function_call */
    const char *output;                     /* function_call_output, with call_id */
};
/* previous_item_id NULL = null. */
void desk_rts_item_added(struct desk_rts *s, struct desk_buf *out, const char *previous_item_id,
                         const struct desk_rts_item *item);
void desk_rts_item_done(struct desk_rts *s, struct desk_buf *out, const char *previous_item_id,
                        const struct desk_rts_item *item);
void desk_rts_item_retrieved(struct desk_rts *s, struct desk_buf *out,
                             const struct desk_rts_item *item);
void desk_rts_item_truncated(struct desk_rts *s, struct desk_buf *out, const char *item_id,
                             int content_index, int64_t audio_end_ms);
void desk_rts_item_deleted(struct desk_rts *s, struct desk_buf *out, const char *item_id);

/* input audio; ms of audio sent so far in the session */
void desk_rts_speech_started(struct desk_rts *s, struct desk_buf *out, const char *item_id,
                             int64_t audio_start_ms);
void desk_rts_speech_stopped(struct desk_rts *s, struct desk_buf *out, const char *item_id,
                             int64_t audio_end_ms);
void desk_rts_committed(struct desk_rts *s, struct desk_buf *out, const char *item_id,
                        const char *previous_item_id);
void desk_rts_cleared(struct desk_rts *s, struct desk_buf *out);
void desk_rts_idle_timeout(struct desk_rts *s, struct desk_buf *out, const char *item_id,
                           int64_t audio_start_ms, int64_t audio_end_ms);
void desk_rts_transcription_delta(struct desk_rts *s, struct desk_buf *out, const char *item_id,
                                  const char *delta);
/* seconds: audio length, billed as {"type":"duration"} */
void desk_rts_transcription_completed(struct desk_rts *s, struct desk_buf *out, const char *item_id,
                                      const char *transcript, double seconds);
void desk_rts_transcription_failed(struct desk_rts *s, struct desk_buf *out, const char *item_id,
                                   const char *code, const char *message);

struct desk_rts_response {
    const char *id; /* required */
    enum desk_rt_status status;
    const char *status_reason;              /* "turn_detected", "client_cancelled" … */
    const char *error_code, *error_message; /* failed */
    const struct desk_rts_item *items;      /* output */
    size_t n_items;
    const struct desk_rt_usage *usage; /* NULL = null */
    const json_t *metadata;            /* of response.create, echoed; NULL = null; only read */
    const char *voice;
};
void desk_rts_response_created(struct desk_rts *s, struct desk_buf *out,
                               const struct desk_rts_response *r);
void desk_rts_response_done(struct desk_rts *s, struct desk_buf *out,
                            const struct desk_rts_response *r);

/* Where in a response something belongs. */
struct desk_rts_at {
    const char *response_id, *item_id;
    int output_index, content_index;
};
void desk_rts_output_item_added(struct desk_rts *s, struct desk_buf *out,
                                const struct desk_rts_at *at, const struct desk_rts_item *item);
void desk_rts_output_item_done(struct desk_rts *s, struct desk_buf *out,
                               const struct desk_rts_at *at, const struct desk_rts_item *item);
/* audio: part type "audio" with a transcript, else "text" */
void desk_rts_content_part_added(struct desk_rts *s, struct desk_buf *out,
                                 const struct desk_rts_at *at, bool audio);
void desk_rts_content_part_done(struct desk_rts *s, struct desk_buf *out,
                                const struct desk_rts_at *at, bool audio, const char *text);
void desk_rts_audio_delta(struct desk_rts *s, struct desk_buf *out, const struct desk_rts_at *at,
                          const char *base64, size_t n); /* copied once, not looked at */
void desk_rts_audio_done(struct desk_rts *s, struct desk_buf *out, const struct desk_rts_at *at);
void desk_rts_transcript_delta(struct desk_rts *s, struct desk_buf *out,
                               const struct desk_rts_at *at, const char *delta);
void desk_rts_transcript_done(struct desk_rts *s, struct desk_buf *out,
                              const struct desk_rts_at *at, const char *transcript);
void desk_rts_text_delta(struct desk_rts *s, struct desk_buf *out, const struct desk_rts_at *at,
                         const char *delta);
void desk_rts_text_done(struct desk_rts *s, struct desk_buf *out, const struct desk_rts_at *at,
                        const char *text);
void desk_rts_arguments_delta(struct desk_rts *s, struct desk_buf *out,
                              const struct desk_rts_at *at, const char *call_id, const char *delta);
void desk_rts_arguments_done(struct desk_rts *s, struct desk_buf *out, const struct desk_rts_at *at,
                             const char *call_id, const char *name, const char *arguments);

#endif
