/* Tools that write down what calls lead to: leads, tickets, suppliers' notes, messages. */
#include "talk/tool_set.h"
#include "talk/business.h"
#include "talk/lead_notice.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/limits.h"
#include "core/contact.h"
#include "core/phone.h"
#include "db/seal.h"
#include "store/contacts.h"
#include "store/pictures.h"
#include "store/records.h"
#include "store/results.h"
#include "store/dtools.h"
#include "store/sheet_rows.h"

#include <stdio.h>
#include <string.h>

/* What all of them begin with. */
struct record {
    struct desk_business b;
    char id[DESK_ID_LEN], number[DESK_PHONE_LEN]; /* number: to reach them at; "" = none */
    const char *contact_id;                       /* NULL = it is not sure who calls */
    const char *owner;                            /* "Sal", "the owner" */
    int64_t now;
    bool remembered;
};

/* The number given, else the caller's own; "" when there is neither. DESK_EINVAL with a result:
 * the given one is none. */
static enum desk_rc read_number(struct desk_tool_ctx *ctx, const json_t *args, struct record *r,
                                json_t **result)
{
    const char *given = desk_tool_text(args, "number"), *country = r->b.country;
    if (!given && desk_tool_withheld(ctx->call))
        return DESK_OK;
    if (desk_phone_parse(given ? given : ctx->call->from_number, country, r->number) ==
            DESK_PHONE_OK ||
        (given && desk_phone_heard(given, country, r->number) == DESK_PHONE_OK))
        return DESK_OK;
    r->number[0] = '\0';
    if (!given)
        return DESK_OK;
    return desk_tool_refuse(result,
                            "\"number\" is not a telephone number we can call. Ask for it again, "
                            "with the area code, digit by digit.",
                            "I did not get that number right. Please say it again with the area "
                            "code.");
}

static enum desk_rc begin(struct desk_tool_ctx *ctx, const json_t *args, const char *prefix,
                          struct record *r, json_t **result)
{
    memset(r, 0, sizeof *r);
    r->now = desk_now_ms();
    r->owner = desk_tool_owner(ctx);
    desk_id_new(r->id, prefix);
    enum desk_rc rc = desk_tool_business(ctx, &r->b);
    if (!rc)
        rc = read_number(ctx, args, r, result);
    if (!rc)
        rc = desk_tool_learn(ctx, args, &r->remembered, result);
    r->contact_id = r->remembered ? ctx->call->contact_id : NULL;
    return rc;
}

static const char *number_of(const struct record *r)
{
    return *r->number ? r->number : NULL;
}

/* Our own failure must not look like a refusal. */
static enum desk_rc failed(enum desk_rc rc, json_t *const *result)
{
    return rc == DESK_EINVAL && !*result ? DESK_EINTERNAL : rc;
}

/* ---- leads ----------------------------------------------------------------------------------- */

/* The service meant: by its name, or named within the job's words. */
static const char *service_of(const struct desk_business *b, const char *said, const char *job)
{
    const struct desk_service *s = desk_business_service(b, said);
    for (size_t i = 0; !s && i < b->n_services; i++)
        if (strcasestr(job, b->services[i].name))
            s = &b->services[i];
    return s ? s->id : NULL;
}

static bool same_lead(const struct desk_lead *x, const struct desk_lead *y)
{
    bool service = x->service && y->service && strcmp(x->service, y->service) == 0;
    bool call = x->call_id && y->call_id && strcmp(x->call_id, y->call_id) == 0;
    return desk_same_job(x->job, y->job) || (service && call);
}

/* A lead of the same job within a day is the same: it gets what is new. */
static enum desk_rc put_lead(struct desk_tool_ctx *ctx, const struct desk_business *b,
                             struct desk_lead *l, bool *added)
{
    struct desk_lead *rows;
    size_t n, i = 0;
    enum desk_rc rc =
        desk_lead_recent(ctx->db, ctx->arena, l->tenant_id, l->who_key,
                         l->created_at - DESK_MAX_LEAD_AGE_H * 3600LL * 1000, &rows, &n);
    if (rc)
        return rc;
    while (i < n && !same_lead(&rows[i], l))
        i++;
    *added = i == n;
    if (*added) {
        rc = desk_lead_insert(ctx->db, l);
        if (!rc)
            rc = desk_sheet_row(ctx->db, l->tenant_id, l->call_id, DESK_SHEET_LEAD, l->id);
        if (!rc)
            rc = desk_dtools_lead(ctx->db, l->tenant_id, l->call_id, l->id);
        if (!rc)
            rc = desk_lead_notice(ctx->db, ctx->arena, b, ctx->call, l);
    } else {
        l->id = rows[i].id;
        if (strlen(l->job) < strlen(rows[i].job))
            l->job = rows[i].job;
        rc = desk_lead_update(ctx->db, l);
    }
    return rc ? rc : desk_pictures_to_lead(ctx->db, l->tenant_id, l->call_id, l->id);
}

/* Who it is for telling a repeat: the number they call from, else the one they give, else this
 * call alone. */
static const char *who_key(struct desk_tool_ctx *ctx, const struct record *r,
                           char key[DESK_BLIND_LEN])
{
    const char *own = desk_tool_withheld(ctx->call) ? NULL : ctx->call->from_number;
    const char *who = own ? own : number_of(r);
    if (!who)
        return ctx->call->id;
    desk_blind(desk_db_key(ctx->db), ctx->call->tenant_id, who, key);
    return key;
}

enum desk_rc desk_tool_capture_lead(struct desk_tool_ctx *ctx, const json_t *args, json_t **result)
{
    struct record r;
    char key[DESK_BLIND_LEN];
    bool added = false;
    const char *job = desk_tool_text(args, "job"), *email = desk_tool_text(args, "email");
    if (!job)
        return desk_tool_refuse(result, "\"job\" is empty: ask what is to be done.",
                                "What would you like to have done?");
    enum desk_rc rc = begin(ctx, args, "lead", &r, result);
    if (!rc && !*r.number && !email)
        return desk_tool_refuse(result,
                                "The caller's number is withheld. Ask for a number or an e-mail "
                                "address and give it.",
                                "Where can we reach you?");
    if (rc)
        return failed(rc, result);
    struct desk_lead l = {.id = r.id,
                          .tenant_id = ctx->call->tenant_id,
                          .call_id = ctx->call->id,
                          .contact_id = r.contact_id,
                          .who_key = who_key(ctx, &r, key),
                          .name = desk_tool_text(args, "name"),
                          .company = desk_tool_text(args, "company"),
                          .number = number_of(&r),
                          .email = email,
                          .service = service_of(&r.b, desk_tool_text(args, "service"), job),
                          .job = job,
                          .address = desk_tool_text(args, "address"),
                          .budget = desk_tool_text(args, "budget"),
                          .timeline = desk_tool_text(args, "timeline"),
                          .heard_of_us = desk_tool_text(args, "heard_of_us"),
                          .state = "open",
                          .created_at = r.now,
                          .updated_at = r.now};
    rc = put_lead(ctx, &r.b, &l, &added);
    const char *note =
        desk_arena_fmt(ctx->arena, "%s: %s", added ? "New lead" : "More of a lead", job);
    const char *say = desk_arena_fmt(ctx->arena, "I have noted that for %s.", r.owner);
    if (!rc)
        rc = note && say ? desk_tool_note(ctx, "capture_lead", note) : DESK_ENOMEM;
    if (rc)
        return failed(rc, result);
    *result = json_pack("{s:b, s:s, s:s*, s:s, s:s}", "ok", 1, "lead", added ? "new" : "updated",
                        "service", l.service, "say", say, "hint",
                        "No call is promised by this. If they want one, use schedule_callback.");
    return *result ? DESK_OK : DESK_ENOMEM;
}

/* ---- tickets --------------------------------------------------------------------------------- */

/* Whoever has trouble with a system has that system. */
static enum desk_rc learn_system(struct desk_tool_ctx *ctx, const struct record *r,
                                 const char *system)
{
    const char *v[DESK_FACT__MAX] = {NULL}, *why;
    if (!system || !r->remembered)
        return DESK_OK;
    enum desk_rc rc = desk_contact_check(ctx->arena, "systems", system, r->b.day_first,
                                         &v[DESK_FACT_SYSTEMS], &why);
    return rc ? rc
              : desk_contact_set(ctx->db, ctx->arena, ctx->call->tenant_id, ctx->call->contact_id,
                                 v, DESK_FROM_CALL, NULL);
}

enum desk_rc desk_tool_log_support_ticket(struct desk_tool_ctx *ctx, const json_t *args,
                                          json_t **result)
{
    struct record r;
    const char *problem = desk_tool_text(args, "problem"), *note = NULL, *say = NULL;
    const char *priority = desk_tool_text(args, "priority");
    if (!problem)
        return desk_tool_refuse(result, "\"problem\" is empty: ask what does not work.",
                                "What is it that does not work?");
    enum desk_rc rc = begin(ctx, args, "tick", &r, result);
    if (!rc && !*r.number)
        return desk_tool_refuse(result,
                                "The caller's number is withheld. Ask for a number to reach them "
                                "and give it as \"number\".",
                                "Which number can we reach you on?");
    if (rc)
        return failed(rc, result);
    struct desk_ticket t = {.id = r.id,
                            .tenant_id = ctx->call->tenant_id,
                            .call_id = ctx->call->id,
                            .contact_id = r.contact_id,
                            .name = desk_tool_text(args, "name"),
                            .number = r.number,
                            .system = desk_tool_text(args, "system"),
                            .problem = problem,
                            .since_text = desk_tool_text(args, "since"),
                            .tried = desk_tool_text(args, "tried"),
                            .address = desk_tool_text(args, "address"),
                            .priority = priority ? priority : "normal",
                            .state = "open",
                            .created_at = r.now,
                            .updated_at = r.now};
    rc = desk_ticket_insert(ctx->db, &t);
    if (!rc)
        rc = learn_system(ctx, &r, t.system);
    if (!rc) {
        note = desk_arena_fmt(ctx->arena, "Ticket %lld opened: %s%s%s", (long long)t.n,
                              t.system ? t.system : "", t.system ? ": " : "", problem);
        say = desk_arena_fmt(ctx->arena, "I have noted that for %s as ticket number %lld.", r.owner,
                             (long long)t.n);
        rc = note && say ? desk_tool_note(ctx, "log_support_ticket", note) : DESK_ENOMEM;
    }
    if (rc)
        return failed(rc, result);
    *result = json_pack("{s:b, s:I, s:s, s:s, s:s}", "ok", 1, "ticket", (json_int_t)t.n, "priority",
                        t.priority, "say", say, "hint",
                        "No visit or call is promised by this. If they want one, use "
                        "schedule_callback.");
    return *result ? DESK_OK : DESK_ENOMEM;
}

/* ---- suppliers and messages ------------------------------------------------------------------ */

static enum desk_rc answer_noted(struct desk_tool_ctx *ctx, const char *tool, const char *note,
                                 const char *who, json_t **result)
{
    const char *say = desk_arena_fmt(ctx->arena, "I have written it down for %s.", who);
    enum desk_rc rc = note && say ? desk_tool_note(ctx, tool, note) : DESK_ENOMEM;
    if (rc)
        return failed(rc, result);
    *result = json_pack("{s:b, s:s, s:s}", "ok", 1, "for", who, "say", say);
    return *result ? DESK_OK : DESK_ENOMEM;
}

enum desk_rc desk_tool_log_vendor_call(struct desk_tool_ctx *ctx, const json_t *args,
                                       json_t **result)
{
    struct record r;
    const char *vendor = desk_tool_text(args, "vendor"), *text = desk_tool_text(args, "text");
    if (!vendor || !text)
        return desk_tool_refuse(result,
                                "\"vendor\" and \"text\" must say something: ask which company "
                                "calls, and what it is about.",
                                "Which company are you calling from, and what is it about?");
    enum desk_rc rc = begin(ctx, args, "vend", &r, result);
    if (rc)
        return failed(rc, result);
    struct desk_vendor_note v = {.id = r.id,
                                 .tenant_id = ctx->call->tenant_id,
                                 .call_id = ctx->call->id,
                                 .contact_id = r.contact_id,
                                 .vendor = vendor,
                                 .person = desk_tool_text(args, "person"),
                                 .number = number_of(&r),
                                 .purpose = desk_tool_text(args, "purpose"),
                                 .reference = desk_tool_text(args, "reference"),
                                 .text = text,
                                 .state = "open",
                                 .created_at = r.now};
    rc = desk_vendor_note_insert(ctx->db, &v);
    if (rc)
        return failed(rc, result);
    return answer_noted(ctx, "log_vendor_call",
                        desk_arena_fmt(ctx->arena, "%s called (%s): %s", vendor, v.purpose, text),
                        r.owner, result);
}

enum desk_rc desk_tool_take_message(struct desk_tool_ctx *ctx, const json_t *args, json_t **result)
{
    struct record r;
    const struct desk_call *call = ctx->call;
    const char *text = desk_tool_text(args, "text"), *whom = desk_tool_text(args, "for_name");
    bool urgent = json_is_true(json_object_get(args, "urgent"));
    if (!text)
        return desk_tool_refuse(result, "\"text\" is empty: ask for the message.",
                                "What may I write down?");
    enum desk_rc rc = begin(ctx, args, "msg", &r, result);
    if (rc)
        return failed(rc, result);
    struct desk_message m = {.id = r.id,
                             .tenant_id = call->tenant_id,
                             .call_id = call->id,
                             .text = text,
                             .state = "new",
                             .created_at = r.now,
                             .for_name = whom,
                             .from_name = desk_tool_text(args, "name"),
                             .number = number_of(&r),
                             .urgent = urgent};
    rc = desk_message_insert(ctx->db, &m);
    if (!rc && urgent)
        rc = desk_call_urgent(ctx->db, call->tenant_id, call->id);
    if (!rc)
        rc = desk_call_outcome(ctx->db, call->tenant_id, call->id, DESK_OUT_MESSAGE, false);
    if (rc)
        return failed(rc, result);
    whom = whom ? whom : r.owner;
    return answer_noted(
        ctx, "take_message",
        desk_arena_fmt(ctx->arena, "Message for %s%s: %s", whom, urgent ? " (urgent)" : "", text),
        whom, result);
}
