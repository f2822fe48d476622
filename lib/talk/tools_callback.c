/* The tool that writes down whom to call back. */
#include "talk/tool_set.h"
#include "base/clock.h"
#include "base/ids.h"
#include "core/phone.h"
#include "db/seal.h"
#include "store/contacts.h"
#include "store/results.h"

#include <stdio.h>
#include <string.h>

/* Country for numbers without a code: that of the business's own number. */
static const char *country(const struct desk_call *call)
{
    return call->to_number && strncmp(call->to_number, "+44", 3) == 0 ? "GB" : "US";
}

static bool withheld(const struct desk_call *call)
{
    return !call->from_number || !*call->from_number || desk_phone_is_withheld(call->from_number);
}

/* The number to call: the one given, else the caller's own. DESK_EINVAL with a result if none. */
static enum desk_rc number_to_call(const struct desk_call *call, const json_t *args,
                                   char out[DESK_PHONE_LEN], json_t **result)
{
    const char *given = desk_tool_text(args, "number");
    if (!given && withheld(call))
        return desk_tool_refuse(result,
                                "The caller's number is withheld. Ask for a number to call "
                                "back on and give it as \"number\".",
                                "Which number can we call you back on?");
    if (desk_phone_parse(given ? given : call->from_number, country(call), out) == DESK_PHONE_OK ||
        (given && desk_phone_heard(given, country(call), out) == DESK_PHONE_OK))
        return DESK_OK;
    return desk_tool_refuse(result,
                            "\"number\" is not a telephone number we can call. Ask for it "
                            "again, with the area code, digit by digit.",
                            "I did not get that number right. Please say it again with the area "
                            "code.");
}

static enum desk_rc keep_facts(struct desk_tool_ctx *ctx, const struct desk_callback *cb,
                               const char *sentence)
{
    bool sure = false;
    const struct desk_call *call = ctx->call;
    enum desk_rc rc = desk_tool_sure(ctx, &sure);
    if (!rc)
        rc = desk_callback_insert(ctx->db, cb);
    if (!rc)
        desk_fields_event(DESK_LOG_INFO, "callback.new", &desk_callback_fields, cb);
    if (!rc && cb->urgent)
        rc = desk_call_urgent(ctx->db, call->tenant_id, call->id);
    if (!rc)
        rc = desk_call_outcome(ctx->db, call->tenant_id, call->id, DESK_OUT_CALLBACK, true);
    if (!rc && cb->name && sure && strcmp(cb->number, call->from_number) == 0)
        rc = desk_contact_learn(ctx->db, call->tenant_id, call->contact_id, cb->name, NULL, NULL);
    return rc ? rc : desk_tool_note(ctx, "schedule_callback", sentence);
}

enum desk_rc desk_tool_schedule_callback(struct desk_tool_ctx *ctx, const json_t *args,
                                         json_t **result)
{
    char number[DESK_PHONE_LEN], spoken[128], id[DESK_ID_LEN], key[DESK_BLIND_LEN];
    const struct desk_call *call = ctx->call;
    const char *name = desk_tool_text(args, "name"), *when = desk_tool_text(args, "when_text");
    const char *reason = desk_tool_text(args, "reason");
    const char *urgency = desk_tool_text(args, "urgency");
    bool urgent = urgency && strcmp(urgency, "urgent") == 0;
    enum desk_rc rc = number_to_call(call, args, number, result);
    if (rc)
        return rc;
    desk_blind(desk_db_key(ctx->db), call->tenant_id, number, key);
    struct desk_callback cb = {.id = desk_id_new(id, "cb"),
                               .tenant_id = call->tenant_id,
                               .call_id = call->id,
                               .contact_id = call->contact_id,
                               .name = name,
                               .number = number,
                               .number_key = key,
                               .reason = reason ? reason : "asked to be called back",
                               .when_text = when,
                               .urgent = urgent,
                               .state = "open",
                               .created_at = desk_now_ms()};
    const char *sentence = desk_arena_fmt(ctx->arena, "Callback promised%s%s%s%s%s: %s",
                                          name ? " to " : "", name ? name : "", when ? ", " : "",
                                          when ? when : "", urgent ? " (urgent)" : "", cb.reason);
    desk_phone_spoken(spoken, sizeof spoken, number);
    const char *say = desk_arena_fmt(
        ctx->arena, "It is noted. %s will call %s.",
        strcmp(desk_tool_owner(ctx), "the owner") == 0 ? "Somebody" : desk_tool_owner(ctx), spoken);
    if (!sentence || !say)
        return DESK_ENOMEM;
    rc = keep_facts(ctx, &cb, sentence);
    if (rc)
        return rc == DESK_EINVAL ? DESK_EINTERNAL : rc;
    *result =
        json_pack("{s:b, s:s, s:s, s:s, s:b, s:s}", "ok", 1, "number", number, "number_spoken",
                  spoken, "when", when ? when : "", "urgent", urgent, "say", say);
    return *result ? DESK_OK : DESK_ENOMEM;
}
