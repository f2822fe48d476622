#include "ws-bridge/queue.h"

#include <stdlib.h>
#include <string.h>

#define POOL_MESSAGES 512
#define POOL_BYTES    8192 /* a larger buffer is not kept */

void queue_pool_clear(struct queue_pool *pool)
{
    for (struct queue_msg *m = pool->free, *next; m; m = next) {
        next = m->next;
        desk_buf_clear(&m->buf);
        free(m);
    }
    memset(pool, 0, sizeof *pool);
}

void queue_init(struct queue *q, struct queue_pool *pool, size_t headroom, enum queue_policy policy,
                int64_t max_ms, size_t max_bytes)
{
    *q = (struct queue){.pool = pool,
                        .headroom = headroom,
                        .policy = policy,
                        .max_ms = max_ms,
                        .max_bytes = max_bytes};
}

void queue_clear(struct queue *q)
{
    for (struct queue_msg *m; (m = queue_pop(q));)
        queue_give_back(q, m);
}

struct queue_msg *queue_new(struct queue *q, size_t max)
{
    struct queue_msg *m = q->pool->free;
    if (m) {
        q->pool->free = m->next;
        q->pool->n--;
    } else {
        m = calloc(1, sizeof *m);
        if (!m)
            return NULL;
    }
    m->next = NULL;
    m->buf.max = q->headroom + max;
    if (!desk_buf_room(&m->buf, q->headroom + (max < 512 ? max : 512))) {
        queue_give_back(q, m);
        return NULL;
    }
    memset(m->buf.p, 0, q->headroom);
    desk_buf_grew(&m->buf, q->headroom);
    return m;
}

void queue_give_back(struct queue *q, struct queue_msg *m)
{
    if (q->pool->n >= POOL_MESSAGES || m->buf.cap > POOL_BYTES || m->buf.failed) {
        desk_buf_clear(&m->buf);
        free(m);
        return;
    }
    desk_buf_reset(&m->buf);
    m->next = q->pool->free;
    q->pool->free = m;
    q->pool->n++;
}

static void count(struct queue *q, const struct queue_msg *m, int sign)
{
    q->ms += sign * m->audio_ms;
    if (m->kind == QUEUE_AUDIO)
        return;
    if (sign > 0)
        q->text_bytes += m->buf.len;
    else
        q->text_bytes -= m->buf.len;
}

struct queue_msg *queue_pop(struct queue *q)
{
    struct queue_msg *m = q->head;
    if (!m)
        return NULL;
    q->head = m->next;
    if (!q->head)
        q->tail = NULL;
    count(q, m, -1);
    m->next = NULL;
    return m;
}

/* Take out the messages that fit; returns the audio's ms. one: only the first. */
static int64_t take_out(struct queue *q, bool marks_too, bool one)
{
    int64_t ms = 0;
    struct queue_msg *last = NULL;
    for (struct queue_msg **at = &q->head, *m; (m = *at);) {
        if (m->kind != QUEUE_AUDIO && !(marks_too && m->kind == QUEUE_MARK)) {
            last = m;
            at = &m->next;
            continue;
        }
        *at = m->next;
        if (q->tail == m)
            q->tail = last;
        count(q, m, -1);
        ms += m->audio_ms;
        queue_give_back(q, m);
        if (one)
            break;
    }
    return ms;
}

int64_t queue_drop_audio(struct queue *q)
{
    return take_out(q, true, false);
}

/* Room for that much more audio? Makes it, where the policy is to drop. */
static enum queue_rc room_for(struct queue *q, int64_t ms)
{
    enum queue_rc rc = QUEUE_OK;
    while (q->ms + ms > q->max_ms) {
        if (q->policy == QUEUE_REFUSE || q->ms == 0)
            return q->policy == QUEUE_REFUSE ? QUEUE_FULL : rc;
        q->dropped_ms += take_out(q, false, true);
        if (q->dropped++ == 0)
            rc = QUEUE_DROPPED_FIRST;
    }
    return rc;
}

enum queue_rc queue_push(struct queue *q, struct queue_msg *m, enum queue_kind kind,
                         int64_t audio_ms)
{
    enum queue_rc rc = QUEUE_OK;
    if (kind == QUEUE_AUDIO && audio_ms < QUEUE_LEAST_MS)
        audio_ms = QUEUE_LEAST_MS;
    m->kind = kind;
    m->audio_ms = audio_ms;
    if (!desk_buf_ok(&m->buf))
        rc = QUEUE_FULL;
    else if (kind == QUEUE_AUDIO)
        rc = room_for(q, audio_ms);
    else if (q->text_bytes + m->buf.len > q->max_bytes)
        rc = QUEUE_FULL;
    if (rc == QUEUE_FULL) {
        queue_give_back(q, m);
        return rc;
    }
    if (q->tail)
        q->tail->next = m;
    else
        q->head = m;
    q->tail = m;
    count(q, m, 1);
    return rc;
}

enum queue_rc queue_move(struct queue *q, struct queue *from)
{
    enum queue_rc rc = QUEUE_OK;
    for (struct queue_msg *m; rc != QUEUE_FULL && (m = queue_pop(from));) {
        enum queue_rc one = queue_push(q, m, m->kind, m->audio_ms);
        rc = one != QUEUE_OK ? one : rc;
    }
    return rc;
}
