/* Reading a leg's socket past libwebsockets. 4.1.6 reads a server's frames byte by byte, some 69
 * instructions each, which was half of all the bridge did for a call outside the kernel; and every
 * socket it reads costs another turn of the loop for its idle watcher. So it dials, speaks TLS,
 * checks certificates, upgrades, pings, and writes what a socket does not take at once; but after
 * the first whole messages its reading is held up (lws_rx_flow_control) and the frames that follow
 * are read here.
 *
 * The change must be between two frames. It is done when the last thing libwebsockets handed out
 * ended a message, nothing has come since for QUIET_S, and nothing lies in the socket or in TLS.
 * What cannot be asked is whether it read the first bytes of another frame's head along with that
 * message; the pause is for that: the rest of a head that a packet's end has cut comes at once, and
 * then something lies there. Whoever cuts a head and waits sends a malformed frame, which ends that
 * one connection. A socket that never pauses stays libwebsockets', which only costs more. */
#include "ws-bridge/leg_ws.h"
#include "base/log.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#define READ_BYTES 16384 /* a TLS record; what one socket may read in one turn */
#define QUIET_S    0.005

static struct leg_reader *reader_of(struct lws *wsi)
{
    return lws_wsi_user(wsi);
}

/* ---- taking over ----------------------------------------------------------------------------- */

void leg_read_after(struct lws *wsi, bool whole)
{
    struct bridge *b = lws_context_user(lws_get_context(wsi));
    struct leg_reader *r = reader_of(wsi);
    if (!r || r->loop)
        return;
    r->whole = whole;
    r->since = ev_now(b->loop);
    if (r->wsi)
        return;
    r->wsi = wsi;
    r->next_ripe = b->ripe;
    b->ripe = r;
}

static bool nothing_lies(const struct leg_reader *r)
{
    int n = 0;
    return ioctl(lws_get_socket_fd(r->wsi), FIONREAD, &n) == 0 && n == 0 &&
           (!r->ssl || !SSL_has_pending(r->ssl)) && lws_remaining_packet_payload(r->wsi) == 0;
}

static void on_readable(struct ev_loop *loop, ev_io *w, int events);

/* False: not yet. */
static bool take_over(struct bridge *b, struct leg_reader *r)
{
    const struct leg *leg = leg_of(r->wsi);
    r->ssl = lws_get_ssl(r->wsi);
    if (!leg || !leg->up || !nothing_lies(r) || lws_rx_flow_control(r->wsi, 0))
        return false;
    r->in = (struct desk_ws_in){.masked = leg->side != LEG_MODEL};
    ev_io_init(&r->io, on_readable, lws_get_socket_fd(r->wsi), EV_READ);
    r->io.data = r;
    r->loop = b->loop;
    b->reading++;
    ev_io_start(r->loop, &r->io);
    return true;
}

void legs_read(struct bridge *b)
{
    for (struct leg_reader **at = &b->ripe, *r; (r = *at);) {
        bool quiet = r->whole && ev_now(b->loop) - r->since >= QUIET_S;
        if (quiet && take_over(b, r)) {
            *at = r->next_ripe;
            continue;
        }
        if (quiet)
            r->since = ev_now(b->loop);
        at = &r->next_ripe;
    }
}

void leg_read_stop(struct lws *wsi)
{
    struct bridge *b = lws_context_user(lws_get_context(wsi));
    struct leg_reader *r = reader_of(wsi);
    if (!r || !r->wsi)
        return;
    if (r->loop) {
        ev_io_stop(r->loop, &r->io);
        b->reading--;
    }
    for (struct leg_reader **at = &b->ripe; *at; at = &(*at)->next_ripe)
        if (*at == r) {
            *at = r->next_ripe;
            break;
        }
    r->wsi = NULL;
    r->loop = NULL;
}

/* ---- the end --------------------------------------------------------------------------------- */

/* Nothing more comes of it: whose leg it still was hears so, and the socket is closed. */
static void over(struct leg_reader *r, const char *close, size_t n)
{
    struct lws *wsi = r->wsi;
    struct leg *leg = leg_of(wsi);
    ev_io_stop(r->loop, &r->io);
    if (leg)
        (leg->side == LEG_MODEL ? leg_realtime_over : leg_twilio_over)(wsi, close, n);
    leg_kill(wsi);
}

/* A close frame: an answer to theirs, with its code if it is one; or what we have to say. */
static void say_close(const struct leg_reader *r, unsigned code)
{
    unsigned char room[DESK_WS_HEAD_MAX + 2], *p = room + DESK_WS_HEAD_MAX;
    if (code && !desk_ws_close_may(code))
        code = DESK_WS_PROTOCOL;
    p[0] = (unsigned char)(code >> 8);
    p[1] = (unsigned char)code;
    if (!lws_partial_buffered(r->wsi)) /* else it would come in the middle of something */
        (void)leg_frame(r->wsi, p, code ? 2 : 0, DESK_WS_OP_CLOSE, !r->in.masked);
}

/* ---- frames ---------------------------------------------------------------------------------- */

/* The latest ping is answered, when the socket takes something. */
static void pinged(struct leg_reader *r, const char *p, size_t n)
{
    memcpy(r->pong, p, n);
    r->n_pong = (unsigned char)n;
    r->pong_due = true;
    lws_callback_on_writable(r->wsi);
}

bool leg_read_pong(struct lws *wsi)
{
    unsigned char room[DESK_WS_HEAD_MAX + DESK_WS_CONTROL_MAX];
    struct leg_reader *r = reader_of(wsi);
    if (!r || !r->pong_due)
        return true;
    r->pong_due = false;
    memcpy(room + DESK_WS_HEAD_MAX, r->pong, r->n_pong);
    return leg_frame(wsi, room + DESK_WS_HEAD_MAX, r->n_pong, DESK_WS_OP_PONG, !r->in.masked);
}

/* False: it is over. */
static bool frame(struct leg_reader *r, enum desk_ws_kind kind, const struct desk_ws_event *ev)
{
    bool ours = leg_of(r->wsi);
    switch (kind) {
    case DESK_WS_PIECE:
        if (ours && !ev->binary) /* neither side has binary messages */
            leg_piece(leg_of(r->wsi), ev->p, ev->n, ev->last);
        return true;
    case DESK_WS_PING:
        if (ours)
            pinged(r, ev->p, ev->n);
        return true;
    case DESK_WS_PONG:
        lws_validity_confirmed(r->wsi);
        return true;
    case DESK_WS_CLOSE:
        if (ours) /* else it is the answer to our own */
            say_close(r, desk_ws_close_code(ev->p, ev->n));
        over(r, ev->p, ev->n);
        return false;
    default:
        desk_log(DESK_LOG_NOTICE, "leg.bad_frame", "ours=%d", ours);
        if (ours)
            say_close(r, DESK_WS_PROTOCOL);
        over(r, NULL, 0);
        return false;
    }
}

/* ---- bytes ----------------------------------------------------------------------------------- */

/* 0: none there; -1: none will come any more. */
static ssize_t take(const struct leg_reader *r, unsigned char *p, int n)
{
    if (!r->ssl) {
        ssize_t got = recv(r->io.fd, p, (size_t)n, 0);
        if (got > 0)
            return got;
        return got < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
    }
    ERR_clear_error();
    int got = SSL_read(r->ssl, p, n);
    if (got > 0)
        return got;
    int e = SSL_get_error(r->ssl, got);
    return e == SSL_ERROR_WANT_READ || e == SSL_ERROR_WANT_WRITE ? 0 : -1;
}

static void on_readable(struct ev_loop *loop, ev_io *w, int events)
{
    static unsigned char room[READ_BYTES];
    struct leg_reader *r = w->data;
    (void)loop;
    (void)events;
    do {
        struct desk_ws_event ev;
        enum desk_ws_kind kind;
        ssize_t n = take(r, room, sizeof room);
        if (n < 0)
            over(r, NULL, 0);
        if (n <= 0)
            return;
        for (uint8_t *at = room; (kind = desk_ws_next(&r->in, &at, room + n, &ev));)
            if (!frame(r, kind, &ev))
                return;
    } while (r->ssl && SSL_has_pending(r->ssl));
}
