/* The worker's long work, one job at a time: to its end, in steps, and from
 * where another left off. */
#include "worker/jobs.h"
#include "db/internal.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"
#include "store/call_after.h"
#include "store/erase.h"
#include "store/exceptions.h"
#include "store/outbox.h"
#include "store/records.h"
#include "store/word_index.h"
#include "tests/page/admin_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define NOW 1795198500000LL

static struct desk_db *db;
static struct desk_arena *arena;
static struct world here, other;
static struct job_run run;
static int steps_left; /* until it is told to stop; -1: never */
static char dir[64];

static bool stop(void *ctx)
{
    (void)ctx;
    if (steps_left > 0)
        steps_left--;
    else
        return steps_left == 0;
    return false;
}

/* As the worker's thread does it, on a connection that may do no more than that. */
static enum desk_rc one(void)
{
    return jobs_one(&run);
}

static int setup(void **state)
{
    (void)state;
    char why[200];
    struct desk_db *run_db = NULL;
    desk_log_init("test", DESK_LOG__MAX);
    snprintf(dir, sizeof dir, "/tmp/desk-jobs-XXXXXX");
    assert_non_null(mkdtemp(dir));
    desk_setting_override(DESK_S_FRONTDESK_DATA, dir);
    desk_clock_fake(NOW);
    must(desk_store_key(true, why, sizeof why), "key");
    must(desk_store_create(&db), "database");
    must(desk_store_open(&run_db, DESK_ZONE_JOBS, 0), "the worker's connection");
    arena = desk_arena_new(32 * 1024 * 1024);
    here = (struct world){.db = db, .arena = arena, .now = NOW};
    other = here;
    world_business(&here, "harwick", "Harwick Plumbing", "+18605550100", "sal", "long enough pw");
    world_business(&other, "other", "Other & Sons", "+18605550200", "olga", "long enough pw");
    steps_left = -1;
    run = (struct job_run){.db = run_db,
                           .a = desk_arena_new(32 * 1024 * 1024),
                           .step = desk_arena_new(32 * 1024 * 1024),
                           .stopping = stop};
    return 0;
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *f)
{
    (void)st;
    (void)flag;
    (void)f;
    return remove(path);
}

static int teardown(void **state)
{
    (void)state;
    desk_arena_free(run.a);
    desk_arena_free(run.step);
    desk_arena_free(arena);
    desk_db_close(run.db);
    desk_db_close(db);
    desk_clock_fake(0);
    return nftw(dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static const char *ask(const char *kind, const char *about, const char *in)
{
    char id[DESK_ID_LEN];
    must(DESK_TX_BEGIN(db), "begin");
    enum desk_rc rc = desk_job_ask(db, here.tenant, NULL, kind, about, id);
    if (!rc && in)
        rc = desk_job_put(db, here.tenant, id, DESK_JOB_IN, in, strlen(in));
    must(desk_tx_end(db, rc), "ask");
    return desk_arena_strdup(arena, id);
}

static struct desk_job job(const char *id)
{
    struct desk_job j;
    must(desk_job_get(db, arena, here.tenant, id, &j), "job");
    return j;
}

static const char *out_of(const char *id)
{
    struct desk_job_piece *p;
    size_t n;
    struct desk_buf b;
    desk_buf_init(&b, 1 << 20);
    must(desk_job_pieces(db, arena, here.tenant, id, DESK_JOB_OUT, 0, 100, &p, &n), "pieces");
    for (size_t i = 0; i < n; i++)
        desk_buf_add(&b, p[i].text, (size_t)p[i].bytes);
    const char *text = desk_arena_strdup(arena, desk_buf_cstr(&b));
    desk_buf_clear(&b);
    return text;
}

static enum desk_rc contact(const char *number, struct desk_contact *c)
{
    return desk_contact_by_number(db, arena, here.tenant, number, c);
}

static size_t found(const char *tenant, const char *words, bool people)
{
    struct desk_find f;
    struct desk_word_doc *docs;
    size_t n = 0;
    desk_find_read(&f, words);
    const struct desk_index_ask q = {.tenant_id = tenant,
                                     .words = &f,
                                     .people = people,
                                     .before_at = INT64_MAX,
                                     .before_n = INT64_MAX,
                                     .max = 100};
    must(desk_index_find(db, arena, &q, &docs, &n), "find");
    return n;
}

/* ---- people in ------------------------------------------------------------------------------- */

#define TRY "{\"country\":\"US\",\"day_first\":0,\"dry_run\":1}"
#define DO  "{\"country\":\"US\",\"day_first\":0,\"dry_run\":0}"

static const char list[] = "phone,name,email,shoe size\n"
                           "(860) 555-0134,Dana Whitfield,dana@example.com,7\n"
                           "nonsense,Nobody,,\n"
                           "+44 20 7946 0123,Olive,not a mail,\n"
                           "8605550135,Tom Hale,,\n";

static void a_list_is_tried_and_then_read_in(void **state)
{
    (void)state;
    struct desk_contact c;
    struct desk_job_piece *p;
    size_t n;
    const char *id = ask(DESK_JOB_PEOPLE_IMPORT, TRY, list);
    must(one(), "try");
    struct desk_job j = job(id);
    assert_string_equal(j.state, DESK_JOB_DONE);
    assert_string_equal(j.words, "2 new, 0 would change, 0 already so, 2 cannot be read");
    assert_int_equal(contact("+18605550134", &c), DESK_ENOTFOUND);
    must(desk_job_pieces(db, arena, here.tenant, id, DESK_JOB_WRONG, 0, 10, &p, &n), "wrong");
    assert_int_equal(n, 3);
    assert_int_equal(p[0].line, 1); /* "shoe size" is nothing of ours */
    assert_int_equal(p[1].line, 3);
    assert_int_equal(p[2].line, 4);
    assert_non_null(strstr(p[2].text, "email"));
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_tx_end(db, desk_job_again(db, here.tenant, id, DO)), "again");
    must(one(), "do");
    j = job(id);
    assert_string_equal(j.words, "2 new, 0 changed, 0 already so, 2 left out");
    must(contact("+18605550134", &c), "dana");
    assert_string_equal(c.email, "dana@example.com");
    int64_t bytes = -1;
    must(desk_job_bytes(db, here.tenant, id, DESK_JOB_IN, &bytes), "bytes");
    assert_int_equal(bytes, 0); /* the list itself is not kept */
    assert_int_equal(one(), DESK_ENOTFOUND);
}

static void what_is_no_list_says_why(void **state)
{
    (void)state;
    const char *id = ask(DESK_JOB_PEOPLE_IMPORT, TRY, "name,company\nDana,Acme\n");
    must(one(), "try");
    assert_string_equal(job(id).state, DESK_JOB_FAILED);
    assert_non_null(strstr(job(id).words, "No column has telephone numbers"));
}

/* Killed behind its first batches: the next worker counts on, and reads no row twice. */
static void reading_in_goes_on_where_it_was_left(void **state)
{
    (void)state;
    struct desk_buf b;
    struct desk_contact c;
    desk_buf_init(&b, 1 << 20);
    desk_buf_str(&b, "phone,name\n");
    for (int i = 0; i < 700; i++)
        desk_buf_fmt(&b, "+1860555%04d,Person %s\n", i, i == 5 ? "" : "x");
    const char *id = ask(DESK_JOB_PEOPLE_IMPORT, DO, desk_buf_cstr(&b));
    steps_left = 2;
    must(one(), "some of it");
    struct desk_job j = job(id);
    assert_string_equal(j.state, DESK_JOB_WAITING);
    assert_true(j.done > 0 && j.done < 700);
    must(contact("+18605550000", &c), "the first");
    assert_int_equal(contact("+18605550699", &c), DESK_ENOTFOUND);
    steps_left = -1;
    must(one(), "the rest");
    j = job(id);
    assert_string_equal(j.state, DESK_JOB_DONE);
    assert_int_equal(j.done, 700);
    assert_string_equal(j.words, "700 new, 0 changed, 0 already so, 0 left out");
    must(contact("+18605550699", &c), "the last");
    desk_buf_clear(&b);
}

/* ---- who has it ------------------------------------------------------------------------------ */

static void another_worker_waits_for_the_lease(void **state)
{
    (void)state;
    const char *id = ask(DESK_JOB_REINDEX, "{}", NULL);
    struct desk_job j = job(id);
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_tx_end(db, desk_job_claim(db, &j, "claim_of_one_killed")), "claim");
    assert_int_equal(one(), DESK_ENOTFOUND); /* it may be alive */
    desk_clock_fake(NOW + DESK_JOB_LEASE_MS + 1);
    must(one(), "the next");
    assert_string_equal(job(id).state, DESK_JOB_DONE);
    j.claim = "claim_of_one_killed"; /* which was alive after all: its step does not stay */
    must(DESK_TX_BEGIN(db), "begin");
    assert_int_equal(desk_tx_end(db, desk_job_step(db, &j)), DESK_ECONFLICT);
}

static void what_no_version_knows_is_not_done(void **state)
{
    (void)state;
    const char *id = ask("sing", "{}", NULL);
    must(one(), "one");
    assert_string_equal(job(id).state, DESK_JOB_FAILED);
    desk_clock_fake(NOW + DESK_JOB_KEPT_MS + 10);
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_tx_end(db, desk_job_purge(db, desk_now_ms() - DESK_JOB_KEPT_MS)), "purge");
    struct desk_job j;
    assert_int_equal(desk_job_get(db, arena, here.tenant, id, &j), DESK_ENOTFOUND);
}

/* ---- out ------------------------------------------------------------------------------------- */

static void people_and_calls_come_out_as_files(void **state)
{
    (void)state;
    world_call(&here, &(struct world_call){.id = "call_dana",
                                           .name = "=Dana",
                                           .number = "+18605550134",
                                           .ago_min = 60,
                                           .seconds = 30,
                                           .summary = "The boiler leaks."});
    world_call(&other, &(struct world_call){.id = "call_olga",
                                            .name = "Olga",
                                            .number = "+18605550177",
                                            .ago_min = 60,
                                            .seconds = 30});
    const char *people = ask(DESK_JOB_PEOPLE_EXPORT, "{}", NULL);
    const char *calls = ask(
        DESK_JOB_CALLS_EXPORT,
        desk_arena_fmt(arena, "{\"from\":%lld,\"to\":%lld}", NOW - 86400000LL, NOW + 1LL), NULL);
    must(one(), "people");
    must(one(), "calls");
    assert_string_equal(job(people).words, "1 person is in the file");
    assert_non_null(strstr(out_of(people), "'=Dana")); /* no formula */
    assert_null(strstr(out_of(people), "Olga"));
    assert_string_equal(job(calls).words, "1 call is in the file");
    assert_non_null(strstr(out_of(calls), "The boiler leaks."));
    assert_null(strstr(out_of(calls), "call_olga"));
}

/* ---- erased ---------------------------------------------------------------------------------- */

static void a_person_is_erased_with_all_that_hangs_on_them(void **state)
{
    (void)state;
    struct desk_contact c;
    for (int i = 0; i < 25; i++)
        world_call(&here, &(struct world_call){.id = desk_arena_fmt(arena, "call_%d", i),
                                               .name = "Dana Whitfield",
                                               .number = "+18605550134",
                                               .ago_min = 60 + i,
                                               .seconds = 60,
                                               .back_state = "open",
                                               .back_reason = "boiler",
                                               .message_s = 5,
                                               .message = "Please call.",
                                               .summary = "The boiler leaks.",
                                               .talk = i < 2});
    world_call(&here, &(struct world_call){.id = "call_tom",
                                           .name = "Tom Hale",
                                           .number = "+18605550135",
                                           .ago_min = 5,
                                           .seconds = 60,
                                           .summary = "Another boiler."});
    world_recording(
        &here, "call_0",
        (struct desk_recording){.kind = DESK_REC_OWN, .state = DESK_REC_READY, .ms = 1000});
    must(contact("+18605550134", &c), "dana");
    must(DESK_TX_BEGIN(db), "begin");
    must(desk_exception_put(db, here.tenant, "+18605550134", "Dana", "friend"), "exception");
    must(desk_outbox_add(db, &(struct desk_outbox_new){.tenant_id = here.tenant,
                                                       .kind = DESK_OUTBOX_SMS,
                                                       .dedupe = "x",
                                                       .payload = "{}",
                                                       .to = "+18605550134",
                                                       .priority = 50}),
         "outbox");
    must(desk_tx_end(db, DESK_OK), "commit");
    assert_int_equal(found(here.tenant, "boiler", false), 26);
    const char *id =
        ask(DESK_JOB_PERSON_ERASE, desk_arena_fmt(arena, "{\"person\":\"%s\"}", c.id), NULL);
    steps_left = 0; /* killed behind the first step */
    must(one(), "a step");
    assert_string_equal(job(id).state, DESK_JOB_WAITING);
    assert_int_equal(job(id).done, 10);
    steps_left = -1;
    must(one(), "the rest");
    assert_string_equal(job(id).state, DESK_JOB_DONE);
    assert_string_equal(job(id).words, "Erased, with 25 calls");
    assert_int_equal(contact("+18605550134", &c), DESK_ENOTFOUND);
    assert_int_equal(found(here.tenant, "boiler", false), 1); /* Tom's */
    assert_int_equal(found(here.tenant, "dana", true), 0);
    struct desk_exception e;
    assert_int_equal(desk_exception_find(db, arena, here.tenant, "+18605550134", &e),
                     DESK_ENOTFOUND);
    struct desk_call call;
    must(desk_call_get(db, arena, here.tenant, "call_tom", &call), "tom's call");
    assert_int_equal(desk_call_get(db, arena, here.tenant, "call_0", &call), DESK_ENOTFOUND);
    char path[200];
    snprintf(path, sizeof path, "%s/recordings/2026/11/20/rec_call_0.rec", dir);
    assert_int_not_equal(access(path, F_OK), 0); /* the sound, too */
    assert_int_equal(one(), DESK_ENOTFOUND);
}

static void who_is_on_the_phone_is_not_erased_now(void **state)
{
    (void)state;
    struct desk_contact c;
    world_call(&here,
               &(struct world_call){
                   .id = "call_now", .name = "Ines", .number = "+18605550136", .ago_min = 1});
    must(contact("+18605550136", &c), "ines");
    const char *id =
        ask(DESK_JOB_PERSON_ERASE, desk_arena_fmt(arena, "{\"person\":\"%s\"}", c.id), NULL);
    must(one(), "one");
    assert_string_equal(job(id).state, DESK_JOB_FAILED);
    assert_non_null(strstr(job(id).words, "on the phone now"));
    must(contact("+18605550136", &c), "ines is still there");
}

static int64_t rows_of(const char *table, const char *call)
{
    char sql[200];
    int64_t n = 0;
    sqlite3_stmt *st = NULL;
    snprintf(sql, sizeof sql, "SELECT count(*) FROM %s WHERE call_id = '%s'", table, call);
    assert_int_equal(sqlite3_prepare_v2(db->sq, sql, -1, &st, NULL), SQLITE_OK);
    if (sqlite3_step(st) == SQLITE_ROW)
        n = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    return n;
}

/* What was said goes, here and in the index; that the call was, what it cost and what came of it
 * stays. */
static void a_call_is_erased_and_stays_as_a_row(void **state)
{
    static const char *const gone[] = {"turn", "event", "tool_run", "attention"};
    (void)state;
    struct desk_call c;
    struct desk_call_after after;
    struct desk_callback *k;
    struct desk_message *m;
    struct desk_recording rec;
    size_t n;
    static const char *const ids[] = {"call_dana", "call_tom"};
    for (size_t i = 0; i < 2; i++)
        world_call(&here, &(struct world_call){.id = ids[i],
                                               .name = "Dana Whitfield",
                                               .number = "+18605550134",
                                               .ago_min = 60,
                                               .seconds = 60,
                                               .back_state = "open",
                                               .back_reason = "boiler",
                                               .message_s = 5,
                                               .message = "Voicemail about tiles.",
                                               .summary = "The boiler leaks.",
                                               .talk = true});
    world_after(&here, "call_dana");
    world_recording(
        &here, "call_dana",
        (struct desk_recording){.kind = DESK_REC_OWN, .state = DESK_REC_READY, .ms = 1000});
    assert_int_equal(found(here.tenant, "garage", false), 2);
    assert_int_equal(found(here.tenant, "tile", false), 2);
    for (size_t i = 0; i < sizeof gone / sizeof *gone; i++)
        assert_true(rows_of(gone[i], "call_dana") > 0);
    const char *id = ask(DESK_JOB_CALL_ERASE, "{\"call\":\"call_dana\"}", NULL),
               *twice = ask(DESK_JOB_CALL_ERASE, "{\"call\":\"call_dana\"}", NULL);
    must(one(), "it");
    must(one(), "and again");
    assert_string_equal(job(id).words, "Erased");
    assert_string_equal(job(twice).state, DESK_JOB_DONE);
    for (size_t i = 0; i < sizeof gone / sizeof *gone; i++)
        assert_int_equal(rows_of(gone[i], "call_dana"), 0);
    assert_true(rows_of("turn", "call_tom") > 0);
    assert_int_equal(found(here.tenant, "garage", false), 1);
    assert_int_equal(found(here.tenant, "tile", false), 1);
    assert_int_equal(found(here.tenant, "boiler", false), 1);
    must(desk_call_get(db, arena, here.tenant, "call_dana", &c), "the call");
    assert_null(c.summary);
    assert_int_equal(c.erased_at, NOW);
    assert_int_equal(c.duration_ms, 60000);
    must(desk_call_after_get(db, arena, here.tenant, "call_dana", &after), "its cost");
    assert_int_equal(after.nanos, 187000000);
    assert_string_equal(after.summary, "");
    assert_string_equal(after.facts, "{}");
    must(desk_callback_by_call(db, arena, here.tenant, "call_dana", &k, &n), "its promise");
    assert_int_equal(n, 1);
    must(desk_message_by_call(db, arena, here.tenant, "call_dana", &m, &n), "its message");
    assert_string_equal(m[0].state, "erased");
    assert_null(m[0].text);
    must(desk_recording_get(db, arena, here.tenant, "rec_call_dana", &rec), "its recording");
    assert_string_equal(rec.state, DESK_REC_ERASED);
    char path[200];
    snprintf(path, sizeof path, "%s/recordings/2026/11/20/rec_call_dana.rec", dir);
    assert_int_not_equal(access(path, F_OK), 0);
}

static void a_call_that_runs_is_not_erased(void **state)
{
    (void)state;
    world_call(&here,
               &(struct world_call){
                   .id = "call_now", .name = "Ines", .number = "+18605550136", .ago_min = 1});
    const char *id = ask(DESK_JOB_CALL_ERASE, "{\"call\":\"call_now\"}", NULL);
    must(one(), "one");
    assert_string_equal(job(id).state, DESK_JOB_FAILED);
    assert_non_null(strstr(job(id).words, "on the phone now"));
    id = ask(DESK_JOB_CALL_ERASE, "{\"call\":\"call_gone\"}", NULL);
    must(one(), "one");
    assert_string_equal(job(id).state, DESK_JOB_DONE);
}

/* ---- the index ------------------------------------------------------------------------------- */

static void what_was_there_before_becomes_searchable(void **state)
{
    (void)state;
    world_call(&here, &(struct world_call){.id = "call_dana",
                                           .name = "Dana Whitfield",
                                           .number = "+18605550134",
                                           .ago_min = 60,
                                           .seconds = 60,
                                           .summary = "A summary of gutters.",
                                           .message_s = 5,
                                           .message = "Voicemail about tiles.",
                                           .talk = true});
    must(desk_db_script(db, "DELETE FROM word_doc"), "as before the index");
    assert_int_equal(found(here.tenant, "garage", false), 0);
    const char *id = ask(DESK_JOB_REINDEX, "{}", NULL);
    steps_left = 1;
    must(one(), "a step");
    assert_string_equal(job(id).state, DESK_JOB_WAITING);
    steps_left = -1;
    must(one(), "the rest");
    assert_string_equal(job(id).state, DESK_JOB_DONE);
    assert_true(job(id).done >= 12);
    assert_int_equal(job(id).done, job(id).total);
    assert_int_equal(found(here.tenant, "garage", false), 1);
    assert_int_equal(found(here.tenant, "gutter", false), 1);
    assert_int_equal(found(here.tenant, "tile voicemail", false), 1);
    assert_int_equal(found(here.tenant, "whitfield", true), 1);
    assert_int_equal(found(other.tenant, "garage", false), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_list_is_tried_and_then_read_in),
        TEST(what_is_no_list_says_why),
        TEST(reading_in_goes_on_where_it_was_left),
        TEST(another_worker_waits_for_the_lease),
        TEST(what_no_version_knows_is_not_done),
        TEST(people_and_calls_come_out_as_files),
        TEST(a_person_is_erased_with_all_that_hangs_on_them),
        TEST(who_is_on_the_phone_is_not_erased_now),
        TEST(a_call_is_erased_and_stays_as_a_row),
        TEST(a_call_that_runs_is_not_erased),
        TEST(what_was_there_before_becomes_searchable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
