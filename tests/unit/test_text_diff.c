/* What has changed between two texts. */
#include "core/text_diff.h"
#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct desk_arena *arena;

static void same(const char *before, const char *after, const char *wanted)
{
    struct desk_diff_line *lines;
    struct desk_buf out;
    size_t n;
    desk_arena_reset(arena);
    assert_int_equal(desk_text_diff(arena, before, after, &lines, &n), DESK_OK);
    desk_buf_init(&out, 1000000);
    for (size_t i = 0; i < n; i++)
        desk_buf_fmt(&out, "%c%s|", lines[i].sign, lines[i].text);
    assert_string_equal(desk_buf_cstr(&out), wanted);
    desk_buf_clear(&out);
}

static void test_lines(void **state)
{
    (void)state;
    same("", "", "");
    same("a\nb\nc\n", "a\nb\nc", " a| b| c|");
    same("a\nb\nc", "a\nx\nc", " a|-b|+x| c|");
    same("a\nb", "b\na", "-a| b|+a|");
    same("", "a\n\nb", "+a|+|+b|");
    same("a\r\nb\r\n", "a\nb\n", " a| b|");
    same("a\na\nb", "a\nb\nb", " a|-a| b|+b|");
}

static void test_long(void **state)
{
    (void)state;
    char *text = calloc(1, 2 * (DESK_DIFF_LINES + 2) + 1);
    struct desk_diff_line *lines;
    size_t n;
    for (size_t i = 0; i < DESK_DIFF_LINES + 2; i++)
        memcpy(text + 2 * i, "x\n", 2);
    assert_int_equal(desk_text_diff(arena, text, "y", &lines, &n), DESK_OK);
    assert_int_equal(n, DESK_DIFF_LINES + 3);
    assert_int_equal(lines[0].sign, '-');
    assert_int_equal(lines[n - 1].sign, '+');
    free(text);
    struct desk_arena *small = desk_arena_new(9000);
    assert_int_equal(desk_text_diff(small, "a\nb\nc\nd", "e\nf", &lines, &n), DESK_OK);
    desk_arena_free(small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_lines), cmocka_unit_test(test_long)};
    arena = desk_arena_new(4 * 1024 * 1024);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    desk_arena_free(arena);
    return failed;
}
