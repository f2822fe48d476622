/* Realtime events, both directions. The reader is included, so that its fast and slow ways can be
 * asked apart. */
#include "../../lib/wire/realtime_msg.c"

#include "wire/json_out.h"
#include "wire/realtime_server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

static struct desk_rt_event ev;

static void parse(const char *text)
{
    enum desk_rc rc = desk_rt_event_parse(&ev, text, strlen(text));
    if (rc != DESK_OK)
        fail_msg("%s: %s", desk_rc_name(rc), text);
}

/* ---- audio, fast and slow -------------------------------------------------------------------- */

static bool delta_both(const char *text, enum desk_rc want)
{
    static struct desk_rt_event fast, slow;
    reset_event(&fast);
    reset_event(&slow);
    bool took = event_fast(&fast, text, strlen(text));
    enum desk_rc rc = event_slow(&slow, text, strlen(text));
    if (rc != want || (took && rc != DESK_OK))
        fail_msg("fast %d, slow %s: %s", took, desk_rc_name(rc), text);
    if (took) {
        assert_int_equal(fast.type, slow.type);
        assert_string_equal(fast.event_id, slow.event_id);
        assert_string_equal(fast.response_id, slow.response_id);
        assert_string_equal(fast.item_id, slow.item_id);
        assert_int_equal(fast.output_index, slow.output_index);
        assert_int_equal(fast.content_index, slow.content_index);
        assert_int_equal(fast.audio.n, slow.audio.n);
        assert_memory_equal(fast.audio.p, slow.audio.p, fast.audio.n);
    }
    desk_rt_event_clear(&slow);
    rc = desk_rt_event_parse(&ev, text, strlen(text));
    assert_int_equal(rc, want);
    desk_rt_event_clear(&ev);
    return took;
}

#define DELTA "{\"type\":\"response.output_audio.delta\","
#define TAIL  "\"delta\":\"AAAA\"}"

static void audio_delta(void **state)
{
    static const struct {
        const char *text;
        bool fast;
    } rows[] = {
        {DELTA TAIL, true},
        {"{\"type\":\"response.audio.delta\",\"delta\":\"AAAA\"}", true},
        {DELTA "\"event_id\":\"e\",\"response_id\":\"r\",\"item_id\":\"i\",\"output_index\":1,"
               "\"content_index\":0," TAIL,
         true},
        {"{ \"delta\" : \"\" , \"type\" : \"response.output_audio.delta\" } ", true},
        {DELTA "\"output_index\":1.5," TAIL, false},
        {DELTA "\"output_index\":1e2," TAIL, false},
        {DELTA "\"output_index\":-1," TAIL, false},
        {DELTA "\"output_index\":99999999999," TAIL, false},
        {DELTA "\"item_id\":null," TAIL, false},
        {DELTA "\"item_id\":\"a\\u0062\"," TAIL, false},
        {DELTA "\"new\":{\"a\":1}," TAIL, false},
        {DELTA "\"item_id\":\"x\",\"item_id\":\"y\"," TAIL, false},
        {DELTA "\"delta\":\"\\/AAA\"}", false},
        {DELTA "\"item_id\":\"0123456789012345678901234567890123456789012345678901234567890123456"
               "789012345678901234567890123456789\"," TAIL,
         false},
    };
    static const char *const bad[] = {
        DELTA "\"delta\":\"AAA\"}",
        DELTA "\"delta\":null}",
        DELTA "\"delta\":5}",
        DELTA "\"delta\":\"AAAA\",}",
        DELTA "\"output_index\":01," TAIL,
        DELTA TAIL "x",
        "{\"delta\":\"AAAA\"}",
        "{\"type\":7}",
        "[]",
        "",
        "{\"type\":\"response.done\"",
        "\"type\"",
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (delta_both(rows[i].text, DESK_OK) != rows[i].fast)
            fail_msg("fast wanted %d: %s", rows[i].fast, rows[i].text);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        delta_both(bad[i], DESK_EINVAL);
}

static void audio_delta_mutations(void **state)
{
    static const char good[] =
        DELTA "\"event_id\":\"e1\",\"output_index\":10,\"item_id\":\"i\"," TAIL;
    static const char swap[] = "\"\\{}[],:0 \n\x01\x7f\xc3=A.e-";
    char text[sizeof good];
    (void)state;
    for (size_t i = 0; i < sizeof good - 1; i++)
        for (size_t c = 0; c < sizeof swap - 1; c++) {
            static struct desk_rt_event fast, slow;
            memcpy(text, good, sizeof good);
            text[i] = swap[c];
            reset_event(&fast);
            reset_event(&slow);
            if (event_fast(&fast, text, strlen(text))) {
                assert_int_equal(event_slow(&slow, text, strlen(text)), DESK_OK);
                assert_string_equal(fast.event_id, slow.event_id);
                assert_string_equal(fast.item_id, slow.item_id);
                assert_int_equal(fast.output_index, slow.output_index);
            }
            desk_rt_event_clear(&slow);
        }
}

static void audio_not_copied(void **state)
{
    const char *text = DELTA "\"item_id\":\"item_1\",\"delta\":\"fn5+\"}";
    (void)state;
    parse(text);
    assert_null(ev.json);
    assert_true(ev.audio.p > text && ev.audio.p + ev.audio.n < text + strlen(text));
    assert_string_equal(ev.item_id, "item_1");
    assert_string_equal(ev.response_id, "");
    desk_rt_event_clear(&ev);
}

/* ---- other events ---------------------------------------------------------------------------- */

static void aliases(void **state)
{
    static const char *const rows[][2] = {
        {"response.audio.done", "response.output_audio.done"},
        {"response.audio_transcript.delta", "response.output_audio_transcript.delta"},
        {"response.audio_transcript.done", "response.output_audio_transcript.done"},
        {"response.text.delta", "response.output_text.delta"},
        {"response.text.done", "response.output_text.done"},
        {"conversation.item.created", "conversation.item.added"},
        {"mcp_list_tools.in_progress", "?"},
        {"error", "error"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[100];
        snprintf(text, sizeof text, "{\"type\":\"%s\"}", rows[i][0]);
        parse(text);
        assert_string_equal(desk_rt_type_name(ev.type), rows[i][1]);
        desk_rt_event_clear(&ev);
    }
    for (int t = 1; t < DESK_RT__MAX; t++) /* every type has a name */
        assert_string_not_equal(desk_rt_type_name((enum desk_rt_type)t), "?");
}

static void session_and_speech(void **state)
{
    (void)state;
    parse("{\"type\":\"session.created\",\"event_id\":\"e\",\"session\":{\"id\":\"sess_1\","
          "\"model\":\"gpt-realtime-2.1\",\"expires_at\":1800000000,\"object\":null}}");
    assert_int_equal(ev.type, DESK_RT_SESSION_CREATED);
    assert_string_equal(ev.session_id, "sess_1");
    assert_string_equal(ev.model, "gpt-realtime-2.1");
    assert_true(ev.expires_at == 1800000000);
    desk_rt_event_clear(&ev);
    parse("{\"type\":\"input_audio_buffer.speech_started\",\"audio_start_ms\":1200,"
          "\"item_id\":\"i\"}");
    assert_int_equal(ev.type, DESK_RT_SPEECH_STARTED);
    assert_true(ev.audio_start_ms == 1200 && ev.audio_end_ms == -1);
    desk_rt_event_clear(&ev);
    parse("{\"type\":\"input_audio_buffer.speech_stopped\",\"audio_end_ms\":2400.0,"
          "\"item_id\":\"i\"}");
    assert_true(ev.audio_end_ms == 2400);
    desk_rt_event_clear(&ev);
    /* what one may not add to without an overflow is not there */
    parse("{\"type\":\"input_audio_buffer.speech_started\",\"item_id\":\"i\","
          "\"audio_start_ms\":9223372036854775807,\"audio_end_ms\":-9223372036854775808}");
    assert_true(ev.audio_start_ms == -1 && ev.audio_end_ms == -1);
    desk_rt_event_clear(&ev);
    parse("{\"type\":\"input_audio_buffer.committed\",\"item_id\":\"b\","
          "\"previous_item_id\":null}");
    assert_string_equal(ev.previous_item_id, "");
    assert_string_equal(ev.item_id, "b");
    desk_rt_event_clear(&ev);
}

static void transcripts(void **state)
{
    (void)state;
    parse("{\"type\":\"conversation.item.input_audio_transcription.completed\",\"item_id\":\"i\","
          "\"transcript\":\"Gr\\u00fc\\u00df\",\"usage\":{\"type\":\"duration\",\"seconds\":2.5}}");
    assert_string_equal(ev.text, "Gr\xc3\xbc\xc3\x9f");
    assert_true(ev.usage.present && ev.usage.seconds == 2.5);
    desk_rt_event_clear(&ev);
    parse("{\"type\":\"conversation.item.input_audio_transcription.failed\",\"item_id\":\"i\","
          "\"error\":{\"type\":\"x\",\"code\":\"audio_unintelligible\",\"message\":\"m\","
          "\"param\":null}}");
    assert_string_equal(ev.error.code, "audio_unintelligible");
    assert_string_equal(ev.error.param, "");
    desk_rt_event_clear(&ev);
    parse("{\"type\":\"response.output_audio_transcript.delta\",\"response_id\":\"r\","
          "\"item_id\":\"i\",\"delta\":\"Hel\"}");
    assert_int_equal(ev.type, DESK_RT_TRANSCRIPT_DELTA);
    assert_string_equal(ev.text, "Hel");
    desk_rt_event_clear(&ev);
    parse("{\"type\":\"response.output_text.done\",\"text\":\"Hello\"}");
    assert_string_equal(ev.text, "Hello");
    desk_rt_event_clear(&ev);
}

static void function_call(void **state)
{
    (void)state;
    parse("{\"type\":\"response.output_item.done\",\"response_id\":\"r\",\"output_index\":1,"
          "\"item\":{\"id\":\"i\",\"object\":\"realtime.item\",\"type\":\"function_call\","
          "\"status\":\"completed\",\"call_id\":\"call_5\",\"name\":\"book\","
          "\"arguments\":\"{\\\"day\\\":\\\"Friday\\\"}\"}}");
    assert_int_equal(ev.type, DESK_RT_OUTPUT_ITEM_DONE);
    assert_int_equal(ev.item_type, DESK_RT_ITEM_FUNCTION_CALL);
    assert_int_equal(ev.status, DESK_RT_STATUS_COMPLETED);
    assert_string_equal(ev.item_id, "i");
    assert_string_equal(ev.call_id, "call_5");
    assert_string_equal(ev.name, "book");
    assert_string_equal(ev.arguments, "{\"day\":\"Friday\"}");
    assert_int_equal(ev.output_index, 1);
    desk_rt_event_clear(&ev);
    parse("{\"type\":\"response.function_call_arguments.delta\",\"call_id\":\"c\","
          "\"delta\":\"{\\\"d\"}");
    assert_string_equal(ev.arguments, "{\"d");
    desk_rt_event_clear(&ev);
    parse("{\"type\":\"response.function_call_arguments.done\",\"call_id\":\"c\","
          "\"arguments\":\"{}\",\"item_id\":\"i\"}");
    assert_string_equal(ev.arguments, "{}");
    assert_string_equal(ev.name, ""); /* beta */
    desk_rt_event_clear(&ev);
}

static void items(void **state)
{
    (void)state;
    parse("{\"type\":\"conversation.item.added\",\"previous_item_id\":\"p\",\"item\":{\"id\":\"i\","
          "\"type\":\"message\",\"role\":\"user\",\"status\":\"in_progress\",\"content\":["
          "{\"type\":\"input_audio\",\"transcript\":null},{\"type\":\"input_text\","
          "\"text\":\"hi\"}]}}");
    assert_int_equal(ev.item_type, DESK_RT_ITEM_MESSAGE);
    assert_int_equal(ev.role, DESK_RT_USER);
    assert_int_equal(ev.status, DESK_RT_STATUS_IN_PROGRESS);
    assert_string_equal(ev.text, "hi");
    assert_string_equal(ev.previous_item_id, "p");
    desk_rt_event_clear(&ev);
    parse("{\"type\":\"conversation.item.added\",\"item\":{\"type\":\"mcp_call\",\"id\":\"i\"}}");
    assert_int_equal(ev.item_type, DESK_RT_ITEM_OTHER);
    desk_rt_event_clear(&ev);
    parse("{\"type\":\"conversation.item.added\",\"item\":[],\"response\":\"x\",\"usage\":3}");
    assert_int_equal(ev.item_type, DESK_RT_ITEM_NONE);
    desk_rt_event_clear(&ev);
}

static void response_done(void **state)
{
    (void)state;
    parse("{\"type\":\"response.done\",\"event_id\":\"e\",\"response\":{\"id\":\"resp_1\","
          "\"status\":\"failed\",\"status_details\":{\"type\":\"failed\",\"error\":{\"type\":"
          "\"server_error\",\"code\":\"insufficient_quota\",\"message\":\"no money\"}},"
          "\"metadata\":{\"purpose\":\"greeting\"},\"output\":[],\"usage\":{\"total_tokens\":120,"
          "\"input_tokens\":100,\"output_tokens\":20,\"input_token_details\":{\"text_tokens\":60,"
          "\"audio_tokens\":40,\"cached_tokens\":30,\"cached_tokens_details\":{\"text_tokens\":20,"
          "\"audio_tokens\":10}},\"output_token_details\":{\"text_tokens\":5,"
          "\"audio_tokens\":15}}}}");
    assert_int_equal(ev.status, DESK_RT_STATUS_FAILED);
    assert_string_equal(ev.response_id, "resp_1");
    assert_string_equal(ev.error.code, "insufficient_quota");
    assert_string_equal(ev.error.message, "no money");
    assert_string_equal(ev.purpose, "greeting");
    const struct desk_rt_usage *u = &ev.usage;
    assert_true(u->present && u->total == 120 && u->input == 100 && u->output == 20);
    assert_true(u->in_text == 60 && u->in_audio == 40 && u->in_cached == 30);
    assert_true(u->cached_text == 20 && u->cached_audio == 10);
    assert_true(u->out_text == 5 && u->out_audio == 15);
    desk_rt_event_clear(&ev);
    parse("{\"type\":\"response.done\",\"response\":{\"id\":\"r\",\"status\":\"cancelled\","
          "\"status_details\":{\"type\":\"cancelled\",\"reason\":\"turn_detected\"},"
          "\"usage\":null,\"metadata\":null}}");
    assert_int_equal(ev.status, DESK_RT_STATUS_CANCELLED);
    assert_string_equal(ev.status_reason, "turn_detected");
    assert_false(ev.usage.present);
    assert_string_equal(ev.purpose, "");
    desk_rt_event_clear(&ev);
    parse("{\"type\":\"response.created\",\"response\":{\"id\":\"r\",\"status\":\"in_progress\","
          "\"status_details\":null}}");
    assert_int_equal(ev.type, DESK_RT_RESPONSE_CREATED);
    desk_rt_event_clear(&ev);
}

static void errors(void **state)
{
    (void)state;
    parse("{\"type\":\"error\",\"event_id\":\"e9\",\"error\":{\"type\":\"invalid_request_error\","
          "\"code\":\"conversation_already_has_active_response\",\"message\":\"busy\","
          "\"param\":null,\"event_id\":\"fd-2\"}}");
    assert_string_equal(ev.event_id, "e9");
    assert_string_equal(ev.error.event_id, "fd-2");
    assert_string_equal(ev.error.message, "busy");
    assert_int_equal(desk_rt_error_class(ev.error.code, false), DESK_RT_HARMLESS);
    desk_rt_event_clear(&ev);
    static const struct {
        const char *code;
        bool update;
        enum desk_rt_severity want;
    } rows[] = {
        {"session_expired", false, DESK_RT_RECONNECT},
        {"server_error", false, DESK_RT_RECONNECT},
        {"invalid_api_key", true, DESK_RT_FATAL_CONFIG},
        {"insufficient_quota", false, DESK_RT_FATAL_CONFIG},
        {"beta_api_shape_disabled", false, DESK_RT_FATAL_CONFIG},
        {"cannot_update_voice", true, DESK_RT_HARMLESS},
        {"invalid_value", false, DESK_RT_HARMLESS},
        {"unknown_parameter", true, DESK_RT_FATAL_CALL},
        {"never_heard_of", false, DESK_RT_HARMLESS},
        {NULL, true, DESK_RT_FATAL_CALL},
        {"", false, DESK_RT_HARMLESS},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(desk_rt_error_class(rows[i].code, rows[i].update), rows[i].want);
    assert_int_equal(desk_rt_http_class(401), DESK_RT_FATAL_CONFIG);
    assert_int_equal(desk_rt_http_class(429), DESK_RT_RECONNECT);
    assert_int_equal(desk_rt_http_class(503), DESK_RT_RECONNECT);
    assert_int_equal(desk_rt_close_class(1000), DESK_RT_HARMLESS);
    assert_int_equal(desk_rt_close_class(1001), DESK_RT_RECONNECT);
    assert_int_equal(desk_rt_close_class(0), DESK_RT_RECONNECT);
    assert_int_equal(desk_rt_close_class(4000), DESK_RT_FATAL_CONFIG);
}

/* ---- what we send, read back as a server would ----------------------------------------------- */

static struct desk_buf b;

static struct desk_rt_client_event reread(enum desk_rt_client_type type)
{
    struct desk_rt_client_event c;
    assert_true(desk_buf_ok(&b));
    assert_int_equal(desk_rt_client_event_parse(&c, desk_buf_cstr(&b), b.len), DESK_OK);
    assert_int_equal(c.type, type);
    desk_buf_reset(&b);
    return c;
}

static const char *at(const json_t *v, const char *path)
{
    static char out[200];
    char key[40];
    while (v && *path) {
        size_t n = strcspn(path, ".");
        snprintf(key, sizeof key, "%.*s", (int)n, path);
        v = json_object_get(v, key);
        path += n + (path[n] == '.');
    }
    if (!v)
        return "absent";
    size_t n = json_dumpb(v, out, sizeof out - 1, JSON_COMPACT | JSON_ENCODE_ANY);
    out[n < sizeof out - 1 ? n : sizeof out - 1] = '\0';
    return out;
}

static const struct desk_rt_session session = {
    .event_id = "fd-1",
    .model = "gpt-realtime-2.1",
    .voice = "marin",
    .instructions = "You answer \"politely\".\n",
    .transcription_model = "gpt-transcribe",
    .language = "en",
    .vad_threshold = 0.55,
    .prefix_padding_ms = 300,
    .silence_ms = 600,
    .idle_timeout_ms = 1000,
    .far_field = true,
    .max_output_tokens = 1024,
    .retention_ratio = 0.8,
};

static void build_session_ga(void **state)
{
    struct desk_rt_session s = session;
    json_t *tools_list = json_pack("[{s:s,s:s,s:s,s:{s:s}}]", "type", "function", "name", "book",
                                   "description", "Books.", "parameters", "type", "object");
    (void)state;
    s.tools = tools_list;
    desk_rt_build_session_update(&b, &s);
    struct desk_rt_client_event c = reread(DESK_RTC_SESSION_UPDATE);
    assert_string_equal(c.event_id, "fd-1");
    assert_string_equal(c.instructions, "You answer \"politely\".\n");
    assert_string_equal(at(c.session, "type"), "\"realtime\"");
    assert_string_equal(at(c.session, "model"), "\"gpt-realtime-2.1\"");
    assert_string_equal(at(c.session, "output_modalities"), "[\"audio\"]");
    assert_string_equal(at(c.session, "audio.input.format.type"), "\"audio/pcmu\"");
    assert_string_equal(at(c.session, "audio.output.format.type"), "\"audio/pcmu\"");
    assert_string_equal(at(c.session, "audio.output.voice"), "\"marin\"");
    assert_string_equal(at(c.session, "audio.input.noise_reduction"), "{\"type\":\"far_field\"}");
    assert_string_equal(at(c.session, "audio.input.transcription"),
                        "{\"model\":\"gpt-transcribe\",\"language\":\"en\"}");
    assert_string_equal(at(c.session, "audio.input.turn_detection.idle_timeout_ms"), "5000");
    assert_string_equal(at(c.session, "audio.input.turn_detection.interrupt_response"), "true");
    assert_string_equal(at(c.session, "tool_choice"), "\"auto\"");
    assert_string_equal(at(c.session, "max_output_tokens"), "1024");
    desk_rt_client_event_clear(&c);
    s.tool_choice = "book";
    s.no_turn_detection = true;
    desk_rt_build_session_update(&b, &s);
    c = reread(DESK_RTC_SESSION_UPDATE);
    assert_string_equal(at(c.session, "tool_choice"), "{\"type\":\"function\",\"name\":\"book\"}");
    assert_string_equal(at(c.session, "audio.input.turn_detection"), "null");
    desk_rt_client_event_clear(&c);
    s.no_turn_detection = false;
    s.semantic_vad = true;
    s.eagerness = "low";
    desk_rt_build_session_update(&b, &s);
    c = reread(DESK_RTC_SESSION_UPDATE);
    assert_string_equal(at(c.session, "audio.input.turn_detection"),
                        "{\"type\":\"semantic_vad\",\"eagerness\":\"low\",\"create_response\":true,"
                        "\"interrupt_response\":true}");
    desk_rt_client_event_clear(&c);
    json_decref(tools_list);
}

/* The instructions alone, in both dialects. */
static void build_instructions(void **state)
{
    (void)state;
    desk_rt_build_instructions(&b, "e7", DESK_RT_GA, "Lead \"so\".");
    struct desk_rt_client_event c = reread(DESK_RTC_SESSION_UPDATE);
    assert_string_equal(c.event_id, "e7");
    assert_int_equal(json_object_size(c.session), 2);
    assert_string_equal(at(c.session, "type"), "\"realtime\"");
    assert_string_equal(at(c.session, "instructions"), "\"Lead \\\"so\\\".\"");
    desk_rt_client_event_clear(&c);
    desk_rt_build_instructions(&b, NULL, DESK_RT_BETA, "x");
    c = reread(DESK_RTC_SESSION_UPDATE);
    assert_int_equal(json_object_size(c.session), 1);
    desk_rt_client_event_clear(&c);
}

static void build_session_beta(void **state)
{
    struct desk_rt_session s = session;
    (void)state;
    s.dialect = DESK_RT_BETA;
    desk_rt_build_session_update(&b, &s);
    struct desk_rt_client_event c = reread(DESK_RTC_SESSION_UPDATE);
    assert_string_equal(at(c.session, "type"), "absent");
    assert_string_equal(at(c.session, "audio"), "absent");
    assert_string_equal(at(c.session, "modalities"), "[\"text\",\"audio\"]");
    assert_string_equal(at(c.session, "input_audio_format"), "\"g711_ulaw\"");
    assert_string_equal(at(c.session, "output_audio_format"), "\"g711_ulaw\"");
    assert_string_equal(at(c.session, "voice"), "\"marin\"");
    assert_string_equal(at(c.session, "max_response_output_tokens"), "1024");
    assert_string_equal(at(c.session, "input_audio_transcription.model"), "\"gpt-transcribe\"");
    assert_string_equal(at(c.session, "turn_detection.idle_timeout_ms"), "absent");
    assert_string_equal(at(c.session, "turn_detection.silence_duration_ms"), "600");
    desk_rt_client_event_clear(&c);
}

static void build_rest(void **state)
{
    struct desk_rt_client_event c;
    (void)state;
    desk_rt_build_append(&b, "fn5+", 4);
    c = reread(DESK_RTC_APPEND);
    assert_null(c.json); /* the fast way */
    assert_int_equal(c.audio.n, 4);
    desk_rt_client_event_clear(&c);
    desk_rt_build_function_output(&b, "e", "call_5", "{\"ok\":true}");
    c = reread(DESK_RTC_ITEM_CREATE);
    assert_int_equal(c.item_type, DESK_RT_ITEM_FUNCTION_OUTPUT);
    assert_string_equal(c.call_id, "call_5");
    assert_string_equal(c.output, "{\"ok\":true}");
    desk_rt_client_event_clear(&c);
    desk_rt_build_function_call(&b, NULL, "call_5", "book", NULL);
    c = reread(DESK_RTC_ITEM_CREATE);
    assert_string_equal(c.name, "book");
    assert_string_equal(c.arguments, "{}");
    desk_rt_client_event_clear(&c);
    static const char *const types[] = {"", "input_text", "output_text", "input_text"};
    for (int role = DESK_RT_USER; role <= DESK_RT_SYSTEM; role++) {
        desk_rt_build_message(&b, NULL, DESK_RT_GA, (enum desk_rt_role)role, "a\xff\"b");
        c = reread(DESK_RTC_ITEM_CREATE);
        assert_int_equal(c.role, role);
        assert_string_equal(c.text, "a\xef\xbf\xbd\"b");
        const json_t *part = json_array_get(json_object_get(c.item, "content"), 0);
        assert_string_equal(json_string_value(json_object_get(part, "type")), types[role]);
        desk_rt_client_event_clear(&c);
    }
    desk_rt_build_message(&b, NULL, DESK_RT_BETA, DESK_RT_ASSISTANT, "x");
    assert_non_null(strstr(desk_buf_cstr(&b), "{\"type\":\"text\","));
    desk_buf_reset(&b);
    desk_rt_build_truncate(&b, NULL, "i", 1480);
    c = reread(DESK_RTC_ITEM_TRUNCATE);
    assert_string_equal(c.item_id, "i");
    assert_true(c.audio_end_ms == 1480 && c.content_index == 0);
    desk_rt_client_event_clear(&c);
    desk_rt_build_delete(&b, "e", "i");
    c = reread(DESK_RTC_ITEM_DELETE);
    desk_rt_client_event_clear(&c);
    desk_rt_build_commit(&b);
    c = reread(DESK_RTC_COMMIT);
    desk_rt_client_event_clear(&c);
    desk_rt_build_clear(&b);
    c = reread(DESK_RTC_CLEAR);
    desk_rt_client_event_clear(&c);
    desk_rt_build_response_cancel(&b, NULL, "resp_1");
    c = reread(DESK_RTC_RESPONSE_CANCEL);
    assert_string_equal(c.response_id, "resp_1");
    desk_rt_client_event_clear(&c);
}

static void build_response(void **state)
{
    struct desk_rt_client_event c;
    (void)state;
    desk_rt_build_response_create(&b, NULL);
    assert_string_equal(desk_buf_cstr(&b), "{\"type\":\"response.create\"}");
    c = reread(DESK_RTC_RESPONSE_CREATE);
    assert_null(c.response);
    desk_rt_client_event_clear(&c);
    desk_rt_build_response_create(&b, &(struct desk_rt_response_params){.event_id = "g",
                                                                        .instructions = "Say hi",
                                                                        .tool_choice = "none",
                                                                        .purpose = "greeting"});
    c = reread(DESK_RTC_RESPONSE_CREATE);
    assert_string_equal(c.instructions, "Say hi");
    assert_string_equal(c.tool_choice, "none");
    assert_string_equal(at(c.response, "metadata.purpose"), "\"greeting\"");
    desk_rt_client_event_clear(&c);
    desk_rt_build_response_create(&b, &(struct desk_rt_response_params){.tool_choice = "book"});
    c = reread(DESK_RTC_RESPONSE_CREATE);
    assert_string_equal(c.tool_choice, "book");
    desk_rt_client_event_clear(&c);
}

static void client_events_from_others(void **state)
{
    struct desk_rt_client_event c;
    (void)state;
    desk_buf_str(&b, "{\"type\":\"input_audio_buffer.append\",\"audio\":\"fn\\u0035+\"}");
    c = reread(DESK_RTC_APPEND);
    assert_non_null(c.json);
    assert_memory_equal(c.audio.p, "fn5+", 4);
    desk_rt_client_event_clear(&c);
    desk_buf_str(&b, "{\"type\":\"conversation.item.truncate\",\"item_id\":\"i\","
                     "\"content_index\":0,\"audio_end_ms\":12.5}");
    c = reread(DESK_RTC_ITEM_TRUNCATE);
    assert_true(c.audio_end_ms == -1);
    desk_rt_client_event_clear(&c);
    desk_buf_str(&b, "{\"type\":\"output_audio_buffer.dance\",\"event_id\":\"e\"}");
    c = reread(DESK_RTC_UNKNOWN);
    assert_string_equal(c.type_name, "output_audio_buffer.dance");
    desk_rt_client_event_clear(&c);
    static const char *const bad[] = {"{}", "[]", "{\"type\":\"input_audio_buffer.append\"}",
                                      "{\"type\":\"input_audio_buffer.append\",\"audio\":\"A\"}",
                                      "{\"type\":null}"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(desk_rt_client_event_parse(&c, bad[i], strlen(bad[i])), DESK_EINVAL);
}

/* ---- what our server sends, read back by the bridge's reader --------------------------------- */

static struct desk_rts srv;

static void sent(enum desk_rt_type type)
{
    assert_true(desk_buf_ok(&b));
    parse(desk_buf_cstr(&b));
    if (ev.type != type)
        fail_msg("%s: %s", desk_rt_type_name(ev.type), desk_buf_cstr(&b));
    assert_memory_equal(ev.event_id, "event_", 6);
    desk_buf_reset(&b);
}

static void server_session(void **state)
{
    json_t *s = json_pack("{s:s,s:s,s:i}", "id", "sess_1", "model", "offline", "expires_at", 5);
    (void)state;
    desk_rts_session_created(&srv, &b, s);
    sent(DESK_RT_SESSION_CREATED);
    assert_string_equal(ev.session_id, "sess_1");
    desk_rt_event_clear(&ev);
    desk_rts_session_updated(&srv, &b, s);
    sent(DESK_RT_SESSION_UPDATED);
    assert_true(ev.expires_at == 5);
    desk_rt_event_clear(&ev);
    json_decref(s);
    desk_rts_error(&srv, &b,
                   &(struct desk_rt_error){.code = "x", .message = "m \"q\"", .event_id = "e"});
    sent(DESK_RT_ERROR);
    assert_string_equal(ev.error.type, "invalid_request_error");
    assert_string_equal(ev.error.message, "m \"q\"");
    assert_string_equal(ev.error.event_id, "e");
    desk_rt_event_clear(&ev);
}

static void server_items(void **state)
{
    const struct desk_rts_item user = {.id = "u",
                                       .type = DESK_RT_ITEM_MESSAGE,
                                       .role = DESK_RT_USER,
                                       .audio = true,
                                       .text = "hello",
                                       .audio_base64 = "AAAA"};
    const struct desk_rts_item call = {.id = "f",
                                       .type = DESK_RT_ITEM_FUNCTION_CALL,
                                       .call_id = "c",
                                       .name = "book",
                                       .arguments = "{}"};
    const struct desk_rts_item output = {
        .id = "o", .type = DESK_RT_ITEM_FUNCTION_OUTPUT, .call_id = "c", .output = "done"};
    (void)state;
    desk_rts_item_added(&srv, &b, NULL, &user);
    sent(DESK_RT_ITEM_ADDED);
    assert_string_equal(ev.text, "hello");
    assert_int_equal(ev.role, DESK_RT_USER);
    assert_string_equal(ev.previous_item_id, "");
    desk_rt_event_clear(&ev);
    desk_rts_item_done(&srv, &b, "u", &call);
    sent(DESK_RT_ITEM_DONE);
    assert_string_equal(ev.name, "book");
    assert_string_equal(ev.previous_item_id, "u");
    desk_rt_event_clear(&ev);
    desk_rts_item_retrieved(&srv, &b, &output);
    sent(DESK_RT_ITEM_RETRIEVED);
    assert_string_equal(ev.text, "done");
    assert_int_equal(ev.item_type, DESK_RT_ITEM_FUNCTION_OUTPUT);
    desk_rt_event_clear(&ev);
    desk_rts_item_truncated(&srv, &b, "u", 0, 480);
    sent(DESK_RT_ITEM_TRUNCATED);
    assert_true(ev.audio_end_ms == 480);
    desk_rt_event_clear(&ev);
    desk_rts_item_deleted(&srv, &b, "u");
    sent(DESK_RT_ITEM_DELETED);
    desk_rt_event_clear(&ev);
}

static void server_input(void **state)
{
    (void)state;
    desk_rts_speech_started(&srv, &b, "i", 100);
    sent(DESK_RT_SPEECH_STARTED);
    assert_true(ev.audio_start_ms == 100);
    desk_rt_event_clear(&ev);
    desk_rts_speech_stopped(&srv, &b, "i", 900);
    sent(DESK_RT_SPEECH_STOPPED);
    assert_true(ev.audio_end_ms == 900);
    desk_rt_event_clear(&ev);
    desk_rts_committed(&srv, &b, "i", "p");
    sent(DESK_RT_COMMITTED);
    desk_rt_event_clear(&ev);
    desk_rts_cleared(&srv, &b);
    sent(DESK_RT_CLEARED);
    desk_rt_event_clear(&ev);
    desk_rts_idle_timeout(&srv, &b, "i", 1, 2);
    sent(DESK_RT_IDLE_TIMEOUT);
    desk_rt_event_clear(&ev);
    desk_rts_transcription_delta(&srv, &b, "i", "he");
    sent(DESK_RT_INPUT_TRANSCRIPT_DELTA);
    assert_string_equal(ev.text, "he");
    desk_rt_event_clear(&ev);
    desk_rts_transcription_completed(&srv, &b, "i", "hello", 1.25);
    sent(DESK_RT_INPUT_TRANSCRIPT_DONE);
    assert_string_equal(ev.text, "hello");
    assert_true(ev.usage.seconds == 1.25);
    desk_rt_event_clear(&ev);
    desk_rts_transcription_failed(&srv, &b, "i", "c", "m");
    sent(DESK_RT_INPUT_TRANSCRIPT_FAILED);
    assert_string_equal(ev.error.code, "c");
    desk_rt_event_clear(&ev);
}

static void server_response(void **state)
{
    const struct desk_rts_item item = {.id = "a",
                                       .type = DESK_RT_ITEM_MESSAGE,
                                       .role = DESK_RT_ASSISTANT,
                                       .audio = true,
                                       .text = "Hi"};
    const struct desk_rt_usage u = {
        .total = 30, .input = 10, .output = 20, .in_text = 10, .out_text = 4, .out_audio = 16};
    const struct desk_rts_at where = {.response_id = "r", .item_id = "a", .output_index = 1};
    json_t *metadata = json_pack("{s:s}", "purpose", "greeting");
    struct desk_rts_response r = {
        .id = "r", .status = DESK_RT_STATUS_IN_PROGRESS, .metadata = metadata, .voice = "slt"};
    (void)state;
    desk_rts_response_created(&srv, &b, &r);
    sent(DESK_RT_RESPONSE_CREATED);
    assert_string_equal(ev.purpose, "greeting");
    assert_int_equal(ev.status, DESK_RT_STATUS_IN_PROGRESS);
    desk_rt_event_clear(&ev);
    desk_rts_output_item_added(&srv, &b, &where, &item);
    sent(DESK_RT_OUTPUT_ITEM_ADDED);
    assert_string_equal(ev.response_id, "r");
    assert_int_equal(ev.output_index, 1);
    desk_rt_event_clear(&ev);
    desk_rts_content_part_added(&srv, &b, &where, true);
    sent(DESK_RT_CONTENT_PART_ADDED);
    desk_rt_event_clear(&ev);
    desk_rts_audio_delta(&srv, &b, &where, "fn5+", 4);
    sent(DESK_RT_AUDIO_DELTA);
    assert_null(ev.json); /* our own server's audio goes the fast way */
    assert_string_equal(ev.item_id, "a");
    desk_rt_event_clear(&ev);
    desk_rts_audio_done(&srv, &b, &where);
    sent(DESK_RT_AUDIO_DONE);
    desk_rt_event_clear(&ev);
    desk_rts_transcript_delta(&srv, &b, &where, "H");
    sent(DESK_RT_TRANSCRIPT_DELTA);
    desk_rt_event_clear(&ev);
    desk_rts_transcript_done(&srv, &b, &where, "Hi");
    sent(DESK_RT_TRANSCRIPT_DONE);
    assert_string_equal(ev.text, "Hi");
    desk_rt_event_clear(&ev);
    desk_rts_text_delta(&srv, &b, &where, "H");
    sent(DESK_RT_TEXT_DELTA);
    desk_rt_event_clear(&ev);
    desk_rts_text_done(&srv, &b, &where, "Hi");
    sent(DESK_RT_TEXT_DONE);
    desk_rt_event_clear(&ev);
    desk_rts_arguments_delta(&srv, &b, &where, "c", "{");
    sent(DESK_RT_ARGUMENTS_DELTA);
    desk_rt_event_clear(&ev);
    desk_rts_arguments_done(&srv, &b, &where, "c", "book", "{}");
    sent(DESK_RT_ARGUMENTS_DONE);
    assert_string_equal(ev.name, "book");
    desk_rt_event_clear(&ev);
    desk_rts_content_part_done(&srv, &b, &where, true, "Hi");
    sent(DESK_RT_CONTENT_PART_DONE);
    desk_rt_event_clear(&ev);
    desk_rts_output_item_done(&srv, &b, &where, &item);
    sent(DESK_RT_OUTPUT_ITEM_DONE);
    assert_string_equal(ev.text, "Hi");
    desk_rt_event_clear(&ev);
    r.status = DESK_RT_STATUS_CANCELLED;
    r.status_reason = "turn_detected";
    r.items = &item;
    r.n_items = 1;
    r.usage = &u;
    desk_rts_response_done(&srv, &b, &r);
    sent(DESK_RT_RESPONSE_DONE);
    assert_string_equal(ev.status_reason, "turn_detected");
    assert_true(ev.usage.total == 30 && ev.usage.out_audio == 16);
    desk_rt_event_clear(&ev);
    json_decref(metadata);
}

static int setup(void **state)
{
    (void)state;
    desk_buf_init(&b, 100000);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    desk_buf_clear(&b);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(audio_delta),        cmocka_unit_test(audio_delta_mutations),
        cmocka_unit_test(audio_not_copied),   cmocka_unit_test(aliases),
        cmocka_unit_test(session_and_speech), cmocka_unit_test(transcripts),
        cmocka_unit_test(function_call),      cmocka_unit_test(items),
        cmocka_unit_test(response_done),      cmocka_unit_test(errors),
        cmocka_unit_test(build_session_ga),   cmocka_unit_test(build_instructions),
        cmocka_unit_test(build_session_beta), cmocka_unit_test(build_rest),
        cmocka_unit_test(build_response),     cmocka_unit_test(client_events_from_others),
        cmocka_unit_test(server_session),     cmocka_unit_test(server_items),
        cmocka_unit_test(server_input),       cmocka_unit_test(server_response),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
