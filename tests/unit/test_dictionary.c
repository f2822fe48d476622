/* The dictionary of pronunciations: words, their other ways, and what is not there. */
#include "../../speech/dictionary.c"
#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void note_way(void *ctx, const char *name, const char *phones)
{
    desk_buf_fmt(ctx, "[%s|%s]", name, phones);
}

static int file_of(char *path, const char *text, size_t n)
{
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, n), n);
    return fd;
}

static void words_and_their_ways(void **state)
{
    static const char text[] = "a AH\na(2) EY\n\nnew N UW\nb(2) B IY\nlast\tL AE S T";
    static const struct {
        const char *word, *want;
    } cases[] = {{"a", "[a|AH][a(2)|EY]"},
                 {"new", "[new|N UW]"},
                 {"last", "[last|L AE S T]"},
                 {"b", ""},
                 {"a(2)", ""},
                 {"ne", ""},
                 {"newer", ""},
                 {"", ""},
                 {"A", ""}};
    char path[] = "/tmp/dictionary-XXXXXX";
    struct desk_buf got;
    (void)state;
    int fd = file_of(path, text, sizeof text - 1);
    struct desk_dictionary *d = desk_dictionary_open(path);
    close(fd);
    unlink(path);
    assert_non_null(d);
    desk_buf_init(&got, 1000);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        desk_buf_reset(&got);
        size_t n = desk_dictionary_find(d, cases[i].word, note_way, &got);
        assert_string_equal(desk_buf_cstr(&got), cases[i].want);
        assert_int_equal(n > 0, *cases[i].want != '\0');
    }
    desk_buf_clear(&got);
    desk_dictionary_close(d);
}

static void what_is_too_long_is_not_there(void **state)
{
    char path[] = "/tmp/dictionary-XXXXXX", word[200], line[220];
    struct desk_buf got;
    (void)state;
    memset(word, 'w', sizeof word - 1);
    word[sizeof word - 1] = '\0';
    int n = snprintf(line, sizeof line, "%s W\n", word);
    int fd = file_of(path, line, (size_t)n);
    struct desk_dictionary *d = desk_dictionary_open(path);
    close(fd);
    unlink(path);
    assert_non_null(d);
    desk_buf_init(&got, 1000);
    assert_int_equal(desk_dictionary_find(d, word, note_way, &got), 0);
    desk_buf_clear(&got);
    desk_dictionary_close(d);
}

static void no_file_no_dictionary(void **state)
{
    char path[] = "/tmp/dictionary-XXXXXX";
    (void)state;
    close(file_of(path, "", 0));
    assert_null(desk_dictionary_open(path)); /* empty */
    unlink(path);
    assert_null(desk_dictionary_open(path));
    desk_dictionary_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_and_their_ways),
        cmocka_unit_test(what_is_too_long_is_not_there),
        cmocka_unit_test(no_file_no_dictionary),
    };
    desk_log_init("test", DESK_LOG__MAX);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
