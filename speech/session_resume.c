/* A talk that began in another session, which was lost: the client tells it as items of text, and
 * then, in the words of the system, what is special about now. The brain takes it up from there.
 * See session_state.h. */
#include "speech/session_state.h"

#include <stdlib.h>
#include <string.h>

struct past {
    struct desk_dialog_past of;
    struct desk_dialog_past_turn turns[MAX_ITEMS];
    struct desk_dialog_past_tool tools[MAX_ITEMS];
};

static const char *output_of(const struct desk_speech *s, const char *call_id)
{
    for (size_t i = 0; i < s->n_items; i++) {
        const struct item *it = &s->items[i];
        if (it->type == DESK_RT_ITEM_FUNCTION_OUTPUT && it->call_id && call_id &&
            strcmp(it->call_id, call_id) == 0)
            return it->output;
    }
    return NULL;
}

/* Keys come as "[keys] 12", and are an answer like words. */
static const char *plain(const char *text)
{
    static const char mark[] = "[keys]";
    bool keys = strncmp(text, mark, sizeof mark - 1) == 0;
    text += keys ? sizeof mark - 1 : 0;
    return text + strspn(text, " ");
}

static bool went_well(const char *result)
{
    json_t *root = json_loads(result ? result : "", 0, NULL);
    bool ok = json_is_true(json_object_get(root, "ok"));
    json_decref(root);
    return ok;
}

/* Borrowed from the items. NULL: out of memory. */
static struct past *past_of(const struct desk_speech *s)
{
    struct past *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    for (size_t i = 0; i < s->n_items; i++) {
        const struct item *it = &s->items[i];
        bool said = it->type == DESK_RT_ITEM_MESSAGE && it->text && it->role != DESK_RT_SYSTEM;
        const char *result = output_of(s, it->call_id);
        if (said)
            p->turns[p->of.n_turns++] =
                (struct desk_dialog_past_turn){plain(it->text), it->role == DESK_RT_USER};
        else if (it->type == DESK_RT_ITEM_FUNCTION_CALL)
            p->tools[p->of.n_tools++] =
                (struct desk_dialog_past_tool){it->name, it->arguments, result, went_well(result)};
    }
    p->of.turns = p->turns;
    p->of.tools = p->tools;
    return p;
}

void desk_speech_told(struct desk_speech *s)
{
    struct past *p = s->brain_of->started(s->brain) ? NULL : past_of(s);
    if (p && p->of.n_turns) {
        s->resumes = true;
        s->tool_is_out = false;
        desk_speech_inputs_clear(s); /* it was said there, to somebody else */
        s->brain_of->resume(s->brain, &p->of, NULL, NULL);
    }
    free(p);
}

void desk_speech_resume(struct desk_speech *s, struct desk_dialog_output *out)
{
    struct past *p = past_of(s);
    const struct input *last = s->n_inputs ? &s->inputs[s->n_inputs - 1] : NULL;
    const struct desk_dialog_input in = {.event = last ? last->event : DESK_DIALOG_RESUME,
                                         .text = last && last->text ? last->text : ""};
    if (p)
        s->brain_of->resume(s->brain, &p->of, last ? &in : NULL, out);
    free(p);
    s->resumes = false;
    desk_speech_inputs_clear(s);
}
