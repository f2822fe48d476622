/* out/webhook: one delivery to the byte, what each answer comes to, and where none goes: names that
 * lead to this machine or its network, whatever they led to before. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/config.h"
#include "out/address.h"
#include "out/webhook.h"
#include "wire/traceparent.h"
#include "wire/webhook.h"

/* what the client is told is public, in place of the table */
static bool all_public;
static bool asked_public(const struct sockaddr *to)
{
    return all_public || desk_address_public(to);
}
#define desk_address_public asked_public
#include "out/http.c"
#undef desk_address_public

#include "tests/unit/http_peer.h"

#include <netdb.h>
#include <stdio.h>

#define SECRET  "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
#define TRACE   "4bf92f3577b34da6a3ce929d0e0e4736"
#define SECRET2 "whsec_HxwdGxoZGBcWFRQTEhEQDw4NDAsKCQgHBgUEAwIBAA=="
#define BODY                                                                                       \
    "{\"type\":\"call.completed\",\"timestamp\":\"2023-11-14T22:13:20Z\",\"data\":{\"id\":\"c1\"}" \
    "}"
#define ANSWER(status, more)                                                                       \
    "HTTP/1.1 " status "\r\nConnection: close\r\nContent-Length: 0\r\n" more "\r\n"

/* ---- the world's names ----------------------------------------------------------------------- */

static const char *leads_to; /* where every name of example.com leads now */
static int looked_up;

/* In place of the C library's (the Makefile exports it to libcurl). Only what libcurl asks for. */
int getaddrinfo(const char *restrict node, const char *restrict service,
                const struct addrinfo *restrict hints, struct addrinfo **restrict res);
void freeaddrinfo(struct addrinfo *ai);

struct found {
    struct addrinfo ai;
    struct sockaddr_storage at;
};

int getaddrinfo(const char *restrict node, const char *restrict service,
                const struct addrinfo *restrict hints, struct addrinfo **restrict res)
{
    (void)hints;
    const char *to = node && strstr(node, "example.com") ? leads_to : node;
    struct found *f = calloc(1, sizeof *f);
    struct sockaddr_in *in4 = (void *)&f->at;
    struct sockaddr_in6 *in6 = (void *)&f->at;
    uint16_t port = htons((uint16_t)strtoul(service ? service : "0", NULL, 10));
    looked_up++;
    if (to && inet_pton(AF_INET, to, &in4->sin_addr) == 1) {
        in4->sin_family = AF_INET;
        in4->sin_port = port;
        f->ai = (struct addrinfo){.ai_family = AF_INET, .ai_addrlen = sizeof *in4};
    } else if (to && inet_pton(AF_INET6, to, &in6->sin6_addr) == 1) {
        in6->sin6_family = AF_INET6;
        in6->sin6_port = port;
        f->ai = (struct addrinfo){.ai_family = AF_INET6, .ai_addrlen = sizeof *in6};
    } else {
        free(f);
        return EAI_NONAME;
    }
    f->ai.ai_socktype = SOCK_STREAM;
    f->ai.ai_protocol = IPPROTO_TCP;
    f->ai.ai_addr = (void *)&f->at;
    *res = &f->ai;
    return 0;
}

void freeaddrinfo(struct addrinfo *ai)
{
    free(ai); /* the first member of struct found */
}

/* ---- the request ----------------------------------------------------------------------------- */

static void set_allow(bool peer_too)
{
    static char allow[40];
    snprintf(allow, sizeof allow, "127.0.0.1:%u", peer_port);
    desk_setting_override(DESK_S_WEBHOOK_ALLOW, peer_too ? allow : "");
}

static struct desk_outbox_result post(const char *url, size_t secrets)
{
    static const char *const list[] = {SECRET, SECRET2};
    struct desk_outbox_result r;
    const struct desk_webhook_post p = {.url = url,
                                        .id = "msg_01",
                                        .trace = TRACE,
                                        .body = BODY,
                                        .secrets = list,
                                        .n_secrets = secrets};
    desk_webhook_http.post(&p, &r);
    return r;
}

static const char *peer_url(void)
{
    static char url[60];
    snprintf(url, sizeof url, "http://127.0.0.1:%u/in?x=1", peer_port);
    return url;
}

static struct desk_outbox_result to_peer(const char *answer)
{
    atomic_store(&peer_answer, answer);
    return post(peer_url(), 1);
}

static void to_the_byte(void **state)
{
    char want[1024];
    (void)state;
    set_allow(true);
    desk_clock_fake(1700000000999LL);
    struct desk_traceparent step;
    struct desk_outbox_result r = to_peer(ANSWER("200 OK", ""));
    const char *parent = strstr(peer_seen, "traceparent: ");
    assert_non_null(parent);
    parent += strlen("traceparent: ");
    assert_int_equal(r.end, DESK_END_SENT);
    assert_string_equal(r.remote_state, "200");
    snprintf(want, sizeof want,
             "POST /in?x=1 HTTP/1.1\r\n"
             "Host: 127.0.0.1:%u\r\n"
             "User-Agent: Frontdesk/1\r\n"
             "Accept: */*\r\n"
             "Content-Type: application/json\r\n"
             "webhook-id: msg_01\r\n"
             "webhook-timestamp: 1700000000\r\n"
             "webhook-signature: v1,JgfbJOIhEOV/SwTjHQIHwu6RPuwwydof9GtCpo2h7a0=\r\n"
             "traceparent: %.55s\r\n"
             "Content-Length: %zu\r\n"
             "\r\n" BODY,
             peer_port, parent, strlen(BODY));
    assert_string_equal(peer_seen, want);
    assert_true(desk_traceparent_parse(&step, parent, 55));
    assert_string_equal(step.trace, TRACE);
    /* both secrets sign while they are being changed */
    r = post(peer_url(), 2);
    assert_int_equal(r.end, DESK_END_SENT);
    assert_non_null(strstr(peer_seen, "webhook-signature: v1,JgfbJOIhEOV/"));
    const char *line = strstr(peer_seen, "webhook-signature: ");
    const char *second = strstr(line, " v1,Jgfb");
    assert_non_null(second);
    assert_non_null(strstr(second + 4, " v1,"));
    /* no secret: nothing is sent */
    int before = atomic_load(&peer_requests);
    assert_int_equal(post(peer_url(), 0).end, DESK_END_FAILED);
    assert_int_equal(atomic_load(&peer_requests), before);
    desk_clock_fake(0);
}

static void what_answers_come_to(void **state)
{
    static const struct {
        const char *answer;
        enum desk_outbox_end end;
        int code;
        int64_t wait_ms;
        const char *why; /* is in it */
    } rows[] = {
        {ANSWER("204 No Content", ""), DESK_END_SENT, 0, 0, ""},
        {ANSWER("299 Odd", ""), DESK_END_SENT, 0, 0, ""},
        {ANSWER("301 Moved", "Location: http://127.0.0.1:9/\r\n"), DESK_END_AGAIN, 301, 0,
         "not followed"},
        {ANSWER("307 Moved", "Location: http://169.254.169.254/latest/\r\n"), DESK_END_AGAIN, 307,
         0, "not followed"},
        {ANSWER("400 Bad", ""), DESK_END_AGAIN, 400, 0, "HTTP 400."},
        {ANSWER("404 None", ""), DESK_END_AGAIN, 404, 0, "HTTP 404."},
        {ANSWER("410 Gone", ""), DESK_END_FAILED, 410, 0, "wants no more"},
        {ANSWER("429 Too Many", "Retry-After: 7\r\n"), DESK_END_AGAIN, 429, 7000, "HTTP 429."},
        {ANSWER("429 Too Many", ""), DESK_END_AGAIN, 429, 0, "HTTP 429."},
        {ANSWER("502 Bad Gateway", "Retry-After: 3\r\n"), DESK_END_AGAIN, 502, 3000, "HTTP 502."},
        {ANSWER("503 Busy", "Retry-After: 99999999\r\n"), DESK_END_AGAIN, 503, 3600000,
         "HTTP 503."},
        {ANSWER("500 Oops", "Retry-After: 3\r\n"), DESK_END_AGAIN, 500, 0, "HTTP 500."},
        {"", DESK_END_AGAIN, 0, 0, "No answer from the receiver"}, /* lost */
        {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab", DESK_END_AGAIN, 0, 0, "No answer"},
        {"\x16\x03\x01 what", DESK_END_AGAIN, 0, 0, "No answer"}, /* no HTTP at all */
    };
    (void)state;
    set_allow(true);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int before = atomic_load(&peer_requests);
        struct desk_outbox_result r = to_peer(rows[i].answer);
        if (r.end != rows[i].end || r.code != rows[i].code || r.wait_ms != rows[i].wait_ms ||
            !strstr(r.why, rows[i].why))
            fail_msg("%.40s: end %d code %lld wait %lld %s", rows[i].answer, (int)r.end,
                     (long long)r.code, (long long)r.wait_ms, r.why);
        assert_int_equal(atomic_load(&peer_requests), before + 1); /* no redirect was followed */
    }
}

/* What a receiver says is shown to people: as plain words on one line, and only its beginning. */
static void its_words_are_made_harmless(void **state)
{
    static char answer[2000];
    (void)state;
    set_allow(true);
    snprintf(answer, sizeof answer,
             HEAD("500 Oops", "text/html",
                  "Content-Length: 1000\r\n") "<script>alert(\"1\")</script>\r\n\x1b[31m%0970d",
             7);
    struct desk_outbox_result r = to_peer(answer);
    assert_int_equal(r.end, DESK_END_AGAIN);
    assert_null(strpbrk(r.why, "<>\"'&\\\r\n\x1b"));
    assert_true(strlen(r.why) < 200);
}

/* A success that comes with a long page is one, and is not waited for. */
static void a_long_success(void **state)
{
    static char answer[200000];
    (void)state;
    set_allow(true);
    int n =
        snprintf(answer, sizeof answer, HEAD("200 OK", "text/plain", "Content-Length: 150000\r\n"));
    memset(answer + n, 'x', 150000);
    assert_int_equal(to_peer(answer).end, DESK_END_SENT);
}

/* ---- where none goes ------------------------------------------------------------------------- */

/* Names are not looked up when they are typed in, but each time they are called: what a name leads
 * to then decides, and nothing is sent before that. */
static void names_that_lead_inside(void **state)
{
    static const char *const inside[] = {
        "127.0.0.1",     "127.8.8.8",        "10.0.0.5",         "172.16.9.9",
        "192.168.1.1",   "169.254.169.254",  "100.100.100.200",  "192.0.0.192",
        "0.0.0.0",       "255.255.255.255",  "224.0.0.1",        "::",
        "::1",           "::ffff:127.0.0.1", "::ffff:a9fe:a9fe", "64:ff9b::a00:1",
        "fd00:ec2::254", "fe80::1",          "fc00::1",          "2002:7f00:1::",
    };
    char url[60];
    const char *why;
    (void)state;
    set_allow(false);
    for (size_t i = 0; i < sizeof inside / sizeof *inside; i++) {
        int before = looked_up;
        snprintf(url, sizeof url, "https://hooks%zu.example.com/in", i); /* libcurl remembers */
        assert_int_equal(desk_webhook_at(url, "", &why), DESK_WEBHOOK_PUBLIC);
        leads_to = inside[i];
        struct desk_outbox_result r = post(url, 1);
        if (r.end != DESK_END_FAILED || !strstr(r.why, "private network"))
            fail_msg("%s: end %d %s", inside[i], (int)r.end, r.why);
        assert_true(looked_up > before); /* it was this test's name, not the world's */
    }
    leads_to = NULL; /* no such name: perhaps later */
    assert_int_equal(post("https://none.example.com/in", 1).end, DESK_END_AGAIN);
}

/* A name that led to where it may, and then does not (DNS rebinding): looked at anew each time. */
static void names_that_turn(void **state)
{
    static const char url[] = "https://hooks.example.com:8443/in";
    (void)state;
    set_allow(false);
    leads_to = "127.0.0.1";
    all_public = true; /* as if it were */
    assert_int_equal(post(url, 1).end, DESK_END_AGAIN);
    all_public = false;
    struct desk_outbox_result r = post(url, 1);
    assert_int_equal(r.end, DESK_END_FAILED);
    assert_non_null(strstr(r.why, "private network"));
    /* who runs servers beside this one says so */
    desk_setting_override(DESK_S_ALLOW_PRIVATE_ADDRESSES, "true");
    assert_int_equal(post(url, 1).end, DESK_END_AGAIN);
    desk_setting_override(DESK_S_ALLOW_PRIVATE_ADDRESSES, "false");
}

/* What was allowed when it was made is looked at again when it is sent. */
static void allowed_no_more(void **state)
{
    static const char *const urls[] = {"https://127.0.0.1/in", "https://2130706433/in",
                                       "https://0177.0.0.1/in", "https://[::1]/in",
                                       "http://hooks.example.com/in"};
    (void)state;
    set_allow(true);
    assert_int_equal(to_peer(ANSWER("200 OK", "")).end, DESK_END_SENT);
    int before = atomic_load(&peer_requests), names = looked_up;
    set_allow(false);
    assert_int_equal(to_peer(ANSWER("200 OK", "")).end, DESK_END_FAILED);
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++)
        assert_int_equal(post(urls[i], 1).end, DESK_END_FAILED);
    assert_int_equal(atomic_load(&peer_requests), before);
    assert_int_equal(looked_up, names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(to_the_byte),
        cmocka_unit_test(what_answers_come_to),
        cmocka_unit_test(its_words_are_made_harmless),
        cmocka_unit_test(a_long_success),
        cmocka_unit_test(names_that_lead_inside),
        cmocka_unit_test(names_that_turn),
        cmocka_unit_test(allowed_no_more),
    };
    return cmocka_run_group_tests_name("webhook_send", tests, peer_start, peer_stop);
}
