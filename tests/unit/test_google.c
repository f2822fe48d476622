/* lib/out/google*: the exact requests, what each kind of answer means, tokens kept and asked for
 * once, and the signed claim of a service account, against a server in a thread that answers as it
 * is told, one answer after the other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "out/google_calendar.h"
#include "out/google_sheets.h"
#include "tests/unit/http_peer.h"
#include "wire/base64.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW 1791817800000LL /* Monday 12 October 2026, 9:10 am in Denver */

/* ---- the server: requests are kept in order -------------------------------------------------- */

#define MOST 40
static char *requests[MOST];
static _Atomic size_t n_requests; /* counted when the request is kept */
static char *answers[MOST];       /* of the n-th request; NULL = cut the connection */
static _Atomic unsigned slow_ms;

static void *serve(void *ctx)
{
    static char in[65536];
    (void)ctx;
    for (;;) {
        int fd = accept(peer_listener, NULL, NULL);
        if (fd < 0)
            return NULL;
        if (peer_read_into(fd, in, sizeof in)) {
            pthread_mutex_lock(&peer_turn);
            size_t n = n_requests;
            char *text = n < MOST && answers[n] ? strdup(answers[n]) : NULL;
            if (n < MOST) {
                requests[n] = strdup(in);
                n_requests = n + 1;
            }
            pthread_mutex_unlock(&peer_turn);
            usleep(slow_ms * 1000);
            if (text)
                (void)!send(fd, text, strlen(text), MSG_NOSIGNAL);
            free(text);
        }
        close(fd);
    }
}

static char token_url[80], api_url[80];
static struct desk_google_account owner; /* a new one for each test: tokens are kept by account */
static unsigned nth;

static int begin(void **state)
{
    static char refresh[40];
    (void)state;
    pthread_mutex_lock(&peer_turn);
    for (size_t i = 0; i < n_requests; i++)
        free(requests[i]);
    n_requests = 0;
    for (size_t i = 0; i < MOST; i++) {
        free(answers[i]);
        answers[i] = NULL;
    }
    slow_ms = 0;
    pthread_mutex_unlock(&peer_turn);
    snprintf(refresh, sizeof refresh, "1//refresh+%u", nth++);
    owner = (struct desk_google_account){.token_url = token_url,
                                         .client_id = "client.example.com",
                                         .client_secret = "s&cret",
                                         .refresh_token = refresh,
                                         .scope = DESK_GOOGLE_CALENDAR};
    return 0;
}

/* text: NULL = cut the connection */
static void answer_nth(size_t n, const char *text)
{
    pthread_mutex_lock(&peer_turn);
    free(answers[n]);
    answers[n] = text ? strdup(text) : NULL;
    pthread_mutex_unlock(&peer_turn);
}

static void answer(const char *const *list)
{
    for (size_t i = 0; list[i]; i++)
        answer_nth(i, list[i]);
}
#define ANSWER(...) answer((const char *const[]){__VA_ARGS__, NULL})

static const char *body_of(size_t i)
{
    assert_true(i < n_requests);
    return strstr(requests[i], "\r\n\r\n") + 4;
}

static void line_is(size_t i, const char *line)
{
    char want[2000];
    snprintf(want, sizeof want, "%s HTTP/1.1\r\n", line);
    assert_true(i < n_requests);
    if (strncmp(requests[i], want, strlen(want)) != 0)
        fail_msg("not %s\n%.600s", want, requests[i]);
}

#define TOKEN                                                                                      \
    JSON("200 OK", "")                                                                             \
    "{\"access_token\":\"ya29.a\",\"expires_in\":3599,\"token_type\":"                             \
    "\"Bearer\"}"
#define NO_TOKEN(word)                                                                             \
    JSON("400 Bad Request", "")                                                                    \
    "{\"error\":\"" word "\",\"error_description\":\"Token has been expired or revoked.\"}"
#define ERROR(status, code, reason, more)                                                          \
    JSON(status, more)                                                                             \
    "{\"error\":{\"code\":" code ",\"message\":\"m\",\"errors\":[{\"reason\":\"" reason "\"}]}}"

/* ---- tokens ---------------------------------------------------------------------------------- */

static void a_token_is_asked_for_once(void **state)
{
    char token[DESK_GOOGLE_TOKEN_LEN], want[300];
    struct desk_google_result r;
    (void)state;
    ANSWER(TOKEN, JSON("200 OK", "") "{\"access_token\":\"ya29.b\",\"expires_in\":100}", TOKEN);
    assert_int_equal(desk_google_token(&owner, token, &r), DESK_GOOGLE_OK);
    assert_string_equal(token, "ya29.a");
    assert_int_equal(desk_google_token(&owner, token, &r), DESK_GOOGLE_OK);
    assert_int_equal(n_requests, 1);
    line_is(0, "POST /token");
    assert_non_null(strstr(requests[0], "\r\nContent-Type: application/x-www-form-urlencoded\r\n"));
    snprintf(want, sizeof want,
             "refresh_token=1%%2F%%2Frefresh%%2B%s&client_id=client.example.com&client_secret="
             "s%%26cret&grant_type=refresh_token",
             strchr(owner.refresh_token, '+') + 1);
    assert_string_equal(body_of(0), want);
    /* one that was refused is not used again; one that ends in two minutes is asked for anew */
    desk_google_token_drop(&owner, "ya29.other");
    assert_int_equal(desk_google_token(&owner, token, &r), DESK_GOOGLE_OK);
    assert_int_equal(n_requests, 1);
    desk_google_token_drop(&owner, "ya29.a");
    assert_int_equal(desk_google_token(&owner, token, &r), DESK_GOOGLE_OK);
    assert_string_equal(token, "ya29.b");
    assert_int_equal(desk_google_token(&owner, token, &r), DESK_GOOGLE_OK);
    assert_string_equal(token, "ya29.a");
    assert_int_equal(n_requests, 3);
}

static void what_the_token_endpoint_says(void **state)
{
    static const struct {
        const char *http;
        enum desk_google_end end;
        int64_t wait_ms;
        const char *why;
    } rows[] = {
        {NO_TOKEN("invalid_grant"), DESK_GOOGLE_RECONNECT, 0, "connect it anew"},
        {NO_TOKEN("admin_policy_enforced"), DESK_GOOGLE_RECONNECT, 0, "administrator"},
        {JSON("401 Unauthorized", "") "{\"error\":\"invalid_client\"}", DESK_GOOGLE_SETUP, 0,
         "GOOGLE_CLIENT_ID"},
        {NO_TOKEN("invalid_request"), DESK_GOOGLE_SETUP, 0, "invalid_request"},
        {JSON("429 Too Many Requests", "Retry-After: 7\r\n") "{}", DESK_GOOGLE_LIMITED, 7000,
         "wait"},
        {JSON("503 Service Unavailable", "") "oh", DESK_GOOGLE_DOWN, 0, "of its own"},
        {JSON("200 OK", "") "{\"access_token\":", DESK_GOOGLE_DOWN, 0, "could not be read"},
        {JSON("200 OK", "") "{\"access_token\":\"a b\",\"expires_in\":9}", DESK_GOOGLE_DOWN, 0,
         "could not be read"},
        {JSON("200 OK", "") "{\"access_token\":\"ab\"}", DESK_GOOGLE_DOWN, 0, "could not be read"},
        {NULL, DESK_GOOGLE_DOWN, 0, "did not answer"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char token[DESK_GOOGLE_TOKEN_LEN] = "untouched";
        struct desk_google_result r;
        begin(NULL);
        answer_nth(0, rows[i].http);
        enum desk_google_end end = desk_google_token(&owner, token, &r);
        if (end != rows[i].end || r.wait_ms != rows[i].wait_ms || !strstr(r.why, rows[i].why) ||
            n_requests != 1)
            fail_msg("row %zu: %s \"%s\" %lld", i, desk_google_end_name(end), r.why,
                     (long long)r.wait_ms);
        assert_string_equal(token, "untouched");
        assert_null(strstr(r.why, "refresh"));
    }
}

static void *asks(void *ctx)
{
    char token[DESK_GOOGLE_TOKEN_LEN];
    struct desk_google_result r;
    *(enum desk_google_end *)ctx = desk_google_token(&owner, token, &r);
    return NULL;
}

/* Eight threads at once: one request, and its answer is everybody's, good or bad. */
static void many_ask_at_once(void **state)
{
    static const char *const all[] = {TOKEN, NO_TOKEN("invalid_grant")};
    (void)state;
    for (size_t k = 0; k < 2; k++) {
        pthread_t t[8];
        enum desk_google_end end[8];
        begin(NULL);
        answer_nth(0, all[k]);
        slow_ms = 300;
        for (size_t i = 0; i < 8; i++)
            assert_int_equal(pthread_create(&t[i], NULL, asks, &end[i]), 0);
        for (size_t i = 0; i < 8; i++) {
            pthread_join(t[i], NULL);
            assert_int_equal(end[i], k ? DESK_GOOGLE_RECONNECT : DESK_GOOGLE_OK);
        }
        assert_int_equal(n_requests, 1);
    }
}

/* ---- a service account ----------------------------------------------------------------------- */

static EVP_PKEY *rsa;

static char *key_file(bool pkcs1)
{
    char *pem = NULL;
    BIO *bio = BIO_new(BIO_s_mem());
    rsa = rsa ? rsa : EVP_RSA_gen(2048);
    assert_non_null(rsa);
    if (pkcs1)
        PEM_write_bio_PrivateKey_traditional(bio, rsa, NULL, NULL, 0, NULL, NULL);
    else
        PEM_write_bio_PrivateKey(bio, rsa, NULL, NULL, 0, NULL, NULL);
    long n = BIO_get_mem_data(bio, &pem);
    json_t *v = json_pack("{s:s, s:s, s:s%}", "type", "service_account", "client_email",
                          "desk@p.iam.gserviceaccount.com", "private_key", pem, (size_t)n);
    char *text = json_dumps(v, JSON_COMPACT);
    json_decref(v);
    BIO_free(bio);
    return text;
}

/* base64url, undone. */
static size_t undo(const char *p, size_t n, unsigned char *out)
{
    char text[4096];
    size_t k = 0;
    for (; k < n; k++)
        text[k] = p[k] == '-' ? '+' : p[k] == '_' ? '/' : p[k];
    while (k % 4)
        text[k++] = '=';
    size_t got = desk_base64_decode_raw(out, text, k);
    assert_int_not_equal(got, DESK_BASE64_BAD);
    return got;
}

static void the_claim_is_signed(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        unsigned char sig[512], text[1024];
        struct desk_google_result r = {0};
        struct desk_buf jwt;
        char *key = key_file(i);
        const struct desk_google_account who = {.token_url = "https://oauth2.googleapis.com/token",
                                                .service_key = key,
                                                .scope = DESK_GOOGLE_SHEETS};
        desk_buf_init(&jwt, 8192);
        assert_true(desk_google_assertion(&who, NOW, &jwt, &r));
        const char *dot = strchr(jwt.p, '.'), *dot2 = strrchr(jwt.p, '.');
        assert_int_equal(undo(jwt.p, (size_t)(dot - jwt.p), text), 27);
        text[27] = '\0';
        assert_string_equal((char *)text, "{\"alg\":\"RS256\",\"typ\":\"JWT\"}");
        text[undo(dot + 1, (size_t)(dot2 - dot - 1), text)] = '\0';
        assert_string_equal(
            (char *)text,
            "{\"iss\":\"desk@p.iam.gserviceaccount.com\",\"scope\":\"https://www.googleapis.com/"
            "auth/spreadsheets\",\"aud\":\"https://oauth2.googleapis.com/token\",\"iat\":1791817780"
            ",\"exp\":1791821380}");
        size_t n = undo(dot2 + 1, strlen(dot2 + 1), sig);
        EVP_MD_CTX *ctx = EVP_MD_CTX_new();
        assert_int_equal(EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, rsa), 1);
        assert_int_equal(
            EVP_DigestVerify(ctx, sig, n, (unsigned char *)jwt.p, (size_t)(dot2 - jwt.p)), 1);
        EVP_MD_CTX_free(ctx);
        char email[100];
        assert_true(desk_google_service_email(key, email, sizeof email));
        assert_string_equal(email, "desk@p.iam.gserviceaccount.com");
        desk_buf_clear(&jwt);
        free(key);
    }
}

static void the_claim_is_sent(void **state)
{
    char token[DESK_GOOGLE_TOKEN_LEN];
    static const char start[] =
        "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=";
    struct desk_google_result r;
    (void)state;
    char *key = key_file(false);
    const struct desk_google_account who = {
        .token_url = token_url, .service_key = key, .scope = DESK_GOOGLE_CALENDAR};
    ANSWER(TOKEN);
    assert_int_equal(desk_google_token(&who, token, &r), DESK_GOOGLE_OK);
    assert_int_equal(strncmp(body_of(0), start, sizeof start - 1), 0);
    assert_null(strchr(body_of(0) + sizeof start, '=')); /* and nothing else */
    free(key);
}

static void what_is_no_key(void **state)
{
    static const char *const keys[] = {"",
                                       "{}",
                                       "[]",
                                       "not json",
                                       "{\"client_email\":\"a@b\",\"private_key\":\"no pem\"}",
                                       "{\"client_email\":\"a@b\",\"private_key\":\"----"
                                       "-BEGIN EC PRIV"
                                       "ATE KEY-----\\n"
                                       "MHcCAQEEIA==\\n----"
                                       "-END EC PRIV"
                                       "ATE KEY-----\\n\"}"};
    (void)state;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        char token[DESK_GOOGLE_TOKEN_LEN];
        struct desk_google_result r;
        const struct desk_google_account who = {
            .token_url = token_url, .service_key = keys[i], .scope = "s"};
        assert_int_equal(desk_google_token(&who, token, &r), DESK_GOOGLE_SETUP);
        assert_non_null(strstr(r.why, "GOOGLE_SERVICE_ACCOUNT"));
        assert_null(strstr(r.why, "BEGIN"));
    }
    assert_int_equal(n_requests, 0);
}

/* ---- consent --------------------------------------------------------------------------------- */

static void consent(void **state)
{
    char refresh[DESK_GOOGLE_TOKEN_LEN], scope[200];
    struct desk_google_result r;
    struct desk_buf url;
    (void)state;
    desk_buf_init(&url, 4096);
    /* verifier and challenge of RFC 7636, appendix B */
    const char *verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const struct desk_google_consent c = {
        .auth_url = "https://accounts.google.com/o/oauth2/v2/auth",
        .client_id = "client.example.com",
        .redirect_uri = "https://desk.example.com/google/callback",
        .scope = "a b",
        .state = "st",
        .verifier = verifier};
    desk_google_consent_url(&c, &url);
    assert_string_equal(
        desk_buf_cstr(&url),
        "https://accounts.google.com/o/oauth2/v2/auth?client_id=client.example.com&redirect_uri="
        "https%3A%2F%2Fdesk.example.com%2Fgoogle%2Fcallback&response_type=code&scope=a%20b&"
        "access_type=offline&prompt=consent&include_granted_scopes=true&state=st&code_challenge="
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256");
    desk_buf_clear(&url);
    ANSWER(JSON("200 OK", "") "{\"access_token\":\"a\",\"expires_in\":9,\"refresh_token\":\"1//r\","
                              "\"scope\":\"x y\"}",
           TOKEN, NO_TOKEN("invalid_grant"));
    assert_int_equal(desk_google_exchange(&owner, "4/0c", verifier, c.redirect_uri, refresh, scope,
                                          sizeof scope, &r),
                     DESK_GOOGLE_OK);
    assert_string_equal(refresh, "1//r");
    assert_string_equal(scope, "x y");
    assert_string_equal(body_of(0),
                        "code=4%2F0c&client_id=client.example.com&client_secret=s%26cret&"
                        "redirect_uri=https%3A%2F%2Fdesk.example.com%2Fgoogle%2Fcallback&grant_type"
                        "=authorization_code&code_verifier="
                        "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    for (int i = 0; i < 2; i++) /* none that lasts; a code that was used */
        assert_int_equal(desk_google_exchange(&owner, "4/0c", verifier, c.redirect_uri, refresh,
                                              scope, sizeof scope, &r),
                         DESK_GOOGLE_RECONNECT);
}

static void revoking(void **state)
{
    static const struct {
        const char *http;
        enum desk_google_end end;
    } rows[] = {{JSON("200 OK", "") "{}", DESK_GOOGLE_OK},
                {JSON("400 Bad Request", "") "{\"error\":\"invalid_token\"}", DESK_GOOGLE_OK},
                {JSON("503 No", ""), DESK_GOOGLE_DOWN},
                {JSON("429 No", ""), DESK_GOOGLE_LIMITED}};
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct desk_google_result r;
        begin(NULL);
        answer_nth(0, rows[i].http);
        assert_int_equal(desk_google_revoke(token_url, "1//x", &r), rows[i].end);
        assert_string_equal(body_of(0), "token=1%2F%2Fx");
    }
}

/* ---- the calendar ---------------------------------------------------------------------------- */

static const struct desk_google_calendar *const cal = &desk_google_calendar_rest;

static struct desk_google_place place(void)
{
    return (struct desk_google_place){.api_url = api_url,
                                      .who = &owner,
                                      .calendar = "sal@example.com",
                                      .tz = desk_tz_load("America/Denver"),
                                      .tz_name = "America/Denver",
                                      .timeout_ms = 2000};
}

#define EVENT                                                                                      \
    "{\"id\":\"fd01\",\"etag\":\"\\\"33\\\"\",\"status\":\"confirmed\",\"created\":"               \
    "\"2026-10-12T15:10:00.000Z\",\"start\":{\"dateTime\":\"2026-10-13T14:00:00-06:00\"},"         \
    "\"end\":{\"dateTime\":\"2026-10-13T15:00:00-06:00\"},\"extendedProperties\":{\"private\":"    \
    "{\"frontdesk\":\"ap_1\"}}}"
#define AT 1791921600000LL /* Tuesday 2 pm there */
#define H  3600000LL

static const struct desk_google_write visit = {.id = "fd01",
                                               .mark = "ap_1",
                                               .summary = "repair: Dana <3",
                                               .location = "1 Main St",
                                               .description = "Tel. +1303\n<b>&co",
                                               .start = AT,
                                               .end = AT + H};

static void an_event_is_written(void **state)
{
    struct desk_google_event e;
    struct desk_google_result r;
    struct desk_google_place p = place();
    (void)state;
    ANSWER(TOKEN, JSON("200 OK", "") EVENT, JSON("200 OK", "") EVENT,
           HEAD("204 No Content", "", ""), ERROR("410 Gone", "410", "deleted", ""),
           ERROR("404 No", "404", "notFound", ""));
    assert_int_equal(cal->insert(&p, &visit, &e, &r), DESK_GOOGLE_OK);
    assert_string_equal(e.id, "fd01");
    assert_string_equal(e.etag, "\"33\"");
    assert_string_equal(e.ours, "ap_1");
    assert_int_equal(e.start, AT);
    assert_int_equal(e.end, AT + H);
    assert_int_equal(e.created, NOW);
    line_is(1, "POST /calendar/v3/calendars/sal%40example.com/events?sendUpdates=none");
    assert_non_null(strstr(requests[1], "\r\nAuthorization: Bearer ya29.a\r\n"));
    assert_non_null(strstr(requests[1], "\r\nContent-Type: application/json\r\n"));
#define WRITTEN                                                                                    \
    "\"summary\":\"repair: Dana <3\",\"location\":\"1 Main St\",\"description\":\"Tel. +1303\\n"   \
    "&lt;b&gt;&amp;co\",\"start\":{\"dateTime\":\"2026-10-13T14:00:00-06:00\",\"timeZone\":"       \
    "\"America/Denver\"},\"end\":{\"dateTime\":\"2026-10-13T15:00:00-06:00\",\"timeZone\":"        \
    "\"America/Denver\"},\"visibility\":\"default\",\"extendedProperties\":{\"private\":{"         \
    "\"frontdesk\":\"ap_1\"}}}"
    assert_string_equal(body_of(1), "{\"id\":\"fd01\"," WRITTEN);
    struct desk_google_write w = visit;
    w.id = NULL;
    assert_int_equal(cal->patch(&p, "fd01", "\"33\"", &w, &e, &r), DESK_GOOGLE_OK);
    line_is(2, "PATCH /calendar/v3/calendars/sal%40example.com/events/fd01?sendUpdates=none");
    assert_non_null(strstr(requests[2], "\r\nIf-Match: \"33\"\r\n"));
    assert_string_equal(body_of(2), "{" WRITTEN);
    for (int i = 0; i < 3; i++)
        assert_int_equal(cal->erase(&p, "fd01", &r), DESK_GOOGLE_OK);
    line_is(3, "DELETE /calendar/v3/calendars/sal%40example.com/events/fd01?sendUpdates=none");
    assert_int_equal(n_requests, 6);
}

static void what_an_answer_means(void **state)
{
    static const struct {
        const char *http;
        enum desk_google_end insert, get;
        int64_t wait_ms;
    } rows[] = {
        {ERROR("400 Bad", "400", "timeRangeEmpty", ""), DESK_GOOGLE_REFUSED, DESK_GOOGLE_REFUSED,
         0},
        {ERROR("403 No", "403", "rateLimitExceeded", ""), DESK_GOOGLE_LIMITED, DESK_GOOGLE_LIMITED,
         0},
        {ERROR("403 No", "403", "quotaExceeded", "Retry-After: 99999999\r\n"), DESK_GOOGLE_LIMITED,
         DESK_GOOGLE_LIMITED, 3600000},
        {ERROR("403 No", "403", "forbiddenForServiceAccounts", ""), DESK_GOOGLE_DENIED,
         DESK_GOOGLE_DENIED, 0},
        {ERROR("404 No", "404", "notFound", ""), DESK_GOOGLE_MISSING, DESK_GOOGLE_MISSING, 0},
        {ERROR("409 No", "409", "duplicate", ""), DESK_GOOGLE_EXISTS, DESK_GOOGLE_EXISTS, 0},
        {ERROR("410 No", "410", "deleted", ""), DESK_GOOGLE_GONE, DESK_GOOGLE_GONE, 0},
        {ERROR("412 No", "412", "conditionNotMet", ""), DESK_GOOGLE_CHANGED, DESK_GOOGLE_CHANGED,
         0},
        {ERROR("429 No", "429", "rateLimitExceeded", "Retry-After: 3\r\n"), DESK_GOOGLE_LIMITED,
         DESK_GOOGLE_LIMITED, 3000},
        {ERROR("500 No", "500", "backendError", ""), DESK_GOOGLE_LOST, DESK_GOOGLE_DOWN, 0},
        {JSON("503 No", "") "<html>", DESK_GOOGLE_LOST, DESK_GOOGLE_DOWN, 0},
        {JSON("200 OK", "") "{\"id\":", DESK_GOOGLE_LOST, DESK_GOOGLE_DOWN, 0},
        {JSON("200 OK", "") "{\"id\":\"x\"}", DESK_GOOGLE_LOST, DESK_GOOGLE_DOWN, 0},
        {JSON("200 OK", "") "[]", DESK_GOOGLE_LOST, DESK_GOOGLE_DOWN, 0},
        {NULL, DESK_GOOGLE_LOST, DESK_GOOGLE_DOWN, 0},
    };
    struct desk_google_place p = place();
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk_google_event e;
        struct desk_google_result r;
        begin(NULL);
        ANSWER(TOKEN);
        answer_nth(1, rows[i].http);
        answer_nth(2, rows[i].http);
        enum desk_google_end got = cal->insert(&p, &visit, &e, &r);
        if (got != rows[i].insert || r.wait_ms != rows[i].wait_ms || !*r.why)
            fail_msg("insert %zu: %s \"%s\"", i, desk_google_end_name(got), r.why);
        got = cal->get(&p, "fd01", &e, &r);
        if (got != rows[i].get || !*r.why)
            fail_msg("get %zu: %s \"%s\"", i, desk_google_end_name(got), r.why);
        assert_int_equal(n_requests, 3); /* never again by itself */
    }
}

static void a_token_that_is_refused_is_renewed_once(void **state)
{
    struct desk_google_event e;
    struct desk_google_result r;
    struct desk_google_place p = place();
    (void)state;
    ANSWER(TOKEN, ERROR("401 No", "401", "authError", ""),
           JSON("200 OK", "") "{\"access_token\":\"ya29.c\",\"expires_in\":3599}",
           JSON("200 OK", "") EVENT, ERROR("401 No", "401", "authError", ""), TOKEN,
           ERROR("401 No", "401", "authError", ""));
    assert_int_equal(cal->get(&p, "fd01", &e, &r), DESK_GOOGLE_OK);
    assert_non_null(strstr(requests[3], "Bearer ya29.c\r\n"));
    assert_int_equal(cal->get(&p, "fd01", &e, &r), DESK_GOOGLE_RECONNECT);
    assert_int_equal(n_requests, 7);
}

static void free_or_busy(void **state)
{
    static const struct {
        const char *http;
        enum desk_google_busy is;
    } rows[] = {
        {"{\"calendars\":{\"sal@example.com\":{\"busy\":[]}}}", DESK_GOOGLE_FREE},
        {"{\"calendars\":{\"sal@example.com\":{\"busy\":[{\"start\":\"x\",\"end\":\"y\"}]}}}",
         DESK_GOOGLE_BUSY},
        {"{\"calendars\":{\"Sal@Example.com\":{\"busy\":[]}}}", DESK_GOOGLE_FREE},
        {"{\"calendars\":{\"sal@example.com\":{\"errors\":[{\"domain\":\"global\",\"reason\":"
         "\"notFound\"}],\"busy\":[]}}}",
         DESK_GOOGLE_UNKNOWN}, /* 200 with errors is not free */
        {"{\"calendars\":{}}", DESK_GOOGLE_UNKNOWN},
        {"{}", DESK_GOOGLE_UNKNOWN},
    };
    struct desk_google_place p = place();
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char http[600];
        enum desk_google_busy is;
        struct desk_google_result r;
        snprintf(http, sizeof http, JSON("200 OK", "") "%s", rows[i].http);
        begin(NULL);
        ANSWER(TOKEN, http);
        assert_int_equal(cal->busy(&p, AT, AT + H, &is, &r), DESK_GOOGLE_OK);
        if (is != rows[i].is)
            fail_msg("row %zu: %d", i, is);
        line_is(1, "POST /calendar/v3/freeBusy");
        assert_string_equal(body_of(1),
                            "{\"timeMin\":\"2026-10-13T20:00:00Z\",\"timeMax\":"
                            "\"2026-10-13T21:00:00Z\",\"items\":[{\"id\":\"sal@example.com\"}]}");
    }
}

struct seen {
    struct desk_google_event e[10];
    size_t n, most;
};

static bool see(void *ctx, const struct desk_google_event *e)
{
    struct seen *s = ctx;
    s->e[s->n++] = *e;
    return s->n < s->most;
}

static void a_list_has_pages(void **state)
{
    static struct seen s;
    static struct desk_google_list l;
    struct desk_google_result r;
    struct desk_google_place p = place();
    (void)state;
    s = (struct seen){.most = 10};
    l = (struct desk_google_list){.from = AT, .to = AT + 24 * H, .each = see, .ctx = &s};
    ANSWER(TOKEN,
           JSON("200 OK", "") "{\"timeZone\":\"America/New_York\",\"items\":[" EVENT
                              ",{\"id\":\"off\",\"status\":\"cancelled\"},{\"id\":\"nowhen\"},"
                              "{\"start\":{}},7],\"nextPageToken\":\"p 2\"}",
           JSON("200 OK", "") "{\"timeZone\":\"America/New_York\",\"items\":[]," /* not the end */
                              "\"nextPageToken\":\"p3\"}",
           JSON("200 OK", "") "{\"timeZone\":\"America/New_York\",\"items\":[{\"id\":\"day\","
                              "\"transparency\":\"transparent\",\"start\":{\"date\":\"2026-11-01\"}"
                              ",\"end\":{\"date\":\"2026-11-02\"}}],\"nextSyncToken\":\"s=1\"}",
           JSON("200 OK", "") "{\"items\":[],\"nextSyncToken\":\"s2\"}",
           ERROR("410 Gone", "410", "fullSyncRequired", ""), JSON("200 OK", "") "{\"kind\":1}");
    assert_int_equal(cal->list(&p, &l, &r), DESK_GOOGLE_OK);
    line_is(1, "GET /calendar/v3/calendars/sal%40example.com/events?singleEvents=true&maxResults="
               "2500&timeMin=2026-10-13T20%3A00%3A00Z&timeMax=2026-10-14T20%3A00%3A00Z");
    line_is(2, "GET /calendar/v3/calendars/sal%40example.com/events?singleEvents=true&maxResults="
               "2500&timeMin=2026-10-13T20%3A00%3A00Z&timeMax=2026-10-14T20%3A00%3A00Z&pageToken="
               "p%202");
    assert_int_equal(s.n, 3);
    assert_string_equal(s.e[0].ours, "ap_1");
    assert_true(s.e[1].cancelled);
    assert_true(s.e[2].free);
    assert_int_equal(s.e[2].end - s.e[2].start, 25 * H); /* the clocks go back in New York */
    assert_int_equal(s.e[2].start, 1793505600000LL);
    assert_string_equal(l.next_token, "s=1");
    l.sync_token = "s=1";
    assert_int_equal(cal->list(&p, &l, &r), DESK_GOOGLE_OK);
    line_is(4, "GET /calendar/v3/calendars/sal%40example.com/events?singleEvents=true&maxResults="
               "2500&syncToken=s%3D1");
    assert_string_equal(l.next_token, "s2");
    assert_int_equal(cal->list(&p, &l, &r), DESK_GOOGLE_GONE);
    assert_int_equal(cal->list(&p, &l, &r), DESK_GOOGLE_DOWN); /* no list */
}

static void times_that_are_none(void **state)
{
    static const char *const times[] = {"2026-10-13T14:00:00",
                                        "2026-10-13 14:00:00Z",
                                        "2026-13-13T14:00:00Z",
                                        "x",
                                        "2026-10-13T14:00:00+6",
                                        "2026-10-13T14:00",
                                        "",
                                        "2026-10-13"};
    struct desk_google_place p = place();
    (void)state;
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        char http[400];
        struct desk_google_event e;
        struct desk_google_result r;
        snprintf(http, sizeof http,
                 JSON("200 OK", "") "{\"id\":\"a\",\"start\":{\"dateTime\":\"%s\"},\"end\":{"
                                    "\"dateTime\":\"2026-10-13T15:00:00Z\"}}",
                 times[i]);
        begin(NULL);
        ANSWER(TOKEN, http);
        assert_int_equal(cal->get(&p, "a", &e, &r), DESK_GOOGLE_DOWN);
    }
}

/* ---- sheets ---------------------------------------------------------------------------------- */

static void rows_of_a_sheet(void **state)
{
    static const char *const header[] = {"Id", "Name", "Job"};
    static const char *const row[] = {"lead_1", "=IMPORTXML(\"http://x\")", NULL};
    const struct desk_google_sheet s = {.api_url = api_url,
                                        .who = &owner,
                                        .spreadsheet = "sheet-1",
                                        .tab = "Sal's leads",
                                        .header = header,
                                        .n = 3};
    char where[100];
    bool there;
    struct desk_google_result r;
    (void)state;
    ANSWER(TOKEN,
           JSON("400 Bad", "") "{\"error\":{\"code\":400,\"message\":\"Unable to parse range: 'Sal"
                               "''s leads'!A1:C1\",\"status\":\"INVALID_ARGUMENT\"}}",
           JSON("200 OK", "") "{}", JSON("200 OK", "") "{}",
           JSON("200 OK", "") "{\"updates\":{\"updatedRange\":\"'Sal''s leads'!A2:C2\"}}",
           JSON("200 OK", "") "{\"values\":[[\"Id\"],[],[\"lead_1\"]]}",
           JSON("200 OK", "") "{\"values\":[[\"Id\"],[\"lead_10\"]]}");
    assert_int_equal(desk_google_sheets_rest.append(&s, row, where, sizeof where, &r),
                     DESK_GOOGLE_OK);
    assert_string_equal(where, "'Sal''s leads'!A2:C2");
#define CELLS "/v4/spreadsheets/sheet-1/values/%27Sal%27%27s%20leads%27%21A1%3AC1"
    line_is(1, "GET " CELLS);
    line_is(2, "POST /v4/spreadsheets/sheet-1:batchUpdate");
    assert_string_equal(
        body_of(2), "{\"requests\":[{\"addSheet\":{\"properties\":{\"title\":\"Sal's leads\"}}}]}");
    line_is(3, "PUT " CELLS "?valueInputOption=RAW");
    assert_string_equal(body_of(3),
                        "{\"majorDimension\":\"ROWS\",\"values\":[[\"Id\",\"Name\",\"Job\"]]}");
    line_is(4, "POST " CELLS ":append?valueInputOption=RAW&insertDataOption=INSERT_ROWS");
    assert_string_equal(body_of(4), "{\"majorDimension\":\"ROWS\",\"values\":[[\"lead_1\","
                                    "\"=IMPORTXML(\\\"http://x\\\")\",\"\"]]}");
    assert_int_equal(desk_google_sheets_rest.find(&s, "lead_1", &there, &r), DESK_GOOGLE_OK);
    assert_true(there);
    line_is(5, "GET /v4/spreadsheets/sheet-1/values/%27Sal%27%27s%20leads%27%21A%3AA");
    assert_int_equal(desk_google_sheets_rest.find(&s, "lead_1", &there, &r), DESK_GOOGLE_OK);
    assert_false(there);
}

static void a_header_is_left_alone(void **state)
{
    static const char *const header[] = {"Id", "Name"};
    const struct desk_google_sheet s = {.api_url = api_url,
                                        .who = &owner,
                                        .spreadsheet = "x",
                                        .tab = "T",
                                        .header = header,
                                        .n = 2};
    char where[100];
    struct desk_google_result r;
    (void)state;
    ANSWER(TOKEN, JSON("200 OK", "") "{\"values\":[[\"Nummer\"]]}", NULL);
    assert_int_equal(desk_google_sheets_rest.append(&s, header, where, sizeof where, &r),
                     DESK_GOOGLE_LOST);
    assert_int_equal(n_requests, 3);
    begin(NULL);
    ANSWER(TOKEN, JSON("404 No", "") "{\"error\":{\"code\":404,\"message\":\"Requested entity was "
                                     "not found.\",\"status\":\"NOT_FOUND\"}}");
    assert_int_equal(desk_google_sheets_rest.append(&s, header, where, sizeof where, &r),
                     DESK_GOOGLE_MISSING);
    assert_int_equal(n_requests, 2);
}

static pthread_t server;

static int start(void **state)
{
    (void)state;
    desk_log_init("test", DESK_LOG__MAX);
    if (!peer_listen())
        return -1;
    snprintf(api_url, sizeof api_url, "http://127.0.0.1:%u/", peer_port);
    snprintf(token_url, sizeof token_url, "http://127.0.0.1:%u/token", peer_port);
    desk_clock_fake(NOW);
    return pthread_create(&server, NULL, serve, NULL);
}

static int stop(void **state)
{
    shutdown(peer_listener, SHUT_RDWR);
    pthread_join(server, NULL);
    close(peer_listener);
    EVP_PKEY_free(rsa);
    return begin(state);
}

#define T(f) cmocka_unit_test_setup(f, begin)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(a_token_is_asked_for_once),
        T(what_the_token_endpoint_says),
        T(many_ask_at_once),
        T(the_claim_is_signed),
        T(the_claim_is_sent),
        T(what_is_no_key),
        T(consent),
        T(revoking),
        T(an_event_is_written),
        T(what_an_answer_means),
        T(a_token_that_is_refused_is_renewed_once),
        T(free_or_busy),
        T(a_list_has_pages),
        T(times_that_are_none),
        T(rows_of_a_sheet),
        T(a_header_is_left_alone),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
