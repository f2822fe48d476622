/* Sessions made ahead: when a call's webhook has been answered with a stream, the model is dialled
 * before that stream comes, with the call's own prompt, so that nobody waits for it then.
 *
 * The hook leaves a row; the bridge notices the commit by the write-ahead log's change (inotify, so
 * nothing is polled) and has the scribe look for calls whose stream is due. A session belongs to
 * one call and is given to no other; one that is not taken within WARM_S is closed. An idle session
 * costs nothing at OpenAI: only responses and audio are billed. Works without it, too: a call that
 * finds none dials for itself.
 *
 * Of several bridge processes each makes sessions for its own calls only, and the stream's address
 * leads there (wire/stream_path.h). When another gets it all the same, as that one dies or drains,
 * the session made ahead is closed with those nobody takes. */
#ifndef BRIDGE_WARM_H
#define BRIDGE_WARM_H

#include "ws-bridge/bridge.h"

struct warm;
struct session;

/* NULL: it is switched off, or there is nothing to gain (why is logged). */
struct warm *warm_new(struct bridge *b);
void warm_free(struct warm *w); /* NULL is fine */

/* A call's stream is due. Takes the claim. */
void warm_offer(struct warm *w, struct claim *claim);
/* The scribe has looked. */
void warm_looked(struct warm *w);

/* The session made for that call, ready or on its way, or NULL. It is the caller's now: set owner,
 * ctx and claim at once. w may be NULL. */
struct session *warm_take(struct warm *w, const char *call_id);

void warm_close(struct warm *w); /* no new ones, and those there are go */

#endif
