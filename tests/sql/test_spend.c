/* What is spent, by a business's own rows and settings; and that its owner hears of a limit once.
 */
#include "fixture.h"

#include "store/call_after.h"
#include "store/outbox.h"
#include "store/settings.h"
#include "talk/spend.h"

#define HOUR   3600000LL
#define DAY    (24 * HOUR)
#define DOLLAR 1000000000LL
#define AT     1795198500000LL /* Fri 20 Nov 2026, 1:15 pm in New York */
#define KEY    "0123456789abcdef0123456789abcdef"

static struct desk_db *db;
static const struct desk_tz *tz;
static int made;

static void set(const char *tenant, enum desk_setting_id id, const char *value)
{
    char why[200] = "";
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, desk_tenant_setting_put(db, tenant, id, value, why, sizeof why)));
}

static void business(const char *id, const char *number)
{
    const struct desk_tenant t = {
        .id = id, .slug = id, .name = "Peak", .profile = "{}", .created_at = 1, .updated_at = 1};
    const struct desk_location l = {.id = desk_arena_fmt(fx_a, "loc_%s", id),
                                    .tenant_id = id,
                                    .name = "Main",
                                    .zone = "America/New_York",
                                    .hours = "{}",
                                    .owner_name = "Sal",
                                    .owner_phone = "+13035550199",
                                    .created_at = 1};
    const struct desk_number n = {number, id, l.id, 1};
    OK(DESK_TX_BEGIN(db));
    OK(desk_tenant_insert(db, &t));
    OK(desk_location_insert(db, &l));
    OK(desk_number_insert(db, &n));
    OK(desk_tx_end(db, DESK_OK));
}

/* nanos < 0: it still runs. */
static struct desk_call call(const char *tenant, int64_t at, const char *key, int64_t nanos)
{
    int n = ++made;
    struct desk_call c = {.id = desk_arena_fmt(fx_a, "call_%d", n),
                          .tenant_id = tenant,
                          .location_id = desk_arena_fmt(fx_a, "loc_%s", tenant),
                          .call_sid = desk_arena_fmt(fx_a, "CA%d", n),
                          .direction = "inbound",
                          .caller_kind = "new",
                          .from_key = key,
                          .to_number = "+13035550100",
                          .mode = "realtime",
                          .status = nanos < 0 ? "in-progress" : "completed",
                          .status_rank = nanos < 0 ? 20 : 50,
                          .started_at = at,
                          .ended_at = nanos < 0 ? 0 : at + 60000,
                          .duration_ms = nanos < 0 ? 0 : 60000,
                          .updated_at = at};
    OK(DESK_TX_BEGIN(db));
    OK(desk_call_insert(db, &c));
    if (nanos >= 0)
        OK(desk_call_after_insert(db, &(struct desk_call_after){.tenant_id = tenant,
                                                                .location_id = c.location_id,
                                                                .call_id = c.id,
                                                                .by_whom = "rules",
                                                                .summary = "s",
                                                                .topics = "",
                                                                .sentiment = "neutral",
                                                                .facts = "{}",
                                                                .nanos = nanos,
                                                                .cost = "[]",
                                                                .unpriced = "",
                                                                .told = "no",
                                                                .started_at = at}));
    OK(desk_tx_end(db, DESK_OK));
    return c;
}

static int begin(void **state)
{
    if (fx_setup(state))
        return -1;
    made = 0;
    tz = desk_tz_load("America/New_York");
    desk_clock_fake(AT);
    OK(desk_store_memory(&db));
    business("ten", "+13035550100");
    business("two", "+13035550101");
    return 0;
}

static int end(void **state)
{
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "");
    desk_db_close(db);
    return fx_teardown(state);
}

static struct desk_spend_facts facts(const char *key)
{
    struct desk_spend_limits l;
    struct desk_spend_facts f;
    OK(desk_spend_limits(db, fx_a, "ten", &l));
    OK(desk_spend_facts(db, "ten", tz, key, &l, true, AT, &f));
    return f;
}

static void sums(void **state)
{
    (void)state;
    set("ten", DESK_S_SPEND_CALLER_CENTS, "100");
    set("ten", DESK_S_LOOP_CALLS, "5");
    call("ten", AT - 30 * 60000, KEY, DOLLAR);       /* this hour */
    call("ten", AT - 3 * HOUR, KEY, 2 * DOLLAR);     /* today */
    call("ten", AT - 2 * DAY, KEY, 4 * DOLLAR);      /* this month */
    call("ten", AT - 21 * DAY, KEY, 8 * DOLLAR);     /* in October */
    call("two", AT - 30 * 60000, KEY, 100 * DOLLAR); /* another's */
    call("ten", AT - 20 * 60000, NULL, 16 * DOLLAR); /* somebody else's */
    struct desk_spend_facts f = facts(KEY);
    assert_true(f.hour == 17 * DOLLAR);
    assert_true(f.month == 23 * DOLLAR);
    assert_true(f.caller_day == 3 * DOLLAR);
    assert_true(f.minute == 31 * DOLLAR / 5); /* of all its calls of late, a minute each */
    assert_int_equal(f.calls_lately, 1);      /* within ten minutes: the one that comes in */
    call("ten", AT - 60000, KEY, -1);         /* runs for a minute */
    f = facts(KEY);
    assert_true(f.hour == 17 * DOLLAR + 31 * DOLLAR / 5);
    assert_true(f.caller_day == 3 * DOLLAR + 31 * DOLLAR / 5);
    assert_int_equal(f.calls_lately, 2);
    assert_false(f.urgent_lately);
    OK(DESK_TX_BEGIN(db)); /* what was spent stays spent when its calls are erased */
    OK(desk_db_script(db, "UPDATE call SET urgent = 1 WHERE ended_at IS NULL; DELETE FROM call "
                          "WHERE ended_at IS NOT NULL"));
    OK(desk_tx_end(db, DESK_OK));
    f = facts(KEY);
    assert_true(f.month == 23 * DOLLAR);
    assert_true(f.urgent_lately);
}

static struct desk_spend_verdict guard(struct desk_call *c)
{
    struct desk_spend_verdict v;
    OK(desk_spend_guard(db, fx_a, tz, c, &v));
    return v;
}

static void what_becomes_of_a_call(void **state)
{
    (void)state;
    struct desk_call c = {.tenant_id = "ten",
                          .direction = "inbound",
                          .action = "converse",
                          .mode = "realtime",
                          .from_key = KEY,
                          .started_at = AT};
    struct desk_call seen = c;
    call("ten", AT - HOUR / 2, NULL, 60 * DOLLAR);
    assert_int_equal(guard(&seen).then, DESK_SPEND_GO); /* no limit is set */
    assert_string_equal(seen.action, "converse");
    set("ten", DESK_S_SPEND_MONTH_DOLLARS, "60");
    seen = c;
    assert_string_equal(guard(&seen).rule, "spend_month");
    assert_string_equal(seen.action, DESK_SPEND_ACTION_RECORD);
    assert_string_equal(seen.next_step, DESK_NEXT_MESSAGE);
    set("ten", DESK_S_SPEND_THEN, "ring");
    seen = c;
    guard(&seen);
    assert_string_equal(seen.action, DESK_SPEND_ACTION_RING);
    assert_string_equal(seen.mode, "realtime");
    set("ten", DESK_S_SPEND_THEN, "short");
    seen = c;
    guard(&seen);
    assert_string_equal(seen.action, "converse");
    assert_string_equal(seen.mode, DESK_MODE_GATHER);
    static const char *const others[] = {"transfer_exception", "voice_query", "reject"};
    for (size_t i = 0; i < 3; i++) { /* who does not talk with us is no matter of money */
        seen = c;
        seen.action = others[i];
        assert_null(guard(&seen).rule);
        assert_string_equal(seen.action, others[i]);
    }
    seen = c;
    seen.channel = DESK_CHANNEL_TEXT;
    assert_null(guard(&seen).rule);
    set("ten", DESK_S_SPEND_MONTH_DOLLARS, NULL);
    set("ten", DESK_S_SPEND_CALL_CENTS, "12000"); /* 120 dollars at 60 a minute */
    seen = c;
    assert_int_equal(guard(&seen).then, DESK_SPEND_GO);
    assert_int_equal(seen.max_s, 120);
}

static size_t messages(const char **payload)
{
    struct desk_outbox *rows;
    size_t n = 0;
    OK(desk_outbox_list(db, fx_a, "ten", false, 100, &rows, &n));
    *payload = n ? rows[0].payload : "";
    return n;
}

static void the_owner_hears_of_it_once(void **state)
{
    (void)state;
    const char *payload;
    size_t n;
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "AC00000000000000000000000000000000");
    set("ten", DESK_S_SPEND_MONTH_DOLLARS, "60");
    call("ten", AT - 2 * HOUR, NULL, 59 * DOLLAR);
    OK(desk_spend_tell(db, AT, &n));
    assert_int_equal(n, 0);
    call("ten", AT - 2 * HOUR, NULL, DOLLAR);
    OK(desk_spend_tell(db, AT, &n));
    assert_int_equal(n, 1);
    assert_int_equal(messages(&payload), 1);
    assert_non_null(strstr(payload, "the calls of this month is reached: $60.00 of $60.00."));
    assert_non_null(strstr(payload, "+13035550199"));
    OK(desk_spend_tell(db, AT + 60000, &n)); /* a minute later */
    assert_int_equal(n, 0);
    set("ten", DESK_S_SPEND_HOUR_CENTS, "100"); /* nothing of it in this hour */
    OK(desk_spend_tell(db, AT, &n));
    assert_int_equal(n, 0);
    call("ten", AT - 60000, NULL, DOLLAR);
    OK(desk_spend_tell(db, AT, &n));
    assert_int_equal(n, 1);
    OK(desk_spend_tell(db, AT, &n));
    assert_int_equal(n, 0);
    assert_int_equal(messages(&payload), 2);
    call("ten", AT + 30 * DAY, NULL, 60 * DOLLAR); /* the next month */
    OK(desk_spend_tell(db, AT + 30 * DAY + HOUR / 2, &n));
    assert_int_equal(n, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(sums, begin, end),
        cmocka_unit_test_setup_teardown(what_becomes_of_a_call, begin, end),
        cmocka_unit_test_setup_teardown(the_owner_hears_of_it_once, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
