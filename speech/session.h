/* One Realtime session: the protocol's state, without sockets. Messages in, events out; what takes
 * long is handed out as jobs and comes back by desk_speech_job(). Owned by the loop's thread;
 * nothing here blocks. */
#ifndef SPEECH_SESSION_H
#define SPEECH_SESSION_H

#include "speech/brain.h"
#include "speech/pool.h"

#include <stddef.h>
#include <stdint.h>

#define DESK_SESSION_TICK_MS 20  /* call desk_speech_tick() so often */
#define DESK_SESSION_LEAD_MS 400 /* audio is sent this far ahead of its playing, no more */

/* What a session needs of the world. ctx is handed back. */
struct desk_speech_host {
    void *ctx;
    void (*send)(void *ctx, const char *json, size_t n); /* one event; copied before it returns */
    void (*submit)(void *ctx, struct desk_job *job);     /* takes the job */
    int64_t (*now_ms)(void *ctx);                        /* monotonic */
};

struct desk_speech;

/* number: unique in the process, for jobs. model: from the URL, shown only. Sends session.created.
 * NULL: out of memory. */
struct desk_speech *desk_speech_new(const struct desk_speech_host *host, uint64_t number,
                                    const char *model, const struct desk_brain_backend *brain);
void desk_speech_free(
    struct desk_speech *s); /* NULL is fine; its jobs may still come back: drop them */

/* One whole text message of the client. Anything wrong is answered by an error event. */
void desk_speech_message(struct desk_speech *s, const char *p, size_t n);

/* A message that was too long to be read. */
void desk_speech_too_long(struct desk_speech *s, size_t max);

/* A finished job of this session; stays the caller's to free. */
void desk_speech_job(struct desk_speech *s, struct desk_job *job);

/* Time passes: paces audio, watches for silence. */
void desk_speech_tick(struct desk_speech *s);

#endif
