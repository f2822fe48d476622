/* Recordings: the head of a WAV, the sealed file, and the recorder with its clock in our hand. */
#include "../../ws-bridge/recorder.c"
#include "../../ws-bridge/recorder_disk.c"
#include "store/recording_file.h"
#include "wire/wav.h"

#include <setjmp.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define KEY    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define WHEN   1795198500000LL /* 20 Nov 2026 */
#define SECOND 8000

static char dir[] = "/tmp/desk-rec-XXXXXX";
static struct desk_key key;

/* ---- the loop that the thread answers to ------------------------------------------------------
 */

struct inbox {
    pthread_mutex_t lock;
    struct note notes[256];
    size_t n;
};
static struct inbox inbox = {.lock = PTHREAD_MUTEX_INITIALIZER};

void inbox_post(struct inbox *in, struct note n)
{
    pthread_mutex_lock(&in->lock);
    assert_true(in->n < 256);
    in->notes[in->n++] = n;
    pthread_mutex_unlock(&in->lock);
}

static struct note note_wait(size_t i)
{
    for (int tries = 0; tries < 2000; tries++) {
        pthread_mutex_lock(&inbox.lock);
        bool there = inbox.n > i;
        struct note n = there ? inbox.notes[i] : (struct note){.rc = DESK_EBUSY};
        pthread_mutex_unlock(&inbox.lock);
        if (there)
            return n;
        desk_sleep_ms(5);
    }
    fail_msg("no note number %zu", i);
    return (struct note){0};
}

static void notes_clear(void)
{
    for (size_t i = 0; i < inbox.n; i++) {
        free(inbox.notes[i].text);
        free(inbox.notes[i].recorded);
    }
    inbox.n = 0;
}

static int setup(void **state)
{
    char none[64];
    char why[200];
    (void)state;
    snprintf(dir, sizeof dir, "/tmp/desk-rec-XXXXXX");
    assert_non_null(mkdtemp(dir));
    snprintf(none, sizeof none, "%s/none.env", dir);
    FILE *f = fopen(none, "w");
    assert_non_null(f);
    fclose(f);
    assert_int_equal(desk_settings_load(none, why, sizeof why), DESK_OK);
    desk_setting_override(DESK_S_FRONTDESK_DATA, dir);
    desk_setting_override(DESK_S_RECORD_FREE_MB, "0");
    desk_log_init("test", DESK_LOG__MAX);
    return desk_key_init(&key, KEY) ? -1 : 0;
}

static int teardown(void **state)
{
    char path[600];
    (void)state;
    notes_clear();
    static const char *const names[] = {"recordings/2026/11/20/rec_1.rec",
                                        "recordings/2026/11/20/rec_2.rec",
                                        "recordings/2026/11/20/rec_3.rec",
                                        "recordings/2026/11/20/rec_4.rec",
                                        "recordings/2026/11/20",
                                        "recordings/2026/11",
                                        "recordings/2026",
                                        "recordings",
                                        "none.env",
                                        ""};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", dir, names[i]);
        remove(path);
    }
    return access(dir, F_OK) == 0 ? -1 : 0; /* nothing else was left behind */
}

static struct recorded about(const char *id)
{
    struct recorded r = {.consent = "not_needed", .started_at = WHEN};
    snprintf(r.tenant_id, sizeof r.tenant_id, "ten_1");
    snprintf(r.call_id, sizeof r.call_id, "call_1");
    snprintf(r.id, sizeof r.id, "%s", id);
    desk_recfile_path(r.path, id, WHEN);
    return r;
}

/* ---- WAV --------------------------------------------------------------------------------------
 */

static uint32_t le(const uint8_t *p, int bytes)
{
    uint32_t v = 0;
    for (int i = 0; i < bytes; i++)
        v |= (uint32_t)p[i] << (8 * i);
    return v;
}

static void wav_head_says_what_follows(void **state)
{
    uint8_t h[DESK_WAV_HEAD];
    (void)state;
    desk_wav_head(h, 2, 12345);
    assert_memory_equal(h, "RIFF", 4);
    assert_int_equal(le(h + 4, 4), DESK_WAV_HEAD - 8 + 2 * 12345);
    assert_memory_equal(h + 8, "WAVEfmt ", 8);
    assert_int_equal(le(h + 16, 4), 18);
    assert_int_equal(le(h + 20, 2), 7);
    assert_int_equal(le(h + 22, 2), 2);
    assert_int_equal(le(h + 24, 4), 8000);
    assert_int_equal(le(h + 28, 4), 16000);
    assert_int_equal(le(h + 32, 2), 2);
    assert_int_equal(le(h + 34, 2), 8);
    assert_int_equal(le(h + 36, 2), 0);
    assert_memory_equal(h + 38, "fact", 4);
    assert_int_equal(le(h + 42, 4), 4);
    assert_int_equal(le(h + 46, 4), 12345);
    assert_memory_equal(h + 50, "data", 4);
    assert_int_equal(le(h + 54, 4), 2 * 12345);
    desk_wav_head(h, 2, INT64_MAX); /* longer than a WAV can say */
    assert_int_equal(le(h + 46, 4), DESK_WAV_MAX_SAMPLES(2));
    assert_true(le(h + 4, 4) <= 0xffffffff && le(h + 54, 4) == 2 * le(h + 46, 4));
    desk_wav_head(h, 1, -1);
    assert_int_equal(le(h + 54, 4), 0);
}

/* ---- the file ---------------------------------------------------------------------------------
 */

static uint8_t sound_at(int side, int64_t i)
{
    return (uint8_t)(i * 7 + i / 255 + side * 101);
}

static void make_piece(uint8_t out[DESK_REC_PIECE], int side, int64_t k)
{
    for (int64_t i = 0; i < DESK_REC_PIECE; i++)
        out[i] = sound_at(side, k * DESK_REC_PIECE + i);
}

/* n pieces, ended after samples (0 = not ended). */
static void make_file(const char *id, int64_t n, int64_t samples)
{
    struct recorded r = about(id);
    struct desk_recfile f;
    uint8_t sound[DESK_REC_PIECE];
    assert_int_equal(desk_recfile_create(&f, &key, r.path, r.tenant_id, r.id), DESK_OK);
    for (int64_t k = 0; k < n; k++)
        for (int side = 0; side < 2; side++) {
            make_piece(sound, side, k);
            assert_int_equal(desk_recfile_put(&f, (enum desk_rec_side)side, k, sound), DESK_OK);
        }
    if (samples)
        assert_int_equal(desk_recfile_end(&f, samples), DESK_OK);
    desk_recfile_close(&f);
}

static void full_path(const char *id, char out[600])
{
    assert_true(desk_recfile_full(out, 600, about(id).path));
}

static enum desk_rc open_file(struct desk_recfile *f, const char *id)
{
    struct recorded r = about(id);
    return desk_recfile_open(f, &key, r.path, r.tenant_id, r.id);
}

static void check_sound(const struct desk_recfile *f)
{
    uint8_t two[2 * 333];
    for (int64_t at = 0; at < f->samples; at += 333) {
        size_t n = f->samples - at < 333 ? (size_t)(f->samples - at) : 333;
        assert_int_equal(desk_recfile_read(f, at, n, two), DESK_OK);
        for (size_t i = 0; i < 2 * n; i++)
            if (two[i] != sound_at(i % 2, at + (int64_t)(i / 2)))
                fail_msg("sample %lld", (long long)(at + (int64_t)(i / 2)));
    }
}

static void file_holds_what_was_put(void **state)
{
    struct desk_recfile f;
    struct stat st;
    char path[600];
    uint8_t out[4];
    (void)state;
    make_file("rec_1", 5, 4 * DESK_REC_PIECE + 77);
    full_path("rec_1", path);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(st.st_size, desk_recfile_bytes(4 * DESK_REC_PIECE + 77));
    assert_int_equal(open_file(&f, "rec_1"), DESK_OK);
    assert_true(f.whole);
    assert_int_equal(f.samples, 4 * DESK_REC_PIECE + 77);
    check_sound(&f);
    assert_int_equal(desk_recfile_read(&f, f.samples, 0, out), DESK_OK);
    assert_int_equal(desk_recfile_read(&f, f.samples - 1, 2, out), DESK_EINVAL);
    assert_int_equal(desk_recfile_read(&f, -1, 1, out), DESK_EINVAL);
    desk_recfile_close(&f);
    assert_int_equal(open_file(&f, "rec_2"), DESK_ENOTFOUND);
    struct recorded r = about("rec_1");
    assert_int_equal(desk_recfile_create(&f, &key, r.path, r.tenant_id, r.id), DESK_ECONFLICT);
    assert_int_equal(desk_recfile_remove(r.path), DESK_OK);
    assert_int_equal(desk_recfile_remove(r.path), DESK_OK);
    assert_int_equal(open_file(&f, "rec_1"), DESK_ENOTFOUND);
    assert_false(desk_recfile_full(path, sizeof path, "../data.key"));
    assert_false(desk_recfile_full(path, sizeof path, "/etc/passwd"));
}

static void nothing_of_it_is_readable_in_the_file(void **state)
{
    struct recorded r = about("rec_1");
    struct desk_recfile f;
    uint8_t sound[DESK_REC_PIECE], raw[4000];
    char path[600];
    (void)state;
    memset(sound, 'Q', sizeof sound);
    assert_int_equal(desk_recfile_create(&f, &key, r.path, r.tenant_id, r.id), DESK_OK);
    assert_int_equal(desk_recfile_put(&f, DESK_REC_CALLER, 0, sound), DESK_OK);
    desk_recfile_close(&f);
    full_path("rec_1", path);
    FILE *in = fopen(path, "rb");
    assert_non_null(in);
    size_t n = fread(raw, 1, sizeof raw, in);
    fclose(in);
    assert_true(n > DESK_REC_PIECE);
    assert_null(memmem(raw, n, "QQQQ", 4));
}

/* Bytes of the file are changed by edit(); what then can be heard? */
static enum desk_rc heard_after(void (*edit)(int fd, int64_t size), bool *whole, int64_t *samples)
{
    struct desk_recfile f;
    char path[600];
    uint8_t *two = malloc(2 * 5 * DESK_REC_PIECE);
    make_file("rec_1", 5, 5 * DESK_REC_PIECE);
    full_path("rec_1", path);
    struct stat st;
    int fd = open(path, O_RDWR);
    assert_true(fd >= 0 && two && fstat(fd, &st) == 0);
    edit(fd, st.st_size);
    close(fd);
    enum desk_rc rc = open_file(&f, "rec_1");
    *whole = !rc && f.whole;
    *samples = rc ? 0 : f.samples;
    if (!rc && f.samples)
        rc = desk_recfile_read(&f, 0, (size_t)f.samples, two);
    desk_recfile_close(&f);
    free(two);
    assert_int_equal(unlink(path), 0);
    return rc;
}

#define SLOT_BYTES (DESK_REC_PIECE + DESK_CHUNK_EXTRA)

static void copy_slot(int fd, int from, int to)
{
    uint8_t slot[SLOT_BYTES];
    assert_int_equal(pread(fd, slot, sizeof slot, 16 + from * SLOT_BYTES), sizeof slot);
    assert_int_equal(pwrite(fd, slot, sizeof slot, 16 + to * SLOT_BYTES), sizeof slot);
}
static void edit_bit(int fd, int64_t size)
{
    uint8_t b;
    (void)size;
    assert_int_equal(pread(fd, &b, 1, 16 + 3 * SLOT_BYTES + 500), 1);
    b ^= 4;
    assert_int_equal(pwrite(fd, &b, 1, 16 + 3 * SLOT_BYTES + 500), 1);
}
static void edit_swap(int fd, int64_t size)
{
    (void)size;
    copy_slot(fd, 4, 2); /* another moment of the same side */
}
static void edit_sides(int fd, int64_t size)
{
    (void)size;
    copy_slot(fd, 4, 5); /* the other side of the same moment */
}
static void edit_hole(int fd, int64_t size)
{
    static const uint8_t none[SLOT_BYTES];
    (void)size;
    assert_int_equal(pwrite(fd, none, sizeof none, 16 + 2 * SLOT_BYTES), sizeof none);
}
static void edit_shorter(int fd, int64_t size)
{
    assert_int_equal(ftruncate(fd, size - 48 - 2 * SLOT_BYTES), 0);
}
/* the end put behind fewer pieces */
static void edit_end_moved(int fd, int64_t size)
{
    uint8_t end[48];
    assert_int_equal(pread(fd, end, 48, size - 48), 48);
    assert_int_equal(pwrite(fd, end, 48, size - 48 - 2 * SLOT_BYTES), 48);
    assert_int_equal(ftruncate(fd, size - 2 * SLOT_BYTES), 0);
}
static void edit_head(int fd, int64_t size)
{
    (void)size;
    assert_int_equal(pwrite(fd, "F", 1, 0), 1);
}

static void tampering_is_found(void **state)
{
    static const struct {
        const char *what;
        void (*edit)(int fd, int64_t size);
        enum desk_rc rc;
        bool whole;
        int64_t pieces;
    } cases[] = {
        {"a bit", edit_bit, DESK_EINTERNAL, true, 5},
        {"moved", edit_swap, DESK_EINTERNAL, true, 5},
        {"sides", edit_sides, DESK_EINTERNAL, true, 5},
        {"a hole", edit_hole, DESK_EINTERNAL, true, 5},
        {"shorter", edit_shorter, DESK_OK, false, 4}, /* told by `whole` */
        {"the end moved", edit_end_moved, DESK_OK, false, 4},
        {"the head", edit_head, DESK_EINTERNAL, false, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool whole;
        int64_t samples;
        enum desk_rc rc = heard_after(cases[i].edit, &whole, &samples);
        if (rc != cases[i].rc || whole != cases[i].whole ||
            samples != cases[i].pieces * DESK_REC_PIECE)
            fail_msg("%s: rc %d whole %d samples %lld", cases[i].what, rc, whole,
                     (long long)samples);
    }
}

static void another_recording_key_or_tenant_does_not_open(void **state)
{
    struct desk_recfile f;
    struct desk_key other;
    char one[600], two[600];
    struct recorded r = about("rec_1");
    (void)state;
    make_file("rec_1", 2, 2 * DESK_REC_PIECE);
    assert_int_equal(desk_recfile_open(&f, &key, r.path, "ten_2", r.id), DESK_OK);
    assert_false(f.whole);
    assert_int_equal(f.samples, 0);
    desk_recfile_close(&f);
    assert_int_equal(
        desk_key_init(&other, "ff0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"),
        DESK_OK);
    assert_int_equal(desk_recfile_open(&f, &other, r.path, r.tenant_id, r.id), DESK_OK);
    assert_int_equal(f.samples, 0);
    desk_recfile_close(&f);
    full_path("rec_1", one);
    full_path("rec_2", two);
    assert_int_equal(rename(one, two), 0);
    assert_int_equal(open_file(&f, "rec_2"), DESK_OK);
    assert_int_equal(f.samples, 0);
    desk_recfile_close(&f);
}

/* The process dies while byte number n is written: what was whole before can be heard. */
static void killed_at_any_byte(void **state)
{
    struct desk_recfile f;
    char path[600];
    (void)state;
    make_file("rec_1", 4, 0);
    full_path("rec_1", path);
    for (off_t size = 16 + 8 * SLOT_BYTES; size >= 0; size--) {
        if (size % 13 && (size - 16) % SLOT_BYTES > 3)
            continue; /* each thirteenth, and all around the borders */
        assert_int_equal(truncate(path, size), 0);
        enum desk_rc rc = open_file(&f, "rec_1");
        assert_int_equal(rc, size >= 16 ? DESK_OK : DESK_EINTERNAL);
        if (rc)
            continue;
        assert_false(f.whole);
        assert_int_equal(f.samples, (size - 16) / SLOT_BYTES / 2 * DESK_REC_PIECE);
        check_sound(&f);
        desk_recfile_close(&f);
    }
}

static void killed_while_ours_was_ahead(void **state)
{
    struct recorded r = about("rec_1");
    struct desk_recfile f;
    uint8_t sound[DESK_REC_PIECE];
    (void)state;
    make_file("rec_1", 3, 0);
    assert_int_equal(open_file(&f, "rec_1"), DESK_OK);
    desk_recfile_close(&f);
    char path[600];
    full_path("rec_1", path);
    assert_int_equal(desk_recfile_open(&f, &key, r.path, r.tenant_id, r.id), DESK_OK);
    close(f.fd);
    f.fd = open(path, O_RDWR);
    memset(sound, 1, sizeof sound);
    for (int64_t k = 3; k < 400; k++) /* a minute of ours, nothing of the caller */
        assert_int_equal(desk_recfile_put(&f, DESK_REC_DESK, k, sound), DESK_OK);
    desk_recfile_close(&f);
    assert_int_equal(open_file(&f, "rec_1"), DESK_OK);
    assert_int_equal(f.samples, 3 * DESK_REC_PIECE);
    check_sound(&f);
    desk_recfile_close(&f);
}

/* ---- the recorder ------------------------------------------------------------------------------
 */

#define LONG_MAX_S 90
static uint8_t want[2][LONG_MAX_S * SECOND]; /* what ought to be heard */
static int64_t now_ms;

static void expect_begin(void)
{
    memset(want, DESK_REC_SILENCE, sizeof want);
    now_ms = 1000;
}

static void hear(struct recording *rec, int64_t stamp_ms, int64_t at_ms, uint8_t what)
{
    uint8_t frame[160];
    for (int i = 0; i < 160; i++)
        frame[i] = (uint8_t)(what + i);
    if (at_ms >= 0)
        memcpy(want[0] + at_ms * 8, frame, 160);
    recorder_caller(rec, frame, 160, (uint64_t)stamp_ms, now_ms);
}

static void say(struct recording *rec, int64_t play_ms, int64_t ms, uint8_t what)
{
    uint8_t sound[4000];
    for (int64_t done = 0; done < ms; done += 500) {
        int64_t now = ms - done < 500 ? ms - done : 500;
        for (int64_t i = 0; i < now * 8; i++)
            sound[i] = (uint8_t)(what + (done * 8 + i) % 200);
        memcpy(want[1] + (play_ms - 1000 + done) * 8, sound, (size_t)now * 8);
        recorder_desk(rec, sound, (size_t)now * 8, play_ms + done);
    }
}

static void cut(struct recording *rec)
{
    int64_t at = (now_ms - 1000) * 8;
    memset(want[1] + at, DESK_REC_SILENCE, sizeof want[1] - (size_t)at);
    recorder_cut(rec, now_ms);
}

/* The thread has all of it: tests are faster than any call. */
static void drain(struct recording *rec)
{
    while (atomic_load(&rec->waiting) > 0 && !atomic_load(&rec->stopped))
        desk_sleep_ms(2);
}

static void same_as_wanted(const char *id, int64_t ms)
{
    struct desk_recfile f;
    uint8_t two[1600];
    assert_int_equal(open_file(&f, id), DESK_OK);
    assert_true(f.whole);
    assert_int_equal(f.samples, ms * 8);
    for (int64_t at = 0; at < f.samples; at += 800) {
        size_t n = f.samples - at < 800 ? (size_t)(f.samples - at) : 800;
        assert_int_equal(desk_recfile_read(&f, at, n, two), DESK_OK);
        for (size_t i = 0; i < n; i++)
            for (int side = 0; side < 2; side++)
                if (two[2 * i + (size_t)side] != want[side][at + (int64_t)i])
                    fail_msg("side %d at %.3f ms: %d, not %d", side,
                             (double)(at + (int64_t)i) / 8.0, two[2 * i + (size_t)side],
                             want[side][at + (int64_t)i]);
    }
    desk_recfile_close(&f);
}

static struct recorded end_of(size_t note, const char *id)
{
    struct note n = note_wait(note);
    assert_int_equal(n.kind, NOTE_RECORDED);
    assert_string_equal(n.recorded->id, id);
    return *n.recorded;
}

static void both_sides_lie_where_they_were_heard(void **state)
{
    struct recorder *r = recorder_new(&inbox, &key);
    struct recorded a = about("rec_1");
    (void)state;
    assert_non_null(r);
    expect_begin();
    struct recording *rec = recorder_begin(r, 7, now_ms);
    /* frame k is spoken from 20 k to 20 k + 20 and comes then; its stamp begins anywhere */
    for (int k = 0; k < 500; k++) {
        now_ms = 1000 + 20 * (k + 1);
        if (k == 3)
            recorder_go(rec, &a); /* what came before is not lost */
        if (k < 200 || k >= 205)  /* five frames are lost */
            hear(rec, 5000 + 20 * k, 20 * k, (uint8_t)(k * 3));
        if (k == 50)
            say(rec, now_ms, 3000, 9); /* in one burst */
        if (k == 120)
            cut(rec); /* after 1400 ms of it */
        if (k == 124)
            say(rec, now_ms, 600, 77); /* an answer, within the piece of the cut or not */
        if (k == 300)
            say(rec, now_ms, 4000, 30);
    }
    recorder_end(rec, now_ms);
    struct recorded end = end_of(0, "rec_1");
    assert_int_equal(end.ms, 10000);
    assert_string_equal(end.cut, "");
    assert_int_equal(end.bytes, desk_recfile_bytes(10000 * 8));
    assert_true(recorder_free(r, 1000));
    same_as_wanted("rec_1", 10000);
}

/* Random talk against a picture of it. */
static void random_talk(void **state)
{
    struct recorder *r = recorder_new(&inbox, &key);
    struct recorded a = about("rec_1");
    unsigned dice = 12345, sounds = 0;
    int64_t until = 0;
    (void)state;
    expect_begin();
    struct recording *rec = recorder_begin(r, 7, now_ms);
    recorder_go(rec, &a);
    for (int k = 0; k < 4000; k++) {
        now_ms = 1000 + 20 * (k + 1);
        dice = dice * 1664525u + 1013904223u;
        if ((dice >> 8) % 10)
            hear(rec, 20 * k, 20 * k, (uint8_t)k);
        if ((dice >> 12) % 40 == 0) {
            int64_t at = until > now_ms ? until : now_ms, ms = 1 + (dice >> 16) % 2500;
            if (at + ms < 1000 + 80000) {
                say(rec, at, ms, (uint8_t)++sounds);
                until = at + ms;
            }
        }
        if ((dice >> 20) % 60 == 0 && until > now_ms) {
            cut(rec);
            until = now_ms;
        }
        if (k % 400 == 0)
            drain(rec); /* sometimes the thread is in between */
    }
    cut(rec); /* what is said beyond the end is not heard */
    recorder_end(rec, now_ms);
    assert_int_equal(end_of(0, "rec_1").ms, 80000);
    assert_true(recorder_free(r, 1000));
    assert_true(sounds > 50);
    same_as_wanted("rec_1", 80000);
}

/* Frames come late by up to 300 ms, in bursts, from a clock that is 300 ppm too fast: what we say
 * is within 20 ms of the moment of the caller's stream at which it is heard. */
static void delay_and_drift_keep_the_sides_together(void **state)
{
    struct recorder *r = recorder_new(&inbox, &key);
    struct recorded a = about("rec_1");
    unsigned dice = 99;
    int64_t worst = 0;
    (void)state;
    expect_begin();
    struct recording *rec = recorder_begin(r, 7, now_ms);
    recorder_go(rec, &a);
    for (int k = 0; k < 30 * 60 * 50; k++) {
        dice = dice * 1664525u + 1013904223u;
        int64_t spoken = 1000 + 40 + 20 * (k + 1) - (int64_t)k * 20 * 300 / 1000000;
        int64_t late = (dice >> 10) % 5 == 0 ? (int64_t)(dice >> 16) % 300 : (dice >> 16) % 4;
        uint8_t frame[160] = {0};
        now_ms = spoken + late > now_ms ? spoken + late : now_ms; /* in order: they queue up */
        recorder_caller(rec, frame, 160, (uint64_t)(20 * k + 20), now_ms);
        if (k % 2000 == 0)
            drain(rec);
        if (k < 100 || k % 50)
            continue;
        /* at `now` the line is at this moment of the caller's stream; a word said now lies there */
        int64_t line = rec->base + (20 * k + 40) * 8 + (now_ms - spoken) * 8;
        rec->next[1] = 0;
        recorder_desk(rec, frame, 160, now_ms);
        int64_t off = apart(rec->next[1] - 160, line) / 8;
        worst = off > worst ? off : worst;
    }
    recorder_end(rec, now_ms);
    end_of(0, "rec_1");
    assert_true(recorder_free(r, 5000));
    if (worst > 20)
        fail_msg("%lld ms apart", (long long)worst);
}

static void odd_stamps(void **state)
{
    static const struct {
        int64_t stamp, at;
    } frames[] = {{0, 0},
                  {0, 20},
                  {0, 40}, /* none at all */
                  {60, 60},
                  {80, 80},
                  {80, -1}, /* came twice */
                  {100, 100},
                  {9999999, 120}, /* another clock */
                  {9999999 + 20, 140},
                  {1000000000000000000, 160},
                  {0, 180}};
    struct recorder *r = recorder_new(&inbox, &key);
    struct recorded a = about("rec_1");
    (void)state;
    expect_begin();
    struct recording *rec = recorder_begin(r, 7, now_ms);
    recorder_go(rec, &a);
    for (size_t i = 0; i < sizeof frames / sizeof *frames; i++) {
        now_ms += frames[i].at < 0 ? 0 : 20;
        hear(rec, frames[i].stamp, frames[i].at, (uint8_t)(i * 5));
    }
    recorder_end(rec, now_ms);
    assert_int_equal(end_of(0, "rec_1").ms, 200);
    assert_true(recorder_free(r, 1000));
    same_as_wanted("rec_1", 200);
}

static void what_may_not_be_recorded_is_forgotten(void **state)
{
    struct recorder *r = recorder_new(&inbox, &key);
    char path[600];
    (void)state;
    expect_begin();
    struct recording *rec = recorder_begin(r, 7, now_ms);
    for (int k = 0; k < 1000; k++) { /* longer than is kept */
        now_ms += 20;
        hear(rec, 20 * k, 20 * k, 1);
    }
    assert_true(rec->kept_n < KEPT_MAX + BLOCK);
    recorder_drop(rec);
    rec = recorder_begin(r, 7, now_ms);
    recorder_end(rec, now_ms); /* over before it was known */
    recorder_drop(NULL);
    recorder_end(NULL, now_ms);
    assert_true(recorder_free(r, 1000));
    assert_int_equal(inbox.n, 0);
    snprintf(path, sizeof path, "%s/recordings", dir);
    assert_int_equal(access(path, F_OK), -1);
}

static void nothing_heard_leaves_no_file(void **state)
{
    struct recorder *r = recorder_new(&inbox, &key);
    struct recorded a = about("rec_1");
    struct desk_recfile f;
    (void)state;
    expect_begin();
    struct recording *rec = recorder_begin(r, 7, now_ms);
    recorder_go(rec, &a);
    recorder_end(rec, now_ms);
    struct recorded end = end_of(0, "rec_1");
    assert_int_equal(end.ms, 0);
    assert_true(recorder_free(r, 1000));
    assert_int_equal(open_file(&f, "rec_1"), DESK_ENOTFOUND);
}

/* ---- the disk ----------------------------------------------------------------------------------
 */

static void feed(struct recording *rec, int seconds)
{
    uint8_t frame[160];
    memset(frame, 0x55, sizeof frame);
    for (int k = 0; k < seconds * 50; k++) {
        now_ms += 20;
        recorder_caller(rec, frame, 160, (uint64_t)(now_ms - 1020), now_ms);
    }
}

static void full_disk_stops_the_recording(void **state)
{
    struct rlimit was, small = {100000, RLIM_INFINITY};
    struct recorder *r = recorder_new(&inbox, &key);
    struct recorded a = about("rec_1");
    struct desk_recfile f;
    (void)state;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
    small.rlim_max = was.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    expect_begin();
    struct recording *rec = recorder_begin(r, 7, now_ms);
    recorder_go(rec, &a);
    feed(rec, 20); /* 320 kB */
    struct note n = note_wait(0);
    assert_int_equal(n.kind, NOTE_REC_STOPPED);
    assert_int_equal(n.call, 7);
    assert_string_equal(n.text, "disk_full");
    feed(rec, 20); /* the loop has not heard yet */
    recorder_end(rec, now_ms);
    struct recorded end = end_of(1, "rec_1");
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
    assert_string_equal(end.cut, "disk_full");
    assert_true(end.ms > 4000 && end.ms < 6500);
    assert_true(recorder_free(r, 1000));
    assert_int_equal(open_file(&f, "rec_1"), DESK_OK);
    assert_true(f.whole);
    assert_int_equal(f.samples / 8, end.ms);
    desk_recfile_close(&f);
}

static void little_room_begins_none(void **state)
{
    desk_setting_override(DESK_S_RECORD_FREE_MB, "1000000");
    struct recorder *r = recorder_new(&inbox, &key);
    struct recorded a = about("rec_1");
    (void)state;
    expect_begin();
    struct recording *rec = recorder_begin(r, 7, now_ms);
    recorder_go(rec, &a);
    feed(rec, 1);
    assert_string_equal(note_wait(0).text, "disk_full");
    recorder_end(rec, now_ms);
    struct recorded end = end_of(1, "rec_1");
    assert_int_equal(end.ms, 0);
    assert_string_equal(end.cut, "disk_full");
    assert_true(recorder_free(r, 1000));
    desk_setting_override(DESK_S_RECORD_FREE_MB, "0");
}

/* No thread takes anything: as if the disk hung. */
static void slow_disk_stops_the_recording(void **state)
{
    struct recorder r = {.inbox = &inbox, .key = &key};
    struct recorded a = about("rec_1");
    (void)state;
    pthread_mutex_init(&r.lock, NULL);
    pthread_cond_init(&r.more, NULL);
    expect_begin();
    struct recording *rec = recorder_begin(&r, 7, now_ms);
    recorder_go(rec, &a);
    feed(rec, DESK_MAX_REC_WAIT_MS / 1000 - 2);
    assert_int_equal(inbox.n, 0);
    feed(rec, 600);
    assert_int_equal(inbox.n, 1);
    assert_string_equal(inbox.notes[0].text, "too_slow");
    assert_true(r.waiting <= DESK_MAX_REC_WAIT_MS * 8);
    recorder_end(rec, now_ms);
    /* now the disk is back */
    assert_int_equal(pthread_create(&r.thread, NULL, thread_main, &r), 0);
    struct recorded end = end_of(1, "rec_1");
    assert_string_equal(end.cut, "too_slow");
    pthread_mutex_lock(&r.lock);
    r.stop = true;
    r.stop_at = desk_mono_ms() + 1000;
    pthread_mutex_unlock(&r.lock);
    pthread_cond_signal(&r.more);
    pthread_join(r.thread, NULL);
    blocks_free(r.spare);
    blocks_free(r.returned);
}

/* ---- many, and long ----------------------------------------------------------------------------
 */

static void several_at_once(void **state)
{
    struct recorder *r = recorder_new(&inbox, &key);
    struct recording *rec[4];
    char id[4][8];
    (void)state;
    expect_begin();
    for (int i = 0; i < 4; i++) {
        snprintf(id[i], sizeof id[i], "rec_%d", i + 1);
        struct recorded a = about(id[i]);
        rec[i] = recorder_begin(r, (uint64_t)i, now_ms);
        recorder_go(rec[i], &a);
    }
    for (int k = 0; k < 1500; k++) {
        now_ms = 1000 + 20 * (k + 1);
        for (int i = 0; i < 4; i++)
            hear(rec[i], 20 * k, 20 * k, (uint8_t)k);
        if (k % 100 == 10) {
            for (int i = 1; i < 4; i++) {
                uint8_t none[160] = {0};
                recorder_desk(rec[i], none, 160, now_ms);
            }
            say(rec[0], now_ms, 700, (uint8_t)k);
        }
    }
    for (int i = 0; i < 4; i++)
        recorder_end(rec[i], now_ms);
    note_wait(3);
    assert_true(recorder_free(r, 1000));
    same_as_wanted("rec_1", 30000);
}

static void memory_does_not_grow_with_the_call(void **state)
{
    struct recorder *r = recorder_new(&inbox, &key);
    struct recorded a = about("rec_1");
    (void)state;
    expect_begin();
    struct recording *rec = recorder_begin(r, 7, now_ms);
    recorder_go(rec, &a);
    size_t most = 0;
    for (int minute = 0; minute < 60; minute++) {
        feed(rec, 30);
        feed(rec, 30);
        while (atomic_load(&rec->waiting) > 0)
            desk_sleep_ms(5);
        pthread_mutex_lock(&r->lock);
        most = r->n_spare > most ? r->n_spare : most;
        pthread_mutex_unlock(&r->lock);
    }
    recorder_end(rec, now_ms);
    assert_int_equal(end_of(0, "rec_1").ms, 3600000);
    assert_true(most <= SPARE_MAX);
    assert_true(sizeof *rec + 2 * sizeof(struct block) < 5000);
    assert_true(recorder_free(r, 1000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wav_head_says_what_follows),
        cmocka_unit_test_setup_teardown(file_holds_what_was_put, setup, teardown),
        cmocka_unit_test_setup_teardown(nothing_of_it_is_readable_in_the_file, setup, teardown),
        cmocka_unit_test_setup_teardown(tampering_is_found, setup, teardown),
        cmocka_unit_test_setup_teardown(another_recording_key_or_tenant_does_not_open, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(killed_at_any_byte, setup, teardown),
        cmocka_unit_test_setup_teardown(killed_while_ours_was_ahead, setup, teardown),
        cmocka_unit_test_setup_teardown(both_sides_lie_where_they_were_heard, setup, teardown),
        cmocka_unit_test_setup_teardown(random_talk, setup, teardown),
        cmocka_unit_test_setup_teardown(delay_and_drift_keep_the_sides_together, setup, teardown),
        cmocka_unit_test_setup_teardown(odd_stamps, setup, teardown),
        cmocka_unit_test_setup_teardown(what_may_not_be_recorded_is_forgotten, setup, teardown),
        cmocka_unit_test_setup_teardown(nothing_heard_leaves_no_file, setup, teardown),
        cmocka_unit_test_setup_teardown(full_disk_stops_the_recording, setup, teardown),
        cmocka_unit_test_setup_teardown(little_room_begins_none, setup, teardown),
        cmocka_unit_test_setup_teardown(slow_disk_stops_the_recording, setup, teardown),
        cmocka_unit_test_setup_teardown(several_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(memory_does_not_grow_with_the_call, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
