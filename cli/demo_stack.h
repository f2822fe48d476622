/* The stack that `frontdesk demo` calls: `frontdesk run --quiet` as a child, in a folder of its
 * own, on free ports, with the settings of this machine kept away from it. */
#ifndef CLI_DEMO_STACK_H
#define CLI_DEMO_STACK_H

#include "base/paths.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>

struct demo_stack {
    char folder[DESK_PATH_LEN]; /* set by the caller; must be there */
    pid_t pid;                  /* 0 = not running */
    int out_fd;                 /* its standard output */
    int port;                   /* set by the caller when known: watched for being closed again */
};

bool demo_stack_start(struct demo_stack *d);

/* Waits until it says that it is ready. False: it ended, took a minute, or *interrupted. */
bool demo_stack_ready(struct demo_stack *d, const atomic_bool *interrupted);

/* What it had to say, on stderr. */
void demo_stack_log(const struct demo_stack *d);

/* Stops it. True: it ended well and nothing listens any more. Fine when it never started. */
bool demo_stack_stop(struct demo_stack *d);

#endif
