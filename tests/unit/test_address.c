/* Which addresses are public, and that a request to others is refused before a byte is sent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/config.h"
#include "out/address.h"

/* what the client is told is public, in place of the table: loopback, for the server below */
static int say_public; /* so many times */
static bool asked_public(const struct sockaddr *to)
{
    return say_public-- > 0 || desk_address_public(to);
}
#define desk_address_public asked_public
#include "out/http.c"
#undef desk_address_public

#include "tests/unit/http_peer.h"

static bool public_one(const char *text)
{
    struct sockaddr_storage s = {0};
    struct sockaddr_in in4 = {.sin_family = AF_INET};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, text, &in4.sin_addr) == 1)
        memcpy(&s, &in4, sizeof in4);
    else if (inet_pton(AF_INET6, text, &in6.sin6_addr) == 1)
        memcpy(&s, &in6, sizeof in6);
    else
        fail_msg("%s is no address", text);
    return desk_address_public((const struct sockaddr *)&s);
}

static void table(void **state)
{
    static const char *const no[] = {
        "0.0.0.0",
        "0.255.255.255",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.0.2.7",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.9",
        "203.0.113.9",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:10.1.2.3",
        "64:ff9b::169.254.169.254",
        "64:ff9b:1::808:808",
        "100::1",
        "2001::1",
        "2001:1ff:ffff::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "2002:c0a8:101::1",
        "3fff::1",
        "4000::1",
        "5f00::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "febf::1",
        "fec0::1",
        "ff02::1",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    };
    static const char *const yes[] = {
        "1.1.1.1",          "8.8.8.8",         "9.255.255.255",
        "11.0.0.0",         "100.63.255.255",  "100.128.0.0",
        "126.255.255.255",  "128.0.0.1",       "169.253.255.255",
        "172.15.255.255",   "172.32.0.0",      "192.0.1.1",
        "192.167.255.255",  "192.169.0.0",     "198.17.255.255",
        "198.20.0.0",       "223.255.255.255", "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8", "2001:200::1",     "2001:4860:4860::8888",
        "2002:808:808::1",  "2606:4700::1111", "2a00:1450:4001::1",
        "3ffe::1",
    };
    const struct sockaddr other = {.sa_family = AF_UNIX};
    (void)state;
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        if (public_one(no[i]))
            fail_msg("%s is not public", no[i]);
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        if (!public_one(yes[i]))
            fail_msg("%s is public", yes[i]);
    assert_false(desk_address_public(&other));
}

static void by_setting(void **state)
{
    (void)state;
    assert_true(desk_address_guarded());
    desk_setting_override(DESK_S_ALLOW_PRIVATE_ADDRESSES, "true");
    assert_false(desk_address_guarded());
    desk_setting_override(DESK_S_ALLOW_PRIVATE_ADDRESSES, "false");
}

static enum desk_rc ask(const char *host, bool public_only, struct desk_http_reply *reply)
{
    char url[100];
    snprintf(url, sizeof url, "http://%s:%u/x", host, peer_port);
    const struct desk_http_request req = {
        .url = url, .public_only = public_only, .max_redirects = 2};
    return desk_http_send(&req, reply);
}

/* Every way to write this machine; also where a connection to it is kept that was allowed. */
static void refused(void **state)
{
    static const char *const hosts[] = {"127.0.0.1", "localhost",      "[::1]",      "0.0.0.0",
                                        "127.1",     "2130706433",     "0x7f000001", "017700000001",
                                        "[::]",      "[::ffff:7f00:1]"};
    struct desk_http_reply reply;
    (void)state;
    atomic_store(&peer_answer, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    assert_int_equal(ask("127.0.0.1", false, &reply), DESK_OK);
    desk_http_reply_clear(&reply);
    int before = atomic_load(&peer_requests);
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        enum desk_rc rc = ask(hosts[i], true, &reply);
        if (rc != DESK_EINVAL || reply.fail != DESK_HTTP_PRIVATE || reply.status || !*reply.why)
            fail_msg("%s: %s %s", hosts[i], desk_rc_name(rc), desk_http_fail_name(reply.fail));
        desk_http_reply_clear(&reply);
    }
    const struct desk_http_request up = {.url = "http://127.0.0.1:1/", .public_only = true};
    assert_int_equal(desk_http_upgrade(&up, &reply), DESK_EINVAL);
    assert_int_equal(reply.fail, DESK_HTTP_PRIVATE);
    desk_http_reply_clear(&reply);
    assert_int_equal(atomic_load(&peer_requests), before);
}

/* Public: it goes, past a proxy that would hide where to; a redirect is asked about again. */
static void allowed(void **state)
{
    char moved[200];
    struct desk_http_reply reply;
    (void)state;
    setenv("http_proxy", "http://127.0.0.1:9", 1);
    say_public = 1;
    atomic_store(&peer_answer, JSON("200 OK", "Content-Length: 2\r\n") "{}");
    assert_int_equal(ask("127.0.0.1", true, &reply), DESK_OK);
    assert_int_equal(reply.status, 200);
    desk_http_reply_clear(&reply);
    say_public = 1;
    snprintf(moved, sizeof moved,
             HEAD("302 Found", "text/plain",
                  "Location: http://localhost:%u/y\r\n"
                  "Content-Length: 0\r\n"),
             peer_port);
    atomic_store(&peer_answer, moved);
    int before = atomic_load(&peer_requests);
    assert_int_equal(ask("127.0.0.1", true, &reply), DESK_EINVAL);
    assert_int_equal(reply.fail, DESK_HTTP_PRIVATE);
    assert_int_equal(atomic_load(&peer_requests), before + 1);
    desk_http_reply_clear(&reply);
    unsetenv("http_proxy");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table),
        cmocka_unit_test(by_setting),
        cmocka_unit_test(refused),
        cmocka_unit_test(allowed),
    };
    return cmocka_run_group_tests(tests, peer_start, peer_stop);
}
