/* wire/wav_read: what others recorded, in pieces of every size; and what we write ourselves. */
#include "wire/mulaw.h"
#include "wire/wav.h"
#include "wire/wav_read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#define MOST 4096

static int16_t heard[MOST];
static size_t n_heard, stop_at;
static struct desk_wav_reader reader;

static bool hear(void *ctx, const int16_t *samples, size_t frames)
{
    assert_ptr_equal(ctx, heard);
    assert_in_range(frames, 1, DESK_WAV_FRAMES);
    for (size_t i = 0; i < frames * reader.channels && n_heard < MOST; i++)
        heard[n_heard++] = samples[i];
    return n_heard < stop_at;
}

/* In pieces of `step` bytes. */
static enum desk_rc read_all(const uint8_t *p, size_t n, size_t step)
{
    enum desk_rc rc = DESK_OK;
    n_heard = 0;
    desk_wav_read_begin(&reader, hear, heard);
    for (size_t at = 0; at < n && !rc; at += step)
        rc = desk_wav_read(&reader, p + at, n - at < step ? n - at : step);
    return rc ? rc : desk_wav_read_end(&reader);
}

static size_t put(uint8_t *p, uint32_t v, int bytes)
{
    for (int i = 0; i < bytes; i++)
        p[i] = (uint8_t)(v >> (8 * i));
    return (size_t)bytes;
}

/* A file: format, then (if other) a chunk of odd length, then n bytes of sound, said to be said. */
static size_t file(uint8_t *p, unsigned format, unsigned channels, unsigned rate, unsigned bits,
                   bool other, const void *sound, size_t n, uint32_t said)
{
    size_t at = 0;
    unsigned frame = channels * bits / 8;
    memcpy(p, "RIFF\0\0\0\0WAVEfmt ", 16);
    at = 16;
    at += put(p + at, 16, 4);
    at += put(p + at, format, 2);
    at += put(p + at, channels, 2);
    at += put(p + at, rate, 4);
    at += put(p + at, rate * frame, 4);
    at += put(p + at, frame, 2);
    at += put(p + at, bits, 2);
    if (other) {
        memcpy(p + at, "LIST\3\0\0\0abc\0", 12);
        at += 12;
    }
    memcpy(p + at, "data", 4);
    at += 4;
    at += put(p + at, said, 4);
    memcpy(p + at, sound, n);
    return at + n;
}

static void pieces_of_every_size_give_the_same(void **state)
{
    (void)state;
    uint8_t f[1024], sound[400];
    for (size_t i = 0; i < sizeof sound; i++)
        sound[i] = (uint8_t)(i * 7 + 1);
    size_t n = file(f, 1, 2, 8000, 16, true, sound, 400, 400);
    for (size_t step = 1; step <= n; step++) {
        assert_int_equal(read_all(f, n, step), DESK_OK);
        assert_int_equal(reader.frames, 100);
        assert_int_equal(n_heard, 200);
        for (size_t i = 0; i < 200; i++)
            assert_int_equal(heard[i], (int16_t)(sound[2 * i] | sound[2 * i + 1] << 8));
    }
}

static void other_kinds_of_sound(void **state)
{
    (void)state;
    uint8_t f[256];
    const uint8_t u[] = {0xff, 0x80, 0x00}, b8[] = {128, 255, 0};
    size_t n = file(f, 7, 1, 8000, 8, false, u, 3, 3);
    assert_int_equal(read_all(f, n, 5), DESK_OK);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(heard[i], desk_mulaw_to_linear(u[i]));
    n = file(f, 1, 1, 16000, 8, false, b8, 3, 3);
    assert_int_equal(read_all(f, n, 5), DESK_OK);
    assert_int_equal(reader.rate, 16000);
    assert_int_equal(heard[0], 0);
    assert_int_equal(heard[1], 127 * 256);
    assert_int_equal(heard[2], -32768);
    /* lengths that the writer did not know: to the end of the file */
    for (int i = 0; i < 2; i++) {
        n = file(f, 7, 1, 8000, 8, false, u, 3, i ? 0 : UINT32_MAX);
        assert_int_equal(read_all(f, n, 2), DESK_OK);
        assert_int_equal(n_heard, 3);
    }
    /* what comes behind the sound is of no interest; half a frame is none */
    n = file(f, 1, 1, 8000, 16, false, "\1\0\2\0\3xxxxxxxx", 13, 5);
    assert_int_equal(read_all(f, n, 3), DESK_OK);
    assert_int_equal(n_heard, 2);
}

static void what_is_no_wav_is_told(void **state)
{
    (void)state;
    uint8_t f[256];
    static const struct {
        unsigned format, channels, bits;
        const char *why;
    } rows[] = {
        {2, 1, 16, "of a kind"},    {85, 1, 16, "of a kind"}, {1, 1, 24, "of a kind"},
        {7, 1, 16, "of a kind"},    {1, 3, 16, "channels"},   {1, 0, 16, "channels"},
        {1, 65535, 16, "channels"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t n =
            file(f, rows[i].format, rows[i].channels, 8000, rows[i].bits, false, "1234", 4, 4);
        assert_int_equal(read_all(f, n, 7), DESK_EINVAL);
        assert_non_null(strstr(reader.why, rows[i].why));
    }
    assert_int_equal(read_all((const uint8_t *)"{\"code\":20404}", 14, 3), DESK_EINVAL);
    assert_non_null(strstr(reader.why, "not a WAV"));
    assert_int_equal(read_all((const uint8_t *)"", 0, 1), DESK_EINVAL);
    size_t n = file(f, 1, 1, 8000, 16, false, "1234", 4, 4);
    for (size_t cut = 1; cut < n; cut++) { /* cut off anywhere */
        assert_int_equal(read_all(f, cut, cut), DESK_EINVAL);
        assert_non_null(strstr(reader.why, "cut off"));
    }
    memcpy(f + 12, "data", 4); /* sound before its format */
    assert_int_equal(read_all(f, n, n), DESK_EINVAL);
}

static void a_reader_that_stops_is_heard_no_more(void **state)
{
    (void)state;
    uint8_t f[4200], sound[4000] = {0};
    size_t n = file(f, 7, 1, 8000, 8, false, sound, 4000, 4000);
    stop_at = 100;
    assert_int_equal(read_all(f, n, 64), DESK_DONE);
    assert_in_range(n_heard, 100, 100 + DESK_WAV_FRAMES);
    size_t before = n_heard;
    assert_int_equal(desk_wav_read(&reader, sound, 10), DESK_DONE);
    assert_int_equal(n_heard, before);
    stop_at = MOST;
}

/* Both heads of ours are read again. */
static void our_own_files_are_read(void **state)
{
    (void)state;
    uint8_t f[DESK_WAV_HEAD + 8];
    desk_wav_head(f, 2, 4);
    memset(f + DESK_WAV_HEAD, 0x55, 8);
    assert_int_equal(read_all(f, sizeof f, 9), DESK_OK);
    assert_int_equal(reader.channels, 2);
    assert_int_equal(reader.frames, 4);
    uint8_t g[DESK_WAV_PCM_HEAD + 8] = {0};
    desk_wav_pcm_head(g, 1, 16000, 4);
    assert_int_equal(read_all(g, sizeof g, 9), DESK_OK);
    assert_int_equal(reader.channels, 1);
    assert_int_equal(reader.rate, 16000);
    assert_int_equal(reader.frames, 4);
}

static int begin(void **state)
{
    (void)state;
    stop_at = MOST;
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_of_every_size_give_the_same),
        cmocka_unit_test(other_kinds_of_sound),
        cmocka_unit_test(what_is_no_wav_is_told),
        cmocka_unit_test(a_reader_that_stops_is_heard_no_more),
        cmocka_unit_test(our_own_files_are_read),
    };
    return cmocka_run_group_tests_name("wav", tests, begin, NULL);
}
