/* Zones against known moments and, over many zones and years, against libc. */
#include "base/tz.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#define MS 1000

static void civil(void **state)
{
    (void)state;
    assert_true(desk_days_from_civil(1970, 1, 1) == 0);
    assert_true(desk_days_from_civil(2000, 3, 1) == 11017);
    assert_true(desk_days_from_civil(2026, 14, 1) == desk_days_from_civil(2027, 2, 1));
    assert_true(desk_days_from_civil(2026, 0, 31) == desk_days_from_civil(2025, 12, 31));
    assert_true(desk_days_from_civil(2026, -11, 1) == desk_days_from_civil(2025, 1, 1));
    assert_int_equal(desk_weekday_from_days(desk_days_from_civil(2026, 11, 20)), 5);
    for (int64_t d = -800000; d < 800000; d += 37) {
        int y, m, day;
        desk_civil_from_days(d, &y, &m, &day);
        assert_true(desk_days_from_civil(y, m, day) == d);
        assert_true(m >= 1 && m <= 12 && day >= 1 && day <= 31);
    }
}

static void names(void **state)
{
    static const char *const bad[] = {
        "",
        "../etc/passwd",
        "/etc/localtime",
        "America/",
        "America",
        "No/Such",
        "UTC\n",
        "a b",
        "zone.tab",
        "America/../UTC",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        "AAA"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_null(desk_tz_load(bad[i]));
    assert_null(desk_tz_load(NULL));
    const struct desk_tz *a = desk_tz_load("America/Denver");
    assert_non_null(a);
    assert_ptr_equal(a, desk_tz_load("America/Denver"));
    assert_string_equal(desk_tz_name(a), "America/Denver");
    assert_string_equal(desk_tz_name(NULL), "UTC");
}

static int64_t utc(int y, int m, int d, int h, int min)
{
    return (desk_days_from_civil(y, m, d) * 86400 + h * 3600 + min * 60) * MS;
}

static enum desk_tz_kind local(const struct desk_tz *tz, int y, int m, int d, int h, int min,
                               bool later, int64_t *out)
{
    struct desk_local_time t = {.year = y, .month = m, .day = d, .hour = h, .minute = min};
    return desk_tz_utc(tz, &t, later, out);
}

static void denver(void **state)
{
    const struct desk_tz *tz = desk_tz_load("America/Denver");
    struct desk_local_time t;
    int64_t ms;
    (void)state;
    desk_tz_local(tz, utc(2026, 11, 20, 20, 52) + 123, &t);
    assert_true(t.year == 2026 && t.month == 11 && t.day == 20 && t.hour == 13 && t.minute == 52);
    assert_true(t.second == 0 && t.ms == 123 && t.weekday == 5 && t.yearday == 323);
    assert_true(t.offset_s == -7 * 3600 && !t.dst);
    assert_string_equal(t.abbr, "MST");
    /* 8 March 2026: 02:00 → 03:00; 1 November: 02:00 → 01:00 */
    assert_int_equal(local(tz, 2026, 3, 8, 2, 30, false, &ms), DESK_TZ_GAP);
    assert_true(ms == utc(2026, 3, 8, 9, 30)); /* 03:30 MDT */
    assert_int_equal(local(tz, 2026, 11, 1, 1, 30, false, &ms), DESK_TZ_FOLD);
    assert_true(ms == utc(2026, 11, 1, 7, 30));
    assert_int_equal(local(tz, 2026, 11, 1, 1, 30, true, &ms), DESK_TZ_FOLD);
    assert_true(ms == utc(2026, 11, 1, 8, 30));
    assert_int_equal(local(tz, 2026, 11, 1, 2, 0, false, &ms), DESK_TZ_UNIQUE);
    assert_true(ms == utc(2026, 11, 1, 9, 0));
    /* the same rules decades behind the table */
    assert_int_equal(local(tz, 2090, 7, 4, 12, 0, false, &ms), DESK_TZ_UNIQUE);
    assert_true(ms == utc(2090, 7, 4, 18, 0));
    assert_int_equal(local(tz, 2090, 3, 12, 2, 30, false, &ms), DESK_TZ_GAP);
    /* carried over */
    assert_int_equal(local(tz, 2026, 11, 31, 25, -5, false, &ms), DESK_TZ_UNIQUE);
    assert_true(ms == utc(2026, 12, 2, 7, 55));
}

static void odd_zones(void **state)
{
    const struct desk_tz *tz = desk_tz_load("Pacific/Apia");
    int64_t ms;
    struct desk_local_time t;
    (void)state;
    /* Samoa had no 30 December 2011 */
    assert_int_equal(local(tz, 2011, 12, 30, 12, 0, false, &ms), DESK_TZ_GAP);
    desk_tz_local(tz, desk_tz_day_start(tz, 2011, 12, 30), &t);
    assert_true(t.day == 31 && t.hour == 0 && t.minute == 0);
    /* Beirut's clocks jump at midnight */
    tz = desk_tz_load("Asia/Beirut");
    ms = desk_tz_day_start(tz, 2024, 3, 31);
    desk_tz_local(tz, ms, &t);
    assert_true(t.day == 31 && t.hour == 1 && t.minute == 0);
    desk_tz_local(tz, ms - 1, &t);
    assert_true(t.day == 30 && t.hour == 23 && t.minute == 59 && t.ms == 999);
    /* Lord Howe moves by half an hour; Kathmandu is 5:45 */
    tz = desk_tz_load("Australia/Lord_Howe");
    assert_int_equal(local(tz, 2026, 10, 4, 2, 15, false, &ms), DESK_TZ_GAP);
    desk_tz_local(tz, ms, &t);
    assert_true(t.hour == 2 && t.minute == 45);
    tz = desk_tz_load("Asia/Kathmandu");
    char out[40];
    assert_string_equal(desk_when_iso(out, sizeof out, tz, 0), "1970-01-01T05:30:00+05:30");
    assert_string_equal(desk_when_iso(out, sizeof out, tz, utc(2026, 1, 1, 0, 0)),
                        "2026-01-01T05:45:00+05:45");
}

static void utc_itself(void **state)
{
    struct desk_local_time t;
    int64_t ms;
    (void)state;
    desk_tz_local(NULL, -1, &t);
    assert_true(t.year == 1969 && t.month == 12 && t.day == 31 && t.ms == 999 && t.second == 59);
    assert_string_equal(t.abbr, "UTC");
    t = (struct desk_local_time){.year = 2147483647, .month = 2147483647, .day = 2147483647};
    desk_tz_utc(NULL, &t, false, &ms); /* nothing overflows */
    t = (struct desk_local_time){.year = -2147483647,
                                 .month = -2147483647,
                                 .day = -2147483647,
                                 .hour = -2147483647,
                                 .minute = -2147483647};
    desk_tz_utc(NULL, &t, false, &ms);
    desk_tz_local(NULL, INT64_MAX, &t);
    desk_tz_local(desk_tz_load("Europe/London"), INT64_MIN, &t);
}

static void like_libc(void **state)
{
    static const char *const zones[] = {
        "America/Denver", "America/New_York", "America/Sao_Paulo", "America/St_Johns",
        "Europe/London",  "Europe/Berlin",    "Europe/Dublin",     "Africa/Casablanca",
        "Africa/Cairo",   "Asia/Tehran",      "Asia/Gaza",         "Asia/Kolkata",
        "Asia/Tokyo",     "Australia/Sydney", "Pacific/Auckland",  "Pacific/Chatham",
        "Pacific/Apia",   "America/Nuuk",     "Antarctica/Troll",  "UTC",
        "America/Havana", "Etc/GMT+5",        "America/Phoenix",   "Atlantic/Azores",
    };
    (void)state;
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
        const struct desk_tz *tz = desk_tz_load(zones[i]);
        assert_non_null(tz);
        setenv("TZ", zones[i], 1);
        tzset();
        for (int64_t s = -2000000000; s < 5000000000; s += 86400 * 3 + 3607) {
            struct desk_local_time t;
            struct tm tm;
            time_t when = (time_t)s;
            desk_tz_local(tz, s * MS, &t);
            assert_non_null(localtime_r(&when, &tm));
            if (t.year != tm.tm_year + 1900 || t.month != tm.tm_mon + 1 || t.day != tm.tm_mday ||
                t.hour != tm.tm_hour || t.minute != tm.tm_min || t.second != tm.tm_sec ||
                t.weekday != tm.tm_wday || t.yearday != tm.tm_yday || t.dst != (tm.tm_isdst > 0) ||
                t.offset_s != (int)tm.tm_gmtoff || strcmp(t.abbr, tm.tm_zone) != 0)
                fail_msg("%s at %lld: %d-%d-%d %d:%d %s", zones[i], (long long)s, t.year, t.month,
                         t.day, t.hour, t.minute, t.abbr);
            int64_t early, late;
            desk_tz_utc(tz, &t, false, &early);
            desk_tz_utc(tz, &t, true, &late);
            if (early != s * MS && late != s * MS)
                fail_msg("%s at %lld does not come back", zones[i], (long long)s);
        }
    }
}

static void formats(void **state)
{
    const struct desk_tz *tz = desk_tz_load("America/Denver");
    int64_t ms = utc(2026, 11, 20, 20, 52);
    char out[40];
    (void)state;
    assert_string_equal(desk_when_time(out, sizeof out, tz, ms, false), "1:52 pm");
    assert_string_equal(desk_when_time(out, sizeof out, tz, ms, true), "13:52");
    assert_string_equal(desk_when_time(out, sizeof out, tz, utc(2026, 11, 20, 7, 5), false),
                        "12:05 am");
    assert_string_equal(desk_when_time(out, sizeof out, tz, utc(2026, 11, 20, 19, 0), false),
                        "12:00 pm");
    assert_string_equal(desk_when_date(out, sizeof out, tz, ms), "Fri 20 Nov");
    assert_string_equal(desk_when_date_long(out, sizeof out, tz, ms), "Friday 20 November");
    assert_string_equal(desk_when_iso(out, sizeof out, tz, ms), "2026-11-20T13:52:00-07:00");
    assert_string_equal(desk_when_date(out, 4, tz, ms), "Fri");
}

static void *load_many(void *out)
{
    static const char *const zones[] = {"Europe/Paris", "Europe/Rome", "Asia/Seoul", "No/Where"};
    for (int i = 0; i < 2000; i++)
        ((const struct desk_tz **)out)[i % 4] = desk_tz_load(zones[i % 4]);
    return NULL;
}

static void threads(void **state)
{
    pthread_t t[4];
    const struct desk_tz *got[4][4];
    (void)state;
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&t[i], NULL, load_many, got[i]), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(t[i], NULL);
    for (int i = 1; i < 4; i++)
        assert_memory_equal(got[0], got[i], sizeof got[0]);
    assert_non_null(got[0][0]);
    assert_null(got[0][3]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(civil),     cmocka_unit_test(names),      cmocka_unit_test(denver),
        cmocka_unit_test(odd_zones), cmocka_unit_test(utc_itself), cmocka_unit_test(like_libc),
        cmocka_unit_test(formats),   cmocka_unit_test(threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
