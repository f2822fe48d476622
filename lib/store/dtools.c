#include "store/dtools.h"
#include "store/outbox.h"
#include "store/settings.h"

#include <stdio.h>
#include <string.h>

#define ARENA (64 * 1024)

enum desk_rc desk_dtools_lead(struct desk_db *db, const char *tenant_id, const char *call_id,
                              const char *lead_id)
{
    char payload[120], dedupe[120];
    struct desk_tenant_settings s;
    struct desk_arena *a = desk_arena_new(ARENA);
    enum desk_rc rc = a ? desk_tenant_settings_load(db, a, tenant_id, &s) : DESK_ENOMEM;
    bool yes = !rc && strcmp(desk_tenant_setting(&s, DESK_S_DTOOLS_LEADS), "off") != 0;
    desk_arena_free(a);
    if (!yes)
        return rc;
    snprintf(payload, sizeof payload, "{\"lead\":\"%s\"}", lead_id);
    snprintf(dedupe, sizeof dedupe, "dtools:lead:%s", lead_id);
    rc = desk_outbox_add(db, &(struct desk_outbox_new){.tenant_id = tenant_id,
                                                       .call_id = call_id,
                                                       .kind = DESK_OUTBOX_DTOOLS,
                                                       .dedupe = dedupe,
                                                       .priority = DESK_OUTBOX_NORMAL,
                                                       .payload = payload});
    return rc == DESK_ECONFLICT ? DESK_OK : rc;
}
