/* Inside of the tool table: the handlers, and what they share. Not for other folders. */
#ifndef DESK_TALK_TOOL_SET_H
#define DESK_TALK_TOOL_SET_H

#include "core/business.h"
#include "core/phone.h"
#include "talk/calendar.h"
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

/* Does the caller hide their number? */
bool desk_tool_withheld(const struct desk_call *call);
/* Is it sure who calls (desk_caller_sure)? */
DESK_MUST enum desk_rc desk_tool_sure(struct desk_tool_ctx *ctx, bool *sure);
/* Those arguments that are facts of a contact (name, company, email, …) are checked and, when it is
 * sure who calls (*remembered), written down as said in a call. DESK_EINVAL with a result: one of
 * them cannot be right, and nothing was written. */
DESK_MUST enum desk_rc desk_tool_learn(struct desk_tool_ctx *ctx, const json_t *args,
                                       bool *remembered, json_t **result);

/* The number to reach them: argument "number", else the caller's own. DESK_EINVAL with a result if
 * there is none. */
enum desk_rc desk_tool_number(const struct desk_call *call, const json_t *args,
                              char out[DESK_PHONE_LEN], json_t **result);

bool desk_tool_has_services(const struct desk_business *b);
bool desk_tool_has_consultation(const struct desk_business *b);
bool desk_tool_has_service_call(const struct desk_business *b);

/* What the tools of the calendar begin with: the business of the call, and when it is. */
struct desk_tool_visit {
    struct desk_tool_ctx *ctx;
    struct desk_business business;
    struct desk_calendar_place place;
    const struct desk_calendar *calendar;
};
/* DESK_EINVAL with a result: its owner does not let that tool be used. */
enum desk_rc desk_tool_visit_begin(struct desk_tool_visit *v, struct desk_tool_ctx *ctx,
                                   const char *tool, json_t **result);

/* The slot of an argument "slot_id", or DESK_EINVAL with a result. */
enum desk_rc desk_tool_visit_slot(struct desk_tool_visit *v, const json_t *args,
                                  struct desk_calendar_slot *slot, json_t **result);

/* The service called so; there may be words around it. NULL: none. */
const struct desk_service *desk_tool_visit_service(const struct desk_business *b, const char *said);

/* Appointments of the number that calls, which have not begun; all: also those that do not stand.
 * Of a withheld number there are none. */
enum desk_rc desk_tool_visits_of_caller(struct desk_tool_visit *v, bool all,
                                        struct desk_appointment **out, size_t *n);

/* "2026-11-24T14:00", by the clock there: for whoever compares times, not for speaking. */
const char *desk_tool_visit_at(const struct desk_tool_visit *v, int64_t at, char out[20]);

/* "drain cleaning on Tuesday, November 24th at 2 pm with Raj"; NULL: no memory. */
const char *desk_tool_visit_phrase(struct desk_tool_visit *v, const struct desk_appointment *row);

/* The caller's appointment that is meant: one that stands, or (done) one that was cancelled, or
 * brought to moved_to, in this very call: the same is asked again. */
struct desk_tool_whose {
    const struct desk_appointment *one, *done;
};
/* DESK_EINVAL with a result: none fits, several do, or the caller cannot be known. moved_to 0: it
 * is to be cancelled. */
enum desk_rc desk_tool_visit_whose(struct desk_tool_visit *v, const json_t *args, int64_t moved_to,
                                   struct desk_tool_whose *out, json_t **result);

enum desk_rc desk_tool_check_availability(struct desk_tool_ctx *ctx, const json_t *args,
                                          json_t **result);
enum desk_rc desk_tool_book_appointment(struct desk_tool_ctx *ctx, const json_t *args,
                                        json_t **result);
enum desk_rc desk_tool_schedule_consultation(struct desk_tool_ctx *ctx, const json_t *args,
                                             json_t **result);
enum desk_rc desk_tool_schedule_service_call(struct desk_tool_ctx *ctx, const json_t *args,
                                             json_t **result);
enum desk_rc desk_tool_reschedule_appointment(struct desk_tool_ctx *ctx, const json_t *args,
                                              json_t **result);
enum desk_rc desk_tool_find_appointment(struct desk_tool_ctx *ctx, const json_t *args,
                                        json_t **result);
enum desk_rc desk_tool_cancel_appointment(struct desk_tool_ctx *ctx, const json_t *args,
                                          json_t **result);

enum desk_rc desk_tool_schedule_callback(struct desk_tool_ctx *ctx, const json_t *args,
                                         json_t **result);
enum desk_rc desk_tool_log_caller_info(struct desk_tool_ctx *ctx, const json_t *args,
                                       json_t **result);
enum desk_rc desk_tool_send_text(struct desk_tool_ctx *ctx, const json_t *args, json_t **result);
enum desk_rc desk_tool_request_photos(struct desk_tool_ctx *ctx, const json_t *args,
                                      json_t **result);
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
