/* Kept greetings: names, whole files or none, the newest only, and which words are the greeting. */
#include "../../ws-bridge/greeting.c"

#include "base/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

static char folder[64];

static int begin(void **state)
{
    char why[300];
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/desk-greeting-XXXXXX");
    assert_non_null(mkdtemp(folder));
    setenv("FRONTDESK_DATA", folder, 1);
    assert_int_equal(desk_settings_load("/nonexistent", why, sizeof why), DESK_OK);
    return 0;
}

static int end(void **state)
{
    char path[DESK_PATH_LEN], sub[DESK_PATH_LEN];
    (void)state;
    desk_path_data(sub, FOLDER);
    while (oldest(sub, path))
        assert_int_equal(unlink(path), 0);
    rmdir(sub);
    assert_int_equal(rmdir(folder), 0); /* nothing half done is left */
    return 0;
}

static void test_names(void **state)
{
    (void)state;
    char a[GREETING_NAME], b[GREETING_NAME];
    greeting_name(a, "host model", "marin", "Hello.");
    assert_int_equal(strlen(a), 64);
    assert_int_equal(strspn(a, "0123456789abcdef"), 64);
    greeting_name(b, "host model", "marin", "Hello.");
    assert_string_equal(a, b);
    const char *const other[][3] = {{"host model2", "marin", "Hello."},
                                    {"host model", "cedar", "Hello."},
                                    {"host model", "marin", "Hello!"},
                                    {"host modelm", "arin", "Hello."}};
    for (size_t i = 0; i < sizeof other / sizeof *other; i++) {
        greeting_name(b, other[i][0], other[i][1], other[i][2]);
        assert_string_not_equal(a, b);
    }
}

static void test_written_and_read(void **state)
{
    (void)state;
    struct desk_buf out;
    desk_buf_init(&out, DESK_MAX_GREETING);
    assert_false(greeting_read("aa", &out));
    assert_int_equal(greeting_write("aa", "/////w==\nfn5+fg==\n"), DESK_OK);
    assert_true(greeting_read("aa", &out));
    assert_int_equal(out.len, 8);
    assert_memory_equal(out.p, "\xff\xff\xff\xff\x7e\x7e\x7e\x7e", 8);
    desk_buf_clear(&out);
}

static void test_nothing_half_is_written(void **state)
{
    (void)state;
    struct desk_buf out;
    desk_buf_init(&out, DESK_MAX_GREETING);
    assert_int_equal(greeting_write("bb", "/////w==\n%%%%\n"), DESK_EINVAL);
    assert_int_equal(greeting_write("bb", ""), DESK_EINVAL);
    assert_int_equal(greeting_write("", "/////w==\n"), DESK_EINVAL);
    size_t n = (DESK_MAX_GREETING + 3) / 3 * 4;
    char *big = malloc(n + 1);
    assert_non_null(big);
    memset(big, 'A', n);
    big[n] = '\0';
    assert_int_equal(greeting_write("bb", big), DESK_ELIMIT);
    free(big);
    assert_false(greeting_read("bb", &out));
    assert_false(greeting_read("", &out));
    desk_buf_clear(&out);
}

static void test_only_the_newest_stay(void **state)
{
    (void)state;
    char name[24], path[DESK_PATH_LEN];
    for (int i = 0; i < DESK_MAX_GREETINGS + 5; i++) {
        snprintf(name, sizeof name, "n%03d", i);
        assert_int_equal(greeting_write(name, "/////w==\n"), DESK_OK);
        path_of(path, name, SUFFIX);
        const struct timespec times[2] = {{1000 + i, 0}, {1000 + i, 0}};
        assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
    }
    struct desk_buf out;
    desk_buf_init(&out, DESK_MAX_GREETING);
    assert_false(greeting_read("n000", &out));
    snprintf(name, sizeof name, "n%03d", DESK_MAX_GREETINGS + 4);
    assert_true(greeting_read(name, &out));
    char sub[DESK_PATH_LEN];
    desk_path_data(sub, FOLDER);
    assert_true(oldest(sub, path) <= DESK_MAX_GREETINGS);
    desk_buf_clear(&out);
}

static void test_the_same_words(void **state)
{
    (void)state;
    assert_true(
        greeting_is("Thanks for calling! How can I help?", "thanks for calling, how can I help"));
    assert_true(greeting_is("Grüß Gott, hier ist Meyer.", "Grüß Gott hier ist Meyer"));
    assert_false(greeting_is("Thanks for calling.", "Thanks for calling. Goodbye."));
    assert_false(greeting_is("Thanks for calling.", "Thanks for call"));
    assert_false(greeting_is("Thanks", ""));
    assert_true(greeting_is("", " ... "));
}

#define F(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),          F(test_written_and_read),
        F(test_nothing_half_is_written),       F(test_only_the_newest_stay),
        cmocka_unit_test(test_the_same_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
