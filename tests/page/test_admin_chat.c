/* The settings of the website's chat: on or off, on which websites, the line to paste, the preview;
 * and a chat among the calls and messages. */
#include "store/audits.h"
#include "store/web_chats.h"
#include "tests/page/admin_page.h"

#include <stdio.h>

#define CHAT "/settings/chat"

static struct desk_web_chat chat_of(const struct world *w)
{
    struct desk_web_chat c;
    must(desk_web_chat_get(db, arena, w->tenant, &c), "chat");
    return c;
}

static int setup(void **state)
{
    struct desk_session s;
    (void)state;
    page_open("long enough pw");
    page_session("sal");
    must(desk_session_find(db, arena, session, &s), "session");
    page_csrf = s.csrf;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    page_close();
    return 0;
}

static void test_nothing_yet(void **state)
{
    struct desk_web_chat c;
    (void)state;
    page_ok("/settings");
    assert_has("href=\"/settings/chat\"");
    page_ok(CHAT);
    assert_has("Save the chat once: then the line to paste stands here.");
    assert_has("Hello! I am the automated assistant of Harwick Plumbing.");
    assert_lacks("checked");
    page_ok("/settings/chat/preview");
    assert_has("The chat is off.");
    assert_lacks("<script");
    assert_int_equal(desk_web_chat_get(db, arena, here.tenant, &c), DESK_ENOTFOUND);
}

static void test_saved(void **state)
{
    struct desk_audit a;
    (void)state;
    assert_int_equal(page_post(CHAT, "&active=1&origins=www.Harwick.example%2Fhome%0D%0Ahttps%3A%2F"
                                     "%2Fshop.harwick.example&greeting=Ask%20away%21"),
                     303);
    struct desk_web_chat c = chat_of(&here);
    assert_true(c.active);
    assert_string_equal(c.origins, "https://www.harwick.example https://shop.harwick.example");
    assert_string_equal(c.greeting, "Ask away!");
    must(desk_audit_last(db, arena, here.tenant, "settings.chat", &a), "audit");
    page_ok(CHAT);
    assert_has("Saved. The chat is on.");
    assert_has("https://www.harwick.example\nhttps://shop.harwick.example</textarea>");
    assert_has(desk_arena_fmt(ra,
                              "&lt;script src=&quot;https://desk.example.com/chat.js&quot; "
                              "data-business=&quot;%s&quot; data-phone=&quot;+18605550100&quot; "
                              "defer&gt;&lt;/script&gt;",
                              c.id));
    page_ok("/settings/chat/preview");
    assert_has(
        desk_arena_fmt(ra, "<script src=\"/chat.js\" data-business=\"%s\" defer></script>", c.id));
    /* off again; the key that stands in the website's pages stays */
    assert_int_equal(page_post(CHAT, "&origins=www.harwick.example&greeting="), 303);
    page_ok(CHAT);
    assert_has("The chat is off: with the line in your pages nothing is shown");
    assert_string_equal(chat_of(&here).id, c.id);
    assert_false(chat_of(&here).active);
    assert_string_equal(chat_of(&here).greeting, "");
}

static void test_refused(void **state)
{
    static const struct {
        const char *fields, *says;
    } rows[] = {
        {"&active=1&origins=", "Write the address of at least one website, or leave the chat off."},
        {"&active=1&origins=*", "would be every website"},
        {"&origins=http%3A%2F%2Fharwick.example", "begins with http"},
        {"&origins=%3Cb%3E.example.com",
         "\xe2\x80\x9c&lt;b&gt;.example.com\xe2\x80\x9d is no address"},
    };
    char longer[600];
    (void)state;
    struct desk_web_chat was = chat_of(&here);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(page_post(CHAT, rows[i].fields), 422);
        assert_has(rows[i].says);
        assert_has("Nothing was saved.");
        assert_has("aria-invalid=\"true\" aria-describedby=\"origins-wrong origins-help\"");
        assert_has("<title>Error: Website chat");
    }
    size_t n = (size_t)snprintf(longer, sizeof longer, "&origins=a.example.com&greeting=");
    memset(longer + n, 'x', 401);
    longer[n + 401] = '\0';
    assert_int_equal(page_post(CHAT, longer), 422);
    assert_has("First words is too long: at most 400 characters.");
    assert_string_equal(chat_of(&here).origins, was.origins);
    assert_int_equal(chat_of(&here).updated_at, was.updated_at);
    /* nor without the form's own mark */
    const char *mark = page_csrf;
    page_csrf = "0";
    assert_int_equal(page_post(CHAT, "&origins=evil.example.com"), 403);
    page_csrf = mark;
}

static void test_a_chat_among_the_calls(void **state)
{
    (void)state;
    const struct desk_call c = {.id = "call_chat",
                                .tenant_id = here.tenant,
                                .location_id = here.location,
                                .call_sid = "vs_chat",
                                .direction = "inbound",
                                .caller_kind = "withheld",
                                .to_number = "+18605550100",
                                .mode = DESK_MODE_GATHER,
                                .status = "in-progress",
                                .status_rank = desk_call_rank("in-progress"),
                                .channel = DESK_CHANNEL_CHAT,
                                .started_at = NOW,
                                .updated_at = NOW};
    struct desk_contact person;
    TX(desk_call_insert(db, &c));
    page_ok("/calls");
    assert_has("Website visitor");
    page_ok("/calls/call_chat");
    assert_has("by chat on your website");
    /* the person turns out later, once */
    TX(desk_contact_called(db, arena, here.tenant, "+14155550134", &person));
    must(desk_contact_by_number(db, arena, here.tenant, "+14155550134", &person), "person");
    TX(desk_call_person(db, here.tenant, c.id, person.id));
    TX(desk_turn_now(db, &c, "menu-2-caller", DESK_WHO_CALLER, "speech", "my drain is blocked"));
    page_ok(desk_arena_fmt(arena, "/messages/%s", person.id));
    assert_has("my drain is blocked");
    page_ok("/messages");
    assert_has("Chat");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_yet),
        cmocka_unit_test(test_saved),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_a_chat_among_the_calls),
    };
    return cmocka_run_group_tests_name("admin_chat", tests, setup, teardown);
}
