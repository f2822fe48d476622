/* /v1/slots and /v1/appointments: free times, and what stands. A time is booked by the slot_id that
 * /v1/slots gave: so nobody books what the calendar does not offer. */
#include "cgi-bin/api/appointments.h"
#include "cgi-bin/api/api.h"
#include "cgi-bin/api/session.h"
#include "base/clock.h"
#include "base/limits.h"
#include "core/dates.h"
#include "talk/business.h"
#include "talk/calendar.h"

#include <string.h>

#define F(member) offsetof(struct api_slot, member)
static const struct desk_field slot_fields[] = {
    {"slot_id", "SlotId", DESK_K_TEXT, F(id), 0, 0, 0, 0},
    {"service", "Service", DESK_K_TEXT, F(service), 0, 0, 0, 0},
    {"start_at", "StartAt", DESK_K_TIME, F(start_at), 0, 0, 0, 0},
    {"end_at", "EndAt", DESK_K_TIME, F(end_at), 0, 0, 0, 0},
    {"with", "With", DESK_K_TEXT, F(with), 0, 0, 0, 0},
    {"say", "Say", DESK_K_TEXT, F(say), 0, 0, 0, 0},
};
static DESK_FIELDS(fields, "slot", struct api_slot, slot_fields);
#undef F

const struct desk_page api_page_slots = {
    .name = "slots", .fields = &fields, .when = offsetof(struct api_slot, start_at)};

struct visit {
    struct desk_business business;
    struct desk_calendar_place place;
    const struct desk_calendar *calendar;
};

static enum desk_rc begin(struct desk_request *req, struct visit **out)
{
    struct visit *v = desk_arena_alloc(req->arena, sizeof *v);
    enum desk_rc rc =
        v ? desk_business_load(req->db, req->arena, req->tenant.id, req->location.id, &v->business)
          : DESK_ENOMEM;
    if (rc)
        return rc == DESK_EINVAL ? DESK_EINTERNAL : rc;
    v->place = (struct desk_calendar_place){.db = req->db,
                                            .arena = req->arena,
                                            .tenant_id = req->tenant.id,
                                            .location_id = req->location.id,
                                            .business = &v->business,
                                            .now = desk_now_ms()};
    v->calendar = desk_calendar_of(&v->place);
    *out = v;
    return DESK_OK;
}

/* ---- free times ------------------------------------------------------------------------------ */

static enum desk_rc wanted_service(struct desk_request *req, const struct visit *v,
                                   const struct desk_service **out)
{
    *out = desk_business_service(&v->business, desk_param(req, "service")->text);
    if (*out)
        return DESK_OK;
    req->detail = "This business has no service of that name.";
    return DESK_EINVAL;
}

static enum desk_rc wanted_time(struct desk_request *req, const struct visit *v,
                                struct desk_slot_wish *wish)
{
    struct desk_resolved r;
    const struct desk_value *when = desk_param(req, "when");
    const struct desk_when_place at = {.hours = v->business.hours,
                                       .tz = v->business.zone,
                                       .now = v->place.now,
                                       .day_first = v->business.day_first};
    *wish = (struct desk_slot_wish){.from = v->place.now};
    if (!when->given)
        return DESK_OK;
    desk_when_spoken(when->text, &at, &r);
    if (desk_slot_wish_of(wish, &r, v->business.zone))
        return DESK_OK;
    req->detail = "\"when\" is not understood. Say it like \"tuesday afternoon\" or 2026-12-03.";
    return DESK_EINVAL;
}

static enum desk_rc slot_row(const struct visit *v, const struct desk_calendar_slot *s,
                             struct api_slot *out)
{
    char id[DESK_SLOT_REF_LEN], key[DESK_BLIND_LEN], say[160];
    struct desk_arena *a = v->place.arena;
    *out = (struct api_slot){
        .service = s->service->name, .start_at = s->slot.start, .end_at = s->slot.end};
    desk_calendar_resource(&v->place, s->slot.resource, key, &out->with);
    out->id = desk_arena_strdup(a, desk_slot_id_make(&v->place, s, id));
    out->say = desk_arena_strdup(a, desk_calendar_say(&v->place, s->slot.start, say, sizeof say));
    return out->id && out->say ? DESK_OK : DESK_ENOMEM;
}

static enum desk_rc reply_slots(struct desk_request *req, const struct visit *v,
                                const struct desk_service *service, const struct desk_slots *found)
{
    struct api_slot *rows = desk_arena_alloc(req->arena, (found->n + 1) * sizeof *rows);
    enum desk_rc rc = rows ? DESK_OK : DESK_ENOMEM;
    for (size_t i = 0; !rc && i < found->n; i++)
        rc = slot_row(v, &(struct desk_calendar_slot){found->v[i], service}, &rows[i]);
    if (rc)
        return rc;
    json_t *list = rest_rows_json(&fields, rows, found->n);
    const char *why = found->n ? NULL : desk_slots_why_name(found->why);
    return desk_reply_json(req, 200,
                           list ? json_pack("{s:o, s:s?}", "slots", list, "why", why) : NULL);
}

enum desk_rc api_slots_list(struct desk_request *req)
{
    struct visit *v;
    struct desk_slots *found = desk_arena_alloc(req->arena, sizeof *found);
    const struct desk_value *limit = desk_param(req, "limit");
    struct desk_calendar_ask ask = {.resource = DESK_SLOT_ALL,
                                    .max = limit->num ? (size_t)limit->num : REST_LIST_USUAL};
    enum desk_rc rc = found ? begin(req, &v) : DESK_ENOMEM;
    if (!rc)
        rc = wanted_service(req, v, &ask.service);
    if (!rc)
        rc = wanted_time(req, v, &ask.wish);
    if (!rc)
        rc = v->calendar->find(&v->place, &ask, found);
    return rc ? rc : reply_slots(req, v, ask.service, found);
}

/* ---- booking --------------------------------------------------------------------------------- */

static enum desk_rc wanted_slot(struct desk_request *req, const struct visit *v,
                                struct desk_calendar_slot *out)
{
    switch (desk_slot_id_open(&v->place, desk_param(req, "slot_id")->text, out)) {
    case DESK_SLOT_ID_OK:
        return DESK_OK;
    case DESK_SLOT_ID_EXPIRED:
        return session_wrong(req, "#/slot_id",
                             "It was offered over half an hour ago: ask /v1/slots again.");
    case DESK_SLOT_ID_FALSE:
        break;
    }
    return session_wrong(req, "#/slot_id", "It is none that /v1/slots gave.");
}

static enum desk_rc told(struct desk_request *req, enum desk_rc rc, const struct desk_booked *out)
{
    if (rc == DESK_ECONFLICT)
        req->detail = desk_slots_why_text(out->why);
    return rc;
}

/* "" is nothing. */
static const char *text_of(struct desk_request *req, const char *name)
{
    const struct desk_value *v = desk_param(req, name);
    return v->given ? v->text : NULL;
}

static enum desk_rc book(struct desk_request *req)
{
    struct visit *v;
    struct desk_calendar_slot slot;
    struct desk_booked out = {.repeat = false};
    const struct desk_booking k = {.name = text_of(req, "name"),
                                   .number = text_of(req, "number"),
                                   .address = text_of(req, "address"),
                                   .notes = text_of(req, "notes"),
                                   .urgent = desk_param(req, "urgent")->num != 0,
                                   .source = "owner"};
    enum desk_rc rc = begin(req, &v);
    if (!rc)
        rc = wanted_slot(req, v, &slot);
    if (!rc)
        rc = told(req, v->calendar->book(&v->place, &slot, &k, &out), &out);
    return rc ? rc : rest_reply_made(req, out.row.id);
}

enum desk_rc api_appointments_add(struct desk_request *req)
{
    return rest_write(req, book);
}

static enum desk_rc meant(struct desk_request *req, struct desk_appointment *row)
{
    const char *id = desk_param(req, "id")->text;
    enum desk_rc rc = rest_check_match(req, id);
    return rc ? rc : desk_appointment_get(req->db, req->arena, req->tenant.id, id, row);
}

/* It is there, but does not stand any more. */
static enum desk_rc over(struct desk_request *req, enum desk_rc rc)
{
    if (rc != DESK_ENOTFOUND)
        return rc;
    req->detail = "This appointment is over, or was cancelled.";
    return DESK_ECONFLICT;
}

static enum desk_rc move(struct desk_request *req)
{
    struct visit *v;
    struct desk_calendar_slot slot;
    struct desk_appointment row;
    struct desk_booked out = {.repeat = false};
    enum desk_rc rc = meant(req, &row);
    if (!rc)
        rc = begin(req, &v);
    if (!rc)
        rc = wanted_slot(req, v, &slot);
    if (!rc)
        rc = over(req, told(req, v->calendar->move(&v->place, &row, &slot, false, &out), &out));
    return rc ? rc : rest_reply_row(req, row.id);
}

enum desk_rc api_appointments_move(struct desk_request *req)
{
    return rest_write(req, move);
}

static enum desk_rc cancel(struct desk_request *req)
{
    struct visit *v;
    struct desk_appointment row;
    struct desk_booked out = {.repeat = false};
    enum desk_rc rc = meant(req, &row);
    if (!rc)
        rc = begin(req, &v);
    if (!rc)
        rc = over(req, v->calendar->cancel(&v->place, &row, &out));
    return rc ? rc : rest_reply_row(req, row.id);
}

enum desk_rc api_appointments_cancel(struct desk_request *req)
{
    return rest_write(req, cancel);
}
