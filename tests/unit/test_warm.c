/* The table of sessions made ahead: one for one call, for no other, not too many, none left. The
 * sessions themselves are counted here instead of dialled. */
#include "../../ws-bridge/warm.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct session made[100];
static size_t n_made, n_closed, n_due;
static bool refuse;

struct session *session_new(struct bridge *b, const struct claim *claim,
                            const struct session_owner *o, void *ctx, double seconds)
{
    struct session *s = &made[n_made++];
    assert_true(n_made < sizeof made / sizeof *made);
    *s = (struct session){.b = b, .claim = claim, .owner = o, .ctx = ctx};
    assert_true(seconds > 0);
    if (!refuse)
        return s;
    s->closed = true;
    o->failed(s, DESK_RT_FATAL_CONFIG, "no", false);
    return NULL;
}

void session_close(struct session *s)
{
    n_closed += s && !s->closed;
    if (s)
        s->closed = true;
}

void scribe_due(struct scribe *s)
{
    (void)s;
    n_due++;
}

void claim_free(struct claim *c)
{
    if (!c)
        return;
    free((void *)(uintptr_t)c->call.id);
    free(c);
}

static struct bridge bridge;
static struct warm *w;

static int begin(void **state)
{
    (void)state;
    n_made = n_closed = n_due = 0;
    refuse = false;
    bridge.loop = ev_loop_new(EVFLAG_AUTO);
    w = calloc(1, sizeof *w);
    w->b = &bridge;
    w->fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    ev_io_init(&w->changed, on_changed, w->fd, EV_READ);
    ev_timer_init(&w->soon, on_soon, LOOK_EACH, 0.);
    w->changed.data = w->soon.data = w;
    return 0;
}

static int end(void **state)
{
    (void)state;
    warm_free(w);
    ev_loop_destroy(bridge.loop);
    return 0;
}

static void offer(const char *id)
{
    struct claim *c = calloc(1, sizeof *c);
    assert_non_null(c);
    c->call.id = strdup(id);
    warm_offer(w, c);
}

static void test_one_for_one_call(void **state)
{
    (void)state;
    offer("call_a");
    offer("call_b");
    offer("call_a");
    assert_int_equal(n_made, 2);
    assert_null(warm_take(w, "call_c"));
    assert_null(warm_take(w, "call_"));
    assert_null(warm_take(NULL, "call_a"));
    assert_ptr_equal(warm_take(w, "call_b"), &made[1]);
    assert_null(warm_take(w, "call_b"));
    assert_ptr_equal(warm_take(w, "call_a"), &made[0]);
    assert_int_equal(n_closed, 0); /* they are the calls' now */
}

static void test_not_too_many(void **state)
{
    (void)state;
    char id[24];
    for (int i = 0; i < DESK_MAX_WARM + 5; i++) {
        snprintf(id, sizeof id, "call_%d", i);
        offer(id);
    }
    assert_int_equal(n_made, DESK_MAX_WARM);
    assert_non_null(warm_take(w, "call_3"));
    offer("call_new"); /* there is room again */
    assert_int_equal(n_made, DESK_MAX_WARM + 1);
    warm_close(w);
    assert_int_equal(n_closed, DESK_MAX_WARM);
    offer("call_late");
    assert_int_equal(n_made, DESK_MAX_WARM + 1);
    assert_null(warm_take(w, "call_5"));
}

static void test_failures_leave_nothing(void **state)
{
    (void)state;
    refuse = true;
    offer("call_a");
    assert_null(warm_take(w, "call_a"));
    refuse = false;
    offer("call_b");
    made[1].owner->failed(&made[1], DESK_RT_RECONNECT, "first", true); /* it tries again */
    assert_non_null(find(w, "call_b"));
    made[1].owner->ready(&made[1]);
    made[1].closed = true;
    made[1].owner->failed(&made[1], DESK_RT_RECONNECT, "then", false);
    assert_null(warm_take(w, "call_b"));
}

static void test_nobody_came(void **state)
{
    (void)state;
    offer("call_a");
    struct slot *s = find(w, "call_a");
    assert_true(ev_is_active(&s->unused));
    assert_true(ev_timer_remaining(bridge.loop, &s->unused) > WARM_S - 1);
    on_unused(bridge.loop, &s->unused, 0);
    assert_int_equal(n_closed, 1);
    assert_null(warm_take(w, "call_a"));
    assert_false(ev_is_active(&s->unused));
}

/* A burst of commits is looked at twice: at its beginning and after it. */
static void test_looks_are_few(void **state)
{
    (void)state;
    for (int i = 0; i < 50; i++)
        look_soon(w);
    assert_int_equal(n_due, 1);
    warm_looked(w);
    for (int i = 0; i < 50; i++)
        look_soon(w);
    assert_int_equal(n_due, 1);
    ev_run(bridge.loop, 0); /* until the timer's turn */
    assert_int_equal(n_due, 2);
    warm_looked(w);
    ev_run(bridge.loop, 0);
    assert_int_equal(n_due, 2);
}

#define T(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {T(test_one_for_one_call), T(test_not_too_many),
                                       T(test_failures_leave_nothing), T(test_nobody_came),
                                       T(test_looks_are_few)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
