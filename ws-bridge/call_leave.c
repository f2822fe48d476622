/* Leaving the stream: the last words are played to their mark, then the end is written. While the
 * caller may still have more to say, leaving can be taken back and then never was. */
#include "ws-bridge/call.h"
#include "base/clock.h"

#include <stdio.h>
#include <string.h>

#define LEAVE_S       6.0   /* for the last words to begin */
#define LEAVE_SPARE_S 1.5   /* beyond their length */
#define LEAVE_MAX_MS  20000 /* whatever is still being said */

enum {
    NOT_HELD,
    BY_SPEECH = CALLER_SPOKE | CALLER_KEYED,
    BY_WORDS = CALLER_SAID | CALLER_KEYED /* it was noise before */
};

static const struct {
    const char *why;    /* stream_end */
    const char *result; /* "next" of the tool's result that leads here */
    const char *next;   /* next_step, if no tool wrote one */
    const char *outcome;
    const char *words; /* if none of its own were said before a tool's result */
    unsigned hold;     /* what takes it back */
} leaves[LEAVE__MAX] = {
    [LEAVE_GOODBYE] = {"goodbye", "hangup", DESK_NEXT_HANGUP, NULL,
                       "Thank you for calling. Goodbye.", BY_SPEECH},
    [LEAVE_TRANSFER] = {"transfer", "transfer", DESK_NEXT_TRANSFER, NULL,
                        "One moment, I am putting you through.", NOT_HELD},
    [LEAVE_MESSAGE] = {"message", "message", DESK_NEXT_MESSAGE, NULL,
                       "Please leave your message after the tone.", NOT_HELD},
    [LEAVE_NOBODY] = {"message", NULL, DESK_NEXT_MESSAGE, NULL,
                      "I am sorry, nobody can take the call now. Please leave a message.",
                      NOT_HELD},
    [LEAVE_SILENT] = {"silent", NULL, DESK_NEXT_HANGUP, DESK_OUT_HUNG_UP,
                      "I cannot hear you, so I will hang up now. Please call again. Goodbye.",
                      BY_SPEECH},
    [LEAVE_NO_WORDS] = {"no_words", NULL, DESK_NEXT_HANGUP, DESK_OUT_HUNG_UP,
                        "I cannot understand you, so I will hang up now. Please call again. "
                        "Goodbye.",
                        BY_WORDS},
    [LEAVE_TIME_UP] = {"too_long", NULL, DESK_NEXT_HANGUP, NULL,
                       "Our time is up, so I have to end this call. Thank you for calling. "
                       "Goodbye.",
                       NOT_HELD},
    [LEAVE_TIME_MESSAGE] = {"too_long", NULL, DESK_NEXT_MESSAGE, NULL,
                            "Our time is up, but you can still leave a message for us.", NOT_HELD},
    [LEAVE_MACHINE] = {"machine", NULL, DESK_NEXT_HANGUP, DESK_OUT_MACHINE, "Goodbye.", NOT_HELD},
    [LEAVE_TOLD] = {"told", NULL, DESK_NEXT_HANGUP, NULL,
                    "I have to end this call now. Thank you for calling. Goodbye.", NOT_HELD},
};

enum leave_kind call_leave_of(const char *next)
{
    size_t i = 0;
    while (i < LEAVE_MESSAGE && strcmp(leaves[i].result, next) != 0)
        i++;
    return strcmp(leaves[i].result, next) == 0 ? (enum leave_kind)i : LEAVE_GOODBYE;
}

static void left(struct call *c)
{
    c->end_outcome = leaves[c->leaving.kind].outcome;
    call_end(c, leaves[c->leaving.kind].why, leaves[c->leaving.kind].next);
}

void call_leave_check(struct call *c)
{
    int64_t now = desk_mono_ms();
    if (c->state != CALL_LEAVING || *c->active || c->requested || call_reach_hopes(c))
        return;
    if (!play_outstanding(&c->play, now)) {
        left(c);
        return;
    }
    double rest = (double)(c->play.until_ms - now) / 1000.0;
    double most = (double)(c->leaving.since_ms + LEAVE_MAX_MS - now) / 1000.0;
    rest = (rest > 0 ? rest : 0) + LEAVE_SPARE_S;
    call_timer_start(c, CALL_T_LEAVE, rest < most ? rest : most > 0 ? most : 0.05);
}

/* Too long for the last words to begin, or for their mark: but words that sound are let out. */
void call_leave_late(struct call *c)
{
    int64_t now = desk_mono_ms(), rest = c->play.until_ms - now;
    if (rest <= 0 || now - c->leaving.since_ms >= LEAVE_MAX_MS)
        left(c);
    else
        call_timer_start(c, CALL_T_LEAVE, (double)rest / 1000.0 + LEAVE_SPARE_S);
}

/* The response that led here is over: were there last words, or must they be asked for? */
void call_leave_go_on(struct call *c)
{
    struct leaving *l = &c->leaving;
    if (*c->active || c->requested)
        return;
    if ((l->say || !c->spoke) && !l->asked && c->model.up && c->ready_ms) {
        l->asked = true;
        call_say(c, leaves[l->kind].words, "goodbye", false);
        call_answer_paid(c); /* leaving has a time of its own */
        return;
    }
    call_leave_check(c);
}

void call_leave(struct call *c, enum leave_kind kind, const struct running_tool *tool)
{
    c->leaving = (struct leaving){.kind = kind,
                                  .since_ms = desk_mono_ms(),
                                  .say = !tool || !*tool->call_id,
                                  .by_tool = tool != NULL};
    if (tool && *tool->call_id) {
        snprintf(c->leaving.item, PLAY_ID, "%s", tool->item);
        snprintf(c->leaving.call, PLAY_ID, "%s", tool->call_id);
        snprintf(c->leaving.response, PLAY_ID, "%s", tool->response);
        snprintf(c->leaving.output, sizeof c->leaving.output, "fd-out-%u", (unsigned)tool->seq);
    }
    c->state = CALL_LEAVING;
    c->wanted = false;
    call_quiet_stop(c);
    call_answer_paid(c);
    call_timer_stop(c, CALL_T_RETRY);
    call_timer_stop(c, CALL_T_FILLER);
    call_timer_start(c, CALL_T_LEAVE, LEAVE_S);
    call_leave_go_on(c);
}

bool call_leave_listens(const struct call *c)
{
    return c->state == CALL_LEAVING && c->model.up && leaves[c->leaving.kind].hold != NOT_HELD;
}

/* ---- taking it back -------------------------------------------------------------------------- */

void call_leave_item_delete(struct call *c, const char *item_id)
{
    char id[24];
    if (!*item_id || !c->model.up)
        return;
    struct queue_msg *m = queue_new(&c->model.out, 1024);
    snprintf(id, sizeof id, "fd-del-%u", (unsigned)++c->events);
    if (m)
        desk_rt_build_delete(&m->buf, id, item_id);
    call_send(c, &c->model, m, QUEUE_TEXT, 0);
}

/* What of it was cut at nothing heard is deleted already. */
void call_leave_forget(struct call *c, const char *response_id)
{
    for (size_t i = 0; i < PLAY_ITEMS; i++) {
        const struct play_item *it = &c->play.items[i];
        if (it->number && it->heard_ms != 0 && strcmp(it->response, response_id) == 0)
            call_leave_item_delete(c, it->id);
        if (it->number && strcmp(it->response, response_id) == 0)
            story_forget(&c->story, it->id);
    }
}

static void forget(struct call *c, const char *response_id)
{
    if (!*response_id)
        return;
    if (strcmp(c->active, response_id) == 0)
        snprintf(c->trash, sizeof c->trash, "%s", response_id);
    else
        call_leave_forget(c, response_id);
}

bool call_leave_cancel(struct call *c, enum caller_did what)
{
    const struct leaving l = c->leaving;
    if (!call_leave_listens(c) || !(leaves[l.kind].hold & what))
        return false;
    c->state = CALL_TALKING;
    call_timer_stop(c, CALL_T_LEAVE);
    call_event(c, "stream", "leave_cancelled", "The caller had more to say");
    call_interrupt(c, true);
    forget(c, l.response);
    forget(c, l.words);
    if (l.by_tool) {
        struct scribe_call who = call_scribe(c);
        scribe_leave_undo(c->b->scribe, &who);
        call_leave_item_delete(c, l.item);
        call_leave_item_delete(c, l.output);
        story_forget(&c->story, l.call);
    }
    c->wanted = false;
    if (c->state != CALL_TALKING)
        return false;
    call_quiet_go(c);
    if (what == CALLER_SAID) { /* they have finished already */
        call_want(c);
        call_respond(c);
    }
    return true;
}
