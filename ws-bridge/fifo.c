#include "ws-bridge/fifo.h"
#include "base/clock.h"

#include <string.h>

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

struct fifo_node *fifo_pop(struct fifo *f)
{
    pthread_mutex_lock(&f->lock);
    while (!f->head && !f->stop)
        pthread_cond_wait(&f->more, &f->lock);
    struct fifo_node *n = late(f) ? NULL : f->head;
    if (n) {
        f->head = n->next;
        if (!f->head)
            f->tail = NULL;
        f->n--;
    }
    pthread_mutex_unlock(&f->lock);
    return n;
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
