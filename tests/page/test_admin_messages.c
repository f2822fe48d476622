/* Messages: the list of threads, one person's thread over all channels, answering by hand, the
 * marks that texts do not reach a number, and pictures as they are sent out. */
#include "db/seal.h"
#include "store/outbox.h"
#include "store/picture_file.h"
#include "store/pictures.h"
#include "store/records.h"
#include "store/text_marks.h"
#include "store/text_stops.h"
#include "store/texts_in.h"
#include "talk/texts.h"
#include "tests/page/admin_page.h"

#include <jansson.h>

#define DANA "+18605550134"

static char data_dir[] = "/tmp/desk-messages-XXXXXX";
static char csrf[100];
static const char *dana; /* the person's id */

static void get(const char *uri)
{
    page_request(DESK_GET, uri);
    desk_dispatch(&admin_web, &req);
}

static void post(const char *uri, const char *form)
{
    page_request(DESK_POST, uri);
    req.content_type = "application/x-www-form-urlencoded";
    req.body = desk_arena_fmt(ra, "csrf=%s&%s", csrf, form);
    req.body_len = strlen(req.body);
    desk_dispatch(&admin_web, &req);
}

static const char *headers(void)
{
    return desk_buf_cstr(&req.reply.headers);
}

/* A text of hers, in the conversation of that call. */
static void wrote(const char *id, const char *text, int64_t ago_min, int64_t pictures)
{
    const struct desk_text_in t = {.id = id,
                                   .tenant_id = here.tenant,
                                   .call_id = "call_text",
                                   .session_id = "vs",
                                   .pair_key = "k",
                                   .message_sid = id,
                                   .text = text,
                                   .pictures = pictures,
                                   .made = "talk",
                                   .state = DESK_TEXT_NONE,
                                   .created_at = NOW - ago_min * MIN_MS};
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_tx_end(db, desk_text_in_insert(db, &t)), "text");
}

static void sent(const char *key, const char *body, int64_t ago_min, const char *state,
                 int64_t code)
{
    struct desk_outbox o;
    const struct desk_text t = {
        .tenant_id = here.tenant, .from = "+18605550100", .to = DANA, .body = body, .key = key};
    desk_clock_fake(NOW - ago_min * MIN_MS);
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_text_queue(db, arena, &t), "queue");
    must(desk_outbox_by_cause(db, arena, here.tenant, key, &o), "row");
    must(desk_tx_end(db, desk_outbox_report(db, &o, state, "SM1", "x", code, code ? "No." : NULL)),
         "report");
    desk_clock_fake(NOW);
}

static int setup(void **state)
{
    static const struct world_call rows[] = {{.id = "call_voice",
                                              .name = "Dana Reed",
                                              .number = DANA,
                                              .ago_min = 60,
                                              .seconds = 60,
                                              .outcome = DESK_OUT_MESSAGE,
                                              .summary = "Asked about a leak",
                                              .message_s = 12,
                                              .message = "Please call"},
                                             {.id = "call_text",
                                              .number = DANA,
                                              .ago_min = 30,
                                              .seconds = 60,
                                              .outcome = DESK_OUT_ANSWERED}};
    static const struct world_call theirs = {.id = "call_theirs",
                                             .name = "Olga Secret",
                                             .number = "+18605550136",
                                             .ago_min = 9,
                                             .seconds = 60,
                                             .outcome = DESK_OUT_ANSWERED};
    struct desk_contact c;
    (void)state;
    page_open("long enough pw");
    desk_setting_override(DESK_S_FRONTDESK_DATA, data_dir);
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "AC1");
    world_call(&here, &rows[0]);
    world_call(&here, &rows[1]);
    world_call(&other, &theirs);
    assert_int_equal(desk_db_script(db, "UPDATE call SET channel = 'text' WHERE id = 'call_text'"),
                     DESK_OK);
    wrote("text_1", "Here is the <leak>", 29, 0);
    sent("reply:1", "Thank you, Dana", 28, DESK_OUTBOX_DELIVERED, 0);
    must(desk_contact_by_number(db, arena, here.tenant, DANA, &c), "contact");
    dana = c.id;
    page_session("sal");
    get("/calls");
    const char *at = strstr(body(), "name=\"csrf\" value=\"");
    snprintf(csrf, sizeof csrf, "%.*s", (int)strcspn(at + 19, "\""), at + 19);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    desk_setting_override(DESK_S_TWILIO_ACCOUNT_SID, "");
    page_close();
    return 0;
}

static const char *page_of(const char *rest)
{
    return desk_arena_fmt(arena, "/messages/%s%s", dana, rest);
}

static struct desk_outbox by_hand(const char *key)
{
    struct desk_outbox o = {.id = NULL};
    enum desk_rc rc =
        desk_outbox_by_cause(db, arena, here.tenant, desk_arena_fmt(arena, "hand:%s", key), &o);
    assert_true(rc == DESK_OK || rc == DESK_ENOTFOUND);
    return o;
}

static void one_line_for_each_person(void **state)
{
    (void)state;
    get("/messages");
    assert_int_equal(req.reply.status, 200);
    assert_has("Dana Reed");
    assert_has("Frontdesk: Thank you, Dana");
    assert_has("Delivered");
    assert_lacks("Olga");
    get("/messages?before=nobody");
    assert_int_equal(req.reply.status, 200);
    get(desk_arena_fmt(arena, "/messages?before=%s", dana));
    assert_has("No messages yet");
}

static void a_thread_has_all_channels_in_order(void **state)
{
    (void)state;
    get(page_of(""));
    assert_int_equal(req.reply.status, 200);
    const char *const order[] = {"href=\"/calls/call_voice\"", "Left a message: “Please call”",
                                 "Here is the &lt;leak&gt;", "Thank you, Dana", "Delivered"};
    const char *at = body();
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        at = strstr(at, order[i]);
        if (!at)
            fail_msg("%s is not there, or too early\n%s", order[i], body());
    }
    assert_has("Asked about a leak");
    assert_lacks("/calls/call_text"); /* it is there with its words */
    assert_has("Frontdesk answers texts from");
    get(page_of("?before=1"));
    assert_has("Newest");
    get("/messages/nobody");
    assert_int_equal(req.reply.status, 404);
}

static void a_long_thread_has_pages(void **state)
{
    (void)state;
    for (int i = 0; i < 70; i++)
        wrote(desk_arena_fmt(arena, "text_m%d", i), desk_arena_fmt(arena, "number %d.", i),
              25 - i / 10, 0);
    get(page_of(""));
    assert_has("number 69.");
    assert_lacks("number 2.");
    const char *older = strstr(body(), "?before=");
    assert_non_null(older);
    get(page_of(desk_arena_fmt(arena, "%.*s", (int)strcspn(older, "\""), older)));
    assert_has("Asked about a leak");
    assert_lacks("number 69.");
}

static void by_hand_once_and_then_silent(void **state)
{
    (void)state;
    int64_t until = 0;
    post(page_of("/send"), "key=form1&text=I+am+there+at+four%0D%0ASal");
    assert_int_equal(req.reply.status, 303);
    struct desk_outbox o = by_hand("form1");
    assert_non_null(o.id);
    json_t *p = json_loads(o.payload, 0, NULL);
    assert_string_equal(json_string_value(json_object_get(p, "to")), DANA);
    assert_string_equal(json_string_value(json_object_get(p, "from")), "+18605550100");
    assert_non_null(strstr(json_string_value(json_object_get(p, "body")), "four"));
    assert_true(json_is_true(json_object_get(p, "answers")));
    json_decref(p);
    must(desk_text_by_hand_until(db, here.tenant, DANA, &until), "until");
    assert_int_equal(until, NOW + 60 * MIN_MS);
    post(page_of("/send"), "key=form1&text=I+am+there+at+four"); /* pressed twice */
    assert_int_equal(req.reply.status, 303);
    get(page_of(""));
    assert_has("You</bdi> wrote");
    assert_has("Waiting to be sent");
    assert_has("On its way to Dana Reed.");
    assert_has("You answer by hand until");
    post(page_of("/answering"), "frontdesk=1");
    assert_int_equal(req.reply.status, 303);
    must(desk_text_by_hand_until(db, here.tenant, DANA, &until), "until");
    assert_int_equal(until, 0);
    post(page_of("/answering"), "frontdesk=0");
    get(page_of(""));
    assert_has("They come to your phone");
    /* a text does not shorten that */
    post(page_of("/send"), "key=form2&text=Hello");
    must(desk_text_by_hand_until(db, here.tenant, DANA, &until), "until");
    assert_true(until == DESK_BY_HAND_ALWAYS);
}

static void what_cannot_be_sent_is_said_and_kept(void **state)
{
    (void)state;
    char *longer = desk_arena_alloc(arena, 1700);
    memset(longer, 'x', 1650);
    longer[1650] = '\0';
    post(page_of("/send"), "key=k1&text=%20%0A");
    assert_int_equal(req.reply.status, 422);
    assert_has("Write something first");
    post(page_of("/send"), desk_arena_fmt(arena, "key=k2&text=%s", longer));
    assert_int_equal(req.reply.status, 422);
    assert_has("1,600 characters");
    assert_has(longer);
    assert_null(by_hand("k2").id);
    post(page_of("/send"), "key=k3");
    assert_int_equal(req.reply.status, 422);
    post("/messages/nobody/send", "key=k4&text=x");
    assert_int_equal(req.reply.status, 404);
}

static void a_landline_is_marked_and_not_tried(void **state)
{
    (void)state;
    sent("text:x", "Your visit is tomorrow", 20, DESK_OUTBOX_REFUSED, 30006);
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_tx_end(db, desk_text_mark(db, here.tenant, DANA, 30006)), "mark");
    get(page_of(""));
    assert_has("Not delivered: The number is a landline");
    assert_has("Call instead.");
    assert_lacks("<textarea");
    get("/messages");
    assert_has("Not delivered");
    post(page_of("/send"), "key=land&text=Hello");
    assert_int_equal(req.reply.status, 422);
    assert_null(by_hand("land").id);
    post(page_of("/reach"), "");
    assert_int_equal(req.reply.status, 303);
    get(page_of(""));
    assert_has("<textarea");
    /* who replied STOP: no field, and nothing to press */
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_tx_end(db, desk_text_stop(db, here.tenant, DANA, DESK_STOP_BY_TEXT)), "stop");
    get(page_of(""));
    assert_has("They replied STOP");
    assert_lacks("<textarea");
    assert_lacks("Try texts again");
}

static void a_phone_that_was_off_is_tried_again_next_day(void **state)
{
    (void)state;
    int64_t code = 0;
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_text_mark(db, here.tenant, DANA, 30003), "mark");
    must(desk_tx_end(db, desk_text_mark(db, here.tenant, "+18605550999", 30007)), "no fault of it");
    must(desk_text_marked(db, here.tenant, DANA, &code, NULL), "marked");
    assert_int_equal(code, 30003);
    desk_clock_fake(NOW + 25 * 60 * MIN_MS);
    must(desk_text_marked(db, here.tenant, DANA, &code, NULL), "marked");
    assert_int_equal(code, 0);
    desk_clock_fake(NOW);
    must(desk_text_marked(db, here.tenant, "+18605550999", &code, NULL), "marked");
    assert_int_equal(code, 0);
}

/* ---- pictures -------------------------------------------------------------------------------- */

static void a_picture(const char *id, const char *kind, const char *state, int64_t small)
{
    char path[DESK_PIC_PATH];
    struct desk_picture p = {.id = id,
                             .tenant_id = here.tenant,
                             .text_id = "text_p",
                             .call_id = "call_text",
                             .n = id[4] - '0',
                             .message_sid = "MM1",
                             .media_sid = "ME1",
                             .state = DESK_PIC_WAITING,
                             .created_at = NOW};
    struct desk_picfile f = {.key = desk_store_the_key(),
                             .path = desk_picfile_path(path, id, NOW),
                             .tenant_id = here.tenant,
                             .id = id,
                             .bytes = 11};
    must(DESK_TX_BEGIN(db), "begin");
    enum desk_rc rc = desk_picture_add(db, arena, &p, NULL);
    p.kind = kind, p.path = path, p.bytes = 11, p.small_bytes = small;
    if (!rc && strcmp(state, DESK_PIC_READY) == 0)
        rc = desk_picture_kept(db, &p);
    else if (!rc && strcmp(state, DESK_PIC_WAITING) != 0)
        rc = desk_picture_not_kept(db, &p, state, "A file was sent that is no picture.");
    must(desk_tx_end(db, rc), "picture");
    if (strcmp(state, DESK_PIC_READY) != 0)
        return;
    must(desk_picfile_write(&f, "large bytes"), "file");
    f.small = true, f.bytes = small;
    if (small)
        must(desk_picfile_write(&f, "small"), "small");
}

static const char *bytes_sent(void)
{
    struct desk_buf b;
    desk_buf_init(&b, 1 << 20);
    assert_non_null(req.reply.source.more);
    assert_int_equal(req.reply.source.more(req.reply.source.ctx, &b), DESK_OK);
    assert_int_equal(b.len, req.reply.source.length);
    const char *text = desk_arena_strdup(arena, desk_buf_cstr(&b));
    desk_buf_clear(&b);
    return text;
}

static void pictures_are_shown_and_sent_out_harmless(void **state)
{
    (void)state;
    wrote("text_p", "", 5, 4);
    a_picture("pic_0", "jpeg", DESK_PIC_READY, 5);
    a_picture("pic_1", "heic", DESK_PIC_READY, 0);
    a_picture("pic_2", NULL, DESK_PIC_REFUSED, 0);
    a_picture("pic_3", NULL, DESK_PIC_WAITING, 0);
    static const char *const pages[] = {"", "/calls/call_text"};
    for (size_t i = 0; i < 2; i++) {
        get(*pages[i] ? pages[i] : page_of(""));
        assert_has("<img src=\"/pictures/pic_0/small\" alt=");
        assert_has("Download the picture (HEIC");
        assert_has("A file was sent that is no picture.");
        assert_has("on its way here");
    }
    get("/messages");
    assert_has("Sent a picture");
    get("/pictures/pic_0");
    assert_int_equal(req.reply.status, 200);
    assert_string_equal(req.reply.type, "image/jpeg");
    assert_non_null(strstr(headers(), "Content-Security-Policy: default-src 'none'; sandbox\r\n"));
    assert_non_null(strstr(headers(), "X-Content-Type-Options: nosniff\r\n"));
    assert_non_null(
        strstr(headers(), "Content-Disposition: inline; filename=\"picture-pic_0.jpeg\""));
    assert_string_equal(bytes_sent(), "large bytes");
    get("/pictures/pic_0");
    get("/pictures/pic_0/small");
    assert_string_equal(req.reply.type, "image/jpeg");
    assert_string_equal(bytes_sent(), "small");
    get("/pictures/pic_1");
    assert_string_equal(req.reply.type, "image/heic");
    assert_non_null(strstr(headers(), "Content-Disposition: attachment"));
    static const char *const none[] = {"/pictures/pic_1/small", "/pictures/pic_2",
                                       "/pictures/pic_3", "/pictures/nobody"};
    for (size_t i = 0; i < 4; i++) {
        get(none[i]);
        assert_int_equal(req.reply.status, 404);
    }
    page_session("olga");
    get("/pictures/pic_0");
    assert_int_equal(req.reply.status, 404);
    get(page_of(""));
    assert_int_equal(req.reply.status, 404);
    *session = '\0';
    get("/pictures/pic_0");
    assert_int_equal(req.reply.status, 303);
}

/* ---- leads and tickets ----------------------------------------------------------------------- */

static void a_lead(const char *id, const char *job, const char *state)
{
    const struct desk_lead l = {.id = id,
                                .tenant_id = here.tenant,
                                .call_id = "call_voice",
                                .contact_id = dana,
                                .who_key = "k",
                                .name = "Dana Reed",
                                .number = DANA,
                                .job = job,
                                .budget = "forty thousand",
                                .state = state,
                                .created_at = NOW,
                                .updated_at = NOW};
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_tx_end(db, desk_lead_insert(db, &l)), "lead");
}

static void leads_by_their_state(void **state)
{
    (void)state;
    struct desk_lead l;
    get("/leads");
    assert_has("No leads yet.");
    a_lead("lead_1", "remodel <the> kitchen", "open");
    a_lead("lead_2", "a bath", "won");
    get("/leads");
    assert_has("remodel &lt;the&gt; kitchen");
    assert_has("a bath");
    get("/leads?show=won");
    assert_lacks("kitchen");
    get("/leads?show=lost");
    assert_has("None of these.");
    get("/leads?show=nonsense&before=lead_x");
    assert_has("kitchen");
    wrote("text_p", "", 5, 1);
    a_picture("pic_0", "jpeg", DESK_PIC_READY, 5);
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_tx_end(db, desk_pictures_to_lead(db, here.tenant, "call_text", "lead_1")), "to it");
    get("/leads/lead_1");
    assert_int_equal(req.reply.status, 200);
    assert_has("forty thousand");
    assert_has("/pictures/pic_0/small");
    assert_has(desk_arena_fmt(arena, "href=\"/messages/%s\"", dana));
    assert_has("action=\"/leads/lead_1/won\"");
    assert_lacks("action=\"/leads/lead_1/open\"");
    post("/leads/lead_1/won", "");
    assert_int_equal(req.reply.status, 303);
    must(desk_lead_get(db, arena, here.tenant, "lead_1", &l), "lead");
    assert_string_equal(l.state, "won");
    get("/leads/lead_1");
    assert_has("Won: Lead, Dana Reed.");
    assert_has("action=\"/leads/lead_1/open\""); /* undo */
    post("/leads/lead_1/open", "");
    must(desk_lead_get(db, arena, here.tenant, "lead_1", &l), "lead");
    assert_string_equal(l.state, "open");
    post("/leads/lead_1/stolen", "");
    assert_int_equal(req.reply.status, 404);
    page_session("olga");
    get("/leads/lead_1");
    assert_int_equal(req.reply.status, 404);
    get("/leads");
    assert_has("No leads yet.");
}

static void many_leads_have_pages(void **state)
{
    (void)state;
    for (int i = 0; i < 60; i++)
        a_lead(desk_arena_fmt(arena, "lead_%02d", i), desk_arena_fmt(arena, "job %02d.", i),
               "open");
    get("/leads?show=open");
    assert_has("job 59.");
    assert_lacks("job 05.");
    const char *older = strstr(body(), "/leads?show=open&amp;before=");
    assert_non_null(older);
    get(desk_arena_fmt(arena, "/leads?show=open&before=%.7s", older + 28));
    assert_has("job 05.");
    assert_lacks("job 59.");
}

static void tickets_are_done_and_opened_again(void **state)
{
    (void)state;
    struct desk_ticket t = {.id = "tick_1",
                            .tenant_id = here.tenant,
                            .call_id = "call_voice",
                            .contact_id = dana,
                            .number = DANA,
                            .system = "Lutron lighting",
                            .problem = "the hall is dark",
                            .priority = "high",
                            .state = "open",
                            .created_at = NOW,
                            .updated_at = NOW};
    get("/tickets");
    assert_has("No tickets yet.");
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_tx_end(db, desk_ticket_insert(db, &t)), "ticket");
    get("/tickets");
    assert_has("the hall is dark");
    get("/tickets/tick_1");
    assert_has("Ticket 1");
    assert_has("Lutron lighting");
    assert_has("they cannot go on");
    post("/tickets/tick_1/done", "");
    assert_int_equal(req.reply.status, 303);
    post("/tickets/tick_1/done", ""); /* pressed twice */
    assert_int_equal(req.reply.status, 303);
    get("/tickets?show=done");
    assert_has("the hall is dark");
    get("/tickets/tick_1");
    assert_has("action=\"/tickets/tick_1/open\"");
    post("/tickets/tick_1/won", "");
    assert_int_equal(req.reply.status, 404);
}

int main(void)
{
    if (!mkdtemp(data_dir))
        return 1;
#define T(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(one_line_for_each_person),
        T(a_thread_has_all_channels_in_order),
        T(a_long_thread_has_pages),
        T(by_hand_once_and_then_silent),
        T(what_cannot_be_sent_is_said_and_kept),
        T(a_landline_is_marked_and_not_tried),
        T(a_phone_that_was_off_is_tried_again_next_day),
        T(pictures_are_shown_and_sent_out_harmless),
        T(leads_by_their_state),
        T(many_leads_have_pages),
        T(tickets_are_done_and_opened_again),
    };
    return cmocka_run_group_tests_name("admin_messages", tests, NULL, NULL);
}
