/* The resources under /v1 and the concierge's addresses: lists by pages, ETags, writes that may be
 * sent twice, and who may do what: every cell of token × route × business, from the route table. */
#include "tests/page/web_test.h"
#include "cgi-bin/api/api.h"
#include "base/clock.h"
#include "db/seal.h"
#include "store/appointments.h"
#include "store/contacts.h"
#include "store/conversation.h"
#include "store/exceptions.h"
#include "store/pages.h"
#include "store/records.h"
#include "store/results.h"
#include "store/users.h"
#include "store/voice_sessions.h"

#include <jansson.h>

#define CALLER  "+14155550134"
#define NAME    "Dana Zebrowski"
#define AT      1700000000000
#define ROWS    5 /* of each kind */
#define JSON    "application/json"
#define OF_SALE "won"

/* Whose token, and what it may. */
enum { READ, PERSONAL, WRITE, ALL, OTHER, TOKENS };
static const char *const scopes[TOKENS] = {"read", "read personal", "write", "read write personal",
                                           "read write personal"};
static char secrets[TOKENS][DESK_TOKEN_LEN];

/* ---- asking ---------------------------------------------------------------------------------- */

static struct answer say(const char *method, const char *uri, int token, struct ask more)
{
    more.method = method;
    more.uri = uri;
    more.type = more.type ? more.type : more.body ? JSON : NULL;
    more.authorization = token < 0 ? NULL : desk_arena_fmt(look, "Bearer %s", secrets[token]);
    return send_ask(&api_web, more);
}

static struct answer get(const char *uri, int token)
{
    return say("GET", uri, token, (struct ask){.body = NULL});
}

static struct answer send(const char *method, const char *uri, const char *json)
{
    return say(method, uri, ALL, (struct ask){.body = json});
}

static json_t *parse(const struct answer *a)
{
    json_error_t e;
    json_t *v = json_loads(a->body, 0, &e);
    if (!v)
        fail_msg("%s in %d: %s", e.text, a->status, a->body);
    return v;
}

/* A text member, copied; "" when there is none. */
static const char *member(const struct answer *a, const char *name)
{
    json_t *v = parse(a);
    const char *text = json_string_value(json_object_get(v, name));
    text = desk_arena_strdup(look, text ? text : "");
    json_decref(v);
    return text;
}

static void expect(const struct answer *a, int status)
{
    if (a->status != status)
        fail_msg("%d and not %d: %s", a->status, status, a->body);
}

/* A problem with its code, pointing at that place (NULL: at none). */
static void refuse(const struct answer *a, int status, const char *code, const char *pointer)
{
    expect(a, status);
    assert_string_equal(a->type, "application/problem+json");
    json_t *v = parse(a), *first = json_array_get(json_object_get(v, "errors"), 0);
    assert_string_equal(json_string_value(json_object_get(v, "code")), code);
    if (pointer)
        assert_string_equal(json_string_value(json_object_get(first, "pointer")), pointer);
    json_decref(v);
}

static const char *tag(const struct answer *a)
{
    const char *p = strstr(a->headers, "ETag: ");
    assert_non_null(p);
    return desk_arena_strndup(look, p + 6, strcspn(p + 6, "\r"));
}

/* ---- rows to read ---------------------------------------------------------------------------- */

static const char *name_of(const char *kind, const char *whose, int i)
{
    return desk_arena_fmt(look, "%s_%s%d", kind, whose, i);
}

static enum desk_rc add_call(const struct desk_number *n, const char *whose, int i, int64_t at)
{
    const char *t = n->tenant_id, *id = name_of("call", whose, i);
    struct desk_call c = {.id = id,
                          .tenant_id = t,
                          .location_id = n->location_id,
                          .call_sid = name_of("CA", whose, i),
                          .direction = "inbound",
                          .caller_kind = "new",
                          .from_number = CALLER,
                          .to_number = n->e164,
                          .mode = "realtime",
                          .status = "completed",
                          .status_rank = 50,
                          .summary = NAME " has a leak",
                          .started_at = at,
                          .updated_at = at};
    struct desk_turn said = {.id = name_of("turn", whose, i),
                             .tenant_id = t,
                             .call_id = id,
                             .item_id = "i",
                             .who = DESK_WHO_CALLER,
                             .how = "speech",
                             .text = NAME " here",
                             .created_at = at};
    struct desk_message m = {.id = name_of("msg", whose, i),
                             .tenant_id = t,
                             .call_id = id,
                             .text = NAME " rang",
                             .state = "new",
                             .created_at = at};
    struct desk_callback cb = {.id = name_of("cb", whose, i),
                               .tenant_id = t,
                               .call_id = id,
                               .name = NAME,
                               .number = CALLER,
                               .state = "open",
                               .created_at = at};
    struct desk_voice_session s = {.id = name_of("vs", whose, i),
                                   .tenant_id = t,
                                   .call_id = id,
                                   .state = i ? "ACTIVE" : "COMPLETED",
                                   .audio = "none",
                                   .idle_ms = 1000,
                                   .expires_at = at + 1000,
                                   .created_at = at,
                                   .updated_at = at};
    enum desk_rc rc = desk_call_insert(admin_db, &c);
    rc = rc ? rc : desk_voice_session_insert(admin_db, &s);
    rc = rc ? rc : desk_turn_add(admin_db, &said);
    rc = rc ? rc : desk_message_insert(admin_db, &m);
    return rc ? rc : desk_callback_insert(admin_db, &cb);
}

static enum desk_rc add_records(const struct desk_number *n, const char *whose, int i, int64_t at)
{
    const char *t = n->tenant_id;
    struct desk_lead l = {.id = name_of("lead", whose, i),
                          .tenant_id = t,
                          .who_key = "k",
                          .name = NAME,
                          .job = "a kitchen",
                          .state = i ? "open" : OF_SALE,
                          .created_at = at,
                          .updated_at = at};
    struct desk_ticket k = {.id = name_of("tic", whose, i),
                            .tenant_id = t,
                            .name = NAME,
                            .problem = "lights",
                            .priority = "normal",
                            .state = "open",
                            .created_at = at,
                            .updated_at = at};
    struct desk_appointment a = {.id = name_of("ap", whose, i),
                                 .tenant_id = t,
                                 .location_id = n->location_id,
                                 .service = "repair",
                                 .service_name = "repair",
                                 .resource = "r",
                                 .status = DESK_APPT_BOOKED,
                                 .start_at = at + i * 7200000,
                                 .end_at = at + i * 7200000 + 3600000,
                                 .busy_until = at + i * 7200000 + 3600000,
                                 .name = NAME,
                                 .source = "owner",
                                 .created_at = at,
                                 .updated_at = at};
    const char *number = desk_arena_fmt(look, "+1415555020%d", i);
    struct desk_contact c;
    const char *facts[DESK_FACT__MAX] = {[DESK_FACT_NAME] = NAME};
    enum desk_rc rc = desk_lead_insert(admin_db, &l);
    rc = rc ? rc : desk_ticket_insert(admin_db, &k);
    rc = rc ? rc : desk_appointment_insert(admin_db, &a);
    rc = rc ? rc : desk_exception_put(admin_db, t, number, NAME, "family");
    rc = rc ? rc : desk_contact_ensure(admin_db, look, t, number, &c);
    rc = rc == DESK_DONE ? desk_contact_set(admin_db, look, t, c.id, facts, DESK_FROM_OWNER, NULL)
                         : rc;
    return rc;
}

static void add_rows(const struct desk_number *n, const char *whose)
{
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    enum desk_rc rc = DESK_OK;
    for (int i = 0; !rc && i < ROWS; i++) { /* pairs at the same moment: the id decides */
        int64_t at = AT + i / 2 * 1000;
        desk_clock_fake(at);
        rc = add_call(n, whose, i, at);
        rc = rc ? rc : add_records(n, whose, i, at);
    }
    desk_clock_fake(0);
    assert_int_equal(desk_tx_end(admin_db, rc), DESK_OK);
}

static int begin(void **state)
{
    struct desk_number mine, other;
    (void)state;
    test_begin_two(DESK_ZONE_API, &mine, &other);
    add_rows(&mine, "m");
    add_rows(&other, "o");
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    enum desk_rc rc = DESK_OK;
    for (int i = 0; !rc && i < TOKENS; i++)
        rc = desk_token_create(admin_db, i == OTHER ? other.tenant_id : mine.tenant_id, scopes[i],
                               scopes[i], secrets[i]);
    assert_int_equal(desk_tx_end(admin_db, rc), DESK_OK);
    return 0;
}

static int finish(void **state)
{
    (void)state;
    return test_finish();
}

/* ---- lists and rows, by the route table ------------------------------------------------------ */

static bool is_list(const struct desk_route *r)
{
    return r->of && r->methods == DESK_GET && !strchr(r->path, ':') && r->of->get;
}

static const char *one_of(const struct desk_route *r, const char *id)
{
    return desk_arena_fmt(look, "%s/%s", r->path, id);
}

/* All ids of a list, newest first, by pages of that many; how many there were. */
static size_t walk(const struct desk_route *r, int limit, const char *ids[32])
{
    size_t n = 0;
    for (const char *uri = desk_arena_fmt(look, "%s?limit=%d", r->path, limit); uri;) {
        struct answer a = get(uri, PERSONAL);
        size_t i;
        expect(&a, 200);
        json_t *root = parse(&a), *v;
        json_array_foreach(json_object_get(root, r->of->name), i, v)
        {
            assert_true(n < 32);
            ids[n++] = desk_arena_strdup(look, json_string_value(json_object_get(v, "id")));
        }
        uri = desk_arena_strdup(look, json_string_value(json_object_get(root, "next")));
        if (uri)
            assert_has(a.headers, desk_arena_fmt(look, "Link: <%s>; rel=\"next\"\r\n", uri));
        else
            assert_has_not(a.headers, "Link:");
        json_decref(root);
    }
    return n;
}

static void every_list_is_the_same_by_any_pages(void **state)
{
    (void)state;
    size_t lists = 0;
    for (const struct desk_route *r = api_routes; r->path; r++) {
        const char *whole[32], *parts[32];
        if (!is_list(r))
            continue;
        size_t n = walk(r, 50, whole);
        if (n < ROWS)
            fail_msg("%s has %zu rows", r->path, n);
        for (int limit = 1; limit <= 3; limit++) {
            assert_int_equal(walk(r, limit, parts), n);
            for (size_t i = 0; i < n; i++)
                assert_string_equal(parts[i], whole[i]);
        }
        lists++;
    }
    assert_true(lists >= 9);
    static const char *const all[] = {"/v1/exceptions", "/v1/calls",    "/v1/turns",
                                      "/v1/callbacks",  "/v1/leads",    "/v1/tickets",
                                      "/v1/messages",   "/v1/contacts", "/v1/appointments"};
    for (size_t i = 0; i < 9; i++) { /* and each by its name */
        struct answer a = get(all[i], PERSONAL);
        expect(&a, 200);
    }
}

static void every_row_has_an_etag_and_is_its_own_business(void **state)
{
    (void)state;
    for (const struct desk_route *r = api_routes; r->path; r++) {
        const char *ids[32];
        if (!is_list(r))
            continue;
        walk(r, 50, ids);
        struct answer a = get(one_of(r, ids[0]), PERSONAL);
        expect(&a, 200);
        assert_string_equal(member(&a, "id"), ids[0]);
        struct answer same =
            say("GET", one_of(r, ids[0]), PERSONAL, (struct ask){.if_none_match = tag(&a)});
        expect(&same, 304);
        assert_string_equal(same.body, "");
        assert_string_equal(tag(&same), tag(&a));
        same = say("GET", one_of(r, ids[0]), PERSONAL,
                   (struct ask){.if_none_match = "\"0123\", \"4567\""});
        expect(&same, 200);
        same = get(one_of(r, ids[0]), OTHER);
        refuse(&same, 404, "not_found", NULL);
        same = get(one_of(r, "nobody"), PERSONAL);
        refuse(&same, 404, "not_found", NULL);
    }
}

/* Not one word that is of a person, for a token without that scope. */
static void people_are_sealed_from_who_may_only_read(void **state)
{
    static const char *const more[] = {"/exceptions", "/conversations",
                                       "/exceptions/check/+14155550200"};
    (void)state;
    for (const struct desk_route *r = api_routes; r->path; r++) {
        const char *ids[32];
        if (!is_list(r) || r->of == &desk_page_sessions) /* nobody is named in one */
            continue;
        walk(r, 50, ids);
        const char *const uris[] = {r->path, one_of(r, ids[0])};
        for (size_t i = 0; i < 2; i++) {
            struct answer a = get(uris[i], READ);
            expect(&a, 200);
            assert_has_not(a.body, "Zebrowski");
            assert_has_not(a.body, "+1415555");
            assert_has(get(uris[i], PERSONAL).body, "Zebrowski");
        }
    }
    for (size_t i = 0; i < 3; i++) {
        struct answer a = get(more[i], READ);
        expect(&a, 200);
        assert_has_not(a.body, "Zebrowski");
        assert_has(get(more[i], PERSONAL).body, "Zebrowski");
    }
}

static void a_list_may_be_of_one_state(void **state)
{
    (void)state;
    struct answer a = get("/v1/leads?state=" OF_SALE, PERSONAL);
    expect(&a, 200);
    json_t *root = parse(&a);
    assert_int_equal(json_array_size(json_object_get(root, "leads")), 1);
    json_decref(root);
    a = get("/v1/leads?state=open&limit=2", PERSONAL);
    assert_has(a.headers, "&state=open>; rel=\"next\"");
    a = get("/v1/leads?state=%22%3E", PERSONAL);
    refuse(&a, 422, "invalid", NULL);
    a = get("/v1/sessions/vs_m0", READ);
    assert_string_equal(member(&a, "state"), "COMPLETED");
    a = get("/v1/sessions?state=COMPLETED", READ);
    expect(&a, 200);
    root = parse(&a);
    assert_int_equal(json_array_size(json_object_get(root, "sessions")), 1);
    json_decref(root);
    a = get("/v1/leads?before=yesterday", PERSONAL);
    refuse(&a, 422, "invalid", NULL);
    a = get("/v1/leads?limit=51", PERSONAL);
    refuse(&a, 422, "invalid", NULL);
}

/* ---- who may --------------------------------------------------------------------------------- */

static bool has(int token, const char *scope)
{
    return strstr(scopes[token], scope) != NULL;
}

/* ":x" → a segment that fits but is nobody's. */
static const char *filled(const char *path)
{
    struct desk_buf b;
    desk_buf_init(&b, 400);
    for (const char *p = path; *p;) {
        if (*p == ':') {
            desk_buf_str(&b, strncmp(p, ":phone", 6) == 0 ? "+14155559999" : "none");
            p += strcspn(p, "/");
        } else {
            desk_buf_chr(&b, *p++);
        }
    }
    char *out = desk_arena_strdup(look, desk_buf_cstr(&b));
    desk_buf_clear(&b);
    return out;
}

static void try_cell(const struct desk_route *r, const char *method, int token)
{
    bool question = r->auth == DESK_AUTH_QUESTION, reads = question || r->methods & DESK_GET;
    bool may = has(token, reads ? "read" : "write") &&
               (!(question || r->personal) || has(token, "personal"));
    struct answer a = say(method, filled(r->path), token, (struct ask){.body = NULL});
    if (may ? a.status == 401 || a.status == 403 : a.status != 403)
        fail_msg("%s %s by \"%s\": %d", method, r->path, scopes[token], a.status);
}

static void every_cell_of_token_and_route(void **state)
{
    size_t cells = 0;
    char method[64];
    (void)state;
    for (const struct desk_route *r = api_routes; r->path; r++) {
        if (r->auth == DESK_AUTH_CHAT) /* no token opens it: test_api_chat.c */
            continue;
        desk_methods_text(r->methods, method, sizeof method);
        struct answer a = say(method, filled(r->path), -1, (struct ask){.body = NULL});
        bool open = r->auth == DESK_AUTH_NONE;
        if (open ? a.status == 401 || a.status == 403 : a.status != 401)
            fail_msg("%s %s by nobody: %d", method, r->path, a.status);
        for (int t = 0; !open && t < TOKENS; t++, cells++)
            try_cell(r, method, t);
    }
    assert_true(cells > 200);
}

/* A write to what another business has: it is not there, and stays as it was. */
static void no_write_reaches_another_business(void **state)
{
    size_t writes = 0;
    char method[64];
    (void)state;
    for (const struct desk_route *r = api_routes; r->path; r++) {
        const struct desk_route *list = api_routes;
        const char *ids[32];
        if (!r->of || !r->of->get || r->methods == DESK_GET || !strchr(r->path, ':'))
            continue; /* of webhooks: test_api.c */
        while (!is_list(list) || list->of != r->of)
            list++;
        size_t n = walk(list, 50, ids);
        struct answer was = get(one_of(list, ids[n - 1]), PERSONAL);
        desk_methods_text(r->methods, method, sizeof method);
        const char *json = r->methods & DESK_DELETE          ? NULL
                           : strstr(r->path, "appointments") ? "{\"slot_id\":\"x\"}"
                           : strstr(r->path, "exceptions") || strstr(r->path, "contacts")
                               ? "{\"name\":\"Mallory\"}"
                               : "{\"state\":\"done\"}";
        struct answer a = say(method, one_of(list, ids[n - 1]), OTHER, (struct ask){.body = json});
        refuse(&a, 404, "not_found", NULL);
        assert_string_equal(get(one_of(list, ids[n - 1]), PERSONAL).body, was.body);
        writes++;
    }
    assert_true(writes >= 8);
}

/* ---- writes ---------------------------------------------------------------------------------- */

static void exceptions_are_added_changed_and_removed(void **state)
{
    (void)state;
    struct answer a =
        send("POST", "/v1/exceptions", "{\"number\":\"(415) 555-0177\",\"name\":\"Mom\"}");
    expect(&a, 201);
    const char *id = member(&a, "id"), *uri = desk_arena_fmt(look, "/v1/exceptions/%s", id);
    assert_has(a.headers, desk_arena_fmt(look, "Location: %s\r\n", uri));
    assert_string_equal(member(&a, "number"), "+14155550177");
    assert_string_equal(member(&a, "category"), "family");
    const char *first = tag(&a);
    a = send("POST", "/v1/exceptions", "{\"number\":\"+14155550177\",\"name\":\"Mum\"}");
    refuse(&a, 409, "conflict", NULL);
    a = say("PATCH", uri, ALL, (struct ask){.body = "{\"category\":\"vip\"}", .if_match = first});
    expect(&a, 200);
    assert_string_equal(member(&a, "category"), "vip");
    assert_string_equal(member(&a, "name"), "Mom"); /* what is not named stays */
    a = say("PATCH", uri, ALL, (struct ask){.body = "{\"category\":\"x\"}", .if_match = first});
    refuse(&a, 412, "stale", NULL);
    a = say("DELETE", uri, ALL, (struct ask){.if_match = first});
    refuse(&a, 412, "stale", NULL);
    /* a token that may not see people: the answer shows none, and the name is not lost */
    a = say("PATCH", uri, WRITE, (struct ask){.body = "{\"category\":\"work\"}"});
    expect(&a, 200);
    assert_has_not(a.body, "Mom");
    assert_has(get(uri, PERSONAL).body, "\"name\":\"Mom\"");
    a = say("DELETE", uri, ALL, (struct ask){.if_match = "*"});
    expect(&a, 204);
    assert_string_equal(a.body, "");
    a = get(uri, PERSONAL);
    refuse(&a, 404, "not_found", NULL);
}

static void what_does_not_fit_is_told_by_its_place(void **state)
{
    static const struct {
        const char *method, *uri, *json, *pointer;
    } rows[] = {
        {"POST", "/v1/exceptions", "{\"name\":\"Mom\"}", "#/number"},
        {"POST", "/v1/exceptions", "{\"number\":\"911x\",\"name\":\"Mom\"}", "#/number"},
        {"POST", "/v1/exceptions", "{\"number\":\"+14155550178\"}", "#/name"},
        {"POST", "/v1/exceptions", "{\"number\":\"+14155550178\",\"name\":\"M\",\"colour\":1}",
         "#/colour"},
        {"POST", "/v1/exceptions", "{\"number\":\"+14155550178\",\"name\":\"M\",\"category\":[1]}",
         "#/category"},
        {"POST", "/v1/exceptions", "[]", NULL},
        {"POST", "/v1/exceptions", "{\"number\"", NULL},
        {"POST", "/v1/exceptions", "", "#/number"},
        {"PATCH", "/v1/callbacks/cb_m0", "{\"state\":\"gone\"}", "#/state"},
        {"PATCH", "/v1/callbacks/cb_m0", "{}", "#/state"},
        {"PATCH", "/v1/leads/lead_m1", "{\"state\":\"maybe\"}", "#/state"},
        {"PATCH", "/v1/tickets/tic_m1", "{}", "#"},
        {"PATCH", "/v1/tickets/tic_m1", "{\"priority\":\"huge\"}", "#/priority"},
        {"PATCH", "/v1/messages/msg_m1", "{\"state\":\"erased\"}", "#/state"},
        {"POST", "/v1/contacts", "{\"number\":\"+14155550179\",\"email\":\"x\"}", "#/email"},
        {"POST", "/v1/contacts", "{\"number\":\"+14155550179\",\"birthday\":\"soon\"}",
         "#/birthday"},
        {"POST", "/v1/appointments", "{\"slot_id\":\"false\",\"name\":\"Dana\"}", "#/slot_id"},
        {"POST", "/v1/appointments", "{\"name\":\"Dana\"}", "#/slot_id"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct answer a = send(rows[i].method, rows[i].uri, rows[i].json);
        if (a.status != 422)
            fail_msg("%s %s %s: %d %s", rows[i].method, rows[i].uri, rows[i].json, a.status,
                     a.body);
        refuse(&a, 422, "invalid", rows[i].pointer);
    }
    struct answer a = get("/v1/contacts", PERSONAL); /* nothing of it was kept */
    assert_has_not(a.body, "+14155550179");
}

static void other_refusals_have_their_status(void **state)
{
    (void)state;
    char *big = desk_arena_alloc(look, 70 * 1024);
    memset(big, ' ', 70 * 1024 - 1);
    struct answer a = send("POST", "/v1/exceptions", big);
    refuse(&a, 413, "too_large", NULL);
    a = say("POST", "/v1/exceptions", ALL, (struct ask){.body = "<x/>", .type = "text/xml"});
    refuse(&a, 415, "unsupported_media", NULL);
    a = say("POST", "/v1/exceptions", ALL,
            (struct ask){.body = "{}", .type = "application/jsonish"});
    refuse(&a, 415, "unsupported_media", NULL);
    a = send("PUT", "/v1/exceptions", "{}");
    refuse(&a, 405, "method_not_allowed", NULL);
    assert_has(a.headers, "Allow: GET, HEAD, POST\r\n");
    a = send("POST", "/v1/leads/lead_m1", "{}");
    refuse(&a, 405, "method_not_allowed", NULL);
    assert_has(a.headers, "Allow: GET, HEAD, PATCH\r\n");
    a = say("POST", "/v1/exceptions", -1, (struct ask){.body = big});
    refuse(&a, 401, "unauthorized", NULL); /* a stranger learns nothing of our limits */
}

static void a_write_sent_twice_is_done_once(void **state)
{
    static const char json[] = "{\"number\":\"+14155550188\",\"name\":\"Twice\"}";
    (void)state;
    struct ask ask = {.body = json, .idempotency_key = "key-1"};
    struct answer first = say("POST", "/v1/exceptions", ALL, ask);
    expect(&first, 201);
    struct answer again = say("POST", "/v1/exceptions", ALL, ask);
    expect(&again, 201);
    assert_string_equal(again.body, first.body);
    assert_string_equal(again.type, JSON);
    assert_string_equal(tag(&again), tag(&first));
    assert_has(again.headers, "Location: /v1/exceptions/");
    assert_has(again.headers, "Idempotent-Replayed: true\r\n");
    ask.body = "{\"number\":\"+14155550188\",\"name\":\"Other\"}";
    again = say("POST", "/v1/exceptions", ALL, ask);
    refuse(&again, 422, "invalid", NULL);
    assert_string_equal(member(&again, "reason"), "idempotency_key");
    /* another token's key is another key: it meets the number that is there */
    ask.body = json;
    again = say("POST", "/v1/exceptions", WRITE, ask);
    refuse(&again, 409, "conflict", NULL);
    again = say("POST", "/v1/exceptions", OTHER, ask);
    expect(&again, 201);
    /* the same key at another address is another one, too; what failed may be sent again */
    const char *uri = desk_arena_fmt(look, "/v1/exceptions/%s", member(&first, "id"));
    ask.body = NULL;
    again = say("DELETE", uri, ALL, ask);
    expect(&again, 204);
    again = say("DELETE", uri, ALL, ask);
    expect(&again, 204);
    again = say("DELETE", uri, ALL, (struct ask){.idempotency_key = "key-2"});
    refuse(&again, 404, "not_found", NULL);
    ask.idempotency_key = desk_arena_alloc(look, 300);
    memset((char *)(uintptr_t)ask.idempotency_key, 'k', 250);
    again = say("DELETE", uri, ALL, ask);
    refuse(&again, 422, "invalid", NULL);
}

/* A kept answer goes after a day. */
static void a_key_is_forgotten_after_a_day(void **state)
{
    (void)state;
    const char *uri = "/v1/leads/lead_m2";
    struct ask ask = {.body = "{\"state\":\"lost\"}", .idempotency_key = "old"};
    desk_clock_fake(AT);
    struct answer a = say("PATCH", uri, ALL, ask);
    expect(&a, 200);
    desk_clock_fake(AT + 25LL * 3600 * 1000);
    a = say("PATCH", uri, ALL,
            (struct ask){.body = "{\"state\":\"open\"}", .idempotency_key = "new"});
    expect(&a, 200);
    a = say("PATCH", uri, ALL, ask);
    expect(&a, 200);
    assert_has_not(a.headers, "Idempotent-Replayed");
    desk_clock_fake(0);
}

static void states_move_on(void **state)
{
    static const struct {
        const char *uri, *json, *has;
        int status;
    } rows[] = {
        {"/v1/callbacks/cb_m1", "{\"state\":\"done\"}", "\"state\":\"done\"", 200},
        {"/v1/callbacks/cb_m1", "{\"state\":\"done\"}", "\"state\":\"done\"", 200},
        {"/v1/callbacks/cb_m1", "{\"state\":\"dropped\"}", "open it first", 409},
        {"/v1/callbacks/cb_m1", "{\"state\":\"open\"}", "\"state\":\"open\"", 200},
        {"/v1/messages/msg_m1", "{\"state\":\"heard\"}", "\"state\":\"heard\"", 200},
        {"/v1/messages/msg_m1", "{\"state\":\"new\"}", "\"state\":\"new\"", 200},
        {"/v1/leads/lead_m1", "{\"state\":\"won\"}", "\"state\":\"won\"", 200},
        {"/v1/tickets/tic_m1", "{\"priority\":\"high\"}", "\"state\":\"open\"", 200},
        {"/v1/tickets/tic_m1", "{\"state\":\"done\"}", "\"priority\":\"high\"", 200},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct answer a = send("PATCH", rows[i].uri, rows[i].json);
        expect(&a, rows[i].status);
        assert_has(a.body, rows[i].has);
    }
    struct desk_audit last; /* who did it is kept */
    struct desk_number mine;
    assert_int_equal(desk_number_find(admin_db, look, TEST_TO, &mine), DESK_OK);
    assert_int_equal(
        desk_audit_last(admin_db, look, mine.tenant_id, "api PATCH /v1/tickets/:id", &last),
        DESK_OK);
    assert_string_equal(last.object, "tic_m1");
    assert_string_equal(last.user_id, "token:read write personal");
}

static void contacts_are_written_down(void **state)
{
    (void)state;
    struct answer a = send("POST", "/v1/contacts",
                           "{\"number\":\"415 555 0166\",\"name\":\"Vera\",\"tags\":\"a, a\","
                           "\"standing\":\"vip\",\"birthday\":\"5/14/1980\"}");
    expect(&a, 201);
    assert_string_equal(member(&a, "birthday"), "1980-05-14");
    assert_string_equal(member(&a, "standing"), "vip");
    const char *uri = desk_arena_fmt(look, "/v1/contacts/%s", member(&a, "id"));
    a = send("POST", "/v1/contacts", "{\"number\":\"+14155550166\"}");
    refuse(&a, 409, "conflict", NULL);
    a = send("PATCH", uri, "{\"notes\":\"side door\",\"birthday\":\"\"}");
    expect(&a, 200);
    assert_string_equal(member(&a, "name"), "Vera");
    assert_string_equal(member(&a, "notes"), "side door");
    assert_has(a.body, "\"birthday\":null");
    /* without the scope nothing is shown, and nothing is lost */
    a = say("PATCH", uri, WRITE, (struct ask){.body = "{\"company\":\"Reed\"}"});
    expect(&a, 200);
    assert_has_not(a.body, "Vera");
    a = get(uri, PERSONAL);
    assert_string_equal(member(&a, "name"), "Vera");
    assert_string_equal(member(&a, "company"), "Reed");
}

/* ---- appointments ---------------------------------------------------------------------------- */

static const char *slot(size_t nth)
{
    struct answer a = get("/v1/slots?service=repair&limit=5", READ);
    expect(&a, 200);
    json_t *root = parse(&a);
    const json_t *s = json_array_get(json_object_get(root, "slots"), nth);
    const char *id = json_string_value(json_object_get(s, "slot_id"));
    assert_non_null(id);
    id = desk_arena_strdup(look, id);
    json_decref(root);
    return id;
}

static const char *with_slot(const char *id, const char *more)
{
    return desk_arena_fmt(look, "{\"slot_id\":\"%s\"%s}", id, more);
}

static void times_are_offered_booked_moved_and_cancelled(void **state)
{
    (void)state;
    const char *first = slot(0), *later = slot(2);
    const char *json = with_slot(first, ",\"name\":\"" NAME "\",\"urgent\":true");
    struct answer a = send("POST", "/v1/appointments", json);
    expect(&a, 201);
    assert_has(a.body, "\"status\":\"booked\"");
    assert_has(a.body, "\"urgent\":true");
    const char *uri = desk_arena_fmt(look, "/v1/appointments/%s", member(&a, "id"));
    const char *was = tag(&a);
    a = send("POST", "/v1/appointments", json);
    refuse(&a, 409, "conflict", NULL); /* that time is taken */
    a = say("PATCH", uri, ALL, (struct ask){.body = with_slot(later, ""), .if_match = "\"x\""});
    refuse(&a, 412, "stale", NULL);
    a = say("PATCH", uri, ALL, (struct ask){.body = with_slot(later, ""), .if_match = was});
    expect(&a, 200);
    assert_has(a.body, "\"status\":\"moved\"");
    a = send("DELETE", uri, NULL);
    expect(&a, 200);
    assert_has(a.body, "\"status\":\"cancelled\"");
    a = send("DELETE", uri, NULL);
    refuse(&a, 409, "conflict", NULL);
    a = get("/v1/appointments?state=cancelled", PERSONAL);
    assert_has(a.body, uri + strlen("/v1/appointments/"));
    /* another business's slot is none of ours */
    a = say("POST", "/v1/appointments", OTHER,
            (struct ask){.body = with_slot(slot(0), ",\"name\":\"x\"")});
    refuse(&a, 422, "invalid", "#/slot_id");
    a = get("/v1/slots?service=haircut", READ);
    refuse(&a, 422, "invalid", NULL);
    a = get("/v1/slots", READ);
    refuse(&a, 422, "invalid", NULL);
    a = get("/v1/slots?service=repair&when=what%20is%20it", READ);
    refuse(&a, 422, "invalid", NULL);
    a = get("/v1/slots?service=repair&when=tomorrow&limit=2", READ);
    expect(&a, 200);
}

/* ---- conversations --------------------------------------------------------------------------- */

static void conversations_have_what_was_said(void **state)
{
    (void)state;
    struct answer a = get("/v1/conversations/call_m3", PERSONAL);
    expect(&a, 200);
    assert_has(a.body, "\"channel\":\"voice\"");
    assert_has(a.body, NAME " here");
    a = get("/v1/conversations", PERSONAL);
    assert_has(a.body, "{\"conversations\":[");
    a = get("/v1/turns/turn_m3", PERSONAL);
    assert_string_equal(member(&a, "call_id"), "call_m3");
}

/* ---- the concierge's addresses ----------------------------------------------------------------
 */

static void concierge_clients_find_their_addresses(void **state)
{
    (void)state;
    struct answer a = send("POST", "/exceptions",
                           "{\"phone_number\":\"+1 415 555 0199\",\"contact_name\":\"Mom\","
                           "\"category\":\"family\",\"more\":{}}");
    expect(&a, 200);
    assert_string_equal(member(&a, "message"), "Exception phone number added successfully");
    a = send("POST", "/exceptions", "{\"phone_number\":\"+14155550199\",\"contact_name\":\"M\"}");
    refuse(&a, 409, "conflict", NULL);
    a = send("POST", "/exceptions", "{\"phone_number\":\"+14155550199\"}");
    refuse(&a, 422, "invalid", "#/contact_name");
    assert_has(a.body, "\"error\":\""); /* which these clients read */
    a = get("/exceptions", PERSONAL);
    assert_has(a.body, "{\"phone_number\":\"+14155550199\",\"contact_name\":\"Mom\","
                       "\"category\":\"family\"}");
    assert_has(a.body, "\"count\":");
    a = get("/exceptions/check/%2B14155550199", PERSONAL);
    json_t *root = parse(&a), *contact = json_object_get(root, "contact");
    assert_true(json_is_true(json_object_get(root, "found")));
    assert_string_equal(json_string_value(json_object_get(root, "phone_number")), "+14155550199");
    assert_string_equal(json_string_value(json_object_get(root, "contact_name")), "Mom");
    assert_string_equal(json_string_value(json_object_get(contact, "category")), "family");
    json_decref(root);
    a = get("/exceptions/check/+14155550198", PERSONAL);
    expect(&a, 200);
    assert_has(a.body, "\"found\":false,\"contact\":null");
    a = get("/exceptions/check/nonsense", PERSONAL);
    refuse(&a, 404, "not_found", NULL);
    a = say("DELETE", "/exceptions/+14155550199", OTHER, (struct ask){.body = NULL});
    refuse(&a, 404, "not_found", NULL);
    a = send("DELETE", "/exceptions/+14155550199", NULL);
    expect(&a, 200);
    a = send("DELETE", "/exceptions/+14155550199", NULL);
    refuse(&a, 404, "not_found", NULL);
    assert_has(get("/exceptions/check/+14155550199", ALL).body, "\"found\":false");
    a = send("POST", "/exceptions", "{\"phone_number\":\"+14155550199\",\"contact_name\":\"Ma\"}");
    expect(&a, 200); /* removing is soft: the same row comes back */
    a = get("/conversations?limit=50", PERSONAL);
    root = parse(&a);
    const json_t *one = NULL;
    json_t *v;
    size_t i;
    json_array_foreach(json_object_get(root, "conversations"), i, v)
    {
        if (strcmp(json_string_value(json_object_get(v, "call_id")), "call_m4") == 0)
            one = v;
    }
    assert_string_equal(json_string_value(json_object_get(one, "phone_number")), CALLER);
    const json_t *said = json_array_get(json_object_get(one, "conversation"), 0);
    assert_string_equal(json_string_value(json_object_get(said, "speaker")), "user");
    assert_string_equal(json_string_value(json_object_get(said, "message")), NAME " here");
    json_decref(root);
    a = get("/test-db", READ);
    assert_string_equal(a.body, "{\"status\":\"Database connection successful\"}\n");
}

static void health_has_its_names(void **state)
{
    static const char *const uris[] = {"/healthz", "/healthz/ready", "/healthz/live", "/health"};
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct answer a = get(uris[i], -1);
        expect(&a, 200);
        a = send_ask(&api_web, (struct ask){.method = "GET", .uri = uris[i], .no_db = true});
        expect(&a, strstr(uris[i], "live") ? 200 : 503);
    }
    assert_string_equal(get("/openapi.json", -1).body, get("/v1/openapi.json", -1).body);
}

/* ---- how often ------------------------------------------------------------------------------- */

static void who_asks_too_often_waits(void **state)
{
    (void)state;
    struct answer a = get("/v1/leads", OTHER);
    assert_has(a.headers, "RateLimit-Policy: \"token\";q=6000;w=60\r\n");
    desk_setting_override(DESK_S_API_RATE_PER_MINUTE, "0");
    a = get("/v1/leads", OTHER);
    assert_has_not(a.headers, "RateLimit");
    desk_setting_override(DESK_S_API_RATE_PER_MINUTE, "1"); /* and it has asked more by now */
    a = get("/v1/leads", OTHER);
    refuse(&a, 429, "too_many", NULL);
    assert_has(a.headers, "RateLimit: \"token\";r=0;t=");
    assert_has(a.headers, "Retry-After: ");
    a = get("/v1/leads", -1);
    refuse(&a, 401, "unauthorized", NULL);
    assert_has_not(a.headers, "RateLimit");
    desk_setting_override(DESK_S_API_RATE_PER_MINUTE, "6000");
    a = get("/v1/leads", OTHER);
    expect(&a, 200);
}

/* ---- the description ------------------------------------------------------------------------- */

/* Every operation says what it answers, and what it is sent, with examples. */
static void every_operation_has_examples(void **state)
{
    (void)state;
    struct answer a = get("/openapi.json", -1);
    const char *path, *verb;
    json_t *root = parse(&a), *item, *op;
    json_object_foreach(json_object_get(root, "paths"), path, item)
    {
        json_object_foreach(item, verb, op)
        {
            json_t *sent = json_object_get(op, "requestBody"), *member;
            const char *key;
            json_object_foreach(
                json_object_get(json_object_get(json_object_get(json_object_get(sent, "content"),
                                                                "application/json"),
                                                "schema"),
                                "properties"),
                key, member)
            {
                const char *type = json_string_value(json_object_get(member, "type"));
                if ((!type || strcmp(type, "object") != 0) &&
                    !json_array_size(json_object_get(member, "examples")))
                    fail_msg("%s %s: no example of %s", verb, path, key);
            }
        }
    }
    json_t *post =
        json_object_get(json_object_get(json_object_get(root, "paths"), "/v1/exceptions"), "post");
    assert_non_null(json_object_get(json_object_get(post, "responses"), "201"));
    json_t *lead =
        json_object_get(json_object_get(json_object_get(root, "components"), "schemas"), "lead");
    assert_null(json_object_get(json_object_get(lead, "properties"), "who_key"));
    assert_non_null(json_object_get(json_object_get(lead, "properties"), "job"));
    json_decref(root);
}

/* Those have their own test (test_api_more.c, test_api.c), and are asked there. */
static bool asked_elsewhere(const char *path)
{
    static const char *const those[] = {"/v1/webhooks", "/v1/businesses", "/v1/locations",
                                        "/v1/reports", "/v1/exports"};
    for (size_t i = 0; i < sizeof those / sizeof *those; i++)
        if (strncmp(path, those[i], strlen(those[i])) == 0)
            return true;
    return false;
}

/* A row that only ever refused was not tested; the chat's are in test_api_chat.c. */
static void every_resource_was_answered_well(void **state)
{
    (void)state;
    for (size_t i = 0; api_routes[i].path; i++) {
        const struct desk_route_stats *s = &api_web.stats[i];
        if ((api_routes[i].of || api_routes[i].example) && !asked_elsewhere(api_routes[i].path) &&
            api_routes[i].auth != DESK_AUTH_CHAT &&
            atomic_load(&s->requests) == atomic_load(&s->failures))
            fail_msg("no test was served by %s", api_routes[i].path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_list_is_the_same_by_any_pages),
        cmocka_unit_test(every_row_has_an_etag_and_is_its_own_business),
        cmocka_unit_test(people_are_sealed_from_who_may_only_read),
        cmocka_unit_test(a_list_may_be_of_one_state),
        cmocka_unit_test(every_cell_of_token_and_route),
        cmocka_unit_test(no_write_reaches_another_business),
        cmocka_unit_test(exceptions_are_added_changed_and_removed),
        cmocka_unit_test(what_does_not_fit_is_told_by_its_place),
        cmocka_unit_test(other_refusals_have_their_status),
        cmocka_unit_test(a_write_sent_twice_is_done_once),
        cmocka_unit_test(a_key_is_forgotten_after_a_day),
        cmocka_unit_test(states_move_on),
        cmocka_unit_test(contacts_are_written_down),
        cmocka_unit_test(times_are_offered_booked_moved_and_cancelled),
        cmocka_unit_test(conversations_have_what_was_said),
        cmocka_unit_test(concierge_clients_find_their_addresses),
        cmocka_unit_test(health_has_its_names),
        cmocka_unit_test(who_asks_too_often_waits),
        cmocka_unit_test(every_operation_has_examples),
        cmocka_unit_test(every_resource_was_answered_well),
    };
    return cmocka_run_group_tests_name("api_rest", tests, begin, finish);
}
