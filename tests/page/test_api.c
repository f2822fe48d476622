/* The REST zone: who may read what, paging, errors, and a description that matches the table. */
#include "tests/page/web_test.h"
#include "cgi-bin/api/api.h"
#include "base/clock.h"
#include "store/appointments.h"
#include "store/attention.h"
#include "store/calls.h"
#include "store/conversation.h"
#include "store/results.h"
#include "store/usage.h"

#include <jansson.h>

static char read_token[44], write_token[44], other_token[44];

static json_t *parse(const struct answer *a)
{
    json_error_t e;
    json_t *v = json_loads(a->body, 0, &e);
    if (!v)
        fail_msg("%s in: %s", e.text, a->body);
    return v;
}

static struct answer get(const char *uri, const char *token)
{
    char *header = token ? desk_arena_fmt(look, "Bearer %s", token) : NULL;
    return send_ask(&api_web, (struct ask){.method = "GET", .uri = uri, .authorization = header});
}

/* status, media type and code of a problem; the root is the caller's */
static json_t *problem(const struct answer *a, int status, const char *code)
{
    assert_int_equal(a->status, status);
    assert_string_equal(a->type, "application/problem+json");
    json_t *v = parse(a);
    assert_int_equal(json_integer_value(json_object_get(v, "status")), status);
    assert_string_equal(json_string_value(json_object_get(v, "code")), code);
    assert_non_null(json_object_get(v, "request_id"));
    return v;
}

static void refuse(const struct answer *a, int status, const char *code)
{
    json_decref(problem(a, status, code));
}

/* ---- calls to read --------------------------------------------------------------------------- */

static void add_call(const struct desk_number *n, const char *id, int64_t at)
{
    struct desk_call c = {.id = id,
                          .tenant_id = n->tenant_id,
                          .location_id = n->location_id,
                          .call_sid = desk_arena_fmt(look, "CA%s", id),
                          .direction = "inbound",
                          .caller_kind = "new",
                          .from_number = "+14155550134",
                          .from_key = "secret-key",
                          .to_number = n->e164,
                          .mode = "realtime",
                          .status = "completed",
                          .status_rank = 50,
                          .stream_token = "secret-hash",
                          .dialog = "{\"secret\":1}",
                          .started_at = at,
                          .updated_at = at};
    struct desk_turn t = {.tenant_id = c.tenant_id,
                          .call_id = id,
                          .item_id = "i1",
                          .who = DESK_WHO_CALLER,
                          .how = "speech",
                          .text = "My pipe leaks \xe2\x80\x94 \"badly\""};
    struct desk_tool_run r = {.id = desk_arena_fmt(look, "run_%s", id),
                              .tenant_id = c.tenant_id,
                              .call_id = id,
                              .dedupe = "d",
                              .tool = "log_caller_info",
                              .args = "{\"name\":\"Dana\"}",
                              .created_at = 1};
    struct desk_callback cb = {.id = desk_arena_fmt(look, "cb_%s", id),
                               .tenant_id = c.tenant_id,
                               .call_id = id,
                               .number = "+14155550134",
                               .state = "open",
                               .created_at = 1};
    struct desk_message m = {.id = desk_arena_fmt(look, "msg_%s", id),
                             .tenant_id = c.tenant_id,
                             .call_id = id,
                             .recording_sid = desk_arena_fmt(look, "RE%s", id),
                             .recording_url = "https://secret.example.com/",
                             .state = "new",
                             .created_at = 1};
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    enum desk_rc rc = desk_call_insert(admin_db, &c);
    rc = rc ? rc : desk_turn_add(admin_db, &t);
    rc = rc ? rc : desk_event_add(admin_db, c.tenant_id, id, at, "rule", "caller_new", "x", NULL);
    rc = rc ? rc : desk_tool_run_add(admin_db, &r);
    rc = rc ? rc : desk_callback_insert(admin_db, &cb);
    rc = rc ? rc : desk_message_insert(admin_db, &m);
    const struct desk_attention undone = {
        .tenant_id = c.tenant_id, .call_id = id, .claim = "callback", .words = "I will call you."};
    const struct desk_usage used = {.tenant_id = c.tenant_id,
                                    .call_id = id,
                                    .part = DESK_USAGE_VOICE,
                                    .model = "offline",
                                    .asks = 1};
    rc = rc ? rc : desk_attention_raise(admin_db, &undone);
    rc = rc ? rc : desk_usage_add(admin_db, &used);
    assert_int_equal(desk_tx_end(admin_db, rc), DESK_OK);
}

static int begin(void **state)
{
    (void)state;
    struct desk_number mine, other;
    test_begin_two(DESK_ZONE_API, &mine, &other);
    for (int i = 0; i < 25; i++) /* pairs at the same moment: the id decides */
        add_call(&mine, desk_arena_fmt(look, "call_%02d", i), 1700000000000 + i / 2 * 1000);
    add_call(&other, "call_other", 1700000000000);
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    enum desk_rc rc = desk_token_create(admin_db, mine.tenant_id, "r", "read personal", read_token);
    rc = rc ? rc : desk_token_create(admin_db, mine.tenant_id, "w", "write", write_token);
    rc = rc ? rc
            : desk_token_create(admin_db, other.tenant_id, "o", "read write personal", other_token);
    assert_int_equal(desk_tx_end(admin_db, rc), DESK_OK);
    return 0;
}

/* ---- calendar files -------------------------------------------------------------------------- */

static char feed_secret[DESK_TOKEN_LEN], visit_secret[DESK_BLIND_LEN];

static void add_visit(void)
{
    struct desk_number mine;
    assert_int_equal(desk_number_find(admin_db, look, TEST_TO, &mine), DESK_OK);
    struct desk_appointment row = {.id = "ap_1",
                                   .tenant_id = mine.tenant_id,
                                   .location_id = mine.location_id,
                                   .service = "repair",
                                   .service_name = "repair",
                                   .resource = "r",
                                   .status = DESK_APPT_BOOKED,
                                   .start_at = desk_now_ms() + 86400000,
                                   .end_at = desk_now_ms() + 90000000,
                                   .busy_until = desk_now_ms() + 90000000,
                                   .name = "Dana Reed",
                                   .notes = "the side door",
                                   .source = "owner",
                                   .created_at = 1,
                                   .updated_at = 1};
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    enum desk_rc rc = desk_appointment_insert(admin_db, &row);
    rc = rc ? rc : desk_calendar_feed_new(admin_db, mine.tenant_id, feed_secret);
    assert_int_equal(desk_tx_end(admin_db, rc), DESK_OK);
    desk_appointment_link(admin_db, mine.tenant_id, "ap_1", visit_secret);
}

static void gives_calendars_to_who_has_the_address(void **state)
{
    (void)state;
    add_visit();
    struct answer a = get(desk_arena_fmt(look, "/v1/calendar/feed/%s.ics", feed_secret), NULL);
    assert_int_equal(a.status, 200);
    assert_string_equal(a.type, "text/calendar; charset=utf-8");
    assert_has(a.headers, "Cache-Control: no-store\r\n");
    assert_has(a.headers, "Referrer-Policy: no-referrer\r\n");
    assert_has(a.body, "SUMMARY:repair: Dana Reed\r\n");
    a = get(desk_arena_fmt(look, "/v1/calendar/visit/%s.ics", visit_secret), NULL);
    assert_int_equal(a.status, 200);
    assert_has(a.body, "SUMMARY:Harwick Plumbing: repair\r\n");
    assert_has_not(a.body, "side door");
    static const char *const wrong[] = {
        "/v1/calendar/feed/%s",         "/v1/calendar/feed/x%s.ics",
        "/v1/calendar/feed/%sx.ics",    "/v1/calendar/feed/.ics?x=%s",
        "/v1/calendar/visit/%s.ics",    "/v1/calendar/feed/%s.ICS",
        "/v1/calendar/feed/%%00%s.ics", "/v1/calendar/feed/?file=%s.ics"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct desk_buf uri;
        desk_buf_init(&uri, 400);
        for (const char *p = wrong[i]; *p; p++) {
            bool secret = p[0] == '%' && p[1] == 's', percent = p[0] == '%' && p[1] == '%';
            if (secret)
                desk_buf_str(&uri, feed_secret);
            else
                desk_buf_chr(&uri, *p);
            p += secret || percent;
        }
        a = get(desk_arena_strdup(look, desk_buf_cstr(&uri)), NULL);
        desk_buf_clear(&uri);
        if (a.status == 200)
            fail_msg("given for %s", wrong[i]);
    }
    char old[DESK_TOKEN_LEN];
    struct desk_number mine;
    memcpy(old, feed_secret, sizeof old);
    assert_int_equal(desk_number_find(admin_db, look, TEST_TO, &mine), DESK_OK);
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    enum desk_rc rc = desk_calendar_feed_new(admin_db, mine.tenant_id, feed_secret);
    assert_int_equal(desk_tx_end(admin_db, rc), DESK_OK);
    a = get(desk_arena_fmt(look, "/v1/calendar/feed/%s.ics", old), NULL);
    refuse(&a, 404, "not_found");
    a = get(desk_arena_fmt(look, "/v1/calendar/feed/%s.ics", feed_secret), NULL);
    assert_int_equal(a.status, 200);
}

static int finish(void **state)
{
    (void)state;
    return test_finish();
}

static struct answer post_json(const char *uri, const char *token, const char *json)
{
    return send_ask(&api_web,
                    (struct ask){.method = "POST",
                                 .uri = uri,
                                 .type = "application/json; charset=utf-8",
                                 .body = json,
                                 .authorization = desk_arena_fmt(look, "Bearer %s", token)});
}

/* ---- tests ----------------------------------------------------------------------------------- */

static void says_whether_it_is_well(void **state)
{
    (void)state;
    struct answer a = get("/healthz", NULL);
    assert_int_equal(a.status, 200);
    assert_string_equal(a.body, "{\"ok\":true}\n");
    a = send_ask(&api_web, (struct ask){.method = "GET", .uri = "/healthz", .no_db = true});
    refuse(&a, 503, "busy");
    assert_has(a.headers, "Retry-After: 1\r\n");
    a = send_ask(&api_web, (struct ask){.method = "HEAD", .uri = "/healthz"});
    assert_int_equal(a.status, 200);
}

static void asks_for_a_token(void **state)
{
    (void)state;
    static const char *const headers[] = {
        NULL, "", "Basic eDp5", "Bearer", "Bearer ", "Bearer nonsense", "bearer \xff"};
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        struct answer a = send_ask(
            &api_web,
            (struct ask){.method = "GET", .uri = "/v1/calls", .authorization = headers[i]});
        refuse(&a, 401, "unauthorized");
        assert_has(a.headers, "WWW-Authenticate: Bearer\r\n");
    }
    struct answer a = get("/v1/calls", write_token);
    refuse(&a, 403, "forbidden");
    a = send_ask(&api_web,
                 (struct ask){.method = "GET",
                              .uri = "/v1/calls",
                              .authorization = desk_arena_fmt(look, "bEARER  %s", read_token)});
    assert_int_equal(a.status, 200);
    assert_has(a.headers, "Cache-Control: no-store\r\n");
}

static void pages_through_all_calls_once(void **state)
{
    (void)state;
    const char *uri = "/v1/calls?limit=7";
    char seen[25] = {0};
    size_t pages = 0, n = 0;
    while (uri) {
        struct answer a = get(uri, read_token);
        assert_int_equal(a.status, 200);
        assert_string_equal(a.type, "application/json");
        json_t *root = parse(&a), *v;
        size_t i;
        json_array_foreach(json_object_get(root, "calls"), i, v)
        {
            long k = strtol(json_string_value(json_object_get(v, "id")) + 5, NULL, 10);
            assert_int_equal(seen[k]++, 0);
            n++;
        }
        const char *next = json_string_value(json_object_get(root, "next"));
        if (next)
            assert_has(a.headers, desk_arena_fmt(look, "Link: <%s>; rel=\"next\"", next));
        else
            assert_has_not(a.headers, "Link:");
        uri = desk_arena_strdup(look, next);
        json_decref(root);
        pages++;
    }
    assert_int_equal(n, 25);
    assert_int_equal(pages, 4);
}

static void refuses_what_is_no_place_in_the_list(void **state)
{
    (void)state;
    static const struct {
        const char *uri, *name;
    } rows[] = {
        {"/v1/calls?limit=51", "limit"},      {"/v1/calls?limit=-1", "limit"},
        {"/v1/calls?limit=many", "limit"},    {"/v1/calls?limit=99999999999999999999999", "limit"},
        {"/v1/calls?before=yesterday", NULL}, {"/v1/calls?before=17.", NULL},
        {"/v1/calls?before=-5", NULL},        {"/v1/calls?before=17x", NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct answer a = get(rows[i].uri, read_token);
        json_t *p = problem(&a, 422, "invalid");
        json_t *first = json_array_get(json_object_get(p, "errors"), 0);
        if (rows[i].name)
            assert_string_equal(json_string_value(json_object_get(first, "name")), rows[i].name);
        json_decref(p);
    }
    struct answer a = get("/v1/calls?before=1", read_token);
    assert_string_equal(a.body, "{\"calls\":[],\"next\":null}\n");
}

static void shows_one_call_whole_and_nothing_secret(void **state)
{
    (void)state;
    struct answer a = get("/v1/calls/call_03", read_token);
    assert_int_equal(a.status, 200);
    assert_has_not(a.body, "secret");
    json_t *root = parse(&a);
    assert_string_equal(json_string_value(json_object_get(root, "from_number")), "+14155550134");
    assert_string_equal(json_string_value(json_object_get(
                            json_array_get(json_object_get(root, "turns"), 0), "text")),
                        "My pipe leaks \xe2\x80\x94 \"badly\"");
    static const char *const parts[] = {"turns",    "events",    "tool_runs", "callbacks",
                                        "messages", "attention", "usage"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        assert_int_equal(json_array_size(json_object_get(root, parts[i])), 1);
    assert_true(json_is_null(json_object_get(root, "notes")));    /* it is not over */
    assert_true(json_is_null(json_object_get(root, "decision"))); /* no end was told */
    json_t *args = json_object_get(json_array_get(json_object_get(root, "tool_runs"), 0), "args");
    assert_string_equal(json_string_value(json_object_get(args, "name")), "Dana");
    json_decref(root);
}

static void tells_how_a_call_ended(void **state)
{
    (void)state;
    struct desk_call c;
    assert_int_equal(desk_call_by_sid(admin_db, look, "CAcall_02", &c), DESK_OK);
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    assert_int_equal(desk_tx_end(admin_db, desk_call_close(admin_db, &c, false, 5000)), DESK_OK);
    struct answer a = get("/v1/calls/call_02", read_token);
    json_t *root = parse(&a);
    assert_string_equal(json_string_value(json_object_get(root, "decision")), "failed");
    json_decref(root);
    assert_has(get("/v1/calls?limit=50", read_token).body, "\"decision\":\"failed\"");
}

static void keeps_businesses_apart(void **state)
{
    (void)state;
    static const char *const ids[] = {"call_other", "call_nowhere",
                                      "a%2Fb",      "%27--",
                                      "x%20y",      "0123456789012345678901234567890123456789"};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        struct answer a = get(desk_arena_fmt(look, "/v1/calls/%s", ids[i]), read_token);
        refuse(&a, 404, "not_found");
    }
    struct answer a = get("/v1/calls", other_token);
    json_t *root = parse(&a);
    assert_int_equal(json_array_size(json_object_get(root, "calls")), 1);
    json_decref(root);
}

static void knows_methods_and_paths(void **state)
{
    (void)state;
    struct answer a = send_ask(&api_web, (struct ask){.method = "POST", .uri = "/v1/calls"});
    refuse(&a, 405, "method_not_allowed");
    assert_has(a.headers, "Allow: GET, HEAD\r\n");
    a = get("/v1/nothing", read_token);
    refuse(&a, 404, "not_found");
    a = get("/v1/calls/call_03/turns", read_token);
    refuse(&a, 404, "not_found");
    a = get("/v1/calls/", read_token);
    refuse(&a, 404, "not_found");
}

static struct answer hook_ask(const char *method, const char *uri, const char *token,
                              const char *json, const char *if_match)
{
    return send_ask(&api_web,
                    (struct ask){.method = method,
                                 .uri = uri,
                                 .type = json ? "application/json" : NULL,
                                 .body = json,
                                 .if_match = if_match,
                                 .authorization = desk_arena_fmt(look, "Bearer %s", token)});
}

static const char *member(const struct answer *a, const char *name)
{
    json_t *v = parse(a);
    const char *text = json_string_value(json_object_get(v, name));
    char *copy = desk_arena_strdup(look, text ? text : "");
    json_decref(v);
    return copy;
}

static const char *tag_of(const struct answer *a)
{
    const char *p = strstr(a->headers, "ETag: ");
    assert_non_null(p);
    return desk_arena_strndup(look, p + 6, strcspn(p + 6, "\r"));
}

/* What does not fit is told by its place, and nothing is made of it. */
static void webhooks_that_are_none(void **state)
{
    static const struct {
        const char *json, *pointer;
    } rows[] = {
        {"{\"url\":\"https://h.example.com/x\",\"events\":[\"lead.created\",\"lead.lost\"]}",
         "#/events"},
        {"{\"url\":\"https://h.example.com/x\",\"events\":[7]}", "#/events"},
        {"{\"url\":\"https://10.0.0.1/x\"}", "#/url"},
        {"{\"url\":\"http://h.example.com/x\"}", "#/url"},
        {"{\"url\":\"https://h.example.com/x\",\"format\":\"xml\"}", "#/format"},
        {"{\"url\":\"https://h.example.com/x\",\"colour\":1}", "#/colour"},
        {"{\"events\":\"*\"}", NULL},
        {"[]", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct answer a = post_json("/v1/webhooks", write_token, rows[i].json);
        if (a.status != 422 || (rows[i].pointer && !strstr(a.body, rows[i].pointer)))
            fail_msg("%s: %d %s", rows[i].json, a.status, a.body);
    }
}

static void webhooks(void **state)
{
    (void)state;
    struct answer a = post_json("/v1/webhooks", read_token, "{\"url\":\"https://h.example.com\"}");
    refuse(&a, 403, "forbidden");
    a = post_json(
        "/v1/webhooks", write_token,
        "{\"url\":\"https://h.example.com/x\",\"events\":\"lead.created, alert.raised\"}");
    assert_int_equal(a.status, 201);
    assert_has(a.body, "whsec_");
    const char *id = member(&a, "id"), *uri = desk_arena_fmt(look, "/v1/webhooks/%s", id);
    const char *mine = tag_of(&a);
    a = get("/v1/webhooks", read_token);
    assert_has(a.body, id);
    assert_has_not(a.body, "whsec_");
    a = get(uri, read_token);
    const char *was = tag_of(&a); /* another's, who sees no address */
    assert_has(a.body, "[\"lead.created\",\"alert.raised\"]");
    /* of another business: not there at all */
    a = get("/v1/webhooks", other_token);
    assert_has_not(a.body, id);
    static const char *const ways[][2] = {{"GET", ""},
                                          {"PATCH", ""},
                                          {"DELETE", ""},
                                          {"POST", "/test"},
                                          {"POST", "/rotate"},
                                          {"GET", "/deliveries"},
                                          {"POST", "/deliveries/out_1"}};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        a = hook_ask(ways[i][0], desk_arena_fmt(look, "%s%s", uri, ways[i][1]), other_token, NULL,
                     NULL);
        refuse(&a, 404, "not_found");
    }
    a = hook_ask("PATCH", uri, write_token, "{\"personal\":true,\"events\":\"*\"}", "\"7\"");
    refuse(&a, 412, "stale");
    a = hook_ask("PATCH", uri, write_token, "{\"personal\":true,\"events\":\"*\"}", was);
    refuse(&a, 412, "stale");
    a = hook_ask("PATCH", uri, write_token, "{\"personal\":true,\"events\":\"*\"}", mine);
    assert_int_equal(a.status, 200);
    assert_string_not_equal(tag_of(&a), mine);
    assert_has(a.body, "\"personal\":true");
    a = hook_ask("POST", desk_arena_fmt(look, "%s/rotate", uri), write_token, NULL, NULL);
    assert_has(a.body, "whsec_");
    a = hook_ask("POST", desk_arena_fmt(look, "%s/test", uri), write_token, NULL, NULL);
    assert_int_equal(a.status, 202);
    const char *delivery = member(&a, "delivery");
    a = get(desk_arena_fmt(look, "%s/deliveries", uri), read_token);
    assert_has(a.body, delivery);
    assert_has(a.body, "webhook.test");
    assert_has_not(a.body, "body");
    a = hook_ask("POST", desk_arena_fmt(look, "%s/deliveries/%s", uri, delivery), write_token, NULL,
                 NULL);
    assert_int_equal(a.status, 202);
    a = hook_ask("DELETE", uri, write_token, NULL, NULL);
    assert_int_equal(a.status, 204);
    a = get(uri, read_token);
    refuse(&a, 404, "not_found");
}

/* Every row of the table is in the document, and nothing else. */
static void describes_itself(void **state)
{
    (void)state;
    struct answer a =
        send_ask(&api_web, (struct ask){.method = "GET", .uri = "/v1/openapi.json", .no_db = true});
    assert_int_equal(a.status, 200);
    json_t *root = parse(&a), *paths = json_object_get(root, "paths");
    size_t rows = 0, operations = 0;
    const char *path;
    json_t *item;
    while (api_routes[rows].path)
        rows++;
    json_object_foreach(paths, path, item) operations += json_object_size(item);
    assert_int_equal(operations, rows);
    assert_string_equal(json_string_value(json_object_get(root, "openapi")), "3.1.0");
    json_t *get_one = json_object_get(json_object_get(paths, "/v1/calls/{id}"), "get");
    assert_string_equal(json_string_value(json_object_get(get_one, "operationId")),
                        "get_v1_calls_id");
    json_t *id = json_array_get(json_object_get(get_one, "parameters"), 0);
    assert_string_equal(json_string_value(json_object_get(id, "in")), "path");
    assert_true(json_is_true(json_object_get(id, "required")));
    assert_non_null(json_object_get(get_one, "security"));
    assert_null(
        json_object_get(json_object_get(json_object_get(paths, "/healthz"), "get"), "security"));
    json_t *list = json_object_get(json_object_get(paths, "/v1/calls"), "get");
    json_t *limit = json_array_get(json_object_get(list, "parameters"), 1);
    assert_int_equal(
        json_integer_value(json_object_get(json_object_get(limit, "schema"), "maximum")),
        DESK_MAX_PAGE_ROWS);
    json_decref(root);
}

static void shows_its_counters(void **state)
{
    (void)state;
    struct answer a = get("/metrics/api", NULL);
    assert_int_equal(a.status, 200);
    assert_has(a.body,
               "frontdesk_requests_total{zone=\"api\",method=\"GET\",route=\"/v1/calls\"} ");
}

/* What they do is tested in test_api_session.c. */
static void sessions_want_a_token_that_may_write(void **state)
{
    (void)state;
    static const char *const paths[] = {"/v1/voice/session/start", "/v1/voice/session/vs_1/input",
                                        "/v1/voice/session/vs_1/end", "/telephony/audio",
                                        "/telephony/end"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        struct ask ask = {.method = "POST", .uri = paths[i], .type = "application/json"};
        struct answer a = send_ask(&api_web, ask);
        refuse(&a, 401, "unauthorized");
        ask.authorization = desk_arena_fmt(look, "Bearer %s", read_token);
        a = send_ask(&api_web, ask);
        refuse(&a, 403, "forbidden");
    }
    struct answer a = get("/v1/voice/session/vs_1", read_token);
    refuse(&a, 404, "not_found");
}

static void owners_questions_are_answered(void **state)
{
    (void)state;
    static const char uri[] = "/v1/voice/owner/query";
    struct answer a = post_json(uri, read_token, "{\"text\": \"any callbacks?\"}");
    assert_int_equal(a.status, 200);
    json_t *v = parse(&a);
    assert_string_equal(json_string_value(json_object_get(v, "kind")), "callbacks");
    assert_has(json_string_value(json_object_get(v, "say")), "25 open callbacks: 4 1 5, 5 5 5, ");
    assert_has(json_string_value(json_object_get(v, "say")), ", and 22 more.");
    json_t *data = json_object_get(v, "data");
    assert_int_equal(json_integer_value(json_object_get(data, "count")), 25);
    assert_int_equal(json_array_size(json_object_get(data, "items")), 20);
    assert_null(json_object_get(data, "from")); /* of any day */
    json_decref(v);
    /* another business has its own; a location is one of its own */
    a = post_json(uri, other_token, "{\"text\": \"any callbacks\", \"business\": \"other\"}");
    assert_has(a.body, "One open callback: ");
    a = post_json(uri, read_token,
                  "{\"text\": \"who called on November 14th 2023\", \"location\": \"Main\"}");
    assert_has(a.body, "\"kind\":\"calls\"");
    assert_has(a.body, "25 calls from one person on Tuesday, November 14th, 2023: a caller from ");
    assert_has(a.body, "\"from\":\"2023-11-14T00:00:00-05:00\"");
    a = post_json(uri, read_token, "{\"text\": \"who called today\"}");
    assert_has(a.body, "\"say\":\"Nobody called today.\"");
    a = post_json(uri, read_token, "{\"text\": \"any messages\"}");
    assert_has(a.body, "25 new messages: from ");
    a = post_json(uri, read_token, "{\"text\": \"anything on tomorrow\"}");
    assert_has(a.body, "\"calendar\":true");
    assert_has(a.body, "One appointment tomorrow: Dana Reed at ");
    a = post_json(uri, read_token, "{\"text\": \"what did I miss\"}");
    assert_has(a.body, "\"callbacks\":25");
    /* what does not fit */
    a = post_json(uri, read_token, "{\"text\": \"x\", \"business\": \"other\"}");
    refuse(&a, 403, "forbidden");
    a = post_json(uri, read_token, "{\"text\": \"x\", \"location\": \"Moon\"}");
    refuse(&a, 404, "not_found");
    a = post_json(uri, read_token, "{\"text\": \"\"}");
    refuse(&a, 422, "invalid");
    a = post_json(uri, read_token, "[1]");
    refuse(&a, 422, "invalid");
    a = post_json(uri, read_token, "{\"text\": [1]}");
    refuse(&a, 422, "invalid");
    a = post_json(uri, read_token, "{\"text\"");
    refuse(&a, 422, "invalid");
    a = post_json(uri, write_token, "{\"text\": \"any calls\"}");
    refuse(&a, 403, "forbidden"); /* it may not read */
    a = post_json(uri, "nobody", "{\"text\": \"any calls\"}");
    refuse(&a, 401, "unauthorized");
    /* a form does, too */
    a = send_ask(&api_web,
                 (struct ask){.method = "POST",
                              .uri = uri,
                              .type = "application/x-www-form-urlencoded",
                              .body = "text=any+callbacks",
                              .authorization = desk_arena_fmt(look, "Bearer %s", read_token)});
    assert_int_equal(a.status, 200);
}

/* Resources and what has another name are asked in test_api_rest.c, these in test_api_more.c. */
static bool asked_elsewhere(const struct desk_route *r)
{
    return r->of || r->example || r->fn == api_openapi || r->fn == api_docs ||
           r->fn == api_docs_part || r->fn == api_exports_file;
}

static void every_route_was_asked(void **state)
{
    (void)state;
    for (size_t i = 0; api_routes[i].path; i++)
        if (!asked_elsewhere(&api_routes[i]) && !atomic_load(&api_web.stats[i].requests))
            fail_msg("no test asks %s", api_routes[i].path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_whether_it_is_well),
        cmocka_unit_test(asks_for_a_token),
        cmocka_unit_test(pages_through_all_calls_once),
        cmocka_unit_test(refuses_what_is_no_place_in_the_list),
        cmocka_unit_test(shows_one_call_whole_and_nothing_secret),
        cmocka_unit_test(tells_how_a_call_ended),
        cmocka_unit_test(keeps_businesses_apart),
        cmocka_unit_test(knows_methods_and_paths),
        cmocka_unit_test(gives_calendars_to_who_has_the_address),
        cmocka_unit_test(webhooks_that_are_none),
        cmocka_unit_test(webhooks),
        cmocka_unit_test(describes_itself),
        cmocka_unit_test(shows_its_counters),
        cmocka_unit_test(sessions_want_a_token_that_may_write),
        cmocka_unit_test(owners_questions_are_answered),
        cmocka_unit_test(every_route_was_asked),
    };
    return cmocka_run_group_tests_name("api", tests, begin, finish);
}
