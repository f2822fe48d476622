/* What runs leaves its pulse, and what waits for a person is counted. */
#include "fixture.h"
#include "store/attention.h"
#include "store/calendar_sources.h"
#include "store/duty.h"
#include "store/google_grants.h"
#include "store/outbox.h"
#include "store/pulse.h"
#include "store/webhooks.h"

#define TX(db, e) (DESK_TX_BEGIN(db) ? DESK_EINTERNAL : desk_tx_end(db, (e)))

static void a_pulse_knows_since_when(void **state)
{
    (void)state;
    struct desk_db *db = fx_memory();
    struct desk_pulse p;
    const struct desk_pulse well = {
        .id = DESK_PULSE_MODEL, .ok = true, .took_ms = 700, .what = "openai gpt"};
    const struct desk_pulse ill = {
        .id = DESK_PULSE_MODEL, .what = "openai gpt", .why = "refuses the key"};
    assert_int_equal(desk_pulse_get(db, fx_a, DESK_PULSE_MODEL, &p), DESK_ENOTFOUND);
    for (int i = 0; i < 3; i++) {
        desk_clock_fake(NOW + i * 1000);
        OK(TX(db, desk_pulse_set(db, &well)));
    }
    OK(desk_pulse_get(db, fx_a, DESK_PULSE_MODEL, &p));
    assert_true(p.ok && p.at == NOW + 2000 && p.since == NOW && p.took_ms == 700);
    assert_null(p.why);
    for (int i = 3; i < 5; i++) {
        desk_clock_fake(NOW + i * 1000);
        OK(TX(db, desk_pulse_set(db, &ill)));
    }
    OK(desk_pulse_get(db, fx_a, DESK_PULSE_MODEL, &p));
    assert_true(!p.ok && p.at == NOW + 4000 && p.since == NOW + 3000);
    assert_string_equal(p.why, "refuses the key");
    OK(TX(db, desk_pulse_drop(db, DESK_PULSE_MODEL)));
    OK(TX(db, desk_pulse_drop(db, DESK_PULSE_MODEL)));
    assert_int_equal(desk_pulse_get(db, fx_a, DESK_PULSE_MODEL, &p), DESK_ENOTFOUND);
    desk_db_close(db);
}

static struct desk_duty duty(struct desk_db *db, const char *tenant)
{
    struct desk_duty d;
    OK(desk_duty_count(db, fx_a, tenant, NOW, &d));
    return d;
}

static void callbacks_count_when_due(void **state)
{
    (void)state;
    static const struct {
        const char *id, *state;
        int64_t due_at, created_at;
    } rows[] = {
        {"late", "open", NOW - 1000, NOW - 5000},
        {"soon", "open", NOW + DESK_DUTY_SOON_MS - 1, NOW - 5000},
        {"later", "open", NOW + DESK_DUTY_SOON_MS, NOW - 5000},
        {"old", "open", 0, NOW - 24LL * 3600 * 1000}, /* never reckoned: a day is long enough */
        {"fresh", "open", 0, NOW - 5000},
        {"done", "done", NOW - 1000, NOW - 5000},
    };
    struct desk_db *db = fx_memory();
    fx_seed(db);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        OK(TX(db,
              desk_callback_insert(db, &(struct desk_callback){.id = rows[i].id,
                                                               .tenant_id = "t1",
                                                               .call_id = "call1",
                                                               .state = rows[i].state,
                                                               .due_at = rows[i].due_at,
                                                               .created_at = rows[i].created_at})));
    assert_int_equal(duty(db, "t1").callbacks, 3);
    assert_int_equal(duty(db, "t2").callbacks, 0);
    desk_db_close(db);
}

static void outside(struct desk_db *db)
{
    struct desk_calendar_source s = {
        .id = "cal", .tenant_id = "t1", .kind = DESK_SOURCE_ICS, .address = "https://x/"};
    struct desk_google_grant g;
    struct desk_webhook w = {
        .tenant_id = "t1", .url = "https://x/", .events = "*", .format = DESK_WEBHOOK_STANDARD};
    OK(desk_calendar_source_add(db, &s));
    OK(desk_calendar_source_failed(db, &s, "not reached"));
    OK(desk_google_grant_put(db, "t1", DESK_GRANT_OWNER, "1//x", "calendar"));
    OK(desk_google_grant_get(db, fx_a, "t1", &g));
    OK(desk_google_grant_broken(db, &g, "no longer lets us in"));
    OK(desk_webhook_add(db, fx_a, &w, "whsec_x"));
}

/* Each kind of trouble counts once, for its own business; the machine's for all. */
static void trouble_counts(void **state)
{
    (void)state;
    struct desk_db *db = fx_memory();
    fx_seed(db);
    assert_int_equal(duty(db, "t1").attention, 0);
    OK(DESK_TX_BEGIN(db));
    OK(desk_attention_raise(db, &(struct desk_attention){.tenant_id = "t1",
                                                         .call_id = "call1",
                                                         .claim = "texted",
                                                         .words = "I texted you."}));
    desk_clock_fake(NOW - DESK_DUTY_FAILING_MS - 1);
    outside(db);
    desk_clock_fake(NOW);
    OK(desk_tx_end(db, DESK_OK));
    assert_int_equal(duty(db, "t1").attention, 3); /* a promise, a grant, a calendar */
    fx_sql(db, "UPDATE webhook SET state = 'failing'");
    assert_int_equal(duty(db, "t1").attention, 4);
    fx_sql(db, "UPDATE calendar_source SET failing_since = 1790000000000");
    assert_int_equal(duty(db, "t1").attention, 3); /* it may come back */
    OK(TX(db, desk_outbox_add(db, &(struct desk_outbox_new){.tenant_id = "t1",
                                                            .kind = DESK_OUTBOX_SMS,
                                                            .dedupe = "x",
                                                            .payload = "{}",
                                                            .priority = DESK_OUTBOX_NORMAL})));
    assert_int_equal(duty(db, "t1").attention, 3);
    fx_sql(db, "UPDATE outbox SET state = 'unknown'");
    assert_int_equal(duty(db, "t1").attention, 4);
    assert_int_equal(duty(db, "t2").attention, 0);
    desk_db_close(db);
}

static void what_does_not_run_counts(void **state)
{
    (void)state;
    struct desk_db *db = fx_memory();
    fx_seed(db);
    OK(TX(db, desk_pulse_set(db, &(struct desk_pulse){.id = DESK_PULSE_WORKER, .ok = true})));
    OK(TX(db, desk_pulse_set(db, &(struct desk_pulse){.id = DESK_PULSE_MODEL, .ok = true})));
    assert_int_equal(duty(db, "t2").attention, 0);
    fx_sql(db, "UPDATE pulse SET at = at - 180001"); /* the model is asked once in an hour only */
    assert_int_equal(duty(db, "t2").attention, 1);
    OK(TX(db, desk_pulse_set(db, &(struct desk_pulse){.id = DESK_PULSE_MODEL, .why = "is away"})));
    assert_int_equal(duty(db, "t2").attention, 2);
    desk_db_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_pulse_knows_since_when),
        TEST(callbacks_count_when_due),
        TEST(trouble_counts),
        TEST(what_does_not_run_counts),
    };
    return cmocka_run_group_tests_name("pulse", tests, NULL, NULL);
}
