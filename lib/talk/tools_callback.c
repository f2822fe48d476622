/* Tools that write down: who calls, and whom to call back. */
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

bool desk_tool_withheld(const struct desk_call *call)
{
    return !call->from_number || !*call->from_number || desk_phone_is_withheld(call->from_number);
}

enum desk_rc desk_tool_number(const struct desk_call *call, const json_t *args,
                              char out[DESK_PHONE_LEN], json_t **result)
{
    const char *given = desk_tool_text(args, "number");
    if (!given && desk_tool_withheld(call))
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
    const struct desk_call *call = ctx->call;
    enum desk_rc rc = desk_callback_insert(ctx->db, cb);
    if (!rc)
        desk_fields_event(DESK_LOG_INFO, "callback.new", &desk_callback_fields, cb);
    if (!rc && cb->urgent)
        rc = desk_call_urgent(ctx->db, call->tenant_id, call->id);
    if (!rc)
        rc = desk_call_outcome(ctx->db, call->tenant_id, call->id, DESK_OUT_CALLBACK, true);
    if (!rc && cb->name && call->contact_id && !desk_tool_withheld(call) &&
        strcmp(cb->number, call->from_number) == 0)
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
    enum desk_rc rc = desk_tool_number(call, args, number, result);
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

/* "Caller: Dana, Reed & Co. wants a quote", of what there is */
static enum desk_rc note_caller(struct desk_tool_ctx *ctx, const json_t *args)
{
    static const char *const parts[] = {"name", "company", "email", "reason"};
    struct desk_buf line;
    desk_buf_init(&line, 4000);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const char *text = desk_tool_text(args, parts[i]);
        if (text)
            desk_buf_fmt(&line, "%s%s", line.len ? ", " : "Caller: ", text);
    }
    enum desk_rc rc = desk_buf_ok(&line)
                          ? desk_tool_note(ctx, "log_caller_info", desk_buf_cstr(&line))
                          : DESK_ENOMEM;
    desk_buf_clear(&line);
    return rc;
}

enum desk_rc desk_tool_log_caller_info(struct desk_tool_ctx *ctx, const json_t *args,
                                       json_t **result)
{
    const struct desk_call *call = ctx->call;
    const char *name = desk_tool_text(args, "name"), *company = desk_tool_text(args, "company");
    const char *email = desk_tool_text(args, "email"), *reason = desk_tool_text(args, "reason");
    enum desk_rc rc = DESK_OK;
    bool person = name || company || email;
    if (!person && !reason)
        return desk_tool_refuse(result, "Give at least one of: name, company, email, reason.", "");
    bool remember =
        call->contact_id && !desk_tool_withheld(call); /* no memory is built on a withheld one */
    if (remember && person)
        rc = desk_contact_learn(ctx->db, call->tenant_id, call->contact_id, name, company, email);
    if (!rc && reason)
        rc = desk_call_summary(ctx->db, call->tenant_id, call->id, reason);
    if (!rc)
        rc = note_caller(ctx, args);
    if (rc)
        return rc == DESK_EINVAL ? DESK_EINTERNAL : rc;
    *result = json_pack("{s:b, s:b}", "ok", 1, "remembered", remember);
    return *result ? DESK_OK : DESK_ENOMEM;
}
