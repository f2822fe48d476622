/* ConversationRelay messages, both directions. */
#include "../../lib/wire/relay_msg.c"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define CALL "CA0123456789abcdef0123456789abcdef"
#define SESS "VX0123456789abcdef0123456789abcdef"

static struct desk_relay_msg m;

static void good(const char *text, enum desk_relay_type type)
{
    desk_relay_msg_clear(&m);
    enum desk_rc rc = desk_relay_msg_parse(&m, text, strlen(text));
    if (rc || m.type != type)
        fail_msg("%s %s: %s", desk_rc_name(rc), desk_relay_type_name(m.type), text);
}

static void bad_n(const char *text, size_t n)
{
    desk_relay_msg_clear(&m);
    enum desk_rc rc = desk_relay_msg_parse(&m, text, n);
    if (rc != DESK_EINVAL)
        fail_msg("%s: %s", desk_rc_name(rc), text);
    assert_null(m.json);
    assert_int_equal(m.type, DESK_RELAY_UNKNOWN);
    assert_string_equal(m.text, "");
}

static void bad(const char *text)
{
    bad_n(text, strlen(text));
}

static int clear(void **state)
{
    (void)state;
    desk_relay_msg_clear(&m);
    return 0;
}

static void setup(void **state)
{
    (void)state;
    good("{\"type\":\"setup\",\"sessionId\":\"" SESS "\",\"accountSid\":\"AC1\",\"parentCallSid\":"
         "\"\",\"callSid\":\"" CALL "\",\"from\":\"+14155550134\",\"to\":\"+18605550100\","
         "\"forwardedFrom\":null,\"callType\":\"PSTN\",\"callerName\":\"\",\"direction\":"
         "\"inbound\",\"callStatus\":\"RINGING\",\"customParameters\":{\"token\":\"t1\",\"n\":5}}",
         DESK_RELAY_SETUP);
    assert_string_equal(m.session_id, SESS);
    assert_string_equal(m.call_sid, CALL);
    assert_string_equal(m.account_sid, "AC1");
    assert_string_equal(m.from, "+14155550134");
    assert_string_equal(m.to, "+18605550100");
    assert_string_equal(m.direction, "inbound");
    assert_string_equal(desk_relay_param(&m, "token"), "t1");
    assert_null(desk_relay_param(&m, "n")); /* no text */
    assert_null(desk_relay_param(&m, "other"));
    good("{\"type\":\"setup\",\"callSid\":\"CA1\"}", DESK_RELAY_SETUP);
    assert_null(desk_relay_param(&m, "token"));
    bad("{\"type\":\"setup\"}");
    bad("{\"type\":\"setup\",\"callSid\":\"\"}");
    bad("{\"type\":\"setup\",\"callSid\":7}");
    bad("{\"type\":\"setup\",\"callSid\":\"" CALL CALL "\"}");
    good("{\"type\":\"setup\",\"callSid\":\"CA1\",\"customParameters\":{\"token\":\"a\\u0000b\"}}",
         DESK_RELAY_SETUP);
    assert_null(desk_relay_param(&m, "token"));
}

static void prompt(void **state)
{
    (void)state;
    good("{\"type\":\"prompt\",\"voicePrompt\":\"Hello é\",\"lang\":\"en-US\",\"last\":true}",
         DESK_RELAY_PROMPT);
    assert_string_equal(m.text, "Hello é");
    assert_string_equal(m.lang, "en-US");
    assert_true(m.last);
    good("{\"type\":\"prompt\",\"voicePrompt\":\"Hel\",\"last\":false}", DESK_RELAY_PROMPT);
    assert_false(m.last);
    assert_string_equal(m.lang, "");
    good("{\"type\":\"prompt\",\"voicePrompt\":\"\"}", DESK_RELAY_PROMPT);
    assert_false(m.last); /* what does not say that it is the last is none */
    good("{\"type\":\"prompt\",\"voicePrompt\":\"x\",\"last\":\"true\"}", DESK_RELAY_PROMPT);
    assert_false(m.last);
    bad("{\"type\":\"prompt\",\"last\":true}");
    bad("{\"type\":\"prompt\",\"voicePrompt\":null,\"last\":true}");
    bad("{\"type\":\"prompt\",\"voicePrompt\":{},\"last\":true}");
    bad("{\"type\":\"prompt\",\"voicePrompt\":\"a\\u0000b\",\"last\":true}");
}

static void interrupt(void **state)
{
    static const struct {
        const char *ms;
        int64_t want;
    } rows[] = {{"460", 460},
                {"\"460\"", 460},
                {"460.9", 460},
                {"-5", 0},
                {"\"soon\"", 0},
                {"null", 0},
                {"99999999999999", 0},
                {"1e300", 0},
                {"\"99999999999999999999\"", 0},
                {"86400000", 86400000}};
    char text[200];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        snprintf(text, sizeof text,
                 "{\"type\":\"interrupt\",\"utteranceUntilInterrupt\":\"Thanks for\","
                 "\"durationUntilInterruptMs\":%s}",
                 rows[i].ms);
        good(text, DESK_RELAY_INTERRUPT);
        assert_string_equal(m.text, "Thanks for");
        if (m.ms != rows[i].want)
            fail_msg("%s: %lld", rows[i].ms, (long long)m.ms);
    }
    good("{\"type\":\"interrupt\"}", DESK_RELAY_INTERRUPT);
    assert_string_equal(m.text, "");
    assert_int_equal(m.ms, 0);
}

static void dtmf(void **state)
{
    (void)state;
    for (const char *k = "0123456789*#ABCD"; *k; k++) {
        char text[40];
        snprintf(text, sizeof text, "{\"type\":\"dtmf\",\"digit\":\"%c\"}", *k);
        good(text, DESK_RELAY_DTMF);
        assert_int_equal(m.digit, *k);
    }
    bad("{\"type\":\"dtmf\"}");
    bad("{\"type\":\"dtmf\",\"digit\":\"\"}");
    bad("{\"type\":\"dtmf\",\"digit\":\"12\"}");
    bad("{\"type\":\"dtmf\",\"digit\":\"w\"}");
    bad("{\"type\":\"dtmf\",\"digit\":1}");
}

static void error_and_info(void **state)
{
    (void)state;
    good("{\"type\":\"error\",\"description\":\"Invalid message\"}", DESK_RELAY_ERROR);
    assert_string_equal(m.text, "Invalid message");
    good("{\"type\":\"error\"}", DESK_RELAY_ERROR);
    good("{\"type\":\"info\",\"name\":\"agentSpeaking\",\"value\":\"off\",\"ts\":1752091238901}",
         DESK_RELAY_INFO);
    assert_string_equal(m.name, "agentSpeaking");
    assert_string_equal(m.text, "off");
    good("{\"type\":\"info\",\"name\":\"x\",\"value\":{\"a\":1}}", DESK_RELAY_INFO);
    assert_string_equal(m.text, "");
    bad("{\"type\":\"info\",\"name\":\"0123456789012345678901234567890123456789\"}");
}

static void unknown_and_broken(void **state)
{
    (void)state;
    good("{\"type\":\"tomorrow\",\"x\":[1,2]}", DESK_RELAY_UNKNOWN);
    good("{\"type\":\"Setup\"}", DESK_RELAY_UNKNOWN); /* names are case sensitive */
    bad("");
    bad("{");
    bad("[]");
    bad("\"setup\"");
    bad("{}");
    bad("{\"type\":\"\"}");
    bad("{\"type\":null}");
    bad("{\"type\":3}");
    bad("{\"type\":\"dtmf\",\"digit\":\"1\"} x");
    bad("{\"type\":\"prompt\",\"voicePrompt\":\"\xff\",\"last\":true}");
    bad_n("{\"type\":\"dtmf\",\"digit\":\"1\"}", 10);
}

/* ---- ours ------------------------------------------------------------------------------------ */

static struct desk_buf out;

static void built(const char *want)
{
    assert_true(desk_buf_ok(&out));
    assert_string_equal(desk_buf_cstr(&out), want);
    desk_relay_msg_clear(&m);
    assert_int_equal(desk_relay_msg_parse(&m, out.p, out.len), DESK_OK);
    desk_buf_reset(&out);
}

static void build(void **state)
{
    (void)state;
    desk_buf_init(&out, 4096);
    desk_relay_build_text(&out,
                          &(struct desk_relay_text){.token = "Hello \"Sal\", ", .last = true});
    built("{\"type\":\"text\",\"token\":\"Hello \\\"Sal\\\", \",\"last\":true}");
    assert_string_equal(m.text, "Hello \"Sal\", "); /* the space at its end is kept */
    assert_int_equal(m.interruptible, -1);
    assert_int_equal(m.preemptible, -1);
    desk_relay_build_text(
        &out, &(struct desk_relay_text){
                  .token = "Bye.", .lang = "es-MX", .uninterruptible = true, .preemptible = true});
    built("{\"type\":\"text\",\"token\":\"Bye.\",\"last\":false,\"lang\":\"es-MX\","
          "\"interruptible\":false,\"preemptible\":true}");
    assert_int_equal(m.interruptible, 0);
    assert_int_equal(m.preemptible, 1);
    assert_false(m.last);
    desk_relay_build_play(&out, "https://x/a.mp3", 1, false);
    built("{\"type\":\"play\",\"source\":\"https://x/a.mp3\"}");
    assert_int_equal(m.loop, 1);
    desk_relay_build_play(&out, "https://x/a.mp3", 0, true);
    built("{\"type\":\"play\",\"source\":\"https://x/a.mp3\",\"loop\":0,\"interruptible\":false}");
    assert_int_equal(m.loop, 0);
    assert_int_equal(desk_relay_build_digits(&out, "12w#*"), DESK_OK);
    built("{\"type\":\"sendDigits\",\"digits\":\"12w#*\"}");
    assert_int_equal(desk_relay_build_digits(&out, "12a"), DESK_EINVAL);
    assert_int_equal(desk_relay_build_digits(&out, ""), DESK_EINVAL);
    assert_int_equal(out.len, 0);
    desk_relay_build_language(&out, "es-MX", NULL);
    built("{\"type\":\"language\",\"ttsLanguage\":\"es-MX\"}");
    assert_string_equal(m.tts, "es-MX");
    desk_relay_build_language(&out, "es-MX", "en-US");
    built("{\"type\":\"language\",\"ttsLanguage\":\"es-MX\",\"transcriptionLanguage\":\"en-US\"}");
    desk_relay_build_end(&out, NULL);
    built("{\"type\":\"end\"}");
    desk_relay_build_end(&out, "{\"why\":\"goodbye\"}");
    built("{\"type\":\"end\",\"handoffData\":\"{\\\"why\\\":\\\"goodbye\\\"}\"}");
    assert_string_equal(m.text, "{\"why\":\"goodbye\"}");
    desk_buf_clear(&out);
}

static void wrong_of_ours(void **state)
{
    (void)state;
    bad("{\"type\":\"text\"}");
    bad("{\"type\":\"text\",\"token\":5}");
    bad("{\"type\":\"play\",\"source\":\"\"}");
    bad("{\"type\":\"sendDigits\",\"digits\":\"1 2\"}");
    bad("{\"type\":\"language\"}");
    bad("{\"type\":\"end\",\"handoffData\":{\"why\":1}}"); /* Twilio takes a string */
    good("{\"type\":\"play\",\"source\":\"x\",\"loop\":-3}", DESK_RELAY_PLAY);
    assert_int_equal(m.loop, 1);
}

/* What the simulator says as Twilio is what the parser reads. */
static void twilio_side(void **state)
{
    static const char *const params[] = {"token", "t\"1", NULL};
    (void)state;
    desk_buf_init(&out, 4096);
    desk_relay_build_setup(&out, &(struct desk_relay_setup){.session_id = SESS,
                                                            .account_sid = "AC1",
                                                            .call_sid = CALL,
                                                            .from = "+1415",
                                                            .to = "+1860",
                                                            .params = params});
    assert_int_equal(desk_relay_msg_parse(&m, out.p, out.len), DESK_OK);
    assert_int_equal(m.type, DESK_RELAY_SETUP);
    assert_string_equal(desk_relay_param(&m, "token"), "t\"1");
    assert_string_equal(m.from, "+1415");
    desk_buf_reset(&out);
    desk_relay_build_prompt(&out, "Hi", NULL, false);
    built("{\"type\":\"prompt\",\"voicePrompt\":\"Hi\",\"lang\":\"en-US\",\"last\":false}");
    desk_relay_build_interrupt(&out, "Thanks", 460);
    built("{\"type\":\"interrupt\",\"utteranceUntilInterrupt\":\"Thanks\","
          "\"durationUntilInterruptMs\":460}");
    assert_int_equal(m.ms, 460);
    desk_relay_build_dtmf(&out, '#');
    built("{\"type\":\"dtmf\",\"digit\":\"#\"}");
    desk_relay_build_error(&out, "64107");
    built("{\"type\":\"error\",\"description\":\"64107\"}");
    desk_relay_build_info(&out, "agentSpeaking", "on");
    built("{\"type\":\"info\",\"name\":\"agentSpeaking\",\"value\":\"on\"}");
    desk_buf_clear(&out);
}

int main(void)
{
#define T(f) cmocka_unit_test_teardown(f, clear)
    const struct CMUnitTest tests[] = {
        T(setup), T(prompt),         T(interrupt),
        T(dtmf),  T(error_and_info), T(unknown_and_broken),
        T(build), T(wrong_of_ours),  T(twilio_side),
    };
    return cmocka_run_group_tests_name("wire_relay", tests, NULL, NULL);
}
