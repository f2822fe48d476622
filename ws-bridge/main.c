/* ws-bridge: carries the audio of calls between Twilio Media Streams and a Realtime server.
 *
 * One thread, one loop (libev, on which libwebsockets runs as a guest); it never waits for the
 * database, files, names or tools: those have threads of their own (scribe, lookout, toolpool,
 * resolver).
 * A loop that hangs all the same ends the process (watchdog). SIGTERM or SIGINT: no new streams,
 * running calls may finish for BRIDGE_DRAIN_S; a second one ends it now.
 */
#include "ws-bridge/leg_ws.h"
#include "ws-bridge/call.h"
#include "ws-bridge/viewer.h"
#include "ws-bridge/warm.h"
#include "ws-bridge/watchdog.h"
#include "base/config.h"
#include "base/log.h"
#include "core/mask.h"
#include "store/open.h"
#include "store/pulse.h"
#include "talk/prompt.h"
#include "talk/tools.h"

#include <ev.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define COLLECT_S 0.0004 /* so long a round gathers what comes: many frames for one wake-up */
#define LAST_S    1.5    /* for the ends of calls to be written and told */
#define FLUSH_S   0.1    /* for close frames to get out */
#define AFTER_S   2.0    /* after the last call: Twilio asks what follows it */
#define LEFT_S    5.0    /* how often open streams of calls that are over are looked for */
#define LOOK_S    0.25   /* how often lws is made to look at its timers */
#define SCRIBE_MS 12000  /* a lock of the database is waited out */
#define TOOLS_MS  2000
#define RECORD_MS 2000

struct program {
    struct bridge b;
    ev_signal term, intr;
    ev_timer drain, last, left, look, pulse;
    ev_prepare round;
    struct watchdog *watchdog;
    unsigned signals;
};

static struct program prog;

/* ---- the end --------------------------------------------------------------------------------- */

static void stop_soon(double seconds)
{
    if (ev_is_active(&prog.last) && ev_timer_remaining(prog.b.loop, &prog.last) <= seconds)
        return;
    ev_timer_stop(prog.b.loop, &prog.last);
    ev_timer_set(&prog.last, seconds, 0.);
    ev_timer_start(prog.b.loop, &prog.last);
}

static void on_last(struct ev_loop *loop, ev_timer *w, int events)
{
    (void)w;
    (void)events;
    ev_break(loop, EVBREAK_ALL);
}

static void all_idle(struct bridge *b)
{
    if (b->draining)
        stop_soon(AFTER_S);
}

static void end_now(const char *why)
{
    desk_log(DESK_LOG_NOTICE, "bridge.end_now", "why=%s calls=%zu", why, prog.b.n_calls);
    stop_soon(LAST_S);
    calls_end_all(&prog.b, "drain", DESK_NEXT_GATHER);
}

static void on_drain_over(struct ev_loop *loop, ev_timer *w, int events)
{
    (void)loop;
    (void)w;
    (void)events;
    end_now("drained long enough");
}

static void on_signal(struct ev_loop *loop, ev_signal *w, int events)
{
    (void)events;
    if (prog.signals++) {
        end_now("second signal");
        return;
    }
    desk_log(DESK_LOG_NOTICE, "bridge.drain", "signal=%d calls=%zu", w->signum, prog.b.n_calls);
    prog.b.draining = true;
    warm_close(prog.b.warm);
    if (prog.b.n_calls == 0) {
        stop_soon(FLUSH_S);
        return;
    }
    ev_timer_set(&prog.drain, (double)desk_setting_int(DESK_S_BRIDGE_DRAIN_S), 0.);
    ev_timer_start(loop, &prog.drain);
}

/* ---- the beginning --------------------------------------------------------------------------- */

static const struct lws_protocols inside_protocols[] = {
    {.name = "media",
     .callback = leg_twilio_callback,
     .per_session_data_size = sizeof(struct leg_reader),
     .rx_buffer_size = LEG_TWILIO_RX},
    {.name = VIEWER_PROTOCOL, .callback = leg_live_callback, .rx_buffer_size = LEG_TWILIO_RX},
    {.name = NULL},
};
static const struct lws_protocols outside_protocols[] = {
    {.name = LEG_REALTIME_PROTOCOL,
     .callback = leg_realtime_callback,
     .per_session_data_size = sizeof(struct leg_reader),
     .rx_buffer_size = LEG_REALTIME_RX},
    {.name = NULL},
};

/* lws's own words, for those who look for them. */
static void lws_says(int level, const char *line)
{
    char text[400], masked[400];
    snprintf(text, sizeof text, "%.*s", (int)strcspn(line, "\r\n"), line);
    desk_log(level & LLL_ERR ? DESK_LOG_NOTICE : DESK_LOG_DEBUG, "lws", "msg=\"%s\"",
             desk_mask_line(masked, sizeof masked, text)); /* it quotes what peers sent */
}

/* Two descriptors a call, and what the rest needs. lws makes a table of the limit's size. */
static void descriptors(void)
{
    struct rlimit r;
    const rlim_t want = 2 * DESK_MAX_CALLS + 256;
    if (getrlimit(RLIMIT_NOFILE, &r) != 0)
        return;
    r.rlim_cur = r.rlim_max == RLIM_INFINITY || r.rlim_max > want ? want : r.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &r) != 0)
        desk_log_errno(DESK_LOG_WARN, "bridge.descriptors", "want=%lu", (unsigned long)want);
}

static bool open_sockets(struct bridge *b)
{
    void *loops[] = {b->loop};
    struct lws_context_creation_info info = {
        .options = LWS_SERVER_OPTION_LIBEV | LWS_SERVER_OPTION_EXPLICIT_VHOSTS |
                   (b->target.tls ? LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT : 0) |
                   LWS_SERVER_OPTION_SKIP_SERVER_CANONICAL_NAME,
        .foreign_loops = loops,
        .user = b,
        .gid = -1,
        .uid = -1,
        .timeout_secs = 10,
        .max_http_header_pool = 256,
    };
    lws_set_log_level(LLL_ERR | LLL_WARN, lws_says);
    b->lws = lws_create_context(&info);
    if (!b->lws)
        return false;
    /* with IPv6, libwebsockets would take the interface for a name and listen on every address */
    const uint64_t shared = info.options;
    info.options = shared | LWS_SERVER_OPTION_DISABLE_IPV6;
    info.vhost_name = "inside";
    info.iface = "127.0.0.1";
    info.port = (int)desk_setting_int(DESK_S_BRIDGE_PORT);
    info.protocols = inside_protocols;
    struct lws_vhost *inside = lws_create_vhost(b->lws, &info);
    info.options = shared;
    info.vhost_name = "outside";
    info.iface = NULL;
    info.port = CONTEXT_PORT_NO_LISTEN;
    info.protocols = outside_protocols;
    info.connect_timeout_secs = 5;
    if (*desk_setting(DESK_S_REALTIME_CA_FILE))
        info.client_ssl_ca_filepath = desk_setting(DESK_S_REALTIME_CA_FILE);
    b->outside = lws_create_vhost(b->lws, &info);
    if (!inside || !b->outside)
        return false;
    printf("listening 127.0.0.1:%d\n", lws_get_vhost_listen_port(inside));
    fflush(stdout);
    return true;
}

static void deliver(void *ctx, struct note *n)
{
    calls_note(ctx, n);
}

static void on_round(struct ev_loop *loop, ev_prepare *w, int events)
{
    (void)loop;
    (void)w;
    (void)events;
    legs_read(&prog.b);
    legs_flush(&prog.b); /* before the buried ones are freed */
    calls_bury(&prog.b);
}

static void on_left(struct ev_loop *loop, ev_timer *w, int events)
{
    (void)loop;
    (void)w;
    (void)events;
    if (prog.b.n_calls > 0 && prog.b.scribe)
        scribe_left(prog.b.scribe);
}

static void on_pulse(struct ev_loop *loop, ev_timer *w, int events)
{
    (void)loop;
    (void)w;
    (void)events;
    if (prog.b.scribe)
        scribe_pulse(prog.b.scribe);
}

/* lws's timers (pings, dead peers, closing) are looked at after what its own watchers tell; of the
 * sockets we read ourselves they tell nothing (leg_read.c). */
static void on_look(struct ev_loop *loop, ev_timer *w, int events)
{
    (void)loop;
    (void)w;
    (void)events;
    if (prog.b.reading > 0)
        lws_cancel_service(prog.b.lws);
}

static void watch(struct ev_loop *loop)
{
    ev_signal_init(&prog.term, on_signal, SIGTERM);
    ev_signal_init(&prog.intr, on_signal, SIGINT);
    ev_timer_init(&prog.drain, on_drain_over, 0., 0.);
    ev_timer_init(&prog.last, on_last, 0., 0.);
    ev_timer_init(&prog.left, on_left, LEFT_S, LEFT_S);
    ev_timer_start(loop, &prog.left);
    ev_timer_init(&prog.pulse, on_pulse, 1, (double)DESK_PULSE_EVERY_MS / 1000);
    ev_timer_start(loop, &prog.pulse);
    ev_timer_init(&prog.look, on_look, LOOK_S, LOOK_S);
    ev_timer_start(loop, &prog.look);
    ev_prepare_init(&prog.round, on_round);
    ev_signal_start(loop, &prog.term);
    ev_signal_start(loop, &prog.intr);
    ev_prepare_start(loop, &prog.round);
}

/* Everything calls need, in the order of dependence. */
static bool begin(struct bridge *b)
{
    char why[300];
    if (desk_rt_target_settings(&b->target, why, sizeof why) ||
        desk_store_key(false, why, sizeof why)) {
        fprintf(stderr, "ws-bridge: %s\n", why);
        return false;
    }
    desk_prompt_warm();
    leg_realtime_patience((int)desk_setting_int(DESK_S_MODEL_SILENT_S));
    b->idle = all_idle;
    b->loop = ev_loop_new(EVFLAG_AUTO);
    b->inbox = b->loop ? inbox_new(b->loop, deliver, b) : NULL;
    if (!b->inbox)
        return false;
    watch(b->loop);
    ev_set_io_collect_interval(b->loop, COLLECT_S);
    b->scribe = scribe_new(b->inbox, b->target.engine);
    b->tools = b->scribe ? toolpool_new(b->inbox) : NULL;
    b->brains = brainpool_new(b->inbox);
    b->resolver = resolver_new(b->inbox, b->target.host);
    b->recorder = recorder_new(b->inbox, desk_store_the_key());
    b->lookout = lookout_new(b->inbox);
    if (!b->lookout || !b->scribe || !b->tools || !b->brains || !b->resolver || !b->recorder ||
        !open_sockets(b))
        return false;
    b->warm = warm_new(b);
    return true;
}

/* Nothing of ours is called any more, neither when the loop turns for the last time nor by a signal
 * that comes after it is gone. */
static void unwatch(struct ev_loop *loop)
{
    ev_timer *timers[] = {&prog.drain, &prog.last, &prog.left, &prog.look, &prog.pulse};
    sigset_t ends;
    if (!loop)
        return;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ends, NULL);
    for (size_t i = 0; i < sizeof timers / sizeof *timers; i++)
        ev_timer_stop(loop, timers[i]);
    ev_prepare_stop(loop, &prog.round);
}

static void finish(struct bridge *b)
{
    unwatch(b->loop);
    bool free_now = toolpool_free(b->tools, TOOLS_MS);
    free_now = brainpool_free(b->brains, TOOLS_MS) && free_now;
    for (size_t i = 0; i < DESK_MAX_CALLS; i++)
        if (b->calls[i])
            call_record_end(b->calls[i]);
    free_now = recorder_free(b->recorder, RECORD_MS) && free_now;
    if (b->scribe)
        inbox_deliver(b->inbox); /* recordings that have just ended */
    lookout_free(b->lookout);
    b->lookout = NULL;
    scribe_free(b->scribe, SCRIBE_MS); /* the ends of calls are in there */
    b->scribe = NULL;
    free_now = resolver_free(b->resolver) && free_now;
    if (!free_now) { /* a stuck thread may still use all of this */
        desk_log(DESK_LOG_WARN, "bridge.stuck", "calls=%zu", b->n_calls);
        _exit(0);
    }
    for (size_t i = 0; i < DESK_MAX_CALLS; i++)
        if (b->calls[i])
            call_close(b->calls[i]);
    warm_free(b->warm);
    if (b->lws)
        lws_context_destroy(b->lws);
    legs_flush(b);
    calls_bury(b);
    queue_pool_clear(&b->pool);
    inbox_free(b->inbox);
    if (b->loop) {
        ev_run(b->loop, EVRUN_NOWAIT); /* lws's watchers let go of the loop */
        ev_loop_destroy(b->loop);
    }
}

int main(void)
{
    char why[300];
    if (desk_settings_load(NULL, why, sizeof why)) {
        fprintf(stderr, "ws-bridge: %s\n", why);
        return 1;
    }
    desk_log_init("bridge", desk_log_level_parse(desk_setting(DESK_S_LOG_LEVEL)));
    desk_log_format(desk_setting(DESK_S_LOG_FORMAT));
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a limit of the disk is an error, not the end of all calls */
    descriptors();
    bool ok = begin(&prog.b);
    if (ok) {
        desk_log(DESK_LOG_NOTICE, "bridge.up", "engine=\"%s\" tls=%d dialect=%s",
                 prog.b.target.engine, prog.b.target.tls,
                 prog.b.target.dialect == DESK_RT_BETA ? "beta" : "ga");
        prog.watchdog = watchdog_new(prog.b.loop, WATCHDOG_MS);
        ev_run(prog.b.loop, 0);
        watchdog_free(prog.watchdog);
        desk_log(DESK_LOG_NOTICE, "bridge.down", "calls=%llu left=%zu",
                 (unsigned long long)prog.b.counts.calls, prog.b.n_calls);
    }
    finish(&prog.b);
    return ok ? 0 : 1;
}
