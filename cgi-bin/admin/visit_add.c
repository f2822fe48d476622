/* GET /calendar/add: an appointment by hand, at one of the times that are free; POST books it by
 * the business's calendar (talk/calendar.h), whose table refuses what is taken meanwhile. Each
 * field says what is wrong with it, and what was typed is kept. */
#include "cgi-bin/admin/visits.h"
#include "cgi-bin/words.h"
#include "base/clock.h"
#include "base/ids.h"
#include "core/day_text.h"
#include "store/outbox.h"
#include "talk/business.h"
#include "talk/visit_text.h"

#include <string.h>

#define OFFERED  40
#define PER_DAY  6
#define APART_MS (30 * 60 * 1000LL)
#define FIELDS   6

static const char *const fields[FIELDS] = {"service", "day", "slot", "name", "number", "address"};
enum { F_SERVICE, F_DAY, F_SLOT, F_NAME, F_NUMBER, F_ADDRESS };

struct add {
    struct desk_request *req;
    struct desk_business business;
    struct desk_calendar_place place;
    const struct desk_calendar *calendar;
    const struct desk_service *service;
    int32_t day; /* since 1970-01-01; 0 = none is asked for */
    const char *wrong[FIELDS];
    const char *key;
    struct desk_calendar_slot to; /* the time that was chosen; service NULL: none */
};

static const struct desk_value *field(const struct add *t, int f)
{
    return desk_param(t->req, fields[f]);
}

static enum desk_rc load(struct desk_request *req, struct add *t)
{
    const char *asked;
    int32_t day;
    t->req = req;
    enum desk_rc rc =
        desk_business_load(req->db, req->arena, req->tenant.id, req->location.id, &t->business);
    if (rc)
        return rc;
    t->place = (struct desk_calendar_place){.db = req->db,
                                            .arena = req->arena,
                                            .tenant_id = req->tenant.id,
                                            .location_id = req->location.id,
                                            .business = &t->business,
                                            .now = desk_now_ms()};
    t->calendar = desk_calendar_of(&t->place);
    asked = field(t, F_SERVICE)->text;
    for (size_t i = 0; i < t->business.n_services; i++)
        if (strcmp(t->business.services[i].id, asked) == 0 || (!*asked && !i))
            t->service = &t->business.services[i];
    if (!field(t, F_DAY)->error && desk_day_parse(field(t, F_DAY)->text, &day))
        t->day = day;
    return DESK_OK;
}

static const char *when(struct add *t, int64_t at)
{
    char day[64], time[24];
    desk_when_date_long(day, sizeof day, t->business.zone, at);
    return desk_arena_fmt(t->req->arena, "%s, %s", day,
                          desk_when_time(time, sizeof time, t->business.zone, at, false));
}

/* ---- the page -------------------------------------------------------------------------------- */

static enum desk_rc offer(struct add *t, struct desk_view *v)
{
    struct desk_slots *found = desk_arena_alloc(t->req->arena, sizeof *found);
    struct desk_calendar_ask ask = {.service = t->service,
                                    .wish = {.from = t->place.now},
                                    .resource = DESK_SLOT_ALL,
                                    .max = OFFERED,
                                    .per_day = t->day ? 0 : PER_DAY,
                                    .apart_ms = APART_MS};
    if (!found)
        return DESK_ENOMEM;
    if (t->day) {
        ask.wish.from = admin_day_start(t->business.zone, t->day);
        ask.wish.to = admin_day_start(t->business.zone, t->day + 1);
    }
    enum desk_rc rc = t->calendar->find(&t->place, &ask, found);
    for (size_t i = 0; !rc && i < found->n; i++) {
        const struct desk_calendar_slot slot = {found->v[i], t->service};
        char id[DESK_SLOT_REF_LEN], key[DESK_BLIND_LEN];
        const char *with;
        desk_calendar_resource(&t->place, slot.slot.resource, key, &with);
        desk_view_setf(v, desk_slot_id_make(&t->place, &slot, id), "Slots.%zu.Id", i);
        desk_view_setf(v, when(t, slot.slot.start), "Slots.%zu.When", i);
        desk_view_setf(v, with, "Slots.%zu.With", i);
        if (t->to.service && t->to.slot.start == slot.slot.start &&
            t->to.slot.resource == slot.slot.resource)
            desk_view_setf(v, "1", "Slots.%zu.Here", i);
    }
    if (!rc && !found->n)
        desk_view_set(v, "NoSlots", desk_slots_why_text(found->why));
    return rc;
}

static void set_services(struct add *t, struct desk_view *v)
{
    for (size_t i = 0; i < t->business.n_services; i++) {
        const struct desk_service *s = &t->business.services[i];
        desk_view_setf(v, s->id, "Services.%zu.Id", i);
        desk_view_setf(v, s->name, "Services.%zu.Name", i);
        desk_view_setf(v, s == t->service ? "1" : "", "Services.%zu.Here", i);
    }
}

static enum desk_rc page(struct add *t, const char *error, int status)
{
    char key[DESK_ID_LEN];
    struct desk_request *req = t->req;
    struct desk_view *v =
        desk_page_begin(req, error ? "Error: Add an appointment" : "Add an appointment");
    if (!v)
        return DESK_ENOMEM;
    set_services(t, v);
    if (t->day)
        desk_view_set(v, "Day", admin_day_iso(req, t->day));
    desk_view_set(v, "Key", t->key ? t->key : desk_id_new(key, "hand"));
    for (int i = F_SLOT; i < FIELDS; i++) {
        desk_view_setf(v, field(t, i)->text, "Form.%s", fields[i]);
        desk_view_setf(v, t->wrong[i], "Wrong.%s", fields[i]);
    }
    if (error)
        desk_page_error(v, error);
    enum desk_rc rc = t->service ? offer(t, v) : DESK_OK;
    return rc ? rc : desk_page_send(req, v, status);
}

enum desk_rc admin_visit_new(struct desk_request *req)
{
    struct add *t = desk_arena_alloc(req->arena, sizeof *t);
    if (!t)
        return DESK_ENOMEM;
    memset(t, 0, sizeof *t);
    enum desk_rc rc = load(req, t);
    return rc ? rc : page(t, NULL, 0);
}

/* ---- booking --------------------------------------------------------------------------------- */

/* What is wrong, beside its field. */
static bool fits(struct add *t)
{
    static const char *const late = "Those times were offered over half an hour ago. Choose anew.";
    static const char *const none = "That is none of the times that were offered. Choose anew.";
    struct desk_calendar_slot to;
    size_t bad = 0;
    if (!field(t, F_SLOT)->given)
        t->wrong[F_SLOT] = "Choose one of the times.";
    else
        switch (desk_slot_id_open(&t->place, field(t, F_SLOT)->text, &to)) {
        case DESK_SLOT_ID_OK:
            t->to = to;
            break;
        case DESK_SLOT_ID_EXPIRED:
            t->wrong[F_SLOT] = late;
            break;
        case DESK_SLOT_ID_FALSE:
            t->wrong[F_SLOT] = none;
            break;
        }
    if (!field(t, F_NAME)->given)
        t->wrong[F_NAME] = "Enter who it is for, like Dana Reed.";
    for (int i = F_NAME; i < FIELDS; i++)
        if (field(t, i)->error)
            t->wrong[i] = field(t, i)->error;
    for (int i = 0; i < FIELDS; i++)
        bad += t->wrong[i] != NULL;
    return !bad;
}

/* Whose number it is, from now on somebody known; NULL: none is given. */
static enum desk_rc person(struct add *t, const char **id)
{
    struct desk_contact *c = desk_arena_alloc(t->req->arena, sizeof *c);
    struct desk_request *req = t->req;
    *id = NULL;
    if (!field(t, F_NUMBER)->given)
        return DESK_OK;
    enum desk_rc rc =
        c ? desk_contact_ensure(req->db, req->arena, req->tenant.id, field(t, F_NUMBER)->text, c)
          : DESK_ENOMEM;
    if (rc && rc != DESK_DONE)
        return rc;
    *id = c->id;
    return c->name && *c->name ? DESK_OK
                               : desk_contact_learn(req->db, req->tenant.id, c->id,
                                                    field(t, F_NAME)->text, NULL, NULL);
}

static enum desk_rc said(struct add *t, const struct desk_booked *out)
{
    struct desk_outbox o;
    struct desk_request *req = t->req;
    enum desk_rc rc =
        desk_outbox_by_cause(req->db, req->arena, req->tenant.id,
                             desk_arena_fmt(req->arena, "%s%s:%lld", DESK_VISIT_CAUSE, out->row.id,
                                            (long long)out->row.sequence),
                             &o);
    const char *text = !out->firm ? "Google is asked first; until then it is to be confirmed."
                       : rc       ? "No text goes out: tell them yourself."
                                  : "A text tells them.";
    if (rc && rc != DESK_ENOTFOUND)
        return rc;
    return desk_page_result(req,
                            desk_arena_fmt(req->arena, "Booked: %s, %s. %s", field(t, F_NAME)->text,
                                           when(t, out->row.start_at), text),
                            NULL);
}

/* In a transaction. */
static enum desk_rc book(struct add *t, struct desk_booked *out)
{
    struct desk_request *req = t->req;
    const char *number = field(t, F_NUMBER)->given ? field(t, F_NUMBER)->text : NULL;
    const char *address = field(t, F_ADDRESS)->given ? field(t, F_ADDRESS)->text : NULL;
    struct desk_booking b = {.cause = desk_arena_fmt(req->arena, "hand:%s", t->key),
                             .name = field(t, F_NAME)->text,
                             .number = number,
                             .address = address,
                             .source = "owner"};
    enum desk_rc rc = person(t, &b.contact_id);
    if (!rc)
        rc = t->calendar->book(&t->place, &t->to, &b, out);
    if (!rc)
        rc = desk_audit_add(req->db, req->tenant.id, req->user.id, "appointment.add", out->row.id);
    return rc ? rc : said(t, out);
}

enum desk_rc admin_visit_add(struct desk_request *req)
{
    struct add *t = desk_arena_alloc(req->arena, sizeof *t);
    struct desk_booked out = {.repeat = false};
    if (!t)
        return DESK_ENOMEM;
    memset(t, 0, sizeof *t);
    enum desk_rc rc = load(req, t);
    if (rc)
        return rc;
    t->key = desk_param(req, "key")->text;
    if (!fits(t))
        return page(t, "It was not booked.", 422);
    rc = DESK_TX_BEGIN(req->db);
    if (rc)
        return rc;
    rc = desk_tx_end(req->db, book(t, &out));
    if (rc == DESK_ECONFLICT) {
        t->wrong[F_SLOT] = desk_arena_fmt(req->arena, "That time is not to be had any more. %s",
                                          desk_slots_why_text(out.why));
        return page(t, "It was not booked.", 409);
    }
    if (!rc)
        desk_reply_redirect(req, desk_arena_fmt(req->arena, "/calendar/visits/%s", out.row.id));
    return rc;
}
