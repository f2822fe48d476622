/* Destinations of the outbox: how many at a time, waits that were asked for, and dead ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../worker/lanes.c"

#define NOW 1800000000000LL
#define S   1000LL

static struct lanes lanes;
static struct lane *sms;

static int setup(void **state)
{
    (void)state;
    memset(&lanes, 0, sizeof lanes);
    sms = lanes_get(&lanes, "sms");
    return 0;
}

static bool ends(enum desk_outbox_end end, int64_t wait_ms, int64_t now)
{
    const struct desk_outbox_result r = {.end = end, .wait_ms = wait_ms};
    lane_begin(sms);
    return lane_end(sms, &r, now);
}

static void so_many_at_a_time_and_alerts_beside_them(void **state)
{
    (void)state;
    for (int i = 0; i < LANE_NORMAL; i++) {
        assert_true(lane_may(sms, false, NOW));
        lane_begin(sms);
    }
    assert_false(lane_may(sms, false, NOW));
    for (int i = LANE_NORMAL; i < LANE_ALERTS; i++) {
        assert_true(lane_may(sms, true, NOW));
        lane_begin(sms);
    }
    assert_false(lane_may(sms, true, NOW));
    assert_true(lane_may(lanes_get(&lanes, "telegram"), false, NOW));
    const struct desk_outbox_result sent = {.end = DESK_END_SENT};
    lane_end(sms, &sent, NOW);
    assert_true(lane_may(sms, true, NOW));
}

static void a_wait_that_is_asked_for_is_no_failure(void **state)
{
    (void)state;
    for (int i = 0; i < 2 * LANE_TRIP; i++)
        assert_false(ends(DESK_END_AGAIN, 7 * S, NOW));
    assert_false(lane_dead(sms));
    assert_false(lane_may(sms, true, NOW + 7 * S - 1));
    assert_true(lane_may(sms, false, NOW + 7 * S));
}

static void one_that_fails_in_a_row_is_dead_and_probed(void **state)
{
    (void)state;
    for (int i = 1; i < LANE_TRIP; i++)
        assert_false(ends(i % 2 ? DESK_END_AGAIN : DESK_END_ASK, 0, NOW));
    assert_true(lane_may(sms, false, NOW));
    assert_true(ends(DESK_END_UNKNOWN, 0, NOW)); /* the last straw is told */
    assert_true(lane_dead(sms));
    assert_false(ends(DESK_END_AGAIN, 0, NOW + 1)); /* was on its way already */
    assert_false(lane_may(sms, false, NOW + 4 * S - 1));
    assert_true(lane_may(sms, false, NOW + 4 * S));
    lane_begin(sms); /* one probe */
    assert_false(lane_may(sms, true, NOW + 4 * S));
    const struct desk_outbox_result again = {.end = DESK_END_AGAIN};
    assert_false(lane_end(sms, &again, NOW + 5 * S));
    assert_false(lane_may(sms, false, NOW + 5 * S + 8 * S - 1)); /* longer each time */
    assert_true(lane_may(sms, false, NOW + 5 * S + 8 * S));
    assert_true(ends(DESK_END_SENT, 0, NOW + 50 * S));
    assert_false(lane_dead(sms));
    assert_true(lane_may(sms, false, NOW + 50 * S));
}

/* Our own failure says nothing, and an answer about one thing is an answer. */
static void what_is_not_its_failure_kills_nobody(void **state)
{
    (void)state;
    const struct desk_outbox_result ours = {.end = DESK_END_AGAIN, .ours = true};
    const struct desk_outbox_result answer = {.end = DESK_END_AGAIN, .settled = true};
    for (int i = 0; i < LANE_TRIP - 1; i++)
        ends(DESK_END_AGAIN, 0, NOW);
    lane_begin(sms);
    assert_false(lane_end(sms, &ours, NOW));
    assert_false(lane_dead(sms));
    assert_true(ends(DESK_END_AGAIN, 0, NOW));
    lane_begin(sms);
    assert_false(lane_end(sms, &ours, NOW + 15 * S));
    assert_true(lane_dead(sms));
    assert_int_equal(sms->busy, 0);
    lane_begin(sms);
    assert_true(lane_end(sms, &answer, NOW + 15 * S));
    assert_false(lane_dead(sms));
}

static void rests_grow_to_five_minutes(void **state)
{
    (void)state;
    int64_t now = NOW;
    for (int i = 0; i < LANE_TRIP; i++)
        ends(DESK_END_AGAIN, 0, now);
    for (int i = 0; i < 12; i++) {
        now = sms->probe_at;
        ends(DESK_END_AGAIN, 0, now);
    }
    assert_int_equal(sms->probe_at - now, 300 * S);
    assert_true(lane_may(sms, true, now + 15 * S)); /* an alert does not wait so long */
    assert_false(lane_may(sms, true, now + 15 * S - 1));
    assert_false(ends(DESK_END_LATER, 300 * S, sms->probe_at)); /* nobody was asked */
    assert_true(lane_dead(sms));
    assert_true(ends(DESK_END_REFUSED, 0, sms->probe_at)); /* that is an answer */
    assert_false(lane_dead(sms));
}

static void what_is_seen_is_what_waits(void **state)
{
    (void)state;
    const struct desk_outbox_lane rows[] = {{"sms", NOW, NOW + 5}, {"hooks.example", NOW + 9, 0}};
    lanes_see(&lanes, rows, 2);
    assert_ptr_equal(lanes_get(&lanes, "sms"), sms);
    assert_true(lane_due(sms, false, NOW));
    assert_false(lane_due(sms, true, NOW + 4));
    assert_true(lane_due(sms, true, NOW + 5));
    assert_false(lane_due(lanes_get(&lanes, "hooks.example"), true, NOW + 9));
    lanes_see(&lanes, rows + 1, 1);
    assert_false(lane_due(sms, false, NOW));
}

static void there_are_more_destinations_than_lanes(void **state)
{
    (void)state;
    char name[40];
    lane_begin(sms);
    for (int i = 0; i < 10 * DESK_OUTBOX_LANES; i++) {
        snprintf(name, sizeof name, "host%d.example", i);
        struct lane *lane = lanes_get(&lanes, name);
        assert_non_null(lane);
        assert_string_equal(lane->dest, name);
    }
    assert_string_equal(sms->dest, "sms");
    assert_int_equal(sms->busy, 1);
    for (int i = 0; i < DESK_OUTBOX_LANES - 1; i++) {
        snprintf(name, sizeof name, "busy%d.example", i);
        lane_begin(lanes_get(&lanes, name));
    }
    assert_null(lanes_get(&lanes, "one.more.example"));
}

#define TEST(f) cmocka_unit_test_setup(f, setup)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(so_many_at_a_time_and_alerts_beside_them),
        TEST(a_wait_that_is_asked_for_is_no_failure),
        TEST(one_that_fails_in_a_row_is_dead_and_probed),
        TEST(what_is_not_its_failure_kills_nobody),
        TEST(rests_grow_to_five_minutes),
        TEST(what_is_seen_is_what_waits),
        TEST(there_are_more_destinations_than_lanes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
