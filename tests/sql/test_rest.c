/* What REST clients rest on: rows of which the people stay sealed, pages that stay in place,
 * answers that are kept for who asks twice. */
#include "fixture.h"

#include "db/migrate.h"
#include "store/api_replies.h"
#include "store/pages.h"
#include "store/records.h"

static struct desk_lead lead_of(const char *id, const char *tenant, int64_t at)
{
    return (struct desk_lead){.id = id,
                              .tenant_id = tenant,
                              .who_key = "k",
                              .name = "Grace",
                              .job = "a kitchen",
                              .service = "repair",
                              .state = "open",
                              .created_at = at,
                              .updated_at = at};
}

static void add_lead(struct desk_db *db, const char *id, int64_t at)
{
    struct desk_lead l = lead_of(id, "t1", at);
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, desk_lead_insert(db, &l)));
}

static void people_stay_sealed_while_it_is_said(void **state)
{
    (void)state;
    struct desk_db *db = fx_memory();
    struct desk_lead l;
    fx_seed(db);
    add_lead(db, "lead_1", 1);
    desk_db_sealed(db, true);
    OK(desk_page_one(db, fx_a, &desk_page_leads, "t1", "lead_1", &l));
    assert_null(l.name);
    assert_null(l.job);
    assert_string_equal(l.service, "repair"); /* what is of nobody is there */
    desk_db_sealed(db, false);
    OK(desk_page_one(db, fx_a, &desk_page_leads, "t1", "lead_1", &l));
    assert_string_equal(l.name, "Grace");
    assert_string_equal(l.job, "a kitchen");
    desk_db_close(db);
}

static void secrets_are_opened_all_the_same(void **state)
{
    (void)state;
    struct desk_db *db = fx_memory();
    struct desk_api_reply got;
    const struct desk_api_reply r = {.id = "k1",
                                     .tenant_id = "t1",
                                     .asked = "a",
                                     .status = 201,
                                     .headers = "ETag: \"1\"\r\n",
                                     .body = "{\"name\":\"Grace\"}",
                                     .created_at = 1000};
    fx_seed(db);
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, desk_api_reply_add(db, &r)));
    desk_db_sealed(db, true);
    OK(desk_api_reply_get(db, fx_a, "t1", "k1", &got));
    assert_string_equal(got.body, r.body);
    assert_int_equal(got.status, 201);
    assert_int_equal(fx_int(db, "SELECT instr(body, 'Grace') FROM api_reply"), 0);
    assert_int_equal(desk_api_reply_get(db, fx_a, "t2", "k1", &got), DESK_ENOTFOUND);
    desk_db_close(db);
}

static void a_kept_answer_goes_after_a_day_and_stands_until_then(void **state)
{
    (void)state;
    struct desk_db *db = fx_memory();
    struct desk_api_reply r = {.id = "k1",
                               .tenant_id = "t1",
                               .asked = "a",
                               .status = 200,
                               .headers = "",
                               .body = "",
                               .created_at = 1000},
                          got;
    fx_seed(db);
    OK(DESK_TX_BEGIN(db));
    OK(desk_api_reply_add(db, &r));
    assert_int_equal(desk_api_reply_add(db, &r), DESK_ECONFLICT);
    r.id = "k2";
    r.created_at += DESK_API_REPLY_MS;
    OK(desk_api_reply_add(db, &r));
    OK(desk_api_reply_get(db, fx_a, "t1", "k1", &got));
    r.id = "k3";
    r.created_at++;
    OK(desk_api_reply_add(db, &r));
    assert_int_equal(desk_api_reply_get(db, fx_a, "t1", "k1", &got), DESK_ENOTFOUND);
    OK(desk_api_reply_get(db, fx_a, "t1", "k2", &got));
    OK(desk_tx_end(db, DESK_OK));
    desk_db_close(db);
}

/* A row that comes while a list is read moves nothing. */
static void pages_stay_in_place(void **state)
{
    (void)state;
    struct desk_db *db = fx_memory();
    struct desk_place from = {INT64_MAX, ""};
    void *rows;
    size_t n;
    fx_seed(db);
    add_lead(db, "lead_a", 5);
    add_lead(db, "lead_b", 5);
    add_lead(db, "lead_c", 4);
    OK(desk_page_read(db, fx_a, &desk_page_leads, "t1", &from, "", 2, &rows, &n));
    assert_int_equal(n, 2);
    from = desk_page_place(&desk_page_leads, (struct desk_lead *)rows + 1);
    assert_string_equal(from.id, "lead_a");
    add_lead(db, "lead_d", 6);
    OK(desk_page_read(db, fx_a, &desk_page_leads, "t1", &from, "", 2, &rows, &n));
    assert_int_equal(n, 1);
    assert_string_equal(((struct desk_lead *)rows)->id, "lead_c");
    OK(desk_page_read(db, fx_a, &desk_page_leads, "t2", &from, "", 2, &rows, &n));
    assert_int_equal(n, 0);
    OK(DESK_TX_BEGIN(db));
    OK(desk_lead_state(db, "t1", "lead_c", "won"));
    assert_int_equal(desk_lead_state(db, "t2", "lead_c", "lost"), DESK_ENOTFOUND);
    assert_int_equal(desk_lead_state(db, "t1", "lead_c", "maybe"), DESK_EINVAL);
    OK(desk_tx_end(db, DESK_OK));
    OK(desk_page_read(db, fx_a, &desk_page_leads, "t1", &from, "open", 2, &rows, &n));
    assert_int_equal(n, 0);
    desk_db_close(db);
}

/* Who could read everything goes on so; what was revoked or odd stays as it is. */
static void tokens_of_before_keep_what_they_could(void **state)
{
    (void)state;
    static const struct desk_query none[1];
    struct desk_db *db = NULL;
    struct desk_db_options opt = {.path = ":memory:", .queries = none, .create = true};
    OK(desk_db_open(&db, &opt));
    OK(desk_migrate(db, 21));
    OK(desk_db_script(db, "INSERT INTO tenant (id, slug, name, profile, created_at, updated_at) "
                          "VALUES ('t', 's', 'n', '{}', 1, 1);"
                          "INSERT INTO token (id, tenant_id, name, scope, created_at) VALUES "
                          "('a', 't', 'a', 'read', 1), ('b', 't', 'b', 'read write', 1), "
                          "('c', 't', 'c', 'write', 1);"));
    OK(desk_migrate(db, 0));
    assert_string_equal(fx_text(db, "SELECT group_concat(scope, '|') FROM token"),
                        "read personal|read write personal|write");
    desk_db_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(people_stay_sealed_while_it_is_said),
        TEST(secrets_are_opened_all_the_same),
        TEST(a_kept_answer_goes_after_a_day_and_stands_until_then),
        TEST(pages_stay_in_place),
        TEST(tokens_of_before_keep_what_they_could),
    };
    return cmocka_run_group_tests_name("rest", tests, NULL, NULL);
}
