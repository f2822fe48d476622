/* What carrying calls costs, as one table: the bridge on core 1, everything that calls it and the
 * stand-in Realtime server on core 0. The floor is a TCP relay under the same load in the same run.
 *   load table            the table (make bench)
 *   load soak SECONDS     soak.c
 * Knobs: BENCH_CALLS=100 BENCH_SECONDS=6 BENCH_MOST=600 BENCH_ROWS="relay direct". Where it is
 * allowed everything measured runs before other work of the machine (BENCH_RT=0: not). */
#include "callers.h"
#include "model.h"
#include "relay.h"
#include "soak.h"

#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define LOAD_CORE 0
#define WORK_CORE 1
#define WARM_US   1000000
#define P99_US    20000
#define PATIENCE  15000000

enum front { FRONT_RELAY, FRONT_BRIDGE, FRONT_NGINX, FRONT_TWO };

static const struct row {
    const char *key, *name;
    enum front front;
    bool tls;
    struct model_mode mode;
    const char *env[6];
    bool noise;
} rows[] = {
    {"relay", "raw TCP relay", FRONT_RELAY, false, {1, false, 0}, {NULL}, false},
    {"direct", "bridge", FRONT_BRIDGE, false, {1, false, 0}, {NULL}, false},
    {"nginx", "bridge behind nginx (both)", FRONT_NGINX, false, {1, false, 0}, {NULL}, false},
    {"tls", "bridge, TLS to the model", FRONT_BRIDGE, true, {1, false, 0}, {NULL}, false},
    {"relay200", "relay, deltas of 200 ms", FRONT_RELAY, false, {10, false, 0}, {NULL}, false},
    {"200ms", "bridge, deltas of 200 ms", FRONT_BRIDGE, false, {10, false, 0}, {NULL}, false},
    {"nginx200",
     "behind nginx, deltas of 200 ms",
     FRONT_NGINX,
     false,
     {10, false, 0},
     {NULL},
     false},
    {"talk", "bridge, words and tools", FRONT_BRIDGE, false, {1, true, 5000}, {NULL}, false},
    {"full",
     "bridge, words, tools, recording",
     FRONT_BRIDGE,
     false,
     {1, true, 5000},
     {"RECORD_CALLS=own", "CONSENT_RULE=not_needed", "REALTIME_WARM=true", NULL},
     false},
    {"noise", "bridge, noise on every line", FRONT_BRIDGE, false, {1, false, 0}, {NULL}, true},
    {"two", "2 bridges, nginx, both cores", FRONT_TWO, false, {1, false, 0}, {NULL}, false},
};

/* What one row came to. */
struct result {
    double cpu_ms, cpu_ms_most; /* per call-second */
    size_t calls, most;
    int64_t p50_us, p99_us, p99_most_us;
    long base_kb, own_kb;
    double per_call_kb;
    uint64_t lost;
    double busy, busy_load; /* of a core, at the last step */
    bool stopped;           /* by a step that was too much */
    double shares[2];       /* FRONT_TWO: each one's CPU */
};

struct stage {
    struct world *world;
    struct net net;
    struct model model;
    struct load load;
    struct program programs[3];
    size_t n_programs, n_bridges;
    const struct row *row;
};

static long number_env(const char *name, long otherwise)
{
    const char *v = getenv(name);
    return v && *v ? strtol(v, NULL, 10) : otherwise;
}

/* ---- setting up ------------------------------------------------------------------------------ */

static void bridge_env(const struct stage *s, const char **env, char url[128], char ca[128])
{
    static const char *const always[] = {"SILENCE_PROMPT_S=0", "NO_WORDS_S=0",
                                         "UNPRODUCTIVE_TURNS=0", "REALTIME_WARM=false",
                                         "LEAD_SILENCE_MS=0"};
    size_t n = 0;
    const struct listener *l = s->row->tls ? &s->model.tls : &s->model.plain;
    snprintf(url, 128, "REALTIME_URL=%s:%d/v1/realtime",
             s->row->tls ? "wss://localhost" : "ws://127.0.0.1", l->port);
    snprintf(ca, 128, "REALTIME_CA_FILE=%s/model.pem", s->world->data);
    env[n++] = url;
    if (s->row->tls)
        env[n++] = ca;
    for (size_t i = 0; i < sizeof always / sizeof *always; i++)
        env[n++] = always[i];
    for (const char *const *e = s->row->env; *e; e++)
        env[n++] = *e;
    env[n] = NULL;
}

static int set_up(struct stage *s)
{
    const char *env[20];
    char url[128], ca[128], pem[128];
    int port = 0;
    snprintf(pem, sizeof pem, "%s/model.pem", s->world->data);
    net_init(&s->net);
    model_open(&s->model, &s->net, pem);
    s->model.mode = s->row->mode;
    if (s->row->front == FRONT_RELAY) {
        s->programs[0] =
            (struct program){.pid = relay_start(WORK_CORE, s->model.plain.port, &port), .out = -1};
        s->n_programs = 1;
        return port;
    }
    bridge_env(s, env, url, ca);
    s->n_bridges = s->row->front == FRONT_TWO ? 2 : 1;
    for (size_t i = 0; i < s->n_bridges; i++)
        s->programs[i] =
            world_bridge(s->world, s->row->front == FRONT_TWO ? (int)i : WORK_CORE, env);
    s->n_programs = s->n_bridges;
    if (s->row->front == FRONT_NGINX || s->row->front == FRONT_TWO)
        s->programs[s->n_programs++] = world_nginx(
            s->world, s->row->front == FRONT_TWO ? NO_CORE : WORK_CORE, s->programs, s->n_bridges);
    return s->programs[s->n_programs - 1].port;
}

static void tear_down(struct stage *s)
{
    for (size_t i = s->n_programs; i-- > 0;)
        program_stop(&s->programs[i], s->row->front == FRONT_RELAY ? SIGKILL : SIGTERM, 5000);
    model_close(&s->model);
    load_clear(&s->load);
    net_clear(&s->net);
}

/* ---- measuring ------------------------------------------------------------------------------- */

static int64_t used_by_all(const struct stage *s)
{
    int64_t us = 0;
    for (size_t i = 0; i < s->n_programs; i++)
        us += used_us(s->programs[i].pid);
    return us;
}

static int64_t used_here(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (u.ru_utime.tv_sec + u.ru_stime.tv_sec) * INT64_C(1000000) + u.ru_utime.tv_usec +
           u.ru_stime.tv_usec;
}

/* One window at the present number of calls; CPU ms per call-second. */
static double window(struct stage *s, struct result *r, int64_t us)
{
    int64_t share[2] = {used_us(s->programs[0].pid), used_us(s->programs[1].pid)};
    int64_t cpu = used_by_all(s), own = used_here(), start = net_us();
    load_measure(&s->load, us);
    double took = (double)(net_us() - start);
    cpu = used_by_all(s) - cpu;
    for (size_t i = 0; i < s->n_bridges && i < 2; i++)
        r->shares[i] = (double)(used_us(s->programs[i].pid) - share[i]) / took;
    r->busy = (double)cpu / took;
    r->busy_load = (double)(used_here() - own) / took;
    r->lost = s->load.sent - s->load.got;
    return (double)cpu / 1000.0 / (took / 1e6) / (double)s->load.n;
}

static void first_step(struct stage *s, struct result *r)
{
    size_t n = (size_t)number_env("BENCH_CALLS", 100);
    pid_t pid = s->programs[0].pid;
    r->base_kb = resident_kb(pid, false);
    r->own_kb = resident_kb(pid, true);
    if (!load_grow(&s->load, s->world, n, PATIENCE)) {
        fprintf(stderr, "bench: %s: %zu calls do not come about (%zu refused)\n", s->row->name, n,
                load_gone(&s->load));
        return;
    }
    load_run(&s->load, WARM_US);
    r->cpu_ms = window(s, r, number_env("BENCH_SECONDS", 6) * 1000000);
    r->calls = n;
    r->p50_us = load_time_us(&s->load, 0.50);
    r->p99_us = load_time_us(&s->load, 0.99);
    r->per_call_kb = (double)(resident_kb(pid, true) - r->own_kb) / (double)n *
                     (double)(s->n_bridges ? s->n_bridges : 1);
    if (r->lost)
        fprintf(stderr, "bench: %s: %llu frames lost at %zu calls\n", s->row->name,
                (unsigned long long)r->lost, n);
}

static bool good(const struct stage *s, const struct result *r)
{
    return load_time_us(&s->load, 0.99) < P99_US && r->lost == 0 && load_gone(&s->load) == 0;
}

/* Upwards until it is too much, or the most that is asked for. A step that fails is tried twice:
 * the machine may have been busy with something else. */
static void search(struct stage *s, struct result *r)
{
    static const size_t steps[] = {200, 300, 400, 500, 600, 800, 1000};
    size_t most = (size_t)number_env("BENCH_MOST", 600);
    bool fine = r->calls && good(s, r);
    if (fine) {
        r->most = r->calls;
        r->cpu_ms_most = r->cpu_ms;
        r->p99_most_us = r->p99_us;
    }
    for (size_t i = 0; fine && i < sizeof steps / sizeof *steps && steps[i] <= most; i++) {
        if (steps[i] <= r->calls)
            continue;
        fine = load_grow(&s->load, s->world, steps[i], PATIENCE);
        double ms = 0;
        for (int tries = 0; fine && tries < 2; tries++) {
            load_run(&s->load, WARM_US / 2);
            ms = window(s, r, 2500000);
            if (good(s, r))
                break;
            fine = tries == 0;
        }
        if (!fine)
            break;
        r->most = steps[i];
        r->cpu_ms_most = ms;
        r->p99_most_us = load_time_us(&s->load, 0.99);
    }
    r->stopped = !fine;
}

/* ---- the table ------------------------------------------------------------------------------- */

static void print_head(void)
{
    printf("\n%-32s %9s %6s %6s %17s %11s %7s %13s %s\n", "", "CPU ms", "to the", "most",
           "CPU ms there and", "added ms", "", "memory MB", "kB a");
    printf("%-32s %9s %6s %6s %17s %11s %7s %13s %s\n", "", "call-s", "relay", "calls", "p99 there",
           "p50", "p99", "base (own)", "call");
}

static void print_row(const struct row *row, const struct result *r, double floor)
{
    char ratio[16] = "-", limit[96] = "";
    if (floor > 0 && r->cpu_ms > 0)
        snprintf(ratio, sizeof ratio, "%.2f", r->cpu_ms / floor);
    if (r->stopped)
        snprintf(limit, sizeof limit, "  next step failed: load %.0f %%, it %.0f %% of a core%s",
                 100 * r->busy_load, 100 * r->busy,
                 r->busy_load > 0.9 && r->busy < 0.9 ? " (the load is the limit)" : "");
    else
        snprintf(limit, sizeof limit, "  more not tried: load %.0f %%, it %.0f %% of a core",
                 100 * r->busy_load, 100 * r->busy);
    printf("%-32s %9.2f %6s %6zu %8.2f %8.1f %11.2f %7.2f %6.1f (%4.1f) %4.0f%s\n", row->name,
           r->cpu_ms, ratio, r->most, r->cpu_ms_most, (double)r->p99_most_us / 1000.0,
           (double)r->p50_us / 1000.0, (double)r->p99_us / 1000.0, (double)r->base_kb / 1024.0,
           (double)r->own_kb / 1024.0, r->per_call_kb, limit);
    if (row->front == FRONT_TWO)
        printf("%-32s %s %.0f %% and %.0f %% of a core\n", "", "the two had", 100 * r->shares[0],
               100 * r->shares[1]);
    fflush(stdout);
}

/* What is to be reached, as one figure of one row against one of another (or a number). */
enum figure { CPU, CPU_MOST, P99, MOST, BASE, PER_CALL };
static const struct target {
    const char *what, *row;
    enum figure figure;
    const char *to; /* NULL = the number alone */
    double times, plus;
    bool least;
} targets[] = {
    {"CPU at 100 calls, to the relay's", "direct", CPU, "relay", 1.3, 0, false},
    {"CPU with deltas of 200 ms, to the relay's with 20", "200ms", CPU, "relay", 0.7, 0, false},
    {"p99 added, ms, to the relay's", "direct", P99, "relay", 1, 1, false},
    {"calls on one core with p99 < 20 ms", "direct", MOST, NULL, 0, 400, true},
    {"memory, MB", "direct", BASE, NULL, 0, 8, false},
    {"memory of a call, kB", "direct", PER_CALL, NULL, 0, 40, false},
    {"CPU of a call at the most, to that at 100", "direct", CPU_MOST, "direct", 1.1, 0, false},
    {"CPU with words, tools and recording, to without", "full", CPU, "direct", 1.3, 0, false},
    {"memory of a call with them, kB, to without", "full", PER_CALL, "direct", 1.3, 0, false},
    {"p99 added with them, ms, to without", "full", P99, "direct", 1.3, 0, false},
};

static double figure_of(const struct result *r, enum figure f)
{
    const double v[] = {[CPU] = r->cpu_ms,
                        [CPU_MOST] = r->cpu_ms_most,
                        [P99] = (double)r->p99_us / 1000.0,
                        [MOST] = (double)r->most,
                        [BASE] = (double)r->base_kb / 1024.0,
                        [PER_CALL] = r->per_call_kb};
    return v[f];
}

static const struct result *result_of(const struct result *all, const char *key)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].key, key) == 0)
            return all[i].calls ? &all[i] : NULL;
    return NULL;
}

static void print_targets(const struct result *all)
{
    printf("\n%-54s %9s %9s\n", "to be reached", "measured", "limit");
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        const struct target *t = &targets[i];
        const struct result *r = result_of(all, t->row);
        const struct result *to = t->to ? result_of(all, t->to) : r;
        if (!r || !to)
            continue;
        double limit =
            (t->to ? figure_of(to, t->figure == CPU_MOST ? CPU : t->figure) * t->times : 0) +
            t->plus;
        double is = figure_of(r, t->figure);
        bool well = t->least ? is >= limit : is <= limit;
        printf("%-54s %9.2f %s %7.2f  %s\n", t->what, is, t->least ? ">=" : "<=", limit,
               well ? "reached" : "NOT reached");
    }
}

static bool wanted(const struct row *row)
{
    const char *list = getenv("BENCH_ROWS");
    if (!list || !*list)
        return true;
    size_t n = strlen(row->key);
    for (const char *at = list; (at = strstr(at, row->key)); at += n)
        if ((at == list || at[-1] == ' ') && (at[n] == ' ' || at[n] == '\0'))
            return true;
    return false;
}

static int table(struct world *w)
{
    double floor = 0;
    bool well = true;
    struct result all[sizeof rows / sizeof *rows] = {0};
    bool first = number_env("BENCH_RT", 1) &&
                 sched_setscheduler(0, SCHED_RR, &(struct sched_param){.sched_priority = 1}) == 0;
    double load[1] = {0};
    getloadavg(load, 1);
    printf("calls: %ld-call windows of %ld s, real-time priority %s, load of the machine %.1f\n",
           number_env("BENCH_CALLS", 100), number_env("BENCH_SECONDS", 6), first ? "yes" : "no",
           load[0]);
    print_head();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct result r = {0};
        struct stage s = {.world = w, .row = &rows[i]};
        if (!wanted(&rows[i]))
            continue;
        world_pin(0, rows[i].front == FRONT_TWO ? NO_CORE : LOAD_CORE);
        int port = set_up(&s);
        load_open(&s.load, &s.net, port);
        s.load.noise = rows[i].noise;
        first_step(&s, &r);
        search(&s, &r);
        load_end(&s.load);
        tear_down(&s);
        if (rows[i].front == FRONT_RELAY && rows[i].mode.frames == 1)
            floor = r.cpu_ms;
        print_row(&rows[i], &r, floor);
        well = well && r.calls;
        all[i] = r;
    }
    print_targets(all);
    return well ? 0 : 1;
}

int main(int argc, char **argv)
{
    struct world w;
    const char *build = getenv("BUILD");
    signal(SIGPIPE, SIG_IGN);
    world_open(&w, build && *build ? build : "build");
    int rc = 2;
    if (argc > 1 && strcmp(argv[1], "table") == 0)
        rc = table(&w);
    else if (argc > 2 && strcmp(argv[1], "soak") == 0)
        rc = soak(&w, strtol(argv[2], NULL, 10));
    else
        fprintf(stderr, "usage: load table | load soak SECONDS\n");
    world_clear(&w);
    return rc;
}
