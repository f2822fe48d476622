/* The floor of the call load: bytes from one socket to another, looking at none. */
#ifndef BENCH_LOAD_RELAY_H
#define BENCH_LOAD_RELAY_H

#include <sys/types.h>

/* Starts it as a process of its own on that core: what connects to *port is connected to 127.0.0.1:
 * to. Ends with its parent. */
pid_t relay_start(int core, int to, int *port);

#endif
