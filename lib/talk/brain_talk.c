#include "talk/brain_talk.h"
#include "base/limits.h"
#include "base/log.h"
#include "talk/template.h"

#include <stdlib.h>
#include <string.h>

#define BYTES_MOST 60000 /* of what was said and done */

static enum desk_rc add(struct brain_talk *k, struct desk_chat_msg m)
{
    if (k->n == k->max)
        return DESK_ELIMIT;
    k->msgs[k->n++] = m;
    return DESK_OK;
}

/* ---- instructions ---------------------------------------------------------------------------- */

static enum desk_rc by_turns(struct desk_arena *a, const struct desk_call *c, const char **text)
{
    struct desk_buf out;
    const char *file = !desk_call_written(c)                        ? "prompts/by_turns.cs"
                       : strcmp(c->channel, DESK_CHANNEL_CHAT) == 0 ? "prompts/by_chat.cs"
                                                                    : "prompts/by_text.cs";
    struct desk_view *v = desk_view_new();
    desk_buf_init(&out, DESK_MAX_PROMPT);
    enum desk_rc rc = v ? desk_view_render(v, file, DESK_ESCAPE_NONE, &out) : DESK_ENOMEM;
    *text = rc ? NULL : desk_arena_strdup(a, desk_buf_cstr(&out));
    desk_view_free(v);
    desk_buf_clear(&out);
    return rc ? rc : *text ? DESK_OK : DESK_ENOMEM;
}

/* First how a talk by turns goes: what stands behind the facts would be taken for one of them. */
static enum desk_rc instructions(struct brain_talk *k, const struct desk_brain_turn *t)
{
    const char *how, *what;
    enum desk_rc rc = by_turns(t->arena, t->about->call, &how);
    if (!rc)
        rc = desk_prompt_instructions(t->arena, t->about, &what, NULL);
    if (rc)
        return rc;
    k->system = desk_arena_fmt(t->arena, "%s\n%s", how, what);
    return k->system ? DESK_OK : DESK_ENOMEM;
}

/* ---- what was said and done ------------------------------------------------------------------ */

static enum desk_rc add_said(struct brain_talk *k, struct desk_arena *a, const char *text,
                             bool caller, bool keys)
{
    if (!text || !*text)
        return DESK_OK;
    if (keys)
        text = desk_arena_fmt(a, "[keys] %s", text);
    return text ? add(k,
                      (struct desk_chat_msg){.role = caller ? DESK_CHAT_USER : DESK_CHAT_ASSISTANT,
                                             .text = text})
                : DESK_ENOMEM;
}

static enum desk_rc add_did(struct brain_talk *k, struct desk_arena *a, size_t i,
                            const struct desk_brain_did *d)
{
    struct desk_chat_call *call = desk_arena_alloc(a, sizeof *call);
    const char *id = desk_arena_fmt(a, "past_%zu", i + 1);
    if (!call || !id)
        return DESK_ENOMEM;
    *call = (struct desk_chat_call){id, d->tool, d->args};
    enum desk_rc rc =
        add(k, (struct desk_chat_msg){.role = DESK_CHAT_ASSISTANT, .calls = call, .n_calls = 1});
    return rc ? rc : desk_brain_talk_result(k, id, d->result ? d->result : "{\"ok\":false}", d->ok);
}

/* Both lists in the order of time. */
static enum desk_rc past(struct brain_talk *k, struct desk_arena *a,
                         const struct desk_brain_past *p)
{
    enum desk_rc rc = DESK_OK;
    size_t s = 0, d = 0;
    while (!rc && (s < p->n_said || d < p->n_did)) {
        bool said = d == p->n_did || (s < p->n_said && p->said[s].at_ms <= p->did[d].at_ms);
        if (said) {
            rc = add_said(k, a, p->said[s].text, p->said[s].caller, p->said[s].keys);
            s++;
        } else {
            rc = add_did(k, a, d, &p->did[d]);
            d++;
        }
    }
    return rc;
}

static size_t bytes_of(const struct desk_chat_msg *m)
{
    size_t n = 40 + (m->text ? strlen(m->text) : 0);
    for (size_t i = 0; i < m->n_calls; i++)
        n += 40 + (m->calls[i].arguments ? strlen(m->calls[i].arguments) : 0);
    return n;
}

static void shorten_bytes(struct brain_talk *k)
{
    size_t bytes = 0, keep = 0;
    while (keep < k->n && bytes < BYTES_MOST)
        bytes += bytes_of(&k->msgs[k->n - 1 - keep++]);
    if (keep < k->n)
        (void)desk_brain_talk_shorten(k, keep);
}

enum desk_rc desk_brain_talk_begin(struct brain_talk *k, const struct desk_brain_turn *t)
{
    const struct desk_brain_past *p = t->past;
    memset(k, 0, sizeof *k);
    k->max = p->n_said + 2 * p->n_did + 1 + DESK_MAX_CHAT_ROUNDS * (1 + DESK_MAX_CHAT_CALLS);
    k->msgs = desk_arena_alloc(t->arena, k->max * sizeof *k->msgs);
    enum desk_rc rc = k->msgs ? instructions(k, t) : DESK_ENOMEM;
    if (!rc)
        rc = past(k, t->arena, p);
    if (!rc)
        rc = add_said(k, t->arena, t->text, true, t->event == DESK_BRAIN_KEYS);
    if (!rc)
        shorten_bytes(k);
    return rc;
}

bool desk_brain_talk_shorten(struct brain_talk *k, size_t keep)
{
    size_t from = k->n > keep ? k->n - keep : 0;
    while (from < k->n && k->msgs[from].role == DESK_CHAT_TOOL)
        from++; /* a result without its call makes no sense */
    if (!from)
        return false;
    memmove(k->msgs, k->msgs + from, (k->n - from) * sizeof *k->msgs);
    k->n -= from;
    return true;
}

/* ---- this turn ------------------------------------------------------------------------------- */

/* A name that the other side takes back, whatever the model made of it. */
static const char *name_of(struct desk_arena *a, const char *name)
{
    static const char ok[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    char *copy = desk_arena_strndup(a, *name ? name : "unknown", 64);
    for (char *p = copy; p && *p; p++)
        if (!strchr(ok, *p))
            *p = '_';
    return copy;
}

enum desk_rc desk_brain_talk_answer(struct brain_talk *k, struct desk_arena *a,
                                    const struct desk_chat_reply *r)
{
    struct desk_chat_call *calls = desk_arena_alloc(a, (r->n_calls + 1) * sizeof *calls);
    const char *text = desk_arena_strdup(a, desk_buf_cstr(&r->text));
    if (!calls || !text)
        return DESK_ENOMEM;
    for (size_t i = 0; i < r->n_calls; i++) {
        const struct desk_chat_part *part = &r->calls[i];
        calls[i] = (struct desk_chat_call){
            .id = part->id.len ? desk_arena_strdup(a, desk_buf_cstr(&part->id))
                               : desk_arena_fmt(a, "now_%zu_%zu", k->n, i + 1),
            .name = name_of(a, desk_buf_cstr(&part->name)),
            .arguments = desk_arena_strdup(a, desk_buf_cstr(&part->arguments))};
        if (!calls[i].id || !calls[i].name || !calls[i].arguments)
            return DESK_ENOMEM;
    }
    return add(
        k, (struct desk_chat_msg){
               .role = DESK_CHAT_ASSISTANT, .text = text, .calls = calls, .n_calls = r->n_calls});
}

enum desk_rc desk_brain_talk_result(struct brain_talk *k, const char *call_id, const char *result,
                                    bool ok)
{
    return add(k, (struct desk_chat_msg){
                      .role = DESK_CHAT_TOOL, .call_id = call_id, .text = result, .failed = !ok});
}
