/* A relay session's life: its socket's messages, the claim, the end. */
#include "ws-bridge/relay.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/utf8.h"
#include "wire/json_out.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CLAIM_S     4.0
#define END_S       2.0 /* for Twilio to close after `end` */
#define MAX_TURNS   1000
#define UNKNOWN_MAX 10 /* in a row; Twilio bears as many of ours */

/* ---- life ------------------------------------------------------------------------------------ */

struct call *relay_new(struct bridge *b, struct lws *wsi)
{
    struct relay *r = calloc(1, sizeof *r);
    struct call *c = r ? call_new(b, wsi) : NULL;
    if (!c) {
        free(r);
        return NULL;
    }
    c->relay = r;
    c->twilio.side = LEG_RELAY;
    speech_init(&r->speech, desk_mono_ms());
    desk_buf_init(&r->waiting_text, DESK_MAX_TURN_TEXT);
    return c;
}

void relay_free(struct relay *r)
{
    if (!r)
        return;
    if (r->brain)
        r->backend->close(r->brain);
    speech_clear(&r->speech);
    desk_buf_clear(&r->waiting_text);
    free(r);
}

const char *relay_engine(const struct call *c)
{
    const struct relay_brain_backend *b = c->relay->backend;
    return b == &relay_brain_rules   ? "ConversationRelay, rules"
           : b == &relay_brain_model ? "ConversationRelay, model"
                                     : "ConversationRelay";
}

/* As the settings of the business say. */
static const struct relay_brain_backend *backend_of(const struct call *c)
{
    const struct desk_brain *brain = desk_brain_choose(&c->claim->settings, 0);
    return relay_brain_find(desk_brain_is_model(brain) ? "model" : "rules");
}

void relay_claimed(struct call *c)
{
    struct relay *r = c->relay;
    struct relay_brain_setup s = {.instructions = c->claim->instructions,
                                  .greeting = c->claim->greeting,
                                  .language = c->claim->language,
                                  .answer = relay_answer,
                                  .ctx = c,
                                  .pool = c->b->brains,
                                  .handle = c->handle,
                                  .tenant_id = c->claim->call.tenant_id,
                                  .call_id = c->claim->call.id,
                                  .started_at = c->claim->call.started_at};
    if (!r->backend)
        r->backend = backend_of(c);
    c->state = CALL_TALKING;
    r->brain = r->backend->open(&s);
    if (!r->brain) {
        desk_log(DESK_LOG_ERROR, "relay.brain", "call=%s brain=%s", c->name, r->backend->name);
        call_end(c, "model_lost", DESK_NEXT_GATHER);
        return;
    }
    call_event(c, "stream", "relay", "Twilio hears and speaks for the receptionist, by text");
    relay_clocks_start(c);
    relay_input(c, RELAY_IN_START, "");
}

/* ---- the end --------------------------------------------------------------------------------- */

static const struct {
    const char *why, *next;
} follows[] = {
    {"goodbye", DESK_NEXT_HANGUP},
    {"transfer", DESK_NEXT_TRANSFER},
    {"message", DESK_NEXT_MESSAGE},
};

static void keep_heard(void *ctx, const struct saying *s, size_t heard, int64_t end_ms)
{
    relay_heard(ctx, s, heard, end_ms);
}

void relay_ending(struct call *c, const char *why, const char *next_step)
{
    struct relay *r = c->relay;
    speech_give_up(&r->speech, desk_mono_ms(), keep_heard, c);
    if (!c->first_audio_ms)
        c->first_audio_ms = r->first_token_ms;
    memset(r->due, 0, sizeof r->due);
    snprintf(r->why, sizeof r->why, "%s", why);
    for (size_t i = 0; !next_step && i < sizeof follows / sizeof *follows; i++)
        if (strcmp(follows[i].why, why) == 0)
            next_step = follows[i].next;
    if (next_step != r->next)
        snprintf(r->next, sizeof r->next, "%s", next_step ? next_step : DESK_NEXT_GATHER);
}

bool relay_end(struct call *c, bool late)
{
    struct relay *r = c->relay;
    struct desk_buf handoff;
    if (!c->twilio.wsi || (r->end_sent && late))
        return false;
    if (r->end_sent)
        return true;
    r->end_sent = true;
    desk_buf_init(&handoff, 256);
    desk_buf_chr(&handoff, '{');
    desk_json_pair(&handoff, "why", r->why);
    desk_json_pair(&handoff, "next", r->next);
    desk_buf_chr(&handoff, '}');
    struct queue_msg *m = queue_new(&c->twilio.out, 1024);
    if (m)
        desk_relay_build_end(&m->buf, desk_buf_cstr(&handoff));
    desk_buf_clear(&handoff);
    if (!m || queue_push(&c->twilio.out, m, QUEUE_TEXT, 0) == QUEUE_FULL)
        return false;
    leg_wake(&c->twilio);
    call_timer_start(c, CALL_T_ENDING, END_S);
    return true;
}

/* ---- what Twilio says ------------------------------------------------------------------------ */

static void on_setup(struct call *c, const struct desk_relay_msg *m)
{
    const char *token = desk_relay_param(m, "token");
    call_timer_stop(c, CALL_T_START);
    c->started_ms = desk_mono_ms();
    snprintf(c->call_sid, sizeof c->call_sid, "%s", m->call_sid);
    snprintf(c->stream_sid, sizeof c->stream_sid, "%s", m->session_id);
    snprintf(c->name, sizeof c->name, "%s", m->call_sid);
    snprintf(c->about.sid, sizeof c->about.sid, "%s", m->call_sid);
    call_log(c);
    if (!token || !*token) {
        c->b->counts.bad_token++;
        desk_log(DESK_LOG_WARN, "call.bad_start", "sid=%s token=missing", c->call_sid);
        call_close(c);
        return;
    }
    c->state = CALL_CLAIMING;
    scribe_claim(c->b->scribe, c->handle, token, c->call_sid);
    call_timer_start(c, CALL_T_CLAIM, CLAIM_S);
}

static void on_prompt(struct call *c, const struct desk_relay_msg *m)
{
    struct relay *r = c->relay;
    int64_t now = desk_mono_ms();
    if (!r->spoke_ms)
        r->spoke_ms = r->caller_on_ms ? r->caller_on_ms : now;
    speech_answered(&r->speech, now);
    bool words = m->last && m->text[strspn(m->text, " \t\r\n")];
    relay_sign(c, words);
    if (!m->last)
        return; /* it may still change */
    int64_t start = r->spoke_ms;
    r->spoke_ms = 0;
    if (!words)
        return;
    (void)relay_hold(c);
    relay_turn(c, "speech", m->text, start);
    if (r->caller_turns > MAX_TURNS) {
        call_end(c, "protocol", DESK_NEXT_MESSAGE);
        return;
    }
    if (call_is_machine(c, m->text)) {
        c->end_outcome = DESK_OUT_MACHINE;
        relay_order_leave(c, "Goodbye.", "machine", DESK_NEXT_HANGUP);
        return;
    }
    relay_input(c, RELAY_IN_WORDS, m->text);
}

static void on_interrupt(struct call *c, const struct desk_relay_msg *m)
{
    relay_sign(c, false);
    relay_interrupted(c, m);
}

static void on_dtmf(struct call *c, const struct desk_relay_msg *m)
{
    relay_sign(c, true);
    (void)relay_hold(c);
    if (c->n_keys >= DESK_MAX_KEYS)
        return;
    c->keys[c->n_keys++] = m->digit;
    if (m->digit == '#')
        relay_keys(c);
    else
        relay_due_in(c, RELAY_DUE_KEYS, RELAY_KEYS_MS);
}

/* Something that we or Twilio's voices cannot do: the caller may hear nothing, so go on by other
 * means at once. */
static void on_error(struct call *c, const struct desk_relay_msg *m)
{
    char text[200];
    desk_utf8_clean_str(text, sizeof text, m->text);
    desk_log(DESK_LOG_WARN, "relay.error", "call=%s", c->name);
    call_event(c, "stream", "relay_error", "Twilio reported an error: %s",
               *text ? text : "it did not say which");
    call_end(c, "relay_error", DESK_NEXT_GATHER);
}

static void on_voice(struct call *c, bool on)
{
    int64_t now = desk_mono_ms();
    speech_voice(&c->relay->speech, on, now);
    if (on && !c->first_audio_ms)
        c->first_audio_ms = now;
}

static void on_info(struct call *c, const struct desk_relay_msg *m)
{
    struct relay *r = c->relay;
    bool on = strcmp(m->text, "on") == 0, off = strcmp(m->text, "off") == 0;
    if (strcmp(m->name, "agentSpeaking") == 0 && (on || off)) {
        on_voice(c, on);
    } else if (strcmp(m->name, "clientSpeaking") == 0 && (on || off)) {
        if (on)
            r->spoke_ms = desk_mono_ms();
        relay_sign(c, false);
        r->caller_on_ms = on ? desk_mono_ms() : 0;
    } else if (strcmp(m->name, "tokensPlayed") == 0) {
        speech_played(&r->speech, m->text);
    }
    (void)speech_rest_ms(&r->speech, desk_mono_ms()); /* it may be all spoken now */
    relay_leave_check(c);
}

static const struct {
    void (*fn)(struct call *, const struct desk_relay_msg *);
    enum call_state from, to; /* states in which it means something */
} messages[DESK_RELAY__MAX] = {
    [DESK_RELAY_SETUP] = {on_setup, CALL_NEW, CALL_NEW},
    [DESK_RELAY_PROMPT] = {on_prompt, CALL_TALKING, CALL_LEAVING},
    [DESK_RELAY_INTERRUPT] = {on_interrupt, CALL_TALKING, CALL_LEAVING},
    [DESK_RELAY_DTMF] = {on_dtmf, CALL_TALKING, CALL_LEAVING},
    [DESK_RELAY_ERROR] = {on_error, CALL_CLAIMING, CALL_LEAVING},
    [DESK_RELAY_INFO] = {on_info, CALL_TALKING, CALL_LEAVING},
};

/* What Twilio may not send. */
static void bad(struct call *c, const char *what)
{
    struct relay *r = c->relay;
    if (r->bad++ == 0) {
        desk_log(DESK_LOG_WARN, "call.bad_message", "call=%s peer=relay what=%s", c->name, what);
        call_event(c, "stream", "bad_message", "Twilio sent a message that makes no sense");
    }
    if (c->state == CALL_NEW || r->bad > DESK_MAX_BAD_MESSAGES)
        call_end(c, "protocol", DESK_NEXT_GATHER);
}

static void unknown(struct call *c)
{
    struct relay *r = c->relay;
    if (r->unknown_in_row++ == 0)
        desk_log(DESK_LOG_NOTICE, "relay.unknown", "call=%s", c->name);
    if (r->unknown_in_row < UNKNOWN_MAX)
        return;
    call_event(c, "stream", "unknown_messages",
               "Twilio sent %u messages in a row that mean nothing "
               "to us",
               r->unknown_in_row);
    call_end(c, "protocol", DESK_NEXT_GATHER);
}

void relay_message(struct call *c, const char *p, size_t n)
{
    struct desk_relay_msg m;
    if (c->state >= CALL_ENDING)
        return;
    enum desk_rc rc = desk_relay_msg_parse(&m, p, n);
    bool late = !rc && m.type == DESK_RELAY_SETUP && c->state != CALL_NEW;
    bool early = !rc && c->state == CALL_NEW && m.type != DESK_RELAY_SETUP;
    if (rc || late || early) {
        bad(c, rc ? "malformed" : late ? "second_setup" : "before_setup");
    } else if (!messages[m.type].fn) {
        unknown(c);
    } else {
        c->relay->unknown_in_row = 0;
        if (c->state >= messages[m.type].from && c->state <= messages[m.type].to)
            messages[m.type].fn(c, &m);
    }
    desk_relay_msg_clear(&m);
}

void relay_giant(struct call *c)
{
    desk_log(DESK_LOG_WARN, "call.giant", "call=%s peer=relay", c->name);
    call_end(c, "protocol", DESK_NEXT_GATHER);
}
