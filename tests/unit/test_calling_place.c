/* Where a number is, and the hours in which people there may be called or texted. */
#include "core/calling_place.h"
#include "talk/reach.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define HOUR (3600LL * 1000)

static const char *said(const struct desk_calling_place *p)
{
    static char text[300];
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < p->n; i++)
        used +=
            (size_t)snprintf(text + used, sizeof text - used, "%s%s", i ? " " : "", p->zones[i]);
    return text;
}

static void places(void **state)
{
    (void)state;
    static const struct {
        const char *number, *country, *zones;
    } rows[] = {
        {"+14155550134", "US", "America/Los_Angeles"},
        {"+12125550134", "US", "America/New_York"},
        {"+18505550134", "US", "America/New_York America/Chicago"}, /* the panhandle of Florida */
        {"+12085550134", "US", "America/Denver America/Los_Angeles"},
        {"+16025550134", "US", "America/Phoenix"},
        {"+18085550134", "US", "Pacific/Honolulu"},
        {"+17875550134", "US", "America/Puerto_Rico"},
        {"+14165550134", "CA", "America/Toronto"},
        {"+17095550134", "CA", "America/St_Johns America/Halifax"},
        {"+18675550134", "CA",
         "America/Toronto America/Winnipeg America/Edmonton America/Whitehorse"},
        {"+18095550134", "DO", "America/Santo_Domingo"},
        {"+442079460123", "GB", "Europe/London"},
        {"+34911234567", "ES", "Europe/Madrid Atlantic/Canary"},
        {"+77011234567", "KZ", "Asia/Almaty"}, /* the longer code, not Russia's 7 */
        {"+74951234567", "RU", "Europe/Kaliningrad Asia/Kamchatka"},
        {"+18005550134", NULL, ""}, /* toll-free is nowhere */
        {"+19995550134", NULL, ""},
        {"+8835100000", NULL, ""},
        {"14155550134", NULL, ""},
        {"+", NULL, ""},
        {"", NULL, ""},
        {NULL, NULL, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk_calling_place p;
        desk_calling_place(rows[i].number, &p);
        if (strcmp(said(&p), rows[i].zones) != 0)
            fail_msg("%s: %s", rows[i].number, said(&p));
        if ((p.country == NULL) != (rows[i].country == NULL) ||
            (p.country && strcmp(p.country, rows[i].country) != 0))
            fail_msg("%s: country %s", rows[i].number, p.country ? p.country : "-");
    }
}

/* Every zone of the table is one of this machine, every code is digits, and no area code is of two
 * countries. */
static void the_table_is_sound(void **state)
{
    (void)state;
    size_t codes = 0;
    for (const struct desk_calling_row *r = desk_calling_rows; r->country; r++) {
        if (!desk_tz_load(r->zone))
            fail_msg("no zone %s", r->zone);
        assert_int_equal(strlen(r->country), 2);
        for (const char *c = r->codes; *c;) {
            struct desk_calling_place p;
            char number[20];
            size_t n = strspn(c, "0123456789");
            assert_true(n >= 1 && n <= 4 && (c[n] == '\0' || c[n] == ' '));
            if (*c == '1')
                assert_int_equal(n, 4);
            snprintf(number, sizeof number, "+%.*s5550134", (int)n, c);
            desk_calling_place(number, &p);
            if (!p.country || strcmp(p.country, r->country) != 0)
                fail_msg("%s is %s and %s", number, r->country, p.country ? p.country : "-");
            c += n + (c[n] == ' ');
            codes++;
        }
    }
    assert_true(codes > 500);
}

static int64_t at(const char *zone, int y, int m, int d, int h, int min)
{
    const struct desk_local_time t = {.year = y, .month = m, .day = d, .hour = h, .minute = min};
    int64_t ms;
    desk_tz_utc(desk_tz_load(zone), &t, false, &ms);
    return ms;
}

static int64_t ends(const char *number, const char *home, int64_t now)
{
    struct desk_reach reach;
    desk_reach_of(number, desk_tz_load(home), &reach);
    const struct desk_quiet q = desk_reach_quiet(&reach, 21, 8);
    return desk_quiet_ends(&q, now);
}

/* A business in New York: it is what the number says that counts. */
static void legal_hours(void **state)
{
    (void)state;
    static const char ny[] = "America/New_York", la[] = "America/Los_Angeles";
    int64_t morning = at(ny, 2026, 11, 20, 9, 0); /* 6 am in California */
    assert_int_equal(ends("+12125550134", ny, morning), 0);
    assert_int_equal(ends("+14155550134", ny, morning), at(la, 2026, 11, 20, 8, 0));
    assert_int_equal(ends("+18005550134", ny, morning), 0); /* nowhere: where we are */
    int64_t late = at(ny, 2026, 11, 20, 21, 0);             /* 6 pm there */
    assert_int_equal(ends("+12125550134", ny, late), at(ny, 2026, 11, 21, 8, 0));
    assert_int_equal(ends("+12125550134", ny, late - 1), 0);
    assert_int_equal(ends("+14155550134", ny, late), 0);
    /* two zones: from the later morning to the earlier evening */
    assert_int_equal(ends("+18505550134", ny, at(ny, 2026, 11, 20, 8, 30)),
                     at("America/Chicago", 2026, 11, 20, 8, 0));
    assert_int_equal(ends("+18505550134", ny, at("America/Chicago", 2026, 11, 20, 20, 30)),
                     at("America/Chicago", 2026, 11, 21, 8, 0));
    assert_int_equal(ends("+18505550134", ny, at(ny, 2026, 11, 20, 20, 59)), 0);
    /* Russia from end to end: three hours of a day */
    int64_t moscow = at("UTC", 2026, 1, 10, 5, 0);
    assert_int_equal(ends("+74951234567", ny, moscow), at("UTC", 2026, 1, 10, 6, 0));
    assert_int_equal(ends("+74951234567", ny, at("UTC", 2026, 1, 10, 8, 59)), 0);
    assert_int_equal(ends("+74951234567", ny, at("UTC", 2026, 1, 10, 9, 0)),
                     at("UTC", 2026, 1, 11, 6, 0));
}

/* Clocks change in the night: eight is eight by the clock there, and Arizona keeps its own. */
static void when_the_clocks_change(void **state)
{
    (void)state;
    static const char ny[] = "America/New_York", az[] = "America/Phoenix";
    int64_t before = at(ny, 2026, 3, 7, 22, 0), end = at(ny, 2026, 3, 8, 8, 0);
    assert_int_equal(end - before, 9 * HOUR); /* spring: an hour less */
    assert_int_equal(ends("+12125550134", ny, before), end);
    before = at(ny, 2026, 10, 31, 22, 0);
    end = at(ny, 2026, 11, 1, 8, 0);
    assert_int_equal(end - before, 11 * HOUR);
    assert_int_equal(ends("+12125550134", ny, before), end);
    assert_int_equal(ends("+12125550134", ny, end - 1), end);
    assert_int_equal(ends("+12125550134", ny, end), 0);
    /* in summer 8 am in Phoenix is 8 am in Los Angeles, in winter 7 am there */
    assert_int_equal(ends("+16025550134", ny, at(az, 2026, 7, 1, 7, 59)),
                     at("America/Los_Angeles", 2026, 7, 1, 8, 0));
    assert_int_equal(ends("+16025550134", ny, at(az, 2026, 12, 1, 7, 59)),
                     at("America/Denver", 2026, 12, 1, 8, 0));
}

static void what_must_be_told_before(void **state)
{
    (void)state;
    static const char ny[] = "America/New_York";
    struct desk_reach reach;
    desk_reach_of("+12125550134", NULL, &reach);
    const struct desk_quiet q = desk_reach_quiet(&reach, 21, 8);
    int64_t noon = at(ny, 2026, 11, 20, 12, 7);
    assert_int_equal(desk_quiet_before(&q, noon), noon);
    /* an hour before a visit at half past eight: the evening before */
    assert_int_equal(desk_quiet_before(&q, at(ny, 2026, 11, 20, 7, 30)),
                     at(ny, 2026, 11, 19, 20, 45));
    const struct desk_quiet always = desk_reach_quiet(&reach, 0, 24);
    assert_int_equal(desk_quiet_ends(&always, noon), 0); /* the same hour: never quiet */
    const struct desk_quiet never = desk_reach_quiet(&reach, 1, 0);
    assert_true(desk_quiet_ends(&never, noon) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places),
        cmocka_unit_test(the_table_is_sound),
        cmocka_unit_test(legal_hours),
        cmocka_unit_test(when_the_clocks_change),
        cmocka_unit_test(what_must_be_told_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
