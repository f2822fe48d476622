/* The rules brain behind the relay: core/dialog.h, with the business's profile out of the FACTS
 * block. Pure and quick, so it answers from within step(). */
#include "ws-bridge/relay_brain.h"
#include "core/dialog.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct rules {
    struct desk_dialog_profile profile;
    struct desk_dialog dialog;
    struct desk_dialog_output out;
    relay_answer_fn *answer;
    void *ctx;
};

static void *open_rules(const struct relay_brain_setup *s)
{
    struct rules *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    desk_dialog_init(&r->dialog);
    r->profile.open_now = true;
    if (desk_dialog_profile_find(&r->profile, s->instructions) != DESK_OK)
        r->profile.n_services = 0; /* a business of no particular name: it still takes messages */
    if (s->greeting && *s->greeting)
        snprintf(r->profile.greeting, sizeof r->profile.greeting, "%s", s->greeting);
    r->answer = s->answer;
    r->ctx = s->ctx;
    return r;
}

static const enum desk_dialog_event events[RELAY_INPUT__MAX] = {
    [RELAY_IN_START] = DESK_DIALOG_START,
    [RELAY_IN_WORDS] = DESK_DIALOG_SPEECH,
    [RELAY_IN_KEYS] = DESK_DIALOG_DIGITS,
    [RELAY_IN_SILENCE] = DESK_DIALOG_SILENCE,
    [RELAY_IN_TOOL_RESULT] = DESK_DIALOG_TOOL_RESULT,
    [RELAY_IN_ALARM] = DESK_DIALOG_ALARM,
};

static void step(void *brain, const struct relay_input *in)
{
    struct rules *r = brain;
    struct desk_dialog_input di = {.event = events[in->kind], .text = in->text, .tool = in->tool};
    int before = r->dialog.state;
    desk_dialog_step(&r->profile, &r->dialog, &di, &r->out);
    bool tool = r->out.tool_name[0] != '\0';
    r->answer(r->ctx, &(struct relay_answer){.words = r->out.say,
                                             .last = true,
                                             .tool = tool ? r->out.tool_name : NULL,
                                             .args = r->out.tool_args,
                                             .parting = r->out.done,
                                             .led_on = r->dialog.state != before || tool});
}

static bool led(void *brain, const char *instructions, bool alarm)
{
    struct rules *r = brain;
    struct desk_dialog_profile *p = &r->profile;
    char greeting[sizeof p->greeting];
    memcpy(greeting, p->greeting, sizeof greeting);
    if (desk_dialog_profile_find(p, instructions) != DESK_OK)
        p->n_services = 0;
    memcpy(p->greeting, greeting, sizeof greeting);
    return alarm;
}

static void held(void *brain)
{
    struct rules *r = brain;
    desk_dialog_held(&r->dialog);
}

const struct relay_brain_backend relay_brain_rules = {
    .name = "rules",
    .help = "the dialog's state table; offline",
    .open = open_rules,
    .step = step,
    .led = led,
    .held = held,
    .close = free,
};
