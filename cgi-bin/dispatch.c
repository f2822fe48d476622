/* One request through the route table: find the row, who may, parameters, handler, failure. */
#include "cgi-bin/web.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "wire/multipart.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const struct {
    const char *word;
    unsigned method;
} methods[] = {{"GET", DESK_GET},        {"HEAD", DESK_HEAD},   {"POST", DESK_POST},
               {"PUT", DESK_PUT},        {"PATCH", DESK_PATCH}, {"DELETE", DESK_DELETE},
               {"OPTIONS", DESK_OPTIONS}};
#define N_METHODS (sizeof methods / sizeof *methods)

unsigned desk_method_parse(const char *word)
{
    for (size_t i = 0; word && i < N_METHODS; i++)
        if (strcmp(methods[i].word, word) == 0)
            return methods[i].method;
    return 0;
}

const char *desk_methods_text(unsigned set, char *out, size_t n)
{
    size_t at = 0;
    out[0] = '\0';
    for (size_t i = 0; i < N_METHODS; i++)
        if (set & methods[i].method && at < n)
            at += (size_t)snprintf(out + at, n - at, "%s%s", at ? ", " : "", methods[i].word);
    return out;
}

static bool path_fits(const char *pattern, const char *path)
{
    while (*pattern == '/' && *path == '/') {
        size_t np = strcspn(++pattern, "/"), nv = strcspn(++path, "/");
        bool any = *pattern == ':' && nv;
        if (!any && (np != nv || memcmp(pattern, path, np) != 0))
            return false;
        pattern += np;
        path += nv;
    }
    return !*pattern && !*path;
}

static unsigned row_methods(const struct desk_route *r)
{
    unsigned asked_first = r->auth == DESK_AUTH_CHAT ? DESK_OPTIONS : 0;
    return asked_first | (r->methods & DESK_GET ? r->methods | DESK_HEAD : r->methods);
}

/* The row for path and method; NULL and *rc = DESK_ENOTFOUND or DESK_EMETHOD (allow: methods of the
 * rows whose path fits). */
static const struct desk_route *find_route(const struct desk_web *web, unsigned method,
                                           const char *path, unsigned *allow, enum desk_rc *rc)
{
    *allow = 0;
    for (const struct desk_route *r = web->routes; r->path; r++) {
        if (!path_fits(r->path, path))
            continue;
        if (row_methods(r) & method) {
            *rc = DESK_OK;
            return r;
        }
        *allow |= row_methods(r);
    }
    *rc = *allow ? DESK_EMETHOD : DESK_ENOTFOUND;
    return NULL;
}

const struct desk_route *desk_route_at(const struct desk_web *web, unsigned method,
                                       const char *path)
{
    unsigned allow;
    enum desk_rc rc;
    return find_route(web, method, path, &allow, &rc);
}

static void reply_free(void *ctx)
{
    struct desk_reply *r = ctx;
    desk_buf_clear(&r->body);
    desk_buf_clear(&r->headers);
}

static void reply_begin(struct desk_request *req)
{
    memset(&req->reply, 0, sizeof req->reply);
    desk_buf_init(&req->reply.body, DESK_MAX_REPLY);
    desk_buf_init(&req->reply.headers, DESK_MAX_REPLY_HEADERS);
    desk_arena_defer(req->arena, reply_free, &req->reply);
}

static bool is_form(const char *type)
{
    static const char form[] = "application/x-www-form-urlencoded";
    return type && strncasecmp(type, form, sizeof form - 1) == 0;
}

/* A body whose members are parameters: another route reads its body itself. */
static bool wants_body(const struct desk_request *req)
{
    bool wants = false;
    for (const struct desk_param *p = req->route->params; p && p->name; p++)
        wants = wants || !(p->flags & DESK_P_PATH);
    return wants && req->web->kind == DESK_WEB_API &&
           req->method & (DESK_POST | DESK_PUT | DESK_PATCH);
}

static bool is_json(const struct desk_request *req)
{
    static const char json[] = "application/json";
    size_t n = sizeof json - 1;
    const char *type = req->content_type;
    return wants_body(req) && type && strncasecmp(type, json, n) == 0 &&
           (!type[n] || type[n] == ';' || type[n] == ' ');
}

/* A member of a JSON body as a form's field; false when it is neither text, number nor bool. */
static bool json_field(struct desk_request *req, const char *key, const json_t *v,
                       struct desk_form_pair *pair)
{
    const char *text = json_is_string(v)  ? json_string_value(v)
                       : json_is_true(v)  ? "true"
                       : json_is_false(v) ? "false"
                       : json_is_integer(v)
                           ? desk_arena_fmt(req->arena, "%lld", (long long)json_integer_value(v))
                           : NULL;
    if (!text)
        return false;
    pair->name = desk_arena_strdup(req->arena, key);
    pair->value = desk_arena_strdup(req->arena, text);
    pair->name_len = strlen(key);
    pair->value_len = strlen(text);
    return pair->name && pair->value;
}

/* REST clients send an object: its plain members are the route's parameters as a form's are. */
static enum desk_rc read_json(struct desk_request *req)
{
    const char *key;
    json_t *v, *root = json_loadb(req->body, req->body_len, 0, NULL);
    size_t n = json_object_size(root);
    enum desk_rc rc = json_is_object(root) ? DESK_OK : DESK_EINVAL;
    if (rc)
        req->detail = "The body must be a JSON object.";
    else if (n > DESK_MAX_FORM_FIELDS)
        rc = DESK_ELIMIT;
    else
        req->form.pairs = desk_arena_alloc(req->arena, (n + 1) * sizeof *req->form.pairs);
    if (!rc && !req->form.pairs)
        rc = DESK_ENOMEM;
    if (!rc)
        json_object_foreach(root, key, v)
        {
            if (json_field(req, key, v, &req->form.pairs[req->form.n]))
                req->form.n++;
        }
    json_decref(root);
    return rc;
}

/* A page's form with a file in it. */
static bool has_file(const struct desk_request *req)
{
    static const char type[] = "multipart/form-data";
    return req->web->kind == DESK_WEB_ADMIN && req->body_len && req->content_type &&
           strncasecmp(req->content_type, type, sizeof type - 1) == 0;
}

/* Its parts are fields like any others; the file's is its content. */
static enum desk_rc read_multipart(struct desk_request *req)
{
    struct desk_multipart m;
    enum desk_rc rc = desk_multipart_parse(req->content_type, req->body, req->body_len, &m);
    if (rc)
        return rc;
    req->form.pairs = desk_arena_alloc(req->arena, (m.n + 1) * sizeof *req->form.pairs);
    for (size_t i = 0; req->form.pairs && i < m.n; i++) {
        struct desk_form_pair *p = &req->form.pairs[req->form.n++];
        p->name = desk_arena_strdup(req->arena, m.parts[i].name);
        p->value = desk_arena_strndup(req->arena, m.parts[i].data, m.parts[i].len);
        p->name_len = strlen(m.parts[i].name);
        p->value_len = m.parts[i].len;
        if (!p->name || !p->value)
            return DESK_ENOMEM;
    }
    return req->form.pairs ? DESK_OK : DESK_ENOMEM;
}

static bool too_long(const struct desk_request *req)
{
    return req->body_len > (req->route->max_body ? req->route->max_body : DESK_MAX_BODY);
}

static enum desk_rc read_forms(struct desk_request *req)
{
    enum desk_rc rc = DESK_OK, body = DESK_OK;
    if (!req->body_rc && too_long(req))
        req->body_rc = DESK_ELIMIT;
    if (req->query && *req->query)
        rc = desk_form_parse(&req->query_form, req->arena, req->query, strlen(req->query));
    if (is_form(req->content_type) && req->body_len && !req->body_rc)
        body = desk_form_parse(&req->form, req->arena, req->body, req->body_len);
    if (has_file(req) && !req->body_rc)
        body = read_multipart(req);
    if (is_json(req) && req->body && req->body_len)
        body = read_json(req);
    if (wants_body(req) && req->body_len && !is_json(req) && !is_form(req->content_type)) {
        req->detail = "The body must be JSON: Content-Type: application/json.";
        body = DESK_EMEDIA;
    }
    if (body && !req->body_rc)
        req->body_rc = body;
    return rc ? rc : req->body_rc;
}

/* A refused parameter ends the request here, or is the handler's to show (web.h). */
static enum desk_rc check_values(const struct desk_request *req)
{
    const struct desk_param *p = req->route->params;
    for (size_t i = 0; p && p[i].name && i < DESK_PARAMS_MAX; i++)
        if (req->values[i].error && p[i].flags & DESK_P_PATH)
            return DESK_ENOTFOUND;
    return req->bad_values && req->web->kind == DESK_WEB_API ? DESK_EINVAL : DESK_OK;
}

static enum desk_rc run_handler(struct desk_request *req)
{
    bool readonly =
        req->db && req->web->kind == DESK_WEB_ADMIN && req->method & (DESK_GET | DESK_HEAD);
    bool sealed = req->token.id && req->method & (DESK_GET | DESK_HEAD) && !req->route->talk &&
                  !desk_token_may(req, "personal");
    bool reads =
        req->db && req->method & (DESK_GET | DESK_HEAD) &&
        req->web->kind != DESK_WEB_HOOK; /* a call's next step waits for what others write */
    if (readonly)
        desk_db_readonly(req->db, true);
    if (sealed)
        desk_db_sealed(req->db, true);
    desk_audit_before(req);
    if (reads)
        desk_db_snapshot(req->db, true);
    enum desk_rc rc = req->route->fn(req);
    if (reads)
        desk_db_snapshot(req->db, false);
    if (sealed)
        desk_db_sealed(req->db, false);
    if (readonly)
        desk_db_readonly(req->db, false);
    rc = desk_audit_after(req, rc);
    if ((rc == DESK_OK || rc == DESK_DONE) &&
        (!desk_buf_ok(&req->reply.body) || !desk_buf_ok(&req->reply.headers)))
        rc = DESK_EINTERNAL;
    return rc;
}

static enum desk_rc run_route(struct desk_request *req)
{
    /* who may comes before what is wrong with the body: a stranger learns nothing of our limits */
    enum desk_rc forms = read_forms(req), rc = desk_authorize(req);
    if (!rc && req->token.id && req->web->admit)
        rc = req->web->admit(req);
    if (rc)
        return rc;
    if (req->method == DESK_OPTIONS) { /* the browser asks whether it may ask: it may */
        req->reply.status = 204;
        return DESK_OK;
    }
    if (forms)
        return forms;
    if (!req->db && !req->route->no_db)
        return DESK_EBUSY;
    desk_params_read(req);
    rc = check_values(req);
    return rc ? rc : run_handler(req);
}

static void answer_failure(struct desk_request *req, enum desk_rc rc)
{
    const struct desk_rc_info *info = desk_rc_info(rc);
    desk_log(info->log_level, "request.failed", "zone=%s route=%s code=%s", req->web->name,
             req->route ? req->route->path : "-", info->name);
    req->reply.status = info->http;
    req->reply.type = NULL;
    desk_buf_reset(&req->reply.body);
    desk_buf_reset(&req->reply.headers);
    if (req->web->fail)
        req->web->fail(req, rc);
    else
        desk_reply_problem(req, rc, req->detail);
}

static void refuse_method(struct desk_request *req, unsigned allow)
{
    char text[64];
    answer_failure(req, DESK_EMETHOD);
    desk_reply_header(req, "Allow", desk_methods_text(allow, text, sizeof text));
}

static void count(const struct desk_request *req, enum desk_rc rc, int64_t started_us)
{
    struct desk_route_stats *s = desk_counters(req->web, (size_t)(req->route - req->web->routes));
    if (!s)
        return;
    atomic_fetch_add(&s->requests, 1);
    atomic_fetch_add(&s->micros, (uint64_t)(desk_mono_us() - started_us));
    if (rc != DESK_OK && rc != DESK_DONE)
        atomic_fetch_add(&s->failures, 1);
}

/* How often this token may ask: on every answer, also on a refusal. */
static void tell_rate(struct desk_request *req)
{
    char text[96];
    const struct desk_rate *r = &req->rate;
    if (!r->limit)
        return;
    snprintf(text, sizeof text, "\"token\";q=%lld;w=60", (long long)r->limit);
    desk_reply_header(req, "RateLimit-Policy", text);
    snprintf(text, sizeof text, "\"token\";r=%lld;t=%lld", (long long)r->left,
             (long long)r->reset_s);
    desk_reply_header(req, "RateLimit", text);
}

void desk_dispatch(const struct desk_web *web, struct desk_request *req)
{
    int64_t started_us = desk_mono_us();
    unsigned allow = 0;
    enum desk_rc rc;
    req->web = web;
    reply_begin(req);
    req->route = find_route(web, req->method, req->path, &allow, &rc);
    if (!req->route) {
        if (rc == DESK_EMETHOD)
            refuse_method(req, allow);
        else
            answer_failure(req, rc);
    } else {
        rc = run_route(req);
        if (rc != DESK_OK && rc != DESK_DONE)
            answer_failure(req, rc);
        count(req, rc, started_us);
    }
    tell_rate(req);
    if (req->route && req->route->auth == DESK_AUTH_CHAT)
        desk_chat_headers(req);
    req->rc = rc;
    if (!req->reply.status)
        req->reply.status = 200;
    /* what is behind a login or a token is for one pair of eyes */
    if (req->route && req->route->auth != DESK_AUTH_NONE &&
        !strcasestr(desk_buf_cstr(&req->reply.headers), "cache-control:"))
        desk_reply_header(req, "Cache-Control", "no-store");
}
