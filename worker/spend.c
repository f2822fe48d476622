/* Limits of money that are reached: the owner hears of it (talk/spend.h). */
#include "worker/worker.h"
#include "base/clock.h"
#include "base/log.h"
#include "talk/spend.h"

enum desk_rc job_spend(struct desk_db *db)
{
    size_t n = 0;
    enum desk_rc rc = desk_spend_tell(db, desk_now_ms(), &n);
    if (n)
        desk_log(DESK_LOG_INFO, "worker.spend", "told=%zu", n);
    return rc;
}
