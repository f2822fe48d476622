/* Tools that send a text: to the caller, to the owner. */
#include "talk/tool_set.h"
#include "core/alert.h"
#include "store/alerts.h"
#include "talk/tell.h"
#include "talk/watch.h"

#include <string.h>

enum desk_rc desk_tool_send_text(struct desk_tool_ctx *ctx, const json_t *args, json_t **result)
{
    struct desk_business b;
    const char *about = desk_tool_text(args, "about"), *why = NULL;
    enum desk_rc rc = desk_tool_business(ctx, &b);
    if (!rc)
        rc = desk_text_caller(ctx->db, ctx->arena, &b, ctx->call, about, &why);
    if (!rc && why)
        return desk_tool_refuse(result, why, "I am sorry, I cannot send you a text.");
    const char *line = desk_arena_fmt(ctx->arena, "A text to the caller is on its way: %s.", about);
    if (!rc)
        rc = line ? desk_tool_note(ctx, "send_text", line) : DESK_ENOMEM;
    if (rc)
        return rc == DESK_EINVAL ? DESK_EINTERNAL : rc;
    *result = json_pack("{s:b, s:s}", "ok", 1, "say", "The text is on its way.");
    return *result ? DESK_OK : DESK_ENOMEM;
}

enum desk_rc desk_tool_request_photos(struct desk_tool_ctx *ctx, const json_t *args,
                                      json_t **result)
{
    struct desk_business b;
    const char *what = desk_tool_text(args, "what"), *why = NULL;
    const struct desk_sms_value v[] = {{"name", desk_tool_text(args, "name")}, {"what", what}};
    if (ctx->call->channel && strcmp(ctx->call->channel, DESK_CHANNEL_TEXT) == 0)
        return desk_tool_refuse(result, "They write to you: ask for pictures in your answer.", "");
    enum desk_rc rc = desk_tool_business(ctx, &b);
    if (!rc)
        rc = desk_text_caller_of(
            ctx->db, ctx->arena,
            &(struct desk_tell){&b, ctx->call, "photo_request", v, sizeof v / sizeof *v}, &why);
    if (!rc && why)
        return desk_tool_refuse(result, why, "I am sorry, I cannot send you a text.");
    const char *line = desk_arena_fmt(ctx->arena, "The caller was texted for pictures%s%s.",
                                      what ? " of " : "", what ? what : "");
    if (!rc)
        rc = line ? desk_tool_note(ctx, "request_photos", line) : DESK_ENOMEM;
    if (rc)
        return rc == DESK_EINVAL ? DESK_EINTERNAL : rc;
    *result = json_pack("{s:b, s:s}", "ok", 1, "say",
                        "I have sent you a text. Please answer it with a picture or two.");
    return *result ? DESK_OK : DESK_ENOMEM;
}

/* What came of it, for the model and for the caller: nobody is comforted with a text that was not
 * sent. */
static const struct {
    const char *why, *say;
} told_words[] = {
    [DESK_TOLD] = {"A text to the owner is on its way now.", "The owner is being told now."},
    [DESK_TOLD_BEFORE] = {"Withheld: the owner was told of this caller less than five minutes ago. "
                          "No second text went out.",
                          "The owner was told a moment ago."},
    [DESK_TOLD_NOBODY] =
        {"No text went out: nobody of the business can be sent one. Put the caller "
         "through, or take an urgent callback.",
         ""},
};

enum desk_rc desk_tool_send_owner_emergency_text(struct desk_tool_ctx *ctx, const json_t *args,
                                                 json_t **result)
{
    struct desk_business b;
    struct desk_lead lead = {NULL, NULL, NULL, NULL};
    enum desk_watch_told told = DESK_TOLD_NOBODY;
    const struct desk_call *c = ctx->call;
    const char *what = desk_tool_text(args, "what"), *level = desk_tool_text(args, "severity");
    enum desk_severity severity = desk_severity_parse(level);
    if (!what || severity == DESK_SEVERITY_NONE)
        return desk_tool_refuse(result, "Give \"what\" and a \"severity\" of P1 or P2.", "");
    const char *because = desk_arena_fmt(ctx->arena, "reported by the receptionist: %s", what);
    enum desk_rc rc = because ? desk_tool_business(ctx, &b) : DESK_ENOMEM;
    if (!rc)
        rc = desk_watch_found(ctx->db, ctx->arena, &b, c, severity, because, what, &told, &lead);
    if (!rc)
        rc = desk_tool_note(ctx, "send_owner_emergency_text", told_words[told].why);
    if (rc)
        return rc == DESK_EINVAL ? DESK_EINTERNAL : rc;
    ctx->led_by = lead.script;
    ctx->instructions = lead.instructions;
    *result = json_pack("{s:b, s:b, s:s, s:s}", "ok", 1, "text_sent", told == DESK_TOLD, "result",
                        told_words[told].why, "say", told_words[told].say);
    return *result ? DESK_OK : DESK_ENOMEM;
}
