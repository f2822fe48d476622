/* Tools that make, move and cancel appointments. Whose is meant: tools_whose.c. */
#include "talk/tool_set.h"
#include "base/config.h"
#include "store/contacts.h"

#include <string.h>

/* ---- results --------------------------------------------------------------------------------- */

static bool is_taken(enum desk_rc rc)
{
    return rc == DESK_ECONFLICT;
}

static enum desk_rc taken(struct desk_arena *a, enum desk_slots_why why, json_t **result)
{
    const char *text = desk_slots_why_text(why);
    const char *error = desk_arena_fmt(a,
                                       "That time is not to be had any more (%s). Nothing was "
                                       "changed. Call check_appointment_availability again and "
                                       "offer what it gives.",
                                       desk_slots_why_name(why));
    const char *say = desk_arena_fmt(a, "I am sorry, that time has just gone. %s",
                                     why == DESK_SLOTS_FULL ? "" : text);
    return error && say ? desk_tool_refuse(result, error, say) : DESK_ENOMEM;
}

/* What was done, for the model and for the timeline. deed: "Booked"; say: "It is booked". */
static enum desk_rc tell(struct desk_tool_visit *v, const char *tool, const struct desk_booked *k,
                         const char *deed, const char *say, json_t **result)
{
    char when[160];
    const struct desk_appointment *row = &k->row;
    struct desk_arena *a = v->ctx->arena;
    const char *what = desk_tool_visit_phrase(v, row);
    if (!what)
        return DESK_ENOMEM;
    const char *words = k->firm
                            ? desk_arena_fmt(a, "%s: %s.", say, what)
                            : desk_arena_fmt(a, "I have asked for %s. %s will confirm it.", what,
                                             strcmp(desk_tool_owner(v->ctx), "the owner") == 0
                                                 ? "The owner"
                                                 : desk_tool_owner(v->ctx));
    const char *line = desk_arena_fmt(a, "%s: %s%s%s", k->firm ? deed : "To be confirmed", what,
                                      row->name ? ", for " : "", row->name ? row->name : "");
    if (!words || !line)
        return DESK_ENOMEM;
    enum desk_rc rc = k->repeat ? DESK_OK : desk_tool_note(v->ctx, tool, line);
    if (rc)
        return rc == DESK_EINVAL ? DESK_EINTERNAL : rc;
    desk_calendar_say(&v->place, row->start_at, when, sizeof when);
    *result = json_pack("{s:b, s:b, s:s, s:s, s:I, s:s*, s:s*, s:s}", "ok", 1, "confirmed", k->firm,
                        "service", row->service_name, "when", when, "minutes",
                        (json_int_t)((row->end_at - row->start_at) / 60000), "with",
                        row->resource_name, "name", row->name, "say", words);
    return *result ? DESK_OK : DESK_ENOMEM;
}

/* ---- what another calendar must agree to ----------------------------------------------------- */

/* What a tool finishes with once it is known how it ended. */
struct unsettled {
    struct desk_tool_visit *v;
    const char *tool, *deed, *say;
    struct desk_booked out;
};

/* Nothing came of it: unless something else was booked in the call, that is no outcome. */
static enum desk_rc unbook(struct desk_tool_visit *v)
{
    struct desk_appointment *rows;
    size_t n = 0;
    const struct desk_call *call = v->ctx->call;
    enum desk_rc rc =
        desk_appointments_of_call(v->ctx->db, v->ctx->arena, call->tenant_id, call->id, &rows, &n);
    for (size_t i = 0; !rc && i < n; i++)
        if (strcmp(rows[i].status, DESK_APPT_CANCELLED) != 0)
            return DESK_OK;
    return rc ? rc
              : desk_call_outcome(v->ctx->db, call->tenant_id, call->id, DESK_OUT_ANSWERED, true);
}

/* In a transaction of its own. */
static enum desk_rc tell_settled(const struct unsettled *u, enum desk_rc how, json_t **result)
{
    enum desk_rc rc = DESK_TX_BEGIN(u->v->ctx->db);
    if (rc)
        return rc;
    if (is_taken(how)) {
        rc = desk_tx_end(u->v->ctx->db, unbook(u->v));
        return rc ? rc : taken(u->v->ctx->arena, u->out.why, result);
    }
    return desk_tx_end(u->v->ctx->db, tell(u->v, u->tool, &u->out, u->deed, u->say, result));
}

static enum desk_rc settle(struct desk_tool_ctx *ctx, json_t **result)
{
    struct unsettled *u = ctx->later_with;
    enum desk_rc rc =
        u->v->calendar->settle(&u->v->place, &u->out, desk_setting_int(DESK_S_CALENDAR_WAIT_MS));
    return rc && !is_taken(rc) ? rc : tell_settled(u, rc, result);
}

/* The result of what is firm; of what is not, one that counts if nothing better comes. */
static enum desk_rc tell_or_wait(struct desk_tool_visit *v, const char *tool,
                                 const struct desk_booked *k, const char *deed, const char *say,
                                 json_t **result)
{
    struct unsettled *u = NULL;
    struct desk_booked quiet = *k;
    if (!k->firm && v->calendar->settle) {
        u = desk_arena_alloc(v->ctx->arena, sizeof *u);
        if (!u)
            return DESK_ENOMEM;
        *u = (struct unsettled){.v = v, .tool = tool, .deed = deed, .say = say, .out = *k};
        quiet.repeat = true; /* its line on the timeline is written when it is known */
    }
    enum desk_rc rc = tell(v, tool, &quiet, deed, say, result);
    if (!rc && u) {
        v->ctx->later = settle;
        v->ctx->later_with = u;
    }
    return rc;
}

/* ---- booking --------------------------------------------------------------------------------- */

/* Where they were visited last, of who is surely that caller. */
static enum desk_rc keep_address(struct desk_tool_visit *v, const char *address)
{
    const struct desk_call *call = v->ctx->call;
    const char *facts[DESK_FACT__MAX] = {[DESK_FACT_ADDRESS] = address};
    bool sure = false;
    enum desk_rc rc = call->contact_id ? desk_tool_sure(v->ctx, &sure) : DESK_OK;
    return rc || !sure ? rc
                       : desk_contact_set(v->ctx->db, v->ctx->arena, call->tenant_id,
                                          call->contact_id, facts, DESK_FROM_CALL, NULL);
}

static enum desk_rc keep_facts(struct desk_tool_visit *v, const struct desk_booking *k)
{
    const struct desk_call *call = v->ctx->call;
    enum desk_rc rc =
        desk_call_outcome(v->ctx->db, call->tenant_id, call->id, DESK_OUT_BOOKED, true);
    if (!rc && k->urgent)
        rc = desk_call_urgent(v->ctx->db, call->tenant_id, call->id);
    if (!rc && k->name && call->contact_id && k->caller && strcmp(k->number, k->caller) == 0)
        rc = desk_contact_learn(v->ctx->db, call->tenant_id, call->contact_id, k->name, NULL, NULL);
    if (!rc && k->address)
        rc = keep_address(v, k->address);
    return rc == DESK_EINVAL ? DESK_EINTERNAL : rc;
}

/* Who is surely a caller that we have an address of, and tells none, is visited there. */
static enum desk_rc known_address(struct desk_tool_visit *v, const char **address)
{
    struct desk_contact c;
    const struct desk_call *call = v->ctx->call;
    bool sure = false;
    enum desk_rc rc = call->contact_id ? desk_tool_sure(v->ctx, &sure) : DESK_OK;
    if (rc || !sure)
        return rc;
    rc = desk_contact_get(v->ctx->db, v->ctx->arena, call->tenant_id, call->contact_id, &c);
    if (!rc && c.address && *c.address)
        *address = c.address;
    return rc == DESK_ENOTFOUND ? DESK_OK : rc;
}

static enum desk_rc book(struct desk_tool_visit *v, const char *tool,
                         const struct desk_calendar_slot *slot, const json_t *args, json_t **result)
{
    char number[DESK_PHONE_LEN];
    const struct desk_call *call = v->ctx->call;
    struct desk_booked out;
    enum desk_rc rc = desk_tool_number(call, args, number, result);
    if (rc)
        return rc;
    const char *kept = desk_arena_strdup(v->ctx->arena, number); /* the row is told of later */
    if (!kept)
        return DESK_ENOMEM;
    const char *address = desk_tool_text(args, "address");
    if (!address && v->business.intake.address)
        rc = known_address(v, &address);
    if (rc)
        return rc == DESK_EINVAL ? DESK_EINTERNAL : rc;
    const struct desk_booking k = {.cause = call->id,
                                   .call_id = call->id,
                                   .contact_id = call->contact_id,
                                   .name = desk_tool_text(args, "name"),
                                   .number = kept,
                                   .caller = desk_tool_withheld(call) ? NULL : call->from_number,
                                   .address = address,
                                   .notes = desk_tool_text(args, "notes"),
                                   .urgent = json_is_true(json_object_get(args, "urgent")),
                                   .source = "call"};
    rc = v->calendar->book(&v->place, slot, &k, &out);
    if (is_taken(rc))
        return taken(v->ctx->arena, out.why, result);
    if (!rc)
        rc = keep_facts(v, &k);
    if (rc)
        return rc == DESK_EINVAL ? DESK_EINTERNAL : rc;
    return tell_or_wait(v, tool, &out, "Booked", "It is booked", result);
}

/* service: the slot must be of one called so; NULL = of any. */
static enum desk_rc book_as(struct desk_tool_ctx *ctx, const char *tool, const char *service,
                            const json_t *args, json_t **result)
{
    struct desk_tool_visit *v = desk_arena_alloc(ctx->arena, sizeof *v);
    struct desk_calendar_slot slot;
    enum desk_rc rc = v ? desk_tool_visit_begin(v, ctx, tool, result) : DESK_ENOMEM;
    if (!rc)
        rc = desk_tool_visit_slot(v, args, &slot, result);
    if (rc)
        return rc;
    if (service && desk_business_service(&v->business, service) != slot.service) {
        const char *error =
            desk_arena_fmt(ctx->arena,
                           "That slot_id was offered for '%s'. Call check_appointment_availability "
                           "with service '%s', or use book_appointment.",
                           slot.service->name, service);
        return error ? desk_tool_refuse(result, error, "Let me look for the right kind of time.")
                     : DESK_ENOMEM;
    }
    return book(v, tool, &slot, args, result);
}

enum desk_rc desk_tool_book_appointment(struct desk_tool_ctx *ctx, const json_t *args,
                                        json_t **result)
{
    return book_as(ctx, "book_appointment", NULL, args, result);
}

enum desk_rc desk_tool_schedule_consultation(struct desk_tool_ctx *ctx, const json_t *args,
                                             json_t **result)
{
    return book_as(ctx, "schedule_consultation", "consultation", args, result);
}

enum desk_rc desk_tool_schedule_service_call(struct desk_tool_ctx *ctx, const json_t *args,
                                             json_t **result)
{
    return book_as(ctx, "schedule_service_call", "service_call", args, result);
}

/* ---- moving and cancelling ------------------------------------------------------------------- */

static enum desk_rc move(struct desk_tool_visit *v, const struct desk_calendar_slot *slot,
                         const struct desk_appointment *from, json_t **result)
{
    const struct desk_call *call = v->ctx->call;
    struct desk_booked out;
    if (strcmp(from->service, slot->service->id) != 0) {
        const char *error =
            desk_arena_fmt(v->ctx->arena,
                           "That slot_id was offered for '%s', the appointment is for '%s'. Call "
                           "check_appointment_availability with that service and moving true.",
                           slot->service->name, from->service_name);
        return error ? desk_tool_refuse(result, error, "Let me look for a time that fits.")
                     : DESK_ENOMEM;
    }
    enum desk_rc rc = v->calendar->move(&v->place, from, slot, false, &out);
    if (is_taken(rc))
        return taken(v->ctx->arena, out.why, result);
    if (!rc)
        rc = desk_call_outcome(v->ctx->db, call->tenant_id, call->id, DESK_OUT_BOOKED, true);
    if (rc)
        return rc == DESK_EINVAL ? DESK_EINTERNAL : rc;
    return tell_or_wait(v, "reschedule_appointment", &out, "Moved", "It is moved", result);
}

enum desk_rc desk_tool_reschedule_appointment(struct desk_tool_ctx *ctx, const json_t *args,
                                              json_t **result)
{
    static const char tool[] = "reschedule_appointment";
    struct desk_tool_visit *v = desk_arena_alloc(ctx->arena, sizeof *v);
    struct desk_calendar_slot slot;
    struct desk_tool_whose which;
    enum desk_rc rc = v ? desk_tool_visit_begin(v, ctx, tool, result) : DESK_ENOMEM;
    if (!rc)
        rc = desk_tool_visit_slot(v, args, &slot, result);
    if (!rc)
        rc = desk_tool_visit_whose(v, args, slot.slot.start, &which, result);
    if (rc)
        return rc;
    if (which.one)
        return move(v, &slot, which.one, result);
    const struct desk_booked before = {.row = *which.done, .firm = true, .repeat = true};
    return tell(v, tool, &before, "Moved", "It is moved", result);
}

enum desk_rc desk_tool_cancel_appointment(struct desk_tool_ctx *ctx, const json_t *args,
                                          json_t **result)
{
    static const char tool[] = "cancel_appointment";
    struct desk_tool_visit *v = desk_arena_alloc(ctx->arena, sizeof *v);
    struct desk_tool_whose which;
    struct desk_booked out;
    enum desk_rc rc = v ? desk_tool_visit_begin(v, ctx, tool, result) : DESK_ENOMEM;
    if (!rc)
        rc = desk_tool_visit_whose(v, args, 0, &which, result);
    if (rc)
        return rc;
    if (which.one)
        rc = v->calendar->cancel(&v->place, which.one, &out);
    else
        out = (struct desk_booked){.row = *which.done, .firm = true, .repeat = true};
    if (!rc)
        rc = desk_call_outcome(ctx->db, ctx->call->tenant_id, ctx->call->id, DESK_OUT_CANCELLED,
                               true);
    if (rc)
        return rc == DESK_EINVAL ? DESK_EINTERNAL : rc;
    return tell(v, tool, &out, "Cancelled", "It is cancelled", result);
}
