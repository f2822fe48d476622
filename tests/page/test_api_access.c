/* Which token may ask for what: each row of the REST zone's table × each scope × each business,
 * through the real dispatch; and tokens of another identity provider. */
#include "tests/page/web_test.h"
#include "cgi-bin/api/api.h"
#include "base/clock.h"
#include "base/file.h"
#include "store/exceptions.h"
#include "store/idp_keys.h"
#include "wire/base64.h"

#include <jansson.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <stdio.h>

static const char *const scopes[] = {
    "",           "read",          "write",          "personal",
    "read write", "read personal", "write personal", "read write personal"};
#define SCOPES (sizeof scopes / sizeof *scopes)
static char tokens[SCOPES][DESK_TOKEN_LEN], theirs[DESK_TOKEN_LEN];
static struct desk_number mine, other;
static char keys_path[200];
static EVP_PKEY *key;

/* ---- world ----------------------------------------------------------------------------------- */

static void add_call(const struct desk_number *n, const char *id)
{
    struct desk_call c = {.id = id,
                          .tenant_id = n->tenant_id,
                          .location_id = n->location_id,
                          .call_sid = desk_arena_fmt(look, "CA%s", id),
                          .direction = "inbound",
                          .caller_kind = "new",
                          .from_number = "+14155550134",
                          .from_key = "k",
                          .to_number = n->e164,
                          .mode = "realtime",
                          .status = "completed",
                          .status_rank = 50,
                          .started_at = 1700000000000,
                          .updated_at = 1700000000000};
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    assert_int_equal(desk_tx_end(admin_db, desk_call_insert(admin_db, &c)), DESK_OK);
}

/* The set of keys as a provider would give it, with that kid. */
static void write_keys(const char *kid)
{
    struct desk_buf x, y;
    desk_buf_init(&x, 100);
    desk_buf_init(&y, 100);
    BIGNUM *bx = NULL, *by = NULL;
    unsigned char raw[32];
    assert_int_equal(EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_EC_PUB_X, &bx), 1);
    assert_int_equal(EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_EC_PUB_Y, &by), 1);
    BN_bn2binpad(bx, raw, 32);
    assert_int_equal(desk_base64url_encode(raw, 32, &x), DESK_OK);
    BN_bn2binpad(by, raw, 32);
    assert_int_equal(desk_base64url_encode(raw, 32, &y), DESK_OK);
    FILE *f = fopen(keys_path, "w");
    assert_non_null(f);
    fprintf(f,
            "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"%s\",\"x\":\"%s\",\"y\":\"%s\"}"
            "]}",
            kid, desk_buf_cstr(&x), desk_buf_cstr(&y));
    fclose(f);
    desk_buf_clear(&x);
    desk_buf_clear(&y);
    BN_free(bx);
    BN_free(by);
}

static int begin(void **state)
{
    (void)state;
    test_begin_two(DESK_ZONE_API, &mine, &other);
    add_call(&mine, "call_mine");
    add_call(&other, "call_other");
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    enum desk_rc rc =
        desk_token_create(admin_db, other.tenant_id, "o", "read write personal", theirs);
    for (size_t i = 0; !rc && i < SCOPES; i++)
        rc = desk_token_create(admin_db, mine.tenant_id, scopes[i], scopes[i], tokens[i]);
    rc = rc ? rc : desk_exception_put(admin_db, mine.tenant_id, "+14155550140", "Mom", "family");
    assert_int_equal(desk_tx_end(admin_db, rc), DESK_OK);
    snprintf(keys_path, sizeof keys_path, "%s/jwks.json", test_dir);
    key = EVP_EC_gen("P-256");
    assert_non_null(key);
    write_keys("k1");
    return 0;
}

static int finish(void **state)
{
    EVP_PKEY_free(key);
    desk_setting_override(DESK_S_IDP_JWKS_FILE, "");
    remove(keys_path);
    (void)state;
    return test_finish();
}

static struct answer ask(const char *method, const char *uri, const char *token)
{
    return send_ask(&api_web,
                    (struct ask){.method = method,
                                 .uri = uri,
                                 .authorization = desk_arena_fmt(look, "Bearer %s", token)});
}

/* ---- scope × row × business ------------------------------------------------------------------ */

static const char *path_of(const struct desk_route *r, const char *id)
{
    const char *out = "";
    for (const char *p = r->path; *p;) {
        size_t n = strcspn(p + 1, "/") + 1;
        out = p[1] == ':' ? desk_arena_fmt(look, "%s/%s", out, id)
                          : desk_arena_fmt(look, "%s%.*s", out, (int)n, p);
        p += n;
    }
    return out;
}

static bool has_word(const char *list, const char *word)
{
    const char *p = strstr(list, word);
    return p && (p == list || p[-1] == ' ') && (p[strlen(word)] == '\0' || p[strlen(word)] == ' ');
}

/* What the rules of the house say, not what the code does. */
static bool may(const struct desk_route *r, const char *method, const char *scope)
{
    if (r->auth == DESK_AUTH_QUESTION)
        return has_word(scope, "read") && has_word(scope, "personal");
    if (r->personal && !has_word(scope, "personal")) /* a file of everybody */
        return false;
    return has_word(scope, strcmp(method, "GET") == 0 ? "read" : "write");
}

static const char *const methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};

#define EACH_CELL(r, m)                                                                            \
    for (const struct desk_route *r = api_web.routes; r->path; r++)                                \
        for (size_t m = 0; m < sizeof methods / sizeof *methods; m++)                              \
            if ((r->auth == DESK_AUTH_TOKEN || r->auth == DESK_AUTH_QUESTION) &&                   \
                r->methods & desk_method_parse(methods[m]))

static void each_scope_at_each_row(void **state)
{
    size_t cells = 0;
    (void)state;
    EACH_CELL(r, m)
    {
        const char *uri = path_of(r, "x_none");
        assert_int_equal(ask(methods[m], uri, "nobody").status, 401);
        assert_int_equal(send_ask(&api_web, (struct ask){.method = methods[m], .uri = uri}).status,
                         401);
        for (size_t i = 0; i < SCOPES; i++, cells++) {
            int status = ask(methods[m], uri, tokens[i]).status;
            bool can = may(r, methods[m], scopes[i]);
            if ((status == 403) == can || status == 401 || status >= 500)
                fail_msg("%s %s with \"%s\": %d", methods[m], r->path, scopes[i], status);
        }
    }
    assert_true(cells > SCOPES * 40);
}

/* Every row with an id, asked for with ids of another business: as if there were none. */
static void rows_of_another_business(void **state)
{
    static const char *const ids[] = {"call_mine", "+14155550140"};
    (void)state;
    EACH_CELL(r, m)
    {
        if (!strchr(r->path, ':'))
            continue;
        int nobodys = ask(methods[m], path_of(r, "x_none"), theirs).status;
        for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
            struct answer a = ask(methods[m], path_of(r, ids[i]), theirs);
            if (a.status < 400 && a.status != nobodys && !strstr(r->path, "check/"))
                fail_msg("%s %s with %s: %d", methods[m], r->path, ids[i], a.status);
            assert_has_not(a.body, "Mom");
            assert_has_not(a.body, "+14155550134");
        }
    }
    assert_int_equal(ask("GET", "/v1/calls/call_mine", tokens[5]).status, 200);
    assert_int_equal(ask("GET", "/v1/calls/call_mine", theirs).status, 404);
}

/* ---- the audit ------------------------------------------------------------------------------- */

static void looks_are_written_down(void **state)
{
    struct desk_audit a;
    (void)state;
    assert_int_equal(ask("GET", "/v1/calls/call_mine", tokens[5]).status, 200);
    assert_int_equal(desk_audit_last(admin_db, look, mine.tenant_id, "api GET /v1/calls/:id", &a),
                     DESK_OK);
    assert_string_equal(a.object, "call_mine");
    assert_string_equal(a.who, "read personal"); /* the token's name */
    assert_true(a.look);
    assert_non_null(a.request_id);
    assert_int_equal(ask("GET", "/v1/exceptions", tokens[1]).status, 200); /* sees no names */
    assert_int_equal(desk_audit_last(admin_db, look, mine.tenant_id, "api GET /v1/exceptions", &a),
                     DESK_ENOTFOUND);
    assert_int_equal(ask("GET", "/v1/exceptions", tokens[5]).status, 200);
    assert_int_equal(desk_audit_last(admin_db, look, mine.tenant_id, "api GET /v1/exceptions", &a),
                     DESK_OK);
}

/* ---- another identity provider --------------------------------------------------------------- */

static void use_provider(void)
{
    desk_setting_override(DESK_S_IDP_JWKS_FILE, keys_path);
    desk_setting_override(DESK_S_IDP_ISSUER, "https://id.example.com");
    desk_setting_override(DESK_S_IDP_AUDIENCE, "frontdesk");
    desk_setting_override(DESK_S_IDP_SCOPES, "fd:see=read fd:do=write fd:who=personal");
    desk_setting_override(DESK_S_IDP_TENANT_CLAIM, "business");
    desk_setting_override(DESK_S_IDP_TENANT, "");
    write_keys("k1");
}

/* A token signed with our key; more: members beside iss, aud, exp. */
static const char *jwt(const char *kid, const char *more)
{
    char text[1000];
    unsigned char sig[200], raw[64];
    size_t n = sizeof sig;
    struct desk_buf b;
    desk_buf_init(&b, 4000);
    snprintf(text, sizeof text, "{\"alg\":\"ES256\",\"kid\":\"%s\"}", kid);
    assert_int_equal(desk_base64url_encode(text, strlen(text), &b), DESK_OK);
    desk_buf_chr(&b, '.');
    snprintf(text, sizeof text,
             "{\"iss\":\"https://id.example.com\",\"aud\":[\"frontdesk\"],\"exp\":%lld%s}",
             (long long)(desk_now_ms() / 1000 + 300), more);
    assert_int_equal(desk_base64url_encode(text, strlen(text), &b), DESK_OK);
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    assert_int_equal(EVP_DigestSignInit(md, NULL, EVP_sha256(), NULL, key), 1);
    assert_int_equal(EVP_DigestSign(md, sig, &n, (const unsigned char *)desk_buf_cstr(&b), b.len),
                     1);
    EVP_MD_CTX_free(md);
    const unsigned char *p = sig;
    ECDSA_SIG *s = d2i_ECDSA_SIG(NULL, &p, (long)n);
    BN_bn2binpad(ECDSA_SIG_get0_r(s), raw, 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(s), raw + 32, 32);
    ECDSA_SIG_free(s);
    desk_buf_chr(&b, '.');
    assert_int_equal(desk_base64url_encode(raw, sizeof raw, &b), DESK_OK);
    const char *out = desk_arena_strdup(look, desk_buf_cstr(&b));
    desk_buf_clear(&b);
    return out;
}

#define SUB  ",\"sub\":\"u1\""
#define ALL  ",\"scope\":\"openid fd:see fd:who\""
#define MINE (desk_arena_fmt(look, ",\"business\":\"%s\"", slug_of(&mine)))

static const char *slug_of(const struct desk_number *n)
{
    struct desk_tenant t;
    assert_int_equal(desk_tenant_get(admin_db, look, n->tenant_id, &t), DESK_OK);
    return t.slug;
}

static const char *with(const char *a, const char *b, const char *c)
{
    return desk_arena_fmt(look, "%s%s%s", a, b, c);
}

static void a_providers_token(void **state)
{
    struct desk_audit a;
    (void)state;
    use_provider();
    const char *good = jwt("k1", with(SUB, ALL, MINE));
    assert_int_equal(ask("GET", "/v1/calls/call_mine", good).status, 200);
    assert_int_equal(ask("GET", "/v1/calls/call_other", good).status, 404);
    assert_int_equal(ask("POST", "/v1/exceptions", good).status, 403); /* no fd:do */
    assert_int_equal(desk_audit_last(admin_db, look, mine.tenant_id, "api GET /v1/calls/:id", &a),
                     DESK_OK);
    assert_string_equal(a.user_id, "token:idp:u1");
    const char *list =
        jwt("k1", with(SUB, ",\"scp\":[\"fd:see\"]", MINE)); /* as Microsoft has it */
    struct answer plain = ask("GET", "/v1/exceptions", list);
    assert_int_equal(plain.status, 200);
    assert_has_not(plain.body, "Mom");                                /* no fd:who */
    assert_int_equal(ask("GET", "/v1/calls", tokens[5]).status, 200); /* our own go on */
}

static void what_a_token_lacks(void **state)
{
    (void)state;
    use_provider();
    assert_int_equal(ask("GET", "/v1/calls", jwt("k1", with(ALL, MINE, ""))).status, 401);
    assert_int_equal(ask("GET", "/v1/calls", jwt("k1", with(SUB, MINE, ""))).status, 403);
    assert_int_equal(
        ask("GET", "/v1/calls", jwt("k1", with(SUB, MINE, ",\"scope\":\"read write\""))).status,
        403); /* our words are not theirs */
    assert_int_equal(
        ask("GET", "/v1/calls", jwt("k1", with(SUB, MINE, ",\"scope\":\"fd:se fd:seee\""))).status,
        403);
    assert_int_equal(ask("GET", "/v1/calls", jwt("k1", with(SUB, ALL, ""))).status, 403);
    struct answer a =
        ask("GET", "/v1/calls", jwt("k1", with(SUB, ALL, ",\"business\":\"nobody\"")));
    assert_int_equal(a.status, 403);
    assert_has(a.body, "for no business here");
    desk_setting_override(DESK_S_IDP_AUDIENCE, "another");
    a = ask("GET", "/v1/calls", jwt("k1", with(SUB, ALL, MINE)));
    assert_int_equal(a.status, 401);
    assert_has(a.body, "another audience");
}

static void keys_change(void **state)
{
    (void)state;
    use_provider();
    const char *old = jwt("k1", with(SUB, ALL, MINE)), *fresh = jwt("k2", with(SUB, ALL, MINE));
    assert_int_equal(ask("GET", "/v1/calls", old).status, 200);
    assert_int_equal(ask("GET", "/v1/calls", fresh).status, 401);
    write_keys("k2");
    assert_int_equal(ask("GET", "/v1/calls", fresh).status, 200); /* at once */
    assert_int_equal(ask("GET", "/v1/calls", old).status, 401);
    FILE *f = fopen(keys_path, "w");
    assert_non_null(f);
    fputs("<html>", f);
    fclose(f);
    assert_int_equal(ask("GET", "/v1/calls", fresh).status, 503);
    remove(keys_path);
    assert_int_equal(ask("GET", "/v1/calls", fresh).status, 503);
    assert_int_equal(ask("GET", "/v1/calls", tokens[5]).status, 200);
    desk_setting_override(DESK_S_IDP_JWKS_FILE, "");
    assert_int_equal(ask("GET", "/v1/calls", fresh).status, 401);
}

#define KEYS_AT "https://id.example.com/jwks.json"

/* As the worker does it. */
static void keys_came(int64_t at)
{
    struct desk_buf b;
    desk_buf_init(&b, 10000);
    assert_true(desk_file_read(&b, keys_path));
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    assert_int_equal(desk_tx_end(admin_db, desk_idp_keys_put(admin_db, KEYS_AT, desk_buf_cstr(&b),
                                                             at, at + 3600000)),
                     DESK_OK);
    desk_buf_clear(&b);
}

static int64_t wanted(void)
{
    struct desk_idp_keys k;
    assert_int_equal(desk_idp_keys_get(admin_db, look, KEYS_AT, &k), DESK_OK);
    return k.wanted_at;
}

static void keys_by_an_address(void **state)
{
    int64_t now = desk_now_ms();
    (void)state;
    use_provider();
    desk_setting_override(DESK_S_IDP_JWKS_FILE, "");
    desk_setting_override(DESK_S_IDP_JWKS_URL, KEYS_AT);
    const char *old = jwt("k1", with(SUB, ALL, MINE)), *fresh = jwt("k2", with(SUB, ALL, MINE));
    assert_int_equal(ask("GET", "/v1/calls", old).status, 503); /* none came yet */
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    assert_int_equal(desk_tx_end(admin_db, desk_idp_keys_failed(admin_db, KEYS_AT, now)), DESK_OK);
    assert_int_equal(ask("GET", "/v1/calls", old).status, 503);
    keys_came(now);
    assert_int_equal(ask("GET", "/v1/calls/call_mine", old).status, 200);
    assert_int_equal(ask("GET", "/v1/calls", fresh).status, 401); /* they are just fetched */
    assert_int_equal(wanted(), 0);
    keys_came(now - 600000);
    struct answer a = ask("GET", "/v1/calls", fresh);
    assert_int_equal(a.status, 503); /* the provider may have a new one */
    assert_has(a.headers, "Retry-After: ");
    int64_t when = wanted();
    assert_true(when >= now);
    assert_int_equal(ask("GET", "/v1/calls", fresh).status, 503);
    assert_int_equal(wanted(), when); /* written down once */
    assert_int_equal(ask("GET", "/v1/calls", old).status, 200);
    write_keys("k2");
    keys_came(desk_now_ms());
    assert_int_equal(ask("GET", "/v1/calls", fresh).status, 200);
    assert_int_equal(ask("GET", "/v1/calls", old).status, 401);
    desk_setting_override(DESK_S_IDP_JWKS_URL, "https://id.example.com/others.json");
    assert_int_equal(ask("GET", "/v1/calls", fresh).status, 503); /* those are not its */
    desk_setting_override(DESK_S_IDP_JWKS_URL, "");
    assert_int_equal(ask("GET", "/v1/calls", fresh).status, 401);
}

static void a_business_by_the_settings(void **state)
{
    (void)state;
    use_provider();
    desk_setting_override(DESK_S_IDP_TENANT_CLAIM, "");
    const char *t = jwt("k1", with(SUB, ALL, ""));
    assert_int_equal(ask("GET", "/v1/calls", t).status, 403);
    desk_setting_override(DESK_S_IDP_TENANT, slug_of(&mine));
    assert_int_equal(ask("GET", "/v1/calls/call_mine", t).status, 200);
    /* what the token says of a business does not count then */
    const char *odd = jwt("k1", with(SUB, ALL, ",\"business\":\"other\""));
    assert_int_equal(ask("GET", "/v1/calls/call_mine", odd).status, 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(looks_are_written_down), /* first: the others look, too */
        cmocka_unit_test(each_scope_at_each_row),
        cmocka_unit_test(rows_of_another_business),
        cmocka_unit_test(a_providers_token),
        cmocka_unit_test(what_a_token_lacks),
        cmocka_unit_test(keys_change),
        cmocka_unit_test(keys_by_an_address),
        cmocka_unit_test(a_business_by_the_settings),
    };
    return cmocka_run_group_tests_name("api_access", tests, begin, finish);
}
