/* CSV: what spreadsheets write is read, and what is written is harmless to them. */
#include "base/limits.h"
#include "wire/csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct desk_arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = desk_arena_new(8 * 1024 * 1024);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    desk_arena_free(arena);
    return 0;
}

/* Rows as "a|b/c|d", with the line each begins on before it. */
static const char *read_all(const char *text, size_t n)
{
    struct desk_csv c;
    struct desk_csv_row row;
    enum desk_rc rc;
    const char *out = "";
    if (desk_csv_init(&c, text, n))
        return "refused";
    while ((rc = desk_csv_next(&c, arena, &row)) == DESK_OK || rc == DESK_ELIMIT) {
        out = desk_arena_fmt(arena, "%s%s%zu:", out, *out ? "/" : "", row.line);
        for (size_t i = 0; rc == DESK_OK && i < row.n; i++)
            out = desk_arena_fmt(arena, "%s%s%s", out, i ? "|" : "", row.cells[i]);
        if (rc)
            out = desk_arena_fmt(arena, "%s!", out);
    }
    return rc == DESK_DONE ? out : desk_arena_fmt(arena, "%s/%zu:?", out, row.line);
}

static void test_reads_what_there_is(void **state)
{
    static const struct {
        const char *text, *rows;
    } cases[] = {
        {"", ""},
        {"\r\n\n\r", ""},
        {"a,b\r\nc,d\r\n", "1:a|b/2:c|d"},
        {"a,b\nc,d", "1:a|b/2:c|d"},
        {"a,b\rc,d\r", "1:a|b/2:c|d"},
        {"\xef\xbb\xbf"
         "a,b",
         "1:a|b"},
        {"a,b,\n", "1:a|b|"},
        {",\n", "1:|"},
        {"a;b\nc;\"d;e\"", "1:a|b/2:c|d;e"},
        {"\"x,y\";b;c\n1;2;3", "1:x,y|b|c/2:1|2|3"},
        {"a\tb\n1\t2", "1:a|b/2:1|2"},
        {"sep=;\r\na,1;b\r\n", "2:a,1|b"},
        {"a,\"two\r\nlines\"\nb,c", "1:a|two\r\nlines/3:b|c"},
        {"\"say \"\"hi\"\"\",b", "1:say \"hi\"|b"},
        {"6\" pipe,b", "1:6\" pipe|b"},
        {"\"ab\"cd,e", "1:abcd|e"},
        {"a,b\n\n\nc,d", "1:a|b/4:c|d"},
        {"a,b\n\"never closed", "1:a|b/2:?"},
        {"Ren\xe9"
         "e,\x93x\x94",
         "1:Ren\xc3\xa9"
         "e|\xe2\x80\x9cx\xe2\x80\x9d"},
        {"\xff\xfe"
         "a",
         "refused"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(read_all(cases[i].text, strlen(cases[i].text)), cases[i].rows);
    assert_string_equal(read_all("a\0b", 3), "refused");
}

static void test_too_much_is_skipped(void **state)
{
    struct desk_buf b;
    (void)state;
    desk_buf_init(&b, 1 << 20);
    for (int i = 0; i < DESK_MAX_CSV_CELLS; i++)
        desk_buf_chr(&b, ',');
    desk_buf_str(&b, "\nok,1\n");
    for (int i = 0; i <= DESK_MAX_CSV_CELL; i++)
        desk_buf_chr(&b, 'x');
    desk_buf_str(&b, ",1\nok,2");
    assert_string_equal(read_all(b.p, b.len), "1:!/2:ok|1/3:!/4:ok|2");
    desk_buf_clear(&b);
}

static void test_writing(void **state)
{
    static const char *const cells[] = {
        "plain", "",    "a,b",  "say \"hi\"", "two\nlines", "=1+1",    "+18605550134", "-5",
        "@x",    "'=1", "''+x", "it's",       "'quoted'",   " space ", "a;b"};
    struct desk_buf b;
    struct desk_csv c;
    struct desk_csv_row row;
    size_t n = sizeof cells / sizeof *cells;
    (void)state;
    desk_buf_init(&b, 10000);
    for (size_t i = 0; i < n; i++)
        desk_csv_put(&b, i == 0, cells[i]);
    desk_csv_put(&b, false, NULL);
    desk_csv_end(&b);
    assert_non_null(strstr(desk_buf_cstr(&b), ",'=1+1,'+18605550134,'-5,'@x,''=1,"));
    assert_int_equal(desk_csv_init(&c, b.p, b.len), DESK_OK);
    assert_int_equal(desk_csv_next(&c, arena, &row), DESK_OK);
    assert_int_equal(row.n, n + 1);
    for (size_t i = 0; i < n; i++) {
        assert_null(*row.cells[i] ? strchr("=+-@\t\r", *row.cells[i]) : NULL);
        assert_string_equal(desk_csv_plain(row.cells[i]), cells[i]);
    }
    assert_string_equal(row.cells[n], "");
    desk_buf_clear(&b);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {T(test_reads_what_there_is), T(test_too_much_is_skipped),
                                       T(test_writing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
