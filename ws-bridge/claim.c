#include "ws-bridge/claim.h"
#include "ws-bridge/greeting.h"
#include "base/tz.h"
#include "talk/business.h"
#include "talk/prompt.h"
#include "talk/tools.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define TOOL_LISTS 16

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

/* What businesses offer differs little, and as JSON it is larger than all else that is kept of a
 * call: calls of those that offer the same borrow one list, which stays. (Its references are not
 * counted: jansson's counting is no business of two threads.) Where there are more kinds of offers
 * than lists, the call has its own. */
static bool load_tools(struct claim *c, const struct desk_business *b)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static struct {
        uint64_t offered; /* bits of the table's rows */
        json_t *list;
    } kept[TOOL_LISTS];
    uint64_t offered = 0;
    size_t i = 0;
    for (size_t t = 0; desk_tools[t].name; t++)
        if (desk_tool_offered(&desk_tools[t], b))
            offered |= UINT64_C(1) << (t % 64);
    pthread_mutex_lock(&lock);
    while (i < TOOL_LISTS && kept[i].list && kept[i].offered != offered)
        i++;
    if (i < TOOL_LISTS && !kept[i].list) {
        kept[i].list = desk_tools_realtime(b);
        kept[i].offered = offered;
    }
    c->tools = i < TOOL_LISTS ? kept[i].list : NULL;
    pthread_mutex_unlock(&lock);
    if (i == TOOL_LISTS)
        c->tools = c->own_tools = desk_tools_realtime(b);
    return c->tools != NULL;
}

/* The limit of one call's cost is a limit of its length (core/spend.h), where that is the shorter.
 */
static enum desk_rc limit_length(struct claim *c)
{
    int64_t most = c->call.max_s;
    if (!most || most >= desk_tenant_setting_int(&c->settings, DESK_S_CALL_MAX_S))
        return DESK_OK;
    c->settings.own[DESK_S_CALL_MAX_S] = desk_arena_fmt(c->arena, "%lld", (long long)most);
    return c->settings.own[DESK_S_CALL_MAX_S] ? DESK_OK : DESK_ENOMEM;
}

/* All that is read for it: much more than is kept. */
static enum desk_rc load(struct desk_db *db, struct claim *c, struct desk_arena *scratch)
{
    struct desk_prompt_input in;
    struct desk_business business;
    const char *instructions = NULL, *greeting = NULL;
    enum desk_rc rc = desk_tenant_settings_load(db, c->arena, c->call.tenant_id, &c->settings);
    if (!rc)
        rc = limit_length(c);
    if (!rc)
        rc = desk_prompt_load(db, scratch, &c->call, &in);
    if (!rc)
        rc = desk_prompt_instructions(scratch, &in, &instructions, c->script_version);
    if (!rc)
        rc = desk_prompt_greeting(scratch, &in, &greeting);
    if (!rc)
        rc = desk_business_of(scratch, in.tenant, in.location, &business);
    if (rc)
        return rc;
    c->language = desk_arena_strdup(c->arena, business.language);
    c->day = day_of(c->arena, in.location->zone, c->call.started_at);
    c->greeting_for_all = !names_caller(greeting, in.contact);
    c->greeting = desk_arena_strdup(c->arena, greeting);
    c->instructions = desk_arena_strdup(c->arena, instructions);
    bool whole =
        c->language && c->day && c->greeting && c->instructions && load_tools(c, &business);
    return whole ? DESK_OK : DESK_ENOMEM;
}

enum desk_rc claim_load(struct desk_db *db, struct claim *c)
{
    struct desk_arena *scratch = desk_arena_new(CLAIM_ARENA);
    enum desk_rc rc = scratch ? load(db, c, scratch) : DESK_ENOMEM;
    desk_arena_free(scratch);
    return rc;
}
