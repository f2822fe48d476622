#include "ws-bridge/fifo.h"
#include "base/clock.h"

#include <string.h>
#include <time.h>

void fifo_init(struct fifo *f, size_t max)
{
    memset(f, 0, sizeof *f);
    f->max = max;
    pthread_mutex_init(&f->lock, NULL);
    pthread_cond_init(&f->more, NULL);
}

void fifo_destroy(struct fifo *f)
{
    pthread_cond_destroy(&f->more);
    pthread_mutex_destroy(&f->lock);
}

bool fifo_push(struct fifo *f, struct fifo_node *n)
{
    n->next = NULL;
    pthread_mutex_lock(&f->lock);
    bool full = f->max && f->n >= f->max;
    if (!full) {
        if (f->tail)
            f->tail->next = n;
        else
            f->head = n;
        f->tail = n;
        f->n++;
        pthread_cond_signal(&f->more);
    }
    pthread_mutex_unlock(&f->lock);
    return !full;
}

static bool late(const struct fifo *f)
{
    return f->stop && desk_mono_ms() >= f->stop_at;
}

/* With the lock. */
static struct fifo_node *pop(struct fifo *f)
{
    struct fifo_node *n = late(f) ? NULL : f->head;
    if (n) {
        f->head = n->next;
        if (!f->head)
            f->tail = NULL;
        f->n--;
    }
    return n;
}

struct fifo_node *fifo_pop(struct fifo *f)
{
    pthread_mutex_lock(&f->lock);
    while (!f->head && !f->stop)
        pthread_cond_wait(&f->more, &f->lock);
    struct fifo_node *n = pop(f);
    pthread_mutex_unlock(&f->lock);
    return n;
}

struct fifo_node *fifo_pop_within(struct fifo *f, int ms)
{
    struct timespec until;
    int rc = 0;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += ms / 1000;
    until.tv_nsec += (long)(ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&f->lock);
    while (!f->head && !f->stop && rc == 0)
        rc = pthread_cond_timedwait(&f->more, &f->lock, &until);
    struct fifo_node *n = pop(f);
    pthread_mutex_unlock(&f->lock);
    return n;
}

bool fifo_stopped(struct fifo *f)
{
    pthread_mutex_lock(&f->lock);
    bool is = f->stop;
    pthread_mutex_unlock(&f->lock);
    return is;
}

struct fifo_node *fifo_take_all(struct fifo *f)
{
    pthread_mutex_lock(&f->lock);
    struct fifo_node *n = f->head;
    f->head = f->tail = NULL;
    f->n = 0;
    pthread_mutex_unlock(&f->lock);
    return n;
}

void fifo_stop(struct fifo *f, int drain_ms)
{
    pthread_mutex_lock(&f->lock);
    f->stop = true;
    f->stop_at = desk_mono_ms() + drain_ms;
    pthread_cond_broadcast(&f->more);
    pthread_mutex_unlock(&f->lock);
}

bool fifo_late(struct fifo *f)
{
    pthread_mutex_lock(&f->lock);
    bool is = late(f);
    pthread_mutex_unlock(&f->lock);
    return is;
}

size_t fifo_waiting(struct fifo *f)
{
    pthread_mutex_lock(&f->lock);
    size_t n = f->n;
    pthread_mutex_unlock(&f->lock);
    return n;
}
