/* The whole stack as `frontdesk run` starts it: its lock, ports, sockets, nginx configuration and
 * the list of programs with their order of stopping. */
#ifndef CLI_STACK_H
#define CLI_STACK_H

#include "base/err.h"
#include "base/paths.h"
#include "cli/supervisor.h"

#include <stdbool.h>
#include <stddef.h>

#define DESK_WEB_ZONES      3 /* hook, api, admin */
#define DESK_STACK_PROGRAMS 7
#define DESK_STACK_BRIDGES  16

struct desk_stack {
    char run[DESK_PATH_LEN];     /* DATA/run, absolute */
    char share[DESK_PATH_LEN];   /* absolute */
    char sockets[DESK_PATH_LEN]; /* folder of the web programs' sockets: run, or one in /tmp */
    char nginx[DESK_PATH_LEN], nginx_conf[DESK_PATH_LEN];
    char program[DESK_STACK_PROGRAMS][DESK_PATH_LEN];
    char host[64];       /* where the front can be reached from this machine */
    char local_url[128]; /* http://host:port */
    int port, speech_port;
    int bridge_port[DESK_STACK_BRIDGES]; /* one each */
    char bridge_env[DESK_STACK_BRIDGES][32], bridge_name[DESK_STACK_BRIDGES][16];
    int n_bridges;
    int lock_fd;
    int socket_fd[DESK_WEB_ZONES];
    int log_fd[DESK_STACK_PROGRAMS];
};

/* Makes FRONTDESK_DATA absolute, takes the lock of the data folder (DESK_EBUSY when another
 * instance has it). The folders must be there. */
DESK_MUST enum desk_rc desk_stack_lock(struct desk_stack *s, char *why, size_t n);

/* Chooses ports, opens the sockets, writes nginx's configuration, puts what the programs need into
 * this process's environment, and writes DATA/run/port and base-url. quiet: output of the programs
 * goes to DATA/run/log. */
DESK_MUST enum desk_rc desk_stack_prepare(struct desk_stack *s, bool quiet, char *why, size_t n);

/* The programs as children of sup. */
DESK_MUST enum desk_rc desk_stack_children(struct desk_stack *s, struct desk_supervisor *sup);

/* NULL when all answer, else the name of the first that does not. Waits half a second at most for
 * each. */
const char *desk_stack_missing(const struct desk_stack *s);

/* Removes sockets and run files and lets go of the lock. Safe after a failure at any point, also
 * on a zeroed one. */
void desk_stack_clear(struct desk_stack *s);

#endif
