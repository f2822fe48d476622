/* People who sign in: invitations, roles, one's own password, second step and browsers; and the
 * door with a second step. */
#include "store/invites.h"
#include "store/login_tries.h"
#include "store/outbox.h"
#include "tests/page/admin_page.h"
#include "wire/totp.h"

#define PW "correct horse battery"

static char form_cookie[DESK_TOKEN_LEN], half_cookie[DESK_TOKEN_LEN];
static const char *csrf;
static const char *agent;

static const char *headers(void)
{
    return desk_buf_cstr(&req.reply.headers);
}

/* Value of a cookie the reply sets, into out; as it was when the reply does not. */
static void take_cookie(const char *name, char out[DESK_TOKEN_LEN])
{
    char line[64];
    snprintf(line, sizeof line, "Set-Cookie: %s=", name);
    const char *p = strstr(headers(), line);
    if (!p)
        return;
    p += strlen(line);
    size_t n = strcspn(p, ";");
    assert_true(n < DESK_TOKEN_LEN);
    memcpy(out, p, n);
    out[n] = '\0';
}

static int ask(enum desk_method method, const char *uri, const char *form)
{
    page_request(method, uri);
    if (form) {
        req.content_type = "application/x-www-form-urlencoded";
        req.body = desk_arena_strdup(ra, form);
        req.body_len = strlen(form);
    }
    req.cookie =
        desk_arena_fmt(ra, "%s; desk_login=%s; desk_half=%s", req.cookie, form_cookie, half_cookie);
    req.user_agent = agent;
    req.remote = "192.0.2.7";
    desk_dispatch(&admin_web, &req);
    take_cookie("desk_session", session);
    take_cookie("desk_login", form_cookie);
    take_cookie("desk_half", half_cookie);
    return req.reply.status;
}

static int get(const char *uri)
{
    return ask(DESK_GET, uri, NULL);
}

/* The form's fields after the token. */
static int post(const char *uri, const char *fields)
{
    char form[900];
    snprintf(form, sizeof form, "csrf=%s&%s", csrf, fields);
    return ask(DESK_POST, uri, form);
}

static void keep_csrf(void)
{
    struct desk_session s;
    must(desk_session_find(db, arena, session, &s), "session");
    csrf = s.csrf;
}

static void be(const char *login)
{
    page_session(login);
    keep_csrf();
}

static int try_login(const char *login, const char *password)
{
    char form[600];
    session[0] = half_cookie[0] = '\0';
    get("/login");
    snprintf(form, sizeof form, "csrf=%s&login=%s&password=%s&next=/callbacks", form_cookie, login,
             password);
    return ask(DESK_POST, "/login", form);
}

static struct desk_user user_of(const char *login)
{
    struct desk_user u;
    must(desk_user_by_login(db, arena, login, &u), login);
    return u;
}

static bool audited(const char *action)
{
    struct desk_audit a;
    return desk_audit_last(db, arena, here.tenant, action, &a) == DESK_OK;
}

static int setup(void **state)
{
    (void)state;
    page_open(PW);
    session[0] = form_cookie[0] = half_cookie[0] = '\0';
    agent = NULL;
    world_call(&here, &(struct world_call){.id = "call_1", .ago_min = 9, .seconds = 60});
    be("sal");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "");
    page_close();
    return 0;
}

/* ---- inviting -------------------------------------------------------------------------------- */

/* The secret of the link on the page. */
static const char *secret_shown(void)
{
    static const char before[] = "https://desk.example.com/join/";
    const char *p = strstr(body(), before);
    if (!p)
        fail_msg("no link\n%s", body());
    p += sizeof before - 1;
    return desk_arena_strndup(arena, p, strcspn(p, "<"));
}

static int join(const char *secret, const char *login, const char *password)
{
    char uri[120], form[200];
    snprintf(uri, sizeof uri, "/join/%s", secret);
    snprintf(form, sizeof form, "login=%s&password=%s", login, password);
    return ask(DESK_POST, uri, form);
}

static void test_invitation(void **state)
{
    (void)state;
    assert_int_equal(get("/settings/users"), 200);
    assert_has("<bdi>sal</bdi>");
    assert_lacks("olga"); /* another business's */
    assert_int_equal(post("/settings/users", "name=Bea+%3Cb%3E&role=staff"), 200);
    const char *secret = secret_shown();
    assert_int_equal(strlen(secret), 43);
    assert_has("works once, for 3 days, and is shown only now");
    assert_true(audited("user.invite"));
    assert_int_equal(get("/settings/users"), 200);
    assert_lacks(secret);
    assert_has("Bea &lt;b&gt;");
    session[0] = '\0';
    assert_int_equal(get(desk_arena_fmt(arena, "/join/%s", secret)), 200);
    assert_has("Welcome, <bdi>Bea &lt;b&gt;</bdi>");
    assert_has("Harwick Plumbing");
    assert_lacks("aria-label=\"Pages\""); /* nobody's menu */
    assert_int_equal(join(secret, "Bea+B", "four+words+are+good"), 422);
    assert_has("A name to sign in with is of small letters");
    assert_int_equal(join(secret, "bea", "short"), 422);
    assert_has("A password has at least 10 letters");
    assert_int_equal(join(secret, "bea", "aaaaaaaaaaaa"), 422);
    assert_has("too easy to guess");
    assert_int_equal(join(secret, "olga", "four+words+are+good"), 422);
    assert_has("That name is taken");
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    assert_int_equal(join(secret, "bea", "four+words+are+good"), 303);
    assert_int_equal(get("/calls"), 200); /* signed in */
    assert_string_equal(user_of("bea").role, "staff");
    assert_string_equal(user_of("bea").tenant_id, here.tenant);
    assert_int_equal(get("/settings/users"), 403);
    assert_int_equal(join(secret, "bob", "four+words+are+good"), 404);
    assert_has("This invitation was used");
    be("sal");
    get("/settings/users");
    assert_has("<bdi>bea</bdi>");
    assert_lacks("<h2>Invited</h2>");
    assert_int_equal(try_login("bea", "four+words+are+good"), 303);
}

static void test_invitation_taken_back_or_old(void **state)
{
    struct desk_invite *open;
    size_t n;
    char uri[100];
    (void)state;
    post("/settings/users", "name=Bea&role=read");
    const char *secret = secret_shown();
    must(desk_invite_open(db, arena, here.tenant, &open, &n), "open");
    snprintf(uri, sizeof uri, "/settings/invites/%s/drop", open[0].id);
    be("olga");
    assert_int_equal(post(uri, ""), 404); /* another business's */
    be("sal");
    assert_int_equal(post(uri, ""), 303);
    get("/settings/users");
    assert_has("Taken back");
    assert_int_equal(post(uri, ""), 404);
    assert_int_equal(join(secret, "bea", "four+words+are+good"), 404);
    post("/settings/users", "role=read");
    secret = secret_shown();
    desk_clock_fake(NOW + DESK_INVITE_MS + 1);
    assert_int_equal(get(desk_arena_fmt(arena, "/join/%s", secret)), 404);
    assert_int_equal(get("/join/x"), 404);
}

static int64_t texts(void)
{
    struct desk_outbox *rows;
    size_t n;
    must(desk_outbox_list(db, arena, here.tenant, false, 10, &rows, &n), "outbox");
    return (int64_t)n;
}

static void test_invitation_by_text(void **state)
{
    (void)state;
    assert_int_equal(post("/settings/users", "role=staff&number=nonsense"), 422);
    assert_has("not a number we can call");
    assert_int_equal(post("/settings/users", "role=staff&number=(860)+555-0177"), 200);
    assert_has("No account to send texts with is set up.");
    assert_int_equal(texts(), 0);
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "AC1");
    assert_int_equal(post("/settings/users", "role=staff&number=(860)+555-0177"), 200);
    assert_has("It is also sent by text to (860)");
    assert_int_equal(texts(), 1);
    struct desk_outbox *rows;
    size_t n;
    must(desk_outbox_list(db, arena, here.tenant, false, 10, &rows, &n), "outbox");
    assert_string_equal(rows[0].kind, "sms");
    assert_non_null(strstr(rows[0].payload, secret_shown()));
    assert_non_null(strstr(rows[0].payload, "+18605550100"));
}

static void test_invitation_for_a_place_of_ours(void **state)
{
    char form[200];
    (void)state;
    snprintf(form, sizeof form, "role=staff&place=%s", other.location);
    assert_int_equal(post("/settings/users", form), 404);
    snprintf(form, sizeof form, "role=staff&place=%s", here.location);
    assert_int_equal(post("/settings/users", form), 200);
    const char *secret = secret_shown();
    assert_int_equal(join(secret, "bea", "four+words+are+good"), 303);
    assert_string_equal(user_of("bea").location_id, here.location);
    be("sal");
    assert_int_equal(post("/settings/users", "role=admin"), 422);
}

/* ---- roles ----------------------------------------------------------------------------------- */

static void add(const char *login, const char *role)
{
    char id[DESK_ID_LEN];
    struct desk_user u = {.id = desk_id_new(id, "usr"),
                          .tenant_id = here.tenant,
                          .login = login,
                          .password_hash = "none",
                          .role = role,
                          .created_at = NOW};
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_tx_end(db, desk_user_insert(db, &u)), "user");
}

static const char *of(const char *login, const char *what)
{
    return desk_arena_fmt(arena, "/settings/users/%s/%s", user_of(login).id, what);
}

static void test_roles(void **state)
{
    char theirs[DESK_TOKEN_LEN];
    struct desk_session s;
    (void)state;
    assert_int_equal(post(of("sal", "role"), "role=staff"), 403);
    assert_has("The last owner stays one.");
    assert_int_equal(post(of("sal", "remove"), ""), 403);
    assert_string_equal(user_of("sal").role, "owner");
    add("bea", "staff");
    be("bea");
    memcpy(theirs, session, sizeof theirs);
    be("sal");
    assert_int_equal(post(of("bea", "role"), "role=owner"), 303);
    assert_int_equal(desk_session_find(db, arena, theirs, &s), DESK_ENOTFOUND);
    get("/settings/users");
    assert_has("bea is now: Owner.");
    assert_int_equal(post(of("bea", "role"), "role=boss"), 422);
    assert_int_equal(post(of("olga", "role"), "role=read"), 404); /* another business's */
    assert_int_equal(post(of("olga", "remove"), ""), 404);
    assert_string_equal(user_of("olga").role, "owner");
    assert_int_equal(post(of("sal", "role"), "role=read"), 303); /* bea is one now */
    assert_int_equal(get("/calls"), 303);                        /* and sal signed out */
    be("bea");
    assert_int_equal(post(of("sal", "remove"), ""), 303);
    get("/settings/users");
    assert_has("Removed: sal.");
    assert_true(audited("user.remove"));
    assert_int_equal(try_login("sal", "correct+horse+battery"), 403);
}

/* ---- one's own password ---------------------------------------------------------------------- */

static void test_password(void **state)
{
    char elsewhere[DESK_TOKEN_LEN], mine[DESK_TOKEN_LEN];
    struct desk_session s;
    (void)state;
    memcpy(elsewhere, session, sizeof elsewhere);
    be("sal");
    memcpy(mine, session, sizeof mine);
    assert_int_equal(get("/settings/you"), 200);
    assert_has("Signed in as <bdi>sal</bdi>: Owner.");
    assert_int_equal(post("/settings/you/password", "old=x&new=short"), 422);
    assert_has("href=\"#new\"");
    assert_int_equal(post("/settings/you/password", "old=wrong&new=another+good+one"), 422);
    assert_has("That is not your password.");
    assert_true(desk_password_ok(user_of("sal").password_hash, PW));
    assert_int_equal(
        post("/settings/you/password", "old=correct+horse+battery&new=another+good+one"), 303);
    assert_int_equal(desk_session_find(db, arena, elsewhere, &s), DESK_ENOTFOUND);
    must(desk_session_find(db, arena, mine, &s), "mine");
    get("/settings/you");
    assert_has("Your password is changed.");
    assert_true(audited("you.password"));
    assert_int_equal(try_login("sal", "correct+horse+battery"), 403);
    assert_int_equal(try_login("sal", "another+good+one"), 303);
}

static void test_password_cannot_be_guessed_from_inside(void **state)
{
    (void)state;
    for (int i = 0; i < DESK_LOGIN_TRIES; i++)
        assert_int_equal(post("/settings/you/totp/off", "password=guess"), 422);
    assert_int_equal(post("/settings/you/totp/off", "password=correct+horse+battery"), 422);
    assert_has("Too many wrong passwords.");
}

/* ---- the second step ------------------------------------------------------------------------- */

static const char *code_now(int64_t later)
{
    static char code[DESK_TOTP_LEN];
    struct desk_user u = user_of("sal");
    must(desk_totp_code(u.totp, desk_now_ms() / DESK_TOTP_STEP_MS + later, code), "code");
    return code;
}

/* One of the recovery codes on the page. */
static const char *recovery_shown(void)
{
    const char *p = strstr(body(), "class=\"codes\"");
    p = p ? strstr(p, "<code>") : NULL;
    if (!p)
        fail_msg("no codes\n%s", body());
    return desk_arena_strndup(arena, p + 6, strcspn(p + 6, "<"));
}

static const char *turn_on(void)
{
    char form[64];
    assert_int_equal(post("/settings/you/totp", "password=correct+horse+battery"), 200);
    snprintf(form, sizeof form, "code=%s", code_now(0));
    assert_int_equal(post("/settings/you/totp/on", form), 200);
    assert_has("Signing in now wants a code of your app");
    return recovery_shown();
}

static int give(const char *code)
{
    char form[200];
    get("/login/code?next=/callbacks");
    const char *p = strstr(body(), "name=\"csrf\" value=\"");
    assert_non_null(p);
    p += strlen("name=\"csrf\" value=\"");
    snprintf(form, sizeof form, "csrf=%.*s&next=/callbacks&code=%s", (int)strcspn(p, "\""), p,
             code);
    return ask(DESK_POST, "/login/code", form);
}

static void test_second_step(void **state)
{
    char first[DESK_TOTP_LEN];
    (void)state;
    assert_int_equal(post("/settings/you/totp", "password=wrong"), 422);
    assert_int_equal(post("/settings/you/totp/on", "code=123456"), 422);
    assert_has("Begin with your password.");
    assert_int_equal(post("/settings/you/totp", "password=correct+horse+battery"), 200);
    assert_has("otpauth://totp/Frontdesk:sal?secret=");
    assert_has(user_of("sal").totp);
    assert_int_equal(post("/settings/you/totp/on", "code=000"), 422);
    assert_has("That code is not right.");
    assert_false(user_of("sal").totp_on);
    assert_int_equal(try_login("sal", "correct+horse+battery"), 303); /* not yet asked for */
    assert_non_null(strstr(headers(), "Location: /callbacks"));
    keep_csrf();
    const char *recovery = turn_on();
    snprintf(first, sizeof first, "%s", code_now(0));
    assert_int_equal(post("/settings/you/totp", "password=correct+horse+battery"), 403);

    assert_int_equal(try_login("sal", "correct+horse+battery"), 303);
    assert_non_null(strstr(headers(), "Location: /login/code?next="));
    assert_string_equal(session, "");
    assert_int_equal(get("/calls"), 303); /* half-way is not in */
    assert_int_equal(give(first), 403);   /* turning it on has used that code up */
    assert_has("was used before");
    assert_int_equal(give("000000"), 403);
    assert_int_equal(give(code_now(1)), 303);
    assert_non_null(strstr(headers(), "Location: /callbacks"));
    assert_int_equal(get("/calls"), 200);

    desk_clock_fake(NOW + 10 * DESK_TOTP_STEP_MS);
    try_login("sal", "correct+horse+battery");
    assert_int_equal(give(recovery), 303);
    assert_true(audited("login.recovery"));
    assert_int_equal(get("/settings/you"), 200);
    assert_has("9 of 10 recovery codes are left");
    try_login("sal", "correct+horse+battery");
    assert_int_equal(give(recovery), 403); /* once */
}

static void test_codes_cannot_be_guessed(void **state)
{
    (void)state;
    turn_on();
    try_login("sal", "correct+horse+battery");
    for (int i = 0; i < DESK_LOGIN_TRIES; i++)
        assert_int_equal(give("000000"), 403);
    assert_int_equal(give(code_now(1)), 403);
    assert_has("Too many wrong codes.");
}

static void test_half_way_ends(void **state)
{
    (void)state;
    turn_on();
    try_login("sal", "correct+horse+battery");
    assert_int_equal(ask(DESK_POST, "/login/code", "csrf=x&code=1"), 403); /* not our form */
    desk_clock_fake(NOW + DESK_SESSION_HALF_MS + 1000);
    assert_int_equal(get("/login/code"), 303);
    assert_non_null(strstr(headers(), "Location: /login\r\n"));
    assert_int_equal(ask(DESK_POST, "/login/code", "code=1"), 303);
}

static void test_second_step_off_and_new_codes(void **state)
{
    (void)state;
    assert_int_equal(post("/settings/you/codes", "password=correct+horse+battery"), 422);
    const char *old = turn_on();
    assert_int_equal(post("/settings/you/codes", "password=wrong"), 422);
    assert_int_equal(post("/settings/you/codes", "password=correct+horse+battery"), 200);
    assert_has("The codes that you had work no more.");
    const char *fresh = recovery_shown();
    try_login("sal", "correct+horse+battery");
    assert_int_equal(give(old), 403);
    assert_int_equal(give(fresh), 303);
    keep_csrf();
    assert_int_equal(post("/settings/you/totp/off", "password=correct+horse+battery"), 303);
    get("/settings/you");
    assert_has("The second step is off.");
    assert_null(user_of("sal").totp);
    assert_int_equal(try_login("sal", "correct+horse+battery"), 303);
    assert_non_null(strstr(headers(), "Location: /callbacks"));
}

/* ---- where one is signed in ------------------------------------------------------------------ */

static void test_browsers(void **state)
{
    struct desk_session *s;
    struct desk_user sal = user_of("sal");
    size_t n;
    (void)state;
    agent = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36";
    try_login("sal", "correct+horse+battery");
    agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1";
    try_login("sal", "correct+horse+battery");
    keep_csrf();
    assert_int_equal(get("/settings/you"), 200);
    assert_has("Chrome on Android");
    assert_has("Safari on iPhone");
    assert_has("A browser"); /* it did not tell */
    must(desk_session_of_user(db, arena, &sal, &s, &n), "sessions");
    assert_int_equal(n, 3);
    for (size_t i = 0; i < n; i++)
        if (s[i].agent && strcmp(s[i].agent, "Chrome on Android") == 0) {
            const char *uri = desk_arena_fmt(arena, "/settings/you/sessions/%s/end", s[i].ref);
            char mine[DESK_TOKEN_LEN];
            memcpy(mine, session, sizeof mine);
            be("olga");
            assert_int_equal(post(uri, ""), 404); /* somebody else's */
            memcpy(session, mine, sizeof mine);
            keep_csrf();
            assert_int_equal(post(uri, ""), 303);
            assert_int_equal(post(uri, ""), 404);
        }
    get("/settings/you");
    assert_has("That browser is signed out.");
    assert_lacks("Chrome on Android");
    assert_int_equal(post("/settings/you/sessions", ""), 303);
    must(desk_session_of_user(db, arena, &sal, &s, &n), "sessions");
    assert_int_equal(n, 1);
    assert_int_equal(get("/settings/you"), 200);
}

static void test_unused_for_too_long(void **state)
{
    (void)state;
    desk_clock_fake(NOW + desk_session_idle_ms() - 1000);
    assert_int_equal(get("/calls"), 200); /* noted as used */
    desk_clock_fake(NOW + 2 * desk_session_idle_ms() - 2000);
    assert_int_equal(get("/calls"), 200);
    desk_clock_fake(NOW + 3 * desk_session_idle_ms() - 1500);
    assert_int_equal(get("/calls"), 303);
    get("/login");
    assert_has("You were signed out after 4 h without use.");
}

#define IN(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN(test_invitation),
        IN(test_invitation_taken_back_or_old),
        IN(test_invitation_by_text),
        IN(test_invitation_for_a_place_of_ours),
        IN(test_roles),
        IN(test_password),
        IN(test_password_cannot_be_guessed_from_inside),
        IN(test_second_step),
        IN(test_codes_cannot_be_guessed),
        IN(test_half_way_ends),
        IN(test_second_step_off_and_new_codes),
        IN(test_browsers),
        IN(test_unused_for_too_long),
    };
    return cmocka_run_group_tests_name("admin_users", tests, NULL, NULL);
}
