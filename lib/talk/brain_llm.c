/* The model brain: a text model with the tool table. A turn is a few rounds: it answers in words or
 * calls tools, whose results it is told, until it has words or a tool has ended the talk. What is
 * spoken goes through core/spoken.h. Whatever it cannot do is DESK_EUPSTREAM, and the rules go on.
 */
#include "talk/brain_set.h"
#include "talk/brain_talk.h"
#include "talk/business.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "core/spoken.h"
#include "talk/business.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define ANSWER_TOKENS 400
#define SHORT_TALK    12  /* messages, when the whole talk is too long for the model */
#define REASON_MAX    300 /* as the tool has it */

static const char name[] = "model";
static const char still_there[] = "Are you still there?";
static const char cannot_hear[] =
    "I cannot hear you. Please leave your message after the tone, and "
    "we will call you back.";

struct mind {
    const struct desk_brain_turn *t;
    struct desk_brain_answer *a;
    struct brain_talk talk;
    json_t *tools;
    struct desk_spoken spoken; /* words of this round */
    size_t handed;             /* of them, to t->words */
    int acts;
    bool refused; /* a tool of this round was */
    bool named;   /* the timeline says which model it is */
};

static enum desk_rc fail(struct mind *m, enum desk_llm_end end, const char *why)
{
    m->a->trouble = end;
    m->a->why = desk_arena_strdup(m->t->arena, why);
    return DESK_EUPSTREAM;
}

/* ---- asking ---------------------------------------------------------------------------------- */

/* As they come: only to a mouth that speaks them at once. */
static void on_words(void *ctx, const char *p, size_t n)
{
    struct mind *m = ctx;
    const struct desk_buf *out = &m->spoken.out;
    desk_spoken_feed(&m->spoken, p, n);
    if (out->len < m->handed)
        m->handed = 0; /* it was thinking aloud */
    if (out->len == m->handed)
        return;
    if (!m->handed && m->a->say.len)
        m->t->words(m->t->ctx, " ", 1);
    m->t->words(m->t->ctx, out->p + m->handed, out->len - m->handed);
    m->handed = out->len;
}

static bool on_stop(void *ctx)
{
    struct mind *m = ctx;
    return m->t->stop && m->t->stop(m->t->ctx);
}

static void count(struct desk_brain_answer *a, const struct desk_llm_answer *r)
{
    const struct desk_chat_usage *u = &r->reply.usage;
    if (!a->asks++)
        a->first_ms = r->first_ms;
    a->usage.present = a->usage.present || u->present;
    a->usage.input += u->input;
    a->usage.cached += u->cached;
    a->usage.output += u->output;
    if (*r->reply.model)
        snprintf(a->model, sizeof a->model, "%s", r->reply.model);
}

static void ask_once(struct mind *m, bool last, struct desk_llm_answer *r)
{
    const struct desk_llm *llm = m->t->llm ? m->t->llm : &desk_llm_http;
    desk_spoken_clear(&m->spoken);
    desk_spoken_init(&m->spoken);
    m->handed = 0;
    llm->ask(&(struct desk_llm_question){.system = m->talk.system,
                                         .msgs = m->talk.msgs,
                                         .n_msgs = m->talk.n,
                                         .tools = m->tools,
                                         .no_tools = last,
                                         .max_tokens = ANSWER_TOKENS,
                                         .deadline_ms = m->t->deadline_ms,
                                         .words = m->t->words ? on_words : NULL,
                                         .stop = on_stop,
                                         .ctx = m},
             r);
    count(m->a, r);
    if (!m->t->words)
        desk_spoken_feed(&m->spoken, desk_buf_cstr(&r->reply.text), r->reply.text.len);
}

/* A talk that is too long is asked once more with its end only. */
static enum desk_rc ask(struct mind *m, bool last, struct desk_llm_answer *r)
{
    ask_once(m, last, r);
    if (r->end == DESK_LLM_TOO_LONG && desk_brain_talk_shorten(&m->talk, SHORT_TALK)) {
        desk_llm_answer_clear(r);
        ask_once(m, last, r);
    }
    return r->end == DESK_LLM_ANSWERED ? DESK_OK : fail(m, r->end, r->why);
}

/* ---- tools ----------------------------------------------------------------------------------- */

static bool leaves(const char *tool)
{
    const struct desk_tool *known = desk_tool_find(tool);
    return known && known->then == DESK_THEN_LEAVE;
}

static enum desk_rc run_one(struct mind *m, const struct desk_chat_call *call, bool blocked,
                            const char **result, bool *ok)
{
    if (blocked)
        *result =
            "{\"ok\":false,\"error\":\"Not now: another tool that you called was refused. See "
            "to that first.\"}";
    else if (m->acts++ >= BRAIN_TOOLS_IN_A_TURN)
        *result = "{\"ok\":false,\"error\":\"Too many tools. Answer in words.\"}";
    else
        return desk_brain_act(m->t, m->a, call->name, call->arguments, result, ok);
    return DESK_OK;
}

/* All calls of a round; those that end the talk last, and not when another was refused: nobody is
 * bidden goodbye with a promise that was not written down. */
static enum desk_rc run_tools(struct mind *m)
{
    const struct desk_chat_msg *answer = &m->talk.msgs[m->talk.n - 1];
    const char *results[DESK_MAX_CHAT_CALLS] = {NULL};
    bool ok[DESK_MAX_CHAT_CALLS] = {false};
    enum desk_rc rc = DESK_OK;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < answer->n_calls && !rc; i++) {
            if (leaves(answer->calls[i].name) != (pass == 1))
                continue;
            rc = run_one(m, &answer->calls[i], pass == 1 && m->refused, &results[i], &ok[i]);
            m->refused = m->refused || !ok[i];
        }
    for (size_t i = 0; i < answer->n_calls && !rc; i++)
        rc = desk_brain_talk_result(&m->talk, answer->calls[i].id, results[i], ok[i]);
    return rc;
}

/* ---- words ----------------------------------------------------------------------------------- */

/* The words of a round are said; not those of one whose tool was refused ("It is done."), unless
 * they are spoken already. */
static void keep_words(struct mind *m)
{
    struct desk_brain_answer *a = m->a;
    if (!m->spoken.out.len || (m->refused && !m->handed))
        return;
    if (a->say.len)
        desk_buf_chr(&a->say, ' ');
    desk_buf_add(&a->say, m->spoken.out.p, m->spoken.out.len);
}

/* Words of ours, in its place. */
static void say(struct mind *m, const char *words)
{
    desk_brain_say(m->t, m->a, words);
}

static const char *last_said(const struct desk_brain_past *p, size_t nth)
{
    for (size_t i = p->n_said; i-- > 0;)
        if (!p->said[i].caller && nth-- == 0)
            return p->said[i].text ? p->said[i].text : "";
    return "";
}

/* The same for the third time: it goes in circles. */
static bool repeats(const struct mind *m)
{
    const char *now = desk_buf_cstr(&m->a->say);
    return strcmp(now, last_said(m->t->past, 0)) == 0 && strcmp(now, last_said(m->t->past, 1)) == 0;
}

static bool says_goodbye(const char *words)
{
    return (strcasestr(words, "goodbye") || strcasestr(words, "bye-bye")) && !strchr(words, '?');
}

/* ---- the end of a turn ----------------------------------------------------------------------- */

/* {TRANSFER}: as if it had called the tool. */
static enum desk_rc transfer(struct mind *m)
{
    char reason[REASON_MAX];
    const char *result = NULL;
    bool ok = false;
    snprintf(reason, sizeof reason, "%s", m->t->text);
    desk_utf8_trim(reason);
    json_t *args = json_pack("{s:s}", "reason", reason);
    char *text = args ? json_dumps(args, JSON_COMPACT) : NULL;
    enum desk_rc rc =
        text ? desk_brain_act(m->t, m->a, "transfer_to_owner", text, &result, &ok) : DESK_ENOMEM;
    free(text);
    json_decref(args);
    if (rc || ok)
        return rc;
    json_t *v = json_loads(result, 0, NULL);
    const char *words = json_string_value(json_object_get(v, "say"));
    if (!m->handed)
        desk_buf_reset(&m->a->say); /* "I am putting you through" is not so */
    say(m, words && *words ? words : "I am sorry, I cannot put you through at the moment.");
    say(m, "Shall we call you back?");
    json_decref(v);
    return DESK_OK;
}

static const struct {
    const char *next, *words, *unless; /* unless: a word that makes ours needless */
} partings[] = {
    {DESK_NEXT_HANGUP, "Thank you for calling. Goodbye.", ""},
    {DESK_NEXT_TRANSFER, "I am putting you through.", ""},
    {DESK_NEXT_MESSAGE, "Please leave your message after the tone.", "tone"},
};

/* Nobody is left without a word. */
static void part(struct mind *m)
{
    const char *said = desk_buf_cstr(&m->a->say);
    for (size_t i = 0; m->a->next && i < sizeof partings / sizeof *partings; i++)
        if (strcmp(partings[i].next, m->a->next) == 0 &&
            (!*said || !strstr(said, partings[i].unless)))
            say(m, partings[i].words);
}

static enum desk_rc over(struct mind *m, bool wants_transfer)
{
    struct desk_brain_answer *a = m->a;
    const char *result;
    bool ok;
    enum desk_rc rc = DESK_OK;
    if (wants_transfer && !a->done)
        rc = transfer(m);
    if (!rc && !a->done && !a->say.len)
        return fail(m, DESK_LLM_NONSENSE, "The text model had nothing to say.");
    if (!rc && !a->done && repeats(m))
        return fail(m, DESK_LLM_NONSENSE, "The text model went in circles.");
    if (!rc && !a->done && says_goodbye(desk_buf_cstr(&a->say)))
        rc = desk_brain_act(m->t, a, "end_call", "{\"outcome\":\"completed\"}", &result, &ok);
    if (rc)
        return rc;
    if (a->done)
        part(m);
    a->expect = desk_dialog_asked(desk_buf_cstr(&a->say));
    if (a->expect == DESK_EXPECT_NOTHING)
        a->expect = DESK_EXPECT_ANYTHING;
    return DESK_OK;
}

/* Once in a talk. */
static void note_model(struct mind *m, const struct desk_chat_reply *r)
{
    if (m->named)
        return;
    m->named = true;
    const char *detail = desk_arena_fmt(m->t->arena, "A text model answers: %s.",
                                        *r->model ? r->model : "it does not say which");
    desk_brain_note(m->t, "brain", detail, "brain");
}

static enum desk_rc rounds(struct mind *m)
{
    bool wants_transfer = false, more = true;
    enum desk_rc rc = DESK_OK;
    for (int i = 0; more && !rc && i < DESK_MAX_CHAT_ROUNDS; i++) {
        struct desk_llm_answer r;
        m->refused = false;
        rc = ask(m, i + 1 == DESK_MAX_CHAT_ROUNDS, &r);
        if (!rc)
            rc = desk_brain_talk_answer(&m->talk, m->t->arena, &r.reply);
        if (!rc)
            rc = run_tools(m);
        if (!rc) {
            keep_words(m);
            note_model(m, &r.reply);
        }
        wants_transfer = wants_transfer || m->spoken.transfer;
        more = r.reply.n_calls && !m->a->done && !wants_transfer;
        desk_llm_answer_clear(&r);
    }
    return rc ? rc : over(m, wants_transfer);
}

static enum desk_rc converse(struct mind *m)
{
    struct desk_business b;
    const struct desk_prompt_input *in = m->t->about;
    m->tools = desk_business_of(m->t->arena, in->tenant, in->location, &b)
                   ? NULL
                   : desk_tools_realtime(&b);
    enum desk_rc rc = m->tools ? desk_brain_talk_begin(&m->talk, m->t) : DESK_ENOMEM;
    if (!rc)
        rc = rounds(m);
    json_decref(m->tools);
    desk_spoken_clear(&m->spoken);
    return rc;
}

/* ---- what needs no model --------------------------------------------------------------------- */

static enum desk_rc greet(struct mind *m)
{
    const char *text;
    enum desk_rc rc = desk_prompt_greeting(m->t->arena, m->t->about, &text);
    if (!rc)
        say(m, text);
    return rc;
}

/* The last question of what was said, or nothing. */
static const char *question_of(struct desk_arena *a, const char *text)
{
    const char *end = strrchr(text, '?'), *from = end;
    if (!end || strstr(text, still_there))
        return "";
    while (from > text && !strchr(".?!", from[-1]))
        from--;
    from += strspn(from, " ");
    return desk_arena_strndup(a, from, (size_t)(end - from) + 1);
}

static enum desk_rc silence(struct mind *m, json_int_t quiet)
{
    const char *result;
    bool ok;
    if (quiet > 1) {
        say(m, cannot_hear);
        return desk_brain_act(m->t, m->a, "end_call", "{\"outcome\":\"message\"}", &result, &ok);
    }
    say(m, still_there);
    say(m, question_of(m->t->arena, last_said(m->t->past, 0)));
    m->a->expect = desk_dialog_asked(desk_buf_cstr(&m->a->say));
    if (m->a->expect == DESK_EXPECT_NOTHING)
        m->a->expect = DESK_EXPECT_ANYTHING;
    return DESK_OK;
}

static enum desk_rc turn(const struct desk_brain_turn *t, struct desk_brain_answer *a)
{
    struct mind m = {.t = t, .a = a};
    json_int_t quiet = 0;
    enum desk_rc rc;
    if (t->event == DESK_BRAIN_RESUME) /* nothing is said yet: known words at once */
        return desk_brain_rules.turn(t, a);
    json_t *state = desk_brain_state(t, name);
    m.named = json_is_true(json_object_get(state, "named"));
    if (t->event == DESK_BRAIN_SILENCE)
        quiet = json_integer_value(json_object_get(state, "quiet")) + 1;
    json_decref(state);
    a->brain = name;
    rc = t->event == DESK_BRAIN_START ? greet(&m) : quiet ? silence(&m, quiet) : converse(&m);
    if (rc)
        return rc;
    return desk_brain_keep(
        t, a, json_pack("{s:s, s:I, s:b}", "by", name, "quiet", quiet, "named", (int)m.named));
}

const struct desk_brain desk_brain_llm = {
    .name = name, .help = "a text model, with the rules behind it", .turn = turn};
