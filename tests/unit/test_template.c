/* Templates: escaping on by default, includes that must exist and stay inside, errors that end as a
 * code. Works in its own share folder. */
#include "base/config.h"
#include "base/log.h"
#include "talk/template.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#define LEAKS_OFF() __lsan_disable() /* ClearSilver forgets 32 bytes per parse error */
#define LEAKS_ON()  __lsan_enable()
#else
#define LEAKS_OFF() (void)0
#define LEAKS_ON()  (void)0
#endif

static char share[64];

static void put(const char *name, const char *text)
{
    char path[200];
    snprintf(path, sizeof path, "%s/%s", share, name);
    FILE *f = fopen(path, "we");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static void folder(const char *name)
{
    char path[200];
    snprintf(path, sizeof path, "%s/%s", share, name);
    assert_int_equal(mkdir(path, 0700), 0);
}

static int setup(void **state)
{
    (void)state;
    snprintf(share, sizeof share, "/tmp/desk-template-XXXXXX");
    assert_non_null(mkdtemp(share));
    folder("templates");
    folder("templates/t");
    put("secret.cs", "outside");
    put("templates/t/var.cs", "<?cs var:V ?>");
    put("templates/t/attr.cs", "<a title=\"<?cs var:V ?>\">");
    put("templates/t/part.cs", "[part <?cs var:V ?>]");
    put("templates/t/inc.cs", "a<?cs include:\"t/part.cs\" ?>b");
    put("templates/t/inc_by_name.cs", "<?cs include:Name ?>");
    put("templates/t/inc_missing.cs", "a<?cs include:\"t/nowhere.cs\" ?>b");
    put("templates/t/inc_missing2.cs", "a<?cs include!\"t/nowhere.cs\" ?>b");
    put("templates/t/linc_missing.cs", "a<?cs linclude:\"t/nowhere.cs\" ?>b");
    put("templates/t/self.cs", "x<?cs include:\"t/self.cs\" ?>");
    put("templates/t/bad.cs", "<?cs if:V ?>open");
    put("templates/t/unknown.cs", "<?cs var:no_such(V) ?>");
    put("templates/t/fn.cs", "<?cs var:shout(V) ?>|<?cs var:shout(\"lit\") ?>");
    put("templates/t/each.cs", "<?cs each:r = Rows ?><?cs var:r.Name ?>;<?cs /each ?>");
    put("templates/t/empty.cs", "");
    desk_setting_override(DESK_S_FRONTDESK_SHARE, share);
    desk_log_init("test", DESK_LOG__MAX);
    return 0;
}

static int teardown(void **state)
{
    char cmd[100];
    (void)state;
    snprintf(cmd, sizeof cmd, "%s", share);
    char *argv[] = {(char *)(uintptr_t) "rm", (char *)(uintptr_t) "-rf", cmd, NULL};
    if (fork() == 0)
        execvp(argv[0], argv);
    return 0;
}

struct result {
    enum desk_rc rc;
    char text[4096];
};

static struct result render_as(const char *file, const char *v, enum desk_escape esc)
{
    struct result r;
    struct desk_buf out;
    struct desk_view *view = desk_view_new();
    assert_non_null(view);
    desk_buf_init(&out, 4000);
    desk_view_set(view, "V", v);
    desk_view_set(view, "Name", v);
    r.rc = desk_view_render(view, file, esc, &out);
    snprintf(r.text, sizeof r.text, "%s", desk_buf_cstr(&out));
    desk_buf_clear(&out);
    desk_view_free(view);
    return r;
}

static struct result render(const char *file, const char *v)
{
    return render_as(file, v, DESK_ESCAPE_HTML);
}

static void test_escaping(void **state)
{
    (void)state;
    static const struct {
        const char *in, *out;
    } rows[] = {
        {"plain", "plain"},
        {"<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"},
        {"a\"b'c&d", "a&quot;b&#39;c&amp;d"},
        {"Zoë 🎉 שלום", "Zoë 🎉 שלום"},
        {"<?cs var:Name ?>", "&lt;?cs var:Name ?&gt;"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct result r = render("t/var.cs", rows[i].in);
        assert_int_equal(r.rc, DESK_OK);
        assert_string_equal(r.text, rows[i].out);
    }
    assert_string_equal(render("t/attr.cs", "\" onload=\"x").text,
                        "<a title=\"&quot; onload=&quot;x\">");
    assert_string_equal(render_as("t/var.cs", "O'Brien & <co>", DESK_ESCAPE_NONE).text,
                        "O'Brien & <co>");
    assert_string_equal(render("t/empty.cs", "x").text, "");
}

static void test_includes(void **state)
{
    (void)state;
    struct result r = render("t/inc.cs", "<b>");
    assert_int_equal(r.rc, DESK_OK);
    assert_string_equal(r.text, "a[part &lt;b&gt;]b");
    assert_string_equal(render("t/inc_by_name.cs", "t/part.cs").text, "[part t/part.cs]");
}

static void test_refused(void **state)
{
    (void)state;
    static const char *const files[] = {
        "t/nowhere.cs",
        "../secret.cs",
        "t/../../secret.cs",
        "/etc/hostname",
        "t/inc_missing.cs",
        "t/inc_missing2.cs",
        "t/self.cs",
        "t/bad.cs",
        "t/unknown.cs",
        "t/linc_missing.cs",
        "",
        "t/var.hdf",
        "t/Var.cs",
        "./t/var.cs",
        "t//var.cs",
    };
    static const char *const names[] = {"../secret.cs",      "/etc/hostname",
                                        "t/../../secret.cs", "../../../../../../etc/hostname",
                                        "secret.cs",         ""};
    LEAKS_OFF();
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (render(files[i], "v").rc != DESK_EINTERNAL)
            fail_msg("not refused: %s", files[i]);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (render("t/inc_by_name.cs", names[i]).rc != DESK_EINTERNAL)
            fail_msg("include not refused: %s", names[i]);
    LEAKS_ON();
}

static void test_too_large(void **state)
{
    (void)state;
    static char big[5000];
    memset(big, 'x', sizeof big - 1);
    assert_int_equal(render("t/var.cs", big).rc, DESK_ELIMIT);
}

static char *shout(const char *s)
{
    char *copy = strdup(s);
    for (char *p = copy; p && *p; p++)
        *p = (char)toupper((unsigned char)*p);
    return copy;
}

static void test_functions(void **state)
{
    (void)state;
    static const struct desk_view_function table[] = {{"shout", shout}};
    desk_view_functions(table, 1);
    assert_string_equal(render("t/fn.cs", "<i>").text, "&lt;I&gt;|LIT");
    assert_string_equal(render("t/fn.cs", NULL).text, "|LIT");
    desk_view_functions(NULL, 0);
}

struct row {
    const char *id, *name, *secret, *hash;
    int64_t n, when;
    bool flag;
};

static void test_fields(void **state)
{
    (void)state;
    static const struct desk_field cols[] = {
        {"id", "Id", DESK_K_TEXT, offsetof(struct row, id), 0, 0, 0, 0},
        {"name", "Name", DESK_K_TEXT, offsetof(struct row, name), DESK_F_PII, 0, 0, 0},
        {"secret", "Secret", DESK_K_TEXT, offsetof(struct row, secret), DESK_F_SECRET, 0, 0, 0},
        {"hash", "Hash", DESK_K_TEXT, offsetof(struct row, hash), DESK_F_HIDDEN, 0, 0, 0},
        {"n", "N", DESK_K_INT, offsetof(struct row, n), 0, 0, 0, 0},
        {"at", "At", DESK_K_TIME, offsetof(struct row, when), 0, 0, 0, 0},
        {"flag", "Flag", DESK_K_BOOL, offsetof(struct row, flag), 0, 0, 0, 0},
    };
    static const struct desk_fields f = {"row", sizeof(struct row), cols, 7};
    struct row row = {"r1", "Ann", "s3cret", "beef", 0, 0, true};
    struct desk_buf out;
    struct desk_view *v = desk_view_new();
    put("templates/t/row.cs", "<?cs var:R.Id ?> <?cs var:R.Name ?> <?cs var:R.Secret ?>"
                              "<?cs var:R.Hash ?><?cs var:R.N ?> <?cs var:R.Flag ?>"
                              "<?cs if:R.At ?>at<?cs /if ?>");
    desk_buf_init(&out, 1000);
    desk_view_fields(v, "R", &f, &row);
    assert_int_equal(desk_view_render(v, "t/row.cs", DESK_ESCAPE_HTML, &out), DESK_OK);
    assert_string_equal(desk_buf_cstr(&out), "r1 Ann 0 1");
    desk_buf_clear(&out);
    desk_view_free(v);
}

static void test_lists_and_long_names(void **state)
{
    (void)state;
    char longname[400];
    struct desk_buf out;
    struct desk_view *v = desk_view_new();
    desk_buf_init(&out, 1000);
    desk_view_setf(v, "one", "Rows.%d.Name", 0);
    desk_view_setf(v, "two", "Rows.%d.Name", 1);
    desk_view_int(v, "Rows.2.Name", INT64_MIN);
    assert_int_equal(desk_view_render(v, "t/each.cs", DESK_ESCAPE_HTML, &out), DESK_OK);
    assert_string_equal(desk_buf_cstr(&out), "one;two;-9223372036854775808;");
    memset(longname, 'n', sizeof longname - 1);
    longname[sizeof longname - 1] = '\0';
    desk_view_setf(v, "x", "%s", longname);
    assert_int_equal(desk_view_render(v, "t/each.cs", DESK_ESCAPE_HTML, &out), DESK_ENOMEM);
    desk_buf_clear(&out);
    desk_view_free(v);
    desk_view_free(NULL);
}

/* What prompts are made of is kept in memory, as long as its file stays as it was. */
static void test_kept(void **state)
{
    char path[200];
    struct desk_buf out;
    (void)state;
    snprintf(path, sizeof path, "%s/templates/prompts", share);
    mkdir(path, 0700);
    put("templates/prompts/kept.cs", "one <?cs var:Name ?>");
    desk_view_warm("prompts/kept.cs");
    desk_view_warm("prompts/nowhere.cs");
    const char *const texts[] = {"one Dana", "two Dana", "own Dana"};
    for (size_t i = 0; i < 3; i++) {
        struct desk_view *v = desk_view_new();
        desk_buf_init(&out, 1000);
        desk_view_set(v, "Name", "Dana");
        if (i == 1)
            put("templates/prompts/kept.cs", "two <?cs var:Name ?>");
        if (i == 2)
            desk_view_text(v, "prompts/kept.cs", "own <?cs var:Name ?>");
        assert_int_equal(desk_view_render(v, "prompts/kept.cs", DESK_ESCAPE_NONE, &out), DESK_OK);
        assert_string_equal(desk_buf_cstr(&out), texts[i]);
        assert_string_equal(desk_view_why(v), "");
        desk_buf_clear(&out);
        desk_view_free(v);
    }
    snprintf(path, sizeof path, "%s/templates/prompts/kept.cs", share);
    unlink(path);
    struct desk_view *v = desk_view_new();
    desk_buf_init(&out, 1000);
    assert_int_equal(desk_view_render(v, "prompts/kept.cs", DESK_ESCAPE_NONE, &out),
                     DESK_EINTERNAL);
    assert_non_null(strstr(desk_view_why(v), "template missing or unreadable: prompts/kept.cs"));
    desk_buf_clear(&out);
    desk_view_free(v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_escaping),
        cmocka_unit_test(test_includes),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_too_large),
        cmocka_unit_test(test_functions),
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_lists_and_long_names),
        cmocka_unit_test(test_kept),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
