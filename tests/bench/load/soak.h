/* Calls of every kind, for long: opening, talking, interrupting, hanging up at every stage, servers
 * that drop, stall and fail. What must hold: nothing leaks, no frame is lost by us, the bridge is
 * idle when nobody calls any more, and ends as it should. */
#ifndef BENCH_LOAD_SOAK_H
#define BENCH_LOAD_SOAK_H

#include "world.h"

/* SOAK_CALLS at once (50); SOAK_GROWTH_KB: growth that is taken for flat (2048). 0 = all held. */
int soak(struct world *w, long seconds);

#endif
