/* Voice sessions in the database: one of a name, one end, and who is due. */
#include "fixture.h"
#include "store/calls.h"
#include "store/talk_turns.h"
#include "store/voice_sessions.h"

static struct desk_voice_session fresh(const char *id, const char *call_id)
{
    return (struct desk_voice_session){.id = id,
                                       .tenant_id = "t1",
                                       .call_id = call_id,
                                       .state = "ACTIVE",
                                       .audio = "none",
                                       .idle_ms = 1000,
                                       .expires_at = NOW + 1000,
                                       .created_at = NOW,
                                       .updated_at = NOW};
}

#define TX(db, e) (DESK_TX_BEGIN(db) ? DESK_EINTERNAL : desk_tx_end(db, (e)))

static void a_key_is_one_sessions(void **state)
{
    (void)state;
    struct desk_db *db = fx_memory();
    struct desk_voice_session s = fresh("vs1", "call1"), t = fresh("vs2", "call2"), got;
    struct desk_call second = fx_call;
    fx_seed(db);
    desk_clock_fake(NOW);
    second.id = "call2";
    second.call_sid = "CA2";
    OK(TX(db, desk_call_insert(db, &second)));
    s.idem_key = t.idem_key = "k";
    s.outside_key = "o";
    OK(TX(db, desk_voice_session_insert(db, &s)));
    assert_int_equal(TX(db, desk_voice_session_insert(db, &t)), DESK_ECONFLICT);
    t.idem_key = NULL;
    t.outside_key = "o";
    assert_int_equal(TX(db, desk_voice_session_insert(db, &t)), DESK_ECONFLICT);
    OK(desk_voice_session_by_idem(db, fx_a, "t1", "k", &got));
    assert_string_equal(got.id, "vs1");
    OK(desk_voice_session_by_outside(db, fx_a, "t1", "o", &got));
    assert_string_equal(got.id, "vs1");
    assert_int_equal(desk_voice_session_by_outside(db, fx_a, "t2", "o", &got), DESK_ENOTFOUND);
    assert_int_equal(desk_voice_session_get(db, fx_a, "t2", "vs1", &got), DESK_ENOTFOUND);
    desk_clock_fake(0);
    desk_db_close(db);
}

static void it_ends_once(void **state)
{
    (void)state;
    struct desk_db *db = fx_memory();
    struct desk_voice_session s = fresh("vs1", "call1"), got, *due;
    size_t n;
    fx_seed(db);
    desk_clock_fake(NOW);
    OK(TX(db, desk_voice_session_insert(db, &s)));
    OK(desk_voice_session_due(db, fx_a, NOW + 1000, &due, &n));
    assert_int_equal(n, 0);
    OK(desk_voice_session_due(db, fx_a, NOW + 1001, &due, &n));
    assert_int_equal(n, 1);
    OK(TX(db, desk_voice_session_touch(db, &s, NOW + 5000)));
    OK(desk_voice_session_due(db, fx_a, NOW + 1001, &due, &n));
    assert_int_equal(n, 0);
    OK(TX(db, desk_voice_session_end(db, &s, "COMPLETED", NOW + 7)));
    assert_int_equal(TX(db, desk_voice_session_end(db, &s, "FAILED", NOW + 8)), DESK_ECONFLICT);
    assert_int_equal(TX(db, desk_voice_session_touch(db, &s, NOW + 9000)), DESK_ECONFLICT);
    OK(desk_voice_session_get(db, fx_a, "t1", "vs1", &got));
    assert_string_equal(got.state, "COMPLETED");
    assert_int_equal(got.ended_at, NOW + 7);
    OK(desk_voice_session_due(db, fx_a, NOW + 99999, &due, &n));
    assert_int_equal(n, 0);
    desk_clock_fake(0);
    desk_db_close(db);
}

static void a_turn_is_claimed_before_it_is_heard(void **state)
{
    (void)state;
    struct desk_db *db = fx_memory();
    struct desk_talk_turn t = {.tenant_id = "t1",
                               .call_id = "call1",
                               .n = 1,
                               .event = "speech",
                               .claim = "mine",
                               .idem_key = "k",
                               .idem_body = "b"};
    struct desk_talk_turn got, other;
    fx_seed(db);
    desk_clock_fake(NOW);
    OK(TX(db, desk_talk_turn_add(db, &t)));
    OK(desk_talk_turn_by_idem(db, fx_a, "t1", "call1", "k", &got));
    assert_null(got.text);
    other = got;
    other.claim = "another";
    other.text = "not mine";
    assert_int_equal(TX(db, desk_talk_turn_hear(db, &other)), DESK_ECONFLICT);
    assert_int_equal(TX(db, desk_talk_turn_drop(db, &other)), DESK_ECONFLICT);
    got.event = "keys";
    got.text = "1#";
    OK(TX(db, desk_talk_turn_hear(db, &got)));
    OK(desk_talk_turn_get(db, fx_a, "t1", "call1", 1, &got));
    assert_string_equal(got.text, "1#"); /* sealed under its own row, and read back */
    assert_string_equal(got.event, "keys");
    t.n = 2; /* the same key again is the same request */
    assert_int_equal(TX(db, desk_talk_turn_add(db, &t)), DESK_ECONFLICT);
    OK(TX(db, desk_talk_turn_drop(db, &got)));
    assert_int_equal(desk_talk_turn_get(db, fx_a, "t1", "call1", 1, &got), DESK_ENOTFOUND);
    desk_clock_fake(0);
    desk_db_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_key_is_one_sessions),
        TEST(it_ends_once),
        TEST(a_turn_is_claimed_before_it_is_heard),
    };
    return cmocka_run_group_tests_name("voice_sessions", tests, NULL, NULL);
}
