/* What tests of the tools and of what uses them share: one business in a database in memory, a call
 * of it, and a tool run in that call. */
#ifndef TESTS_TOOLS_WORLD_H
#define TESTS_TOOLS_WORLD_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "store/contacts.h"
#include "store/conversation.h"
#include "store/open.h"
#include "talk/tools.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct desk_db *db;
static struct desk_arena *arena;
static struct desk_tenant tenant; /* a test says who they are, then world_open() */
static struct desk_location location;
static struct desk_contact contact; /* of the newest call; id NULL = its number is withheld */
static struct desk_call call;       /* the newest */
static struct desk_tool_ctx tool_ctx;
static enum desk_tool_then then; /* what the last tool said */
static json_t *told;
static const char *told_text;

static inline void must(enum desk_rc rc)
{
    assert_int_equal(rc, DESK_OK);
}

/* tenant and location, as they stand, in a new database in memory. */
static inline void world_open(void)
{
    desk_log_init("test", DESK_LOG__MAX);
    must(desk_store_memory(&db));
    arena = desk_arena_new(32 * 1024 * 1024);
    must(DESK_TX_BEGIN(db));
    must(desk_tenant_insert(db, &tenant));
    must(desk_location_insert(db, &location));
    must(desk_tx_end(db, DESK_OK));
}

/* A call that runs: as names its id, numbers, kind and mode. */
static inline void world_call(struct desk_call as)
{
    must(DESK_TX_BEGIN(db));
    contact = (struct desk_contact){.id = NULL};
    if (as.from_number)
        must(desk_contact_called(db, arena, tenant.id, as.from_number, &contact));
    call = as;
    call.id = desk_arena_strdup(arena, as.id);
    call.tenant_id = tenant.id;
    call.location_id = location.id;
    call.contact_id = contact.id;
    call.call_sid = desk_arena_fmt(arena, "CA%s", as.id);
    call.direction = "inbound";
    call.status = "in-progress";
    call.status_rank = 40;
    call.started_at = call.updated_at = desk_now_ms();
    must(desk_call_insert(db, &call));
    must(desk_tx_end(db, DESK_OK));
    tool_ctx =
        (struct desk_tool_ctx){.db = db, .arena = arena, .call = &call, .location = &location};
}

static inline void world_close(void)
{
    json_decref(told);
    told = NULL;
    desk_db_close(db);
    desk_arena_free(arena);
    desk_clock_fake(0);
}

/* Runs a tool in the newest call; its "ok". */
static inline bool run(const char *tool, const char *args)
{
    must(desk_tool_run(&tool_ctx, tool, args, &told_text, &then));
    json_decref(told);
    told = json_loads(told_text, 0, NULL);
    assert_non_null(told);
    return json_is_true(json_object_get(told, "ok"));
}

/* A text of what it said, "" = there is none. */
static inline const char *field(const char *name)
{
    const char *s = json_string_value(json_object_get(told, name));
    return s ? s : "";
}

#endif
