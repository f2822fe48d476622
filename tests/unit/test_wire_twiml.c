#include "base/limits.h"
#include "wire/twiml.h"

#include "xml_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response>"
#define TAIL "</Response>"

static struct desk_twiml t;

static int setup(void **state)
{
    (void)state;
    desk_twiml_init(&t);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    desk_twiml_clear(&t);
    return 0;
}

static void expect(const char *inner)
{
    static char want[70000];
    snprintf(want, sizeof want, HEAD "%s" TAIL, inner);
    assert_int_equal(desk_twiml_end(&t), DESK_OK);
    assert_string_equal(desk_twiml_text(&t), want);
    assert_true(xml_ok(desk_twiml_text(&t)));
}

static void empty(void **state)
{
    (void)state;
    assert_string_equal(desk_twiml_text(&t), "");
    expect("");
    assert_int_equal(desk_twiml_end(&t), DESK_OK);
}

static void escapes(void **state)
{
    (void)state;
    desk_twiml_say(&t, &(struct desk_twiml_say){.voice = "a\"<>&'\n", .language = "en-US"},
                   "Tom & \"Jerry\" <b>\x01\x1b\xff\xef\xbf\xbe it's\ttab\r\n \xf0\x9f\x91\x8b");
    expect("<Say voice=\"a&quot;&lt;&gt;&amp;'&#10;\" language=\"en-US\">Tom &amp; "
           "&quot;Jerry&quot; &lt;b&gt; it's\ttab&#13;\n \xf0\x9f\x91\x8b</Say>");
}

static void verbs(void **state)
{
    (void)state;
    desk_twiml_play(&t, NULL, "https://x/y?a=1&b=2");
    desk_twiml_play(&t, &(struct desk_twiml_play){.digits = "1w2"}, NULL);
    desk_twiml_pause(&t, 2);
    desk_twiml_pause(&t, 0);
    desk_twiml_record(&t, &(struct desk_twiml_record){.action = "/r",
                                                      .max_length_s = 120,
                                                      .finish_on_key = DESK_TWIML_NO_KEY,
                                                      .no_beep = true});
    desk_twiml_redirect(&t, "/next");
    desk_twiml_reject(&t, "busy");
    desk_twiml_hangup(&t);
    expect("<Play>https://x/y?a=1&amp;b=2</Play><Play digits=\"1w2\"></Play><Pause length=\"2\"/>"
           "<Pause/><Record action=\"/r\" maxLength=\"120\" finishOnKey=\"\" playBeep=\"false\"/>"
           "<Redirect method=\"POST\">/next</Redirect><Reject reason=\"busy\"/><Hangup/>");
}

static void gather(void **state)
{
    (void)state;
    desk_twiml_gather_open(&t, &(struct desk_twiml_gather){.input = "dtmf speech",
                                                           .action = "/g",
                                                           .timeout_s = 5,
                                                           .speech_timeout_s = DESK_TWIML_AUTO,
                                                           .num_digits = 1,
                                                           .hints = "yes,no",
                                                           .action_on_empty_result = true});
    desk_twiml_say(&t, NULL, "Hello");
    desk_twiml_pause(&t, 1);
    desk_twiml_close(&t);
    desk_twiml_say(&t, NULL, "Goodbye");
    expect("<Gather input=\"dtmf speech\" action=\"/g\" timeout=\"5\" speechTimeout=\"auto\" "
           "numDigits=\"1\" hints=\"yes,no\" actionOnEmptyResult=\"true\"><Say>Hello</Say>"
           "<Pause length=\"1\"/></Gather><Say>Goodbye</Say>");
}

static void dial(void **state)
{
    (void)state;
    desk_twiml_dial(
        &t, &(struct desk_twiml_dial){.action = "/d", .timeout_s = 20, .answer_on_bridge = true},
        "+14155550134");
    desk_twiml_dial_open(&t, NULL);
    desk_twiml_number(&t, &(struct desk_twiml_number){.url = "/w"}, "+14155550135");
    desk_twiml_client(&t, "jo");
    desk_twiml_sip(&t, "sip:jo@example.com");
    desk_twiml_close(&t);
    expect("<Dial action=\"/d\" timeout=\"20\" answerOnBridge=\"true\"><Number>+14155550134"
           "</Number></Dial><Dial><Number url=\"/w\">+14155550135</Number><Client>jo</Client>"
           "<Sip>sip:jo@example.com</Sip></Dial>");
}

static void stream(void **state)
{
    (void)state;
    desk_twiml_start_open(&t);
    desk_twiml_recording(&t, &(struct desk_twiml_recording){.status_callback = "/rec"});
    desk_twiml_close(&t);
    desk_twiml_connect_open(&t, "/next");
    desk_twiml_stream_open(&t, &(struct desk_twiml_stream){.url = "wss://x/media"});
    desk_twiml_parameter(&t, "token", "a&b");
    desk_twiml_parameter(&t, "name", "");
    desk_twiml_close(&t);
    desk_twiml_close(&t);
    expect("<Start><Recording recordingStatusCallback=\"/rec\"/></Start><Connect action=\"/next\">"
           "<Stream url=\"wss://x/media\"><Parameter name=\"token\" value=\"a&amp;b\"/>"
           "<Parameter name=\"name\" value=\"\"/></Stream></Connect>");
}

static void relay_and_message(void **state)
{
    (void)state;
    desk_twiml_connect_open(&t, NULL);
    desk_twiml_relay_open(&t,
                          &(struct desk_twiml_relay){.url = "wss://x/r", .dtmf_detection = true});
    desk_twiml_parameter(&t, "a", "b");
    desk_twiml_close(&t);
    desk_twiml_close(&t);
    desk_twiml_message(&t, &(struct desk_twiml_message){.to = "+1"}, "a<b");
    expect("<Connect><ConversationRelay url=\"wss://x/r\" dtmfDetection=\"true\">"
           "<Parameter name=\"a\" value=\"b\"/></ConversationRelay></Connect>"
           "<Message to=\"+1\">a&lt;b</Message>");
}

static void wrong(const char *what)
{
    if (desk_twiml_end(&t) != DESK_EINTERNAL || *desk_twiml_text(&t))
        fail_msg("accepted: %s", what);
    desk_twiml_clear(&t);
    desk_twiml_init(&t);
}

static void misnesting(void **state)
{
    (void)state;
    desk_twiml_number(&t, NULL, "+1");
    wrong("Number in Response");
    desk_twiml_gather_open(&t, NULL);
    desk_twiml_hangup(&t);
    desk_twiml_close(&t);
    wrong("Hangup in Gather");
    desk_twiml_gather_open(&t, NULL);
    desk_twiml_dial(&t, NULL, "+1");
    desk_twiml_close(&t);
    wrong("Dial in Gather");
    desk_twiml_parameter(&t, "a", "b");
    wrong("Parameter in Response");
    desk_twiml_connect_open(&t, NULL);
    desk_twiml_say(&t, NULL, "");
    desk_twiml_close(&t);
    wrong("even an empty Say in Connect");
    desk_twiml_gather_open(&t, NULL);
    wrong("Gather left open");
    desk_twiml_close(&t);
    wrong("Response closed by hand");
    desk_twiml_start_open(&t);
    desk_twiml_relay_open(&t, NULL);
    wrong("ConversationRelay in Start");
    assert_int_equal(desk_twiml_end(&t), DESK_OK);
    desk_twiml_hangup(&t);
    wrong("Hangup after the end");
}

static size_t count(const char *text, const char *what)
{
    size_t n = 0;
    for (const char *p = text; (p = strstr(p, what)); p++)
        n++;
    return n;
}

static void long_say(void **state)
{
    static char text[12001];
    (void)state;
    for (size_t i = 0; i < 12000; i++)
        text[i] = i % 7 == 6 ? ' ' : 'a';
    desk_twiml_say(&t, &(struct desk_twiml_say){.voice = "man"}, text);
    assert_int_equal(desk_twiml_end(&t), DESK_OK);
    const char *doc = desk_twiml_text(&t);
    assert_true(xml_ok(doc));
    assert_int_equal(count(doc, "<Say voice=\"man\">"), 4);
    for (const char *p = doc; (p = strstr(p, "<Say voice=\"man\">"));) {
        p += 17;
        size_t n = strcspn(p, "<");
        assert_true(n <= DESK_MAX_SAY);
        assert_true(p[n - 1] == ' ' || p[n - 1] == 'a');
        if (strstr(p, "<Say")) /* all but the last end behind a word */
            assert_true(p[n - 1] == ' ');
    }
}

static void long_word(void **state)
{
    static char text[3 * 5000 + 1];
    (void)state;
    for (size_t i = 0; i < 5000; i++)
        memcpy(text + 3 * i, "\xe6\xbc\xa2", 3);
    desk_twiml_say(&t, NULL, text); /* 5000 characters, no space: cut between characters */
    assert_int_equal(desk_twiml_end(&t), DESK_OK);
    assert_true(xml_ok(desk_twiml_text(&t)));
    assert_int_equal(count(desk_twiml_text(&t), "<Say>"), 2);
}

static void too_long(void **state)
{
    static char text[3001];
    (void)state;
    memset(text, 'a', 3000);
    for (int i = 0; i < 21; i++)
        desk_twiml_say(&t, NULL, text);
    assert_int_equal(desk_twiml_end(&t), DESK_OK);
    desk_twiml_clear(&t);
    desk_twiml_init(&t);
    for (int i = 0; i < 22; i++)
        desk_twiml_say(&t, NULL, text);
    assert_int_equal(desk_twiml_end(&t), DESK_ELIMIT);
    assert_string_equal(desk_twiml_text(&t), "");
}

static void long_parameter(void **state)
{
    static char value[500];
    (void)state;
    memset(value, 'v', 495);
    desk_twiml_connect_open(&t, NULL);
    desk_twiml_stream_open(&t, NULL);
    desk_twiml_parameter(&t, "name", value); /* 499 together */
    assert_true(desk_buf_ok(&t.buf));
    desk_twiml_parameter(&t, "names", value);
    desk_twiml_close(&t);
    desk_twiml_close(&t);
    assert_int_equal(desk_twiml_end(&t), DESK_ELIMIT);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(empty),    T(escapes),           T(verbs),      T(gather),   T(dial),
        T(stream),   T(relay_and_message), T(misnesting), T(long_say), T(long_word),
        T(too_long), T(long_parameter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
