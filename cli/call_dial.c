/* <Dial>: where a call goes to somebody else. Source: Twilio "TwiML Voice: Dial". What a caller's
 * hang-up does to the action is not written there: we tell the action with CallStatus completed and
 * drop its answer, the harder case for a server. The same for a whisper that hangs up:
 * DialCallStatus completed, DialBridged false. */
#include "cli/call_sim.h"

#include <stdio.h>
#include <string.h>

enum sim_next sim_action_next(struct sim_call *c, const struct sim_node *n)
{
    struct desk_http_reply reply;

    if (!c->over)
        return SIM_GO;
    if (c->r->end == DESK_SIM_END_STOPPED || c->r->end == DESK_SIM_END_ERROR)
        return SIM_END;
    c->leg.status = "completed";
    sim_note(c, "twilio", "action", -1, "<%s action> is told that the caller is gone", n->name);
    (void)sim_web(c, &c->leg, c->go.url, c->go.get, &c->go.fields, &reply);
    desk_http_reply_clear(&reply);
    return SIM_END;
}

/* ---- Dial ------------------------------------------------------------------------------------ */

struct dial {
    const struct sim_node *noun; /* <Number> …, or the <Dial> itself with plain text */
    struct sim_leg leg;
    const char *result; /* answered busy no-answer failed canceled */
    long talk_ms;
    bool bridged;
};

/* <Number statusCallback>: events it was asked for; "completed" alone by default. */
static void number_event(struct sim_call *c, struct dial *d, const char *event, const char *status)
{
    const char *url = sim_attr(d->noun, "statusCallback", NULL);
    struct sim_fields f = {.n = 0};

    d->leg.status = status;
    if (!url || !strstr(sim_attr(d->noun, "statusCallbackEvent", "completed"), event))
        return;
    sim_field(c, &f, "CallbackSource", "call-progress-events");
    if (strcmp(event, "completed") == 0)
        sim_field_long(c, &f, "CallDuration", d->talk_ms / 1000);
    sim_web_callback(c, &d->leg, url, sim_attr(d->noun, "statusCallbackMethod", "POST"), &f);
}

static long ring_ms(const struct sim_call *c, const struct sim_node *n, const char *result)
{
    if (c->o->dial_ring_ms >= 0)
        return c->o->dial_ring_ms;
    if (strcmp(result, "no-answer") == 0)
        return sim_attr_long(n, "timeout", 30, 1, 600) * 1000;
    return strcmp(result, "answered") == 0 || strcmp(result, "busy") == 0 ? 2000 : 0;
}

/* The caller hears ringing; one whose next step is to hang up does so after a second. */
static bool ring(struct sim_call *c, struct dial *d, const struct sim_node *n)
{
    const struct sim_step *step = sim_cursor_step(&c->leg.cursor);
    long ms = ring_ms(c, n, d->result);
    bool leaves = step && step->kind == DESK_SIM_HANGUP && strcmp(d->result, "answered") != 0;

    sim_note(c, "callee", "ring", ms, "%s rings", d->leg.to);
    number_event(c, d, "ringing", "ringing");
    if (!sim_sit_through(c, leaves && ms > 1000 ? 1000 : ms))
        return false;
    if (leaves) {
        sim_cursor_next(&c->leg.cursor);
        sim_note(c, "caller", "hangup", -1, "hangs up while it rings");
        sim_end(c, DESK_SIM_END_CALLER, "the caller hung up while it rang");
    }
    return !c->over;
}

/* <Number url>: TwiML for the one who answers, before the two are joined. False: that one is gone.
 */
static bool whisper(struct sim_call *c, struct dial *d)
{
    const char *url = sim_attr(d->noun, "url", NULL);
    struct desk_arena *arena = c->arena;
    char document[DESK_MAX_SIM_URL];
    struct sim_go go = c->go;
    bool stays = true;

    if (!url || !url[0])
        return true;
    c->arena = desk_arena_new(DESK_MAX_REQUEST_ARENA);
    if (c->arena && sim_go_to(c, url, sim_attr(d->noun, "method", "POST"))) {
        snprintf(document, sizeof document, "%s", c->document);
        c->on = &d->leg;
        d->leg.status = "in-progress";
        sim_follow(c);
        stays = strcmp(d->leg.status, "in-progress") == 0;
        c->on = &c->leg;
        snprintf(c->document, sizeof c->document, "%s", document);
    }
    desk_arena_free(c->arena);
    c->arena = arena;
    c->go = go;
    return stays;
}

static void talk(struct sim_call *c, struct dial *d)
{
    const struct sim_step *step;

    d->bridged = true;
    d->talk_ms = c->o->dial_talk_ms;
    sim_heard(c);
    sim_note(c, "callee", "talk", d->talk_ms, "%s and the caller talk for %ld s", d->leg.to,
             d->talk_ms / 1000);
    if (!sim_sit_through(c, d->talk_ms))
        return;
    step = sim_cursor_step(&c->leg.cursor);
    if (step && step->kind == DESK_SIM_HANGUP) {
        sim_cursor_next(&c->leg.cursor);
        sim_note(c, "caller", "hangup", -1, "hangs up after talking");
        sim_end(c, DESK_SIM_END_CALLER, "the caller hung up after talking");
    } else {
        sim_note(c, "callee", "hangup", -1, "%s hangs up", d->leg.to);
    }
}

static const char *dial_run(struct sim_call *c, struct dial *d, const struct sim_node *n)
{
    number_event(c, d, "initiated", "initiated");
    if (!ring(c, d, n))
        return "canceled";
    if (strcmp(d->result, "answered") != 0) {
        sim_note(c, "callee", "dial-end", -1, "%s: %s", d->leg.to, d->result);
        return d->result;
    }
    sim_note(c, "callee", "answer", -1, "%s answers", d->leg.to);
    number_event(c, d, "answered", "in-progress");
    if (whisper(c, d) && !c->over)
        talk(c, d);
    return "completed";
}

static void dial_init(struct sim_call *c, struct dial *d, const struct sim_node *n,
                      struct desk_sim_script *keys)
{
    memset(d, 0, sizeof *d);
    d->noun = n->first ? n->first : n;
    d->result = c->o->dial_result ? c->o->dial_result : "no-answer";
    d->leg.who = "callee";
    d->leg.from = sim_attr(n, "callerId", c->leg.from);
    d->leg.to = d->noun->text;
    d->leg.direction = "outbound-dial";
    d->leg.cursor.script = keys;
    sim_sid(d->leg.sid, "CA");
    snprintf(d->leg.parent, sizeof d->leg.parent, "%s", c->leg.sid);
}

enum sim_next sim_verb_dial(struct sim_call *c, const struct sim_node *n)
{
    const char *action = sim_attr(n, "action", NULL), *status;
    /* who answers wants to talk, and so takes the call of a whisper that asks */
    const char *press = c->o->dial_keys ? c->o->dial_keys : "1";
    struct desk_sim_script *keys = NULL;
    char why[64];
    struct dial d;

    if (c->on != &c->leg) {
        sim_warning(c, 12200, "<Dial> has no place in a whisper");
        return SIM_NEXT;
    }
    if (*press && (keys = desk_sim_script_new()) != NULL &&
        desk_sim_script_add(keys, DESK_SIM_PRESS, press, 0, why, sizeof why) != DESK_OK)
        sim_error(c, 0, "%s", why);
    dial_init(c, &d, n, keys);
    status = dial_run(c, &d, n);
    number_event(c, &d, "completed", status);
    desk_sim_script_free(keys);
    if (!action)
        return c->over ? SIM_END : SIM_NEXT;
    if (!sim_go_to(c, action, sim_attr(n, "method", "POST")))
        return SIM_FAIL;
    sim_field(c, &c->go.fields, "DialCallStatus", status);
    sim_field(c, &c->go.fields, "DialCallSid", d.leg.sid);
    sim_field_long(c, &c->go.fields, "DialCallDuration", d.talk_ms / 1000);
    sim_field(c, &c->go.fields, "DialBridged", d.bridged ? "true" : "false");
    return sim_action_next(c, n);
}
