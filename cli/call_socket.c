/* The only file of the simulator that knows libwebsockets: each socket has a context of its own and
 * runs in the thread of its call, so N calls share nothing. */
#include "cli/call_socket.h"
#include "cli/call_line.h"
#include "base/clock.h"
#include "base/limits.h"

#include <libwebsockets.h>
#include <openssl/x509.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONNECT_S 10
#define CLOSE_US  (1000 * 1000) /* for the last message and the close frame to get out */
#define TICK_US   (SIM_TICK_MS * 1000)
#define FDS       8 /* of one context: the socket, the wake-up pipe, a few to spare */

struct out_msg {
    struct out_msg *next;
    size_t len;
    unsigned char data[]; /* LWS_PRE bytes of room, then len bytes */
};

struct sim_socket {
    const struct sim_socket_to *to;
    const struct sim_socket_use *use;
    struct lws_context *lws;
    struct lws *wsi;
    lws_sorted_usec_list_t timer;
    bool opened;
    bool done;    /* nothing more to do but close */
    bool closing; /* the last message is queued: close when it is out */
    int code, our_code;
    int64_t start_us, close_us;
    const char *tls_why; /* what was wrong with the certificate; NULL = nothing yet */
    struct desk_buf in;  /* one message being assembled */
    struct out_msg *first, *last;
    size_t out_bytes;
};

/* lws keeps process-wide state while a context is made or destroyed */
static pthread_mutex_t lws_lock = PTHREAD_MUTEX_INITIALIZER;

bool sim_socket_opened(const struct sim_socket *s)
{
    return s->opened;
}

int sim_socket_code(const struct sim_socket *s)
{
    return s->code;
}

int64_t sim_socket_start_us(const struct sim_socket *s)
{
    return s->start_us;
}

void sim_socket_close_code(struct sim_socket *s, int code)
{
    s->our_code = code;
}

void sim_socket_done(struct sim_socket *s)
{
    s->done = true;
    if (s->lws)
        lws_cancel_service(s->lws); /* a timer's callback may be followed by a long poll() */
}

static void gone(struct sim_socket *s, int error, const char *why)
{
    s->wsi = NULL;
    if (s->done)
        return;
    sim_socket_done(s);
    s->use->gone(s->use->ctx, error, why);
}

bool sim_socket_send(struct sim_socket *s, const struct desk_buf *text, bool *full)
{
    struct out_msg *m;

    *full = false;
    if (!desk_buf_ok(text) || text->len == 0 || !s->wsi)
        return true;
    if (s->out_bytes + text->len > DESK_MAX_SIM_OUT) {
        *full = true;
        return false;
    }
    m = malloc(sizeof *m + LWS_PRE + text->len);
    if (!m)
        return false;
    m->next = NULL;
    m->len = text->len;
    memcpy(m->data + LWS_PRE, text->p, m->len);
    if (s->last)
        s->last->next = m;
    else
        s->first = m;
    s->last = m;
    s->out_bytes += m->len;
    lws_callback_on_writable(s->wsi);
    return true;
}

/* ---- libwebsockets --------------------------------------------------------------------------- */

static void on_receive(struct sim_socket *s, const void *p, size_t n)
{
    if (s->done)
        return;
    if (lws_is_first_fragment(s->wsi))
        desk_buf_reset(&s->in);
    desk_buf_add(&s->in, p, n);
    if (!desk_buf_ok(&s->in) || lws_frame_is_binary(s->wsi)) {
        s->use->bad(s->use->ctx,
                    desk_buf_ok(&s->in) ? "the server sent a binary message" : "message too long");
        return;
    }
    if (lws_is_final_fragment(s->wsi) && lws_remaining_packet_payload(s->wsi) == 0) {
        s->use->message(s->use->ctx, desk_buf_cstr(&s->in), s->in.len);
        desk_buf_reset(&s->in);
    }
}

static void on_tick(lws_sorted_usec_list_t *timer)
{
    struct sim_socket *s = lws_container_of(timer, struct sim_socket, timer);
    int64_t next;

    if (s->closing || s->done)
        return;
    next = s->use->tick(s->use->ctx);
    if (!s->done)
        lws_sul_schedule(s->lws, 0, &s->timer, on_tick, next > 1 ? next : 1);
}

/* While the handshake is under way the caller may still hang up. */
static void on_handshake_tick(lws_sorted_usec_list_t *timer)
{
    struct sim_socket *s = lws_container_of(timer, struct sim_socket, timer);

    if (s->use->over(s->use->ctx))
        sim_socket_done(s);
    else
        lws_sul_schedule(s->lws, 0, &s->timer, on_handshake_tick, TICK_US);
}

static void on_open(struct sim_socket *s, struct lws *wsi)
{
    s->wsi = wsi;
    s->opened = true;
    s->start_us = desk_mono_us();
    s->use->open(s->use->ctx);
    lws_sul_schedule(s->lws, 0, &s->timer, on_tick, 1);
}

static int on_writable(struct sim_socket *s, struct lws *wsi)
{
    for (int n = 0; s->first && n < 8; n++) {
        struct out_msg *m = s->first;
        int put = lws_write(wsi, m->data + LWS_PRE, m->len, LWS_WRITE_TEXT);
        s->first = m->next;
        if (!s->first)
            s->last = NULL;
        s->out_bytes -= m->len;
        free(m);
        if (put < 0)
            return -1;
        if (lws_send_pipe_choked(wsi))
            break;
    }
    if (s->first) {
        lws_callback_on_writable(wsi);
    } else if (s->closing) {
        lws_close_reason(wsi, (enum lws_close_status)s->our_code, NULL, 0);
        return -1;
    }
    return 0;
}

static int add_header(struct lws *wsi, const char *name, const char *value, void *in, size_t len)
{
    unsigned char **p = in, *stop = *p + len;

    if (!value || !value[0])
        return 0;
    return lws_add_http_header_by_name(wsi, (const unsigned char *)name,
                                       (const unsigned char *)value, (int)strlen(value), p, stop);
}

static void on_refused(struct sim_socket *s, const char *text, size_t n)
{
    char why[128];
    int code = 31902;

    snprintf(why, sizeof why, "%.*s", (int)(text ? n : 9), text ? text : "no answer");
    if (strstr(why, "HTTP")) {
        code = 31920;
    } else if (strstr(why, "SSL")) { /* what lws says of it is of no use with OpenSSL 3 */
        code = 31910;
        snprintf(why, sizeof why, "TLS: %s", s->tls_why ? s->tls_why : "the handshake failed");
    }
    gone(s, code, why);
}

/* lws has the last word: what is not trusted is refused whatever we return. */
static void on_certificate(struct sim_socket *s, X509_STORE_CTX *cert, bool trusted)
{
    if (!trusted)
        s->tls_why = X509_verify_cert_error_string(X509_STORE_CTX_get_error(cert));
}

static void on_peer_close(struct sim_socket *s, const unsigned char *in, size_t n)
{
    if (n >= 2)
        s->code = in[0] << 8 | in[1];
}

static int callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                    size_t len)
{
    struct sim_socket *s = lws_context_user(lws_get_context(wsi));

    switch (reason) {
    case LWS_CALLBACK_OPENSSL_PERFORM_SERVER_CERT_VERIFICATION:
        on_certificate(s, user, len != 0);
        return 0;
    case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
        return add_header(wsi, "x-twilio-signature:", s->to->signature, in, len) ||
               add_header(wsi, "user-agent:", "Twilio.TmeWs/1.0", in, len);
    case LWS_CALLBACK_CLIENT_ESTABLISHED:
        on_open(s, wsi);
        return 0;
    case LWS_CALLBACK_CLIENT_RECEIVE:
        on_receive(s, in, len);
        return 0;
    case LWS_CALLBACK_CLIENT_WRITEABLE:
        return on_writable(s, wsi);
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
        on_peer_close(s, in, len);
        return 0;
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
        s->wsi = NULL;
        on_refused(s, in, len);
        return 0;
    case LWS_CALLBACK_CLIENT_CLOSED:
        s->closing = true;
        gone(s, 0, "");
        return 0;
    default:
        return 0;
    }
}

static const struct lws_protocols protocols[] = {
    {.name = "media", .callback = callback, .rx_buffer_size = 65536},
    {.name = NULL},
};

static int tls_flags(const struct sim_socket_to *to)
{
    if (!to->tls)
        return 0;
    return LCCSCF_USE_SSL |
           (to->insecure ? LCCSCF_ALLOW_SELFSIGNED | LCCSCF_ALLOW_INSECURE | LCCSCF_ALLOW_EXPIRED |
                               LCCSCF_SKIP_SERVER_CERT_HOSTNAME_CHECK
                         : 0);
}

/* lws numbers its place in OpenSSL's structures anew with every context that initialises TLS; a
 * handshake that is under way in another thread would not find its socket again. So: once, by a
 * context of its own, and then only by virtual hosts. Under lws_lock. */
static bool tls_once(void)
{
    static bool ready;
    struct lws_context_creation_info info = {
        .port = CONTEXT_PORT_NO_LISTEN,
        .gid = -1,
        .uid = -1,
        .fd_limit_per_thread = FDS,
        .options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT | LWS_SERVER_OPTION_EXPLICIT_VHOSTS,
    };

    if (!ready) {
        struct lws_context *first = lws_create_context(&info);
        ready = first != NULL;
        lws_context_destroy(first); /* NULL is fine */
    }
    return ready;
}

/* Where TLS clients live. A file of authorities replaces the system's, as for webhooks. */
static bool tls_host_open(struct sim_socket *s, struct lws_context_creation_info *info)
{
    info->options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT |
                    (s->to->ca_file ? LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS : 0);
    info->client_ssl_ca_filepath = s->to->ca_file;
    return lws_create_vhost(s->lws, info) != NULL;
}

static bool context_open(struct sim_socket *s)
{
    struct lws_context_creation_info info = {
        .port = CONTEXT_PORT_NO_LISTEN,
        .protocols = protocols,
        .gid = -1,
        .uid = -1,
        .fd_limit_per_thread = FDS,
        .timeout_secs = CONNECT_S,
        .user = s,
        .options = s->to->tls ? LWS_SERVER_OPTION_EXPLICIT_VHOSTS : 0,
    };
    bool ok;

    pthread_mutex_lock(&lws_lock);
    ok = !s->to->tls || tls_once();
    s->lws = ok ? lws_create_context(&info) : NULL;
    ok = s->lws && (!s->to->tls || tls_host_open(s, &info));
    pthread_mutex_unlock(&lws_lock);
    return ok;
}

static void connect_to(struct sim_socket *s)
{
    struct lws_client_connect_info info = {
        .context = s->lws,
        /* which is not for the resolver to say, nor always in its files */
        .address = strcmp(s->to->host, "localhost") == 0 ? "127.0.0.1" : s->to->host,
        .port = s->to->port,
        .path = s->to->path,
        .host = s->to->host_header,
        .alpn = "http/1.1", /* an nginx with http2 would choose that, which has no WebSockets */
        .ssl_connection = tls_flags(s->to),
        .local_protocol_name = "media",
        .pwsi = &s->wsi,
    };

    lws_sul_schedule(s->lws, 0, &s->timer, on_handshake_tick, TICK_US);
    if (!lws_client_connect_via_info(&info))
        gone(s, 31902, "cannot connect");
}

/* Until it is done, and the last message and the close have gone out. */
static void serve(struct sim_socket *s)
{
    while (!s->done || s->wsi) {
        if (s->done && !s->opened)
            break; /* hung up during the handshake */
        if (s->done && s->wsi && !s->closing) {
            s->use->leave(s->use->ctx);
            s->closing = true;
            s->close_us = desk_mono_us();
            lws_callback_on_writable(s->wsi);
        }
        if (s->closing && desk_mono_us() - s->close_us > CLOSE_US)
            break;
        if (s->closing)
            lws_sul_schedule(s->lws, 0, &s->timer, on_tick, CLOSE_US / 10); /* to look again */
        if (lws_service(s->lws, 0) < 0) {
            gone(s, 0, "");
            break;
        }
    }
}

static void finish(struct sim_socket *s)
{
    if (s->lws) {
        lws_sul_schedule(s->lws, 0, &s->timer, on_tick, LWS_SET_TIMER_USEC_CANCEL);
        pthread_mutex_lock(&lws_lock);
        lws_context_destroy(s->lws);
        pthread_mutex_unlock(&lws_lock);
    }
    while (s->first) {
        struct out_msg *m = s->first;
        s->first = m->next;
        free(m);
    }
    desk_buf_clear(&s->in);
}

bool sim_socket_run(const struct sim_socket_to *to, const struct sim_socket_use *use,
                    struct sim_socket **out)
{
    struct sim_socket s = {.to = to, .use = use, .our_code = LWS_CLOSE_STATUS_NORMAL};
    bool ok;

    desk_buf_init(&s.in, DESK_MAX_SIM_MSG);
    *out = &s;
    ok = context_open(&s);
    if (ok) {
        connect_to(&s);
        serve(&s);
    }
    finish(&s);
    *out = NULL;
    return ok;
}

void sim_socket_verbose(bool on)
{
    lws_set_log_level(on ? LLL_ERR | LLL_WARN | LLL_NOTICE : 0, NULL);
}
