/* Visits that are over become done, an hour later: whoever comes late is not told otherwise. */
#include "worker/worker.h"
#include "base/clock.h"
#include "base/log.h"
#include "store/appointments.h"

#define LATE_MS (3600LL * 1000)

enum desk_rc job_visits(struct desk_db *db)
{
    int64_t n = 0;
    enum desk_rc rc = DESK_TX_BEGIN(db);
    if (rc)
        return rc;
    rc = desk_tx_end(db, desk_appointments_past(db, desk_now_ms() - LATE_MS, &n));
    if (!rc && n)
        desk_log(DESK_LOG_INFO, "worker.visits", "done=%lld", (long long)n);
    return rc;
}
