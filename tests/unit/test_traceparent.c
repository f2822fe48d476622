/* traceparent: what is one, what is not, and steps of our own. */
#include "wire/traceparent.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define TRACE "4bf92f3577b34da6a3ce929d0e0e4736"
#define SPAN  "00f067aa0ba902b7"
#define ZERO  "00000000000000000000000000000000"

static void good_ones(void **state)
{
    static const struct {
        const char *text;
        bool sampled;
    } rows[] = {
        {"00-" TRACE "-" SPAN "-01", true},
        {"00-" TRACE "-" SPAN "-00", false},
        {"00-" TRACE "-" SPAN "-fe", false}, /* bits that are not known yet */
        {"00-" TRACE "-" SPAN "-03", true},
        {"cc-" TRACE "-" SPAN "-01", true}, /* a later version: so much of it is known */
        {"01-" TRACE "-" SPAN "-01-what-the-future-says", true},
        {"fe-" TRACE "-" SPAN "-01-", true},
    };
    struct desk_traceparent t;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!desk_traceparent_parse(&t, rows[i].text, strlen(rows[i].text)))
            fail_msg("refused: %s", rows[i].text);
        assert_string_equal(t.trace, TRACE);
        assert_string_equal(t.span, SPAN);
        assert_int_equal(t.sampled, rows[i].sampled);
    }
}

static void bad_ones(void **state)
{
    static const char *const rows[] = {
        "",
        "00",
        "00-" TRACE "-" SPAN,
        "00-" TRACE "-" SPAN "-1",
        "00-" TRACE "-" SPAN "-01-", /* version 00 ends there */
        "00-" TRACE "-" SPAN "-01-x",
        "00-" TRACE "-" SPAN "-011",
        "01-" TRACE "-" SPAN "-01x", /* more, but not behind a dash */
        "ff-" TRACE "-" SPAN "-01",
        "0g-" TRACE "-" SPAN "-01",
        "0-" TRACE "-" SPAN "-011",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-" SPAN "-01",
        "00-" TRACE "-00F067AA0BA902B7-01",
        "00-" ZERO "-" SPAN "-01",
        "00-" TRACE "-0000000000000000-01",
        "00-" TRACE "-" SPAN "-0x",
        "00_" TRACE "-" SPAN "-01",
        "00-" TRACE "_" SPAN "-01",
        "00-" TRACE "-" SPAN "_01",
        " 00-" TRACE "-" SPAN "-01",
        "00-" TRACE "-" SPAN "-01 ",
        "00-4bf92f3577b34da6a3ce929d0e0e473-" SPAN "-011",
    };
    static const struct desk_traceparent nothing;
    struct desk_traceparent t;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        memset(&t, 'x', sizeof t);
        if (desk_traceparent_parse(&t, rows[i], strlen(rows[i])))
            fail_msg("taken: %s", rows[i]);
        assert_memory_equal(t.trace, nothing.trace, sizeof t.trace);
        assert_memory_equal(t.span, nothing.span, sizeof t.span);
        assert_false(t.sampled);
    }
    assert_false(desk_traceparent_parse(&t, NULL, 0));
    /* cut anywhere it is none, and no byte behind it is read */
    static const char whole[] = "00-" TRACE "-" SPAN "-01";
    for (size_t n = 0; n + 1 < sizeof whole; n++)
        assert_int_equal(desk_traceparent_parse(&t, whole, n), n == sizeof whole - 1);
}

static void ids_of_traces(void **state)
{
    (void)state;
    assert_true(desk_trace_id_ok(TRACE));
    assert_false(desk_trace_id_ok(NULL));
    assert_false(desk_trace_id_ok(""));
    assert_false(desk_trace_id_ok(ZERO));
    assert_false(desk_trace_id_ok(TRACE "0"));
    assert_false(desk_trace_id_ok("4bf92f3577b34da6a3ce929d0e0e473\""));
}

static void steps_of_our_own(void **state)
{
    char one[DESK_TRACEPARENT_LEN], two[DESK_TRACEPARENT_LEN];
    struct desk_traceparent a, b;
    (void)state;
    desk_traceparent_child(one, TRACE);
    desk_traceparent_child(two, TRACE);
    assert_true(desk_traceparent_parse(&a, one, strlen(one)));
    assert_true(desk_traceparent_parse(&b, two, strlen(two)));
    assert_string_equal(a.trace, TRACE);
    assert_string_equal(b.trace, TRACE);
    assert_string_not_equal(a.span, b.span);
    assert_true(a.sampled);
    /* what is no trace begins one, each time another */
    for (const char *const *bad = (const char *const[]){"", ZERO, "x\r\nevil: 1", NULL};; bad++) {
        desk_traceparent_child(one, *bad);
        desk_traceparent_child(two, *bad);
        assert_true(desk_traceparent_parse(&a, one, strlen(one)));
        assert_true(desk_traceparent_parse(&b, two, strlen(two)));
        assert_string_not_equal(a.trace, b.trace);
        if (!*bad)
            break;
    }
    for (int i = 0; i < 1000; i++) {
        desk_traceparent_new(&a);
        assert_true(desk_trace_id_ok(a.trace));
        assert_int_equal(strlen(a.span), 16);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_ones),
        cmocka_unit_test(bad_ones),
        cmocka_unit_test(ids_of_traces),
        cmocka_unit_test(steps_of_our_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
