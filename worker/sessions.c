#include "worker/worker.h"
#include "store/login_tries.h"
#include "store/users.h"

enum desk_rc job_sessions(struct desk_db *db)
{
    enum desk_rc rc = DESK_TX_BEGIN(db);
    if (rc)
        return rc;
    rc = desk_session_purge(db);
    return desk_tx_end(db, rc ? rc : desk_login_purge(db));
}
