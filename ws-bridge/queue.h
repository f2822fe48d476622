/* Messages waiting to be written to one socket: whole ones, each with room in front for the frame
 * header, so a message is built in place and never copied again. One thread.
 *
 * What happens when a queue is full is its policy, written down here. There are three queues in a
 * call; their sizes are in base/limits.h:
 *
 *   caller → model, before the model listens (call.held)      10 s  DESK_MAX_AUDIO_IN_MS
 *   caller → model (model.out)                                10 s  the same
 *       QUEUE_DROP_OLDEST: old audio is worth less than new. The oldest audio goes, until the new
 *       fits; it is counted (dropped, dropped_ms; in the log line call.closed), and noted once, at
 *       the first drop (call.audio_dropped). Text is never dropped.
 *   model → caller (twilio.out)                              300 s  DESK_MAX_AUDIO_OUT_MS
 *       QUEUE_REFUSE: a hole in a sentence is worse than an end. The new message is refused and the
 *       call leaves the stream (call.overflow). A model sends faster than real time, so what Twilio
 *       has not played yet counts, too (call_play.c).
 *
 * And one for each browser that watches (viewer.h), 256 KiB (DESK_MAX_VIEWER_QUEUE):
 *
 *   board → browser
 *       QUEUE_REFUSE: who does not read is closed, and comes again with what it has seen.
 *
 * Text (anything not audio) is bounded in bytes, 1 MiB (DESK_MAX_TEXT_QUEUE), and refused beyond.
 * Audio is bounded in ms, and a message of it counts at least QUEUE_LEAST_MS, so that many tiny
 * ones are bounded, too. A message longer than a dropping queue holds is kept alone. */
#ifndef BRIDGE_QUEUE_H
#define BRIDGE_QUEUE_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QUEUE_LEAST_MS 5

enum queue_kind { QUEUE_TEXT, QUEUE_AUDIO, QUEUE_MARK };
enum queue_policy { QUEUE_DROP_OLDEST, QUEUE_REFUSE };

struct queue_msg {
    struct queue_msg *next;
    struct desk_buf buf; /* headroom, then the message */
    enum queue_kind kind;
    int64_t audio_ms;
};

/* Spare messages with their memory, shared by all queues of the process. */
struct queue_pool {
    struct queue_msg *free;
    size_t n;
};
void queue_pool_clear(struct queue_pool *pool);

struct queue {
    struct queue_msg *head, *tail;
    struct queue_pool *pool;
    size_t headroom;
    enum queue_policy policy;
    int64_t max_ms;
    size_t max_bytes;
    int64_t ms;        /* audio waiting */
    size_t text_bytes; /* not audio, waiting */
    uint64_t dropped;  /* audio messages, ever */
    int64_t dropped_ms;
};

void queue_init(struct queue *q, struct queue_pool *pool, size_t headroom, enum queue_policy policy,
                int64_t max_ms, size_t max_bytes);
void queue_clear(struct queue *q);

/* A message to build into: its buffer holds the headroom and takes max bytes more. NULL = no
 * memory. It is the caller's until queue_push() or queue_give_back(). */
struct queue_msg *queue_new(struct queue *q, size_t max);
void queue_give_back(struct queue *q, struct queue_msg *m);

enum queue_rc { QUEUE_OK, QUEUE_DROPPED_FIRST /* the first drop ever: note it */, QUEUE_FULL };
/* Takes m in any case. A message whose buffer failed is QUEUE_FULL. */
enum queue_rc queue_push(struct queue *q, struct queue_msg *m, enum queue_kind kind,
                         int64_t audio_ms);
struct queue_msg *queue_pop(struct queue *q); /* NULL = empty; give it back after writing */

/* Forget audio and marks that are waiting (barge-in). Returns the audio's ms. */
int64_t queue_drop_audio(struct queue *q);

/* Append all of from to q, by q's policy. */
enum queue_rc queue_move(struct queue *q, struct queue *from);

#endif
