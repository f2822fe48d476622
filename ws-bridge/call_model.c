/* What the model says, and what it means for the call. Reaching it is in call_reach.c. */
#include "ws-bridge/call.h"
#include "base/clock.h"
#include "base/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIMITED_MS     700  /* before a rate-limited answer is asked for again */
#define LIMITED_MAX_MS 1500 /* more is not waited for */

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
    int64_t lost = c->held.dropped_ms + c->model.out.dropped_ms - c->reach.ear_lost_ms;
    int64_t at = c->ear_ms - c->origin_ms + lost + audio_ms;
    int64_t now = call_now_ms(c);
    return audio_ms < 0 || !c->ear_ms || at > now ? now : at < 0 ? 0 : at;
}

static void on_speech_started(struct call *c, const struct desk_rt_event *ev)
{
    utterance(c, ev->item_id, true)->start_ms = spoken_at(c, ev->audio_start_ms);
    call_ear_started(c, ev->item_id);
}

/* Servers tell when they were sure, which is after some silence; our ear knows the last sound. */
static int64_t last_sound(const struct call *c, const struct utterance *u)
{
    int64_t heard = c->hears && c->ear.last_ms ? c->ear.last_ms - c->origin_ms : 0;
    return heard > u->start_ms && heard < u->end_ms ? heard : u->end_ms;
}

static void on_speech_stopped(struct call *c, const struct desk_rt_event *ev)
{
    struct utterance *u = utterance(c, ev->item_id, true);
    u->end_ms = spoken_at(c, ev->audio_end_ms);
    u->noise = !call_ear_stopped(c);
    if (u->noise)
        return;
    if (c->state == CALL_TALKING)
        call_measure_asked(c, last_sound(c, u));
    call_caller_ended(c);
    call_resume_stopped(c, ev->item_id);
}

static void on_caller_words(struct call *c, const struct desk_rt_event *ev)
{
    const struct utterance *u = utterance(c, ev->item_id, false);
    int64_t now = call_now_ms(c);
    c->reach.words_due_ms = 0;
    call_measure_usage(c, DESK_USAGE_WORDS, &ev->usage);
    if (u && u->noise)
        return;
    if (ev->text[strspn(ev->text, " \t\r\n")] == '\0') {
        call_resume_blank(c, ev->item_id);
        return;
    }
    call_resume_off(c);
    quiet_words(&c->quiet, ev->text, desk_mono_ms(), c->play.until_ms);
    story_said(&c->story, STORY_CALLER, ev->item_id, ev->text, u ? u->start_ms : now);
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
    if (call_is_machine(c, ev->text)) {
        call_interrupt(c, true);
        call_leave(c, LEAVE_MACHINE, NULL);
    }
}

static void on_response_created(struct call *c, const struct desk_rt_event *ev)
{
    c->echoes = c->echoes || *ev->purpose;
    bool ours = *ev->purpose || (c->requested && !c->echoes);
    snprintf(c->active, sizeof c->active, "%s", *ev->response_id ? ev->response_id : "?");
    if (!ours && (call_ear_refuse(c) || call_resume_refuse(c))) {
        call_end_owed(c);
        return;
    }
    call_response_began(c, ev, ours);
    if (c->greeting_asked && !*c->greeting && strcmp(c->active_for, "greeting") == 0) {
        snprintf(c->greeting, sizeof c->greeting, "%s", c->active);
        call_greet_begins(c);
    }
}

/* "Please try again in 1.2s.", "… in 350ms" → ms; -1 = it does not say. */
static int64_t wait_said(const char *message)
{
    const char *at = strstr(message, "try again in ");
    char *unit;
    double n = at ? strtod(at + 13, &unit) : -1;
    if (!at || n < 0 || n > 3600)
        return -1;
    return (int64_t)(strncmp(unit, "ms", 2) == 0 ? n : n * 1000);
}

/* No capacity for an answer: another session would have none either. Asked again after a moment,
 * if a moment is enough. */
static void limited(struct call *c, const struct desk_rt_error *e)
{
    char sentence[160];
    int64_t wait = wait_said(e->message);
    wait = wait < 0 ? LIMITED_MS : wait + 50;
    if (c->state != CALL_TALKING || wait > LIMITED_MAX_MS || c->reach.limited++) {
        call_model_gone(c, DESK_RT_FATAL_CALL, e->code);
        return;
    }
    snprintf(sentence, sizeof sentence,
             "The voice had no capacity for an answer and was asked again after %.1f seconds",
             (double)wait / 1000.0);
    call_model_trouble(c, "limited", sentence);
    call_timer_start(c, CALL_T_RETRY, (double)wait / 1000.0);
}

/* An answer came to nothing. */
static void failed(struct call *c, const struct desk_rt_error *e)
{
    const char *code = *e->code ? e->code : "no reason given";
    enum desk_rt_severity severity = desk_rt_error_class(e->code, false);
    if (strncmp(code, "rate_limit", 10) == 0)
        limited(c, e);
    else
        call_model_gone(c, severity < DESK_RT_RECONNECT ? DESK_RT_RECONNECT : severity, code);
}

static void ask_again(struct call *c)
{
    if (c->state != CALL_TALKING || *c->active || c->requested || c->caller_speaks)
        return;
    if (!c->first_audio_ms)
        call_model_greet(c);
    else
        call_ask(c, NULL, "answer");
}

/* The end of a response of another time, or one that is told twice. */
static bool stale_end(const struct call *c, const struct desk_rt_event *ev, bool unannounced)
{
    const char *id = ev->response_id;
    bool other = !unannounced && strcmp(id, c->active) != 0 && strcmp(c->active, "?") != 0;
    return *id && (other || strcmp(id, c->done) == 0);
}

static void on_response_done(struct call *c, const struct desk_rt_event *ev)
{
    bool unannounced = !*c->active && c->requested; /* nor do all say response.created */
    if (stale_end(c, ev, unannounced))
        return;
    call_measure_usage(c, DESK_USAGE_VOICE, &ev->usage);
    snprintf(c->done, sizeof c->done, "%s", ev->response_id);
    bool was_on = *c->active || unannounced;
    *c->active = '\0';
    if (call_ear_response_done(c, ev)) {
        if (c->end_owed && !c->requested)
            call_answer_paid(c);
        return;
    }
    if (unannounced)
        c->requested = false;
    if (c->requested && c->state == CALL_TALKING)
        call_answer_owed(c); /* it was the server's own; ours is still to come, or to be refused */
    else
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
        failed(c, &ev->error);
        return;
    }
    c->reach.limited = 0;
    if (c->state == CALL_LEAVING)
        call_leave_go_on(c);
    else
        call_response_over(c, ev, was_on, tool);
}

static void on_error(struct call *c, const struct desk_rt_event *ev)
{
    const char *code = ev->error.code;
    enum desk_rt_severity severity = desk_rt_error_class(code, false);
    bool short_of = strncmp(code, "rate_limit", 10) == 0 && c->requested && !c->filling;
    desk_log(DESK_LOG_NOTICE, "model.error", "call=%s code=%s type=%s event=%s severity=%d",
             c->name, code, ev->error.type, ev->error.event_id, (int)severity);
    if (severity != DESK_RT_HARMLESS) {
        call_model_gone(c, severity, *code ? code : "an error without a name");
        return;
    }
    call_ask_refused(c, ev);
    if (short_of && !c->requested)
        limited(c, &ev->error);
}

/* ---- dispatch -------------------------------------------------------------------------------- */

static void on_sound(struct call *c, const struct desk_rt_event *ev)
{
    call_greet_sound(c, ev);
    call_model_audio(c, ev);
}

static void on_words(struct call *c, const struct desk_rt_event *ev)
{
    call_model_words(c, ev, ev->type == DESK_RT_TRANSCRIPT_DONE);
}

static void (*const event_rows[DESK_RT__MAX])(struct call *, const struct desk_rt_event *) = {
    [DESK_RT_ERROR] = on_error,
    [DESK_RT_INPUT_TRANSCRIPT_DONE] = on_caller_words,
    [DESK_RT_SPEECH_STARTED] = on_speech_started,
    [DESK_RT_SPEECH_STOPPED] = on_speech_stopped,
    [DESK_RT_RESPONSE_CREATED] = on_response_created,
    [DESK_RT_RESPONSE_DONE] = on_response_done,
    [DESK_RT_OUTPUT_ITEM_ADDED] = call_tool_told,
    [DESK_RT_OUTPUT_ITEM_DONE] = call_tool_asked,
    [DESK_RT_ARGUMENTS_DONE] = call_tool_told,
    [DESK_RT_AUDIO_DELTA] = on_sound,
    [DESK_RT_TRANSCRIPT_DELTA] = on_words,
    [DESK_RT_TRANSCRIPT_DONE] = on_words,
};

/* Signs of an answer on its way. Anything else a server says is no reason to wait longer. */
static const bool progress[DESK_RT__MAX] = {
    [DESK_RT_RESPONSE_CREATED] = true, [DESK_RT_OUTPUT_ITEM_ADDED] = true,
    [DESK_RT_OUTPUT_ITEM_DONE] = true, [DESK_RT_CONTENT_PART_ADDED] = true,
    [DESK_RT_AUDIO_DELTA] = true,      [DESK_RT_TRANSCRIPT_DELTA] = true,
    [DESK_RT_ARGUMENTS_DELTA] = true,  [DESK_RT_ARGUMENTS_DONE] = true,
    [DESK_RT_RESPONSE_DONE] = true,
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
            call_model_gone(c, DESK_RT_RECONNECT, "it sent what cannot be read");
    } else if (event_rows[ev.type] && c->state >= CALL_TALKING) {
        event_rows[ev.type](c, &ev);
    }
    desk_rt_event_clear(&ev);
}

void call_model_giant(struct call *c)
{
    call_model_gone(c, DESK_RT_RECONNECT, "it sent a message larger than we take");
}

/* ---- timers ---------------------------------------------------------------------------------- */

void call_model_on_timer(struct call *c, enum call_timer t)
{
    switch (t) {
    case CALL_T_ROLL:
        call_reach_roll(c);
        break;
    case CALL_T_RETRY:
        ask_again(c);
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
    case CALL_T_CUT:
        call_interrupt_late(c);
        break;
    case CALL_T_RESUME:
        call_resume_late(c);
        break;
    case CALL_T_LEAVE:
        call_leave_late(c);
        break;
    default:
        break;
    }
}
