/* The Telegram bot: whose a chat is, what is kept of what is written to it, and what it answers and
 * does, each update once; as the worker does it, with the worker's rights. */
#include "tests/sql/fixture.h"
#include "core/owner_query.h"
#include "store/alerts.h"
#include "store/outbox.h"
#include "store/promises.h"
#include "store/telegram.h"
#include "talk/owner_tell.h"
#include "talk/business.h"
#include "talk/telegram_in.h"

#include <jansson.h>

#define CHAT     "7001"
#define STRANGER "7002"
#define MINUTE   60000LL

static struct desk_db *db, *admin;
static int64_t last_update;

/* ---- the world ------------------------------------------------------------------------------- */

static int world(void **state)
{
    int failed = fx_setup(state);
    desk_setting_override(DESK_S_TELEGRAM_BOT_TOKEN, "123456:AAtoken");
    desk_setting_override(DESK_S_PUBLIC_BASE_URL, "https://desk.example.com");
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "AC0123456789abcdef0123456789abcdef");
    last_update = 100;
    admin = fx_file();
    fx_seed(admin);
    char key[DESK_BLIND_LEN]; /* the fixture's is made up: it is looked up by here */
    desk_blind(desk_db_key(admin), "t1", "+14155550134", key);
    fx_sql(admin, desk_arena_fmt(fx_a, "UPDATE contact SET number_key = '%s'", key));
    OK(desk_store_open(&db, DESK_ZONE_WORKER, 0));
    return failed;
}

static int world_end(void **state)
{
    desk_db_close(db);
    desk_db_close(admin);
    return fx_teardown(state);
}

static const char *code_for(const char *tenant, const char *user)
{
    char code[DESK_TELEGRAM_CODE_LEN];
    OK(DESK_TX_BEGIN(admin));
    OK(desk_tx_end(admin, desk_telegram_code_new(admin, tenant, user, desk_now_ms(), code)));
    return desk_arena_strdup(fx_a, code);
}

static const char *callback(const char *name, const char *number, int64_t due)
{
    char id[DESK_ID_LEN], key[DESK_BLIND_LEN];
    desk_blind(desk_db_key(admin), "t1", number, key);
    struct desk_callback cb = {.id = desk_id_new(id, "cb"),
                               .tenant_id = "t1",
                               .name = name,
                               .number = number,
                               .number_key = key,
                               .reason = "a <dripping> tap & more",
                               .state = "open",
                               .due_at = due,
                               .created_at = NOW};
    OK(DESK_TX_BEGIN(admin));
    OK(desk_tx_end(admin, desk_callback_insert(admin, &cb)));
    return desk_arena_strdup(fx_a, id);
}

/* ---- writing to the bot ---------------------------------------------------------------------- */

static json_t *message(int64_t update, const char *chat, const char *text)
{
    json_int_t id = strtoll(chat, NULL, 10);
    return json_pack("{s:I, s:{s:I, s:{s:I, s:s}, s:{s:I, s:s}, s:s}}", "update_id",
                     (json_int_t)update, "message", "message_id", (json_int_t)update, "from", "id",
                     id, "first_name", "Ann", "chat", "id", id, "type", "private", "text", text);
}

static json_t *press(int64_t update, const char *chat, const char *data)
{
    json_int_t id = strtoll(chat, NULL, 10);
    return json_pack("{s:I, s:{s:s, s:{s:I, s:s}, s:s, s:{s:I, s:{s:I, s:s}}}}", "update_id",
                     (json_int_t)update, "callback_query", "id", "99", "from", "id", id,
                     "first_name", "Ann", "data", data, "message", "message_id", (json_int_t)55,
                     "chat", "id", id, "type", "private");
}

static enum desk_rc arrive(json_t *update)
{
    enum desk_rc rc = desk_telegram_arrive(db, fx_a, update, desk_now_ms());
    json_decref(update);
    return rc;
}

/* What was kept is answered; how many there were. */
static size_t answer_all(void)
{
    struct desk_telegram_update *rows;
    size_t n = 0;
    OK(desk_telegram_update_waiting(db, fx_a, 20, &rows, &n));
    for (size_t i = 0; i < n; i++)
        OK(desk_telegram_answer(db, fx_a, &rows[i], desk_now_ms()));
    return n;
}

/* The answer to the last update, as its outbox row has it; NULL = none. beside: "" or ":press". */
static json_t *answer_of(const char *method, const char *beside)
{
    struct desk_outbox row;
    const char *cause =
        desk_arena_fmt(fx_a, "telegram:123456:%lld%s", (long long)last_update, beside);
    if (desk_outbox_by_cause(db, fx_a, "t1", cause, &row))
        return NULL;
    json_t *p = json_loads(row.payload, 0, NULL);
    assert_string_equal(row.kind, DESK_OUTBOX_TELEGRAM_REPLY);
    assert_string_equal(json_string_value(json_object_get(p, "method")), method);
    json_t *body = json_incref(json_object_get(p, "body"));
    json_decref(p);
    return body;
}

static const char *text_of(json_t *body)
{
    assert_non_null(body);
    return desk_arena_strdup(fx_a, json_string_value(json_object_get(body, "text")));
}

static json_t *wrote(const char *chat, const char *text)
{
    OK(arrive(message(++last_update, chat, text)));
    assert_int_equal(answer_all(), 1);
    return answer_of("sendMessage", "");
}

static const char *said(const char *text)
{
    json_t *body = wrote(CHAT, text);
    const char *words = text_of(body);
    assert_string_equal(json_string_value(json_object_get(body, "chat_id")), CHAT);
    assert_string_equal(json_string_value(json_object_get(body, "parse_mode")), "HTML");
    json_decref(body);
    return words;
}

/* The data of the first button whose words begin so; NULL = there is none. */
static const char *key_of(json_t *body, const char *words)
{
    size_t i, k;
    const json_t *row, *key;
    json_array_foreach(json_object_get(json_object_get(body, "reply_markup"), "inline_keyboard"), i,
                       row)
        json_array_foreach(row, k,
                           key) if (strncmp(json_string_value(json_object_get(key, "text")), words,
                                            strlen(words)) ==
                                    0) return desk_arena_strdup(fx_a,
                                                                json_string_value(json_object_get(
                                                                    key, "callback_data")));
    return NULL;
}

/* A button is pressed: the toast. *edit gets the message as it is then, or NULL. */
static const char *pressed(const char *data, json_t **edit)
{
    assert_non_null(data);
    assert_true(strlen(data) <= 64);
    OK(arrive(press(++last_update, CHAT, data)));
    assert_int_equal(answer_all(), 1);
    json_t *toast = answer_of("answerCallbackQuery", ":press");
    const char *words = text_of(toast);
    assert_string_equal(json_string_value(json_object_get(toast, "callback_query_id")), "99");
    json_decref(toast);
    *edit = answer_of("editMessageText", "");
    if (*edit)
        assert_int_equal(json_integer_value(json_object_get(*edit, "message_id")), 55);
    return words;
}

static void has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("\"%s\" is not in: %s", part, text);
}

static void link_it(void)
{
    json_t *body = wrote(CHAT, desk_arena_fmt(fx_a, "/start %s", code_for("t1", "u1")));
    has(text_of(body), "This chat answers to <b>One</b> now.");
    json_decref(body);
}

/* ---- the tests ------------------------------------------------------------------------------- */

static void strangers(void **state)
{
    (void)state;
    static const char *const texts[] = {"hello", "/start", "/start nonsense", "/callbacks"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_int_equal(arrive(message(++last_update, STRANGER, texts[i])), DESK_DONE);
    assert_int_equal(arrive(press(++last_update, STRANGER, "v1:d:cb_1:00000000")), DESK_DONE);
    link_it();
    assert_int_equal(arrive(message(++last_update, STRANGER, "/callbacks")), DESK_DONE);
    assert_int_equal(fx_int(admin, "SELECT count(*) FROM telegram_update"), 1);
    assert_int_equal(fx_int(admin, "SELECT count(*) FROM outbox"), 1);
}

/* Groups, channels, edits: nobody's, even with a code that holds. */
static void not_private(void **state)
{
    (void)state;
    const char *start = desk_arena_fmt(fx_a, "/start %s", code_for("t1", "u1"));
    json_t *group = json_pack("{s:i, s:{s:i, s:{s:i, s:s}, s:{s:i, s:s}, s:s}}", "update_id", 5,
                              "message", "message_id", 1, "from", "id", 7001, "first_name", "Ann",
                              "chat", "id", -100, "type", "group", "text", start);
    assert_int_equal(arrive(group), DESK_DONE);
    assert_int_equal(
        arrive(json_pack("{s:i, s:{s:s}}", "update_id", 6, "edited_message", "text", start)),
        DESK_DONE);
    static const char *const odd[] = {"{}", "[]", "7", "{\"update_id\":\"x\"}",
                                      "{\"update_id\":9,\"message\":[]}"};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
        assert_int_equal(arrive(json_loads(odd[i], JSON_DECODE_ANY, NULL)), DESK_DONE);
    assert_int_equal(fx_int(admin, "SELECT count(*) FROM telegram_update"), 0);
}

static void codes(void **state)
{
    (void)state;
    const char *first = code_for("t1", "u1"), *second = code_for("t1", "u1");
    assert_int_equal(arrive(message(++last_update, CHAT, desk_arena_fmt(fx_a, "/start %s", first))),
                     DESK_DONE); /* the second took its place */
    desk_clock_fake(NOW + 15 * MINUTE);
    const char *start = desk_arena_fmt(fx_a, "/start %s", second);
    assert_int_equal(arrive(message(++last_update, CHAT, start)), DESK_DONE); /* too late */
    link_it();
    assert_int_equal(fx_int(admin, "SELECT count(*) FROM telegram_code"), 0);
    assert_int_equal(fx_int(admin, "SELECT count(*) FROM audit WHERE action = 'telegram.link'"), 1);
    /* a code is not kept as it is, and a chat's number is nowhere to be read */
    assert_int_equal(fx_int(admin, "SELECT count(*) FROM telegram_link WHERE "
                                   "CAST(chat AS TEXT) LIKE '%7001%'"),
                     0);
}

/* Two codes were out and one chat sends both: it answers to the last. */
static void a_chat_is_one_persons(void **state)
{
    (void)state;
    const struct desk_user u = {
        .id = "u2", .tenant_id = "t2", .login = "bob", .password_hash = "none", .created_at = NOW};
    struct desk_location l = {"l2",  "t2",           "Main", "UTC", "{}",
                              "Bob", "+14155550188", NOW,    NULL,  NULL};
    OK(DESK_TX_BEGIN(admin));
    OK(desk_user_insert(admin, &u));
    OK(desk_tx_end(admin, desk_location_insert(admin, &l)));
    link_it();
    OK(arrive(
        message(++last_update, CHAT, desk_arena_fmt(fx_a, "/start %s", code_for("t2", "u2")))));
    OK(arrive(message(++last_update, CHAT, "/callbacks"))); /* still t1's, when it came */
    assert_int_equal(answer_all(), 2);
    assert_null(answer_of("sendMessage", "")); /* of t1: the chat is not its any more */
    assert_int_equal(fx_int(admin, "SELECT count(*) FROM telegram_link"), 1);
    assert_string_equal(fx_text(admin, "SELECT tenant_id FROM telegram_link"), "t2");
}

static void each_update_once(void **state)
{
    (void)state;
    link_it();
    callback("Grace Hopper", "+14155550134", NOW - MINUTE);
    OK(arrive(message(++last_update, CHAT, "/status")));
    assert_int_equal(arrive(message(last_update, CHAT, "/status")), DESK_DONE);
    assert_int_equal(answer_all(), 1);
    assert_int_equal(arrive(message(last_update, CHAT, "/status")), DESK_DONE);
    assert_int_equal(answer_all(), 0);
    assert_int_equal(fx_int(admin, "SELECT count(*) FROM outbox WHERE kind = 'telegram_reply'"), 2);
    /* after a week Telegram brings nothing of it any more */
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, desk_telegram_update_purge(db, "t1", NOW + 1)));
    assert_int_equal(fx_int(admin, "SELECT count(*) FROM telegram_update"), 0);
}

/* What cannot be answered is not tried for ever, and holds up nobody. */
static void what_fails(void **state)
{
    struct desk_telegram_update *rows;
    size_t n = 0;
    (void)state;
    link_it();
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, desk_telegram_update_add(db, "123456:1", "t1", "no JSON")));
    for (int i = 0; i < DESK_TELEGRAM_TRIES; i++) {
        OK(desk_telegram_update_waiting(db, fx_a, 20, &rows, &n));
        assert_int_equal(n, 1);
        assert_int_equal(desk_telegram_answer(db, fx_a, &rows[0], NOW), DESK_EINVAL);
        OK(DESK_TX_BEGIN(db));
        OK(desk_tx_end(db, desk_telegram_update_tried(db, &rows[0])));
    }
    OK(desk_telegram_update_waiting(db, fx_a, 20, &rows, &n));
    assert_int_equal(n, 0);
    assert_string_equal(fx_text(admin, "SELECT state FROM telegram_update WHERE id = '123456:1'"),
                        "failed");
}

static void words(void **state)
{
    (void)state;
    link_it();
    static const struct {
        const char *text, *has;
    } rows[] = {
        {"/help", "/callbacks \u2013 who waits"},
        {"/HELP@one_bot", "any emergencies?"},
        {"/start", "/search"},
        {"/nonsense", "That is none of these"},
        {"/callbacks", "Nobody waits for a call back."},
        {"/search", "Write whom"},
        {"/search Nobody <b>", "Nobody found for &quot;Nobody &lt;b&gt;&quot;."},
        {"/search hopper", "<b>Grace Hopper, (415)\u00a0555-0134</b>"},
        {"/search 555-0134", "Grace Hopper"},
        {"/search +1 415 555 0134", "Grace Hopper"},
        {"/digest", "One"},
        {"/digest week", " to "},
        {"/status", "<b>One</b>\n"},
        {"/status", "Everything that was to be sent was sent."},
        {"/hours", "Open at any hour."},
        {"/mute x", "Write for how long"},
        {"/mute 25h", "Write for how long"},
        {"who called today?", "call"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        has(said(rows[i].text), rows[i].has);
}

static void the_list_and_its_buttons(void **state)
{
    json_t *edit, *body;
    (void)state;
    link_it();
    const char *grace = callback("Grace Hopper", "+14155550134", NOW - MINUTE);
    for (int i = 0; i < 6; i++)
        callback(NULL, desk_arena_fmt(fx_a, "+141555501%02d", 40 + i), NOW + MINUTE);
    body = wrote(CHAT, "/callbacks");
    has(text_of(body), "7 people wait for a call back.");
    has(text_of(body), "1. <b>Grace Hopper, (415)\u00a0555-0134</b>\na &lt;dripping&gt; tap &amp; "
                       "more\nmissed: was due");
    const char *done = key_of(body, "\u2713 Done: Grace Hopper"), *more = key_of(body, "More"),
               *ring = key_of(body, "\u260e Call now");
    json_decref(body);

    assert_string_equal(pressed(more, &edit), "");
    has(text_of(edit), "6. ");
    assert_non_null(key_of(edit, "\u2039 Before"));
    json_decref(edit);

    has(pressed(ring, &edit), "Your phone rings");
    assert_null(edit);
    has(pressed(ring, &edit), "Your phone rings"); /* it does already */
    assert_int_equal(fx_int(admin, "SELECT count(*) FROM outbox WHERE kind = 'call'"), 1);

    assert_string_equal(pressed(done, &edit), "Marked done.");
    has(text_of(edit), "6 people wait");
    const char *undo = key_of(edit, "Undo: Grace Hopper");
    json_decref(edit);
    assert_string_equal(fx_text(admin, desk_arena_fmt(fx_a,
                                                      "SELECT state FROM callback WHERE id "
                                                      "= '%s'",
                                                      grace)),
                        "done");
    assert_string_equal(pressed(done, &edit), "It is done already.");
    assert_null(key_of(edit, "Undo"));
    json_decref(edit);
    assert_string_equal(pressed(undo, &edit), "Not done after all.");
    has(text_of(edit), "7 people wait");
    json_decref(edit);
    assert_int_equal(fx_int(admin, "SELECT count(*) FROM audit WHERE user_id = 'u1' AND object = "
                                   "(SELECT id FROM callback WHERE due_at < 1790000000000)"),
                     3);
}

/* What stands in a button comes from outside. */
static void forged_buttons(void **state)
{
    json_t *edit;
    (void)state;
    link_it();
    const char *grace = callback("Grace Hopper", "+14155550134", NOW - MINUTE);
    json_t *body = wrote(CHAT, "/search hopper");
    const char *good = key_of(body, "\u2713 Done");
    json_decref(body);
    char *other = desk_arena_strdup(fx_a, good);
    other[strlen(other) - 1] = other[strlen(other) - 1] == '0' ? '1' : '0';
    const char *const bad[] = {other,
                               desk_arena_fmt(fx_a, "v1:d:%s:00000000", grace),
                               desk_arena_fmt(fx_a, "v1:d:%s", grace),
                               "v1:d:",
                               "v1:",
                               "x",
                               desk_arena_fmt(fx_a, "%s0", good),
                               desk_arena_strndup(fx_a, good, strlen(good) - 1)};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        has(pressed(bad[i], &edit), "does not work any more");
        assert_null(edit);
    }
    assert_int_equal(fx_int(admin, "SELECT count(*) FROM callback WHERE state = 'open'"), 1);
    assert_string_equal(pressed(good, &edit), "Marked done.");
    json_decref(edit);
}

static void no_sound(void **state)
{
    json_t *edit;
    (void)state;
    link_it();
    json_t *body = wrote(CHAT, "/mute 2h");
    has(text_of(body), "without sound until");
    struct desk_telegram_link link;
    OK(desk_telegram_link_by_chat(db, fx_a, CHAT, &link));
    assert_int_equal(link.muted_until, NOW + 120 * MINUTE);
    has(said("/status"), "Without sound until");
    OK(arrive(press(++last_update, CHAT, key_of(body, "With sound again"))));
    assert_int_equal(answer_all(), 1);
    edit = answer_of("editMessageText", "");
    has(text_of(edit), "with sound again");
    json_decref(edit);
    json_decref(body);
    OK(desk_telegram_link_by_chat(db, fx_a, CHAT, &link));
    assert_int_equal(link.muted_until, 0);
    said("/mute");
    OK(desk_telegram_link_by_chat(db, fx_a, CHAT, &link));
    assert_int_equal(link.muted_until, NOW + 60 * MINUTE);
    said("/mute off");
    OK(desk_telegram_link_by_chat(db, fx_a, CHAT, &link));
    assert_int_equal(link.muted_until, 0);
}

static void unlinked(void **state)
{
    (void)state;
    link_it();
    has(said("/unlink"), "nobody's any more");
    assert_int_equal(arrive(message(++last_update, CHAT, "/help")), DESK_DONE);
    link_it();
    fx_sql(admin, "DELETE FROM user WHERE id = 'u1'"); /* and with them their chat */
    assert_int_equal(arrive(message(++last_update, CHAT, "/help")), DESK_DONE);
}

/* Callers who tell of their health: nobody is named where others' machines keep it. */
static void health(void **state)
{
    (void)state;
    fx_sql(admin, "UPDATE tenant SET profile = '{\"phi\": true}' WHERE id = 't1'");
    struct desk_business b;
    OK(desk_business_load(admin, fx_a, "t1", NULL, &b));
    assert_true(b.phi);
    link_it();
    callback("Grace Hopper", "+14155550134", NOW - MINUTE);
    static const char *const texts[] = {"/callbacks", "/search hopper", "who called today?",
                                        "/digest", "/status"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_null(strstr(said(texts[i]), "Grace"));
    has(said("/callbacks"), "1 person waits");
    has(said("/callbacks"), "<a href=\"https://desk.example.com\">the dashboard</a>");
}

/* Without a chat in the settings the owner hears of things in the one that is linked. */
static void where_the_owner_hears(void **state)
{
    struct desk_business b;
    const char *chat;
    (void)state;
    OK(desk_business_load(admin, fx_a, "t1", NULL, &b));
    OK(desk_owner_chat(db, fx_a, "t1", &b, &chat));
    assert_string_equal(chat, "");
    link_it();
    OK(desk_owner_chat(db, fx_a, "t1", &b, &chat));
    assert_string_equal(chat, CHAT);
    desk_setting_override(DESK_S_TELEGRAM_CHAT_ID, "-1001");
    OK(desk_owner_chat(db, fx_a, "t1", &b, &chat));
    assert_string_equal(chat, "-1001");
    desk_setting_override(DESK_S_TELEGRAM_CHAT_ID, "");
}

/* ---- what it tells by itself ----------------------------------------------------------------- */

/* An alarm of the fixture's call, as it is queued; its buttons as a message's body has them. */
static json_t *alarm_queued(const char *alert, const char *key)
{
    struct desk_outbox row;
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, desk_telegram_queue(db, fx_a,
                                           &(struct desk_telegram_new){.tenant_id = "t1",
                                                                       .call_id = "call1",
                                                                       .chat = CHAT,
                                                                       .text = "P1: gas",
                                                                       .key = key,
                                                                       .keys = true,
                                                                       .alert_id = alert})));
    OK(desk_outbox_by_cause(db, fx_a, "t1", desk_arena_fmt(fx_a, "%s:telegram", key), &row));
    assert_string_equal(row.kind, DESK_OUTBOX_TELEGRAM);
    json_t *p = json_loads(row.payload, 0, NULL), *keys = json_object_get(p, "keys");
    json_t *body = keys ? json_pack("{s:{s:O}}", "reply_markup", "inline_keyboard", keys) : NULL;
    json_decref(p);
    return body;
}

/* A button of that message is pressed: the toast. *body is the message as it stands then. */
static const char *pressed_beneath(json_t **body, const char *words)
{
    const char *data = key_of(*body, words);
    if (!data)
        fail_msg("no button \"%s\"", words);
    json_t *update = press(++last_update, CHAT, data);
    json_object_set(json_object_get(json_object_get(update, "callback_query"), "message"),
                    "reply_markup", json_object_get(*body, "reply_markup"));
    OK(arrive(update));
    assert_int_equal(answer_all(), 1);
    assert_null(answer_of("editMessageText", "")); /* the words of an alarm stay */
    json_t *toast = answer_of("answerCallbackQuery", ":press");
    const char *said = text_of(toast);
    json_decref(toast);
    json_t *now = answer_of("editMessageReplyMarkup", ":keys");
    if (now) {
        assert_int_equal(json_integer_value(json_object_get(now, "message_id")), 55);
        assert_string_equal(json_string_value(json_object_get(now, "chat_id")), CHAT);
        json_decref(*body);
        *body = now;
    }
    return said;
}

static const char *an_alert(void)
{
    OK(DESK_TX_BEGIN(admin));
    OK(desk_tx_end(admin, desk_alert_insert(admin, &(struct desk_alert){.id = "alert_1",
                                                                        .tenant_id = "t1",
                                                                        .call_id = "call1",
                                                                        .who_key = "k",
                                                                        .kind = "emergency",
                                                                        .severity = "P1",
                                                                        .because = "gas",
                                                                        .words = "gas",
                                                                        .told = true,
                                                                        .state = "open",
                                                                        .created_at = NOW})));
    return "alert_1";
}

static void alarms_have_buttons(void **state)
{
    (void)state;
    const char *cb = callback("Grace", "+14155550134", NOW + 5 * MINUTE), *alert = an_alert();
    fx_sql(admin, "UPDATE callback SET call_id = 'call1'");
    assert_null(alarm_queued(alert, "x1")); /* the chat is nobody's: nobody's press is heard */
    link_it();
    json_t *body = alarm_queued(alert, "x2");
    json_t *first = json_deep_copy(body);
    /* seen, and not after all */
    assert_string_equal(pressed_beneath(&body, "\u2713 I have seen it"),
                        "Noted: you have seen it.");
    assert_int_equal(fx_int(admin, "SELECT count(*) FROM alert WHERE state = 'seen'"), 1);
    assert_null(key_of(body, "\u2713 I have seen it"));
    assert_non_null(key_of(body, "\u2713 Called back: Grace")); /* the others stay */
    /* the same press again, as an old message of another phone has it */
    assert_string_equal(pressed_beneath(&first, "\u2713 I have seen it"), "It was seen already.");
    assert_int_equal(fx_int(admin, "SELECT count(*) FROM audit WHERE action = 'alert.seen'"), 1);
    assert_string_equal(pressed_beneath(&body, "Not seen after all"), "Not seen after all.");
    assert_int_equal(fx_int(admin, "SELECT count(*) FROM alert WHERE state = 'open'"), 1);
    /* called back */
    assert_string_equal(pressed_beneath(&body, "\u2713 Called back: Grace"), "Marked done.");
    assert_int_equal(
        fx_int(admin, desk_arena_fmt(fx_a,
                                     "SELECT count(*) FROM callback WHERE id = '%s' AND "
                                     "state = 'done'",
                                     cb)),
        1);
    assert_string_equal(pressed_beneath(&first, "\u2713 Called back: Grace"),
                        "It is done already.");
    assert_string_equal(pressed_beneath(&body, "Undo: Grace"), "Not done after all.");
    assert_int_equal(fx_int(admin, "SELECT count(*) FROM callback WHERE state = 'open'"), 1);
    /* the sound */
    has(pressed_beneath(&body, "No sound for an hour"), "Emergencies sound all the same");
    assert_int_equal(
        fx_int(admin,
               desk_arena_fmt(fx_a, "SELECT count(*) FROM telegram_link WHERE muted_until = %lld",
                              (long long)(desk_now_ms() + 60 * MINUTE))),
        1);
    has(pressed_beneath(&body, "With sound again"), "with sound again");
    assert_int_equal(
        fx_int(admin, "SELECT count(*) FROM telegram_link WHERE coalesce(muted_until, 0) = 0"), 1);
    assert_non_null(key_of(body, "No sound for an hour"));
    json_decref(first);
    json_decref(body);
}

/* Another chat's button, another business's alert, and a board full of nonsense do nothing. */
static void alarms_buttons_are_proved(void **state)
{
    (void)state;
    json_t *toast;
    const char *alert = an_alert();
    link_it();
    json_t *body = alarm_queued(alert, "x1");
    const char *data = key_of(body, "\u2713 I have seen it");
    assert_non_null(data);
    char *forged = desk_arena_strdup(fx_a, data);
    forged[strlen(forged) - 1] = forged[strlen(forged) - 1] == '0' ? '1' : '0';
    OK(arrive(press(++last_update, CHAT, forged)));
    assert_int_equal(answer_all(), 1);
    toast = answer_of("answerCallbackQuery", ":press");
    has(text_of(toast), "does not work any more");
    json_decref(toast);
    fx_sql(admin, "UPDATE alert SET tenant_id = 't2'");
    assert_string_equal(pressed_beneath(&body, "\u2713 I have seen it"), "It was seen already.");
    assert_int_equal(fx_int(admin, "SELECT count(*) FROM alert WHERE state = 'open'"), 1);
    fx_sql(admin, "UPDATE alert SET tenant_id = 't1'");
    static const char *const boards[] = {"[]",  "7",     "{}",
                                         "[7]", "[[7]]", "[[{\"callback_data\":7}]]"};
    for (size_t i = 0; i < sizeof boards / sizeof *boards; i++) {
        json_t *update = press(++last_update, CHAT, data);
        json_object_set_new(
            json_object_get(json_object_get(update, "callback_query"), "message"), "reply_markup",
            json_pack("{s:o}", "inline_keyboard", json_loads(boards[i], JSON_DECODE_ANY, NULL)));
        OK(arrive(update));
        assert_int_equal(answer_all(), 1);
        assert_null(answer_of("editMessageReplyMarkup", ":keys"));
    }
    json_decref(body);
}

#define BOT(f) cmocka_unit_test_setup_teardown(f, world, world_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOT(strangers),
        BOT(not_private),
        BOT(codes),
        BOT(a_chat_is_one_persons),
        BOT(words),
        BOT(each_update_once),
        BOT(what_fails),
        BOT(the_list_and_its_buttons),
        BOT(no_sound),
        BOT(forged_buttons),
        BOT(unlinked),
        BOT(health),
        BOT(where_the_owner_hears),
        BOT(alarms_have_buttons),
        BOT(alarms_buttons_are_proved),
    };
    return cmocka_run_group_tests_name("telegram_bot", tests, NULL, NULL);
}
