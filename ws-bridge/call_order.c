/* What the owner asks of a call while it runs: say this, put them through, take a message, end. One
 * after the other. A sentence waits until nothing else is being said or owed; what ends the talk
 * waits for nobody. An order that is not seen to when the stream ends stays where it was written:
 * if the call goes on by other means, those look there. */
#include "ws-bridge/call.h"
#include "ws-bridge/relay.h"
#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOOK_S 0.25  /* how often a sentence that waits is looked at */
#define SAY_MS 25000 /* longest time for it to be said and heard */

/* What ends the talk. */
static const struct leads {
    const char *kind, *next;
    const char *why, *words; /* of a relay; the others are in call_leave.c */
    enum leave_kind leave;
} leads[] = {
    {DESK_LIVE_THROUGH, DESK_NEXT_TRANSFER, "transfer", "One moment, I am putting you through.",
     LEAVE_TRANSFER},
    {DESK_LIVE_MESSAGE, DESK_NEXT_MESSAGE, "message", "Please leave your message after the tone.",
     LEAVE_MESSAGE},
    {DESK_LIVE_HANGUP, DESK_NEXT_HANGUP, "told",
     "I have to end this call now. Thank you for calling. Goodbye.", LEAVE_TOLD},
};

static const struct leads *leads_of(const struct ordered *o)
{
    for (size_t i = 0; o && i < sizeof leads / sizeof *leads; i++)
        if (strcmp(leads[i].kind, o->kind) == 0)
            return &leads[i];
    return NULL;
}

static struct ordered *first(const struct call *c)
{
    return c->orders.n ? c->orders.v[0] : NULL;
}

static void write_state(struct call *c, const struct ordered *o, const char *state)
{
    struct scribe_call who = call_scribe(c);
    scribe_order(c->b->scribe, &who, o, state);
}

/* The first is over; the next one's turn. */
static void over(struct call *c, const char *state)
{
    struct orders *os = &c->orders;
    struct ordered *o = first(c);
    write_state(c, o, state);
    free(o);
    memmove(os->v, os->v + 1, --os->n * sizeof *os->v);
    os->asked = false;
    os->response[0] = '\0';
    os->saying = 0;
    os->since_ms = desk_mono_ms();
}

/* ---- beginning ------------------------------------------------------------------------------- */

/* What is being said now is cut off: the owner's word goes before it. */
static void lead_away(struct call *c, const struct leads *to)
{
    c->orders.asked = true;
    write_state(c, first(c), DESK_LIVE_ASKED);
    if (c->relay) {
        relay_order_leave(c, to->words, to->why, to->next);
        return;
    }
    c->taken_over = true;
    call_interrupt(c, true);
    c->taken_over = false;
    if (c->state == CALL_TALKING)
        call_leave(c, to->leave, NULL);
}

static void say(struct call *c)
{
    struct orders *os = &c->orders;
    if (c->relay) {
        os->asked = relay_order_say(c, first(c)->text, &os->saying);
    } else if (c->model.up && !*c->active && !c->requested && !c->wanted && !c->owed &&
               !c->caller_speaks && !c->n_keys && call_no_tools(c)) {
        os->asked = true;
        call_say(c, first(c)->text, ORDER_PURPOSE, false);
    }
    if (os->asked)
        write_state(c, first(c), DESK_LIVE_ASKED);
}

static void begin(struct call *c)
{
    const struct leads *to = leads_of(first(c));
    if (c->orders.asked || c->state != CALL_TALKING)
        return;
    if (to)
        lead_away(c, to);
    else
        say(c);
}

bool call_order(struct call *c, struct ordered *o)
{
    struct orders *os = &c->orders;
    if (c->state >= CALL_LEAVING || os->n == DESK_MAX_ORDERS) {
        write_state(c, o, c->state >= CALL_LEAVING ? DESK_LIVE_LATE : DESK_LIVE_FAILED);
        return false;
    }
    if (!os->n)
        os->since_ms = desk_mono_ms();
    os->v[os->n++] = o;
    call_order_look(c);
    return true;
}

void call_order_respond(struct call *c)
{
    if (first(c) && !leads_of(first(c)))
        begin(c);
}

/* ---- what comes of it ------------------------------------------------------------------------ */

static bool says(const struct call *c, const struct play_item *item)
{
    return first(c) && *c->orders.response && strcmp(item->response, c->orders.response) == 0;
}

void call_order_began(struct call *c)
{
    if (c->orders.asked)
        snprintf(c->orders.response, PLAY_ID, "%s", c->active);
}

void call_order_refused(struct call *c)
{
    if (!first(c) || leads_of(first(c)))
        return;
    c->orders.asked = false;
    c->orders.response[0] = '\0';
}

void call_order_heard(struct call *c, const struct play_item *item)
{
    if (says(c, item))
        over(c, DESK_LIVE_DONE);
}

void call_order_cut(struct call *c, const struct play_item *item)
{
    if (says(c, item) && item->heard_ms > 0)
        over(c, DESK_LIVE_CUT);
    else if (says(c, item)) /* not a sound of it was heard */
        call_order_refused(c);
}

void call_order_relay_cut(struct call *c, uint32_t saying, bool any)
{
    if (!first(c) || !c->orders.saying || saying != c->orders.saying)
        return;
    if (any)
        over(c, DESK_LIVE_CUT);
    else
        call_order_refused(c);
}

/* All that was sent to Twilio's voice is spoken. */
static bool relay_said(struct call *c)
{
    return c->relay && c->orders.saying && speech_rest_ms(&c->relay->speech, desk_mono_ms()) <= 0;
}

void call_order_look(struct call *c)
{
    if (!first(c))
        return;
    if (relay_said(c))
        over(c, DESK_LIVE_DONE);
    else if (!leads_of(first(c)) && desk_mono_ms() - c->orders.since_ms > SAY_MS)
        over(c, DESK_LIVE_FAILED);
    if (first(c))
        begin(c);
    if (first(c) && c->state < CALL_ENDING)
        call_timer_start(c, CALL_T_ORDER, LOOK_S);
}

/* Done, if it was what ended the stream; begun and not done; or left for who goes on. */
void call_orders_end(struct call *c, const char *why)
{
    const struct leads *to = leads_of(first(c));
    bool gone = strcmp(why, "caller_left") == 0 || strcmp(why, "line_lost") == 0;
    if (to && c->orders.asked)
        over(c, gone ? DESK_LIVE_LATE : DESK_LIVE_DONE);
    else if (first(c) && c->orders.asked)
        over(c, DESK_LIVE_FAILED);
    while (gone && first(c))
        over(c, DESK_LIVE_LATE);
}

void call_orders_clear(struct call *c)
{
    while (c->orders.n)
        free(c->orders.v[--c->orders.n]);
}
