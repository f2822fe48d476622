/* The copy of a business that practice callers talk to, and what was before their call. */
#include "talk/practice.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/limits.h"
#include "core/phone.h"
#include "store/contacts.h"
#include "store/open.h"
#include "talk/business.h"
#include "talk/calendar.h"

#include <stdio.h>
#include <string.h>

#define MINUTE_MS 60000LL
/* Texts are only written where Twilio is set up; nobody delivers these. */
#define NO_ACCOUNT "AC00000000000000000000000000000000"

/* ---- the owner's own ------------------------------------------------------------------------- */

enum desk_rc desk_practice_home_read(struct desk_db *db, struct desk_arena *a,
                                     const char *tenant_id, struct desk_practice_home *out)
{
    *out = (struct desk_practice_home){.doc = NULL};
    enum desk_rc rc = desk_tenant_get(db, a, tenant_id, &out->tenant);
    if (!rc)
        rc = desk_location_list(db, a, tenant_id, &out->locations, &out->n_locations);
    if (!rc)
        rc = desk_number_list(db, a, tenant_id, &out->numbers, &out->n_numbers);
    if (!rc)
        rc = desk_exception_list(db, a, tenant_id, DESK_MAX_BUSINESS_LIST, &out->exceptions,
                                 &out->n_exceptions);
    return rc ? rc : desk_tenant_settings_load(db, a, tenant_id, &out->own);
}

/* Where another brain than the rules may not think, the business's choice of it does not count. */
static enum desk_rc copy_settings(struct desk_db *db, const struct desk_practice_home *h,
                                  bool model)
{
    char why[200];
    enum desk_rc rc = DESK_OK;
    for (int i = 0; !rc && i < DESK_S__MAX; i++)
        if (h->own.own[i] && (model || i != DESK_S_BRAIN))
            rc = desk_tenant_setting_put(db, h->tenant.id, (enum desk_setting_id)i, h->own.own[i],
                                         why, sizeof why);
    return rc;
}

static enum desk_rc copy_rows(struct desk_db *db, const struct desk_practice_home *h, bool model)
{
    enum desk_rc rc = desk_tenant_insert(db, &h->tenant);
    for (size_t i = 0; !rc && i < h->n_locations; i++)
        rc = desk_location_insert(db, &h->locations[i]);
    for (size_t i = 0; !rc && i < h->n_numbers; i++)
        rc = desk_number_insert(db, &h->numbers[i]);
    for (size_t i = 0; !rc && i < h->n_exceptions; i++)
        rc = desk_exception_put(db, h->tenant.id, h->exceptions[i].number, h->exceptions[i].name,
                                h->exceptions[i].category);
    return rc ? rc : copy_settings(db, h, model);
}

static enum desk_rc copy(struct desk_db *db, const struct desk_practice_home *h, bool model,
                         char *id, char *why, size_t n)
{
    if (h->doc)
        return desk_business_add(db, h->doc, id, why, n);
    snprintf(id, DESK_ID_LEN, "%s", h->tenant.id);
    snprintf(why, n, "the copy of the business could not be written");
    enum desk_rc rc = DESK_TX_BEGIN(db);
    return rc ? rc : desk_tx_end(db, copy_rows(db, h, model));
}

/* ---- who calls, and what was before ---------------------------------------------------------- */

static const char *text_in(const json_t *o, const char *key)
{
    return json_string_value(json_object_get(o, key));
}

static const json_t *known(const struct desk_practice *p)
{
    return json_object_get(p->doc, "known_contact");
}

static bool is_owner(const struct desk_practice *p)
{
    const char *role = text_in(known(p), "role");
    return role && strcmp(role, "owner") == 0;
}

/* "shades, control4", in the arena. */
static const char *joined(struct desk_arena *a, const json_t *list)
{
    size_t i;
    json_t *v;
    const char *all = NULL;
    json_array_foreach(list, i, v) all =
        desk_arena_fmt(a, "%s%s%s", all ? all : "", all ? ", " : "", json_string_value(v));
    return all;
}

static enum desk_rc put_contact(struct desk_practice_place *pl, const struct desk_practice *p)
{
    struct desk_contact row;
    unsigned changed;
    const json_t *c = known(p);
    if (!json_is_object(c) || is_owner(p) || !pl->from)
        return DESK_OK;
    const char *v[DESK_FACT__MAX] = {[DESK_FACT_NAME] = text_in(c, "name"),
                                     [DESK_FACT_COMPANY] = text_in(c, "company"),
                                     [DESK_FACT_EMAIL] = text_in(c, "email"),
                                     [DESK_FACT_NOTES] = text_in(c, "notes"),
                                     [DESK_FACT_LANGUAGE] = text_in(c, "language"),
                                     [DESK_FACT_STANDING] = text_in(c, "standing"),
                                     [DESK_FACT_ADDRESS] = text_in(c, "address"),
                                     [DESK_FACT_SYSTEMS] =
                                         joined(pl->a, json_object_get(c, "systems"))};
    enum desk_rc rc = desk_contact_ensure(pl->db, pl->a, pl->tenant.id, pl->from, &row);
    if (rc && rc != DESK_DONE)
        return rc;
    return desk_contact_set(pl->db, pl->a, pl->tenant.id, row.id, v, DESK_FROM_OWNER, &changed);
}

static enum desk_rc put_exceptions(struct desk_practice_place *pl, const struct desk_practice *p)
{
    size_t i;
    json_t *v;
    enum desk_rc rc = DESK_OK;
    const char *name = text_in(known(p), "name"), *category = text_in(known(p), "category");
    json_array_foreach(json_object_get(json_object_get(p->doc, "seed_db"), "exceptions"), i, v)
    {
        if (!rc)
            rc = desk_exception_put(pl->db, pl->tenant.id, json_string_value(v),
                                    name ? name : "practice", category ? category : "family");
    }
    return rc;
}

/* One visit, whatever the hours; first with one resource, then with the next. */
static enum desk_rc put_visit(struct desk_practice_place *pl, const struct desk_calendar_place *at,
                              const json_t *v, size_t i, char *why, size_t n)
{
    struct desk_booked booked;
    const json_t *minutes = json_object_get(v, "minutes");
    struct desk_calendar_slot slot = {
        .service = desk_business_service(at->business, text_in(v, "service"))};
    const struct desk_slots_ask length = {.business = at->business, .service = slot.service};
    const struct desk_booking who = {.cause = desk_arena_fmt(pl->a, "practice:%zu", i),
                                     .name = text_in(v, "name"),
                                     .number = text_in(v, "phone"),
                                     .address = text_in(v, "address"),
                                     .notes = text_in(v, "notes"),
                                     .source = "owner",
                                     .anyway = true};
    struct desk_slot_resource all[DESK_MAX_SLOT_RESOURCES];
    int n_all = (int)desk_slot_resources(at->business, all);
    if (!slot.service || !desk_practice_instant(text_in(v, "start"), &slot.slot.start)) {
        snprintf(why, n, "this business has no service \"%s\"", text_in(v, "service"));
        return DESK_EINVAL;
    }
    slot.slot.end = slot.slot.start + (minutes ? json_integer_value(minutes) * MINUTE_MS
                                               : desk_slots_length_ms(&length));
    slot.slot.until = slot.slot.end + desk_slots_gap_ms(&length);
    enum desk_rc rc = DESK_ECONFLICT;
    for (int k = 0; rc == DESK_ECONFLICT && k < n_all; k++) {
        slot.slot.resource = k;
        rc = desk_slot_able(&all[k], slot.service)
                 ? desk_calendar_own.book(at, &slot, &who, &booked)
                 : DESK_ECONFLICT;
    }
    if (rc)
        return rc;
    pl->seeded[pl->n_seeded] = booked.row.id;
    pl->seeded_at[pl->n_seeded++] = booked.row.start_at;
    return DESK_OK;
}

static enum desk_rc put_visits(struct desk_practice_place *pl, const struct desk_practice *p,
                               char *why, size_t n)
{
    size_t i;
    json_t *v;
    const json_t *list = json_object_get(json_object_get(p->doc, "seed_db"), "appointments");
    struct desk_business *b = desk_arena_alloc(pl->a, sizeof *b);
    pl->seeded = desk_arena_alloc(pl->a, (json_array_size(list) + 1) * sizeof *pl->seeded);
    pl->seeded_at = desk_arena_alloc(pl->a, (json_array_size(list) + 1) * sizeof *pl->seeded_at);
    if (!b || !pl->seeded || !pl->seeded_at)
        return DESK_ENOMEM;
    enum desk_rc rc = desk_business_load(pl->db, pl->a, pl->tenant.id, pl->location.id, b);
    const struct desk_calendar_place at = {.db = pl->db,
                                           .arena = pl->a,
                                           .tenant_id = pl->tenant.id,
                                           .location_id = pl->location.id,
                                           .business = b,
                                           .now = desk_now_ms()};
    json_array_foreach(list, i, v)
    {
        if (!rc)
            rc = put_visit(pl, &at, v, i, why, n);
    }
    return rc;
}

static enum desk_rc seed(struct desk_practice_place *pl, const struct desk_practice *p, char *why,
                         size_t n)
{
    snprintf(why, n, "what was before the call could not be written");
    enum desk_rc rc = DESK_TX_BEGIN(pl->db);
    if (rc)
        return rc;
    rc = put_contact(pl, p);
    if (!rc)
        rc = put_exceptions(pl, p);
    if (!rc)
        rc = put_visits(pl, p, why, n);
    return desk_tx_end(pl->db, rc);
}

/* ---- the folder ------------------------------------------------------------------------------ */

/* From here on this process is one of the copy. */
static void settings_of_the_copy(const char *folder, bool model)
{
    desk_setting_override(DESK_S_FRONTDESK_DATA, folder);
    desk_setting_override(DESK_S_FRONTDESK_DATA_KEY, "");
    desk_setting_override(DESK_S_CALLER_MEMORY_DB, "");
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, NO_ACCOUNT);
    if (!model)
        desk_setting_override(DESK_S_BRAIN, "rules");
}

static enum desk_rc look(struct desk_practice_place *pl, const char *id,
                         const struct desk_practice *p)
{
    struct desk_number *numbers;
    char e164[DESK_PHONE_LEN];
    size_t n = 0;
    enum desk_rc rc = desk_tenant_get(pl->db, pl->a, id, &pl->tenant);
    if (!rc)
        rc = desk_location_first(pl->db, pl->a, id, &pl->location);
    if (!rc)
        rc = desk_number_list(pl->db, pl->a, id, &numbers, &n);
    if (rc)
        return rc;
    pl->number = n ? numbers[0].e164 : "";
    bool shown = desk_phone_parse(p->number, "US", e164) == DESK_PHONE_OK;
    pl->from =
        is_owner(p) ? pl->location.owner_phone : (shown ? desk_arena_strdup(pl->a, e164) : NULL);
    return DESK_OK;
}

enum desk_rc desk_practice_open(struct desk_practice_place *out, struct desk_arena *a,
                                const char *folder, const struct desk_practice_home *home,
                                const struct desk_practice *p, bool model, char *why, size_t n)
{
    char id[DESK_ID_LEN];
    *out = (struct desk_practice_place){.a = a};
    settings_of_the_copy(folder, model);
    desk_clock_fake(p->now);
    enum desk_rc rc = desk_store_key(true, why, n);
    if (rc)
        return rc;
    snprintf(why, n, "no database could be made in %s", folder);
    rc = desk_store_create(&out->db);
    if (!rc)
        rc = copy(out->db, home, model, id, why, n);
    if (!rc)
        rc = look(out, id, p);
    if (!rc)
        rc = seed(out, p, why, n);
    if (rc)
        desk_practice_close(out);
    return rc;
}

void desk_practice_close(struct desk_practice_place *pl)
{
    desk_db_close(pl->db);
    pl->db = NULL;
}
