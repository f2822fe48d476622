/* Latency: where the time of an answer goes, and how it is told to Prometheus. */
#include "../../ws-bridge/latency.c"
#include "../../ws-bridge/metrics.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct latency l;
static struct latency_turn turn;

static void turn_is(uint32_t n, int64_t total, int64_t model, int64_t tool, int64_t own)
{
    assert_int_equal(turn.turn, n);
    assert_int_equal(turn.total_us, total);
    assert_int_equal(turn.model_us, model);
    assert_int_equal(turn.tool_us, tool);
    assert_int_equal(turn.own_us, own);
    assert_int_equal(turn.model_us + turn.tool_us + turn.own_us, turn.total_us);
}

static void first_word(int64_t at, int64_t sound, int64_t sent)
{
    latency_init(&l, at);
    latency_model_sound(&l, sound);
    assert_true(latency_sent(&l, sent, &turn));
}

static void the_first_word_counts_from_the_calls_beginning(void **state)
{
    (void)state;
    first_word(1000, 901000, 901250);
    turn_is(0, 900250, 900000, 0, 250);
    assert_false(latency_sent(&l, 902000, &turn)); /* the next pieces are not waited for */
}

static void speech_before_the_first_word_does_not_restart_it(void **state)
{
    (void)state;
    latency_init(&l, 1000);
    latency_forget(&l);
    latency_asked(&l, 500000);
    latency_model_sound(&l, 601000);
    assert_true(latency_sent(&l, 601100, &turn));
    turn_is(0, 600100, 600000, 0, 100);
}

static void a_turn_counts_from_the_callers_last_sound(void **state)
{
    (void)state;
    first_word(1, 2, 3);
    latency_model_sound(&l, 4); /* nobody waits */
    assert_false(latency_watches(&l));
    latency_asked(&l, 1000000);
    latency_model_sound(&l, 1400000);
    latency_model_sound(&l, 1500000);
    assert_true(latency_watches(&l));
    assert_true(latency_sent(&l, 1400900, &turn));
    turn_is(1, 400900, 400000, 0, 900);
}

static void tools_are_apart_and_overlap_once(void **state)
{
    (void)state;
    first_word(1, 2, 3);
    latency_asked(&l, 1000);
    latency_tool_begin(&l, 2000);
    latency_tool_begin(&l, 2500);
    latency_tool_end(&l, 3000);
    latency_tool_end(&l, 4000);
    latency_tool_end(&l, 9000); /* one end too many */
    latency_model_sound(&l, 10000);
    assert_true(latency_sent(&l, 10100, &turn));
    turn_is(1, 9100, 7000, 2000, 100);
}

static void words_during_a_tool_are_an_answer_too(void **state)
{
    (void)state;
    first_word(1, 2, 3);
    latency_asked(&l, 1000);
    latency_tool_begin(&l, 2000);
    latency_model_sound(&l, 5000);
    assert_true(latency_sent(&l, 5000, &turn));
    turn_is(1, 4000, 1000, 3000, 0);
    /* the tool runs on into the next turn, and only its part there counts */
    latency_asked(&l, 10000);
    latency_tool_end(&l, 12000);
    latency_model_sound(&l, 13000);
    assert_true(latency_sent(&l, 13000, &turn));
    turn_is(2, 3000, 1000, 2000, 0);
}

static void a_turn_nobody_answered_is_forgotten(void **state)
{
    (void)state;
    first_word(1, 2, 3);
    latency_asked(&l, 1000);
    latency_forget(&l);
    latency_model_sound(&l, 2000);
    assert_false(latency_sent(&l, 2100, &turn));
    latency_asked(&l, 5000);
    latency_asked(&l, 7000);
    latency_model_sound(&l, 8000);
    assert_true(latency_sent(&l, 8001, &turn));
    turn_is(1, 1001, 1000, 0, 1);
}

/* A server's clock may say that the caller ended after its own answer began. */
static void no_share_is_below_nothing(void **state)
{
    (void)state;
    first_word(1, 2, 3);
    latency_asked(&l, 9000);
    latency_model_sound(&l, 8000);
    assert_true(latency_sent(&l, 7000, &turn));
    turn_is(1, 0, 0, 0, 0);
}

/* ---- metrics --------------------------------------------------------------------------------- */

static unsigned long value(const char *text, const char *line)
{
    char start[120];
    snprintf(start, sizeof start, "\n%s", line);
    const char *p = strstr(text, start);
    if (!p)
        fail_msg("no line %s in\n%s", line, text);
    return p ? strtoul(p + strlen(start), NULL, 10) : 0;
}

static void histograms_add_up(void **state)
{
    struct desk_buf out;
    struct bridge *b = calloc(1, sizeof *b);
    (void)state;
    assert_non_null(b);
    metrics_observe(&b->metrics, METRIC_TURN, 50000); /* an upper end belongs to its bucket */
    metrics_observe(&b->metrics, METRIC_TURN, 50001);
    metrics_observe(&b->metrics, METRIC_TURN, 99000000); /* above all */
    metrics_observe(&b->metrics, METRIC_TURN, -5);
    metrics_count(&b->metrics, METRIC_RECONNECTS);
    b->n_calls = 3;
    b->counts.bad_token = 7;
    desk_buf_init(&out, METRICS_MAX);
    metrics_text(&out, b);
    assert_true(desk_buf_ok(&out));
    const char *text = desk_buf_cstr(&out);
    assert_int_equal(value(text, "frontdesk_bridge_turn_seconds_bucket{le=\"0.05\"} "), 2);
    assert_int_equal(value(text, "frontdesk_bridge_turn_seconds_bucket{le=\"0.1\"} "), 3);
    assert_int_equal(value(text, "frontdesk_bridge_turn_seconds_bucket{le=\"15\"} "), 3);
    assert_int_equal(value(text, "frontdesk_bridge_turn_seconds_bucket{le=\"+Inf\"} "), 4);
    assert_int_equal(value(text, "frontdesk_bridge_turn_seconds_count "), 4);
    assert_int_equal(value(text, "frontdesk_bridge_turn_seconds_sum "), 99);
    assert_int_equal(value(text, "frontdesk_bridge_reconnects_total "), 1);
    assert_int_equal(value(text, "frontdesk_bridge_calls "), 3);
    assert_int_equal(value(text, "frontdesk_bridge_refused_total{why=\"token\"} "), 7);
    assert_true(out.len < METRICS_MAX / 4);
    desk_buf_clear(&out);
    free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_word_counts_from_the_calls_beginning),
        cmocka_unit_test(speech_before_the_first_word_does_not_restart_it),
        cmocka_unit_test(a_turn_counts_from_the_callers_last_sound),
        cmocka_unit_test(tools_are_apart_and_overlap_once),
        cmocka_unit_test(words_during_a_tool_are_an_answer_too),
        cmocka_unit_test(a_turn_nobody_answered_is_forgotten),
        cmocka_unit_test(no_share_is_below_nothing),
        cmocka_unit_test(histograms_add_up),
    };
    return cmocka_run_group_tests_name("latency", tests, NULL, NULL);
}
