/* However a call goes, it ends with exactly one decision, and the right one: a table of courses
 * (the webhooks, what the bridge writes, the report of the end, in any order) and what each comes
 * to. */
#include "tests/page/hook_world.h"
#include "store/contacts.h"
#include "store/exceptions.h"

#define GATHER  "+13035550161" /* question by question */
#define STAFF   "+13035550162" /* staff is rung first */
#define SILENCE ""

/* ---- one step -------------------------------------------------------------------------------- */

struct at {
    const char *sid, *from, *to, *value;
};

static void post(const struct at *at, const char *uri, const char *name, const char *status)
{
    hook_ask(uri,
             (const char *const[]){"CallSid", at->sid, "From", at->from, "To", at->to, "CallStatus",
                                   status ? status : "in-progress", name, at->value, NULL});
}

static void incoming(const struct at *at)
{
    post(at, "/voice/incoming", NULL, "ringing");
}
static void next(const struct at *at)
{
    post(at, "/voice/next", NULL, NULL);
}
static void says(const struct at *at)
{
    post(at, "/voice/turn", "SpeechResult", NULL);
}
static void keys(const struct at *at)
{
    post(at, "/voice/turn", "Digits", NULL);
}
static void dial_done(const struct at *at)
{
    post(at, "/voice/dial-done", "DialCallStatus", NULL);
}
static void dial_done_late(const struct at *at)
{
    post(at, "/voice/dial-done", "DialCallStatus", "completed");
}
static void voicemail(const struct at *at)
{
    post(at, "/voice/voicemail", NULL, NULL);
}
static void recorded(const struct at *at)
{
    post(at, "/voice/voicemail-done", "RecordingSid", NULL);
}
static void recorded_late(const struct at *at)
{
    post(at, "/voice/voicemail-done", "RecordingSid", "completed");
}
static void recording_is(const struct at *at)
{
    post(at, "/voice/recording-status", "RecordingStatus", NULL);
}
static void message_said(const struct at *at)
{
    post(at, "/voice/message-said", "SpeechResult", NULL);
}
static void status(const struct at *at)
{
    post(at, "/voice/status", NULL, at->value);
}

/* What the bridge writes. */
static void stream_begins(const struct at *at)
{
    char token[DESK_TOKEN_LEN];
    struct desk_call c = call_of(at->sid);
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    enum desk_rc rc = desk_call_stream_token(admin_db, &c, token);
    rc = rc ? rc : desk_call_claim_stream(admin_db, look, token, at->sid, &c);
    assert_int_equal(desk_tx_end(admin_db, rc), DESK_OK);
}

static void speaks(const struct at *at)
{
    struct desk_call c = call_of(at->sid);
    struct desk_turn t = {.tenant_id = c.tenant_id,
                          .call_id = c.id,
                          .item_id = "item",
                          .who = DESK_WHO_CALLER,
                          .how = "speech",
                          .text = "hello"};
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    assert_int_equal(desk_tx_end(admin_db, desk_turn_add(admin_db, &t)), DESK_OK);
}

static void stream_ends(const struct at *at)
{
    static const struct {
        const char *why, *next, *outcome;
    } rows[] = {
        {"goodbye", DESK_NEXT_HANGUP, NULL},
        {"silent", DESK_NEXT_HANGUP, DESK_OUT_HUNG_UP},
        {"no_words", DESK_NEXT_HANGUP, DESK_OUT_HUNG_UP},
        {"too_long", DESK_NEXT_HANGUP, NULL},
        {"transfer", DESK_NEXT_TRANSFER, NULL},
        {"message", DESK_NEXT_MESSAGE, NULL},
        {"caller_left", NULL, NULL},
        {"model_lost", DESK_NEXT_GATHER, NULL},
    };
    size_t i = 0;
    while (strcmp(rows[i].why, at->value) != 0)
        i++;
    struct desk_call c = call_of(at->sid);
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    assert_int_equal(desk_tx_end(admin_db, desk_call_stream_end(admin_db, c.tenant_id, c.id,
                                                                &(struct desk_call_stream_end){
                                                                    .why = rows[i].why,
                                                                    .next_step = rows[i].next,
                                                                    .outcome = rows[i].outcome,
                                                                    .engine = "test"})),
                     DESK_OK);
}

/* What a tool writes. */
static void tool_outcome(const struct at *at)
{
    struct desk_call c = call_of(at->sid);
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    assert_int_equal(
        desk_tx_end(admin_db, desk_call_outcome(admin_db, c.tenant_id, c.id, at->value, false)),
        DESK_OK);
}

/* Four hours later, if nobody told. */
static void nobody_tells(const struct at *at)
{
    bool spoke = false;
    struct desk_call c = call_of(at->sid);
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    enum desk_rc rc = desk_turn_by_caller(admin_db, c.tenant_id, c.id, &spoke);
    rc = rc ? rc : desk_call_close(admin_db, &c, spoke, c.updated_at);
    assert_int_equal(desk_tx_end(admin_db, rc), DESK_OK);
}

/* ---- courses --------------------------------------------------------------------------------- */

#define STEP(step, value)                                                                          \
    {                                                                                              \
        step, value                                                                                \
    }
/* what many courses have in common */
#define LIVE           STEP(incoming, ""), STEP(stream_begins, "")
#define TALKED         LIVE, STEP(speaks, "")
#define LIVE_ENDS(why) STEP(stream_ends, why), STEP(next, "")
#define SILENT_TWICE   STEP(says, SILENCE), STEP(says, SILENCE)
#define ENDS           STEP(status, "completed")
static const struct course {
    const char *name, *from, *to, *decision;
    struct {
        void (*step)(const struct at *);
        const char *value;
    } steps[10];
} courses[] = {
    /* nobody talked */
    {"left while it rang", CALLER, TEST_TO, "caller_left", {{incoming, ""}, {status, "canceled"}}},
    {"left at the greeting",
     CALLER,
     TEST_TO,
     "caller_left",
     {LIVE, {stream_ends, "caller_left"}, ENDS}},
    {"Twilio failed", CALLER, TEST_TO, "failed", {{incoming, ""}, {status, "failed"}}},
    {"the end comes first of all", CALLER, TEST_TO, "caller_left", {{recorded_late, ""}}},
    {"only its message is heard of", CALLER, TEST_TO, "voicemail", {{recorded_late, "RE0ends1"}}},
    /* live */
    {"talked, goodbye", CALLER, TEST_TO, "completed", {TALKED, LIVE_ENDS("goodbye"), ENDS}},
    {"talked, and left",
     CALLER,
     TEST_TO,
     "completed",
     {TALKED, {stream_ends, "caller_left"}, ENDS}},
    {"never spoke, live", CALLER, TEST_TO, "ended_no_speech", {LIVE, LIVE_ENDS("silent"), ENDS}},
    {"only noise, live", CALLER, TEST_TO, "ended_no_speech", {LIVE, LIVE_ENDS("no_words"), ENDS}},
    {"never spoke till the time was up",
     CALLER,
     TEST_TO,
     "ended_no_speech",
     {LIVE, LIVE_ENDS("too_long"), ENDS}},
    {"spoke, then put the phone aside",
     CALLER,
     TEST_TO,
     "caller_left",
     {TALKED, LIVE_ENDS("silent"), ENDS}},
    {"a callback was promised",
     CALLER,
     TEST_TO,
     "completed",
     {TALKED, {tool_outcome, DESK_OUT_CALLBACK}, LIVE_ENDS("goodbye"), ENDS}},
    {"asked to text instead",
     CALLER,
     TEST_TO,
     "screened_out",
     {TALKED, {tool_outcome, DESK_OUT_SCREENED}, LIVE_ENDS("goodbye"), ENDS}},
    /* put through */
    {"put through, answered",
     CALLER,
     TEST_TO,
     "transferred",
     {TALKED, LIVE_ENDS("transfer"), {dial_done, "completed"}, ENDS}},
    {"put through, told after the end",
     CALLER,
     TEST_TO,
     "transferred",
     {TALKED, LIVE_ENDS("transfer"), ENDS, {dial_done_late, "completed"}}},
    {"rang in vain",
     CALLER,
     TEST_TO,
     "not_put_through",
     {TALKED, LIVE_ENDS("transfer"), {dial_done, "no-answer"}, ENDS}},
    {"left while it rang at the owner's",
     CALLER,
     TEST_TO,
     "not_put_through",
     {TALKED, LIVE_ENDS("transfer"), ENDS, {dial_done_late, "canceled"}}},
    {"rang in vain, then a message",
     CALLER,
     TEST_TO,
     "voicemail",
     {TALKED, LIVE_ENDS("transfer"), {dial_done, "busy"}, {recorded, "RE0ends2"}, ENDS}},
    {"rang in vain, message after the end",
     CALLER,
     TEST_TO,
     "voicemail",
     {TALKED, LIVE_ENDS("transfer"), {dial_done, "busy"}, ENDS, {recorded_late, "RE0ends3"}}},
    {"exception",
     FRIEND,
     TEST_TO,
     "transferred_exception",
     {{incoming, ""}, {dial_done, "completed"}, ENDS}},
    {"exception, nobody there",
     FRIEND,
     TEST_TO,
     "transferred_exception",
     {{incoming, ""}, {dial_done, "no-answer"}, ENDS}},
    {"exception who left at once",
     FRIEND,
     TEST_TO,
     "transferred_exception",
     {{incoming, ""}, {status, "completed"}}},
    {"blocked", PEST, TEST_TO, "blocked", {{incoming, ""}, {status, "completed"}}},
    {"blocked, told as busy", PEST, TEST_TO, "blocked", {{incoming, ""}, {status, "busy"}}},
    {"staff first, answered",
     CALLER,
     STAFF,
     "transferred",
     {{incoming, ""}, {dial_done, "completed"}, ENDS}},
    {"staff first, then talked",
     CALLER,
     STAFF,
     "completed",
     {{incoming, ""},
      {dial_done, "no-answer"},
      {dial_done, "no-answer"},
      {stream_begins, ""},
      {speaks, ""},
      LIVE_ENDS("goodbye"),
      ENDS}},
    {"staff first, then silence",
     CALLER,
     STAFF,
     "ended_no_speech",
     {{incoming, ""}, {dial_done, "no-answer"}, {stream_begins, ""}, LIVE_ENDS("silent"), ENDS}},
    /* question by question */
    {"no speech after the retries",
     CALLER,
     GATHER,
     "ended_no_speech",
     {{incoming, ""}, SILENT_TWICE, ENDS}},
    {"no speech, told before the last page",
     CALLER,
     GATHER,
     "ended_no_speech",
     {{incoming, ""}, SILENT_TWICE, {status, "completed"}, ENDS}},
    {"left before the retry",
     CALLER,
     GATHER,
     "caller_left",
     {{incoming, ""}, {says, SILENCE}, ENDS}},
    {"keys are words, too", CALLER, GATHER, "completed", {{incoming, ""}, {keys, "1"}, ENDS}},
    {"spoke and left",
     CALLER,
     GATHER,
     "completed",
     {{incoming, ""}, {says, "what are your hours"}, ENDS}},
    {"the stream never came, no speech",
     CALLER,
     TEST_TO,
     "ended_no_speech",
     {{incoming, ""}, {next, ""}, SILENT_TWICE, ENDS}},
    {"the model was lost, no speech",
     CALLER,
     TEST_TO,
     "ended_no_speech",
     {LIVE, LIVE_ENDS("model_lost"), SILENT_TWICE, ENDS}},
    {"the model was lost, had spoken",
     CALLER,
     TEST_TO,
     "completed",
     {TALKED, LIVE_ENDS("model_lost"), ENDS}},
    /* messages */
    {"a message",
     CALLER,
     TEST_TO,
     "voicemail",
     {{incoming, ""}, {voicemail, ""}, {recorded, "RE0ends4"}, ENDS}},
    {"no message at all",
     CALLER,
     TEST_TO,
     "ended_no_speech",
     {{incoming, ""}, {voicemail, ""}, {recording_is, "absent"}, ENDS}},
    {"no message at all, told after the end",
     CALLER,
     TEST_TO,
     "ended_no_speech",
     {{incoming, ""}, {voicemail, ""}, ENDS, {recording_is, "absent"}}},
    {"had spoken, no message",
     CALLER,
     TEST_TO,
     "completed",
     {TALKED, LIVE_ENDS("message"), {recording_is, "absent"}, ENDS}},
    {"a spoken message",
     CALLER,
     TEST_TO,
     "voicemail",
     {{incoming, ""}, {voicemail, ""}, {message_said, "call me back"}, ENDS}},
    {"no spoken message",
     CALLER,
     TEST_TO,
     "ended_no_speech",
     {{incoming, ""}, {voicemail, ""}, {message_said, ""}, ENDS}},
    /* the end is told twice, or of another kind, or never */
    {"told twice",
     CALLER,
     TEST_TO,
     "caller_left",
     {{incoming, ""}, {status, "completed"}, {status, "failed"}, {status, "in-progress"}}},
    {"never told: talked",
     CALLER,
     GATHER,
     "completed",
     {{incoming, ""}, {says, "what are your hours"}, {nobody_tells, ""}}},
    {"never told: no speech",
     CALLER,
     GATHER,
     "ended_no_speech",
     {{incoming, ""}, SILENT_TWICE, {nobody_tells, ""}}},
    {"never told: the bridge died", CALLER, TEST_TO, "failed", {TALKED, {nobody_tells, ""}}},
    {"never told: the stream never came",
     CALLER,
     TEST_TO,
     "failed",
     {{incoming, ""}, {nobody_tells, ""}}},
    {"never told: put through",
     CALLER,
     TEST_TO,
     "transferred",
     {LIVE, LIVE_ENDS("transfer"), {dial_done, "completed"}, {nobody_tells, ""}}},
    {"never told: exception",
     FRIEND,
     TEST_TO,
     "transferred_exception",
     {{incoming, ""}, {nobody_tells, ""}}},
    {"never told: blocked", PEST, TEST_TO, "blocked", {{incoming, ""}, {nobody_tells, ""}}},
};

static void every_end_has_its_decision(void **state)
{
    (void)state;
    size_t wrong = 0;
    for (size_t i = 0; i < sizeof courses / sizeof *courses; i++) {
        const struct course *k = &courses[i];
        struct at at = {desk_arena_fmt(look, "CA0e4d5%027zx", i), k->from, k->to, ""};
        for (size_t s = 0; s < 10 && k->steps[s].step; s++) {
            if (s && k->steps[s].step == status && !call_of(at.sid).ended_at) {
                struct desk_call c = call_of(at.sid);
                assert_null(desk_call_decision(&c)); /* it still runs */
            }
            at.value = k->steps[s].value;
            k->steps[s].step(&at);
        }
        struct desk_call c = call_of(at.sid);
        const char *decision = desk_call_decision(&c);
        if (!decision || strcmp(decision, k->decision) != 0) {
            print_message("%s: %s instead of %s (outcome %s, status %s)\n", k->name,
                          decision ? decision : "none", k->decision, c.outcome ? c.outcome : "-",
                          c.status);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

/* ---- businesses ------------------------------------------------------------------------------ */

static void business(const char *number, const char *profile)
{
    test_shop_open(&(struct test_shop){.slug = number + 1,
                                       .number = number,
                                       .name = "Larkspur",
                                       .zone = "America/Denver",
                                       .profile = profile,
                                       .owner_name = "Mike",
                                       .owner_phone = TEST_OWNER});
}

static int begin(void **state)
{
    (void)state;
    struct desk_number num;
    struct at pest = {"CA0e4d5ffffffffffffffffffffffffff", PEST, TEST_TO, ""};
    if (test_begin(DESK_ZONE_HOOK))
        return 1;
    business(GATHER, "{\"answering\":{\"mode\":\"gather\"}}");
    business(STAFF, "{\"answering\":{\"mode\":\"staff_first\",\"ring\":\"owner\"}}");
    incoming(&pest);
    struct desk_call c = call_of(pest.sid);
    assert_int_equal(desk_number_find(admin_db, look, TEST_TO, &num), DESK_OK);
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    enum desk_rc rc = desk_exception_put(admin_db, num.tenant_id, FRIEND, "Ann", "family");
    rc =
        rc ? rc : desk_contact_standing(admin_db, c.tenant_id, c.contact_id, DESK_STANDING_BLOCKED);
    assert_int_equal(desk_tx_end(admin_db, rc), DESK_OK);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_end_has_its_decision),
    };
    return cmocka_run_group_tests_name("hook, ends", tests, begin, hook_finish);
}
