/* Who calls, what is wanted and what happens: the precedence of the rules, and the numbers that may
 * be rung. How well wishes are understood is scored by tests/eval (make judge). */
#include "../../lib/core/intent.c"
#include "core/dialling.h"
#include "core/route.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define OPEN   1795200720000LL /* Friday 20 November 2026, 13:52 in New York */
#define CLOSED (OPEN + 12LL * 3600 * 1000)

static struct desk_arena *arena;

static struct desk_business *business(const char *profile)
{
    struct desk_business *b = desk_arena_alloc(arena, sizeof *b);
    const struct desk_business_parts parts = {.slug = "t",
                                              .name = "Test",
                                              .branch = "",
                                              .profile = profile,
                                              .zone = "America/New_York",
                                              .hours =
                                                  "{\"weekly\":{\"fri\":[[\"07:00\",\"17:00\"]]}}",
                                              .owner_name = "Sal Pitts",
                                              .owner_phone = "+18605550101",
                                              .tz = desk_tz_load("America/New_York")};
    assert_int_equal(desk_business_compose(b, arena, &parts), DESK_OK);
    return b;
}

static int begin(void **state)
{
    (void)state;
    arena = desk_arena_new(8 * 1024 * 1024);
    return arena ? 0 : -1;
}

static int finish(void **state)
{
    (void)state;
    desk_arena_free(arena);
    return 0;
}

static void first_rule_that_fits(void **state)
{
    (void)state;
    static const struct {
        enum desk_caller caller;
        int64_t now;
        bool outbound;
        const char *text;
        enum desk_severity emergency;
        const char *script, *action;
    } rows[] = {
        {DESK_WHO_UNKNOWN, OPEN, false, "", 0, "general_incoming", "converse"},
        {DESK_WHO_KNOWN, OPEN, false, "", 0, "known_client_support", "converse"},
        {DESK_WHO_UNKNOWN, CLOSED, false, "", 0, "after_hours", "converse"},
        {DESK_WHO_EXCEPTION, CLOSED, false, "", 0, NULL, "transfer_exception"},
        {DESK_WHO_BLOCKED, OPEN, false, "", DESK_P1, NULL, "reject"},
        {DESK_WHO_OWNER, CLOSED, false, "", 0, NULL, "voice_query"},
        {DESK_WHO_UNKNOWN, OPEN, false, "how much would a new heater cost", 0, "sales_inquiry",
         "converse"},
        {DESK_WHO_UNKNOWN, OPEN, false, "we sell pipe fittings to plumbers", 0, "vendor_call",
         "log_vendor"},
        {DESK_WHO_UNKNOWN, CLOSED, false, "we sell pipe fittings to plumbers", 0, "after_hours",
         "log_vendor"},
        {DESK_WHO_UNKNOWN, OPEN, false, "let me talk to sal", 0, "general_incoming",
         "transfer_owner"},
        {DESK_WHO_UNKNOWN, CLOSED, false, "let me talk to sal", 0, "after_hours", "converse"},
        {DESK_WHO_KNOWN, CLOSED, false, "water", DESK_P1, "after_hours", "emergency_alert"},
        {DESK_WHO_VENDOR, OPEN, false, "fire", DESK_P2, "vendor_call", "emergency_alert"},
        {DESK_WHO_UNKNOWN, OPEN, false, "drip", DESK_P3, "general_incoming", "converse"},
        {DESK_WHO_KNOWN, OPEN, true, "", 0, "appointment_reminder", "converse"},
        {DESK_WHO_KNOWN, OPEN + 9LL * 3600 * 1000, true, "", 0, NULL, "do_not_call"},
    };
    const struct desk_business *b = business("{}");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk_routing r;
        desk_route_decide(&(struct desk_route_input){b, rows[i].caller, rows[i].now,
                                                     rows[i].outbound, rows[i].text,
                                                     rows[i].emergency},
                          &r);
        if (rows[i].script)
            assert_string_equal(r.standard, rows[i].script);
        else
            assert_null(r.standard);
        assert_string_equal(desk_route_action_name(r.action), rows[i].action);
        assert_true(r.n_reasons >= 3);
    }
}

static void who_it_is(void **state)
{
    (void)state;
    static const struct {
        struct desk_caller_facts f;
        enum desk_caller who;
    } rows[] = {
        {{.number = NULL, .exception = "family"}, DESK_WHO_WITHHELD},
        {{.number = "+12125550142"}, DESK_WHO_UNKNOWN},
        {{.number = "+12125550142", .known = true}, DESK_WHO_KNOWN},
        {{.number = "+12125550142", .known = true, .vip = true}, DESK_WHO_VIP},
        {{.number = "+12125550142", .exception = "family"}, DESK_WHO_EXCEPTION},
        {{.number = "+12125550142", .exception = "family", .attest = DESK_ATTEST_FAILED},
         DESK_WHO_UNKNOWN},
        {{.number = "+12125550142", .exception = "family", .blocked = true}, DESK_WHO_BLOCKED},
        {{.number = "+12125550142", .attest = DESK_ATTEST_FAILED}, DESK_WHO_SPAM},
        {{.number = "+12125550142", .short_calls = DESK_SPAM_SHORT_CALLS}, DESK_WHO_SPAM},
        {{.number = "+18605550101"}, DESK_WHO_OWNER},
        {{.number = "+18605550101", .attest = DESK_ATTEST_FAILED}, DESK_WHO_UNKNOWN},
        {{.number = "+12125550142", .vendor = true}, DESK_WHO_VENDOR},
    };
    const struct desk_business *b = business("{}");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *because = NULL;
        assert_int_equal(desk_caller_resolve(b, &rows[i].f, &because), rows[i].who);
        assert_non_null(because);
    }
    assert_int_equal(desk_attest_parse("TN-Validation-Passed-A"), DESK_ATTEST_A);
    assert_int_equal(desk_attest_parse("TN-Validation-Failed-B"), DESK_ATTEST_FAILED);
    assert_int_equal(desk_attest_parse("nonsense"), DESK_ATTEST_NONE);
    assert_int_equal(desk_attest_parse(NULL), DESK_ATTEST_NONE);
}

static void numbers_that_may_be_rung(void **state)
{
    (void)state;
    const struct desk_business *us = business("{}");
    const struct desk_business *two = business("{\"transfer\":{\"countries\":[\"US\",\"GB\"]}}");
    assert_true(desk_may_dial(us, "+18605550101"));
    assert_false(desk_may_dial(us, "+442079460123"));
    assert_true(desk_may_dial(two, "+442079460123"));
    assert_false(desk_may_dial(two, "+493012345678"));
    static const char *const never[] = {"911", "+911", "+19005550123", "8605550101", "", NULL};
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        assert_false(desk_may_dial(two, never[i]) || desk_may_call_out(two, never[i]));
    /* islands that share North America's code must be allowed by name; its two big countries share
     * it as neighbours */
    const struct desk_business *jamaica =
        business("{\"transfer\":{\"countries\":[\"US\",\"JM\"]}}");
    const struct desk_business *island = business("{\"transfer\":{\"countries\":[\"JM\"]}}");
    static const char *const islands[] = {"+18765550123", "+16585550123", "+18095550123",
                                          "+12425550123"};
    for (size_t i = 0; i < sizeof islands / sizeof *islands; i++) {
        assert_false(desk_may_dial(us, islands[i]));
        assert_true(desk_may_dial(jamaica, islands[i]) == (i < 2));
        assert_true(desk_may_dial(island, islands[i]) == (i < 2));
    }
    assert_false(desk_may_dial(island, "+18605550101"));
    assert_true(desk_may_dial(us, "+14165550123")); /* Toronto */
    assert_true(desk_may_dial(us, "+17875550123")); /* Puerto Rico is the US */
    /* a machine calls nobody whose hours are not known */
    assert_true(desk_may_call_out(us, "+18605550101"));
    assert_true(desk_may_call_out(two, "+442079460123"));
    assert_false(desk_may_call_out(us, "+442079460123"));
    assert_true(desk_may_dial(us, "+18005550123"));
    assert_false(desk_may_call_out(us, "+18005550123"));
}

/* What the trainer got is what this code gets: the features have not changed under the model. */
static void the_model_is_of_this_code(void **state)
{
    (void)state;
    for (size_t i = 0; i < intent_model.n_checks; i++) {
        struct desk_words ws;
        const char *tags[DESK_INTENT_TAGS];
        float p[sizeof intent_classes / sizeof *intent_classes];
        desk_words_read(&ws, intent_model.checks[i].text);
        size_t n = desk_intent_tags(&ws, NULL, tags);
        desk_linear_score_words(&intent_model, &ws, tags, n, p);
        for (size_t k = 0; k < intent_model.n_classes; k++)
            assert_float_equal(p[k], intent_model.checks[i].scores[k], 0.01f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_rule_that_fits),
        cmocka_unit_test(who_it_is),
        cmocka_unit_test(numbers_that_may_be_rung),
        cmocka_unit_test(the_model_is_of_this_code),
    };
    return cmocka_run_group_tests_name("route", tests, begin, finish);
}
