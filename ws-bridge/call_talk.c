/* The conversation's course: an answer that is owed, one response at a time, tools, keys, leaving.
 */
#include "ws-bridge/call.h"
#include "base/clock.h"
#include "base/log.h"

#include <stdio.h>
#include <string.h>

#define ANSWER_MS     4000  /* silence after which the model is asked again; twice that: lost */
#define SOUND_MS      12000 /* owed so long and nothing heard, whatever else came: lost */
#define LEAVE_S       6.0   /* for the last words to begin */
#define LEAVE_SPARE_S 1.5   /* beyond their length */
#define LEAVE_MAX_S   20.0

bool call_no_tools(const struct call *c)
{
    for (size_t i = 0; i < DESK_MAX_TOOLS_AT_ONCE; i++)
        if (c->tools[i].seq)
            return false;
    return true;
}

/* ---- an answer is owed: the model may not be silent now -------------------------------------- */

void call_answer_owed(struct call *c)
{
    c->progress_ms = desk_mono_ms();
    if (!c->owed)
        c->owed_ms = c->progress_ms;
    c->owed = true;
    c->nudged = false;
    call_timer_start(c, CALL_T_ANSWER, ANSWER_MS / 1000.0);
}

void call_answer_paid(struct call *c)
{
    c->owed = false;
    call_timer_stop(c, CALL_T_ANSWER);
}

void call_model_trouble(struct call *c, const char *name, const char *sentence)
{
    if (c->model_notes++ < DESK_MAX_MODEL_NOTES)
        call_event(c, "model", name, "%s", sentence);
}

/* ---- one response at a time ------------------------------------------------------------------ */

void call_ask(struct call *c, const char *instructions, const char *purpose)
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
        call_answer_owed(c);
}

void call_want(struct call *c)
{
    c->wanted = true;
    c->wanted_ms = desk_mono_ms();
}

void call_respond(struct call *c)
{
    if (c->wanted && c->state == CALL_TALKING && !*c->active && !c->requested &&
        !c->caller_speaks && call_no_tools(c))
        call_ask(c, NULL, "answer");
}

/* ---- leaving --------------------------------------------------------------------------------- */

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
void call_leave_go_on(struct call *c)
{
    if (*c->active || c->requested)
        return;
    if (!c->spoke && !c->goodbye_asked && c->model.up) {
        c->goodbye_asked = true;
        call_ask(c, leaves[leave_row(c->leave_why)].last_words, "goodbye");
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
    call_answer_paid(c);
    call_timer_start(c, CALL_T_LEAVE, LEAVE_S);
    call_leave_go_on(c);
}

/* ---- tools ----------------------------------------------------------------------------------- */

static void send_tool_output(struct call *c, const char *call_id, const char *output)
{
    char id[24];
    struct queue_msg *m = queue_new(&c->model.out, 6 * DESK_MAX_TOOL_REPLY + 1024);
    snprintf(id, sizeof id, "fd-tool-%u", (unsigned)++c->events);
    if (m)
        desk_rt_build_function_output(&m->buf, id, call_id, output);
    call_want(c);
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

void call_tool_asked(struct call *c, const struct desk_rt_event *ev)
{
    struct running_tool *slot = NULL;
    bool asked = ev->item_type == DESK_RT_ITEM_FUNCTION_CALL &&
                 (ev->status == DESK_RT_STATUS_COMPLETED || ev->status == DESK_RT_STATUS_NONE);
    if (!asked || c->state != CALL_TALKING)
        return;
    c->tool_asked = true;
    if (++c->tools_unheard > DESK_MAX_TOOLS_UNHEARD) {
        call_model_gone(c, DESK_RT_FATAL_CALL, "it used tools in circles and said nothing");
        return;
    }
    for (size_t i = 0; i < DESK_MAX_TOOLS_AT_ONCE && !slot; i++)
        slot = c->tools[i].seq ? NULL : &c->tools[i];
    if (!slot || c->tool_seq >= DESK_MAX_TOOLS_IN_CALL || strlen(ev->call_id) >= PLAY_ID) {
        refuse_tool(c, ev->call_id, "Too many tools at once.");
        return;
    }
    if (strlen(ev->name) > 64 || strlen(ev->arguments) > DESK_MAX_TOOL_ARGS) {
        refuse_tool(c, ev->call_id, "There is no such tool, or too much was given to it.");
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

void call_tool_done(struct call *c, struct note *n)
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
    call_respond(c);
}

/* The tools whose time is over; the next one's time. */
void call_tools_late(struct call *c)
{
    int64_t now = desk_mono_ms(), next = 0;
    for (size_t i = 0; i < DESK_MAX_TOOLS_AT_ONCE && c->state < CALL_ENDING; i++) {
        struct running_tool *t = &c->tools[i];
        if (t->seq && t->deadline_ms <= now) {
            desk_log(DESK_LOG_ERROR, "tool.late", "call=%s seq=%u", c->name, (unsigned)t->seq);
            call_model_trouble(c, "tool_late",
                               "Something took too long; the receptionist went on without");
            t->seq = 0;
            refuse_tool(c, t->call_id, "It took too long.");
        } else if (t->seq && (!next || t->deadline_ms < next)) {
            next = t->deadline_ms;
        }
    }
    if (next)
        call_timer_start(c, CALL_T_TOOL, (double)(next - now) / 1000.0 + 0.01);
    call_respond(c);
}

/* ---- keys ------------------------------------------------------------------------------------ */

void call_keys(struct call *c)
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
    if (call_may_write(c))
        scribe_turn(c->b->scribe, &who, &t);
    c->n_keys = 0;
    c->tools_unheard = 0;
    struct queue_msg *m = queue_new(&c->model.out, 1024);
    if (m)
        desk_rt_build_message(&m->buf, id, c->b->target.dialect, DESK_RT_USER, text);
    call_want(c);
    if (call_send(c, &c->model, m, QUEUE_TEXT, 0))
        call_respond(c);
}

/* ---- a slow model ---- */

void call_answer_late(struct call *c)
{
    int64_t now = desk_mono_ms();
    if (!call_no_tools(c))
        c->progress_ms = c->owed_ms = now;
    int64_t quiet = now - c->progress_ms;
    int64_t heard = c->play.until_ms > c->owed_ms ? c->play.until_ms : c->owed_ms;
    if (quiet >= 2 * ANSWER_MS || now - heard >= SOUND_MS) {
        call_model_gone(c, DESK_RT_FATAL_CALL, "it did not answer");
        return;
    }
    if (quiet >= ANSWER_MS && !c->nudged) {
        c->nudged = true;
        call_model_trouble(c, "slow", "The voice was slow to answer and was asked again");
        if (!*c->active && !c->requested) {
            int64_t before = c->progress_ms;
            call_ask(c, NULL, "answer");
            c->progress_ms = before; /* the clock runs on from the first question */
            c->nudged = true;
        }
    }
    int64_t left = (quiet >= ANSWER_MS ? 2 : 1) * ANSWER_MS - quiet;
    if (left > heard + SOUND_MS - now)
        left = heard + SOUND_MS - now;
    call_timer_start(c, CALL_T_ANSWER, (double)left / 1000.0 + 0.01);
}
