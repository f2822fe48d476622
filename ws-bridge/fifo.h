/* A queue between threads: whole jobs or notes in order, with a maximum and an end. The members are
 * the users'; struct fifo_node must be their first. */
#ifndef BRIDGE_FIFO_H
#define BRIDGE_FIFO_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fifo_node {
    struct fifo_node *next;
};

struct fifo {
    pthread_mutex_t lock;
    pthread_cond_t more;
    struct fifo_node *head, *tail;
    size_t n, max;
    bool stop;
    int64_t stop_at; /* monotonic ms: what is left then stays */
};

void fifo_init(struct fifo *f, size_t max); /* max 0 = no maximum */
void fifo_destroy(struct fifo *f);          /* after the threads have ended */

bool fifo_push(struct fifo *f, struct fifo_node *n); /* false: full, n is still the caller's */

/* Waits for one. NULL: stopped, and nothing (that there is time for) is left. */
struct fifo_node *fifo_pop(struct fifo *f);
/* Waits for ms at most. NULL: none came, or stopped (fifo_stopped). */
struct fifo_node *fifo_pop_within(struct fifo *f, int ms);
bool fifo_stopped(struct fifo *f);
struct fifo_node *fifo_take_all(struct fifo *f); /* does not wait; a list, maybe NULL */

/* Let fifo_pop() go on for drain_ms at most, then end. */
void fifo_stop(struct fifo *f, int drain_ms);
bool fifo_late(struct fifo *f);      /* stopped, and the time is over */
size_t fifo_waiting(struct fifo *f); /* how many, at this moment */

#endif
