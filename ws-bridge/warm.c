#include "ws-bridge/warm.h"
#include "ws-bridge/session.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"
#include "base/paths.h"
#include "wire/stream_path.h"

#include <ev.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#define WARM_S     15.0 /* kept so long */
#define MODEL_S    4.0  /* to become ready */
#define LOOK_EACH  0.02 /* s; commits come in bursts */
#define LOST_MS    20000
#define WAL_SUFFIX "-wal"

struct slot {
    struct warm *w;
    struct claim *claim; /* NULL = free */
    struct session *session;
    ev_timer unused;
    int64_t since_ms;
};

struct warm {
    struct bridge *b;
    int fd; /* inotify */
    ev_io changed;
    ev_timer soon;
    bool looking, again, closed;
    int64_t looked_ms;
    char wal[DESK_PATH_LEN]; /* the log's name in its folder */
    struct slot slots[DESK_MAX_WARM];
};

/* ---- the table ------------------------------------------------------------------------------- */

static void slot_free(struct slot *s)
{
    ev_timer_stop(s->w->b->loop, &s->unused);
    claim_free(s->claim);
    s->claim = NULL;
    s->session = NULL;
}

static void on_unused(struct ev_loop *loop, ev_timer *t, int events)
{
    struct slot *s = t->data;
    (void)loop;
    (void)events;
    desk_log(DESK_LOG_INFO, "warm.unused", "call=%s", s->claim->call.id);
    session_close(s->session);
    slot_free(s);
}

static void on_ready(struct session *session)
{
    const struct slot *s = session->ctx;
    desk_log(DESK_LOG_INFO, "warm.ready", "call=%s ms=%lld", s->claim->call.id,
             (long long)(desk_mono_ms() - s->since_ms));
}

static void on_failed(struct session *session, enum desk_rt_severity severity, const char *why,
                      bool again)
{
    struct slot *s = session->ctx;
    desk_log(DESK_LOG_NOTICE, "warm.failed", "call=%s severity=%d again=%d why=\"%s\"",
             s->claim->call.id, (int)severity, again, why);
    if (!again)
        slot_free(s); /* the call will dial, and find out for itself */
}

static const struct session_owner owner = {on_ready, on_failed, NULL};

static struct slot *find(struct warm *w, const char *call_id)
{
    for (size_t i = 0; i < DESK_MAX_WARM; i++) {
        const struct claim *c = w->slots[i].claim;
        if (call_id ? c && strcmp(c->call.id, call_id) == 0 : !c)
            return &w->slots[i];
    }
    return NULL;
}

void warm_offer(struct warm *w, struct claim *claim)
{
    struct slot *s = w && !w->closed && !find(w, claim->call.id) ? find(w, NULL) : NULL;
    if (!s) {
        claim_free(claim);
        return;
    }
    s->w = w;
    s->claim = claim;
    s->since_ms = desk_mono_ms();
    ev_timer_init(&s->unused, on_unused, WARM_S, 0.);
    s->unused.data = s;
    ev_now_update(w->b->loop);
    ev_timer_start(w->b->loop, &s->unused);
    struct session *session = session_new(w->b, claim, &owner, s, MODEL_S);
    if (session)
        s->session = session;
    else if (s->claim)
        slot_free(s);
}

struct session *warm_take(struct warm *w, const char *call_id)
{
    struct slot *s = w ? find(w, call_id) : NULL;
    if (!s)
        return NULL;
    struct session *session = s->session;
    desk_log(DESK_LOG_INFO, "warm.taken", "call=%s ready=%d age_ms=%lld", call_id,
             session && session->ready, (long long)(desk_mono_ms() - s->since_ms));
    slot_free(s);
    return session;
}

void warm_close(struct warm *w)
{
    if (!w || w->closed)
        return;
    w->closed = true;
    for (size_t i = 0; i < DESK_MAX_WARM; i++) {
        if (!w->slots[i].claim)
            continue;
        session_close(w->slots[i].session);
        slot_free(&w->slots[i]);
    }
    ev_io_stop(w->b->loop, &w->changed);
    ev_timer_stop(w->b->loop, &w->soon);
    close(w->fd);
}

/* ---- noticing calls -------------------------------------------------------------------------- */

static void look(struct warm *w)
{
    w->again = false;
    w->looking = true;
    w->looked_ms = desk_mono_ms();
    scribe_due(w->b->scribe);
}

static void look_soon(struct warm *w)
{
    bool lost = w->looking && desk_mono_ms() - w->looked_ms > LOST_MS; /* the scribe was full */
    if (w->looking && !lost) {
        w->again = true;
    } else if (!ev_is_active(&w->soon)) {
        ev_timer_set(&w->soon, LOOK_EACH, 0.);
        ev_timer_start(w->b->loop, &w->soon);
        look(w);
    } else {
        w->again = true;
    }
}

static void on_soon(struct ev_loop *loop, ev_timer *t, int events)
{
    struct warm *w = t->data;
    (void)loop;
    (void)events;
    if (w->again && !w->looking)
        look_soon(w);
}

void warm_looked(struct warm *w)
{
    if (!w || w->closed)
        return;
    w->looking = false;
    if (w->again)
        look_soon(w);
}

static void on_changed(struct ev_loop *loop, ev_io *io, int events)
{
    struct warm *w = io->data;
    union {
        struct inotify_event one;
        char bytes[4096];
    } in;
    bool mine = false;
    (void)loop;
    (void)events;
    ssize_t n = read(w->fd, &in, sizeof in);
    for (ssize_t at = 0; at + (ssize_t)sizeof in.one <= n;) {
        struct inotify_event e;
        memcpy(&e, in.bytes + at, sizeof e);
        const char *name = in.bytes + at + sizeof e;
        mine = mine || e.mask & IN_Q_OVERFLOW || (e.len && strcmp(name, w->wal) == 0);
        at += (ssize_t)(sizeof e + e.len);
    }
    if (mine)
        look_soon(w);
}

/* Folder of the database; the log's name into w. */
static void places(struct warm *w, char folder[DESK_PATH_LEN])
{
    desk_path_db(folder);
    char *slash = strrchr(folder, '/');
    snprintf(w->wal, sizeof w->wal, "%.480s" WAL_SUFFIX, slash ? slash + 1 : folder);
    if (slash == folder)
        slash++;
    if (slash)
        *slash = '\0';
    else
        snprintf(folder, DESK_PATH_LEN, ".");
}

struct warm *warm_new(struct bridge *b)
{
    char folder[DESK_PATH_LEN];
    /* our own engine is there at once; a process that has no number gets no stream of its own */
    if (!desk_setting_bool(DESK_S_REALTIME_WARM) || b->target.offline || !desk_stream_bridge_here())
        return NULL;
    struct warm *w = calloc(1, sizeof *w);
    if (!w)
        return NULL;
    w->b = b;
    places(w, folder);
    w->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (w->fd < 0 || inotify_add_watch(w->fd, folder, IN_MODIFY | IN_CREATE) < 0) {
        desk_log_errno(DESK_LOG_WARN, "warm.watch", "folder=%s", folder);
        if (w->fd >= 0)
            close(w->fd);
        free(w);
        return NULL;
    }
    ev_io_init(&w->changed, on_changed, w->fd, EV_READ);
    ev_timer_init(&w->soon, on_soon, LOOK_EACH, 0.);
    w->changed.data = w->soon.data = w;
    ev_io_start(b->loop, &w->changed);
    return w;
}

void warm_free(struct warm *w)
{
    warm_close(w);
    free(w);
}
