#include "talk/tool_args.h"
#include "base/limits.h"

#include <ctype.h>
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

static json_t *as_integer(const json_t *v)
{
    return json_is_integer(v) ? json_integer(json_integer_value(v)) : NULL;
}

static const struct {
    const char *type, *wanted;
    json_t *(*read)(const json_t *v);
} types[] = {
    {"string", "text", as_string},
    {"boolean", "true or false", as_boolean},
    {"integer", "a whole number", as_integer},
};

static size_t letters(const char *s)
{
    size_t n = 0;
    for (; *s; s++)
        n += ((unsigned char)*s & 0xC0) != 0x80;
    return n;
}

static bool in_enum(const json_t *list, const json_t *v)
{
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item)
    {
        if (json_equal(item, v))
            return true;
    }
    return !list;
}

static void say_choices(struct desk_buf *problem, const char *name, const json_t *list)
{
    size_t i;
    json_t *item;
    desk_buf_fmt(problem, "\"%s\" must be one of:", name);
    json_array_foreach(list, i, item)
        desk_buf_fmt(problem, "%s %s", i ? "," : "", json_string_value(item));
    desk_buf_str(problem, ". ");
}

/* One argument: NULL and a sentence in problem when it does not fit its row of the schema. */
static json_t *read_one(const char *name, const json_t *rule, const json_t *given,
                        struct desk_buf *problem)
{
    const char *type = json_string_value(json_object_get(rule, "type"));
    const json_t *list = json_object_get(rule, "enum");
    json_int_t max = json_integer_value(json_object_get(rule, "maxLength"));
    json_t *v = NULL;
    for (size_t i = 0; type && i < sizeof types / sizeof *types; i++) {
        if (strcmp(types[i].type, type) != 0)
            continue;
        v = types[i].read(given);
        if (!v)
            desk_buf_fmt(problem, "\"%s\" must be %s. ", name, types[i].wanted);
    }
    if (v && !in_enum(list, v)) {
        say_choices(problem, name, list);
        goto bad;
    }
    if (v && max > 0 && json_is_string(v) && letters(json_string_value(v)) > (size_t)max) {
        desk_buf_fmt(problem, "\"%s\" is too long: at most %d letters. ", name, (int)max);
        goto bad;
    }
    return v;
bad:
    json_decref(v);
    return NULL;
}

static void read_all(const json_t *schema, const json_t *given, json_t *clean,
                     struct desk_buf *problem)
{
    const char *name;
    json_t *rule, *required;
    size_t i;
    json_object_foreach(json_object_get(schema, "properties"), name, rule)
    {
        const json_t *v = json_object_get(given, name);
        if (!v || json_is_null(v))
            continue;
        json_t *ok = read_one(name, rule, v, problem);
        if (ok && json_object_set_new(clean, name, ok))
            problem->failed = true;
    }
    json_array_foreach(json_object_get(schema, "required"), i, required)
    {
        const char *want = json_string_value(required);
        const json_t *v = json_object_get(given, want);
        if (!v || json_is_null(v))
            desk_buf_fmt(problem, "\"%s\" is missing. ", want);
    }
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
    if (problem->len == 0)
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
