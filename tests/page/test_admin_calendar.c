/* The page of calendars, and an owner's consent at Google: the address they are sent to, what comes
 * back, whose it is, that it counts once and in time, and letting go. */
#include "db/fields.h"
#include "db/internal.h"
#include "store/calendar_sources.h"
#include "store/google_grants.h"
#include "store/outbox.h"
#include "store/tenants.h"
#include "talk/google_link.h"
#include "tests/page/admin_page.h"

/* With the rights of the pages, which are fewer than those of who writes the world. */
static void dispatch(void)
{
    db->zone = desk_zone_rows(DESK_ZONE_ADMIN);
    desk_dispatch(&admin_web, &req);
    db->zone = NULL;
}

static void send_it(enum desk_method method, const char *uri)
{
    page_request(method, uri);
    dispatch();
}

static void clients(bool there)
{
    desk_setting_override(DESK_S_GOOGLE_CLIENT_ID, there ? "client.example.com" : "");
    desk_setting_override(DESK_S_GOOGLE_CLIENT_SECRET, there ? "secret" : "");
}

static int setup(void **state)
{
    (void)state;
    (void)world_call; /* no calls here */
    page_open("long enough pw");
    page_session("sal");
    clients(true);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    page_close();
    return 0;
}

static const char *header(const char *name)
{
    const char *all = desk_arena_strdup(arena, desk_buf_cstr(&req.reply.headers));
    const char *at = strstr(all, name);
    return at ? desk_arena_strndup(arena, at + strlen(name), strcspn(at + strlen(name), "\r")) : "";
}

/* One parameter of the address that the browser is sent to. */
static const char *part(const char *url, const char *name)
{
    const char *at = strstr(url, desk_arena_fmt(arena, "%s=", name));
    return at ? desk_arena_strndup(arena, at + strlen(name) + 1,
                                   strcspn(at + strlen(name) + 1, "&"))
              : "";
}

static const char *ask(void)
{
    send_it(DESK_GET, "/google/connect");
    assert_int_equal(req.reply.status, 303);
    return header("Location: ");
}

static size_t consents(struct desk_outbox **rows)
{
    size_t n = 0, kept = 0;
    must(desk_outbox_list(db, arena, here.tenant, false, 50, rows, &n), "list");
    for (size_t i = 0; i < n; i++)
        if (strcmp((*rows)[i].kind, DESK_OUTBOX_CONNECT) == 0)
            (*rows)[kept++] = (*rows)[i];
    return kept;
}

static void test_not_connected(void **state)
{
    (void)state;
    send_it(DESK_GET, "/calendars");
    assert_int_equal(req.reply.status, 200);
    assert_has("<h1>Calendars</h1>");
    assert_has("Not connected.");
    assert_has("href=\"/google/connect\"");
    assert_lacks("Disconnect Google");
    clients(false);
    send_it(DESK_GET, "/calendars");
    assert_has("https://desk.example.com/google/callback");
    assert_lacks("href=\"/google/connect\"");
    send_it(DESK_GET, "/google/connect");
    assert_string_equal(header("Location: "), "/calendars");
    clients(true);
}

static void test_the_way_to_google(void **state)
{
    (void)state;
    const char *url = ask();
    assert_ptr_equal(strstr(url, "https://accounts.google.com/o/oauth2/v2/auth?"), url);
    assert_string_equal(part(url, "redirect_uri"),
                        "https%3A%2F%2Fdesk.example.com%2Fgoogle%2Fcallback");
    assert_string_equal(part(url, "code_challenge_method"), "S256");
    assert_int_equal(strlen(part(url, "code_challenge")), 43);
    assert_string_equal(part(url, "access_type"), "offline");
    assert_non_null(strstr(part(url, "scope"), "calendar.events"));
    assert_non_null(strstr(part(url, "scope"), "calendar.freebusy"));
    assert_string_not_equal(part(url, "state"), part(ask(), "state"));
}

static void test_what_comes_back_counts_once(void **state)
{
    struct desk_outbox *rows;
    (void)state;
    const char *given = part(ask(), "state");
    size_t before = consents(&rows);
    const char *uri = desk_arena_fmt(arena, "/google/callback?state=%s&code=4%%2F0Ab", given);
    send_it(DESK_GET, uri);
    assert_int_equal(req.reply.status, 303);
    assert_string_equal(header("Location: "), "/calendars");
    assert_int_equal(consents(&rows), before + 1);
    assert_non_null(strstr(rows[0].payload, "\"code\":\"4/0Ab\""));
    assert_non_null(
        strstr(rows[0].payload, "\"redirect\":\"https://desk.example.com/google/callback\""));
    const char *verifier = strstr(rows[0].payload, "\"verifier\":\"");
    assert_int_equal(strcspn(verifier + 12, "\""), 64);
    send_it(DESK_GET, "/calendars");
    assert_has("Google is being connected.");
    send_it(DESK_GET, uri);
    assert_int_equal(req.reply.status, 303);
    assert_int_equal(consents(&rows), before + 1);
    send_it(DESK_GET, "/calendars");
    assert_has("was used already");
}

static void test_what_is_not_ours_counts_never(void **state)
{
    struct desk_outbox *rows;
    char mine[DESK_TOKEN_LEN];
    (void)state;
    const char *given = part(ask(), "state");
    size_t before = consents(&rows);
    char *changed = desk_arena_strdup(arena, given);
    changed[0] = changed[0] == 'a' ? 'b' : 'a';
    const char *states[] = {"",
                            "x",
                            "a.b.c",
                            changed,
                            desk_arena_fmt(arena, "%.24s.9999999999%s", given, strrchr(given, '.')),
                            desk_arena_fmt(arena, "%s0", given)};
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        send_it(DESK_GET, desk_arena_fmt(arena, "/google/callback?state=%s&code=4", states[i]));
        assert_int_equal(req.reply.status, 303);
        send_it(DESK_GET, "/calendars");
        assert_has("does not belong to you");
    }
    /* another session, another business */
    const char *uri = desk_arena_fmt(arena, "/google/callback?state=%s&code=4", given);
    snprintf(mine, sizeof mine, "%s", session);
    for (int i = 0; i < 2; i++) {
        page_session(i ? "olga" : "sal");
        send_it(DESK_GET, uri);
        send_it(DESK_GET, "/calendars");
        assert_has("does not belong to you");
    }
    snprintf(session, sizeof session, "%s", mine);
    /* refused there; too late; nobody is signed in */
    send_it(DESK_GET, "/google/callback?error=access_denied&state=x");
    send_it(DESK_GET, "/calendars");
    assert_has("it was not allowed there");
    desk_clock_fake(NOW + 11 * 60000);
    send_it(DESK_GET, uri);
    send_it(DESK_GET, "/calendars");
    assert_has("came too late");
    desk_clock_fake(NOW);
    session[0] = '\0';
    send_it(DESK_GET, uri);
    assert_non_null(strstr(header("Location: "), "/login"));
    snprintf(session, sizeof session, "%s", mine);
    assert_int_equal(consents(&rows), before);
}

static void connect_here(void)
{
    const struct desk_calendar_source s = {.id = "cal_1",
                                           .tenant_id = here.tenant,
                                           .kind = DESK_SOURCE_GOOGLE,
                                           .main = true,
                                           .address = "primary"};
    const struct desk_calendar_source ics = {.id = "cal_2",
                                             .tenant_id = here.tenant,
                                             .kind = DESK_SOURCE_ICS,
                                             .address = "https://ics.example.com/secret.ics"};
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_google_grant_put(db, here.tenant, DESK_GRANT_OWNER, "1//refresh", "a b"), "grant");
    must(desk_calendar_source_add(db, &s), "source");
    must(desk_calendar_source_add(db, &ics), "source");
    must(desk_calendar_busy_put(db, &s, "event", NOW, NOW + 1, NOW), "busy");
    must(desk_tx_end(db, DESK_OK), "commit");
}

static void post_with(const char *uri, const char *csrf, const char *more)
{
    page_request(DESK_POST, uri);
    req.content_type = "application/x-www-form-urlencoded";
    req.body = desk_arena_fmt(ra, "csrf=%s%s", csrf, more);
    req.body_len = strlen(req.body);
    dispatch();
}

static void post(const char *uri, const char *csrf)
{
    post_with(uri, csrf, "");
}

static const char *csrf(void)
{
    send_it(DESK_GET, "/calendars");
    const char *at = strstr(body(), "name=\"csrf\" value=\"");
    assert_non_null(at);
    return desk_arena_strndup(arena, at + 19, strcspn(at + 19, "\""));
}

static void test_connected_broken_and_let_go(void **state)
{
    struct desk_google_grant g;
    struct desk_calendar_source *sources;
    struct desk_outbox *rows;
    size_t n;
    (void)state;
    connect_here();
    send_it(DESK_GET, "/calendars");
    assert_has("Connected. Visits that callers book");
    assert_lacks("href=\"/google/connect\"");
    assert_has("gets the visits");
    assert_has("Not read yet.");
    assert_has("At an address");
    assert_lacks("secret.ics");
    assert_lacks("refresh");
    must(desk_google_grant_get(db, arena, here.tenant, &g), "grant");
    assert_string_equal(g.refresh_token, "1//refresh");
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_google_grant_broken(db, &g, "Google <takes> us no more."), "broken");
    must(desk_tx_end(db, DESK_OK), "commit");
    send_it(DESK_GET, "/calendars");
    assert_has("Google &lt;takes&gt; us no more.");
    assert_has("Until then callers hear that you will confirm");
    assert_has("href=\"/google/connect\"");
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_google_grant_put(db, here.tenant, DESK_GRANT_OWNER, "1//refresh", "a b"), "grant");
    must(desk_tx_end(db, DESK_OK), "commit");
    const char *token = csrf();
    post("/google/disconnect", "wrong");
    assert_int_equal(req.reply.status, 403);
    post("/google/disconnect", token);
    assert_int_equal(req.reply.status, 303);
    send_it(DESK_GET, "/calendars");
    assert_has("Google is let go.");
    assert_has("Not connected.");
    assert_int_equal(desk_google_grant_get(db, arena, here.tenant, &g), DESK_ENOTFOUND);
    must(desk_calendar_source_list(db, arena, here.tenant, &sources, &n), "list");
    assert_int_equal(n, 1); /* that at an address is no part of it */
    must(desk_outbox_list(db, arena, here.tenant, false, 1, &rows, &n), "list");
    assert_string_equal(rows[0].kind, DESK_OUTBOX_REVOKE);
    assert_string_equal(rows[0].payload, "{\"token\":\"1//refresh\"}");
    post("/google/disconnect", token);
    send_it(DESK_GET, "/calendars");
    assert_has("Google was not connected.");
}

static struct desk_calendar_source *sources(size_t *n)
{
    struct desk_calendar_source *rows;
    must(desk_calendar_source_list(db, arena, here.tenant, &rows, n), "list");
    return rows;
}

/* Raj has a calendar of his own. */
static void hire(void)
{
    struct desk_tenant t;
    must(desk_tenant_get(db, arena, here.tenant, &t), "business");
    t.profile = "{\"staff\":[{\"name\":\"Raj\",\"services\":\"all\"},{\"name\":\"Lu\"}],"
                "\"services\":[{\"id\":\"repair\",\"name\":\"repair\",\"minutes\":60}]}";
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_tenant_update(db, &t), "profile");
    must(desk_tx_end(db, DESK_OK), "commit");
}

static void test_a_calendar_at_an_address(void **state)
{
    static const char *const bad[] = {"", "ftp%3A%2F%2Fx%2Fy", "https%3A%2F%2F", "javascript%3A1"};
    char mine[DESK_TOKEN_LEN];
    struct desk_outbox row;
    size_t n, before;
    (void)state;
    const char *token = csrf();
    assert_lacks("<select id=\"person\"");
    hire();
    token = csrf();
    assert_lacks("<option>Lu");
    assert_has("<option>Raj</option>");
    sources(&before);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        post_with("/calendar/import", token, desk_arena_fmt(arena, "&url=%s", bad[i]));
        assert_int_equal(req.reply.status, 303);
        send_it(DESK_GET, "/calendars");
        assert_has("begins with https:// or webcal://");
    }
    post_with("/calendar/import", token, "&url=https%3A%2F%2Fcal.example.com%2Fs&person=Nobody");
    send_it(DESK_GET, "/calendars");
    assert_has("Nobody of that name has a calendar here.");
    post_with("/calendar/import", "wrong", "&url=https%3A%2F%2Fcal.example.com%2Fs");
    assert_int_equal(req.reply.status, 403);
    sources(&n);
    assert_int_equal(n, before);
    post_with("/calendar/import", token, "&url=webcal%3A%2F%2Fcal.example.com%2Fs-3&person=Raj");
    send_it(DESK_GET, "/calendars");
    assert_has("It is read from now on.");
    assert_has("Only <bdi>Raj</bdi> is busy then.");
    assert_lacks("cal.example.com");
    post_with("/calendar/import", token, "&url=webcal%3A%2F%2Fcal.example.com%2Fs-3");
    send_it(DESK_GET, "/calendars");
    assert_has("That address is read already.");
    const char *id = NULL;
    const struct desk_calendar_source *all = sources(&n);
    assert_int_equal(n, before + 1);
    for (size_t i = 0; i < n; i++)
        id = strcmp(all[i].address, "webcal://cal.example.com/s-3") == 0 ? all[i].id : id;
    assert_non_null(id);
    const char *cause = desk_arena_fmt(arena, "watch:%s", id);
    must(desk_outbox_by_cause(db, arena, here.tenant, cause, &row), "its row");
    assert_string_equal(row.kind, DESK_OUTBOX_IMPORT);
    assert_string_equal(row.payload, desk_arena_fmt(arena, "{\"source\":\"%s\"}", id));
    post("/calendar/read", token);
    send_it(DESK_GET, "/calendars");
    assert_has("They are being read.");
    /* another business's is none of theirs */
    snprintf(mine, sizeof mine, "%s", session);
    page_session("olga");
    post(desk_arena_fmt(arena, "/calendar/%s/drop", id), csrf());
    send_it(DESK_GET, "/calendars");
    assert_has("That calendar is not read");
    post("/calendar/read", csrf());
    send_it(DESK_GET, "/calendars");
    assert_has("There is nothing to read.");
    snprintf(session, sizeof session, "%s", mine);
    sources(&n);
    assert_int_equal(n, before + 1);
    post(desk_arena_fmt(arena, "/calendar/%s/drop", id), token);
    send_it(DESK_GET, "/calendars");
    assert_has("It is not read any more.");
    sources(&n);
    assert_int_equal(n, before);
    must(desk_outbox_by_cause(db, arena, here.tenant, cause, &row), "its row");
    assert_string_equal(row.state, DESK_OUTBOX_DROPPED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_not_connected),
        cmocka_unit_test(test_the_way_to_google),
        cmocka_unit_test(test_what_comes_back_counts_once),
        cmocka_unit_test(test_what_is_not_ours_counts_never),
        cmocka_unit_test(test_connected_broken_and_let_go),
        cmocka_unit_test(test_a_calendar_at_an_address),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
