/* desk_migrate() over a chain of our own: the symbols here stand before those of the library. */
#include "fixture.h"

#include "../../lib/db/migrate.c"

#define BROKEN 3
static char third[80] = "CREATE TABLE c (id TEXT) STRICT; INSERT INTO nowhere VALUES (1);";

const struct desk_migration desk_migrations[] = {
    {1, "0001_a.sql", "CREATE TABLE a (id TEXT) STRICT; INSERT INTO a VALUES ('kept');"},
    {2, "0002_b.sql", "ALTER TABLE a ADD COLUMN b TEXT; UPDATE a SET b = id || '!';"},
    {BROKEN, "0003_c.sql", third},
    {0, NULL, NULL},
};

static void a_chain_keeps_rows_and_a_broken_link_changes_nothing(void **state)
{
    (void)state;
    static const struct desk_query none[1];
    struct desk_db *db = NULL;
    struct desk_db_options opt = {.path = ":memory:", .queries = none, .create = true};
    OK(desk_db_open(&db, &opt));
    OK(desk_migrate(db, 1));
    assert_int_equal(desk_migrate_version(db), 1);
    assert_int_not_equal(desk_migrate(db, 0), DESK_OK);
    assert_int_equal(desk_migrate_version(db), 2); /* the good one stayed, the broken one did not */
    assert_string_equal(fx_text(db, "SELECT b FROM a"), "kept!");
    assert_int_equal(fx_int(db, "SELECT count(*) FROM sqlite_master WHERE name = 'c'"), 0);
    snprintf(third, sizeof third, "CREATE TABLE c (id TEXT) STRICT;");
    OK(desk_migrate(db, 0)); /* mended: goes on from where it stood */
    assert_int_equal(desk_migrate_version(db), 3);
    assert_string_equal(fx_text(db, "SELECT b FROM a"), "kept!");
    desk_db_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_chain_keeps_rows_and_a_broken_link_changes_nothing),
    };
    return cmocka_run_group_tests_name("migrate_chain", tests, NULL, NULL);
}
