/* Words as they are looked for. */
#include "base/find.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void assert_words(const char *text, const char *want)
{
    char all[400] = "", w[DESK_FIND_WORD];
    size_t at = 0, from, len, n = 0;
    while (desk_find_next(text, &at, w, &from, &len)) {
        assert_true(from + len <= strlen(text));
        assert_true(len > 0);
        n += (size_t)snprintf(all + n, sizeof all - n, "%s%s", n ? " " : "", w);
    }
    assert_string_equal(all, want);
}

static void one_form_for_all_spellings(void **state)
{
    (void)state;
    assert_words("", "");
    assert_words(" .,!? ", "");
    assert_words("Pumps, PUMP; pump’s", "pump pump pump");
    assert_words("don't stop", "dont stop");
    assert_words("café Ñandú Über", "cafe nandu uber");
    assert_words("glass bus gas 90s", "glass bus gas 90s");
    assert_words("Mill-Lane 40/B", "mill lane 40 b");
    assert_words("יעל בן־דוד", "יעל בן־דוד");
    assert_words("ДОМ дом", "дом дом");
    assert_words("🎉leak🔧", "leak");
    assert_words("\xff\xfe"
                 "bad\xc3",
                 "bad");
    char longest[200];
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    char w[DESK_FIND_WORD];
    size_t at = 0, from, len;
    assert_true(desk_find_next(longest, &at, w, &from, &len));
    assert_int_equal(strlen(w), DESK_FIND_WORD - 1);
    assert_int_equal(len, sizeof longest - 1);
}

static void a_question_has_each_word_once_and_no_common_ones(void **state)
{
    (void)state;
    struct desk_find f;
    desk_find_read(&f, "the Leak and the leaks in a garage");
    assert_int_equal(f.n, 2);
    assert_true(desk_find_has(&f, "leak"));
    assert_true(desk_find_has(&f, "garage"));
    assert_true(desk_find_in(&f, "A GARAGE with leaks"));
    assert_false(desk_find_in(&f, "A garage"));
    desk_find_read(&f, "red blue green black white brown pink grey");
    assert_int_equal(f.n, DESK_FIND_WORDS);
    desk_find_read(&f, "a to I");
    assert_int_equal(f.n, 0);
    assert_true(desk_find_common(""));
    assert_true(desk_find_common("x"));
    assert_false(desk_find_common("7"));
}

static void a_number_is_told_from_words(void **state)
{
    (void)state;
    char d[DESK_FIND_DIGITS];
    assert_true(desk_find_digits("(415) 555-0134", d));
    assert_string_equal(d, "4155550134");
    assert_true(desk_find_digits("0134", d));
    assert_true(desk_find_digits("+44 20 7946 0123", d));
    assert_string_equal(d, "442079460123");
    assert_false(desk_find_digits("134", d));
    assert_false(desk_find_digits("call 0134", d));
    assert_false(desk_find_digits("12345678901234567", d));
    assert_false(desk_find_digits("", d));
}

static void assert_piece(const char *question, const char *text, size_t around, const char *want)
{
    struct desk_find f;
    size_t from, to;
    char out[400];
    desk_find_read(&f, question);
    desk_find_piece(&f, text, around, &from, &to);
    assert_true(from <= to && to <= strlen(text));
    snprintf(out, sizeof out, "%.*s", (int)(to - from), text + from);
    assert_string_equal(out, want);
}

static void a_piece_is_cut_between_words(void **state)
{
    (void)state;
    assert_piece("garage", "my heater is leaking all over the garage floor since noon", 12,
                 "over the garage floor since");
    assert_piece("my", "my heater", 40, "my heater");
    assert_piece("nothing", "short", 40, "short");
    assert_piece("nothing", "", 40, "");
    assert_piece("leak", "ééééééééééééleakéééééééééééé leak", 3, "leak");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_form_for_all_spellings),
        cmocka_unit_test(a_question_has_each_word_once_and_no_common_ones),
        cmocka_unit_test(a_number_is_told_from_words),
        cmocka_unit_test(a_piece_is_cut_between_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
