/* From CGI variables to a request, and the table of routes as text. */
#include "cgi-bin/web.h"
#include "base/ids.h"
#include "wire/traceparent.h"

#include <string.h>

/* Variables that are taken as they are: one row each. */
static const struct {
    const char *name;
    size_t offset;
} variables[] = {
    {"REQUEST_URI", offsetof(struct desk_request, uri)},
    {"QUERY_STRING", offsetof(struct desk_request, query)},
    {"CONTENT_TYPE", offsetof(struct desk_request, content_type)},
    {"HTTP_X_TWILIO_SIGNATURE", offsetof(struct desk_request, signature)},
    {"HTTP_X_TELEGRAM_BOT_API_SECRET_TOKEN", offsetof(struct desk_request, telegram_secret)},
    {"HTTP_AUTHORIZATION", offsetof(struct desk_request, authorization)},
    {"HTTP_IF_MATCH", offsetof(struct desk_request, if_match)},
    {"HTTP_RANGE", offsetof(struct desk_request, range)},
    {"HTTP_COOKIE", offsetof(struct desk_request, cookie)},
    {"HTTP_IF_NONE_MATCH", offsetof(struct desk_request, if_none_match)},
    {"HTTP_X_REQUEST_ID", offsetof(struct desk_request, request_id)},
    {"HTTP_TRACEPARENT", offsetof(struct desk_request, traceparent)},
    {"HTTP_I_TWILIO_IDEMPOTENCY_TOKEN", offsetof(struct desk_request, idempotency)},
    {"HTTP_IDEMPOTENCY_KEY", offsetof(struct desk_request, idempotency_key)},
    {"HTTP_SEC_FETCH_SITE", offsetof(struct desk_request, fetch_site)},
    {"HTTP_ORIGIN", offsetof(struct desk_request, origin)},
    {"HTTP_USER_AGENT", offsetof(struct desk_request, user_agent)},
    {"REMOTE_ADDR", offsetof(struct desk_request, remote)},
};

/* The path of a raw URI, %XX undone. A NUL in it would make one path look like another: no path. */
static const char *decode_path(struct desk_arena *a, const char *uri)
{
    size_t n = strcspn(uri, "?#");
    char *out = desk_arena_alloc(a, n + 1);
    if (!out)
        return "";
    n = desk_url_decode(out, uri, n, '+');
    return memchr(out, '\0', n) ? "" : out;
}

static bool good_id(const char *id)
{
    static const char ok[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    size_t n = strlen(id);
    return n >= 8 && n <= 64 && strspn(id, ok) == n;
}

void desk_request_read(struct desk_request *req, const char *(*get)(void *ctx, const char *name),
                       void *ctx)
{
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        const char *v = get(ctx, variables[i].name);
        v = v ? v : "";
        memcpy((char *)req + variables[i].offset, &v, sizeof v);
    }
    req->method = (enum desk_method)desk_method_parse(get(ctx, "REQUEST_METHOD"));
    req->path = decode_path(req->arena, req->uri);
    if (!good_id(req->request_id)) {
        char id[DESK_ID_LEN];
        req->request_id = desk_arena_strdup(req->arena, desk_id_new(id, "req"));
    }
    if (!desk_traceparent_parse(&req->trace, req->traceparent, strlen(req->traceparent)))
        desk_traceparent_new(&req->trace); /* nginx gives one; who asks without it begins a trace */
}

static const char *const auth_names[] = {
    [DESK_AUTH_NONE] = "open",     [DESK_AUTH_TWILIO] = "signature",
    [DESK_AUTH_TOKEN] = "token",   [DESK_AUTH_QUESTION] = "token",
    [DESK_AUTH_SESSION] = "login", [DESK_AUTH_TELEGRAM] = "secret",
    [DESK_AUTH_CHAT] = "website",
};

void desk_routes_print(const struct desk_web *web, FILE *out)
{
    for (const struct desk_route *r = web->routes; r->path; r++) {
        char methods[64];
        fprintf(out, "%-10s %-36s %-10s %s\n",
                desk_methods_text(r->methods, methods, sizeof methods), r->path,
                auth_names[r->auth], r->help);
    }
}
