/* lib/base/config: where a setting's value comes from, what is refused, and that no secret shows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[64], why[256];

static const char *file(const char *name, const char *content)
{
    static char path[4][128];
    static unsigned turn;
    char *p = path[turn++ % 4];
    snprintf(p, sizeof path[0], "%s/%s", dir, name);
    FILE *f = fopen(p, "w");
    assert_non_null(f);
    fputs(content, f);
    fclose(f);
    return p;
}

static enum desk_rc load(const char *env_text)
{
    why[0] = '\0';
    return desk_settings_load(file(".env", env_text), why, sizeof why);
}

static int setup(void **state)
{
    (void)state;
    char name[96];
    snprintf(dir, sizeof dir, "/tmp/desk-config-XXXXXX");
    assert_non_null(mkdtemp(dir));
    for (int i = 0; i < DESK_S__MAX; i++) {
        const struct desk_setting_row *r = &desk_setting_rows[i];
        unsetenv(r->name);
        if (r->alias)
            unsetenv(r->alias);
        snprintf(name, sizeof name, "%s_FILE", r->name);
        unsetenv(name);
    }
    unsetenv("CREDENTIALS_DIRECTORY");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    static const char *const names[] = {".env", "OPENAI_API_KEY", "TWILIO_AUTH_TOKEN", "secret"};
    char path[160];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, names[i]);
        unlink(path);
    }
    return rmdir(dir);
}

static void every_row_is_complete(void **state)
{
    (void)state;
    for (int i = 0; i < DESK_S__MAX; i++) {
        const struct desk_setting_row *r = &desk_setting_rows[i];
        assert_non_null(r->name);
        assert_non_null(r->def);
        assert_true(strlen(r->help) > 20);
        assert_int_equal(r->help[strlen(r->help) - 1], '.');
        assert_int_equal(strspn(r->name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"), strlen(r->name));
        for (int k = 0; k < i; k++)
            assert_string_not_equal(r->name, desk_setting_rows[k].name);
        if (r->kind != DESK_SET_URL && (strstr(r->name, "TOKEN") || strstr(r->name, "KEY")))
            assert_true(r->flags & DESK_SET_SECRET);
    }
}

static void defaults_fit_their_kinds(void **state)
{
    (void)state;
    char text[4096] = "";
    assert_int_equal(load(""), DESK_OK);
    for (int i = 0; i < DESK_S__MAX; i++) {
        assert_string_equal(desk_setting((enum desk_setting_id)i), desk_setting_rows[i].def);
        assert_false(desk_setting_is_set((enum desk_setting_id)i));
        if (*desk_setting_rows[i].def) {
            size_t n = strlen(text);
            snprintf(text + n, sizeof text - n, "%s=%s\n", desk_setting_rows[i].name,
                     desk_setting_rows[i].def);
        }
    }
    assert_int_equal(load(text), DESK_OK); /* given by hand they are accepted too */
    assert_int_equal(desk_setting_int(DESK_S_FRONTDESK_PORT), 8080);
    assert_true(desk_setting_is_set(DESK_S_FRONTDESK_PORT));
}

static void environment_beats_the_file(void **state)
{
    (void)state;
    setenv("FRONTDESK_PORT", "9001", 1);
    assert_int_equal(load("FRONTDESK_PORT=9002\nBRIDGE_PORT=9003\n"), DESK_OK);
    assert_int_equal(desk_setting_int(DESK_S_FRONTDESK_PORT), 9001);
    assert_int_equal(desk_setting_int(DESK_S_BRIDGE_PORT), 9003);
    setenv("FRONTDESK_PORT", "", 1); /* empty is unset */
    assert_int_equal(load("FRONTDESK_PORT=9002\n"), DESK_OK);
    assert_int_equal(desk_setting_int(DESK_S_FRONTDESK_PORT), 9002);
}

static void aliases_are_read_after_the_name(void **state)
{
    (void)state;
    setenv("SERVER_BASE_URL", "https://alias.example", 1);
    assert_int_equal(load("PUBLIC_BASE_URL=https://file.example\n"), DESK_OK);
    assert_string_equal(desk_setting(DESK_S_PUBLIC_BASE_URL), "https://alias.example");
    setenv("PUBLIC_BASE_URL", "https://name.example", 1);
    assert_int_equal(load(""), DESK_OK);
    assert_string_equal(desk_setting(DESK_S_PUBLIC_BASE_URL), "https://name.example");
    assert_int_equal(load("REAL_PHONE_NUMBER=+14155550123\n"), DESK_OK);
    assert_string_equal(desk_setting(DESK_S_OWNER_CELL_NUMBER), "+14155550123");
}

static void secrets_come_from_files(void **state)
{
    (void)state;
    setenv("TWILIO_AUTH_TOKEN", "from-env", 1);
    setenv("TWILIO_AUTH_TOKEN_FILE", file("secret", "from-file\nsecond line\n"), 1);
    assert_int_equal(load(""), DESK_OK);
    assert_string_equal(desk_setting(DESK_S_TWILIO_AUTH_TOKEN), "from-file");
    file("TWILIO_AUTH_TOKEN", "  from-credential \n");
    setenv("CREDENTIALS_DIRECTORY", dir, 1);
    assert_int_equal(load(""), DESK_OK);
    assert_string_equal(desk_setting(DESK_S_TWILIO_AUTH_TOKEN), "from-credential");
    file("TWILIO_AUTH_TOKEN", "\n"); /* an empty credential is none */
    assert_int_equal(load(""), DESK_OK);
    assert_string_equal(desk_setting(DESK_S_TWILIO_AUTH_TOKEN), "from-file");
    unsetenv("TWILIO_AUTH_TOKEN_FILE");
    unsetenv("CREDENTIALS_DIRECTORY");
    /* the other name of a setting has a file too */
    setenv("REAL_PHONE_NUMBER_FILE", file("secret", "+14155550123"), 1);
    assert_int_equal(load(""), DESK_OK);
    assert_string_equal(desk_setting(DESK_S_OWNER_CELL_NUMBER), "+14155550123");
    unsetenv("REAL_PHONE_NUMBER_FILE");
    char text[200];
    snprintf(text, sizeof text, "OPENAI_API_KEY_FILE=%s\n", file("OPENAI_API_KEY", "sk-file"));
    assert_int_equal(load(text), DESK_OK);
    assert_string_equal(desk_setting(DESK_S_OPENAI_API_KEY), "sk-file");
}

static void a_missing_file_is_said(void **state)
{
    (void)state;
    setenv("TWILIO_AUTH_TOKEN", "from-env", 1);
    setenv("TWILIO_AUTH_TOKEN_FILE", "/nonexistent/token", 1);
    assert_int_equal(load(""), DESK_EINVAL);
    assert_non_null(strstr(why, "TWILIO_AUTH_TOKEN_FILE"));
    assert_null(strstr(why, "from-env"));
}

static void env_files_as_people_write_them(void **state)
{
    (void)state;
    assert_int_equal(load("# comment\n"
                          "\n"
                          "export REALTIME_VOICE=cedar\n"
                          "  REALTIME_MODEL = \"gpt realtime\"  # quoted\n"
                          "OPENAI_API_KEY='sk-a#b'\r\n"
                          "FRONTDESK_PORT=8090   # the front\n"
                          "FRONTDESK_LISTEN=0.0.0.0\n"
                          "FRONTDESK_LISTEN=127.0.0.2\n"
                          "TWILIO_AUTH_TOKEN=abc#def\n"
                          "no equals sign\n"
                          "#BRIDGE_PORT=1\n"
                          "BRIDGE_PORT=\n"
                          "AZURE_OPENAI_KEY=\"open"),
                     DESK_OK);
    assert_string_equal(desk_setting(DESK_S_REALTIME_VOICE), "cedar");
    assert_string_equal(desk_setting(DESK_S_REALTIME_MODEL), "gpt realtime");
    assert_string_equal(desk_setting(DESK_S_OPENAI_API_KEY), "sk-a#b");
    assert_int_equal(desk_setting_int(DESK_S_FRONTDESK_PORT), 8090);
    assert_string_equal(desk_setting(DESK_S_FRONTDESK_LISTEN), "127.0.0.2"); /* the last one wins */
    assert_string_equal(desk_setting(DESK_S_TWILIO_AUTH_TOKEN), "abc#def");
    assert_int_equal(desk_setting_int(DESK_S_BRIDGE_PORT), 8081);
    assert_string_equal(desk_setting(DESK_S_AZURE_OPENAI_KEY), "\"open");
}

static void no_env_file_is_fine(void **state)
{
    (void)state;
    char path[128];
    snprintf(path, sizeof path, "%s/none", dir);
    assert_int_equal(desk_settings_load(path, why, sizeof why), DESK_OK);
}

static void bad_values_are_refused_with_a_sentence(void **state)
{
    (void)state;
    static const struct {
        const char *line, *says;
    } rows[] = {
        {"FRONTDESK_PORT=eighty", "FRONTDESK_PORT must be a port number"},
        {"FRONTDESK_PORT=-1", "FRONTDESK_PORT must be"},
        {"FRONTDESK_PORT=65536", "FRONTDESK_PORT must be"},
        {"FRONTDESK_PORT=80 81", "FRONTDESK_PORT must be"},
        {"BRIDGE_PORT=99999999999999999999", "BRIDGE_PORT must be"},
        {"RECORDING_ENABLED=maybe", "RECORDING_ENABLED must be true or false"},
        {"PUBLIC_BASE_URL=box.example.org", "PUBLIC_BASE_URL must be an address"},
        {"PUBLIC_BASE_URL=https://a b", "PUBLIC_BASE_URL must be"},
        {"TWILIO_PHONE_NUMBER=(415) 555-0100", "TWILIO_PHONE_NUMBER must be a number like +1"},
        {"OWNER_CELL_NUMBER=+1415555010a", "OWNER_CELL_NUMBER must be"},
        {"OWNER_CELL_NUMBER=+123456", "OWNER_CELL_NUMBER must be"},
        {"OWNER_CELL_NUMBER=+1234567890123456", "OWNER_CELL_NUMBER must be"},
        {"REALTIME_DIALECT=alpha", "REALTIME_DIALECT must be one of: ga beta"},
        {"CALL_MAX_S=59", "CALL_MAX_S must be a whole number from 60 to 14400"},
        {"LOG_LEVEL=loud", "LOG_LEVEL must be one of: debug"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(load(rows[i].line), DESK_EINVAL);
        assert_non_null(strstr(why, rows[i].says));
        const char *value = strchr(rows[i].line, '=') + 1;
        assert_null(strstr(why, value)); /* no value is ever repeated: it might be a secret */
    }
    assert_int_equal(load("PUBLIC_BASE_URL=https://"), DESK_EINVAL);
    assert_int_equal(load("SERVER_BASE_URL=x"), DESK_EINVAL);
    assert_non_null(strstr(why, "PUBLIC_BASE_URL"));
}

static void good_values_are_taken(void **state)
{
    (void)state;
    static const char *const yes[] = {"true", "TRUE", "1", "yes", "on"};
    static const char *const no[] = {"false", "0", "No", "off"};
    char line[64];
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        snprintf(line, sizeof line, "RECORDING_ENABLED=%s", yes[i]);
        assert_int_equal(load(line), DESK_OK);
        assert_true(desk_setting_bool(DESK_S_RECORDING_ENABLED));
    }
    for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
        snprintf(line, sizeof line, "RECORDING_ENABLED=%s", no[i]);
        assert_int_equal(load(line), DESK_OK);
        assert_false(desk_setting_bool(DESK_S_RECORDING_ENABLED));
    }
    assert_int_equal(load("REALTIME_URL=wss://[::1]:9/v1?x=1\nTWILIO_PHONE_NUMBER=+4930123456\n"
                          "LOG_LEVEL=warn\nREALTIME_DIALECT=beta\nFRONTDESK_PORT=0\n"),
                     DESK_OK);
    assert_int_equal(desk_setting_int(DESK_S_FRONTDESK_PORT), 0);
}

static void override_changes_this_process(void **state)
{
    (void)state;
    assert_int_equal(load(""), DESK_OK);
    desk_setting_override(DESK_S_BRIDGE_PORT, "1234");
    assert_int_equal(desk_setting_int(DESK_S_BRIDGE_PORT), 1234);
    assert_true(desk_setting_is_set(DESK_S_BRIDGE_PORT));
    assert_int_equal(load(""), DESK_OK);
    assert_int_equal(desk_setting_int(DESK_S_BRIDGE_PORT), 8081);
}

static void the_example_has_every_row_and_no_value_of_ours(void **state)
{
    (void)state;
    char want[128], *text = NULL;
    size_t n = 0;
    assert_int_equal(load("OPENAI_API_KEY=sk-very-secret\nFRONTDESK_PORT=9999\n"), DESK_OK);
    FILE *out = open_memstream(&text, &n);
    desk_settings_example(out);
    fclose(out);
    for (int i = 0; i < DESK_S__MAX; i++) {
        const struct desk_setting_row *r = &desk_setting_rows[i];
        snprintf(want, sizeof want, "\n#%s=%s\n", r->name, r->def);
        assert_non_null(strstr(text, want));
        assert_non_null(strstr(text, r->help));
        if (r->alias)
            assert_non_null(strstr(text, r->alias));
    }
    assert_null(strstr(text, "sk-very-secret"));
    assert_null(strstr(text, "9999"));
    assert_int_equal(load(text), DESK_OK); /* copied as it is, it changes nothing */
    for (int i = 0; i < DESK_S__MAX; i++)
        assert_false(desk_setting_is_set((enum desk_setting_id)i));
    free(text);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static void an_address_on_this_machine(void **state)
{
    (void)state;
    static const struct {
        const char *url;
        bool local;
    } rows[] = {{"http://127.0.0.1", true},
                {"http://127.0.0.1:8080/x", true},
                {"https://localhost/", true},
                {"http://[::1]:80", true},
                {"https://localhost.example.com", false},
                {"http://127.0.0.1.example.com", false},
                {"https://desk.example.com", false},
                {"localhost", false},
                {"", false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (desk_url_local(rows[i].url) != rows[i].local)
            fail_msg("%s", rows[i].url);
    desk_setting_override(DESK_S_PUBLIC_BASE_URL, "");
    assert_false(desk_public_reachable());
    desk_setting_override(DESK_S_PUBLIC_BASE_URL, "http://127.0.0.1:8080");
    desk_setting_override(DESK_S_TWILIO_API_URL, "https://api.twilio.com");
    assert_false(desk_public_reachable());
    desk_setting_override(DESK_S_TWILIO_API_URL, "http://127.0.0.1:9"); /* its stand-in */
    assert_true(desk_public_reachable());
    desk_setting_override(DESK_S_PUBLIC_BASE_URL, "https://desk.example.com");
    desk_setting_override(DESK_S_TWILIO_API_URL, "https://api.twilio.com");
    assert_true(desk_public_reachable());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_row_is_complete),
        TEST(defaults_fit_their_kinds),
        TEST(environment_beats_the_file),
        TEST(aliases_are_read_after_the_name),
        TEST(secrets_come_from_files),
        TEST(a_missing_file_is_said),
        TEST(env_files_as_people_write_them),
        TEST(no_env_file_is_fine),
        TEST(bad_values_are_refused_with_a_sentence),
        TEST(good_values_are_taken),
        TEST(override_changes_this_process),
        TEST(the_example_has_every_row_and_no_value_of_ours),
        cmocka_unit_test(an_address_on_this_machine),
    };
    return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
