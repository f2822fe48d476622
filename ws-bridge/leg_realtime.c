/* The model's side: dialling the target, its headers, and how a socket's end is read. */
#include "ws-bridge/leg_ws.h"
#include "ws-bridge/call.h"
#include "ws-bridge/session.h"
#include "base/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A dead peer is noticed by its missing pong, not by TCP minutes later. */
static lws_retry_bo_t keep_alive = {.secs_since_valid_ping = 4, .secs_since_valid_hangup = 8};

void leg_realtime_patience(int silent_s)
{
    keep_alive.secs_since_valid_ping = (uint16_t)silent_s;
    keep_alive.secs_since_valid_hangup = (uint16_t)(2 * silent_s);
}

/* The socket of a leg is lost: whose was it? */
static void gone(struct leg *leg, enum desk_rt_severity severity, const char *why)
{
    if (leg->session) {
        session_gone(leg->session, severity, why);
        return;
    }
    call_log(leg->call);
    call_model_gone(leg->call, severity, why);
    call_log(NULL);
}

void leg_realtime_dial(struct bridge *b, struct leg *leg, const char *address)
{
    struct lws_client_connect_info i = {
        .context = b->lws,
        .vhost = b->outside,
        .address = address,
        .port = b->target.port,
        .path = b->target.path,
        .host = b->target.host, /* what is verified, and what the server is asked for */
        .ssl_connection = (b->target.tls ? LCCSCF_USE_SSL : 0) | LCCSCF_HTTP_NO_FOLLOW_REDIRECT,
        .local_protocol_name = LEG_REALTIME_PROTOCOL,
        .alpn = "http/1.1",
        .opaque_user_data = leg,
        .pwsi = &leg->wsi,
        .retry_and_idle_policy = &keep_alive,
    };
    struct session *s = leg->session;
    unsigned tries = s->tries;
    leg->up = false;
    leg->wsi = NULL;
    if (!lws_client_connect_via_info(&i) && !s->closed && s->tries == tries) {
        leg->wsi = NULL;
        session_gone(s, DESK_RT_RECONNECT, "the connection was refused");
    }
}

static int add_headers(struct lws *wsi, void *in, size_t len)
{
    const struct bridge *b = lws_context_user(lws_get_context(wsi));
    unsigned char **p = in, *end = *p + len;
    const struct desk_rt_target *t = &b->target;
    if (*t->header_name && lws_add_http_header_by_name(wsi, (const unsigned char *)t->header_name,
                                                       (const unsigned char *)t->header_value,
                                                       (int)strlen(t->header_value), p, end))
        return -1;
    if (t->dialect == DESK_RT_BETA &&
        lws_add_http_header_by_name(wsi, (const unsigned char *)"openai-beta:",
                                    (const unsigned char *)"realtime=v1", 11, p, end))
        return -1;
    return 0;
}

/* The upgrade did not come about: HTTP status if there was one, else lws's own words. */
static void on_refused(struct lws *wsi, const char *words)
{
    char status[16] = "", why[160];
    enum desk_rt_severity severity = DESK_RT_RECONNECT;
    int n = lws_hdr_copy(wsi, status, sizeof status, WSI_TOKEN_HTTP);
    int code = n > 0 ? (int)strtol(status, NULL, 10) : 0;
    if (code == 0)
        code = (int)lws_http_client_http_response(wsi);
    struct leg *leg = leg_gone(wsi);
    if (!leg)
        return;
    if (code >= 300) {
        severity = desk_rt_http_class(code);
        snprintf(why, sizeof why, "it refused the call with HTTP %d", code);
    } else {
        snprintf(why, sizeof why, "%.120s", words ? words : "no connection");
    }
    gone(leg, severity, why);
}

static void on_closed(struct lws *wsi)
{
    char why[64];
    struct leg *leg = leg_gone(wsi);
    if (!leg)
        return;
    snprintf(why, sizeof why, "it closed the connection");
    gone(leg, DESK_RT_RECONNECT, why);
}

/* The peer's close frame: its code says what it means. Told here, as CLOSED no longer knows it. */
static void on_close_frame(struct lws *wsi, const unsigned char *p, size_t n)
{
    char why[64];
    int code = n >= 2 ? p[0] << 8 | p[1] : 0;
    struct leg *leg = leg_gone(wsi);
    if (!leg)
        return;
    snprintf(why, sizeof why, "it closed the connection (%d)", code);
    gone(leg, desk_rt_close_class(code), why);
}

void leg_realtime_over(struct lws *wsi, const char *close, size_t n)
{
    if (close)
        on_close_frame(wsi, (const unsigned char *)close, n);
    else
        on_closed(wsi);
}

static int on_open(struct lws *wsi)
{
    struct leg *leg = leg_of(wsi);
    if (!leg)
        return -1;
    leg->up = true;
    session_up(leg->session);
    return 0;
}

int leg_realtime_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                          size_t len)
{
    switch (reason) {
    case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
        return add_headers(wsi, in, len);
    case LWS_CALLBACK_CLIENT_ESTABLISHED:
        return on_open(wsi);
    case LWS_CALLBACK_CLIENT_RECEIVE:
        leg_receive(wsi, in, len);
        return 0;
    case LWS_CALLBACK_CLIENT_WRITEABLE:
        return leg_writeable(wsi);
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
        on_refused(wsi, in);
        return 0;
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
        on_close_frame(wsi, in, len);
        return 0;
    case LWS_CALLBACK_CLIENT_CLOSED:
        leg_read_stop(wsi);
        on_closed(wsi);
        return 0;
    case LWS_CALLBACK_WS_CLIENT_DROP_PROTOCOL: /* whatever way it goes */
        leg_read_stop(wsi);
        return 0;
    default:
        return lws_callback_http_dummy(wsi, reason, user, in, len);
    }
}
