/* What a call would meet, told to the owner. */
#include "core/business_say.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct desk_arena *arena;
static struct desk_business b;
static struct desk_business_answer say;

static const char week[] =
    "{\"weekly\":{\"mon\":[[\"08:00\",\"17:00\"]],\"tue\":[[\"08:00\",\"17:00\"]],\"fri\":[["
    "\"08:00\",\"12:00\"]]},\"closures\":[{\"date\":\"2026-11-27\",\"label\":\"bridge day\"}],"
    "\"exceptions\":[{\"from\":\"2026-11-30\",\"to\":\"2026-12-02\",\"person\":\"Raj\",\"label\":"
    "\"Raj away\"},{\"from\":\"2026-11-30\",\"label\":\"road works\"}]}";

static void ask(const char *profile, const char *hours, const char *phone,
                enum desk_answer_mode setting, int day, int hour)
{
    int64_t at;
    const struct desk_business_parts parts = {.slug = "oak",
                                              .name = "Oak Street",
                                              .branch = "Main",
                                              .profile = profile,
                                              .zone = "America/Denver",
                                              .hours = hours,
                                              .owner_name = "Ana",
                                              .owner_phone = phone,
                                              .tz = desk_tz_load("America/Denver")};
    const struct desk_local_time t = {.year = 2026, .month = 11, .day = day, .hour = hour};
    assert_int_equal(desk_business_compose(&b, arena, &parts), DESK_OK);
    desk_tz_utc(b.zone, &t, false, &at);
    assert_int_equal(desk_business_say(&b, arena, setting, at, &say), DESK_OK);
}

static const char staff[] =
    "{\"staff\":[{\"name\":\"Raj\",\"phone\":\"+13035550102\"},{\"name\":\"Lee\",\"phone\":"
    "\"+13035550103\"}],\"on_call\":[{\"who\":\"Raj\",\"days\":[\"sat\",\"sun\"]},{\"who\":\"Lee\"}"
    "],\"emergency\":{\"tell\":{\"P1\":[\"owner\",\"on_call\"]}},\"answering\":{\"mode\":"
    "\"staff_first\",\"ring\":\"on_call\",\"ring_seconds\":20,\"closed\":\"off\",\"then\":"
    "\"gather\"},\"greeting\":{\"open\":\"Oak here, what is it?\"}}";

static void test_open_and_closed(void **state)
{
    (void)state;
    ask(staff, week, "+13035550101", DESK_ANSWER_REALTIME, 24, 10); /* Tuesday */
    assert_true(say.is_open);
    assert_string_equal(say.when, "Tuesday 24 November, 10:00 am");
    assert_string_equal(say.open, "Open until 5:00 pm.");
    assert_string_equal(say.answer,
                        "Lee\xe2\x80\x99s phone rings for 20 seconds; if nobody takes it, "
                        "Frontdesk answers and listens turn by turn.");
    assert_string_equal(say.words, "Oak here, what is it?");
    assert_string_equal(say.urgent, "Emergencies reach Ana and Lee.");
    assert_string_equal(say.away, "");
    ask(staff, week, "+13035550101", DESK_ANSWER_REALTIME, 27, 10); /* closed, a Friday */
    assert_false(say.is_open);
    assert_string_equal(say.open, "Closed (bridge day) until Monday 30 November, 8:00 am.");
    assert_string_equal(say.answer, "Lee\xe2\x80\x99s phone rings for 20 seconds; if nobody takes "
                                    "it, the caller can leave a message.");
    assert_string_equal(say.words, "");
    ask(staff, week, "+13035550101", DESK_ANSWER_REALTIME, 28, 10);
    assert_string_equal(say.urgent, "Emergencies reach Ana and Raj.");
    ask(staff, week, "+13035550101", DESK_ANSWER_REALTIME, 30, 10);
    assert_string_equal(say.away, "Raj is away. Noted: road works.");
}

static void test_little_said(void **state)
{
    (void)state;
    ask("{}", "{}", "+13035550101", DESK_ANSWER_REALTIME, 24, 10);
    assert_string_equal(say.open, "Open day and night.");
    assert_string_equal(say.answer, "Frontdesk answers and talks.");
    assert_string_equal(say.urgent, "Emergencies reach Ana.");
    ask("{}", "{}", "+13035550101", DESK_ANSWER_GATHER, 24, 10);
    assert_string_equal(say.answer, "Frontdesk answers and listens turn by turn.");
    ask("{\"answering\":{\"mode\":\"off\"},\"emergency\":{\"tell\":{\"P1\":[]}}}", week, NULL,
        DESK_ANSWER_REALTIME, 24, 10);
    assert_string_equal(say.answer, "Nobody can be rung, so the caller can leave a message.");
    assert_string_equal(say.urgent, "Nobody is told of emergencies.");
    ask("{}",
        "{\"weekly\":{\"mon\":[[\"08:00\",\"17:00\"]]},\"exceptions\":[{\"from\":"
        "\"2026-11-01\",\"to\":\"2028-12-01\",\"closed\":true,\"label\":\"given up\"}]}",
        NULL, DESK_ANSWER_REALTIME, 24, 10);
    assert_string_equal(say.open, "Closed (given up), and not open again within a year.");
    assert_non_null(strstr(say.urgent, "can be reached"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_open_and_closed),
                                       cmocka_unit_test(test_little_said)};
    arena = desk_arena_new(4 * 1024 * 1024);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    desk_arena_free(arena);
    return failed;
}
