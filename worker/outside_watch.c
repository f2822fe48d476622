#include "worker/outside_watch.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/log.h"
#include "store/open.h"
#include "store/pulse.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define FIRST_MS   (15 * 1000)
#define MINUTE_MS  (60 * 1000)
#define LOOKS      60 /* the certificate each 60 looks at the clock */
#define TIMEOUT_MS 10000
#define SOON_MS    (7LL * 24 * 3600 * 1000)
#define CLOCK_MS   (30 * 1000) /* so far off it is told; Twilio's and our own times still fit */

struct outside_watch {
    outside_send *send;
    struct desk_db *db;
    pthread_t thread;
    bool started;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool stop; /* under lock */
};

static enum desk_rc keep(struct desk_db *db, const struct desk_pulse *p)
{
    enum desk_rc rc = DESK_TX_BEGIN(db);
    return rc ? rc : desk_tx_end(db, desk_pulse_set(db, p));
}

static enum desk_rc forget(struct desk_db *db, const char *id)
{
    enum desk_rc rc = DESK_TX_BEGIN(db);
    return rc ? rc : desk_tx_end(db, desk_pulse_drop(db, id));
}

/* ---- the certificate ------------------------------------------------------------------------- */

static void host_of(const char *url, char *out, size_t n)
{
    const char *p = strstr(url, "://");
    p = p ? p + 3 : url;
    snprintf(out, n, "%.*s", (int)strcspn(p, ":/?#"), p);
}

static bool stopping(void *ctx)
{
    struct outside_watch *w = ctx;
    pthread_mutex_lock(&w->lock);
    bool stop = w->stop;
    pthread_mutex_unlock(&w->lock);
    return stop;
}

static enum desk_rc look_certificate(struct outside_watch *w)
{
    char url[1024], host[256];
    const char *base = desk_setting(DESK_S_PUBLIC_BASE_URL);
    struct desk_http_reply reply;
    if (strncasecmp(base, "https://", 8) != 0)
        return forget(w->db, DESK_PULSE_CERTIFICATE);
    size_t len = strlen(base);
    while (len && base[len - 1] == '/')
        len--;
    snprintf(url, sizeof url, "%.*s/healthz", (int)len, base);
    host_of(url, host, sizeof host);
    const struct desk_http_request req = {.url = url,
                                          .timeout_ms = TIMEOUT_MS,
                                          .once = true,
                                          .certificate = true,
                                          .stop = stopping,
                                          .stop_ctx = w};
    enum desk_rc rc = w->send(&req, &reply);
    int64_t left = reply.cert_expires * 1000 - desk_now_ms();
    struct desk_pulse p = {.id = DESK_PULSE_CERTIFICATE, .what = host};
    bool bad = rc && reply.fail == DESK_HTTP_TLS;
    p.ok = !bad && left > SOON_MS;
    p.took_ms = !bad && left > 0 ? left : 0;
    p.why = bad ? reply.why : NULL;
    /* not reached is no news of a certificate: it may be that this machine cannot see itself from
     * outside. What was found before stands */
    rc = bad || (!rc && reply.cert_expires) ? keep(w->db, &p) : DESK_OK;
    desk_http_reply_clear(&reply);
    return rc;
}

/* ---- the clock ------------------------------------------------------------------------------- */

static enum desk_rc look_clock(struct outside_watch *w)
{
    char host[128];
    int64_t ahead = 0;
    if (!desk_http_clock(&ahead, host, sizeof host))
        return DESK_OK;
    return keep(w->db, &(struct desk_pulse){.id = DESK_PULSE_CLOCK,
                                            .ok = ahead < CLOCK_MS && ahead > -CLOCK_MS,
                                            .took_ms = ahead,
                                            .what = host});
}

/* ---- the thread ------------------------------------------------------------------------------ */

/* False when it is time to go. */
static bool wait_ms(struct outside_watch *w, int64_t ms)
{
    int64_t until = desk_mono_ms() + ms;
    const struct timespec ts = {.tv_sec = until / 1000, .tv_nsec = until % 1000 * 1000000L};
    pthread_mutex_lock(&w->lock);
    while (!w->stop && desk_mono_ms() < until)
        pthread_cond_timedwait(&w->changed, &w->lock, &ts);
    bool go = !w->stop;
    pthread_mutex_unlock(&w->lock);
    return go;
}

static void *watch(void *arg)
{
    struct outside_watch *w = arg;
    int64_t next = FIRST_MS;
    for (unsigned n = 0; wait_ms(w, next); n++) {
        enum desk_rc rc = n % LOOKS == 0 ? look_certificate(w) : DESK_OK;
        if (!rc)
            rc = look_clock(w);
        if (rc)
            desk_log(DESK_LOG_WARN, "worker.outside", "rc=%s", desk_rc_name(rc));
        next = MINUTE_MS;
    }
    return NULL;
}

struct outside_watch *outside_watch_start(outside_send *send)
{
    pthread_condattr_t attr;
    struct outside_watch *w = calloc(1, sizeof *w);
    if (!w)
        return NULL;
    w->send = send;
    pthread_mutex_init(&w->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&w->changed, &attr);
    pthread_condattr_destroy(&attr);
    w->started = desk_store_open(&w->db, DESK_ZONE_WORKER, 0) == DESK_OK &&
                 pthread_create(&w->thread, NULL, watch, w) == 0;
    if (w->started)
        return w;
    outside_watch_stop(w);
    return NULL;
}

void outside_watch_stop(struct outside_watch *w)
{
    if (!w)
        return;
    pthread_mutex_lock(&w->lock);
    w->stop = true;
    pthread_cond_broadcast(&w->changed);
    pthread_mutex_unlock(&w->lock);
    if (w->started)
        pthread_join(w->thread, NULL);
    desk_db_close(w->db);
    pthread_cond_destroy(&w->changed);
    pthread_mutex_destroy(&w->lock);
    free(w);
}
