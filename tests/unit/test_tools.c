/* The tool table against a real database in memory: what a brain gets told, and what was written.
 */
#include "base/clock.h"
#include "base/ids.h"
#include "base/log.h"
#include "store/contacts.h"
#include "store/conversation.h"
#include "store/open.h"
#include "store/results.h"
#include "talk/prompt.h"
#include "talk/tool_args.h"
#include "talk/tools.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define CALLER "+18605550134"

static struct desk_db *db;
static struct desk_arena *arena;
static struct desk_tenant tenant = {
    .id = "tenant_1",
    .slug = "harwick",
    .name = "Harwick Plumbing",
    .profile = "{\"greeting\":\"Thanks for calling Harwick Plumbing.\",\"services\":[\"repair\"],"
               "\"emergencies\":[\"burst pipe\",\"gas leak\"],\"people\":[\"Sal\"]}",
    .created_at = 1,
    .updated_at = 1};
static struct desk_location location = {.id = "loc_1",
                                        .tenant_id = "tenant_1",
                                        .name = "Main",
                                        .zone = "America/New_York",
                                        .hours = "{\"mon\":[[\"07:00\",\"17:00\"]]}",
                                        .owner_name = "Sal",
                                        .owner_phone = "+18605550101",
                                        .created_at = 1};
static struct desk_contact contact;
static struct desk_call call;
static struct desk_tool_ctx ctx;
static enum desk_tool_then then;
static json_t *told;

static void must(enum desk_rc rc)
{
    assert_int_equal(rc, DESK_OK);
}

static void insert_all(const char *from)
{
    must(DESK_TX_BEGIN(db));
    must(desk_tenant_insert(db, &tenant));
    must(desk_location_insert(db, &location));
    if (from)
        must(desk_contact_called(db, arena, "tenant_1", from, &contact));
    call = (struct desk_call){.id = "call_1",
                              .tenant_id = "tenant_1",
                              .location_id = "loc_1",
                              .contact_id = from ? contact.id : NULL,
                              .call_sid = "CA1",
                              .direction = "inbound",
                              .caller_kind = from ? "new" : "withheld",
                              .from_number = from,
                              .to_number = "+18605550100",
                              .mode = "realtime",
                              .status = "in-progress",
                              .status_rank = 40,
                              .started_at = desk_now_ms(),
                              .updated_at = desk_now_ms()};
    must(desk_call_insert(db, &call));
    must(desk_tx_end(db, DESK_OK));
}

static void start(const char *from)
{
    desk_log_init("test", DESK_LOG__MAX);
    must(desk_store_memory(&db));
    arena = desk_arena_new(4 * 1024 * 1024);
    insert_all(from);
    ctx = (struct desk_tool_ctx){.db = db, .arena = arena, .call = &call, .location = &location};
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
    json_decref(told);
    told = NULL;
    desk_db_close(db);
    desk_arena_free(arena);
    location.owner_phone = "+18605550101";
    return 0;
}

static const char *field(const char *name)
{
    const char *s = json_string_value(json_object_get(told, name));
    return s ? s : "";
}

static bool run(const char *tool, const char *args)
{
    const char *text;
    must(desk_tool_run(&ctx, tool, args, &text, &then));
    json_decref(told);
    told = json_loads(text, 0, NULL);
    assert_non_null(told);
    return json_is_true(json_object_get(told, "ok"));
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
    assert_int_equal(json_array_size(list), 10);
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

static void test_our_failure_is_no_promise(void **state)
{
    (void)state;
    struct desk_callback *cb;
    struct desk_call wrong = call;
    wrong.id = "call_gone"; /* the row it hangs on is not there: nothing can be written */
    ctx.call = &wrong;
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
        T(test_our_failure_is_no_promise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
