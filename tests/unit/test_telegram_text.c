/* wire/telegram_text: whatever words come, no mark but ours is in the message, all of them are
 * closed, and it is no longer than Telegram takes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "wire/telegram_text.h"

#include <stdlib.h>
#include <string.h>

static struct desk_arena *arena;

static const char *take(struct desk_telegram_text *t)
{
    const char *text = desk_telegram_text_take(t, arena);
    assert_non_null(text);
    return text;
}

static void escapes(void **state)
{
    struct desk_telegram_text t;
    (void)state;
    desk_telegram_text_init(&t);
    desk_telegram_words(&t, "a<b> & \"c\" _*[x](y)`~");
    desk_telegram_bold(&t, "</b><i>");
    desk_telegram_bold(&t, "");
    desk_telegram_words(&t, NULL);
    desk_telegram_link(&t, "https://d.example/?a=1&b=\"", "the <page>");
    assert_string_equal(take(&t), "a&lt;b&gt; &amp; &quot;c&quot; _*[x](y)`~"
                                  "<b>&lt;/b&gt;&lt;i&gt;</b>"
                                  "<a href=\"https://d.example/?a=1&amp;b=&quot;\">the "
                                  "&lt;page&gt;</a>");
}

static void bytes_that_are_no_text(void **state)
{
    struct desk_telegram_text t;
    (void)state;
    desk_telegram_text_init(&t);
    desk_telegram_words(&t, "x\xff\x01y\xc3");
    assert_string_equal(take(&t), "x\xef\xbf\xbdy\xef\xbf\xbd");
}

static void never_empty(void **state)
{
    struct desk_telegram_text t;
    (void)state;
    desk_telegram_text_init(&t);
    assert_string_equal(take(&t), "-");
}

/* UTF-16 units of what is seen; fails at a mark that is not ours, or is left open. */
static size_t seen_of(const char *text)
{
    size_t units = 0, used, n = strlen(text);
    int open = 0;
    for (size_t at = 0; at < n; at += used) {
        uint32_t c = desk_utf8_next(text + at, n - at, &used);
        assert_int_not_equal(c, DESK_UTF8_BAD);
        if (c == '<') {
            open += text[at + 1] == '/' ? -1 : 1;
            assert_true(open == 0 || open == 1);
            used = strcspn(text + at, ">") + 1;
            continue;
        }
        if (c == '&')
            used = strcspn(text + at, ";") + 1;
        units += c > 0xffff ? 2 : 1;
    }
    assert_int_equal(open, 0);
    return units;
}

/* Anything at all, and too much of it. */
static void random_words(void **state)
{
    static const char *const pieces[] = {"<b>",  "&amp;", "</a>", "\"", "word ", "\xf0\x9f\x94\xa5",
                                         "\xff", "\n",    "é",    "<",  "&",     "(x)[y]"};
    (void)state;
    srand(7);
    for (int round = 0; round < 200; round++) {
        struct desk_telegram_text t;
        desk_telegram_text_init(&t);
        for (int i = rand() % 3000; i > 0; i--) {
            const char *p = pieces[(size_t)rand() % (sizeof pieces / sizeof *pieces)];
            switch (rand() % 8) {
            case 0:
                desk_telegram_bold(&t, p);
                break;
            case 1:
                desk_telegram_link(&t, "https://x.example/\"><b>", p);
                break;
            default:
                desk_telegram_words(&t, p);
            }
        }
        assert_true(seen_of(take(&t)) <= DESK_TELEGRAM_UNITS);
        desk_arena_reset(arena);
    }
}

static int begin(void **state)
{
    (void)state;
    arena = desk_arena_new(4 << 20);
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
        cmocka_unit_test(escapes),
        cmocka_unit_test(bytes_that_are_no_text),
        cmocka_unit_test(never_empty),
        cmocka_unit_test(random_words),
    };
    return cmocka_run_group_tests_name("telegram_text", tests, begin, end);
}
