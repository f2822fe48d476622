#include "ws-bridge/viewer.h"
#include "wire/ws_frame.h"
#include "base/log.h"

#include <stdlib.h>
#include <string.h>

#define SLOT_BITS 8
#define NORMAL    1000
#define POLICY    1008
#define TRY_LATER 1013
#define HEADROOM  64 /* more than any library's frame head */

_Static_assert(DESK_MAX_VIEWERS <= 1 << SLOT_BITS, "a viewer's slot must fit its handle");

static struct viewer *viewer_of(struct bridge *b, uint64_t handle)
{
    size_t slot = handle & ((1u << SLOT_BITS) - 1);
    struct viewer *v = slot < DESK_MAX_VIEWERS ? b->viewers[slot] : NULL;
    return v && v->handle == handle ? v : NULL;
}

static void close_with(struct viewer *v, unsigned code)
{
    if (!v->close)
        v->close = code;
    leg_live_wake(v);
}

static void no_ticket(struct ev_loop *loop, ev_timer *t, int events)
{
    (void)loop;
    (void)events;
    close_with(t->data, POLICY);
}

struct viewer *viewer_new(struct bridge *b, struct lws *wsi, int64_t since)
{
    size_t slot = 0;
    while (slot < DESK_MAX_VIEWERS && b->viewers[slot])
        slot++;
    struct viewer *v = slot < DESK_MAX_VIEWERS ? calloc(1, sizeof *v) : NULL;
    if (!v)
        return NULL;
    v->b = b;
    v->wsi = wsi;
    v->since = since;
    v->handle = ++b->viewers_born << SLOT_BITS | slot;
    queue_init(&v->out, &b->pool, HEADROOM, QUEUE_REFUSE, 0, DESK_MAX_VIEWER_QUEUE);
    ev_timer_init(&v->start, no_ticket, VIEWER_START_S, 0.);
    v->start.data = v;
    ev_now_update(b->loop);
    ev_timer_start(b->loop, &v->start);
    b->viewers[slot] = v;
    b->n_viewers++;
    return v;
}

void viewer_gone(struct viewer *v)
{
    struct bridge *b = v->b;
    ev_timer_stop(b->loop, &v->start);
    if (v->asked)
        lookout_leave(b->lookout, v->handle);
    queue_clear(&v->out);
    b->viewers[v->handle & ((1u << SLOT_BITS) - 1)] = NULL;
    b->n_viewers--;
    free(v);
}

/* The first message is the ticket; nothing else is expected of a browser. */
void viewer_message(struct viewer *v, const char *p, size_t n)
{
    json_t *m = n <= VIEWER_TICKET ? json_loadb(p, n, 0, NULL) : NULL;
    const char *ticket = json_string_value(json_object_get(m, "ticket"));
    if (v->asked || !ticket || strlen(ticket) >= DESK_TOKEN_LEN) {
        desk_log(DESK_LOG_NOTICE, "viewer.bad_message", "bytes=%zu", n);
        close_with(v, POLICY);
    } else {
        v->asked = true;
        ev_timer_stop(v->b->loop, &v->start);
        lookout_watch(v->b->lookout, v->handle, ticket, v->since);
    }
    json_decref(m);
}

void viewer_note(struct bridge *b, struct note *n)
{
    struct viewer *v = viewer_of(b, n->call);
    if (!v || v->close)
        return;
    if (n->rc) {
        close_with(v, n->rc == DESK_EAUTH ? VIEWER_CODE : TRY_LATER);
        return;
    }
    size_t len = n->text ? strlen(n->text) : 0;
    struct queue_msg *m = len ? queue_new(&v->out, len) : NULL;
    if (m)
        desk_buf_add(&m->buf, n->text, len);
    if (!m || queue_push(&v->out, m, QUEUE_TEXT, 0) == QUEUE_FULL) {
        desk_log(DESK_LOG_NOTICE, "viewer.slow", "bytes=%zu", v->out.text_bytes);
        close_with(v, TRY_LATER);
        return;
    }
    leg_live_wake(v);
}
