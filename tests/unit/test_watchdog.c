/* A loop that hangs ends its process; one that turns, idles, or was stopped for a while does not.
 */
#include "../../ws-bridge/watchdog.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <signal.h>
#include <sys/wait.h>

#define LIMIT_MS 400

static void nap(long ms)
{
    struct timespec t = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&t, NULL);
}

static void hang(struct ev_loop *loop, ev_timer *t, int events)
{
    (void)loop;
    (void)t;
    (void)events;
    nap(LIMIT_MS * 20);
}

static void enough(struct ev_loop *loop, ev_timer *t, int events)
{
    (void)t;
    (void)events;
    ev_break(loop, EVBREAK_ALL);
}

/* A process with a watched loop that calls fn after a while; 0 when it comes to its own end. */
static pid_t process(void (*fn)(struct ev_loop *, ev_timer *, int), double after)
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid)
        return pid;
    struct ev_loop *loop = ev_loop_new(EVFLAG_AUTO);
    struct watchdog *w = watchdog_new(loop, LIMIT_MS);
    ev_timer t;
    ev_timer_init(&t, fn, after, 0.);
    ev_timer_start(loop, &t);
    ev_run(loop, 0);
    watchdog_free(w);
    ev_loop_destroy(loop);
    _exit(w ? 0 : 1);
}

static int ended(pid_t pid)
{
    int status = 0;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void test_hangs(void **state)
{
    (void)state;
    assert_int_equal(ended(process(hang, 0.05)), WATCHDOG_EXIT);
}

static void test_idles(void **state)
{
    (void)state;
    assert_int_equal(ended(process(enough, LIMIT_MS * 4 / 1000.0)), 0);
}

static void test_stopped(void **state)
{
    (void)state;
    pid_t pid = process(enough, LIMIT_MS * 6 / 1000.0);
    nap(LIMIT_MS / 2);
    kill(pid, SIGSTOP);
    nap(LIMIT_MS * 3);
    kill(pid, SIGCONT);
    assert_int_equal(ended(pid), 0);
}

static void test_ended_before(void **state)
{
    (void)state;
    struct ev_loop *loop = ev_loop_new(EVFLAG_AUTO);
    struct watchdog *w = watchdog_new(loop, LIMIT_MS);
    assert_non_null(w);
    watchdog_free(w); /* from now on nobody looks */
    nap(LIMIT_MS * 2);
    ev_loop_destroy(loop);
    watchdog_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hangs),
        cmocka_unit_test(test_idles),
        cmocka_unit_test(test_stopped),
        cmocka_unit_test(test_ended_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
