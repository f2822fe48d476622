/* The outbox as a table: one row for a cause, who goes first, leases, back-off, and that a result
 * is never lost or doubled, whatever order things come in. */
#include "fixture.h"
#include "base/tz.h"
#include "core/quiet_hours.h"
#include "store/outbox.h"
#include "store/settings.h"
#include "store/text_stops.h"
#include "talk/text_gate.h"
#include "talk/texts.h"

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

/* When the next row for that destination is due; 0 = none waits. */
static int64_t next_of(const char *dest)
{
    struct desk_outbox_lane *lanes;
    size_t n;
    OK(desk_outbox_lanes(db, fx_a, &lanes, &n));
    for (size_t i = 0; i < n; i++)
        if (strcmp(lanes[i].dest, dest) == 0)
            return lanes[i].next_at;
    return 0;
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
        next = next_of("sms");
        int64_t wait = next - at, base = desk_outbox_backoff_ms(i);
        assert_in_range(wait, base, base + base / 4);
        assert_int_equal(claim(&row), DESK_ENOTFOUND); /* not yet */
        desk_clock_fake(at = next);
    }
    struct desk_outbox o = now_row(&row);
    assert_string_equal(o.last_error, "not reached");
    assert_int_equal(o.done_at, at);
    next = next_of("sms");
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
    begin();
    OK(add("t1", "mail", "a", DESK_OUTBOX_ALERT));
    assert_int_equal(next_of("sms"), 0);
    assert_int_equal(next_of("mail"), NOW);
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

/* What is made at delivery is kept in the row while it is claimed, and only by that attempt. */
static void what_is_about_to_go_is_kept(void **state)
{
    (void)state;
    struct desk_outbox row, old;
    begin();
    OK(add("t1", "sms", "a", DESK_OUTBOX_NORMAL));
    OK(claim(&row));
    old = row;
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, desk_outbox_payload(db, &row, "{\"body\":\"x\"}")));
    assert_string_equal(now_row(&row).payload, "{\"body\":\"x\"}");
    finish(&row, (struct desk_outbox_result){.end = DESK_END_UNKNOWN});
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, desk_outbox_payload(db, &old, "{\"body\":\"late\"}")));
    assert_string_equal(now_row(&row).payload, "{\"body\":\"x\"}");
    desk_db_close(db);
}

/* A circuit is for the other side: kinds that go to the same one share it. */
static void kinds_go_to_the_destination_they_share(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {DESK_OUTBOX_OWNER_TEXT, DESK_OUTBOX_TO_SMS}, {DESK_OUTBOX_SMS, DESK_OUTBOX_TO_SMS},
        {DESK_OUTBOX_FETCH, DESK_OUTBOX_TO_MEDIA},    {DESK_OUTBOX_ERASE, DESK_OUTBOX_TO_MEDIA},
        {DESK_OUTBOX_WORDS, DESK_OUTBOX_WORDS},       {DESK_OUTBOX_TELEGRAM, DESK_OUTBOX_TELEGRAM}};
    begin();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk_outbox row;
        OK(add("t1", rows[i][0], rows[i][0], DESK_OUTBOX_NORMAL));
        OK(DESK_TX_BEGIN(db));
        OK(desk_tx_end(db, desk_outbox_claim(db, fx_a, rows[i][1], 60000, &row)));
        assert_string_equal(row.kind, rows[i][0]);
        finish(&row, (struct desk_outbox_result){.end = DESK_END_SENT});
    }
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

/* ---- destinations and alerts ----------------------------------------------------------------- */

static void destinations_are_seen_with_what_is_urgent(void **state)
{
    (void)state;
    struct desk_outbox_lane *lanes;
    struct desk_outbox row;
    size_t n;
    begin();
    OK(desk_outbox_lanes(db, fx_a, &lanes, &n));
    assert_int_equal(n, 0);
    const struct desk_outbox_new hook = {.tenant_id = "t1",
                                         .kind = "webhook",
                                         .dedupe = "h",
                                         .payload = "{}",
                                         .priority = DESK_OUTBOX_NORMAL,
                                         .dest = "hooks.example"};
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, desk_outbox_add(db, &hook)));
    OK(add("t1", "sms", "a", DESK_OUTBOX_NORMAL));
    desk_clock_fake(NOW + 5);
    OK(add("t1", "sms", "b", DESK_OUTBOX_ALERT));
    OK(desk_outbox_lanes(db, fx_a, &lanes, &n));
    assert_int_equal(n, 2);
    assert_string_equal(lanes[0].dest, "hooks.example");
    assert_int_equal(lanes[0].next_at, NOW);
    assert_int_equal(lanes[0].urgent_at, 0);
    assert_string_equal(lanes[1].dest, "sms");
    assert_int_equal(lanes[1].next_at, NOW);
    assert_int_equal(lanes[1].urgent_at, NOW + 5);
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, desk_outbox_claim(db, fx_a, "hooks.example", 1000, &row)));
    assert_string_equal(row.kind, "webhook");
    desk_db_close(db);
}

static enum desk_rc claim_alert(struct desk_outbox *row)
{
    OK(DESK_TX_BEGIN(db));
    return desk_tx_end(db, desk_outbox_claim_alert(db, fx_a, "sms", 60000, row));
}

static void alerts_do_not_wait_for_what_is_on_its_way(void **state)
{
    (void)state;
    struct desk_outbox slow, row;
    begin();
    OK(add("t1", "sms", "slow", DESK_OUTBOX_NORMAL));
    OK(add("t1", "sms", "next", DESK_OUTBOX_NORMAL));
    OK(claim(&slow));
    assert_int_equal(claim(&row), DESK_ENOTFOUND);
    assert_int_equal(claim_alert(&row), DESK_ENOTFOUND);
    OK(add("t1", "sms", "fire", DESK_OUTBOX_ALERT));
    OK(add("t1", "sms", "flood", DESK_OUTBOX_ALERT));
    OK(claim_alert(&row));
    OK(claim(&row));
    assert_int_equal(row.max_attempts, DESK_OUTBOX_ALERT_ATTEMPTS);
    assert_int_equal(claim(&row), DESK_ENOTFOUND);
    desk_db_close(db);
}

/* ---- asking, waiting, dropping --------------------------------------------------------------- */

static void what_may_have_been_done_is_asked_about(void **state)
{
    (void)state;
    struct desk_outbox row;
    bool known = true;
    begin();
    OK(add("t1", "sms", "a", DESK_OUTBOX_NORMAL));
    OK(claim(&row));
    assert_string_equal(finish(&row, (struct desk_outbox_result){.end = DESK_END_ASK,
                                                                 .asking = 1,
                                                                 .wait_ms = 20000,
                                                                 .why = "no answer"}),
                        DESK_OUTBOX_WAITING);
    row = now_row(&row);
    assert_int_equal(row.next_at, NOW + 20000); /* exactly */
    assert_int_equal(row.asking, 1);
    assert_true(row.ambiguous);
    assert_int_equal(row.max_attempts, DESK_OUTBOX_ATTEMPTS + 1); /* a question is no attempt */
    desk_clock_fake(NOW + 20000);
    OK(claim(&row));
    assert_int_equal(row.asking, 1);
    finish(&row, (struct desk_outbox_result){.end = DESK_END_AGAIN, .asking = 1});
    assert_int_equal(now_row(&row).asking, 1); /* it could not be asked: again */
    desk_clock_fake(NOW + 900000);
    OK(claim(&row));
    finish(&row, (struct desk_outbox_result){.end = DESK_END_AGAIN, .settled = true});
    row = now_row(&row); /* it is surely not there: sent again */
    assert_int_equal(row.asking, 0);
    assert_false(row.ambiguous);
    desk_clock_fake(NOW + 9000000);
    OK(claim(&row));
    OK(desk_outbox_remote_known(db, "SM7", "other", &known));
    assert_false(known);
    finish(&row, (struct desk_outbox_result){.end = DESK_END_SENT, .remote_id = "SM7"});
    OK(desk_outbox_remote_known(db, "SM7", "other", &known));
    assert_true(known);
    OK(desk_outbox_remote_known(db, "SM7", row.id, &known));
    assert_false(known);
    desk_db_close(db);
}

static void questions_end_too(void **state)
{
    (void)state;
    struct desk_outbox row;
    const char *end = "";
    int64_t at = NOW;
    begin();
    OK(add("t1", "sms", "a", DESK_OUTBOX_NORMAL));
    OK(claim(&row));
    finish(&row, (struct desk_outbox_result){.end = DESK_END_ASK, .asking = 1});
    for (int i = 0; i < DESK_OUTBOX_ATTEMPTS; i++) {
        desk_clock_fake(at += 3600000);
        OK(claim(&row));
        end = finish(&row, (struct desk_outbox_result){.end = DESK_END_AGAIN, .asking = 1});
    }
    assert_string_equal(end, DESK_OUTBOX_UNKNOWN);
    assert_true(now_row(&row).ambiguous);
    desk_db_close(db);
}

static void later_counts_for_nothing(void **state)
{
    (void)state;
    struct desk_outbox row;
    int64_t at = NOW;
    begin();
    OK(add("t1", "sms", "a", DESK_OUTBOX_NORMAL));
    for (int i = 0; i < 3 * DESK_OUTBOX_ATTEMPTS; i++) {
        OK(claim(&row));
        finish(&row, (struct desk_outbox_result){.end = DESK_END_LATER, .wait_ms = 1000});
        assert_int_equal(now_row(&row).next_at, at + 1000);
        desk_clock_fake(at += 1000);
    }
    assert_string_equal(now_row(&row).state, DESK_OUTBOX_WAITING);
    desk_db_close(db);
}

static void a_person_may_drop_it(void **state)
{
    (void)state;
    struct desk_outbox row, *list;
    size_t n;
    begin();
    OK(add("t1", "sms", "a", DESK_OUTBOX_NORMAL));
    OK(claim(&row));
    OK(DESK_TX_BEGIN(db));
    assert_int_equal(desk_tx_end(db, desk_outbox_drop(db, "t1", row.id)), DESK_ENOTFOUND);
    finish(&row, (struct desk_outbox_result){.end = DESK_END_FAILED});
    OK(DESK_TX_BEGIN(db));
    assert_int_equal(desk_tx_end(db, desk_outbox_drop(db, "t2", row.id)), DESK_ENOTFOUND);
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, desk_outbox_drop(db, "t1", row.id)));
    assert_string_equal(now_row(&row).state, DESK_OUTBOX_DROPPED);
    OK(desk_outbox_list(db, fx_a, "t1", true, 50, &list, &n));
    assert_int_equal(n, 0);
    assert_int_equal(add("t1", "sms", "a", DESK_OUTBOX_NORMAL), DESK_ECONFLICT);
    desk_db_close(db);
}

/* ---- may a text go now? ---------------------------------------------------------------------- */

#define MORNING 1790107200000LL /* 22 September 2026, 13:00 in California */
#define NIGHT   (MORNING + 10 * 3600000LL)

static struct desk_outbox_result gate(const char *name, int64_t priority, bool answers)
{
    static int count;
    struct desk_outbox row;
    struct desk_outbox_result r;
    bool may;
    const struct desk_text t = {.tenant_id = "t1",
                                .call_id = "call1",
                                .from = "+14155550100",
                                .to = "+14155550134",
                                .name = name,
                                .body = "words",
                                .key = desk_arena_fmt(fx_a, "k%d", ++count),
                                .priority = priority,
                                .answers = answers};
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, desk_text_queue(db, fx_a, &t)));
    OK(claim(&row));
    OK(desk_text_gate(db, fx_a, &row, &may, &r));
    assert_true(may == (r.end == DESK_END_SENT));
    finish(&row, (struct desk_outbox_result){.end = DESK_END_SENT});
    return r;
}

static void who_opted_out_gets_nothing(void **state)
{
    (void)state;
    bool stopped = true;
    begin();
    desk_clock_fake(MORNING);
    assert_int_equal(gate("followup", 0, false).end, DESK_END_SENT);
    OK(DESK_TX_BEGIN(db));
    OK(desk_text_stop(db, "t1", "+14155550134", DESK_STOP_BY_TEXT));
    OK(desk_tx_end(db, desk_text_stop(db, "t1", "+14155550134", DESK_STOP_BY_TWILIO)));
    assert_int_equal(gate("followup", 0, false).end, DESK_END_OPTED_OUT);
    assert_int_equal(gate("callback_confirmation", 0, true).end, DESK_END_OPTED_OUT);
    assert_int_equal(gate(NULL, 0, false).end, DESK_END_OPTED_OUT);
    assert_int_equal(gate("opt_out", 0, false).end, DESK_END_SENT); /* the answer to that word */
    assert_int_equal(gate("emergency_owner", DESK_OUTBOX_ALERT, false).end, DESK_END_SENT);
    assert_int_equal(gate(NULL, DESK_OUTBOX_ALERT, false).end, DESK_END_SENT);
    OK(desk_text_stopped(db, "t2", "+14155550134", &stopped));
    assert_false(stopped);
    assert_int_equal(fx_int(db, "SELECT count(*) FROM text_stop WHERE number_key LIKE '%4155550%'"),
                     0);
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, desk_text_start(db, "t1", "+14155550134")));
    assert_int_equal(gate("followup", 0, false).end, DESK_END_SENT);
    desk_db_close(db);
}

static void at_night_only_what_is_waited_for_goes(void **state)
{
    (void)state;
    char why[200];
    struct desk_outbox_result r;
    begin();
    desk_clock_fake(NIGHT); /* 23:00 where the number is; the branch has 6 am */
    r = gate("followup", 0, false);
    assert_int_equal(r.end, DESK_END_LATER);
    assert_int_equal(r.wait_ms, 9 * 3600000LL); /* until 8 */
    assert_int_equal(gate("missed_call", 0, false).end, DESK_END_SENT);
    assert_int_equal(gate("appointment_moved", 0, true).end, DESK_END_SENT);
    assert_int_equal(gate("voicemail_owner", 0, false).end, DESK_END_SENT);
    assert_int_equal(gate("emergency_owner", DESK_OUTBOX_ALERT, false).end, DESK_END_SENT);
    OK(DESK_TX_BEGIN(db));
    OK(desk_tenant_setting_put(db, "t1", DESK_S_TEXT_QUIET_TO, "7", why, sizeof why));
    OK(desk_tx_end(db, DESK_OK));
    assert_int_equal(gate("followup", 0, false).wait_ms, 8 * 3600000LL);
    OK(DESK_TX_BEGIN(db));
    OK(desk_tenant_setting_put(db, "t1", DESK_S_TEXT_QUIET_TO, "21", why, sizeof why));
    OK(desk_tx_end(db, DESK_OK));
    assert_int_equal(gate("followup", 0, false).end, DESK_END_SENT);
    desk_db_close(db);
}

/* An answer that was held up for long is none any more. */
static void a_late_answer_waits_for_the_morning(void **state)
{
    (void)state;
    struct desk_outbox row;
    struct desk_outbox_result r;
    bool may = true;
    begin();
    desk_clock_fake(NIGHT);
    const struct desk_text t = {.tenant_id = "t1",
                                .call_id = "call1",
                                .from = "+14155550100",
                                .to = "+14155550134",
                                .name = "missed_call",
                                .body = "words"};
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, desk_text_queue(db, fx_a, &t)));
    OK(claim(&row));
    desk_clock_fake(NIGHT + 16 * 60000);
    OK(desk_text_gate(db, fx_a, &row, &may, &r));
    assert_false(may);
    desk_db_close(db);
}

static void one_text_after_a_call(void **state)
{
    (void)state;
    struct desk_text t = {.tenant_id = "t1",
                          .call_id = "call1",
                          .from = "+14155550100",
                          .to = "+14155550134",
                          .name = "missed_call",
                          .body = "words"};
    begin();
    OK(DESK_TX_BEGIN(db));
    OK(desk_text_queue(db, fx_a, &t));
    t.name = "followup";
    assert_int_equal(desk_text_queue(db, fx_a, &t), DESK_ECONFLICT);
    t.name = "photo_request";
    OK(desk_text_queue(db, fx_a, &t));
    assert_int_equal(desk_text_queue(db, fx_a, &t), DESK_ECONFLICT);
    t.call_id = NULL;
    assert_int_equal(desk_text_queue(db, fx_a, &t), DESK_EINVAL);
    OK(desk_tx_end(db, DESK_OK));
    assert_int_equal(fx_int(db, "SELECT count(*) FROM outbox"), 2);
    desk_db_close(db);
}

static int64_t at(const char *zone, int day, int hour, int minute)
{
    int64_t ms;
    const struct desk_local_time t = {
        .year = 2026, .month = 11, .day = day, .hour = hour, .minute = minute};
    desk_tz_utc(desk_tz_load(zone), &t, false, &ms);
    return ms;
}

static void quiet_hours_are_of_the_place(void **state)
{
    (void)state;
    static const struct {
        int from, to, day, hour, minute, end_day, end_hour; /* end_day 0 = not quiet */
    } rows[] = {
        {21, 8, 3, 20, 59, 0, 0}, {21, 8, 3, 21, 0, 4, 8},     {21, 8, 4, 7, 59, 4, 8},
        {21, 8, 4, 8, 0, 0, 0},   {12, 14, 4, 13, 0, 4, 14},   {12, 14, 4, 14, 0, 0, 0},
        {0, 24, 4, 3, 0, 0, 0},   {21, 24, 30, 23, 0, 30, 24}, {5, 5, 4, 5, 0, 0, 0},
    };
    static const char *const zones[] = {"UTC", "America/Denver", "Asia/Kolkata"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t z = 0; z < 3; z++) {
            int64_t got = desk_quiet_until(desk_tz_load(zones[z]), rows[i].from, rows[i].to,
                                           at(zones[z], rows[i].day, rows[i].hour, rows[i].minute));
            assert_int_equal(
                got, rows[i].end_day ? at(zones[z], rows[i].end_day, rows[i].end_hour, 0) : 0);
        }
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
        TEST(what_is_about_to_go_is_kept),
        TEST(kinds_go_to_the_destination_they_share),
        TEST(attention_is_what_somebody_should_look_at),
        TEST(a_person_may_have_it_sent_again),
        TEST(destinations_are_seen_with_what_is_urgent),
        TEST(alerts_do_not_wait_for_what_is_on_its_way),
        TEST(what_may_have_been_done_is_asked_about),
        TEST(questions_end_too),
        TEST(later_counts_for_nothing),
        TEST(a_person_may_drop_it),
        TEST(who_opted_out_gets_nothing),
        TEST(at_night_only_what_is_waited_for_goes),
        TEST(a_late_answer_waits_for_the_morning),
        TEST(one_text_after_a_call),
        TEST(quiet_hours_are_of_the_place),
    };
    return cmocka_run_group_tests_name("outbox", tests, NULL, NULL);
}
