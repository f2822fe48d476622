/* Twilio's side: who may open a stream or a relay session, and the socket's life. */
#include "ws-bridge/leg_ws.h"
#include "ws-bridge/call.h"
#include "ws-bridge/relay.h"
#include "base/config.h"
#include "base/log.h"
#include "wire/stream_path.h"
#include "wire/twilio_sig.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* What may be asked for, and what it becomes. */
static const struct door {
    const char *path;
    struct call *(*open)(struct bridge *b, struct lws *wsi);
} doors[] = {
    {DESK_STREAM_PATH, call_new}, /* or with a number behind it (wire/stream_path.h) */
    {"/conversation-relay", relay_new},
};

static const struct door *door_of(const char *uri)
{
    size_t n = strcspn(uri, "?");
    if (desk_stream_path_is(uri, n))
        return &doors[0];
    for (size_t i = 0; i < sizeof doors / sizeof *doors; i++)
        if (strlen(doors[i].path) == n && memcmp(doors[i].path, uri, n) == 0)
            return &doors[i];
    return NULL;
}

static struct bridge *bridge_of(struct lws *wsi)
{
    return lws_context_user(lws_get_context(wsi));
}

/* PUBLIC_BASE_URL as a WebSocket's address, with what was asked for. */
static void public_url(char *out, size_t n, const char *uri)
{
    char standard[64];
    const char *base = desk_setting(DESK_S_PUBLIC_BASE_URL), *rest;
    bool tls = strncasecmp(base, "https://", 8) == 0;
    if (!*base) {
        snprintf(standard, sizeof standard, "http://127.0.0.1:%ld",
                 desk_setting_int(DESK_S_FRONTDESK_PORT));
        base = standard;
    }
    rest = strstr(base, "://");
    rest = rest ? rest + 3 : base;
    size_t len = strlen(rest);
    while (len && rest[len - 1] == '/')
        len--;
    snprintf(out, n, "%s%.*s%s", tls ? "wss://" : "ws://", (int)len, rest, uri);
}

/* Path and query as they came; "" if too long. lws takes the query apart: it is put together again.
 */
static void raw_uri(struct lws *wsi, char *out, size_t n)
{
    char part[512];
    int len = lws_hdr_copy(wsi, out, (int)n, WSI_TOKEN_GET_URI);
    size_t at = len > 0 ? (size_t)len : 0;
    if (len < 0)
        out[0] = '\0';
    for (int i = 0;; i++) {
        int got = lws_hdr_copy_fragment(wsi, part, sizeof part, WSI_TOKEN_HTTP_URI_ARGS, i);
        if (got < 0 || at + (size_t)got + 2 > n)
            break;
        at += (size_t)snprintf(out + at, n - at, "%c%s", i ? '&' : '?', part);
    }
}

/* A signature that is there must hold; without one the token decides. */
static bool signature_fits(struct lws *wsi, const char *uri)
{
    static const char header[] = "x-twilio-signature:";
    char signature[128], url[1536];
    const char *tokens[] = {desk_setting(DESK_S_TWILIO_AUTH_TOKEN),
                            desk_setting(DESK_S_TWILIO_AUTH_TOKEN_SECONDARY)};
    int n = lws_hdr_custom_length(wsi, header, sizeof header - 1);
    if (n <= 0)
        return true;
    if (lws_hdr_custom_copy(wsi, signature, sizeof signature, header, sizeof header - 1) < 0)
        return false;
    public_url(url, sizeof url, uri);
    struct desk_twilio_check check = {
        .method = "GET", .url = url, .signature = signature, .tokens = tokens, .n_tokens = 2};
    return desk_twilio_verify(&check, NULL, 0, NULL) == DESK_OK;
}

static const char *const refusals[] = {"bad_path", "bad_signature", "draining", "full"};

/* Answer with an HTTP status instead of 101. */
static int refuse(struct lws *wsi, unsigned status, size_t why, uint64_t *count)
{
    ++*count;
    desk_log(DESK_LOG_WARN, "stream.refused", "why=%s status=%u times=%llu", refusals[why], status,
             (unsigned long long)*count);
    if (lws_return_http_status(wsi, status, NULL))
        return -1;
    return 1;
}

static int on_upgrade(struct lws *wsi)
{
    struct bridge *b = bridge_of(wsi);
    char uri[1024] = "";
    raw_uri(wsi, uri, sizeof uri);
    if (leg_live_asked(uri))
        return leg_live_upgrade(wsi);
    if (!door_of(uri))
        return refuse(wsi, HTTP_STATUS_NOT_FOUND, 0, &b->counts.bad_path);
    if (!signature_fits(wsi, uri))
        return refuse(wsi, HTTP_STATUS_FORBIDDEN, 1, &b->counts.bad_signature);
    if (b->draining)
        return refuse(wsi, HTTP_STATUS_SERVICE_UNAVAILABLE, 2, &b->counts.refused_draining);
    if (b->n_calls >= DESK_MAX_CALLS)
        return refuse(wsi, HTTP_STATUS_SERVICE_UNAVAILABLE, 3, &b->counts.refused_full);
    return 0;
}

/* nginx's name of the request that became this socket: its line in nginx's log bears it, too. */
static void request_of(struct lws *wsi, struct call *c)
{
    static const char header[] = "x-request-id:";
    if (lws_hdr_custom_copy(wsi, c->about.request, sizeof c->about.request, header,
                            sizeof header - 1) < 0)
        c->about.request[0] = '\0';
}

static int on_open(struct lws *wsi)
{
    struct bridge *b = bridge_of(wsi);
    char path[64] = "";
    if (lws_hdr_copy(wsi, path, sizeof path, WSI_TOKEN_GET_URI) < 0)
        return -1;
    const struct door *door = door_of(path);
    struct call *c = door ? door->open(b, wsi) : NULL;
    if (c)
        request_of(wsi, c);
    lws_set_opaque_user_data(wsi, c ? &c->twilio : NULL);
    b->counts.calls++;
    return c ? 0 : -1;
}

void leg_twilio_over(struct lws *wsi, const char *close, size_t n)
{
    struct leg *leg = leg_gone(wsi);
    (void)close;
    (void)n;
    if (!leg)
        return;
    call_log(leg->call);
    call_twilio_gone(leg->call);
    call_log(NULL);
}

int leg_twilio_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                        size_t len)
{
    struct leg *leg;
    switch (reason) {
    case LWS_CALLBACK_HTTP:
        return leg_http(wsi, in);
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
        return on_upgrade(wsi);
    case LWS_CALLBACK_ESTABLISHED:
        return on_open(wsi);
    case LWS_CALLBACK_RECEIVE:
        leg_receive(wsi, in, len);
        return 0;
    case LWS_CALLBACK_SERVER_WRITEABLE:
        return leg_writeable(wsi);
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE: /* the next that is written is our close frame */
        leg = leg_of(wsi);
        if (leg)
            leg->warm = false;
        return 0;
    case LWS_CALLBACK_CLOSED:
        leg_read_stop(wsi);
        leg_twilio_over(wsi, NULL, 0);
        return 0;
    case LWS_CALLBACK_WS_SERVER_DROP_PROTOCOL: /* whatever way it goes */
        leg_read_stop(wsi);
        return 0;
    default:
        return lws_callback_http_dummy(wsi, reason, user, in, len);
    }
}
