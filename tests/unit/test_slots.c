/* Free times: rules one by one, the days on which the clocks change, and everything against a
 * brute-force reading of the rules; and the spelling of slot ids. */
#include "core/slot_ref.h"
#include "core/slots.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MIN  60000LL
#define HOUR (60 * MIN)
#define DAY  (24 * HOUR)
#define WEEK                                                                                       \
    "\"weekly\":{\"mon\":[[\"08:00\",\"12:00\"],[\"13:00\",\"17:00\"]],"                           \
    "\"tue\":[[\"08:00\",\"17:00\"]],\"wed\":[[\"08:00\",\"17:00\"]],"                             \
    "\"thu\":[[\"08:00\",\"17:00\"]],\"sat\":[[\"22:00\",\"04:00\"]]}"

static struct desk_arena *arena;
static struct desk_business b;
static struct desk_slots found;
static struct desk_slots_ask ask;

static void business(const char *zone, const char *hours, const char *profile)
{
    const struct desk_business_parts parts = {.slug = "x",
                                              .name = "X",
                                              .profile = profile,
                                              .zone = zone,
                                              .hours = hours,
                                              .owner_name = "Ann",
                                              .tz = desk_tz_load(zone)};
    assert_int_equal(desk_business_compose(&b, arena, &parts), DESK_OK);
    assert_non_null(b.zone);
}

/* "2026-10-14 14:00" there; the later one in a fold with later. */
static int64_t at_fold(const char *text, bool later)
{
    int64_t ms;
    struct desk_local_time t = {.year = (int)strtol(text, NULL, 10),
                                .month = (int)strtol(text + 5, NULL, 10),
                                .day = (int)strtol(text + 8, NULL, 10),
                                .hour = (int)strtol(text + 11, NULL, 10),
                                .minute = (int)strtol(text + 14, NULL, 10)};
    desk_tz_utc(b.zone, &t, later, &ms);
    return ms;
}

static int64_t at(const char *text)
{
    return at_fold(text, false);
}

static int begin(void **state)
{
    (void)state;
    arena = desk_arena_new(4 * 1024 * 1024);
    business("America/New_York", "{" WEEK "}",
             "{\"services\":[{\"id\":\"repair\",\"name\":\"repair\",\"minutes\":60}]}");
    ask = (struct desk_slots_ask){.business = &b,
                                  .service = b.services,
                                  .now = at("2026-10-12 09:10"), /* a Monday */
                                  .resource = DESK_SLOT_ALL,
                                  .max = DESK_MAX_SLOTS};
    return 0;
}

static int end(void **state)
{
    (void)state;
    desk_arena_free(arena);
    return 0;
}

static void wish(const char *from, const char *to)
{
    ask.wish = (struct desk_slot_wish){.from = at(from), .to = to ? at(to) : 0};
    desk_slots_find(&ask, &found);
}

static void check(size_t i, const char *start)
{
    char text[40];
    assert_true(i < found.n);
    desk_when_iso(text, sizeof text, b.zone, found.v[i].start);
    if (found.v[i].start != at(start))
        fail_msg("slot %zu is %s, not %s", i, text, start);
}

/* ---- one rule at a time ---------------------------------------------------------------------- */

static void breaks_and_closing_are_kept(void **state)
{
    (void)state;
    wish("2026-10-19 00:00", "2026-10-20 00:00"); /* 8–12 and 13–17, an hour long, half-hourly */
    assert_int_equal(found.n, 7 + 7);
    check(0, "2026-10-19 08:00");
    check(6, "2026-10-19 11:00"); /* 11:30 would run into the break */
    check(7, "2026-10-19 13:00");
    check(13, "2026-10-19 16:00");
    assert_int_equal(found.v[0].end - found.v[0].start, HOUR);
    wish("2026-10-23 00:00", "2026-10-24 00:00"); /* a Friday */
    assert_int_equal(found.n, 0);
    assert_int_equal(found.why, DESK_SLOTS_CLOSED);
    wish("2026-10-19 11:15", "2026-10-19 11:15"); /* exactly then: off the half hours */
    assert_int_equal(found.n, 0);
    assert_int_equal(found.why, DESK_SLOTS_TOO_SHORT);
    wish("2026-10-19 10:45", "2026-10-19 10:45");
    assert_int_equal(found.n, 1);
}

static void a_night_shift_runs_over_midnight(void **state)
{
    (void)state;
    wish("2026-10-17 00:00", "2026-10-19 00:00"); /* Saturday 22:00 to Sunday 04:00 */
    assert_int_equal(found.n, 11);
    check(0, "2026-10-17 22:00");
    check(10, "2026-10-18 03:00");
    wish("2026-10-18 00:00", "2026-10-19 00:00"); /* the Sunday alone */
    assert_int_equal(found.n, 7);
}

static void neighbouring_spans_are_one(void **state)
{
    (void)state;
    business("America/New_York",
             "{\"weekly\":{\"mon\":[[\"08:00\",\"12:00\"],[\"12:00\",\"13:00\"]]}}",
             "{\"services\":[{\"name\":\"repair\",\"minutes\":120}]}");
    ask.service = b.services;
    wish("2026-10-19 00:00", "2026-10-20 00:00");
    assert_int_equal(found.n, 7); /* 8:00 … 11:00, the last over noon */
    check(6, "2026-10-19 11:00");
    business("America/New_York", "{}", "{\"services\":[{\"name\":\"repair\",\"minutes\":120}]}");
    ask.service = b.services;
    wish("2026-10-19 23:00", "2026-10-19 23:00"); /* always open: over midnight */
    assert_int_equal(found.n, 1);
}

static void lead_time_and_days_ahead(void **state)
{
    (void)state;
    business("America/New_York", "{" WEEK "}",
             "{\"services\":[{\"name\":\"repair\",\"minutes\":60}],"
             "\"booking\":{\"lead_minutes\":120,\"days_ahead\":7}}");
    ask.service = b.services;
    wish("2026-10-12 00:00", "2026-10-13 00:00"); /* it is 9:10 */
    check(0, "2026-10-12 13:00");
    wish("2026-10-12 09:30", "2026-10-12 11:00");
    assert_int_equal(found.n, 0);
    assert_int_equal(found.why, DESK_SLOTS_TOO_SOON);
    wish("2026-10-05 00:00", "2026-10-06 00:00"); /* past */
    assert_int_equal(found.why, DESK_SLOTS_TOO_SOON);
    wish("2026-10-19 08:00", "2026-10-20 00:00"); /* the seventh day */
    assert_true(found.n > 0);
    wish("2026-10-20 00:00", "2026-10-21 00:00");
    assert_int_equal(found.n, 0);
    assert_int_equal(found.why, DESK_SLOTS_TOO_FAR);
    wish("2027-03-01 00:00", NULL);
    assert_int_equal(found.n, 0);
    assert_int_equal(found.why, DESK_SLOTS_TOO_FAR);
    wish("2026-10-12 00:00", NULL); /* with no end of its own it ends with the days ahead */
    assert_true(found.v[found.n - 1].start < at("2026-10-20 00:00"));
}

static void closures_exceptions_and_blackouts_say_their_names(void **state)
{
    (void)state;
    business(
        "America/New_York",
        "{" WEEK ",\"closures\":[{\"date\":\"2026-10-20\",\"label\":\"Inventory\"}],"
        "\"exceptions\":[{\"from\":\"2026-10-21\",\"spans\":[[\"10:00\",\"11:00\"]],"
        "\"label\":\"short day\"}]}",
        "{\"services\":[{\"name\":\"repair\",\"minutes\":60}],\"booking\":{\"blackout\":["
        "\"2026-10-19\",{\"from\":\"2026-10-22\",\"to\":\"2026-10-23\",\"label\":\"fair\"}]}}");
    ask.service = b.services;
    wish("2026-10-20 00:00", "2026-10-21 00:00");
    assert_int_equal(found.why, DESK_SLOTS_CLOSED);
    assert_string_equal(found.label, "Inventory");
    wish("2026-10-21 00:00", "2026-10-22 00:00");
    assert_int_equal(found.n, 1);
    check(0, "2026-10-21 10:00");
    wish("2026-10-19 00:00", "2026-10-20 00:00");
    assert_int_equal(found.why, DESK_SLOTS_BLACKOUT);
    assert_string_equal(found.label, "");
    wish("2026-10-22 00:00", "2026-10-23 00:00");
    assert_int_equal(found.why, DESK_SLOTS_BLACKOUT);
    assert_string_equal(found.label, "fair");
    wish("2026-10-19 00:00", "2026-10-27 00:00");
    check(0, "2026-10-21 10:00");
    check(1, "2026-10-24 22:00");
}

static const char two[] =
    "{\"services\":[{\"id\":\"repair\",\"name\":\"repair\",\"minutes\":60},"
    "{\"id\":\"design\",\"name\":\"design\",\"minutes\":30,\"gap_minutes\":0}],"
    "\"staff\":[{\"name\":\"Raj\",\"services\":[\"repair\"]},{\"name\":\"Lena\",\"services\":"
    "\"all\"},"
    "{\"name\":\"Kim\"}],\"booking\":{\"gap_minutes\":30,\"at_once\":9}}";

static void technicians_have_calendars_of_their_own(void **state)
{
    (void)state;
    struct desk_slot_resource all[DESK_MAX_SLOT_RESOURCES];
    business("America/New_York",
             "{" WEEK ",\"exceptions\":[{\"from\":\"2026-10-14\",\"person\":\"Lena\","
             "\"label\":\"holiday\"}]}",
             two);
    assert_int_equal(desk_slot_resources(&b, all), 2); /* Kim does no visits */
    assert_true(desk_slot_able(&all[0], &b.services[0]));
    assert_false(desk_slot_able(&all[0], &b.services[1]));
    assert_true(desk_slot_able(&all[1], &b.services[1]));
    ask.service = &b.services[0];
    struct desk_slot_busy busy[] = {{at("2026-10-13 09:00"), at("2026-10-13 10:30"), 0},
                                    {at("2026-10-13 10:00"), at("2026-10-13 11:30"), 1}};
    ask.busy = busy;
    ask.n_busy = 2;
    wish("2026-10-13 08:00", "2026-10-13 12:00");
    /* 8:00 Lena (Raj's gap would run into nine o'clock… at 9:30), 8:30 Lena, 10:30 Raj, 11:00,
     * 11:30 */
    assert_int_equal(found.n, 5);
    check(0, "2026-10-13 08:00");
    assert_int_equal(found.v[0].resource, 1);
    assert_int_equal(found.v[0].until - found.v[0].end, 30 * MIN);
    check(1, "2026-10-13 08:30");
    check(2, "2026-10-13 10:30");
    assert_int_equal(found.v[2].resource, 0);
    ask.resource = 1; /* only Lena: and she is away on Wednesday */
    wish("2026-10-14 08:00", "2026-10-14 12:00");
    assert_int_equal(found.n, 0);
    assert_int_equal(found.why, DESK_SLOTS_AWAY);
    assert_string_equal(found.label, "holiday");
    ask.resource = DESK_SLOT_ALL;
    ask.service = &b.services[1]; /* which only Lena does */
    wish("2026-10-14 08:00", "2026-10-14 12:00");
    assert_int_equal(found.why, DESK_SLOTS_AWAY);
    wish("2026-10-15 08:00", "2026-10-15 08:30");
    assert_int_equal(found.n, 1);
    assert_int_equal(found.v[0].until, found.v[0].end); /* no gap of its own */
    ask.resource = 0;
    wish("2026-10-15 08:00", "2026-10-15 12:00");
    assert_int_equal(found.why, DESK_SLOTS_NOBODY);
}

static void chairs_are_as_many_as_the_profile_says(void **state)
{
    (void)state;
    business("America/New_York", "{" WEEK "}",
             "{\"services\":[\"repair\"],\"booking\":{\"at_once\":2}}");
    ask.service = b.services; /* no length said: an hour */
    struct desk_slot_busy busy[] = {{at("2026-10-13 08:00"), at("2026-10-13 12:00"), 0},
                                    {at("2026-10-13 08:00"), at("2026-10-13 17:00"), 1}};
    ask.busy = busy;
    ask.n_busy = 2;
    wish("2026-10-13 08:00", "2026-10-13 12:00");
    assert_int_equal(found.n, 0);
    assert_int_equal(found.why, DESK_SLOTS_FULL);
    wish("2026-10-13 08:00", "2026-10-14 00:00");
    check(0, "2026-10-13 12:00");
    assert_int_equal(found.v[0].resource, 0);
    busy[1].resource = DESK_SLOT_ALL;
    wish("2026-10-13 08:00", "2026-10-14 00:00");
    assert_int_equal(found.n, 0);
}

static void what_was_said_is_a_wish(void **state)
{
    (void)state;
    struct desk_resolved r;
    const struct desk_when_place place = {.hours = b.hours, .tz = b.zone, .now = ask.now};
    desk_when_spoken("tuesday or thursday", &place, &r);
    assert_false(desk_slot_wish_of(&ask.wish, &r, b.zone)); /* a question */
    desk_when_spoken("tuesday after two", &place, &r);
    assert_true(desk_slot_wish_of(&ask.wish, &r, b.zone));
    desk_slots_find(&ask, &found);
    check(0, "2026-10-13 14:00");
    desk_when_spoken("next week in the afternoon but not on tuesday", &place, &r);
    assert_true(desk_slot_wish_of(&ask.wish, &r, b.zone));
    desk_slots_find(&ask, &found);
    check(0, "2026-10-19 13:00");
    for (size_t i = 0; i < found.n; i++) {
        struct desk_local_time t;
        desk_tz_local(b.zone, found.v[i].start, &t);
        assert_true(t.hour >= 12 && t.hour < 17 && t.weekday != 2);
    }
    ask.per_day = 1;
    desk_slots_find(&ask, &found);
    assert_int_equal(found.n, 3); /* Monday, Wednesday, Thursday */
    check(1, "2026-10-21 12:00");
    ask.per_day = 0;
    ask.max = 2;
    ask.apart_ms = 2 * HOUR;
    desk_slots_find(&ask, &found);
    assert_int_equal(found.n, 2);
    check(1, "2026-10-19 15:00");
}

/* ---- the days on which the clocks change ----------------------------------------------------- */

static void when_the_clocks_jump(void **state)
{
    (void)state;
    business("America/New_York", "{\"weekly\":{\"sun\":[[\"01:00\",\"05:00\"]]}}",
             "{\"services\":[{\"name\":\"repair\",\"minutes\":60}]}");
    ask.service = b.services;
    ask.now = at("2026-03-01 12:00");
    wish("2026-03-08 00:00", "2026-03-09 00:00"); /* 2:00 is 3:00: three hours of four */
    assert_int_equal(found.n, 5);
    check(0, "2026-03-08 01:00");
    check(1, "2026-03-08 01:30"); /* ends 3:30, an hour later */
    check(2, "2026-03-08 03:00");
    check(4, "2026-03-08 04:00");
    for (size_t i = 0; i < found.n; i++)
        assert_int_equal(found.v[i].end - found.v[i].start, HOUR);
    ask.now = at("2026-10-25 12:00");
    wish("2026-11-01 00:00", "2026-11-02 00:00"); /* one o'clock comes twice: five hours of four */
    assert_int_equal(found.n, 9);
    assert_int_equal(found.v[2].start, at_fold("2026-11-01 01:00", true));
    check(8, "2026-11-01 04:00");
}

static void a_day_has_its_own_length(void **state)
{
    (void)state;
    business("America/New_York", "{}",
             "{\"services\":[{\"name\":\"x\",\"minutes\":60}],"
             "\"booking\":{\"step_minutes\":60}}");
    ask.service = b.services;
    ask.now = at("2026-03-01 12:00");
    wish("2026-03-08 00:00", "2026-03-09 00:00");
    assert_int_equal(found.n, 23);
    ask.now = at("2026-10-25 12:00");
    wish("2026-11-01 00:00", "2026-11-02 00:00");
    assert_int_equal(found.n, 25);
}

/* ---- against brute force --------------------------------------------------------------------- */

static uint32_t dice;

static uint32_t roll(uint32_t n)
{
    dice = dice * 1664525u + 1013904223u;
    return (dice >> 8) % n;
}

/* The rules read anew, minute by minute, by nothing of slots.c. */
static bool oracle(int64_t start, int64_t length, int64_t gap, int resource)
{
    struct desk_hours_state open;
    struct desk_local_time t;
    int32_t day = desk_hours_date(b.zone, start), today = desk_hours_date(b.zone, ask.now);
    desk_tz_local(b.zone, start, &t);
    if (t.minute % 30)
        return false;
    for (int64_t m = start; m < start + length; m += MIN) {
        desk_hours_at(b.hours, b.zone, m, &open);
        if (!open.open)
            return false;
        int32_t d = desk_hours_date(b.zone, m);
        if (d == desk_hours_date(b.zone, at("2026-11-03 12:00"))) /* the blackout */
            return false;
        if (resource == 1 && d == desk_hours_date(b.zone, at("2026-11-04 12:00"))) /* Lena away */
            return false;
        for (size_t i = 0; i < ask.n_busy; i++)
            if (ask.busy[i].resource == resource && m >= ask.busy[i].from && m < ask.busy[i].to)
                return false;
    }
    for (size_t i = 0; i < ask.n_busy; i++) /* the gap after it */
        if (ask.busy[i].resource == resource && ask.busy[i].from >= start + length &&
            ask.busy[i].from < start + length + gap)
            return false;
    return start >= ask.now + 90 * MIN && day <= today + 20;
}

static void everything_and_nothing_else_is_found(void **state)
{
    (void)state;
    struct desk_slot_busy busy[40];
    size_t total = 0;
    business(
        "America/New_York",
        "{" WEEK ",\"exceptions\":[{\"from\":\"2026-11-04\",\"person\":\"Lena\",\"label\":\"\"}],"
        "\"special\":{\"2026-11-01\":[[\"00:00\",\"04:00\"]]}}",
        "{\"services\":[{\"name\":\"repair\",\"minutes\":90}],\"staff\":[{\"name\":\"Raj\","
        "\"services\":\"all\"},{\"name\":\"Lena\",\"services\":\"all\"}],\"booking\":{"
        "\"gap_minutes\":15,\"lead_minutes\":90,\"days_ahead\":20,\"blackout\":[\"2026-11-03\"]}}");
    for (uint32_t seed = 1; seed <= 40; seed++) {
        dice = seed;
        ask.service = b.services;
        ask.now = at("2026-10-27 00:00") + roll(2880) * MIN;
        ask.n_busy = roll(40);
        ask.busy = busy;
        int64_t t = at("2026-10-27 06:00");
        for (size_t i = 0; i < ask.n_busy; i++) {
            t += roll(600) * MIN;
            busy[i] = (struct desk_slot_busy){t, t + (15 + roll(240)) * MIN, (int)roll(2)};
        }
        int64_t from = at("2026-10-28 00:00") + roll(7000) * MIN, to = from + 3 * DAY / 2;
        ask.wish = (struct desk_slot_wish){.from = from, .to = to};
        desk_slots_find(&ask, &found);
        size_t k = 0;
        for (int64_t m = from; m < to; m += MIN) {
            bool who[2] = {oracle(m, 90 * MIN, 15 * MIN, 0), oracle(m, 90 * MIN, 15 * MIN, 1)};
            bool is = k < found.n && found.v[k].start == m;
            if (is != (who[0] || who[1]))
                fail_msg("seed %u, minute %lld: %s", (unsigned)seed, (long long)(m / MIN),
                         is ? "found, and is none" : "is one, and not found");
            if (is)
                assert_int_equal(found.v[k++].resource, who[0] ? 0 : 1);
        }
        assert_int_equal(k, found.n);
        assert_true(found.n < DESK_MAX_SLOTS);
        assert_true(found.n > 0 ? found.why == DESK_SLOTS_FREE : found.why != DESK_SLOTS_FREE);
        total += found.n;
    }
    assert_true(total > 200); /* it was about something */
}

/* ---- slot ids -------------------------------------------------------------------------------- */

static void slot_ids_come_back(void **state)
{
    (void)state;
    struct desk_slot_ref in, out;
    char text[DESK_SLOT_REF_LEN], loud[2 * DESK_SLOT_REF_LEN];
    for (uint32_t seed = 1; seed < 200; seed++) {
        dice = seed;
        memset(&in, 0, sizeof in);
        in.start = roll(1u << 23) << 9 | roll(512);
        in.expires = roll(1u << 23) << 9;
        in.minutes = (uint16_t)roll(65536);
        in.service = (uint8_t)roll(256);
        in.resource = (uint8_t)roll(256);
        for (size_t i = 0; i < sizeof in.proof; i++)
            in.proof[i] = (unsigned char)roll(256);
        assert_int_equal(strlen(desk_slot_ref_text(&in, text)), DESK_SLOT_REF_LEN - 1);
        assert_true(desk_slot_ref_parse(text, &out));
        assert_memory_equal(&in, &out, sizeof in);
        size_t n = 0;
        for (const char *p = text; *p; p++) { /* as a model may write it */
            if ((p - text) % 8 == 4)
                loud[n++] = (p - text) % 16 == 4 ? '-' : ' ';
            loud[n++] = (char)(*p >= 'a' && *p <= 'z' ? *p - 32 : *p);
        }
        loud[n] = '\0';
        assert_true(desk_slot_ref_parse(loud, &out));
        assert_memory_equal(&in, &out, sizeof in);
        text[31] = '\0';
        assert_false(desk_slot_ref_parse(text, &out));
    }
    static const char *const none[] = {NULL,
                                       "",
                                       "slot_1",
                                       "tuesday at two",
                                       "000000000000000000000000000000000",
                                       "0000000000000000000000000000000u"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_false(desk_slot_ref_parse(none[i], &out));
}

static void every_reason_has_words(void **state)
{
    (void)state;
    for (unsigned w = 0; w < DESK_SLOTS_WHY__MAX; w++) {
        assert_true(*desk_slots_why_name((enum desk_slots_why)w));
        assert_true(*desk_slots_why_text((enum desk_slots_why)w));
    }
}

#define T(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(breaks_and_closing_are_kept),
        T(a_night_shift_runs_over_midnight),
        T(neighbouring_spans_are_one),
        T(lead_time_and_days_ahead),
        T(closures_exceptions_and_blackouts_say_their_names),
        T(technicians_have_calendars_of_their_own),
        T(chairs_are_as_many_as_the_profile_says),
        T(what_was_said_is_a_wish),
        T(when_the_clocks_jump),
        T(a_day_has_its_own_length),
        T(everything_and_nothing_else_is_found),
        T(slot_ids_come_back),
        T(every_reason_has_words),
    };
    return cmocka_run_group_tests_name("slots", tests, NULL, NULL);
}
