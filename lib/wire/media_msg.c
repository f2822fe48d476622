#include "wire/media_msg.h"

#include "wire/base64.h"
#include "wire/flat.h"
#include "wire/json_out.h"
#include "base/utf8.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const char *const type_names[DESK_MEDIA__MAX] = {
    [DESK_MEDIA_UNKNOWN] = "unknown", [DESK_MEDIA_CONNECTED] = "connected",
    [DESK_MEDIA_START] = "start",     [DESK_MEDIA_MEDIA] = "media",
    [DESK_MEDIA_DTMF] = "dtmf",       [DESK_MEDIA_MARK_PLAYED] = "mark",
    [DESK_MEDIA_STOP] = "stop",       [DESK_MEDIA_CLEAR] = "clear",
};

const char *desk_media_type_name(enum desk_media_type type)
{
    return (unsigned)type < DESK_MEDIA__MAX ? type_names[type] : type_names[DESK_MEDIA_UNKNOWN];
}

static enum desk_media_track track_of(struct desk_slice s)
{
    if (desk_slice_is(s, "inbound") || desk_slice_is(s, "inbound_track"))
        return DESK_TRACK_INBOUND;
    if (desk_slice_is(s, "outbound") || desk_slice_is(s, "outbound_track"))
        return DESK_TRACK_OUTBOUND;
    return DESK_TRACK_NONE;
}

/* Decimal digits, 1 to 18 of them; false and *out untouched otherwise. */
static bool number_of(struct desk_slice s, uint64_t *out)
{
    uint64_t v = 0;
    if (s.n < 1 || s.n > 18)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        v = v * 10 + (uint64_t)(s.p[i] - '0');
    }
    *out = v;
    return true;
}

/* All but params, which n_params guards: they are 10 kB. */
static void reset(struct desk_media_msg *m)
{
    memset(m, 0, offsetof(struct desk_media_msg, params));
}

/* ---- the everyday media message, without a JSON library ------------------------------------- */

enum { K_TRACK = 1, K_CHUNK = 2, K_TIMESTAMP = 4, K_PAYLOAD = 8 };
enum { K_EVENT = 1, K_SEQUENCE = 2, K_STREAM = 4, K_MEDIA = 8 };

struct key {
    const char *name;
    unsigned bit;
};

static const struct key outer_keys[] = {{"event", K_EVENT},
                                        {"sequenceNumber", K_SEQUENCE},
                                        {"streamSid", K_STREAM},
                                        {"media", K_MEDIA}};
static const struct key inner_keys[] = {
    {"track", K_TRACK}, {"chunk", K_CHUNK}, {"timestamp", K_TIMESTAMP}, {"payload", K_PAYLOAD}};

/* "name": → its bit; 0 for an unknown or repeated name. What it consists of need not be looked at:
 * it is one of ours or unknown. */
static unsigned fast_key(struct desk_flat *f, const struct key keys[4], unsigned *seen)
{
    struct desk_slice name;
    if (!desk_flat_raw(f, &name) || !desk_flat_char(f, ':'))
        return 0;
    for (size_t i = 0; i < 4; i++)
        if (!(*seen & keys[i].bit) && desk_slice_is(name, keys[i].name)) {
            *seen |= keys[i].bit;
            return keys[i].bit;
        }
    return 0;
}

static bool fast_inner_value(struct desk_media_msg *m, struct desk_flat *f, unsigned key)
{
    struct desk_slice s;
    switch (key) {
    case K_TRACK:
        if (!desk_flat_string(f, &s))
            return false;
        m->track = track_of(s);
        return true;
    case K_CHUNK:
        return desk_flat_raw(f, &s) && number_of(s, &m->chunk);
    case K_TIMESTAMP:
        return desk_flat_raw(f, &s) && number_of(s, &m->timestamp_ms);
    case K_PAYLOAD:
        return desk_flat_raw(f, &m->payload) && desk_base64_ok(m->payload.p, m->payload.n);
    default:
        return false;
    }
}

static bool fast_inner(struct desk_media_msg *m, struct desk_flat *f)
{
    unsigned seen = 0;
    bool more = desk_flat_char(f, '{');
    if (!more)
        return false;
    while (more)
        if (!fast_inner_value(m, f, fast_key(f, inner_keys, &seen)) || !desk_flat_next(f, &more))
            return false;
    return (seen & K_PAYLOAD) != 0;
}

static bool fast_outer_value(struct desk_media_msg *m, struct desk_flat *f, unsigned key)
{
    struct desk_slice s;
    switch (key) {
    case K_EVENT:
        return desk_flat_raw(f, &s) && desk_slice_is(s, "media");
    case K_SEQUENCE:
        return desk_flat_raw(f, &s) && number_of(s, &m->sequence);
    case K_STREAM:
        return desk_flat_string(f, &s) && desk_slice_copy(m->stream_sid, sizeof m->stream_sid, s);
    case K_MEDIA:
        return fast_inner(m, f);
    default:
        return false;
    }
}

static bool parse_fast(struct desk_media_msg *m, const char *p, size_t n)
{
    struct desk_flat f = {p, p + n};
    unsigned seen = 0;
    bool more = desk_flat_char(&f, '{');
    if (!more)
        return false;
    while (more)
        if (!fast_outer_value(m, &f, fast_key(&f, outer_keys, &seen)) || !desk_flat_next(&f, &more))
            return false;
    m->type = DESK_MEDIA_MEDIA;
    return desk_flat_end(&f) && (seen & (K_EVENT | K_MEDIA)) == (K_EVENT | K_MEDIA);
}

/* ---- everything else ------------------------------------------------------------------------- */

static struct desk_slice text_of(const json_t *object, const char *key)
{
    const json_t *v = json_object_get(object, key);
    struct desk_slice s = {json_string_value(v), json_string_length(v)};
    if (!s.p)
        s.p = "";
    return s;
}

static uint64_t uint_of(const json_t *object, const char *key)
{
    const json_t *v = json_object_get(object, key);
    uint64_t n = 0;
    if (json_is_integer(v))
        return json_integer_value(v) > 0 ? (uint64_t)json_integer_value(v) : 0;
    return number_of(text_of(object, key), &n) ? n : 0;
}

/* A C string cannot hold a NUL: such text is refused, as is one that is too long. */
static bool copy_text(char *dst, size_t n, const json_t *object, const char *key)
{
    struct desk_slice s = text_of(object, key);
    return !memchr(s.p, '\0', s.n) && desk_slice_copy(dst, n, s);
}

static enum desk_rc slow_start(struct desk_media_msg *m, const json_t *o)
{
    const json_t *format = json_object_get(o, "mediaFormat");
    json_t *params = json_object_get(o, "customParameters");
    const char *name;
    json_t *value;
    if (!*m->stream_sid && !copy_text(m->stream_sid, sizeof m->stream_sid, o, "streamSid"))
        return DESK_EINVAL;
    if (!copy_text(m->call_sid, sizeof m->call_sid, o, "callSid") ||
        !copy_text(m->account_sid, sizeof m->account_sid, o, "accountSid") ||
        !copy_text(m->encoding, sizeof m->encoding, format, "encoding"))
        return DESK_EINVAL;
    uint64_t rate = uint_of(format, "sampleRate"), channels = uint_of(format, "channels");
    m->sample_rate = rate <= 1000000 ? (int)rate : 0;
    m->channels = channels <= 100 ? (int)channels : 0;
    json_object_foreach(params, name, value)
    {
        struct desk_media_param *p = &m->params[m->n_params];
        if (m->n_params == DESK_MEDIA_PARAMS)
            break;
        struct desk_slice key = {name, strlen(name)};
        if (json_is_string(value) && desk_slice_copy(p->name, sizeof p->name, key) &&
            copy_text(p->value, sizeof p->value, params, name))
            m->n_params++;
    }
    return *m->stream_sid && *m->call_sid ? DESK_OK : DESK_EINVAL;
}

static enum desk_rc slow_media(struct desk_media_msg *m, const json_t *o)
{
    m->track = track_of(text_of(o, "track"));
    m->chunk = uint_of(o, "chunk");
    m->timestamp_ms = uint_of(o, "timestamp");
    m->payload = text_of(o, "payload");
    return json_is_string(json_object_get(o, "payload")) &&
                   desk_base64_ok(m->payload.p, m->payload.n)
               ? DESK_OK
               : DESK_EINVAL;
}

static enum desk_rc slow_dtmf(struct desk_media_msg *m, const json_t *o)
{
    struct desk_slice digit = text_of(o, "digit");
    m->track = track_of(text_of(o, "track"));
    if (digit.n != 1 || !*digit.p || !strchr("0123456789*#ABCD", *digit.p))
        return DESK_EINVAL;
    m->digit = *digit.p;
    return DESK_OK;
}

static enum desk_rc slow_mark(struct desk_media_msg *m, const json_t *o)
{
    return copy_text(m->mark, sizeof m->mark, o, "name") && *m->mark ? DESK_OK : DESK_EINVAL;
}

static enum desk_rc slow_stop(struct desk_media_msg *m, const json_t *o)
{
    return copy_text(m->call_sid, sizeof m->call_sid, o, "callSid") &&
                   copy_text(m->account_sid, sizeof m->account_sid, o, "accountSid")
               ? DESK_OK
               : DESK_EINVAL;
}

/* What reads the object named like the event; the others have none. */
static enum desk_rc (*const slow_readers[DESK_MEDIA__MAX])(struct desk_media_msg *,
                                                           const json_t *) = {
    [DESK_MEDIA_START] = slow_start, [DESK_MEDIA_MEDIA] = slow_media,
    [DESK_MEDIA_DTMF] = slow_dtmf,   [DESK_MEDIA_MARK_PLAYED] = slow_mark,
    [DESK_MEDIA_STOP] = slow_stop,
};

static enum desk_rc parse_slow(struct desk_media_msg *m, const char *p, size_t n)
{
    enum desk_rc rc = DESK_EINVAL;
    json_error_t error;
    json_t *json = json_loadb(p, n, JSON_ALLOW_NUL, &error);
    struct desk_slice event = text_of(json, "event");
    if (!json_is_object(json) || !event.n)
        goto out;
    for (int i = DESK_MEDIA_UNKNOWN + 1; i < DESK_MEDIA__MAX; i++)
        if (desk_slice_is(event, type_names[i]))
            m->type = (enum desk_media_type)i;
    m->sequence = uint_of(json, "sequenceNumber");
    if (!copy_text(m->stream_sid, sizeof m->stream_sid, json, "streamSid"))
        goto out;
    rc = DESK_OK;
    if (slow_readers[m->type])
        rc = slow_readers[m->type](m, json_object_get(json, type_names[m->type]));
    if (rc == DESK_OK && m->payload.p) { /* lies in the tree: keep it */
        m->json = json;
        return DESK_OK;
    }
out:
    json_decref(json);
    return rc;
}

enum desk_rc desk_media_msg_parse(struct desk_media_msg *m, const char *p, size_t n)
{
    reset(m);
    if (parse_fast(m, p, n))
        return DESK_OK;
    reset(m);
    enum desk_rc rc = parse_slow(m, p, n);
    if (rc != DESK_OK)
        reset(m);
    return rc;
}

void desk_media_msg_clear(struct desk_media_msg *m)
{
    json_decref(m->json);
    reset(m);
}

const char *desk_media_param_get(const struct desk_media_msg *m, const char *name)
{
    for (size_t i = 0; i < m->n_params; i++)
        if (strcmp(m->params[i].name, name) == 0)
            return m->params[i].value;
    return NULL;
}

/* ---- building -------------------------------------------------------------------------------- */

static void open_event(struct desk_buf *out, enum desk_media_type type, uint64_t sequence,
                       const char *stream_sid)
{
    desk_buf_str(out, "{\"event\":\""); /* no format: this is written 50 times a second and call */
    desk_buf_str(out, type_names[type]);
    desk_buf_chr(out, '"');
    if (sequence)
        desk_buf_fmt(out, ",\"sequenceNumber\":\"%llu\"", (unsigned long long)sequence);
    desk_json_pair(out, "streamSid", stream_sid ? stream_sid : "");
}

void desk_media_build_media(struct desk_buf *out, const char *stream_sid, const char *payload,
                            size_t n)
{
    open_event(out, DESK_MEDIA_MEDIA, 0, stream_sid);
    desk_buf_str(out, ",\"media\":{\"payload\":\"");
    desk_buf_add(out, payload, n);
    desk_buf_str(out, "\"}}");
}

void desk_media_build_mark(struct desk_buf *out, const char *stream_sid, const char *name)
{
    open_event(out, DESK_MEDIA_MARK_PLAYED, 0, stream_sid);
    desk_buf_str(out, ",\"mark\":{\"name\":");
    desk_json_str(out, name);
    desk_buf_str(out, "}}");
}

void desk_media_build_clear(struct desk_buf *out, const char *stream_sid)
{
    open_event(out, DESK_MEDIA_CLEAR, 0, stream_sid);
    desk_buf_chr(out, '}');
}

void desk_media_build_connected(struct desk_buf *out)
{
    desk_buf_str(out, "{\"event\":\"connected\",\"protocol\":\"Call\",\"version\":\"1.0.0\"}");
}

void desk_media_build_start(struct desk_buf *out, const struct desk_media_msg *m)
{
    open_event(out, DESK_MEDIA_START, m->sequence, m->stream_sid);
    desk_buf_str(out, ",\"start\":{");
    desk_json_pair(out, "accountSid", m->account_sid);
    desk_json_pair(out, "streamSid", m->stream_sid);
    desk_json_pair(out, "callSid", m->call_sid);
    desk_buf_str(out, ",\"tracks\":[\"inbound\"],\"mediaFormat\":{");
    desk_json_pair(out, "encoding", *m->encoding ? m->encoding : "audio/x-mulaw");
    desk_json_pair_int(out, "sampleRate", m->sample_rate ? m->sample_rate : 8000);
    desk_json_pair_int(out, "channels", m->channels ? m->channels : 1);
    desk_buf_str(out, "},\"customParameters\":{");
    for (size_t i = 0; i < m->n_params; i++) {
        if (i)
            desk_buf_chr(out, ',');
        desk_json_str(out, m->params[i].name);
        desk_buf_chr(out, ':');
        desk_json_str(out, m->params[i].value);
    }
    desk_buf_str(out, "}}}");
}

void desk_media_build_inbound(struct desk_buf *out, const struct desk_media_msg *m)
{
    open_event(out, DESK_MEDIA_MEDIA, m->sequence, m->stream_sid);
    desk_buf_fmt(out,
                 ",\"media\":{\"track\":\"%s\",\"chunk\":\"%llu\",\"timestamp\":\"%llu\","
                 "\"payload\":\"",
                 m->track == DESK_TRACK_OUTBOUND ? "outbound" : "inbound",
                 (unsigned long long)m->chunk, (unsigned long long)m->timestamp_ms);
    desk_buf_add(out, m->payload.p, m->payload.n);
    desk_buf_str(out, "\"}}");
}

void desk_media_build_dtmf(struct desk_buf *out, const struct desk_media_msg *m)
{
    char digit[2] = {m->digit, '\0'};
    open_event(out, DESK_MEDIA_DTMF, m->sequence, m->stream_sid);
    desk_buf_str(out, ",\"dtmf\":{\"track\":\"inbound_track\",\"digit\":");
    desk_json_str(out, digit);
    desk_buf_str(out, "}}");
}

void desk_media_build_mark_played(struct desk_buf *out, const struct desk_media_msg *m)
{
    open_event(out, DESK_MEDIA_MARK_PLAYED, m->sequence, m->stream_sid);
    desk_buf_str(out, ",\"mark\":{\"name\":");
    desk_json_str(out, m->mark);
    desk_buf_str(out, "}}");
}

void desk_media_build_stop(struct desk_buf *out, const struct desk_media_msg *m)
{
    open_event(out, DESK_MEDIA_STOP, m->sequence, m->stream_sid);
    desk_buf_str(out, ",\"stop\":{");
    desk_json_pair(out, "accountSid", m->account_sid);
    desk_json_pair(out, "callSid", m->call_sid);
    desk_buf_str(out, "}}");
}
