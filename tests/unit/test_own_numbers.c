/* The numbers of the settings and the businesses: given where there is one to give them to, and
 * never over what a person wrote. */
#include "../../cli/own_numbers.c"
#include "../../cli/setup.c"
#include "../../cli/business_file.c"
#include "store/open.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define OURS          "+14155550199"
#define PHONE         "+14155550101"
#define EXAMPLE_PHONE "+18605550101"

static struct desk_db *db;
static struct desk_arena *arena;
static char *said;

static int setup(void **state)
{
    (void)state;
    arena = desk_arena_new(8 * 1024 * 1024);
    return arena && desk_store_memory(&db) == DESK_OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    free(said);
    said = NULL;
    desk_db_close(db);
    desk_arena_free(arena);
    return 0;
}

/* A business with that owner's phone (NULL = none); its id in the arena. */
static const char *business(const char *slug, const char *number, const char *phone)
{
    json_t *doc = NULL;
    char why[300], path[DESK_PATH_LEN], *id = desk_arena_alloc(arena, DESK_ID_LEN);
    assert_int_equal(desk_setup_example(&doc, path, why, sizeof why), DESK_OK);
    json_object_set_new(doc, "slug", json_string(slug));
    json_object_set_new(doc, "numbers", json_pack("[s]", number));
    if (phone)
        json_object_set_new(json_object_get(doc, "owner"), "phone", json_string(phone));
    else
        json_object_del(json_object_get(doc, "owner"), "phone");
    assert_int_equal(desk_business_add(db, doc, id, why, sizeof why), DESK_OK);
    json_decref(doc);
    return id;
}

/* A start with these settings; said gets what it told. */
static void start(const char *number, const char *phone)
{
    char why[200];
    size_t n = 0;
    free(said);
    FILE *out = open_memstream(&said, &n);
    desk_setting_override(DESK_S_TWILIO_PHONE_NUMBER, number);
    desk_setting_override(DESK_S_OWNER_CELL_NUMBER, phone);
    assert_int_equal(desk_numbers_apply(db, out, why, sizeof why), DESK_OK);
    fclose(out);
}

static const char *owner(const char *id)
{
    struct desk_location l;
    assert_int_equal(desk_location_first(db, arena, id, &l), DESK_OK);
    return l.owner_phone ? l.owner_phone : "";
}

static const char *whose(const char *number)
{
    struct desk_number found;
    enum desk_rc rc = desk_number_find(db, arena, number, &found);
    return rc ? "" : found.tenant_id;
}

static void write_owner(const char *id, const char *phone)
{
    struct desk_location l;
    assert_int_equal(desk_location_first(db, arena, id, &l), DESK_OK);
    assert_int_equal(DESK_TX_BEGIN(db), DESK_OK);
    assert_int_equal(desk_tx_end(db, desk_location_owner_phone_set(db, &l, phone)), DESK_OK);
}

static void nothing_set_changes_nothing(void **state)
{
    const char *id = business("a", "+18605550100", EXAMPLE_PHONE);
    (void)state;
    start("", "");
    assert_string_equal(said, "");
    assert_string_equal(owner(id), EXAMPLE_PHONE);
}

static void no_business_is_no_failure(void **state)
{
    (void)state;
    start(OURS, PHONE);
    assert_string_equal(said, "");
}

static void the_only_business_gets_both_once(void **state)
{
    const char *id = business("a", "+18605550100", EXAMPLE_PHONE);
    (void)state;
    start(OURS, PHONE);
    assert_string_equal(said, "Harwick Plumbing now answers +14155550199, which is "
                              "TWILIO_PHONE_NUMBER\n"
                              "Harwick Plumbing now puts callers through to +1415…01, which is "
                              "OWNER_CELL_NUMBER\n");
    assert_string_equal(whose(OURS), id);
    assert_string_equal(whose("+18605550100"), id); /* and keeps what it had */
    assert_string_equal(owner(id), PHONE);
    start(OURS, PHONE);
    assert_string_equal(said, "");
}

static void a_business_without_an_owners_phone_gets_one(void **state)
{
    const char *id = business("a", "+18605550100", NULL);
    (void)state;
    start("", PHONE);
    assert_string_equal(owner(id), PHONE);
}

/* example → setting → next setting → the example's again, by its file → setting */
static void what_a_setting_wrote_the_next_one_replaces(void **state)
{
    const char *id = business("a", "+18605550100", EXAMPLE_PHONE);
    (void)state;
    start("", PHONE);
    start("", "+14155550102");
    assert_string_equal(owner(id), "+14155550102");
    start("", PHONE);
    assert_string_equal(owner(id), PHONE);
    write_owner(id, EXAMPLE_PHONE);
    start("", PHONE);
    assert_string_equal(owner(id), PHONE);
    /* a setting that is taken away takes nothing with it, and is remembered */
    start("", "");
    assert_string_equal(owner(id), PHONE);
    start("", "+14155550103");
    assert_string_equal(owner(id), "+14155550103");
}

static void what_a_person_wrote_stays(void **state)
{
    const char *id = business("a", "+18605550100", "+12125550150");
    (void)state;
    start("", PHONE);
    assert_string_equal(owner(id), "+12125550150");
    assert_non_null(strstr(said, "+1212…50"));
    assert_non_null(strstr(said, "business update"));
    /* also after a setting had written another, and where it once was the setting's */
    write_owner(id, EXAMPLE_PHONE);
    start("", PHONE);
    start("", "+14155550102");
    write_owner(id, PHONE);
    start("", "+14155550102");
    assert_string_equal(owner(id), PHONE);
}

static void with_several_it_is_said_and_not_guessed(void **state)
{
    const char *a = business("a", "+18605550100", EXAMPLE_PHONE);
    const char *b = business("b", "+18605550102", "+12125550150");
    (void)state;
    start(OURS, PHONE);
    assert_string_equal(whose(OURS), "");
    assert_string_equal(owner(a), EXAMPLE_PHONE);
    assert_string_equal(owner(b), "+12125550150");
    assert_non_null(strstr(said, "TWILIO_PHONE_NUMBER +14155550199 belongs to no business"));
    assert_non_null(strstr(said, "OWNER_CELL_NUMBER +1415…01 is no business's owner's phone"));
    /* nothing to say when both have found their place */
    start("+18605550102", "+12125550150");
    assert_string_equal(said, "");
}

static void a_number_of_another_business_stays_there(void **state)
{
    const char *a = business("a", OURS, EXAMPLE_PHONE);
    (void)state;
    start(OURS, "");
    assert_string_equal(said, "");
    assert_string_equal(whose(OURS), a);
}

static void a_failure_is_said_and_changes_nothing(void **state)
{
    char why[200];
    const char *id = business("a", "+18605550100", EXAMPLE_PHONE);
    (void)state;
    desk_setting_override(DESK_S_TWILIO_PHONE_NUMBER, OURS);
    assert_int_equal(desk_db_script(db, "ALTER TABLE audit RENAME TO audit_gone"), DESK_OK);
    desk_setting_override(DESK_S_OWNER_CELL_NUMBER, PHONE);
    size_t n = 0;
    FILE *out = open_memstream(&said, &n);
    assert_int_not_equal(desk_numbers_apply(db, out, why, sizeof why), DESK_OK);
    fclose(out);
    assert_string_equal(said, "");
    assert_non_null(strstr(why, "TWILIO_PHONE_NUMBER"));
    assert_string_equal(whose(OURS), "");
    assert_string_equal(owner(id), EXAMPLE_PHONE);
}

#define IN(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN(nothing_set_changes_nothing),
        IN(no_business_is_no_failure),
        IN(the_only_business_gets_both_once),
        IN(a_business_without_an_owners_phone_gets_one),
        IN(what_a_setting_wrote_the_next_one_replaces),
        IN(what_a_person_wrote_stays),
        IN(with_several_it_is_said_and_not_guessed),
        IN(a_number_of_another_business_stays_there),
        IN(a_failure_is_said_and_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
