/* A text model behind the relay: talk/brain.h in the threads of brainpool.h, its words as they
 * come. Tools run there as well, so no answer of this brain names one. When the model fails, the
 * rules answer in the same turn; after two such turns they go on alone. What was said and done is
 * kept here, as it was heard. */
#include "ws-bridge/relay_brain.h"
#include "ws-bridge/brainpool.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIDS        64
#define MODEL_FAILS 2

struct line {
    char *text;
    bool caller, keys;
    int64_t at_ms;
};

struct deed {
    char *tool, *args, *result;
    bool ok;
    int64_t at_ms;
};

struct model {
    struct brainpool *pool;
    uint64_t handle;
    char *tenant_id, *call_id, *greeting, *state;
    int64_t started_at; /* UTC ms */
    struct line said[DESK_MAX_BRAIN_TURNS];
    struct deed did[DIDS];
    size_t n_said, n_did;
    struct desk_buf words; /* of the answer under way, as far as they were spoken */
    struct brain_ticket *ticket;
    uint32_t seq; /* of the job under way */
    bool thinking;
    unsigned failed;
    relay_answer_fn *answer;
    void *ctx;
};

/* ---- what is remembered ---------------------------------------------------------------------- */

static void line_free(struct line *l)
{
    free(l->text);
}

static void deed_free(struct deed *d)
{
    free(d->tool);
    free(d->args);
    free(d->result);
}

static int64_t at(const struct model *m)
{
    return desk_now_ms() - m->started_at;
}

static void remember(struct model *m, const char *text, bool caller, bool keys)
{
    char *copy = *text ? strdup(text) : NULL;
    if (!copy)
        return;
    if (m->n_said == DESK_MAX_BRAIN_TURNS) {
        line_free(&m->said[0]);
        memmove(m->said, m->said + 1, --m->n_said * sizeof *m->said);
    }
    m->said[m->n_said++] = (struct line){copy, caller, keys, at(m)};
}

static void remember_deed(struct model *m, const struct desk_brain_did *d)
{
    struct deed deed = {.tool = strdup(d->tool ? d->tool : ""),
                        .args = strdup(d->args ? d->args : "{}"),
                        .result = strdup(d->result ? d->result : "{}"),
                        .ok = d->ok,
                        .at_ms = d->at_ms};
    if (!deed.tool || !deed.args || !deed.result) {
        deed_free(&deed);
        return;
    }
    if (m->n_did == DIDS) {
        deed_free(&m->did[0]);
        memmove(m->did, m->did + 1, --m->n_did * sizeof *m->did);
    }
    m->did[m->n_did++] = deed;
}

/* The answer under way is over, as far as it came. */
static void remember_words(struct model *m)
{
    remember(m, desk_buf_cstr(&m->words), false, false);
    desk_buf_reset(&m->words);
}

/* ---- life ------------------------------------------------------------------------------------ */

static void close_model(void *brain)
{
    struct model *m = brain;
    if (!m)
        return;
    brain_ticket_cancel(m->ticket);
    for (size_t i = 0; i < m->n_said; i++)
        line_free(&m->said[i]);
    for (size_t i = 0; i < m->n_did; i++)
        deed_free(&m->did[i]);
    desk_buf_clear(&m->words);
    free(m->tenant_id);
    free(m->call_id);
    free(m->greeting);
    free(m->state);
    free(m);
}

static void *open_model(const struct relay_brain_setup *s)
{
    struct model *m = calloc(1, sizeof *m);
    if (!m)
        return NULL;
    m->pool = s->pool;
    m->handle = s->handle;
    m->started_at = s->started_at;
    m->tenant_id = strdup(s->tenant_id);
    m->call_id = strdup(s->call_id);
    m->greeting = strdup(s->greeting ? s->greeting : "");
    m->answer = s->answer;
    m->ctx = s->ctx;
    desk_buf_init(&m->words, DESK_MAX_BRAIN_SAY);
    if (m->tenant_id && m->call_id && m->greeting)
        return m;
    close_model(m);
    return NULL;
}

/* ---- a turn ---------------------------------------------------------------------------------- */

static const enum desk_brain_event events[RELAY_INPUT__MAX] = {
    [RELAY_IN_START] = DESK_BRAIN_START,
    [RELAY_IN_WORDS] = DESK_BRAIN_SPEECH,
    [RELAY_IN_KEYS] = DESK_BRAIN_KEYS,
    [RELAY_IN_SILENCE] = DESK_BRAIN_SILENCE,
    [RELAY_IN_TOOL_RESULT] = DESK_BRAIN_EVENT__MAX,
    [RELAY_IN_ALARM] = DESK_BRAIN_EVENT__MAX,
};

/* It cannot be thought about at all: the talk goes on another way. */
static void lost(struct model *m, const char *why)
{
    desk_log(DESK_LOG_ERROR, "relay.model", "call=%s what=%s", m->call_id, why);
    m->thinking = false;
    m->answer(m->ctx, &(struct relay_answer){.words = "", .last = true, .next = "gather"});
}

static void ask(struct model *m, enum desk_brain_event event, const char *text)
{
    struct desk_brain_said said[DESK_MAX_BRAIN_TURNS];
    struct desk_brain_did did[DIDS];
    for (size_t i = 0; i < m->n_said; i++)
        said[i] = (struct desk_brain_said){m->said[i].text, m->said[i].caller, m->said[i].keys,
                                           m->said[i].at_ms};
    for (size_t i = 0; i < m->n_did; i++)
        did[i] = (struct desk_brain_did){m->did[i].tool, m->did[i].args, m->did[i].result,
                                         m->did[i].ok, m->did[i].at_ms};
    const struct brain_job job = {.handle = m->handle,
                                  .seq = ++m->seq,
                                  .tenant_id = m->tenant_id,
                                  .call_id = m->call_id,
                                  .brain =
                                      m->failed < MODEL_FAILS ? &desk_brain_llm : &desk_brain_rules,
                                  .event = event,
                                  .text = text,
                                  .state = m->state,
                                  .past = {said, m->n_said, did, m->n_did}};
    m->thinking = true;
    brain_ticket_drop(m->ticket);
    if (brainpool_run(m->pool, &job, &m->ticket))
        lost(m, "busy");
}

static void step(void *brain, const struct relay_input *in)
{
    struct model *m = brain;
    enum desk_brain_event event = events[in->kind];
    if (event == DESK_BRAIN_START && *m->greeting) { /* known words: no thread, no model */
        remember(m, m->greeting, false, false);
        m->answer(m->ctx,
                  &(struct relay_answer){.words = m->greeting, .last = true, .led_on = true});
        return;
    }
    if (event ==
        DESK_BRAIN_EVENT__MAX) { /* of a tool that it never asked for; an alarm: see led() */
        m->answer(m->ctx, &(struct relay_answer){.words = "", .last = true});
        return;
    }
    ask(m, event, in->text);
    if (*in->text)
        remember(m, in->text, true, event == DESK_BRAIN_KEYS);
}

static void keep(struct model *m, const struct brain_result *r)
{
    const struct desk_brain_answer *a = &r->a;
    for (size_t i = 0; i < a->n_did; i++)
        remember_deed(m, &a->did[i]);
    if (!a->state)
        return;
    free(m->state);
    m->state = strdup(a->state);
}

static void over(struct model *m, const struct note *n)
{
    const struct desk_brain_answer *a = n->brain ? &n->brain->a : NULL;
    m->thinking = false;
    remember_words(m);
    if (n->rc || !a) {
        lost(m, desk_rc_name(n->rc));
        return;
    }
    m->failed += a->trouble != DESK_LLM_ANSWERED && a->trouble != DESK_LLM_STOPPED;
    m->answer(m->ctx,
              &(struct relay_answer){.words = "",
                                     .last = true,
                                     .parting = a->done,
                                     .next = a->done ? a->next : NULL,
                                     .led_on = a->led_on || a->trouble == DESK_LLM_ANSWERED});
}

/* From a thread; of an answer that was given up only what was done counts. */
static void note(void *brain, struct note *n)
{
    struct model *m = brain;
    bool now = m->thinking && n->seq == m->seq;
    if (n->last && n->brain)
        keep(m, n->brain);
    if (now && !n->last) {
        desk_buf_str(&m->words, n->text);
        m->answer(m->ctx, &(struct relay_answer){.words = n->text});
    } else if (now) {
        over(m, n);
    }
}

static void cancel(void *brain)
{
    struct model *m = brain;
    brain_ticket_cancel(m->ticket);
    m->ticket = NULL;
    m->thinking = false;
    remember_words(m);
}

static bool again(void *brain)
{
    cancel(brain);
    return true;
}

/* The threads read the script from the call's row. An answer that was begun before, and of which
 * nothing is spoken yet, is thought again. */
static bool led(void *brain, const char *instructions, bool alarm)
{
    struct model *m = brain;
    struct line *last = m->n_said ? &m->said[m->n_said - 1] : NULL;
    (void)instructions;
    if (!alarm || !m->thinking || m->words.len || !last || !last->caller)
        return false;
    struct line again = *last;
    m->n_said--;
    brain_ticket_cancel(m->ticket);
    m->ticket = NULL;
    ask(m, again.keys ? DESK_BRAIN_KEYS : DESK_BRAIN_SPEECH, again.text);
    m->said[m->n_said++] = again;
    return false;
}

static void heard(void *brain, const char *words)
{
    struct model *m = brain;
    if (m->thinking && m->words.len) {
        desk_buf_reset(&m->words);
        desk_buf_str(&m->words, words);
        return;
    }
    for (size_t i = m->n_said; i-- > 0;) {
        if (m->said[i].caller)
            continue;
        char *copy = strdup(words);
        if (copy) {
            free(m->said[i].text);
            m->said[i].text = copy;
        }
        return;
    }
}

/* The goodbye is taken back: the next words go on from there. */
static void held(void *brain)
{
    (void)brain;
}

const struct relay_brain_backend relay_brain_model = {
    .name = "model",
    .help = "a text model, with the rules behind it",
    .waits = true,
    .open = open_model,
    .step = step,
    .note = note,
    .again = again,
    .led = led,
    .heard = heard,
    .held = held,
    .cancel = cancel,
    .close = close_model,
};
