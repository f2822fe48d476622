/* POST /v1/voice/owner/query: {"text": "any callbacks?"} → {"say": …, "kind": …, "data": …}. The
 * token speaks for its business; it needs no PIN. */
#include "cgi-bin/api/api.h"
#include "base/clock.h"
#include "talk/business.h"
#include "talk/owner_answer.h"

#include <string.h>

/* The location that was named; none: all of them, and times as at the main one. */
static enum desk_rc find_location(struct desk_request *req, const char *name, const char **id)
{
    struct desk_location *rows;
    size_t n = 0;
    *id = NULL;
    enum desk_rc rc =
        *name ? desk_location_list(req->db, req->arena, req->tenant.id, &rows, &n) : DESK_OK;
    for (size_t i = 0; !rc && !*id && i < n; i++)
        if (strcmp(rows[i].name, name) == 0 || strcmp(rows[i].id, name) == 0) {
            req->location = rows[i];
            *id = rows[i].id;
        }
    if (!rc && *name && !*id) {
        req->detail = "This business has no location of that name.";
        rc = DESK_ENOTFOUND;
    }
    return rc;
}

enum desk_rc api_owner_query(struct desk_request *req)
{
    struct desk_owner_answer answer;
    struct desk_business *b = desk_arena_alloc(req->arena, sizeof *b);
    const char *slug = desk_param(req, "business")->text, *location;
    if (*slug && strcmp(slug, req->tenant.slug) != 0) {
        req->detail = "This token is not of that business.";
        return DESK_EFORBID;
    }
    enum desk_rc rc = find_location(req, desk_param(req, "location")->text, &location);
    if (!rc)
        rc = b ? desk_business_of(req->arena, &req->tenant, &req->location, b) : DESK_ENOMEM;
    if (!rc)
        rc = desk_owner_answer(req->db, req->arena,
                               &(struct desk_owner_ask){.business = b,
                                                        .tenant_id = req->tenant.id,
                                                        .location_id = location,
                                                        .text = desk_param(req, "text")->text,
                                                        .now = desk_now_ms()},
                               &answer);
    if (rc)
        return rc;
    return desk_reply_json(req, 200,
                           json_pack("{s:s, s:s, s:o}", "say", answer.say, "kind",
                                     desk_owner_about_name(answer.query.about), "data",
                                     answer.data));
}
