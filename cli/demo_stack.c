#include "cli/demo_stack.h"
#include "cli/ports.h"
#include "base/clock.h"
#include "base/config.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define READY_MS 60000
#define STOP_MS  60000

/* What is set on this machine is not for the demo: no key, no address, no database of the owner. */
static void clean_environment(const struct demo_stack *d)
{
    static const struct {
        enum desk_setting_id id;
        const char *value;
    } own[] = {{DESK_S_FRONTDESK_PORT, "0"}, {DESK_S_BRIDGE_PORT, "0"}, {DESK_S_SPEECH_PORT, "0"}};
    char file[80];
    const char *share = desk_setting(DESK_S_FRONTDESK_SHARE);
    unsetenv("CREDENTIALS_DIRECTORY");
    for (int i = 0; i < DESK_S__MAX; i++) {
        const struct desk_setting_row *row = &desk_setting_rows[i];
        const char *const names[] = {row->name, row->alias};
        for (size_t k = 0; k < 2 && names[k]; k++) {
            snprintf(file, sizeof file, "%s_FILE", names[k]);
            unsetenv(file);
            unsetenv(names[k]);
        }
    }
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        setenv(desk_setting_rows[own[i].id].name, own[i].value, 1);
    setenv("FRONTDESK_DATA", d->folder, 1);
    if (*share)
        setenv("FRONTDESK_SHARE", share, 1);
}

/* In the child. Its own group: a Ctrl-C reaches only us, and we stop it. */
static void become_stack(const struct demo_stack *d, int out, pid_t parent)
{
    char self[DESK_PATH_LEN], log[DESK_PATH_LEN + 16];
    char name[] = "frontdesk", run[] = "run", quiet[] = "--quiet";
    char *const argv[] = {name, run, quiet, NULL};
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        _exit(127);
    desk_path_program(self, "bin/frontdesk");
    snprintf(log, sizeof log, "%s/run.log", d->folder);
    int err = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    clean_environment(d);
    /* chdir: so that no .env is found */
    if (err >= 0 && dup2(out, STDOUT_FILENO) >= 0 && dup2(err, STDERR_FILENO) >= 0 &&
        chdir(d->folder) == 0)
        execv(self, argv);
    _exit(127);
}

bool demo_stack_start(struct demo_stack *d)
{
    int fds[2];
    pid_t me = getpid();
    if (pipe2(fds, O_CLOEXEC) != 0)
        return false;
    d->pid = fork();
    if (d->pid == 0)
        become_stack(d, fds[1], me);
    close(fds[1]);
    d->out_fd = fds[0];
    return d->pid > 0;
}

bool demo_stack_ready(struct demo_stack *d, const atomic_bool *interrupted)
{
    char text[4096];
    size_t len = 0;
    int64_t until = desk_mono_ms() + READY_MS;
    while (!atomic_load(interrupted) && desk_mono_ms() < until && len < sizeof text - 1) {
        struct pollfd p = {.fd = d->out_fd, .events = POLLIN};
        if (poll(&p, 1, 200) <= 0)
            continue;
        ssize_t n = read(d->out_fd, text + len, sizeof text - 1 - len);
        if (n <= 0)
            return false;
        len += (size_t)n;
        text[len] = '\0';
        if (strstr(text, "Ready:"))
            return true;
    }
    return false;
}

void demo_stack_log(const struct demo_stack *d)
{
    char path[DESK_PATH_LEN + 16], line[512];
    snprintf(path, sizeof path, "%s/run.log", d->folder);
    FILE *in = fopen(path, "re");
    fputs("frontdesk: the stack said:\n", stderr);
    while (in && fgets(line, sizeof line, in))
        fprintf(stderr, "  %s", line);
    if (in)
        fclose(in);
}

bool demo_stack_stop(struct demo_stack *d)
{
    int status = 0;
    int64_t until = desk_mono_ms() + STOP_MS;
    if (d->pid <= 0)
        return true;
    kill(d->pid, SIGTERM);
    pid_t got;
    while ((got = waitpid(d->pid, &status, WNOHANG)) == 0 && desk_mono_ms() < until)
        desk_sleep_ms(20);
    if (got == 0) {
        kill(d->pid, SIGKILL); /* its programs get a SIGTERM then */
        waitpid(d->pid, &status, 0);
    }
    close(d->out_fd);
    d->pid = 0;
    return got > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0 &&
           !(d->port && desk_port_answers("127.0.0.1", d->port));
}
