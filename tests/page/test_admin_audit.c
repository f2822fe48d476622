/* Who looked at what, and changed what: written down by the dispatcher for every page of the table,
 * in the change's own transaction, and never changed. */
#include "db/internal.h"
#include "tests/page/admin_page.h"

static const char *csrf;

static int ask(enum desk_method method, const char *uri, const char *form)
{
    page_request(method, uri);
    if (form) {
        req.content_type = "application/x-www-form-urlencoded";
        req.body = desk_arena_strdup(ra, form);
        req.body_len = strlen(form);
    }
    desk_dispatch(&admin_web, &req);
    return req.reply.status;
}

static int get(const char *uri)
{
    return ask(DESK_GET, uri, NULL);
}

static void be(const char *login)
{
    struct desk_session s;
    page_session(login);
    must(desk_session_find(db, arena, session, &s), "session");
    csrf = s.csrf;
}

static int64_t count(const char *where)
{
    char sql[400];
    sqlite3_stmt *st = NULL;
    snprintf(sql, sizeof sql, "SELECT count(*) FROM audit WHERE %s", where);
    assert_int_equal(sqlite3_prepare_v2(db->sq, sql, -1, &st, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    int64_t n = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    return n;
}

static const char *callback_uri(const char *what)
{
    struct desk_callback *k;
    size_t n;
    must(desk_callback_by_call(db, arena, here.tenant, "call_1", &k, &n), "callbacks");
    return desk_arena_fmt(arena, "/calls/call_1/callbacks/%s/%s", k[0].id, what);
}

static bool callback_open(void)
{
    struct desk_callback *k;
    size_t n;
    must(desk_callback_by_call(db, arena, here.tenant, "call_1", &k, &n), "callbacks");
    return strcmp(k[0].state, "open") == 0;
}

static int post(const char *uri)
{
    return ask(DESK_POST, uri, desk_arena_fmt(arena, "csrf=%s", csrf));
}

static int setup(void **state)
{
    (void)state;
    page_open("long enough pw");
    world_call(&here, &(struct world_call){.id = "call_1",
                                           .name = "Dana Whitfield",
                                           .number = "+18605550135",
                                           .ago_min = 9,
                                           .seconds = 60,
                                           .outcome = DESK_OUT_CALLBACK,
                                           .back_state = "open",
                                           .back_reason = "a tap"});
    be("sal");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    page_close();
    return 0;
}

/* Every page of the table that shows people leaves a row when it is looked at; and none else. */
static void test_each_page(void **state)
{
    char where[300];
    size_t about_people = 0;
    (void)state;
    for (const struct desk_route *r = admin_web.routes; r->path; r++) {
        if (!(r->methods & DESK_GET) || r->auth != DESK_AUTH_SESSION || strchr(r->path, ':'))
            continue;
        const char *kind = desk_route_touches(r, DESK_WEB_ADMIN);
        int status = get(r->path);
        snprintf(where, sizeof where, "action = 'GET %s' AND look = 1 AND who = 'sal'", r->path);
        int64_t want = kind && status < 400;
        if (count(where) != want)
            fail_msg("%s: %lld rows, not %lld", r->path, (long long)count(where), (long long)want);
        about_people += (size_t)want;
    }
    assert_true(about_people >= 3); /* calls, callbacks, numbers put through */
    assert_null(desk_route_touches(
        &(struct desk_route){.path = "/settings/x", .auth = DESK_AUTH_SESSION}, DESK_WEB_ADMIN));
    assert_string_equal(
        desk_route_touches(&(struct desk_route){.path = "/new", .auth = DESK_AUTH_SESSION},
                           DESK_WEB_ADMIN),
        "new");
}

static void test_a_look(void **state)
{
    struct desk_audit a;
    struct desk_session s;
    (void)state;
    assert_int_equal(get("/calls/call_1"), 200);
    must(desk_audit_last(db, arena, here.tenant, "GET /calls/:id", &a), "row");
    must(desk_session_find(db, arena, session, &s), "session");
    assert_string_equal(a.object, "call_1");
    assert_string_equal(a.who, "sal");
    assert_string_equal(a.user_id, s.user_id);
    assert_string_equal(a.session_ref, s.ref);
    assert_string_equal(a.request_id, "req_test");
    assert_true(a.look);
    assert_int_equal(a.created_at, NOW);
    get("/calls/call_1"); /* loaded again */
    assert_int_equal(count("action = 'GET /calls/:id'"), 1);
    desk_clock_fake(NOW + 61000);
    get("/calls/call_1");
    assert_int_equal(count("action = 'GET /calls/:id'"), 2);
    assert_int_equal(get("/calls/call_none"), 404); /* nothing was seen */
    assert_int_equal(count("action = 'GET /calls/:id'"), 2);
    be("olga");
    assert_int_equal(get("/calls/call_1"), 404);
    assert_int_equal(count("action = 'GET /calls/:id'"), 2);
}

static void test_a_change(void **state)
{
    struct desk_audit a;
    (void)state;
    assert_int_equal(post(callback_uri("done")), 303);
    must(desk_audit_last(db, arena, here.tenant, "POST /calls/:id/callbacks/:cid/done", &a), "row");
    assert_string_equal(a.object, "call_1");
    assert_false(a.look);
    assert_int_equal(ask(DESK_POST, callback_uri("open"), "csrf=wrong"), 403);
    assert_int_equal(count("action LIKE 'POST%open'"), 0);
    assert_int_equal(post("/calls/call_1/callbacks/x/open"), 404);
    assert_int_equal(count("action LIKE 'POST%open'"), 0);
}

/* What cannot be written down is not shown, and not done. */
static void test_no_audit_no_act(void **state)
{
    (void)state;
    const char *done = callback_uri("done");
    must(desk_db_script(db, "ALTER TABLE audit RENAME TO audit_gone"), "rename");
    assert_int_equal(get("/calls/call_1"), 500);
    assert_lacks("Dana");
    assert_int_equal(post(done), 500);
    assert_true(callback_open());
    must(desk_db_script(db, "ALTER TABLE audit_gone RENAME TO audit"), "rename");
    assert_int_equal(get("/calls/call_1"), 200);
    assert_int_equal(post(done), 303);
    assert_false(callback_open());
}

static void test_never_changed(void **state)
{
    int64_t n = 0;
    (void)state;
    get("/calls/call_1");
    assert_int_not_equal(desk_db_script(db, "UPDATE audit SET who = 'x'"), DESK_OK);
    assert_int_not_equal(desk_db_script(db, "DELETE FROM audit"), DESK_OK);
    assert_int_not_equal(desk_db_script(db, "INSERT OR REPLACE INTO audit SELECT * FROM audit"),
                         DESK_OK);
    assert_true(count("who = 'sal'") >= 1);
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_audit_forget(db, here.tenant, NOW - 1, &n), "forget"); /* nothing is so old */
    must(desk_tx_end(db, DESK_OK), "commit");
    assert_int_equal(n, 0);
    assert_int_not_equal(desk_db_script(db, "DELETE FROM audit"), DESK_OK);
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_audit_forget(db, here.tenant, NOW + 1, &n), "forget");
    must(desk_tx_end(db, DESK_OK), "commit");
    assert_true(n >= 1);
    assert_int_equal(count("1"), 0);
}

/* Erasing somebody leaves rows that never said who they were. */
static void test_nothing_of_callers(void **state)
{
    (void)state;
    get("/calls");
    get("/calls/call_1");
    get("/callbacks");
    post(callback_uri("done"));
    ask(DESK_POST, "/exceptions",
        desk_arena_fmt(arena, "csrf=%s&name=Dana+Whitfield&number=8605550135", csrf));
    assert_true(count("1") >= 5);
    assert_int_equal(count("coalesce(action, '') || coalesce(object, '') || coalesce(who, '') LIKE "
                           "'%Dana%' OR coalesce(object, '') LIKE '%0135%'"),
                     0);
}

static void test_the_page(void **state)
{
    struct desk_user sal;
    (void)state;
    assert_int_equal(get("/settings/audit?what=looks"), 200);
    assert_has("Nothing of that kind.");
    get("/calls/call_1");
    post(callback_uri("done"));
    be("olga");
    get("/calls");
    be("sal");
    assert_int_equal(get("/settings/audit"), 200);
    assert_has("<bdi>sal</bdi></strong> <a href=\"/calls/call_1\">Mark a callback done</a>");
    assert_has("One call<");
    assert_has("<code>req_test</code>");
    assert_lacks("olga");
    get("/settings/audit?what=looks");
    assert_has("One call");
    assert_lacks("Mark a callback done");
    get("/settings/audit?what=changes");
    assert_lacks("One call");
    assert_has("Mark a callback done");
    must(desk_user_by_login(db, arena, "sal", &sal), "sal");
    get(desk_arena_fmt(arena, "/settings/audit?who=%s", sal.id));
    assert_has("One call");
    get("/settings/audit?who=usr_nobody");
    assert_has("Nothing of that kind.");
    assert_int_equal(get("/settings/audit.csv?what=changes"), 200);
    assert_string_equal(req.reply.type, "text/csv; charset=utf-8");
    assert_has("time,who,what,row,browser,request\r\n");
    assert_has(",sal,POST /calls/:id/callbacks/:cid/done,call_1,ses_");
    assert_lacks("GET /calls/:id");
}

static void test_older(void **state)
{
    (void)state;
    for (int i = 0; i < 60; i++) {
        desk_clock_fake(NOW + i * 61000);
        get("/calls/call_1");
    }
    get("/settings/audit");
    const char *p = strstr(body(), "before=");
    assert_non_null(p);
    const char *uri = desk_arena_fmt(arena, "/settings/audit?%.*s", (int)strcspn(p, "\""), p);
    get(uri);
    assert_has("One call");
    assert_lacks("before=");
    assert_int_equal(get("/settings/audit?before=nonsense"), 200);
    assert_has("before=");
}

#define IN(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN(test_each_page),       IN(test_a_look),        IN(test_a_change),
        IN(test_no_audit_no_act), IN(test_never_changed), IN(test_nothing_of_callers),
        IN(test_the_page),        IN(test_older),
    };
    return cmocka_run_group_tests_name("admin_audit", tests, NULL, NULL);
}
