/* Every webhook of Twilio: signed requests through the real dispatch, on a database file opened
 * with the rights of hook.fcgi. */
#include "tests/page/hook_world.h"
#include "base/clock.h"
#include "talk/telegram_in.h"
#include "db/seal.h"
#include "store/contacts.h"
#include "store/recordings.h"
#include "store/results.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* ---- asking ---------------------------------------------------------------------------------- */

static struct ask post(const char *uri, const char *body, size_t n)
{
    return (struct ask){.method = "POST",
                        .uri = uri,
                        .type = "application/x-www-form-urlencoded; charset=UTF-8",
                        .body = body,
                        .body_len = n,
                        .signature = hook_sign(uri, body, n)};
}

static struct ask post_text(const char *uri, const char *body)
{
    return post(uri, body, strlen(body));
}

/* Every document we send is well formed and short enough. */
static struct answer twiml(struct ask ask)
{
    struct answer a = send_ask(&hook_web, ask);
    if (a.status != 200)
        fail_msg("%s: status %d: %s", ask.uri, a.status, a.body);
    assert_string_equal(a.type, "text/xml; charset=utf-8");
    if (!xml_ok(a.body))
        fail_msg("not well formed: %s", a.body);
    assert_has(a.body, "<Response");
    return a;
}

#define FIELDS(...)   hook_body((const char *const[]){__VA_ARGS__, NULL})
#define ASK(uri, ...) post_text(uri, FIELDS(__VA_ARGS__))
/* A webhook of a call in progress. */
#define HOOK(uri, sid, ...)                                                                        \
    post_text(uri, hook_body(CALL_FIELDS(sid, CALLER, TEST_TO, "AccountSid",                       \
                                         "AC0123456789abcdef0123456789abcdef", ##__VA_ARGS__)))

static const char *ring(void)
{
    const char *sid = new_sid();
    twiml(HOOK("/voice/incoming", sid));
    return sid;
}

/* ---- looking --------------------------------------------------------------------------------- */

static bool has_event(const char *sid, const char *name, size_t times)
{
    return events_of(sid, name) == times;
}

static int64_t counted(const char *name)
{
    int64_t n, at;
    assert_int_equal(desk_counter_today(admin_db, look, NULL, name, &n, &at), DESK_OK);
    return n;
}

/* Text between two marks of a document. */
static const char *between(const char *text, const char *from, const char *to)
{
    const char *p = strstr(text, from);
    if (!p)
        fail_msg("\"%s\" is not in: %s", from, text);
    p += strlen(from);
    return desk_arena_strndup(look, p, (size_t)(strstr(p, to) - p));
}

enum change { STREAM_BEGAN, STREAM_ENDED, NEXT, TRANSFER, SAID, URGENT };

/* What the bridge or a tool would have written. */
static void change(const char *sid, enum change what, const char *a, const char *b)
{
    struct desk_call c = call_of(sid);
    char token[44];
    struct desk_turn t = {.tenant_id = c.tenant_id,
                          .call_id = c.id,
                          .item_id = a ? a : "item",
                          .who = DESK_WHO_CALLER,
                          .how = "speech",
                          .text = b ? b : "hello"};
    struct desk_call_stream_end end = {.why = a, .next_step = b, .engine = "test"};
    enum desk_rc rc = DESK_TX_BEGIN(admin_db);
    assert_int_equal(rc, DESK_OK);
    switch (what) {
    case STREAM_BEGAN:
        rc = desk_call_stream_token(admin_db, &c, token);
        rc = rc ? rc : desk_call_claim_stream(admin_db, look, token, sid, &c);
        break;
    case STREAM_ENDED:
        rc = desk_call_stream_end(admin_db, c.tenant_id, c.id, &end);
        break;
    case NEXT:
        rc = desk_call_next(admin_db, c.tenant_id, c.id, a);
        break;
    case TRANSFER:
        rc = desk_call_transfer(admin_db, c.tenant_id, c.id, a, "wants Sal", false);
        break;
    case SAID:
        rc = desk_turn_add(admin_db, &t);
        break;
    case URGENT:
        rc = desk_call_urgent(admin_db, c.tenant_id, c.id);
        break;
    }
    assert_int_equal(desk_tx_end(admin_db, rc), DESK_OK);
}

/* ---- who may --------------------------------------------------------------------------------- */

static void refuses_what_is_not_signed(void **state)
{
    (void)state;
    int64_t before = counted("webhook_refused");
    struct ask good = HOOK("/voice/incoming", new_sid()), bad = good;
    bad.signature = NULL;
    struct answer a = send_ask(&hook_web, bad);
    assert_int_equal(a.status, 403);
    assert_string_equal(a.type, "text/plain; charset=utf-8");
    bad.signature = "AAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    assert_int_equal(send_ask(&hook_web, bad).status, 403);
    bad = good;
    bad.body = desk_arena_fmt(look, "%s&Extra=1", good.body);
    bad.body_len = 0;
    assert_int_equal(send_ask(&hook_web, bad).status, 403);
    bad = good;
    bad.uri = "/voice/incoming?x=1";
    assert_int_equal(send_ask(&hook_web, bad).status, 403);
    bad = good;
    bad.type = "text/plain"; /* a body that nothing binds */
    assert_int_equal(send_ask(&hook_web, bad).status, 403);
    assert_int_equal(counted("webhook_refused"), before + 5);
    twiml(good);
}

static void refuses_all_without_a_token(void **state)
{
    (void)state;
    struct ask ask = HOOK("/voice/incoming", new_sid());
    desk_setting_override(DESK_S_TWILIO_AUTH_TOKEN, "");
    desk_web_init();
    assert_int_equal(send_ask(&hook_web, ask).status, 403);
    desk_setting_override(DESK_S_TWILIO_AUTH_TOKEN, TEST_TOKEN);
    desk_web_init();
    twiml(ask);
}

static void takes_the_second_token_and_none_without_a_token(void **state)
{
    (void)state;
    struct ask ask = HOOK("/voice/incoming", new_sid());
    desk_setting_override(DESK_S_TWILIO_AUTH_TOKEN, "another");
    desk_web_init();
    assert_int_equal(send_ask(&hook_web, ask).status, 403);
    desk_setting_override(DESK_S_TWILIO_AUTH_TOKEN_SECONDARY, TEST_TOKEN);
    desk_web_init();
    twiml(ask);
    desk_setting_override(DESK_S_TWILIO_AUTH_TOKEN_SECONDARY, "");
    desk_setting_override(DESK_S_TWILIO_AUTH_TOKEN, "");
    desk_web_init();
    assert_int_equal(send_ask(&hook_web, ask).status, 403); /* no token: nobody is believed */
    desk_setting_override(DESK_S_TWILIO_AUTH_TOKEN, TEST_TOKEN);
    desk_web_init();
}

static void knows_methods_and_paths(void **state)
{
    (void)state;
    struct ask ask = HOOK("/voice/incoming", new_sid());
    ask.method = "DELETE";
    struct answer a = send_ask(&hook_web, ask);
    assert_int_equal(a.status, 405);
    assert_has(a.headers, "Allow: GET, HEAD, POST\r\n");
    ask.method = "BREW";
    assert_int_equal(send_ask(&hook_web, ask).status, 405);
    static const char *const nowhere[] = {"/voice/nowhere",     "/voice/incoming/", "/",
                                          "//voice/incoming",   "/voice",           "",
                                          "/voice/incoming%00", "/voice%2"};
    for (size_t i = 0; i < sizeof nowhere / sizeof *nowhere; i++)
        assert_int_equal(send_ask(&hook_web, post(nowhere[i], "a=b", 3)).status, 404);
    /* an escaped path is the same path, and the signature is over the raw one */
    const char *sid = new_sid();
    twiml(HOOK("/voice/%69ncoming", sid));
    assert_string_equal(call_of(sid).to_number, TEST_TO);
}

/* ---- a call comes in ------------------------------------------------------------------------- */

static void answers_a_call_with_a_stream(void **state)
{
    (void)state;
    const char *sid = new_sid();
    struct answer a = twiml(HOOK("/voice/incoming", sid, "FromCity", "", "CallerName", "C & A"));
    assert_has(a.body, "<Connect action=\"/voice/next\"><Stream ");
    assert_has(a.body, "<Stream url=\"wss://desk.example.com/media-stream\"");
    assert_has(a.body, "<Parameter name=\"token\" value=\"");
    assert_has_not(a.body, "<Say"); /* no consent text in this profile */
    struct desk_call c = call_of(sid);
    assert_string_equal(c.from_number, CALLER);
    assert_string_equal(c.mode, DESK_MODE_REALTIME);
    assert_non_null(c.contact_id);
    assert_true(has_event(sid, "inside_hours", 1));
    /* the token opens this call, once */
    const char *token = between(a.body, "name=\"token\" value=\"", "\"");
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    assert_int_equal(desk_tx_end(admin_db, desk_call_claim_stream(admin_db, look, token, sid, &c)),
                     DESK_OK);
}

static void knows_a_caller_the_second_time(void **state)
{
    (void)state;
    const char *number = "+14155550188", *one = new_sid(), *two = new_sid();
    twiml(ASK("/voice/incoming", "CallSid", one, "From", number, "To", TEST_TO));
    twiml(ASK("/voice/incoming", "CallSid", two, "From", number, "To", TEST_TO));
    assert_string_equal(call_of(one).caller_kind, "new");
    assert_true(has_event(one, "caller_new", 1));
    assert_string_equal(call_of(two).caller_kind, "known");
    assert_true(has_event(two, "caller_known", 1));
    assert_string_equal(call_of(one).contact_id, call_of(two).contact_id);
}

static void counts_a_repeated_webhook_once(void **state)
{
    (void)state;
    const char *sid = new_sid(), *number = "+14155550177";
    struct ask ask = ASK("/voice/incoming", "CallSid", sid, "From", number, "To", TEST_TO);
    struct answer first = twiml(ask), second = twiml(ask);
    struct desk_call c = call_of(sid);
    struct desk_contact p;
    assert_int_equal(desk_contact_get(admin_db, look, c.tenant_id, c.contact_id, &p), DESK_OK);
    assert_int_equal(p.calls, 1);
    assert_true(has_event(sid, "caller_new", 1));
    /* the same answer with a fresh token; the one before no longer opens anything */
    const char *old = between(first.body, "value=\"", "\""),
               *fresh = between(second.body, "value=\"", "\"");
    assert_string_not_equal(old, fresh);
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    assert_int_equal(desk_call_claim_stream(admin_db, look, old, sid, &c), DESK_EAUTH);
    assert_int_equal(desk_tx_end(admin_db, desk_call_claim_stream(admin_db, look, fresh, sid, &c)),
                     DESK_OK);
    /* late, when the stream runs already and was lost: go on from there, no second stream */
    assert_has(twiml(ask).body, "<Gather");
}

static void gives_a_withheld_caller_no_memory(void **state)
{
    (void)state;
    static const char *const forms[] = {"",           "anonymous",  "+266696687",
                                        "Restricted", "client:bob", "sip:bob@example.com",
                                        "+1",         "\xff\xfe"};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        const char *sid = new_sid();
        twiml(ASK("/voice/incoming", "CallSid", sid, "From", forms[i], "To", TEST_TO));
        struct desk_call c = call_of(sid);
        assert_string_equal(c.caller_kind, "withheld");
        assert_null(c.from_number);
        assert_null(c.from_key);
        assert_null(c.contact_id);
        assert_true(has_event(sid, "caller_withheld", 1));
    }
}

static void is_polite_to_an_unknown_number(void **state)
{
    (void)state;
    static const char *const paths[] = {"/voice/incoming",  "/voice/next",
                                        "/voice/turn",      "/voice/voicemail",
                                        "/voice/dial-done", "/voice/voicemail-done"};
    static const char *const numbers[] = {"+14155550199", "", "sip:desk@example.com", "<script>"};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        int64_t before = counted("unknown_number");
        struct answer a =
            twiml(ASK(paths[i], "CallSid", new_sid(), "From", CALLER, "To", numbers[i]));
        assert_has(a.body, "not in service");
        assert_has(a.body, "<Hangup/>");
        assert_int_equal(counted("unknown_number"), before + 1);
    }
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        assert_has(
            twiml(ASK(paths[i], "CallSid", new_sid(), "From", CALLER, "To", "+442079460123")).body,
            "not in service");
}

static void answers_the_addresses_of_other_systems(void **state)
{
    (void)state;
    static const char *const paths[] = {"/twilio/voice", "/api/webhooks/incoming-call",
                                        "/telephony/inbound"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        assert_has(twiml(HOOK(paths[i], new_sid())).body, "<Stream");
}

static void answers_get_as_well(void **state)
{
    (void)state;
    const char *sid = new_sid();
    char *uri = desk_arena_fmt(look, "/voice/incoming?%s",
                               FIELDS("CallSid", sid, "From", CALLER, "To", TEST_TO));
    struct ask ask = {.method = "GET", .uri = uri, .signature = hook_sign(uri, NULL, 0)};
    assert_has(twiml(ask).body, "<Stream");
    assert_string_equal(call_of(sid).from_number, CALLER);
    ask.method = "HEAD";
    assert_int_equal(send_ask(&hook_web, ask).status, 200);
}

static void says_plain_ws_only_to_itself(void **state)
{
    (void)state;
    static const struct {
        const char *base, *want;
    } rows[] = {{"http://127.0.0.1:8080", "\"ws://127.0.0.1:8080/media-stream\""},
                {"http://localhost:8080/", "\"ws://localhost:8080/media-stream\""},
                {"http://desk.example.com", "\"wss://desk.example.com/media-stream\""},
                {"http://127.0.0.1.example.com", "\"wss://127.0.0.1.example.com/media-stream\""},
                {"https://localhost", "\"wss://localhost/media-stream\""},
                {"https://a.example.com/desk", "<Connect action=\"/desk/voice/next\">"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char url[256], sig[DESK_TWILIO_SIG_LEN];
        struct ask ask = HOOK("/voice/incoming", new_sid());
        struct desk_form form;
        desk_setting_override(DESK_S_PUBLIC_BASE_URL, rows[i].base);
        desk_web_init();
        snprintf(url, sizeof url, "%s/voice/incoming", desk_public_base());
        assert_int_equal(desk_form_parse(&form, look, ask.body, ask.body_len), DESK_OK);
        assert_int_equal(desk_twilio_sign(url, &form, TEST_TOKEN, sig), DESK_OK);
        ask.signature = sig;
        assert_has(twiml(ask).body, rows[i].want);
    }
    desk_setting_override(DESK_S_PUBLIC_BASE_URL, "");
    desk_setting_override(DESK_S_FRONTDESK_PORT, "8123");
    desk_web_init();
    assert_string_equal(desk_public_base(), "http://127.0.0.1:8123");
    desk_setting_override(DESK_S_PUBLIC_BASE_URL, TEST_BASE);
    desk_web_init();
}

static void bears_strange_fields(void **state)
{
    (void)state;
    size_t n = 100 * 1024;
    char *huge = desk_arena_alloc(look, n + 1);
    memset(huge, 'x', n);
    /* huge From, repeated names, empty names, bytes that are no text, a NUL */
    struct ask ask = HOOK("/voice/incoming", new_sid(), "From", "+15555550111", "Junk", huge, "",
                          "", "Bad", "\xff\xfe\xc3(");
    twiml(ask);
    const char *sid = new_sid();
    twiml(ASK("/voice/incoming", "CallSid", sid, "From", huge, "To", TEST_TO));
    assert_string_equal(call_of(sid).caller_kind, "withheld");
    char *nul =
        desk_arena_fmt(look, "CallSid=%s&To=%%2B18605550100&From=%%2B1415%%00555", new_sid());
    twiml(post("/voice/incoming", nul, strlen(nul)));
    /* no usable CallSid: still words and a way on, never an error */
    static const char *const sids[] = {"", "CA 1", "../../etc", "\xff"};
    for (size_t i = 0; i < sizeof sids / sizeof *sids; i++)
        assert_has(twiml(ASK("/voice/incoming", "CallSid", sids[i], "To", TEST_TO)).body, "<Say");
    twiml(HOOK("/voice/turn", new_sid(), "SpeechResult", huge));
    twiml(HOOK("/voice/turn", new_sid(), "SpeechResult", "\xff\x01\xed\xa0\x80 <b>&amp;</b>"));
    /* more pairs or bytes than we read cannot be checked, so they are refused */
    char *many = desk_arena_alloc(look, 3 * DESK_MAX_FORM_FIELDS + 10);
    for (int i = 0; i < DESK_MAX_FORM_FIELDS + 1; i++)
        memcpy(many + 3 * i, "a=&", 3);
    assert_int_equal(send_ask(&hook_web, post("/voice/incoming", many, strlen(many))).status, 403);
    struct ask big = HOOK("/voice/incoming", new_sid());
    big.body_len = DESK_MAX_BODY + 1;
    big.body = desk_arena_alloc(look, big.body_len + 1);
    assert_int_equal(send_ask(&hook_web, big).status, 403);
}

/* ---- what comes next ------------------------------------------------------------------------- */

static void does_what_the_row_says_next(void **state)
{
    (void)state;
    static const struct {
        const char *why, *next, *want, *not ;
    } rows[] = {
        {"goodbye", DESK_NEXT_HANGUP, "<Hangup/>", "<Say"},
        {"goodbye", NULL, "<Hangup/>", "<Say"},
        {"caller_left", NULL, "<Gather", "<Hangup"}, /* but is still there */
        {"transfer", DESK_NEXT_TRANSFER, ">+18605550101</Number>", "<Gather"},
        {"transfer", NULL, ">+18605550101</Number>", "<Gather"},
        {"message", DESK_NEXT_MESSAGE, "<Record", "<Gather"},
        {"message", NULL, "<Record", "<Gather"},
        {"model_lost", DESK_NEXT_GATHER, "<Gather", "<Hangup"},
        {"model_lost", NULL, "<Gather", "<Hangup"},
        {"model_lost", DESK_NEXT_TRANSFER, "<Dial", "<Gather"},
        {"drain", NULL, "<Gather", "<Hangup"},
        {"something new", "something else", "<Gather", "<Hangup"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *sid = ring();
        change(sid, STREAM_BEGAN, NULL, NULL);
        change(sid, STREAM_ENDED, rows[i].why, rows[i].next);
        struct ask ask = HOOK("/voice/next", sid);
        struct answer a = twiml(ask), again = twiml(ask);
        assert_has(a.body, rows[i].want);
        assert_has_not(a.body, rows[i].not );
        assert_string_equal(a.body, again.body);
    }
}

static void goes_on_when_the_stream_never_began_or_never_ended(void **state)
{
    (void)state;
    const char *sid = ring();
    struct answer a = twiml(HOOK("/voice/next", sid));
    assert_has(a.body, "<Gather input=\"dtmf speech\"");
    assert_has(a.body, "Thanks for calling Harwick Plumbing.");
    assert_has(a.body, "action=\"https://desk.example.com/voice/turn?n=1\"");
    assert_has(a.body, "drain cleaning");
    assert_string_equal(call_of(sid).mode, DESK_MODE_GATHER);
    sid = ring();
    change(sid, STREAM_BEGAN, NULL, NULL);
    assert_has(twiml(HOOK("/voice/next", sid)).body, "<Gather");
    assert_true(has_event(sid, "gather", 1));
    /* a call whose first webhook we never got */
    assert_has(twiml(HOOK("/voice/next", new_sid())).body, "<Gather");
}

static void says_nothing_to_a_caller_who_left(void **state)
{
    (void)state;
    static const char *const paths[] = {"/voice/next", "/voice/turn", "/voice/voicemail",
                                        "/voice/dial-done", "/voice/voicemail-done"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct answer a = twiml(ASK(paths[i], "CallSid", ring(), "From", CALLER, "To", TEST_TO,
                                    "CallStatus", "completed"));
        assert_has_not(a.body, "<Say");
        assert_has_not(a.body, "<Gather");
        assert_has_not(a.body, "<Record");
        assert_has_not(a.body, "<Dial");
    }
}

static void rings_the_owner_once(void **state)
{
    (void)state;
    const char *sid = ring();
    change(sid, TRANSFER, "+18605550109", NULL);
    struct ask ask = HOOK("/voice/next", sid);
    struct answer a = twiml(ask);
    twiml(ask);
    assert_has(a.body, ">+18605550109</Number>");
    assert_has(a.body, "answerOnBridge=\"true\"");
    assert_has(a.body, "action=\"https://desk.example.com/voice/dial-done\"");
    assert_has(a.body, "callerId=\"" CALLER "\"");
    assert_has(a.body, "timeout=\"20\"");
    assert_true(has_event(sid, "ring_owner", 1));
    /* a withheld caller stays withheld */
    sid = new_sid();
    twiml(ASK("/voice/incoming", "CallSid", sid, "From", "anonymous", "To", TEST_TO));
    change(sid, NEXT, DESK_NEXT_TRANSFER, NULL);
    assert_has(twiml(ASK("/voice/next", "CallSid", sid, "From", "anonymous", "To", TEST_TO)).body,
               "callerId=\"" TEST_TO "\"");
}

/* The callee hears who it is, takes it or not; the caller who was declined is promised a callback.
 */
static void whispers_to_the_callee(void **state)
{
    (void)state;
    static const char *const keys[] = {"1", "2", ""};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const char *sid = ring(), *child = new_sid();
        change(sid, TRANSFER, "+18605550101", NULL);
        struct answer a = twiml(HOOK("/voice/next", sid));
        const char *uri = between(a.body, "<Number url=\"" TEST_BASE, "\"");
        a = twiml(ASK(uri, "CallSid", child, "From", CALLER, "To", "+18605550101"));
        assert_has(a.body, "Press 1 to take it, or 2 to decline");
        assert_has(a.body, "<Hangup/>"); /* a mailbox presses nothing */
        uri = between(a.body, "action=\"" TEST_BASE, "\"");
        a = twiml(ASK(uri, "CallSid", child, "Digits", keys[i]));
        (*keys[i] == '1' ? assert_has_not : assert_has)(a.body, "<Hangup/>");
        a = twiml(HOOK("/voice/dial-done", sid, "DialCallStatus",
                       *keys[i] == '1' ? "completed" : "no-answer"));
        (*keys[i] == '1' ? assert_has_not : assert_has)(a.body, "<Record ");
        assert_true(has_event(sid, "owner_declined", *keys[i] == '1' ? 0 : 1));
        struct desk_callback *cb;
        struct desk_call c = call_of(sid);
        size_t n;
        assert_int_equal(desk_callback_by_call(admin_db, look, c.tenant_id, c.id, &cb, &n),
                         DESK_OK);
        assert_int_equal(n, *keys[i] == '1' ? 0 : 1);
    }
    /* nobody's call: joined rather than not */
    assert_has(twiml(ASK("/voice/whisper?parent=CA00", "CallSid", new_sid())).body, "<Response");
    assert_has_not(twiml(ASK("/voice/whisper-key?parent=CA00", "CallSid", new_sid())).body, "Say");
}

/* ---- the talk by questions and keys ---------------------------------------------------------- */

static struct answer turn(const char *sid, const struct answer *page, const char *field,
                          const char *value)
{
    const char *uri = between(page->body, "action=\"" TEST_BASE, "\"");
    return twiml(HOOK(uri, sid, field, value));
}

static void takes_a_callback_by_questions(void **state)
{
    (void)state;
    const char *sid = ring();
    struct answer a = twiml(HOOK("/voice/next", sid));
    a = turn(sid, &a, "SpeechResult", "Please call me back about my last bill");
    assert_has(a.body, "name");
    a = turn(sid, &a, "SpeechResult", "My name is Charlie Brown");
    assert_has(a.body, "Charlie");
    for (int i = 0; i < 8 && !strstr(a.body, "Done."); i++)
        a = turn(sid, &a, "Digits", "1");
    assert_has(a.body, "Done.");
    struct desk_call c = call_of(sid);
    struct desk_callback *cb;
    struct desk_turn *turns;
    size_t n;
    assert_int_equal(desk_callback_by_call(admin_db, look, c.tenant_id, c.id, &cb, &n), DESK_OK);
    assert_int_equal(n, 1);
    assert_string_equal(cb[0].number, CALLER);
    assert_string_equal(cb[0].reason, "Please call me back about my last bill");
    assert_string_equal(c.outcome, DESK_OUT_CALLBACK);
    assert_int_equal(desk_turn_list(admin_db, look, c.tenant_id, c.id, 100, &turns, &n), DESK_OK);
    assert_true(n >= 6);
    assert_string_equal(turns[0].who, DESK_WHO_DESK);
    assert_string_equal(turns[0].how, "menu");
    assert_string_equal(turns[1].text, "Please call me back about my last bill");
    assert_string_equal(turns[1].how, "speech");
    assert_string_equal(turns[n - 2].how, "keys");
    a = turn(sid, &a, "SpeechResult", "no");
    assert_has(a.body, "Goodbye");
    assert_has(a.body, "<Hangup/>");
    assert_string_equal(call_of(sid).next_step, DESK_NEXT_HANGUP);
}

static void a_repeated_turn_changes_nothing(void **state)
{
    (void)state;
    const char *sid = ring();
    struct answer page = twiml(HOOK("/voice/next", sid));
    struct answer a = turn(sid, &page, "SpeechResult", "repair");
    int64_t n, again;
    struct desk_call c = call_of(sid);
    assert_int_equal(desk_turn_count(admin_db, c.tenant_id, c.id, &n), DESK_OK);
    struct answer b = turn(sid, &page, "SpeechResult", "repair");
    assert_string_equal(a.body, b.body);
    assert_int_equal(desk_turn_count(admin_db, c.tenant_id, c.id, &again), DESK_OK);
    assert_int_equal(n, again);
    assert_string_equal(call_of(sid).dialog, c.dialog);
    /* so does /voice/next */
    assert_string_equal(twiml(HOOK("/voice/next", sid)).body, a.body);
}

static void takes_a_message_after_two_failures(void **state)
{
    (void)state;
    const char *sid = ring();
    struct answer a = twiml(HOOK("/voice/next", sid));
    a = turn(sid, &a, "SpeechResult", "repair");
    a = turn(sid, &a, "SpeechResult", "");
    assert_has(a.body, "<Gather");
    a = turn(sid, &a, "SpeechResult", "");
    assert_has(a.body, "<Record");
    assert_has(a.body, "action=\"https://desk.example.com/voice/voicemail-done\"");
    assert_string_equal(call_of(sid).mode, DESK_MODE_RECORD);
    assert_string_equal(call_of(sid).next_step, DESK_NEXT_MESSAGE);
    /* and never ends in a circle of questions, whatever the caller does */
    sid = ring();
    a = twiml(HOOK("/voice/next", sid));
    int turns = 0;
    while (strstr(a.body, "<Gather") && turns++ < 100)
        a = turn(sid, &a, "SpeechResult", turns % 2 ? "what are your opening hours" : "repeat");
    assert_true(turns < 100);
    assert_has(a.body, "<Record");
}

static void ends_when_nothing_is_ever_heard(void **state)
{
    (void)state;
    const char *sid = ring();
    struct answer a = twiml(HOOK("/voice/next", sid)), last;
    a = turn(sid, &a, "SpeechResult", "");
    assert_has(a.body, "Are you still there?");
    assert_has(a.body, "<Gather");
    last = turn(sid, &a, "SpeechResult", "");
    assert_has(last.body, "I cannot hear you.");
    assert_has(last.body, "<Hangup/>");
    assert_has_not(last.body, "<Record");
    assert_string_equal(turn(sid, &a, "SpeechResult", "").body, last.body);
    struct desk_call c = call_of(sid);
    assert_string_equal(c.outcome, DESK_OUT_NO_SPEECH);
    assert_string_equal(c.next_step, DESK_NEXT_HANGUP);
    assert_true(has_event(sid, "no_speech", 1));
    int64_t n;
    assert_int_equal(desk_turn_count(admin_db, c.tenant_id, c.id, &n), DESK_OK);
    assert_int_equal(n, 3); /* ours: nothing was said by the caller */
    assert_int_equal(
        send_ask(&hook_web, ASK("/voice/status", "CallSid", sid, "CallStatus", "completed")).status,
        204);
    assert_string_equal(call_of(sid).outcome, DESK_OUT_NO_SPEECH);
    /* a word in between, and it is no such call */
    sid = ring();
    a = twiml(HOOK("/twilio/ai-response", sid));
    a = turn(sid, &a, "SpeechResult", "");
    a = turn(sid, &a, "SpeechResult", "repair");
    a = turn(sid, &a, "SpeechResult", "");
    assert_has(a.body, "<Gather");
}

static void an_emergency_rings_the_owner(void **state)
{
    (void)state;
    const char *sid = ring();
    struct answer a = twiml(HOOK("/voice/next", sid));
    a = turn(sid, &a, "SpeechResult", "help I have a burst pipe");
    a = turn(sid, &a, "SpeechResult", "yes");
    assert_has(a.body, "<Dial");
    assert_has(a.body, ">" TEST_OWNER "</Number>");
    assert_true(call_of(sid).urgent);
}

static void carries_on_where_the_line_was_lost(void **state)
{
    (void)state;
    const char *sid = ring();
    change(sid, STREAM_BEGAN, NULL, NULL);
    change(sid, SAID, "item_1", "I need a repair");
    struct desk_call c = call_of(sid);
    struct desk_tool_run run = {.id = "run_carry",
                                .tenant_id = c.tenant_id,
                                .call_id = c.id,
                                .dedupe = "log",
                                .tool = "log_caller_info",
                                .args = "{\"name\":\"Dana Reed\",\"reason\":\"repair\"}",
                                .created_at = 1};
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    assert_int_equal(desk_tx_end(admin_db, desk_tool_run_add(admin_db, &run)), DESK_OK);
    change(sid, STREAM_ENDED, "model_lost", DESK_NEXT_GATHER);
    struct answer a = twiml(HOOK("/voice/next", sid));
    assert_has(a.body, "the line was interrupted");
    assert_has_not(a.body, "Thanks for calling");
    assert_has_not(a.body, "What is it about");
    assert_has_not(a.body, "What is your name");
    assert_has(a.body, "I have: repair, for Dana Reed. Is that right?");
    a = turn(sid, &a, "SpeechResult", "yes");
    assert_has_not(a.body, "What is your name");
    assert_has(a.body, "reach you on the number"); /* the first thing that is not known */
}

/* A callback that is booked is neither asked for nor booked again. */
static void does_not_ask_for_what_is_promised(void **state)
{
    (void)state;
    const char *sid = ring();
    change(sid, STREAM_BEGAN, NULL, NULL);
    change(sid, SAID, "item_1", "the drain cleaning please");
    struct desk_call c = call_of(sid);
    struct desk_tool_run run = {
        .id = "run_promised",
        .tenant_id = c.tenant_id,
        .call_id = c.id,
        .dedupe = "cb",
        .tool = "schedule_callback",
        .args = "{\"name\":\"Dana\",\"reason\":\"drain cleaning\",\"when_text\":\"Friday\"}",
        .result = "{\"ok\":true,\"number\":\"+14155550134\"}",
        .ok = true,
        .created_at = 1};
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    assert_int_equal(desk_tx_end(admin_db, desk_tool_run_add(admin_db, &run)), DESK_OK);
    change(sid, STREAM_ENDED, "model_lost", DESK_NEXT_GATHER);
    struct answer a = twiml(HOOK("/voice/next", sid));
    assert_has(a.body,
               "Your callback is noted: Sal will call you on 4 1 5, 5 5 5, 0 1 3 4, Friday.");
    assert_has(a.body, "Is there anything else?");
    a = turn(sid, &a, "SpeechResult", "no thank you");
    assert_has(a.body, "Goodbye");
    assert_has(a.body, "<Hangup/>");
}

static void answers_the_other_systems_turn_page(void **state)
{
    (void)state;
    const char *sid = ring();
    twiml(HOOK("/voice/next", sid));
    struct answer a = twiml(HOOK("/twilio/ai-response", sid, "SpeechResult", "repair"));
    assert_has(a.body, "/voice/turn?n=2");
    /* a turn of a talk that was never begun begins it */
    assert_has(twiml(HOOK("/twilio/ai-response", new_sid(), "Digits", "1")).body,
               "Thanks for calling");
}

/* ---- put through ----------------------------------------------------------------------------- */

static void hears_whether_the_owner_answered(void **state)
{
    (void)state;
    static const struct {
        const char *path, *status, *bridged, *outcome, *event;
    } rows[] = {
        {"/voice/dial-done", "completed", "true", DESK_OUT_TRANSFERRED, "put_through"},
        {"/twilio/transfer-fallback", "answered", "", DESK_OUT_TRANSFERRED, "put_through"},
        {"/voice/dial-done", "completed", "false", DESK_OUT_NOT_PUT, "owner_no_answer"},
        {"/voice/dial-done", "no-answer", "", DESK_OUT_NOT_PUT, "owner_no_answer"},
        {"/voice/dial-done", "busy", "", DESK_OUT_NOT_PUT, "owner_busy"},
        {"/voice/dial-done", "failed", "", DESK_OUT_NOT_PUT, "ring_failed"},
        {"/voice/dial-done", "canceled", "", DESK_OUT_NOT_PUT, "ring_canceled"},
        {"/voice/dial-done", "", "", DESK_OUT_NOT_PUT, "ring_failed"},
        {"/twilio/transfer-fallback", "a new word", "", DESK_OUT_NOT_PUT, "ring_failed"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *sid = ring();
        change(sid, TRANSFER, TEST_OWNER, NULL);
        twiml(HOOK("/voice/next", sid));
        struct ask ask = HOOK(rows[i].path, sid, "DialCallStatus", rows[i].status, "DialBridged",
                              rows[i].bridged);
        struct answer a = twiml(ask), again = twiml(ask);
        assert_string_equal(a.body, again.body);
        assert_has_not(a.body, "<Dial"); /* no way back */
        bool through = strcmp(rows[i].outcome, DESK_OUT_TRANSFERRED) == 0;
        assert_has(a.body, through ? "<Hangup/>" : "Sal cannot take the call now");
        if (!through)
            assert_has(a.body, "<Record");
        assert_string_equal(call_of(sid).outcome, rows[i].outcome);
        assert_true(has_event(sid, rows[i].event, 1));
    }
}

/* ---- messages -------------------------------------------------------------------------------- */

static size_t messages(const char *sid, struct desk_message **m, struct desk_callback **cb,
                       size_t *n_cb)
{
    struct desk_call c = call_of(sid);
    size_t n;
    assert_int_equal(desk_message_by_call(admin_db, look, c.tenant_id, c.id, m, &n), DESK_OK);
    assert_int_equal(desk_callback_by_call(admin_db, look, c.tenant_id, c.id, cb, n_cb), DESK_OK);
    return n;
}

static void keeps_a_recorded_message_once(void **state)
{
    (void)state;
    struct desk_message *m;
    struct desk_callback *cb;
    size_t n_cb;
    const char *sid = ring(), *rec = "RE0123456789abcdef0123456789abcd01";
    const char *url = "https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/"
                      "RE0123456789abcdef0123456789abcd01";
    assert_has(twiml(HOOK("/voice/voicemail", sid)).body, "<Record");
    change(sid, URGENT, NULL, NULL);
    struct ask done = HOOK("/voice/voicemail-done", sid, "RecordingUrl", url, "RecordingDuration",
                           "12", "Digits", "#");
    struct answer a = twiml(done);
    assert_has(a.body, "We have your message");
    assert_has(a.body, "<Hangup/>");
    assert_string_equal(twiml(done).body, a.body);
    assert_int_equal(send_ask(&hook_web, HOOK("/voice/recording-status", sid, "RecordingSid", rec,
                                              "RecordingUrl", url, "RecordingDuration", "12",
                                              "RecordingStatus", "completed"))
                         .status,
                     204);
    assert_int_equal(send_ask(&hook_web, HOOK("/voice/transcription", sid, "RecordingSid", rec,
                                              "TranscriptionStatus", "completed",
                                              "TranscriptionText", "Call me."))
                         .status,
                     204);
    assert_int_equal(messages(sid, &m, &cb, &n_cb), 1);
    assert_string_equal(m[0].recording_sid, rec);
    assert_string_equal(m[0].text, "Call me.");
    assert_string_equal(m[0].recording_url, url);
    assert_int_equal(m[0].seconds, 12);
    assert_string_equal(m[0].state, "new");
    assert_int_equal(n_cb, 1);
    assert_string_equal(cb[0].number, CALLER);
    assert_true(cb[0].urgent);
    assert_string_equal(call_of(sid).outcome, DESK_OUT_MESSAGE);
    assert_true(has_event(sid, "message_left", 1));
}

static void a_message_besides_a_callback_is_no_second_promise(void **state)
{
    (void)state;
    struct desk_message *m;
    struct desk_callback *cb;
    size_t n_cb;
    const char *sid = ring();
    struct desk_call c = call_of(sid);
    struct desk_callback promised = {.id = "cb_promised",
                                     .tenant_id = c.tenant_id,
                                     .call_id = c.id,
                                     .number = CALLER,
                                     .state = "open",
                                     .created_at = 1};
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    enum desk_rc rc = desk_callback_insert(admin_db, &promised);
    rc = rc ? rc : desk_call_outcome(admin_db, c.tenant_id, c.id, DESK_OUT_CALLBACK, true);
    assert_int_equal(desk_tx_end(admin_db, rc), DESK_OK);
    twiml(HOOK("/voice/voicemail-done", sid, "RecordingSid", "RE03", "RecordingDuration", "9"));
    assert_int_equal(messages(sid, &m, &cb, &n_cb), 1);
    assert_int_equal(n_cb, 1);
    assert_string_equal(cb[0].id, "cb_promised");
    assert_string_equal(call_of(sid).outcome, DESK_OUT_CALLBACK);
}

static void records_nothing_where_it_is_forbidden(void **state)
{
    (void)state;
    struct desk_message *m;
    struct desk_callback *cb;
    size_t n_cb;
    const char *sid = ring();
    desk_setting_override(DESK_S_RECORDING_ENABLED, "false");
    struct answer a = twiml(HOOK("/voice/voicemail", sid));
    struct ask down = HOOK("/voice/voicemail", sid);
    down.no_db = true;
    struct answer b = twiml(down);
    desk_setting_override(DESK_S_RECORDING_ENABLED, "true");
    assert_has_not(a.body, "<Record");
    assert_has_not(b.body, "<Record");
    assert_has(a.body, "<Gather input=\"speech\"");
    assert_has(a.body, "action=\"https://desk.example.com/voice/message-said\"");
    assert_has(twiml(HOOK("/voice/message-said", sid, "SpeechResult", "")).body, "did not hear");
    struct ask said = HOOK("/voice/message-said", sid, "SpeechResult", "Call me, it leaks");
    a = twiml(said);
    assert_has(a.body, "We have your message");
    assert_string_equal(twiml(said).body, a.body);
    assert_int_equal(messages(sid, &m, &cb, &n_cb), 1);
    assert_string_equal(m[0].text, "Call me, it leaks");
    assert_null(m[0].recording_sid);
    assert_int_equal(n_cb, 1);
    assert_string_equal(call_of(sid).outcome, DESK_OUT_MESSAGE);
    assert_true(has_event(sid, "message_left", 1));
    assert_has(twiml(HOOK("/voice/voicemail", ring())).body, "<Record");
}

static void keeps_a_message_of_a_caller_who_hung_up(void **state)
{
    (void)state;
    struct desk_message *m;
    struct desk_callback *cb;
    size_t n_cb;
    const char *sid = ring();
    struct ask status = HOOK("/voice/recording-status", sid, "RecordingSid", "RE02", "RecordingUrl",
                             "https://api.twilio.com/RE02", "RecordingDuration", "x",
                             "RecordingStatus", "in-progress");
    assert_int_equal(send_ask(&hook_web, status).status, 204);
    assert_int_equal(messages(sid, &m, &cb, &n_cb), 0);
    status = HOOK("/voice/recording-status", sid, "RecordingSid", "RE02", "RecordingUrl",
                  "https://api.twilio.com/RE02", "RecordingDuration", "x", "RecordingStatus",
                  "completed");
    assert_int_equal(send_ask(&hook_web, status).status, 204);
    assert_int_equal(messages(sid, &m, &cb, &n_cb), 1);
    assert_int_equal(m[0].seconds, 0);
    struct answer a = twiml(HOOK("/voice/voicemail-done", sid, "RecordingSid", "RE02", "Digits",
                                 "hangup", "RecordingDuration", "5"));
    assert_has_not(a.body, "<Say");
    assert_int_equal(messages(sid, &m, &cb, &n_cb), 1);
    assert_int_equal(n_cb, 1);
    /* no recording at all */
    sid = ring();
    assert_has(twiml(HOOK("/voice/voicemail-done", sid)).body, "did not hear a message");
    status = HOOK("/voice/recording-status", sid, "RecordingStatus", "absent");
    assert_int_equal(send_ask(&hook_web, status).status, 204);
    assert_int_equal(send_ask(&hook_web, status).status, 204);
    assert_true(has_event(sid, "recording_missing", 1));
    assert_int_equal(messages(sid, &m, &cb, &n_cb), 0);
    assert_int_equal(send_ask(&hook_web, HOOK("/voice/recording-status", new_sid(),
                                              "RecordingStatus", "completed"))
                         .status,
                     204);
}

/* ---- recording of whole calls ------------------------------------------------------------------
 */

static size_t recordings(const char *sid, struct desk_recording **v)
{
    struct desk_call c = call_of(sid);
    size_t n;
    assert_int_equal(desk_recording_by_call(admin_db, look, c.tenant_id, c.id, v, &n), DESK_OK);
    return n;
}

static void set_consent(bool on)
{
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    enum desk_rc rc = desk_db_script(
        admin_db, on ? "UPDATE tenant SET profile = json_set(profile, '$.consent', 'This call is "
                       "recorded & kept.')"
                     : "UPDATE tenant SET profile = json_remove(profile, '$.consent')");
    assert_int_equal(desk_tx_end(admin_db, rc), DESK_OK);
}

static void the_consent_line_is_said_and_noted_once(void **state)
{
    int64_t at;
    (void)state;
    set_consent(true);
    const char *sid = new_sid();
    struct answer a = twiml(HOOK("/voice/incoming", sid));
    assert_has(a.body, ">This call is recorded &amp; kept.</Say><Connect");
    twiml(HOOK("/voice/incoming", sid)); /* it came again */
    assert_true(has_event(sid, "consent_said", 1));
    assert_true(has_event(sid, "recorded", 0)); /* nothing is recorded unless it is asked for */
    struct desk_call c = call_of(sid);
    assert_int_equal(desk_consent_spoken_at(admin_db, c.tenant_id, c.id, &at), DESK_OK);
    assert_true(at > 0);
    set_consent(false);
    sid = ring();
    c = call_of(sid);
    assert_true(has_event(sid, "consent_said", 0));
    assert_int_equal(desk_consent_spoken_at(admin_db, c.tenant_id, c.id, &at), DESK_OK);
    assert_int_equal(at, 0);
}

static void twilio_records_when_the_rule_is_met(void **state)
{
    (void)state;
    const char *sid = new_sid();
    desk_setting_override(DESK_S_RECORD_CALLS, "twilio");
    assert_has_not(twiml(HOOK("/voice/incoming", sid)).body, "<Recording");
    assert_true(has_event(sid, "not_recorded", 1));
    set_consent(true);
    sid = new_sid();
    struct answer a = twiml(HOOK("/voice/incoming", sid));
    assert_has(a.body, "</Say><Start><Recording recordingStatusCallback=\"" TEST_BASE
                       "/voice/recording-status?of=call\" recordingStatusCallbackEvent="
                       "\"completed absent\" channels=\"dual\" track=\"both\"");
    assert_has(a.body, "</Start><Connect");
    assert_true(has_event(sid, "recorded", 1));
    set_consent(false);
    desk_setting_override(DESK_S_CONSENT_RULE, "not_needed");
    assert_has(twiml(HOOK("/voice/incoming", new_sid())).body, "<Response><Start><Recording");
    desk_setting_override(DESK_S_CONSENT_RULE, "spoken");
    desk_setting_override(DESK_S_RECORD_CALLS, "own");
    assert_has_not(twiml(HOOK("/voice/incoming", new_sid())).body, "<Recording");
    desk_setting_override(DESK_S_RECORD_CALLS, "off");
}

static void keeps_what_twilio_recorded_once(void **state)
{
    struct desk_recording *v;
    struct desk_message *m;
    struct desk_callback *cb;
    size_t n_cb;
    (void)state;
    set_consent(true);
    const char *sid = ring(), *url = "https://api.twilio.com/Recordings/RE31";
    set_consent(false);
    const char *of = "/voice/recording-status?of=call";
    struct ask ask = HOOK(of, sid, "RecordingSid", "RE31", "RecordingUrl", url, "RecordingDuration",
                          "61", "RecordingStatus", "completed", "RecordingChannels", "2");
    assert_int_equal(send_ask(&hook_web, ask).status, 204);
    assert_int_equal(send_ask(&hook_web, ask).status, 204);
    assert_int_equal(recordings(sid, &v), 1);
    assert_string_equal(v[0].kind, DESK_REC_TWILIO);
    assert_string_equal(v[0].state, DESK_REC_READY);
    assert_string_equal(v[0].consent, DESK_CONSENT_SPOKEN);
    assert_string_equal(v[0].twilio_sid, "RE31");
    assert_string_equal(v[0].url, url);
    assert_int_equal(v[0].ms, 61000);
    assert_int_equal(messages(sid, &m, &cb, &n_cb), 0); /* it is no message */
    assert_int_equal(n_cb, 0);
    assert_true(has_event(sid, "recording_kept", 1));
    ask = HOOK(of, sid, "RecordingStatus", "absent");
    assert_int_equal(send_ask(&hook_web, ask).status, 204);
    assert_true(has_event(sid, "recording_missing", 1));
    /* a message is one of its own kind */
    sid = ring();
    ask = HOOK("/voice/recording-status", sid, "RecordingSid", "RE32", "RecordingUrl", url,
               "RecordingDuration", "7", "RecordingStatus", "completed");
    assert_int_equal(send_ask(&hook_web, ask).status, 204);
    assert_int_equal(send_ask(&hook_web, ask).status, 204);
    assert_int_equal(recordings(sid, &v), 1);
    assert_string_equal(v[0].kind, DESK_REC_MESSAGE);
    assert_string_equal(v[0].consent, DESK_CONSENT_MESSAGE);
    assert_int_equal(messages(sid, &m, &cb, &n_cb), 1);
}

/* ---- status ---------------------------------------------------------------------------------- */

static void status(const char *path, const char *sid, const char *word)
{
    struct answer a = send_ask(&hook_web, ASK(path, "CallSid", sid, "From", CALLER, "To", TEST_TO,
                                              "CallStatus", word, "CallDuration", "7"));
    assert_int_equal(a.status, 204);
    assert_int_equal(a.len, 0);
}

static void a_call_only_moves_up(void **state)
{
    (void)state;
    static const struct {
        const char *word, *is;
    } rows[] = {{"ringing", "in-progress"},  {"in-progress", "in-progress"},
                {"nonsense", "in-progress"}, {"", "in-progress"},
                {"completed", "completed"},  {"in-progress", "completed"},
                {"completed", "completed"},  {"ringing", "completed"}};
    const char *sid = ring();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        status(i % 2 ? "/voice/status" : "/api/webhooks/call-status", sid, rows[i].word);
        assert_string_equal(call_of(sid).status, rows[i].is);
    }
    struct desk_call c = call_of(sid);
    assert_true(c.ended_at > 0);
    assert_string_equal(c.outcome, DESK_OUT_HUNG_UP);
    assert_true(has_event(sid, "completed", 1));
    status("/voice/status", new_sid(), "completed"); /* of a call we do not know */
    /* a caller who spoke was answered */
    sid = ring();
    change(sid, SAID, "item_1", "thank you");
    status("/voice/status", sid, "completed");
    assert_string_equal(call_of(sid).outcome, DESK_OUT_ANSWERED);
    /* the webhook of an ended call gets no new stream */
    assert_has_not(twiml(HOOK("/voice/incoming", sid)).body, "<Stream");
}

static void notes_a_stream_error(void **state)
{
    (void)state;
    const char *sid = ring();
    static const char *const events[] = {"stream-started", "stream-error", "stream-error",
                                         "stream-stopped"};
    for (size_t i = 0; i < 4; i++) {
        struct ask ask = ASK("/voice/stream-status", "CallSid", sid, "StreamSid", "MZ01",
                             "StreamEvent", events[i], "StreamError", i == 1 ? "31920" : "");
        assert_int_equal(send_ask(&hook_web, ask).status, 204);
    }
    assert_true(has_event(sid, "stream_error", 1));
    assert_int_equal(send_ask(&hook_web, ASK("/voice/stream-status", "CallSid", new_sid(),
                                             "StreamEvent", "stream-error"))
                         .status,
                     204);
}

/* ---- bad days -------------------------------------------------------------------------------- */

static const struct {
    const char *path;
    const char *want; /* NULL: a callback, 503 */
} bad_days[] = {
    {"/voice/incoming", ">" TEST_OWNER "</Number>"},
    {"/voice/next", ">" TEST_OWNER "</Number>"},
    {"/voice/turn?n=3", ">" TEST_OWNER "</Number>"},
    {"/voice/dial-done", "<Record"},
    {"/voice/voicemail", "<Record"},
    {"/voice/voicemail-done", "<Hangup/>"},
    {"/voice/message-said", "<Hangup/>"},
    {"/voice/status", NULL},
    {"/voice/recording-status", NULL},
    {"/voice/stream-status", NULL},
    {"/sms/status?id=out_9", NULL},
};

static void check_bad_day(size_t i, const char *sid, bool no_db)
{
    struct ask ask = HOOK(bad_days[i].path, sid, "RecordingSid", "RE09", "RecordingStatus",
                          "completed", "StreamEvent", "stream-error", "StreamSid", "MZ09",
                          "SpeechResult", "hello", "MessageStatus", "delivered");
    ask.no_db = no_db;
    if (!bad_days[i].want) {
        assert_int_equal(send_ask(&hook_web, ask).status, 503);
        return;
    }
    struct answer a = twiml(ask);
    assert_has(a.body, "I am sorry");
    assert_has(a.body, bad_days[i].want);
    assert_int_equal(a.rc, DESK_EBUSY);
}

static void keeps_the_caller_without_a_database(void **state)
{
    (void)state;
    const char *sid = ring(); /* a good answer before: whom to ring is known */
    for (size_t i = 0; i < sizeof bad_days / sizeof *bad_days; i++)
        check_bad_day(i, sid, true);
    /* of a number we never answered for: a recording */
    struct ask ask =
        ASK("/voice/incoming", "CallSid", new_sid(), "From", CALLER, "To", "+15005550006");
    ask.no_db = true;
    assert_has(twiml(ask).body, "<Record");
    /* a stranger is refused as ever */
    ask.signature = NULL;
    assert_int_equal(send_ask(&hook_web, ask).status, 403);
}

static void keeps_the_caller_while_the_database_is_locked(void **state)
{
    (void)state;
    const char *sid = ring();
    int ready[2], go[2];
    char c;
    assert_int_equal(pipe(ready) | pipe(go), 0);
    pid_t pid = fork();
    if (pid == 0) {
        struct desk_db *db; /* another process holds the write lock, until we say so or are gone */
        close(go[1]);
        alarm(60);
        c = desk_store_open(&db, DESK_ZONE_ADMIN_CLI, 1000) || DESK_TX_BEGIN(db) ? 'n' : 'y';
        if (write(ready[1], &c, 1) != 1 || read(go[0], &c, 1) != 1)
            _exit(1);
        _exit(0);
    }
    assert_int_equal(read(ready[0], &c, 1), 1);
    assert_int_equal(c, 'y');
    for (size_t i = 0; i < sizeof bad_days / sizeof *bad_days; i++)
        check_bad_day(i, strcmp(bad_days[i].path, "/voice/incoming") ? sid : new_sid(), false);
    assert_int_equal(write(go[1], "x", 1), 1);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    for (int i = 0; i < 2; i++)
        close(ready[i]), close(go[i]);
    /* and all is well again, from where the call stood */
    assert_has(twiml(HOOK("/voice/next", sid)).body, "<Gather");
}

/* Telegram proves itself by a secret of ours; what a stranger writes to the bot is not kept, what
 * the owner writes is, once. */
static void telegram_brings_updates(void **state)
{
    char secret[DESK_BLIND_LEN], code[DESK_TELEGRAM_CODE_LEN];
    struct desk_telegram_update *rows;
    struct desk_number n;
    size_t kept = 0;
    (void)state;
    struct ask ask = {.method = "POST",
                      .uri = "/telegram/update",
                      .type = "application/json",
                      .body = "{\"update_id\":7}"};
    assert_int_equal(send_ask(&hook_web, ask).status, 401); /* no bot */
    desk_setting_override(DESK_S_TELEGRAM_BOT_TOKEN, "123456:AAtoken");
    desk_telegram_secret(desk_db_key(admin_db), secret);
    assert_int_equal(send_ask(&hook_web, ask).status, 401);
    ask.telegram_secret = "00000000000000000000000000000000";
    assert_int_equal(send_ask(&hook_web, ask).status, 401);
    ask.telegram_secret = secret;
    assert_int_equal(send_ask(&hook_web, ask).status, 204);
    ask.body = "no JSON";
    assert_int_equal(send_ask(&hook_web, ask).status, 204);
    assert_int_equal(desk_number_find(admin_db, look, TEST_TO, &n), DESK_OK);
    const struct desk_user u = {.id = "user_tg",
                                .tenant_id = n.tenant_id,
                                .login = "tg",
                                .password_hash = "none",
                                .created_at = 1};
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    assert_int_equal(desk_user_insert(admin_db, &u), DESK_OK);
    assert_int_equal(desk_tx_end(admin_db, desk_telegram_code_new(admin_db, n.tenant_id, u.id,
                                                                  desk_now_ms(), code)),
                     DESK_OK);
    static const char *const texts[] = {"/start nonsense", "hello"};
    for (size_t i = 0; i < 4; i++) {
        const char *text = i < 2 ? texts[i] : desk_arena_fmt(look, "/start %s", code);
        ask.body = desk_arena_fmt(look,
                                  "{\"update_id\":%zu,\"message\":{\"message_id\":1,\"from\":{"
                                  "\"id\":7001,\"first_name\":\"Ann\"},\"chat\":{\"id\":7001,"
                                  "\"type\":\"private\"},\"text\":\"%s\"}}",
                                  i < 3 ? i + 10 : 12, text);
        assert_int_equal(send_ask(&hook_web, ask).status, 204);
    }
    assert_int_equal(desk_telegram_update_waiting(admin_db, look, 20, &rows, &kept), DESK_OK);
    assert_int_equal(kept, 1); /* brought twice */
    assert_string_equal(rows[0].id, "123456:12");
    ask.no_db = true;
    assert_int_equal(send_ask(&hook_web, ask).status, 503); /* brought again later */
    desk_setting_override(DESK_S_TELEGRAM_BOT_TOKEN, "");
}

static void shows_its_counters(void **state)
{
    (void)state;
    struct ask health = {.method = "GET", .uri = "/api/webhooks/health"};
    struct answer a = send_ask(&hook_web, health);
    assert_int_equal(a.status, 200);
    assert_string_equal(a.body, "{\"ok\":true}\n");
    health.no_db = true; /* not TwiML: no call asks this */
    a = send_ask(&hook_web, health);
    assert_int_equal(a.status, 503);
    assert_string_equal(a.type, "application/problem+json");
    a = send_ask(&hook_web, (struct ask){.method = "GET", .uri = "/metrics/hook"});
    assert_int_equal(a.status, 200);
    assert_has(a.body, "# TYPE frontdesk_requests_total counter\n");
    assert_has(a.body, "frontdesk_requests_total{zone=\"hook\",method=\"GET, POST\",route=\"/voice/"
                       "incoming\"} ");
    assert_has_not(a.body, "route=\"/voice/incoming\"} 0\n");
}

/* The rest of it is in test_hook_owner.c: here, that nobody gets in from outside of it. */
static void an_owners_question_of_nobody(void **state)
{
    (void)state;
    const char *sid = new_sid();
    HOOK("/voice/incoming", sid);
    struct answer a = twiml(HOOK("/voice/owner?n=1", sid, "SpeechResult", "any calls"));
    assert_has(a.body, ">https://desk.example.com/voice/incoming</Redirect>");
    assert_has_not(a.body, "<Say");
}

/* The rest of it is in test_hook_ring_me.c: here, that a row nobody made rings nobody. */
static void a_callback_that_nobody_asked_for(void **state)
{
    (void)state;
    const char *sid = new_sid();
    assert_has_not(twiml(HOOK("/voice/ring-me?id=out_none", sid)).body, "<Gather");
    assert_has_not(twiml(HOOK("/voice/ring-me-key?id=out_none", sid, "Digits", "1")).body, "<Dial");
    assert_has_not(
        twiml(HOOK("/voice/ring-me-done?id=out_none", sid, "DialCallStatus", "busy")).body,
        "<Dial");
    assert_int_equal(send_ask(&hook_web, HOOK("/voice/ring-me-status?id=out_none", sid)).status,
                     204);
}

/* The rest of it is in test_hook_remind.c. */
static void a_reminder_that_nobody_asked_for(void **state)
{
    (void)state;
    const char *sid = new_sid();
    assert_has_not(twiml(HOOK("/voice/reminder?id=out_none&t=1", sid)).body, "<Gather");
    assert_has_not(twiml(HOOK("/voice/reminder-key?id=out_none&t=1", sid, "Digits", "2")).body,
                   "<Dial");
    assert_has_not(
        twiml(HOOK("/voice/reminder-change?id=out_none&t=1&w=menu", sid, "Digits", "1")).body,
        "<Gather");
    assert_int_equal(send_ask(&hook_web, HOOK("/voice/reminder-machine?id=out_none&t=1", sid,
                                              "AnsweredBy", "human"))
                         .status,
                     204);
    assert_int_equal(
        send_ask(&hook_web, HOOK("/voice/reminder-status?id=out_none&t=1", sid)).status, 204);
}

/* What a text leads to: test_hook_text.c. */
static void a_text_is_answered(void **state)
{
    (void)state;
    static const char *const paths[] = {"/sms/incoming", "/twilio/sms",
                                        "/api/webhooks/incoming-sms"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        const char *sid = desk_arena_fmt(look, "SM0e5e%028zx", i);
        assert_has(twiml(ASK(paths[i], "MessageSid", sid, "From", "+14155550177", "To", TEST_TO,
                             "Body", i ? "My name is Dana" : "Do you do drain cleaning?"))
                       .body,
                   "<Message");
    }
}

static void every_route_was_asked(void **state)
{
    (void)state;
    assert_all_routes_asked(&hook_web);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_what_is_not_signed),
        cmocka_unit_test(refuses_all_without_a_token),
        cmocka_unit_test(takes_the_second_token_and_none_without_a_token),
        cmocka_unit_test(knows_methods_and_paths),
        cmocka_unit_test(answers_a_call_with_a_stream),
        cmocka_unit_test(knows_a_caller_the_second_time),
        cmocka_unit_test(counts_a_repeated_webhook_once),
        cmocka_unit_test(gives_a_withheld_caller_no_memory),
        cmocka_unit_test(is_polite_to_an_unknown_number),
        cmocka_unit_test(answers_the_addresses_of_other_systems),
        cmocka_unit_test(answers_get_as_well),
        cmocka_unit_test(says_plain_ws_only_to_itself),
        cmocka_unit_test(bears_strange_fields),
        cmocka_unit_test(does_what_the_row_says_next),
        cmocka_unit_test(goes_on_when_the_stream_never_began_or_never_ended),
        cmocka_unit_test(says_nothing_to_a_caller_who_left),
        cmocka_unit_test(rings_the_owner_once),
        cmocka_unit_test(whispers_to_the_callee),
        cmocka_unit_test(an_owners_question_of_nobody),
        cmocka_unit_test(a_callback_that_nobody_asked_for),
        cmocka_unit_test(a_reminder_that_nobody_asked_for),
        cmocka_unit_test(takes_a_callback_by_questions),
        cmocka_unit_test(a_repeated_turn_changes_nothing),
        cmocka_unit_test(takes_a_message_after_two_failures),
        cmocka_unit_test(ends_when_nothing_is_ever_heard),
        cmocka_unit_test(an_emergency_rings_the_owner),
        cmocka_unit_test(carries_on_where_the_line_was_lost),
        cmocka_unit_test(does_not_ask_for_what_is_promised),
        cmocka_unit_test(answers_the_other_systems_turn_page),
        cmocka_unit_test(hears_whether_the_owner_answered),
        cmocka_unit_test(keeps_a_recorded_message_once),
        cmocka_unit_test(a_message_besides_a_callback_is_no_second_promise),
        cmocka_unit_test(records_nothing_where_it_is_forbidden),
        cmocka_unit_test(keeps_a_message_of_a_caller_who_hung_up),
        cmocka_unit_test(the_consent_line_is_said_and_noted_once),
        cmocka_unit_test(twilio_records_when_the_rule_is_met),
        cmocka_unit_test(keeps_what_twilio_recorded_once),
        cmocka_unit_test(a_call_only_moves_up),
        cmocka_unit_test(notes_a_stream_error),
        cmocka_unit_test(keeps_the_caller_without_a_database),
        cmocka_unit_test(keeps_the_caller_while_the_database_is_locked),
        cmocka_unit_test(telegram_brings_updates),
        cmocka_unit_test(shows_its_counters),
        cmocka_unit_test(a_text_is_answered),
        cmocka_unit_test(every_route_was_asked),
    };
    return cmocka_run_group_tests_name("hook", tests, hook_begin, hook_finish);
}
