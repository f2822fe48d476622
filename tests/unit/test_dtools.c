/* D-Tools Cloud: the exact requests and what each kind of answer means (lib/out/dtools), what a
 * lead becomes (lib/talk/dtools), and that the worker makes nothing that it has not looked for
 * (worker/dtools_lead.c). */
#include "tests/sql/fixture.h"
#include "tests/unit/http_peer.h"

#include "out/dtools.h"
#include "store/dtools.h"
#include "store/outbox.h"
#include "store/records.h"
#include "store/settings.h"
#include "talk/dtools.h"
#include "worker/deliver.h"
#include "worker/kinds.h"

#include <jansson.h>

static const struct desk_lead dana = {.id = "lead_01abc",
                                      .tenant_id = "t1",
                                      .who_key = "k",
                                      .name = "Dana Reed",
                                      .number = "+14155550134",
                                      .email = "dana@example.com",
                                      .job = "a \"dripping\"\ntap",
                                      .state = "open",
                                      .created_at = NOW,
                                      .updated_at = NOW};

/* ---- the client ------------------------------------------------------------------------------ */

static struct desk_dtools_account account_at_peer(void)
{
    static char base[64];
    snprintf(base, sizeof base, "http://127.0.0.1:%u/api/v1/", peer_port);
    return (struct desk_dtools_account){base, "the-key", "Basic dGhlOmhlYWRlcg=="};
}

static const char *seen(void)
{
    pthread_mutex_lock(&peer_turn);
    const char *text = desk_arena_strdup(fx_a, peer_seen);
    pthread_mutex_unlock(&peer_turn);
    return text;
}

static struct desk_outbox_result find_it(const char *http)
{
    struct desk_lead l = dana;
    struct desk_outbox_result r;
    const struct desk_dtools_account a = account_at_peer();
    atomic_store(&peer_answer, http);
    desk_dtools_rest.find(&a, DESK_DTOOLS_CLIENTS, "Reed & sons", desk_dtools_is_client, &l, &r);
    return r;
}

static struct desk_outbox_result create_it(const char *http)
{
    struct desk_outbox_result r;
    const struct desk_dtools_account a = account_at_peer();
    json_t *body = desk_dtools_opportunity(&dana, "c-7");
    atomic_store(&peer_answer, http);
    desk_dtools_rest.create(&a, DESK_DTOOLS_OPPORTUNITIES, body, &r);
    json_decref(body);
    return r;
}

static void exact_requests(void **state)
{
    (void)state;
    struct desk_outbox_result r =
        find_it(JSON("200 OK", "") "{\"clients\":[{\"id\":4,\"phone\":\"(212) 555-0100\"},{\"id\":"
                                   "\"c-9\",\"mobile\":\"(415) 555-0134\"}]}");
    assert_int_equal(r.end, DESK_END_SENT);
    assert_string_equal(r.remote_id, "c-9");
    const char *asked = seen();
    assert_ptr_equal(strstr(asked, "GET /api/v1/Clients/GetClients?page=1&pageSize=100&search="
                                   "Reed%20%26%20sons HTTP/1.1\r\n"),
                     asked);
    assert_non_null(strstr(asked, "X-API-Key: the-key\r\n"));
    assert_non_null(strstr(asked, "Authorization: Basic dGhlOmhlYWRlcg==\r\n"));

    r = create_it(JSON("200 OK", "") "{\"id\":\"op-3\"}");
    assert_int_equal(r.end, DESK_END_SENT);
    assert_string_equal(r.remote_id, "op-3");
    asked = seen();
    assert_ptr_equal(strstr(asked, "POST /api/v1/Opportunities/CreateOpportunity HTTP/1.1\r\n"),
                     asked);
    assert_string_equal(
        strstr(asked, "\r\n\r\n") + 4,
        "{\"name\":\"Phone lead: a \\\"dripping\\\" tap [lead_01abc]\",\"clientId\":"
        "\"c-7\",\"clientName\":\"Dana Reed\",\"clientEmail\":\"dana@example.com\","
        "\"clientPhone\":\"+14155550134\",\"leadSource\":\"Frontdesk\"}");
}

static void a_budget_is_a_whole_number_or_none(void **state)
{
    (void)state;
    static const struct {
        const char *said;
        int64_t want; /* 0 = not sent */
    } rows[] = {{"40k", 40000},
                {"about forty thousand", 40000},
                {"$2,750", 2750},
                {"between 15,000 and 20,000 dollars", 20000},
                {"over forty thousand", 0},
                {"whatever it takes", 0},
                {"not sure yet", 0},
                {"", 0},
                {NULL, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk_lead l = dana;
        l.budget = rows[i].said;
        json_t *o = desk_dtools_opportunity(&l, "c-7");
        const json_t *is = json_object_get(o, "budget");
        if (json_integer_value(is) != rows[i].want || (is != NULL) != (rows[i].want > 0))
            fail_msg("\"%s\" is %lld", rows[i].said, (long long)json_integer_value(is));
        json_decref(o);
    }
}

static void answers_and_what_they_mean(void **state)
{
    (void)state;
    static const struct {
        const char *http;
        enum desk_outbox_end found, made;
        const char *why;
    } rows[] = {
        {JSON("401 Unauthorized", "") "{\"title\":\"Unauthorized\"}", DESK_END_FAILED,
         DESK_END_FAILED, "check DTOOLS_API_KEY"},
        {JSON("400 Bad Request", "") "{\"title\":\"One or more validation errors\"}",
         DESK_END_FAILED, DESK_END_FAILED, "One or more"},
        {JSON("404 Not Found", "") "", DESK_END_FAILED, DESK_END_FAILED, "HTTP 404"},
        {JSON("429 Too Many Requests", "Retry-After: 7\r\n") "", DESK_END_AGAIN, DESK_END_AGAIN,
         "asked us to wait"},
        {JSON("503 Unavailable", "") "", DESK_END_AGAIN, DESK_END_UNKNOWN, "of its own"},
        {JSON("200 OK", "") "{\"id\":", DESK_END_AGAIN, DESK_END_UNKNOWN, "could not be read"},
        {JSON("200 OK", "") "{\"ok\":true}", DESK_END_AGAIN, DESK_END_UNKNOWN, "D-Tools"},
        {"", DESK_END_AGAIN, DESK_END_UNKNOWN, "did not answer"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct desk_outbox_result f = find_it(rows[i].http), m = create_it(rows[i].http);
        if (f.end != rows[i].found || m.end != rows[i].made || !strstr(m.why, rows[i].why))
            fail_msg("row %zu: %d %d %s", i, (int)f.end, (int)m.end, m.why);
        assert_null(strstr(m.why, "the-key"));
    }
    assert_int_equal(find_it(JSON("429 Too Many Requests", "")).wait_ms, 60000);
    assert_int_equal(find_it(JSON("429 Too Many Requests", "Retry-After: 7\r\n")).wait_ms, 7000);
    const struct desk_dtools_account dead = {"http://127.0.0.1:1", "k", "a"};
    struct desk_outbox_result r;
    json_t *body = desk_dtools_client(&dana);
    desk_dtools_rest.create(&dead, DESK_DTOOLS_CLIENTS, body, &r);
    json_decref(body);
    assert_int_equal(r.end, DESK_END_AGAIN); /* nobody there: surely not made */
}

static void whose_it_is(void **state)
{
    (void)state;
    static const struct {
        const char *row;
        bool yes;
    } rows[] = {
        {"{\"phone\":\"415-555-0134\"}", true},
        {"{\"mobile\":\"+1 415 555 0134\"}", true},
        {"{\"email\":\"DANA@example.com\"}", true},
        {"{\"phone\":\"415-555-0135\"}", false},
        {"{\"name\":\"Dana Reed\"}", false},
        {"{\"phone\":7,\"email\":null}", false},
        {"[]", false},
    };
    struct desk_lead l = dana, nobody = {.id = "lead_2"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        json_t *row = json_loads(rows[i].row, 0, NULL);
        assert_int_equal(desk_dtools_is_client(&l, row), rows[i].yes);
        assert_false(desk_dtools_is_client(&nobody, row));
        assert_false(desk_dtools_is_opportunity(&l, row));
        json_decref(row);
    }
    json_t *made = desk_dtools_opportunity(&l, "c");
    assert_true(desk_dtools_is_opportunity(&l, made));
    assert_false(desk_dtools_is_opportunity(&nobody, made));
    json_decref(made);
    assert_string_equal(desk_dtools_search(&l), "0134");
    assert_string_equal(desk_dtools_search(&nobody), "Unknown caller");
}

/* ---- the worker ------------------------------------------------------------------------------ */

static struct {
    enum desk_outbox_end end[2]; /* of creates, by kind */
    bool lost;                   /* what is made is there although the end says UNKNOWN */
    bool there[2];
    int finds, made[2];
} out;

static void fake_find(const struct desk_dtools_account *a, enum desk_dtools_kind kind,
                      const char *search, desk_dtools_match *is, void *ctx,
                      struct desk_outbox_result *r)
{
    (void)a, (void)search, (void)is, (void)ctx;
    out.finds++;
    *r = (struct desk_outbox_result){.end = DESK_END_SENT};
    snprintf(r->remote_id, sizeof r->remote_id, "%s", out.there[kind] ? "x-1" : "");
}

static void fake_create(const struct desk_dtools_account *a, enum desk_dtools_kind kind,
                        const json_t *body, struct desk_outbox_result *r)
{
    (void)a;
    assert_non_null(json_object_get(body, "name"));
    out.made[kind]++;
    *r = (struct desk_outbox_result){.end = out.end[kind]};
    if (out.end[kind] == DESK_END_SENT || (out.end[kind] == DESK_END_UNKNOWN && out.lost))
        out.there[kind] = true;
    snprintf(r->remote_id, sizeof r->remote_id, "%s", out.end[kind] == DESK_END_SENT ? "x-1" : "");
}

static const struct desk_dtools fake = {.find = fake_find, .create = fake_create};
static const struct outbox_services outside = {.dtools = &fake};
static struct desk_db *db, *admin;

static void open_world(const char *how)
{
    memset(&out, 0, sizeof out);
    out.end[0] = out.end[1] = DESK_END_SENT;
    desk_clock_fake(NOW);
    desk_setting_override(DESK_S_DTOOLS_LEADS, how);
    desk_setting_override(DESK_S_DTOOLS_API_KEY, "key");
    desk_setting_override(DESK_S_DTOOLS_AUTHORIZATION, "Basic x");
    admin = fx_file();
    fx_seed(admin);
    OK(DESK_TX_BEGIN(admin));
    OK(desk_lead_insert(admin, &dana));
    OK(desk_dtools_lead(admin, "t1", NULL, dana.id));
    OK(desk_dtools_lead(admin, "t1", NULL, dana.id)); /* twice */
    OK(desk_tx_end(admin, DESK_OK));
    OK(desk_store_open(&db, DESK_ZONE_WORKER, 0));
}

static void close_world(void)
{
    desk_setting_override(DESK_S_DTOOLS_LEADS, "off");
    desk_db_close(db);
    desk_db_close(admin);
}

/* Claims and delivers until nothing is due, with time going on; the row's last state. */
static const char *run_all(void)
{
    struct desk_outbox row;
    struct desk_arena *a = desk_arena_new(1 << 20);
    for (int i = 0; i < 10; i++) {
        struct desk_outbox_result r;
        desk_clock_fake(NOW + (i + 1) * 3600000LL);
        OK(DESK_TX_BEGIN(db));
        enum desk_rc rc =
            desk_tx_end(db, desk_outbox_claim(db, fx_a, DESK_OUTBOX_DTOOLS, 60000, &row));
        if (rc == DESK_ENOTFOUND)
            break;
        OK(rc);
        outbox_deliver(
            &(struct outbox_work){.services = &outside, .db = db, .arena = a, .row = &row}, &r);
    }
    desk_arena_free(a);
    return fx_text(admin, "SELECT state FROM outbox WHERE kind = 'dtools'");
}

static void made_once(void **state)
{
    (void)state;
    open_world("on");
    assert_string_equal(run_all(), DESK_OUTBOX_SENT);
    assert_int_equal(out.made[DESK_DTOOLS_CLIENTS], 1);
    assert_int_equal(out.made[DESK_DTOOLS_OPPORTUNITIES], 1);
    close_world();
}

static void known_already(void **state)
{
    (void)state;
    open_world("on");
    out.there[DESK_DTOOLS_CLIENTS] = true;
    assert_string_equal(run_all(), DESK_OUTBOX_SENT);
    assert_int_equal(out.made[DESK_DTOOLS_CLIENTS], 0);
    assert_int_equal(out.made[DESK_DTOOLS_OPPORTUNITIES], 1);
    close_world();
}

/* The answer is lost, and it was made: it is found, and not made again. */
static void lost_answers(void **state)
{
    (void)state;
    for (int kind = 0; kind < 2; kind++) {
        open_world("on");
        out.end[kind] = DESK_END_UNKNOWN;
        out.lost = true;
        assert_string_equal(run_all(), DESK_OUTBOX_SENT);
        assert_int_equal(out.made[DESK_DTOOLS_CLIENTS], 1);
        assert_int_equal(out.made[DESK_DTOOLS_OPPORTUNITIES], 1);
        close_world();
        assert_int_equal(unlink(desk_arena_fmt(fx_a, "%s/frontdesk.db", fx_dir)), 0);
    }
}

static void only_when_it_is_wanted(void **state)
{
    (void)state;
    open_world("off");
    assert_null(run_all());
    close_world();
    assert_int_equal(unlink(desk_arena_fmt(fx_a, "%s/frontdesk.db", fx_dir)), 0);
    open_world("dry");
    assert_string_equal(run_all(), DESK_OUTBOX_SENT);
    assert_string_equal(fx_text(admin, "SELECT remote_state FROM outbox"), "dry run");
    assert_int_equal(out.finds + out.made[0] + out.made[1], 0);
    close_world();
    assert_int_equal(unlink(desk_arena_fmt(fx_a, "%s/frontdesk.db", fx_dir)), 0);
    open_world("on");
    fx_sql(admin, "UPDATE tenant SET profile = '{\"phi\": true}' WHERE id = 't1'");
    assert_string_equal(run_all(), DESK_OUTBOX_REFUSED);
    assert_int_equal(out.finds + out.made[0] + out.made[1], 0);
    close_world();
    assert_int_equal(unlink(desk_arena_fmt(fx_a, "%s/frontdesk.db", fx_dir)), 0);
    open_world("on");
    desk_setting_override(DESK_S_DTOOLS_API_KEY, "");
    assert_string_equal(run_all(), DESK_OUTBOX_FAILED);
    close_world();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(exact_requests),
        TEST(a_budget_is_a_whole_number_or_none),
        TEST(answers_and_what_they_mean),
        TEST(whose_it_is),
        TEST(made_once),
        TEST(known_already),
        TEST(lost_answers),
        TEST(only_when_it_is_wanted),
    };
    return cmocka_run_group_tests_name("dtools", tests, peer_start, peer_stop);
}
