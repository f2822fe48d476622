/* Tools that end the talk: put through, say goodbye, leave a message. */
#include "talk/tool_set.h"
#include "core/phone.h"

#include <string.h>

/* A number a transfer may ring: whole E.164, no emergency, short or premium number. */
static bool may_ring(const char *phone)
{
    char out[DESK_PHONE_LEN];
    return phone && phone[0] == '+' && desk_phone_parse(phone, NULL, out) == DESK_PHONE_OK &&
           strcmp(out, phone) == 0;
}

enum desk_rc desk_tool_transfer_to_owner(struct desk_tool_ctx *ctx, const json_t *args,
                                         json_t **result)
{
    const struct desk_call *call = ctx->call;
    const char *phone = ctx->location ? ctx->location->owner_phone : NULL;
    const char *reason = desk_tool_text(args, "reason");
    bool urgent = json_is_true(json_object_get(args, "urgent"));
    if (!may_ring(phone))
        return desk_tool_refuse(result,
                                "Nobody can be put through to: no usable owner's number is "
                                "set. Offer a callback or a message.",
                                "I am sorry, I cannot put you through at the moment.");
    if (!reason)
        reason = "wants to speak to someone";
    enum desk_rc rc = desk_call_transfer(ctx->db, call->tenant_id, call->id, phone, reason, urgent);
    const char *sentence = desk_arena_fmt(ctx->arena, "Putting the caller through to %s%s: %s",
                                          desk_tool_owner(ctx), urgent ? " (urgent)" : "", reason);
    if (!rc)
        rc = sentence ? desk_tool_note(ctx, "transfer_to_owner", sentence) : DESK_ENOMEM;
    if (rc)
        return rc == DESK_EINVAL ? DESK_EINTERNAL : rc;
    *result = json_pack("{s:b, s:s, s:s}", "ok", 1, "next", "transfer", "to", desk_tool_owner(ctx));
    return *result ? DESK_OK : DESK_ENOMEM;
}

static const struct {
    const char *outcome;
    const char *next;
    const char *stored; /* outcome of the call, unless a better one is there; NULL = leave open */
    const char *sentence;
} endings[] = {
    {"completed", DESK_NEXT_HANGUP, DESK_OUT_ANSWERED, "The receptionist said goodbye"},
    {"message", DESK_NEXT_MESSAGE, NULL, "The caller wants to leave a recorded message"},
    {"wrong_number", DESK_NEXT_HANGUP, DESK_OUT_ANSWERED, "A wrong number"},
    {"not_interested", DESK_NEXT_HANGUP, DESK_OUT_ANSWERED, "The caller wanted nothing more"},
    {"screened", DESK_NEXT_HANGUP, DESK_OUT_SCREENED, "Told to send a text instead"},
    {"spam", DESK_NEXT_HANGUP, DESK_OUT_ANSWERED, "Looks like an unwanted call"},
    {"caller_left", DESK_NEXT_HANGUP, DESK_OUT_HUNG_UP, "The caller did not answer any more"},
};

enum desk_rc desk_tool_end_call(struct desk_tool_ctx *ctx, const json_t *args, json_t **result)
{
    const struct desk_call *call = ctx->call;
    const char *outcome = desk_tool_text(args, "outcome");
    const char *summary = desk_tool_text(args, "summary");
    size_t i = 0;
    while (i + 1 < sizeof endings / sizeof *endings &&
           strcmp(endings[i].outcome, outcome ? outcome : "completed") != 0)
        i++;
    enum desk_rc rc = desk_call_next(ctx->db, call->tenant_id, call->id, endings[i].next);
    if (!rc && endings[i].stored)
        rc = desk_call_outcome(ctx->db, call->tenant_id, call->id, endings[i].stored, false);
    if (!rc && summary)
        rc = desk_call_summary(ctx->db, call->tenant_id, call->id, summary);
    if (!rc)
        rc = desk_tool_note(ctx, "end_call", endings[i].sentence);
    if (rc)
        return rc == DESK_EINVAL ? DESK_EINTERNAL : rc;
    *result = json_pack("{s:b, s:s}", "ok", 1, "next", endings[i].next);
    return *result ? DESK_OK : DESK_ENOMEM;
}
