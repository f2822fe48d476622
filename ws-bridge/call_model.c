/* The model's side of a call: reaching it, and what its events mean. */
#include "ws-bridge/call.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"

#include <stdio.h>
#include <string.h>

#define MODEL_S    4.0  /* from dialling to session.updated */
#define RETRY_S    0.3  /* pause before the one second try */
#define QUICK_MS   1500 /* a failure later than this is not tried again: the caller waits */
#define SESSION_ID "fd-session"

/* ---- reaching it ----------------------------------------------------------------------------- */

static void dial(struct call *c)
{
    char address[RESOLVER_ADDRESS];
    if (resolver_get(c->b->resolver, c->handle, address))
        leg_realtime_dial(c->b, c, address);
}

void call_model_dial(struct call *c)
{
    c->state = CALL_DIALLING;
    c->dialled_ms = desk_mono_ms();
    call_timer_start(c, CALL_T_MODEL, MODEL_S);
    dial(c);
}

void call_model_address(struct call *c, enum desk_rc rc)
{
    if (c->state != CALL_DIALLING || c->model.wsi)
        return;
    if (rc)
        call_model_gone(c, DESK_RT_FATAL_CALL, "its name is not known");
    else
        dial(c);
}

void call_model_gone(struct call *c, enum desk_rt_severity severity, const char *why)
{
    char sentence[300];
    bool before = c->state == CALL_DIALLING || c->state == CALL_SETTING;
    bool again = before && c->tries == 0 && severity <= DESK_RT_RECONNECT &&
                 desk_mono_ms() - c->dialled_ms < QUICK_MS;
    if (c->state >= CALL_ENDING)
        return;
    desk_log(severity == DESK_RT_FATAL_CONFIG ? DESK_LOG_ERROR : DESK_LOG_WARN, "model.gone",
             "call=%s state=%s severity=%d again=%d why=\"%s\"", c->name, call_state_name(c->state),
             (int)severity, again, why);
    snprintf(sentence, sizeof sentence, "%s %s: %s", c->b->target.host,
             before ? "could not be reached" : "was lost", why);
    call_model_trouble(c, before ? "unreachable" : "lost", sentence);
    call_timer_stop(c, CALL_T_MODEL);
    call_answer_paid(c);
    call_quiet_stop(c);
    leg_close(&c->model);
    queue_clear(&c->model.out);
    *c->active = '\0';
    c->requested = c->wanted = false;
    if (again) {
        c->tries++;
        c->state = CALL_DIALLING;
        resolver_failed(c->b->resolver);
        call_timer_start(c, CALL_T_RETRY, RETRY_S);
    } else if (c->state == CALL_LEAVING) {
        call_leave_check(c); /* what came of its last words is still played */
    } else {
        call_end(c, "model_lost", DESK_NEXT_GATHER);
    }
}

void call_model_up(struct call *c)
{
    const struct claim *claim = c->claim;
    struct queue_msg *m = queue_new(&c->model.out, 6 * DESK_MAX_PROMPT);
    struct desk_rt_session s = {
        .dialect = c->b->target.dialect,
        .event_id = SESSION_ID,
        .voice = desk_setting(DESK_S_REALTIME_VOICE),
        .instructions = claim->instructions,
        .tools = c->b->tool_list,
        .transcription_model = desk_setting(DESK_S_REALTIME_TRANSCRIPTION_MODEL),
        .language = claim->language,
        .vad_threshold = 0.5,
        .prefix_padding_ms = 300,
        .silence_ms = 500,
        .max_output_tokens = 2048, /* 102 s of speech: bounds what one answer can hold */
        .retention_ratio = 0.8,
    };
    if (m)
        desk_rt_build_session_update(&m->buf, &s);
    c->state = CALL_SETTING;
    call_send(c, &c->model, m, QUEUE_TEXT, 0);
}

/* ---- what the model says --------------------------------------------------------------------- */

static bool speaks_ulaw(const struct desk_rt_event *ev)
{
    const json_t *audio = json_object_get(json_object_get(ev->json, "session"), "audio");
    const json_t *format = json_object_get(json_object_get(audio, "output"), "format");
    const char *type = json_string_value(json_object_get(format, "type"));
    return !type || strcmp(type, "audio/pcmu") == 0;
}

static void on_session_updated(struct call *c, const struct desk_rt_event *ev)
{
    char words[2048];
    if (c->state != CALL_SETTING)
        return;
    if (!speaks_ulaw(ev)) {
        call_model_gone(c, DESK_RT_FATAL_CONFIG, "it does not speak telephone audio");
        return;
    }
    call_timer_stop(c, CALL_T_MODEL);
    c->state = CALL_TALKING;
    c->ready_ms = desk_mono_ms();
    call_event(c, "model", "ready", "The voice was ready after %lld ms (%s)",
               (long long)(c->ready_ms - c->started_ms), c->b->target.engine);
    c->greeting_asked = true;
    snprintf(words, sizeof words, "Say: %s", c->claim->greeting);
    call_ask(c, words, "greeting");
    call_caller_audio_release(c);
    call_quiet_go(c);
}

static struct utterance *utterance(struct call *c, const char *item, bool make)
{
    for (unsigned i = 0; i < CALL_UTTERANCES; i++)
        if (*item && strcmp(c->utterances[i].item, item) == 0)
            return &c->utterances[i];
    if (!make)
        return NULL;
    struct utterance *u = &c->utterances[c->n_utterances++ % CALL_UTTERANCES];
    snprintf(u->item, sizeof u->item, "%s", item);
    u->start_ms = u->end_ms = call_now_ms(c);
    return u;
}

/* The model counts the ms of audio it got; what we dropped it did not get. */
static int64_t spoken_at(const struct call *c, int64_t audio_ms)
{
    int64_t at = c->ear_ms - c->origin_ms + c->held.dropped_ms + c->model.out.dropped_ms + audio_ms;
    int64_t now = call_now_ms(c);
    return audio_ms < 0 || !c->ear_ms || at > now ? now : at < 0 ? 0 : at;
}

static void on_speech_started(struct call *c, const struct desk_rt_event *ev)
{
    utterance(c, ev->item_id, true)->start_ms = spoken_at(c, ev->audio_start_ms);
    call_caller_began(c);
}

static void on_speech_stopped(struct call *c, const struct desk_rt_event *ev)
{
    utterance(c, ev->item_id, true)->end_ms = spoken_at(c, ev->audio_end_ms);
    if (c->state == CALL_TALKING)
        call_measure_asked(c, utterance(c, ev->item_id, true)->end_ms);
    call_caller_ended(c);
}

static void on_caller_words(struct call *c, const struct desk_rt_event *ev)
{
    const struct utterance *u = utterance(c, ev->item_id, false);
    int64_t now = call_now_ms(c);
    if (ev->text[strspn(ev->text, " \t\r\n")] == '\0')
        return;
    quiet_words(&c->quiet, ev->text, desk_mono_ms(), c->play.until_ms);
    call_leave_cancel(c, CALLER_SAID);
    if (!call_may_write(c))
        return;
    struct scribe_call who = call_scribe(c);
    struct desk_turn t = {.item_id = ev->item_id,
                          .who = DESK_WHO_CALLER,
                          .how = "speech",
                          .text = ev->text,
                          .start_ms = u ? u->start_ms : now,
                          .end_ms = u && u->end_ms >= u->start_ms ? u->end_ms : now};
    scribe_turn(c->b->scribe, &who, &t);
}

static void on_response_created(struct call *c, const struct desk_rt_event *ev)
{
    snprintf(c->active, sizeof c->active, "%s", *ev->response_id ? ev->response_id : "?");
    if (c->greeting_asked && !*c->greeting)
        snprintf(c->greeting, sizeof c->greeting, "%s", c->active);
    call_response_began(c, ev);
}

static void on_response_done(struct call *c, const struct desk_rt_event *ev)
{
    bool unannounced = !*c->active && c->requested; /* nor do all say response.created */
    if (*ev->response_id && !unannounced && strcmp(ev->response_id, c->active) != 0 &&
        strcmp(c->active, "?") != 0)
        return; /* of another time */
    bool was_on = *c->active || unannounced;
    *c->active = '\0';
    if (unannounced)
        c->requested = false;
    call_answer_paid(c);
    bool tool = call_tools_of_response(c, ev);
    call_response_end_mark(c, ev->response_id);
    if (c->state >= CALL_ENDING)
        return;
    if (*c->trash && strcmp(c->trash, ev->response_id) == 0) {
        call_leave_forget(c, c->trash);
        *c->trash = '\0';
    }
    if (ev->status == DESK_RT_STATUS_FAILED && !c->filling) {
        const char *code = *ev->error.code ? ev->error.code : "no reason given";
        call_model_gone(c, DESK_RT_FATAL_CALL, code);
        return;
    }
    if (c->state == CALL_LEAVING)
        call_leave_go_on(c);
    else
        call_response_over(c, ev, was_on, tool);
}

static void on_error(struct call *c, const struct desk_rt_event *ev)
{
    const char *code = ev->error.code;
    bool ours = strcmp(ev->error.event_id, SESSION_ID) == 0;
    enum desk_rt_severity severity = desk_rt_error_class(code, ours);
    desk_log(DESK_LOG_NOTICE, "model.error", "call=%s code=%s type=%s event=%s severity=%d",
             c->name, code, ev->error.type, ev->error.event_id, (int)severity);
    if (severity != DESK_RT_HARMLESS) {
        call_model_gone(c, severity, *code ? code : "an error without a name");
        return;
    }
    call_ask_refused(c, ev);
}

/* ---- dispatch -------------------------------------------------------------------------------- */

static void on_words(struct call *c, const struct desk_rt_event *ev)
{
    call_model_words(c, ev, ev->type == DESK_RT_TRANSCRIPT_DONE);
}

static void (*const event_rows[DESK_RT__MAX])(struct call *, const struct desk_rt_event *) = {
    [DESK_RT_ERROR] = on_error,
    [DESK_RT_SESSION_UPDATED] = on_session_updated,
    [DESK_RT_INPUT_TRANSCRIPT_DONE] = on_caller_words,
    [DESK_RT_SPEECH_STARTED] = on_speech_started,
    [DESK_RT_SPEECH_STOPPED] = on_speech_stopped,
    [DESK_RT_RESPONSE_CREATED] = on_response_created,
    [DESK_RT_RESPONSE_DONE] = on_response_done,
    [DESK_RT_OUTPUT_ITEM_ADDED] = call_tool_told,
    [DESK_RT_OUTPUT_ITEM_DONE] = call_tool_asked,
    [DESK_RT_ARGUMENTS_DONE] = call_tool_told,
    [DESK_RT_AUDIO_DELTA] = call_model_audio,
    [DESK_RT_TRANSCRIPT_DELTA] = on_words,
    [DESK_RT_TRANSCRIPT_DONE] = on_words,
};

/* Events that mean something before the session is set. */
static bool early(enum desk_rt_type type)
{
    return type == DESK_RT_ERROR || type == DESK_RT_SESSION_UPDATED;
}

/* Signs of an answer on its way. Anything else a server says is no reason to wait longer. */
static const bool progress[DESK_RT__MAX] = {
    [DESK_RT_SESSION_UPDATED] = true,    [DESK_RT_RESPONSE_CREATED] = true,
    [DESK_RT_OUTPUT_ITEM_ADDED] = true,  [DESK_RT_OUTPUT_ITEM_DONE] = true,
    [DESK_RT_CONTENT_PART_ADDED] = true, [DESK_RT_AUDIO_DELTA] = true,
    [DESK_RT_TRANSCRIPT_DELTA] = true,   [DESK_RT_ARGUMENTS_DELTA] = true,
    [DESK_RT_ARGUMENTS_DONE] = true,     [DESK_RT_RESPONSE_DONE] = true,
};

void call_model_message(struct call *c, const char *p, size_t n)
{
    struct desk_rt_event ev;
    if (c->state >= CALL_ENDING)
        return;
    enum desk_rc rc = desk_rt_event_parse(&ev, p, n);
    if (!rc && progress[ev.type])
        c->progress_ms = desk_mono_ms();
    if (rc) {
        if (c->bad_model++ == 0)
            desk_log(DESK_LOG_WARN, "call.bad_message", "call=%s peer=model", c->name);
        if (c->bad_model > DESK_MAX_BAD_MESSAGES)
            call_model_gone(c, DESK_RT_FATAL_CALL, "it sent what cannot be read");
    } else if (event_rows[ev.type] && (c->state >= CALL_TALKING || early(ev.type))) {
        event_rows[ev.type](c, &ev);
    }
    desk_rt_event_clear(&ev);
}

void call_model_giant(struct call *c)
{
    call_model_gone(c, DESK_RT_FATAL_CALL, "it sent a message larger than we take");
}

/* ---- timers ---------------------------------------------------------------------------------- */

void call_model_on_timer(struct call *c, enum call_timer t)
{
    switch (t) {
    case CALL_T_MODEL:
        call_model_gone(c, DESK_RT_FATAL_CALL, "it did not get ready in time");
        break;
    case CALL_T_RETRY:
        call_model_dial(c);
        break;
    case CALL_T_ANSWER:
        call_answer_late(c);
        break;
    case CALL_T_KEYS:
        call_keys(c);
        break;
    case CALL_T_TOOL:
        call_tools_late(c);
        break;
    case CALL_T_FILLER:
        call_tools_slow(c);
        break;
    case CALL_T_QUIET:
        call_quiet_look(c);
        break;
    case CALL_T_LEAVE:
        call_leave_late(c);
        break;
    default:
        break;
    }
}
