/* Times and hours as people type them. */
#include "core/hours_words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void test_clock(void **state)
{
    static const struct {
        const char *text;
        int minutes;
    } rows[] = {{"8", 480},      {"8:30", 510},   {"8.30 pm", 1230}, {"8 AM", 480},
                {"12 am", 0},    {"12pm", 720},   {"noon", 720},     {"midnight", 1440},
                {"20:15", 1215}, {"24:00", 1440}, {"8 a.m.", 480},   {"0:05", 5},
                {" 7:00 ", 420}, {"25", -1},      {"13 pm", -1},     {"0 am", -1},
                {"8:3", -1},     {"8:60", -1},    {"24:01", -1},     {"", -1},
                {"eight", -1},   {"8 to 5", -1},  {"8:300", -1},     {NULL, -1}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (desk_clock_words(rows[i].text) != rows[i].minutes)
            fail_msg("%s: %d", rows[i].text, desk_clock_words(rows[i].text));
}

static void test_spans(void **state)
{
    static const struct {
        const char *text, *json;
    } rows[] = {
        {"", "[]"},
        {" Closed", "[]"},
        {"8 to 5", "[[\"08:00\",\"17:00\"]]"},
        {"8-12, 1-5", "[[\"08:00\",\"12:00\"],[\"13:00\",\"17:00\"]]"},
        {"8 to noon and 1 to 5:30", "[[\"08:00\",\"12:00\"],[\"13:00\",\"17:30\"]]"},
        {"7:00 am to 5:00 pm", "[[\"07:00\",\"17:00\"]]"},
        {"07:00\xe2\x80\x93"
         "17:00",
         "[[\"07:00\",\"17:00\"]]"},
        {"6 pm to 2 am", "[[\"18:00\",\"02:00\"]]"},
        {"12 am to midnight", "[[\"00:00\",\"24:00\"]]"},
        {"0:00 to 24:00", "[[\"00:00\",\"24:00\"]]"},
        {"10 to 12", "[[\"10:00\",\"12:00\"]]"},
        {"12 to 4", "[[\"12:00\",\"16:00\"]]"},
        {"8", NULL},
        {"8 to", NULL},
        {"8 to 5 pm please", NULL},
        {"mornings", NULL},
        {"8 to 25", NULL},
    };
    char why[100];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        json_t *v = desk_spans_read(rows[i].text, why, sizeof why);
        char *text = v ? json_dumps(v, JSON_COMPACT) : NULL;
        if (!text != !rows[i].json || (text && strcmp(text, rows[i].json) != 0))
            fail_msg("%s: %s", rows[i].text, text ? text : why);
        free(text);
        json_decref(v);
    }
    assert_null(desk_spans_read("8 to 5 pm please", why, sizeof why));
    assert_string_equal(why, "is not understood at \xe2\x80\x9cplease\xe2\x80\x9d");
}

static void test_there_and_back(void **state)
{
    static const char *const texts[] = {"8:00 am to 12:00 pm, 1:00 pm to 5:00 pm",
                                        "6:00 pm to 2:00 am", "12:00 am to midnight", ""};
    char out[200], why[100];
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        json_t *v = desk_spans_read(texts[i], why, sizeof why);
        assert_non_null(v);
        assert_string_equal(desk_spans_say(out, sizeof out, v), texts[i]);
        json_decref(v);
    }
    json_t *odd = json_pack("[[s,s],[s,s],s]", "08:00", "12:00", "x", "y", "z");
    assert_string_equal(desk_spans_say(out, sizeof out, odd), "8:00 am to 12:00 pm");
    assert_string_equal(desk_spans_say(out, 9, odd), "8:00 am ");
    json_decref(odd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_clock), cmocka_unit_test(test_spans),
                                       cmocka_unit_test(test_there_and_back)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
