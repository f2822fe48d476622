/* Pure parts of the operator's commands: nginx templates, passwords, ports, doctor's guesses. */
#include "../../cli/doctor.c"
#include "../../cli/nginx_conf.c"
#include "../../cli/ports.c"
#include "../../cli/setup.c"
#include "../../cli/business_file.c"
#include "../../cli/sub.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <netinet/in.h>

static const struct desk_nginx_word words[] = {
    {"RUN", "/var/lib/front desk/run"}, {"LISTEN", "[::1]:80"}, {"BAD", "/tmp/a$b"}, {NULL, NULL}};

static enum desk_rc render(const char *text, struct desk_buf *out, char why[200])
{
    desk_buf_init(out, 4096);
    return desk_nginx_render(out, text, words, why, 200);
}

static void words_are_put_in(void **state)
{
    struct desk_buf out;
    char why[200];
    (void)state;
    assert_int_equal(render("a \"@RUN@/x\"; listen @LISTEN@; me@example.com @ @@ @x@ @", &out, why),
                     DESK_OK);
    assert_string_equal(desk_buf_cstr(&out), "a \"/var/lib/front desk/run/x\"; listen [::1]:80; "
                                             "me@example.com @ @@ @x@ @");
    desk_buf_clear(&out);
}

static void what_nginx_would_misread_is_refused(void **state)
{
    struct desk_buf out;
    char why[200];
    (void)state;
    assert_int_equal(render("@BAD@", &out, why), DESK_EINVAL);
    assert_non_null(strstr(why, "/tmp/a$b"));
    desk_buf_clear(&out);
    assert_int_equal(render("@NOBODY@", &out, why), DESK_EINVAL);
    assert_non_null(strstr(why, "NOBODY"));
    desk_buf_clear(&out);
}

static void passwords_differ_and_can_be_read_aloud(void **state)
{
    char a[DESK_PASSWORD_LEN], c[DESK_PASSWORD_LEN];
    (void)state;
    assert_int_equal(strlen(desk_password_new(a)), 24);
    desk_password_new(c);
    assert_string_not_equal(a, c);
    for (size_t i = 0; i < 24; i++)
        assert_non_null(strchr(i % 5 == 4 ? "-" : i % 5 % 2 ? "aiou" : "bdfghjklmnprstvz", a[i]));
}

static int listener(int *port)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof a;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
    assert_int_equal(listen(fd, 4), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &n), 0);
    *port = ntohs(a.sin_port);
    return fd;
}

static void taken_ports_are_said_or_avoided(void **state)
{
    char why[300], text[16];
    int taken, port;
    int fd = listener(&taken);
    (void)state;
    snprintf(text, sizeof text, "%d", taken);
    desk_setting_override(DESK_S_FRONTDESK_PORT, text);
    assert_int_equal(
        desk_port_choose(DESK_S_FRONTDESK_PORT, "127.0.0.1", false, &port, why, sizeof why),
        DESK_ECONFLICT);
    assert_non_null(strstr(why, text));
    assert_non_null(strstr(why, "FRONTDESK_PORT"));
    assert_true(desk_port_answers("127.0.0.1", taken));
    close(fd);
    assert_false(desk_port_answers("127.0.0.1", taken));
    assert_int_equal(
        desk_port_choose(DESK_S_FRONTDESK_PORT, "127.0.0.1", false, &port, why, sizeof why),
        DESK_OK);
    assert_int_equal(port, taken);
    desk_setting_override(DESK_S_FRONTDESK_PORT, "0");
    assert_int_equal(
        desk_port_choose(DESK_S_FRONTDESK_PORT, "127.0.0.1", false, &port, why, sizeof why),
        DESK_OK);
    assert_in_range(port, FREE_FIRST, FREE_FIRST + FREE_COUNT);
    assert_int_equal(desk_setting_int(DESK_S_FRONTDESK_PORT), port);
    desk_setting_override(DESK_S_FRONTDESK_PORT, "70000");
    assert_int_equal(
        desk_port_choose(DESK_S_FRONTDESK_PORT, "127.0.0.1", false, &port, why, sizeof why),
        DESK_EINVAL);
}

static void any_address_is_reached_by_loopback(void **state)
{
    char out[64];
    (void)state;
    desk_port_reach("0.0.0.0", out, sizeof out);
    assert_string_equal(out, "127.0.0.1");
    desk_port_reach("[::]", out, sizeof out);
    assert_string_equal(out, "::1");
    desk_port_reach("192.0.2.7", out, sizeof out);
    assert_string_equal(out, "192.0.2.7");
}

static void doctor_bends_addresses(void **state)
{
    char out[URL_MAX + 8];
    (void)state;
    to_https(out, "http://a.example/x?y=1");
    assert_string_equal(out, "https://a.example/x?y=1");
    to_wss(out, "https://a.example/x");
    assert_string_equal(out, "wss://a.example/x");
    slash(out, "https://a.example/x?y=1");
    assert_string_equal(out, "https://a.example/x/?y=1");
    slash(out, "https://a.example/x/");
    assert_string_equal(out, "https://a.example/x");
    no_query(out, "https://a.example/x?y=1");
    assert_string_equal(out, "https://a.example/x");
    trimmed(out, "https://a.example/x \n");
    assert_string_equal(out, "https://a.example/x");
}

static void unknown_second_words_are_usage_errors(void **state)
{
    char user[] = "user", nope[] = "nope";
    char *argv[] = {user, nope, NULL};
    static const struct cli_sub none[] = {{"list", NULL, "list"}, {NULL, NULL, NULL}};
    (void)state;
    assert_int_equal(cli_sub_run(none, 2, argv), 2);
    assert_int_equal(cli_sub_run(none, 1, argv), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_put_in),
        cmocka_unit_test(what_nginx_would_misread_is_refused),
        cmocka_unit_test(passwords_differ_and_can_be_read_aloud),
        cmocka_unit_test(taken_ports_are_said_or_avoided),
        cmocka_unit_test(any_address_is_reached_by_loopback),
        cmocka_unit_test(doctor_bends_addresses),
        cmocka_unit_test(unknown_second_words_are_usage_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
