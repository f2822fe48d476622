/* Tools: run by the pool, answered to the model, never waited for without end. A result always
 * leads to a new response, or away from here. */
#include "ws-bridge/call.h"
#include "base/clock.h"
#include "base/log.h"

#include <stdio.h>
#include <string.h>

#define SOON_S 0.25 /* somebody speaks: look again */

bool call_no_tools(const struct call *c)
{
    for (size_t i = 0; i < DESK_MAX_TOOLS_AT_ONCE; i++)
        if (c->tools[i].seq)
            return false;
    return true;
}

/* ---- results --------------------------------------------------------------------------------- */

/* item NULL: the server gives it an id. */
static void send_tool_output(struct call *c, const char *item, const char *call_id,
                             const char *output)
{
    char id[24];
    story_result(&c->story, call_id, output);
    call_want(c);
    if (!c->model.up)
        return; /* the next session is told the whole story */
    struct queue_msg *m = queue_new(&c->model.out, 6 * DESK_MAX_TOOL_REPLY + 1024);
    snprintf(id, sizeof id, "fd-tool-%u", (unsigned)++c->events);
    if (m)
        desk_rt_build_function_output_as(&m->buf, id, item, call_id, output);
    call_send(c, &c->model, m, QUEUE_TEXT, 0);
}

static void refuse_tool(struct call *c, const char *call_id, const char *why)
{
    char output[400];
    snprintf(output, sizeof output,
             "{\"ok\":false,\"error\":\"%s Nothing can be promised. Tell the caller, and offer to "
             "take a message.\"}",
             why);
    send_tool_output(c, NULL, call_id, output);
}

/* It failed on our side. An end is an end all the same: the database learns of it later. */
static void failed(struct call *c, const struct running_tool *t, const char *why)
{
    if (!*t->call_id && c->state < CALL_LEAVING) {
        call_leave(c, LEAVE_NOBODY, NULL);
    } else if (t->kind == TOOL_END && t->back) {
        call_leave_item_delete(c, t->item);
        story_forget(&c->story, t->call_id);
    } else if (t->kind == TOOL_END && c->state < CALL_LEAVING) {
        call_leave(c, t->message ? LEAVE_MESSAGE : LEAVE_GOODBYE, t);
    } else if (*t->call_id) {
        refuse_tool(c, t->call_id, why);
    }
}

static void take_back(struct call *c, const struct running_tool *t)
{
    struct scribe_call who = call_scribe(c);
    scribe_leave_undo(c->b->scribe, &who);
    call_event(c, "stream", "leave_cancelled", "The caller had more to say");
    if (t) {
        call_leave_item_delete(c, t->item);
        story_forget(&c->story, t->call_id);
    }
    if (c->owed && !*c->active) /* they have finished, and nothing came of it yet */
        call_want(c);
}

static void succeeded(struct call *c, const struct running_tool *t, const struct note *n)
{
    char output[24];
    bool leaves = n->leave && c->state < CALL_LEAVING;
    if (leaves && t->back) {
        take_back(c, t);
        return;
    }
    if (n->leave && c->state == CALL_LEAVING && *t->call_id) { /* a second end leaves no trace */
        call_leave_item_delete(c, t->item);
        story_forget(&c->story, t->call_id);
        return;
    }
    snprintf(output, sizeof output, "fd-out-%u", (unsigned)t->seq);
    if (*t->call_id)
        send_tool_output(c, leaves ? output : NULL, t->call_id, n->text);
    if (leaves)
        call_leave(c, call_leave_of(n->next), t);
    else if (!*t->call_id && c->state < CALL_LEAVING)
        call_leave(c, LEAVE_NOBODY, NULL);
}

/* The last one is back: nobody waits for tools any more. */
static void all_back(struct call *c)
{
    call_timer_stop(c, CALL_T_TOOL);
    call_timer_stop(c, CALL_T_FILLER);
    quiet_busy(&c->quiet, false, desk_mono_ms());
}

void call_tool_done(struct call *c, struct note *n)
{
    struct running_tool *slot = NULL, t;
    for (size_t i = 0; i < DESK_MAX_TOOLS_AT_ONCE; i++)
        if (c->tools[i].seq && c->tools[i].seq == n->seq)
            slot = &c->tools[i];
    if (c->state >= CALL_ENDING)
        return;
    if (!slot) { /* it came too late: the model was told that it failed, and the talk went on */
        if (n->leave && c->state == CALL_TALKING)
            take_back(c, NULL);
        return;
    }
    t = *slot;
    slot->seq = 0;
    call_measure_tool(c, TOOLPOOL_LIMIT_S * 1000 - (t.deadline_ms - desk_mono_ms()));
    if (call_no_tools(c))
        all_back(c);
    if (n->ok) {
        quiet_done(&c->quiet);
        c->helped = c->helped || t.kind == TOOL_CALLBACK;
    }
    bool told = n->text && *t.call_id && t.kind != TOOL_END; /* it has words for that */
    if (n->rc || !n->text || (n->failed && !told))
        failed(c, &t, "It failed on our side.");
    else
        succeeded(c, &t, n);
    call_respond(c);
}

/* The tools whose time is over; the next one's time. */
void call_tools_late(struct call *c)
{
    int64_t now = desk_mono_ms(), next = 0;
    for (size_t i = 0; i < DESK_MAX_TOOLS_AT_ONCE && c->state < CALL_ENDING; i++) {
        struct running_tool t = c->tools[i];
        if (t.seq && t.deadline_ms <= now) {
            desk_log(DESK_LOG_ERROR, "tool.late", "call=%s seq=%u", c->name, (unsigned)t.seq);
            call_model_trouble(c, "tool_late",
                               "Something took too long; the receptionist went on without");
            c->tools[i].seq = 0;
            call_measure_tool(c, TOOLPOOL_LIMIT_S * 1000);
            failed(c, &t, "It took too long.");
        } else if (t.seq && (!next || t.deadline_ms < next)) {
            next = t.deadline_ms;
        }
    }
    if (c->state >= CALL_ENDING)
        return;
    if (call_no_tools(c))
        all_back(c);
    else
        call_timer_start(c, CALL_T_TOOL, (double)(next - now) / 1000.0 + 0.01);
    call_respond(c);
}

/* ---- asking for one -------------------------------------------------------------------------- */

struct asked {
    const char *call_id, *item, *response, *name, *arguments;
};

static enum tool_kind kind_of(const char *name)
{
    static const struct {
        const char *name;
        enum tool_kind kind;
    } rows[] = {{"schedule_callback", TOOL_CALLBACK},
                {"transfer_to_owner", TOOL_TRANSFER},
                {"end_call", TOOL_END}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].name, name) == 0)
            return rows[i].kind;
    return TOOL_OTHER;
}

static bool for_message(const char *arguments)
{
    json_t *v = json_loads(arguments, 0, NULL);
    const char *outcome = json_string_value(json_object_get(v, "outcome"));
    bool message = outcome && strcmp(outcome, "message") == 0;
    json_decref(v);
    return message;
}

/* Not for an end: a goodbye is said already, "one moment" would be strange behind it. */
void call_tools_watch(struct call *c)
{
    long ms = desk_tenant_setting_int(&c->claim->settings, DESK_S_TOOL_FILLER_MS);
    int64_t now = desk_mono_ms();
    bool waits = false;
    for (size_t i = 0; i < DESK_MAX_TOOLS_AT_ONCE; i++)
        waits = waits || (c->tools[i].seq && c->tools[i].kind != TOOL_END);
    if (!waits)
        return;
    if (!c->wait_ms)
        c->wait_ms = now;
    int64_t left = c->wait_ms + ms - now;
    if (ms && !c->filled && !ev_is_active(&c->timers[CALL_T_FILLER]))
        call_timer_start(c, CALL_T_FILLER, left > 50 ? (double)left / 1000.0 : 0.05);
}

/* NULL: it runs. Else why not. */
static const char *run(struct call *c, const struct asked *a)
{
    struct running_tool *slot = NULL;
    for (size_t i = 0; i < DESK_MAX_TOOLS_AT_ONCE && !slot; i++)
        slot = c->tools[i].seq ? NULL : &c->tools[i];
    if (!slot || c->tool_seq >= DESK_MAX_TOOLS_IN_CALL || strlen(a->call_id) >= PLAY_ID)
        return "Too many tools at once.";
    if (strlen(a->name) > 64 || strlen(a->arguments) > DESK_MAX_TOOL_ARGS)
        return "There is no such tool, or too much was given to it.";
    enum tool_kind kind = kind_of(a->name);
    *slot = (struct running_tool){.seq = ++c->tool_seq,
                                  .kind = kind,
                                  .message = kind == TOOL_END && for_message(a->arguments),
                                  .back = kind == TOOL_END && c->caller_speaks,
                                  .deadline_ms = desk_mono_ms() + TOOLPOOL_LIMIT_S * 1000};
    slot->back = slot->back && !slot->message;
    snprintf(slot->call_id, sizeof slot->call_id, "%s", a->call_id);
    snprintf(slot->item, sizeof slot->item, "%s", strlen(a->item) < PLAY_ID ? a->item : "");
    snprintf(slot->response, sizeof slot->response, "%s", a->response);
    struct tool_job job = {.handle = c->handle,
                           .seq = slot->seq,
                           .tenant_id = c->claim->call.tenant_id,
                           .call_id = c->claim->call.id,
                           .name = a->name,
                           .arguments = a->arguments};
    enum desk_rc rc = toolpool_run(c->b->tools, &job);
    if (rc) {
        desk_log(DESK_LOG_ERROR, "tool.refused", "call=%s rc=%s", c->name, desk_rc_name(rc));
        slot->seq = 0;
        return "It is too busy.";
    }
    call_measure_tool(c, -1);
    quiet_busy(&c->quiet, true, desk_mono_ms());
    call_tools_watch(c);
    if (!ev_is_active(&c->timers[CALL_T_TOOL]))
        call_timer_start(c, CALL_T_TOOL, TOOLPOOL_LIMIT_S);
    return NULL;
}

static void start(struct call *c, const struct asked *a)
{
    enum tool_kind kind = kind_of(a->name);
    bool beside = kind == TOOL_OTHER || kind == TOOL_CALLBACK; /* what was promised is done */
    if (c->state == CALL_LEAVING && kind == TOOL_END)
        call_leave_item_delete(c, a->item); /* we are on our way, and may yet come back */
    if (c->state != CALL_TALKING && !(c->state == CALL_LEAVING && beside))
        return;
    c->tool_asked = true;
    if (*a->call_id && story_find(&c->story, a->call_id))
        return; /* it is told twice */
    story_tool(&c->story, a->call_id, a->name, a->arguments, call_now_ms(c));
    if (++c->tools_unheard > DESK_MAX_TOOLS_UNHEARD) {
        call_model_gone(c, DESK_RT_FATAL_CALL, "it used tools in circles and said nothing");
        return;
    }
    const char *why = run(c, a);
    if (why)
        refuse_tool(c, a->call_id, why);
}

static void asked(struct call *c, const struct desk_rt_event *ev, const char *response)
{
    struct asked a = {ev->call_id, ev->item_id, response, ev->name, ev->arguments};
    if (ev->item_type == DESK_RT_ITEM_FUNCTION_CALL &&
        (ev->status == DESK_RT_STATUS_COMPLETED || ev->status == DESK_RT_STATUS_NONE))
        start(c, &a);
}

void call_tool_asked(struct call *c, const struct desk_rt_event *ev)
{
    if (!call_ear_refused(c, ev))
        asked(c, ev, *ev->response_id ? ev->response_id : c->active);
}

void call_tool_own(struct call *c, const char *name, const char *arguments)
{
    struct asked a = {"", "", "", name, arguments};
    if (run(c, &a))
        call_leave(c, LEAVE_NOBODY, NULL);
}

/* ---- function calls in pieces ---------------------------------------------------------------- */

void call_tools_clear(struct call *c)
{
    for (size_t i = 0; i < CALL_TOLD; i++) {
        json_decref(c->told[i]);
        c->told[i] = NULL;
    }
}

void call_tool_told(struct call *c, const struct desk_rt_event *ev)
{
    bool piece = ev->type == DESK_RT_ARGUMENTS_DONE ||
                 ev->item_type == DESK_RT_ITEM_FUNCTION_CALL; /* output_item.added has the name */
    if (call_ear_refused(c, ev))
        return;
    for (size_t i = 0; i < CALL_TOLD && piece; i++) {
        if (c->told[i])
            continue;
        c->told[i] = json_incref(ev->json);
        return;
    }
}

static const char *text_of(const json_t *object, const char *name)
{
    const char *s = json_string_value(json_object_get(object, name));
    return s ? s : "";
}

/* Name of the call whose arguments these are: given with them, or with its item before. */
static const char *name_of(const struct call *c, const json_t *piece)
{
    const char *name = text_of(piece, "name"), *id = text_of(piece, "item_id");
    for (size_t i = 0; i < CALL_TOLD && !*name; i++) {
        const json_t *item = json_object_get(c->told[i], "item");
        if (item && strcmp(text_of(item, "id"), id) == 0)
            name = text_of(item, "name");
    }
    return name;
}

/* Some servers tell of a tool call in the finished response only, or only its arguments. */
bool call_tools_of_response(struct call *c, const struct desk_rt_event *done)
{
    struct desk_rt_event item;
    bool whole = done->status == DESK_RT_STATUS_COMPLETED || done->status == DESK_RT_STATUS_NONE;
    bool missing = whole && !c->tool_asked;
    for (size_t i = 0; missing && desk_rt_event_output(done, i, &item); i++)
        asked(c, &item, done->response_id);
    missing = missing && !c->tool_asked;
    for (size_t i = 0; missing && i < CALL_TOLD && c->told[i]; i++) {
        const json_t *piece = c->told[i];
        struct asked a = {text_of(piece, "call_id"), text_of(piece, "item_id"), done->response_id,
                          name_of(c, piece), text_of(piece, "arguments")};
        if (*a.call_id)
            start(c, &a);
    }
    call_tools_clear(c);
    bool any = c->tool_asked;
    c->tool_asked = false;
    return any;
}

/* ---- while they run -------------------------------------------------------------------------- */

/* "One moment", once for one wait, and into nobody's words. */
void call_tools_slow(struct call *c)
{
    int64_t ours = c->play.until_ms - desk_mono_ms();
    if (call_no_tools(c) || c->filled || c->state != CALL_TALKING)
        return;
    if (*c->active || c->requested || c->caller_speaks || ours > 0) {
        call_timer_start(c, CALL_T_FILLER, ours > 0 ? (double)ours / 1000.0 + SOON_S : SOON_S);
        return;
    }
    c->filled = true;
    call_say(c, "One moment, please.", "filler", true);
}

void call_tools_back(struct call *c)
{
    for (size_t i = 0; i < DESK_MAX_TOOLS_AT_ONCE; i++)
        if (c->tools[i].seq && c->tools[i].kind == TOOL_END && !c->tools[i].message)
            c->tools[i].back = true;
}
