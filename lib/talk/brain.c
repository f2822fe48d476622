/* Which brain thinks, what it is told of the past, and what happens when it fails. See brain.h. */
#include "talk/brain_set.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "store/conversation.h"
#include "store/usage.h"

#include <stdlib.h>
#include <string.h>

#define MODEL_FAILS 2 /* so often in one talk, then the rules go on to its end */

const struct desk_brain *const desk_brains[] = {&desk_brain_rules, &desk_brain_llm, NULL};

static const char *const event_names[DESK_BRAIN_EVENT__MAX] = {
    [DESK_BRAIN_START] = "start", [DESK_BRAIN_RESUME] = "resume",   [DESK_BRAIN_SPEECH] = "speech",
    [DESK_BRAIN_KEYS] = "keys",   [DESK_BRAIN_SILENCE] = "silence",
};

const char *desk_brain_event_name(enum desk_brain_event e)
{
    return (unsigned)e < DESK_BRAIN_EVENT__MAX ? event_names[e] : event_names[DESK_BRAIN_SILENCE];
}

enum desk_brain_event desk_brain_event_parse(const char *name)
{
    for (int i = 0; name && i < DESK_BRAIN_EVENT__MAX; i++)
        if (strcmp(event_names[i], name) == 0)
            return (enum desk_brain_event)i;
    return DESK_BRAIN_SILENCE;
}

void desk_brain_answer_init(struct desk_brain_answer *a)
{
    memset(a, 0, sizeof *a);
    desk_buf_init(&a->say, DESK_MAX_BRAIN_SAY);
    a->trouble = DESK_LLM_ANSWERED;
}

void desk_brain_answer_clear(struct desk_brain_answer *a)
{
    desk_buf_clear(&a->say);
}

/* ---- the past -------------------------------------------------------------------------------- */

static size_t take_said(const struct desk_turn *turns, size_t n, const char *but_item,
                        struct desk_brain_said *out)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        if (but_item && strcmp(turns[i].item_id, but_item) == 0)
            continue;
        out[kept++] = (struct desk_brain_said){.text = turns[i].text,
                                               .caller = strcmp(turns[i].who, DESK_WHO_CALLER) == 0,
                                               .keys = strcmp(turns[i].how, "keys") == 0,
                                               .at_ms = turns[i].start_ms};
    }
    return kept;
}

enum desk_rc desk_brain_past_load(struct desk_db *db, struct desk_arena *a,
                                  const struct desk_call *call, const char *but_item,
                                  struct desk_brain_past *out)
{
    struct desk_turn *turns;
    struct desk_tool_run *runs;
    size_t n_turns, n_runs;
    enum desk_rc rc =
        desk_turn_list(db, a, call->tenant_id, call->id, DESK_MAX_BRAIN_TURNS, &turns, &n_turns);
    if (!rc)
        rc = desk_tool_run_list(db, a, call->tenant_id, call->id, &runs, &n_runs);
    if (rc)
        return rc;
    struct desk_brain_said *said = desk_arena_alloc(a, (n_turns + 1) * sizeof *said);
    struct desk_brain_did *did = desk_arena_alloc(a, (n_runs + 1) * sizeof *did);
    if (!said || !did)
        return DESK_ENOMEM;
    for (size_t i = 0; i < n_runs; i++)
        did[i] = (struct desk_brain_did){.tool = runs[i].tool,
                                         .args = runs[i].args,
                                         .result = runs[i].result,
                                         .ok = runs[i].ok,
                                         .at_ms = runs[i].at_ms};
    *out = (struct desk_brain_past){said, take_said(turns, n_turns, but_item, said), did, n_runs};
    return DESK_OK;
}

/* ---- what the brains share ------------------------------------------------------------------- */

void desk_brain_say(const struct desk_brain_turn *t, struct desk_brain_answer *a, const char *words)
{
    if (!words || !*words)
        return;
    size_t from = a->say.len;
    if (from && a->say.p[from - 1] != ' ' && *words != ' ')
        desk_buf_chr(&a->say, ' ');
    desk_buf_str(&a->say, words);
    if (t->words && desk_buf_ok(&a->say))
        t->words(t->ctx, a->say.p + from, a->say.len - from);
}

static const char *next_of(struct desk_arena *a, const char *result)
{
    json_t *v = json_loads(result, 0, NULL);
    const char *next = desk_arena_strdup(a, json_string_value(json_object_get(v, "next")));
    json_decref(v);
    return next;
}

static bool is_ok(const char *result)
{
    json_t *v = json_loads(result, 0, NULL);
    bool ok = json_is_true(json_object_get(v, "ok"));
    json_decref(v);
    return ok;
}

enum desk_rc desk_brain_act(const struct desk_brain_turn *t, struct desk_brain_answer *a,
                            const char *tool, const char *args, const char **result, bool *ok)
{
    struct desk_tool_ctx ctx = {
        .db = t->db, .arena = t->arena, .call = t->about->call, .location = t->about->location};
    enum desk_tool_then then = DESK_THEN_TALK;
    if (t->mine && !t->mine(t->ctx))
        return DESK_ECONFLICT;
    enum desk_rc rc = desk_tool_run(&ctx, tool, args, result, &then);
    if (rc)
        return rc;
    *ok = is_ok(*result);
    a->led_on = true;
    if (a->n_did < sizeof a->did / sizeof *a->did)
        a->did[a->n_did++] = (struct desk_brain_did){
            .tool = desk_arena_strdup(t->arena, tool), /* theirs may be gone before ours is read */
            .args = desk_arena_strdup(t->arena, args),
            .result = *result,
            .ok = *ok,
            .at_ms = desk_now_ms() - t->about->call->started_at};
    if (then == DESK_THEN_LEAVE) {
        a->done = true;
        a->next = next_of(t->arena, *result);
    }
    return DESK_OK;
}

json_t *desk_brain_state(const struct desk_brain_turn *t, const char *name)
{
    json_t *v = t->state ? json_loads(t->state, 0, NULL) : NULL;
    const char *by = json_string_value(json_object_get(v, "by"));
    if (by && strcmp(by, name) == 0)
        return v;
    json_decref(v);
    return NULL;
}

enum desk_rc desk_brain_keep(const struct desk_brain_turn *t, struct desk_brain_answer *a,
                             json_t *v)
{
    char *text = v ? json_dumps(v, JSON_COMPACT) : NULL;
    a->state = text ? desk_arena_strdup(t->arena, text) : NULL;
    free(text);
    json_decref(v);
    return a->state ? DESK_OK : DESK_ENOMEM;
}

void desk_brain_note(const struct desk_brain_turn *t, const char *name, const char *detail,
                     const char *dedupe)
{
    const struct desk_call *c = t->about->call;
    enum desk_rc rc = DESK_TX_BEGIN(t->db);
    if (!rc)
        rc = desk_tx_end(t->db, desk_event_add(t->db, c->tenant_id, c->id, c->started_at, "model",
                                               name, detail, dedupe));
    if (rc)
        desk_log(DESK_LOG_WARN, "brain.note", "call=%s name=%s rc=%s", c->id, name,
                 desk_rc_name(rc));
}

/* ---- choosing and failing -------------------------------------------------------------------- */

bool desk_brain_is_model(const struct desk_brain *b)
{
    return b == &desk_brain_llm;
}

const struct desk_brain *desk_brain_choose(const struct desk_tenant_settings *own, unsigned failed)
{
    const char *want = desk_tenant_setting(own, DESK_S_BRAIN);
    if (strcmp(want, "rules") == 0 || failed >= MODEL_FAILS)
        return &desk_brain_rules;
    if (desk_llm_set_up())
        return &desk_brain_llm;
    if (strcmp(want, "model") == 0)
        desk_log(DESK_LOG_WARN, "brain.not_set", "brain=model chat=none");
    return &desk_brain_rules;
}

/* The past with what was done in this turn. */
static enum desk_rc past_with(const struct desk_brain_turn *t, const struct desk_brain_answer *a,
                              struct desk_brain_past *out)
{
    size_t n = t->past->n_did;
    struct desk_brain_did *did = desk_arena_alloc(t->arena, (n + a->n_did + 1) * sizeof *did);
    if (!did)
        return DESK_ENOMEM;
    if (n)
        memcpy(did, t->past->did, n * sizeof *did);
    memcpy(did + n, a->did, a->n_did * sizeof *did);
    *out = *t->past;
    out->did = did;
    out->n_did = n + a->n_did;
    return DESK_OK;
}

/* What the model has said already stays said where it was spoken; it is no part of the answer. */
static enum desk_rc take_over(const struct desk_brain_turn *t, struct desk_brain_answer *a)
{
    const char *why = a->why ? a->why : "The text model did not answer.";
    const char *detail = desk_arena_fmt(t->arena, "%s The rules answered in its place.", why);
    struct desk_brain_turn again = *t;
    struct desk_brain_past past;
    desk_log(DESK_LOG_WARN, "brain.failed", "call=%s end=%s asks=%d", t->about->call->id,
             desk_llm_end_name(a->trouble), a->asks);
    desk_brain_note(t, "brain_failed", detail, NULL);
    enum desk_rc rc = past_with(t, a, &past);
    if (rc)
        return rc;
    again.past = &past;
    desk_buf_reset(&a->say);
    a->done = false;
    a->next = NULL;
    return desk_brain_rules.turn(&again, a);
}

/* What the model counted, for the call's cost; an answer is not kept back for it. */
static void pay(const struct desk_brain_turn *t, const struct desk_brain_answer *a)
{
    const struct desk_call *c = t->about->call;
    const struct desk_usage u = {.tenant_id = c->tenant_id,
                                 .call_id = c->id,
                                 .part = DESK_USAGE_TALK,
                                 .model = *a->model ? a->model : "text model",
                                 .asks = a->asks,
                                 .text_in = a->usage.input - a->usage.cached,
                                 .text_cached = a->usage.cached,
                                 .text_out = a->usage.output};
    enum desk_rc rc = a->usage.present ? DESK_TX_BEGIN(t->db) : DESK_DONE;
    if (!rc)
        rc = desk_tx_end(t->db, desk_usage_add(t->db, &u));
    if (rc && rc != DESK_DONE)
        desk_log(DESK_LOG_WARN, "brain.usage", "call=%s rc=%s", c->id, desk_rc_name(rc));
}

enum desk_rc desk_brain_think(const struct desk_brain *first, const struct desk_brain_turn *t,
                              struct desk_brain_answer *a)
{
    enum desk_rc rc = first->turn(t, a);
    pay(t, a);
    if (rc == DESK_EUPSTREAM && first != &desk_brain_rules)
        rc = take_over(t, a);
    if (!rc && !desk_buf_ok(&a->say))
        rc = DESK_ENOMEM;
    return rc;
}
