/* "What came of it" on a call's page: leads, tickets, suppliers' notes and messages, of this call
 * and this business only. */
#include "cgi-bin/admin/admin.h"
#include "base/config.h"
#include "base/limits.h"
#include "base/log.h"
#include "store/open.h"
#include "store/records.h"
#include "tests/page/admin_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define NOW 1795198500000LL

static struct desk_db *db;
static struct desk_arena *arena, *ra;
static struct world here, other;
static struct desk_request req;
static char session[DESK_TOKEN_LEN];

static const char *body(void)
{
    return desk_buf_cstr(&req.reply.body);
}

static void get(const char *uri)
{
    desk_arena_reset(ra);
    memset(&req, 0, sizeof req);
    req.arena = ra;
    req.db = db;
    req.method = DESK_GET;
    req.uri = req.path = uri;
    req.query = req.content_type = req.signature = req.authorization = "";
    req.idempotency = req.remote = "";
    req.request_id = "req_test";
    req.cookie = desk_arena_fmt(ra, "desk_session=%s", session);
    desk_dispatch(&admin_web, &req);
}

static void has(const char *text)
{
    if (!strstr(body(), text))
        fail_msg("not on the page: %s\n%s", text, body());
}

static void lacks(const char *text)
{
    if (strstr(body(), text))
        fail_msg("on the page: %s\n%s", text, body());
}

static void records(struct world *w, const char *call, const char *mark)
{
    char id[3][DESK_ID_LEN], msg[DESK_ID_LEN];
    struct desk_lead l = {.id = desk_id_new(id[0], "lead"),
                          .tenant_id = w->tenant,
                          .call_id = call,
                          .who_key = "k",
                          .name = "Dana Reed",
                          .number = "+18605550177",
                          .job = desk_arena_fmt(arena, "remodel <b>%s</b>", mark),
                          .budget = "about forty thousand",
                          .state = "open",
                          .created_at = NOW,
                          .updated_at = NOW};
    struct desk_ticket t = {.id = desk_id_new(id[1], "tick"),
                            .tenant_id = w->tenant,
                            .call_id = call,
                            .problem = "the hall is dark",
                            .system = "Lutron lighting",
                            .priority = "high",
                            .state = "done",
                            .created_at = NOW,
                            .updated_at = NOW};
    struct desk_vendor_note v = {.id = desk_id_new(id[2], "vend"),
                                 .tenant_id = w->tenant,
                                 .call_id = call,
                                 .vendor = "ADI",
                                 .purpose = "delivery",
                                 .reference = "PO 4471",
                                 .text = "The pallet comes on Monday",
                                 .state = "open",
                                 .created_at = NOW};
    struct desk_message m = {.id = desk_id_new(msg, "msg"),
                             .tenant_id = w->tenant,
                             .call_id = call,
                             .text = "The key is under the mat",
                             .state = "new",
                             .created_at = NOW,
                             .for_name = "Raj",
                             .from_name = "Kim",
                             .number = "+18605550188"};
    must(DESK_TX_BEGIN(w->db), "begin");
    must(desk_lead_insert(w->db, &l), "lead");
    must(desk_ticket_insert(w->db, &t), "ticket");
    must(desk_vendor_note_insert(w->db, &v), "vendor");
    must(desk_message_insert(w->db, &m), "message");
    must(desk_tx_end(w->db, DESK_OK), "commit");
}

static int setup(void **state)
{
    static const struct world_call rows[] = {{.id = "call_full",
                                              .name = "Dana Reed",
                                              .number = "+18605550134",
                                              .ago_min = 5,
                                              .seconds = 60,
                                              .outcome = DESK_OUT_ANSWERED,
                                              .talk = true},
                                             {.id = "call_bare",
                                              .number = "+18605550135",
                                              .ago_min = 9,
                                              .seconds = 60,
                                              .outcome = DESK_OUT_ANSWERED}};
    static const struct world_call theirs = {.id = "call_theirs",
                                             .number = "+18605550136",
                                             .ago_min = 9,
                                             .seconds = 60,
                                             .outcome = DESK_OUT_ANSWERED};
    struct desk_user u;
    (void)state;
    desk_log_init("test", DESK_LOG__MAX);
    desk_setting_override(DESK_S_FRONTDESK_SHARE, ".");
    desk_setting_override(DESK_S_PUBLIC_BASE_URL, "https://desk.example.com");
    desk_web_init();
    desk_clock_fake(NOW);
    must(desk_store_memory(&db), "memory");
    arena = desk_arena_new(16 * 1024 * 1024);
    ra = desk_arena_new(DESK_MAX_REQUEST_ARENA);
    here = (struct world){.db = db, .arena = arena, .now = NOW};
    other = here;
    world_business(&here, "harwick", "Harwick Plumbing", "+18605550100", "sal", "long enough pw");
    world_business(&other, "other", "Other & Sons", "+18605550200", "olga", "long enough pw");
    world_call(&here, &rows[0]);
    world_call(&here, &rows[1]);
    world_call(&other, &theirs);
    records(&here, "call_full", "kitchen");
    records(&other, "call_theirs", "secret");
    must(desk_user_by_login(db, arena, "sal", &u), "user");
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_session_new(db, &u, session), "session");
    must(desk_tx_end(db, DESK_OK), "commit");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    desk_arena_free(ra);
    desk_arena_free(arena);
    desk_db_close(db);
    return 0;
}

static void test_what_came_of_it(void **state)
{
    (void)state;
    get("/calls/call_full");
    assert_int_equal(req.reply.status, 200);
    has("<h2>What came of it</h2>");
    has("<bdi>Lead</bdi>");
    has("remodel &lt;b&gt;kitchen&lt;/b&gt;");
    has("Budget: <bdi>about forty thousand</bdi>");
    has("Reach: <bdi>(860)\xc2\xa0"
        "555-0177</bdi>");
    has("<bdi>Ticket 1</bdi> <span class=\"soft small\">done</span>");
    has("System: <bdi>Lutron lighting</bdi>");
    has("<bdi>Supplier: ADI</bdi>");
    has("The pallet comes on Monday");
    has("PO 4471");
    lacks("Company:"); /* what was not said has no line */
    has("The key is under the mat");
    has("For <bdi>Raj</bdi>. From <bdi>Kim</bdi>. Reach them on <bdi>(860)\xc2\xa0"
        "555-0188</bdi>.");
}

static void test_nothing_came_of_it(void **state)
{
    (void)state;
    get("/calls/call_bare");
    assert_int_equal(req.reply.status, 200);
    lacks("What came of it");
    lacks("remodel");
}

static void test_of_others(void **state)
{
    (void)state;
    get("/calls/call_theirs");
    assert_int_equal(req.reply.status, 404);
    lacks("secret");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_what_came_of_it),
                                       cmocka_unit_test(test_nothing_came_of_it),
                                       cmocka_unit_test(test_of_others)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
