/* What both legs share of libwebsockets. Only for leg_*.c and main.c. */
#ifndef BRIDGE_LEG_WS_H
#define BRIDGE_LEG_WS_H

#include "ws-bridge/bridge.h"
#include "ws-bridge/leg.h"
#include "wire/ws_frame.h"

#include <ev.h>
#include <libwebsockets.h>

/* What libwebsockets keeps for us beside each socket (leg_read.c). Zeroed at its birth. */
struct leg_reader {
    ev_io io;
    struct ev_loop *loop; /* NULL: libwebsockets still reads it */
    struct lws *wsi;      /* NULL: nor has a message come yet */
    struct ssl_st *ssl;   /* NULL: no TLS */
    struct leg_reader *next_ripe;
    double since; /* the loop's time when libwebsockets handed out the last piece … */
    bool whole;   /* … which ended a message */
    bool pong_due;
    unsigned char n_pong, pong[DESK_WS_CONTROL_MAX];
    struct desk_ws_in in;
};

/* The leg a socket belongs to, or NULL: it was let go, close it. */
struct leg *leg_of(struct lws *wsi);

/* Bytes came. Puts messages together and gives each whole one to the leg's side; more than the
 * side takes in one message is told as giant. */
void leg_receive(struct lws *wsi, const char *p, size_t n);

/* Write a frame: n bytes with DESK_WS_HEAD_MAX free in front of them; masked in place on a socket
 * we are the client of. What the socket does not take is kept. False: it is broken. */
bool leg_frame(struct lws *wsi, unsigned char *payload, size_t n, enum desk_ws_opcode opcode,
               bool client);

/* A piece of a text message; last = it is whole with it. */
void leg_piece(struct leg *leg, const char *p, size_t n, bool last);

/* leg_read.c: libwebsockets handed out a piece; if a message was whole with it, the reading becomes
 * ours when a pause follows (legs_read). Stop, before the socket goes. Pong: answer a ping; false =
 * broken. */
void leg_read_after(struct lws *wsi, bool whole);
void leg_read_stop(struct lws *wsi);
bool leg_read_pong(struct lws *wsi);

/* The peer has ended it; close is the payload of its close frame, NULL if there was none. The leg
 * is told, and lets go of the socket. */
void leg_realtime_over(struct lws *wsi, const char *close, size_t n);
void leg_twilio_over(struct lws *wsi, const char *close, size_t n);

/* Close it without a word, soon. */
void leg_kill(struct lws *wsi);

/* The socket may be written to. Return to lws: -1 = close. */
int leg_writeable(struct lws *wsi);

/* The socket is gone: take it from its leg. Returns the leg, or NULL if it was let go before. */
struct leg *leg_gone(struct lws *wsi);

int leg_twilio_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                        size_t len);
int leg_realtime_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                          size_t len);

/* leg_live.c: browsers that watch. Is that address theirs? May this one come (0), or was it
 * answered (return to lws)? */
bool leg_live_asked(const char *uri);
int leg_live_upgrade(struct lws *wsi);
int leg_live_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                      size_t len);

/* leg_http.c: answer a plain GET (/healthz, /metrics). Return to lws. */
int leg_http(struct lws *wsi, const char *path);

/* Kept with each socket for what libwebsockets reads: of the first messages only. */
#define LEG_TWILIO_RX         512
#define LEG_REALTIME_RX       1024
#define LEG_REALTIME_PROTOCOL "realtime"

#endif
