#include "cli/supervisor.h"
#include "base/clock.h"
#include "cli/ports.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAUSE_FIRST_MS  500
#define PAUSE_MAX_MS    30000
#define PAUSE_RESET_MS  60000
#define TICK_MS         100
#define HEALTH_MS       2000 /* between two questions; an answer is waited for half a second */
#define HEALTH_SILENT   4    /* questions in a row without an answer */
#define HEALTH_FIRST_MS 10000

static void watched(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGCHLD);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGHUP);
}

enum desk_rc desk_supervisor_init(struct desk_supervisor *s)
{
    sigset_t set;
    memset(s, 0, sizeof *s);
    watched(&set);
    sigprocmask(SIG_BLOCK, &set, NULL);
    s->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return s->signal_fd < 0 ? DESK_EINTERNAL : DESK_OK;
}

void desk_supervisor_clear(struct desk_supervisor *s)
{
    sigset_t set;
    if (s->signal_fd >= 0)
        close(s->signal_fd);
    s->signal_fd = -1;
    watched(&set);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
}

enum desk_rc desk_supervisor_add(struct desk_supervisor *s, const struct desk_child_spec *spec)
{
    if (s->n == DESK_CHILDREN)
        return DESK_ELIMIT;
    s->child[s->n++] = (struct desk_child){.spec = *spec, .pause_ms = PAUSE_FIRST_MS};
    return DESK_OK;
}

/* ---- starting -------------------------------------------------------------------------------- */

/* In the child, between fork and exec. */
static void become(const struct desk_child_spec *spec, pid_t parent)
{
    sigset_t none;
    char *argv[DESK_CHILD_ARGS];
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        _exit(127);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    int in = spec->stdin_fd >= 0 ? spec->stdin_fd : open("/dev/null", O_RDONLY | O_CLOEXEC);
    int out = spec->log_fd >= 0 ? spec->log_fd : STDERR_FILENO;
    if (dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0 || dup2(out, STDERR_FILENO) < 0)
        _exit(127);
    if (spec->env) {
        char name[64];
        snprintf(name, sizeof name, "%.*s", (int)strcspn(spec->env, "="), spec->env);
        setenv(name, spec->env + strcspn(spec->env, "=") + 1, 1);
    }
    for (size_t i = 0; i < DESK_CHILD_ARGS; i++)
        memcpy(&argv[i], &spec->argv[i], sizeof argv[i]); /* execv takes no const */
    execv(argv[0], argv);
    dprintf(STDERR_FILENO, "frontdesk: cannot run %s: %s\n", argv[0], strerror(errno));
    _exit(127);
}

static void start(struct desk_child *c)
{
    pid_t me = getpid(), pid = fork();
    if (pid == 0)
        become(&c->spec, me);
    c->started_ms = c->asked_ms = desk_mono_ms();
    c->restart_ms = 0;
    c->silent = 0;
    c->answered = false;
    if (pid < 0) {
        fprintf(stderr, "frontdesk: cannot start %s: %s\n", c->spec.name, strerror(errno));
        c->restart_ms = c->started_ms + PAUSE_MAX_MS;
        return;
    }
    setpgid(pid, pid); /* also here: the group must be there before anybody signals it */
    c->pid = pid;
}

/* ---- ends ------------------------------------------------------------------------------------ */

static void say_end(const struct desk_child *c, const siginfo_t *si)
{
    char how[64];
    if (si->si_code == CLD_EXITED)
        snprintf(how, sizeof how, "exit code %d", si->si_status);
    else
        snprintf(how, sizeof how, "signal %d, %s", si->si_status, strsignal(si->si_status));
    fprintf(stderr, "frontdesk: %s ended (%s); starting it again in %.1f s\n", c->spec.name, how,
            c->pause_ms / 1000.0);
}

static void ended(struct desk_supervisor *s, struct desk_child *c, const siginfo_t *si)
{
    int64_t now = desk_mono_ms();
    c->pid = 0;
    if (s->stopping)
        return;
    if (now - c->started_ms >= PAUSE_RESET_MS)
        c->pause_ms = PAUSE_FIRST_MS;
    say_end(c, si);
    c->restart_ms = now + c->pause_ms;
    int max = c->spec.pause_max_ms ? c->spec.pause_max_ms : PAUSE_MAX_MS;
    c->pause_ms = c->pause_ms * 2 < max ? c->pause_ms * 2 : max;
}

static void reap(struct desk_supervisor *s)
{
    siginfo_t si;
    for (;;) {
        si.si_pid = 0;
        /* first only look: while the leader is not reaped its group's number cannot be reused */
        if (waitid(P_ALL, 0, &si, WEXITED | WNOHANG | WNOWAIT) != 0 || !si.si_pid)
            return;
        kill(-si.si_pid, SIGKILL);
        waitpid(si.si_pid, NULL, 0);
        for (size_t i = 0; i < s->n; i++)
            if (s->child[i].pid == si.si_pid)
                ended(s, &s->child[i], &si);
    }
}

/* ---- stopping -------------------------------------------------------------------------------- */

/* Signal the present phase, or go on to the next one that has something running. */
static void stop_phase(struct desk_supervisor *s)
{
    int cap = 0;
    for (size_t i = 0; i < s->n; i++) {
        struct desk_child *c = &s->child[i];
        if (!c->pid || c->spec.phase != s->phase)
            continue;
        kill(c->pid, c->spec.stop_signal);
        if (c->spec.stop_cap_ms > cap)
            cap = c->spec.stop_cap_ms;
    }
    s->kill_ms = desk_mono_ms() + cap;
}

static bool running(const struct desk_supervisor *s, int phase)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->child[i].pid && (phase < 0 || s->child[i].spec.phase == phase))
            return true;
    return false;
}

static void stop_all(struct desk_supervisor *s)
{
    if (s->stopping)
        return;
    fputs("frontdesk: stopping (a second time: at once)\n", stderr);
    s->stopping = true;
    s->phase = 0;
    stop_phase(s);
}

static void kill_phase(struct desk_supervisor *s, int phase)
{
    for (size_t i = 0; i < s->n; i++) {
        struct desk_child *c = &s->child[i];
        if (!c->pid || (phase >= 0 && c->spec.phase != phase))
            continue;
        if (phase >= 0)
            fprintf(stderr, "frontdesk: %s did not stop in %d s; killed\n", c->spec.name,
                    c->spec.stop_cap_ms / 1000);
        kill(-c->pid, SIGKILL);
    }
}

static void stop_further(struct desk_supervisor *s)
{
    while (running(s, -1) && !running(s, s->phase)) {
        s->phase++;
        stop_phase(s);
    }
    if (running(s, s->phase) && desk_mono_ms() >= s->kill_ms) {
        kill_phase(s, s->phase);
        s->kill_ms = INT64_MAX;
    }
}

/* ---- the loop -------------------------------------------------------------------------------- */

static void hup(struct desk_supervisor *s)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->child[i].pid && s->child[i].spec.hup_signal)
            kill(s->child[i].pid, s->child[i].spec.hup_signal);
}

static void signals(struct desk_supervisor *s)
{
    struct signalfd_siginfo si;
    while (read(s->signal_fd, &si, sizeof si) == (ssize_t)sizeof si) {
        if (si.ssi_signo == SIGCHLD)
            reap(s);
        else if (si.ssi_signo == SIGHUP)
            hup(s);
        else if (!s->stopping)
            stop_all(s);
        else {
            s->exit_code = 130;
            kill_phase(s, -1);
        }
    }
}

static void restart_due(struct desk_supervisor *s)
{
    int64_t now = desk_mono_ms();
    for (size_t i = 0; i < s->n; i++)
        if (!s->child[i].pid && s->child[i].restart_ms && now >= s->child[i].restart_ms)
            start(&s->child[i]);
}

/* Before its first answer a program may take its time, but not for ever. */
static void ask_health(struct desk_child *c, int64_t now)
{
    if (!c->pid || !c->spec.health_port || now - c->asked_ms < HEALTH_MS)
        return;
    bool well = desk_port_status("127.0.0.1", c->spec.health_port, "/healthz") > 0;
    c->asked_ms = desk_mono_ms();
    c->answered = c->answered || well;
    bool starting = !c->answered && now - c->started_ms < HEALTH_FIRST_MS;
    c->silent = well || starting ? 0 : c->silent + 1;
    if (c->silent < HEALTH_SILENT)
        return;
    fprintf(stderr, "frontdesk: %s is there, but answers no more; killed\n", c->spec.name);
    kill(-c->pid, SIGKILL);
    c->silent = 0;
}

static void health(struct desk_supervisor *s)
{
    for (size_t i = 0; i < s->n; i++)
        ask_health(&s->child[i], desk_mono_ms());
}

static int next_wait(const struct desk_supervisor *s)
{
    int64_t now = desk_mono_ms(), at = now + 60000;
    if (s->stopping && s->kill_ms < at)
        at = s->kill_ms;
    for (size_t i = 0; !s->stopping && i < s->n; i++)
        if (s->child[i].restart_ms && s->child[i].restart_ms < at)
            at = s->child[i].restart_ms;
    for (size_t i = 0; !s->stopping && i < s->n; i++)
        if (s->child[i].pid && s->child[i].spec.health_port &&
            s->child[i].asked_ms + HEALTH_MS < at)
            at = s->child[i].asked_ms + HEALTH_MS;
    if (s->tick && now + TICK_MS < at)
        at = now + TICK_MS;
    return at > now ? (int)(at - now) : 0;
}

int desk_supervisor_run(struct desk_supervisor *s)
{
    for (size_t i = 0; i < s->n; i++)
        start(&s->child[i]);
    while (!s->stopping || running(s, -1)) {
        struct pollfd p = {.fd = s->signal_fd, .events = POLLIN};
        poll(&p, 1, next_wait(s));
        signals(s);
        if (s->stopping) {
            s->tick = NULL;
            stop_further(s);
            continue;
        }
        restart_due(s);
        health(s);
        if (s->tick && s->tick(s->tick_ctx))
            s->tick = NULL;
    }
    return s->exit_code;
}
