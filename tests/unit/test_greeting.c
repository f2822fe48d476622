/* Kept greetings: several bridges write and read the same ones, and one may die over it. */
#include "../../ws-bridge/greeting.c"
#include "base/config.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>

#include <cmocka.h>

#define PIECES 200 /* of 600 bytes: more than one write of a moment */

static char dir[] = "/tmp/frontdesk-greeting-XXXXXX";
static char sound[PIECES * 801 + 1], name[GREETING_NAME];

static int folder(void **state)
{
    (void)state;
    size_t n = 0;
    if (!mkdtemp(dir))
        return -1;
    desk_setting_override(DESK_S_FRONTDESK_DATA, dir);
    for (size_t i = 0; i < PIECES; i++) {
        memset(sound + n, 'f', 800);
        n += 800;
        sound[n++] = '\n';
    }
    greeting_name(name, "engine", "voice", "Thanks for calling.");
    return 0;
}

static size_t files(void)
{
    char path[DESK_PATH_LEN];
    size_t n = 0;
    DIR *d = opendir(desk_path_data(path, FOLDER));
    for (struct dirent *e; d && (e = readdir(d));)
        n += e->d_name[0] != '.';
    if (d)
        closedir(d);
    return n;
}

static int no_folder(void **state)
{
    (void)state;
    char path[DESK_PATH_LEN], file[2 * DESK_PATH_LEN];
    DIR *d = opendir(desk_path_data(path, FOLDER));
    for (struct dirent *e; d && (e = readdir(d));) {
        snprintf(file, sizeof file, "%s/%s", path, e->d_name);
        (void)unlink(file);
    }
    if (d)
        closedir(d);
    (void)rmdir(path);
    return rmdir(dir);
}

static size_t heard(void)
{
    struct desk_buf b;
    desk_buf_init(&b, DESK_MAX_GREETING);
    size_t n = greeting_read(name, &b) ? b.len : 0;
    desk_buf_clear(&b);
    return n;
}

/* Two processes write what a third reads: none fails, and it is never the half of it. */
static void test_two_write_one(void **state)
{
    (void)state;
    pid_t pid[2];
    int status, half = 0, left = 2;
    assert_int_equal(greeting_write(name, sound), DESK_OK);
    for (int i = 0; i < 2; i++) {
        pid[i] = fork();
        assert_true(pid[i] >= 0);
        if (pid[i] == 0) {
            enum desk_rc rc = DESK_OK;
            for (int k = 0; k < 150 && !rc; k++)
                rc = greeting_write(name, sound);
            _exit(rc ? 1 : 0);
        }
    }
    while (left) {
        half += heard() != PIECES * 600;
        pid_t over = waitpid(-1, &status, WNOHANG);
        if (over > 0) {
            left--;
            assert_int_equal(status, 0);
        }
    }
    assert_int_equal(half, 0);
    assert_int_equal(files(), 1);
}

/* What processes that died in the middle left behind goes, like old greetings. */
static void test_leftovers_go(void **state)
{
    (void)state;
    char path[DESK_PATH_LEN], text[GREETING_NAME];
    for (int i = 0; i < DESK_MAX_GREETINGS + 10; i++) {
        snprintf(text, sizeof text, "%064d", i);
        path_of(path, text, ".half-1");
        int fd = open(path, O_WRONLY | O_CREAT, 0600);
        assert_true(fd >= 0);
        close(fd);
    }
    assert_int_equal(greeting_write(name, sound), DESK_OK);
    assert_int_equal(files(), DESK_MAX_GREETINGS);
    assert_int_equal(heard(), PIECES * 600);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two_write_one),
        cmocka_unit_test(test_leftovers_go),
    };
    return cmocka_run_group_tests(tests, folder, no_folder);
}
