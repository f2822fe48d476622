/* The simulator's telephone line on a clock of its own: playout, marks, clear, and the caller. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "../../cli/call_line.c"

/* ---- a line with everything it does written down --------------------------------------------- */

#define LOUD 0x10

static struct {
    long now;
    char log[4000]; /* "key 1 @500; mark a @120; " */
    long loud_at;   /* first loud frame of the caller */
    long frames, rec_left, rec_right;
} seen;

static struct sim_line *line;
static struct sim_cursor cursor;
static struct desk_sim_script script;
static struct sim_step steps[8];
static uint8_t voice[8000]; /* a second: 100 ms of quiet, then loud */

static void put(const char *what, const char *arg)
{
    size_t n = strlen(seen.log);

    snprintf(seen.log + n, sizeof seen.log - n, "%s %s @%ld; ", what, arg, seen.now);
}

static void on_frame(void *ctx, const uint8_t *ulaw, size_t n)
{
    (void)ctx;
    assert_int_equal(n, SIM_FRAME_BYTES);
    seen.frames++;
    if (seen.loud_at < 0 && memchr(ulaw, LOUD, n))
        seen.loud_at = seen.now;
}

static void on_key(void *ctx, char key)
{
    char text[2] = {key, '\0'};

    (void)ctx;
    put("key", text);
}

static void on_played(void *ctx, const char *mark)
{
    (void)ctx;
    put("mark", mark);
}

static void on_note(void *ctx, const char *who, const char *kind, const char *text, long value)
{
    (void)ctx, (void)text, (void)value;
    if (strcmp(kind, "mark") != 0)
        put(who, kind);
}

/* The recording is another file; here it only counts. */
void sim_rec_put(struct sim_rec *r, enum sim_side side, long at_ms, const uint8_t *ulaw, size_t n)
{
    (void)r, (void)ulaw, (void)n;
    *(side == SIM_LEFT ? &seen.rec_left : &seen.rec_right) = at_ms;
}

static void step(size_t i, enum desk_sim_step_kind kind, const char *text, long ms)
{
    static char words[8][20];

    snprintf(words[i], sizeof words[i], "%s", text);
    steps[i] = (struct sim_step){.kind = kind, .text = words[i], .words = words[i], .ms = ms};
    if (kind == DESK_SIM_SAY)
        steps[i].sound = (struct sim_sound){voice, sizeof voice, 800, sizeof voice};
    script.n = i + 1;
}

static void line_open(void)
{
    static const struct sim_line_io io = {NULL, on_frame, on_key, on_played, on_note, NULL};
    static const struct sim_line_config config = {
        .finish_ms = 700, .linger_ms = 3000, .patience_ms = 5000, .rec_at_ms = 1000};

    cursor = (struct sim_cursor){.script = &script};
    line = sim_line_new(&cursor, &io, &config);
    assert_non_null(line);
}

/* Tick until ms; stops early when the caller leaves. */
static enum sim_line_rc run(long until)
{
    enum sim_line_rc rc = SIM_LINE_ON;

    while (rc == SIM_LINE_ON && seen.now < until) {
        rc = sim_line_tick(line, seen.now);
        if (rc == SIM_LINE_ON)
            seen.now += SIM_TICK_MS;
    }
    return rc;
}

static void speaks(long ms)
{
    static uint8_t tone[80000];

    assert_int_equal(sim_line_media(line, seen.now, tone, (size_t)ms * 8), DESK_OK);
}

static bool has(const char *what)
{
    return strstr(seen.log, what) != NULL;
}

#define assert_has(what)                                                                           \
    do {                                                                                           \
        if (!has(what))                                                                            \
            fail_msg("no \"%s\" in: %s", what, seen.log);                                          \
    } while (0)

static int begin(void **state)
{
    (void)state;
    memset(&seen, 0, sizeof seen);
    seen.loud_at = -1;
    memset(voice, LOUD, sizeof voice);
    memset(voice, DESK_MULAW_SILENCE, 800);
    script = (struct desk_sim_script){.steps = steps};
    line_open();
    return 0;
}

static int end(void **state)
{
    (void)state;
    sim_line_free(line);
    return 0;
}

/* ---- playout --------------------------------------------------------------------------------- */

static void marks_in_real_time(void **state)
{
    (void)state;
    assert_int_equal(sim_line_mark(line, "zero"), DESK_OK);
    speaks(100);
    assert_int_equal(sim_line_mark(line, "a"), DESK_OK);
    speaks(30); /* one and a half ticks */
    assert_int_equal(sim_line_mark(line, "b"), DESK_OK);
    assert_int_equal(sim_line_waiting_ms(line), 130);
    run(400);
    assert_has("mark zero @0;");
    assert_has("mark a @100;");
    assert_has("mark b @140;");
    assert_int_equal(sim_line_stats(line)->marks, 3);
    assert_int_equal(sim_line_stats(line)->bytes_in, 130 * 8);
    assert_int_equal(seen.rec_right, 1000 + 120);
    assert_int_equal(seen.frames, 20);
}

static void clear_returns_marks_at_once(void **state)
{
    (void)state;
    speaks(5000);
    assert_int_equal(sim_line_mark(line, "a"), DESK_OK);
    speaks(1000);
    assert_int_equal(sim_line_mark(line, "b"), DESK_OK);
    run(200);
    assert_false(has("mark"));
    sim_line_clear(line, seen.now);
    assert_has("mark a @200; mark b @200;");
    assert_int_equal(sim_line_waiting_ms(line), 0);
    speaks(40);
    assert_int_equal(sim_line_mark(line, "c"), DESK_OK);
    run(300);
    assert_has("mark c @240;");
    assert_int_equal(sim_line_stats(line)->clears, 1);
    assert_int_equal(sim_line_stats(line)->barge_ins, 0);
}

static void gaps(void **state)
{
    (void)state;
    speaks(100);
    run(120); /* 20 ms late: a jitter buffer hides that */
    speaks(100);
    run(320); /* 100 ms of hole */
    speaks(100);
    run(1420); /* a new utterance after a second: no gap */
    speaks(100);
    run(1600);
    assert_int_equal(sim_line_stats(line)->gaps, 1);
    assert_int_equal(sim_line_stats(line)->gap_ms, 100);
    assert_int_equal(sim_line_stats(line)->first_audio_ms, 0);
}

static void limits(void **state)
{
    static uint8_t big[8000 * 60];
    enum desk_rc rc = DESK_OK;
    long n = 0;

    (void)state;
    while (rc == DESK_OK && n++ < 100)
        rc = sim_line_media(line, 0, big, sizeof big);
    assert_int_equal(rc, DESK_ELIMIT);
    assert_int_equal(n, 31);
    assert_int_equal(sim_line_media(line, 0, big, 0), DESK_OK);
    for (n = 0; n < DESK_MAX_SIM_MARKS; n++)
        assert_int_equal(sim_line_mark(line, "m"), DESK_OK);
    assert_int_equal(sim_line_mark(line, "m"), DESK_ELIMIT);
}

static void long_playout_keeps_order(void **state)
{
    static uint8_t block[1600];

    (void)state;
    for (int i = 0; i < 400; i++) { /* 80 s in and out: the queue is reused */
        memset(block, i & 0x7f, sizeof block);
        assert_int_equal(sim_line_media(line, seen.now, block, sizeof block), DESK_OK);
        run(seen.now + 180);
        assert_int_equal(line->n - line->head, (size_t)(i + 1) * 160);
        assert_int_equal(line->p[line->n - 1], i & 0x7f);
    }
}

/* ---- the caller ------------------------------------------------------------------------------ */

static void waits_and_speaks(void **state)
{
    (void)state;
    step(0, DESK_SIM_SAY, "hello", 0);
    step(1, DESK_SIM_HANGUP, "", 0);
    run(500);
    speaks(400);
    run(1560);
    assert_false(has("caller say"));
    assert_int_equal(run(4000), SIM_LINE_HANGUP);
    assert_has("receptionist speech-start @500;");
    assert_has("receptionist speech-end @1600;");
    assert_has("caller say @1600;");
    assert_int_equal(seen.loud_at, 1700);
    assert_int_equal(seen.now, 2600);
    assert_int_equal(sim_line_stats(line)->bytes_out, 8000);
    assert_int_equal(sim_line_stats(line)->barge_in_ms, -1);
}

/* A second line waits for a new answer, not for the silence after the first one's question. */
static void waits_for_the_answer(void **state)
{
    (void)state;
    step(0, DESK_SIM_SAY, "one", 0);
    step(1, DESK_SIM_SAY, "two", 0);
    speaks(100);
    run(4000); /* one was said at 800 */
    assert_has("caller say @800;");
    assert_null(strstr(strstr(seen.log, "say @800") + 1, "caller say"));
    speaks(200);
    run(5500);
    assert_has("caller say @4900;");
}

static void keys_and_pauses(void **state)
{
    (void)state;
    step(0, DESK_SIM_INTERRUPT, "", 0);
    step(1, DESK_SIM_PRESS, "1w2W#", 0);
    speaks(2000);
    run(3000);
    assert_has("key 1 @0;");
    assert_has("key 2 @760;"); /* 250 ms for a key, 500 for w, in steps of 20 */
    assert_has("key # @2000;");
    assert_int_equal(cursor.at, 2);
}

static void interrupts(void **state)
{
    (void)state;
    step(0, DESK_SIM_INTERRUPT, "", 1000);
    step(1, DESK_SIM_SAY, "stop", 0);
    run(200);
    speaks(9000);
    run(1400);
    assert_has("caller say @1200;");
    assert_int_equal(seen.loud_at, 1300);
    seen.now = 1500;
    sim_line_clear(line, 1500);
    assert_has("receptionist barge-in @1500;");
    assert_int_equal(sim_line_stats(line)->barge_in_ms, 200);
    assert_int_equal(sim_line_stats(line)->barge_ins, 1);
}

static void expects(void **state)
{
    (void)state;
    step(0, DESK_SIM_EXPECT, "", 500);
    assert_int_equal(run(2000), SIM_LINE_SILENT);
    assert_int_equal(seen.now, 500);
}

static void expects_and_hears(void **state)
{
    (void)state;
    step(0, DESK_SIM_EXPECT, "", 500);
    step(1, DESK_SIM_HANGUP, "", 0);
    run(480);
    speaks(100);
    assert_int_equal(run(2000), SIM_LINE_HANGUP);
    assert_int_equal(seen.now, 480);
}

static void is_silent(void **state)
{
    (void)state;
    step(0, DESK_SIM_SILENCE, "", 1500);
    step(1, DESK_SIM_SILENCE, "", 0);
    step(2, DESK_SIM_HANGUP, "", 0);
    assert_int_equal(run(4000), SIM_LINE_HANGUP);
    assert_int_equal(seen.now, 1500);
}

static void loses_patience(void **state)
{
    (void)state;
    step(0, DESK_SIM_SAY, "anybody", 0);
    assert_int_equal(run(20000), SIM_LINE_BORED);
    assert_has("caller patience @5000;");
    assert_has("caller say @5000;");
    assert_int_equal(seen.now, 11000); /* a second of voice, then patience again */
}

static void lingers(void **state)
{
    (void)state;
    run(100);
    speaks(1000);
    assert_int_equal(run(20000), SIM_LINE_BORED);
    assert_int_equal(seen.now, 1100 + 3000);
}

static void wait_is_met_once(void **state)
{
    (void)state;
    step(0, DESK_SIM_WAIT, "", 0);
    step(1, DESK_SIM_SAY, "hi", 0);
    speaks(100);
    run(1000);
    assert_has("caller say @800;");
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(marks_in_real_time),
        TEST(clear_returns_marks_at_once),
        TEST(gaps),
        TEST(limits),
        TEST(long_playout_keeps_order),
        TEST(waits_and_speaks),
        TEST(waits_for_the_answer),
        TEST(keys_and_pauses),
        TEST(interrupts),
        TEST(expects),
        TEST(expects_and_hears),
        TEST(is_silent),
        TEST(loses_patience),
        TEST(lingers),
        TEST(wait_is_met_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
