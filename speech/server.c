/* libwebsockets on its libev loop: the sessions' sockets (requests of the second door are
 * server_http.c's). One thread owns everything here: server → connections →
 * sessions. Workers nudge it by ev_async; a tick of 20 ms runs while there is a session.
 * Facts: libwebsockets 4.1.6 as Debian builds it (event loops are run-time plugins). */
#include "speech/server.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "core/mask.h"
#include "speech/pool.h"
#include "speech/server_http.h"
#include "speech/session.h"

#include <ev.h>
#include <libwebsockets.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH           "/v1/realtime"
#define MAX_QUEUE      (16 * 1024 * 1024) /* bytes a client may leave unread: then it is closed */
#define WRITES_AT_ONCE 8
#define CLOSE_S        2 /* for a client that does not read: its socket is never writable again */

struct message {
    struct message *next;
    size_t n;
    unsigned char room[]; /* LWS_PRE bytes, then n of text */
};

struct connection {
    struct connection *next;
    struct server *server;
    struct lws *wsi;
    struct desk_speech *session;
    uint64_t number;
    struct desk_buf in;
    bool in_too_long; /* the message coming in passed the maximum: skipped to its end */
    struct message *head, *tail;
    size_t queued;
    bool broken;
};

struct server {
    const struct desk_speech_server *set;
    struct lws_context *context;
    struct ev_loop *loop;
    ev_async woken;
    ev_timer tick;
    ev_signal on_int, on_term;
    struct desk_pool *pool;
    struct connection *connections;
    int n_connections;
    uint64_t numbers;
    struct desk_doors doors;
};

/* what lws keeps for each socket */
struct per_socket {
    struct connection *c;
    struct desk_doors_one *door;
};

/* ---- the sessions' world --------------------------------------------------------------------- */

static void host_send(void *ctx, const char *json, size_t n)
{
    struct connection *c = ctx;
    struct message *m = c->broken ? NULL : malloc(sizeof *m + LWS_PRE + n);
    if (!m || c->queued + n > MAX_QUEUE) {
        free(m);
        if (!c->broken) {
            desk_log(DESK_LOG_WARN, "speech.unread", "session=%llu bytes=%zu",
                     (unsigned long long)c->number, c->queued);
            lws_set_timeout(c->wsi, PENDING_TIMEOUT_CLOSE_SEND, CLOSE_S);
        }
        c->broken = true; /* closed at the next chance to write, or when its time is over */
    } else {
        m->next = NULL;
        m->n = n;
        memcpy(m->room + LWS_PRE, json, n);
        if (c->tail)
            c->tail->next = m;
        else
            c->head = m;
        c->tail = m;
        c->queued += n;
    }
    lws_callback_on_writable(c->wsi);
}

static void host_submit(void *ctx, struct desk_job *job)
{
    const struct connection *c = ctx;
    desk_pool_submit(c->server->pool, job);
}

static int64_t host_now(void *ctx)
{
    (void)ctx;
    return desk_mono_ms();
}

/* ---- connections ----------------------------------------------------------------------------- */

static void connection_free(struct connection *c)
{
    struct server *sv = c->server;
    for (struct connection **at = &sv->connections; *at; at = &(*at)->next)
        if (*at == c) {
            *at = c->next;
            break;
        }
    if (--sv->n_connections == 0)
        ev_timer_stop(sv->loop, &sv->tick);
    desk_log(DESK_LOG_INFO, "speech.closed", "session=%llu", (unsigned long long)c->number);
    desk_speech_free(c->session);
    while (c->head) {
        struct message *m = c->head;
        c->head = m->next;
        free(m);
    }
    desk_buf_clear(&c->in);
    free(c);
}

static struct connection *connection_new(struct server *sv, struct lws *wsi)
{
    char model[128] = "";
    struct connection *c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    const char *found = lws_get_urlarg_by_name(wsi, "model=", model, sizeof model - 1);
    c->server = sv;
    c->wsi = wsi;
    c->number = ++sv->numbers;
    desk_buf_init(&c->in, DESK_MAX_REALTIME_MSG);
    c->next = sv->connections;
    sv->connections = c;
    if (sv->n_connections++ == 0)
        ev_timer_again(sv->loop, &sv->tick);
    const struct desk_speech_host host = {c, host_send, host_submit, host_now};
    c->session =
        desk_speech_new(&host, c->number, found && *found ? found : "offline", sv->set->brain);
    if (!c->session) {
        connection_free(c);
        return NULL;
    }
    desk_log(DESK_LOG_INFO, "speech.opened", "session=%llu", (unsigned long long)c->number);
    return c;
}

static void on_receive(struct connection *c, const char *p, size_t n)
{
    if (!c->in_too_long)
        desk_buf_add(&c->in, p, n);
    if (!desk_buf_ok(&c->in)) {
        c->in_too_long = true;
        desk_buf_clear(&c->in);
    }
    if (!lws_is_final_fragment(c->wsi) || lws_remaining_packet_payload(c->wsi) > 0)
        return;
    if (c->in_too_long)
        desk_speech_too_long(c->session, DESK_MAX_REALTIME_MSG);
    else
        desk_speech_message(c->session, desk_buf_cstr(&c->in), c->in.len);
    c->in_too_long = false;
    if (c->in.cap > 256 * 1024)
        desk_buf_clear(&c->in);
    else
        desk_buf_reset(&c->in);
}

static int on_writeable(struct connection *c)
{
    if (c->broken)
        return -1;
    for (int i = 0; i < WRITES_AT_ONCE && c->head && !lws_send_pipe_choked(c->wsi); i++) {
        struct message *m = c->head;
        int sent = lws_write(c->wsi, m->room + LWS_PRE, m->n, LWS_WRITE_TEXT);
        c->head = m->next;
        if (!c->head)
            c->tail = NULL;
        c->queued -= m->n;
        bool failed = sent < (int)m->n;
        free(m);
        if (failed)
            return -1;
    }
    if (c->head)
        lws_callback_on_writable(c->wsi);
    return 0;
}

/* Before the upgrade a wrong path can still get a true answer. */
static int on_upgrade(const struct server *sv, struct lws *wsi)
{
    char path[64] = "";
    int n = lws_hdr_copy(wsi, path, sizeof path, WSI_TOKEN_GET_URI);
    if (n <= 0 || strcmp(path, PATH) != 0) {
        (void)lws_return_http_status(wsi, HTTP_STATUS_NOT_FOUND, "The path is " PATH);
        return 1;
    }
    if (sv->n_connections >= DESK_MAX_CALLS) {
        (void)lws_return_http_status(wsi, HTTP_STATUS_SERVICE_UNAVAILABLE, "too many sessions");
        return 1;
    }
    return 0;
}

/* Requests that are no sockets: of the second door, or wrong here. */
static int on_http(struct server *sv, struct lws *wsi, enum lws_callback_reasons reason,
                   struct per_socket *ps, void *in, size_t len)
{
    bool handled = false;
    int rc = ps ? desk_doors_event(&sv->doors, &ps->door, wsi, reason, in, len, &handled) : 0;
    if (handled)
        return rc;
    if (reason != LWS_CALLBACK_HTTP)
        return lws_callback_http_dummy(wsi, reason, ps, in, len);
    (void)lws_return_http_status(wsi, HTTP_STATUS_NOT_FOUND, "This is a WebSocket server");
    return -1;
}

static int callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                    size_t len)
{
    struct server *sv = lws_context_user(lws_get_context(wsi));
    struct per_socket *ps = user;
    switch ((int)reason) {
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
        return on_upgrade(sv, wsi);
    case LWS_CALLBACK_HTTP:
    case LWS_CALLBACK_HTTP_BODY:
    case LWS_CALLBACK_HTTP_BODY_COMPLETION:
    case LWS_CALLBACK_HTTP_WRITEABLE:
    case LWS_CALLBACK_CLOSED_HTTP:
        return on_http(sv, wsi, reason, ps, in, len);
    case LWS_CALLBACK_ESTABLISHED:
        ps->c = connection_new(sv, wsi);
        return ps->c ? 0 : -1;
    case LWS_CALLBACK_RECEIVE:
        if (ps->c)
            on_receive(ps->c, in, len);
        return 0;
    case LWS_CALLBACK_SERVER_WRITEABLE:
        return ps->c ? on_writeable(ps->c) : 0;
    case LWS_CALLBACK_CLOSED:
        if (ps->c)
            connection_free(ps->c);
        ps->c = NULL;
        return 0;
    default:
        return lws_callback_http_dummy(wsi, reason, user, in, len);
    }
}

/* ---- the loop -------------------------------------------------------------------------------- */

static void on_woken(struct ev_loop *loop, ev_async *w, int events)
{
    struct server *sv = w->data;
    (void)loop;
    (void)events;
    for (struct desk_job *job = desk_pool_take(sv->pool); job; job = desk_pool_take(sv->pool)) {
        bool taken = desk_doors_job(&sv->doors, job);
        for (struct connection *c = sv->connections; c && !taken; c = c->next)
            if (c->number == job->session) {
                desk_speech_job(c->session, job);
                break;
            }
        desk_job_free(job);
    }
}

static void on_tick(struct ev_loop *loop, ev_timer *w, int events)
{
    struct server *sv = w->data;
    (void)loop;
    (void)events;
    for (struct connection *c = sv->connections; c; c = c->next)
        desk_speech_tick(c->session);
}

static void on_signal(struct ev_loop *loop, ev_signal *w, int events)
{
    (void)w;
    (void)events;
    ev_break(loop, EVBREAK_ALL);
}

static void wake(void *ctx)
{
    struct server *sv = ctx;
    ev_async_send(sv->loop, &sv->woken);
}

static void lws_to_log(int level, const char *line)
{
    char text[200], masked[400];
    snprintf(text, sizeof text, "%.*s", (int)strcspn(line, "\n"), line);
    if (level & (LLL_ERR | LLL_WARN))
        desk_log(DESK_LOG_WARN, "speech.lws", "text=\"%s\"",
                 desk_mask_line(masked, sizeof masked, text)); /* it quotes what peers sent */
}

static void watch(struct server *sv)
{
    ev_async_init(&sv->woken, on_woken);
    ev_timer_init(&sv->tick, on_tick, 0., DESK_SESSION_TICK_MS / 1000.);
    ev_signal_init(&sv->on_int, on_signal, SIGINT);
    ev_signal_init(&sv->on_term, on_signal, SIGTERM);
    sv->woken.data = sv->tick.data = sv;
    ev_async_start(sv->loop, &sv->woken);
    ev_signal_start(sv->loop, &sv->on_int);
    ev_signal_start(sv->loop, &sv->on_term);
}

/* A signal that comes when the loop is gone must not look for it. */
static void unwatch(struct server *sv)
{
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ends, NULL);
    ev_timer_stop(sv->loop, &sv->tick);
}

static struct lws_context *listen_on(struct server *sv)
{
    static const struct lws_protocols protocols[] = {
        {.name = "realtime",
         .callback = callback,
         .per_session_data_size = sizeof(struct per_socket),
         .rx_buffer_size = 65536},
        {0},
    };
    void *loops[1] = {sv->loop};
    struct lws_context_creation_info info = {0};
    info.port = sv->set->port;
    info.iface = "127.0.0.1";
    info.protocols = protocols;
    info.options = LWS_SERVER_OPTION_LIBEV | LWS_SERVER_OPTION_DISABLE_IPV6;
    info.foreign_loops = loops;
    info.user = sv;
    info.vhost_name = "speech";
    lws_set_log_level(LLL_ERR | LLL_WARN, lws_to_log);
    return lws_create_context(&info);
}

int desk_speech_serve(const struct desk_speech_server *set)
{
    int status = 1;
    struct server sv = {.set = set};
    signal(SIGPIPE, SIG_IGN);
    sv.loop = ev_loop_new(EVFLAG_AUTO);
    if (!sv.loop)
        return 1;
    watch(&sv);
    sv.context = listen_on(&sv);
    if (!sv.context) {
        desk_log(DESK_LOG_ERROR, "speech.no_listener", "port=%d", set->port);
        goto out;
    }
    sv.pool = desk_pool_new(set->workers, set->stt, set->tts, wake, &sv);
    if (!sv.pool)
        goto out;
    sv.doors = (struct desk_doors){.pool = sv.pool, .numbers = &sv.numbers};
    printf("listening 127.0.0.1:%d\n",
           lws_get_vhost_listen_port(lws_get_vhost_by_name(sv.context, "speech")));
    fflush(stdout);
    ev_run(sv.loop, 0);
    status = 0;
out:
    unwatch(&sv);
    if (sv.context)
        lws_context_destroy(sv.context);
    desk_pool_free(sv.pool);
    ev_loop_destroy(sv.loop);
    return status;
}
