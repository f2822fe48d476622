#include "talk/visit_text.h"
#include "base/config.h"
#include "base/log.h"
#include "store/outbox.h"
#include "store/settings.h"
#include "store/tenants.h"
#include "talk/owner_tell.h"
#include "talk/texts.h"

#include <string.h>

#define NAME_MOST    60
#define ADDRESS_MOST 120

static const char *const names[DESK_VISIT_TEXTS] = {
    [DESK_VISIT_BOOKED] = "appointment_confirmation",
    [DESK_VISIT_MOVED] = "appointment_moved",
    [DESK_VISIT_CANCELLED] = "appointment_cancelled",
    [DESK_VISIT_REMINDER] = "appointment_reminder",
};

enum desk_rc desk_visit_number(struct desk_db *db, struct desk_arena *a, const char *tenant_id,
                               const char *location_id, const char **e164)
{
    struct desk_number *rows = NULL;
    size_t n = 0;
    *e164 = NULL;
    enum desk_rc rc = desk_number_list(db, a, tenant_id, &rows, &n);
    for (size_t i = 0; !rc && i < n; i++) {
        if (location_id && strcmp(rows[i].location_id, location_id) == 0) {
            *e164 = rows[i].e164;
            return DESK_OK;
        }
        *e164 = *e164 ? *e164 : rows[i].e164;
    }
    return rc;
}

/* ---- may there be one? ----------------------------------------------------------------------- */

static const char *cannot(const struct desk_business *b, const char *to, const char *from)
{
    const char *why = desk_cannot_text(b, to);
    if (why)
        return why;
    const struct {
        bool so;
        const char *why;
    } rows[] = {
        {b->owner->phone && strcmp(b->owner->phone, to) == 0, "It is the owner's number."},
        {!from, "The business has no number to send it from."},
        {from && strcmp(from, to) == 0, "It is the business's own number."},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].so)
            return rows[i].why;
    return NULL;
}

static enum desk_rc wanted(const struct desk_calendar_place *p, const struct desk_visit_words *w,
                           const char **why)
{
    struct desk_tenant_settings own;
    bool before = false;
    enum desk_rc rc = desk_tenant_settings_load(p->db, p->arena, p->tenant_id, &own);
    if (!rc && w->which != DESK_VISIT_REMINDER &&
        !desk_tenant_setting_bool(&own, DESK_S_TEXT_APPOINTMENTS))
        *why = "The business texts nobody about appointments.";
    if (!rc && !*why)
        rc = desk_outbox_refused_before(p->db, p->tenant_id, w->row->number, &before);
    if (before)
        *why = "This number refused a text before.";
    return rc;
}

/* ---- the words ------------------------------------------------------------------------------- */

/* The customer's own calendar file; NULL where others could not open it. */
static const char *link_of(const struct desk_calendar_place *p, const struct desk_appointment *row)
{
    char secret[DESK_BLIND_LEN];
    const char *base = desk_setting(DESK_S_PUBLIC_BASE_URL);
    size_t n = strlen(base);
    while (n && base[n - 1] == '/')
        n--;
    if (!n || desk_url_local(base))
        return NULL;
    desk_appointment_link(p->db, p->tenant_id, row->id, secret);
    return desk_arena_fmt(p->arena, "%.*s/v1/calendar/visit/%s.ics", (int)n, base, secret);
}

static const char *line(const struct desk_calendar_place *p, const char *text, size_t most)
{
    return desk_text_line(p->arena, text ? text : "", most, false);
}

static const char *render(const struct desk_calendar_place *p, const struct desk_visit_words *w)
{
    char when[160], before[160], why[200] = "";
    const struct desk_appointment *row = w->row;
    const char *body = NULL;
    const struct desk_sms_template *t = desk_sms_template_find(names[w->which]);
    const struct desk_sms_value all[] = {
        {"name", line(p, row->name, NAME_MOST)},
        {"when", desk_calendar_say(p, row->start_at, when, sizeof when)},
        {"before", w->before ? desk_calendar_say(p, w->before, before, sizeof before) : NULL},
        {"service", line(p, row->service_name, NAME_MOST)},
        {"address", line(p, row->address, ADDRESS_MOST)},
        {"link", link_of(p, row)}};
    struct desk_sms_value v[sizeof all / sizeof *all];
    size_t n = 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (desk_sms_var_find(t, all[i].name))
            v[n++] = all[i];
    if (desk_text_render(p->arena, p->business, t->name, v, n, &body, why, sizeof why))
        desk_log(DESK_LOG_ERROR, "visit_text.words", "visit=%s text=%s why=\"%s\"", row->id,
                 t->name, why);
    return body;
}

/* ---- queueing -------------------------------------------------------------------------------- */

static enum desk_rc queue(const struct desk_calendar_place *p, const struct desk_visit_words *w,
                          const char *from, const char *body)
{
    const struct desk_appointment *row = w->row;
    const struct desk_text t = {.tenant_id = p->tenant_id,
                                .call_id = row->call_id,
                                .from = from,
                                .to = row->number,
                                .name = names[w->which],
                                .body = body,
                                .key = w->key ? w->key
                                              : desk_arena_fmt(p->arena, DESK_VISIT_CAUSE "%s:%lld",
                                                               row->id, (long long)row->sequence),
                                .answers = p->on_the_line};
    enum desk_rc rc = t.key ? desk_text_queue(p->db, p->arena, &t) : DESK_ENOMEM;
    return rc == DESK_ECONFLICT ? DESK_OK : rc;
}

enum desk_rc desk_visit_text(const struct desk_calendar_place *p, const struct desk_visit_words *w,
                             const char **why)
{
    const char *from = NULL, *none = NULL;
    enum desk_rc rc = desk_visit_number(p->db, p->arena, p->tenant_id, w->row->location_id, &from);
    if (!rc)
        none = cannot(p->business, w->row->number, from);
    if (!rc && !none)
        rc = wanted(p, w, &none);
    const char *body = !rc && !none ? render(p, w) : NULL;
    if (!rc && !none && !body)
        none = "Its words could not be made.";
    if (!rc && !none)
        rc = queue(p, w, from, body);
    if (!rc && none)
        desk_log(DESK_LOG_INFO, "visit_text.none", "visit=%s why=\"%s\"", w->row->id, none);
    if (why)
        *why = none;
    return rc;
}
