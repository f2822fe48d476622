/* The live board: who is on it, what may be asked of a call, and what the page says came of it. */
#include "store/live.h"
#include "store/outbox.h"
#include "talk/live.h"
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

static int post(const char *uri, const char *fields)
{
    char form[900];
    snprintf(form, sizeof form, "csrf=%s%s", csrf, fields);
    ask(DESK_POST, uri, form);
    return req.reply.status;
}

static int setup(void **state)
{
    static const struct world_call rows[] = {
        {.id = "call_talks", .name = "Ines <Ortega>", .number = "+18605550134", .ago_min = 2},
        {.id = "call_asked", .number = "+18605550135", .ago_min = 1, .mode = DESK_MODE_GATHER},
        {.id = "call_tape", .number = "+18605550136", .ago_min = 3, .mode = DESK_MODE_RECORD},
        {.id = "call_gone",
         .number = "+18605550137",
         .ago_min = 9,
         .seconds = 60,
         .outcome = DESK_OUT_ANSWERED}};
    static const struct world_call theirs = {
        .id = "call_theirs", .name = "Olga's", .number = "+18605550140", .ago_min = 1};
    (void)state;
    page_open("long enough pw");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        world_call(&here, &rows[i]);
    world_call(&other, &theirs);
    must(DESK_TX_BEGIN(db), "begin");
    world_turn(&here, "call_talks", DESK_WHO_CALLER, "speech", 5000, 900, "Is <b>Tuesday</b> free?",
               NULL);
    must(desk_tx_end(db, DESK_OK), "turn");
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

static void the_calls_that_run_and_no_others(void **state)
{
    (void)state;
    get("/live");
    assert_has("3 calls now");
    assert_has("Ines &lt;Ortega&gt;");
    assert_has("Is &lt;b&gt;Tuesday&lt;/b&gt; free?");
    assert_has("ran\">2 min<");
    assert_lacks("call_gone");
    assert_lacks("Olga");
    assert_has("They are leaving a message now.");
    assert_has("/static/live.js?v=");
    get("/live/calls");
    assert_has("data-seq=\"1\"");
    assert_lacks("<html");
}

static void nobody_is_on_the_phone(void **state)
{
    (void)state;
    desk_clock_fake(NOW + DESK_LIVE_SINCE_MS); /* calls that never ended are lost by then */
    page_session("sal");                       /* and so are sign-ins that nobody used */
    get("/live");
    assert_has("Nobody is on the phone.");
    assert_has("Last call");
    desk_clock_fake(NOW);
}

static void asked_once_however_often_it_is_pressed(void **state)
{
    struct desk_live_order *o;
    size_t n;
    (void)state;
    for (int i = 0; i < 2; i++)
        assert_int_equal(post("/live/call_talks/say", "&once=press_1&text=Sal+is+%3Cnear%3E."),
                         303);
    must(desk_live_orders(db, arena, here.tenant, "call_talks", &o, &n), "orders");
    assert_int_equal(n, 1);
    assert_string_equal(o[0].text, "Sal is <near>.");
    get("/live");
    assert_has("Frontdesk will say it after this sentence.");
    assert_has("Sal is &lt;near&gt;.");
    get("/calls/call_talks");
    assert_has("sal asked on the live board to say “Sal is &lt;near&gt;.”.");
    must(desk_live_waiting(db, arena, 10, &o, &n), "waiting");
    assert_int_equal(n, 1);
    desk_clock_fake(NOW + DESK_LIVE_MS + 1000);
    must(desk_live_waiting(db, arena, 10, &o, &n), "waiting");
    assert_int_equal(n, 0); /* it would surprise the caller now */
    get("/live");
    assert_has("It was not done: the call could not be reached in time.");
    desk_clock_fake(NOW);
}

static void twilio_is_told_where_no_bridge_leads(void **state)
{
    struct desk_outbox row;
    struct desk_live_order *o;
    size_t n;
    (void)state;
    assert_int_equal(post("/live/call_asked/through", "&once=press_2&to=Sal"), 303);
    must(desk_outbox_by_cause(db, arena, here.tenant, "live:press_2", &row), "row");
    assert_string_equal(row.kind, DESK_OUTBOX_STEER);
    assert_int_equal(row.priority, DESK_OUTBOX_ALERT);
    must(desk_live_orders(db, arena, here.tenant, "call_asked", &o, &n), "orders");
    assert_string_equal(o[0].phone, "+18605550101");
    assert_int_equal(post("/live/call_talks/message", "&once=press_3"), 303);
    assert_int_equal(desk_outbox_by_cause(db, arena, here.tenant, "live:press_3", &row),
                     DESK_ENOTFOUND);
}

static void what_cannot_be_done_is_said(void **state)
{
    static const struct {
        const char *uri, *fields, *words;
    } rows[] = {
        {"/live/call_gone/say", "&once=press_4&text=Hello", "Too late: the call has ended."},
        {"/live/call_tape/message", "&once=press_5", "They are leaving a message now."},
        {"/live/call_talks/say", "&once=press_6&text=+", "Type what Frontdesk should say."},
        {"/live/call_talks/through", "&once=press_7&to=Zebedee",
         "There is nobody of that name in the settings."},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(post(rows[i].uri, rows[i].fields), 303);
        get("/live");
        assert_has(rows[i].words);
    }
    char fields[400] = "&once=press_8&text=";
    memset(fields + strlen(fields), 'x', DESK_LIVE_SAY_MAX + 1);
    assert_int_equal(post("/live/call_talks/say", fields), 303);
    get("/live");
    assert_has("200 letters at most");
}

static void another_business_can_do_nothing_here(void **state)
{
    struct desk_live_order *o;
    size_t n;
    char was[DESK_TOKEN_LEN];
    (void)state;
    assert_int_equal(post("/live/call_theirs/say", "&once=press_9&text=Hello"), 404);
    ask(DESK_GET, "/live/call_theirs/hangup", NULL);
    assert_int_equal(req.reply.status, 404);
    ask(DESK_POST, "/live/call_talks/hangup", "csrf=wrong&once=press_10");
    assert_int_equal(req.reply.status, 403);
    must(desk_live_orders(db, arena, other.tenant, "call_talks", &o, &n), "orders");
    assert_int_equal(n, 0);
    memcpy(was, session, sizeof was);
    *session = '\0';
    ask(DESK_GET, "/live", NULL);
    assert_int_equal(req.reply.status, 303);
    memcpy(session, was, sizeof was);
}

static void a_ticket_is_for_one_socket_and_a_minute(void **state)
{
    struct desk_live_ticket t;
    bool yes;
    (void)state;
    ask(DESK_POST, "/live/ticket", "csrf=wrong");
    assert_int_equal(req.reply.status, 403);
    assert_int_equal(post("/live/ticket", ""), 200);
    json_t *m = json_loads(body(), 0, NULL);
    const char *token = desk_arena_strdup(arena, json_string_value(json_object_get(m, "ticket")));
    json_decref(m);
    must(DESK_TX_BEGIN(db), "begin");
    assert_int_equal(desk_live_ticket_use(db, arena, token, &t), DESK_OK);
    assert_int_equal(desk_live_ticket_use(db, arena, token, &t), DESK_EAUTH);
    must(desk_tx_end(db, DESK_OK), "commit");
    assert_string_equal(t.tenant_id, here.tenant);
    must(desk_live_ticket_good(db, here.tenant, t.id, &yes), "good");
    assert_true(yes);
    must(desk_live_ticket_good(db, other.tenant, t.id, &yes), "good");
    assert_false(yes);
    assert_int_equal(post("/live/ticket", ""), 200);
    m = json_loads(body(), 0, NULL);
    token = desk_arena_strdup(arena, json_string_value(json_object_get(m, "ticket")));
    json_decref(m);
    desk_clock_fake(NOW + DESK_LIVE_TICKET_MS + 1000);
    must(DESK_TX_BEGIN(db), "begin");
    assert_int_equal(desk_live_ticket_use(db, arena, token, &t), DESK_EAUTH);
    must(desk_tx_end(db, DESK_OK), "commit");
    desk_clock_fake(NOW);
}

/* What each state is called, and that nothing is called done before it is. */
static void words_claim_no_more_than_is_known(void **state)
{
    static const struct {
        struct desk_live_order o;
        struct desk_call c;
        const char *words;
    } rows[] = {
        {{.kind = "say", .state = "asked"}, {0}, "Frontdesk will say it after this sentence."},
        {{.kind = "say", .state = "done"}, {.ended_at = 1}, "Said."},
        {{.kind = "say", .state = "cut"}, {0}, "Begun, but the caller spoke over it."},
        {{.kind = "say", .state = "asked"}, {.ended_at = 1}, "The call ended before it was done."},
        {{.kind = "hangup", .state = "late"},
         {.ended_at = 1},
         "Too late: the call was ending already."},
        {{.kind = "through", .state = "done", .name = "Raj"}, {0}, "Ringing Raj now."},
        {{.kind = "through", .state = "done", .name = "Raj"},
         {.outcome = "transferred"},
         "Put through: Raj answered."},
        {{.kind = "through", .state = "done", .name = "Raj"},
         {.next_step = "message", .stream_ended_at = 1},
         "Not put through: Raj did not answer. The caller was asked for a message."},
        {{.kind = "through", .state = "done"},
         {.ended_at = 1},
         "The call ended before the owner answered."},
        {{.kind = "message", .state = "failed"}, {0}, "That could not be done."},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(desk_live_words(arena, &rows[i].o, &rows[i].c, 1000), rows[i].words);
    assert_null(desk_live_line_of("through", "asked"));
    assert_non_null(desk_live_line_of("say", "cut"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_calls_that_run_and_no_others, setup, teardown),
        cmocka_unit_test_setup_teardown(nobody_is_on_the_phone, setup, teardown),
        cmocka_unit_test_setup_teardown(asked_once_however_often_it_is_pressed, setup, teardown),
        cmocka_unit_test_setup_teardown(twilio_is_told_where_no_bridge_leads, setup, teardown),
        cmocka_unit_test_setup_teardown(what_cannot_be_done_is_said, setup, teardown),
        cmocka_unit_test_setup_teardown(another_business_can_do_nothing_here, setup, teardown),
        cmocka_unit_test_setup_teardown(a_ticket_is_for_one_socket_and_a_minute, setup, teardown),
        cmocka_unit_test_setup_teardown(words_claim_no_more_than_is_known, setup, teardown),
    };
    return cmocka_run_group_tests_name("admin_live", tests, NULL, NULL);
}
