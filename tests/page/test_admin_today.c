/* The menu, and Today. */
#include "store/alerts.h"
#include "store/appointments.h"
#include "store/outbox.h"
#include "store/promises.h"
#include "store/pulse.h"
#include "tests/page/admin_page.h"

static const char *headers(void)
{
    return desk_buf_cstr(&req.reply.headers);
}

static void runs(const char *id)
{
    TX(desk_pulse_set(db, &(struct desk_pulse){.id = id, .ok = true}));
}

/* Everything is well: both programs run, and the voice is our own. */
static int setup(void **state)
{
    struct desk_session s;
    (void)state;
    page_open("long enough pw");
    page_session("sal");
    must(desk_session_find(db, arena, session, &s), "session");
    page_csrf = s.csrf;
    desk_setting_override(DESK_S_FRONTDESK_DATA, "/tmp");
    desk_setting_override(DESK_S_REALTIME_URL, "");
    desk_setting_override(DESK_S_RECORD_FREE_MB, "0");
    runs(DESK_PULSE_WORKER);
    runs(DESK_PULSE_BRIDGE);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    page_close();
    return 0;
}

static void wait_for_call(const char *call, int64_t due_at)
{
    struct desk_callback *k;
    size_t n;
    const struct world_call c = {.id = call,
                                 .name = "Marcus <Bell>",
                                 .number = "+18605550134",
                                 .ago_min = 60,
                                 .seconds = 60,
                                 .outcome = DESK_OUT_CALLBACK,
                                 .back_state = "open",
                                 .back_reason = "leaking boiler"};
    world_call(&here, &c);
    must(desk_callback_by_call(db, arena, here.tenant, call, &k, &n), "callbacks");
    const struct desk_callback_step step = {.due_at = due_at, .next_at = DESK_CALLBACK_NEVER};
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_tx_end(db, desk_callback_step(db, &k[0], &step)), "step");
}

/* ---- the menu -------------------------------------------------------------------------------- */

static void test_menu(void **state)
{
    (void)state;
    page_ok("/calls");
    assert_has("<a href=\"/calls\" aria-current=\"page\">");
    assert_has("<li class=\"off\"><a href=\"/exceptions\">");
    assert_has("<li class=\"more\"><a href=\"/more\">");
    assert_lacks("class=\"count\"");
    page_ok("/more");
    assert_has("<h1>More</h1>");
    assert_has("<a href=\"/more\" aria-current=\"page\">");
    const char *list = strstr(body(), "class=\"card places\"");
    assert_non_null(list);
    assert_non_null(strstr(list, "href=\"/exceptions\""));
    assert_null(strstr(list, "href=\"/calls\"")); /* it is in the bar */
    page_ok("/exceptions");
    assert_has("<a href=\"/more\" aria-current=\"true\">");
    page_session("olga");
    page_ok("/more");
    assert_has("<h1>More</h1>");
}

/* What is due is counted, what is promised for later is not; of this business only. */
static void test_menu_counts(void **state)
{
    (void)state;
    wait_for_call("call_late", NOW - 25 * MIN_MS);
    wait_for_call("call_later", NOW + 300 * MIN_MS);
    page_ok("/calls");
    assert_has("Callbacks<span class=\"count\">1<span class=\"vh\"> due</span></span>");
    page_session("olga");
    page_ok("/calls");
    assert_lacks("class=\"count\"");
}

/* ---- today ----------------------------------------------------------------------------------- */

/* These texts, one after the other. */
static void assert_order(const char *const *texts, size_t n)
{
    const char *at = body();
    for (size_t i = 0; i < n; i++) {
        const char *found = strstr(at, texts[i]);
        if (!found)
            fail_msg("not in its place: %s\n%s", texts[i], body());
        at = found + strlen(texts[i]);
    }
}
#define ASSERT_ORDER(t) assert_order(t, sizeof(t) / sizeof *(t))

static void test_first_day(void **state)
{
    (void)state;
    page_ok("/");
    assert_has("<h1>Today</h1>");
    assert_has("<title>Today \xe2\x80\x93 Harwick Plumbing \xe2\x80\x93 Frontdesk</title>");
    assert_has("Answering calls.");
    assert_has("All checks passed.");
    assert_has("No calls yet.");
    assert_has("(860)\xc2\xa0"
               "555-0100");
    assert_has("Nothing booked today.");
    assert_has("0 calls");
    assert_has("Fri 20 Nov");
}

static void test_calm(void **state)
{
    (void)state;
    world_call(&here, &(struct world_call){.id = "call_rosa",
                                           .name = "Rosa",
                                           .number = "+18605550157",
                                           .ago_min = 6,
                                           .seconds = 58,
                                           .outcome = DESK_OUT_ANSWERED});
    world_call(&other, &(struct world_call){.id = "call_theirs",
                                            .name = "Theirs",
                                            .number = "+18605550158",
                                            .ago_min = 5,
                                            .seconds = 0});
    page_ok("/");
    assert_has("Nothing to do. 1 call today.");
    assert_has("Last call 6 min ago.");
    assert_has("href=\"/calls/call_rosa\"");
    assert_has("1 taken care of");
    assert_lacks("On the phone now");
    assert_lacks("Theirs");
}

static void test_on_the_phone(void **state)
{
    (void)state;
    world_call(&here, &(struct world_call){.id = "call_ines",
                                           .name = "Ines <Ortega>",
                                           .number = "+18605550177",
                                           .ago_min = 2,
                                           .urgent = true});
    page_ok("/");
    assert_has("On the phone now: <strong><bdi>Ines &lt;Ortega&gt;</bdi></strong>, 2 min");
    assert_has("href=\"/calls/call_ines\"");
}

static void raise_alert(const char *id, const char *call, const char *severity, int64_t ago_ms)
{
    TX(desk_alert_insert(db, &(struct desk_alert){.id = id,
                                                  .tenant_id = here.tenant,
                                                  .call_id = call,
                                                  .who_key = "k",
                                                  .kind = DESK_ALERT_EMERGENCY,
                                                  .severity = severity,
                                                  .because = "Said gas <leak>.",
                                                  .words = "gas leak",
                                                  .state = "open",
                                                  .created_at = NOW - ago_ms}));
}

static void give_up(const char *dedupe)
{
    struct desk_outbox row;
    TX(desk_outbox_add(db, &(struct desk_outbox_new){.tenant_id = here.tenant,
                                                     .kind = DESK_OUTBOX_SMS,
                                                     .dedupe = dedupe,
                                                     .payload = "{\"to\":\"+18605550134\"}",
                                                     .priority = DESK_OUTBOX_NORMAL}));
    must(desk_outbox_by_cause(db, arena, here.tenant, dedupe, &row), "row");
    TX(desk_outbox_report(db, &row, DESK_OUTBOX_FAILED, NULL, "failed", 1, "Switched off."));
}

/* An emergency, what was said, what is late, what is due, a message, what was not delivered. */
static void full_list(void)
{
    wait_for_call("call_late", NOW - 25 * MIN_MS);
    wait_for_call("call_later", NOW + 300 * MIN_MS);
    raise_alert("al_1", "call_late", "P1", 20 * MIN_MS);
    raise_alert("al_2", "call_late", "P1", 30 * MIN_MS); /* of the same call: one card */
    raise_alert("al_3", "call_later", "P3", 20 * MIN_MS);
    raise_alert("al_4", "call_later", "P1", 49LL * 60 * MIN_MS);
    world_after(&here, "call_later");
    world_call(&here, &(struct world_call){.id = "call_left",
                                           .name = "Priya",
                                           .number = "+18605550155",
                                           .ago_min = 15,
                                           .seconds = 40,
                                           .outcome = DESK_OUT_MESSAGE,
                                           .message_s = -1,
                                           .message = "Ring me <soon>."});
    give_up("x");
}

static void test_worst_first(void **state)
{
    static const char *const in_order[] = {
        "Do these first",        "Emergency",           "Said gas &lt;leak&gt;.",
        "/alerts/al_1/seen",     "Check what was said", "but none was sent",
        "Late by 25 min",        "Call back Marcus",    "New message",
        "Ring me &lt;soon&gt;.", "Not delivered",       "1 thing was given up."};
    (void)state;
    full_list();
    page_ok("/");
    ASSERT_ORDER(in_order);
    assert_lacks("/alerts/al_2/seen");
    assert_lacks("/alerts/al_3/seen");
    assert_lacks("/alerts/al_4/seen");
    assert_lacks("more on");
    for (int i = 0; i < 2; i++) {
        char call[20];
        snprintf(call, sizeof call, "call_more%d", i);
        wait_for_call(call, NOW - 10 * MIN_MS);
    }
    page_ok("/");
    assert_has("And 2 more on");
    page_session("olga");
    page_ok("/");
    assert_lacks("Marcus");
    assert_has("No calls yet.");
}

/* Marked done here, it leads back here, and so does its undo. */
static void test_done_leads_back(void **state)
{
    char uri[200];
    struct desk_callback *k;
    struct desk_message *m;
    size_t n;
    (void)state;
    full_list();
    must(desk_callback_by_call(db, arena, here.tenant, "call_late", &k, &n), "callback");
    snprintf(uri, sizeof uri, "/callbacks/%s/done", k[0].id);
    assert_int_equal(page_post(uri, "&back=%2F"), 303);
    assert_non_null(strstr(headers(), "Location: /\r\n"));
    page_ok("/");
    assert_has("Marked done: Marcus &lt;Bell&gt;.");
    assert_lacks("Late by");
    snprintf(uri, sizeof uri, "/callbacks/%s/open?back=/", k[0].id);
    assert_has(uri);
    page_ok("/");
    assert_lacks("Marked done:");
    assert_int_equal(page_post(uri, ""), 303);
    assert_non_null(strstr(headers(), "Location: /\r\n"));
    must(desk_message_by_call(db, arena, here.tenant, "call_left", &m, &n), "message");
    snprintf(uri, sizeof uri, "/calls/call_left/messages/%s/done", m[0].id);
    assert_int_equal(page_post(uri, "&back=%2F"), 303);
    assert_non_null(strstr(headers(), "Location: /\r\n"));
    page_ok("/");
    assert_lacks("New message");
    assert_has("Late by");
    /* only to pages of ours */
    static const char *const bad[] = {"&back=%2F%2Fevil.example",
                                      "&back=https%3A%2F%2Fevil.example",
                                      "&back=%2Fcalls%0d%0aX%3A1", "&back=evil"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(page_post(uri, bad[i]), 303);
        assert_null(strstr(headers(), "evil"));
        assert_null(strstr(headers(), "X:1"));
    }
}

static void test_emergency_seen(void **state)
{
    (void)state;
    full_list();
    for (int i = 0; i < 2; i++)
        assert_int_equal(page_post("/alerts/al_1/seen", ""), 303);
    page_ok("/");
    assert_has("Seen.");
    assert_has("/alerts/al_1/open");
    assert_has("/alerts/al_2/seen"); /* the call's other one */
    assert_int_equal(page_post("/alerts/al_1/open", ""), 303);
    page_ok("/");
    assert_has("On your list again.");
    assert_has("/alerts/al_1/seen");
    assert_int_equal(page_post("/alerts/al_1/seen", ""), 303);
    desk_clock_fake(NOW + 11 * MIN_MS); /* too late */
    assert_int_equal(page_post("/alerts/al_1/open", ""), 303);
    page_ok("/");
    assert_lacks("/alerts/al_1/seen");
    desk_clock_fake(NOW);
    page_session("olga");
    struct desk_session s;
    must(desk_session_find(db, arena, session, &s), "session");
    page_csrf = s.csrf;
    assert_int_equal(page_post("/alerts/al_2/seen", ""), 303);
    page_session("sal");
    page_ok("/");
    assert_has("/alerts/al_2/seen");
}

static void test_visits(void **state)
{
    (void)state;
    const struct desk_appointment a = {.id = "app_1",
                                       .tenant_id = here.tenant,
                                       .location_id = here.location,
                                       .service = "repair",
                                       .service_name = "repair <1>",
                                       .resource = "r1",
                                       .resource_name = "Raj",
                                       .status = DESK_APPT_BOOKED,
                                       .start_at = NOW + 60 * MIN_MS,
                                       .end_at = NOW + 120 * MIN_MS,
                                       .busy_until = NOW + 120 * MIN_MS,
                                       .name = "Lena",
                                       .address = "40 Mill Lane",
                                       .answer = DESK_ANSWER_COMING,
                                       .answer_at = NOW,
                                       .answer_by = DESK_ANSWER_BY_TEXT,
                                       .source = "call",
                                       .created_at = NOW,
                                       .updated_at = NOW};
    TX(desk_appointment_insert(db, &a));
    page_ok("/");
    assert_has("2:15 pm");
    assert_has("<bdi>Lena</bdi>");
    assert_has("repair &lt;1&gt;");
    assert_has("40 Mill Lane");
    assert_has("They are coming");
    TX(desk_appointment_end(db, here.tenant, "app_1", DESK_APPT_CANCELLED));
    page_ok("/");
    assert_has("Nothing booked today.");
}

/* ---- is it working? -------------------------------------------------------------------------- */

static void test_troubles_of_calls(void **state)
{
    (void)state;
    TX(desk_counter_add(db, NULL, "webhook_refused"));
    page_ok("/");
    assert_has("Calls do not reach Frontdesk.");
    assert_has("1 message of the phone network was refused today");
    assert_has("href=\"/health\"");
    world_call(&here, &(struct world_call){.id = "call_rosa",
                                           .number = "+18605550157",
                                           .ago_min = -1,
                                           .seconds = 58,
                                           .outcome = DESK_OUT_ANSWERED});
    page_ok("/"); /* a call came since */
    assert_has("Answering calls.");
    assert_has("Some messages of the phone network were refused.");
    desk_clock_fake(NOW + 4 * MIN_MS); /* and no pulse since */
    page_ok("/");
    assert_has("Callers get no live voice.");
    runs(DESK_PULSE_BRIDGE);
    page_ok("/");
    assert_has("Texts and reminders are not going out.");
    assert_has("Answering calls.");
    desk_clock_fake(NOW);
}

static void test_trouble_of_the_voice(void **state)
{
    (void)state;
    desk_setting_override(DESK_S_REALTIME_URL, "wss://model.example/v1");
    page_ok("/");
    assert_has("Nobody knows whether the voice would answer.");
    TX(desk_pulse_set(
        db, &(struct desk_pulse){
                .id = DESK_PULSE_MODEL, .ok = true, .took_ms = 700, .what = "model.example gpt"}));
    page_ok("/");
    assert_has("All checks passed.");
    TX(desk_pulse_set(db, &(struct desk_pulse){.id = DESK_PULSE_MODEL,
                                               .what = "model.example gpt",
                                               .why = "refuses the key <401>"}));
    page_ok("/");
    assert_has("Calls are answered by the simple menu.");
    assert_has("model.example gpt refuses the key &lt;401&gt;, since Today 1:15 pm.");
    assert_lacks("Answering calls.");
    desk_setting_override(DESK_S_REALTIME_URL, "");
}

static void test_late_texts(void **state)
{
    (void)state;
    desk_clock_fake(NOW - 20 * MIN_MS);
    TX(desk_outbox_add(db, &(struct desk_outbox_new){.tenant_id = here.tenant,
                                                     .kind = DESK_OUTBOX_SMS,
                                                     .dedupe = "late",
                                                     .payload = "{}",
                                                     .priority = DESK_OUTBOX_NORMAL}));
    desk_clock_fake(NOW);
    page_ok("/");
    assert_has("Texts are going out late.");
}

/* One panel that cannot be loaded does not take the others with it. */
static void test_a_panel_fails(void **state)
{
    (void)state;
    full_list();
    must(desk_db_script(db, "ALTER TABLE latency_count RENAME TO gone"), "script");
    page_ok("/");
    assert_has("The figures did not load.");
    assert_has("Late by 25 min");
    must(desk_db_script(db, "ALTER TABLE gone RENAME TO latency_count; ALTER TABLE alert RENAME TO "
                            "gone"),
         "script");
    page_ok("/");
    assert_has("Your list did not load.");
    assert_has("Nothing booked today.");
}

int main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_menu),
        TEST(test_menu_counts),
        TEST(test_first_day),
        TEST(test_calm),
        TEST(test_on_the_phone),
        TEST(test_worst_first),
        TEST(test_done_leads_back),
        TEST(test_emergency_seen),
        TEST(test_visits),
        TEST(test_troubles_of_calls),
        TEST(test_trouble_of_the_voice),
        TEST(test_late_texts),
        TEST(test_a_panel_fails),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
