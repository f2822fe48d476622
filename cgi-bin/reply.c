/* Replies: built in one capped buffer, sent once. */
#include "cgi-bin/web.h"
#include "wire/json_out.h"

#include <stdio.h>
#include <string.h>

void desk_reply_header(struct desk_request *req, const char *name, const char *value)
{
    struct desk_buf *h = &req->reply.headers;
    desk_buf_str(h, name);
    desk_buf_str(h, ": ");
    for (const char *p = value; *p; p++) /* no value can begin a header of its own */
        if ((unsigned char)*p >= 0x20 && *p != 0x7f)
            desk_buf_chr(h, *p);
    desk_buf_str(h, "\r\n");
}

void desk_reply_redirect(struct desk_request *req, const char *to)
{
    req->reply.status = 303;
    req->reply.type = "text/plain; charset=utf-8";
    desk_buf_reset(&req->reply.body);
    desk_reply_header(req, "Location", to);
}

void desk_reply_xml(struct desk_request *req, const char *text, size_t n)
{
    req->reply.type = "text/xml; charset=utf-8";
    desk_buf_reset(&req->reply.body);
    desk_buf_add(&req->reply.body, text, n);
}

enum desk_rc desk_reply_json(struct desk_request *req, int status, json_t *root)
{
    if (!root)
        return DESK_ENOMEM;
    req->reply.status = status;
    req->reply.type = "application/json";
    desk_buf_reset(&req->reply.body);
    desk_json_value(&req->reply.body, root);
    desk_buf_chr(&req->reply.body, '\n');
    json_decref(root);
    return desk_buf_ok(&req->reply.body) ? DESK_OK : DESK_ELIMIT;
}

/* "errors": one line per refused parameter, so that a client can show it beside its field. */
static void problem_values(struct desk_request *req, struct desk_buf *b)
{
    const struct desk_param *p = req->route ? req->route->params : NULL;
    bool sent = req->web->kind == DESK_WEB_API && /* in the body, not the query */
                req->method & (DESK_POST | DESK_PUT | DESK_PATCH);
    desk_json_key(b, "errors");
    desk_buf_chr(b, '[');
    for (size_t i = 0, n = 0; p && p[i].name && i < DESK_PARAMS_MAX; i++) {
        if (!req->values[i].error)
            continue;
        desk_buf_str(b, n++ ? ",{" : "{");
        desk_json_pair(b, "name", p[i].name);
        if (sent)
            desk_json_pair(b, "pointer", desk_arena_fmt(req->arena, "#/%s", p[i].name));
        desk_json_pair(b, "message", req->values[i].error);
        desk_buf_chr(b, '}');
    }
    desk_buf_chr(b, ']');
}

/* The same of a JSON body: each with its place. */
static void problem_body(const struct desk_body_errors *e, struct desk_buf *b)
{
    desk_json_key(b, "errors");
    desk_buf_chr(b, '[');
    for (size_t i = 0; i < e->n; i++) {
        desk_buf_str(b, i ? ",{" : "{");
        desk_json_pair(b, "pointer", e->v[i].pointer);
        desk_json_pair(b, "message", e->v[i].message);
        desk_buf_chr(b, '}');
    }
    desk_buf_chr(b, ']');
}

void desk_reply_problem(struct desk_request *req, enum desk_rc rc, const char *detail)
{
    const struct desk_rc_info *info = desk_rc_info(rc);
    struct desk_buf *b = &req->reply.body;
    req->reply.status = info->http;
    req->reply.type = "application/problem+json";
    desk_buf_reset(b);
    desk_buf_chr(b, '{');
    desk_json_pair(b, "type", "about:blank");
    desk_json_pair(b, "title", info->title);
    desk_json_pair_int(b, "status", info->http);
    desk_json_pair(b, "code", info->name);
    desk_json_pair(b, "detail", detail);
    desk_json_pair(b, "request_id", req->request_id);
    if (req->route && req->route->old)
        desk_json_pair(b, "error", detail ? detail : info->title);
    if (req->reason)
        desk_json_pair(b, "reason", req->reason);
    if (req->bad_values)
        problem_values(req, b);
    else if (req->body_errors && req->body_errors->n)
        problem_body(req->body_errors, b);
    desk_buf_str(b, "}\n");
    if (rc == DESK_EAUTH)
        desk_reply_header(req, "WWW-Authenticate", "Bearer");
    if (rc == DESK_ERATE)
        desk_reply_header(req, "Retry-After",
                          desk_arena_fmt(req->arena, "%lld", (long long)req->rate.reset_s));
    else if (info->http == 503 || req->again)
        desk_reply_header(req, "Retry-After", "1");
}

void desk_reply_cookie(struct desk_request *req, const char *name, const char *value,
                       int64_t max_age_s)
{
    bool secure = strncmp(desk_public_base(), "https:", 6) == 0;
    char *line = desk_arena_fmt(req->arena, "%s=%s; Path=/; Max-Age=%lld; HttpOnly; SameSite=Lax%s",
                                name, value, (long long)max_age_s, secure ? "; Secure" : "");
    if (line)
        desk_reply_header(req, "Set-Cookie", line);
}

/* Digits at *p, which moves behind them; -1 = none. More than any file has is as much as one has.
 */
static int64_t digits(const char **p)
{
    int64_t v = 0;
    const char *from = *p;
    for (; **p >= '0' && **p <= '9'; ++*p)
        v = v > INT64_MAX / 20 ? v : v * 10 + (**p - '0');
    return *p == from ? -1 : v;
}

enum desk_range desk_range_parse(const char *header, int64_t all, int64_t *first, int64_t *last)
{
    static const char unit[] = "bytes=";
    if (!header || strncmp(header, unit, sizeof unit - 1) != 0)
        return DESK_RANGE_WHOLE;
    const char *p = header + sizeof unit - 1;
    int64_t a = digits(&p);
    if (*p++ != '-')
        return DESK_RANGE_WHOLE;
    int64_t b = digits(&p);
    if (*p || (a < 0 && b < 0) || (a >= 0 && b >= 0 && b < a))
        return DESK_RANGE_WHOLE;
    if (a < 0) { /* the last b bytes */
        a = b < all ? all - b : 0;
        b = b ? all - 1 : -1;
    }
    if (b < 0 || b >= all)
        b = all - 1;
    *first = a;
    *last = b;
    return a < all && a <= b ? DESK_RANGE_PART : DESK_RANGE_BAD;
}
