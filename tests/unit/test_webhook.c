/* lib/wire/webhook: signatures byte for byte (made with npm standardwebhooks 1.1.1), secrets that
 * are none, and addresses that are not called. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "wire/webhook.h"

#include <stdio.h>
#include <string.h>

#define SECRET "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
#define BODY                                                                                       \
    "{\"type\":\"call.completed\",\"timestamp\":\"2023-11-14T22:13:20Z\",\"data\":{\"id\":\"c1\"}" \
    "}"

static void signs_as_the_reference_does(void **state)
{
    char sig[DESK_WEBHOOK_SIG_LEN];
    (void)state;
    assert_int_equal(desk_webhook_sign(SECRET, "msg_01", 1700000000, BODY, strlen(BODY), sig),
                     DESK_OK);
    assert_string_equal(sig, "v1,JgfbJOIhEOV/SwTjHQIHwu6RPuwwydof9GtCpo2h7a0=");
    /* each of the three is signed */
    assert_int_equal(desk_webhook_sign(SECRET, "msg_02", 1700000000, BODY, strlen(BODY), sig),
                     DESK_OK);
    assert_string_not_equal(sig, "v1,JgfbJOIhEOV/SwTjHQIHwu6RPuwwydof9GtCpo2h7a0=");
    assert_int_equal(desk_webhook_sign(SECRET, "msg_01", 1700000001, BODY, strlen(BODY), sig),
                     DESK_OK);
    assert_string_not_equal(sig, "v1,JgfbJOIhEOV/SwTjHQIHwu6RPuwwydof9GtCpo2h7a0=");
    assert_int_equal(desk_webhook_sign(SECRET, "msg_01", 1700000000, BODY, strlen(BODY) - 1, sig),
                     DESK_OK);
    assert_string_not_equal(sig, "v1,JgfbJOIhEOV/SwTjHQIHwu6RPuwwydof9GtCpo2h7a0=");
}

static void secrets(void **state)
{
    static const char *const bad[] = {
        "",
        "whsec_",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "whpk_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX!Bka",
        "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRY=", /* 23 bytes */
        /* 65 bytes */
        "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        "AAA=",
    };
    unsigned char key[DESK_WEBHOOK_KEY];
    char out[DESK_WEBHOOK_SECRET_LEN], sig[DESK_WEBHOOK_SIG_LEN];
    (void)state;
    for (unsigned i = 0; i < sizeof key; i++)
        key[i] = (unsigned char)i;
    assert_string_equal(desk_webhook_secret(key, out), SECRET);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (desk_webhook_sign(bad[i], "msg_01", 1, "x", 1, sig) != DESK_EINVAL)
            fail_msg("taken for a secret: %s", bad[i]);
    assert_int_equal(desk_webhook_sign(SECRET, "a.b", 1, "x", 1, sig), DESK_EINVAL);
    assert_int_equal(desk_webhook_sign(SECRET, "", 1, "x", 1, sig), DESK_EINVAL);
}

static void addresses(void **state)
{
    static const char allow[] = "127.0.0.1:9000, nas.local:80 192.168.1.20:8443";
    static const struct {
        const char *url;
        enum desk_webhook_at at;
    } rows[] = {
        {"https://hooks.example.com/abc?x=1", DESK_WEBHOOK_PUBLIC},
        {"https://hook.eu2.make.com:443/abc", DESK_WEBHOOK_PUBLIC},
        {"HTTPS://Hooks.Example.com:8443", DESK_WEBHOOK_PUBLIC},
        {"https://hooks.example.com?x", DESK_WEBHOOK_PUBLIC},
        {"http://127.0.0.1:9000/x", DESK_WEBHOOK_TRUSTED},
        {"http://nas.local/x", DESK_WEBHOOK_TRUSTED},
        {"https://192.168.1.20:8443/x", DESK_WEBHOOK_TRUSTED},
        {"http://hooks.example.com/abc", DESK_WEBHOOK_REFUSED},
        {"http://127.0.0.1:9001/x", DESK_WEBHOOK_REFUSED},
        {"http://127.0.0.1:90000/x", DESK_WEBHOOK_REFUSED},
        {"https://127.0.0.1/x", DESK_WEBHOOK_REFUSED},
        {"https://127.1/x", DESK_WEBHOOK_REFUSED},
        {"https://2130706433/x", DESK_WEBHOOK_REFUSED},
        {"https://0x7f.0x0.0x0.0x1/x", DESK_WEBHOOK_REFUSED},
        {"https://017700000001/x", DESK_WEBHOOK_REFUSED},
        {"https://[::1]/x", DESK_WEBHOOK_REFUSED},
        {"https://localhost/x", DESK_WEBHOOK_REFUSED},
        {"https://a.localhost/x", DESK_WEBHOOK_REFUSED},
        {"https://box.internal/x", DESK_WEBHOOK_REFUSED},
        {"https://hooks.example.com./x", DESK_WEBHOOK_REFUSED},
        {"https://hooks.example.com:22/x", DESK_WEBHOOK_REFUSED},
        {"https://hooks.example.com:0443x/x", DESK_WEBHOOK_REFUSED},
        {"https://hooks.example.com:/x", DESK_WEBHOOK_REFUSED},
        {"https://hooks.example.com:+443/x", DESK_WEBHOOK_REFUSED},
        {"https://127.0.0.1:9000@hooks.example.com/x", DESK_WEBHOOK_REFUSED},
        {"http://127.0.0.1:9000@hooks.example.com/x", DESK_WEBHOOK_REFUSED},
        {"https://user@hooks.example.com/x", DESK_WEBHOOK_REFUSED},
        {"https://hooks.example.com\\@10.0.0.1/x", DESK_WEBHOOK_REFUSED},
        {"https://hooks.ex%61mple.com/x", DESK_WEBHOOK_REFUSED},
        {"https://hooks.example.com#x", DESK_WEBHOOK_REFUSED},
        {"https://hooks.example.com/a b", DESK_WEBHOOK_REFUSED},
        {"https://hooks.example.com/\r\nX: y", DESK_WEBHOOK_REFUSED},
        {"https:///x", DESK_WEBHOOK_REFUSED},
        {"ftp://hooks.example.com/x", DESK_WEBHOOK_REFUSED},
        {"file:///etc/passwd", DESK_WEBHOOK_REFUSED},
        {"", DESK_WEBHOOK_REFUSED},
    };
    const char *why;
    char shown[60];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        enum desk_webhook_at at = desk_webhook_at(rows[i].url, allow, &why);
        if (at != rows[i].at || (at == DESK_WEBHOOK_REFUSED) != (why != NULL))
            fail_msg("%s: %d, %s", rows[i].url, (int)at, why ? why : "-");
    }
    assert_string_equal(desk_webhook_host("https://hook.make.com/secret", shown, sizeof shown),
                        "https://hook.make.com/…");
    assert_string_equal(desk_webhook_host("https://hook.make.com", shown, sizeof shown),
                        "https://hook.make.com");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signs_as_the_reference_does),
        cmocka_unit_test(secrets),
        cmocka_unit_test(addresses),
    };
    return cmocka_run_group_tests_name("webhook", tests, NULL, NULL);
}
