/* Signatures against data/signature-vectors.json (made with Twilio's own npm library; the verdict
 * used is strict_expect_valid) and the rules around ports, slashes, bodies and tokens. */
#include "base/limits.h"
#include "wire/twilio_sig.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define VECTORS "tests/unit/data/signature-vectors.json"

static const char *text(const json_t *o, const char *key)
{
    const char *s = json_string_value(json_object_get(o, key));
    return s ? s : "";
}

static void vectors(void **state)
{
    json_error_t error;
    json_t *root = json_load_file(VECTORS, 0, &error);
    json_t *list = json_object_get(root, "vectors"), *v;
    size_t i;
    (void)state;
    assert_true(json_array_size(list) >= 15);
    json_array_foreach(list, i, v)
    {
        struct desk_arena *arena = desk_arena_new(DESK_MAX_REQUEST_ARENA);
        struct desk_form form;
        const char *body = text(v, "form_body"), *token = text(v, "auth_token");
        assert_int_equal(desk_form_parse(&form, arena, body, strlen(body)), DESK_OK);
        bool json = strcmp(text(v, "kind"), "json") == 0;
        struct desk_twilio_check check = {
            .method = text(v, "method"),
            .url = text(v, "url"),
            .form = json ? NULL : &form,
            .body = text(v, "body"),
            .body_len = strlen(text(v, "body")),
            .content_type = json ? "application/json; charset=utf-8" : NULL,
            .signature = text(v, "signature"),
            .tokens = &token,
            .n_tokens = 1,
        };
        bool want = json_is_true(json_object_get(v, "strict_expect_valid"));
        enum desk_rc rc = desk_twilio_verify(&check, NULL, 0, NULL);
        if (rc != (want ? DESK_OK : DESK_EAUTH))
            fail_msg("%s: %s", text(v, "id"), desk_rc_name(rc));
        if (json_is_true(json_object_get(v, "recomputed_matches_signature"))) {
            char sig[DESK_TWILIO_SIG_LEN];
            assert_int_equal(
                desk_twilio_sign(text(v, "signed_url"), json ? NULL : &form, token, sig), DESK_OK);
            if (strcmp(sig, text(v, "signature")) != 0)
                fail_msg("%s: signed %s", text(v, "id"), sig);
        }
        desk_arena_free(arena);
    }
    json_decref(root);
}

#define TOKEN "frontdesk_test_auth_token_0001"
static const char *const tokens[] = {TOKEN};

/* Signed as one URL, received as another. */
static enum desk_rc seen(const char *signed_url, const char *url)
{
    char sig[DESK_TWILIO_SIG_LEN];
    assert_int_equal(desk_twilio_sign(signed_url, NULL, TOKEN, sig), DESK_OK);
    struct desk_twilio_check check = {
        .method = "GET", .url = url, .signature = sig, .tokens = tokens, .n_tokens = 1};
    return desk_twilio_verify(&check, NULL, 0, NULL);
}

static void urls(void **state)
{
    static const struct {
        const char *signed_url, *url;
        enum desk_rc rc;
    } rows[] = {
        {"https://a.example/x", "https://a.example/x", DESK_OK},
        {"https://a.example/x", "https://a.example:8443/x", DESK_OK},
        {"https://a.example:8443/x", "https://a.example:8443/x", DESK_OK},
        {"https://a.example:443/x", "https://a.example/x", DESK_OK},
        {"https://a.example:8443/x", "https://a.example/x", DESK_EAUTH},
        {"http://a.example:80/x", "http://a.example/x", DESK_OK},
        {"https://a.example:80/x", "https://a.example/x", DESK_EAUTH},
        {"https://a.example/x", "https://user:p@ss@a.example/x", DESK_OK},
        {"https://a.example/x?q=@b", "https://a.example/x?q=@b", DESK_OK},
        {"https://a.example/x", "https://a.example/x#rc=2", DESK_OK},
        {"https://a.example/x", "https://a.example/x/", DESK_EAUTH},
        {"https://a.example/x", "http://a.example/x", DESK_EAUTH},
        {"https://a.example/x?b=%20", "https://a.example/x?b=+", DESK_EAUTH},
        {"https://[::1]/x", "https://[::1]:8443/x", DESK_OK},
        {"https://a.example:/x", "https://a.example:/x", DESK_OK},
        {"wss://a.example/m", "wss://a.example/m", DESK_OK},
        {"wss://a.example/m/", "wss://a.example/m", DESK_OK},
        {"wss://a.example/m", "wss://a.example/m/", DESK_OK},
        {"wss://a.example:443/m", "wss://a.example/m", DESK_OK},
        {"wss://a.example:443/m/", "wss://a.example/m", DESK_OK},
        {"wss://a.example/m", "wss://a.example:9443/m", DESK_OK},
        {"wss://a.example/", "wss://a.example", DESK_OK},
        {"https://a.example/m", "wss://a.example/m", DESK_EAUTH},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (seen(rows[i].signed_url, rows[i].url) != rows[i].rc)
            fail_msg("%s seen as %s", rows[i].signed_url, rows[i].url);
    assert_int_equal(seen("nonsense", "nonsense"), DESK_EAUTH);
}

static void token_choice(void **state)
{
    char sig[DESK_TWILIO_SIG_LEN];
    const char *two[] = {"", NULL, "other", TOKEN};
    struct desk_twilio_tried tried[20];
    size_t n = 0;
    (void)state;
    assert_int_equal(desk_twilio_sign("https://a.example/x", NULL, TOKEN, sig), DESK_OK);
    struct desk_twilio_check check = {.method = "GET",
                                      .url = "https://a.example/x",
                                      .signature = sig,
                                      .tokens = two,
                                      .n_tokens = 4};
    assert_int_equal(desk_twilio_verify(&check, tried, 20, &n), DESK_OK);
    assert_int_equal(n, 4);
    assert_true(tried[2].ok);
    assert_int_equal(tried[2].token, 3);
    assert_string_equal(tried[2].url, "https://a.example/x");
    assert_false(tried[0].ok || tried[1].ok || tried[3].ok);
    assert_string_equal(tried[3].url, "https://a.example:443/x");
    assert_int_equal(desk_twilio_verify(&check, tried, 1, &n), DESK_OK);
    assert_int_equal(n, 1);
    check.n_tokens = 3;
    assert_int_equal(desk_twilio_verify(&check, NULL, 0, NULL), DESK_EAUTH);
    check.n_tokens = 2;
    assert_int_equal(desk_twilio_verify(&check, NULL, 0, NULL), DESK_EINTERNAL);
    check.signature = "";
    assert_int_equal(desk_twilio_verify(&check, NULL, 0, NULL), DESK_EINVAL);
    check.signature = NULL;
    assert_int_equal(desk_twilio_verify(&check, NULL, 0, NULL), DESK_EINVAL);
}

/* A body that is not under the signature is refused, whatever the URL says. */
static void unbound_body(void **state)
{
    char sig[DESK_TWILIO_SIG_LEN];
    struct desk_form form = {NULL, 0};
    (void)state;
    assert_int_equal(desk_twilio_sign("https://a.example/x", NULL, TOKEN, sig), DESK_OK);
    struct desk_twilio_check check = {.method = "POST",
                                      .url = "https://a.example/x",
                                      .form = &form,
                                      .signature = sig,
                                      .tokens = tokens,
                                      .n_tokens = 1};
    assert_int_equal(desk_twilio_verify(&check, NULL, 0, NULL), DESK_OK);
    check.body = "{\"a\":1}";
    check.body_len = 7;
    check.content_type = "application/json";
    assert_int_equal(desk_twilio_verify(&check, NULL, 0, NULL), DESK_EAUTH);
    check.content_type = "text/plain";
    assert_int_equal(desk_twilio_verify(&check, NULL, 0, NULL), DESK_EAUTH);
    check.form = NULL;
    check.content_type = NULL;
    assert_int_equal(desk_twilio_verify(&check, NULL, 0, NULL), DESK_EAUTH);
    check.method = "GET";
    assert_int_equal(desk_twilio_verify(&check, NULL, 0, NULL), DESK_EAUTH);
}

/* The parameter counts only where it is one, whole, lower-case and in the query. */
static void body_hash_place(void **state)
{
    static const char hash[] = "5ccde7145dfb8f56479710896586cb9d5911809d83afbe34627818790db0aec9";
    static const char body[] = "{\"CallSid\":\"CA1234567890ABCDE\",\"Caller\":\"+12349013030\"}";
    static const struct {
        const char *format;
        enum desk_rc rc;
    } rows[] = {
        {"https://a.example/x?bodySHA256=%s", DESK_OK},
        {"https://a.example/x?a=1&bodySHA256=%s&b=2", DESK_OK},
        {"https://a.example/x?xbodySHA256=%s", DESK_EAUTH},
        {"https://a.example/bodySHA256=%s", DESK_EAUTH},
        {"https://a.example/x?bodySHA256=%s0", DESK_EAUTH},
        {"https://a.example/x?bodySHA256=%.63s", DESK_EAUTH},
        {"https://a.example/x?bodySHA256=%.0s", DESK_EAUTH},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char url[200], sig[DESK_TWILIO_SIG_LEN];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        snprintf(url, sizeof url, rows[i].format, hash);
#pragma GCC diagnostic pop
        assert_int_equal(desk_twilio_sign(url, NULL, TOKEN, sig), DESK_OK);
        struct desk_twilio_check check = {.method = "POST",
                                          .url = url,
                                          .body = body,
                                          .body_len = sizeof body - 1,
                                          .content_type = "application/json",
                                          .signature = sig,
                                          .tokens = tokens,
                                          .n_tokens = 1};
        if (desk_twilio_verify(&check, NULL, 0, NULL) != rows[i].rc)
            fail_msg("%s", url);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors),         cmocka_unit_test(urls),
        cmocka_unit_test(token_choice),    cmocka_unit_test(unbound_body),
        cmocka_unit_test(body_hash_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
