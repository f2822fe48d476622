#include "talk/tool_args.h"
#include "base/limits.h"
#include "core/schema.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static bool is_space(char c)
{
    return isspace((unsigned char)c) != 0;
}

static json_t *trimmed(const char *s, size_t n)
{
    while (n && is_space(*s)) {
        s++;
        n--;
    }
    while (n && is_space(s[n - 1]))
        n--;
    return json_stringn(s, n);
}

static json_t *as_string(const json_t *v)
{
    char digits[32];
    if (json_is_string(v))
        return trimmed(json_string_value(v), json_string_length(v));
    if (!json_is_integer(v))
        return NULL;
    snprintf(digits, sizeof digits, "%lld", (long long)json_integer_value(v));
    return json_string(digits);
}

static json_t *as_boolean(const json_t *v)
{
    const char *s = json_string_value(v);
    if (s && (!strcasecmp(s, "true") || !strcasecmp(s, "yes")))
        return json_true();
    if (s && (!strcasecmp(s, "false") || !strcasecmp(s, "no")))
        return json_false();
    return json_is_boolean(v) ? json_boolean(json_is_true(v)) : NULL;
}

/* 3.0 is a whole number, too; as one it is what our tools ask for. */
static json_t *as_integer(const json_t *v)
{
    double d = json_real_value(v);
    return json_is_real(v) && fabs(d) < 1e15 && floor(d) == d ? json_integer((json_int_t)d) : NULL;
}

static const struct {
    const char *type;
    json_t *(*read)(const json_t *v);
} types[] = {{"string", as_string}, {"boolean", as_boolean}, {"integer", as_integer}};

/* A new reference: what a model wrote, as the type that the schema wants where that is plain; else
 * as it is, for the schema's check to refuse. */
static json_t *read_one(const json_t *rule, json_t *given)
{
    const char *type = json_string_value(json_object_get(rule, "type"));
    json_t *v = NULL;
    for (size_t i = 0; type && i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i].type, type) == 0)
            v = types[i].read(given);
    return v ? v : json_incref(given);
}

static void read_all(json_t *schema, const json_t *given, json_t *clean, struct desk_buf *problem)
{
    const char *name;
    json_t *rule;
    json_object_foreach(json_object_get(schema, "properties"), name, rule)
    {
        json_t *v = json_object_get(given, name);
        if (v && !json_is_null(v) && json_object_set_new(clean, name, read_one(rule, v)))
            problem->failed = true;
    }
}

/* A sentence a model can act on. */
static void tell(void *ctx, const struct desk_schema_problem *p)
{
    char path[200];
    desk_buf_fmt(ctx, "\"%s\" %s. ", desk_json_path(path, sizeof path, p->at, p->n_at), p->what);
}

enum desk_rc desk_tool_args_read(const char *schema_text, const char *text, json_t **clean,
                                 struct desk_buf *problem)
{
    enum desk_rc rc = DESK_ENOMEM;
    size_t n = text ? strlen(text) : 0;
    json_t *schema = json_loads(schema_text, 0, NULL);
    json_t *given = n > DESK_MAX_TOOL_ARGS ? NULL : json_loadb(n ? text : "{}", n ? n : 2, 0, NULL);
    *clean = json_object();
    if (!schema || !*clean)
        goto out;
    rc = DESK_EINVAL;
    if (!json_is_object(given)) {
        desk_buf_str(problem, "The arguments must be one JSON object. ");
        goto out;
    }
    read_all(schema, given, *clean, problem);
    if (desk_schema_check(schema, *clean, tell, problem) == 0)
        rc = desk_buf_ok(problem) ? DESK_OK : DESK_ENOMEM;
out:
    json_decref(schema);
    json_decref(given);
    if (rc) {
        json_decref(*clean);
        *clean = NULL;
    }
    return rc;
}

static void add_meaning(const char *s, struct desk_buf *out)
{
    bool gap = false;
    for (; *s; s++) {
        if (is_space(*s)) {
            gap = true;
            continue;
        }
        if (gap)
            desk_buf_chr(out, ' ');
        gap = false;
        desk_buf_chr(out, (char)tolower((unsigned char)*s));
    }
}

void desk_tool_args_meaning(json_t *clean, struct desk_buf *out)
{
    const char *name;
    json_t *v;
    json_object_foreach(clean, name, v)
    {
        if (json_is_string(v) && !json_string_length(v))
            continue; /* "" says as much as leaving it out */
        desk_buf_fmt(out, "%s=", name);
        if (json_is_string(v))
            add_meaning(json_string_value(v), out);
        else if (json_is_integer(v))
            desk_buf_fmt(out, "%lld", (long long)json_integer_value(v));
        else
            desk_buf_str(out, json_is_true(v) ? "true" : "false");
        desk_buf_chr(out, '\x1f');
    }
}
