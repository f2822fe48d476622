/* Counters of routes over all processes of a zone, and those that come after them: a file in the
 * run folder that each of them maps (DATA/run/counters.ZONE). Its rows bear their labels, so that
 * any program can show all zones (GET /metrics). Without the file each process counts for itself.
 */
#include "cgi-bin/web.h"
#include "base/log.h"
#include "base/paths.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define MARK  "frontdesk counters 1"
#define LABEL 160
#define ROWS  1000 /* more than any zone has */

struct row {
    char label[LABEL]; /* as Prometheus writes it: zone="hook",method="POST",route="/voice/next" */
    struct desk_route_stats n;
};
struct file {
    char mark[32];
    uint64_t n;
    struct row rows[];
};

static const char *const zones[] = {"hook", "api", "admin"};

static struct file *shared;              /* mapped for good */
static const struct desk_web *shared_of; /* whose */

struct desk_route_stats *desk_counters(const struct desk_web *web, size_t route)
{
    if (shared && shared_of == web)
        return &shared->rows[route].n;
    return web->stats ? &web->stats[route] : NULL;
}

static void label_of(char out[LABEL], const struct desk_web *web, size_t i)
{
    char methods[64];
    snprintf(out, LABEL, "zone=\"%s\",method=\"%s\",route=\"%s\"", web->name,
             desk_methods_text(web->routes[i].methods, methods, sizeof methods),
             web->routes[i].path);
}

static size_t count_routes(const struct desk_web *web)
{
    size_t n = 0;
    while (web->routes[n].path)
        n++;
    return n;
}

/* Is it a whole file of just these routes? */
static bool fits(const struct file *f, const struct desk_web *web, size_t n)
{
    char label[LABEL];
    if (strcmp(f->mark, MARK) != 0 || f->n != n)
        return false;
    for (size_t i = 0; i < n; i++) {
        label_of(label, web, i);
        if (strcmp(f->rows[i].label, label) != 0)
            return false;
    }
    return true;
}

static void *map(int fd, size_t bytes, int rights)
{
    void *p = mmap(NULL, bytes, rights, MAP_SHARED, fd, 0);
    return p == MAP_FAILED ? NULL : p;
}

/* The one that is there, if it is of these routes. Another version's stays mapped in its processes:
 * a new file takes its name. */
static struct file *open_old(const char *path, const struct desk_web *web, size_t n, size_t bytes)
{
    struct stat st;
    int fd = open(path, O_RDWR | O_CLOEXEC);
    struct file *f = fd >= 0 && fstat(fd, &st) == 0 && (size_t)st.st_size == bytes
                         ? map(fd, bytes, PROT_READ | PROT_WRITE)
                         : NULL;
    if (fd >= 0)
        close(fd);
    if (f && !fits(f, web, n)) {
        munmap(f, bytes);
        f = NULL;
    }
    return f;
}

static struct file *make_new(const char *path, const struct desk_web *web, size_t n, size_t bytes)
{
    char temp[DESK_PATH_LEN + 8];
    snprintf(temp, sizeof temp, "%s.XXXXXX", path);
    int fd = mkstemp(temp);
    struct file *f =
        fd >= 0 && ftruncate(fd, (off_t)bytes) == 0 ? map(fd, bytes, PROT_READ | PROT_WRITE) : NULL;
    if (f) {
        memcpy(f->mark, MARK, sizeof MARK);
        f->n = n;
        for (size_t i = 0; i < n; i++)
            label_of(f->rows[i].label, web, i);
        if (rename(temp, path) != 0) {
            munmap(f, bytes);
            f = NULL;
        }
    }
    if (!f && fd >= 0)
        unlink(temp);
    if (fd >= 0)
        close(fd);
    return f;
}

void desk_counters_share(const struct desk_web *web)
{
    char path[DESK_PATH_LEN], name[32], guard[DESK_PATH_LEN + 8];
    size_t n = count_routes(web), bytes = sizeof(struct file) + n * sizeof(struct row);
    snprintf(name, sizeof name, "counters.%s", web->name);
    desk_path_run(path, name);
    snprintf(guard, sizeof guard, "%s.lock", path);
    int lock = open(guard, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock >= 0 && flock(lock, LOCK_EX) == 0) { /* of two that start, one makes it */
        struct file *f = open_old(path, web, n, bytes);
        shared = f ? f : make_new(path, web, n, bytes);
        shared_of = web;
    }
    if (lock >= 0)
        close(lock);
    if (!shared)
        desk_log(DESK_LOG_WARN, "counters", "file=%s not shared: each process counts alone", path);
}

/* ---- all of them ----------------------------------------------------------------------------- */

struct seen {
    const struct file *f;
    size_t bytes;
};

/* Another program's file, whatever is in it. */
static struct seen look(const char *zone)
{
    char path[DESK_PATH_LEN], name[32];
    struct seen s = {NULL, 0};
    struct stat st;
    snprintf(name, sizeof name, "counters.%s", zone);
    int fd = open(desk_path_run(path, name), O_RDONLY | O_CLOEXEC);
    if (fd >= 0 && fstat(fd, &st) == 0 && (size_t)st.st_size > sizeof(struct file)) {
        s.bytes = (size_t)st.st_size;
        s.f = map(fd, s.bytes, PROT_READ);
    }
    if (fd >= 0)
        close(fd);
    if (s.f && (memcmp(s.f->mark, MARK, sizeof MARK) != 0 || s.f->n > ROWS ||
                sizeof(struct file) + s.f->n * sizeof(struct row) != s.bytes)) {
        munmap((void *)(uintptr_t)s.f, s.bytes);
        s.f = NULL;
    }
    return s;
}

static void family(struct desk_buf *b, const struct seen *all, const struct desk_counter_family *k)
{
    desk_buf_fmt(b, "# HELP %s %s\n# TYPE %s counter\n", k->name, k->help, k->name);
    for (size_t z = 0; z < sizeof zones / sizeof *zones; z++)
        for (size_t i = 0; all[z].f && i < all[z].f->n; i++) {
            const struct row *r = &all[z].f->rows[i];
            const char *at = (const char *)&r->n + k->offset;
            const _Atomic uint64_t *n = (const void *)at;
            desk_buf_fmt(b, "%s{%.*s} %llu\n", k->name, LABEL, r->label,
                         (unsigned long long)atomic_load(n));
        }
}

enum desk_rc desk_metrics_all(struct desk_request *req)
{
    struct seen all[sizeof zones / sizeof *zones];
    for (size_t z = 0; z < sizeof zones / sizeof *zones; z++)
        all[z] = look(zones[z]);
    req->reply.type = DESK_METRICS_TYPE;
    for (const struct desk_counter_family *k = desk_counter_families; k->name; k++)
        family(&req->reply.body, all, k);
    for (size_t z = 0; z < sizeof zones / sizeof *zones; z++)
        if (all[z].f)
            munmap((void *)(uintptr_t)all[z].f, all[z].bytes);
    return DESK_OK;
}
