/* Contacts out of a CSV file and into one. */
#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "store/contacts.h"
#include "store/open.h"
#include "store/tenants.h"
#include "talk/contact_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NOW 1795200720000LL

static struct desk_db *db;
static struct desk_arena *arena;
static struct desk_buf said, file;
static struct desk_imported res;
static size_t steps;

static void must(enum desk_rc rc)
{
    assert_int_equal(rc, DESK_OK);
}

static void tell(void *ctx, size_t line, const char *sentence)
{
    (void)ctx;
    desk_buf_fmt(&said, "%zu: %s\n", line, sentence);
}

static void progress(void *ctx, size_t rows)
{
    (void)ctx;
    (void)rows;
    steps++;
}

static enum desk_rc import_n(const char *text, size_t n, bool dry_run)
{
    struct desk_import how = {
        .tenant_id = "t1", .country = "US", .dry_run = dry_run, .tell = tell, .progress = progress};
    desk_buf_reset(&said);
    steps = 0;
    return desk_contact_import(db, text, n, &how, &res);
}

static enum desk_rc import(const char *text)
{
    return import_n(text, strlen(text), false);
}

static struct desk_contact person(const char *number)
{
    struct desk_contact c;
    must(desk_contact_by_number(db, arena, "t1", number, &c));
    return c;
}

static size_t count(void)
{
    struct desk_contact *rows;
    size_t n;
    must(desk_contact_page(db, arena, "t1", INT64_MAX, "", 1000, &rows, &n));
    return n;
}

static int setup(void **state)
{
    struct desk_tenant t1 = {.id = "t1",
                             .slug = "one",
                             .name = "One",
                             .profile = "{}",
                             .created_at = 1,
                             .updated_at = 1};
    (void)state;
    desk_log_init("test", DESK_LOG__MAX);
    desk_clock_fake(NOW);
    must(desk_store_memory(&db));
    arena = desk_arena_new(64 * 1024 * 1024);
    desk_buf_init(&said, 1 << 20);
    desk_buf_init(&file, 8 << 20);
    must(DESK_TX_BEGIN(db));
    must(desk_tenant_insert(db, &t1));
    must(desk_tx_end(db, DESK_OK));
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    desk_db_close(db);
    desk_arena_free(arena);
    desk_buf_clear(&said);
    desk_buf_clear(&file);
    desk_clock_fake(0);
    return 0;
}

static void says(const char *text)
{
    if (!strstr(desk_buf_cstr(&said), text))
        fail_msg("\"%s\" was not said:\n%s", text, desk_buf_cstr(&said));
}

static void test_a_file_of_excel(void **state)
{
    (void)state;
    must(import("\xef\xbb\xbf"
                "First Name;Last_Name;Mobile Phone;E-Mail;Installed Systems;VIP;Notes\r\n"
                "Dana;Reed;(860) 555-0134;d@reed.example;Lutron lighting, Control4;yes;\"two\r\n"
                "lines\"\r\n"
                ";Bell;860.555.0177;;;no;\r\n"));
    assert_string_equal(desk_buf_cstr(&said), "");
    assert_int_equal(res.added, 2);
    struct desk_contact c = person("+18605550134");
    assert_string_equal(c.name, "Dana Reed");
    assert_string_equal(c.email, "d@reed.example");
    assert_string_equal(c.systems, "Lutron lighting, Control4");
    assert_string_equal(c.standing, "vip");
    assert_string_equal(c.notes, "two\nlines");
    assert_int_equal(c.calls, 0);
    assert_true(desk_contact_known(&c)); /* has never called, and is greeted as one who is known */
    assert_string_equal(desk_contact_source(arena, &c, DESK_FACT_NAME), DESK_FROM_IMPORT);
    assert_string_equal(person("+18605550177").name, "Bell");
}

static void test_again_changes_nothing(void **state)
{
    static const char text[] = "phone,name,company\n8605550134,Dana,Reed\n8605550177,Kim,\n";
    (void)state;
    must(import(text));
    assert_int_equal(res.added, 2);
    must(import(text));
    assert_int_equal(res.added + res.changed, 0);
    assert_int_equal(res.same, 2);
    must(import("phone,name,company\n+1 (860) 555-0134,Dana Reed,\n"));
    assert_int_equal(res.changed, 1);
    assert_string_equal(person("+18605550134").name, "Dana Reed");
    assert_string_equal(person("+18605550134").company, "Reed"); /* an empty cell leaves it */
    assert_int_equal(count(), 2);
}

static void test_errors_by_row(void **state)
{
    (void)state;
    must(import("phone,name,email,birthday,shoe size\n"
                "860 555 0134,Dana,dana at reed,,9\n"
                ",Nobody,,,\n"
                "12,Short,,,\n"
                "8605550177,Kim,k@x.example,31.12.1999,\n"
                "8605550188,\"Two\nlines\",,,\n"
                "8605550199,Ann,,5/14/1980,\n"
                "8605550111,\"open,,\n"));
    says("1: Not read, nothing here is called so: \"shoe size\".");
    says("2: \"email\" is no e-mail address: it looks like name@example.com. It is \"dana at "
         "reed\"");
    says("3: There is no telephone number");
    says("4: \"12\" is no telephone number that can be called");
    says("5: \"birthday\" must be a day like 1980-05-14");
    says("9: A quotation mark in this row is never closed");
    assert_int_equal(res.rows, 7);
    assert_int_equal(res.added, 2);
    assert_int_equal(res.refused, 5);
    assert_string_equal(person("+18605550188").name, "Two lines");
    assert_string_equal(person("+18605550199").birthday, "1980-05-14");
    assert_int_equal(count(), 2);
}

static void test_files_that_are_none(void **state)
{
    (void)state;
    assert_int_equal(import(""), DESK_EINVAL);
    says("1: The file is empty.");
    assert_int_equal(import("name,email\nDana,d@x.example\n"), DESK_EINVAL);
    says("1: No column has telephone numbers: call it \"phone\".");
    assert_int_equal(import_n("PK\3\4\0\0", 6, false), DESK_EINVAL);
    says("save it as \"CSV UTF-8\"");
    assert_int_equal(count(), 0);
}

static void test_dry_run(void **state)
{
    (void)state;
    must(import("phone,name\n8605550134,Dana\n"));
    static const char text[] = "phone,name\n8605550134,Dana Reed\n8605550177,Kim\n12,x\n";
    must(import_n(text, strlen(text), true));
    assert_int_equal(res.added, 1);
    assert_int_equal(res.changed, 1);
    assert_int_equal(res.refused, 1);
    assert_string_equal(person("+18605550134").name, "Dana");
    assert_int_equal(count(), 1);
}

static void test_a_caller_is_named_by_the_file(void **state)
{
    struct desk_contact c;
    (void)state;
    must(DESK_TX_BEGIN(db));
    must(desk_contact_called(db, arena, "t1", "+18605550134", &c));
    must(desk_contact_learn(db, "t1", c.id, "Danna", NULL, NULL));
    must(desk_tx_end(db, DESK_OK));
    must(import("phone,name\n8605550134,Dana Reed\n"));
    assert_int_equal(res.changed, 1);
    must(DESK_TX_BEGIN(db));
    must(desk_contact_learn(db, "t1", c.id, "Eve", NULL, NULL));
    must(desk_tx_end(db, DESK_OK));
    assert_string_equal(person("+18605550134").name, "Dana Reed");
    assert_int_equal(person("+18605550134").calls, 1);
}

static void test_many_rows_in_batches(void **state)
{
    size_t n = 3 * DESK_MAX_CSV_BATCH + 1;
    (void)state;
    desk_buf_str(&file, "phone,name\n");
    for (size_t i = 0; i < n; i++)
        desk_buf_fmt(&file, "860555%04zu,Person %zu\n", i, i);
    must(import_n(file.p, file.len, false));
    assert_int_equal(res.added, n);
    assert_int_equal(steps, 4);
    assert_int_equal(count(), n);
}

static enum desk_rc put(void *ctx, const char *p, size_t n)
{
    desk_buf_add(ctx, p, n);
    return DESK_OK;
}

static void test_there_and_back(void **state)
{
    size_t n;
    (void)state;
    must(import("phone,name,company,birthday,notes,tags,language,standing\n"
                "8605550134,=Dana(),\"@Reed; \"\"Co\"\"\",05-14,\"-1\n+2\",\"a, b\",es,vip\n"
                "8605550177,Kim,,,,,,\n"));
    assert_int_equal(res.added, 2);
    must(desk_contact_export(db, "t1", put, &file, &n));
    assert_int_equal(n, 2);
    const char *text = desk_buf_cstr(&file);
    assert_non_null(strstr(text, "\xef\xbb\xbfphone,name,company,"));
    assert_non_null(strstr(text, "\n'+18605550134,'=Dana(),\"'@Reed; \"\"Co\"\"\",,'--05-14,"));
    assert_null(strstr(text, ",=Dana"));
    assert_null(strstr(text, "\n+1"));
    /* and back: the same, here and elsewhere */
    must(import_n(file.p, file.len, false));
    assert_string_equal(desk_buf_cstr(&said), "");
    assert_int_equal(res.same, 2);
    assert_string_equal(person("+18605550134").name, "=Dana()");
    assert_string_equal(person("+18605550134").notes, "-1\n+2");
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(test_a_file_of_excel),
        T(test_again_changes_nothing),
        T(test_errors_by_row),
        T(test_files_that_are_none),
        T(test_dry_run),
        T(test_a_caller_is_named_by_the_file),
        T(test_many_rows_in_batches),
        T(test_there_and_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
