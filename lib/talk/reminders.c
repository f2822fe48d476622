#include "talk/reminders.h"
#include "base/limits.h"
#include "core/reminders.h"
#include "store/outbox.h"
#include "store/settings.h"
#include "talk/business.h"
#include "talk/reach.h"
#include "talk/visit_text.h"

#include <string.h>

#define HOUR_MS  (3600LL * 1000)
#define TOO_LATE (HOUR_MS / 2)

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

/* Is that one due now? */
static bool due(const struct work *w, const struct desk_appointment *row, int hours)
{
    struct desk_reach reach;
    int64_t at = row->start_at - hours * HOUR_MS;
    bool stands =
        strcmp(row->status, DESK_APPT_BOOKED) == 0 || strcmp(row->status, DESK_APPT_MOVED) == 0;
    /* updated_at: moved to that time after the reminder would have been due */
    if (!stands || row->updated_at > at || w->r->now > row->start_at - TOO_LATE)
        return false;
    desk_reach_of(row->number, w->b.zone, &reach);
    const struct desk_quiet q =
        desk_reach_quiet(&reach, desk_tenant_setting_int(&w->own, DESK_S_TEXT_QUIET_FROM),
                         desk_tenant_setting_int(&w->own, DESK_S_TEXT_QUIET_TO));
    return w->r->now >= desk_quiet_before(&q, at);
}

static enum desk_rc queue(struct work *w, const struct desk_appointment *row, const char *key,
                          const char **why)
{
    const struct desk_calendar_place place = {.db = w->db,
                                              .arena = w->a,
                                              .tenant_id = w->tenant_id,
                                              .location_id = row->location_id,
                                              .business = &w->b,
                                              .now = w->r->now};
    const struct desk_visit_words words = {.which = DESK_VISIT_REMINDER, .row = row, .key = key};
    enum desk_rc rc = DESK_TX_BEGIN(w->db);
    return rc ? rc : desk_tx_end(w->db, desk_visit_text(&place, &words, why));
}

static enum desk_rc one(struct work *w, const struct desk_appointment *row, int hours)
{
    struct desk_outbox before;
    const char *why = NULL;
    const char *key =
        desk_arena_fmt(w->a, "remind:%s:%lld:%d", row->id, (long long)row->start_at, hours);
    enum desk_rc rc =
        key ? desk_outbox_by_cause(w->db, w->a, w->tenant_id, key, &before) : DESK_ENOMEM;
    if (rc != DESK_ENOTFOUND)
        return rc;
    rc = w->r->dry ? DESK_OK : queue(w, row, key, &why);
    if (!rc && w->r->tell)
        w->r->tell(w->r->ctx, row, hours, why);
    return rc;
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
            if (due(w, &rows[i], w->hours[k]))
                rc = one(w, &rows[i], w->hours[k]);
    }
    return rc;
}
