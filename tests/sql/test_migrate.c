/* Migrations: the real ones from every version, and a made-up chain with one that breaks. */
#include "fixture.h"

static const char *schema(struct desk_db *db)
{
    return fx_text(db,
                   "SELECT group_concat(type || ' ' || name || ': ' || coalesce(sql, ''), '\n') "
                   "FROM (SELECT * FROM sqlite_master ORDER BY type, name)");
}

static struct desk_db *open_at(const char *path)
{
    struct desk_db *db = NULL;
    struct desk_db_options opt = {.path = path,
                                  .queries = desk_queries,
                                  .n_queries = DESK_Q__MAX,
                                  .key = desk_store_the_key(),
                                  .create = true};
    OK(desk_db_open(&db, &opt));
    return db;
}

static void versions_are_in_order(void **state)
{
    (void)state;
    int before = 0;
    for (const struct desk_migration *m = desk_migrations; m->version; m++) {
        assert_true(m->version > before); /* a number may be left out, none comes twice */
        before = m->version;
        assert_int_equal(strtol(m->file, NULL, 10), m->version);
    }
    assert_int_equal(desk_migrate_latest(), before);
    assert_true(before >= 1);
}

static void every_version_ends_at_the_same_schema(void **state)
{
    (void)state;
    struct desk_db *fresh = open_at(":memory:");
    OK(desk_migrate(fresh, 0));
    const char *want = schema(fresh);
    assert_non_null(strstr(want, "table call:"));
    for (const struct desk_migration *m = desk_migrations; m->version; m++) {
        struct desk_db *db = open_at(":memory:");
        OK(desk_migrate(db, m->version));
        assert_int_equal(desk_migrate_version(db), m->version);
        OK(desk_migrate(db, 0));
        assert_int_equal(desk_migrate_version(db), desk_migrate_latest());
        assert_string_equal(schema(db), want);
        desk_db_close(db);
    }
    desk_db_close(fresh);
}

static void twice_is_harmless(void **state)
{
    (void)state;
    struct desk_db *db = fx_memory();
    fx_seed(db);
    const char *want = schema(db);
    OK(desk_migrate(db, 0));
    OK(desk_migrate(db, 1));
    assert_string_equal(schema(db), want);
    assert_int_equal(fx_int(db, "SELECT count(*) FROM call"), 1);
    desk_db_close(db);
}

/* 0037: what was said of visits, by text and by key, comes into one place. */
static void answers_come_into_one_place(void **state)
{
    (void)state;
    static const struct {
        const char *id, *want;
    } rows[] = {{"none", NULL},
                {"text", "coming 10 text"},
                {"key", "coming 20 call"},
                {"both", "change 30 call"},
                {"text_last", "coming 40 text"},
                {"other_time", NULL}};
    struct desk_db *db = open_at(":memory:");
    OK(desk_migrate(db, 36));
    fx_sql(db, "INSERT INTO tenant (id, slug, name, profile, created_at, updated_at) VALUES ('t1', "
               "'one', 'One', '{}', 1, 1);"
               "INSERT INTO location (id, tenant_id, name, zone, hours, created_at) VALUES ('l1', "
               "'t1', 'Main', 'UTC', '{}', 1);");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        fx_sql(db, desk_arena_fmt(fx_a,
                                  "INSERT INTO appointment (id, tenant_id, location_id, service, "
                                  "service_name, resource, status, start_at, end_at, busy_until, "
                                  "source, link_hash, created_at, updated_at) VALUES ('%s', 't1', "
                                  "'l1', 's', 's', '%s', 'booked', 100, 200, 200, 'call', '%s', 1, "
                                  "1);",
                                  rows[i].id, rows[i].id, rows[i].id));
    fx_sql(db, "UPDATE appointment SET confirmed_at = 10 WHERE id IN ('text', 'both');"
               "UPDATE appointment SET confirmed_at = 40 WHERE id = 'text_last';"
               "INSERT INTO appointment_answer (id, tenant_id, appointment_id, start_at, answer, "
               "created_at) VALUES ('1', 't1', 'key', 100, 'confirmed', 20), ('2', 't1', 'both', "
               "100, 'confirmed', 20), ('3', 't1', 'both', 100, 'change', 30), ('4', 't1', "
               "'text_last', 100, 'change', 30), ('5', 't1', 'other_time', 99, 'confirmed', 20);");
    OK(desk_migrate(db, 0));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *got = fx_text(db, desk_arena_fmt(fx_a,
                                                     "SELECT answer || ' ' || answer_at || ' ' || "
                                                     "answer_by FROM appointment WHERE id = '%s'",
                                                     rows[i].id));
        if (!rows[i].want)
            assert_null(got);
        else
            assert_string_equal(got, rows[i].want);
    }
    desk_db_close(db);
}

static void a_newer_database_is_refused(void **state)
{
    (void)state;
    struct desk_db *db = fx_file();
    fx_sql(db, "PRAGMA user_version = 9999");
    assert_int_equal(desk_migrate(db, 0), DESK_EINVAL);
    desk_db_close(db);
    assert_int_equal(desk_store_open(&db, DESK_ZONE_HOOK, 0), DESK_EINVAL);
    assert_null(db);
    assert_int_equal(desk_store_create(&db), DESK_EINVAL);
    assert_null(db);
}

static void an_older_database_is_refused_by_programs(void **state)
{
    (void)state;
    struct desk_db *db = fx_file();
    fx_sql(db, "PRAGMA user_version = 0");
    desk_db_close(db);
    assert_int_equal(desk_store_open(&db, DESK_ZONE_HOOK, 0), DESK_EINVAL);
    assert_null(db);
}

static void no_file_is_not_made_by_programs(void **state)
{
    (void)state;
    struct desk_db *db = NULL;
    char path[DESK_PATH_LEN];
    assert_int_equal(desk_store_open(&db, DESK_ZONE_HOOK, 0), DESK_ENOTFOUND);
    assert_null(db);
    assert_int_not_equal(access(desk_path_db(path), F_OK), 0);
}

/* In a child: the first start of a program, from key to schema. Exit code 0 = all fine. */
static int first_start(int gate)
{
    char c, why[200];
    struct desk_db *db = NULL;
    desk_setting_override(DESK_S_FRONTDESK_DATA_KEY, "");
    if (read(gate, &c, 1) != 0) /* all start when the parent closes its end */
        return 10;
    if (desk_store_key(true, why, sizeof why))
        return 11;
    enum desk_rc rc = desk_store_create(&db);
    if (rc)
        return 20 + (int)rc;
    rc = desk_store_key_check(db);
    desk_db_close(db);
    return rc ? 40 + (int)rc : 0;
}

static void many_processes_start_at_once(void **state)
{
    (void)state;
    enum { N = 4, ROUNDS = 5 };
    for (int round = 0; round < ROUNDS; round++) {
        int gate[2];
        pid_t pid[N];
        assert_int_equal(pipe(gate), 0);
        for (int i = 0; i < N; i++) {
            pid[i] = fork();
            if (pid[i] == 0) {
                close(gate[1]);
                _exit(first_start(gate[0]));
            }
        }
        close(gate[0]);
        close(gate[1]);
        for (int i = 0; i < N; i++) {
            int status = 0;
            assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
            assert_true(WIFEXITED(status));
            assert_int_equal(WEXITSTATUS(status), 0);
        }
        struct desk_db *db = NULL;
        char why[200], path[DESK_PATH_LEN], *report = NULL;
        desk_setting_override(DESK_S_FRONTDESK_DATA_KEY, "");
        OK(desk_store_key(false, why, sizeof why));
        OK(desk_store_open(&db, DESK_ZONE_ADMIN_CLI, 0));
        OK(desk_store_key_check(db));
        OK(desk_db_integrity(db, fx_a, &report));
        assert_string_equal(report, "ok");
        desk_db_close(db);
        unlink(desk_path_key(path));
        unlink(desk_path_db(path));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(versions_are_in_order),
        TEST(every_version_ends_at_the_same_schema),
        TEST(twice_is_harmless),
        TEST(answers_come_into_one_place),
        TEST(a_newer_database_is_refused),
        TEST(an_older_database_is_refused_by_programs),
        TEST(no_file_is_not_made_by_programs),
        TEST(many_processes_start_at_once),
    };
    return cmocka_run_group_tests_name("migrate", tests, NULL, NULL);
}
