/* What came of a practice call, out of the rows of the copy's database, in the words of the set
 * (tests/eval/README.md). */
#include "talk/practice.h"
#include "base/clock.h"
#include "core/escalation.h"
#include "core/severity.h"
#include "store/alerts.h"
#include "store/appointments.h"
#include "store/contacts.h"
#include "store/conversation.h"
#include "store/outbox.h"
#include "store/records.h"
#include "store/results.h"
#include "store/text_stops.h"
#include "store/voice_sessions.h"
#include "talk/business.h"

#include <stdio.h>
#include <string.h>

#define CALLS_MOST 50
#define ROWS_MOST  500
#define FAR        INT64_MAX

struct reading {
    struct desk_practice_place *pl;
    const struct desk_practice *p;
    struct desk_business *b;
    json_t *facts, *transcript;
    struct desk_call *calls; /* newest first */
    size_t n_calls;
};

static bool same(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

static bool alarms(const char *severity)
{
    return desk_severity_alerts(desk_severity_parse(severity));
}

static const char *at(const struct reading *r, char out[40], int64_t ms)
{
    return desk_when_iso(out, 40, r->b->zone, ms);
}

/* A list of the facts, to which things are added. */
static json_t *list(struct reading *r, const char *name)
{
    json_t *have = json_object_get(r->facts, name);
    if (!have)
        json_object_set_new(r->facts, name, json_array());
    return json_object_get(r->facts, name);
}

static enum desk_rc add(struct reading *r, const char *name, json_t *v)
{
    return v && json_array_append_new(list(r, name), v) == 0 ? DESK_OK : DESK_ENOMEM;
}

/* ---- appointments ---------------------------------------------------------------------------- */

/* Which of those that were there before; n_seeded: none of them. */
static size_t seeded(const struct desk_practice_place *pl, const char *id)
{
    size_t i = 0;
    while (i < pl->n_seeded && strcmp(pl->seeded[i], id) != 0)
        i++;
    return i;
}

static bool stands(const struct desk_appointment *v)
{
    return same(v->status, DESK_APPT_BOOKED) || same(v->status, DESK_APPT_MOVED) ||
           same(v->status, DESK_APPT_HELD);
}

static enum desk_rc add_visit(struct reading *r, const char *name, const struct desk_appointment *v)
{
    char start[40];
    return add(r, name,
               json_pack("{s:s, s:s, s:I, s:s*, s:s*, s:s*, s:b}", "service", v->service, "start",
                         at(r, start, v->start_at), "minutes",
                         (json_int_t)((v->end_at - v->start_at) / 60000), "name", v->name, "phone",
                         v->number, "address", v->address, "emergency", (int)v->urgent));
}

/* New ones and those that were moved; where the caller's are to be counted, all of theirs. */
static enum desk_rc read_visits(struct reading *r)
{
    struct desk_appointment *rows;
    size_t n = 0;
    bool unchanged = true,
         of_caller =
             json_object_get(json_object_get(json_object_get(r->p->doc, "expect"), "counts"),
                             "appointments_of_caller");
    enum desk_rc rc = desk_appointments_between(r->pl->db, r->pl->a, r->pl->tenant.id, 0, FAR, true,
                                                ROWS_MOST, &rows, &n);
    list(r, "appointments");
    list(r, "cancelled");
    for (size_t i = 0; !rc && i < n; i++) {
        size_t k = seeded(r->pl, rows[i].id);
        bool before = k < r->pl->n_seeded, up = stands(&rows[i]);
        bool moved = before && (r->pl->seeded_at[k] != rows[i].start_at || !up);
        bool theirs = of_caller && same(rows[i].number, r->pl->from);
        unchanged = unchanged && !moved;
        if (up && (!before || moved || theirs))
            rc = add_visit(r, "appointments", &rows[i]);
        if (!rc && same(rows[i].status, DESK_APPT_CANCELLED))
            rc = add_visit(r, "cancelled", &rows[i]);
    }
    json_object_set_new(r->facts, "appointments_unchanged", json_boolean(unchanged));
    return rc;
}

/* ---- callbacks and records of one call ------------------------------------------------------- */

/* When somebody will call: as it was agreed, else as soon as somebody is there. */
static int64_t due_of(const struct reading *r, const struct desk_callback *cb)
{
    int64_t from = cb->window_start ? cb->window_start : cb->created_at, open;
    bool later = !cb->urgent && desk_hours_next_open(r->b->hours, r->b->zone, from, &open);
    return later && (open < cb->window_end || cb->window_end <= from) ? open : from;
}

static enum desk_rc read_callbacks(struct reading *r, const struct desk_call *c)
{
    struct desk_callback *rows;
    char due[40];
    size_t n = 0;
    enum desk_rc rc = desk_callback_by_call(r->pl->db, r->pl->a, c->tenant_id, c->id, &rows, &n);
    for (size_t i = 0; !rc && i < n; i++)
        rc = add(r, "callbacks",
                 json_pack("{s:s*, s:s, s:s*, s:s*, s:s*, s:s*, s:b}", "number", rows[i].number,
                           "due", at(r, due, due_of(r, &rows[i])), "name", rows[i].name, "reason",
                           rows[i].reason, "kind", rows[i].kind, "address", rows[i].address,
                           "urgent", (int)rows[i].urgent));
    return rc;
}

static enum desk_rc read_messages(struct reading *r, const struct desk_call *c)
{
    struct desk_message *rows;
    size_t n = 0;
    enum desk_rc rc = desk_message_by_call(r->pl->db, r->pl->a, c->tenant_id, c->id, &rows, &n);
    for (size_t i = 0; !rc && i < n; i++)
        rc = add(r, "messages",
                 json_pack("{s:s*, s:s*, s:s*}", "text", rows[i].text, "name", rows[i].from_name,
                           "number", rows[i].number));
    return rc;
}

static enum desk_rc read_leads(struct reading *r, const struct desk_call *c)
{
    struct desk_lead *rows;
    size_t n = 0;
    enum desk_rc rc = desk_lead_by_call(r->pl->db, r->pl->a, c->tenant_id, c->id, &rows, &n);
    for (size_t i = 0; !rc && i < n; i++)
        rc = add(r, "leads",
                 json_pack("{s:s*, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*, s:s*}", "name",
                           rows[i].name, "company", rows[i].company, "number", rows[i].number,
                           "email", rows[i].email, "service", rows[i].service, "job", rows[i].job,
                           "address", rows[i].address, "budget", rows[i].budget, "timeline",
                           rows[i].timeline));
    return rc;
}

/* The set's word: how bad it is, else by the ticket's own priority. */
static enum desk_rc read_tickets(struct reading *r, const struct desk_call *c)
{
    struct desk_ticket *rows;
    size_t n = 0;
    enum desk_rc rc = desk_ticket_by_call(r->pl->db, r->pl->a, c->tenant_id, c->id, &rows, &n);
    for (size_t i = 0; !rc && i < n; i++) {
        const char *severity = alarms(c->severity)              ? c->severity
                               : same(rows[i].priority, "high") ? "P2"
                                                                : "P3";
        rc = add(r, "tickets",
                 json_pack("{s:I, s:s, s:s*, s:s*, s:s*, s:s*, s:s*}", "number",
                           (json_int_t)rows[i].n, "severity", severity, "system", rows[i].system,
                           "problem", rows[i].problem, "name", rows[i].name, "phone",
                           rows[i].number, "address", rows[i].address));
    }
    return rc;
}

static enum desk_rc read_vendors(struct reading *r, const struct desk_call *c)
{
    struct desk_vendor_note *rows;
    size_t n = 0;
    enum desk_rc rc = desk_vendor_note_by_call(r->pl->db, r->pl->a, c->tenant_id, c->id, &rows, &n);
    for (size_t i = 0; !rc && i < n; i++)
        rc = add(r, "vendor_log",
                 json_pack("{s:s*, s:s*, s:s*, s:s*, s:s*, s:s*}", "vendor", rows[i].vendor,
                           "person", rows[i].person, "number", rows[i].number, "purpose",
                           rows[i].purpose, "reference", rows[i].reference, "text", rows[i].text));
    return rc;
}

/* ---- alarms, texts, being put through -------------------------------------------------------- */

static bool is_owners(const struct reading *r, const char *number)
{
    return number && (same(number, r->pl->location.owner_phone) ||
                      (r->b->owner && same(number, r->b->owner->phone)));
}

/* How the owner is told of an alert of the call, by the outbox. */
static const char *channel_of(const struct desk_outbox *rows, size_t n, const struct desk_alert *a,
                              const char *call_id)
{
    char key[200];
    snprintf(key, sizeof key, "alert:%s:%s:%s:", a->kind, a->severity, call_id);
    for (size_t i = 0; i < n; i++)
        if (strncmp(rows[i].dedupe, key, strlen(key)) == 0)
            return same(rows[i].kind, DESK_OUTBOX_TELEGRAM) ? "telegram" : "sms";
    return NULL;
}

static enum desk_rc add_triggers(struct reading *r, const char *because)
{
    enum desk_rc rc = DESK_OK;
    list(r, "escalations");
    for (int t = 0; !rc && t < DESK_TRIGGER__MAX; t++) {
        const char *name = desk_trigger_name((enum desk_trigger)t);
        if (strstr(because, name))
            rc = add(r, "escalations", json_string(name));
    }
    return rc;
}

static enum desk_rc read_alerts(struct reading *r, const struct desk_call *c,
                                const struct desk_outbox *sent, size_t n_sent)
{
    struct desk_alert *rows;
    size_t n = 0;
    enum desk_rc rc = desk_alert_by_call(r->pl->db, r->pl->a, c->tenant_id, c->id, &rows, &n);
    for (size_t i = 0; !rc && i < n; i++) {
        const char *channel = channel_of(sent, n_sent, &rows[i], c->id);
        if (!channel && r->pl->by_voice && alarms(rows[i].severity))
            channel = "sms";
        if (same(rows[i].kind, DESK_ALERT_ESCALATION))
            rc = add_triggers(r, rows[i].because);
        else if (channel)
            rc = add(r, "alerts",
                     json_pack("{s:s, s:s, s:s, s:s}", "severity", rows[i].severity, "channel",
                               channel, "to", "owner", "because", rows[i].because));
    }
    return rc;
}

static enum desk_rc read_transfer(struct reading *r, const struct desk_call *c)
{
    if (!c->transfer_to || !*c->transfer_to)
        return DESK_OK;
    return add(r, "transfers",
               json_pack("{s:s, s:s, s:s*}", "to",
                         is_owners(r, c->transfer_to) ? "owner" : c->transfer_to, "result",
                         desk_practice_dialled(r->pl->a, r->p), "reason", c->transfer_reason));
}

static const char *text_to(struct reading *r, const struct desk_outbox *o)
{
    json_t *payload = o->payload ? json_loads(o->payload, 0, NULL) : NULL;
    const char *to = json_string_value(json_object_get(payload, "to"));
    const char *kept = desk_arena_strdup(r->pl->a, to ? to : "");
    json_decref(payload);
    return kept ? kept : "";
}

static void count_texts(struct reading *r, const struct desk_outbox *rows, size_t n)
{
    json_int_t owner = 0, caller = 0;
    for (size_t i = 0; i < n; i++) {
        if (!same(rows[i].kind, DESK_OUTBOX_SMS) && !same(rows[i].kind, DESK_OUTBOX_OWNER_TEXT))
            continue;
        const char *to = text_to(r, &rows[i]);
        owner += is_owners(r, to);
        caller += !is_owners(r, to) && same(to, r->pl->from);
    }
    json_object_set_new(r->facts, "owner_sms", json_integer(owner));
    /* words of a talk by text go out as texts, too */
    size_t i;
    json_t *t;
    json_array_foreach(r->transcript, i, t) caller +=
        r->p->by_text && same(json_string_value(json_object_get(t, "who")), "agent");
    json_object_set_new(r->facts, "sms_replies", json_integer(caller));
}

static enum desk_rc read_stop(struct reading *r)
{
    bool stopped = false;
    list(r, "opt_out");
    enum desk_rc rc = r->pl->from
                          ? desk_text_stopped(r->pl->db, r->pl->tenant.id, r->pl->from, &stopped)
                          : DESK_OK;
    return rc || !stopped ? rc : add(r, "opt_out", json_string(r->pl->from));
}

/* As the caller's contact has it now; nobody said otherwise: English. */
static enum desk_rc read_language(struct reading *r)
{
    struct desk_contact c = {0};
    const char *id = r->n_calls ? r->calls[0].contact_id : NULL;
    enum desk_rc rc =
        id ? desk_contact_get(r->pl->db, r->pl->a, r->pl->tenant.id, id, &c) : DESK_ENOTFOUND;
    bool told = !rc && c.language && *c.language;
    json_object_set_new(r->facts, "language", json_string(told ? c.language : "en"));
    return rc == DESK_ENOTFOUND ? DESK_OK : rc;
}

/* ---- the call itself ------------------------------------------------------------------------- */

/* The script by its standard name, where the business has one of its own for it. */
static const char *script_of(const struct reading *r, const struct desk_call *c)
{
    static const struct {
        const char *when, *standard;
    } rows[] = {{"closed", "after_hours"},           {"vendor", "vendor_call"},
                {"sales", "sales_inquiry"},          {"known", "known_client_support"},
                {"support", "known_client_support"}, {"outbound", "appointment_reminder"},
                {"general", "general_incoming"}};
    for (size_t i = 0; c->script && i < sizeof rows / sizeof *rows; i++)
        if (same(desk_business_script(r->b, rows[i].when), c->script))
            return rows[i].standard;
    return c->script;
}

/* One of the four words that the set has for how a call ended. */
static const char *decision_of(const struct desk_call *c)
{
    static const char *const own[] = {"transferred", "transferred_exception", "ended_no_speech"};
    const char *is = desk_call_decision(c);
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (same(is, own[i]))
            return own[i];
    return "completed";
}

static enum desk_rc read_session(struct reading *r, const struct desk_call *c)
{
    struct desk_voice_session s;
    enum desk_rc rc = desk_voice_session_get(r->pl->db, r->pl->a, c->tenant_id, c->call_sid, &s);
    json_object_set_new(r->facts, "call",
                        json_pack("{s:s*, s:s, s:s*}", "script", script_of(r, c), "final_decision",
                                  decision_of(c), "summary", c->summary));
    json_object_set_new(r->facts, "session",
                        json_pack("{s:s, s:b}", "status", rc ? "COMPLETED" : s.state,
                                  "is_emergency", (int)alarms(c->severity)));
    return rc == DESK_ENOTFOUND ? DESK_OK : rc;
}

static enum desk_rc read_words(struct reading *r, const struct desk_call *c)
{
    struct desk_turn *turns;
    size_t n = 0;
    enum desk_rc rc =
        desk_turn_list(r->pl->db, r->pl->a, c->tenant_id, c->id, ROWS_MOST, &turns, &n);
    size_t from = 0; /* who writes begins: a greeting in front of their text is sent to nobody */
    while (!rc && r->p->by_text && from < n && !same(turns[from].who, DESK_WHO_CALLER))
        from++;
    for (size_t i = from; !rc && i < n; i++) {
        const char *who = same(turns[i].who, DESK_WHO_CALLER) ? "caller" : "agent";
        json_t *t = json_pack("{s:s, s:s}", "who", who, "text", turns[i].text);
        rc = t && json_array_append_new(r->transcript, t) == 0 ? DESK_OK : DESK_ENOMEM;
    }
    return rc;
}

static enum desk_rc read_call(struct reading *r, const struct desk_call *c,
                              const struct desk_outbox *sent, size_t n_sent)
{
    enum desk_rc (*const of_call[])(struct reading *, const struct desk_call *) = {
        read_callbacks, read_messages, read_leads,   read_tickets,
        read_vendors,   read_transfer, read_session, read_words};
    enum desk_rc rc = read_alerts(r, c, sent, n_sent);
    for (size_t i = 0; !rc && i < sizeof of_call / sizeof *of_call; i++)
        rc = of_call[i](r, c);
    return rc;
}

static enum desk_rc read_all(struct reading *r)
{
    static const char *const lists[] = {"callbacks",  "messages", "leads",       "tickets",
                                        "vendor_log", "alerts",   "escalations", "transfers"};
    static const struct desk_call_filter all = {0};
    struct desk_outbox *sent;
    struct desk_practice_place *pl = r->pl;
    size_t n_sent = 0;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        list(r, lists[i]);
    enum desk_rc rc = desk_business_load(pl->db, pl->a, pl->tenant.id, pl->location.id, r->b);
    if (!rc)
        rc = desk_call_find(pl->db, pl->a, pl->tenant.id, &all, FAR, "", CALLS_MOST, &r->calls,
                            &r->n_calls);
    if (!rc)
        rc = desk_outbox_list(pl->db, pl->a, pl->tenant.id, false, ROWS_MOST, &sent, &n_sent);
    if (!rc)
        rc = read_visits(r);
    for (size_t i = r->n_calls; !rc && i-- > 0;)
        rc = read_call(r, &r->calls[i], sent, n_sent);
    if (rc)
        return rc;
    count_texts(r, sent, n_sent);
    json_object_set_new(r->facts, "webhooks", json_array());
    rc = read_language(r);
    return rc ? rc : read_stop(r);
}

enum desk_rc desk_practice_result(struct desk_practice_place *pl, const struct desk_practice *p,
                                  json_t **result)
{
    struct reading r = {.pl = pl, .p = p, .facts = json_object(), .transcript = json_array()};
    r.b = desk_arena_alloc(pl->a, sizeof *r.b);
    enum desk_rc rc = r.b && r.facts && r.transcript ? read_all(&r) : DESK_ENOMEM;
    *result = rc ? NULL
                 : json_pack("{s:s, s:O, s:O, s:[]}", "id", p->id, "facts", r.facts, "transcript",
                             r.transcript, "forbidden_seen");
    json_decref(r.facts);
    json_decref(r.transcript);
    return rc || *result ? rc : DESK_ENOMEM;
}
