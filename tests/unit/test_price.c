/* What a call costs (core/price.h): which price holds, sums to the billionth, and how it is said.
 */
#include "core/price.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define N(a) (sizeof(a) / sizeof *(a))

static const struct desk_price_row rows[] = {
    {"gpt-realtime-2.1", "text_in", "2026-11-20", 4000, false},
    {"gpt-realtime-2.1", "text_cached", "2026-11-20", 400, false},
    {"gpt-realtime-2.1", "text_out", "2026-11-20", 24000, false},
    {"gpt-realtime-2.1", "audio_in", "2026-11-20", 32000, false},
    {"gpt-realtime-2.1", "audio_cached", "2026-11-20", 400, false},
    {"gpt-realtime-2.1", "audio_out", "2026-11-20", 64000, false},
    {"gpt-realtime-2.1-mini", "audio_out", "2026-11-20", 20000, false},
    {"gpt-6-luna", "text_in", "2026-11-20", 100, false},
    {"gpt-6-luna", "text_in", "2027-01-01", 80, false},
    {"gpt-6-luna", "text_in", "2026-12-24", 90, true},
    {"gpt-transcribe", "minute", "2026-11-20", 4500000, false},
    {"telephone", "minute_in", "2026-11-20", 8500000, false},
    {"telephone", "minute_stream", "2026-11-20", 4000000, false},
};

static int64_t price(const char *model, enum desk_price_unit unit, const char *day)
{
    const struct desk_price_row *p = desk_price_find(rows, N(rows), model, unit, day);
    return p ? p->nanos : -1;
}

static void which_price_holds(void **state)
{
    (void)state;
    assert_int_equal(price("gpt-realtime-2.1", DESK_UNIT_AUDIO_OUT, "2026-11-29"), 64000);
    /* a version behind the name is the same model, another name is not */
    assert_int_equal(price("gpt-realtime-2.1-2026-10-01", DESK_UNIT_AUDIO_OUT, "2026-11-29"),
                     64000);
    assert_int_equal(price("gpt-realtime-2.1-mini", DESK_UNIT_AUDIO_OUT, "2026-11-29"), 20000);
    assert_int_equal(price("gpt-realtime-2.1-mini-2026-10-01", DESK_UNIT_AUDIO_OUT, "2026-11-29"),
                     20000);
    assert_int_equal(price("gpt-realtime-2.1-mini", DESK_UNIT_TEXT_OUT, "2026-11-29"), -1);
    assert_int_equal(price("gpt-realtime-2", DESK_UNIT_AUDIO_OUT, "2026-11-29"), -1);
    assert_int_equal(price("", DESK_UNIT_AUDIO_OUT, "2026-11-29"), -1);
    /* of the day; older than all: the first there was; cached without a price: as others */
    assert_int_equal(price("gpt-realtime-2.1", DESK_UNIT_TEXT_IN, "2020-01-01"), 4000);
    assert_int_equal(price("gpt-6-luna", DESK_UNIT_TEXT_CACHED, "2026-11-29"), 90);
    /* the business's own goes first */
    assert_int_equal(price("gpt-6-luna", DESK_UNIT_TEXT_IN, "2027-02-01"), 90);
    assert_int_equal(desk_price_find(rows, 9, "gpt-6-luna", DESK_UNIT_TEXT_IN, "2026-12-31")->nanos,
                     100);
    assert_int_equal(desk_price_find(rows, 9, "gpt-6-luna", DESK_UNIT_TEXT_IN, "2027-01-01")->nanos,
                     80);
}

static int64_t cost(const char *model, enum desk_price_unit unit, int64_t amount, bool known)
{
    struct desk_cost_item item = {.model = model};
    int64_t nanos = -1;
    item.amount[unit] = amount;
    assert_int_equal(desk_cost_of(rows, N(rows), &item, "2026-11-29", &nanos), known);
    return nanos;
}

static void sums(void **state)
{
    (void)state;
    /* the worked minute of facts/openai.md 5: 360 tokens heard, 480 spoken = $0.0423 */
    struct desk_cost_item minute = {
        .model = "gpt-realtime-2.1",
        .amount = {[DESK_UNIT_AUDIO_IN] = 360, [DESK_UNIT_AUDIO_OUT] = 480}};
    int64_t nanos;
    assert_true(desk_cost_of(rows, N(rows), &minute, "2026-11-29", &nanos));
    assert_int_equal(nanos, 360 * 32000 + 480 * 64000);
    assert_int_equal(cost("gpt-transcribe", DESK_UNIT_MINUTE, 90000, true), 6750000);
    assert_int_equal(cost("gpt-transcribe", DESK_UNIT_MINUTE, 1, true), 75);
    /* the telephone's minutes are whole ones */
    assert_int_equal(cost("telephone", DESK_UNIT_MINUTE_IN, 1, true), 8500000);
    assert_int_equal(cost("telephone", DESK_UNIT_MINUTE_IN, 60000, true), 8500000);
    assert_int_equal(cost("telephone", DESK_UNIT_MINUTE_IN, 60001, true), 17000000);
    /* what has no price is said, and the rest is counted; nothing used costs nothing */
    minute.amount[DESK_UNIT_MINUTE] = 60000;
    assert_false(desk_cost_of(rows, N(rows), &minute, "2026-11-29", &nanos));
    assert_int_equal(nanos, 360 * 32000 + 480 * 64000);
    assert_int_equal(cost("nobody's", DESK_UNIT_TEXT_IN, 0, true), 0);
    assert_int_equal(cost("nobody's", DESK_UNIT_TEXT_IN, -5, true), 0);
    assert_int_equal(cost("nobody's", DESK_UNIT_TEXT_IN, 5, false), 0);
}

static void said(void **state)
{
    (void)state;
    static const struct {
        int64_t nanos;
        const char *words;
    } all[] = {{0, "nothing"},         {1, "less than $0.001"}, {999999, "less than $0.001"},
               {42240000, "$0.042"},   {999999999, "$0.999"},   {1000000000, "$1.00"},
               {12345678901, "$12.34"}};
    char out[32];
    for (size_t i = 0; i < N(all); i++)
        assert_string_equal(desk_cost_say(out, all[i].nanos), all[i].words);
}

static void as_people_write_it(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum desk_price_unit unit;
        int64_t nanos;
        const char *back;
    } good[] = {{"0.40", DESK_UNIT_TEXT_CACHED, 400, "0.40"},
                {"4", DESK_UNIT_TEXT_IN, 4000, "4.00"},
                {"0.005", DESK_UNIT_TEXT_IN, 5, "0.005"},
                {"0", DESK_UNIT_TEXT_IN, 0, "0.00"},
                {"0.0045", DESK_UNIT_MINUTE, 4500000, "0.0045"},
                {"100000", DESK_UNIT_TEXT_IN, 100000000, "100000.00"}};
    static const char *const bad[] = {"",
                                      "-1",
                                      "x",
                                      "1.2.3",
                                      "1e3",
                                      ".5",
                                      "1,5",
                                      " 1",
                                      "100001",
                                      "0.0005",
                                      "99999999999999999999",
                                      "1 ",
                                      "0.4 $",
                                      "0.0000000001"};
    char out[32];
    int64_t nanos;
    for (size_t i = 0; i < N(good); i++) {
        assert_true(desk_price_parse(good[i].text, good[i].unit, &nanos));
        assert_int_equal(nanos, good[i].nanos);
        assert_string_equal(desk_price_say(out, good[i].unit, nanos), good[i].back);
    }
    for (size_t i = 0; i < N(bad); i++)
        if (desk_price_parse(bad[i], DESK_UNIT_TEXT_IN, &nanos))
            fail_msg("\"%s\" is a price", bad[i]);
}

static void units_have_names(void **state)
{
    (void)state;
    for (int u = 0; u < DESK_UNIT__MAX; u++)
        assert_int_equal(desk_price_unit_parse(desk_price_unit_name((enum desk_price_unit)u)), u);
    assert_int_equal(desk_price_unit_parse("token"), DESK_UNIT__MAX);
    assert_string_equal(desk_price_unit_name(DESK_UNIT__MAX), "");
    assert_true(desk_price_unit_timed(DESK_UNIT_MINUTE));
    assert_false(desk_price_unit_timed(DESK_UNIT_AUDIO_OUT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(which_price_holds), cmocka_unit_test(sums),
                                       cmocka_unit_test(said), cmocka_unit_test(as_people_write_it),
                                       cmocka_unit_test(units_have_names)};
    return cmocka_run_group_tests_name("price", tests, NULL, NULL);
}
