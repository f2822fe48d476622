/* The owner's own call: PIN, questions, goodbye; and how it goes on as anybody's. */
#include "tests/page/hook_world.h"
#include "base/clock.h"
#include "store/alerts.h"
#include "store/appointments.h"
#include "store/contacts.h"
#include "store/pin_tries.h"
#include "store/results.h"
#include "talk/owner_pin.h"

#define PIN     "4471"
#define DAY_MS  (24LL * 3600 * 1000)
#define LATER   (MORNING + 14 * DAY_MS) /* nobody has called yet */
#define MORNING 1795186800000LL         /* Friday 20 November 2026, 10:00 in New York */

static struct desk_number number;

#define HOOK(uri, sid, from, ...) hook_page(uri, CALL_FIELDS(sid, from, TEST_TO, ##__VA_ARGS__))

static void set_pin(const char *pin)
{
    assert_int_equal(desk_owner_pin_set(admin_db, look, number.tenant_id, pin), DESK_OK);
}

/* A call of the owner's number as far as the questions; its CallSid. */
static const char *opened(void)
{
    const char *sid = new_sid();
    set_pin(PIN);
    HOOK("/voice/incoming", sid, TEST_OWNER);
    assert_has(HOOK("/voice/owner?n=1", sid, TEST_OWNER, "Digits", PIN).body,
               "What would you like to know?");
    return sid;
}

static void without_a_pin_it_is_anybodys_call(void **state)
{
    (void)state;
    const char *sid = new_sid();
    set_pin(NULL);
    struct answer a = HOOK("/voice/incoming", sid, TEST_OWNER);
    assert_has(a.body, "<Stream ");
    assert_has_not(a.body, "PIN");
    assert_string_equal(call_of(sid).caller_kind, "owner");
}

static void only_the_owners_confirmed_number_is_asked(void **state)
{
    (void)state;
    set_pin(PIN);
    assert_has(HOOK("/voice/incoming", new_sid(), OTHER).body, "<Stream ");
    assert_has(HOOK("/voice/incoming", new_sid(), "anonymous").body, "<Stream ");
    const char *sid = new_sid();
    assert_has(
        HOOK("/voice/incoming", sid, TEST_OWNER, "StirVerstat", "TN-Validation-Failed-C").body,
        "<Stream ");
    assert_has(HOOK("/voice/owner?n=1", sid, TEST_OWNER, "Digits", PIN).body,
               ">https://desk.example.com/voice/incoming</Redirect>");
}

static void questions_after_the_pin(void **state)
{
    (void)state;
    const char *sid = new_sid();
    set_pin(PIN);
    struct answer a = HOOK("/voice/incoming", sid, TEST_OWNER);
    assert_has(a.body, "action=\"https://desk.example.com/voice/owner?n=1\"");
    assert_has(a.body, "input=\"dtmf speech\"");
    assert_has(a.body, "PIN");
    assert_has(HOOK("/voice/incoming", sid, TEST_OWNER).body, "owner?n=1"); /* the webhook again */
    a = HOOK("/voice/owner?n=1", sid, TEST_OWNER, "SpeechResult", "four four seven one");
    assert_has(a.body, "owner?n=2");
    assert_has(a.body, "What would you like to know?");
    a = HOOK("/voice/owner?n=2", sid, TEST_OWNER, "SpeechResult", "Who called today?");
    assert_has(a.body,
               "Nobody called today. Anything else?"); /* the owner's own calls do not count */
    assert_has(HOOK("/voice/owner?n=2", sid, TEST_OWNER, "SpeechResult", "Who called today?").body,
               "Nobody called today. Anything else?"); /* again: not the next turn */
    a = HOOK("/voice/owner?n=3", sid, TEST_OWNER, "Digits", "2");
    assert_has(a.body, "No open callbacks. Anything else?");
    a = HOOK("/voice/owner?n=4", sid, TEST_OWNER, "SpeechResult", "say that again please");
    assert_has(a.body, "No open callbacks. Anything else?");
    a = HOOK("/voice/owner?n=5", sid, TEST_OWNER, "SpeechResult", "the moon is made of cheese");
    assert_has(a.body, "I did not get that");
    a = HOOK("/voice/owner?n=6", sid, TEST_OWNER);
    assert_has(a.body, "Are you still there?");
    a = HOOK("/voice/owner?n=7", sid, TEST_OWNER, "SpeechResult", "no thanks, bye");
    assert_has(a.body, "Goodbye.");
    assert_has(a.body, "<Hangup/>");
    assert_has(HOOK("/voice/owner?n=7", sid, TEST_OWNER).body, "<Hangup/>");
    assert_has(HOOK("/voice/next", sid, TEST_OWNER).body, "<Hangup/>");
    struct desk_call c = call_of(sid);
    assert_string_equal(c.outcome, DESK_OUT_ANSWERED);
    assert_true(events_of(sid, "owner_pin_asked") && events_of(sid, "owner_pin_right") &&
                events_of(sid, "owner_query"));
    /* questions and answers are kept, the PIN is nowhere */
    struct desk_turn *turns;
    size_t n;
    assert_int_equal(desk_turn_list(admin_db, look, c.tenant_id, c.id, 100, &turns, &n), DESK_OK);
    assert_string_equal(turns[0].text, "Who called today?");
    for (size_t i = 0; i < n; i++)
        assert_null(strstr(turns[i].text, "seven"));
    assert_null(strstr(c.dialog, PIN));
}

static void silence_ends_it(void **state)
{
    (void)state;
    const char *sid = opened();
    HOOK("/voice/owner?n=2", sid, TEST_OWNER);
    struct answer a = HOOK("/voice/owner?n=3", sid, TEST_OWNER);
    assert_has(a.body, "Goodbye.");
    assert_has(a.body, "<Hangup/>");
    /* before the PIN it is anybody's call */
    sid = new_sid();
    HOOK("/voice/incoming", sid, TEST_OWNER);
    assert_has(HOOK("/voice/owner?n=1", sid, TEST_OWNER).body, "I did not get a PIN.");
    a = HOOK("/voice/owner?n=2", sid, TEST_OWNER, "SpeechResult", "what is this");
    assert_has(a.body, ">https://desk.example.com/voice/incoming</Redirect>");
    assert_has(HOOK("/voice/incoming", sid, TEST_OWNER).body, "<Stream ");
    assert_has(HOOK("/voice/owner?n=1", sid, TEST_OWNER, "Digits", PIN).body, "<Redirect ");
    assert_true(events_of(sid, "owner_pin_none"));
}

static void three_wrong_pins_close_it(void **state)
{
    (void)state;
    const char *sid = new_sid();
    set_pin(PIN);
    HOOK("/voice/incoming", sid, TEST_OWNER);
    assert_has(HOOK("/voice/owner?n=1", sid, TEST_OWNER, "Digits", "1111").body,
               "That is not right.");
    assert_has(HOOK("/voice/owner?n=2", sid, TEST_OWNER, "Digits", "4472").body,
               "That is not right.");
    struct answer a = HOOK("/voice/owner?n=3", sid, TEST_OWNER, "Digits", "9999");
    assert_has(a.body, "I could not confirm that.");
    assert_has(a.body, "/voice/incoming</Redirect>");
    assert_has(HOOK("/voice/incoming", sid, TEST_OWNER).body, "<Stream ");
    assert_true(events_of(sid, "owner_pin_refused"));
    /* the right one does not help any more, nor does another call, until the pause is over */
    assert_has(HOOK("/voice/owner?n=4", sid, TEST_OWNER, "Digits", PIN).body, "<Redirect ");
    sid = new_sid();
    assert_has(HOOK("/voice/incoming", sid, TEST_OWNER).body, "<Stream ");
    assert_true(events_of(sid, "owner_pin_paused"));
    desk_clock_fake(desk_now_ms() + 61 * 60000LL);
    sid = new_sid();
    assert_has(HOOK("/voice/incoming", sid, TEST_OWNER).body, "PIN");
    /* hanging up does not help: it goes on from three */
    for (int i = 0; i < 2; i++) {
        sid = new_sid();
        HOOK("/voice/incoming", sid, TEST_OWNER);
        HOOK("/voice/owner?n=1", sid, TEST_OWNER, "Digits", "0000");
    }
    sid = new_sid();
    HOOK("/voice/incoming", sid, TEST_OWNER);
    assert_has(HOOK("/voice/owner?n=1", sid, TEST_OWNER, "Digits", "0001").body, "<Redirect ");
    desk_clock_fake(desk_now_ms() + 61 * 60000LL); /* twice as long now */
    assert_has(HOOK("/voice/incoming", new_sid(), TEST_OWNER).body, "<Stream ");
    desk_clock_fake(desk_now_ms() + 61 * 60000LL);
    sid = new_sid();
    HOOK("/voice/incoming", sid, TEST_OWNER);
    assert_has(HOOK("/voice/owner?n=1", sid, TEST_OWNER, "Digits", PIN).body, "Thank you.");
    struct desk_pin_try t;
    struct desk_call c = call_of(sid);
    assert_int_equal(desk_pin_try_get(admin_db, look, c.tenant_id, c.from_key, &t), DESK_OK);
    assert_int_equal(t.failed, 0);
    desk_clock_fake(MORNING);
}

/* Older rows hold the digits themselves. */
static void a_pin_of_before(void **state)
{
    struct desk_tenant t;
    const char *sid = new_sid();
    (void)state;
    assert_int_equal(desk_tenant_get(admin_db, look, number.tenant_id, &t), DESK_OK);
    t.people = "{\"owner\":{\"pin\":\"90210\"}}";
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    assert_int_equal(desk_tx_end(admin_db, desk_tenant_update(admin_db, &t)), DESK_OK);
    HOOK("/voice/incoming", sid, TEST_OWNER);
    assert_has(HOOK("/voice/owner?n=1", sid, TEST_OWNER, "Digits", "90211").body, "not right");
    assert_has(HOOK("/voice/owner?n=2", sid, TEST_OWNER, "Digits", "90210").body, "Thank you.");
}

/* ---- out of the database --------------------------------------------------------------------- */

static void add_call(const char *id, const char *from, const char *contact, int64_t at)
{
    char key[DESK_BLIND_LEN];
    if (from)
        desk_blind(desk_db_key(admin_db), number.tenant_id, from, key);
    struct desk_call c = {.id = id,
                          .tenant_id = number.tenant_id,
                          .location_id = number.location_id,
                          .contact_id = contact,
                          .call_sid = id,
                          .direction = "inbound",
                          .caller_kind = from ? "known" : "withheld",
                          .from_number = from,
                          .from_key = from ? key : NULL,
                          .to_number = TEST_TO,
                          .mode = DESK_MODE_REALTIME,
                          .status = "completed",
                          .outcome = DESK_OUT_ANSWERED,
                          .status_rank = 50,
                          .started_at = at,
                          .ended_at = at + 60000,
                          .updated_at = at};
    assert_int_equal(desk_call_insert(admin_db, &c), DESK_OK);
}

static void fill(void)
{
    struct desk_contact dana;
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    enum desk_rc rc = desk_contact_called(admin_db, look, number.tenant_id, OTHER, &dana);
    rc = rc ? rc
            : desk_contact_learn(admin_db, number.tenant_id, dana.id, "Dana Whitfield", NULL, NULL);
    assert_int_equal(rc, DESK_OK);
    add_call("c1", OTHER, dana.id, LATER - 3600000);
    add_call("c2", OTHER, dana.id, LATER - 1800000);
    add_call("c3", NULL, NULL, LATER - 600000);
    add_call("c4", "+14155550177", NULL, LATER - DAY_MS);
    for (int i = 0; i < 2; i++) /* it got worse: one emergency */
        assert_int_equal(
            desk_alert_insert(
                admin_db,
                &(struct desk_alert){.tenant_id = number.tenant_id,
                                     .call_id = "c2",
                                     .who_key = "k",
                                     .kind = DESK_ALERT_EMERGENCY,
                                     .severity = i ? "P1" : "P2",
                                     .because = "rule flooding: \"water is pouring in\" (P1 0.98)",
                                     .words = "help, water is pouring in",
                                     .told = true,
                                     .state = "open",
                                     .created_at = LATER - 1700000 + i}),
            DESK_OK);
    for (int i = 0; i < 5; i++) {
        struct desk_callback cb = {.id = desk_arena_fmt(look, "cb%d", i),
                                   .tenant_id = number.tenant_id,
                                   .call_id = "c1",
                                   .name = desk_arena_fmt(look, "Person %d", i),
                                   .number = OTHER,
                                   .reason = "the water heater",
                                   .urgent = i == 4,
                                   .state = i ? "open" : "done",
                                   .created_at = LATER - i * 60000};
        assert_int_equal(desk_callback_insert(admin_db, &cb), DESK_OK);
    }
    const struct desk_message m = {.id = "m1",
                                   .tenant_id = number.tenant_id,
                                   .call_id = "c4",
                                   .recording_sid = "RE1",
                                   .seconds = 12,
                                   .state = "new",
                                   .created_at = LATER - DAY_MS};
    const int64_t start = LATER + DAY_MS + 4 * 3600000LL; /* 2 pm tomorrow */
    const struct desk_appointment visit = {.id = "ap1",
                                           .tenant_id = number.tenant_id,
                                           .location_id = number.location_id,
                                           .service = "drain",
                                           .service_name = "drain cleaning",
                                           .resource = "r",
                                           .status = "booked",
                                           .start_at = start,
                                           .end_at = start + 3600000,
                                           .busy_until = start + 3600000,
                                           .name = "Dana Whitfield",
                                           .source = "owner",
                                           .created_at = LATER,
                                           .updated_at = LATER};
    assert_int_equal(desk_appointment_insert(admin_db, &visit), DESK_OK);
    assert_int_equal(desk_tx_end(admin_db, desk_message_insert(admin_db, &m)), DESK_OK);
}

static void answers_are_what_the_database_has(void **state)
{
    (void)state;
    static const struct {
        const char *asks, *says;
    } rows[] = {
        {"who called today",
         "Three calls from two people today: a caller who hid the number at 9:50 am and Dana "
         "Whitfield twice, last at 9:30 am. Anything else?"},
        {"who called yesterday",
         "One call yesterday: a caller from 4 1 5, 5 5 5, 0 1 7 7 at 10 am. Anything else?"},
        {"any emergencies this morning",
         "One emergency this morning: Dana Whitfield at 9:31 am, about “water is pouring in”. "
         "Anything else?"},
        {"any emergencies yesterday", "No emergencies yesterday. Anything else?"},
        {"any callbacks",
         "Four open callbacks: Person 4 on 2 1 2, 5 5 5, 0 1 4 4, about the water heater, which "
         "is urgent, Person 3 on 2 1 2, 5 5 5, 0 1 4 4, about the water heater, Person 2 on 2 1 "
         "2, 5 5 5, 0 1 4 4, about the water heater, and one more. Anything else?"},
        {"any urgent callbacks", "One urgent callback: Person 4 on 2 1 2, 5 5 5, 0 1 4 4, about "
                                 "the water heater. Anything else?"},
        {"any messages", "One new message: from a caller from 4 1 5, 5 5 5, 0 1 7 7 yesterday at "
                         "10 am, twelve seconds. Anything else?"},
        {"any messages today", "No new messages today. Anything else?"},
        {"what did I miss", "Today: three calls, one emergency, four open callbacks, and one new "
                            "message. Anything else?"},
        {"what is on my schedule tomorrow",
         "One appointment tomorrow: Dana Whitfield at 2 pm for drain cleaning. Anything else?"},
        {"read me my first appointment on monday", "No appointments on Monday. Anything else?"},
    };
    desk_clock_fake(LATER);
    const char *sid = opened();
    fill();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *uri = desk_arena_fmt(look, "/voice/owner?n=%zu", i + 2);
        assert_has(HOOK(uri, sid, TEST_OWNER, "SpeechResult", rows[i].asks).body, rows[i].says);
    }
}

static void without_the_database_it_still_speaks(void **state)
{
    (void)state;
    struct desk_db *kept = zone_db;
    const char *sid = opened();
    zone_db = NULL;
    struct answer a = HOOK("/voice/owner?n=2", sid, TEST_OWNER, "SpeechResult", "any calls");
    zone_db = kept;
    assert_has(a.body, "<Say");
    assert_has(a.body, "Goodbye.");
    assert_has_not(a.body, "<Dial"); /* not the owner's own phone */
}

static int begin(void **state)
{
    (void)state;
    int rc = test_begin(DESK_ZONE_HOOK);
    desk_clock_fake(MORNING);
    assert_int_equal(desk_number_find(admin_db, look, TEST_TO, &number), DESK_OK);
    return rc;
}

static int finish(void **state)
{
    (void)state;
    desk_clock_fake(0);
    return test_finish();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_pin_it_is_anybodys_call),
        cmocka_unit_test(questions_after_the_pin),
        cmocka_unit_test(only_the_owners_confirmed_number_is_asked),
        cmocka_unit_test(silence_ends_it),
        cmocka_unit_test(three_wrong_pins_close_it),
        cmocka_unit_test(a_pin_of_before),
        cmocka_unit_test(answers_are_what_the_database_has),
        cmocka_unit_test(without_the_database_it_still_speaks),
    };
    return cmocka_run_group_tests_name("hook_owner", tests, begin, finish);
}
