/* The dashboard is to know that this clock goes. */
#include "worker/worker.h"
#include "store/pulse.h"

enum desk_rc job_pulse(struct desk_db *db)
{
    enum desk_rc rc = DESK_TX_BEGIN(db);
    return rc ? rc
              : desk_tx_end(db, desk_pulse_set(
                                    db, &(struct desk_pulse){.id = DESK_PULSE_WORKER, .ok = true}));
}
