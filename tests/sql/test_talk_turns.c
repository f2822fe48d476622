/* Turns of the talk by questions: one holder at a time, one answer. */
#include "fixture.h"
#include "store/talk_turns.h"

static struct desk_talk_turn turn_of(struct desk_db *db, int64_t n)
{
    struct desk_talk_turn t;
    OK(desk_talk_turn_get(db, fx_a, "t1", "call1", n, &t));
    return t;
}

static enum desk_rc in_tx(struct desk_db *db, enum desk_rc (*fn)(struct desk_db *, void *),
                          void *ctx)
{
    enum desk_rc rc = DESK_TX_BEGIN(db);
    return rc ? rc : desk_tx_end(db, fn(db, ctx));
}

static enum desk_rc add(struct desk_db *db, void *t)
{
    return desk_talk_turn_add(db, t);
}
static enum desk_rc hold(struct desk_db *db, void *t)
{
    return desk_talk_turn_hold(db, t);
}
static enum desk_rc done(struct desk_db *db, void *t)
{
    return desk_talk_turn_done(db, t);
}
static enum desk_rc take(struct desk_db *db, void *t)
{
    return desk_talk_turn_take(db, t, "second");
}

static struct desk_talk_turn fresh(void)
{
    return (struct desk_talk_turn){.tenant_id = "t1",
                                   .call_id = "call1",
                                   .n = 3,
                                   .event = "speech",
                                   .text = "my boiler is broken",
                                   .claim = "first"};
}

static void a_turn_has_one_holder(void **state)
{
    (void)state;
    struct desk_db *db = fx_memory();
    struct desk_talk_turn t = fresh(), other = fresh();
    fx_seed(db);
    desk_clock_fake(NOW);
    OK(in_tx(db, add, &t));
    assert_int_equal(in_tx(db, add, &t), DESK_ECONFLICT);
    struct desk_talk_turn got = turn_of(db, 3);
    assert_string_equal(got.text, "my boiler is broken");
    assert_string_equal(got.claim, "first");
    assert_int_equal(got.done_at, 0);
    assert_true(got.lease_until > NOW);
    /* held: nobody else gets it */
    other.claim = "second";
    assert_int_equal(in_tx(db, take, &other), DESK_ECONFLICT);
    assert_int_equal(in_tx(db, done, &other), DESK_ECONFLICT);
    assert_int_equal(in_tx(db, hold, &other), DESK_ECONFLICT);
    desk_clock_fake(NOW + DESK_TALK_LEASE_MS - 1);
    OK(in_tx(db, hold, &t)); /* and held on */
    desk_clock_fake(NOW + DESK_TALK_LEASE_MS + 1);
    assert_int_equal(in_tx(db, take, &other), DESK_ECONFLICT);
    /* the holder is gone */
    desk_clock_fake(NOW + 3 * DESK_TALK_LEASE_MS);
    OK(in_tx(db, take, &other));
    assert_string_equal(turn_of(db, 3).claim, "second");
    assert_int_equal(in_tx(db, hold, &t), DESK_ECONFLICT);
    assert_int_equal(in_tx(db, done, &t), DESK_ECONFLICT); /* too late: the answer is not its own */
    desk_clock_fake(0);
    desk_db_close(db);
}

static void a_turn_is_answered_once(void **state)
{
    (void)state;
    struct desk_db *db = fx_memory();
    struct desk_talk_turn t = fresh(), again;
    fx_seed(db);
    desk_clock_fake(NOW);
    OK(in_tx(db, add, &t));
    t.brain = "model";
    t.trouble = "late";
    t.asks = 2;
    t.tokens_in = 900;
    t.tokens_cached = 800;
    t.tokens_out = 12;
    t.first_ms = 300;
    t.took_ms = 700;
    OK(in_tx(db, done, &t));
    again = t;
    again.brain = "rules";
    assert_int_equal(in_tx(db, done, &again), DESK_ECONFLICT);
    assert_int_equal(in_tx(db, hold, &again), DESK_ECONFLICT);
    desk_clock_fake(NOW + 3 * DESK_TALK_LEASE_MS);
    assert_int_equal(in_tx(db, take, &again), DESK_ECONFLICT);
    struct desk_talk_turn got = turn_of(db, 3);
    assert_int_equal(got.done_at, NOW);
    assert_null(got.text); /* it is kept elsewhere */
    assert_string_equal(got.brain, "model");
    assert_string_equal(got.trouble, "late");
    assert_int_equal(got.asks + got.tokens_in + got.tokens_cached + got.tokens_out, 1714);
    assert_int_equal(got.first_ms + got.took_ms, 1000);
    assert_int_equal(desk_talk_turn_get(db, fx_a, "t2", "call1", 3, &got), DESK_ENOTFOUND);
    assert_int_equal(desk_talk_turn_get(db, fx_a, "t1", "call1", 4, &got), DESK_ENOTFOUND);
    desk_clock_fake(0);
    desk_db_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_turn_has_one_holder),
        TEST(a_turn_is_answered_once),
    };
    return cmocka_run_group_tests_name("talk_turns", tests, NULL, NULL);
}
