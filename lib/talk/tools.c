/* The tool table, and the one way a tool is run. Handlers are in tools_callback.c, tools_leave.c,
 * tools_tell.c, tools_learn.c, tools_records.c, tools_info.c, tools_calendar.c, tools_appointment.c
 * and tools_whose.c. */
#include "talk/tools.h"
#include "talk/business.h"
#include "talk/tool_args.h"
#include "talk/tool_set.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/limits.h"
#include "base/log.h"
#include "core/dates_fields.h"
#include "db/seal.h"
#include "store/conversation.h"

#include <stdlib.h>
#include <string.h>

#define OBJECT(required, properties)                                                               \
    "{\"type\":\"object\",\"properties\":{" properties "},\"required\":[" required "],"            \
    "\"additionalProperties\":false}"
#define STRING(name, max, about)                                                                   \
    "\"" name "\":{\"type\":\"string\",\"maxLength\":" #max ",\"description\":\"" about "\"}"
#define BOOLEAN(name, about) "\"" name "\":{\"type\":\"boolean\",\"description\":\"" about "\"}"
#define CHOICE(name, values, about)                                                                \
    "\"" name "\":{\"type\":\"string\",\"enum\":[" values "],\"description\":\"" about "\"}"

#define P_SERVICE                                                                                  \
    STRING("service", 120, "What it is for, by the name of one of the services of this business.")
#define P_WITH   STRING("with", 120, "Only if the caller asked for somebody: their name.")
#define P_MOVING BOOLEAN("moving", "true when a time is wanted to move an appointment they have.")
#define P_SLOT_ID                                                                                  \
    STRING("slot_id", 80, "Exactly as check_appointment_availability gave it. Never make one up.")
#define P_NAME STRING("name", 120, "Who it is for, as they said it.")
#define P_NUMBER                                                                                   \
    STRING("number", 100, "Number to reach them, only if it is another one than they call from.")
#define P_ADDRESS STRING("address", 300, "Where to come to, with street and town.")
#define P_NOTES   STRING("notes", 500, "What it is about, in a few plain words.")
#define P_URGENT  BOOLEAN("urgent", "true when damage is happening now, or the caller says it is.")
#define P_BOOKING P_SLOT_ID "," P_NAME "," P_NUMBER "," P_ADDRESS "," P_NOTES "," P_URGENT
#define P_UNDER   STRING("name", 120, "The name it is under, as the caller said it.")
#define P_WHAT    STRING("service", 120, "What it is for, as the caller said it.")
#define P_DAY_IS                                                                                   \
    CHOICE("date_ref", "\"today\",\"tomorrow\",\"weekday\",\"date\",\"day_of_month\"",             \
           "The day it is on now, how the caller named it.")
#define P_WEEKDAY           CHOICE("weekday", DESK_WHEN_DAYS, "With weekday.")
#define NUMBER(name, about) "\"" name "\":{\"type\":\"integer\",\"description\":\"" about "\"}"
#define P_WHOSE                                                                                    \
    P_UNDER "," P_WHAT "," P_DAY_IS "," P_WEEKDAY                                                  \
            "," NUMBER("week_offset", "1 for next week's weekday.") "," NUMBER(                    \
                "month", "1 to 12, with date.") "," NUMBER("day",                                  \
                                                           "1 to 31, with date or day_of_month.")

/* clang-format off */
const struct desk_tool desk_tools[] = {
    {.name = "schedule_callback",
     .description =
         "Write down that somebody must call this person back. Use it when the caller wants a "
         "visit, a quote, an appointment or an answer you do not have, wants an appointment moved "
         "or cancelled, or asks to be called. Ask first for their name, what it is about and when "
         "they can be reached, one question at a time, and read the number back. Only the result "
         "says what was written; it books, moves and cancels nothing by itself.",
     .parameters = OBJECT("\"reason\",\"when_text\",\"urgency\"",
         STRING("name", 120, "The caller's name, as they said it.") ","
         STRING("number", 100, "Number to call, only if it is another one than they call from.") ","
         STRING("reason", 500, "What it is about, in a few plain words.") ","
         STRING("when_text", 160, "When to call, or for an appointment when it would suit them, in "
                "the caller's own words, like 'tomorrow after four'. Do not turn it into a date.") ","
         CHOICE("urgency", "\"normal\",\"urgent\"", "urgent only for danger, damage happening now, "
                "or when the caller says it is.") ","
         CHOICE("kind", "\"callback\",\"appointment\",\"reschedule\",\"cancel\",\"question\"",
                "What is wanted: appointment is a new one.") ","
         STRING("address", 200, "Where the work is, exactly as the caller gave it and confirmed.") ","
         STRING("appointment_text", 160, "reschedule, cancel: the day of the appointment there is, "
                "in the caller's own words.")),
     .then = DESK_THEN_TALK,
     .basic = true,
     .fn = desk_tool_schedule_callback},
    {.name = "log_caller_info",
     .description =
         "Remember who is calling and why. Use it once you know the caller's name, company, e-mail "
         "address or reason, and again if they correct it. It promises nothing and ends nothing.",
     .parameters = OBJECT("",
         STRING("name", 120, "The caller's name.") ","
         STRING("company", 120, "The company they call for.") ","
         STRING("email", 160, "E-mail address, as confirmed with them.") ","
         STRING("preferred", 20, "How they like to be reached: call, text or email.") ","
         STRING("birthday", 20, "Only if they say it: YYYY-MM-DD, or MM-DD without the year.") ","
         STRING("anniversary", 20, "The same for an anniversary they mention.") ","
         STRING("systems", 300, "Systems they have installed, like 'Lutron lighting, Control4'.") ","
         STRING("language", 20, "The language they prefer, if it is another one than yours.") ","
         STRING("reason", 500, "Why they call, in one short sentence.")),
     .then = DESK_THEN_TALK,
     .basic = true,
     .fn = desk_tool_log_caller_info},
    {.name = "transfer_to_owner",
     .description =
         "Put the caller through to the owner's phone. Use it for emergencies, or when the caller "
         "insists on a person. Call it first: only when the result is ok the caller is told, by "
         "us, that they are put through. If it is not ok, tell the caller and offer a callback.",
     .parameters =
         OBJECT("\"reason\"", STRING("reason", 300,
                                     "What the owner should know before answering, in a few "
                                     "words.") "," BOOLEAN("urgent", "true for an emergency.")),
     .then = DESK_THEN_LEAVE,
     .again = true,
     .basic = true,
     .fn = desk_tool_transfer_to_owner},
    {.name = "end_call",
     .description =
         "End the call. Say goodbye first, then call this. Use outcome 'message' when the caller "
         "wants to leave a recorded message: they are then asked to speak after the tone. Never "
         "use "
         "it while the caller still wants something.",
     .parameters =
         OBJECT("\"outcome\"",
                CHOICE("outcome",
                       "\"completed\",\"message\",\"wrong_number\",\"not_interested\",\"spam\","
                       "\"screened\",\"caller_left\"",
                       "completed: the caller has what they need or wants no more. screened: told "
                       "to send a text instead. caller_left: no answer any more.") "," STRING("summary", 500,
                                                      "The call in one or two plain sentences, for "
                                                      "the owner.")),
     .then = DESK_THEN_LEAVE,
     .again = true,
     .basic = true,
     .fn = desk_tool_end_call},
    {.name = "send_text",
     .description =
         "Text the caller how to send us what was not understood on the telephone. Use it only "
         "after two failed tries at it, and after they agreed. It was sent only when the result "
         "says ok.",
     .parameters = OBJECT("\"about\"", CHOICE("about", "\"address\"", "What is to be sent.")),
     .then = DESK_THEN_TALK,
     .basic = true,
     .fn = desk_tool_send_text},
    {.name = "send_owner_emergency_text",
     .description =
         "Text the owner at once about danger or serious damage. Use it when the caller describes "
         "one. It may be withheld because the owner was told a moment ago: tell the caller only "
         "what the result says.",
     .parameters = OBJECT(
         "\"what\",\"severity\"",
         STRING("what", 300, "What is happening, in one sentence.") "," CHOICE(
             "severity", "\"P1\",\"P2\"",
             "P1: danger to life or health, or damage out of control. P2: a major failure, to "
             "be seen to within hours.")),
     .then = DESK_THEN_TALK,
     .basic = true,
     .fn = desk_tool_send_owner_emergency_text},
    {.name = "check_appointment_availability",
     .description =
         "Look for free times for a visit. Use it before you book or move anything, with the "
         "service and the day in the caller's own terms. It gives a few times, each with a "
         "slot_id: offer them as they are written in 'when', and quote the slot_id of the chosen "
         "one. Nothing is booked by it. Never offer a time that it did not give.",
     .parameters =
         OBJECT("\"service\",\"date_ref\"", P_SERVICE "," P_WITH "," P_MOVING "," DESK_WHEN_FIELDS),
     .offer = desk_tool_has_services,
     .again = true,
     .fn = desk_tool_check_availability},
    {.name = "book_appointment",
     .description =
         "Book a time that check_appointment_availability gave. Ask first for the name, and for "
         "the address if somebody is to come to them, and have the time confirmed. It is only "
         "booked when the result says confirmed true; then repeat its 'when'. With confirmed false "
         "it is not booked yet: say that the owner will confirm it, as in its 'say'.",
     .parameters = OBJECT("\"slot_id\",\"name\"", P_BOOKING),
     .offer = desk_tool_has_services,
     .again = true,
     .fn = desk_tool_book_appointment},
    {.name = "schedule_consultation",
     .description =
         "Book a consultation: a first meeting about a project. As book_appointment, with a "
         "slot_id that check_appointment_availability gave for the service 'consultation'; put "
         "what the project is into notes.",
     .parameters = OBJECT("\"slot_id\",\"name\"", P_BOOKING),
     .offer = desk_tool_has_consultation,
     .again = true,
     .fn = desk_tool_schedule_consultation},
    {.name = "schedule_service_call",
     .description =
         "Book a service call: a technician comes because something does not work. As "
         "book_appointment, with a slot_id that check_appointment_availability gave for the "
         "service 'service call'; put what does not work into notes. The address is needed.",
     .parameters = OBJECT("\"slot_id\",\"name\",\"address\"", P_BOOKING),
     .offer = desk_tool_has_service_call,
     .again = true,
     .fn = desk_tool_schedule_service_call},
    {.name = "reschedule_appointment",
     .description =
         "Move the caller's own appointment to a time that check_appointment_availability gave "
         "(call that with moving true). Whose appointment it is, we decide by the number that "
         "calls and by what the caller says of it: ask for the name it is under, or the service, "
         "or the day it is on now, and give what they said. It is only moved when the result says "
         "confirmed true; with confirmed false the owner will confirm it.",
     .parameters = OBJECT("\"slot_id\"", P_SLOT_ID "," P_WHOSE),
     .offer = desk_tool_has_services,
     .again = true,
     .fn = desk_tool_reschedule_appointment},
    {.name = "find_appointment",
     .description =
         "Look up the caller's own appointment, to tell them when it is or before it is moved or "
         "cancelled. Whose it is, we decide by the number that calls and by what the caller says "
         "of it. Tell nobody of another's.",
     .parameters = OBJECT("", P_WHOSE),
     .offer = desk_tool_has_services,
     .again = true,
     .fn = desk_tool_find_appointment},
    {.name = "cancel_appointment",
     .description =
         "Cancel the caller's own appointment. Whose it is, we decide by the number that calls and "
         "by what the caller says of it: ask for the name it is under, or the service, or the day, "
         "and give what they said. Have it confirmed first that it is to be cancelled. It is only "
         "cancelled when the result says ok.",
     .parameters = OBJECT("", P_WHOSE),
     .offer = desk_tool_has_services,
     .again = true,
     .fn = desk_tool_cancel_appointment},
#include "talk/tools_records_rows.inc"
    {.name = NULL},
};
/* clang-format on */

const struct desk_tool *desk_tool_find(const char *name)
{
    for (const struct desk_tool *t = desk_tools; name && t->name; t++)
        if (strcmp(t->name, name) == 0)
            return t;
    return NULL;
}

bool desk_tool_offered(const struct desk_tool *t, const struct desk_business *b)
{
    if (!b || strcmp(t->name, "end_call") == 0)
        return true;
    return desk_business_tool(b, t->name) && (!t->offer || t->offer(b));
}

json_t *desk_tools_realtime(const struct desk_business *b)
{
    json_t *list = json_array();
    for (const struct desk_tool *t = desk_tools; list && t->name; t++) {
        if (!desk_tool_offered(t, b))
            continue;
        json_t *schema = json_loads(t->parameters, 0, NULL);
        json_t *row = schema
                          ? json_pack("{s:s, s:s, s:s, s:o}", "type", "function", "name", t->name,
                                      "description", t->description, "parameters", schema)
                          : NULL;
        if (!row || json_array_append_new(list, row)) {
            json_decref(list);
            return NULL;
        }
    }
    return list;
}

/* ---- shared by the handlers ------------------------------------------------------------------ */

enum desk_rc desk_tool_refuse(json_t **result, const char *error, const char *say)
{
    *result = json_pack("{s:b, s:s, s:s}", "ok", 0, "error", error, "say", say);
    return *result ? DESK_EINVAL : DESK_ENOMEM;
}

enum desk_rc desk_tool_note(struct desk_tool_ctx *ctx, const char *tool, const char *sentence)
{
    return desk_event_add(ctx->db, ctx->call->tenant_id, ctx->call->id, ctx->call->started_at,
                          "tool", tool, sentence, NULL);
}

const char *desk_tool_text(const json_t *args, const char *name)
{
    const char *s = json_string_value(json_object_get(args, name));
    return s && *s ? s : NULL;
}

enum desk_rc desk_tool_business(struct desk_tool_ctx *ctx, struct desk_business *out)
{
    enum desk_rc rc =
        desk_business_load(ctx->db, ctx->arena, ctx->call->tenant_id, ctx->call->location_id, out);
    return rc == DESK_ENOTFOUND ? DESK_EINTERNAL : rc;
}

const char *desk_tool_owner(const struct desk_tool_ctx *ctx)
{
    const char *name = ctx->location ? ctx->location->owner_name : NULL;
    return name && *name ? name : "the owner";
}

/* ---- running one ----------------------------------------------------------------------------- */

struct run {
    struct desk_tool_ctx *ctx;
    const struct desk_tool *tool;
    struct desk_tool_run row;
    json_t *args, *result;
    const char *told; /* result as text, in the arena */
    bool ok;
    int64_t begun_ms;
};

static enum desk_rc dump(struct desk_arena *a, const json_t *v, const char **out)
{
    char *text = json_dumps(v, JSON_COMPACT);
    *out = text ? desk_arena_strdup(a, text) : NULL;
    free(text);
    return *out ? DESK_OK : DESK_ENOMEM;
}

/* The row that is kept before acting. The arguments' meaning is only kept as a keyed hash. */
static enum desk_rc prepare(struct run *r)
{
    struct desk_arena *a = r->ctx->arena;
    char id[DESK_ID_LEN], key[DESK_BLIND_LEN];
    struct desk_buf meaning;
    desk_buf_init(&meaning, 2 * DESK_MAX_TOOL_ARGS);
    desk_tool_args_meaning(r->args, &meaning);
    desk_blind(desk_db_key(r->ctx->db), r->ctx->call->tenant_id, desk_buf_cstr(&meaning), key);
    bool ok = desk_buf_ok(&meaning);
    desk_buf_clear(&meaning);
    r->row = (struct desk_tool_run){
        .id = desk_arena_strdup(a, desk_id_new(id, "tool")),
        .tenant_id = r->ctx->call->tenant_id,
        .call_id = r->ctx->call->id,
        .dedupe = desk_arena_fmt(a, "%s:%s", r->tool->name, key),
        .tool = r->tool->name,
        .at_ms = desk_now_ms() - r->ctx->call->started_at,
        .created_at = desk_now_ms(),
    };
    if (!ok || !r->row.id || !r->row.dedupe)
        return DESK_ENOMEM;
    return dump(a, r->args, &r->row.args);
}

/* Write the result that fn gives to the row; a refusal is a result too. */
static enum desk_rc act_by(struct run *r, enum desk_rc rc)
{
    if (rc && !(rc == DESK_EINVAL && r->result))
        return rc;
    r->ok = rc == DESK_OK;
    rc = dump(r->ctx->arena, r->result, &r->told);
    if (!rc && !r->ok)
        rc = desk_tool_note(r->ctx, r->tool->name,
                            json_string_value(json_object_get(r->result, "error")));
    if (rc)
        return rc;
    return desk_tool_run_done(r->ctx->db, &r->row, r->told, r->ok, desk_mono_ms() - r->begun_ms);
}

static enum desk_rc act(struct run *r)
{
    return act_by(r, r->tool->fn(r->ctx, r->args, &r->result));
}

/* What waits for another program is told by how it ended. The facts are written: a failure here
 * leaves the result that was told in the transaction. */
static void act_later(struct run *r)
{
    struct desk_tool_ctx *ctx = r->ctx;
    json_t *before = r->result;
    const char *told = r->told;
    bool ok = r->ok;
    r->result = NULL;
    enum desk_rc end = ctx->later(ctx, &r->result);
    enum desk_rc rc = DESK_TX_BEGIN(ctx->db);
    if (!rc)
        rc = desk_tx_end(ctx->db, act_by(r, end));
    if (rc) {
        desk_log(DESK_LOG_ERROR, "tool.later", "tool=%s call=%s rc=%s", r->tool->name,
                 ctx->call->id, desk_rc_name(rc));
        json_decref(r->result);
        r->result = before;
        r->told = told;
        r->ok = ok;
    } else {
        json_decref(before);
    }
}

/* Asked before in this call: tell what was told then, or set the state again. */
static enum desk_rc repeat(struct run *r)
{
    struct desk_tool_run before;
    enum desk_rc rc = desk_tool_run_find(r->ctx->db, r->ctx->arena, r->ctx->call->tenant_id,
                                         r->ctx->call->id, r->row.dedupe, &before);
    if (rc)
        return rc;
    desk_log(DESK_LOG_INFO, "tool.repeat", "tool=%s call=%s", r->tool->name, r->ctx->call->id);
    if (r->tool->again || !before.result) {
        r->row.id = before.id;
        return act(r);
    }
    r->told = before.result;
    r->ok = before.ok;
    return DESK_OK;
}

static enum desk_rc in_transaction(struct run *r)
{
    enum desk_rc rc = prepare(r);
    if (rc)
        return rc;
    rc = DESK_TX_BEGIN(r->ctx->db);
    if (rc)
        return rc;
    rc = desk_tool_run_add(r->ctx->db, &r->row);
    rc = rc == DESK_ECONFLICT ? repeat(r) : rc ? rc : act(r);
    return desk_tx_end(r->ctx->db, rc);
}

/* After a failure of ours: the timeline shows that something was promised to nobody. Not for a
 * locked database: that would only make the caller wait once more. */
static void note_failure(struct run *r, enum desk_rc why)
{
    enum desk_rc rc = why == DESK_EBUSY ? DESK_EBUSY : DESK_TX_BEGIN(r->ctx->db);
    if (!rc)
        rc = desk_tx_end(r->ctx->db, desk_tool_note(r->ctx, r->tool->name,
                                                    "It failed on our side; nothing was done."));
    desk_log(DESK_LOG_ERROR, "tool.failed", "tool=%s call=%s rc=%s noted=%s", r->tool->name,
             r->ctx->call->id, desk_rc_name(why), desk_rc_name(rc));
}

/* failed: on our side, whatever the caller wants. */
static enum desk_rc tell(struct desk_arena *a, const char *error, const char *say, bool failed,
                         const char **result)
{
    json_t *v = NULL;
    enum desk_rc rc = desk_tool_refuse(&v, error, say);
    if (failed && v)
        json_object_set_new(v, "failed", json_true());
    rc = rc == DESK_EINVAL ? dump(a, v, result) : rc;
    json_decref(v);
    return rc;
}

/* A tool that the profile does not name is none here, whoever asks for it. What the rules are made
 * of they may always do. */
static bool allowed(struct desk_tool_ctx *ctx, const struct desk_tool *tool)
{
    struct desk_business b;
    return tool->basic || desk_tool_business(ctx, &b) != DESK_OK || desk_tool_offered(tool, &b);
}

enum desk_rc desk_tool_run(struct desk_tool_ctx *ctx, const char *name, const char *args_text,
                           const char **result, enum desk_tool_then *then)
{
    struct run r = {.ctx = ctx, .tool = desk_tool_find(name), .begun_ms = desk_mono_ms()};
    struct desk_buf problem;
    enum desk_rc rc;
    *result = NULL;
    *then = DESK_THEN_TALK;
    desk_buf_init(&problem, 4096);
    if (!r.tool || !allowed(ctx, r.tool)) {
        rc = tell(ctx->arena, "There is no such tool. Use only the tools you were given.", "",
                  false, result);
        goto out;
    }
    rc = desk_tool_args_read(r.tool->parameters, args_text, &r.args, &problem);
    if (rc == DESK_EINVAL) {
        desk_log(DESK_LOG_NOTICE, "tool.arguments", "tool=%s call=%s", name, ctx->call->id);
        desk_buf_str(&problem, "Nothing was done. Ask the caller if needed and call it again.");
        rc = tell(ctx->arena, desk_buf_cstr(&problem), "", false, result);
        goto out;
    }
    ctx->later = NULL;
    if (!rc)
        rc = in_transaction(&r);
    if (!rc && ctx->later)
        act_later(&r);
    if (rc && rc != DESK_ENOMEM) {
        ctx->failed = true;
        ctx->led_by = ctx->instructions = NULL; /* it was not written */
        note_failure(&r, rc);
        rc = tell(ctx->arena, "It failed on our side; nothing was done. Apologise; do not promise.",
                  "I am sorry, I could not write that down just now.", true, result);
        goto out;
    }
    if (!rc) {
        *result = r.told;
        *then = r.ok ? r.tool->then : DESK_THEN_TALK;
    }
out:
    desk_buf_clear(&problem);
    json_decref(r.args);
    json_decref(r.result);
    return rc;
}
