/* GET /healthz: 200 when this process can read the database, 503 otherwise. Says nothing else. */
#include "cgi-bin/api/api.h"
#include "queries.h"

#include <jansson.h>

enum desk_rc api_healthz(struct desk_request *req)
{
    int64_t n;
    enum desk_rc rc = desk_db_int(req->db, DESK_Q_TENANT_COUNT, DESK_NOARGS, &n);
    if (!rc)
        return desk_reply_json(req, 200, json_pack("{s:b}", "ok", 1));
    desk_reply_problem(req, DESK_EBUSY, "The database cannot be read.");
    return DESK_OK;
}
