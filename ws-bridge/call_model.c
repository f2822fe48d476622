/* The model's side of a call: reaching it, one response at a time, tools, keys, leaving. */
#include "ws-bridge/call.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"

#include <stdio.h>
#include <string.h>

#define MODEL_S       4.0  /* from dialling to session.updated */
#define RETRY_S       0.3  /* pause before the one second try */
#define QUICK_MS      1500 /* a failure later than this is not tried again: the caller waits */
#define ANSWER_MS     4000 /* silence after which the model is asked again; twice that: lost */
#define LEAVE_S       6.0  /* for the last words to begin */
#define LEAVE_SPARE_S 1.5  /* beyond their length */
#define LEAVE_MAX_S   20.0
#define TOLD_MS       300 /* what we sent so long ago has arrived */
#define SESSION_ID    "fd-session"

static bool no_tools_running(const struct call *c)
{
    for (size_t i = 0; i < DESK_MAX_TOOLS_AT_ONCE; i++)
        if (c->tools[i].seq)
            return false;
    return true;
}

/* ---- an answer is owed: the model may not be silent now -----------------------------------------
 */

static void owe(struct call *c)
{
    c->progress_ms = desk_mono_ms();
    c->nudged = false;
    call_timer_start(c, CALL_T_ANSWER, ANSWER_MS / 1000.0);
}

static void paid(struct call *c)
{
    call_timer_stop(c, CALL_T_ANSWER);
}

static void trouble(struct call *c, const char *name, const char *sentence)
{
    if (c->model_notes++ < DESK_MAX_MODEL_NOTES)
        call_event(c, "model", name, "%s", sentence);
}

/* ---- one response at a time ---------------------------------------------------------------------
 */

static void send_create(struct call *c, const char *instructions, const char *purpose)
{
    char id[24];
    size_t room = instructions ? strlen(instructions) * 6 : 0;
    struct queue_msg *m = queue_new(&c->model.out, room + 1024);
    snprintf(id, sizeof id, "fd-create-%u", (unsigned)++c->events);
    struct desk_rt_response_params r = {.event_id = id,
                                        .instructions = instructions,
                                        .tool_choice = instructions ? "none" : NULL,
                                        .purpose = purpose};
    if (m)
        desk_rt_build_response_create(&m->buf, &r);
    c->requested = true;
    c->wanted = false;
    if (call_send(c, &c->model, m, QUEUE_TEXT, 0))
        owe(c);
}

static void want(struct call *c)
{
    c->wanted = true;
    c->wanted_ms = desk_mono_ms();
}

static void respond_if_wanted(struct call *c)
{
    if (c->wanted && c->state == CALL_TALKING && !*c->active && !c->requested &&
        !c->caller_speaks && no_tools_running(c))
        send_create(c, NULL, "answer");
}

/* ---- leaving ------------------------------------------------------------------------------------
 */

static const struct {
    const char *next, *why;
    const char *last_words; /* if the model said none of its own */
} leaves[] = {
    {"hangup", "goodbye", "Say goodbye in one short, friendly sentence."},
    {"transfer", "transfer", "Say in one short sentence that you are putting the caller through."},
    {"message", "message", "Say: Please leave your message after the tone."},
};

static size_t leave_row(const char *why)
{
    size_t i = 0;
    while (i + 1 < sizeof leaves / sizeof *leaves && strcmp(leaves[i].why, why) != 0)
        i++;
    return i;
}

void call_leave_check(struct call *c)
{
    int64_t now = desk_mono_ms();
    if (c->state != CALL_LEAVING || *c->active || c->requested)
        return;
    if (!play_outstanding(&c->play, now)) {
        call_end(c, c->leave_why, NULL);
        return;
    }
    double rest = (double)(c->play.until_ms - now) / 1000.0;
    rest = (rest > 0 ? rest : 0) + LEAVE_SPARE_S;
    call_timer_start(c, CALL_T_LEAVE, rest < LEAVE_MAX_S ? rest : LEAVE_MAX_S);
}

/* The response that led here is over: were there last words, or must they be asked for? */
static void leave_go_on(struct call *c)
{
    if (*c->active || c->requested)
        return;
    if (!c->spoke && !c->goodbye_asked && c->model.up) {
        c->goodbye_asked = true;
        send_create(c, leaves[leave_row(c->leave_why)].last_words, "goodbye");
        return;
    }
    call_leave_check(c);
}

static void leave(struct call *c, const char *next)
{
    size_t i = 0;
    while (i + 1 < sizeof leaves / sizeof *leaves && strcmp(leaves[i].next, next) != 0)
        i++;
    snprintf(c->leave_why, sizeof c->leave_why, "%s", leaves[i].why);
    c->state = CALL_LEAVING; /* from now on the model does not hear the caller */
    paid(c);
    call_timer_start(c, CALL_T_LEAVE, LEAVE_S);
    leave_go_on(c);
}

/* ---- reaching it --------------------------------------------------------------------------------
 */

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
    trouble(c, before ? "unreachable" : "lost", sentence);
    call_timer_stop(c, CALL_T_MODEL);
    paid(c);
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

/* ---- what the model says ------------------------------------------------------------------------
 */

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
    send_create(c, words, "greeting");
    call_caller_audio_release(c);
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
    if (c->state != CALL_TALKING)
        return;
    c->caller_speaks = true;
    paid(c);
    call_interrupt(c, false);
}

static void on_speech_stopped(struct call *c, const struct desk_rt_event *ev)
{
    utterance(c, ev->item_id, true)->end_ms = spoken_at(c, ev->audio_end_ms);
    c->caller_speaks = false;
    if (c->state != CALL_TALKING)
        return;
    /* the model answers by itself now, and knows what we told it a while ago */
    if (c->wanted && no_tools_running(c) && desk_mono_ms() - c->wanted_ms > TOLD_MS)
        c->wanted = false;
    owe(c);
}

static void on_caller_words(struct call *c, const struct desk_rt_event *ev)
{
    const struct utterance *u = utterance(c, ev->item_id, false);
    int64_t now = call_now_ms(c);
    if (ev->text[strspn(ev->text, " \t\r\n")] == '\0')
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
    c->requested = false;
    c->spoke = false;
    if (c->greeting_asked && !*c->greeting)
        snprintf(c->greeting, sizeof c->greeting, "%s", c->active);
    if (c->state == CALL_TALKING)
        owe(c);
}

static void on_response_done(struct call *c, const struct desk_rt_event *ev)
{
    if (*ev->response_id && strcmp(ev->response_id, c->active) != 0 && strcmp(c->active, "?") != 0)
        return; /* of another time */
    *c->active = '\0';
    paid(c);
    call_response_end_mark(c, ev->response_id);
    if (c->state >= CALL_ENDING)
        return;
    if (ev->status == DESK_RT_STATUS_FAILED) {
        const char *code = *ev->error.code ? ev->error.code : "no reason given";
        call_model_gone(c, DESK_RT_FATAL_CALL, code);
        return;
    }
    if (c->state == CALL_LEAVING)
        leave_go_on(c);
    else
        respond_if_wanted(c);
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
    if (strcmp(code, "conversation_already_has_active_response") == 0) {
        c->requested = false;
        want(c);
        return;
    }
    if (strncmp(ev->error.event_id, "fd-create-", 10) == 0) {
        c->requested = false;
        call_leave_check(c);
    }
}

/* ---- tools --------------------------------------------------------------------------------------
 */

static void send_tool_output(struct call *c, const char *call_id, const char *output)
{
    char id[24];
    struct queue_msg *m = queue_new(&c->model.out, 6 * DESK_MAX_TOOL_REPLY + 1024);
    snprintf(id, sizeof id, "fd-tool-%u", (unsigned)++c->events);
    if (m)
        desk_rt_build_function_output(&m->buf, id, call_id, output);
    want(c);
    call_send(c, &c->model, m, QUEUE_TEXT, 0);
}

static void refuse_tool(struct call *c, const char *call_id, const char *why)
{
    char output[400];
    snprintf(output, sizeof output,
             "{\"ok\":false,\"error\":\"%s Nothing can be promised. Tell the caller, and offer to "
             "take a message.\"}",
             why);
    send_tool_output(c, call_id, output);
}

static void on_item_done(struct call *c, const struct desk_rt_event *ev)
{
    struct running_tool *slot = NULL;
    bool asked = ev->item_type == DESK_RT_ITEM_FUNCTION_CALL &&
                 (ev->status == DESK_RT_STATUS_COMPLETED || ev->status == DESK_RT_STATUS_NONE);
    if (!asked || c->state != CALL_TALKING)
        return;
    for (size_t i = 0; i < DESK_MAX_TOOLS_AT_ONCE && !slot; i++)
        slot = c->tools[i].seq ? NULL : &c->tools[i];
    if (!slot || c->tool_seq >= DESK_MAX_TOOLS_IN_CALL || strlen(ev->call_id) >= PLAY_ID) {
        refuse_tool(c, ev->call_id, "Too many tools at once.");
        return;
    }
    *slot = (struct running_tool){.seq = ++c->tool_seq,
                                  .deadline_ms = desk_mono_ms() + TOOLPOOL_LIMIT_S * 1000};
    snprintf(slot->call_id, sizeof slot->call_id, "%s", ev->call_id);
    struct tool_job job = {.handle = c->handle,
                           .seq = slot->seq,
                           .tenant_id = c->claim->call.tenant_id,
                           .call_id = c->claim->call.id,
                           .name = ev->name,
                           .arguments = ev->arguments};
    enum desk_rc rc = toolpool_run(c->b->tools, &job);
    if (rc) {
        desk_log(DESK_LOG_ERROR, "tool.refused", "call=%s rc=%s", c->name, desk_rc_name(rc));
        slot->seq = 0;
        refuse_tool(c, ev->call_id, "It is too busy.");
        return;
    }
    call_timer_start(c, CALL_T_TOOL, TOOLPOOL_LIMIT_S);
}

void call_model_tool_done(struct call *c, struct note *n)
{
    struct running_tool *slot = NULL;
    for (size_t i = 0; i < DESK_MAX_TOOLS_AT_ONCE; i++)
        if (c->tools[i].seq && c->tools[i].seq == n->seq)
            slot = &c->tools[i];
    if (!slot || c->state >= CALL_ENDING)
        return; /* it came too late: the model was told that it failed */
    slot->seq = 0;
    if (n->rc || !n->text)
        refuse_tool(c, slot->call_id, "It failed on our side.");
    else
        send_tool_output(c, slot->call_id, n->text);
    if (n->leave && c->state == CALL_TALKING)
        leave(c, n->next);
    respond_if_wanted(c);
}

/* The tools whose time is over; the next one's time. */
static void tools_late(struct call *c)
{
    int64_t now = desk_mono_ms(), next = 0;
    for (size_t i = 0; i < DESK_MAX_TOOLS_AT_ONCE && c->state < CALL_ENDING; i++) {
        struct running_tool *t = &c->tools[i];
        if (t->seq && t->deadline_ms <= now) {
            desk_log(DESK_LOG_ERROR, "tool.late", "call=%s seq=%u", c->name, (unsigned)t->seq);
            trouble(c, "tool_late", "Something took too long; the receptionist went on without");
            t->seq = 0;
            refuse_tool(c, t->call_id, "It took too long.");
        } else if (t->seq && (!next || t->deadline_ms < next)) {
            next = t->deadline_ms;
        }
    }
    if (next)
        call_timer_start(c, CALL_T_TOOL, (double)(next - now) / 1000.0 + 0.01);
    respond_if_wanted(c);
}

/* ---- keys ---------------------------------------------------------------------------------------
 */

void call_model_keys(struct call *c)
{
    char text[DESK_MAX_KEYS + 16], item[24], id[24];
    if (!c->n_keys || c->state > CALL_TALKING)
        return;
    if (c->state != CALL_TALKING) { /* nobody listens yet */
        call_timer_start(c, CALL_T_KEYS, 0.5);
        return;
    }
    call_timer_stop(c, CALL_T_KEYS);
    c->keys[c->n_keys] = '\0';
    snprintf(text, sizeof text, "[keys] %s", c->keys);
    snprintf(item, sizeof item, "keys-%u", ++c->keys_sent);
    snprintf(id, sizeof id, "fd-keys-%u", (unsigned)++c->events);
    struct scribe_call who = call_scribe(c);
    int64_t now = call_now_ms(c);
    struct desk_turn t = {.item_id = item,
                          .who = DESK_WHO_CALLER,
                          .how = "keys",
                          .text = c->keys,
                          .start_ms = now,
                          .end_ms = now};
    scribe_turn(c->b->scribe, &who, &t);
    c->n_keys = 0;
    struct queue_msg *m = queue_new(&c->model.out, 1024);
    if (m)
        desk_rt_build_message(&m->buf, id, c->b->target.dialect, DESK_RT_USER, text);
    want(c);
    if (call_send(c, &c->model, m, QUEUE_TEXT, 0))
        respond_if_wanted(c);
}

/* ---- dispatch -----------------------------------------------------------------------------------
 */

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
    [DESK_RT_OUTPUT_ITEM_DONE] = on_item_done,
    [DESK_RT_AUDIO_DELTA] = call_model_audio,
    [DESK_RT_TRANSCRIPT_DELTA] = on_words,
    [DESK_RT_TRANSCRIPT_DONE] = on_words,
};

/* Events that mean something before the session is set. */
static bool early(enum desk_rt_type type)
{
    return type == DESK_RT_ERROR || type == DESK_RT_SESSION_UPDATED;
}

void call_model_message(struct call *c, const char *p, size_t n)
{
    struct desk_rt_event ev;
    if (c->state >= CALL_ENDING)
        return;
    enum desk_rc rc = desk_rt_event_parse(&ev, p, n);
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

/* ---- timers -------------------------------------------------------------------------------------
 */

static void answer_late(struct call *c)
{
    int64_t now = desk_mono_ms();
    if (!no_tools_running(c))
        c->progress_ms = now;
    int64_t quiet = now - c->progress_ms;
    if (quiet >= 2 * ANSWER_MS) {
        call_model_gone(c, DESK_RT_FATAL_CALL, "it did not answer");
        return;
    }
    if (quiet >= ANSWER_MS && !c->nudged) {
        c->nudged = true;
        trouble(c, "slow", "The voice was slow to answer and was asked again");
        if (!*c->active && !c->requested) {
            int64_t before = c->progress_ms;
            send_create(c, NULL, "answer");
            c->progress_ms = before; /* the clock runs on from the first question */
            c->nudged = true;
        }
    }
    int64_t left = (quiet >= ANSWER_MS ? 2 : 1) * ANSWER_MS - quiet;
    call_timer_start(c, CALL_T_ANSWER, (double)left / 1000.0 + 0.01);
}

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
        answer_late(c);
        break;
    case CALL_T_KEYS:
        call_model_keys(c);
        break;
    case CALL_T_TOOL:
        tools_late(c);
        break;
    case CALL_T_LEAVE:
        call_end(c, c->leave_why, NULL);
        break;
    default:
        break;
    }
}
