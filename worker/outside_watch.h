/* Looks by the clock at what is ours and seen from outside only: when the certificate of
 * PUBLIC_BASE_URL ends, and how this machine's clock goes (out/http.h). For the health page
 * (store/pulse.h), in a thread of its own because it waits for others. */
#ifndef WORKER_OUTSIDE_WATCH_H
#define WORKER_OUTSIDE_WATCH_H

#include "out/http.h"

struct outside_watch;

typedef enum desk_rc outside_send(const struct desk_http_request *, struct desk_http_reply *);

/* send: desk_http_send, or a test's. NULL: out of memory, or no thread or database. */
struct outside_watch *outside_watch_start(outside_send *send);
/* Gives up a look that is under way, frees. NULL is fine. */
void outside_watch_stop(struct outside_watch *w);

#endif
