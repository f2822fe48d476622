/* Ratios, not times: ours and the floor are measured in turns, so that what else the machine does
 * hits both; each keeps its best round. */
#ifndef DESK_TESTS_BENCH_H
#define DESK_TESTS_BENCH_H

#include "base/clock.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define ROUNDS      15
#define ROUND_US    8000
#define MUST(what)  ((what) ? (void)0 : bench_failed(#what, __FILE__, __LINE__))
#define BENCH_USED  __attribute__((unused))
#define KEEP(value) __asm__ volatile("" : : "g"(value) : "memory")

BENCH_USED static void bench_failed(const char *what, const char *file, int line)
{
    fprintf(stderr, "%s:%d: failed: %s\n", file, line, what);
    exit(1);
}

static double bench_round(void (*fn)(void), long n)
{
    int64_t start = desk_mono_us();
    for (long i = 0; i < n; i++)
        fn();
    return (double)(desk_mono_us() - start) * 1000.0 / (double)n;
}

static long bench_count(void (*fn)(void))
{
    long n = 1;
    while (bench_round(fn, n) * (double)n < ROUND_US * 1000.0 && n < 100000000)
        n *= 2;
    return n;
}

BENCH_USED static void bench(const char *name, void (*ours)(void), void (*floor)(void))
{
    long n_ours = bench_count(ours), n_floor = bench_count(floor);
    double best = 0, best_floor = 0;
    for (int i = 0; i < ROUNDS; i++) {
        double a = bench_round(ours, n_ours), b = bench_round(floor, n_floor);
        best = !i || a < best ? a : best;
        best_floor = !i || b < best_floor ? b : best_floor;
    }
    printf("%-44s %12.0f %12.0f %8.2f\n", name, best, best_floor, best / best_floor);
}

#endif
