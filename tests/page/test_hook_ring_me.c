/* A callback from the dashboard: the owner's leg, webhook by webhook, each twice and in any order;
 * other calls of Twilio's than the row's own; bad input. */
#include "tests/page/hook_world.h"
#include "base/clock.h"
#include "store/outbox.h"
#include "store/promises.h"
#include "talk/business.h"
#include "talk/ring_me.h"

#define ACCOUNT "AC0123456789abcdef0123456789abcdef"

struct owed {
    const char *id, *callback, *sid; /* sid: of the call to the owner */
    const char *tenant;
};

/* A promise, and the button pressed. */
static struct owed owed(void)
{
    struct desk_callback *cb;
    struct desk_business b;
    struct desk_outbox row;
    size_t n;
    const char *sid = new_sid(), *why;
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, ACCOUNT);
    hook_page("/voice/incoming", CALL_FIELDS(sid, CALLER, TEST_TO));
    hook_page("/voice/dial-done", CALL_FIELDS(sid, CALLER, TEST_TO, "DialCallStatus", "no-answer"));
    struct desk_call c = call_of(sid);
    assert_int_equal(desk_callback_by_call(admin_db, look, c.tenant_id, c.id, &cb, &n), DESK_OK);
    assert_int_equal(n, 1);
    assert_int_equal(desk_business_load(admin_db, look, c.tenant_id, c.location_id, &b), DESK_OK);
    int64_t now = desk_now_ms();
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    assert_int_equal(desk_ring_me(admin_db, look, &b, cb, now, &why), DESK_OK);
    assert_null(why);
    assert_int_equal(desk_ring_me(admin_db, look, &b, cb, now, &why), DESK_DONE); /* twice */
    assert_int_equal(desk_tx_end(admin_db, DESK_OK), DESK_OK);
    assert_int_equal(desk_outbox_by_cause(admin_db, look, c.tenant_id,
                                          desk_arena_fmt(look, "ring:%s:%lld", cb->id,
                                                         (long long)(now / DESK_RING_ME_MS)),
                                          &row),
                     DESK_OK);
    return (struct owed){row.id, cb->id, new_sid(), c.tenant_id};
}

static const char *uri(const char *path, const struct owed *o)
{
    return desk_arena_fmt(look, "%s?id=%s", path, o->id);
}

static struct answer say(const char *path, const struct owed *o, const char *name,
                         const char *value)
{
    return hook_ask(uri(path, o), CALL_FIELDS(o->sid, TEST_TO, TEST_OWNER, name, value));
}

static struct desk_outbox row_of(const struct owed *o)
{
    struct desk_outbox row;
    assert_int_equal(desk_outbox_by_id(admin_db, look, o->id, &row), DESK_OK);
    return row;
}

static const char *state_of(const struct owed *o)
{
    struct desk_callback cb;
    assert_int_equal(desk_callback_get(admin_db, look, o->tenant, o->callback, &cb), DESK_OK);
    return cb.state;
}

static void end_it(const struct owed *o, const char *status)
{
    for (int i = 0; i < 2; i++)
        assert_int_equal(
            hook_ask(uri("/voice/ring-me-status", o),
                     (const char *const[]){"CallSid", o->sid, "CallStatus", status, NULL})
                .status,
            204);
}

static void put_through(void **state)
{
    (void)state;
    struct owed o = owed();
    for (int i = 0; i < 2; i++) {
        struct answer a = say("/voice/ring-me", &o, "AnsweredBy", "");
        assert_has(a.body, "Press 1 to be put through.");
        assert_has(a.body, desk_arena_fmt(look, "/voice/ring-me-key?id=%s", o.id));
    }
    /* although the answer to our request never came */
    assert_string_equal(row_of(&o).state, DESK_OUTBOX_SENT);
    assert_string_equal(row_of(&o).remote_id, o.sid);
    assert_has_not(say("/voice/ring-me-key", &o, "Digits", "2").body, "<Dial");
    assert_has_not(say("/voice/ring-me-key", &o, "Digits", "").body, "<Dial");
    struct answer a = say("/voice/ring-me-key", &o, "Digits", "1");
    assert_has(a.body, "<Dial");
    assert_has(a.body, "callerId=\"" TEST_TO "\"");
    assert_has(a.body, CALLER);
    assert_string_equal(state_of(&o), "open");
    for (int i = 0; i < 2; i++)
        say("/voice/ring-me-done", &o, "DialCallStatus", "completed");
    assert_string_equal(state_of(&o), "done");
    end_it(&o, "completed");
    end_it(&o, "busy"); /* a late other word changes nothing */
    assert_string_equal(row_of(&o).state, DESK_OUTBOX_DELIVERED);
    /* it is done: the key dials nobody any more */
    assert_has_not(say("/voice/ring-me-key", &o, "Digits", "1").body, "<Dial");
    assert_has(say("/voice/ring-me", &o, "AnsweredBy", "").body, "done already");
}

static void not_reached(void **state)
{
    (void)state;
    static const char *const words[] = {"no-answer", "busy", "failed", "canceled", "strange", ""};
    struct owed o = owed();
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        assert_has(say("/voice/ring-me-done", &o, "DialCallStatus", words[i]).body,
                   "It stays on your list");
    struct answer a = hook_ask(uri("/voice/ring-me-done", &o),
                               CALL_FIELDS(o.sid, TEST_TO, TEST_OWNER, "DialCallStatus",
                                           "completed", "DialBridged", "false"));
    assert_has(a.body, "It stays on your list");
    assert_string_equal(state_of(&o), "open");
    end_it(&o, "ringing"); /* no end */
    assert_string_equal(row_of(&o).state, DESK_OUTBOX_WAITING);
    end_it(&o, "no-answer");
    assert_string_equal(row_of(&o).state, DESK_OUTBOX_REFUSED);
    end_it(&o, "completed");
    assert_string_equal(row_of(&o).state, DESK_OUTBOX_REFUSED);
}

/* Should Twilio have dialled twice for one row, the second is let go. */
static void one_call_for_a_row(void **state)
{
    (void)state;
    struct owed o = owed(), twin;
    say("/voice/ring-me", &o, "AnsweredBy", "");
    twin = o;
    twin.sid = new_sid();
    assert_has_not(say("/voice/ring-me", &twin, "AnsweredBy", "").body, "Press 1");
    end_it(&twin, "busy");
    assert_string_equal(row_of(&o).state, DESK_OUTBOX_SENT);
    assert_string_equal(row_of(&o).remote_id, o.sid);
}

static void bad_input(void **state)
{
    (void)state;
    static const char *const paths[] = {"/voice/ring-me", "/voice/ring-me-key",
                                        "/voice/ring-me-done", "/voice/ring-me-status"};
    static const char *const ids[] = {"?id=out_nobody", "?id=", "", "?id=..%2f", "?id=%00"};
    for (size_t p = 0; p < sizeof paths / sizeof *paths; p++)
        for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
            struct answer a = hook_ask(desk_arena_fmt(look, "%s%s", paths[p], ids[i]),
                                       CALL_FIELDS(new_sid(), TEST_TO, TEST_OWNER, "Digits", "1",
                                                   "DialCallStatus", "completed"));
            assert_has_not(a.body, "Press 1");
            assert_has_not(a.body, "<Number");
        }
    /* a row of another kind */
    struct desk_outbox *rows;
    size_t n;
    struct owed o = owed();
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    assert_int_equal(desk_tx_end(admin_db, desk_outbox_add(admin_db,
                                                           &(struct desk_outbox_new){
                                                               .tenant_id = o.tenant,
                                                               .kind = DESK_OUTBOX_SMS,
                                                               .dedupe = "other",
                                                               .payload = "{}",
                                                               .priority = DESK_OUTBOX_NORMAL})),
                     DESK_OK);
    assert_int_equal(desk_outbox_list(admin_db, look, o.tenant, false, 50, &rows, &n), DESK_OK);
    for (size_t i = 0; i < n; i++)
        if (strcmp(rows[i].kind, DESK_OUTBOX_SMS) == 0)
            o.id = rows[i].id;
    assert_has(say("/voice/ring-me", &o, "AnsweredBy", "").body, "nobody to call back");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(put_through),
        cmocka_unit_test(not_reached),
        cmocka_unit_test(one_call_for_a_row),
        cmocka_unit_test(bad_input),
    };
    return cmocka_run_group_tests(tests, hook_begin, hook_finish);
}
