/* base64, µ-law, UTF-8 and JSON output. */
#include "base/utf8.h"
#include "wire/base64.h"
#include "wire/json_out.h"
#include "wire/mulaw.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void base64_known(void **state)
{
    static const char *const rows[][2] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk_buf b;
        desk_buf_init(&b, 100);
        assert_int_equal(desk_base64_encode(rows[i][0], strlen(rows[i][0]), &b), DESK_OK);
        assert_string_equal(desk_buf_cstr(&b), rows[i][1]);
        desk_buf_reset(&b);
        assert_int_equal(desk_base64_decode(rows[i][1], strlen(rows[i][1]), &b), DESK_OK);
        assert_string_equal(desk_buf_cstr(&b), rows[i][0]);
        assert_int_equal(desk_base64_decoded_len(rows[i][1], strlen(rows[i][1])),
                         strlen(rows[i][0]));
        desk_buf_clear(&b);
    }
}

static void base64_refuses(void **state)
{
    static const char *const bad[] = {"Z",
                                      "Zg",
                                      "Zg=",
                                      "Zg==Zg==",
                                      "Z===",
                                      "====",
                                      "Zh==",
                                      "Zm9=",
                                      "Zm9v\n",
                                      "Zm 9v",
                                      "Zm9v=",
                                      "Zm-v",
                                      "Zm_v",
                                      "=Zm9",
                                      "Zm9vZ=g=",
                                      "Zm9v====",
                                      "\xc3\xa9"
                                      "ab"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct desk_buf b;
        uint8_t raw[64];
        desk_buf_init(&b, 100);
        desk_buf_str(&b, "x");
        assert_int_equal(desk_base64_decode(bad[i], strlen(bad[i]), &b), DESK_EINVAL);
        assert_string_equal(desk_buf_cstr(&b), "x");
        assert_true(desk_buf_ok(&b));
        assert_int_equal(desk_base64_decode_raw(raw, bad[i], strlen(bad[i])), DESK_BASE64_BAD);
        assert_false(desk_base64_ok(bad[i], strlen(bad[i])));
        desk_buf_clear(&b);
    }
}

static void base64_round(void **state)
{
    uint8_t in[300], out[300];
    char text[404];
    (void)state;
    srand(7);
    for (size_t n = 0; n <= sizeof in; n++) {
        for (size_t i = 0; i < n; i++)
            in[i] = (uint8_t)rand();
        size_t len = desk_base64_encode_raw(text, in, n);
        assert_int_equal(len, desk_base64_encoded_len(n));
        assert_true(desk_base64_ok(text, len));
        assert_int_equal(desk_base64_decode_raw(out, text, len), n);
        assert_memory_equal(in, out, n);
    }
}

/* Every byte at every place: only the 64 are taken (a '=' here leaves spare bits), with their
 * value. */
static void base64_each(void **state)
{
    static const char ours[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    (void)state;
    for (unsigned c = 0; c < 256; c++)
        for (unsigned at = 0; at < 12; at++) {
            char text[] = "BBBBBBBBBBBB";
            uint8_t out[9], want[9] = {0x04, 0x10, 0x41, 0x04, 0x10, 0x41, 0x04, 0x10, 0x41};
            const char *known = memchr(ours, (int)c, 64);
            text[at] = (char)c;
            assert_int_equal(desk_base64_ok(text, 12), known != NULL);
            assert_int_equal(desk_base64_decode_raw(out, text, 12), known ? 9 : DESK_BASE64_BAD);
            if (!known)
                continue;
            unsigned v = 0x041041, shift = 18 - 6 * (at % 4);
            v = (v & ~(63u << shift)) | (unsigned)(known - ours) << shift;
            for (unsigned k = 0; k < 3; k++)
                want[at / 4 * 3 + k] = (uint8_t)(v >> (16 - 8 * k));
            assert_memory_equal(out, want, 9);
        }
}

static void base64_limits(void **state)
{
    struct desk_buf b;
    (void)state;
    desk_buf_init(&b, 7);
    assert_int_equal(desk_base64_encode("foobar", 6, &b), DESK_ELIMIT);
    assert_false(desk_buf_ok(&b));
    desk_buf_clear(&b);
    desk_buf_init(&b, 5);
    assert_int_equal(desk_base64_decode("Zm9vYmFy", 8, &b), DESK_ELIMIT);
    desk_buf_clear(&b);
}

static void mulaw_known(void **state)
{
    (void)state;
    /* ITU-T G.711 table 2a, 16-bit scale */
    assert_int_equal(desk_mulaw_to_linear(0xff), 0);
    assert_int_equal(desk_mulaw_to_linear(0x7f), 0);
    assert_int_equal(desk_mulaw_to_linear(0x80), 32124);
    assert_int_equal(desk_mulaw_to_linear(0x00), -32124);
    assert_int_equal(desk_mulaw_to_linear(0xfe), 8);
    assert_int_equal(desk_mulaw_to_linear(0xf0), 120);
    assert_int_equal(desk_mulaw_from_linear(0), 0xff);
    assert_int_equal(desk_mulaw_from_linear(32767), 0x80);
    assert_int_equal(desk_mulaw_from_linear(-32768), 0x00);
    for (unsigned u = 0; u < 256; u++) { /* G.711: sign, 3 bits of exponent, 4 of mantissa */
        unsigned v = ~u & 0xff;
        int s = (int)((((v & 0x0f) << 3) + 0x84) << ((v >> 4) & 7)) - 0x84;
        assert_int_equal(desk_mulaw_to_linear((uint8_t)u), v & 0x80 ? -s : s);
    }
}

static void mulaw_round(void **state)
{
    (void)state;
    for (int u = 0; u < 256; u++) {
        int16_t s = desk_mulaw_to_linear((uint8_t)u);
        uint8_t back = desk_mulaw_from_linear(s);
        assert_int_equal(back, u == 0x7f ? 0xff : u); /* two zeros */
    }
    int last = -40000;
    for (int s = -32768; s <= 32767; s++) {
        int v = desk_mulaw_to_linear(desk_mulaw_from_linear((int16_t)s));
        int clipped = s > 32635 ? 32635 : s < -32635 ? -32635 : s;
        assert_true(abs(v - clipped) <= abs(clipped) / 28 + 8); /* half a step */
        assert_true(v >= last);
        last = v;
    }
}

static void mulaw_level(void **state)
{
    int16_t pcm[800];
    uint8_t mu[800];
    (void)state;
    memset(mu, DESK_MULAW_SILENCE, sizeof mu);
    assert_true(desk_mulaw_level_db(mu, sizeof mu) == -96.0);
    assert_true(desk_mulaw_level_db(mu, 0) == -96.0);
    for (int i = 0; i < 800; i++)
        pcm[i] = (int16_t)(3276.8 * sin(i * 2 * M_PI * 440 / 8000));
    desk_mulaw_encode(mu, pcm, 800);
    assert_true(fabs(desk_pcm_level_db(pcm, 800) - -23.0) < 0.1); /* -20 dB peak, -3 for a sine */
    assert_true(fabs(desk_mulaw_level_db(mu, 800) - -23.0) < 0.2);
    for (int i = 0; i < 800; i++)
        pcm[i] = 5000;
    assert_true(desk_pcm_level_db(pcm, 800) == -96.0); /* a constant is not heard */
}

static void check_clean(const char *in, size_t n, const char *want)
{
    struct desk_buf b;
    desk_buf_init(&b, 1000);
    desk_utf8_clean(&b, in, n);
    assert_string_equal(desk_buf_cstr(&b), want);
    assert_true(desk_utf8_valid(desk_buf_cstr(&b), b.len));
    desk_buf_clear(&b);
}

#define CLEAN(in, want) check_clean(in, sizeof(in) - 1, want)

static void utf8_clean(void **state)
{
    (void)state;
    CLEAN("", "");
    CLEAN("Gr\xc3\xbc\xc3\x9f"
          "e \xf0\x9f\x91\x8b",
          "Gr\xc3\xbc\xc3\x9f"
          "e \xf0\x9f\x91\x8b");
    CLEAN("a\tb\r\nc", "a\tb\r\nc");
    CLEAN("a\x00\x01\x1f\x7f"
          "b",
          "ab");
    CLEAN("\xc2\x80\xc2\x9fx\xc2\xa0", "x\xc2\xa0");
    CLEAN("\xff", "\xef\xbf\xbd");
    CLEAN("\xc3", "\xef\xbf\xbd");
    CLEAN("\xc0\x80", "\xef\xbf\xbd\xef\xbf\xbd");                 /* overlong NUL */
    CLEAN("\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"); /* surrogate */
    CLEAN("\xf4\x90\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
    CLEAN("\xef\xbf\xbe\xef\xbf\xbf\xef\xb7\x90y", "y");
}

static void utf8_parts(void **state)
{
    const char *s = "a\xc3\xa9\xe6\xbc\xa2\xf0\x9f\x91\x8b";
    const size_t want[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10};
    char out[8];
    (void)state;
    assert_int_equal(desk_utf8_count(s, 10), 4);
    for (size_t n = 0; n <= 10; n++)
        assert_int_equal(desk_utf8_cut(s, 10, n), want[n]);
    for (size_t n = 0; n <= 10; n++) { /* the same, when only the beginning is there */
        char begun[12] = "";
        memcpy(begun, s, n);
        assert_int_equal(desk_utf8_trim(begun), want[n]);
        assert_int_equal(strlen(begun), want[n]);
    }
    assert_int_equal(desk_utf8_cut("\x80\x80\x80\x80\x80\x80", 6, 4), 4);
    assert_string_equal(desk_utf8_clean_str(out, sizeof out, s), "a\xc3\xa9\xe6\xbc\xa2");
    assert_string_equal(desk_utf8_clean_str(out, sizeof out, "ab\x01\xff"), "ab\xef\xbf\xbd");
    assert_string_equal(desk_utf8_clean_str(out, sizeof out, NULL), "");
}

static void json_strings(void **state)
{
    struct desk_buf b;
    (void)state;
    desk_buf_init(&b, 1000);
    desk_json_str_n(&b, "a\"\\\n\x01\x7f\0\xff/\xc3\xa9", 11);
    assert_string_equal(desk_buf_cstr(&b), "\"a\\\"\\\\\\n\\u0001\\u007f\xef\xbf\xbd/\xc3\xa9\"");
    for (unsigned c = 1; c < 0x80; c++) { /* what jansson reads back is what went in */
        char one[2] = {(char)c, '\0'};
        desk_buf_reset(&b);
        desk_json_str(&b, one);
        json_t *v = json_loadb(b.p, b.len, JSON_DECODE_ANY, NULL);
        assert_non_null(v);
        assert_string_equal(json_string_value(v), one);
        json_decref(v);
    }
    desk_buf_clear(&b);
}

static void json_objects(void **state)
{
    struct desk_buf b;
    json_t *v = json_pack("{s:[i,i]}", "k", 1, 2);
    (void)state;
    desk_buf_init(&b, 1000);
    desk_buf_chr(&b, '{');
    desk_json_pair(&b, "a", "x");
    desk_json_pair(&b, "gone", NULL);
    desk_json_pair_int(&b, "b", -3);
    desk_json_pair_bool(&b, "c", 1);
    desk_json_pair_num(&b, "d", 0.55);
    desk_json_pair_num(&b, "e", NAN);
    desk_json_key(&b, "f");
    desk_json_value(&b, v);
    desk_json_key(&b, "g");
    desk_json_value(&b, NULL);
    desk_buf_chr(&b, '}');
    assert_string_equal(desk_buf_cstr(&b), "{\"a\":\"x\",\"b\":-3,\"c\":true,\"d\":0.55,"
                                           "\"e\":null,\"f\":{\"k\":[1,2]},\"g\":null}");
    json_decref(v);
    desk_buf_clear(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base64_known),  cmocka_unit_test(base64_refuses),
        cmocka_unit_test(base64_round),  cmocka_unit_test(base64_each),
        cmocka_unit_test(base64_limits), cmocka_unit_test(mulaw_known),
        cmocka_unit_test(mulaw_round),   cmocka_unit_test(mulaw_level),
        cmocka_unit_test(utf8_clean),    cmocka_unit_test(utf8_parts),
        cmocka_unit_test(json_strings),  cmocka_unit_test(json_objects),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
