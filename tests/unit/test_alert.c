/* The gate of alerts: one per caller in five minutes, a worse one always. */
#include "core/alert.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define NOW 1795200720000LL
#define AGO (NOW - 60000)
#define OLD (NOW - DESK_ALERT_PAUSE_MS)

static void one_in_five_minutes_unless_worse(void **state)
{
    (void)state;
    static const struct {
        enum desk_severity severity;
        struct desk_alert_past past[2];
        size_t n;
        bool goes;
    } rows[] = {
        {DESK_P1, {{0}}, 0, true},
        {DESK_SEVERITY_NONE, {{0}}, 0, false},
        {DESK_P2, {{AGO, DESK_P2, true}}, 1, false},
        {DESK_P1, {{AGO, DESK_P2, true}}, 1, true},
        {DESK_P2, {{AGO, DESK_P1, true}}, 1, false},
        {DESK_P2, {{OLD, DESK_P1, true}}, 1, true},
        {DESK_P2, {{AGO, DESK_P2, false}}, 1, true}, /* it never went out */
        {DESK_P1, {{OLD, DESK_P1, true}, {AGO, DESK_P1, true}}, 2, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(desk_alert_goes(NOW, rows[i].severity, rows[i].past, rows[i].n),
                         rows[i].goes);
}

static void severities_have_names(void **state)
{
    (void)state;
    assert_int_equal(desk_severity_parse("P1"), DESK_P1);
    assert_int_equal(desk_severity_parse("P9"), DESK_SEVERITY_NONE);
    assert_int_equal(desk_severity_parse(NULL), DESK_SEVERITY_NONE);
    assert_true(desk_severity_worse(DESK_P3, DESK_SEVERITY_NONE));
    assert_true(desk_severity_worse(DESK_P1, DESK_P2));
    assert_false(desk_severity_worse(DESK_P2, DESK_P2));
    assert_false(desk_severity_worse(DESK_SEVERITY_NONE, DESK_P3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_in_five_minutes_unless_worse),
        cmocka_unit_test(severities_have_names),
    };
    return cmocka_run_group_tests_name("alert", tests, NULL, NULL);
}
