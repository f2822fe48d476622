#include "cli/stack.h"
#include "cli/nginx_conf.h"
#include "cli/ports.h"
#include "cli/setup.h"
#include "base/config.h"
#include "wire/stream_path.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define SOCKET_PATH_MAX 100 /* the kernel takes 107 */
#define BACKLOG         511
#define ANSWERS_MS      2000 /* longest pause of what a caller waits for */

/* The programs, in the order they are started. Stopping goes by phase: first the bridge, while
 * everything that a call in progress needs still answers; then the front; then who stands behind.
 */
static const struct program {
    const char *name, *path; /* path NULL: nginx */
    int zone;                /* index of its socket; -1 = none */
    int stop_signal, hup_signal, phase, cap_ms;
    int pause_max_ms; /* before a restart; 0 = the supervisor's own */
} programs[DESK_STACK_PROGRAMS] = {
    {"speech", "bin/speech", -1, SIGTERM, 0, 3, 3000, ANSWERS_MS},
    {"bridge", "bin/ws-bridge", -1, SIGTERM, 0, 0, 18000, ANSWERS_MS}, /* and what it drains for */
    {"worker", "bin/worker", -1, SIGTERM, 0, 3, 17000, 0},
    {"hook", "cgi-bin/hook.fcgi", 0, SIGTERM, 0, 2, 10000, ANSWERS_MS},
    {"api", "cgi-bin/api.fcgi", 1, SIGTERM, 0, 2, 10000, 0},
    {"admin", "cgi-bin/admin.fcgi", 2, SIGTERM, 0, 2, 10000, 0},
    {"nginx", NULL, -1, SIGQUIT, SIGHUP, 1, 5000, ANSWERS_MS},
};
static const char *const zones[DESK_WEB_ZONES] = {"hook", "api", "admin"};

static enum desk_rc failed(char *why, size_t n, const char *what, const char *which)
{
    snprintf(why, n, "%s %s: %s", what, which, strerror(errno));
    return DESK_EINTERNAL;
}

/* ---- the lock -------------------------------------------------------------------------------- */

static enum desk_rc absolute_data(char *why, size_t n)
{
    char *abs = realpath(desk_setting(DESK_S_FRONTDESK_DATA), NULL);
    if (!abs)
        return failed(why, n, "There is no folder", desk_setting(DESK_S_FRONTDESK_DATA));
    enum desk_rc rc = strlen(abs) + 40 < DESK_PATH_LEN ? DESK_OK : DESK_ELIMIT;
    if (rc)
        snprintf(why, n, "The path of the data folder is too long: %s", abs);
    else
        desk_setting_override(DESK_S_FRONTDESK_DATA, abs);
    free(abs);
    return rc;
}

static void say_who_runs(int fd, char *why, size_t n)
{
    char pid[16] = "";
    ssize_t got = pread(fd, pid, sizeof pid - 1, 0);
    pid[got > 0 ? got : 0] = '\0';
    pid[strspn(pid, "0123456789")] = '\0';
    snprintf(why, n,
             "Frontdesk runs already on the data folder %s (process %s). Stop that one first, or "
             "give this one another folder in FRONTDESK_DATA",
             desk_setting(DESK_S_FRONTDESK_DATA), *pid ? pid : "unknown");
}

enum desk_rc desk_stack_lock(struct desk_stack *s, char *why, size_t n)
{
    char path[DESK_PATH_LEN];
    memset(s, 0, sizeof *s);
    s->lock_fd = -1;
    for (size_t i = 0; i < DESK_WEB_ZONES; i++)
        s->socket_fd[i] = -1;
    for (size_t i = 0; i < DESK_STACK_PROGRAMS; i++)
        s->log_fd[i] = -1;
    enum desk_rc rc = absolute_data(why, n);
    if (rc)
        return rc;
    desk_path_run(s->run, "");
    int fd = open(desk_path_run(path, "lock"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return failed(why, n, "The lock cannot be opened:", path);
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        say_who_runs(fd, why, n);
        close(fd);
        return DESK_EBUSY;
    }
    s->lock_fd = fd;
    if (ftruncate(fd, 0) != 0 || dprintf(fd, "%ld\n", (long)getpid()) < 0)
        return failed(why, n, "The lock cannot be written:", path);
    return DESK_OK;
}

/* ---- sockets and logs ------------------------------------------------------------------------ */

static void socket_path(const struct desk_stack *s, size_t zone, char out[DESK_PATH_LEN + 16])
{
    snprintf(out, DESK_PATH_LEN + 16, "%s/%s.sock", s->sockets, zones[zone]);
}

static enum desk_rc socket_folder(struct desk_stack *s, char *why, size_t n)
{
    snprintf(s->sockets, sizeof s->sockets, "%s", s->run);
    if (strlen(s->run) + strlen("/admin.sock") <= SOCKET_PATH_MAX)
        return DESK_OK;
    snprintf(s->sockets, sizeof s->sockets, "/tmp/frontdesk-XXXXXX");
    return mkdtemp(s->sockets) ? DESK_OK : failed(why, n, "No folder for sockets:", s->sockets);
}

/* The listening socket of one web program. It is ours and outlives the program: what comes while
 * the program is restarted waits in it. */
static enum desk_rc socket_open(struct desk_stack *s, size_t zone, char *why, size_t n)
{
    char path[DESK_PATH_LEN + 16];
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    socket_path(s, zone, path);
    size_t len = strlen(path);
    if (len >= sizeof a.sun_path) {
        errno = ENAMETOOLONG;
        return failed(why, n, "The socket cannot be opened:", path);
    }
    memcpy(a.sun_path, path, len + 1);
    unlink(path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    s->socket_fd[zone] = fd;
    if (fd < 0 || bind(fd, (const struct sockaddr *)&a, sizeof a) != 0 || chmod(path, 0660) != 0 ||
        listen(fd, BACKLOG) != 0)
        return failed(why, n, "The socket cannot be opened:", path);
    return DESK_OK;
}

static enum desk_rc logs_open(struct desk_stack *s, char *why, size_t n)
{
    char path[DESK_PATH_LEN + 32];
    snprintf(path, sizeof path, "%s/log", s->run);
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return failed(why, n, "The folder cannot be made:", path);
    for (size_t i = 0; i < DESK_STACK_PROGRAMS; i++) {
        snprintf(path, sizeof path, "%s/log/%s.log", s->run, programs[i].name);
        s->log_fd[i] = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        if (s->log_fd[i] < 0)
            return failed(why, n, "The log cannot be opened:", path);
    }
    return DESK_OK;
}

/* ---- ports and addresses --------------------------------------------------------------------- */

/* Given to another bridge already: it does not listen yet. */
static bool bridge_port_taken(const struct desk_stack *s, int i)
{
    for (int k = 0; k < i; k++)
        if (s->bridge_port[k] == s->bridge_port[i])
            return true;
    return false;
}

/* The first bridge's port is the setting's; the others' are whatever is free, as only nginx and we
 * have to know. */
static enum desk_rc bridge_ports(struct desk_stack *s, char *why, size_t n)
{
    enum desk_rc rc =
        desk_port_choose(DESK_S_BRIDGE_PORT, "127.0.0.1", true, &s->bridge_port[0], why, n);
    s->n_bridges = (int)desk_setting_int(DESK_S_BRIDGE_PROCESSES);
    for (int i = 1; !rc && i < s->n_bridges; i++) {
        do
            s->bridge_port[i] = desk_port_free("127.0.0.1");
        while (bridge_port_taken(s, i));
        if (!s->bridge_port[i]) {
            snprintf(why, n, "No free port was found on 127.0.0.1 for another bridge");
            rc = DESK_ECONFLICT;
        }
    }
    char all[DESK_STACK_BRIDGES * 8] = "";
    size_t at = 0;
    for (int i = 0; i < s->n_bridges; i++) {
        at += (size_t)snprintf(all + at, sizeof all - at, "%s%d", i ? " " : "", s->bridge_port[i]);
        snprintf(s->bridge_env[i], sizeof s->bridge_env[i], "BRIDGE_PORT=%d", s->bridge_port[i]);
        snprintf(s->bridge_name[i], sizeof s->bridge_name[i], i ? "bridge-%d" : "bridge", i + 1);
    }
    desk_setting_override(DESK_S_BRIDGE_PORTS, all);
    return rc;
}

static enum desk_rc ports(struct desk_stack *s, char *why, size_t n)
{
    const char *listen_on = desk_setting(DESK_S_FRONTDESK_LISTEN);
    desk_port_reach(listen_on, s->host, sizeof s->host);
    enum desk_rc rc = desk_port_choose(DESK_S_FRONTDESK_PORT, listen_on, false, &s->port, why, n);
    if (!rc)
        rc = bridge_ports(s, why, n);
    if (!rc)
        rc = desk_port_choose(DESK_S_SPEECH_PORT, "127.0.0.1", true, &s->speech_port, why, n);
    bool six = strchr(s->host, ':') != NULL;
    snprintf(s->local_url, sizeof s->local_url, "http://%s%s%s:%d", six ? "[" : "", s->host,
             six ? "]" : "", s->port);
    if (!rc && !*desk_setting(DESK_S_PUBLIC_BASE_URL))
        desk_setting_override(DESK_S_PUBLIC_BASE_URL, s->local_url);
    return rc;
}

/* What was decided here is told to the programs by their environment. */
static enum desk_rc environment(struct desk_stack *s, char *why, size_t n)
{
    static const enum desk_setting_id told[] = {
        DESK_S_FRONTDESK_DATA, DESK_S_FRONTDESK_SHARE, DESK_S_FRONTDESK_PORT, DESK_S_BRIDGE_PORT,
        DESK_S_SPEECH_PORT,    DESK_S_PUBLIC_BASE_URL, DESK_S_BRIDGE_PORTS,
    };
    char token[DESK_PATH_LEN];
    desk_setting_override(DESK_S_FRONTDESK_SHARE, s->share);
    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        setenv(desk_setting_rows[told[i]].name, desk_setting(told[i]), 1);
    enum desk_rc rc = desk_setup_token(token, sizeof token, why, n);
    if (!rc && !*desk_setting(DESK_S_TWILIO_AUTH_TOKEN)) /* no account: the practice token signs */
        setenv("TWILIO_AUTH_TOKEN_FILE", token, 1);
    return rc;
}

static enum desk_rc run_files(struct desk_stack *s, char *why, size_t n)
{
    char path[DESK_PATH_LEN], text[32];
    snprintf(text, sizeof text, "%d\n", s->port);
    enum desk_rc rc = desk_setup_write(desk_path_run(path, "port"), text, why, n);
    if (!rc)
        rc = desk_setup_write(desk_path_run(path, "base-url"), desk_setting(DESK_S_PUBLIC_BASE_URL),
                              why, n);
    return rc;
}

/* ---- nginx ----------------------------------------------------------------------------------- */

static enum desk_rc nginx_find(struct desk_stack *s, char *why, size_t n)
{
    static const char *const places[] = {"/usr/sbin/nginx", "/usr/local/sbin/nginx",
                                         "/usr/bin/nginx", "/usr/local/bin/nginx"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (access(places[i], X_OK) == 0) {
            snprintf(s->nginx, sizeof s->nginx, "%s", places[i]);
            return DESK_OK;
        }
    snprintf(why, n, "nginx is missing: apt-get install nginx-light (`make demo` does it)");
    return DESK_ENOTFOUND;
}

static enum desk_rc nginx_files(struct desk_stack *s, char *why, size_t n)
{
    char hook[DESK_PATH_LEN + 16], api[DESK_PATH_LEN + 16], admin[DESK_PATH_LEN + 16];
    char listen_on[96], bridge[DESK_STACK_BRIDGES * 48], homes[DESK_STACK_BRIDGES * 48] = "";
    size_t at = 0, to = 0;
    const char *l = desk_setting(DESK_S_FRONTDESK_LISTEN);
    bool six = strchr(l, ':') && l[0] != '[';
    socket_path(s, 0, hook);
    socket_path(s, 1, api);
    socket_path(s, 2, admin);
    snprintf(listen_on, sizeof listen_on, "%s%s%s:%d", six ? "[" : "", l, six ? "]" : "", s->port);
    for (int i = 0; i < s->n_bridges; i++)
        at += (size_t)snprintf(bridge + at, sizeof bridge - at, "%sserver 127.0.0.1:%d%s;",
                               i ? " " : "", s->bridge_port[i], " fail_timeout=2s");
    for (int i = 0; s->n_bridges > 1 && i < s->n_bridges; i++)
        to += (size_t)snprintf(homes + to, sizeof homes - to,
                               "%s" DESK_STREAM_PATH "/%d 127.0.0.1:%d;", i ? " " : "", i + 1,
                               s->bridge_port[i]);
    const struct desk_nginx_word words[] = {
        {"RUN", s->run},
        {"SHARE", s->share},
        {"HOOK", hook},
        {"API", api},
        {"ADMIN", admin},
        {"BRIDGE", bridge},
        {"HOMES", homes},
        {"LISTEN", listen_on},
        {"USER", geteuid() == 0 ? "user root;" : ""},
        {"FALLBACK",
         desk_setting_bool(DESK_S_RECORDING_ENABLED) ? "fallback-record.xml" : "fallback.xml"},
        {NULL, NULL},
    };
    return desk_nginx_write(s->share, s->run, words, why, n);
}

/* ---- all of it ------------------------------------------------------------------------------- */

static enum desk_rc paths(struct desk_stack *s, char *why, size_t n)
{
    char share[DESK_PATH_LEN];
    char *abs = realpath(desk_path_share(share, ""), NULL);
    if (!abs || strlen(abs) + 64 >= sizeof s->share) {
        free(abs);
        return failed(why, n, "The share folder is not there:", share);
    }
    snprintf(s->share, sizeof s->share, "%s", abs);
    free(abs);
    for (size_t i = 0; i < DESK_STACK_PROGRAMS; i++) {
        if (!programs[i].path)
            continue;
        desk_path_program(s->program[i], programs[i].path);
        if (access(s->program[i], X_OK) != 0)
            return failed(why, n, "The program is not there:", s->program[i]);
    }
    return nginx_find(s, why, n);
}

enum desk_rc desk_stack_prepare(struct desk_stack *s, bool quiet, char *why, size_t n)
{
    enum desk_rc rc = paths(s, why, n);
    if (!rc)
        rc = ports(s, why, n);
    if (!rc)
        rc = socket_folder(s, why, n);
    for (size_t i = 0; !rc && i < DESK_WEB_ZONES; i++)
        rc = socket_open(s, i, why, n);
    if (!rc && quiet)
        rc = logs_open(s, why, n);
    if (!rc)
        rc = nginx_files(s, why, n);
    if (!rc)
        rc = environment(s, why, n);
    return rc ? rc : run_files(s, why, n);
}

/* As many bridges as there are to be; they share one log. */
static enum desk_rc bridges(struct desk_stack *s, struct desk_supervisor *sup,
                            const struct desk_child_spec *like)
{
    enum desk_rc rc = DESK_OK;
    struct desk_child_spec spec = *like;
    spec.stop_cap_ms += (int)desk_setting_int(DESK_S_BRIDGE_DRAIN_S) * 1000;
    for (int i = 0; !rc && i < s->n_bridges; i++) {
        spec.name = s->bridge_name[i];
        spec.env = s->bridge_env[i];
        spec.health_port = s->bridge_port[i];
        rc = desk_supervisor_add(sup, &spec);
    }
    return rc;
}

enum desk_rc desk_stack_children(struct desk_stack *s, struct desk_supervisor *sup)
{
    enum desk_rc rc = DESK_OK;
    snprintf(s->nginx_conf, sizeof s->nginx_conf, "%.480s/nginx.conf", s->run);
    for (size_t i = 0; !rc && i < DESK_STACK_PROGRAMS; i++) {
        const struct program *p = &programs[i];
        struct desk_child_spec spec = {.name = p->name,
                                       .stdin_fd = p->zone >= 0 ? s->socket_fd[p->zone] : -1,
                                       .log_fd = s->log_fd[i],
                                       .stop_signal = p->stop_signal,
                                       .hup_signal = p->hup_signal,
                                       .phase = p->phase,
                                       .stop_cap_ms = p->cap_ms,
                                       .pause_max_ms = p->pause_max_ms,
                                       .argv = {s->program[i]}};
        if (!p->path) {
            const char *const argv[] = {s->nginx,      "-p", s->run,  "-c",
                                        s->nginx_conf, "-e", "stderr"};
            memcpy(spec.argv, argv, sizeof argv);
        }
        rc = p->phase == 0 ? bridges(s, sup, &spec) : desk_supervisor_add(sup, &spec);
    }
    return rc;
}

const char *desk_stack_missing(const struct desk_stack *s)
{
    if (!desk_port_answers("127.0.0.1", s->speech_port))
        return "speech";
    for (int i = 0; i < s->n_bridges; i++)
        if (!desk_port_answers("127.0.0.1", s->bridge_port[i]))
            return s->bridge_name[i];
    if (!desk_port_answers(s->host, s->port))
        return "nginx";
    return desk_port_get_ok(s->host, s->port, "/healthz") ? NULL : "/healthz";
}

void desk_stack_clear(struct desk_stack *s)
{
    static const char *const files[] = {"port", "base-url"};
    char path[DESK_PATH_LEN + 16];
    for (size_t i = 0; i < DESK_WEB_ZONES; i++) {
        if (s->socket_fd[i] <= 0)
            continue;
        close(s->socket_fd[i]);
        socket_path(s, i, path);
        unlink(path);
    }
    if (*s->sockets && strcmp(s->sockets, s->run) != 0)
        rmdir(s->sockets);
    for (size_t i = 0; i < DESK_STACK_PROGRAMS; i++)
        if (s->log_fd[i] > 0)
            close(s->log_fd[i]);
    if (s->lock_fd <= 0)
        return;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        unlink(desk_path_run(path, files[i]));
    close(s->lock_fd); /* the file stays: removing it would let two instances lock two files */
    memset(s, 0, sizeof *s);
}
