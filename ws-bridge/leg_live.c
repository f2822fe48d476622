/* The socket of a browser that watches (viewer.h). libwebsockets reads and writes it as it likes:
 * a few messages a second do not need what leg_read.c does for calls. */
#include "ws-bridge/leg_ws.h"
#include "ws-bridge/viewer.h"
#include "base/log.h"

#include <stdlib.h>
#include <string.h>

static struct bridge *bridge_of(struct lws *wsi)
{
    return lws_context_user(lws_get_context(wsi));
}

bool leg_live_asked(const char *uri)
{
    size_t n = strcspn(uri, "?");
    return n == sizeof VIEWER_PATH - 1 && memcmp(uri, VIEWER_PATH, n) == 0;
}

/* A page of our own: the Origin names the host that was asked. Browsers always send it, and no
 * other site's script can make it up. */
static bool own_page(struct lws *wsi)
{
    char origin[300], host[256];
    if (lws_hdr_copy(wsi, origin, sizeof origin, WSI_TOKEN_ORIGIN) <= 0 ||
        lws_hdr_copy(wsi, host, sizeof host, WSI_TOKEN_HOST) <= 0)
        return false;
    const char *at = strstr(origin, "://");
    return at && strcmp(at + 3, host) == 0;
}

static int refuse(struct lws *wsi, unsigned status, const char *why)
{
    struct bridge *b = bridge_of(wsi);
    b->counts.viewers_refused++;
    desk_log(DESK_LOG_NOTICE, "viewer.refused", "why=%s status=%u times=%llu", why, status,
             (unsigned long long)b->counts.viewers_refused);
    return lws_return_http_status(wsi, status, NULL) ? -1 : 1;
}

int leg_live_upgrade(struct lws *wsi)
{
    char protocol[64] = "";
    struct bridge *b = bridge_of(wsi);
    (void)lws_hdr_copy(wsi, protocol, sizeof protocol, WSI_TOKEN_PROTOCOL);
    if (!own_page(wsi))
        return refuse(wsi, HTTP_STATUS_FORBIDDEN, "origin");
    if (strcmp(protocol, VIEWER_PROTOCOL) != 0)
        return refuse(wsi, HTTP_STATUS_BAD_REQUEST, "protocol");
    if (b->draining || b->n_viewers >= DESK_MAX_VIEWERS)
        return refuse(wsi, HTTP_STATUS_SERVICE_UNAVAILABLE, b->draining ? "draining" : "full");
    return 0;
}

/* ?since=SEQ; -1 = not given, or no number. */
static int64_t since_of(struct lws *wsi)
{
    char text[32], *end;
    const char *value = lws_get_urlarg_by_name(wsi, "since=", text, sizeof text);
    long long n = value && *value ? strtoll(value, &end, 10) : -1;
    return n >= 0 && value && !*end ? n : -1;
}

/* The protocol's name alone opens nothing: the path was asked about there (leg_twilio.c). */
static int on_open(struct lws *wsi)
{
    char path[64] = "";
    bool here = lws_hdr_copy(wsi, path, sizeof path, WSI_TOKEN_GET_URI) > 0 && leg_live_asked(path);
    struct viewer *v = here ? viewer_new(bridge_of(wsi), wsi, since_of(wsi)) : NULL;
    lws_set_opaque_user_data(wsi, v);
    return v ? 0 : -1;
}

void leg_live_wake(struct viewer *v)
{
    if (v->wsi)
        lws_callback_on_writable(v->wsi);
}

/* A message at a time. */
static int on_writeable(struct lws *wsi, struct viewer *v)
{
    if (v->close) {
        lws_close_reason(wsi, (enum lws_close_status)v->close, NULL, 0);
        return -1;
    }
    struct queue_msg *m = queue_pop(&v->out);
    if (!m)
        return 0;
    size_t n = m->buf.len - v->out.headroom;
    int sent = lws_write(wsi, (unsigned char *)m->buf.p + v->out.headroom, n, LWS_WRITE_TEXT);
    queue_give_back(&v->out, m);
    if (v->out.head)
        lws_callback_on_writable(wsi);
    return sent < 0 ? -1 : 0;
}

static void on_message(struct lws *wsi, struct viewer *v, const char *p, size_t n)
{
    bool whole = lws_is_first_fragment(wsi) && lws_is_final_fragment(wsi) &&
                 !lws_remaining_packet_payload(wsi) && !lws_frame_is_binary(wsi);
    viewer_message(v, p, whole ? n : SIZE_MAX); /* in pieces: longer than a ticket */
}

int leg_live_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                      size_t len)
{
    struct viewer *v = lws_get_opaque_user_data(wsi);
    switch (reason) {
    case LWS_CALLBACK_ESTABLISHED:
        return on_open(wsi);
    case LWS_CALLBACK_RECEIVE:
        if (v)
            on_message(wsi, v, in, len);
        return 0;
    case LWS_CALLBACK_SERVER_WRITEABLE:
        return v ? on_writeable(wsi, v) : -1;
    case LWS_CALLBACK_CLOSED:
        lws_set_opaque_user_data(wsi, NULL);
        if (v)
            viewer_gone(v);
        return 0;
    default:
        return lws_callback_http_dummy(wsi, reason, user, in, len);
    }
}
