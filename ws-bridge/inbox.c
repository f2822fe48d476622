#include "ws-bridge/inbox.h"
#include "base/log.h"

#include <ev.h>
#include <pthread.h>
#include <stdlib.h>

struct inbox {
    struct ev_loop *loop;
    ev_async wake;
    pthread_mutex_t lock;
    struct note *head, *tail;
    void (*deliver)(void *ctx, struct note *n);
    void *ctx;
};

void claim_free(struct claim *c)
{
    if (!c)
        return;
    desk_arena_free(c->arena);
    free(c);
}

void note_free(struct note *n)
{
    claim_free(n->claim);
    free(n->text);
    free(n);
}

static void on_wake(struct ev_loop *loop, ev_async *w, int events)
{
    struct inbox *in = w->data;
    (void)loop;
    (void)events;
    pthread_mutex_lock(&in->lock);
    struct note *n = in->head;
    in->head = in->tail = NULL;
    pthread_mutex_unlock(&in->lock);
    for (struct note *next; n; n = next) {
        next = n->next_note;
        in->deliver(in->ctx, n);
        note_free(n);
    }
}

struct inbox *inbox_new(struct ev_loop *loop, void (*deliver)(void *ctx, struct note *n), void *ctx)
{
    struct inbox *in = calloc(1, sizeof *in);
    if (!in)
        return NULL;
    in->loop = loop;
    in->deliver = deliver;
    in->ctx = ctx;
    pthread_mutex_init(&in->lock, NULL);
    ev_async_init(&in->wake, on_wake);
    in->wake.data = in;
    ev_async_start(loop, &in->wake);
    return in;
}

void inbox_free(struct inbox *in)
{
    if (!in)
        return;
    ev_async_stop(in->loop, &in->wake);
    for (struct note *n = in->head, *next; n; n = next) {
        next = n->next_note;
        note_free(n);
    }
    pthread_mutex_destroy(&in->lock);
    free(in);
}

void inbox_post(struct inbox *in, struct note n)
{
    struct note *copy = malloc(sizeof *copy);
    if (!copy) {
        desk_log(DESK_LOG_ERROR, "inbox.memory", "kind=%d", (int)n.kind);
        claim_free(n.claim);
        free(n.text);
        return;
    }
    *copy = n;
    copy->next_note = NULL;
    pthread_mutex_lock(&in->lock);
    if (in->tail)
        in->tail->next_note = copy;
    else
        in->head = copy;
    in->tail = copy;
    pthread_mutex_unlock(&in->lock);
    ev_async_send(in->loop, &in->wake);
}
