/* Events out, items of the conversation, inputs waiting for the brain. See session_state.h. */
#include "speech/session_state.h"

#include "base/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- events out ----------------------------------------------------------------------------- */

void desk_speech_event_send(struct desk_speech *s)
{
    if (desk_buf_ok(&s->event) && s->event.len > 0)
        s->host.send(s->host.ctx, s->event.p, s->event.len);
    else
        desk_log(DESK_LOG_ERROR, "speech.event_lost", "session=%llu",
                 (unsigned long long)s->number);
    desk_buf_reset(&s->event);
}
void desk_speech_error_send(struct desk_speech *s, const char *code, const char *message,
                            const char *param, const char *event_id)
{
    const struct desk_rt_error e = {.type = "invalid_request_error",
                                    .code = code,
                                    .message = message,
                                    .param = param,
                                    .event_id = event_id && *event_id ? event_id : NULL};
    EMIT(s, desk_rts_error, &e);
}

/* ---- items ---------------------------------------------------------------------------------- */

void desk_speech_item_clear(struct item *it)
{
    free(it->text);
    free(it->call_id);
    free(it->name);
    free(it->arguments);
    free(it->output);
    memset(it, 0, sizeof *it);
}

char *desk_speech_text_copy(const char *text)
{
    return text && *text ? strdup(text) : NULL;
}

struct item *desk_speech_item_find(struct desk_speech *s, const char *id)
{
    for (size_t i = s->n_items; i > 0; i--)
        if (strcmp(s->items[i - 1].id, id) == 0)
            return &s->items[i - 1];
    return NULL;
}

void desk_speech_item_remove(struct desk_speech *s, size_t i)
{
    desk_speech_item_clear(&s->items[i]);
    memmove(&s->items[i], &s->items[i + 1], (s->n_items - i - 1) * sizeof *s->items);
    s->n_items--;
    memset(&s->items[s->n_items], 0, sizeof *s->items);
}

struct item *desk_speech_item_insert(struct desk_speech *s, size_t at, const char *id,
                                     enum desk_rt_item_type type, enum desk_rt_role role)
{
    if (s->n_items == MAX_ITEMS) {
        desk_speech_item_remove(s, 0);
        at -= at > 0;
    }
    struct item *it = &s->items[at];
    memmove(it + 1, it, (s->n_items - at) * sizeof *it);
    s->n_items++;
    memset(it, 0, sizeof *it);
    if (id && *id)
        snprintf(it->id, sizeof it->id, "%s", id);
    else
        (void)desk_id_new(it->id, "item");
    it->type = type;
    it->role = role;
    it->status = DESK_RT_STATUS_COMPLETED;
    return it;
}

struct item *desk_speech_item_new(struct desk_speech *s, const char *id,
                                  enum desk_rt_item_type type, enum desk_rt_role role)
{
    return desk_speech_item_insert(s, s->n_items, id, type, role);
}

bool desk_speech_item_place(struct desk_speech *s, const char *previous, size_t *at)
{
    const struct item *it;
    *at = s->n_items;
    if (!*previous)
        return true;
    if (strcmp(previous, "root") == 0) {
        *at = 0;
        return true;
    }
    it = desk_speech_item_find(s, previous);
    if (it)
        *at = (size_t)(it - s->items) + 1;
    return it != NULL;
}

const char *desk_speech_item_before(const struct desk_speech *s, const struct item *it)
{
    return it > s->items ? it[-1].id : NULL;
}

struct desk_rts_item desk_speech_item_view(const struct item *it)
{
    return (struct desk_rts_item){.id = it->id,
                                  .type = it->type,
                                  .status = it->status,
                                  .role = it->role,
                                  .audio = it->audio,
                                  .text = it->text,
                                  .call_id = it->call_id,
                                  .name = it->name,
                                  .arguments = it->arguments,
                                  .output = it->output};
}

void desk_speech_item_announce(struct desk_speech *s, const struct item *it, bool done)
{
    const struct desk_rts_item view = desk_speech_item_view(it);
    const char *before = desk_speech_item_before(s, it);
    EMIT(s, desk_rts_item_added, before, &view);
    if (done)
        EMIT(s, desk_rts_item_done, before, &view);
}

/* ---- the brain's inputs --------------------------------------------------------------------- */

void desk_speech_input_push(struct desk_speech *s, enum desk_dialog_event event, const char *text)
{
    if (s->n_inputs == MAX_INPUTS)
        return;
    s->inputs[s->n_inputs++] = (struct input){event, desk_speech_text_copy(text)};
}

void desk_speech_results_drop(struct desk_speech *s)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n_inputs; i++) {
        if (s->inputs[i].event == DESK_DIALOG_TOOL_RESULT)
            free(s->inputs[i].text);
        else
            s->inputs[n++] = s->inputs[i];
    }
    s->n_inputs = n;
}

void desk_speech_inputs_clear(struct desk_speech *s)
{
    for (size_t i = 0; i < s->n_inputs; i++)
        free(s->inputs[i].text);
    s->n_inputs = 0;
}
