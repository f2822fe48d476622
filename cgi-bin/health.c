/* Is this process well? The same page for every zone that is asked. */
#include "cgi-bin/web.h"
#include "store/tenants.h"

#include <jansson.h>

enum desk_rc desk_alive_page(struct desk_request *req)
{
    return desk_reply_json(req, 200, json_pack("{s:b}", "ok", 1));
}

enum desk_rc desk_health_page(struct desk_request *req)
{
    int64_t n;
    if (req->db && desk_tenant_count(req->db, &n) == DESK_OK)
        return desk_reply_json(req, 200, json_pack("{s:b}", "ok", 1));
    desk_reply_problem(req, DESK_EBUSY, "The database cannot be read.");
    return DESK_OK;
}
