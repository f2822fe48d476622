/* GET /openapi.json: the route table as an OpenAPI document. Nothing in it is written twice. */
#include "cgi-bin/api/api.h"
#include "cgi-bin/api/openapi.h"
#include "base/limits.h"
#include "store/pages.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

/* What is posted comes in the body, what is got in the query. */
static bool has_body(const struct desk_route *r)
{
    return r->methods & (DESK_POST | DESK_PUT | DESK_PATCH);
}

static void add_header(json_t *list, const char *name, const char *what)
{
    json_array_append_new(list, json_pack("{s:s, s:s, s:b, s:s, s:{s:s}}", "name", name, "in",
                                          "header", "required", 0, "description", what, "schema",
                                          "type", "string"));
}

/* A write that runs through rest_write(): all that say how large they may be, and are by token. */
static bool is_write(const struct desk_route *r)
{
    return r->auth == DESK_AUTH_TOKEN && (r->strict || r->methods & DESK_DELETE);
}

json_t *openapi_parameters(const struct desk_route *r)
{
    json_t *list = json_array();
    for (const struct desk_param *p = r->params; p && p->name; p++) {
        bool path = p->flags & DESK_P_PATH;
        if (!path && has_body(r))
            continue;
        json_array_append_new(list, json_pack("{s:s, s:s, s:b, s:s, s:o}", "name", p->name, "in",
                                              path ? "path" : "query", "required",
                                              path || p->flags & DESK_P_REQUIRED, "description",
                                              p->label ? p->label : p->name, "schema",
                                              openapi_schema(p)));
    }
    if (is_write(r))
        add_header(list, "Idempotency-Key",
                   "The same key a second time does nothing, and is "
                   "answered as the first time.");
    if (is_write(r) && r->of && !(r->methods & DESK_POST))
        add_header(list, "If-Match", "The ETag of what you read: refused when it has changed.");
    return list;
}

static bool by_token(const struct desk_route *r)
{
    return r->auth == DESK_AUTH_TOKEN || r->auth == DESK_AUTH_QUESTION;
}

/* Of a website: by the page's address, and a chat that was begun by its secret, too. */
static bool by_secret(const struct desk_route *r)
{
    return r->auth == DESK_AUTH_CHAT && strstr(r->path, ":id");
}

/* What may go wrong: each is a Problem. */
static void add_problems(json_t *responses, const struct desk_route *r)
{
    bool chat = r->auth == DESK_AUTH_CHAT;
    const struct {
        const char *status;
        bool may;
    } rows[] = {
        {"401", by_token(r) || by_secret(r)},
        {"403", by_token(r) || chat},
        {"404", strchr(r->path, ':') != NULL},
        {"409", (is_write(r) && r->of) || by_secret(r)},
        {"412", is_write(r) && r->of && !(r->methods & DESK_POST)},
        {"413", has_body(r)},
        {"415", has_body(r)},
        {"422", r->params != NULL || r->takes},
        {"429", by_token(r) || chat},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].may)
            json_object_set_new(responses, rows[i].status,
                                json_pack("{s:s}", "$ref", "#/components/responses/Problem"));
}

/* The parameters of a body as a JSON object. NULL: there are none. */
static json_t *sent_schema(const struct desk_route *r)
{
    json_t *properties = json_object(), *required = json_array();
    for (const struct desk_param *p = r->params; p && p->name; p++) {
        if (p->flags & DESK_P_PATH)
            continue;
        json_t *s = openapi_schema(p);
        json_object_set_new(s, "description", json_string(p->label ? p->label : p->name));
        json_object_set_new(properties, p->name, s);
        if (p->flags & DESK_P_REQUIRED)
            json_array_append_new(required, json_string(p->name));
    }
    if (!json_object_size(properties)) {
        json_decref(properties);
        json_decref(required);
        return NULL;
    }
    return json_pack("{s:s, s:b, s:o, s:o}", "type", "object", "additionalProperties", !r->strict,
                     "required", required, "properties", properties);
}

json_t *openapi_sent(const struct desk_route *r)
{
    return r->takes ? openapi_taken(r) : has_body(r) ? sent_schema(r) : NULL;
}

/* What is sent; NULL: the route takes no body. */
static json_t *body(const struct desk_route *r)
{
    json_t *schema = openapi_sent(r);
    if (!schema)
        return NULL;
    bool needs = json_array_size(json_object_get(schema, "required"));
    return json_pack("{s:b, s:{s:{s:o}}}", "required", needs, "content", "application/json",
                     "schema", schema);
}

/* The scopes that a token needs: what the matrix of rights is made from, too. */
static json_t *scopes(const struct desk_route *r)
{
    if (by_secret(r))
        return json_pack("[{s:[]}]", "chat");
    if (r->auth == DESK_AUTH_QUESTION)
        return json_pack("[{s:[s, s]}]", "token", "read", "personal");
    return json_pack("[{s:[s, s*]}]", "token", r->methods & DESK_GET ? "read" : "write",
                     r->personal ? "personal" : NULL);
}

static json_t *operation(const struct desk_route *r, const char *id)
{
    char status[16];
    snprintf(status, sizeof status, "%d", r->status ? r->status : 200);
    json_t *responses = json_pack("{s:o, s:{s:s}}", status, openapi_answer(r), "default", "$ref",
                                  "#/components/responses/Problem");
    if (responses)
        add_problems(responses, r);
    json_t *op = json_pack("{s:s, s:s, s:o, s:o}", "operationId", id, "summary", r->help,
                           "parameters", openapi_parameters(r), "responses", responses);
    json_t *sent = op ? body(r) : NULL;
    if (sent)
        json_object_set_new(op, "requestBody", sent);
    if (op && (by_token(r) || by_secret(r)))
        json_object_set_new(op, "security", scopes(r));
    return op;
}

/* "/v1/calls/:id" → "/v1/calls/{id}", and "get_v1_calls_id". */
static void names(const struct desk_route *r, const char *verb, struct desk_buf *path,
                  struct desk_buf *id)
{
    bool open = false;
    desk_buf_str(id, verb);
    desk_buf_chr(id, '_');
    for (const char *p = r->path + 1; *p; p++)
        if (*p != ':')
            desk_buf_chr(id, *p == '/' || *p == '.' || *p == '-' ? '_' : *p);
    for (const char *p = r->path; *p; p++) {
        if (*p == '/' && open) {
            desk_buf_chr(path, '}');
            open = false;
        }
        desk_buf_chr(path, *p == ':' ? '{' : *p);
        open = open || *p == ':';
    }
    if (open)
        desk_buf_chr(path, '}');
}

static void add_route(json_t *paths, const struct desk_route *r)
{
    static const struct {
        unsigned method;
        const char *verb;
    } verbs[] = {{DESK_GET, "get"},
                 {DESK_POST, "post"},
                 {DESK_PUT, "put"},
                 {DESK_PATCH, "patch"},
                 {DESK_DELETE, "delete"}};
    struct desk_buf path, id;
    desk_buf_init(&path, 500);
    desk_buf_init(&id, 500);
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (!(r->methods & verbs[i].method))
            continue;
        desk_buf_reset(&path);
        desk_buf_reset(&id);
        names(r, verbs[i].verb, &path, &id);
        json_t *item = json_object_get(paths, desk_buf_cstr(&path));
        if (!item) {
            item = json_object();
            json_object_set_new(paths, desk_buf_cstr(&path), item);
        }
        json_object_set_new(item, verbs[i].verb, operation(r, desk_buf_cstr(&id)));
    }
    desk_buf_clear(&path);
    desk_buf_clear(&id);
}

static json_t *problem_schema(void)
{
    return json_pack("{s:s, s:[s, s, s], s:{s:{s:s}, s:{s:s}, s:{s:s}, s:{s:s}, s:{s:s}, s:{s:s}, "
                     "s:{s:s, s:{s:s, s:{s:{s:s}, s:{s:s}, s:{s:s}}}}}}",
                     "type", "object", "required", "title", "status", "code", "properties", "title",
                     "type", "string", "status", "type", "integer", "code", "type", "string",
                     "detail", "type", "string", "reason", "type", "string", "request_id", "type",
                     "string", "errors", "type", "array", "items", "type", "object", "properties",
                     "pointer", "type", "string", "name", "type", "string", "message", "type",
                     "string");
}

static json_t *components(const struct desk_web *web)
{
    json_t *schemas = json_pack("{s:o}", "Problem", problem_schema());
    for (const struct desk_route *r = web->routes; schemas && r->path; r++)
        if (r->of && !json_object_get(schemas, r->of->fields->table))
            json_object_set_new(schemas, r->of->fields->table, openapi_row(r->of->fields));
    return json_pack(
        "{s:o, s:{s:{s:s, s:{s:{s:{s:s}}}}}, s:{s:{s:s, s:s, s:s}, s:{s:s, s:s, s:s}}}", "schemas",
        schemas, "responses", "Problem", "description", "What went wrong.", "content",
        "application/problem+json", "schema", "$ref", "#/components/schemas/Problem",
        "securitySchemes", "token", "type", "http", "scheme", "bearer", "description",
        "Scopes: read, write, and personal for names, numbers and words of people.", "chat", "type",
        "http", "scheme", "bearer", "description",
        "The secret of a chat, from its start; Origin must be the website's.");
}

enum desk_rc api_openapi(struct desk_request *req)
{
    json_t *paths = json_object();
    for (const struct desk_route *r = req->web->routes; paths && r->path; r++)
        add_route(paths, r);
    json_t *root =
        json_pack("{s:s, s:{s:s, s:s, s:s}, s:[{s:s}], s:o, s:o}", "openapi", "3.1.0", "info",
                  "title", "Frontdesk", "version", "1", "description",
                  "Calls that the front desk answered, and what came of them.", "servers", "url",
                  desk_public_base(), "paths", paths, "components", components(req->web));
    return desk_reply_json(req, 200, root);
}
