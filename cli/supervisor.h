/* Keeps a few programs running: starts them, restarts what dies with a growing pause, stops all in
 * order. One thread, one loop; the process that uses it must have no other threads while it forks.
 *
 * Every child is the leader of a process group of its own, so a Ctrl-C at the terminal reaches only
 * us and the order of stopping is ours; what a dead child leaves of its group is killed with it;
 * and a child gets SIGTERM from the kernel should we die without a word. A child that is there but
 * answers no more is killed, and so started again. */
#ifndef CLI_SUPERVISOR_H
#define CLI_SUPERVISOR_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define DESK_CHILD_ARGS 10
#define DESK_CHILDREN   32

struct desk_child_spec {
    const char *name;                  /* in messages */
    const char *argv[DESK_CHILD_ARGS]; /* argv[0] is the path; the last is NULL. Not copied */
    int stdin_fd;                      /* a listening socket it gets as fd 0; -1 = /dev/null */
    int log_fd;                        /* where its output goes; -1 = our stderr */
    int stop_signal;
    int hup_signal;   /* what it gets when we get SIGHUP; 0 = nothing */
    int phase;        /* phases are stopped one after the other, 0 first */
    int stop_cap_ms;  /* then SIGKILL */
    int pause_max_ms; /* longest pause before a restart; 0 = 30 s */
    const char *env;  /* one more NAME=value for it alone, or NULL; not copied */
    int health_port;  /* it answers GET /healthz there; not any more several times: killed. 0 = none
                       */
};

struct desk_child {
    struct desk_child_spec spec;
    pid_t pid;                      /* 0 = not running */
    int64_t started_ms, restart_ms; /* monotonic */
    int pause_ms;
    int64_t asked_ms; /* about its health */
    int silent;       /* so often in a row it did not answer */
    bool answered;    /* it has, since it was started */
};

struct desk_supervisor {
    struct desk_child child[DESK_CHILDREN];
    size_t n;
    int signal_fd;
    bool stopping;
    int phase; /* being stopped */
    int64_t kill_ms;
    int exit_code;
    /* asked about every 100 ms until it says true; NULL = nothing to ask. May block for a moment */
    bool (*tick)(void *ctx);
    void *tick_ctx;
};

/* Blocks SIGCHLD, SIGINT, SIGTERM and SIGHUP in this process and listens for them instead.
 * DESK_EINTERNAL when the kernel refuses. */
DESK_MUST enum desk_rc desk_supervisor_init(struct desk_supervisor *s);

/* Add one child, before desk_supervisor_run(). DESK_ELIMIT when there are too many. */
DESK_MUST enum desk_rc desk_supervisor_add(struct desk_supervisor *s,
                                           const struct desk_child_spec *spec);

/* Start all and stay until SIGINT or SIGTERM has stopped them: 0; 130 when a second one made us
 * stop at once. */
int desk_supervisor_run(struct desk_supervisor *s);

/* Closes what init opened and gives the signals back. No child runs any more. */
void desk_supervisor_clear(struct desk_supervisor *s);

#endif
