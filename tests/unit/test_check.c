/* frontdesk check: what needs no network. */
#include "../../cli/check_web.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

/* check.c's, without its table of all checks */
void check_say(struct check_report *r, enum check_state state, const char *remedy, const char *fmt,
               ...)
{
    va_list ap;
    struct check_finding *f = &r->v[r->n++];
    f->state = state;
    snprintf(f->remedy, sizeof f->remedy, "%s", remedy ? remedy : "");
    va_start(ap, fmt);
    vsnprintf(f->text, sizeof f->text, fmt, ap);
    va_end(ap);
}

static void certificates_end(void **state)
{
    static const struct {
        long hours;
        enum check_state state;
    } rows[] = {{-48, CHECK_FAIL},        {24, CHECK_FAIL},      {6 * 24, CHECK_FAIL},
                {7 * 24 + 1, CHECK_WARN}, {20 * 24, CHECK_WARN}, {21 * 24 + 1, CHECK_OK},
                {90 * 24, CHECK_OK}};
    struct check_report r;
    (void)state;
    desk_clock_fake(1795166659000);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        memset(&r, 0, sizeof r);
        check_certificate(&r, 1795166659 + rows[i].hours * 3600);
        assert_int_equal(r.n, 1);
        if (r.v[0].state != rows[i].state)
            fail_msg("%ld hours: %d", rows[i].hours, (int)r.v[0].state);
        assert_int_equal(*r.v[0].remedy != '\0', rows[i].state != CHECK_OK);
    }
    r.n = 0;
    check_certificate(&r, 0); /* no TLS */
    assert_int_equal(r.n, 0);
}

static void addresses_of_this_network(void **state)
{
    static const struct {
        const char *text;
        bool inner;
    } rows[] = {{"127.0.0.1", true},    {"10.1.2.3", true},    {"172.16.0.1", true},
                {"172.32.0.1", false},  {"192.168.7.7", true}, {"192.169.0.1", false},
                {"169.254.1.1", true},  {"100.64.0.1", true},  {"100.128.0.1", false},
                {"203.0.113.7", false}, {"::1", true},         {"fe80::1", true},
                {"fd00::7", true},      {"2001:db8::1", false}};
    const struct addrinfo hints = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct addrinfo *a = NULL;
        assert_int_equal(getaddrinfo(rows[i].text, NULL, &hints, &a), 0);
        if (private_address(a->ai_addr) != rows[i].inner)
            fail_msg("%s", rows[i].text);
        freeaddrinfo(a);
    }
}

static void hosts(void **state)
{
    static const char *const rows[][2] = {
        {"https://desk.example.com/healthz", "desk.example.com"},
        {"https://desk.example.com:8443", "desk.example.com"},
        {"http://[::1]:80/x", "::1"},
        {"https://a?b", "a"},
    };
    char out[64];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        host_of(rows[i][0], out, sizeof out);
        assert_string_equal(out, rows[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(certificates_end),
        cmocka_unit_test(addresses_of_this_network),
        cmocka_unit_test(hosts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
