/* Tools that make, move and cancel appointments. Whose appointment is meant is decided here: by the
 * number that calls, and by a second fact that the caller must know. What does not fit is told the
 * same way whatever the reason: nobody learns from it what is stored. */
#include "talk/tool_set.h"
#include "base/clock.h"
#include "core/dates_fields.h"
#include "store/contacts.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

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

/* "drain cleaning on Tuesday, November 24th at 2 pm with Raj" */
static const char *phrase(struct desk_tool_visit *v, const struct desk_appointment *row)
{
    char when[160];
    desk_calendar_say(&v->place, row->start_at, when, sizeof when);
    return desk_arena_fmt(v->ctx->arena, "%s on %s%s%s", row->service_name, when,
                          row->resource_name ? " with " : "",
                          row->resource_name ? row->resource_name : "");
}

/* What was done, for the model and for the timeline. deed: "Booked"; say: "It is booked". */
static enum desk_rc tell(struct desk_tool_visit *v, const char *tool, const struct desk_booked *k,
                         const char *deed, const char *say, json_t **result)
{
    char when[160];
    const struct desk_appointment *row = &k->row;
    struct desk_arena *a = v->ctx->arena;
    const char *what = phrase(v, row);
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

/* ---- booking --------------------------------------------------------------------------------- */

static enum desk_rc keep_facts(struct desk_tool_visit *v, const struct desk_booking *k)
{
    const struct desk_call *call = v->ctx->call;
    enum desk_rc rc =
        desk_call_outcome(v->ctx->db, call->tenant_id, call->id, DESK_OUT_BOOKED, true);
    if (!rc && k->urgent)
        rc = desk_call_urgent(v->ctx->db, call->tenant_id, call->id);
    if (!rc && k->name && call->contact_id && k->caller && strcmp(k->number, k->caller) == 0)
        rc = desk_contact_learn(v->ctx->db, call->tenant_id, call->contact_id, k->name, NULL, NULL);
    return rc == DESK_EINVAL ? DESK_EINTERNAL : rc;
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
    const struct desk_booking k = {.cause = call->id,
                                   .call_id = call->id,
                                   .contact_id = call->contact_id,
                                   .name = desk_tool_text(args, "name"),
                                   .number = number,
                                   .caller = desk_tool_withheld(call) ? NULL : call->from_number,
                                   .address = desk_tool_text(args, "address"),
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
    return tell(v, tool, &out, "Booked", "It is booked", result);
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

/* ---- whose appointment is it? ---------------------------------------------------------------- */

struct claim { /* what the caller said of it */
    const char *name;
    const struct desk_service *service;
    bool service_said;
    int32_t date; /* INT32_MIN: none was said */
    bool date_said;
};

static bool is_letter(char c)
{
    return ((unsigned char)c | 32) >= 'a' ? ((unsigned char)c | 32) <= 'z' || (unsigned char)c > 127
                                          : false;
}

/* The next word at *p of at least two letters; NULL = no more. */
static const char *next_word(const char **p, size_t *n)
{
    for (const char *s = *p; *s;) {
        while (*s && !is_letter(*s))
            s++;
        const char *from = s;
        while (is_letter(*s) || (*s == '\'' && is_letter(s[1])))
            s++;
        *p = s;
        *n = (size_t)(s - from);
        if (*n >= 2)
            return from;
    }
    return NULL;
}

/* Titles are nobody's name. */
static bool is_title(const char *word, size_t n)
{
    static const char *const titles[] = {"mr", "mrs", "ms", "miss", "dr", "doctor", "the", "and"};
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (strlen(titles[i]) == n && strncasecmp(titles[i], word, n) == 0)
            return true;
    return false;
}

static bool has_word(const char *text, const char *word, size_t len)
{
    size_t n;
    const char *w;
    while ((w = next_word(&text, &n)))
        if (n == len && strncasecmp(w, word, n) == 0)
            return true;
    return false;
}

/* "Dana", "Ms. Reed" and "Dana Reid" are Dana Reed; "Mr. Smith" is not. */
static bool same_name(const char *said, const char *stored)
{
    size_t n;
    const char *w;
    while (stored && (w = next_word(&said, &n)))
        if (!is_title(w, n) && has_word(stored, w, n))
            return true;
    return false;
}

static bool fits(const struct claim *c, const struct desk_tool_visit *v,
                 const struct desk_appointment *row)
{
    if (c->name && !same_name(c->name, row->name))
        return false;
    if (c->service_said && (!c->service || strcmp(c->service->id, row->service) != 0))
        return false;
    return !c->date_said || desk_hours_date(v->business.zone, row->start_at) == c->date;
}

static enum desk_rc read_claim(struct desk_tool_visit *v, const json_t *args, struct claim *c,
                               json_t **result)
{
    struct desk_when when;
    struct desk_resolved r;
    char error[300];
    const char *service = desk_tool_text(args, "service"), *ref = desk_tool_text(args, "date_ref");
    *c = (struct claim){.name = desk_tool_text(args, "name"),
                        .service = desk_tool_visit_service(&v->business, service),
                        .service_said = service != NULL,
                        .date = INT32_MIN,
                        .date_said = ref != NULL};
    if (!c->name && !service && !ref)
        return desk_tool_refuse(result,
                                "Say which appointment: ask the caller for the name it is under, "
                                "the service, or the day, and give what they said.",
                                "Which name is the appointment under?");
    if (!ref)
        return DESK_OK;
    char *text = json_dumps(args, JSON_COMPACT);
    enum desk_rc rc = text ? desk_when_from_fields(&when, text, error, sizeof error) : DESK_ENOMEM;
    free(text);
    if (rc == DESK_EINVAL)
        return desk_tool_refuse(result, error, "Which day is it on?");
    const struct desk_when_place at = {.hours = v->business.hours,
                                       .tz = v->business.zone,
                                       .now = v->place.now,
                                       .day_first = v->business.day_first};
    if (!rc)
        desk_when_resolve(&when, &at, &r);
    if (rc)
        return rc;
    c->date = r.first;
    if (r.kind == DESK_WHEN_ASK && r.first == INT32_MIN)
        return desk_tool_refuse(result,
                                "It is not clear which day is meant. Ask the question in say, then "
                                "call this again with what they answer.",
                                r.say);
    return DESK_OK;
}

static enum desk_rc none_fits(json_t **result)
{
    return desk_tool_refuse(result,
                            "We find no appointment for this caller's number that fits what they "
                            "said. Ask for another fact (the name it is under, the service, the "
                            "day); if that does not help, offer a callback. Do not guess.",
                            "I cannot find that appointment. What name is it under, and which day "
                            "is it on?");
}

static enum desk_rc several_fit(struct desk_tool_visit *v,
                                const struct desk_appointment *const *row, size_t n,
                                json_t **result)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < n; i++)
        if (json_array_append_new(list, json_string(phrase(v, row[i])))) {
            json_decref(list);
            list = NULL;
        }
    *result = list ? json_pack("{s:b, s:s, s:o, s:s}", "ok", 0, "error",
                               "Several of their appointments fit. Ask which one, by its day or "
                               "service, and call this again with that.",
                               "which", list, "say", "You have more than one. Which of them is it?")
                   : NULL;
    return *result ? DESK_EINVAL : DESK_ENOMEM;
}

static bool stands(const struct desk_appointment *row)
{
    return strcmp(row->status, DESK_APPT_BOOKED) == 0 || strcmp(row->status, DESK_APPT_MOVED) == 0;
}

/* The one that is meant. done (may come out instead): fits, but it was cancelled or brought to
 * moved_to in this very call. */
static enum desk_rc whose(struct desk_tool_visit *v, const json_t *args, int64_t moved_to,
                          const struct desk_appointment **one, const struct desk_appointment **done,
                          json_t **result)
{
    struct claim c;
    struct desk_appointment *rows;
    const struct desk_appointment *fit[DESK_CALENDAR_BUT];
    size_t n, n_fit = 0;
    *one = *done = NULL;
    if (desk_tool_withheld(v->ctx->call))
        return desk_tool_refuse(result,
                                "The caller's number is withheld, so we cannot tell whose "
                                "appointment it is, and change none. Offer a callback, or ask them "
                                "to call again with their number shown.",
                                "I cannot see your number, so I may not change appointments. "
                                "Somebody can call you back about it.");
    enum desk_rc rc = read_claim(v, args, &c, result);
    if (!rc)
        rc = desk_tool_visits_of_caller(v, true, &rows, &n);
    for (size_t i = 0; !rc && i < n; i++) {
        const struct desk_appointment *row = &rows[i];
        bool now = row->updated_at >= v->ctx->call->started_at;
        bool there = moved_to && now && stands(row) && row->start_at == moved_to;
        if (there ||
            (!moved_to && now && !strcmp(row->status, DESK_APPT_CANCELLED) && fits(&c, v, row)))
            *done = row;
        if (stands(row) && !there && fits(&c, v, row) && n_fit < DESK_CALENDAR_BUT)
            fit[n_fit++] = row;
    }
    if (rc || (!n_fit && *done))
        return rc;
    *done = NULL;
    if (n_fit == 1)
        *one = fit[0];
    return n_fit == 1 ? DESK_OK : n_fit ? several_fit(v, fit, n_fit, result) : none_fits(result);
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
    return tell(v, "reschedule_appointment", &out, "Moved", "It is moved", result);
}

enum desk_rc desk_tool_reschedule_appointment(struct desk_tool_ctx *ctx, const json_t *args,
                                              json_t **result)
{
    static const char tool[] = "reschedule_appointment";
    struct desk_tool_visit *v = desk_arena_alloc(ctx->arena, sizeof *v);
    struct desk_calendar_slot slot;
    const struct desk_appointment *one, *done;
    enum desk_rc rc = v ? desk_tool_visit_begin(v, ctx, tool, result) : DESK_ENOMEM;
    if (!rc)
        rc = desk_tool_visit_slot(v, args, &slot, result);
    if (!rc)
        rc = whose(v, args, slot.slot.start, &one, &done, result);
    if (rc)
        return rc;
    if (one)
        return move(v, &slot, one, result);
    const struct desk_booked before = {.row = *done, .firm = true, .repeat = true};
    return tell(v, tool, &before, "Moved", "It is moved", result);
}

enum desk_rc desk_tool_cancel_appointment(struct desk_tool_ctx *ctx, const json_t *args,
                                          json_t **result)
{
    static const char tool[] = "cancel_appointment";
    struct desk_tool_visit *v = desk_arena_alloc(ctx->arena, sizeof *v);
    const struct desk_appointment *one, *done;
    struct desk_booked out;
    enum desk_rc rc = v ? desk_tool_visit_begin(v, ctx, tool, result) : DESK_ENOMEM;
    if (!rc)
        rc = whose(v, args, 0, &one, &done, result);
    if (rc)
        return rc;
    if (one)
        rc = v->calendar->cancel(&v->place, one, &out);
    else
        out = (struct desk_booked){.row = *done, .firm = true, .repeat = true};
    if (!rc)
        rc = desk_call_outcome(ctx->db, ctx->call->tenant_id, ctx->call->id, DESK_OUT_CANCELLED,
                               true);
    if (rc)
        return rc == DESK_EINVAL ? DESK_EINTERNAL : rc;
    return tell(v, tool, &out, "Cancelled", "It is cancelled", result);
}
