/* The tool table against a real database in memory: what a brain gets told, and what was written.
 */
#include "base/config.h"
#include "base/ids.h"
#include "store/alerts.h"
#include "store/outbox.h"
#include "store/pictures.h"
#include "store/results.h"
#include "store/texts_in.h"
#include "talk/prompt.h"
#include "talk/tool_args.h"
#include "tests/unit/tools_world.h"

#include <stdio.h>
#include <string.h>

#define CALLER "+18605550134"

static const struct desk_tenant harwick = {
    .id = "tenant_1",
    .slug = "harwick",
    .name = "Harwick Plumbing",
    .profile = "{\"greeting\":\"Thanks for calling Harwick Plumbing.\",\"services\":[\"repair\"],"
               "\"emergencies\":[\"burst pipe\",\"gas leak\"],\"people\":[\"Sal\"]}",
    .created_at = 1,
    .updated_at = 1};
static const struct desk_location harwick_main = {.id = "loc_1",
                                                  .tenant_id = "tenant_1",
                                                  .name = "Main",
                                                  .zone = "America/New_York",
                                                  .hours = "{\"mon\":[[\"07:00\",\"17:00\"]]}",
                                                  .owner_name = "Sal",
                                                  .owner_phone = "+18605550101",
                                                  .created_at = 1};

static void start(const char *from)
{
    tenant = harwick;
    location = harwick_main;
    world_open();
    world_call((struct desk_call){.id = "call_1",
                                  .caller_kind = from ? "new" : "withheld",
                                  .from_number = from,
                                  .to_number = "+18605550100",
                                  .mode = "realtime"});
}

static int known(void **state)
{
    (void)state;
    start(CALLER);
    return 0;
}

static int withheld(void **state)
{
    (void)state;
    start(NULL);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    world_close();
    return 0;
}

static struct desk_call row(void)
{
    struct desk_call c;
    must(desk_call_get(db, arena, "tenant_1", "call_1", &c));
    return c;
}

static size_t callbacks(struct desk_callback **list)
{
    size_t n;
    must(desk_callback_by_call(db, arena, "tenant_1", "call_1", list, &n));
    return n;
}

static size_t events(struct desk_event **list)
{
    size_t n;
    must(desk_event_list(db, arena, "tenant_1", "call_1", 100, list, &n));
    return n;
}

/* ---- the table ------------------------------------------------------------------------------- */

static void test_table_is_what_a_model_needs(void **state)
{
    (void)state;
    json_t *list = desk_tools_realtime(NULL), *tool;
    size_t i;
    assert_true(json_array_size(list) >= 9);
    json_array_foreach(list, i, tool)
    {
        const json_t *schema = json_object_get(tool, "parameters");
        assert_string_equal(json_string_value(json_object_get(tool, "type")), "function");
        assert_true(json_string_length(json_object_get(tool, "description")) > 60);
        assert_string_equal(json_string_value(json_object_get(schema, "type")), "object");
        assert_true(json_is_false(json_object_get(schema, "additionalProperties")));
        json_t *want;
        size_t k;
        json_array_foreach(json_object_get(schema, "required"), k, want) assert_non_null(
            json_object_get(json_object_get(schema, "properties"), json_string_value(want)));
    }
    json_decref(list);
    assert_null(desk_tool_find("rm_rf"));
    assert_null(desk_tool_find(NULL));
}

static void test_arguments(void **state)
{
    static const struct {
        const char *given, *wanted; /* NULL = refused */
        const char *says;
    } rows[] = {
        {"{\"a\":\" x \"}", "{\"a\":\"x\"}", ""},
        {"{\"a\":\"x\",\"b\":true,\"new\":1}", "{\"a\":\"x\",\"b\":true}", ""},
        {"{\"a\":860,\"b\":\"true\"}", "{\"a\":\"860\",\"b\":true}", ""},
        {"{\"a\":\"x\",\"c\":null}", "{\"a\":\"x\"}", ""},
        {"{\"a\":\"x\",\"c\":\"two\"}", "{\"a\":\"x\",\"c\":\"two\"}", ""},
        {"{\"a\":\"x\",\"c\":\"three\"}", NULL, "\"c\" must be one of: one, two. "},
        {"{\"a\":\"123456\"}", NULL, "\"a\" is too long: at most 5 letters. "},
        {"{\"a\":\"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\"}",
         "{\"a\":\"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\"}", ""},
        {"{\"b\":7}", NULL, "\"b\" must be true or false. \"a\" is missing. "},
        {"{\"a\":[]}", NULL, "\"a\" must be text. "},
        {"[1]", NULL, "The arguments must be one JSON object. "},
        {"{\"a\":", NULL, "The arguments must be one JSON object. "},
        {"", NULL, "\"a\" is missing. "},
        {NULL, NULL, "\"a\" is missing. "},
    };
    static const char schema[] =
        "{\"type\":\"object\",\"required\":[\"a\"],\"properties\":{\"a\":{\"type\":\"string\","
        "\"maxLength\":5},\"b\":{\"type\":\"boolean\"},\"c\":{\"type\":\"string\",\"enum\":"
        "[\"one\",\"two\"]}}}";
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk_buf problem;
        json_t *clean;
        desk_buf_init(&problem, 1000);
        enum desk_rc rc = desk_tool_args_read(schema, rows[i].given, &clean, &problem);
        assert_int_equal(rc, rows[i].wanted ? DESK_OK : DESK_EINVAL);
        assert_string_equal(desk_buf_cstr(&problem), rows[i].says);
        if (rows[i].wanted) {
            json_t *wanted = json_loads(rows[i].wanted, 0, NULL);
            assert_true(json_equal(clean, wanted));
            json_decref(wanted);
        }
        json_decref(clean);
        desk_buf_clear(&problem);
    }
}

static void test_nonsense_is_answered(void **state)
{
    (void)state;
    struct desk_event *e;
    assert_false(run("no_such_tool", "{}"));
    assert_non_null(strstr(field("error"), "no such tool"));
    assert_false(run("schedule_callback", "not json at all"));
    assert_false(run("schedule_callback", "{\"reason\":\"leak\"}"));
    assert_non_null(strstr(field("error"), "\"when_text\" is missing"));
    assert_non_null(strstr(field("error"), "Nothing was done"));
    assert_int_equal(events(&e), 0);
}

/* ---- callbacks ------------------------------------------------------------------------------- */

#define CALLBACK                                                                                   \
    "{\"name\":\"Dana Reed\",\"reason\":\"dripping tap\",\"when_text\":\"tomorrow after four\","   \
    "\"urgency\":\"normal\"}"

static void test_callback_is_written(void **state)
{
    (void)state;
    struct desk_callback *cb;
    struct desk_event *e;
    struct desk_contact c;
    assert_true(run("schedule_callback", CALLBACK));
    assert_int_equal(then, DESK_THEN_TALK);
    assert_string_equal(field("number"), CALLER);
    assert_non_null(strstr(field("say"), "Sal"));
    assert_int_equal(callbacks(&cb), 1);
    assert_string_equal(cb[0].name, "Dana Reed");
    assert_string_equal(cb[0].number, CALLER);
    assert_string_equal(cb[0].reason, "dripping tap");
    assert_string_equal(cb[0].when_text, "tomorrow after four");
    assert_string_equal(cb[0].state, "open");
    assert_false(cb[0].urgent);
    assert_string_equal(row().outcome, DESK_OUT_CALLBACK);
    assert_false(row().urgent);
    assert_int_equal(events(&e), 1);
    assert_string_equal(e[0].kind, "tool");
    assert_string_equal(e[0].detail,
                        "Callback promised to Dana Reed, tomorrow after four: dripping tap");
    must(desk_contact_get(db, arena, "tenant_1", contact.id, &c));
    assert_string_equal(c.name, "Dana Reed");
}

static void test_callback_twice_is_one(void **state)
{
    (void)state;
    struct desk_callback *cb;
    struct desk_event *e;
    struct desk_tool_run *runs;
    size_t n;
    assert_true(run("schedule_callback", CALLBACK));
    json_t *first = json_incref(told);
    /* the same thing in other letters and order */
    assert_true(
        run("schedule_callback",
            "{\"urgency\":\"normal\",\"when_text\":\"Tomorrow  after four\",\"number\":\"\","
            "\"reason\":\"Dripping tap \",\"name\":\"dana reed\"}"));
    assert_true(json_equal(first, told));
    json_decref(first);
    assert_int_equal(callbacks(&cb), 1);
    assert_int_equal(events(&e), 1);
    must(desk_tool_run_list(db, arena, "tenant_1", "call_1", &runs, &n));
    assert_int_equal(n, 1);
    assert_true(runs[0].ok);
    assert_null(strstr(runs[0].dedupe, "ana"));
    assert_non_null(strstr(runs[0].args, "Dana"));
}

static void test_callback_urgent_to_another_number(void **state)
{
    (void)state;
    struct desk_callback *cb;
    struct desk_contact c;
    assert_true(run("schedule_callback",
                    "{\"name\":\"Kim\",\"number\":\"860 555 0177\",\"reason\":\"burst pipe\","
                    "\"when_text\":\"now\",\"urgency\":\"urgent\"}"));
    assert_int_equal(callbacks(&cb), 1);
    assert_string_equal(cb[0].number, "+18605550177");
    assert_true(cb[0].urgent);
    assert_true(row().urgent);
    must(desk_contact_get(db, arena, "tenant_1", contact.id, &c));
    assert_null(c.name); /* Kim is at another number: nothing is learnt about this one */
    assert_false(run("schedule_callback", "{\"number\":\"911\",\"reason\":\"x\",\"when_text\":\"\","
                                          "\"urgency\":\"normal\"}"));
    assert_non_null(strstr(field("error"), "not a telephone number"));
    assert_int_equal(callbacks(&cb), 1);
}

static void test_callback_withheld(void **state)
{
    (void)state;
    struct desk_callback *cb;
    struct desk_event *e;
    assert_false(run("schedule_callback", CALLBACK));
    assert_non_null(strstr(field("say"), "Which number"));
    assert_int_equal(callbacks(&cb), 0);
    assert_null(row().outcome);
    assert_int_equal(events(&e), 1); /* the refusal is on the timeline */
    assert_true(run("schedule_callback",
                    "{\"number\":\"eight six zero five five five oh one nine nine\",\"reason\":\"a "
                    "quote\",\"when_text\":\"any time\",\"urgency\":\"normal\"}"));
    assert_int_equal(callbacks(&cb), 1);
    assert_string_equal(cb[0].number, "+18605550199");
}

/* ---- the caller ------------------------------------------------------------------------------ */

static void test_caller_info(void **state)
{
    (void)state;
    struct desk_contact c;
    assert_false(run("log_caller_info", "{}"));
    assert_true(run("log_caller_info", "{\"name\":\"Dana\",\"company\":\"Reed & Co\",\"email\":"
                                       "\"d@reed.example\",\"reason\":\"wants a quote\"}"));
    assert_true(json_is_true(json_object_get(told, "remembered")));
    must(desk_contact_get(db, arena, "tenant_1", contact.id, &c));
    assert_string_equal(c.name, "Dana");
    assert_string_equal(c.company, "Reed & Co");
    assert_string_equal(c.email, "d@reed.example");
    assert_string_equal(row().summary, "wants a quote");
    assert_true(run("log_caller_info", "{\"name\":\"Dana Reed\"}"));
    must(desk_contact_get(db, arena, "tenant_1", contact.id, &c));
    assert_string_equal(c.name, "Dana Reed");
    assert_string_equal(c.company, "Reed & Co");
}

static void test_caller_info_withheld(void **state)
{
    (void)state;
    struct desk_event *e;
    assert_true(run("log_caller_info", "{\"name\":\"Nobody\",\"reason\":\"asks for hours\"}"));
    assert_true(json_is_false(json_object_get(told, "remembered")));
    assert_string_equal(row().summary, "asks for hours");
    assert_int_equal(events(&e), 1);
    assert_non_null(strstr(e[0].detail, "Nobody"));
}

/* ---- leaving --------------------------------------------------------------------------------- */

static void test_transfer(void **state)
{
    (void)state;
    assert_true(run("transfer_to_owner", "{\"reason\":\"burst pipe\",\"urgent\":true}"));
    assert_int_equal(then, DESK_THEN_LEAVE);
    assert_string_equal(field("next"), "transfer");
    assert_string_equal(row().next_step, DESK_NEXT_TRANSFER);
    assert_string_equal(row().transfer_to, "+18605550101");
    assert_string_equal(row().transfer_reason, "burst pipe");
    assert_true(row().urgent);
}

static void test_transfer_refused(void **state)
{
    static const char *const phones[] = {NULL,         "",      "911",          "+911",
                                         "8605550101", "+1900", "+19005550101", "+1 860 555 0101",
                                         "sip:x@y"};
    (void)state;
    for (size_t i = 0; i < sizeof phones / sizeof *phones; i++) {
        char args[64];
        location.owner_phone = phones[i];
        snprintf(args, sizeof args, "{\"reason\":\"try %d\",\"urgent\":false}", (int)i);
        assert_false(run("transfer_to_owner", args));
        assert_int_equal(then, DESK_THEN_TALK);
        assert_non_null(strstr(field("say"), "cannot put you through"));
        assert_null(row().next_step);
    }
}

static void test_end_call(void **state)
{
    (void)state;
    assert_false(run("end_call", "{\"outcome\":\"exploded\"}"));
    assert_int_equal(then, DESK_THEN_TALK);
    assert_true(run("end_call", "{\"outcome\":\"message\",\"summary\":\"Wants to leave word.\"}"));
    assert_int_equal(then, DESK_THEN_LEAVE);
    assert_string_equal(row().next_step, DESK_NEXT_MESSAGE);
    assert_string_equal(row().summary, "Wants to leave word.");
    assert_null(row().outcome);
    assert_true(run("end_call", "{\"outcome\":\"completed\"}"));
    assert_string_equal(row().next_step, DESK_NEXT_HANGUP);
    assert_string_equal(row().outcome, DESK_OUT_ANSWERED);
    /* asked again after something else came between: the state is set again */
    assert_true(run("end_call", "{\"outcome\":\"message\",\"summary\":\"Wants to leave word.\"}"));
    assert_int_equal(then, DESK_THEN_LEAVE);
    assert_string_equal(row().next_step, DESK_NEXT_MESSAGE);
}

static void test_outcome_callback_stays(void **state)
{
    (void)state;
    assert_true(run("schedule_callback", CALLBACK));
    assert_true(run("end_call", "{\"outcome\":\"completed\"}"));
    assert_string_equal(row().outcome, DESK_OUT_CALLBACK);
}

/* ---- visits, and appointments there are ------------------------------------------------------ */

#define SATURDAY 1795888800000 /* 28 November 2026, 13:00 in New York */

static void test_kinds_of_callbacks(void **state)
{
    static const struct {
        const char *args, *say, *event, *day; /* day: of the appointment; NULL = none */
        int64_t from, to;
    } rows[] = {
        {"{\"reason\":\"a drip\",\"when_text\":\"Monday morning\",\"urgency\":\"normal\",\"kind\":"
         "\"appointment\",\"address\":\"12 Elm Street\"}",
         "I have passed it on. Sal will call 8 6 0, 5 5 5, 0 1 3 4 to confirm the time. Nothing is "
         "booked until then.",
         "An appointment is wanted, Monday morning, 12 Elm Street: a drip", NULL, 1796043600000,
         1796058000000},
        {"{\"name\":\"Dana\",\"reason\":\"a drip\",\"when_text\":\"Monday\",\"urgency\":\"normal\","
         "\"kind\":\"reschedule\",\"appointment_text\":\"Thursday at ten\"}",
         "Nothing is changed until then.",
         "Another day for an appointment is wanted by Dana, Thursday at ten → Monday: a drip",
         "2026-12-03", 1796014800000, 1796101200000},
        {"{\"reason\":\"a drip\",\"when_text\":\"whenever it is\",\"urgency\":\"normal\",\"kind\":"
         "\"cancel\",\"appointment_text\":\"the one we have\"}",
         "Nothing is cancelled until then.",
         "An appointment is to be cancelled, the one we have, whenever it is: a drip", NULL, -1,
         -1},
        /* they close before: not called back sooner than that all the same */
        {"{\"reason\":\"a price\",\"when_text\":\"Monday after eight pm\",\"urgency\":"
         "\"normal\",\"kind\":\"question\"}",
         "It is noted. Sal will call",
         "A question is to be answered, Monday after eight pm: a price", NULL, 1796086800000,
         1796090400000},
        {"{\"reason\":\"a price\",\"when_text\":\"yesterday\",\"urgency\":\"normal\",\"kind\":"
         "\"question\"}",
         "It is noted. Sal will call", "A question is to be answered, yesterday: a price", NULL, 0,
         0},
    };
    (void)state;
    desk_clock_fake(SATURDAY);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk_callback *cb;
        struct desk_event *e;
        assert_true(run("schedule_callback", rows[i].args));
        assert_non_null(strstr(field("say"), rows[i].say));
        assert_null(strstr(field("say"), "one."));
        size_t n = callbacks(&cb);
        assert_int_equal(n, i + 1);
        if (rows[i].day)
            assert_string_equal(cb[i].appointment_day, rows[i].day);
        else
            assert_null(cb[i].appointment_day);
        if (rows[i].from >= 0) {
            assert_int_equal(cb[i].window_start, rows[i].from);
            assert_int_equal(cb[i].window_end, rows[i].to);
        }
        n = events(&e);
        assert_string_equal(e[n - 1].detail, rows[i].event);
        desk_clock_fake(SATURDAY + 1000 * (int64_t)(i + 1)); /* their order */
    }
    assert_non_null(strstr(field("when_unclear"), "past")); /* for a model to ask again */
    desk_clock_fake(0);
}

/* The model's own alarm goes through the same gate as the judge's. */
static void test_owner_emergency_text(void **state)
{
    (void)state;
    struct desk_outbox *rows;
    struct desk_alert *alerts;
    size_t n;
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "AC0123456789abcdef0123456789abcdef");
    assert_false(run("send_owner_emergency_text", "{\"what\":\"gas\",\"severity\":\"P3\"}"));
    assert_true(run("send_owner_emergency_text", "{\"what\":\"no heat\",\"severity\":\"P2\"}"));
    assert_true(json_is_true(json_object_get(told, "text_sent")));
    assert_string_equal(field("say"), "The owner is being told now.");
    assert_string_equal(row().severity, "P2");
    assert_string_equal(row().script, "emergency");
    assert_string_equal(tool_ctx.led_by, "emergency"); /* for a session that keeps its own words */
    assert_non_null(strstr(tool_ctx.instructions, "# This call is an emergency"));
    assert_false(row().urgent);
    /* the same again is the same; other words of it are withheld, and that is said */
    assert_true(run("send_owner_emergency_text", "{\"what\":\"no heat\",\"severity\":\"P2\"}"));
    assert_true(json_is_true(json_object_get(told, "text_sent")));
    assert_true(run("send_owner_emergency_text", "{\"what\":\"it is cold\",\"severity\":\"P2\"}"));
    assert_true(json_is_false(json_object_get(told, "text_sent")));
    assert_non_null(strstr(field("result"), "Withheld"));
    /* worse goes out at any time */
    assert_true(run("send_owner_emergency_text", "{\"what\":\"gas\",\"severity\":\"P1\"}"));
    assert_true(json_is_true(json_object_get(told, "text_sent")));
    assert_true(row().urgent);
    must(desk_outbox_by_call(db, arena, "tenant_1", "call_1", &rows, &n));
    assert_int_equal(n, 2);
    assert_non_null(strstr(rows[0].payload, "+18605550101"));
    must(desk_alert_by_call(db, arena, "tenant_1", "call_1", &alerts, &n));
    assert_int_equal(n, 3);
    /* and after five minutes the same kind, too */
    desk_clock_fake(desk_now_ms() + 6 * 60 * 1000);
    assert_true(run("send_owner_emergency_text", "{\"what\":\"gas still\",\"severity\":\"P1\"}"));
    assert_true(json_is_true(json_object_get(told, "text_sent")));
    desk_clock_fake(0);
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "");
    assert_true(run("send_owner_emergency_text", "{\"what\":\"fire\",\"severity\":\"P2\"}"));
    assert_true(json_is_false(json_object_get(told, "text_sent")));
}

/* Of a call that is over, or of a recorded message, it is known and told; nobody is led by it. */
static void test_alarm_of_a_message(void **state)
{
    (void)state;
    struct desk_alert *alerts;
    struct desk_call over = call;
    size_t n;
    over.mode = "record";
    tool_ctx.call = &over;
    assert_true(run("send_owner_emergency_text", "{\"what\":\"gas\",\"severity\":\"P1\"}"));
    assert_string_equal(row().severity, "P1");
    assert_true(row().urgent);
    assert_null(row().script);
    assert_null(tool_ctx.led_by);
    must(desk_alert_by_call(db, arena, "tenant_1", "call_1", &alerts, &n));
    assert_int_equal(n, 1);
}

static void test_text_to_the_caller(void **state)
{
    (void)state;
    struct desk_outbox *rows;
    struct desk_prompt_input about = {.tenant = &tenant, .location = &location, .call = &call};
    const char *facts;
    size_t n;
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "AC0123456789abcdef0123456789abcdef");
    must(desk_prompt_facts(arena, &about, &facts));
    assert_non_null(strstr(facts, "\"can_text\":false")); /* the business has no such text */
    struct desk_tenant texts = tenant;
    texts.profile = "{\"sms\":{\"address\":\"Send us the address here: https://example.com/a\"},"
                    "\"intake\":[\"address\"]}";
    must(DESK_TX_BEGIN(db));
    must(desk_tx_end(db, desk_tenant_update(db, &texts)));
    about.tenant = &texts;
    must(desk_prompt_facts(arena, &about, &facts));
    assert_non_null(strstr(facts, "\"asks\":[\"address\"]"));
    assert_non_null(strstr(facts, "\"can_text\":true"));
    assert_true(run("send_text", "{ \"about\":\"address\" }"));
    assert_true(run("send_text", "{\"about\":\"address\"}"));
    must(desk_outbox_by_call(db, arena, "tenant_1", "call_1", &rows, &n));
    assert_int_equal(n, 1);
    assert_string_equal(rows[0].kind, DESK_OUTBOX_SMS);
    assert_non_null(strstr(rows[0].payload, "example.com"));
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "");
    must(desk_prompt_facts(arena, &about, &facts));
    assert_non_null(strstr(facts, "\"can_text\":false"));
}

/* Pictures that are sent within the week belong to the call that asked for them. */
static void test_pictures_are_asked_for(void **state)
{
    (void)state;
    struct desk_outbox *rows;
    struct desk_picture p = {.id = "pic_1",
                             .tenant_id = "tenant_1",
                             .text_id = "text_1",
                             .call_id = "call_1",
                             .message_sid = "SM1",
                             .media_sid = "ME1",
                             .state = DESK_PIC_WAITING,
                             .created_at = desk_now_ms() + 1000};
    const struct desk_text_in t = {.id = "text_1",
                                   .tenant_id = "tenant_1",
                                   .call_id = "call_1",
                                   .session_id = "vs",
                                   .pair_key = "k",
                                   .message_sid = "SM1",
                                   .text = "",
                                   .made = "pictures",
                                   .state = DESK_TEXT_NONE,
                                   .created_at = 1};
    size_t n;
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "");
    assert_false(run("request_photos", "{}"));
    assert_non_null(strstr(field("error"), "No account"));
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "AC0123456789abcdef0123456789abcdef");
    assert_true(run("request_photos", "{\"what\":\"the leak\",\"name\":\"Dana\"}"));
    assert_true(run("request_photos", "{\"what\":\"the boiler\"}")); /* one text is enough */
    must(desk_outbox_by_call(db, arena, "tenant_1", "call_1", &rows, &n));
    assert_int_equal(n, 1);
    assert_non_null(strstr(rows[0].payload, "Dana, please text a picture or two of the leak"));
    assert_non_null(strstr(rows[0].payload, "\"answers\":true")); /* also at night */
    must(DESK_TX_BEGIN(db));
    must(desk_text_in_insert(db, &t));
    must(desk_tx_end(db, desk_picture_add(db, arena, &p, call.from_number)));
    assert_string_equal(p.about_call_id, "call_1");
    /* who writes is asked by words */
    struct desk_call writing = call;
    writing.channel = DESK_CHANNEL_TEXT;
    tool_ctx.call = &writing;
    assert_false(run("request_photos", "{\"what\":\"it\"}"));
    assert_non_null(strstr(field("error"), "in your answer"));
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "");
}

static void test_our_failure_is_no_promise(void **state)
{
    (void)state;
    struct desk_callback *cb;
    struct desk_call wrong = call;
    wrong.id = "call_gone"; /* the row it hangs on is not there: nothing can be written */
    tool_ctx.call = &wrong;
    assert_false(run("schedule_callback", CALLBACK));
    assert_non_null(strstr(field("say"), "sorry"));
    assert_int_equal(then, DESK_THEN_TALK);
    assert_int_equal(callbacks(&cb), 0);
}

int main(void)
{
#define T(f)        cmocka_unit_test_setup_teardown(f, known, teardown)
#define WITHHELD(f) cmocka_unit_test_setup_teardown(f, withheld, teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table_is_what_a_model_needs),
        cmocka_unit_test(test_arguments),
        T(test_nonsense_is_answered),
        T(test_callback_is_written),
        T(test_callback_twice_is_one),
        T(test_callback_urgent_to_another_number),
        WITHHELD(test_callback_withheld),
        T(test_caller_info),
        WITHHELD(test_caller_info_withheld),
        T(test_transfer),
        T(test_transfer_refused),
        T(test_end_call),
        T(test_outcome_callback_stays),
        T(test_kinds_of_callbacks),
        T(test_owner_emergency_text),
        T(test_alarm_of_a_message),
        T(test_text_to_the_caller),
        T(test_pictures_are_asked_for),
        T(test_our_failure_is_no_promise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
