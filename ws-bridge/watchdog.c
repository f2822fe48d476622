#include "ws-bridge/watchdog.h"
#include "base/log.h"

#include <ev.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define LOOKS 10 /* within the limit */

struct watchdog {
    struct ev_loop *loop;
    ev_timer tick;
    atomic_uint turns;
    int limit_ms;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool over;
};

static void on_tick(struct ev_loop *loop, ev_timer *t, int events)
{
    struct watchdog *w = t->data;
    (void)loop;
    (void)events;
    atomic_fetch_add_explicit(&w->turns, 1, memory_order_relaxed);
}

/* Sleeps one look's time; true when it is over. */
static bool rest(struct watchdog *w)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    int64_t ns = t.tv_nsec + (int64_t)w->limit_ms * 1000000 / LOOKS;
    t.tv_sec += ns / 1000000000;
    t.tv_nsec = ns % 1000000000;
    pthread_mutex_lock(&w->lock);
    while (!w->over && pthread_cond_timedwait(&w->wake, &w->lock, &t) == 0)
        ;
    bool over = w->over;
    pthread_mutex_unlock(&w->lock);
    return over;
}

static void *watch(void *arg)
{
    struct watchdog *w = arg;
    unsigned seen = 0;
    for (int still = 0; still < LOOKS;) {
        if (rest(w))
            return NULL;
        unsigned now = atomic_load_explicit(&w->turns, memory_order_relaxed);
        still = now == seen ? still + 1 : 0;
        seen = now;
    }
    desk_log(DESK_LOG_ERROR, "bridge.hangs", "ms=%d exit=%d", w->limit_ms, WATCHDOG_EXIT);
    _exit(WATCHDOG_EXIT);
}

struct watchdog *watchdog_new(struct ev_loop *loop, int limit_ms)
{
    pthread_condattr_t attr;
    struct watchdog *w = calloc(1, sizeof *w);
    if (!w)
        return NULL;
    double each = limit_ms / 1000.0 / LOOKS / 2;
    w->loop = loop;
    w->limit_ms = limit_ms;
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_mutex_init(&w->lock, NULL);
    pthread_cond_init(&w->wake, &attr);
    pthread_condattr_destroy(&attr);
    ev_timer_init(&w->tick, on_tick, each, each);
    w->tick.data = w;
    if (pthread_create(&w->thread, NULL, watch, w) != 0) {
        pthread_cond_destroy(&w->wake);
        pthread_mutex_destroy(&w->lock);
        free(w);
        return NULL;
    }
    ev_timer_start(loop, &w->tick);
    return w;
}

void watchdog_free(struct watchdog *w)
{
    if (!w)
        return;
    pthread_mutex_lock(&w->lock);
    w->over = true;
    pthread_cond_signal(&w->wake);
    pthread_mutex_unlock(&w->lock);
    pthread_join(w->thread, NULL);
    ev_timer_stop(w->loop, &w->tick);
    pthread_cond_destroy(&w->wake);
    pthread_mutex_destroy(&w->lock);
    free(w);
}
