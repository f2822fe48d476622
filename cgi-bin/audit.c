/* Each look at and each change of a caller's rows leaves a row in the audit, from here alone. */
#include "cgi-bin/web.h"
#include "store/pages.h"

#include <string.h>

#define LOOK_MS 60000 /* the same page again within it is the same look */

const char *desk_route_touches(const struct desk_route *route, enum desk_zone_kind zone)
{
    static const char settings[] = "/settings";
    if (route->touches)
        return *route->touches ? route->touches : NULL;
    if (zone == DESK_WEB_API)
        return route->of ? route->of->fields->table : NULL;
    if (route->auth != DESK_AUTH_SESSION ||
        strncmp(route->path, settings, sizeof settings - 1) == 0)
        return NULL;
    return route->path + 1; /* up to the next "/" */
}

/* A question is posted only because it may be long. */
static bool is_look(const struct desk_request *req)
{
    return req->method & (DESK_GET | DESK_HEAD) || req->route->auth == DESK_AUTH_QUESTION;
}

enum desk_rc desk_audit_request(struct desk_request *req, struct desk_audit *out)
{
    char method[64];
    const char *kind = desk_route_touches(req->route, req->web->kind);
    const struct desk_value *id = desk_param(req, "id");
    bool api = req->web->kind == DESK_WEB_API;
    kind = kind ? kind : "";
    *out = (struct desk_audit){
        .tenant_id = req->tenant.id,
        .user_id = api ? desk_arena_fmt(req->arena, "token:%s", req->token.name) : req->user.id,
        .action =
            desk_arena_fmt(req->arena, "%s%s %s", api ? "api " : "",
                           desk_methods_text(req->method, method, sizeof method), req->route->path),
        .object = id->given ? id->text : desk_arena_strndup(req->arena, kind, strcspn(kind, "/")),
        .who = api ? req->token.name : req->user.login,
        .session_ref = req->session.ref,
        .request_id = req->request_id,
        .look = is_look(req)};
    return out->user_id && out->action && out->object ? DESK_OK : DESK_ENOMEM;
}

static enum desk_rc write_row(void *ctx)
{
    struct desk_request *req = ctx;
    struct desk_audit row;
    enum desk_rc rc = desk_audit_request(req, &row);
    return rc ? rc : desk_audit_write(req->db, &row);
}

/* A token that sees no names, numbers or words has looked at nobody; what it writes, rest.c puts
 * down with the answer that it keeps. */
static bool wanted(const struct desk_request *req)
{
    return req->db && req->tenant.id && desk_route_touches(req->route, req->web->kind) &&
           (req->web->kind == DESK_WEB_ADMIN ||
            (req->web->kind == DESK_WEB_API && is_look(req) && desk_token_may(req, "personal")));
}

void desk_audit_before(struct desk_request *req)
{
    if (wanted(req) && !is_look(req))
        desk_db_before_commit(req->db, write_row, req);
}

static enum desk_rc look(struct desk_request *req)
{
    struct desk_audit row;
    bool was = false;
    enum desk_rc rc = desk_audit_request(req, &row);
    if (!rc)
        rc = desk_audit_was(req->db, &row, LOOK_MS, &was);
    if (rc || was)
        return rc;
    rc = DESK_TX_BEGIN(req->db);
    return rc ? rc : desk_tx_end(req->db, desk_audit_write(req->db, &row));
}

enum desk_rc desk_audit_after(struct desk_request *req, enum desk_rc rc)
{
    if (req->db)
        desk_db_before_commit(req->db, NULL, NULL);
    bool fine = (rc == DESK_OK || rc == DESK_DONE) && req->reply.status < 400;
    if (!fine || !is_look(req) || !wanted(req))
        return rc;
    enum desk_rc kept = look(req);
    return kept ? kept : rc;
}
