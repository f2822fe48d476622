/* What an owner asks about, of a time and of one location or all: calls, emergencies, callbacks,
 * messages; and the count of wrong PINs. */
#include "fixture.h"

#include "store/alerts.h"
#include "store/pin_tries.h"

#define HOUR (3600LL * 1000)

static struct desk_db *db;

static void place(const char *tenant, const char *location)
{
    struct desk_tenant t = {.id = tenant,
                            .slug = tenant,
                            .name = tenant,
                            .profile = "{}",
                            .created_at = 1,
                            .updated_at = 1};
    struct desk_location l = {.id = location,
                              .tenant_id = tenant,
                              .name = location,
                              .zone = "UTC",
                              .hours = "{}",
                              .created_at = 1};
    enum desk_rc rc = desk_tenant_insert(db, &t);
    assert_true(rc == DESK_OK || rc == DESK_ECONFLICT);
    OK(desk_location_insert(db, &l));
}

/* A call, and whatever may hang on one. */
static void call(const char *id, const char *tenant, const char *location, int64_t at)
{
    struct desk_call c = {.id = id,
                          .tenant_id = tenant,
                          .location_id = location,
                          .call_sid = id,
                          .direction = "inbound",
                          .caller_kind = strstr(id, "owner") ? "owner" : "new",
                          .to_number = "+18605550100",
                          .mode = DESK_MODE_GATHER,
                          .status = "completed",
                          .status_rank = 50,
                          .started_at = at,
                          .updated_at = at};
    struct desk_alert al = {.tenant_id = tenant,
                            .call_id = id,
                            .who_key = id,
                            .kind = DESK_ALERT_EMERGENCY,
                            .severity = strstr(id, "minor") ? "P3" : "P2",
                            .because = "x",
                            .words = "x",
                            .state = "open",
                            .created_at = at};
    struct desk_callback cb = {.id = id,
                               .tenant_id = tenant,
                               .call_id = id,
                               .urgent = strstr(id, "urgent") != NULL,
                               .state = strstr(id, "done") ? "done" : "open",
                               .created_at = at};
    struct desk_message m = {.id = id,
                             .tenant_id = tenant,
                             .call_id = id,
                             .recording_sid = id,
                             .state = strstr(id, "heard") ? "heard" : "new",
                             .created_at = at};
    OK(desk_call_insert(db, &c));
    OK(desk_alert_insert(db, &al));
    OK(desk_callback_insert(db, &cb));
    OK(desk_message_insert(db, &m));
}

static void fill(void)
{
    db = fx_memory();
    OK(DESK_TX_BEGIN(db));
    place("a", "a1");
    place("a", "a2");
    place("b", "b1");
    call("a1_before", "a", "a1", NOW - 1);
    call("a1_first", "a", "a1", NOW);
    call("a1_minor_done_heard", "a", "a1", NOW + 1);
    call("a2_urgent", "a", "a2", NOW + 2);
    call("a1_owner", "a", "a1", NOW + HOUR - 1);
    call("a1_after", "a", "a1", NOW + HOUR);
    call("b1_other", "b", "b1", NOW + 3);
    /* made by hand: of no call */
    OK(desk_callback_insert(
        db, &(struct desk_callback){
                .id = "a_free", .tenant_id = "a", .state = "open", .created_at = NOW + 5}));
    OK(desk_tx_end(db, DESK_OK));
}

#define IDS(list, rows, n)                                                                         \
    do {                                                                                           \
        char got[400] = "";                                                                        \
        for (size_t k = 0; k < (n); k++)                                                           \
            snprintf(got + strlen(got), sizeof got - strlen(got), "%s%s", k ? " " : "",            \
                     (rows)[k].id);                                                                \
        assert_string_equal(got, list);                                                            \
    } while (0)

static void of_a_time_and_a_place(void **state)
{
    struct desk_call *calls;
    struct desk_alert *alerts;
    struct desk_callback *back;
    struct desk_message *left;
    size_t n;
    struct desk_period p = {.tenant_id = "a", .from = NOW, .to = NOW + HOUR, .max = 50};
    (void)state;
    fill();
    OK(desk_call_between(db, fx_a, &p, &calls, &n));
    IDS("a2_urgent a1_minor_done_heard a1_first", calls, n);
    OK(desk_alert_between(db, fx_a, &p, &alerts, &n));
    assert_int_equal(n, 3); /* the owner's call, too: it has an alert here */
    assert_string_equal(alerts[2].call_id, "a1_first");
    OK(desk_callback_between(db, fx_a, &p, &back, &n));
    IDS("a2_urgent a1_first a_free a1_owner", back, n);
    OK(desk_message_between(db, fx_a, &p, &left, &n));
    IDS("a1_owner a2_urgent a1_first", left, n);
    p.location_id = "a2";
    OK(desk_call_between(db, fx_a, &p, &calls, &n));
    IDS("a2_urgent", calls, n);
    OK(desk_alert_between(db, fx_a, &p, &alerts, &n));
    assert_int_equal(n, 1);
    OK(desk_callback_between(db, fx_a, &p, &back, &n));
    IDS("a2_urgent a_free", back, n);
    OK(desk_message_between(db, fx_a, &p, &left, &n));
    IDS("a2_urgent", left, n);
    p.location_id = NULL;
    p.max = 1;
    OK(desk_call_between(db, fx_a, &p, &calls, &n));
    IDS("a2_urgent", calls, n);
    desk_db_close(db);
}

static void wrong_pins_are_counted(void **state)
{
    struct desk_pin_try t;
    (void)state;
    desk_clock_fake(NOW);
    fill();
    OK(desk_pin_try_get(db, fx_a, "a", "k", &t));
    assert_int_equal(t.failed, 0);
    OK(DESK_TX_BEGIN(db));
    OK(desk_pin_try_add(db, "a", "k"));
    OK(desk_pin_try_add(db, "a", "k"));
    OK(desk_pin_try_add(db, "a", "other"));
    OK(desk_pin_try_add(db, "b", "k"));
    OK(desk_tx_end(db, DESK_OK));
    OK(desk_pin_try_get(db, fx_a, "a", "k", &t));
    assert_int_equal(t.failed, 2);
    assert_int_equal(t.last_at, NOW);
    OK(DESK_TX_BEGIN(db));
    OK(desk_pin_try_right(db, "a", "k"));
    OK(desk_tx_end(db, DESK_OK));
    OK(desk_pin_try_get(db, fx_a, "a", "k", &t));
    assert_int_equal(t.failed, 0);
    OK(desk_pin_try_get(db, fx_a, "a", "other", &t));
    assert_int_equal(t.failed, 1);
    OK(DESK_TX_BEGIN(db));
    OK(desk_pin_try_forget(db, "a"));
    OK(desk_tx_end(db, DESK_OK));
    OK(desk_pin_try_get(db, fx_a, "a", "other", &t));
    assert_int_equal(t.failed, 0);
    OK(desk_pin_try_get(db, fx_a, "b", "k", &t));
    assert_int_equal(t.failed, 1);
    desk_db_close(db);
    desk_clock_fake(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(of_a_time_and_a_place),
        TEST(wrong_pins_are_counted),
    };
    return cmocka_run_group_tests_name("periods", tests, NULL, NULL);
}
