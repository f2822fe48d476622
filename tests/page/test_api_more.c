/* What a token's business is, its figures and its files: /v1/businesses, /v1/locations,
 * /v1/reports, /v1/exports; the description as a page; and how often a token may ask, over all
 * processes. */
#include "tests/page/web_test.h"
#include "cgi-bin/api/api.h"
#include "base/clock.h"
#include "store/jobs.h"
#include "store/report.h"
#include "store/users.h"

#include <jansson.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define DAY_MS 86400000LL
#define NOON   1764608400000LL /* 2025-12-01, 12:00 in New York: a Monday */

enum { READ, PERSONAL, WRITE, ALL, OTHER, TOKENS };
static const char *const scopes[TOKENS] = {"read", "read personal", "write", "read write personal",
                                           "read write personal"};
static char secrets[TOKENS][DESK_TOKEN_LEN];
static struct desk_number mine, other;
static char second[DESK_ID_LEN];

/* ---- asking ---------------------------------------------------------------------------------- */

static struct answer say(const char *method, const char *uri, int token, struct ask more)
{
    more.method = method;
    more.uri = uri;
    more.type = more.body ? "application/json" : NULL;
    more.authorization = token < 0 ? NULL : desk_arena_fmt(look, "Bearer %s", secrets[token]);
    return send_ask(&api_web, more);
}

static struct answer get(const char *uri, int token)
{
    return say("GET", uri, token, (struct ask){.body = NULL});
}

static json_t *last;

/* An answer of that status as JSON, which lives until the next. */
static json_t *got(const struct answer *a, int status)
{
    json_decref(last);
    last = json_loads(a->body, 0, NULL);
    if (a->status != status || !last)
        fail_msg("%d and not %d: %s", a->status, status, a->body);
    return last;
}

static const char *text(const json_t *root, const char *name)
{
    const char *t = json_string_value(json_object_get(root, name));
    return t ? desk_arena_strdup(look, t) : NULL;
}

/* Refused, with an error of that field. */
static void refuse(const struct answer *a, int status, const char *field)
{
    json_t *root = got(a, status), *first = json_array_get(json_object_get(root, "errors"), 0);
    assert_string_equal(a->type, "application/problem+json");
    if (field)
        assert_string_equal(json_string_value(json_object_get(first, "name")), field);
}

static void in_transaction(enum desk_rc rc)
{
    assert_int_equal(desk_tx_end(admin_db, rc), DESK_OK);
}

static enum desk_rc add_call(const struct desk_number *n, const char *location, const char *id,
                             int64_t at, const char *outcome)
{
    struct desk_call c = {.id = id,
                          .tenant_id = n->tenant_id,
                          .location_id = location,
                          .call_sid = desk_arena_fmt(look, "CA%s", id),
                          .direction = "inbound",
                          .caller_kind = "new",
                          .from_number = "+14155550134",
                          .from_key = "0123456789abcdef0123",
                          .to_number = n->e164,
                          .mode = "realtime",
                          .status = "completed",
                          .status_rank = 50,
                          .outcome = outcome,
                          .started_at = at,
                          .ended_at = at + 60000,
                          .updated_at = at};
    return desk_call_insert(admin_db, &c);
}

static int begin(void **state)
{
    char run[DESK_ID_LEN + 64];
    (void)state;
    test_begin_two(DESK_ZONE_API, &mine, &other);
    desk_setting_override(DESK_S_FRONTDESK_SHARE, "."); /* templates of the page */
    snprintf(run, sizeof run, "%s/run", test_dir);
    assert_int_equal(mkdir(run, 0700), 0);
    const struct desk_location shop = {
        .id = desk_id_new(second, "loc"),
        .tenant_id = mine.tenant_id,
        .name = "Harbour",
        .zone = "America/Chicago",
        .hours = "{\"mon\":[[\"08:00\",\"17:00\"]],\"exceptions\":[{\"from\":\"2025-12-02\",\"to\":"
                 "\"2025-12-03\",\"label\":\"Raj away\",\"person\":\"Raj\"}]}",
        .owner_name = "Olga",
        .owner_phone = "+18605550177",
        .created_at = 5,
        .overlay = "{\"services\":[{\"id\":\"boats\",\"name\":\"boats\",\"minutes\":90}]}"};
    const struct desk_number line = {.e164 = "+18605550144",
                                     .tenant_id = mine.tenant_id,
                                     .location_id = second,
                                     .created_at = 5};
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    enum desk_rc rc = desk_location_insert(admin_db, &shop);
    rc = rc ? rc : desk_number_insert(admin_db, &line);
    for (int i = 0; !rc && i < TOKENS; i++)
        rc = desk_token_create(admin_db, i == OTHER ? other.tenant_id : mine.tenant_id, scopes[i],
                               scopes[i], secrets[i]);
    rc = rc ? rc : add_call(&mine, mine.location_id, "call_1", NOON, "booked");
    rc = rc ? rc : add_call(&mine, mine.location_id, "call_2", NOON + 60000, "message");
    rc = rc ? rc : add_call(&mine, second, "call_3", NOON + DAY_MS, "booked");
    rc = rc ? rc : add_call(&other, other.location_id, "call_9", NOON, "booked");
    in_transaction(rc);
    return 0;
}

static int finish(void **state)
{
    (void)state;
    char run[DESK_ID_LEN + 64];
    json_decref(last);
    test_remove("run/rate.api");
    snprintf(run, sizeof run, "%s/run", test_dir);
    rmdir(run);
    return test_finish();
}

/* ---- businesses and locations ---------------------------------------------------------------- */

static void a_token_sees_its_own_business(void **state)
{
    (void)state;
    struct answer a = get("/v1/businesses", READ);
    json_t *list = json_object_get(got(&a, 200), "businesses"), *one = json_array_get(list, 0);
    assert_int_equal(json_array_size(list), 1);
    assert_string_equal(json_string_value(json_object_get(one, "slug")), "plumbing");
    assert_string_equal(json_string_value(json_object_get(one, "id")), mine.tenant_id);
    assert_int_equal(json_array_size(json_object_get(one, "services")), 2);
    const char *uri = desk_arena_fmt(look, "/v1/businesses/%s", mine.tenant_id);
    a = get(uri, READ);
    assert_string_equal(text(got(&a, 200), "name"), "Harwick Plumbing");
    const char *p = strstr(a.headers, "ETag: ");
    assert_non_null(p);
    const char *tag = desk_arena_strndup(look, p + 6, strcspn(p + 6, "\r"));
    a = say("GET", uri, READ, (struct ask){.if_none_match = tag});
    assert_int_equal(a.status, 304);
    a = get(uri, OTHER);
    refuse(&a, 404, NULL);
    a = get("/v1/businesses?before=0.x", READ); /* behind the only one */
    assert_int_equal(json_array_size(json_object_get(got(&a, 200), "businesses")), 0);
    a = get("/v1/businesses?before=x", READ);
    refuse(&a, 422, NULL);
}

static void locations_lie_over_their_business(void **state)
{
    (void)state;
    struct answer a = get("/v1/locations?limit=1", PERSONAL);
    json_t *root = got(&a, 200), *one = json_array_get(json_object_get(root, "locations"), 0);
    assert_string_equal(json_string_value(json_object_get(one, "id")), second);
    assert_false(json_is_true(json_object_get(one, "main")));
    json_t *service = json_array_get(json_object_get(one, "services"), 0);
    assert_string_equal(json_string_value(json_object_get(service, "id")), "boats");
    assert_int_equal(json_integer_value(json_object_get(service, "minutes")), 90);
    assert_string_equal(json_string_value(json_array_get(json_object_get(one, "numbers"), 0)),
                        "+18605550144");
    assert_string_equal(json_string_value(json_object_get(one, "owner_phone")), "+18605550177");
    json_t *hours = json_object_get(one, "hours");
    assert_int_equal(json_object_size(hours), 7);
    assert_int_equal(json_array_size(json_object_get(hours, "mon")), 1);
    assert_has_not(a.body, "Raj");
    const char *next = text(root, "next");
    assert_non_null(next);
    assert_has(a.headers, desk_arena_fmt(look, "Link: <%s>; rel=\"next\"\r\n", next));
    a = get(next, PERSONAL);
    root = got(&a, 200);
    one = json_array_get(json_object_get(root, "locations"), 0);
    assert_true(json_is_true(json_object_get(one, "main")));
    assert_int_equal(json_array_size(json_object_get(one, "services")), 2);
    assert_true(json_is_null(json_object_get(root, "next")));
    const char *uri = desk_arena_fmt(look, "/v1/locations/%s", second);
    a = get(uri, PERSONAL);
    assert_string_equal(text(got(&a, 200), "owner_name"), "Olga");
    a = get(uri, READ); /* people are personal */
    assert_has_not(a.body, "Olga");
    assert_has_not(a.body, "+18605550177");
    a = get("/v1/locations", READ);
    got(&a, 200);
    assert_has_not(a.body, "Olga");
    assert_has_not(a.body, "+18605550177");
    a = get(uri, OTHER);
    refuse(&a, 404, NULL);
    a = get("/v1/locations", OTHER);
    assert_has_not(a.body, second);
}

/* ---- reports --------------------------------------------------------------------------------- */

#define REPORT "/v1/reports?from=2025-12-01&to=2025-12-02"

static int64_t number(const json_t *root, const char *name)
{
    return json_integer_value(json_object_get(root, name));
}

static void figures_of_some_days(void **state)
{
    (void)state;
    struct answer a = get(REPORT, PERSONAL);
    json_t *root = got(&a, 200), *days = json_object_get(root, "days");
    assert_int_equal(number(root, "calls"), 3);
    assert_int_equal(number(json_object_get(root, "outcomes"), "booked"), 2);
    assert_int_equal(json_array_size(days), 2);
    assert_int_equal(number(json_array_get(days, 0), "calls"), 2);
    assert_non_null(json_object_get(json_array_get(days, 0), "cost_microdollars"));
    json_t *monday = json_array_get(json_object_get(root, "hours_by_weekday"), 1);
    assert_int_equal(json_integer_value(json_array_get(monday, 12)), 2);
    assert_true(json_is_array(json_object_get(root, "answer_by_day")));
    assert_true(json_is_null(json_object_get(root, "location_id")));
    assert_has(a.body, "+14155550134"); /* who called most */
    assert_has(a.headers, "ETag: ");
    a = get(REPORT, READ);
    got(&a, 200);
    assert_has_not(a.body, "+14155550134");
    a = get(REPORT, OTHER);
    assert_int_equal(number(got(&a, 200), "calls"), 1);
    a = get(desk_arena_fmt(look, REPORT "&location=%s", second), READ);
    root = got(&a, 200);
    assert_int_equal(number(root, "calls"), 1);
    assert_string_equal(text(root, "location_id"), second);
    desk_clock_fake(NOON);
    a = get("/v1/reports", READ); /* this week */
    desk_clock_fake(0);
    assert_int_equal(number(got(&a, 200), "calls"), 3);
}

static void days_that_are_none(void **state)
{
    static const char *const rows[][2] = {
        {"from=2025-12-01", "to"},
        {"to=2025-12-01", "from"},
        {"from=2025-12-02&to=2025-12-01", "to"},
        {"from=2024-01-01&to=2025-12-01", "to"},
        {"from=2025-02-30&to=2025-12-01", "from"},
        {"from=yesterday&to=today", "from"},
        {"from=2025-12-01&to=2025-12-01T00:00", "to"},
        {"location=loc_none", "location"},
        {"location=%22", "location"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct answer a = get(desk_arena_fmt(look, "/v1/reports?%s", rows[i][0]), READ);
        refuse(&a, 422, rows[i][1]);
    }
    struct answer a = /* another business's place */
        get(desk_arena_fmt(look, "/v1/reports?location=%s", second), OTHER);
    refuse(&a, 422, "location");
}

/* ---- exports --------------------------------------------------------------------------------- */

static struct answer want(int token, const char *json)
{
    return say("POST", "/v1/exports", token, (struct ask){.body = json});
}

/* As the worker does it. */
static void work(const char *id, const char *state, const char *out)
{
    struct desk_job j;
    assert_int_equal(desk_job_get(admin_db, look, mine.tenant_id, id, &j), DESK_OK);
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    enum desk_rc rc = desk_job_claim(admin_db, &j, "claim");
    j.claim = "claim";
    j.done = 2;
    rc = rc ? rc : desk_job_step(admin_db, &j);
    rc = rc ? rc : desk_job_put(admin_db, j.tenant_id, id, DESK_JOB_OUT, out, strlen(out));
    rc = rc ? rc : desk_job_end(admin_db, &j, state, "2 calls are in the file");
    in_transaction(rc);
}

static void a_file_is_asked_for_and_fetched(void **state)
{
    struct desk_job j;
    struct desk_audit written;
    (void)state;
    struct answer a =
        want(ALL, "{\"kind\":\"calls\",\"from\":\"2025-12-01\",\"to\":\"2025-12-01\"}");
    json_t *root = got(&a, 202);
    const char *id = text(root, "id"), *uri = desk_arena_fmt(look, "/v1/exports/%s", id);
    assert_string_equal(text(root, "state"), "waiting");
    assert_string_equal(text(root, "kind"), "calls");
    assert_null(text(root, "file"));
    assert_has(a.headers, desk_arena_fmt(look, "Location: %s\r\n", uri));
    assert_has(a.headers, "Retry-After: 2\r\n");
    assert_int_equal(desk_job_get(admin_db, look, mine.tenant_id, id, &j), DESK_OK);
    assert_string_equal(j.kind, DESK_JOB_CALLS_EXPORT);
    assert_string_equal(j.about, "{\"from\":1764565200000,\"to\":1764651600000}");
    assert_string_equal(j.user_id, "token:read write personal");
    assert_int_equal(
        desk_audit_last(admin_db, look, mine.tenant_id, "api POST /v1/exports", &written), DESK_OK);
    const char *file = desk_arena_fmt(look, "%s/file", uri);
    a = get(file, PERSONAL);
    refuse(&a, 409, NULL);
    assert_has(a.body, "still being made");
    work(id, DESK_JOB_DONE, "a,b\n1,2\n");
    a = get(uri, PERSONAL);
    root = got(&a, 200);
    assert_string_equal(text(root, "file"), file);
    assert_string_equal(text(root, "words"), "2 calls are in the file");
    assert_has_not(a.headers, "Retry-After");
    a = get(file, PERSONAL);
    assert_int_equal(a.status, 200);
    assert_string_equal(a.type, "text/csv; charset=utf-8");
    assert_has(a.headers, "filename=\"calls.csv\"");
    assert_has(a.headers, "Cache-Control: no-store");
    a = get(file, READ);
    refuse(&a, 403, NULL);
    static const char *const ends[] = {"", "/file"};
    for (size_t i = 0; i < 2; i++) {
        a = get(desk_arena_fmt(look, "%s%s", uri, ends[i]), OTHER);
        refuse(&a, 404, NULL);
    }
    a = get("/v1/exports", OTHER);
    assert_has_not(a.body, id);
    a = get(uri, READ);
    assert_true(json_is_null(json_object_get(got(&a, 200), "words")));
}

static void a_file_that_could_not_be_made(void **state)
{
    (void)state;
    struct answer a = want(ALL, "{\"kind\":\"people\"}");
    const char *id = text(got(&a, 202), "id");
    work(id, DESK_JOB_FAILED, "");
    a = get(desk_arena_fmt(look, "/v1/exports/%s/file", id), PERSONAL);
    refuse(&a, 409, NULL);
    assert_has(a.body, "could not be made");
    /* other long work is no export, and is not there */
    char erase[DESK_ID_LEN];
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    in_transaction(desk_job_ask(admin_db, mine.tenant_id, NULL, DESK_JOB_REINDEX, "{}", erase));
    a = get(desk_arena_fmt(look, "/v1/exports/%s", erase), PERSONAL);
    refuse(&a, 404, NULL);
    a = get("/v1/exports", PERSONAL);
    got(&a, 200);
    assert_has_not(a.body, erase);
    assert_has(a.body, id);
}

static void files_in_pages(void **state)
{
    size_t n = 0;
    (void)state;
    struct answer a = want(ALL, "{\"kind\":\"people\"}");
    got(&a, 202);
    for (const char *uri = "/v1/exports?limit=1"; uri; n++) {
        a = get(uri, READ);
        json_t *root = got(&a, 200);
        assert_int_equal(json_array_size(json_object_get(root, "exports")), 1);
        uri = text(root, "next");
    }
    assert_int_equal(n, 3);
    a = get("/v1/exports?state=failed", READ);
    assert_int_equal(json_array_size(json_object_get(got(&a, 200), "exports")), 1);
    a = get("/v1/exports?state=%22", READ);
    refuse(&a, 422, NULL);
}

static void files_that_are_none(void **state)
{
    static const char *const rows[][2] = {
        {"{}", "kind"},
        {"{\"kind\":\"secrets\"}", "kind"},
        {"{\"kind\":\"people\",\"from\":\"2025-12-01\",\"to\":\"2025-12-01\"}", "from"},
        {"{\"kind\":\"calls\",\"from\":\"2025-12-01\"}", "to"},
        {"{\"kind\":\"calls\",\"from\":\"2025-12-02\",\"to\":\"2025-12-01\"}", "to"},
        {"{\"kind\":\"calls\",\"from\":\"1925-12-02\",\"to\":\"2025-12-01\"}", "to"},
        {"{\"kind\":\"calls\",\"from\":7,\"to\":\"2025-12-01\"}", "from"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct answer a = want(ALL, rows[i][0]);
        refuse(&a, 422, rows[i][1]);
        assert_has(a.body, desk_arena_fmt(look, "\"pointer\":\"#/%s\"", rows[i][1]));
    }
    struct answer a = want(WRITE, "{\"kind\":\"people\"}"); /* it would see everybody */
    refuse(&a, 403, NULL);
    assert_has(a.body, "personal");
    a = want(PERSONAL, "{\"kind\":\"people\"}");
    refuse(&a, 403, NULL);
}

/* ---- the description as a page --------------------------------------------------------------- */

static void every_operation_is_on_the_page(void **state)
{
    (void)state;
    struct answer index = get("/docs/api", -1);
    assert_int_equal(index.status, 200);
    assert_string_equal(index.type, "text/html; charset=utf-8");
    assert_has(index.headers, "Content-Security-Policy: ");
    assert_true(index.len < 50 * 1024);
    size_t parts = 0;
    for (const char *p = index.body; (p = strstr(p, "href=\"/docs/api/")) != NULL; parts++) {
        p += strlen("href=\"");
        const char *uri = desk_arena_strndup(look, p, strcspn(p, "\""));
        struct answer a = get(uri, -1);
        assert_int_equal(a.status, 200);
        assert_true(a.len < 50 * 1024);
        assert_has(a.body, "curl ");
    }
    assert_true(parts > 15);
    for (const struct desk_route *r = api_routes; r->path; r++) {
        size_t n = strcspn(r->path, ":"); /* then "{id}" */
        assert_has(index.body, desk_arena_strndup(look, r->path, n));
    }
    struct answer a = get("/docs/api/exceptions", -1);
    assert_has(a.body, "/v1/exceptions/{id}");
    assert_has(a.body, "curl -X POST &#39;" TEST_BASE "/v1/exceptions&#39;");
    assert_has(a.body, "{&quot;number&quot;:&quot;+14155550134&quot;,&quot;name&quot;:");
    assert_has(a.body, "write");
    a = get("/docs/api/slots", -1);
    assert_has(a.body, "/v1/slots?service=repair&#39;");
    a = get("/docs/api/nothing", -1);
    refuse(&a, 404, NULL);
}

/* ---- how often ------------------------------------------------------------------------------- */

#define LIMIT     40
#define PROCESSES 4
#define EACH      20 /* more in all than the limit */

/* How many requests of that token are let in. */
static int let_in(const char *token)
{
    int n = 0;
    for (int i = 0; i < EACH; i++) {
        struct desk_request req = {.token = {.id = token}};
        n += api_admit(&req) == DESK_OK;
    }
    return n;
}

static int let_in_all(const char *token)
{
    pid_t pids[PROCESSES];
    int all = 0;
    for (int i = 0; i < PROCESSES; i++) {
        pids[i] = fork();
        assert_true(pids[i] >= 0);
        if (pids[i] == 0)
            _exit(let_in(token));
    }
    for (int i = 0; i < PROCESSES; i++) {
        int status;
        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        assert_true(WIFEXITED(status));
        all += WEXITSTATUS(status);
    }
    return all;
}

/* Each process opens the file with its first request, so this one may not have asked before. Where
 * the machine slept for as long as the limit is of, it begins once more. */
static void all_processes_count_together(void **state)
{
    int all = 0, later = 0;
    int64_t took = INT64_MAX;
    (void)state;
    desk_setting_override(DESK_S_API_RATE_PER_MINUTE, "40");
    for (int i = 0; took > 50000; i++) {
        int64_t began = desk_mono_ms();
        const char *token = desk_arena_fmt(look, "token_of_many_%d", i);
        assert_true(i < 5);
        all = let_in_all(token);
        later = let_in(token);
        took = desk_mono_ms() - began;
    }
    assert_int_equal(all, LIMIT);
    assert_int_equal(later, 0);
    desk_setting_override(DESK_S_API_RATE_PER_MINUTE, "6000");
}

/* Rows that only this program asks for: one that only ever refused was not tested. */
static void every_row_was_answered_well(void **state)
{
    static const char *const mine_only[] = {"/v1/businesses", "/v1/locations", "/v1/reports",
                                            "/v1/exports", "/docs/api"};
    (void)state;
    for (size_t i = 0; api_routes[i].path; i++)
        for (size_t k = 0; k < sizeof mine_only / sizeof *mine_only; k++) {
            const struct desk_route_stats *s = &api_web.stats[i];
            if (strncmp(api_routes[i].path, mine_only[k], strlen(mine_only[k])) == 0 &&
                atomic_load(&s->requests) == atomic_load(&s->failures))
                fail_msg("no test was served by %s", api_routes[i].path);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_processes_count_together), /* first: see there */
        cmocka_unit_test(a_token_sees_its_own_business),
        cmocka_unit_test(locations_lie_over_their_business),
        cmocka_unit_test(figures_of_some_days),
        cmocka_unit_test(days_that_are_none),
        cmocka_unit_test(a_file_is_asked_for_and_fetched),
        cmocka_unit_test(a_file_that_could_not_be_made),
        cmocka_unit_test(files_in_pages),
        cmocka_unit_test(files_that_are_none),
        cmocka_unit_test(every_operation_is_on_the_page),
        cmocka_unit_test(every_row_was_answered_well),
    };
    return cmocka_run_group_tests_name("api_more", tests, begin, finish);
}
