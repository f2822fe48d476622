/* Twilio Media Streams: the JSON text messages on the WebSocket, both directions.
 * Facts: Twilio "Media Streams - WebSocket Messages". Numbers arrive as strings there; a number is
 * accepted as well. Pure, never blocks.
 *
 * `media` is the hot path, 50 a second and call: scanned once without a JSON library, the payload
 * left encoded where it lies. Anything unusual goes through jansson with the same result. */
#ifndef DESK_WIRE_MEDIA_MSG_H
#define DESK_WIRE_MEDIA_MSG_H

#include "base/buf.h"
#include "base/err.h"
#include "wire/slice.h"

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#define DESK_MEDIA_SID        40
#define DESK_MEDIA_MARK       128
#define DESK_MEDIA_PARAMS     16
#define DESK_MEDIA_PARAM_NAME 128
#define DESK_MEDIA_PARAM      512

enum desk_media_type {
    DESK_MEDIA_UNKNOWN, /* an event of tomorrow: ignore */
    DESK_MEDIA_CONNECTED,
    DESK_MEDIA_START,
    DESK_MEDIA_MEDIA,
    DESK_MEDIA_DTMF,
    DESK_MEDIA_MARK_PLAYED,
    DESK_MEDIA_STOP,
    DESK_MEDIA_CLEAR, /* only towards Twilio: the simulator parses our side */
    DESK_MEDIA__MAX
};

enum desk_media_track { DESK_TRACK_NONE, DESK_TRACK_INBOUND, DESK_TRACK_OUTBOUND };

struct desk_media_param {
    char name[DESK_MEDIA_PARAM_NAME];
    char value[DESK_MEDIA_PARAM];
};

struct desk_media_msg {
    enum desk_media_type type;
    char stream_sid[DESK_MEDIA_SID];  /* "" when the message has none */
    char call_sid[DESK_MEDIA_SID];    /* start, stop */
    char account_sid[DESK_MEDIA_SID]; /* start, stop */
    uint64_t sequence;                /* 0 when absent */

    enum desk_media_track track; /* media, dtmf */
    uint64_t chunk;
    uint64_t timestamp_ms;     /* since the start of the stream */
    struct desk_slice payload; /* media: checked base64 µ-law; points into the message parsed, or
                                * into json: valid until the message goes or _clear() */
    char digit;                /* dtmf: 0-9 * # A-D, 0 = none */
    char mark[DESK_MEDIA_MARK];

    char encoding[32]; /* start: "audio/x-mulaw" */
    int sample_rate, channels;
    size_t n_params; /* start: custom parameters; only the first n_params below are valid */
    json_t *json;    /* ours, behind payload on the slow way; _clear() drops it */
    struct desk_media_param params[DESK_MEDIA_PARAMS];
};

/* Parse one whole message of n bytes (not NUL-terminated). Always initialises m; call
 * desk_media_msg_clear() after use, whatever was returned. DESK_EINVAL: not JSON, no object, no
 * event name, a needed field missing or too long, payload not strict base64. A custom parameter
 * that is too long, or beyond the sixteenth, is left out. */
DESK_MUST enum desk_rc desk_media_msg_parse(struct desk_media_msg *m, const char *p, size_t n);
void desk_media_msg_clear(struct desk_media_msg *m);

/* Value of a custom parameter, or NULL. */
const char *desk_media_param_get(const struct desk_media_msg *m, const char *name);

/* Name of a type for logs. Never NULL. */
const char *desk_media_type_name(enum desk_media_type type);

/* Build one message to Twilio, appended to out (check desk_buf_ok()). payload: base64 µ-law, copied
 * once, not looked at. */
void desk_media_build_media(struct desk_buf *out, const char *stream_sid, const char *payload,
                            size_t n);
void desk_media_build_mark(struct desk_buf *out, const char *stream_sid, const char *name);
void desk_media_build_clear(struct desk_buf *out, const char *stream_sid);

/* The other side, for the simulator and tests: messages from Twilio to us. */
void desk_media_build_connected(struct desk_buf *out);
void desk_media_build_start(struct desk_buf *out, const struct desk_media_msg *m);
void desk_media_build_inbound(struct desk_buf *out,
                              const struct desk_media_msg *m); /* m->payload */
void desk_media_build_dtmf(struct desk_buf *out, const struct desk_media_msg *m);
void desk_media_build_mark_played(struct desk_buf *out, const struct desk_media_msg *m);
void desk_media_build_stop(struct desk_buf *out, const struct desk_media_msg *m);

#endif
