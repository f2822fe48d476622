/* lib/wire/gsm7: encoding, characters and segments of a text, at the edges of the tables. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "wire/gsm7.h"

#include <string.h>

static struct desk_sms_size of(const char *text)
{
    struct desk_sms_size s;
    desk_sms_size(text, strlen(text), &s);
    return s;
}

/* n times the piece, and the tail */
static struct desk_sms_size many(size_t n, const char *piece, const char *tail)
{
    static char text[8000];
    size_t len = strlen(piece);
    for (size_t i = 0; i < n; i++)
        memcpy(text + i * len, piece, len);
    memcpy(text + n * len, tail, strlen(tail) + 1);
    return of(text);
}

#define IS(s, ucs2_, units_, segments_)                                                            \
    do {                                                                                           \
        struct desk_sms_size got = (s);                                                            \
        assert_int_equal(got.ucs2, ucs2_);                                                         \
        assert_int_equal(got.units, units_);                                                       \
        assert_int_equal(got.segments, segments_);                                                 \
    } while (0)

static void segments_of_the_seven_bit_alphabet(void **state)
{
    (void)state;
    IS(of(""), false, 0, 0);
    IS(of("Hello, it's 5 @ $2_!"), false, 20, 1);
    IS(many(160, "a", ""), false, 160, 1);
    IS(many(161, "a", ""), false, 161, 2);
    IS(many(306, "a", ""), false, 306, 2);
    IS(many(307, "a", ""), false, 307, 3);
}

static void the_extension_table_takes_two(void **state)
{
    (void)state;
    IS(of("\xe2\x82\xac[]{}\\^~|"), false, 18, 1);
    IS(many(80, "\xe2\x82\xac", ""), false, 160, 1);
    IS(many(159, "a", "\xe2\x82\xac"), false, 161, 2);
    /* the pair does not fit as the 153rd septet and goes over: 152 + 153 + 1 */
    IS(many(152, "a",
            "{bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
            "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
            "bb"),
       false, 306, 3);
}

static void letters_of_the_alphabet_and_not(void **state)
{
    (void)state;
    IS(of("caf\xc3\xa9 \xc3\x91 \xc3\xbc \xce\xa9 \xc3\x87"), false, 12, 1);
    static const char *const others[] = {"`",    "\xc3\xa7", "\xc3\xa1", "\t", "\xe2\x80\x99",
                                         "\x7f", "\xff"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct desk_sms_size s = of(others[i]);
        assert_true(s.ucs2);
        assert_int_equal(s.characters, 1);
    }
    const char *text = "It\xe2\x80\x99s here";
    struct desk_sms_size s;
    desk_sms_size(text, strlen(text), &s);
    assert_ptr_equal(s.first, text + 2);
    assert_string_equal(desk_sms_encoding(&s), "UCS-2");
    assert_int_equal(s.characters, 9);
}

static void ucs2_counts_words_and_keeps_pairs(void **state)
{
    (void)state;
    IS(many(70, "\xe2\x80\x99", ""), true, 70, 1);
    IS(many(71, "\xe2\x80\x99", ""), true, 71, 2);
    IS(many(134, "\xe2\x80\x99", ""), true, 134, 2);
    IS(many(135, "\xe2\x80\x99", ""), true, 135, 3);
    struct desk_sms_size s = many(35, "\xf0\x9f\x98\x80", "");
    assert_int_equal(s.characters, 35);
    IS(s, true, 70, 1);
    /* 33 pairs are 66 words; a 67th half is not begun */
    IS(many(67, "\xf0\x9f\x98\x80", ""), true, 134, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(segments_of_the_seven_bit_alphabet),
        cmocka_unit_test(the_extension_table_takes_two),
        cmocka_unit_test(letters_of_the_alphabet_and_not),
        cmocka_unit_test(ucs2_counts_words_and_keeps_pairs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
