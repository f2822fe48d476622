/* How a business wants its calls answered (ANSWER_MODE): by a media stream, by text through
 * ConversationRelay, or question by question; and what the end of a text session says. */
#include "tests/page/hook_world.h"
#include "store/settings.h"

#define HOOK(uri, sid, ...) hook_page(uri, CALL_FIELDS(sid, CALLER, TEST_TO, ##__VA_ARGS__))

/* Detail of the newest event of that name; NULL = there is none. */
static const char *detail_of(const char *sid, const char *name)
{
    size_t n;
    return event_of(sid, name, &n);
}

static void mode(const char *value)
{
    struct desk_number num;
    char why[200] = "";
    assert_int_equal(desk_number_find(admin_db, look, TEST_TO, &num), DESK_OK);
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    assert_int_equal(
        desk_tx_end(admin_db, desk_tenant_setting_put(admin_db, num.tenant_id, DESK_S_ANSWER_MODE,
                                                      value, why, sizeof why)),
        DESK_OK);
}

/* A second business, whose calls begin with a line of consent. */
#define RECORDED_TO "+18605550177"
static void recorded_business(void)
{
    test_shop_open(&(struct test_shop){.slug = "recorded",
                                       .number = RECORDED_TO,
                                       .name = "Recorded Roofing",
                                       .zone = "America/New_York",
                                       .profile = "{\"greeting\":\"Recorded Roofing here.\","
                                                  "\"consent\":\"This call is recorded.\"}"});
}

static void by_text(void **state)
{
    (void)state;
    const char *sid = new_sid();
    mode("relay");
    struct answer a = HOOK("/voice/incoming", sid);
    assert_has(a.body, "<Connect action=\"/voice/next\"><ConversationRelay "
                       "url=\"wss://desk.example.com/conversation-relay\" language=\"en-US\" ");
    assert_has(a.body, " ttsProvider=\"Amazon\" voice=\"Joanna-Neural\" ");
    assert_has(a.body, " interruptible=\"any\" ");
    assert_has(a.body, " debug=\"speaker-events tokens-played\" dtmfDetection=\"true\">");
    assert_has(a.body, "drain cleaning,"); /* hints */
    assert_has(a.body, "<Parameter name=\"token\" value=\"");
    assert_has_not(a.body, "welcomeGreeting"); /* the bridge says it, so it is a turn */
    assert_has_not(a.body, "<Stream");
    struct desk_call c = call_of(sid);
    assert_string_equal(c.mode, DESK_MODE_RELAY);
    assert_non_null(c.stream_token);
    assert_non_null(detail_of(sid, "answer_mode"));
    /* the webhook again: the same noun, another token */
    assert_has(HOOK("/voice/incoming", sid).body, "<ConversationRelay ");
    mode(NULL); /* the next call is as the machine's setting says; this one stays what it is */
    assert_has(HOOK("/voice/incoming", sid).body, "<ConversationRelay ");
    assert_has(HOOK("/voice/incoming", new_sid()).body, "<Stream ");
}

static void question_by_question(void **state)
{
    (void)state;
    const char *sid = new_sid();
    mode("gather");
    struct answer a = HOOK("/voice/incoming", sid);
    assert_has(a.body, "<Gather ");
    assert_has(a.body, ">Thanks for calling Harwick Plumbing.");
    assert_has_not(a.body, "<Connect");
    assert_has_not(a.body, "interrupted"); /* nothing has gone wrong */
    assert_string_equal(call_of(sid).mode, DESK_MODE_GATHER);
    assert_null(detail_of(sid, "gather")); /* no step down the ladder */
    assert_has(detail_of(sid, "answer_mode"), "question by question");
    assert_has(HOOK("/voice/turn?n=1", sid, "SpeechResult", "repair").body, "What is your name");
    mode(NULL);
}

/* The line of consent is spoken once, before all else, in every mode. */
static void consent_comes_first(void **state)
{
    static const struct {
        const char *mode, *first;
    } rows[] = {{"realtime", "recorded.</Say><Connect "},
                {"relay", "recorded.</Say><Connect "},
                {"gather", ">This call is recorded. Recorded Roofing here."}};
    (void)state;
    recorded_business();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *sid = new_sid();
        desk_setting_override(DESK_S_ANSWER_MODE, rows[i].mode);
        const char *const fields[] = {"CallSid", sid,         "From", "+14155550134",
                                      "To",      RECORDED_TO, NULL};
        assert_has(hook_page("/voice/incoming", fields).body, rows[i].first);
        struct answer a = hook_page("/voice/next", fields);
        assert_has(a.body, "<Gather ");
        if (strcmp(rows[i].mode, "gather") != 0)
            assert_has_not(a.body, "This call is recorded.");
    }
    desk_setting_override(DESK_S_ANSWER_MODE, "realtime");
}

static void the_end_of_a_session(void **state)
{
    static const struct {
        const char *handoff, *wants;
    } rows[] = {{"{\"why\":\"goodbye\",\"next\":\"hangup\"}", "<Hangup/>"},
                {"{\"why\":\"message\",\"next\":\"message\"}", "<Record "},
                {"{\"why\":\"transfer\",\"next\":\"transfer\"}", "<Dial "},
                {"{\"why\":\"drain\",\"next\":\"gather\"}", "<Gather "},
                {"{\"next\":\"dance\"}", "<Gather "},
                {"{\"next\":7}", "<Gather "},
                {"hangup", "<Gather "},
                {"", "<Gather "}};
    (void)state;
    mode("relay");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *sid = new_sid();
        HOOK("/voice/incoming", sid);
        struct answer a = HOOK("/voice/next", sid, "SessionId", "VX1", "SessionStatus", "ended",
                               "HandoffData", rows[i].handoff);
        assert_has(a.body, rows[i].wants);
        assert_null(detail_of(sid, "relay_failed"));
    }
}

/* What the bridge wrote is worth more than what went by way of Twilio. */
static void the_row_decides_before_the_handoff(void **state)
{
    (void)state;
    const char *sid = new_sid();
    HOOK("/voice/incoming", sid);
    struct desk_call c = call_of(sid);
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    assert_int_equal(
        desk_tx_end(admin_db, desk_call_next(admin_db, c.tenant_id, c.id, DESK_NEXT_MESSAGE)),
        DESK_OK);
    assert_has(HOOK("/voice/next", sid, "HandoffData", "{\"next\":\"hangup\"}").body, "<Record ");
}

static void a_session_that_failed(void **state)
{
    (void)state;
    const char *sid = new_sid();
    HOOK("/voice/incoming", sid);
    for (int i = 0; i < 2; i++) { /* Twilio may ask twice */
        struct answer a = HOOK("/voice/next", sid, "SessionId", "VX2", "SessionStatus", "failed",
                               "ErrorCode", "64105", "ErrorMessage", "WebSocket ended");
        assert_has(a.body, "<Gather ");
    }
    assert_string_equal(detail_of(sid, "relay_failed"),
                        "Twilio ended the session by text: 64105 WebSocket ended");
    assert_string_equal(call_of(sid).mode, DESK_MODE_GATHER);
    mode(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_text),
        cmocka_unit_test(question_by_question),
        cmocka_unit_test(consent_comes_first),
        cmocka_unit_test(the_end_of_a_session),
        cmocka_unit_test(the_row_decides_before_the_handoff),
        cmocka_unit_test(a_session_that_failed),
    };
    return cmocka_run_group_tests_name("hook_modes", tests, hook_begin, hook_finish);
}
