/* The rules book, move, cancel and look up visits by the tools of the calendar: what is asked, what
 * is told to which tool, and that nothing is said to be done before the tool has said so. */
#include "core/dialog_words.h"
#include "tests/unit/dialog_talk.h"

static const char facts[] =
    "{\"business\":\"Harwick Plumbing\",\"owner\":\"Sal\",\"people\":[\"Sal\"],\"services\":["
    "\"repair\",\"drain cleaning\"],\"caller\":{\"number\":\"+18605550119\"},\"can_transfer\":true,"
    "\"open_now\":true,\"asks\":[\"address\",\"problem\"],\"zip\":true,\"books\":true,\"messages\":"
    "true,\"kind\":\"plumbing\",\"today\":\"2026-11-16\",\"visits\":[{\"name\":\"repair\",\"also\":"
    "["
    "\"leak\",\"dripping faucet\"]},{\"name\":\"drain cleaning\",\"also\":[\"clogged sink\"]},{"
    "\"name\":\"estimate\",\"also\":[\"quote\"]}]}";

static const char three[] =
    "{\"ok\":true,\"as_wanted\":true,\"slots\":[{\"slot_id\":\"s1\",\"when\":\"Friday, November "
    "20th "
    "at 8 am\",\"at\":\"2026-11-20T08:00\"},{\"slot_id\":\"s2\",\"when\":\"Friday, November 20th "
    "at 10 "
    "am\",\"at\":\"2026-11-20T10:00\"},{\"slot_id\":\"s3\",\"when\":\"Saturday, November 21st at 9 "
    "am\",\"at\":\"2026-11-21T09:00\"}],\"say\":\"Three.\"}";

static int fresh(void **state)
{
    (void)state;
    kept_between = true;
    return talk_begin(facts);
}

static void named(const char *words)
{
    says(words);
    if (strcmp(out.tool_name, "log_caller_info") == 0)
        result("{\"ok\":true}");
}

/* As far as the offer of three times. */
static void offered(void)
{
    says("my faucet is dripping badly could you come friday");
    named("it's ella quist");
    heard("Can we reach you on the number you are calling from");
    says("yes");
    in_state("address");
    says("thirty eight harbor street");
    heard("38 Harbor Street");
    says("yes");
    tool_is("check_appointment_availability", "service", "repair");
    tool_is("check_appointment_availability", "weekday", "friday");
    result(three);
    in_state("pick");
    heard("Friday, November 20th at 8 am, 10 am, or Saturday, November 21st at 9 am?");
}

static void test_books(void **state)
{
    (void)state;
    offered();
    says("ten o'clock");
    in_state("book_check");
    heard("repair on Friday, November 20th at 10 am, for Ella Quist, at 38 Harbor Street");
    not_heard("booked");
    says("yes please");
    tool_is("book_appointment", "slot_id", "s2");
    tool_is("book_appointment", "name", "Ella Quist");
    tool_is("book_appointment", "address", "38 Harbor Street");
    tool_is("book_appointment", "number", NULL);
    not_heard("is booked");
    result("{\"ok\":true,\"say\":\"It is booked: repair.\"}");
    heard("It is booked: repair. Is there anything else?");
    says("okay thanks");
    heard("Goodbye");
}

/* Another time, another name, a key: whatever is put right is what is booked. */
static void test_puts_right(void **state)
{
    (void)state;
    offered();
    presses("3");
    in_state("book_check");
    heard("Saturday, November 21st at 9 am");
    says("actually make it friday");
    tool_is("check_appointment_availability", "weekday", "friday");
    result(three);
    says("the first one");
    heard("Friday, November 20th at 8 am");
    says("no my name is ella quirk");
    heard("for Ella Quirk");
    says("yes");
    tool_is("book_appointment", "slot_id", "s1");
    tool_is("book_appointment", "name", "Ella Quirk");
    result("{\"ok\":false,\"error\":\"taken\",\"say\":\"That time is taken now.\"}");
    heard("That time is taken now.");
    tool_is("check_appointment_availability", "service", "repair");
}

static void test_calendar_is_away(void **state)
{
    (void)state;
    says("could somebody unclog my clogged sink on friday");
    named("joe tran");
    says("yes");
    says("5 elm street");
    says("yes");
    tool_is("check_appointment_availability", "service", "drain cleaning");
    result("{\"ok\":false,\"failed\":true,\"say\":\"\"}");
    heard("I cannot see the calendar just now. Sal will confirm it.");
    not_heard("booked");
    for (int i = 0; i < 4 && strcmp(out.tool_name, "schedule_callback") != 0; i++)
        says("yes");
    tool_is("schedule_callback", "kind", "appointment");
}

/* A day that is closed is asked about twice, then the nearest times are offered. */
static void test_closed_day(void **state)
{
    static const char closed[] =
        "{\"ok\":true,\"rejected\":true,\"because\":\"We're closed on Sunday. The next opening is "
        "Monday.\",\"slots\":[{\"slot_id\":\"s9\",\"when\":\"Monday, November 23rd at 8 "
        "am\",\"at\":"
        "\"2026-11-23T08:00\"}],\"say\":\"\"}";
    (void)state;
    says("can you fix my leak on sunday");
    named("fay lim");
    says("yes");
    says("9 oak street");
    says("yes");
    for (int i = 0; i < 2; i++) {
        result(closed);
        in_state("when");
        heard("We're closed on Sunday. Which day");
        says("sunday morning");
    }
    result(closed);
    in_state("book_check");
    heard("Monday, November 23rd at 8 am");
}

static void test_moves(void **state)
{
    (void)state;
    says("i have wednesday at nine and i can't make it can we do friday");
    tool_is("find_appointment", "weekday", "wednesday");
    result(
        "{\"ok\":true,\"service\":\"repair\",\"when\":\"Wednesday, November 18th at 9 am\",\"say\":"
        "\"You have it.\"}");
    tool_is("check_appointment_availability", "weekday", "friday");
    result(three);
    says("eight");
    heard(
        "Your repair moves from Wednesday, November 18th at 9 am to Friday, November 20th at 8 am");
    says("yes");
    tool_is("reschedule_appointment", "slot_id", "s1");
    result("{\"ok\":true,\"say\":\"It is moved.\"}");
    heard("It is moved.");
}

/* What is stored is not told to who cannot name it: one more fact, then the owner. */
static void test_cancels_only_their_own(void **state)
{
    (void)state;
    says("you don't need to come anymore");
    in_state("was");
    says("thursday");
    tool_is("find_appointment", "weekday", "thursday");
    result("{\"ok\":false,\"error\":\"none\",\"say\":\"\"}");
    heard("I cannot find that appointment.");
    named("quill");
    result("{\"ok\":false,\"error\":\"none\",\"say\":\"\"}");
    heard("I may only speak about a caller's own");
    assert_string_not_equal(out.tool_name, "cancel_appointment");
}

static void test_which_of_two(void **state)
{
    (void)state;
    says("cancel my appointment it is under mara quill");
    tool_is("find_appointment", "name", "Mara Quill");
    result(
        "{\"ok\":false,\"error\":\"several\",\"which\":[{\"when\":\"repair on Wednesday, November "
        "18th at 9 am\",\"at\":\"2026-11-18T09:00\"},{\"when\":\"drain cleaning on Friday, "
        "November "
        "20th at 1 pm\",\"at\":\"2026-11-20T13:00\"}],\"say\":\"\"}");
    in_state("which");
    says("the friday one");
    tool_is("find_appointment", "date_ref", "date");
    result("{\"ok\":true,\"service\":\"drain cleaning\",\"when\":\"Friday, November 20th at 1 "
           "pm\",\"say\":\"\"}");
    heard("That is drain cleaning on Friday, November 20th at 1 pm. Shall I cancel it?");
    says("yes");
    tool_is("cancel_appointment", "date_ref", "date");
    result("{\"ok\":true,\"say\":\"It is cancelled.\"}");
    heard("It is cancelled.");
}

static void test_says_when_it_is(void **state)
{
    static const char *const asks[] = {"whats my appt time",
                                       "what time are you guys coming tomorrow",
                                       "when is somebody coming", "do i have an appointment"};
    (void)state;
    for (size_t i = 0; i < sizeof asks / sizeof *asks; i++) {
        talk_begin(facts);
        says(asks[i]);
        assert_int_equal(talk.wish, DESK_WISH_STATUS);
    }
    talk_begin(facts);
    says("when can you come and fix a leak");
    assert_int_equal(talk.wish, DESK_WISH_VISIT);
}

/* Chosen by a key; no story beside it changes that. */
static void test_by_keys(void **state)
{
    static const char *const keys[] = {"2", "1", "1", "1", "06103", "1", "1"};
    (void)state;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        presses(keys[i]);
    tool_is("check_appointment_availability", "service", "drain cleaning");
    tool_is("check_appointment_availability", "date_ref", "earliest");
}

static void test_one_is_there_already(void **state)
{
    (void)state;
    says("book my dripping faucet for friday");
    named("theo banks");
    says("yes");
    says("9 oak hill road");
    says("yes");
    result(
        "{\"ok\":true,\"already\":\"repair on Friday, November 20th at 8 am\",\"slots\":[],\"say\":"
        "\"\"}");
    heard("You already have repair on Friday, November 20th at 8 am. Shall I leave it as it is?");
    says("yes leave it");
    heard("it stays as it is");
    assert_string_equal(out.tool_name, "");
}

static void test_two_people(void **state)
{
    (void)state;
    says("two repairs please for my rentals on friday");
    named("ola berg the kids are finn and liv");
    assert_string_equal(talk.others, "Finn Berg;Liv Berg");
    says("yes");
    says("5 elm street");
    says("yes");
    result(three);
    presses("1");
    heard("for Finn Berg");
    says("yes");
    tool_is("book_appointment", "name", "Finn Berg");
    result("{\"ok\":true,\"say\":\"It is booked.\"}");
    heard("Now for Liv Berg.");
    result(three);
    presses("2");
    says("yes");
    tool_is("book_appointment", "name", "Liv Berg");
    result("{\"ok\":true,\"say\":\"It is booked.\"}");
    heard("anything else");
    assert_string_equal(talk.others, "");
}

static void test_message(void **state)
{
    (void)state;
    says("can you tell sal the part came in and it fits");
    named("dave");
    says("yes");
    tool_is("take_message", "text", "can you tell sal the part came in and it fits");
    tool_is("take_message", "name", "Dave");
    result("{\"ok\":true,\"say\":\"I have written it down for Sal.\"}");
    heard("I have written it down for Sal.");
    in_state("more");
}

static void test_wrong_number(void **state)
{
    (void)state;
    says("hi is this the sunrise bakery");
    heard("You have reached Harwick Plumbing. I think you have the wrong number.");
    says("oh sorry my bad");
    tool_is("end_call", "outcome", "wrong_number");
    talk_begin(facts);
    says("i want a leak fixed at my restaurant");
    assert_false(talk.wrong);
}

/* ---- words ----------------------------------------------------------------------------------- */

static void test_names(void **state)
{
    static const struct {
        const char *said, *name;
    } rows[] = {{"it's dana reyes and i am in a hurry", "Dana Reyes"},
                {"my name is mark", "Mark"},
                {"yes this is otto beck", "Otto Beck"},
                {"a cleaning", ""},
                {"i was just ordering pizza", ""},
                {"just tell me the time", ""}};
    char plain[200], name[64];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        desk_words_plain(plain, sizeof plain, rows[i].said);
        assert_int_equal(desk_words_name(plain, true, name, sizeof name), *rows[i].name != '\0');
        assert_string_equal(name, rows[i].name);
    }
}

static void test_spelling(void **state)
{
    static const struct {
        const char *said, *known, *name;
    } rows[] = {{"s i o b h a n then k e h o e", "Shivawn Kehoe", "Siobhan Kehoe"},
                {"s i o b h a n", "Shivawn Kehoe", "Siobhan Kehoe"},
                {"no not b a n b h a n", "Sioban Kehoe", "Siobhan Kehoe"},
                {"double l as in lima o y d", "Loid", "Lloyd"},
                {"not keyhole kehoe k e h o e", "Siobhan Keyhole", "Siobhan Kehoe"},
                {"yes that is right", "Ann Lee", ""}};
    char name[64];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(desk_words_spelled(rows[i].said, rows[i].known, name, sizeof name),
                         *rows[i].name != '\0');
        assert_string_equal(name, rows[i].name);
    }
}

static void test_addresses(void **state)
{
    static const struct {
        const char *said, *address;
    } rows[] = {{"thirty one peak lane", "31 Peak Lane"},
                {"one seventeen fig street", "117 Fig Street"},
                {"two hundred and five main street", "205 Main Street"},
                {"five hundred oak road", "500 Oak Road"},
                {"12 Elm St", "12 Elm St"}};
    char address[DESK_DIALOG_TEXT];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        desk_words_address(rows[i].said, address, sizeof address);
        assert_string_equal(address, rows[i].address);
    }
    assert_true(desk_words_known_place("same place as last time"));
    assert_false(desk_words_known_place("12 same street"));
}

static void test_services(void **state)
{
    (void)state;
    assert_string_equal(desk_words_service(&profile, "the faucet keeps dripping"), "repair");
    assert_string_equal(desk_words_service(&profile, "my drain is slow"), "drain cleaning");
    assert_string_equal(desk_words_service(&profile, "i'd like a quote"), "estimate");
    assert_null(desk_words_service(&profile, "hello there"));
    assert_string_equal(desk_words_usual_service(&profile), "repair");
    assert_true(desk_dialog_is_project("estimate"));
    assert_false(desk_dialog_is_project("repair"));
}

static void test_local_times(void **state)
{
    static const char *const bad[] = {
        "",           "2026",      "2026-13-01", "2026-11-2", "2026-11-24X09:00", "2026-11-24T9",
        "abcd-11-24", "2026-11-00"};
    int32_t date = 0;
    int minute = 0;
    (void)state;
    assert_true(desk_words_local("1970-01-02", &date, &minute));
    assert_int_equal(date, 1);
    assert_true(desk_words_local("1970-01-03T09:05", &date, &minute));
    assert_int_equal(date, 2);
    assert_int_equal(minute, 545);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(desk_words_local(bad[i], &date, &minute));
}

static void test_languages(void **state)
{
    (void)state;
    assert_true(desk_words_spanish("hola necesito una cita para el lunes"));
    assert_true(desk_words_spanish("me llamo luis y soy de aqui"));
    assert_false(desk_words_spanish("i live in el paso and la jolla is far"));
    assert_false(desk_words_spanish(""));
    says("hola quiero una cita para reparar la ducha");
    says("me llamo luis rivas");
    tool_is("log_caller_info", "language", "es");
}

int main(void)
{
#define T(f) cmocka_unit_test_setup(f, fresh)
    const struct CMUnitTest tests[] = {
        T(test_books),        T(test_puts_right),      T(test_calendar_is_away),
        T(test_closed_day),   T(test_moves),           T(test_cancels_only_their_own),
        T(test_which_of_two), T(test_says_when_it_is), T(test_one_is_there_already),
        T(test_two_people),   T(test_message),         T(test_wrong_number),
        T(test_names),        T(test_spelling),        T(test_addresses),
        T(test_by_keys),      T(test_services),        T(test_local_times),
        T(test_languages),
    };
#undef T
    return cmocka_run_group_tests(tests, NULL, NULL);
}
