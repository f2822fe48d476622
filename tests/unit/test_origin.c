/* Addresses of websites: what an owner types, and what a browser names. And the chat's words. */
#include "core/chat_words.h"
#include "core/origin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct desk_arena *a;

static int begin(void **state)
{
    (void)state;
    a = desk_arena_new(1024 * 1024);
    return a ? 0 : -1;
}

static int finish(void **state)
{
    (void)state;
    desk_arena_free(a);
    return 0;
}

static void what_is_typed_becomes_a_list(void **state)
{
    static const struct {
        const char *typed, *list;
    } rows[] = {
        {"", ""},
        {" \n , ", ""},
        {"https://www.example.com", "https://www.example.com"},
        {"www.Example.COM", "https://www.example.com"},
        {"HTTPS://Example.com/contact?x=1#y", "https://example.com"},
        {"https://example.com:443/", "https://example.com"},
        {"https://example.com:8443", "https://example.com:8443"},
        {"http://localhost:3000", "http://localhost:3000"},
        {"http://127.0.0.1:80", "http://127.0.0.1"},
        {"example.com\nhttps://example.com, example.com;a-b.example.org",
         "https://example.com https://a-b.example.org"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *why, *list = desk_origins_tidy(a, rows[i].typed, &why);
        if (!list)
            fail_msg("%s: %s", rows[i].typed, why);
        assert_null(why);
        assert_string_equal(list, rows[i].list);
    }
}

static void what_is_no_website_is_told(void **state)
{
    static const struct {
        const char *typed, *why;
    } rows[] = {
        {"*", "every website"},
        {"https://*.example.com", "no address"},
        {"http://example.com", "begins with http"},
        {"ftp://example.com", "no address"},
        {"javascript://example.com", "no address"},
        {"mywebsite", "no address"},
        {"https://", "no address"},
        {"https://.example.com", "no address"},
        {"https://example..com", "no address"},
        {"https://user@example.com", "no address"},
        {"https://example.com:0", "no address"},
        {"https://example.com:70000", "no address"},
        {"https://example.com:44x", "no address"},
        {"https://example.com:", "no address"},
        {"https://ex\xc3\xa4mple.com", "no address"},
        {"good.example.com <script>", "no address"},
    };
    char much[2000], *at = much;
    const char *why;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_null(desk_origins_tidy(a, rows[i].typed, &why));
        if (!why || !strstr(why, rows[i].why))
            fail_msg("%s: %s", rows[i].typed, why ? why : "-");
    }
    memset(much, 'a', 400);
    snprintf(much + 400, sizeof much - 400, ".example.com");
    assert_null(desk_origins_tidy(a, much, &why));
    assert_non_null(strstr(why, "too long"));
    assert_true(strlen(why) < 200); /* not all of it again */
    for (int i = 0; i <= DESK_ORIGINS_MAX; i++)
        at += snprintf(at, (size_t)(much + sizeof much - at), "w%d.example.com ", i);
    assert_null(desk_origins_tidy(a, much, &why));
    assert_non_null(strstr(why, "at most 20"));
}

static void a_browser_s_origin_is_on_a_list_or_not(void **state)
{
    static const char list[] = "https://a.example https://b.example:8443";
    (void)state;
    assert_true(desk_origin_listed(list, "https://a.example"));
    assert_true(desk_origin_listed(list, "https://b.example:8443"));
    static const char *const not [] = {NULL,
                                       "",
                                       "null",
                                       "https://a.example.evil",
                                       "https://a.exampl",
                                       "https://b.example",
                                       "https://a.example https://b.example:8443",
                                       " https://a.example"};
    for (size_t i = 0; i < sizeof not / sizeof *not ; i++)
        assert_false(desk_origin_listed(list, not [i]));
    assert_false(desk_origin_listed("", "https://a.example"));
    assert_false(desk_origin_listed("null", "null"));
}

static void every_word_is_there_in_both_languages(void **state)
{
    size_t n = 0;
    (void)state;
    for (; desk_chat_words[n].name; n++) {
        const char *en = desk_chat_say(a, "en-GB", desk_chat_words[n].name, "Acme"),
                   *es = desk_chat_say(a, "es-MX", desk_chat_words[n].name, "Acme");
        assert_true(*en && *es);
        assert_string_not_equal(en, es);
        assert_null(strstr(en, "{name}"));
        assert_null(strstr(es, "{name}"));
        assert_string_equal(desk_chat_say(a, "de", desk_chat_words[n].name, "Acme"), en);
    }
    assert_true(n >= 18);
    assert_string_equal(desk_chat_say(a, "en", "end", "Acme"), "End the chat");
    assert_string_equal(desk_chat_say(a, "en", "send", "Acme"), "Send");
    assert_string_equal(desk_chat_say(a, "en", "kept", "Acme"),
                        "What you write is kept, and read by Acme.");
    assert_null(desk_chat_say(a, "en", "nothing", "Acme"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_typed_becomes_a_list),
        cmocka_unit_test(what_is_no_website_is_told),
        cmocka_unit_test(a_browser_s_origin_is_on_a_list_or_not),
        cmocka_unit_test(every_word_is_there_in_both_languages),
    };
    return cmocka_run_group_tests_name("origin", tests, begin, finish);
}
