/* GET /healthz: 200 when this process can read the database, 503 otherwise. Says nothing else. */
#include "cgi-bin/api/api.h"
#include "store/tenants.h"

#include <jansson.h>

enum desk_rc api_healthz(struct desk_request *req)
{
    int64_t n;
    enum desk_rc rc = desk_tenant_count(req->db, &n);
    if (!rc)
        return desk_reply_json(req, 200, json_pack("{s:b}", "ok", 1));
    desk_reply_problem(req, DESK_EBUSY, "The database cannot be read.");
    return DESK_OK;
}
