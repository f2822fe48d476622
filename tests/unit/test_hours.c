/* Opening hours: what is read, what holds on a date, and when it is open where clocks jump. */
#include "core/hours.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static int32_t day(int y, int m, int d)
{
    return (int32_t)desk_days_from_civil(y, m, d);
}

static int64_t at(const struct desk_tz *tz, int y, int mo, int d, int h, int mi)
{
    struct desk_local_time t = {.year = y, .month = mo, .day = d, .hour = h, .minute = mi};
    int64_t utc;
    desk_tz_utc(tz, &t, false, &utc);
    return utc;
}

static const char shop[] =
    "{\"weekly\":{\"mon\":[[\"13:00\",\"17:00\"],[\"08:00\",\"12:00\"]],"
    "\"thu\":[[\"08:00\",\"18:00\"]],\"fri\":[[\"18:00\",\"02:00\"]]},"
    "\"closures\":[\"2026-12-25\",{\"date\":\"2026-11-26\",\"label\":\"Thanksgiving\"}],"
    "\"special\":{\"2026-12-24\":[[\"08:00\",\"12:00\"]],\"2026-12-25\":[[\"08:00\",\"09:00\"]]},"
    "\"exceptions\":[{\"from\":\"2026-12-07\",\"to\":\"2026-12-10\",\"closed\":true,"
    "\"label\":\"inventory\"},"
    "{\"from\":\"2026-12-14\",\"spans\":[[\"10:00\",\"11:00\"]],\"label\":\"short day\"},"
    "{\"from\":\"2026-12-24\",\"closed\":true,\"label\":\"closed after all\"},"
    "{\"from\":\"2026-12-12\",\"to\":\"2026-12-18\",\"label\":\"Raj away\"}]}";

static void test_of_a_date(void **state)
{
    (void)state;
    static const struct {
        int month, day;
        enum desk_hours_why why;
        size_t spans;
        int first; /* minute it opens */
        const char *label;
    } rows[] = {
        {11, 23, DESK_HOURS_WEEKLY, 2, 480, ""},
        {11, 24, DESK_HOURS_WEEKLY, 0, 0, ""},
        {11, 26, DESK_HOURS_CLOSURE, 0, 0, "Thanksgiving"},
        {12, 6, DESK_HOURS_WEEKLY, 0, 0, ""},
        {12, 7, DESK_HOURS_CLOSED, 0, 0, "inventory"},
        {12, 10, DESK_HOURS_CLOSED, 0, 0, "inventory"},
        {12, 11, DESK_HOURS_WEEKLY, 1, 1080, ""},
        {12, 14, DESK_HOURS_OPENED, 1, 600, "short day"},
        {12, 17, DESK_HOURS_WEEKLY, 1, 480, ""},
        {12, 24, DESK_HOURS_CLOSED, 0, 0, "closed after all"},
        {12, 25, DESK_HOURS_CLOSURE, 0, 0, ""},
    };
    struct desk_hours h;
    char error[100];
    assert_int_equal(desk_hours_parse(&h, shop, error, sizeof error), DESK_OK);
    assert_string_equal(error, "");
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct desk_hours_day d;
        desk_hours_day(&h, day(2026, rows[i].month, rows[i].day), &d);
        assert_int_equal(d.why, rows[i].why);
        assert_int_equal(d.spans.n, rows[i].spans);
        assert_string_equal(d.label, rows[i].label);
        if (d.spans.n)
            assert_int_equal(d.spans.span[0].from, rows[i].first);
    }
    assert_null(desk_hours_note(&h, day(2026, 12, 11), 0));
    assert_string_equal(desk_hours_note(&h, day(2026, 12, 12), 0), "Raj away");
    assert_null(desk_hours_note(&h, day(2026, 12, 12), 1));
    assert_null(desk_hours_note(&h, day(2026, 12, 19), 0));
}

static void test_open_and_why(void **state)
{
    (void)state;
    static const struct {
        int month, day, hour, minute;
        bool open;
        enum desk_hours_why why;
    } rows[] = {
        {11, 23, 7, 59, false, DESK_HOURS_WEEKLY}, {11, 23, 8, 0, true, DESK_HOURS_WEEKLY},
        {11, 23, 11, 59, true, DESK_HOURS_WEEKLY}, {11, 23, 12, 0, false, DESK_HOURS_WEEKLY},
        {11, 23, 13, 0, true, DESK_HOURS_WEEKLY},  {11, 23, 17, 0, false, DESK_HOURS_WEEKLY},
        {11, 20, 18, 0, true, DESK_HOURS_WEEKLY},  {11, 21, 1, 59, true, DESK_HOURS_WEEKLY},
        {11, 21, 2, 0, false, DESK_HOURS_WEEKLY},  {11, 26, 10, 0, false, DESK_HOURS_CLOSURE},
        {12, 24, 9, 0, false, DESK_HOURS_CLOSED},  {12, 25, 8, 30, false, DESK_HOURS_CLOSURE},
        {12, 14, 10, 30, true, DESK_HOURS_OPENED}, {12, 14, 8, 30, false, DESK_HOURS_OPENED},
    };
    const struct desk_tz *tz = desk_tz_load("America/Denver");
    struct desk_hours h;
    assert_int_equal(desk_hours_parse(&h, shop, NULL, 0), DESK_OK);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct desk_hours_state s;
        desk_hours_at(&h, tz,
                      at(tz, 2026, rows[i].month, rows[i].day, rows[i].hour, rows[i].minute), &s);
        assert_int_equal(s.open, rows[i].open);
        assert_int_equal(s.why, rows[i].why);
        assert_true(s.open == (s.until > 0));
    }
    struct desk_hours_state s;
    desk_hours_at(&h, tz, at(tz, 2026, 11, 21, 1, 0), &s);
    assert_int_equal(s.until, at(tz, 2026, 11, 21, 2, 0));
    assert_string_equal(desk_hours_why_name(s.why), "weekly hours");
    assert_string_equal(desk_hours_why_name((enum desk_hours_why)99), "unknown");
}

static void test_next_opening(void **state)
{
    (void)state;
    const struct desk_tz *tz = desk_tz_load("America/Denver");
    struct desk_hours h;
    int64_t next, then = at(tz, 2026, 11, 23, 9, 30);
    assert_int_equal(desk_hours_parse(&h, shop, NULL, 0), DESK_OK);
    assert_true(desk_hours_next_open(&h, tz, then, &next));
    assert_int_equal(next, then);
    assert_true(desk_hours_next_open(&h, tz, at(tz, 2026, 11, 23, 12, 0), &next));
    assert_int_equal(next, at(tz, 2026, 11, 23, 13, 0));
    /* Tuesday: not Wednesday, not Thanksgiving, Friday evening */
    assert_true(desk_hours_next_open(&h, tz, at(tz, 2026, 11, 24, 8, 0), &next));
    assert_int_equal(next, at(tz, 2026, 11, 27, 18, 0));
    then = at(tz, 2026, 11, 28, 1, 0); /* the evening before runs on */
    assert_true(desk_hours_next_open(&h, tz, then, &next));
    assert_int_equal(next, then);
    assert_int_equal(desk_hours_parse(&h, "{\"weekly\":{\"mon\":[[\"08:00\",\"x\"]]}}", NULL, 0),
                     DESK_EINVAL);
    assert_false(desk_hours_next_open(&h, tz, then, &next));
}

/* New York: 02:00–03:00 missing on 8 March 2026, 01:00–02:00 twice on 1 November; Cairo: midnight
 * to one missing on 24 April 2026. Milliseconds after the day's start. */
static void test_clock_changes(void **state)
{
    (void)state;
    static const struct {
        const char *zone, *spans;
        int month, day;
        size_t n;
        int from, to; /* real minutes from the first moment of the day */
    } rows[] = {
        {"America/New_York", "[[\"02:30\",\"06:00\"]]", 3, 8, 1, 120, 300},
        {"America/New_York", "[[\"00:30\",\"02:30\"]]", 3, 8, 1, 30, 120},
        {"America/New_York", "[[\"02:10\",\"02:50\"]]", 3, 8, 0, 0, 0},
        {"America/New_York", "[[\"01:30\",\"06:00\"]]", 11, 1, 1, 90, 420},
        {"America/New_York", "[[\"00:30\",\"01:30\"]]", 11, 1, 1, 30, 150},
        {"America/New_York", "[[\"00:00\",\"24:00\"]]", 3, 8, 1, 0, 23 * 60},
        {"America/New_York", "[[\"00:00\",\"24:00\"]]", 11, 1, 1, 0, 25 * 60},
        {"Africa/Cairo", "[[\"00:00\",\"08:00\"]]", 4, 24, 1, 0, 420},
        {"Africa/Cairo", "[[\"20:00\",\"00:30\"]]", 4, 23, 1, 1200, 1440},
        {"America/Santiago", "[[\"00:00\",\"00:00\"]]", 4, 4, 1, 0, 25 * 60},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        static const char *const days[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
        const struct desk_tz *tz = desk_tz_load(rows[i].zone);
        struct desk_instants s[DESK_MAX_HOURS_SPANS];
        struct desk_hours h;
        char json[100];
        int32_t date = day(2026, rows[i].month, rows[i].day);
        int64_t start = desk_tz_day_start(tz, 2026, rows[i].month, rows[i].day);
        snprintf(json, sizeof json, "{\"%s\":%s}", days[desk_weekday_from_days(date)],
                 rows[i].spans);
        assert_int_equal(desk_hours_parse(&h, json, NULL, 0), DESK_OK);
        assert_int_equal(desk_hours_instants(&h, tz, date, s), rows[i].n);
        if (!rows[i].n)
            continue;
        assert_int_equal((s[0].from - start) / 60000, rows[i].from);
        assert_int_equal((s[0].to - start) / 60000, rows[i].to);
    }
}

static void test_always(void **state)
{
    (void)state;
    static const char *const texts[] = {
        NULL,
        "",
        "null",
        "{}",
        "\"always\"",
        "{\"mon\":[]}",
        "{\"weekly\":\"always\"}",
        "{\"weekly\":{}}",
    };
    struct desk_hours h;
    struct desk_hours_state s;
    const struct desk_tz *tz = desk_tz_load("America/New_York");
    for (size_t i = 0; i < COUNT(texts); i++) {
        assert_int_equal(desk_hours_parse(&h, texts[i], NULL, 0), DESK_OK);
        /* every quarter of an hour of two days with a clock change */
        for (int64_t t = at(tz, 2026, 10, 31, 0, 0); t < at(tz, 2026, 11, 2, 0, 0); t += 900000) {
            desk_hours_at(&h, tz, t, &s);
            assert_true(s.open);
            assert_int_equal(s.why, DESK_HOURS_ALWAYS);
        }
    }
    assert_int_equal(desk_hours_parse(&h,
                                      "{\"weekly\":\"always\",\"closures\":[\"2026-11-01\"],"
                                      "\"special\":{\"2026-11-02\":[[\"10:00\",\"11:00\"]]}}",
                                      NULL, 0),
                     DESK_OK);
    desk_hours_at(&h, tz, at(tz, 2026, 10, 31, 23, 59), &s);
    assert_true(s.open);
    desk_hours_at(&h, tz, at(tz, 2026, 11, 1, 0, 0), &s);
    assert_false(s.open);
    desk_hours_at(&h, tz, at(tz, 2026, 11, 2, 9, 0), &s);
    assert_false(s.open);
    desk_hours_at(&h, tz, at(tz, 2026, 11, 3, 0, 0), &s);
    assert_true(s.open);
}

static void test_errors_name_the_field(void **state)
{
    (void)state;
    static const struct {
        const char *json, *says;
    } rows[] = {
        {"{", "hours: not JSON"},
        {"[]", "hours: an object"},
        {"7", "hours: an object"},
        {"{\"monday\":[]}", "monday: days are"},
        {"{\"mon\":[[\"08:00\",\"25:00\"]]}", "mon[0]: \"25:00\" is not a time"},
        {"{\"mon\":[[\"8:00\",\"12:00\"]]}", "mon[0]: \"8:00\""},
        {"{\"mon\":[[\"08:00\",\"12:00\"],[\"24:00\",\"01:00\"]]}", "mon[1]: a span cannot begin"},
        {"{\"mon\":[[\"08:00\"]]}", "mon[0]: two times"},
        {"{\"mon\":\"open\"}", "mon: a list"},
        {"{\"mon\":[[\"08:00\",\"12:00\"],[\"11:00\",\"13:00\"]]}", "mon: two spans overlap"},
        {"{\"mon\":[[\"11:00\",\"13:00\"],[\"08:00\",\"12:00\"]]}", "mon: two spans overlap"},
        {"{\"weekly\":{\"mon\":[[\"08:00\",7]]}}", "weekly.mon[0]: \"no text\""},
        {"{\"weekly\":\"sometimes\"}", "weekly: \"always\""},
        {"{\"weekly\":{},\"holidays\":[]}", "hours: parts are"},
        {"{\"closures\":[\"2026-02-29\"]}", "closures[0]: \"2026-02-29\" is not a date"},
        {"{\"closures\":[{\"date\":\"2026-02-28\",\"label\":5}]}", "closures[0].label: a text"},
        {"{\"closures\":\"2026-02-28\"}", "closures: a list"},
        {"{\"special\":{\"soon\":[]}}", "special: \"soon\" is not a date"},
        {"{\"special\":{\"2026-12-24\":[[\"a\",\"b\"]]}}", "special.2026-12-24[0]: \"a\""},
        {"{\"special\":[]}", "special: dates like"},
        {"{\"exceptions\":{}}", "exceptions: a list"},
        {"{\"exceptions\":[{\"closed\":true}]}", "exceptions[0].from: \"nothing\""},
        {"{\"exceptions\":[{\"from\":\"2026-10-12\"}]}", "exceptions[0]: \"closed\", \"spans\""},
        {"{\"exceptions\":[{\"from\":\"2026-10-12\",\"to\":\"2026-10-11\",\"closed\":true}]}",
         "exceptions[0].to: before"},
        {"{\"exceptions\":[{\"from\":\"2026-10-12\",\"closed\":1,\"label\":\"x\"}]}",
         "exceptions[0].closed: true or false"},
        {"{\"exceptions\":[{\"from\":\"2026-10-12\",\"closed\":true,\"spans\":[]}]}",
         "exceptions[0]: either"},
    };
    struct desk_hours h;
    char error[200];
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_int_equal(desk_hours_parse(&h, rows[i].json, error, sizeof error), DESK_EINVAL);
        if (strncmp(error, rows[i].says, strlen(rows[i].says)) != 0)
            fail_msg("%s: \"%s\" should begin with \"%s\"", rows[i].json, error, rows[i].says);
    }
}

static void test_too_many(void **state)
{
    (void)state;
    struct desk_hours h;
    struct desk_buf b;
    char error[100];
    desk_buf_init(&b, 100000);
    desk_buf_str(&b, "{\"closures\":[");
    for (int i = 0; i <= DESK_MAX_HOURS_RULES; i++)
        desk_buf_fmt(&b, "%s\"2026-%02d-%02d\"", i ? "," : "", i % 12 + 1, i % 28 + 1);
    desk_buf_str(&b, "]}");
    assert_int_equal(desk_hours_parse(&h, desk_buf_cstr(&b), error, sizeof error), DESK_EINVAL);
    assert_non_null(strstr(error, "more than 200 dates"));
    assert_int_equal(h.n_rules, DESK_MAX_HOURS_RULES);
    desk_buf_reset(&b);
    desk_buf_str(&b, "{\"mon\":[");
    for (int i = 0; i <= DESK_MAX_HOURS_SPANS; i++)
        desk_buf_fmt(&b, "%s[\"%02d:00\",\"%02d:30\"]", i ? "," : "", i, i);
    desk_buf_str(&b, "]}");
    assert_int_equal(desk_hours_parse(&h, desk_buf_cstr(&b), error, sizeof error), DESK_EINVAL);
    assert_non_null(strstr(error, "mon: more than 8 spans"));
    desk_buf_clear(&b);
}

static void test_text(void **state)
{
    (void)state;
    struct desk_buf out;
    desk_buf_init(&out, 1000);
    desk_hours_text(shop, &out);
    assert_string_equal(desk_buf_cstr(&out),
                        "Mon 08:00-12:00, 13:00-17:00; Tue closed; Wed closed; Thu 08:00-18:00; "
                        "Fri 18:00-02:00; Sat closed; Sun closed");
    desk_buf_reset(&out);
    desk_hours_text("{\"weekly\":\"always\"}", &out);
    assert_string_equal(desk_buf_cstr(&out), "");
    desk_buf_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_of_a_date),    cmocka_unit_test(test_open_and_why),
        cmocka_unit_test(test_next_opening), cmocka_unit_test(test_clock_changes),
        cmocka_unit_test(test_always),       cmocka_unit_test(test_errors_name_the_field),
        cmocka_unit_test(test_too_many),     cmocka_unit_test(test_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
