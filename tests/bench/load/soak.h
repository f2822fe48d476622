#ifndef BENCH_LOAD_SOAK_H
#define BENCH_LOAD_SOAK_H
#include "world.h"
int soak(struct world *w, long seconds);
#endif
