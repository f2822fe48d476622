/* What a call tells of who calls: log_caller_info, and what the other tools learn on the way. */
#include "talk/tool_set.h"
#include "talk/business.h"
#include "talk/prompt.h"
#include "core/contact.h"
#include "core/phone.h"
#include "store/contacts.h"

#include <string.h>

bool desk_tool_withheld(const struct desk_call *call)
{
    return !call->from_number || !*call->from_number || desk_phone_is_withheld(call->from_number);
}

enum desk_rc desk_tool_sure(struct desk_tool_ctx *ctx, bool *sure)
{
    struct desk_contact c;
    const struct desk_call *call = ctx->call;
    *sure = false;
    if (!call->contact_id || desk_tool_withheld(call))
        return DESK_OK;
    enum desk_rc rc = desk_contact_get(ctx->db, ctx->arena, call->tenant_id, call->contact_id, &c);
    *sure = !rc && desk_caller_sure(call, &c);
    return rc == DESK_ENOTFOUND ? DESK_OK : rc;
}

/* All that is wrong with them, in sentences a model can act on. */
static enum desk_rc check_facts(struct desk_tool_ctx *ctx, const json_t *args, bool day_first,
                                const char *v[DESK_FACT__MAX], struct desk_buf *problem)
{
    enum desk_rc rc = DESK_OK;
    for (int i = 0; rc != DESK_ENOMEM && i < DESK_FACT__MAX; i++) {
        const char *name = desk_contact_fact_name((enum desk_contact_fact)i), *why;
        const char *text = desk_tool_text(args, name);
        v[i] = NULL;
        if (!text || !desk_contact_fact_told((enum desk_contact_fact)i))
            continue;
        rc = desk_contact_check(ctx->arena, name, text, day_first, &v[i], &why);
        if (rc == DESK_EINVAL)
            desk_buf_fmt(problem, "\"%s\" %s. ", name, why);
    }
    return rc == DESK_ENOMEM ? rc : problem->len ? DESK_EINVAL : DESK_OK;
}

enum desk_rc desk_tool_learn(struct desk_tool_ctx *ctx, const json_t *args, bool *remembered,
                             json_t **result)
{
    struct desk_business b;
    struct desk_buf problem;
    const char *v[DESK_FACT__MAX] = {NULL};
    bool any = false, sure = false;
    desk_buf_init(&problem, 4000);
    enum desk_rc rc = desk_tool_business(ctx, &b);
    if (!rc)
        rc = check_facts(ctx, args, b.day_first, v, &problem);
    if (rc == DESK_EINVAL) {
        desk_buf_str(&problem, "Nothing was written down. Ask for it again, or leave it out.");
        rc = desk_tool_refuse(result, desk_buf_cstr(&problem), "");
    }
    for (int i = 0; !rc && i < DESK_FACT__MAX; i++)
        any = any || v[i];
    if (!rc)
        rc = desk_tool_sure(ctx, &sure);
    if (!rc && any && sure)
        rc = desk_contact_set(ctx->db, ctx->arena, ctx->call->tenant_id, ctx->call->contact_id, v,
                              DESK_FROM_CALL, NULL);
    *remembered = sure;
    desk_buf_clear(&problem);
    return rc;
}

/* "Caller: Dana, Reed & Co. wants a quote", of what there is */
static enum desk_rc note_caller(struct desk_tool_ctx *ctx, const json_t *args)
{
    static const char *const parts[] = {"name",      "company",  "email",
                                        "preferred", "birthday", "anniversary",
                                        "systems",   "language", "reason"};
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

/* What it tells is the same whether the owner wrote something else down or not: a caller learns
 * nothing of what is stored. */
enum desk_rc desk_tool_log_caller_info(struct desk_tool_ctx *ctx, const json_t *args,
                                       json_t **result)
{
    const struct desk_call *call = ctx->call;
    const char *reason = desk_tool_text(args, "reason");
    bool remembered = false;
    if (!json_object_size(args))
        return desk_tool_refuse(result, "Give at least one of: name, company, email, reason.", "");
    enum desk_rc rc = desk_tool_learn(ctx, args, &remembered, result);
    if (!rc && reason)
        rc = desk_call_summary(ctx->db, call->tenant_id, call->id, reason);
    if (!rc)
        rc = note_caller(ctx, args);
    if (rc)
        return rc == DESK_EINVAL && !*result ? DESK_EINTERNAL : rc;
    *result = json_pack("{s:b, s:b}", "ok", 1, "remembered", remembered);
    return *result ? DESK_OK : DESK_ENOMEM;
}
