/* Media Streams messages. The file under test is included, so that its fast and its slow parser can
 * be asked apart: they must agree on everything the fast one accepts. */
#include "../../lib/wire/media_msg.c"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define SID  "MZ0123456789abcdef0123456789abcdef"
#define CALL "CA0123456789abcdef0123456789abcdef"
#define ACC  "AC0123456789abcdef0123456789abcdef"

static void same(const struct desk_media_msg *a, const struct desk_media_msg *b)
{
    assert_int_equal(a->type, b->type);
    assert_string_equal(a->stream_sid, b->stream_sid);
    assert_true(a->sequence == b->sequence);
    assert_int_equal(a->track, b->track);
    assert_true(a->chunk == b->chunk && a->timestamp_ms == b->timestamp_ms);
    assert_int_equal(a->payload.n, b->payload.n);
    assert_memory_equal(a->payload.p, b->payload.p, a->payload.n);
}

/* Parse both ways; returns whether the fast one took it. */
static bool both(const char *text, enum desk_rc want)
{
    static struct desk_media_msg fast, slow, whole;
    reset(&fast);
    reset(&slow);
    bool took = parse_fast(&fast, text, strlen(text));
    enum desk_rc rc = parse_slow(&slow, text, strlen(text));
    if (rc != want)
        fail_msg("slow %s: %s", desk_rc_name(rc), text);
    if (took && rc != DESK_OK)
        fail_msg("only the fast one takes %s", text);
    if (took)
        same(&fast, &slow);
    rc = desk_media_msg_parse(&whole, text, strlen(text));
    assert_int_equal(rc, want);
    if (rc == DESK_OK && slow.type == DESK_MEDIA_MEDIA)
        same(&whole, &slow);
    desk_media_msg_clear(&whole);
    desk_media_msg_clear(&slow);
    return took;
}

static void media_everyday(void **state)
{
    (void)state;
    assert_true(
        both("{\"event\":\"media\",\"sequenceNumber\":\"3\",\"media\":{\"track\":\"inbound\","
             "\"chunk\":\"1\",\"timestamp\":\"5\",\"payload\":\"/////w==\"},"
             "\"streamSid\":\"" SID "\"}",
             DESK_OK));
    struct desk_media_msg m;
    const char *text = "{\"event\":\"media\",\"sequenceNumber\":\"42\",\"streamSid\":\"" SID
                       "\",\"media\":{\"track\":\"outbound\",\"chunk\":\"7\","
                       "\"timestamp\":\"140\",\"payload\":\"fn5+\"}}";
    assert_int_equal(desk_media_msg_parse(&m, text, strlen(text)), DESK_OK);
    assert_int_equal(m.type, DESK_MEDIA_MEDIA);
    assert_string_equal(m.stream_sid, SID);
    assert_true(m.sequence == 42 && m.chunk == 7 && m.timestamp_ms == 140);
    assert_int_equal(m.track, DESK_TRACK_OUTBOUND);
    assert_int_equal(m.payload.n, 4);
    assert_memory_equal(m.payload.p, "fn5+", 4);
    assert_true(m.payload.p > text && m.payload.p < text + strlen(text)); /* not copied */
    desk_media_msg_clear(&m);
}

static void media_variants(void **state)
{
    static const struct {
        const char *text;
        bool fast;
    } rows[] = {
        {"{\"media\":{\"payload\":\"AAAA\"},\"event\":\"media\"}", true},
        {" {\t\"event\" :\n\"media\" ,\r\"media\":{ \"payload\" : \"AAAA\" } } \n", true},
        {"{\"event\":\"media\",\"media\":{\"payload\":\"\"}}", true},
        {"{\"event\":\"media\",\"media\":{\"track\":\"both\",\"payload\":\"AAAA\"}}", true},
        {"{\"event\":\"media\",\"sequenceNumber\":\"007\",\"media\":{\"payload\":\"AAAA\"}}", true},
        {"{\"event\":\"media\",\"sequenceNumber\":7,\"media\":{\"payload\":\"AAAA\"}}", false},
        {"{\"event\":\"media\",\"sequenceNumber\":\"x\",\"media\":{\"payload\":\"AAAA\"}}", false},
        {"{\"event\":\"media\",\"sequenceNumber\":-7,\"media\":{\"payload\":\"AAAA\"}}", false},
        {"{\"event\":\"media\",\"sequenceNumber\":\"9999999999999999999\","
         "\"media\":{\"payload\":\"AAAA\"}}",
         false},
        {"{\"event\":\"media\",\"media\":{\"payload\":\"\\/AAA\"}}", false},
        {"{\"event\":\"media\",\"media\":{\"payload\":\"\\u0041AAA\"}}", false},
        {"{\"\\u0065vent\":\"media\",\"media\":{\"payload\":\"AAAA\"}}", false},
        {"{\"event\":\"m\\u0065dia\",\"media\":{\"payload\":\"AAAA\"}}", false},
        {"{\"event\":\"media\",\"new\":[1,{\"payload\":\"x\"}],\"media\":{\"payload\":\"AAAA\"}}",
         false},
        {"{\"event\":\"media\",\"media\":{\"payload\":\"AAAA\",\"new\":{\"a\":[null,true]}}}",
         false},
        {"{\"event\":\"media\",\"streamSid\":null,\"media\":{\"payload\":\"AAAA\"}}", false},
        {"{\"event\":\"media\",\"media\":{\"track\":\"\xc3\xa9\",\"payload\":\"AAAA\"}}", false},
        {"{\"event\":\"x\",\"event\":\"media\",\"media\":{\"payload\":\"AAAA\"}}", false},
        {"{\"event\":\"media\",\"media\":1,\"media\":{\"payload\":\"AAAA\"}}", false},
        {"{\"event\":\"media\",\"media\":{\"payload\":\"!!\",\"payload\":\"AAAA\"}}", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (both(rows[i].text, DESK_OK) != rows[i].fast)
            fail_msg("fast way wanted %d: %s", rows[i].fast, rows[i].text);
}

static void media_wrong(void **state)
{
    static const char *const bad[] = {
        "",
        "{",
        "null",
        "[]",
        "\"media\"",
        "{}",
        "{\"event\":5}",
        "{\"event\":\"\"}",
        "{\"event\":\"media\"}",
        "{\"event\":\"media\",\"media\":{}}",
        "{\"event\":\"media\",\"media\":{\"payload\":null}}",
        "{\"event\":\"media\",\"media\":{\"payload\":5}}",
        "{\"event\":\"media\",\"media\":{\"payload\":\"AAA\"}}",
        "{\"event\":\"media\",\"media\":{\"payload\":\"AA-A\"}}",
        "{\"event\":\"media\",\"media\":{\"payload\":\"AAAA\\u0000\"}}",
        "{\"event\":\"media\",\"media\":\"AAAA\"}",
        "{\"event\":\"media\",\"media\":{\"payload\":\"AAAA\"}} x",
        "{\"event\":\"media\",\"media\":{\"payload\":\"AAAA\"},}",
        "{\"event\":\"media\",,\"media\":{\"payload\":\"AAAA\"}}",
        "{\"event\":\"media\",\"media\":{\"payload\":\"AAAA\",}}",
        "{\"event\":\"media\",\"media\":{\"payload\":\"AAAA\"}",
        "{\"event\":\"media\" \"media\":{\"payload\":\"AAAA\"}}",
        "{\"event\":\"media\",\"media\":{\"payload\":\"AAAA}}",
        "{\"event\":\"media\",\"streamSid\":\"a\nb\",\"media\":{\"payload\":\"AAAA\"}}",
        "{\"event\":\"media\",\"streamSid\":\"" SID SID "\",\"media\":{\"payload\":\"AAAA\"}}",
        "{\"event\":\"start\",\"start\":{}}",
        "{\"event\":\"start\",\"streamSid\":\"" SID "\",\"start\":{\"accountSid\":\"x\"}}",
        "{\"event\":\"dtmf\",\"dtmf\":{\"digit\":\"12\"}}",
        "{\"event\":\"dtmf\",\"dtmf\":{\"digit\":\"x\"}}",
        "{\"event\":\"dtmf\",\"dtmf\":{\"digit\":\"\\u0000\"}}",
        "{\"event\":\"mark\",\"mark\":{}}",
        "{\"event\":\"mark\",\"mark\":{\"name\":\"\"}}",
        "\xff\xfe{\"event\":\"connected\"}",
    };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        both(bad[i], DESK_EINVAL);
}

/* Every cut and every changed byte of a good message: never a fast "yes" that the slow denies. */
static void media_mutations(void **state)
{
    static const char good[] = "{\"event\":\"media\",\"sequenceNumber\":\"3\",\"media\":{\"track\":"
                               "\"inbound\",\"chunk\":\"1\",\"timestamp\":\"5\",\"payload\":"
                               "\"/38A\"},\"streamSid\":\"" SID "\"}";
    static const char swap[] = "\"\\{}[],:0 \n\x01\x7f\xc3=A";
    static struct desk_media_msg fast, slow;
    char text[sizeof good];
    (void)state;
    for (size_t i = 0; i < sizeof good - 1; i++)
        for (size_t c = 0; c < sizeof swap; c++) {
            memcpy(text, good, sizeof good);
            text[i] = swap[c];
            size_t n = c == sizeof swap - 1 ? i : sizeof good - 1; /* the last: cut there */
            reset(&fast);
            reset(&slow);
            bool took = parse_fast(&fast, text, n);
            enum desk_rc rc = parse_slow(&slow, text, n);
            if (took && rc != DESK_OK)
                fail_msg("%s", text);
            if (took)
                same(&fast, &slow);
            desk_media_msg_clear(&slow);
        }
}

static void start(void **state)
{
    static struct desk_media_msg m;
    const char *text =
        "{\"event\":\"start\",\"sequenceNumber\":\"1\",\"start\":{\"accountSid\":\"" ACC
        "\",\"streamSid\":\"" SID "\",\"callSid\":\"" CALL "\",\"tracks\":[\"inbound\"],"
        "\"mediaFormat\":{\"encoding\":\"audio/x-mulaw\",\"sampleRate\":8000,\"channels\":1},"
        "\"customParameters\":{\"token\":\"abc\",\"n\\u00e4me\":\"J\\u00f6\",\"num\":5}},"
        "\"streamSid\":\"" SID "\"}";
    (void)state;
    assert_int_equal(desk_media_msg_parse(&m, text, strlen(text)), DESK_OK);
    assert_int_equal(m.type, DESK_MEDIA_START);
    assert_string_equal(m.stream_sid, SID);
    assert_string_equal(m.call_sid, CALL);
    assert_string_equal(m.account_sid, ACC);
    assert_string_equal(m.encoding, "audio/x-mulaw");
    assert_int_equal(m.sample_rate, 8000);
    assert_int_equal(m.channels, 1);
    assert_int_equal(m.n_params, 2);
    assert_string_equal(desk_media_param_get(&m, "token"), "abc");
    assert_string_equal(desk_media_param_get(&m, "n\xc3\xa4me"), "J\xc3\xb6");
    assert_null(desk_media_param_get(&m, "num"));
    desk_media_msg_clear(&m);
    assert_int_equal(m.n_params, 0);
}

static void start_many_parameters(void **state)
{
    static struct desk_media_msg m;
    static char longest[DESK_MEDIA_PARAM + 1];
    struct desk_buf b;
    (void)state;
    memset(longest, 'v', DESK_MEDIA_PARAM);
    desk_buf_init(&b, 100000);
    desk_buf_str(&b, "{\"event\":\"start\",\"start\":{\"streamSid\":\"" SID "\",\"callSid\":\"" CALL
                     "\",\"customParameters\":{");
    desk_buf_fmt(&b, "\"long\":\"%s\"", longest);
    desk_buf_fmt(&b, ",\"fits\":\"%s\"", longest + 1);
    desk_buf_str(&b, ",\"nul\":\"a\\u0000b\"");
    for (int i = 0; i < 20; i++)
        desk_buf_fmt(&b, ",\"p%d\":\"%d\"", i, i);
    desk_buf_str(&b, "}}}");
    assert_int_equal(desk_media_msg_parse(&m, b.p, b.len), DESK_OK);
    assert_int_equal(m.n_params, DESK_MEDIA_PARAMS);
    assert_null(desk_media_param_get(&m, "long"));
    assert_null(desk_media_param_get(&m, "nul"));
    assert_string_equal(desk_media_param_get(&m, "fits"), longest + 1);
    assert_string_equal(desk_media_param_get(&m, "p14"), "14");
    assert_null(desk_media_param_get(&m, "p15"));
    assert_int_equal(m.sample_rate, 0);
    desk_media_msg_clear(&m);
    desk_buf_clear(&b);
}

static void others(void **state)
{
    static struct desk_media_msg m;
    const char *text = "{\"event\":\"connected\",\"protocol\":\"Call\",\"version\":\"1.0.0\"}";
    (void)state;
    assert_int_equal(desk_media_msg_parse(&m, text, strlen(text)), DESK_OK);
    assert_int_equal(m.type, DESK_MEDIA_CONNECTED);
    text = "{\"event\":\"dtmf\",\"streamSid\":\"" SID "\",\"sequenceNumber\":\"5\","
           "\"dtmf\":{\"track\":\"inbound_track\",\"digit\":\"#\"}}";
    assert_int_equal(desk_media_msg_parse(&m, text, strlen(text)), DESK_OK);
    assert_int_equal(m.type, DESK_MEDIA_DTMF);
    assert_int_equal(m.digit, '#');
    assert_int_equal(m.track, DESK_TRACK_INBOUND);
    text = "{\"event\":\"mark\",\"sequenceNumber\":\"4\",\"streamSid\":\"" SID
           "\",\"mark\":{\"name\":\"r7-p3\"}}";
    assert_int_equal(desk_media_msg_parse(&m, text, strlen(text)), DESK_OK);
    assert_int_equal(m.type, DESK_MEDIA_MARK_PLAYED);
    assert_string_equal(m.mark, "r7-p3");
    text = "{\"event\":\"stop\",\"sequenceNumber\":\"9\",\"streamSid\":\"" SID
           "\",\"stop\":{\"accountSid\":\"" ACC "\",\"callSid\":\"" CALL "\"}}";
    assert_int_equal(desk_media_msg_parse(&m, text, strlen(text)), DESK_OK);
    assert_int_equal(m.type, DESK_MEDIA_STOP);
    assert_string_equal(m.call_sid, CALL);
    assert_true(m.sequence == 9);
    text = "{\"event\":\"hologram\",\"payload\":{\"x\":1}}";
    assert_int_equal(desk_media_msg_parse(&m, text, strlen(text)), DESK_OK);
    assert_int_equal(m.type, DESK_MEDIA_UNKNOWN);
    desk_media_msg_clear(&m);
    assert_string_equal(desk_media_type_name((enum desk_media_type)99), "unknown");
}

static void build_outgoing(void **state)
{
    struct desk_buf b;
    (void)state;
    desk_buf_init(&b, 1000);
    desk_media_build_media(&b, SID, "AAAA", 4);
    assert_string_equal(desk_buf_cstr(&b), "{\"event\":\"media\",\"streamSid\":\"" SID
                                           "\",\"media\":{\"payload\":\"AAAA\"}}");
    assert_true(both(desk_buf_cstr(&b), DESK_OK));
    desk_buf_reset(&b);
    desk_media_build_mark(&b, SID, "a\"b");
    assert_string_equal(desk_buf_cstr(&b), "{\"event\":\"mark\",\"streamSid\":\"" SID
                                           "\",\"mark\":{\"name\":\"a\\\"b\"}}");
    desk_buf_reset(&b);
    desk_media_build_clear(&b, SID);
    assert_string_equal(desk_buf_cstr(&b), "{\"event\":\"clear\",\"streamSid\":\"" SID "\"}");
    desk_buf_clear(&b);
}

/* What the simulator builds, our side reads. */
static void build_incoming(void **state)
{
    static struct desk_media_msg in, m;
    struct desk_buf b;
    (void)state;
    memset(&in, 0, sizeof in);
    in.sequence = 5;
    in.chunk = 2;
    in.timestamp_ms = 40;
    in.digit = '7';
    in.payload = (struct desk_slice){"fn5+", 4};
    in.n_params = 1;
    snprintf(in.stream_sid, sizeof in.stream_sid, SID);
    snprintf(in.call_sid, sizeof in.call_sid, CALL);
    snprintf(in.account_sid, sizeof in.account_sid, ACC);
    snprintf(in.mark, sizeof in.mark, "m\xc3\xa9");
    snprintf(in.params[0].name, sizeof in.params[0].name, "token");
    snprintf(in.params[0].value, sizeof in.params[0].value, "v\"1");
    static void (*const builders[])(struct desk_buf *, const struct desk_media_msg *) = {
        desk_media_build_start, desk_media_build_inbound, desk_media_build_dtmf,
        desk_media_build_mark_played, desk_media_build_stop};
    static const enum desk_media_type types[] = {DESK_MEDIA_START, DESK_MEDIA_MEDIA,
                                                 DESK_MEDIA_DTMF, DESK_MEDIA_MARK_PLAYED,
                                                 DESK_MEDIA_STOP};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        desk_buf_init(&b, 4000);
        builders[i](&b, &in);
        assert_int_equal(desk_media_msg_parse(&m, b.p, b.len), DESK_OK);
        assert_int_equal(m.type, types[i]);
        assert_string_equal(m.stream_sid, SID);
        assert_true(m.sequence == 5);
        if (m.type == DESK_MEDIA_START)
            assert_string_equal(desk_media_param_get(&m, "token"), "v\"1");
        if (m.type == DESK_MEDIA_MEDIA)
            assert_true(m.chunk == 2 && m.timestamp_ms == 40 && m.payload.n == 4 && !m.json);
        if (m.type == DESK_MEDIA_MARK_PLAYED)
            assert_string_equal(m.mark, "m\xc3\xa9");
        desk_media_msg_clear(&m);
        desk_buf_clear(&b);
    }
    desk_buf_init(&b, 4000);
    desk_media_build_connected(&b);
    assert_int_equal(desk_media_msg_parse(&m, b.p, b.len), DESK_OK);
    assert_int_equal(m.type, DESK_MEDIA_CONNECTED);
    desk_buf_clear(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(media_everyday), cmocka_unit_test(media_variants),
        cmocka_unit_test(media_wrong),    cmocka_unit_test(media_mutations),
        cmocka_unit_test(start),          cmocka_unit_test(start_many_parameters),
        cmocka_unit_test(others),         cmocka_unit_test(build_outgoing),
        cmocka_unit_test(build_incoming),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
