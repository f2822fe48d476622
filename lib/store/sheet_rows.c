#include "store/sheet_rows.h"
#include "store/outbox.h"
#include "store/settings.h"

#include <stdio.h>
#include <string.h>

#define ARENA (64 * 1024)

/* "leads calls both" */
static bool wants(const struct desk_tenant_settings *s, const char *what)
{
    const char *rows = desk_tenant_setting(s, DESK_S_SHEET_ROWS);
    return *desk_tenant_setting(s, DESK_S_GOOGLE_SHEET) &&
           (strcmp(rows, "both") == 0 || strncmp(rows, what, strlen(what)) == 0);
}

enum desk_rc desk_sheet_row(struct desk_db *db, const char *tenant_id, const char *call_id,
                            const char *what, const char *id)
{
    char payload[120], dedupe[120];
    struct desk_tenant_settings s;
    struct desk_arena *a = desk_arena_new(ARENA);
    enum desk_rc rc = a ? desk_tenant_settings_load(db, a, tenant_id, &s) : DESK_ENOMEM;
    bool yes = !rc && wants(&s, what);
    desk_arena_free(a);
    if (!yes)
        return rc;
    snprintf(payload, sizeof payload, "{\"%s\":\"%s\"}", what, id);
    snprintf(dedupe, sizeof dedupe, "sheet:%s:%s", what, id);
    rc = desk_outbox_add(db, &(struct desk_outbox_new){.tenant_id = tenant_id,
                                                       .call_id = call_id,
                                                       .kind = DESK_OUTBOX_SHEETS,
                                                       .dedupe = dedupe,
                                                       .priority = DESK_OUTBOX_NORMAL,
                                                       .payload = payload});
    return rc == DESK_ECONFLICT ? DESK_OK : rc;
}
