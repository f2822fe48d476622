/* The owner's pages without a server: a request by hand → desk_dispatch → a database in memory. */
#include "queries.h"
#include "wire/wav.h"
#include "store/login_tries.h"
#include "tests/page/admin_page.h"

#define PASS "correct horse battery"

static char csrf[DESK_TOKEN_LEN], form_cookie[DESK_TOKEN_LEN];

static char data_dir[] = "/tmp/desk-admin-XXXXXX";
static const char *range; /* header of the next request */

/* ---- a request ------------------------------------------------------------------------------- */

static const char *headers(void)
{
    return desk_buf_cstr(&req.reply.headers);
}

static void ask(enum desk_method method, const char *uri, const char *form)
{
    page_request(method, uri);
    req.content_type = form ? "application/x-www-form-urlencoded" : "";
    req.body = form;
    req.body_len = form ? strlen(form) : 0;
    req.range = range;
    req.cookie =
        desk_arena_fmt(ra, "%s%s%s", req.cookie, *form_cookie ? "; desk_login=" : "", form_cookie);
    desk_dispatch(&admin_web, &req);
}

static void get(const char *uri)
{
    ask(DESK_GET, uri, NULL);
}

static void get_ok(const char *uri)
{
    get(uri);
    if (req.reply.status != 200)
        fail_msg("GET %s: %d\n%s", uri, req.reply.status, body());
}

static void post(const char *uri, const char *token)
{
    char form[100];
    snprintf(form, sizeof form, "csrf=%s", token);
    ask(DESK_POST, uri, form);
}

/* Value of a cookie the reply sets; "" when it is deleted or not there. */
static void cookie_set(const char *name, char out[DESK_TOKEN_LEN])
{
    char line[64];
    snprintf(line, sizeof line, "Set-Cookie: %s=", name);
    const char *p = strstr(headers(), line);
    if (p)
        snprintf(out, DESK_TOKEN_LEN, "%.*s", (int)strcspn(p + strlen(line), ";"),
                 p + strlen(line));
}

static void try_login(const char *login, const char *password, const char *next)
{
    char form[600];
    get("/login");
    cookie_set("desk_login", form_cookie);
    snprintf(form, sizeof form, "csrf=%s&login=%s&password=%s&next=%s", form_cookie, login,
             password, next);
    ask(DESK_POST, "/login", form);
}

static void sign_in(const char *login)
{
    struct desk_session s;
    desk_arena_reset(ra);
    page_session(login);
    must(desk_session_find(db, arena, session, &s), "find");
    snprintf(csrf, sizeof csrf, "%s", s.csrf);
}

static void sign_out(void)
{
    session[0] = form_cookie[0] = '\0';
}

/* ---- world ----------------------------------------------------------------------------------- */

static const char long_name[] =
    "Bartholomew-Maximilian Featherstonehaugh-Cholmondeley of Worcestershire the Third";

static const struct world_call calls[] = {
    {.id = "call_marcus",
     .name = "Marcus Bell",
     .number = "+18605550134",
     .ago_min = 85,
     .seconds = 132,
     .outcome = DESK_OUT_CALLBACK,
     .summary = "No hot water since this morning.",
     .urgent = true,
     .back_state = "open",
     .back_when = "before 2 pm",
     .back_reason = "no hot water",
     .talk = true},
    {.id = "call_script",
     .name = "<script>alert(1)</script>",
     .number = "+18605550135",
     .ago_min = 90,
     .seconds = 40,
     .outcome = DESK_OUT_ANSWERED,
     .summary = "<b>bold</b> & \"quoted\""},
    {.id = "call_rtl",
     .name = "שלום עולם",
     .number = "+18605550136",
     .ago_min = 95,
     .seconds = 41,
     .outcome = DESK_OUT_TRANSFERRED},
    {.id = "call_emoji",
     .name = "🎉🔧 Plumb & Co",
     .number = "+18605550137",
     .ago_min = 99,
     .seconds = 42,
     .outcome = DESK_OUT_NOT_PUT},
    {.id = "call_long",
     .name = long_name,
     .number = "+18605550138",
     .ago_min = 60 * 24,
     .seconds = 3900,
     .outcome = DESK_OUT_MESSAGE,
     .message_s = 23,
     .message = "Please ring me about the drain."},
    {.id = "call_hidden", .ago_min = 60 * 24 + 30, .seconds = 6, .outcome = DESK_OUT_HUNG_UP},
    {.id = "call_number",
     .number = "+442079460123",
     .ago_min = 60 * 48,
     .seconds = 20,
     .outcome = DESK_OUT_FAILED,
     .mode = DESK_MODE_GATHER},
    {.id = "call_unproven",
     .name = "Tom Hale",
     .number = "+18605550139",
     .ago_min = 60 * 49,
     .seconds = 61,
     .outcome = DESK_OUT_CALLBACK},
    {.id = "call_done",
     .name = "Lena Fox",
     .number = "+18605550140",
     .ago_min = 60 * 50,
     .seconds = 62,
     .outcome = DESK_OUT_CALLBACK,
     .back_state = "done",
     .back_when = "tomorrow morning",
     .urgent = true},
    {.id = "call_silent",
     .name = "Maria Sol",
     .number = "+18605550142",
     .ago_min = 60 * 51,
     .seconds = 78,
     .outcome = DESK_OUT_ANSWERED,
     .summary = "leave a message",
     .mode = DESK_MODE_RECORD},
    {.id = "call_now", .name = "Ines Ortega", .number = "+18605550141", .ago_min = 1},
    {.id = "call_marcus0",
     .name = "Marcus Bell",
     .number = "+18605550134",
     .ago_min = 60 * 24 * 400,
     .seconds = 33,
     .outcome = DESK_OUT_ANSWERED},
};

static int setup(void **state)
{
    (void)state;
    page_open(PASS);
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        world_call(&here, &calls[i]);
    if (!mkdtemp(data_dir))
        return -1;
    desk_setting_override(DESK_S_FRONTDESK_DATA, data_dir);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    page_close();
    return remove(data_dir);
}

static int each(void **state)
{
    (void)state;
    desk_clock_fake(NOW);
    sign_out();
    range = NULL;
    return 0;
}

static int each_in(void **state)
{
    each(state);
    sign_in("sal");
    return 0;
}

/* ---- signing in ------------------------------------------------------------------------------ */

static void test_login_needed(void **state)
{
    (void)state;
    static const struct {
        const char *uri, *to;
    } rows[] = {
        {"/", "Location: /login\r\n"},
        {"/calls", "Location: /login?next=%2Fcalls\r\n"},
        {"/calls?show=urgent", "Location: /login?next=%2Fcalls%3Fshow%3Durgent\r\n"},
        {"/calls/call_marcus", "Location: /login?next=%2Fcalls%2Fcall_marcus\r\n"},
        {"/calls/call_marcus.txt", "Location: /login?next=%2Fcalls%2Fcall_marcus.txt\r\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        get(rows[i].uri);
        assert_int_equal(req.reply.status, 303);
        assert_non_null(strstr(headers(), rows[i].to));
        assert_lacks("Marcus");
    }
}

static void test_login(void **state)
{
    (void)state;
    get_ok("/login?next=%2Fcalls%2Fcall_marcus");
    assert_has("<title>Sign in – Frontdesk</title>");
    assert_has("name=\"next\" value=\"/calls/call_marcus\"");
    assert_has("autocomplete=\"current-password\"");
    assert_lacks("There is a problem");
    try_login("sal", "correct+horse+battery", "%2Fcalls%3Fshow%3Durgent");
    assert_int_equal(req.reply.status, 303);
    assert_non_null(strstr(headers(), "Location: /calls?show=urgent\r\n"));
    cookie_set("desk_session", session);
    assert_int_equal(strlen(session), 43);
    assert_non_null(strstr(headers(), "HttpOnly; SameSite=Lax; Secure"));
    get_ok("/calls");
    assert_has("Sign out");
    get("/login?next=%2Fcalls");
    assert_int_equal(req.reply.status, 303); /* signed in already */
}

static void test_login_wrong(void **state)
{
    (void)state;
    char known[8192];
    try_login("sal", "wrong", "");
    assert_int_equal(req.reply.status, 403);
    assert_has("Name or password is wrong. Check both and try again.");
    assert_has("<title>Error: Sign in – Frontdesk</title>");
    assert_has("value=\"sal\"");
    assert_lacks("wrong\" "); /* the password does not come back */
    assert_null(strstr(headers(), "desk_session="));
    snprintf(known, sizeof known, "%s", body());
    try_login("who", "wrong", ""); /* same length of name: the same page */
    assert_int_equal(req.reply.status, 403);
    char *p = strstr(known, "value=\"sal\"");
    memcpy(p + 7, "who", 3);
    assert_string_equal(known, body());
    sign_out();
    sign_in("sal");
    get_ok("/calls");
}

static void test_login_incomplete(void **state)
{
    (void)state;
    try_login("sal", "", "");
    assert_int_equal(req.reply.status, 400);
    assert_has("Enter your name and your password.");
    ask(DESK_POST, "/login", "login=sal&password=correct+horse+battery");
    assert_int_equal(req.reply.status, 403); /* no token of ours */
    assert_has("This page was open for too long.");
    assert_null(strstr(headers(), "desk_session="));
    form_cookie[0] = '\0';
    ask(DESK_POST, "/login", "csrf=&login=sal&password=correct+horse+battery");
    assert_int_equal(req.reply.status, 403);
}

static void lock_out(const char *login)
{
    for (int i = 0; i < DESK_LOGIN_TRIES; i++) {
        try_login(login, "wrong", "");
        assert_has("Name or password is wrong.");
    }
    try_login(login, "correct+horse+battery", "");
    assert_int_equal(req.reply.status, 403);
    assert_has("Too many wrong passwords for this name. Wait 5 minutes, then try again.");
    assert_null(strstr(headers(), "desk_session="));
}

static void test_lockout(void **state)
{
    (void)state;
    lock_out("olga");
    lock_out("nobody-of-that-name");
    desk_clock_fake(NOW + DESK_LOGIN_LOCKED_MS + 1000);
    try_login("olga", "correct+horse+battery", "");
    assert_int_equal(req.reply.status, 303);
    try_login("nobody-of-that-name", "x", "");
    assert_has("Name or password is wrong.");
}

static void test_local_path(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "",
        "/a\r\nSet-Cookie: x=1",
        "/login",
        "/logout",
        "calls",
        "/ /x",
        "/x\\y",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_string_equal(admin_local_path(bad[i]), "/");
    assert_string_equal(admin_local_path(NULL), "/");
    assert_string_equal(admin_local_path("/calls/call_x?a=1#t2"), "/calls/call_x?a=1#t2");
    try_login("sal", "correct+horse+battery", "https%3A%2F%2Fevil.example");
    assert_non_null(strstr(headers(), "Location: /\r\n"));
}

static void test_logout(void **state)
{
    (void)state;
    post("/logout", "wrong");
    assert_int_equal(req.reply.status, 403);
    get_ok("/calls");
    post("/logout", csrf);
    assert_int_equal(req.reply.status, 303);
    assert_non_null(strstr(headers(), "Set-Cookie: desk_session=; Path=/; Max-Age=0"));
    assert_non_null(strstr(headers(), "Location: /login?out=1\r\n"));
    get("/calls");
    assert_int_equal(req.reply.status, 303);
    get_ok("/login?out=1");
    assert_has("You are signed out.");
}

static void test_session_ends(void **state)
{
    (void)state;
    desk_clock_fake(NOW + desk_session_ms() + 1);
    get("/calls");
    assert_int_equal(req.reply.status, 303);
    get_ok("/login?next=%2Fcalls");
    assert_has("You were signed out after 12 hours. Sign in to continue.");
}

/* ---- the list -------------------------------------------------------------------------------- */

static void test_calls(void **state)
{
    (void)state;
    get_ok("/calls");
    assert_has("<title>Calls – Harwick Plumbing – Frontdesk</title>");
    assert_has("<h2 class=\"day\">Today</h2>");
    assert_has("<h2 class=\"day\">Yesterday</h2>");
    assert_has("<h2 class=\"day\">Wednesday 18 November</h2>");
    assert_has("<h2 class=\"day\">Thursday 16 October 2025</h2>");
    assert_has("<time class=\"r-time\" datetime=\"2026-11-20T11:50:00-05:00\">11:50 am</time>");
    assert_has("2 min 12 s");
    assert_has("1 h 5 min");
    assert_has("No hot water since this morning.");
    assert_has(">Hidden number<");
    assert_has("+44");
    static const char *const tags[] = {
        "Urgent",  "On the phone now", "Put through",         "Not put through", "Voicemail left",
        "Hung up", "Cut off",          "Check what was said", "Called back",     "Answered"};
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        char want[64];
        snprintf(want, sizeof want, "</svg>%s</span>", tags[i]);
        assert_has(want);
    }
    assert_lacks("Older calls");
    assert_lacks("refused today");
    assert_has("Times are Eastern time.");
}

static void test_escaping(void **state)
{
    (void)state;
    get_ok("/calls");
    assert_has("&lt;script&gt;alert(1)&lt;/script&gt;");
    assert_lacks("<script");
    assert_has("&lt;b&gt;bold&lt;/b&gt; &amp; &quot;quoted&quot;");
    assert_has("שלום עולם");
    assert_has("🎉🔧 Plumb &amp; Co");
    assert_has(long_name);
    static const char *const ids[] = {"script", "rtl", "emoji", "long", "hidden"};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        char uri[64];
        snprintf(uri, sizeof uri, "/calls/call_%s", ids[i]);
        get_ok(uri);
        assert_lacks("<script");
    }
    get_ok("/calls/call_script");
    assert_has("<title>&lt;script&gt;alert(1)&lt;/script&gt;, 11:45 am – Harwick Plumbing");
}

static void test_filters(void **state)
{
    (void)state;
    static const struct {
        const char *show, *has, *lacks;
    } rows[] = {
        {"callback", "call_marcus\"", "call_done"}, {"urgent", "call_done", "call_rtl"},
        {"through", "call_rtl", "call_marcus"},     {"messages", "call_long", "call_rtl"},
        {"hung-up", "call_hidden", "call_marcus"},  {"nonsense", "call_marcus\"", "Clear"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char uri[64];
        snprintf(uri, sizeof uri, "/calls?show=%s", rows[i].show);
        get_ok(uri);
        assert_has(rows[i].has);
        assert_lacks(rows[i].lacks);
    }
    get_ok("/calls?show=callback");
    assert_has("<option value=\"callback\" selected>Need a callback</option>");
    assert_has("<title>Calls: Need a callback – Harwick Plumbing");
}

static void test_empty(void **state)
{
    (void)state;
    sign_in("olga");
    get_ok("/calls");
    assert_has("No calls yet.");
    assert_has("(860)\u00a0555-0200");
    assert_has("<title>Calls – Other &amp; Sons – Frontdesk</title>");
    get_ok("/calls?show=urgent");
    assert_has("No calls match. <a href=\"/calls\">Clear the filter.</a>");
}

static void test_refused(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        must(DESK_TX_BEGIN(db), "begin");
        must(desk_tx_end(db, desk_counter_add(db, NULL, "webhook_refused")), "counter");
        get_ok("/calls");
        if (i == 0)
            assert_has("1 webhook was refused today because its signature did not match.");
    }
    assert_has("3 webhooks were refused today because their signature did not match.");
    assert_has("See how to mend it");
    assert_has("<code>https://desk.example.com</code>");
    desk_clock_fake(NOW + 24 * 60 * MIN_MS);
    sign_in("sal");
    get_ok("/calls");
    assert_lacks("refused today");
}

static size_t rows_on_page(void)
{
    size_t n = 0;
    for (const char *p = body(); (p = strstr(p, "<li><a class=\"row")); p++)
        n++;
    return n;
}

/* Address of the link with that label, without escapes. */
static const char *link_to(const char *name, const char *label)
{
    static char uri[200];
    char pattern[64];
    snprintf(pattern, sizeof pattern, "</svg>%s</a>", label);
    const char *end = strstr(body(), pattern);
    if (!end)
        return NULL;
    const char *p = end;
    while (strncmp(p, "href=\"/calls?", 13) != 0)
        p--;
    p += 6;
    size_t n = 0;
    for (; *p != '"' && n < sizeof uri - 1; p++) {
        uri[n++] = *p;
        if (strncmp(p, "&amp;", 5) == 0)
            p += 4;
    }
    uri[n] = '\0';
    assert_non_null(strstr(uri, name));
    return uri;
}

static void test_paging(void **state)
{
    (void)state;
    char id[32], next[200];
    size_t total = 0, pages = 0;
    struct world w = {.db = db, .arena = arena, .now = NOW};
    world_business(&w, "many", "Many Calls", "+18605550300", "max", PASS);
    for (int i = 0; i < 130; i++) {
        snprintf(id, sizeof id, "call_p%03d", i);
        /* four at a time in the same millisecond: the id decides */
        world_call(&w,
                   &(struct world_call){.id = id,
                                        .number = "+18605550199",
                                        .ago_min = 10 + i / 4,
                                        .seconds = 9,
                                        .outcome = i % 2 ? DESK_OUT_HUNG_UP : DESK_OUT_ANSWERED});
    }
    sign_in("max");
    snprintf(next, sizeof next, "/calls");
    for (;; pages++) {
        get_ok(next);
        total += rows_on_page();
        const char *older = link_to("before=", "Older calls");
        if (!older)
            break;
        assert_int_equal(rows_on_page(), 50);
        snprintf(next, sizeof next, "%s", older);
    }
    assert_int_equal(pages, 2);
    assert_int_equal(total, 130);
    assert_int_equal(rows_on_page(), 30);
    const char *newer = link_to("after=", "Newer calls");
    assert_non_null(newer);
    snprintf(next, sizeof next, "%s", newer);
    get_ok(next);
    assert_int_equal(rows_on_page(), 50);
    assert_has("call_p099"); /* the page before the last again */
    assert_has("call_p050");
    assert_lacks("call_p049");
    snprintf(next, sizeof next, "%s", link_to("after=", "Newer calls"));
    get_ok(next);
    assert_has("call_p000");
    assert_null(link_to("after=", "Newer calls"));
    get_ok("/calls?show=hung-up");
    assert_int_equal(rows_on_page(), 50);
    assert_non_null(strstr(link_to("before=", "Older calls"), "show=hung-up&before="));
    get_ok("/calls?before=call_gone");
    assert_int_equal(rows_on_page(), 50);
    get_ok("/calls?before=call_marcus"); /* of another business: as if it were not there */
    assert_has("call_p000");
    if (req.reply.body.len > 40 * 1024)
        fail_msg("a page of 50 is %zu bytes", req.reply.body.len);
}

/* ---- one call -------------------------------------------------------------------------------- */

static void test_call(void **state)
{
    (void)state;
    get_ok("/calls/call_marcus");
    assert_has("<title>Marcus Bell, 11:50 am – Harwick Plumbing – Frontdesk</title>");
    assert_has("<h1 class=\"who\"><bdi>Marcus Bell</bdi></h1>");
    assert_has("<a class=\"tel\" href=\"tel:+18605550134\">(860)\u00a0555-0134</a>");
    assert_has("2nd call, last");
    assert_has("16 Oct 2025</time>");
    assert_has("Today 11:50 am</time> · 2 min 12 s");
    assert_has("</svg>Urgent</span>");
    assert_has("</svg>Callback promised</span>");
    assert_has("<h2>What happened</h2><p><bdi>No hot water since this morning.</bdi>");
    assert_has("<bdi>Sal calls back</bdi> <strong><bdi>before 2 pm</bdi></strong>");
    assert_has("urgent, not done yet");
    assert_has("Call Marcus back now. It is urgent.");
    assert_has("href=\"tel:+18605550134\"><svg");
    assert_has("Mark done");
    assert_has("water heater is leaking all over the garage floor.");
    assert_has("Pressed <kbd>1</kbd>");
    assert_has("<s>Press 1 for yes, 2 for no.</s>");
    assert_has("(not heard: <bdi>Marcus</bdi> spoke)");
    assert_has("Wrote down: Marcus Bell, no hot water"); /* made from the arguments */
    assert_has("A callback was put on the list.");       /* as it was noted */
    assert_lacks("Put a callback on your list");
    assert_has("took 0.4 s");
    assert_has("11:50:00 am</time> <bdi>Number not on any list, so Frontdesk answered.");
    assert_has("<bdi>Stream start</bdi>"); /* an event nobody gave words to */
    assert_has("waited 0.8 s for the first words.");
    assert_has("href=\"/calls/call_marcus.txt\"");
}

static void test_call_states(void **state)
{
    (void)state;
    static const struct {
        const char *id, *has[5], *lacks;
    } rows[] = {
        {"call_rtl", {"Put through to Sal", "answered", "Nothing to do."}, "Mark done"},
        {"call_emoji",
         {"Put through to Sal", "nobody picked up", "Call 🎉🔧: nobody picked up."},
         "Mark done"},
        {"call_long",
         {"Message left", "“Please ring me about the drain.”", "Recorded, 23 s.",
          "Sal gets the message", "Answer the message from Bartholomew-Maxi…"},
         "Nothing to do."},
        {"call_hidden",
         {"Hidden number", "Hung up before getting help.", "Nothing was promised.",
          "Nothing to do.", "Nothing was said."},
         "tel:"},
        {"call_number",
         {"question by question", "first call", "The call was cut off.",
          "Call this caller: the call was cut off."},
         "Mark done"},
        {"call_unproven",
         {"Check what was said", "not on your list, check",
          "Read what was said: a callback was promised"},
         "Mark done"},
        {"call_done", {"Called back", "done", "Nothing to do."}, "Urgent"},
        {"call_silent",
         {"No message recorded", "A message can be left", "nothing was recorded",
          "Call Maria: a message was asked for, but none was recorded.",
          "<bdi>Leave a message.</bdi>"},
         "Nothing to do."},
        {"call_now",
         {"On the phone now", "Nothing yet: they are still talking.", "Nothing yet.",
          "The summary comes after the call."},
         "Mark done"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char uri[64];
        snprintf(uri, sizeof uri, "/calls/%s", rows[i].id);
        get_ok(uri);
        for (size_t k = 0; k < 5 && rows[i].has[k]; k++)
            assert_has(rows[i].has[k]);
        assert_lacks(rows[i].lacks);
    }
}

/* What a caller told of a visit stands on the call's page, as told and as it was understood. */
static void test_asked(void **state)
{
    (void)state;
    const char *id = world_call(&here, &(struct world_call){.id = "call_asked",
                                                            .ago_min = 210,
                                                            .name = "Dana Reed",
                                                            .number = "+18605550178",
                                                            .seconds = 30,
                                                            .outcome = DESK_OUT_CALLBACK});
    const struct desk_callback visit = {.id = "cb_asked1",
                                        .tenant_id = here.tenant,
                                        .call_id = id,
                                        .name = "Dana Reed",
                                        .number = "+18605550178",
                                        .reason = "repair: the tap <drips>",
                                        .when_text = "Tuesday morning",
                                        .state = "open",
                                        .created_at = NOW,
                                        .kind = "appointment",
                                        .address = "12 Elm Street, Harwick",
                                        /* Tuesday 1 December 2026, 8 to 12 in New York */
                                        .window_start = 1796130000000,
                                        .window_end = 1796144400000};
    struct desk_callback moved = visit;
    moved.id = "cb_asked2";
    moved.kind = "reschedule";
    moved.appointment_text = "the Thursday one";
    moved.appointment_day = "2026-12-03";
    moved.when_text = "some other time";
    moved.window_start = moved.window_end = 0;
    moved.created_at = NOW + 1;
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_callback_insert(db, &visit), "visit");
    must(desk_callback_insert(db, &moved), "moved");
    must(desk_tx_end(db, DESK_OK), "commit");
    get_ok("/calls/call_asked");
    assert_has("Sal calls back to confirm a visit");
    assert_has("<dt>About</dt><dd><bdi>repair: the tap &lt;drips&gt;</bdi></dd>");
    assert_has("<dt>Address</dt><dd><bdi>12 Elm Street, Harwick</bdi></dd>");
    assert_has("<dt>When</dt><dd><bdi>Tuesday morning</bdi> <span class=\"soft\">Tuesday 1 "
               "December, 8:00 am to 12:00 pm</span></dd>");
    assert_has("Sal calls back to confirm another day");
    assert_has("<dt>Appointment</dt><dd><bdi>the Thursday one</bdi> <span class=\"soft\">Thursday "
               "3 December</span></dd>");
    assert_has("<dt>Rather</dt><dd><bdi>some other time</bdi></dd>"); /* not clear: nothing more */
    assert_has("Call Dana back to confirm a visit.");
    get_ok("/calls/call_marcus"); /* a callback and nothing else */
    assert_lacks("What was asked for");
}

/* Deeds: a note beside its run is one line; a note alone is a failure that must show; a refused run
 * has our words, not those meant for the model. */
static void test_deeds(void **state)
{
    (void)state;
    struct desk_call c;
    const char *id = world_call(&here, &(struct world_call){.id = "call_deeds",
                                                            .ago_min = 200,
                                                            .number = "+18605550177",
                                                            .seconds = 30,
                                                            .outcome = DESK_OUT_ANSWERED});
    must(desk_call_get(db, arena, here.tenant, id, &c), "call");
    must(DESK_TX_BEGIN(db), "begin");
    world_event(&here, &c, 9000, "tool", "schedule_callback",
                "It failed on our side; nothing was done.");
    world_event(&here, &c, 12000, "tool", "transfer_to_owner", "Say it with a number.");
    world_tool(&here, id, "transfer_to_owner", "{\"reason\":\"a leak\"}", false, 12010, 5);
    world_tool(&here, id, "check_stock", "not json", true, 15000, 2500);
    world_tool(&here, id, "end_call", "{}", true, 20000, 3);
    world_event(&here, &c, 20000, "tool", "end_call", "The caller wanted nothing more");
    must(desk_tx_end(db, DESK_OK), "commit");
    get_ok("/calls/call_deeds");
    assert_has("Could not put a callback on your list. It failed on our side; nothing was done.");
    assert_has("Could not put the caller through: a leak");
    assert_lacks("Say it with a number.");
    assert_has("<bdi>Check stock</bdi> <span class=\"soft small\">took 2.5 s</span>");
    assert_has("<bdi>The caller wanted nothing more</bdi></li>");
    assert_lacks("Ended the talk");
    const char *first = strstr(body(), "Could not put a callback"),
               *second = strstr(body(), "Could not put the caller");
    assert_true(first < second);
}

static void test_text(void **state)
{
    (void)state;
    get_ok("/calls/call_marcus.txt");
    assert_string_equal(req.reply.type, "text/plain; charset=utf-8");
    assert_has("Marcus Bell, 2026-11-20T11:50:00-05:00\n2 min 12 s, Urgent\n");
    assert_has("  0:06  Marcus: Hi, yes, my water heater is leaking");
    assert_has("[not heard: Press 1 for yes, 2 for no.]");
    assert_has("(pressed) 1");
    assert_has("  0:36  * A callback was put on the list.\n");
    assert_non_null(strstr(headers(), "nosniff"));
    get_ok("/calls/call_script.txt");
    assert_has("<script>alert(1)</script>"); /* text, and never sniffed as anything else */
}

static void test_not_found(void **state)
{
    (void)state;
    static const char *const uris[] = {"/calls/call_gone",    "/calls/call_gone.txt", "/nowhere",
                                       "/calls/..%2Fx",       "/calls/.txt",          "/calls/a.b",
                                       "/calls/call_marcus/x"};
    for (size_t i = 0; i < sizeof uris / sizeof *uris; i++) {
        get(uris[i]);
        assert_int_equal(req.reply.status, 404);
        assert_has("We can&#39;t find that page");
        assert_non_null(strstr(headers(), "Content-Security-Policy:"));
    }
    ask(DESK_POST, "/calls", "csrf=x");
    assert_int_equal(req.reply.status, 405);
    assert_non_null(strstr(headers(), "Allow: GET, HEAD"));
    sign_in("olga"); /* the call exists, in another business */
    get("/calls/call_marcus");
    assert_int_equal(req.reply.status, 404);
    assert_lacks("Marcus");
    get("/calls/call_marcus.txt");
    assert_int_equal(req.reply.status, 404);
}

/* ---- callbacks ------------------------------------------------------------------------------- */

static const char *callback_uri(const char *call, const char *verb)
{
    static char uri[200];
    struct desk_callback *k;
    size_t n;
    must(desk_callback_by_call(db, arena, here.tenant, call, &k, &n), "callbacks");
    snprintf(uri, sizeof uri, "/calls/%s/callbacks/%s/%s", call, k[0].id, verb);
    return uri;
}

static const char *callback_state(const char *call)
{
    struct desk_callback *k;
    size_t n;
    must(desk_callback_by_call(db, arena, here.tenant, call, &k, &n), "callbacks");
    return k[0].state;
}

/* "Ring my phone first": one call however often it is pressed; why not, when it cannot be. */
static void test_ring_me(void **state)
{
    (void)state;
    char ring[200];
    snprintf(ring, sizeof ring, "%s", callback_uri("call_marcus", "ring"));
    get_ok("/calls/call_marcus");
    assert_lacks("Ring my phone first");
    post(ring, "wrong");
    assert_int_equal(req.reply.status, 403);
    post(ring, csrf);
    get_ok("/calls/call_marcus");
    assert_has("No account to call with is set up.");
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "AC0123456789abcdef0123456789abcdef");
    get_ok("/calls/call_marcus");
    assert_has("Ring my phone first");
    for (int i = 0; i < 2; i++) {
        post(ring, csrf);
        assert_int_equal(req.reply.status, 303);
        get_ok("/calls/call_marcus");
        assert_has("press 1 to be put through to Marcus Bell");
    }
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "");
    assert_string_equal(callback_state("call_marcus"), "open");
}

static void test_mark_done(void **state)
{
    (void)state;
    char done[200], open[200];
    snprintf(done, sizeof done, "%s", callback_uri("call_marcus", "done"));
    snprintf(open, sizeof open, "%s", callback_uri("call_marcus", "open"));
    get(done);
    assert_int_equal(req.reply.status, 405);
    post(done, "wrong");
    assert_int_equal(req.reply.status, 403);
    assert_has("That was not done");
    assert_has("This form is too old, or came from another site.");
    assert_string_equal(callback_state("call_marcus"), "open");
    for (int i = 0; i < 2; i++) { /* a double click makes one action and one answer */
        post(done, csrf);
        assert_int_equal(req.reply.status, 303);
        assert_non_null(strstr(headers(), "Location: /calls/call_marcus\r\n"));
        assert_string_equal(callback_state("call_marcus"), "done");
    }
    get_ok("/calls/call_marcus");
    assert_has("role=\"status\"");
    assert_has("Marked done: Marcus Bell.");
    assert_has("done 1:15 pm");
    assert_has("Nothing to do.");
    assert_has("/open\"><input type=\"hidden\" name=\"csrf\"");
    get_ok("/calls/call_marcus");
    assert_lacks("Marked done"); /* said once */
    post(open, csrf);
    assert_int_equal(req.reply.status, 303);
    assert_string_equal(callback_state("call_marcus"), "open");
    get_ok("/calls");
    assert_has("Not done after all: Marcus Bell.");
}

/* Cards of what was promised and not done have tests of their own (test_admin_after.c). */
static void test_no_such_card(void **state)
{
    (void)state;
    static const char *const verbs[] = {"mend", "done"};
    for (size_t i = 0; i < 2; i++) {
        char uri[100];
        snprintf(uri, sizeof uri, "/calls/call_marcus/attention/att_none/%s", verbs[i]);
        post(uri, "wrong");
        assert_int_equal(req.reply.status, 403);
        post(uri, csrf);
        assert_int_equal(req.reply.status, 404);
    }
}

static void test_undo_too_late(void **state)
{
    (void)state;
    post(callback_uri("call_done", "open"), csrf);
    assert_int_equal(req.reply.status, 303);
    assert_string_equal(callback_state("call_done"), "done");
    get_ok("/calls/call_done");
    assert_has("Too late to undo. It stays done.");
}

static void test_message_done(void **state)
{
    (void)state;
    char done[200], open[200];
    struct desk_message *m;
    size_t n;
    must(desk_message_by_call(db, arena, here.tenant, "call_long", &m, &n), "messages");
    snprintf(done, sizeof done, "/calls/call_long/messages/%s/done", m[0].id);
    snprintf(open, sizeof open, "/calls/call_long/messages/%s/open", m[0].id);
    get_ok("/calls/call_long");
    assert_has(done);
    assert_has("not answered yet");
    for (int i = 0; i < 2; i++) {
        post(done, csrf);
        assert_int_equal(req.reply.status, 303);
    }
    get_ok("/calls/call_long");
    assert_has("Marked done: message from Bartholomew-Maxi….");
    assert_has("Nothing to do.");
    post(open, "wrong");
    assert_int_equal(req.reply.status, 403);
    post(open, csrf);
    get_ok("/calls/call_long");
    assert_has("Not done after all: message from Bartholomew-Maxi….");
    assert_has("Answer the message from");
    post("/calls/call_long/messages/msg_gone/done", csrf);
    assert_int_equal(req.reply.status, 404);
    sign_in("olga");
    post(done, csrf);
    assert_int_equal(req.reply.status, 404);
}

static void test_callback_of_others(void **state)
{
    (void)state;
    char uri[200];
    snprintf(uri, sizeof uri, "%s", callback_uri("call_marcus", "done"));
    char swapped[200]; /* the callback belongs to another call */
    snprintf(swapped, sizeof swapped, "/calls/call_rtl%s", strstr(uri, "/callbacks/"));
    post(swapped, csrf);
    assert_int_equal(req.reply.status, 404);
    sign_in("olga");
    post(uri, csrf);
    assert_int_equal(req.reply.status, 404);
    assert_string_equal(callback_state("call_marcus"), "open");
}

/* ---- all pages ------------------------------------------------------------------------------- */

static void test_headers(void **state)
{
    (void)state;
    static const char *const uris[] = {"/calls", "/calls/call_marcus", "/calls/call_marcus.txt",
                                       "/login?out=1", "/nowhere"};
    for (size_t i = 0; i < sizeof uris / sizeof *uris; i++) {
        if (i == 3)
            sign_out();
        get(uris[i]);
        const char *h = headers();
        assert_non_null(strstr(h, "default-src 'self'; object-src 'none'; script-src 'self'"));
        assert_non_null(strstr(h, "connect-src 'self' wss://desk.example.com; form-action"));
        assert_non_null(strstr(h, "frame-ancestors 'none'"));
        assert_non_null(strstr(h, "X-Content-Type-Options: nosniff\r\n"));
        assert_non_null(strstr(h, "Referrer-Policy: same-origin\r\n"));
        assert_non_null(strstr(h, "Cache-Control: no-store\r\n"));
        assert_null(strstr(strstr(h, "Cache-Control:") + 5, "Cache-Control:"));
        assert_lacks("style=");
        assert_lacks("<style");
        assert_lacks(" onclick");
        assert_lacks("javascript:");
    }
}

static void test_static_urls(void **state)
{
    (void)state;
    get_ok("/calls");
    assert_has("href=\"/static/frontdesk.css?v=");
    assert_lacks("?v=000000000000");
    const char *icons = strstr(body(), "/static/icons.svg?v=");
    assert_non_null(icons);
    assert_int_equal(strcspn(icons, "#"), strlen("/static/icons.svg?v=") + 12);
}

/* Words the owner should never meet, on any page of ours. "webhook" is allowed in the one line that
 * explains refused ones. */
static void test_words(void **state)
{
    (void)state;
    static const char *const uris[] = {"/calls?show=callback", "/calls/call_marcus",
                                       "/calls/call_rtl", "/calls/call_hidden", "/nowhere"};
    static const char *const words[] = {
        " agent",  "session",       "pipeline", "disposition", "sentiment", "transferred",
        "escalat", "voicemail box", "LLM",      "latency",     "ticket",    "SMS",
        "webhook", "oops",          "Oops",     "uccessfully", "!<",        " lead "};
    for (size_t i = 0; i < sizeof uris / sizeof *uris; i++) {
        get(uris[i]);
        const char *main = strstr(body(), "<main");
        assert_non_null(main);
        for (size_t k = 0; k < sizeof words / sizeof *words; k++)
            if (strstr(main, words[k]))
                fail_msg("%s says \"%s\"", uris[i], words[k]);
    }
}

static void test_own_failure(void **state)
{
    (void)state;
    desk_setting_override(DESK_S_FRONTDESK_SHARE, "/nowhere");
    get("/calls");
    desk_setting_override(DESK_S_FRONTDESK_SHARE, ".");
    assert_int_equal(req.reply.status, 500);
    assert_has("Sorry, this page did not load. Calls are still being answered.");
    assert_has("Reference req_test");
    assert_string_equal(req.reply.type, "text/plain; charset=utf-8");
}

static void test_head_and_home(void **state)
{
    (void)state;
    get_ok("/"); /* more of it in test_admin_today.c */
    assert_has("<h1>Today</h1>");
    ask(DESK_HEAD, "/calls", NULL);
    assert_int_equal(req.reply.status, 200);
}

/* What they do is in test_admin_calendar.c; that strangers and foreign pages get nothing, here. */
static void test_calendar_pages(void **state)
{
    (void)state;
    get("/calendars");
    assert_has("<h1>Calendars</h1>");
    get("/google/connect");
    assert_non_null(strstr(headers(), "Location: /calendars\r\n"));
    get("/google/callback?state=x&code=y");
    assert_int_equal(req.reply.status, 303);
    static const char *const forms[] = {"/google/disconnect", "/calendar/import", "/calendar/read",
                                        "/calendar/cal_1/drop"};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        post(forms[i], "wrong");
        assert_int_equal(req.reply.status, 403);
    }
    sign_out();
    get("/google/callback?state=x&code=y");
    assert_non_null(strstr(headers(), "Location: /login?"));
}

/* What they do is in test_admin_lists.c; here, that each is asked, and not by strangers. */
static void test_lists(void **state)
{
    (void)state;
    get_ok("/callbacks");
    get_ok("/exceptions");
    post("/exceptions", "wrong");
    assert_int_equal(req.reply.status, 403);
    get("/pictures/pic_x"); /* test_admin_messages.c */
    assert_int_equal(req.reply.status, 404);
    get("/pictures/pic_x/small");
    assert_int_equal(req.reply.status, 404);
    static const char *const lists[] = {"/messages", "/leads", "/tickets"};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        get_ok(lists[i]);
    get("/leads/lead_x");
    assert_int_equal(req.reply.status, 404);
    get("/tickets/tick_x");
    assert_int_equal(req.reply.status, 404);
    get("/messages/con_x");
    assert_int_equal(req.reply.status, 404);
    static const char *const changes[] = {
        "/callbacks/cb_x/done",      "/callbacks/cb_x/open",     "/messages/con_x/send",
        "/messages/con_x/answering", "/messages/con_x/reach",    "/leads/lead_x/won",
        "/tickets/tick_x/done",      "/exceptions/exc_x/remove", "/exceptions/exc_x/back"};
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        post(changes[i], csrf);
        assert_int_equal(req.reply.status, 404);
        post(changes[i], "wrong");
        assert_int_equal(req.reply.status, 403);
    }
}

/* An address that leads nowhere still has the menu of whoever asks. */
static void test_lost_with_menu(void **state)
{
    (void)state;
    get("/nowhere");
    assert_int_equal(req.reply.status, 404);
    assert_has("<nav aria-label=\"Pages\">");
    assert_has("We can&#39;t find that page – Harwick Plumbing – Frontdesk</title>");
    sign_out();
    get("/nowhere");
    assert_lacks("<nav");
    assert_lacks("Harwick");
}

/* ---- recordings -------------------------------------------------------------------------------
 */

static void remove_recordings(void)
{
    char path[200];
    static const char *const names[] = {"2026/11/20/rec_call_marcus.rec",
                                        "2026/11/20/rec_call_rtl.rec",
                                        "2026/11/20",
                                        "2026/11",
                                        "2026",
                                        ""};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/recordings/%s", data_dir, names[i]);
        remove(path);
    }
}

#define REC_MS 100000 /* 1.6 MB: more than one part */

static uint8_t wav_byte(int64_t at)
{
    uint8_t head[DESK_WAV_HEAD];
    desk_wav_head(head, 2, REC_MS * 8);
    return at < DESK_WAV_HEAD
               ? head[at]
               : world_sound((int)((at - DESK_WAV_HEAD) % 2), (at - DESK_WAV_HEAD) / 2);
}

static void assert_bytes(const char *p, size_t n, int64_t from)
{
    for (size_t i = 0; i < n; i++)
        if ((uint8_t)p[i] != wav_byte(from + (int64_t)i))
            fail_msg("byte %lld", (long long)(from + (int64_t)i));
}

static int64_t listenings(void)
{
    int64_t n;
    must(desk_db_int(db, DESK_Q_AUDIT_SINCE,
                     DESK_ARGS(DESK_T(here.tenant), DESK_T("rec_call_marcus"), DESK_T(req.user.id),
                               DESK_T("recording.listen"), DESK_I(0)),
                     &n),
         "audit");
    return n;
}

#define WAV     "/calls/call_marcus/recording.wav"
#define WAV_ALL (DESK_WAV_HEAD + REC_MS * 16)

static void test_recording(void **state)
{
    static const struct {
        const char *range;
        int status;
        const char *content_range;
        int64_t from, n;
    } rows[] = {
        {"bytes=0-", 206, "bytes 0-1048575/1600058", 0, 1048576},
        {"bytes=1048576-", 206, "bytes 1048576-1600057/1600058", 1048576, 551482},
        {"bytes=0-1", 206, "bytes 0-1/1600058", 0, 2},
        {"bytes=57-61", 206, "bytes 57-61/1600058", 57, 5},
        {"bytes=59-59", 206, "bytes 59-59/1600058", 59, 1},
        {"bytes=123457-999999", 206, "bytes 123457-999999/1600058", 123457, 876543},
        {"bytes=-3", 206, "bytes 1600055-1600057/1600058", 1600055, 3},
        {"bytes=1600057-9999999999999999999999", 206, "bytes 1600057-1600057/1600058", 1600057, 1},
        {"bytes=1600058-", 416, "bytes */1600058", 0, 0},
        {"bytes=-0", 416, "bytes */1600058", 0, 0},
    };
    (void)state;
    world_recording(
        &here, "call_marcus",
        (struct desk_recording){.kind = DESK_REC_OWN, .state = DESK_REC_READY, .ms = REC_MS});
    get_ok("/calls/call_marcus");
    assert_has("<audio controls preload=\"none\" src=\"" WAV "\"");
    assert_has("1 min 40 s");
    assert_non_null(strstr(headers(), "media-src 'self'"));
    assert_int_equal(listenings(), 0); /* looking at the page is no listening */
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char want[80];
        range = rows[i].range;
        get(WAV);
        assert_int_equal(req.reply.status, rows[i].status);
        snprintf(want, sizeof want, "Content-Range: %s\r\n", rows[i].content_range);
        if (!strstr(headers(), want))
            fail_msg("%s: %s", range, headers());
        assert_int_equal(req.reply.body.len, rows[i].n);
        assert_bytes(req.reply.body.p, req.reply.body.len, rows[i].from);
        assert_string_equal(req.reply.type, "audio/wav");
        assert_non_null(strstr(headers(), "Cache-Control: private, no-store\r\n"));
        assert_non_null(strstr(headers(), "Accept-Ranges: bytes\r\n"));
    }
    assert_int_equal(listenings(), 1); /* all that is one */
    desk_clock_fake(NOW + 11 * 60000);
    get(WAV);
    assert_int_equal(listenings(), 2);
    remove_recordings();
}

/* Without a range, and with one that is none: all of it, part by part. */
static void test_recording_whole(void **state)
{
    static const char *const none[] = {
        NULL, "", "bytes", "bytes=", "bytes=-", "bytes=5-3", "bytes=1-2,4-5", "lines=1-2"};
    (void)state;
    world_file(&(struct desk_recording){.id = "rec_call_marcus",
                                        .tenant_id = here.tenant,
                                        .path = "2026/11/20/rec_call_marcus.rec",
                                        .ms = REC_MS});
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        int64_t at = 0;
        enum desk_rc rc;
        range = none[i];
        get_ok(WAV);
        assert_non_null(req.reply.source.more);
        assert_int_equal(req.reply.source.length, WAV_ALL);
        do {
            desk_buf_reset(&req.reply.body);
            rc = req.reply.source.more(req.reply.source.ctx, &req.reply.body);
            assert_true(req.reply.body.len <= 65536);
            assert_bytes(req.reply.body.p, req.reply.body.len, at);
            at += (int64_t)req.reply.body.len;
        } while (rc == DESK_OK);
        assert_int_equal(rc, DESK_DONE);
        assert_int_equal(at, WAV_ALL);
    }
    remove_recordings();
}

static void test_recording_of_others(void **state)
{
    (void)state;
    world_file(&(struct desk_recording){.id = "rec_call_marcus",
                                        .tenant_id = here.tenant,
                                        .path = "2026/11/20/rec_call_marcus.rec",
                                        .ms = 1000});
    sign_out();
    get(WAV);
    assert_int_equal(req.reply.status, 303); /* to the login */
    sign_in("olga");
    get(WAV);
    assert_int_equal(req.reply.status, 404);
    sign_in("sal");
    get("/calls/call_nobody/recording.wav");
    assert_int_equal(req.reply.status, 404);
    get("/calls/call_emoji/recording.wav"); /* has none */
    assert_int_equal(req.reply.status, 404);
    get_ok(WAV);
    remove_recordings();
    get(WAV); /* the row says ready, the file is gone */
    assert_int_equal(req.reply.status, 404);
}

/* No audit, no sound. */
static void test_recording_needs_its_audit(void **state)
{
    (void)state;
    world_file(&(struct desk_recording){.id = "rec_call_marcus",
                                        .tenant_id = here.tenant,
                                        .path = "2026/11/20/rec_call_marcus.rec",
                                        .ms = 1000});
    desk_clock_fake(NOW + 3600000);
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_db_script(db, "ALTER TABLE audit RENAME TO audit_gone"), "rename");
    must(desk_tx_end(db, DESK_OK), "commit");
    get(WAV);
    assert_int_equal(req.reply.status, 500);
    assert_true(req.reply.source.more == NULL);
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_db_script(db, "ALTER TABLE audit_gone RENAME TO audit"), "rename");
    must(desk_tx_end(db, DESK_OK), "commit");
    get_ok(WAV);
    remove_recordings();
}

static void test_recording_states(void **state)
{
    static const struct {
        const char *call;
        struct desk_recording r;
        const char *words;
    } rows[] = {
        {"call_rtl",
         {.kind = DESK_REC_OWN, .state = DESK_REC_READY, .ms = 5000, .cut = "disk_full"},
         "It ends before the call did: there was no more room on the disk."},
        {"call_emoji",
         {.kind = DESK_REC_OWN, .state = DESK_REC_ERASED},
         "The recording was erased today."},
        {"call_long", {.kind = DESK_REC_OWN, .state = DESK_REC_RECORDING}, "still being saved"},
        {"call_now", {.kind = DESK_REC_OWN, .state = DESK_REC_RECORDING}, "is being recorded"},
        {"call_hidden", {.kind = DESK_REC_OWN, .state = DESK_REC_BROKEN}, "could not be saved"},
        {"call_done",
         {.kind = DESK_REC_TWILIO, .state = DESK_REC_READY, .ms = 62000},
         "Twilio keeps the recording, 1 min 2 s."},
    };
    char uri[80];
    (void)state;
    get_ok("/calls/call_number");
    assert_has("Not recorded: recording is switched off.");
    desk_setting_override(DESK_S_RECORD_CALLS, "own");
    get_ok("/calls/call_number");
    assert_has("Not recorded: the voice did not answer this call.");
    desk_setting_override(DESK_S_RECORD_CALLS, "off");
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_event_add(db, here.tenant, "call_script", NOW, "rule", "not_recorded",
                        "Not recorded: no consent line.", NULL),
         "event");
    must(desk_tx_end(db, DESK_OK), "commit");
    get_ok("/calls/call_script");
    assert_has("<p class=\"soft small\">Not recorded: no consent line.</p>");
    assert_lacks("<audio");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bool ready = rows[i].r.kind[0] == 'o' && strcmp(rows[i].r.state, DESK_REC_READY) == 0;
        world_recording(&here, rows[i].call, rows[i].r);
        snprintf(uri, sizeof uri, "/calls/%s", rows[i].call);
        get_ok(uri);
        assert_has(rows[i].words);
        assert_lacks("Not recorded");
        assert_int_equal(has("<audio"), ready);
        snprintf(uri, sizeof uri, "/calls/%s/recording.wav", rows[i].call);
        get(uri);
        assert_int_equal(req.reply.status, ready ? 200 : 404);
    }
    remove_recordings();
}

/* A message that Twilio recorded: told where it is until the worker has fetched it, then heard
 * here: the caller's side alone, range by range, and each listening is in the audit. */
static void test_message_sound(void **state)
{
    static const char uri[] = "/calls/call_marcus/messages/msg_sound/sound.wav";
    const char *path = "2026/11/20/rec_call_rtl.rec"; /* a name that remove_recordings() knows */
    struct desk_message m = {.id = "msg_sound",
                             .tenant_id = here.tenant,
                             .call_id = "call_marcus",
                             .recording_sid = "RE0000000000000000000000000000sound",
                             .seconds = 2,
                             .state = "new",
                             .created_at = NOW};
    struct desk_recording r = {.id = "rec_msg_sound",
                               .tenant_id = here.tenant,
                               .call_id = "call_marcus",
                               .kind = DESK_REC_MESSAGE,
                               .state = DESK_REC_READY,
                               .twilio_sid = m.recording_sid,
                               .ms = 2000,
                               .consent = DESK_CONSENT_MESSAGE,
                               .started_at = NOW - 3600000};
    (void)state;
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_message_insert(db, &m), "message");
    must(desk_recording_insert(db, &r), "recording");
    must(desk_recording_not_here(db, r.tenant_id, r.id, "Twilio had a failure of its own."), "why");
    must(desk_message_no_words(db, m.tenant_id, m.id, "Nobody could make it out."), "no words");
    must(desk_tx_end(db, DESK_OK), "commit");
    get_ok("/calls/call_marcus");
    assert_has("You can listen to it in your Twilio account, under Recordings.");
    assert_has("Twilio had a failure of its own.");
    assert_has("Nobody could make it out.");
    assert_lacks(uri);
    get(uri);
    assert_int_equal(req.reply.status, 404);
    r.path = path;
    world_file(&r);
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_recording_fetched(db, &r), "fetched");
    must(desk_message_words(db, m.tenant_id, m.id, "It is Dana.", DESK_WORDS_STT), "words");
    must(desk_tx_end(db, DESK_OK), "commit");
    get_ok("/calls/call_marcus");
    assert_has(
        "<audio controls preload=\"none\" src=\"/calls/call_marcus/messages/msg_sound/sound.wav\"");
    assert_has("It is Dana.");
    assert_lacks("Twilio account");
    assert_lacks("Nobody could make it out.");
    range = "bytes=0-";
    get(uri);
    assert_int_equal(req.reply.status, 206);
    assert_int_equal(req.reply.body.len, DESK_WAV_HEAD + 16000);
    assert_int_equal((uint8_t)req.reply.body.p[22], 1); /* channels */
    for (int64_t i = 0; i < 16000; i++)
        if ((uint8_t)req.reply.body.p[DESK_WAV_HEAD + i] != world_sound(0, i))
            fail_msg("sample %lld", (long long)i);
    range = "bytes=1059-1060";
    get(uri);
    assert_int_equal(req.reply.body.len, 2);
    assert_int_equal((uint8_t)req.reply.body.p[0], world_sound(0, 1059 - DESK_WAV_HEAD));
    range = NULL;
    int64_t heard = 0;
    must(desk_db_int(db, DESK_Q_AUDIT_SINCE,
                     DESK_ARGS(DESK_T(here.tenant), DESK_T(r.id), DESK_T(req.user.id),
                               DESK_T("recording.listen"), DESK_I(0)),
                     &heard),
         "audit");
    assert_int_equal(heard, 1);
    get("/calls/call_emoji/messages/msg_sound/sound.wav"); /* another call's */
    assert_int_equal(req.reply.status, 404);
    get("/calls/call_marcus/messages/msg_nobody/sound.wav");
    assert_int_equal(req.reply.status, 404);
    sign_in("olga");
    get(uri);
    assert_int_equal(req.reply.status, 404);
    sign_in("sal");
    /* a whole call that Twilio recorded is heard like our own, once it is here */
    struct desk_recording call = {.id = "rec_call_twilio",
                                  .tenant_id = here.tenant,
                                  .call_id = "call_emoji",
                                  .kind = DESK_REC_TWILIO,
                                  .state = DESK_REC_READY,
                                  .twilio_sid = "RE00000000000000000000000000000call",
                                  .ms = 1000,
                                  .consent = DESK_CONSENT_SPOKEN,
                                  .started_at = NOW - 3600000};
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_recording_insert(db, &call), "recording");
    call.path = "2026/11/20/rec_call_marcus.rec";
    must(desk_recording_fetched(db, &call), "fetched");
    must(desk_tx_end(db, DESK_OK), "commit");
    world_file(&call);
    get_ok("/calls/call_emoji");
    assert_has("<audio");
    get_ok("/calls/call_emoji/recording.wav");
    assert_int_equal(req.reply.source.length, DESK_WAV_HEAD + 16000);
    remove_recordings();
}

static void test_metrics(void **state)
{
    (void)state;
    get_ok("/metrics/admin");
    assert_has("/calls/:id");
    get_ok("/metrics"); /* more of it in test_web.c */
    assert_has("# TYPE frontdesk_requests_total counter");
    sign_in("sal");
    get_ok("/reports"); /* and of these in test_admin_reports.c */
    get_ok("/reports/days.csv");
}

/* What they do is test_admin_live.c's matter; here they are reached. */
static void test_live(void **state)
{
    static const char *const posts[] = {"/live/ticket", "/live/call_marcus/through",
                                        "/live/call_marcus/say", "/live/call_marcus/message",
                                        "/live/call_marcus/hangup"};
    (void)state;
    get_ok("/live");
    get_ok("/live/calls");
    get_ok("/live/call_marcus/hangup");
    assert_has("Too late: the call has ended.");
    for (size_t i = 0; i < sizeof posts / sizeof *posts; i++) {
        post(posts[i], "wrong");
        assert_int_equal(req.reply.status, 403);
    }
}

int main(void)
{
#define IN(t)  cmocka_unit_test_setup(t, each_in)
#define OUT(t) cmocka_unit_test_setup(t, each)
    const struct CMUnitTest tests[] = {
        OUT(test_login_needed),
        OUT(test_login),
        OUT(test_login_wrong),
        OUT(test_login_incomplete),
        OUT(test_lockout),
        OUT(test_local_path),
        IN(test_logout),
        IN(test_session_ends),
        IN(test_calls),
        IN(test_escaping),
        IN(test_filters),
        IN(test_empty),
        IN(test_call),
        IN(test_call_states),
        IN(test_text),
        IN(test_asked),
        IN(test_deeds),
        IN(test_not_found),
        IN(test_ring_me),
        IN(test_mark_done),
        IN(test_message_done),
        IN(test_undo_too_late),
        IN(test_no_such_card),
        IN(test_callback_of_others),
        IN(test_headers),
        IN(test_static_urls),
        IN(test_words),
        IN(test_refused),
        IN(test_paging),
        IN(test_own_failure),
        IN(test_head_and_home),
        IN(test_calendar_pages),
        IN(test_lists),
        IN(test_recording),
        IN(test_recording_whole),
        IN(test_recording_of_others),
        IN(test_recording_needs_its_audit),
        IN(test_recording_states),
        IN(test_message_sound),
        IN(test_live),
        OUT(test_metrics),
        IN(test_lost_with_menu),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
