/* What the owner is told of a day and of a week (talk/digest.h), when its time has come. */
#include "worker/worker.h"
#include "base/clock.h"
#include "base/log.h"
#include "talk/digest.h"

enum desk_rc job_digests(struct desk_db *db)
{
    size_t n = 0;
    enum desk_rc rc = desk_digests_write(db, desk_now_ms(), &n);
    if (n)
        desk_log(DESK_LOG_INFO, "worker.digests", "written=%zu", n);
    return rc;
}
