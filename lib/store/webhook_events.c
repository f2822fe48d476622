#include "store/webhook_events.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/tz.h"
#include "base/utf8.h"
#include "queries.h"
#include "store/alerts.h"
#include "store/appointments.h"
#include "store/calls.h"
#include "store/outbox.h"
#include "store/records.h"
#include "store/results.h"
#include "store/tenants.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEST      "webhook.test"
#define TEXT_MOST 1500 /* bytes of one text: the specification wants bodies under 20 kB */

/* ---- the events ------------------------------------------------------------------------------ */

union any_row {
    struct desk_call call;
    struct desk_appointment appointment;
};

static enum desk_rc read_call(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                              const char *id, union any_row *out)
{
    return desk_call_get(db, a, tenant_id, id, &out->call);
}

static enum desk_rc read_appointment(struct desk_db *db, struct desk_arena *a,
                                     const char *tenant_id, const char *id, union any_row *out)
{
    return desk_appointment_get(db, a, tenant_id, id, &out->appointment);
}

/* A call that is over tells it once; a visit may be moved often, and each time counts. */
static int64_t visit_turn(const void *row)
{
    return ((const struct desk_appointment *)row)->sequence;
}

/* A hold that was let go was no appointment. */
static bool visit_stood(const void *row)
{
    return !((const struct desk_appointment *)row)->hold_until;
}

static const char *const call_columns[] = {
    "id",         "call_sid",   "direction", "channel",     "caller_kind", "from_number",
    "contact_id", "status",     "outcome",   "urgent",      "severity",    "script",
    "summary",    "started_at", "ended_at",  "duration_ms", NULL};
static const char *const lead_columns[] = {
    "id",  "call_id", "contact_id", "name",     "company",     "number", "email",      "service",
    "job", "address", "budget",     "timeline", "heard_of_us", "state",  "created_at", NULL};
static const char *const ticket_columns[] = {
    "id",         "n",     "call_id", "contact_id", "name",  "number",     "system", "problem",
    "since_text", "tried", "address", "priority",   "state", "created_at", NULL};
static const char *const callback_columns[] = {
    "id",      "call_id", "contact_id", "kind",         "name",
    "number",  "reason",  "when_text",  "window_start", "window_end",
    "address", "urgent",  "state",      "created_at",   NULL};
static const char *const visit_columns[] = {
    "id",     "call_id",  "contact_id", "service",    "service_name", "resource_name",
    "status", "start_at", "end_at",     "name",       "number",       "address",
    "notes",  "urgent",   "source",     "created_at", "updated_at",   NULL};
static const char *const message_columns[] = {"id",       "call_id",    "seconds", "text",
                                              "for_name", "from_name",  "number",  "urgent",
                                              "state",    "created_at", NULL};
static const char *const alert_columns[] = {"id",    "call_id", "kind",  "severity",   "because",
                                            "words", "told",    "state", "created_at", NULL};

static const struct happening {
    const char *name;
    const struct desk_fields *fields;
    const char *const *columns; /* what of the row goes out */
    enum desk_rc (*read)(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                         const char *id, union any_row *out); /* NULL: the caller has the row */
    int64_t (*turn)(const void *row); /* which time it is for this row; NULL: it comes once */
    bool (*counts)(const void *row);  /* NULL: always */
} happenings[DESK_ON__MAX] = {
    [DESK_ON_CALL_COMPLETED] = {"call.completed", &desk_call_fields, call_columns, read_call, NULL,
                                NULL},
    [DESK_ON_LEAD_CREATED] = {"lead.created", &desk_lead_fields, lead_columns, NULL, NULL, NULL},
    [DESK_ON_TICKET_CREATED] = {"ticket.created", &desk_ticket_fields, ticket_columns, NULL, NULL,
                                NULL},
    [DESK_ON_CALLBACK_CREATED] = {"callback.created", &desk_callback_fields, callback_columns, NULL,
                                  NULL, NULL},
    [DESK_ON_APPOINTMENT_BOOKED] = {"appointment.booked", &desk_appointment_fields, visit_columns,
                                    read_appointment, NULL, visit_stood},
    [DESK_ON_APPOINTMENT_MOVED] = {"appointment.moved", &desk_appointment_fields, visit_columns,
                                   read_appointment, visit_turn, visit_stood},
    [DESK_ON_APPOINTMENT_CANCELLED] = {"appointment.cancelled", &desk_appointment_fields,
                                       visit_columns, read_appointment, NULL, visit_stood},
    [DESK_ON_MESSAGE_TAKEN] = {"message.taken", &desk_message_fields, message_columns, NULL, NULL,
                               NULL},
    [DESK_ON_ALERT_RAISED] = {"alert.raised", &desk_alert_fields, alert_columns, NULL, NULL, NULL},
};

const char *desk_happened_name(enum desk_happened what)
{
    return happenings[what].name;
}

/* ---- bodies ---------------------------------------------------------------------------------- */

/* A column's value as it goes out; NULL: it does not (of people, and they want nothing of people).
 * Borrowed from all. */
static json_t *value_of(const struct happening *h, const char *column, bool personal, json_t *all)
{
    const struct desk_field *f = desk_field_find(h->fields, column);
    if (!f || f->flags & DESK_F_SECRET || (f->flags & DESK_F_PII && !personal))
        return NULL;
    json_t *v = json_object_get(all, column);
    const char *text = json_string_value(v);
    size_t n = text ? strlen(text) : 0;
    if (n > TEXT_MOST) {
        json_object_set_new(all, column, json_stringn(text, desk_utf8_cut(text, n, TEXT_MOST)));
        v = json_object_get(all, column);
    }
    return v;
}

/* "Fri 20 Nov 1:52 pm" beside a time, for those who copy it into a cell. */
static void add_local(json_t *into, const struct desk_tz *tz, const struct happening *h,
                      const char *column, const void *row)
{
    char day[32], time[32], key[64];
    const struct desk_field *f = desk_field_find(h->fields, column);
    if (f->kind != DESK_K_TIME)
        return;
    int64_t at = *(const int64_t *)((const char *)row + f->offset);
    if (!at)
        return;
    desk_when_date(day, sizeof day, tz, at);
    desk_when_time(time, sizeof time, tz, at, false);
    snprintf(key, sizeof key, "%.50s_local", column);
    json_object_set_new(into, key, json_sprintf("%s %s", day, time));
}

static json_t *data_of(const struct happening *h, const void *row, const struct desk_webhook *w,
                       const struct desk_tz *tz)
{
    bool flat = strcmp(w->format, DESK_WEBHOOK_FLAT) == 0;
    json_t *all = desk_fields_json(h->fields, row), *data = all ? json_object() : NULL;
    for (const char *const *c = h->columns; data && *c; c++) {
        json_t *v = value_of(h, *c, w->personal, all);
        if (!v)
            continue;
        json_object_set(data, *c, v);
        if (flat)
            add_local(data, tz, h, *c, row);
    }
    json_decref(all);
    return data;
}

/* The bytes that are sent: {type, timestamp, data}, or all of it in one level. Takes data; the
 * caller frees. NULL: no memory. */
static char *body_of(const char *name, const char *key, bool flat, json_t *data)
{
    char now[40], stamp[40];
    json_t *root = data ? json_object() : NULL;
    desk_when_iso(now, sizeof now, NULL, desk_now_ms());
    snprintf(stamp, sizeof stamp, "%.19sZ", now); /* UTC, written as in the rows */
    if (root && json_object_set_new(root, "type", json_string(name)) == 0 &&
        json_object_set_new(root, "timestamp", json_string(stamp)) == 0 && flat) {
        json_object_set_new(root, "event_id", json_string(key));
        json_object_update(root, data);
    } else if (root) {
        json_object_set(root, "data", data);
    }
    char *text = root ? json_dumps(root, JSON_COMPACT) : NULL;
    json_decref(data);
    json_decref(root);
    return text;
}

/* What is sent: body as it was made when it happened. */
struct sending {
    const char *row;   /* id of the outbox row; NULL = made there */
    const char *again; /* webhook-id of what is sent once more; NULL: it is the row's */
    const char *call;  /* whose trace it belongs to; NULL = no call's */
    const char *name, *dedupe, *body;
};

static enum desk_rc queue(struct desk_db *db, const struct desk_webhook *w, const struct sending *s)
{
    json_t *root = s->body ? json_pack("{s:s, s:s}", "event", s->name, "body", s->body) : NULL;
    if (root && s->again)
        json_object_set_new(root, "id", json_string(s->again));
    char *payload = root ? json_dumps(root, JSON_COMPACT) : NULL;
    const struct desk_outbox_new n = {.id = s->row,
                                      .tenant_id = w->tenant_id,
                                      .call_id = s->call,
                                      .kind = DESK_OUTBOX_WEBHOOK,
                                      .dedupe = s->dedupe,
                                      .priority = DESK_OUTBOX_NORMAL,
                                      .payload = payload,
                                      .dest = w->id};
    enum desk_rc rc = payload ? desk_outbox_add(db, &n) : DESK_ENOMEM;
    json_decref(root);
    free(payload);
    return rc == DESK_ECONFLICT ? DESK_OK : rc;
}

/* ---- telling --------------------------------------------------------------------------------- */

struct telling {
    const struct happening *h;
    const char *id;
    const void *row;
    const struct desk_tz *tz;
};

/* The call that it is, or came of. */
static const char *call_of(const struct telling *t)
{
    const struct desk_field *f = desk_field_find(t->h->fields, "call_id");
    if (t->h->fields == &desk_call_fields)
        return t->id;
    return f ? *(const char *const *)((const char *)t->row + f->offset) : NULL;
}

static enum desk_rc tell(struct desk_db *db, const struct telling *t, const struct desk_webhook *w)
{
    char key[128], dedupe[192];
    bool flat = strcmp(w->format, DESK_WEBHOOK_FLAT) == 0;
    if (t->h->turn)
        snprintf(key, sizeof key, "%s:%s:%lld", t->h->name, t->id, (long long)t->h->turn(t->row));
    else
        snprintf(key, sizeof key, "%s:%s", t->h->name, t->id);
    snprintf(dedupe, sizeof dedupe, "%s:%s", w->id, key);
    char *body = body_of(t->h->name, key, flat, data_of(t->h, t->row, w, t->tz));
    enum desk_rc rc = queue(
        db, w,
        &(struct sending){.name = t->h->name, .dedupe = dedupe, .body = body, .call = call_of(t)});
    free(body);
    return rc;
}

static enum desk_rc zone_of(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                            const struct desk_tz **tz)
{
    struct desk_location l;
    enum desk_rc rc = desk_location_first(db, a, tenant_id, &l);
    *tz = rc ? NULL : desk_tz_load(l.zone);
    return rc == DESK_ENOTFOUND ? DESK_OK : rc;
}

static enum desk_rc tell_all(struct desk_db *db, struct desk_arena *a, struct telling t,
                             const char *tenant_id, const struct desk_webhook *who, size_t n)
{
    union any_row own;
    enum desk_rc rc = zone_of(db, a, tenant_id, &t.tz);
    if (!rc && !t.row && t.h->read) {
        rc = t.h->read(db, a, tenant_id, t.id, &own);
        t.row = &own;
    }
    if (rc || !t.row || (t.h->counts && !t.h->counts(t.row)))
        return rc;
    for (size_t i = 0; !rc && i < n; i++)
        rc = tell(db, &t, &who[i]);
    return rc;
}

enum desk_rc desk_happened(struct desk_db *db, enum desk_happened what, const char *tenant_id,
                           const char *id, const void *row)
{
    struct telling t = {.h = &happenings[what], .id = id, .row = row};
    void *who;
    size_t n = 0;
    struct desk_arena *a = desk_arena_new(1024 * 1024);
    enum desk_rc rc = a ? desk_db_rows(db, DESK_Q_WEBHOOK_FOR,
                                       DESK_ARGS(DESK_T(tenant_id), DESK_T(t.h->name),
                                                 DESK_I(DESK_WEBHOOKS_MOST)),
                                       &desk_webhook_fields, a, DESK_WEBHOOKS_MOST, &who, &n)
                        : DESK_ENOMEM;
    if (!rc && n)
        rc = tell_all(db, a, t, tenant_id, who, n);
    desk_arena_free(a);
    return rc;
}

enum desk_rc desk_webhook_test(struct desk_db *db, const struct desk_webhook *w,
                               char id[DESK_ID_LEN])
{
    char dedupe[2 * DESK_ID_LEN + 16];
    bool flat = strcmp(w->format, DESK_WEBHOOK_FLAT) == 0;
    desk_id_new(id, "out");
    snprintf(dedupe, sizeof dedupe, "%s:" TEST ":%s", w->id, id);
    char *body = body_of(TEST, id, flat,
                         json_pack("{s:s, s:s}", "id", w->id, "message",
                                   "This is a test of Frontdesk: webhooks arrive here."));
    enum desk_rc rc =
        queue(db, w, &(struct sending){.row = id, .name = TEST, .dedupe = dedupe, .body = body});
    free(body);
    return rc;
}

/* ---- once more ------------------------------------------------------------------------------- */

/* How the causes begin of all rows that send that one (webhook-id) once more. */
#define AGAIN "%s:again:%s:"

static enum desk_rc again(struct desk_db *db, const struct desk_webhook *w,
                          const struct desk_outbox *was, char id[DESK_ID_LEN])
{
    char dedupe[256];
    json_t *p = json_loads(was->payload ? was->payload : "", 0, NULL);
    const char *first = json_string_value(json_object_get(p, "id"));
    struct sending s = {.row = desk_id_new(id, "out"),
                        .again = first ? first : was->id,
                        .name = json_string_value(json_object_get(p, "event")),
                        .dedupe = dedupe,
                        .body = json_string_value(json_object_get(p, "body"))};
    snprintf(dedupe, sizeof dedupe, AGAIN "%s", w->id, s.again, id);
    enum desk_rc rc = s.name && s.body ? queue(db, w, &s) : DESK_EINTERNAL;
    json_decref(p);
    return rc;
}

enum desk_rc desk_webhook_again(struct desk_db *db, struct desk_arena *a,
                                const struct desk_webhook *w, const char *delivery,
                                char id[DESK_ID_LEN])
{
    struct desk_outbox was;
    enum desk_rc rc = desk_outbox_get(db, a, w->tenant_id, delivery, &was);
    if (!rc &&
        (strcmp(was.kind, DESK_OUTBOX_WEBHOOK) != 0 || !was.dest || strcmp(was.dest, w->id) != 0))
        rc = DESK_ENOTFOUND;
    if (!rc && strcmp(was.state, DESK_OUTBOX_CLAIMED) == 0)
        rc = DESK_ECONFLICT;
    return rc ? rc : again(db, w, &was, id);
}

enum desk_rc desk_webhook_arrived(struct desk_db *db, const struct desk_webhook *w,
                                  const struct desk_outbox *row, const char *webhook_id)
{
    char from[256], to[256];
    int n = snprintf(from, sizeof from, AGAIN, w->id, webhook_id);
    snprintf(to, sizeof to, "%.*s;", n - 1, from); /* what follows ':' */
    return desk_db_exec(db, DESK_Q_WEBHOOK_ARRIVED,
                        DESK_ARGS(DESK_T(w->tenant_id), DESK_T(webhook_id), DESK_T(from),
                                  DESK_T(to), DESK_T(row->id), DESK_I(desk_now_ms())),
                        NULL);
}

/* ---- names ----------------------------------------------------------------------------------- */

/* One word of the list into what is wanted; false: it is none. */
static bool want(const char *word, size_t n, bool wanted[DESK_ON__MAX], bool *all)
{
    if (n == 1 && *word == '*')
        return *all = true;
    for (size_t i = 0; i < DESK_ON__MAX; i++)
        if (strlen(happenings[i].name) == n && memcmp(happenings[i].name, word, n) == 0)
            return wanted[i] = true;
    return false;
}

const char *desk_events_tidy(struct desk_arena *a, const char *text, char bad[64])
{
    static const char gaps[] = " ,\t\r\n";
    bool wanted[DESK_ON__MAX] = {false}, all = !text[strspn(text, gaps)];
    const char *out = "";
    for (const char *p = text + strspn(text, gaps); *p; p += strspn(p, gaps)) {
        size_t n = strcspn(p, gaps);
        if (!want(p, n, wanted, &all)) {
            snprintf(bad, 64, "%.*s", n < 60 ? (int)n : 60, p);
            return NULL;
        }
        p += n;
    }
    for (size_t i = 0; out && i < DESK_ON__MAX; i++)
        if (wanted[i])
            out = desk_arena_fmt(a, "%s%s%s", out, *out ? " " : "", happenings[i].name);
    return all ? "*" : out;
}
