#include "cgi-bin/api/openapi.h"
#include "store/pages.h"

#include <string.h>

#define WHEN   "2026-12-03T15:00:00.000Z"
#define DAY    "2026-12-01"
#define DAY_TO "2026-12-07"

/* Examples by name, of what is sent and what is answered; other texts are "text". */
static const struct {
    const char *name, *example;
} examples[] = {
    {"number", "+14155550134"},
    {"phone_number", "+14155550134"},
    {"from_number", "+14155550134"},
    {"to_number", "+18605550100"},
    {"name", "Dana Reed"},
    {"contact_name", "Mom"},
    {"category", "family"},
    {"company", "Reed and Sons"},
    {"email", "dana@example.com"},
    {"birthday", "1980-05-14"},
    {"anniversary", "05-14"},
    {"preferred", "text"},
    {"language", "es"},
    {"standing", "vip"},
    {"service", "repair"},
    {"when", "tuesday afternoon"},
    {"slot_id", "kH3v0aYd2mQ9xT5cLw8RzB1nUe6PsJ4g"},
    {"address", "12 Elm Street"},
    {"notes", "The side door"},
    {"state", "open"},
    {"status", "booked"},
    {"priority", "normal"},
    {"before", "1764770400000.call_4zQ8"},
    {"channel", "voice"},
    {"decision", "completed"},
    {"summary", "Wants the kitchen drain cleaned."},
    {"who", "caller"},
    {"how", "speech"},
    {"call_id", "call_4zQ8"},
    {"keys", "1"},
    {"text", "My kitchen drain is blocked."},
    {"url", "https://hooks.example.com/frontdesk"},
    {"events", "lead.created"},
    {"format", "standard"},
    {"kind", "calls"},
    {"trade", "plumbing"},
    {"slug", "harwick"},
    {"zone", "America/New_York"},
    {"hours_spoken", "Monday to Friday, 8 to 5"},
    {"country", "US"},
    {"owner_name", "Sal Harwick"},
    {"owner_phone", "+18605550101"},
    {"file", "/v1/exports/job_4zQ8/file"},
    {"audio", "none"},
    {"words", "12 calls are in the file"},
    {"from", "+14155550134"},
    {"to", "+18605550100"},
    {"id", "call_4zQ8"},
};

static const char *text_example(const char *name)
{
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++)
        if (strcmp(examples[i].name, name) == 0)
            return examples[i].example;
    return "text";
}

static json_t *bare_schema(const struct desk_param *p)
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
    case DESK_P_DAY:
        return json_pack("{s:s, s:s}", "type", "string", "format", "date");
    case DESK_P_WORDS:
        return json_pack("{s:[s, s], s:{s:s}}", "type", "string", "array", "items", "type",
                         "string");
    case DESK_P_TEXT:
        break;
    }
    return json_pack("{s:s, s:I}", "type", "string", "maxLength",
                     (json_int_t)(p->max ? p->max : DESK_PARAM_TEXT_MAX));
}

json_t *openapi_schema(const struct desk_param *p)
{
    json_t *s = bare_schema(p);
    json_t *example = p->kind == DESK_P_INT    ? json_integer(10)
                      : p->kind == DESK_P_BOOL ? json_true()
                      : p->kind == DESK_P_DAY  ? json_string(strcmp(p->name, "to") ? DAY : DAY_TO)
                                               : json_string(text_example(p->name));
    if (!s || json_object_set_new(s, "examples", json_pack("[o]", example))) {
        json_decref(s);
        return NULL;
    }
    return s;
}

static json_t *member_example(const char *name, const json_t *schema)
{
    const char *type = json_string_value(json_object_get(schema, "type"));
    json_t *words = json_object_get(schema, "enum");
    return words                          ? json_incref(json_array_get(words, 0))
           : strcmp(type, "integer") == 0 ? json_integer(60)
           : strcmp(type, "boolean") == 0 ? json_true()
           : strcmp(type, "string") == 0  ? json_string(text_example(name))
                                          : NULL;
}

json_t *openapi_taken(const struct desk_route *r)
{
    const char *name;
    json_t *member,
        *s = json_loads(desk_voice_body_schema((enum desk_vb_kind)(r->takes - 1)), 0, NULL);
    json_object_foreach(json_object_get(s, "properties"), name, member)
    {
        json_t *example = member_example(name, member);
        if (example)
            json_object_set_new(member, "examples", json_pack("[o]", example));
    }
    return s;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static bool is_seen(const struct desk_field *f)
{
    return !(f->flags & (DESK_F_HIDDEN | DESK_F_SECRET));
}

static json_t *field_schema(const struct desk_field *f)
{
    static const char personal[] = "null without the scope \"personal\"";
    switch (f->kind) {
    case DESK_K_INT:
        return json_pack("{s:s}", "type", "integer");
    case DESK_K_BOOL:
        return json_pack("{s:s}", "type", "boolean");
    case DESK_K_TIME:
        return json_pack("{s:[s, s], s:s}", "type", "string", "null", "format", "date-time");
    case DESK_K_TEXT:
        break;
    }
    if (f->flags & DESK_F_WORDS)
        return json_pack("{s:s, s:{s:s}}", "type", "array", "items", "type", "string");
    return f->flags & DESK_F_PII
               ? json_pack("{s:[s, s], s:s}", "type", "string", "null", "description", personal)
               : json_pack("{s:[s, s]}", "type", "string", "null");
}

static json_t *field_example(const struct desk_field *f)
{
    return f->kind == DESK_K_INT     ? json_integer(1)
           : f->kind == DESK_K_BOOL  ? json_false()
           : f->kind == DESK_K_TIME  ? json_string(WHEN)
           : f->flags & DESK_F_WORDS ? json_pack("[s]", text_example(f->column))
                                     : json_string(text_example(f->column));
}

static json_t *row_example(const struct desk_fields *f)
{
    json_t *o = json_object();
    for (size_t i = 0; o && i < f->n; i++)
        if (is_seen(&f->v[i]))
            json_object_set_new(o, f->v[i].column, field_example(&f->v[i]));
    return o;
}

json_t *openapi_row(const struct desk_fields *f)
{
    json_t *properties = json_object(), *required = json_array();
    for (size_t i = 0; i < f->n; i++) {
        if (!is_seen(&f->v[i]))
            continue;
        json_object_set_new(properties, f->v[i].column, field_schema(&f->v[i]));
        json_array_append_new(required, json_string(f->v[i].column));
    }
    return json_pack("{s:s, s:o, s:o, s:[o]}", "type", "object", "required", required, "properties",
                     properties, "examples", row_example(f));
}

/* ---- answers --------------------------------------------------------------------------------- */

bool openapi_is_list(const struct desk_route *r)
{
    return r->of && r->methods == DESK_GET && !strchr(r->path, ':');
}

static json_t *list_content(const struct desk_page *p, json_t *ref)
{
    json_t *example = json_pack("{s:[o], s:n}", p->name, row_example(p->fields), "next");
    return json_pack("{s:{s:{s:s, s:[s], s:{s:{s:s, s:o}, s:{s:[s, s]}}}, s:o}}",
                     "application/json", "schema", "type", "object", "required", p->name,
                     "properties", p->name, "type", "array", "items", ref, "next", "type", "string",
                     "null", "example", example);
}

static json_t *content(const struct desk_route *r)
{
    if (r->answers)
        return json_pack("{s:{s:{s:s}}}", r->answers, "schema", "type", "string");
    if (!r->of) {
        json_t *example = r->example ? json_loads(r->example, 0, NULL) : json_object();
        return json_pack("{s:{s:{s:s}, s:o}}", "application/json", "schema", "type", "object",
                         "example", example);
    }
    json_t *ref = json_pack("{s:s+}", "$ref", "#/components/schemas/", r->of->fields->table);
    if (openapi_is_list(r))
        return list_content(r->of, ref);
    return json_pack("{s:{s:o, s:o}}", "application/json", "schema", ref, "example",
                     row_example(r->of->fields));
}

json_t *openapi_answer(const struct desk_route *r)
{
    json_t *answer = json_pack("{s:s}", "description", "Done.");
    if (answer && r->status != 204 && (r->of || r->example || r->answers))
        json_object_set_new(answer, "content", content(r));
    return answer;
}
