/* What comes after each call (talk/after.h): a thread of its own, since a model may take its time.
 * Several workers do no harm: the first that writes has done it. */
#ifndef WORKER_AFTER_H
#define WORKER_AFTER_H

struct after_calls;

/* NULL: it cannot be started. */
struct after_calls *after_start(void);
/* Gives up what is asked of a model, and waits for the thread. NULL is fine. */
void after_stop(struct after_calls *w);

#endif
