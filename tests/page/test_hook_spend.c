/* Calls at a limit of money, or in a loop: a message, the owner's phone or questions; never
 * silence. The timeline says why, and a webhook that comes again gets the same answer. */
#include "tests/page/hook_world.h"
#include "store/call_after.h"
#include "store/settings.h"

#define HOOK(uri, sid, from, ...) hook_page(uri, CALL_FIELDS(sid, from, TEST_TO, ##__VA_ARGS__))

static const char *tenant, *location;

static const char *detail_of(const char *sid, const char *name)
{
    size_t n;
    return event_of(sid, name, &n);
}

static void set(enum desk_setting_id id, const char *value)
{
    char why[200] = "";
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    assert_int_equal(desk_tx_end(admin_db, desk_tenant_setting_put(admin_db, tenant, id, value, why,
                                                                   sizeof why)),
                     DESK_OK);
}

/* A call of an hour ago that cost ten dollars. */
static void spend(void)
{
    const char *sid = new_sid();
    HOOK("/voice/incoming", sid, OTHER);
    struct desk_call c = call_of(sid);
    tenant = desk_arena_strdup(look, c.tenant_id);
    location = desk_arena_strdup(look, c.location_id);
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    assert_int_equal(
        desk_tx_end(admin_db, desk_call_after_insert(
                                  admin_db, &(struct desk_call_after){.tenant_id = tenant,
                                                                      .location_id = location,
                                                                      .call_id = c.id,
                                                                      .by_whom = "rules",
                                                                      .summary = "s",
                                                                      .topics = "",
                                                                      .sentiment = "neutral",
                                                                      .facts = "{}",
                                                                      .nanos = 10000000000LL,
                                                                      .cost = "[]",
                                                                      .unpriced = "",
                                                                      .told = "no",
                                                                      .started_at = c.started_at})),
        DESK_OK);
}

static void at_the_limit_a_message(void **state)
{
    (void)state;
    spend();
    set(DESK_S_SPEND_MONTH_DOLLARS, "10");
    const char *sid = new_sid();
    for (int again = 0; again < 2; again++) { /* the webhook comes twice */
        struct answer a = HOOK("/voice/incoming", sid, CALLER);
        assert_has(a.body, "<Record ");
        assert_has_not(a.body, "<Connect");
    }
    assert_has(HOOK("/voice/next", sid, CALLER).body, "<Record ");
    assert_has(detail_of(sid, "spend_month"), "The month's budget is spent: $10.00 of $10.00. The "
                                              "caller is asked for a message.");
    assert_string_equal(call_of(sid).mode, DESK_MODE_RECORD);
}

static void at_the_limit_the_owner_rings(void **state)
{
    (void)state;
    set(DESK_S_SPEND_THEN, "ring");
    const char *sid = new_sid();
    for (int again = 0; again < 2; again++) {
        struct answer a = HOOK("/voice/incoming", sid, CALLER);
        assert_has(a.body, "<Dial ");
        assert_has_not(a.body, "<Connect");
    }
    assert_has(detail_of(sid, "spend_month"), "The owner's phone rings.");
    /* nobody picks up: a message all the same */
    assert_has(HOOK("/voice/dial-done", sid, CALLER, "DialCallStatus", "no-answer").body,
               "<Record ");
}

static void at_the_limit_questions(void **state)
{
    (void)state;
    set(DESK_S_SPEND_THEN, "short");
    const char *sid = new_sid();
    struct answer a = HOOK("/voice/incoming", sid, CALLER);
    assert_has(a.body, "<Gather ");
    assert_has_not(a.body, "<Connect");
    assert_string_equal(call_of(sid).mode, DESK_MODE_GATHER);
    assert_null(detail_of(sid, "answer_mode")); /* the settings did not say so */
    assert_non_null(detail_of(sid, "spend_month"));
    set(DESK_S_SPEND_THEN, NULL);
    set(DESK_S_SPEND_MONTH_DOLLARS, NULL);
    assert_has(HOOK("/voice/incoming", new_sid(), CALLER).body, "<Connect");
}

static void a_call_may_cost_so_much(void **state)
{
    (void)state;
    const char *sid = new_sid();
    set(DESK_S_SPEND_CALL_CENTS, "1");
    HOOK("/voice/incoming", sid, CALLER);
    struct desk_call c = call_of(sid);
    assert_int_equal(c.max_s, 0); /* what a minute costs is not known: no such call has ended */
    set(DESK_S_SPEND_CALL_CENTS, NULL);
}

static void a_loop_is_cut(void **state)
{
    (void)state;
    static const char robot[] = "+12125550199";
    set(DESK_S_LOOP_CALLS, "3");
    for (int i = 1; i <= 12; i++) {
        const char *sid = new_sid();
        struct answer a = HOOK("/voice/incoming", sid, robot);
        assert_has(a.body, i <= 3 ? "<Connect" : i <= 9 ? "<Record " : "<Reject ");
        assert_int_equal(detail_of(sid, "loop") != NULL, i > 3);
    }
    assert_has(HOOK("/voice/incoming", new_sid(), "+12125550198").body,
               "<Connect"); /* others talk */
    set(DESK_S_LOOP_CALLS, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(at_the_limit_a_message), cmocka_unit_test(at_the_limit_the_owner_rings),
        cmocka_unit_test(at_the_limit_questions), cmocka_unit_test(a_call_may_cost_so_much),
        cmocka_unit_test(a_loop_is_cut),
    };
    return cmocka_run_group_tests_name("hook_spend", tests, hook_begin, hook_finish);
}
