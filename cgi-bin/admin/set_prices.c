/* GET /settings/prices: what models and the telephone line cost, from which day on. POST adds a
 * price or another figure for the same day; …/remove takes one of the business's own away. */
#include "cgi-bin/admin/admin.h"
#include "base/clock.h"
#include "core/day_text.h"
#include "core/price.h"
#include "store/prices.h"

#include <stdio.h>
#include <string.h>

static const struct {
    enum desk_price_unit unit;
    const char *words;
} units[] = {
    {DESK_UNIT_MINUTE_IN, "a minute of a call that came in"},
    {DESK_UNIT_MINUTE_OUT, "a minute of a call that was made"},
    {DESK_UNIT_MINUTE_STREAM, "a minute whose sound went to Frontdesk"},
    {DESK_UNIT_MINUTE_RELAY, "a minute that Twilio heard and spoke"},
    {DESK_UNIT_MINUTE, "a minute of sound written down"},
    {DESK_UNIT_AUDIO_IN, "a million pieces of sound heard"},
    {DESK_UNIT_AUDIO_CACHED, "the same, remembered"},
    {DESK_UNIT_AUDIO_OUT, "a million pieces of sound spoken"},
    {DESK_UNIT_TEXT_IN, "a million pieces of text read"},
    {DESK_UNIT_TEXT_CACHED, "the same, remembered"},
    {DESK_UNIT_TEXT_OUT, "a million pieces of text written"},
};
#define UNITS (sizeof units / sizeof *units)

static const char *unit_words(const char *name)
{
    for (size_t i = 0; i < UNITS; i++)
        if (strcmp(desk_price_unit_name(units[i].unit), name) == 0)
            return units[i].words;
    return name;
}

static enum desk_rc show(struct desk_request *req, const char *field, const char *wrong)
{
    struct desk_price *rows;
    char dollars[32], today[16];
    size_t n = 0;
    bool bad = wrong || req->bad_values;
    struct desk_view *v = desk_page_begin(req, bad ? "Error: Prices" : "Prices");
    enum desk_rc rc =
        v ? desk_price_list(req->db, req->arena, req->tenant.id, &rows, &n) : DESK_ENOMEM;
    for (size_t i = 0; !rc && i < n; i++) {
        const struct desk_price *p = &rows[i];
        char prefix[32];
        snprintf(prefix, sizeof prefix, "Rows.%zu", i);
        desk_view_fields(v, prefix, &desk_price_fields, p);
        desk_view_setf(v, unit_words(p->unit), "%s.Words", prefix);
        desk_view_setf(v, desk_price_say(dollars, desk_price_unit_parse(p->unit), p->nanos),
                       "%s.Dollars", prefix);
        desk_view_setf(v, strcmp(p->tenant_id, DESK_PRICE_ALL) == 0 ? "" : "1", "%s.Own", prefix);
    }
    if (rc)
        return rc;
    for (size_t i = 0; i < UNITS; i++) {
        const char *name = desk_price_unit_name(units[i].unit);
        desk_view_setf(v, name, "Units.%zu.Value", i);
        desk_view_setf(v, units[i].words, "Units.%zu.Label", i);
        desk_view_setf(v, strcmp(name, desk_param(req, "unit")->text) == 0 ? "1" : "",
                       "Units.%zu.Here", i);
    }
    desk_view_set(
        v, "Form.day",
        desk_day_text(today, sizeof today, (int32_t)(desk_now_ms() / (24LL * 3600 * 1000))));
    for (const struct desk_param *p = req->route->params; p && p->name; p++) {
        const struct desk_value *value = desk_param(req, p->name);
        desk_view_setf(v, value->text, "Form.%s", p->name);
        desk_view_setf(v, value->error, "Wrong.%s", p->name);
    }
    if (wrong)
        desk_view_setf(v, wrong, "Wrong.%s", field);
    if (bad)
        desk_page_error(v, "No price was saved.");
    return desk_page_send(req, v, bad ? 422 : 0);
}

enum desk_rc admin_prices(struct desk_request *req)
{
    return show(req, NULL, NULL);
}

static enum desk_rc change(struct desk_request *req,
                           enum desk_rc (*how)(struct desk_db *, const struct desk_price *),
                           const struct desk_price *p, const char *said)
{
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    if (rc)
        return rc;
    rc = how(req->db, p);
    if (!rc)
        rc = desk_audit_add(req->db, req->tenant.id, req->user.id, "settings.price", NULL);
    if (!rc)
        rc = desk_page_result(req, said, NULL);
    rc = desk_tx_end(req->db, rc);
    if (!rc)
        desk_reply_redirect(req, "/settings/prices");
    return rc;
}

enum desk_rc admin_price_set(struct desk_request *req)
{
    int32_t day;
    int64_t nanos = 0;
    struct desk_price p = {.tenant_id = req->tenant.id,
                           .model = desk_param(req, "model")->text,
                           .unit = desk_param(req, "unit")->text,
                           .from_day = desk_param(req, "day")->text,
                           .source = "entered by hand"};
    const char *dollars = desk_param(req, "dollars")->text;
    enum desk_price_unit unit = desk_price_unit_parse(p.unit);
    if (req->bad_values)
        return show(req, NULL, NULL);
    if (unit == DESK_UNIT__MAX)
        return show(req, "unit", "Choose what it is counted by.");
    if (!desk_day_parse(p.from_day, &day))
        return show(req, "day", "Give the day from which it holds.");
    if (!desk_price_parse(dollars + (*dollars == '$'), unit, &nanos))
        return show(req, "dollars", "A price is dollars, like 0.40.");
    p.nanos = nanos;
    return change(req, desk_price_set, &p, "Saved. Calls from that day on are reckoned with it.");
}

enum desk_rc admin_price_remove(struct desk_request *req)
{
    const struct desk_price p = {.tenant_id = req->tenant.id,
                                 .model = desk_param(req, "model")->text,
                                 .unit = desk_param(req, "unit")->text,
                                 .from_day = desk_param(req, "day")->text};
    return change(req, desk_price_remove, &p, "Taken away.");
}
