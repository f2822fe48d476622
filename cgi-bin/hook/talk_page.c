/* The pages of the turn-based talk: words and what is listened for; or that it still goes on. */
#include "cgi-bin/hook/talk.h"
#include "talk/prompt.h"

#include <string.h>

#define HINTS_MAX 4000

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
    [DESK_EXPECT_ADDRESS] = {0, 3, 8}, /* nor do five keys come at once */
    [DESK_EXPECT_WORDS] = {1, 3, 8},
};

/* The business's words worth hearing, as a comma list; NULL = none, or they cannot be had: the talk
 * goes on without. */
static const char *hints(struct desk_request *req, const struct desk_call *c,
                         enum desk_dialog_expect expect)
{
    struct desk_dialog_profile *p = desk_arena_alloc(req->arena, sizeof *p);
    char *text = desk_arena_alloc(req->arena, HINTS_MAX);
    struct desk_prompt_input in;
    const char *facts = NULL;
    if (!p || !text || desk_prompt_load(req->db, req->arena, c, &in) ||
        desk_prompt_facts(req->arena, &in, &facts) || desk_dialog_profile_parse(p, facts) ||
        !desk_dialog_vocabulary(p, expect, text, HINTS_MAX))
        return NULL;
    for (size_t i = 0, n = strlen(text); i < n; i++)
        if (text[i] == '\n')
            text[i] = i + 1 < n ? ',' : '\0';
    return text;
}

enum desk_rc talk_page(struct desk_request *req, struct desk_call *c, const struct desk_talk *k)
{
    struct desk_twiml t;
    if (k->done) {
        enum desk_rc got = desk_call_get(req->db, req->arena, c->tenant_id, c->id, c);
        return got ? got : hook_answer_next(req, c, k->say);
    }
    const char *action =
        desk_arena_fmt(req->arena, "%s/voice/turn?n=%lld", desk_public_base(), (long long)k->n);
    if (!action)
        return DESK_ENOMEM;
    desk_twiml_init(&t);
    enum desk_rc rc = hook_told_say(req, &t, c); /* nobody can speak over it there */
    if (rc) {
        desk_twiml_clear(&t);
        return rc;
    }
    desk_twiml_gather_open(
        &t, &(struct desk_twiml_gather){.input = "dtmf speech",
                                        .action = action,
                                        .timeout_s = listening[k->expect].timeout_s,
                                        .speech_timeout_s = listening[k->expect].speech_timeout_s,
                                        .num_digits = listening[k->expect].num_digits,
                                        .finish_on_key = "#",
                                        .language = HOOK_LANGUAGE,
                                        .hints = hints(req, c, k->expect),
                                        .barge_in = true,
                                        .action_on_empty_result = true});
    hook_say(&t, k->say);
    desk_twiml_close(&t);
    desk_twiml_redirect(&t, action); /* never reached with actionOnEmptyResult; costs nothing */
    return hook_send(req, &t);
}

/* Every other time there are words: twice as long as one wait is short enough for silence. */
static const char *const fillers[] = {
    "One moment, please.",
    "I am still looking into it. One moment.",
    "Thank you for waiting. One more moment.",
};
#define N_FILLERS (sizeof fillers / sizeof *fillers)

enum desk_rc talk_wait_page(struct desk_request *req, int64_t n, int64_t w, bool pause)
{
    struct desk_twiml t;
    size_t i = (size_t)(w / 2) < N_FILLERS ? (size_t)(w / 2) : N_FILLERS - 1;
    long long waited = w;
    if (!pause)
        waited++;
    const char *again = desk_arena_fmt(req->arena, "%s/voice/turn?n=%lld&w=%lld",
                                       desk_public_base(), (long long)n, waited);
    if (!again)
        return DESK_ENOMEM;
    desk_twiml_init(&t);
    if (pause)
        desk_twiml_pause(&t, 1);
    else if (w % 2 == 0)
        hook_say(&t, fillers[i]);
    desk_twiml_redirect(&t, again);
    return hook_send(req, &t);
}
