/* Businesses as files: the five examples, what is told of wrong ones and at which line, and the way
 * into the database and back. */
#include "../../cli/business_file.c"

#include "base/clock.h"
#include "base/config.h"
#include "base/ids.h"
#include "base/log.h"
#include "core/day_text.h"
#include "store/open.h"
#include "store/users.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define NOW 1795202000000LL /* Fri 20 Nov 2026, 18:33 UTC */

static struct desk_arena *arena;
static struct desk_db *db;
static json_t *schema;
static char told[8192], why[300];

static int setup(void **state)
{
    (void)state;
    desk_log_init("test", DESK_LOG_WARN);
    desk_clock_fake(NOW);
    told[0] = why[0] = '\0';
    arena = desk_arena_new(16 * 1024 * 1024);
    schema = json_load_file("businesses/schema.json", 0, NULL);
    return arena && schema && desk_store_memory(&db) == DESK_OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    desk_db_close(db);
    desk_arena_free(arena);
    json_decref(schema);
    desk_clock_fake(0);
    return 0;
}

static void note(void *ctx, int line, const char *sentence)
{
    size_t len = strlen(told);
    (void)ctx;
    snprintf(told + len, sizeof told - len, "%d: %s\n", line, sentence);
}

static enum desk_rc read_text_of(json_t **doc, const char *text)
{
    const struct desk_business_rules rules = {schema, desk_business_zone_known};
    told[0] = '\0';
    return desk_business_file_read(doc, text, strlen(text), &rules, note, NULL);
}

static json_t *read_example(const char *slug)
{
    char path[100];
    json_t *doc;
    snprintf(path, sizeof path, "businesses/%s.json", slug);
    told[0] = '\0';
    if (cli_business_read(&doc, path, note, NULL))
        fail_msg("%s: %s", path, told);
    return doc;
}

static void load(const char *tenant_id, const char *location_id, struct desk_business *b)
{
    assert_int_equal(desk_business_load(db, arena, tenant_id, location_id, b), DESK_OK);
}

static int64_t local(const struct desk_business *b, const char *day, int hour, int minute)
{
    int32_t days;
    int64_t ms;
    struct desk_local_time t = {.hour = hour, .minute = minute};
    assert_true(desk_day_parse(day, &days));
    desk_civil_from_days(days, &t.year, &t.month, &t.day);
    desk_tz_utc(b->zone, &t, false, &ms);
    return ms;
}

static bool open_at(const struct desk_business *b, const char *day, int hour, int minute)
{
    struct desk_hours_state state;
    desk_hours_at(b->hours, b->zone, local(b, day, hour, minute), &state);
    return state.open;
}

/* ---- the examples ---------------------------------------------------------------------------- */

static void the_five_examples_are_what_they_should_be(void **state)
{
    static const struct {
        const char *slug, *name, *owner, *zone, *number, *cell;
        enum desk_business_kind kind;
        const char *services; /* id minutes, … */
    } rows[] = {
        {"smart_home", "Larkspur Smart Homes", "Mike", "America/Denver", "+13035550100",
         "+13035550101", DESK_BUSINESS_SMART_HOME, "consultation 60, service_call 120, "},
        {"dental", "Mapleton Dental", "Dr. Imani Cole", "America/Chicago", "+16305550100",
         "+16305550101", DESK_BUSINESS_DENTAL,
         "cleaning 60, exam 30, emergency_exam 30, crown_repair 60, "},
        {"concierge", "personal line of Daniel Reyes", "Daniel Reyes", "America/Denver",
         "+17205550100", "+17205550101", DESK_BUSINESS_CONCIERGE, ""},
        {"plumbing", "Harwick Plumbing", "Sal", "America/New_York", "+18605550100", "+18605550101",
         DESK_BUSINESS_PLUMBING,
         "repair 60, drain_cleaning 60, sewer_camera 60, tankless_install 240, "},
        {"handyman", "Bright Hammer Handyman", "Victor", "America/Los_Angeles", "+12135550100",
         "+12135550101", DESK_BUSINESS_HANDYMAN, "small_job 120, estimate 30, "},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char id[DESK_ID_LEN], services[300] = "";
        struct desk_business b;
        struct desk_number found;
        json_t *doc = read_example(rows[i].slug);
        assert_int_equal(desk_business_add(db, doc, id, why, sizeof why), DESK_OK);
        json_decref(doc);
        load(id, NULL, &b);
        assert_string_equal(b.slug, rows[i].slug);
        assert_string_equal(b.name, rows[i].name);
        assert_string_equal(b.owner->name, rows[i].owner);
        assert_string_equal(b.owner->phone, rows[i].cell);
        assert_string_equal(b.zone_name, rows[i].zone);
        assert_string_equal(desk_tz_name(b.zone), rows[i].zone);
        assert_int_equal(b.kind, rows[i].kind);
        assert_int_equal(b.numbers.n, 1);
        assert_string_equal(b.numbers.v[0], rows[i].number);
        assert_true(desk_password_ok(b.pin, "4471"));
        for (size_t k = 0; k < b.n_services; k++)
            snprintf(services + strlen(services), sizeof services - strlen(services), "%s %d, ",
                     b.services[k].id, b.services[k].minutes);
        assert_string_equal(services, rows[i].services);
        assert_non_null(desk_business_script(&b, "general"));
        assert_non_null(desk_business_script(&b, "closed"));
        assert_int_equal(desk_number_find(db, arena, rows[i].number, &found), DESK_OK);
        assert_string_equal(found.tenant_id, id);
    }
}

static void the_examples_keep_their_hours(void **state)
{
    static const struct {
        const char *slug, *day;
        int hour, minute;
        bool open;
    } rows[] = {
        {"smart_home", "2026-11-18", 8, 0, true},
        {"smart_home", "2026-11-18", 18, 0, false},
        {"smart_home", "2026-11-21", 12, 0, false}, /* Saturday */
        {"smart_home", "2026-07-03", 12, 0, false},
        {"smart_home", "2026-12-24", 11, 59, true},
        {"smart_home", "2026-12-24", 12, 0, false},
        {"dental", "2026-11-18", 11, 59, true},
        {"dental", "2026-11-18", 12, 0, false}, /* lunch */
        {"dental", "2026-11-18", 13, 0, true},
        {"dental", "2026-11-20", 12, 59, true}, /* Friday */
        {"dental", "2026-11-20", 13, 0, false},
        {"dental", "2026-11-26", 9, 0, false},
        {"concierge", "2026-12-25", 3, 0, true},
        {"plumbing", "2026-11-18", 7, 0, true},
        {"plumbing", "2026-11-18", 17, 0, false},
        {"plumbing", "2026-11-21", 11, 59, true}, /* Saturday */
        {"plumbing", "2026-11-21", 12, 0, false},
        {"plumbing", "2026-11-22", 9, 0, false}, /* Sunday */
        {"plumbing", "2027-01-01", 9, 0, false},
        {"handyman", "2026-11-21", 17, 59, true}, /* Saturday */
        {"handyman", "2026-11-22", 12, 0, false},
        {"handyman", "2026-12-25", 12, 0, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk_business b;
        json_t *doc = read_example(rows[i].slug);
        assert_int_equal(desk_business_file_compose(&b, arena, doc), DESK_OK);
        json_decref(doc);
        b.zone = desk_tz_load(b.zone_name);
        if (open_at(&b, rows[i].day, rows[i].hour, rows[i].minute) != rows[i].open)
            fail_msg("%s on %s at %d:%02d", rows[i].slug, rows[i].day, rows[i].hour,
                     rows[i].minute);
    }
}

static void the_examples_ring_who_is_on_call(void **state)
{
    static const struct {
        const char *slug, *target, *day;
        int hour;
        const char *first;
    } rows[] = {
        {"plumbing", "on_call", "2026-11-21", 13, "Dom Ferris"}, /* Saturday */
        {"plumbing", "on_call", "2026-11-23", 6, "Dom Ferris"},  /* Sunday's shift */
        {"plumbing", "on_call", "2026-11-23", 7, "Sal"},
        {"smart_home", "on_call", "2026-11-18", 20, "Tessa Lund"},
        {"smart_home", "on_call", "2026-11-20", 20, "Mike"},
        {"dental", "on_call", "2026-11-20", 20, "Dr. Imani Cole"},
        {"dental", "desk", "2026-11-20", 9, "Rosa Medina"},
        {"concierge", "owner", "2026-11-20", 9, "Daniel Reyes"},
        {"handyman", "on_call", "2026-11-20", 9, "Raj"},
        {"handyman", "on_call", "2026-11-20", 19, "Victor"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk_business b;
        struct desk_ring ring;
        json_t *doc = read_example(rows[i].slug);
        assert_int_equal(desk_business_file_compose(&b, arena, doc), DESK_OK);
        json_decref(doc);
        b.zone = desk_tz_load(b.zone_name);
        assert_true(
            desk_business_ring(&b, rows[i].target, local(&b, rows[i].day, rows[i].hour, 0), &ring));
        assert_string_equal(ring.who[0]->name, rows[i].first);
    }
}

/* ---- what is told ---------------------------------------------------------------------------- */

/* One line of a good file replaced by another: which line and what is told. */
static const char good[] =
    "{\n"
    "  \"slug\": \"oak\",\n"                                           /* 2 */
    "  \"name\": \"Oak Street\",\n"                                    /* 3 */
    "  \"numbers\": [\"+14155550100\",\n"                              /* 4 */
    "    \"+14155550101\"],\n"                                         /* 5 */
    "  \"zone\": \"America/Denver\",\n"                                /* 6 */
    "  \"hours\": {\n"                                                 /* 7 */
    "    \"weekly\": {\n"                                              /* 8 */
    "      \"mon\": [[\"08:00\", \"12:00\"],\n"                        /* 9 */
    "        [\"13:00\", \"17:00\"]]\n"                                /* 10 */
    "    },\n"                                                         /* 11 */
    "    \"closures\": [\"2026-12-25\"]\n"                             /* 12 */
    "  },\n"                                                           /* 13 */
    "  \"owner\": {\"name\": \"Ana\", \"phone\": \"+14155550102\"},\n" /* 14 */
    "  \"staff\": [{\"name\": \"Raj\",\n"                              /* 15 */
    "    \"phone\": \"+14155550103\"}],\n"                             /* 16 */
    "  \"on_call\": [{\"who\": \"Raj\"}],\n"                           /* 17 */
    "  \"services\": [\"bread\", {\"name\": \"cake\", \"minutes\": 30}],\n"
    "  \"locations\": [\n"                                           /* 19 */
    "    {\"branch\": \"North\", \"numbers\": [\"+14155550110\"],\n" /* 20 */
    "     \"hours\": {\"weekly\": {\"mon\": null}}}\n"               /* 21 */
    "  ]\n"
    "}\n";

static const char *with_line(int line, const char *instead)
{
    static char out[8192];
    size_t len = 0;
    int at = 1;
    for (const char *p = good; *p; at++) {
        size_t n = strcspn(p, "\n") + 1;
        if (at == line)
            len += (size_t)snprintf(out + len, sizeof out - len, "%s\n", instead);
        else
            len += (size_t)snprintf(out + len, sizeof out - len, "%.*s", (int)n, p);
        p += n;
    }
    return out;
}

static void the_good_one_is_good(void **state)
{
    (void)state;
    json_t *doc;
    if (read_text_of(&doc, good))
        fail_msg("%s", told);
    assert_int_equal(desk_business_file_locations(doc), 2);
    json_t *north = desk_business_file_location(doc, 1);
    assert_null(json_object_get(north, "locations"));
    assert_string_equal(json_string_value(json_object_get(north, "branch")), "North");
    assert_string_equal(json_string_value(json_object_get(north, "name")), "Oak Street");
    assert_int_equal(json_object_size(json_object_get(json_object_get(north, "hours"), "weekly")),
                     0);
    json_decref(north);
    json_decref(doc);
    char bom[sizeof good + 3];
    snprintf(bom, sizeof bom, "\xEF\xBB\xBF%s", good);
    assert_int_equal(read_text_of(&doc, bom), DESK_OK);
    json_decref(doc);
}

static void problems_name_the_line_and_what_must_be_there(void **state)
{
    static const struct {
        int line;
        const char *instead, *told; /* the first thing told */
    } rows[] = {
        {2, "\"slug\": \"Oak Street\",", "2: slug must be a short name of a-z, 0-9, - and _"},
        {2, "\"slug\": 7,", "2: slug must be a short name"},
        {2, "", "1: slug is missing: it must be a short name"},
        {3, "\"name\": \"\",", "3: name must be the name callers hear, up to 100 letters"},
        {3, "\"name\": \"Oak\", \"nmae\": 1,", "3: nmae is not known here: did you mean name?"},
        {3, "\"name\": \"Oak\", \"opinion\": 1,", "3: opinion is not known here; known are: "},
        {4, "\"numbers\": [\"415 555 0100\",",
         "4: numbers[0] must be a number with + and country code, like \"+18605550100\""},
        {5, "\"+14155550100\"],", "5: numbers[1] stands there twice"},
        {5, "\"+19005550101\"],", "5: numbers[1] is no number that can be called"},
        {6, "\"zone\": \"Denver\",", "6: zone must be a time zone this machine knows"},
        {6, "\"zone\": \"../../etc/passwd\",", "6: zone must be a time zone like"},
        {6, "\"zone\": oak,", "6: this is not JSON"},
        {6, "\"zone\": \"UTC\", \"zone\": \"UTC\",", "6: this is not JSON: duplicate object key"},
        {9, "\"mon\": [[\"08:00\", \"25:00\"],",
         "9: hours.weekly.mon[0][1] must be a time like \"08:30\""},
        {9, "\"mon\": [[\"8:00\", \"12:00\"],", "9: hours.weekly.mon[0][0] must be a time like"},
        {9, "\"mon\": [[\"08:00\", \"14:00\"],",
         "9: hours.weekly.mon is not right: two spans overlap"},
        {9, "\"moon\": [[\"08:00\", \"12:00\"],",
         "9: hours.weekly.moon is not known here: did you mean mon?"},
        {9, "\"mon\": [\"08:00\",", "9: hours.weekly.mon[0] must be [\"from\", \"to\"]"},
        {10, "[\"24:00\", \"01:00\"]]",
         "10: hours.weekly.mon[1] is not right: a span cannot begin at"},
        {11, "}, \"weekdays\": 1,", "11: hours.weekdays is not known here: did you mean weekly?"},
        {12, "\"closures\": [\"2026-02-30\"]", "12: hours.closures[0] must be a day like"},
        {12, "\"closures\": 7", "12: hours.closures must be a list of days"},
        {12, "\"special\": {\"Christmas\": []}",
         "12: hours.special.Christmas is a key that must be"},
        {12, "\"exceptions\": [{\"from\": \"2026-10-18\", \"to\": \"2026-10-12\",\"closed\":true}]",
         "12: hours.exceptions[0].to is not right: before \"from\""},
        {12, "\"exceptions\": [{\"from\": \"2026-10-18\", \"label\":\"x\",\"person\":\"Bo\"}]",
         "12: hours.exceptions[0].person names \"Bo\", who is nobody here; known are: owner, "
         "on_call, Ana, Raj"},
        {14, "\"owner\": \"Ana\",", "14: owner must be an object like"},
        {14, "\"owner\": {\"phone\": \"0101\"},", "14: owner.phone must be a number with +"},
        {14, "\"owner\": {\"pin\": \"12\"},", "14: owner.pin must be 4 to 8 digits"},
        {15, "\"staff\": [\"raj\", {\"name\": \"Raj\",", "15: staff[1].name stands there twice"},
        {16, "\"phone\": \"+11005550103\"}],",
         "16: staff[0].phone is no number that can be called"},
        {17, "\"on_call\": [{\"who\": \"Roger\"}],", "17: on_call[0].who names \"Roger\""},
        {17, "\"on_call\": [{\"who\": [\"Raj\", \"Roger\"], \"days\": [\"mon\"]}],",
         "17: on_call[0].who[1] names \"Roger\""},
        {17, "\"on_call\": [{\"who\": \"Raj\", \"days\": [\"monday\"]}],",
         "17: on_call[0].days[0] must be one of: mon, tue"},
        {17,
         "\"on_call\": [{\"who\": \"Raj\", \"first\": \"2026-11-02\", \"last\": \"2026-11-01\"}],",
         "17: on_call[0].last must not be before \"first\""},
        {17, "\"emergency\": {\"tell\": {\"P1\": [\"owner\", \"Zed\"]}},",
         "17: emergency.tell.P1[1] names \"Zed\""},
        {17, "\"emergency\": {\"phrases\": [{\"say\": \"fire\"}]},",
         "17: emergency.phrases[0].severity is missing"},
        {17, "\"answering\": {\"mode\": \"loud\"},",
         "17: answering.mode must be one of: realtime, "},
        {17, "\"answering\": {\"mode\": \"staff_first\", \"ring\": \"desk\"},",
         "17: answering.ring names \"desk\""},
        {17, "\"escalation\": {\"tell\": \"Zed\", \"budget_limit\": 2000},",
         "17: escalation.tell names \"Zed\""},
        {17, "\"escalation\": {\"budget_limit\": \"2000\"},",
         "17: escalation.budget_limit must be an amount of money"},
        {18, "\"services\": [\"bread\", \"Bread\"],", "18: services[1] stands there twice"},
        {18, "\"sms\": {\"appointment_reminder\": \"On {wen}.\"},",
         "18: sms.appointment_reminder names {wen}, which this text does not have; it has: name, "},
        {18, "\"sms\": {\"reminder\": \"On {when}.\"},",
         "18: sms.reminder is no text that is ever sent; `frontdesk sms list`"},
        {18, "\"services\": [{\"name\": \"cake\", \"minutes\": 3}],",
         "18: services[0].minutes must be a length in minutes, 5 to 1440"},
        {20, "{\"numbers\": [\"+14155550110\"],", "20: locations[0].branch is missing"},
        {20, "{\"branch\": \"North\", \"numbers\": [\"+14155550100\"],",
         "20: locations[0].numbers[0] belongs to another branch already"},
        {20, "{\"branch\": \"North\", \"slug\": \"x\", \"numbers\": [\"+14155550110\"],",
         "20: locations[0].slug belongs to the whole business, not to a branch"},
        {20, "{\"branch\": \"North\", \"numbers\": [\"x\"],",
         "20: locations[0].numbers[0] must be"},
        {21, "\"zone\": null}", "21: locations[0].zone is missing"},
        {21, "\"hours\": {\"weekly\": {\"tue\": [[\"1\", \"2\"]]}}}",
         "21: locations[0].hours.weekly.tue[0][0] must be a time like"},
        {21, "\"staff\": null}", "20: locations[0].on_call[0].who names \"Raj\""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        json_t *doc;
        enum desk_rc rc = read_text_of(&doc, with_line(rows[i].line, rows[i].instead));
        if (doc || rc != DESK_EINVAL || strncmp(told, rows[i].told, strlen(rows[i].told)) != 0)
            fail_msg("line %d, %s:\n  %s\nnot\n  %s", rows[i].line, rows[i].instead, told,
                     rows[i].told);
    }
}

static void what_is_no_object_is_refused(void **state)
{
    static const char *const texts[] = {"", "[]", "7", "\"oak\"", "{", "null", "\xff\xfe"};
    json_t *doc;
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_int_equal(read_text_of(&doc, texts[i]), DESK_EINVAL);
        if (strncmp(told, "1: ", 3) != 0)
            fail_msg("%s: %s", texts[i], told);
    }
    assert_int_equal(cli_business_read(&doc, "/nowhere/x.json", note, NULL), DESK_ENOTFOUND);
    assert_int_equal(cli_business_read_why(&doc, "/nowhere/x.json", why, sizeof why),
                     DESK_ENOTFOUND);
    assert_non_null(strstr(why, "it cannot be read"));
}

static void many_problems_are_told_up_to_a_limit(void **state)
{
    json_t *doc;
    size_t lines = 0;
    char text[4000] = "\"numbers\": [";
    (void)state;
    for (int i = 0; i < 40; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "\"x%d\",", i);
    assert_int_equal(read_text_of(&doc, with_line(4, text)), DESK_EINVAL);
    for (const char *p = told; (p = strchr(p, '\n')) != NULL; p++)
        lines++;
    assert_int_equal(lines, DESK_MAX_PROBLEMS);
}

/* ---- the database ---------------------------------------------------------------------------- */

static json_t *good_doc(void)
{
    json_t *doc;
    if (read_text_of(&doc, good))
        fail_msg("%s", told);
    return doc;
}

static void add_good(char *id)
{
    json_t *doc = good_doc();
    json_object_set_new(json_object_get(doc, "owner"), "pin", json_string("4471"));
    assert_int_equal(desk_business_add(db, doc, id, why, sizeof why), DESK_OK);
    json_decref(doc);
}

static enum desk_rc update(json_t *doc)
{
    why[0] = '\0';
    return desk_business_update(db, doc, why, sizeof why);
}

static void a_business_is_stored_once(void **state)
{
    char id[DESK_ID_LEN], other[DESK_ID_LEN];
    struct desk_tenant t;
    struct desk_location *l;
    struct desk_business main, north;
    size_t n;
    (void)state;
    add_good(id);
    assert_int_equal(desk_location_list(db, arena, id, &l, &n), DESK_OK);
    assert_int_equal(n, 2);
    assert_string_equal(l[0].name, "Oak Street");
    assert_string_equal(l[1].name, "North");
    assert_null(l[1].people);
    load(id, l[0].id, &main);
    load(id, l[1].id, &north);
    assert_int_equal(main.numbers.n, 2);
    assert_int_equal(north.numbers.n, 1);
    assert_string_equal(north.numbers.v[0], "+14155550110");
    assert_true(open_at(&main, "2026-11-23", 9, 0));
    assert_true(open_at(&north, "2026-11-23", 9, 0)); /* no span at all: always open */
    assert_string_equal(north.people[1].name, "Raj");
    assert_true(desk_password_ok(north.pin, "4471"));
    json_t *doc = good_doc();
    assert_int_equal(desk_business_add(db, doc, other, why, sizeof why), DESK_ECONFLICT);
    assert_non_null(strstr(why, "\"oak\""));
    json_object_set_new(doc, "slug", json_string("other"));
    assert_int_equal(desk_business_add(db, doc, other, why, sizeof why), DESK_ECONFLICT);
    assert_non_null(strstr(why, "+14155550100"));
    assert_int_equal(desk_tenant_by_slug(db, arena, "other", &t), DESK_ENOTFOUND);
    assert_int_equal(update(doc), DESK_ENOTFOUND);
    assert_non_null(strstr(why, "there is no business \"other\""));
    json_decref(doc);
}

/* Nothing of PIN and staff stands in the plain columns. */
static void people_are_sealed(void **state)
{
    char id[DESK_ID_LEN];
    struct desk_tenant t;
    (void)state;
    add_good(id);
    assert_int_equal(desk_tenant_get(db, arena, id, &t), DESK_OK);
    assert_null(strstr(t.profile, "4471"));
    assert_null(strstr(t.profile, "Raj\",\"phone"));
    assert_null(strstr(t.people, "4471")); /* only its hash is kept */
    assert_non_null(strstr(t.people, "$argon2id$"));
    assert_non_null(strstr(t.people, "+14155550103"));
    assert_null(strstr(t.people, "+14155550102")); /* the owner's is in the location */
}

static void an_update_replaces_and_keeps(void **state)
{
    char id[DESK_ID_LEN];
    struct desk_business b;
    struct desk_location *l;
    struct desk_number found;
    size_t n;
    (void)state;
    add_good(id);
    assert_int_equal(desk_location_list(db, arena, id, &l, &n), DESK_OK);
    const char *main_id = l[0].id, *north_id = l[1].id;
    const struct desk_business_except e = {.from = "2026-12-01", .closed = true};
    assert_int_equal(desk_business_except_add(db, arena, id, NULL, &e, why, sizeof why), DESK_OK);

    json_t *doc = good_doc();
    json_object_set_new(doc, "name", json_string("Oak Street Bakery"));
    json_object_set_new(doc, "numbers", json_pack("[s]", "+14155550109"));
    json_object_set_new(doc, "locations",
                        json_pack("[{s:s, s:[s]}]", "branch", "South", "numbers", "+14155550110"));
    assert_int_equal(update(doc), DESK_OK);
    json_decref(doc);

    assert_int_equal(desk_location_list(db, arena, id, &l, &n), DESK_OK);
    assert_int_equal(n, 3); /* the row of North stays for its calls */
    assert_string_equal(l[0].id, main_id);
    load(id, NULL, &b);
    assert_string_equal(b.name, "Oak Street Bakery");
    assert_int_equal(b.numbers.n, 1);
    assert_true(desk_password_ok(b.pin, "4471"));  /* the file gave none: it stays */
    assert_false(open_at(&b, "2026-12-01", 9, 0)); /* what was made by command, too */
    load(id, north_id, &b);
    assert_int_equal(b.numbers.n, 0);
    assert_int_equal(desk_number_find(db, arena, "+14155550110", &found), DESK_OK);
    assert_string_not_equal(found.location_id, north_id);
    assert_int_equal(desk_number_find(db, arena, "+14155550100", &found), DESK_ENOTFOUND);

    /* North comes back, and is the row it was */
    doc = good_doc();
    assert_int_equal(update(doc), DESK_OK);
    json_decref(doc);
    assert_int_equal(desk_number_find(db, arena, "+14155550110", &found), DESK_OK);
    assert_string_equal(found.location_id, north_id);
}

/* A number that another business has is refused, and nothing of the update is left. */
static void a_refused_update_changes_nothing(void **state)
{
    char id[DESK_ID_LEN], other[DESK_ID_LEN];
    struct desk_business b;
    (void)state;
    add_good(id);
    json_t *doc = read_example("plumbing");
    assert_int_equal(desk_business_add(db, doc, other, why, sizeof why), DESK_OK);
    json_decref(doc);
    doc = good_doc();
    json_object_set_new(doc, "name", json_string("Another"));
    json_object_set_new(doc, "numbers", json_pack("[s]", "+18605550100"));
    assert_int_equal(update(doc), DESK_ECONFLICT);
    assert_non_null(strstr(why, "+18605550100"));
    json_decref(doc);
    load(id, NULL, &b);
    assert_string_equal(b.name, "Oak Street");
    assert_int_equal(b.numbers.n, 2);
}

/* What is given back is a file again, and says the same. */
static void an_export_is_a_file_that_says_the_same(void **state)
{
    static const char *const slugs[] = {"smart_home", "dental", "concierge", "plumbing",
                                        "handyman"};
    (void)state;
    for (size_t i = 0; i < sizeof slugs / sizeof *slugs + 1; i++) {
        bool own = i == sizeof slugs / sizeof *slugs;
        char id[DESK_ID_LEN];
        json_t *doc = own ? good_doc() : read_example(slugs[i]), *back, *again;
        assert_int_equal(desk_business_add(db, doc, id, why, sizeof why), DESK_OK);
        assert_int_equal(desk_business_export(db, arena, id, &back), DESK_OK);
        json_object_del(doc, "$schema");
        json_object_del(json_object_get(doc, "owner"), "pin");
        char *text = json_dumps(back, JSON_INDENT(2));
        if (read_text_of(&again, text))
            fail_msg("%s\n%s", told, text);
        for (size_t k = 0; k < desk_business_file_locations(doc); k++) {
            json_t *was = desk_business_file_location(doc, k);
            json_t *is = desk_business_file_location(again, k);
            if (!json_equal(was, is))
                fail_msg("%s", json_dumps(desk_business_diff(was, is), JSON_INDENT(2)));
            json_decref(was);
            json_decref(is);
        }
        assert_int_equal(update(again), DESK_OK);
        free(text);
        json_decref(doc);
        json_decref(back);
        json_decref(again);
    }
}

/* ---- exceptions ------------------------------------------------------------------------------ */

static enum desk_rc except(const char *id, const char *branch, const struct desk_business_except *e)
{
    return desk_business_except_add(db, arena, id, branch, e, why, sizeof why);
}

static void exceptions_hold_and_end_by_themselves(void **state)
{
    char id[DESK_ID_LEN];
    struct desk_business b;
    struct desk_ring ring;
    (void)state;
    add_good(id);
    const struct desk_business_except closed = {
        .from = "2026-11-30", .to = "2026-12-04", .closed = true, .label = "holidays"};
    const struct desk_business_except later = {
        .from = "2026-12-07", .open_from = "10:00", .open_to = "14:00"};
    const struct desk_business_except away = {
        .from = "2026-12-14", .to = "2026-12-20", .person = "Raj"};
    assert_int_equal(except(id, NULL, &closed), DESK_OK);
    assert_int_equal(except(id, NULL, &later), DESK_OK);
    assert_int_equal(except(id, NULL, &away), DESK_OK);
    load(id, NULL, &b);
    assert_true(open_at(&b, "2026-11-23", 9, 0));
    assert_false(open_at(&b, "2026-11-30", 9, 0));
    assert_false(open_at(&b, "2026-12-07", 9, 0));
    assert_true(open_at(&b, "2026-12-07", 13, 59));
    assert_true(open_at(&b, "2026-12-14", 9, 0)); /* who is away closes nothing */
    assert_true(desk_business_ring(&b, "on_call", local(&b, "2026-12-13", 9, 0), &ring));
    assert_string_equal(ring.who[0]->name, "Raj");
    assert_true(desk_business_ring(&b, "on_call", local(&b, "2026-12-14", 9, 0), &ring));
    assert_string_equal(ring.who[0]->name, "Ana");
    assert_true(desk_business_ring(&b, "on_call", local(&b, "2026-12-21", 9, 0), &ring));
    assert_string_equal(ring.who[0]->name, "Raj");
    assert_string_equal(b.away[0].label, "Raj away");

    /* three weeks on, what is over is cleared away with the next change */
    desk_clock_fake(local(&b, "2026-12-10", 12, 0));
    const struct desk_business_except next = {.from = "2027-01-02", .closed = true};
    assert_int_equal(except(id, NULL, &next), DESK_OK);
    struct desk_location l;
    assert_int_equal(desk_location_first(db, arena, id, &l), DESK_OK);
    assert_null(strstr(l.hours, "2026-11-30"));
    assert_null(strstr(l.hours, "2026-12-07"));
    assert_non_null(strstr(l.hours, "2026-12-14"));
    assert_non_null(strstr(l.hours, "2026-12-25")); /* a closure of the file stays */
}

static void exceptions_are_taken_away_and_refused(void **state)
{
    char id[DESK_ID_LEN];
    struct desk_business b;
    size_t removed;
    (void)state;
    add_good(id);
    const struct desk_business_except e = {.from = "2026-12-01", .closed = true};
    const struct desk_business_except over = {.from = "2026-11-01", .closed = true};
    const struct desk_business_except backwards = {
        .from = "2026-12-05", .to = "2026-12-01", .closed = true};
    const struct desk_business_except wrong = {
        .from = "2026-12-05", .open_from = "10:00", .open_to = "noon"};
    assert_int_equal(except(id, "North", &e), DESK_OK);
    load(id, NULL, &b);
    assert_true(b.hours->n_rules == 1); /* only North is closed */
    assert_int_equal(except(id, "Nowhere", &e), DESK_ENOTFOUND);
    assert_non_null(strstr(why, "Nowhere"));
    assert_int_equal(except(id, NULL, &over), DESK_EINVAL);
    assert_non_null(strstr(why, "over"));
    assert_int_equal(except(id, NULL, &backwards), DESK_EINVAL);
    assert_int_equal(except(id, NULL, &wrong), DESK_EINVAL);
    assert_non_null(strstr(why, "noon"));
    assert_int_equal(desk_business_except_remove(db, arena, id, NULL, "2026-12-02", &removed),
                     DESK_OK);
    assert_int_equal(removed, 0);
    assert_int_equal(desk_business_except_remove(db, arena, id, NULL, "2026-12-01", &removed),
                     DESK_OK);
    assert_int_equal(removed, 1);
    for (int i = 0; i < DESK_MAX_BUSINESS_LIST; i++)
        assert_int_equal(except(id, NULL, &e), DESK_OK);
    assert_int_equal(except(id, NULL, &e), DESK_ELIMIT);
}

/* Rows of before this version: hours as the week alone, no people. */
static void old_rows_take_exceptions_too(void **state)
{
    struct desk_business b;
    json_t *doc;
    (void)state;
    const struct desk_tenant t = {.id = "t1",
                                  .slug = "old",
                                  .name = "Old",
                                  .profile = "{\"greeting\":\"Hello.\",\"people\":[\"Ann\"]}",
                                  .created_at = 1,
                                  .updated_at = 1};
    const struct desk_location l = {.id = "l1",
                                    .tenant_id = "t1",
                                    .name = "Old",
                                    .zone = "UTC",
                                    .hours = "{\"tue\":[[\"08:00\",\"17:00\"]]}",
                                    .owner_name = "Sal",
                                    .created_at = 1};
    assert_int_equal(DESK_TX_BEGIN(db), DESK_OK);
    enum desk_rc rc = desk_tenant_insert(db, &t);
    assert_int_equal(desk_tx_end(db, rc ? rc : desk_location_insert(db, &l)), DESK_OK);
    const struct desk_business_except e = {.from = "2026-12-01", .closed = true};
    assert_int_equal(except("t1", NULL, &e), DESK_OK);
    load("t1", NULL, &b);
    assert_true(open_at(&b, "2026-11-24", 9, 0));
    assert_false(open_at(&b, "2026-12-01", 9, 0)); /* a Tuesday */
    assert_int_equal(desk_business_export(db, arena, "t1", &doc), DESK_OK);
    assert_non_null(json_object_get(json_object_get(doc, "hours"), "weekly"));
    json_decref(doc);
    assert_int_equal(desk_business_load(db, arena, "t2", NULL, &b), DESK_ENOTFOUND);
    assert_int_equal(desk_business_load(db, arena, "t1", "l2", &b), DESK_ENOTFOUND);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_five_examples_are_what_they_should_be),
        TEST(the_examples_keep_their_hours),
        TEST(the_examples_ring_who_is_on_call),
        TEST(the_good_one_is_good),
        TEST(problems_name_the_line_and_what_must_be_there),
        TEST(what_is_no_object_is_refused),
        TEST(many_problems_are_told_up_to_a_limit),
        TEST(a_business_is_stored_once),
        TEST(people_are_sealed),
        TEST(an_update_replaces_and_keeps),
        TEST(a_refused_update_changes_nothing),
        TEST(an_export_is_a_file_that_says_the_same),
        TEST(exceptions_hold_and_end_by_themselves),
        TEST(exceptions_are_taken_away_and_refused),
        TEST(old_rows_take_exceptions_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
