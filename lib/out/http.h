/* The HTTP client of the house: the only place that knows libcurl.
 *
 * Blocking: call it from a worker or helper thread, never from the bridge's event loop.
 * Thread-safe; each thread keeps one easy handle (and so its connections) alive until the thread
 * ends. Speaks http and https only, verifies TLS unless told not to, follows no redirect unless
 * asked, keeps no cookies. */
#ifndef DESK_OUT_HTTP_H
#define DESK_OUT_HTTP_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Why no reply came; DESK_HTTP_NONE when one did. */
enum desk_http_fail {
    DESK_HTTP_NONE,
    DESK_HTTP_BAD_URL, /* not http(s), or unreadable */
    DESK_HTTP_RESOLVE, /* host name unknown */
    DESK_HTTP_CONNECT, /* refused, unreachable, or no connection in connect_timeout_ms */
    DESK_HTTP_TLS,     /* handshake or certificate */
    DESK_HTTP_TIMEOUT, /* connected, but no whole reply in timeout_ms */
    DESK_HTTP_TOO_BIG, /* body passed max_body */
    DESK_HTTP_STOPPED, /* stop() said so */
    DESK_HTTP_PRIVATE, /* public_only, and it leads to no public address */
    DESK_HTTP_OTHER,   /* broken connection, bad protocol */
    DESK_HTTP_FAIL__MAX
};

struct desk_http_reply;

struct desk_http_request {
    const char *method;         /* NULL = "GET", or "POST" when there is a body */
    const char *url;            /* required */
    const char *const *headers; /* "Name: value" lines, NULL-terminated; NULL = none */
    const void *body;           /* NULL = no body */
    size_t body_len;
    const char *user,
        *password;           /* Basic authentication, sent to url's own host only; NULL = none */
    long timeout_ms;         /* whole exchange; 0 = 15000 */
    long connect_timeout_ms; /* 0 = 5000 */
    size_t max_body;         /* most bytes of reply body; 0 = DESK_MAX_HTTP_BODY */
    long max_redirects;      /* 0 = do not follow */
    const char *ca_file;     /* certificate authorities (PEM) to trust; NULL = the system's */
    const char *connect_to;  /* "host:port" that is connected to, past any proxy, while name, Host
                                and certificate stay url's; [::1]:443 for IPv6. NULL = url's own */
    bool any_certificate;    /* do not verify TLS: for practice on this machine, never else */
    const char *user_agent;  /* NULL = "Frontdesk/1" */
    bool public_only;        /* connect to public addresses only (out/address.h), redirects too, and
                                past any proxy: for addresses that others type in */
    bool once;               /* on a new connection: libcurl repeats what was lost on a kept one */
    bool certificate;        /* say when the server's ends (reply.cert_expires); wants once */
    bool (*stop)(
        void *ctx); /* asked about once a second and on data; true gives up. NULL = never */
    void *stop_ctx;
    /* A body of status 200 to 299 goes here piece by piece and not into reply->body; status,
     * content_type and got[] are there by then. False gives up (DESK_HTTP_STOPPED). NULL = whole */
    bool (*data)(void *ctx, const struct desk_http_reply *reply, const char *p, size_t n);
    void *data_ctx;
    const char *const *want; /* names of headers wanted in got[], NULL-terminated; NULL = none */
};

#define DESK_HTTP_WANT 4 /* most of them */

struct desk_http_reply {
    int status;             /* 200, 404, … ; 0 when no reply came */
    char content_type[128]; /* as sent, "" when absent */
    char location[2048];    /* absolute URL of a redirect that was not followed, "" when none */
    long retry_after;       /* seconds, 0 when absent */
    int64_t date;           /* header Date, UTC seconds; 0 when absent or unreadable */
    int64_t cert_expires;   /* end of the server's certificate, UTC seconds; 0 = not asked, none */
    char got[DESK_HTTP_WANT][64]; /* the headers wanted, "" when absent or longer */
    long elapsed_ms;
    struct desk_buf body; /* what came; also after DESK_HTTP_TOO_BIG */
    enum desk_http_fail fail;
    char why[256]; /* one plain sentence for a log, "" when a reply came */
};

/* Send and wait. reply is initialised here and must be given to desk_http_reply_clear() whatever
 * the result. DESK_OK: a reply came, of any status. Else reply->fail and reply->why tell:
 * DESK_EINVAL (url; nor public), DESK_ELIMIT (too big), DESK_DONE (stopped), DESK_ENOMEM,
 * DESK_EUPSTREAM. */
DESK_MUST enum desk_rc desk_http_send(const struct desk_http_request *req,
                                      struct desk_http_reply *reply);

/* Ask for a WebSocket at an http(s) URL and read no further than the answer's head: 101 means that
 * the server (address, TLS, key) would talk. The connection is closed at once. Of the request url,
 * headers, timeouts, ca_file and user_agent count; of the reply status, elapsed_ms, fail and why.
 */
DESK_MUST enum desk_rc desk_http_upgrade(const struct desk_http_request *req,
                                         struct desk_http_reply *reply);

void desk_http_reply_clear(struct desk_http_reply *reply);

/* How far this machine's clock is ahead of those of the services that were asked (below 0: behind),
 * by the last answer that had a Date and came within two seconds; good to about a second. Whose it
 * was into host (n bytes). False: none has had one yet. */
bool desk_http_clock(int64_t *ahead_ms, char *host, size_t n);

/* Short word for logs ("connect"). Never NULL. */
const char *desk_http_fail_name(enum desk_http_fail fail);

#endif
