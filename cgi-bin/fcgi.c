/* The FastCGI server, and the only file that names FCGX_.
 *
 * The listening socket is fd 0 and belongs to whoever started us (frontdesk run, systemd), so it
 * outlives a restart and no request is lost. Threads wait in poll() for the socket or for the stop
 * event; then accept without blocking: who loses the race gets EAGAIN and polls again. Signals are
 * blocked everywhere and taken by sigwait in the main thread. Each thread has its own arena and its
 * own database connection. Measured in the stack notes: 4 threads are enough for one machine. */
#include "cgi-bin/web.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/limits.h"
#include "base/log.h"
#include "store/open.h"
#include "talk/prompt.h"

#include <errno.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#define LISTEN_FD   0
#define THREADS     4
#define THREADS_MAX 64
#define DRAIN_S     10
/* of any route; which one it is, and what it takes, is not known yet */
#define BODY_MOST (DESK_MAX_AUDIO_BODY > DESK_MAX_BODY ? DESK_MAX_AUDIO_BODY : DESK_MAX_BODY)

struct worker {
    pthread_t thread;
    const struct desk_server *server;
    struct desk_arena *arena;
    struct desk_db *db;
    int stop_fd;
};

static const char *get_param(void *ctx, const char *name)
{
    FCGX_Request *fr = ctx;
    return FCGX_GetParam(name, fr->envp);
}

/* Body up to the maximum. A longer one is not read: nginx copes, and the answer is 413. */
static void read_body(FCGX_Request *fr, struct desk_request *req)
{
    const char *length = FCGX_GetParam("CONTENT_LENGTH", fr->envp);
    char *end = NULL;
    long want = length && *length ? strtol(length, &end, 10) : 0;
    if (want <= 0)
        return;
    if (want > BODY_MOST || *end) {
        req->body_rc = *end ? DESK_EINVAL : DESK_ELIMIT;
        return;
    }
    char *body = desk_arena_alloc(req->arena, (size_t)want + 1);
    if (!body) {
        req->body_rc = DESK_ENOMEM;
        return;
    }
    int got = FCGX_GetStr(body, (int)want, fr->in);
    req->body = body;
    req->body_len = got > 0 ? (size_t)got : 0;
    if (got != want)
        req->body_rc = DESK_EINVAL; /* the client went away half-way */
}

/* The rest, part by part; a client that has gone ends it. */
static void send_source(FCGX_Request *fr, struct desk_reply *r)
{
    enum desk_rc rc = DESK_OK;
    while (!rc) {
        desk_buf_reset(&r->body);
        rc = r->source.more(r->source.ctx, &r->body);
        if (!rc && FCGX_PutStr(r->body.p, (int)r->body.len, fr->out) < 0)
            rc = DESK_DONE;
    }
    if (rc != DESK_DONE)
        desk_log(DESK_LOG_ERROR, "http.source", "code=%s", desk_rc_name(rc));
}

/* Which call it turned out to be about: nginx writes that into its own line, and hides it from
 * whoever asked (nginx/server.conf.in). */
static void tell_nginx(FCGX_Request *fr)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    const struct desk_log_about *about = desk_log_bound();
    if (*about->sid && !about->sid[strspn(about->sid, plain)])
        FCGX_FPrintF(fr->out, "X-Frontdesk-Sid: %s\r\n", about->sid);
    if (*about->trace)
        FCGX_FPrintF(fr->out, "X-Frontdesk-Trace: %s\r\n", about->trace);
}

static void send_reply(FCGX_Request *fr, struct desk_request *req)
{
    struct desk_reply *r = &req->reply;
    unsigned long length = r->source.more ? (unsigned long)r->source.length : r->body.len;
    FCGX_FPrintF(fr->out, "Status: %d\r\n", r->status);
    if (r->status != 204)
        FCGX_FPrintF(fr->out, "Content-Type: %s\r\nContent-Length: %lu\r\n",
                     r->type ? r->type : "text/html; charset=utf-8", length);
    FCGX_PutStr(desk_buf_cstr(&r->headers), (int)r->headers.len, fr->out);
    tell_nginx(fr);
    FCGX_PutS("\r\n", fr->out);
    if (req->method == DESK_HEAD || r->status == 204)
        return;
    if (r->source.more)
        send_source(fr, r);
    else if (r->body.len)
        FCGX_PutStr(r->body.p, (int)r->body.len, fr->out);
}

static struct desk_db *database(struct worker *w)
{
    if (w->db)
        return w->db;
    enum desk_rc rc =
        desk_store_open(&w->db, (enum desk_zone)w->server->db_zone, w->server->busy_ms);
    if (rc) {
        desk_log(DESK_LOG_ERROR, "db.open", "code=%s", desk_rc_name(rc));
        w->db = NULL;
    }
    return w->db;
}

static void serve(struct worker *w, FCGX_Request *fr)
{
    struct desk_request req = {.arena = w->arena};
    int64_t started = desk_mono_ms();
    desk_request_read(&req, get_param, fr);
    desk_log_bind(req.request_id, NULL);
    desk_log_trace(req.trace.trace);
    read_body(fr, &req);
    req.db = database(w);
    desk_dispatch(w->server->web, &req);
    send_reply(fr, &req);
    char method[16];
    desk_log(DESK_LOG_INFO, "http.request", "method=%s route=%s status=%d bytes=%zu ms=%lld",
             desk_methods_text(req.method, method, sizeof method),
             req.route ? req.route->path : "-", req.reply.status, req.reply.body.len,
             (long long)(desk_mono_ms() - started));
    desk_log_about(NULL);
    /* a connection that failed by itself is not used again: the next request opens a fresh one */
    if (req.rc == DESK_EINTERNAL || req.reply.status == 503) {
        desk_db_close(w->db);
        w->db = NULL;
    }
    desk_arena_reset(w->arena);
}

static bool stopped(int stop_fd)
{
    struct pollfd p[2] = {{.fd = LISTEN_FD, .events = POLLIN}, {.fd = stop_fd, .events = POLLIN}};
    while (poll(p, 2, -1) < 0 && errno == EINTR)
        ;
    return p[1].revents != 0;
}

/* Out of file descriptors or memory: wait for some to come back, never give up the thread. */
static void accept_failed(int rc)
{
    if (rc == -EAGAIN || rc == -EINTR || rc == -ECONNABORTED)
        return;
    desk_log(DESK_LOG_WARN, "http.accept", "code=%d", rc);
    desk_sleep_ms(100);
}

static void *worker_main(void *arg)
{
    struct worker *w = arg;
    FCGX_Request fr;
    FCGX_InitRequest(&fr, LISTEN_FD, FCGI_FAIL_ACCEPT_ON_INTR);
    while (!stopped(w->stop_fd)) {
        int rc = FCGX_Accept_r(&fr);
        if (rc < 0) {
            accept_failed(rc);
            continue;
        }
        serve(w, &fr);
        FCGX_Finish_r(&fr);
    }
    FCGX_Free(&fr, 1);
    return NULL;
}

static void worker_clear(struct worker *w)
{
    desk_db_close(w->db);
    desk_arena_free(w->arena);
}

/* Wait for a signal, tell the threads, and give running requests time to finish. */
static int wait_and_drain(struct worker *w, int n, int stop_fd, const sigset_t *signals)
{
    int sig = 0, late = 0;
    struct timespec until;
    sigwait(signals, &sig);
    desk_log(DESK_LOG_INFO, "server.stopping", "signal=%d", sig);
    if (eventfd_write(stop_fd, 1))
        desk_log_errno(DESK_LOG_ERROR, "server.stop", "fd=%d", stop_fd);
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += DRAIN_S;
    if (w->server->stopping)
        w->server->stopping();
    for (int i = 0; i < n; i++) {
        if (pthread_timedjoin_np(w[i].thread, NULL, &until))
            late++;
        else
            worker_clear(&w[i]);
    }
    desk_log(DESK_LOG_INFO, "server.stopped", "unfinished=%d", late);
    return late ? 1 : 0;
}

static int run(const struct desk_server *s)
{
    static struct worker workers[THREADS_MAX];
    int n = s->threads > 0 && s->threads <= THREADS_MAX ? s->threads : THREADS, started = 0;
    int stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    /* FCGX_Init only takes over signals that are still at their default */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGUSR1, SIG_IGN);
    if (stop_fd < 0 || FCGX_Init()) {
        desk_log_errno(DESK_LOG_ERROR, "server.start", "fd=%d", stop_fd);
        return 1;
    }
    for (; started < n; started++) {
        struct worker *w = &workers[started];
        *w = (struct worker){.server = s, .stop_fd = stop_fd};
        w->arena = desk_arena_new(DESK_MAX_REQUEST_ARENA);
        if (!w->arena || pthread_create(&w->thread, NULL, worker_main, w)) {
            desk_arena_free(w->arena);
            break;
        }
    }
    desk_log(DESK_LOG_INFO, "server.started", "threads=%d base=%s", started, desk_public_base());
    if (started && s->started)
        s->started();
    int rc = started ? wait_and_drain(workers, started, stop_fd, &signals) : 1;
    close(stop_fd);
    return rc;
}

static bool is_listener(int fd)
{
    int on = 0;
    socklen_t n = sizeof on;
    return !getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &on, &n) && on;
}

static int setup(const struct desk_server *s)
{
    char why[512] = "";
    if (desk_settings_load(NULL, why, sizeof why)) {
        fprintf(stderr, "%s: %s\n", s->web->name, why);
        return EX_CONFIG;
    }
    desk_log_init(s->web->name, desk_log_level_parse(desk_setting(DESK_S_LOG_LEVEL)));
    desk_log_format(desk_setting(DESK_S_LOG_FORMAT));
    if (desk_store_key(false, why, sizeof why)) {
        fprintf(stderr, "%s: %s\n", s->web->name, why);
        return EX_CONFIG;
    }
    desk_web_init();
    desk_prompt_warm();
    desk_counters_share(s->web);
    int flags = fcntl(LISTEN_FD, F_GETFL);
    return flags < 0 || fcntl(LISTEN_FD, F_SETFL, flags | O_NONBLOCK) < 0 ? 1 : 0;
}

int desk_server_main(const struct desk_server *s, int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--routes") == 0) {
        desk_routes_print(s->web, stdout);
        return 0;
    }
    if (argc > 1 || !is_listener(LISTEN_FD)) {
        fprintf(stderr,
                "usage: %s.fcgi [--routes]\n"
                "Serves FastCGI on the listening socket it gets as standard input: start it with\n"
                "\"frontdesk run\" or the systemd units.\n",
                s->web->name);
        return EX_USAGE;
    }
    int rc = setup(s);
    return rc ? rc : run(s);
}
