#include "worker/worker.h"

enum desk_rc job_maintain(struct desk_db *db)
{
    return desk_db_maintain(db);
}
