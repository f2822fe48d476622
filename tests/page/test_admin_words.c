/* Times, lengths, money and numbers as people read them: tables over the one function each. */
#include "cgi-bin/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#define N(a) (sizeof(a) / sizeof *(a))

static const struct desk_tz *ny(void)
{
    const struct desk_tz *tz = desk_tz_load("America/New_York");
    assert_non_null(tz);
    return tz;
}

/* New York wall time → UTC ms. later: the second of two that read alike. */
static int64_t at(int y, int mo, int d, int h, int mi, int s, bool later)
{
    int64_t ms;
    struct desk_local_time t = {
        .year = y, .month = mo, .day = d, .hour = h, .minute = mi, .second = s};
    desk_tz_utc(ny(), &t, later, &ms);
    return ms;
}

static void test_when(void **state)
{
    (void)state;
    const struct {
        int64_t now, t;
        const char *when, *day, *date;
    } rows[] = {
        {at(2026, 11, 20, 13, 15, 0, 0), at(2026, 11, 20, 13, 52, 0, 0), "Today 1:52 pm", "Today",
         "today"},
        {at(2026, 11, 20, 13, 15, 0, 0), at(2026, 11, 20, 0, 0, 0, 0), "Today 12:00 am", "Today",
         "today"},
        {at(2026, 11, 20, 0, 0, 0, 0), at(2026, 11, 19, 23, 59, 59, 0), "Yesterday 11:59 pm",
         "Yesterday", "yesterday"},
        {at(2026, 11, 20, 13, 15, 0, 0), at(2026, 11, 18, 12, 0, 0, 0), "Wed 18 Nov 12:00 pm",
         "Wednesday 18 November", "18 Nov"},
        /* the year is named when it is another one, but not yesterday's */
        {at(2026, 1, 1, 9, 0, 0, 0), at(2025, 12, 31, 23, 0, 0, 0), "Yesterday 11:00 pm",
         "Yesterday", "yesterday"},
        {at(2026, 1, 2, 9, 0, 0, 0), at(2025, 12, 31, 9, 5, 0, 0), "Wed 31 Dec 2025 9:05 am",
         "Wednesday 31 December 2025", "31 Dec 2025"},
        /* clocks forward (8 March 2026) and back (1 November 2026): days of 23 and 25 hours */
        {at(2026, 3, 9, 0, 30, 0, 0), at(2026, 3, 8, 0, 30, 0, 0), "Yesterday 12:30 am",
         "Yesterday", "yesterday"},
        {at(2026, 3, 8, 3, 30, 0, 0), at(2026, 3, 8, 1, 30, 0, 0), "Today 1:30 am", "Today",
         "today"},
        {at(2026, 11, 1, 23, 30, 0, 0), at(2026, 11, 1, 0, 10, 0, 0), "Today 12:10 am", "Today",
         "today"},
        {at(2026, 11, 2, 0, 10, 0, 0), at(2026, 11, 1, 1, 30, 0, 1), "Yesterday 1:30 am",
         "Yesterday", "yesterday"},
        /* a clock that runs ahead: still a date, never nonsense */
        {at(2026, 11, 20, 13, 0, 0, 0), at(2026, 11, 21, 8, 0, 0, 0), "Sat 21 Nov 8:00 am",
         "Saturday 21 November", "21 Nov"},
    };
    char out[96];
    for (size_t i = 0; i < N(rows); i++) {
        assert_string_equal(desk_words_when(out, sizeof out, ny(), rows[i].now, rows[i].t),
                            rows[i].when);
        assert_string_equal(desk_words_day(out, sizeof out, ny(), rows[i].now, rows[i].t),
                            rows[i].day);
        assert_string_equal(desk_words_date(out, sizeof out, ny(), rows[i].now, rows[i].t),
                            rows[i].date);
    }
    assert_string_equal(desk_words_when(out, sizeof out, NULL, 0, 0), "Today 12:00 am");
}

static void test_ago(void **state)
{
    (void)state;
    const int64_t now = at(2026, 11, 20, 13, 15, 0, 0);
    const struct {
        int64_t before_ms;
        const char *words;
    } rows[] = {
        {0, "just now"},
        {59999, "just now"},
        {60000, "1 min ago"},
        {59 * 60000 + 59999, "59 min ago"},
        {3600000, "Today 12:15 pm"},
        {-1, "Today 1:15 pm"},
    };
    char out[96];
    for (size_t i = 0; i < N(rows); i++)
        assert_string_equal(desk_words_ago(out, sizeof out, ny(), now, now - rows[i].before_ms),
                            rows[i].words);
}

static void test_clock(void **state)
{
    (void)state;
    char out[32];
    assert_string_equal(desk_words_clock(out, sizeof out, ny(), at(2026, 11, 20, 13, 2, 4, 0)),
                        "1:02:04 pm");
    assert_string_equal(desk_words_clock(out, sizeof out, ny(), at(2026, 11, 20, 0, 0, 0, 0)),
                        "12:00:00 am");
    assert_string_equal(desk_words_clock(out, sizeof out, ny(), at(2026, 11, 20, 12, 0, 0, 0)),
                        "12:00:00 pm");
}

static void test_lengths(void **state)
{
    (void)state;
    static const struct {
        int64_t ms;
        const char *dur, *took, *mark;
    } rows[] = {
        {-5, "under 1 s", "under 0.1 s", "0:00"},
        {0, "under 1 s", "under 0.1 s", "0:00"},
        {49, "under 1 s", "under 0.1 s", "0:00"},
        {420, "under 1 s", "0.4 s", "0:00"},
        {960, "1 s", "1.0 s", "0:00"},
        {9940, "10 s", "9.9 s", "0:09"},
        {9950, "10 s", "10 s", "0:09"},
        {20000, "20 s", "20 s", "0:20"},
        {59499, "59 s", "59 s", "0:59"},
        {59500, "1 min", "1 min", "0:59"},
        {78000, "1 min 18 s", "1 min 18 s", "1:18"},
        {132000, "2 min 12 s", "2 min 12 s", "2:12"},
        {3600000, "1 h", "1 h", "60:00"},
        {3900000, "1 h 5 min", "1 h 5 min", "65:00"},
        {90061000, "25 h 1 min", "25 h 1 min", "1501:01"},
    };
    char out[64];
    for (size_t i = 0; i < N(rows); i++) {
        assert_string_equal(desk_words_dur(out, sizeof out, rows[i].ms), rows[i].dur);
        assert_string_equal(desk_words_took(out, sizeof out, rows[i].ms), rows[i].took);
        assert_string_equal(desk_words_mark(out, sizeof out, rows[i].ms), rows[i].mark);
    }
}

static void test_money(void **state)
{
    (void)state;
    static const struct {
        int64_t micros;
        const char *words;
    } rows[] = {
        {0, "$0.00"},
        {1, "less than 1¢"},
        {9999, "less than 1¢"},
        {10000, "$0.01"},
        {314999, "$0.31"},
        {315000, "$0.32"},
        {995000, "$1.00"},
        {18420000, "$18.42"},
        {1204500000, "$1,204.50"},
        {1000000000000, "$1,000,000.00"},
    };
    char out[64];
    for (size_t i = 0; i < N(rows); i++)
        assert_string_equal(desk_words_money(out, sizeof out, rows[i].micros), rows[i].words);
}

static void test_numbers(void **state)
{
    (void)state;
    static const struct {
        int64_t n;
        const char *nth, *count;
    } rows[] = {
        {0, "0th", "0 calls"},       {1, "first", "1 call"},          {2, "2nd", "2 calls"},
        {3, "3rd", "3 calls"},       {4, "4th", "4 calls"},           {11, "11th", "11 calls"},
        {12, "12th", "12 calls"},    {13, "13th", "13 calls"},        {21, "21st", "21 calls"},
        {112, "112th", "112 calls"}, {1204, "1204th", "1,204 calls"},
    };
    char out[64];
    for (size_t i = 0; i < N(rows); i++) {
        assert_string_equal(desk_words_nth(out, sizeof out, rows[i].n), rows[i].nth);
        assert_string_equal(desk_words_count(out, sizeof out, rows[i].n, "call", "calls"),
                            rows[i].count);
    }
}

static void test_zone(void **state)
{
    (void)state;
    static const struct {
        const char *zone, *words;
    } rows[] = {
        {"America/New_York", "Eastern time"},
        {"America/Los_Angeles", "Pacific time"},
        {"Europe/London", "London time"},
        {"America/Argentina/Buenos_Aires", "Buenos Aires time"},
    };
    char out[64];
    for (size_t i = 0; i < N(rows); i++)
        assert_string_equal(desk_words_zone(out, sizeof out, desk_tz_load(rows[i].zone)),
                            rows[i].words);
    assert_string_equal(desk_words_zone(out, sizeof out, NULL), "UTC");
    assert_int_equal(desk_words_clocks_change(ny(), at(2026, 3, 8, 12, 0, 0, 0)), 3600);
    assert_int_equal(desk_words_clocks_change(ny(), at(2026, 11, 1, 0, 5, 0, 0)), -3600);
    assert_int_equal(desk_words_clocks_change(ny(), at(2026, 11, 20, 12, 0, 0, 0)), 0);
    assert_int_equal(desk_words_clocks_change(ny(), at(2026, 12, 31, 12, 0, 0, 0)), 0);
}

static void test_first_name(void **state)
{
    (void)state;
    static const struct {
        const char *name, *first;
    } rows[] = {
        {"Dana Whitfield", "Dana"},
        {"Cher", "Cher"},
        {"  Zoë  B", "Zoë"},
        {"", ""},
        {"Featherstonehaugh-Cholmondeley", "Featherstonehaug…"},
        {"שלום עולם", "שלום"},
        {"🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉", "🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉…"},
    };
    char out[96], small[9];
    for (size_t i = 0; i < N(rows); i++)
        assert_string_equal(desk_words_first_name(out, sizeof out, rows[i].name), rows[i].first);
    assert_string_equal(desk_words_first_name(small, sizeof small, "🎉🎉🎉"), "🎉…");
    assert_string_equal(desk_words_first_name(small, 5, "Dana"), "D…");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_when),  cmocka_unit_test(test_ago),
        cmocka_unit_test(test_clock), cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_money), cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_zone),  cmocka_unit_test(test_first_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
