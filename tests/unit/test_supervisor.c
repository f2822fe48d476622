/* Pauses between the restarts of a program that dies at once. */
#include "../../cli/ports.c"
#include "../../cli/supervisor.c"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <sys/stat.h>

#define RUN_MS 3000

static char file[] = "/tmp/frontdesk-supervisor-XXXXXX";
static int64_t until;

static bool stop_then(void *ctx)
{
    if (desk_mono_ms() >= until)
        stop_all(ctx);
    return desk_mono_ms() >= until;
}

/* How often it was started in RUN_MS: each start is a byte in the file. */
static int starts(int pause_max_ms)
{
    struct desk_supervisor s;
    struct stat st;
    int fd = open(file, O_WRONLY | O_TRUNC | O_APPEND | O_CLOEXEC);
    assert_true(fd >= 0);
    struct desk_child_spec spec = {.name = "short-lived",
                                   .argv = {"/usr/bin/printf", "x"},
                                   .stdin_fd = -1,
                                   .log_fd = fd,
                                   .stop_signal = SIGTERM,
                                   .stop_cap_ms = 1000,
                                   .pause_max_ms = pause_max_ms};
    assert_int_equal(desk_supervisor_init(&s), DESK_OK);
    assert_int_equal(desk_supervisor_add(&s, &spec), DESK_OK);
    until = desk_mono_ms() + RUN_MS;
    s.tick = stop_then;
    s.tick_ctx = &s;
    assert_int_equal(desk_supervisor_run(&s), 0);
    desk_supervisor_clear(&s);
    assert_int_equal(fstat(fd, &st), 0);
    close(fd);
    return (int)st.st_size;
}

static void pauses_grow_to_their_maximum(void **state)
{
    (void)state;
    int fd = mkstemp(file);
    assert_true(fd >= 0);
    close(fd);
    assert_in_range(starts(0), 2, 3);   /* at 0, 0.5, 1.5, 3.5 s */
    assert_in_range(starts(500), 5, 7); /* each half second */
    unlink(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(pauses_grow_to_their_maximum)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
