/* What is heard or typed becomes words with clauses and scopes. */
#include "core/words.h"
#include "core/words.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>

/* words with what is marked: "|" a new clause, "!" denied, "<" past, "~" imagined, "?" asked,
 * "=" over */
static const char *shown(const char *text)
{
    static char out[20000];
    struct desk_words ws;
    size_t n = 0;
    desk_words_read(&ws, text);
    out[0] = '\0';
    for (size_t i = 0; i < ws.n; i++) {
        const struct desk_word *w = &ws.w[i];
        const char *gap = i == 0 ? "" : w->clause != ws.w[i - 1].clause ? " | " : " ";
        n += (size_t)snprintf(out + n, sizeof out - n, "%s%s%s%s%s%s%s", gap, ws.text + w->at,
                              w->in & DESK_IN_NEG ? "!" : "", w->in & DESK_IN_PAST ? "<" : "",
                              w->in & DESK_IN_HYPO ? "~" : "", w->in & DESK_IN_ASK ? "?" : "",
                              w->in & DESK_IN_RESOLVED ? "=" : "");
    }
    return out;
}

static void spelling(void **state)
{
    static const char *const rows[][2] = {
        {NULL, ""},
        {"", ""},
        {"  ...!?  ", ""},
        {"Hello, World", "hello world"},
        {"it's John's dog", "it is john dog"},
        {"they'll we're I've I'm he'd", "they will we are i have i am he would~"},
        {"\xc3\x91O\xc3\x91O caf\xc3\xa9 \xc5\x81\xc3\xb3"
         "d\xc5\xba",
         "nono cafe lodz"},
        {"heeeelp noooo", "help no"},
        {"u r gr8 thx", "you are gr8 thanks"},
        {"103.5 degrees and $2,000 at 7:30", "1035 degrees and 2000 at 730"},
        {"\xe2\x80\x9cthere\xe2\x80\x99s smoke\xe2\x80\x9d", "there is smoke"},
        {"\xd0\xbf\xd0\xbe\xd0\xb6\xd0\xb0\xd1\x80", "\xd0\xbf\xd0\xbe\xd0\xb6\xd0\xb0\xd1\x80"},
        {"a\xff\xfe"
         "b",
         "a b"},
        {"\xf0\x9f\x94\xa5 fire", "fire"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_string_equal(shown(rows[i][0]), rows[i][1]);
}

static void torn_words_are_joined(void **state)
{
    static const char *const rows[][2] = {
        {"an in true der upstairs", "an intruder upstairs"},
        {"car bon mon oxide alarm", "carbon monoxide alarm"},
        {"water over flowing", "water overflowing"},
        {"it keeps bleed ing", "it keeps bleeding"},
        {"a leak in the kitchen", "a leak in the kitchen"}, /* not "leaking" */
        {"the fire place", "the fire place"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_string_equal(shown(rows[i][0]), rows[i][1]);
}

static void scopes_are_marked(void **state)
{
    static const char *const rows[][2] = {
        {"no smoke no fire", "no smoke! no! fire!"},
        {"not the couch but the bed", "not the! couch! | but the bed"},
        {"it burst last week", "it< burst< last< week<"},
        {"it was wet but now it pours", "it was wet | but | now it pours"},
        {"what if it floods", "what~? if~? it~? floods~?"},
        {"Is it open? we need help", "is? it? open? | we need help"},
        {"do not wait", "do not | wait"},
        {"false alarm sorry", "false= alarm= sorry="},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_string_equal(shown(rows[i][0]), rows[i][1]);
}

static void patterns_match(void **state)
{
    struct desk_words ws;
    size_t n = 0;
    (void)state;
    desk_words_read(&ws, "the pipe is leaking badly now");
    assert_int_equal(desk_words_match(&ws, 1, "pipe is leak*"), 3);
    assert_int_equal(desk_words_match(&ws, 1, "pipe _ drip*|leak*"), 3);
    assert_int_equal(desk_words_match(&ws, 1, "pipe leak*"), 0);
    assert_int_equal(desk_words_match(&ws, 4, "badly now please"), 0);
    assert_int_equal(desk_words_match(&ws, 99, "badly"), 0);
    assert_int_equal(desk_words_find(&ws, 0, "badly|well now", &n), 4);
    assert_int_equal(n, 2);
    assert_int_equal(desk_words_find(&ws, 0, "fire", &n), ws.n);
    assert_string_equal(desk_words_at(&ws, 5), "now");
    assert_string_equal(desk_words_at(&ws, 6), "");
}

static void tables_are_sorted(void **state)
{
    (void)state;
    for (size_t i = 1; i < COUNT(respellings); i++)
        assert_true(strcmp(respellings[i - 1].from, respellings[i].from) < 0);
    assert_int_equal(sizeof latin - 1, 0x180 - 0xc0);
}

/* As much as fits, the end of it, and nothing beyond the arrays. */
static void long_texts(void **state)
{
    static char text[100001];
    static const char *const bits[] = {"a ", "rn ", "can't, ",    "\xc3\xa9\xc3\xa9 ",
                                       "x",  "? ",  "flo od ing "};
    struct desk_words ws;
    (void)state;
    for (size_t k = 0; k < COUNT(bits); k++) {
        size_t n = strlen(bits[k]);
        for (size_t i = 0; i + n < sizeof text; i += n)
            memcpy(text + i, bits[k], n + 1);
        desk_words_read(&ws, text);
        assert_true(ws.n <= DESK_MAX_JUDGE_WORDS);
        assert_true(ws.used <= sizeof ws.text);
        for (size_t i = 0; i < ws.n; i++)
            assert_int_equal(strlen(desk_words_at(&ws, i)), ws.w[i].len);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spelling),          cmocka_unit_test(torn_words_are_joined),
        cmocka_unit_test(scopes_are_marked), cmocka_unit_test(patterns_match),
        cmocka_unit_test(tables_are_sorted), cmocka_unit_test(long_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
