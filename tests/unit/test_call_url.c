/* URLs of the simulator: resolving, what is signed, where it connects. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../cli/call_url.c"

static void resolve(void **state)
{
    static const struct {
        const char *ref, *want; /* NULL = refused */
    } cases[] = {
        /* against http://h:81/a/b/c?q=1 */
        {"/x", "http://h:81/x"},
        {"d", "http://h:81/a/b/d"},
        {"../d", "http://h:81/a/d"},
        {"./d", "http://h:81/a/b/d"},
        {"../../../../d", "http://h:81/d"},
        {"..", "http://h:81/a/"},
        {"/x/./y/../z?p=../q", "http://h:81/x/z?p=../q"},
        {"?r=2", "http://h:81/a/b/c?r=2"},
        {"", "http://h:81/a/b/c?q=1"},
        {"#f", "http://h:81/a/b/c?q=1"},
        {"/x#rc=3&rp=ct", "http://h:81/x"},
        {"//other/x", "http://other/x"},
        {"https://o/x?u=http://y", "https://o/x?u=http://y"},
        {"/x?u=http://y", "http://h:81/x?u=http://y"},
        {"/a%20b?c=%2B", "http://h:81/a%20b?c=%2B"},
        {"HTTPS://O/x", "HTTPS://O/x"},
        {"ftp://x/", NULL},
        {"mailto:x", NULL},
        {"javascript:alert(1)", NULL},
        {"/a b", NULL},
        {"/a\r\nX: y", NULL},
        {"http://", NULL},
        {"http://h:99999999/", NULL},
        {"http://h:8x/", NULL},
    };
    char out[DESK_MAX_SIM_URL];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool ok = sim_url_resolve("http://h:81/a/b/c?q=1", cases[i].ref, out);
        if (ok != (cases[i].want != NULL) || (ok && strcmp(out, cases[i].want) != 0))
            fail_msg("%s → %s", cases[i].ref, ok ? out : "refused");
    }
    assert_true(sim_url_resolve("http://h", "d", out));
    assert_string_equal(out, "http://h/d");
}

static void signing(void **state)
{
    static const char *const cases[][2] = {
        {"https://h:8443/a?b=1#c", "https://h/a?b=1"},
        {"https://h/a", "https://h/a"},
        {"http://h:81/a", "http://h:81/a"},
        {"https://user:pass@h:1/a", "https://h/a"},
        {"http://[::1]:81/a", "http://[::1]:81/a"},
    };
    char out[DESK_MAX_SIM_URL];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_true(sim_url_signed(cases[i][0], out));
        assert_string_equal(out, cases[i][1]);
    }
    assert_false(sim_url_signed("nonsense", out));
}

static void connecting(void **state)
{
    static const char *const cases[][2] = {
        {"https://desk.example.com/a?b", "http://127.0.0.1:8080/a?b"},
        {"https://desk.example.com:443/a", "http://127.0.0.1:8080/a"},
        {"https://desk.example.com", "http://127.0.0.1:8080/"},
        {"https://DESK.example.com/a", "http://127.0.0.1:8080/a"},
        {"http://127.0.0.1:9/x", "http://127.0.0.1:9/x"},
        {"http://localhost/x", "http://localhost/x"},
        {"http://desk.example.com/a", NULL},
        {"https://desk.example.com:444/a", NULL},
        {"https://desk.example.com.evil.org/a", NULL},
        {"https://127.0.0.1:9/a", "https://127.0.0.1:9/a"},
        {"wss://127.0.0.1/a", NULL},
        {"http://127.evil.org/a", NULL},
    };
    char out[DESK_MAX_SIM_URL];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool ok =
            sim_url_connect(cases[i][0], "https://desk.example.com", "http://127.0.0.1:8080", out);
        if (ok != (cases[i][1] != NULL) || (ok && strcmp(out, cases[i][1]) != 0))
            fail_msg("%s → %s", cases[i][0], ok ? out : "refused");
    }
    assert_true(sim_url_connect("https://h/desk/a", "https://h/desk", "http://127.0.0.1:1", out));
    assert_string_equal(out, "http://127.0.0.1:1/a");
    assert_false(sim_url_connect("https://h/desktop", "https://h/desk", "http://127.0.0.1:1", out));
}

static void by_name(void **state)
{
    static const char *const cases[][4] = {
        {"https://desk.example.com/a?b", "https://127.0.0.1:8443/a?b",
         "https://desk.example.com/a?b", "127.0.0.1:8443"},
        {"https://desk.example.com:8443/desk/a", "https://[::1]:7/a",
         "https://desk.example.com:8443/a", "[::1]:7"},
        {"https://localhost/a", "https://localhost/a", "https://localhost/a", "localhost:443"},
    };
    char out[DESK_MAX_SIM_URL], place[SIM_URL_PLACE];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_true(sim_url_by_name(cases[i][0], cases[i][1], out, place));
        assert_string_equal(out, cases[i][2]);
        assert_string_equal(place, cases[i][3]);
    }
    assert_false(sim_url_by_name("https://h/a", "nonsense", out, place));
}

static void streams(void **state)
{
    static const struct {
        const char *public, *base, *url, *host;
        int port;
        bool tls;
        const char *path;
    } cases[] = {
#define DESK  "https://desk.example.com"
#define PLAIN "http://127.0.0.1:8080"
#define TLS   "https://127.0.0.1:8443"
        {DESK, PLAIN, "wss://desk.example.com/m", "127.0.0.1", 8080, false, "/m"},
        {DESK, PLAIN, "wss://desk.example.com", "127.0.0.1", 8080, false, "/"},
        {DESK, TLS, "wss://desk.example.com/m", "127.0.0.1", 8443, true, "/m"},
        {DESK, PLAIN, "ws://127.0.0.1:8081/m", "127.0.0.1", 8081, false, "/m"},
        {DESK, TLS, "ws://127.0.0.1:8081/m", "127.0.0.1", 8081, false, "/m"},
        {DESK, PLAIN, "ws://[::1]:7/m#f", "::1", 7, false, "/m"},
        {DESK, PLAIN, "wss://127.0.0.1:9443/m", "127.0.0.1", 9443, true, "/m"},
        {TLS, TLS, "wss://127.0.0.1:8443/m", "127.0.0.1", 8443, true, "/m"},
        {TLS, PLAIN, "wss://127.0.0.1:8443/m", "127.0.0.1", 8080, false,
         "/m"}, /* TLS ends before */
        {DESK, PLAIN, "wss://elsewhere.example.com/m", NULL, 0, false, NULL},
        {DESK, PLAIN, "https://desk.example.com/m", NULL, 0, false, NULL},
        {DESK, PLAIN, "ws://127.0.0.1:0/m", NULL, 0, false, NULL},
    };
    struct sim_url_socket at;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool ok = sim_url_stream(cases[i].url, cases[i].public, cases[i].base, &at);
        if (ok != (cases[i].host != NULL) ||
            (ok && (strcmp(at.host, cases[i].host) != 0 || at.port != cases[i].port ||
                    at.tls != cases[i].tls || strcmp(at.path, cases[i].path) != 0)))
            fail_msg("%s → %s %d %d %s", cases[i].url, ok ? at.host : "refused", ok ? at.port : 0,
                     ok && at.tls, ok ? at.path : "");
    }
}

static void loopback(void **state)
{
    (void)state;
    assert_true(sim_host_is_loopback("127.0.0.1"));
    assert_true(sim_host_is_loopback("127.9.9.9"));
    assert_true(sim_host_is_loopback("localhost"));
    assert_true(sim_host_is_loopback("::1"));
    assert_false(sim_host_is_loopback("0.0.0.0"));
    assert_false(sim_host_is_loopback("localhost.example.com"));
    assert_false(sim_host_is_loopback("127.0.0.1.example.com"));
    assert_false(sim_host_is_loopback("10.0.0.1"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(resolve), cmocka_unit_test(signing), cmocka_unit_test(connecting),
        cmocka_unit_test(by_name), cmocka_unit_test(streams), cmocka_unit_test(loopback),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
