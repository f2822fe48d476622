#include "talk/reminders.h"
#include "base/limits.h"
#include "core/reminders.h"
#include "store/contacts.h"
#include "store/outbox.h"
#include "talk/business.h"
#include "talk/reach.h"
#include "talk/remind_call.h"
#include "talk/visit_text.h"

#include <string.h>

#define HOUR_MS (3600LL * 1000)

struct work {
    struct desk_db *db;
    struct desk_arena *a;
    const char *tenant_id;
    const struct desk_reminding *r;
    struct desk_tenant_settings own;
    int hours[DESK_REMINDERS];
    int n_hours;
    const char *location_id; /* whose business is loaded */
    struct desk_business b;
};

static enum desk_rc load_business(struct work *w, const char *location_id)
{
    if (w->location_id && strcmp(w->location_id, location_id) == 0)
        return DESK_OK;
    w->location_id = location_id;
    return desk_business_load(w->db, w->a, w->tenant_id, location_id, &w->b);
}

/* ---- is it due? ------------------------------------------------------------------------------ */

/* Is that one due now? It goes before quiet hours begin; a call's are the stricter ones. */
static bool due(const struct work *w, const struct desk_appointment *row, int hours, bool call)
{
    struct desk_reach reach;
    long from = desk_tenant_setting_int(&w->own, DESK_S_TEXT_QUIET_FROM),
         to = desk_tenant_setting_int(&w->own, DESK_S_TEXT_QUIET_TO);
    int64_t at = row->start_at - hours * HOUR_MS;
    bool stands =
        strcmp(row->status, DESK_APPT_BOOKED) == 0 || strcmp(row->status, DESK_APPT_MOVED) == 0;
    /* updated_at: moved to that time after the reminder would have been due */
    if (!stands || row->updated_at > at || w->r->now > row->start_at - DESK_REMIND_LAST_MS)
        return false;
    desk_reach_of(row->number, w->b.zone, &reach);
    const struct desk_quiet texts = desk_reach_quiet(&reach, from, to);
    const struct desk_reach_calls calls = desk_reach_calls(&reach, from, to);
    return w->r->now >=
           (call ? desk_reach_calls_before(&calls, at) : desk_quiet_before(&texts, at));
}

/* ---- queueing -------------------------------------------------------------------------------- */

static struct desk_calendar_place place_of(const struct work *w, const struct desk_appointment *row)
{
    return (struct desk_calendar_place){.db = w->db,
                                        .arena = w->a,
                                        .tenant_id = w->tenant_id,
                                        .location_id = row->location_id,
                                        .business = &w->b,
                                        .now = w->r->now};
}

static void say(const struct work *w, const struct desk_appointment *row, int hours, const char *by,
                const char *why)
{
    if (w->r->tell)
        w->r->tell(w->r->ctx, row, hours, by, why);
}

static enum desk_rc text(struct work *w, const struct desk_appointment *row, int hours,
                         const char *key)
{
    const char *why = NULL;
    const struct desk_calendar_place place = place_of(w, row);
    const struct desk_visit_words words = {.which = DESK_VISIT_REMINDER, .row = row, .key = key};
    enum desk_rc rc = w->r->dry ? DESK_OK : DESK_TX_BEGIN(w->db);
    if (!rc && !w->r->dry)
        rc = desk_tx_end(w->db, desk_visit_text(&place, &words, &why));
    if (!rc)
        say(w, row, hours, "text", why);
    return rc;
}

/* Where there can be none, a text in its place (if it is not to be sent anyway). */
static enum desk_rc call(struct work *w, const struct desk_appointment *row, int hours,
                         const struct desk_remind *r)
{
    const char *why = NULL;
    const struct desk_calendar_place place = place_of(w, row);
    enum desk_rc rc = w->r->dry ? DESK_OK : DESK_TX_BEGIN(w->db);
    if (!rc && !w->r->dry)
        rc = desk_tx_end(w->db, desk_remind_call(&place, r, &why));
    if (rc)
        return rc == DESK_DONE ? DESK_OK : rc;
    say(w, row, hours, "call", why);
    return why && r->or_text ? text(w, row, hours, r->key) : DESK_OK;
}

static enum desk_rc is_there(struct work *w, const char *key, bool *texted, bool *called)
{
    struct desk_outbox before;
    enum desk_rc rc = desk_outbox_by_cause(w->db, w->a, w->tenant_id, key, &before);
    *texted = !rc;
    *called = false;
    return rc && rc != DESK_ENOTFOUND ? rc : desk_out_call_is(w->db, w->tenant_id, key, called);
}

/* Do they prefer a text to a call? */
static enum desk_rc prefers_text(struct work *w, const struct desk_appointment *row, bool *yes)
{
    struct desk_contact contact;
    *yes = false;
    if (!row->number)
        return DESK_OK;
    enum desk_rc rc = desk_contact_by_number(w->db, w->a, w->tenant_id, row->number, &contact);
    *yes = !rc && contact.preferred && strcmp(contact.preferred, "text") == 0;
    return rc == DESK_ENOTFOUND ? DESK_OK : rc;
}

const char *desk_reminders_by(const struct desk_business *b, const struct desk_tenant_settings *own)
{
    return *b->remind_by ? b->remind_by : desk_tenant_setting(own, DESK_S_REMIND_BY);
}

/* One of a way that is due now. */
struct ways {
    bool text, call, both; /* both: neither stands for the other */
};

static struct ways due_by(const struct work *w, const struct desk_appointment *row, int hours,
                          bool prefers)
{
    const char *by = desk_reminders_by(&w->b, &w->own);
    struct ways v = {.both = strcmp(by, "both") == 0 && !prefers};
    bool call = v.both || strcmp(by, "call") == 0, off = strcmp(by, "off") == 0;
    v.call = call && !prefers && due(w, row, hours, true);
    v.text = !off && (!call || prefers || v.both) && due(w, row, hours, false);
    return v;
}

static enum desk_rc queue(struct work *w, const struct desk_appointment *row, int hours,
                          const struct ways *v)
{
    bool texted = false, called = false;
    const char *key =
        desk_arena_fmt(w->a, "remind:%s:%lld:%d", row->id, (long long)row->start_at, hours);
    enum desk_rc rc = key ? is_there(w, key, &texted, &called) : DESK_ENOMEM;
    /* one that is called gets its text from the call's end, unless there are to be both */
    if (!rc && v->text && !texted && (v->both || !called))
        rc = text(w, row, hours, key);
    if (!rc && v->call && !called && (v->both || !texted))
        rc = call(w, row, hours, &(struct desk_remind){row, key, !v->both});
    return rc;
}

static enum desk_rc one(struct work *w, const struct desk_appointment *row, int hours)
{
    bool prefers = false;
    struct ways v = due_by(w, row, hours, false);
    enum desk_rc rc = v.call ? prefers_text(w, row, &prefers) : DESK_OK;
    if (prefers)
        v = due_by(w, row, hours, true);
    return rc || (!v.text && !v.call) ? rc : queue(w, row, hours, &v);
}

enum desk_rc desk_reminders(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                            const struct desk_reminding *r)
{
    struct desk_appointment *rows = NULL;
    size_t n = 0;
    struct work *w = desk_arena_alloc(a, sizeof *w);
    if (!w)
        return DESK_ENOMEM;
    *w = (struct work){.db = db, .a = a, .tenant_id = tenant_id, .r = r};
    enum desk_rc rc = desk_tenant_settings_load(db, a, tenant_id, &w->own);
    if (!rc)
        w->n_hours = desk_reminders_parse(
            desk_tenant_setting(&w->own, DESK_S_APPOINTMENT_REMINDERS), w->hours);
    if (!rc && w->n_hours < 0)
        return DESK_EINVAL;
    /* a day more: what is due in the night goes the evening before */
    if (!rc && w->n_hours)
        rc = desk_appointments_between(db, a, tenant_id, r->now,
                                       r->now + (DESK_REMINDER_MAX + 24) * HOUR_MS, false,
                                       DESK_MAX_APPOINTMENTS, &rows, &n);
    for (size_t i = 0; !rc && i < n; i++) {
        rc = load_business(w, rows[i].location_id);
        for (int k = 0; !rc && k < w->n_hours; k++)
            rc = one(w, &rows[i], w->hours[k]);
    }
    return rc;
}
