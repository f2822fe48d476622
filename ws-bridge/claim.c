#include "ws-bridge/claim.h"
#include "ws-bridge/greeting.h"
#include "base/tz.h"
#include "talk/business.h"
#include "talk/prompt.h"

#include <stdlib.h>
#include <string.h>

#define CLAIM_ARENA (1024 * 1024)

struct claim *claim_new(void)
{
    struct claim *c = calloc(1, sizeof *c);
    if (c && (c->arena = desk_arena_new(CLAIM_ARENA)))
        return c;
    free(c);
    return NULL;
}

static const char *day_of(struct desk_arena *a, const char *zone, int64_t at_ms)
{
    struct desk_local_time t;
    desk_tz_local(desk_tz_load(zone), at_ms, &t);
    return desk_arena_fmt(a, "%04d-%02d-%02d", t.year, t.month, t.day);
}

/* A greeting that names its caller is nobody else's. */
static bool names_caller(const char *greeting, const struct desk_contact *contact)
{
    return contact && contact->name && *contact->name && strcasestr(greeting, contact->name);
}

enum desk_rc claim_load(struct desk_db *db, struct claim *c)
{
    struct desk_prompt_input in;
    struct desk_business business;
    enum desk_rc rc = desk_tenant_settings_load(db, c->arena, c->call.tenant_id, &c->settings);
    if (!rc)
        rc = desk_prompt_load(db, c->arena, &c->call, &in);
    if (!rc)
        rc = desk_prompt_instructions(c->arena, &in, &c->instructions);
    if (!rc)
        rc = desk_prompt_greeting(c->arena, &in, &c->greeting);
    if (!rc)
        rc = desk_business_of(c->arena, in.tenant, in.location, &business);
    if (rc)
        return rc;
    c->language = business.language;
    c->day = day_of(c->arena, in.location->zone, c->call.started_at);
    c->greeting_for_all = !names_caller(c->greeting, in.contact);
    return c->language && c->day ? DESK_OK : DESK_ENOMEM;
}
