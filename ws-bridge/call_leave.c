/* Leaving the stream: the last words are played, then the end is written. */
#include "ws-bridge/call.h"
#include "base/clock.h"

#include <stdio.h>
#include <string.h>

#define LEAVE_S       6.0 /* for the last words to begin */
#define LEAVE_SPARE_S 1.5 /* beyond their length */
#define LEAVE_MAX_S   20.0

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

void call_leave(struct call *c, const char *next)
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
