/* Days that are over are counted once and kept, so that reports of months are read in no time. */
#include "worker/worker.h"
#include "base/clock.h"
#include "base/log.h"
#include "store/tenants.h"
#include "talk/report.h"

#define ARENA_MAX ((size_t)8 * 1024 * 1024)
#define MOST      40 /* days of a business at a time: a fifth of a second where it is busy */

enum desk_rc job_report_days(struct desk_db *db)
{
    struct desk_arena *a = desk_arena_new(ARENA_MAX);
    struct desk_tenant *t;
    size_t n = 0, kept, all = 0;
    enum desk_rc rc = a ? desk_tenant_list(db, a, &t, &n) : DESK_ENOMEM;
    for (size_t i = 0; !rc && i < n; i++) {
        rc = desk_report_keep(db, a, t[i].id, desk_now_ms(), MOST, &kept);
        all += kept;
    }
    if (all)
        desk_log(DESK_LOG_INFO, "worker.report_days", "kept=%zu", all);
    desk_arena_free(a);
    return rc;
}
