/* The schema's check and the places it names: every keyword both ways, sentences, lines. */
#include "../../lib/core/schema.c"

#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static char told[4096];

static void note(void *ctx, const struct desk_schema_problem *p)
{
    char path[200];
    size_t len = strlen(told);
    (void)ctx;
    snprintf(told + len, sizeof told - len, "%s%s%s %s|", p->of_key ? "key " : "",
             desk_json_path(path, sizeof path, p->at, p->n_at), "", p->what);
}

static json_t *read_json(const char *text)
{
    json_error_t at;
    json_t *v = json_loads(text, JSON_DECODE_ANY, &at);
    if (!v)
        fail_msg("%s: %s", text, at.text);
    return v;
}

static size_t problems(const char *schema_text, const char *value_text)
{
    json_t *schema = read_json(schema_text), *value = read_json(value_text);
    told[0] = '\0';
    size_t n = desk_schema_check(schema, value, note, NULL);
    json_decref(schema);
    json_decref(value);
    return n;
}

static void keywords_both_ways(void **state)
{
    static const struct {
        const char *schema, *value, *told; /* "" = fits */
    } rows[] = {
        {"{}", "7", ""},
        {"{\"type\":\"string\"}", "\"x\"", ""},
        {"{\"type\":\"string\"}", "7", " must be text|"},
        {"{\"type\":\"integer\"}", "7", ""},
        {"{\"type\":\"integer\"}", "7.0", ""},
        {"{\"type\":\"integer\"}", "7.5", " must be a whole number|"},
        {"{\"type\":\"integer\"}", "\"7\"", " must be a whole number|"},
        {"{\"type\":\"number\"}", "7.5", ""},
        {"{\"type\":\"number\"}", "null", " must be a number|"},
        {"{\"type\":\"boolean\"}", "false", ""},
        {"{\"type\":\"boolean\"}", "0", " must be true or false|"},
        {"{\"type\":\"array\"}", "{}", " must be a list: [ … ]|"},
        {"{\"type\":\"object\"}", "[]", " must be an object: { … }|"},
        {"{\"type\":\"null\"}", "null", ""},
        {"{\"type\":[\"string\",\"null\"]}", "null", ""},
        {"{\"type\":[\"string\",\"null\"]}", "1", " must be text or null|"},
        {"{\"type\":\"string\",\"title\":\"a name\"}", "1", " must be a name|"},
        {"{\"enum\":[\"a\",2]}", "2", ""},
        {"{\"enum\":[\"a\",2]}", "\"b\"", " must be one of: a, 2|"},
        {"{\"const\":\"always\"}", "\"always\"", ""},
        {"{\"const\":\"always\"}", "\"never\"", " must be always|"},
        {"{\"minLength\":1}", "\"\"", " is too short: at least 1 letter|"},
        {"{\"maxLength\":3}", "\"äöü\"", ""},
        {"{\"maxLength\":3}", "\"äöüß\"", " is too long: at most 3 letters|"},
        {"{\"maxLength\":3}", "12345", ""},
        {"{\"pattern\":\"^[a-z]+$\"}", "\"abc\"", ""},
        {"{\"pattern\":\"^[a-z]+$\",\"title\":\"small letters\"}", "\"aBc\"",
         " must be small letters|"},
        {"{\"pattern\":\"[\"}", "\"abc\"", " cannot be checked: the schema's pattern is wrong|"},
        {"{\"format\":\"date\"}", "\"2028-02-29\"", ""},
        {"{\"format\":\"date\"}", "\"2026-02-29\"", " must be a date like \"2026-12-24\"|"},
        {"{\"format\":\"date\"}", "\"2026-2-9\"", " must be a date like \"2026-12-24\"|"},
        {"{\"format\":\"uri\"}", "\"anything\"", ""},
        {"{\"minimum\":5}", "5", ""},
        {"{\"minimum\":5}", "4.5", " must be at least 5|"},
        {"{\"maximum\":5}", "5", ""},
        {"{\"maximum\":5}", "6", " must be at most 5|"},
        {"{\"minItems\":1}", "[]", " must have at least 1 items|"},
        {"{\"maxItems\":1}", "[1,2]", " is too long: at most 1 items|"},
        {"{\"uniqueItems\":true}", "[1,2,3]", ""},
        {"{\"uniqueItems\":true}", "[1,[2],[2]]", "[2] stands there twice|"},
        {"{\"uniqueItems\":false}", "[1,1]", ""},
        {"{\"items\":{\"type\":\"string\"}}", "[\"a\",1,2]", "[1] must be text|[2] must be text|"},
        {"{\"items\":{\"type\":\"string\"}}", "\"a\"", ""},
        {"{\"minProperties\":1}", "{}", " must have at least 1 members|"},
        {"{\"maxProperties\":0}", "{\"a\":1}", " must have at most 0 members|"},
        {"{\"required\":[\"a\",\"b\"]}", "{\"b\":null}", "a is missing|"},
        {"{\"required\":[\"a\"]}", "7", ""},
        {"{\"required\":[\"a\"],\"properties\":{\"a\":{\"title\":\"a name\"}}}", "{}",
         "a is missing: it must be a name|"},
        {"{\"required\":[\"a\"],\"properties\":{\"a\":{\"$ref\":\"#/$defs/x\"}},"
         "\"$defs\":{\"x\":{\"title\":\"a name\"}}}",
         "{}", "a is missing: it must be a name|"},
        {"{\"properties\":{\"a\":{\"properties\":{\"b\":{\"type\":\"string\"}}}}}",
         "{\"a\":{\"b\":[]},\"c\":1}", "a.b must be text|"},
        {"{\"additionalProperties\":false,\"properties\":{\"a\":{},\"b\":{}}}", "{\"zebra\":1}",
         "key zebra is not known here; known are: a, b|"},
        {"{\"additionalProperties\":false,\"properties\":{\"numbers\":{},\"zone\":{}}}",
         "{\"numbres\":1}", "key numbres is not known here: did you mean numbers?|"},
        {"{\"additionalProperties\":{\"type\":\"string\"},\"properties\":{\"a\":{}}}",
         "{\"a\":1,\"b\":2}", "b must be text|"},
        {"{\"propertyNames\":{\"pattern\":\"^[a-z]$\",\"title\":\"one letter\"}}",
         "{\"a\":1,\"bb\":2}", "key bb is a key that must be one letter|"},
        {"{\"$ref\":\"#/$defs/x\",\"$defs\":{\"x\":{\"type\":\"string\"}}}", "1", " must be text|"},
        {"{\"$ref\":\"#/$defs/y\",\"$defs\":{}}", "1",
         " cannot be checked: the schema refers to nothing|"},
        {"{\"$ref\":\"#/$defs/x\",\"$defs\":{\"x\":{\"$ref\":\"#/$defs/x\"}}}", "1",
         " is nested too deeply|"},
        {"{\"anyOf\":[{\"const\":\"always\"},{\"type\":\"array\"}]}", "\"always\"", ""},
        {"{\"anyOf\":[{\"const\":\"always\"},{\"type\":\"array\"}]}", "[]", ""},
        {"{\"title\":\"always or a list\",\"anyOf\":[{\"const\":\"always\"},{\"type\":\"array\"}]}",
         "7", " must be always or a list|"},
        {"{\"anyOf\":[{\"const\":\"always\"},{\"type\":\"array\"}]}", "7",
         " must be something else|"},
        /* one that was meant is told in full */
        {"{\"title\":\"x\",\"anyOf\":[{\"type\":\"string\"},{\"$ref\":\"#/$defs/l\"}],"
         "\"$defs\":{\"l\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}}}",
         "[\"a\",1]", "[1] must be text|"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t n = problems(rows[i].schema, rows[i].value);
        if (strcmp(told, rows[i].told) != 0)
            fail_msg("%s on %s: \"%s\", not \"%s\"", rows[i].schema, rows[i].value, told,
                     rows[i].told);
        assert_int_equal(n == 0, !*rows[i].told);
    }
}

static void too_deep_a_value_is_a_problem_and_no_crash(void **state)
{
    char text[2 * 200 + 1] = "";
    (void)state;
    memset(text, '[', 200);
    memset(text + 200, ']', 200);
    assert_int_equal(problems("{\"items\":{\"$ref\":\"#/$defs/x\"},\"$defs\":{\"x\":{\"items\":{"
                              "\"$ref\":\"#/$defs/x\"}}}}",
                              text),
                     1);
    assert_non_null(strstr(told, "is nested too deeply"));
}

/* Schemas of ours use no keyword that is not checked. */
static void known(json_t *schema, const char *where)
{
    static const char *const annotations[] = {"title", "description", "$schema", "$defs"};
    const char *key, *name;
    json_t *rule, *sub;
    size_t i;
    json_object_foreach(schema, key, rule)
    {
        bool ok = false;
        for (size_t k = 0; k < sizeof keywords / sizeof *keywords; k++)
            ok = ok || strcmp(keywords[k].name, key) == 0;
        for (size_t k = 0; k < sizeof annotations / sizeof *annotations; k++)
            ok = ok || strcmp(annotations[k], key) == 0;
        if (!ok)
            fail_msg("%s: keyword %s is not checked", where, key);
        if (!strcmp(key, "properties") || !strcmp(key, "$defs"))
            json_object_foreach(rule, name, sub) known(sub, name);
        if (!strcmp(key, "items") || !strcmp(key, "additionalProperties") ||
            !strcmp(key, "propertyNames"))
            known(rule, key);
        if (!strcmp(key, "anyOf"))
            json_array_foreach(rule, i, sub) known(sub, key);
    }
}

static void our_schema_is_understood(void **state)
{
    json_error_t at;
    (void)state;
    json_t *schema = json_load_file("businesses/schema.json", JSON_REJECT_DUPLICATES, &at);
    if (!schema)
        fail_msg("line %d: %s", at.line, at.text);
    known(schema, "schema");
    json_decref(schema);
}

/* ---- places ---------------------------------------------------------------------------------- */

static const char text[] = "{\n"
                           "  \"a\": {\"x\": 1,\n"
                           "        \"y\\u00e9\\ud83d\\ude00\\n\": [\n"
                           "          {\"deep\": \"}]\\\"{\"},\n"
                           "          2, [3,\n"
                           "          4]\n"
                           "        ]},\n"
                           "  \"b\":\n"
                           "    \"value\"\n"
                           "}\n";

static void places_are_found(void **state)
{
    static const struct {
        struct desk_json_step at[5];
        size_t n, found;
        int line, key_line;
    } rows[] = {
        {{{0}}, 0, 0, 1, 1},
        {{{"a", 0}}, 1, 1, 2, 2},
        {{{"a", 0}, {"x", 0}}, 2, 2, 2, 2},
        {{{"a", 0}, {"y\xC3\xA9\xF0\x9F\x98\x80\n", 0}}, 2, 2, 3, 3},
        {{{"a", 0}, {"y\xC3\xA9\xF0\x9F\x98\x80\n", 0}, {NULL, 0}, {"deep", 0}}, 4, 4, 4, 4},
        {{{"a", 0}, {"y\xC3\xA9\xF0\x9F\x98\x80\n", 0}, {NULL, 1}}, 3, 3, 5, 5},
        {{{"a", 0}, {"y\xC3\xA9\xF0\x9F\x98\x80\n", 0}, {NULL, 2}, {NULL, 1}}, 4, 4, 6, 6},
        {{{"a", 0}, {"y\xC3\xA9\xF0\x9F\x98\x80\n", 0}, {NULL, 3}}, 3, 2, 3, 3},
        {{{"b", 0}}, 1, 1, 9, 8},
        {{{"b", 0}, {"c", 0}}, 2, 1, 9, 8},
        {{{"b", 0}, {NULL, 0}}, 2, 1, 9, 8},
        {{{"nowhere", 0}}, 1, 0, 1, 1},
        {{{NULL, 0}}, 1, 0, 1, 1},
    };
    struct desk_json_place got;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        desk_json_place(text, sizeof text - 1, rows[i].at, rows[i].n, &got);
        if (got.found != rows[i].found || got.line != rows[i].line ||
            got.key_line != rows[i].key_line)
            fail_msg("row %zu: found %zu, line %d, key %d", i, got.found, got.line, got.key_line);
    }
}

/* Cut anywhere, the text has fewer places and never one beyond its lines. */
static void cut_texts_have_places_too(void **state)
{
    const struct desk_json_step at[] = {
        {"a", 0}, {"y\xC3\xA9\xF0\x9F\x98\x80\n", 0}, {NULL, 2}, {NULL, 1}};
    (void)state;
    for (size_t n = 0; n < sizeof text; n++) {
        struct desk_json_place got;
        char *copy = malloc(n + 1); /* its own block: a byte too far is seen */
        memcpy(copy, text, n);
        desk_json_place(copy, n, at, 4, &got);
        free(copy);
        assert_true(got.found <= 4);
        assert_in_range(got.line, 1, 10);
    }
}

static void paths_are_written(void **state)
{
    const struct desk_json_step at[] = {{"hours", 0}, {"weekly", 0}, {NULL, 12}, {"x", 0}};
    char out[64], tiny[8];
    (void)state;
    assert_string_equal(desk_json_path(out, sizeof out, at, 4), "hours.weekly[12].x");
    assert_string_equal(desk_json_path(out, sizeof out, at, 0), "");
    assert_string_equal(desk_json_path(tiny, sizeof tiny, at, 4), "hours.w");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keywords_both_ways),
        cmocka_unit_test(too_deep_a_value_is_a_problem_and_no_crash),
        cmocka_unit_test(our_schema_is_understood),
        cmocka_unit_test(places_are_found),
        cmocka_unit_test(cut_texts_have_places_too),
        cmocka_unit_test(paths_are_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
