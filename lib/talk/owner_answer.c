#include "talk/owner_answer.h"
#include "core/emergency.h"
#include "store/alerts.h"
#include "store/appointments.h"
#include "store/calls.h"
#include "store/contacts.h"
#include "store/results.h"

#include <string.h>

struct answering {
    struct desk_db *db;
    struct desk_arena *a;
    const struct desk_owner_ask *ask;
    const struct desk_owner_query *q;
    struct desk_period period;
    struct desk_owner_item *items;
    const char **keys; /* of the items: whose they are */
    struct desk_owner_facts f;
};

/* ---- people ---------------------------------------------------------------------------------- */

/* The name of a contact; NULL = none is known. */
static const char *name_of(struct answering *s, const char *contact_id)
{
    struct desk_contact c;
    if (!contact_id || desk_contact_get(s->db, s->a, s->ask->tenant_id, contact_id, &c))
        return NULL;
    return c.name && *c.name ? c.name : NULL;
}

static void who_called(struct answering *s, const char *call_id, struct desk_owner_item *i)
{
    struct desk_call c;
    if (!call_id || desk_call_get(s->db, s->a, s->ask->tenant_id, call_id, &c))
        return;
    i->number = c.from_number;
    i->name = name_of(s, c.contact_id);
}

/* The item of that key, made if there is none; *fresh says so. key NULL: always a new one. */
static struct desk_owner_item *item_of(struct answering *s, const char *key, bool *fresh)
{
    size_t i = 0;
    while (i < s->f.n_items && !(key && s->keys[i] && strcmp(s->keys[i], key) == 0))
        i++;
    *fresh = i == s->f.n_items;
    if (*fresh) {
        s->keys[i] = key;
        s->items[i] = (struct desk_owner_item){0};
        s->f.n_items++;
    }
    s->items[i].times++;
    return &s->items[i];
}

static enum desk_rc room(struct answering *s, size_t n)
{
    s->items = desk_arena_alloc(s->a, (n + 1) * sizeof *s->items);
    s->keys = desk_arena_alloc(s->a, (n + 1) * sizeof *s->keys);
    s->f.items = s->items;
    s->f.n_items = 0;
    s->f.total = (int64_t)n;
    s->f.more = n == s->period.max;
    return s->items && s->keys ? DESK_OK : DESK_ENOMEM;
}

/* ---- what is asked about --------------------------------------------------------------------- */

static enum desk_rc calls(struct answering *s)
{
    struct desk_call *rows;
    size_t n = 0;
    bool fresh;
    enum desk_rc rc = desk_call_between(s->db, s->a, &s->period, &rows, &n);
    if (!rc)
        rc = room(s, n);
    for (size_t k = 0; !rc && k < n; k++) {
        struct desk_owner_item *i = item_of(s, rows[k].from_key, &fresh);
        if (!fresh) /* newest first: the last one is there already */
            continue;
        i->number = rows[k].from_number;
        i->at = rows[k].started_at;
        if (s->f.n_items <= DESK_OWNER_LISTED)
            i->name = name_of(s, rows[k].contact_id);
    }
    return rc;
}

/* The words that raised it; else what was said. */
static const char *alarming_words(struct desk_arena *a, const struct desk_alert *row)
{
    size_t n = 0;
    const char *quoted = row->because ? strchr(row->because, '"') : NULL;
    const char *plain = quoted ? desk_emergency_told(row->because, &n) : NULL;
    return plain ? desk_arena_strndup(a, plain, n) : row->words;
}

static enum desk_rc emergencies(struct answering *s)
{
    struct desk_alert *rows;
    size_t n = 0;
    bool fresh;
    enum desk_rc rc = desk_alert_between(s->db, s->a, &s->period, &rows, &n);
    if (!rc)
        rc = room(s, n);
    for (size_t k = 0; !rc && k < n; k++) {
        struct desk_owner_item *i = item_of(s, rows[k].who_key, &fresh);
        i->urgent = i->urgent || strcmp(rows[k].severity, "P1") == 0;
        i->times = 1; /* it got worse, or was said again: one emergency */
        if (!fresh)
            continue;
        i->at = rows[k].created_at;
        i->what = alarming_words(s->a, &rows[k]);
        if (s->f.n_items <= DESK_OWNER_LISTED)
            who_called(s, rows[k].call_id, i);
    }
    return rc;
}

static enum desk_rc callbacks(struct answering *s)
{
    struct desk_callback *rows;
    size_t n = 0;
    bool fresh;
    enum desk_rc rc = desk_callback_between(s->db, s->a, &s->period, &rows, &n);
    if (!rc)
        rc = room(s, n);
    for (size_t k = 0; !rc && k < n; k++) {
        if (s->q->urgent && !rows[k].urgent)
            continue;
        *item_of(s, NULL, &fresh) = (struct desk_owner_item){.name = rows[k].name,
                                                             .number = rows[k].number,
                                                             .what = rows[k].reason,
                                                             .when = rows[k].when_text,
                                                             .at = rows[k].created_at,
                                                             .times = 1,
                                                             .urgent = rows[k].urgent};
    }
    return rc;
}

static enum desk_rc messages(struct answering *s)
{
    struct desk_message *rows;
    size_t n = 0;
    bool fresh;
    enum desk_rc rc = desk_message_between(s->db, s->a, &s->period, &rows, &n);
    if (!rc)
        rc = room(s, n);
    for (size_t k = 0; !rc && k < n; k++) {
        struct desk_owner_item *i = item_of(s, NULL, &fresh);
        i->at = rows[k].created_at;
        i->what = rows[k].text;
        i->seconds = rows[k].seconds;
        if (s->f.n_items <= DESK_OWNER_LISTED)
            who_called(s, rows[k].call_id, i);
    }
    return rc;
}

/* Whenever it was. */
static void any_time(struct answering *s)
{
    s->period.from = 0;
    s->period.to = INT64_MAX;
}

/* Nothing of it is listed, so its items are of no use afterwards. */
static enum desk_rc count(struct answering *s, enum desk_rc (*of)(struct answering *), int64_t *n)
{
    enum desk_rc rc = of(s);
    *n = of == calls ? s->f.total : (int64_t)s->f.n_items;
    s->f.n_items = 0;
    s->f.more = false;
    return rc;
}

static enum desk_rc summary(struct answering *s)
{
    int64_t n_calls, n_alerts, n_back = 0, n_left = 0;
    enum desk_rc rc = count(s, calls, &n_calls);
    if (!rc)
        rc = count(s, emergencies, &n_alerts);
    any_time(s);
    if (!rc)
        rc = count(s, callbacks, &n_back);
    if (!rc)
        rc = count(s, messages, &n_left);
    if (rc)
        return rc;
    s->f.calls = n_calls;
    s->f.emergencies = n_alerts;
    s->f.callbacks = n_back;
    s->f.messages = n_left;
    return DESK_OK;
}

/* Whose services it has, its calendar is ours (talk/calendar.h). */
static enum desk_rc schedule(struct answering *s)
{
    struct desk_appointment *rows;
    size_t n = 0;
    bool fresh;
    if (!s->ask->business->n_services) {
        s->f.no_calendar = true;
        any_time(s);
        return count(s, callbacks, &s->f.callbacks);
    }
    const struct desk_period *p = &s->period;
    enum desk_rc rc = desk_appointments_between(s->db, s->a, p->tenant_id, p->from, p->to, false,
                                                p->max, &rows, &n);
    if (!rc)
        rc = room(s, n);
    for (size_t k = 0; !rc && k < n; k++) {
        bool here = !p->location_id || strcmp(rows[k].location_id, p->location_id) == 0;
        bool stands = strcmp(rows[k].status, "held") != 0;
        if (!here || !stands || rows[k].start_at < p->from)
            continue; /* one that is going on began before */
        *item_of(s, NULL, &fresh) = (struct desk_owner_item){.name = rows[k].name,
                                                             .number = rows[k].number,
                                                             .what = rows[k].service_name,
                                                             .at = rows[k].start_at,
                                                             .times = 1,
                                                             .urgent = rows[k].urgent};
    }
    return rc;
}

static enum desk_rc (*const loads[DESK_OWNER__MAX])(struct answering *) = {
    [DESK_OWNER_CALLBACKS] = callbacks, [DESK_OWNER_EMERGENCIES] = emergencies,
    [DESK_OWNER_MESSAGES] = messages,   [DESK_OWNER_SCHEDULE] = schedule,
    [DESK_OWNER_CALLS] = calls,         [DESK_OWNER_SUMMARY] = summary,
};

/* ---- the answer ------------------------------------------------------------------------------ */

static json_t *item_json(const struct answering *s, const struct desk_owner_item *i)
{
    char at[40];
    return json_pack("{s:s?, s:s?, s:s, s:s?, s:s?, s:I, s:I, s:b}", "name", i->name, "number",
                     i->number, "at", desk_when_iso(at, sizeof at, s->ask->business->zone, i->at),
                     "what", i->what, "when", i->when, "times", (json_int_t)i->times, "seconds",
                     (json_int_t)i->seconds, "urgent", (int)i->urgent);
}

static json_t *data_of(const struct answering *s)
{
    char from[40], to[40];
    const struct desk_tz *tz = s->ask->business->zone;
    const struct desk_owner_facts *f = &s->f;
    json_t *data = json_object(), *list = json_array();
    bool timed = s->q->when.said || s->q->about == DESK_OWNER_CALLS ||
                 s->q->about == DESK_OWNER_EMERGENCIES || s->q->about == DESK_OWNER_SUMMARY ||
                 s->q->about == DESK_OWNER_SCHEDULE;
    for (size_t i = 0; i < f->n_items && i < DESK_OWNER_LISTED; i++)
        json_array_append_new(list, item_json(s, &f->items[i]));
    if (timed) {
        json_object_set_new(data, "from",
                            json_string(desk_when_iso(from, sizeof from, tz, s->q->when.from)));
        json_object_set_new(data, "to",
                            json_string(desk_when_iso(to, sizeof to, tz, s->q->when.to)));
    }
    if (s->q->about == DESK_OWNER_SUMMARY)
        json_object_update_new(
            data, json_pack("{s:I, s:I, s:I, s:I}", "calls", (json_int_t)f->calls, "emergencies",
                            (json_int_t)f->emergencies, "callbacks", (json_int_t)f->callbacks,
                            "messages", (json_int_t)f->messages));
    else
        json_object_set_new(data, "count",
                            json_integer(s->q->about == DESK_OWNER_CALLS ? (json_int_t)f->total
                                                                         : (json_int_t)f->n_items));
    if (s->q->about == DESK_OWNER_SCHEDULE)
        json_object_set_new(data, "calendar", json_boolean(!f->no_calendar));
    json_object_set_new(data, "items", list);
    return data;
}

enum desk_rc desk_owner_answer(struct desk_db *db, struct desk_arena *a,
                               const struct desk_owner_ask *ask, struct desk_owner_answer *out)
{
    const struct desk_business *b = ask->business;
    const struct desk_when_place at = {b->hours, b->zone, ask->now, b->day_first};
    struct answering s = {.db = db, .a = a, .ask = ask, .q = &out->query};
    struct desk_buf say;
    memset(out, 0, sizeof *out);
    desk_owner_query_read(ask->text, &at, &out->query);
    s.period = (struct desk_period){.tenant_id = ask->tenant_id,
                                    .location_id = ask->location_id,
                                    .from = out->query.when.from,
                                    .to = out->query.when.to,
                                    .max = DESK_OWNER_ROWS};
    bool kept = out->query.about == DESK_OWNER_CALLBACKS || out->query.about == DESK_OWNER_MESSAGES;
    if (kept && !out->query.when.said)
        any_time(&s);
    enum desk_rc rc = loads[out->query.about] ? loads[out->query.about](&s) : DESK_OK;
    if (rc)
        return rc;
    desk_buf_init(&say, 4000);
    desk_owner_query_say(&out->query, &s.f, b->zone, ask->now, &say);
    out->say = desk_buf_ok(&say) ? desk_arena_strdup(a, desk_buf_cstr(&say)) : NULL;
    desk_buf_clear(&say);
    out->data = out->say ? data_of(&s) : NULL;
    return out->data ? DESK_OK : DESK_ENOMEM;
}
