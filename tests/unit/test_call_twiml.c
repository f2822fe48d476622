/* TwiML into a tree: what Twilio takes and what it does not. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../cli/call_twiml.c"

static struct desk_arena *arena;
static char why[160];

static struct sim_node *parse(const char *xml)
{
    struct sim_node *root;
    enum desk_rc rc;

    desk_arena_reset(arena);
    rc = sim_twiml_parse(arena, xml, strlen(xml), &root, why, sizeof why);
    assert_int_equal(rc == DESK_OK, root != NULL);
    return root;
}

static void tree(void **state)
{
    struct sim_node *root = parse("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                                  "<Response><!-- a -->\n"
                                  "  <Gather timeout='3' action=\"/a?x=1&amp;y=2\">\n"
                                  "    <Say> Hi &lt;you&gt; <break/> there\n</Say><Pause/>\n"
                                  "  </Gather>\n"
                                  "  <Redirect>\n /next \n</Redirect>\n"
                                  "</Response>");
    struct sim_node *gather, *say;

    (void)state;
    assert_non_null(root);
    gather = root->first;
    assert_string_equal(gather->name, "Gather");
    assert_int_equal(gather->line, 3);
    assert_string_equal(sim_attr(gather, "action", ""), "/a?x=1&y=2");
    assert_null(sim_attr(gather, "Action", NULL));
    assert_int_equal(sim_attr_long(gather, "timeout", 5, 0, 600), 3);
    say = gather->first;
    assert_string_equal(say->text, "Hi <you>  there");
    assert_string_equal(say->first->name, "break");
    assert_string_equal(say->next->name, "Pause");
    assert_null(say->next->next);
    assert_ptr_equal(say->parent, gather);
    assert_string_equal(gather->next->text, "/next");
    assert_null(gather->next->next);
    assert_null(parse("<Response/>")->first);
}

static void numbers(void **state)
{
    struct sim_node *n;

    (void)state;
    n = parse("<Response><A a=\"7\" b=\"-7\" c=\"x\" d=\"\" e=\"99999999999999999999\" "
              "f=\"3s\"/></Response>")
            ->first;
    assert_int_equal(sim_attr_long(n, "a", 1, 0, 5), 5);
    assert_int_equal(sim_attr_long(n, "b", 1, 0, 5), 0);
    assert_int_equal(sim_attr_long(n, "c", 1, 0, 5), 1);
    assert_int_equal(sim_attr_long(n, "d", 1, 0, 5), 1);
    assert_int_equal(sim_attr_long(n, "e", 1, 0, 5), 1);
    assert_int_equal(sim_attr_long(n, "f", 1, 0, 5), 1);
    assert_int_equal(sim_attr_long(n, "g", 1, 0, 5), 1);
}

static void refusals(void **state)
{
    static const struct {
        const char *xml, *what;
    } cases[] = {
        {"", "line 1"},
        {"Hello", "line 1"},
        {"<Response>\n<Say>x</Response>", "line 2"},
        {"<Response/><Response/>", "line 1"},
        {"<response/>", "not <Response>"},
        {"<Html><Say/></Html>", "not <Response>"},
        {"<!DOCTYPE Response [<!ENTITY a \"b\">]><Response>&a;</Response>", "DOCTYPE"},
        {"<Response>&nbsp;</Response>", "line 1"},
        {"<Response a=1/>", "line 1"},
        {"<Response>\x01</Response>", "line 1"},
        {"<Response>\xff\xfe</Response>", "line 1"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (parse(cases[i].xml) || !strstr(why, cases[i].what))
            fail_msg("%s: %s", cases[i].xml, why);
    }
}

/* "<Response>", n times inside, the closing tags when nested. */
static char *many(const char *open, const char *close, size_t n)
{
    struct desk_buf b;

    desk_buf_init(&b, 1 << 20);
    desk_buf_str(&b, "<Response>");
    for (size_t i = 0; i < n; i++)
        desk_buf_str(&b, open);
    for (size_t i = 0; close && i < n; i++)
        desk_buf_str(&b, close);
    desk_buf_str(&b, "</Response>");
    return desk_buf_take(&b);
}

static void limits(void **state)
{
    char *deep = many("<Say>", "</Say>", 15), *deeper = many("<Say>", "</Say>", 16);
    char *wide = many("<a/>", NULL, 3999), *wider = many("<a/>", NULL, 4000);
    char *longer = many("0123456789", NULL, 6400);

    (void)state;
    assert_non_null(parse(deep));
    assert_null(parse(deeper));
    assert_non_null(strstr(why, "deep"));
    assert_non_null(parse(wide));
    assert_null(parse(wider));
    assert_null(parse(longer));
    assert_non_null(strstr(why, "Twilio takes"));
    free(deep);
    free(deeper);
    free(wide);
    free(wider);
    free(longer);
}

static void no_memory(void **state)
{
    struct desk_arena *small = desk_arena_new(200);
    char *xml = many("<Say voice=\"x\">hello</Say>", NULL, 20);
    struct sim_node *root;

    (void)state;
    assert_int_equal(sim_twiml_parse(small, xml, strlen(xml), &root, why, sizeof why), DESK_ENOMEM);
    assert_null(root);
    desk_arena_free(small);
    free(xml);
}

static int begin(void **state)
{
    (void)state;
    arena = desk_arena_new(1 << 22);
    return arena ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    desk_arena_free(arena);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tree),   cmocka_unit_test(numbers),   cmocka_unit_test(refusals),
        cmocka_unit_test(limits), cmocka_unit_test(no_memory),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
