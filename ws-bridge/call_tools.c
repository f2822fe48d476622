/* Tools the model asks for: run by the pool, answered to the model, never waited for without end.
 */
#include "ws-bridge/call.h"
#include "base/clock.h"
#include "base/log.h"

#include <stdio.h>
#include <string.h>

bool call_no_tools(const struct call *c)
{
    for (size_t i = 0; i < DESK_MAX_TOOLS_AT_ONCE; i++)
        if (c->tools[i].seq)
            return false;
    return true;
}

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
    call_measure_tool(c, -1);
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
    call_measure_tool(c, TOOLPOOL_LIMIT_S * 1000 - (slot->deadline_ms - desk_mono_ms()));
    if (n->rc || !n->text)
        refuse_tool(c, slot->call_id, "It failed on our side.");
    else
        send_tool_output(c, slot->call_id, n->text);
    if (n->leave && c->state == CALL_TALKING)
        call_leave(c, n->next);
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
            call_measure_tool(c, TOOLPOOL_LIMIT_S * 1000);
            refuse_tool(c, t->call_id, "It took too long.");
        } else if (t->seq && (!next || t->deadline_ms < next)) {
            next = t->deadline_ms;
        }
    }
    if (next)
        call_timer_start(c, CALL_T_TOOL, (double)(next - now) / 1000.0 + 0.01);
    call_respond(c);
}
