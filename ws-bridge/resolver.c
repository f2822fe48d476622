#include "ws-bridge/resolver.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/thread.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define ADDRESSES 8
#define WAITING   64

struct resolver {
    struct inbox *inbox;
    char host[256];
    bool literal, has_thread;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool stop, wanted, busy;
    char address[ADDRESSES][RESOLVER_ADDRESS];
    size_t n, at;
    int64_t found_ms;
    uint64_t waiting[WAITING];
    size_t n_waiting;
};

/* Into out; returns how many. Blocks in the system's resolver. */
static size_t look_up(const char *host, char out[][RESOLVER_ADDRESS])
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG}, *list = NULL;
    size_t n = 0;
    int rc = getaddrinfo(host, NULL, &hints, &list);
    if (rc)
        desk_log(DESK_LOG_WARN, "resolver.failed", "host=%s why=\"%s\"", host, gai_strerror(rc));
    for (struct addrinfo *a = list; !rc && a && n < ADDRESSES; a = a->ai_next)
        if (getnameinfo(a->ai_addr, a->ai_addrlen, out[n], RESOLVER_ADDRESS, NULL, 0,
                        NI_NUMERICHOST) == 0)
            n++;
    if (!rc)
        freeaddrinfo(list);
    return n;
}

/* Locked. Tell everyone who waits. */
static void answer_all(struct resolver *r, enum desk_rc rc)
{
    for (size_t i = 0; i < r->n_waiting; i++)
        inbox_post(r->inbox, (struct note){.kind = NOTE_ADDRESS, .call = r->waiting[i], .rc = rc});
    r->n_waiting = 0;
}

static void *thread_main(void *ctx)
{
    struct resolver *r = ctx;
    char found[ADDRESSES][RESOLVER_ADDRESS];
    desk_thread_behind();
    pthread_mutex_lock(&r->lock);
    while (!r->stop) {
        if (!r->wanted) {
            pthread_cond_wait(&r->wake, &r->lock);
            continue;
        }
        r->wanted = false;
        r->busy = true;
        pthread_mutex_unlock(&r->lock);
        size_t n = look_up(r->host, found);
        pthread_mutex_lock(&r->lock);
        r->busy = false;
        if (n) {
            memcpy(r->address, found, sizeof found);
            r->n = n;
            r->at = 0;
            r->found_ms = desk_mono_ms();
        }
        answer_all(r, r->n ? DESK_OK : DESK_EUPSTREAM);
    }
    pthread_mutex_unlock(&r->lock);
    return NULL;
}

static bool is_literal(const char *host)
{
    unsigned char bytes[16];
    return inet_pton(AF_INET, host, bytes) == 1 || inet_pton(AF_INET6, host, bytes) == 1;
}

struct resolver *resolver_new(struct inbox *inbox, const char *host)
{
    struct resolver *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->inbox = inbox;
    r->literal = is_literal(host);
    r->wanted = true;
    snprintf(r->host, sizeof r->host, "%s", host);
    pthread_mutex_init(&r->lock, NULL);
    pthread_cond_init(&r->wake, NULL);
    r->has_thread = !r->literal && pthread_create(&r->thread, NULL, thread_main, r) == 0;
    return r;
}

bool resolver_free(struct resolver *r)
{
    if (!r)
        return true;
    pthread_mutex_lock(&r->lock);
    r->stop = true;
    bool busy = r->busy;
    pthread_cond_signal(&r->wake);
    pthread_mutex_unlock(&r->lock);
    if (r->has_thread && busy)
        return false;
    if (r->has_thread)
        pthread_join(r->thread, NULL);
    pthread_cond_destroy(&r->wake);
    pthread_mutex_destroy(&r->lock);
    free(r);
    return true;
}

bool resolver_get(struct resolver *r, uint64_t handle, char out[RESOLVER_ADDRESS])
{
    if (r->literal) {
        snprintf(out, RESOLVER_ADDRESS, "%.*s", RESOLVER_ADDRESS - 1, r->host);
        return true;
    }
    pthread_mutex_lock(&r->lock);
    bool have = r->n > 0, stale = desk_mono_ms() - r->found_ms > RESOLVER_FRESH_S * 1000;
    if (have)
        snprintf(out, RESOLVER_ADDRESS, "%s", r->address[r->at % r->n]);
    if (!have && r->n_waiting < WAITING)
        r->waiting[r->n_waiting++] = handle; /* beyond that its own deadline ends the wait */
    if ((!have || stale) && !r->busy) {
        r->wanted = true;
        pthread_cond_signal(&r->wake);
    }
    pthread_mutex_unlock(&r->lock);
    return have;
}

void resolver_failed(struct resolver *r)
{
    pthread_mutex_lock(&r->lock);
    r->at++;
    pthread_mutex_unlock(&r->lock);
}
