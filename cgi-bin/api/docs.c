/* GET /docs/api and /docs/api/:part: what /openapi.json says, to read: the route table in parts,
 * each operation with what it takes, how to ask with curl, and an answer. No script: a browser's
 * own search finds what is there. */
#include "cgi-bin/api/api.h"
#include "cgi-bin/api/openapi.h"
#include "cgi-bin/view.h"
#include "wire/form.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PART_LEN  40
#define MACHINE   "machine" /* health, counters, descriptions: the last part */
#define CONCIERGE "concierge"
#define CURL_MOST 4000

/* ---- parts ----------------------------------------------------------------------------------- */

/* "/v1/calls/:id" → "calls". */
static const char *part_of(const struct desk_route *r, char out[PART_LEN])
{
    const char *p = strncmp(r->path, "/v1/", 4) == 0 ? r->path + 4 : r->path + 1;
    size_t n = strcspn(p, "/");
    if (r->no_db || r->old)
        snprintf(out, PART_LEN, "%s", r->old ? CONCIERGE : MACHINE);
    else
        snprintf(out, PART_LEN, "%.*s", n < PART_LEN ? (int)n : PART_LEN - 1, p);
    return out;
}

static bool is_of(const struct desk_route *r, const char *part)
{
    char own[PART_LEN];
    return strcmp(part_of(r, own), part) == 0;
}

/* Is it the first row of its part? */
static bool leads(const struct desk_route *routes, const struct desk_route *r)
{
    char part[PART_LEN];
    part_of(r, part);
    for (const struct desk_route *p = routes; p < r; p++)
        if (is_of(p, part))
            return false;
    return true;
}

static const char *title_of(struct desk_request *req, const char *part)
{
    char *out = desk_arena_strdup(req->arena, part);
    if (out)
        *out = (char)toupper((unsigned char)*out);
    return out;
}

/* "/v1/calls/:id" → "/v1/calls/{id}". NULL: no memory. */
static const char *path_of(struct desk_request *req, const struct desk_route *r)
{
    const char *out = "";
    for (const char *p = r->path; *p && out;) {
        size_t n = 1 + strcspn(p + 1, "/");
        out = p[1] == ':' ? desk_arena_fmt(req->arena, "%s/{%.*s}", out, (int)n - 2, p + 2)
                          : desk_arena_fmt(req->arena, "%s%.*s", out, (int)n, p);
        p += n;
    }
    return out;
}

static void set_head(struct desk_request *req, struct desk_view *v, const char *prefix,
                     const struct desk_route *r)
{
    char verb[64];
    desk_view_setf(v, desk_methods_text(r->methods, verb, sizeof verb), "%s.Verb", prefix);
    desk_view_setf(v, path_of(req, r), "%s.Path", prefix);
    desk_view_setf(v, r->help, "%s.Help", prefix);
}

static void set_part(struct desk_request *req, struct desk_view *v, size_t at, const char *part)
{
    char prefix[64];
    size_t n = 0;
    desk_view_setf(v, title_of(req, part), "Parts.%zu.Title", at);
    desk_view_setf(v, part, "Parts.%zu.Name", at);
    for (const struct desk_route *r = req->web->routes; r->path; r++)
        if (is_of(r, part)) {
            snprintf(prefix, sizeof prefix, "Parts.%zu.Rows.%zu", at, n++);
            set_head(req, v, prefix, r);
        }
}

enum desk_rc api_docs(struct desk_request *req)
{
    struct desk_view *v = desk_page_begin(req, "REST API");
    char part[PART_LEN];
    size_t n = 0;
    if (!v)
        return DESK_ENOMEM;
    for (const struct desk_route *r = req->web->routes; r->path; r++)
        if (leads(req->web->routes, r) && !is_of(r, MACHINE))
            set_part(req, v, n++, part_of(r, part));
    set_part(req, v, n, MACHINE);
    desk_view_set(v, "Base", desk_public_base());
    return desk_page_send(req, v, 0);
}

/* ---- one part -------------------------------------------------------------------------------- */

static const char *dump(struct desk_request *req, const json_t *value, size_t flags)
{
    char *text = value ? json_dumps(value, flags | JSON_ENCODE_ANY) : NULL;
    const char *out = text ? desk_arena_strdup(req->arena, text) : NULL;
    free(text);
    return out;
}

static const json_t *shown(const json_t *schema)
{
    return json_array_get(json_object_get(schema, "examples"), 0);
}

static const char *kind_of(const json_t *schema)
{
    const json_t *type = json_object_get(schema, "type");
    const char *word = json_string_value(json_is_array(type) ? json_array_get(type, 0) : type);
    const char *format = json_string_value(json_object_get(schema, "format"));
    return format ? format : word ? word : "object";
}

struct taken {
    const char *name, *where, *what;
    bool must;
    const json_t *schema;
};

static void set_taken(struct desk_view *v, const char *op, size_t at, const struct taken *t)
{
    desk_view_setf(v, t->name, "%s.Takes.%zu.Name", op, at);
    desk_view_setf(v, t->where, "%s.Takes.%zu.Where", op, at);
    desk_view_setf(v, kind_of(t->schema), "%s.Takes.%zu.Kind", op, at);
    desk_view_setf(v, t->must ? "1" : "", "%s.Takes.%zu.Must", op, at);
    desk_view_setf(v, t->what, "%s.Takes.%zu.What", op, at);
}

static bool among(const json_t *list, const char *word)
{
    size_t i;
    json_t *one;
    json_array_foreach(list, i, one)
    {
        if (strcmp(json_string_value(one), word) == 0)
            return true;
    }
    return false;
}

static void set_all_taken(struct desk_view *v, const char *op, const json_t *params,
                          const json_t *sent)
{
    size_t i, n = 0;
    const char *name;
    json_t *p;
    json_array_foreach(params, i, p)
    {
        const struct taken t = {json_string_value(json_object_get(p, "name")),
                                json_string_value(json_object_get(p, "in")),
                                json_string_value(json_object_get(p, "description")),
                                json_is_true(json_object_get(p, "required")),
                                json_object_get(p, "schema")};
        set_taken(v, op, n++, &t);
    }
    json_object_foreach(json_object_get(sent, "properties"), name, p)
    {
        const struct taken t = {name, "body", json_string_value(json_object_get(p, "description")),
                                among(json_object_get(sent, "required"), name), p};
        set_taken(v, op, n++, &t);
    }
}

/* What must be sent, by its examples; without such a thing all that may be. */
static json_t *example_sent(const json_t *sent)
{
    const json_t *must = json_object_get(sent, "required");
    json_t *out = json_object(), *p;
    const char *name;
    json_object_foreach(json_object_get(sent, "properties"), name, p)
    {
        if (shown(p) && (!json_array_size(must) || among(must, name)))
            json_object_set(out, name, (json_t *)(uintptr_t)shown(p));
    }
    return out;
}

/* Required ones only: "?service=repair". */
static void add_query(struct desk_buf *b, const json_t *params)
{
    size_t i;
    json_t *p;
    struct desk_buf q;
    desk_buf_init(&q, CURL_MOST);
    json_array_foreach(params, i, p)
    {
        const char *example = json_string_value(shown(json_object_get(p, "schema")));
        if (example && json_is_true(json_object_get(p, "required")) &&
            strcmp(json_string_value(json_object_get(p, "in")), "query") == 0)
            desk_form_add(&q, json_string_value(json_object_get(p, "name")), example);
    }
    if (q.len)
        desk_buf_fmt(b, "?%s", desk_buf_cstr(&q));
    desk_buf_clear(&q);
}

/* NULL: no memory. */
static const char *how_of(struct desk_request *req, const struct desk_route *r,
                          const json_t *params, const json_t *sent)
{
    struct desk_buf b;
    char verb[64];
    json_t *body = sent ? example_sent(sent) : NULL;
    const char *text = dump(req, body, JSON_COMPACT);
    json_decref(body);
    desk_buf_init(&b, CURL_MOST);
    desk_buf_str(&b, "curl ");
    if (!(r->methods & DESK_GET))
        desk_buf_fmt(&b, "-X %s ", desk_methods_text(r->methods, verb, sizeof verb));
    desk_buf_fmt(&b, "'%s%s", desk_public_base(), path_of(req, r));
    add_query(&b, params);
    desk_buf_str(&b, "'");
    if (r->auth != DESK_AUTH_NONE)
        desk_buf_str(&b, " \\\n  -H 'Authorization: Bearer TOKEN'");
    if (text)
        desk_buf_fmt(&b, " \\\n  -H 'Content-Type: application/json' \\\n  -d '%s'", text);
    const char *out = desk_buf_ok(&b) ? desk_arena_strdup(req->arena, desk_buf_cstr(&b)) : NULL;
    desk_buf_clear(&b);
    return out;
}

static void set_answer(struct desk_request *req, struct desk_view *v, const char *op,
                       const struct desk_route *r)
{
    char status[16];
    const char *type;
    json_t *answer = openapi_answer(r), *content;
    snprintf(status, sizeof status, "%d", r->status ? r->status : 200);
    desk_view_setf(v, status, "%s.Status", op);
    json_object_foreach(json_object_get(answer, "content"), type, content)
    {
        const json_t *example = json_object_get(content, "example");
        desk_view_setf(v, type, "%s.Type", op);
        desk_view_setf(v, dump(req, example, JSON_INDENT(2)), "%s.Example", op);
    }
    json_decref(answer);
}

/* Its scopes in words. */
static const char *needs(const struct desk_route *r)
{
    if (r->auth == DESK_AUTH_NONE)
        return "no token";
    if (r->auth == DESK_AUTH_QUESTION || (r->personal && r->methods & DESK_GET))
        return "a token with read and personal";
    if (r->personal)
        return "a token with write and personal";
    return r->methods & DESK_GET ? "a token with read" : "a token with write";
}

static void set_operation(struct desk_request *req, struct desk_view *v, size_t at,
                          const struct desk_route *r)
{
    char op[32];
    json_t *params = openapi_parameters(r), *sent = openapi_sent(r);
    snprintf(op, sizeof op, "Ops.%zu", at);
    set_head(req, v, op, r);
    desk_view_setf(v, needs(r), "%s.Needs", op);
    set_all_taken(v, op, params, sent);
    desk_view_setf(v, how_of(req, r, params, sent), "%s.Curl", op);
    set_answer(req, v, op, r);
    json_decref(params);
    json_decref(sent);
}

enum desk_rc api_docs_part(struct desk_request *req)
{
    const char *part = desk_param(req, "part")->text, *title = title_of(req, part);
    size_t n = 0;
    struct desk_view *v =
        title ? desk_page_begin(req, desk_arena_fmt(req->arena, "%s: REST API", title)) : NULL;
    if (!v)
        return DESK_ENOMEM;
    for (const struct desk_route *r = req->web->routes; r->path; r++)
        if (is_of(r, part))
            set_operation(req, v, n++, r);
    if (!n)
        return DESK_ENOTFOUND;
    desk_view_set(v, "Part", title);
    return desk_page_send(req, v, 0);
}
