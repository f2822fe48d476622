/* What both legs share of libwebsockets. Only for leg_*.c and main.c. */
#ifndef BRIDGE_LEG_WS_H
#define BRIDGE_LEG_WS_H

#include "ws-bridge/leg.h"

#include <libwebsockets.h>

/* The leg a socket belongs to, or NULL: it was let go, close it. */
struct leg *leg_of(struct lws *wsi);

/* Bytes came. Puts messages together and gives each whole one to the leg's side; more than the
 * side takes in one message is told as giant. */
void leg_receive(struct lws *wsi, const char *p, size_t n);

/* The socket may be written to. Return to lws: -1 = close. */
int leg_writeable(struct lws *wsi);

/* The socket is gone: take it from its leg. Returns the leg, or NULL if it was let go before. */
struct leg *leg_gone(struct lws *wsi);

int leg_twilio_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                        size_t len);
int leg_realtime_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                          size_t len);

/* leg_http.c: answer a plain GET (/healthz, /metrics). Return to lws. */
int leg_http(struct lws *wsi, const char *path);

#define LEG_TWILIO_RX         2048 /* a 20 ms frame is about 330 bytes */
#define LEG_REALTIME_RX       4096
#define LEG_REALTIME_PROTOCOL "realtime"

#endif
