/* The tool that writes down whom to call back. */
#include "talk/tool_set.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/limits.h"
#include "core/dates.h"
#include "core/dates_fields.h"
#include "core/day_text.h"
#include "core/dialog.h"
#include "core/due.h"
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

/* ---- what kind it is ------------------------------------------------------------------------- */

/* What the timeline and the caller are told. The calendar is not asked here: what needs it is
 * passed on, and nothing is promised but the call. */
static const struct {
    const char *event, *say; /* say: behind "It is noted."; NULL = "Sal will call …" alone */
} kinds[DESK_WISH__MAX] = {
    [DESK_WISH_CALLBACK] = {"Callback promised", NULL},
    [DESK_WISH_VISIT] = {"An appointment is wanted",
                         "to confirm the time. Nothing is booked until then."},
    [DESK_WISH_MOVE] = {"Another day for an appointment is wanted",
                        "to confirm the new day. Nothing is changed until then."},
    [DESK_WISH_CANCEL] = {"An appointment is to be cancelled",
                          "to confirm it. Nothing is cancelled until then."},
    [DESK_WISH_QUESTION] = {"A question is to be answered", NULL},
};

static int64_t day_start(const struct desk_tz *tz, int32_t days)
{
    int year, month, day;
    desk_civil_from_days(days, &year, &month, &day);
    return desk_tz_day_start(tz, year, month, day);
}

/* "after lunch", "in the morning" to "when should we call?": the next one there is. */
static void next_of(const char *text, const struct desk_when_place *at, struct desk_resolved *r)
{
    static const char *const days[] = {"today", "tomorrow"};
    char said[DESK_MAX_TURN_TEXT];
    struct desk_when w;
    desk_when_read(&w, text, at->day_first);
    bool next =
        r->kind == DESK_WHEN_ASK && !w.trouble && desk_when_has_time(&w) && !desk_when_has_day(&w);
    for (size_t i = 0; next && r->kind != DESK_WHEN_SLOT_WINDOW && i < 2; i++) {
        snprintf(said, sizeof said, "%s %s", days[i], text);
        desk_when_spoken(said, at, r);
    }
}

/* The caller's own days, where the business is. What is not clear stays in words, and keeps
 * the call from being due too early. */
static void resolve(const struct desk_business *b, struct desk_arena *a, struct desk_callback *cb,
                    const char **unclear)
{
    struct desk_resolved r;
    char day[16];
    const struct desk_when_place at = {b->hours, b->zone, cb->created_at, b->day_first};
    if (cb->when_text) {
        desk_when_spoken(cb->when_text, &at, &r);
        next_of(cb->when_text, &at, &r);
        if (r.kind == DESK_WHEN_SLOT_WINDOW) {
            cb->window_start = r.start;
            cb->window_end = r.end;
        } else if (r.kind == DESK_WHEN_DATE) {
            cb->window_start = day_start(b->zone, r.first);
            cb->window_end = day_start(b->zone, r.last + 1);
        } else {
            *unclear = desk_arena_strdup(a, r.say);
            desk_due_wanted(cb->when_text, &at, &cb->window_start, &cb->window_end);
        }
    }
    if (cb->appointment_text) {
        desk_when_spoken(cb->appointment_text, &at, &r);
        if (r.first != INT32_MIN)
            cb->appointment_day = desk_arena_strdup(a, desk_day_text(day, sizeof day, r.first));
    }
}

static const char *event_of(struct desk_arena *a, const struct desk_callback *cb, enum desk_wish w)
{
    const char *const parts[][2] = {
        {cb->name ? (w == DESK_WISH_CALLBACK ? " to " : " by ") : "", cb->name},
        {", ", cb->appointment_text},
        {w == DESK_WISH_MOVE && cb->when_text ? " → " : ", ", cb->when_text},
        {", ", cb->address},
    };
    const char *line = kinds[w].event;
    for (size_t i = 0; line && i < sizeof parts / sizeof *parts; i++)
        if (parts[i][1])
            line = desk_arena_fmt(a, "%s%s%s", line, parts[i][0], parts[i][1]);
    return line ? desk_arena_fmt(a, "%s%s: %s", line, cb->urgent ? " (urgent)" : "", cb->reason)
                : NULL;
}

/* "Sal will call 860 …", and what for. */
static const char *words_of(struct desk_tool_ctx *ctx, enum desk_wish w, const char *spoken)
{
    const char *who =
        strcmp(desk_tool_owner(ctx), "the owner") == 0 ? "Somebody" : desk_tool_owner(ctx);
    return desk_arena_fmt(ctx->arena, "%s %s will call %s%s%s",
                          kinds[w].say ? "I have passed it on." : "It is noted.", who, spoken,
                          kinds[w].say ? " " : ".", kinds[w].say ? kinds[w].say : "");
}

static json_t *answer(const struct desk_callback *cb, const char *kind, const char *spoken,
                      const char *unclear, const char *say)
{
    return json_pack("{s:b, s:s, s:s, s:s, s:s, s:b, s:s*, s:s*, s:s}", "ok", 1, "kind", kind,
                     "number", cb->number, "number_spoken", spoken, "when",
                     cb->when_text ? cb->when_text : "", "urgent", (int)cb->urgent,
                     "appointment_day", cb->appointment_day, "when_unclear", unclear, "say", say);
}

enum desk_rc desk_tool_schedule_callback(struct desk_tool_ctx *ctx, const json_t *args,
                                         json_t **result)
{
    char number[DESK_PHONE_LEN], spoken[128], id[DESK_ID_LEN], key[DESK_BLIND_LEN];
    struct desk_business b;
    const struct desk_call *call = ctx->call;
    const char *reason = desk_tool_text(args, "reason"), *unclear = NULL;
    const char *urgency = desk_tool_text(args, "urgency");
    enum desk_wish wish = desk_wish_of(desk_tool_text(args, "kind"));
    enum desk_rc rc = desk_tool_number(call, args, number, result);
    if (!rc)
        rc = desk_tool_business(ctx, &b);
    if (rc)
        return rc;
    desk_blind(desk_db_key(ctx->db), call->tenant_id, number, key);
    struct desk_callback cb = {.id = desk_id_new(id, "cb"),
                               .tenant_id = call->tenant_id,
                               .call_id = call->id,
                               .contact_id = call->contact_id,
                               .name = desk_tool_text(args, "name"),
                               .number = number,
                               .number_key = key,
                               .reason = reason ? reason : "asked to be called back",
                               .when_text = desk_tool_text(args, "when_text"),
                               .urgent = urgency && strcmp(urgency, "urgent") == 0,
                               .state = "open",
                               .created_at = desk_now_ms(),
                               .kind = desk_wish_name(wish),
                               .address = desk_tool_text(args, "address"),
                               .appointment_text = desk_tool_text(args, "appointment_text")};
    resolve(&b, ctx->arena, &cb, &unclear);
    const char *sentence = event_of(ctx->arena, &cb, wish);
    desk_phone_spoken(spoken, sizeof spoken, number);
    const char *say = words_of(ctx, wish, spoken);
    if (!sentence || !say)
        return DESK_ENOMEM;
    rc = keep_facts(ctx, &cb, sentence);
    if (rc)
        return rc == DESK_EINVAL ? DESK_EINTERNAL : rc;
    *result = answer(&cb, desk_wish_name(wish), spoken, unclear, say);
    return *result ? DESK_OK : DESK_ENOMEM;
}
