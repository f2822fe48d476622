/* Which words of a business may be a script. */
#include "talk/script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char why[300];

static void fine(const char *text)
{
    if (desk_script_check(text, why, sizeof why))
        fail_msg("%s: %s", text, why);
}

static void refused(const char *text, const char *reason)
{
    assert_int_equal(desk_script_check(text, why, sizeof why), DESK_EINVAL);
    if (!strstr(why, reason))
        fail_msg("%s: %s", text, why);
}

static void test_taken(void **state)
{
    (void)state;
    fine("");
    fine("# Be kind\n- Ask what it is about.\n");
    fine(
        "Hello <?cs var:CallerName ?><?cs if:Owner == \"Sal\" ?>!<?cs elif:OpenNow ?>?<?cs else ?>."
        "<?cs /if ?>");
    fine("<?cs # a remark with include: in it ?>x <? y ?> FACTS here\nFACTS: none");
    fine("<?cs var:Tool.book_appointment ?><?cs alt:Notes ?>nothing<?cs /alt ?>");
}

static void test_refused(void **state)
{
    static const char *const words[] = {"include:\"prompts/known.cs\"",
                                        "linclude:CallerName",
                                        "evar:CallerName",
                                        "lvar:CallerName",
                                        "uvar:CallerName",
                                        "set:Facts = \"x\"",
                                        "loop:i = 1, 1000000000, 1",
                                        "def:a()",
                                        "call:a()",
                                        "each:a = Known",
                                        "with:a = Known",
                                        "escape:\"html\"",
                                        "debug",
                                        "INCLUDE:\"x\""};
    char text[100];
    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        snprintf(text, sizeof text, "one\ntwo <?cs %s ?>", words[i]);
        refused(text, "line 2: \xe2\x80\x9c");
        refused(text, "cannot be used in a script");
    }
    refused("<?cs\tevar:CallerName ?>", "cannot be used");
    refused("<?CS evar:CallerName ?>", "cannot be used");
    refused("a\n\nb <?cs var:Businss ?>", "line 3: \xe2\x80\x9c"
                                          "Businss\xe2\x80\x9d is no fact");
    refused("a\nb <?cs var:Business",
            "line 2: \xe2\x80\x9c<?cs var:Business\xe2\x80\x9d is never closed");
    refused("x\nFACTS\n{}", "line 2: \xe2\x80\x9c"
                            "FACTS\xe2\x80\x9d may not stand");
    refused("FACTS  ", "line 1");
    char *long_text = malloc(DESK_SCRIPT_MAX + 2);
    memset(long_text, 'x', DESK_SCRIPT_MAX + 1);
    long_text[DESK_SCRIPT_MAX + 1] = '\0';
    refused(long_text, "too long");
    long_text[DESK_SCRIPT_MAX] = '\0';
    fine(long_text);
    free(long_text);
}

static void test_names(void **state)
{
    (void)state;
    assert_true(desk_script_is("emergency"));
    assert_false(desk_script_is("receptionist"));
    assert_false(desk_script_is(NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_taken), cmocka_unit_test(test_refused),
                                       cmocka_unit_test(test_names)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
