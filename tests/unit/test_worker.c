/* The worker's jobs, on a database in memory with its clock in our hand. */
#include "../../worker/stale_calls.c"
#include "../../worker/sessions.c"
#include "../../worker/maintain.c"
#undef ARENA
#include "../../worker/audit.c"
#undef ARENA
#include "../../worker/recordings.c"
#include "../../worker/voice_sessions.c"
#include "base/config.h"
#include "base/ids.h"
#include "base/paths.h"
#include "store/open.h"
#include "store/results.h"
#include "store/tenants.h"
#include "store/users.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

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
    desk_clock_fake(NOW + desk_session_ms() - 1000);
    assert_int_equal(desk_session_new(db, &u, young), DESK_OK);
    assert_int_equal(desk_tx_end(db, DESK_OK), DESK_OK);
    desk_clock_fake(NOW + desk_session_ms() + 1000);
    assert_int_equal(job_sessions(db), DESK_OK);
    desk_clock_fake(NOW); /* it would still be valid: so it is really gone */
    assert_int_equal(desk_session_find(db, arena, old, &s), DESK_ENOTFOUND);
    assert_int_equal(desk_session_find(db, arena, young, &s), DESK_OK);
}

static void an_old_audit_is_forgotten(void **state)
{
    const int64_t day = 24LL * 3600 * 1000;
    struct desk_audit a;
    (void)state;
    assert_int_equal(DESK_TX_BEGIN(db), DESK_OK);
    desk_clock_fake(NOW - 731 * day);
    assert_int_equal(desk_audit_add(db, "ten_1", NULL, "old", NULL), DESK_OK);
    desk_clock_fake(NOW - 729 * day);
    assert_int_equal(desk_audit_add(db, "ten_1", NULL, "young", NULL), DESK_OK);
    assert_int_equal(desk_tx_end(db, DESK_OK), DESK_OK);
    desk_clock_fake(NOW);
    assert_int_equal(job_audit(db), DESK_OK);
    assert_int_equal(desk_audit_last(db, arena, "ten_1", "old", &a), DESK_ENOTFOUND);
    assert_int_equal(desk_audit_last(db, arena, "ten_1", "young", &a), DESK_OK);
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

/* ---- recordings without an end -----------------------------------------------------------------
 */

static char rec_dir[] = "/tmp/desk-worker-rec-XXXXXX";

/* A row begun so long ago; pieces < 0: without a file. It last grew quiet_ms ago. */
static void recording_begun(const char *id, int64_t ago_ms, int pieces, int64_t quiet_ms, bool end)
{
    char path[DESK_REC_PATH];
    struct desk_recfile f;
    const uint8_t sound[DESK_REC_PIECE] = {1};
    struct desk_recording r = {.id = id,
                               .tenant_id = "ten_1",
                               .call_id = "killed",
                               .kind = DESK_REC_OWN,
                               .state = DESK_REC_RECORDING,
                               .path = desk_recfile_path(path, id, NOW),
                               .consent = DESK_CONSENT_NOT_NEEDED,
                               .started_at = NOW - ago_ms};
    const struct timespec at = {(NOW - quiet_ms) / 1000, 0}, times[2] = {at, at};
    assert_int_equal(DESK_TX_BEGIN(db), DESK_OK);
    assert_int_equal(desk_tx_end(db, desk_recording_insert(db, &r)), DESK_OK);
    if (pieces < 0)
        return;
    assert_int_equal(desk_recfile_create(&f, desk_store_the_key(), path, "ten_1", id), DESK_OK);
    for (int k = 0; k < 2 * pieces; k++)
        assert_int_equal(desk_recfile_put(&f, (enum desk_rec_side)(k % 2), k / 2, sound), DESK_OK);
    if (end)
        assert_int_equal(desk_recfile_end(&f, pieces * DESK_REC_PIECE), DESK_OK);
    assert_int_equal(futimens(f.fd, times), 0);
    desk_recfile_close(&f);
}

static void recordings_of_a_bridge_that_died_are_completed(void **state)
{
    static const struct {
        const char *id, *state, *cut;
        int64_t ms;
    } want[] = {
        {"rec_cut", DESK_REC_READY, "killed", 480}, {"rec_whole", DESK_REC_READY, NULL, 320},
        {"rec_none", DESK_REC_BROKEN, "killed", 0}, {"rec_empty", DESK_REC_BROKEN, "killed", 0},
        {"rec_live", DESK_REC_RECORDING, NULL, 0},  {"rec_new", DESK_REC_RECORDING, NULL, 0}};
    struct desk_recording r;
    struct desk_event *events;
    char path[DESK_PATH_LEN + DESK_REC_PATH];
    size_t n;
    (void)state;
    assert_non_null(mkdtemp(rec_dir));
    desk_setting_override(DESK_S_FRONTDESK_DATA, rec_dir);
    call_begun("killed", HOUR, 0);
    recording_begun("rec_cut", HOUR, 3, 2 * QUIET_MS, false);
    recording_begun("rec_whole", HOUR, 2, 2 * QUIET_MS, true);
    recording_begun("rec_none", HOUR, -1, 0, false);
    recording_begun("rec_empty", HOUR, 0, 2 * QUIET_MS, false);
    recording_begun("rec_live", HOUR, 3, 2000, false);
    recording_begun("rec_new", QUIET_MS / 2, -1, 0, false);
    for (int round = 0; round < 2; round++)
        assert_int_equal(job_recordings(db), DESK_OK);
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        assert_int_equal(desk_recording_get(db, arena, "ten_1", want[i].id, &r), DESK_OK);
        assert_string_equal(r.state, want[i].state);
        assert_int_equal(r.ms, want[i].ms);
        assert_true(want[i].cut ? strcmp(r.cut, want[i].cut) == 0 : !r.cut);
        assert_int_equal(desk_recfile_remove(r.path), DESK_OK);
    }
    assert_int_equal(desk_event_list(db, arena, "ten_1", "killed", 10, &events, &n), DESK_OK);
    assert_int_equal(n, 3); /* of those that end early, once */
    for (size_t i = 0; i < n; i++)
        assert_string_equal(events[i].name, "recording_cut");
    static const char *const folders[] = {"2027/01/15", "2027/01", "2027", ""};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        snprintf(path, sizeof path, "%s/recordings/%s", rec_dir, folders[i]);
        assert_int_equal(remove(path), 0);
    }
    assert_int_equal(remove(rec_dir), 0);
}

/* Nobody came back to a conversation: it is ABANDONED, and what was promised in it stands. */
static void a_session_that_was_left_lapses(void **state)
{
    (void)state;
    struct desk_voice_session s = {.id = "vs_1",
                                   .tenant_id = "ten_1",
                                   .call_id = "left",
                                   .state = "ACTIVE",
                                   .audio = "none",
                                   .idle_ms = 1000,
                                   .expires_at = NOW - 1,
                                   .created_at = NOW - HOUR,
                                   .updated_at = NOW - HOUR};
    struct desk_voice_session other = s;
    call_begun("left", HOUR, 0);
    call_begun("held", HOUR, 0);
    other.id = "vs_2";
    other.call_id = "held";
    other.expires_at = NOW;
    assert_int_equal(DESK_TX_BEGIN(db), DESK_OK);
    enum desk_rc rc = desk_voice_session_insert(db, &s);
    if (!rc)
        rc = desk_voice_session_insert(db, &other);
    if (!rc) /* wanted to be put through, and nobody said whether that was done */
        rc = desk_call_transfer(db, "ten_1", "left", "+18605550101", "the boiler", false);
    assert_int_equal(desk_tx_end(db, rc), DESK_OK);
    assert_int_equal(job_voice_sessions(db), DESK_OK);
    assert_int_equal(desk_voice_session_get(db, arena, "ten_1", "vs_1", &s), DESK_OK);
    assert_string_equal(s.state, "ABANDONED");
    assert_int_equal(s.ended_at, NOW - 1);
    struct desk_call c = call_now("left");
    assert_string_equal(desk_call_decision(&c), "not_put_through");
    assert_int_equal(c.ended_at, NOW - 1);
    struct desk_callback *cb;
    size_t n;
    assert_int_equal(desk_callback_by_call(db, arena, "ten_1", "left", &cb, &n), DESK_OK);
    assert_int_equal(n, 1);
    assert_string_equal(cb[0].reason, "the boiler");
    assert_int_equal(desk_voice_session_get(db, arena, "ten_1", "vs_2", &s), DESK_OK);
    assert_string_equal(s.state, "ACTIVE");
    assert_int_equal(call_now("held").ended_at, 0);
    assert_int_equal(job_voice_sessions(db), DESK_OK); /* and only once */
    assert_int_equal(desk_callback_by_call(db, arena, "ten_1", "left", &cb, &n), DESK_OK);
    assert_int_equal(n, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_call_that_may_still_run_is_left, setup, teardown),
        cmocka_unit_test_setup_teardown(a_call_that_broke_is_closed_as_failed, setup, teardown),
        cmocka_unit_test_setup_teardown(a_call_that_only_lacks_the_report_is_completed, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(an_outcome_that_is_known_stays, setup, teardown),
        cmocka_unit_test_setup_teardown(recordings_of_a_bridge_that_died_are_completed, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(sign_ins_that_ran_out_are_forgotten, setup, teardown),
        cmocka_unit_test_setup_teardown(an_old_audit_is_forgotten, setup, teardown),
        cmocka_unit_test_setup_teardown(upkeep_works_within_the_workers_rights, setup, teardown),
        cmocka_unit_test_setup_teardown(a_session_that_was_left_lapses, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
