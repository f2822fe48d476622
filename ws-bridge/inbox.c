#include "ws-bridge/inbox.h"
#include "ws-bridge/brainpool.h"
#include "base/log.h"

#include <ev.h>
#include <stdlib.h>

struct inbox {
    struct ev_loop *loop;
    ev_async wake;
    struct fifo notes;
    void (*deliver)(void *ctx, struct note *n);
    void *ctx;
};

void claim_free(struct claim *c)
{
    if (!c)
        return;
    desk_arena_free(c->arena);
    json_decref(c->own_tools);
    desk_buf_clear(&c->greeting_sound);
    free(c);
}

static void note_free(struct note *n)
{
    claim_free(n->claim);
    free(n->recorded);
    free(n->ordered);
    brain_result_free(n->brain);
    free(n->text);
    free(n->instructions);
    free(n);
}

void inbox_deliver(struct inbox *in)
{
    for (struct fifo_node *n = fifo_take_all(&in->notes), *next; n; n = next) {
        next = n->next;
        in->deliver(in->ctx, (struct note *)n);
        note_free((struct note *)n);
    }
}

static void on_wake(struct ev_loop *loop, ev_async *w, int events)
{
    (void)loop;
    (void)events;
    inbox_deliver(w->data);
}

struct inbox *inbox_new(struct ev_loop *loop, void (*deliver)(void *ctx, struct note *n), void *ctx)
{
    struct inbox *in = calloc(1, sizeof *in);
    if (!in)
        return NULL;
    in->loop = loop;
    in->deliver = deliver;
    in->ctx = ctx;
    fifo_init(&in->notes, 0); /* as many as there were jobs, and those are bounded */
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
    for (struct fifo_node *n = fifo_take_all(&in->notes), *next; n; n = next) {
        next = n->next;
        note_free((struct note *)n);
    }
    fifo_destroy(&in->notes);
    free(in);
}

void inbox_post(struct inbox *in, struct note n)
{
    struct note *copy = malloc(sizeof *copy);
    if (!copy) {
        desk_log(DESK_LOG_ERROR, "inbox.memory", "kind=%d", (int)n.kind);
        claim_free(n.claim);
        free(n.recorded);
        free(n.ordered);
        brain_result_free(n.brain);
        free(n.text);
        free(n.instructions);
        return;
    }
    *copy = n;
    fifo_push(&in->notes, &copy->node);
    ev_async_send(in->loop, &in->wake);
}
