/* Voice sessions: a conversation through the REST zone, from start to end, with stand-ins for ears
 * and mouth; what may not be said to it, and that nothing happens twice. */
#include "tests/page/web_test.h"
#include "cgi-bin/api/api.h"
#include "cgi-bin/api/session.h"
#include "base/clock.h"
#include "store/calls.h"
#include "store/conversation.h"
#include "store/exceptions.h"
#include "store/outbox.h"
#include "store/results.h"
#include "store/voice_sessions.h"
#include "wire/base64.h"
#include "wire/wav.h"
#include "wire/wav_sound.h"

#include <jansson.h>

#define CALLER "+14155550134"
#define START  "/v1/voice/session/start"

static char token[44], read_token[44], other_token[44];
static int64_t now = 1700000000000; /* a Tuesday, 17:13 in New York */

/* ---- stand-ins ------------------------------------------------------------------------------- */

static struct {
    const char *hears, *expect; /* what the ears say; what they were told */
    enum desk_rc rc;
    int asked;
    bool words_told;
    void (*meanwhile)(void); /* while they listen */
} ears = {.hears = "i need a callback"};

static enum desk_rc fake_words(const struct desk_hear_ask *ask, struct desk_arena *a,
                               const char **text, char *why, size_t n)
{
    struct desk_wav w;
    ears.asked++;
    ears.expect = desk_arena_strdup(look, ask->expect);
    ears.words_told = strstr(ask->words, "drain cleaning") != NULL;
    assert_int_equal(desk_wav_parse(ask->wav, ask->n, &w, NULL), DESK_OK);
    if (ears.meanwhile)
        ears.meanwhile();
    assert_false(ask->stop(ask->stop_ctx));
    snprintf(why, n, "as the test wants it");
    *text = desk_arena_strdup(a, ears.hears);
    return ears.rc;
}
static const struct desk_hear fake_ears = {fake_words};

static struct {
    enum desk_rc rc;
    char text[4000], voice[50];
    int spoken;
} mouth;

/* A tenth of a second of a tone at 24 kHz, as a stream says it: without its length. */
static enum desk_rc fake_speak(const struct desk_tts_ask *ask, struct desk_buf *wav, char *why,
                               size_t n)
{
    uint8_t head[DESK_WAV_PCM_HEAD];
    mouth.spoken++;
    snprintf(mouth.text, sizeof mouth.text, "%s", ask->text);
    snprintf(mouth.voice, sizeof mouth.voice, "%s", ask->voice ? ask->voice : "");
    snprintf(why, n, "as the test wants it");
    desk_wav_pcm_head(head, 1, 24000, 0);
    memset(head + 40, 0xff, 4);
    desk_buf_add(wav, head, sizeof head);
    for (int i = 0; i < 2400; i++) {
        const char s[2] = {0, i / 30 % 2 ? 0x20 : -0x20};
        desk_buf_add(wav, s, 2);
    }
    return mouth.rc;
}
static const struct desk_tts fake_mouth = {fake_speak};

/* ---- asking ---------------------------------------------------------------------------------- */

struct said {
    int status;
    json_t *root; /* freed by the next */
    struct answer answer;
};

static json_t *last_root;

static struct said ask_with(const char *uri, const char *bearer, const char *type, const char *body,
                            size_t n, const char *key)
{
    struct answer a = send_ask(
        &api_web,
        (struct ask){.method = body ? "POST" : "GET",
                     .uri = uri,
                     .type = type,
                     .body = body,
                     .body_len = n,
                     .authorization = bearer ? desk_arena_fmt(look, "Bearer %s", bearer) : NULL,
                     .idempotency_key = key});
    json_error_t e;
    json_decref(last_root);
    last_root = json_loads(a.body, 0, &e);
    if (!last_root)
        fail_msg("%s in: %s", e.text, a.body);
    return (struct said){a.status, last_root, a};
}

static struct said post(const char *uri, const char *body)
{
    return ask_with(uri, token, "application/json", body, 0, NULL);
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
    return t ? t : "";
}
static const char *session_at(const struct said *s, const char *name)
{
    const char *t = json_string_value(json_object_get(json_object_get(s->root, "session"), name));
    return t ? desk_arena_strdup(look, t) : "";
}
static const char *step_at(const struct said *s)
{
    const char *t = json_string_value(json_object_get(json_object_get(s->root, "next"), "step"));
    return t ? t : "";
}

/* The first error's place. */
static const char *pointer_at(const struct said *s)
{
    json_t *first = json_array_get(json_object_get(s->root, "errors"), 0);
    const char *t = json_string_value(json_object_get(first, "pointer"));
    return t ? t : "";
}

static const char *begin_with(const char *body)
{
    struct said s = ok(post(START, body), 201);
    assert_string_equal(session_at(&s, "state"), "ACTIVE");
    return session_at(&s, "id");
}

static const char *at(const char *id, const char *what)
{
    return desk_arena_fmt(look, "/v1/voice/session/%s%s", id, what);
}

static struct said say(const char *id, const char *text)
{
    json_t *v = json_pack("{s:s}", "text", text);
    char *body = json_dumps(v, 0);
    struct said s = post(at(id, "/input"), body);
    free(body);
    json_decref(v);
    return s;
}

/* ---- looking --------------------------------------------------------------------------------- */

static struct desk_call call_of(const char *id)
{
    struct desk_call c;
    assert_int_equal(desk_call_by_sid(admin_db, look, id, &c), DESK_OK);
    return c;
}

static bool has_event(const char *id, const char *name)
{
    struct desk_call c = call_of(id);
    struct desk_event *e;
    size_t n;
    assert_int_equal(desk_event_list(admin_db, look, c.tenant_id, c.id, 500, &e, &n), DESK_OK);
    for (size_t i = 0; i < n; i++)
        if (strcmp(e[i].name, name) == 0)
            return true;
    return false;
}

static size_t turns_of(const char *id)
{
    struct desk_call c = call_of(id);
    int64_t n;
    assert_int_equal(desk_turn_count(admin_db, c.tenant_id, c.id, &n), DESK_OK);
    return (size_t)n;
}

static size_t callbacks_of(const char *id)
{
    struct desk_call c = call_of(id);
    struct desk_callback *cb;
    size_t n;
    assert_int_equal(desk_callback_by_call(admin_db, look, c.tenant_id, c.id, &cb, &n), DESK_OK);
    return n;
}

static char *tone64(unsigned rate, int ms) /* a WAV, in base64 */
{
    struct desk_buf wav, text;
    uint8_t head[DESK_WAV_PCM_HEAD];
    int n = (int)rate * ms / 1000;
    desk_buf_init(&wav, 4000000);
    desk_buf_init(&text, 4000000);
    desk_wav_pcm_head(head, 1, rate, n);
    desk_buf_add(&wav, head, sizeof head);
    for (int i = 0; i < n; i++) {
        const char s[2] = {0, i / 10 % 2 ? 0x20 : -0x20};
        desk_buf_add(&wav, s, 2);
    }
    assert_int_equal(desk_base64_encode(wav.p, wav.len, &text), DESK_OK);
    char *out = desk_arena_strdup(look, text.p);
    desk_buf_clear(&wav);
    desk_buf_clear(&text);
    return out;
}

static int begin(void **state)
{
    (void)state;
    struct desk_number mine, other;
    test_begin_two(DESK_ZONE_API, &mine, &other);
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    enum desk_rc rc = desk_token_create(admin_db, mine.tenant_id, "w", "read write", token);
    rc = rc ? rc : desk_token_create(admin_db, mine.tenant_id, "r", "read", read_token);
    rc = rc ? rc : desk_token_create(admin_db, other.tenant_id, "o", "read write", other_token);
    assert_int_equal(desk_tx_end(admin_db, rc), DESK_OK);
    api_ears = &fake_ears;
    api_mouth = &fake_mouth;
    desk_clock_fake(now);
    return 0;
}

static int finish(void **state)
{
    (void)state;
    json_decref(last_root);
    return test_finish();
}

/* ---- a conversation -------------------------------------------------------------------------- */

static void a_conversation_is_a_call(void **state)
{
    (void)state;
    struct said s = ok(post(START, "{\"caller\":{\"number\":\"" CALLER "\"}}"), 201);
    const char *id = session_at(&s, "id");
    assert_has(text_at(&s, "text"), "Harwick Plumbing");
    assert_string_equal(text_at(&s, "expect"), "anything");
    assert_true(json_is_null(json_object_get(s.root, "next")));
    assert_true(json_is_null(json_object_get(s.root, "audio")));
    assert_has(s.answer.headers, desk_arena_fmt(look, "Location: /v1/voice/session/%s\r\n", id));
    assert_has(s.answer.headers, "Cache-Control: no-store\r\n");
    struct desk_call c = call_of(id);
    assert_string_equal(c.channel, "session");
    assert_string_equal(c.caller_kind, "new");
    assert_string_equal(c.from_number, CALLER);
    assert_string_equal(c.to_number, TEST_TO);
    assert_string_equal(session_at(&s, "call_id"), c.id);
    assert_non_null(c.script_version);
    assert_true(has_event(id, "caller_new"));
    /* one between two numbers that text is nobody else's to speak in */
    assert_int_equal(desk_db_script(admin_db, "UPDATE voice_session SET pair_key = 'k'"), DESK_OK);
    ok(say(id, "I am somebody else"), 404);
    assert_int_equal(desk_db_script(admin_db, "UPDATE voice_session SET pair_key = NULL"), DESK_OK);
    /* it asks, and is answered */
    s = ok(say(id, "I would like a callback please"), 200);
    assert_int_equal(json_integer_value(json_object_get(s.root, "turn")), 1);
    s = ok(say(id, "Dana Smith"), 200);
    for (int i = 0; i < 12 && strcmp(session_at(&s, "state"), "ACTIVE") == 0; i++) {
        const char *expect = text_at(&s, "expect");
        s = ok(say(id, strcmp(expect, "name") == 0     ? "Dana Smith"
                       : strcmp(expect, "number") == 0 ? "415 555 0134"
                       : strcmp(expect, "when") == 0   ? "tomorrow at nine"
                       : strcmp(expect, "yesno") == 0  ? i > 8 ? "no" : "yes"
                                                       : "no thank you, goodbye"),
               200);
    }
    assert_string_equal(session_at(&s, "state"), "COMPLETED");
    assert_string_equal(step_at(&s), "hangup");
    assert_int_equal(callbacks_of(id), 1);
    c = call_of(id);
    assert_string_equal(c.outcome, "callback");
    assert_string_equal(desk_call_decision(&c), "completed");
    assert_true(has_event(id, "session_completed"));
    /* an end is an end */
    struct said late = say(id, "one more thing");
    assert_int_equal(late.status, 409);
    assert_string_equal(text_at(&late, "reason"), "session_over");
    s = ok(post(at(id, "/end"), "{\"outcome\":\"failed\"}"), 200);
    assert_string_equal(session_at(&s, "state"), "COMPLETED");
    s = ok(ask_with(at(id, ""), read_token, NULL, NULL, 0, NULL), 200);
    assert_string_equal(session_at(&s, "state"), "COMPLETED");
}

static void a_caller_may_be_nobody(void **state)
{
    (void)state;
    static const char *const bodies[] = {"", "{}", "{\"caller\":{\"number\":\"anonymous\"}}"};
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        struct desk_call c = call_of(begin_with(bodies[i]));
        assert_string_equal(c.caller_kind, "withheld");
        assert_null(c.from_number);
        assert_null(c.contact_id);
    }
}

/* A number that somebody typed into a chat opens no door and tells nothing of whom it is. */
static void a_claimed_number_is_a_strangers(void **state)
{
    (void)state;
    struct desk_number n;
    assert_int_equal(desk_number_find(admin_db, look, TEST_TO, &n), DESK_OK);
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    assert_int_equal(desk_tx_end(admin_db, desk_exception_put(admin_db, n.tenant_id, "+14155550177",
                                                              "Mom", "family")),
                     DESK_OK);
    const char *id = begin_with("{\"caller\":{\"number\":\"+14155550177\"}}");
    assert_string_equal(call_of(id).caller_kind, "new");
    assert_null(call_of(id).contact_id);
    id = begin_with("{\"caller\":{\"number\":\"" TEST_OWNER "\"}}");
    assert_string_equal(call_of(id).caller_kind, "new");
    /* vouched for by the client, it is what it is: put through at once */
    struct said s =
        ok(post(START, "{\"caller\":{\"number\":\"+14155550177\",\"verified\":true}}"), 201);
    id = session_at(&s, "id");
    assert_string_equal(call_of(id).caller_kind, "exception");
    assert_string_equal(step_at(&s), "transfer");
    assert_string_equal(json_string_value(json_object_get(json_object_get(s.root, "next"), "to")),
                        TEST_OWNER);
    s = ok(post(at(id, "/end"), "{\"outcome\":\"transferred\"}"), 200);
    assert_string_equal(session_at(&s, "state"), "COMPLETED");
    struct desk_call c = call_of(id);
    assert_string_equal(desk_call_decision(&c), "transferred_exception");
}

static void words_of_danger_are_told(void **state)
{
    (void)state;
    struct desk_outbox_lane *lanes;
    size_t n = 0;
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "AC00000000000000000000000000000000");
    const char *id = begin_with("{\"caller\":{\"number\":\"" CALLER "\"}}");
    struct said s =
        ok(say(id, "There is a burst pipe and water is flooding my kitchen right now"), 200);
    assert_string_equal(text_at(&s, "severity"), "P1");
    assert_string_equal(call_of(id).severity, "P1");
    assert_true(has_event(id, "emergency"));
    assert_int_equal(desk_outbox_lanes(admin_db, look, &lanes, &n), DESK_OK);
    assert_int_equal(n, 1);
    assert_string_equal(lanes[0].dest, DESK_OUTBOX_SMS);
    assert_true(lanes[0].urgent_at > 0); /* the owner is being texted */
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "");
}

static void a_transfer_is_the_clients(void **state)
{
    (void)state;
    const char *id = begin_with("{\"caller\":{\"number\":\"" CALLER "\"}}");
    struct said s = ok(say(id, "let me speak to a person"), 200);
    for (int i = 0; i < 6 && strcmp(step_at(&s), "transfer") != 0; i++)
        s = ok(say(id, "yes"), 200);
    assert_string_equal(step_at(&s), "transfer");
    assert_string_equal(session_at(&s, "state"), "ACTIVE");
    /* nobody answered there: the caller is back, and leaves a message */
    s = ok(say(id, "hello?"), 200);
    assert_string_equal(step_at(&s), "message");
    assert_has(text_at(&s, "text"), "message");
    s = ok(say(id, "Please call me about the boiler"), 200);
    assert_string_equal(session_at(&s, "state"), "COMPLETED");
    struct desk_call c = call_of(id);
    struct desk_message *m;
    size_t n;
    assert_int_equal(desk_message_by_call(admin_db, look, c.tenant_id, c.id, &m, &n), DESK_OK);
    assert_int_equal(n, 1);
    assert_string_equal(m[0].text, "Please call me about the boiler");
    assert_string_equal(desk_call_decision(&c), "voicemail");
    assert_int_equal(callbacks_of(id), 1);
}

/* A talk that goes on for ever ends at a message; keys are none. */
static void a_talk_has_an_end(void **state)
{
    (void)state;
    const char *id = begin_with("");
    struct desk_call c = call_of(id);
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    const char *late = desk_arena_fmt(look, "{\"n\":%d,\"say\":\"x\",\"expect\":0,\"done\":false}",
                                      DESK_MAX_TALK_TURNS + 1);
    assert_int_equal(desk_tx_end(admin_db, desk_call_dialog(admin_db, c.tenant_id, c.id, late)),
                     DESK_OK);
    struct said s = ok(say(id, "and another thing"), 200);
    assert_has(text_at(&s, "text"), "takes too long");
    assert_string_equal(step_at(&s), "message");
    s = ok(post(at(id, "/input"), "{\"keys\":\"1\"}"), 200);
    assert_has(text_at(&s, "text"), "did not hear a message");
    assert_string_equal(session_at(&s, "state"), "COMPLETED");
    assert_int_equal(callbacks_of(id), 0);
}

/* A process that died between the session's row and its first words. */
static void a_session_without_words_begins_again(void **state)
{
    (void)state;
    const char *id = begin_with("");
    struct desk_call c = call_of(id);
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    assert_int_equal(desk_tx_end(admin_db, desk_call_dialog(admin_db, c.tenant_id, c.id, "{}")),
                     DESK_OK);
    struct said s = ok(say(id, "I need a callback"), 200);
    assert_int_equal(json_integer_value(json_object_get(s.root, "turn")), 1);
    assert_int_equal(turns_of(id), 3); /* the greeting stands once */
}

/* ---- once ------------------------------------------------------------------------------------ */

static void a_key_makes_it_once(void **state)
{
    (void)state;
    struct said s = ok(ask_with(START, token, "application/json", "{}", 0, "start-1"), 201);
    const char *id = session_at(&s, "id"), *first = desk_arena_strdup(look, text_at(&s, "text"));
    s = ok(ask_with(START, token, "application/json", "{}", 0, "start-1"), 201);
    assert_string_equal(session_at(&s, "id"), id);
    assert_string_equal(text_at(&s, "text"), first);
    s = ok(ask_with(START, token, "application/json", "{\"timeout_s\":5}", 0, "start-1"), 422);
    assert_string_equal(text_at(&s, "reason"), "idempotency_key_reused");
    s = ok(ask_with(START, other_token, "application/json", "{}", 0, "start-1"), 201);
    assert_string_not_equal(session_at(&s, "id"), id); /* another business's key is another key */
    /* an input */
    const char *in = "{\"text\":\"I need a callback\"}";
    s = ok(ask_with(at(id, "/input"), token, "application/json", in, 0, "in-1"), 200);
    const char *words = desk_arena_strdup(look, text_at(&s, "text"));
    size_t turns = turns_of(id);
    s = ok(say(id, "Dana Smith"), 200);
    s = ok(ask_with(at(id, "/input"), token, "application/json", in, 0, "in-1"), 200);
    assert_string_equal(text_at(&s, "text"), words);
    assert_int_equal(json_integer_value(json_object_get(s.root, "turn")), 1);
    assert_int_equal(turns_of(id), turns + 2);
    s = ok(ask_with(at(id, "/input"), token, "application/json", "{\"text\":\"no\"}", 0, "in-1"),
           422);
    assert_string_equal(text_at(&s, "reason"), "idempotency_key_reused");
    /* also when the session is over */
    ok(post(at(id, "/end"), ""), 200);
    s = ok(ask_with(at(id, "/input"), token, "application/json", in, 0, "in-1"), 200);
    assert_string_equal(text_at(&s, "text"), words);
    char *much = desk_arena_alloc(look, 300);
    memset(much, 'k', 299);
    ok(ask_with(START, token, "application/json", "{}", 0, much), 422);
}

/* ---- one at a time --------------------------------------------------------------------------- */

static const char *busy_id;

static void another_input(void)
{
    ears.meanwhile = NULL;
    json_t *kept = last_root; /* this is asked within another request */
    last_root = NULL;
    struct said s = ok(say(busy_id, "me too"), 409);
    assert_string_equal(text_at(&s, "reason"), "turn_running");
    assert_has(s.answer.headers, "Retry-After: 1\r\n");
    json_decref(last_root);
    last_root = kept;
}

static struct said sound(const char *id)
{
    return post(at(id, "/input"),
                desk_arena_fmt(look, "{\"audio\":{\"format\":\"wav\",\"data\":\"%s\"}}",
                               tone64(16000, 300)));
}

static void a_second_turn_is_told_to_wait(void **state)
{
    (void)state;
    busy_id = begin_with("");
    ears.meanwhile = another_input;
    struct said s = ok(sound(busy_id), 200);
    assert_string_equal(text_at(&s, "heard"), "i need a callback");
    assert_string_equal(ears.expect, "anything");
    assert_true(ears.words_told);
    assert_int_equal(turns_of(busy_id), 3); /* greeting, words, answer */
    ok(say(busy_id, "Dana"), 200);
}

/* A process that died in the middle of a turn: what is left is its row, and the lease. */
static void die_in_turn(const char *id, const char *text, const char *key)
{
    struct desk_call c = call_of(id);
    struct desk_talk_turn t = {.tenant_id = c.tenant_id,
                               .call_id = c.id,
                               .n = 1,
                               .event = "speech",
                               .text = text,
                               .claim = "dead",
                               .idem_key = key};
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    enum desk_rc rc = desk_talk_turn_add(admin_db, &t);
    if (!rc && text)
        rc = desk_talk_heard(admin_db, look, &c, 1, DESK_BRAIN_SPEECH, text);
    assert_int_equal(desk_tx_end(admin_db, rc), DESK_OK);
}

static void a_dead_turn_holds_up_nobody(void **state)
{
    (void)state;
    const char *id = begin_with("");
    die_in_turn(id, "I need a callback", NULL);
    ok(say(id, "Dana Smith"), 409); /* for some seconds it may be alive */
    desk_clock_fake(now + DESK_TALK_LEASE_MS + 1);
    struct said s = ok(say(id, "Dana Smith"), 200);
    assert_true(*text_at(&s, "missed") != '\0'); /* the answer that nobody got */
    assert_int_equal(json_integer_value(json_object_get(s.root, "turn")), 2);
    desk_clock_fake(now);
    id = begin_with(""); /* it died while it listened: nothing was heard */
    die_in_turn(id, NULL, NULL);
    desk_clock_fake(now + DESK_TALK_LEASE_MS + 1);
    s = ok(say(id, "I need a callback"), 200);
    assert_string_equal(text_at(&s, "missed"), "");
    assert_int_equal(json_integer_value(json_object_get(s.root, "turn")), 1);
    desk_clock_fake(now);
}

/* ---- time ------------------------------------------------------------------------------------ */

static void silence_ends_it(void **state)
{
    (void)state;
    const char *id = begin_with("{\"timeout_s\":5}");
    desk_clock_fake(now + 5000);
    ok(say(id, "I need a callback"), 200);
    desk_clock_fake(now + 10000);
    struct said s = ok(ask_with(at(id, ""), token, NULL, NULL, 0, NULL), 200);
    assert_string_equal(session_at(&s, "state"), "ACTIVE");
    desk_clock_fake(now + 10001);
    s = ok(say(id, "Dana"), 409);
    assert_string_equal(text_at(&s, "reason"), "session_over");
    assert_has(text_at(&s, "detail"), "ABANDONED");
    struct desk_call c = call_of(id);
    assert_int_equal(c.ended_at, now + 10000);
    assert_string_equal(desk_call_decision(&c), "caller_left");
    assert_true(has_event(id, "session_abandoned"));
    desk_clock_fake(now);
}

static void the_client_says_how_it_ended(void **state)
{
    (void)state;
    static const struct {
        const char *body, *state, *decision;
    } rows[] = {{"", "COMPLETED", "caller_left"}, /* not a word was said */
                {"{\"outcome\":\"failed\"}", "FAILED", "failed"},
                {"{\"outcome\":\"caller_left\"}", "COMPLETED", "caller_left"},
                {"{\"outcome\":\"transferred\"}", "COMPLETED", "transferred"},
                {"{\"outcome\":\"not_put_through\"}", "COMPLETED", "not_put_through"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *id = begin_with("");
        struct said s = ok(post(at(id, "/end"), rows[i].body), 200);
        assert_string_equal(session_at(&s, "state"), rows[i].state);
        struct desk_call c = call_of(id);
        assert_string_equal(desk_call_decision(&c), rows[i].decision);
        assert_int_equal(callbacks_of(id), strstr(rows[i].body, "not_put") != NULL);
    }
}

static void nothing_heard_twice_ends_it(void **state)
{
    (void)state;
    const char *id = begin_with("");
    struct said s = ok(post(at(id, "/input"), "{\"silence\":true}"), 200);
    assert_string_equal(session_at(&s, "state"), "ACTIVE");
    s = ok(post(at(id, "/input"), "{\"silence\":true}"), 200);
    assert_string_equal(session_at(&s, "state"), "COMPLETED");
    struct desk_call c = call_of(id);
    assert_string_equal(desk_call_decision(&c), "ended_no_speech");
}

/* ---- sound ----------------------------------------------------------------------------------- */

static void answers_can_be_heard(void **state)
{
    (void)state;
    struct said s = ok(post(START, "{\"reply\":{\"audio\":\"wav\",\"voice\":\"cedar\"}}"), 201);
    const char *id = session_at(&s, "id");
    json_t *audio = json_object_get(s.root, "audio");
    assert_string_equal(json_string_value(json_object_get(audio, "format")), "wav");
    assert_int_equal(json_integer_value(json_object_get(audio, "rate")), 8000);
    assert_string_equal(mouth.text, text_at(&s, "text"));
    assert_string_equal(mouth.voice, "cedar");
    struct desk_buf bytes;
    struct desk_wav w;
    const char *data = json_string_value(json_object_get(audio, "data"));
    desk_buf_init(&bytes, 1000000);
    assert_int_equal(desk_base64_decode(data, strlen(data), &bytes), DESK_OK);
    assert_int_equal(desk_wav_parse((uint8_t *)bytes.p, bytes.len, &w, NULL), DESK_OK);
    assert_int_equal(w.rate, 8000);
    assert_int_equal(w.frames, 800); /* a tenth of a second, as it came */
    desk_buf_clear(&bytes);
    /* the session's wish holds; one input may want something else */
    s = ok(say(id, "I need a callback"), 200);
    assert_non_null(json_object_get(json_object_get(s.root, "audio"), "data"));
    s = ok(post(at(id, "/input"), "{\"text\":\"Dana\",\"reply\":{\"audio\":\"mulaw\"}}"), 200);
    audio = json_object_get(s.root, "audio");
    assert_string_equal(json_string_value(json_object_get(audio, "format")), "mulaw");
    data = json_string_value(json_object_get(audio, "data"));
    assert_int_equal(desk_base64_decoded_len(data, strlen(data)), 800);
    s = ok(post(at(id, "/input"), "{\"text\":\"yes\",\"reply\":{\"audio\":\"none\"}}"), 200);
    assert_true(json_is_null(json_object_get(s.root, "audio")));
    /* a mouth that is ill takes no words away */
    mouth.rc = DESK_EUPSTREAM;
    s = ok(say(id, "yes"), 200);
    mouth.rc = DESK_OK;
    assert_true(*text_at(&s, "text") != '\0');
    assert_true(json_is_null(json_object_get(s.root, "audio")));
    assert_true(*text_at(&s, "audio_error") != '\0');
}

static void ears_that_fail_lose_nothing(void **state)
{
    (void)state;
    const char *id = begin_with("");
    ears.rc = DESK_EUPSTREAM;
    struct said s = ok(sound(id), 502);
    assert_string_equal(text_at(&s, "reason"), "not_heard");
    ears.rc = DESK_OK;
    assert_int_equal(turns_of(id), 1);
    s = ok(sound(id), 200); /* at once: nobody holds the turn */
    assert_int_equal(json_integer_value(json_object_get(s.root, "turn")), 1);
    /* the same sound again: what was heard of it then, without listening */
    const char *body =
        desk_arena_fmt(look, "{\"audio\":{\"format\":\"wav\",\"data\":\"%s\"}}", tone64(8000, 200));
    for (int i = 0; i < 2; i++) {
        s = ok(ask_with(at(id, "/input"), token, "application/json", body, 0, "sound-1"), 200);
        assert_string_equal(text_at(&s, "heard"), "i need a callback");
        ears.hears = "something else";
    }
    /* a noise without words is silence, not an empty sentence */
    ears.hears = "";
    s = ok(sound(id), 200);
    ears.hears = "i need a callback";
    assert_string_equal(text_at(&s, "heard"), "");
    assert_string_equal(session_at(&s, "state"), "ACTIVE");
}

static void sound_may_be_the_body_itself(void **state)
{
    (void)state;
    const char *id = begin_with("");
    char ulaw[1600];
    memset(ulaw, 0x20, sizeof ulaw);
    struct said s =
        ok(ask_with(at(id, "/input"), token, "audio/basic", ulaw, sizeof ulaw, NULL), 200);
    assert_string_equal(text_at(&s, "heard"), "i need a callback");
    uint8_t wav[DESK_WAV_PCM_HEAD + 1600] = {0};
    desk_wav_pcm_head(wav, 1, 8000, 800);
    s = ok(ask_with(at(id, "/input"), token, "audio/wav; codecs=1", (char *)wav, sizeof wav, NULL),
           200);
    ok(ask_with(at(id, "/input"), token, "audio/ogg", "OggS", 4, NULL), 415);
    ok(ask_with(at(id, "/input"), token, "text/plain", "hello", 5, NULL), 415);
    s = ok(ask_with(at(id, "/input"), token, "audio/wav", "RIFFxxxx", 8, NULL), 422);
    assert_string_equal(pointer_at(&s), "#");
}

/* ---- what may not be sent -------------------------------------------------------------------- */

static void wrong_bodies_are_told_by_their_place(void **state)
{
    (void)state;
    static const struct {
        const char *what, *body, *pointer;
    } rows[] = {
        {"/start", "[]", "#"},
        {"/start", "{", "#"},
        {"/start", "{\"a\":1,\"a\":2}", "#"},
        {"/start", "\xff\xfe", "#"},
        {"/start", "{\"colour\":1}", "#/colour"},
        {"/start", "{\"a/b~c\":1}", "#/a~1b~0c"},
        {"/start", "{\"caller\":\"+14155550134\"}", "#/caller"},
        {"/start", "{\"caller\":{\"number\":4155550134}}", "#/caller/number"},
        {"/start", "{\"caller\":{\"number\":\"12\"}}", "#/caller/number"},
        {"/start", "{\"caller\":{\"verified\":\"yes\"}}", "#/caller/verified"},
        {"/start", "{\"to\":\"banana\"}", "#/to"},
        {"/start", "{\"to\":\"+18605550199\"}", "#/to"}, /* another business's */
        {"/start", "{\"to\":\"+12125550100\"}", "#/to"},
        {"/start", "{\"timeout_s\":0}", "#/timeout_s"},
        {"/start", "{\"timeout_s\":3601}", "#/timeout_s"},
        {"/start", "{\"timeout_s\":1.5}", "#/timeout_s"},
        {"/start", "{\"reply\":{\"audio\":\"mp3\"}}", "#/reply/audio"},
        {"/start", "{\"reply\":{\"voice\":\"a b\"}}", "#/reply/voice"},
        {"/input", "", "#"},
        {"/input", "{}", "#"},
        {"/input", "{\"text\":\"\"}", "#/text"},
        {"/input", "{\"text\":\" \\n\\t\"}", "#/text"},
        {"/input", "{\"text\":7}", "#/text"},
        {"/input", "{\"text\":\"a\\u0000b\"}", "#"},
        {"/input", "{\"text\":\"a\",\"keys\":\"1\"}", "#"},
        {"/input", "{\"text\":\"a\",\"silence\":true}", "#"},
        {"/input", "{\"keys\":\"1a\"}", "#/keys"},
        {"/input", "{\"audio\":\"x\"}", "#/audio"},
        {"/input", "{\"audio\":{\"format\":\"wav\"}}", "#/audio/data"},
        {"/input", "{\"audio\":{\"format\":\"mp3\",\"data\":\"AAAA\"}}", "#/audio/format"},
        {"/input", "{\"audio\":{\"format\":\"wav\",\"data\":\"AAA\"}}", "#/audio/data"},
        {"/input", "{\"audio\":{\"format\":\"wav\",\"data\":\"AAA?\"}}", "#/audio/data"},
        {"/input", "{\"audio\":{\"format\":\"wav\",\"data\":\"AAAA\"}}", "#/audio/data"},
        {"/input", "{\"audio\":{\"format\":\"mulaw\",\"data\":\"AAAA\"}}", "#/audio/data"},
        {"/end", "{\"outcome\":\"fine\"}", "#/outcome"},
        {"/end", "{\"reason\":\"x\"}", "#/reason"},
    };
    const char *id = begin_with("");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *uri = strcmp(rows[i].what, "/start") == 0 ? START : at(id, rows[i].what);
        struct said s = post(uri, rows[i].body);
        if (s.status != 422 || strcmp(pointer_at(&s), rows[i].pointer) != 0)
            fail_msg("%s %s: %s", rows[i].what, rows[i].body, s.answer.body);
        assert_string_equal(text_at(&s, "code"), "invalid");
        assert_has_not(s.answer.body, "4155550134"); /* what was sent is not said back */
    }
    ok(say(id, "after all that, I need a callback"), 200);
}

static void who_may_and_how(void **state)
{
    (void)state;
    const char *id = begin_with("");
    const char *json = "application/json";
    ok(ask_with(START, NULL, json, "{}", 0, NULL), 401);
    ok(ask_with(START, read_token, json, "{}", 0, NULL), 403);
    ok(ask_with(at(id, "/input"), read_token, json, "{}", 0, NULL), 403);
    /* another business's session is none */
    ok(ask_with(at(id, "/input"), other_token, json, "{\"text\":\"a\"}", 0, NULL), 404);
    ok(ask_with(at(id, "/end"), other_token, json, "{}", 0, NULL), 404);
    ok(ask_with(at(id, ""), other_token, NULL, NULL, 0, NULL), 404);
    ok(post("/v1/voice/session/vs_none/input", "{\"text\":\"a\"}"), 404);
    ok(post("/v1/voice/session/no%20id/input", "{\"text\":\"a\"}"), 404);
    struct said s = ok(ask_with(START, token, NULL, NULL, 0, NULL), 404); /* GET: no such session */
    s = ok(ask_with(at(id, "/input"), token, NULL, NULL, 0, NULL), 405);
    assert_has(s.answer.headers, "Allow: POST\r\n");
    ok(ask_with(START, token, "application/x-www-form-urlencoded", "a=b", 0, NULL), 415);
    ok(ask_with(START, token, NULL, "{}", 0, NULL), 415);
    /* sizes */
    char *much = desk_arena_alloc(look, DESK_MAX_AUDIO_BODY + 2);
    memset(much, ' ', DESK_MAX_AUDIO_BODY + 1);
    ok(ask_with(at(id, "/input"), token, json, much, DESK_MAX_AUDIO_BODY + 1, NULL), 413);
    ok(ask_with(START, token, json, much, DESK_MAX_BODY + 1, NULL), 413);
    s = ok(ask_with(at(id, "/input"), token, json, much, DESK_MAX_AUDIO_BODY, NULL), 422);
}

/* ---- another telephone provider -------------------------------------------------------------- */

static void another_providers_call(void **state)
{
    (void)state;
    const char *uri = "/telephony/audio";
    struct said s = ok(post(uri, "{\"call_id\":\"abc/1\",\"from\":\"" CALLER
                                 "\",\"verified\":true,\"to\":\"" TEST_TO "\"}"),
                       200);
    const char *id = session_at(&s, "id");
    assert_has(text_at(&s, "text"), "Harwick Plumbing");
    assert_string_equal(
        json_string_value(json_object_get(json_object_get(s.root, "audio"), "format")), "mulaw");
    assert_string_equal(call_of(id).channel, "telephony");
    s = ok(post(uri, desk_arena_fmt(look,
                                    "{\"call_id\":\"abc/1\",\"audio\":{\"format\":\"wav\","
                                    "\"data\":\"%s\"}}",
                                    tone64(8000, 200))),
           200);
    assert_string_equal(session_at(&s, "id"), id);
    assert_string_equal(text_at(&s, "heard"), "i need a callback");
    s = ok(post(uri, "{\"call_id\":\"abc/1\",\"keys\":\"1\"}"), 200);
    s = ok(post("/telephony/end", "{\"call_id\":\"abc/1\"}"), 200);
    assert_string_equal(session_at(&s, "state"), "COMPLETED");
    assert_string_equal(session_at(&s, "id"), id);
    s = ok(post(uri, "{\"call_id\":\"abc/1\",\"text\":\"hello\"}"), 409);
    /* a call whose first request brings words already: the greeting was not heard */
    s = ok(post(uri, "{\"call_id\":\"abc/2\",\"text\":\"I need a callback\"}"), 200);
    assert_has(text_at(&s, "missed"), "Harwick Plumbing");
    assert_int_equal(json_integer_value(json_object_get(s.root, "turn")), 1);
    /* one name, one business */
    s = ok(ask_with("/telephony/end", other_token, "application/json", "{\"call_id\":\"abc/2\"}", 0,
                    NULL),
           404);
    s = ok(post(uri, "{\"text\":\"a\"}"), 422);
    assert_string_equal(pointer_at(&s), "#/call_id");
    s = ok(post(uri, "{\"call_id\":\"\",\"text\":\"a\"}"), 422);
    assert_string_equal(pointer_at(&s), "#/call_id");
    s = ok(post(uri, "{\"call_id\":\"abc/3\",\"from\":\"x\"}"), 422);
    assert_string_equal(pointer_at(&s), "#/from");
    ok(post("/telephony/end", "{\"call_id\":\"never\"}"), 404);
}

static void every_route_was_asked(void **state)
{
    (void)state;
    static const char *const paths[] = {START,
                                        "/v1/voice/session/:id/input",
                                        "/v1/voice/session/:id/end",
                                        "/v1/voice/session/:id",
                                        "/telephony/audio",
                                        "/telephony/end"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        for (size_t k = 0; api_web.routes[k].path; k++)
            if (strcmp(api_web.routes[k].path, paths[i]) == 0)
                assert_true(atomic_load(&api_web.stats[k].requests) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_conversation_is_a_call),
        cmocka_unit_test(a_caller_may_be_nobody),
        cmocka_unit_test(a_claimed_number_is_a_strangers),
        cmocka_unit_test(words_of_danger_are_told),
        cmocka_unit_test(a_transfer_is_the_clients),
        cmocka_unit_test(a_talk_has_an_end),
        cmocka_unit_test(a_session_without_words_begins_again),
        cmocka_unit_test(a_key_makes_it_once),
        cmocka_unit_test(a_second_turn_is_told_to_wait),
        cmocka_unit_test(a_dead_turn_holds_up_nobody),
        cmocka_unit_test(silence_ends_it),
        cmocka_unit_test(the_client_says_how_it_ended),
        cmocka_unit_test(nothing_heard_twice_ends_it),
        cmocka_unit_test(answers_can_be_heard),
        cmocka_unit_test(ears_that_fail_lose_nothing),
        cmocka_unit_test(sound_may_be_the_body_itself),
        cmocka_unit_test(wrong_bodies_are_told_by_their_place),
        cmocka_unit_test(who_may_and_how),
        cmocka_unit_test(another_providers_call),
        cmocka_unit_test(every_route_was_asked),
    };
    return cmocka_run_group_tests_name("api_session", tests, begin, finish);
}
