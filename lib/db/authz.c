/* A second line of defence: what a program may do to which table, asked by SQLite itself when a
 * statement is prepared. */
#include "db/internal.h"
#include "base/log.h"

#include <string.h>

static unsigned zone_can(const struct desk_zone_row *zone, const char *table)
{
    unsigned any = 0;
    for (; zone->table; zone++) {
        if (strcmp(zone->table, table) == 0)
            return zone->can;
        if (strcmp(zone->table, "*") == 0)
            any = zone->can;
    }
    return any;
}

static const struct {
    int action;
    unsigned need;
} actions[] = {
    {SQLITE_READ, DESK_CAN_READ},
    {SQLITE_INSERT, DESK_CAN_INSERT},
    {SQLITE_UPDATE, DESK_CAN_UPDATE},
    {SQLITE_DELETE, DESK_CAN_DELETE},
};

/* Of a row its own name and those of what it hangs on: "id", "webhook_id". */
static bool is_key(const char *column)
{
    size_t n = column ? strlen(column) : 0;
    return n >= 2 && strcmp(column + n - 2, "id") == 0 && (n == 2 || column[n - 3] == '_');
}

int desk_db_authorize(void *ctx, int action, const char *a, const char *b, const char *dbname,
                      const char *trigger)
{
    struct desk_db *db = ctx;
    (void)dbname;
    (void)trigger;
    if (!db->zone || db->admin_window)
        return SQLITE_OK;
    if (action == SQLITE_SELECT || action == SQLITE_FUNCTION || action == SQLITE_RECURSIVE)
        return SQLITE_OK;
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
        if (actions[i].action != action)
            continue;
        unsigned can = zone_can(db->zone, a);
        if (can & actions[i].need)
            return SQLITE_OK;
        if (action == SQLITE_READ && (can & DESK_CAN_KEY) && is_key(b))
            return SQLITE_OK;
        desk_log(DESK_LOG_ERROR, "db.zone_denied", "action=%d table=%s", action, a);
        return SQLITE_DENY;
    }
    return SQLITE_DENY; /* schema changes, pragmas, attach: never in a zone */
}
