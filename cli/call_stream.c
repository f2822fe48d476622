/* A media stream's messages, on a socket of Twilio's kind (call_socket.h). */
#include "cli/call_stream.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "wire/base64.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TICK_US  (SIM_TICK_MS * 1000)
#define CATCH_UP 50 /* most ticks made up at once when the machine was late */

struct stream {
    const struct sim_stream_to *to;
    struct sim_stream_result *result;
    struct sim_line *line;
    struct sim_socket *socket;

    void (*note)(void *ctx, const char *who, const char *kind, const char *text, long value);
    bool (*over)(void *ctx);
    void *ctx;

    enum sim_stream_rc rc;
    bool done; /* rc holds */
    int64_t start_us;
    long ticks;
    uint64_t sequence, chunk;

    struct desk_buf audio; /* one payload decoded */
    struct desk_buf text;  /* one message being built */
};

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
    if (s->socket)
        sim_socket_done(s->socket);
}

/* ---- to the server --------------------------------------------------------------------------- */

/* Queue what stands in s->text. */
static void send_text(struct stream *s)
{
    bool full;

    if (sim_socket_send(s->socket, &s->text, &full))
        return;
    if (full)
        end(s, SIM_STREAM_PROTOCOL, 31924, "the server does not read what is sent to it");
    else
        end(s, SIM_STREAM_BROKEN, 0, "out of memory");
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

static void on_leave(void *ctx)
{
    struct stream *s = ctx;
    struct desk_media_msg m;

    message(s, &m);
    desk_media_build_stop(&s->text, &m);
    send_text(s);
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

static void on_message(void *ctx, const char *p, size_t n)
{
    struct stream *s = ctx;
    struct desk_media_msg m;
    char text[96];
    enum desk_rc rc = desk_media_msg_parse(&m, p, n);

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

static void on_bad(void *ctx, const char *why)
{
    end(ctx, SIM_STREAM_PROTOCOL, 31924, why);
}

/* ---- the socket ------------------------------------------------------------------------------ */

static int64_t on_tick(void *ctx)
{
    static const enum sim_stream_rc ends[] = {
        [SIM_LINE_HANGUP] = SIM_STREAM_HANGUP,
        [SIM_LINE_BORED] = SIM_STREAM_BORED,
        [SIM_LINE_SILENT] = SIM_STREAM_SILENT,
        [SIM_LINE_BROKEN] = SIM_STREAM_BROKEN,
    };
    struct stream *s = ctx;
    int64_t now = desk_mono_us();
    enum sim_line_rc rc = SIM_LINE_ON;

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
    return s->start_us + s->ticks * TICK_US - desk_mono_us();
}

static bool on_over(void *ctx)
{
    struct stream *s = ctx;

    if (!s->over(s->ctx))
        return false;
    end(s, SIM_STREAM_OVER, 0, "");
    return true;
}

static void on_open(void *ctx)
{
    struct stream *s = ctx;

    s->result->started = true;
    s->start_us = sim_socket_start_us(s->socket);
    send_start(s);
    s->note(s->ctx, "twilio", "stream-start", "media stream open", -1);
}

static void on_gone(void *ctx, int error, const char *why)
{
    struct stream *s = ctx;
    char text[160];

    s->result->close_code = sim_socket_code(s->socket);
    snprintf(text, sizeof text, "no media stream: %s", why);
    if (error)
        end(s, SIM_STREAM_REFUSED, error, text);
    else
        end(s, SIM_STREAM_CLOSED, 0, "");
}

enum sim_stream_rc sim_stream_run(
    const struct sim_stream_to *to, struct sim_cursor *cursor, const struct sim_line_config *line,
    void (*note)(void *ctx, const char *who, const char *kind, const char *text, long value),
    bool (*over)(void *ctx), void *ctx, struct sim_stream_result *result)
{
    struct stream s = {.to = to, .result = result, .note = note, .over = over, .ctx = ctx};
    struct sim_line_io io = {&s, line_frame, line_key, line_played, line_note, NULL};
    struct sim_socket_use use = {&s,      on_open, on_message, on_bad,
                                 on_tick, on_over, on_leave,   on_gone};

    memset(result, 0, sizeof *result);
    desk_buf_init(&s.audio, DESK_MAX_SIM_MSG);
    desk_buf_init(&s.text, DESK_MAX_SIM_MSG);
    s.line = sim_line_new(cursor, &io, line);
    if (!s.line || !sim_socket_run(&to->socket, &use, &s.socket))
        end(&s, SIM_STREAM_BROKEN, 0, "out of memory");
    if (s.line) {
        result->stats = *sim_line_stats(s.line);
        result->unplayed_ms = sim_line_waiting_ms(s.line);
        sim_line_free(s.line);
    }
    if (result->started)
        result->duration_ms = now_ms(&s);
    desk_buf_clear(&s.audio);
    desk_buf_clear(&s.text);
    return s.rc;
}
