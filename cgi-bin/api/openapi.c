/* GET /v1/openapi.json: the route table as an OpenAPI document. Nothing in it is written twice. */
#include "cgi-bin/api/api.h"
#include "base/limits.h"

#include <jansson.h>
#include <string.h>

static json_t *schema(const struct desk_param *p)
{
    switch (p->kind) {
    case DESK_P_INT:
        return p->max ? json_pack("{s:s, s:i, s:I}", "type", "integer", "minimum", 0, "maximum",
                                  (json_int_t)p->max)
                      : json_pack("{s:s, s:i}", "type", "integer", "minimum", 0);
    case DESK_P_BOOL:
        return json_pack("{s:s}", "type", "boolean");
    case DESK_P_ID:
        return json_pack("{s:s, s:s}", "type", "string", "pattern", "^[A-Za-z0-9_-]{1,39}$");
    case DESK_P_PHONE:
        return json_pack("{s:s, s:s}", "type", "string", "description",
                         "E.164, or as people write it");
    case DESK_P_TEXT:
        break;
    }
    return json_pack("{s:s, s:I}", "type", "string", "maxLength",
                     (json_int_t)(p->max ? p->max : DESK_PARAM_TEXT_MAX));
}

/* What is posted comes in the body, what is got in the query. */
static bool has_body(const struct desk_route *r)
{
    return r->methods & (DESK_POST | DESK_PUT | DESK_PATCH);
}

static json_t *parameters(const struct desk_route *r)
{
    json_t *list = json_array();
    for (const struct desk_param *p = r->params; p && p->name; p++) {
        bool path = p->flags & DESK_P_PATH;
        if (!path && has_body(r))
            continue;
        json_array_append_new(list, json_pack("{s:s, s:s, s:b, s:s, s:o}", "name", p->name, "in",
                                              path ? "path" : "query", "required",
                                              path || p->flags & DESK_P_REQUIRED, "description",
                                              p->label ? p->label : p->name, "schema", schema(p)));
    }
    return list;
}

/* The body as a JSON object; NULL: the route takes none. */
static json_t *body(const struct desk_route *r)
{
    json_t *properties = json_object(), *required = json_array();
    for (const struct desk_param *p = r->params; p && p->name; p++) {
        if (p->flags & DESK_P_PATH)
            continue;
        json_t *s = schema(p);
        json_object_set_new(s, "description", json_string(p->label ? p->label : p->name));
        json_object_set_new(properties, p->name, s);
        if (p->flags & DESK_P_REQUIRED)
            json_array_append_new(required, json_string(p->name));
    }
    if (!has_body(r) || !json_object_size(properties)) {
        json_decref(properties);
        json_decref(required);
        return NULL;
    }
    return json_pack("{s:b, s:{s:{s:{s:s, s:o, s:o}}}}", "required", 1, "content",
                     "application/json", "schema", "type", "object", "required", required,
                     "properties", properties);
}

static json_t *operation(const struct desk_route *r, const char *id)
{
    json_t *op =
        json_pack("{s:s, s:s, s:o, s:{s:{s:s}, s:{s:s, s:{s:{s:{s:s}}}}}}", "operationId", id,
                  "summary", r->help, "parameters", parameters(r), "responses", "200",
                  "description", "Done.", "default", "description", "What went wrong.", "content",
                  "application/problem+json", "schema", "$ref", "#/components/schemas/Problem");
    json_t *sent = op ? body(r) : NULL;
    if (sent)
        json_object_set_new(op, "requestBody", sent);
    if (op && (r->auth == DESK_AUTH_TOKEN || r->auth == DESK_AUTH_QUESTION))
        json_object_set_new(op, "security", json_pack("[{s:[]}]", "token"));
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

enum desk_rc api_openapi(struct desk_request *req)
{
    json_t *paths = json_object();
    for (const struct desk_route *r = req->web->routes; paths && r->path; r++)
        add_route(paths, r);
    json_t *root = json_pack(
        "{s:s, s:{s:s, s:s, s:s}, s:[{s:s}], s:o, s:{s:{s:{s:s, s:s}}, "
        "s:{s:{s:s, s:[s, s, s], s:{s:{s:s}, s:{s:s}, s:{s:s}, s:{s:s}, s:{s:s}}}}}}",
        "openapi", "3.1.0", "info", "title", "Frontdesk", "version", "1", "description",
        "Calls that the front desk answered.", "servers", "url", desk_public_base(), "paths", paths,
        "components", "securitySchemes", "token", "type", "http", "scheme", "bearer", "schemas",
        "Problem", "type", "object", "required", "title", "status", "code", "properties", "title",
        "type", "string", "status", "type", "integer", "code", "type", "string", "detail", "type",
        "string", "request_id", "type", "string");
    return desk_reply_json(req, 200, root);
}
