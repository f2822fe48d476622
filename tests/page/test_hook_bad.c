/* Whatever comes: every webhook of the route table, every field that it reads, and everything that
 * can be wrong with a field. Routes and fields are taken from the table itself, so a new one is
 * asked here without being named. Each answer is TwiML (or the empty 204 of a report), as it is for
 * a good post; a repeat adds no row to any table; what names no call of ours adds none at all; and
 * the rows of another call stay as they are, byte for byte. */
#include "tests/page/hook_world.h"
#include "base/clock.h"

#include <sqlite3.h>

#define HUGE_N (1024 * 1024)

static sqlite3 *db; /* the same file, for looking at all of it */
static char *huge;  /* HUGE_N bytes of 'x' */

/* ---- the whole database ---------------------------------------------------------------------- */

#define TABLES_MOST 128
static struct {
    char name[40];
    bool of_calls, counts; /* has call_id; of counters, which may go up */
} tables[TABLES_MOST];
static size_t n_tables;

static sqlite3_stmt *sql(const char *text)
{
    sqlite3_stmt *st = NULL;
    if (sqlite3_prepare_v2(db, text, -1, &st, NULL) != SQLITE_OK)
        fail_msg("%s: %s", text, sqlite3_errmsg(db));
    return st;
}

static int64_t number(const char *text)
{
    sqlite3_stmt *st = sql(text);
    int64_t n = sqlite3_step(st) == SQLITE_ROW ? sqlite3_column_int64(st, 0) : -1;
    sqlite3_finalize(st);
    return n;
}

static void find_tables(void)
{
    sqlite3_stmt *st = sql("SELECT m.name, EXISTS (SELECT 1 FROM pragma_table_info(m.name) i "
                           "WHERE i.name = 'call_id') FROM sqlite_master m WHERE m.type = 'table' "
                           "AND m.name NOT LIKE 'sqlite_%' AND m.sql NOT LIKE '%WITHOUT ROWID%' "
                           "ORDER BY 1");
    while (sqlite3_step(st) == SQLITE_ROW && n_tables < TABLES_MOST) {
        const char *name = (const char *)sqlite3_column_text(st, 0);
        snprintf(tables[n_tables].name, sizeof tables[n_tables].name, "%s", name);
        tables[n_tables].of_calls = sqlite3_column_int(st, 1) || strcmp(name, "call") == 0;
        tables[n_tables++].counts = strcmp(name, "counter") == 0;
    }
    sqlite3_finalize(st);
    assert_in_range(n_tables, 10, TABLES_MOST - 1);
}

/* The newest row of each table: any row more has a larger number. */
static void count_rows(int64_t counts[TABLES_MOST])
{
    static sqlite3_stmt *st[TABLES_MOST];
    for (size_t i = 0; i < n_tables; i++) {
        if (!st[i])
            st[i] = sql(desk_arena_fmt(look, "SELECT max(rowid) FROM \"%s\"", tables[i].name));
        assert_int_equal(sqlite3_step(st[i]), SQLITE_ROW);
        counts[i] = sqlite3_column_int64(st[i], 0);
        sqlite3_reset(st[i]);
    }
}

/* No table has more rows than it had, but for counters. */
static void assert_no_more(const int64_t before[TABLES_MOST], const char *what)
{
    int64_t now[TABLES_MOST];
    count_rows(now);
    for (size_t i = 0; i < n_tables; i++)
        if (!tables[i].counts && now[i] != before[i])
            fail_msg("%s: %lld rows more in %s", what, (long long)(now[i] - before[i]),
                     tables[i].name);
}

static uint64_t mix(uint64_t h, const void *p, size_t n)
{
    for (const unsigned char *b = p; n--; b++)
        h = (h ^ *b) * UINT64_C(1099511628211);
    return h;
}

/* All rows that belong to a call, as one number. */
static uint64_t rows_of(const char *call_id)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < n_tables; i++) {
        if (!tables[i].of_calls)
            continue;
        sqlite3_stmt *st =
            sql(desk_arena_fmt(look, "SELECT * FROM \"%s\" WHERE %s = ?1 ORDER BY 1",
                               tables[i].name, strcmp(tables[i].name, "call") ? "call_id" : "id"));
        sqlite3_bind_text(st, 1, call_id, -1, SQLITE_STATIC);
        while (sqlite3_step(st) == SQLITE_ROW)
            for (int c = 0; c < sqlite3_column_count(st); c++) {
                const void *p = sqlite3_column_blob(st, c);
                int n = sqlite3_column_bytes(st, c);
                h = mix(mix(h, &n, sizeof n), p, p ? (size_t)n : 0);
            }
        sqlite3_finalize(st);
    }
    return h;
}

/* ---- fields ---------------------------------------------------------------------------------- */

/* What a good post says. A field that is not here: by its kind. */
static const struct {
    const char *name, *value;
} good[] = {
    {"From", CALLER},
    {"To", TEST_TO},
    {"CallStatus", "in-progress"},
    {"StirVerstat", "TN-Validation-Passed-A"},
    {"RecordingStatus", "completed"},
    {"RecordingSid", "RE0123456789abcdef0123456789abcdef"},
    {"RecordingUrl", "https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/RE1"},
    {"TranscriptionStatus", "completed"},
    {"MessageStatus", "delivered"},
    {"SessionStatus", "failed"},
    {"HandoffData", "{\"next\":\"gather\"}"},
    {"DialCallStatus", "no-answer"},
    {"DialBridged", "false"},
    {"StreamEvent", "stream-error"},
    {"Digits", "2"},
    {"n", "1"},
    {"of", ""},
};

static const char *good_value(const struct desk_param *p, const char *sid)
{
    if (strcmp(p->name, "CallSid") == 0 || strcmp(p->name, "parent") == 0)
        return sid;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (strcmp(good[i].name, p->name) == 0)
            return good[i].value;
    return p->kind == DESK_P_INT  ? "7"
           : p->kind == DESK_P_ID ? "XX0123456789abcdef0123456789abcdef"
                                  : "Please call me back";
}

/* Everything that can be wrong. n 0: a C string. */
static const struct bad {
    const char *name;
    const char *value; /* NULL: see how */
    size_t n;
    enum { ALONE, MISSING, HUGE, AFTER_GOOD, BEFORE_GOOD, MANY } how;
} bads[] = {
    {"missing", NULL, 0, MISSING},
    {"empty", "", 0, ALONE},
    {"spaces only", " \t\r\n ", 0, ALONE},
    {"a megabyte", NULL, 0, HUGE},
    {"repeated, good first", "+15005550006", 0, AFTER_GOOD},
    {"repeated, good last", "repeated", 0, BEFORE_GOOD},
    {"two hundred times", "7", 0, MANY},
    {"not UTF-8", "\xff\xfe\xc3(\xed\xa0\x80\xf8\x88\x80\x80\x80", 0, ALONE},
    {"control characters", "a\0\x01\x02\x1b[31m\x7f\r\n\xc2\x85z", 14, ALONE},
    {"noncharacters", "\xef\xbf\xbe\xef\xbf\xbf\xe2\x80\xae", 0, ALONE},
    {"markup", "\"'><Say>&amp;&#0;]]></Response><Response>", 0, ALONE},
    {"a path", "../../etc/passwd?x=1#y", 0, ALONE},
    {"percent signs", "%s%n%00%zz%", 0, ALONE},
    {"words", "yes please", 0, ALONE},
    {"negative", "-1", 0, ALONE},
    {"a fraction", "1.5e9", 0, ALONE},
    {"a huge number", "99999999999999999999999999", 0, ALONE},
    {"JSON", "{\"a\":[1,2,{\"b\":null}]}", 0, ALONE},
};
#define N_BADS (sizeof bads / sizeof *bads)

static void add(struct desk_buf *b, const char *name, const struct bad *bad)
{
    desk_form_add_n(b, name, bad->value, bad->n ? bad->n : strlen(bad->value));
}

static void add_bad(struct desk_buf *b, const char *name, const char *value, const struct bad *bad)
{
    switch (bad->how) {
    case ALONE:
        add(b, name, bad);
        break;
    case MISSING:
        break;
    case HUGE:
        desk_form_add(b, name, ""); /* 'x' needs no encoding */
        desk_buf_add(b, huge, HUGE_N);
        break;
    case AFTER_GOOD:
        desk_form_add(b, name, value);
        add(b, name, bad);
        break;
    case BEFORE_GOOD:
        add(b, name, bad);
        desk_form_add(b, name, value);
        break;
    case MANY:
        for (int i = 0; i < 200; i++)
            add(b, name, bad);
        break;
    }
}

/* ---- posts ----------------------------------------------------------------------------------- */

/* event: what Twilio calls it; the same when it sends it again. */
static struct answer post(const char *path, const struct desk_buf *body, const char *event)
{
    char url[512], sig[DESK_TWILIO_SIG_LEN];
    struct desk_arena *a = desk_arena_new(16 * 1024 * 1024);
    struct desk_form form = {0};
    assert_true(desk_buf_ok(body));
    assert_int_equal(desk_form_parse(&form, a, body->p, body->len), DESK_OK);
    snprintf(url, sizeof url, "%s%s", TEST_BASE, path);
    assert_int_equal(desk_twilio_sign(url, &form, TEST_TOKEN, sig), DESK_OK);
    struct answer answer = send_ask(&hook_web, (struct ask){.method = "POST",
                                                            .uri = path,
                                                            .type = "application/x-www-form-"
                                                                    "urlencoded; charset=UTF-8",
                                                            .body = body->p,
                                                            .body_len = body->len,
                                                            .signature = sig,
                                                            .idempotency = event});
    desk_arena_free(a);
    return answer;
}

/* bad NULL: a good post. */
static void form_of(const struct desk_route *r, const char *sid, const struct desk_param *field,
                    const struct bad *bad, struct desk_buf *body)
{
    desk_buf_init(body, 4 * 1024 * 1024);
    for (const struct desk_param *p = r->params; p && p->name; p++)
        if (bad && p == field)
            add_bad(body, p->name, good_value(p, sid), bad);
        else
            desk_form_add(body, p->name, good_value(p, sid));
    /* fields nobody reads are signed, too */
    desk_form_add(body, "AccountSid", "AC0123456789abcdef0123456789abcdef");
    desk_form_add_n(body, "Unheard-Of", "\xff\0\x01", 3);
}

/* A call that rings, as a webhook would have made it. */
static struct desk_call ring(const char *sid)
{
    struct desk_number num;
    char id[DESK_ID_LEN];
    assert_int_equal(desk_number_find(admin_db, look, TEST_TO, &num), DESK_OK);
    struct desk_call c = {.id = desk_arena_strdup(look, desk_id_new(id, "call")),
                          .tenant_id = num.tenant_id,
                          .location_id = num.location_id,
                          .call_sid = sid,
                          .direction = "inbound",
                          .caller_kind = "new",
                          .from_number = CALLER,
                          .to_number = TEST_TO,
                          .mode = DESK_MODE_GATHER,
                          .status = "ringing",
                          .status_rank = 30,
                          .started_at = desk_now_ms(),
                          .updated_at = desk_now_ms()};
    assert_int_equal(DESK_TX_BEGIN(admin_db), DESK_OK);
    assert_int_equal(desk_tx_end(admin_db, desk_call_insert(admin_db, &c)), DESK_OK);
    return c;
}

/* ---- answers --------------------------------------------------------------------------------- */

/* Verbs that Twilio has, each where it may stand. */
static const char *const nests[] = {
    "Response/Say",      "Response/Play",
    "Response/Pause",    "Response/Gather",
    "Response/Dial",     "Response/Record",
    "Response/Redirect", "Response/Reject",
    "Response/Hangup",   "Response/Connect",
    "Response/Start",    "Response/Message",
    "Gather/Say",        "Gather/Play",
    "Gather/Pause",      "Dial/Number",
    "Connect/Stream",    "Connect/ConversationRelay",
    "Start/Recording",   "Start/Stream",
    "Stream/Parameter",  "ConversationRelay/Parameter",
    "/Response",
};

static bool may_stand(const char *in, const char *verb)
{
    char pair[80];
    snprintf(pair, sizeof pair, "%s/%s", in, verb);
    for (size_t i = 0; i < sizeof nests / sizeof *nests; i++)
        if (strcmp(nests[i], pair) == 0)
            return true;
    return false;
}

/* Of a document that is well formed: NULL, or what Twilio would not take. */
static const char *twiml_fault(const char *doc)
{
    char stack[16][32] = {""};
    size_t depth = 0;
    if (strlen(doc) > DESK_MAX_TWIML)
        return "longer than 64 kB";
    for (const char *p = strchr(doc, '>'); (p = strchr(p, '<')); p++) {
        const char *end = strchr(p, '>');
        if (p[1] == '/') {
            depth--;
            continue;
        }
        snprintf(stack[depth + 1], sizeof stack[0], "%.*s", (int)strcspn(p + 1, " />"), p + 1);
        if (!may_stand(stack[depth], stack[depth + 1]))
            return desk_arena_fmt(look, "%s in %s", stack[depth + 1], stack[depth]);
        if (strcmp(stack[depth + 1], "Say") == 0 && strcspn(end, "<") > 4096 + 4096)
            return "too much in one Say";
        depth += end[-1] != '/';
    }
    return NULL;
}

static void check_answer(const struct answer *a, int status, const char *what)
{
    if (a->status != status)
        fail_msg("%s: status %d instead of %d: %.300s", what, a->status, status, a->body);
    if (status == 204) {
        if (a->len)
            fail_msg("%s: 204 with a body", what);
        return;
    }
    if (strcmp(a->type, "text/xml; charset=utf-8") != 0 || !xml_ok(a->body))
        fail_msg("%s: no XML: %s: %.300s", what, a->type, a->body);
    const char *fault = twiml_fault(a->body);
    if (fault)
        fail_msg("%s: %s: %.300s", what, fault, a->body);
}

/* ---- the table ------------------------------------------------------------------------------- */

/* A good post's status: what the route answers at all. */
static int documented(const struct desk_route *r)
{
    struct desk_buf body;
    const char *sid = new_sid();
    ring(sid);
    form_of(r, sid, NULL, NULL, &body);
    struct answer a = post(r->path, &body, sid);
    if (a.status != 204)
        check_answer(&a, 200, r->path);
    desk_buf_clear(&body);
    return a.status;
}

/* Nothing by which a call could be known: "7" might be a CallSid, "a b" cannot. */
static bool names_no_call(const struct bad *bad)
{
    static const char id[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    return bad->how == MISSING || bad->how == HUGE ||
           (bad->how == ALONE && (!*bad->value || bad->value[strspn(bad->value, id)]));
}

/* Is this the only field by which the call is known? */
static bool is_only_name(const struct desk_route *r, const struct desk_param *field,
                         const char *sid)
{
    for (const struct desk_param *p = r->params; p->name; p++)
        if ((good_value(p, sid) == sid) != (p == field))
            return false;
    return true;
}

/* The same as a GET: fields in the address, where they fit. */
static struct answer get(const char *path, const struct desk_buf *fields)
{
    char url[5000], sig[DESK_TWILIO_SIG_LEN];
    const char *uri = desk_arena_fmt(look, "%s?%s", path, desk_buf_cstr(fields));
    snprintf(url, sizeof url, "%s%s", TEST_BASE, uri);
    assert_int_equal(desk_twilio_sign(url, NULL, TEST_TOKEN, sig), DESK_OK);
    return send_ask(&hook_web, (struct ask){.method = "GET", .uri = uri, .signature = sig});
}

/* In what state the call is when the post comes. */
static const struct state {
    const char *name;
    bool known, talking;
} states[] = {{"unknown", false, false}, {"ringing", true, false}, {"talking", true, true}};
#define N_STATES (sizeof states / sizeof *states)

static void bring_to(const struct state *state, const char *sid)
{
    struct desk_buf body;
    if (state->known)
        ring(sid);
    if (!state->talking)
        return;
    desk_buf_init(&body, 1000);
    desk_form_add(&body, "CallSid", sid);
    assert_has(post("/voice/turn", &body, "the beginning").body, "/voice/turn?n=1");
    desk_buf_clear(&body);
}

static void one(const struct desk_route *r, int status, const struct desk_param *field,
                const struct bad *bad, const struct state *state)
{
    struct desk_buf body;
    int64_t before[TABLES_MOST], after[TABLES_MOST];
    const char *sid = new_sid();
    const char *what = desk_arena_fmt(look, "%s of a call that is %s, %s: %s", r->path, state->name,
                                      field->name, bad->name);
    bring_to(state, sid);
    form_of(r, sid, field, bad, &body);
    count_rows(before);
    struct answer a = post(r->path, &body, sid);
    check_answer(&a, status, what);
    if (names_no_call(bad) && is_only_name(r, field, sid))
        assert_no_more(before, what);
    count_rows(after);
    a = post(r->path, &body, sid);
    check_answer(&a, status, what);
    assert_no_more(after, what);
    if (body.len < 3000 && !state->talking && state->known) {
        a = get(r->path, &body);
        check_answer(&a, status, what);
    }
    desk_buf_clear(&body);
}

static bool asked_before(const struct desk_route *r)
{
    for (const struct desk_route *o = hook_routes; o < r; o++)
        if (o->fn == r->fn && o->params == r->params)
            return true;
    return false;
}

static void any_field_may_be_anything(void **state)
{
    (void)state;
    size_t routes = 0, posts = 0;
    for (const struct desk_route *r = hook_routes; r->path; r++) {
        if (r->auth != DESK_AUTH_TWILIO || asked_before(r))
            continue;
        int status = documented(r);
        for (const struct desk_param *p = r->params; p && p->name; p++)
            for (size_t i = 0; i < N_BADS; i++)
                for (size_t k = 0; k < N_STATES; k++) {
                    if ((bads[i].how == HUGE && k != N_STATES - 1) || (k == 0 && i % 3))
                        continue; /* enough of it: they take long */
                    one(r, status, p, &bads[i], &states[k]);
                    posts++;
                }
        routes++;
    }
    assert_in_range(routes, 10, 200);
    assert_in_range(posts, 500, 100000);
}

/* All fields wrong at a time, and none at all. */
static void all_fields_at_once(void **state)
{
    (void)state;
    for (const struct desk_route *r = hook_routes; r->path; r++) {
        if (r->auth != DESK_AUTH_TWILIO)
            continue;
        int status = documented(r);
        for (size_t i = 0; i < N_BADS; i++) {
            struct desk_buf body;
            int64_t before[TABLES_MOST];
            const char *what = desk_arena_fmt(look, "%s, all: %s", r->path, bads[i].name);
            desk_buf_init(&body, 4 * 1024 * 1024);
            for (const struct desk_param *p = r->params; p && p->name; p++)
                if (bads[i].how != HUGE || p == r->params + 1)
                    add_bad(&body, p->name, "same", &bads[i]);
            if (!body.len)
                desk_form_add(&body, "Unheard-Of", "1");
            count_rows(before);
            struct answer a = post(r->path, &body, NULL);
            check_answer(&a, status, what);
            if (names_no_call(&bads[i]))
                assert_no_more(before, what);
            desk_buf_clear(&body);
        }
    }
}

/* The call beside which all this happens. */
static char beside[64];
static uint64_t beside_rows;

static void another_call_is_untouched(void **state)
{
    (void)state;
    assert_true(rows_of(beside) == beside_rows);
    assert_int_equal(number("SELECT count(*) FROM pragma_foreign_key_check"), 0);
    assert_int_equal(number("SELECT count(*) FROM (SELECT call_id FROM callback WHERE state = "
                            "'open' GROUP BY 1 HAVING count(*) > 1)"),
                     0);
    assert_int_equal(number("SELECT count(*) FROM (SELECT call_id FROM message WHERE recording_sid "
                            "IS NULL GROUP BY 1 HAVING count(*) > 1)"),
                     0);
}

/* One call through every webhook there is, so that it has rows in most tables. */
static void fill_beside(void)
{
    const char *sid = new_sid();
    struct desk_call c = ring(sid);
    for (const struct desk_route *r = hook_routes; r->path; r++) {
        struct desk_buf body;
        if (r->auth != DESK_AUTH_TWILIO)
            continue;
        form_of(r, sid, NULL, NULL, &body);
        post(r->path, &body, r->path);
        desk_buf_clear(&body);
    }
    snprintf(beside, sizeof beside, "%s", c.id);
    beside_rows = rows_of(beside);
}

static int begin(void **state)
{
    (void)state;
    char path[128];
    if (test_begin(DESK_ZONE_HOOK))
        return 1;
    snprintf(path, sizeof path, "%s/frontdesk.db", test_dir);
    huge = malloc(HUGE_N);
    if (!huge || sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
        return 1;
    memset(huge, 'x', HUGE_N);
    find_tables();
    fill_beside();
    return 0;
}

static int finish(void **state)
{
    (void)state;
    for (sqlite3_stmt *st; (st = sqlite3_next_stmt(db, NULL));)
        sqlite3_finalize(st);
    sqlite3_close(db);
    free(huge);
    return test_finish();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_field_may_be_anything),
        cmocka_unit_test(all_fields_at_once),
        cmocka_unit_test(another_call_is_untouched),
    };
    return cmocka_run_group_tests_name("hook, bad input", tests, begin, finish);
}
