/* The outbox as a table: one row for a cause, who goes first, leases, back-off, and that a result
 * is never lost or doubled, whatever order things come in. */
#include "fixture.h"
#include "store/outbox.h"

static struct desk_db *db;

static void begin(void)
{
    db = fx_memory();
    fx_seed(db);
}

static enum desk_rc add(const char *tenant, const char *kind, const char *dedupe, int64_t priority)
{
    const struct desk_outbox_new n = {.tenant_id = tenant,
                                      .call_id = strcmp(tenant, "t1") == 0 ? "call1" : NULL,
                                      .kind = kind,
                                      .dedupe = dedupe,
                                      .payload = "{\"body\":\"secret words\"}",
                                      .to = "+14155550134",
                                      .priority = priority};
    OK(DESK_TX_BEGIN(db));
    return desk_tx_end(db, desk_outbox_add(db, &n));
}

static enum desk_rc claim(struct desk_outbox *row)
{
    OK(DESK_TX_BEGIN(db));
    return desk_tx_end(db, desk_outbox_claim(db, fx_a, "sms", 60000, row));
}

static const char *finish(const struct desk_outbox *row, struct desk_outbox_result r)
{
    const char *state = NULL;
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, desk_outbox_finish(db, row, &r, &state)));
    return state;
}

static struct desk_outbox now_row(const struct desk_outbox *row)
{
    struct desk_outbox o;
    OK(desk_outbox_get(db, fx_a, row->tenant_id, row->id, &o));
    return o;
}

static void a_cause_has_one_row(void **state)
{
    (void)state;
    begin();
    OK(add("t1", "sms", "once", DESK_OUTBOX_NORMAL));
    assert_int_equal(add("t1", "sms", "once", DESK_OUTBOX_NORMAL), DESK_ECONFLICT);
    OK(add("t2", "sms", "once", DESK_OUTBOX_NORMAL)); /* of another business it is another cause */
    assert_int_equal(fx_int(db, "SELECT count(*) FROM outbox"), 2);
    assert_int_equal(fx_int(db, "SELECT count(*) FROM outbox WHERE payload LIKE '%secret%'"), 0);
    desk_db_close(db);
}

/* The row exists exactly if its cause does. */
static void it_is_gone_with_its_cause(void **state)
{
    (void)state;
    begin();
    const struct desk_outbox_new n = {
        .tenant_id = "t1", .kind = "sms", .dedupe = "x", .payload = "{}", .priority = 1};
    OK(DESK_TX_BEGIN(db));
    OK(desk_outbox_add(db, &n));
    assert_int_equal(desk_tx_end(db, DESK_EBUSY), DESK_EBUSY);
    assert_int_equal(fx_int(db, "SELECT count(*) FROM outbox"), 0);
    desk_db_close(db);
}

static void the_urgent_go_first_and_one_of_a_kind_at_a_time(void **state)
{
    (void)state;
    struct desk_outbox first, other, alert, none;
    begin();
    OK(add("t1", "sms", "a", DESK_OUTBOX_NORMAL));
    desk_clock_fake(NOW + 1);
    OK(add("t1", "sms", "b", DESK_OUTBOX_ALERT));
    OK(add("t2", "sms", "c", DESK_OUTBOX_NORMAL));
    OK(claim(&alert));
    assert_string_equal(alert.dedupe, "b");
    assert_string_equal(alert.state, DESK_OUTBOX_CLAIMED);
    assert_int_equal(alert.attempts, 1);
    assert_string_equal(alert.payload, "{\"body\":\"secret words\"}");
    OK(claim(&other)); /* the other business need not wait */
    assert_string_equal(other.dedupe, "c");
    assert_int_equal(claim(&none), DESK_ENOTFOUND);
    assert_string_equal(finish(&alert, (struct desk_outbox_result){.end = DESK_END_SENT}), "sent");
    OK(claim(&first));
    assert_string_equal(first.dedupe, "a");
    desk_db_close(db);
}

static void what_came_to_nothing_comes_again_later_and_not_for_ever(void **state)
{
    (void)state;
    struct desk_outbox row;
    int64_t at = NOW, next = 0;
    begin();
    OK(add("t1", "sms", "a", DESK_OUTBOX_NORMAL));
    for (int i = 1; i <= DESK_OUTBOX_ATTEMPTS; i++) {
        OK(claim(&row));
        assert_int_equal(row.attempts, i);
        const char *end =
            finish(&row, (struct desk_outbox_result){.end = DESK_END_AGAIN, .why = "not reached"});
        if (i == DESK_OUTBOX_ATTEMPTS) {
            assert_string_equal(end, DESK_OUTBOX_FAILED);
            break;
        }
        assert_string_equal(end, DESK_OUTBOX_WAITING);
        OK(desk_outbox_next_at(db, "sms", &next));
        int64_t wait = next - at, base = desk_outbox_backoff_ms(i);
        assert_in_range(wait, base, base + base / 4);
        assert_int_equal(claim(&row), DESK_ENOTFOUND); /* not yet */
        desk_clock_fake(at = next);
    }
    struct desk_outbox o = now_row(&row);
    assert_string_equal(o.last_error, "not reached");
    assert_int_equal(o.done_at, at);
    OK(desk_outbox_next_at(db, "sms", &next));
    assert_int_equal(next, 0);
    assert_int_equal(desk_outbox_backoff_ms(1), 2000);
    assert_int_equal(desk_outbox_backoff_ms(60), 10 * 60 * 1000);
    desk_db_close(db);
}

static void a_wait_that_is_asked_for_is_kept(void **state)
{
    (void)state;
    struct desk_outbox row;
    begin();
    OK(add("t1", "sms", "a", DESK_OUTBOX_NORMAL));
    OK(claim(&row));
    finish(&row, (struct desk_outbox_result){.end = DESK_END_AGAIN, .wait_ms = 90000});
    assert_in_range(now_row(&row).next_at, NOW + 90000, NOW + 90000 + 90000 / 4);
    desk_clock_fake(NOW + 89999);
    assert_int_equal(claim(&row), DESK_ENOTFOUND);
    desk_clock_fake(NOW + 200000);
    OK(claim(&row));
    desk_db_close(db);
}

static void kinds_do_not_wait_for_each_other(void **state)
{
    (void)state;
    struct desk_outbox row;
    int64_t next = 0;
    begin();
    OK(add("t1", "mail", "a", DESK_OUTBOX_ALERT));
    OK(desk_outbox_next_at(db, "sms", &next));
    assert_int_equal(next, 0);
    assert_int_equal(claim(&row), DESK_ENOTFOUND);
    OK(add("t1", "sms", "b", DESK_OUTBOX_NORMAL));
    OK(claim(&row));
    assert_string_equal(row.dedupe, "b");
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, desk_outbox_claim(db, fx_a, "mail", 60000, &row)));
    assert_string_equal(row.dedupe, "a");
    desk_db_close(db);
}

static void who_let_the_lease_run_out_is_found(void **state)
{
    (void)state;
    struct desk_outbox row, *late;
    size_t n;
    begin();
    OK(add("t1", "sms", "a", DESK_OUTBOX_NORMAL));
    OK(claim(&row));
    OK(desk_outbox_overdue(db, fx_a, NOW + 59999, &late, &n));
    assert_int_equal(n, 0);
    OK(desk_outbox_overdue(db, fx_a, NOW + 60000, &late, &n));
    assert_int_equal(n, 1);
    finish(&late[0], (struct desk_outbox_result){.end = DESK_END_UNKNOWN, .why = "interrupted"});
    struct desk_outbox o = now_row(&row);
    assert_string_equal(o.state, DESK_OUTBOX_UNKNOWN);
    assert_true(o.ambiguous);
    assert_int_equal(claim(&row), DESK_ENOTFOUND); /* and it is not sent again by itself */
    /* the deliverer lived after all: what it knows is better than not knowing */
    finish(&late[0], (struct desk_outbox_result){.end = DESK_END_SENT, .remote_id = "SM1"});
    o = now_row(&row);
    assert_string_equal(o.state, DESK_OUTBOX_SENT);
    assert_string_equal(o.remote_id, "SM1");
    desk_db_close(db);
}

static void an_old_attempts_end_does_not_touch_a_new_one(void **state)
{
    (void)state;
    struct desk_outbox old, row;
    const char *end = NULL;
    const struct desk_outbox_result sent = {.end = DESK_END_SENT};
    begin();
    OK(add("t1", "sms", "a", DESK_OUTBOX_NORMAL));
    OK(claim(&old));
    finish(&old, (struct desk_outbox_result){.end = DESK_END_UNKNOWN});
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, desk_outbox_retry(db, "t1", old.id)));
    OK(claim(&row));
    assert_int_equal(row.attempts, 2);
    OK(DESK_TX_BEGIN(db));
    assert_int_equal(desk_tx_end(db, desk_outbox_finish(db, &old, &sent, &end)), DESK_ENOTFOUND);
    assert_string_equal(now_row(&row).state, DESK_OUTBOX_CLAIMED);
    desk_db_close(db);
}

static void a_report_that_is_quicker_than_the_answer_stands(void **state)
{
    (void)state;
    struct desk_outbox row, o;
    begin();
    OK(add("t1", "sms", "a", DESK_OUTBOX_NORMAL));
    OK(claim(&row));
    OK(desk_outbox_by_id(db, fx_a, row.id, &o));
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db,
                   desk_outbox_report(db, &o, DESK_OUTBOX_DELIVERED, "SM1", "delivered", 0, NULL)));
    finish(&row, (struct desk_outbox_result){
                     .end = DESK_END_SENT, .remote_id = "SM1", .remote_state = "queued"});
    o = now_row(&row);
    assert_string_equal(o.state, DESK_OUTBOX_DELIVERED);
    assert_string_equal(o.remote_state, "delivered");
    /* the same where the answer never came: the report is the answer */
    desk_clock_fake(NOW + 1);
    OK(add("t1", "sms", "b", DESK_OUTBOX_NORMAL));
    OK(claim(&row));
    finish(&row, (struct desk_outbox_result){.end = DESK_END_UNKNOWN, .why = "no answer"});
    o = now_row(&row);
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, desk_outbox_report(db, &o, DESK_OUTBOX_SENT, "SM2", "sent", 0, NULL)));
    o = now_row(&row);
    assert_string_equal(o.state, DESK_OUTBOX_SENT);
    assert_null(o.last_error);
    desk_db_close(db);
}

static void attention_is_what_somebody_should_look_at(void **state)
{
    (void)state;
    static const struct {
        enum desk_outbox_end end;
        bool listed;
    } rows[] = {{DESK_END_SENT, false},
                {DESK_END_REFUSED, false},
                {DESK_END_FAILED, true},
                {DESK_END_UNKNOWN, true}};
    struct desk_outbox row, *list;
    size_t n = 0, want = 0;
    bool before = true;
    begin();
    OK(desk_outbox_refused_before(db, "t1", "+14155550134", &before));
    assert_false(before);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        OK(add("t1", "sms", desk_arena_fmt(fx_a, "%zu", i), DESK_OUTBOX_NORMAL));
        OK(claim(&row));
        finish(&row, (struct desk_outbox_result){.end = rows[i].end, .code = 7, .why = "because"});
        want += rows[i].listed;
        OK(desk_outbox_list(db, fx_a, "t1", true, 50, &list, &n));
        assert_int_equal(n, want);
    }
    OK(desk_outbox_list(db, fx_a, "t1", false, 50, &list, &n));
    assert_int_equal(n, 4);
    OK(desk_outbox_by_call(db, fx_a, "t1", "call1", &list, &n));
    assert_int_equal(n, 4);
    OK(desk_outbox_list(db, fx_a, "t2", false, 50, &list, &n));
    assert_int_equal(n, 0);
    OK(desk_outbox_refused_before(db, "t1", "+14155550134", &before));
    assert_true(before);
    OK(desk_outbox_refused_before(db, "t2", "+14155550134", &before));
    assert_false(before);
    desk_db_close(db);
}

static void a_person_may_have_it_sent_again(void **state)
{
    (void)state;
    struct desk_outbox row;
    begin();
    OK(add("t1", "sms", "a", DESK_OUTBOX_NORMAL));
    OK(claim(&row));
    OK(DESK_TX_BEGIN(db)); /* not while it is on its way, nor once it is sent, nor of another */
    assert_int_equal(desk_tx_end(db, desk_outbox_retry(db, "t1", row.id)), DESK_ENOTFOUND);
    finish(&row, (struct desk_outbox_result){.end = DESK_END_FAILED});
    OK(DESK_TX_BEGIN(db));
    assert_int_equal(desk_tx_end(db, desk_outbox_retry(db, "t2", row.id)), DESK_ENOTFOUND);
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, desk_outbox_retry(db, "t1", row.id)));
    assert_int_equal(now_row(&row).max_attempts, 1 + DESK_OUTBOX_ATTEMPTS);
    OK(claim(&row));
    finish(&row, (struct desk_outbox_result){.end = DESK_END_SENT, .remote_id = "SM1"});
    OK(DESK_TX_BEGIN(db));
    assert_int_equal(desk_tx_end(db, desk_outbox_retry(db, "t1", row.id)), DESK_ENOTFOUND);
    desk_db_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_cause_has_one_row),
        TEST(it_is_gone_with_its_cause),
        TEST(the_urgent_go_first_and_one_of_a_kind_at_a_time),
        TEST(what_came_to_nothing_comes_again_later_and_not_for_ever),
        TEST(a_wait_that_is_asked_for_is_kept),
        TEST(kinds_do_not_wait_for_each_other),
        TEST(who_let_the_lease_run_out_is_found),
        TEST(an_old_attempts_end_does_not_touch_a_new_one),
        TEST(a_report_that_is_quicker_than_the_answer_stands),
        TEST(attention_is_what_somebody_should_look_at),
        TEST(a_person_may_have_it_sent_again),
    };
    return cmocka_run_group_tests_name("outbox", tests, NULL, NULL);
}
