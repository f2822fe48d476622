#include "world.h"

#include "net.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"
#include "base/paths.h"
#include "cli/nginx_conf.h"
#include "store/calls.h"
#include "store/open.h"
#include "store/tenants.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void must(enum desk_rc rc, const char *what)
{
    if (!rc)
        return;
    fprintf(stderr, "bench: %s: %s\n", what, desk_rc_name(rc));
    exit(1);
}

/* ---- the data folder ------------------------------------------------------------------------- */

static void business(struct desk_db *db)
{
    int64_t now = desk_now_ms();
    must(DESK_TX_BEGIN(db), "begin");
    must(
        desk_tenant_insert(db,
                           &(struct desk_tenant){
                               .id = "tenant_1",
                               .slug = "plumbing",
                               .name = "Harwick Plumbing",
                               .profile = "{\"greeting\":\"Thanks for calling Harwick Plumbing.\"}",
                               .created_at = now,
                               .updated_at = now}),
        "tenant");
    must(desk_location_insert(db, &(struct desk_location){.id = "loc_1",
                                                          .tenant_id = "tenant_1",
                                                          .name = "Main",
                                                          .zone = "America/New_York",
                                                          .hours = "{}",
                                                          .created_at = now}),
         "location");
    must(desk_number_insert(db, &(struct desk_number){"+18605550100", "tenant_1", "loc_1", now}),
         "number");
    must(desk_tx_end(db, DESK_OK), "commit");
}

void world_open(struct world *w, const char *build)
{
    char why[300] = "", root[512];
    *w = (struct world){.data = "/tmp/desk-load-XXXXXX", .build = build};
    if (!mkdtemp(w->data) || !getcwd(root, sizeof root))
        bench_die("folder");
    setenv("FRONTDESK_DATA", w->data, 1);
    setenv("FRONTDESK_SHARE", root, 1);
    must(desk_settings_load("/dev/null", why, sizeof why), why);
    desk_log_init("bench", DESK_LOG_WARN);
    must(desk_store_key(true, why, sizeof why), why);
    must(desk_store_create(&w->db), "database");
    w->arena = desk_arena_new(16 * 1024 * 1024);
    business(w->db);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st;
    (void)kind;
    (void)at;
    return remove(path);
}

void world_clear(struct world *w)
{
    desk_db_close(w->db);
    desk_arena_free(w->arena);
    nftw(w->data, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void world_tickets(struct world *w, struct ticket *t, size_t n)
{
    static unsigned number;
    char id[DESK_ID_LEN];
    must(DESK_TX_BEGIN(w->db), "begin");
    for (size_t i = 0; i < n; i++) {
        snprintf(t[i].sid, sizeof t[i].sid, "CA%032x", ++number);
        struct desk_call c = {.id = desk_id_new(id, "call"),
                              .tenant_id = "tenant_1",
                              .location_id = "loc_1",
                              .call_sid = t[i].sid,
                              .direction = "inbound",
                              .caller_kind = "withheld",
                              .to_number = "+18605550100",
                              .mode = DESK_MODE_REALTIME,
                              .status = "in-progress",
                              .status_rank = desk_call_rank("in-progress"),
                              .started_at = desk_now_ms(),
                              .updated_at = desk_now_ms()};
        must(desk_call_insert(w->db, &c), "call");
        must(desk_call_stream_token(w->db, &c, t[i].token), "token");
    }
    must(desk_tx_end(w->db, DESK_OK), "commit");
    desk_arena_reset(w->arena);
}

/* ---- programs -------------------------------------------------------------------------------- */

void world_pin(pid_t pid, int core)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    for (int i = 0; i < CPU_SETSIZE; i++)
        if (core == NO_CORE || core == i)
            CPU_SET((size_t)i, &set);
    if (sched_setaffinity(pid, sizeof set, &set) != 0)
        bench_die("sched_setaffinity");
}

/* Runs argv in the data folder; its standard output can be read. */
static struct program start(struct world *w, int core, const char *const *argv,
                            const char *const *env)
{
    int out[2];
    char *args[16];
    size_t n = 0;
    for (; argv[n] && n < 15; n++)
        memcpy(&args[n], &argv[n], sizeof *args); /* execv takes no const */
    args[n] = NULL;
    if (pipe2(out, O_CLOEXEC) != 0)
        bench_die("pipe");
    pid_t pid = fork();
    if (pid < 0)
        bench_die("fork");
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        world_pin(0, core);
        for (; env && *env; env++) {
            const char *eq = strchr(*env, '=');
            char name[64];
            snprintf(name, sizeof name, "%.*s", (int)(eq - *env), *env);
            setenv(name, eq + 1, 1);
        }
        if (chdir(w->data) != 0 || dup2(out[1], STDOUT_FILENO) < 0)
            _exit(127);
        execv(args[0], args);
        _exit(127);
    }
    close(out[1]);
    return (struct program){.pid = pid, .out = out[0]};
}

struct program world_bridge(struct world *w, int core, const char *const *env)
{
    char path[1024], line[128] = "";
    char *real = realpath(w->build, NULL);
    snprintf(path, sizeof path, "%s/bin/ws-bridge", real ? real : w->build);
    free(real);
    setenv("BRIDGE_PORT", "0", 1);
    if (!getenv("LOG_LEVEL"))
        setenv("LOG_LEVEL", "error", 1);
    struct program p = start(w, core, (const char *const[]){path, NULL}, env);
    struct pollfd wait = {.fd = p.out, .events = POLLIN};
    if (poll(&wait, 1, 20000) == 1 && read(p.out, line, sizeof line - 1) > 0 &&
        strncmp(line, "listening 127.0.0.1:", 20) == 0)
        p.port = (int)strtol(line + 20, NULL, 10);
    if (!p.port)
        bench_die("the bridge does not start");
    return p;
}

static int free_port(void)
{
    struct net net;
    struct listener l;
    net_init(&net);
    listener_open(&l, &net, NULL, NULL, NULL);
    listener_close(&l);
    net_clear(&net);
    return l.port;
}

static void wait_for_port(int port)
{
    char line[64];
    for (int i = 0; i < 300; i++) {
        snprintf(line, sizeof line, ":%04X ", (unsigned)port);
        FILE *f = fopen("/proc/net/tcp", "r");
        char text[256];
        bool there = false;
        while (f && !there && fgets(text, sizeof text, f))
            there = strstr(text, line) && strstr(text, " 0A ");
        if (f)
            fclose(f);
        if (there)
            return;
        usleep(10000);
    }
    bench_die("nginx does not start");
}

struct program world_nginx(struct world *w, int core, const struct program *bridges, size_t n)
{
    char why[300] = "", run[128], listen_on[32], list[1024] = "", conf[160];
    size_t at = 0;
    int port = free_port();
    snprintf(run, sizeof run, "%s/nginx", w->data);
    if (mkdir(run, 0755) != 0 && errno != EEXIST)
        bench_die("folder");
    for (size_t i = 0; i < n && at < sizeof list; i++)
        at +=
            (size_t)snprintf(list + at, sizeof list - at, "%sserver 127.0.0.1:%d fail_timeout=2s;",
                             i ? " " : "", bridges[i].port);
    snprintf(listen_on, sizeof listen_on, "127.0.0.1:%d", port);
    const struct desk_nginx_word words[] = {
        {"RUN", run},          {"SHARE", getenv("FRONTDESK_SHARE")},
        {"HOOK", run},         {"API", run},
        {"ADMIN", run},        {"BRIDGE", list},
        {"HOMES", ""},         {"USER", ""},
        {"LISTEN", listen_on}, {"FALLBACK", "fallback.xml"},
        {NULL, NULL},
    };
    must(desk_nginx_write(getenv("FRONTDESK_SHARE"), run, words, why, sizeof why), why);
    snprintf(conf, sizeof conf, "%s/nginx.conf", run);
    struct program p =
        start(w, core,
              (const char *const[]){"/usr/sbin/nginx", "-p", run, "-c", conf, "-e", "stderr", NULL},
              NULL);
    p.port = port;
    wait_for_port(port);
    return p;
}

struct program world_shell(struct world *w, const char *line)
{
    return start(w, NO_CORE, (const char *const[]){"/bin/bash", "-c", line, NULL}, NULL);
}

ssize_t program_read(const struct program *p, char *out, size_t n)
{
    return read(p->out, out, n);
}

int program_stop(struct program *p, int sig, int ms)
{
    int status = 0;
    int64_t end = net_us() + (int64_t)ms * 1000, again = net_us() + 300000;
    if (!p->pid)
        return 0;
    kill(p->pid, sig);
    while (waitpid(p->pid, &status, WNOHANG) == 0) {
        if (net_us() > again && sig == SIGTERM) { /* the second one ends it at once */
            kill(p->pid, sig);
            again = INT64_MAX;
        }
        if (net_us() > end)
            kill(p->pid, SIGKILL);
        usleep(10000);
    }
    close(p->out);
    p->pid = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* ---- what was used --------------------------------------------------------------------------- */

static bool read_small(const char *path, char *text, size_t n)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t r = fd < 0 ? -1 : read(fd, text, n - 1);
    if (fd >= 0)
        close(fd);
    text[r > 0 ? r : 0] = '\0';
    return r > 0;
}

/* Of one process: its threads' time on the CPU, in ns. */
static int64_t threads_ns(pid_t pid)
{
    char path[128], text[128];
    int64_t sum = 0;
    snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
    DIR *d = opendir(path);
    for (struct dirent *e; d && (e = readdir(d));) {
        if (e->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "/proc/%d/task/%.20s/schedstat", (int)pid, e->d_name);
        if (read_small(path, text, sizeof text))
            sum += strtoll(text, NULL, 10);
    }
    if (d)
        closedir(d);
    return sum;
}

int64_t used_us(pid_t pid)
{
    char path[128], text[1024];
    int64_t ns = threads_ns(pid);
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)pid, (int)pid);
    if (read_small(path, text, sizeof text))
        for (char *p = text, *end; *p && *p != '\n'; p = end + (*end == ' '))
            ns += threads_ns((pid_t)strtol(p, &end, 10));
    return ns / 1000;
}

long resident_kb(pid_t pid, bool own_only)
{
    char path[64], text[4096];
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    const char *key = own_only ? "\nRssAnon:" : "\nVmRSS:";
    if (!read_small(path, text, sizeof text))
        return 0;
    const char *at = strstr(text, key);
    return at ? strtol(at + strlen(key), NULL, 10) : 0;
}

int open_files(pid_t pid)
{
    char path[64];
    int n = 0;
    snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
    DIR *d = opendir(path);
    for (struct dirent *e; d && (e = readdir(d));)
        n += e->d_name[0] != '.';
    if (d)
        closedir(d);
    return n;
}

int64_t core_us(int core)
{
    char text[8192], key[16];
    int64_t v[8] = {0};
    snprintf(key, sizeof key, "cpu%d ", core);
    if (!read_small("/proc/stat", text, sizeof text))
        return 0;
    char *at = strstr(text, key);
    at = at ? at + strlen(key) : NULL;
    for (int i = 0; at && i < 8; i++)
        v[i] = strtoll(at, &at, 10);
    /* all but idle and waiting for disks */
    return (v[0] + v[1] + v[2] + v[5] + v[6] + v[7]) * (1000000 / sysconf(_SC_CLK_TCK));
}
