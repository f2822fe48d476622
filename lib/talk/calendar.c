/* What the back ends of the calendar share, and the ids of slots. */
#include "talk/calendar.h"
#include "store/calendar_sources.h"

#include <ctype.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>

#define MINUTE_MS 60000LL

/* When it cannot be read whether there is one, nothing may be firm. */
const struct desk_calendar *desk_calendar_of(const struct desk_calendar_place *p)
{
    struct desk_calendar_source main;
    enum desk_rc rc = desk_calendar_source_main(p->db, p->arena, p->tenant_id, &main);
    return rc == DESK_ENOTFOUND ? &desk_calendar_own : &desk_calendar_google;
}

/* ---- resources ------------------------------------------------------------------------------- */

void desk_calendar_resource(const struct desk_calendar_place *p, int index,
                            char key[DESK_BLIND_LEN], const char **name)
{
    struct desk_slot_resource all[DESK_MAX_SLOT_RESOURCES];
    size_t n = desk_slot_resources(p->business, all);
    char what[300];
    *name = NULL;
    if (index >= 0 && (size_t)index < n && all[index].person) {
        *name = all[index].person->name;
        snprintf(what, sizeof what, "person|%s", *name);
    } else {
        snprintf(what, sizeof what, "chair|%s|%d", p->location_id, index + 1);
    }
    for (char *c = what; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    desk_appointment_resource(p->db, p->tenant_id, what, key);
}

int desk_calendar_person(const struct desk_business *b, const char *name)
{
    struct desk_slot_resource all[DESK_MAX_SLOT_RESOURCES];
    size_t n = desk_slot_resources(b, all);
    const struct desk_person *who = desk_business_person(b, name);
    for (size_t i = 0; who && i < n; i++)
        if (all[i].person == who)
            return (int)i;
    return DESK_SLOT_ALL;
}

/* ---- slot ids -------------------------------------------------------------------------------- */

static unsigned hex_digit(char c)
{
    return (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
}

/* What the id stands for, under our key. */
static void prove(const struct desk_calendar_place *p, const struct desk_slot_ref *r,
                  unsigned char out[DESK_SLOT_REF_PROOF])
{
    char text[600], key[DESK_BLIND_LEN], resource[DESK_BLIND_LEN];
    const char *name;
    desk_calendar_resource(p, r->resource, resource, &name);
    snprintf(text, sizeof text, "slot|%s|%s|%s|%u|%u|%u", p->location_id,
             p->business->services[r->service].id, resource, (unsigned)r->start,
             (unsigned)r->minutes, (unsigned)r->expires);
    desk_blind(desk_db_key(p->db), p->tenant_id, text, key);
    for (size_t i = 0; i < DESK_SLOT_REF_PROOF; i++)
        out[i] = (unsigned char)(hex_digit(key[2 * i]) << 4 | hex_digit(key[2 * i + 1]));
}

const char *desk_slot_id_make(const struct desk_calendar_place *p,
                              const struct desk_calendar_slot *slot, char out[DESK_SLOT_REF_LEN])
{
    struct desk_slot_ref r = {
        .start = (uint32_t)(slot->slot.start / MINUTE_MS),
        .expires = (uint32_t)((p->now + DESK_SLOT_ID_MS) / MINUTE_MS),
        .minutes = (uint16_t)((slot->slot.end - slot->slot.start) / MINUTE_MS),
        .service = (uint8_t)(slot->service - p->business->services),
        .resource = (uint8_t)slot->slot.resource,
    };
    prove(p, &r, r.proof);
    return desk_slot_ref_text(&r, out);
}

enum desk_slot_id_end desk_slot_id_open(const struct desk_calendar_place *p, const char *text,
                                        struct desk_calendar_slot *out)
{
    struct desk_slot_ref r;
    struct desk_slot_resource all[DESK_MAX_SLOT_RESOURCES];
    unsigned char proof[DESK_SLOT_REF_PROOF];
    memset(out, 0, sizeof *out);
    if (!desk_slot_ref_parse(text, &r) || r.service >= p->business->n_services ||
        r.resource >= desk_slot_resources(p->business, all) || !r.minutes)
        return DESK_SLOT_ID_FALSE;
    prove(p, &r, proof);
    if (CRYPTO_memcmp(proof, r.proof, sizeof proof) != 0)
        return DESK_SLOT_ID_FALSE;
    if (r.expires * MINUTE_MS < p->now)
        return DESK_SLOT_ID_EXPIRED;
    out->service = &p->business->services[r.service];
    const struct desk_slots_ask ask = {.business = p->business, .service = out->service};
    out->slot.start = r.start * MINUTE_MS;
    out->slot.end = out->slot.start + r.minutes * MINUTE_MS;
    out->slot.until = out->slot.end + desk_slots_gap_ms(&ask);
    out->slot.resource = r.resource;
    return DESK_SLOT_ID_OK;
}

/* ---- words ----------------------------------------------------------------------------------- */

const char *desk_calendar_say(const struct desk_calendar_place *p, int64_t at, char *out, size_t n)
{
    const struct desk_when_place place = {.hours = p->business->hours,
                                          .tz = p->business->zone,
                                          .now = p->now,
                                          .day_first = p->business->day_first};
    desk_when_say_start(&place, at, out, n);
    return out;
}
