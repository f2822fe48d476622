#include "worker/worker.h"
#include "store/users.h"

enum desk_rc job_sessions(struct desk_db *db)
{
    enum desk_rc rc = DESK_TX_BEGIN(db);
    return rc ? rc : desk_tx_end(db, desk_session_purge(db));
}
