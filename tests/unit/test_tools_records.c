/* The tools that write down what calls lead to; what the profile lets be offered; and that nobody
 * learns from any of them what is stored of another. */
#include "base/config.h"
#include "store/outbox.h"
#include "store/records.h"
#include "store/results.h"
#include "talk/prompt.h"
#include "tests/unit/tools_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CALLER "+18605550134"
#define OTHER  "+18605550177"
#define NOW    1795200720000LL /* Friday 20 November 2026, 13:52 in New York */
#define HOUR   3600000LL

/* A call of that number; kind as the hook would have it. */
static void take_call(const char *id, const char *from, const char *kind)
{
    world_call((struct desk_call){.id = id,
                                  .caller_kind = kind,
                                  .from_number = from,
                                  .to_number = "+18605550100",
                                  .mode = "realtime"});
}

static void open_with(const char *profile)
{
    desk_clock_fake(NOW);
    tenant = (struct desk_tenant){.id = "t1",
                                  .slug = "harwick",
                                  .name = "Harwick",
                                  .profile = profile,
                                  .created_at = 1,
                                  .updated_at = 1};
    location = (struct desk_location){.id = "l1",
                                      .tenant_id = "t1",
                                      .name = "Main",
                                      .zone = "America/New_York",
                                      .hours = "{\"fri\":[[\"07:00\",\"17:00\"]]}",
                                      .owner_name = "Sal",
                                      .owner_phone = "+18605550101",
                                      .created_at = 1};
    world_open();
}

#define PROFILE                                                                                    \
    "{\"hours_spoken\":\"Fridays from seven to five\",\"address\":\"12 Mill Road, Harwick\","      \
    "\"services\":[{\"id\":\"drain\",\"name\":\"drain cleaning\",\"price\":\"from 95 dollars\"},"  \
    "{\"name\":\"kitchen remodel\"}]}"

static int setup(void **state)
{
    (void)state;
    open_with(PROFILE);
    take_call("call_1", CALLER, "new");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    world_close();
    return 0;
}

static size_t leads(const char *call_id, struct desk_lead **rows)
{
    size_t n;
    must(desk_lead_by_call(db, arena, "t1", call_id, rows, &n));
    return n;
}

static struct desk_contact person(const char *number)
{
    struct desk_contact c;
    must(desk_contact_by_number(db, arena, "t1", number, &c));
    return c;
}

static const char *prompt(void)
{
    struct desk_prompt_input in;
    const char *text, *greeting;
    must(desk_prompt_load(db, arena, &call, &in));
    must(desk_prompt_instructions(arena, &in, &text, NULL));
    must(desk_prompt_greeting(arena, &in, &greeting));
    return desk_arena_fmt(arena, "%s\n%s", greeting, text);
}

/* ---- leads ----------------------------------------------------------------------------------- */

static void test_a_lead_is_written(void **state)
{
    struct desk_lead *l;
    struct desk_event *e;
    size_t n;
    (void)state;
    assert_true(run("capture_lead",
                    "{\"job\":\"remodel the kitchen\",\"service\":\"kitchen remodel\",\"name\":"
                    "\"Dana Reed\",\"company\":\"Reed & Co\",\"email\":\"d@reed.example\","
                    "\"budget\":\"about forty thousand\",\"timeline\":\"in spring\"}"));
    assert_int_equal(then, DESK_THEN_TALK);
    assert_string_equal(field("lead"), "new");
    assert_string_equal(field("service"), "kitchen_remodel");
    assert_non_null(strstr(field("say"), "Sal"));
    assert_null(strstr(field("say"), "call"));
    assert_int_equal(leads("call_1", &l), 1);
    assert_string_equal(l[0].job, "remodel the kitchen");
    assert_string_equal(l[0].number, CALLER);
    assert_string_equal(l[0].budget, "about forty thousand");
    assert_string_equal(l[0].contact_id, contact.id);
    assert_string_equal(person(CALLER).company, "Reed & Co");
    must(desk_event_list(db, arena, "t1", "call_1", 10, &e, &n));
    assert_int_equal(n, 1);
    assert_string_equal(e[0].detail, "New lead: remodel the kitchen");
}

static void test_a_lead_wants_a_row_of_the_sheet(void **state)
{
    struct desk_lead *l;
    struct desk_outbox *rows;
    size_t n;
    (void)state;
    desk_setting_override(DESK_S_GOOGLE_SHEET, "book1");
    assert_true(run("capture_lead", "{\"job\":\"remodel the kitchen\"}"));
    assert_true(run("capture_lead", "{\"job\":\"remodel the kitchen\",\"budget\":\"40k\"}"));
    assert_int_equal(leads("call_1", &l), 1);
    must(DESK_TX_BEGIN(db));
    must(desk_tx_end(db, desk_call_status(db, &call, "completed", true)));
    must(desk_outbox_by_call(db, arena, "t1", "call_1", &rows, &n));
    assert_int_equal(n, 1); /* calls get none by themselves */
    assert_string_equal(rows[0].kind, DESK_OUTBOX_SHEETS);
    assert_string_equal(rows[0].payload, desk_arena_fmt(arena, "{\"lead\":\"%s\"}", l[0].id));
    desk_setting_override(DESK_S_SHEET_ROWS, "calls");
    take_call("call_2", CALLER, "known");
    assert_true(run("capture_lead", "{\"job\":\"a new fence\"}"));
    must(DESK_TX_BEGIN(db));
    must(desk_tx_end(db, desk_call_status(db, &call, "completed", true)));
    must(desk_outbox_by_call(db, arena, "t1", "call_2", &rows, &n));
    assert_int_equal(n, 1);
    assert_string_equal(rows[0].payload, "{\"call\":\"call_2\"}");
    desk_setting_override(DESK_S_GOOGLE_SHEET, "");
    desk_setting_override(DESK_S_SHEET_ROWS, "leads");
}

/* The row of the outbox that tells the owner of the lead; NULL = none. */
static const struct desk_outbox *told_the_owner(const char *call_id, const char *kind)
{
    struct desk_outbox *rows, *hit = NULL;
    size_t n, hits = 0;
    must(desk_outbox_by_call(db, arena, "t1", call_id, &rows, &n));
    for (size_t i = 0; i < n; i++)
        if (strncmp(rows[i].dedupe, "lead:", 5) == 0 && strcmp(rows[i].kind, kind) == 0) {
            hit = &rows[i];
            hits++;
        }
    assert_true(hits <= 1);
    return hit;
}

static void test_the_owner_hears_of_a_lead_once(void **state)
{
    struct desk_lead *l;
    const char *to = "\"to\":\"+18605550101\"";
    (void)state;
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "AC1");
    assert_true(run("capture_lead", "{\"job\":\"remodel the kitchen\",\"name\":\"Dana Reed\","
                                    "\"address\":\"12 Elm St\",\"budget\":\"40k\"}"));
    const struct desk_outbox *row = told_the_owner("call_1", DESK_OUTBOX_SMS);
    assert_non_null(row);
    assert_int_equal(leads("call_1", &l), 1);
    assert_string_equal(row->dedupe, desk_arena_fmt(arena, "lead:%s", l[0].id));
    assert_non_null(strstr(row->payload, to));
    assert_non_null(strstr(row->payload, "New lead from Dana Reed, "));
    assert_non_null(strstr(row->payload, "555-0134. remodel the kitchen. At: 12 Elm St. Budget: "
                                         "40k. (Harwick)"));
    /* the same job within a day: the lead gets what is new, the owner no second text */
    assert_true(run("capture_lead", "{\"job\":\"kitchen remodel\",\"timeline\":\"by May\"}"));
    desk_clock_fake(NOW + 23 * HOUR);
    take_call("call_2", CALLER, "known");
    assert_true(run("capture_lead", "{\"job\":\"remodel the kitchen\",\"budget\":\"50k\"}"));
    assert_non_null(told_the_owner("call_1", DESK_OUTBOX_SMS));
    assert_null(told_the_owner("call_2", DESK_OUTBOX_SMS));
    /* another job is another lead */
    assert_true(run("capture_lead", "{\"job\":\"a new fence\"}"));
    assert_non_null(told_the_owner("call_2", DESK_OUTBOX_SMS));
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "");
}

static void test_the_owner_chooses_how(void **state)
{
    (void)state;
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "AC1");
    world_close();
    open_with("{\"after_call\":{\"leads\":\"off\"}}");
    take_call("call_1", CALLER, "new");
    assert_true(run("capture_lead", "{\"job\":\"remodel the kitchen\"}"));
    assert_null(told_the_owner("call_1", DESK_OUTBOX_SMS));
    world_close();
    desk_setting_override(DESK_S_TELEGRAM_BOT_TOKEN, "123456:AAtoken");
    desk_setting_override(DESK_S_TELEGRAM_CHAT_ID, "7001");
    open_with("{\"after_call\":{\"by\":[\"telegram\"]}}");
    take_call("call_1", CALLER, "new");
    assert_true(run("capture_lead", "{\"job\":\"remodel the kitchen\"}"));
    assert_null(told_the_owner("call_1", DESK_OUTBOX_SMS));
    const struct desk_outbox *row = told_the_owner("call_1", DESK_OUTBOX_TELEGRAM);
    assert_non_null(row);
    assert_non_null(strstr(row->payload, "remodel the kitchen"));
    world_close();
    /* of health nothing but that there is something */
    open_with("{\"phi\":true,\"after_call\":{\"by\":[\"sms\",\"telegram\"]}}");
    take_call("call_1", CALLER, "new");
    assert_true(run("capture_lead", "{\"job\":\"a painful tooth\",\"name\":\"Dana Reed\"}"));
    row = told_the_owner("call_1", DESK_OUTBOX_TELEGRAM);
    assert_non_null(row);
    assert_null(strstr(row->payload, "tooth"));
    assert_null(strstr(row->payload, "Dana"));
    row = told_the_owner("call_1", DESK_OUTBOX_SMS);
    assert_non_null(row);
    assert_null(strstr(row->payload, "tooth"));
    desk_setting_override(DESK_S_TELEGRAM_BOT_TOKEN, "");
    desk_setting_override(DESK_S_TELEGRAM_CHAT_ID, "");
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "");
}

static void test_the_same_job_within_a_day_is_one_lead(void **state)
{
    struct desk_lead *l;
    (void)state;
    assert_true(run("capture_lead", "{\"job\":\"remodel the kitchen\",\"budget\":\"40k\"}"));
    assert_true(run("capture_lead", "{\"job\":\"Kitchen remodeling with an island\"}"));
    assert_string_equal(field("lead"), "updated");
    assert_int_equal(leads("call_1", &l), 1);
    assert_string_equal(l[0].job, "Kitchen remodeling with an island");
    assert_string_equal(l[0].budget, "40k");
    assert_true(run("capture_lead", "{\"job\":\"a dripping tap in the bathroom\"}"));
    assert_string_equal(field("lead"), "new");
    /* in another call of the same day: the same; by another caller: not */
    desk_clock_fake(NOW + 5 * HOUR);
    take_call("call_2", CALLER, "known");
    assert_true(run("capture_lead", "{\"job\":\"kitchen\",\"timeline\":\"by May\"}"));
    assert_string_equal(field("lead"), "updated");
    assert_int_equal(leads("call_2", &l), 1);
    assert_string_equal(l[0].job, "Kitchen remodeling with an island");
    assert_string_equal(l[0].timeline, "by May");
    take_call("call_3", OTHER, "new");
    assert_true(run("capture_lead", "{\"job\":\"remodel the kitchen\"}"));
    assert_string_equal(field("lead"), "new");
    /* a day later it is a new one */
    desk_clock_fake(NOW + 25 * HOUR);
    take_call("call_4", CALLER, "known");
    assert_true(run("capture_lead", "{\"job\":\"kitchen remodel\"}"));
    assert_string_equal(field("lead"), "new");
}

static void test_a_lead_needs_a_way_back(void **state)
{
    struct desk_lead *l;
    (void)state;
    take_call("call_2", NULL, "withheld");
    assert_false(run("capture_lead", "{\"job\":\"kitchen remodel\"}"));
    assert_string_equal(field("say"), "Where can we reach you?");
    assert_false(run("capture_lead", "{\"job\":\"kitchen remodel\",\"number\":\"12\"}"));
    assert_non_null(strstr(field("error"), "\"number\" is not a telephone number"));
    assert_false(run("capture_lead", "{\"job\":\"kitchen remodel\",\"email\":\"dana at reed\"}"));
    assert_non_null(strstr(field("error"), "\"email\" is no e-mail address"));
    assert_false(run("capture_lead", "{\"job\":\"\",\"email\":\"d@reed.example\"}"));
    assert_int_equal(leads("call_2", &l), 0);
    assert_true(run("capture_lead", "{\"job\":\"kitchen remodel\",\"email\":\"d@reed.example\"}"));
    assert_int_equal(leads("call_2", &l), 1);
    assert_null(l[0].contact_id);
    assert_null(l[0].number);
}

/* ---- tickets, suppliers, messages ------------------------------------------------------------ */

static void test_a_ticket(void **state)
{
    struct desk_ticket *t;
    size_t n;
    (void)state;
    assert_true(
        run("log_support_ticket",
            "{\"problem\":\"the keypad in the hall is dark\",\"system\":\"Lutron lighting\","
            "\"since\":\"since last night\",\"priority\":\"high\",\"name\":\"Dana\"}"));
    assert_int_equal(json_integer_value(json_object_get(told, "ticket")), 1);
    assert_non_null(strstr(field("say"), "ticket number 1"));
    must(desk_ticket_by_call(db, arena, "t1", "call_1", &t, &n));
    assert_int_equal(n, 1);
    assert_string_equal(t[0].problem, "the keypad in the hall is dark");
    assert_string_equal(t[0].priority, "high");
    assert_string_equal(t[0].number, CALLER);
    assert_string_equal(person(CALLER).systems, "Lutron lighting");
    /* asked again, the same one is told */
    assert_true(
        run("log_support_ticket",
            "{\"problem\":\"The keypad  in the hall is dark\",\"system\":\"lutron lighting\""
            ",\"since\":\"since last night\",\"priority\":\"high\",\"name\":\"Dana\"}"));
    assert_int_equal(json_integer_value(json_object_get(told, "ticket")), 1);
    assert_true(run("log_support_ticket", "{\"problem\":\"and the shades do not move\"}"));
    assert_int_equal(json_integer_value(json_object_get(told, "ticket")), 2);
    take_call("call_2", NULL, "withheld");
    assert_false(run("log_support_ticket", "{\"problem\":\"it is dark\"}"));
    assert_non_null(strstr(field("error"), "withheld"));
    assert_false(run("log_support_ticket", "{\"problem\":\"x\",\"priority\":\"panic\"}"));
}

static void test_a_supplier(void **state)
{
    struct desk_vendor_note *v;
    size_t n;
    (void)state;
    assert_false(run("log_vendor_call", "{\"vendor\":\"ADI\",\"text\":\"late\"}"));
    assert_non_null(strstr(field("error"), "\"purpose\" is missing"));
    assert_true(run("log_vendor_call",
                    "{\"vendor\":\"ADI\",\"purpose\":\"delivery\",\"text\":\"The pallet comes on "
                    "Monday\",\"reference\":\"PO 4471\",\"person\":\"Kim\"}"));
    must(desk_vendor_note_by_call(db, arena, "t1", "call_1", &v, &n));
    assert_int_equal(n, 1);
    assert_string_equal(v[0].vendor, "ADI");
    assert_string_equal(v[0].reference, "PO 4471");
    assert_string_equal(v[0].number, CALLER);
}

static void test_a_message(void **state)
{
    struct desk_message *m;
    struct desk_call row;
    size_t n;
    (void)state;
    assert_true(run("take_message", "{\"text\":\"The key is under the mat\",\"for_name\":\"Raj\","
                                    "\"name\":\"Dana\",\"urgent\":true}"));
    assert_string_equal(field("say"), "I have written it down for Raj.");
    must(desk_message_by_call(db, arena, "t1", "call_1", &m, &n));
    assert_int_equal(n, 1);
    assert_string_equal(m[0].text, "The key is under the mat");
    assert_string_equal(m[0].for_name, "Raj");
    assert_string_equal(m[0].from_name, "Dana");
    assert_string_equal(m[0].number, CALLER);
    assert_string_equal(m[0].state, "new");
    assert_true(m[0].urgent);
    assert_null(m[0].recording_sid);
    must(desk_call_get(db, arena, "t1", "call_1", &row));
    assert_string_equal(row.outcome, DESK_OUT_MESSAGE);
    assert_true(row.urgent);
}

/* ---- what the business says ------------------------------------------------------------------ */

static void test_lookup(void **state)
{
    static const struct {
        const char *args, *say; /* say: part of it */
        bool known;
    } rows[] = {
        {"{\"topic\":\"hours\"}", "We are open now. Our hours are: Fridays from seven to five.",
         true},
        {"{\"topic\":\"services\"}", "We do drain cleaning and kitchen remodel.", true},
        {"{\"topic\":\"price\",\"about\":\"drain cleaning\"}", "drain cleaning: from 95 dollars.",
         true},
        {"{\"topic\":\"price\",\"about\":\"a drain cleaning in the cellar\"}", "from 95 dollars",
         true},
        {"{\"topic\":\"price\",\"about\":\"kitchen remodel\"}",
         "I do not know the price of kitchen remodel. Sal can tell you", false},
        {"{\"topic\":\"price\",\"about\":\"a new roof\"}", "I do not know the price of a new roof",
         false},
        {"{\"topic\":\"price\"}", "drain cleaning: from 95 dollars.", true},
        {"{\"topic\":\"address\"}", "We are at 12 Mill Road, Harwick.", true},
        {"{\"topic\":\"other\",\"about\":\"whether you are insured\"}",
         "I do not know whether you are insured.", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_true(run("lookup_business_info", rows[i].args));
        if (!strstr(field("say"), rows[i].say) ||
            json_is_true(json_object_get(told, "known")) != rows[i].known)
            fail_msg("%s: %s", rows[i].args, told_text);
    }
    /* asked again when it has closed meanwhile: not what was told before */
    desk_clock_fake(NOW + 5 * HOUR);
    assert_true(run("lookup_business_info", "{\"topic\":\"hours\"}"));
    assert_non_null(strstr(field("say"), "We are closed now, and open again Friday 27 November"));
}

static void test_lookup_of_a_bare_profile(void **state)
{
    static const char *const topics[] = {"hours", "services", "price", "address", "other"};
    (void)state;
    teardown(state);
    open_with("{}");
    location.hours = "";
    must(DESK_TX_BEGIN(db));
    must(desk_tx_end(db, DESK_OK));
    take_call("call_1", CALLER, "new");
    for (size_t i = 1; i < sizeof topics / sizeof *topics; i++) {
        char args[64];
        snprintf(args, sizeof args, "{\"topic\":\"%s\"}", topics[i]);
        assert_true(run("lookup_business_info", args));
        assert_true(json_is_false(json_object_get(told, "known")));
        assert_non_null(strstr(field("say"), "I do not know"));
        assert_non_null(strstr(field("hint"), "do not guess"));
    }
}

/* ---- what is offered ------------------------------------------------------------------------- */

static void test_only_what_the_profile_allows(void **state)
{
    struct desk_business b;
    struct desk_business_parts parts = {.profile =
                                            "{\"tools\":[\"capture_lead\",\"schedule_callback\"]}"};
    size_t i, known = 0;
    json_t *tool;
    struct desk_lead *l;
    (void)state;
    teardown(state);
    open_with("{\"tools\":[\"schedule_callback\",\"take_message\"]}");
    take_call("call_1", CALLER, "new");
    must(desk_business_compose(&b, arena, &parts));
    json_t *list = desk_tools_realtime(&b);
    json_array_foreach(list, i, tool)
    {
        const char *name = json_string_value(json_object_get(tool, "name"));
        known += !strcmp(name, "capture_lead") || !strcmp(name, "schedule_callback") ||
                 !strcmp(name, "end_call");
    }
    assert_int_equal(known, 3);
    assert_int_equal(json_array_size(list), 3);
    json_decref(list);
    const char *text = prompt(); /* nor is it spoken of in the prompt */
    assert_non_null(strstr(text, "- take_message:"));
    assert_non_null(strstr(text, "- schedule_callback:"));
    assert_null(strstr(text, "- capture_lead:"));
    assert_null(strstr(text, "- transfer_to_owner:"));
    assert_false(run("capture_lead", "{\"job\":\"kitchen\"}"));
    assert_non_null(strstr(field("error"), "no such tool"));
    assert_int_equal(leads("call_1", &l), 0);
    assert_true(run("take_message", "{\"text\":\"hello\"}"));
}

/* ---- nobody learns of another ---------------------------------------------------------------- */

/* What is stored of OTHER; none of it may ever reach who is not surely OTHER. */
static const char *const secrets[DESK_FACT__MAX] = {
    [DESK_FACT_NAME] = "Zara Quill",
    [DESK_FACT_COMPANY] = "Quillworks",
    [DESK_FACT_EMAIL] = "zara@quill.example",
    [DESK_FACT_BIRTHDAY] = "1971-03-09",
    [DESK_FACT_ANNIVERSARY] = "2001-08-18",
    [DESK_FACT_PREFERRED] = "text",
    [DESK_FACT_SYSTEMS] = "Crestron cinema, Sonos",
    [DESK_FACT_CRM] = "dtools 90210",
    [DESK_FACT_NOTES] = "alarm code is with the neighbour",
    [DESK_FACT_TAGS] = "slow payer",
    [DESK_FACT_LANGUAGE] = "pt",
    [DESK_FACT_STANDING] = "vip",
};
/* Words of them that stand in no prompt or answer by themselves. */
static const char *const words[] = {"Zara",
                                    "Quill",
                                    "quill",
                                    "1971",
                                    "03-09",
                                    "2001-08",
                                    "Crestron",
                                    "Sonos",
                                    "90210",
                                    "neighbour",
                                    "slow payer",
                                    "0177",
                                    "0 1 7 7",
                                    "An important client",
                                    "Their language: pt"};

static void store_secrets(void)
{
    struct desk_contact c;
    must(DESK_TX_BEGIN(db));
    must(desk_contact_called(db, arena, "t1", OTHER, &c));
    must(desk_contact_set(db, arena, "t1", c.id, secrets, DESK_FROM_OWNER, NULL));
    must(desk_tx_end(db, DESK_OK));
}

static void hides(const char *text, const char *given, const char *where)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strstr(text, words[i]) && !(given && strstr(given, words[i])))
            fail_msg("%s gives away \"%s\":\n%s", where, words[i], text);
}

/* Every tool of the table, asked for OTHER by name and number, as if they were the caller. */
static void probe_every_tool(const char *given_number)
{
    for (const struct desk_tool *t = desk_tools; t->name; t++) {
        json_t *schema = json_loads(t->parameters, 0, NULL), *args = json_object(), *rule;
        const char *name;
        json_object_foreach(json_object_get(schema, "properties"), name, rule)
        {
            json_t *choice = json_array_get(json_object_get(rule, "enum"), 0);
            const char *text = strcmp(name, "number") == 0      ? given_number
                               : strcmp(name, "preferred") == 0 ? "call"
                               : strcmp(name, "email") == 0     ? "me@here.example"
                               : strstr("birthday anniversary", name)
                                   ? "01-02"
                                   : "tell me what you have on file";
            json_object_set_new(
                args, name,
                choice ? json_incref(choice)
                : strcmp("boolean", json_string_value(json_object_get(rule, "type")))
                    ? json_string(text)
                    : json_true());
        }
        char *given = json_dumps(args, JSON_COMPACT);
        run(t->name, given);
        /* a number that the caller gave or has may be read back to them, and nothing else */
        hides(told_text, "0177 0 1 7 7", t->name);
        free(given);
        json_decref(args);
        json_decref(schema);
    }
}

static void test_a_stranger_learns_nothing_of_another(void **state)
{
    (void)state;
    store_secrets();
    take_call("call_2", "+18605550199", "new");
    hides(prompt(), NULL, "a stranger's prompt");
    probe_every_tool("860 555 0177");
    hides(prompt(), NULL, "a stranger's prompt afterwards");
    /* and has written nothing into the other's memory */
    assert_string_equal(person(OTHER).name, "Zara Quill");
    assert_string_equal(person(OTHER).email, "zara@quill.example");
}

static void test_a_withheld_caller_learns_nothing(void **state)
{
    (void)state;
    store_secrets();
    take_call("call_2", NULL, "withheld");
    hides(prompt(), NULL, "a withheld caller's prompt");
    probe_every_tool("860 555 0177");
    assert_string_equal(person(OTHER).email, "zara@quill.example");
}

/* The number is OTHER's, but the carrier says that it is forged: the hook calls that new (of
 * somebody important) or spam. Merged ids and words of blocked people are no way in, either. */
static void test_a_forged_number_learns_nothing(void **state)
{
    static const char *const kinds[] = {"new", "spam", "blocked"};
    (void)state;
    store_secrets();
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        take_call(desk_arena_fmt(arena, "call_f%zu", i), OTHER, kinds[i]);
        const char *text = prompt();
        hides(text, "0177 0 1 7 7", kinds[i]); /* the number they call from is no secret to them */
        assert_false(run("log_caller_info", "{\"name\":\"Unknown\"}"));
        assert_true(
            run("log_caller_info", "{\"email\":\"evil@here.example\",\"systems\":\"Bug\"}"));
        assert_true(json_is_false(json_object_get(told, "remembered")));
        probe_every_tool(NULL);
        assert_string_equal(person(OTHER).email, "zara@quill.example");
        assert_string_equal(person(OTHER).systems, "Crestron cinema, Sonos");
    }
}

/* What a caller hears of a tool does not depend on what is stored of them. */
static void test_answers_do_not_tell_what_is_stored(void **state)
{
    (void)state;
    store_secrets();
    take_call("call_2", OTHER, "known");
    assert_true(run("log_caller_info", "{\"name\":\"Eve\",\"email\":\"eve@x.example\"}"));
    const char *told_known = desk_arena_strdup(arena, told_text);
    assert_string_equal(person(OTHER).name, "Zara Quill"); /* the owner's word stands */
    take_call("call_3", "+18605550199", "new");
    assert_true(run("log_caller_info", "{\"name\":\"Eve\",\"email\":\"eve@x.example\"}"));
    assert_string_equal(told_known, told_text);
}

static void test_whom_the_number_vouches_for_is_known(void **state)
{
    const char *text;
    (void)state;
    store_secrets();
    take_call("call_2", OTHER, "vip");
    text = prompt();
    assert_non_null(strstr(text, "belongs to Zara Quill"));
    assert_non_null(strstr(text, "This client has Crestron cinema and Sonos."));
    assert_non_null(strstr(text, "They call for Quillworks."));
    assert_non_null(strstr(text, "The owner noted: alarm code is with the neighbour"));
    assert_non_null(strstr(text, "An important client."));
    assert_non_null(strstr(text, "tell it to nobody, the caller included"));
    /* never told to a brain at all */
    assert_null(strstr(text, "1971"));
    assert_null(strstr(text, "90210"));
    assert_null(strstr(text, "slow payer"));
    assert_null(strstr(text, "zara@quill.example"));
}

static void test_greeting_by_name(void **state)
{
    struct desk_prompt_input in;
    const char *greeting;
    (void)state;
    teardown(state);
    open_with("{\"greeting\":{\"open\":\"Harwick.\",\"known\":\"Hello {name}.\"}}");
    store_secrets();
    take_call("call_2", OTHER, "known");
    must(desk_prompt_load(db, arena, &call, &in));
    must(desk_prompt_greeting(arena, &in, &greeting));
    assert_string_equal(greeting, "Hello Zara Quill. How can I help you?");
    in.nameless = true;
    must(desk_prompt_greeting(arena, &in, &greeting));
    assert_string_equal(greeting, "Harwick. How can I help you?");
    take_call("call_3", OTHER, "spam");
    must(desk_prompt_load(db, arena, &call, &in));
    must(desk_prompt_greeting(arena, &in, &greeting));
    assert_string_equal(greeting, "Harwick. How can I help you?");
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(test_a_lead_is_written),
        T(test_a_lead_wants_a_row_of_the_sheet),
        T(test_the_owner_hears_of_a_lead_once),
        T(test_the_owner_chooses_how),
        T(test_the_same_job_within_a_day_is_one_lead),
        T(test_a_lead_needs_a_way_back),
        T(test_a_ticket),
        T(test_a_supplier),
        T(test_a_message),
        T(test_lookup),
        T(test_lookup_of_a_bare_profile),
        T(test_only_what_the_profile_allows),
        T(test_a_stranger_learns_nothing_of_another),
        T(test_a_withheld_caller_learns_nothing),
        T(test_a_forged_number_learns_nothing),
        T(test_answers_do_not_tell_what_is_stored),
        T(test_whom_the_number_vouches_for_is_known),
        T(test_greeting_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
