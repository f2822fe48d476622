/* What came after a call, on its page: notes, cost, and what was promised and not done, with the
 * buttons; of this call and this business only. */
#include "tests/page/admin_page.h"

static char csrf[DESK_TOKEN_LEN];

static void ask(enum desk_method method, const char *uri, const char *token)
{
    char form[100];
    page_request(method, uri);
    if (token) {
        snprintf(form, sizeof form, "csrf=%s", token);
        req.content_type = "application/x-www-form-urlencoded";
        req.body = form;
        req.body_len = strlen(form);
    }
    desk_dispatch(&admin_web, &req);
}

static void get_ok(const char *uri)
{
    ask(DESK_GET, uri, NULL);
    assert_int_equal(req.reply.status, 200);
}

static int setup(void **state)
{
    static const struct world_call rows[] = {
        {.id = "call_full",
         .name = "Dana Reed",
         .number = "+18605550134",
         .ago_min = 5,
         .seconds = 60,
         .outcome = DESK_OUT_ANSWERED},
        {.id = "call_bare",
         .number = "+18605550135",
         .ago_min = 9,
         .seconds = 60,
         .outcome = DESK_OUT_ANSWERED},
        {.id = "call_hidden", .ago_min = 9, .seconds = 60, .outcome = DESK_OUT_ANSWERED}};
    static const struct world_call theirs = {.id = "call_theirs",
                                             .number = "+18605550136",
                                             .ago_min = 9,
                                             .seconds = 60,
                                             .outcome = DESK_OUT_ANSWERED};
    (void)state;
    page_open("long enough pw");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        world_call(&here, &rows[i]);
    world_call(&other, &theirs);
    world_after(&here, "call_full");
    world_after(&here, "call_hidden");
    world_after(&other, "call_theirs");
    page_session("sal");
    get_ok("/calls/call_full");
    const char *p = strstr(body(), "name=\"csrf\" value=\"");
    assert_non_null(p);
    p += strlen("name=\"csrf\" value=\"");
    snprintf(csrf, sizeof csrf, "%.*s", (int)strcspn(p, "\""), p);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    page_close();
    return 0;
}

/* The address of a card's button. */
static const char *path_of(const struct world *w, const char *call, const char *verb)
{
    struct desk_attention *rows;
    size_t n;
    must(desk_attention_by_call(db, arena, w->tenant, call, &rows, &n), "cards");
    assert_int_equal(n, 1);
    return desk_arena_fmt(arena, "/calls/%s/attention/%s/%s", call, rows[0].id, verb);
}

static int64_t open_callbacks(void)
{
    int64_t n;
    must(desk_callback_open_count(db, here.tenant, &n), "callbacks");
    return n;
}

static void test_notes_and_cost(void **state)
{
    (void)state;
    get_ok("/calls/call_full");
    assert_has("About: <bdi>emergency, call back</bdi>. The caller sounded displeased.");
    assert_has("Marcus &lt;b&gt;Bell&lt;/b&gt;");
    assert_has("(860)\xc2\xa0"
               "555-0134");
    assert_has("Made by rules from what is on record. The text model was too busy. You were told "
               "by text.");
    assert_has("<strong>$0.187</strong>");
    assert_has("Telephone line, Twilio: $0.037");
    assert_has("Voice, gpt-realtime-2.1: $0.149");
    assert_has("Writing down what was said, my-own: not known");
    assert_has("No price is known of: my-own.");
}

static void test_before_and_without(void **state)
{
    (void)state;
    must(desk_db_script(db, "UPDATE call SET after_at = 1 WHERE id = 'call_bare'"), "over");
    get_ok("/calls/call_bare");
    assert_has("Notes and cost come in a moment.");
    assert_lacks("Promised, but not done");
    must(DESK_TX_BEGIN(db), "begin"); /* a call of before the update: never looked at */
    must(desk_call_after_done(db, here.tenant, "call_bare", NULL, false), "done");
    must(desk_tx_end(db, DESK_OK), "commit");
    get_ok("/calls/call_bare");
    assert_lacks("Notes");
}

static void test_the_card(void **state)
{
    (void)state;
    get_ok("/calls");
    assert_has("Promised, not done");
    get_ok("/calls/call_full");
    assert_has("The caller was told that a text comes, but none was sent.");
    assert_has("\xe2\x80\x9cI have just texted you the address.\xe2\x80\x9d");
    assert_has("Something was promised and not done: see below.");
    const char *mend = path_of(&here, "call_full", "mend");
    assert_has(mend);
    int64_t before = open_callbacks();
    ask(DESK_POST, mend, "wrong");
    assert_int_equal(req.reply.status, 403);
    assert_int_equal(open_callbacks(), before);
    for (int i = 0; i < 2; i++) { /* pressed twice: done once */
        ask(DESK_POST, mend, csrf);
        assert_int_equal(req.reply.status, 303);
        assert_int_equal(open_callbacks(), before + 1);
    }
    get_ok("/calls/call_full");
    assert_has("Done: it is on record now.");
    assert_has("Done after all.");
    assert_lacks(mend);
    assert_has("Sal calls back");
}

static void test_nobody_to_ring(void **state)
{
    (void)state;
    get_ok("/calls/call_hidden");
    assert_lacks("Put a call back on my list");
    ask(DESK_POST, path_of(&here, "call_hidden", "mend"), csrf);
    assert_int_equal(req.reply.status, 422);
    ask(DESK_POST, path_of(&here, "call_hidden", "done"), csrf);
    assert_int_equal(req.reply.status, 303);
    get_ok("/calls/call_hidden");
    assert_has("Dealt with.");
}

static void test_of_others(void **state)
{
    (void)state;
    const char *theirs = path_of(&other, "call_theirs", "done");
    ask(DESK_POST, theirs, csrf);
    assert_int_equal(req.reply.status, 404);
    /* nor by way of a call of ours */
    ask(DESK_POST, desk_arena_fmt(arena, "/calls/call_bare%s", strstr(theirs, "/attention")), csrf);
    assert_int_equal(req.reply.status, 404);
    struct desk_attention *rows;
    size_t n;
    must(desk_attention_list(db, arena, other.tenant, 10, &rows, &n), "cards");
    assert_int_equal(n, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_notes_and_cost), cmocka_unit_test(test_before_and_without),
        cmocka_unit_test(test_the_card), cmocka_unit_test(test_nobody_to_ring),
        cmocka_unit_test(test_of_others)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
