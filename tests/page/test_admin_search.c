/* The owner looks for words in what was said and written. */
#include "base/find.h"
#include "store/word_index.h"
#include "tests/page/admin_page.h"

static void get(const char *uri)
{
    page_request(DESK_GET, uri);
    desk_dispatch(&admin_web, &req);
    assert_int_equal(req.reply.status ? req.reply.status : 200, 200);
}

static int setup(void **state)
{
    (void)state;
    page_open("long enough pw");
    page_session("sal");
    world_call(&here, &(struct world_call){.id = "call_marcus",
                                           .name = "Marcus Bell",
                                           .number = "+18605550134",
                                           .ago_min = 30,
                                           .seconds = 100,
                                           .outcome = DESK_OUT_CALLBACK,
                                           .back_state = "open",
                                           .back_reason = "water heater",
                                           .summary = "Heater leaks; café on Mill Lane.",
                                           .talk = true});
    world_call(&here, &(struct world_call){.id = "call_hidden",
                                           .ago_min = 90,
                                           .seconds = 40,
                                           .outcome = DESK_OUT_MESSAGE,
                                           .message_s = 10,
                                           .message = "The <b>invoices</b> are wrong again."});
    world_call(&other, &(struct world_call){.id = "call_theirs",
                                            .name = "Olga Garage",
                                            .number = "+18605550177",
                                            .ago_min = 10,
                                            .seconds = 40,
                                            .summary = "Their secret invoices.",
                                            .talk = true});
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    page_close();
    return 0;
}

static void an_empty_page_says_what_can_be_found(void **state)
{
    (void)state;
    get("/search");
    assert_has("Four digits find the end of a number.");
}

static void words_of_a_call_are_found_and_marked(void **state)
{
    (void)state;
    get("/search?q=GARAGES+leaking");
    assert_has("Marcus Bell");
    assert_has("<mark>leaking</mark> all over the <mark>garage</mark> floor");
    assert_has("They said:");
    assert_has("/calls/call_marcus#:~:text=leaking");
    assert_lacks("Olga");
    assert_lacks("call_theirs");
}

static void summaries_messages_and_accents(void **state)
{
    (void)state;
    get("/search?q=cafe");
    assert_has("<mark>café</mark> on Mill Lane");
    assert_has("In short:");
    get("/search?q=invoice");
    assert_has("<mark>invoices</mark>&lt;/b&gt; are wrong");
    assert_has("Hidden number");
    assert_lacks("secret");
}

static void people_stand_above(void **state)
{
    (void)state;
    get("/search?q=bell");
    assert_has("<h2 class=\"day\">People</h2>");
    assert_has("/people/person_");
    get("/search?q=555-0134");
    assert_has("Marcus Bell");
    get("/search?q=0177"); /* another business's */
    assert_has("Nothing found.");
}

static void nothing_and_common_words(void **state)
{
    (void)state;
    get("/search?q=zeppelin");
    assert_has("Nothing found.");
    get("/search?q=leaking+zeppelin");
    assert_has("Nothing found.");
    get("/search?q=the+and");
    assert_has("in nearly every call");
    get("/search?q=leaking&before=nonsense");
    assert_has("Marcus Bell");
    page_request(DESK_GET, desk_arena_fmt(arena, "/search?q=%0300d", 7));
    desk_dispatch(&admin_web, &req);
    assert_int_equal(req.reply.status, 422);
    assert_has("is too long");
}

static void many_come_by_pages(void **state)
{
    (void)state;
    for (int i = 0; i < 60; i++)
        world_call(&here, &(struct world_call){
                              .id = desk_arena_fmt(arena, "call_x%02d", i),
                              .ago_min = 200 + i,
                              .seconds = 20,
                              .summary = desk_arena_fmt(arena, "Gutter number %d is loose.", i)});
    char seen[60] = "", uri[200] = "/search?q=gutters";
    int pages = 0, found = 0;
    while (*uri) {
        get(uri);
        assert_true(++pages <= 4);
        for (const char *p = body(); (p = strstr(p, "/calls/call_x")); p++) {
            int i = (int)strtol(p + strlen("/calls/call_x"), NULL, 10);
            found += !seen[i];
            assert_false(seen[i]); /* none twice */
            seen[i] = 1;
        }
        const char *older = strstr(body(), "/search?q=gutters&amp;before=");
        size_t n = older ? strcspn(older, "\"") : 0;
        *uri = '\0';
        if (older)
            snprintf(uri, sizeof uri, "/search?q=gutters&before=%.*s",
                     (int)(n - strlen("/search?q=gutters&amp;before=")),
                     older + strlen("/search?q=gutters&amp;before="));
    }
    assert_int_equal(found, 60);
    assert_int_equal(pages, 3);
}

static void what_is_erased_is_not_found(void **state)
{
    (void)state;
    must(desk_db_script(db, "DELETE FROM call WHERE id = 'call_marcus'"), "erase");
    get("/search?q=garage");
    assert_has("Nothing found.");
    struct desk_find f;
    struct desk_word_doc *docs;
    size_t n = 1;
    desk_find_read(&f, "garage");
    const struct desk_index_ask ask = {.tenant_id = here.tenant,
                                       .words = &f,
                                       .before_at = INT64_MAX,
                                       .before_n = INT64_MAX,
                                       .max = 5};
    must(desk_index_find(db, arena, &ask, &docs, &n), "find");
    assert_int_equal(n, 0); /* the index's rows went with it */
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_empty_page_says_what_can_be_found),
        TEST(words_of_a_call_are_found_and_marked),
        TEST(summaries_messages_and_accents),
        TEST(people_stand_above),
        TEST(nothing_and_common_words),
        TEST(many_come_by_pages),
        TEST(what_is_erased_is_not_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
