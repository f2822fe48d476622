/* What the load measures: a data folder with a business and calls, bridges, an nginx; and what a
 * process has used. Everything is ended and removed by world_clear(). */
#ifndef BENCH_LOAD_WORLD_H
#define BENCH_LOAD_WORLD_H

#include "base/ids.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct world {
    char data[64];
    const char *build; /* folder of the programs: build/, build/san … */
    struct desk_db *db;
    struct desk_arena *arena;
};

struct ticket {
    char sid[40], token[DESK_TOKEN_LEN];
};

struct program {
    pid_t pid;
    int port;
    int out; /* its standard output */
};

#define NO_CORE (-1)

void world_open(struct world *w, const char *build);
void world_clear(struct world *w);

/* Calls that ring: each with its one-time token, good for a minute. */
void world_tickets(struct world *w, struct ticket *t, size_t n);

/* A bridge on a free port. env: "NAME=value", up to a NULL. */
struct program world_bridge(struct world *w, int core, const char *const *env);
/* An nginx with our own configuration before the bridges on these ports. */
struct program world_nginx(struct world *w, int core, const struct program *bridges, size_t n);
/* A line of bash. */
struct program world_shell(struct world *w, const char *line);
/* What it prints; 0 = the end. Waits for it. */
ssize_t program_read(const struct program *p, char *out, size_t n);
/* Signals until it ends; its exit code, or 128 + the signal that ended it. */
int program_stop(struct program *p, int sig, int ms);

void world_pin(pid_t pid, int core); /* 0 = this one. NO_CORE = all */
int64_t used_us(pid_t pid);          /* CPU time of all its threads, and of its children's */
long resident_kb(pid_t pid, bool own_only);
int open_files(pid_t pid);
/* Busy µs of that core since boot. */
int64_t core_us(int core);

#endif
