/* Ends the process when its loop hangs: a bridge that carries nothing any more is better dead, as
 * its callers then fall to the ladder and the supervisor starts another. A thread of its own looks;
 * the loop only counts. A process that was stopped and goes on is not taken for one that hung: what
 * counts is how often the thread itself looked and saw no turn. */
#ifndef BRIDGE_WATCHDOG_H
#define BRIDGE_WATCHDOG_H

#define WATCHDOG_MS   5000
#define WATCHDOG_EXIT 75 /* exit code of a process it has ended */

struct ev_loop;
struct watchdog;

/* Watches that loop from now on; its turns count, and a timer of ours makes some when nothing
 * else does. NULL: no memory, or no thread. */
struct watchdog *watchdog_new(struct ev_loop *loop, int limit_ms);
/* No longer. Before what is slow at the end, on the loop's thread. */
void watchdog_free(struct watchdog *w);

#endif
