/* The thread that looks at the database for what others wrote: words and calls for who watches
 * (viewer.h), and what the owner asks of calls that this process leads. Bridges share nothing else,
 * so whichever of them a browser came to, it sees the calls of all.
 *
 * While anybody watches or any call is led here it looks every LOOKOUT_MS whether another
 * connection has written (PRAGMA data_version, a few µs); else it sleeps. Nothing here blocks the
 * caller.
 *
 * Messages to a browser are JSON texts, one object each, "t" says what it is:
 *   hello  seq            from here on; a browser that has seen less than `gap` tells comes after
 * it line   seq prev call id who how at text unheard    words; prev: seq of the message before it
 *   board  calls          what runs now: id, urgent, orders [{id, words}]; whole, when it changed
 *   gap    seq            too much was missed: fetch the page's fragment, go on from seq
 *   beat                  nothing new, for LOOKOUT_BEAT_MS
 */
#ifndef BRIDGE_LOOKOUT_H
#define BRIDGE_LOOKOUT_H

#include "ws-bridge/inbox.h"

#include <stdbool.h>
#include <stdint.h>

#define LOOKOUT_MS       100
#define LOOKOUT_BEAT_MS  2000
#define LOOKOUT_CHECK_MS 5000 /* how often it is asked whether who watches still may */
#define LOOKOUT_LINES    200  /* at a time; more are a gap */

struct lookout;

/* Opens the database (blocks; before the loop runs). NULL: it cannot be opened, and why was logged.
 */
struct lookout *lookout_new(struct inbox *inbox);
/* Ends the thread; what it was told and has not done is dropped. */
void lookout_free(struct lookout *l);

/* A call is led here from now on, or no more. Orders for it come as NOTE_ORDER, each once. */
void lookout_call(struct lookout *l, const char *call_id, bool on);

/* Somebody wants to watch: ticket is used up. → NOTE_LIVE. since: what they have seen already. */
void lookout_watch(struct lookout *l, uint64_t viewer, const char *ticket, int64_t since);
void lookout_leave(struct lookout *l, uint64_t viewer);

#endif
