/* Telephone numbers. tests/eval/phones.jsonl is the development half of the evaluation set; the
 * tables here and tests/data/phones.txt are other numbers, so that rules and not lines are tested.
 */
#include "core/phone.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define W "withheld"

static const char *result(enum desk_phone_rc rc, const char *out)
{
    return rc == DESK_PHONE_OK ? out : rc == DESK_PHONE_WITHHELD ? W : "";
}

static void written(void **state)
{
    static const char *const rows[][3] = {
        /* input, country, E.164 or "" */
        {"+14155550134", "US", "+14155550134"},
        {"4155550134", NULL, "+14155550134"},
        {"1 (415) 555-0134", "US", "+14155550134"},
        {"(415)555.0134", "XX", "+14155550134"},
        {"\xc2\xa0+1\xe2\x80\x91"
         "415\xe2\x80\x91"
         "555\xe2\x80\x91"
         "0134 ",
         "US", "+14155550134"},
        {"+1/415/555/0134", "US", "+14155550134"},
        {"tel:+1-415-555-0134;phone-context=x", "US", "+14155550134"},
        {"sip:4155550134@10.0.0.1:5060;user=phone", "US", "+14155550134"},
        {"sips:+442079460123@x", "US", "+442079460123"},
        {"011 44 20 7946 0123", "US", "+442079460123"},
        {"020 7946 0123", "GB", "+442079460123"},
        {"+44 (0)20 7946 0123", "US", "+442079460123"},
        {"00 1 415 555 0134", "GB", "+14155550134"},
        {"0412 345 678", "AU", "+61412345678"},
        {"0011 1 415 555 0134", "AU", "+14155550134"},
        {"+39 06 698 12345", "US", "+390669812345"},
        {"+7 495 123 45 67", "US", "+74951234567"},
        {"+999 1234 5678", "US", ""},
        {"555-0134", "US", ""},       /* no area code */
        {"(115) 555-0134", "US", ""}, /* area */
        {"(415) 155-0134", "US", ""}, /* exchange */
        {"(411) 555-0134", "US", ""}, /* N11 */
        {"(415) 911-0134", "US", ""}, /* N11 */
        {"(495) 555-0134", "US", ""}, /* N9X is kept for growth */
        {"1-900-555-0134", "US", ""}, /* premium */
        {"0900 123 4567", "GB", ""},  /* premium */
        {"1-800-FLOWERS", "US", ""},
        {"415-555-O134", "US", ""},
        {"415-555-0134 or 0135", "US", ""},
        {"client:4155550134", "US", ""},
        {"whatsapp:+14155550134", "US", ""},
        {"\"Dana\" <sip:+14155550134@x>", "US", "+14155550134"},
        {"447700900128", "GB", "+447700900128"},
        {"447700900128", "US", ""},
        {"+44 20 7946 012", "GB", ""}, /* one digit short */
        {"+521 55 5550 0193", "US", "+525555500193"},
        {"sip:4155550134", "US", ""}, /* a host, no user */
        {"+", "US", ""},
        {"--", "US", ""},
        {"911", "US", ""},
        {"0000000000", "US", ""},
        {"+141555501345678901234567890", "US", ""},
        {"++14155550134", "US", ""},
        {"14155550134+", "US", ""},
    };
    char out[DESK_PHONE_LEN];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *got = result(desk_phone_parse(rows[i][0], rows[i][1], out), out);
        if (strcmp(got, rows[i][2]) != 0)
            fail_msg("%s: %s, not %s", rows[i][0], got, rows[i][2]);
    }
}

static void extensions(void **state)
{
    static const char *const rows[][3] = {
        {"415-555-0134 ext. 12", "+14155550134", "12"},
        {"415-555-0134 x9", "+14155550134", "9"},
        {"415-555-0134X9", "+14155550134", "9"},
        {"415-555-0134, 123", "+14155550134", "123"},
        {"415-555-0134,,123#", "+14155550134", "123"},
        {"415-555-0134 #77", "+14155550134", "77"},
        {"415-555-0134 Extension: 4", "+14155550134", "4"},
        {"tel:+1-415-555-0134;ext=33;isub=1", "+14155550134", "33"},
        {"415-555-0134 ext 12345678", "", ""},
        {"415-555-0134 ext", "", ""},
        {"415-555-0134", "+14155550134", ""},
    };
    char out[DESK_PHONE_LEN], ext[10];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        desk_phone_parse_ext(rows[i][0], "US", out, ext, sizeof ext);
        if (strcmp(out, rows[i][1]) != 0 || strcmp(ext, rows[i][2]) != 0)
            fail_msg("%s: %s ext %s", rows[i][0], out, ext);
    }
}

static void withheld(void **state)
{
    static const char *const yes[] = {
        "",
        "  ",
        "anonymous",
        "Anonymous",
        " UNKNOWN ",
        "Restricted",
        "unavailable",
        "private",
        "blocked",
        "Withheld",
        "+266696687",
        "+266 696 687",
        "+7378742833",
        "+2562533",
        "+8656696",
        "+86282452253",
        "266696687",
        "8656696",
        "sip:anonymous@anonymous.invalid",
        "Private Number",
        "no caller id",
        "number withheld",
    };
    static const char *const no[] = {"+12562533000", "+17378742833",  "7378742833",
                                     "+14155550134", "anonymous lee", "hello",
                                     "+2666966870",  "caller id",     "no"};
    char out[DESK_PHONE_LEN];
    (void)state;
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        bool sip = strncmp(yes[i], "sip:", 4) == 0;
        if (!sip && !desk_phone_is_withheld(yes[i]))
            fail_msg("not withheld: %s", yes[i]);
        if (desk_phone_parse(yes[i], "US", out) == DESK_PHONE_OK || *out)
            fail_msg("a number: %s", yes[i]);
    }
    assert_true(desk_phone_is_withheld(NULL));
    assert_int_equal(desk_phone_parse(NULL, "US", out), DESK_PHONE_WITHHELD);
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        if (desk_phone_is_withheld(no[i]) ||
            desk_phone_parse(no[i], "US", out) == DESK_PHONE_WITHHELD)
            fail_msg("withheld: %s", no[i]);
}

static void heard(void **state)
{
    static const char *const rows[][2] = {
        {"it's four one five, five five five, oh one three four", "+14155550134"},
        {"yeah call me at 415 555 0134 after 5 please", "+14155550134"},
        {"four one five triple five zero one three four", "+14155550134"},
        {"four one five double five five oh one thirty four", "+14155550134"},
        {"plus four four two oh seven nine four six oh one two three", "+442079460123"},
        {"area code four one five and the number is five five five oh one three four",
         "+14155550134"},
        {"555 0134, area code 415", "+14155550134"},
        {"four fifteen five fifty five zero one thirty four", "+14155550134"},
        {"four one five dash five five five dash zero one three four", "+14155550134"},
        {"one eight hundred five five five oh one nine nine", "+18005550199"},
        {"four one five five five five one thousand", "+14155551000"},
        {"six hundred four five five five oh one two three", "+16045550123"},
        {"my zip is 94103 and my number is 415-555-0134 extension 12", "+14155550134"},
        {"415 555 0134, again 415 555 0134", "+14155550134"},
        {"415 555 0134 or 415 555 0135", ""},
        {"four one five five five five oh one three four no wait three five", ""},
        {"four one five five five five oh one three", ""},
        {"call nine one one", ""},
        {"call me back", ""},
        {"i have one two or three leaks", ""},
        {"client:4155550134", ""},
        {"double", ""},
        {"hundred thousand", ""},
        {"four one five five five five double", ""},
        {"extension four one five five five five oh one three four", ""},
    };
    char out[DESK_PHONE_LEN];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *got = result(desk_phone_heard(rows[i][0], "US", out), out);
        if (strcmp(got, rows[i][1]) != 0)
            fail_msg("%s: %s, not %s", rows[i][0], got, rows[i][1]);
    }
}

static void from_words(void **state)
{
    static const char *const rows[][2] = {
        {"four one five double five five oh one", "41555501"},
        {"eight hundred", "800"},
        {"fifteen oh nine", "1509"},
        {"twenty two", "22"},
        {"twenty oh two", "2002"},
        {"triple oh", "000"},
        {"two hundred twelve", "20012"}, /* as it is said; a telephone number is read both ways */
        {"treinta y cuatro", "34"},
        {"m\xc3\xa1s cinco dos", "52"},
        {"my pin is 4 4 7 1 thanks", "4471"},
        {"4471", "4471"},
        {"one two or maybe three", ""},
        {"nothing", ""},
        {"", ""},
    };
    char out[16];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t n = desk_phone_from_words(rows[i][0], out, sizeof out);
        if (strcmp(out, rows[i][1]) != 0 || n != strlen(out))
            fail_msg("%s: %s", rows[i][0], out);
    }
    assert_int_equal(desk_phone_from_words("one two three", out, 3), 0);
    assert_int_equal(desk_phone_from_words(NULL, out, sizeof out), 0);
}

static void shown(void **state)
{
    static const char *const rows[][3] = {
        {"+14155550134",
         "(415)\xc2\xa0"
         "555-0134",
         "4 1 5, 5 5 5, 0 1 3 4"},
        {"+442079460123", "+44 20 7946 0123", "plus 4 4, 2 0, 7 9 4 6, 0 1 2 3"},
        {"+447700900128", "+44 7700 900128", "plus 4 4, 7 7 0 0, 9 0 0 1 2 8"},
        {"+441614960190", "+44 161 496 0190", "plus 4 4, 1 6 1, 4 9 6, 0 1 9 0"},
        {"+4930901820", "+49 30 901 820", "plus 4 9, 3 0, 9 0 1, 8 2 0"},
        {"+525555550193", "+52 55 5555 0193", "plus 5 2, 5 5, 5 5 5 5, 0 1 9 3"},
        {"anonymous", "anonymous", "anonymous"},
        {"", "", ""},
        {"+1", "+1", "+1"},
    };
    char out[80];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_string_equal(desk_phone_national(out, sizeof out, rows[i][0]), rows[i][1]);
        assert_string_equal(desk_phone_spoken(out, sizeof out, rows[i][0]), rows[i][2]);
    }
    assert_string_equal(desk_phone_national(out, sizeof out, NULL), "");
    assert_string_equal(desk_phone_spoken(out, 6, "+14155550134"), "4 1 5");
}

/* input | default country | E.164, none, or withheld */
static void own_lines(void **state)
{
    char line[400], out[DESK_PHONE_LEN];
    size_t n = 0;
    FILE *f = fopen("tests/data/phones.txt", "r");
    (void)state;
    assert_non_null(f);
    while (fgets(line, sizeof line, f)) {
        line[strcspn(line, "\n")] = '\0';
        char *want = strrchr(line, '|');
        if (*line == '#' || !want)
            continue;
        *want++ = '\0';
        char *country = strrchr(line, '|');
        assert_non_null(country);
        *country++ = '\0';
        const char *got = result(desk_phone_heard(line, country, out), out);
        if (strcmp(*got ? got : "none", want) != 0)
            fail_msg("%s (%s): %s, not %s", line, country, got, want);
        n++;
    }
    fclose(f);
    assert_true(n > 290);
}

static void evaluation_set(void **state)
{
    char line[4096], out[DESK_PHONE_LEN];
    size_t n = 0, right = 0;
    FILE *f = fopen("tests/eval/phones.jsonl", "r");
    (void)state;
    assert_non_null(f);
    while (fgets(line, sizeof line, f)) {
        json_t *row = json_loads(line, 0, NULL);
        const char *input = json_string_value(json_object_get(row, "input"));
        const char *country = json_string_value(json_object_get(row, "default_country"));
        const char *want = json_string_value(json_object_get(row, "expect_e164"));
        assert_non_null(input);
        const char *got = result(desk_phone_heard(input, country, out), out);
        n++;
        if (strcmp(got, want ? want : "") == 0)
            right++;
        else if (*got == '+') /* a wrong number is worse than none */
            fail_msg("%s: invented %s", input, got);
        else
            print_message("%s: %s, not %s\n", input, got, want ? want : "none");
        json_decref(row);
    }
    fclose(f);
    assert_true(n >= 45);
    assert_true(right * 100 >= n * 95);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(written),   cmocka_unit_test(extensions),     cmocka_unit_test(withheld),
        cmocka_unit_test(heard),     cmocka_unit_test(from_words),     cmocka_unit_test(shown),
        cmocka_unit_test(own_lines), cmocka_unit_test(evaluation_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
