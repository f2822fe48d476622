/* Inside of the tool table: the handlers, and what they share. Not for other folders. */
#ifndef DESK_TALK_TOOL_SET_H
#define DESK_TALK_TOOL_SET_H

#include "core/business.h"
#include "talk/tools.h"

/* A refusal a model can act on: error tells the model, say is for the caller. Returns DESK_EINVAL,
 * or DESK_ENOMEM. */
enum desk_rc desk_tool_refuse(json_t **result, const char *error, const char *say);

/* The call's business at its place. DESK_EINTERNAL: the row points nowhere. */
DESK_MUST enum desk_rc desk_tool_business(struct desk_tool_ctx *ctx, struct desk_business *out);

/* A line of the call's timeline, kind "tool". */
DESK_MUST enum desk_rc desk_tool_note(struct desk_tool_ctx *ctx, const char *tool,
                                      const char *sentence);

/* Text argument, NULL when absent or empty. */
const char *desk_tool_text(const json_t *args, const char *name);

/* Name of the owner for sentences: "Sal", or "the owner". */
const char *desk_tool_owner(const struct desk_tool_ctx *ctx);

bool desk_tool_withheld(const struct desk_call *call);
/* Is it sure who calls (desk_caller_sure)? */
DESK_MUST enum desk_rc desk_tool_sure(struct desk_tool_ctx *ctx, bool *sure);
/* Those arguments that are facts of a contact (name, company, email, …) are checked and, when it is
 * sure who calls (*remembered), written down as said in a call. DESK_EINVAL with a result: one of
 * them cannot be right, and nothing was written. */
DESK_MUST enum desk_rc desk_tool_learn(struct desk_tool_ctx *ctx, const json_t *args,
                                       bool *remembered, json_t **result);

enum desk_rc desk_tool_schedule_callback(struct desk_tool_ctx *ctx, const json_t *args,
                                         json_t **result);
enum desk_rc desk_tool_log_caller_info(struct desk_tool_ctx *ctx, const json_t *args,
                                       json_t **result);
enum desk_rc desk_tool_send_text(struct desk_tool_ctx *ctx, const json_t *args, json_t **result);
enum desk_rc desk_tool_send_owner_emergency_text(struct desk_tool_ctx *ctx, const json_t *args,
                                                 json_t **result);
enum desk_rc desk_tool_capture_lead(struct desk_tool_ctx *ctx, const json_t *args, json_t **result);
enum desk_rc desk_tool_log_support_ticket(struct desk_tool_ctx *ctx, const json_t *args,
                                          json_t **result);
enum desk_rc desk_tool_log_vendor_call(struct desk_tool_ctx *ctx, const json_t *args,
                                       json_t **result);
enum desk_rc desk_tool_take_message(struct desk_tool_ctx *ctx, const json_t *args, json_t **result);
enum desk_rc desk_tool_lookup_business_info(struct desk_tool_ctx *ctx, const json_t *args,
                                            json_t **result);
enum desk_rc desk_tool_transfer_to_owner(struct desk_tool_ctx *ctx, const json_t *args,
                                         json_t **result);
enum desk_rc desk_tool_end_call(struct desk_tool_ctx *ctx, const json_t *args, json_t **result);

#endif
