/* The owner's lists: who waits for a call back, and whose calls are put straight through. */
#include "store/exceptions.h"
#include "store/promises.h"
#include "tests/page/admin_page.h"

static const char *csrf;

static void ask(enum desk_method method, const char *uri, const char *form)
{
    page_request(method, uri);
    if (form) {
        req.content_type = "application/x-www-form-urlencoded";
        req.body = desk_arena_strdup(ra, form);
        req.body_len = strlen(form);
    }
    desk_dispatch(&admin_web, &req);
}

static void get(const char *uri)
{
    ask(DESK_GET, uri, NULL);
    assert_int_equal(req.reply.status ? req.reply.status : 200, 200);
}

/* The form's fields after the token; then the page it leads to. */
static int post(const char *uri, const char *fields)
{
    char form[600];
    snprintf(form, sizeof form, "csrf=%s%s", csrf, fields);
    ask(DESK_POST, uri, form);
    return req.reply.status;
}

static const char *callback_of(const char *call)
{
    struct desk_callback *k;
    size_t n;
    must(desk_callback_by_call(db, arena, here.tenant, call, &k, &n), "callbacks");
    assert_int_equal(n, 1);
    return k[0].id;
}

static void due(const char *call, int64_t at)
{
    struct desk_callback k;
    must(desk_callback_get(db, arena, here.tenant, callback_of(call), &k), "callback");
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_tx_end(db, desk_callback_step(db, &k,
                                            &(struct desk_callback_step){
                                                .due_at = at, .next_at = DESK_CALLBACK_NEVER})),
         "step");
}

#define WAITS(i, n, who, ...)                                                                      \
    {                                                                                              \
        .id = i, .name = n, .number = who, .ago_min = 60, .seconds = 60,                           \
        .outcome = DESK_OUT_CALLBACK, .back_state = "open", __VA_ARGS__                            \
    }

static int setup(void **state)
{
    static const struct world_call rows[] = {
        WAITS("call_late", "Marcus <Bell>", "+18605550134", .back_reason = "leaking boiler",
              .back_when = "before one"),
        WAITS("call_soon", "Dana", "+18605550135", .back_reason = "a quote"),
        WAITS("call_today", "Tom", "+18605550136", .back_reason = "a tap"),
        WAITS("call_later", NULL, "+18605550137", .back_reason = "a bath"),
        WAITS("call_fresh", "Kim", "+18605550138", .back_reason = "a pump"),
        {.id = "call_kept",
         .name = "Lena",
         .number = "+18605550139",
         .ago_min = 90,
         .seconds = 60,
         .outcome = DESK_OUT_CALLBACK,
         .back_state = "done",
         .back_reason = "a sink"}};
    static const struct world_call theirs =
        WAITS("call_theirs", "Olga's", "+18605550140", .back_reason = "secret");
    (void)state;
    page_open("long enough pw");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        world_call(&here, &rows[i]);
    world_call(&other, &theirs);
    due("call_late", NOW - 25 * MIN_MS);
    due("call_soon", NOW + 15 * MIN_MS);
    due("call_today", NOW + 180 * MIN_MS);
    due("call_later", NOW + 20 * 60 * MIN_MS);
    page_session("sal");
    struct desk_session s;
    must(desk_session_find(db, arena, session, &s), "session");
    csrf = s.csrf;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    page_close();
    return 0;
}

/* ---- callbacks ------------------------------------------------------------------------------- */

static void test_order(void **state)
{
    static const char *const in_order[] = {"Late <span",
                                           "Late by 25 min",
                                           "Marcus &lt;Bell&gt;",
                                           "leaking boiler",
                                           "before one",
                                           "Due today <span",
                                           "Due in 15 min",
                                           "Dana",
                                           "Today 4:15 pm",
                                           "Tom",
                                           "Later <span",
                                           "a pump",
                                           "Done lately",
                                           "Marked done",
                                           "Lena"};
    (void)state;
    get("/callbacks");
    const char *at = body();
    for (size_t i = 0; i < sizeof in_order / sizeof *in_order; i++) {
        const char *found = strstr(at, in_order[i]);
        if (!found)
            fail_msg("not in its place: %s\n%s", in_order[i], body());
        at = i + 1 < sizeof in_order / sizeof *in_order ? found : at;
    }
    assert_has("No time yet");
    assert_has("aria-current=\"page\"");
    assert_has("tel:+18605550134");
    assert_has("href=\"/calls/call_late\"");
    assert_lacks("secret");
}

static void test_done_and_undone(void **state)
{
    char done[120], open[120];
    (void)state;
    snprintf(done, sizeof done, "/callbacks/%s/done", callback_of("call_late"));
    snprintf(open, sizeof open, "/callbacks/%s/open", callback_of("call_late"));
    for (int i = 0; i < 2; i++)
        assert_int_equal(post(done, ""), 303);
    get("/callbacks");
    assert_has("Marked done: Marcus &lt;Bell&gt;.");
    assert_has(open);
    assert_lacks("Late by");
    assert_int_equal(post(open, ""), 303);
    get("/callbacks");
    assert_has("Not done after all");
    assert_has("Late by 25 min");
    desk_clock_fake(NOW + 60 * MIN_MS);
    snprintf(open, sizeof open, "/callbacks/%s/open", callback_of("call_kept"));
    assert_int_equal(post(open, ""), 303);
    get("/callbacks");
    assert_has("Too late to undo");
    desk_clock_fake(NOW);
}

static void test_callbacks_of_others(void **state)
{
    char uri[120];
    struct desk_callback *k;
    size_t n;
    (void)state;
    must(desk_callback_by_call(db, arena, other.tenant, "call_theirs", &k, &n), "theirs");
    snprintf(uri, sizeof uri, "/callbacks/%s/done", k[0].id);
    assert_int_equal(post(uri, ""), 404);
    assert_int_equal(post("/callbacks/cb_gone/done", ""), 404);
    assert_int_equal(post("/callbacks/cb_gone/open", ""), 404);
    csrf = "wrong";
    snprintf(uri, sizeof uri, "/callbacks/%s/done", callback_of("call_late"));
    assert_int_equal(post(uri, ""), 403);
}

static void test_nobody_waits(void **state)
{
    (void)state;
    page_session("olga");
    struct desk_callback *k;
    size_t n;
    must(desk_callback_by_call(db, arena, other.tenant, "call_theirs", &k, &n), "theirs");
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_tx_end(db, desk_callback_close(db, other.tenant, k[0].id, "dropped")), "close");
    get("/callbacks");
    assert_has("Nobody waits for a call back.");
}

/* ---- exceptions ------------------------------------------------------------------------------ */

static bool on_list(const char *tenant, const char *number)
{
    struct desk_exception e;
    return desk_exception_find(db, arena, tenant, number, &e) == DESK_OK;
}

static void test_add_and_remove(void **state)
{
    struct desk_exception e;
    char uri[120];
    (void)state;
    get("/exceptions");
    assert_has("No numbers yet.");
    assert_int_equal(
        post("/exceptions", "&name=Mum+%3Cb%3E&number=%28860%29+555-0177&category=family"), 303);
    assert_true(on_list(here.tenant, "+18605550177"));
    assert_false(on_list(other.tenant, "+18605550177"));
    get("/exceptions");
    assert_has("Added: Mum &lt;b&gt;");
    assert_has("tel:+18605550177");
    assert_has("Family");
    assert_int_equal(post("/exceptions", "&name=Mother&number=860-555-0177&category=work"), 303);
    get("/exceptions");
    assert_has("was on the list as Mum &lt;b&gt;");
    assert_has("Mother");
    must(desk_exception_find(db, arena, here.tenant, "+18605550177", &e), "find");
    snprintf(uri, sizeof uri, "/exceptions/%s/remove", e.id);
    for (int i = 0; i < 2; i++)
        assert_int_equal(post(uri, ""), 303);
    assert_false(on_list(here.tenant, "+18605550177"));
    get("/exceptions");
    assert_has("Removed: Mother.");
    snprintf(uri, sizeof uri, "/exceptions/%s/back", e.id);
    assert_has(uri);
    assert_int_equal(post(uri, ""), 303);
    assert_true(on_list(here.tenant, "+18605550177"));
    get("/exceptions");
    assert_has("Back on the list: Mother.");
}

static void test_wrong_numbers(void **state)
{
    static const struct {
        const char *fields, *words;
    } rows[] = {{"&name=Mum&number=12", "id=\"number-wrong\""},
                {"&name=Mum&number=", "id=\"number-wrong\""},
                {"&name=&number=8605550177", "id=\"name-wrong\""},
                {"&name=Mum&number=call+me", "id=\"number-wrong\""}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(post("/exceptions", rows[i].fields), 422);
        assert_has(rows[i].words);
        assert_has("That number was not added.");
        assert_has("role=\"alert\"");
        assert_has("<title>Error: ");
    }
    post("/exceptions", "&name=Aunt+%22Jo%22&number=12&category=work");
    assert_has("value=\"Aunt &quot;Jo&quot;\""); /* what was typed is kept */
    assert_has("<option value=\"work\" selected>");
    assert_false(on_list(here.tenant, "+18605550177"));
}

static void test_exceptions_of_others(void **state)
{
    struct desk_exception e;
    char uri[120];
    (void)state;
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_tx_end(db, desk_exception_put(db, other.tenant, "+18605550177", "Hers", "family")),
         "put");
    must(desk_exception_find(db, arena, other.tenant, "+18605550177", &e), "find");
    get("/exceptions");
    assert_lacks("Hers");
    snprintf(uri, sizeof uri, "/exceptions/%s/remove", e.id);
    assert_int_equal(post(uri, ""), 404);
    snprintf(uri, sizeof uri, "/exceptions/%s/back", e.id);
    assert_int_equal(post(uri, ""), 404);
    assert_true(on_list(other.tenant, "+18605550177"));
    csrf = "wrong";
    assert_int_equal(post("/exceptions", "&name=Mum&number=8605550177"), 403);
    assert_false(on_list(here.tenant, "+18605550177"));
}

int main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_order),
        TEST(test_done_and_undone),
        TEST(test_callbacks_of_others),
        TEST(test_nobody_waits),
        TEST(test_add_and_remove),
        TEST(test_wrong_numbers),
        TEST(test_exceptions_of_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
