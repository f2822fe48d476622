/* Whose chat a page of a website may use, and what its browser is told of that (Fetch standard,
 * CORS): the key in the address names the business, Origin the website, and the business says of
 * which websites its chat is. No cookie counts here, so no credentials are allowed. */
#include "cgi-bin/web.h"
#include "core/origin.h"
#include "store/voice_sessions.h"
#include "store/web_chats.h"
#include "talk/web_chat.h"

#include <string.h>
#include <strings.h>

/* Our own pages: the owner tries it out. A browser that reads something of the page's own server
 * names no Origin, but says that it is the same. */
static bool is_ours(const struct desk_request *req)
{
    const char *origin = req->origin ? req->origin : "";
    return desk_origin_listed(desk_public_base(), origin) ||
           (req->fetch_site && strcmp(req->fetch_site, "same-origin") == 0);
}

/* One chat is its browser's alone. What is not there at all, the handler says. */
static enum desk_rc check_secret(struct desk_request *req)
{
    struct desk_voice_session row;
    const char *id = desk_path_text(req, "id"), *h = req->authorization ? req->authorization : "";
    enum desk_rc rc = *id ? desk_voice_session_get(req->db, req->arena, req->tenant.id, id, &row)
                          : DESK_ENOTFOUND;
    if (rc)
        return rc == DESK_ENOTFOUND ? DESK_OK : rc;
    if (strncasecmp(h, "Bearer ", 7) == 0 &&
        desk_web_chat_secret_is(req->db, req->tenant.id, id, h + 7))
        return DESK_OK;
    req->detail = "This is not the browser that began the chat.";
    return DESK_EAUTH;
}

enum desk_rc desk_chat_authorize(struct desk_request *req)
{
    struct desk_web_chat chat;
    enum desk_rc rc = desk_web_chat_by_key(req->db, req->arena, desk_path_text(req, "key"), &chat);
    if (rc && rc != DESK_ENOTFOUND)
        return rc;
    if (rc || !chat.active || !(desk_origin_listed(chat.origins, req->origin) || is_ours(req))) {
        req->detail = "No chat may be used from this address.";
        return DESK_EFORBID;
    }
    req->allow_origin = req->origin && *req->origin ? req->origin : NULL;
    rc = desk_tenant_get(req->db, req->arena, chat.tenant_id, &req->tenant);
    if (!rc)
        rc = desk_location_first(req->db, req->arena, chat.tenant_id, &req->location);
    return rc || req->method == DESK_OPTIONS ? rc : check_secret(req);
}

void desk_chat_headers(struct desk_request *req)
{
    desk_reply_header(req, "Vary", "Origin");
    /* that it may not may be read by any page, and is the same for all: so its script draws nothing
     */
    if (!req->allow_origin && req->reply.status == 403)
        desk_reply_header(req, "Access-Control-Allow-Origin", "*");
    if (!req->allow_origin)
        return;
    desk_reply_header(req, "Access-Control-Allow-Origin", req->allow_origin);
    desk_reply_header(req, "Access-Control-Expose-Headers", "Retry-After");
    if (req->method != DESK_OPTIONS)
        return;
    desk_reply_header(req, "Access-Control-Allow-Methods", "GET, POST");
    desk_reply_header(req, "Access-Control-Allow-Headers", "authorization, content-type");
    desk_reply_header(req, "Access-Control-Max-Age", "600");
}
