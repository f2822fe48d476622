#include "out/http.h"
#include "base/clock.h"
#include "base/limits.h"
#include "out/address.h"
#include "out/curl_lazy.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define TIMEOUT_MS         15000
#define CONNECT_TIMEOUT_MS 5000

static pthread_once_t once = PTHREAD_ONCE_INIT;
/* Each thread's easy handles: one whose connections may lead anywhere, and one whose lead to public
 * addresses only. A connection is kept under the name of its host, and another one must not get it
 * who may not go where that name led. */
static pthread_key_t handle_keys[2];
static bool global_ok;

static void handle_free(void *h)
{
    desk_curl.easy_cleanup(h);
}

static void global_init(void)
{
    global_ok = desk_curl_load() && desk_curl.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK &&
                pthread_key_create(&handle_keys[0], handle_free) == 0 &&
                pthread_key_create(&handle_keys[1], handle_free) == 0;
}

/* This thread's handle, with default options and its connections kept. */
static CURL *handle_get(bool public_only)
{
    CURL *h;
    pthread_key_t key;

    pthread_once(&once, global_init);
    if (!global_ok)
        return NULL;
    key = handle_keys[public_only];
    h = pthread_getspecific(key);
    if (h) {
        desk_curl.easy_reset(h);
        return h;
    }
    h = desk_curl.easy_init();
    if (h && pthread_setspecific(key, h) != 0) {
        desk_curl.easy_cleanup(h);
        h = NULL;
    }
    return h;
}

/* One exchange: what curl's callbacks are given. */
struct exchange {
    CURL *h;
    const struct desk_http_request *req;
    struct desk_http_reply *reply;
    bool stopped; /* data() said so */
    bool refused; /* an address that is not public */
};

static void head_read(CURL *h, const struct desk_http_request *req, struct desk_http_reply *reply)
{
    long status = 0;
    char *text = NULL;
    struct curl_header *got;

    if (desk_curl.easy_getinfo(h, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK)
        reply->status = (int)status;
    if (desk_curl.easy_getinfo(h, CURLINFO_CONTENT_TYPE, &text) == CURLE_OK && text)
        snprintf(reply->content_type, sizeof reply->content_type, "%s", text);
    for (size_t i = 0; req->want && i < DESK_HTTP_WANT && req->want[i]; i++)
        if (desk_curl.easy_header(h, req->want[i], 0, CURLH_HEADER, -1, &got) == CURLHE_OK &&
            strlen(got->value) < sizeof reply->got[i])
            snprintf(reply->got[i], sizeof reply->got[i], "%s", got->value);
}

static size_t on_body(char *p, size_t size, size_t n, void *ctx)
{
    struct exchange *x = ctx;

    if (x->req->data && !x->reply->status)
        head_read(x->h, x->req, x->reply);
    if (x->req->data && x->reply->status >= 200 && x->reply->status < 300) {
        x->stopped = !x->req->data(x->req->data_ctx, x->reply, p, size * n);
        return x->stopped ? 0 : size * n;
    }
    desk_buf_add(&x->reply->body, p, size * n);
    return desk_buf_ok(&x->reply->body) ? size * n : 0;
}

static int on_progress(void *ctx, curl_off_t dt, curl_off_t dn, curl_off_t ut, curl_off_t un)
{
    const struct desk_http_request *req = ctx;

    (void)dt, (void)dn, (void)ut, (void)un;
    return req->stop(req->stop_ctx) ? 1 : 0;
}

static curl_socket_t on_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *to)
{
    struct exchange *x = ctx;

    (void)purpose;
    if (!desk_address_public(&to->addr)) {
        x->refused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

static struct curl_slist *headers_make(const struct desk_http_request *req, bool *ok)
{
    struct curl_slist *list = NULL, *more;

    *ok = true;
    /* curl would wait a second for "100 Continue" before larger bodies */
    list = desk_curl.slist_append(NULL, "Expect:");
    *ok = list != NULL;
    for (size_t i = 0; *ok && req->headers && req->headers[i]; i++) {
        more = desk_curl.slist_append(list, req->headers[i]);
        if (more)
            list = more;
        *ok = more != NULL;
    }
    return list;
}

/* curl's form of connect_to: any host and port of the URL, then ours. NULL: none is wanted, or no
 * memory. */
static struct curl_slist *connect_to_make(const struct desk_http_request *req, bool *ok)
{
    char line[320];
    struct curl_slist *list = NULL;

    if (!req->connect_to)
        return NULL;
    if ((size_t)snprintf(line, sizeof line, "::%s", req->connect_to) < sizeof line)
        list = desk_curl.slist_append(NULL, line);
    *ok = *ok && list != NULL;
    return list;
}

static CURLcode tls_set(CURL *h, const struct desk_http_request *req)
{
    CURLcode rc = CURLE_OK;

    if (req->ca_file && req->ca_file[0])
        rc = desk_curl.easy_setopt(h, CURLOPT_CAINFO, req->ca_file);
    if (rc == CURLE_OK && req->any_certificate)
        rc = desk_curl.easy_setopt(h, CURLOPT_SSL_VERIFYPEER, 0L);
    if (rc == CURLE_OK && req->any_certificate)
        rc = desk_curl.easy_setopt(h, CURLOPT_SSL_VERIFYHOST, 0L);
    return rc;
}

static CURLcode options_set(struct exchange *x, struct curl_slist *headers, struct curl_slist *to,
                            char *err)
{
    CURL *h = x->h;
    const struct desk_http_request *req = x->req;
    const char *method = req->method ? req->method : req->body ? "POST" : "GET";
    long timeout = req->timeout_ms > 0 ? req->timeout_ms : TIMEOUT_MS;
    long connect = req->connect_timeout_ms > 0 ? req->connect_timeout_ms : CONNECT_TIMEOUT_MS;
    CURLcode rc = desk_curl.easy_setopt(h, CURLOPT_URL, req->url);

/* keep the first failure; later ones do not hide it */
#define SET(opt, value)                                                                            \
    do {                                                                                           \
        CURLcode one = desk_curl.easy_setopt(h, opt, value);                                       \
        rc = rc == CURLE_OK ? one : rc;                                                            \
    } while (0)
    SET(CURLOPT_ERRORBUFFER, err);
    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_TIMEOUT_MS, timeout);
    SET(CURLOPT_CONNECTTIMEOUT_MS, connect < timeout ? connect : timeout);
    SET(CURLOPT_FOLLOWLOCATION, req->max_redirects > 0 ? 1L : 0L);
    SET(CURLOPT_MAXREDIRS, req->max_redirects);
    SET(CURLOPT_USERAGENT, req->user_agent ? req->user_agent : "Frontdesk/1");
    SET(CURLOPT_HTTPHEADER, headers);
    SET(CURLOPT_WRITEFUNCTION, on_body);
    SET(CURLOPT_WRITEDATA, x);
    SET(CURLOPT_NOPROXY, "127.0.0.1,localhost,::1"); /* https_proxy is for the outside only */
    if (req->body) {
        SET(CURLOPT_POSTFIELDS, (const char *)req->body);
        SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)req->body_len);
    } else if (strcmp(method, "HEAD") == 0) {
        SET(CURLOPT_NOBODY, 1L);
    }
    /* naming the natural method would make curl repeat it after a redirect */
    if (strcmp(method, req->body ? "POST" : "GET") != 0)
        SET(CURLOPT_CUSTOMREQUEST, method);
    if (req->user) {
        SET(CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
        SET(CURLOPT_USERNAME, req->user);
        SET(CURLOPT_PASSWORD, req->password ? req->password : "");
    }
    if (req->once) {
        SET(CURLOPT_FRESH_CONNECT, 1L);
        SET(CURLOPT_FORBID_REUSE, 1L);
    }
    if (to) {
        SET(CURLOPT_CONNECT_TO, to);
        SET(CURLOPT_PROXY, "");
    }
    if (req->public_only) {
        SET(CURLOPT_OPENSOCKETFUNCTION, on_socket);
        SET(CURLOPT_OPENSOCKETDATA, x);
        SET(CURLOPT_PROXY, ""); /* it would go where we cannot see it go */
    }
    if (req->certificate)
        SET(CURLOPT_CERTINFO, 1L);
    if (req->stop) {
        SET(CURLOPT_NOPROGRESS, 0L);
        SET(CURLOPT_XFERINFOFUNCTION, on_progress);
        SET(CURLOPT_XFERINFODATA, (void *)(size_t)req);
    }
#undef SET
    return rc == CURLE_OK ? tls_set(h, req) : rc;
}

/* CURLcode ends here: kind of failure and our result code. */
static const struct fail_row {
    CURLcode code;
    enum desk_http_fail fail;
    enum desk_rc rc;
} fail_rows[] = {
    {CURLE_URL_MALFORMAT, DESK_HTTP_BAD_URL, DESK_EINVAL},
    {CURLE_UNSUPPORTED_PROTOCOL, DESK_HTTP_BAD_URL, DESK_EINVAL},
    {CURLE_COULDNT_RESOLVE_HOST, DESK_HTTP_RESOLVE, DESK_EUPSTREAM},
    {CURLE_COULDNT_RESOLVE_PROXY, DESK_HTTP_RESOLVE, DESK_EUPSTREAM},
    {CURLE_COULDNT_CONNECT, DESK_HTTP_CONNECT, DESK_EUPSTREAM},
    {CURLE_SSL_CONNECT_ERROR, DESK_HTTP_TLS, DESK_EUPSTREAM},
    {CURLE_PEER_FAILED_VERIFICATION, DESK_HTTP_TLS, DESK_EUPSTREAM},
    {CURLE_SSL_CACERT_BADFILE, DESK_HTTP_TLS, DESK_EUPSTREAM},
    {CURLE_OPERATION_TIMEDOUT, DESK_HTTP_TIMEOUT, DESK_EUPSTREAM},
    {CURLE_WRITE_ERROR, DESK_HTTP_TOO_BIG, DESK_ELIMIT},
    {CURLE_FILESIZE_EXCEEDED, DESK_HTTP_TOO_BIG, DESK_ELIMIT},
    {CURLE_ABORTED_BY_CALLBACK, DESK_HTTP_STOPPED, DESK_DONE},
    {CURLE_OUT_OF_MEMORY, DESK_HTTP_OTHER, DESK_ENOMEM},
};

static enum desk_rc fail_set(const struct exchange *x, CURLcode code, const char *err)
{
    CURL *h = x->h;
    struct desk_http_reply *reply = x->reply;
    enum desk_rc rc = DESK_EUPSTREAM;
    curl_off_t sent = 0;
    long moved = 0;

    if (x->refused && code == CURLE_COULDNT_CONNECT) {
        reply->fail = DESK_HTTP_PRIVATE;
        snprintf(reply->why, sizeof reply->why, "it leads to no public address");
        return DESK_EINVAL;
    }
    reply->fail = DESK_HTTP_OTHER;
    for (size_t i = 0; i < sizeof fail_rows / sizeof fail_rows[0]; i++) {
        if (fail_rows[i].code != code)
            continue;
        reply->fail = fail_rows[i].fail;
        rc = fail_rows[i].rc;
    }
    /* one code for all timeouts: when nothing was sent, it was the connecting that took too long */
    if (desk_curl.easy_getinfo(h, CURLINFO_PRETRANSFER_TIME_T, &sent) == CURLE_OK) {
        if (code == CURLE_OPERATION_TIMEDOUT && sent == 0)
            reply->fail = DESK_HTTP_CONNECT;
        /* a reply that is no HTTP bears the code of a scheme that is none; the request is out */
        if (code == CURLE_UNSUPPORTED_PROTOCOL && sent > 0 &&
            desk_curl.easy_getinfo(h, CURLINFO_REDIRECT_COUNT, &moved) == CURLE_OK && moved == 0) {
            reply->fail = DESK_HTTP_OTHER;
            rc = DESK_EUPSTREAM;
        }
    }
    snprintf(reply->why, sizeof reply->why, "%s", err[0] ? err : desk_curl.easy_strerror(code));
    return rc;
}

static int64_t seconds(const char *date)
{
    time_t t = date ? desk_curl.getdate(date, NULL) : -1;
    return t < 0 ? 0 : (int64_t)t;
}

/* When the server's own certificate ends: it is the first of the chain. */
static int64_t cert_expires(CURL *h)
{
    static const char name[] = "Expire date:";
    struct curl_certinfo *chain = NULL;
    if (desk_curl.easy_getinfo(h, CURLINFO_CERTINFO, &chain) != CURLE_OK || !chain ||
        chain->num_of_certs < 1)
        return 0;
    for (const struct curl_slist *l = chain->certinfo[0]; l; l = l->next)
        if (strncmp(l->data, name, sizeof name - 1) == 0)
            return seconds(l->data + sizeof name - 1);
    return 0;
}

static void reply_read(CURL *h, const struct desk_http_request *req, struct desk_http_reply *reply)
{
    struct curl_header *header;
    char *text = NULL;
    curl_off_t after = 0;

    head_read(h, req, reply);
    if (desk_curl.easy_getinfo(h, CURLINFO_REDIRECT_URL, &text) == CURLE_OK && text &&
        strlen(text) < sizeof reply->location)
        snprintf(reply->location, sizeof reply->location, "%s", text);
    if (desk_curl.easy_getinfo(h, CURLINFO_RETRY_AFTER, &after) == CURLE_OK)
        reply->retry_after = (long)after;
    if (desk_curl.easy_header(h, "Date", 0, CURLH_HEADER, -1, &header) == CURLHE_OK)
        reply->date = seconds(header->value);
    reply->cert_expires = cert_expires(h);
}

/* ---- whose clock is right -------------------------------------------------------------------- */

#define CLOCK_TOOK_MS 2000

static pthread_mutex_t clock_lock = PTHREAD_MUTEX_INITIALIZER;
static struct {
    bool known;
    int64_t ahead_ms;
    char host[128];
} others_clock;

/* A Date is cut to the second, and was written while we waited. */
static void clock_note(const struct desk_http_request *req, const struct desk_http_reply *reply)
{
    const char *host = strstr(req->url, "://");
    host = host ? host + 3 : req->url;
    if (!reply->date || reply->elapsed_ms > CLOCK_TOOK_MS)
        return;
    pthread_mutex_lock(&clock_lock);
    others_clock.known = true;
    others_clock.ahead_ms = desk_now_ms() - reply->elapsed_ms / 2 - (reply->date * 1000 + 500);
    snprintf(others_clock.host, sizeof others_clock.host, "%.*s", (int)strcspn(host, ":/?#"), host);
    pthread_mutex_unlock(&clock_lock);
}

bool desk_http_clock(int64_t *ahead_ms, char *host, size_t n)
{
    pthread_mutex_lock(&clock_lock);
    bool known = others_clock.known;
    *ahead_ms = others_clock.ahead_ms;
    snprintf(host, n, "%s", others_clock.host);
    pthread_mutex_unlock(&clock_lock);
    return known;
}

enum desk_rc desk_http_send(const struct desk_http_request *req, struct desk_http_reply *reply)
{
    char err[CURL_ERROR_SIZE] = "";
    struct curl_slist *headers = NULL, *to = NULL;
    enum desk_rc rc = DESK_ENOMEM;
    int64_t start = desk_mono_ms();
    CURLcode code;
    CURL *h;
    bool ok;

    memset(reply, 0, sizeof *reply);
    desk_buf_init(&reply->body, req->max_body ? req->max_body : DESK_MAX_HTTP_BODY);
    h = handle_get(req->public_only);
    if (!h) {
        reply->fail = DESK_HTTP_OTHER;
        snprintf(reply->why, sizeof reply->why, "no HTTP handle");
        return DESK_ENOMEM;
    }
    headers = headers_make(req, &ok);
    to = connect_to_make(req, &ok);
    struct exchange x = {.h = h, .req = req, .reply = reply};
    code = ok ? options_set(&x, headers, to, err) : CURLE_OUT_OF_MEMORY;
    if (code == CURLE_OK)
        code = desk_curl.easy_perform(h);
    reply->elapsed_ms = (long)(desk_mono_ms() - start);
    if (code == CURLE_OK) {
        reply_read(h, req, reply);
        if (!req->certificate) /* that is our own front desk */
            clock_note(req, reply);
        rc = DESK_OK;
    } else {
        rc = fail_set(&x, x.stopped ? CURLE_ABORTED_BY_CALLBACK : code, err);
    }
    /* the handle outlives this call: leave no pointer to our stack or the caller's data in it */
    desk_curl.easy_reset(h);
    desk_curl.slist_free_all(headers);
    desk_curl.slist_free_all(to);
    return rc;
}

/* ---- upgrades -------------------------------------------------------------------------------- */

#define HEAD_MOST 4096

/* "GET /path?query HTTP/1.1" and what a WebSocket handshake needs. The key's value is of no
 * importance: the answer's hash of it is not looked at. */
static void upgrade_request(const struct desk_http_request *req, struct desk_buf *out)
{
    const char *host = strstr(req->url, "://");
    host = host ? host + 3 : req->url;
    size_t len = strcspn(host, "/?#");
    desk_buf_fmt(out, "GET %s%s HTTP/1.1\r\nHost: %.*s\r\n", host[len] == '/' ? "" : "/",
                 host + len, (int)len, host);
    desk_buf_fmt(out, "User-Agent: %s\r\n", req->user_agent ? req->user_agent : "Frontdesk/1");
    for (size_t i = 0; req->headers && req->headers[i]; i++)
        desk_buf_fmt(out, "%s\r\n", req->headers[i]);
    desk_buf_str(out, "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                      "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n");
}

/* Wait until the socket can be read (or written); false when the time is over. */
static bool socket_wait(CURL *h, short events, int64_t until)
{
    curl_socket_t fd = CURL_SOCKET_BAD;
    int64_t left = until - desk_mono_ms();
    if (desk_curl.easy_getinfo(h, CURLINFO_ACTIVESOCKET, &fd) != CURLE_OK || fd == CURL_SOCKET_BAD)
        return false;
    struct pollfd p = {.fd = fd, .events = events};
    return left > 0 && poll(&p, 1, (int)left) > 0;
}

static CURLcode upgrade_send(CURL *h, const struct desk_buf *text, int64_t until)
{
    CURLcode code = CURLE_OK;
    for (size_t at = 0; at < text->len && code == CURLE_OK;) {
        size_t n = 0;
        code = desk_curl.easy_send(h, text->p + at, text->len - at, &n);
        at += n;
        if (code == CURLE_AGAIN)
            code = socket_wait(h, POLLOUT, until) ? CURLE_OK : CURLE_OPERATION_TIMEDOUT;
    }
    return code;
}

/* Read up to the end of the status line: "HTTP/1.1 101 …". */
static CURLcode upgrade_status(CURL *h, int64_t until, int *status)
{
    char head[HEAD_MOST + 1];
    size_t len = 0;
    CURLcode code = CURLE_OK;
    while (code == CURLE_OK && len < HEAD_MOST && !memchr(head, '\n', len)) {
        size_t n = 0;
        code = desk_curl.easy_recv(h, head + len, HEAD_MOST - len, &n);
        len += n;
        if (code == CURLE_OK && !n)
            code = CURLE_GOT_NOTHING;
        else if (code == CURLE_AGAIN)
            code = socket_wait(h, POLLIN, until) ? CURLE_OK : CURLE_OPERATION_TIMEDOUT;
    }
    head[len] = '\0';
    if (code == CURLE_OK && strncmp(head, "HTTP/1.", 7) == 0 && len > 12)
        *status = (int)strtol(head + 9, NULL, 10);
    return code == CURLE_OK && !*status ? CURLE_WEIRD_SERVER_REPLY : code;
}

enum desk_rc desk_http_upgrade(const struct desk_http_request *req, struct desk_http_reply *reply)
{
    char err[CURL_ERROR_SIZE] = "";
    struct desk_buf text;
    struct desk_http_request plain = *req;
    enum desk_rc rc = DESK_OK;
    CURL *h = handle_get(req->public_only) ? desk_curl.easy_init()
                                           : NULL; /* its connection goes with it */
    int64_t start = desk_mono_ms(),
            until = start + (req->timeout_ms > 0 ? req->timeout_ms : TIMEOUT_MS);

    memset(reply, 0, sizeof *reply);
    desk_buf_init(&reply->body, 1);
    desk_buf_init(&text, HEAD_MOST * 2);
    upgrade_request(req, &text);
    plain.once = false; /* else the connection would be closed before it is used */
    struct exchange x = {.h = h, .req = &plain, .reply = reply};
    CURLcode code =
        h && desk_buf_ok(&text) ? options_set(&x, NULL, NULL, err) : CURLE_OUT_OF_MEMORY;
    if (code == CURLE_OK)
        code = desk_curl.easy_setopt(h, CURLOPT_CONNECT_ONLY, 1L);
    if (code == CURLE_OK)
        code = desk_curl.easy_perform(h);
    bool connected = code == CURLE_OK;
    if (code == CURLE_OK)
        code = upgrade_send(h, &text, until);
    if (code == CURLE_OK)
        code = upgrade_status(h, until, &reply->status);
    reply->elapsed_ms = (long)(desk_mono_ms() - start);
    if (code != CURLE_OK)
        rc = fail_set(&x, code, err);
    if (connected && code == CURLE_OPERATION_TIMEDOUT)
        reply->fail = DESK_HTTP_TIMEOUT;
    desk_curl.easy_cleanup(h);
    desk_buf_clear(&text);
    return rc;
}

void desk_http_reply_clear(struct desk_http_reply *reply)
{
    desk_buf_clear(&reply->body);
}

const char *desk_http_fail_name(enum desk_http_fail fail)
{
    static const char *const names[DESK_HTTP_FAIL__MAX] = {
        [DESK_HTTP_NONE] = "none",       [DESK_HTTP_BAD_URL] = "bad_url",
        [DESK_HTTP_RESOLVE] = "resolve", [DESK_HTTP_CONNECT] = "connect",
        [DESK_HTTP_TLS] = "tls",         [DESK_HTTP_TIMEOUT] = "timeout",
        [DESK_HTTP_TOO_BIG] = "too_big", [DESK_HTTP_STOPPED] = "stopped",
        [DESK_HTTP_PRIVATE] = "private", [DESK_HTTP_OTHER] = "other",
    };

    return (unsigned)fail < DESK_HTTP_FAIL__MAX ? names[fail] : "other";
}
