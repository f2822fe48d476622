/* What is older than a business keeps its audit is forgotten. */
#include "worker/worker.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"
#include "store/audits.h"
#include "store/settings.h"
#include "store/tenants.h"

#define ARENA  (4 * 1024 * 1024)
#define DAY_MS (24LL * 3600 * 1000)

static enum desk_rc forget(struct desk_db *db, struct desk_arena *a, const char *tenant_id)
{
    struct desk_tenant_settings own;
    int64_t gone = 0;
    enum desk_rc rc = desk_tenant_settings_load(db, a, tenant_id, &own);
    if (rc)
        return rc;
    int64_t days = desk_tenant_setting_int(&own, DESK_S_AUDIT_KEEP_DAYS);
    rc = DESK_TX_BEGIN(db);
    if (!rc)
        rc =
            desk_tx_end(db, desk_audit_forget(db, tenant_id, desk_now_ms() - days * DAY_MS, &gone));
    if (gone)
        desk_log(DESK_LOG_INFO, "worker.audit", "tenant=%s forgotten=%lld", tenant_id,
                 (long long)gone);
    return rc;
}

enum desk_rc job_audit(struct desk_db *db)
{
    struct desk_tenant *t = NULL;
    size_t n = 0;
    struct desk_arena *a = desk_arena_new(ARENA);
    enum desk_rc rc = a ? desk_tenant_list(db, a, &t, &n) : DESK_ENOMEM;
    for (size_t i = 0; !rc && i < n; i++)
        rc = forget(db, a, t[i].id);
    desk_arena_free(a);
    return rc;
}
