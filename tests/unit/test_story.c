/* What a session that takes over is told: order, bounds, letters. */
#include "../../ws-bridge/story.c"

#include "base/limits.h"
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct story s;

static int end(void **state)
{
    (void)state;
    story_clear(&s);
    assert_null(s.first);
    assert_int_equal(s.bytes, 0);
    return 0;
}

/* bytes and lines are what the list says */
static void sums(void)
{
    size_t bytes = 0, lines = 0;
    int64_t at = -1;
    for (const struct story_line *l = s.first; l; l = l->next, lines++) {
        bytes += size(l);
        assert_true(l->at_ms >= at);
        assert_true(desk_utf8_valid(l->text, strlen(l->text)));
        at = l->at_ms;
    }
    assert_int_equal(bytes, s.bytes);
    assert_int_equal(lines, s.lines);
    assert_true(s.bytes <= DESK_MAX_STORY);
    assert_true(s.lines <= DESK_MAX_STORY_LINES);
}

static void test_nothing_costs_nothing(void **state)
{
    (void)state;
    assert_null(s.first);
    assert_null(story_last(&s));
    assert_null(story_find(&s, "x"));
    assert_false(story_forget(&s, "x"));
    story_result(&s, "x", "{}");
    assert_null(s.first);
}

/* The caller's words often become known after our answer has begun. */
static void test_order_of_speaking(void **state)
{
    (void)state;
    story_said(&s, STORY_DESK, "d1", "hello", 0);
    story_said(&s, STORY_DESK, "d2", "an answer", 900);
    story_said(&s, STORY_CALLER, "c1", "a question", 500);
    story_said(&s, STORY_KEYS, "k1", "[keys] 12", 900);
    const char *want[] = {"d1", "c1", "d2", "k1"};
    size_t i = 0;
    for (const struct story_line *l = s.first; l; l = l->next)
        assert_string_equal(l->key, want[i++]);
    assert_int_equal(i, 4);
    assert_string_equal(story_last(&s)->key, "k1");
    sums();
}

static void test_said_again_is_said_once(void **state)
{
    (void)state;
    story_said(&s, STORY_DESK, "d1", "one two three four", 10);
    story_said(&s, STORY_DESK, "d1", "one two", 9999);
    assert_int_equal(s.lines, 1);
    assert_string_equal(s.first->text, "one two");
    assert_int_equal(s.first->at_ms, 10);
    story_said(&s, STORY_DESK, "d1", "", 10);
    assert_string_equal(s.first->text, "");
    sums();
    assert_true(story_forget(&s, "d1"));
    assert_null(s.first);
    sums();
}

static void test_tools(void **state)
{
    (void)state;
    story_tool(&s, "call_1", "schedule_callback", "{\"name\":\"Dana\"}", 5);
    story_tool(&s, "call_1", "schedule_callback", "{}", 6);
    assert_int_equal(s.lines, 1);
    assert_null(s.first->result);
    story_result(&s, "call_2", "{\"ok\":false}");
    story_result(&s, "call_1", "{\"ok\":true}");
    assert_string_equal(s.first->result, "{\"ok\":true}");
    story_said(&s, STORY_DESK, "d1", "text", 7);
    story_result(&s, "d1", "not a tool");
    assert_null(story_find(&s, "d1")->result);
    sums();
}

static void test_the_oldest_go(void **state)
{
    (void)state;
    char key[24], text[600];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    for (unsigned i = 0; i < 500; i++) {
        snprintf(key, sizeof key, "i%u", i);
        story_said(&s, i % 2 ? STORY_CALLER : STORY_DESK, key, text, i);
        sums();
    }
    assert_int_equal(s.left_out + s.lines, 500);
    assert_string_equal(story_last(&s)->key, "i499");
    assert_null(story_find(&s, "i0"));
    assert_true(s.bytes > DESK_MAX_STORY / 2);
}

static void test_many_short_lines(void **state)
{
    (void)state;
    char key[24];
    for (unsigned i = 0; i < 1000; i++) {
        snprintf(key, sizeof key, "i%u", i);
        story_said(&s, STORY_KEYS, key, "1", i);
    }
    assert_true(s.lines <= DESK_MAX_STORY_LINES);
    assert_int_equal(s.left_out + s.lines, 1000);
    sums();
}

/* Cut between letters, whatever is where. */
static void test_letters_stay_whole(void **state)
{
    (void)state;
    for (unsigned pad = 0; pad < 5; pad++) {
        char text[2 * DESK_MAX_STORY_LINE] = "";
        size_t n = 0;
        for (; n < pad; n++)
            text[n] = 'a';
        for (; n + 5 < sizeof text; n += 4)
            memcpy(text + n, "\xF0\x9F\x98\x80", 4);
        text[n] = '\0';
        story_said(&s, STORY_CALLER, "c", text, 0);
        size_t len = strlen(s.first->text);
        assert_true(len <= DESK_MAX_STORY_LINE && len > DESK_MAX_STORY_LINE - 4);
        sums();
    }
}

/* The longest possible line of all still fits: there is always the newest. */
static void test_the_newest_always_fits(void **state)
{
    (void)state;
    static char big[100000];
    memset(big, 'y', sizeof big - 1);
    for (unsigned i = 0; i < 20; i++) {
        char id[24];
        snprintf(id, sizeof id, "t%u", i);
        story_tool(&s, id, big, big, i);
        story_result(&s, id, big);
        assert_non_null(story_find(&s, id));
        assert_int_equal(strlen(story_find(&s, id)->result), DESK_MAX_STORY_LINE);
        sums();
    }
}

static void test_long_keys(void **state)
{
    (void)state;
    char key[300];
    memset(key, 'k', sizeof key - 1);
    key[sizeof key - 1] = '\0';
    story_said(&s, STORY_DESK, key, "one", 0);
    story_said(&s, STORY_DESK, key, "two", 0);
    assert_int_equal(s.lines, 1);
    assert_string_equal(s.first->text, "two");
    assert_true(story_forget(&s, key));
}

#define T(f) cmocka_unit_test_teardown(f, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(test_nothing_costs_nothing),
        T(test_order_of_speaking),
        T(test_said_again_is_said_once),
        T(test_tools),
        T(test_the_oldest_go),
        T(test_many_short_lines),
        T(test_letters_stay_whole),
        T(test_the_newest_always_fits),
        T(test_long_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
