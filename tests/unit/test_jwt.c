/* Tokens of another identity provider: signed here with keys made here, then spoiled one way at a
 * time. */
#include "wire/jwt.h"
#include "base/buf.h"
#include "wire/base64.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW 1795198500LL

static EVP_PKEY *rsa, *other_rsa, *ec;
static json_t *keys; /* of rsa ("r1") and ec ("e1") */
static char out[DESK_JWT_MAX + 100];
static const struct desk_jwt_want want = {"https://id.example.com", "frontdesk", NOW};
#define GOOD                                                                                       \
    "{\"iss\":\"https://id.example.com\",\"aud\":\"frontdesk\",\"sub\":\"u1\",\"exp\":1795198800," \
    "\"nbf\":1795198400,\"scope\":\"frontdesk:read\"}"

static void b64(struct desk_buf *to, const void *p, size_t n)
{
    assert_int_equal(desk_base64url_encode(p, n, to), DESK_OK);
}

static void put_bn(json_t *jwk, const char *name, EVP_PKEY *key, const char *param, int bytes)
{
    BIGNUM *bn = NULL;
    unsigned char raw[1024];
    struct desk_buf b;
    assert_int_equal(EVP_PKEY_get_bn_param(key, param, &bn), 1);
    int n = bytes ? BN_bn2binpad(bn, raw, bytes) : BN_bn2bin(bn, raw);
    desk_buf_init(&b, 2048);
    b64(&b, raw, (size_t)n);
    json_object_set_new(jwk, name, json_string(desk_buf_cstr(&b)));
    desk_buf_clear(&b);
    BN_free(bn);
}

static int setup(void **state)
{
    (void)state;
    rsa = EVP_RSA_gen(2048);
    other_rsa = EVP_RSA_gen(2048);
    ec = EVP_EC_gen("P-256");
    assert_true(rsa && other_rsa && ec);
    json_t *r =
        json_pack("{s:s, s:s, s:s, s:s}", "kty", "RSA", "kid", "r1", "use", "sig", "alg", "RS256");
    put_bn(r, "n", rsa, OSSL_PKEY_PARAM_RSA_N, 0);
    put_bn(r, "e", rsa, OSSL_PKEY_PARAM_RSA_E, 0);
    json_t *e = json_pack("{s:s, s:s, s:s}", "kty", "EC", "kid", "e1", "crv", "P-256");
    put_bn(e, "x", ec, OSSL_PKEY_PARAM_EC_PUB_X, 32);
    put_bn(e, "y", ec, OSSL_PKEY_PARAM_EC_PUB_Y, 32);
    keys = json_pack("{s:[o, o]}", "keys", r, e);
    return keys ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    json_decref(keys);
    EVP_PKEY_free(rsa);
    EVP_PKEY_free(other_rsa);
    EVP_PKEY_free(ec);
    return 0;
}

static void sign(EVP_PKEY *key, struct desk_buf *b)
{
    unsigned char sig[600];
    size_t n = sizeof sig;
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    assert_int_equal(EVP_DigestSignInit(md, NULL, EVP_sha256(), NULL, key), 1);
    assert_int_equal(EVP_DigestSign(md, sig, &n, (const unsigned char *)desk_buf_cstr(b), b->len),
                     1);
    EVP_MD_CTX_free(md);
    if (EVP_PKEY_is_a(key, "EC")) { /* DER → r and s side by side */
        const unsigned char *p = sig;
        ECDSA_SIG *s = d2i_ECDSA_SIG(NULL, &p, (long)n);
        unsigned char raw[64];
        BN_bn2binpad(ECDSA_SIG_get0_r(s), raw, 32);
        BN_bn2binpad(ECDSA_SIG_get0_s(s), raw + 32, 32);
        ECDSA_SIG_free(s);
        memcpy(sig, raw, n = sizeof raw);
    }
    desk_buf_chr(b, '.');
    b64(b, sig, n);
}

/* header.claims.signature by that key; NULL: an empty signature. */
static const char *token(const char *header, const char *claims, EVP_PKEY *key)
{
    struct desk_buf b;
    desk_buf_init(&b, DESK_JWT_MAX);
    b64(&b, header, strlen(header));
    desk_buf_chr(&b, '.');
    b64(&b, claims, strlen(claims));
    if (key)
        sign(key, &b);
    else
        desk_buf_chr(&b, '.');
    assert_true(desk_buf_ok(&b));
    snprintf(out, sizeof out, "%s", desk_buf_cstr(&b));
    desk_buf_clear(&b);
    return out;
}

static enum desk_rc check(const char *text)
{
    json_t *claims;
    const char *why;
    enum desk_rc rc = desk_jwt_check(text, keys, &want, &claims, &why);
    if (!rc)
        assert_string_equal(json_string_value(json_object_get(claims, "sub")), "u1");
    else {
        assert_null(claims);
        assert_non_null(why);
    }
    json_decref(claims);
    return rc;
}

#define RS "{\"alg\":\"RS256\",\"kid\":\"r1\",\"typ\":\"JWT\"}"
#define ES "{\"alg\":\"ES256\",\"kid\":\"e1\"}"

static void good_ones(void **state)
{
    (void)state;
    assert_int_equal(desk_jwks_usable(keys), 2);
    assert_int_equal(check(token(RS, GOOD, rsa)), DESK_OK);
    assert_int_equal(check(token(ES, GOOD, ec)), DESK_OK);
    assert_int_equal(check(token("{\"alg\":\"RS256\"}", GOOD, rsa)),
                     DESK_OK); /* the only RSA key */
    assert_true(desk_jwt_like(out));
    assert_false(desk_jwt_like("V2hhdCBhcmUgeW91IGxvb2tpbmcgZm9yIGhlcmU_xx"));
}

/* Who would have us check with the public key as if it were a secret, or not at all. */
static void confusions_of_algorithm(void **state)
{
    static const char *const heads[] = {
        "{\"alg\":\"none\"}",
        "{\"alg\":\"None\",\"kid\":\"r1\"}",
        "{\"alg\":\"HS256\",\"kid\":\"r1\"}",
        "{\"alg\":\"RS512\",\"kid\":\"r1\"}",
        "{\"alg\":\"PS256\",\"kid\":\"r1\"}",
        "{\"alg\":\"rs256\",\"kid\":\"r1\"}",
        "{\"alg\":null,\"kid\":\"r1\"}",
        "{\"kid\":\"r1\"}",
        "{\"alg\":\"RS256\",\"alg\":\"none\",\"kid\":\"r1\"}",
        "{\"alg\":\"RS256\",\"kid\":\"r1\",\"crit\":[\"exp\"]}",
        "[\"RS256\"]",
        "RS256",
    };
    (void)state;
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        assert_int_equal(check(token(heads[i], GOOD, rsa)), DESK_EAUTH);
        assert_int_equal(check(token(heads[i], GOOD, NULL)), DESK_EAUTH);
    }
    /* HS256 with what everybody knows: the modulus as the key */
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned n;
    const char *modulus =
        json_string_value(json_object_get(json_array_get(json_object_get(keys, "keys"), 0), "n"));
    char text[DESK_JWT_MAX];
    struct desk_buf b;
    snprintf(text, sizeof text, "%s", token("{\"alg\":\"HS256\",\"kid\":\"r1\"}", GOOD, NULL));
    text[strlen(text) - 1] = '\0';
    HMAC(EVP_sha256(), modulus, (int)strlen(modulus), (unsigned char *)text, strlen(text), mac, &n);
    desk_buf_init(&b, DESK_JWT_MAX);
    desk_buf_fmt(&b, "%s.", text);
    b64(&b, mac, n);
    assert_int_equal(check(desk_buf_cstr(&b)), DESK_EAUTH);
    desk_buf_clear(&b);
}

static void keys_that_do_not_fit(void **state)
{
    (void)state;
    assert_int_equal(check(token("{\"alg\":\"RS256\",\"kid\":\"r2\"}", GOOD, rsa)), DESK_ENOTFOUND);
    assert_int_equal(check(token("{\"alg\":\"ES256\",\"kid\":\"r1\"}", GOOD, ec)), DESK_ENOTFOUND);
    assert_int_equal(check(token("{\"alg\":\"RS256\",\"kid\":\"e1\"}", GOOD, rsa)), DESK_ENOTFOUND);
    assert_int_equal(check(token(RS, GOOD, other_rsa)), DESK_EAUTH);
    assert_int_equal(check(token(RS, GOOD, NULL)), DESK_EAUTH);
    assert_int_equal(check(token(ES, GOOD, NULL)), DESK_EAUTH);
    assert_int_equal(check(token(ES, GOOD, rsa)), DESK_EAUTH);
    json_t *none = json_pack("{s:[]}", "keys"), *claims;
    const char *why;
    assert_int_equal(desk_jwt_check(token(RS, GOOD, rsa), none, &want, &claims, &why),
                     DESK_ENOTFOUND);
    assert_int_equal(desk_jwt_check(out, NULL, &want, &claims, &why), DESK_ENOTFOUND);
    json_decref(none);
    static const char *const bad[] = {
        "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"r1\",\"k\":\"c2VjcmV0\"}]}",
        "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"r1\",\"n\":\"AQAB\",\"e\":\"AQAB\"}]}", /* short */
        "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"r1\",\"use\":\"enc\",\"n\":\"AQAB\",\"e\":\"AQAB\"}]"
        "}",
        "{\"keys\":[{\"kty\":\"EC\",\"kid\":\"e1\",\"crv\":\"P-384\",\"x\":\"AA\",\"y\":\"AA\"}]}",
        "{\"keys\":[17, null, {}]}",
        "{\"keys\":{}}",
        "[]",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        json_t *set = json_loads(bad[i], 0, NULL);
        assert_non_null(set);
        assert_int_equal(desk_jwks_usable(set), 0);
        assert_int_equal(desk_jwt_check(token(RS, GOOD, rsa), set, &want, &claims, &why),
                         DESK_ENOTFOUND);
        json_decref(set);
    }
}

static void claims(void **state)
{
    static const struct {
        const char *claims;
        enum desk_rc rc;
    } rows[] = {
#define C(iss, aud, rest) "{\"iss\":\"" iss "\",\"aud\":" aud ",\"sub\":\"u1\"" rest "}"
#define US                "https://id.example.com"
        {C(US, "[\"x\",\"frontdesk\"]", ",\"exp\":1795198800"), DESK_OK},
        {C(US, "\"frontdesk\"", ",\"exp\":1795198800.5,\"iat\":1795198500"), DESK_OK},
        {C(US, "\"frontdesk\"", ",\"exp\":1795198441"), DESK_OK}, /* 59 s ago */
        {C(US, "\"frontdesk\"", ",\"exp\":1795198440"), DESK_EAUTH},
        {C(US, "\"frontdesk\"", ",\"exp\":1795198800,\"nbf\":1795198560"), DESK_OK},
        {C(US, "\"frontdesk\"", ",\"exp\":1795198800,\"nbf\":1795198561"), DESK_EAUTH},
        {C(US, "\"frontdesk\"", ",\"exp\":1795198800,\"iat\":1795198600"), DESK_EAUTH},
        {C(US, "\"frontdesk\"", ""), DESK_EAUTH}, /* for ever */
        {C(US, "\"frontdesk\"", ",\"exp\":\"1795198800\""), DESK_EAUTH},
        {C(US, "\"frontdesk\"", ",\"exp\":-1"), DESK_EAUTH},
        {C(US, "\"frontdesk\"", ",\"exp\":1e300"), DESK_EAUTH},
        {C(US, "\"frontdesk\"", ",\"exp\":1795198800,\"exp\":1795198801"), DESK_EAUTH},
        {C(US "/", "\"frontdesk\"", ",\"exp\":1795198800"), DESK_EAUTH},
        {C("", "\"frontdesk\"", ",\"exp\":1795198800"), DESK_EAUTH},
        {C(US, "\"frontdesk2\"", ",\"exp\":1795198800"), DESK_EAUTH},
        {C(US, "[]", ",\"exp\":1795198800"), DESK_EAUTH},
        {C(US, "[[\"frontdesk\"]]", ",\"exp\":1795198800"), DESK_EAUTH},
        {C(US, "{\"frontdesk\":1}", ",\"exp\":1795198800"), DESK_EAUTH},
        {"{}", DESK_EAUTH},
        {"[]", DESK_EAUTH},
        {"", DESK_EAUTH},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (check(token(RS, rows[i].claims, rsa)) != rows[i].rc)
            fail_msg("%s", rows[i].claims);
    json_t *said;
    const char *why;
    const struct desk_jwt_want nobody = {"", "", NOW};
    assert_int_equal(desk_jwt_check(token(RS, C("", "\"\"", ",\"exp\":1795198800"), rsa), keys,
                                    &nobody, &said, &why),
                     DESK_EAUTH); /* nothing is set up: nobody's are taken */
}

/* A token with any one letter changed, cut short, or with more behind it. */
static void spoiled(void **state)
{
    char text[DESK_JWT_MAX + 100], whole[DESK_JWT_MAX + 100];
    (void)state;
    snprintf(whole, sizeof whole, "%s", token(ES, GOOD, ec));
    size_t n = strlen(whole);
    for (size_t i = 0; i < n; i++) {
        memcpy(text, whole, n + 1);
        text[i] = text[i] == 'A' ? 'B' : 'A';
        if (check(text) == DESK_OK)
            fail_msg("letter %zu", i);
        memcpy(text, whole, n + 1);
        text[i] = '\0';
        assert_int_not_equal(check(text), DESK_OK);
    }
    static const char *const ends[] = {".", "=", "A", ".x", " "};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        snprintf(text, sizeof text, "%s%s", whole, ends[i]);
        assert_int_not_equal(check(text), DESK_OK);
    }
    memset(text, 'a', DESK_JWT_MAX + 1);
    text[10] = text[20] = '.';
    text[DESK_JWT_MAX + 1] = '\0';
    assert_int_equal(check(text), DESK_EAUTH);
    assert_int_equal(check(".."), DESK_EAUTH);
    assert_int_equal(check(""), DESK_EAUTH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_ones),
        cmocka_unit_test(confusions_of_algorithm),
        cmocka_unit_test(keys_that_do_not_fit),
        cmocka_unit_test(claims),
        cmocka_unit_test(spoiled),
    };
    return cmocka_run_group_tests_name("jwt", tests, setup, teardown);
}
