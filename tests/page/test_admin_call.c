/* One call's page: its sound as a picture, waits and cost, what can be changed from it, and what is
 * offered to whom. */
#include "store/call_after.h"
#include "store/erase.h"
#include "store/exceptions.h"
#include "store/jobs.h"
#include "store/latency.h"
#include "store/outbox.h"
#include "store/promises.h"
#include "talk/wave.h"
#include "tests/page/admin_page.h"

#include <stdlib.h>
#include <unistd.h>

#define URI "/calls/call_dana"

static char data_dir[] = "/tmp/desk-call-XXXXXX";
static struct desk_session s_sal;

static void person(const char *login, const char *role)
{
    char id[DESK_ID_LEN];
    const struct desk_user u = {.id = desk_id_new(id, "user"),
                                .tenant_id = here.tenant,
                                .login = login,
                                .password_hash = "none",
                                .role = role,
                                .created_at = NOW};
    TX(desk_user_insert(db, &u));
}

static void enter(const char *login)
{
    page_session(login);
    must(desk_session_find(db, arena, session, &s_sal), "session");
    page_csrf = s_sal.csrf;
}

static int setup(void **state)
{
    static const struct world_call calls[] = {
        {.id = "call_dana",
         .name = "Dana Reed",
         .number = "+18605550134",
         .ago_min = 60,
         .seconds = 60,
         .outcome = DESK_OUT_CALLBACK,
         .back_state = "open",
         .back_reason = "a tap",
         .message_s = -1,
         .message = "Please ring.",
         .summary = "A tap drips.",
         .talk = true},
        {.id = "call_hidden", .ago_min = 90, .seconds = 20, .outcome = DESK_OUT_HUNG_UP},
        {.id = "call_now", .name = "Ines", .number = "+18605550136", .ago_min = 1},
        {.id = "call_plain",
         .number = "+18605550137",
         .ago_min = 95,
         .seconds = 9,
         .outcome = DESK_OUT_ANSWERED},
    };
    (void)state;
    if (!mkdtemp(data_dir))
        return -1;
    desk_setting_override(DESK_S_FRONTDESK_DATA, data_dir);
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "AC0123456789abcdef0123456789abcdef");
    page_open("long enough pw");
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        world_call(&here, &calls[i]);
    world_after(&here, "call_dana");
    person("reader", "read");
    person("clerk", "staff");
    enter("sal");
    return 0;
}

static int teardown(void **state)
{
    static const char *const names[] = {
        "2026/11/20/rec_call_dana.rec", "2026/11/20", "2026/11", "2026", "", NULL};
    char path[200];
    (void)state;
    page_close();
    for (size_t i = 0; names[i]; i++) {
        snprintf(path, sizeof path, "%s/recordings/%s", data_dir, names[i]);
        remove(path);
    }
    remove(data_dir);
    snprintf(data_dir, sizeof data_dir, "/tmp/desk-call-XXXXXX");
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "");
    return 0;
}

/* ---- the sound ------------------------------------------------------------------------------- */

static void recorded(const char *wave)
{
    world_recording(
        &here, "call_dana",
        (struct desk_recording){.kind = DESK_REC_OWN, .state = DESK_REC_READY, .ms = 60000});
    if (wave)
        TX(desk_recording_wave(db, here.tenant, "rec_call_dana", wave));
}

static void test_the_sound_as_a_picture(void **state)
{
    char wave[DESK_WAVE_LEN];
    (void)state;
    memset(wave, '0', sizeof wave - 1);
    wave[sizeof wave - 1] = '\0';
    wave[0] = 'z';                  /* the caller's first bar is the loudest */
    wave[DESK_WAVE_BARS + 1] = 'z'; /* and our second */
    recorded(wave);
    page_ok(URI);
    assert_has("data-seconds=\"60\" data-begins=\"0\"");
    assert_has("class=\"w-caller\" d=\"M2 39v-36M6 39v-1M10 39v-1");
    assert_has("class=\"w-desk\" d=\"M2 41v1M6 41v36M10 41v1");
    assert_has("class=\"w-done\" d=\"M176 0v80"); /* at 25.5 s of a minute something was written */
    assert_has("<input class=\"w-seek\" type=\"range\" min=\"0\" max=\"60\"");
    assert_has("src=\"/calls/call_dana/recording.wav\"");
    assert_has("/static/call.js?v=");
    assert_has("id=\"t1\" data-at=\"6000\"");
}

/* Not measured yet: the player alone. Cannot be opened: said so. None: no script either. */
static void test_no_picture(void **state)
{
    (void)state;
    page_ok(URI);
    assert_lacks("<audio");
    assert_lacks("call.js");
    recorded(NULL);
    page_ok(URI);
    assert_has("<audio controls");
    assert_lacks("class=\"wave\"");
    assert_lacks("cannot be opened");
    TX(desk_recording_wave(db, here.tenant, "rec_call_dana", ""));
    page_ok(URI);
    assert_lacks("class=\"wave\"");
    assert_has("Some of this recording cannot be opened");
}

/* ---- waits and cost -------------------------------------------------------------------------- */

static void wait_of(int64_t turn, const char *kind, int64_t total, int64_t own_us)
{
    TX(desk_latency_add(db, &(struct desk_latency){.tenant_id = here.tenant,
                                                   .call_id = "call_dana",
                                                   .turn = turn,
                                                   .kind = kind,
                                                   .total_ms = total,
                                                   .model_ms = total / 2,
                                                   .tool_ms = 0,
                                                   .own_us = own_us,
                                                   .day = "2026-11-20"}));
}

static void test_how_quickly_it_answered(void **state)
{
    (void)state;
    page_ok(URI);
    assert_lacks("How quickly it answered");
    wait_of(0, DESK_LATENCY_ANSWER, 900, 1000);
    page_ok(URI);
    assert_lacks("How quickly it answered"); /* the first words are told elsewhere */
    wait_of(1, DESK_LATENCY_TURN, 800, 12000);
    page_ok(URI);
    assert_has("Usual wait for an answer <strong>0.8 s</strong>, longest <strong>0.8 s</strong>.");
    assert_has("own part is usually under 0.1 s;");
    wait_of(2, DESK_LATENCY_TURN, 700, 12000);
    wait_of(3, DESK_LATENCY_TEXT_TURN, 2100, 240000);
    page_ok(URI);
    assert_has("Usual wait for an answer <strong>0.8 s</strong>, longest <strong>2.1 s</strong>, "
               "which is slow.");
    assert_has("<desc id=\"d-waits\">3 answers, the longest after 2.1 s.</desc>");
    assert_has("class=\"w-slow\" d=\"M");
    assert_has("<th scope=\"row\">3</th><td>2.1 s</td><td>1.1 s</td><td>–</td><td>0.2 s</td>");
}

static void test_what_it_cost(void **state)
{
    (void)state;
    page_ok(URI);
    assert_has("<h2>Cost</h2><strong>$0.187</strong>");
    assert_has("Telephone line, Twilio: $0.037<svg");
    assert_has("d=\"M0 0h20v4H0z\""); /* a fifth of it */
    assert_has("No price is known of: my-own. <a href=\"/settings/prices\">Write it down</a>");
    enter("reader");
    page_ok(URI);
    assert_has("The owner can write it down.");
}

/* ---- promises -------------------------------------------------------------------------------- */

static void text_of(const char *cause, const char *to, const char *end, int64_t code)
{
    struct desk_outbox row;
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_outbox_add(db, &(struct desk_outbox_new){.tenant_id = here.tenant,
                                                       .call_id = "call_dana",
                                                       .kind = DESK_OUTBOX_SMS,
                                                       .dedupe = cause,
                                                       .payload = "{\"body\":\"x\"}",
                                                       .to = to,
                                                       .priority = DESK_OUTBOX_NORMAL}),
         "outbox");
    must(desk_outbox_by_cause(db, arena, here.tenant, cause, &row), "row");
    if (end)
        must(desk_outbox_report(db, &row, end, NULL, "x", code, code ? "why" : NULL), "report");
    must(desk_tx_end(db, DESK_OK), "commit");
}

static void test_promises_and_whether_they_are_kept(void **state)
{
    struct desk_callback *k;
    size_t n;
    (void)state;
    page_ok(URI);
    assert_has("<span class=\"soft\">not done yet</span>");
    must(desk_callback_by_call(db, arena, here.tenant, "call_dana", &k, &n), "callbacks");
    TX(desk_callback_step(
        db, &k[0],
        &(struct desk_callback_step){.due_at = NOW - 25 * MIN_MS, .next_at = DESK_CALLBACK_NEVER}));
    page_ok(URI);
    assert_has("not done yet, late by 25 min</span>");
    TX(desk_callback_keep(db, here.tenant, k[0].id, DESK_KEPT_CALL));
    page_ok(URI);
    assert_has("done by your call 1:15 pm</span>");
    text_of("t1", "+18605550134", NULL, 0);
    text_of("t2", "+18605550134", DESK_OUTBOX_DELIVERED, 0);
    text_of("t3", "+18605550134", DESK_OUTBOX_FAILED, 30006);
    text_of("t4", "+18605550101", DESK_OUTBOX_DELIVERED, 0); /* to the owner: no promise */
    page_ok(URI);
    assert_has("A text to Dana</bdi> <span class=\"soft\">waiting to be sent</span>");
    assert_has("A text to Dana</bdi> <span class=\"soft\">delivered</span>");
    assert_has("A text to Dana</bdi> <span class=\"soft\">not delivered: ");
}

/* ---- changing something ---------------------------------------------------------------------- */

static void test_the_name_is_corrected(void **state)
{
    struct desk_contact c;
    (void)state;
    assert_int_equal(page_post(URI "/name", "&name=%20"), 422);
    assert_has("<title>Error: Dana Reed");
    assert_has("<a href=\"#name\">Enter a name, like Dana Reed.</a>");
    assert_has("<details open><summary>Correct the name</summary>");
    assert_int_equal(page_post(URI "/name", "&name=Dana+Whitfield"), 303);
    page_ok(URI);
    assert_has(
        "Name saved. Frontdesk will greet (860)\u00a0555-0134 as Dana Whitfield from now on.");
    assert_has("<h1 class=\"who\"><bdi>Dana Whitfield</bdi></h1>");
    must(desk_contact_by_number(db, arena, here.tenant, "+18605550134", &c), "contact");
    assert_string_equal(desk_contact_source(arena, &c, DESK_FACT_NAME), DESK_FROM_OWNER);
    assert_int_equal(page_post("/calls/call_hidden/name", "&name=Bo"), 404); /* nobody to name */
    assert_int_equal(page_post("/calls/call_none/name", "&name=Bo"), 404);
}

static void test_a_text(void **state)
{
    int64_t n = 0;
    struct desk_outbox *rows;
    size_t found = 0;
    (void)state;
    page_ok(URI "?do=text");
    assert_has("<details open><summary><span>Text <bdi>Dana</bdi></span></summary>");
    page_ok(URI);
    assert_lacks("<details open><summary><span>Text");
    assert_has("href=\"/calls/call_dana?do=text#text\"");
    assert_int_equal(page_post(URI "/text", "&key=hand_1&text="), 422);
    assert_has("<a href=\"#text\">Write something first.");
    assert_int_equal(page_post(URI "/text", "&key=hand_1&text=Sal+comes+at+2"), 303);
    assert_int_equal(page_post(URI "/text", "&key=hand_1&text=Sal+comes+at+2"), 303); /* twice */
    page_ok(URI);
    assert_has("On its way to Dana Reed.");
    must(desk_outbox_list(db, arena, here.tenant, false, 10, &rows, &found), "outbox");
    for (size_t i = 0; i < found; i++)
        n += strstr(rows[i].payload, "Sal comes at 2") != NULL;
    assert_int_equal(n, 1);
    assert_int_equal(page_post("/calls/call_hidden/text", "&key=hand_2&text=Hi"), 404);
}

static void test_straight_through_and_back(void **state)
{
    struct desk_exception e;
    struct desk_contact c;
    char uri[200], fields[200];
    (void)state;
    must(desk_contact_by_number(db, arena, here.tenant, "+18605550134", &c), "contact");
    snprintf(uri, sizeof uri, "/people/%s/exception", c.id);
    page_ok(URI);
    assert_has("Always put this number through");
    assert_int_equal(page_post(uri, "&back=" URI), 303);
    assert_non_null(strstr(desk_buf_cstr(&req.reply.headers), "Location: " URI "\r\n"));
    page_ok(URI);
    assert_has("Dana Reed is put straight through now.");
    assert_has("No longer straight through");
    must(desk_exception_find(db, arena, here.tenant, "+18605550134", &e), "exception");
    snprintf(fields, sizeof fields, "action=\"/exceptions/%s/remove?back=" URI "\"", e.id);
    assert_int_equal(page_post(uri, "&back=" URI), 303);
    page_ok(URI);
    assert_has(fields); /* the undo leads back here, too */
    snprintf(uri, sizeof uri, "/exceptions/%s/remove?back=" URI, e.id);
    assert_int_equal(page_post(uri, ""), 303);
    assert_non_null(strstr(desk_buf_cstr(&req.reply.headers), "Location: " URI "\r\n"));
    assert_int_equal(desk_exception_find(db, arena, here.tenant, "+18605550134", &e),
                     DESK_ENOTFOUND);
}

static void test_blocked_and_undone(void **state)
{
    struct desk_contact c;
    char uri[200];
    (void)state;
    must(desk_contact_by_number(db, arena, here.tenant, "+18605550134", &c), "contact");
    snprintf(uri, sizeof uri, "/people/%s/block?back=" URI, c.id);
    page_ok(uri);
    assert_has("<a class=\"button main\" href=\"" URI "\">Cancel</a>");
    assert_has("<input type=\"hidden\" name=\"back\" value=\"" URI "\">");
    snprintf(uri, sizeof uri, "/people/%s/standing", c.id);
    assert_int_equal(page_post(uri, "&to=blocked&back=" URI), 303);
    page_ok(URI);
    assert_has("Blocked: Dana Reed.");
    assert_has("Block no more");
    snprintf(uri, sizeof uri, "/people/%s/standing?to=none&back=" URI, c.id);
    assert_int_equal(page_post(uri, ""), 303); /* what the undo sends */
    page_ok(URI);
    assert_has("Block this number…");
}

/* ---- erasing --------------------------------------------------------------------------------- */

static void test_erased(void **state)
{
    struct desk_job *jobs;
    struct desk_call c;
    size_t n = 0;
    (void)state;
    recorded(NULL);
    page_ok(URI "/erase");
    assert_has("<li>The recording (1 min), at Twilio, too, if it is there</li>");
    assert_has("sentences that were said</li>");
    assert_has("<li>1 message that was left</li>");
    assert_has("Erase this call for good");
    assert_int_equal(page_post(URI "/erase", ""), 303);
    assert_non_null(strstr(desk_buf_cstr(&req.reply.headers), "Location: " URI "\r\n"));
    must(desk_job_list(db, arena, here.tenant, 10, &jobs, &n), "jobs");
    assert_int_equal(n, 1);
    assert_string_equal(jobs[0].kind, DESK_JOB_CALL_ERASE);
    assert_string_equal(jobs[0].about, "{\"call\":\"call_dana\"}");
    page_ok(URI);
    assert_has("It is being erased, and is gone in a minute. Receipt job_");
    must(desk_call_get(db, arena, here.tenant, "call_dana", &c), "call");
    TX(desk_erase_one_call(db, arena, &c)); /* what the worker does: tests/unit/test_jobs.c */
    page_ok(URI);
    assert_has("What was said was erased by hand.");
    assert_has("What was said was erased <time");
    assert_has("The recording was erased today.");
    assert_has("<h2>Cost</h2><strong>$0.187</strong>"); /* what it cost is known */
    assert_has("Sal calls back");                       /* and the promise stands */
    assert_lacks("A tap drips.");
    assert_lacks("Please ring.");
    assert_lacks("<h2>Notes</h2>");
    assert_lacks("Erase this call…");
    assert_int_equal(page_post(URI "/erase", ""), 409);
    assert_has("It is erased already.");
    page_ok("/calls");
    assert_has("Dana Reed");
}

static void test_not_erased(void **state)
{
    (void)state;
    page_request(DESK_GET, "/calls/call_now/erase");
    desk_dispatch(&admin_web, &req);
    assert_int_equal(req.reply.status, 409);
    assert_has("They are on the phone now.");
    assert_int_equal(page_post("/calls/call_now/erase", ""), 409);
    page_ok("/calls/call_now");
    assert_lacks("Erase this call…");
    enter("clerk");
    page_request(DESK_GET, URI "/erase");
    desk_dispatch(&admin_web, &req);
    assert_int_equal(req.reply.status, 403);
    page_ok(URI);
    assert_lacks("Erase this call…");
    assert_has("Correct the name");
}

/* ---- who sees what --------------------------------------------------------------------------- */

static void test_who_may_only_look(void **state)
{
    static const char *const not_theirs[] = {"Mark done",  "Correct the name", "Always put this",
                                             "Block this", "Erase this",       "I have dealt with",
                                             "Send text",  "?do=text"};
    (void)state;
    enter("reader");
    page_ok(URI);
    for (size_t i = 0; i < sizeof not_theirs / sizeof *not_theirs; i++)
        assert_lacks(not_theirs[i]);
    assert_has("href=\"tel:+18605550134\""); /* a telephone is theirs */
    assert_has("All that is known of");
    enter("sal");
    page_ok(URI);
    for (size_t i = 0; i < sizeof not_theirs / sizeof *not_theirs; i++)
        assert_has(not_theirs[i]);
}

static void test_for_paper(void **state)
{
    (void)state;
    recorded(NULL);
    page_ok(URI);
    assert_has("href=\"" URI "/print\"");
    page_ok(URI "/print");
    assert_has("<body class=\"in paper\">");
    assert_has("<details class=\"why\" open>");
    assert_has("What was promised");
    assert_has("my water heater is leaking");
    assert_has("https://desk.example.com" URI ",");
    assert_has(">Today 1:15 pm</time>");
    page_request(DESK_GET, "/calls/call_none/print");
    desk_dispatch(&admin_web, &req);
    assert_int_equal(req.reply.status, 404);
}

/* Nobody known, nothing said: an empty page is whole. */
static void test_of_nobody(void **state)
{
    (void)state;
    page_ok("/calls/call_hidden");
    assert_has("Hidden number");
    assert_has("Nothing was said.");
    assert_lacks("Correct the name");
    assert_has("Erase this call…"); /* what was said may be personal all the same */
    page_ok("/calls/call_plain");
    assert_has("<span>Text this caller</span>");
    assert_has("value=\"\""); /* no name yet */
    page_ok("/calls/call_now");
    assert_has("Nothing yet: they are still talking.");
    assert_has("Nothing yet.");
}

#define IN(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN(test_the_sound_as_a_picture),
        IN(test_no_picture),
        IN(test_how_quickly_it_answered),
        IN(test_what_it_cost),
        IN(test_promises_and_whether_they_are_kept),
        IN(test_the_name_is_corrected),
        IN(test_a_text),
        IN(test_straight_through_and_back),
        IN(test_blocked_and_undone),
        IN(test_erased),
        IN(test_not_erased),
        IN(test_who_may_only_look),
        IN(test_for_paper),
        IN(test_of_nobody),
    };
    return cmocka_run_group_tests_name("call", tests, NULL, NULL);
}
