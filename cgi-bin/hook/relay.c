/* ConversationRelay: the noun that begins such a session, and what its end says. The session itself
 * is the bridge's (ws-bridge/relay.h). No greeting is given to Twilio: the bridge says it as the
 * first words, so it is a turn like the others, and what was heard of it is known. */
#include "cgi-bin/hook/hook.h"
#include "base/log.h"
#include "core/dialog.h"
#include "talk/prompt.h"

#include <jansson.h>
#include <string.h>

#define HINTS_MAX 1000

/* Words worth hearing in this business, as a comma list; NULL = none, or they cannot be had: the
 * call goes on without. */
static const char *hints(struct desk_request *req, const struct desk_call *c)
{
    struct desk_dialog_profile *p = desk_arena_alloc(req->arena, sizeof *p);
    char *text = desk_arena_alloc(req->arena, HINTS_MAX + 1);
    struct desk_prompt_input in;
    const char *facts = NULL;
    if (!p || !text || desk_prompt_load(req->db, req->arena, c, &in) ||
        desk_prompt_facts(req->arena, &in, &facts) || desk_dialog_profile_parse(p, facts) ||
        !desk_dialog_vocabulary(p, DESK_EXPECT_ANYTHING, text, HINTS_MAX))
        return NULL;
    for (size_t i = 0, n = strlen(text); i < n; i++)
        if (text[i] == '\n')
            text[i] = i + 1 < n ? ',' : '\0';
    return text;
}

void hook_relay_open(struct desk_request *req, struct desk_twiml *t, const struct desk_call *c,
                     const char *url)
{
    desk_twiml_relay_open(t, &(struct desk_twiml_relay){.url = url,
                                                        .language = HOOK_LANGUAGE,
                                                        .tts_provider = "Amazon",
                                                        .voice = "Joanna-Neural",
                                                        .interruptible = "any",
                                                        .hints = hints(req, c),
                                                        .debug = "speaker-events tokens-played",
                                                        .dtmf_detection = true});
}

/* ---- the end --------------------------------------------------------------------------------- */

static const char *one_of(const char *text, const char *const *words)
{
    for (; text && *words; words++)
        if (strcmp(text, *words) == 0)
            return *words;
    return NULL;
}

/* The bridge writes why and what next into the row before it ends a session, and gives Twilio the
 * same to bring here: for when the row could not be written in time. */
static void read_handoff(struct desk_request *req, struct desk_call *c)
{
    static const char *const steps[] = {DESK_NEXT_HANGUP, DESK_NEXT_TRANSFER, DESK_NEXT_MESSAGE,
                                        DESK_NEXT_GATHER, NULL};
    json_t *v = json_loads(hook_text(req, "HandoffData"), 0, NULL);
    const char *next = one_of(json_string_value(json_object_get(v, "next")), steps);
    if (next && !c->stream_end && !c->next_step) {
        desk_log(DESK_LOG_NOTICE, "voice.handoff", "call=%s next=%s", c->id, next);
        c->next_step = next;
    }
    json_decref(v);
}

/* What Twilio says of a session that failed, on the timeline. */
static enum desk_rc note_failure(struct desk_request *req, const struct desk_call *c)
{
    const char *code = hook_text(req, "ErrorCode"), *words = hook_text(req, "ErrorMessage");
    const char *text = desk_arena_fmt(req->arena, "Twilio ended the session by text: %s%s%s",
                                      *code ? code : "failed", *words ? " " : "", words);
    desk_log(DESK_LOG_WARN, "voice.relay_failed", "call=%s code=%s", c->id, *code ? code : "-");
    enum desk_rc rc = text ? DESK_TX_BEGIN(req->db) : DESK_ENOMEM;
    if (!rc)
        rc = desk_tx_end(req->db,
                         hook_event(req, c, "stream", "relay_failed", text,
                                    *hook_text(req, "SessionId") ? hook_text(req, "SessionId")
                                                                 : "relay_failed"));
    return rc;
}

void hook_relay_over(struct desk_request *req, struct desk_call *c)
{
    bool failed =
        strcmp(hook_text(req, "SessionStatus"), "failed") == 0 || *hook_text(req, "ErrorCode");
    read_handoff(req, c);
    if (failed && note_failure(req, c)) /* a line less on the timeline; the caller goes on */
        desk_log(DESK_LOG_WARN, "voice.relay_event", "call=%s", c->id);
}
