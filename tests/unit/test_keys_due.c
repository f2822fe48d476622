/* When an identity provider's keys are fetched. */
#include "core/keys_due.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#define T 1790000000000LL

static void due_by_age_by_need_and_not_in_a_hurry(void **state)
{
    static const struct {
        struct desk_keys_times at;
        int64_t due;
    } rows[] = {
        {{0, 0, 0, 0}, 0},                                    /* never: at once */
        {{T, T + 3600000, 0, 0}, T + 3600000},                /* old */
        {{T, T + 3600000, T + 500, 0}, T + DESK_KEYS_GAP_MS}, /* a key is missing, soon after */
        {{T, T + 3600000, T + 700000, 0}, T + 700000},        /* and long after: at once */
        {{T, T + 3600000, T - 500, 0}, T + 3600000},          /* it came with these */
        {{T, T + 3600000, T, 0}, T + 3600000},
        {{T, T + 3600000, T + 700000, T + 900000}, T + 900000}, /* it failed for it */
        {{0, 0, 0, T + 5000}, T + 5000},                        /* it never came */
        {{T, T + 30000, T + 500, 0}, T + 30000},                /* they are old before the gap is */
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(desk_keys_due(&rows[i].at), rows[i].due);
}

static void a_fetch_for_a_token(void **state)
{
    const struct desk_keys_times at = {.fetched = T, .fresh_until = T + 3600000},
                                 failed = {.fetched = T, .not_before = T + 900000};
    (void)state;
    assert_false(desk_keys_worth(&at, T));
    assert_false(desk_keys_worth(&at, T + DESK_KEYS_GAP_MS - 1));
    assert_true(desk_keys_worth(&at, T + DESK_KEYS_GAP_MS));
    assert_false(desk_keys_worth(&failed, T + DESK_KEYS_GAP_MS));
    assert_true(desk_keys_worth(&failed, T + 900000));
}

static void as_long_as_it_says_within_bounds(void **state)
{
    static const struct {
        const char *text;
        int64_t ms;
    } rows[] = {
        {"", DESK_KEYS_USUAL_MS},
        {"no-cache", DESK_KEYS_USUAL_MS},
        {"max-age=7200", 7200000},
        {"public, Max-Age=21600, must-revalidate, no-transform", 21600000},
        {"max-age=0", DESK_KEYS_LEAST_MS},
        {"max-age=1", DESK_KEYS_LEAST_MS},
        {"max-age=99999999999999999999999", DESK_KEYS_MOST_MS},
        {"max-age=-5", DESK_KEYS_USUAL_MS},
        {"max-age=soon", DESK_KEYS_USUAL_MS},
        {"s-max-age=9", DESK_KEYS_USUAL_MS},
        {",,, ,", DESK_KEYS_USUAL_MS},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(desk_keys_fresh_ms(rows[i].text), rows[i].ms);
}

static void longer_after_each_failure(void **state)
{
    (void)state;
    assert_int_equal(desk_keys_wait_ms(1, 0), 5000);
    assert_int_equal(desk_keys_wait_ms(2, 0), 10000);
    assert_int_equal(desk_keys_wait_ms(4, 0), 40000);
    assert_int_equal(desk_keys_wait_ms(7, 0), 300000);
    assert_int_equal(desk_keys_wait_ms(1000000, 0), 300000);
    assert_int_equal(desk_keys_wait_ms(1, 120), 120000); /* as it asked */
    assert_int_equal(desk_keys_wait_ms(3, 2), 20000);    /* but not sooner than we would */
    assert_int_equal(desk_keys_wait_ms(1, 99999999), DESK_KEYS_USUAL_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(due_by_age_by_need_and_not_in_a_hurry),
        cmocka_unit_test(a_fetch_for_a_token),
        cmocka_unit_test(as_long_as_it_says_within_bounds),
        cmocka_unit_test(longer_after_each_failure),
    };
    return cmocka_run_group_tests_name("keys_due", tests, NULL, NULL);
}
