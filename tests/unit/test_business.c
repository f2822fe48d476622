/* Businesses as files: every refusal names the field; the example can be read and stored. */
#include "../../cli/business_file.c"
#include "base/config.h"
#include "store/open.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct desk_arena *arena;
static struct desk_business b;
static char why[256];

static int setup(void **state)
{
    (void)state;
    arena = desk_arena_new(8 * 1024 * 1024);
    return arena ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    desk_arena_free(arena);
    return 0;
}

static enum desk_rc parse(const char *text)
{
    why[0] = '\0';
    return desk_business_parse(&b, arena, text, strlen(text), why, sizeof why);
}

static const char good[] =
    "{\"slug\":\"bakery\",\"name\":\"Oak Street "
    "Bakery\",\"numbers\":[\"+14155550100\",\"+442079460123\"],"
    "\"zone\":\"America/"
    "Denver\",\"hours\":{\"mon\":[[\"08:00\",\"12:00\"],[\"13:00\",\"24:00\"]],\"sun\":[]},"
    "\"owner\":{\"name\":\"Ana\",\"phone\":\"+14155550101\"},"
    "\"profile\":{\"greeting\":\"Hello\",\"services\":[\"bread\"]}}";

static void reads_all_fields(void **state)
{
    (void)state;
    assert_int_equal(parse(good), DESK_OK);
    assert_string_equal(b.slug, "bakery");
    assert_string_equal(b.name, "Oak Street Bakery");
    assert_int_equal(b.n_numbers, 2);
    assert_string_equal(b.numbers[1], "+442079460123");
    assert_string_equal(b.zone, "America/Denver");
    assert_string_equal(b.hours,
                        "{\"mon\":[[\"08:00\",\"12:00\"],[\"13:00\",\"24:00\"]],\"sun\":[]}");
    assert_string_equal(b.owner_name, "Ana");
    assert_string_equal(b.owner_phone, "+14155550101");
    assert_string_equal(b.profile, "{\"greeting\":\"Hello\",\"services\":[\"bread\"]}");
}

static void owner_and_profile_may_be_left_out(void **state)
{
    (void)state;
    assert_int_equal(parse("{\"slug\":\"a\",\"name\":\"A\",\"numbers\":[\"+14155550100\"],"
                           "\"zone\":\"UTC\",\"hours\":{}}"),
                     DESK_OK);
    assert_null(b.owner_name);
    assert_null(b.owner_phone);
    assert_string_equal(b.profile, "{}");
}

/* The good one with one field replaced: field → what its refusal must name. */
static void refusals_name_the_field(void **state)
{
    static const struct {
        const char *field, *value, *named;
    } cases[] = {
        {"slug", "\"Oak Street\"", "\"slug\""},
        {"slug", "7", "\"slug\""},
        {"slug", "\"\"", "\"slug\""},
        {"name", "\"\"", "\"name\""},
        {"numbers", "[]", "\"numbers\""},
        {"numbers", "\"+14155550100\"", "\"numbers\""},
        {"numbers", "[\"415 555 0100\"]", "\"numbers\""},
        {"numbers", "[\"+04155550100\"]", "\"numbers\""},
        {"zone", "\"Denver\"", "\"zone\""},
        {"zone", "\"../../etc/passwd\"", "\"zone\""},
        {"hours", "[]", "\"hours\""},
        {"hours", "{\"monday\":[]}", "\"hours\""},
        {"hours", "{\"mon\":[\"08:00\",\"17:00\"]}", "\"hours.mon\""},
        {"hours", "{\"tue\":[[\"17:00\",\"08:00\"]]}", "\"hours.tue\""},
        {"hours", "{\"wed\":[[\"8:00\",\"17:00\"]]}", "\"hours.wed\""},
        {"hours", "{\"thu\":[[\"08:00\",\"24:01\"]]}", "\"hours.thu\""},
        {"hours", "{\"fri\":[[\"08:61\",\"17:00\"]]}", "\"hours.fri\""},
        {"hours", "{\"sat\":[[\"08:00\",\"12:00\"],[\"11:00\",\"13:00\"]]}", "\"hours.sat\""},
        {"hours", "{\"sun\":[[\"08:00\",\"12:00\",\"13:00\"]]}", "\"hours.sun\""},
        {"owner", "\"Ana\"", "\"owner\""},
        {"owner", "{\"phone\":\"0101\"}", "\"owner.phone\""},
        {"owner", "{\"name\":7}", "\"owner.name\""},
        {"profile", "\"bread\"", "\"profile\""},
        {"profile", "{\"services\":\"bread\"}", "\"profile.services\""},
        {"profile", "{\"people\":[1]}", "\"profile.people\""},
        {"profile", "{\"greeting\":[]}", "\"profile.greeting\""},
        {"numbres", "[]", "\"numbres\""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *root = json_loads(good, 0, NULL);
        json_object_set_new(root, cases[i].field,
                            json_loads(cases[i].value, JSON_DECODE_ANY, NULL));
        char *text = json_dumps(root, 0);
        assert_int_equal(parse(text), DESK_EINVAL);
        if (!strstr(why, cases[i].named))
            fail_msg("%s=%s: \"%s\" does not name %s", cases[i].field, cases[i].value, why,
                     cases[i].named);
        free(text);
        json_decref(root);
    }
}

static void missing_fields_are_named(void **state)
{
    static const char *const required[] = {"slug", "name", "numbers", "zone", "hours"};
    char named[40];
    (void)state;
    for (size_t i = 0; i < sizeof required / sizeof *required; i++) {
        json_t *root = json_loads(good, 0, NULL);
        json_object_del(root, required[i]);
        char *text = json_dumps(root, 0);
        assert_int_equal(parse(text), DESK_EINVAL);
        snprintf(named, sizeof named, "\"%s\" is missing", required[i]);
        assert_string_equal(why, named);
        free(text);
        json_decref(root);
    }
}

static void what_is_no_object_is_refused(void **state)
{
    (void)state;
    assert_int_equal(parse(""), DESK_EINVAL);
    assert_non_null(strstr(why, "line 1"));
    assert_int_equal(parse("{\n\"slug\": oak}"), DESK_EINVAL);
    assert_non_null(strstr(why, "line 2"));
    assert_int_equal(parse("[]"), DESK_EINVAL);
    assert_int_equal(parse("{\"slug\":\"a\",\"slug\":\"b\"}"), DESK_EINVAL);
    assert_int_equal(desk_business_read(&b, arena, "/nowhere/x.json", why, sizeof why),
                     DESK_ENOTFOUND);
}

static void too_many_numbers_are_refused(void **state)
{
    (void)state;
    json_t *root = json_loads(good, 0, NULL), *numbers = json_array();
    for (int i = 0; i <= DESK_BUSINESS_NUMBERS; i++)
        json_array_append_new(numbers, json_string("+14155550100"));
    json_object_set_new(root, "numbers", numbers);
    char *text = json_dumps(root, 0);
    assert_int_equal(parse(text), DESK_EINVAL);
    free(text);
    json_decref(root);
}

static void the_example_is_stored_once(void **state)
{
    struct desk_db *db;
    struct desk_number found;
    struct desk_location where;
    char id[DESK_ID_LEN];
    (void)state;
    assert_int_equal(desk_business_read(&b, arena, "businesses/plumbing.json", why, sizeof why),
                     DESK_OK);
    assert_int_equal(desk_store_memory(&db), DESK_OK);
    assert_int_equal(desk_business_store(&b, db, id, why, sizeof why), DESK_OK);
    assert_int_equal(desk_number_find(db, arena, "+18605550100", &found), DESK_OK);
    assert_string_equal(found.tenant_id, id);
    assert_int_equal(desk_location_first(db, arena, id, &where), DESK_OK);
    assert_string_equal(where.zone, "America/New_York");
    assert_string_equal(where.owner_phone, "+18605550101");
    assert_int_equal(desk_business_store(&b, db, id, why, sizeof why), DESK_ECONFLICT);
    assert_non_null(strstr(why, "plumbing"));
    b.slug = "other";
    assert_int_equal(desk_business_store(&b, db, id, why, sizeof why), DESK_ECONFLICT);
    assert_non_null(strstr(why, "+18605550100"));
    /* and nothing of the refused one is left */
    struct desk_tenant t;
    assert_int_equal(desk_tenant_by_slug(db, arena, "other", &t), DESK_ENOTFOUND);
    desk_db_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_all_fields, setup, teardown),
        cmocka_unit_test_setup_teardown(owner_and_profile_may_be_left_out, setup, teardown),
        cmocka_unit_test_setup_teardown(refusals_name_the_field, setup, teardown),
        cmocka_unit_test_setup_teardown(missing_fields_are_named, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_no_object_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(too_many_numbers_are_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(the_example_is_stored_once, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
