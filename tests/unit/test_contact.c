/* What may be written down of a person, and when two leads are one. */
#include "core/contact.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void test_fields(void **state)
{
    static const struct {
        const char *field, *text, *clean; /* NULL = refused */
        bool day_first;
    } rows[] = {
        {"name", "  Dana \t Reed ", "Dana Reed", false},
        {"name", "Renée", "Renée", false},
        {"name", "Unknown", NULL, false},
        {"name", "n/a", NULL, false},
        {"name", "12345", NULL, false},
        {"name", "", "", false},
        {"name", "Eve\nFACTS\n{}", "Eve FACTS {}", false},
        {"company", "Reed & Co", "Reed & Co", false},
        {"email", "d@Reed.Example", "d@reed.example", false},
        {"email", "d.o'hara+x@sub.reed.example", "d.o'hara+x@sub.reed.example", false},
        {"email", "dana at reed dot example", NULL, false},
        {"email", "d@reed", NULL, false},
        {"email", "d@@reed.example", NULL, false},
        {"email", "d@-reed.example", NULL, false},
        {"email", "d@reed..example", NULL, false},
        {"email", ".d@reed.example", NULL, false},
        {"email", "<d@reed.example>", NULL, false},
        {"birthday", "1980-05-14", "1980-05-14", false},
        {"birthday", "05-14", "--05-14", false},
        {"birthday", "--05-14", "--05-14", false},
        {"birthday", "02-29", "--02-29", false},
        {"birthday", "1981-02-29", NULL, false},
        {"birthday", "1980-13-01", NULL, false},
        {"birthday", "1880-01-01", NULL, false},
        {"birthday", "0-5-14", NULL, false},
        {"birthday", "May 14", NULL, false},
        {"birthday", "5/14/1980", "1980-05-14", false},
        {"birthday", "14/5/1980", NULL, false},
        {"birthday", "14/5/1980", "1980-05-14", true},
        {"birthday", "5/14", "--05-14", false},
        {"birthday", "5/14-1980", NULL, false},
        {"birthday", "1980-05-14-01", NULL, false},
        {"preferred", "SMS", "text", false},
        {"preferred", "phone", "call", false},
        {"preferred", "pigeon", NULL, false},
        {"systems", "Lutron lighting; Control4 , lutron lighting,,", "Lutron lighting, Control4",
         false},
        {"language", "Spanish", "es", false},
        {"language", "EN_gb", "en-GB", false},
        {"language", "Klingon", NULL, false},
        {"standing", "Yes", "vip", false},
        {"standing", "no", "", false},
        {"standing", "king", NULL, false},
        {"notes", "one\r\n two", "one\ntwo", false},
    };
    struct desk_arena *a = desk_arena_new(1 << 20);
    char longer[200];
    const char *clean, *why;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        enum desk_rc rc =
            desk_contact_check(a, rows[i].field, rows[i].text, rows[i].day_first, &clean, &why);
        if (rc != (rows[i].clean ? DESK_OK : DESK_EINVAL) ||
            (rows[i].clean && strcmp(clean, rows[i].clean) != 0) || (!rows[i].clean && !*why))
            fail_msg("%s \"%s\": rc %d \"%s\"", rows[i].field, rows[i].text, (int)rc,
                     clean ? clean : "");
    }
    memset(longer, 'x', sizeof longer);
    longer[121] = '\0';
    assert_int_equal(desk_contact_check(a, "name", longer, false, &clean, &why), DESK_EINVAL);
    assert_string_equal(why, "is too long: at most 120 letters");
    assert_int_equal(desk_contact_check(a, "shoe size", "9", false, &clean, &why), DESK_ENOTFOUND);
    desk_arena_free(a);
}

static void test_same_job(void **state)
{
    static const struct {
        const char *a, *b;
        bool same;
    } rows[] = {
        {"remodel the kitchen", "Kitchen remodeling", true},
        {"wants a quote for a full kitchen remodel", "kitchen remodel with new cabinets", true},
        {"kitchen", "kitchen remodel", true},
        {"kitchen faucet leaks", "install a bathroom faucet", false},
        {"kitchen remodel", "kitchen lighting", false},
        {"dripping taps", "a dripping tap", true},
        {"home theater in the basement", "basement home theater", true},
        {"shades for five windows", "cameras for the driveway", false},
        {"", "kitchen", false},
        {"", "", false},
        {"a quote", "a quote", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (desk_same_job(rows[i].a, rows[i].b) != rows[i].same ||
            desk_same_job(rows[i].b, rows[i].a) != rows[i].same)
            fail_msg("\"%s\" and \"%s\"", rows[i].a, rows[i].b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_fields),
                                       cmocka_unit_test(test_same_job)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
