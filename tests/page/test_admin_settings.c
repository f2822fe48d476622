/* The settings pages: forms over the business's own profile. */
#include "core/business_file.h"
#include "store/prices.h"
#include "store/probes.h"
#include "store/versions.h"
#include "store/webhooks.h"
#include "talk/business.h"
#include "talk/prompt.h"
#include "tests/page/admin_page.h"

#include <stdio.h>

static const char *csrf;

static void ask(enum desk_method method, const char *uri, const char *form)
{
    page_request(method, uri);
    if (form) {
        req.content_type = "application/x-www-form-urlencoded";
        req.body = desk_arena_strdup(ra, form);
        req.body_len = strlen(form);
    }
    desk_dispatch(&admin_web, &req);
}

static void get(const char *uri)
{
    ask(DESK_GET, uri, NULL);
    if (req.reply.status && req.reply.status != 200)
        fail_msg("%s: %d %s", uri, req.reply.status, body());
}

/* One member of the business's document as compact JSON, "" when it is not there. */
static const char *member(const char *path)
{
    json_t *doc, *v;
    char key[40];
    must(desk_business_export(db, arena, here.tenant, &doc), "export");
    v = doc;
    for (const char *p = path; v && *p;) {
        size_t n = strcspn(p, "/");
        snprintf(key, sizeof key, "%.*s", (int)n, p);
        v = json_is_array(v) ? json_array_get(v, strtoul(key, NULL, 10)) : json_object_get(v, key);
        p += n + (p[n] == '/');
    }
    char *text = v ? json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
    const char *out = desk_arena_strdup(arena, text ? text : "");
    free(text);
    json_decref(doc);
    return out;
}

/* A value of the page's form, as a browser would send it: the next `name="…"` with its value. */
static const char *seen_on_page(void)
{
    static char out[40];
    const char *at = strstr(body(), "name=\"seen\" value=\"");
    if (!at)
        fail_msg("no form: %s", body());
    snprintf(out, sizeof out, "%.16s", at + strlen("name=\"seen\" value=\""));
    return out;
}

static void must_post(const char *uri, const char *seen, const char *fields, int status)
{
    char *form = desk_arena_fmt(arena, "csrf=%s&seen=%s%s", csrf, seen, fields);
    ask(DESK_POST, uri, form);
    if (req.reply.status != status)
        fail_msg("%s: %d\n%s\n%s", uri, req.reply.status, fields, body());
}

static const char *location_header(void)
{
    static char out[200];
    const char *at = strstr(desk_buf_cstr(&req.reply.headers), "Location: ");
    assert_non_null(at);
    snprintf(out, sizeof out, "%.*s", (int)strcspn(at + 10, "\r"), at + 10);
    return out;
}

static int setup(void **state)
{
    (void)state;
    page_open("long enough pw");
    page_session("sal");
    struct desk_session s;
    must(desk_session_find(db, arena, session, &s), "session");
    csrf = s.csrf;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    page_close();
    return 0;
}

#define WEEK                                                                                       \
    "&hours.weekly.mon=8+to+12%2C+1+to+5&hours.weekly.tue=8+am+to+5+pm&hours.weekly.wed=8+to+5"    \
    "&hours.weekly.thu=8+to+5&hours.weekly.fri=8+to+5&hours.weekly.sat=&hours.weekly.sun="         \
    "&hours_spoken=&zone=America/New_York"

/* ---- pages ----------------------------------------------------------------------------------- */

static void test_overview(void **state)
{
    (void)state;
    get("/settings");
    assert_has("href=\"/settings/hours\"");
    assert_has("href=\"/settings/versions\"");
    assert_has("Who to ring");
    get("/settings/versions");
    assert_has("Nothing was saved on these pages yet.");
}

static void test_every_page_shows(void **state)
{
    static const char *const pages[] = {
        "/settings/hours",  "/settings/people",  "/settings/answering", "/settings/services",
        "/settings/urgent", "/settings/callers", "/settings/notices"};
    (void)state;
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        get(pages[i]);
        assert_has("name=\"seen\" value=\"");
        assert_has("class=\"save\"");
    }
}

static void test_hours_saved(void **state)
{
    (void)state;
    get("/settings/hours");
    assert_has("Open day and night.");
    assert_has("checked");
    must_post("/settings/hours", seen_on_page(),
              WEEK "&hours.closures.0.date=2026-12-25&hours.closures.0.label=Christmas+%3CDay%3E"
                   "&hours.special.0.date=2026-12-24&hours.special.0.spans=8+to+noon"
                   "&hours.special.0.label=Christmas+Eve",
              303);
    assert_string_equal(location_header(), "/settings/hours");
    assert_string_equal(member("hours/weekly/mon"),
                        "[[\"08:00\",\"12:00\"],[\"13:00\",\"17:00\"]]");
    assert_string_equal(member("hours/weekly/sat"), "");
    assert_string_equal(member("hours/closures/0/label"), "\"Christmas <Day>\"");
    assert_string_equal(member("hours/special/2026-12-24/spans"), "[[\"08:00\",\"12:00\"]]");
    get("/settings/hours");
    assert_has("Opening hours saved as version 2. The next call uses it.");
    assert_has("action=\"/settings/versions/1/back\"");
    assert_has("8:00 am to 12:00 pm, 1:00 pm to 5:00 pm");
    assert_has("Open until 5:00 pm."); /* it is Friday, 1:15 pm */
    assert_has("Christmas &lt;Day&gt;");
    assert_lacks("Christmas <Day>");
    get("/settings/hours?day=2026-12-25&time=10+am");
    assert_has("Friday 25 December, 10:00 am:");
    assert_has("Closed (Christmas &lt;Day&gt;) until Monday 28 December, 8:00 am.");
    get("/settings/hours?day=2026-12-24&time=9+in+the+morning");
    assert_has("Give a day, and a time like 10 am.");
}

static void test_wrong_is_told_beside(void **state)
{
    (void)state;
    get("/settings/hours");
    must_post("/settings/hours", seen_on_page(),
              "&hours.weekly.mon=8+to+5&hours.weekly.tue=mornings&hours.weekly.wed=9+am+to+5+pm"
              "%2C+4+pm+to+6+pm&zone=Harwick&hours.closures.0.date=&hours.closures.0.label=Party",
              422);
    assert_has("<title>Error: Opening hours");
    assert_has("Nothing was saved yet.");
    assert_has("Tuesday is not understood at");
    assert_has("value=\"mornings\""); /* kept */
    assert_has("href=\"#hours.weekly.tue\"");
    assert_has("aria-invalid=\"true\" aria-describedby=\"hours.weekly.tue-wrong\"");
    assert_has("Day is missing.");
    assert_has("value=\"Party\"");
    assert_string_equal(member("hours/weekly"), "\"always\"");
    /* what only the checks of the whole can know */
    get("/settings/hours");
    must_post("/settings/hours", seen_on_page(),
              "&hours.weekly.mon=8+to+5&hours.weekly.wed=9+am+to+5+pm%2C+4+pm+to+6+pm&zone=Harwick",
              422);
    assert_has("Time zone must be a time zone this machine knows");
    assert_has("id=\"zone-wrong\"");
    get("/settings/hours");
    must_post("/settings/hours", seen_on_page(),
              "&hours.weekly.wed=9+am+to+5+pm%2C+4+pm+to+6+pm&zone=America/New_York", 422);
    assert_has("id=\"hours.weekly.wed-wrong\"");
    assert_string_equal(member("hours/weekly"), "\"always\"");
}

static void test_two_editors(void **state)
{
    (void)state;
    get("/settings/hours");
    const char *seen = desk_arena_strdup(arena, seen_on_page());
    must_post("/settings/hours", seen, WEEK, 303);
    /* one who looked before that: nothing of theirs is lost, and nothing of the first */
    must_post("/settings/hours", seen, "&hours.weekly.mon=10+to+4&zone=America/New_York", 422);
    assert_has("sal changed this at 1:15 pm. Your version is below; save again to replace it.");
    assert_has("value=\"10 to 4\"");
    assert_string_equal(member("hours/weekly/mon"),
                        "[[\"08:00\",\"12:00\"],[\"13:00\",\"17:00\"]]");
    must_post("/settings/hours", seen_on_page(), "&hours.weekly.mon=10+to+4&zone=America/New_York",
              303);
    assert_string_equal(member("hours/weekly"), "{\"mon\":[[\"10:00\",\"16:00\"]]}");
    /* another page does not stand in the way */
    get("/settings/notices");
    seen = desk_arena_strdup(arena, seen_on_page());
    get("/settings/hours");
    must_post("/settings/hours", seen_on_page(), WEEK, 303);
    must_post("/settings/notices", seen, "&after_call.tell=every", 303);
    assert_string_equal(member("after_call/tell"), "\"every\"");
    assert_string_equal(member("hours/weekly/tue"), "[[\"08:00\",\"17:00\"]]");
}

static void test_undo_and_versions(void **state)
{
    (void)state;
    get("/settings/hours");
    must_post("/settings/hours", seen_on_page(), WEEK, 303);
    must_post("/settings/versions/1/back", "", "", 303);
    assert_string_equal(location_header(), "/settings/versions");
    assert_string_equal(member("hours/weekly"), "\"always\"");
    get("/settings/versions");
    assert_has("Version 1 is back as version 3.");
    assert_has("As it was before, by a file or a command");
    assert_has("Opening hours<span");
    assert_has("Last saved");
    must_post("/settings/versions/2/back", "", "", 303);
    assert_string_equal(member("hours/weekly/tue"), "[[\"08:00\",\"17:00\"]]");
    ask(DESK_POST, "/settings/versions/77/back", desk_arena_fmt(arena, "csrf=%s", csrf));
    assert_int_equal(req.reply.status, 404);
}

/* ---- closings and notes ---------------------------------------------------------------------- */

static void test_dated(void **state)
{
    (void)state;
    get("/settings/hours");
    assert_has("None. Add");
    must_post("/settings/hours/dated", "", "&what=closed&from=2026-11-27&label=bridge+day", 303);
    must_post("/settings/hours/dated", "", "&what=away&person=Sal&from=2026-12-12&to=2026-12-18",
              303);
    must_post("/settings/hours/dated", "", "&what=hours&from=2026-12-01&open=10+to+2", 303);
    get("/settings/hours?day=2026-11-27&time=10+am");
    assert_has("Fri 27 Nov");
    assert_has("Sat 12 Dec to Fri 18 Dec");
    assert_has("Sal is away");
    assert_has("open only 10:00 am to 2:00 pm");
    assert_has("Closed (bridge day) until Saturday 28 November, 12:00 am.");
    get("/settings/hours?day=2026-12-13");
    assert_has("Sal is away.");
    /* refused beside the form, and kept */
    must_post("/settings/hours/dated", "", "&what=closed&from=2026-12-05&to=2026-12-01&label=x",
              422);
    assert_has("The last day must not be before the first.");
    assert_has("value=\"2026-12-05\"");
    must_post("/settings/hours/dated", "", "&what=closed&from=2026-11-01&label=x", 422);
    assert_has("That was not noted: it is over already.");
    must_post("/settings/hours/dated", "", "&what=hours&from=2026-12-01&open=10", 422);
    assert_has("Give the hours, like 10 am to 2 pm.");
    must_post("/settings/hours/dated", "", "&what=note&from=2026-12-01", 422);
    must_post("/settings/hours/dated", "", "&what=away&from=2026-12-01", 422);
    must_post("/settings/hours/dated", "", "&what=dance&from=2026-12-01", 422);
    must_post("/settings/hours/dated", "", "&what=closed", 422);
    /* saving the form keeps them, and one is taken away */
    get("/settings/hours");
    must_post("/settings/hours", seen_on_page(), WEEK, 303);
    get("/settings/hours");
    assert_has("bridge day");
    must_post("/settings/hours/dated/drop", "", "&from=2026-11-27&label=bridge+day", 303);
    get("/settings/hours");
    assert_has("Taken away.");
    assert_lacks("bridge day");
    must_post("/settings/hours/dated/drop", "", "&from=2026-11-27&label=bridge+day", 303);
    get("/settings/hours");
    assert_has("It is gone already.");
    /* they end by themselves */
    desk_clock_fake(NOW + 40LL * 86400000);
    page_session("sal");
    get("/settings/hours");
    assert_has("None. Add");
    desk_clock_fake(NOW);
}

/* ---- people, answering, alarms --------------------------------------------------------------- */

static void test_people(void **state)
{
    (void)state;
    get("/settings/people");
    assert_has("value=\"(860) 555-0101\"");
    must_post("/settings/people", seen_on_page(),
              "&owner.name=Sal&owner.phone=%28860%29+555-0101&owner.pin=4471"
              "&staff.0.name=&staff.0.phone=&staff.1.name=Raj+Patel&staff.1.phone=860+555+0102"
              "&staff.1.also=Raj%2C+Rajesh&staff.2.name=Dom&staff.2.gone=1"
              "&on_call.0.who=Raj&on_call.0.days=sat&on_call.0.days=sun&on_call.0.from=6+pm"
              "&on_call.0.to=7+am&ring_groups.0.name=office&ring_groups.0.who=Raj%2C+owner"
              "&ring_groups.0.how=together&transfer.seconds=25",
              303);
    assert_string_equal(member("staff"),
                        "[{\"name\":\"Raj Patel\",\"phone\":\"+18605550102\",\"also\":[\"Raj\","
                        "\"Rajesh\"]}]");
    assert_string_equal(member("on_call/0"), "{\"who\":\"Raj\",\"days\":[\"sat\",\"sun\"],\"from\":"
                                             "\"18:00\",\"to\":\"07:00\"}");
    assert_string_equal(member("ring_groups/office"),
                        "{\"who\":[\"Raj\",\"owner\"],\"how\":\"together\"}");
    assert_string_equal(member("transfer"), "{\"seconds\":25,\"whisper\":false}");
    struct desk_tenant t;
    must(desk_tenant_get(db, arena, here.tenant, &t), "tenant");
    assert_non_null(strstr(t.people, "$argon2id$"));
    get("/settings/people");
    assert_lacks("argon2");
    assert_lacks("4471");
    assert_has("value=\"Raj, Rajesh\"");
    assert_has("value=\"6:00 pm\"");
    /* somebody who is nobody, in the row where they stand */
    must_post("/settings/people", seen_on_page(),
              "&owner.name=Sal&owner.phone=%28860%29+555-0101&staff.0.name=Raj&staff.0.phone=911"
              "&on_call.0.who=&on_call.1.who=Bob&transfer.whisper=1",
              422);
    assert_has("id=\"staff.0.phone-wrong\"");
    get("/settings/people");
    must_post("/settings/people", seen_on_page(),
              "&owner.name=Sal&owner.phone=%28860%29+555-0101&staff.0.name=Raj"
              "&on_call.0.who=&on_call.1.who=Bob&transfer.whisper=1",
              422);
    assert_has("id=\"on_call.1.who-wrong\"");
    assert_has("who is nobody here");
    assert_string_equal(member("on_call/0/who"), "\"Raj\"");
    /* the PIN stays when the field is empty */
    must_post("/settings/people", seen_on_page(),
              "&owner.name=Sal&owner.phone=%28860%29+555-0101&transfer.whisper=1", 303);
    must(desk_tenant_get(db, arena, here.tenant, &t), "tenant");
    assert_non_null(strstr(t.people, "$argon2id$"));
    assert_string_equal(member("staff"), "");
}

#define ANSWER "&name=Harwick+Plumbing&numbers=%2B18605550100"

static void test_answering(void **state)
{
    (void)state;
    get("/settings/answering");
    assert_has("How a call is answered");
    must_post("/settings/answering", seen_on_page(),
              ANSWER "&answering.mode=staff_first&answering.ring=owner&answering.ring_seconds=15"
                     "&greeting.open=Hello%2C+Harwick.+What+is+it%3F&consent=This+call+is+recorded."
                     "&language=en",
              303);
    assert_string_equal(member("answering"),
                        "{\"mode\":\"staff_first\",\"ring\":\"owner\",\"ring_seconds\":15}");
    get("/settings/answering");
    assert_has("phone rings for 15 seconds; if nobody takes it, Frontdesk answers and talks.");
    assert_has("<blockquote><bdi>Hello, Harwick. What is it?</bdi>");
    /* a number of somebody else's */
    must_post("/settings/answering", seen_on_page(),
              "&name=Harwick+Plumbing&numbers=%2B18605550100%0D%0A%28860%29+555-0200", 422);
    assert_has("Nothing was saved: the number +18605550200 belongs to a business already.");
    must_post("/settings/answering", seen_on_page(), "&name=&numbers=12", 422);
    assert_has("Name of the business is missing.");
    assert_has("is not a number we can call");
    must_post("/settings/answering", seen_on_page(), ANSWER "&answering.mode=shout", 422);
    assert_has("Choose one for When we are open.");
}

static void test_services(void **state)
{
    (void)state;
    get("/settings/services");
    must_post("/settings/services", seen_on_page(),
              "&services.0.name=Drain+cleaning&services.0.minutes=90&services.0.also=slow+drain%0D"
              "%0Aclogged+sink&services.0.price=from+95+dollars&booking.at_once=2&intake=address"
              "&intake=bogus&booking.blackout.0.from=2026-12-24&booking.blackout.0.to=2027-01-02",
              303);
    assert_string_equal(member("services/0/also"), "[\"slow drain\",\"clogged sink\"]");
    assert_string_equal(member("services/0/minutes"), "90");
    assert_string_equal(member("intake"), "[\"address\"]");
    assert_string_equal(member("booking/blackout/0/to"), "\"2027-01-02\"");
    get("/settings/services");
    must_post("/settings/services", seen_on_page(),
              "&services.0.name=A&services.0.minutes=2&services.1.name=B&services.1.minutes=many",
              422);
    assert_has("id=\"services.1.minutes-wrong\"");
    assert_has("Minutes must be a whole number.");
    get("/settings/services");
    must_post("/settings/services", seen_on_page(), "&services.0.name=A&services.0.minutes=2", 422);
    assert_has("id=\"services.0.minutes-wrong\"");
}

static void test_urgent(void **state)
{
    (void)state;
    get("/settings/urgent");
    must_post("/settings/urgent", seen_on_page(),
              "&emergency.phrases.0.say=the+pipe+froze&emergency.phrases.0.severity=P1"
              "&emergency.judge=1&emergency.tell.P1=owner&emergency.by.P1=sms&emergency.ring=1"
              "&escalation.triggers=owner_request&escalation.triggers=budget"
              "&escalation.budget_limit=2%2C50",
              422);
    assert_has("Limit of a budget, in dollars must be an amount");
    must_post("/settings/urgent", seen_on_page(),
              "&emergency.phrases.0.say=the+pipe+froze&emergency.phrases.0.severity=P1"
              "&emergency.judge=1&emergency.tell.P1=owner&emergency.by.P1=sms&emergency.ring=1"
              "&escalation.triggers=owner_request&escalation.triggers=budget"
              "&escalation.budget_limit=%242500",
              303);
    assert_string_equal(member("emergency/phrases"),
                        "[{\"say\":\"the pipe froze\",\"severity\":\"P1\"}]");
    assert_string_equal(member("emergency/by/P1"), "[\"sms\"]");
    assert_string_equal(member("escalation/budget_limit"), "2500");
    get("/settings/urgent?say=Help%2C+the+pipe+froze+and+burst");
    assert_has("That is an emergency.");
    assert_has("Sal would hear of it by text.");
    assert_has("The caller would be put through at once.");
    get("/settings/urgent?say=What+time+do+you+close%3F");
    assert_has("That is no emergency.");
    get("/settings/urgent?say=Our+budget+is+9000+dollars");
    assert_has("You would hear of a budget over your limit.");
}

static void test_callers_and_notices(void **state)
{
    (void)state;
    get("/settings/callers");
    must_post("/settings/callers", seen_on_page(),
              "&screening=1&vip.ring_open=1&vendors.0.name=Tolland&vendors.0.phone=8605550190"
              "&intents.0.intent=sales&intents.0.keywords=quote%0D%0Aprice",
              303);
    assert_string_equal(member("intents/0/keywords"), "[\"quote\",\"price\"]");
    assert_string_equal(member("vendors/0/phone"), "\"+18605550190\"");
    get("/settings/notices");
    must_post("/settings/notices", seen_on_page(),
              "&digest.daily=1&digest.at=7+pm&digest.by=sms&reminders.by=both&phi=1", 303);
    assert_string_equal(member("digest"), "{\"daily\":true,\"at\":\"19:00\",\"by\":[\"sms\"]}");
    assert_string_equal(member("reminders/by"), "\"both\"");
    assert_string_equal(member("phi"), "true");
}

/* ---- scripts --------------------------------------------------------------------------------- */

#define SALES "/settings/scripts/sales_inquiry"

static const char *running(const char *script)
{
    struct desk_prompt_input in;
    const struct desk_call call = {.id = "c",
                                   .tenant_id = here.tenant,
                                   .location_id = here.location,
                                   .from_number = "+18605550134",
                                   .script = script};
    const char *text;
    must(desk_prompt_load(db, arena, &call, &in), "load");
    must(desk_prompt_instructions(arena, &in, &text, NULL), "instructions");
    return text;
}

static void test_scripts(void **state)
{
    (void)state;
    get("/settings/scripts");
    assert_has("href=\"" SALES "\"");
    get(SALES);
    assert_has("These are Frontdesk");
    assert_has("Never changed.");
    assert_has("What Frontdesk is told now");
    assert_has("Dana Whitfield");
    get(SALES "?as=hidden");
    assert_lacks("Dana Whitfield");
    /* tried: shown, and nothing saved */
    must_post(SALES, "0", "&try=1&as=new&text=Sell+<?cs+var:Business+?>+baths.%0D%0A", 200);
    assert_has("(not saved)");
    assert_has("Sell Harwick Plumbing baths.");
    assert_null(strstr(running("sales_inquiry"), "Sell Harwick"));
    /* saved: the next call runs it, another script and another business do not */
    must_post(SALES, "0", "&text=Sell+<?cs+var:Business+?>+baths.%0D%0ABe+brief.", 303);
    assert_string_equal(location_header(), SALES);
    assert_non_null(strstr(running("sales_inquiry"), "Sell Harwick Plumbing baths.\nBe brief."));
    assert_null(strstr(running("vendor_call"), "Be brief."));
    get(SALES);
    assert_has("Script saved as version 1. The next call uses it.");
    assert_has("In your words.");
    must_post(SALES, "1", "&text=Sell+<?cs+var:Business+?>+sinks.%0D%0ABe+brief.", 303);
    get("/settings/scripts/sales_inquiry/1");
    assert_has("class=\"minus\"");
    assert_has("Sell &lt;?cs var:Business ?&gt; baths.");
    assert_has("Sell &lt;?cs var:Business ?&gt; sinks.");
    must_post("/settings/scripts/sales_inquiry/1/back", "", "", 303);
    assert_non_null(strstr(running("sales_inquiry"), "Plumbing baths."));
    get(SALES);
    assert_has("The older version is back as version 3.");
    get(SALES "/3");
    assert_has("The same as what runs now.");
    get(SALES "/0");
    assert_has("own words</h1>");
    must_post(SALES "/0/back", "", "", 303);
    assert_null(strstr(running("sales_inquiry"), "Plumbing baths."));
    get(SALES);
    assert_has("These are Frontdesk");
    page_session("olga");
    get(SALES);
    assert_has("Never changed.");
    ask(DESK_GET, SALES "/1", NULL);
    assert_int_equal(req.reply.status, 404);
    ask(DESK_GET, "/settings/scripts/receptionist", NULL);
    assert_int_equal(req.reply.status, 404);
}

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>
#define LEAKS_OFF() __lsan_disable() /* ClearSilver forgets 32 bytes per parse error */
#define LEAKS_ON()  __lsan_enable()
#else
#define LEAKS_OFF() (void)0
#define LEAKS_ON()  (void)0
#endif

static void test_scripts_refused(void **state)
{
    static const struct {
        const char *text, *wrong;
    } rows[] = {
        {"one%0Atwo+<?cs+if:Owner+?>never+ended", "line 2"},
        {"one%0A<?cs+if:Owner+?>x<?cs+/if+?>%0A<?cs+var:Bogus+?>", "line 3: \xe2\x80\x9c"
                                                                   "Bogus"},
        {"<?cs+evar:CallerName+?>", "cannot be used in a script"},
        {"x%0A<?cs+if:Owner+==+?>x<?cs+/if+?>", "line 2"},
    };
    char fields[300];
    (void)state;
    LEAKS_OFF();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        snprintf(fields, sizeof fields, "&text=%s", rows[i].text);
        must_post(SALES, "0", fields, 422);
        assert_has(rows[i].wrong);
        assert_has("id=\"text-wrong\"");
        assert_lacks("What Frontdesk is told now");
    }
    must_post(SALES, "0", "&text=", 422);
    assert_has("Script is missing.");
    must_post(SALES, "0", "&text=First.", 303);
    must_post(SALES, "0", "&text=Second.", 422);
    assert_has("somebody else saved this script meanwhile");
    assert_has("Second.");
    /* one that an older version let in does not silence the telephone */
    int64_t n;
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_script_text_add(db, here.tenant, "sales_inquiry", "<?cs if:Owner ?>", NULL, &n),
         "add");
    must(desk_tx_end(db, DESK_OK), "commit");
    assert_non_null(strstr(running("sales_inquiry"), "# This call:"));
    ask(DESK_POST, SALES "/2/back", desk_arena_fmt(arena, "csrf=%s", csrf));
    assert_int_equal(req.reply.status, 422);
    assert_has("That version cannot run any more: ");
    LEAKS_ON();
}

/* ---- texts ----------------------------------------------------------------------------------- */

static void test_texts(void **state)
{
    (void)state;
    get("/settings/texts");
    assert_has("href=\"/settings/texts/missed_call\"");
    get("/settings/texts/appointment_confirmation");
    assert_has("{when}");
    assert_has(" text");
    /* tried */
    must_post("/settings/texts/missed_call", "", "&try=1&words=Harwick%3A+sorry+we+missed+you.",
              200);
    assert_has("(not saved)");
    assert_has("<bdi>Harwick: sorry we missed you.</bdi>");
    assert_has("1 text, 131 characters left");
    must_post("/settings/texts/missed_call", "", "&try=1&words=Sorry+%F0%9F%99%88+{owner}", 200);
    assert_has("Sorry \xf0\x9f\x99\x88 Sal");
    assert_has("1 text, 58 characters left");
    assert_string_equal(member("sms"), "");
    /* saved, refused, changed meanwhile, taken back */
    must_post("/settings/texts/missed_call", "", "&words=Sorry+from+{owner}.", 303);
    assert_string_equal(member("sms/missed_call"), "\"Sorry from {owner}.\"");
    get("/settings/texts/missed_call");
    assert_has("Text saved as version 2.");
    assert_has("<bdi>Sorry from Sal.</bdi>");
    must_post("/settings/texts/missed_call", "Sorry+from+{owner}.", "&words=Sorry+{wen}.", 422);
    assert_has("It names {wen}");
    assert_has("id=\"words-wrong\"");
    must_post("/settings/texts/missed_call", "other", "&words=Sorry.", 422);
    assert_has("Somebody else changed this text meanwhile.");
    must_post("/settings/texts/missed_call", "Sorry+from+{owner}.", "&words=", 303);
    assert_string_equal(member("sms"), "");
    ask(DESK_GET, "/settings/texts/nothing", NULL);
    assert_int_equal(req.reply.status, 404);
}

/* ---- tokens, webhooks, prices ---------------------------------------------------------------- */

static void test_tokens(void **state)
{
    struct desk_token t;
    char secret[DESK_TOKEN_LEN];
    (void)state;
    get("/settings/tokens");
    assert_has("No tokens yet.");
    must_post("/settings/tokens", "", "&name=website&write=1", 200);
    const char *at = strstr(body(), "class=\"secret\">");
    assert_non_null(at);
    snprintf(secret, sizeof secret, "%.43s", at + strlen("class=\"secret\">"));
    must(desk_token_find(db, arena, secret, &t), "token");
    assert_string_equal(t.scope, "read write");
    assert_string_equal(t.tenant_id, here.tenant);
    /* sent once more, as by a reload: no second one */
    must_post("/settings/tokens", "", "&name=website&write=1", 422);
    assert_has("There is a token of that name already.");
    must_post("/settings/tokens", "", "&name=", 422);
    assert_has("Name is missing.");
    get("/settings/tokens");
    assert_lacks(secret);
    assert_has("reads and changes, without what is personal");
    assert_has("never used");
    page_session("olga");
    struct desk_session s;
    must(desk_session_find(db, arena, session, &s), "session");
    const char *mine = csrf;
    csrf = s.csrf;
    must_post("/settings/tokens/revoke", "", desk_arena_fmt(arena, "&id=%s", t.id), 303);
    must(desk_token_find(db, arena, secret, &t), "still there");
    page_session("sal");
    must(desk_session_find(db, arena, session, &s), "session");
    csrf = s.csrf;
    (void)mine;
    must_post("/settings/tokens/revoke", "", desk_arena_fmt(arena, "&id=%s", t.id), 303);
    assert_int_equal(desk_token_find(db, arena, secret, &t), DESK_ENOTFOUND);
    get("/settings/tokens");
    assert_has("Taken back. It opens nothing any more.");
    assert_has("Taken back today");
    must_post("/settings/tokens", "", "&name=website&personal=1", 200);
}

static void test_webhooks(void **state)
{
    struct desk_webhook *w;
    size_t n;
    (void)state;
    get("/settings/webhooks");
    assert_has("No webhooks yet.");
    must_post("/settings/webhooks", "",
              "&url=https%3A%2F%2Fhooks.example.com%2Fsecret-path&events=lead.created", 200);
    assert_has("whsec_");
    assert_lacks("secret-path");
    must_post("/settings/webhooks", "", "&url=https%3A%2F%2Fhooks.example.com%2Fsecret-path", 422);
    assert_has("That address is told already.");
    must_post("/settings/webhooks", "", "&url=http%3A%2F%2F10.0.0.1%2Fx", 422);
    assert_has("id=\"url-wrong\"");
    must_post("/settings/webhooks", "", "&url=https%3A%2F%2Fa.example.com&events=lead.lost", 422);
    assert_has("There is no event named");
    get("/settings/webhooks");
    assert_has("Nothing was sent to it yet.");
    assert_lacks("whsec_");
    must(desk_webhook_list(db, arena, here.tenant, &w, &n), "list");
    assert_int_equal(n, 1);
    must_post(desk_arena_fmt(arena, "/settings/webhooks/%s/test", w[0].id), "", "", 303);
    get("/settings/webhooks");
    assert_has("A test event is on its way.");
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_tx_end(db, desk_webhook_failed(db, here.tenant, w[0].id, 404, false, false)), "bad");
    get("/settings/webhooks");
    assert_has("The last one did not get through: it answered 404.");
    must_post(desk_arena_fmt(arena, "/settings/webhooks/%s/remove", w[0].id), "", "", 303);
    get("/settings/webhooks");
    assert_has("Removed: https://hooks.example.com/");
    ask(DESK_POST, desk_arena_fmt(arena, "/settings/webhooks/%s/remove", w[0].id),
        desk_arena_fmt(arena, "csrf=%s", csrf));
    assert_int_equal(req.reply.status, 404);
}

static void test_prices(void **state)
{
    (void)state;
    get("/settings/prices");
    assert_has("value=\"2026-11-20\"");
    assert_lacks(">yours");
    must_post("/settings/prices", "", "&model=my-own&unit=text_in&dollars=%240.40&day=2026-12-01",
              303);
    get("/settings/prices");
    assert_has("Saved. Calls from that day on are reckoned with it.");
    assert_has("<bdi>my-own</bdi></th><td>a million pieces of text read</td><td>0.40</td>");
    must_post("/settings/prices", "", "&model=my-own&unit=bits&dollars=1&day=2026-12-01", 422);
    assert_has("Choose what it is counted by.");
    must_post("/settings/prices", "", "&model=my-own&unit=text_in&dollars=much&day=2026-12-01",
              422);
    assert_has("A price is dollars, like 0.40.");
    assert_has("value=\"much\"");
    must_post("/settings/prices", "", "&model=&unit=text_in&dollars=1&day=soon", 422);
    assert_has("What is missing.");
    must_post("/settings/prices", "", "&model=a&unit=text_in&dollars=1&day=soon", 422);
    assert_has("Give the day from which it holds.");
    must_post("/settings/prices/remove", "", "&model=my-own&unit=text_in&day=2026-12-01", 303);
    get("/settings/prices");
    assert_lacks("my-own");
    /* those of all are nobody's to remove */
    struct desk_price *p;
    size_t n, after;
    must(desk_price_list(db, arena, here.tenant, &p, &n), "list");
    assert_true(n > 0);
    ask(DESK_POST, "/settings/prices/remove",
        desk_arena_fmt(arena, "csrf=%s&model=%s&unit=%s&day=%s", csrf, p[0].model, p[0].unit,
                       p[0].from_day));
    assert_int_equal(req.reply.status, 404);
    must(desk_price_list(db, arena, here.tenant, &p, &after), "list");
    assert_int_equal(n, after);
}

static void test_connections(void **state)
{
    (void)state;
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "AC00000000000000000000000000000001");
    desk_setting_override(DESK_S_TWILIO_AUTH_TOKEN, "never-on-a-page-4f2a");
    get("/settings/connections");
    assert_has("Set, ends in \xe2\x80\xa6"
               "4f2a.");
    assert_lacks("never-on-a-page");
    must_post("/settings/connections/twilio/test", "", "", 303);
    get("/settings/connections");
    assert_has("It is being tested.");
    assert_has("Being tested. <a");
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_tx_end(db, desk_probe_done(db, here.tenant, "twilio", false, "Twilio says <no>.")),
         "done");
    get("/settings/connections");
    assert_has("Twilio says &lt;no&gt;.");
    must_post("/settings/connections/twilio/test", "", "", 303); /* and once more */
    get("/settings/connections");
    assert_has("Being tested. <a");
    ask(DESK_POST, "/settings/connections/moon/test", desk_arena_fmt(arena, "csrf=%s", csrf));
    assert_int_equal(req.reply.status, 404);
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "");
    desk_setting_override(DESK_S_TWILIO_AUTH_TOKEN, "");
}

/* ---- branches, strangers --------------------------------------------------------------------- */

static void test_branches(void **state)
{
    char why[200];
    json_t *doc;
    (void)state;
    must(desk_business_export(db, arena, here.tenant, &doc), "export");
    json_object_set_new(doc, "branch", json_string("Main"));
    json_object_set_new(doc, "locations",
                        json_pack("[{s:s, s:[s]}]", "branch", "North", "numbers", "+18605550110"));
    must(desk_business_update(db, doc, why, sizeof why), why);
    json_decref(doc);
    get("/settings/hours?at=North");
    assert_has("<option value=\"North\" selected>");
    must_post("/settings/hours", seen_on_page(), WEEK "&at=North", 303);
    assert_string_equal(location_header(), "/settings/hours?at=North");
    assert_string_equal(member("hours/weekly"), "\"always\"");
    assert_string_equal(member("locations/0/hours/weekly/sat"), "");
    assert_string_equal(member("locations/0/hours/weekly/tue"), "[[\"08:00\",\"17:00\"]]");
    assert_string_equal(member("locations/0/numbers"), "[\"+18605550110\"]");
    must_post("/settings/hours/dated", "", "&at=North&what=closed&from=2026-11-27&label=snow", 303);
    get("/settings/hours?at=North");
    assert_has("snow");
    get("/settings/hours");
    assert_lacks("snow");
    assert_has("Open day and night.");
    ask(DESK_GET, "/settings/hours?at=South", NULL);
    assert_int_equal(req.reply.status, 404);
}

static void test_strangers(void **state)
{
    (void)state;
    get("/settings/hours");
    const char *seen = desk_arena_strdup(arena, seen_on_page());
    char *form = desk_arena_fmt(arena, "csrf=wrong&seen=%s%s", seen, WEEK);
    ask(DESK_POST, "/settings/hours", form);
    assert_int_equal(req.reply.status, 403);
    *session = '\0';
    ask(DESK_GET, "/settings", NULL);
    assert_int_equal(req.reply.status, 303);
    page_session("olga");
    get("/settings/people");
    assert_lacks("Raj");
    get("/settings/versions");
    assert_has("Nothing was saved on these pages yet.");
    assert_string_equal(member("hours/weekly"), "\"always\"");
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
    const struct CMUnitTest tests[] = {T(test_overview),    T(test_every_page_shows),
                                       T(test_hours_saved), T(test_wrong_is_told_beside),
                                       T(test_two_editors), T(test_undo_and_versions),
                                       T(test_dated),       T(test_people),
                                       T(test_answering),   T(test_services),
                                       T(test_urgent),      T(test_callers_and_notices),
                                       T(test_scripts),     T(test_scripts_refused),
                                       T(test_texts),       T(test_tokens),
                                       T(test_webhooks),    T(test_prices),
                                       T(test_connections), T(test_branches),
                                       T(test_strangers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
