/* The outbox's delivery: threads of their own beside the worker's clock, because they wait for the
 * outside. One that leads (claims what is due, within a quarter of a second of its being written)
 * and some that send, started as they are needed. What goes to one destination does not hold up
 * another (lanes.h), and alerts overtake everything: senders are kept for them.
 *
 * A row is claimed before anything leaves the house. Whoever is killed after that leaves it
 * claimed, and it is not known whether it was sent: the other side is asked, and where it cannot be
 * the row becomes "unknown", not sent again. Only one process at a time delivers (a lock on
 * run/outbox.lock); another one waits. */
#ifndef WORKER_OUTBOX_H
#define WORKER_OUTBOX_H

#include "base/err.h"
#include "worker/kinds.h"

#define OUTBOX_SENDERS 12

struct outbox;

/* services: those to use; must outlive it. NULL: out of memory, or no thread or database. */
struct outbox *outbox_start(const struct outbox_services *services);

/* Claims nothing more, waits for what is being sent (15 s at most), frees. NULL is fine. */
void outbox_stop(struct outbox *o);

#endif
