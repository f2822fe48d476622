/* The conversation's course: an answer that is owed, one response at a time, keys. */
#include "ws-bridge/call.h"
#include "base/clock.h"
#include "base/log.h"

#include <stdio.h>
#include <string.h>

#define ANSWER_MS 4000  /* silence after which the model is asked again; twice that: lost */
#define SOUND_MS  12000 /* owed so long and nothing heard, whatever else came: lost */

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
    call_measure_asked(c, now);
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
