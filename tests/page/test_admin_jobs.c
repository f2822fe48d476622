/* Long work on the owner's pages: asked for, looked at, downloaded; what goes is told first. */
#include "store/jobs.h"
#include "tests/page/admin_page.h"

static const char *csrf;

static void ask(enum desk_method method, const char *uri, const char *type, const char *form)
{
    page_request(method, uri);
    if (form) {
        req.content_type = type;
        req.body = desk_arena_strdup(ra, form);
        req.body_len = strlen(form);
    }
    desk_dispatch(&admin_web, &req);
}

static int status(void)
{
    return req.reply.status ? req.reply.status : 200;
}

static void get(const char *uri)
{
    ask(DESK_GET, uri, NULL, NULL);
    assert_int_equal(status(), 200);
}

static int post(const char *uri, const char *fields)
{
    ask(DESK_POST, uri, "application/x-www-form-urlencoded",
        desk_arena_fmt(arena, "csrf=%s%s", csrf, fields));
    return status();
}

/* The page that a POST led to: "/jobs/job_x". */
static const char *led_to(void)
{
    const char *at = strstr(desk_buf_cstr(&req.reply.headers), "Location: ");
    assert_non_null(at);
    at += strlen("Location: ");
    const char *path = strstr(at, "/jobs/");
    assert_non_null(path);
    return desk_arena_strndup(arena, path, strcspn(path, "\r\n"));
}

static struct desk_job job(const char *path)
{
    struct desk_job j;
    must(desk_job_get(db, arena, here.tenant, path + strlen("/jobs/"), &j), path);
    return j;
}

/* As the worker does it. */
static void work(const char *path, const char *state, const char *words, const char *out)
{
    struct desk_job j = job(path);
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_job_claim(db, &j, "claim_test"), "claim");
    j.claim = "claim_test";
    j.done = 30;
    j.total = 120;
    must(desk_job_step(db, &j), "step");
    if (out)
        must(desk_job_put(db, here.tenant, j.id, DESK_JOB_OUT, out, strlen(out)), "out");
    if (state)
        must(desk_job_end(db, &j, state, words), "end");
    must(desk_tx_end(db, DESK_OK), "commit");
}

static int setup(void **state)
{
    (void)state;
    page_open("long enough pw");
    page_session("sal");
    struct desk_session s;
    must(desk_session_find(db, arena, session, &s), "session");
    csrf = s.csrf;
    world_call(&here, &(struct world_call){.id = "call_dana",
                                           .name = "Dana",
                                           .number = "+18605550134",
                                           .ago_min = 60,
                                           .seconds = 60,
                                           .back_state = "open",
                                           .back_reason = "boiler"});
    world_call(&other,
               &(struct world_call){.id = "call_theirs", .name = "Olga", .number = "+18605550177"});
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    page_close();
    return 0;
}

static void nothing_yet(void **state)
{
    (void)state;
    get("/jobs");
    assert_has("Nothing yet.");
    ask(DESK_GET, "/jobs/job_nowhere", NULL, NULL);
    assert_int_equal(status(), 404);
}

static void the_page_shows_how_far_it_is_and_what_came(void **state)
{
    (void)state;
    assert_int_equal(post("/people/export", ""), 303);
    const char *path = led_to();
    get(path);
    assert_has("Waiting for its turn");
    assert_non_null(strstr(desk_buf_cstr(&req.reply.headers), "Refresh: 3\r\n"));
    work(path, NULL, NULL, "\xef\xbb\xbfphone,name\r\n");
    get(path);
    assert_has("25 of 100");
    assert_has("<progress max=\"100\" value=\"25\"");
    ask(DESK_GET, desk_arena_fmt(arena, "%s/file.csv", path), NULL, NULL); /* not before its end */
    assert_int_equal(status(), 404);
    desk_clock_fake(NOW + DESK_JOB_LEASE_MS + 1);
    work(path, DESK_JOB_DONE, "1 person is in the file", "+18605550134,Dana\r\n");
    desk_clock_fake(NOW);
    get(path);
    assert_null(strstr(desk_buf_cstr(&req.reply.headers), "Refresh:"));
    assert_has("1 person is in the file.");
    assert_has("Download people.csv");
    get("/jobs");
    assert_has("People as a file");
    assert_has(path);
    get(desk_arena_fmt(arena, "/jobs/%s/file.csv", path + strlen("/jobs/")));
    assert_non_null(strstr(desk_buf_cstr(&req.reply.headers), "filename=\"people.csv\""));
    struct desk_buf b;
    desk_buf_init(&b, 100000);
    while (req.reply.source.more(req.reply.source.ctx, &b) == DESK_OK)
        ;
    assert_int_equal(b.len, req.reply.source.length);
    assert_string_equal(desk_buf_cstr(&b), "\xef\xbb\xbfphone,name\r\n+18605550134,Dana\r\n");
    desk_buf_clear(&b);
}

#define BORDER "multipart/form-data; boundary=xyzzy"
static int upload(const char *content)
{
    ask(DESK_POST, "/people/import", BORDER,
        desk_arena_fmt(arena,
                       "--xyzzy\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n%s\r\n"
                       "--xyzzy\r\nContent-Disposition: form-data; name=\"file\"; "
                       "filename=\"p.csv\"\r\nContent-Type: text/csv\r\n\r\n%s\r\n--xyzzy--\r\n",
                       csrf, content));
    return status();
}

static void a_list_is_sent_tried_and_read_in(void **state)
{
    (void)state;
    get("/people/import");
    assert_has("enctype=\"multipart/form-data\"");
    assert_int_equal(upload(""), 422);
    assert_has("Choose a file first");
    assert_int_equal(upload("phone,name\n8605550134,Dana\n"), 303);
    const char *path = led_to();
    struct desk_job j = job(path);
    assert_non_null(strstr(j.about, "\"dry_run\":1"));
    int64_t bytes = 0;
    must(desk_job_bytes(db, here.tenant, j.id, DESK_JOB_IN, &bytes), "bytes");
    assert_int_equal(bytes, strlen("phone,name\n8605550134,Dana\n"));
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_tx_end(db, desk_job_wrong(db, here.tenant, j.id, 7, "This is <wrong>.")), "wrong");
    work(path, DESK_JOB_DONE, "1 new", NULL);
    get(path);
    assert_has("Tried, nothing changed yet");
    assert_has("Line 7");
    assert_has("This is &lt;wrong&gt;.");
    assert_int_equal(post(desk_arena_fmt(arena, "/jobs/%s/go", j.id), ""), 303);
    j = job(path);
    assert_string_equal(j.state, DESK_JOB_WAITING);
    assert_non_null(strstr(j.about, "\"dry_run\":0"));
    assert_int_equal(post(desk_arena_fmt(arena, "/jobs/%s/go", j.id), ""), 303); /* twice */
    get(path);
    assert_lacks("Line 7"); /* told anew when it is done */
    csrf = "wrong";
    assert_int_equal(upload("phone\n"), 403);
}

static void other_work_and_its_words(void **state)
{
    (void)state;
    assert_int_equal(post("/jobs/calls", "&days=30"), 303);
    struct desk_job j = job(led_to());
    assert_non_null(strstr(j.about, desk_arena_fmt(arena, "%lld", NOW - 30LL * 86400000)));
    assert_int_equal(post("/jobs/reindex", ""), 303);
    const char *path = led_to();
    work(path, DESK_JOB_FAILED, "Frontdesk itself could not go on.", NULL);
    get(path);
    assert_has("Not done");
    assert_has("Frontdesk itself could not go on.");
    ask(DESK_GET, desk_arena_fmt(arena, "%s/file.csv", path), NULL, NULL);
    assert_int_equal(status(), 404);
    assert_int_equal(post(desk_arena_fmt(arena, "%s/go", path), ""), 404); /* nothing to read in */
    get("/jobs");
    assert_has("Make everything searchable anew");
}

static void what_goes_is_told_before_a_person_is_erased(void **state)
{
    (void)state;
    struct desk_contact c;
    must(desk_contact_by_number(db, arena, here.tenant, "+18605550134", &c), "dana");
    get(desk_arena_fmt(arena, "/people/%s/erase", c.id));
    assert_has("1 call with its recording");
    assert_has("1 callback");
    assert_has("What stays");
    assert_int_equal(post(desk_arena_fmt(arena, "/people/%s/erase", c.id), ""), 303);
    struct desk_job j = job(led_to());
    assert_string_equal(j.kind, DESK_JOB_PERSON_ERASE);
    assert_non_null(strstr(j.about, c.id));
    world_call(&here,
               &(struct world_call){
                   .id = "call_now", .name = "Ines", .number = "+18605550136", .ago_min = 1});
    must(desk_contact_by_number(db, arena, here.tenant, "+18605550136", &c), "ines");
    get(desk_arena_fmt(arena, "/people/%s/erase", c.id));
    assert_has("They are on the phone now.");
    assert_lacks("for good</button>");
    assert_int_equal(post(desk_arena_fmt(arena, "/people/%s/erase", c.id), ""), 409);
}

static void others_work_is_not_found(void **state)
{
    (void)state;
    assert_int_equal(post("/people/export", ""), 303);
    const char *path = led_to();
    work(path, DESK_JOB_DONE, "1", "x");
    page_session("olga");
    ask(DESK_GET, path, NULL, NULL);
    assert_int_equal(status(), 404);
    ask(DESK_GET, desk_arena_fmt(arena, "%s/file.csv", path), NULL, NULL);
    assert_int_equal(status(), 404);
    get("/jobs");
    assert_has("Nothing yet.");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_yet),
        TEST(the_page_shows_how_far_it_is_and_what_came),
        TEST(a_list_is_sent_tried_and_read_in),
        TEST(other_work_and_its_words),
        TEST(what_goes_is_told_before_a_person_is_erased),
        TEST(others_work_is_not_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
