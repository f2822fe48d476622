/* The only file of the simulator that knows libwebsockets: each stream has a context of its own and
 * runs in the thread of its call, so N calls share nothing. */
#include "cli/call_stream.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "wire/base64.h"

#include <libwebsockets.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONNECT_S 10
#define CLOSE_US  (1000 * 1000) /* for `stop` and the close frame to get out */
#define TICK_US   (SIM_TICK_MS * 1000)
#define CATCH_UP  50 /* most ticks made up at once when the machine was late */
#define FDS       8  /* of one context: the socket, the wake-up pipe, a few to spare */

struct out_msg {
    struct out_msg *next;
    size_t len;
    unsigned char data[]; /* LWS_PRE bytes of room, then len bytes */
};

struct stream {
    const struct sim_stream_to *to;
    struct sim_stream_result *result;
    struct sim_line *line;
    struct lws_context *lws;
    struct lws *wsi;
    lws_sorted_usec_list_t timer;

    void (*note)(void *ctx, const char *who, const char *kind, const char *text, long value);
    bool (*over)(void *ctx);
    void *ctx;

    enum sim_stream_rc rc;
    bool done;    /* rc holds; nothing more to do but close */
    bool closing; /* `stop` is queued: close when it is out */
    int64_t start_us, close_us;
    long ticks;
    uint64_t sequence, chunk;

    struct desk_buf in;    /* one message being assembled */
    struct desk_buf audio; /* one payload decoded */
    struct desk_buf text;  /* one message being built */
    struct out_msg *first, *last;
    size_t out_bytes;
};

/* lws keeps process-wide state while a context is made or destroyed */
static pthread_mutex_t lws_lock = PTHREAD_MUTEX_INITIALIZER;

static long now_ms(const struct stream *s)
{
    return (long)((desk_mono_us() - s->start_us) / 1000);
}

static void end(struct stream *s, enum sim_stream_rc rc, int error, const char *why)
{
    if (s->done)
        return;
    s->done = true;
    s->rc = rc;
    s->result->twilio_error = error;
    snprintf(s->result->why, sizeof s->result->why, "%s", why);
    if (s->lws)
        lws_cancel_service(s->lws); /* a timer's callback may be followed by a long poll() */
}

/* ---- to the server --------------------------------------------------------------------------- */

/* Queue what stands in s->text. */
static void send_text(struct stream *s)
{
    struct out_msg *m;

    if (!desk_buf_ok(&s->text) || s->text.len == 0 || !s->wsi)
        return;
    if (s->out_bytes + s->text.len > DESK_MAX_SIM_OUT) {
        end(s, SIM_STREAM_PROTOCOL, 31924, "the server does not read what is sent to it");
        return;
    }
    m = malloc(sizeof *m + LWS_PRE + s->text.len);
    if (!m) {
        end(s, SIM_STREAM_BROKEN, 0, "out of memory");
        return;
    }
    m->next = NULL;
    m->len = s->text.len;
    memcpy(m->data + LWS_PRE, s->text.p, m->len);
    if (s->last)
        s->last->next = m;
    else
        s->first = m;
    s->last = m;
    s->out_bytes += m->len;
    lws_callback_on_writable(s->wsi);
}

/* A message with what all of them bear: stream, call, account, the next sequence number. */
static struct desk_media_msg *message(struct stream *s, struct desk_media_msg *m)
{
    memset(m, 0, sizeof *m);
    snprintf(m->stream_sid, sizeof m->stream_sid, "%s", s->to->stream_sid);
    snprintf(m->call_sid, sizeof m->call_sid, "%s", s->to->call_sid);
    snprintf(m->account_sid, sizeof m->account_sid, "%s", s->to->account_sid);
    m->sequence = ++s->sequence;
    m->track = DESK_TRACK_INBOUND;
    desk_buf_reset(&s->text);
    return m;
}

static void send_start(struct stream *s)
{
    struct desk_media_msg m;

    desk_buf_reset(&s->text);
    desk_media_build_connected(&s->text);
    send_text(s);
    message(s, &m);
    snprintf(m.encoding, sizeof m.encoding, "audio/x-mulaw");
    m.sample_rate = 8000;
    m.channels = 1;
    m.n_params = s->to->n_params < DESK_MEDIA_PARAMS ? s->to->n_params : DESK_MEDIA_PARAMS;
    memcpy(m.params, s->to->params, m.n_params * sizeof m.params[0]);
    desk_media_build_start(&s->text, &m);
    send_text(s);
}

static void line_frame(void *ctx, const uint8_t *ulaw, size_t n)
{
    struct stream *s = ctx;
    char payload[4 * ((SIM_FRAME_BYTES + 2) / 3)];
    struct desk_media_msg m;

    message(s, &m);
    m.chunk = ++s->chunk;
    m.timestamp_ms = (uint64_t)s->ticks * SIM_TICK_MS;
    m.payload.n = desk_base64_encode_raw(payload, ulaw, n);
    m.payload.p = payload;
    desk_media_build_inbound(&s->text, &m);
    send_text(s);
}

static void line_key(void *ctx, char digit)
{
    struct stream *s = ctx;
    struct desk_media_msg m;

    message(s, &m)->digit = digit;
    desk_media_build_dtmf(&s->text, &m);
    send_text(s);
}

static void line_played(void *ctx, const char *mark)
{
    struct stream *s = ctx;
    struct desk_media_msg m;

    message(s, &m);
    snprintf(m.mark, sizeof m.mark, "%s", mark);
    desk_media_build_mark_played(&s->text, &m);
    send_text(s);
}

static void line_note(void *ctx, const char *who, const char *kind, const char *text, long value)
{
    struct stream *s = ctx;

    s->note(s->ctx, who, kind, text, value);
}

static void send_stop(struct stream *s)
{
    struct desk_media_msg m;

    message(s, &m);
    desk_media_build_stop(&s->text, &m);
    send_text(s);
    s->closing = true;
    s->close_us = desk_mono_us();
}

/* ---- from the server ------------------------------------------------------------------------- */

static void got_media(struct stream *s, const struct desk_media_msg *m)
{
    enum desk_rc rc;

    desk_buf_reset(&s->audio);
    rc = desk_base64_decode(m->payload.p, m->payload.n, &s->audio);
    if (rc == DESK_OK)
        rc = sim_line_media(s->line, now_ms(s), (const uint8_t *)desk_buf_cstr(&s->audio),
                            s->audio.len);
    if (rc != DESK_OK)
        end(s, SIM_STREAM_PROTOCOL, 31924, "more audio than the simulator holds");
}

static void got_mark(struct stream *s, const struct desk_media_msg *m)
{
    if (sim_line_mark(s->line, m->mark) != DESK_OK)
        end(s, SIM_STREAM_PROTOCOL, 31924, "more marks than the simulator holds");
}

static void got_clear(struct stream *s, const struct desk_media_msg *m)
{
    (void)m;
    sim_line_clear(s->line, now_ms(s));
}

/* What Twilio takes; anything else is error 31924. */
static void (*const got[DESK_MEDIA__MAX])(struct stream *, const struct desk_media_msg *) = {
    [DESK_MEDIA_MEDIA] = got_media,
    [DESK_MEDIA_MARK_PLAYED] = got_mark,
    [DESK_MEDIA_CLEAR] = got_clear,
};

static void on_message(struct stream *s)
{
    struct desk_media_msg m;
    char text[96];
    enum desk_rc rc = desk_media_msg_parse(&m, desk_buf_cstr(&s->in), s->in.len);

    if (rc != DESK_OK || !got[m.type]) {
        end(s, SIM_STREAM_PROTOCOL, 31924,
            rc != DESK_OK ? "the server sent a message that is no media, mark or clear"
                          : "the server sent an event that Twilio does not take");
    } else if (strcmp(m.stream_sid, s->to->stream_sid) != 0) {
        snprintf(text, sizeof text, "%s message for another stream (%.40s): ignored",
                 desk_media_type_name(m.type), m.stream_sid);
        s->note(s->ctx, "twilio", "error", text, 31924);
    } else {
        got[m.type](s, &m);
    }
    desk_media_msg_clear(&m);
}

static int on_receive(struct stream *s, const void *p, size_t n)
{
    if (s->done)
        return 0;
    if (lws_is_first_fragment(s->wsi))
        desk_buf_reset(&s->in);
    desk_buf_add(&s->in, p, n);
    if (!desk_buf_ok(&s->in) || lws_frame_is_binary(s->wsi)) {
        end(s, SIM_STREAM_PROTOCOL, 31924,
            desk_buf_ok(&s->in) ? "the server sent a binary message" : "message too long");
        return 0;
    }
    if (lws_is_final_fragment(s->wsi) && lws_remaining_packet_payload(s->wsi) == 0) {
        on_message(s);
        desk_buf_reset(&s->in);
    }
    return 0;
}

/* ---- libwebsockets --------------------------------------------------------------------------- */

static void on_tick(lws_sorted_usec_list_t *timer)
{
    static const enum sim_stream_rc ends[] = {
        [SIM_LINE_HANGUP] = SIM_STREAM_HANGUP,
        [SIM_LINE_BORED] = SIM_STREAM_BORED,
        [SIM_LINE_SILENT] = SIM_STREAM_SILENT,
        [SIM_LINE_BROKEN] = SIM_STREAM_BROKEN,
    };
    struct stream *s = lws_container_of(timer, struct stream, timer);
    int64_t now = desk_mono_us(), next;
    enum sim_line_rc rc = SIM_LINE_ON;

    if (s->closing || s->done)
        return;
    if (s->over(s->ctx))
        end(s, SIM_STREAM_OVER, 0, "");
    for (int n = 0;
         n < CATCH_UP && !s->done && rc == SIM_LINE_ON && s->start_us + s->ticks * TICK_US <= now;
         n++) {
        rc = sim_line_tick(s->line, now_ms(s));
        s->ticks++;
    }
    if (rc != SIM_LINE_ON)
        end(s, ends[rc], 0, "");
    next = s->start_us + s->ticks * TICK_US - desk_mono_us();
    if (!s->done)
        lws_sul_schedule(s->lws, 0, &s->timer, on_tick, next > 1 ? next : 1);
}

/* While the handshake is under way the caller may still hang up. */
static void on_handshake_tick(lws_sorted_usec_list_t *timer)
{
    struct stream *s = lws_container_of(timer, struct stream, timer);

    if (s->over(s->ctx))
        end(s, SIM_STREAM_OVER, 0, "");
    else
        lws_sul_schedule(s->lws, 0, &s->timer, on_handshake_tick, TICK_US);
}

static void on_open(struct stream *s, struct lws *wsi)
{
    s->wsi = wsi;
    s->result->started = true;
    s->start_us = desk_mono_us();
    send_start(s);
    s->note(s->ctx, "twilio", "stream-start", "media stream open", -1);
    lws_sul_schedule(s->lws, 0, &s->timer, on_tick, 1);
}

static int on_writable(struct stream *s, struct lws *wsi)
{
    for (int n = 0; s->first && n < 8; n++) {
        struct out_msg *m = s->first;
        int put = lws_write(wsi, m->data + LWS_PRE, m->len, LWS_WRITE_TEXT);
        s->first = m->next;
        if (!s->first)
            s->last = NULL;
        s->out_bytes -= m->len;
        free(m);
        if (put < 0)
            return -1;
        if (lws_send_pipe_choked(wsi))
            break;
    }
    if (s->first) {
        lws_callback_on_writable(wsi);
    } else if (s->closing) {
        lws_close_reason(wsi, LWS_CLOSE_STATUS_NORMAL, NULL, 0);
        return -1;
    }
    return 0;
}

static int add_header(struct lws *wsi, const char *name, const char *value, void *in, size_t len)
{
    unsigned char **p = in, *stop = *p + len;

    if (!value || !value[0])
        return 0;
    return lws_add_http_header_by_name(wsi, (const unsigned char *)name,
                                       (const unsigned char *)value, (int)strlen(value), p, stop);
}

static void on_refused(struct stream *s, const char *text, size_t n)
{
    char why[128];
    bool http = text && strstr(text, "HTTP") != NULL;

    s->wsi = NULL;
    snprintf(why, sizeof why, "no media stream: %.*s", (int)(text ? n : 10),
             text ? text : "no answer");
    end(s, SIM_STREAM_REFUSED, http ? 31920 : 31902, why);
}

static void on_peer_close(struct stream *s, const unsigned char *in, size_t n)
{
    if (n >= 2)
        s->result->close_code = in[0] << 8 | in[1];
}

static int callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                    size_t len)
{
    struct stream *s = lws_context_user(lws_get_context(wsi));

    (void)user;
    switch (reason) {
    case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
        return add_header(wsi, "x-twilio-signature:", s->to->signature, in, len) ||
               add_header(wsi, "user-agent:", "Twilio.TmeWs/1.0", in, len);
    case LWS_CALLBACK_CLIENT_ESTABLISHED:
        on_open(s, wsi);
        return 0;
    case LWS_CALLBACK_CLIENT_RECEIVE:
        return on_receive(s, in, len);
    case LWS_CALLBACK_CLIENT_WRITEABLE:
        return on_writable(s, wsi);
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
        on_peer_close(s, in, len);
        return 0;
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
        on_refused(s, in, len);
        return 0;
    case LWS_CALLBACK_CLIENT_CLOSED:
        s->wsi = NULL;
        s->closing = true;
        end(s, SIM_STREAM_CLOSED, 0, "");
        return 0;
    default:
        return 0;
    }
}

static const struct lws_protocols protocols[] = {
    {.name = "media", .callback = callback, .rx_buffer_size = 65536},
    {.name = NULL},
};

static bool context_open(struct stream *s)
{
    struct lws_context_creation_info info = {
        .port = CONTEXT_PORT_NO_LISTEN,
        .protocols = protocols,
        .gid = -1,
        .uid = -1,
        .fd_limit_per_thread = FDS,
        .timeout_secs = CONNECT_S,
        .user = s,
    };

    pthread_mutex_lock(&lws_lock);
    s->lws = lws_create_context(&info);
    pthread_mutex_unlock(&lws_lock);
    return s->lws != NULL;
}

static void connect_to(struct stream *s)
{
    struct lws_client_connect_info info = {
        .context = s->lws,
        .address = s->to->host,
        .port = s->to->port,
        .path = s->to->path,
        .host = s->to->host_header,
        .local_protocol_name = "media",
        .pwsi = &s->wsi,
    };

    lws_sul_schedule(s->lws, 0, &s->timer, on_handshake_tick, TICK_US);
    if (!lws_client_connect_via_info(&info))
        end(s, SIM_STREAM_REFUSED, 31902, "no media stream: cannot connect");
}

/* Until the end is known, and `stop` and the close have gone out. */
static void serve(struct stream *s)
{
    while (!s->done || s->wsi) {
        if (s->done && !s->result->started)
            break; /* hung up during the handshake */
        if (s->done && s->wsi && !s->closing)
            send_stop(s);
        if (s->closing && desk_mono_us() - s->close_us > CLOSE_US)
            break;
        if (s->closing)
            lws_sul_schedule(s->lws, 0, &s->timer, on_tick, CLOSE_US / 10); /* to look again */
        if (lws_service(s->lws, 0) < 0) {
            end(s, SIM_STREAM_CLOSED, 0, "");
            break;
        }
    }
}

static void finish(struct stream *s)
{
    struct sim_stream_result *r = s->result;

    if (s->lws) {
        lws_sul_schedule(s->lws, 0, &s->timer, on_tick, LWS_SET_TIMER_USEC_CANCEL);
        pthread_mutex_lock(&lws_lock);
        lws_context_destroy(s->lws);
        pthread_mutex_unlock(&lws_lock);
    }
    if (s->line) {
        r->stats = *sim_line_stats(s->line);
        r->unplayed_ms = sim_line_waiting_ms(s->line);
        sim_line_free(s->line);
    }
    if (r->started)
        r->duration_ms = now_ms(s);
    while (s->first) {
        struct out_msg *m = s->first;
        s->first = m->next;
        free(m);
    }
    desk_buf_clear(&s->in);
    desk_buf_clear(&s->audio);
    desk_buf_clear(&s->text);
}

enum sim_stream_rc sim_stream_run(
    const struct sim_stream_to *to, struct sim_cursor *cursor, const struct sim_line_config *line,
    void (*note)(void *ctx, const char *who, const char *kind, const char *text, long value),
    bool (*over)(void *ctx), void *ctx, struct sim_stream_result *result)
{
    struct stream s = {.to = to, .result = result, .note = note, .over = over, .ctx = ctx};
    struct sim_line_io io = {&s, line_frame, line_key, line_played, line_note};

    memset(result, 0, sizeof *result);
    desk_buf_init(&s.in, DESK_MAX_SIM_MSG);
    desk_buf_init(&s.audio, DESK_MAX_SIM_MSG);
    desk_buf_init(&s.text, DESK_MAX_SIM_MSG);
    s.line = sim_line_new(cursor, &io, line);
    if (!s.line || !context_open(&s)) {
        end(&s, SIM_STREAM_BROKEN, 0, "out of memory");
    } else {
        connect_to(&s);
        serve(&s);
    }
    finish(&s);
    return s.rc;
}

void sim_stream_verbose(bool on)
{
    lws_set_log_level(on ? LLL_ERR | LLL_WARN | LLL_NOTICE : 0, NULL);
}
