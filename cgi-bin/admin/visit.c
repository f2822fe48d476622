/* GET /calendar/visits/:id: one appointment, and free times it can be moved to. POST …/move and
 * …/cancel: done by the business's calendar (talk/calendar.h), which tells the customer by text. A
 * time that went meanwhile is refused by the calendar itself, and the page offers others. */
#include "cgi-bin/admin/visits.h"
#include "cgi-bin/words.h"
#include "base/clock.h"
#include "core/day_text.h"
#include "core/phone.h"
#include "store/outbox.h"
#include "talk/business.h"
#include "talk/visit_text.h"

#include <stdio.h>
#include <string.h>

#define OFFERED   24
#define PER_DAY   4 /* when no day is asked for */
#define APART_MS  (30 * 60 * 1000LL)
#define MINUTE_MS 60000LL

struct visit {
    struct desk_request *req;
    struct desk_appointment row;
    struct desk_business business;
    struct desk_calendar_place place;
    const struct desk_calendar *calendar;
    const struct desk_service *service; /* NULL: it is not in the profile any more */
};

static bool stands(const struct desk_appointment *a)
{
    return strcmp(a->status, DESK_APPT_BOOKED) == 0 || strcmp(a->status, DESK_APPT_MOVED) == 0;
}

static enum desk_rc load(struct desk_request *req, struct visit *t)
{
    t->req = req;
    enum desk_rc rc = desk_appointment_get(req->db, req->arena, req->tenant.id,
                                           desk_param(req, "id")->text, &t->row);
    if (!rc)
        rc = desk_business_load(req->db, req->arena, req->tenant.id, t->row.location_id,
                                &t->business);
    if (rc)
        return rc;
    t->place = (struct desk_calendar_place){.db = req->db,
                                            .arena = req->arena,
                                            .tenant_id = req->tenant.id,
                                            .location_id = t->row.location_id,
                                            .business = &t->business,
                                            .now = desk_now_ms()};
    t->calendar = desk_calendar_of(&t->place);
    t->service = desk_business_service(&t->business, t->row.service);
    return DESK_OK;
}

static const char *when(struct visit *t, int64_t at)
{
    char day[64], time[24];
    desk_when_date_long(day, sizeof day, t->business.zone, at);
    return desk_arena_fmt(t->req->arena, "%s, %s", day,
                          desk_when_time(time, sizeof time, t->business.zone, at, false));
}

static const char *who(const struct visit *t)
{
    return t->row.name && *t->row.name ? t->row.name : t->row.service_name;
}

/* ---- the page -------------------------------------------------------------------------------- */

static enum desk_rc offer(struct visit *t, struct desk_view *v)
{
    int32_t day;
    struct desk_slots *found = desk_arena_alloc(t->req->arena, sizeof *found);
    const struct desk_value *asked = desk_param(t->req, "day");
    bool one_day = asked->given && !asked->error && desk_day_parse(asked->text, &day);
    struct desk_calendar_ask ask = {.service = t->service,
                                    .wish = {.from = t->place.now},
                                    .resource = DESK_SLOT_ALL,
                                    .max = OFFERED,
                                    .per_day = one_day ? 0 : PER_DAY,
                                    .apart_ms = APART_MS,
                                    .but = {t->row.id},
                                    .n_but = 1};
    if (!found)
        return DESK_ENOMEM;
    if (one_day) {
        ask.wish.from = admin_day_start(t->business.zone, day);
        ask.wish.to = admin_day_start(t->business.zone, day + 1);
        desk_view_set(v, "Day", admin_day_iso(t->req, day));
    }
    enum desk_rc rc = t->calendar->find(&t->place, &ask, found);
    for (size_t i = 0, n = 0; !rc && i < found->n; i++) {
        const struct desk_calendar_slot slot = {found->v[i], t->service};
        char id[DESK_SLOT_REF_LEN], key[DESK_BLIND_LEN];
        const char *with;
        if (slot.slot.start == t->row.start_at)
            continue;
        desk_calendar_resource(&t->place, slot.slot.resource, key, &with);
        desk_view_setf(v, desk_slot_id_make(&t->place, &slot, id), "Slots.%zu.Id", n);
        desk_view_setf(v, when(t, slot.slot.start), "Slots.%zu.When", n);
        desk_view_setf(v, with, "Slots.%zu.With", n++);
    }
    if (!rc && !found->n)
        desk_view_set(v, "NoSlots", desk_slots_why_text(found->why));
    return rc;
}

static enum desk_rc page(struct visit *t, const char *error, int status)
{
    char shown[64];
    struct desk_request *req = t->req;
    struct desk_view *v =
        desk_page_begin(req, desk_arena_fmt(req->arena, "%s%s, %s", error ? "Error: " : "", who(t),
                                            when(t, t->row.start_at)));
    enum desk_rc rc = v ? admin_visit_fields(req, v, "Visit", &t->row) : DESK_ENOMEM;
    if (rc)
        return rc;
    desk_view_set(v, "When", when(t, t->row.start_at));
    desk_view_set(
        v, "Back",
        desk_arena_fmt(req->arena, "/calendar?day=%s",
                       admin_day_iso(req, desk_hours_date(t->business.zone, t->row.start_at))));
    if (t->row.number)
        desk_view_set(v, "Number", desk_phone_national(shown, sizeof shown, t->row.number));
    if (error)
        desk_page_error(v, error);
    if (stands(&t->row)) {
        desk_view_set(v, "Stands", "1");
        if (t->service)
            rc = offer(t, v);
        else
            desk_view_set(v, "NoService", "1");
    }
    return rc ? rc : desk_page_send(req, v, status);
}

enum desk_rc admin_visit(struct desk_request *req)
{
    struct visit *t = desk_arena_alloc(req->arena, sizeof *t);
    enum desk_rc rc = t ? load(req, t) : DESK_ENOMEM;
    return rc ? rc : page(t, NULL, 0);
}

/* ---- the buttons ----------------------------------------------------------------------------- */

/* Is a text about it on its way? It is queued with the change, or not at all. */
static enum desk_rc told(struct visit *t, const struct desk_appointment *row, const char **words)
{
    struct desk_outbox o;
    struct desk_request *req = t->req;
    enum desk_rc rc = desk_outbox_by_cause(req->db, req->arena, req->tenant.id,
                                           desk_arena_fmt(req->arena, "%s%s:%lld", DESK_VISIT_CAUSE,
                                                          row->id, (long long)row->sequence),
                                           &o);
    *words = rc ? "No text goes out: tell them yourself." : "A text tells them.";
    return rc == DESK_ENOTFOUND ? DESK_OK : rc;
}

/* Where it was, as a time that can be had again; NULL: with nobody who is still there. */
static const char *former(struct visit *t)
{
    char id[DESK_SLOT_REF_LEN], key[DESK_BLIND_LEN];
    struct desk_slot_resource all[DESK_MAX_SLOT_RESOURCES];
    const char *name;
    size_t n = desk_slot_resources(&t->business, all);
    for (size_t i = 0; t->service && i < n; i++) {
        desk_calendar_resource(&t->place, (int)i, key, &name);
        if (strcmp(key, t->row.resource) != 0)
            continue;
        const struct desk_calendar_slot slot = {
            {t->row.start_at, t->row.end_at, t->row.busy_until, (int)i}, t->service};
        return desk_arena_fmt(t->req->arena, "/calendar/visits/%s/move?undo=1&slot=%s", t->row.id,
                              desk_slot_id_make(&t->place, &slot, id));
    }
    return NULL;
}

/* In a transaction. */
static enum desk_rc move_it(struct visit *t, const struct desk_calendar_slot *to, bool undo,
                            struct desk_booked *out)
{
    const char *text, *back = undo ? NULL : former(t);
    struct desk_request *req = t->req;
    enum desk_rc rc = t->calendar->move(&t->place, &t->row, to, undo, out);
    if (rc)
        return rc;
    if (!out->firm) {
        text = "Google is asked first; until then it stands where it was.";
        back = NULL;
    } else
        rc = told(t, &out->row, &text);
    if (!rc)
        rc = desk_audit_add(req->db, req->tenant.id, req->user.id, "appointment.move", t->row.id);
    if (rc)
        return rc;
    return desk_page_result(req,
                            desk_arena_fmt(req->arena, "%s %s to %s. %s",
                                           undo ? "Moved back:" : "Moved:", who(t),
                                           when(t, to->slot.start), text),
                            back);
}

/* What the form's time is, or a sentence that says what is wrong with it. */
static const char *wanted(struct visit *t, struct desk_calendar_slot *to)
{
    const struct desk_value *slot = desk_param(t->req, "slot");
    if (!slot->given)
        return "Choose one of the times.";
    switch (desk_slot_id_open(&t->place, slot->text, to)) {
    case DESK_SLOT_ID_OK:
        return NULL;
    case DESK_SLOT_ID_EXPIRED:
        return "Those times were offered over half an hour ago. Choose one of these.";
    case DESK_SLOT_ID_FALSE:
        break;
    }
    return "That is none of the times that were offered. Choose one of these.";
}

enum desk_rc admin_visit_move(struct desk_request *req)
{
    struct visit *t = desk_arena_alloc(req->arena, sizeof *t);
    struct desk_calendar_slot to;
    struct desk_booked out = {.repeat = false};
    enum desk_rc rc = t ? load(req, t) : DESK_ENOMEM;
    if (rc)
        return rc;
    const char *wrong = wanted(t, &to);
    if (wrong)
        return page(t, wrong, 422);
    rc = DESK_TX_BEGIN(req->db);
    if (rc)
        return rc;
    rc = desk_tx_end(req->db, move_it(t, &to, desk_param(req, "undo")->num != 0, &out));
    if (rc == DESK_ECONFLICT)
        return page(t,
                    desk_arena_fmt(req->arena,
                                   "It was not moved: that time is not to be had any more. %s",
                                   desk_slots_why_text(out.why)),
                    409);
    if (rc == DESK_ENOTFOUND) {
        rc = load(req, t); /* as it is by now */
        return rc ? rc : page(t, "It was not moved: it is over, or was cancelled.", 409);
    }
    if (!rc)
        desk_reply_redirect(req, desk_arena_fmt(req->arena, "/calendar/visits/%s", t->row.id));
    return rc;
}

/* In a transaction. */
static enum desk_rc cancel_it(struct visit *t)
{
    struct desk_booked out = {.repeat = false};
    struct desk_request *req = t->req;
    const char *text;
    enum desk_rc rc = t->calendar->cancel(&t->place, &t->row, &out);
    bool was = rc != DESK_ENOTFOUND;
    if (!was)
        return desk_page_result(req, "It was over, or cancelled already.", NULL);
    if (!rc)
        rc = told(t, &out.row, &text);
    if (!rc)
        rc = desk_audit_add(req->db, req->tenant.id, req->user.id, "appointment.cancel", t->row.id);
    return rc ? rc
              : desk_page_result(req,
                                 desk_arena_fmt(req->arena, "Cancelled: %s, %s. %s", who(t),
                                                when(t, t->row.start_at), text),
                                 NULL);
}

enum desk_rc admin_visit_cancel(struct desk_request *req)
{
    struct visit *t = desk_arena_alloc(req->arena, sizeof *t);
    enum desk_rc rc = t ? load(req, t) : DESK_ENOMEM;
    if (!rc)
        rc = DESK_TX_BEGIN(req->db);
    if (rc)
        return rc;
    rc = desk_tx_end(req->db, cancel_it(t));
    if (!rc)
        desk_reply_redirect(req, desk_arena_fmt(req->arena, "/calendar/visits/%s", t->row.id));
    return rc;
}
