/* Threads that work behind a program's loop: what they do may wait, the next frame of a call may
 * not. */
#ifndef DESK_THREAD_H
#define DESK_THREAD_H

/* The calling thread gives way to the others of its process from now on: an ordinary policy even
 * where the process was started with a real-time one, and a lower weight. Never fails: what the
 * system refuses stays as it was. Does not block. Linux keeps both by thread (sched(7)). */
void desk_thread_behind(void);

#endif
