/* Protocol: Twilio "ConversationRelay - WebSocket messages"; `info` as its samples read it. */
#include "cli/call_relay.h"
#include "cli/call_mouth.h"
#include "base/clock.h"
#include "base/limits.h"
#include "wire/mulaw.h"
#include "wire/relay_msg.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TICK_US     (SIM_TICK_MS * 1000)
#define CATCH_UP    50
#define CHAR_MS     60 /* how fast a voice reads */
#define FAST_MS     1
#define PLAY_MS     3000
#define UNKNOWN_MAX 10 /* in a row: the session ends */
#define WORDS_MAX   20000

/* One piece of what is to be spoken: a word, or a sound. */
struct kind {
    bool first; /* of its saying */
    bool interruptible;
};
struct piece {
    struct piece *next;
    struct kind kind;
    char words[];
};

struct session {
    const struct sim_relay_to *to;
    struct sim_stream_result *result;
    struct sim_line *line;
    struct sim_socket *socket;
    const struct sim_line_config *cfg;

    void (*note)(void *ctx, const char *who, const char *kind, const char *text, long value);
    bool (*over)(void *ctx);
    void *ctx;

    enum sim_stream_rc rc;
    bool done;
    char *handoff;
    int64_t start_us;
    long ticks;
    unsigned wrong; /* messages in a row that Twilio does not take */

    struct piece *first, *tail; /* being spoken, in order */
    bool open;                  /* the saying at the tail gets more */
    bool speaking;              /* agentSpeaking is on */
    bool clearing;              /* marks come back unplayed */
    long began_ms;
    struct desk_buf said; /* of the present saying */
    struct desk_buf text;
};

static long now_ms(const struct session *s)
{
    return (long)((desk_mono_us() - s->start_us) / 1000);
}

static void end(struct session *s, enum sim_stream_rc rc, int error, const char *why)
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

static void send_text(struct session *s)
{
    bool full;

    if (!sim_socket_send(s->socket, &s->text, &full))
        end(s, full ? SIM_STREAM_PROTOCOL : SIM_STREAM_BROKEN, full ? 64105 : 0,
            full ? "the server does not read what is sent to it" : "out of memory");
    desk_buf_reset(&s->text);
}

static void send_info(struct session *s, const char *want, const char *name, const char *value)
{
    if (!strstr(s->to->debug, want))
        return;
    desk_relay_build_info(&s->text, name, value);
    send_text(s);
}

static void send_setup(struct session *s)
{
    const char *params[2 * DESK_MEDIA_PARAMS + 1] = {NULL};
    struct desk_relay_setup setup = {.session_id = s->to->session_sid,
                                     .account_sid = s->to->account_sid,
                                     .call_sid = s->to->call_sid,
                                     .from = s->to->from,
                                     .to = s->to->to,
                                     .direction = "inbound",
                                     .params = params};

    for (size_t i = 0; i < s->to->n_params && i < DESK_MEDIA_PARAMS; i++) {
        params[2 * i] = s->to->params[i].name;
        params[2 * i + 1] = s->to->params[i].value;
    }
    desk_relay_build_setup(&s->text, &setup);
    send_text(s);
}

/* ---- her words ------------------------------------------------------------------------------- */

static void piece_pop(struct session *s)
{
    struct piece *p = s->first;

    s->first = p->next;
    if (!s->first)
        s->tail = NULL;
    free(p);
}

static void silent(struct session *s)
{
    if (s->speaking)
        send_info(s, "speaker-events", "agentSpeaking", "off");
    s->speaking = false;
}

/* The line has played a piece (or dropped it). */
static void line_played(void *ctx, const char *mark)
{
    struct session *s = ctx;
    struct piece *p = s->first;

    (void)mark;
    if (!p)
        return;
    if (!s->clearing) {
        if (p->kind.first)
            desk_buf_reset(&s->said);
        desk_buf_str(&s->said, p->words);
        send_info(s, "tokens-played", "tokensPlayed", p->words);
    }
    piece_pop(s);
    if (!s->first && !s->open && !s->clearing)
        silent(s);
}

/* n bytes of sound and a mark behind them. */
static void piece_put(struct session *s, const char *words, size_t len, const uint8_t *ulaw,
                      size_t n, struct kind kind)
{
    static const uint8_t quiet[8000]; /* never heard: it only takes time */
    struct piece *p = malloc(sizeof *p + len + 1);
    enum desk_rc rc = p ? DESK_OK : DESK_ENOMEM;

    if (p) {
        p->next = NULL;
        p->kind = kind;
        memcpy(p->words, words, len);
        p->words[len] = '\0';
        if (s->tail)
            s->tail->next = p;
        else
            s->first = p;
        s->tail = p;
    }
    for (size_t at = 0, part; rc == DESK_OK && at < n; at += part) {
        part = ulaw || n - at < sizeof quiet ? n - at : sizeof quiet;
        rc = sim_line_media(s->line, now_ms(s), ulaw ? ulaw : quiet, part);
    }
    if (rc == DESK_OK)
        rc = sim_line_mark(s->line, "token");
    if (rc != DESK_OK)
        end(s, SIM_STREAM_PROTOCOL, 64105, "more words than the simulator holds");
}

/* Words one by one, so that an interruption knows where it stands. */
static void speak(struct session *s, const char *words, bool last, bool interruptible)
{
    struct sim_sound sound = {0};
    size_t n = strlen(words), per = (size_t)(s->to->fast ? FAST_MS : CHAR_MS) * DESK_MULAW_PER_MS;
    char why[80];

    if (s->cfg->rec && !s->to->fast && n &&
        sim_sound_speak(&sound, SIM_VOICE_SAY, words, why, sizeof why) == DESK_OK && sound.len >= n)
        per = sound.len / n;
    if (!s->speaking && n) {
        s->speaking = true;
        s->began_ms = now_ms(s);
        send_info(s, "speaker-events", "agentSpeaking", "on");
    }
    for (size_t at = 0, len; at < n && !s->done; at += len) {
        len = strspn(words + at, " ");
        len += strcspn(words + at + len, " ");
        piece_put(s, words + at, len, sound.ulaw ? sound.ulaw + at * per : NULL, len * per,
                  (struct kind){.first = !s->open && at == 0, .interruptible = interruptible});
    }
    s->open = !last;
    sim_sound_clear(&sound);
    if (last && !s->first)
        silent(s);
}

/* The caller makes a sound while she speaks. */
static void interrupt(struct session *s)
{
    long ms = now_ms(s) - s->began_ms;

    if (!s->first || !s->first->kind.interruptible)
        return;
    if (s->first->kind.first)
        desk_buf_reset(&s->said); /* the saying under way has not a word out yet */
    s->clearing = true;
    sim_line_clear(s->line, now_ms(s));
    s->clearing = false;
    s->open = false;
    while (s->first)
        piece_pop(s);
    desk_relay_build_interrupt(&s->text, desk_buf_cstr(&s->said), ms);
    send_text(s);
    silent(s);
}

/* ---- the caller ------------------------------------------------------------------------------ */

static void line_frame(void *ctx, const uint8_t *ulaw, size_t n)
{
    (void)ctx; /* Twilio hears it; the server gets words */
    (void)ulaw;
    (void)n;
}

static void line_key(void *ctx, char digit)
{
    struct session *s = ctx;

    if (!s->to->keys) {
        s->note(s->ctx, "twilio", "unheard", "dtmfDetection is off: the keys are not heard", -1);
        return;
    }
    interrupt(s);
    desk_relay_build_dtmf(&s->text, digit);
    send_text(s);
}

static void line_note(void *ctx, const char *who, const char *kind, const char *text, long value)
{
    struct session *s = ctx;

    if (strcmp(kind, "mark") != 0)
        s->note(s->ctx, who, kind, text, value);
}

static void line_spoken(void *ctx, const struct sim_step *step, bool begins)
{
    struct session *s = ctx;
    char part[80];
    const char *words = step->words;

    if (begins) {
        interrupt(s);
        send_info(s, "speaker-events", "clientSpeaking", "on");
        return;
    }
    send_info(s, "speaker-events", "clientSpeaking", "off");
    if (!words[0] || s->first) {
        s->note(s->ctx, "twilio", "unheard",
                s->first ? "she speaks and may not be interrupted: the words are not heard"
                         : "no text beside the sound: nothing is understood",
                -1);
        return;
    }
    snprintf(part, sizeof part, "%.*s", (int)strcspn(words, " "), words);
    desk_relay_build_prompt(&s->text, part, NULL, false);
    send_text(s);
    desk_relay_build_prompt(&s->text, words, NULL, true);
    send_text(s);
}

/* ---- from the server ------------------------------------------------------------------------- */

static void got_text(struct session *s, const struct desk_relay_msg *m)
{
    if (*m->text)
        s->note(s->ctx, "receptionist", "say", m->text, -1);
    if (strlen(m->text) > WORDS_MAX)
        end(s, SIM_STREAM_PROTOCOL, 64105, "more words than the simulator holds");
    else
        speak(s, m->text, m->last, m->interruptible != 0);
}

static void got_play(struct session *s, const struct desk_relay_msg *m)
{
    s->note(s->ctx, "receptionist", "play", m->text, -1);
    piece_put(s, "", 0, NULL, (size_t)(s->to->fast ? FAST_MS : PLAY_MS) * DESK_MULAW_PER_MS,
              (struct kind){.first = true, .interruptible = m->interruptible != 0});
}

static void got_plain(struct session *s, const struct desk_relay_msg *m)
{
    s->note(s->ctx, "receptionist", desk_relay_type_name(m->type),
            m->type == DESK_RELAY_LANGUAGE ? m->tts : m->text, -1);
}

static void got_end(struct session *s, const struct desk_relay_msg *m)
{
    s->handoff = strdup(m->text);
    s->note(s->ctx, "receptionist", "handoff", m->text, -1);
    end(s, SIM_STREAM_CLOSED, 0, "");
}

/* What Twilio takes; anything else is answered by an error, ten in a row end the session. */
static void (*const got[DESK_RELAY__MAX])(struct session *, const struct desk_relay_msg *) = {
    [DESK_RELAY_TEXT] = got_text,         [DESK_RELAY_PLAY] = got_play,
    [DESK_RELAY_SEND_DIGITS] = got_plain, [DESK_RELAY_LANGUAGE] = got_plain,
    [DESK_RELAY_END] = got_end,
};

static void on_message(void *ctx, const char *p, size_t n)
{
    struct session *s = ctx;
    struct desk_relay_msg m;
    enum desk_rc rc = desk_relay_msg_parse(&m, p, n);

    if (rc == DESK_OK && got[m.type]) {
        s->wrong = 0;
        got[m.type](s, &m);
    } else {
        s->note(s->ctx, "twilio", "error", "the server sent a message that Twilio does not take",
                64107);
        desk_relay_build_error(&s->text, "Invalid message received (64107)");
        send_text(s);
        if (++s->wrong >= UNKNOWN_MAX) {
            sim_socket_close_code(s->socket, 1007);
            end(s, SIM_STREAM_PROTOCOL, 64105, "ten messages in a row that Twilio does not take");
        }
    }
    desk_relay_msg_clear(&m);
}

static void on_bad(void *ctx, const char *why)
{
    end(ctx, SIM_STREAM_PROTOCOL, 64107, why);
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
    struct session *s = ctx;
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
    struct session *s = ctx;

    if (!s->over(s->ctx))
        return false;
    end(s, SIM_STREAM_OVER, 0, "");
    return true;
}

static void on_open(void *ctx)
{
    struct session *s = ctx;

    s->result->started = true;
    s->start_us = sim_socket_start_us(s->socket);
    send_setup(s);
    s->note(s->ctx, "twilio", "stream-start", "session open", -1);
    if (s->to->greeting[0]) {
        s->note(s->ctx, "receptionist", "say", s->to->greeting, -1);
        speak(s, s->to->greeting, true, true);
    }
}

static void on_leave(void *ctx)
{
    (void)ctx; /* Twilio only closes */
}

static void on_gone(void *ctx, int error, const char *why)
{
    struct session *s = ctx;
    char text[160];

    s->result->close_code = sim_socket_code(s->socket);
    snprintf(text, sizeof text, "no session: %s", why);
    if (error)
        end(s, SIM_STREAM_REFUSED, 64102, text);
    else
        end(s, SIM_STREAM_CLOSED, 0, "");
}

enum sim_stream_rc sim_relay_run(
    const struct sim_relay_to *to, struct sim_cursor *cursor, const struct sim_line_config *line,
    void (*note)(void *ctx, const char *who, const char *kind, const char *text, long value),
    bool (*over)(void *ctx), void *ctx, struct sim_stream_result *result, char **handoff)
{
    struct session s = {
        .to = to, .result = result, .cfg = line, .note = note, .over = over, .ctx = ctx};
    struct sim_line_io io = {&s, line_frame, line_key, line_played, line_note, line_spoken};
    struct sim_socket_use use = {&s,      on_open, on_message, on_bad,
                                 on_tick, on_over, on_leave,   on_gone};

    memset(result, 0, sizeof *result);
    desk_buf_init(&s.said, DESK_MAX_SIM_MSG);
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
    while (s.first)
        piece_pop(&s);
    desk_buf_clear(&s.said);
    desk_buf_clear(&s.text);
    *handoff = s.handoff;
    return s.rc;
}
