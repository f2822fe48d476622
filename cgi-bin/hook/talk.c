/* The turn-based talk: the rules brain (core/dialog.h) over <Gather>, one webhook a turn. Between
 * turns it lives sealed in the call's row:
 *   {"n": turn that is awaited, "say": last words, "expect": …, "done": …, "dialog": {…}}
 * n is in the action's URL, so a webhook that comes twice is told from the next one. */
#include "cgi-bin/hook/hook.h"
#include "base/clock.h"
#include "base/log.h"
#include "core/dialog.h"
#include "store/conversation.h"
#include "talk/prompt.h"
#include "talk/tools.h"
#include "talk/watch.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define TOOLS_IN_A_TURN 8
#define TURNS_MAX       60 /* a talk this long helps nobody: take a message */
#define HINTS_MAX       4000
#define SAY_MAX         3000
#define PAST_TURNS      200 /* of the talk that broke */

static const char too_long[] = "I am sorry, this takes too long. Please tell us in a message "
                               "after the tone, and we will call you back.";

struct talk {
    int n;
    struct desk_dialog dialog;
    struct desk_dialog_profile profile;
    enum desk_dialog_expect expect;
    bool done;
    struct desk_buf say; /* freed with the arena */
};

static void say_free(void *ctx)
{
    desk_buf_clear(ctx);
}

/* A talk with its profile, not begun. */
static enum desk_rc talk_new(struct desk_request *req, const struct desk_call *c, struct talk **out)
{
    struct talk *k = desk_arena_alloc(req->arena, sizeof *k);
    struct desk_prompt_input in;
    const char *facts = NULL;
    if (!k)
        return DESK_ENOMEM;
    desk_buf_init(&k->say, SAY_MAX);
    desk_arena_defer(req->arena, say_free, &k->say);
    desk_dialog_init(&k->dialog);
    *out = k;
    enum desk_rc rc = desk_prompt_load(req->db, req->arena, c, &in);
    if (!rc)
        rc = desk_prompt_facts(req->arena, &in, &facts);
    return rc ? rc : desk_dialog_profile_parse(&k->profile, facts);
}

/* DESK_ENOTFOUND: none was begun, or what is there cannot be read: begin again. */
static enum desk_rc talk_load(const struct desk_call *c, struct talk *k)
{
    json_t *root = c->dialog ? json_loads(c->dialog, 0, NULL) : NULL;
    char *dialog = json_dumps(json_object_get(root, "dialog"), JSON_COMPACT);
    enum desk_rc rc = DESK_ENOTFOUND;
    if (dialog && desk_dialog_load(&k->dialog, dialog) == DESK_OK) {
        const char *say = json_string_value(json_object_get(root, "say"));
        json_int_t expect = json_integer_value(json_object_get(root, "expect"));
        k->n = (int)json_integer_value(json_object_get(root, "n"));
        k->expect = expect >= 0 && expect < DESK_EXPECT__MAX ? (enum desk_dialog_expect)expect
                                                             : DESK_EXPECT_ANYTHING;
        k->done = json_is_true(json_object_get(root, "done"));
        desk_buf_reset(&k->say);
        desk_buf_str(&k->say, say);
        rc = DESK_OK;
    }
    free(dialog);
    json_decref(root);
    return rc;
}

static char *talk_text(const struct talk *k)
{
    char *dialog = desk_dialog_save(&k->dialog), *text = NULL;
    json_t *d = dialog ? json_loads(dialog, 0, NULL) : NULL;
    json_t *root = json_pack("{s:i, s:s, s:i, s:b, s:o}", "n", k->n, "say", desk_buf_cstr(&k->say),
                             "expect", (int)k->expect, "done", (int)k->done, "dialog", d);
    if (root)
        text = json_dumps(root, JSON_COMPACT);
    json_decref(root);
    free(dialog);
    return text;
}

static enum desk_rc add_turn(struct desk_request *req, const struct desk_call *c, int n,
                             const char *who, const char *how, const char *text)
{
    int64_t at = desk_now_ms() - c->started_at;
    struct desk_turn t = {.tenant_id = c->tenant_id,
                          .call_id = c->id,
                          .item_id = desk_arena_fmt(req->arena, "menu-%d-%s", n, who),
                          .who = who,
                          .how = how,
                          .text = text,
                          .start_ms = at,
                          .end_ms = at};
    return !t.item_id ? DESK_ENOMEM : *text ? desk_turn_add(req->db, &t) : DESK_OK;
}

static enum desk_rc talk_save(struct desk_request *req, const struct desk_call *c,
                              const struct talk *k)
{
    char *text = talk_text(k);
    enum desk_rc rc = text ? DESK_TX_BEGIN(req->db) : DESK_ENOMEM;
    if (!rc) {
        rc = desk_call_dialog(req->db, c->tenant_id, c->id, text);
        if (!rc)
            rc = add_turn(req, c, k->n, DESK_WHO_DESK, "menu", desk_buf_cstr(&k->say));
        rc = desk_tx_end(req->db, rc);
    }
    free(text);
    return rc;
}

/* Feed one input, and the results of the tools it leads to. */
static enum desk_rc talk_step(struct desk_request *req, const struct desk_call *c, struct talk *k,
                              struct desk_dialog_input in)
{
    struct desk_dialog_output *out = desk_arena_alloc(req->arena, sizeof *out);
    struct desk_tool_ctx ctx = {
        .db = req->db, .arena = req->arena, .call = c, .location = &req->location};
    if (!out)
        return DESK_ENOMEM;
    for (int i = 0; i < TOOLS_IN_A_TURN; i++) {
        enum desk_tool_then then;
        const char *result = NULL;
        desk_dialog_step(&k->profile, &k->dialog, &in, out);
        if (*out->say)
            desk_buf_fmt(&k->say, "%s%s", k->say.len ? " " : "", out->say);
        k->expect = out->expect;
        k->done = out->done;
        if (!*out->tool_name)
            break;
        const char *tool = desk_arena_strdup(req->arena, out->tool_name);
        enum desk_rc rc =
            tool ? desk_tool_run(&ctx, tool, out->tool_args, &result, &then) : DESK_ENOMEM;
        if (rc)
            return rc;
        in = (struct desk_dialog_input){DESK_DIALOG_TOOL_RESULT, result, tool};
    }
    if (k->expect == DESK_EXPECT_NOTHING)
        k->done = true; /* nobody is asked anything: nothing more will come */
    return DESK_OK;
}

/* ---- beginning ------------------------------------------------------------------------------- */

/* What the call's rows hold of the talk so far. */
static enum desk_rc load_past(struct desk_request *req, const struct desk_call *c,
                              struct desk_dialog_past *past)
{
    struct desk_turn *turns;
    struct desk_tool_run *runs;
    size_t n_turns, n_runs;
    enum desk_rc rc =
        desk_turn_list(req->db, req->arena, c->tenant_id, c->id, PAST_TURNS, &turns, &n_turns);
    if (!rc)
        rc = desk_tool_run_list(req->db, req->arena, c->tenant_id, c->id, &runs, &n_runs);
    if (rc)
        return rc;
    struct desk_dialog_past_turn *t = desk_arena_alloc(req->arena, (n_turns + 1) * sizeof *t);
    struct desk_dialog_past_tool *k = desk_arena_alloc(req->arena, (n_runs + 1) * sizeof *k);
    if (!t || !k)
        return DESK_ENOMEM;
    for (size_t i = 0; i < n_turns; i++) {
        t[i].text = turns[i].text;
        t[i].caller = strcmp(turns[i].who, DESK_WHO_CALLER) == 0;
    }
    for (size_t i = 0; i < n_runs; i++)
        k[i] =
            (struct desk_dialog_past_tool){runs[i].tool, runs[i].args, runs[i].result, runs[i].ok};
    *past = (struct desk_dialog_past){t, n_turns, k, n_runs, c->urgent};
    return DESK_OK;
}

/* After a stream that broke: no second greeting, and nothing is asked that was told already. */
static enum desk_rc talk_resume(struct desk_request *req, const struct desk_call *c, struct talk *k)
{
    struct desk_dialog_past past;
    enum desk_rc rc = load_past(req, c, &past);
    if (rc)
        return rc;
    desk_dialog_prime(&k->profile, &k->dialog, &past);
    return talk_step(req, c, k, (struct desk_dialog_input){DESK_DIALOG_RESUME, "", NULL});
}

static enum desk_rc talk_begin(struct desk_request *req, struct desk_call *c, struct talk *k)
{
    int64_t said = 0;
    enum desk_rc rc = hook_step_down(req, c, DESK_MODE_GATHER,
                                     "The voice line was lost or not there, so Frontdesk went on "
                                     "by questions and keys.");
    if (!rc)
        rc = desk_turn_count(req->db, c->tenant_id, c->id, &said);
    if (rc)
        return rc;
    k->n = 1;
    if (!said && !c->stream_token && !c->stream_started_at) /* the call's very first words */
        desk_buf_str(&k->say, hook_consent(req));
    rc = said ? talk_resume(req, c, k)
              : talk_step(req, c, k, (struct desk_dialog_input){DESK_DIALOG_START, "", NULL});
    return rc ? rc : talk_save(req, c, k);
}

/* ---- the page -------------------------------------------------------------------------------- */

/* How an answer is listened for. */
static const struct {
    int num_digits, speech_timeout_s, timeout_s;
} listening[DESK_EXPECT__MAX] = {
    [DESK_EXPECT_ANYTHING] = {1, DESK_TWIML_AUTO, 6},
    [DESK_EXPECT_YESNO] = {1, DESK_TWIML_AUTO, 6},
    [DESK_EXPECT_NAME] = {1, DESK_TWIML_AUTO, 6},
    [DESK_EXPECT_NUMBER] = {0, 3, 8}, /* people pause between the groups */
    [DESK_EXPECT_WHEN] = {1, DESK_TWIML_AUTO, 6},
    [DESK_EXPECT_CHANGE] = {1, DESK_TWIML_AUTO, 6},
    [DESK_EXPECT_NOTHING] = {0, DESK_TWIML_AUTO, 1},
};

static const char *hints(struct desk_request *req, const struct talk *k)
{
    char *text = desk_arena_alloc(req->arena, HINTS_MAX);
    if (!text || !desk_dialog_vocabulary(&k->profile, k->expect, text, HINTS_MAX))
        return NULL;
    size_t n = strlen(text);
    for (size_t i = 0; i < n; i++)
        if (text[i] == '\n')
            text[i] = i + 1 < n ? ',' : '\0';
    return text;
}

static enum desk_rc talk_answer(struct desk_request *req, struct desk_call *c, const struct talk *k)
{
    struct desk_twiml t;
    if (k->done) {
        enum desk_rc rc = desk_call_get(req->db, req->arena, c->tenant_id, c->id, c);
        return rc ? rc : hook_answer_next(req, c, desk_buf_cstr(&k->say));
    }
    const char *action = desk_arena_fmt(req->arena, "%s/voice/turn?n=%d", desk_public_base(), k->n);
    if (!action)
        return DESK_ENOMEM;
    desk_twiml_init(&t);
    desk_twiml_gather_open(
        &t, &(struct desk_twiml_gather){.input = "dtmf speech",
                                        .action = action,
                                        .timeout_s = listening[k->expect].timeout_s,
                                        .speech_timeout_s = listening[k->expect].speech_timeout_s,
                                        .num_digits = listening[k->expect].num_digits,
                                        .finish_on_key = "#",
                                        .language = HOOK_LANGUAGE,
                                        .hints = hints(req, k),
                                        .action_on_empty_result = true});
    hook_say(&t, desk_buf_cstr(&k->say));
    desk_twiml_close(&t);
    desk_twiml_redirect(&t, action); /* never reached with actionOnEmptyResult; costs nothing */
    return hook_send(req, &t);
}

enum desk_rc hook_talk_page(struct desk_request *req, struct desk_call *c)
{
    struct talk *k;
    enum desk_rc rc = talk_new(req, c, &k);
    if (rc)
        return rc;
    if (talk_load(c, k) != DESK_OK)
        rc = talk_begin(req, c, k);
    return rc ? rc : talk_answer(req, c, k);
}

/* Whatever is said is looked through for emergencies before it is answered. */
static enum desk_rc watch(struct desk_request *req, struct desk_call *c)
{
    const char *said = NULL;
    struct desk_watch w = {.business = req->business, .call = c};
    enum desk_rc rc = desk_watch_said(req->db, req->arena, c, "", &said);
    if (!rc)
        rc = desk_watch_words(req->db, req->arena, &w, said);
    return rc;
}

static enum desk_rc hear(struct desk_request *req, struct desk_call *c, struct talk *k,
                         const char *digits, const char *speech)
{
    bool keys = *digits != '\0';
    struct desk_dialog_input in = {.event = keys      ? DESK_DIALOG_DIGITS
                                            : *speech ? DESK_DIALOG_SPEECH
                                                      : DESK_DIALOG_SILENCE,
                                   .text = keys ? digits : speech};
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (!rc) {
        rc = add_turn(req, c, k->n, DESK_WHO_CALLER, keys ? "keys" : "speech", in.text);
        if (!rc && in.event == DESK_DIALOG_SPEECH)
            rc = watch(req, c);
        rc = desk_tx_end(req->db, rc);
    }
    if (rc)
        return rc;
    desk_buf_reset(&k->say);
    rc = talk_step(req, c, k, in);
    k->n++;
    return rc ? rc : talk_save(req, c, k);
}

enum desk_rc hook_talk_turn(struct desk_request *req, struct desk_call *c, int64_t n,
                            const char *digits, const char *speech)
{
    struct talk *k;
    enum desk_rc rc = talk_new(req, c, &k);
    if (rc)
        return rc;
    if (talk_load(c, k) != DESK_OK)
        rc = talk_begin(req, c, k);
    else if (!k->done && k->n > TURNS_MAX)
        return hook_answer_record(req, c, too_long);
    else if (!k->done && (n < 0 || n >= k->n))
        rc = hear(req, c, k, digits, speech);
    return rc ? rc : talk_answer(req, c, k);
}
