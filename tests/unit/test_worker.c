/* The worker's jobs, on a database in memory with its clock in our hand. */
#include "../../worker/stale_calls.c"
#include "../../worker/sessions.c"
#include "../../worker/maintain.c"
#include "base/ids.h"
#include "store/open.h"
#include "store/tenants.h"
#include "store/users.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>

#define NOW  1800000000000LL
#define HOUR (3600LL * 1000)

static struct desk_db *db;
static struct desk_arena *arena;

static int setup(void **state)
{
    const struct desk_tenant t = {.id = "ten_1",
                                  .slug = "a",
                                  .name = "A",
                                  .profile = "{}",
                                  .created_at = NOW,
                                  .updated_at = NOW};
    const struct desk_location l = {.id = "loc_1",
                                    .tenant_id = "ten_1",
                                    .name = "A",
                                    .zone = "UTC",
                                    .hours = "{}",
                                    .created_at = NOW};
    (void)state;
    desk_clock_fake(NOW);
    arena = desk_arena_new(8 * 1024 * 1024);
    if (desk_store_memory(&db) || DESK_TX_BEGIN(db))
        return -1;
    enum desk_rc rc = desk_tenant_insert(db, &t);
    if (!rc)
        rc = desk_location_insert(db, &l);
    return desk_tx_end(db, rc) ? -1 : 0;
}

static int teardown(void **state)
{
    (void)state;
    desk_db_close(db);
    desk_arena_free(arena);
    desk_clock_fake(0);
    return 0;
}

/* A call that began so long ago; stream_end_ms ago its stream ended, 0 = never. */
static void call_begun(const char *id, int64_t ago_ms, int64_t stream_end_ago_ms)
{
    struct desk_call c = {.id = id,
                          .tenant_id = "ten_1",
                          .location_id = "loc_1",
                          .call_sid = id,
                          .direction = "inbound",
                          .caller_kind = "new",
                          .to_number = "+18605550100",
                          .mode = DESK_MODE_REALTIME,
                          .status = "in-progress",
                          .status_rank = desk_call_rank("in-progress"),
                          .started_at = NOW - ago_ms,
                          .updated_at = NOW - ago_ms + 1000};
    if (stream_end_ago_ms) {
        c.stream_ended_at = NOW - stream_end_ago_ms;
        c.stream_end = "goodbye";
    }
    assert_int_equal(DESK_TX_BEGIN(db), DESK_OK);
    assert_int_equal(desk_tx_end(db, desk_call_insert(db, &c)), DESK_OK);
}

static void said(const char *call_id, const char *item)
{
    struct desk_turn t = {.tenant_id = "ten_1",
                          .call_id = call_id,
                          .item_id = item,
                          .who = DESK_WHO_CALLER,
                          .how = "speech",
                          .text = "hello",
                          .created_at = NOW};
    assert_int_equal(DESK_TX_BEGIN(db), DESK_OK);
    assert_int_equal(desk_tx_end(db, desk_turn_add(db, &t)), DESK_OK);
}

static struct desk_call call_now(const char *id)
{
    struct desk_call c;
    assert_int_equal(desk_call_get(db, arena, "ten_1", id, &c), DESK_OK);
    return c;
}

static void a_call_that_may_still_run_is_left(void **state)
{
    (void)state;
    call_begun("young", 3 * HOUR + HOUR / 2, 0);
    assert_int_equal(job_stale_calls(db), DESK_OK);
    struct desk_call c = call_now("young");
    assert_int_equal(c.ended_at, 0);
    assert_string_equal(c.status, "in-progress");
}

static void a_call_that_broke_is_closed_as_failed(void **state)
{
    struct desk_event *events;
    size_t n;
    (void)state;
    call_begun("broken", 5 * HOUR, 0);
    assert_int_equal(job_stale_calls(db), DESK_OK);
    struct desk_call c = call_now("broken");
    assert_string_equal(c.status, "failed");
    assert_string_equal(c.outcome, DESK_OUT_FAILED);
    assert_int_equal(c.ended_at, NOW - 5 * HOUR + 1000);
    assert_int_equal(c.duration_ms, 1000);
    assert_int_equal(desk_event_list(db, arena, "ten_1", "broken", 10, &events, &n), DESK_OK);
    assert_int_equal(n, 1);
    assert_string_equal(events[0].name, "no_report");
    /* once is enough */
    assert_int_equal(job_stale_calls(db), DESK_OK);
    assert_int_equal(desk_event_list(db, arena, "ten_1", "broken", 10, &events, &n), DESK_OK);
    assert_int_equal(n, 1);
}

static void a_call_that_only_lacks_the_report_is_completed(void **state)
{
    (void)state;
    call_begun("talked", 6 * HOUR, 6 * HOUR - 90000);
    said("talked", "i1");
    said("talked", "i2");
    call_begun("silent", 6 * HOUR, 6 * HOUR - 5000);
    assert_int_equal(job_stale_calls(db), DESK_OK);
    struct desk_call c = call_now("talked");
    assert_string_equal(c.status, "completed");
    assert_string_equal(c.outcome, DESK_OUT_ANSWERED);
    assert_int_equal(c.duration_ms, 90000);
    c = call_now("silent");
    assert_string_equal(c.outcome, DESK_OUT_HUNG_UP);
    assert_int_equal(c.duration_ms, 5000);
}

static void an_outcome_that_is_known_stays(void **state)
{
    (void)state;
    call_begun("promised", 5 * HOUR, 0);
    assert_int_equal(DESK_TX_BEGIN(db), DESK_OK);
    assert_int_equal(
        desk_tx_end(db, desk_call_outcome(db, "ten_1", "promised", DESK_OUT_CALLBACK, false)),
        DESK_OK);
    assert_int_equal(job_stale_calls(db), DESK_OK);
    assert_string_equal(call_now("promised").outcome, DESK_OUT_CALLBACK);
}

static void sign_ins_that_ran_out_are_forgotten(void **state)
{
    const struct desk_user u = {.id = "usr_1",
                                .tenant_id = "ten_1",
                                .login = "owner",
                                .password_hash = "x",
                                .created_at = NOW};
    struct desk_session s;
    char old[44], young[44];
    (void)state;
    assert_int_equal(DESK_TX_BEGIN(db), DESK_OK);
    assert_int_equal(desk_user_insert(db, &u), DESK_OK);
    assert_int_equal(desk_session_new(db, &u, old), DESK_OK);
    desk_clock_fake(NOW + DESK_SESSION_MS - 1000);
    assert_int_equal(desk_session_new(db, &u, young), DESK_OK);
    assert_int_equal(desk_tx_end(db, DESK_OK), DESK_OK);
    desk_clock_fake(NOW + DESK_SESSION_MS + 1000);
    assert_int_equal(job_sessions(db), DESK_OK);
    desk_clock_fake(NOW); /* it would still be valid: so it is really gone */
    assert_int_equal(desk_session_find(db, arena, old, &s), DESK_ENOTFOUND);
    assert_int_equal(desk_session_find(db, arena, young, &s), DESK_OK);
}

static void upkeep_works_within_the_workers_rights(void **state)
{
    char path[] = "/tmp/test-worker-XXXXXX", file[64], side[80];
    struct desk_db *own = NULL;
    (void)state;
    assert_non_null(mkdtemp(path));
    snprintf(file, sizeof file, "%s/x.db", path);
    const struct desk_db_options make = {.path = file, .create = true};
    assert_int_equal(desk_db_open(&own, &make), DESK_OK);
    assert_int_equal(
        desk_db_script(own, "CREATE TABLE call (id TEXT); INSERT INTO call VALUES ('a')"), DESK_OK);
    desk_db_close(own);
    const struct desk_db_options opt = {.path = file, .zone = desk_zone_rows(DESK_ZONE_WORKER)};
    assert_int_equal(desk_db_open(&own, &opt), DESK_OK);
    assert_int_equal(job_maintain(own), DESK_OK);
    desk_db_close(own);
    static const char *const tails[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < 3; i++) {
        snprintf(side, sizeof side, "%s%s", file, tails[i]);
        remove(side);
    }
    assert_int_equal(remove(path), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_call_that_may_still_run_is_left, setup, teardown),
        cmocka_unit_test_setup_teardown(a_call_that_broke_is_closed_as_failed, setup, teardown),
        cmocka_unit_test_setup_teardown(a_call_that_only_lacks_the_report_is_completed, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(an_outcome_that_is_known_stays, setup, teardown),
        cmocka_unit_test_setup_teardown(sign_ins_that_ran_out_are_forgotten, setup, teardown),
        cmocka_unit_test_setup_teardown(upkeep_works_within_the_workers_rights, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
