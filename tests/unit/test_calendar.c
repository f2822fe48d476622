/* The tools of the calendar against a real database in memory: what a model is told, what is
 * written, and whose appointment may be touched by whom. It is Monday 12 October 2026, 9:10 am in
 * Denver. */
#include "base/ids.h"
#include "talk/business.h"
#include "talk/calendar.h"
#include "tests/unit/tools_world.h"

#include <stdio.h>
#include <string.h>

#define CALLER "+13035550134"
#define OTHER  "+13035550177"
#define NOW    1791817800000LL
#define HOUR   (3600LL * 1000)
#define CHECK  "check_appointment_availability"

static void set_up(const char *profile)
{
    tenant = (struct desk_tenant){.id = "tenant_1",
                                  .slug = "larkspur",
                                  .name = "Larkspur Smart Homes",
                                  .profile = profile,
                                  .created_at = 1,
                                  .updated_at = 1};
    location = (struct desk_location){
        .id = "loc_1",
        .tenant_id = "tenant_1",
        .name = "Main",
        .zone = "America/Denver",
        .hours = "{\"weekly\":{\"mon\":[[\"08:00\",\"18:00\"]],\"tue\":[[\"08:00\",\"18:00\"]],"
                 "\"wed\":[[\"08:00\",\"18:00\"]],\"thu\":[[\"08:00\",\"18:00\"]],"
                 "\"fri\":[[\"08:00\",\"18:00\"]]},\"closures\":[{\"date\":\"2026-10-15\","
                 "\"label\":\"Inventory\"}]}",
        .owner_name = "Mike",
        .owner_phone = "+13035550101",
        .created_at = 1};
    world_open();
}

/* Another call, of that number or (NULL) of a withheld one. */
static void rings(const char *from, const char *id)
{
    world_call((struct desk_call){.id = id,
                                  .caller_kind = from ? "new" : "withheld",
                                  .from_number = from,
                                  .to_number = "+13035550100",
                                  .mode = "realtime"});
}

static const char profile[] =
    "{\"services\":[{\"id\":\"consultation\",\"name\":\"consultation\",\"also\":[\"design "
    "meeting\"],"
    "\"minutes\":60},{\"id\":\"service_call\",\"name\":\"service call\",\"minutes\":120}],"
    "\"booking\":{\"gap_minutes\":30,\"lead_minutes\":120,\"days_ahead\":60}}";

static int begin(void **state)
{
    (void)state;
    desk_clock_fake(NOW);
    set_up(profile);
    rings(CALLER, "call_1");
    return 0;
}

static int end(void **state)
{
    (void)state;
    world_close();
    return 0;
}

static const char *slot(size_t i, const char *name)
{
    const char *s =
        json_string_value(json_object_get(json_array_get(json_object_get(told, "slots"), i), name));
    return s ? desk_arena_strdup(arena, s) : "";
}

static size_t slots(void)
{
    return json_array_size(json_object_get(told, "slots"));
}

static void says(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("\"%s\" is not in: %s", part, text);
}

static size_t visits(struct desk_appointment **rows)
{
    size_t n;
    must(desk_appointments_between(db, arena, "tenant_1", 0, NOW * 2, false, 50, rows, &n));
    return n;
}

static const char *outcome(void)
{
    struct desk_call c;
    must(desk_call_get(db, arena, "tenant_1", call.id, &c));
    return c.outcome ? c.outcome : "";
}

/* ---- looking --------------------------------------------------------------------------------- */

static void free_times_are_offered_in_words(void **state)
{
    (void)state;
    assert_true(run(CHECK, "{\"service\":\"consultation\",\"date_ref\":\"tomorrow\","
                           "\"daypart\":\"afternoon\"}"));
    assert_int_equal(slots(), 4);
    assert_string_equal(slot(0, "when"), "Tuesday, October 13th at noon");
    assert_string_equal(slot(1, "when"), "Tuesday, October 13th at 1 pm");
    assert_int_equal(strlen(slot(0, "slot_id")), 32);
    assert_string_equal(field("say"),
                        "We have Tuesday, October 13th at noon, 1 pm, 2 pm, or 3 pm.");
    assert_true(json_is_true(json_object_get(told, "as_wanted")));
    assert_int_equal(json_integer_value(json_object_get(told, "minutes")), 60);
    assert_true(run(CHECK,
                    "{\"service\":\"a design meeting please\",\"date_ref\":\"tomorrow\","
                    "\"time_from\":\"15:15\",\"ampm_given\":true,\"flexibility\":\"exact\"}"));
    assert_int_equal(slots(), 1);
    assert_string_equal(slot(0, "when"), "Tuesday, October 13th at 3:15 pm");
    struct desk_appointment *rows;
    assert_int_equal(visits(&rows), 0); /* nothing is booked by looking */
}

static void several_days_give_some_of_each(void **state)
{
    (void)state;
    assert_true(run(CHECK, "{\"service\":\"consultation\",\"date_ref\":\"earliest\"}"));
    assert_int_equal(slots(), 4);
    assert_string_equal(slot(0, "when"), "Monday, October 12th at 11:30 am"); /* two hours on */
    assert_string_equal(slot(1, "when"), "Monday, October 12th at 12:30 pm");
    assert_string_equal(slot(2, "when"), "Tuesday, October 13th at 8 am");
    says(field("say"), "We have Monday, October 12th at 11:30 am, 12:30 pm, Tuesday, October 13th "
                       "at 8 am, or 9 am.");
}

static void what_is_not_to_be_had_has_a_reason_and_a_next_best(void **state)
{
    (void)state;
    assert_true(run(CHECK, "{\"service\":\"consultation\",\"date_ref\":\"date\",\"month\":10,"
                           "\"day\":15}"));
    says(field("say"), "Inventory");
    says(field("say"), "Friday, October 16th at 8 am");
    assert_false(json_is_true(json_object_get(told, "as_wanted")));
    assert_true(run(CHECK, "{\"service\":\"consultation\",\"date_ref\":\"today\","
                           "\"time_from\":\"10:00\",\"ampm_given\":true}"));
    assert_string_equal(field("why"), "too_soon");
    assert_string_equal(slot(0, "when"), "Monday, October 12th at 11:30 am");
    assert_false(run(CHECK, "{\"service\":\"haircut\",\"date_ref\":\"tomorrow\"}"));
    says(field("error"), "consultation, service call");
    assert_false(run(CHECK, "{\"service\":\"consultation\",\"date_ref\":\"weekday\"}"));
    says(field("error"), "weekday is needed");
    assert_false(run(CHECK, "{\"service\":\"consultation\",\"date_ref\":\"none\"}"));
    assert_string_equal(field("say"), "Which day would suit you?");
    assert_false(run(CHECK, "{\"service\":\"consultation\",\"date_ref\":\"tomorrow\","
                            "\"with\":\"Zed\"}"));
    says(field("error"), "Leave \"with\" out");
}

/* ---- booking --------------------------------------------------------------------------------- */

/* The first slot of that day, quoted. */
static const char *offer(const char *service, int day)
{
    assert_true(run(CHECK, desk_arena_fmt(arena,
                                          "{\"service\":\"%s\",\"date_ref\":\"date\",\"month\":10,"
                                          "\"day\":%d}",
                                          service, day)));
    return slot(0, "slot_id");
}

static bool book_as(const char *tool, const char *id, const char *name)
{
    return run(tool, desk_arena_fmt(arena,
                                    "{\"slot_id\":\"%s\",\"name\":\"%s\",\"address\":\"1 Main St\","
                                    "\"notes\":\"new house\"}",
                                    id, name));
}

static bool book(const char *id, const char *name)
{
    return book_as("book_appointment", id, name);
}

static void a_booking_is_a_row_and_a_sentence(void **state)
{
    (void)state;
    struct desk_appointment *rows;
    struct desk_event *events;
    struct desk_contact c;
    size_t n;
    assert_true(book(offer("consultation", 14), "Dana Reed"));
    assert_string_equal(field("when"), "Wednesday, October 14th at 8 am");
    says(field("say"), "It is booked: consultation on Wednesday, October 14th at 8 am.");
    assert_int_equal(visits(&rows), 1);
    assert_string_equal(rows[0].name, "Dana Reed");
    assert_string_equal(rows[0].number, CALLER);
    assert_string_equal(rows[0].address, "1 Main St");
    assert_string_equal(rows[0].notes, "new house");
    assert_string_equal(rows[0].service, "consultation");
    assert_string_equal(rows[0].call_id, "call_1");
    assert_int_equal(rows[0].end_at - rows[0].start_at, HOUR);
    assert_int_equal(rows[0].busy_until - rows[0].end_at, HOUR / 2);
    assert_string_equal(outcome(), DESK_OUT_BOOKED);
    must(desk_event_list(db, arena, "tenant_1", "call_1", 50, &events, &n));
    assert_string_equal(events[n - 1].detail,
                        "Booked: consultation on Wednesday, October 14th at 8 am, for Dana Reed");
    must(desk_contact_get(db, arena, "tenant_1", call.contact_id, &c));
    assert_string_equal(c.name, "Dana Reed");
    assert_true(run(CHECK, "{\"service\":\"consultation\",\"date_ref\":\"date\",\"month\":10,"
                           "\"day\":14}"));
    assert_string_equal(slot(0, "when"), "Wednesday, October 14th at 9:30 am"); /* and the gap */
}

static void the_same_booking_twice_is_one(void **state)
{
    (void)state;
    struct desk_appointment *rows;
    const char *id = offer("consultation", 14);
    assert_true(book(id, "Dana Reed"));
    assert_true(book(id, "Dana Reed"));
    says(field("say"), "It is booked");
    assert_true(book_as("book_appointment", id, "dana  reed"));
    assert_true(book_as("schedule_consultation", id, "Dana Reed")); /* by another tool, too */
    assert_int_equal(visits(&rows), 1);
    assert_true(run("cancel_appointment", "{\"name\":\"Dana\"}"));
    assert_int_equal(visits(&rows), 0);
    assert_true(book(id, "Dana Reed")); /* after that it is a new one */
    assert_int_equal(visits(&rows), 1);
    rings(OTHER, "call_2");
    assert_false(book(id, "Bob")); /* and nobody else's */
    says(field("error"), "not to be had any more (full)");
    assert_int_equal(visits(&rows), 1);
}

static void only_what_was_offered_can_be_booked(void **state)
{
    (void)state;
    struct desk_appointment *rows;
    const char *id = offer("consultation", 14);
    for (size_t i = 0; i < 32; i++) { /* each of its characters counts */
        char forged[64];
        snprintf(forged, sizeof forged, "%s", id);
        forged[i] = forged[i] == '7' ? '8' : '7';
        assert_false(book(forged, "Dana Reed"));
        says(field("error"), "never offered");
    }
    static const char *const made_up[] = {"slot_1", "2026-10-14T08:00", "wednesday at eight"};
    for (size_t i = 0; i < 3; i++)
        assert_false(book(made_up[i], "Dana Reed"));
    desk_clock_fake(NOW + DESK_SLOT_ID_MS + 60000);
    assert_false(book(id, "Dana Reed"));
    says(field("error"), "over half an hour ago");
    assert_int_equal(visits(&rows), 0);
}

static void a_slot_of_one_business_is_none_of_another(void **state)
{
    (void)state;
    struct desk_business b;
    struct desk_calendar_slot out;
    const char *id = offer("consultation", 14);
    must(desk_business_load(db, arena, "tenant_1", "loc_1", &b));
    struct desk_calendar_place p = {.db = db,
                                    .arena = arena,
                                    .tenant_id = "tenant_1",
                                    .location_id = "loc_1",
                                    .business = &b,
                                    .now = NOW};
    assert_int_equal(desk_slot_id_open(&p, id, &out), DESK_SLOT_ID_OK);
    p.tenant_id = "tenant_2";
    assert_int_equal(desk_slot_id_open(&p, id, &out), DESK_SLOT_ID_FALSE);
    p.tenant_id = "tenant_1";
    p.location_id = "loc_2";
    assert_int_equal(desk_slot_id_open(&p, id, &out), DESK_SLOT_ID_FALSE);
}

static void hours_that_changed_meanwhile_count(void **state)
{
    (void)state;
    struct desk_business_except e = {.from = "2026-10-14", .closed = true, .label = "ill"};
    char why[200];
    const char *id = offer("consultation", 14);
    must(desk_business_except_add(db, arena, "tenant_1", NULL, &e, why, sizeof why));
    assert_false(book(id, "Dana Reed"));
    says(field("error"), "(closed)");
}

static void the_right_tool_for_the_right_visit(void **state)
{
    (void)state;
    struct desk_appointment *rows;
    const char *id = offer("consultation", 14);
    assert_false(book_as("schedule_service_call", id, "Dana Reed"));
    says(field("error"), "offered for 'consultation'");
    assert_false(run("schedule_service_call",
                     desk_arena_fmt(arena, "{\"slot_id\":\"%s\",\"name\":\"x\"}", id)));
    says(field("error"), "\"address\" is missing");
    assert_true(book_as("schedule_service_call", offer("service call", 16), "Dana Reed"));
    assert_int_equal(visits(&rows), 1);
    assert_int_equal(rows[0].end_at - rows[0].start_at, 2 * HOUR);
}

static void a_withheld_caller_books_with_a_number(void **state)
{
    (void)state;
    struct desk_appointment *rows;
    rings(NULL, "call_2");
    const char *id = offer("consultation", 14);
    assert_false(book(id, "Dana Reed"));
    says(field("error"), "Ask for a number");
    assert_true(run("book_appointment",
                    desk_arena_fmt(arena,
                                   "{\"slot_id\":\"%s\",\"name\":\"Dana Reed\",\"number\":"
                                   "\"303 555 0177\"}",
                                   id)));
    assert_int_equal(visits(&rows), 1);
    assert_string_equal(rows[0].number, OTHER);
    assert_null(rows[0].caller_key);
    assert_false(run("cancel_appointment", "{\"name\":\"Dana Reed\"}"));
    says(field("error"), "number is withheld");
    assert_int_equal(visits(&rows), 1);
}

/* ---- whose is it? ---------------------------------------------------------------------------- */

static void nobody_changes_anothers_appointment(void **state)
{
    (void)state;
    struct desk_appointment *rows;
    assert_true(book(offer("consultation", 14), "Dana Reed"));
    rings(OTHER, "call_2");
    static const char *const tries[] = {
        "{\"name\":\"Dana Reed\"}", "{\"service\":\"consultation\"}",
        "{\"date_ref\":\"date\",\"month\":10,\"day\":14}", "{\"name\":\"Nobody\"}"};
    const char *first = NULL;
    for (size_t i = 0; i < 4; i++) {
        assert_false(run("cancel_appointment", tries[i]));
        first = first ? first : desk_arena_strdup(arena, field("error"));
        assert_string_equal(field("error"), first); /* and none of them tells what there is */
    }
    rings(CALLER, "call_3");
    assert_false(run("cancel_appointment", "{\"name\":\"Mr. Smith\"}"));
    assert_string_equal(field("error"), first);
    assert_false(run("cancel_appointment", "{\"service\":\"service call\"}"));
    assert_false(run("cancel_appointment", "{\"date_ref\":\"tomorrow\"}"));
    assert_false(run("cancel_appointment", "{}"));
    says(field("error"), "Say which appointment");
    assert_int_equal(visits(&rows), 1);
    assert_true(run("cancel_appointment", "{\"date_ref\":\"weekday\",\"weekday\":\"wednesday\"}"));
    says(field("say"), "It is cancelled: consultation on Wednesday, October 14th at 8 am.");
    assert_string_equal(outcome(), DESK_OUT_CANCELLED);
    assert_int_equal(visits(&rows), 0);
    assert_true(run("cancel_appointment", "{\"name\":\"Reed\"}")); /* said again: it is */
    says(field("say"), "It is cancelled");
}

static void which_of_several_is_asked(void **state)
{
    (void)state;
    struct desk_appointment *rows;
    assert_true(book(offer("consultation", 14), "Dana Reed"));
    assert_true(book(offer("consultation", 16), "Dana Reed"));
    assert_false(run("cancel_appointment", "{\"name\":\"Dana\"}"));
    assert_int_equal(json_array_size(json_object_get(told, "which")), 2);
    assert_true(run("cancel_appointment", "{\"name\":\"Dana\",\"date_ref\":\"day_of_month\","
                                          "\"day\":16}"));
    assert_int_equal(visits(&rows), 1);
}

static bool move(const char *id, const char *whose)
{
    return run("reschedule_appointment",
               desk_arena_fmt(arena, "{\"slot_id\":\"%s\",%s}", id, whose));
}

static void an_appointment_moves(void **state)
{
    (void)state;
    struct desk_appointment *rows;
    assert_true(book(offer("consultation", 14), "Dana Reed"));
    rings(CALLER, "call_2");
    const char *wrong = offer("service call", 16), *id = offer("consultation", 16);
    assert_false(move(wrong, "\"name\":\"Dana Reed\""));
    says(field("error"), "offered for 'service call'");
    assert_true(move(id, "\"name\":\"Dana Reed\""));
    says(field("say"), "It is moved: consultation on Friday, October 16th at 8 am.");
    assert_true(move(id, "\"name\":\"Dana Reed\"")); /* once more: it is there */
    assert_int_equal(visits(&rows), 1);
    assert_string_equal(rows[0].status, DESK_APPT_MOVED);
    assert_int_equal(rows[0].sequence, 1);
    /* half an hour later, over where it is now */
    assert_true(run(CHECK,
                    "{\"service\":\"consultation\",\"date_ref\":\"date\",\"month\":10,"
                    "\"day\":16,\"time_from\":\"08:30\",\"ampm_given\":true,\"moving\":true}"));
    assert_string_equal(slot(0, "when"), "Friday, October 16th at 8:30 am");
    assert_true(move(slot(0, "slot_id"), "\"date_ref\":\"date\",\"month\":10,\"day\":16"));
    assert_int_equal(visits(&rows), 1);
    assert_int_equal(rows[0].sequence, 2);
    rings(OTHER, "call_3");
    assert_false(move(offer("consultation", 19), "\"name\":\"Dana Reed\""));
    says(field("error"), "no appointment for this caller's number");
}

static void one_that_has_begun_stays(void **state)
{
    (void)state;
    struct desk_appointment *rows;
    assert_true(book(offer("consultation", 14), "Dana Reed"));
    must(visits(&rows) == 1 ? DESK_OK : DESK_EINTERNAL);
    desk_clock_fake(rows[0].start_at);
    assert_false(run("cancel_appointment", "{\"name\":\"Dana Reed\"}"));
}

/* ---- who may --------------------------------------------------------------------------------- */

static bool offered(const json_t *list, const char *name)
{
    size_t i;
    json_t *t;
    json_array_foreach(list, i, t)
    {
        if (strcmp(json_string_value(json_object_get(t, "name")), name) == 0)
            return true;
    }
    return false;
}

static json_t *tools_of(const char *text)
{
    struct desk_business b;
    const struct desk_business_parts parts = {.slug = "x", .name = "X", .profile = text};
    must(desk_business_compose(&b, arena, &parts));
    return desk_tools_realtime(&b);
}

static void tools_are_offered_where_the_profile_allows(void **state)
{
    (void)state;
    json_t *list = tools_of(profile);
    assert_true(offered(list, CHECK) && offered(list, "schedule_consultation"));
    assert_true(offered(list, "schedule_service_call") && offered(list, "end_call"));
    json_decref(list);
    list = tools_of("{\"services\":[\"repair\"]}");
    assert_true(offered(list, "book_appointment"));
    assert_false(offered(list, "schedule_consultation"));
    assert_false(offered(list, "schedule_service_call"));
    json_decref(list);
    list = tools_of("{}");
    assert_false(offered(list, CHECK));
    json_decref(list);
    list = tools_of("{\"services\":[\"repair\"],\"tools\":[\"end_call\"]}");
    assert_true(offered(list, "end_call"));
    assert_int_equal(json_array_size(list), 1);
    json_decref(list);
    must(DESK_TX_BEGIN(db));
    tenant.profile = "{\"services\":[\"consultation\"],\"tools\":[\"end_call\"]}";
    must(desk_tenant_update(db, &tenant));
    must(desk_tx_end(db, DESK_OK));
    assert_false(run(CHECK, "{\"service\":\"consultation\",\"date_ref\":\"tomorrow\"}"));
    says(field("error"), "There is no such tool");
}

static void technicians_are_named(void **state)
{
    (void)state;
    struct desk_appointment *rows;
    must(DESK_TX_BEGIN(db));
    tenant.profile =
        "{\"services\":[{\"name\":\"repair\",\"minutes\":60}],\"staff\":[{\"name\":"
        "\"Raj Patel\",\"services\":\"all\"},{\"name\":\"Lena\",\"services\":\"all\"}]}";
    must(desk_tenant_update(db, &tenant));
    must(desk_tx_end(db, DESK_OK));
    assert_true(run(CHECK, "{\"service\":\"repair\",\"date_ref\":\"date\",\"month\":10,\"day\":14,"
                           "\"with\":\"Lena\"}"));
    assert_string_equal(slot(0, "with"), "Lena");
    assert_true(book(slot(0, "slot_id"), "Dana Reed"));
    says(field("say"), "at 8 am with Lena.");
    assert_true(
        run(CHECK, "{\"service\":\"repair\",\"date_ref\":\"date\",\"month\":10,\"day\":14}"));
    assert_string_equal(slot(0, "with"), "Raj Patel"); /* still free at eight */
    assert_int_equal(visits(&rows), 1);
    assert_null(strstr(rows[0].resource, "ena"));
}

/* A visit to somebody who is no more in the profile keeps its time from everybody. */
static void who_left_is_not_booked_over(void **state)
{
    (void)state;
    technicians_are_named(state);
    must(DESK_TX_BEGIN(db));
    tenant.profile = "{\"services\":[{\"name\":\"repair\",\"minutes\":60}]}";
    must(desk_tenant_update(db, &tenant));
    must(desk_tx_end(db, DESK_OK));
    assert_true(
        run(CHECK, "{\"service\":\"repair\",\"date_ref\":\"date\",\"month\":10,\"day\":14}"));
    assert_string_equal(slot(0, "when"), "Wednesday, October 14th at 9 am");
}

/* ---- holds, files ---------------------------------------------------------------------------- */

static void a_hold_is_confirmed_by_its_booking(void **state)
{
    (void)state;
    struct desk_business b;
    struct desk_booked out;
    struct desk_calendar_slot s;
    const char *id = offer("consultation", 14);
    must(desk_business_load(db, arena, "tenant_1", "loc_1", &b));
    const struct desk_calendar_place p = {.db = db,
                                          .arena = arena,
                                          .tenant_id = "tenant_1",
                                          .location_id = "loc_1",
                                          .business = &b,
                                          .now = NOW};
    const struct desk_calendar *cal = desk_calendar_of(&p);
    const struct desk_booking k = {.cause = "x", .name = "Dana", .source = "call"};
    assert_string_equal(cal->name, "own");
    assert_int_equal(desk_slot_id_open(&p, id, &s), DESK_SLOT_ID_OK);
    must(DESK_TX_BEGIN(db));
    must(desk_tx_end(db, cal->hold(&p, &s, &k, 60000, &out)));
    assert_string_equal(out.row.status, DESK_APPT_HELD);
    assert_false(book(id, "Bob"));
    must(DESK_TX_BEGIN(db));
    must(desk_tx_end(db, cal->book(&p, &s, &k, &out)));
    assert_string_equal(out.row.status, DESK_APPT_BOOKED);
    assert_true(out.firm && !out.repeat);
    struct desk_appointment *rows;
    assert_int_equal(visits(&rows), 1);
}

static void the_feed_is_a_calendar_file(void **state)
{
    (void)state;
    struct desk_buf file;
    struct desk_appointment *rows;
    assert_true(book(offer("consultation", 14), "Dana Reed"));
    desk_buf_init(&file, 65536);
    must(desk_calendar_feed(db, arena, "tenant_1", &file));
    says(desk_buf_cstr(&file), "SUMMARY:consultation: Dana Reed\r\n");
    says(desk_buf_cstr(&file), "DTSTART:20261014T140000Z\r\n");
    says(desk_buf_cstr(&file), "LOCATION:1 Main St\r\n");
    assert_int_equal(visits(&rows), 1);
    desk_buf_reset(&file);
    must(desk_calendar_visit(db, arena, rows, &file));
    says(desk_buf_cstr(&file), "SUMMARY:Larkspur Smart Homes: consultation\r\n");
    assert_null(strstr(desk_buf_cstr(&file), "new house"));
    must(DESK_TX_BEGIN(db)); /* of a practice nothing is told of anybody */
    tenant.profile = "{\"phi\":true,\"services\":[\"consultation\"]}";
    must(desk_tenant_update(db, &tenant));
    must(desk_tx_end(db, DESK_OK));
    desk_buf_reset(&file);
    must(desk_calendar_feed(db, arena, "tenant_1", &file));
    says(desk_buf_cstr(&file), "SUMMARY:Appointment\r\n");
    assert_null(strstr(desk_buf_cstr(&file), "Dana"));
    assert_null(strstr(desk_buf_cstr(&file), "consultation"));
    desk_buf_clear(&file);
}

#define T(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(free_times_are_offered_in_words),
        T(several_days_give_some_of_each),
        T(what_is_not_to_be_had_has_a_reason_and_a_next_best),
        T(a_booking_is_a_row_and_a_sentence),
        T(the_same_booking_twice_is_one),
        T(only_what_was_offered_can_be_booked),
        T(a_slot_of_one_business_is_none_of_another),
        T(hours_that_changed_meanwhile_count),
        T(the_right_tool_for_the_right_visit),
        T(a_withheld_caller_books_with_a_number),
        T(nobody_changes_anothers_appointment),
        T(which_of_several_is_asked),
        T(an_appointment_moves),
        T(one_that_has_begun_stays),
        T(tools_are_offered_where_the_profile_allows),
        T(technicians_are_named),
        T(who_left_is_not_booked_over),
        T(a_hold_is_confirmed_by_its_booking),
        T(the_feed_is_a_calendar_file),
    };
    return cmocka_run_group_tests_name("calendar", tests, NULL, NULL);
}
