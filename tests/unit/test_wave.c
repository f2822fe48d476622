/* The shape of a recording: measured from its sealed file, kept once by the worker. */
#include "../../worker/waves.c"
#include "base/clock.h"
#include "base/config.h"
#include "base/paths.h"
#include "store/calls.h"
#include "store/tenants.h"
#include "wire/mulaw.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NOW   1800000000000LL
#define OK(e) assert_int_equal((e), DESK_OK)

static struct desk_db *db;
static struct desk_arena *arena;
static char dir[] = "/tmp/desk-wave-XXXXXX";

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
    const struct desk_call c = {.id = "call_1",
                                .tenant_id = "ten_1",
                                .location_id = "loc_1",
                                .call_sid = "CA1",
                                .direction = "inbound",
                                .caller_kind = "new",
                                .to_number = "+15550100",
                                .mode = DESK_MODE_REALTIME,
                                .status = "completed",
                                .started_at = NOW,
                                .updated_at = NOW};
    (void)state;
    desk_log_init("test", DESK_LOG__MAX);
    desk_clock_fake(NOW);
    if (!mkdtemp(dir))
        return -1;
    desk_setting_override(DESK_S_FRONTDESK_DATA, dir);
    arena = desk_arena_new(8 * 1024 * 1024);
    if (desk_store_memory(&db) || DESK_TX_BEGIN(db))
        return -1;
    enum desk_rc rc = desk_tenant_insert(db, &t);
    if (!rc)
        rc = desk_location_insert(db, &l);
    if (!rc)
        rc = desk_call_insert(db, &c);
    return desk_tx_end(db, rc) ? -1 : 0;
}

static int teardown(void **state)
{
    static const char *const folders[] = {"2027/01/15", "2027/01", "2027", ""};
    char path[DESK_PATH_LEN + DESK_REC_PATH];
    (void)state;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        snprintf(path, sizeof path, "%s/recordings/%s", dir, folders[i]);
        remove(path);
    }
    desk_db_close(db);
    desk_arena_free(arena);
    return remove(dir);
}

/* loud[side]: how loud, of 32767, at that part of it (0 … parts - 1). */
typedef int loudness(int side, int64_t part);

static const char *make(const char *id, int64_t samples, int64_t parts, loudness *loud)
{
    static char path[DESK_REC_PATH];
    struct desk_recfile f;
    uint8_t sound[DESK_REC_PIECE];
    desk_recfile_path(path, id, NOW);
    OK(desk_recfile_create(&f, desk_store_the_key(), path, "ten_1", id));
    for (int64_t k = 0; k * DESK_REC_PIECE < samples; k++)
        for (int side = 0; side < 2; side++) {
            for (int64_t i = 0; i < DESK_REC_PIECE; i++) {
                int64_t at = k * DESK_REC_PIECE + i, part = at * parts / samples;
                int v = part < parts ? loud(side, part) : 0;
                sound[i] = desk_mulaw_from_linear((int16_t)(at % 2 ? v : -v));
            }
            OK(desk_recfile_put(&f, (enum desk_rec_side)side, k, sound));
        }
    OK(desk_recfile_end(&f, samples));
    desk_recfile_close(&f);
    return path;
}

static void row(const char *id, const char *path, int64_t ms)
{
    const struct desk_recording r = {.id = id,
                                     .tenant_id = "ten_1",
                                     .call_id = "call_1",
                                     .kind = DESK_REC_OWN,
                                     .state = DESK_REC_READY,
                                     .path = path,
                                     .ms = ms,
                                     .consent = DESK_CONSENT_NOT_NEEDED,
                                     .started_at = NOW};
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, desk_recording_insert(db, &r)));
}

static const char *wave_of(const char *id)
{
    struct desk_recording r;
    OK(desk_recording_get(db, arena, "ten_1", id, &r));
    return r.wave;
}

static enum desk_rc shape(const char *path, const char *id, char out[DESK_WAVE_LEN])
{
    struct desk_recfile f;
    OK(desk_recfile_open(&f, desk_store_the_key(), path, "ten_1", id));
    enum desk_rc rc = desk_wave_of(&f, out);
    desk_recfile_close(&f);
    return rc;
}

/* ---- measuring ------------------------------------------------------------------------------- */

/* Bar i of 104: the caller in the first half, we in the second, four times as quiet. */
static int by_halves(int side, int64_t part)
{
    return side == 0 && part < 52 ? 16000 : side == 1 && part >= 52 ? 4000 : 0;
}

static void each_side_is_measured_against_the_loudest(void **state)
{
    static const int64_t lengths[] = {104 * 1280, 104 * 1280 * 3, 104 * 100, 104};
    char out[DESK_WAVE_LEN];
    (void)state;
    for (size_t n = 0; n < sizeof lengths / sizeof *lengths; n++) {
        const char *path = make("rec_halves", lengths[n], DESK_WAVE_BARS, by_halves);
        OK(shape(path, "rec_halves", out));
        assert_int_equal(strlen(out), DESK_WAVE_LEN - 1);
        for (int i = 0; i < DESK_WAVE_BARS; i++) {
            int ours = desk_wave_bar(out, DESK_WAVE_BARS + i);
            assert_int_equal(desk_wave_bar(out, i), i < 52 ? DESK_WAVE_LOUD : 0);
            assert_true(i < 52 ? ours == 0 : ours >= 17 && ours <= 18); /* the root of a quarter */
        }
        OK(desk_recfile_remove(path));
    }
}

static int hiss(int side, int64_t part)
{
    (void)side;
    (void)part;
    return 40;
}

/* Noise on a silent line is not drawn as if somebody shouted; and a sound shorter than its bars
 * leaves some of them empty. */
static void silence_stays_low(void **state)
{
    char out[DESK_WAVE_LEN];
    (void)state;
    const char *path = make("rec_hiss", 16000, 1, hiss);
    OK(shape(path, "rec_hiss", out));
    for (int i = 0; i < 2 * DESK_WAVE_BARS; i++)
        assert_true(desk_wave_bar(out, i) > 0 && desk_wave_bar(out, i) < DESK_WAVE_LOUD / 2);
    OK(desk_recfile_remove(path));
    path = make("rec_short", 10, 1, hiss);
    OK(shape(path, "rec_short", out));
    assert_int_equal(strlen(out), DESK_WAVE_LEN - 1);
    OK(desk_recfile_remove(path));
    path = make("rec_none", 0, 1, hiss);
    assert_int_equal(shape(path, "rec_none", out), DESK_ENOTFOUND);
    OK(desk_recfile_remove(path));
}

/* ---- the worker ------------------------------------------------------------------------------ */

/* A piece in the middle is another's: it does not open. */
static void spoil(const char *path)
{
    char full[DESK_PATH_LEN + DESK_REC_PATH];
    assert_true(desk_recfile_full(full, sizeof full, path));
    FILE *f = fopen(full, "r+b");
    assert_non_null(f);
    assert_int_equal(fseek(f, 16 + 3 * (24 + 1280 + 16) + 100, SEEK_SET), 0);
    assert_true(fputc('x', f) == 'x' && fputc('y', f) == 'y');
    assert_int_equal(fclose(f), 0);
}

static void the_worker_keeps_it_once(void **state)
{
    char good[DESK_REC_PATH], bad[DESK_REC_PATH], before[DESK_WAVE_LEN];
    (void)state;
    snprintf(good, sizeof good, "%s", make("rec_good", 20000, DESK_WAVE_BARS, by_halves));
    snprintf(bad, sizeof bad, "%s", make("rec_bad", 20000, DESK_WAVE_BARS, by_halves));
    spoil(bad);
    row("rec_good", good, 2500);
    row("rec_bad", bad, 2500);
    row("rec_gone", "2027/01/15/rec_gone.rec", 2500);
    row("rec_there", NULL, 2500); /* its sound is not here */
    OK(job_waves(db));
    assert_int_equal(strlen(wave_of("rec_good")), DESK_WAVE_LEN - 1);
    assert_string_equal(wave_of("rec_bad"), "");
    assert_string_equal(wave_of("rec_gone"), "");
    assert_null(wave_of("rec_there"));
    snprintf(before, sizeof before, "%s", wave_of("rec_good"));
    OK(desk_recfile_remove(good));
    OK(job_waves(db)); /* it is not measured again: the file is not asked for */
    assert_string_equal(wave_of("rec_good"), before);
    OK(DESK_TX_BEGIN(db));
    OK(desk_tx_end(db, desk_recording_erase(db, "ten_1", "rec_good")));
    assert_null(wave_of("rec_good")); /* it goes with the sound */
    OK(job_waves(db));
    assert_null(wave_of("rec_good"));
    OK(desk_recfile_remove(bad));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_side_is_measured_against_the_loudest),
        cmocka_unit_test(silence_stays_low),
        cmocka_unit_test(the_worker_keeps_it_once),
    };
    return cmocka_run_group_tests_name("wave", tests, setup, teardown);
}
