/* The chat on a business's website: who may write in it and from where, how often and how much,
 * that nothing is answered or done twice, and that what comes of it is what comes of a call. */
#include "tests/page/web_test.h"
#include "cgi-bin/api/api.h"
#include "base/clock.h"
#include "store/contacts.h"
#include "store/conversation.h"
#include "store/outbox.h"
#include "store/results.h"
#include "store/threads.h"
#include "store/voice_sessions.h"
#include "store/web_chats.h"
#include "talk/session.h"

#include <jansson.h>
#include <stdio.h>

#define SITE  "https://www.harwick.example"
#define OTHER "https://www.other.example"

static struct desk_number mine, other;
static const char *key, *other_key;
static int64_t now = 1700000000000; /* a Tuesday, 17:13 in New York */
static json_t *last_root;

/* ---- asking ---------------------------------------------------------------------------------- */

struct said {
    int status;
    json_t *root; /* freed by the next */
    struct answer answer;
};

static struct said sent(const char *method, const char *uri, const char *body, struct ask more)
{
    more.method = method;
    more.uri = uri;
    more.body = body;
    more.type = more.type ? more.type : body ? "application/json" : NULL;
    more.origin = more.origin ? more.origin : SITE;
    more.remote = more.remote ? more.remote : "192.0.2.7";
    struct answer a = send_ask(&api_web, more);
    json_decref(last_root);
    last_root = json_loads(a.body, 0, NULL);
    return (struct said){a.status, last_root, a};
}

static struct said ok(struct said s, int status)
{
    if (s.status != status)
        fail_msg("%d, wanted %d: %s", s.status, status, s.answer.body);
    return s;
}

static const char *text_at(const struct said *s, const char *name)
{
    const char *t = json_string_value(json_object_get(s->root, name));
    return t ? desk_arena_strdup(look, t) : "";
}

static bool true_at(const struct said *s, const char *name)
{
    return json_is_true(json_object_get(s->root, name));
}

/* A chat as its browser holds it. */
struct chat {
    const char *id, *bearer;
};

static struct chat begin_as(const char *message)
{
    struct said s = ok(sent("POST", desk_arena_fmt(look, "/v1/chat/%s/start", key),
                            desk_arena_fmt(look, "{\"message\":\"%s\"}", message),
                            (struct ask){.no_db = false}),
                       201);
    return (struct chat){text_at(&s, "id"),
                         desk_arena_fmt(look, "Bearer %s", text_at(&s, "secret"))};
}

static struct said say_as(const struct chat *c, const char *message, const char *text)
{
    json_t *v = json_pack("{s:s, s:s}", "message", message, "text", text);
    char *dumped = json_dumps(v, 0);
    const char *body = desk_arena_strdup(look, dumped);
    free(dumped);
    json_decref(v);
    return sent("POST", desk_arena_fmt(look, "/v1/chat/%s/%s/say", key, c->id), body,
                (struct ask){.authorization = c->bearer});
}

static struct said say(const struct chat *c, const char *text)
{
    static int n;
    return say_as(c, desk_arena_fmt(look, "m%d", ++n), text);
}

static struct said end(const struct chat *c)
{
    return sent("POST", desk_arena_fmt(look, "/v1/chat/%s/%s/end", key, c->id), "{}",
                (struct ask){.authorization = c->bearer});
}

/* ---- looking --------------------------------------------------------------------------------- */

static struct desk_call call_of(const struct chat *c)
{
    struct desk_call call;
    assert_int_equal(desk_call_by_sid(admin_db, look, c->id, &call), DESK_OK);
    return call;
}

static int64_t turns_of(const struct chat *c)
{
    struct desk_call call = call_of(c);
    int64_t n;
    assert_int_equal(desk_turn_count(admin_db, call.tenant_id, call.id, &n), DESK_OK);
    return n;
}

static size_t callbacks_of(const struct chat *c, struct desk_callback **cb)
{
    struct desk_call call = call_of(c);
    size_t n;
    assert_int_equal(desk_callback_by_call(admin_db, look, call.tenant_id, call.id, cb, &n),
                     DESK_OK);
    return n;
}

static void set_chat(const char *tenant, bool active, const char *origins, const char *greeting)
{
    const struct desk_web_chat c = {
        .tenant_id = tenant, .active = active, .origins = origins, .greeting = greeting};
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    assert_int_equal(desk_tx_end(admin_db, desk_web_chat_put(admin_db, &c)), DESK_OK);
}

static const char *key_of(const char *tenant)
{
    struct desk_web_chat c;
    assert_int_equal(desk_web_chat_get(admin_db, look, tenant, &c), DESK_OK);
    return c.id;
}

static int begin(void **state)
{
    (void)state;
    test_begin_two(DESK_ZONE_API, &mine, &other);
    set_chat(mine.tenant_id, true, SITE " https://harwick.example:8443", "");
    set_chat(other.tenant_id, true, OTHER, "Welcome!");
    key = key_of(mine.tenant_id);
    other_key = key_of(other.tenant_id);
    desk_clock_fake(now);
    return 0;
}

static int finish(void **state)
{
    (void)state;
    json_decref(last_root);
    return test_finish();
}

static int each(void **state)
{
    (void)state;
    api_rate_forget();
    return 0;
}

/* ---- from where ------------------------------------------------------------------------------ */

static void assert_shut(const char *of, const char *method, const char *origin, const char *site)
{
    struct answer a =
        send_ask(&api_web, (struct ask){.method = method,
                                        .uri = desk_arena_fmt(look, "/v1/chat/%s", of),
                                        .origin = origin,
                                        .fetch_site = site});
    assert_int_equal(a.status, 403);
    assert_has(a.body, "No chat may be used from this address.");
    assert_has(a.headers, "Vary: Origin\r\n");
    assert_has(a.headers, "Access-Control-Allow-Origin: *\r\n"); /* the refusal, nothing else */
    assert_has_not(a.headers, "Access-Control-Allow-Methods");
    assert_has_not(a.body, "Harwick");
}

static void only_the_business_s_own_websites_may(void **state)
{
    static const char *const origins[] = {NULL,
                                          "",
                                          "null",
                                          OTHER,
                                          "http://www.harwick.example",
                                          "https://harwick.example",
                                          SITE ".evil.example",
                                          "https://evil.example/" SITE,
                                          SITE " " OTHER,
                                          SITE ":8443"};
    (void)state;
    for (size_t i = 0; i < sizeof origins / sizeof *origins; i++) {
        assert_shut(key, "GET", origins[i], NULL);
        assert_shut(key, "OPTIONS", origins[i], "cross-site");
    }
    assert_shut(other_key, "GET", SITE, NULL);
    assert_shut("nobody", "GET", SITE, NULL);
    struct said s = ok(sent("GET", desk_arena_fmt(look, "/v1/chat/%s", key), NULL,
                            (struct ask){.origin = "https://harwick.example:8443"}),
                       200);
    assert_has(s.answer.headers, "Access-Control-Allow-Origin: https://harwick.example:8443\r\n");
    /* our own page, where the owner tries it: its reads name no origin */
    struct answer a =
        send_ask(&api_web, (struct ask){.method = "GET",
                                        .uri = desk_arena_fmt(look, "/v1/chat/%s", key),
                                        .fetch_site = "same-origin"});
    assert_int_equal(a.status, 200);
    ok(sent("GET", desk_arena_fmt(look, "/v1/chat/%s", key), NULL,
            (struct ask){.origin = TEST_BASE}),
       200);
    /* turned off it is off for all of them */
    set_chat(mine.tenant_id, false, SITE, "");
    assert_shut(key, "GET", SITE, NULL);
    assert_shut(key, "GET", TEST_BASE, "same-origin");
    set_chat(mine.tenant_id, true, "", "");
    assert_shut(key, "GET", SITE, NULL);
    set_chat(mine.tenant_id, true, SITE " https://harwick.example:8443", "");
    assert_string_equal(key_of(mine.tenant_id), key); /* the line in the pages goes on holding */
}

static void a_browser_may_ask_first(void **state)
{
    static const char *const paths[] = {"/v1/chat/%s", "/v1/chat/%s/start", "/v1/chat/%s/x/say",
                                        "/v1/chat/%s/x", "/v1/chat/%s/x/end"};
    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        char uri[200];
        const char *mark = strstr(paths[i], "%s");
        snprintf(uri, sizeof uri, "%.*s%s%s", (int)(mark - paths[i]), paths[i], key, mark + 2);
        struct said s = ok(sent("OPTIONS", uri, NULL, (struct ask){.origin = SITE}), 204);
        assert_string_equal(s.answer.body, "");
        assert_has(s.answer.headers, "Access-Control-Allow-Origin: " SITE "\r\n");
        assert_has(s.answer.headers, "Access-Control-Allow-Methods: GET, POST\r\n");
        assert_has(s.answer.headers,
                   "Access-Control-Allow-Headers: authorization, content-type\r\n");
        assert_has(s.answer.headers, "Vary: Origin\r\n");
        assert_has_not(s.answer.headers, "Allow-Credentials");
    }
    /* nobody else answers such a question */
    struct said s = sent("OPTIONS", "/v1/calls", NULL, (struct ask){.origin = SITE});
    assert_int_equal(s.status, 405);
    assert_has_not(s.answer.headers, "Access-Control");
    s = sent("PUT", desk_arena_fmt(look, "/v1/chat/%s/start", key), "{}",
             (struct ask){.origin = SITE});
    assert_int_equal(s.status, 405);
    assert_has(s.answer.headers, "OPTIONS");
}

static void the_words_are_the_business_s(void **state)
{
    (void)state;
    struct said s = ok(
        sent("GET", desk_arena_fmt(look, "/v1/chat/%s", key), NULL, (struct ask){.origin = SITE}),
        200);
    assert_string_equal(text_at(&s, "name"), "Harwick Plumbing");
    assert_string_equal(text_at(&s, "language"), "en");
    assert_string_equal(text_at(&s, "phone"), TEST_TO);
    assert_has(text_at(&s, "phone_shown"), "(860)");
    assert_has(text_at(&s, "greeting"), "automated assistant of Harwick Plumbing");
    json_t *words = json_object_get(s.root, "words");
    assert_string_equal(json_string_value(json_object_get(words, "person")), "Talk to a person");
    assert_has(json_string_value(json_object_get(words, "kept")), "Harwick Plumbing");
    assert_has(s.answer.headers, "Cache-Control: private, max-age=60\r\n");
    s = ok(sent("GET", desk_arena_fmt(look, "/v1/chat/%s", other_key), NULL,
                (struct ask){.origin = OTHER}),
           200);
    assert_string_equal(text_at(&s, "greeting"), "Welcome!");
}

/* ---- a chat ---------------------------------------------------------------------------------- */

/* What somebody who wants a call back writes to what they are asked. */
static const struct {
    const char *asked, *answer;
} answers[] = {
    {"else", "no thank you, goodbye"},
    {"number", "415 555 0134"},
    {"name", "Dana Smith"},
    {"When", "tomorrow at nine"},
    {"when", "tomorrow at nine"},
    {"about", "my kitchen drain is blocked"},
    {"", "yes"},
};

static struct said answered(const struct chat *c, const struct said *s)
{
    const char *asked = text_at(s, "text");
    size_t i = 0;
    assert_has_not(asked, "press "); /* nobody has keys here */
    assert_has_not(asked, "hang up");
    while (!strstr(asked, answers[i].asked))
        i++;
    return ok(say(c, answers[i].answer), 200);
}

static struct said want_a_call_back(const struct chat *c)
{
    struct desk_callback *cb;
    struct said s = ok(say(c, "I would like a call back please"), 200);
    for (int i = 0; i < 14 && !callbacks_of(c, &cb); i++)
        s = answered(c, &s);
    assert_int_equal(callbacks_of(c, &cb), 1);
    assert_string_equal(cb[0].number, "+14155550134");
    return s;
}

static const char *person_of(const char *number)
{
    struct desk_contact person;
    assert_int_equal(desk_contact_by_number(admin_db, look, mine.tenant_id, number, &person),
                     DESK_OK);
    assert_null(person.name); /* what a stranger says of a number is nobody's name */
    return person.id;
}

static void a_chat_ends_in_a_callback_of_a_person(void **state)
{
    struct desk_turn *turns;
    size_t n;
    (void)state;
    struct chat c = begin_as("begin-1");
    struct desk_call call = call_of(&c);
    assert_string_equal(call.channel, "chat");
    assert_string_equal(call.caller_kind, "withheld");
    assert_string_equal(call.to_number, TEST_TO);
    struct said s = want_a_call_back(&c);
    assert_null(call_of(&c).contact_id); /* a number is only said: nothing of its owner is told */
    for (int i = 0; i < 6 && !true_at(&s, "over"); i++)
        s = answered(&c, &s);
    assert_true(true_at(&s, "over"));
    call = call_of(&c);
    assert_string_equal(call.outcome, "callback");
    assert_string_equal(call.contact_id, person_of("+14155550134"));
    const struct desk_thread_of of = {mine.tenant_id, call.contact_id, INT64_MAX, 50};
    assert_int_equal(desk_thread_chats(admin_db, look, &of, &turns, &n), DESK_OK);
    assert_true(n >= 4);
    /* an end is an end */
    s = ok(say(&c, "one more thing"), 409);
    assert_string_equal(text_at(&s, "reason"), "session_over");
    assert_has(s.answer.headers, "Access-Control-Allow-Origin: " SITE "\r\n");
}

/* The worker ends what nobody ended, with its own rights. */
static void one_that_was_left_is_a_persons_too(void **state)
{
    struct desk_voice_session row;
    struct desk_db *worker;
    (void)state;
    struct chat c = begin_as("begin-left");
    want_a_call_back(&c);
    assert_int_equal(desk_voice_session_get(admin_db, look, mine.tenant_id, c.id, &row), DESK_OK);
    desk_clock_fake(row.expires_at + 1);
    assert_int_equal(desk_store_open(&worker, DESK_ZONE_WORKER, 300), DESK_OK);
    assert_int_equal(DESK_TX_BEGIN(worker), DESK_OK);
    assert_int_equal(desk_tx_end(worker, desk_vsession_finish(worker, look, &row, DESK_VS_LAPSE,
                                                              row.expires_at)),
                     DESK_OK);
    desk_db_close(worker);
    assert_string_equal(call_of(&c).contact_id, person_of("+14155550134"));
    assert_string_equal(call_of(&c).outcome, "callback");
    desk_clock_fake(now);
}

static void words_of_danger_are_told_at_once(void **state)
{
    struct desk_outbox_lane *lanes;
    size_t n = 0;
    (void)state;
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "AC00000000000000000000000000000000");
    struct chat c = begin_as("begin-danger");
    struct said s = ok(say(&c, "a pipe burst and water is pouring through the ceiling"), 200);
    assert_true(true_at(&s, "urgent"));
    struct desk_call call = call_of(&c);
    assert_true(call.urgent);
    assert_string_equal(call.severity, "P1");
    assert_int_equal(desk_outbox_lanes(admin_db, look, &lanes, &n), DESK_OK);
    assert_int_equal(n, 1);
    assert_string_equal(lanes[0].dest, DESK_OUTBOX_SMS);
    assert_true(lanes[0].urgent_at > 0); /* the owner is being texted */
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "");
    ok(end(&c), 200);
    assert_null(call_of(&c).contact_id); /* no number was left */
}

static void the_same_message_is_answered_once(void **state)
{
    (void)state;
    struct chat c = begin_as("begin-2");
    struct chat again = begin_as("begin-2");
    assert_string_equal(again.id, c.id); /* its answer was lost, and asked for again */
    assert_string_equal(again.bearer, c.bearer);
    struct said s = ok(say_as(&c, "one", "I would like a call back please"), 200);
    const char *words = text_at(&s, "text");
    int64_t turns = turns_of(&c);
    s = ok(say_as(&c, "one", "I would like a call back please"), 200);
    assert_string_equal(text_at(&s, "text"), words);
    assert_int_equal(turns_of(&c), turns);
    s = ok(say_as(&c, "one", "something else"), 422);
    assert_string_equal(text_at(&s, "reason"), "idempotency_key_reused");
    /* all of it is told again, as the next page wants it */
    s = ok(sent("GET", desk_arena_fmt(look, "/v1/chat/%s/%s", key, c.id), NULL,
                (struct ask){.authorization = c.bearer}),
           200);
    json_t *lines = json_object_get(s.root, "said");
    assert_int_equal(json_array_size(lines), 3);
    assert_has(json_string_value(json_object_get(json_array_get(lines, 0), "text")),
               "automated assistant");
    assert_string_equal(json_string_value(json_object_get(json_array_get(lines, 1), "who")),
                        "visitor");
    assert_false(true_at(&s, "over"));
    ok(end(&c), 200);
    ok(end(&c), 200);
    s = ok(sent("GET", desk_arena_fmt(look, "/v1/chat/%s/%s", key, c.id), NULL,
                (struct ask){.authorization = c.bearer}),
           200);
    assert_true(true_at(&s, "over"));
}

/* ---- who ------------------------------------------------------------------------------------- */

static void only_its_own_browser_may_go_on(void **state)
{
    char token[44];
    (void)state;
    struct chat c = begin_as("begin-3"), d = begin_as("begin-4");
    static const char *const wrong[] = {
        NULL, "", "Bearer ", "Bearer x", "Bearer 00000000000000000000000000000000", "Basic eA=="};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct said s = ok(say(&(struct chat){c.id, wrong[i]}, "hello"), 401);
        assert_has(s.answer.headers, "Access-Control-Allow-Origin: " SITE "\r\n");
        ok(end(&(struct chat){c.id, wrong[i]}), 401);
    }
    ok(say(&(struct chat){c.id, d.bearer}, "hello"), 401);
    ok(say(&(struct chat){"nobody", c.bearer}, "hello"), 404);
    /* with the key of another business's page */
    struct said s = sent("GET", desk_arena_fmt(look, "/v1/chat/%s/%s", other_key, c.id), NULL,
                         (struct ask){.origin = OTHER, .authorization = c.bearer});
    assert_int_equal(s.status, 404);
    /* a token of the business's is no visitor, and a visitor's secret is no token */
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    assert_int_equal(desk_tx_end(admin_db, desk_token_create(admin_db, mine.tenant_id, "t",
                                                             "read write personal", token)),
                     DESK_OK);
    const char *bearer = desk_arena_fmt(look, "Bearer %s", token);
    ok(say(&(struct chat){c.id, bearer}, "hello"), 401);
    s = sent("POST", desk_arena_fmt(look, "/v1/voice/session/%s/input", c.id),
             "{\"text\":\"hello\"}", (struct ask){.authorization = bearer});
    assert_int_equal(s.status, 404);
    s = sent("GET", "/v1/calls", NULL, (struct ask){.authorization = c.bearer});
    assert_int_equal(s.status, 401);
    /* and a chat is no other conversation */
    s = ok(sent("POST", "/v1/voice/session/start", "{}", (struct ask){.authorization = bearer}),
           201);
    const char *id = desk_arena_strdup(
        look, json_string_value(json_object_get(json_object_get(s.root, "session"), "id")));
    ok(say(&(struct chat){id, c.bearer}, "hello"), 401);
    assert_int_equal(turns_of(&c), 1);
}

/* ---- how much, how often, how long ----------------------------------------------------------- */

static const char *of_letters(size_t n)
{
    char *text = desk_arena_alloc(look, n + 1);
    memset(text, 'a', n);
    return text;
}

static void too_much_is_refused(void **state)
{
    (void)state;
    struct chat c = begin_as("begin-5");
    const char *uri = desk_arena_fmt(look, "/v1/chat/%s/%s/say", key, c.id);
    const struct {
        const char *body;
        int status;
        const char *names;
    } rows[] = {
        {"{\"message\":\"m\"}", 422, "#/text"},
        {"{\"message\":\"m\",\"text\":\"  \"}", 422, "#/text"},
        {"{\"text\":\"hello\"}", 422, "#/message"},
        {"{\"message\":\"a b\",\"text\":\"hello\"}", 422, "#/message"},
        {desk_arena_fmt(look, "{\"message\":\"m\",\"text\":\"%s\"}", of_letters(2001)), 422,
         "#/text"},
        {desk_arena_fmt(look, "{\"message\":\"m\",\"text\":\"%s\"}", of_letters(17000)), 413, ""},
        {"{\"message\"", 422, ""},
        {"[]", 422, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct said s = ok(sent("POST", uri, rows[i].body, (struct ask){.authorization = c.bearer}),
                           rows[i].status);
        assert_has(s.answer.body, rows[i].names);
        assert_has(s.answer.headers, "Access-Control-Allow-Origin: " SITE "\r\n");
    }
    ok(sent("POST", uri, "x=1", (struct ask){.authorization = c.bearer, .type = "text/plain"}),
       415);
    ok(say(&c, of_letters(2000)), 200);
    ok(sent("POST", desk_arena_fmt(look, "/v1/chat/%s/start", key), "{}",
            (struct ask){.origin = SITE}),
       422);
}

static void assert_told_to_wait(struct said s)
{
    ok(s, 429);
    assert_string_equal(text_at(&s, "code"), "too_many");
    assert_has(s.answer.headers, "Retry-After: ");
    assert_has_not(s.answer.headers, "Retry-After: 0");
    assert_has(s.answer.headers, "Access-Control-Expose-Headers: Retry-After\r\n");
    assert_has(s.answer.headers, "Access-Control-Allow-Origin: " SITE "\r\n");
}

static struct said start_from(const char *remote)
{
    static int n;
    return sent("POST", desk_arena_fmt(look, "/v1/chat/%s/start", key),
                desk_arena_fmt(look, "{\"message\":\"from-%d\"}", ++n),
                (struct ask){.remote = remote});
}

static void an_address_may_not_ask_too_often(void **state)
{
    (void)state;
    desk_setting_override(DESK_S_WEB_CHAT_ADDRESS_PER_MINUTE, "3");
    for (int i = 0; i < 3; i++)
        ok(start_from("192.0.2.1"), 201);
    assert_told_to_wait(start_from("192.0.2.1"));
    ok(start_from("192.0.2.2"), 201);
    /* a whole /64 is one */
    for (int i = 0; i < 3; i++)
        ok(start_from(i ? "2001:db8:0:1::1" : "2001:db8:0:1:ffff::2"), 201);
    assert_told_to_wait(start_from("2001:db8:0:1::3"));
    ok(start_from("2001:db8:0:2::3"), 201);
    desk_setting_override(DESK_S_WEB_CHAT_ADDRESS_PER_MINUTE, "0");
    for (int i = 0; i < 5; i++)
        ok(start_from("192.0.2.1"), 201);
    desk_setting_override(DESK_S_WEB_CHAT_ADDRESS_PER_MINUTE, "20");
}

static void nor_all_of_them_together(void **state)
{
    (void)state;
    desk_setting_override(DESK_S_WEB_CHAT_PER_MINUTE, "4");
    for (int i = 0; i < 4; i++)
        ok(start_from(desk_arena_fmt(look, "192.0.2.%d", 10 + i)), 201);
    assert_told_to_wait(start_from("192.0.2.20"));
    ok(sent("POST", desk_arena_fmt(look, "/v1/chat/%s/start", other_key), "{\"message\":\"m\"}",
            (struct ask){.origin = OTHER, .remote = "192.0.2.20"}),
       201);
    desk_setting_override(DESK_S_WEB_CHAT_PER_MINUTE, "300");
}

static void a_chat_that_is_left_lapses(void **state)
{
    struct desk_voice_session row;
    (void)state;
    struct chat c = begin_as("begin-6");
    ok(say(&c, "hello"), 200);
    desk_clock_fake(now + 29 * 60000);
    ok(say(&c, "are you there"), 200);
    desk_clock_fake(now + 60 * 60000 + 1);
    struct said s = ok(say(&c, "and now"), 409);
    assert_string_equal(text_at(&s, "reason"), "session_over");
    assert_int_equal(desk_voice_session_get(admin_db, look, mine.tenant_id, c.id, &row), DESK_OK);
    assert_string_equal(row.state, "ABANDONED");
    assert_string_equal(call_of(&c).outcome, "answered"); /* to write no more is no hanging up */
    desk_clock_fake(now);
}

static void every_row_of_it_was_served(void **state)
{
    (void)state;
    for (size_t i = 0; api_routes[i].path; i++) {
        const struct desk_route_stats *s = &api_web.stats[i];
        if (api_routes[i].auth == DESK_AUTH_CHAT &&
            atomic_load(&s->requests) == atomic_load(&s->failures))
            fail_msg("no test was served by %s", api_routes[i].path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(only_the_business_s_own_websites_may, each),
        cmocka_unit_test_setup(a_browser_may_ask_first, each),
        cmocka_unit_test_setup(the_words_are_the_business_s, each),
        cmocka_unit_test_setup(a_chat_ends_in_a_callback_of_a_person, each),
        cmocka_unit_test_setup(one_that_was_left_is_a_persons_too, each),
        cmocka_unit_test_setup(words_of_danger_are_told_at_once, each),
        cmocka_unit_test_setup(the_same_message_is_answered_once, each),
        cmocka_unit_test_setup(only_its_own_browser_may_go_on, each),
        cmocka_unit_test_setup(too_much_is_refused, each),
        cmocka_unit_test_setup(an_address_may_not_ask_too_often, each),
        cmocka_unit_test_setup(nor_all_of_them_together, each),
        cmocka_unit_test_setup(a_chat_that_is_left_lapses, each),
        cmocka_unit_test(every_row_of_it_was_served),
    };
    return cmocka_run_group_tests_name("api_chat", tests, begin, finish);
}
