/* The guard over money and loops, as a table: what is spent, what holds, what is done. */
#include "core/spend.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define DOLLAR 1000000000LL

static struct desk_arena *a;

static int begin(void **state)
{
    (void)state;
    return (a = desk_arena_new(1 << 20)) ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    desk_arena_free(a);
    return 0;
}

static void first_row_that_fits(void **state)
{
    const struct desk_spend_limits none = {.then = DESK_SPEND_RING},
                                   all = {.month = 60 * DOLLAR,
                                          .hour = 5 * DOLLAR,
                                          .caller_day = 2 * DOLLAR,
                                          .loop_calls = 10,
                                          .loop_minutes = 5,
                                          .then = DESK_SPEND_RING};
    const struct {
        const struct desk_spend_limits *l;
        struct desk_spend_facts f;
        const char *rule;
        enum desk_spend_then then;
        const char *because;
    } rows[] = {
        {&none, {.month = 1000 * DOLLAR, .calls_lately = 1000}, NULL, DESK_SPEND_GO, NULL},
        {&all, {.month = 60 * DOLLAR - 1, .hour = 0}, NULL, DESK_SPEND_GO, NULL},
        {&all,
         {.month = 60 * DOLLAR},
         "spend_month",
         DESK_SPEND_RING,
         "The month's budget is spent: $60.00 of $60.00. The owner's phone rings."},
        {&all,
         {.hour = 7 * DOLLAR},
         "spend_hour",
         DESK_SPEND_RING,
         "The limit of one hour is reached: $7.00 of $5.00. The owner's phone rings."},
        {&all,
         {.caller_day = 2 * DOLLAR},
         "spend_caller",
         DESK_SPEND_RING,
         "The limit of one caller for a day is reached: $2.00 of $2.00. The owner's phone rings."},
        {&all, {.month = 61 * DOLLAR, .hour = 7 * DOLLAR}, "spend_month", DESK_SPEND_RING, NULL},
        {&all, {.calls_lately = 10}, NULL, DESK_SPEND_GO, NULL},
        {&all,
         {.calls_lately = 11},
         "loop",
         DESK_SPEND_VOICEMAIL,
         "This number has called 11 times in 5 minutes. The caller is asked for a message."},
        {&all, {.calls_lately = 30}, "loop", DESK_SPEND_VOICEMAIL, NULL},
        {&all,
         {.calls_lately = 31},
         "loop",
         DESK_SPEND_REJECT,
         "This number has called 31 times in 5 minutes. The call is not answered."},
        /* somebody in need who tries again and again is no machine */
        {&all, {.calls_lately = 31, .urgent_lately = true}, "loop", DESK_SPEND_VOICEMAIL, NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk_spend_verdict v;
        desk_spend_decide(a, rows[i].l, &rows[i].f, &v);
        assert_int_equal(v.then, rows[i].then);
        assert_int_equal(!v.rule, !rows[i].rule);
        assert_int_equal(!v.because, !v.rule);
        if (v.rule)
            assert_string_equal(v.rule, rows[i].rule);
        if (rows[i].because)
            assert_string_equal(v.because, rows[i].because);
    }
}

static void money_as_time(void **state)
{
    const struct {
        int64_t call, minute, most_s;
    } rows[] = {
        {0, DOLLAR / 10, 0},            /* no limit */
        {DOLLAR, 0, 0},                 /* nothing is known of what a minute costs */
        {DOLLAR, DOLLAR / 10, 600},     /* a dollar, at ten cents a minute */
        {DOLLAR / 100, DOLLAR / 10, 60} /* six seconds would help nobody */
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk_spend_verdict v;
        desk_spend_decide(a, &(struct desk_spend_limits){.call = rows[i].call},
                          &(struct desk_spend_facts){.minute = rows[i].minute}, &v);
        assert_int_equal(v.most_s, rows[i].most_s);
        assert_int_equal(v.then, DESK_SPEND_GO);
    }
}

static void words(void **state)
{
    (void)state;
    assert_int_equal(desk_spend_then_parse("ring"), DESK_SPEND_RING);
    assert_int_equal(desk_spend_then_parse("short"), DESK_SPEND_SHORT);
    assert_int_equal(desk_spend_then_parse("voicemail"), DESK_SPEND_VOICEMAIL);
    assert_int_equal(desk_spend_then_parse("reject"), DESK_SPEND_VOICEMAIL); /* not to be chosen */
    assert_int_equal(desk_spend_then_parse(NULL), DESK_SPEND_VOICEMAIL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(first_row_that_fits, begin, end),
        cmocka_unit_test_setup_teardown(money_as_time, begin, end),
        cmocka_unit_test_setup_teardown(words, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
