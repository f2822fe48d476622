#include "core/schema.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "core/day_text.h"

#include <math.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#define WHAT_MAX 600 /* bytes of one sentence */
#define KEY_MAX  40  /* letters of a key that may be a mistyped one */

struct walk {
    json_t *root; /* of the schema: where $defs are */
    desk_schema_report *report;
    void *ctx;
    size_t problems, depth, n_at;
    struct desk_json_step at[DESK_MAX_SCHEMA_DEPTH];
};

static void check(struct walk *w, json_t *schema, json_t *v);

/* ---- telling --------------------------------------------------------------------------------- */

static void tell(struct walk *w, bool of_key, const char *what)
{
    w->problems++;
    if (w->report)
        w->report(w->ctx, &(struct desk_schema_problem){w->at, w->n_at, of_key, what});
}

static void tell_buf(struct walk *w, bool of_key, struct desk_buf *what)
{
    tell(w, of_key, desk_buf_ok(what) ? desk_buf_cstr(what) : "is not right");
    desk_buf_clear(what);
}

static const char *title_of(json_t *schema)
{
    return json_string_value(json_object_get(schema, "title"));
}

/* "must be " and what the schema itself says, else what the keyword says. */
static void must_be(struct walk *w, json_t *schema, const char *fallback)
{
    struct desk_buf what;
    const char *title = title_of(schema);
    desk_buf_init(&what, WHAT_MAX);
    desk_buf_fmt(&what, "must be %s", title ? title : fallback);
    tell_buf(w, false, &what);
}

/* The same with a number: "must be at most 40 letters". */
static void must_be_n(struct walk *w, json_t *schema, const char *before, double n,
                      const char *after)
{
    struct desk_buf what;
    const char *title = title_of(schema);
    desk_buf_init(&what, WHAT_MAX);
    if (title)
        desk_buf_fmt(&what, "must be %s", title);
    else
        desk_buf_fmt(&what, "%s %.15g%s", before, n, after);
    tell_buf(w, false, &what);
}

static bool enter(struct walk *w, const char *key, size_t index)
{
    if (w->n_at == DESK_MAX_SCHEMA_DEPTH) {
        tell(w, false, "is nested too deeply");
        return false;
    }
    w->at[w->n_at++] = (struct desk_json_step){key, index};
    return true;
}

static void leave(struct walk *w)
{
    w->n_at--;
}

/* ---- any value ------------------------------------------------------------------------------- */

static bool whole(json_t *v)
{
    double d = json_real_value(v);
    return json_is_integer(v) || (json_is_real(v) && floor(d) == d);
}

static bool is_string(json_t *v)
{
    return json_is_string(v);
}

static bool is_number(json_t *v)
{
    return json_is_number(v);
}

static bool is_boolean(json_t *v)
{
    return json_is_boolean(v);
}

static bool is_array(json_t *v)
{
    return json_is_array(v);
}

static bool is_object(json_t *v)
{
    return json_is_object(v);
}

static bool is_null(json_t *v)
{
    return json_is_null(v);
}

static const struct {
    const char *name, *words;
    bool (*is)(json_t *v);
} types[] = {
    {"string", "text", is_string},
    {"integer", "a whole number", whole},
    {"number", "a number", is_number},
    {"boolean", "true or false", is_boolean},
    {"array", "a list: [ … ]", is_array},
    {"object", "an object: { … }", is_object},
    {"null", "null", is_null},
};
#define N_TYPES (sizeof types / sizeof *types)

static size_t type_row(const char *name)
{
    size_t i = 0;
    while (i < N_TYPES && (!name || strcmp(types[i].name, name) != 0))
        i++;
    return i;
}

/* Is v of that type? words collects what it should be. */
static bool of_type(json_t *name, json_t *v, struct desk_buf *words)
{
    size_t i = type_row(json_string_value(name));
    if (i == N_TYPES)
        return false;
    desk_buf_fmt(words, "%s%s", words->len ? " or " : "", types[i].words);
    return types[i].is(v);
}

static bool type_fits(json_t *rule, json_t *v, struct desk_buf *words)
{
    size_t i;
    json_t *one;
    if (!json_is_array(rule))
        return of_type(rule, v, words);
    json_array_foreach(rule, i, one)
    {
        if (of_type(one, v, words))
            return true;
    }
    return false;
}

static void check_type(struct walk *w, json_t *schema, json_t *rule, json_t *v)
{
    struct desk_buf words;
    desk_buf_init(&words, WHAT_MAX);
    if (!type_fits(rule, v, &words))
        must_be(w, schema, desk_buf_cstr(&words));
    desk_buf_clear(&words);
}

static void add_value(struct desk_buf *out, json_t *v)
{
    char *text = json_is_string(v) ? NULL : json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT);
    desk_buf_str(out, text ? text : json_string_value(v));
    free(text);
}

static void check_enum(struct walk *w, json_t *schema, json_t *rule, json_t *v)
{
    size_t i;
    json_t *one;
    struct desk_buf what;
    (void)schema;
    json_array_foreach(rule, i, one)
    {
        if (json_equal(one, v))
            return;
    }
    desk_buf_init(&what, WHAT_MAX);
    desk_buf_str(&what, "must be one of:");
    json_array_foreach(rule, i, one)
    {
        desk_buf_str(&what, i ? ", " : " ");
        add_value(&what, one);
    }
    tell_buf(w, false, &what);
}

static void check_const(struct walk *w, json_t *schema, json_t *rule, json_t *v)
{
    struct desk_buf what;
    if (json_equal(rule, v))
        return;
    desk_buf_init(&what, WHAT_MAX);
    add_value(&what, rule);
    must_be(w, schema, desk_buf_cstr(&what));
    desk_buf_clear(&what);
}

static json_t *resolve(struct walk *w, json_t *rule)
{
    static const char home[] = "#/$defs/";
    const char *to = json_string_value(rule);
    if (!to || strncmp(to, home, sizeof home - 1) != 0)
        return NULL;
    return json_object_get(json_object_get(w->root, "$defs"), to + sizeof home - 1);
}

static void check_ref(struct walk *w, json_t *schema, json_t *rule, json_t *v)
{
    json_t *def = resolve(w, rule);
    (void)schema;
    if (def)
        check(w, def, v);
    else
        tell(w, false, "cannot be checked: the schema refers to nothing");
}

static bool fits(struct walk *w, json_t *schema, json_t *v)
{
    struct walk quiet = {.root = w->root, .depth = w->depth, .n_at = w->n_at};
    check(&quiet, schema, v);
    return quiet.problems == 0;
}

/* Might v have been meant as this alternative? Then its problems are worth telling one by one. */
static bool meant(struct walk *w, json_t *alternative, json_t *v)
{
    struct desk_buf words;
    json_t *ref = json_object_get(alternative, "$ref");
    json_t *schema = ref ? resolve(w, ref) : alternative;
    json_t *type = json_object_get(schema, "type");
    desk_buf_init(&words, WHAT_MAX);
    bool yes = type && !json_object_get(schema, "const") && type_fits(type, v, &words);
    desk_buf_clear(&words);
    return yes;
}

static void check_any(struct walk *w, json_t *schema, json_t *rule, json_t *v)
{
    size_t i;
    json_t *one;
    json_array_foreach(rule, i, one)
    {
        if (fits(w, one, v))
            return;
    }
    json_array_foreach(rule, i, one)
    {
        if (meant(w, one, v)) {
            check(w, one, v);
            return;
        }
    }
    must_be(w, schema, "something else");
}

/* ---- objects --------------------------------------------------------------------------------- */

static void check_properties(struct walk *w, json_t *schema, json_t *rule, json_t *v)
{
    const char *key;
    json_t *sub;
    (void)schema;
    json_object_foreach(rule, key, sub)
    {
        json_t *member = json_object_get(v, key);
        if (!member || !enter(w, key, 0))
            continue;
        check(w, sub, member);
        leave(w);
    }
}

/* The title of a member, also by a $ref: what is missing is said with it. */
static const char *member_title(struct walk *w, json_t *schema, const char *key)
{
    json_t *sub = json_object_get(json_object_get(schema, "properties"), key);
    json_t *ref = json_object_get(sub, "$ref");
    const char *title = title_of(sub);
    return title || !ref ? title : title_of(resolve(w, ref));
}

static void check_required(struct walk *w, json_t *schema, json_t *rule, json_t *v)
{
    size_t i;
    json_t *one;
    json_array_foreach(rule, i, one)
    {
        struct desk_buf what;
        const char *key = json_string_value(one);
        if (!json_is_object(v) || json_object_get(v, key) || !enter(w, key, 0))
            continue;
        const char *title = member_title(w, schema, key);
        desk_buf_init(&what, WHAT_MAX);
        desk_buf_fmt(&what, "is missing%s%s", title ? ": it must be " : "", title ? title : "");
        tell_buf(w, false, &what);
        leave(w);
    }
}

/* Letters to change, add or take away to get from a to b: a mistyped key is near the right one. */
static size_t distance(const char *a, const char *b)
{
    size_t row[KEY_MAX + 1], n = strlen(b);
    if (n > KEY_MAX || strlen(a) > KEY_MAX)
        return KEY_MAX;
    for (size_t k = 0; k <= n; k++)
        row[k] = k;
    for (size_t i = 0; a[i]; i++) {
        size_t corner = row[0];
        row[0] = i + 1;
        for (size_t k = 0; k < n; k++) {
            size_t change = corner + (a[i] != b[k]);
            size_t other = (row[k] < row[k + 1] ? row[k] : row[k + 1]) + 1;
            corner = row[k + 1];
            row[k + 1] = change < other ? change : other;
        }
    }
    return row[n];
}

static void tell_unknown(struct walk *w, const char *unknown, json_t *properties)
{
    const char *key, *nearest = NULL;
    json_t *sub;
    struct desk_buf what;
    size_t n = 0, least = strlen(unknown) / 2;
    desk_buf_init(&what, WHAT_MAX);
    desk_buf_str(&what, "is not known here");
    json_object_foreach(properties, key, sub)
    {
        size_t far = distance(unknown, key);
        if (far <= 3 && far <= least) {
            least = far;
            nearest = key;
        }
    }
    if (nearest)
        desk_buf_fmt(&what, ": did you mean %s?", nearest);
    else
        json_object_foreach(properties, key, sub)
            desk_buf_fmt(&what, "%s%s", n++ ? ", " : "; known are: ", key);
    tell_buf(w, true, &what);
}

static void check_additional(struct walk *w, json_t *schema, json_t *rule, json_t *v)
{
    json_t *properties = json_object_get(schema, "properties");
    const char *key;
    json_t *member;
    json_object_foreach(v, key, member)
    {
        if (json_object_get(properties, key) || !enter(w, key, 0))
            continue;
        if (json_is_false(rule))
            tell_unknown(w, key, properties);
        else
            check(w, rule, member);
        leave(w);
    }
}

/* A key is checked as a text; what is wrong with it is told of the key. */
static void check_names(struct walk *w, json_t *schema, json_t *rule, json_t *v)
{
    const char *key;
    json_t *member;
    (void)schema;
    json_object_foreach(v, key, member)
    {
        json_t *name = json_string(key);
        if (name && !fits(w, rule, name) && enter(w, key, 0)) {
            struct desk_buf what;
            json_t *ref = json_object_get(rule, "$ref");
            const char *title = title_of(ref ? resolve(w, ref) : rule);
            desk_buf_init(&what, WHAT_MAX);
            desk_buf_fmt(&what, "is a key that must be %s", title ? title : "another one");
            tell_buf(w, true, &what);
            leave(w);
        }
        json_decref(name);
    }
}

static void check_min_members(struct walk *w, json_t *schema, json_t *rule, json_t *v)
{
    if (json_is_object(v) && (json_int_t)json_object_size(v) < json_integer_value(rule))
        must_be_n(w, schema, "must have at least", json_number_value(rule), " members");
}

static void check_max_members(struct walk *w, json_t *schema, json_t *rule, json_t *v)
{
    if (json_is_object(v) && (json_int_t)json_object_size(v) > json_integer_value(rule))
        must_be_n(w, schema, "must have at most", json_number_value(rule), " members");
}

/* ---- lists ----------------------------------------------------------------------------------- */

static void check_items(struct walk *w, json_t *schema, json_t *rule, json_t *v)
{
    size_t i;
    json_t *item;
    (void)schema;
    json_array_foreach(v, i, item)
    {
        if (!enter(w, NULL, i))
            return;
        check(w, rule, item);
        leave(w);
    }
}

static void check_min_items(struct walk *w, json_t *schema, json_t *rule, json_t *v)
{
    if (json_is_array(v) && (json_int_t)json_array_size(v) < json_integer_value(rule))
        must_be_n(w, schema, "must have at least", json_number_value(rule), " items");
}

static void check_max_items(struct walk *w, json_t *schema, json_t *rule, json_t *v)
{
    if (json_is_array(v) && (json_int_t)json_array_size(v) > json_integer_value(rule))
        must_be_n(w, schema, "is too long: at most", json_number_value(rule), " items");
}

static void check_unique(struct walk *w, json_t *schema, json_t *rule, json_t *v)
{
    size_t n = json_is_true(rule) ? json_array_size(v) : 0;
    (void)schema;
    for (size_t i = 1; i < n; i++) {
        size_t k = 0;
        while (k < i && !json_equal(json_array_get(v, i), json_array_get(v, k)))
            k++;
        if (k == i || !enter(w, NULL, i))
            continue;
        tell(w, false, "stands there twice");
        leave(w);
    }
}

/* ---- texts and numbers ----------------------------------------------------------------------- */

static size_t letters(json_t *v)
{
    return desk_utf8_count(json_string_value(v), json_string_length(v));
}

static void check_min_length(struct walk *w, json_t *schema, json_t *rule, json_t *v)
{
    if (json_is_string(v) && (json_int_t)letters(v) < json_integer_value(rule))
        must_be_n(w, schema, "is too short: at least", json_number_value(rule),
                  json_integer_value(rule) == 1 ? " letter" : " letters");
}

static void check_max_length(struct walk *w, json_t *schema, json_t *rule, json_t *v)
{
    if (json_is_string(v) && (json_int_t)letters(v) > json_integer_value(rule))
        must_be_n(w, schema, "is too long: at most", json_number_value(rule), " letters");
}

static void check_pattern(struct walk *w, json_t *schema, json_t *rule, json_t *v)
{
    regex_t re;
    if (!json_is_string(v))
        return;
    if (regcomp(&re, json_string_value(rule), REG_EXTENDED | REG_NOSUB) != 0) {
        tell(w, false, "cannot be checked: the schema's pattern is wrong");
        return;
    }
    if (regexec(&re, json_string_value(v), 0, NULL, 0) != 0)
        must_be(w, schema, "written in another way");
    regfree(&re);
}

static void check_format(struct walk *w, json_t *schema, json_t *rule, json_t *v)
{
    int32_t day;
    const char *format = json_string_value(rule);
    if (json_is_string(v) && format && strcmp(format, "date") == 0 &&
        !desk_day_parse(json_string_value(v), &day))
        must_be(w, schema, "a date like \"2026-12-24\"");
}

static void check_minimum(struct walk *w, json_t *schema, json_t *rule, json_t *v)
{
    if (json_is_number(v) && json_number_value(v) < json_number_value(rule))
        must_be_n(w, schema, "must be at least", json_number_value(rule), "");
}

static void check_maximum(struct walk *w, json_t *schema, json_t *rule, json_t *v)
{
    if (json_is_number(v) && json_number_value(v) > json_number_value(rule))
        must_be_n(w, schema, "must be at most", json_number_value(rule), "");
}

/* ---- the table ------------------------------------------------------------------------------- */

/* In the order in which problems are worth reading. stops: with this one wrong the rest is not. */
static const struct {
    const char *name;
    void (*check)(struct walk *w, json_t *schema, json_t *rule, json_t *v);
    bool stops;
} keywords[] = {
    {"type", check_type, true},
    {"enum", check_enum, true},
    {"const", check_const, true},
    {"$ref", check_ref, false},
    {"anyOf", check_any, false},
    {"minLength", check_min_length, true},
    {"maxLength", check_max_length, true},
    {"pattern", check_pattern, true},
    {"format", check_format, true},
    {"minimum", check_minimum, true},
    {"maximum", check_maximum, true},
    {"minItems", check_min_items, true},
    {"maxItems", check_max_items, true},
    {"items", check_items, false},
    {"uniqueItems", check_unique, false},
    {"minProperties", check_min_members, true},
    {"maxProperties", check_max_members, true},
    {"propertyNames", check_names, false},
    {"properties", check_properties, false},
    {"additionalProperties", check_additional, false},
    {"required", check_required, false},
};

static void check(struct walk *w, json_t *schema, json_t *v)
{
    if (w->depth == DESK_MAX_SCHEMA_DEPTH) { /* also of a schema that refers to itself */
        tell(w, false, "is nested too deeply");
        return;
    }
    w->depth++;
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++) {
        json_t *rule = json_object_get(schema, keywords[i].name);
        size_t before = w->problems;
        if (rule)
            keywords[i].check(w, schema, rule, v);
        if (keywords[i].stops && w->problems > before)
            break;
    }
    w->depth--;
}

size_t desk_schema_check(json_t *schema, json_t *value, desk_schema_report *report, void *ctx)
{
    struct walk w = {.root = schema, .report = report, .ctx = ctx};
    check(&w, schema, value);
    return w.problems;
}
