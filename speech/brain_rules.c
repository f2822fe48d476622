/* The rules brain behind the protocol: core/dialog.h with the business's profile out of the FACTS
 * block of the session's instructions.
 *
 * Keys reach it as a text item of the user: conversation.item.create with role "user" and
 * input_text "[keys] 4155550134#", followed by response.create. Any other text item counts as
 * spoken. A tool the client did not declare is not called: the dialog is told that it failed. */
#include "speech/brain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEYS       "[keys]"
#define MAX_TOOLS  64
#define MAX_ROUNDS 4 /* undeclared tools in one step */

struct rules {
    struct desk_dialog_profile profile;
    struct desk_dialog dialog;
    enum desk_dialog_expect expect;
    char tools[MAX_TOOLS][40];
    size_t n_tools;
};

const struct desk_brain_backend *const desk_brain_backends[] = {&desk_speech_rules, NULL};

const struct desk_brain_backend *desk_brain_backend_find(const char *name)
{
    for (size_t i = 0; desk_brain_backends[i]; i++)
        if (!name || !*name || strcmp(name, desk_brain_backends[i]->name) == 0)
            return desk_brain_backends[i];
    return NULL;
}

static void *open_rules(void)
{
    struct rules *r = calloc(1, sizeof *r);
    if (r) {
        desk_dialog_init(&r->dialog);
        r->profile.open_now = true;
        r->expect = DESK_EXPECT_ANYTHING;
    }
    return r;
}

static void setup(void *brain, const char *instructions, const json_t *tools)
{
    struct rules *r = brain;
    size_t i;
    json_t *tool;
    if (desk_dialog_profile_find(&r->profile, instructions) != DESK_OK)
        r->profile.n_services = 0; /* a business of no particular name: it still takes messages */
    r->profile.closed_ears = true; /* stt.h: words of a list are heard, and no others */
    r->n_tools = 0;
    json_array_foreach(tools, i, tool)
    {
        const char *name = json_string_value(json_object_get(tool, "name"));
        if (name && r->n_tools < MAX_TOOLS)
            snprintf(r->tools[r->n_tools++], sizeof r->tools[0], "%s", name);
    }
}

static void greeting(void *brain, const char *words)
{
    struct rules *r = brain;
    snprintf(r->profile.greeting, sizeof r->profile.greeting, "%s", words);
}

static bool declared(const struct rules *r, const char *name)
{
    for (size_t i = 0; i < r->n_tools; i++)
        if (strcmp(r->tools[i], name) == 0)
            return true;
    return false;
}

void desk_brain_join(char *say, size_t n, const char *more)
{
    size_t have = strlen(say), len = strlen(more);
    if (len == 0 || have + 2 >= n)
        return;
    if (have > 0)
        say[have++] = ' ';
    if (len > n - have - 1)
        len = n - have - 1;
    memcpy(say + have, more, len);
    say[have + len] = '\0';
}

/* "[keys] 12" is no speech. */
static struct desk_dialog_input read_input(const struct desk_dialog_input *given)
{
    struct desk_dialog_input in = *given;
    if (in.event == DESK_DIALOG_SPEECH && in.text && strncmp(in.text, KEYS, sizeof KEYS - 1) == 0) {
        in.event = DESK_DIALOG_DIGITS;
        in.text += sizeof KEYS - 1;
        in.text += strspn(in.text, " ");
    }
    return in;
}

/* The dialog has made a step; the tools it may not call have failed. */
static void settle(struct rules *r, struct desk_dialog_output *out)
{
    char say[sizeof out->say] = "";
    desk_brain_join(say, sizeof say, out->say);
    for (int round = 1; round < MAX_ROUNDS; round++) {
        if (!out->tool_name[0] || declared(r, out->tool_name))
            break;
        const struct desk_dialog_input in = {DESK_DIALOG_TOOL_RESULT,
                                             "{\"ok\":false,\"error\":\"no such tool\"}", NULL};
        desk_dialog_step(&r->profile, &r->dialog, &in, out);
        desk_brain_join(say, sizeof say, out->say);
    }
    if (!declared(r, out->tool_name))
        out->tool_name[0] = '\0';
    memcpy(out->say, say, sizeof say);
    r->expect = out->expect;
}

static void step(void *brain, const struct desk_dialog_input *given, struct desk_dialog_output *out)
{
    struct rules *r = brain;
    const struct desk_dialog_input in = read_input(given);
    desk_dialog_step(&r->profile, &r->dialog, &in, out);
    settle(r, out);
}

static enum desk_dialog_expect asked_last(const struct desk_dialog_past *past)
{
    for (size_t i = past->n_turns; i > 0; i--)
        if (!past->turns[i - 1].caller)
            return desk_dialog_asked(past->turns[i - 1].text);
    return DESK_EXPECT_ANYTHING;
}

static void resume(void *brain, const struct desk_dialog_past *past,
                   const struct desk_dialog_input *given, struct desk_dialog_output *out)
{
    struct rules *r = brain;
    const struct desk_dialog_input again = {DESK_DIALOG_RESUME, "", NULL};
    if (!out) {
        r->expect = asked_last(past);
        r->expect = r->expect == DESK_EXPECT_NOTHING ? DESK_EXPECT_ANYTHING : r->expect;
        return;
    }
    if (given) {
        const struct desk_dialog_input in = read_input(given);
        desk_dialog_take_over(&r->profile, &r->dialog, past, &in, out);
    } else {
        desk_dialog_prime(&r->profile, &r->dialog, past);
        desk_dialog_step(&r->profile, &r->dialog, &again, out);
    }
    settle(r, out);
}

static bool started(const void *brain)
{
    const struct rules *r = brain;
    return r->dialog.state != 0;
}

static bool alarm_due(const void *brain)
{
    const struct rules *r = brain;
    return desk_dialog_alarm_due(&r->profile, &r->dialog);
}

static void held(void *brain)
{
    struct rules *r = brain;
    desk_dialog_held(&r->dialog);
}

static enum desk_dialog_expect expect(void *brain, char *vocabulary, size_t max)
{
    struct rules *r = brain;
    (void)desk_dialog_vocabulary(&r->profile, r->expect, vocabulary, max);
    return r->expect;
}

const struct desk_brain_backend desk_speech_rules = {
    .name = "rules",
    .help = "the dialog's state table; offline",
    .open = open_rules,
    .setup = setup,
    .greeting = greeting,
    .step = step,
    .started = started,
    .alarm = alarm_due,
    .resume = resume,
    .held = held,
    .expect = expect,
    .close = free,
};
