#include "base/limits.h"
#include "wire/form.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static struct desk_arena *arena;
static struct desk_form form;

static int setup(void **state)
{
    (void)state;
    arena = desk_arena_new(DESK_MAX_REQUEST_ARENA);
    return arena ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    desk_arena_free(arena);
    return 0;
}

static enum desk_rc parse(const char *s)
{
    return desk_form_parse(&form, arena, s, strlen(s));
}

static void plain(void **state)
{
    (void)state;
    assert_int_equal(parse("From=%2B14155550123&FromCity=SAN+FRANCISCO&ToZip=&x"), DESK_OK);
    assert_int_equal(form.n, 4);
    assert_string_equal(desk_form_get(&form, "From"), "+14155550123");
    assert_string_equal(desk_form_get(&form, "FromCity"), "SAN FRANCISCO");
    assert_string_equal(desk_form_get(&form, "ToZip"), "");
    assert_string_equal(desk_form_get(&form, "x"), "");
    assert_null(desk_form_get(&form, "from"));
    assert_null(desk_form_get(&form, "Fro"));
    assert_string_equal(desk_form_text(&form, "none"), "");
}

static void odd(void **state)
{
    (void)state;
    assert_int_equal(parse("&&a=b=c&=v&%zz=%4&a=2&&%41+%2b=%2B+&"), DESK_OK);
    assert_int_equal(form.n, 5);
    assert_string_equal(desk_form_get(&form, "a"), "b=c");
    assert_string_equal(desk_form_nth(&form, "a", 1), "2");
    assert_null(desk_form_nth(&form, "a", 2));
    assert_string_equal(desk_form_get(&form, ""), "v");
    assert_string_equal(desk_form_get(&form, "%zz"), "%4");
    assert_string_equal(desk_form_get(&form, "A +"), "+ ");
}

static void bytes(void **state)
{
    (void)state;
    assert_int_equal(parse("k=a%00b&k%00=1&u=%ff%FE%c3"), DESK_OK);
    const struct desk_form_pair *p = desk_form_find(&form, "k");
    assert_int_equal(p->value_len, 3);
    assert_memory_equal(p->value, "a\0b", 4);
    assert_int_equal(form.pairs[1].name_len, 2);
    assert_string_equal(desk_form_get(&form, "u"), "\xff\xfe\xc3");
    assert_int_equal(desk_form_parse(&form, arena, "a\0=\0", 4), DESK_OK);
    assert_int_equal(form.pairs[0].name_len, 2);
    assert_int_equal(form.pairs[0].value_len, 1);
}

static void empty(void **state)
{
    (void)state;
    assert_int_equal(desk_form_parse(&form, arena, NULL, 0), DESK_OK);
    assert_int_equal(form.n, 0);
    assert_null(desk_form_get(&form, "a"));
    assert_int_equal(parse("&&&"), DESK_OK);
    assert_int_equal(form.n, 0);
}

static void huge(void **state)
{
    const size_t n = DESK_MAX_BODY;
    char *body = malloc(n);
    (void)state;
    assert_non_null(body);
    memset(body, '&', n);
    for (size_t i = 0; i < n; i += 2)
        body[i] = 'a';
    assert_int_equal(desk_form_parse(&form, arena, body, n), DESK_ELIMIT);
    assert_int_equal(form.n, DESK_MAX_FORM_FIELDS);
    memset(body, '%', n);
    body[1] = '=';
    assert_int_equal(desk_form_parse(&form, arena, body, n), DESK_OK);
    assert_int_equal(form.pairs[0].value_len, n - 2);
    struct desk_arena *small = desk_arena_new(1000);
    assert_int_equal(desk_form_parse(&form, small, body, n), DESK_ENOMEM);
    assert_int_equal(form.n, 0);
    desk_arena_free(small);
    free(body);
}

static void exact_limit(void **state)
{
    char body[2 * DESK_MAX_FORM_FIELDS];
    (void)state;
    memset(body, '&', sizeof body);
    for (size_t i = 0; i < sizeof body; i += 2)
        body[i] = 'a';
    assert_int_equal(desk_form_parse(&form, arena, body, sizeof body), DESK_OK);
    assert_int_equal(form.n, DESK_MAX_FORM_FIELDS);
}

static void build(void **state)
{
    struct desk_buf b;
    (void)state;
    desk_buf_init(&b, 1000);
    desk_form_add(&b, "To", "+1 (415)");
    desk_form_add(&b, "Skip", NULL);
    desk_form_add(&b, "Empty", "");
    desk_form_add_n(&b, "B", "a\0\xff-._~", 7);
    assert_string_equal(desk_buf_cstr(&b), "To=%2B1%20%28415%29&Empty=&B=a%00%FF-._~");
    assert_int_equal(desk_form_parse(&form, arena, b.p, b.len), DESK_OK);
    assert_string_equal(desk_form_get(&form, "To"), "+1 (415)");
    desk_buf_clear(&b);
}

static void decode_text(void **state)
{
    static const struct {
        const char *in, *path, *form;
    } rows[] = {
        {"/a%20b+c", "/a b+c", "/a b c"}, {"%2F%2f", "//", "//"}, {"%4", "%4", "%4"},
        {"%zz%", "%zz%", "%zz%"},         {"%2", "%2", "%2"},     {"", "", ""},
    };
    char out[32];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t n = strlen(rows[i].in);
        out[desk_url_decode(out, rows[i].in, n, '+')] = '\0';
        assert_string_equal(out, rows[i].path);
        out[desk_url_decode(out, rows[i].in, n, ' ')] = '\0';
        assert_string_equal(out, rows[i].form);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain), cmocka_unit_test(odd),         cmocka_unit_test(bytes),
        cmocka_unit_test(empty), cmocka_unit_test(huge),        cmocka_unit_test(exact_limit),
        cmocka_unit_test(build), cmocka_unit_test(decode_text),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
