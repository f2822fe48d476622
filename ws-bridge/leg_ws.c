/* Both legs: queues to socket, bytes to messages, letting go. */
#include "ws-bridge/leg_ws.h"
#include "ws-bridge/call.h"
#include "ws-bridge/relay.h"
#include "ws-bridge/session.h"

#include <string.h>

#define CLOSE_S 2 /* for the close frame and its answer */

static const struct {
    size_t max_in;
    enum queue_policy policy;
    int64_t max_ms;
    void (*message)(struct call *c, const char *p, size_t n);
    void (*giant)(struct call *c);
} sides[] = {
    [LEG_TWILIO] = {DESK_MAX_MEDIA_MSG, QUEUE_REFUSE, DESK_MAX_AUDIO_OUT_MS, call_twilio_message,
                    call_twilio_giant},
    [LEG_MODEL] = {DESK_MAX_REALTIME_MSG, QUEUE_DROP_OLDEST, DESK_MAX_AUDIO_IN_MS,
                   call_model_message, call_model_giant},
    [LEG_RELAY] = {DESK_MAX_MEDIA_MSG, QUEUE_REFUSE, 0, relay_message, relay_giant},
};

void leg_init(struct leg *leg, enum leg_side side, struct call *call, struct queue_pool *pool)
{
    *leg = (struct leg){.side = side, .call = call};
    queue_init(&leg->out, pool, DESK_WS_HEAD_MAX, sides[side].policy, sides[side].max_ms,
               DESK_MAX_TEXT_QUEUE);
    desk_buf_init(&leg->in, sides[side].max_in);
}

void leg_clear(struct leg *leg)
{
    queue_clear(&leg->out);
    desk_buf_clear(&leg->in);
}

struct leg *leg_of(struct lws *wsi)
{
    return lws_get_opaque_user_data(wsi);
}

void leg_kill(struct lws *wsi)
{
    lws_set_timeout(wsi, PENDING_TIMEOUT_CLOSE_SEND, LWS_TO_KILL_ASYNC);
    /* lws looks at its timers when something happens on a socket: make it look */
    lws_cancel_service(lws_get_context(wsi));
}

void leg_close(struct leg *leg)
{
    struct lws *wsi = leg->wsi;
    if (!wsi)
        return;
    lws_set_opaque_user_data(wsi, NULL);
    leg->wsi = NULL;
    if (leg->up) {
        lws_set_timeout(wsi, PENDING_TIMEOUT_CLOSE_SEND, CLOSE_S);
        lws_callback_on_writable(wsi);            /* there it gets its close frame */
        lws_cancel_service(lws_get_context(wsi)); /* as in leg_kill */
    } else {
        leg_kill(wsi);
    }
    leg->up = leg->warm = leg->broken = false;
}

void leg_move(struct leg *to, struct leg *from)
{
    to->wsi = from->wsi;
    to->up = from->up;
    to->warm = from->warm;
    to->broken = from->broken;
    if (to->wsi)
        lws_set_opaque_user_data(to->wsi, to);
    from->wsi = NULL;
    from->up = from->warm = from->broken = false;
    if (queue_move(&to->out, &from->out) == QUEUE_FULL)
        queue_clear(&from->out); /* cannot be: to's queue was empty */
    leg_wake(to);
}

/* Written at the round's end and not from a WRITEABLE callback: that would cost two epoll_ctl and a
 * turn of epoll for every message. libwebsockets takes a write at any time from its own thread once
 * the socket has been writeable; what the kernel does not take it keeps and asks for POLLOUT
 * itself, and until then we write no more (lws_partial_buffered). */
void leg_wake(struct leg *leg)
{
    struct bridge *b = leg->session ? leg->session->b : leg->call->b;
    if (!leg->wsi || !leg->up || leg->due)
        return;
    if (!leg->warm) {
        lws_callback_on_writable(leg->wsi);
        return;
    }
    leg->due = true;
    leg->next_due = b->due;
    b->due = leg;
}

struct leg *leg_gone(struct lws *wsi)
{
    struct leg *leg = leg_of(wsi);
    if (!leg)
        return NULL;
    lws_set_opaque_user_data(wsi, NULL);
    leg->wsi = NULL;
    leg->up = leg->warm = leg->broken = false;
    return leg;
}

/* Say goodbye to a socket nobody wants any more. */
static int let_go(struct lws *wsi)
{
    lws_close_reason(wsi, LWS_CLOSE_STATUS_NORMAL, NULL, 0);
    return -1;
}

static void give(struct leg *leg, const char *p, size_t n)
{
    leg->received++;
    if (leg->session) {
        session_message(leg->session, p, n);
        return;
    }
    call_log(leg->call);
    sides[leg->side].message(leg->call, p, n);
    call_log(NULL);
}

static void giant(struct leg *leg)
{
    if (leg->session) {
        session_giant(leg->session);
        return;
    }
    call_log(leg->call);
    sides[leg->side].giant(leg->call);
    call_log(NULL);
}

/* A whole message is in leg->in: give it on, and make room for the next. */
static void hand_on(struct leg *leg)
{
    if (desk_buf_ok(&leg->in))
        give(leg, desk_buf_cstr(&leg->in), leg->in.len);
    if (leg->in.cap > 64 * 1024)
        desk_buf_clear(&leg->in); /* a large one is rare: give its memory back */
    else
        desk_buf_reset(&leg->in);
}

/* Never says "close" from here: libwebsockets 4.1.6 then leaves its receive buffer full, goes on
 * reading the rest of the frame while it waits for the peer's close, and writes past the buffer's
 * end (seen with valgrind; a message larger than we take was enough). leg_close() has asked for a
 * turn to write, and there the socket is closed. */
void leg_receive(struct lws *wsi, const char *p, size_t n)
{
    struct leg *leg = leg_of(wsi);
    bool whole = lws_is_final_fragment(wsi) && !lws_remaining_packet_payload(wsi);
    if (leg && !lws_frame_is_binary(wsi)) /* neither side has binary messages */
        leg_piece(leg, p, n, whole);
    leg_read_after(wsi, whole);
}

void leg_piece(struct leg *leg, const char *p, size_t n, bool whole)
{
    bool failed = leg->in.failed;
    if (whole && leg->in.len == 0 && !failed && n <= leg->in.max) { /* mostly: one piece, no copy */
        give(leg, p, n);
        return;
    }
    desk_buf_add(&leg->in, p, n);
    if (leg->in.failed && !failed)
        giant(leg);
    if (whole)
        hand_on(leg);
}

/* A piece of what the caller waits for: sound, or words that Twilio speaks. */
static bool answers(const struct leg *leg, const struct queue_msg *m)
{
    return (leg->side == LEG_TWILIO && m->kind == QUEUE_AUDIO) ||
           (leg->side == LEG_RELAY && m->kind == QUEUE_TEXT);
}

bool leg_frame(struct lws *wsi, unsigned char *payload, size_t n, enum desk_ws_opcode opcode,
               bool client)
{
    uint8_t mask[4];
    if (client && lws_get_random(lws_get_context(wsi), mask, sizeof mask) != sizeof mask)
        return false;
    size_t head = desk_ws_frame(payload, n, opcode, client ? mask : NULL);
    int sent = lws_write(wsi, payload - head, head + n, LWS_WRITE_RAW);
    return sent >= 0 && (size_t)sent >= head + n;
}

/* False: the socket is broken. */
static bool write_queued(struct leg *leg)
{
    while (leg->out.head && !lws_partial_buffered(leg->wsi)) {
        struct queue_msg *m = queue_pop(&leg->out);
        size_t n = m->buf.len - leg->out.headroom;
        bool sent = leg_frame(leg->wsi, (unsigned char *)m->buf.p + leg->out.headroom, n,
                              DESK_WS_OP_TEXT, leg->side == LEG_MODEL);
        if (answers(leg, m))
            call_measure_sent(leg->call);
        queue_give_back(&leg->out, m);
        leg->sent++;
        if (!sent)
            return false;
    }
    return true;
}

int leg_writeable(struct lws *wsi)
{
    struct leg *leg = leg_of(wsi);
    if (!leg)
        return let_go(wsi);
    leg->warm = true;
    if (leg->broken || !leg_read_pong(wsi) || !write_queued(leg))
        return -1;
    if (leg->out.head)
        lws_callback_on_writable(wsi);
    return 0;
}

void legs_flush(struct bridge *b)
{
    for (struct leg *leg; (leg = b->due);) {
        b->due = leg->next_due;
        leg->due = false;
        if (!leg->wsi || !leg->up)
            continue;
        leg->broken = !write_queued(leg);
        if (leg->broken || leg->out.head)
            lws_callback_on_writable(leg->wsi);
    }
}
