#include "base/thread.h"

#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#define LESS 5 /* nice; a third of the loop's share where both want the same core */

void desk_thread_behind(void)
{
    const struct sched_param none = {.sched_priority = 0};
    (void)sched_setscheduler(0, SCHED_OTHER, &none); /* of this thread: Linux counts by thread */
    const id_t self = (id_t)gettid();
    (void)setpriority(PRIO_PROCESS, self, getpriority(PRIO_PROCESS, self) + LESS);
}
