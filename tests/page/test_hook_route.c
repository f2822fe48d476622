/* Who calls decides what happens before a word is said: exceptions ring the owner, blocked numbers
 * are not answered, a business may ring its staff first, and which script runs is kept. */
#include "tests/page/hook_world.h"
#include "store/alerts.h"
#include "store/contacts.h"
#include "store/exceptions.h"
#include "store/outbox.h"
#include "store/results.h"

#define HOOK(uri, sid, from, to, ...) hook_page(uri, CALL_FIELDS(sid, from, to, ##__VA_ARGS__))

/* A business of its own for each profile; its number. */
static const char *business(const char *profile)
{
    static unsigned n;
    const char *number = desk_arena_fmt(look, "+1303555%04u", 120 + ++n);
    const char *tenant = test_shop_open(&(struct test_shop){.slug = desk_arena_fmt(look, "r%u", n),
                                                            .number = number,
                                                            .name = "Larkspur",
                                                            .zone = "America/Denver",
                                                            .profile = profile,
                                                            .owner_name = "Mike",
                                                            .owner_phone = "+13035550101"});
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    assert_int_equal(
        desk_tx_end(admin_db, desk_exception_put(admin_db, tenant, FRIEND, "Ann", "family")),
        DESK_OK);
    return number;
}

static void exceptions_ring_the_owner_without_a_word(void **state)
{
    (void)state;
    const char *to = business("{}"), *sid = new_sid();
    struct answer a = HOOK("/voice/incoming", sid, FRIEND, to);
    assert_has(a.body, "<Dial ");
    assert_has(a.body, ">+13035550101</Number>");
    assert_has_not(a.body, "<Say");
    assert_has_not(a.body, "whisper");
    struct desk_call c = call_of(sid);
    assert_string_equal(c.caller_kind, "exception");
    assert_string_equal(c.action, "transfer_exception");
    assert_null(c.script);
    assert_has(HOOK("/voice/incoming", sid, FRIEND, to).body, "<Dial "); /* the webhook again */
    /* a number that the carrier cannot confirm is nobody's */
    sid = new_sid();
    a = HOOK("/voice/incoming", sid, FRIEND, to, "StirVerstat", "TN-Validation-Failed-C");
    assert_has(a.body, "<Stream ");
    assert_string_equal(call_of(sid).caller_kind, "new");
    /* nor is a hidden one */
    sid = new_sid();
    assert_has(HOOK("/voice/incoming", sid, "anonymous", to).body, "<Stream ");
    assert_string_equal(call_of(sid).caller_kind, "withheld");
    /* who did not answer the exception promises a callback */
    sid = new_sid();
    HOOK("/voice/incoming", sid, FRIEND, to);
    a = HOOK("/voice/dial-done", sid, FRIEND, to, "DialCallStatus", "no-answer");
    assert_has(a.body, "<Record ");
    c = call_of(sid);
    c.ended_at = 1;
    assert_string_equal(desk_call_decision(&c), "transferred_exception");
    /* off the list: answered like anybody */
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    assert_int_equal(desk_tx_end(admin_db, desk_exception_remove(admin_db, c.tenant_id, FRIEND)),
                     DESK_OK);
    assert_has(HOOK("/voice/incoming", new_sid(), FRIEND, to).body, "<Stream ");
}

static void blocked_numbers_are_not_answered(void **state)
{
    (void)state;
    const char *to = business("{}"), *sid = new_sid();
    HOOK("/voice/incoming", sid, PEST, to); /* makes the contact */
    struct desk_call c = call_of(sid);
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    assert_int_equal(
        desk_tx_end(admin_db, desk_contact_standing(admin_db, c.tenant_id, c.contact_id,
                                                    DESK_STANDING_BLOCKED)),
        DESK_OK);
    sid = new_sid();
    assert_has(HOOK("/voice/incoming", sid, PEST, to).body, "<Reject");
    assert_string_equal(call_of(sid).outcome, DESK_OUT_BLOCKED);
}

static void scripts_follow_the_rules(void **state)
{
    (void)state;
    const char *to = business("{}"), *sid = new_sid();
    HOOK("/voice/incoming", sid, OTHER, to);
    assert_string_equal(call_of(sid).script, "general_incoming");
    sid = new_sid();
    HOOK("/voice/incoming", sid, OTHER, to); /* known by now */
    assert_string_equal(call_of(sid).script, "known_client_support");
    to = business("{\"screening\":true,\"scripts\":{\"general\":\"concierge_screening\"}}");
    sid = new_sid();
    HOOK("/voice/incoming", sid, OTHER, to);
    assert_string_equal(call_of(sid).script, "concierge_screening");
    assert_string_equal(call_of(sid).action, "screen");
}

/* Somebody out of the owner's file has never called, and is known all the same; so is a second
 * number of theirs. A forged one is not. */
static void whom_the_owner_wrote_down_is_known(void **state)
{
    static const char first[] = "+13035550155", second[] = "+13035550156";
    const char *v[DESK_FACT__MAX] = {[DESK_FACT_NAME] = "Dana Reed"};
    struct desk_contact one, two;
    (void)state;
    const char *to = business("{}"), *sid = new_sid();
    HOOK("/voice/incoming", sid, OTHER, to);
    const char *tenant = call_of(sid).tenant_id;
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    assert_int_equal(desk_contact_ensure(admin_db, look, tenant, first, &one), DESK_DONE);
    assert_int_equal(desk_contact_ensure(admin_db, look, tenant, second, &two), DESK_DONE);
    assert_int_equal(desk_contact_set(admin_db, look, tenant, one.id, v, DESK_FROM_IMPORT, NULL),
                     DESK_OK);
    assert_int_equal(
        desk_tx_end(admin_db, desk_contact_merge(admin_db, look, tenant, one.id, two.id)), DESK_OK);
    sid = new_sid();
    HOOK("/voice/incoming", sid, first, to);
    assert_string_equal(call_of(sid).caller_kind, "known");
    sid = new_sid();
    HOOK("/voice/incoming", sid, second, to);
    assert_string_equal(call_of(sid).caller_kind, "known");
    assert_string_equal(call_of(sid).contact_id, one.id);
    assert_string_equal(call_of(sid).from_number, second);
    sid = new_sid();
    HOOK("/voice/incoming", sid, first, to, "StirVerstat", "TN-Validation-Failed-A");
    assert_string_equal(call_of(sid).caller_kind, "spam");
}

static void staff_are_rung_first(void **state)
{
    (void)state;
    const char *to = business(
        "{\"answering\":{\"mode\":\"staff_first\",\"ring\":\"owner\",\"ring_seconds\":12}}");
    const char *sid = new_sid();
    struct answer a = HOOK("/voice/incoming", sid, OTHER, to);
    assert_has(a.body, ">+13035550101</Number>");
    a = HOOK("/voice/dial-done", sid, OTHER, to, "DialCallStatus", "no-answer");
    assert_has(a.body, "<Stream "); /* now the receptionist answers */
    struct desk_callback *cb;
    struct desk_call c = call_of(sid);
    size_t n;
    assert_int_equal(desk_callback_by_call(admin_db, look, c.tenant_id, c.id, &cb, &n), DESK_OK);
    assert_int_equal(n, 0);
    /* somebody answered: nothing more */
    sid = new_sid();
    HOOK("/voice/incoming", sid, OTHER, to);
    a = HOOK("/voice/dial-done", sid, OTHER, to, "DialCallStatus", "completed");
    assert_has(a.body, "<Hangup/>");
    assert_string_equal(call_of(sid).outcome, DESK_OUT_TRANSFERRED);
    /* off: nobody else answers */
    to = business("{\"answering\":{\"mode\":\"off\",\"ring\":\"owner\"}}");
    sid = new_sid();
    assert_has(HOOK("/voice/incoming", sid, OTHER, to).body, "<Dial ");
    a = HOOK("/voice/dial-done", sid, OTHER, to, "DialCallStatus", "busy");
    assert_has(a.body, "<Record ");
}

/* Words said in a turn by questions: an emergency is told to the owner in the same moment, once. */
static void an_emergency_is_told_at_once(void **state)
{
    (void)state;
    static const char profile[] =
        "{\"answering\":{\"mode\":\"gather\"},\"emergency\":{\"phrases\":[{\"say\":\"burst "
        "pipe\",\"severity\":\"P1\"},{\"say\":\"no hot water\",\"severity\":\"P2\"}]}}";
    static const struct {
        const char *says, *severity; /* of the call afterwards */
        size_t alerts, texts;
    } turns[] = {
        {"we had a burst pipe last year and you fixed it", NULL, 0, 0},
        {"now we have no hot water", "P2", 1, 1},
        {"still no hot water in here", "P2", 1, 1},
        {"oh god there is a burst pipe in the basement", "P1", 2, 2},
        {"the burst pipe is spraying everywhere", "P1", 2, 2},
    };
    const char *to = business(profile), *sid = new_sid();
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "AC0123456789abcdef0123456789abcdef");
    HOOK("/voice/incoming", sid, OTHER, to);
    for (size_t i = 0; i < sizeof turns / sizeof *turns; i++) {
        struct desk_alert *alerts;
        struct desk_outbox *rows;
        size_t n, texts;
        HOOK("/voice/turn", sid, OTHER, to, "SpeechResult", turns[i].says);
        struct desk_call c = call_of(sid);
        if (turns[i].severity)
            assert_string_equal(c.severity, turns[i].severity);
        else
            assert_null(c.severity);
        assert_int_equal(desk_alert_by_call(admin_db, look, c.tenant_id, c.id, &alerts, &n),
                         DESK_OK);
        assert_int_equal(n, turns[i].alerts);
        assert_int_equal(desk_outbox_by_call(admin_db, look, c.tenant_id, c.id, &rows, &texts),
                         DESK_OK);
        assert_int_equal(texts, turns[i].texts);
        for (size_t k = 0; k < texts; k++) {
            assert_int_equal(rows[k].priority, DESK_OUTBOX_ALERT);
            assert_has(rows[k].payload, "+13035550101");
            assert_has(rows[k].payload, k ? " P1: " : " P2: "); /* by its template */
            assert_has(rows[k].payload, "\"text\":\"emergency_owner\"");
            assert_has(rows[k].payload, k ? "in the basement.\\\"" : "no hot water.\\\"");
        }
        assert_int_equal(c.urgent, turns[i].alerts > 1); /* by the P1 */
    }
    /* the same caller, another call, within five minutes: noticed, but not told again */
    sid = new_sid();
    HOOK("/voice/incoming", sid, OTHER, to);
    HOOK("/voice/turn", sid, OTHER, to, "SpeechResult", "it is about the burst pipe");
    struct desk_call c = call_of(sid);
    struct desk_alert *alerts;
    size_t n;
    assert_int_equal(desk_alert_by_call(admin_db, look, c.tenant_id, c.id, &alerts, &n), DESK_OK);
    assert_int_equal(n, 1);
    assert_false(alerts[0].told);
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "");
}

/* Beside the text a message by Telegram, under the same gate, or as the business wants it told; of
 * health data only that there is something. Nobody is left untold because one way is not set up. */
static void emergencies_go_by_telegram_too(void **state)
{
    (void)state;
#define PHRASES                                                                                    \
    "\"answering\":{\"mode\":\"gather\"},\"emergency\":{\"phrases\":[{\"say\":\"burst "            \
    "pipe\",\"severity\":\"P1\"},{\"say\":\"no hot water\",\"severity\":\"P2\"},{\"say\":"         \
    "\"dripping tap\",\"severity\":\"P3\"}],\"tell\":{\"P3\":[\"owner\"]}"
#define BY(ways) "{" PHRASES ",\"by\":{" ways "}}}"
#define ESCALATES                                                                                  \
    "{\"answering\":{\"mode\":\"gather\"},\"escalation\":{\"triggers\":[\"full_remodel\"]"
#define REMODEL "we want to remodel the whole kitchen and bath down to the studs"
    static const struct {
        const char *profile, *token, *chat, *says, *has, *has_not;
        size_t messages, texts;
    } rows[] = {
        {"{" PHRASES "}}", "1:a", "42", "there is no hot water", "\"chat\":\"42\"", "[\"chat\"]", 1,
         1},
        {"{" PHRASES "}}", "1:a", "42", "the burst pipe floods us", "burst pipe", "$", 1, 1},
        {"{" PHRASES "},\"phi\":true}", "1:a", "42", "the burst pipe floods us",
         "P1: a caller reported an emergency", "burst", 1, 1},
        {"{" PHRASES "},\"owner\":{\"telegram\":\"@larkspur\"}}", "1:a", "42",
         "the burst pipe floods us", "\"chat\":\"@larkspur\"", "42", 1, 1},
        {"{" PHRASES "}}", "1:a", "42", "it is a dripping tap", "", "", 0, 1},
        {BY("\"P3\":[\"telegram\"]"), "1:a", "42", "it is a dripping tap", "dripping", "$", 1, 0},
        {BY("\"P1\":[\"sms\"]"), "1:a", "42", "the burst pipe floods us", "", "", 0, 1},
        {BY("\"P1\":[\"telegram\"]"), "1:a", "42", "the burst pipe floods us", "P1", "$", 1, 0},
        {BY("\"P1\":[\"telegram\"]"), "1:a", "42", "there is no hot water", "P2", "$", 1, 1},
        {BY("\"P1\":[\"telegram\"]"), "", "42", "the burst pipe floods us", "", "", 0, 1},
        {ESCALATES "}}", "1:a", "42", REMODEL, "remodel", "$", 1, 1},
        {ESCALATES ",\"by\":[\"telegram\"]}}", "1:a", "42", REMODEL, "remodel", "$", 1, 0},
        {ESCALATES ",\"by\":[\"sms\"]}}", "1:a", "42", REMODEL, "", "", 0, 1},
        {ESCALATES "},\"phi\":true}", "1:a", "42", REMODEL, "a caller needs the owner", "studs", 1,
         1},
        {"{" PHRASES "}}", "1:a", "", "the burst pipe floods us", "", "", 0, 1},
        {"{" PHRASES "}}", "", "42", "the burst pipe floods us", "", "", 0, 1},
    };
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "AC0123456789abcdef0123456789abcdef");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk_outbox *out;
        size_t n, found = 0;
        const char *to = business(rows[i].profile), *sid = new_sid();
        desk_setting_override(DESK_S_TELEGRAM_BOT_TOKEN, rows[i].token);
        desk_setting_override(DESK_S_TELEGRAM_CHAT_ID, rows[i].chat);
        HOOK("/voice/incoming", sid, OTHER, to);
        HOOK("/voice/turn", sid, OTHER, to, "SpeechResult", rows[i].says);
        HOOK("/voice/turn", sid, OTHER, to, "SpeechResult", rows[i].says); /* said before */
        struct desk_call c = call_of(sid);
        assert_int_equal(desk_outbox_by_call(admin_db, look, c.tenant_id, c.id, &out, &n), DESK_OK);
        for (size_t k = 0; k < n; k++) {
            if (strcmp(out[k].kind, DESK_OUTBOX_TELEGRAM) != 0)
                continue;
            found++;
            assert_int_equal(out[k].priority, DESK_OUTBOX_ALERT);
            assert_has(out[k].payload, rows[i].has);
            assert_has_not(out[k].payload, rows[i].has_not);
        }
        assert_int_equal(found, rows[i].messages);
        assert_int_equal(n - found, rows[i].texts);
    }
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "");
    { /* no account to send texts with: by Telegram, whatever was chosen */
        struct desk_outbox *out;
        size_t n;
        const char *to = business(BY("\"P1\":[\"sms\"]")), *sid = new_sid();
        desk_setting_override(DESK_S_TELEGRAM_BOT_TOKEN, "1:a");
        desk_setting_override(DESK_S_TELEGRAM_CHAT_ID, "42");
        HOOK("/voice/incoming", sid, OTHER, to);
        HOOK("/voice/turn", sid, OTHER, to, "SpeechResult", "the burst pipe floods us");
        struct desk_call c = call_of(sid);
        assert_int_equal(desk_outbox_by_call(admin_db, look, c.tenant_id, c.id, &out, &n), DESK_OK);
        assert_int_equal(n, 1);
        assert_string_equal(out[0].kind, DESK_OUTBOX_TELEGRAM);
    }
    desk_setting_override(DESK_S_TELEGRAM_BOT_TOKEN, "");
    desk_setting_override(DESK_S_TELEGRAM_CHAT_ID, "");
}

/* The first words decide again, by the same table; later ones do not, and nobody becomes somebody
 * else by what they say. */
static void first_words_decide_again(void **state)
{
    (void)state;
    static const char profile[] = "{\"answering\":{\"mode\":\"gather\"},\"scripts\":{\"sales\":"
                                  "\"trades_intake\"}}";
    static const struct {
        const char *says, *script, *action; /* of the call afterwards */
        size_t changes;
    } turns[] = {
        {"hello", "general_incoming", "converse", 0},
        {"I would like a quote for a new bathroom", "trades_intake", "converse", 1},
        {"just the tiles", "trades_intake", "converse", 1}, /* never back to less */
        {"this is your supplier, it is about your order", "trades_intake", "converse", 1},
    };
    const char *to = business(profile), *sid = new_sid();
    size_t n;
    HOOK("/voice/incoming", sid, PEST, to);
    for (size_t i = 0; i < sizeof turns / sizeof *turns; i++) {
        HOOK("/voice/turn", sid, PEST, to, "SpeechResult", turns[i].says);
        struct desk_call c = call_of(sid);
        assert_string_equal(c.script, turns[i].script);
        assert_string_equal(c.action, turns[i].action);
        const char *detail = event_of(sid, "script", &n);
        assert_int_equal(n, turns[i].changes);
        if (n == 1) {
            assert_has(detail, "Led by the script “trades_intake” from now on, because: sales: ");
            assert_non_null(c.script_version);
        }
    }
    /* a person is asked for, and may be rung: by the same words as the rules ring by */
    sid = new_sid();
    HOOK("/voice/incoming", sid, PEST, to);
    assert_has(
        HOOK("/voice/turn", sid, PEST, to, "SpeechResult", "is Mike around by any chance").body,
        "<Dial ");
    assert_string_equal(call_of(sid).action, "transfer_owner");
    assert_has(event_of(sid, "script", &n), "Decided again: transfer_owner, because: ");
    /* a personal line asks first, whatever is said */
    to = business("{\"answering\":{\"mode\":\"gather\"},\"screening\":true}");
    sid = new_sid();
    HOOK("/voice/incoming", sid, OTHER, to);
    HOOK("/voice/turn", sid, OTHER, to, "SpeechResult", "I am his brother, put me through to Mike");
    assert_string_equal(call_of(sid).action, "screen");
    event_of(sid, "script", &n);
    assert_int_equal(n, 0);
}

/* What the owner wants to hear of is told by the same way, each matter once; a danger goes over it.
 */
static void escalations_are_told(void **state)
{
    (void)state;
    static const char profile[] =
        "{\"answering\":{\"mode\":\"gather\"},\"escalation\":{\"triggers\":[\"budget\","
        "\"full_remodel\",\"angry_client\"],\"budget_limit\":60000,\"tell\":\"owner\"}}";
    static const struct {
        const char *says, *because; /* of the newest alert */
        size_t alerts, told;
    } turns[] = {
        {"hello there it is me", NULL, 0, 0},
        {"we want a full remodel of two bathrooms, we have fifty thousand dollars",
         "full_remodel: ", 1, 1}, /* below its limit */
        {"yes a full remodel of both", NULL, 1, 1},
        {"I am really angry, you broke my floor and I want my money back", "angry_client: ", 2, 1},
        {"now I smell gas and everybody feels dizzy", NULL, 3, 2},
    };
    const char *to = business(profile), *sid = new_sid();
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "AC0123456789abcdef0123456789abcdef");
    HOOK("/voice/incoming", sid, "+12125550151", to);
    for (size_t i = 0; i < sizeof turns / sizeof *turns; i++) {
        struct desk_alert *alerts;
        struct desk_outbox *rows;
        size_t n, texts;
        HOOK("/voice/turn", sid, "+12125550151", to, "SpeechResult", turns[i].says);
        struct desk_call c = call_of(sid);
        assert_int_equal(desk_alert_by_call(admin_db, look, c.tenant_id, c.id, &alerts, &n),
                         DESK_OK);
        assert_int_equal(n, turns[i].alerts);
        if (turns[i].because) {
            assert_string_equal(alerts[n - 1].kind, DESK_ALERT_ESCALATION);
            assert_has(alerts[n - 1].because, turns[i].because);
            assert_has(event_of(sid, "escalation", &texts), turns[i].because);
        }
        assert_int_equal(desk_outbox_by_call(admin_db, look, c.tenant_id, c.id, &rows, &texts),
                         DESK_OK);
        assert_int_equal(texts, turns[i].told);
    }
    assert_string_equal(call_of(sid).script, "emergency");
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "");
}

/* Danger in words that only the judge knows: the answer of the same turn leads by it. */
static void an_emergency_leads_the_same_turn(void **state)
{
    (void)state;
    const char *to = business("{\"kind\":\"plumbing\",\"answering\":{\"mode\":\"gather\"}}");
    const char *sid = new_sid();
    size_t n;
    HOOK("/voice/incoming", sid, "+12125550152", to);
    struct answer a = HOOK("/voice/turn", sid, "+12125550152", to, "SpeechResult",
                           "I smell rotten eggs near the boiler and my kids feel dizzy");
    assert_has(a.body, "If anyone is in danger");
    assert_has(a.body, "Is this happening now?");
    struct desk_call c = call_of(sid);
    assert_string_equal(c.script, "emergency");
    assert_string_equal(c.action, "emergency_alert");
    assert_has(event_of(sid, "script", &n), "Led by the script “emergency” from now on, because: ");
    a = HOOK("/voice/turn", sid, "+12125550152", to, "SpeechResult", "no");
    assert_has_not(a.body, "If anyone is in danger"); /* once */
    /* a major failure is told, but is no alarm for everybody who rings */
    sid = new_sid();
    HOOK("/voice/incoming", sid, "+12125550153", to);
    a = HOOK("/voice/turn", sid, "+12125550153", to, "SpeechResult", "my water heater is leaking");
    assert_string_equal(call_of(sid).severity, "P2");
    assert_has_not(a.body, "If anyone is in danger");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exceptions_ring_the_owner_without_a_word),
        cmocka_unit_test(blocked_numbers_are_not_answered),
        cmocka_unit_test(scripts_follow_the_rules),
        cmocka_unit_test(whom_the_owner_wrote_down_is_known),
        cmocka_unit_test(staff_are_rung_first),
        cmocka_unit_test(an_emergency_is_told_at_once),
        cmocka_unit_test(emergencies_go_by_telegram_too),
        cmocka_unit_test(first_words_decide_again),
        cmocka_unit_test(escalations_are_told),
        cmocka_unit_test(an_emergency_leads_the_same_turn),
    };
    return cmocka_run_group_tests_name("hook_route", tests, hook_begin, hook_finish);
}
