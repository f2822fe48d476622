/* The web floor itself, on a table of its own: parameters, sessions, CSRF, replies, limits. */
#include "tests/page/web_test.h"
#include "base/paths.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct desk_value seen[DESK_PARAMS_MAX]; /* of the last request; texts copied */
static size_t seen_bad;
static char cookie_header[128], csrf[64];
static const struct desk_user owner = {
    .id = "user_1", .login = "sal", .password_hash = "x", .created_at = 1};

/* ---- handlers -------------------------------------------------------------------------------- */

static enum desk_rc keep_values(struct desk_request *req)
{
    for (size_t i = 0; i < DESK_PARAMS_MAX; i++) {
        seen[i] = req->values[i];
        seen[i].text = desk_arena_strdup(look, seen[i].text ? seen[i].text : "");
        seen[i].error = desk_arena_strdup(look, seen[i].error);
    }
    seen_bad = req->bad_values;
    desk_buf_str(&req->reply.body, "kept");
    return DESK_OK;
}

static enum desk_rc fails(struct desk_request *req)
{
    desk_reply_header(req, "X-Half", "done");
    desk_buf_str(&req->reply.body, "half a page");
    req->detail = "It broke.";
    return DESK_EINTERNAL;
}

static enum desk_rc too_much(struct desk_request *req)
{
    for (size_t i = 0; i <= DESK_MAX_REPLY / 1000; i++)
        desk_buf_fmt(&req->reply.body, "%1000d", 1);
    return DESK_OK;
}

static enum desk_rc replies(struct desk_request *req)
{
    desk_reply_header(req, "X-Odd", "a\r\nSet-Cookie: evil=1\x01");
    desk_reply_cookie(req, "desk_session", "abc", 60);
    desk_reply_redirect(req, "/calls");
    return DESK_OK;
}

static enum desk_rc writes(struct desk_request *req)
{
    enum desk_rc rc = DESK_TX_BEGIN(req->db);
    return rc ? rc : desk_tx_end(req->db, desk_session_flash(req->db, req->session.id, "hello"));
}

#define END                                                                                        \
    {                                                                                              \
        NULL, DESK_P_TEXT, 0, 0, NULL                                                              \
    }
static const struct desk_param p_all[] = {
    {"text", DESK_P_TEXT, 0, 10, "The text"},  {"raw", DESK_P_TEXT, DESK_P_RAW, 10, "The password"},
    {"int", DESK_P_INT, 0, 100, "The number"}, {"big", DESK_P_INT, 0, 0, NULL},
    {"id", DESK_P_ID, 0, 0, "The id"},         {"phone", DESK_P_PHONE, 0, 0, "Phone number"},
    {"bool", DESK_P_BOOL, 0, 0, "The box"},    END};
static const struct desk_param p_needed[] = {{"name", DESK_P_TEXT, DESK_P_REQUIRED, 0, "Name"},
                                             END};
static const struct desk_param p_path[] = {
    {"id", DESK_P_ID, DESK_P_PATH, 0, NULL}, {"part", DESK_P_TEXT, DESK_P_PATH, 0, NULL}, END};

#define ROW(m, p, f, who, form, table, text, alone)                                                \
    {                                                                                              \
        .methods = (m), .path = (p), .fn = (f), .auth = (who), .csrf = (form), .params = (table),  \
        .help = (text), .no_db = (alone)                                                           \
    }
static const struct desk_route routes[] = {
    ROW(DESK_GET | DESK_POST, "/all", keep_values, DESK_AUTH_NONE, false, p_all, "all", false),
    ROW(DESK_POST, "/needed", keep_values, DESK_AUTH_NONE, false, p_needed, "needed", false),
    ROW(DESK_GET, "/x/:id/y/:part", keep_values, DESK_AUTH_NONE, false, p_path, "path", false),
    ROW(DESK_GET, "/fails", fails, DESK_AUTH_NONE, false, NULL, "fails", true),
    ROW(DESK_GET, "/too-much", too_much, DESK_AUTH_NONE, false, NULL, "too much", false),
    ROW(DESK_GET, "/replies", replies, DESK_AUTH_NONE, false, NULL, "replies", false),
    ROW(DESK_GET, "/in", keep_values, DESK_AUTH_SESSION, false, NULL, "behind login", false),
    ROW(DESK_POST, "/in", writes, DESK_AUTH_SESSION, true, NULL, "a form", false),
    ROW(DESK_GET, "/get-writes", writes, DESK_AUTH_SESSION, false, NULL, "must fail", false),
    ROW(DESK_GET | DESK_POST, "/token", keep_values, DESK_AUTH_TOKEN, false, NULL, "token", false),
    {0},
};
static struct desk_route_stats stats[sizeof routes / sizeof *routes];
static struct desk_web site = {
    .name = "site", .kind = DESK_WEB_ADMIN, .routes = routes, .stats = stats};

static struct answer form(const char *uri, const char *body)
{
    return send_ask(&site, (struct ask){.method = "POST",
                                        .uri = uri,
                                        .type = "application/x-www-form-urlencoded",
                                        .body = body,
                                        .cookie = cookie_header});
}

/* ---- parameters ------------------------------------------------------------------------------ */

static void reads_every_kind(void **state)
{
    (void)state;
    static const struct {
        size_t at;
        const char *body, *text;
        int64_t num;
        const char *error; /* its beginning */
    } rows[] = {
        {0, "text=+hello++", "hello", 0, NULL},
        {0, "text=%09%0d%0a", "", 0, NULL},
        {0, "text=0123456789a", "0123456789a", 0, "The text is too long: at most 10 characters."},
        {0, "text=a%00b", "a", 0, NULL},
        {0, "text=%ff%01x", "\xef\xbf\xbdx", 0, NULL},
        {0, "text=first&text=second", "first", 0, NULL},
        {1, "raw=+p+", " p ", 0, NULL},
        {1, "raw=%01%ff", "\x01\xff", 0, NULL},
        {2, "int=+42+", "42", 42, NULL},
        {2, "int=100", "100", 100, NULL},
        {2, "int=101", "101", 0, "The number is too large: at most 100."},
        {2, "int=-1", "-1", 0, "The number must be a whole number."},
        {2, "int=1.5", "1.5", 0, "The number must be a whole number."},
        {3, "big=9223372036854775807", "9223372036854775807", INT64_MAX, NULL},
        {3, "big=9223372036854775808", "9223372036854775808", 0, "big is too large"},
        {4, "id=call_01-x", "call_01-x", 0, NULL},
        {4, "id=a%27b", "a'b", 0, "The id is not an identifier of ours."},
        {4, "id=0123456789012345678901234567890123456789",
         "0123456789012345678901234567890123456789", 0, "The id is not"},
        {5, "phone=(860)+555-0134", "+18605550134", 0, NULL},
        {5, "phone=%2B44+20+7946+0123", "+442079460123", 0, NULL},
        {5, "phone=anonymous", "anonymous", 0, "Phone number is not a number we can call."},
        {5, "phone=12", "12", 0, "Phone number is not a number we can call."},
        {6, "bool=on", "on", 1, NULL},
        {6, "bool=false", "false", 0, NULL},
        {6, "bool=maybe", "maybe", 0, "The box must be yes or no."},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(form("/all", rows[i].body).status, 200);
        const struct desk_value *v = &seen[rows[i].at];
        assert_string_equal(v->text, rows[i].text);
        assert_int_equal(v->given, *rows[i].text != '\0');
        assert_int_equal(seen_bad, rows[i].error ? 1 : 0);
        if (!rows[i].error)
            assert_null(v->error);
        else
            assert_has(v->error ? v->error : "", rows[i].error);
        if (!rows[i].error)
            assert_int_equal(v->num, rows[i].num);
    }
    /* the form before the query; the query when there is no form */
    form("/all?text=query&int=7", "text=form");
    assert_string_equal(seen[0].text, "form");
    assert_int_equal(seen[2].num, 7);
}

static void says_what_is_missing(void **state)
{
    (void)state;
    assert_int_equal(form("/needed", "name=+").status, 200); /* a page shows its form again */
    assert_string_equal(seen[0].error, "Name is missing.");
    assert_false(seen[0].given);
    site.kind = DESK_WEB_API; /* a program gets the list of errors */
    struct answer a = form("/needed", "");
    site.kind = DESK_WEB_ADMIN;
    assert_int_equal(a.status, 422);
    assert_has(a.body,
               "{\"name\":\"name\",\"pointer\":\"#/name\",\"message\":\"Name is missing.\"}");
}

static void reads_the_path(void **state)
{
    (void)state;
    struct ask ask = {.method = "GET", .uri = "/x/call_1/y/a%20b+c?id=other"};
    assert_int_equal(send_ask(&site, ask).status, 200);
    assert_string_equal(seen[0].text, "call_1");
    assert_string_equal(seen[1].text, "a b+c");
    static const char *const none[] = {"/x//y/a", "/x/a'b/y/c", "/x/a/y/", "/x/a/y", "/x/a/y/b/c"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        ask.uri = none[i];
        assert_int_equal(send_ask(&site, ask).status, 404);
    }
}

/* ---- who may --------------------------------------------------------------------------------- */

static void sends_strangers_to_the_login(void **state)
{
    (void)state;
    static const char *const cookies[] = {
        NULL, "", "desk_session=", "desk_session=wrong", "x=y;;=", "desk_sessionx=1; other"};
    for (size_t i = 0; i < sizeof cookies / sizeof *cookies; i++) {
        struct answer a = send_ask(
            &site, (struct ask){.method = "GET", .uri = "/in?a=b&c=%20", .cookie = cookies[i]});
        assert_int_equal(a.status, 303);
        assert_has(a.headers, "Location: /login?next=%2Fin%3Fa%3Db%26c%3D%2520\r\n");
    }
    struct answer a = send_ask(&site, (struct ask){.method = "POST", .uri = "/in"});
    assert_has(a.headers, "Location: /login\r\n");
}

static void lets_the_owner_in(void **state)
{
    (void)state;
    struct answer a =
        send_ask(&site, (struct ask){.method = "GET", .uri = "/in", .cookie = cookie_header});
    assert_int_equal(a.status, 200);
    assert_has(a.headers, "Cache-Control: no-store\r\n");
    a = send_ask(&site,
                 (struct ask){.method = "GET",
                              .uri = "/in",
                              .cookie = desk_arena_fmt(look, "a=b; %s; c=d", cookie_header)});
    assert_int_equal(a.status, 200);
}

static void takes_forms_from_its_own_pages_only(void **state)
{
    (void)state;
    assert_int_equal(form("/in", "a=b").status, 403);
    assert_int_equal(form("/in", "csrf=").status, 403);
    assert_int_equal(form("/in", "csrf=wrong").status, 403);
    char *good = desk_arena_fmt(look, "csrf=%s", csrf);
    assert_int_equal(form("/in", good).status, 200);
    struct ask ask = {.method = "POST",
                      .uri = "/in",
                      .type = "application/x-www-form-urlencoded",
                      .body = good,
                      .cookie = cookie_header,
                      .fetch_site = "cross-site"};
    assert_int_equal(send_ask(&site, ask).status, 403);
    ask.fetch_site = "same-origin";
    assert_int_equal(send_ask(&site, ask).status, 200);
    ask.type = "text/plain"; /* not a form: there is no csrf field in it */
    assert_int_equal(send_ask(&site, ask).status, 403);
}

/* scope → what it may do */
static void a_token_does_what_its_scope_says(void **state)
{
    (void)state;
    static const struct {
        const char *scope;
        int get, post;
    } rows[] = {{"read", 200, 403},
                {"write", 403, 200},
                {"read write", 200, 200},
                {"reader", 403, 403},
                {"", 403, 403}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char secret[44];
        struct desk_tenant t;
        assert_int_equal(desk_tenant_by_slug(admin_db, look, "plumbing", &t), DESK_OK);
        assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
        assert_int_equal(
            desk_tx_end(admin_db, desk_token_create(admin_db, t.id, "t", rows[i].scope, secret)),
            DESK_OK);
        struct ask ask = {.method = "GET",
                          .uri = "/token",
                          .authorization = desk_arena_fmt(look, "Bearer %s", secret)};
        struct desk_db *zone = zone_db;
        zone_db = admin_db; /* the admin zone itself may not read tokens */
        assert_int_equal(send_ask(&site, ask).status, rows[i].get);
        ask.method = "POST";
        assert_int_equal(send_ask(&site, ask).status, rows[i].post);
        zone_db = zone;
    }
}

static void a_get_cannot_write(void **state)
{
    (void)state;
    struct answer a = send_ask(
        &site, (struct ask){.method = "GET", .uri = "/get-writes", .cookie = cookie_header});
    assert_true(a.status >= 400);
    /* and the database is writable again for the next request */
    assert_int_equal(form("/in", desk_arena_fmt(look, "csrf=%s", csrf)).status, 200);
}

/* ---- replies and limits ---------------------------------------------------------------------- */

static void a_failure_leaves_nothing_of_half_a_page(void **state)
{
    (void)state;
    struct answer a =
        send_ask(&site, (struct ask){.method = "GET", .uri = "/fails", .no_db = true});
    assert_int_equal(a.status, 500);
    assert_has_not(a.body, "half a page");
    assert_has_not(a.headers, "X-Half");
    assert_has(a.body, "\"detail\":\"It broke.\"");
    a = send_ask(&site, (struct ask){.method = "GET", .uri = "/too-much"});
    assert_int_equal(a.status, 500);
    assert_true(a.len < 1000);
    a = send_ask(&site, (struct ask){.method = "GET", .uri = "/all", .no_db = true});
    assert_int_equal(a.status, 503);
    a = send_ask(&site, (struct ask){.method = "POST",
                                     .uri = "/all",
                                     .type = "application/x-www-form-urlencoded",
                                     .body = desk_arena_alloc(look, DESK_MAX_BODY + 2),
                                     .body_len = DESK_MAX_BODY + 1});
    assert_int_equal(a.status, 413);
    uint64_t failures = atomic_load(&stats[3].failures);
    assert_int_equal(failures, 1);
}

static void no_value_begins_a_header(void **state)
{
    (void)state;
    struct answer a = send_ask(&site, (struct ask){.method = "GET", .uri = "/replies"});
    assert_int_equal(a.status, 303);
    assert_has(a.headers, "X-Odd: aSet-Cookie: evil=1\r\n");
    assert_has(a.headers, "Location: /calls\r\n");
    assert_has(a.headers, "Set-Cookie: desk_session=abc; Path=/; Max-Age=60; HttpOnly; "
                          "SameSite=Lax; Secure\r\n");
    desk_setting_override(DESK_S_PUBLIC_BASE_URL, "http://127.0.0.1:8080");
    desk_web_init();
    a = send_ask(&site, (struct ask){.method = "GET", .uri = "/replies"});
    assert_has_not(a.headers, "Secure");
    desk_setting_override(DESK_S_PUBLIC_BASE_URL, TEST_BASE);
    desk_web_init();
}

/* Two processes of one zone count as one, and what was counted stays when they are gone. */
static void counters_are_of_all_processes(void **state)
{
    (void)state;
    static struct desk_web hooks = {
        .name = "hook", .kind = DESK_WEB_HOOK, .routes = routes, .stats = stats};
    char path[DESK_PATH_LEN];
    desk_path_run(path, "");
    mkdir(path, 0700);
    for (int child = 0; child < 3; child++) {
        pid_t pid = fork();
        if (pid == 0) {
            desk_counters_share(&hooks);
            for (int i = 0; i < 1000; i++)
                atomic_fetch_add(&desk_counters(&hooks, 3)->requests, 1);
            _exit(0);
        }
        int status = 1;
        assert_true(waitpid(pid, &status, 0) == pid && status == 0);
    }
    struct desk_request req = {.arena = desk_arena_new(1 << 20)};
    desk_buf_init(&req.reply.body, 1 << 20);
    assert_int_equal(desk_metrics_all(&req), DESK_OK);
    assert_non_null(strstr(desk_buf_cstr(&req.reply.body),
                           "\nfrontdesk_requests_total{zone=\"hook\",method=\"GET\","
                           "route=\"/fails\"} 3000\n"));
    desk_buf_reset(&req.reply.body);
    desk_path_run(path, "counters.hook"); /* cut short: it is none, and a new one takes its place */
    assert_int_equal(truncate(path, 100), 0);
    assert_int_equal(desk_metrics_all(&req), DESK_OK);
    assert_null(strstr(desk_buf_cstr(&req.reply.body), "zone=\"hook\""));
    pid_t pid = fork();
    if (pid == 0) {
        desk_counters_share(&hooks);
        atomic_fetch_add(&desk_counters(&hooks, 3)->failures, 7);
        _exit(0);
    }
    int status = 1;
    assert_true(waitpid(pid, &status, 0) == pid && status == 0);
    desk_buf_reset(&req.reply.body);
    assert_int_equal(desk_metrics_all(&req), DESK_OK);
    assert_non_null(strstr(desk_buf_cstr(&req.reply.body), "route=\"/fails\"} 7\n"));
    unlink(path);
    unlink(desk_path_run(path, "counters.hook.lock"));
    rmdir(desk_path_run(path, ""));
    desk_buf_clear(&req.reply.body);
    desk_arena_free(req.arena);
}

static void prints_its_table(void **state)
{
    (void)state;
    char *text = NULL;
    size_t n = 0;
    FILE *f = open_memstream(&text, &n);
    desk_routes_print(&site, f);
    fclose(f);
    assert_has(text, "GET, POST  /all ");
    assert_has(text, " login      a form\n");
    free(text);
}

static void every_route_was_asked(void **state)
{
    (void)state;
    assert_all_routes_asked(&site);
}

static int begin(void **state)
{
    (void)state;
    char secret[44];
    struct desk_tenant t;
    struct desk_session s;
    test_begin(DESK_ZONE_ADMIN);
    assert_int_equal(desk_tenant_by_slug(admin_db, look, "plumbing", &t), DESK_OK);
    struct desk_user u = owner;
    u.tenant_id = t.id;
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    enum desk_rc rc = desk_user_insert(admin_db, &u);
    rc = rc ? rc : desk_session_new(admin_db, &u, secret);
    assert_int_equal(desk_tx_end(admin_db, rc), DESK_OK);
    assert_int_equal(desk_session_find(admin_db, look, secret, &s), DESK_OK);
    snprintf(cookie_header, sizeof cookie_header, "%s=%s", DESK_SESSION_COOKIE, secret);
    snprintf(csrf, sizeof csrf, "%s", s.csrf);
    return 0;
}

static int finish(void **state)
{
    (void)state;
    return test_finish();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_kind),
        cmocka_unit_test(says_what_is_missing),
        cmocka_unit_test(reads_the_path),
        cmocka_unit_test(sends_strangers_to_the_login),
        cmocka_unit_test(lets_the_owner_in),
        cmocka_unit_test(takes_forms_from_its_own_pages_only),
        cmocka_unit_test(a_token_does_what_its_scope_says),
        cmocka_unit_test(a_get_cannot_write),
        cmocka_unit_test(a_failure_leaves_nothing_of_half_a_page),
        cmocka_unit_test(no_value_begins_a_header),
        cmocka_unit_test(counters_are_of_all_processes),
        cmocka_unit_test(prints_its_table),
        cmocka_unit_test(every_route_was_asked),
    };
    return cmocka_run_group_tests_name("web", tests, begin, finish);
}
