/* STOP and START are heard when they are all that was written, and in nothing else. */
#include "core/opt_word.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void test_whole_texts(void **state)
{
    static const char *const stop[] = {"STOP", "stop",        " Stop. ", "stop!",  "STOPALL",
                                       "QUIT", "Unsubscribe", "opt out", "revoke", "\"STOP\"\n",
                                       "end",  "OPTOUT",      "stop all"};
    static const char *const start[] = {"START", "start ", "Unstop."};
    (void)state;
    for (size_t i = 0; i < sizeof stop / sizeof *stop; i++)
        assert_int_equal(desk_opt_word(stop[i]), DESK_OPT_STOP);
    for (size_t i = 0; i < sizeof start / sizeof *start; i++)
        assert_int_equal(desk_opt_word(start[i]), DESK_OPT_START);
}

/* An appointment's "cancel" and an answer's "yes" are no such words. */
static void test_words_of_a_talk(void **state)
{
    static const char *const none[] = {
        "",        NULL,    "cancel", "yes", "stop by", "please stop the leak", "when do you start",
        "the end", "stopp", "sto",    ".",   "  "};
    (void)state;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_int_equal(desk_opt_word(none[i]), DESK_OPT_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole_texts),
        cmocka_unit_test(test_words_of_a_talk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
