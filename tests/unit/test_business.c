/* Profiles read, merged and asked: what is said, what is not, and what is nonsense. */
#include "../../lib/core/business.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static struct desk_arena *arena;
static struct desk_business b;

static int setup(void **state)
{
    (void)state;
    arena = desk_arena_new(4 * 1024 * 1024);
    return arena ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    desk_arena_free(arena);
    return 0;
}

static void compose_profile(const char *profile, const char *people, const char *hours)
{
    const struct desk_business_parts parts = {.slug = "oak",
                                              .name = "Oak Street",
                                              .branch = "Main",
                                              .profile = profile,
                                              .people = people,
                                              .zone = "America/Denver",
                                              .hours = hours,
                                              .owner_name = "Ana Ruiz",
                                              .owner_phone = "+14155550101",
                                              .tz = desk_tz_load("America/Denver")};
    assert_int_equal(desk_business_compose(&b, arena, &parts), DESK_OK);
}

static int64_t local(int year, int month, int day, int hour, int minute)
{
    int64_t ms;
    const struct desk_local_time t = {
        .year = year, .month = month, .day = day, .hour = hour, .minute = minute};
    desk_tz_utc(b.zone, &t, false, &ms);
    return ms;
}

/* ---- reading --------------------------------------------------------------------------------- */

static void says_what_is_said(void **state)
{
    (void)state;
    compose_profile(
        "{\"kind\":\"dental\",\"country\":\"GB\",\"date_order\":\"day-month\",\"language\":\"en-"
        "GB\","
        "\"voice\":{\"model\":\"cedar\",\"phone\":\"Polly.Amy\"},\"hours_spoken\":\"nine to five\","
        "\"greeting\":{\"open\":\"Hello.\",\"closed\":\"Closed.\",\"known\":\"Hi {name}.\"},"
        "\"consent\":\"Recorded.\",\"phi\":true,\"phi_notice\":\"Private.\",\"notes\":"
        "\"One\\ntwo\","
        "\"answering\":{\"mode\":\"staff_first\",\"closed\":\"gather\",\"then\":\"relay\","
        "\"ring\":\"desk\",\"ring_seconds\":12},"
        "\"intents\":[{\"intent\":\"sales\",\"keywords\":[\"price\",\"quote\"]}],"
        "\"scripts\":{\"closed\":\"after_hours\",\"sales\":\"sales_inquiry\"},"
        "\"services\":[\"Deep Clean\",{\"id\":\"exam\",\"name\":\"exam\",\"also\":\"check up\","
        "\"minutes\":30}],\"booking\":{\"at_once\":2,\"gap_minutes\":10,\"blackout\":"
        "[\"2026-12-24\",{\"from\":\"2026-12-27\",\"to\":\"2026-12-30\",\"label\":\"fair\"},"
        "\"soon\"]},"
        "\"emergency\":{\"judge\":false,\"ring\":true,\"phrases\":[\"fire\",{\"say\":\"no water\","
        "\"severity\":\"P2\"}],\"tell\":{\"P3\":\"owner\",\"P1\":[\"owner\",\"on_call\"]},"
        "\"by\":{\"P1\":[\"telegram\",\"smoke\"],\"P2\":[7]}},"
        "\"escalation\":{\"triggers\":[\"budget\",\"angry_client\"],\"budget_limit\":1999.99},"
        "\"screening\":true,\"vip\":{\"ring_closed\":true},"
        "\"tools\":[\"end_call\"],\"transfer\":{\"countries\":[\"GB\",\"IE\"],\"seconds\":25,"
        "\"whisper\":false},\"spend_cap\":{\"month\":10.5,\"call\":1},"
        "\"after_call\":{\"tell\":\"needed\",\"by\":[\"telegram\"]},"
        "\"sms\":{\"missed\":\"Sorry.\"}}",
        "{\"owner\":{\"pin\":\"4471\",\"also\":[\"Annie\"]},\"staff\":[\"Zoe\",{\"name\":\"Raj "
        "Patel\",\"phone\":\"+14155550102\",\"role\":\"tech\",\"also\":[\"Rajesh\"]}],"
        "\"vendors\":[{\"name\":\"Acme\",\"phone\":\"+14155550190\"}]}",
        "{\"weekly\":{\"mon\":[[\"09:00\",\"17:00\"]]}}");
    assert_int_equal(b.kind, DESK_BUSINESS_DENTAL);
    assert_string_equal(b.name, "Oak Street");
    assert_string_equal(b.branch, "Main");
    assert_string_equal(b.country, "GB");
    assert_true(b.day_first);
    assert_string_equal(b.language, "en-GB");
    assert_string_equal(b.voice, "cedar");
    assert_string_equal(b.phone_voice, "Polly.Amy");
    assert_string_equal(b.greeting.closed, "Closed.");
    assert_string_equal(b.consent, "Recorded.");
    assert_true(b.phi);
    assert_string_equal(b.notes, "One two"); /* nothing begins a line of its own */
    assert_true(b.hours->weekly_given);
    assert_int_equal(b.answer.mode, DESK_ANSWER_STAFF_FIRST);
    assert_int_equal(desk_business_mode(&b, true), DESK_ANSWER_STAFF_FIRST);
    assert_int_equal(desk_business_mode(&b, false), DESK_ANSWER_GATHER);
    assert_int_equal(b.answer.then, DESK_ANSWER_RELAY);
    assert_string_equal(b.answer.ring, "desk");
    assert_int_equal(b.answer.ring_seconds, 12);
    assert_int_equal(b.n_intents, 1);
    assert_string_equal(b.intents[0].keywords.v[1], "quote");
    assert_string_equal(desk_business_script(&b, "sales"), "sales_inquiry");
    assert_null(desk_business_script(&b, "general"));
    assert_string_equal(desk_business_service(&b, "deep_clean")->name, "Deep Clean");
    assert_int_equal(desk_business_service(&b, "Check Up")->minutes, 30);
    assert_null(desk_business_service(&b, "braces"));
    assert_int_equal(b.booking.at_once, 2);
    assert_int_equal(b.booking.gap_minutes, 10);
    assert_int_equal(b.booking.days_ahead, 365);
    assert_int_equal(b.booking.step_minutes, 30);
    assert_int_equal(b.booking.n_blackouts, 2);
    assert_int_equal(b.booking.blackouts[0].last, b.booking.blackouts[0].first);
    assert_int_equal(b.booking.blackouts[1].last - b.booking.blackouts[1].first, 3);
    assert_string_equal(b.booking.blackouts[1].label, "fair");
    assert_int_equal(b.services[0].gap_minutes, -1);
    assert_false(b.emergency.judge);
    assert_true(b.emergency.ring);
    assert_int_equal(b.emergency.phrases[0].severity, DESK_P1);
    assert_int_equal(b.emergency.phrases[1].severity, DESK_P2);
    assert_int_equal(b.emergency.tell[DESK_P1].n, 2);
    assert_string_equal(b.emergency.tell[DESK_P2].v[0], "owner"); /* not said: the owner */
    assert_int_equal(b.emergency.tell[DESK_P3].n, 1);
    assert_int_equal(b.emergency.by[DESK_P1], DESK_BY_TELEGRAM);
    assert_int_equal(b.emergency.by[DESK_P2], DESK_BY_ALL); /* nothing that is known: as not said */
    assert_int_equal(b.emergency.by[DESK_P3], DESK_BY_TEXT);
    assert_int_equal(b.escalation.by, DESK_BY_ALL);
    assert_true(b.escalation.on);
    assert_int_equal(b.escalation.triggers, 1u << 0 | 1u << 2);
    assert_int_equal(b.escalation.budget_cents, 199999);
    assert_true(b.screening);
    assert_false(b.vip.ring_open);
    assert_true(b.vip.ring_closed);
    assert_true(desk_business_tool(&b, "end_call"));
    assert_false(desk_business_tool(&b, "transfer_to_owner"));
    assert_int_equal(b.transfer.countries.n, 2);
    assert_int_equal(b.transfer.seconds, 25);
    assert_false(b.transfer.whisper);
    assert_int_equal(b.spend.month_cents, 1050);
    assert_int_equal(b.spend.call_cents, 100);
    assert_int_equal(b.after.tell, DESK_AFTER_NEEDED);
    assert_true(b.after.telegram && !b.after.sms);
    assert_string_equal(desk_business_sms(&b, "missed"), "Sorry.");
    assert_null(desk_business_sms(&b, "booked"));
    assert_int_equal(b.n_people, 3);
    assert_ptr_equal(b.owner, &b.people[0]);
    assert_string_equal(b.owner->phone, "+14155550101");
    assert_null(b.people[1].phone);
    assert_string_equal(b.people[2].role, "tech");
    assert_string_equal(b.vendors[0].phone, "+14155550190");
}

static void says_little_of_an_empty_one(void **state)
{
    static const char *const empty[] = {NULL, "", "{}", "nonsense", "[1]", "null"};
    const struct desk_business_parts nothing = {0};
    (void)state;
    for (size_t i = 0; i < sizeof empty / sizeof *empty; i++) {
        compose_profile(empty[i], empty[i], empty[i]);
        assert_int_equal(b.kind, DESK_BUSINESS_OTHER);
        assert_int_equal(b.answer.mode, DESK_ANSWER_UNSAID);
        assert_string_equal(b.answer.ring, "owner");
        assert_string_equal(b.country, "US");
        assert_string_equal(b.language, "en");
        assert_string_equal(b.transfer.countries.v[0], "US");
        assert_true(b.transfer.whisper);
        assert_true(b.emergency.judge);
        assert_false(b.escalation.on);
        assert_int_equal(b.escalation.triggers, 0);
        assert_true(b.all_tools);
        assert_true(desk_business_tool(&b, "anything"));
        assert_false(b.hours->weekly_given);
        assert_string_equal(b.pin, "");
        assert_int_equal(b.n_people, 1);
    }
    assert_int_equal(desk_business_compose(&b, arena, &nothing), DESK_OK);
    assert_string_equal(b.owner->name, "");
    assert_null(b.owner->phone);
}

/* Profiles of before: lists of texts, one greeting, the week alone. */
static void reads_the_shape_of_before(void **state)
{
    (void)state;
    compose_profile("{\"greeting\":\"Thanks.\",\"services\":[\"repair\",\"drain cleaning\"],"
                    "\"people\":[\"Ana Ruiz\",\"Ben\"],\"emergencies\":[\"burst pipe\"]}",
                    NULL, "{\"mon\":[[\"08:00\",\"17:00\"]]}");
    assert_string_equal(b.greeting.open, "Thanks.");
    assert_string_equal(b.services[1].id, "drain_cleaning");
    assert_int_equal(b.n_people, 2); /* the owner once */
    assert_string_equal(b.people[1].name, "Ben");
    assert_string_equal(b.emergency.phrases[0].phrase, "burst pipe");
    assert_int_equal(b.emergency.phrases[0].severity, DESK_P1);
    assert_true(b.hours->weekly_given);
}

static void the_kind_may_be_the_slug(void **state)
{
    const struct desk_business_parts parts = {.slug = "handyman"};
    const struct desk_business_parts other = {.slug = "handyman",
                                              .profile = "{\"kind\":\"other\"}"};
    (void)state;
    assert_int_equal(desk_business_compose(&b, arena, &parts), DESK_OK);
    assert_int_equal(b.kind, DESK_BUSINESS_HANDYMAN);
    assert_string_equal(desk_business_kind_name(b.kind), "handyman");
    assert_int_equal(desk_business_compose(&b, arena, &other), DESK_OK);
    assert_int_equal(b.kind, DESK_BUSINESS_OTHER);
}

/* What cannot be right is left out, the rest is read. */
static void nonsense_is_left_out(void **state)
{
    (void)state;
    compose_profile(
        "{\"greeting\":7,\"services\":[7,\"\",{\"minutes\":5},{\"name\":\"x\",\"minutes\":-3}],"
        "\"intents\":{\"a\":1},\"scripts\":[\"x\"],\"answering\":{\"mode\":\"loud\","
        "\"ring_seconds\":9999},\"transfer\":[],\"spend_cap\":{\"month\":-4},\"kind\":9,"
        "\"on_call\":[{\"days\":[\"mon\"]},{\"who\":\"owner\",\"days\":[\"moon\"]}],"
        "\"emergency\":{\"phrases\":[{\"say\":\"x\",\"severity\":\"P9\"}],\"tell\":[]},"
        "\"escalation\":{\"triggers\":[\"rain\"]},\"after_call\":{\"tell\":\"loudly\"}}",
        "{\"owner\":[],\"staff\":[{\"name\":\"Bo\",\"phone\":\"911\"},{\"phone\":\"+1\"}]}",
        "{\"weekly\":{\"mon\":[[\"25:00\",\"26:00\"]]}}");
    assert_string_equal(b.greeting.open, "");
    assert_int_equal(b.n_services, 1);
    assert_int_equal(b.services[0].minutes, 0);
    assert_int_equal(b.n_intents, 0);
    assert_int_equal(b.n_scripts, 0);
    assert_int_equal(b.answer.mode, DESK_ANSWER_UNSAID);
    assert_int_equal(b.answer.ring_seconds, 20);
    assert_int_equal(b.spend.month_cents, 0);
    assert_int_equal(b.after.tell, DESK_AFTER_NONE);
    assert_int_equal(b.n_on_call, 1); /* on no day */
    assert_int_equal(b.on_call[0].days, 0);
    assert_int_equal(b.emergency.phrases[0].severity, DESK_P1);
    assert_int_equal(b.escalation.triggers, 0);
    assert_int_equal(b.n_people, 2);
    assert_null(b.people[1].phone);
}

static void a_small_arena_is_an_error_and_no_crash(void **state)
{
    const struct desk_business_parts parts = {
        .profile = "{\"services\":[\"a\",\"b\"],\"sms\":{\"x\":\"y\"},\"scripts\":{\"a\":\"b\"},"
                   "\"on_call\":[{\"who\":[\"owner\"]}],\"emergency\":{\"phrases\":[\"z\"]}}",
        .people = "{\"staff\":[\"Zoe\"]}",
        .owner_name = "Ana"};
    (void)state;
    for (size_t n = 0; n < 32 * 1024; n += 16) {
        struct desk_arena *small = desk_arena_new(n ? n : 1);
        enum desk_rc rc = desk_business_compose(&b, small, &parts);
        assert_true(rc == DESK_OK || rc == DESK_ENOMEM);
        assert_non_null(b.owner);
        assert_non_null(b.greeting.open);
        desk_arena_free(small);
    }
}

/* ---- merging --------------------------------------------------------------------------------- */

/* RFC 7386, appendix A: original, patch, result. */
static void merges_as_the_rfc_says(void **state)
{
    static const char *const rows[][3] = {
        {"{\"a\":\"b\"}", "{\"a\":\"c\"}", "{\"a\":\"c\"}"},
        {"{\"a\":\"b\"}", "{\"b\":\"c\"}", "{\"a\":\"b\",\"b\":\"c\"}"},
        {"{\"a\":\"b\"}", "{\"a\":null}", "{}"},
        {"{\"a\":\"b\",\"b\":\"c\"}", "{\"a\":null}", "{\"b\":\"c\"}"},
        {"{\"a\":[\"b\"]}", "{\"a\":\"c\"}", "{\"a\":\"c\"}"},
        {"{\"a\":\"c\"}", "{\"a\":[\"b\"]}", "{\"a\":[\"b\"]}"},
        {"{\"a\":{\"b\":\"c\"}}", "{\"a\":{\"b\":\"d\",\"c\":null}}", "{\"a\":{\"b\":\"d\"}}"},
        {"{\"a\":[{\"b\":\"c\"}]}", "{\"a\":[1]}", "{\"a\":[1]}"},
        {"[\"a\",\"b\"]", "[\"c\",\"d\"]", "[\"c\",\"d\"]"},
        {"{\"a\":\"b\"}", "[\"c\"]", "[\"c\"]"},
        {"{\"a\":\"foo\"}", "null", "null"},
        {"{\"a\":\"foo\"}", "\"bar\"", "\"bar\""},
        {"{\"e\":null}", "{\"a\":1}", "{\"e\":null,\"a\":1}"},
        {"[1,2]", "{\"a\":\"b\",\"c\":null}", "{\"a\":\"b\"}"},
        {"{}", "{\"a\":{\"bb\":{\"ccc\":null}}}", "{\"a\":{\"bb\":{}}}"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        json_t *target = json_loads(rows[i][0], JSON_DECODE_ANY, NULL);
        json_t *patch = json_loads(rows[i][1], JSON_DECODE_ANY, NULL);
        json_t *want = json_loads(rows[i][2], JSON_DECODE_ANY, NULL);
        json_t *again = json_deep_copy(target), *got = desk_business_merge(target, patch);
        if (!json_equal(got, want))
            fail_msg("%s with %s is %s", rows[i][0], rows[i][1], json_dumps(got, JSON_ENCODE_ANY));
        assert_true(json_equal(target, again)); /* neither is changed */
        json_decref(target);
        json_decref(patch);
        json_decref(want);
        json_decref(again);
        json_decref(got);
    }
}

static void a_difference_merges_to_the_same(void **state)
{
    static const char *const values[] = {
        "{}",
        "{\"a\":1}",
        "{\"a\":{\"b\":1,\"c\":[1]}}",
        "{\"a\":{\"b\":2},\"d\":\"x\"}",
        "{\"a\":[1,2],\"e\":{\"f\":{\"g\":true}}}",
        "{\"e\":{\"f\":{\"h\":false}},\"a\":{}}",
    };
    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        for (size_t k = 0; k < sizeof values / sizeof *values; k++) {
            json_t *from = json_loads(values[i], 0, NULL), *to = json_loads(values[k], 0, NULL);
            json_t *patch = desk_business_diff(from, to), *got = desk_business_merge(from, patch);
            assert_true(json_equal(got, to));
            assert_int_equal(json_object_size(patch) == 0, i == k);
            json_decref(from);
            json_decref(to);
            json_decref(patch);
            json_decref(got);
        }
}

static void a_location_overlays_its_business(void **state)
{
    const struct desk_business_parts parts = {
        .slug = "oak",
        .name = "Oak Street",
        .branch = "North",
        .profile = "{\"greeting\":{\"open\":\"Hello.\",\"closed\":\"Closed.\"},\"consent\":\"R.\","
                   "\"scripts\":{\"closed\":\"after_hours\",\"general\":\"general_incoming\"}}",
        .people = "{\"owner\":{\"pin\":\"4471\"},\"staff\":[\"Zoe\",\"Raj\"]}",
        .overlay = "{\"name\":\"Oak Street North\",\"greeting\":{\"open\":\"North here.\"},"
                   "\"consent\":null,\"scripts\":{\"general\":\"trades_intake\"}}",
        .overlay_people = "{\"staff\":[\"Lena\"]}",
    };
    (void)state;
    assert_int_equal(desk_business_compose(&b, arena, &parts), DESK_OK);
    assert_string_equal(b.name, "Oak Street North");
    assert_string_equal(b.greeting.open, "North here.");
    assert_string_equal(b.greeting.closed, "Closed.");
    assert_string_equal(b.consent, "");
    assert_string_equal(desk_business_script(&b, "general"), "trades_intake");
    assert_string_equal(desk_business_script(&b, "closed"), "after_hours");
    assert_int_equal(b.n_people, 2);
    assert_string_equal(b.people[1].name, "Lena");
    assert_string_equal(b.pin, "4471");
}

/* ---- whom to ring ---------------------------------------------------------------------------- */

#define PEOPLE                                                                                     \
    "{\"owner\":{\"also\":[\"Annie\"]},\"staff\":["                                                \
    "{\"name\":\"Raj Patel\",\"phone\":\"+14155550102\",\"also\":[\"Rajesh\"]},"                   \
    "{\"name\":\"Ben\",\"phone\":\"+14155550103\"},{\"name\":\"Zoe\"},"                            \
    "{\"name\":\"Raj\",\"phone\":\"+14155550104\"}]}"
#define ROTA                                                                                       \
    "{\"on_call\":[{\"who\":\"Raj Patel\",\"days\":[\"mon\",\"tue\",\"wed\",\"thu\",\"fri\"],"     \
    "\"from\":\"17:00\",\"to\":\"08:00\"},"                                                        \
    "{\"who\":[\"Ben\"],\"days\":[\"sat\",\"sun\"],\"first\":\"2026-10-01\","                      \
    "\"last\":\"2026-10-31\"},{\"who\":\"Zoe\",\"days\":[\"sun\"]}],"                              \
    "\"ring_groups\":{\"office\":{\"who\":[\"Ben\",\"Raj Patel\",\"Zoe\",\"Ben\"],"                \
    "\"how\":\"together\",\"seconds\":15},\"all\":{\"who\":[\"on_call\",\"office\",\"owner\"]},"   \
    "\"loop\":{\"who\":[\"loop\",\"ring\"]},\"ring\":{\"who\":[\"loop\",\"Ben\"]}}}"
#define HOURS                                                                                      \
    "{\"weekly\":\"always\",\"exceptions\":[{\"from\":\"2026-10-12\",\"to\":\"2026-10-18\","       \
    "\"label\":\"Raj "                                                                             \
    "away\",\"person\":\"Rajesh\"},{\"from\":\"2026-10-20\",\"label\":\"dentist\","                \
    "\"person\":\"owner\"},{\"from\":\"2026-10-21\",\"closed\":true}]}"

/* names of those who are rung, in order */
static const char *rings(const char *target, int64_t at)
{
    static char out[200];
    struct desk_ring ring;
    bool any = desk_business_ring(&b, target, at, &ring);
    out[0] = '\0';
    for (size_t i = 0; i < ring.n; i++)
        snprintf(out + strlen(out), sizeof out - strlen(out), "%s%s", i ? "," : "",
                 ring.who[i]->name);
    assert_int_equal(any, ring.n > 0);
    return out;
}

static void whom_to_ring_now(void **state)
{
    const struct {
        const char *target;
        int day, hour, minute; /* of October 2026; the 1st is a Thursday */
        const char *who;
    } rows[] = {
        {"owner", 1, 12, 0, "Ana Ruiz"},
        {"OWNER", 1, 12, 0, "Ana Ruiz"},
        {"annie", 1, 12, 0, "Ana Ruiz"},
        {"ana", 1, 12, 0, "Ana Ruiz"},
        {"raj", 1, 12, 0, "Raj"}, /* who is called just so comes before a first name */
        {"rajesh", 1, 12, 0, "Raj Patel"},
        {"Zoe", 1, 12, 0, ""}, /* no phone */
        {"nobody", 1, 12, 0, ""},
        {"", 1, 12, 0, ""},
        {"on_call", 1, 16, 59, "Ana Ruiz"}, /* Thursday: no row yet */
        {"on_call", 1, 17, 0, "Raj Patel"},
        {"on_call", 1, 23, 59, "Raj Patel"},
        {"on_call", 2, 7, 59, "Raj Patel"}, /* Thursday's shift runs on */
        {"on_call", 2, 8, 0, "Ana Ruiz"},
        {"on_call", 3, 7, 59,
         "Raj Patel"}, /* Friday's shift, on Saturday: the first row that fits */
        {"on_call", 3, 8, 0, "Ben"},
        {"on_call", 5, 7, 30, "Ana Ruiz"},  /* Sunday has no shift of Raj's */
        {"on_call", 13, 18, 0, "Ana Ruiz"}, /* Raj Patel is away */
        {"on_call", 19, 18, 0, "Raj Patel"},
        {"rajesh", 12, 0, 0, ""},
        {"rajesh", 18, 23, 59, ""},
        {"rajesh", 19, 0, 0, "Raj Patel"},
        {"owner", 20, 9, 0, ""}, /* away, by the word owner */
        {"office", 1, 12, 0, "Ben,Raj Patel"},
        {"office", 14, 12, 0, "Ben"},
        {"all", 3, 12, 0, "Ben,Raj Patel,Ana Ruiz"},
        {"loop", 1, 12, 0, "Ben"},
    };
    (void)state;
    compose_profile(ROTA, PEOPLE, HOURS);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *got =
            rings(rows[i].target, local(2026, 10, rows[i].day, rows[i].hour, rows[i].minute));
        if (strcmp(got, rows[i].who) != 0)
            fail_msg("%s on the %d at %d:%02d: %s, not %s", rows[i].target, rows[i].day,
                     rows[i].hour, rows[i].minute, got, rows[i].who);
    }
    assert_string_equal(rings("on_call", local(2026, 11, 1, 12, 0)), "Ana Ruiz"); /* Ben's are over;
                                                                  Zoe's row has nobody to ring */
    struct desk_ring ring;
    assert_true(desk_business_ring(&b, "office", local(2026, 10, 1, 12, 0), &ring));
    assert_true(ring.together);
    assert_int_equal(ring.seconds, 15);
    assert_string_equal(ring.why, "ring group");
    assert_true(desk_business_ring(&b, "all", local(2026, 10, 1, 12, 0), &ring));
    assert_false(ring.together);
    assert_int_equal(ring.seconds, 20);
}

static void who_is_away_and_why(void **state)
{
    const char *label = NULL;
    (void)state;
    compose_profile(ROTA, PEOPLE, HOURS);
    int32_t day = desk_hours_date(b.zone, local(2026, 10, 14, 12, 0));
    assert_int_equal(b.n_away, 2); /* a closed day is nobody's absence */
    assert_true(desk_business_away(&b, desk_business_person(&b, "Rajesh"), day, &label));
    assert_string_equal(label, "Raj away");
    assert_false(desk_business_away(&b, b.owner, day, &label));
    assert_string_equal(label, "");
    assert_true(desk_business_away(&b, b.owner, day + 6, NULL));
}

static void somebody_hears_of_an_emergency(void **state)
{
    struct desk_ring ring;
    const char *const nobody[] = {"Zoe"}, *const two[] = {"on_call", "owner"};
    const struct desk_strings zoe = {nobody, 1}, both = {two, 2}, none = {NULL, 0};
    (void)state;
    compose_profile(ROTA, PEOPLE, HOURS);
    assert_true(desk_business_tell(&b, &both, local(2026, 10, 1, 18, 0), &ring));
    assert_int_equal(ring.n, 2);
    /* nobody there can be reached, and the owner is away: the owner all the same */
    assert_true(desk_business_tell(&b, &zoe, local(2026, 10, 20, 12, 0), &ring));
    assert_int_equal(ring.n, 1);
    assert_ptr_equal(ring.who[0], b.owner);
    assert_false(desk_business_tell(&b, &none, local(2026, 10, 1, 12, 0), &ring));
}

/* ---- words ----------------------------------------------------------------------------------- */

static void greets_as_the_owner_wrote(void **state)
{
    (void)state;
    compose_profile(
        "{\"greeting\":{\"open\":\"Oak.\",\"closed\":\"Shut.\",\"known\":\"Hi {name}.\"}}", NULL,
        NULL);
    assert_string_equal(desk_business_greeting(&b, arena, true, NULL), "Oak. How can I help you?");
    assert_string_equal(desk_business_greeting(&b, arena, true, "Dana"),
                        "Hi Dana. How can I help you?");
    assert_string_equal(desk_business_greeting(&b, arena, true, ""), "Oak. How can I help you?");
    assert_string_equal(desk_business_greeting(&b, arena, false, "Dana"),
                        "Shut. How can I help you?");
    compose_profile("{\"greeting\":\"Oak, what is it?\"}", NULL, NULL);
    assert_string_equal(desk_business_greeting(&b, arena, true, "Dana"), "Oak, what is it?");
    compose_profile("{\"greeting\":\"Oak.\"}", NULL, NULL);
    assert_string_equal(desk_business_greeting(&b, arena, false, NULL),
                        "Oak. We are closed now. How can I help you?");
    compose_profile("{}", NULL, NULL);
    assert_string_equal(
        desk_business_greeting(&b, arena, true, NULL),
        "Thanks for calling Oak Street. This is the automated front desk. How can I help you?");
}

static void the_pin_and_nothing_like_it(void **state)
{
    (void)state;
    compose_profile("{}", "{\"owner\":{\"pin\":\"4471\"}}", NULL);
    assert_true(desk_business_pin_ok(&b, "4471"));
    assert_true(desk_business_pin_ok(&b, "4 4 7 1#"));
    static const char *const wrong[] = {"", "447", "44710", "4472", "0000", "4471444444444444444"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(desk_business_pin_ok(&b, wrong[i]));
    assert_false(desk_business_pin_ok(&b, NULL));
    compose_profile("{}", NULL, NULL);
    assert_false(desk_business_pin_ok(&b, "")); /* none is set: none fits */
    assert_false(desk_business_pin_ok(&b, "0000"));
    compose_profile("{}", "{\"owner\":{\"pin\":\"12\"}}", NULL);
    assert_false(desk_business_pin_ok(&b, "12")); /* too short to be one */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(says_what_is_said, setup, teardown),
        cmocka_unit_test_setup_teardown(says_little_of_an_empty_one, setup, teardown),
        cmocka_unit_test_setup_teardown(reads_the_shape_of_before, setup, teardown),
        cmocka_unit_test_setup_teardown(the_kind_may_be_the_slug, setup, teardown),
        cmocka_unit_test_setup_teardown(nonsense_is_left_out, setup, teardown),
        cmocka_unit_test(a_small_arena_is_an_error_and_no_crash),
        cmocka_unit_test(merges_as_the_rfc_says),
        cmocka_unit_test(a_difference_merges_to_the_same),
        cmocka_unit_test_setup_teardown(a_location_overlays_its_business, setup, teardown),
        cmocka_unit_test_setup_teardown(whom_to_ring_now, setup, teardown),
        cmocka_unit_test_setup_teardown(who_is_away_and_why, setup, teardown),
        cmocka_unit_test_setup_teardown(somebody_hears_of_an_emergency, setup, teardown),
        cmocka_unit_test_setup_teardown(greets_as_the_owner_wrote, setup, teardown),
        cmocka_unit_test_setup_teardown(the_pin_and_nothing_like_it, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
