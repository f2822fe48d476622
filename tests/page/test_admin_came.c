/* "What came of it" on a call's page: leads, tickets, suppliers' notes and messages, of this call
 * and this business only. */
#include "store/records.h"
#include "tests/page/admin_page.h"

static void get(const char *uri)
{
    page_request(DESK_GET, uri);
    desk_dispatch(&admin_web, &req);
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
    (void)state;
    page_open("long enough pw");
    world_call(&here, &rows[0]);
    world_call(&here, &rows[1]);
    world_call(&other, &theirs);
    records(&here, "call_full", "kitchen");
    records(&other, "call_theirs", "secret");
    page_session("sal");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    page_close();
    return 0;
}

static void test_what_came_of_it(void **state)
{
    (void)state;
    get("/calls/call_full");
    assert_int_equal(req.reply.status, 200);
    assert_has("<h2>What came of it</h2>");
    assert_has("<bdi>Lead</bdi>");
    assert_has("remodel &lt;b&gt;kitchen&lt;/b&gt;");
    assert_has("Budget: <bdi>about forty thousand</bdi>");
    assert_has("Reach: <bdi>(860)\xc2\xa0"
               "555-0177</bdi>");
    assert_has("<bdi>Ticket 1</bdi> <span class=\"soft small\">done</span>");
    assert_has("System: <bdi>Lutron lighting</bdi>");
    assert_has("<bdi>Supplier: ADI</bdi>");
    assert_has("The pallet comes on Monday");
    assert_has("PO 4471");
    assert_lacks("Company:"); /* what was not said has no line */
    assert_has("The key is under the mat");
    assert_has("For <bdi>Raj</bdi>. From <bdi>Kim</bdi>. Reach them on <bdi>(860)\xc2\xa0"
               "555-0188</bdi>.");
}

static void test_nothing_came_of_it(void **state)
{
    (void)state;
    get("/calls/call_bare");
    assert_int_equal(req.reply.status, 200);
    assert_lacks("What came of it");
    assert_lacks("remodel");
}

static void test_of_others(void **state)
{
    (void)state;
    get("/calls/call_theirs");
    assert_int_equal(req.reply.status, 404);
    assert_lacks("secret");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_what_came_of_it),
                                       cmocka_unit_test(test_nothing_came_of_it),
                                       cmocka_unit_test(test_of_others)};
    return cmocka_run_group_tests(tests, setup, teardown);
}
