/* The rules brain: the dialog's state table (core/dialog.h). Its state is the dialog; where there
 * is none (a model has talked so far), it takes over from the past. */
#include "talk/brain_set.h"
#include "base/limits.h"

#include <stdlib.h>
#include <string.h>

static const char name[] = "rules";

struct rules {
    struct desk_dialog_profile profile;
    struct desk_dialog dialog;
    struct desk_dialog_output out;
    int before; /* state before this turn; -1 = it takes over */
};

static const enum desk_dialog_event events[DESK_BRAIN_EVENT__MAX] = {
    [DESK_BRAIN_START] = DESK_DIALOG_START,     [DESK_BRAIN_RESUME] = DESK_DIALOG_RESUME,
    [DESK_BRAIN_SPEECH] = DESK_DIALOG_SPEECH,   [DESK_BRAIN_KEYS] = DESK_DIALOG_DIGITS,
    [DESK_BRAIN_SILENCE] = DESK_DIALOG_SILENCE,
};

/* The past as the dialog reads it; with the input as its last turn. */
static enum desk_rc past_of(const struct desk_brain_turn *t, struct desk_dialog_past *out)
{
    const struct desk_brain_past *p = t->past;
    struct desk_dialog_past_turn *turns =
        desk_arena_alloc(t->arena, (p->n_said + 1) * sizeof *turns);
    struct desk_dialog_past_tool *tools =
        desk_arena_alloc(t->arena, (p->n_did + 1) * sizeof *tools);
    size_t n = 0;
    if (!turns || !tools)
        return DESK_ENOMEM;
    for (size_t i = 0; i < p->n_said; i++)
        turns[n++] = (struct desk_dialog_past_turn){p->said[i].text, p->said[i].caller};
    if (*t->text)
        turns[n++] = (struct desk_dialog_past_turn){t->text, true};
    for (size_t i = 0; i < p->n_did; i++)
        tools[i] = (struct desk_dialog_past_tool){p->did[i].tool, p->did[i].args, p->did[i].result,
                                                  p->did[i].ok};
    *out = (struct desk_dialog_past){turns, n, tools, p->n_did, t->about->call->urgent};
    return DESK_OK;
}

/* The dialog where it stood; false when the last turn was not ours. */
static bool load(const struct desk_brain_turn *t, struct rules *r)
{
    json_t *state = desk_brain_state(t, name);
    char *dialog = state ? json_dumps(json_object_get(state, "dialog"), JSON_COMPACT) : NULL;
    bool ok = dialog && desk_dialog_load(&r->dialog, dialog) == DESK_OK;
    free(dialog);
    json_decref(state);
    return ok;
}

static enum desk_rc save(const struct desk_brain_turn *t, struct desk_brain_answer *a,
                         const struct rules *r)
{
    char *dialog = desk_dialog_save(&r->dialog);
    json_t *d = dialog ? json_loads(dialog, 0, NULL) : NULL;
    free(dialog);
    return desk_brain_keep(t, a, json_pack("{s:s, s:o}", "by", name, "dialog", d));
}

/* Feed the results of tools, as long as the dialog wants one run. */
static enum desk_rc run_tools(const struct desk_brain_turn *t, struct desk_brain_answer *a,
                              struct rules *r)
{
    for (int i = 0;; i++) {
        const char *result = NULL, *tool = desk_arena_strdup(t->arena, r->out.tool_name);
        bool ok;
        desk_brain_say(t, a, r->out.say);
        a->expect = r->out.expect;
        a->done = r->out.done;
        if (!*r->out.tool_name || i == BRAIN_TOOLS_IN_A_TURN)
            return DESK_OK;
        enum desk_rc rc =
            tool ? desk_brain_act(t, a, tool, r->out.tool_args, &result, &ok) : DESK_ENOMEM;
        if (!rc && ok)
            rc = desk_brain_notes(t, a, &r->dialog, tool);
        if (rc)
            return rc;
        const struct desk_dialog_input in = {DESK_DIALOG_TOOL_RESULT, result, tool};
        desk_dialog_step(&r->profile, &r->dialog, &in, &r->out);
    }
}

/* The first step of the turn. */
static enum desk_rc first_step(const struct desk_brain_turn *t, struct rules *r)
{
    struct desk_dialog_input in = {events[t->event], t->text, NULL};
    const struct desk_dialog_input start = {DESK_DIALOG_START, "", NULL};
    struct desk_dialog_past past;
    bool ours = load(t, r);
    enum desk_rc rc = DESK_OK;
    r->before = ours ? r->dialog.state : -1;
    if (t->event == DESK_BRAIN_RESUME) {
        rc = past_of(t, &past);
        if (!rc)
            desk_dialog_prime(&r->profile, &r->dialog, &past);
    } else if (!ours && t->event != DESK_BRAIN_START && t->past->n_said) {
        rc = past_of(t, &past);
        if (!rc)
            desk_dialog_take_over(&r->profile, &r->dialog, &past, &in, &r->out);
        return rc;
    } else if (!ours && t->event != DESK_BRAIN_START) {
        /* nothing was said yet: who writes first is not greeted instead of answered */
        desk_dialog_step(&r->profile, &r->dialog, &start, &r->out);
    }
    if (!rc)
        desk_dialog_step(&r->profile, &r->dialog, &in, &r->out);
    return rc;
}

static enum desk_rc turn(const struct desk_brain_turn *t, struct desk_brain_answer *a)
{
    struct rules *r = desk_arena_alloc(t->arena, sizeof *r);
    const char *facts = NULL;
    enum desk_rc rc = r ? desk_prompt_facts(t->arena, t->about, &facts) : DESK_ENOMEM;
    if (!rc)
        rc = desk_dialog_profile_parse(&r->profile, facts);
    if (rc)
        return rc;
    desk_dialog_init(&r->dialog);
    rc = first_step(t, r);
    a->brain = name;
    if (!rc)
        rc = run_tools(t, a, r);
    if (rc)
        return rc;
    a->led_on = a->led_on || r->dialog.state != r->before;
    if (a->expect == DESK_EXPECT_NOTHING)
        a->done = true; /* nobody is asked anything: nothing more will come */
    return save(t, a, r);
}

const struct desk_brain desk_brain_rules = {
    .name = name, .help = "the dialog's state table; offline", .turn = turn};
